//! What is asked for: the operations that performance is measured by, and every list.

use serde_json::Value;

use super::lists::{List, lists};
use super::{Case, World};

/// The operations of the benchmark, and what front ends ask for beside them.
const OPERATIONS: &[(&str, &str)] = &[
    (
        "R1 lead inbox",
        "leads(first: 50) { nodes { id name company email phone status rating createdAt updatedAt lastActivityAt source { name } owner { name } }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }",
    ),
    (
        "R2 board",
        "opportunities(first: 50, orderBy: [{field: CLOSE_DATE}]) { nodes { id name amount { amount } closeDate probability isClosed nextStep
            createdAt account { name } primaryContact { name } owner { name } stage { name } } }",
    ),
    (
        "R3 account page",
        "account(id: \"{account}\") { name owner { name } contacts(first: 20) { nodes { name } }
            opportunities(first: 20) { nodes { name stage { name } } } activities(first: 20) { nodes { subject } } }",
    ),
    (
        "R4 filtered list",
        "opportunities(first: 50, filter: {isClosed: false, stageId: {eq: \"{stage}\"}, amount: {gt: \"10000\"}, account: {industry: {eq: \"retail\"}}}) {
            totalCount nodes { id name } pageInfo { hasNextPage endCursor } }",
    ),
    (
        "R4 filtered list by close date",
        "opportunities(first: 50, orderBy: [{field: CLOSE_DATE}], filter: {isClosed: false, stageId: {eq: \"{stage}\"}, amount: {gt: \"10000\"},
            account: {industry: {eq: \"retail\"}}}) { totalCount nodes { id name } }",
    ),
    ("R5 one record", "lead(id: \"{lead}\") { id name company email phone status rating createdAt updatedAt version }"),
    ("R6 search for a frequent word", "search(query: \"company\", first: 20) { nodes { __typename ... on Lead { name } } }"),
    ("R6 search for a beginning", "search(query: \"c\", first: 20) { nodes { __typename ... on Lead { name } } }"),
    ("R6 search for two frequent words", "search(query: \"company lead\", first: 20) { nodes { __typename } }"),
    ("R6 search for what is not there", "search(query: \"zqxjv company\", first: 20) { nodes { __typename } }"),
    ("search for one kind", "search(query: \"company\", types: [ACCOUNT], first: 20) { nodes { __typename } }"),
    (
        "W1 create lead",
        "mutation { createLead(input: {firstName: \"Ada\", lastName: \"Axel\", company: \"Axon\", email: \"ada@axon.example\", phone: \"+47 22 22 22 22\",
            jobTitle: \"Chief\", website: \"axon.example\", description: \"Called.\"}) { lead { id version } userErrors { code } } }",
    ),
    (
        "W2 convert",
        "mutation { convertLead(input: {leadId: \"{convertible}\"}) { account { id } contact { id } opportunity { id } userErrors { code } } }",
    ),
    ("W3 move", "mutation { moveOpportunity(input: {id: \"{open}\", stageId: \"{stage}\"}) { opportunity { id version } userErrors { code } } }"),
    ("a lead's update", "mutation { updateLead(input: {id: \"{lead}\", jobTitle: \"Boss\"}) { lead { id } userErrors { code } } }"),
    ("a won opportunity", "mutation { winOpportunity(input: {id: \"{open}\"}) { opportunity { id } userErrors { code } } }"),
    (
        "an activity",
        "mutation { createActivity(input: {kind: NOTE, subject: \"x\", aboutIds: [\"{lead}\"]}) { activity { id } userErrors { code } } }",
    ),
    (
        "the lists of accounts",
        "accounts(first: 20) { nodes { contacts(first: 5) { nodes { id } } opportunities(first: 5) { nodes { id } } orders(first: 5) { nodes { id } }
            activities(first: 5) { nodes { id } } children(first: 5) { nodes { id } } history(first: 5) { nodes { id } } } }",
    ),
    ("the timelines of accounts", "accounts(first: 5, orderBy: [{field: NAME}]) { nodes { timeline(first: 5) { nodes { id } } } }"),
    (
        "the lists of contacts",
        "contacts(first: 20) { nodes { opportunities(first: 5) { nodes { id } } activities(first: 5) { nodes { id } } timeline(first: 5) { nodes { id } }
            campaignMemberships(first: 5) { nodes { id } } history(first: 5) { nodes { id } } } }",
    ),
    (
        "the lists of leads",
        "leads(first: 20) { nodes { activities(first: 5) { nodes { id } } timeline(first: 5) { nodes { id } } buyingSignals { kind }
            campaignMemberships(first: 5) { nodes { id } } history(first: 5) { nodes { id } } conversion { account { id } } duplicates { score } } }",
    ),
    (
        "the lists of opportunities",
        "opportunities(first: 20) { nodes { activities(first: 5) { nodes { id } } timeline(first: 5) { nodes { id } } lineItems { id } contactRoles { role }
            stageHistory { at } quotes(first: 5) { nodes { id } } order { id } competitors { name } milestones { kind } history(first: 5) { nodes { id } } } }",
    ),
    ("one account's timeline", "account(id: \"{account}\") { timeline(first: 20) { nodes { id } } }"),
    ("an opportunity's timeline", "opportunity(id: \"{open}\") { timeline(first: 20) { nodes { id } } }"),
    ("a campaign's members", "campaign(id: \"{campaign}\") { members(first: 20) { nodes { id } } }"),
    ("a campaign's members of a status", "campaign(id: \"{campaign}\") { members(first: 20, filter: {status: {eq: OPTED_OUT}}) { nodes { id } } }"),
    ("several records", "nodes(ids: [\"{lead}\", \"{account}\", \"{open}\"]) { id }"),
    ("opportunities of an account", "opportunities(first: 20, filter: {accountId: {eq: \"{account}\"}}) { totalCount nodes { id } }"),
    (
        "open opportunities of an owner",
        "opportunities(first: 20, filter: {ownerId: {eq: \"{owner}\"}, isClosed: false}, orderBy: [{field: CLOSE_DATE}]) { nodes { id } }",
    ),
];

/// Everything that is asked for, with the ids of this workspace.
pub async fn all(world: &World) -> Vec<Case> {
    let mut cases: Vec<Case> =
        OPERATIONS.iter().map(|(name, query)| Case { name: (*name).to_owned(), query: (*query).to_owned() }).collect();
    for list in lists() {
        cases.extend(list.filtered());
        for order in list.orders() {
            cases.extend(pages(world, &list, &order).await);
        }
    }
    for (name, id) in ids(world).await {
        for case in &mut cases {
            case.query = case.query.replace(&format!("{{{name}}}"), &id);
        }
    }
    cases
}

/// The number of each list's entries.
pub fn totals() -> Vec<Case> {
    // Which of somebody's activities are to be done, their kind tells, too: those are read.
    let counted = lists().into_iter().filter(|list| !["search", "myTasks", "overdueFollowUps"].contains(&list.name.as_str()));
    counted
        .map(|list| Case {
            query: format!("{}(first: 1) {{ totalCount }}", list.name),
            name: format!("the number of {}", list.name),
        })
        .collect()
}

/// The first page of a list, its last page, and those beside a place near its end and near its beginning.
async fn pages(world: &World, list: &List, order: &str) -> Vec<Case> {
    let asked = |page: &str| {
        let rows = if list.name == "search" { "nodes { __typename }" } else { "nodes { id }" };
        let arguments = if order.is_empty() { page.to_owned() } else { format!("{order}, {page}") };
        format!("{}({arguments}) {{ {rows} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }}", list.name)
    };
    let case = |page: String, name: &str| Case { name: format!("{} {order}, {name}", list.name), query: asked(&page) };
    let first = case("first: 20".to_owned(), "first page");
    let page = world.ask(&first.query).await[&list.name]["pageInfo"].take();
    let Value::String(early) = &page["endCursor"] else { return vec![first] };
    if list.name == "search" {
        return vec![first, case(format!("first: 20, after: \"{early}\""), "second page")];
    }
    let last = case("last: 20".to_owned(), "last page");
    let page = world.ask(&last.query).await[&list.name]["pageInfo"].take();
    let late = page["startCursor"].as_str().unwrap();
    vec![
        first,
        last,
        case(format!("first: 15, after: \"{late}\""), "deep page"),
        case(format!("last: 15, before: \"{late}\""), "deep page backwards"),
        case(format!("last: 15, before: \"{early}\""), "early page backwards"),
    ]
}

/// Records that stand for their like.
async fn ids(world: &World) -> Vec<(&'static str, String)> {
    let asked = "lead: leads(first: 1) { nodes { id owner { id } campaign { id } } }
        convertible: leads(first: 1, filter: {status: {eq: QUALIFIED}}) { nodes { id } }
        open: opportunities(last: 1, filter: {isClosed: false}) { nodes { id account { id } } }
        pipelines { id stages { id } } teams { id } sources: leadSources { id } reasons: disqualificationReasons { id } closeReasons { id }
        campaigned: contacts(first: 1, filter: {campaignId: {isNull: false}, sourceId: {isNull: false}}) { nodes { campaign { id } } }";
    let found = world.ask(asked).await;
    let text = |path: &str| found.pointer(path).and_then(Value::as_str).unwrap_or_else(|| panic!("{path} in {found}")).to_owned();
    vec![
        ("lead", text("/lead/nodes/0/id")),
        ("owner", text("/lead/nodes/0/owner/id")),
        ("campaign", text("/campaigned/nodes/0/campaign/id")),
        ("convertible", text("/convertible/nodes/0/id")),
        ("open", text("/open/nodes/0/id")),
        ("account", text("/open/nodes/0/account/id")),
        ("pipeline", text("/pipelines/0/id")),
        ("source", text("/sources/0/id")),
        ("disqualificationReason", text("/reasons/0/id")),
        ("closeReason", text("/closeReasons/0/id")),
        ("team", text("/teams/0/id")),
        ("stage", text("/pipelines/0/stages/1/id")),
    ]
}

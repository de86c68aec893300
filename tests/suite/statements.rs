//! What lists cost: as many statements for 50 rows as for 5, and not many.

use serde_json::{Value, json};

use crate::harness::{Person, TestServer, on_postgres};

/// A query with `$first`, where its rows are, and the most statements that it may cost. The sign-in is one of them.
type Case = (&'static str, &'static str, usize);

const LEADS: &[Case] = &[
    ("leads(first: $first) { totalCount pageInfo { hasNextPage hasPreviousPage } nodes { id name status } }", "/leads/nodes", 4),
    (
        "leads(first: $first, filter: {status: {eq: CLOSED_CONVERTED}}, orderBy: [{field: LAST_NAME}]) { edges { node { id } } }",
        "/leads/edges",
        2,
    ),
    (
        "leads(first: $first) { nodes { source { id } campaign { id } owner { id team { id manager { id } members { id } } } } }",
        "/leads/nodes",
        7,
    ),
    (
        "leads(first: $first) { nodes { buyingSignals { kind } qualification { qualifiedBy { id } } disqualification { reason { id } by { id } } } }",
        "/leads/nodes",
        5,
    ),
    (
        "leads(first: $first) { nodes { history(first: 3) { pageInfo { hasNextPage } nodes { action by { name } fields { field } } } } }",
        "/leads/nodes",
        4,
    ),
    (
        "leads(first: $first) { nodes { activities(first: 3) { totalCount pageInfo { hasNextPage } nodes { subject owner { id } about { __typename ... on Lead { id } } } } } }",
        "/leads/nodes",
        10,
    ),
    (
        "leads(first: $first) { nodes { timeline(first: 5) { pageInfo { hasNextPage } nodes { at kind ... on TimelineActivity { activity { subject owner { id } } } ... on TimelineChange { change { action by { id } } record { __typename ... on Lead { id } } } } } } }",
        "/leads/nodes",
        9,
    ),
    (
        "leads(first: $first) { nodes { campaignMemberships(first: 3) { nodes { status campaign { id } carriedFrom { id } } } keptAs { account { id } contact { id } } } }",
        "/leads/nodes",
        6,
    ),
    (
        "leads(first: $first) { nodes { conversion { convertedAt convertedBy { id } account { id } contact { id } opportunity { id } } } }",
        "/leads/nodes",
        7,
    ),
    ("leads(first: $first) { nodes { conversion { revertible revertBlockers { code } } } }", "/leads/nodes", 18),
    ("leads(first: $first) { nodes { duplicates { score reasons record { __typename } } } }", "/leads/nodes", 12),
];

const ACCOUNTS_AND_CONTACTS: &[Case] = &[
    (
        "accounts(first: $first) { totalCount nodes { id owner { id } parent { id } annualRevenue { amount } } }",
        "/accounts/nodes",
        5,
    ),
    (
        "accounts(first: $first) { nodes { timeline(first: 10) { totalCount nodes { at ... on TimelineActivity { activity { subject } } ... on TimelineChange { change { action } record { __typename } } } } } }",
        "/accounts/nodes",
        11,
    ),
    (
        "contacts(first: $first) { nodes { timeline(first: 5) { nodes { id } } campaignMemberships(first: 3) { nodes { id member { __typename } } } } }",
        "/contacts/nodes",
        6,
    ),
    (
        "accounts(first: $first) { nodes { contacts(first: 5) { totalCount pageInfo { hasNextPage } nodes { id owner { id } } } } }",
        "/accounts/nodes",
        6,
    ),
    (
        "accounts(first: $first) { nodes { opportunities(first: 5) { nodes { id stage { id pipeline { id } } primaryContact { id } } } } }",
        "/accounts/nodes",
        7,
    ),
    (
        "accounts(first: $first) { nodes { activities(first: 5) { nodes { id } } children(first: 5) { nodes { id } } history(first: 3) { nodes { id by { id } } } } }",
        "/accounts/nodes",
        8,
    ),
    (
        "contacts(first: $first, filter: {account: {name: {startsWith: \"A\"}}}) { nodes { id account { id owner { id } } source { id } } }",
        "/contacts/nodes",
        5,
    ),
    (
        "contacts(first: $first) { nodes { opportunities(first: 5) { nodes { id } } activities(first: 5) { nodes { id } } history(first: 3) { nodes { id } } } }",
        "/contacts/nodes",
        8,
    ),
];

const OPPORTUNITIES_AND_ACTIVITIES: &[Case] = &[
    (
        "opportunities(first: $first) { totalCount nodes { id account { id } primaryContact { id } owner { id } stage { id pipeline { id stages { id } } } amount { amount } } }",
        "/opportunities/nodes",
        10,
    ),
    (
        "opportunities(first: $first) { nodes { contactRoles { role contact { id } } stageHistory { from { id } to { id } by { id } } secondsInStage } }",
        "/opportunities/nodes",
        10,
    ),
    (
        "opportunities(first: $first) { nodes { timeline(first: 5) { nodes { kind } } campaignInfluence { primary respondedOn campaign { id } members { status } } } }",
        "/opportunities/nodes",
        8,
    ),
    (
        "opportunities(first: $first) { nodes { lead { id } source { id } campaign { id } closeReason { id } lineItems { id } } }",
        "/opportunities/nodes",
        8,
    ),
    (
        "opportunities(first: $first) { nodes { competitors { name } lostToCompetitor { name } milestones { kind reachedOn reachedBy { id } } } }",
        "/opportunities/nodes",
        5,
    ),
    (
        "opportunities(first: $first) { nodes { lineItems { total { amount } product { unitPrice { amount } prices { amount } } } } }",
        "/opportunities/nodes",
        6,
    ),
    (
        "products(first: $first) { totalCount nodes { name unitPrice { amount } prices { amount } history(first: 3) { nodes { id } } } }",
        "/products/nodes",
        6,
    ),
    (
        "opportunities(first: $first) { nodes { activities(first: 5) { nodes { id } } history(first: 3) { nodes { id } } } }",
        "/opportunities/nodes",
        6,
    ),
    (
        "exchangeRates(first: $first, orderBy: [{field: CURRENCY}]) { totalCount nodes { rate history(first: 3) { nodes { action by { id } } } } }",
        "/exchangeRates/nodes",
        6,
    ),
    (
        "quotes(first: $first) { totalCount nodes { reference status lines { total { amount } } previous { id } opportunity { id account { id } } history(first: 3) { nodes { action } } } }",
        "/quotes/nodes",
        8,
    ),
    (
        "orders(first: $first) { totalCount nodes { reference account { id } opportunity { id } quote { id } lines { description } } }",
        "/orders/nodes",
        8,
    ),
    (
        "opportunities(first: $first) { nodes { order { id } quotes(first: 5) { totalCount nodes { id } } } }",
        "/opportunities/nodes",
        6,
    ),
    ("accounts(first: $first) { nodes { orders(first: 5) { nodes { id total { amount } } } } }", "/accounts/nodes", 5),
    (
        "activities(first: $first) { totalCount nodes { id owner { id } about { __typename ... on Lead { id } ... on Account { id } ... on Contact { id } ... on Opportunity { id } } } }",
        "/activities/nodes",
        10,
    ),
    (
        "search(query: \"ax\", first: $first) { nodes { __typename ... on Account { owner { id } } ... on Contact { account { id } } } }",
        "/search/nodes",
        10,
    ),
];

#[tokio::test]
async fn lists_cost_the_same_however_many_rows_they_have() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    for number in 0..50 {
        fill(&server, &admin, number).await;
    }
    let mut problems = Vec::new();
    for (query, rows, most) in [LEADS, ACCOUNTS_AND_CONTACTS, OPPORTUNITIES_AND_ACTIVITIES].concat() {
        // The stories of many records are read one by one on SQLite (`fetch_by_parent`).
        let stories = |number: usize| if query.contains("timeline(") && !on_postgres() { number - 1 } else { 0 };
        let few = cost(&server, &admin, query, 5, rows).await - stories(5);
        let many = cost(&server, &admin, query, 50, rows).await - stories(50);
        // Which keys of a level come into one batch is a matter of scheduling, so that one statement more or less says nothing.
        if many > few + 1 || many > most {
            problems.push(format!("5 rows cost {few} statements, 50 rows {many}, of at most {most}: {query}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// How many statements a query costs that asks for this many rows and gets them.
async fn cost(server: &TestServer, person: &Person, query: &str, first: usize, rows: &str) -> usize {
    let before = server.statements();
    let answer = server.graphql(person, &format!("query ($first: Int) {{ {query} }}"), json!({ "first": first })).await;
    assert_eq!(answer.data(rows).as_array().unwrap().len(), first, "{query}");
    server.statements() - before
}

/// One of everything, with an owner and a team of its own: a converted lead with what it became, and activities on all of it.
async fn fill(server: &TestServer, admin: &Person, number: usize) {
    let owner = server.rep().await.id.to_string();
    let create = async |mutation: &str, input: &str, answer: &str, variables: Value| {
        let call = format!(
            "mutation ($input: {input}!) {{ {mutation}(input: $input) {{ {answer} userErrors {{ code message field }} }} }}"
        );
        server.graphql(admin, &call, json!({ "input": variables })).await.payload(mutation).clone()
    };
    create("createTeam", "CreateTeamInput", "team { id }", json!({ "name": format!("Team {number}"), "managerId": owner })).await;
    let campaign =
        create("createCampaign", "CreateCampaignInput", "campaign { id }", json!({ "name": format!("Campaign {number}") })).await;
    let source =
        create("createLeadSource", "CreateLeadSourceInput", "leadSource { id }", json!({ "name": format!("Source {number}") }))
            .await;
    let day = chrono::NaiveDate::default() + chrono::TimeDelta::days(i64::try_from(number).unwrap());
    let rate = json!({ "currency": "EUR", "validFrom": day, "rate": "1.1" });
    create("setExchangeRate", "SetExchangeRateInput", "exchangeRate { id }", rate).await;
    let lead = json!({
        "lastName": format!("Axel {number}"), "company": format!("Axon {number}"), "email": format!("axel{number}@axon{number}.example"),
        "ownerId": owner, "campaignId": campaign["campaign"]["id"], "sourceId": source["leadSource"]["id"],
    });
    let lead = create("createLead", "CreateLeadInput", "lead { id }", lead).await["lead"]["id"].clone();
    create("recordBuyingSignal", "RecordBuyingSignalInput", "lead { id }", json!({ "id": lead, "kind": "MEETING_AGREED" })).await;
    let note = json!({ "kind": "NOTE", "subject": format!("Axes {number}"), "aboutIds": [lead] });
    create("createActivity", "CreateActivityInput", "activity { id }", note).await;
    let became =
        create("convertLead", "ConvertLeadInput", "account { id } contact { id } opportunity { id }", json!({ "leadId": lead }))
            .await;
    let product = json!({ "name": format!("Product {number}"), "prices": [{ "amount": number }] });
    let product = create("createProduct", "CreateProductInput", "product { id }", product).await["product"]["id"].clone();
    let sold = json!({ "opportunityId": became["opportunity"]["id"], "lineItems": [{ "productId": product }, { "productId": product }] });
    create("addLineItems", "AddLineItemsInput", "opportunity { id }", sold).await;
    let about: Vec<&Value> = ["account", "contact", "opportunity"].iter().map(|record| &became[record]["id"]).collect();
    let call = json!({ "kind": "CALL", "subject": format!("Call {number}"), "aboutIds": about, "ownerId": owner });
    create("createActivity", "CreateActivityInput", "activity { id }", call).await;
    let milestone = json!({ "opportunityId": became["opportunity"]["id"], "milestone": "NEED_CONFIRMED" });
    create("reachMilestone", "ReachMilestoneInput", "opportunity { id }", milestone).await;
    let competitor = json!({ "opportunityId": became["opportunity"]["id"], "name": "Rival" });
    create("addCompetitor", "AddCompetitorInput", "opportunity { id }", competitor).await;
    let line = json!({ "description": "Axle", "quantity": 1, "unitPrice": { "amount": number + 1 } });
    let quote = json!({ "opportunityId": became["opportunity"]["id"], "lines": [line] });
    let quote = create("createQuote", "CreateQuoteInput", "quote { id }", quote).await["quote"]["id"].clone();
    create("sendQuote", "QuoteIdInput", "quote { id }", json!({ "id": quote })).await;
    create("acceptQuote", "AcceptQuoteInput", "order { id }", json!({ "id": quote, "win": {} })).await;
}

/// Aggregates, and the most statements that they may cost, however many groups and records there are.
const AGGREGATES: &[(&str, usize)] = &[
    ("accountsAggregate(groupBy: [OWNER, CREATED_WEEK], of: [EMPLOYEES, ANNUAL_REVENUE]) { rows { count } }", 3),
    ("activitiesAggregate(groupBy: [OWNER, TEAM, KIND], of: [DURATION_MINUTES]) { rows { count } }", 5),
    ("campaignsAggregate(groupBy: [PARENT, STARTS_MONTH], of: [BUDGET, COST, MEMBERS, DAYS]) { rows { count } }", 3),
    ("contactsAggregate(groupBy: [ACCOUNT, SOURCE, CAMPAIGN], of: [AGE_DAYS]) { rows { count } }", 5),
    ("exchangeRatesAggregate(groupBy: [CURRENCY, VALID_DAY], of: [RATE]) { rows { count } }", 2),
    ("leadsAggregate(groupBy: [OWNER, SOURCE, CAMPAIGN], of: [AGE_DAYS, UNTOUCHED_DAYS]) { rows { count } }", 5),
    ("myTasksAggregate(groupBy: [KIND, DUE_DAY]) { rows { count } }", 2),
    ("opportunitiesAggregate(groupBy: [ACCOUNT, STAGE, PRODUCT], of: [AMOUNT, PROBABILITY]) { rows { count } }", 8),
    ("ordersAggregate(groupBy: [ACCOUNT, OWNER, ORDERED_QUARTER], of: [TOTAL]) { rows { count } }", 4),
    ("overdueFollowUpsAggregate(groupBy: [OWNER, DUE_WEEK]) { rows { count } }", 3),
    ("productsAggregate(groupBy: [FAMILY, CREATED_DAY], of: [UNIT_PRICE, QUANTITY_SOLD]) { rows { count } }", 2),
    ("quotesAggregate(groupBy: [OPPORTUNITY, STATUS, SENT_MONTH], of: [TOTAL, REVISION]) { rows { count } }", 3),
];

/// Reports, and the most statements that they may cost.
const REPORTS: &[(&str, usize)] = &[
    ("pipeline(groupBy: [STAGE, TEAM, PRODUCT, INDUSTRY]) { rows { count } }", 9),
    ("pipeline(asOf: \"2026-03-02T08:00:00Z\", groupBy: [ACCOUNT, PRODUCT]) { rows { count } }", 9),
    ("forecast(period: {name: ALL_TIME}, groupBy: [OWNER, TEAM]) { rows { closed { count } } }", 6),
    ("winLoss(period: {name: ALL_TIME}, groupBy: [CLOSE_REASON, SOURCE, CAMPAIGN]) { rows { winRate } }", 6),
    ("leadFunnel(period: {name: ALL_TIME}, groupBy: [OWNER, SOURCE]) { rows { steps { count } } }", 6),
    ("leadFunnel(basis: EVENT, period: {name: ALL_TIME}, groupBy: [CAMPAIGN]) { rows { steps { count } } }", 6),
    ("conversion(period: {name: ALL_TIME}, groupBy: [SOURCE, CAMPAIGN]) { rows { won { count } } }", 9),
    ("channelReturn(period: {name: ALL_TIME}) { rows { rank } }", 9),
    ("salesCycle(period: {name: ALL_TIME}, groupBy: [OWNER]) { rows { medianDays } stages { reached } }", 13),
    ("activity(period: {name: ALL_TIME}, groupBy: [OWNER, KIND]) { rows { all { count } } }", 4),
    ("untouchedLeads(days: 1, groupBy: [OWNER, SOURCE]) { rows { waiting { count } } }", 4),
    ("overdueFollowUps(groupBy: [OWNER, TEAM]) { rows { waiting { count } } }", 5),
    ("leaderboard(period: {name: ALL_TIME}) { rows { rank } }", 4),
    ("leadVelocity(period: {name: THIS_YEAR}) { qualified growth }", 4),
    ("salesVelocity(period: {name: ALL_TIME}) { won { count } }", 6),
];

#[tokio::test]
async fn figures_cost_the_same_however_many_records_there_are() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let aggregates = AGGREGATES.iter().map(|(query, most)| (format!("{{ {query} }}"), *most));
    let reports = REPORTS.iter().map(|(query, most)| (format!("{{ reports {{ {query} }} }}"), *most));
    // PostgreSQL is told in a transaction how to carry a report out: that counts, too.
    let most = |most| if on_postgres() { most * 2 } else { most };
    let questions: Vec<(String, usize)> = aggregates.chain(reports).map(|(query, number)| (query, most(number))).collect();
    let mut costs: Vec<Vec<usize>> = Vec::new();
    for number in 0..12 {
        fill(&server, &admin, number).await;
        if [1, 11].contains(&number) {
            let mut found = Vec::new();
            for (query, _) in &questions {
                let before = server.statements();
                server.graphql(&admin, query, json!({})).await.data("");
                found.push(server.statements() - before);
            }
            costs.push(found);
        }
    }
    let mut problems = Vec::new();
    for (place, (query, most)) in questions.iter().enumerate() {
        let (few, many) = (costs[0][place], costs[1][place]);
        if few.abs_diff(many) > 1 || many > *most {
            problems.push(format!("2 of each record cost {few} statements, 12 {many}, of at most {most}: {query}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Lists that are short and answered whole, with what hangs off each entry, and the most statements that they may cost.
const WHOLE: &[(&str, usize)] = &[
    ("pipelines { opportunityCount stages { opportunityCount everUsed pipeline { id } } }", 7),
    (
        "pipelines { history(first: 3) { nodes { action by { id } } } stages { history(first: 3) { nodes { action by { id } } } } }",
        8,
    ),
    ("leadSources { cost { amount } history(first: 3) { nodes { by { id } } } }", 4),
    (
        "campaigns { memberCounts { total } members(first: 5) { totalCount nodes { campaign { id } member { __typename ... on Lead { id } } } } }",
        8,
    ),
    ("closeReasons { history(first: 3) { nodes { by { id } } } }", 4),
    ("disqualificationReasons { history(first: 3) { nodes { by { id } } } }", 4),
    ("teams { manager { id } members { id team { id } } }", 5),
    ("intakeForms { source { id } campaign { id } owner { id } history(first: 3) { nodes { by { id } } } }", 7),
    (
        "assignmentRuleSets { rules { sources { id } campaigns { id } user { id } team { id } } history(first: 3) { nodes { by { id } } } }",
        8,
    ),
];

#[tokio::test]
async fn short_lists_cost_the_same_however_many_entries_they_have() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let mut costs: Vec<Vec<usize>> = Vec::new();
    for number in 0..8 {
        entries(&server, &admin, number).await;
        if [1, 7].contains(&number) {
            let mut found = Vec::new();
            for (query, _) in WHOLE {
                let before = server.statements();
                server.graphql(&admin, &format!("{{ {query} }}"), json!({})).await.data("");
                found.push(server.statements() - before);
            }
            costs.push(found);
        }
    }
    let mut problems = Vec::new();
    for (place, (query, most)) in WHOLE.iter().enumerate() {
        let (few, many) = (costs[0][place], costs[1][place]);
        // Two levels that show users may find each other's in memory, or come too early for that: that is one statement more or less.
        if few.abs_diff(many) > 1 || many > *most {
            problems.push(format!("2 entries cost {few} statements, 8 entries {many}, of at most {most}: {query}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// An entry for each of the short lists.
async fn entries(server: &TestServer, admin: &Person, number: usize) {
    let owner = server.rep().await.id.to_string();
    let create = async |mutation: &str, answer: &str, input: Value| {
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let call = format!(
            "mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ {answer} userErrors {{ code message field }} }} }}"
        );
        server.graphql(admin, &call, json!({ "input": input })).await.payload(mutation).clone()
    };
    let name = format!("Entry {number}");
    let source = create("createLeadSource", "leadSource { id }", json!({ "name": name })).await["leadSource"]["id"].clone();
    let campaign = create("createCampaign", "campaign { id }", json!({ "name": name })).await["campaign"]["id"].clone();
    let lead = create("createLead", "lead { id }", json!({ "company": name })).await["lead"]["id"].clone();
    let members = json!({ "campaignId": campaign, "items": [{ "memberId": lead }] });
    create("addCampaignMembers", "results { added }", members).await;
    let team = create("createTeam", "team { id }", json!({ "name": name, "managerId": owner })).await["team"]["id"].clone();
    create("updateUser", "user { id }", json!({ "id": owner, "teamId": team })).await;
    create("createCloseReason", "closeReason { id }", json!({ "name": name, "category": "LOST" })).await;
    create("createDisqualificationReason", "disqualificationReason { id }", json!({ "name": name })).await;
    let stages = json!([{ "name": "Due", "probability": 40 }, { "name": "Won", "category": "WON" }, { "name": "Lost", "category": "LOST" }]);
    let pipeline =
        create("createPipeline", "pipeline { id }", json!({ "name": name, "stages": stages })).await["pipeline"]["id"].clone();
    let account = create("createAccount", "account { id }", json!({ "name": name })).await["account"]["id"].clone();
    let deal = json!({ "name": name, "accountId": account, "pipelineId": pipeline, "closeDate": "2026-06-30" });
    create("createOpportunity", "opportunity { id }", deal).await;
    let form = json!({ "name": name, "sourceId": source, "campaignId": campaign, "ownerId": owner });
    create("createIntakeForm", "intakeForm { id }", form).await;
    let rules = json!([
        { "name": "User", "target": "USER", "userId": owner, "sourceIds": [source], "campaignIds": [campaign] },
        { "name": "Team", "target": "TEAM", "teamId": team },
    ]);
    create("createAssignmentRuleSet", "assignmentRuleSet { id }", json!({ "name": name, "rules": rules })).await;
}

/// Writes, with what they are told, and the most statements that they may cost: on SQLite, where every write makes the sign-in be looked
/// up anew, and on PostgreSQL, where each is a round trip.
const WRITES: [(&str, &str, [usize; 2]); 3] = [
    (
        "createLead",
        "input: {lastName: \"Axel\", company: \"Axon\", email: \"a@b.example\", phone: \"+33 4 72 00 00 00\", sourceId: \"SOURCE\"}",
        [9, 3],
    ),
    ("convertLead", "input: {leadId: \"LEAD\"}", [34, 13]),
    ("moveOpportunity", "input: {id: \"OPPORTUNITY\", stageId: \"STAGE\"}", [11, 6]),
];

#[tokio::test]
async fn writes_cost_few_statements() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let known = server.graphql(&admin, "{ leadSources { id } pipelines { stages { id } } }", json!({})).await;
    let place = |path: &str| known.text_at(path);
    let mut problems = Vec::new();
    // The second time what may be kept in memory is.
    for is_known in [false, true] {
        let (mut lead, mut opportunity) = (String::new(), String::new());
        for (mutation, input, most) in WRITES {
            let input = input.replace("LEAD", &lead).replace("OPPORTUNITY", &opportunity);
            let input = input.replace("SOURCE", &place("/leadSources/0/id")).replace("STAGE", &place("/pipelines/0/stages/1/id"));
            let shown = match mutation {
                "createLead" => "lead { id version }",
                "convertLead" => "account { id } contact { id } opportunity { id }",
                _ => "opportunity { id version stage { id } }",
            };
            let before = server.statements_with_memory();
            server.record();
            let answer = server
                .graphql(&admin, &format!("mutation {{ {mutation}({input}) {{ {shown} userErrors {{ message }} }} }}"), json!({}))
                .await;
            let (cost, sent) = (server.statements_with_memory() - before, server.recorded());
            let made = answer.payload(mutation);
            lead = made["lead"]["id"].as_str().map_or(lead, str::to_owned);
            opportunity = made["opportunity"]["id"].as_str().map_or(opportunity, str::to_owned);
            let most = most[usize::from(on_postgres())];
            if is_known && cost > most {
                let sent: Vec<String> = sent.iter().map(|statement| statement.sql.chars().take(200).collect()).collect();
                problems.push(format!("{mutation} cost {cost} statements, of at most {most}:\n{}", sent.join("\n")));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

//! The workspace's settings, and the order and the deletion of its lists' entries.

use serde_json::{Value as Json, json};

use crate::harness::{Answer, Person, TestServer, on_postgres};

const SHOWN: &str = "id version baseCurrency timeZone fiscalYearStartMonth conversionRequiresQualified defaultCountry
    leadsReturnToPoolAfterDays locale history { nodes { action by { email } fields { field before after } } } updatedAt";

async fn settings(server: &TestServer, person: &Person) -> Json {
    server.graphql(person, &format!("{{ workspace {{ {SHOWN} }} }}"), json!({})).await.data("/workspace").clone()
}

async fn change(server: &TestServer, person: &Person, input: Json) -> Answer {
    let query = format!(
        "mutation($input: UpdateWorkspaceInput!) {{ updateWorkspace(input: $input) {{
            workspace {{ {SHOWN} }} userErrors {{ code message field details }} }} }}"
    );
    server.graphql(person, &query, json!({ "input": input })).await
}

/// The ids of the lead sources in their order.
async fn sources(server: &TestServer, person: &Person) -> Vec<String> {
    ids(&server.graphql(person, "{ leadSources { id } }", json!({})).await.data("/leadSources").clone())
}

fn ids(list: &Json) -> Vec<String> {
    list.as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_new_workspace_has_its_settings() {
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    let workspace = settings(&server, &viewer).await;
    assert_eq!(workspace["id"], "workspace_00000000000000000000000001");
    assert_eq!(
        (&workspace["version"], &workspace["baseCurrency"], &workspace["timeZone"]),
        (&json!(1), &json!("USD"), &json!("UTC"))
    );
    assert_eq!((&workspace["locale"], &workspace["leadsReturnToPoolAfterDays"]), (&json!("en"), &Json::Null));
    assert_eq!(workspace["history"]["nodes"], json!([]));
    let node = "{ node(id: \"workspace_00000000000000000000000001\") { id ... on Workspace { timeZone } } }";
    assert_eq!(server.graphql(&viewer, node, json!({})).await.data("/node/timeZone"), "UTC");
    let none = "{ node(id: \"workspace_00000000000000000000000002\") { id } }";
    assert_eq!(server.graphql(&viewer, none, json!({})).await.data("/node"), &Json::Null);
}

#[tokio::test]
async fn an_administrator_changes_them_with_history() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let wanted = json!({
        "expectedVersion": 1, "baseCurrency": "NOK", "timeZone": "Europe/Oslo", "fiscalYearStartMonth": 4,
        "conversionRequiresQualified": true, "defaultCountry": "NO", "leadsReturnToPoolAfterDays": 30, "locale": "NB-no",
    });
    let changed = change(&server, &admin, wanted).await.payload("updateWorkspace")["workspace"].clone();
    assert_eq!((&changed["version"], &changed["locale"]), (&json!(2), &json!("nb-NO")));
    assert_eq!(settings(&server, &admin).await, changed);
    let entries = changed["history"]["nodes"].as_array().unwrap();
    assert_eq!((entries.len(), &entries[0]["action"], &entries[0]["by"]["email"]), (1, &json!("updated"), &json!(admin.email)));
    assert_eq!(entries[0]["fields"][0], json!({ "field": "baseCurrency", "before": "USD", "after": "NOK" }));
    assert_eq!(entries[0]["fields"].as_array().unwrap().len(), 7);

    let unchanged = change(&server, &admin, json!({ "locale": "nb-NO", "timeZone": "Europe/Oslo" })).await;
    assert_eq!(unchanged.payload("updateWorkspace")["workspace"]["version"], 2);
    let cleared = change(&server, &admin, json!({ "defaultCountry": null, "leadsReturnToPoolAfterDays": null })).await;
    let cleared = &cleared.payload("updateWorkspace")["workspace"];
    assert_eq!((&cleared["defaultCountry"], &cleared["leadsReturnToPoolAfterDays"]), (&Json::Null, &Json::Null));
    assert_eq!(cleared["history"]["nodes"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_all_at_once() {
    let server = TestServer::start().await;
    let (admin, manager) = (server.admin().await, server.manager().await);
    let before = settings(&server, &admin).await;
    for (input, expected) in [
        (
            json!({ "timeZone": "Mars/Olympus", "fiscalYearStartMonth": 13, "leadsReturnToPoolAfterDays": 0, "locale": "english" }),
            vec![
                "INVALID input.timeZone",
                "OUT_OF_RANGE input.fiscalYearStartMonth",
                "OUT_OF_RANGE input.leadsReturnToPoolAfterDays",
                "INVALID input.locale",
            ],
        ),
        (
            json!({ "baseCurrency": null, "timeZone": null, "locale": null, "conversionRequiresQualified": null }),
            vec![
                "REQUIRED input.baseCurrency",
                "REQUIRED input.timeZone",
                "REQUIRED input.conversionRequiresQualified",
                "REQUIRED input.locale",
            ],
        ),
        (json!({ "expectedVersion": 7, "locale": "de" }), vec!["VERSION_CONFLICT input.expectedVersion"]),
        (json!({ "leadsReturnToPoolAfterDays": 3651 }), vec!["OUT_OF_RANGE input.leadsReturnToPoolAfterDays"]),
    ] {
        let answer = change(&server, &admin, input).await;
        assert_eq!(answer.data("/updateWorkspace/workspace"), &Json::Null);
        assert_eq!(answer.refusals("updateWorkspace"), expected);
    }
    assert_eq!(change(&server, &admin, json!({ "baseCurrency": "euro" })).await.codes(), ["BAD_USER_INPUT"]);
    assert_eq!(change(&server, &manager, json!({ "locale": "de" })).await.codes(), ["FORBIDDEN"]);
    assert_eq!(settings(&server, &admin).await, before);
}

#[tokio::test]
async fn who_asks_again_costs_only_what_is_asked_for() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let lead = "mutation($me: ID!) { createLead(input: {lastName: \"Axel\", ownerId: $me}) { lead { owner { name } } userErrors { message } } }";
    let made = server.graphql(&admin, lead, json!({ "me": admin.id.to_string() })).await;
    assert_eq!(made.payload("createLead")["lead"]["owner"]["name"], "Ada Admin");
    let mut costs = Vec::new();
    // On PostgreSQL nothing is kept before the server has begun to listen.
    while costs.last() != Some(&1) {
        assert!(costs.len() < 100, "the sign-in or the owner is looked up each time: {costs:?}");
        let before = server.statements_with_memory();
        let shown = server.graphql(&admin, "{ leads { nodes { owner { name } } } }", json!({})).await;
        assert_eq!(shown.text_at("/leads/nodes/0/owner/name"), "Ada Admin");
        costs.push(server.statements_with_memory() - before);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let before = server.statements();
    server.graphql(&admin, "{ leads { nodes { owner { name } } } }", json!({})).await.data("/leads");
    assert_eq!(server.statements() - before, 3, "the sign-in, the leads, the owners: something has changed");
}

/// PostgreSQL tells other processes within milliseconds; on SQLite they see it at once.
async fn others_hear() {
    if on_postgres() {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
}

#[tokio::test]
async fn a_sign_in_that_ends_in_one_process_has_ended_in_every_other() {
    let one = TestServer::start().await;
    let other = one.another().await;
    let (admin, rep) = (one.admin().await, one.rep().await);
    let ask = async |server: &TestServer| {
        let answer = server.graphql(&rep, "{ workspace { id } }", json!({})).await;
        answer.codes().first().copied().unwrap_or("answered").to_owned()
    };
    assert_eq!((ask(&one).await, ask(&other).await), ("answered".to_owned(), "answered".to_owned()));
    let deactivate =
        "mutation($id: ID!) { updateUser(input: {id: $id, active: false}) { user { active } userErrors { message } } }";
    let done = one.graphql(&admin, deactivate, json!({ "id": rep.id.to_string() })).await;
    assert_eq!(done.payload("updateUser")["user"]["active"], false);
    assert_eq!(ask(&one).await, "UNAUTHENTICATED", "at once where it was ended");
    others_hear().await;
    assert_eq!(ask(&other).await, "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_change_holds_in_every_process_from_the_next_request_on() {
    let one = TestServer::start().await;
    let other = one.another().await;
    let admin = one.admin().await;
    one.clock.set("2026-03-02T23:30:00Z");
    let day = |shown: &Answer| shown.payload("winOpportunity")["opportunity"]["closeDate"].clone();
    let won = async |server: &TestServer| {
        let account = "mutation { createAccount(input: {name: \"Axon\"}) { account { id } } }";
        let account = server.graphql(&admin, account, json!({})).await.text_at("/createAccount/account/id");
        let deal =
            "mutation($account: ID!) { createOpportunity(input: {name: \"Deal\", accountId: $account, closeDate: \"2026-12-31\",
            amount: {amount: 5}}) { opportunity { id amount { currency } } userErrors { code } } }";
        let deal = server.graphql(&admin, deal, json!({ "account": account })).await;
        let currency = deal.text_at("/createOpportunity/opportunity/amount/currency");
        let id = deal.text_at("/createOpportunity/opportunity/id");
        let win =
            "mutation($id: ID!) { winOpportunity(input: {id: $id}) { opportunity { closeDate } userErrors { code message } } }";
        (currency, day(&server.graphql(&admin, win, json!({ "id": id })).await))
    };
    assert_eq!(won(&other).await, ("USD".to_owned(), json!("2026-03-02")));

    change(&one, &admin, json!({ "timeZone": "Asia/Tokyo", "baseCurrency": "JPY" })).await.payload("updateWorkspace");
    others_hear().await;
    for server in [&one, &other] {
        assert_eq!(settings(server, &admin).await["timeZone"], "Asia/Tokyo");
        assert_eq!(won(server).await, ("JPY".to_owned(), json!("2026-03-03")));
    }
    change(&other, &admin, json!({ "timeZone": "UTC", "expectedVersion": 2 })).await.payload("updateWorkspace");
    others_hear().await;
    let stale = change(&one, &admin, json!({ "timeZone": "Asia/Tokyo", "expectedVersion": 2 })).await;
    assert_eq!(stale.refusals("updateWorkspace"), ["VERSION_CONFLICT input.expectedVersion"]);
    assert_eq!(settings(&one, &admin).await["version"], 3);
}

#[tokio::test]
async fn settings_cost_no_statement_of_their_own() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    change(&server, &admin, json!({ "timeZone": "Asia/Tokyo" })).await.payload("updateWorkspace");
    let before = server.statements();
    server.graphql(&admin, "{ workspace { timeZone } }", json!({})).await.data("/workspace");
    assert_eq!(server.statements() - before, 1, "only the sign-in is looked up");
}

#[tokio::test]
async fn conversion_demands_qualified_as_soon_as_any_process_says_so() {
    let one = TestServer::start().await;
    let other = one.another().await;
    let admin = one.admin().await;
    let lead = "mutation { createLead(input: {lastName: \"Axel\", company: \"Axon\"}) { lead { id } } }";
    let lead = one.graphql(&admin, lead, json!({})).await.text_at("/createLead/lead/id");
    let preview = "query($id: ID!) { leadConversionPreview(input: {leadId: $id}) { userErrors { code } } }";
    let codes = async |server: &TestServer| {
        let answer = server.graphql(&admin, preview, json!({ "id": lead })).await;
        answer.data("/leadConversionPreview/userErrors").clone()
    };
    assert_eq!(codes(&other).await, json!([]));
    change(&one, &admin, json!({ "conversionRequiresQualified": true })).await.payload("updateWorkspace");
    others_hear().await;
    assert_eq!(codes(&other).await, json!([{ "code": "NOT_QUALIFIED" }]));
    change(&other, &admin, json!({ "conversionRequiresQualified": false })).await.payload("updateWorkspace");
    others_hear().await;
    assert_eq!(codes(&one).await, json!([]));
}

#[tokio::test]
async fn lists_take_another_order() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    let mut wanted = sources(&server, &manager).await;
    wanted.reverse();
    let reorder = async |ids: &[String]| {
        let query = "mutation($ids: [ID!]!) { reorderLeadSources(input: {ids: $ids}) { leadSources { id } userErrors { code field details } } }";
        server.graphql(&manager, query, json!({ "ids": ids })).await
    };
    assert_eq!(ids(&reorder(&wanted).await.payload("reorderLeadSources")["leadSources"]), wanted);
    assert_eq!(sources(&server, &manager).await, wanted);

    let twice = [&wanted[..9], &wanted[..1]].concat();
    assert_eq!(reorder(&twice).await.refusals("reorderLeadSources"), ["INVALID input.ids.9"]);
    let missing = reorder(&wanted[1..]).await;
    assert_eq!(missing.refusals("reorderLeadSources"), ["INVALID input.ids"]);
    assert_eq!(missing.data("/reorderLeadSources/userErrors/0/details/missing"), &json!([wanted[0]]));
    let mut foreign = wanted.clone();
    foreign[3] = "lead_source_00000000000000000000000000".to_owned();
    foreign[4] = "stage_00000000000000000000000000".to_owned();
    assert_eq!(reorder(&foreign).await.refusals("reorderLeadSources"), ["NOT_FOUND input.ids.3", "INVALID input.ids.4"]);
    assert_eq!(sources(&server, &manager).await, wanted);

    let lost = "{ closeReasons { id category } }";
    let reasons = server.graphql(&manager, lost, json!({})).await.data("/closeReasons").clone();
    let mut lost: Vec<Json> = reasons.as_array().unwrap().iter().filter(|reason| reason["category"] == "LOST").cloned().collect();
    lost.rotate_left(2);
    let order = ids(&json!(lost));
    let query = "mutation($ids: [ID!]!) { reorderCloseReasons(input: {category: LOST, ids: $ids}) { closeReasons { id } userErrors { code } } }";
    let answer = server.graphql(&manager, query, json!({ "ids": order })).await;
    assert_eq!(ids(&answer.payload("reorderCloseReasons")["closeReasons"]), order);
}

#[tokio::test]
async fn an_entry_that_nothing_names_can_be_deleted() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    let all = sources(&server, &manager).await;
    let delete = async |id: &str| {
        let query =
            "mutation($id: ID!) { deleteLeadSource(input: {id: $id}) { deletedId userErrors { code message field details } } }";
        server.graphql(&manager, query, json!({ "id": id })).await
    };
    let lead = "mutation($source: ID!) { createLead(input: {lastName: \"Axel\", sourceId: $source}) { lead { id } } }";
    let lead = server.graphql(&manager, lead, json!({ "source": all[0] })).await.text_at("/createLead/lead/id");
    let used = delete(&all[0]).await;
    assert_eq!(used.refusals("deleteLeadSource"), ["IN_USE input.id"]);
    assert_eq!(used.data("/deleteLeadSource/userErrors/0/details"), &json!({ "leads": [lead] }));

    let gone = "mutation($id: ID!) { deleteLead(input: {id: $id}) { userErrors { code } } }";
    server.graphql(&manager, gone, json!({ "id": lead })).await.payload("deleteLead");
    assert_eq!(delete(&all[0]).await.refusals("deleteLeadSource"), ["IN_USE input.id"], "the lead could be restored");

    assert_eq!(delete(&all[1]).await.payload("deleteLeadSource")["deletedId"], all[1]);
    assert_eq!(delete(&all[1]).await.refusals("deleteLeadSource"), ["NOT_FOUND input.id"]);
    assert_eq!(sources(&server, &manager).await, [&all[..1], &all[2..]].concat());
}

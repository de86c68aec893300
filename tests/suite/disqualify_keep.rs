//! Leads that are not pursued and leave a prospect account and contact behind.

use serde_json::{Value, json};

use crate::harness::{Person, TestServer};

struct Closed {
    lead: String,
    account: String,
    contact: String,
}

async fn reason(server: &TestServer) -> String {
    server.reason("Bad timing").await
}

async fn close(server: &TestServer, person: &Person, lead: &str, keep: Value) -> Value {
    let query = "mutation($input: DisqualifyLeadInput!) { disqualifyLead(input: $input) {
        lead { id status keptAs { account { id } contact { id } keptAt keptBy { id } } conversion { account { id } } }
        userErrors { code message field details } } }";
    let input = json!({ "id": lead, "reasonId": reason(server).await, "keep": keep });
    server.graphql(person, query, json!({ "input": input })).await.data("/disqualifyLead").clone()
}

async fn closed(server: &TestServer, person: &Person, lead: Value, keep: Value) -> Closed {
    let lead = server.new_lead(person, lead).await;
    let payload = close(server, person, &lead, keep).await;
    assert_eq!(payload["userErrors"], json!([]));
    let record = |kind: &str| payload["lead"]["keptAs"][kind]["id"].as_str().unwrap().to_owned();
    Closed { account: record("account"), contact: record("contact"), lead }
}

fn problems(payload: &Value) -> Vec<String> {
    let problems = payload["userErrors"].as_array().unwrap();
    let path = |problem: &Value| {
        let path: Vec<&str> = problem["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        path.join(".")
    };
    problems.iter().map(|problem| format!("{} {}", problem["code"].as_str().unwrap(), path(problem))).collect()
}

async fn count(server: &TestServer, person: &Person, list: &str) -> Value {
    server
        .graphql(person, &format!("{{ {list} {{ totalCount }} }}"), json!({}))
        .await
        .data(&format!("/{list}/totalCount"))
        .clone()
}

#[tokio::test]
async fn a_closed_lead_leaves_a_prospect_behind() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let campaign = server.campaign("Fair").await;
    let lead =
        json!({ "lastName": "Doe", "firstName": "Jo", "company": "Acme", "email": "jo@acme.example", "campaignId": campaign });
    let lead = server.new_lead(&rep, lead).await;
    let note = json!({ "kind": "NOTE", "subject": "Wants to wait", "aboutIds": [lead] });
    server.call(&rep, "createActivity", note).await.done();
    let payload = close(&server, &rep, &lead, json!({})).await;
    assert_eq!(payload["userErrors"], json!([]));
    let (after, kept) = (&payload["lead"], &payload["lead"]["keptAs"]);
    assert_eq!((&after["status"], &after["conversion"]), (&json!("CLOSED_NOT_CONVERTED"), &Value::Null));
    assert_eq!(kept["keptBy"]["id"], json!(rep.id.to_string()));
    let query = "query($account: ID!, $contact: ID!) {
        account(id: $account) { name lifecycle owner { id } opportunities { totalCount } activities { nodes { subject } }
            timeline(includeRelated: false, kinds: [DISQUALIFIED]) { nodes { kind } } }
        contact(id: $contact) { name email account { id } activities { nodes { subject } }
            campaignMemberships { nodes { status campaign { id } carriedFrom { id } } } } }";
    let ids = json!({ "account": kept["account"]["id"], "contact": kept["contact"]["id"] });
    let left = server.graphql(&rep, query, ids).await;
    let account = left.data("/account");
    assert_eq!((&account["name"], &account["lifecycle"]), (&json!("Acme"), &json!("PROSPECT")));
    assert_eq!(account["opportunities"]["totalCount"], 0);
    assert_eq!(account["activities"]["nodes"], json!([{ "subject": "Wants to wait" }]));
    assert_eq!(account["timeline"]["nodes"], json!([{ "kind": "DISQUALIFIED" }]));
    let contact = left.data("/contact");
    assert_eq!((&contact["name"], &contact["email"]), (&json!("Jo Doe"), &json!("jo@acme.example")));
    assert_eq!(contact["account"]["id"], kept["account"]["id"]);
    assert_eq!(contact["activities"]["nodes"], json!([{ "subject": "Wants to wait" }]));
    let membership = json!([{ "status": "RESPONDED", "campaign": { "id": campaign }, "carriedFrom": { "id": lead } }]);
    assert_eq!(contact["campaignMemberships"]["nodes"], membership);
    let history = server.history(&rep, &lead).await;
    let fields = history.last().unwrap()["fields"].as_array().unwrap();
    assert!(fields.iter().any(|field| field["field"] == "keptAs" && field["after"]["account"] == kept["account"]["id"]));
}

#[tokio::test]
async fn existing_records_are_filled_and_never_overwritten() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let account = server.call(&rep, "createAccount", json!({ "name": "Acme Inc", "phone": "111" })).await.id();
    let lead = json!({ "lastName": "Doe", "company": "Acme", "phone": "222", "website": "acme.example" });
    let made = closed(&server, &rep, lead, json!({ "accountId": account })).await;
    assert_eq!(made.account, account);
    let query = "query($id: ID!) { account(id: $id) { name phone website contacts { nodes { id } } } }";
    let seen = server.graphql(&rep, query, json!({ "id": account })).await;
    let seen = seen.data("/account");
    assert_eq!((&seen["name"], &seen["phone"]), (&json!("Acme Inc"), &json!("111")));
    assert!(seen["website"].as_str().unwrap().contains("acme.example"));
    assert_eq!(seen["contacts"]["nodes"], json!([{ "id": made.contact }]));
}

#[tokio::test]
async fn what_stands_in_the_way_is_said_at_once_and_nothing_is_kept() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let company = server.new_lead(&rep, json!({ "company": "Only a company" })).await;
    let person = server.new_lead(&rep, json!({ "lastName": "Doe", "email": "doe@acme.example", "company": "Acme" })).await;
    let known = server.call(&rep, "createContact", json!({ "lastName": "Doe", "email": "doe@acme.example" })).await.id();
    let nobody = server.nothing::<entity::account::Entity>();
    let before = (count(&server, &rep, "accounts").await, count(&server, &rep, "contacts").await);
    for (lead, keep, expected) in [
        (&company, json!({}), vec!["REQUIRED input.keep.contactId"]),
        (&person, json!({ "accountId": nobody }), vec!["NOT_FOUND input.keep.accountId"]),
        (&person, json!({ "contactId": nobody }), vec!["INVALID input.keep.contactId"]),
        (&person, json!({ "allowDuplicates": false }), vec!["DUPLICATE_SUSPECTED input.keep.contactId"]),
        (
            &company,
            json!({ "accountId": nobody, "ownerId": server.nothing::<entity::user::Entity>() }),
            vec!["NOT_FOUND input.keep.ownerId", "NOT_FOUND input.keep.accountId", "REQUIRED input.keep.contactId"],
        ),
    ] {
        let payload = close(&server, &rep, lead, keep.clone()).await;
        assert_eq!(problems(&payload), expected, "{keep}");
        assert_eq!(payload["lead"], Value::Null);
    }
    assert_eq!((count(&server, &rep, "accounts").await, count(&server, &rep, "contacts").await), before);
    assert_eq!(server.lead(&rep, &person).await["status"], "OPEN_NOT_CONTACTED");
    let payload = close(&server, &rep, &person, json!({ "contactId": known })).await;
    assert_eq!(payload["lead"]["keptAs"]["contact"]["id"], json!(known));
}

#[tokio::test]
async fn a_later_conversion_uses_what_was_left() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let lead = json!({ "lastName": "Doe", "company": "Acme", "email": "doe@acme.example" });
    let made = closed(&server, &rep, lead, json!({})).await;
    server.call(&rep, "reopenLead", json!({ "id": made.lead })).await.done();
    let before = (count(&server, &rep, "accounts").await, count(&server, &rep, "contacts").await);
    let preview = "query($input: ConvertLeadInput!) { leadConversionPreview(input: $input) {
        account { action existing { id } } contact { action existing { id } } userErrors { code } } }";
    let seen = server.graphql(&rep, preview, json!({ "input": { "leadId": made.lead, "allowDuplicates": false } })).await;
    for (record, id) in [("account", &made.account), ("contact", &made.contact)] {
        let planned = seen.data(&format!("/leadConversionPreview/{record}"));
        assert_eq!(*planned, json!({ "action": "USE_EXISTING", "existing": { "id": id } }));
    }
    let aside = json!({ "input": { "leadId": made.lead, "useKept": false } });
    let seen = server.graphql(&rep, preview, aside).await;
    assert_eq!(seen.text_at("/leadConversionPreview/account/action"), "CREATE");

    let note = json!({ "kind": "NOTE", "subject": "Back again", "aboutIds": [made.lead] });
    server.call(&rep, "createActivity", note).await.done();
    let converted = server.call(&rep, "convertLead", json!({ "leadId": made.lead })).await;
    assert_eq!(converted.done()["account"]["id"], json!(made.account));
    assert_eq!(converted.done()["contact"]["id"], json!(made.contact));
    assert_eq!((count(&server, &rep, "accounts").await, count(&server, &rep, "contacts").await), before, "no duplicates");
    let story = "query($id: ID!) { account(id: $id) { timeline(includeRelated: false, kinds: [DISQUALIFIED, CONVERTED]) { nodes { kind } } } }";
    let story = server.graphql(&rep, story, json!({ "id": made.account })).await;
    assert_eq!(*story.data("/account/timeline/nodes"), json!([{ "kind": "CONVERTED" }, { "kind": "DISQUALIFIED" }]), "each once");

    server.call(&rep, "revertLeadConversion", json!({ "id": made.lead })).await.done();
    let query = "query($id: ID!) { contact(id: $id) { name email activities { nodes { subject } } } }";
    let left = server.graphql(&rep, query, json!({ "id": made.contact })).await;
    assert_eq!(left.data("/contact")["email"], "doe@acme.example", "what was left stays");
    assert_eq!(left.data("/contact")["activities"]["nodes"], json!([{ "subject": "Back again" }]));
}

#[tokio::test]
async fn closing_it_again_makes_no_duplicates() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let made = closed(&server, &rep, json!({ "lastName": "Doe", "company": "Acme" }), json!({})).await;
    server.call(&rep, "reopenLead", json!({ "id": made.lead })).await.done();
    let again = close(&server, &rep, &made.lead, json!({})).await;
    assert_eq!(again["lead"]["keptAs"]["account"]["id"], json!(made.account));
    assert_eq!(again["lead"]["keptAs"]["contact"]["id"], json!(made.contact));
    server.call(&rep, "reopenLead", json!({ "id": made.lead })).await.done();
    server.call(&rep, "deleteContact", json!({ "id": made.contact })).await.done();
    let converted = server.call(&rep, "convertLead", json!({ "leadId": made.lead })).await;
    assert_eq!(converted.done()["account"]["id"], json!(made.account), "the account is still there");
    assert_ne!(converted.done()["contact"]["id"], json!(made.contact));
}

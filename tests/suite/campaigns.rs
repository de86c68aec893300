//! Campaigns and their members.

use futures_util::future::join_all;
use leadgraph::auth::Actor;
use leadgraph::import::{Kind, Request, import};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::harness::{Person, TestServer};

async fn add(server: &TestServer, person: &Person, campaign: &str, items: Value) -> Vec<Value> {
    let outcome = server.call(person, "addCampaignMembers", json!({ "campaignId": campaign, "items": items })).await;
    outcome.done()["results"].as_array().unwrap().clone()
}

async fn memberships(server: &TestServer, person: &Person, record: &str) -> Value {
    let kind = record.split('_').next().unwrap();
    let query = format!(
        "query($id: ID!) {{ {kind}(id: $id) {{ campaignMemberships {{ nodes {{ id version status respondedOn campaign {{ name }}
            carriedFrom {{ id }} }} }} }} }}"
    );
    server.graphql(person, &query, json!({ "id": record })).await.data(&format!("/{kind}/campaignMemberships/nodes")).clone()
}

fn code(result: &Value) -> String {
    let problem = &result["userErrors"][0];
    let path: Vec<&str> = problem["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    format!("{} {}", problem["code"].as_str().unwrap_or("OK"), path.join(".")).trim_end().to_owned()
}

#[tokio::test]
async fn each_member_has_a_result_of_its_own() {
    let server = TestServer::start().await;
    let (manager, rep) = (server.manager().await, server.rep().await);
    let campaign = server.campaign("Fair").await;
    let lead = server.new_lead(&rep, json!({ "company": "Acme" })).await;
    let contact = server.call(&rep, "createContact", json!({ "lastName": "Doe" })).await.id();
    let converted = server.lead_in(&manager, "CLOSED_CONVERTED").await;
    let account = server.call(&rep, "createAccount", json!({ "name": "Acme" })).await.id();
    let items = json!([
        { "memberId": lead },
        { "memberId": contact, "status": "ATTENDED", "respondedOn": "2026-02-20" },
        { "memberId": lead, "status": "SENT" },
        { "memberId": converted },
        { "memberId": account },
        { "memberId": server.nothing::<entity::contact::Entity>() },
        { "memberId": server.new_lead(&rep, json!({ "company": "B" })).await, "respondedOn": "2026-02-20" },
        { "memberId": server.new_lead(&rep, json!({ "company": "C" })).await, "status": "RESPONDED", "respondedOn": "2026-03-03" },
        { "memberId": server.new_lead(&rep, json!({ "company": "D" })).await, "status": "RESPONDED" },
    ]);
    let results = add(&server, &manager, &campaign, items).await;
    let codes: Vec<String> = results.iter().map(code).collect();
    assert_eq!(
        codes,
        [
            "OK",
            "OK",
            "OK",
            "ALREADY_CONVERTED input.items.3.memberId",
            "INVALID input.items.4.memberId",
            "NOT_FOUND input.items.5.memberId",
            "INVALID input.items.6.respondedOn",
            "OUT_OF_RANGE input.items.7.respondedOn",
            "OK",
        ]
    );
    let added: Vec<bool> = results.iter().map(|result| result["added"].as_bool().unwrap()).collect();
    assert_eq!(added, [true, true, false, false, false, false, false, false, true]);
    assert_eq!(results[0]["member"]["id"], results[2]["member"]["id"], "nobody is a member twice");
    assert_eq!(results[8]["member"]["respondedOn"], "2026-03-02", "today");
    let query = "query($id: ID!) { campaign(id: $id) { memberCounts { total targeted sent responded attended optedOut }
        members { totalCount nodes { status member { __typename } } }
        responded: members(filter: {status: {in: [RESPONDED, ATTENDED]}}) { totalCount }
        contacts: members(filter: {isContact: true}) { totalCount } } }";
    let seen = server.graphql(&rep, query, json!({ "id": campaign })).await;
    let expected = json!({ "total": 3, "targeted": 1, "sent": 0, "responded": 1, "attended": 1, "optedOut": 0 });
    assert_eq!(*seen.data("/campaign/memberCounts"), expected);
    assert_eq!(*seen.data("/campaign/members/totalCount"), json!(3));
    assert_eq!(*seen.data("/campaign/responded/totalCount"), json!(2));
    assert_eq!(*seen.data("/campaign/contacts/totalCount"), json!(1));

    for (items, expected) in
        [(json!([]), "OUT_OF_RANGE input.items"), (json!(vec![json!({ "memberId": lead }); 501]), "OUT_OF_RANGE input.items")]
    {
        let refused = server.call(&rep, "addCampaignMembers", json!({ "campaignId": campaign, "items": items })).await;
        assert_eq!(refused.answer.refusals("addCampaignMembers"), [expected]);
    }
    let nowhere = server.nothing::<entity::campaign::Entity>();
    let refused =
        server.call(&rep, "addCampaignMembers", json!({ "campaignId": nowhere, "items": [{ "memberId": lead }] })).await;
    assert_eq!(refused.answer.refusals("addCampaignMembers"), ["NOT_FOUND input.campaignId"]);
    let owned = server.new_lead(&manager, json!({ "company": "Mine", "ownerId": manager.id.to_string() })).await;
    let forbidden =
        server.call(&rep, "addCampaignMembers", json!({ "campaignId": campaign, "items": [{ "memberId": owned }] })).await;
    assert_eq!(forbidden.verdict(), "FORBIDDEN");
}

#[tokio::test]
async fn a_membership_is_changed_and_ended() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let campaign = server.campaign("Fair").await;
    let lead = server.new_lead(&rep, json!({ "company": "Acme" })).await;
    let id = add(&server, &rep, &campaign, json!([{ "memberId": lead }])).await[0]["member"]["id"].clone();
    for (input, expected) in [
        (json!({ "status": "SENT" }), json!(["SENT", null])),
        (json!({ "status": "RESPONDED" }), json!(["RESPONDED", "2026-03-02"])),
        (json!({ "respondedOn": "2026-02-27" }), json!(["RESPONDED", "2026-02-27"])),
        (json!({ "status": "OPTED_OUT" }), json!(["OPTED_OUT", "2026-02-27"])),
        (json!({ "status": "TARGETED" }), json!(["TARGETED", null])),
    ] {
        let changed =
            server.call(&rep, "updateCampaignMember", crate::leads::creating::merged(&json!({ "id": id }), input)).await;
        let member = &changed.done()["member"];
        assert_eq!(json!([member["status"], member["respondedOn"]]), expected);
    }
    for (input, expected) in [
        (json!({ "status": null }), "REQUIRED input.status"),
        (json!({ "respondedOn": "2026-02-27" }), "INVALID input.respondedOn"),
        (json!({ "status": "RESPONDED", "respondedOn": null }), "REQUIRED input.respondedOn"),
        (json!({ "expectedVersion": 1 }), "VERSION_CONFLICT input.expectedVersion"),
    ] {
        let refused =
            server.call(&rep, "updateCampaignMember", crate::leads::creating::merged(&json!({ "id": id }), input)).await;
        assert_eq!(refused.refusals(), [expected]);
    }
    server.call(&rep, "removeCampaignMember", json!({ "id": id })).await.done();
    assert_eq!(memberships(&server, &rep, &lead).await, json!([]));
    assert_eq!(server.call(&rep, "removeCampaignMember", json!({ "id": id })).await.refusals(), ["NOT_FOUND input.id"]);
    assert_eq!(add(&server, &rep, &campaign, json!([{ "memberId": lead }])).await[0]["added"], true, "and can be added again");
}

#[tokio::test]
async fn several_who_add_the_same_make_one_membership() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let campaign = server.campaign("Fair").await;
    let lead = server.new_lead(&rep, json!({ "company": "Acme" })).await;
    let contact = server.call(&rep, "createContact", json!({ "lastName": "Doe" })).await.id();
    let items = [json!([{ "memberId": lead }, { "memberId": contact }]), json!([{ "memberId": contact }, { "memberId": lead }])];
    let calls = (0..6).map(|number| add(&server, &rep, &campaign, items[number % 2].clone()));
    let results: Vec<Value> = join_all(calls).await.into_iter().flatten().collect();
    assert_eq!(results.iter().filter(|result| result["added"] == true).count(), 2);
    assert!(results.iter().all(|result| result["member"]["id"].is_string()));
    for person in [&lead, &contact] {
        assert_eq!(memberships(&server, &rep, person).await.as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn who_names_a_campaign_has_answered_it() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let (fair, webinar) = (server.campaign("Fair").await, server.campaign("Webinar").await);
    let lead = server.new_lead(&rep, json!({ "company": "Acme", "campaignId": fair })).await;
    let short = |memberships: Value| {
        let rows = memberships.as_array().unwrap().iter();
        rows.map(|row| format!("{} {} {}", row["campaign"]["name"], row["status"], row["respondedOn"]).replace('"', ""))
            .collect::<Vec<_>>()
    };
    assert_eq!(short(memberships(&server, &rep, &lead).await), ["Fair RESPONDED 2026-03-02"]);
    add(&server, &rep, &webinar, json!([{ "memberId": lead, "status": "SENT" }])).await;
    server.call(&rep, "updateLead", json!({ "id": lead, "campaignId": webinar })).await.done();
    let both = ["Webinar RESPONDED 2026-03-02", "Fair RESPONDED 2026-03-02"];
    assert_eq!(short(memberships(&server, &rep, &lead).await), both);
    server.call(&rep, "updateLead", json!({ "id": lead, "campaignId": null })).await.done();
    assert_eq!(short(memberships(&server, &rep, &lead).await), both, "it has answered it all the same");
    let contact = server.call(&rep, "createContact", json!({ "lastName": "Doe", "campaignId": fair })).await.id();
    assert_eq!(short(memberships(&server, &rep, &contact).await), ["Fair RESPONDED 2026-03-02"]);
}

/// A lead in two campaigns, and a contact in one of them that responded later.
struct Pair {
    lead: String,
    contact: String,
    fair: String,
}

async fn pair(server: &TestServer, rep: &Person) -> Pair {
    let (fair, webinar) = (server.campaign("Fair").await, server.campaign("Webinar").await);
    let account = server.call(rep, "createAccount", json!({ "name": "Acme" })).await.id();
    let contact = server.call(rep, "createContact", json!({ "lastName": "Doe", "accountId": account })).await.id();
    let lead = server.new_lead(rep, json!({ "lastName": "Doe", "company": "Acme" })).await;
    let early = json!({ "memberId": lead, "status": "RESPONDED", "respondedOn": "2026-02-01" });
    add(server, rep, &fair, json!([early, { "memberId": contact, "status": "ATTENDED", "respondedOn": "2026-02-20" }])).await;
    add(server, rep, &webinar, json!([{ "memberId": lead, "status": "SENT" }])).await;
    Pair { lead, contact, fair }
}

#[tokio::test]
async fn a_conversion_carries_memberships_over_and_its_revert_takes_them_back() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let Pair { lead, contact, fair } = pair(&server, &rep).await;
    let before = memberships(&server, &rep, &contact).await;
    let preview = "query($input: ConvertLeadInput!) { leadConversionPreview(input: $input) { campaignMembershipsCarriedOver } }";
    let input = json!({ "leadId": lead, "contactId": contact });
    let seen = server.graphql(&rep, preview, json!({ "input": input })).await;
    assert_eq!(*seen.data("/leadConversionPreview/campaignMembershipsCarriedOver"), json!(2));
    let converted = server.call(&rep, "convertLead", input).await;
    let carried = memberships(&server, &rep, &contact).await;
    assert_eq!(carried.as_array().unwrap().len(), 2);
    assert_eq!((&carried[0]["campaign"]["name"], &carried[0]["carriedFrom"]["id"]), (&json!("Webinar"), &json!(lead)));
    assert_eq!((&carried[1]["status"], &carried[1]["respondedOn"]), (&json!("ATTENDED"), &json!("2026-02-01")), "the earliest");
    assert_eq!(memberships(&server, &rep, &lead).await.as_array().unwrap().len(), 2, "and they stay with the lead");

    let opportunity = converted.done()["opportunity"]["id"].clone();
    server.call(&rep, "updateOpportunity", json!({ "id": opportunity, "campaignId": fair })).await.done();
    let query = "query($id: ID!) { opportunity(id: $id) { campaignInfluence { campaign { name } primary respondedOn members { status } } } }";
    let seen = server.graphql(&rep, query, json!({ "id": opportunity })).await;
    let expected = json!([
        { "campaign": { "name": "Fair" }, "primary": true, "respondedOn": "2026-02-01",
          "members": [{ "status": "RESPONDED" }, { "status": "ATTENDED" }] },
        { "campaign": { "name": "Webinar" }, "primary": false, "respondedOn": null, "members": [{ "status": "SENT" }, { "status": "SENT" }] },
    ]);
    assert_eq!(*seen.data("/opportunity/campaignInfluence"), expected);

    let other = pair(&server, &rep).await;
    let input = json!({ "leadId": other.lead, "contactId": other.contact });
    server.call(&rep, "convertLead", input).await.done();
    server.call(&rep, "revertLeadConversion", json!({ "id": other.lead })).await.done();
    let after = memberships(&server, &rep, &other.contact).await;
    let facts =
        |rows: &Value| json!([rows.as_array().unwrap().len(), rows[0]["status"], rows[0]["respondedOn"], rows[0]["carriedFrom"]]);
    assert_eq!(facts(&after), facts(&before));
}

#[tokio::test]
async fn what_was_built_upon_a_carried_membership_stands_in_the_way() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let campaign = server.campaign("Fair").await;
    let lead = json!({ "lastName": "Doe", "company": "Acme", "campaignId": campaign });
    let lead = server.new_lead(&rep, lead).await;
    let converted = server.call(&rep, "convertLead", json!({ "leadId": lead })).await;
    let contact = converted.done()["contact"]["id"].as_str().unwrap().to_owned();
    let carried = memberships(&server, &rep, &contact).await[0].clone();
    server.call(&rep, "updateCampaignMember", json!({ "id": carried["id"], "status": "ATTENDED" })).await.done();
    let refused = server.call(&rep, "revertLeadConversion", json!({ "id": lead })).await;
    assert_eq!(refused.refusals(), ["CANNOT_REVERT"]);
    assert_eq!(refused.details()["others"], json!([carried["id"]]));
    server.call(&rep, "removeCampaignMember", json!({ "id": carried["id"] })).await.done();
    server.call(&rep, "revertLeadConversion", json!({ "id": lead })).await.done();
}

#[tokio::test]
async fn campaigns_are_parts_of_others_without_circles() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    let create = async |input: Value| server.call(&manager, "createCampaign", input).await.id();
    let year = create(json!({ "name": "Year", "budget": { "amount": "100", "currency": "EUR" }, "cost": { "amount": "120.50", "currency": "EUR" } })).await;
    let spring = create(json!({ "name": "Spring", "parentId": year, "startsOn": "2026-03-03" })).await;
    let fair = create(json!({ "name": "Fair", "parentId": spring, "startsOn": "2026-02-01", "endsOn": "2026-03-01" })).await;
    for (id, parent) in [(&year, &fair), (&year, &spring), (&year, &year), (&spring, &fair)] {
        let refused = server.call(&manager, "updateCampaign", json!({ "id": id, "parentId": parent })).await;
        assert_eq!(refused.refusals(), ["INVALID input.parentId"]);
    }
    let query = "query($id: ID!) { campaign(id: $id) { status budgetLeft { amount currency } parent { name } children { nodes { name } } } }";
    let read = async |id: &str| server.graphql(&manager, query, json!({ "id": id })).await.data("/campaign").clone();
    let expected = json!({ "status": "RUNNING", "budgetLeft": { "amount": "-20.50", "currency": "EUR" }, "parent": null,
        "children": { "nodes": [{ "name": "Spring" }] } });
    assert_eq!(read(&year).await, expected);
    assert_eq!(read(&spring).await["status"], "PLANNED");
    assert_eq!(read(&fair).await["status"], "ENDED");
    server.call(&manager, "updateCampaign", json!({ "id": fair, "parentId": null, "active": false })).await.done();
    assert_eq!((&read(&fair).await["status"], &read(&fair).await["parent"]), (&json!("INACTIVE"), &Value::Null));
    server.call(&manager, "updateCampaign", json!({ "id": year, "parentId": fair })).await.done();
}

#[tokio::test]
async fn members_are_imported() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    server.campaign("Fair").await;
    let lead = server.new_lead(&admin, json!({ "company": "Acme", "email": "a@acme.example" })).await;
    let contact = server.call(&admin, "createContact", json!({ "lastName": "Doe", "email": "doe@acme.example" })).await.id();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("members.csv");
    let text = "Id,Campaign,Lead,Contact,Status,RespondedOn\n\
        m1,Fair,a@acme.example,,Sent,\n\
        m2,Fair,,doe@acme.example,Responded,2026-02-03\n\
        m3,Fair,a@acme.example,doe@acme.example,Sent,\n\
        m4,Nowhere,a@acme.example,,Sent,\n\
        m5,Fair,,,Sent,\n";
    std::fs::write(&file, text).unwrap();
    let user = entity::user::Entity::find_by_id(admin.id).one(server.app.database().read()).await.unwrap().unwrap();
    let actor = Actor::of(user);
    let rejects = Some(directory.path().join("rejects.csv"));
    let request =
        Request { kind: Kind::CampaignMembers, file: file.clone(), mapping: None, rejects, dry_run: false, assign: false };
    let summary = import(&server.app, &actor, &request, &|_, _| {}).await.unwrap();
    assert_eq!((summary.created, summary.updated, summary.rejected), (2, 0, 3), "{summary:?}");
    assert_eq!(memberships(&server, &admin, &lead).await[0]["status"], "SENT");
    assert_eq!(memberships(&server, &admin, &contact).await[0]["respondedOn"], "2026-02-03");
    std::fs::write(&file, text.replace("Sent", "Attended")).unwrap();
    let summary = import(&server.app, &actor, &request, &|_, _| {}).await.unwrap();
    assert_eq!((summary.created, summary.updated, summary.unchanged), (0, 1, 1), "{summary:?}");
    assert_eq!(memberships(&server, &admin, &lead).await[0]["respondedOn"], "2026-03-02");
    std::fs::write(&file, "Campaign,Contact,Status\nFair,doe@acme.example,OPTED_OUT\n").unwrap();
    import(&server.app, &actor, &request, &|_, _| {}).await.unwrap();
    let seen = memberships(&server, &admin, &contact).await;
    assert_eq!(
        (&seen[0]["status"], seen.as_array().unwrap().len()),
        (&json!("OPTED_OUT"), 1),
        "who is a member already is brought up to date"
    );
}

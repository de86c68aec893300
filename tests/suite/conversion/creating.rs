//! What a conversion creates, carries over and leaves visible.

use serde_json::{Value, json};

use super::{World, field, ids, refusals};

#[tokio::test]
async fn a_lead_becomes_an_account_a_contact_and_an_opportunity() {
    let world = World::start().await;
    let lead = world.full_lead().await;
    let before = world.read(&lead).await;
    let made = world.converted(json!({ "leadId": lead })).await;
    let (account, contact, opportunity) = (&made["account"], &made["contact"], &made["opportunity"]);

    assert_eq!(made["lead"]["status"], "CLOSED_CONVERTED");
    assert_eq!(made["lead"]["version"], json!(before["version"].as_i64().unwrap() + 1));
    assert_eq!(ids(&made["lead"]["conversion"]), ids(&made));
    assert_eq!(made["lead"]["conversion"]["convertedAt"], "2026-03-02T09:00:00.000Z");
    assert_eq!(made["lead"]["conversion"]["convertedBy"]["id"], json!(world.manager.id.to_string()));
    assert_eq!(made["lead"]["conversion"]["revertible"], true);

    assert_eq!((&account["name"], &account["kind"]), (&json!("Hải Âu JSC"), &json!("BUSINESS")));
    assert_eq!(account["lifecycle"], "PROSPECT");
    for name in ["website", "phone", "address"] {
        assert_eq!(account[name], before[name], "{name}");
    }
    for name in ["firstName", "lastName", "email", "phone", "description", "source", "campaign", "address"] {
        assert_eq!(contact[name], before[name], "{name}");
    }
    assert_eq!(contact["jobTitle"], "Head of IT");
    assert_eq!(contact["account"]["id"], account["id"]);

    assert_eq!(opportunity["account"]["id"], account["id"]);
    assert_eq!(opportunity["primaryContact"]["id"], contact["id"]);
    assert_eq!(opportunity["contactRoles"], json!([{ "contact": { "id": contact["id"] }, "role": "CHAMPION", "primary": true }]));
    assert_eq!(opportunity["lead"]["id"], json!(lead));
    for name in ["source", "campaign", "description", "buyingSignals"] {
        assert_eq!(opportunity[name], before[name], "{name}");
    }
    for name in ["need", "budget", "budgetAmount", "expectedPurchaseDate"] {
        assert_eq!(opportunity["qualification"][name], before["qualification"][name], "{name}");
    }
    assert_eq!((&opportunity["closeDate"], &opportunity["name"]), (&json!("2026-06-30"), &json!("Hải Âu JSC - June 2026")));
    assert_eq!((&opportunity["stage"]["name"], &opportunity["probability"]), (&json!("Prospecting"), &json!(10)));
    assert_eq!(opportunity["amount"], Value::Null);
    let first_move = &opportunity["stageHistory"];
    assert_eq!(first_move.as_array().unwrap().len(), 1);
    assert_eq!((&first_move[0]["from"], &first_move[0]["to"]["id"]), (&Value::Null, &opportunity["stage"]["id"]));

    for record in [account, contact, opportunity] {
        assert_eq!(record["owner"]["id"], json!(world.manager.id.to_string()));
        assert_eq!(record["version"], 1);
        assert_eq!(record["activities"]["nodes"], before["activities"]["nodes"]);
        assert_eq!(record["activities"]["totalCount"], 2);
    }
    // Whatever the lead told, it tells still.
    for name in before.as_object().unwrap().keys().filter(|name| !["version", "status", "conversion"].contains(&name.as_str())) {
        assert_eq!(made["lead"][name], before[name], "{name}");
    }
    for kind in ["account", "contact", "opportunity"] {
        let history = world.history(made[kind]["id"].as_str().unwrap()).await;
        assert_eq!((history.len(), &history[0]["action"]), (1, &json!("created")), "{kind}");
    }
    let history = world.history(&lead).await;
    let last = history.last().unwrap();
    assert_eq!(last["action"], "converted");
    assert_eq!(field(last, "status").unwrap(), (&json!("OPEN_NOT_CONTACTED"), &json!("CLOSED_CONVERTED")));
    let became = field(last, "conversion").unwrap().1;
    assert_eq!(*became, json!({ "account": account["id"], "contact": contact["id"], "opportunity": opportunity["id"] }));
}

#[tokio::test]
async fn without_an_opportunity_the_lead_joins_the_network_only() {
    let world = World::start().await;
    let lead = world.full_lead().await;
    let made = world.converted(json!({ "leadId": lead, "withoutOpportunity": true })).await;
    assert_eq!(made["opportunity"], Value::Null);
    assert_eq!(made["lead"]["conversion"]["opportunity"], Value::Null);
    assert_eq!(world.counts().await, [1, 1, 0]);
    assert_eq!(made["lead"]["buyingSignals"].as_array().unwrap().len(), 2);
    assert_eq!(made["contact"]["activities"]["totalCount"], 2);
}

#[tokio::test]
async fn a_lead_without_a_company_becomes_a_person_account() {
    let world = World::start().await;
    for (lead, input, name, kind) in [
        (json!({ "firstName": "Ana", "lastName": "Lima" }), json!({}), "Ana Lima", "PERSON"),
        (json!({ "lastName": "Lima" }), json!({}), "Lima", "PERSON"),
        (json!({ "lastName": "Lima" }), json!({ "accountName": "  Lima & Filhas " }), "Lima & Filhas", "BUSINESS"),
        (json!({ "lastName": "Lima", "company": "Lima Ltda" }), json!({ "accountName": "Grupo Lima" }), "Grupo Lima", "BUSINESS"),
        (json!({ "firstName": "Ana", "company": "Lima Ltda" }), json!({ "accountName": " \u{200b}" }), "Lima Ltda", "BUSINESS"),
    ] {
        let mut input = input.clone();
        input["leadId"] = json!(world.new_lead(lead).await);
        let made = world.converted(input).await;
        assert_eq!((&made["account"]["name"], &made["account"]["kind"]), (&json!(name), &json!(kind)));
        assert_eq!(made["opportunity"]["name"], json!(format!("{name} - June 2026")));
    }
}

#[tokio::test]
async fn a_lead_without_a_person_needs_a_contact() {
    let world = World::start().await;
    let lead = world.new_lead(json!({ "company": "Fjord AS" })).await;
    for input in [json!({ "leadId": lead }), json!({ "leadId": lead, "withoutOpportunity": true })] {
        assert_eq!(refusals(&world.preview(&world.manager, input.clone()).await), ["REQUIRED input.contactId"]);
        assert_eq!(refusals(&world.convert(&world.manager, input).await), ["REQUIRED input.contactId"]);
    }
    // One problem at a field is enough.
    let nobody = json!({ "leadId": lead, "contactId": "contact_01jqz3w8d2e5tbn0r8x4c6v7mk" });
    assert_eq!(refusals(&world.convert(&world.manager, nobody).await), ["NOT_FOUND input.contactId"]);
    let contact = world.contact("Berg", None).await;
    let made = world.converted(json!({ "leadId": lead, "contactId": contact })).await;
    assert_eq!(made["contact"]["id"], json!(contact));
    assert_eq!(made["contact"]["account"]["id"], made["account"]["id"]);
    assert_eq!(made["account"]["name"], "Fjord AS");
}

#[tokio::test]
async fn the_default_close_date_follows_the_fiscal_quarter() {
    let world = World::with_settings("fiscal_year_start_month = 2, time_zone = 'Asia/Ho_Chi_Minh'").await;
    for (now, closes, name) in [
        ("2026-03-02T09:00:00Z", "2026-04-30", "Ngân - April 2026"),
        ("2026-03-31T09:00:00Z", "2026-04-30", "Ngân - April 2026"),
        ("2026-04-01T09:00:00Z", "2026-07-31", "Ngân - July 2026"),
        ("2026-03-31T17:00:00Z", "2026-07-31", "Ngân - July 2026"),
        ("2026-11-15T00:00:00Z", "2027-01-31", "Ngân - January 2027"),
        ("2027-01-20T00:00:00Z", "2027-04-30", "Ngân - April 2027"),
    ] {
        world.clock.set(now);
        // Sign-ins end with time.
        let again = world.server.manager().await;
        let lead = world.new_lead_as(&again, json!({ "lastName": "Ngân" })).await;
        let made = world.done(&again, "convertLead", json!({ "leadId": lead })).await;
        assert_eq!((&made["opportunity"]["closeDate"], &made["opportunity"]["name"]), (&json!(closes), &json!(name)), "{now}");
    }
}

impl World {
    async fn new_lead_as(&self, who: &crate::harness::Person, input: Value) -> String {
        let made = self.done(who, "createLead", input).await;
        made["lead"]["id"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_default_name_stays_within_its_limit() {
    let world = World::start().await;
    let company = "ß".repeat(200);
    let lead = world.new_lead(json!({ "lastName": "Groß", "company": company })).await;
    let made = world.converted(json!({ "leadId": lead })).await;
    let name = made["opportunity"]["name"].as_str().unwrap();
    assert_eq!(name.chars().count(), 200);
    assert!(name.ends_with("ß - June 2026"), "{name}");
}

#[tokio::test]
async fn the_callers_details_come_first() {
    let world = World::start().await;
    let (pipeline, [_, offered]) = world.second_pipeline().await;
    let proposal = world.stage("Proposal/Quote").await;
    let owner = world.other_rep.id.to_string();
    for (details, expected) in [
        (json!({ "stageId": proposal }), (proposal.clone(), 75)),
        (json!({ "pipelineId": pipeline, "stageId": offered }), (offered.clone(), 60)),
        (json!({ "stageId": offered }), (offered.clone(), 60)),
    ] {
        let lead = world.full_lead().await;
        let mut details = details;
        details["name"] = json!(" Ten robots ");
        details["amount"] = json!({ "amount": "1000.10" });
        details["closeDate"] = json!("2026-03-05");
        let made = world.converted(json!({ "leadId": lead, "opportunity": details, "ownerId": owner })).await;
        let opportunity = &made["opportunity"];
        assert_eq!(
            (opportunity["stage"]["id"].as_str().unwrap().to_owned(), opportunity["probability"].as_i64().unwrap()),
            expected
        );
        assert_eq!(opportunity["name"], "Ten robots");
        assert_eq!(opportunity["amount"], json!({ "amount": "1000.10", "currency": "USD" }));
        assert_eq!(opportunity["closeDate"], "2026-03-05");
        assert_eq!(opportunity["stageHistory"][0]["amount"]["amount"], "1000.10");
        for kind in ["account", "contact", "opportunity"] {
            assert_eq!(made[kind]["owner"]["id"], json!(owner), "{kind}");
        }
        assert_eq!(made["lead"]["owner"]["id"], json!(world.manager.id.to_string()));
    }
    let lead = world.full_lead().await;
    let made = world.converted(json!({ "leadId": lead, "opportunity": { "pipelineId": pipeline } })).await;
    assert_eq!(made["opportunity"]["stage"]["name"], "Due");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_all_at_once() {
    let world = World::start().await;
    let (pipeline, _) = world.second_pipeline().await;
    let (won, prospecting) = (world.stage("Closed Won").await, world.stage("Prospecting").await);
    let lead = world.new_lead(json!({ "lastName": "Ek" })).await;
    let before = world.dump().await;
    let cases = [
        (json!({ "opportunity": { "stageId": won } }), vec!["INVALID input.opportunity.stageId"]),
        (json!({ "opportunity": { "stageId": prospecting, "pipelineId": pipeline } }), vec!["INVALID input.opportunity.stageId"]),
        (json!({ "opportunity": { "pipelineId": lead } }), vec!["INVALID input.opportunity.pipelineId"]),
        (json!({ "opportunity": { "name": "x".repeat(201) } }), vec!["TOO_LONG input.opportunity.name"]),
        (json!({ "accountName": "x".repeat(201) }), vec!["TOO_LONG input.accountName"]),
        (json!({ "accountName": "a\u{0}b" }), vec!["INVALID input.accountName"]),
        (json!({ "opportunity": { "closeDate": "1066-10-14" } }), vec!["OUT_OF_RANGE input.opportunity.closeDate"]),
        (
            json!({ "accountId": world.nobody("account"), "contactId": world.nobody("contact"), "ownerId": world.nobody("user"),
                "opportunity": { "id": world.nobody("opportunity") } }),
            vec![
                "NOT_FOUND input.accountId",
                "NOT_FOUND input.contactId",
                "NOT_FOUND input.opportunity.id",
                "NOT_FOUND input.ownerId",
            ],
        ),
        (
            json!({ "accountId": lead, "contactId": lead, "ownerId": lead, "opportunity": { "id": lead } }),
            vec!["INVALID input.accountId", "INVALID input.contactId", "INVALID input.opportunity.id", "INVALID input.ownerId"],
        ),
        (
            json!({ "withoutOpportunity": true, "opportunity": { "name": "N", "amount": { "amount": "1" }, "closeDate": "2026-05-01",
                "stageId": prospecting, "pipelineId": pipeline } }),
            vec![
                "INVALID input.opportunity.amount",
                "INVALID input.opportunity.closeDate",
                "INVALID input.opportunity.name",
                "INVALID input.opportunity.pipelineId",
                "INVALID input.opportunity.stageId",
            ],
        ),
    ];
    for (input, expected) in cases {
        let mut input = input;
        input["leadId"] = json!(lead);
        let preview = world.preview(&world.manager, input.clone()).await;
        let refused = world.convert(&world.manager, input).await;
        let mut found = refusals(&refused);
        found.sort();
        assert_eq!(found, expected);
        assert_eq!(preview["userErrors"], refused["userErrors"]);
        for kind in ["lead", "account", "contact", "opportunity"] {
            assert_eq!(refused[kind], Value::Null);
        }
    }
    for (lead, expected) in [(world.nobody("lead"), "NOT_FOUND input.leadId"), ("account_1".to_owned(), "INVALID input.leadId")] {
        assert_eq!(refusals(&world.convert(&world.manager, json!({ "leadId": lead })).await), [expected]);
    }
    before.assert_same(&world.dump().await, "refused conversions");
}

impl World {
    /// An id that names nothing.
    pub fn nobody(&self, kind: &str) -> String {
        let id: entity::LeadId = self.app.new_id();
        entity::id::write_any(kind, id.uuid())
    }
}

#[tokio::test]
async fn null_is_as_good_as_nothing() {
    let world = World::start().await;
    let lead = world.full_lead().await;
    let nulls = json!({ "leadId": lead, "expectedVersion": null, "idempotencyKey": null, "accountId": null, "contactId": null,
        "accountName": null, "opportunity": null, "withoutOpportunity": null, "ownerId": null, "allowDuplicates": null });
    world.done(&world.manager, "convertLeads", json!({ "items": [nulls], "allOrNothing": null })).await;
    assert_eq!(world.counts().await, [1, 1, 1]);
    let lead = world.full_lead().await;
    let nulls = json!({ "id": null, "name": null, "amount": null, "closeDate": null, "stageId": null, "pipelineId": null });
    let made = world.converted(json!({ "leadId": lead, "opportunity": nulls })).await;
    assert_eq!(made["opportunity"]["name"], "Hải Âu JSC - June 2026");
}

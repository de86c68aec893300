//! Many leads in one call.

use serde_json::{Value, json};

use super::{World, refusals};

impl World {
    async fn leads(&self, number: usize) -> Vec<String> {
        let mut leads = Vec::new();
        for index in 0..number {
            leads
                .push(self.new_lead(json!({ "lastName": format!("Lead {index}"), "company": format!("Company {index}") })).await);
        }
        leads
    }
}

fn items(leads: &[String]) -> Vec<Value> {
    leads.iter().map(|lead| json!({ "leadId": lead })).collect()
}

#[tokio::test]
async fn a_hundred_leads_convert_in_one_call() {
    let world = World::start().await;
    for all_or_nothing in [false, true] {
        let leads = world.leads(100).await;
        let payload =
            world.done(&world.manager, "convertLeads", json!({ "items": items(&leads), "allOrNothing": all_or_nothing })).await;
        let results = payload["results"].as_array().unwrap();
        assert_eq!(results.len(), 100);
        for (index, (result, lead)) in results.iter().zip(&leads).enumerate() {
            assert_eq!((&result["userErrors"], &result["lead"]["id"]), (&json!([]), &json!(lead)));
            assert_eq!(result["account"]["name"], json!(format!("Company {index}")));
        }
    }
    assert_eq!(world.counts().await, [200, 200, 200]);
}

#[tokio::test]
async fn one_to_a_hundred_leads() {
    let world = World::start().await;
    let lead = world.leads(1).await;
    let before = world.dump().await;
    for number in [0, 101] {
        for all_or_nothing in [false, true] {
            let many = vec![json!({ "leadId": lead[0] }); number];
            let payload =
                world.mutate(&world.manager, "convertLeads", json!({ "items": many, "allOrNothing": all_or_nothing })).await;
            assert_eq!(refusals(&payload), ["OUT_OF_RANGE input.items"]);
            assert_eq!(payload["results"], json!([]));
        }
    }
    before.assert_same(&world.dump().await, "too many or too few leads");
}

#[tokio::test]
async fn each_lead_has_its_own_result() {
    let world = World::start().await;
    let leads = world.leads(3).await;
    let bad = world.new_lead(json!({ "company": "Nobody Ltd" })).await;
    let gone = world.nobody("account");
    let many = json!([
        { "leadId": leads[0] },
        { "leadId": bad },
        { "leadId": leads[1], "accountId": gone, "opportunity": { "name": "x".repeat(201) } },
        { "leadId": leads[2] },
        { "leadId": leads[0] },
        { "leadId": world.nobody("lead") },
    ]);
    let payload = world.done(&world.manager, "convertLeads", json!({ "items": many })).await;
    let results = payload["results"].as_array().unwrap();
    let found: Vec<Vec<String>> = results.iter().map(refusals).collect();
    assert_eq!(
        found,
        [
            vec![],
            vec!["REQUIRED input.items.1.contactId"],
            vec!["NOT_FOUND input.items.2.accountId", "TOO_LONG input.items.2.opportunity.name"],
            vec![],
            vec!["ALREADY_CONVERTED input.items.4.leadId"],
            vec!["NOT_FOUND input.items.5.leadId"],
        ]
    );
    assert_eq!(results[4]["userErrors"][0]["details"]["accountId"], results[0]["account"]["id"]);
    assert_eq!(results[1]["lead"], Value::Null);
    assert_eq!(world.counts().await, [2, 2, 2]);
}

#[tokio::test]
async fn all_or_nothing_changes_nothing_where_one_is_refused() {
    let world = World::start().await;
    let leads = world.leads(3).await;
    let bad = world.new_lead(json!({ "company": "Nobody Ltd" })).await;
    let before = world.dump().await;
    let many = json!([
        { "leadId": leads[0], "idempotencyKey": "k" },
        { "leadId": bad, "idempotencyKey": "b" },
        { "leadId": leads[1], "accountId": world.nobody("account"), "ownerId": "user_1" },
        { "leadId": leads[0], "idempotencyKey": "k" },
        { "leadId": bad, "idempotencyKey": "b" },
        { "leadId": world.nobody("lead") },
        { "leadId": "nonsense" },
        { "leadId": leads[2], "expectedVersion": 7 },
    ]);
    let payload = world.mutate(&world.manager, "convertLeads", json!({ "items": many, "allOrNothing": true })).await;
    assert_eq!(
        refusals(&payload),
        [
            "REQUIRED input.items.1.contactId",
            "INVALID input.items.2.ownerId",
            "NOT_FOUND input.items.2.accountId",
            "INVALID input.items.3.leadId",
            "INVALID input.items.4.leadId",
            "NOT_FOUND input.items.5.leadId",
            "INVALID input.items.6.leadId",
            "VERSION_CONFLICT input.items.7.expectedVersion",
        ]
    );
    assert_eq!(payload["results"], json!([]));
    before.assert_same(&world.dump().await, "all or nothing");
    // The keys are free again.
    let input = json!({ "items": [{ "leadId": leads[0], "idempotencyKey": "k" }], "allOrNothing": true });
    let first = world.done(&world.manager, "convertLeads", input.clone()).await;
    assert_eq!(world.done(&world.manager, "convertLeads", input).await, first);
}

#[tokio::test]
async fn nobody_converts_others_leads_in_bulk() {
    let world = World::start().await;
    let leads = world.leads(3).await;
    let input = json!({ "id": leads[2], "ownerId": world.other_rep.id.to_string() });
    world.done(&world.manager, "assignLead", input).await;
    let before = world.dump().await;
    for all_or_nothing in [false, true] {
        for who in [&world.rep, &world.viewer] {
            let input = json!({ "items": items(&leads), "allOrNothing": all_or_nothing });
            assert_eq!(world.fault(who, "convertLeads", input).await, "FORBIDDEN");
        }
    }
    before.assert_same(&world.dump().await, "forbidden conversions");
}

/// Two items may go into the same records: the second sees what the first made.
#[tokio::test]
async fn items_see_each_other() {
    let world = World::start().await;
    let account = world.account("Shared").await;
    for all_or_nothing in [false, true] {
        let leads = world.leads(2).await;
        let contact = world.contact("Lie", None).await;
        let into = |lead: &String| json!({ "leadId": lead, "accountId": account, "contactId": contact });
        let input = json!({ "items": [into(&leads[0]), into(&leads[1])], "allOrNothing": all_or_nothing });
        world.done(&world.manager, "convertLeads", input).await;
        assert_eq!(world.read(&contact).await["account"]["id"], json!(account));
        assert_eq!(world.read(&contact).await["version"], 2);
    }
}

//! Who may convert, what guards a conversion, and that a converted lead is read-only.

use serde_json::{Value, json};

use super::{World, ids, refusals};

#[tokio::test]
async fn who_may_convert_and_revert() {
    let world = World::start().await;
    let of = |owner: &crate::harness::Person| json!({ "lastName": "Ek", "ownerId": owner.id.to_string() });
    let pool = json!({ "lastName": "Ek" });
    for (lead, who, may) in [
        (of(&world.rep), &world.rep, true),
        (of(&world.rep), &world.other_rep, false),
        (of(&world.rep), &world.viewer, false),
        (of(&world.rep), &world.manager, true),
        (pool.clone(), &world.rep, true),
        (pool.clone(), &world.viewer, false),
    ] {
        let lead = world.new_lead(lead).await;
        let before = world.dump().await;
        let input = json!({ "leadId": lead });
        if may {
            let owner = world.read(&lead).await["owner"]["id"].as_str().map_or(who.id.to_string(), str::to_owned);
            let made = world.done(who, "convertLead", input).await;
            for kind in ["account", "contact", "opportunity"] {
                assert_eq!(made[kind]["owner"]["id"], json!(owner), "{kind}");
            }
            let again = world.fault(&world.viewer, "revertLeadConversion", json!({ "id": lead })).await;
            assert_eq!(again, "FORBIDDEN");
            // Neither somebody else's lead, nor what somebody else made of a lead of the pool.
            assert_eq!(world.fault(&world.other_rep, "revertLeadConversion", json!({ "id": lead })).await, "FORBIDDEN");
            world.done(who, "revertLeadConversion", json!({ "id": lead })).await;
        } else {
            assert_eq!(world.fault(who, "convertLead", input.clone()).await, "FORBIDDEN");
            assert_eq!(world.fault(who, "convertLeads", json!({ "items": [input] })).await, "FORBIDDEN");
            before.assert_same(&world.dump().await, "forbidden conversions");
        }
    }
    let answer = world.graphql(None, "mutation { convertLead(input: { leadId: \"x\" }) { lead { id } } }", json!({})).await;
    assert_eq!(answer.codes(), ["UNAUTHENTICATED"]);
    let preview = "{ leadConversionPreview(input: { leadId: \"x\" }) { activitiesCarriedOver } }";
    assert_eq!(world.graphql(None, preview, json!({})).await.codes(), ["UNAUTHENTICATED"]);
}

#[tokio::test]
async fn owners_must_be_active() {
    let world = World::start().await;
    let gone = world.inactive().await;
    let lead = world.new_lead(json!({ "lastName": "Ek" })).await;
    let refused = world.convert(&world.manager, json!({ "leadId": lead, "ownerId": gone })).await;
    assert_eq!(refusals(&refused), ["INACTIVE_USER input.ownerId"]);
    // The lead's own owner may have left: then somebody else must be named, unless nothing new is made.
    let lead = world.new_lead(json!({ "lastName": "Ek", "ownerId": world.rep.id.to_string() })).await;
    world.execute(&format!("UPDATE users SET active = false WHERE email = '{}'", world.rep.email)).await;
    assert_eq!(refusals(&world.convert(&world.manager, json!({ "leadId": lead })).await), ["INACTIVE_USER input.ownerId"]);
    let preview = world.preview(&world.manager, json!({ "leadId": lead })).await;
    assert_eq!(refusals(&preview), ["INACTIVE_USER input.ownerId"]);
    let account = world.account("There").await;
    let contact = world.contact("There", Some(&account)).await;
    world.converted(json!({ "leadId": lead, "contactId": contact, "withoutOpportunity": true })).await;
    let lead = world.new_lead(json!({ "lastName": "Ek" })).await;
    world.converted(json!({ "leadId": lead, "ownerId": world.other_rep.id.to_string() })).await;
}

#[tokio::test]
async fn a_conversion_happens_once() {
    let world = World::start().await;
    let lead = world.full_lead().await;
    let made = world.converted(json!({ "leadId": lead })).await;
    let [account, contact, opportunity] = ids(&made);
    let became = json!({ "leadId": lead, "accountId": account, "contactId": contact, "opportunityId": opportunity });
    let before = world.dump().await;
    for input in [json!({ "leadId": lead }), json!({ "leadId": lead, "expectedVersion": 1, "accountId": account })] {
        let again = world.convert(&world.manager, input.clone()).await;
        assert_eq!(refusals(&again), ["ALREADY_CONVERTED input.leadId"]);
        assert_eq!(again["userErrors"][0]["details"], became);
        let preview = world.preview(&world.manager, input).await;
        assert_eq!(preview["userErrors"], again["userErrors"]);
        assert_eq!((&preview["account"]["action"], &preview["opportunity"]["action"]), (&json!("SKIP"), &json!("SKIP")));
    }
    before.assert_same(&world.dump().await, "a second conversion");
}

#[tokio::test]
async fn a_converted_lead_is_read_only() {
    let world = World::start().await;
    let lead = world.full_lead().await;
    world.converted(json!({ "leadId": lead })).await;
    let reasons = world.graphql(&world.manager, "{ disqualificationReasons { id } }", json!({})).await;
    let reason = reasons.text_at("/disqualificationReasons/0/id");
    let before = world.dump().await;
    for (mutation, input) in [
        ("updateLead", json!({ "jobTitle": "Boss" })),
        ("deleteLead", json!({})),
        ("assignLead", json!({ "ownerId": world.rep.id.to_string() })),
        ("claimLead", json!({})),
        ("releaseLead", json!({})),
        ("setLeadStatus", json!({ "status": "WORKING_CONTACTED" })),
        ("assessLead", json!({ "need": { "state": "MET" } })),
        ("recordBuyingSignal", json!({ "kind": "PRICING_AGREED" })),
        ("qualifyLead", json!({})),
        ("disqualifyLead", json!({ "reasonId": reason })),
        ("reopenLead", json!({})),
    ] {
        let mut input = input;
        input["id"] = json!(lead);
        let refused = world.mutate(&world.manager, mutation, input).await;
        let code = refused["userErrors"][0]["code"].as_str().unwrap_or("none");
        assert!(["ALREADY_CONVERTED", "ILLEGAL_TRANSITION"].contains(&code), "{mutation}: {code}");
    }
    let about = json!({ "kind": "NOTE", "subject": "Late", "aboutIds": [lead] });
    let refused = world.mutate(&world.manager, "createActivity", about).await;
    assert_eq!(refusals(&refused), ["ALREADY_CONVERTED input.aboutIds.0"]);
    before.assert_same(&world.dump().await, "changes of a converted lead");
}

#[tokio::test]
async fn the_version_is_checked() {
    let world = World::start().await;
    let lead = world.full_lead().await;
    let version = world.read(&lead).await["version"].as_i64().unwrap();
    let stale = json!({ "leadId": lead, "expectedVersion": version - 1 });
    let refused = world.convert(&world.manager, stale.clone()).await;
    assert_eq!(refusals(&refused), ["VERSION_CONFLICT input.expectedVersion"]);
    assert_eq!(refused["userErrors"][0]["details"], json!({ "version": version }));
    assert_eq!(world.preview(&world.manager, stale).await["userErrors"], refused["userErrors"]);
    world.converted(json!({ "leadId": lead, "expectedVersion": version })).await;
    let refused = world.mutate(&world.manager, "revertLeadConversion", json!({ "id": lead, "expectedVersion": version })).await;
    assert_eq!(refusals(&refused), ["VERSION_CONFLICT input.expectedVersion"]);
}

#[tokio::test]
async fn the_same_key_answers_the_first_result() {
    let world = World::start().await;
    let (lead, second) = (world.full_lead().await, world.full_lead().await);
    let input = json!({ "leadId": lead, "idempotencyKey": "k1" });
    let refused = json!({ "leadId": lead, "idempotencyKey": "k1", "ownerId": world.inactive().await });
    assert_eq!(refusals(&world.convert(&world.manager, refused).await), ["INACTIVE_USER input.ownerId"]);
    let made = world.converted(input.clone()).await;
    let before = world.dump().await;
    assert_eq!(world.converted(input.clone()).await, made);
    before.assert_same(&world.dump().await, "a repeated conversion");
    let other = json!({ "leadId": second, "idempotencyKey": "k1" });
    for payload in [world.convert(&world.manager, other.clone()).await, world.preview(&world.manager, other).await] {
        assert_eq!(refusals(&payload), ["IDEMPOTENCY_KEY_REUSED input.idempotencyKey"]);
    }
    let long = json!({ "leadId": second, "idempotencyKey": "k".repeat(300) });
    for payload in [world.convert(&world.manager, long.clone()).await, world.preview(&world.manager, long).await] {
        assert_eq!(refusals(&payload), ["TOO_LONG input.idempotencyKey"]);
    }
    // What was reverted is not answered again, not even when the lead was converted anew.
    world.done(&world.manager, "revertLeadConversion", json!({ "id": lead })).await;
    assert_eq!(refusals(&world.convert(&world.manager, input.clone()).await), ["NOT_FOUND input.idempotencyKey"]);
    world.converted(json!({ "leadId": lead, "idempotencyKey": "k2" })).await;
    assert_eq!(refusals(&world.convert(&world.manager, input).await), ["NOT_FOUND input.idempotencyKey"]);
}

#[tokio::test]
async fn duplicates_are_refused_where_none_are_allowed() {
    let world = World::start().await;
    let account = world.account("HAI AU jsc").await;
    let contact = world.make("createContact", json!({ "lastName": "An", "email": "AN@haiau.example" })).await;
    let lead = world.full_lead().await;
    let strict = json!({ "leadId": lead, "allowDuplicates": false });
    let preview = world.preview(&world.manager, strict.clone()).await;
    let refused = world.convert(&world.manager, strict).await;
    assert_eq!(refusals(&refused), ["DUPLICATE_SUSPECTED input.accountId", "DUPLICATE_SUSPECTED input.contactId"]);
    assert_eq!(preview["userErrors"], refused["userErrors"]);
    for (index, (kind, id)) in [("account", &account), ("contact", &contact)].into_iter().enumerate() {
        assert_eq!(refused["userErrors"][index]["details"]["matches"][0]["id"], json!(id));
        assert_eq!(preview[kind]["duplicates"][0]["record"]["id"], json!(id));
        assert!(preview[kind]["duplicates"][0]["score"].as_i64().unwrap() >= 90);
    }
    // Where the existing ones are used, or other names given, nothing is doubled.
    let by_name = json!({ "leadId": lead, "allowDuplicates": false, "accountName": "Quite another", "contactId": contact });
    assert_eq!(world.preview(&world.manager, by_name).await["userErrors"], json!([]));
    let used = json!({ "leadId": lead, "allowDuplicates": false, "accountId": account, "contactId": contact });
    world.converted(used).await;
}

#[tokio::test]
async fn a_workspace_may_convert_qualified_leads_only() {
    let world = World::with_settings("conversion_requires_qualified = true").await;
    let lead = world.new_lead(json!({ "lastName": "Ek" })).await;
    world.done(&world.manager, "assessLead", json!({ "id": lead, "need": { "state": "MET" } })).await;
    let refused = world.convert(&world.manager, json!({ "leadId": lead })).await;
    assert_eq!(refusals(&refused), ["NOT_QUALIFIED"]);
    assert_eq!(refused["userErrors"][0]["details"], json!({ "missing": ["BUDGET", "TIMELINE"] }));
    assert_eq!(world.preview(&world.manager, json!({ "leadId": lead })).await["userErrors"], refused["userErrors"]);
    world.done(&world.manager, "qualifyLead", json!({ "id": lead, "overrideReason": "Knows the board" })).await;
    world.converted(json!({ "leadId": lead })).await;
    let reverted = world.revert(&lead).await;
    assert_eq!(reverted["lead"]["status"], "QUALIFIED");
    assert_ne!(reverted["lead"]["qualification"]["qualifiedAt"], Value::Null);
}

#[tokio::test]
async fn only_open_leads_convert() {
    let world = World::start().await;
    let lead = world.new_lead(json!({ "lastName": "Ek" })).await;
    let reasons = world.graphql(&world.manager, "{ disqualificationReasons { id } }", json!({})).await;
    let reason = reasons.text_at("/disqualificationReasons/0/id");
    world.done(&world.manager, "disqualifyLead", json!({ "id": lead, "reasonId": reason })).await;
    let refused = world.convert(&world.manager, json!({ "leadId": lead })).await;
    assert_eq!(refusals(&refused), ["ILLEGAL_TRANSITION"]);
    assert_eq!(refused["userErrors"][0]["details"]["allowed"], json!(["WORKING_CONTACTED"]));
    world.done(&world.manager, "reopenLead", json!({ "id": lead })).await;
    world.done(&world.manager, "deleteLead", json!({ "id": lead })).await;
    assert_eq!(refusals(&world.convert(&world.manager, json!({ "leadId": lead })).await), ["NOT_FOUND input.leadId"]);
}

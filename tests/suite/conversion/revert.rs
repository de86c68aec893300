//! Undoing conversions.

use serde_json::{Value, json};

use super::{World, field, field_names, ids, refusals};

#[tokio::test]
async fn reverting_takes_away_what_was_created() {
    let world = World::start().await;
    let lead = world.full_lead().await;
    let before = world.read(&lead).await;
    let made = world.converted(json!({ "leadId": lead })).await;
    let reverted = world.done(&world.manager, "revertLeadConversion", json!({ "id": lead })).await;
    for name in before.as_object().unwrap().keys().filter(|name| *name != "version") {
        assert_eq!(reverted["lead"][name], before[name], "{name}");
    }
    for id in ids(&made) {
        assert_eq!(world.read(&id).await, Value::Null);
    }
    assert_eq!(world.counts().await, [0, 0, 0]);
    let history = world.history(&lead).await;
    let last = history.last().unwrap();
    assert_eq!(last["action"], "conversion_reverted");
    assert_eq!(field(last, "status").unwrap(), (&json!("CLOSED_CONVERTED"), &before["status"]));
    assert_eq!(field(last, "conversion").unwrap().0["account"], made["account"]["id"]);
    for activity in before["activities"]["nodes"].as_array().unwrap() {
        let query = "query($id: ID!) { activity(id: $id) { about { __typename } } }";
        let about = world.graphql(&world.manager, query, json!({ "id": activity["id"] })).await;
        assert_eq!(*about.data("/activity/about"), json!([{ "__typename": "Lead" }]));
    }
    // What was taken away is found no more, and can't be mistaken for a duplicate.
    assert_eq!(world.preview(&world.manager, json!({ "leadId": lead })).await["account"]["duplicates"], json!([]));

    let not = world.revert(&lead).await;
    assert_eq!(refusals(&not), ["NOT_CONVERTED input.id"]);
    assert_eq!(not["lead"], Value::Null);
    assert_eq!(
        refusals(&world.mutate(&world.manager, "revertLeadConversion", json!({ "id": world.nobody("lead") })).await),
        ["NOT_FOUND input.id"]
    );

    // The lead works as before, and converts anew.
    world.done(&world.manager, "updateLead", json!({ "id": lead, "company": "Renamed" })).await;
    let again = world.converted(json!({ "leadId": lead })).await;
    assert_eq!(again["account"]["name"], "Renamed");
    assert_ne!(ids(&again), ids(&made));
    assert_eq!(again["opportunity"]["buyingSignals"].as_array().unwrap().len(), 2);
    world.done(&world.manager, "revertLeadConversion", json!({ "id": lead })).await;
}

#[tokio::test]
async fn the_status_before_comes_back() {
    let world = World::start().await;
    for status in ["OPEN_NOT_CONTACTED", "WORKING_CONTACTED", "QUALIFIED"] {
        let lead = world.new_lead(json!({ "lastName": "Ek" })).await;
        match status {
            "WORKING_CONTACTED" => {
                drop(world.done(&world.manager, "setLeadStatus", json!({ "id": lead, "status": status })).await)
            }
            "QUALIFIED" => drop(world.done(&world.manager, "qualifyLead", json!({ "id": lead, "overrideReason": "Sure" })).await),
            _ => {}
        }
        world.converted(json!({ "leadId": lead })).await;
        assert_eq!(world.revert(&lead).await["lead"]["status"], status);
    }
}

#[tokio::test]
async fn reverting_empties_what_was_filled() {
    let world = World::start().await;
    let account = world.make("createAccount", json!({ "name": "There", "phone": "+47 99 99 99 99" })).await;
    let contact = world.contact("There", None).await;
    let sale = world.opportunity("There", &account).await;
    let before = [world.read(&account).await, world.read(&contact).await, world.read(&sale).await];
    let lead = world.full_lead().await;
    let made = world
        .converted(json!({ "leadId": lead, "accountId": account, "contactId": contact, "opportunity": { "id": sale } }))
        .await;
    assert_eq!(made["lead"]["conversion"]["revertible"], true);
    world.done(&world.manager, "revertLeadConversion", json!({ "id": lead })).await;
    for before in before {
        let after = world.read(before["id"].as_str().unwrap()).await;
        for name in before.as_object().unwrap().keys().filter(|name| *name != "version") {
            assert_eq!(after[name], before[name], "{name}");
        }
        let history = world.history(before["id"].as_str().unwrap()).await;
        let [.., filled, emptied] = &history[..] else { panic!("{history:#?}") };
        assert_eq!((&filled["action"], &emptied["action"]), (&json!("filled_from_lead"), &json!("conversion_reverted")));
        assert_eq!(field_names(filled), field_names(emptied));
        for name in field_names(filled) {
            let ((before, filled), (still, emptied)) = (field(filled, name).unwrap(), field(emptied, name).unwrap());
            assert_eq!((before, filled), (emptied, still), "{name}");
        }
    }
}

#[tokio::test]
async fn reverting_leaves_what_was_changed_since_on_existing_records() {
    let world = World::start().await;
    let account = world.account("There").await;
    let contact = world.contact("There", Some(&account)).await;
    let sale = world.opportunity("There", &account).await;
    let lead = world.full_lead().await;
    world.converted(json!({ "leadId": lead, "contactId": contact, "opportunity": { "id": sale } })).await;
    world.done(&world.manager, "updateAccount", json!({ "id": account, "phone": "+47 11 11 11 11", "industry": "Ships" })).await;
    world.done(&world.manager, "updateContact", json!({ "id": contact, "email": "new@there.example" })).await;
    world.done(&world.manager, "updateOpportunity", json!({ "id": sale, "description": "New", "nextStep": "Call" })).await;
    world.activity("CALL", &[&account, &contact, &sale]).await;
    assert_eq!(world.read(&lead).await["conversion"]["revertible"], true);
    world.done(&world.manager, "revertLeadConversion", json!({ "id": lead })).await;
    let account = world.read(&account).await;
    assert_eq!(
        (&account["phone"], &account["website"], &account["address"]),
        (&json!("+47 11 11 11 11"), &Value::Null, &Value::Null)
    );
    let contact = world.read(&contact).await;
    assert_eq!(
        (&contact["email"], &contact["phone"], &contact["jobTitle"]),
        (&json!("new@there.example"), &Value::Null, &Value::Null)
    );
    let sale = world.read(&sale).await;
    assert_eq!((&sale["description"], &sale["source"], &sale["primaryContact"]), (&json!("New"), &Value::Null, &Value::Null));
    assert_eq!(sale["contactRoles"], json!([]));
    for record in [account, contact, sale] {
        assert_eq!(record["activities"]["totalCount"], 1);
    }
}

#[tokio::test]
async fn a_part_that_was_given_a_role_has_none_again() {
    let world = World::start().await;
    let account = world.account("There").await;
    let contact = world.contact("There", Some(&account)).await;
    let sale = world
        .make(
            "createOpportunity",
            json!({ "name": "There", "accountId": account, "closeDate": "2026-12-31", "primaryContactId": contact }),
        )
        .await;
    for (changed, after) in [(None, Value::Null), (Some("OTHER"), json!("OTHER"))] {
        let lead = world.full_lead().await;
        world.converted(json!({ "leadId": lead, "contactId": contact, "opportunity": { "id": sale } })).await;
        if let Some(role) = changed {
            world
                .done(&world.manager, "setContactRole", json!({ "opportunityId": sale, "contactId": contact, "role": role }))
                .await;
        }
        world.done(&world.manager, "revertLeadConversion", json!({ "id": lead })).await;
        let sale = world.read(&sale).await;
        assert_eq!(sale["contactRoles"], json!([{ "contact": { "id": contact }, "role": after, "primary": true }]));
    }
}

/// What was reverted can be restored, piece by piece, and is whole again then.
#[tokio::test]
async fn what_was_taken_away_can_be_restored() {
    let world = World::start().await;
    let lead = world.full_lead().await;
    let made = world.converted(json!({ "leadId": lead })).await;
    world.done(&world.manager, "revertLeadConversion", json!({ "id": lead })).await;
    let [account, contact, sale] = ids(&made);
    for (mutation, id) in [("restoreAccount", &account), ("restoreContact", &contact), ("restoreOpportunity", &sale)] {
        world.done(&world.manager, mutation, json!({ "id": id })).await;
    }
    let restored = world.read(&sale).await;
    assert_eq!(restored["contactRoles"], made["opportunity"]["contactRoles"]);
    assert_eq!(restored["activities"]["totalCount"], 0);
}

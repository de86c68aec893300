//! What stands in the way of undoing a conversion.

use serde_json::{Value, json};

use super::{World, ids};

impl World {
    /// The conversion can't be undone for these reasons; the lead's fields and the mutation agree on that, and nothing changes.
    /// Each reason is a piece of its sentence.
    async fn assert_blocked(&self, lead: &str, reasons: &[&str]) {
        let before = self.dump().await;
        let refused = self.revert(lead).await;
        before.assert_same(&self.dump().await, "a refused revert");
        let conversion = self.read(lead).await["conversion"].clone();
        assert_eq!(conversion["revertible"], false);
        assert_eq!(conversion["revertBlockers"], refused["userErrors"]);
        let blockers = refused["userErrors"].as_array().unwrap();
        let messages: Vec<_> = blockers.iter().map(|blocker| blocker["message"].as_str().unwrap()).collect();
        assert_eq!(messages.len(), reasons.len(), "{messages:?}");
        for (message, reason) in messages.iter().zip(reasons) {
            assert!(message.contains(reason), "{messages:?} lack {reason}");
        }
        for blocker in blockers {
            assert_eq!((&blocker["code"], &blocker["field"]), (&json!("CANNOT_REVERT"), &Value::Null));
            assert!(blocker["details"]["id"].is_string(), "{blocker}");
        }
    }

    async fn fresh(&self) -> (String, [String; 3]) {
        let lead = self.full_lead().await;
        let made = self.converted(json!({ "leadId": lead })).await;
        (lead, ids(&made))
    }

    async fn assert_revertible(&self, lead: &str) {
        assert_eq!(self.read(lead).await["conversion"]["revertible"], true);
        self.done(&self.manager, "revertLeadConversion", json!({ "id": lead })).await;
    }
}

#[tokio::test]
async fn a_changed_record() {
    let world = World::start().await;
    let (lead, [account, contact, sale]) = world.fresh().await;
    world.done(&world.manager, "updateContact", json!({ "id": contact, "jobTitle": "CEO" })).await;
    world.assert_blocked(&lead, &["The contact that the conversion created was changed"]).await;
    world.done(&world.manager, "updateAccount", json!({ "id": account, "industry": "Ships" })).await;
    world.done(&world.manager, "updateOpportunity", json!({ "id": sale, "nextStep": "Call" })).await;
    let all = ["The account that the conversion created was", "The contact that the", "The opportunity that the"];
    world.assert_blocked(&lead, &all).await;
}

#[tokio::test]
async fn a_won_opportunity() {
    let world = World::start().await;
    let (lead, [_, _, sale]) = world.fresh().await;
    let reason = world.close_reason("WON").await;
    world.done(&world.manager, "winOpportunity", json!({ "id": sale, "reasonId": reason })).await;
    world.assert_blocked(&lead, &["The account that the", "The opportunity that the"]).await;
}

#[tokio::test]
async fn a_deleted_opportunity() {
    let world = World::start().await;
    let (lead, [_, _, sale]) = world.fresh().await;
    world.done(&world.manager, "deleteOpportunity", json!({ "id": sale })).await;
    world.assert_blocked(&lead, &["was deleted since"]).await;
}

#[tokio::test]
async fn activities_of_its_own() {
    let world = World::start().await;
    for (kind, name) in [(0, "account"), (1, "contact"), (2, "opportunity")] {
        let (lead, records) = world.fresh().await;
        let note = world.activity("NOTE", &[&records[kind]]).await;
        world.assert_blocked(&lead, &[&format!("The {name} that the conversion created has activities")]).await;
        // What was deleted again stands in nobody's way.
        world.done(&world.manager, "deleteActivity", json!({ "id": note })).await;
        world.assert_revertible(&lead).await;
    }
}

#[tokio::test]
async fn something_built_upon_it() {
    let world = World::start().await;
    let (lead, [account, contact, sale]) = world.fresh().await;
    let other = world.contact("Other", Some(&account)).await;
    world.assert_blocked(&lead, &["has contacts by now"]).await;
    world.done(&world.manager, "deleteContact", json!({ "id": other })).await;
    let child = world.make("createAccount", json!({ "name": "Child", "parentId": account })).await;
    world.assert_blocked(&lead, &["has subsidiary accounts"]).await;
    world.done(&world.manager, "updateAccount", json!({ "id": child, "parentId": null })).await;
    let further = world.opportunity("Further", &account).await;
    world.assert_blocked(&lead, &["has opportunities"]).await;
    world
        .done(&world.manager, "setContactRole", json!({ "opportunityId": further, "contactId": contact, "role": "OTHER" }))
        .await;
    world.assert_blocked(&lead, &["has opportunities", "roles on other opportunities"]).await;
    world.done(&world.manager, "deleteOpportunity", json!({ "id": further })).await;
    world.assert_revertible(&lead).await;

    let (lead, [account, _, sale_of_other]) = world.fresh().await;
    let other = world.contact("Other", Some(&account)).await;
    let input = json!({ "opportunityId": sale_of_other, "contactId": other, "role": "INFLUENCER" });
    world.done(&world.manager, "setContactRole", input).await;
    world.assert_blocked(&lead, &["has contacts by now", "was changed since", "further contact roles"]).await;
    assert_eq!(world.read(&sale).await, Value::Null);
}

#[tokio::test]
async fn another_lead_that_became_the_same() {
    let world = World::start().await;
    let (lead, [account, contact, sale]) = world.fresh().await;
    let second = world.full_lead().await;
    let input = json!({ "leadId": second, "contactId": contact, "opportunity": { "id": sale } });
    let made = world.converted(input).await;
    assert_eq!(made["account"]["id"], json!(account));
    world.assert_blocked(&lead, &["other leads that were converted into it"; 3]).await;
    // The last one first, and then the way is free: nothing was filled.
    world.done(&world.manager, "revertLeadConversion", json!({ "id": second })).await;
    world.assert_revertible(&lead).await;
}

/// An existing contact got its part in an existing opportunity: the first lead that brought it there can't be undone alone.
#[tokio::test]
async fn a_part_that_others_rely_on() {
    let world = World::start().await;
    let account = world.account("There").await;
    let contact = world.contact("There", Some(&account)).await;
    let sale = world.opportunity("There", &account).await;
    let into = |lead: &str| json!({ "leadId": lead, "contactId": contact, "opportunity": { "id": sale } });
    let (first, second) = (world.full_lead().await, world.full_lead().await);
    world.converted(into(&first)).await;
    world.converted(into(&second)).await;
    world.assert_blocked(&first, &["other leads that were converted into it"]).await;
    world.assert_revertible(&second).await;

    // A second contact: the filled primary contact can't be taken away from under it.
    let other = world.contact("Other", Some(&account)).await;
    world.done(&world.manager, "setContactRole", json!({ "opportunityId": sale, "contactId": other })).await;
    world.assert_blocked(&first, &["primary contact of the opportunity"]).await;
    world.done(&world.manager, "setContactRole", json!({ "opportunityId": sale, "contactId": other, "primary": true })).await;
    world.assert_revertible(&first).await;
    let roles = world.read(&sale).await["contactRoles"].clone();
    assert_eq!(roles, json!([{ "contact": { "id": other }, "role": null, "primary": true }]));
}

/// The person became a further contact of a joined opportunity, and somebody made it the primary one.
#[tokio::test]
async fn a_created_contact_that_was_made_primary() {
    let world = World::start().await;
    let account = world.account("There").await;
    let boss = world.contact("Boss", Some(&account)).await;
    let sale = world
        .make(
            "createOpportunity",
            json!({ "name": "There", "accountId": account, "closeDate": "2026-12-31", "primaryContactId": boss }),
        )
        .await;
    let lead = world.full_lead().await;
    let made = world.converted(json!({ "leadId": lead, "opportunity": { "id": sale } })).await;
    let contact = ids(&made)[1].clone();
    let set = |contact: &str, more: Value| {
        let mut input = json!({ "opportunityId": sale, "contactId": contact });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    world.done(&world.manager, "setContactRole", set(&contact, json!({ "primary": true }))).await;
    world.assert_blocked(&lead, &["primary contact of the opportunity"]).await;
    world.done(&world.manager, "setContactRole", set(&boss, json!({ "primary": true }))).await;
    world.done(&world.manager, "setContactRole", set(&contact, json!({ "role": "OTHER" }))).await;
    world.assert_blocked(&lead, &["role on the opportunity that the conversion joined was changed"]).await;
    world.done(&world.manager, "setContactRole", set(&contact, json!({ "role": "CHAMPION" }))).await;
    world.assert_revertible(&lead).await;
    assert_eq!(world.read(&contact).await, Value::Null);
    assert_eq!(world.read(&sale).await["contactRoles"].as_array().unwrap().len(), 1);
}

/// A contact without an account was put into an existing one, and is needed there by now.
#[tokio::test]
async fn a_contact_that_is_needed_in_its_account() {
    let world = World::start().await;
    let account = world.account("There").await;
    let contact = world.contact("Alone", None).await;
    let lead = world.full_lead().await;
    world.converted(json!({ "leadId": lead, "accountId": account, "contactId": contact })).await;
    let sale = world
        .make(
            "createOpportunity",
            json!({ "name": "New", "accountId": account, "closeDate": "2026-12-31", "primaryContactId": contact }),
        )
        .await;
    world.assert_blocked(&lead, &["primary contact of other opportunities"]).await;
    world.done(&world.manager, "updateOpportunity", json!({ "id": sale, "primaryContactId": null })).await;
    world.assert_revertible(&lead).await;
    assert_eq!(world.read(&contact).await["account"], Value::Null);
}

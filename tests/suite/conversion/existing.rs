//! Converting into records that are there already: they are filled, never overwritten, and must belong together.

use serde_json::{Value, json};

use super::{World, field, field_names, refusals};

#[tokio::test]
async fn only_empty_fields_are_filled() {
    let world = World::start().await;
    let source = world.source().await;
    let account = world
        .make(
            "createAccount",
            json!({ "name": "Hai Au", "phone": "+47 99 99 99 99", "address": { "city": "Oslo" }, "description": "Ours" }),
        )
        .await;
    let contact = world
        .make(
            "createContact",
            json!({ "lastName": "Tran", "email": "tran@haiau.example", "accountId": account, "sourceId": source }),
        )
        .await;
    let lead = world.full_lead().await;
    let (lead_row, account_row, contact_row) = (world.read(&lead).await, world.read(&account).await, world.read(&contact).await);
    let made = world.converted(json!({ "leadId": lead, "accountId": account, "contactId": contact })).await;

    assert_eq!(made["account"]["id"], json!(account));
    assert_eq!(made["account"]["website"], lead_row["website"]);
    for name in ["name", "phone", "address", "description", "owner", "kind"] {
        assert_eq!(made["account"][name], account_row[name], "{name}");
    }
    for name in ["phone", "description", "campaign", "address"] {
        assert_eq!(made["contact"][name], lead_row[name], "{name}");
    }
    for name in ["firstName", "lastName", "email", "source", "account", "owner"] {
        assert_eq!(made["contact"][name], contact_row[name], "{name}");
    }
    assert_eq!((&made["account"]["version"], &made["contact"]["version"]), (&json!(2), &json!(2)));
    let history = world.history(&account).await;
    assert_eq!((history.len(), &history[1]["action"]), (2, &json!("filled_from_lead")));
    assert_eq!(field_names(&history[1]), ["website"]);
    assert_eq!(field(&history[1], "website").unwrap(), (&Value::Null, &lead_row["website"]));
    assert_eq!(made["opportunity"]["name"], "Hai Au - June 2026");
    assert_eq!(made["account"]["activities"]["totalCount"], 2);

    // A second lead of the same company and person finds nothing empty: the records stay as they are.
    let second = world.full_lead().await;
    let again = world.converted(json!({ "leadId": second, "accountId": account, "contactId": contact })).await;
    assert_eq!((&again["account"]["version"], &again["contact"]["version"]), (&json!(2), &json!(2)));
    assert_eq!(world.history(&account).await.len(), 2);
    assert_eq!(again["account"]["activities"]["totalCount"], 4);
}

#[tokio::test]
async fn a_named_record_brings_its_account() {
    let world = World::start().await;
    let account = world.account("Bryggen").await;
    let contact = world.contact("Lie", Some(&account)).await;
    let opportunity = world.opportunity("Renewal", &account).await;
    let lead = world.full_lead().await;
    let made = world.converted(json!({ "leadId": lead, "contactId": contact })).await;
    assert_eq!(made["account"]["id"], json!(account));
    let lead = world.full_lead().await;
    let made = world.converted(json!({ "leadId": lead, "opportunity": { "id": opportunity } })).await;
    assert_eq!((&made["account"]["id"], &made["opportunity"]["id"]), (&json!(account), &json!(opportunity)));
    assert_eq!(made["contact"]["account"]["id"], json!(account));
    assert_eq!(world.counts().await, [1, 2, 2]);
    // And then no name for a new one makes sense.
    for input in
        [json!({ "contactId": contact }), json!({ "accountId": account }), json!({ "opportunity": { "id": opportunity } })]
    {
        let mut input = input;
        input["leadId"] = json!(world.full_lead().await);
        input["accountName"] = json!("Another");
        assert_eq!(refusals(&world.convert(&world.manager, input).await), ["INVALID input.accountName"]);
    }
}

#[tokio::test]
async fn records_must_belong_together() {
    let world = World::start().await;
    let (one, two) = (world.account("One").await, world.account("Two").await);
    let (of_one, of_two) = (world.contact("One", Some(&one)).await, world.contact("Two", Some(&two)).await);
    let sale_of_two = world.opportunity("Sale", &two).await;
    let lead = world.full_lead().await;
    let before = world.dump().await;
    for (input, expected) in [
        (json!({ "accountId": one, "contactId": of_two }), "INVALID input.contactId"),
        (json!({ "accountId": one, "opportunity": { "id": sale_of_two } }), "INVALID input.opportunity.id"),
        (json!({ "contactId": of_one, "opportunity": { "id": sale_of_two } }), "INVALID input.contactId"),
        (json!({ "withoutOpportunity": true, "opportunity": { "id": sale_of_two } }), "INVALID input.opportunity.id"),
        (json!({ "opportunity": { "id": sale_of_two, "name": "Other" } }), "INVALID input.opportunity.name"),
        (
            json!({ "opportunity": { "id": sale_of_two, "stageId": world.stage("Needs Analysis").await } }),
            "INVALID input.opportunity.stageId",
        ),
    ] {
        let mut input = input;
        input["leadId"] = json!(lead);
        assert_eq!(refusals(&world.convert(&world.manager, input.clone()).await), [expected], "{input}");
        assert_eq!(refusals(&world.preview(&world.manager, input).await), [expected]);
    }
    before.assert_same(&world.dump().await, "refused conversions");

    let reason = world.close_reason("WON").await;
    world.done(&world.manager, "winOpportunity", json!({ "id": sale_of_two, "reasonId": reason })).await;
    let refused = world.convert(&world.manager, json!({ "leadId": lead, "opportunity": { "id": sale_of_two } })).await;
    assert_eq!(refusals(&refused), ["INVALID input.opportunity.id"]);
    world.done(&world.manager, "deleteOpportunity", json!({ "id": sale_of_two })).await;
    let refused = world.convert(&world.manager, json!({ "leadId": lead, "opportunity": { "id": sale_of_two } })).await;
    assert_eq!(refusals(&refused), ["NOT_FOUND input.opportunity.id"]);
}

#[tokio::test]
async fn a_contact_without_an_account_joins_the_chosen_one() {
    let world = World::start().await;
    let account = world.account("Kontoret").await;
    let contact = world.contact("Lie", None).await;
    let lead = world.full_lead().await;
    let made = world.converted(json!({ "leadId": lead, "accountId": account, "contactId": contact })).await;
    assert_eq!((&made["account"]["id"], &made["contact"]["account"]["id"]), (&json!(account), &json!(account)));
}

#[tokio::test]
async fn joining_an_opportunity_fills_it_and_keeps_its_primary_contact() {
    let world = World::start().await;
    let account = world.account("Verft").await;
    let boss = world.contact("Boss", Some(&account)).await;
    let sale = world
        .make(
            "createOpportunity",
            json!({ "name": "Crane", "accountId": account, "closeDate": "2026-12-31", "primaryContactId": boss, "description": "Ours" }),
        )
        .await;
    let lead = world.full_lead().await;
    let (lead_row, before) = (world.read(&lead).await, world.read(&sale).await);
    let made = world.converted(json!({ "leadId": lead, "opportunity": { "id": sale } })).await;
    let opportunity = &made["opportunity"];
    for name in ["name", "closeDate", "primaryContact", "description", "stage", "amount", "owner", "stageHistory"] {
        assert_eq!(opportunity[name], before[name], "{name}");
    }
    for name in ["source", "campaign", "buyingSignals"] {
        assert_eq!(opportunity[name], lead_row[name], "{name}");
    }
    assert_eq!(opportunity["lead"]["id"], json!(lead));
    assert_eq!(opportunity["qualification"]["need"], lead_row["qualification"]["need"]);
    assert_eq!(
        opportunity["contactRoles"],
        json!([
            { "contact": { "id": boss }, "role": null, "primary": true },
            { "contact": { "id": made["contact"]["id"] }, "role": "CHAMPION", "primary": false },
        ])
    );
    let history = world.history(&sale).await;
    let last = history.last().unwrap();
    assert_eq!(last["action"], "filled_from_lead");
    assert_eq!(field_names(last), ["source", "campaign", "lead", "qualification", "contactRoles"]);
    assert_eq!(opportunity["activities"]["totalCount"], 2);

    // The first lead keeps its place; of the second only the part is new.
    let second = world.new_lead(json!({ "lastName": "Second", "buyingRole": "GATEKEEPER" })).await;
    let made = world.converted(json!({ "leadId": second, "opportunity": { "id": sale } })).await;
    assert_eq!(made["opportunity"]["lead"]["id"], json!(lead));
    assert_eq!(made["opportunity"]["contactRoles"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn the_buying_role_fills_a_part_that_has_none() {
    let world = World::start().await;
    let account = world.account("Verft").await;
    let contact = world.contact("Boss", Some(&account)).await;
    let sale = world
        .make(
            "createOpportunity",
            json!({ "name": "Crane", "accountId": account, "closeDate": "2026-12-31", "primaryContactId": contact }),
        )
        .await;
    for (role, expected) in [("CHAMPION", "CHAMPION"), ("GATEKEEPER", "CHAMPION")] {
        let lead = world.new_lead(json!({ "lastName": "Boss", "buyingRole": role })).await;
        let input = json!({ "leadId": lead, "contactId": contact, "opportunity": { "id": sale } });
        let made = world.converted(input).await;
        let roles = &made["opportunity"]["contactRoles"];
        assert_eq!(*roles, json!([{ "contact": { "id": contact }, "role": expected, "primary": true }]));
    }
}

#[tokio::test]
async fn an_opportunity_without_contacts_gets_its_primary_one() {
    let world = World::start().await;
    let account = world.account("Verft").await;
    let sale = world.opportunity("Crane", &account).await;
    let lead = world.full_lead().await;
    let made = world.converted(json!({ "leadId": lead, "opportunity": { "id": sale } })).await;
    assert_eq!(made["opportunity"]["primaryContact"]["id"], made["contact"]["id"]);
    assert_eq!(made["opportunity"]["contactRoles"][0]["role"], "CHAMPION");
    assert_eq!(made["opportunity"]["contactRoles"][0]["primary"], true);
}

#[tokio::test]
async fn an_activity_about_the_account_already_stays_there_once() {
    let world = World::start().await;
    let account = world.account("Verft").await;
    let lead = world.new_lead(json!({ "lastName": "Ek" })).await;
    let both = world.activity("MEETING", &[&lead, &account]).await;
    let deleted = world.activity("CALL", &[&lead]).await;
    world.done(&world.manager, "deleteActivity", json!({ "id": deleted })).await;
    let preview = world.preview(&world.manager, json!({ "leadId": lead, "accountId": account })).await;
    assert_eq!(preview["activitiesCarriedOver"], 1);
    let made = world.converted(json!({ "leadId": lead, "accountId": account })).await;
    assert_eq!(made["account"]["activities"]["nodes"], json!([{ "id": both }]));
    world.done(&world.manager, "restoreActivity", json!({ "id": deleted })).await;
    assert_eq!(world.read(&account).await["activities"]["totalCount"], 2);
    assert_eq!(refusals(&world.revert(&lead).await), [""; 0]);
    assert_eq!(world.read(&account).await["activities"]["nodes"], json!([{ "id": both }]));
}

/// An activity about two leads came to the account with each of them; undoing one conversion leaves it there for the other.
#[tokio::test]
async fn an_activity_about_two_leads_stays_while_one_of_them_is_converted() {
    let world = World::start().await;
    let account = world.account("Verft").await;
    let (first, second) = (world.new_lead(json!({ "lastName": "Ek" })).await, world.new_lead(json!({ "lastName": "Or" })).await);
    let both = world.activity("MEETING", &[&first, &second]).await;
    for lead in [&first, &second] {
        world.converted(json!({ "leadId": lead, "accountId": account, "withoutOpportunity": true })).await;
    }
    for (lead, expected) in [(&first, json!([{ "id": both }])), (&second, json!([]))] {
        world.done(&world.manager, "revertLeadConversion", json!({ "id": lead })).await;
        assert_eq!(world.read(&account).await["activities"]["nodes"], expected);
    }
}

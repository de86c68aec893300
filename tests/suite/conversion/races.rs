//! Many who convert at once.

use futures_util::future::join_all;
use serde_json::json;

use super::{World, ids, refusals};
use crate::harness::TestServer;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_who_convert_the_same_lead_one_succeeds() {
    let world = World::on(TestServer::start_with(|settings| settings.workers = 4).await).await;
    let lead = world.full_lead().await;
    let answers = join_all((0..50).map(|_| world.convert(&world.manager, json!({ "leadId": lead })))).await;
    let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer["userErrors"] == json!([]));
    assert_eq!((made.len(), refused.len()), (1, 49));
    let [account, contact, opportunity] = ids(&made[0]);
    let became = json!({ "leadId": lead, "accountId": account, "contactId": contact, "opportunityId": opportunity });
    for answer in refused {
        assert_eq!(refusals(&answer), ["ALREADY_CONVERTED input.leadId"]);
        assert_eq!(answer["userErrors"][0]["details"], became);
    }
    assert_eq!(world.counts().await, [1, 1, 1]);
    let dump = world.dump().await;
    for (table, rows) in [("accounts", 1), ("contacts", 1), ("opportunities", 1), ("contact_roles", 1), ("lead_conversions", 1)] {
        assert_eq!(dump.rows(table), rows, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_key_at_once_is_one_conversion() {
    let world = World::on(TestServer::start_with(|settings| settings.workers = 4).await).await;
    let lead = world.full_lead().await;
    let input = json!({ "leadId": lead, "idempotencyKey": "once" });
    let answers = join_all((0..10).map(|_| world.converted(input.clone()))).await;
    assert!(answers.iter().all(|answer| ids(answer) == ids(&answers[0])));
    assert_eq!(world.counts().await, [1, 1, 1]);
}

/// Twenty different leads of the same company: each fills what is still empty, and none overwrites another.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_leads_into_the_same_records() {
    let world = World::on(TestServer::start_with(|settings| settings.workers = 4).await).await;
    let account = world.account("Sjø").await;
    let contact = world.contact("Lie", Some(&account)).await;
    let sale = world.opportunity("Boat", &account).await;
    let mut inputs = Vec::new();
    for number in 0..20 {
        let lead =
            world.new_lead(json!({ "lastName": format!("L{number}"), "phone": format!("+47 40 00 00 {number:02}") })).await;
        inputs.push(match number % 3 {
            0 => json!({ "leadId": lead, "accountId": account }),
            1 => json!({ "leadId": lead, "contactId": contact }),
            _ => json!({ "leadId": lead, "contactId": contact, "opportunity": { "id": sale } }),
        });
    }
    join_all(inputs.into_iter().map(|input| world.converted(input))).await;
    assert_eq!(world.read(&account).await["version"], 2);
    assert_eq!(world.history(&account).await.len(), 2);
    assert_eq!(world.read(&sale).await["contactRoles"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_conversion_is_undone_once() {
    let world = World::on(TestServer::start_with(|settings| settings.workers = 4).await).await;
    let lead = world.full_lead().await;
    world.converted(json!({ "leadId": lead })).await;
    let answers = join_all((0..20).map(|_| world.revert(&lead))).await;
    let refused: Vec<_> = answers.iter().flat_map(refusals).collect();
    assert_eq!(refused, ["NOT_CONVERTED input.id"; 19]);
    assert_eq!(world.counts().await, [0, 0, 0]);
}

/// Two who convert the same leads in opposite orders wait for one another, but never for each other.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn bulk_calls_do_not_block_each_other() {
    let world = World::on(TestServer::start_with(|settings| settings.workers = 4).await).await;
    let mut items = Vec::new();
    for number in 0..20 {
        items.push(json!({ "leadId": world.new_lead(json!({ "lastName": format!("L{number}") })).await }));
    }
    let forward = json!({ "items": items, "allOrNothing": true });
    items.reverse();
    let backward = json!({ "items": items, "allOrNothing": true });
    let calls =
        [&forward, &backward, &forward, &backward].map(|input| world.mutate(&world.manager, "convertLeads", input.clone()));
    let answers = join_all(calls).await;
    let converted = answers.iter().filter(|answer| answer["results"].as_array().unwrap().len() == 20).count();
    assert_eq!(converted, 1);
    assert!(answers.iter().flat_map(refusals).all(|refusal| refusal.starts_with("ALREADY_CONVERTED input.items.")));
    assert_eq!(world.counts().await, [20, 20, 20]);
}

//! Two who change the parts of an opportunity at once.

use futures_util::future::join;
use serde_json::json;

use super::{Desk, names, text};
use crate::harness::TestServer;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_name_the_primary_contact_one_is_last() {
    let desk = Desk::on(TestServer::start_with(|settings| settings.workers = 2).await).await;
    for _ in 0..10 {
        let sale = desk.sale().await;
        let make = |contact: &str| {
            desk.done(
                "setContactRole",
                json!({ "opportunityId": sale, "contactId": contact, "role": "CHAMPION", "primary": true }),
            )
        };
        join(make(&desk.contacts[0]), make(&desk.contacts[1])).await;
        let now = desk.read(&sale).await;
        let roles = now["contactRoles"].as_array().unwrap();
        let primary: Vec<_> = roles.iter().filter(|role| role["primary"] == true).collect();
        assert_eq!((roles.len(), primary.len(), &now["version"]), (2, 1, &json!(3)));
        assert_eq!(primary[0]["contact"], now["primaryContact"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_list_the_same_competitor_one_is_told() {
    let desk = Desk::on(TestServer::start_with(|settings| settings.workers = 2).await).await;
    for _ in 0..10 {
        let sale = desk.sale().await;
        let add = |name: &str| desk.call("addCompetitor", json!({ "opportunityId": sale, "name": name }));
        let (one, other) = join(add("Rival"), add("RIVAL")).await;
        let mut refusals = [one.refusals("addCompetitor"), other.refusals("addCompetitor")].concat();
        assert_eq!(refusals.pop().as_deref(), Some("ALREADY_EXISTS input.name"));
        assert!(refusals.is_empty());
        assert_eq!(names(&desk.read(&sale).await).len(), 1);
    }
}

/// A competitor is removed while the opportunity is lost to it: one of the two is refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_winner_stays_on_the_list() {
    let desk = Desk::on(TestServer::start_with(|settings| settings.workers = 2).await).await;
    for _ in 0..10 {
        let sale = desk.sale().await;
        let listed = desk.done("addCompetitor", json!({ "opportunityId": sale, "name": "Rival" })).await;
        let competitor = text(&listed["competitors"][0]["id"]);
        let lose = json!({ "id": sale, "reasonId": desk.lost, "lostToCompetitorId": competitor });
        let remove = json!({ "id": competitor });
        let (lost, removed) = join(desk.call("loseOpportunity", lose), desk.call("removeCompetitor", remove)).await;
        let refusals = [lost.refusals("loseOpportunity"), removed.refusals("removeCompetitor")].concat();
        assert!(refusals == ["IN_USE input.id"] || refusals == ["NOT_FOUND input.lostToCompetitorId"], "{refusals:?}");
        let now = desk.read(&sale).await;
        assert_eq!(now["isClosed"], !names(&now).is_empty());
    }
}

//! Memberships of campaigns that conversions carry over: whatever stood on either side, nobody is a member twice, the earliest response
//! counts, and taking the conversion back leaves exactly what was there before.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::harness::{Person, TestServer};

const STATUSES: [&str; 5] = ["TARGETED", "SENT", "RESPONDED", "ATTENDED", "OPTED_OUT"];

/// What one person is in each of three campaigns: a status and, where they responded, on which day of February.
type Memberships = [Option<(usize, Option<u32>)>; 3];

fn memberships() -> impl Strategy<Value = Memberships> {
    let one = || prop::option::weighted(0.7, (0..5_usize, prop::option::of(1..28_u32)));
    [one(), one(), one()]
}

struct World {
    server: TestServer,
    rep: Person,
    campaigns: Vec<String>,
}

impl World {
    async fn join(&self, person: &str, memberships: &Memberships) {
        for (campaign, membership) in self.campaigns.iter().zip(memberships) {
            let Some((status, day)) = membership else { continue };
            let day = day.filter(|_| *status > 1).map(|day| format!("2026-02-{day:02}"));
            let mut item = json!({ "memberId": person, "status": STATUSES[*status] });
            if let Some(day) = day {
                item["respondedOn"] = json!(day);
            }
            self.server.call(&self.rep, "addCampaignMembers", json!({ "campaignId": campaign, "items": [item] })).await.done();
        }
    }

    /// What somebody is in each campaign: the status, the day of response and the lead that brought it. Nobody is in one twice.
    async fn seen(&self, person: &str) -> Vec<Option<Value>> {
        let kind = person.split('_').next().unwrap();
        let query = format!(
            "query($id: ID!) {{ {kind}(id: $id) {{ campaignMemberships(first: 200) {{ nodes {{ campaign {{ id }} id status respondedOn
                carriedFrom {{ id }} }} }} }} }}"
        );
        let answer = self.server.graphql(&self.rep, &query, json!({ "id": person })).await;
        let rows = answer.data(&format!("/{kind}/campaignMemberships/nodes")).as_array().unwrap().clone();
        let of = |campaign: &String| {
            let mut own = rows.iter().filter(|row| row["campaign"]["id"] == **campaign);
            let found = own.next().cloned();
            assert_eq!(own.next(), None, "twice in one campaign: {rows:?}");
            found
        };
        let seen: Vec<Option<Value>> = self.campaigns.iter().map(of).collect();
        assert_eq!(seen.iter().flatten().count(), rows.len());
        seen
    }

    async fn check(&self, of_lead: &Memberships, of_contact: &Memberships, existing: bool) {
        let lead = self.server.new_lead(&self.rep, json!({ "company": "Acme", "lastName": "Doe" })).await;
        self.join(&lead, of_lead).await;
        let mut input = json!({ "leadId": lead, "withoutOpportunity": true });
        if existing {
            let contact = self.server.call(&self.rep, "createContact", json!({ "lastName": "Doe" })).await.id();
            self.join(&contact, of_contact).await;
            input["contactId"] = json!(contact);
        }
        let left = self.seen(&lead).await;
        let before = match input["contactId"].as_str() {
            Some(contact) => self.seen(contact).await,
            None => vec![None; 3],
        };
        let converted = self.server.call(&self.rep, "convertLead", input).await.done().clone();
        let contact = converted["contact"]["id"].as_str().unwrap();
        let after = self.seen(contact).await;
        assert_eq!(self.seen(&lead).await, left, "the lead stays a member");
        for ((lead_was, was), is) in left.iter().zip(&before).zip(&after) {
            let (Some(lead_was), Some(is)) = (lead_was, is) else {
                assert_eq!((is, is.is_some()), (was, was.is_some()), "the lead was none");
                continue;
            };
            let days = [Some(lead_was), was.as_ref()].into_iter().flatten().filter_map(|row| row["respondedOn"].as_str());
            assert_eq!(is["respondedOn"].as_str(), days.min(), "the earliest response");
            let rank = |row: &Value| STATUSES.iter().position(|status| row["status"] == *status).unwrap();
            assert_eq!(rank(is), rank(lead_was).max(was.as_ref().map_or(0, rank)), "as far as either");
            match was {
                Some(was) => assert_eq!((&is["id"], &is["carriedFrom"]), (&was["id"], &was["carriedFrom"])),
                None => assert_eq!(is["carriedFrom"]["id"], json!(lead)),
            }
        }
        self.server.call(&self.rep, "revertLeadConversion", json!({ "id": lead })).await.done();
        assert_eq!(self.seen(&lead).await, left);
        if existing {
            assert_eq!(self.seen(contact).await, before, "exactly what was there");
        }
    }
}

#[test]
fn conversions_carry_memberships_over_and_reverts_take_them_back() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let world = runtime.block_on(async {
        let server = TestServer::start().await;
        let rep = server.rep().await;
        let campaigns = vec![server.campaign("Fair").await, server.campaign("Webinar").await, server.campaign("Letter").await];
        World { server, rep, campaigns }
    });
    let settings = Config { cases: 60, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let result =
        TestRunner::new(settings).run(&(memberships(), memberships(), prop::bool::weighted(0.8)), |(lead, contact, existing)| {
            runtime.block_on(world.check(&lead, &contact, existing));
            Ok(())
        });
    runtime.block_on(async { drop(world) });
    result.unwrap();
}

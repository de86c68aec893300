//! Whatever goes wrong in the middle of a conversion, or of undoing it, leaves no trace.

use serde_json::{Value, json};

use super::{World, document};
use crate::harness::on_postgres;

const KINDS: [&str; 4] = ["ACCOUNT", "CONTACT", "OPPORTUNITY", "LEAD"];

fn faults(
    steps: &[(&'static str, &'static str)],
    kinds: &[(&'static str, &'static str, &[&str])],
) -> Vec<(&'static str, &'static str, String)> {
    let plain = steps.iter().map(|(table, operation)| (*table, *operation, String::new()));
    let by_kind = kinds.iter().flat_map(|(table, operation, kinds)| {
        let row = if *operation == "DELETE" { "OLD" } else { "NEW" };
        kinds.iter().map(move |kind| (*table, *operation, format!("WHEN ({row}.record_kind = '{kind}')")))
    });
    plain.chain(by_kind).collect()
}

impl World {
    /// Makes a statement fail, before or after its work.
    async fn break_down(&self, timing: &str, (table, operation, rows): &(&str, &str, String)) {
        if on_postgres() {
            self.execute(
                "CREATE OR REPLACE FUNCTION injected_fault() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'injected fault'; END $$ LANGUAGE plpgsql",
            )
            .await;
            self.execute(&format!(
                "CREATE TRIGGER injected {timing} {operation} ON {table} FOR EACH ROW {rows} EXECUTE FUNCTION injected_fault()"
            ))
            .await;
        } else {
            self.execute(&format!(
                "CREATE TRIGGER injected {timing} {operation} ON {table} FOR EACH ROW {rows} BEGIN SELECT RAISE(ABORT, 'injected fault'); END"
            ))
            .await;
        }
    }

    async fn repair(&self, table: &str) {
        let of_table = if on_postgres() { format!(" ON {table}") } else { String::new() };
        self.execute(&format!("DROP TRIGGER injected{of_table}")).await;
    }

    /// Carries out a mutation with each of these faults in turn: it must fail without a trace.
    async fn survives(&self, mutation: &str, input: &Value, faults: &[(&str, &str, String)]) {
        let before = self.dump().await;
        for fault in faults {
            for timing in ["BEFORE", "AFTER"] {
                let what = format!("{mutation} with a fault {timing} {fault:?}");
                self.break_down(timing, fault).await;
                let answer = self.graphql(&self.manager, &document(mutation), json!({ "input": input })).await;
                self.repair(fault.0).await;
                assert_eq!(answer.codes(), ["INTERNAL"], "{what}: {}", answer.text);
                let error = &answer.json["errors"][0];
                assert!(error["extensions"]["requestId"].as_str().is_some_and(|id| !id.is_empty()), "{what}: {error}");
                let text = answer.message().to_lowercase();
                for internal in ["injected", "trigger", "sql", fault.0] {
                    assert!(!text.contains(internal), "{what}: {text}");
                }
                before.assert_same(&self.dump().await, &what);
            }
        }
    }
}

#[tokio::test]
async fn a_conversion_that_creates_fails_without_a_trace() {
    let world = World::start().await;
    let lead = world.full_lead().await;
    let steps = [
        ("accounts", "INSERT"),
        ("contacts", "INSERT"),
        ("opportunities", "INSERT"),
        ("contact_roles", "INSERT"),
        ("opportunity_changes", "INSERT"),
        ("buying_signals", "UPDATE"),
        ("lead_conversions", "INSERT"),
        ("leads", "UPDATE"),
        ("searched_records", "INSERT"),
        ("idempotency_keys", "INSERT"),
        ("idempotency_keys", "UPDATE"),
    ];
    let kinds = [
        ("changes", "INSERT", &KINDS[..]),
        ("outbox", "INSERT", &KINDS[..]),
        ("search_words", "INSERT", &KINDS[..3]),
        ("activity_subjects", "INSERT", &KINDS[..3]),
    ];
    let input = json!({ "leadId": lead, "idempotencyKey": "k" });
    world.survives("convertLead", &input, &faults(&steps, &kinds)).await;
    world
        .survives("convertLeads", &json!({ "items": [input], "allOrNothing": true }), &faults(&[("leads", "UPDATE")], &[]))
        .await;
    world.converted(input).await;

    let steps = [
        ("accounts", "UPDATE"),
        ("contacts", "UPDATE"),
        ("opportunities", "UPDATE"),
        ("buying_signals", "UPDATE"),
        ("lead_conversions", "DELETE"),
        ("leads", "UPDATE"),
        ("activity_subjects", "DELETE"),
        ("searched_records", "DELETE"),
    ];
    let kinds = [("changes", "INSERT", &KINDS[..]), ("outbox", "INSERT", &KINDS[..]), ("search_words", "DELETE", &KINDS[..3])];
    world.survives("revertLeadConversion", &json!({ "id": lead }), &faults(&steps, &kinds)).await;
    world.done(&world.manager, "revertLeadConversion", json!({ "id": lead })).await;
}

#[tokio::test]
async fn a_conversion_that_fills_fails_without_a_trace() {
    let world = World::start().await;
    let lead = world.full_lead().await;
    let account = world.account("There").await;
    let contact = world.contact("There", Some(&account)).await;
    let sale = world.opportunity("There", &account).await;
    let steps = [
        ("accounts", "UPDATE"),
        ("contacts", "UPDATE"),
        ("opportunities", "UPDATE"),
        ("contact_roles", "INSERT"),
        ("buying_signals", "UPDATE"),
        ("lead_conversions", "INSERT"),
        ("leads", "UPDATE"),
        ("searched_records", "UPDATE"),
    ];
    let kinds = [
        ("changes", "INSERT", &KINDS[..]),
        ("outbox", "INSERT", &KINDS[..]),
        ("search_words", "INSERT", &KINDS[..2]),
        ("activity_subjects", "INSERT", &KINDS[..3]),
    ];
    let input = json!({ "leadId": lead, "contactId": contact, "opportunity": { "id": sale } });
    world.survives("convertLead", &input, &faults(&steps, &kinds)).await;
    world.converted(input).await;

    let steps = [
        ("accounts", "UPDATE"),
        ("contacts", "UPDATE"),
        ("opportunities", "UPDATE"),
        ("contact_roles", "DELETE"),
        ("buying_signals", "UPDATE"),
        ("lead_conversions", "DELETE"),
        ("leads", "UPDATE"),
        ("activity_subjects", "DELETE"),
        ("searched_records", "UPDATE"),
    ];
    let kinds = [("changes", "INSERT", &KINDS[..]), ("outbox", "INSERT", &KINDS[..]), ("search_words", "DELETE", &KINDS[..2])];
    world.survives("revertLeadConversion", &json!({ "id": lead }), &faults(&steps, &kinds)).await;
    world.done(&world.manager, "revertLeadConversion", json!({ "id": lead })).await;
}

/// The last moment at which something can go wrong.
#[tokio::test]
async fn a_conversion_whose_commit_fails_leaves_no_trace() {
    if !on_postgres() {
        return;
    }
    let world = World::start().await;
    let lead = world.full_lead().await;
    world
        .execute("CREATE FUNCTION injected_fault() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'injected fault'; END $$ LANGUAGE plpgsql")
        .await;
    world
        .execute("CREATE CONSTRAINT TRIGGER injected AFTER UPDATE ON leads DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION injected_fault()")
        .await;
    let before = world.dump().await;
    assert_eq!(world.fault(&world.manager, "convertLead", json!({ "leadId": lead })).await, "INTERNAL");
    before.assert_same(&world.dump().await, "a failed commit");
    world.repair("leads").await;
    world.converted(json!({ "leadId": lead })).await;
}

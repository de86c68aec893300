//! Whatever a conversion did: undoing it at once leaves the database as it was, but for what remembers that it happened.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::World;
use super::dump::Dump;
use super::preview_property::{Ground, InputCase, LeadCase, input_case, lead_case};

#[test]
fn undoing_restores_everything() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (world, ground) = runtime.block_on(async {
        let world = World::start().await;
        let ground = Ground::of(&world).await;
        (world, ground)
    });
    // Inputs that would be refused say nothing here.
    let input = input_case().prop_map(|input| InputCase { owner: 0, version: 0, strict: false, ..input });
    let lead = lead_case().prop_map(|lead| LeadCase { last_name: true, owner: lead.owner % 3, status: lead.status % 4, ..lead });
    let settings = Config { cases: 100, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let reverted = std::sync::atomic::AtomicUsize::new(0);
    let result = TestRunner::new(settings).run(&(lead, input), |(lead, input)| {
        if runtime.block_on(there_and_back(&world, &ground, &lead, &input)) {
            reverted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
        Ok(())
    });
    let reverted = reverted.into_inner();
    runtime.block_on(async { drop(world) });
    result.unwrap();
    assert!(reverted > 30, "only {reverted} conversions were undone: the cases say too little");
}

async fn there_and_back(world: &World, ground: &Ground, lead: &LeadCase, input: &InputCase) -> bool {
    let lead = ground.lead(world, lead).await;
    let input = ground.input(world, &lead, input).await;
    let before = Kept::of(&world.dump().await);
    let made = world.convert(&world.manager, input).await;
    if made["userErrors"] != json!([]) {
        return false;
    }
    assert_eq!(made["lead"]["conversion"]["revertible"], true);
    world.done(&world.manager, "revertLeadConversion", json!({ "id": lead })).await;
    let after = Kept::of(&world.dump().await);
    assert_eq!(before, after);
    true
}

/// The tables that remember that something happened.
const REMEMBERING: [&str; 5] = ["changes", "lead_status_changes", "opportunity_changes", "outbox", "sessions"];

/// A dump without what remembers that something happened: the history, the events, versions, times of change, and the records
/// that lie deleted with their parts.
#[derive(Debug, PartialEq)]
struct Kept(BTreeMap<String, Vec<Value>>);

impl Kept {
    fn of(dump: &Dump) -> Self {
        let deleted: Vec<Value> =
            dump.0.values().flatten().filter(|row| !row["deleted_at"].is_null()).map(|row| row["id"].clone()).collect();
        let is_kept = |row: &Value| {
            row["deleted_at"].is_null() && !deleted.contains(&row["opportunity_id"]) && !deleted.contains(&row["record_id"])
        };
        let tables = dump.0.iter().filter(|(table, _)| !REMEMBERING.contains(&table.as_str()));
        let kept = tables.map(|(table, rows)| {
            let rows = rows.iter().filter(|row| is_kept(row)).cloned().map(|mut row| {
                let columns = row.as_object_mut().unwrap();
                columns.remove("version");
                columns.remove("updated_at");
                for summary in ["statuses_reached", "first_working_at", "first_qualified_at", "first_converted_at"] {
                    columns.remove(summary);
                }
                row
            });
            let mut rows: Vec<Value> = rows.collect();
            rows.sort_by_key(Value::to_string);
            (table.clone(), rows)
        });
        Self(kept.collect())
    }
}

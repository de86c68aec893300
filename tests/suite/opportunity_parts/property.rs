//! Whatever is done to an opportunity's parts, in whatever order: its rules hold, what is refused changes nothing, and its history
//! replayed gives what it is today.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use super::{Desk, MILESTONES, text};
use crate::harness::Outcomes;

/// Two of them are the same name.
const NAMES: [&str; 4] = ["Société", "SOCIETE", "Rival", "最大手"];
const ROLES: [Option<&str>; 3] = [None, Some("CHAMPION"), Some("DECISION_MAKER")];

#[derive(Debug, Clone)]
enum Step {
    SetRole { contact: usize, role: Option<usize>, primary: Option<bool> },
    RemoveRole(usize),
    Primary(Option<usize>),
    DeleteContact(usize),
    RestoreContact(usize),
    Add { name: usize, incumbent: bool },
    Change { which: usize, name: Option<usize>, dismissed: Option<bool> },
    Remove(usize),
    Reach { kind: usize, days_ago: i64, note: Option<&'static str> },
    Clear(usize),
    Move(usize),
    Win,
    Lose { to: Option<usize>, name: Option<usize> },
    Reopen(usize),
    DeleteAndRestore,
}

fn step() -> impl Strategy<Value = Step> {
    use proptest::option::{of, weighted};
    prop_oneof![
        4 => (0..3_usize, of(0..3_usize), of(any::<bool>())).prop_map(|(contact, role, primary)| Step::SetRole { contact, role, primary }),
        2 => (0..3_usize).prop_map(Step::RemoveRole),
        2 => of(0..3_usize).prop_map(Step::Primary),
        1 => (0..3_usize).prop_map(Step::DeleteContact),
        1 => (0..3_usize).prop_map(Step::RestoreContact),
        4 => (0..4_usize, any::<bool>()).prop_map(|(name, incumbent)| Step::Add { name, incumbent }),
        3 => (0..4_usize, of(0..4_usize), of(any::<bool>())).prop_map(|(which, name, dismissed)| Step::Change { which, name, dismissed }),
        2 => (0..4_usize).prop_map(Step::Remove),
        4 => (0..5_usize, -1..3_i64, of(select(vec!["", "Agreed"]))).prop_map(|(kind, days_ago, note)| Step::Reach { kind, days_ago, note }),
        2 => (0..5_usize).prop_map(Step::Clear),
        1 => (0..4_usize).prop_map(Step::Move),
        1 => Just(Step::Win),
        4 => (weighted(0.4, 0..4_usize), of(0..4_usize)).prop_map(|(to, name)| Step::Lose { to, name }),
        3 => (0..4_usize).prop_map(Step::Reopen),
        1 => Just(Step::DeleteAndRestore),
    ]
}

#[test]
fn the_rules_hold_and_the_history_replays() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _inside = runtime.enter();
    let desk = runtime.block_on(Desk::new());
    let outcomes = Outcomes::default();
    let wanted = ["loseOpportunity OK", "removeContactRole IN_USE", "addCompetitor ALREADY_EXISTS"];
    outcomes.run_until_seen(&wanted, 60, &proptest::collection::vec(step(), 10..40), |steps| {
        runtime.block_on(async {
            let sale = desk.sale().await;
            let mut now = desk.read(&sale).await;
            for step in &steps {
                now = take(&desk, &sale, now, step, &outcomes).await;
                check(&now);
            }
            for contact in &desk.contacts {
                desk.call("restoreContact", json!({ "id": contact })).await.payload("restoreContact");
            }
            let history = desk.history(&sale).await;
            let now = desk.read(&sale).await;
            assert_eq!(now["version"], json!(history.len()));
            assert_eq!(State::replayed(&history), State::of(&now));
        });
    });
}

/// The call that a step makes, if it is about something that is there.
fn call(desk: &Desk, sale: &str, now: &Json, step: &Step) -> Option<(&'static str, Json)> {
    let competitor = |which: usize| {
        let listed = list(now, "competitors");
        Some(listed.get(which.checked_rem(listed.len())?)?["id"].clone())
    };
    let mut input = serde_json::Map::new();
    let mut put = |name: &str, value: Json| drop(input.insert(name.to_owned(), value));
    let mutation = match step {
        Step::SetRole { contact, role, primary } => {
            put("opportunityId", json!(sale));
            put("contactId", json!(desk.contacts[*contact]));
            role.iter().for_each(|role| put("role", json!(ROLES[*role])));
            primary.iter().for_each(|primary| put("primary", json!(primary)));
            "setContactRole"
        }
        Step::RemoveRole(contact) => {
            put("opportunityId", json!(sale));
            put("contactId", json!(desk.contacts[*contact]));
            "removeContactRole"
        }
        Step::Primary(contact) => {
            put("id", json!(sale));
            put("primaryContactId", json!(contact.map(|contact| &desk.contacts[contact])));
            "updateOpportunity"
        }
        Step::DeleteContact(contact) => {
            put("id", json!(desk.contacts[*contact]));
            "deleteContact"
        }
        Step::RestoreContact(contact) => {
            put("id", json!(desk.contacts[*contact]));
            "restoreContact"
        }
        Step::Add { name, incumbent } => {
            put("opportunityId", json!(sale));
            put("name", json!(NAMES[*name]));
            put("incumbent", json!(incumbent));
            "addCompetitor"
        }
        Step::Change { which, name, dismissed } => {
            put("id", competitor(*which)?);
            name.iter().for_each(|name| put("name", json!(NAMES[*name])));
            dismissed.iter().for_each(|dismissed| put("dismissed", json!(dismissed)));
            "updateCompetitor"
        }
        Step::Remove(which) => {
            put("id", competitor(*which)?);
            "removeCompetitor"
        }
        Step::Reach { kind, days_ago, note } => {
            put("opportunityId", json!(sale));
            put("milestone", json!(MILESTONES[*kind]));
            put("reachedOn", json!(desk.server.app.today() - chrono::TimeDelta::days(*days_ago)));
            note.iter().for_each(|note| put("note", json!(note)));
            "reachMilestone"
        }
        Step::Clear(kind) => {
            put("opportunityId", json!(sale));
            put("milestone", json!(MILESTONES[*kind]));
            "clearMilestone"
        }
        Step::Move(stage) | Step::Reopen(stage) => {
            put("id", json!(sale));
            put("stageId", json!(desk.open[*stage]));
            if matches!(step, Step::Move(_)) { "moveOpportunity" } else { "reopenOpportunity" }
        }
        Step::Win => {
            put("id", json!(sale));
            "winOpportunity"
        }
        Step::Lose { to, name } => {
            put("id", json!(sale));
            put("reasonId", json!(desk.lost));
            if let Some(to) = to {
                put("lostToCompetitorId", competitor(*to)?);
            }
            name.iter().for_each(|name| put("lostTo", json!(NAMES[*name])));
            "loseOpportunity"
        }
        Step::DeleteAndRestore => {
            put("id", json!(sale));
            "deleteOpportunity"
        }
    };
    Some((mutation, Json::Object(input)))
}

/// Takes a step, and answers what the opportunity is like afterwards.
async fn take(desk: &Desk, sale: &str, now: Json, step: &Step, outcomes: &Outcomes) -> Json {
    let Some((mutation, input)) = call(desk, sale, &now, step) else { return now };
    let answer = desk.call(mutation, input).await;
    let refusals = answer.refusals(mutation);
    let outcome = refusals.first().and_then(|refusal| refusal.split(' ').next()).unwrap_or("OK");
    outcomes.saw(format!("{mutation} {outcome}"));
    if matches!(step, Step::DeleteAndRestore) {
        desk.call("restoreOpportunity", json!({ "id": sale })).await;
    }
    let after = desk.read(sale).await;
    if !refusals.is_empty() && mutation != "deleteOpportunity" {
        assert_eq!(after, now, "{mutation} was refused");
    }
    if let Some(answered) = answer.data(&format!("/{mutation}")).get("opportunity").filter(|answered| answered.is_object()) {
        assert_eq!(answered, &after, "{mutation}");
    }
    after
}

fn list<'a>(opportunity: &'a Json, name: &str) -> &'a Vec<Json> {
    opportunity[name].as_array().unwrap()
}

/// The rules that hold at any time.
fn check(now: &Json) {
    let primaries: Vec<&Json> = list(now, "contactRoles").iter().filter(|role| role["primary"] == true).collect();
    assert_eq!(primaries.len(), usize::from(!list(now, "contactRoles").is_empty()), "{now:#}");
    assert_eq!(primaries.first().map_or(&Json::Null, |role| &role["contact"]), &now["primaryContact"]);

    let key = |name: &Json| text(name).to_lowercase().replace('é', "e");
    let mut names: Vec<String> = list(now, "competitors").iter().map(|competitor| key(&competitor["name"])).collect();
    let winner = list(now, "competitors").iter().find(|row| !now["lostTo"].is_null() && key(&row["name"]) == key(&now["lostTo"]));
    assert_eq!(winner.map_or(&Json::Null, |row| &row["id"]), now["lostToCompetitor"].get("id").unwrap_or(&Json::Null), "{now:#}");
    assert!(winner.is_none_or(|row| row["name"] == now["lostTo"]), "{now:#}");
    assert!(now["lostTo"].is_null() || now["isClosed"] == true && now["isWon"] == false, "{now:#}");
    names.sort();
    names.dedup();
    assert_eq!(names.len(), list(now, "competitors").len());

    let kinds: Vec<String> = list(now, "milestones").iter().map(|milestone| text(&milestone["kind"])).collect();
    assert_eq!(kinds, MILESTONES);
    assert!(list(now, "milestones").iter().all(|row| row["reachedOn"].as_str().is_none_or(|day| day <= "2026-03-02")));
}

/// What the history tells of, in one form for what was replayed and for what is there.
#[derive(Debug, Default, PartialEq)]
struct State {
    fields: BTreeMap<String, Json>,
    roles: BTreeMap<String, Json>,
    competitors: BTreeMap<String, Json>,
    milestones: BTreeMap<String, Json>,
}

impl State {
    /// Follows the history from the beginning. Each entry must start where the one before it ended.
    fn replayed(history: &[Json]) -> Self {
        let mut state = Self::default();
        for change in history.iter().flat_map(|entry| list(entry, "fields")) {
            let (field, before, after) = (text(&change["field"]), &change["before"], &change["after"]);
            let some = if before.is_null() { after } else { before };
            let (part, key) = match field.as_str() {
                "contactRoles" => (&mut state.roles, text(&some["contact"])),
                "competitors" => (&mut state.competitors, text(&some["id"])),
                "milestones" => (&mut state.milestones, text(&some["kind"])),
                _ => (&mut state.fields, field),
            };
            let known = if after.is_null() { part.remove(&key) } else { part.insert(key.clone(), after.clone()) };
            assert_eq!(&known.unwrap_or_default(), before, "{key}");
        }
        state.fields.retain(|field, _| FIELDS.contains(&field.as_str()));
        state
    }

    fn of(now: &Json) -> Self {
        let by_key = |rows: &[Json], key: fn(&Json) -> &Json, value: fn(&Json) -> Json| {
            rows.iter().map(|row| (text(key(row)), value(row))).collect()
        };
        let reached: Vec<Json> = list(now, "milestones").iter().filter(|row| !row["reachedOn"].is_null()).cloned().collect();
        let field = |field: &str| match field {
            "primaryContact" | "lostToCompetitor" | "stage" => now[field].get("id").cloned().unwrap_or_default(),
            _ => now[field].clone(),
        };
        let fields = FIELDS.iter().map(|name| ((*name).to_owned(), field(name)));
        Self {
            fields: fields.filter(|(_, value)| !value.is_null()).collect(),
            roles: by_key(
                list(now, "contactRoles"),
                |row| &row["contact"]["id"],
                |row| json!({ "contact": row["contact"]["id"], "role": row["role"] }),
            ),
            competitors: by_key(list(now, "competitors"), |row| &row["id"], Json::clone),
            milestones: by_key(
                &reached,
                |row| &row["kind"],
                |row| {
                    json!({
                        "kind": row["kind"], "reachedOn": row["reachedOn"], "reachedBy": row["reachedBy"]["id"], "note": row["note"],
                    })
                },
            ),
        }
    }
}

const FIELDS: [&str; 6] = ["isClosed", "isWon", "lostTo", "lostToCompetitor", "primaryContact", "stage"];

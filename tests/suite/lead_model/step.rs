//! What can be done to leads in a sequence, and how sequences are made up.

use chrono::{DateTime, Days, TimeDelta, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::model::Model;

/// When all of it happens: the clock of the tests stands still.
pub const NOW: &str = "2026-03-02T09:00:00.000Z";

/// Who takes a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Manager,
    Rosa,
    Rolf,
    Viewer,
}

/// Who is to own a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    Nobody,
    Inactive,
    Somebody(Who),
}

/// What version a step says that the lead has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    Unsaid,
    Current,
    Stale,
}

/// Which account a lead becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Into {
    New,
    Existing(usize),
}

/// A change of a lead's fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    FirstName(bool),
    LastName(bool),
    Company(bool),
    Rating(Option<&'static str>),
    BadEmail,
    Nothing,
}

impl Edit {
    /// The field and its new value, if any.
    pub fn change(self) -> Option<(&'static str, Value)> {
        match self {
            Self::FirstName(there) => Some(("firstName", json!(there.then_some("Ada")))),
            Self::LastName(there) => Some(("lastName", json!(there.then_some("Lovelace")))),
            Self::Company(there) => Some(("company", json!(there.then_some("Acme")))),
            Self::Rating(rating) => Some(("rating", json!(rating))),
            Self::BadEmail => Some(("email", json!("nobody"))),
            Self::Nothing => None,
        }
    }

    /// What it is in the input of a mutation.
    pub fn input(self) -> Value {
        self.change().map_or_else(|| json!({}), |(field, value)| json!({ field: value }))
    }
}

/// The names of the criteria; the first three are needed.
pub const CRITERIA: [&str; 4] = ["need", "budget", "timeline", "authority"];

/// What is found out about each criterion: nothing new, that it is unknown after all, or a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assessment(pub [Option<Option<&'static str>>; 4]);

impl Assessment {
    /// The input of a mutation.
    pub fn input(self, id: &str) -> Value {
        let mut input = json!({ "id": id });
        for (name, state) in CRITERIA.into_iter().zip(self.0) {
            if let Some(state) = state {
                input[name] = state.map_or(Value::Null, |state| json!({ "state": state, "note": "Asked" }));
            }
        }
        input
    }
}

/// What is done.
#[derive(Debug, Clone)]
pub enum Action {
    Create { person: bool, company: bool, owner: Owner },
    Update(Edit),
    Assign(Owner),
    Claim,
    Release,
    SetStatus(&'static str),
    Assess(Assessment),
    Signal { kind: &'static str, days_ago: i64 },
    Qualify { assessment: Assessment, overriding: bool },
    Disqualify,
    Reopen,
    Delete,
    Restore,
    CreateAccount,
    Convert { into: Into, opportunity: bool },
    Revert,
    Log { kind: &'static str, outbound: bool, done: Option<u32>, also: Option<usize> },
    LogOnAccount,
    Complete(usize),
    Discard(usize),
    Recover(usize),
}

/// One step: who does what to which lead.
#[derive(Debug, Clone)]
pub struct Step {
    pub who: Who,
    pub lead: usize,
    pub expected: Expected,
    pub action: Action,
}

impl Step {
    /// Whether the mutation of this step takes an expected version of the lead.
    fn is_guarded(&self) -> bool {
        use Action::{Complete, Create, CreateAccount, Discard, Log, LogOnAccount, Recover, Restore};
        !matches!(
            self.action,
            Create { .. } | CreateAccount | Restore | Log { .. } | LogOnAccount | Complete(_) | Discard(_) | Recover(_)
        )
    }

    /// The version that the step says that the lead has.
    pub fn expected_version(&self, model: &Model) -> Option<i64> {
        let version = model.lead(self.lead)?.version;
        match self.expected {
            Expected::Current if self.is_guarded() => Some(version),
            Expected::Stale if self.is_guarded() => Some(version - 1),
            _ => None,
        }
    }

    /// Whether the step says a version that the lead doesn't have.
    pub fn is_stale(&self) -> bool {
        self.is_guarded() && self.expected == Expected::Stale
    }
}

/// A day before today, or after it.
pub fn day(days_ago: i64) -> String {
    let today = NOW.parse::<DateTime<Utc>>().unwrap().date_naive();
    let day = if days_ago < 0 {
        today + Days::new(days_ago.unsigned_abs())
    } else {
        today - Days::new(days_ago.unsigned_abs())
    };
    day.to_string()
}

/// A moment before now, as the API writes it.
pub fn minutes_ago(minutes: u32) -> String {
    let moment = NOW.parse::<DateTime<Utc>>().unwrap() - TimeDelta::minutes(minutes.into());
    moment.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// Sequences: one or two leads to begin with, so that the rest is about something, and up to 14 steps.
pub fn sequence() -> impl Strategy<Value = Vec<Step>> {
    let first = created(Just(Owner::Nobody))
        .prop_map(|action| Step { who: Who::Manager, lead: 0, expected: Expected::Unsaid, action });
    (proptest::collection::vec(first, 1..3), proptest::collection::vec(step(), 2..15)).prop_map(|(mut first, steps)| {
        first.extend(steps);
        first
    })
}

fn step() -> impl Strategy<Value = Step> {
    let expected = prop_oneof![8 => Just(Expected::Unsaid), 3 => Just(Expected::Current), 1 => Just(Expected::Stale)];
    (who(), 0..3_usize, expected, action()).prop_map(|(who, lead, expected, action)| Step { who, lead, expected, action })
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![6 => Just(Who::Manager), 6 => Just(Who::Rosa), 3 => Just(Who::Rolf), 1 => Just(Who::Viewer)]
}

fn owner() -> impl Strategy<Value = Owner> {
    prop_oneof![
        3 => Just(Owner::Nobody),
        1 => Just(Owner::Inactive),
        6 => who().prop_map(Owner::Somebody),
    ]
}

fn created(owner: impl Strategy<Value = Owner>) -> impl Strategy<Value = Action> {
    (proptest::bool::weighted(0.8), proptest::bool::weighted(0.7), owner)
        .prop_map(|(person, company, owner)| Action::Create { person, company: company || !person, owner })
}

fn assessment(met: u32) -> impl Strategy<Value = Assessment> {
    let state = prop_oneof![
        2 => Just(None),
        1 => Just(Some(None)),
        met => Just(Some(Some("MET"))),
        1 => Just(Some(Some("NOT_MET"))),
        1 => Just(Some(Some("UNKNOWN"))),
    ];
    proptest::array::uniform4(state).prop_map(Assessment)
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        any::<bool>().prop_map(Edit::FirstName),
        any::<bool>().prop_map(Edit::LastName),
        any::<bool>().prop_map(Edit::Company),
        proptest::sample::select(vec![None, Some("HOT"), Some("COLD")]).prop_map(Edit::Rating),
        Just(Edit::BadEmail),
        Just(Edit::Nothing),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    let status = proptest::sample::select(crate::leads::STATUSES.to_vec());
    let signal = proptest::sample::select(vec!["EXPRESSED_INTEREST", "MEETING_AGREED", "PRICING_AGREED"]);
    let kind = proptest::sample::select(vec!["CALL", "EMAIL", "MEETING", "TASK", "NOTE"]);
    let into = prop_oneof![2 => Just(Into::New), 1 => (0..3_usize).prop_map(Into::Existing)];
    let done = proptest::option::of(0..10_000_u32);
    let also = proptest::option::weighted(0.3, 0..3_usize);
    let nameless = Just(Action::Create { person: false, company: false, owner: Owner::Nobody });
    let lead_work = prop_oneof![
        2 => created(owner()),
        1 => nameless,
        4 => edit().prop_map(Action::Update),
        3 => owner().prop_map(Action::Assign),
        3 => Just(Action::Claim),
        2 => Just(Action::Release),
        4 => status.prop_map(Action::SetStatus),
        3 => assessment(4).prop_map(Action::Assess),
        2 => (signal, -1..10_i64).prop_map(|(kind, days_ago)| Action::Signal { kind, days_ago }),
        4 => (assessment(12), proptest::bool::weighted(0.4))
            .prop_map(|(assessment, overriding)| Action::Qualify { assessment, overriding }),
        2 => Just(Action::Disqualify),
        2 => Just(Action::Reopen),
        2 => Just(Action::Delete),
        2 => Just(Action::Restore),
    ];
    let beyond = prop_oneof![
        1 => Just(Action::CreateAccount),
        6 => (into, proptest::bool::weighted(0.7)).prop_map(|(into, opportunity)| Action::Convert { into, opportunity }),
        5 => Just(Action::Revert),
        5 => (kind, any::<bool>(), done, also)
            .prop_map(|(kind, outbound, done, also)| Action::Log { kind, outbound, done, also }),
        2 => Just(Action::LogOnAccount),
        2 => (0..4_usize).prop_map(Action::Complete),
        2 => (0..4_usize).prop_map(Action::Discard),
        1 => (0..4_usize).prop_map(Action::Recover),
    ];
    prop_oneof![lead_work, beyond]
}

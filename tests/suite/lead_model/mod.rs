//! A thousand random sequences of work on leads, by several people, against a small model that says what must come of each step.
//! After each sequence the leads, their histories and their activities must be what the model says.

mod check;
mod model;
mod step;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::harness::{Answer, Person, TestServer};
use model::Model;
use step::{Action, Into, Owner, Step, Who};

/// How many sequences there are in all.
const CASES: u32 = 1_000;
/// How many are under way at the same time, on one server.
const TOGETHER: u32 = 4;

/// The server and the people who work on its leads.
struct World {
    server: TestServer,
    manager: Person,
    rosa: Person,
    rolf: Person,
    viewer: Person,
    inactive: Person,
    reason: String,
    /// How often each mutation came out how: sequences that never get anywhere would prove nothing.
    outcomes: Mutex<BTreeMap<(&'static str, String), usize>>,
}

impl World {
    async fn new() -> Self {
        let server = TestServer::start_with(|settings| settings.workers = 2).await;
        let admin = server.admin().await;
        Self {
            manager: server.manager().await,
            rosa: server.rep().await,
            rolf: server.rep().await,
            viewer: server.viewer().await,
            inactive: server.inactive(&admin).await,
            reason: server.reason("No need").await,
            outcomes: Mutex::default(),
            server,
        }
    }

    fn person(&self, who: Who) -> &Person {
        match who {
            Who::Manager => &self.manager,
            Who::Rosa => &self.rosa,
            Who::Rolf => &self.rolf,
            Who::Viewer => &self.viewer,
        }
    }

    fn owner(&self, owner: Owner) -> Value {
        match owner {
            Owner::Nobody => Value::Null,
            Owner::Inactive => json!(self.inactive.id.to_string()),
            Owner::Somebody(who) => json!(self.person(who).id.to_string()),
        }
    }

    /// Takes one step through the API, if it is about something that is there.
    async fn take(&self, model: &Model, step: &Step) -> Option<Answer> {
        let (mutation, mut input) = self.call(model, step)?;
        if let Some(version) = step.expected_version(model) {
            input["expectedVersion"] = json!(version);
        }
        let answer = self.server.graphql(self.person(step.who), &document(mutation), json!({ "input": input })).await;
        let outcome = codes(&answer).pop().unwrap_or_else(|| "OK".to_owned());
        *self.outcomes.lock().unwrap().entry((mutation, outcome)).or_default() += 1;
        Some(answer)
    }

    /// Fails where a mutation, or a refusal, was hardly seen.
    fn check_coverage(&self) {
        let outcomes = self.outcomes.lock().unwrap();
        let seen = |mutation: &str, outcome: &str| outcomes.get(&(mutation, outcome.to_owned())).copied().unwrap_or_default();
        for (mutation, wanted) in COVERAGE {
            for outcome in wanted.split(' ') {
                assert!(seen(mutation, outcome) >= 5, "{mutation} came out {outcome} too seldom: {outcomes:#?}");
            }
        }
    }

    /// The mutation and input of a step; nothing where it is about something that isn't there.
    fn call(&self, model: &Model, step: &Step) -> Option<(&'static str, Value)> {
        if let Action::Create { person, company, owner } = &step.action {
            let input = json!({
                "firstName": person.then_some("Ada"), "lastName": person.then_some("Lovelace"),
                "company": company.then_some("Acme"), "ownerId": self.owner(*owner),
            });
            return Some(("createLead", input));
        }
        if let Action::CreateAccount = step.action {
            return Some(("createAccount", json!({ "name": "Acme" })));
        }
        let lead = model.lead(step.lead)?;
        let id = &lead.id;
        Some(match &step.action {
            Action::Create { .. } | Action::CreateAccount => return None,
            Action::Update(edit) => {
                let mut input = edit.input();
                input["id"] = json!(id);
                ("updateLead", input)
            }
            Action::Assign(owner) => ("assignLead", json!({ "id": id, "ownerId": self.owner(*owner) })),
            Action::Claim => ("claimLead", json!({ "id": id })),
            Action::Release => ("releaseLead", json!({ "id": id })),
            Action::SetStatus(status) => ("setLeadStatus", json!({ "id": id, "status": status })),
            Action::Assess(assessment) => ("assessLead", assessment.input(id)),
            Action::Signal { kind, days_ago } => {
                ("recordBuyingSignal", json!({ "id": id, "kind": kind, "observedOn": step::day(*days_ago) }))
            }
            Action::Qualify { assessment, overriding } => {
                let mut input = assessment.input(id);
                if *overriding {
                    input["overrideReason"] = json!("The board knows them");
                }
                ("qualifyLead", input)
            }
            Action::Disqualify => ("disqualifyLead", json!({ "id": id, "reasonId": self.reason, "note": "Not now" })),
            Action::Reopen => ("reopenLead", json!({ "id": id })),
            Action::Delete => ("deleteLead", json!({ "id": id })),
            Action::Restore => ("restoreLead", json!({ "id": id })),
            Action::Convert { into, opportunity } => {
                let mut input = json!({ "leadId": id, "withoutOpportunity": !opportunity });
                if let Into::Existing(index) = into {
                    input["accountId"] = json!(model.account(*index)?.id);
                }
                ("convertLead", input)
            }
            Action::Revert => ("revertLeadConversion", json!({ "id": id })),
            Action::Log { kind, outbound, done, also } => {
                let mut about = vec![json!(id)];
                about.extend(also.and_then(|index| model.lead(index)).map(|lead| json!(lead.id)));
                let input = json!({
                    "kind": kind, "subject": "Talk", "aboutIds": about, "direction": if *outbound { "OUTBOUND" } else { "INBOUND" },
                    "completedAt": done.map(step::minutes_ago),
                });
                ("createActivity", input)
            }
            Action::LogOnAccount => {
                let account = model.account_of(step.lead)?;
                ("createActivity", json!({ "kind": "NOTE", "subject": "Built upon", "aboutIds": [account.id] }))
            }
            Action::Complete(index) => ("completeActivity", json!({ "id": model.activity(*index)?.id })),
            Action::Discard(index) => ("deleteActivity", json!({ "id": model.activity(*index)?.id })),
            Action::Recover(index) => ("restoreActivity", json!({ "id": model.activity(*index)?.id })),
        })
    }
}

/// What each mutation must have come to, at least a few times.
const COVERAGE: [(&str, &str); 19] = [
    ("createLead", "OK FORBIDDEN REQUIRED INACTIVE_USER"),
    ("updateLead", "OK FORBIDDEN NOT_FOUND VERSION_CONFLICT ALREADY_CONVERTED REQUIRED INVALID"),
    ("assignLead", "OK FORBIDDEN NOT_FOUND VERSION_CONFLICT ALREADY_CONVERTED INACTIVE_USER"),
    ("claimLead", "OK FORBIDDEN NOT_FOUND VERSION_CONFLICT ALREADY_CONVERTED ALREADY_OWNED"),
    ("releaseLead", "OK FORBIDDEN NOT_FOUND VERSION_CONFLICT ALREADY_CONVERTED INVALID"),
    ("setLeadStatus", "OK FORBIDDEN NOT_FOUND VERSION_CONFLICT ILLEGAL_TRANSITION INVALID"),
    ("assessLead", "OK FORBIDDEN NOT_FOUND VERSION_CONFLICT ALREADY_CONVERTED"),
    ("recordBuyingSignal", "OK FORBIDDEN NOT_FOUND VERSION_CONFLICT ALREADY_CONVERTED OUT_OF_RANGE"),
    ("qualifyLead", "OK FORBIDDEN NOT_FOUND VERSION_CONFLICT ILLEGAL_TRANSITION NOT_QUALIFIED"),
    ("disqualifyLead", "OK FORBIDDEN NOT_FOUND VERSION_CONFLICT ILLEGAL_TRANSITION"),
    ("reopenLead", "OK FORBIDDEN NOT_FOUND VERSION_CONFLICT ILLEGAL_TRANSITION"),
    ("deleteLead", "OK FORBIDDEN NOT_FOUND VERSION_CONFLICT ALREADY_CONVERTED"),
    ("restoreLead", "OK FORBIDDEN"),
    ("convertLead", "OK FORBIDDEN NOT_FOUND VERSION_CONFLICT ALREADY_CONVERTED ILLEGAL_TRANSITION REQUIRED"),
    ("revertLeadConversion", "OK FORBIDDEN NOT_FOUND VERSION_CONFLICT NOT_CONVERTED CANNOT_REVERT"),
    ("createActivity", "OK FORBIDDEN NOT_FOUND ALREADY_CONVERTED"),
    ("completeActivity", "OK FORBIDDEN NOT_FOUND ILLEGAL_TRANSITION"),
    ("deleteActivity", "OK FORBIDDEN NOT_FOUND"),
    ("restoreActivity", "OK FORBIDDEN"),
];

/// The shortest document for a mutation: the many steps are what takes time.
fn document(mutation: &str) -> String {
    let (input, payload) = match mutation {
        "createLead" => ("CreateLeadInput", "lead { id version status }"),
        "updateLead" => ("UpdateLeadInput", "lead { id version status }"),
        "assignLead" => ("AssignLeadInput", "lead { id version status }"),
        "setLeadStatus" => ("SetLeadStatusInput", "lead { id version status }"),
        "assessLead" => ("AssessLeadInput", "lead { id version status }"),
        "recordBuyingSignal" => ("RecordBuyingSignalInput", "lead { id version status }"),
        "qualifyLead" => ("QualifyLeadInput", "lead { id version status }"),
        "disqualifyLead" => ("DisqualifyLeadInput", "lead { id version status }"),
        "restoreLead" => ("RestoreInput", "lead { id version status }"),
        "convertLead" => ("ConvertLeadInput", "lead { id version status } account { id } contact { id } opportunity { id }"),
        "createAccount" => ("CreateAccountInput", "account { id }"),
        "createActivity" => ("CreateActivityInput", "activity { id }"),
        "completeActivity" => ("CompleteActivityInput", "activity { id }"),
        "restoreActivity" => ("RestoreInput", "activity { id }"),
        "deleteLead" | "deleteActivity" => ("DeleteInput", "deletedId"),
        _ => ("LeadIdInput", "lead { id version status }"),
    };
    format!("mutation($input: {input}!) {{ it: {mutation}(input: $input) {{ {payload} userErrors {{ code message }} }} }}")
}

/// The different codes of an answer, in order; none where the step was taken.
fn codes(answer: &Answer) -> Vec<String> {
    let refused = answer.json["data"]["it"]["userErrors"].as_array().cloned().unwrap_or_default();
    let mut codes: Vec<String> = answer.codes().into_iter().map(str::to_owned).collect();
    codes.extend(refused.iter().filter_map(|problem| problem["code"].as_str()).map(str::to_owned));
    codes.sort();
    codes.dedup();
    codes
}

/// One sequence: each step must come out as the model says, and what is left must be what the model has.
async fn play(world: &World, steps: &[Step]) -> Result<(), String> {
    let mut model = Model::new(world);
    for (number, step) in steps.iter().enumerate() {
        let Some(answer) = world.take(&model, step).await else { continue };
        let mut next = model.clone();
        let expected = next.apply(step);
        let came = codes(&answer);
        let wanted = expected.as_ref().err().cloned().unwrap_or_default();
        if came != wanted {
            return Err(format!("step {number}, {step:?}: expected {wanted:?}, got {}\n{model:#?}", answer.text));
        }
        if expected.is_ok() {
            next.take_ids(step, &answer.json["data"]["it"]);
            check::answer(&next, step, &answer.json["data"]["it"]).map_err(|error| format!("step {number}, {step:?}: {error}"))?;
            model = next;
        }
    }
    check::everything(world, &mut model).await
}

#[tokio::test(flavor = "multi_thread")]
async fn random_work_keeps_every_invariant() {
    let world = Arc::new(World::new().await);
    let runtime = tokio::runtime::Handle::current();
    let batches: Vec<_> = (0..TOGETHER)
        .map(|batch| {
            let (world, runtime) = (world.clone(), runtime.clone());
            tokio::task::spawn_blocking(move || {
                // The same sequences in every run, so that a failure can be looked into.
                let seed = u8::try_from(batch).unwrap() + 1;
                let config = Config { cases: CASES / TOGETHER, failure_persistence: None, ..Config::default() };
                let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
                runner.run(&step::sequence(), |steps| {
                    runtime.block_on(play(&world, &steps)).map_err(TestCaseError::fail)
                })
            })
        })
        .collect();
    for outcome in futures_util::future::join_all(batches).await {
        match outcome.unwrap() {
            Ok(()) => {}
            Err(TestError::Fail(reason, steps)) => panic!("{}\nin {steps:#?}", reason.message()),
            Err(error) => panic!("{error}"),
        }
    }
    world.check_coverage();
}

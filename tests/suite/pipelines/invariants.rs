//! Whatever administrators and sellers do, in any order: the invariants of pipelines hold.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::Desk;

/// Something that is tried; numbers choose among what is there.
#[derive(Debug, Clone)]
enum Step {
    CreatePipeline(u8),
    RenamePipeline(u8, u8),
    Activate(u8, bool),
    MakeDefault(u8),
    DeletePipeline(u8),
    ReorderPipelines(u8),
    CreateStage(u8, u8, u8),
    ChangeStage(u8, u8, u8),
    ActivateStage(u8, u8, bool),
    DeleteStage(u8, u8),
    ReorderStages(u8, u8),
    Replace(u8, u8, u8),
    Deal(u8, u8),
    Move(u8, u8, u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let n = any::<u8>;
    let step = prop_oneof![
        n().prop_map(Step::CreatePipeline),
        (n(), n()).prop_map(|(a, b)| Step::RenamePipeline(a, b)),
        (n(), any::<bool>()).prop_map(|(a, b)| Step::Activate(a, b)),
        n().prop_map(Step::MakeDefault),
        n().prop_map(Step::DeletePipeline),
        n().prop_map(Step::ReorderPipelines),
        (n(), n(), n()).prop_map(|(a, b, c)| Step::CreateStage(a, b, c)),
        (n(), n(), n()).prop_map(|(a, b, c)| Step::ChangeStage(a, b, c)),
        (n(), n(), any::<bool>()).prop_map(|(a, b, c)| Step::ActivateStage(a, b, c)),
        (n(), n()).prop_map(|(a, b)| Step::DeleteStage(a, b)),
        (n(), n()).prop_map(|(a, b)| Step::ReorderStages(a, b)),
        (n(), n(), n()).prop_map(|(a, b, c)| Step::Replace(a, b, c)),
        (n(), n()).prop_map(|(a, b)| Step::Deal(a, b)),
        (n(), n(), n()).prop_map(|(a, b, c)| Step::Move(a, b, c)),
    ];
    prop::collection::vec(step, 1..40)
}

/// One of a list, whatever the number.
fn pick(list: &[Json], number: u8) -> &Json {
    &list[usize::from(number) % list.len()]
}

fn list(value: &Json) -> &[Json] {
    value.as_array().unwrap()
}

const CATEGORIES: [&str; 3] = ["OPEN", "WON", "LOST"];

struct Run {
    desk: Desk,
    account: Json,
    deals: Vec<Json>,
}

impl Run {
    /// Tries a step. It may be refused, but never fail.
    async fn play(&mut self, step: &Step, pipelines: &[Json]) {
        let stage = |pipeline: u8, stage: u8| pick(list(&pick(pipelines, pipeline)["stages"]), stage)["id"].clone();
        let turned = |entries: &[Json], by: u8| {
            let mut ids: Vec<Json> = entries.iter().map(|entry| entry["id"].clone()).collect();
            let by = usize::from(by) % ids.len();
            ids.rotate_left(by);
            ids
        };
        let id = |number: u8| pick(pipelines, number)["id"].clone();
        let (mutation, input) = match *step {
            Step::CreatePipeline(name) => {
                self.desk.renewals(&format!("Pipeline {}", name % 5)).await.data("");
                return;
            }
            Step::RenamePipeline(number, name) => {
                ("updatePipeline", json!({ "id": id(number), "name": format!("Pipeline {}", name % 5) }))
            }
            Step::Activate(number, active) => ("updatePipeline", json!({ "id": id(number), "active": active })),
            Step::MakeDefault(number) => ("makePipelineDefault", json!({ "id": id(number) })),
            Step::DeletePipeline(number) => ("deletePipeline", json!({ "id": id(number) })),
            Step::ReorderPipelines(by) => ("reorderPipelines", json!({ "ids": turned(pipelines, by) })),
            Step::CreateStage(number, kind, place) => {
                let category = CATEGORIES[usize::from(kind) % 3];
                let probability = [Some(kind % 101), None][usize::from(category != "OPEN")];
                let input = json!({
                    "pipelineId": id(number), "name": format!("Stage {}", place % 8), "category": category,
                    "probability": probability, "position": place % 9,
                });
                ("createStage", input)
            }
            Step::ChangeStage(number, which, kind) => {
                let input = json!({ "id": stage(number, which), "category": CATEGORIES[usize::from(kind) % 3], "name": format!("Stage {}", kind % 8) });
                ("updateStage", input)
            }
            Step::ActivateStage(number, which, active) => {
                ("updateStage", json!({ "id": stage(number, which), "active": active }))
            }
            Step::DeleteStage(number, which) => ("deleteStage", json!({ "id": stage(number, which) })),
            Step::ReorderStages(number, by) => {
                let pipeline = pick(pipelines, number);
                ("reorderStages", json!({ "pipelineId": pipeline["id"], "ids": turned(list(&pipeline["stages"]), by) }))
            }
            Step::Replace(number, which, by) => {
                ("replaceStage", json!({ "id": stage(number, which), "replacementId": stage(number, by) }))
            }
            Step::Deal(number, which) => {
                let answer = self.desk.deal(&self.account, &stage(number, which)).await;
                let made = &answer.data("/createOpportunity/opportunity")["id"];
                self.check_entry(pipelines, &stage(number, which), !made.is_null());
                self.deals.extend(Some(made.clone()).filter(|made| !made.is_null()));
                return;
            }
            Step::Move(deal, number, which) => {
                let Some(deal) = self.deals.get(usize::from(deal) % self.deals.len().max(1)) else { return };
                ("moveOpportunity", json!({ "id": deal, "stageId": stage(number, which) }))
            }
        };
        let asked = match mutation {
            "deletePipeline" | "deleteStage" => "deletedId",
            "replaceStage" => "moved",
            _ => "__typename",
        };
        self.desk.call(mutation, asked, input).await.data("");
    }

    /// A new opportunity comes to an active open stage of an active pipeline, and to no other.
    fn check_entry(&self, pipelines: &[Json], stage: &Json, came: bool) {
        for pipeline in pipelines {
            for found in list(&pipeline["stages"]).iter().filter(|found| found["id"] == *stage) {
                let may = pipeline["active"] == true && found["active"] == true && found["category"] == "OPEN";
                assert_eq!(came, may, "{found} of {pipeline}");
            }
        }
    }
}

/// What always holds.
fn check(pipelines: &[Json], deals: usize) {
    let defaults: Vec<&Json> = pipelines.iter().filter(|pipeline| pipeline["isDefault"] == true).collect();
    assert!(defaults.len() == 1 && defaults[0]["active"] == true, "one active default: {pipelines:?}");
    let mut places: Vec<i64> = pipelines.iter().map(|pipeline| pipeline["position"].as_i64().unwrap()).collect();
    places.sort_unstable();
    assert!(places.iter().zip(1..).all(|(place, expected)| *place == expected), "places {places:?}");
    let mut total = 0;
    for pipeline in pipelines {
        let stages = list(&pipeline["stages"]);
        for category in CATEGORIES {
            assert!(
                stages.iter().any(|stage| stage["active"] == true && stage["category"] == category),
                "{category}: {pipeline}"
            );
        }
        assert!(stages.iter().zip(1..).all(|(stage, place)| stage["position"] == place), "places: {pipeline}");
        let mut names: Vec<&str> = stages.iter().map(|stage| stage["name"].as_str().unwrap()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), stages.len(), "names: {pipeline}");
        for stage in stages {
            let (probability, forecast) = (stage["probability"].as_i64().unwrap(), stage["forecastCategory"].as_str().unwrap());
            assert!(
                match stage["category"].as_str().unwrap() {
                    "WON" => (probability, forecast) == (100, "CLOSED"),
                    "LOST" => (probability, forecast) == (0, "OMITTED"),
                    _ => (0..=100).contains(&probability) && forecast != "CLOSED",
                },
                "{stage}"
            );
            assert!(stage["opportunityCount"] == 0 || stage["everUsed"] == true, "{stage}");
        }
        let inside: i64 = stages.iter().map(|stage| stage["opportunityCount"].as_i64().unwrap()).sum();
        assert_eq!(pipeline["opportunityCount"], inside, "{pipeline}");
        total += inside;
    }
    assert_eq!(usize::try_from(total).unwrap(), deals, "no opportunity is lost");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn hold_whatever_is_done(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let desk = Desk::new().await;
            desk.renewals("Pipeline 0").await.payload("createPipeline");
            let account = desk.account().await;
            let mut run = Run { desk, account, deals: Vec::new() };
            for step in &steps {
                let pipelines = run.desk.pipelines().await;
                run.play(step, &pipelines).await;
                check(&run.desk.pipelines().await, run.deals.len());
            }
        });
    }
}

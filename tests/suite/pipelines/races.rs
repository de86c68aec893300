//! Several administrators and sellers at once: the rules of pipelines hold, and nobody fails because of somebody else.

use futures_util::future::join_all;
use serde_json::{Value as Json, json};

use super::Desk;
use crate::harness::Answer;

/// The codes of what came of calls that may be refused, but never fail.
fn codes(answers: &[(&'static str, Answer)]) -> Vec<String> {
    answers.iter().flat_map(|(mutation, answer)| answer.refusals(mutation)).collect()
}

/// Two administrators at two servers, and what both do at the same moment.
async fn both(desks: &[&Desk], calls: Vec<(&'static str, Json)>) -> Vec<(&'static str, Answer)> {
    let calls = calls
        .into_iter()
        .enumerate()
        .map(async |(place, (mutation, input))| (mutation, desks[place % desks.len()].call(mutation, "__typename", input).await));
    join_all(calls).await
}

/// The same administrator at another server.
async fn at_another(desk: &Desk) -> Desk {
    Desk { server: desk.server.another().await, admin: desk.admin.clone() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_default_and_complete_stages_whoever_is_faster() {
    let one = Desk::new().await;
    let other = at_another(&one).await;
    for name in ["A", "B", "C"] {
        one.renewals(name).await.payload("createPipeline");
    }
    for round in 0..6 {
        let pipelines = one.pipelines().await;
        let id = |number: usize| pipelines[number % pipelines.len()]["id"].clone();
        let calls = vec![
            ("makePipelineDefault", json!({ "id": id(round) })),
            ("makePipelineDefault", json!({ "id": id(round + 1) })),
            ("updatePipeline", json!({ "id": id(round), "active": false })),
            ("updatePipeline", json!({ "id": id(round + 1), "active": round % 2 == 0 })),
        ];
        codes(&both(&[&one, &other], calls).await);
        let pipelines = one.pipelines().await;
        let defaults: Vec<&Json> = pipelines.iter().filter(|pipeline| pipeline["isDefault"] == true).collect();
        assert!(defaults.len() == 1 && defaults[0]["active"] == true, "{pipelines:?}");
    }
    // Of two open stages each is taken away by somebody: one of them stays.
    let (due, offered) = (one.stage("B", "Due").await, one.stage("B", "Offered").await);
    let calls =
        vec![("deleteStage", json!({ "id": due["id"] })), ("updateStage", json!({ "id": offered["id"], "active": false }))];
    let refused = codes(&both(&[&one, &other], calls).await);
    assert_eq!(refused.len(), 1, "{refused:?}");
    let left = one.pipeline("B").await;
    let open = left["stages"].as_array().unwrap().iter().filter(|stage| stage["category"] == "OPEN" && stage["active"] == true);
    assert_eq!(open.count(), 1, "{left}");
    // The same name for two stages: one of them gets it.
    let pipeline = one.pipeline("C").await["id"].clone();
    let new = json!({ "pipelineId": pipeline, "name": "Trial", "probability": 50 });
    let refused = codes(&both(&[&one, &other], vec![("createStage", new.clone()), ("createStage", new)]).await);
    assert_eq!(refused, ["ALREADY_EXISTS input.name"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn stages_are_reordered_while_opportunities_move() {
    let one = Desk::new().await;
    let other = at_another(&one).await;
    one.renewals("Renewals").await.payload("createPipeline");
    let pipelines = one.pipelines().await;
    let ids = |pipeline: &Json| -> Vec<Json> {
        pipeline["stages"].as_array().unwrap().iter().map(|stage| stage["id"].clone()).collect()
    };
    let (sales, renewals) = (ids(&pipelines[0]), ids(&pipelines[1]));
    let account = one.account().await;
    let mut deals = Vec::new();
    for number in 0..4 {
        let made = one.deal(&account, &sales[number]).await;
        deals.push(made.payload("createOpportunity")["opportunity"]["id"].clone());
    }
    for round in 0..12 {
        let turned = |ids: &[Json], by: usize| {
            let mut ids = ids.to_vec();
            let by = by % ids.len();
            ids.rotate_left(by);
            ids
        };
        let mut calls = vec![
            ("reorderStages", json!({ "pipelineId": pipelines[0]["id"], "ids": turned(&sales, round + 1) })),
            ("reorderStages", json!({ "pipelineId": pipelines[1]["id"], "ids": turned(&renewals, round + 1) })),
        ];
        for (number, deal) in deals.iter().enumerate() {
            let to = if (round + number) % 3 == 0 { &renewals[(round + number) % 2] } else { &sales[(round * 3 + number) % 8] };
            calls.push(("moveOpportunity", json!({ "id": deal, "stageId": to })));
        }
        let refused = codes(&both(&[&one, &other], calls).await);
        assert!(refused.iter().all(|code| code == "ILLEGAL_TRANSITION"), "{refused:?}");
    }
    for pipeline in one.pipelines().await {
        let places = pipeline["stages"].as_array().unwrap().iter().map(|stage| stage["position"].as_i64().unwrap());
        assert!(places.zip(1..).all(|(place, expected)| place == expected), "{pipeline}");
    }
}

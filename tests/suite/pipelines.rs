//! Pipelines and stages: what administrators do with them, and what always holds.

mod invariants;
mod races;

use serde_json::{Value as Json, json};

use crate::harness::{Answer, Person, TestServer};

const STAGE: &str = "id name position probability category forecastCategory active version opportunityCount everUsed";

/// An administrator at a server of their own.
pub struct Desk {
    pub server: TestServer,
    pub admin: Person,
}

impl Desk {
    pub async fn new() -> Self {
        let server = TestServer::start().await;
        let admin = server.admin().await;
        Self { server, admin }
    }

    pub async fn ask(&self, query: &str, variables: Json) -> Json {
        self.server.graphql(&self.admin, query, variables).await.data("").clone()
    }

    /// Calls a mutation with one input, and asks for these fields of its payload.
    pub async fn call(&self, mutation: &str, asked: &str, input: Json) -> Answer {
        let name = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let input_type = match mutation {
            "deleteStage" | "deletePipeline" => "DeleteInput",
            "makePipelineDefault" => "PipelineIdInput",
            _ => name.as_str(),
        };
        let query = format!(
            "mutation($input: {input_type}!) {{ {mutation}(input: $input) {{ {asked} userErrors {{ code message field details }} }} }}"
        );
        self.server.graphql(&self.admin, &query, json!({ "input": input })).await
    }

    /// All pipelines with their stages.
    pub async fn pipelines(&self) -> Vec<Json> {
        let query =
            format!("{{ pipelines {{ id name isDefault active position version opportunityCount stages {{ {STAGE} }} }} }}");
        self.ask(&query, json!({})).await["pipelines"].as_array().unwrap().clone()
    }

    async fn pipeline(&self, name: &str) -> Json {
        self.pipelines().await.into_iter().find(|pipeline| pipeline["name"] == name).unwrap()
    }

    async fn stage(&self, pipeline: &str, name: &str) -> Json {
        let pipeline = self.pipeline(pipeline).await;
        pipeline["stages"].as_array().unwrap().iter().find(|stage| stage["name"] == name).unwrap().clone()
    }

    /// A pipeline of four stages: Due, Offered, Renewed, Ended.
    pub async fn renewals(&self, name: &str) -> Answer {
        let stages = json!([
            { "name": "Due", "probability": 40 },
            { "name": "Offered", "probability": 70, "forecastCategory": "COMMIT" },
            { "name": "Renewed", "category": "WON" },
            { "name": "Ended", "category": "LOST" },
        ]);
        self.call("createPipeline", "pipeline { id }", json!({ "name": name, "stages": stages })).await
    }

    pub async fn account(&self) -> Json {
        let query = "mutation { createAccount(input: {name: \"Axon\"}) { account { id } } }";
        self.ask(query, json!({})).await["createAccount"]["account"]["id"].clone()
    }

    /// An opportunity in a stage.
    pub async fn deal(&self, account: &Json, stage: &Json) -> Answer {
        let input = json!({ "name": "Deal", "accountId": account, "stageId": stage, "closeDate": "2026-12-31" });
        self.call("createOpportunity", "opportunity { id }", input).await
    }

    async fn opportunity(&self, id: &Json) -> Json {
        let query = "query($id: ID!) { opportunity(id: $id) { version probability isClosed stage { name } pipeline { name }
            stageHistory { from { name } to { name } probability secondsInPrevious } history { nodes { action } } } }";
        self.ask(query, json!({ "id": id })).await["opportunity"].clone()
    }
}

fn names(list: &Json) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap()).collect()
}

fn made(answer: &Answer, mutation: &str, path: &str) -> Json {
    answer.payload(mutation)[path]["id"].clone()
}

#[tokio::test]
async fn a_pipeline_is_created_with_its_stages() {
    let desk = Desk::new().await;
    desk.renewals("Renewals").await.payload("createPipeline");
    let made = desk.pipeline("Renewals").await;
    assert_eq!((&made["position"], &made["isDefault"], &made["active"]), (&json!(2), &json!(false), &json!(true)));
    let shown: Vec<String> = made["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| {
            let text = |field: &str| stage[field].as_str().unwrap();
            format!(
                "{} {} {} {} {}",
                stage["position"],
                text("name"),
                stage["probability"],
                text("category"),
                text("forecastCategory")
            )
        })
        .collect();
    let expected = ["1 Due 40 OPEN PIPELINE", "2 Offered 70 OPEN COMMIT", "3 Renewed 100 WON CLOSED", "4 Ended 0 LOST OMITTED"];
    assert_eq!(shown, expected);
    assert_eq!(desk.renewals("RÉNEWALS").await.refusals("createPipeline"), ["ALREADY_EXISTS input.name"]);
}

#[tokio::test]
async fn a_pipeline_that_makes_no_sense_is_refused_all_at_once() {
    let desk = Desk::new().await;
    let before = desk.pipelines().await;
    for (stages, expected) in [
        (json!([]), vec!["INVALID input.stages"]),
        (
            json!([{ "name": "One", "probability": 101 }, { "name": "óne" }, { "name": "Won", "category": "WON", "probability": 90 }]),
            vec![
                "OUT_OF_RANGE input.stages.0.probability",
                "REQUIRED input.stages.1.probability",
                "ALREADY_EXISTS input.stages.1.name",
                "OUT_OF_RANGE input.stages.2.probability",
                "INVALID input.stages",
            ],
        ),
        (
            json!([
                { "name": " ", "probability": 10, "forecastCategory": "CLOSED" },
                { "name": "Won", "category": "WON", "forecastCategory": "COMMIT" },
                { "name": "Lost", "category": "LOST" },
            ]),
            vec![
                "REQUIRED input.stages.0.name",
                "INVALID input.stages.0.forecastCategory",
                "INVALID input.stages.1.forecastCategory",
            ],
        ),
        (json!(vec![json!({ "name": "x", "probability": 1 }); 51]), vec!["OUT_OF_RANGE input.stages"]),
    ] {
        let answer = desk.call("createPipeline", "pipeline { id }", json!({ "name": "New", "stages": stages })).await;
        assert_eq!(answer.refusals("createPipeline"), expected, "{}", answer.text);
    }
    assert_eq!(desk.pipelines().await, before);
}

#[tokio::test]
async fn one_pipeline_is_the_default_and_active() {
    let desk = Desk::new().await;
    let renewals = made(&desk.renewals("Renewals").await, "createPipeline", "pipeline");
    let sales = desk.pipeline("Sales").await["id"].clone();
    let set = async |id: &Json, active: bool| {
        desk.call("updatePipeline", "pipeline { active }", json!({ "id": id, "active": active })).await
    };
    assert_eq!(set(&sales, false).await.refusals("updatePipeline"), ["INVALID input.active"]);
    set(&renewals, false).await.payload("updatePipeline");
    let default = async |id: &Json| desk.call("makePipelineDefault", "pipeline { isDefault }", json!({ "id": id })).await;
    assert_eq!(default(&renewals).await.refusals("makePipelineDefault"), ["INVALID input.id"]);
    set(&renewals, true).await.payload("updatePipeline");
    assert_eq!(default(&renewals).await.payload("makePipelineDefault")["pipeline"]["isDefault"], true);
    let pipelines = desk.pipelines().await;
    assert_eq!(names(&json!(pipelines)), ["Renewals", "Sales"]);
    assert_eq!((&pipelines[0]["isDefault"], &pipelines[1]["isDefault"]), (&json!(true), &json!(false)));

    let order = desk.call("reorderPipelines", "pipelines { name position }", json!({ "ids": [renewals, sales] })).await;
    assert_eq!(order.payload("reorderPipelines")["pipelines"][0], json!({ "name": "Renewals", "position": 1 }));
    let delete = async |id: &Json| desk.call("deletePipeline", "deletedId", json!({ "id": id })).await;
    assert_eq!(delete(&renewals).await.refusals("deletePipeline"), ["INVALID input.id"]);
    assert_eq!(delete(&sales).await.payload("deletePipeline")["deletedId"], sales);
    assert_eq!(desk.pipelines().await.len(), 1);
}

#[tokio::test]
async fn what_is_inactive_takes_no_more_opportunities() {
    let desk = Desk::new().await;
    desk.renewals("Renewals").await.payload("createPipeline");
    let (account, renewals) = (desk.account().await, desk.pipeline("Renewals").await);
    let stage = |place: usize| renewals["stages"][place]["id"].clone();
    let inside = made(&desk.deal(&account, &stage(0)).await, "createOpportunity", "opportunity");
    let sales = desk.stage("Sales", "Prospecting").await["id"].clone();
    let outside = made(&desk.deal(&account, &sales).await, "createOpportunity", "opportunity");
    let renewals_active = async |active: bool| {
        desk.call("updatePipeline", "pipeline { id }", json!({ "id": renewals["id"], "active": active }))
            .await
            .payload("updatePipeline");
    };
    let go = async |id: &Json, stage: &Json| {
        desk.call("moveOpportunity", "opportunity { id }", json!({ "id": id, "stageId": stage })).await
    };

    renewals_active(false).await;
    assert_eq!(desk.deal(&account, &stage(0)).await.refusals("createOpportunity"), ["INVALID input.stageId"]);
    let named = json!({ "name": "Deal", "accountId": account, "pipelineId": renewals["id"], "closeDate": "2026-12-31" });
    let named = desk.call("createOpportunity", "opportunity { id }", named).await;
    assert_eq!(named.refusals("createOpportunity"), ["INVALID input.pipelineId"]);
    assert_eq!(go(&outside, &stage(1)).await.refusals("moveOpportunity"), ["INVALID input.stageId"]);
    go(&inside, &stage(1)).await.payload("moveOpportunity");
    let won = desk.call("winOpportunity", "opportunity { stage { name } }", json!({ "id": inside })).await;
    assert_eq!(won.payload("winOpportunity")["opportunity"]["stage"]["name"], "Renewed");
    let allowed = go(&inside, &sales).await;
    let allowed = allowed.data("/moveOpportunity/userErrors/0/details/allowed").as_array().unwrap().clone();
    assert!(allowed.contains(&stage(0)) && allowed.contains(&sales));

    renewals_active(true).await;
    let change = json!({ "id": stage(0), "active": false });
    desk.call("updateStage", "stage { active }", change).await.payload("updateStage");
    assert_eq!(go(&outside, &stage(0)).await.refusals("moveOpportunity"), ["INVALID input.stageId"]);
    let named = json!({ "name": "Deal", "accountId": account, "pipelineId": renewals["id"], "closeDate": "2026-12-31" });
    let made = desk.call("createOpportunity", "opportunity { stage { name } }", named).await;
    assert_eq!(made.payload("createOpportunity")["opportunity"]["stage"]["name"], "Offered", "the first active open stage");
    let reopened = desk.call("reopenOpportunity", "opportunity { id }", json!({ "id": inside, "stageId": stage(0) })).await;
    assert_eq!(reopened.refusals("reopenOpportunity"), ["INVALID input.stageId"]);
}

#[tokio::test]
async fn stages_are_added_changed_and_ordered() {
    let desk = Desk::new().await;
    let pipeline = made(&desk.renewals("Renewals").await, "createPipeline", "pipeline");
    let add = async |mut input: Json| {
        input["pipelineId"] = pipeline.clone();
        desk.call("createStage", "stage { id position }", input).await
    };
    assert_eq!(add(json!({ "name": "Signed", "probability": 95 })).await.payload("createStage")["stage"]["position"], 3);
    assert_eq!(
        add(json!({ "name": "Early", "probability": 5, "position": 1 })).await.payload("createStage")["stage"]["position"],
        1
    );
    assert_eq!(add(json!({ "name": "Cancelled", "category": "LOST" })).await.payload("createStage")["stage"]["position"], 7);
    assert_eq!(add(json!({ "name": "dué", "probability": 5 })).await.refusals("createStage"), ["ALREADY_EXISTS input.name"]);
    assert_eq!(
        add(json!({ "name": "X", "position": 9 })).await.refusals("createStage"),
        ["REQUIRED input.probability", "OUT_OF_RANGE input.position"]
    );
    let stages = desk.pipeline("Renewals").await["stages"].clone();
    assert_eq!(names(&stages), ["Early", "Due", "Offered", "Signed", "Renewed", "Ended", "Cancelled"]);

    let mut order: Vec<Json> = stages.as_array().unwrap().iter().map(|stage| stage["id"].clone()).collect();
    order.reverse();
    let input = json!({ "pipelineId": pipeline, "ids": order });
    let ordered = desk.call("reorderStages", "pipeline { stages { name position } }", input).await;
    let ordered = &ordered.payload("reorderStages")["pipeline"]["stages"];
    assert_eq!(names(ordered), ["Cancelled", "Ended", "Renewed", "Signed", "Offered", "Due", "Early"]);
    assert!(ordered.as_array().unwrap().iter().zip(1..).all(|(stage, position)| stage["position"] == position));
    let short = desk.call("reorderStages", "pipeline { id }", json!({ "pipelineId": pipeline, "ids": order[1..] })).await;
    assert_eq!(short.refusals("reorderStages"), ["INVALID input.ids"]);

    let early = stages[0]["id"].clone();
    let change =
        json!({ "id": early, "name": "Very early", "probability": 7, "forecastCategory": "OMITTED", "expectedVersion": 2 });
    let changed =
        desk.call("updateStage", "stage { name probability history { nodes { action fields { field } } } }", change).await;
    let changed = &changed.payload("updateStage")["stage"];
    assert_eq!((&changed["name"], &changed["probability"]), (&json!("Very early"), &json!(7)));
    assert_eq!(changed["history"]["nodes"][0]["fields"].as_array().unwrap().len(), 3);
    let deleted = desk.call("deleteStage", "deletedId", json!({ "id": early })).await;
    assert_eq!(deleted.payload("deleteStage")["deletedId"], early);
}

#[tokio::test]
async fn the_last_active_stage_of_a_category_stays() {
    let desk = Desk::new().await;
    desk.renewals("Renewals").await.payload("createPipeline");
    let won = desk.stage("Renewals", "Renewed").await["id"].clone();
    let deactivated = desk.call("updateStage", "stage { id }", json!({ "id": won, "active": false })).await;
    assert_eq!(deactivated.refusals("updateStage"), ["INVALID input.active"]);
    assert_eq!(deactivated.data("/updateStage/userErrors/0/details/missing"), &json!(["WON"]));
    let turned = desk.call("updateStage", "stage { id }", json!({ "id": won, "category": "LOST" })).await;
    assert_eq!(turned.refusals("updateStage"), ["INVALID input.category"]);
    assert_eq!(desk.call("deleteStage", "deletedId", json!({ "id": won })).await.refusals("deleteStage"), ["INVALID input.id"]);
    let due = desk.stage("Renewals", "Due").await["id"].clone();
    let turned = desk
        .call("updateStage", "stage { category probability forecastCategory }", json!({ "id": due, "category": "WON" }))
        .await;
    let expected = json!({ "category": "WON", "probability": 100, "forecastCategory": "CLOSED" });
    assert_eq!(turned.payload("updateStage")["stage"], expected);
}

#[tokio::test]
async fn a_stage_that_was_used_stays() {
    let desk = Desk::new().await;
    let (account, stage) = (desk.account().await, desk.stage("Sales", "Prospecting").await["id"].clone());
    let deal = made(&desk.deal(&account, &stage).await, "createOpportunity", "opportunity");
    let next = desk.stage("Sales", "Needs Analysis").await["id"].clone();
    desk.call("moveOpportunity", "opportunity { id }", json!({ "id": deal, "stageId": next })).await.payload("moveOpportunity");
    let used = desk.stage("Sales", "Prospecting").await;
    assert_eq!((&used["opportunityCount"], &used["everUsed"]), (&json!(0), &json!(true)));
    let deleted = desk.call("deleteStage", "deletedId", json!({ "id": stage })).await;
    assert_eq!(deleted.refusals("deleteStage"), ["IN_USE input.id"]);
    assert_eq!(deleted.data("/deleteStage/userErrors/0/details"), &json!({ "opportunities": 0, "opportunitiesEver": 1 }));
    let turned = desk.call("updateStage", "stage { id }", json!({ "id": stage, "category": "LOST" })).await;
    assert_eq!(turned.refusals("updateStage"), ["IN_USE input.category"]);
    desk.renewals("Renewals").await.payload("createPipeline");
    let renewals = desk.pipeline("Renewals").await;
    desk.call("makePipelineDefault", "pipeline { id }", json!({ "id": renewals["id"] })).await.payload("makePipelineDefault");
    let sales = desk.pipeline("Sales").await;
    let deleted = desk.call("deletePipeline", "deletedId", json!({ "id": sales["id"] })).await;
    assert_eq!(deleted.refusals("deletePipeline"), ["IN_USE input.id"]);
    assert_eq!(deleted.data("/deletePipeline/userErrors/0/details"), &json!({ "opportunities": 1, "opportunitiesEver": 1 }));
}

#[tokio::test]
async fn a_changed_probability_counts_for_those_who_come() {
    let desk = Desk::new().await;
    let (account, stage) = (desk.account().await, desk.stage("Sales", "Prospecting").await["id"].clone());
    let there = made(&desk.deal(&account, &stage).await, "createOpportunity", "opportunity");
    desk.call("updateStage", "stage { id }", json!({ "id": stage, "probability": 15 })).await.payload("updateStage");
    let comes = made(&desk.deal(&account, &stage).await, "createOpportunity", "opportunity");
    assert_eq!(desk.opportunity(&there).await["probability"], 10);
    assert_eq!(desk.opportunity(&comes).await["probability"], 15);
}

#[tokio::test]
async fn a_replaced_stage_gives_its_opportunities_to_another() {
    let desk = Desk::new().await;
    let account = desk.account().await;
    let (from, to) = (desk.stage("Sales", "Prospecting").await, desk.stage("Sales", "Needs Analysis").await);
    let plain = made(&desk.deal(&account, &from["id"]).await, "createOpportunity", "opportunity");
    let by_hand = made(&desk.deal(&account, &from["id"]).await, "createOpportunity", "opportunity");
    let deleted = made(&desk.deal(&account, &from["id"]).await, "createOpportunity", "opportunity");
    let set = json!({ "id": by_hand, "probability": 33 });
    desk.call("updateOpportunity", "opportunity { id }", set).await.payload("updateOpportunity");
    let gone = "mutation($id: ID!) { deleteOpportunity(input: {id: $id}) { userErrors { code } } }";
    desk.ask(gone, json!({ "id": deleted })).await;
    desk.server.clock.advance(chrono::TimeDelta::seconds(60));

    let replace = async |id: &Json, by: &Json| {
        desk.call(
            "replaceStage",
            "moved stage { name active history { nodes { action } } }",
            json!({ "id": id, "replacementId": by }),
        )
        .await
    };
    let won = desk.stage("Sales", "Closed Won").await;
    for by in [&from["id"], &won["id"]] {
        assert_eq!(replace(&from["id"], by).await.refusals("replaceStage"), ["INVALID input.replacementId"]);
    }
    let done = replace(&from["id"], &to["id"]).await;
    let done = done.payload("replaceStage");
    assert_eq!((&done["moved"], &done["stage"]["active"]), (&json!(3), &json!(false)));
    assert_eq!(done["stage"]["history"]["nodes"][0]["action"], "replaced");

    let moved = desk.opportunity(&plain).await;
    assert_eq!(
        (&moved["stage"]["name"], &moved["probability"], &moved["version"]),
        (&json!("Needs Analysis"), &json!(20), &json!(2))
    );
    assert_eq!(moved["history"]["nodes"][0]["action"], "moved");
    let last = json!({ "from": { "name": "Prospecting" }, "to": { "name": "Needs Analysis" }, "probability": 20, "secondsInPrevious": 60 });
    assert_eq!(moved["stageHistory"][1], last);
    assert_eq!(desk.opportunity(&by_hand).await["probability"], 33);
    let restore = "mutation($id: ID!) { restoreOpportunity(input: {id: $id}) { opportunity { stage { name } } } }";
    let restored = desk.ask(restore, json!({ "id": deleted })).await;
    assert_eq!(restored["restoreOpportunity"]["opportunity"]["stage"]["name"], "Needs Analysis");
    assert_eq!(replace(&to["id"], &from["id"]).await.refusals("replaceStage"), ["INVALID input.replacementId"], "it is inactive");
}

#[tokio::test]
async fn many_opportunities_are_replaced_in_few_statements() {
    let desk = Desk::new().await;
    let account = desk.account().await;
    let (from, to) = (desk.stage("Sales", "Prospecting").await, desk.stage("Sales", "Needs Analysis").await);
    let first = made(&desk.deal(&account, &from["id"]).await, "createOpportunity", "opportunity");
    let created = copies(&desk, &first, 1_200).await;
    let before = desk.server.statements();
    let done = desk.call("replaceStage", "moved", json!({ "id": from["id"], "replacementId": to["id"] })).await;
    assert_eq!(done.payload("replaceStage")["moved"], json!(created + 1));
    let statements = desk.server.statements() - before;
    assert!(statements < 60, "{statements} statements");
    let counts = (desk.stage("Sales", "Prospecting").await, desk.stage("Sales", "Needs Analysis").await);
    assert_eq!((&counts.0["opportunityCount"], &counts.1["opportunityCount"]), (&json!(0), &json!(created + 1)));
}

/// Copies of an opportunity with its history, written straight into the database. Answers how many.
async fn copies(desk: &Desk, id: &Json, number: usize) -> usize {
    use entity::{opportunity, opportunity_change};
    use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
    let id: entity::OpportunityId = id.as_str().unwrap().parse().unwrap();
    let write = desk.server.app.database().begin().await.unwrap();
    let row = opportunity::Entity::find_by_id(id).one(&write).await.unwrap().unwrap();
    let change = opportunity_change::Entity::find().filter(opportunity_change::Column::OpportunityId.eq(id));
    let change = change.one(&write).await.unwrap().unwrap();
    for _ in 0..number {
        let copy = opportunity::Model { id: desk.server.app.new_id(), ..row.clone() };
        let came = opportunity_change::Model { id: desk.server.app.new_id(), opportunity_id: copy.id, ..change.clone() };
        opportunity::Entity::insert(sea_orm::ActiveModelTrait::reset_all(copy.into_active_model()))
            .exec_without_returning(&write)
            .await
            .unwrap();
        let came = sea_orm::ActiveModelTrait::reset_all(came.into_active_model());
        opportunity_change::Entity::insert(came).exec_without_returning(&write).await.unwrap();
    }
    write.commit().await.unwrap();
    number
}

//! Everything that is done to a sale at once - line items, quotes, stages, contacts and milestones, in any order: its amount is the sum
//! of its lines, its histories have no gaps and replayed give what it is today, it has one primary contact and at most one accepted quote.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::harness::Outcomes;
use crate::line_items::{Line, line};
use crate::opportunity_parts::MILESTONES;
use crate::products::Desk;

const STATE: &str = "stage { id } amount { amount currency } probability closeDate owner { id }";

#[derive(Debug, Clone)]
enum Step {
    AddLines(Vec<Line>),
    ChangeLine(usize, Line),
    RemoveLine(usize),
    SetLines(Vec<Line>),
    AmountByHand(u32),
    Quote(Option<Vec<Line>>),
    ChangeQuote(usize, Vec<Line>),
    OnQuote(&'static str, usize),
    AcceptAndWin(usize),
    Move(usize),
    Probability(Option<i32>),
    Win,
    Lose,
    Reopen(usize),
    Role(usize, Option<bool>),
    RemoveRole(usize),
    Reach(usize),
    Clear(usize),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let lines = || prop::collection::vec(line(), 1..3);
    let n = || 0..12_usize;
    let on_quote =
        prop::sample::select(vec!["sendQuote", "sendQuote", "acceptQuote", "acceptQuote", "rejectQuote", "reviseQuote"]);
    prop_oneof![
        4 => lines().prop_map(Step::AddLines),
        2 => (n(), line()).prop_map(|(place, line)| Step::ChangeLine(place, line)),
        2 => n().prop_map(Step::RemoveLine),
        1 => prop::collection::vec(line(), 0..3).prop_map(Step::SetLines),
        1 => (1..1_000_u32).prop_map(Step::AmountByHand),
        5 => prop::option::of(lines()).prop_map(Step::Quote),
        1 => (n(), lines()).prop_map(|(quote, lines)| Step::ChangeQuote(quote, lines)),
        8 => (on_quote, n()).prop_map(|(mutation, quote)| Step::OnQuote(mutation, quote)),
        1 => n().prop_map(Step::AcceptAndWin),
        4 => n().prop_map(Step::Move),
        2 => prop::option::of(-5..110_i32).prop_map(Step::Probability),
        1 => Just(Step::Win),
        1 => Just(Step::Lose),
        4 => n().prop_map(Step::Reopen),
        3 => (n(), prop::option::of(prop::bool::ANY)).prop_map(|(contact, primary)| Step::Role(contact, primary)),
        2 => n().prop_map(Step::RemoveRole),
        2 => (0..5_usize).prop_map(Step::Reach),
        1 => (0..5_usize).prop_map(Step::Clear),
        2 => (0..3_i64).prop_map(Step::Wait),
    ]
}

/// What all cases share.
struct World {
    desk: Desk,
    product: Json,
    stages: Vec<Json>,
    lost: Json,
}

/// The sale of one case.
struct Sale {
    id: Json,
    contacts: Vec<Json>,
}

impl World {
    async fn new() -> Self {
        let desk = Desk::new().await;
        let product = desk.product("Pump", json!([{ "amount": "33.33" }])).await;
        let lists = desk.ask("{ pipelines { stages { id category } } closeReasons { id category } }").await;
        let of = |list: &Json, category: &str| -> Vec<Json> {
            list.as_array()
                .unwrap()
                .iter()
                .filter(|entry| entry["category"] == category)
                .map(|entry| entry["id"].clone())
                .collect()
        };
        let stages = of(&lists["pipelines"][0]["stages"], "OPEN");
        let lost = of(&lists["closeReasons"], "LOST").remove(0);
        Self { desk, product, stages, lost }
    }

    async fn sale(&self) -> Sale {
        let id = self.desk.opportunity(json!({})).await;
        let account = self.desk.ask(&format!("{{ opportunity(id: {id}) {{ account {{ id }} }} }}")).await;
        let mut contacts = Vec::new();
        for name in ["Doe", "Roe", "Moe"] {
            let input = json!({ "lastName": name, "accountId": account["opportunity"]["account"]["id"] });
            let made = self.desk.call("createContact", "CreateContactInput", "contact { id }", input).await;
            contacts.push(made.payload("createContact")["contact"]["id"].clone());
        }
        Sale { id, contacts }
    }

    async fn read(&self, sale: &Sale) -> Json {
        let query = format!(
            "{{ opportunity(id: {}) {{ version {STATE} isClosed isWon lineItems {{ id total {{ amount }} }}
                quotes(first: 200) {{ nodes {{ id status total {{ amount }} }} }}
                primaryContact {{ id }} contactRoles {{ primary contact {{ id }} }} milestones {{ kind reachedOn }}
                pipelineHistory {{ at until deleted before {{ {STATE} }} after {{ {STATE} }} }}
                history(first: 200) {{ nodes {{ at action fields {{ field before after }} }} }} }} }}",
            sale.id
        );
        self.desk.ask(&query).await["opportunity"].clone()
    }

    /// The call that a step is; nothing where there is nothing that it could be about.
    fn call(&self, sale: &Sale, now: &Json, step: &Step) -> Option<(&'static str, Json)> {
        let lines = |lines: &[Line]| lines.iter().map(|line| line.input(&self.product)).collect::<Vec<_>>();
        let of = |list: &Json, number: usize| {
            let list = list.as_array().unwrap();
            (!list.is_empty()).then(|| list[number % list.len()]["id"].clone())
        };
        let quote = |number: usize| of(&now["quotes"]["nodes"], number);
        // Mostly one that can be accepted.
        let offered = |number: usize| {
            let all = now["quotes"]["nodes"].as_array().unwrap().iter();
            let sent: Vec<Json> = all.filter(|quote| quote["status"] == "SENT").cloned().collect();
            of(&json!(sent), number).or_else(|| quote(number))
        };
        let stage = |number: usize| &self.stages[number % self.stages.len()];
        let contact = |number: usize| &sale.contacts[number % sale.contacts.len()];
        let id = &sale.id;
        Some(match step {
            Step::AddLines(new) => ("addLineItems", json!({ "opportunityId": id, "lineItems": lines(new) })),
            Step::ChangeLine(place, line) => {
                let mut input = line.input(&self.product);
                input["id"] = of(&now["lineItems"], *place)?;
                ("updateLineItem", input)
            }
            Step::RemoveLine(place) => ("removeLineItem", json!({ "id": of(&now["lineItems"], *place)? })),
            Step::SetLines(new) => ("setLineItems", json!({ "opportunityId": id, "lineItems": lines(new) })),
            Step::AmountByHand(amount) => ("updateOpportunity", json!({ "id": id, "amount": { "amount": amount } })),
            Step::Quote(new) => ("createQuote", json!({ "opportunityId": id, "lines": new.as_deref().map(lines) })),
            Step::ChangeQuote(number, new) => ("updateQuote", json!({ "id": quote(*number)?, "lines": lines(new) })),
            Step::OnQuote("acceptQuote", number) => ("acceptQuote", json!({ "id": offered(*number)? })),
            Step::OnQuote(mutation, number) => (mutation, json!({ "id": quote(*number)? })),
            Step::AcceptAndWin(number) => ("acceptQuote", json!({ "id": offered(*number)?, "win": {} })),
            Step::Move(to) => ("moveOpportunity", json!({ "id": id, "stageId": stage(*to) })),
            Step::Probability(percent) => ("updateOpportunity", json!({ "id": id, "probability": percent })),
            Step::Win => ("winOpportunity", json!({ "id": id })),
            Step::Lose => ("loseOpportunity", json!({ "id": id, "reasonId": self.lost })),
            Step::Reopen(to) => ("reopenOpportunity", json!({ "id": id, "stageId": stage(*to) })),
            Step::Role(number, primary) => {
                ("setContactRole", json!({ "opportunityId": id, "contactId": contact(*number), "primary": primary }))
            }
            Step::RemoveRole(number) => ("removeContactRole", json!({ "opportunityId": id, "contactId": contact(*number) })),
            Step::Reach(kind) => ("reachMilestone", json!({ "opportunityId": id, "milestone": MILESTONES[*kind] })),
            Step::Clear(kind) => ("clearMilestone", json!({ "opportunityId": id, "milestone": MILESTONES[*kind] })),
            Step::Wait(seconds) => {
                self.desk.server.clock.advance(chrono::TimeDelta::seconds(*seconds));
                return None;
            }
        })
    }

    /// Does a step and answers how the sale is then. What is refused changes nothing.
    async fn take(&self, sale: &Sale, before: Json, step: &Step, outcomes: &Outcomes) -> Json {
        let Some((mutation, input)) = self.call(sale, &before, step) else { return before };
        let kind = match mutation {
            "sendQuote" | "rejectQuote" => "QuoteIdInput".to_owned(),
            other => format!("{}{}Input", other[..1].to_uppercase(), &other[1..]),
        };
        let answer = self.desk.call(mutation, &kind, "__typename", input).await;
        let refusals = answer.refusals(mutation);
        let outcome = if refusals.is_empty() { "OK" } else { "refused" };
        outcomes.saw(format!("{mutation} {outcome}"));
        let after = self.read(sale).await;
        if !refusals.is_empty() {
            assert_eq!(after, before, "{step:?} was refused: {refusals:?}");
        }
        after
    }
}

fn cents(amount: &Json) -> i64 {
    amount["amount"].as_str().unwrap().replace('.', "").parse().unwrap()
}

/// The rules that hold at any time.
fn check(now: &Json) {
    let list = |value: &Json| value.as_array().unwrap().clone();
    let lines = list(&now["lineItems"]);
    if !lines.is_empty() {
        assert_eq!(cents(&now["amount"]), lines.iter().map(|line| cents(&line["total"])).sum::<i64>(), "{now:#}");
    }
    let accepted = list(&now["quotes"]["nodes"]).into_iter().filter(|quote| quote["status"] == "ACCEPTED").count();
    assert!(accepted <= 1, "{now:#}");
    let roles = list(&now["contactRoles"]);
    let primaries: Vec<&Json> = roles.iter().filter(|role| role["primary"] == true).collect();
    assert_eq!(primaries.len(), usize::from(!roles.is_empty()), "{now:#}");
    assert_eq!(primaries.first().map_or(&Json::Null, |role| &role["contact"]), &now["primaryContact"]);

    let states = list(&now["pipelineHistory"]);
    assert_eq!(states[0]["before"], Json::Null);
    for pair in states.windows(2) {
        assert_eq!((&pair[0]["until"], &pair[0]["after"]), (&pair[1]["at"], &pair[1]["before"]), "a gap: {states:#?}");
    }
    let last = states.last().unwrap();
    assert_eq!(last["until"], Json::Null);
    for field in ["stage", "amount", "probability", "closeDate", "owner"] {
        assert_eq!(last["after"][field], now[field], "{field} of {now:#}");
    }
}

/// The history of fields, followed from the beginning: each entry starts where the one before it ended, and the last gives today's state.
fn check_fields(now: &Json) {
    let mut entries = now["history"]["nodes"].as_array().unwrap().clone();
    entries.reverse();
    assert_eq!(now["version"], entries.len(), "one entry for each version");
    let mut held: BTreeMap<String, Json> = BTreeMap::new();
    for change in entries.iter().flat_map(|entry| entry["fields"].as_array().unwrap()) {
        let field = change["field"].as_str().unwrap();
        let some = if change["before"].is_null() { &change["after"] } else { &change["before"] };
        let key = match field {
            "lineItems" | "competitors" => format!("{field} {}", some["id"]),
            "contactRoles" => format!("{field} {}", some["contact"]),
            "milestones" => format!("{field} {}", some["kind"]),
            _ => field.to_owned(),
        };
        assert_eq!(held.insert(key.clone(), change["after"].clone()).unwrap_or_default(), change["before"], "{key}");
    }
    let number = |part: &str| held.iter().filter(|(key, value)| key.starts_with(part) && !value.is_null()).count();
    assert_eq!(number("lineItems "), now["lineItems"].as_array().unwrap().len());
    assert_eq!(number("contactRoles "), now["contactRoles"].as_array().unwrap().len());
    let reached = now["milestones"].as_array().unwrap().iter().filter(|milestone| !milestone["reachedOn"].is_null());
    assert_eq!(number("milestones "), reached.count());
    for (field, value) in [("amount", &now["amount"]), ("stage", &now["stage"]["id"]), ("isWon", &now["isWon"])] {
        assert_eq!(held.get(field).unwrap_or(&Json::Null), value, "{field}");
    }
}

#[test]
fn whatever_is_done_to_a_sale_its_rules_and_histories_hold() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _inside = runtime.enter();
    let world = runtime.block_on(World::new());
    let outcomes = Outcomes::default();
    let wanted = [
        "addLineItems OK",
        "acceptQuote OK",
        "moveOpportunity OK",
        "reopenOpportunity OK",
        "setContactRole OK",
        "reachMilestone OK",
    ];
    outcomes.run_until_seen(&wanted, 30, &prop::collection::vec(step(), 15..45), |steps| {
        runtime.block_on(async {
            let sale = world.sale().await;
            let mut now = world.read(&sale).await;
            for step in &steps {
                now = world.take(&sale, now, step, &outcomes).await;
                check(&now);
            }
            check_fields(&now);
        });
    });
}

//! Any sequence of steps keeps what must hold.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value as Json, json};

use super::{Desk, line};

/// One call on one of the quotes, or on one of the two opportunities.
#[derive(Debug, Clone)]
enum Step {
    Create { opportunity: usize, prices: Vec<u8>, wrong: bool },
    Change { quote: usize, prices: Vec<u8> },
    Quote { mutation: &'static str, quote: usize },
    AcceptAndWin { quote: usize },
    Win { opportunity: usize },
    Reopen { opportunity: usize },
    CancelOrder { opportunity: usize },
    NextDay,
}

/// What happens to a quote as a whole; what moves it on comes more often.
const MUTATIONS: &[&str] =
    &["sendQuote", "sendQuote", "acceptQuote", "acceptQuote", "rejectQuote", "reviseQuote", "discardQuote"];

fn step() -> impl Strategy<Value = Step> {
    let prices = || vec(1_u8..50, 1..4);
    prop_oneof![
        4 => (0..2_usize, prices(), prop::bool::weighted(0.2)).prop_map(|(opportunity, prices, wrong)| Step::Create { opportunity, prices, wrong }),
        2 => (0..20_usize, prices()).prop_map(|(quote, prices)| Step::Change { quote, prices }),
        10 => (prop::sample::select(MUTATIONS), 0..20_usize).prop_map(|(mutation, quote)| Step::Quote { mutation, quote }),
        1 => (0..20_usize).prop_map(|quote| Step::AcceptAndWin { quote }),
        1 => (0..2_usize).prop_map(|opportunity| Step::Win { opportunity }),
        2 => (0..2_usize).prop_map(|opportunity| Step::Reopen { opportunity }),
        1 => (0..2_usize).prop_map(|opportunity| Step::CancelOrder { opportunity }),
        1 => Just(Step::NextDay),
    ]
}

struct World {
    desk: Desk,
    opportunities: Vec<String>,
    first_stage: String,
    /// All quotes, as they were last seen.
    quotes: Vec<Json>,
}

impl World {
    async fn new() -> Self {
        let desk = Desk::new().await;
        let opportunities = vec![desk.opportunity().await, desk.opportunity().await];
        let first_stage = desk.first_stage().await;
        Self { desk, opportunities, first_stage, quotes: Vec::new() }
    }

    async fn take(&mut self, step: &Step) {
        let lines = |prices: &[u8]| -> Vec<Json> { prices.iter().map(|price| line("A", &price.to_string())).collect() };
        let quote = |number: usize| self.quotes.get(number % self.quotes.len().max(1)).map(|quote| quote["id"].clone());
        let call = match step {
            Step::NextDay => return self.desk.wait(1).await,
            Step::Create { opportunity, prices, wrong } => {
                let notes = if *wrong { "\u{1}" } else { "" };
                let expires = json!(self.desk.server.app.today().to_string());
                let input = json!({ "opportunityId": self.opportunities[*opportunity], "lines": lines(prices), "notes": notes,
                    "expiresOn": if prices.len() == 1 { expires } else { Json::Null } });
                Some(("createQuote", input))
            }
            Step::Change { quote: number, prices } => {
                quote(*number).map(|id| ("updateQuote", json!({ "id": id, "lines": lines(prices) })))
            }
            Step::Quote { mutation, quote: number } => quote(*number).map(|id| (*mutation, json!({ "id": id }))),
            Step::AcceptAndWin { quote: number } => quote(*number).map(|id| ("acceptQuote", json!({ "id": id, "win": {} }))),
            Step::Win { opportunity } => Some(("winOpportunity", json!({ "id": self.opportunities[*opportunity] }))),
            Step::Reopen { opportunity } => {
                let input = json!({ "id": self.opportunities[*opportunity], "stageId": self.first_stage });
                Some(("reopenOpportunity", input))
            }
            Step::CancelOrder { opportunity } => {
                let query = format!("{{ opportunity(id: \"{}\") {{ order {{ id }} }} }}", self.opportunities[*opportunity]);
                let order = self.desk.ask(&query).await["opportunity"]["order"]["id"].clone();
                (!order.is_null()).then(|| ("updateOrder", json!({ "id": order, "status": "CANCELLED" })))
            }
        };
        let Some((mutation, input)) = call else { return };
        let answer = self.desk.call(mutation, input).await;
        let refusals = answer.refusals(mutation);
        for refusal in refusals {
            let code = refusal.split(' ').next().unwrap();
            assert!(["ILLEGAL_TRANSITION", "INVALID", "OUT_OF_RANGE"].contains(&code), "{step:?}: {}", answer.text);
        }
    }

    /// Reads everything and checks what must hold, also against what was seen before.
    async fn check(&mut self) {
        let fields = "id version reference number revision status total { amount } sentAt opportunity { id }
            lines { description quantity unitPrice { amount } total { amount } } paymentTerms expiresOn notes";
        let query = format!(
            "{{ quotes(first: 200, orderBy: [{{ field: NUMBER }}]) {{ nodes {{ {fields} }} }}
               orders(first: 200, orderBy: [{{ field: NUMBER }}]) {{ nodes {{ number total {{ amount }} quote {{ id total {{ amount }} }} }} }}
               opportunities {{ nodes {{ id amount {{ amount }} lineItems {{ total {{ amount }} }} isWon order {{ quote {{ id }} }} }} }} }}"
        );
        let seen = self.desk.ask(&query).await;
        let (quotes, orders) = (seen["quotes"]["nodes"].as_array().unwrap(), seen["orders"]["nodes"].as_array().unwrap());
        let mut numbers: Vec<i64> = quotes.iter().map(|quote| quote["number"].as_i64().unwrap()).collect();
        numbers.dedup();
        assert_eq!(numbers, (1..=numbers.len() as i64).collect::<Vec<_>>(), "numbers without gaps");
        for pair in quotes.windows(2).filter(|pair| pair[0]["number"] == pair[1]["number"]) {
            assert_eq!(pair[0]["revision"].as_i64().unwrap() + 1, pair[1]["revision"].as_i64().unwrap());
            assert!(!["DRAFT", "SENT", "ACCEPTED", "EXPIRED"].contains(&pair[0]["status"].as_str().unwrap()), "{pair:?}");
        }
        let frozen = ["total", "lines", "sentAt", "paymentTerms", "expiresOn", "notes", "reference"];
        for before in self.quotes.iter().filter(|quote| quote["status"] != "DRAFT") {
            let now = quotes.iter().find(|quote| quote["id"] == before["id"]).expect("a quote never vanishes");
            for field in frozen {
                assert_eq!(now[field], before[field], "{field} of {} never changes", before["reference"]);
            }
            assert_ne!(now["status"], "DRAFT");
        }
        for (order, number) in orders.iter().zip(1_i64..) {
            assert_eq!((&order["number"], &order["total"]), (&json!(number), &order["quote"]["total"]));
        }
        for sale in seen["opportunities"]["nodes"].as_array().unwrap() {
            let own = |status: &str| {
                quotes
                    .iter()
                    .filter(|quote| quote["opportunity"]["id"] == sale["id"] && quote["status"] == status)
                    .collect::<Vec<_>>()
            };
            let accepted = own("ACCEPTED");
            assert!(accepted.len() <= 1, "at most one is accepted: {accepted:?}");
            if let Some(accepted) = accepted.first() {
                assert_eq!(sale["amount"]["amount"], accepted["total"]["amount"]);
                if sale["isWon"] == true {
                    assert_eq!(sale["order"]["quote"]["id"], accepted["id"]);
                }
            }
            let cents = |amount: &Json| amount["amount"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
            let items = sale["lineItems"].as_array().unwrap();
            if !items.is_empty() {
                assert_eq!(cents(&sale["amount"]), items.iter().map(|item| cents(&item["total"])).sum::<i64>());
            }
        }
        self.quotes = quotes.clone();
    }
}

#[test]
fn any_sequence_of_steps_keeps_what_must_hold() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(6);
    let mut runner =
        TestRunner::new(ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 60, ..ProptestConfig::default() });
    runner
        .run(&vec(step(), 10..50), |steps| {
            runtime.block_on(async {
                let mut world = World::new().await;
                for step in &steps {
                    world.take(step).await;
                    world.check().await;
                }
            });
            Ok(())
        })
        .unwrap();
}

//! Quotes: from a draft to the customer's answer, their numbers, and the document.

mod document;
mod lists;
mod numbers;
mod property;
mod refusals;
mod steps;

use chrono::TimeDelta;
use leadgraph::auth::session;
use serde_json::{Value as Json, json};

use crate::harness::{Answer, Person, TestServer};

/// What the tests look at.
pub const QUOTE: &str = "fragment QuoteFields on Quote {
    id version reference number revision previous { id } opportunity { id } status
    lines { position product { id } productCode productName description quantity unitPrice { amount currency } discountPercent
        discountAmount { amount } total { amount } }
    total { amount currency } paymentTerms expiresOn notes sentAt acceptedAt rejectedAt documentPath
}";

/// What the tests look at.
pub const OPPORTUNITY: &str = "fragment OpportunityFields on Opportunity {
    id version isClosed isWon closeDate amount { amount currency } account { id lifecycle }
    lineItems { id product { id } description quantity unitPrice { amount } total { amount } }
    order { reference status } quotes { nodes { id } }
}";

/// What the tests look at.
pub const ORDER: &str = "fragment OrderFields on Order {
    id version reference number status contractNumber account { id } opportunity { id } quote { id } total { amount currency }
    lines { productName description quantity total { amount } } paymentTerms orderedOn
}";

/// A manager at a server of their own.
pub struct Desk {
    pub server: TestServer,
    pub person: Person,
}

impl Desk {
    pub async fn new() -> Self {
        let server = TestServer::start().await;
        let person = server.manager().await;
        Self { server, person }
    }

    /// Lets days pass. Nobody stays signed in that long.
    pub async fn wait(&mut self, days: i64) {
        self.server.clock.advance(TimeDelta::days(days));
        self.person.token = session::open(&self.server.app, self.person.id).await.unwrap().token;
    }

    pub async fn ask(&self, query: &str) -> Json {
        self.server.graphql(&self.person, query, json!({})).await.data("").clone()
    }

    /// Calls a mutation with one input.
    pub async fn call(&self, mutation: &str, input: Json) -> Answer {
        self.call_as(&self.server, &self.person, mutation, input).await
    }

    pub async fn call_as(&self, server: &TestServer, person: &Person, mutation: &str, input: Json) -> Answer {
        server.graphql(person, &question(mutation), json!({ "input": input })).await
    }

    /// The record of this name that a mutation answers.
    pub async fn made(&self, mutation: &str, input: Json, name: &str) -> Json {
        self.call(mutation, input).await.payload(mutation)[name].clone()
    }

    /// The quote that a mutation answers.
    pub async fn done(&self, mutation: &str, input: Json) -> Json {
        self.made(mutation, input, "quote").await
    }

    /// What stands in the way of a mutation, which changes nothing.
    pub async fn refused(&self, mutation: &str, input: Json) -> Vec<String> {
        let answer = self.call(mutation, input).await;
        let payload = answer.data(&format!("/{mutation}")).as_object().unwrap();
        assert!(payload.iter().all(|(field, value)| field == "userErrors" || value.is_null()), "{payload:?}");
        answer.refusals(mutation)
    }

    /// A new account's new opportunity.
    pub async fn opportunity(&self) -> String {
        let account = text(&self.made("createAccount", json!({ "name": "Müller GmbH" }), "account").await["id"]);
        let input = json!({ "name": "Turbines", "accountId": account, "closeDate": "2026-03-31",
            "amount": { "amount": 1, "currency": "EUR" } });
        text(&self.made("createOpportunity", input, "opportunity").await["id"])
    }

    /// A draft of one line, of a new opportunity.
    pub async fn draft(&self) -> Json {
        let opportunity = self.opportunity().await;
        self.draft_for(&opportunity, "100").await
    }

    /// A draft of one line with this price.
    pub async fn draft_for(&self, opportunity: &str, price: &str) -> Json {
        self.done("createQuote", json!({ "opportunityId": opportunity, "lines": [line("Turbine", price)] })).await
    }

    /// A quote that was sent.
    pub async fn sent(&self) -> Json {
        let draft = self.draft().await;
        self.done("sendQuote", json!({ "id": draft["id"] })).await
    }

    pub async fn quote(&self, id: &Json) -> Json {
        let query = format!("query($id: ID!) {{ quote(id: $id) {{ ...QuoteFields }} }} {QUOTE}");
        self.server.graphql(&self.person, &query, json!({ "id": id })).await.data("/quote").clone()
    }

    pub async fn read_opportunity(&self, id: &Json) -> Json {
        let query = format!("query($id: ID!) {{ opportunity(id: $id) {{ ...OpportunityFields }} }} {OPPORTUNITY}");
        self.server.graphql(&self.person, &query, json!({ "id": id })).await.data("/opportunity").clone()
    }

    /// The actions in a quote's history, oldest first.
    pub async fn history(&self, id: &Json) -> Vec<String> {
        let query = "query($id: ID!) { quote(id: $id) { history { nodes { action } } } }";
        let answer = self.server.graphql(&self.person, query, json!({ "id": id })).await;
        answer.data("/quote/history/nodes").as_array().unwrap().iter().rev().map(|entry| text(&entry["action"])).collect()
    }

    /// The id of a reason for winning.
    pub async fn won_reason(&self) -> String {
        let lists = self.ask("{ closeReasons { id category } }").await;
        let reasons = lists["closeReasons"].as_array().unwrap();
        text(&reasons.iter().find(|reason| reason["category"] == "WON").unwrap()["id"])
    }

    /// The id of the first stage.
    pub async fn first_stage(&self) -> String {
        text(&self.ask("{ pipelines { stages { id } } }").await["pipelines"][0]["stages"][0]["id"])
    }
}

/// A line without a product.
pub fn line(description: &str, price: &str) -> Json {
    json!({ "description": description, "quantity": 1, "unitPrice": { "amount": price, "currency": "EUR" } })
}

pub fn text(value: &Json) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn question(mutation: &str) -> String {
    let kind = match mutation {
        "sendQuote" | "rejectQuote" | "discardQuote" => "QuoteIdInput".to_owned(),
        "deleteOpportunity" => "DeleteInput".to_owned(),
        _ => format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]),
    };
    let (answer, fragments) = match mutation {
        "createAccount" | "updateAccount" => ("account { id }", String::new()),
        "createProduct" => ("product { id }", String::new()),
        "deleteOpportunity" => ("deletedId", String::new()),
        "acceptQuote" => (
            "quote { ...QuoteFields } opportunity { ...OpportunityFields } order { ...OrderFields }",
            format!("{QUOTE} {OPPORTUNITY} {ORDER}"),
        ),
        "updateOrder" => ("order { ...OrderFields }", ORDER.to_owned()),
        _ if mutation.ends_with("Quote") => ("quote { ...QuoteFields }", QUOTE.to_owned()),
        _ => ("opportunity { ...OpportunityFields }", OPPORTUNITY.to_owned()),
    };
    format!(
        "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {answer} userErrors {{ code message field details }} }} }}
         {fragments}"
    )
}

//! Random filters over random rows.

use std::sync::Arc;

use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use serde_json::{Value, json};

use super::fields::{ACCOUNT, ACTIVITY, CONTACT, LEAD, OPPORTUNITY, ORDER, PRODUCT, QUOTE};
use super::naive::{Kind, meets};
use super::pick;
use crate::harness::{Person, TestServer};
use crate::reports::join_team;

/// Texts that are easily confused: by case, accents, composition, and the signs that SQL's LIKE gives a meaning to.
const TEXTS: [&str; 20] = [
    "Ada",
    "ADA",
    "ada",
    "Äda",
    "A\u{308}da",
    "A%a",
    "A_a",
    "A\\a",
    "%",
    "_",
    "\\",
    "100%_\\",
    "Straße",
    "STRASSE",
    "Nguyễn",
    "nguyen",
    "北京华为",
    "华为",
    "O'Neill \"x\"",
    "a",
];
const EMAILS: [&str; 6] =
    ["ada@example.com", "ADA@Example.Com", "a_a@example.com", "a%a@example.com", "aba@example.com", "Äda@example.com"];

/// A list with the rows that it has.
struct Filtered {
    field: &'static str,
    kind: &'static str,
    fields: &'static [(&'static str, Kind)],
    rows: Vec<Value>,
}

impl Filtered {
    async fn read(
        server: &TestServer,
        person: &Person,
        (field, kind): (&'static str, &'static str),
        fields: &'static [(&'static str, Kind)],
        columns: &str,
    ) -> Self {
        let query = format!("{{ list: {field}(first: 200) {{ nodes {{ {columns} }} }} }}");
        let answer = server.graphql(person, &query, json!({})).await;
        let rows = answer.data("/list/nodes").as_array().unwrap().iter().map(flattened).collect();
        Self { field, kind, fields, rows }
    }

    /// Asks the server and the naive reading, which must agree.
    async fn check(&self, server: &TestServer, person: &Person, filter: &Value) -> Result<usize, String> {
        let query = format!(
            "query($filter: {}) {{ list: {}(first: 200, filter: $filter) {{ totalCount nodes {{ id }} }} }}",
            self.kind, self.field
        );
        let answer = server.graphql(person, &query, json!({ "filter": filter })).await;
        if answer.json.get("errors").is_some() {
            return Err(format!("{filter}: {}", answer.text));
        }
        let mut found: Vec<&str> =
            answer.data("/list/nodes").as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap()).collect();
        let met = self.rows.iter().filter(|row| meets(filter, row, self.fields));
        let mut wanted: Vec<&str> = met.map(|row| row["id"].as_str().unwrap()).collect();
        found.sort_unstable();
        wanted.sort_unstable();
        if found != wanted {
            let differing: Vec<&Value> = self
                .rows
                .iter()
                .filter(|row| found.contains(&row["id"].as_str().unwrap()) != wanted.contains(&row["id"].as_str().unwrap()))
                .collect();
            return Err(format!("{filter} finds {} rows, not {}; for instance {differing:#?}", found.len(), wanted.len()));
        }
        if answer.data("/list/totalCount") != wanted.len() {
            return Err(format!("{filter} counts wrongly: {}", answer.text));
        }
        Ok(wanted.len())
    }

    /// What a filter of these rows may be: their own values, and others.
    fn filters(&self) -> BoxedStrategy<Value> {
        let one = one_condition(self.fields, &self.rows);
        let leaf = prop_oneof![
            6 => one.clone(),
            2 => (one.clone(), one).prop_map(|(one, two)| crate::leads::creating::merged(&one, two)),
            1 => Just(json!({})),
        ];
        let nested = leaf.prop_recursive(3, 10, 3, |inner| {
            let list = proptest::collection::vec(inner.clone(), 0..4);
            prop_oneof![
                list.clone().prop_map(|filters| json!({ "and": filters })),
                list.prop_map(|filters| json!({ "or": filters })),
                inner.clone().prop_map(|filter| json!({ "not": filter })),
                (inner.clone(), inner).prop_map(|(one, two)| json!({ "and": [one], "not": two })),
            ]
        });
        nested.boxed()
    }
}

/// A row with references as ids, under the names that filters have.
fn flattened(row: &Value) -> Value {
    let mut flat = row.as_object().unwrap().clone();
    for (name, value) in row.as_object().unwrap() {
        if name.ends_with("Id") {
            flat.insert(name.clone(), value["id"].clone());
        }
        match name.as_str() {
            "amount" | "total" => {
                flat.insert(name.clone(), value["amount"].clone());
                flat.insert("currency".to_owned(), value["currency"].clone());
            }
            "address" => {
                flat.insert("country".to_owned(), value["country"].clone());
            }
            "disqualification" => {
                flat.insert("disqualificationReasonId".to_owned(), value["reason"]["id"].clone());
            }
            "account" | "owner" | "lead" if value.is_object() => {
                flat.insert(name.clone(), flattened(value));
            }
            "changes" => {
                flat.insert("everInStatus".to_owned(), statuses(value));
            }
            _ => {}
        }
    }
    Value::Object(flat)
}

/// The statuses that a lead ever had, out of its history.
fn statuses(history: &Value) -> Value {
    let changes = history["nodes"].as_array().unwrap().iter().flat_map(|change| change["fields"].as_array().unwrap());
    changes.filter(|change| change["field"] == "status").map(|change| change["after"].clone()).collect()
}

fn one_condition(fields: &'static [(&'static str, Kind)], rows: &[Value]) -> BoxedStrategy<Value> {
    let conditions: Vec<BoxedStrategy<Value>> = fields
        .iter()
        .map(|(name, kind)| {
            let values: Vec<Value> = rows.iter().map(|row| row[name].clone()).filter(|value| !value.is_null()).collect();
            condition(*kind, name, values).prop_map(move |condition| json!({ *name: condition })).boxed()
        })
        .collect();
    proptest::strategy::Union::new(conditions).boxed()
}

fn condition(kind: Kind, name: &str, values: Vec<Value>) -> BoxedStrategy<Value> {
    let fragments = || {
        select(TEXTS.iter().chain(&EMAILS).chain(&["", "A", "%a", "@", "ex", "为", "ẞ", "n\u{303}"]).copied().collect::<Vec<_>>())
    };
    let own = if values.is_empty() { Just(json!("x")).boxed() } else { select(values.clone()).boxed() };
    let with = |operators: &'static [&'static str], value: BoxedStrategy<Value>| {
        let one = (select(operators), value.clone()).prop_map(|(operator, value)| json!({ operator: value }));
        one.boxed()
    };
    let many = |value: BoxedStrategy<Value>| {
        (select(&["in", "notIn"][..]), proptest::collection::vec(value, 0..4))
            .prop_map(|(operator, list)| json!({ operator: list }))
    };
    let is_null = proptest::option::weighted(0.9, any::<bool>()).prop_map(|missing| json!({ "isNull": missing }));
    match kind {
        Kind::Text | Kind::Email => {
            let value = prop_oneof![own, fragments().prop_map(|text| json!(text))].boxed();
            let part = with(&["contains", "startsWith", "endsWith"], fragments().prop_map(|text| json!(text)).boxed());
            prop_oneof![1 => with(&["eq", "ne"], value.clone()), 1 => many(value), 3 => part, 1 => is_null].boxed()
        }
        Kind::Id => prop_oneof![with(&["eq", "ne"], own.clone()), many(own), is_null].boxed(),
        Kind::Plain if name == "status" => prop_oneof![with(&["eq", "ne"], own.clone()), many(own)].boxed(),
        Kind::Plain if ["probability", "employees", "number", "revision"].contains(&name) => {
            let value = (0..101_i32).prop_map(|number| json!(number)).boxed();
            let some = proptest::collection::vec(value.clone(), 0..4).prop_map(|list| json!({ "in": list }));
            prop_oneof![with(&["eq", "ne", "gt", "gte", "lt", "lte"], prop_oneof![own, value].boxed()), some, is_null].boxed()
        }
        Kind::Exact => {
            let some = proptest::collection::vec(own.clone(), 0..4).prop_map(|list| json!({ "in": list }));
            prop_oneof![with(&["eq"], own), some, is_null].boxed()
        }
        Kind::OneOf => proptest::collection::vec(own, 0..4).prop_map(|list| json!(list)).boxed(),
        Kind::AnyOf => {
            let words: Vec<Value> = values.iter().flat_map(|row| row.as_array().unwrap()).cloned().collect();
            proptest::collection::vec(select(words), 0..3).prop_map(|list| json!(list)).boxed()
        }
        Kind::Plain if ["closeDate", "orderedOn", "expiresOn"].contains(&name) => {
            prop_oneof![with(&["eq", "gt", "gte", "lt", "lte"], own), is_null].boxed()
        }
        Kind::Plain => prop_oneof![with(&["gt", "gte", "lt", "lte"], own), is_null].boxed(),
        Kind::Decimal => {
            let value =
                select(vec![json!("10.5"), json!("10.50005"), json!(0), json!("-1"), json!("99999999999.99"), json!("7")]);
            prop_oneof![with(&["eq", "ne", "gt", "gte", "lt", "lte"], prop_oneof![own, value].boxed()), is_null].boxed()
        }
        Kind::Exactly => own,
        Kind::Presence => any::<bool>().prop_map(|there| json!(there)).boxed(),
        Kind::Record(fields) => one_condition(fields, &values),
    }
}

/// The random filters, in the same order in every run.
async fn check_random_filters(server: Arc<TestServer>, person: Person, lists: Vec<Filtered>, cases: u32) {
    let runtime = tokio::runtime::Handle::current();
    let work = move || {
        for list in &lists {
            let config = Config { cases, failure_persistence: None, ..Config::default() };
            let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
            let found = std::cell::Cell::new(0);
            let outcome = runner.run(&list.filters(), |filter| {
                let count = runtime.block_on(list.check(&server, &person, &filter)).map_err(TestCaseError::fail)?;
                found.set(found.get() + usize::from(count > 0 && count < list.rows.len()));
                Ok(())
            });
            match outcome {
                Ok(()) => assert!(found.get() > 50, "most filters of {} tell nothing apart: {}", list.field, found.get()),
                Err(TestError::Fail(reason, filter)) => panic!("{}: {}\nby {filter}", list.field, reason.message()),
                Err(error) => panic!("{error}"),
            }
        }
    };
    tokio::task::spawn_blocking(work).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn random_filters_of_leads() {
    let server = Arc::new(TestServer::start().await);
    let (rep, manager) = (server.rep().await, server.manager().await);
    let (source, campaign) = (server.source("Partner").await, server.campaign("Spring").await);
    let unsuited = server.reason("Not a fit").await;
    join_team(&server, rep.id, "North").await;
    for number in 0..60 {
        server.clock.advance(TimeDelta::seconds(i64::from(number % 3 == 0)));
        let text = |step: usize| (!(number / step).is_multiple_of(4)).then(|| TEXTS[number * 7 / step % TEXTS.len()]);
        let input = json!({
            "firstName": text(1), "lastName": text(2), "company": text(3).unwrap_or("Acme"),
            "employees": (number % 4 > 0).then_some(number % 9),
            "email": (number % 3 > 0).then(|| EMAILS[number % EMAILS.len()]),
            "sourceId": (number % 5 == 0).then_some(&source), "campaignId": (number % 7 == 0).then_some(&campaign),
            "ownerId": pick(&[json!(null), json!(rep.id.to_string()), json!(manager.id.to_string())], number),
            "rating": pick(&[json!(null), json!("HOT"), json!("COLD")], number / 2),
            "address": pick(&[json!(null), json!({ "country": "NO" }), json!({ "country": "DE" })], number / 3),
        });
        let id = server.new_lead(&manager, input).await;
        match number % 6 {
            1 => server.call(&manager, "setLeadStatus", json!({ "id": id, "status": "WORKING_CONTACTED" })).await.done(),
            2 => server.call(&manager, "qualifyLead", crate::leads::qualified(&id)).await.done(),
            5 if number % 4 == 1 => {
                server.call(&manager, "disqualifyLead", json!({ "id": id, "reasonId": unsuited })).await.done();
                continue;
            }
            3 => server.call(&manager, "convertLead", json!({ "leadId": id, "withoutOpportunity": true })).await.answer.data(""),
            4 => {
                let note = json!({ "kind": "NOTE", "subject": "x", "aboutIds": [id], "completedAt": format!("2026-02-1{}T00:00:00Z", number % 7) });
                server.call(&manager, "createActivity", note).await.done();
                continue;
            }
            _ => continue,
        };
    }
    let columns = "id status sourceId: source { id } campaignId: campaign { id } ownerId: owner { id } firstName lastName company
        email employees createdAt updatedAt lastActivityAt rating address { country } disqualification { reason { id } }
        owner { teamId: team { id } } changes: history(first: 50) { nodes { fields { field after } } }";
    let leads = Filtered::read(&server, &rep, ("leads", "LeadFilter"), LEAD, columns).await;
    check_random_filters(server, rep, vec![leads], 500).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn random_filters_of_other_records() {
    let server = Arc::new(TestServer::start().await);
    let (rep, manager) = (server.rep().await, server.manager().await);
    let (source, reason, lost) = (server.source("Partner").await, server.reason_to_win().await, server.reason_to_lose().await);
    join_team(&server, rep.id, "North").await;
    for number in 0..30_usize {
        server.clock.advance(TimeDelta::seconds(i64::from(number.is_multiple_of(3))));
        let text = |step: usize| TEXTS[number * 7 / step % TEXTS.len()];
        let some = |step: usize| (!(number / step).is_multiple_of(3)).then(|| text(step));
        let owner = if number.is_multiple_of(2) { &rep } else { &manager };
        let account = json!({ "name": text(1), "industry": some(2), "ownerId": owner.id.to_string() });
        let account = server.call(&manager, "createAccount", account).await.id();
        let contact = json!({
            "firstName": some(1), "lastName": text(2), "email": (number % 3 > 0).then(|| EMAILS[number % EMAILS.len()]),
            "accountId": (number % 4 > 0).then_some(&account), "ownerId": owner.id.to_string(),
        });
        server.call(&manager, "createContact", contact).await.done();
        let amount =
            [json!(null), json!({ "amount": "10.50", "currency": "EUR" }), json!({ "amount": number, "currency": "JPY" })];
        let deal = json!({
            "name": text(3), "accountId": account, "closeDate": format!("2026-04-{:02}", number % 9 + 1), "amount": amount[number % 3],
            "probability": pick(&[json!(null), json!(33)], number), "sourceId": number.is_multiple_of(5).then_some(&source),
            "ownerId": owner.id.to_string(),
        });
        let deal = server.call(&manager, "createOpportunity", deal).await.id();
        match number % 8 {
            1 | 5 => {
                server.call(&manager, "winOpportunity", json!({ "id": deal, "reasonId": reason })).await.done();
            }
            2 => {
                let lost = json!({ "id": deal, "reasonId": lost, "lostTo": pick(&["Acme", "acme"], number / 8) });
                server.call(&manager, "loseOpportunity", lost).await.done();
            }
            3 => {
                let lead =
                    json!({ "lastName": "Lead", "company": text(2), "address": { "country": pick(&["NO", "DE"], number / 8) } });
                let lead = server.new_lead(&manager, lead).await;
                let into = json!({ "leadId": lead, "accountId": account, "allowDuplicates": true });
                server.call(&manager, "convertLead", into).await.answer.data("");
            }
            _ => {}
        }
        let activity = json!({
            "kind": pick(&["CALL", "EMAIL", "TASK", "NOTE"], number), "subject": "x", "aboutIds": [deal], "ownerId": owner.id.to_string(),
            "dueAt": (number % 3 > 0).then(|| format!("2026-04-0{}T00:00:00.000Z", number % 9 + 1)),
            "completedAt": (number % 5 > 2).then(|| format!("2026-02-0{}T00:00:00.000Z", number % 3 + 1)),
            "outcome": pick(&[json!(null), json!("Reached"), json!("reached")], number / 2),
            "direction": (number % 4 < 2).then(|| pick(&["INBOUND", "OUTBOUND"], number / 4)),
        });
        server.call(&manager, "createActivity", activity).await.done();
    }
    let account = "id name industry ownerId: owner { id } createdAt";
    let contact = format!(
        "id accountId: account {{ id }} ownerId: owner {{ id }} firstName lastName email account {{ {account} }} createdAt
         owner {{ teamId: team {{ id }} }}"
    );
    let deal = format!(
        "id name accountId: account {{ id }} ownerId: owner {{ id }} stageId: stage {{ id }} sourceId: source {{ id }} isClosed isWon
         amount {{ amount currency }} probability closeDate account {{ {account} }} owner {{ teamId: team {{ id }} }} forecastCategory
         closeReasonId: closeReason {{ id }} lostTo lead {{ id status address {{ country }} }}"
    );
    let activity = "id kind ownerId: owner { id } completed: completedAt completedAt dueAt createdAt outcome direction owner { teamId: team { id } }";
    let lists = vec![
        Filtered::read(&server, &rep, ("accounts", "AccountFilter"), ACCOUNT, account).await,
        Filtered::read(&server, &rep, ("contacts", "ContactFilter"), CONTACT, &contact).await,
        Filtered::read(&server, &rep, ("opportunities", "OpportunityFilter"), OPPORTUNITY, &deal).await,
        Filtered::read(&server, &rep, ("activities", "ActivityFilter"), ACTIVITY, activity).await,
    ];
    check_random_filters(server, rep, lists, 250).await;
}

/// A quote of the opportunity, with which it is won every other time.
async fn quote(server: &TestServer, person: &Person, opportunity: &str, number: usize) {
    let answer = async |mutation: &str, kind: &str, answer: &str, input: Value| {
        let call =
            format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {answer} userErrors {{ code message }} }} }}");
        server.graphql(person, &call, json!({ "input": input })).await.payload(mutation).clone()
    };
    let line = json!({ "description": "x", "quantity": 1, "unitPrice": { "amount": number } });
    let expires = (!number.is_multiple_of(3)).then(|| format!("2026-05-0{}", number % 7 + 1));
    let new = json!({ "opportunityId": opportunity, "lines": [line], "expiresOn": expires });
    let id = answer("createQuote", "CreateQuoteInput", "quote { id }", new).await["quote"]["id"].clone();
    if !number.is_multiple_of(4) {
        answer("sendQuote", "QuoteIdInput", "quote { id }", json!({ "id": id })).await;
    }
    match number % 4 {
        1 => drop(answer("reviseQuote", "ReviseQuoteInput", "quote { id }", json!({ "id": id })).await),
        2 | 3 => {
            let won = answer("acceptQuote", "AcceptQuoteInput", "order { id }", json!({ "id": id, "win": {} })).await;
            if number % 4 == 2 {
                let done = json!({ "id": won["order"]["id"], "status": "FULFILLED" });
                answer("updateOrder", "UpdateOrderInput", "order { id }", done).await;
            }
        }
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn random_filters_of_products_quotes_and_orders() {
    let server = Arc::new(TestServer::start().await);
    let manager = server.manager().await;
    for number in 0..24_usize {
        server.clock.advance(TimeDelta::seconds(i64::from(number.is_multiple_of(3))));
        let text = |step: usize| TEXTS[number * 7 / step % TEXTS.len()];
        let product = json!({
            "name": text(1), "family": (number % 3 > 0).then(|| text(2)), "active": number % 5 > 0,
            "code": (number % 4 > 0).then(|| format!("{} {number}", text(3))),
        });
        let call = "mutation ($input: CreateProductInput!) { createProduct(input: $input) { userErrors { message } } }";
        server.graphql(&manager, call, json!({ "input": product })).await.payload("createProduct");
        let account = server.call(&manager, "createAccount", json!({ "name": text(1) })).await.id();
        let deal = json!({ "name": text(2), "accountId": account, "closeDate": "2026-04-01" });
        let deal = server.call(&manager, "createOpportunity", deal).await.id();
        quote(&server, &manager, &deal, number).await;
    }
    let order = "id status number accountId: account { id } opportunityId: opportunity { id }
        account { id name industry ownerId: owner { id } createdAt } orderedOn createdAt total { amount currency }";
    let lists = vec![
        Filtered::read(
            &server,
            &manager,
            ("products", "ProductFilter"),
            PRODUCT,
            "id name code family active createdAt updatedAt",
        )
        .await,
        Filtered::read(
            &server,
            &manager,
            ("quotes", "QuoteFilter"),
            QUOTE,
            "id status number revision opportunityId: opportunity { id } createdAt expiresOn sentAt total { amount currency }",
        )
        .await,
        Filtered::read(&server, &manager, ("orders", "OrderFilter"), ORDER, order).await,
    ];
    check_random_filters(server, manager, lists, 250).await;
}

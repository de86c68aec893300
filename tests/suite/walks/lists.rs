//! Every list at the top of the query, in every order.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{List, pick};
use crate::harness::{Person, TestServer};

/// Names with ties in them, by case and accent too, and a missing one. They stand in their order.
const NAMES: [Option<&str>; 8] =
    [None, Some("abel"), Some("Äbel"), Some("ABEL"), Some("Nguyễn"), Some("Zorn"), Some("Ørsted"), Some("北京")];

/// How a name sorts: what is missing first, then without case and accents.
fn place(name: &Value) -> u8 {
    match name.as_str() {
        None => 0,
        Some("abel" | "Äbel" | "ABEL") => 1,
        Some("Nguyễn") => 2,
        Some("Ørsted") => 3,
        Some("Zorn") => 4,
        Some("北京") => 5,
        Some(other) => panic!("{other} is not among the names"),
    }
}

/// Reads a list's rows with all that it can be ordered by, in this order.
async fn rows(server: &TestServer, person: &Person, field: &str, arguments: &str, columns: &str) -> Vec<Value> {
    let query = format!("{{ list: {field}(first: 200{arguments}) {{ nodes {{ id {columns} }} }} }}");
    server.graphql(person, &query, json!({})).await.data("/list/nodes").as_array().unwrap().clone()
}

/// Whether the rows stand in this order; `key` reads a field of the order so that it compares.
fn check_order(rows: &[Value], order: &str, key: impl Fn(&str, &Value) -> Value) {
    for pair in rows.windows(2) {
        for (field, direction) in order.split(", ").filter_map(|key| key.split_once(' ')) {
            let (one, two) = (key(field, &pair[0]), key(field, &pair[1]));
            let comparison = compare(&one, &two);
            let comparison = if direction == "DESC" { comparison.reverse() } else { comparison };
            assert!(comparison.is_le(), "{order}: {one} before {two}");
            if comparison.is_lt() {
                break;
            }
        }
    }
}

/// Missing values come before all others.
pub fn compare(one: &Value, two: &Value) -> std::cmp::Ordering {
    let rank =
        |value: &Value| (!value.is_null(), value.as_f64().unwrap_or_default(), value.as_str().unwrap_or_default().to_owned());
    rank(one).partial_cmp(&rank(two)).unwrap()
}

fn both<'a>(fields: &'a [&'a str]) -> impl Iterator<Item = String> + 'a {
    fields.iter().flat_map(|field| [format!("{field} ASC"), format!("{field} DESC")])
}

async fn lead(server: &TestServer, person: &Person, number: usize) {
    if number.is_multiple_of(3) {
        server.clock.advance(TimeDelta::milliseconds(7));
    }
    let (name, company) = (NAMES[number % NAMES.len()], NAMES[number / 2 % NAMES.len()]);
    let first = if name.is_none() && company.is_none() { json!({ "lastName": "Zorn" }) } else { json!({ "lastName": name }) };
    let id = server.new_lead(person, crate::leads::creating::merged(&first, json!({ "company": company }))).await;
    if number.is_multiple_of(4) {
        let note = json!({ "kind": "NOTE", "subject": "x", "aboutIds": [id], "completedAt": format!("2026-02-0{}T00:00:00Z", number % 5 + 1) });
        server.call(person, "createActivity", note).await.done();
    }
    if number % 5 == 1 {
        server.call(person, "setLeadStatus", json!({ "id": id, "status": "WORKING_CONTACTED" })).await.done();
    }
    if number % 5 == 2 {
        server.call(person, "qualifyLead", crate::leads::qualified(&id)).await.done();
    }
}

#[tokio::test]
async fn leads() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    for number in 0..23 {
        lead(&server, &manager, number).await;
    }
    let fields = ["CREATED_AT", "UPDATED_AT", "LAST_NAME", "COMPANY", "STATUS", "LAST_ACTIVITY_AT"];
    let several =
        ["LAST_NAME DESC, STATUS ASC", "STATUS ASC, LAST_ACTIVITY_AT ASC, COMPANY DESC", "LAST_ACTIVITY_AT DESC, LAST_NAME DESC"];
    let orders = both(&fields).chain(several.map(str::to_owned)).chain([String::new()]);
    for (number, order) in orders.enumerate() {
        let list = List::top("leads").ordered(&order);
        let rows =
            rows(&server, &manager, "leads", &list.arguments, "createdAt updatedAt lastName company status lastActivityAt").await;
        check_order(&rows, if order.is_empty() { "CREATED_AT DESC" } else { &order }, |field, row| match field {
            "CREATED_AT" => row["createdAt"].clone(),
            "UPDATED_AT" => row["updatedAt"].clone(),
            "LAST_NAME" => json!(place(&row["lastName"])),
            "COMPANY" => json!(place(&row["company"])),
            "STATUS" => json!(crate::leads::STATUSES.iter().position(|status| row["status"] == *status)),
            _ => row["lastActivityAt"].clone(),
        });
        list.check_still(&server, &manager, &[2, 7, 50]).await;
        list.check_moving(&server, &manager, 3, async |between| lead(&server, &manager, number * 5 + between).await).await;
    }
    List::top("leads").check_still(&server, &manager, &[1, 200]).await;
}

async fn account(server: &TestServer, person: &Person, number: usize) -> String {
    if number.is_multiple_of(3) {
        server.clock.advance(TimeDelta::milliseconds(7));
    }
    let name = NAMES[number % (NAMES.len() - 1) + 1];
    server.call(person, "createAccount", json!({ "name": name })).await.id()
}

async fn contact(server: &TestServer, person: &Person, account: &str, number: usize) -> String {
    if number.is_multiple_of(3) {
        server.clock.advance(TimeDelta::milliseconds(7));
    }
    let name = NAMES[number % (NAMES.len() - 1) + 1];
    server.call(person, "createContact", json!({ "lastName": name, "accountId": account })).await.id()
}

#[tokio::test]
async fn accounts_and_contacts() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    let mut account_id = String::new();
    for number in 0..17 {
        account_id = account(&server, &manager, number).await;
        contact(&server, &manager, &account_id, number).await;
    }
    for (number, order) in both(&["CREATED_AT", "UPDATED_AT", "NAME"]).chain([String::new()]).enumerate() {
        let list = List::top("accounts").ordered(&order);
        let rows = rows(&server, &manager, "accounts", &list.arguments, "createdAt updatedAt name").await;
        check_order(&rows, &order, |field, row| match field {
            "CREATED_AT" => row["createdAt"].clone(),
            "UPDATED_AT" => row["updatedAt"].clone(),
            _ => json!(place(&row["name"])),
        });
        list.check_still(&server, &manager, &[2, 50]).await;
        let insert = async |between| drop(account(&server, &manager, number * 5 + between).await);
        list.check_moving(&server, &manager, 3, insert).await;
    }
    for (number, order) in both(&["CREATED_AT", "UPDATED_AT", "LAST_NAME"]).chain([String::new()]).enumerate() {
        let list = List::top("contacts").ordered(&order);
        let rows = rows(&server, &manager, "contacts", &list.arguments, "createdAt updatedAt lastName").await;
        check_order(&rows, &order, |field, row| match field {
            "CREATED_AT" => row["createdAt"].clone(),
            "UPDATED_AT" => row["updatedAt"].clone(),
            _ => json!(place(&row["lastName"])),
        });
        list.check_still(&server, &manager, &[2, 50]).await;
        let insert = async |between| drop(contact(&server, &manager, &account_id, number * 5 + between).await);
        list.check_moving(&server, &manager, 3, insert).await;
    }
}

async fn exchange_rate(server: &TestServer, person: &Person, number: usize) {
    let day = chrono::NaiveDate::default() + TimeDelta::days(i64::try_from(number / 4).unwrap());
    let input = json!({ "currency": pick(&["NOK", "EUR", "JPY", "KWD"], number), "validFrom": day, "rate": 1 });
    let call = "mutation ($input: SetExchangeRateInput!) { setExchangeRate(input: $input) { userErrors { message } } }";
    server.graphql(person, call, json!({ "input": input })).await.payload("setExchangeRate");
}

#[tokio::test]
async fn exchange_rates() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    for number in 0..18 {
        exchange_rate(&server, &manager, number).await;
    }
    let several = ["CURRENCY ASC, VALID_FROM ASC", "CURRENCY DESC, VALID_FROM ASC"].map(str::to_owned);
    for (number, order) in both(&["VALID_FROM", "CURRENCY"]).chain(several).chain([String::new()]).enumerate() {
        let list = List::top("exchangeRates").ordered(&order);
        let rows = rows(&server, &manager, "exchangeRates", &list.arguments, "validFrom currency").await;
        check_order(&rows, if order.is_empty() { "VALID_FROM DESC" } else { &order }, |field, row| match field {
            "CURRENCY" => row["currency"].clone(),
            _ => row["validFrom"].clone(),
        });
        list.check_still(&server, &manager, &[1, 5, 50]).await;
        let insert = async |between| exchange_rate(&server, &manager, 20 + number * 10 + between).await;
        list.check_moving(&server, &manager, 3, insert).await;
    }
}

async fn product(server: &TestServer, person: &Person, number: usize) {
    if number.is_multiple_of(3) {
        server.clock.advance(TimeDelta::milliseconds(7));
    }
    let input = json!({
        "name": NAMES[number % (NAMES.len() - 1) + 1], "family": NAMES[number / 2 % NAMES.len()], "active": !number.is_multiple_of(4),
        "code": (!number.is_multiple_of(3)).then(|| format!("C-{:05}", number * 7_919 % 10_007)),
    });
    let call = "mutation ($input: CreateProductInput!) { createProduct(input: $input) { userErrors { message } } }";
    server.graphql(person, call, json!({ "input": input })).await.payload("createProduct");
}

#[tokio::test]
async fn products() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    let next = std::sync::atomic::AtomicUsize::new(17);
    for number in 0..17 {
        product(&server, &manager, number).await;
    }
    let fields = ["CREATED_AT", "UPDATED_AT", "NAME", "CODE", "FAMILY", "ACTIVE"];
    let several = ["ACTIVE DESC, FAMILY ASC", "FAMILY DESC, CODE DESC"].map(str::to_owned);
    for order in both(&fields).chain(several).chain([String::new()]) {
        let list = List::top("products").ordered(&order);
        let rows = rows(&server, &manager, "products", &list.arguments, "createdAt updatedAt name code family active").await;
        check_order(&rows, if order.is_empty() { "NAME ASC" } else { &order }, |field, row| match field {
            "CREATED_AT" => row["createdAt"].clone(),
            "UPDATED_AT" => row["updatedAt"].clone(),
            "NAME" => json!(place(&row["name"])),
            "FAMILY" => json!(place(&row["family"])),
            "ACTIVE" => json!(u8::from(row["active"] == true)),
            _ => row["code"].clone(),
        });
        list.check_still(&server, &manager, &[2, 50]).await;
        let insert = async |_| product(&server, &manager, next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)).await;
        list.check_moving(&server, &manager, 3, insert).await;
    }
}

async fn opportunity(server: &TestServer, person: &Person, account: &str, number: usize) -> String {
    if number.is_multiple_of(3) {
        server.clock.advance(TimeDelta::milliseconds(7));
    }
    let amount = [json!(null), json!({ "amount": "10.50", "currency": "EUR" }), json!({ "amount": 9, "currency": "JPY" })];
    let input = json!({
        "name": NAMES[number % (NAMES.len() - 1) + 1], "accountId": account, "amount": amount[number % 3],
        "closeDate": format!("2026-0{}-01", number % 4 + 4), "probability": pick(&[json!(null), json!(0), json!(55)], number / 2),
    });
    server.call(person, "createOpportunity", input).await.id()
}

#[tokio::test]
async fn opportunities() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    let account = account(&server, &manager, 0).await;
    for number in 0..17 {
        opportunity(&server, &manager, &account, number).await;
    }
    let fields = ["CREATED_AT", "UPDATED_AT", "NAME", "AMOUNT", "CLOSE_DATE", "PROBABILITY"];
    let several = ["AMOUNT DESC, CLOSE_DATE ASC", "CLOSE_DATE ASC, AMOUNT ASC"].map(str::to_owned);
    for (number, order) in both(&fields).chain(several).chain([String::new()]).enumerate() {
        let list = List::top("opportunities").ordered(&order);
        let columns = "createdAt updatedAt name amount { amount } closeDate probability";
        let rows = rows(&server, &manager, "opportunities", &list.arguments, columns).await;
        check_order(&rows, &order, |field, row| match field {
            "CREATED_AT" => row["createdAt"].clone(),
            "UPDATED_AT" => row["updatedAt"].clone(),
            "NAME" => json!(place(&row["name"])),
            "AMOUNT" => json!(row["amount"]["amount"].as_str().map(|amount| amount.parse::<f64>().unwrap())),
            "CLOSE_DATE" => row["closeDate"].clone(),
            _ => row["probability"].clone(),
        });
        list.check_still(&server, &manager, &[2, 50]).await;
        let insert = async |between| drop(opportunity(&server, &manager, &account, number * 5 + between).await);
        list.check_moving(&server, &manager, 3, insert).await;
    }
}

/// A quote of an opportunity of its own, won with it.
async fn sold(server: &TestServer, person: &Person, account: &str, number: usize) {
    let sale = opportunity(server, person, account, 0).await;
    let answer = async |mutation: &str, kind: &str, answer: &str, input: Value| {
        let call =
            format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {answer} userErrors {{ code message }} }} }}");
        server.graphql(person, &call, json!({ "input": input })).await.payload(mutation).clone()
    };
    let line = json!({ "description": "x", "quantity": 1, "unitPrice": { "amount": number % 3 } });
    let expires = [json!(null), json!("2026-05-01"), json!("2026-04-01")];
    let quote = json!({ "opportunityId": sale, "lines": [line], "expiresOn": expires[number % 3] });
    let quote = answer("createQuote", "CreateQuoteInput", "quote { id }", quote).await["quote"]["id"].clone();
    answer("sendQuote", "QuoteIdInput", "quote { id }", json!({ "id": quote })).await;
    let win = json!({ "id": quote, "win": { "closedOn": format!("2026-02-0{}", number % 4 + 1) } });
    answer("acceptQuote", "AcceptQuoteInput", "order { id }", win).await;
}

#[tokio::test]
async fn quotes_and_orders() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    let account = account(&server, &manager, 0).await;
    for number in 0..13 {
        sold(&server, &manager, &account, number).await;
    }
    let amount = |row: &Value| json!(row["total"]["amount"].as_str().unwrap().parse::<f64>().unwrap());
    let fields = ["CREATED_AT", "UPDATED_AT", "NUMBER", "EXPIRES_ON", "TOTAL"];
    for (number, order) in both(&fields).chain(["TOTAL DESC, EXPIRES_ON ASC".to_owned(), String::new()]).enumerate() {
        let list = List::top("quotes").ordered(&order);
        let columns = "createdAt updatedAt number expiresOn total { amount }";
        let rows = rows(&server, &manager, "quotes", &list.arguments, columns).await;
        check_order(&rows, if order.is_empty() { "CREATED_AT DESC" } else { &order }, |field, row| match field {
            "CREATED_AT" => row["createdAt"].clone(),
            "UPDATED_AT" => row["updatedAt"].clone(),
            "NUMBER" => row["number"].clone(),
            "EXPIRES_ON" => row["expiresOn"].clone(),
            _ => amount(row),
        });
        list.check_still(&server, &manager, &[2, 50]).await;
        // Each insert takes five calls: a few orders will do.
        if number % 5 == 2 {
            let insert = async |between| sold(&server, &manager, &account, number * 5 + between).await;
            list.check_moving(&server, &manager, 3, insert).await;
        }
    }
    let fields = ["CREATED_AT", "UPDATED_AT", "NUMBER", "ORDERED_ON", "TOTAL"];
    for (number, order) in both(&fields).chain([String::new()]).enumerate() {
        let list = List::top("orders").ordered(&order);
        let columns = "createdAt updatedAt number orderedOn total { amount }";
        let rows = rows(&server, &manager, "orders", &list.arguments, columns).await;
        check_order(&rows, if order.is_empty() { "CREATED_AT DESC" } else { &order }, |field, row| match field {
            "CREATED_AT" => row["createdAt"].clone(),
            "UPDATED_AT" => row["updatedAt"].clone(),
            "NUMBER" => row["number"].clone(),
            "ORDERED_ON" => row["orderedOn"].clone(),
            _ => amount(row),
        });
        list.check_still(&server, &manager, &[2, 50]).await;
        // Each insert takes five calls: a few orders will do.
        if number % 5 == 2 {
            let insert = async |between| sold(&server, &manager, &account, number * 5 + between).await;
            list.check_moving(&server, &manager, 3, insert).await;
        }
    }
    for order in ["", "TOTAL ASC", "ORDERED_ON DESC"] {
        List::of("Account", &account, "orders").ordered(order).check_still(&server, &manager, &[1, 4]).await;
    }
}

async fn activity(server: &TestServer, person: &Person, about: &str, number: usize) -> String {
    let due = format!("2026-04-0{}T00:00:00Z", number % 4 + 1);
    let (due, done) = match number % 5 {
        0 => (json!(null), json!(null)),
        1 => (json!(due), json!("2026-02-01T00:00:00Z")),
        _ => (json!(due), json!(null)),
    };
    let input = json!({ "kind": "TASK", "subject": "x", "dueAt": due, "completedAt": done, "aboutIds": [about] });
    server.call(person, "createActivity", input).await.id()
}

#[tokio::test]
async fn activities_and_lists_of_records() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    let account_id = account(&server, &manager, 0).await;
    let other_account = account(&server, &manager, 0).await;
    let contact_id = contact(&server, &manager, &account_id, 1).await;
    let lead_id = server.new_lead(&manager, json!({ "company": "Acme" })).await;
    let opportunity_id = opportunity(&server, &manager, &account_id, 2).await;
    for number in 0..13 {
        for about in [&account_id, &contact_id, &lead_id, &opportunity_id, &other_account] {
            activity(&server, &manager, about, number).await;
        }
        contact(&server, &manager, &account_id, number).await;
        opportunity(&server, &manager, &account_id, number).await;
        let child = account(&server, &manager, number).await;
        server.call(&manager, "updateAccount", json!({ "id": child, "parentId": account_id })).await.done();
        for (mutation, id) in [
            ("updateLead", &lead_id),
            ("updateContact", &contact_id),
            ("updateAccount", &account_id),
            ("updateOpportunity", &opportunity_id),
        ] {
            server.call(&manager, mutation, json!({ "id": id, "description": format!("{number}") })).await.done();
        }
    }
    check_due_order(&rows(&server, &manager, "activities", "", "dueAt completedAt").await);
    for (kind, id) in [("Account", &account_id), ("Contact", &contact_id), ("Lead", &lead_id), ("Opportunity", &opportunity_id)] {
        let activities = List::of(kind, id, "activities");
        assert_eq!(activities.whole(&server, &manager).await.len(), 13, "the activities of the {kind} and no others");
        activities.check_still(&server, &manager, &[1, 4]).await;
        activities.check_moving(&server, &manager, 3, async |number| drop(activity(&server, &manager, id, number).await)).await;
        List::of(kind, id, "timeline").check_still(&server, &manager, &[1, 7, 50]).await;
        let history = List::of(kind, id, "history");
        assert!(history.whole(&server, &manager).await.is_sorted_by(|newer, older| newer > older), "newest first");
        history.check_still(&server, &manager, &[1, 4]).await;
        let mutation = format!("update{kind}");
        let change = async |number| {
            let input = json!({ "id": id, "description": format!("{number} {}", server.lead_count(&manager).await) });
            server.call(&manager, &mutation, input).await.done();
        };
        history.check_moving(&server, &manager, 3, change).await;
    }
    List::top("activities").check_still(&server, &manager, &[7, 200]).await;
    for order in ["", "LAST_NAME ASC", "LAST_NAME DESC", "CREATED_AT DESC"] {
        let contacts = List::of("Account", &account_id, "contacts").ordered(order);
        contacts.check_still(&server, &manager, &[1, 4]).await;
        contacts
            .check_moving(&server, &manager, 3, async |number| drop(contact(&server, &manager, &account_id, number).await))
            .await;
    }
    for order in ["", "AMOUNT ASC", "AMOUNT DESC", "CLOSE_DATE ASC"] {
        let opportunities = List::of("Account", &account_id, "opportunities").ordered(order);
        opportunities.check_still(&server, &manager, &[1, 4]).await;
        let insert = async |number| drop(opportunity(&server, &manager, &account_id, number).await);
        opportunities.check_moving(&server, &manager, 3, insert).await;
    }
    List::of("Account", &account_id, "children").check_still(&server, &manager, &[1, 4]).await;
    List::of("Contact", &contact_id, "opportunities").check_still(&server, &manager, &[1, 4]).await;
}

/// What is due first, then the newest; what is done, or never due, comes last.
fn check_due_order(rows: &[Value]) {
    let due = |row: &Value| if row["completedAt"].is_null() { row["dueAt"].as_str().map(str::to_owned) } else { None };
    for pair in rows.windows(2) {
        let newest_first = pair[0]["id"].as_str() > pair[1]["id"].as_str();
        match (due(&pair[0]), due(&pair[1])) {
            (Some(one), Some(two)) => assert!(one < two || one == two && newest_first, "{pair:?}"),
            (None, None) => assert!(newest_first, "{pair:?}"),
            (one, two) => assert!(one.is_some() && two.is_none(), "{pair:?}"),
        }
    }
}

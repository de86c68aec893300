//! The catalogue: products, their codes, prices and history.

use serde_json::{Value, json};

use crate::harness::{Answer, Person, TestServer};

/// What the tests look at.
pub const PRODUCT: &str = "product { id version name code family description active unitPrice { amount currency }
    prices { amount currency } history { nodes { action fields { field before after } } } }";

/// Somebody at a server of their own.
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

    pub async fn ask(&self, query: &str) -> Value {
        self.server.graphql(&self.person, query, json!({})).await.data("").clone()
    }

    /// Calls a mutation with one input.
    pub async fn call(&self, mutation: &str, input_type: &str, shown: &str, input: Value) -> Answer {
        let query = format!(
            "mutation($input: {input_type}!) {{ {mutation}(input: $input) {{ {shown} userErrors {{ code message field details }} }} }}"
        );
        self.server.graphql(&self.person, &query, json!({ "input": input })).await
    }

    pub async fn create_product(&self, input: Value) -> Answer {
        self.call("createProduct", "CreateProductInput", PRODUCT, input).await
    }

    pub async fn update_product(&self, input: Value) -> Answer {
        self.call("updateProduct", "UpdateProductInput", PRODUCT, input).await
    }

    pub async fn delete_product(&self, id: &Value) -> Answer {
        self.call("deleteProduct", "DeleteInput", "deletedId", json!({ "id": id })).await
    }

    /// A new product's id.
    pub async fn product(&self, name: &str, prices: Value) -> Value {
        let made = self.create_product(json!({ "name": name, "prices": prices })).await;
        made.payload("createProduct")["product"]["id"].clone()
    }

    /// A new opportunity's id.
    pub async fn opportunity(&self, more: Value) -> Value {
        let account = json!({ "name": "Müller GmbH" });
        let account = self.call("createAccount", "CreateAccountInput", "account { id }", account).await;
        let mut input =
            json!({ "name": "Pumps", "closeDate": "2026-06-30", "accountId": account.payload("createAccount")["account"]["id"] });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = self.call("createOpportunity", "CreateOpportunityInput", "opportunity { id }", input).await;
        made.payload("createOpportunity")["opportunity"]["id"].clone()
    }
}

#[tokio::test]
async fn a_product_has_a_price_per_currency() {
    let desk = Desk::new().await;
    let input = json!({
        "idempotencyKey": "1", "name": " Kühlaggregat K2 ", "code": "K-2", "family": "Kälte",
        "prices": [{ "amount": "1200.50" }, { "amount": 1150, "currency": "EUR" }, { "amount": "180000", "currency": "JPY" }],
    });
    let made = desk.create_product(input.clone()).await.payload("createProduct")["product"].clone();
    assert_eq!(desk.create_product(input).await.payload("createProduct")["product"]["id"], made["id"]);
    assert_eq!((&made["name"], &made["active"], &made["version"]), (&json!("Kühlaggregat K2"), &json!(true), &json!(1)));
    let euros = json!({ "amount": "1150.00", "currency": "EUR" });
    let dollars = json!({ "amount": "1200.50", "currency": "USD" });
    assert_eq!(made["unitPrice"], dollars, "the base currency is the dollar");
    assert_eq!(made["prices"], json!([euros, { "amount": "180000", "currency": "JPY" }, dollars]));

    let id = &made["id"];
    let changed = desk.update_product(json!({ "id": id, "expectedVersion": 1, "prices": [euros] })).await;
    let changed = &changed.payload("updateProduct")["product"];
    assert_eq!((&changed["version"], &changed["unitPrice"], &changed["prices"]), (&json!(2), &euros, &json!([euros])));
    assert_eq!(
        changed["history"]["nodes"][0]["fields"],
        json!([{ "field": "prices", "before": made["prices"], "after": [euros] }])
    );
    let same = desk.update_product(json!({ "id": id, "prices": [euros], "code": "K-2" })).await;
    assert_eq!(same.payload("updateProduct")["product"]["version"], 2, "nothing changed");
    let stale = desk.update_product(json!({ "id": id, "expectedVersion": 1, "name": "x" })).await;
    assert_eq!(stale.refusals("updateProduct"), ["VERSION_CONFLICT input.expectedVersion"]);
    let bare = desk.update_product(json!({ "id": id, "prices": null, "active": false, "family": null })).await;
    let bare = &bare.payload("updateProduct")["product"];
    assert_eq!((&bare["unitPrice"], &bare["prices"], &bare["active"]), (&Value::Null, &json!([]), &json!(false)));
}

#[tokio::test]
async fn everything_wrong_is_said_at_once() {
    let desk = Desk::new().await;
    desk.create_product(json!({ "name": "One", "code": "Ä-1" })).await.payload("createProduct");
    let wrong = desk
        .create_product(json!({ "name": " ", "code": "a-1", "active": null, "prices": [
            { "amount": "-1" }, { "amount": "1.005", "currency": "EUR" }, { "amount": 1, "currency": "NOK" }, { "amount": 2, "currency": "NOK" },
        ] }))
        .await;
    assert_eq!(
        wrong.refusals("createProduct"),
        [
            "REQUIRED input.name",
            "REQUIRED input.active",
            "ALREADY_EXISTS input.code",
            "OUT_OF_RANGE input.prices.0.amount",
            "INVALID input.prices.1.amount",
            "INVALID input.prices.3",
        ]
    );
    assert_eq!(desk.ask("{ products { totalCount } }").await["products"]["totalCount"], 1);
    // A product keeps its own code, and may change its case.
    let id = desk.ask("{ products { nodes { id } } }").await["products"]["nodes"][0]["id"].clone();
    desk.update_product(json!({ "id": id, "code": "ä-1" })).await.payload("updateProduct");
    desk.create_product(json!({ "name": "No code" })).await.payload("createProduct");
    desk.create_product(json!({ "name": "No code either" })).await.payload("createProduct");
}

#[tokio::test]
async fn what_was_sold_can_only_be_deactivated() {
    let desk = Desk::new().await;
    let never = desk.product("Never sold", json!([{ "amount": 1 }])).await;
    assert_eq!(desk.delete_product(&never).await.payload("deleteProduct")["deletedId"], never);
    assert_eq!(desk.delete_product(&never).await.refusals("deleteProduct"), ["NOT_FOUND input.id"]);
    let query = format!("{{ product(id: {never}) {{ id }} node(id: {never}) {{ id }} }}");
    assert_eq!(desk.ask(&query).await, json!({ "product": null, "node": null }));

    let sold = desk.product("Sold", json!([{ "amount": 5 }])).await;
    let opportunity = desk.opportunity(json!({})).await;
    let input = json!({ "opportunityId": opportunity, "lineItems": [{ "productId": sold }] });
    desk.call("addLineItems", "AddLineItemsInput", "opportunity { id }", input).await.payload("addLineItems");
    let refused = desk.delete_product(&sold).await;
    assert_eq!(refused.refusals("deleteProduct"), ["IN_USE input.id"]);
    assert_eq!(refused.data("/deleteProduct/userErrors/0/details"), &json!({ "opportunities": [opportunity] }));
    let gone = desk.call("deleteOpportunity", "DeleteInput", "deletedId", json!({ "id": opportunity })).await;
    gone.payload("deleteOpportunity");
    assert_eq!(desk.delete_product(&sold).await.refusals("deleteProduct"), ["IN_USE input.id"], "it may be restored");
    desk.update_product(json!({ "id": sold, "active": false })).await.payload("updateProduct");
}

#[tokio::test]
async fn the_catalogue_belongs_to_managers() {
    let mut desk = Desk::new().await;
    let id = desk.product("Pump", json!([])).await;
    desk.person = desk.server.rep().await;
    for answer in [
        desk.create_product(json!({ "name": "x" })).await,
        desk.update_product(json!({ "id": id, "name": "x" })).await,
        desk.delete_product(&id).await,
    ] {
        assert_eq!(answer.codes(), ["FORBIDDEN"]);
    }
    assert_eq!(desk.ask("{ products { nodes { name } } }").await["products"]["nodes"], json!([{ "name": "Pump" }]));
}

#[tokio::test]
async fn products_are_found_and_ordered() {
    let desk = Desk::new().await;
    for (name, code, family, active) in [
        ("Pumpe Ä", Some("P1"), Some("Pumpen"), true),
        ("pumpe z", None, Some("pumpen"), false),
        ("冷却泵", Some("c9"), None, true),
        ("पंप", Some("B2"), None, true),
    ] {
        let input = json!({ "name": name, "code": code, "family": family, "active": active });
        desk.create_product(input).await.payload("createProduct");
    }
    for (arguments, names) in [
        ("", vec!["Pumpe Ä", "pumpe z", "पंप", "冷却泵"]),
        ("(orderBy: [{ field: CODE }])", vec!["pumpe z", "पंप", "冷却泵", "Pumpe Ä"]),
        (
            "(orderBy: [{ field: FAMILY, direction: DESC }, { field: NAME, direction: DESC }])",
            vec!["pumpe z", "Pumpe Ä", "冷却泵", "पंप"],
        ),
        ("(orderBy: [{ field: ACTIVE }, { field: NAME }])", vec!["pumpe z", "Pumpe Ä", "पंप", "冷却泵"]),
        ("(filter: { active: true, family: { contains: \"PUMP\" } })", vec!["Pumpe Ä"]),
        ("(filter: { name: { contains: \"却泵\" } })", vec!["冷却泵"]),
        ("(filter: { code: { startsWith: \"b\" } })", vec!["पंप"]),
        ("(filter: { not: { family: { isNull: true } } })", vec!["Pumpe Ä", "pumpe z"]),
    ] {
        let found = desk.ask(&format!("{{ products{arguments} {{ nodes {{ name }} }} }}")).await;
        let found: Vec<&str> =
            found["products"]["nodes"].as_array().unwrap().iter().map(|node| node["name"].as_str().unwrap()).collect();
        assert_eq!(found, names, "{arguments}");
    }
}

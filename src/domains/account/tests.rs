//! Accounts and contacts through the API, on a database of their own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::{Request, Variables};
use chrono::Utc;
use entity::{Role, UserId, contact_role, lead_conversion, opportunity, stage, user};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryOrder};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::app::{App, SystemClock};
use crate::auth::Actor;
use crate::data::database::{Database, DatabaseSettings};
use crate::graphql::context::Caller;
use crate::graphql::loaders;
use crate::graphql::schema::{Limits, Schema, serving};

struct Desk {
    app: App,
    schema: Schema,
    actor: Actor,
    statements: Arc<AtomicUsize>,
    _directory: TempDir,
}

impl Desk {
    async fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("test.db").display().to_string();
        let mut database = Database::open(&DatabaseSettings::new(path)).await.unwrap();
        database.migrate().await.unwrap();
        let statements = Arc::new(AtomicUsize::new(0));
        let counter = statements.clone();
        database.on_statement(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        let app = App::start(database, Arc::new(SystemClock), 24).await.unwrap();
        let actor = add_user(&app, "Mia", Role::Manager).await;
        Self { schema: serving(app.clone(), Limits::default()), app, actor, statements, _directory: directory }
    }

    async fn ask_as(&self, actor: &Actor, query: &str, variables: Json) -> async_graphql::Response {
        let loaders = loaders::new(self.app.database().clone(), actor.scope());
        let request = Request::new(query).variables(Variables::from_json(variables));
        self.schema.execute(request.data(Caller(Some(actor.clone()))).data(loaders)).await
    }

    async fn ask(&self, query: &str, variables: Json) -> Json {
        let response = self.ask_as(&self.actor, query, variables).await;
        assert_eq!(response.errors, [], "{query}");
        response.data.into_json().unwrap()
    }

    /// Calls a mutation with one input and answers its payload.
    async fn call(&self, mutation: &str, input: Json) -> Json {
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let (kind, fields) = match mutation {
            _ if mutation.starts_with("delete") => ("DeleteInput".to_owned(), "deletedId"),
            "restoreAccount" => ("RestoreInput".to_owned(), "account { id version name }"),
            "restoreContact" => ("RestoreInput".to_owned(), "contact { id version }"),
            _ if mutation.ends_with("Account") => (kind, "account { id version name kind lifecycle employees owner { name } }"),
            _ => (kind, "contact { id version name email owner { name } account { name } }"),
        };
        let query = format!(
            "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {fields} userErrors {{ code message field details }} }} }}"
        );
        self.ask(&query, json!({ "input": input })).await[mutation].clone()
    }

    async fn account(&self, name: &str) -> String {
        id(&self.call("createAccount", json!({ "name": name })).await["account"])
    }

    async fn contact(&self, last_name: &str, account: &str) -> String {
        let input = json!({ "lastName": last_name, "accountId": account });
        id(&self.call("createContact", input).await["contact"])
    }

    /// An opportunity of the account with its primary contact.
    async fn opportunity(&self, account: &str, contact: &str) -> String {
        let connection = self.app.database().begin().await.unwrap();
        let stage = stage::Entity::find().order_by_asc(stage::Column::Position).one(&connection).await.unwrap().unwrap();
        let now = self.app.now();
        let row = opportunity::ActiveModel {
            id: Set(self.app.new_id()),
            version: Set(1),
            name: Set("Sale".to_owned()),
            account_id: Set(account.parse().unwrap()),
            primary_contact_id: Set(Some(contact.parse().unwrap())),
            pipeline_id: Set(stage.pipeline_id),
            stage_id: Set(stage.id),
            stage_entered_at: Set(now),
            stages_reached: Set(String::new()),
            probability: Set(10),
            probability_by_hand: Set(false),
            close_date: Set(now.date_naive()),
            is_closed: Set(false),
            is_won: Set(false),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        };
        let opportunity = row.insert(&connection).await.unwrap();
        let role = contact_role::ActiveModel {
            opportunity_id: Set(opportunity.id),
            contact_id: Set(contact.parse().unwrap()),
            role: Set(None),
            created_at: Set(now),
        };
        role.insert(&connection).await.unwrap();
        connection.commit().await.unwrap();
        opportunity.id.to_string()
    }
}

fn id(record: &Json) -> String {
    record["id"].as_str().unwrap_or_else(|| panic!("no record: {record}")).to_owned()
}

fn codes(payload: &Json) -> Vec<(String, Json)> {
    let errors = payload["userErrors"].as_array().unwrap();
    errors.iter().map(|error| (error["code"].as_str().unwrap().to_owned(), error["field"][1].clone())).collect()
}

async fn add_user(app: &App, name: &str, role: Role) -> Actor {
    let id: UserId = app.new_id();
    let row = user::ActiveModel {
        id: Set(id),
        name: Set(name.to_owned()),
        email: Set(format!("{name}@example.com")),
        email_key: Set(format!("{}@example.com", name.to_lowercase())),
        password_hash: Set(String::new()),
        role: Set(role),
        active: Set(true),
        team_id: Set(None),
        created_at: Set(Utc::now()),
        updated_at: Set(Utc::now()),
    };
    let connection = app.database().begin().await.unwrap();
    let user = row.insert(&connection).await.unwrap();
    connection.commit().await.unwrap();
    Actor::of(user)
}

#[tokio::test]
async fn accounts_are_created_changed_and_read() {
    let desk = Desk::new().await;
    let input = json!({ "name": "  Nguyễn AS ", "employees": 12, "idempotencyKey": "k", "annualRevenue": { "amount": "5.5" } });
    let made = desk.call("createAccount", input.clone()).await;
    let account = &made["account"];
    assert_eq!(account["name"], "Nguyễn AS");
    assert_eq!((&account["kind"], &account["lifecycle"]), (&json!("BUSINESS"), &json!("PROSPECT")));
    assert_eq!(account["owner"]["name"], "Mia");
    assert_eq!(desk.call("createAccount", input).await["account"], *account, "the same key answers the first account");

    let id = id(account);
    let changed = desk.call("updateAccount", json!({ "id": id, "expectedVersion": 1, "employees": null })).await;
    assert_eq!((&changed["account"]["version"], &changed["account"]["employees"]), (&json!(2), &Json::Null));
    let late = desk.call("updateAccount", json!({ "id": id, "expectedVersion": 1, "phone": "1" })).await;
    assert_eq!(codes(&late)[0].0, "VERSION_CONFLICT");

    let query = r#"query($id: ID!) {
        account(id: $id) { history { nodes { action fields { field before after } } } annualRevenue { amount } }
        accounts(filter: { name: { contains: "NGUYEN" }, not: { employees: { gt: 0 } } }, orderBy: [{ field: NAME }]) {
            totalCount nodes { id }
        }
    }"#;
    let read = desk.ask(query, json!({ "id": id })).await;
    assert_eq!(
        read["account"]["history"]["nodes"][0],
        json!({
            "action": "updated", "fields": [{ "field": "employees", "before": 12, "after": null }],
        })
    );
    assert_eq!(read["account"]["annualRevenue"]["amount"], "5.50");
    assert_eq!(read["accounts"], json!({ "totalCount": 1, "nodes": [{ "id": id }] }));
}

#[tokio::test]
async fn all_problems_are_told_at_once() {
    let desk = Desk::new().await;
    let wrong = json!({ "name": " ", "employees": -1, "website": "nowhere", "parentId": "lead_x", "ownerId": "contact_y" });
    let expected = ["REQUIRED name", "OUT_OF_RANGE employees", "INVALID website", "INVALID parentId", "INVALID ownerId"];
    let told = codes(&desk.call("createAccount", wrong).await);
    let told: Vec<String> = told.iter().map(|(code, field)| format!("{code} {}", field.as_str().unwrap())).collect();
    assert_eq!(told, expected);

    let contact = id(&desk.call("createContact", json!({ "lastName": "Berg" })).await["contact"]);
    let refused = desk.call("updateContact", json!({ "id": contact, "lastName": null, "email": "a@b" })).await;
    assert_eq!(codes(&refused), [("REQUIRED".to_owned(), json!("lastName")), ("INVALID".to_owned(), json!("email"))]);
    let changed = desk.call("updateContact", json!({ "id": contact, "firstName": "Ada", "ownerId": null })).await;
    assert_eq!((&changed["contact"]["name"], &changed["contact"]["owner"]), (&json!("Ada Berg"), &Json::Null));
}

#[tokio::test]
async fn parents_close_no_circle() {
    let desk = Desk::new().await;
    let (top, middle, low) = (desk.account("Top").await, desk.account("Middle").await, desk.account("Low").await);
    for (child, parent) in [(&middle, &top), (&low, &middle)] {
        assert_eq!(codes(&desk.call("updateAccount", json!({ "id": child, "parentId": parent })).await), []);
    }
    for parent in [&top, &middle, &low] {
        let refused = desk.call("updateAccount", json!({ "id": top, "parentId": parent })).await;
        assert_eq!(codes(&refused), [("INVALID".to_owned(), json!("parentId"))]);
    }
    let query = "query($id: ID!) { account(id: $id) { parent { name } children { nodes { name } } } }";
    let read = desk.ask(query, json!({ "id": middle })).await;
    assert_eq!(read["account"], json!({ "parent": { "name": "Top" }, "children": { "nodes": [{ "name": "Low" }] } }));

    let refused = desk.call("deleteAccount", json!({ "id": top })).await;
    assert_eq!(refused["userErrors"][0]["details"], json!({ "children": [middle] }));
    assert_eq!(desk.call("deleteAccount", json!({ "id": low })).await["deletedId"], json!(low));
    assert_eq!(desk.call("deleteAccount", json!({ "id": middle })).await["deletedId"], json!(middle));
    let refused = desk.call("restoreAccount", json!({ "id": low })).await;
    assert_eq!(refused["userErrors"][0]["details"], json!({ "parentId": middle }));
    assert_eq!(desk.call("restoreAccount", json!({ "id": middle })).await["account"]["name"], "Middle");
    assert_eq!(desk.call("restoreAccount", json!({ "id": low })).await["account"]["name"], "Low");
}

#[tokio::test]
async fn what_is_in_use_stays() {
    let desk = Desk::new().await;
    let (account, other) = (desk.account("Acme").await, desk.account("Other").await);
    let (primary, second) = (desk.contact("Primary", &account).await, desk.contact("Second", &account).await);
    let opportunity = desk.opportunity(&account, &primary).await;

    let refused = desk.call("deleteAccount", json!({ "id": account })).await;
    assert_eq!(codes(&refused), [("IN_USE".to_owned(), json!("id"))]);
    let details = json!({ "contacts": [primary, second], "opportunities": [opportunity] });
    assert_eq!(refused["userErrors"][0]["details"], details);

    for (mutation, input, field) in [
        ("deleteContact", json!({ "id": primary }), "id"),
        ("updateContact", json!({ "id": primary, "accountId": other }), "accountId"),
        ("updateContact", json!({ "id": primary, "accountId": null }), "accountId"),
    ] {
        let refused = desk.call(mutation, input).await;
        assert_eq!(codes(&refused), [("IN_USE".to_owned(), json!(field))]);
        assert_eq!(refused["userErrors"][0]["details"], json!({ "opportunities": [opportunity] }));
    }
    let moved = desk.call("updateContact", json!({ "id": second, "accountId": other })).await;
    assert_eq!(moved["contact"]["account"]["name"], "Other");

    assert_eq!(desk.call("deleteContact", json!({ "id": second })).await["deletedId"], json!(second));
    assert_eq!(desk.call("deleteAccount", json!({ "id": other })).await["deletedId"], json!(other));
    let refused = desk.call("restoreContact", json!({ "id": second })).await;
    assert_eq!(refused["userErrors"][0]["details"], json!({ "accountId": other }));
    assert_eq!(desk.ask("query($id: ID!) { contact(id: $id) { id } }", json!({ "id": second })).await["contact"], Json::Null);
}

#[tokio::test]
async fn what_a_lead_became_stays() {
    let desk = Desk::new().await;
    let account = desk.account("Acme").await;
    let contact = id(&desk.call("createContact", json!({ "lastName": "Berg" })).await["contact"]);
    let query = r#"mutation { createLead(input: { company: "Acme" }) { lead { id } } }"#;
    let lead = id(&desk.ask(query, Json::Null).await["createLead"]["lead"]);
    let row = lead_conversion::ActiveModel {
        lead_id: Set(lead.parse().unwrap()),
        account_id: Set(account.parse().unwrap()),
        contact_id: Set(contact.parse().unwrap()),
        opportunity_id: Set(None),
        converted_at: Set(desk.app.now()),
        converted_by: Set(None),
        status_before: Set(entity::LeadStatus::Qualified),
        ledger: Set(json!({})),
    };
    let connection = desk.app.database().begin().await.unwrap();
    row.insert(&connection).await.unwrap();
    connection.commit().await.unwrap();
    for (mutation, id) in [("deleteAccount", account), ("deleteContact", contact)] {
        let refused = desk.call(mutation, json!({ "id": id })).await;
        assert_eq!(codes(&refused), [("IN_USE".to_owned(), json!("id"))]);
        assert_eq!(refused["userErrors"][0]["details"], json!({ "leads": [lead] }));
    }
}

#[tokio::test]
async fn lists_of_many_accounts_are_read_together() {
    let desk = Desk::new().await;
    for number in 0..3 {
        let account = desk.account(&format!("Account {number}")).await;
        let contact = desk.contact("Contact", &account).await;
        desk.opportunity(&account, &contact).await;
        desk.opportunity(&account, &contact).await;
    }
    let query = r"query($first: Int) { accounts(first: $first) { nodes {
        owner { name } children { nodes { id } } activities { nodes { id } }
        opportunities(first: 1, filter: { isClosed: false }, orderBy: [{ field: NAME }]) { totalCount nodes { name } }
        contacts { nodes { opportunities(last: 1) { totalCount nodes { account { name } } } } }
    } } }";
    let mut counts = Vec::new();
    for first in [2, 3] {
        desk.statements.store(0, Ordering::Relaxed);
        let read = desk.ask(query, json!({ "first": first })).await;
        counts.push(desk.statements.load(Ordering::Relaxed));
        let nodes = read["accounts"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), first);
        assert_eq!(nodes[0]["opportunities"], json!({ "totalCount": 2, "nodes": [{ "name": "Sale" }] }));
        let sales = &nodes[0]["contacts"]["nodes"][0]["opportunities"];
        assert_eq!(*sales, json!({ "totalCount": 2, "nodes": [{ "account": { "name": "Account 2" } }] }));
    }
    assert_eq!(counts[0], counts[1], "as many statements for two accounts as for three");

    desk.call("createContact", json!({ "lastName": "Alone" })).await;
    let count = |filter: Json| {
        let desk = &desk;
        async move {
            let query = "query($filter: ContactFilter) { contacts(filter: $filter) { totalCount } }";
            desk.ask(query, json!({ "filter": filter })).await["contacts"]["totalCount"].clone()
        }
    };
    assert_eq!(count(json!({ "account": { "name": { "endsWith": "1" } } })).await, json!(1));
    assert_eq!(count(json!({ "not": { "account": { "name": { "endsWith": "1" } } } })).await, json!(3));
    assert_eq!(count(json!({ "account": {} })).await, json!(4), "an empty filter filters nothing");
    assert_eq!(count(json!({ "accountId": { "isNull": true } })).await, json!(1));
}

#[tokio::test]
async fn a_rep_changes_only_their_own() {
    let desk = Desk::new().await;
    let rep = add_user(&desk.app, "Rep", Role::Rep).await;
    let viewer = add_user(&desk.app, "Viewer", Role::Viewer).await;
    let account = desk.account("Mia's").await;
    let delete = "mutation($id: ID!) { deleteAccount(input: { id: $id }) { deletedId } }";
    let create = r#"mutation { createAccount(input: { name: "A" }) { account { id } } }"#;
    for (actor, query, allowed) in [(&rep, delete, false), (&viewer, create, false), (&rep, create, true)] {
        let response = desk.ask_as(actor, query, json!({ "id": account })).await;
        assert_eq!(response.errors.is_empty(), allowed, "{query}");
        if let Some(error) = response.errors.first() {
            assert_eq!(error.extensions.as_ref().and_then(|more| more.get("code")), Some(&"FORBIDDEN".into()));
        }
    }
}

#[tokio::test]
async fn a_query_as_deep_as_allowed_fits_on_the_stack() {
    // On the threads that operations have, whose stacks are larger than a test's.
    let threads = crate::http::Threads::start(1).unwrap();
    threads.spawn(ask_deeply()).await.unwrap();
}

async fn ask_deeply() {
    let desk = Desk::new().await;
    let account = desk.account("Acme").await;
    desk.contact("Berg", &account).await;
    let nest = |inner: String, _| format!("contacts(first: 1) {{ nodes {{ account {{ {inner} }} }} }}");
    let fields = (0..4).fold("name owner { name }".to_owned(), nest);
    let read = desk.ask(&format!("query($id: ID!) {{ account(id: $id) {{ {fields} }} }}"), json!({ "id": account })).await;
    assert!(read.to_string().contains("Acme"));
}

//! For tests of this crate: a schema on a database of its own, on PostgreSQL where `LEADGRAPH_TEST_POSTGRES` names a server.
#![allow(missing_docs, reason = "test code")]

use std::sync::{Arc, Mutex};

use async_graphql::Request;
use chrono::{DateTime, TimeDelta, Utc};
use entity::user;
use serde_json::Value as Json;
use tempfile::TempDir;

use super::context::Caller;
use super::schema::{Limits, Schema, serving};
use crate::app::{App, Clock};
use crate::auth::{Actor, session};
use crate::data::database::{Database, DatabaseSettings};
use crate::domains::user::administration;
use crate::domains::user::input::CreateUserInput;

/// A clock that stands still until it is told to move.
#[derive(Clone)]
pub struct TestClock(Arc<Mutex<DateTime<Utc>>>);

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

impl TestClock {
    pub fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

pub struct Testing {
    pub app: App,
    pub schema: Schema,
    pub clock: TestClock,
    _directory: TempDir,
}

pub const PASSWORD: &str = "correct horse battery";

impl Testing {
    pub async fn start() -> Self {
        let directory = TempDir::new().unwrap();
        let database = Database::open(&settings(&directory).await).await.unwrap();
        database.migrate().await.unwrap();
        let clock = TestClock(Arc::new(Mutex::new("2026-03-02T09:30:00Z".parse().unwrap())));
        let app = App::start(database, Arc::new(clock.clone()), 12).await.unwrap();
        let schema = serving(app.clone(), Limits::default());
        Self { app, schema, clock, _directory: directory }
    }

    /// A user with the password `PASSWORD` and an open session.
    pub async fn user(&self, email: &str, role: entity::Role) -> Actor {
        let (name, password) = (email.split('@').next().unwrap().to_owned(), PASSWORD.to_owned());
        let input = CreateUserInput { name, email: email.to_owned(), password, role: role.into(), team_id: None };
        let user: user::Model = administration::create(&self.app, input).await.unwrap();
        let token = session::open(&self.app, user.id).await.unwrap().token;
        session::actor(&self.app, &token).await.unwrap().unwrap()
    }

    /// The whole answer: `data`, `errors`.
    pub async fn ask(&self, caller: Option<&Actor>, query: &str, variables: Json) -> Json {
        serde_json::to_value(self.answer(caller, query, variables).await).unwrap()
    }

    pub async fn answer(&self, caller: Option<&Actor>, query: &str, variables: Json) -> async_graphql::Response {
        let scope = caller.map_or_else(|| anybody().scope(), Actor::scope);
        let variables = async_graphql::Variables::from_json(variables);
        let mut request =
            Request::new(query).data(Caller(caller.cloned())).data(super::loaders::new(self.app.database().clone(), scope));
        if let Ok(mut document) = async_graphql::parser::parse_query(query) {
            super::omitted::OmittedPaging::of(&document).fill(&mut document, &variables);
            request.set_parsed_query(document);
        }
        self.schema.execute(request.variables(variables)).await
    }

    /// The data of an answer without errors.
    pub async fn data(&self, caller: &Actor, query: &str, variables: Json) -> Json {
        let mut answer = self.ask(Some(caller), query, variables).await;
        assert!(answer.get("errors").is_none_or(|errors| errors.as_array().is_some_and(Vec::is_empty)), "{answer:#}");
        answer["data"].take()
    }
}

fn anybody() -> Actor {
    let now = DateTime::UNIX_EPOCH;
    let user = user::Model {
        id: entity::Id::new(uuid::Uuid::nil()),
        name: String::new(),
        email: String::new(),
        email_key: String::new(),
        password_hash: String::new(),
        role: entity::Role::Viewer,
        active: false,
        team_id: None,
        created_at: now,
        updated_at: now,
    };
    Actor::of(user)
}

async fn settings(directory: &TempDir) -> DatabaseSettings {
    use sea_orm::ConnectionTrait;
    let Ok(server) = std::env::var("LEADGRAPH_TEST_POSTGRES") else {
        return DatabaseSettings::new(directory.path().join("leadgraph.db").display().to_string());
    };
    let name = format!("leadgraph_{}", uuid::Uuid::now_v7().simple());
    let admin = sea_orm::Database::connect(&server).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    DatabaseSettings::new(format!("{}/{name}", server.rsplit_once('/').unwrap().0))
}

//! The demo: a small believable workspace of the project's own making, in several languages and scripts, with leads in every
//! status and deals in every stage.
//!
//! It is made through the public API on behalf of its users, in the order of time, with a clock that is set to each day: so it
//! keeps every rule, and histories and stage durations look as they would in real life.

pub mod bare_tables;
pub mod data;
mod events;
mod lead_flow;
pub mod scale;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::{Request, Variables};
use chrono::{DateTime, Utc};
use entity::{TeamId, UserId, team, user};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value as Json, json};

use crate::app::{App, Clock};
use crate::auth::{Actor, password};
use crate::data::database::{Database, DatabaseSettings};
use crate::error::{Error, Result};
use crate::graphql::context::Caller;
use crate::graphql::loaders;
use crate::graphql::schema::{Limits, Schema, serving};
use crate::values::email::email_key;

/// The password of every demo user. Demo databases are thrown away, and the server prints it anyway.
pub const PASSWORD: &str = "leadgraph-demo";

/// A database that exists only as long as this value does, filled with the demo.
pub struct DemoDatabase {
    /// The filled database.
    pub database: Database,
    /// The administrator's e-mail address; the password is `PASSWORD`.
    pub administrator: String,
    _folder: tempfile::TempDir,
}

/// Makes a demo database in a new temporary folder: no existing database is ever touched.
pub async fn prepare() -> Result<DemoDatabase> {
    let folder = tempfile::Builder::new().prefix("leadgraph-demo-").tempdir().map_err(Error::internal)?;
    let file = folder.path().join("demo.db");
    let settings = DatabaseSettings::new(format!("sqlite://{}", file.display()));
    let database = Database::open(&settings).await.map_err(Error::internal)?;
    database.migrate().await.map_err(Error::internal)?;
    let administrator = fill(database.clone()).await?;
    Ok(DemoDatabase { database, administrator, _folder: folder })
}

/// Fills a new database and answers the e-mail address of its administrator.
pub async fn fill(database: Database) -> Result<String> {
    let data = data::read()?;
    let now = Utc::now();
    let clock = Arc::new(SetClock(Mutex::new(now)));
    let app = App::start(database, clock.clone(), 1).await?;
    let (events, first_day) = events::plan(&data, now);
    clock.set(first_day);
    let users = create_users(&app, &data).await?;
    let administrator = data.users.first().map(|user| user.email.clone()).unwrap_or_default();
    let mut demo = Demo {
        schema: serving(app.clone(), Limits::default()),
        app,
        users,
        administrator: administrator.clone(),
        names: HashMap::new(),
    };
    demo.create_pipelines(&data).await?;
    demo.read_names().await?;
    for event in events {
        clock.set(event.at);
        demo.play(&data, event).await?;
    }
    demo.direct_leads().await?;
    Ok(administrator)
}

/// A clock that stands where it was set.
struct SetClock(Mutex<DateTime<Utc>>);

impl SetClock {
    fn set(&self, time: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = time;
    }
}

impl Clock for SetClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Users are the one thing that is written past the API: somebody has to be the first.
async fn create_users(app: &App, data: &data::Data) -> Result<HashMap<String, user::Model>> {
    let password_hash = password::hash(PASSWORD.to_owned()).await?;
    let write = app.database().begin().await?;
    let mut teams: HashMap<String, TeamId> = HashMap::new();
    let mut users = HashMap::new();
    for person in &data.users {
        let team_id = match &person.team {
            None => None,
            Some(name) if teams.contains_key(name) => teams.get(name).copied(),
            Some(name) => {
                let id = app.new_id();
                let row =
                    team::ActiveModel { id: Set(id), name: Set(name.clone()), manager_id: Set(None), created_at: Set(app.now()) };
                team::Entity::insert(row).exec_without_returning(&write).await?;
                teams.insert(name.clone(), id);
                Some(id)
            }
        };
        let id: UserId = app.new_id();
        let row = user::ActiveModel {
            id: Set(id),
            name: Set(person.name.clone()),
            email: Set(person.email.clone()),
            email_key: Set(email_key(&person.email)),
            password_hash: Set(password_hash.clone()),
            role: Set(person.role),
            active: Set(true),
            team_id: Set(team_id),
            created_at: Set(app.now()),
            updated_at: Set(app.now()),
        };
        user::Entity::insert(row).exec_without_returning(&write).await?;
        let row = user::Entity::find_by_id(id).one(&write).await?;
        users.insert(person.email.clone(), row.ok_or_else(|| Error::internal("a user that was written is not there"))?);
    }
    write.commit().await?;
    Ok(users)
}

/// The workspace while it is being filled.
struct Demo {
    schema: Schema,
    app: App,
    users: HashMap<String, user::Model>,
    administrator: String,
    /// The ids of sources, reasons, stages, campaigns, leads and opportunities by `kind name`.
    names: HashMap<String, String>,
}

impl Demo {
    /// Runs a query or mutation as one of the users. Anything that is refused is a mistake in the demo's data.
    async fn run(&self, email: &str, query: &str, variables: Json) -> Result<Json> {
        let user = self.users.get(email).or_else(|| self.users.get(&self.administrator)).cloned();
        let actor = user.map(Actor::of).ok_or_else(|| Error::internal("the demo has no users"))?;
        let loaders = loaders::new(self.app.database().clone(), actor.scope());
        let request =
            Request::new(query).variables(Variables::from_json(variables.clone())).data(Caller(Some(actor))).data(loaders);
        let response = self.schema.execute(request).await;
        let data = response.data.into_json().map_err(Error::internal)?;
        let refused = data
            .as_object()
            .into_iter()
            .flat_map(|fields| fields.values())
            .any(|payload| payload.get("userErrors").and_then(Json::as_array).is_some_and(|problems| !problems.is_empty()));
        if refused || !response.errors.is_empty() {
            return Err(Error::internal(format!(
                "the demo's {query} with {variables} was refused: {data} {:?}",
                response.errors
            )));
        }
        Ok(data)
    }

    async fn create_pipelines(&self, data: &data::Data) -> Result<()> {
        let query = "mutation($input: CreatePipelineInput!) { createPipeline(input: $input) { userErrors { message field } } }";
        for pipeline in &data.pipelines {
            let input = json!({ "input": { "name": pipeline.name, "stages": pipeline.stages } });
            self.run("", query, input).await?;
        }
        Ok(())
    }

    /// Learns the ids of what the workspace starts with.
    async fn read_names(&mut self) -> Result<()> {
        let query = "{ leadSources { id name } disqualificationReasons { id name } closeReasons { id name category } \
                     pipelines { id name stages { id name } } }";
        let lists = self.run("", query, Json::Null).await?;
        let mut learn = |kind: &str, list: &Json| {
            for entry in list.as_array().into_iter().flatten() {
                let category = entry["category"].as_str().unwrap_or_default();
                let key = format!("{kind}{category} {}", text(&entry["name"]));
                self.names.insert(key, text(&entry["id"]));
            }
        };
        learn("source", &lists["leadSources"]);
        learn("disqualify", &lists["disqualificationReasons"]);
        learn("close", &lists["closeReasons"]);
        learn("pipeline", &lists["pipelines"]);
        for pipeline in lists["pipelines"].as_array().into_iter().flatten() {
            learn("stage", &pipeline["stages"]);
        }
        Ok(())
    }

    /// The id of something by its kind and name.
    fn id(&self, kind: &str, name: &str) -> Result<&String> {
        let key = format!("{kind} {name}");
        self.names.get(&key).ok_or_else(|| Error::internal(format!("the demo's data names a {key} that is not there")))
    }
}

fn text(value: &Json) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use entity::CampaignMemberStatus::{Attended, OptedOut, Responded, Sent, Targeted};
    use entity::{LeadStatus, QuoteStatus, activity, campaign, campaign_member, lead, opportunity, order, quote, stage};
    use sea_orm::EntityTrait;

    #[tokio::test]
    async fn has_leads_in_every_status_and_deals_in_every_stage() {
        let demo = super::prepare().await.unwrap_or_else(|error| panic!("{error:?}"));
        let leads = lead::Entity::find().all(demo.database.read()).await.unwrap();
        for status in [
            LeadStatus::OpenNotContacted,
            LeadStatus::WorkingContacted,
            LeadStatus::Qualified,
            LeadStatus::ClosedConverted,
            LeadStatus::ClosedNotConverted,
        ] {
            assert!(leads.iter().any(|lead| lead.status == status), "no lead is {}", status.as_str());
        }
        let deals = opportunity::Entity::find().all(demo.database.read()).await.unwrap();
        for stage in stage::Entity::find().all(demo.database.read()).await.unwrap() {
            assert!(deals.iter().any(|deal| deal.stage_id == stage.id), "no deal is in {}", stage.name);
        }
        let quotes = quote::Entity::find().all(demo.database.read()).await.unwrap();
        let today = chrono::Utc::now().date_naive();
        for status in [QuoteStatus::Draft, QuoteStatus::Sent, QuoteStatus::Accepted, QuoteStatus::Rejected, QuoteStatus::Expired]
        {
            let is = |quote| crate::domains::quote::rules::status(quote, today) == status;
            assert!(quotes.iter().any(is), "no quote is {}", status.as_str());
        }
        assert!(order::Entity::find().one(demo.database.read()).await.unwrap().is_some(), "there is no order");
    }

    #[tokio::test]
    async fn has_something_for_every_report_and_every_day() {
        let demo = super::prepare().await.unwrap_or_else(|error| panic!("{error:?}"));
        let read = demo.database.read();
        let now = chrono::Utc::now();
        let deals = opportunity::Entity::find().all(read).await.unwrap();
        for quarter in 0..5 {
            let last = now - chrono::TimeDelta::days(91 * quarter);
            let closed = deals.iter().filter_map(|deal| deal.closed_at);
            let closed = closed.filter(|at| *at <= last && *at > last - chrono::TimeDelta::days(91)).count();
            assert!(closed > 0, "nothing was closed in the 91 days before {last}");
        }
        let open = deals.iter().filter(|deal| deal.closed_at.is_none()).map(|deal| deal.close_date.format("%Y-%m").to_string());
        assert!(open.collect::<std::collections::HashSet<_>>().len() > 2, "open deals close over months");
        let activities = activity::Entity::find().all(read).await.unwrap();
        let due = || activities.iter().filter(|activity| activity.completed_at.is_none()).filter_map(|activity| activity.due_at);
        assert!(due().any(|at| at < now) && due().any(|at| at.date_naive() == now.date_naive()), "overdue and due today");
        let members = campaign_member::Entity::find().all(read).await.unwrap();
        for status in [Attended, OptedOut, Responded, Sent, Targeted] {
            assert!(members.iter().any(|member| member.status == status), "nobody is {}", status.as_str());
        }
        assert!(campaign::Entity::find().all(read).await.unwrap().iter().any(|campaign| campaign.parent_id.is_some()));
        assert!(order::Entity::find().all(read).await.unwrap().iter().any(|order| order.contract_number.is_some()));
    }
}

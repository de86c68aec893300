//! What a new workspace starts with. It is written with the columns of this step, not with the entities, which go on to change.

use chrono::{DateTime, SubsecRound, Utc};
use sea_orm_migration::prelude::*;
use uuid::Uuid;

const LEAD_SOURCES: [&str; 10] = [
    "Web form",
    "Phone enquiry",
    "Customer referral",
    "Partner",
    "Purchased list",
    "Marketing campaign",
    "Event",
    "Consumer interview",
    "Social media",
    "Other",
];

const DISQUALIFICATION_REASONS: [&str; 9] = [
    "No budget",
    "No need",
    "No authority",
    "Bad timing",
    "Chose a competitor",
    "Unreachable",
    "Duplicate",
    "Not a fit",
    "Other",
];

const WON_REASONS: [&str; 5] = ["Best fit", "Price", "Relationship", "Existing customer", "Other"];

const LOST_REASONS: [&str; 7] =
    ["No budget", "No decision", "Chose a competitor", "Price", "Missing feature", "Bad timing", "Other"];

/// Name, win probability, category, forecast category.
const STAGES: [(&str, i32, &str, &str); 10] = [
    ("Prospecting", 10, "OPEN", "PIPELINE"),
    ("Qualification", 10, "OPEN", "PIPELINE"),
    ("Needs Analysis", 20, "OPEN", "PIPELINE"),
    ("Value Proposition", 50, "OPEN", "PIPELINE"),
    ("Identify Decision Makers", 60, "OPEN", "PIPELINE"),
    ("Perception Analysis", 70, "OPEN", "BEST_CASE"),
    ("Proposal/Quote", 75, "OPEN", "BEST_CASE"),
    ("Negotiation/Review", 90, "OPEN", "COMMIT"),
    ("Closed Won", 100, "WON", "CLOSED"),
    ("Closed Lost", 0, "LOST", "OMITTED"),
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let database = manager.get_connection();
        let now = Utc::now().trunc_subsecs(6);
        for statement in [
            workspace(now)?,
            reasons("lead_sources", &LEAD_SOURCES, now)?,
            reasons("disqualification_reasons", &DISQUALIFICATION_REASONS, now)?,
            close_reasons("WON", &WON_REASONS, now)?,
            close_reasons("LOST", &LOST_REASONS, now)?,
        ] {
            database.execute(&statement).await?;
        }
        let pipeline = Uuid::now_v7();
        database.execute(&sales_pipeline(pipeline, now)?).await?;
        database.execute(&stages(pipeline, now)?).await.map(|_| ())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// An insert of several rows. `columns` are the names of the values, separated by spaces.
fn insert(
    table: &'static str,
    columns: &'static str,
    rows: impl IntoIterator<Item = Vec<Expr>>,
) -> Result<InsertStatement, DbErr> {
    let mut statement = Query::insert().into_table(table).columns(columns.split(' ')).to_owned();
    for row in rows {
        statement.values(row).map_err(|problem| DbErr::Migration(problem.to_string()))?;
    }
    Ok(statement)
}

fn workspace(now: DateTime<Utc>) -> Result<InsertStatement, DbErr> {
    insert(
        "workspace",
        "id base_currency time_zone fiscal_year_start_month conversion_requires_qualified created_at",
        [vec![1.into(), "USD".into(), "UTC".into(), 1.into(), false.into(), now.into()]],
    )
}

fn reasons(table: &'static str, names: &[&str], now: DateTime<Utc>) -> Result<InsertStatement, DbErr> {
    let rows = names.iter().zip(1..).map(|(name, position)| {
        vec![Uuid::now_v7().into(), (*name).into(), name.to_lowercase().into(), true.into(), position.into(), now.into()]
    });
    insert(table, "id name name_key active position created_at", rows)
}

fn close_reasons(category: &str, names: &[&str], now: DateTime<Utc>) -> Result<InsertStatement, DbErr> {
    let rows = names.iter().zip(1..).map(|(name, position)| {
        vec![
            Uuid::now_v7().into(),
            (*name).into(),
            name.to_lowercase().into(),
            category.into(),
            true.into(),
            position.into(),
            now.into(),
        ]
    });
    insert("close_reasons", "id name name_key category active position created_at", rows)
}

fn sales_pipeline(id: Uuid, now: DateTime<Utc>) -> Result<InsertStatement, DbErr> {
    insert(
        "pipelines",
        "id name name_key is_default position created_at",
        [vec![id.into(), "Sales".into(), "sales".into(), true.into(), 1.into(), now.into()]],
    )
}

fn stages(pipeline: Uuid, now: DateTime<Utc>) -> Result<InsertStatement, DbErr> {
    let rows = STAGES.iter().zip(1..).map(|((name, probability, category, forecast_category), position)| {
        vec![
            Uuid::now_v7().into(),
            pipeline.into(),
            (*name).into(),
            name.to_lowercase().into(),
            position.into(),
            (*probability).into(),
            (*category).into(),
            (*forecast_category).into(),
            now.into(),
        ]
    });
    insert("stages", "id pipeline_id name name_key position probability category forecast_category created_at", rows)
}

//! The statuses of a lead over time as rows, so that reports count them: until now they stood in the history only.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::sql_step::SqlStep;

const TABLE: &str = r#"
ALTER TABLE leads ADD COLUMN statuses_reached smallint NOT NULL DEFAULT 0;

CREATE TABLE lead_status_changes (
    id uuid PRIMARY KEY,
    lead_id uuid NOT NULL REFERENCES leads (id),
    at timestamptz NOT NULL,
    "by" uuid REFERENCES users (id),
    from_status smallint CHECK (from_status BETWEEN 1 AND 5),
    status smallint NOT NULL CHECK (status BETWEEN 1 AND 5)
);
"#;

/// Made after the rows: that is faster than keeping them in step.
const INDEXES: &str = r#"
CREATE INDEX lead_status_changes_lead ON lead_status_changes (lead_id, at, id);
CREATE INDEX lead_status_changes_at ON lead_status_changes (at, status, lead_id);
CREATE INDEX opportunity_changes_stage ON opportunity_changes (stage_id, at, opportunity_id);
CREATE INDEX opportunity_changes_latest ON opportunity_changes (at, stage_id, opportunity_id) WHERE until IS NULL;
CREATE INDEX opportunities_open
    ON opportunities (stage_id, currency, probability, amount, stage_entered_at, owner_id) WHERE deleted_at IS NULL AND NOT is_closed;
CREATE INDEX activities_completed ON activities (completed_at, id) WHERE deleted_at IS NULL AND completed_at IS NOT NULL;

-- A lead without a history: how it stands is all that is known.
INSERT INTO lead_status_changes (id, lead_id, at, status)
SELECT id, id, created_at, status FROM leads
WHERE NOT EXISTS (SELECT 1 FROM lead_status_changes WHERE lead_status_changes.lead_id = leads.id);

UPDATE leads SET statuses_reached =
    (SELECT SUM(DISTINCT (1 << (lead_status_changes.status - 1))) FROM lead_status_changes WHERE lead_status_changes.lead_id = leads.id);
"#;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let entries = match manager.get_database_backend() {
            DbBackend::Sqlite => "json_each(changes.fields)",
            _ => "jsonb_array_elements(changes.fields)",
        };
        for sql in [TABLE, &from_history(entries), INDEXES] {
            SqlStep { name: "", sql }.run(manager).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Takes the statuses out of the history. An entry has one change of a field at most, so it lends its id.
fn from_history(entries: &str) -> String {
    let number = |which: &str| {
        format!(
            "CASE entry.value ->> '{which}' WHEN 'OPEN_NOT_CONTACTED' THEN 1 WHEN 'WORKING_CONTACTED' THEN 2 WHEN 'QUALIFIED' THEN 3
             WHEN 'CLOSED_CONVERTED' THEN 4 WHEN 'CLOSED_NOT_CONVERTED' THEN 5 END"
        )
    };
    format!(
        r#"INSERT INTO lead_status_changes (id, lead_id, at, "by", from_status, status)
        SELECT changes.id, leads.id, CASE WHEN entry.value ->> 'before' IS NULL THEN leads.created_at ELSE changes.at END,
            changes."by", {}, {}
        FROM changes JOIN leads ON leads.id = changes.record_id, {entries} AS entry
        WHERE changes.record_kind = 'LEAD' AND entry.value ->> 'field' = 'status' AND entry.value ->> 'after' IS NOT NULL"#,
        number("before"),
        number("after"),
    )
}

//! Lists, filters and the search cost no more when there is more: what they ask for stands in an index.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

use crate::sql_step::SqlStep;

const INDEXES: &str = r#"
-- References that had no index. Most records have none of them, and cost nothing.
CREATE INDEX leads_disqualification_reason ON leads (disqualification_reason_id, created_at, id) WHERE disqualification_reason_id IS NOT NULL;
CREATE INDEX contacts_source ON contacts (source_id, created_at, id) WHERE source_id IS NOT NULL;
CREATE INDEX contacts_campaign ON contacts (campaign_id, created_at, id) WHERE campaign_id IS NOT NULL;
CREATE INDEX opportunities_close_reason ON opportunities (close_reason_id, created_at, id) WHERE close_reason_id IS NOT NULL;

-- Values that few records have.
CREATE INDEX leads_country ON leads (country, created_at, id) WHERE deleted_at IS NULL AND country IS NOT NULL;
CREATE INDEX leads_employees ON leads (employees) WHERE deleted_at IS NULL AND employees IS NOT NULL;
CREATE INDEX accounts_employees ON accounts (employees) WHERE deleted_at IS NULL AND employees IS NOT NULL;
CREATE INDEX opportunities_lost_to ON opportunities (lost_to, created_at, id) WHERE deleted_at IS NULL AND lost_to IS NOT NULL;
CREATE INDEX quotes_sent ON quotes (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX activities_done ON activities (due_order, id DESC) WHERE deleted_at IS NULL AND completed_at IS NOT NULL;

-- Open and closed opportunities apart, each in an index of its own instead of together in one; of the others nobody asks for by day.
DROP INDEX opportunities_closed;
DROP INDEX opportunities_won;
CREATE INDEX opportunities_open_close_date ON opportunities (close_date, id) WHERE deleted_at IS NULL AND NOT is_closed;
CREATE INDEX opportunities_closed_close_date ON opportunities (close_date, id) WHERE deleted_at IS NULL AND is_closed;
CREATE INDEX opportunities_won_close_date ON opportunities (close_date, id) WHERE deleted_at IS NULL AND is_won;
CREATE INDEX opportunities_owner_open ON opportunities (owner_id, close_date, id) WHERE deleted_at IS NULL AND NOT is_closed;

-- Duplicates are looked for trait by trait, the oldest first.
DROP INDEX leads_company_match;
DROP INDEX leads_phone_match;
DROP INDEX leads_web_domain;
DROP INDEX accounts_company_match;
DROP INDEX accounts_phone_match;
DROP INDEX accounts_web_domain;
DROP INDEX contacts_phone_match;
CREATE INDEX leads_company_match ON leads (company_match, id) WHERE deleted_at IS NULL AND company_match <> '';
CREATE INDEX leads_phone_match ON leads (phone_match, id) WHERE deleted_at IS NULL AND phone_match <> '';
CREATE INDEX leads_web_domain ON leads (web_domain, id) WHERE deleted_at IS NULL AND web_domain <> '';
CREATE INDEX accounts_company_match ON accounts (company_match, id) WHERE deleted_at IS NULL AND company_match <> '';
CREATE INDEX accounts_phone_match ON accounts (phone_match, id) WHERE deleted_at IS NULL AND phone_match <> '';
CREATE INDEX accounts_web_domain ON accounts (web_domain, id) WHERE deleted_at IS NULL AND web_domain <> '';
CREATE INDEX contacts_phone_match ON contacts (phone_match, id) WHERE deleted_at IS NULL AND phone_match <> '';

-- What is counted most stands in one narrow index of each table. SQLite only counts in an index that has all that the condition names.
DROP INDEX leads_status;
DROP INDEX accounts_updated;
DROP INDEX contacts_updated;
DROP INDEX opportunities_probability;
DROP INDEX activities_due;
CREATE INDEX leads_status ON leads (status, id, deleted_at) WHERE deleted_at IS NULL;
CREATE INDEX accounts_updated ON accounts (updated_at, id, deleted_at) WHERE deleted_at IS NULL;
CREATE INDEX contacts_updated ON contacts (updated_at, id, deleted_at) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_probability ON opportunities (probability, id, deleted_at) WHERE deleted_at IS NULL;
CREATE INDEX activities_due ON activities (due_order, id DESC, deleted_at) WHERE deleted_at IS NULL;

-- Open opportunities of a stage, an amount and up, of some accounts; and all that reports read of them. The index alone tells.
DROP INDEX IF EXISTS opportunities_open;
CREATE INDEX opportunities_open ON opportunities
    (stage_id, amount, account_id, currency, probability, owner_id, stage_entered_at, created_at, id, is_closed, deleted_at)
    WHERE deleted_at IS NULL AND NOT is_closed;

-- Whether a record has another word, too, is told by the index alone.
DROP INDEX search_words_record;
CREATE INDEX search_words_record ON search_words (record_id, word);
"#;

/// A word of SQLite's that says that a condition is commonly met; here it says nothing, and is gone when a statement is planned.
const LIKELY: &str = "CREATE FUNCTION likely(boolean) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT $1'";

/// Pieces of texts, for `contains` and `endsWith`. The extension comes with PostgreSQL, and whoever may create a database's tables may
/// create it. Where it wasn't installed with the server, these filters read along the list, as they did before.
const PIECES: &str = r#"
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX leads_pieces ON leads
    USING gin (first_name_key gin_trgm_ops, last_name_key gin_trgm_ops, company_key gin_trgm_ops, email_key gin_trgm_ops);
CREATE INDEX accounts_pieces ON accounts USING gin (name_key gin_trgm_ops, industry_key gin_trgm_ops);
CREATE INDEX contacts_pieces ON contacts USING gin (first_name_key gin_trgm_ops, last_name_key gin_trgm_ops, email_key gin_trgm_ops);
CREATE INDEX products_pieces ON products USING gin (name_key gin_trgm_ops, code_key gin_trgm_ops, family_key gin_trgm_ops);
CREATE INDEX opportunities_pieces ON opportunities USING gin (name_key gin_trgm_ops);
"#;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        SqlStep { name: "", sql: INDEXES }.run(manager).await?;
        let database = manager.get_connection();
        if manager.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        database.execute_unprepared(LIKELY).await?;
        let installed = "SELECT 1 AS there FROM pg_available_extensions WHERE name = 'pg_trgm'
            AND (installed_version IS NOT NULL OR has_database_privilege(current_database(), 'CREATE'))";
        let installed = database.query_one_raw(Statement::from_string(DbBackend::Postgres, installed)).await?;
        match installed {
            Some(_) => database.execute_unprepared(PIECES).await.map(|_| ()),
            None => Ok(()),
        }
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

//! What stands with records so that reports needn't read their histories: when a lead first came to each step, which statuses it ever
//! had, when an opportunity was won, and which stages it was in. It is written with the records (`Record::derive`, `Record::touch`,
//! `opportunity::rules::enter`). Here it is made anew from the histories.

use sea_orm::ConnectionTrait;

use crate::app::App;
use crate::data::database::Transaction;
use crate::error::Result;

/// How many rows had to be corrected: none, unless something wrote to the database past the program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Corrected {
    /// Leads.
    pub leads: u64,
    /// Changes of leads' statuses.
    pub lead_status_changes: u64,
    /// Opportunities whose wins were wrong.
    pub wins: u64,
    /// Opportunities whose stages were wrong.
    pub stages_reached: u64,
}

/// Both databases understand these statements. Each corrects only rows that are wrong.
const LEADS: &str = "
    UPDATE leads SET statuses_reached = truth.reached, first_working_at = truth.working, first_qualified_at = truth.qualified,
        first_converted_at = truth.converted
    FROM (
        SELECT lead_id, SUM(DISTINCT (1 << (status - 1))) AS reached, MIN(CASE WHEN status = 2 THEN at END) AS working,
            MIN(CASE WHEN status = 3 THEN at END) AS qualified, MIN(CASE WHEN status = 4 THEN at END) AS converted
        FROM lead_status_changes GROUP BY lead_id
    ) AS truth
    WHERE truth.lead_id = leads.id AND (leads.statuses_reached <> truth.reached
        OR leads.first_working_at IS DISTINCT FROM truth.working OR leads.first_qualified_at IS DISTINCT FROM truth.qualified
        OR leads.first_converted_at IS DISTINCT FROM truth.converted)";

const LEAD_STATUS_CHANGES: &str = "
    UPDATE lead_status_changes SET lead_created_at = leads.created_at FROM leads
    WHERE leads.id = lead_status_changes.lead_id AND lead_status_changes.lead_created_at <> leads.created_at";

const STAGES_REACHED: &str = "
    UPDATE opportunities SET stages_reached = truth.reached
    FROM (
        SELECT opportunity_id, string_agg(CAST(number AS text), ',' ORDER BY number) AS reached
        FROM (
            SELECT DISTINCT opportunity_id, number FROM opportunity_changes JOIN stages ON stages.id = from_stage_id
            WHERE from_stage_id IS NOT NULL AND seconds_in_previous IS NOT NULL
            UNION ALL SELECT opportunities.id, number FROM opportunities JOIN stages ON stages.id = stage_id
        ) AS places
        GROUP BY opportunity_id
    ) AS truth
    WHERE truth.opportunity_id = opportunities.id AND opportunities.stages_reached <> truth.reached";

const WINS: &str = "
    UPDATE opportunities SET first_won_at = truth.first_at, last_won_at = truth.last_at
    FROM (
        SELECT opportunity_id, MIN(CASE WHEN stages.category = 'WON' THEN at END) AS first_at,
            MAX(CASE WHEN stages.category = 'WON' THEN at END) AS last_at
        FROM opportunity_changes JOIN stages ON stages.id = opportunity_changes.stage_id
        WHERE from_stage_id IS NULL OR seconds_in_previous IS NOT NULL GROUP BY opportunity_id
    ) AS truth
    WHERE truth.opportunity_id = opportunities.id AND (opportunities.first_won_at IS DISTINCT FROM truth.first_at
        OR opportunities.last_won_at IS DISTINCT FROM truth.last_at)";

/// Nobody writes to these tables meanwhile. (On SQLite nobody writes at all.)
const LOCK: &str = "LOCK TABLE leads, lead_status_changes, opportunities, opportunity_changes IN SHARE ROW EXCLUSIVE MODE; SET LOCAL work_mem = '64MB'";

/// Makes the summaries anew from the histories, in one transaction, and says what was wrong.
///
/// # Errors
/// Where the database fails. Then everything is as it was.
pub async fn rebuild(app: &App) -> Result<Corrected> {
    let transaction = app.database().begin().await?;
    if app.database().is_postgres() {
        transaction.execute_unprepared(LOCK).await?;
    }
    let corrected = Corrected {
        leads: correct(&transaction, LEADS).await?,
        lead_status_changes: correct(&transaction, LEAD_STATUS_CHANGES).await?,
        wins: correct(&transaction, WINS).await?,
        stages_reached: correct(&transaction, STAGES_REACHED).await?,
    };
    transaction.commit().await?;
    Ok(corrected)
}

async fn correct(transaction: &Transaction, statement: &str) -> Result<u64> {
    Ok(transaction.execute_unprepared(statement).await?.rows_affected())
}

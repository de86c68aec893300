//! The reads once more, for PostgreSQL alone: it builds the JSON and the handler only passes it on. Ids are plain UUIDs here and there
//! are no cursors, because writing ours in SQL would slow it down: the same fields in nearly the same number of bytes.

use chrono::DateTime;
use leadgraph::data::cursor::Key;
use sea_orm::sqlx::{PgPool, query_scalar};

use super::Outcome;
use super::reads::{BOARD_ORDER, LEAD_ORDER, place, uuid};

const LEADS: &str = "SELECT json_build_object('data', json_build_object('leads', json_build_object('nodes', json_agg(json_build_object(
        'id', p.id, 'name', concat_ws(' ', p.first_name, p.last_name), 'company', p.company, 'email', p.email, 'phone', p.phone,
        'jobTitle', p.job_title, 'status', p.status, 'rating', p.rating, 'version', p.version, 'createdAt', p.created_at,
        'source', json_build_object('id', s.id, 'name', s.name), 'owner', json_build_object('id', u.id, 'name', u.name))),
    'pageInfo', json_build_object('hasNextPage', count(*) > 50, 'hasPreviousPage', TRUE, 'startCursor', min(p.created_at),
        'endCursor', max(p.created_at)))))::text
    FROM (SELECT * FROM leads WHERE deleted_at IS NULL AND (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT 50) p
    LEFT JOIN lead_sources s ON s.id = p.source_id LEFT JOIN users u ON u.id = p.owner_id";

const BOARD: &str = "SELECT json_build_object('data', json_build_object('opportunities', json_build_object('nodes',
        json_agg(json_build_object('id', p.id, 'name', p.name,
            'amount', json_build_object('amount', p.amount, 'currency', p.currency), 'closeDate', p.close_date,
            'probability', p.probability, 'isClosed', p.is_closed, 'nextStep', p.next_step, 'version', p.version,
            'account', json_build_object('id', a.id, 'name', a.name),
            'primaryContact', json_build_object('id', c.id, 'name', concat_ws(' ', c.first_name, c.last_name)),
            'owner', json_build_object('id', u.id, 'name', u.name), 'stage', json_build_object('id', s.id, 'name', s.name))),
    'pageInfo', json_build_object('hasNextPage', count(*) > 50, 'hasPreviousPage', TRUE, 'startCursor', min(p.close_date),
        'endCursor', max(p.close_date)))))::text
    FROM (SELECT * FROM opportunities WHERE deleted_at IS NULL AND (close_date, id) > ($1, $2) ORDER BY close_date, id LIMIT 50) p
    JOIN accounts a ON a.id = p.account_id JOIN stages s ON s.id = p.stage_id
    LEFT JOIN contacts c ON c.id = p.primary_contact_id LEFT JOIN users u ON u.id = p.owner_id";

const ACCOUNT: &str = "SELECT json_build_object('data', json_build_object('account', json_build_object('id', a.id, 'name', a.name,
    'industry', a.industry, 'employees', a.employees, 'website', a.website, 'owner', json_build_object('id', u.id, 'name', u.name),
    'contacts', json_build_object('nodes', (SELECT json_agg(json_build_object(
            'id', p.id, 'name', concat_ws(' ', p.first_name, p.last_name), 'jobTitle', p.job_title, 'email', p.email))
        FROM (SELECT * FROM contacts WHERE account_id = $1 AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 20) p)),
    'opportunities', json_build_object('nodes', (SELECT json_agg(json_build_object('id', p.id, 'name', p.name,
            'amount', json_build_object('amount', p.amount, 'currency', p.currency), 'closeDate', p.close_date,
            'stage', json_build_object('id', s.id, 'name', s.name)))
        FROM (SELECT * FROM opportunities WHERE account_id = $1 AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 20) p
        JOIN stages s ON s.id = p.stage_id)),
    'activities', json_build_object('nodes', (SELECT json_agg(json_build_object('id', p.id, 'kind', p.kind, 'subject', p.subject,
            'dueAt', p.due_at, 'completedAt', p.completed_at))
        FROM (SELECT a.* FROM activity_subjects s JOIN activities a ON a.id = s.activity_id
            WHERE s.record_id = $1 AND a.deleted_at IS NULL ORDER BY s.due_order, s.activity_id DESC LIMIT 20) p)))))::text
    FROM accounts a LEFT JOIN users u ON u.id = a.owner_id WHERE a.id = $1 AND a.deleted_at IS NULL";

const FILTERED: &str = "SELECT json_build_object('data', json_build_object('opportunities', json_build_object('totalCount', max(p.total),
        'nodes', json_agg(json_build_object('id', p.id, 'name', p.name,
            'amount', json_build_object('amount', p.amount, 'currency', p.currency), 'closeDate', p.close_date,
            'probability', p.probability, 'account', json_build_object('id', p.account_id, 'name', p.account_name))))))::text
    FROM (SELECT o.*, a.name AS account_name, COUNT(*) OVER () AS total FROM opportunities o JOIN accounts a ON a.id = o.account_id
        WHERE o.deleted_at IS NULL AND NOT o.is_closed AND o.stage_id = $1 AND o.amount > $2
            AND a.deleted_at IS NULL AND a.industry_key = $3
        ORDER BY o.created_at DESC, o.id DESC LIMIT 50) p";

const LEAD: &str = "SELECT json_build_object('data', json_build_object('lead', json_build_object(
        'id', p.id, 'name', concat_ws(' ', p.first_name, p.last_name), 'company', p.company, 'email', p.email, 'phone', p.phone,
        'jobTitle', p.job_title, 'status', p.status, 'rating', p.rating, 'version', p.version, 'createdAt', p.created_at)))::text
    FROM leads p WHERE p.id = $1 AND p.deleted_at IS NULL";

/// The body of the answer.
pub async fn answer(pool: &PgPool, operation: &str, what: &str) -> Outcome<String> {
    let answered = match operation {
        "R1" => {
            let (at, id) = match what {
                "" => (DateTime::from_timestamp_micros(i64::from(u32::MAX) * 1_000_000), uuid::Uuid::max()),
                _ => match place(what, LEAD_ORDER)? {
                    (Key::Time(micros), id) => (DateTime::from_timestamp_micros(micros), id),
                    _ => return Err("no time".into()),
                },
            };
            query_scalar(LEADS).bind(at).bind(id).fetch_one(pool).await
        }
        "R2" => {
            let (day, id) = match what {
                "" => (chrono::NaiveDate::from_epoch_days(0), uuid::Uuid::nil()),
                _ => match place(what, BOARD_ORDER)? {
                    (Key::Date(day), id) => (Some(day), id),
                    _ => return Err("no day".into()),
                },
            };
            query_scalar(BOARD).bind(day).bind(id).fetch_one(pool).await
        }
        "R3" => query_scalar(ACCOUNT).bind(uuid(what)?).fetch_one(pool).await,
        "R4" => {
            let mut parts = what.split('/');
            let (Some(stage), Some(industry), Some(amount)) = (parts.next(), parts.next(), parts.next()) else {
                return Err("stage/industry/amount".into());
            };
            query_scalar(FILTERED).bind(uuid(stage)?).bind(amount.parse::<i64>()?).bind(industry).fetch_one(pool).await
        }
        "R5" => query_scalar(LEAD).bind(uuid(what)?).fetch_one(pool).await,
        _ => return Err("PostgreSQL does not build this".into()),
    };
    Ok(answered?)
}

//! R1 to R6 by hand.

use chrono::DateTime;
use leadgraph::data::cursor::{Cursor, Key};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use sea_orm::sqlx::query;
use uuid::Uuid;

use super::row::{Day, Given, Json, Moment, Row, SqliteRow};
use super::{Outcome, Pool};

/// The order of the inbox, as cursors name it.
pub const LEAD_ORDER: &str = "created_at DESC,id DESC";
/// The order of the board, as cursors name it.
pub const BOARD_ORDER: &str = "close_date ASC,id ASC";

/// Reads the rows of a statement with either database and hands them to a function.
macro_rules! rows {
    ($pool:expr, $sql:expr, [$($argument:expr),*], $then:expr $(, $more:expr)*) => {
        match $pool {
            Pool::Postgres(pool) => $then(&query($sql)$(.bind($argument))*.fetch_all(pool).await? $(, $more)*),
            Pool::Sqlite(connection) => $then(&sqlite_rows(connection, $sql, vec![$($argument.given()),*])? $(, $more)*),
        }
    };
}

/// On the thread that asks, as leadgraph does.
fn sqlite_rows(connection: &Connection, sql: &str, values: Vec<Value>) -> rusqlite::Result<Vec<SqliteRow>> {
    let mut prepared = connection.prepare_cached(sql)?;
    let columns = prepared.column_count();
    let rows = prepared.query_map(params_from_iter(values), |row| (0..columns).map(|column| row.get(column)).collect())?;
    rows.map(|row| row.map(SqliteRow)).collect()
}

/// The body of the answer.
pub async fn answer(pool: &Pool, operation: &str, what: &str) -> Outcome<String> {
    match operation {
        "R1" => leads(pool, what).await,
        "R2" => board(pool, what).await,
        "R3" => account(pool, what).await,
        "R4" => filtered(pool, what).await,
        "R5" => lead(pool, what).await,
        "R6" => search(pool, what).await,
        _ => Err("there is no such operation".into()),
    }
}

/// A UUID from an id with a prefix.
pub fn uuid(id: &str) -> Outcome<Uuid> {
    let (_, letters) = id.rsplit_once('_').ok_or("no id")?;
    let bits = letters.bytes().try_fold(0_u128, |bits, letter| {
        let digit = b"0123456789abcdefghjkmnpqrstvwxyz".iter().position(|known| *known == letter)?;
        Some(bits << 5 | digit as u128)
    });
    Ok(Uuid::from_u128(bits.ok_or("no id")?))
}

/// Key and id of the row behind a cursor.
pub fn place(cursor: &str, order: &str) -> Outcome<(Key, Uuid)> {
    let mut cursor = Cursor::decode(cursor, order).map_err(|error| error.sentences())?;
    Ok((cursor.keys.pop().ok_or("no key")?, cursor.id))
}

/// `id name company email phone jobTitle status rating version createdAt`
fn lead_fields<R: Row>(json: &mut Json, row: &R) {
    const STATUSES: [&str; 6] =
        ["", "OPEN_NOT_CONTACTED", "WORKING_CONTACTED", "QUALIFIED", "CLOSED_CONVERTED", "CLOSED_NOT_CONVERTED"];
    let status = row.get::<i16>(7).and_then(|status| STATUSES.get(usize::try_from(status).ok()?).copied());
    json.raw("\"id\":").id("lead", row.get(0)).raw(",\"name\":").name(row.get(1), row.get(2));
    json.raw(",\"company\":").text(row.get(3)).raw(",\"email\":").text(row.get(4)).raw(",\"phone\":").text(row.get(5));
    json.raw(",\"jobTitle\":").text(row.get(6)).raw(",\"status\":").text(status).raw(",\"rating\":").text(row.get(8));
    json.raw(",\"version\":").number(row.get::<i32>(9)).raw(",\"createdAt\":").moment(row.get(10));
}

/// A record that is shown with its id and its name, or null.
fn reference<R: Row>(json: &mut Json, prefix: &str, row: &R, column: usize) {
    match row.get::<Uuid>(column) {
        None => json.raw("null"),
        id => json.raw("{\"id\":").id(prefix, id).raw(",\"name\":").text(row.get(column + 1)).raw("}"),
    };
}

fn list<R>(json: &mut Json, rows: &[R], mut write: impl FnMut(&mut Json, &R)) {
    json.raw("[");
    for (number, row) in rows.iter().enumerate() {
        json.raw(if number == 0 { "{" } else { ",{" });
        write(json, row);
        json.raw("}");
    }
    json.raw("]");
}

fn page_info(json: &mut Json, next: bool, previous: bool, cursors: [Option<Cursor>; 2]) -> Outcome<()> {
    let [start, end] = cursors.map(|cursor| cursor.map(|cursor| cursor.encode()).transpose());
    json.raw(",\"pageInfo\":{\"hasNextPage\":").yes(Some(next)).raw(",\"hasPreviousPage\":").yes(Some(previous));
    json.raw(",\"startCursor\":").text(start.map_err(|error| error.sentences())?.as_deref());
    json.raw(",\"endCursor\":").text(end.map_err(|error| error.sentences())?.as_deref()).raw("}");
    Ok(())
}

async fn leads(pool: &Pool, cursor: &str) -> Outcome<String> {
    const FIRST: &str =
        "SELECT l.id, l.first_name, l.last_name, l.company, l.email, l.phone, l.job_title, l.status, l.rating, l.version,
        l.created_at, s.id, s.name, u.id, u.name, FALSE
        FROM leads l LEFT JOIN lead_sources s ON s.id = l.source_id LEFT JOIN users u ON u.id = l.owner_id
        WHERE l.deleted_at IS NULL ORDER BY l.created_at DESC, l.id DESC LIMIT 51";
    const AFTER: &str =
        "SELECT l.id, l.first_name, l.last_name, l.company, l.email, l.phone, l.job_title, l.status, l.rating, l.version,
        l.created_at, s.id, s.name, u.id, u.name,
        EXISTS (SELECT 1 FROM leads WHERE deleted_at IS NULL AND (created_at, id) >= ($1, $2))
        FROM leads l LEFT JOIN lead_sources s ON s.id = l.source_id LEFT JOIN users u ON u.id = l.owner_id
        WHERE l.deleted_at IS NULL AND (l.created_at, l.id) < ($1, $2) ORDER BY l.created_at DESC, l.id DESC LIMIT 51";
    if cursor.is_empty() {
        return rows!(pool, FIRST, [], lead_page);
    }
    let (Key::Time(micros), id) = place(cursor, LEAD_ORDER)? else { return Err("no time".into()) };
    let at = DateTime::from_timestamp_micros(micros).ok_or("no time")?;
    rows!(pool, AFTER, [at, id], lead_page)
}

fn lead_page<R: Row>(rows: &[R]) -> Outcome<String> {
    let (mut json, page) = (Json::new(), &rows[..rows.len().min(50)]);
    json.raw("{\"data\":{\"leads\":{\"nodes\":");
    list(&mut json, page, |json, row| {
        lead_fields(json, row);
        json.raw(",\"source\":");
        reference(json, "lead_source", row, 11);
        json.raw(",\"owner\":");
        reference(json, "user", row, 13);
    });
    let cursor = |row: &R| {
        let Moment(micros) = row.get(10)?;
        Some(Cursor { order: LEAD_ORDER.to_owned(), keys: vec![Key::Time(micros)], id: row.get(0)? })
    };
    let previous = page.first().and_then(|row| row.get(15)).unwrap_or_default();
    page_info(&mut json, rows.len() > 50, previous, [page.first().and_then(cursor), page.last().and_then(cursor)])?;
    json.raw("}}}");
    Ok(json.0)
}

async fn board(pool: &Pool, cursor: &str) -> Outcome<String> {
    const FIRST: &str =
        "SELECT o.id, o.name, o.amount, o.currency, o.close_date, o.probability, o.is_closed, o.next_step, o.version,
        a.id, a.name, c.id, c.first_name, c.last_name, u.id, u.name, s.id, s.name, FALSE
        FROM opportunities o JOIN accounts a ON a.id = o.account_id JOIN stages s ON s.id = o.stage_id
        LEFT JOIN contacts c ON c.id = o.primary_contact_id LEFT JOIN users u ON u.id = o.owner_id
        WHERE o.deleted_at IS NULL ORDER BY o.close_date, o.id LIMIT 51";
    const AFTER: &str =
        "SELECT o.id, o.name, o.amount, o.currency, o.close_date, o.probability, o.is_closed, o.next_step, o.version,
        a.id, a.name, c.id, c.first_name, c.last_name, u.id, u.name, s.id, s.name,
        EXISTS (SELECT 1 FROM opportunities WHERE deleted_at IS NULL AND (close_date, id) <= ($1, $2))
        FROM opportunities o JOIN accounts a ON a.id = o.account_id JOIN stages s ON s.id = o.stage_id
        LEFT JOIN contacts c ON c.id = o.primary_contact_id LEFT JOIN users u ON u.id = o.owner_id
        WHERE o.deleted_at IS NULL AND (o.close_date, o.id) > ($1, $2) ORDER BY o.close_date, o.id LIMIT 51";
    if cursor.is_empty() {
        return rows!(pool, FIRST, [], board_page);
    }
    let (Key::Date(day), id) = place(cursor, BOARD_ORDER)? else { return Err("no day".into()) };
    rows!(pool, AFTER, [day, id], board_page)
}

/// `id name amount { amount currency } closeDate probability isClosed nextStep version`
fn sale_fields<R: Row>(json: &mut Json, row: &R) {
    json.raw("\"id\":").id("opportunity", row.get(0)).raw(",\"name\":").text(row.get(1));
    json.raw(",\"amount\":").money(row.get(2), row.get(3)).raw(",\"closeDate\":").day(row.get(4));
    json.raw(",\"probability\":").number(row.get::<i32>(5)).raw(",\"isClosed\":").yes(row.get(6));
    json.raw(",\"nextStep\":").text(row.get(7)).raw(",\"version\":").number(row.get::<i32>(8));
}

fn board_page<R: Row>(rows: &[R]) -> Outcome<String> {
    let (mut json, page) = (Json::new(), &rows[..rows.len().min(50)]);
    json.raw("{\"data\":{\"opportunities\":{\"nodes\":");
    list(&mut json, page, |json, row| {
        sale_fields(json, row);
        json.raw(",\"account\":");
        reference(json, "account", row, 9);
        match row.get::<Uuid>(11) {
            None => json.raw(",\"primaryContact\":null"),
            id => json
                .raw(",\"primaryContact\":{\"id\":")
                .id("contact", id)
                .raw(",\"name\":")
                .name(row.get(12), row.get(13))
                .raw("}"),
        };
        json.raw(",\"owner\":");
        reference(json, "user", row, 14);
        json.raw(",\"stage\":");
        reference(json, "stage", row, 16);
    });
    let cursor = |row: &R| {
        let Day(days) = row.get(4)?;
        let day = chrono::NaiveDate::from_epoch_days(i32::try_from(days).ok()?)?;
        Some(Cursor { order: BOARD_ORDER.to_owned(), keys: vec![Key::Date(day)], id: row.get(0)? })
    };
    let previous = page.first().and_then(|row| row.get(18)).unwrap_or_default();
    page_info(&mut json, rows.len() > 50, previous, [page.first().and_then(cursor), page.last().and_then(cursor)])?;
    json.raw("}}}");
    Ok(json.0)
}

async fn account(pool: &Pool, id: &str) -> Outcome<String> {
    const ACCOUNT: &str = "SELECT a.id, a.name, a.industry, a.employees, a.website, u.id, u.name
        FROM accounts a LEFT JOIN users u ON u.id = a.owner_id WHERE a.id = $1 AND a.deleted_at IS NULL";
    const CONTACTS: &str = "SELECT id, first_name, last_name, job_title, email FROM contacts
        WHERE account_id = $1 AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 20";
    const OPPORTUNITIES: &str = "SELECT o.id, o.name, o.amount, o.currency, o.close_date, s.id, s.name
        FROM opportunities o JOIN stages s ON s.id = o.stage_id
        WHERE o.account_id = $1 AND o.deleted_at IS NULL ORDER BY o.created_at DESC, o.id DESC LIMIT 20";
    const ACTIVITIES: &str = "SELECT a.id, a.kind, a.subject, a.due_at, a.completed_at
        FROM activity_subjects s JOIN activities a ON a.id = s.activity_id
        WHERE s.record_id = $1 AND a.deleted_at IS NULL ORDER BY s.due_order, s.activity_id DESC LIMIT 20";
    let id = uuid(id)?;
    let mut json = Json::new();
    rows!(pool, ACCOUNT, [id], account_fields, &mut json);
    rows!(pool, CONTACTS, [id], account_contacts, &mut json);
    rows!(pool, OPPORTUNITIES, [id], account_opportunities, &mut json);
    rows!(pool, ACTIVITIES, [id], account_activities, &mut json);
    json.raw("}}}}");
    Ok(json.0)
}

fn account_fields<R: Row>(rows: &[R], json: &mut Json) {
    for row in rows {
        json.raw("{\"data\":{\"account\":{\"id\":").id("account", row.get(0)).raw(",\"name\":").text(row.get(1));
        json.raw(",\"industry\":").text(row.get(2)).raw(",\"employees\":").number(row.get::<i32>(3));
        json.raw(",\"website\":").text(row.get(4)).raw(",\"owner\":");
        reference(json, "user", row, 5);
    }
}

fn account_contacts<R: Row>(rows: &[R], json: &mut Json) {
    json.raw(",\"contacts\":{\"nodes\":");
    list(json, rows, |json, row| {
        json.raw("\"id\":").id("contact", row.get(0)).raw(",\"name\":").name(row.get(1), row.get(2));
        json.raw(",\"jobTitle\":").text(row.get(3)).raw(",\"email\":").text(row.get(4));
    });
}

fn account_opportunities<R: Row>(rows: &[R], json: &mut Json) {
    json.raw("},\"opportunities\":{\"nodes\":");
    list(json, rows, |json, row| {
        json.raw("\"id\":").id("opportunity", row.get(0)).raw(",\"name\":").text(row.get(1));
        json.raw(",\"amount\":").money(row.get(2), row.get(3)).raw(",\"closeDate\":").day(row.get(4)).raw(",\"stage\":");
        reference(json, "stage", row, 5);
    });
}

fn account_activities<R: Row>(rows: &[R], json: &mut Json) {
    json.raw("},\"activities\":{\"nodes\":");
    list(json, rows, |json, row| {
        json.raw("\"id\":").id("activity", row.get(0)).raw(",\"kind\":").text(row.get(1)).raw(",\"subject\":").text(row.get(2));
        json.raw(",\"dueAt\":").moment(row.get(3)).raw(",\"completedAt\":").moment(row.get(4));
    });
}

/// What is asked for is `stage/industry/amount`, the amount in ten-thousandths.
async fn filtered(pool: &Pool, what: &str) -> Outcome<String> {
    const FILTERED: &str =
        "SELECT o.id, o.name, o.amount, o.currency, o.close_date, o.probability, a.id, a.name, COUNT(*) OVER ()
        FROM opportunities o JOIN accounts a ON a.id = o.account_id
        WHERE o.deleted_at IS NULL AND NOT o.is_closed AND o.stage_id = $1 AND o.amount > $2
            AND a.deleted_at IS NULL AND a.industry_key = $3
        ORDER BY o.created_at DESC, o.id DESC LIMIT 50";
    let mut parts = what.split('/');
    let (Some(stage), Some(industry), Some(amount)) = (parts.next(), parts.next(), parts.next()) else {
        return Err("stage/industry/amount".into());
    };
    rows!(pool, FILTERED, [uuid(stage)?, amount.parse::<i64>()?, industry], filtered_page)
}

fn filtered_page<R: Row>(rows: &[R]) -> Outcome<String> {
    let mut json = Json::new();
    let total = rows.first().and_then(|row| row.get::<i64>(8)).unwrap_or_default();
    json.raw("{\"data\":{\"opportunities\":{\"totalCount\":").number(Some(total)).raw(",\"nodes\":");
    list(&mut json, rows, |json, row| {
        json.raw("\"id\":").id("opportunity", row.get(0)).raw(",\"name\":").text(row.get(1));
        json.raw(",\"amount\":").money(row.get(2), row.get(3)).raw(",\"closeDate\":").day(row.get(4));
        json.raw(",\"probability\":").number(row.get::<i32>(5)).raw(",\"account\":");
        reference(json, "account", row, 6);
    });
    json.raw("}}}");
    Ok(json.0)
}

async fn lead(pool: &Pool, id: &str) -> Outcome<String> {
    const LEAD_BY_ID: &str =
        "SELECT l.id, l.first_name, l.last_name, l.company, l.email, l.phone, l.job_title, l.status, l.rating, l.version,
        l.created_at FROM leads l WHERE l.id = $1 AND l.deleted_at IS NULL";
    rows!(pool, LEAD_BY_ID, [uuid(id)?], one_lead)
}

fn one_lead<R: Row>(rows: &[R]) -> Outcome<String> {
    let mut json = Json::new();
    json.raw("{\"data\":{\"lead\":{");
    lead_fields(&mut json, rows.first().ok_or("there is no such lead")?);
    json.raw("}}}");
    Ok(json.0)
}

async fn search(pool: &Pool, word: &str) -> Outcome<String> {
    const EXACT: &str =
        "SELECT h.record_kind, h.record_id, l.first_name, l.last_name, l.company, c.first_name, c.last_name, c.email,
        a.name, a.industry, o.name, o.close_date
        FROM (SELECT record_id, record_kind FROM search_words WHERE word = $1 ORDER BY record_id DESC LIMIT 20) h
        LEFT JOIN leads l ON l.id = h.record_id AND h.record_kind = 'LEAD'
        LEFT JOIN contacts c ON c.id = h.record_id AND h.record_kind = 'CONTACT'
        LEFT JOIN accounts a ON a.id = h.record_id AND h.record_kind = 'ACCOUNT'
        LEFT JOIN opportunities o ON o.id = h.record_id AND h.record_kind = 'OPPORTUNITY'
        ORDER BY h.record_id DESC";
    const LONGER: &str =
        "SELECT h.record_kind, h.record_id, l.first_name, l.last_name, l.company, c.first_name, c.last_name, c.email,
        a.name, a.industry, o.name, o.close_date
        FROM (SELECT w.word, w.record_id, w.record_kind FROM search_words w WHERE w.word > $1 AND w.word < $2
            AND (SELECT words NOT LIKE '% ' || $1 || '% ' || w.word || ' %' FROM searched_records WHERE record_id = w.record_id)
            ORDER BY w.word, w.record_id LIMIT $3) h
        LEFT JOIN leads l ON l.id = h.record_id AND h.record_kind = 'LEAD'
        LEFT JOIN contacts c ON c.id = h.record_id AND h.record_kind = 'CONTACT'
        LEFT JOIN accounts a ON a.id = h.record_id AND h.record_kind = 'ACCOUNT'
        LEFT JOIN opportunities o ON o.id = h.record_id AND h.record_kind = 'OPPORTUNITY'
        ORDER BY h.word, h.record_id";
    let mut json = Json::new();
    json.raw("{\"data\":{\"search\":{\"nodes\":");
    let found = rows!(pool, EXACT, [word], hits, &mut json);
    if found < 20 {
        let more = i64::try_from(20 - found)?;
        let mut others = Json::new();
        let longer = rows!(pool, LONGER, [word, format!("{word}\u{10FFFF}"), more], hits, &mut others);
        if longer > 0 {
            json.0.pop();
            json.raw(if found > 0 { "," } else { "" }).raw(&others.0[1..]);
        }
    }
    json.raw("}}}");
    Ok(json.0)
}

/// Writes them and answers how many there are.
fn hits<R: Row>(rows: &[R], json: &mut Json) -> usize {
    list(json, rows, |json, row| {
        let id = row.get::<Uuid>(1);
        match row.get::<&str>(0) {
            Some("LEAD") => {
                json.raw("\"__typename\":\"Lead\",\"id\":").id("lead", id).raw(",\"name\":").name(row.get(2), row.get(3));
                json.raw(",\"company\":").text(row.get(4))
            }
            Some("CONTACT") => {
                json.raw("\"__typename\":\"Contact\",\"id\":").id("contact", id).raw(",\"name\":").name(row.get(5), row.get(6));
                json.raw(",\"email\":").text(row.get(7))
            }
            Some("ACCOUNT") => {
                json.raw("\"__typename\":\"Account\",\"id\":").id("account", id).raw(",\"name\":").text(row.get(8));
                json.raw(",\"industry\":").text(row.get(9))
            }
            _ => {
                json.raw("\"__typename\":\"Opportunity\",\"id\":").id("opportunity", id).raw(",\"name\":").text(row.get(10));
                json.raw(",\"closeDate\":").day(row.get(11))
            }
        };
    });
    rows.len()
}

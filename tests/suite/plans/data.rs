//! A workspace with rows in every table that grows, as many as is said.

use sea_orm::ConnectionTrait;

use crate::harness::{TestServer, on_postgres};

/// The tables that grow with the work that is done.
pub const BIG: [&str; 20] = [
    "accounts",
    "activities",
    "activity_subjects",
    "campaign_members",
    "changes",
    "contact_roles",
    "contacts",
    "lead_conversions",
    "lead_status_changes",
    "leads",
    "line_items",
    "opportunities",
    "opportunity_changes",
    "orders",
    "outbox",
    "products",
    "quote_lines",
    "quotes",
    "search_words",
    "searched_records",
];

/// What a table gets, from rows that are there already. `{id}` is a new id of the same time, `{day}` the n-th day of this millennium.
const ROWS: &str = "
UPDATE leads SET company = 'Company ' || substr(last_name, 6), company_key = 'company ' || substr(last_name, 6),
    email = 'lead' || substr(last_name, 6) || '@example.com', email_key = 'lead' || substr(last_name, 6) || '@example.com',
    first_name = 'Ada', first_name_key = 'ada', employees = CAST(substr(last_name, 6) AS integer) % 1000, rating = 'HOT', country = 'NO',
    disqualification_reason_id = (SELECT id FROM disqualification_reasons LIMIT 1);
UPDATE opportunities SET close_reason_id = (SELECT id FROM close_reasons LIMIT 1), lost_to = 'Globex' WHERE is_closed AND NOT is_won;
UPDATE accounts SET owner_id = (SELECT owner_id FROM opportunities WHERE account_id = accounts.id ORDER BY id LIMIT 1);

INSERT INTO accounts (id, version, name, kind, lifecycle, industry, owner_id, employees, name_key, industry_key, company_match, created_at, updated_at)
SELECT {id}, 1, 'Company ' || n, 'BUSINESS', 'PROSPECT', 'Industry ' || (n % 50), owner_id, n % 1000, 'company ' || n, 'industry ' || (n % 50),
    'company ' || n, created_at, created_at FROM numbered;

INSERT INTO contacts (id, version, account_id, first_name, last_name, email, owner_id, source_id, campaign_id,
    first_name_key, last_name_key, email_key, created_at, updated_at)
SELECT {id of o}, 1, a.id, 'Ada', 'Contact ' || n, 'contact' || n || '@example.com', o.owner_id, o.source_id, o.campaign_id,
    'ada', 'contact ' || n, 'contact' || n || '@example.com', o.created_at, o.created_at
FROM numbered o JOIN accounts a ON a.name_key = 'company ' || n;

INSERT INTO contact_roles (opportunity_id, contact_id, created_at)
SELECT o.id, c.id, o.created_at FROM numbered o JOIN contacts c ON c.last_name_key = 'contact ' || n;

UPDATE lead_conversions SET contact_id =
    (SELECT r.contact_id FROM contact_roles r WHERE r.opportunity_id = lead_conversions.opportunity_id);

INSERT INTO activities (id, version, kind, direction, outcome, subject, due_at, due_order, owner_id, created_at, updated_at)
SELECT {id}, 1, 'TASK', 'OUTBOUND', 'Met', 'Task ' || n, created_at, created_at, owner_id, created_at, created_at FROM numbered;
INSERT INTO activities (id, version, kind, subject, completed_at, due_order, owner_id, created_at, updated_at)
SELECT {id}, 1, 'CALL', 'Call ' || n, created_at, {end}, owner_id, created_at, created_at FROM numbered;
INSERT INTO activity_subjects (activity_id, record_id, record_kind, due_order)
SELECT a.id, o.id, 'OPPORTUNITY', a.due_order FROM activities a JOIN numbered o ON a.subject IN ('Task ' || n, 'Call ' || n);
INSERT INTO activity_subjects (activity_id, record_id, record_kind, due_order)
SELECT a.id, o.account_id, 'ACCOUNT', a.due_order FROM activities a JOIN numbered o ON a.subject = 'Call ' || n;

INSERT INTO changes (id, record_kind, record_id, action, at, fields)
SELECT {id}, 'OPPORTUNITY', id, 'created', created_at, '[]' FROM opportunities;
INSERT INTO changes (id, record_kind, record_id, action, at, fields) SELECT {id}, 'LEAD', id, 'created', created_at, '[]' FROM leads;
INSERT INTO changes (id, record_kind, record_id, action, at, fields) SELECT {id}, 'ACCOUNT', id, 'created', created_at, '[]' FROM accounts;
INSERT INTO outbox (id, action, record_kind, record_id, at) SELECT id, action, record_kind, record_id, at FROM changes;

INSERT INTO search_words (word, record_id, record_kind) SELECT 'lead', id, 'LEAD' FROM leads;
INSERT INTO search_words (word, record_id, record_kind) SELECT 'company', id, 'LEAD' FROM leads;
INSERT INTO search_words (word, record_id, record_kind) SELECT 'company', id, 'ACCOUNT' FROM accounts;
INSERT INTO search_words (word, record_id, record_kind) SELECT substr(last_name, 6), id, 'LEAD' FROM leads;
INSERT INTO search_words (word, record_id, record_kind) SELECT 'deal', id, 'OPPORTUNITY' FROM opportunities;
INSERT INTO search_words (word, record_id, record_kind) SELECT email_key, id, 'CONTACT' FROM contacts;
DELETE FROM searched_records;
INSERT INTO searched_records (record_id, words)
SELECT record_id, ' ' || string_agg(word, ' ' ORDER BY word) || ' ' FROM search_words GROUP BY record_id;

INSERT INTO campaign_members (id, version, campaign_id, lead_id, status, created_at, updated_at)
SELECT {id}, 1, campaign_id, id, 'SENT', created_at, created_at FROM leads WHERE campaign_id IS NOT NULL;

INSERT INTO products (id, version, name, name_key, code, code_key, family, family_key, active, created_at, updated_at)
SELECT {id}, 1, 'Product ' || n, 'product ' || n, 'P' || n, 'p' || n, 'Family ' || (n % 50), 'family ' || (n % 50), true,
    created_at, created_at FROM numbered;
INSERT INTO line_items (id, version, opportunity_id, position, product_id, quantity, currency, unit_price, total, created_at, updated_at)
SELECT {id of o}, 1, o.id, 1, p.id, 10000, 'USD', 10000, 10000, o.created_at, o.created_at
FROM numbered o JOIN products p ON p.code_key = 'p' || n;
INSERT INTO quotes (id, version, number, revision, opportunity_id, status, currency, total, expires_on, sent_at, created_at, updated_at)
SELECT {id}, 1, n, 1, id, CASE n % 2 WHEN 0 THEN 'ACCEPTED' ELSE 'SENT' END, 'USD', 10000 * n, close_date, created_at, created_at, created_at FROM numbered;
INSERT INTO quote_lines (quote_id, position, description, quantity, unit_price, total)
SELECT id, 1, 'Line', 10000, 10000, 10000 FROM quotes;
INSERT INTO orders (id, version, number, quote_id, opportunity_id, account_id, status, currency, total, ordered_on, created_at, updated_at)
SELECT {id of o}, 1, n, q.id, o.id, o.account_id, CASE n % 2 WHEN 0 THEN 'OPEN' ELSE 'FULFILLED' END, 'USD', 10000 * n, o.close_date, o.created_at, o.created_at
FROM numbered o JOIN quotes q ON q.number = n;

INSERT INTO exchange_rates (id, version, base_currency, currency, valid_from, rate, created_at, updated_at)
SELECT {id}, 1, 'USD', 'EUR', {day}, 10000, created_at, created_at FROM numbered;
";

/// Fills a new server's database with this many opportunities and at least as many rows of everything else that grows.
pub async fn fill(server: &TestServer, opportunities: u32) {
    leadgraph::demo::scale::fill(&server.app, f64::from(opportunities) / 1e6, 7, &|_, _| ()).await.unwrap();
    let (id, day, end) = match on_postgres() {
        true => (
            "CAST(substr(CAST({} AS text), 1, 28) || substr(CAST(gen_random_uuid() AS text), 29) AS uuid)",
            "date '2000-01-01' + n::integer",
            "'9999-12-31 00:00:00+00'",
        ),
        false => (
            "CAST(substr({}, 1, 12) || randomblob(4) AS BLOB)",
            "date('2000-01-01', n || ' days')",
            "'9999-12-31T00:00:00+00:00'",
        ),
    };
    let rows = ROWS.replace("{id}", &id.replace("{}", "id")).replace("{id of o}", &id.replace("{}", "o.id"));
    let rows = rows.replace("{day}", day).replace("{end}", end);
    let write = server.app.database().begin().await.unwrap();
    write
        .execute_unprepared(
            "CREATE TABLE numbered AS SELECT row_number() OVER (ORDER BY created_at, id) AS n, * FROM opportunities",
        )
        .await
        .unwrap();
    for statement in rows.split(";\n").filter(|statement| !statement.trim().is_empty()) {
        write.execute_unprepared(statement).await.unwrap_or_else(|error| panic!("{error} in {statement}"));
    }
    write.execute_unprepared("DROP TABLE numbered").await.unwrap();
    // SQLite looks at as much as it does when the program ends.
    write.execute_unprepared(if on_postgres() { "ANALYZE" } else { "PRAGMA analysis_limit = 400; ANALYZE" }).await.unwrap();
    write.commit().await.unwrap();
    if on_postgres() {
        server.app.database().read().execute_unprepared("VACUUM").await.unwrap();
    }
}

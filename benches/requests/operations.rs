//! The standard operations: the documents, and the values that requests differ by.

use std::error::Error;

use chrono::Utc;
use entity::{LeadId, OpportunityId, StageId};
use hyper::body::Bytes;
use leadgraph::data::database::Database;
use leadgraph::values::money::Money;
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};
use serde_json::{Value as Json, json};

use super::fill::INDUSTRIES;
use super::load::{CONNECTIONS, Client, Prepared};
use super::words::{WORDS, word};

/// How many different requests of an operation there are at most.
const DIFFERENT: usize = 512;
/// How many opportunities of the filtered list meet the condition, where there are as many.
const MATCHES: u64 = 120;

const LEADS: &str = "query Inbox($after: String) { leads(first: 50, after: $after) { nodes { id name company email phone jobTitle \
    status rating version createdAt source { id name } owner { id name } } \
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";
const BOARD: &str = "query Board($after: String) { opportunities(first: 50, after: $after, orderBy: [{field: CLOSE_DATE}]) { nodes { \
    id name amount { amount currency } closeDate probability isClosed nextStep version account { id name } \
    primaryContact { id name } owner { id name } stage { id name } } \
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";
const ACCOUNT: &str = "query Account($id: ID!) { account(id: $id) { id name industry employees website owner { id name } \
    contacts(first: 20) { nodes { id name jobTitle email } } \
    opportunities(first: 20) { nodes { id name amount { amount currency } closeDate stage { id name } } } \
    activities(first: 20) { nodes { id kind subject dueAt completedAt } } } }";
const FILTERED: &str = "query Filtered($stage: ID!, $industry: String!, $amount: Decimal!) { opportunities(first: 50, filter: { \
    isClosed: false, stageId: {eq: $stage}, amount: {gt: $amount}, account: {industry: {eq: $industry}}}) { \
    totalCount nodes { id name amount { amount currency } closeDate probability account { id name } } } }";
const LEAD: &str =
    "query Lead($id: ID!) { lead(id: $id) { id name company email phone jobTitle status rating version createdAt } }";
const SEARCH: &str = "query Search($word: String!) { search(query: $word, first: 20) { nodes { __typename \
    ... on Lead { id name company } ... on Contact { id name email } ... on Account { id name industry } \
    ... on Opportunity { id name closeDate } } } }";
const CREATE: &str =
    "mutation Create($input: CreateLeadInput!) { createLead(input: $input) { lead { id version } userErrors { code message } } }";
const CONVERT: &str = "mutation Convert($id: ID!) { convertLead(input: {leadId: $id}) { account { id } contact { id } \
    opportunity { id } userErrors { code message } } }";
const MOVE: &str = "mutation Move($id: ID!, $stage: ID!) { moveOpportunity(input: {id: $id, stageId: $stage}) { \
    opportunity { id version stage { id } } userErrors { code message } } }";

/// A read: how it is asked for here and there.
pub struct Read {
    /// R1 to R6.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// The requests to leadgraph.
    pub ours: Vec<Prepared>,
    /// The same requests to the limit.
    pub limit: Vec<Prepared>,
}

/// The same write asked for here and there.
pub fn bare_write(name: &str, number: usize, ours: &Prepared) -> Prepared {
    let variables = ours.body.as_ref().and_then(|body| serde_json::from_slice::<Json>(body).ok()).unwrap_or_default();
    let variables = &variables["variables"];
    let what = match (variables["id"].as_str(), variables["stage"].as_str()) {
        (Some(id), Some(stage)) => format!("{id}/{stage}"),
        (Some(id), None) => id.to_owned(),
        _ => number.to_string(),
    };
    Prepared { path: format!("/write/{name}/{what}"), body: None }
}

/// A request to leadgraph.
pub fn prepared(document: &str, variables: &Json) -> Prepared {
    let body = json!({ "query": document, "variables": variables }).to_string();
    Prepared { path: "/graphql".to_owned(), body: Some(Bytes::from(body)) }
}

/// Signs in and answers the token.
pub async fn sign_in(client: &Client, email: &str, password: &str) -> Result<String, Box<dyn Error>> {
    let document = "mutation($input: SignInInput!) { signIn(input: $input) { token userErrors { message } } }";
    let answer = client.send(&prepared(document, &json!({ "input": { "email": email, "password": password } }))).await?;
    let answer: Json = serde_json::from_slice(&answer)?;
    answer["data"]["signIn"]["token"].as_str().map(str::to_owned).ok_or_else(|| answer.to_string().into())
}

/// The cursors behind every page of 50 leads, or opportunities of the board: at most so many. The first page has none.
pub async fn cursors(client: &Client, of: &str, most: usize) -> Result<Vec<String>, Box<dyn Error>> {
    let order = if of == "opportunities" { ", orderBy: [{field: CLOSE_DATE}]" } else { "" };
    let document =
        format!("query($after: String) {{ {of}(first: 50, after: $after{order}) {{ pageInfo {{ hasNextPage endCursor }} }} }}");
    let mut cursors = Vec::new();
    while cursors.len() < most {
        let answer = client.send(&prepared(&document, &json!({ "after": cursors.last() }))).await?;
        let mut answer: Json = serde_json::from_slice(&answer)?;
        let page = answer["data"][of]["pageInfo"].take();
        let Some(end) = page["endCursor"].as_str().filter(|_| page["hasNextPage"] == true) else { break };
        cursors.push(end.to_owned());
    }
    Ok(cursors)
}

/// Everything that is read, with values from the database.
pub async fn reads(database: &Database, client: &Client) -> Result<Vec<Read>, Box<dyn Error>> {
    let pages = DIFFERENT / 8;
    let inbox = cursors(client, "leads", pages).await?;
    let board = cursors(client, "opportunities", pages).await?;
    let accounts = ids(database, &large_accounts()).await?;
    let leads = spread(ids(database, "SELECT id FROM leads WHERE deleted_at IS NULL ORDER BY id").await?);
    let filters = filters(database).await?;
    let words: Vec<String> = (0..WORDS).map(|number| word(number).to_lowercase()).collect();
    let by_cursor = |name, title, document, cursors: &[String]| {
        let all = || std::iter::once(None).chain(cursors.iter().map(Some));
        Read {
            name,
            title,
            ours: all().map(|after| prepared(document, &json!({ "after": after }))).collect(),
            limit: all().map(|after| bare(name, after.map_or("", String::as_str))).collect(),
        }
    };
    let by = |name, title, document, variable: &str, values: &[String]| Read {
        name,
        title,
        ours: values.iter().map(|value| prepared(document, &json!({ variable: value }))).collect(),
        limit: values.iter().map(|value| bare(name, value)).collect(),
    };
    let text =
        |prefix: &str, ids: &[uuid::Uuid]| -> Vec<String> { ids.iter().map(|id| entity::id::write_any(prefix, *id)).collect() };
    Ok(vec![
        by_cursor("R1", "lead inbox", LEADS, &inbox),
        by_cursor("R2", "board", BOARD, &board),
        by("R3", "account page", ACCOUNT, "id", &text("account", &accounts)),
        Read {
            name: "R4",
            title: "filtered list",
            ours: filters.iter().map(Filter::ours).collect(),
            limit: filters.iter().map(Filter::limit).collect(),
        },
        by("R5", "one record", LEAD, "id", &text("lead", &leads)),
        by("R6", "search", SEARCH, "word", &words),
    ])
}

fn bare(name: &str, what: &str) -> Prepared {
    Prepared { path: if what.is_empty() { format!("/{name}") } else { format!("/{name}/{what}") }, body: None }
}

/// Those with as much as the account page shows.
fn large_accounts() -> String {
    format!(
        "SELECT a.id FROM accounts a WHERE a.deleted_at IS NULL
            AND a.id IN (SELECT account_id FROM contacts GROUP BY account_id HAVING COUNT(*) >= 20)
            AND a.id IN (SELECT account_id FROM opportunities GROUP BY account_id HAVING COUNT(*) >= 20)
            AND a.id IN (SELECT record_id FROM activity_subjects GROUP BY record_id HAVING COUNT(*) >= 20) LIMIT {DIFFERENT}"
    )
}

struct Filter {
    stage: StageId,
    industry: &'static str,
    amount: i64,
}

impl Filter {
    fn ours(&self) -> Prepared {
        let amount = Money { amount: self.amount, currency: "EUR".to_owned() }.decimal().to_string();
        prepared(FILTERED, &json!({ "stage": self.stage.to_string(), "industry": self.industry, "amount": amount }))
    }

    fn limit(&self) -> Prepared {
        bare("R4", &format!("{}/{}/{}", self.stage, self.industry, self.amount))
    }
}

/// For every open stage and industry amounts that about so many opportunities lie above.
async fn filters(database: &Database) -> Result<Vec<Filter>, Box<dyn Error>> {
    let mut filters = Vec::new();
    for row in rows(database, "SELECT id FROM stages WHERE category = 'OPEN' ORDER BY position").await? {
        let stage: StageId = row.try_get("", "id")?;
        for industry in INDUSTRIES {
            for matches in [MATCHES, MATCHES + 5, MATCHES + 10] {
                let sql = format!(
                    "SELECT COALESCE((SELECT o.amount FROM opportunities o JOIN accounts a ON a.id = o.account_id
                        WHERE NOT o.is_closed AND o.deleted_at IS NULL AND a.industry_key = '{industry}' AND o.stage_id = {}
                        ORDER BY o.amount DESC LIMIT 1 OFFSET {matches}), {matches}) AS amount",
                    literal(database, stage.uuid())
                );
                for row in rows(database, &sql).await? {
                    filters.push(Filter { stage, industry, amount: row.try_get("", "amount")? });
                }
            }
        }
    }
    Ok(filters)
}

/// W1: createLead with eight fields.
pub async fn creations(database: &Database) -> Result<Vec<Prepared>, Box<dyn Error>> {
    let sources = ids(database, "SELECT id FROM lead_sources WHERE active ORDER BY position").await?;
    let moment = Utc::now().timestamp();
    let new = (0..4_096).map(|number: usize| {
        let (first, last) = (super::words::first_name(number), super::words::family_name(number * 13));
        prepared(
            CREATE,
            &json!({ "input": {
                "firstName": first,
                "lastName": last,
                "company": super::words::company(number * 5),
                "jobTitle": "Head of purchasing",
                "email": format!("{}{number}@{moment}.example", last.to_lowercase()),
                "phone": format!("+33 4 72 {:02} {:02} {:02}", number % 90 + 10, number / 90 % 90 + 10, 10),
                "rating": "WARM",
                "sourceId": sources.get(number % sources.len().max(1)).map(|id| entity::id::write_any("lead_source", *id)),
            } }),
        )
    });
    Ok(new.collect())
}

/// W2: convertLead into new account, contact and opportunity.
pub fn conversions(leads: &[LeadId]) -> Vec<Prepared> {
    leads.iter().map(|lead| prepared(CONVERT, &json!({ "id": lead.to_string() }))).collect()
}

/// The open stages of the pipeline that all opportunities are in, in their order.
pub async fn open_stages(database: &Database) -> Result<Vec<StageId>, Box<dyn Error>> {
    let stages = rows(database, "SELECT id FROM stages WHERE category = 'OPEN' ORDER BY position").await?;
    Ok(stages.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
}

/// Open opportunities with their stages: those that one side moves and the other doesn't.
pub async fn open_sales(database: &Database, of_limit: bool) -> Result<Vec<(OpportunityId, StageId)>, Box<dyn Error>> {
    let sql =
        "SELECT id, stage_id FROM opportunities WHERE NOT is_closed AND deleted_at IS NULL AND source_id IS NOT NULL ORDER BY id
        LIMIT 16000";
    let sales = rows(database, sql).await?;
    let half = sales.iter().skip(usize::from(of_limit)).step_by(2);
    Ok(half.map(|row| Ok((row.try_get("", "id")?, row.try_get("", "stage_id")?))).collect::<Result<_, sea_orm::DbErr>>()?)
}

/// W3: each connection moves opportunities of its own on to the next open stage, and from the last one to the first.
pub async fn moves(database: &Database, of_limit: bool) -> Result<Vec<Vec<Prepared>>, Box<dyn Error>> {
    let stages = open_stages(database).await?;
    let mut lists = vec![Vec::new(); CONNECTIONS];
    for (number, (id, stage)) in open_sales(database, of_limit).await?.into_iter().enumerate() {
        let now = stages.iter().position(|known| *known == stage).ok_or("an opportunity in an unknown stage")?;
        lists[number % CONNECTIONS].push((id, now));
    }
    let moves = lists.into_iter().map(|list| {
        let turns = (1..=stages.len()).flat_map(|step| list.iter().map(move |(id, now)| (id, now + step)));
        turns
            .map(|(id, place)| {
                prepared(MOVE, &json!({ "id": id.to_string(), "stage": stages[place % stages.len()].to_string() }))
            })
            .collect()
    });
    Ok(moves.collect())
}

async fn rows(database: &Database, sql: &str) -> Result<Vec<QueryResult>, Box<dyn Error>> {
    let backend = if database.is_postgres() { DbBackend::Postgres } else { DbBackend::Sqlite };
    Ok(database.read().query_all_raw(Statement::from_string(backend, sql)).await?)
}

async fn ids(database: &Database, sql: &str) -> Result<Vec<uuid::Uuid>, Box<dyn Error>> {
    Ok(rows(database, sql).await?.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

/// As many of a list as there are different requests, from everywhere in it.
fn spread<T: Copy>(all: Vec<T>) -> Vec<T> {
    let step = all.len().div_ceil(DIFFERENT).max(1);
    all.into_iter().step_by(step).collect()
}

fn literal(database: &Database, id: uuid::Uuid) -> String {
    if database.is_postgres() { format!("'{id}'") } else { format!("x'{}'", id.simple()) }
}

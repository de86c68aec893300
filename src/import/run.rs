//! The course of an import: batch by batch, each in a transaction of its own, or all in one that is undone.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use futures_util::future::join;
use sea_orm::{ModelTrait, Value};
use tokio::task::JoinSet;

use super::kinds::{Draft, Importable, Reading};
use super::lookup::{Looked, Lookups};
use super::plan::Plan;
use super::reading::{Row, Rows};
use super::rejects::Rejects;
use super::values::Values;
use super::{Request, Summary};
use crate::app::App;
use crate::auth::Actor;
use crate::auth::scope::Visible;
use crate::data::record::Record;
use crate::data::write::Write;
use crate::domains::fields::Cleaner;
use crate::error::{Error, Result, UserError, UserErrorCode};

/// Rows that are looked up together.
const BATCH: usize = 1_024;
/// Rows that become records together, while the database writes those before them: few, so that it soon has something to do. On
/// PostgreSQL each of their statements is a way there and back.
const SQLITE_PORTION: usize = 128;
const POSTGRES_PORTION: usize = 512;
/// For how long a transaction takes more batches on SQLite, which writes each page that a transaction touches when it ends: of most
/// indexes nearly as many for a tenth of the rows. Others who want to write wait that long, and for one more batch and the commit.
/// PostgreSQL gains nothing by it, and would hold more locks.
const LONGEST_WRITE: Duration = Duration::from_millis(350);
/// How long those who wait to write on SQLite in another process get between two transactions: they look every other millisecond.
const PAUSE: Duration = Duration::from_millis(5);

/// Imports a file.
pub async fn run<K: Importable>(
    app: &App,
    actor: &Actor,
    request: &Request,
    kind: K,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Summary> {
    K::may_create(actor)?;
    let mut rows = Rows::open(&request.file, request.mapping.as_ref().and_then(|mapping| mapping.delimiter))?;
    let plan = Plan::new(K::FIELDS, request.mapping.as_ref(), rows.header(), &app.workspace().time_zone)?;
    let rejects_path = request.rejects.clone().unwrap_or_else(|| Rejects::beside(&request.file));
    if rejects_path == request.file {
        return Err(Error::bad_input("The reject file must not be the imported file: name another one."));
    }
    let mut import = Import {
        app,
        actor,
        plan: &plan,
        kind,
        seen: HashMap::new(),
        later: Vec::new(),
        rejects: Rejects::new(rejects_path),
        dry_run: request.dry_run,
        open: None,
        folding: JoinSet::new(),
    };
    let mut summary = Summary { unused: plan.unused.clone(), ..Summary::default() };
    app.database().prepare_for_much().await?;
    if let Err(error) = import.all(&mut rows, &mut summary, progress).await {
        if summary.rows() == 0 {
            return Err(error);
        }
        summary.stopped = Some(told(error));
    }
    import.rejects.finish()?;
    summary.rejects = import.rejects.path().map(std::path::Path::to_path_buf);
    Ok(summary)
}

/// An import under way.
struct Import<'a, K: Importable> {
    app: &'a App,
    actor: &'a Actor,
    plan: &'a Plan,
    kind: K,
    /// The lines on which keys stood.
    seen: HashMap<String, u64>,
    /// Rows that refer to records that may come later in the file.
    later: Vec<Row>,
    rejects: Rejects,
    dry_run: bool,
    /// The transaction that the next batch goes into, with what happened to the rows before; all batches of a dry run go into one.
    open: Option<Open<'a>>,
    /// What SQLite's log has of the transaction before is copied into its file meanwhile.
    folding: JoinSet<()>,
}

/// A transaction with some batches in it.
struct Open<'a> {
    write: Write<'a>,
    since: Instant,
    counts: Counts,
}

/// What happened to rows.
#[derive(Default)]
struct Counts {
    created: u64,
    updated: u64,
    unchanged: u64,
    rejected: u64,
}

/// What a row came to.
enum Outcome<K: Importable> {
    Draft(Box<Draft<K>>),
    Later,
    Rejected(Vec<UserError>),
}

impl<'a, K: Importable> Import<'a, K> {
    async fn all(&mut self, rows: &mut Rows, summary: &mut Summary, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<()> {
        let mut batch = next_batch(rows)?;
        while !batch.is_empty() {
            self.transact(batch, true).await?;
            let (closed, following) = join(self.close_full(summary), async { next_batch(rows) }).await;
            closed?;
            batch = following?;
            let (done, total) = rows.progress();
            progress(done, total);
        }
        self.those_put_off(summary).await?;
        self.close(summary).await
    }

    /// Imports the rows that waited for others: round by round, as long as any of them finds what it waited for.
    async fn those_put_off(&mut self, summary: &mut Summary) -> Result<()> {
        let mut waiting = usize::MAX;
        while !self.later.is_empty() {
            let rows = std::mem::take(&mut self.later);
            let may_wait = rows.len() < waiting;
            waiting = rows.len();
            let mut rows = rows.into_iter();
            loop {
                let batch: Vec<Row> = rows.by_ref().take(BATCH).collect();
                if batch.is_empty() {
                    break;
                }
                self.transact(batch, may_wait).await?;
                self.close_full(summary).await?;
            }
        }
        Ok(())
    }

    async fn transact(&mut self, rows: Vec<Row>, may_wait: bool) -> Result<()> {
        let mut open = match self.open.take() {
            Some(open) => open,
            None => {
                let write = Write::begin_alone(self.app, self.actor).await?;
                Open { write, since: Instant::now(), counts: Counts::default() }
            }
        };
        self.batch(&open.write, rows, may_wait, &mut open.counts).await?;
        self.open = Some(open);
        Ok(())
    }

    /// Ends the transaction that is open if it is to take no more.
    async fn close_full(&mut self, summary: &mut Summary) -> Result<()> {
        let has_time = |open: &Open<'_>| !self.app.database().is_postgres() && open.since.elapsed() < LONGEST_WRITE;
        if self.dry_run || self.open.as_ref().is_none_or(has_time) { Ok(()) } else { self.close(summary).await }
    }

    /// Ends the transaction that is open, and counts what happened in it.
    async fn close(&mut self, summary: &mut Summary) -> Result<()> {
        let Some(Open { write, counts, .. }) = self.open.take() else { return Ok(()) };
        if self.dry_run {
            // What is carried out in the background may fail.
            write.settle().await?;
        } else {
            self.commit(write).await?;
        }
        summary.created += counts.created;
        summary.updated += counts.updated;
        summary.unchanged += counts.unchanged;
        summary.rejected += counts.rejected;
        Ok(())
    }

    /// Commits, and has SQLite's log copied while the next transaction is under way: so the next commit begins it anew.
    async fn commit(&mut self, write: Write<'_>) -> Result<()> {
        write.settle().await?;
        while self.folding.join_next().await.is_some() {}
        write.commit().await?;
        let database = self.app.database().clone();
        if !database.is_postgres() {
            self.folding.spawn(async move { database.fold_log().await });
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    async fn batch(&mut self, write: &Write<'_>, rows: Vec<Row>, may_wait: bool, counts: &mut Counts) -> Result<()> {
        let (broken, rows): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.problem.is_some());
        for mut row in broken {
            let sentence = row.problem.take().unwrap_or_default();
            self.rejects.write(self.plan, &row, &[UserError::new(UserErrorCode::Invalid, sentence)])?;
            counts.rejected += 1;
        }
        let mut values: Vec<Values<'_>> = rows.iter().map(|row| Values::new(self.plan, &row.cells)).collect();
        if !K::ALONE {
            write.settle().await?;
        }
        let mut lookups = Lookups::of(write, &values).await?;
        let existing = K::existing(write, &values).await?;
        let mut look_ups = Vec::with_capacity(rows.len());
        for (row, values) in rows.into_iter().zip(&mut values) {
            let mut cleaner = Cleaner::new(&write.workspace().base_currency);
            let later = K::LATER.filter(|_| may_wait);
            let looked = lookups.look_up(write, values, &mut cleaner.problems, later);
            look_ups.push((row, cleaner, looked));
        }
        self.kind.prepare(write, &values).await?;
        let portion = match (K::ALONE, write.app.database().is_postgres()) {
            (false, _) => BATCH,
            (true, false) => SQLITE_PORTION,
            (true, true) => POSTGRES_PORTION,
        };
        let mut rows = look_ups.into_iter().zip(&values).peekable();
        while rows.peek().is_some() {
            let drafts = self.drafts(write, rows.by_ref().take(portion), &existing, counts).await?;
            let used = drafts.iter().flat_map(|draft| draft.references.iter().copied());
            lookups.create_used(write, used).await?;
            self.write(write, drafts, counts).await?;
        }
        Ok(())
    }

    /// The records that good rows describe. Bad ones are rejected, and those that are too early put off.
    async fn drafts<'v>(
        &mut self,
        write: &Write<'_>,
        rows: impl Iterator<Item = ((Row, Cleaner<'v>, Looked), &'v Values<'v>)>,
        existing: &HashMap<String, K::Model>,
        counts: &mut Counts,
    ) -> Result<Vec<Draft<K>>> {
        let mut drafts = Vec::new();
        for ((row, cleaner, looked), values) in rows {
            let outcome = match looked {
                Looked::Up => self.draft(write, row.line, values, cleaner, existing).await?,
                Looked::TooEarly => Outcome::Later,
            };
            match outcome {
                Outcome::Draft(draft) => drafts.push(*draft),
                Outcome::Later => self.later.push(row),
                Outcome::Rejected(problems) => {
                    self.rejects.write(self.plan, &row, &problems)?;
                    counts.rejected += 1;
                }
            }
        }
        Ok(drafts)
    }

    /// Makes the record that a row describes, by the rules of the API.
    async fn draft(
        &mut self,
        write: &Write<'_>,
        line: u64,
        values: &Values<'_>,
        mut cleaner: Cleaner<'_>,
        existing: &HashMap<String, K::Model>,
    ) -> Result<Outcome<K>> {
        let key = K::key(values, &mut cleaner.problems);
        if let Some(key) = &key {
            let first = *self.seen.entry(key.clone()).or_insert(line);
            if first != line {
                let sentence = format!("{} stands in row {first} already: each may occur once.", K::key_name(key));
                cleaner.problem(UserErrorCode::AlreadyExists, K::KEY, sentence);
            }
        }
        let before = key.as_ref().and_then(|key| existing.get(key));
        if let Some(before) = before {
            if K::Entity::DELETED_AT.is_some_and(|column| before.get(column) != Value::ChronoDateTimeUtc(None)) {
                let sentence = "The record with this external id was deleted: restore it first, or give the row another id.";
                cleaner.problem(UserErrorCode::AlreadyExists, "externalId", sentence);
            }
            if let Err(error) = K::may_change(self.actor, before) {
                cleaner.problem(UserErrorCode::Invalid, K::KEY, error.sentences());
            }
        }
        let mut after = before.cloned().unwrap_or_else(|| self.kind.blank(write));
        if before.is_none()
            && let Some(column) = K::EXTERNAL_ID
        {
            after.set(column, key.into());
        }
        let mut row = Reading { write, values, cleaner, before };
        let more = self.kind.apply(&mut row, &mut after).await?;
        let problems = row.cleaner.problems.into_vec();
        if !problems.is_empty() {
            return Ok(Outcome::Rejected(problems));
        }
        let references = values.references.iter().flatten().copied().collect();
        Ok(Outcome::Draft(Box::new(Draft { before: before.cloned(), after, more, references })))
    }

    async fn write(&mut self, write: &Write<'_>, mut drafts: Vec<Draft<K>>, counts: &mut Counts) -> Result<()> {
        drafts.iter_mut().for_each(|draft| draft.after.derive());
        let (mut changed, new): (Vec<_>, Vec<_>) = drafts.into_iter().partition(|draft| draft.before.is_some());
        counts.created += new.len() as u64;
        let all = changed.len() as u64;
        changed.retain(|draft| draft.before.as_ref() != Some(&draft.after) || !self.kind.beside(draft).is_null());
        counts.updated += changed.len() as u64;
        counts.unchanged += all - changed.len() as u64;
        self.kind.insert(write, &new).await?;
        if !changed.is_empty() || !K::ALONE {
            write.settle().await?;
        }
        self.kind.update(write, &changed).await?;
        self.kind.after_writing(write, &new, &changed).await
    }
}

/// As many rows as are looked up together; none at the end.
fn next_batch(rows: &mut Rows) -> Result<Vec<Row>> {
    std::iter::from_fn(|| rows.next_row().transpose()).take(BATCH).collect()
}

/// What to tell the person who gave the command: nobody to hide the cause from.
fn told(error: Error) -> String {
    let sentences = error.sentences();
    match error {
        Error::Fault(fault) => fault.cause.map_or(sentences, |cause| cause.to_string()),
        Error::Refused(_) => sentences,
    }
}

//! What runs by itself. A job's state is a row of the database, which is locked while the job works and written in the same transaction
//! as its work: whatever happens to a process, and however many there are, each run is done once, whole or not at all.

mod clean_up;
mod return_to_pool;
mod store;
mod ticker;

use chrono::TimeDelta;
use futures_util::future::BoxFuture;

use crate::app::App;
use crate::auth::Actor;
use crate::data::write::Write;
use crate::error::Result;

pub use ticker::Ticker;

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// All that was there to do is done.
    Done,
    /// There may be more, for a transaction of its own.
    More,
}

/// Something that runs by itself.
struct Job {
    /// What its row is called.
    name: &'static str,
    /// How long after a run the next one is due.
    every: TimeDelta,
    /// Does some of the work, in one transaction.
    run: for<'w, 'a> fn(&'w Write<'a>) -> BoxFuture<'w, Result<Progress>>,
}

/// All jobs.
const JOBS: [Job; 2] = [
    Job { name: "return_leads_to_pool", every: TimeDelta::hours(1), run: return_to_pool::run },
    Job { name: "clean_up", every: TimeDelta::hours(1), run: clean_up::run },
];

/// Carries out all jobs that are due, and answers in how many transactions. What another process is doing is left to it.
///
/// # Errors
/// The first failure; the other jobs are carried out all the same. What failed is undone and stays due.
pub async fn run_due(app: &App) -> Result<u64> {
    let mut transactions = 0;
    let mut failure = None;
    for job in &JOBS {
        match run_job(app, job).await {
            Ok(done) => transactions += done,
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    failure.map_or(Ok(transactions), Err)
}

async fn run_job(app: &App, job: &Job) -> Result<u64> {
    let mut transactions = 0;
    while store::is_due(app, job.name).await? {
        let actor = Actor::program(app.now());
        let write = Write::begin(app, &actor).await?.by_nobody();
        let Some(row) = store::lock_due(&write, job.name).await? else { break };
        let next_run_at = match (job.run)(&write).await? {
            Progress::More => write.now,
            Progress::Done => write.now + job.every,
        };
        store::note_run(&write, row, next_run_at).await?;
        write.commit().await?;
        transactions += 1;
    }
    Ok(transactions)
}

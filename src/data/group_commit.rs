//! Several writes with one sync of the disk, on SQLite.
//!
//! SQLite has one writer, and a commit that survives a power cut waits for the disk, which takes longer than all the rest. So writes
//! that queue up share a transaction: each runs within a savepoint, and the last of the queue commits for all. None is answered before
//! the disk has it. A write that is refused or fails undoes its own savepoint and nothing else; if the commit fails, it fails for all.
//! Where nobody waits, a write commits at once. PostgreSQL does the same by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sea_orm::{ConnAcquireErr, DbErr};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::database::{Database, Transaction};

/// The most writes of one transaction, so that the first of them is answered in time.
const MOST_TOGETHER: usize = 64;

/// The queue of those who want to write.
#[derive(Debug)]
pub struct Queue {
    turn: Arc<Mutex<Open>>,
    waiting: AtomicUsize,
    patience: Duration,
}

/// The transaction that is open, and those who wait for its commit.
#[derive(Debug, Default)]
struct Open {
    transaction: Option<Transaction>,
    done: Vec<oneshot::Sender<Result<(), String>>>,
}

/// A write's turn: nobody else writes before it is over. Dropping it undoes what was written in it.
#[derive(Debug)]
pub struct Turn {
    // This goes first.
    savepoint: Transaction,
    hold: Hold,
}

/// Keeps all others waiting. When it is dropped, the next one goes on, or what was written before is committed.
#[derive(Debug)]
struct Hold {
    queue: Arc<Queue>,
    /// There until it is dropped.
    open: Option<OwnedMutexGuard<Open>>,
}

impl Queue {
    /// An empty queue, in which nobody waits longer than this.
    pub fn new(patience: Duration) -> Self {
        Self { turn: Arc::default(), waiting: AtomicUsize::new(0), patience }
    }

    /// Waits for the turn to write.
    ///
    /// # Errors
    /// When it doesn't come in time, or the database fails.
    pub async fn begin(self: &Arc<Self>, database: &Database) -> Result<Turn, DbErr> {
        let mut place = Place::take(self);
        let waited = tokio::time::timeout(self.patience, self.turn.clone().lock_owned()).await;
        let mut open = waited.map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?;
        place.is_reached = true;
        drop(place);
        let transaction = match open.transaction.take() {
            Some(transaction) => transaction,
            None => database.begin().await?,
        };
        let savepoint = transaction.begin_part().await;
        open.transaction = Some(transaction);
        let hold = Hold { queue: self.clone(), open: Some(open) };
        Ok(Turn { savepoint: savepoint?, hold })
    }

    /// Commits for all whose turn was before, unless somebody comes after who will.
    async fn settle(&self, mut open: OwnedMutexGuard<Open>) {
        if self.waiting.load(Ordering::Acquire) > 0 && open.done.len() < MOST_TOGETHER {
            return;
        }
        let committed = match open.transaction.take() {
            Some(transaction) => transaction.commit().await.map_err(|error| error.to_string()),
            None => Ok(()),
        };
        for done in open.done.drain(..) {
            // Who went away meanwhile has no need of it.
            drop(done.send(committed.clone()));
        }
    }
}

/// A place in the queue. Whoever gives it up may have been the one that others left the commit to.
struct Place<'a> {
    queue: &'a Arc<Queue>,
    is_reached: bool,
}

impl<'a> Place<'a> {
    fn take(queue: &'a Arc<Queue>) -> Self {
        queue.waiting.fetch_add(1, Ordering::AcqRel);
        Self { queue, is_reached: false }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.queue.waiting.fetch_sub(1, Ordering::AcqRel);
        if !self.is_reached {
            let queue = self.queue.clone();
            in_background(async move { queue.settle(queue.turn.clone().lock_owned().await).await });
        }
    }
}

/// Where there is no runtime any more, nobody waits for anything either: what is open is undone.
fn in_background(work: impl Future<Output = ()> + Send + 'static) {
    if let Ok(runtime) = Handle::try_current() {
        runtime.spawn(work);
    }
}

impl Turn {
    /// The connection to write on.
    pub fn connection(&self) -> &Transaction {
        &self.savepoint
    }

    /// Makes what was written last, and waits until it does.
    ///
    /// # Errors
    /// When the database fails: then nothing was written.
    pub async fn commit(self) -> Result<(), DbErr> {
        let Self { savepoint, mut hold } = self;
        savepoint.commit().await?;
        let Some(mut open) = hold.open.take() else { return Ok(()) };
        let (done, committed) = oneshot::channel();
        open.done.push(done);
        hold.queue.settle(open).await;
        match committed.await {
            Ok(outcome) => outcome.map_err(DbErr::Custom),
            Err(_) => Err(DbErr::Custom("the transaction was given up".to_owned())),
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if let Some(open) = self.open.take() {
            let queue = self.queue.clone();
            in_background(async move { queue.settle(open).await });
        }
    }
}

#[cfg(test)]
mod tests;

//! The threads that carry out operations.
//!
//! In an unoptimised build, where nothing on the stack is reused, a resolver with everything below it needs more than the 2 MiB that
//! the threads have that speak HTTP, and running out of stack ends the process. An optimised build carries operations out where they
//! come in, which saves two switches between threads for each. Each thread has a runtime of its own: the loaders count on all fields
//! of a level being looked at before any batch starts.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::Builder;

#[cfg(not(debug_assertions))]
use futures_util::FutureExt;
use tokio::runtime::{self, Handle};
use tokio::sync::watch;
use tokio::task::JoinHandle;
#[cfg(debug_assertions)]
use tokio::task::JoinSet;
#[cfg(debug_assertions)]
use tracing::Instrument;

use crate::data::database::use_own_connections;

/// The size of a stack. What isn't used of it costs nothing.
const STACK_BYTES: usize = 16 * 1_048_576;

/// The threads that carry out operations. They end with the last clone, and connections to the database that were opened on
/// them don't outlive them: close the database first.
#[derive(Clone)]
pub struct Threads {
    inner: Arc<Inner>,
}

/// An operation ended in the middle, by a mistake of ours. The log has said where.
#[derive(Debug, thiserror::Error)]
#[error("the operation panicked")]
pub struct Panic;

struct Inner {
    runtimes: Vec<Handle>,
    next: AtomicUsize,
    _running: watch::Sender<()>,
}

impl Threads {
    /// Starts this many threads.
    ///
    /// # Errors
    /// When the operating system refuses them.
    pub fn start(count: usize) -> io::Result<Self> {
        let (running, ended) = watch::channel(());
        let runtimes = (0..count.max(1)).map(|number| start_one(number, ended.clone())).collect::<io::Result<_>>()?;
        Ok(Self { inner: Arc::new(Inner { runtimes, next: AtomicUsize::new(0), _running: running }) })
    }

    /// Carries out an operation that came in over HTTP. It ends when nobody waits for it any more: what it has written and not
    /// committed is undone.
    ///
    /// # Errors
    /// When it panics.
    #[cfg(debug_assertions)]
    pub async fn carry_out<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> Result<T, Panic> {
        let mut task = JoinSet::new();
        task.spawn_on(work.in_current_span(), self.next());
        task.join_next().await.and_then(Result::ok).ok_or(Panic)
    }

    /// The same in an optimised build, on the thread that calls.
    ///
    /// # Errors
    /// When it panics.
    #[cfg(not(debug_assertions))]
    pub async fn carry_out<T>(&self, work: impl Future<Output = T>) -> Result<T, Panic> {
        std::panic::AssertUnwindSafe(work).catch_unwind().await.map_err(|_| Panic)
    }

    /// Runs something on one of the threads, each in its turn.
    pub fn spawn<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        self.next().spawn(work)
    }

    fn next(&self) -> &Handle {
        let turn = self.inner.next.fetch_add(1, Ordering::Relaxed);
        &self.inner.runtimes[turn % self.inner.runtimes.len()]
    }
}

fn start_one(number: usize, mut ended: watch::Receiver<()>) -> io::Result<Handle> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    Builder::new()
        .name("operations".to_owned())
        .stack_size(STACK_BYTES)
        // It waits for the sender to be dropped, which is told as an error.
        .spawn(move || {
            use_own_connections(number);
            runtime.block_on(async { drop(ended.changed().await) });
        })?;
    Ok(handle)
}

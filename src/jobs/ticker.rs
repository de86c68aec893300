//! Looks for jobs that are due, again and again, as long as the server runs.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::run_due;
use crate::app::App;
use crate::http::Threads;

/// Looks for jobs that are due until it is stopped.
pub struct Ticker {
    stop: watch::Sender<bool>,
    task: Option<JoinHandle<()>>,
}

impl Ticker {
    /// Starts to look, at once and then at these intervals; with 0 seconds it never looks.
    pub fn start(app: &App, seconds: u64, threads: &Threads) -> Self {
        let (stop, stopped) = watch::channel(false);
        let work = || threads.spawn(tick(app.clone(), Duration::from_secs(seconds), stopped));
        Self { stop, task: (seconds > 0).then(work) }
    }

    /// Stops, after what is being done.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Some(task) = self.task
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the jobs ended early");
        }
    }
}

async fn tick(app: App, interval: Duration, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        match run_due(&app).await {
            Ok(0) => {}
            Ok(transactions) => tracing::info!(transactions, "jobs were carried out"),
            Err(error) => tracing::error!(?error, "a job failed and stays due"),
        }
        tokio::select! {
            () = tokio::time::sleep(interval) => {}
            changed = stopped.changed() => if changed.is_err() { return },
        }
    }
}

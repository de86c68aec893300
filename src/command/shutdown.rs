//! When the operating system, or the person at the terminal, wants the server to stop.

use crate::http::Stop;

/// Lets running requests finish at the first Ctrl-C or SIGTERM, and drops them at the second.
pub async fn on_signal(stop: Stop) {
    signal().await;
    tracing::info!("stopping: running requests may finish; press Ctrl-C again to drop them");
    tokio::select! {
        () = stop.gracefully() => {}
        () = signal() => stop.at_once().await,
    }
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return interrupt().await };
    tokio::select! {
        () = interrupt() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    interrupt().await;
}

/// Ctrl-C. A system that can't tell us about it never interrupts us this way.
async fn interrupt() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}

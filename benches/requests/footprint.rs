//! How quickly the server starts on a database that is there, what it then has in memory, and how large it is.

use std::error::Error;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::load::Client;
use super::operations::prepared;
use super::server::{Server, program};
use super::table::figure;

/// How often it is started; the median counts.
const STARTS: usize = 5;

/// Measures and prints it.
pub async fn measure(address: &str) -> Result<(), Box<dyn Error>> {
    let mut starts = Vec::new();
    let mut idle = Vec::new();
    for _ in 0..STARTS {
        let begun = Instant::now();
        let server = Server::leadgraph(address)?;
        let client = Client::connect(&server, "").await?;
        client.send(&prepared("{ __typename }", &Json::Null)).await?;
        starts.push(begun.elapsed().as_secs_f64() * 1_000.0);
        tokio::time::sleep(Duration::from_millis(300)).await;
        idle.push(server.memory());
    }
    starts.sort_by(f64::total_cmp);
    idle.sort_by(f64::total_cmp);
    let (start, idle) = (starts[STARTS / 2], idle[STARTS / 2]);
    figure("idle memory, MiB", format_args!("{idle:.0}"), Some((idle <= 40.0, "at most 40")))?;
    figure("start to first answer, ms", format_args!("{start:.0}"), Some((start <= 150.0, "at most 150")))?;
    let size = std::fs::metadata(program())?.len() as f64 / 1_048_576.0;
    figure("binary size, MiB", format_args!("{size:.1}"), None)?;
    Ok(())
}

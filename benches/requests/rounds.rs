//! Driving leadgraph and the limit in turns, so that whatever else the machine does hits both.

use std::error::Error;
use std::time::Duration;

use super::load::{Client, Measured, Requests};

/// How long everybody gets used to an operation before it is measured.
const WARM_UP: Duration = Duration::from_millis(300);

/// One side: open connections and what is sent on them.
pub type Side<'a> = (&'a Client, &'a Requests);

/// What was measured in some rounds.
#[derive(Default)]
pub struct Rounds {
    /// leadgraph.
    pub ours: Vec<Measured>,
    /// The limit: requests in a second.
    pub limit: Vec<f64>,
    /// The limit where it answers over HTTP.
    pub limit_times: Vec<Measured>,
}

impl Rounds {
    /// Requests in a second.
    pub fn throughput(&self) -> f64 {
        median(self.ours.iter().map(|round| round.throughput))
    }

    /// The limit's requests in a second; no number where there is no limit.
    pub fn limit_throughput(&self) -> f64 {
        median(self.limit.iter().copied())
    }

    /// Our share of the limit: the median of the rounds' ratios.
    pub fn ratio(&self) -> f64 {
        median(self.ours.iter().zip(&self.limit).map(|(ours, limit)| ours.throughput / limit))
    }

    /// The time within which so many of a hundred requests were answered, in milliseconds.
    pub fn percentile(&self, percent: f64) -> f64 {
        median(self.ours.iter().map(|round| round.percentile(percent)))
    }

    /// The same of the limit.
    pub fn limit_percentile(&self, percent: f64) -> f64 {
        median(self.limit_times.iter().map(|round| round.percentile(percent)))
    }

    /// What our process spent on a request, in microseconds.
    pub fn cpu(&self) -> f64 {
        median(self.ours.iter().map(|round| round.cpu))
    }

    /// What the limit's process spent on one; no number where it is pgbench.
    pub fn limit_cpu(&self) -> f64 {
        median(self.limit_times.iter().map(|round| round.cpu))
    }
}

/// Drives both in turns.
pub async fn alternate(ours: Side<'_>, limit: Side<'_>, rounds: usize, duration: Duration) -> Result<Rounds, Box<dyn Error>> {
    warm_up(ours).await?;
    warm_up(limit).await?;
    let mut measured = Rounds::default();
    for _ in 0..rounds {
        measured.ours.push(ours.0.drive(ours.1, duration, is_fine).await?);
        let limit = limit.0.drive(limit.1, duration, is_fine).await?;
        measured.limit.push(limit.throughput);
        measured.limit_times.push(limit);
    }
    Ok(measured)
}

/// Drives a side for a moment, and answers how many requests in a second it managed.
pub async fn warm_up((client, requests): Side<'_>) -> Result<f64, Box<dyn Error>> {
    Ok(client.drive(requests, WARM_UP, is_fine).await?.throughput)
}

/// Whether an answer has neither errors nor refusals.
pub fn is_fine(answer: &[u8]) -> bool {
    // They stand at the beginning or at the end: so long answers needn't be searched.
    let has = |part: &[u8], text: &[u8]| part.windows(text.len()).any(|window| window == text);
    let end = &answer[answer.len().saturating_sub(300)..];
    !answer.starts_with(b"{\"errors") && !has(end, b"\"userErrors\":[{") && !has(end, b"\"errors\":[") && !has(end, b"\":null}}")
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    values.get(middle).copied().unwrap_or(f64::NAN)
}

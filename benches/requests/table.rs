//! What is printed.

use std::fmt::Display;
use std::io::{Result, Write, stdout};

use super::rounds::Rounds;

/// Our share of the limit that is wanted at least.
const SHARE: f64 = 0.6;
/// How often the median time the 99th percentile may be.
const SPREAD: f64 = 4.0;

/// Writes one line.
pub fn say(line: impl Display) -> Result<()> {
    writeln!(stdout(), "{line}")
}

/// The head of the table of operations.
pub fn head() -> Result<()> {
    say(format_args!(
        "\n{:20} {:>9} {:>9} {:>6} {:>6}  {:>8} {:>8} {:>7} {:>6}  {:>9} {:>9} {:>8} {:>9}",
        "operation",
        "ours/s",
        "limit/s",
        "ratio",
        "wanted",
        "p50 ms",
        "p99 ms",
        "p99/p50",
        "wanted",
        "limit p50",
        "limit p99",
        "CPU us",
        "limit CPU"
    ))
}

/// The line of an operation. What misses its target is marked.
pub fn operation(name: &str, title: &str, rounds: &Rounds) -> Result<()> {
    let (p50, p99) = (rounds.percentile(50.0), rounds.percentile(99.0));
    let share = if name == "R6" { String::new() } else { wanted(rounds.ratio() >= SHARE, format_args!("{SHARE}")) };
    say(format_args!(
        "{:20} {:>9} {:>9} {:>6} {:>6}  {p50:8.2} {p99:8.2} {:7.1} {:>6}  {:>9} {:>9} {:>8} {:>9}",
        format!("{name} {title}"),
        shown(rounds.throughput(), 0),
        shown(rounds.limit_throughput(), 0),
        shown(rounds.ratio(), 2),
        if rounds.limit.is_empty() { String::new() } else { share },
        p99 / p50,
        wanted(p99 / p50 <= SPREAD, format_args!("{SPREAD}")),
        shown(rounds.limit_percentile(50.0), 2),
        shown(rounds.limit_percentile(99.0), 2),
        shown(rounds.cpu(), 0),
        shown(rounds.limit_cpu(), 0),
    ))
}

/// A single figure with its target, where it has one.
pub fn figure(name: &str, figure: impl Display, target: Option<(bool, &str)>) -> Result<()> {
    match target {
        None => say(format_args!("{name:44} {figure}")),
        Some((reached, target)) => {
            say(format_args!("{name:44} {figure}  (wanted: {target}{})", if reached { "" } else { "; MISSED" }))
        }
    }
}

fn wanted(reached: bool, target: impl Display) -> String {
    if reached { target.to_string() } else { format!("!{target}") }
}

/// A number, or a dash.
pub fn shown(number: f64, decimals: usize) -> String {
    if number.is_nan() { "-".to_owned() } else { format!("{number:.decimals$}") }
}

//! How much longer operations take when there is ten times and a hundred times as much.

use std::error::Error;

use super::Options;
use super::measure::{Figures, measure};
use super::place::Place;
use super::table::{say, shown};

/// Operations may be so many times slower with ten times, and with a hundred times as much.
const MOST: [f64; 2] = [1.2, 1.5];

/// Measures a hundredth and a tenth of the scale in short.
pub async fn smaller(options: &Options, place: &Place) -> Result<Vec<Figures>, Box<dyn Error>> {
    let mut short = options.clone();
    (short.rounds, short.seconds) = (1, options.seconds.min(0.5));
    short.only.retain(|only| only != "pages" && only != "memory");
    if short.only.is_empty() {
        short.only = super::OPERATIONS.map(str::to_owned).to_vec();
    }
    let mut figures = Vec::new();
    for scale in [options.scale / 100.0, options.scale / 10.0] {
        figures.push(measure(&short, place, scale).await?);
    }
    Ok(figures)
}

/// Prints how the figures grow, from the smallest database on. The limit shows what of it is the database's, or the answer's, which
/// gets longer where a small database has too few records to fill it.
pub fn print(figures: &[Figures]) -> Result<(), Box<dyn Error>> {
    let [small, larger @ ..] = figures else { return Ok(()) };
    say(format_args!("\n{:12} {:>22} {:>22}", "times as slow", "10 times as much", "100 times as much"))?;
    for (number, (name, first)) in small.iter().enumerate() {
        let mut line = format!("{name:12}");
        for (figures, most) in larger.iter().zip(MOST) {
            let Some((_, rounds)) = figures.get(number) else { continue };
            let slower = first.throughput() / rounds.throughput();
            let limit = first.limit_throughput() / rounds.limit_throughput();
            let missed = if slower > most { format!("!{most}") } else { String::new() };
            line += &format!(" {:>7} {missed:>4} ({:>5})  ", shown(slower, 2), shown(limit, 2));
        }
        say(line)?;
    }
    say("(in brackets: the limit; ! marks what is above the target)")?;
    Ok(())
}

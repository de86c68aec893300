//! Measuring the writes.

use std::error::Error;

use leadgraph::app::App;
use leadgraph::data::database::Database;

use super::load::{Client, Prepared, Requests};
use super::pgbench::Pgbench;
use super::rounds::{Rounds, alternate, is_fine, warm_up};
use super::{Options, fill, operations, table};

/// Leads for the first round of conversions of either side; later ones get twice what was needed.
const LEADS_AT_FIRST: usize = 500;
/// The fewest and the most for a round.
const LEADS_A_ROUND: (usize, usize) = (100, 6_000);

/// The servers and the database.
pub struct Writes<'a> {
    /// What is to be measured, and how long.
    pub options: &'a Options,
    /// For preparations.
    pub app: &'a App,
    /// leadgraph.
    pub client: &'a Client,
    /// The limit, which only writes on SQLite.
    pub bare: &'a Client,
    /// The limit on PostgreSQL, where there is one.
    pub pgbench: Option<&'a Pgbench>,
}

impl Writes<'_> {
    /// Measures the writes that are wanted.
    pub async fn measure(&self) -> Result<Vec<(&'static str, Rounds)>, Box<dyn Error>> {
        let mut measured = Vec::new();
        let database = self.app.database();
        if self.options.wants("W1") {
            let new = operations::creations(database).await?;
            let own = Requests::cycle(&new);
            let rounds = match self.pgbench {
                Some(pgbench) => self.next_to(&own, async || pgbench.create(self.options.round()).await).await?,
                None => self.on_both("W1", &own, &Requests::cycle(&bare("W1", &new)), database).await?,
            };
            self.note(&mut measured, "W1", "create lead", rounds)?;
        }
        if self.options.wants("W2") {
            let rounds = self.conversions().await?;
            self.note(&mut measured, "W2", "convert", rounds)?;
        }
        if self.options.wants("W3") {
            let own = Requests::own(operations::moves(database, false).await?);
            let rounds = match self.pgbench {
                Some(pgbench) => self.next_to(&own, async || pgbench.moves(self.options.round()).await).await?,
                None => {
                    let moves = operations::moves(database, true).await?;
                    let limit = moves.iter().map(|list| bare("W3", list)).collect();
                    self.on_both("W3", &own, &Requests::own(limit), database).await?
                }
            };
            self.note(&mut measured, "W3", "move", rounds)?;
        }
        Ok(measured)
    }

    fn note(
        &self,
        measured: &mut Vec<(&'static str, Rounds)>,
        name: &'static str,
        title: &str,
        rounds: Rounds,
    ) -> Result<(), Box<dyn Error>> {
        table::operation(name, title, &rounds)?;
        measured.push((name, rounds));
        Ok(())
    }

    /// leadgraph in turns with the limit's handler; alone on PostgreSQL without pgbench.
    async fn on_both(&self, name: &str, own: &Requests, limit: &Requests, database: &Database) -> Result<Rounds, Box<dyn Error>> {
        if database.is_postgres() {
            table::say(format_args!("{name}: no limit, because pgbench was not found (on the path or in /usr/lib/postgresql)"))?;
            return self.next_to(own, async || Ok(f64::NAN)).await;
        }
        alternate((self.client, own), (self.bare, limit), self.options.rounds, self.options.round()).await
    }

    /// leadgraph in turns with something else.
    async fn next_to(
        &self,
        own: &Requests,
        mut other: impl AsyncFnMut() -> Result<f64, Box<dyn Error>>,
    ) -> Result<Rounds, Box<dyn Error>> {
        warm_up((self.client, own)).await?;
        let mut rounds = Rounds::default();
        for _ in 0..self.options.rounds {
            rounds.ours.push(self.client.drive(own, self.options.round(), is_fine).await?);
            rounds.limit.push(other().await?);
        }
        Ok(rounds)
    }

    /// Each lead is converted once, so each round has leads of its own.
    async fn conversions(&self) -> Result<Rounds, Box<dyn Error>> {
        let mut rounds = Rounds::default();
        let (mut wanted, mut wanted_by_limit) = (LEADS_AT_FIRST, LEADS_AT_FIRST);
        let enough = |throughput: f64| {
            let twice = 2.0 * throughput * self.options.seconds;
            (twice as usize).clamp(LEADS_A_ROUND.0, LEADS_A_ROUND.1)
        };
        for _ in 0..self.options.rounds {
            let leads = fill::add_leads(self.app, wanted).await?;
            let own = Requests::once(&operations::conversions(&leads));
            let ours = self.client.drive(&own, self.options.round(), is_fine).await?;
            wanted = enough(ours.throughput);
            rounds.ours.push(ours);
            let leads = fill::add_leads(self.app, wanted_by_limit).await?;
            match self.pgbench {
                Some(pgbench) => rounds.limit.push(pgbench.convert(self.app.database(), &leads).await?),
                None if !self.app.database().is_postgres() => {
                    let limit = Requests::once(&bare("W2", &operations::conversions(&leads)));
                    let limit = self.bare.drive(&limit, self.options.round(), is_fine).await?;
                    rounds.limit.push(limit.throughput);
                    rounds.limit_times.push(limit);
                }
                None => {}
            }
            wanted_by_limit = rounds.limit.last().map_or(LEADS_AT_FIRST, |throughput| enough(throughput / 2.0));
        }
        Ok(rounds)
    }
}

fn bare(name: &str, ours: &[Prepared]) -> Vec<Prepared> {
    ours.iter().enumerate().map(|(number, ours)| operations::bare_write(name, number, ours)).collect()
}

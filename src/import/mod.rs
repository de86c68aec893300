//! Importing files: read (`reading`), brought together with a mapping (`mapping`, `plan`), looked up (`lookup`), made into records by
//! the rules of the API (`values`, `kinds`) and written in batches (`run`); rows that can't go in are rejected one by one (`rejects`).

mod country;
pub mod fields;
pub(crate) mod kinds;
mod lookup;
pub mod mapping;
mod plan;
mod reading;
mod rejects;
mod run;
mod values;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use crate::app::App;
use crate::auth::Actor;
use crate::error::Result;
use mapping::Mapping;

/// What is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Leads.
    Leads,
    /// Accounts.
    Accounts,
    /// Contacts.
    Contacts,
    /// Opportunities.
    Opportunities,
    /// Activities.
    Activities,
    /// Campaigns.
    Campaigns,
    /// Members of campaigns: leads and contacts. One who is a member already is brought up to date.
    CampaignMembers,
    /// Exchange rates.
    ExchangeRates,
    /// Products.
    Products,
    /// Line items of open opportunities, whose amounts follow.
    LineItems,
}

/// What to import, and how.
#[derive(Debug)]
pub struct Request {
    /// What kind of record the rows are.
    pub kind: Kind,
    /// The file: CSV or JSON, UTF-8.
    pub file: PathBuf,
    /// How columns become fields; without it, columns go to the fields of the same name.
    pub mapping: Option<Mapping>,
    /// Where rejected rows go; beside the file where it isn't given.
    pub rejects: Option<PathBuf>,
    /// Hand out new leads that have no owner by the assignment rules that are switched on.
    pub assign: bool,
    /// Do everything, and undo it at the end.
    pub dry_run: bool,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows that became new records.
    pub created: u64,
    /// Rows that changed records that were there.
    pub updated: u64,
    /// Rows that say what is there already.
    pub unchanged: u64,
    /// Rows that didn't go in.
    pub rejected: u64,
    /// The columns that went nowhere.
    pub unused: Vec<String>,
    /// Where the rejected rows are.
    pub rejects: Option<PathBuf>,
    /// Why the import ended before the end of the file; what is counted above is in.
    pub stopped: Option<String>,
}

impl Summary {
    /// How many rows were dealt with.
    pub fn rows(&self) -> u64 {
        self.created + self.updated + self.unchanged + self.rejected
    }
}

/// Imports a file on behalf of a user. `progress` hears how far it has come, and how far there is to go.
///
/// Rows go in in transactions of some hundreds. A row that can't go in is rejected alone.
///
/// # Errors
/// When nothing can be imported: the file or the mapping can't be used.
pub async fn import(app: &App, actor: &Actor, request: &Request, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<Summary> {
    match request.kind {
        Kind::Leads => run::run(app, actor, request, kinds::Leads { assign: request.assign }, progress).await,
        Kind::Accounts => run::run(app, actor, request, kinds::Accounts::default(), progress).await,
        Kind::Contacts => run::run(app, actor, request, kinds::Contacts, progress).await,
        Kind::Opportunities => run::run(app, actor, request, kinds::Opportunities::default(), progress).await,
        Kind::Activities => run::run(app, actor, request, kinds::Activities::default(), progress).await,
        Kind::Campaigns => run::run(app, actor, request, kinds::Campaigns, progress).await,
        Kind::CampaignMembers => run::run(app, actor, request, kinds::CampaignMembers::default(), progress).await,
        Kind::ExchangeRates => run::run(app, actor, request, kinds::ExchangeRates, progress).await,
        Kind::Products => run::run(app, actor, request, kinds::Products::default(), progress).await,
        Kind::LineItems => run::run(app, actor, request, kinds::LineItems::default(), progress).await,
    }
}

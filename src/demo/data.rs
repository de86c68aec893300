//! The demo's people and companies, as `data.toml` tells of them.

use entity::{ActivityKind, BuyingRole, BuyingSignalKind, CampaignMemberStatus, QuoteStatus, Rating, Role};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Everything that the demo is made of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// Who works here.
    pub users: Vec<Person>,
    /// The pipelines beside the one that every workspace starts with.
    pub pipelines: Vec<Pipeline>,
    /// What leads answer.
    pub campaigns: Vec<Campaign>,
    /// What currencies are worth.
    pub rates: Vec<Rate>,
    /// What is sold.
    pub products: Vec<Product>,
    /// Who might buy.
    pub leads: Vec<Lead>,
}

/// A pipeline.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pipeline {
    /// What it is called.
    pub name: String,
    /// Its stages, as `createPipeline` takes them.
    pub stages: Vec<serde_json::Value>,
}

/// Somebody who works here.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Full name.
    pub name: String,
    /// E-mail address to sign in with.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// The name of their team.
    pub team: Option<String>,
}

/// A campaign.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Campaign {
    /// Its name.
    pub name: String,
    /// The campaign that it is part of, which is told of earlier.
    pub parent: Option<String>,
    /// How it reaches people.
    pub channel: String,
    /// How many days ago it started.
    pub days: i64,
    /// How many days it takes.
    pub length: i64,
    /// What it may cost.
    pub budget: String,
    /// What it has cost.
    pub cost: String,
    /// The currency of both.
    pub currency: String,
}

/// What one unit of a currency is worth in the base currency.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// The currency.
    pub currency: String,
    /// How many days ago it was worth that for the first time.
    pub days: u64,
    /// What it is worth.
    pub rate: String,
}

/// Something that is sold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its name.
    pub name: String,
    /// What it is ordered by.
    pub code: String,
    /// The group of products that it belongs to.
    pub family: String,
    /// What it is, in words.
    pub description: Option<String>,
    /// What one unit costs.
    pub prices: Vec<Price>,
    /// Whether it is offered; it is unless this says otherwise.
    pub active: Option<bool>,
}

/// What one unit costs in a currency.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// The amount.
    pub amount: String,
    /// The currency.
    pub currency: String,
}

/// A line item of an opportunity.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The product's code.
    pub product: Option<String>,
    /// What it is where it is no product.
    pub description: Option<String>,
    /// How many units.
    pub quantity: String,
    /// What one unit costs where it isn't the product's price.
    pub price: Option<String>,
    /// The discount in percent.
    pub discount: Option<String>,
}

/// A lead and what becomes of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the fields bear the names of the API")]
pub struct Lead {
    pub first: Option<String>,
    pub last: Option<String>,
    pub company: Option<String>,
    pub title: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub website: Option<String>,
    pub street: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
    pub description: Option<String>,
    pub source: String,
    pub campaign: Option<String>,
    /// Another campaign that they were a member of.
    pub member: Option<Member>,
    pub owner: Option<String>,
    pub rating: Option<Rating>,
    pub buying_role: Option<BuyingRole>,
    /// How many days ago it came in.
    pub days: i64,
    /// What was noted about a criterion that is met; `?` for one that is open.
    pub need: Option<String>,
    pub budget: Option<String>,
    pub timeline: Option<String>,
    pub authority: Option<String>,
    pub budget_amount: Option<String>,
    pub currency: Option<String>,
    /// In how many days from today they expect to buy.
    pub purchase_in: Option<i64>,
    #[serde(default)]
    pub signals: Vec<BuyingSignalKind>,
    #[serde(default)]
    pub activities: Vec<Activity>,
    /// `QUALIFIED`, for a lead that is left there.
    pub status: Option<String>,
    pub disqualify: Option<Disqualify>,
    pub deal: Option<Deal>,
    pub offer: Option<Offer>,
}

/// What a lead is to a campaign that it didn't come from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The campaign.
    pub campaign: String,
    /// What became of it.
    pub status: CampaignMemberStatus,
}

/// Something that was done or is to do.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// What kind.
    pub kind: ActivityKind,
    /// What it is about.
    pub subject: String,
    /// What came of it.
    pub outcome: Option<String>,
    /// How many days after the lead came in it took place.
    pub after: Option<i64>,
    /// In how many days from today it is due, at the end of the day.
    pub due: Option<i64>,
    /// How long it took.
    pub minutes: Option<i32>,
}

/// Why a lead was not pursued.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disqualify {
    /// From the workspace's list.
    pub reason: String,
    /// More about it.
    pub note: Option<String>,
    /// Whether it left a prospect behind.
    #[serde(default)]
    pub keep: bool,
}

/// What a lead became.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deal {
    /// The opportunity's name, if it isn't the usual one.
    pub name: Option<String>,
    /// How many days after it came in the lead was converted.
    pub after: i64,
    /// What the opportunity is worth.
    pub amount: Option<String>,
    /// The currency of the amount.
    pub currency: Option<String>,
    /// What is sold; then the amount is their sum.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// The pipeline that it was in, if it isn't the default one.
    pub pipeline: Option<String>,
    /// The stages that it went through after the first.
    pub stages: Vec<String>,
    /// How many days after the conversion it was closed; until today, in equal steps, where this doesn't say.
    pub within: Option<i64>,
    /// The reason for which it was won.
    pub won: Option<String>,
    /// The number of the contract that was signed.
    pub contract: Option<String>,
    /// The reason for which it was lost.
    pub lost: Option<String>,
    /// Who won it instead.
    pub competitor: Option<String>,
    /// Whether it became no opportunity at all.
    #[serde(default)]
    pub none: bool,
}

/// The quote that was made for a deal, after its last move.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// How far it came: `DRAFT`, `SENT`, `ACCEPTED` or `REJECTED`.
    pub answer: QuoteStatus,
    /// The payment terms.
    pub terms: String,
    /// For how many days it holds.
    pub valid: i64,
    /// What else the customer is told.
    pub notes: Option<String>,
    /// What is offered, in the deal's currency.
    pub lines: Vec<OfferLine>,
}

/// One line of a quote.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferLine {
    /// What is offered, in words.
    pub item: String,
    /// How many units.
    pub quantity: String,
    /// What one unit costs.
    pub price: String,
    /// The discount in percent.
    pub discount: Option<String>,
}

/// Reads what is built into the program.
pub fn read() -> Result<Data> {
    toml::from_str(include_str!("data.toml")).map_err(Error::internal)
}

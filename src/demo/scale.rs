//! A large workspace of made-up rows, for measuring: written straight into the tables, with the histories that the rules would have
//! left. The same scale and seed make the same workspace.

use chrono::{DateTime, Days, TimeDelta, Utc};
use entity::{
    AccountId, CampaignId, ContactId, LeadId, LeadSourceId, LeadStatus, Role, StageCategory, UserId, account, campaign, contact,
    lead, lead_conversion, lead_source, lead_status_change, opportunity, opportunity_change, stage, team, user,
};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sea_orm::{EntityTrait, QueryOrder};

use super::bare_tables::BareTables;
use crate::app::App;
use crate::auth::Actor;
use crate::data::record::Record;
use crate::data::write::Write;
use crate::domains::account::service as accounts;
use crate::domains::campaign::service as campaigns;
use crate::domains::contact::service as contacts;
use crate::domains::lead::{record::reach, service as leads};
use crate::domains::opportunity::{rules, service as opportunities};
use crate::error::{Error, Result};

/// What a workspace of scale 1 has: a million opportunities, two million leads and about ten million rows of their histories.
const OPPORTUNITIES: f64 = 1_000_000.0;
/// Leads for each opportunity.
const LEADS_PER_OPPORTUNITY: usize = 2;
/// Over how many days everything is spread, up to today.
const DAYS: i64 = 5 * 365;
/// Opportunities of one transaction.
const BATCH: usize = 2_000;
const SELLERS: usize = 50;
const CAMPAIGNS: usize = 40;
/// The tables that get the most rows.
const TABLES: [&str; 5] = ["leads", "lead_status_changes", "opportunities", "opportunity_changes", "lead_conversions"];

/// How many rows were made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Made {
    /// Opportunities.
    pub opportunities: usize,
    /// Leads.
    pub leads: usize,
    /// Rows of the histories of both.
    pub history: usize,
}

/// What records refer to.
struct Cast {
    sellers: Vec<UserId>,
    sources: Vec<LeadSourceId>,
    campaigns: Vec<CampaignId>,
    stages: Vec<stage::Model>,
    accounts: Vec<AccountId>,
    contact: ContactId,
}

/// The rows of one transaction.
#[derive(Default)]
struct Rows {
    leads: Vec<lead::Model>,
    statuses: Vec<lead_status_change::Model>,
    conversions: Vec<lead_conversion::Model>,
    opportunities: Vec<opportunity::Model>,
    changes: Vec<opportunity_change::Model>,
}

/// Fills a new database. `progress` hears how many of how many opportunities are there.
///
/// # Errors
/// `BAD_USER_INPUT` unless the scale lies above 0 and at most at 10.
pub async fn fill(app: &App, scale: f64, seed: u64, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<Made> {
    if !(scale > 0.0 && scale <= 10.0) {
        return Err(Error::bad_input("Give a scale above 0 and at most 10: 1 makes a million opportunities."));
    }
    if lead::Entity::find().one(app.database().read()).await?.is_some() {
        return Err(Error::bad_input("This database has leads: made-up ones only go into a new database."));
    }
    let count = (OPPORTUNITIES * scale).ceil() as usize;
    let mut random = StdRng::seed_from_u64(seed);
    let actor = administrator(app);
    let cast = begin(app, &actor, &mut random, (count / 10).max(10)).await?;
    let heap = BareTables::strip(app, &TABLES).await?;
    let mut made = Made::default();
    while made.opportunities < count {
        let write = Write::begin(app, &actor).await?;
        let mut rows = Rows::default();
        for number in made.opportunities..(made.opportunities + BATCH).min(count) {
            // One after the other, as they come in: so rows of the same time lie together, as they do in a workspace that has grown.
            let age = i128::from(DAYS * 86_400) * (count - number) as i128 / count as i128;
            let came_in = write.now - TimeDelta::seconds(i64::try_from(age).unwrap_or_default());
            add(&write, &mut random, &cast, came_in, &mut rows);
        }
        made.opportunities += rows.opportunities.len();
        made.leads += rows.leads.len();
        made.history += rows.statuses.len() + rows.changes.len();
        write.insert_rows::<lead::Entity>(rows.leads.into_iter()).await?;
        write.insert_rows::<lead_status_change::Entity>(rows.statuses.into_iter()).await?;
        write.insert_rows::<opportunity::Entity>(rows.opportunities.into_iter()).await?;
        write.insert_rows::<opportunity_change::Entity>(rows.changes.into_iter()).await?;
        write.insert_rows::<lead_conversion::Entity>(rows.conversions.into_iter()).await?;
        write.commit().await?;
        progress(made.opportunities as u64, count as u64);
    }
    heap.dress(app).await?;
    Ok(made)
}

fn administrator(app: &App) -> Actor {
    Actor::of(person(app, "Administrator", Role::Admin))
}

/// Somebody whose password is no hash of anything: nobody signs in as them.
fn person(app: &App, name: &str, role: Role) -> user::Model {
    let id: UserId = app.new_id();
    let email = format!("{}@scale.example", id.uuid().simple());
    user::Model {
        id,
        name: name.to_owned(),
        email: email.clone(),
        email_key: email,
        password_hash: String::new(),
        role,
        active: true,
        team_id: None,
        created_at: app.now(),
        updated_at: app.now(),
    }
}

async fn begin(app: &App, actor: &Actor, random: &mut StdRng, accounts: usize) -> Result<Cast> {
    let write = Write::begin(app, actor).await?;
    let teams: Vec<team::Model> = ["North", "East", "South", "West", "Key accounts"]
        .iter()
        .map(|name| team::Model { id: write.new_id(), name: (*name).to_owned(), manager_id: None, created_at: write.now })
        .collect();
    let sellers: Vec<user::Model> = (0..SELLERS)
        .map(|number| {
            let team_id = Some(teams[number % teams.len()].id);
            user::Model { team_id, ..person(app, &format!("Seller {number}"), Role::Rep) }
        })
        .collect();
    let campaigns: Vec<campaign::Model> = (0..CAMPAIGNS).map(|number| made_campaign(&write, number)).collect();
    let industries = ["retail", "software", "finance", "medical", "services"];
    let accounts: Vec<account::Model> = (0..accounts)
        .map(|number| {
            let industry = industries[random.random_range(0..industries.len())];
            made_account(&write, number, industry)
        })
        .collect();
    let mut everybody = contact::Model { last_name: Some("Everybody".to_owned()), ..contacts::blank(&write) };
    everybody.derive();
    let cast = Cast {
        sellers: sellers.iter().map(|seller| seller.id).collect(),
        sources: lead_source::Entity::find().all(write.connection()).await?.into_iter().map(|source| source.id).collect(),
        campaigns: campaigns.iter().map(|campaign| campaign.id).collect(),
        stages: stage::Entity::find().order_by_asc(stage::Column::Position).all(write.connection()).await?,
        accounts: accounts.iter().map(|account| account.id).collect(),
        contact: everybody.id,
    };
    write.insert_rows::<team::Entity>(teams.into_iter()).await?;
    write.insert_rows::<user::Entity>(sellers.into_iter().chain([actor.user.as_ref().clone()])).await?;
    write.insert_rows::<campaign::Entity>(campaigns.into_iter()).await?;
    write.insert_rows::<account::Entity>(accounts.into_iter()).await?;
    write.insert_rows::<contact::Entity>(std::iter::once(everybody)).await?;
    write.commit().await?;
    Ok(cast)
}

fn made_campaign(write: &Write<'_>, number: usize) -> campaign::Model {
    let cost = i64::try_from(number).unwrap_or_default() * 12_500_000;
    let base = write.workspace().base_currency.clone();
    let mut campaign = campaign::Model {
        name: format!("Campaign {number}"),
        channel: Some(["Web", "Fair", "Letter"][number % 3].to_owned()),
        cost: (!number.is_multiple_of(4)).then_some(cost),
        cost_currency: (!number.is_multiple_of(4)).then_some(base),
        ..campaigns::blank(write)
    };
    campaign.derive();
    campaign
}

fn made_account(write: &Write<'_>, number: usize, industry: &str) -> account::Model {
    let name = format!("Account {number}");
    let mut account = account::Model { name, industry: Some(industry.to_owned()), ..accounts::blank(write) };
    account.derive();
    account
}

fn one<T: Copy>(random: &mut StdRng, list: &[T]) -> Option<T> {
    list.get(random.random_range(0..list.len().max(1))).copied()
}

/// A later moment, at most so many days on; not after now.
fn later(random: &mut StdRng, moment: DateTime<Utc>, days: i64, now: DateTime<Utc>) -> DateTime<Utc> {
    (moment + TimeDelta::seconds(random.random_range(60..=days * 86_400))).min(now)
}

/// An opportunity, the leads that came in with it, and their histories.
fn add(write: &Write<'_>, random: &mut StdRng, cast: &Cast, came_in: DateTime<Utc>, rows: &mut Rows) {
    let source = one(random, &cast.sources);
    let campaign = one(random, &cast.campaigns).filter(|_| random.random_bool(0.7));
    let owner = one(random, &cast.sellers);
    let mut converted = None;
    for number in 0..LEADS_PER_OPPORTUNITY {
        let mut lead = leads::blank(write);
        lead.last_name = Some(format!("Lead {}", random.random_range(0..1_000_000)));
        (lead.source_id, lead.campaign_id, lead.owner_id) = (source, campaign, owner);
        (lead.created_at, lead.updated_at) = (came_in, came_in);
        let way: &[LeadStatus] = match (number, random.random_range(0..4)) {
            (0, _) => &[LeadStatus::WorkingContacted, LeadStatus::Qualified, LeadStatus::ClosedConverted],
            (_, 0) => &[],
            (_, 1) => &[LeadStatus::WorkingContacted],
            (_, 2) => &[LeadStatus::WorkingContacted, LeadStatus::ClosedNotConverted],
            _ => &[LeadStatus::Qualified],
        };
        if let Some(at) = lead_history(write, random, &mut lead, way, rows) {
            converted = Some((lead.id, at));
        }
        rows.leads.push(lead);
    }
    if let (Some((lead, at)), Some(account)) = (converted, one(random, &cast.accounts)) {
        deal(write, random, cast, rows, Deal { lead, at, account, owner, source, campaign });
    }
}

/// Leads a lead along its way and answers when it was converted.
fn lead_history(
    write: &Write<'_>,
    random: &mut StdRng,
    lead: &mut lead::Model,
    way: &[LeadStatus],
    rows: &mut Rows,
) -> Option<DateTime<Utc>> {
    let mut at = lead.created_at;
    let mut from = None;
    let mut converted = None;
    for status in std::iter::once(&LeadStatus::OpenNotContacted).chain(way) {
        if from.is_some() {
            at = later(random, at, 10, write.now);
        }
        lead.status = *status;
        reach(lead, at);
        lead.derive();
        let by = lead.owner_id;
        rows.statuses.push(lead_status_change::Model {
            id: write.new_id(),
            lead_id: lead.id,
            lead_created_at: lead.created_at,
            at,
            by,
            from_status: from,
            status: *status,
        });
        from = Some(*status);
        lead.last_activity_at = Some(at);
        converted = (*status == LeadStatus::ClosedConverted).then_some(at);
    }
    converted
}

/// What a deal comes of.
struct Deal {
    lead: LeadId,
    at: DateTime<Utc>,
    account: AccountId,
    owner: Option<UserId>,
    source: Option<LeadSourceId>,
    campaign: Option<CampaignId>,
}

fn deal(write: &Write<'_>, random: &mut StdRng, cast: &Cast, rows: &mut Rows, from: Deal) {
    let (open, closed): (Vec<&stage::Model>, Vec<&stage::Model>) =
        cast.stages.iter().partition(|stage| stage.category == StageCategory::Open);
    let Some(first) = open.first() else { return };
    let close = from.at.date_naive() + Days::new(90);
    let mut deal = opportunities::blank(write, "Deal".to_owned(), from.account, first, close);
    (deal.owner_id, deal.source_id, deal.campaign_id, deal.lead_id) = (from.owner, from.source, from.campaign, Some(from.lead));
    (deal.amount, deal.currency) =
        (Some(random.random_range(1..50_000) * 1_000_000), Some(write.workspace().base_currency.clone()));
    (deal.created_at, deal.updated_at) = (from.at, from.at);
    rules::enter(&mut deal, first, from.at);
    deal.derive();
    let start = rows.changes.len();
    rows.changes.push(rules::change(write.new_id(), from.at, deal.owner_id, None, &deal));
    let mut at = from.at;
    for stage in &open[1..] {
        at = later(random, at, 25, write.now);
        if at == write.now || random.random_bool(0.1) {
            break;
        }
        let before = deal.clone();
        rules::enter(&mut deal, stage, at);
        rows.changes.push(rules::change(write.new_id(), at, deal.owner_id, Some(&before), &deal));
    }
    at = later(random, at, 25, write.now);
    let category = if random.random_bool(0.6) { StageCategory::Won } else { StageCategory::Lost };
    if let Some(stage) = closed.iter().find(|stage| stage.category == category).filter(|_| at < write.now) {
        let before = deal.clone();
        let lost_to = (category == StageCategory::Lost && random.random_bool(0.3)).then(|| "Globex".to_owned());
        let closing = rules::Closing { day: at.date_naive(), reason: None, note: None, lost_to, competitor: None };
        rules::close(&mut deal, stage, closing, at);
        deal.derive();
        rows.changes.push(rules::change(write.new_id(), at, deal.owner_id, Some(&before), &deal));
    }
    let changes = &mut rows.changes[start..];
    for number in 1..changes.len() {
        changes[number - 1].until = Some(changes[number].at);
    }
    rows.conversions.push(lead_conversion::Model {
        lead_id: from.lead,
        account_id: from.account,
        contact_id: cast.contact,
        opportunity_id: Some(deal.id),
        converted_at: from.at,
        converted_by: from.owner,
        status_before: LeadStatus::Qualified,
        ledger: serde_json::json!({}),
    });
    rows.opportunities.push(deal);
}

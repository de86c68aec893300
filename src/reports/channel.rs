//! Which channel pays: what it cost, and what was won through it.

use std::collections::HashMap;

use async_graphql::{Enum, SimpleObject};
use entity::{campaign, lead_source};
use rust_decimal::Decimal as Number;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::calendar::Period;
use super::conversion::{self, WON_MEASURES, won_figure};
use super::cube::{Key, Row};
use super::groups::Cut;
use super::lists::lead::LeadGroupBy;
use super::measures::{Cell, Tally};
use super::money::Converter;
use super::report::{AmountFigure, CountFigure, Report, ReportGroup, ReportRow};
use super::subject::Reporting;
use crate::domains::lead::filter::LeadFilter;
use crate::error::Result;
use crate::graphql::common::Money;
use crate::graphql::scalars::Decimal;

/// What a channel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum ChannelBy {
    /// The sources of leads.
    Source,
    /// The campaigns that leads answered.
    Campaign,
}

/// What a channel cost and returned. Won amounts count through the lead that the opportunity came from.
#[derive(Debug, Clone, SimpleObject)]
pub struct ChannelReturnRow {
    /// The channel.
    pub groups: Vec<ReportGroup>,
    /// The channel's place by its return on investment, from 1; channels with the same return share a place. Null without a return,
    /// and for the total.
    pub rank: Option<i32>,
    /// What the channel cost as a whole, as it is on record, whatever the period; null where nothing is on record.
    pub cost: Option<Money>,
    /// The leads that came in through it during the period.
    pub leads: CountFigure,
    /// The opportunities that came of them and are won. Its filter is for `opportunities(filter:)`.
    pub won: AmountFigure,
    /// (won - cost) / cost, with six decimals; null where the cost is null or zero.
    pub return_on_investment: Option<Decimal>,
    /// Won / cost: what came out for what was put in; null where the cost is null or zero.
    pub output_input_ratio: Option<Decimal>,
    /// Cost / leads; null without a cost and without leads.
    pub cost_per_lead: Option<Money>,
    /// Cost / won opportunities; null without a cost and where none is won.
    pub cost_per_won: Option<Money>,
}

impl ReportRow for ChannelReturnRow {
    const REPORT: &'static str = "ChannelReturn";
}

/// What the channels of the leads that a filter matches returned; the best one first.
pub async fn report(
    reporting: &Reporting<'_>,
    period: Period,
    filter: &LeadFilter,
    by: ChannelBy,
) -> Result<Report<ChannelReturnRow>> {
    let cut = match by {
        ChannelBy::Source => LeadGroupBy::Source,
        ChannelBy::Campaign => LeadGroupBy::Campaign,
    };
    let groups = LeadGroupBy::groups(&[cut], reporting, Some(period));
    let table = conversion::leads(reporting, period, filter, groups.clone()).await?;
    let mut won = conversion::won(reporting, period, filter, groups).await?;
    let costs = costs(reporting, by).await?;
    let cost_cells: Vec<Cell> = costs.values().map(|cost| Cell { money: vec![cost.clone()], ..Cell::default() }).collect();
    let mut converter = Converter::of(reporting, reporting.calendar.today, won.values().chain(&cost_cells)).await?;
    let (mut all_won, mut all_costs) = (Cell::empty(WON_MEASURES), None);
    let mut rows = Vec::new();
    for row in &table.rows {
        let won = won.remove(&row.keys).unwrap_or_else(|| Cell::empty(WON_MEASURES));
        all_won.add(&won);
        let cost = match row.keys.first() {
            Some(Key::Id(id)) => costs.get(id),
            _ => None,
        };
        if let Some(cost) = cost {
            let sum: &mut Tally = all_costs.get_or_insert_default();
            cost.iter().for_each(|(key, amount)| *sum.entry(key.clone()).or_default() += amount);
        }
        rows.push(shown(row, &won, cost, &mut converter));
    }
    let total = shown(&table.total, &all_won, all_costs.as_ref(), &mut converter);
    best_first(&mut rows);
    Ok(Report { period: None, rows, total, missing_rates: converter.missing(), compared_to: None })
}

/// What is on record as cost. It is converted at the rate of the day on which a campaign started, where that is past; else at today's.
async fn costs(reporting: &Reporting<'_>, by: ChannelBy) -> Result<HashMap<Uuid, Tally>> {
    let tally = |cost: Option<i64>, currency: Option<String>, day| Some(Tally::from([((currency?, day), i128::from(cost?))]));
    Ok(match by {
        ChannelBy::Campaign => {
            let campaigns = reporting.scope.find::<campaign::Entity>().all(reporting.connection()).await?;
            let today = reporting.calendar.today;
            campaigns
                .into_iter()
                .filter_map(|campaign| {
                    let day = campaign.starts_on.filter(|day| *day < today);
                    Some((campaign.id.uuid(), tally(campaign.cost, campaign.cost_currency, day)?))
                })
                .collect()
        }
        ChannelBy::Source => {
            let sources = lead_source::Entity::find().all(reporting.connection()).await?;
            sources
                .into_iter()
                .filter_map(|source| Some((source.id.uuid(), tally(source.cost, source.cost_currency, None)?)))
                .collect()
        }
    })
}

fn shown(row: &Row, won: &Cell, cost: Option<&Tally>, converter: &mut Converter) -> ChannelReturnRow {
    let leads = row.cell.numbers[0];
    let returned = converter.sum(&won.money[1], 1);
    let before = converter.missing().len();
    let spent = cost.map(|cost| converter.sum(cost, 1));
    // A cost that can't be converted is not known.
    let spent = spent.filter(|spent| converter.missing().len() == before || !spent.is_zero());
    let paid = spent.filter(|spent| !spent.is_zero());
    ChannelReturnRow {
        groups: row.groups.clone(),
        rank: None,
        cost: spent.map(|spent| converter.shown(spent)),
        leads: CountFigure { count: row.cell.count(0), filter: row.filter() },
        won: won_figure(row, won, converter),
        return_on_investment: paid.and_then(|paid| returned.minus(paid).over(paid)),
        output_input_ratio: paid.and_then(|paid| returned.over(paid)),
        cost_per_lead: spent.and_then(|spent| spent.per(leads)).map(|cost| converter.shown(cost)),
        cost_per_won: spent.and_then(|spent| spent.per(won.numbers[0])).map(|cost| converter.shown(cost)),
    }
}

/// By the return on investment, then by the won amount; those without a return last.
fn best_first(rows: &mut [ChannelReturnRow]) {
    let merit = |row: &ChannelReturnRow| {
        let gain = row.return_on_investment.map_or(Number::MIN, |gain| gain.0);
        std::cmp::Reverse((gain, row.won.amount.amount.0))
    };
    rows.sort_by_key(merit);
    let (mut place, mut last) = (0, None);
    for (number, row) in rows.iter_mut().enumerate() {
        let Some(gain) = row.return_on_investment else { break };
        if last != Some(gain) {
            place = i32::try_from(number + 1).unwrap_or(i32::MAX);
            last = Some(gain);
        }
        row.rank = Some(place);
    }
}

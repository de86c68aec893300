//! Any list, grouped and aggregated: for charts that nobody foresaw.

use async_graphql::{Context, Enum, InputType, Object, SimpleObject};
use entity::{account, contact};
use rust_decimal::Decimal as Number;
use sea_orm::sea_query::{Query, SelectStatement};
use serde_json::Value;

use super::cube::{Cube, OPPORTUNITY_MONEY, Row, written};
use super::groups::{ActivityGroupBy, Cut, Group, LeadGroupBy, OpportunityGroupBy};
use super::measures::{Cell, Measure, Ranges, Tally, int};
use super::money::Converter;
use super::percentile::rate;
use super::record_groups::{AccountGroupBy, ContactGroupBy};
use super::report::{Report, ReportGroup, ReportRow};
use super::subject::Reporting;
use crate::domains::account::filter::AccountFilter;
use crate::domains::activity::filter::ActivityFilter;
use crate::domains::contact::filter::ContactFilter;
use crate::domains::lead::filter::LeadFilter;
use crate::domains::opportunity::filter::OpportunityFilter;
use crate::error::Result;
use crate::graphql::filter::Filter;
use crate::graphql::scalars::{CurrencyCode, DateTime, Decimal, Json};

/// A group of records, and what their numbers come to.
#[derive(Debug, Clone, SimpleObject)]
pub struct AggregateRow {
    /// What the row is about.
    pub groups: Vec<ReportGroup>,
    /// How many records there are.
    pub count: i32,
    /// The numbers that were asked for, in the same order.
    pub numbers: Vec<AggregateNumber>,
    /// The filter that leads to the records: a variable for the list that this is about.
    pub filter: Json,
}

impl ReportRow for AggregateRow {
    const REPORT: &'static str = "Aggregate";
}

/// What one number of a group of records comes to. Records without it are left out.
#[derive(Debug, Clone, SimpleObject)]
pub struct AggregateNumber {
    /// Which number, as it was asked for: `AMOUNT`.
    pub of: String,
    /// The currency of amounts: the workspace's base currency. Null for other numbers.
    pub currency: Option<CurrencyCode>,
    /// How many records have it.
    pub count: i32,
    /// The sum; 0 where none has it.
    pub sum: Decimal,
    /// The average, with six decimals; null where none has it.
    pub average: Option<Decimal>,
    /// The least; null where none has it, and where nothing can be converted.
    pub minimum: Option<Decimal>,
    /// The greatest; null where none has it, and where nothing can be converted.
    pub maximum: Option<Decimal>,
}

/// The numbers that opportunities have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum OpportunityNumber {
    /// The amount, in the base currency.
    Amount,
    /// How likely it is won, in percent.
    Probability,
    /// The days from the creation to the close date.
    CycleDays,
}

/// The numbers that leads have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum LeadNumber {
    /// The whole days since it came in.
    AgeDays,
    /// The whole days since the latest completed activity.
    UntouchedDays,
}

/// The numbers that activities have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum ActivityNumber {
    /// How long it took.
    DurationMinutes,
}

/// The numbers that accounts have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum AccountNumber {
    /// How many people work there.
    Employees,
    /// The annual revenue, in the base currency.
    AnnualRevenue,
}

/// A number: what the database reads for it, and whether it is an amount.
struct Figure {
    of: String,
    sql: String,
    money: bool,
}

fn figure(of: impl InputType, sql: impl Into<String>, money: bool) -> Figure {
    let of = of.to_value().into_json().unwrap_or_default();
    Figure { of: of.as_str().unwrap_or_default().to_owned(), sql: sql.into(), money }
}

/// Aggregating lists.
#[derive(Default)]
pub struct AggregateQuery;

/// What an aggregate counts in the limit on complexity.
const COST: usize = 500;

#[Object]
impl AggregateQuery {
    /// Opportunities, grouped and aggregated.
    #[graphql(complexity = "COST + child_complexity")]
    async fn opportunities_aggregate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which opportunities; all when absent.")] filter: Option<OpportunityFilter>,
        #[graphql(desc = "What to group by; one group when absent.", default)] group_by: Vec<OpportunityGroupBy>,
        #[graphql(desc = "The numbers to aggregate; only the count when absent.", default)] of: Vec<OpportunityNumber>,
        #[graphql(desc = "As they stood at this past instant; now when absent.")] as_of: Option<DateTime>,
    ) -> Result<Report<AggregateRow>> {
        let (reporting, filter) = (Reporting::of(ctx)?, filter.unwrap_or_default());
        let mut select = as_of.map_or_else(|| reporting.opportunities(), |at| reporting.opportunities_at(at.0));
        select.cond_where(filter.condition()?);
        let created = reporting.local_day("opportunities.created_at", None);
        let figures = of.into_iter().map(|of| match of {
            OpportunityNumber::Amount => figure(of, "opportunities.amount", true),
            OpportunityNumber::Probability => figure(of, "opportunities.probability", false),
            OpportunityNumber::CycleDays => figure(of, reporting.days_between(&created, "opportunities.close_date"), false),
        });
        let groups = OpportunityGroupBy::groups(&group_by, &reporting, None);
        let filter = match as_of {
            Some(at) => serde_json::json!({ "asOf": { "at": at.0.to_rfc3339(), "is": written(&filter) } }),
            None => written(&filter),
        };
        aggregate(&reporting, select, groups, figures.collect(), Some(OPPORTUNITY_MONEY), filter).await
    }

    /// Leads, grouped and aggregated.
    #[graphql(complexity = "COST + child_complexity")]
    async fn leads_aggregate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which leads; all when absent.")] filter: Option<LeadFilter>,
        #[graphql(desc = "What to group by; one group when absent.", default)] group_by: Vec<LeadGroupBy>,
        #[graphql(desc = "The numbers to aggregate; only the count when absent.", default)] of: Vec<LeadNumber>,
    ) -> Result<Report<AggregateRow>> {
        let (reporting, filter) = (Reporting::of(ctx)?, filter.unwrap_or_default());
        let mut select = reporting.leads();
        select.cond_where(filter.condition()?);
        let days_since = |column: &str| format!("({} - {}) / 86400", reporting.now.timestamp(), reporting.seconds(column));
        let figures = of.into_iter().map(|of| match of {
            LeadNumber::AgeDays => figure(of, days_since("leads.created_at"), false),
            LeadNumber::UntouchedDays => figure(of, days_since("leads.last_activity_at"), false),
        });
        let groups = LeadGroupBy::groups(&group_by, &reporting, None);
        aggregate(&reporting, select, groups, figures.collect(), None, written(&filter)).await
    }

    /// Activities, grouped and aggregated.
    #[graphql(complexity = "COST + child_complexity")]
    async fn activities_aggregate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which activities; all when absent.")] filter: Option<ActivityFilter>,
        #[graphql(desc = "What to group by; one group when absent.", default)] group_by: Vec<ActivityGroupBy>,
        #[graphql(desc = "The numbers to aggregate; only the count when absent.", default)] of: Vec<ActivityNumber>,
    ) -> Result<Report<AggregateRow>> {
        let (reporting, filter) = (Reporting::of(ctx)?, filter.unwrap_or_default());
        let mut select = reporting.activities();
        select.cond_where(filter.condition()?);
        let figures = of.into_iter().map(|of| figure(of, "activities.duration_minutes", false));
        let groups = ActivityGroupBy::groups(&group_by, &reporting, None);
        aggregate(&reporting, select, groups, figures.collect(), None, written(&filter)).await
    }

    /// Accounts, grouped and aggregated.
    #[graphql(complexity = "COST + child_complexity")]
    async fn accounts_aggregate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which accounts; all when absent.")] filter: Option<AccountFilter>,
        #[graphql(desc = "What to group by; one group when absent.", default)] group_by: Vec<AccountGroupBy>,
        #[graphql(desc = "The numbers to aggregate; only the count when absent.", default)] of: Vec<AccountNumber>,
    ) -> Result<Report<AggregateRow>> {
        let (reporting, filter) = (Reporting::of(ctx)?, filter.unwrap_or_default());
        let mut select = Query::select();
        select.from(account::Entity).cond_where(reporting.scope.condition::<account::Entity>()).cond_where(filter.condition()?);
        let figures = of.into_iter().map(|of| match of {
            AccountNumber::Employees => figure(of, "accounts.employees", false),
            AccountNumber::AnnualRevenue => figure(of, "accounts.annual_revenue", true),
        });
        let groups = AccountGroupBy::groups(&group_by, &reporting, None);
        // The revenue is told at today's rates: it has no day of its own.
        let money = ("accounts.annual_revenue_currency", reporting.no_day());
        aggregate(&reporting, select, groups, figures.collect(), Some(money), written(&filter)).await
    }

    /// Contacts, grouped and counted.
    #[graphql(complexity = "COST + child_complexity")]
    async fn contacts_aggregate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which contacts; all when absent.")] filter: Option<ContactFilter>,
        #[graphql(desc = "What to group by; one group when absent.", default)] group_by: Vec<ContactGroupBy>,
    ) -> Result<Report<AggregateRow>> {
        let (reporting, filter) = (Reporting::of(ctx)?, filter.unwrap_or_default());
        let mut select = Query::select();
        select.from(contact::Entity).cond_where(reporting.scope.condition::<contact::Entity>()).cond_where(filter.condition()?);
        let groups = ContactGroupBy::groups(&group_by, &reporting, None);
        aggregate(&reporting, select, groups, Vec::new(), None, written(&filter)).await
    }
}

async fn aggregate(
    reporting: &Reporting<'_>,
    select: SelectStatement,
    groups: Vec<Group>,
    figures: Vec<Figure>,
    money: Option<(&str, &str)>,
    filter: Value,
) -> Result<Report<AggregateRow>> {
    let mut measures = vec![Measure::all()];
    for figure in &figures {
        let there = format!("{} IS NOT NULL", figure.sql);
        measures.push(Measure::Count(there.clone()));
        measures.push(match figure.money {
            true => Measure::Money { amount: figure.sql.clone(), factor: "1", when: there },
            false => Measure::Sum { value: figure.sql.clone(), when: there },
        });
        measures.push(Measure::Range(figure.sql.clone()));
    }
    let money = money.filter(|_| figures.iter().any(|figure| figure.money));
    let money = money.map(|(currency, day)| (currency.to_owned(), day.to_owned()));
    let table = Cube { money, ..Cube::plain(select, groups, measures, filter) }.run(reporting).await?;
    let mut converter = Converter::of(reporting, reporting.calendar.today, table.cells()).await?;
    Ok(Report::of(table, &mut converter, |row, converter| shown(row, &figures, converter)))
}

fn shown(row: Row, figures: &[Figure], converter: &mut Converter) -> AggregateRow {
    let numbers = figures.iter().enumerate().map(|(place, figure)| {
        let (count, sum, range) = (place * 3 + 1, place * 3 + 2, place * 3 + 3);
        if figure.money {
            amounts(&row.cell, figure, [count, sum, range], converter)
        } else {
            whole(&row.cell, figure, [count, sum, range])
        }
    });
    let numbers = numbers.collect();
    AggregateRow { count: row.cell.count(0), filter: row.filter(), numbers, groups: row.groups }
}

fn whole(cell: &Cell, figure: &Figure, [count, sum, range]: [usize; 3]) -> AggregateNumber {
    let number = |number: i64| Decimal(Number::from(number));
    let ranges = cell.ranges[range].values();
    AggregateNumber {
        of: figure.of.clone(),
        currency: None,
        count: int(cell.numbers[count]),
        sum: Decimal(Number::from_i128_with_scale(cell.numbers[sum], 0)),
        average: rate(cell.numbers[sum], cell.numbers[count]),
        minimum: ranges.clone().map(|range| range.0).min().map(number),
        maximum: ranges.map(|range| range.1).max().map(number),
    }
}

fn amounts(cell: &Cell, figure: &Figure, [count, sum, range]: [usize; 3], converter: &mut Converter) -> AggregateNumber {
    let total = converter.money(&cell.money[sum]);
    let sums = converter.sum(&cell.money[sum], 1);
    // What can't be converted is left out of the average, too, only where all of it can't.
    let known = !sums.is_zero() || cell.money[sum].is_empty();
    let [minimum, maximum] = [false, true].map(|greatest| edge(&cell.ranges[range], greatest, converter));
    AggregateNumber {
        of: figure.of.clone(),
        currency: Some(total.currency.clone()),
        count: int(cell.numbers[count]),
        sum: total.amount,
        average: sums.per(cell.numbers[count]).filter(|_| known).and_then(|average| average.rounded()),
        minimum,
        maximum,
    }
}

/// The least or the greatest amount in the base currency.
fn edge(ranges: &Ranges, greatest: bool, converter: &mut Converter) -> Option<Decimal> {
    let values = ranges.iter().filter_map(|(key, (least, most))| {
        let amount = if greatest { *most } else { *least };
        let tally = Tally::from([(key.clone(), i128::from(amount))]);
        converter.known(&tally).then(|| converter.money(&tally).amount)
    });
    let values: Vec<Decimal> = values.collect();
    if greatest { values.into_iter().max() } else { values.into_iter().min() }
}

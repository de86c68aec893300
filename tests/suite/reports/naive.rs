//! The definitions of the reports as plain loops over all records, in UTC.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{ForecastCategory, LeadStatus, OpportunityId, StageCategory, StageId, lead, opportunity, stage};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value as Json, json};

use super::Office;
use super::random::Records;

pub const PIPELINE: &str =
    "rows { groups { id } count amount { amount } weightedAmount { amount } averageDaysInStage deletedSince }";

/// Dollars, the base currency; all else has no rates.
fn dollars<'a>(deals: impl IntoIterator<Item = &'a opportunity::Model>, percent: impl Fn(&opportunity::Model) -> i32) -> Decimal {
    let mut sum = Decimal::ZERO;
    for deal in deals {
        if deal.currency.as_deref() == Some("USD") {
            sum += Decimal::new(deal.amount.unwrap(), 4) * Decimal::from(percent(deal)) / Decimal::ONE_HUNDRED;
        }
    }
    sum
}

fn money(sum: Decimal) -> Json {
    let mut rounded = sum.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven);
    rounded.rescale(2);
    json!({ "amount": rounded.to_string() })
}

fn ratio(dividend: Decimal, divisor: Decimal) -> Json {
    if divisor.is_zero() {
        return Json::Null;
    }
    let mut ratio = (dividend / divisor).round_dp_with_strategy(6, RoundingStrategy::MidpointNearestEven);
    ratio.rescale(6);
    json!(ratio.to_string())
}

fn count(dividend: usize, divisor: usize) -> Json {
    ratio(dividend.into(), divisor.into())
}

fn percentile(mut values: Vec<i64>, percent: i64) -> Json {
    if values.is_empty() {
        return Json::Null;
    }
    values.sort_unstable();
    let place = Decimal::from((values.len() as i64 - 1) * percent) / Decimal::ONE_HUNDRED;
    let (lower, part) = (place.floor(), place - place.floor());
    let at = |place: Decimal| Decimal::from(values[usize::try_from(place).unwrap().min(values.len() - 1)]);
    let value = at(lower) + (at(lower + Decimal::ONE) - at(lower)) * part;
    json!(value.round_dp_with_strategy(6, RoundingStrategy::MidpointNearestEven).normalize().to_string())
}

/// Groups records by a key, in the order of the keys.
fn by<T, K: Ord>(rows: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) -> BTreeMap<K, Vec<T>> {
    let mut groups: BTreeMap<K, Vec<T>> = BTreeMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

fn there(records: &Records) -> impl Iterator<Item = &opportunity::Model> {
    records.opportunities.iter().filter(|deal| deal.deleted_at.is_none())
}

/// The open opportunities as they stand now, by stage.
pub fn open(records: &Records) -> (DateTime<Utc>, Json) {
    let position = |id: StageId| records.stages.iter().find(|stage| stage.id == id).unwrap().position;
    let groups = by(there(records).filter(|deal| !deal.is_closed), |deal| (position(deal.stage_id), deal.stage_id));
    let rows = groups.into_iter().map(|((_, stage), deals)| {
        let seconds: i64 = deals.iter().map(|deal| records.now.timestamp() - deal.stage_entered_at.timestamp()).sum();
        json!({
            "groups": [{ "id": stage.to_string() }], "count": deals.len(), "amount": money(dollars(deals.iter().copied(), |_| 100)),
            "weightedAmount": money(dollars(deals.iter().copied(), |deal| deal.probability)),
            "averageDaysInStage": ratio(seconds.into(), (deals.len() * 86_400).into()),
        })
    });
    (records.now, json!({ "rows": rows.collect::<Vec<_>>() }))
}

/// An answer without what the recomputation of that time can't know.
pub fn without_deleted(mut answer: Json) -> Json {
    for row in answer["rows"].as_array_mut().unwrap() {
        row.as_object_mut().unwrap().remove("deletedSince");
    }
    answer
}

/// Compares all reports with the records.
pub async fn check(office: &Office, records: &Records) {
    let now = office.report(&format!("pipeline {{ {PIPELINE} }}")).await;
    assert_eq!(without_deleted(now), open(records).1);
    for (from, to) in
        [("2025-11-01", "2025-12-31"), ("2025-12-10", "2026-01-20"), ("2025-01-01", "2026-12-31"), ("2020-01-01", "2020-01-02")]
    {
        let period = (from.parse().unwrap(), to.parse().unwrap());
        win_loss(office, records, period).await;
        forecast(office, records, period).await;
        cycle(office, records, period).await;
        cohort(office, records, period).await;
        events(office, records, period).await;
        conversion(office, records, period).await;
        activity(office, records, period).await;
    }
    velocity(office, records).await;
    waiting(office, records).await;
}

type Period = (NaiveDate, NaiveDate);

fn within(day: NaiveDate, period: Period) -> bool {
    period.0 <= day && day <= period.1
}

fn asked((from, to): Period) -> String {
    format!("period: {{from: \"{from}\", to: \"{to}\"}}")
}

/// The rows of a report by the first group's id or name, so that the order of names plays no part.
fn rows(report: &Json) -> BTreeMap<String, Json> {
    let rows = report["rows"].as_array().unwrap().iter().map(|row| {
        let mut row = row.clone();
        let groups = row.as_object_mut().unwrap().remove("groups").unwrap();
        let group = &groups[0];
        (group["id"].as_str().or(group["name"].as_str()).unwrap_or_default().to_owned(), row)
    });
    rows.collect()
}

fn id<T: std::fmt::Display>(id: Option<T>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

async fn win_loss(office: &Office, records: &Records, period: Period) {
    let fields = "groups { id name } won { count amount { amount } } lost { count amount { amount } } winRate";
    for cut in ["OWNER", "SOURCE", "CAMPAIGN", "COMPETITOR", "TEAM"] {
        let query = format!("winLoss({}, groupBy: [{cut}]) {{ rows {{ {fields} }} total {{ {fields} }} }}", asked(period));
        let report = office.report(&query).await;
        let key = |deal: &&opportunity::Model| match cut {
            "OWNER" => id(deal.owner_id),
            "SOURCE" => id(deal.source_id),
            "CAMPAIGN" => id(deal.campaign_id),
            "TEAM" => id(records.users.iter().find(|user| Some(user.id) == deal.owner_id).and_then(|user| user.team_id)),
            _ => deal.lost_to.clone().unwrap_or_default(),
        };
        let closed: Vec<_> = there(records).filter(|deal| deal.is_closed && within(deal.close_date, period)).collect();
        let row = |deals: &[&opportunity::Model]| {
            let (won, lost): (Vec<&opportunity::Model>, Vec<_>) = deals.iter().partition(|deal| deal.is_won);
            let rate = count(won.len(), deals.len());
            let figure =
                |deals: Vec<&opportunity::Model>| json!({ "count": deals.len(), "amount": money(dollars(deals, |_| 100)) });
            json!({ "won": figure(won), "lost": figure(lost), "winRate": rate })
        };
        let expected: BTreeMap<String, Json> =
            by(closed.clone(), key).into_iter().map(|(key, deals)| (key, row(&deals))).collect();
        assert_eq!(rows(&report), expected, "{query}");
        let mut total = report["total"].clone();
        total.as_object_mut().unwrap().remove("groups");
        assert_eq!(total, row(&closed), "{query}");
    }
}

async fn forecast(office: &Office, records: &Records, period: Period) {
    let figure = "{ count amount { amount } }";
    let query = format!(
        "forecast({}) {{ rows {{ groups {{ name }} closed {figure} commit {figure} bestCase {figure} pipeline {figure}
            weightedAmount {{ amount }} }} }}",
        asked(period)
    );
    let stage = |deal: &opportunity::Model| records.stages.iter().find(|stage| stage.id == deal.stage_id).unwrap();
    let months =
        by(there(records).filter(|deal| within(deal.close_date, period)), |deal| deal.close_date.format("%Y-%m-01").to_string());
    let expected: BTreeMap<String, Json> = months
        .into_iter()
        .map(|(month, deals)| {
            let figure = |category: Option<ForecastCategory>| {
                let those = deals.iter().copied().filter(|deal| match category {
                    None => deal.is_won,
                    Some(category) => !deal.is_closed && stage(deal).forecast_category == category,
                });
                let those: Vec<&opportunity::Model> = those.collect();
                json!({ "count": those.len(), "amount": money(dollars(those, |_| 100)) })
            };
            let counted = deals.iter().copied().filter(|deal| deal.is_won || !deal.is_closed);
            let weighted = dollars(counted, |deal| if deal.is_won { 100 } else { deal.probability });
            let row = json!({
                "closed": figure(None), "commit": figure(Some(ForecastCategory::Commit)),
                "bestCase": figure(Some(ForecastCategory::BestCase)), "pipeline": figure(Some(ForecastCategory::Pipeline)),
                "weightedAmount": money(weighted),
            });
            (month, row)
        })
        .collect();
    assert_eq!(rows(&office.report(&query).await), expected, "{query}");
}

/// The stages that an opportunity came to, with how long it stayed.
fn stays(records: &Records, deal: OpportunityId) -> Vec<(&stage::Model, Option<i64>)> {
    let mut moves: Vec<_> = records
        .changes
        .iter()
        .filter(|change| change.opportunity_id == deal && change.from_stage_id != Some(change.stage_id))
        .collect();
    moves.sort_by_key(|change| (change.at, change.id));
    let stage = |id| records.stages.iter().find(|stage| stage.id == id).unwrap();
    let stays = moves
        .iter()
        .enumerate()
        .map(|(number, change)| (stage(change.stage_id), moves.get(number + 1).map(|next| (next.at - change.at).num_seconds())));
    stays.collect()
}

async fn cycle(office: &Office, records: &Records, period: Period) {
    let closed: Vec<_> = there(records).filter(|deal| deal.is_closed && within(deal.close_date, period)).collect();
    let won: Vec<_> = closed.iter().filter(|deal| deal.is_won).collect();
    let days: Vec<i64> = won.iter().map(|deal| (deal.close_date - deal.created_at.date_naive()).num_days()).collect();
    let query = format!(
        "salesCycle({}) {{ total {{ won {{ count }} medianDays percentile90Days }}
            stages {{ stage {{ id }} entered {{ count }} reached advanced conversionRate averageDays medianDays }} }}",
        asked(period)
    );
    let ways: Vec<Vec<(&stage::Model, Option<i64>)>> = closed.iter().map(|deal| stays(records, deal.id)).collect();
    let furthest = |way: &Vec<(&stage::Model, Option<i64>)>| {
        let place = |stage: &stage::Model| match stage.category {
            StageCategory::Won => 1_000,
            StageCategory::Open => stage.position,
            StageCategory::Lost => 0,
        };
        way.iter().map(|(stage, _)| place(stage)).max().unwrap_or_default()
    };
    let mut stages: Vec<&stage::Model> = records.stages.iter().collect();
    stages.sort_by_key(|stage| stage.position);
    let rows = stages.iter().filter_map(|stage| {
        let here: Vec<_> = ways.iter().filter(|way| way.iter().any(|(one, _)| one.id == stage.id)).collect();
        if here.is_empty() {
            return None;
        }
        let open = stage.category == StageCategory::Open;
        let got = |position: i32| ways.iter().filter(|way| furthest(way) >= position).count();
        let next = stages.iter().find(|next| next.position > stage.position && next.category == StageCategory::Open);
        let reached = if open { got(stage.position) } else { here.len() };
        let advanced = if open { got(next.map_or(1_000, |next| next.position)) } else { 0 };
        let left = |way: &&&Vec<(&stage::Model, Option<i64>)>| way.iter().any(|(one, stay)| one.id == stage.id && stay.is_some());
        let times = || here.iter().flat_map(|way| way.iter()).filter(|(one, _)| one.id == stage.id).filter_map(|(_, stay)| *stay);
        Some(json!({
            "stage": { "id": stage.id.to_string() }, "entered": { "count": here.len() }, "reached": reached, "advanced": advanced,
            "conversionRate": if open { count(advanced, reached) } else { Json::Null },
            "averageDays": ratio(times().sum::<i64>().into(), (here.iter().filter(left).count() * 86_400).into()),
            "medianDays": percentile(times().map(|seconds| seconds / 86_400).collect(), 50),
        }))
    });
    let expected = json!({
        "total": { "won": { "count": won.len() }, "medianDays": percentile(days.clone(), 50), "percentile90Days": percentile(days, 90) },
        "stages": rows.collect::<Vec<_>>(),
    });
    assert_eq!(office.report(&query).await, expected, "{query}");
}

/// When an opportunity that came of a lead was won.
fn wins(records: &Records, lead: &lead::Model) -> Vec<DateTime<Utc>> {
    let deals: Vec<_> = there(records).filter(|deal| deal.lead_id == Some(lead.id)).map(|deal| deal.id).collect();
    let won = |id| records.stages.iter().any(|stage| stage.id == id && stage.category == StageCategory::Won);
    records
        .changes
        .iter()
        .filter(|change| {
            deals.contains(&change.opportunity_id) && won(change.stage_id) && change.from_stage_id != Some(change.stage_id)
        })
        .map(|change| change.at)
        .collect()
}

async fn funnel(office: &Office, query: &str, leads: &[(&lead::Model, [bool; 5])]) {
    let report = office.report(query).await;
    let by_source = by(leads.iter(), |(lead, _)| id(lead.source_id));
    let expected: BTreeMap<String, Json> = by_source
        .into_iter()
        .map(|(source, leads)| {
            let entered = |step: usize| leads.iter().filter(|(_, steps)| steps[step]).count();
            let came = |step: usize| match step {
                0 => entered(0),
                _ => leads.iter().filter(|(_, steps)| steps[step..].contains(&true)).count(),
            };
            let steps = (0..5).map(|step| {
                let rate = if step == 0 { Json::Null } else { count(came(step), came(step - 1)) };
                json!({ "count": came(step), "entered": entered(step), "rate": rate, "overallRate": count(came(step), came(0)) })
            });
            (source, json!({ "steps": steps.collect::<Vec<_>>() }))
        })
        .collect();
    assert_eq!(rows(&report), expected, "{query}");
}

const STATUSES: [LeadStatus; 3] = [LeadStatus::WorkingContacted, LeadStatus::Qualified, LeadStatus::ClosedConverted];

async fn cohort(office: &Office, records: &Records, period: Period) {
    let query = format!(
        "leadFunnel({}, groupBy: [SOURCE]) {{ rows {{ groups {{ id }} steps {{ count entered rate overallRate }} }} }}",
        asked(period)
    );
    let leads = records.leads.iter().filter(|lead| lead.deleted_at.is_none() && within(lead.created_at.date_naive(), period));
    let leads: Vec<_> = leads
        .map(|lead| {
            let ever = |status| records.lead_changes.iter().any(|change| change.lead_id == lead.id && change.status == status);
            (lead, [true, ever(STATUSES[0]), ever(STATUSES[1]), ever(STATUSES[2]), !wins(records, lead).is_empty()])
        })
        .collect();
    funnel(office, &query, &leads).await;
}

async fn events(office: &Office, records: &Records, period: Period) {
    let query = format!(
        "leadFunnel({}, basis: EVENT, groupBy: [SOURCE]) {{ rows {{ groups {{ id }} steps {{ count entered rate overallRate }} }} }}",
        asked(period)
    );
    let mut leads = Vec::new();
    for lead in records.leads.iter().filter(|lead| lead.deleted_at.is_none()) {
        let changes =
            records.lead_changes.iter().filter(|change| change.lead_id == lead.id && within(change.at.date_naive(), period));
        let changes: Vec<_> = changes.collect();
        let won = wins(records, lead).iter().any(|at| within(at.date_naive(), period));
        let came = |status| changes.iter().any(|change| change.status == status);
        let created = changes.iter().any(|change| change.from_status.is_none());
        if !changes.is_empty() || won {
            leads.push((lead, [created, came(STATUSES[0]), came(STATUSES[1]), came(STATUSES[2]), won]));
        }
    }
    funnel(office, &query, &leads).await;
}

async fn conversion(office: &Office, records: &Records, period: Period) {
    let query = format!(
        "conversion({}, groupBy: [CAMPAIGN]) {{ rows {{ groups {{ id }} leads {{ count }} qualified {{ count }} converted {{ count }}
            won {{ count amount {{ amount }} }} convertedRate wonRate medianDaysToConvert }} }}",
        asked(period)
    );
    let leads = records.leads.iter().filter(|lead| lead.deleted_at.is_none() && within(lead.created_at.date_naive(), period));
    let groups = by(leads, |lead| id(lead.campaign_id));
    let mut costs = BTreeMap::new();
    let expected: BTreeMap<String, Json> = groups
        .into_iter()
        .map(|(campaign, leads)| {
            let ever = |statuses: &[LeadStatus]| {
                let came = |lead: &&&lead::Model| {
                    records.lead_changes.iter().any(|change| change.lead_id == lead.id && statuses.contains(&change.status))
                };
                leads.iter().filter(came).count()
            };
            let won: Vec<_> =
                there(records).filter(|deal| deal.is_won && leads.iter().any(|lead| Some(lead.id) == deal.lead_id)).collect();
            let days = leads.iter().filter_map(|lead| {
                let conversion = records.conversions.iter().find(|conversion| conversion.lead_id == lead.id)?;
                Some((conversion.converted_at.date_naive() - lead.created_at.date_naive()).num_days())
            });
            let amount = dollars(won.iter().copied(), |_| 100);
            costs.insert(campaign.clone(), (amount, leads.len(), won.len()));
            let row = json!({
                "leads": { "count": leads.len() }, "qualified": { "count": ever(&STATUSES[1..]) },
                "converted": { "count": ever(&STATUSES[2..]) }, "won": { "count": won.len(), "amount": money(amount) },
                "convertedRate": count(ever(&STATUSES[2..]), leads.len()), "wonRate": count(won.len(), leads.len()),
                "medianDaysToConvert": percentile(days.collect(), 50),
            });
            (campaign, row)
        })
        .collect();
    assert_eq!(rows(&office.report(&query).await), expected, "{query}");
    channels(office, records, period, costs).await;
}

async fn channels(office: &Office, records: &Records, period: Period, groups: BTreeMap<String, (Decimal, usize, usize)>) {
    let query = format!(
        "channelReturn({}) {{ rows {{ groups {{ id }} cost {{ amount }} returnOnInvestment outputInputRatio costPerLead {{ amount }}
            costPerWon {{ amount }} }} }}",
        asked(period)
    );
    let expected: BTreeMap<String, Json> = groups
        .into_iter()
        .map(|(campaign, (won, leads, deals))| {
            let cost = records.campaigns.iter().find(|one| one.id.to_string() == campaign).and_then(|one| one.cost);
            let cost = cost.map(|cost| Decimal::new(cost, 4));
            let per = |count: usize| match cost {
                Some(cost) if count > 0 => money(cost / Decimal::from(count)),
                _ => Json::Null,
            };
            let row = json!({
                "cost": cost.map(money), "returnOnInvestment": cost.map_or(Json::Null, |cost| ratio(won - cost, cost)),
                "outputInputRatio": cost.map_or(Json::Null, |cost| ratio(won, cost)), "costPerLead": per(leads), "costPerWon": per(deals),
            });
            (campaign, row)
        })
        .collect();
    assert_eq!(rows(&office.report(&query).await), expected, "{query}");
}

async fn activity(office: &Office, records: &Records, period: Period) {
    let query = format!(
        "activity({}) {{ rows {{ groups {{ id }} all {{ count }} calls {{ count }} tasks {{ count }} minutes }} }}",
        asked(period)
    );
    let done = records.activities.iter().filter(|activity| {
        activity.deleted_at.is_none() && activity.completed_at.is_some_and(|at| within(at.date_naive(), period))
    });
    let expected: BTreeMap<String, Json> = by(done, |activity| id(activity.owner_id))
        .into_iter()
        .map(|(owner, activities)| {
            let kind = |kind| activities.iter().filter(|activity| activity.kind == kind).count();
            let row = json!({
                "all": { "count": activities.len() }, "calls": { "count": kind(entity::ActivityKind::Call) },
                "tasks": { "count": kind(entity::ActivityKind::Task) },
                "minutes": activities.iter().filter_map(|activity| activity.duration_minutes).sum::<i32>(),
            });
            (owner, row)
        })
        .collect();
    assert_eq!(rows(&office.report(&query).await), expected, "{query}");
}

async fn velocity(office: &Office, records: &Records) {
    let months = ["2025-10-01", "2025-11-01", "2025-12-01", "2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"];
    let mut first: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for lead in records.leads.iter().filter(|lead| lead.deleted_at.is_none()) {
        let changes =
            records.lead_changes.iter().filter(|change| change.lead_id == lead.id && STATUSES[1..].contains(&change.status));
        if let Some(at) = changes.map(|change| change.at).min() {
            first.entry(at.format("%Y-%m-01").to_string()).or_default().insert(lead.id.to_string());
        }
    }
    let of = |month: &str| first.get(month).map_or(0, BTreeSet::len);
    let expected: Vec<Json> = months
        .windows(2)
        .map(|pair| {
            let (last, this) = (of(pair[0]), of(pair[1]));
            let growth = ratio(Decimal::from(this) - Decimal::from(last), last.into());
            json!({ "month": pair[1], "qualified": this, "growth": growth })
        })
        .collect();
    let query = "leadVelocity(period: {from: \"2025-11-05\", to: \"2026-04-02\"}) { month qualified growth }";
    assert_eq!(office.report(query).await, json!(expected));
}

async fn waiting(office: &Office, records: &Records) {
    let since = records.now - TimeDelta::days(5);
    let untouched = records.leads.iter().filter(|lead| {
        let open = !matches!(lead.status, LeadStatus::ClosedConverted | LeadStatus::ClosedNotConverted);
        lead.deleted_at.is_none() && open && lead.created_at < since && lead.last_activity_at.is_none_or(|at| at < since)
    });
    let groups = by(untouched, |lead| id(lead.owner_id)).into_iter();
    let expected: BTreeMap<String, Json> =
        groups.map(|(owner, leads)| (owner, json!({ "waiting": { "count": leads.len() } }))).collect();
    let report = office.report("untouchedLeads(days: 5) { rows { groups { id } waiting { count } } }").await;
    assert_eq!(rows(&report), expected);
    let late = records.activities.iter().filter(|activity| {
        activity.deleted_at.is_none() && activity.completed_at.is_none() && activity.due_at.is_some_and(|due| due < records.now)
    });
    let groups = by(late, |activity| id(activity.owner_id)).into_iter();
    let expected: BTreeMap<String, Json> =
        groups.map(|(owner, late)| (owner, json!({ "waiting": { "count": late.len() } }))).collect();
    assert_eq!(rows(&office.report("overdueFollowUps { rows { groups { id } waiting { count } } }").await), expected);
}

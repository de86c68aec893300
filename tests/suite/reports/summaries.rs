//! What stands with records for reports, against the histories that it follows from.

use std::collections::{BTreeSet, HashMap};
use std::fs;

use entity::{LeadStatus, StageCategory, lead, lead_status_change, opportunity};
use leadgraph::auth::Actor;
use leadgraph::import::{Kind, Request, import};
use leadgraph::reports::summaries::{Corrected, rebuild};
use sea_orm::{ConnectionTrait, EntityTrait};

use super::Office;
use super::random::Records;

/// Compares the summaries with a plain look at each history.
pub fn check(records: &Records) {
    let mut changes: HashMap<_, Vec<&lead_status_change::Model>> = HashMap::new();
    for change in &records.lead_changes {
        changes.entry(change.lead_id).or_default().push(change);
    }
    for lead in &records.leads {
        let changes = &changes[&lead.id];
        let first = |status| changes.iter().filter(|change| change.status == status).map(|change| change.at).min();
        let firsts = [LeadStatus::WorkingContacted, LeadStatus::Qualified, LeadStatus::ClosedConverted].map(first);
        assert_eq!([lead.first_working_at, lead.first_qualified_at, lead.first_converted_at], firsts, "{}", lead.id);
        let reached = changes.iter().fold(0, |bits, change| bits | change.status.bit());
        assert_eq!(lead.statuses_reached, reached, "{}", lead.id);
        assert!(changes.iter().all(|change| change.lead_created_at == lead.created_at && change.at >= lead.created_at));
    }
    let won = |id| records.stages.iter().any(|stage| stage.id == id && stage.category == StageCategory::Won);
    for deal in &records.opportunities {
        let wins: Vec<_> = records
            .changes
            .iter()
            .filter(|change| change.opportunity_id == deal.id && won(change.stage_id))
            .filter(|change| change.from_stage_id.is_none() || change.seconds_in_previous.is_some())
            .map(|change| change.at)
            .collect();
        assert_eq!(
            (deal.first_won_at, deal.last_won_at),
            (wins.iter().min().copied(), wins.iter().max().copied()),
            "{}",
            deal.id
        );
        let number = |id| records.stages.iter().find(|stage| stage.id == id).unwrap().number;
        let departures =
            records.changes.iter().filter(|change| change.opportunity_id == deal.id && change.seconds_in_previous.is_some());
        let left: BTreeSet<i32> = departures.filter_map(|change| change.from_stage_id).map(number).collect();
        let mut reached: Vec<i32> = left.into_iter().chain([number(deal.stage_id)]).collect();
        reached.sort();
        assert_eq!(deal.stages_reached, reached.iter().map(i32::to_string).collect::<Vec<_>>().join(","), "{}", deal.id);
    }
}

/// Spoils the summaries and has them made anew.
pub async fn check_rebuilding(office: &Office, records: &Records) {
    let app = &office.server.app;
    assert_eq!(rebuild(app).await.unwrap(), Corrected::default(), "nothing is wrong yet");
    let write = app.database().begin().await.unwrap();
    for spoilt in [
        "UPDATE leads SET statuses_reached = 31, first_working_at = created_at, first_qualified_at = NULL WHERE deleted_at IS NULL",
        "UPDATE lead_status_changes SET lead_created_at = at WHERE from_status IS NOT NULL",
        "UPDATE opportunities SET first_won_at = last_won_at, last_won_at = created_at, stages_reached = '99'",
    ] {
        assert!(write.execute_unprepared(spoilt).await.unwrap().rows_affected() > 0);
    }
    write.commit().await.unwrap();
    let corrected = rebuild(app).await.unwrap();
    assert!(
        corrected.leads > 0 && corrected.lead_status_changes > 0 && corrected.wins > 0 && corrected.stages_reached > 0,
        "{corrected:?}"
    );
    let leads = lead::Entity::find().all(app.database().read()).await.unwrap();
    let opportunities = opportunity::Entity::find().all(app.database().read()).await.unwrap();
    let changes = lead_status_change::Entity::find().all(app.database().read()).await.unwrap();
    let by_id = |mut leads: Vec<lead::Model>| {
        leads.sort_by_key(|lead| lead.id.uuid());
        leads
    };
    assert_eq!(by_id(leads), by_id(records.leads.clone()));
    let spoilt = Records { leads: records.leads.clone(), lead_changes: changes, opportunities, ..Records::read(office).await };
    check(&spoilt);
    assert_eq!(rebuild(app).await.unwrap(), Corrected::default());
}

async fn imported(office: &Office, kind: Kind, text: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.csv");
    fs::write(&file, text).unwrap();
    let manager = office.manager().await;
    let user = entity::user::Entity::find_by_id(manager.id).one(office.server.app.database().read()).await.unwrap().unwrap();
    let request = Request { kind, file, mapping: None, rejects: None, dry_run: false, assign: false };
    let summary = import(&office.server.app, &Actor::of(user), &request, &|_, _| {}).await.unwrap();
    assert_eq!((summary.stopped, summary.rejected), (None, 0));
}

#[tokio::test]
async fn imported_records_have_their_summaries() {
    let office = Office::on("2026-03-02").await;
    imported(
        &office,
        Kind::Leads,
        "externalId,lastName,status,createdAt\nL1,One,QUALIFIED,2025-06-01T10:00:00Z\nL2,Two,WORKING_CONTACTED,2025-07-01T10:00:00Z\nL3,Three,,\n",
    )
    .await;
    imported(
        &office,
        Kind::Opportunities,
        "externalId,name,account,stage,closeDate,closeReason,createdAt\nO1,One,Acme,Closed Won,2025-08-01,,2025-06-01T10:00:00Z\nO2,Two,Acme,Prospecting,2026-08-01,,\n",
    )
    .await;
    office.wait(24);
    imported(&office, Kind::Leads, "externalId,lastName,status\nL2,Two,QUALIFIED\nL3,Three,WORKING_CONTACTED\n").await;
    let records = Records::read(&office).await;
    check(&records);
    assert_eq!(records.leads.iter().filter(|lead| lead.first_working_at.is_some()).count(), 2);
    assert_eq!(records.leads.iter().filter(|lead| lead.first_qualified_at.is_some()).count(), 2);
    assert_eq!(records.opportunities.iter().filter(|deal| deal.first_won_at.is_some()).count(), 1);
}

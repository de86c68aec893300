//! The workspace that measurements are made on: its histories and reports must agree with its records.

use std::collections::HashMap;

use entity::{LeadStatus, StageCategory, lead_status_change, opportunity_change};
use leadgraph::demo::scale::{Made, fill};

use super::random::Records;
use super::{Office, naive, summaries};

/// Each lead's changes lead from its creation to its status.
fn check_leads(records: &Records) {
    let mut changes: HashMap<_, Vec<&lead_status_change::Model>> = HashMap::new();
    for change in &records.lead_changes {
        changes.entry(change.lead_id).or_default().push(change);
    }
    for lead in &records.leads {
        let mut changes = changes.remove(&lead.id).unwrap();
        changes.sort_by_key(|change| (change.at, change.id.uuid()));
        assert_eq!((changes[0].from_status, changes[0].at), (None, lead.created_at));
        for pair in changes.windows(2) {
            assert_eq!(pair[1].from_status, Some(pair[0].status));
        }
        assert_eq!(changes.last().unwrap().status, lead.status);
        let conversion = records.conversions.iter().find(|conversion| conversion.lead_id == lead.id);
        assert_eq!(conversion.is_some(), lead.status == LeadStatus::ClosedConverted);
    }
    assert!(changes.is_empty());
}

/// Each opportunity's changes lead from its creation to how it stands.
fn check_opportunities(records: &Records) {
    let mut changes: HashMap<_, Vec<&opportunity_change::Model>> = HashMap::new();
    for change in &records.changes {
        changes.entry(change.opportunity_id).or_default().push(change);
    }
    for deal in &records.opportunities {
        let mut changes = changes.remove(&deal.id).unwrap();
        changes.sort_by_key(|change| (change.at, change.id.uuid()));
        assert_eq!((changes[0].from_stage_id, changes[0].at), (None, deal.created_at));
        for pair in changes.windows(2) {
            assert_eq!((pair[0].until, Some(pair[0].stage_id)), (Some(pair[1].at), pair[1].from_stage_id));
            assert_eq!(pair[1].seconds_in_previous, Some((pair[1].at - pair[0].at).num_seconds()));
        }
        let last = changes.last().unwrap();
        assert_eq!((last.until, last.at, last.deleted), (None, deal.stage_entered_at, false));
        let stands = (deal.stage_id, deal.amount, deal.currency.clone(), deal.probability, deal.close_date, deal.owner_id);
        assert_eq!((last.stage_id, last.amount, last.currency.clone(), last.probability, last.close_date, last.owner_id), stands);
        let stage = records.stages.iter().find(|stage| stage.id == deal.stage_id).unwrap();
        assert_eq!((deal.is_closed, deal.is_won), (stage.category != StageCategory::Open, stage.category == StageCategory::Won));
        let conversion = records.conversions.iter().find(|conversion| conversion.opportunity_id == Some(deal.id)).unwrap();
        assert_eq!((Some(conversion.lead_id), conversion.converted_at), (deal.lead_id, deal.created_at));
    }
    assert!(changes.is_empty());
}

#[tokio::test]
async fn a_made_up_workspace_agrees_with_itself() {
    let office = Office::on("2026-03-20").await;
    let made = fill(&office.server.app, 0.0005, 7, &|_, _| {}).await.unwrap();
    let records = Records::read(&office).await;
    let history = records.lead_changes.len() + records.changes.len();
    assert_eq!(made, Made { opportunities: records.opportunities.len(), leads: records.leads.len(), history });
    assert_eq!((made.opportunities, made.leads), (500, 1_000));
    check_leads(&records);
    check_opportunities(&records);
    summaries::check(&records);
    naive::check(&office, &records).await;
    let again = fill(&office.server.app, 0.0005, 7, &|_, _| {}).await;
    assert!(again.unwrap_err().sentences().contains("new database"), "a workspace that is in use is left alone");
}

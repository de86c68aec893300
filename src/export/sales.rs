//! Opportunities, activities, campaigns and exchange rates: what they say about each field of the import.

use std::collections::{HashMap, HashSet};

use entity::{
    ActivityId, ActivityKind, Direction, LeadStatus, OpportunityId, ProductId, RecordKind, activity, activity_subject, campaign,
    exchange_rate, lead, line_item, opportunity,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Select};
use uuid::Uuid;

use super::{Exportable, Said};
use crate::app::App;
use crate::auth::Scope;
use crate::domains::activity::store;
use crate::error::Result;
use crate::import::kinds;
use crate::values::exchange_rate::decimal;

/// Opportunities.
#[derive(Default)]
pub(super) struct Opportunities {
    /// The products of those that an import makes the same again: of one unit at the whole amount.
    products: HashMap<OpportunityId, ProductId>,
}

impl Exportable for Opportunities {
    type Import = kinds::Opportunities;

    async fn prepare(&mut self, app: &App, _: Scope, page: &[opportunity::Model]) -> Result<()> {
        let lines = line_item::Entity::find()
            .filter(line_item::Column::OpportunityId.is_in(page.iter().map(|opportunity| opportunity.id)))
            .all(app.database().read())
            .await?;
        let mut by_opportunity: HashMap<OpportunityId, Vec<line_item::Model>> = HashMap::new();
        for line in lines {
            by_opportunity.entry(line.opportunity_id).or_default().push(line);
        }
        let single = by_opportunity.into_iter().filter_map(|(opportunity, lines)| match &lines[..] {
            [line] if line.total == line.unit_price => Some((opportunity, line.product_id?)),
            _ => None,
        });
        self.products = single.collect();
        Ok(())
    }

    fn said(&self, opportunity: &opportunity::Model, field: &str) -> Said {
        match field {
            "externalId" => Said::external_id(&opportunity.external_id, opportunity.id),
            "name" => Said::Text(Some(opportunity.name.clone())),
            "account" => Said::record(Some(opportunity.account_id)),
            "primaryContact" => Said::record(opportunity.primary_contact_id),
            "pipeline" => Said::record(Some(opportunity.pipeline_id)),
            "stage" => Said::record(Some(opportunity.stage_id)),
            // A probability that is imported counts as set by hand.
            "probability" => Said::exact(Some(opportunity.probability).filter(|_| opportunity.probability_by_hand)),
            "amount" => Said::Money(opportunity.amount, opportunity.currency.clone()),
            "product" => Said::record(self.products.get(&opportunity.id).copied()),
            "closeDate" => Said::exact(Some(opportunity.close_date)),
            "closeReason" => Said::record(opportunity.close_reason_id),
            "closeNote" => Said::text(&opportunity.close_note),
            "lostTo" => Said::text(&opportunity.lost_to),
            "source" => Said::record(opportunity.source_id),
            "campaign" => Said::record(opportunity.campaign_id),
            "nextStep" => Said::text(&opportunity.next_step),
            "description" => Said::text(&opportunity.description),
            "owner" => Said::record(opportunity.owner_id),
            "createdAt" => Said::moment(Some(opportunity.created_at)),
            _ => Said::Text(None),
        }
    }
}

/// Activities, with what those of a page are about: the first record of each kind, which is what an import takes.
#[derive(Default)]
pub(super) struct Activities {
    subjects: HashMap<(ActivityId, RecordKind), Uuid>,
}

impl Exportable for Activities {
    type Import = kinds::Activities;

    async fn prepare(&mut self, app: &App, scope: Scope, page: &[activity::Model]) -> Result<()> {
        let connection = app.database().read();
        let about = store::subjects(connection, page.iter().map(|activity| activity.id)).await?;
        let leads = about.iter().filter(|subject| subject.record_kind == RecordKind::Lead).map(|subject| subject.record_id);
        let select = scope.find::<lead::Entity>().filter(lead::Column::Id.is_in(leads));
        let converted = select.filter(lead::Column::Status.eq(LeadStatus::ClosedConverted));
        let converted: Vec<Uuid> = converted.select_only().column(lead::Column::Id).into_tuple().all(connection).await?;
        self.subjects.clear();
        for subject in without_converted(about, &converted.into_iter().collect()) {
            self.subjects.entry((subject.activity_id, subject.record_kind)).or_insert(subject.record_id);
        }
        Ok(())
    }

    fn said(&self, activity: &activity::Model, field: &str) -> Said {
        let about = |kind: RecordKind| Said::Record(self.subjects.get(&(activity.id, kind)).copied());
        match field {
            "externalId" => Said::external_id(&activity.external_id, activity.id),
            "kind" => Said::exact(Some(ActivityKind::as_str(activity.kind))),
            "subject" => Said::Text(Some(activity.subject.clone())),
            "body" => Said::text(&activity.body),
            "direction" => Said::exact(activity.direction.map(Direction::as_str)),
            "outcome" => Said::text(&activity.outcome),
            "dueAt" => Said::moment(activity.due_at),
            "completedAt" => Said::moment(activity.completed_at),
            "durationMinutes" => Said::exact(activity.duration_minutes),
            "lead" => about(RecordKind::Lead),
            "contact" => about(RecordKind::Contact),
            "account" => about(RecordKind::Account),
            "opportunity" => about(RecordKind::Opportunity),
            "owner" => Said::record(activity.owner_id),
            "createdAt" => Said::moment(Some(activity.created_at)),
            _ => Said::Text(None),
        }
    }
}

/// A converted lead is read-only: its activities are about what it became, too, and an import takes them as that.
fn without_converted(about: Vec<activity_subject::Model>, converted: &HashSet<Uuid>) -> Vec<activity_subject::Model> {
    let elsewhere: HashSet<ActivityId> =
        about.iter().filter(|subject| !converted.contains(&subject.record_id)).map(|subject| subject.activity_id).collect();
    let is_kept =
        |subject: &activity_subject::Model| !converted.contains(&subject.record_id) || !elsewhere.contains(&subject.activity_id);
    about.into_iter().filter(is_kept).collect()
}

/// Campaigns.
#[derive(Default)]
pub(super) struct Campaigns;

impl Exportable for Campaigns {
    type Import = kinds::Campaigns;

    fn said(&self, campaign: &campaign::Model, field: &str) -> Said {
        match field {
            "externalId" => Said::external_id(&campaign.external_id, campaign.id),
            "name" => Said::Text(Some(campaign.name.clone())),
            "channel" => Said::text(&campaign.channel),
            "startsOn" => Said::exact(campaign.starts_on),
            "endsOn" => Said::exact(campaign.ends_on),
            "budget" => Said::Money(campaign.budget, campaign.budget_currency.clone()),
            "cost" => Said::Money(campaign.cost, campaign.cost_currency.clone()),
            "active" => Said::exact(Some(campaign.active)),
            "createdAt" => Said::moment(Some(campaign.created_at)),
            _ => Said::Text(None),
        }
    }
}

/// Exchange rates to the workspace's base currency, which is what an import makes of them.
#[derive(Default)]
pub(super) struct ExchangeRates;

impl Exportable for ExchangeRates {
    type Import = kinds::ExchangeRates;

    fn select(app: &App, scope: Scope) -> Select<exchange_rate::Entity> {
        let base_currency = exchange_rate::Column::BaseCurrency.eq(&app.workspace().base_currency);
        scope.find::<exchange_rate::Entity>().filter(base_currency)
    }

    fn said(&self, rate: &exchange_rate::Model, field: &str) -> Said {
        match field {
            "currency" => Said::exact(Some(&rate.currency)),
            "validFrom" => Said::exact(Some(rate.valid_from)),
            "rate" => Said::exact(Some(decimal(rate.rate))),
            _ => Said::Text(None),
        }
    }
}

//! Opportunities.

use std::collections::{HashMap, HashSet};

use async_graphql::MaybeUndefined;
use entity::opportunity::{Column, Entity, Model};
use entity::{AccountId, ContactId, Id, PipelineId, StageId, contact, contact_role, line_item, opportunity_change};
use sea_orm::{ColumnTrait, QueryFilter, Statement};
use serde_json::Value as Json;

use super::opportunity_line::Lines;
use super::opportunity_stage::{Lists, to_stage};
use super::{Draft, Importable, Reading};
use crate::auth::{Actor, policy};
use crate::data::record::Record;
use crate::data::write::Write;
use crate::domains::line_item::record::line_changes;
use crate::domains::line_item::store as line_store;
use crate::domains::opportunity::input::OpportunityFields;
use crate::domains::opportunity::roles::role_change;
use crate::domains::opportunity::{moves, rules, store};
use crate::error::{Result, UserErrorCode};
use crate::import::fields::{Field, Form, Target, field, known_as, shared};
use crate::import::values::Values;
use crate::values::calendar::default_close_date;
use crate::values::text::TextLimit;

/// Opportunities, with the workspace's pipelines, stages and close reasons.
#[derive(Default)]
pub struct Opportunities {
    lists: Lists,
    lines: Lines,
    /// The contacts that rows of the batch name.
    contacts: HashMap<ContactId, contact::Model>,
    /// Accounts that are known to be customers.
    customers: HashSet<AccountId>,
}

/// What else comes of a row.
pub struct More {
    /// How a new opportunity stood in its pipeline.
    states: Vec<opportunity_change::Model>,
    /// What the row's product makes of its line items: the only one.
    line: Option<line_item::Model>,
}

impl Importable for Opportunities {
    type Entity = Entity;
    type Model = Model;
    /// The history of a new one, and the line item of its product.
    type More = More;
    const EXTERNAL_ID: Option<Column> = Some(Column::ExternalId);
    const FIELDS: &'static [Field] = &[
        shared::EXTERNAL_ID,
        known_as("name", Form::Text, &["opportunityname", "dealname"]),
        shared::ACCOUNT,
        field("primaryContact", Form::Reference(Target::Contact)),
        field("pipeline", Form::Listed),
        known_as("stage", Form::Listed, &["stagename", "dealstage"]),
        field("probability", Form::Integer),
        known_as("amount", Form::Money, &["value", "closevalue", "dealvalue"]),
        known_as("product", Form::Reference(Target::Product), &["productname"]),
        field("closeDate", Form::Date),
        known_as("closeReason", Form::Listed, &["lossreason"]),
        field("closeNote", Form::Text),
        field("lostTo", Form::Text),
        shared::SOURCE,
        shared::CAMPAIGN,
        field("nextStep", Form::Text),
        shared::DESCRIPTION,
        shared::OWNER,
        shared::CREATED_AT,
    ];

    fn may_change(actor: &Actor, opportunity: &Model) -> Result<()> {
        policy::may_change(actor, opportunity.owner_id)
    }

    fn blank(&self, write: &Write<'_>) -> Model {
        let workspace = write.workspace();
        let start_month = u32::try_from(workspace.fiscal_year_start_month).unwrap_or(1);
        Model {
            id: write.new_id(),
            version: 1,
            name: String::new(),
            account_id: Id::new(uuid::Uuid::nil()),
            primary_contact_id: None,
            owner_id: Some(write.actor.id()),
            pipeline_id: PipelineId::new(uuid::Uuid::nil()),
            stage_id: StageId::new(uuid::Uuid::nil()),
            stage_entered_at: write.now,
            stages_reached: String::new(),
            probability: 0,
            probability_by_hand: false,
            amount: None,
            currency: None,
            close_date: default_close_date(write.today(), start_month),
            is_closed: false,
            is_won: false,
            first_won_at: None,
            last_won_at: None,
            closed_at: None,
            close_reason_id: None,
            close_note: None,
            lost_to: None,
            lost_to_competitor_id: None,
            source_id: None,
            campaign_id: None,
            lead_id: None,
            next_step: None,
            description: None,
            qualification: None,
            name_key: String::new(),
            external_id: None,
            created_at: write.now,
            updated_at: write.now,
            deleted_at: None,
        }
    }

    async fn prepare(&mut self, write: &Write<'_>, rows: &[Values<'_>]) -> Result<()> {
        self.lists.read_once(write).await?;
        self.lines.read(write, rows).await?;
        let named: HashSet<ContactId> = rows.iter().filter_map(|row| row.referred("primaryContact")).collect();
        self.contacts.clear();
        if !named.is_empty() {
            let select = write.scope().find::<contact::Entity>().filter(contact::Column::Id.is_in(named));
            self.contacts = select.all(write.connection()).await?.into_iter().map(|contact| (contact.id, contact)).collect();
        }
        Ok(())
    }

    async fn apply(&mut self, row: &mut Reading<'_, Model>, opportunity: &mut Model) -> Result<Self::More> {
        let values = row.values;
        let name = row.required_text("name");
        row.cleaner.required_text("name", &name, TextLimit::Name, &mut opportunity.name);
        set_account(row, opportunity);
        let stage = self.lists.stage(row, opportunity);
        let closes = stage.as_ref().is_some_and(|stage| stage.category != entity::StageCategory::Open) || opportunity.is_closed;
        let fields = OpportunityFields {
            amount: values.money(&mut row.cleaner, "amount"),
            // What is closed is certain.
            probability: match values.integer(&mut row.cleaner, "probability") {
                MaybeUndefined::Value(percent) if !closes => MaybeUndefined::Value(percent),
                _ => MaybeUndefined::Undefined,
            },
            next_step: values.text("nextStep"),
            description: values.text("description"),
            ..OpportunityFields::default()
        };
        rules::apply(&mut row.cleaner, &fields, opportunity);
        if let MaybeUndefined::Value(date) = values.date(&mut row.cleaner, "closeDate") {
            rules::set_close_date(&mut row.cleaner, &MaybeUndefined::Value(date), opportunity);
        }
        values.reference("source", &mut opportunity.source_id);
        values.reference("campaign", &mut opportunity.campaign_id);
        values.reference("owner", &mut opportunity.owner_id);
        self.set_primary_contact(row, opportunity);
        let created_at = row.created_at();
        let line = self.lines.apply(row, opportunity);
        let states = stage.map_or_else(Vec::new, |stage| to_stage(&self.lists, row, opportunity, &stage, created_at));
        Ok(More { states, line })
    }

    fn beside(&self, draft: &Draft<Self>) -> Json {
        let line = draft.more.line.as_ref();
        let mut told = line.map_or_else(Vec::new, |line| line_changes(self.lines.of(draft.after.id), std::slice::from_ref(line)));
        let primary = draft.after.primary_contact_id.filter(|_| draft.before.is_none());
        if let Some(Json::Array(part)) = primary.map(|contact| role_change(contact, None, Some(None))) {
            told.extend(part);
        }
        if told.is_empty() { Json::Null } else { Json::Array(told) }
    }

    fn also(&self, write: &Write<'_>, new: &[Draft<Self>]) -> Vec<Statement> {
        let roles = new.iter().filter_map(|draft| Some((draft.after.id, draft.after.primary_contact_id?)));
        let roles = roles.map(|(opportunity_id, contact_id)| contact_role::Model {
            opportunity_id,
            contact_id,
            role: None,
            created_at: write.now,
        });
        let mut all = write.rows::<contact_role::Entity>(roles);
        all.extend(write.rows::<opportunity_change::Entity>(new.iter().flat_map(|draft| draft.more.states.iter().cloned())));
        all.extend(write.rows::<line_item::Entity>(new.iter().filter_map(|draft| draft.more.line.clone())));
        all
    }

    async fn after_writing(&mut self, write: &Write<'_>, new: &[Draft<Self>], changed: &[Draft<Self>]) -> Result<()> {
        for draft in changed {
            if let Some(line) = &draft.more.line {
                let known = self.lines.of(draft.after.id);
                line_store::replace(write, known, std::slice::from_ref(line)).await?;
            }
        }
        for draft in changed {
            if let Some(contact) = draft.after.primary_contact_id
                && store::role_of(write.connection(), draft.after.id, contact).await?.is_none()
            {
                store::add_role(write, draft.after.id, contact, None).await?;
                let part = role_change(contact, None, Some(None));
                write.note(Model::KIND, draft.after.id.uuid(), "contact_role_set", part).await?;
            }
        }
        for draft in new.iter().chain(changed).filter(|draft| draft.after.is_won) {
            if self.customers.insert(draft.after.account_id) {
                moves::make_customer(write, draft.after.account_id).await?;
            }
        }
        Ok(())
    }
}

impl Opportunities {
    /// The primary contact is one of the account's. An import doesn't take it away.
    fn set_primary_contact(&self, row: &mut Reading<'_, Model>, opportunity: &mut Model) {
        let Some(id) = row.values.referred("primaryContact") else { return };
        if let Some(contact) = self.contacts.get(&id) {
            row.cleaner.problems.keep(rules::check_contact(contact, opportunity.account_id, "primaryContact"));
        }
        opportunity.primary_contact_id = Some(id);
    }
}

/// A new opportunity needs an account, and stays with it.
fn set_account(row: &mut Reading<'_, Model>, opportunity: &mut Model) {
    let named = row.values.referred("account");
    match (named, row.before) {
        (Some(account), None) => opportunity.account_id = account,
        (None, None) if row.cleaner.fine_so_far(&["account"]) => {
            let sentence = "An opportunity needs an account: fill the cell, or give the mapping of `account` a `default`.";
            row.cleaner.problem(UserErrorCode::Required, "account", sentence);
        }
        (Some(account), Some(before)) if account != before.account_id => {
            let sentence = "The opportunity belongs to another account, and an opportunity stays with its account.";
            row.cleaner.problem(UserErrorCode::Invalid, "account", sentence);
        }
        _ => {}
    }
}

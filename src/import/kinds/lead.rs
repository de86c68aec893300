//! Leads.

use entity::lead::{Column, Entity, Model};
use entity::{BuyingRole, LeadStatus, Rating, Role, lead_status_change};
use sea_orm::Statement;
use serde_json::Value as Json;

use super::{Draft, Importable, Reading};
use crate::auth::{Actor, policy};
use crate::data::record::Record;
use crate::data::write::Write;
use crate::domains::assignment::apply::Assigner;
use crate::domains::assignment::rules::lies_in_pool;
use crate::domains::campaign_member::{self, rules::Person};
use crate::domains::lead::input::LeadFields;
use crate::domains::lead::{rules, service, store};
use crate::error::{Result, UserErrorCode};
use crate::import::fields::{Field, Form, Target, field, known_as, shared};
use crate::values::text::TextLimit;

/// Leads.
pub struct Leads {
    /// Whether new leads without an owner are handed out by the assignment rules that are switched on.
    pub assign: bool,
}

/// Why a lead counts as qualified whose criteria nobody has assessed here.
const QUALIFIED_ELSEWHERE: &str = "Qualified before it was imported";

impl Importable for Leads {
    type Entity = Entity;
    type Model = Model;
    type More = ();
    const ALONE: bool = true;
    const EXTERNAL_ID: Option<Column> = Some(Column::ExternalId);
    const FIELDS: &'static [Field] = &[
        shared::EXTERNAL_ID,
        shared::FIRST_NAME,
        shared::LAST_NAME,
        shared::JOB_TITLE,
        known_as("company", Form::Text, &["companyname", "organization", "organisation"]),
        known_as("employees", Form::Integer, &["numberofemployees", "employeecount"]),
        shared::EMAIL,
        shared::PHONE,
        shared::WEBSITE,
        shared::STREET,
        shared::CITY,
        shared::REGION,
        shared::POSTAL_CODE,
        shared::COUNTRY,
        shared::DESCRIPTION,
        known_as("status", Form::Word, &["leadstatus"]),
        field("rating", Form::Word),
        shared::SOURCE,
        shared::CAMPAIGN,
        field("buyingRole", Form::Word),
        shared::OWNER,
        field("disqualificationReason", Form::Reference(Target::DisqualificationReason)),
        field("disqualificationNote", Form::Text),
        shared::CREATED_AT,
    ];

    fn may_change(actor: &Actor, lead: &Model) -> Result<()> {
        policy::may_change_lead(actor, lead.owner_id)
    }

    fn blank(&self, write: &Write<'_>) -> Model {
        service::blank(write)
    }

    async fn apply(&mut self, row: &mut Reading<'_, Model>, lead: &mut Model) -> Result<()> {
        let values = row.values;
        let fields = LeadFields {
            first_name: values.text("firstName"),
            last_name: values.text("lastName"),
            job_title: values.text("jobTitle"),
            company: values.text("company"),
            employees: values.integer(&mut row.cleaner, "employees"),
            email: values.text("email"),
            phone: values.text("phone"),
            website: values.text("website"),
            address: values.address(&mut row.cleaner),
            description: values.text("description"),
            rating: values.word::<Rating>(&mut row.cleaner, "rating").map_value(Into::into),
            buying_role: values.word::<BuyingRole>(&mut row.cleaner, "buyingRole").map_value(Into::into),
            ..LeadFields::default()
        };
        rules::apply(&mut row.cleaner, &fields, lead);
        values.reference("source", &mut lead.source_id);
        values.reference("campaign", &mut lead.campaign_id);
        values.reference("owner", &mut lead.owner_id);
        lead.created_at = row.created_at().unwrap_or(lead.created_at);
        move_lead(row, lead)?;
        refuse_converted(row, lead)
    }

    async fn insert(&mut self, write: &Write<'_>, new: &[Draft<Self>]) -> Result<()> {
        let also = self.also(write, new);
        if !self.assign {
            write.insert_behind(new.iter().map(|draft| (&draft.after, Json::Null)), "created", also).await;
            return Ok(());
        }
        write.settle().await?;
        let mut leads: Vec<(Model, Json)> = new.iter().map(|draft| (draft.after.clone(), Json::Null)).collect();
        if let Some(mut assigner) = Assigner::active(write).await? {
            for (lead, told) in leads.iter_mut().filter(|(lead, _)| lies_in_pool(lead)) {
                *told = Json::Array(assigner.assign(lead));
            }
            assigner.save_turns(write).await?;
        }
        write.insert_behind(leads.iter().map(|(lead, told)| (lead, told.clone())), "created", also).await;
        Ok(())
    }

    fn also(&self, write: &Write<'_>, new: &[Draft<Self>]) -> Vec<Statement> {
        write.rows::<lead_status_change::Entity>(new.iter().filter_map(|draft| store::status_change(write, None, &draft.after)))
    }

    /// Whoever names a campaign has answered it, on the day on which they came in.
    async fn after_writing(&mut self, write: &Write<'_>, new: &[Draft<Self>], changed: &[Draft<Self>]) -> Result<()> {
        let answers = new.iter().chain(changed).filter_map(|draft| {
            let before = draft.before.as_ref().and_then(|before| before.campaign_id);
            let campaign = draft.after.campaign_id.filter(|campaign| before != Some(*campaign))?;
            Some((campaign, Person::Lead(draft.after.id), draft.after.created_at.date_naive()))
        });
        let answers: Vec<_> = answers.collect();
        if answers.is_empty() {
            return Ok(());
        }
        write.settle().await?;
        campaign_member::service::answered(write, &answers).await
    }
}

/// Moves the lead to the status that the row names, by the table of moves.
fn move_lead(row: &mut Reading<'_, Model>, lead: &mut Model) -> Result<()> {
    let Some(to) = row.values.word::<LeadStatus>(&mut row.cleaner, "status").take() else { return Ok(()) };
    // A converted lead stays converted, whatever the file says: it is read-only here.
    if to == lead.status || lead.status == LeadStatus::ClosedConverted {
        return Ok(());
    }
    if to == LeadStatus::ClosedConverted {
        let sentence =
            "An import does not convert leads: translate this status to QUALIFIED in the mapping, and convert the lead here.";
        row.cleaner.problem(UserErrorCode::IllegalTransition, "status", sentence);
        return Ok(());
    }
    if row.keep(rules::check_move(lead.status, to))?.is_none() {
        return Ok(());
    }
    rules::set_status(lead, to);
    match to {
        LeadStatus::Qualified => qualify(row, lead),
        LeadStatus::ClosedNotConverted => disqualify(row, lead),
        LeadStatus::OpenNotContacted | LeadStatus::WorkingContacted | LeadStatus::ClosedConverted => {}
    }
    Ok(())
}

/// A qualified lead comes with the word of whoever imports it, which a manager's must be.
fn qualify(row: &mut Reading<'_, Model>, lead: &mut Model) {
    let missing = !rules::missing_criteria(&lead.qualification).is_empty();
    if missing && !matches!(row.write.actor.role(), Role::Admin | Role::Manager) {
        let sentence = "Only a MANAGER or an ADMIN may import a lead as qualified whose criteria are not met.";
        row.cleaner.problem(UserErrorCode::NotQualified, "status", sentence);
    }
    lead.qualified_at = Some(row.write.now);
    lead.qualified_by = Some(row.write.actor.id());
    lead.override_reason = missing.then(|| QUALIFIED_ELSEWHERE.to_owned());
}

fn disqualify(row: &mut Reading<'_, Model>, lead: &mut Model) {
    let Some(reason) = row.values.referred("disqualificationReason") else {
        let sentence =
            "A lead that is CLOSED_NOT_CONVERTED needs a reason: map disqualificationReason, for example to a constant.";
        row.cleaner.problem(UserErrorCode::Required, "disqualificationReason", sentence);
        return;
    };
    let note = row.values.raw("disqualificationNote");
    lead.disqualification_note = row.cleaner.optional("disqualificationNote", note, TextLimit::Long);
    lead.disqualification_reason_id = Some(reason);
    lead.disqualified_at = Some(row.write.now);
    lead.disqualified_by = Some(row.write.actor.id());
}

/// A converted lead is read-only: a row that says the same goes through, any other is refused.
fn refuse_converted(row: &mut Reading<'_, Model>, lead: &mut Model) -> Result<()> {
    let Some(before) = row.before else { return Ok(()) };
    lead.derive();
    if before == lead { Ok(()) } else { row.keep(rules::check_open_for_change(before, None)).map(|_| ()) }
}

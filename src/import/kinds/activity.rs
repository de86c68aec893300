//! Activities.

use std::collections::HashSet;

use entity::activity::{Column, Entity, Model};
use entity::{ActivityKind, Direction, Id, LeadId, LeadStatus, RecordKind, activity_subject, lead};
use sea_orm::{ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect, Statement};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{Draft, Importable, Reading};
use crate::auth::{Actor, policy};
use crate::data::write::Write;
use crate::domains::activity::input::ActivityFields;
use crate::domains::activity::{rules, service, store};
use crate::domains::lead::activity as lead_activity;
use crate::error::{Result, UserErrorCode};
use crate::graphql::scalars::DateTime;
use crate::import::fields::{Field, Form, Target, field, known_as, shared};
use crate::import::values::Values;
use crate::values::text::TextLimit;

/// Activities, and the converted leads among those that the rows of a batch are about.
#[derive(Default)]
pub struct Activities {
    converted: HashSet<LeadId>,
}

/// The fields that name what an activity is about.
const ABOUT: [(&str, RecordKind); 4] = [
    ("lead", RecordKind::Lead),
    ("contact", RecordKind::Contact),
    ("account", RecordKind::Account),
    ("opportunity", RecordKind::Opportunity),
];

impl Importable for Activities {
    type Entity = Entity;
    type Model = Model;
    /// What a new activity is about.
    type More = Vec<(RecordKind, Uuid)>;
    const EXTERNAL_ID: Option<Column> = Some(Column::ExternalId);
    const FIELDS: &'static [Field] = &[
        shared::EXTERNAL_ID,
        known_as("kind", Form::Word, &["type", "activitytype"]),
        field("subject", Form::Text),
        known_as("body", Form::Text, &["description", "comments", "notes"]),
        field("direction", Form::Word),
        known_as("outcome", Form::Text, &["result"]),
        known_as("dueAt", Form::Moment, &["due", "duedate"]),
        known_as("completedAt", Form::Moment, &["completed", "completeddate"]),
        known_as("durationMinutes", Form::Integer, &["duration"]),
        field("lead", Form::Reference(Target::Lead)),
        field("contact", Form::Reference(Target::Contact)),
        shared::ACCOUNT,
        field("opportunity", Form::Reference(Target::Opportunity)),
        shared::OWNER,
        shared::CREATED_AT,
    ];

    fn may_change(actor: &Actor, activity: &Model) -> Result<()> {
        policy::may_change(actor, activity.owner_id)
    }

    fn blank(&self, write: &Write<'_>) -> Model {
        service::blank(write, ActivityKind::Note)
    }

    /// Whoever works on a lead comes to its activities in the same order.
    async fn lock_before(write: &Write<'_>, named: &Condition) -> Result<()> {
        let of = activity_subject::Entity::belongs_to(Entity).from(activity_subject::Column::ActivityId).to(Column::Id).into();
        let about = activity_subject::Entity::find()
            .join(JoinType::InnerJoin, of)
            .filter(named.clone())
            .filter(activity_subject::Column::RecordKind.eq(RecordKind::Lead))
            .select_only()
            .column(activity_subject::Column::RecordId)
            .distinct();
        let leads: Vec<Uuid> = about.into_tuple().all(write.connection()).await?;
        lead_activity::lock(write, write.scope().with_deleted(), leads.into_iter().map(LeadId::new)).await?;
        Ok(())
    }

    async fn prepare(&mut self, write: &Write<'_>, rows: &[Values<'_>]) -> Result<()> {
        let leads: Vec<LeadId> = rows.iter().filter_map(|row| row.referred("lead")).collect();
        let select = write.scope().find::<lead::Entity>().filter(lead::Column::Id.is_in(leads));
        let converted = select.filter(lead::Column::Status.eq(LeadStatus::ClosedConverted));
        let ids: Vec<Uuid> = converted.select_only().column(lead::Column::Id).into_tuple().all(write.connection()).await?;
        self.converted = ids.into_iter().map(Id::new).collect();
        Ok(())
    }

    async fn apply(&mut self, row: &mut Reading<'_, Model>, activity: &mut Model) -> Result<Self::More> {
        let values = row.values;
        let kind = values.word::<ActivityKind>(&mut row.cleaner, "kind").take();
        match (kind, row.before) {
            (Some(kind), None) => activity.kind = kind,
            (None, None) if row.cleaner.fine_so_far(&["kind"]) => {
                row.cleaner.problem(UserErrorCode::Required, "kind", "An activity needs a kind, such as CALL.");
            }
            _ => {}
        }
        let subject = row.required_text("subject");
        row.cleaner.required_text("subject", &subject, TextLimit::Short, &mut activity.subject);
        let fields = ActivityFields {
            body: values.text("body"),
            direction: values.word::<Direction>(&mut row.cleaner, "direction").map_value(Into::into),
            outcome: values.text("outcome"),
            due_at: values.moment(&mut row.cleaner, "dueAt").map_value(DateTime),
            duration_minutes: values.integer(&mut row.cleaner, "durationMinutes"),
            ..ActivityFields::default()
        };
        rules::apply(&mut row.cleaner, &fields, activity);
        if let Some(moment) = values.moment(&mut row.cleaner, "completedAt").take() {
            activity.completed_at = Some(moment);
            rules::check_done_by(&mut row.cleaner.problems, activity.completed_at, row.write.now);
        }
        values.reference("owner", &mut activity.owner_id);
        activity.created_at = row.created_at().unwrap_or(activity.created_at);
        Ok(if row.before.is_none() { self.subjects(row) } else { Vec::new() })
    }

    fn beside(&self, draft: &Draft<Self>) -> Json {
        if draft.before.is_some() {
            return Json::Null;
        }
        let named = draft.more.iter().map(|(kind, id)| entity::id::write_any(kind.prefix(), *id));
        json!([{ "field": "about", "before": null, "after": named.collect::<Vec<_>>() }])
    }

    fn also(&self, write: &Write<'_>, new: &[Draft<Self>]) -> Vec<Statement> {
        let links = new.iter().flat_map(|draft| draft.more.iter().map(|subject| (&draft.after, *subject)));
        write.rows::<activity_subject::Entity>(links.map(|(activity, (record_kind, record_id))| activity_subject::Model {
            activity_id: activity.id,
            record_id,
            record_kind,
            carried_from: None,
            due_order: activity.due_order,
        }))
    }

    /// Leads follow what is done about them.
    async fn after_writing(&mut self, write: &Write<'_>, new: &[Draft<Self>], changed: &[Draft<Self>]) -> Result<()> {
        let about = store::subjects(write.connection(), changed.iter().map(|draft| draft.after.id)).await?;
        let reached_out =
            |draft: &Draft<Self>| rules::is_outreach(&draft.after) && !draft.before.as_ref().is_some_and(rules::is_outreach);
        let mut followed: Vec<(LeadId, bool)> = Vec::new();
        for draft in new {
            let leads = draft.more.iter().filter(|(kind, _)| *kind == RecordKind::Lead);
            followed.extend(leads.map(|(_, id)| (LeadId::new(*id), reached_out(draft))));
        }
        for draft in changed {
            let leads = about.iter().filter(|row| row.activity_id == draft.after.id && row.record_kind == RecordKind::Lead);
            followed.extend(leads.map(|row| (LeadId::new(row.record_id), reached_out(draft))));
        }
        let contacted: HashSet<LeadId> = followed.iter().filter(|(_, reached)| *reached).map(|(id, _)| *id).collect();
        let others: HashSet<LeadId> = followed.iter().map(|(id, _)| *id).filter(|id| !contacted.contains(id)).collect();
        for (leads, reached_out) in [(contacted, true), (others, false)] {
            let locked = lead_activity::lock(write, write.scope(), leads).await?;
            lead_activity::follow(write, locked, reached_out).await?;
        }
        Ok(())
    }
}

impl Activities {
    /// What a new activity is about: at least one record, and no converted lead.
    fn subjects(&self, row: &mut Reading<'_, Model>) -> Vec<(RecordKind, Uuid)> {
        let named: Vec<(RecordKind, Uuid)> =
            ABOUT.iter().filter_map(|(field, kind)| Some((*kind, row.values.referred::<Entity>(field)?.uuid()))).collect();
        if named.is_empty() && row.cleaner.fine_so_far(&["lead", "contact", "account", "opportunity"]) {
            let sentence = "An activity is about something: name a lead, contact, account or opportunity.";
            row.cleaner.problem(UserErrorCode::Required, "about", sentence);
        }
        if named.iter().any(|(kind, id)| *kind == RecordKind::Lead && self.converted.contains(&LeadId::new(*id))) {
            let sentence = "This lead was converted and is read-only: name the account, contact or opportunity that it became.";
            row.cleaner.problem(UserErrorCode::AlreadyConverted, "lead", sentence);
        }
        named
    }
}

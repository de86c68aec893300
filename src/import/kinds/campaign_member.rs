//! Members of campaigns.

use async_graphql::MaybeUndefined;
use entity::campaign_member::{Column, Entity, Model};
use entity::{CampaignId, CampaignMemberStatus, ContactId, LeadId, LeadStatus, contact, lead};
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::{Draft, Importable, Reading};
use crate::auth::{Actor, policy};
use crate::data::write::Write;
use crate::domains::campaign_member::rules::{self, Person};
use crate::domains::campaign_member::{service, store};
use crate::domains::lead::activity as lead_activity;
use crate::error::{Result, UserErrorCode};
use crate::import::fields::{Field, Form, Target, field, known_as, shared};
use crate::import::values::Values;

/// Members of campaigns, with what is known of the leads and contacts whom the rows of a batch name.
#[derive(Default)]
pub struct CampaignMembers {
    known: Vec<Model>,
    leads: Vec<lead::Model>,
    contacts: Vec<contact::Model>,
}

impl Importable for CampaignMembers {
    type Entity = Entity;
    type Model = Model;
    /// The membership that was there, where an imported row has no id of its own to be found by.
    type More = Option<Model>;
    const EXTERNAL_ID: Option<Column> = Some(Column::ExternalId);
    const FIELDS: &'static [Field] = &[
        shared::EXTERNAL_ID,
        known_as("campaign", Form::Reference(Target::Campaign), &["campaignname", "campaignid"]),
        known_as("lead", Form::Reference(Target::Lead), &["leademail", "leadid"]),
        known_as("contact", Form::Reference(Target::Contact), &["contactemail", "contactid"]),
        field("status", Form::Word),
        known_as("respondedOn", Form::Date, &["firstrespondeddate", "responded"]),
        shared::CREATED_AT,
    ];

    fn may_change(actor: &Actor, _: &Model) -> Result<()> {
        policy::may_create(actor)
    }

    fn blank(&self, write: &Write<'_>) -> Model {
        service::blank(write, CampaignId::new(Uuid::nil()), Person::Lead(LeadId::new(Uuid::nil())))
    }

    async fn prepare(&mut self, write: &Write<'_>, rows: &[Values<'_>]) -> Result<()> {
        let leads: Vec<LeadId> = rows.iter().filter_map(|row| row.referred("lead")).collect();
        let contacts: Vec<ContactId> = rows.iter().filter_map(|row| row.referred("contact")).collect();
        self.leads = lead_activity::lock(write, write.scope(), leads.iter().copied()).await?;
        self.contacts = write
            .scope()
            .find::<contact::Entity>()
            .filter(contact::Column::Id.is_in(contacts.clone()))
            .all(write.connection())
            .await?;
        let people: Vec<Person> = leads.into_iter().map(Person::Lead).chain(contacts.into_iter().map(Person::Contact)).collect();
        self.known = store::memberships(write.connection(), &people).await?;
        Ok(())
    }

    async fn apply(&mut self, row: &mut Reading<'_, Model>, member: &mut Model) -> Result<Option<Model>> {
        let Some((campaign, person)) = named(row) else { return Ok(None) };
        self.check_person(row, person);
        let known = self.known.iter().find(|known| known.campaign_id == campaign && Person::of(known) == Some(person)).cloned();
        match (row.before, &known) {
            (Some(before), Some(known)) if before.id == known.id => {}
            (Some(_), _) => {
                let sentence =
                    "This membership is there with another campaign or person: remove it and import it under another id.";
                row.cleaner.problem(UserErrorCode::Invalid, "externalId", sentence);
            }
            (None, Some(known)) => {
                let external_id = known.external_id.clone().or(member.external_id.take());
                *member = Model { external_id, ..known.clone() };
            }
            (None, None) => {
                let fresh = service::blank(row.write, campaign, person);
                let created_at = row.created_at().unwrap_or(member.created_at);
                *member = Model { id: member.id, external_id: member.external_id.take(), created_at, ..fresh };
            }
        }
        let status = row.values.word::<CampaignMemberStatus>(&mut row.cleaner, "status").take().unwrap_or(member.status);
        let day = match row.values.date(&mut row.cleaner, "respondedOn") {
            // An empty cell says nothing about who responded on a day that is known.
            MaybeUndefined::Null => MaybeUndefined::Undefined,
            day => day,
        };
        let today = row.write.today();
        rules::set(&mut row.cleaner.problems, member, status, day, today, "respondedOn");
        // Another row of the batch may name them again.
        if known.is_none() && row.cleaner.problems.is_empty() {
            self.known.push(member.clone());
        }
        Ok(known.filter(|_| row.before.is_none()))
    }

    /// Those who are members already are changed instead.
    async fn insert(&mut self, write: &Write<'_>, new: &[Draft<Self>]) -> Result<()> {
        let mut fresh: Vec<Model> = Vec::new();
        for draft in new {
            match (&draft.more, fresh.iter_mut().find(|member| member.id == draft.after.id)) {
                // Named a second time in the same batch: the last row counts.
                (_, Some(member)) => *member = draft.after.clone(),
                (Some(known), None) => drop(write.update(known, draft.after.clone(), "updated").await?),
                (None, None) => fresh.push(draft.after.clone()),
            }
        }
        write.insert_all::<Model>(fresh, "created").await?;
        Ok(())
    }
}

/// The campaign and the person that a row names; what is missing is noted.
fn named(row: &mut Reading<'_, Model>) -> Option<(CampaignId, Person)> {
    let campaign = row.values.referred("campaign").or(row.before.map(|before| before.campaign_id));
    let lead = row.values.referred("lead").map(Person::Lead);
    let contact = row.values.referred("contact").map(Person::Contact);
    if campaign.is_none() && row.cleaner.fine_so_far(&["campaign"]) {
        row.cleaner.problem(UserErrorCode::Required, "campaign", "A member belongs to a campaign: name one.");
    }
    let person = match (lead, contact) {
        (Some(_), Some(_)) => {
            row.cleaner.problem(
                UserErrorCode::Invalid,
                "contact",
                "A member is a lead or a contact: name one of them, not both.",
            );
            None
        }
        (None, None) => row.before.and_then(Person::of),
        (lead, contact) => lead.or(contact),
    };
    if person.is_none() && row.cleaner.fine_so_far(&["lead", "contact"]) {
        row.cleaner.problem(UserErrorCode::Required, "lead", "A member is a lead or a contact: name one of them.");
    }
    campaign.zip(person)
}

impl CampaignMembers {
    /// A converted lead is read-only, and a seller changes their own leads and contacts and those of the pool.
    fn check_person(&self, row: &mut Reading<'_, Model>, person: Person) {
        let actor = row.write.actor;
        let allowed = match person {
            Person::Lead(id) => {
                let lead = self.leads.iter().find(|lead| lead.id == id);
                if lead.is_some_and(|lead| lead.status == LeadStatus::ClosedConverted) {
                    let sentence = "This lead was converted and is read-only: name the contact that it became.";
                    row.cleaner.problem(UserErrorCode::AlreadyConverted, "lead", sentence);
                }
                lead.map_or(Ok(()), |lead| policy::may_change_lead(actor, lead.owner_id))
            }
            Person::Contact(id) => {
                let contact = self.contacts.iter().find(|contact| contact.id == id);
                contact.map_or(Ok(()), |contact| policy::may_change(actor, contact.owner_id))
            }
        };
        if let Err(error) = allowed {
            let field = if matches!(person, Person::Lead(_)) { "lead" } else { "contact" };
            row.cleaner.problem(UserErrorCode::Invalid, field, error.sentences());
        }
    }
}

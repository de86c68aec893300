//! Contacts.

use entity::contact::{Column, Entity, Model};

use super::{Draft, Importable, Reading};
use crate::auth::{Actor, policy};
use crate::data::write::Write;
use crate::domains::campaign_member::{self, rules::Person};
use crate::domains::contact::input::ContactFields;
use crate::domains::contact::{rules, service};
use crate::error::Result;
use crate::import::fields::{Field, shared};

/// Contacts.
pub struct Contacts;

impl Importable for Contacts {
    type Entity = Entity;
    type Model = Model;
    type More = ();
    const ALONE: bool = true;
    const EXTERNAL_ID: Option<Column> = Some(Column::ExternalId);
    const FIELDS: &'static [Field] = &[
        shared::EXTERNAL_ID,
        shared::ACCOUNT,
        shared::FIRST_NAME,
        shared::LAST_NAME,
        shared::JOB_TITLE,
        shared::EMAIL,
        shared::PHONE,
        shared::STREET,
        shared::CITY,
        shared::REGION,
        shared::POSTAL_CODE,
        shared::COUNTRY,
        shared::DESCRIPTION,
        shared::SOURCE,
        shared::CAMPAIGN,
        shared::OWNER,
        shared::CREATED_AT,
    ];

    fn may_change(actor: &Actor, contact: &Model) -> Result<()> {
        policy::may_change(actor, contact.owner_id)
    }

    fn blank(&self, write: &Write<'_>) -> Model {
        service::blank(write)
    }

    async fn apply(&mut self, row: &mut Reading<'_, Model>, contact: &mut Model) -> Result<()> {
        let values = row.values;
        let last_name = row.required_text("lastName");
        let fields = ContactFields {
            first_name: values.text("firstName"),
            job_title: values.text("jobTitle"),
            email: values.text("email"),
            phone: values.text("phone"),
            address: values.address(&mut row.cleaner),
            description: values.text("description"),
            ..ContactFields::default()
        };
        rules::apply(&mut row.cleaner, &last_name, &fields, contact);
        values.reference("account", &mut contact.account_id);
        values.reference("source", &mut contact.source_id);
        values.reference("campaign", &mut contact.campaign_id);
        values.reference("owner", &mut contact.owner_id);
        contact.created_at = row.created_at().unwrap_or(contact.created_at);
        if let Some(before) = row.before {
            row.write.settle().await?;
            row.keep(service::check_move(row.write, before, contact).await)?;
        }
        Ok(())
    }

    /// Whoever names a campaign has answered it, on the day on which they came in.
    async fn after_writing(&mut self, write: &Write<'_>, new: &[Draft<Self>], changed: &[Draft<Self>]) -> Result<()> {
        let answers = new.iter().chain(changed).filter_map(|draft| {
            let before = draft.before.as_ref().and_then(|before| before.campaign_id);
            let campaign = draft.after.campaign_id.filter(|campaign| before != Some(*campaign))?;
            Some((campaign, Person::Contact(draft.after.id), draft.after.created_at.date_naive()))
        });
        let answers: Vec<_> = answers.collect();
        if answers.is_empty() {
            return Ok(());
        }
        write.settle().await?;
        campaign_member::service::answered(write, &answers).await
    }
}

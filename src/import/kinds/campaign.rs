//! Campaigns.

use entity::campaign::{Column, Entity, Model};

use super::{Importable, Reading};
use crate::auth::{Actor, policy};
use crate::data::write::Write;
use crate::domains::campaign::input::CampaignFields;
use crate::domains::campaign::{rules, service};
use crate::error::Result;
use crate::import::fields::{Field, Form, known_as, shared};
use crate::values::text::TextLimit;

/// Campaigns.
pub struct Campaigns;

impl Importable for Campaigns {
    type Entity = Entity;
    type Model = Model;
    type More = ();
    const EXTERNAL_ID: Option<Column> = Some(Column::ExternalId);
    const FIELDS: &'static [Field] = &[
        shared::EXTERNAL_ID,
        known_as("name", Form::Text, &["campaign", "campaignname"]),
        known_as("channel", Form::Text, &["type"]),
        known_as("startsOn", Form::Date, &["startdate"]),
        known_as("endsOn", Form::Date, &["enddate"]),
        known_as("budget", Form::Money, &["budgetedcost"]),
        known_as("cost", Form::Money, &["actualcost"]),
        known_as("active", Form::Flag, &["isactive"]),
        shared::CREATED_AT,
    ];

    fn may_create(actor: &Actor) -> Result<()> {
        policy::may_manage_lists(actor)
    }

    fn may_change(actor: &Actor, _: &Model) -> Result<()> {
        policy::may_manage_lists(actor)
    }

    fn blank(&self, write: &Write<'_>) -> Model {
        service::blank(write)
    }

    async fn apply(&mut self, row: &mut Reading<'_, Model>, campaign: &mut Model) -> Result<()> {
        let values = row.values;
        let name = row.required_text("name");
        row.cleaner.required_text("name", &name, TextLimit::Name, &mut campaign.name);
        let fields = CampaignFields {
            channel: values.text("channel"),
            starts_on: values.date(&mut row.cleaner, "startsOn"),
            ends_on: values.date(&mut row.cleaner, "endsOn"),
            budget: values.money(&mut row.cleaner, "budget"),
            cost: values.money(&mut row.cleaner, "cost"),
            ..CampaignFields::default()
        };
        rules::apply(&mut row.cleaner, &fields, campaign);
        campaign.active = values.flag(&mut row.cleaner, "active").take().unwrap_or(campaign.active);
        campaign.created_at = row.created_at().unwrap_or(campaign.created_at);
        Ok(())
    }
}

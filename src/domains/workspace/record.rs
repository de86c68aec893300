//! How the entries of the workspace's lists enter the history, and what the lists have in common.

use chrono::{DateTime, Utc};
use entity::{RecordKind, close_reason, contact, disqualification_reason, lead, lead_source, opportunity};
use sea_orm::{ColumnTrait, Condition, EntityTrait};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::auth::Scope;
use crate::auth::scope::Visible;
use crate::data::database::Transaction;
use crate::data::record::Record;
use crate::domains::fields::money;
use crate::domains::uses::Uses;
use crate::error::Result;
use crate::values::fold::fold;

/// What can be set on an entry.
pub struct Settings<'a> {
    /// What it is called.
    pub name: &'a mut String,
    /// Whether it is offered.
    pub active: &'a mut bool,
    /// Its place in the list, from 1.
    pub position: &'a mut i32,
}

/// An entry of one of the workspace's lists.
pub trait Entry: Record<Entity: Visible> {
    /// The column of the name in the form that is compared.
    const NAME_KEY: <Self::Entity as EntityTrait>::Column;
    /// The column of the place in the list, from 1.
    const POSITION: <Self::Entity as EntityTrait>::Column;

    /// What can be set.
    fn settings(&mut self) -> Settings<'_>;

    /// The list that the entry belongs to, where the table has several.
    fn list(&self) -> Condition {
        Condition::all()
    }

    /// The records that name the entry, among those of this scope.
    fn uses(&self, connection: &Transaction, scope: Scope) -> impl Future<Output = Result<Uses>> + Send;
}

impl Record for lead_source::Model {
    const KIND: RecordKind = RecordKind::LeadSource;

    fn uuid(&self) -> Uuid {
        self.id.uuid()
    }

    fn touch(&mut self, _: DateTime<Utc>) {}

    fn derive(&mut self) {
        self.name_key = fold(&self.name);
    }

    fn fields(&self) -> Vec<(&'static str, Json)> {
        vec![
            ("name", json!(self.name)),
            ("active", json!(self.active)),
            ("position", json!(self.position)),
            ("cost", money(self.cost, self.cost_currency.as_deref())),
        ]
    }
}

impl Entry for lead_source::Model {
    const NAME_KEY: lead_source::Column = lead_source::Column::NameKey;
    const POSITION: lead_source::Column = lead_source::Column::Position;

    fn settings(&mut self) -> Settings<'_> {
        Settings { name: &mut self.name, active: &mut self.active, position: &mut self.position }
    }

    async fn uses(&self, connection: &Transaction, scope: Scope) -> Result<Uses> {
        let mut uses = Uses::default();
        uses.find::<lead::Entity>(connection, scope, "leads", lead::Column::SourceId.eq(self.id)).await?;
        uses.find::<contact::Entity>(connection, scope, "contacts", contact::Column::SourceId.eq(self.id)).await?;
        uses.find::<opportunity::Entity>(connection, scope, "opportunities", opportunity::Column::SourceId.eq(self.id)).await?;
        Ok(uses)
    }
}

impl Record for disqualification_reason::Model {
    const KIND: RecordKind = RecordKind::DisqualificationReason;

    fn uuid(&self) -> Uuid {
        self.id.uuid()
    }

    fn touch(&mut self, _: DateTime<Utc>) {}

    fn derive(&mut self) {
        self.name_key = fold(&self.name);
    }

    fn fields(&self) -> Vec<(&'static str, Json)> {
        vec![("name", json!(self.name)), ("active", json!(self.active)), ("position", json!(self.position))]
    }
}

impl Entry for disqualification_reason::Model {
    const NAME_KEY: disqualification_reason::Column = disqualification_reason::Column::NameKey;
    const POSITION: disqualification_reason::Column = disqualification_reason::Column::Position;

    fn settings(&mut self) -> Settings<'_> {
        Settings { name: &mut self.name, active: &mut self.active, position: &mut self.position }
    }

    async fn uses(&self, connection: &Transaction, scope: Scope) -> Result<Uses> {
        let mut uses = Uses::default();
        uses.find::<lead::Entity>(connection, scope, "leads", lead::Column::DisqualificationReasonId.eq(self.id)).await?;
        Ok(uses)
    }
}

impl Record for close_reason::Model {
    const KIND: RecordKind = RecordKind::CloseReason;

    fn uuid(&self) -> Uuid {
        self.id.uuid()
    }

    fn touch(&mut self, _: DateTime<Utc>) {}

    fn derive(&mut self) {
        self.name_key = fold(&self.name);
    }

    fn fields(&self) -> Vec<(&'static str, Json)> {
        vec![
            ("name", json!(self.name)),
            ("category", json!(self.category)),
            ("active", json!(self.active)),
            ("position", json!(self.position)),
        ]
    }
}

impl Entry for close_reason::Model {
    const NAME_KEY: close_reason::Column = close_reason::Column::NameKey;
    const POSITION: close_reason::Column = close_reason::Column::Position;

    fn settings(&mut self) -> Settings<'_> {
        Settings { name: &mut self.name, active: &mut self.active, position: &mut self.position }
    }

    fn list(&self) -> Condition {
        Condition::all().add(close_reason::Column::Category.eq(self.category))
    }

    async fn uses(&self, connection: &Transaction, scope: Scope) -> Result<Uses> {
        let mut uses = Uses::default();
        let closed = opportunity::Column::CloseReasonId.eq(self.id);
        uses.find::<opportunity::Entity>(connection, scope, "opportunities", closed).await?;
        Ok(uses)
    }
}

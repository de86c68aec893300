//! Accounts.

use std::collections::HashMap;

use entity::account::{Column, Entity, Model};
use entity::{AccountId, AccountKind, AccountLifecycle};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

use super::{Importable, Reading};
use crate::auth::{Actor, policy};
use crate::data::write::Write;
use crate::domains::account::input::AccountFields;
use crate::domains::account::{rules, service, store};
use crate::error::Result;
use crate::import::fields::{Field, Form, Target, field, known_as, shared};
use crate::import::values::Values;
use crate::values::text::TextLimit;

/// Accounts, and which stand below which after the rows that were read.
#[derive(Default)]
pub struct Accounts {
    parents: HashMap<AccountId, Option<AccountId>>,
}

impl Importable for Accounts {
    type Entity = Entity;
    type Model = Model;
    type More = ();
    const EXTERNAL_ID: Option<Column> = Some(Column::ExternalId);
    const LATER: Option<Target> = Some(Target::Account);
    const FIELDS: &'static [Field] = &[
        shared::EXTERNAL_ID,
        known_as("name", Form::Text, &["accountname", "account", "company"]),
        known_as("kind", Form::Word, &["accountkind"]),
        field("lifecycle", Form::Word),
        known_as("industry", Form::Text, &["sector"]),
        known_as("employees", Form::Integer, &["numberofemployees", "employeecount"]),
        known_as("annualRevenue", Form::Money, &["revenue"]),
        shared::WEBSITE,
        shared::PHONE,
        shared::STREET,
        shared::CITY,
        shared::REGION,
        shared::POSTAL_CODE,
        shared::COUNTRY,
        shared::DESCRIPTION,
        known_as("parent", Form::Reference(Target::Account), &["parentaccount", "parentname"]),
        shared::OWNER,
        shared::CREATED_AT,
    ];

    fn may_change(actor: &Actor, account: &Model) -> Result<()> {
        policy::may_change(actor, account.owner_id)
    }

    fn blank(&self, write: &Write<'_>) -> Model {
        service::blank(write)
    }

    async fn prepare(&mut self, write: &Write<'_>, rows: &[Values<'_>]) -> Result<()> {
        if rows.iter().any(|row| row.referred::<Entity>("parent").is_some()) {
            store::lock_parents(write.connection()).await?;
        }
        Ok(())
    }

    async fn apply(&mut self, row: &mut Reading<'_, Model>, account: &mut Model) -> Result<()> {
        let values = row.values;
        let name = row.required_text("name");
        row.cleaner.required_text("name", &name, TextLimit::Name, &mut account.name);
        if row.before.is_none() {
            let kind = values.word::<AccountKind>(&mut row.cleaner, "kind").take();
            account.kind = kind.unwrap_or(account.kind);
            // What became of an account since it was imported isn't taken back by importing it again.
            let lifecycle = values.word::<AccountLifecycle>(&mut row.cleaner, "lifecycle").take();
            account.lifecycle = lifecycle.unwrap_or(account.lifecycle);
        }
        let fields = AccountFields {
            industry: values.text("industry"),
            employees: values.integer(&mut row.cleaner, "employees"),
            annual_revenue: values.money(&mut row.cleaner, "annualRevenue"),
            website: values.text("website"),
            phone: values.text("phone"),
            address: values.address(&mut row.cleaner),
            description: values.text("description"),
            ..AccountFields::default()
        };
        rules::apply(&mut row.cleaner, &fields, account);
        values.reference("owner", &mut account.owner_id);
        values.reference("parent", &mut account.parent_id);
        account.created_at = row.created_at().unwrap_or(account.created_at);
        self.check_parent(row, account).await
    }
}

impl Accounts {
    /// Parents close no circle, neither with what is in the database nor with rows that were read before.
    async fn check_parent(&mut self, row: &mut Reading<'_, Model>, account: &Model) -> Result<()> {
        if row.before.is_some_and(|before| before.parent_id == account.parent_id) {
            return Ok(());
        }
        let mut above = Vec::new();
        let mut next = account.parent_id;
        while let Some(id) = next.filter(|id| above.len() < rules::MOST_LEVELS && !above.contains(id)) {
            above.push(id);
            next = self.parent(row.write, id).await?;
        }
        if account.parent_id.is_some()
            && let Some(problem) = rules::problem_with_parent(account.id, &above)
        {
            row.cleaner.problems.push(problem);
            return Ok(());
        }
        self.parents.insert(account.id, account.parent_id);
        Ok(())
    }

    async fn parent(&mut self, write: &Write<'_>, id: AccountId) -> Result<Option<AccountId>> {
        if let Some(parent) = self.parents.get(&id) {
            return Ok(*parent);
        }
        let select = write.scope().with_deleted().find::<Entity>().filter(Column::Id.eq(id));
        let parent: Option<Option<AccountId>> =
            select.select_only().column(Column::ParentId).into_tuple().one(write.connection()).await?;
        self.parents.insert(id, parent.flatten());
        Ok(parent.flatten())
    }
}

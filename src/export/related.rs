//! The records that exported ones refer to: by what an import finds them.

use std::collections::{HashMap, HashSet};

use entity::{
    account, campaign, close_reason, contact, disqualification_reason, lead, lead_source, opportunity, pipeline, product,
    stage, user,
};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::Said;
use crate::app::App;
use crate::auth::Scope;
use crate::auth::scope::Visible;
use crate::error::Result;
use crate::import::fields::{Field, Form, Target};

/// A record that others refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Its name; an e-mail address where it is found by that.
    pub(super) name: String,
    /// Its external id, or its id here where it has none.
    pub(super) external_id: String,
}

/// The records that those of a page refer to, and the workspace's lists, which are short.
#[derive(Default)]
pub(super) struct Related {
    lists: HashMap<Uuid, Found>,
    records: HashMap<Uuid, Found>,
}

impl Related {
    /// Reads the lists: users, sources, reasons, pipelines and stages.
    pub(super) async fn lists(app: &App, scope: Scope) -> Result<Self> {
        let mut lists = HashMap::new();
        lists.extend(names::<user::Entity>(app, scope, user::Column::Email).await?);
        lists.extend(names::<lead_source::Entity>(app, scope, lead_source::Column::Name).await?);
        lists.extend(names::<disqualification_reason::Entity>(app, scope, disqualification_reason::Column::Name).await?);
        lists.extend(names::<close_reason::Entity>(app, scope, close_reason::Column::Name).await?);
        lists.extend(names::<pipeline::Entity>(app, scope, pipeline::Column::Name).await?);
        lists.extend(names::<stage::Entity>(app, scope, stage::Column::Name).await?);
        Ok(Self { lists, records: HashMap::new() })
    }

    /// Reads the records that a page refers to: one statement for each kind.
    pub(super) async fn load(&mut self, app: &App, scope: Scope, fields: &[Field], rows: &[Vec<Said>]) -> Result<()> {
        self.records.clear();
        let mut wanted: HashMap<Target, HashSet<Uuid>> = HashMap::new();
        for (place, field) in fields.iter().enumerate() {
            let Form::Reference(target) = field.form else { continue };
            let ids = rows.iter().filter_map(|row| if let Said::Record(id) = row[place] { id } else { None });
            wanted.entry(target).or_default().extend(ids.filter(|id| !self.lists.contains_key(id)));
        }
        for (target, ids) in wanted {
            let found = match target {
                _ if ids.is_empty() => continue,
                Target::Account => {
                    let name = account::Column::Name;
                    records::<account::Entity>(app, scope, name, account::Column::ExternalId, ids).await?
                }
                Target::Campaign => {
                    let name = campaign::Column::Name;
                    records::<campaign::Entity>(app, scope, name, campaign::Column::ExternalId, ids).await?
                }
                Target::Opportunity => {
                    let name = opportunity::Column::Name;
                    records::<opportunity::Entity>(app, scope, name, opportunity::Column::ExternalId, ids).await?
                }
                Target::Contact => {
                    let name = contact::Column::Email;
                    records::<contact::Entity>(app, scope, name, contact::Column::ExternalId, ids).await?
                }
                Target::Product => {
                    let name = product::Column::Name;
                    records::<product::Entity>(app, scope, name, product::Column::ExternalId, ids).await?
                }
                Target::Lead => records::<lead::Entity>(app, scope, lead::Column::Email, lead::Column::ExternalId, ids).await?,
                Target::Source | Target::Owner | Target::DisqualificationReason => continue,
            };
            self.records.extend(found);
        }
        Ok(())
    }

    /// What is known about a record.
    pub(super) fn find(&self, id: Uuid) -> Option<&Found> {
        self.lists.get(&id).or_else(|| self.records.get(&id))
    }
}

async fn names<E: Visible>(app: &App, scope: Scope, name: E::Column) -> Result<Vec<(Uuid, Found)>> {
    let select = scope.find::<E>().select_only().column(E::ID).column(name);
    let rows: Vec<(Uuid, String)> = select.into_tuple().all(app.database().read()).await?;
    Ok(rows.into_iter().map(|(id, name)| (id, Found { name, external_id: entity::id::write_any(E::PREFIX, id) })).collect())
}

async fn records<E: Visible>(
    app: &App,
    scope: Scope,
    name: E::Column,
    external_id: E::Column,
    ids: HashSet<Uuid>,
) -> Result<Vec<(Uuid, Found)>> {
    let select = scope.find::<E>().select_only().column(E::ID).column(name).column(external_id).filter(E::ID.is_in(ids));
    let rows: Vec<(Uuid, Option<String>, Option<String>)> = select.into_tuple().all(app.database().read()).await?;
    let found = rows.into_iter().map(|(id, name, external_id)| {
        let external_id = external_id.unwrap_or_else(|| entity::id::write_any(E::PREFIX, id));
        (id, Found { name: name.unwrap_or_default(), external_id })
    });
    Ok(found.collect())
}

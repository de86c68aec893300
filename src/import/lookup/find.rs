//! Finding the records that a batch refers to: one statement for each kind of record.

use std::collections::{HashMap, HashSet};

use entity::{Id, account, campaign, contact, disqualification_reason, lead, lead_source, opportunity, product};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::auth::scope::Visible;
use crate::data::write::Write;
use crate::domains::user::store::users;
use crate::error::Result;
use crate::import::fields::Target;
use crate::import::mapping::FindBy;
use crate::values::fold::fold;

/// A record that was found.
pub(super) struct Found {
    pub(super) id: Uuid,
    /// Whether new records may refer to it.
    pub(super) active: bool,
}

/// The records of a kind with these keys. Each way is one that the kind has.
pub(super) async fn all(write: &Write<'_>, target: Target, way: FindBy, keys: &HashSet<String>) -> Result<Vec<(String, Found)>> {
    let by_external_id = way == FindBy::ExternalId;
    match target {
        Target::Source => rows::<lead_source::Entity>(write, lead_source::Column::NameKey, keys).await,
        Target::DisqualificationReason => {
            rows::<disqualification_reason::Entity>(write, disqualification_reason::Column::NameKey, keys).await
        }
        Target::Campaign => {
            let column = if by_external_id { campaign::Column::ExternalId } else { campaign::Column::NameKey };
            rows::<campaign::Entity>(write, column, keys).await
        }
        Target::Account => {
            let column = if by_external_id { account::Column::ExternalId } else { account::Column::NameKey };
            rows::<account::Entity>(write, column, keys).await
        }
        Target::Opportunity => {
            let column = if by_external_id { opportunity::Column::ExternalId } else { opportunity::Column::NameKey };
            rows::<opportunity::Entity>(write, column, keys).await
        }
        Target::Product => {
            let column = match way {
                FindBy::Code => product::Column::CodeKey,
                FindBy::ExternalId => product::Column::ExternalId,
                _ => product::Column::NameKey,
            };
            rows::<product::Entity>(write, column, keys).await
        }
        Target::Contact => {
            let column = if by_external_id { contact::Column::ExternalId } else { contact::Column::EmailKey };
            rows::<contact::Entity>(write, column, keys).await
        }
        Target::Lead => {
            let column = if by_external_id { lead::Column::ExternalId } else { lead::Column::EmailKey };
            rows::<lead::Entity>(write, column, keys).await
        }
        Target::Owner => owners(write, way, keys).await,
    }
}

async fn rows<E: Visible>(write: &Write<'_>, column: E::Column, keys: &HashSet<String>) -> Result<Vec<(String, Found)>> {
    // What has no external id is exported with its id here.
    let ids: HashMap<Uuid, &String> = keys.iter().filter_map(|key| Some((key.parse::<Id<E>>().ok()?.uuid(), key))).collect();
    let has_id = (!ids.is_empty()).then(|| E::ID.is_in(ids.keys().copied()));
    let has_key = Condition::any().add(column.is_in(keys)).add_option(has_id);
    let select = write.scope().find::<E>().filter(has_key).select_only().column(column).column(E::ID);
    // On PostgreSQL nobody deletes them until the rows that refer to them are in.
    let select = select.order_by_asc(E::ID).lock(LockType::KeyShare);
    let rows: Vec<(Option<String>, Uuid)> = select.into_tuple().all(write.connection()).await?;
    let found = rows.into_iter().filter_map(|(key, id)| {
        let key = key.filter(|key| keys.contains(key)).or_else(|| ids.get(&id).map(|key| (*key).clone()))?;
        Some((key, Found { id, active: true }))
    });
    Ok(found.collect())
}

/// There are few users, and their names have no column to be compared by.
async fn owners(write: &Write<'_>, way: FindBy, keys: &HashSet<String>) -> Result<Vec<(String, Found)>> {
    let all = users(write.connection(), write.scope(), false).await?.into_iter().map(|user| {
        let key = if way == FindBy::Email { user.email_key } else { fold(&user.name) };
        (key, Found { id: user.id.uuid(), active: user.active })
    });
    Ok(all.filter(|(key, _)| keys.contains(key)).collect())
}

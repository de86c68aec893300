//! References: what they name, and in an input, whether they name something that is there and may be named.

use async_graphql::{Context, ID, MaybeUndefined};
use entity::{AccountId, ContactId, Id, LeadId, OpportunityId, RecordKind, UserId, user};
use uuid::Uuid;

use crate::auth::scope::Visible;
use crate::data::write::Write;
use crate::domains::account::types::Account;
use crate::domains::contact::types::Contact;
use crate::domains::lead::types::Lead;
use crate::domains::opportunity::types::Opportunity;
use crate::error::{Problems, Result, UserError, UserErrorCode};
use crate::graphql::ids;
use crate::graphql::loaders::shown;
use crate::graphql::selection::Shown;

/// Loads a lead, contact, account or opportunity as a member of a union; null for other kinds and where the caller doesn't see it.
/// The records of a kind are read together.
pub async fn by_kind<T>(ctx: &Context<'_>, place: Shown, kind: RecordKind, record: Uuid) -> Result<Option<T>>
where
    T: From<Lead> + From<Contact> + From<Account> + From<Opportunity>,
{
    Ok(match kind {
        RecordKind::Lead => shown(ctx, LeadId::new(record), place).await?.map(|row| Lead(row).into()),
        RecordKind::Contact => shown(ctx, ContactId::new(record), place).await?.map(|row| Contact(row).into()),
        RecordKind::Account => shown(ctx, AccountId::new(record), place).await?.map(|row| Account(row).into()),
        RecordKind::Opportunity => shown(ctx, OpportunityId::new(record), place).await?.map(|row| Opportunity(row).into()),
        _ => None,
    })
}

/// Notes a problem where a reference names nothing that the actor sees; answers the record otherwise.
pub async fn check<E: Visible>(
    write: &Write<'_>,
    problems: &mut Problems,
    path: &str,
    id: Option<Id<E>>,
) -> Result<Option<E::Model>> {
    let Some(id) = id else { return Ok(None) };
    let record = write.find(id).await?;
    if record.is_none() {
        let kind = E::PREFIX.replace('_', " ");
        problems.push(UserError::at(UserErrorCode::NotFound, path, format!("There is no such {kind}. Check the id.")));
    }
    Ok(record)
}

/// The owner that a record is given to: an active user, or nobody. It must be said which.
pub async fn new_owner(write: &Write<'_>, owner_id: &MaybeUndefined<ID>) -> Result<Option<UserId>> {
    let mut problems = Problems::default();
    if owner_id.is_undefined() {
        let sentence = "Say who gets it: a user's id, or null for nobody.";
        problems.push(UserError::at(UserErrorCode::Required, "ownerId", sentence));
    }
    let owner = ids::reference(&mut problems, "ownerId", owner_id.value());
    check_owner(write, &mut problems, "ownerId", owner).await?;
    problems.check()?;
    Ok(owner)
}

/// The same for an owner, who must be active besides.
pub async fn check_owner(
    write: &Write<'_>,
    problems: &mut Problems,
    path: &str,
    id: Option<UserId>,
) -> Result<Option<user::Model>> {
    let owner = check::<user::Entity>(write, problems, path, id).await?;
    if let Some(owner) = owner.as_ref().filter(|owner| !owner.active) {
        let sentence = format!("{} is deactivated and cannot own records: name an active user.", owner.name);
        problems.push(UserError::at(UserErrorCode::InactiveUser, path, sentence));
    }
    Ok(owner)
}

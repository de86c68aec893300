//! References in an input: do they name something that is there, and may it be named?

use entity::{Id, UserId, user};

use crate::auth::scope::Visible;
use crate::data::write::Write;
use crate::error::{Problems, Result, UserError, UserErrorCode};

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

//! Contacts' parts in opportunities: any number of them, exactly one primary where there are any.

use async_graphql::MaybeUndefined;
use entity::{BuyingRole, ContactId, opportunity};
use serde_json::{Value as Json, json};

use super::input::{RemoveContactRoleInput, SetContactRoleInput};
use super::service::{check_contact, for_change};
use super::{rules, store};
use crate::data::write::Write;
use crate::error::{Error, Problems, Result, UserError, UserErrorCode};
use crate::graphql::ids;

/// Gives a contact a part in an opportunity, or changes it. The first contact becomes the primary one.
pub async fn set(write: &Write<'_>, input: SetContactRoleInput) -> Result<opportunity::Model> {
    let before = for_change(write, &input.opportunity_id, "opportunityId", input.expected_version).await?;
    let contact: ContactId = ids::subject(&input.contact_id, "contactId")?;
    let mut problems = Problems::default();
    check_contact(write, &mut problems, "contactId", before.account_id, Some(contact)).await?;
    let is_primary = before.primary_contact_id == Some(contact);
    if is_primary && input.primary == Some(false) {
        problems.push(rules::primary_needed("primary"));
    }
    problems.check()?;

    let known = store::role_of(write.connection(), before.id, contact).await?.map(|row| row.role);
    let role = match input.role {
        MaybeUndefined::Undefined => known.flatten(),
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(role) => Some(BuyingRole::from(role)),
    };
    let mut opportunity = before.clone();
    if input.primary == Some(true) || before.primary_contact_id.is_none() {
        opportunity.primary_contact_id = Some(contact);
    }
    if known == Some(role) {
        let opportunity = write.update(&before, opportunity, "contact_role_set").await?;
        return Ok(opportunity);
    }
    match known {
        None => store::add_role(write, before.id, contact, role).await?,
        Some(_) => store::set_role(write.connection(), before.id, contact, role).await?,
    }
    let change = role_change(contact, known, Some(role));
    write.update_with(&before, opportunity, "contact_role_set", change).await
}

/// Takes away a contact's part in an opportunity, unless it is the primary one's.
pub async fn remove(write: &Write<'_>, input: RemoveContactRoleInput) -> Result<opportunity::Model> {
    let before = for_change(write, &input.opportunity_id, "opportunityId", input.expected_version).await?;
    let contact: ContactId = ids::subject(&input.contact_id, "contactId")?;
    let Some(known) = store::role_of(write.connection(), before.id, contact).await? else {
        let sentence = "This contact has no part in the opportunity. Check the id.";
        return Err(Error::refused(UserError::at(UserErrorCode::NotFound, "contactId", sentence)));
    };
    if before.primary_contact_id == Some(contact) {
        return Err(rules::primary_in_use(&before));
    }
    store::remove_role(write.connection(), before.id, contact).await?;
    let change = role_change(contact, Some(known.role), None);
    write.update_with(&before, before.clone(), "contact_role_removed", change).await
}

/// What the history tells of a contact role: the contact and its part before and afterwards, null where it had none.
pub fn role_change(contact: ContactId, before: Option<Option<BuyingRole>>, after: Option<Option<BuyingRole>>) -> Json {
    Json::Array(role_changes(contact, before, after).into())
}

/// The same as one entry among several.
pub fn role_changes(contact: ContactId, before: Option<Option<BuyingRole>>, after: Option<Option<BuyingRole>>) -> [Json; 1] {
    let part = |role: Option<Option<BuyingRole>>| {
        role.map_or(Json::Null, |role| json!({ "contact": contact.to_string(), "role": role.map(BuyingRole::as_str) }))
    };
    [json!({ "field": "contactRoles", "before": part(before), "after": part(after) })]
}

//! What somebody may do: pure decisions. A VIEWER writes nothing; a REP changes their own records and the pool's leads;
//! a MANAGER and an ADMIN change all; the workspace's lists belong to managers, its settings, pipelines and users to administrators.

use entity::{Role, UserId};

use super::Actor;
use crate::error::{Error, Result};

/// May this actor create records at all?
pub fn may_create(actor: &Actor) -> Result<()> {
    match actor.role() {
        Role::Viewer => Err(Error::forbidden("Your role, VIEWER, may read everything and change nothing.")),
        Role::Admin | Role::Manager | Role::Rep => Ok(()),
    }
}

/// May this actor change a record with this owner?
pub fn may_change(actor: &Actor, owner: Option<UserId>) -> Result<()> {
    may_create(actor)?;
    if actor.role() == Role::Rep && owner != Some(actor.id()) {
        return Err(Error::forbidden("Your role, REP, may change only your own records and the leads in the pool."));
    }
    Ok(())
}

/// May this actor change a lead with this owner? A lead without one lies in the pool, where any seller may work on it.
pub fn may_change_lead(actor: &Actor, owner: Option<UserId>) -> Result<()> {
    if owner.is_none() { may_create(actor) } else { may_change(actor, owner) }
}

/// May this actor change the workspace's lists: sources, campaigns, reasons?
pub fn may_manage_lists(actor: &Actor) -> Result<()> {
    match actor.role() {
        Role::Admin | Role::Manager => Ok(()),
        Role::Rep | Role::Viewer => Err(Error::forbidden("Only a MANAGER or an ADMIN may change the workspace's lists.")),
    }
}

/// May this actor change the workspace's settings and its pipelines?
pub fn may_manage_settings(actor: &Actor) -> Result<()> {
    match actor.role() {
        Role::Admin => Ok(()),
        Role::Manager | Role::Rep | Role::Viewer => {
            Err(Error::forbidden("Only an ADMIN may change the workspace's settings and pipelines."))
        }
    }
}

/// May this actor decide how leads come in and who gets them?
pub fn may_direct_leads(actor: &Actor) -> Result<()> {
    match actor.role() {
        Role::Admin | Role::Manager => Ok(()),
        Role::Rep | Role::Viewer => {
            Err(Error::forbidden("Only a MANAGER or an ADMIN may decide how leads come in and who gets them."))
        }
    }
}

/// May this actor create and change users?
pub fn may_manage_users(actor: &Actor) -> Result<()> {
    match actor.role() {
        Role::Admin => Ok(()),
        Role::Manager | Role::Rep | Role::Viewer => Err(Error::forbidden("Only an ADMIN may create or change users.")),
    }
}

//! Creating records that rows refer to and that aren't there.

use std::collections::HashMap;

use entity::{AccountId, CampaignId, Id, LeadSourceId, RecordKind, Role, TeamId, UserId, account, campaign, lead_source, team, user};
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use crate::auth::{password, policy};
use crate::data::write::Write;
use crate::domains::{account as accounts, user as users, workspace};
use crate::error::{Result, UserErrorCode};
use crate::import::fields::Target;
use crate::import::mapping::{FieldRules, FindBy, TeamMapping};
use crate::values::email::{clean_email, email_key};
use crate::values::fold::fold;
use crate::values::text::{TextLimit, clean};

/// A record that will be created when a good row refers to it.
pub(super) struct Planned {
    target: Target,
    name: String,
    /// Of a user: their address, or the domain at which they get one.
    email: Option<String>,
    teams: Vec<TeamMapping>,
}

impl Planned {
    /// Plans a record of a name, or a user of an e-mail address. Otherwise the sentence that says why there can't be one.
    pub(super) fn new(write: &Write<'_>, (target, way): (Target, FindBy), text: &str, rules: &FieldRules) -> Result<Self, String> {
        let allowed = match target {
            Target::Owner => policy::may_manage_users(write.actor),
            Target::Account => policy::may_create(write.actor),
            _ => policy::may_manage_lists(write.actor),
        };
        let noun = target.noun();
        allowed.map_err(|error| format!("There is no {noun} {text:?}, and you may not create it: {}", error.sentences()))?;
        let cleaned = clean(text, TextLimit::Name).map_err(|problem| problem.message(&format!("The {noun}'s name")))?;
        let name = cleaned.ok_or_else(|| format!("The {noun} has no name."))?;
        let (name, email) = match (target, way) {
            (Target::Owner, FindBy::Email) => {
                let email = clean_email(&name).map_err(|problem| problem.message("The user's e-mail address"))?.unwrap_or_default();
                (email.split('@').next().unwrap_or_default().to_owned(), Some(email))
            }
            (Target::Owner, _) => (name, rules.email_domain.clone()),
            _ => (name, None),
        };
        Ok(Self { target, name, email, teams: rules.teams.clone() })
    }
}

/// Creates what was planned, with the ids under which rows refer to it.
pub(super) async fn all(write: &Write<'_>, planned: Vec<(Uuid, Planned)>) -> Result<()> {
    let of = |target: Target| planned.iter().filter(move |(_, planned)| planned.target == target);
    if of(Target::Owner).next().is_some() {
        let mut newcomers = Newcomers::new(write).await?;
        for (id, planned) in of(Target::Owner) {
            newcomers.create(write, *id, planned).await?;
        }
    }
    let named = of(Target::Account).map(|(id, planned)| {
        let id: AccountId = Id::new(*id);
        account::Model { id, name: planned.name.clone(), ..accounts::service::blank(write) }
    });
    write.insert_all(named.collect(), "created").await?;
    sources(write, of(Target::Source).map(|(id, planned)| (Id::new(*id), planned.name.as_str())).collect()).await?;
    campaigns(write, of(Target::Campaign).map(|(id, planned)| (Id::new(*id), planned.name.as_str())).collect()).await
}

//! Creating records that rows refer to and that aren't there.

use std::collections::{HashMap, HashSet};

use entity::{
    AccountId, CampaignId, Id, LeadSourceId, ProductId, Role, TeamId, UserId, account, campaign, lead_source, product, team, user,
};
use uuid::Uuid;

use crate::auth::{password, policy};
use crate::data::write::Write;
use crate::domains::{account as accounts, campaign as campaigns_domain, product as products, user as users, workspace};
use crate::error::Result;
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
    pub(super) fn new(
        write: &Write<'_>,
        (target, way): (Target, FindBy),
        text: &str,
        rules: &FieldRules,
    ) -> Result<Self, String> {
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
                let email =
                    clean_email(&name).map_err(|problem| problem.message("The user's e-mail address"))?.unwrap_or_default();
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
    let named = of(Target::Product).map(|(id, planned)| {
        let id: ProductId = Id::new(*id);
        product::Model { id, name: planned.name.clone(), ..products::service::blank(write) }
    });
    write.insert_all(named.collect(), "created").await?;
    campaigns(write, of(Target::Campaign).map(|(id, planned)| (Id::new(*id), planned.name.as_str())).collect()).await
}

async fn sources(write: &Write<'_>, named: Vec<(LeadSourceId, &str)>) -> Result<()> {
    if named.is_empty() {
        return Ok(());
    }
    workspace::store::take_turns(write.connection()).await?;
    for (id, name) in named {
        let name = name.to_owned();
        let mut source = lead_source::Model {
            id,
            name,
            name_key: String::new(),
            active: true,
            position: 0,
            cost: None,
            cost_currency: None,
            created_at: write.now,
        };
        source.position = workspace::store::next_position(write.connection(), &source).await?;
        write.insert(source, "created").await?;
    }
    Ok(())
}

async fn campaigns(write: &Write<'_>, named: Vec<(CampaignId, &str)>) -> Result<()> {
    for (id, name) in named {
        let campaign = campaign::Model { id, name: name.to_owned(), ..campaigns_domain::service::blank(write) };
        write.insert(campaign, "created").await?;
    }
    Ok(())
}

/// Users and teams that an import creates. They can't sign in until an administrator gives them a password.
struct Newcomers {
    password_hash: String,
    users: HashMap<String, UserId>,
    addresses: HashSet<String>,
    teams: HashMap<String, TeamId>,
}

impl Newcomers {
    async fn new(write: &Write<'_>) -> Result<Self> {
        workspace::store::take_turns(write.connection()).await?;
        let all = users::store::users(write.connection(), write.scope(), false).await?;
        let teams = users::store::teams(write.connection(), write.scope()).await?;
        Ok(Self {
            // Nobody knows this password, and all newcomers may share it: hashing is slow by design.
            password_hash: password::hash(users::administration::new_password()?).await?,
            addresses: all.iter().map(|user| user.email_key.clone()).collect(),
            users: all.into_iter().map(|user| (fold(&user.name), user.id)).collect(),
            teams: teams.into_iter().map(|team| (fold(&team.name), team.id)).collect(),
        })
    }

    async fn create(&mut self, write: &Write<'_>, id: Uuid, planned: &Planned) -> Result<()> {
        let name = fold(&planned.name);
        let team = planned.teams.iter().find(|team| team.members.iter().any(|member| fold(member) == name));
        let managed = planned.teams.iter().any(|team| team.manager.as_deref().is_some_and(|manager| fold(manager) == name));
        let team_id = match team {
            Some(team) => Some(self.team(write, team, planned).await?),
            None => None,
        };
        let role = if managed { Role::Manager } else { Role::Rep };
        self.user(write, UserId::new(id), &planned.name, planned.email.as_deref(), role, team_id).await
    }

    async fn team(&mut self, write: &Write<'_>, mapped: &TeamMapping, planned: &Planned) -> Result<TeamId> {
        if let Some(id) = self.teams.get(&fold(&mapped.name)) {
            return Ok(*id);
        }
        let manager_id = match &mapped.manager {
            None => None,
            Some(manager) => match self.users.get(&fold(manager)) {
                Some(id) => Some(*id),
                None => {
                    let id = write.new_id();
                    self.user(write, id, manager, planned.email.as_deref(), Role::Manager, None).await?;
                    Some(id)
                }
            },
        };
        let team = team::Model { id: write.new_id(), name: mapped.name.clone(), manager_id, created_at: write.now };
        let team = write.insert(team, "created").await?;
        self.teams.insert(fold(&team.name), team.id);
        Ok(team.id)
    }

    async fn user(
        &mut self,
        write: &Write<'_>,
        id: UserId,
        name: &str,
        email: Option<&str>,
        role: Role,
        team_id: Option<TeamId>,
    ) -> Result<()> {
        let email = self.address(name, email.unwrap_or("invalid.example"));
        let user = user::Model {
            id,
            name: name.to_owned(),
            email_key: email_key(&email),
            email,
            password_hash: self.password_hash.clone(),
            role,
            active: true,
            team_id,
            created_at: write.now,
            updated_at: write.now,
        };
        let user = write.insert(user, "created").await?;
        self.users.insert(fold(&user.name), user.id);
        self.addresses.insert(user.email_key);
        Ok(())
    }

    /// The address that was given, or one made of the name that nobody has yet.
    fn address(&self, name: &str, given: &str) -> String {
        if given.contains('@') {
            return given.to_owned();
        }
        let folded = fold(name);
        let parts: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
        let local = if parts.is_empty() { "user".to_owned() } else { parts.join(".") };
        let numbered = (2..).map(|number| format!("{local}{number}@{given}"));
        let mut candidates = std::iter::once(format!("{local}@{given}")).chain(numbered);
        candidates.find(|address| !self.addresses.contains(&email_key(address))).unwrap_or_default()
    }
}

//! What hangs off an opportunity: contact roles, competitors, milestones.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{competitor, contact_role, milestone};

use crate::domains::contact::types::Contact;
use crate::domains::user::types::User;
use crate::error::Result;
use crate::graphql::at_once::at_once;
use crate::graphql::enums::{BuyingRole, MilestoneKind};
use crate::graphql::loaders;
use crate::graphql::objects::Answered;
use crate::graphql::scalars::Date;

/// A contact's part in an opportunity.
pub struct ContactRole {
    /// The row.
    pub role: contact_role::Model,
    /// Whether the contact is the primary one.
    pub primary: bool,
}

/// A contact's part in an opportunity.
#[Object]
impl ContactRole {
    /// The contact.
    async fn contact(&self, ctx: &Context<'_>) -> Result<Answered<Contact>> {
        loaders::answered(ctx, self.role.contact_id, Contact).await
    }

    /// The contact's part in the decision to buy; null while it isn't known.
    async fn role(&self) -> Option<BuyingRole> {
        self.role.role.map(Into::into)
    }

    /// Whether this is the one contact whom we talk to first. Exactly one contact is, where there are any.
    async fn primary(&self) -> bool {
        self.primary
    }
}

/// Somebody else who wants to make the sale.
#[derive(Debug, Clone, SimpleObject)]
pub struct Competitor {
    /// The competitor's id, of this opportunity only: the same company in another sale has another one.
    #[graphql(owned)]
    pub id: ID,
    /// The competitor's name.
    pub name: String,
    /// Whether the account buys from them today.
    pub incumbent: bool,
    /// Whether the buyer has dismissed them.
    pub dismissed: bool,
    /// What speaks for them.
    pub strengths: Option<String>,
    /// What speaks against them.
    pub weaknesses: Option<String>,
}

at_once!(Competitor: id name incumbent dismissed strengths weaknesses);

impl From<competitor::Model> for Competitor {
    fn from(row: competitor::Model) -> Self {
        let competitor::Model { id, name, incumbent, dismissed, strengths, weaknesses, .. } = row;
        Self { id: id.to_string().into(), name, incumbent, dismissed, strengths, weaknesses }
    }
}

/// A step towards the signature.
pub struct Milestone {
    /// Which.
    pub kind: entity::MilestoneKind,
    /// The row; none while the step is open.
    pub reached: Option<milestone::Model>,
}

/// A step towards the signature, reached or open.
#[Object]
impl Milestone {
    /// Which step.
    async fn kind(&self) -> MilestoneKind {
        self.kind.into()
    }

    /// The day it was reached; null while it is open.
    async fn reached_on(&self) -> Option<Date> {
        self.reached.as_ref().map(|row| Date(row.reached_on))
    }

    /// Who said so last; null while it is open.
    async fn reached_by(&self, ctx: &Context<'_>) -> Option<Result<Answered<User>>> {
        loaders::nullable(ctx, self.reached.as_ref().and_then(|row| row.reached_by), User).await
    }

    /// More about it.
    async fn note(&self) -> Option<&str> {
        self.reached.as_ref().and_then(|row| row.note.as_deref())
    }
}

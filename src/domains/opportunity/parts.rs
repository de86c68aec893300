//! What hangs off an opportunity: contact roles, competitors.

use async_graphql::{Context, Object, SimpleObject};
use entity::contact_role;

use crate::domains::contact::types::Contact;
use crate::error::Result;
use crate::graphql::enums::BuyingRole;
use crate::graphql::loaders;

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
    async fn contact(&self, ctx: &Context<'_>) -> Result<Contact> {
        Ok(Contact(loaders::required(ctx, self.role.contact_id).await?))
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

//! What hangs off an opportunity: contact roles, moves, line items, competitors.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{contact_role, stage_change};

use crate::domains::contact::types::Contact;
use crate::domains::pipeline::types::Stage;
use crate::domains::user::types::User;
use crate::error::Result;
use crate::graphql::common::Money;
use crate::graphql::enums::BuyingRole;
use crate::graphql::scalars::{Date, DateTime, Decimal};
use crate::graphql::{context, loaders};

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

/// One move of an opportunity.
pub struct StageChange(pub stage_change::Model);

/// One move of an opportunity to a stage, with what the opportunity was worth right after it.
#[Object]
impl StageChange {
    /// The stage that it left; null when the opportunity was created.
    async fn from(&self, ctx: &Context<'_>) -> Result<Option<Stage>> {
        Ok(loaders::optional(ctx, self.0.from_stage_id).await?.map(Stage))
    }

    /// The stage that it came to.
    async fn to(&self, ctx: &Context<'_>) -> Result<Stage> {
        Ok(Stage(loaders::required(ctx, self.0.to_stage_id).await?))
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// By whom; null for the system itself.
    async fn by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(loaders::optional(ctx, self.0.by).await?.map(User))
    }

    /// The amount at that moment. In the base currency it counts at the exchange rate of that day.
    async fn amount(&self, ctx: &Context<'_>) -> Result<Option<Money>> {
        let day = context::app(ctx)?.day_of(self.0.at);
        Ok(Money::of(self.0.amount, self.0.currency.as_deref()).map(|money| money.on(Some(day))))
    }

    /// The win probability at that moment, in percent.
    async fn probability(&self) -> i32 {
        self.0.probability
    }

    /// The close date at that moment.
    async fn close_date(&self) -> Date {
        Date(self.0.close_date)
    }

    /// How long it had been in the stage that it left, in seconds; null when the opportunity was created.
    async fn seconds_in_previous(&self) -> Option<i32> {
        self.0.seconds_in_previous.map(seconds)
    }
}

/// Seconds as GraphQL's Int takes them: up to 68 years.
pub fn seconds(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
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

/// Something that we sell.
#[derive(Debug, Clone, SimpleObject)]
pub struct Product {
    /// The product's id.
    #[graphql(owned)]
    pub id: ID,
    /// The product's name.
    pub name: String,
    /// The code that the product is ordered by.
    pub code: Option<String>,
    /// The group of products that it belongs to.
    pub family: Option<String>,
    /// What one unit costs before any discount.
    pub unit_price: Option<Money>,
    /// Whether the product is offered.
    pub active: bool,
}

/// One product, or something else, that an opportunity is about.
#[derive(Debug, Clone, SimpleObject)]
pub struct LineItem {
    /// The line item's id.
    #[graphql(owned)]
    pub id: ID,
    /// The product; null for something that is not in the catalogue.
    pub product: Option<Product>,
    /// What is sold, in words.
    pub description: Option<String>,
    /// How many units.
    pub quantity: Decimal,
    /// What one unit costs before the discount.
    pub unit_price: Money,
    /// The discount in percent, from 0 to 100.
    pub discount_percent: Decimal,
    /// Quantity times unit price less the discount.
    pub total: Money,
}

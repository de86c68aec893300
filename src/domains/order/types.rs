//! Orders as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{RecordKind, order};

use super::rules;
use crate::domains::account::types::Account;
use crate::domains::history::types::{Change, history};
use crate::domains::opportunity::types::Opportunity;
use crate::domains::quote::lines;
use crate::domains::quote::store::LinesOf;
use crate::domains::quote::types::{Quote, QuoteLine};
use crate::error::Result;
use crate::graphql::at_once::at_once;
use crate::graphql::common::Money;
use crate::graphql::connection::Connection;
use crate::graphql::enums::OrderStatus;
use crate::graphql::list::page_size;
use crate::graphql::objects::Answered;
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::{context, loaders};
use crate::values::money;

/// An order.
#[derive(Clone)]
pub struct Order(pub Arc<order::Model>);

impl From<order::Model> for Order {
    fn from(row: order::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// What was sold, to whom and on what terms: the win of an opportunity with an accepted quote leaves it. Only its status and
/// the number of the signed contract can be changed.
#[Object]
impl Order {
    /// The order's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Counts the changes of the order, from 1: give it as `expectedVersion` to guard a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What the order is called, for example `O-00042`.
    async fn reference(&self) -> String {
        rules::reference(self.0.number)
    }

    /// The number, from 1 without gaps.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// How far it has come.
    async fn status(&self) -> OrderStatus {
        self.0.status.into()
    }

    /// The number of the signed contract.
    async fn contract_number(&self) -> Option<&str> {
        self.0.contract_number.as_deref()
    }

    /// To whom it was sold.
    async fn account(&self, ctx: &Context<'_>) -> Result<Answered<Account>> {
        loaders::answered(ctx, self.0.account_id, Account).await
    }

    /// The opportunity whose win left it.
    async fn opportunity(&self, ctx: &Context<'_>) -> Result<Answered<Opportunity>> {
        loaders::answered(ctx, self.0.opportunity_id, Opportunity).await
    }

    /// The quote that was accepted.
    async fn quote(&self, ctx: &Context<'_>) -> Result<Answered<Quote>> {
        loaders::answered(ctx, self.0.quote_id, Quote).await
    }

    /// What was sold, in order: the lines of the quote.
    #[graphql(complexity = "lines::USUAL_NUMBER * child_complexity + 1")]
    async fn lines(&self, ctx: &Context<'_>) -> Result<Vec<QuoteLine>> {
        let lines = context::loaders(ctx)?.load_one(LinesOf(self.0.quote_id)).await?.unwrap_or_default();
        Ok(lines.into_iter().map(|line| QuoteLine { line, currency: self.0.currency.clone() }).collect())
    }

    /// What it is worth: the sum of the lines.
    async fn total(&self) -> Money {
        Money::from(money::Money { amount: self.0.total, currency: self.0.currency.clone() }).on(Some(self.0.ordered_on))
    }

    /// When and how it is to be paid.
    async fn payment_terms(&self) -> Option<&str> {
        self.0.payment_terms.as_deref()
    }

    /// The day on which the sale was won.
    async fn ordered_on(&self) -> Date {
        Date(self.0.ordered_on)
    }

    /// What happened to the order, newest first.
    #[graphql(complexity = "page_size(first, None) * child_complexity + 1")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Change>> {
        history(ctx, RecordKind::Order, self.0.id.uuid(), first, after).await
    }

    /// When the order was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When the order was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

at_once!(Order:
    id version reference number status contract_number account total payment_terms ordered_on created_at updated_at
);

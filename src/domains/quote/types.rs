//! Quotes as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{RecordKind, quote, quote_line};

use super::lines;
use super::rules;
use super::store::LinesOf;
use crate::domains::history::types::{Change, history};
use crate::domains::opportunity::types::Opportunity;
use crate::domains::product::types::Product;
use crate::error::Result;
use crate::graphql::at_once::at_once;
use crate::graphql::common::Money;
use crate::graphql::connection::Connection;
use crate::graphql::enums::QuoteStatus;
use crate::graphql::list::page_size;
use crate::graphql::objects::Answered;
use crate::graphql::scalars::{Date, DateTime, Decimal};
use crate::graphql::{context, loaders};
use crate::values::money;

/// A quote.
#[derive(Clone)]
pub struct Quote(pub Arc<quote::Model>);

impl From<quote::Model> for Quote {
    fn from(row: quote::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// One version of an offer to a customer: a snapshot of what is sold, with payment terms and an expiry date. It can be changed
/// while it is a draft, and never again after that.
#[Object]
impl Quote {
    /// The quote's id. Each version has one of its own.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Counts the changes of the quote, from 1: give it as `expectedVersion` to guard a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What the quote is called: `Q-00042`, and from its second version on `Q-00042-2`.
    async fn reference(&self) -> String {
        rules::reference(self.0.number, self.0.revision)
    }

    /// The number, from 1 without gaps, the same for all versions of the quote.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// Which version of the quote it is, from 1.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// The version before; null for the first one.
    async fn previous(&self, ctx: &Context<'_>) -> Option<Result<Answered<Quote>>> {
        loaders::nullable(ctx, self.0.previous_id, Quote).await
    }

    /// The opportunity that it is for. It can't be deleted while it has quotes.
    async fn opportunity(&self, ctx: &Context<'_>) -> Result<Answered<Opportunity>> {
        loaders::answered(ctx, self.0.opportunity_id, Opportunity).await
    }

    /// How far it has come, as of today in the workspace's time zone.
    async fn status(&self, ctx: &Context<'_>) -> Result<QuoteStatus> {
        Ok(rules::status(&self.0, context::app(ctx)?.today()).into())
    }

    /// What is offered, in order.
    #[graphql(complexity = "lines::USUAL_NUMBER * child_complexity + 1")]
    async fn lines(&self, ctx: &Context<'_>) -> Result<Vec<QuoteLine>> {
        let lines = context::loaders(ctx)?.load_one(LinesOf(self.0.id)).await?.unwrap_or_default();
        Ok(lines.into_iter().map(|line| QuoteLine { line, currency: self.0.currency.clone() }).collect())
    }

    /// The sum of the lines.
    async fn total(&self) -> Money {
        money::Money { amount: self.0.total, currency: self.0.currency.clone() }.into()
    }

    /// When and how it is to be paid.
    async fn payment_terms(&self) -> Option<&str> {
        self.0.payment_terms.as_deref()
    }

    /// The last day on which it can be accepted; null where it does not expire.
    async fn expires_on(&self) -> Option<Date> {
        self.0.expires_on.map(Date)
    }

    /// What else the customer is told.
    async fn notes(&self) -> Option<&str> {
        self.0.notes.as_deref()
    }

    /// When it was sent.
    async fn sent_at(&self) -> Option<DateTime> {
        self.0.sent_at.map(DateTime)
    }

    /// When it was accepted.
    async fn accepted_at(&self) -> Option<DateTime> {
        self.0.accepted_at.map(DateTime)
    }

    /// When it was rejected.
    async fn rejected_at(&self) -> Option<DateTime> {
        self.0.rejected_at.map(DateTime)
    }

    /// Where this server has the quote as an HTML document for the customer, for whoever is signed in: a path such as
    /// `/quotes/quote_01jqz….html`.
    async fn document_path(&self) -> String {
        format!("/quotes/{}.html", self.0.id)
    }

    /// What happened to the quote, newest first.
    #[graphql(complexity = "page_size(first, None) * child_complexity + 1")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start: 1 to 200, by default 50.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Change>> {
        history(ctx, RecordKind::Quote, self.0.id.uuid(), first, after).await
    }

    /// When the quote was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When the quote was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

at_once!(Quote:
    id version reference number revision total payment_terms expires_on notes sent_at accepted_at rejected_at document_path
    created_at updated_at
);

/// One line of a quote, or of the order that it left.
#[derive(Clone)]
pub struct QuoteLine {
    /// The row.
    pub line: quote_line::Model,
    /// The quote's currency.
    pub currency: String,
}

impl QuoteLine {
    fn money(&self, amount: i64) -> Money {
        money::Money { amount, currency: self.currency.clone() }.into()
    }
}

/// One line of a quote: a snapshot that stays as it is when the product changes.
#[Object]
impl QuoteLine {
    /// Its place among the lines, from 1.
    async fn position(&self) -> i32 {
        self.line.position
    }

    /// The product as it is today; null for something that is not in the catalogue.
    async fn product(&self, ctx: &Context<'_>) -> Option<Result<Answered<Product>>> {
        loaders::nullable(ctx, self.line.product_id, Product).await
    }

    /// The product's code when the line was written.
    async fn product_code(&self) -> Option<&str> {
        self.line.product_code.as_deref()
    }

    /// The product's name when the line was written.
    async fn product_name(&self) -> Option<&str> {
        self.line.product_name.as_deref()
    }

    /// What is offered, in words.
    async fn description(&self) -> Option<&str> {
        self.line.description.as_deref()
    }

    /// How many units, with at most 3 decimals.
    async fn quantity(&self) -> Decimal {
        Decimal(lines::quantity(self.line.quantity))
    }

    /// What one unit costs before the discount.
    async fn unit_price(&self) -> Money {
        self.money(self.line.unit_price)
    }

    /// The discount in percent, from 0 to 100; null where there is none, or an amount.
    async fn discount_percent(&self) -> Option<Decimal> {
        self.line.discount_percent.map(|percent| Decimal(lines::percent(percent)))
    }

    /// The discount on the whole line as an amount; null where there is none, or a percentage.
    async fn discount_amount(&self) -> Option<Money> {
        self.line.discount_amount.map(|amount| self.money(amount))
    }

    /// Quantity times unit price less the discount.
    async fn total(&self) -> Money {
        self.money(self.line.total)
    }
}

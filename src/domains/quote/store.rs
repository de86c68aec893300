//! What quotes are asked of the database, and nothing else.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{OpportunityId, OrderStatus, QuoteId, QuoteStatus, counter, order, quote, quote_line};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::filter::{AsOf, QuoteOrder};
use crate::auth::Scope;
use crate::data::page::{Order, SortKey};
use crate::data::write::Write;
use crate::error::{Error, Result};
use crate::graphql::filter::Filter;
use crate::graphql::list::ChildList;
use crate::graphql::loaders::Source;

/// What has numbers without gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbered {
    /// Quotes.
    Quote,
    /// Orders.
    Order,
}

/// The next number. Whoever else wants one waits until this transaction ends, and gets this one where it is undone: so take it
/// as late as possible.
pub async fn next_number(write: &Write<'_>, numbered: Numbered) -> Result<i32> {
    let name = match numbered {
        Numbered::Quote => "quote",
        Numbered::Order => "order",
    };
    let counters = counter::Entity::update_many()
        .col_expr(counter::Column::Value, Expr::col(counter::Column::Value).add(1))
        .filter(counter::Column::Name.eq(name))
        .exec_with_returning(write.connection())
        .await?;
    counters.first().map(|counter| counter.value).ok_or_else(|| Error::internal(format!("there is no counter {name}")))
}

/// A quote as it is, without a lock: its opportunity is locked first, and that never changes.
pub async fn find(connection: &impl ConnectionTrait, scope: Scope, id: QuoteId) -> Result<Option<quote::Model>> {
    Ok(scope.find::<quote::Entity>().filter(quote::Column::Id.eq(id)).one(connection).await?)
}

/// The accepted quote of an opportunity.
pub async fn accepted(
    connection: &impl ConnectionTrait,
    scope: Scope,
    opportunity: OpportunityId,
) -> Result<Option<quote::Model>> {
    Ok(scope
        .find::<quote::Entity>()
        .filter(quote::Column::OpportunityId.eq(opportunity))
        .filter(quote::Column::Status.eq(QuoteStatus::Accepted))
        .one(connection)
        .await?)
}

/// Whether there is a version after this one.
pub async fn has_next(connection: &impl ConnectionTrait, scope: Scope, quote: QuoteId) -> Result<bool> {
    let next = scope.find::<quote::Entity>().filter(quote::Column::PreviousId.eq(quote)).one(connection).await?;
    Ok(next.is_some())
}

/// How far the order has come that a quote left.
pub async fn order_status(connection: &impl ConnectionTrait, scope: Scope, quote: QuoteId) -> Result<Option<OrderStatus>> {
    let order = scope.find::<order::Entity>().filter(order::Column::QuoteId.eq(quote)).one(connection).await?;
    Ok(order.map(|order| order.status))
}

/// The lines of a quote, in order.
pub async fn lines(connection: &impl ConnectionTrait, quote: QuoteId) -> Result<Vec<quote_line::Model>> {
    Ok(in_order([quote]).all(connection).await?)
}

fn in_order(quotes: impl IntoIterator<Item = QuoteId>) -> Select<quote_line::Entity> {
    quote_line::Entity::find()
        .filter(quote_line::Column::QuoteId.is_in(quotes))
        .order_by_asc(quote_line::Column::QuoteId)
        .order_by_asc(quote_line::Column::Position)
}

/// Takes away the lines of a draft.
pub async fn remove_lines(connection: &impl ConnectionTrait, quote: QuoteId) -> Result<()> {
    quote_line::Entity::delete_many().filter(quote_line::Column::QuoteId.eq(quote)).exec(connection).await?;
    Ok(())
}

/// The quotes of these opportunities.
pub async fn of_opportunities(
    connection: &impl ConnectionTrait,
    scope: Scope,
    opportunities: Vec<OpportunityId>,
) -> Result<Vec<(OpportunityId, QuoteId)>> {
    Ok(scope
        .find::<quote::Entity>()
        .filter(quote::Column::OpportunityId.is_in(opportunities))
        .select_only()
        .columns([quote::Column::OpportunityId, quote::Column::Id])
        .order_by_asc(quote::Column::Id)
        .into_tuple()
        .all(connection)
        .await?)
}

/// The lines of this quote, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LinesOf(pub QuoteId);

impl Loader<LinesOf> for Source {
    type Value = Vec<quote_line::Model>;
    type Error = Error;

    async fn load(&self, keys: &[LinesOf]) -> Result<HashMap<LinesOf, Self::Value>> {
        let mut lines: HashMap<LinesOf, Self::Value> = HashMap::new();
        for line in in_order(keys.iter().map(|key| key.0)).all(self.database.read()).await? {
            lines.entry(LinesOf(line.quote_id)).or_default().push(line);
        }
        Ok(lines)
    }
}

/// The quotes of each opportunity.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct QuotesOf {
    /// Which of them.
    pub filter: AsOf,
    /// In which order.
    pub order_by: Vec<QuoteOrder>,
}

impl ChildList for QuotesOf {
    type Entity = quote::Entity;
    type Parent = quote::Column;

    fn select(&self, scope: Scope) -> Result<Select<quote::Entity>> {
        Ok(scope.find::<quote::Entity>().filter(self.filter.condition()?))
    }

    fn parent(&self) -> quote::Column {
        quote::Column::OpportunityId
    }

    fn order(&self) -> Order<quote::Column> {
        order(&self.order_by)
    }
}

/// The order in which quotes come: as wanted, otherwise the newest first.
pub fn order(wanted: &[QuoteOrder]) -> Order<quote::Column> {
    use quote::Column;
    let mut keys: Vec<_> = wanted.iter().flat_map(|order| order.keys()).collect();
    if keys.is_empty() {
        keys.push(SortKey::descending(Column::CreatedAt));
    }
    Order::new(keys, Column::Id)
}

//! Products.

use async_graphql::Enum;
use entity::{line_item, opportunity, product, product_price};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Query, SelectStatement};

use crate::domains::line_item::rules::QUANTITY_SCALE;
use crate::domains::product::filter::ProductFilter;
use crate::error::Result;
use crate::graphql::filter::Filter;
use crate::reports::aggregates::Aggregated;
use crate::reports::aggregates::numbers::{Beside, Figure, Number};
use crate::reports::calendar::Unit;
use crate::reports::cutting::Cutting;
use crate::reports::groups::{Cut, Group};
use crate::reports::subject::Reporting;

/// What products can be cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum ProductGroupBy {
    /// The group of products that it belongs to.
    Family,
    /// Whether it is offered.
    Active,
    /// The day on which it was created.
    CreatedDay,
    /// The week in which it was created.
    CreatedWeek,
    /// The month in which it was created.
    CreatedMonth,
    /// The fiscal quarter in which it was created.
    CreatedQuarter,
    /// The fiscal year in which it was created.
    CreatedYear,
}

/// The numbers that products have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum ProductNumber {
    /// What one unit costs before any discount, as `Product.unitPrice` has it, in the base currency at today's rate.
    UnitPrice,
    /// How many units of it won opportunities have in their lines; missing where none has any.
    QuantitySold,
}

impl Cut for ProductGroupBy {
    const TABLE: &'static str = "products";

    fn group(self, cutting: Cutting<'_>) -> Group {
        match self {
            Self::Family => cutting.text("family", "family"),
            Self::Active => cutting.flag("active", "active"),
            Self::CreatedDay => cutting.created(Unit::Day),
            Self::CreatedWeek => cutting.created(Unit::Week),
            Self::CreatedMonth => cutting.created(Unit::Month),
            Self::CreatedQuarter => cutting.created(Unit::Quarter),
            Self::CreatedYear => cutting.created(Unit::Year),
        }
    }
}

impl Number for ProductNumber {
    fn figure(self, reporting: &Reporting<'_>) -> Figure {
        match self {
            Self::UnitPrice => {
                let price = Figure::money("prices.amount", ("prices.currency", reporting.no_day()));
                price.beside(Beside { rows: prices(reporting), name: "prices", on: "prices.product_id = products.id" })
            }
            Self::QuantitySold => {
                let sold = Figure::plain("sold.quantity").with_decimals(QUANTITY_SCALE);
                sold.beside(Beside { rows: sold_quantities(reporting), name: "sold", on: "sold.product_id = products.id" })
            }
        }
    }
}

/// The price of each product in the base currency, or the only one: the same as the product's rules say.
fn prices(reporting: &Reporting<'_>) -> SelectStatement {
    let base = format!("CASE WHEN product_prices.currency = '{}' THEN product_prices.amount END", reporting.base_currency);
    let currency =
        format!("CASE WHEN MAX({base}) IS NULL THEN MAX(product_prices.currency) ELSE '{}' END", reporting.base_currency);
    Query::select()
        .column(product_price::Column::ProductId)
        .expr_as(Expr::cust(format!("COALESCE(MAX({base}), MAX(product_prices.amount))")), "amount")
        .expr_as(Expr::cust(currency), "currency")
        .from(product_price::Entity)
        .group_by_col(product_price::Column::ProductId)
        .and_having(Expr::cust(format!("MAX({base}) IS NOT NULL OR COUNT(*) = 1")))
        .take()
}

/// How many units of each product were sold, in thousandths.
fn sold_quantities(reporting: &Reporting<'_>) -> SelectStatement {
    Query::select()
        .column(line_item::Column::ProductId)
        .expr_as(Expr::cust("CAST(SUM(line_items.quantity) AS bigint)"), "quantity")
        .from(line_item::Entity)
        .join(
            JoinType::InnerJoin,
            opportunity::Entity,
            Expr::col((opportunity::Entity, opportunity::Column::Id))
                .equals((line_item::Entity, line_item::Column::OpportunityId)),
        )
        .cond_where(reporting.scope.condition::<opportunity::Entity>())
        .cond_where(opportunity::Column::IsWon.eq(true))
        .group_by_col((line_item::Entity, line_item::Column::ProductId))
        .take()
}

impl Aggregated for ProductGroupBy {
    type Filter = ProductFilter;
    type Number = ProductNumber;

    fn rows(reporting: &Reporting<'_>, filter: &Self::Filter) -> Result<SelectStatement> {
        Ok(reporting.visible::<product::Entity>().cond_where(filter.condition()?).take())
    }
}

//! Changing the catalogue: for managers and administrators.

use async_graphql::{Context, Object};
use entity::product;
use futures_util::FutureExt;

use super::input::{CreateProductInput, ProductPayload, UpdateProductInput};
use super::service;
use crate::domains::lead::input::{DeleteInput, DeletePayload};
use crate::error::Result;
use crate::graphql::context::{in_transaction, payload};

/// Changing the catalogue.
#[derive(Default)]
pub struct ProductMutation;

fn answer(answer: Result<product::Model>) -> Result<ProductPayload> {
    payload(answer, |row, user_errors| ProductPayload { product: row.map(Into::into), user_errors })
}

#[Object]
impl ProductMutation {
    /// Adds a product to the catalogue. A code that another one has, whatever the case and accents, is ALREADY_EXISTS. For managers
    /// and administrators.
    async fn create_product(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product to create.")] input: CreateProductInput,
    ) -> Result<ProductPayload> {
        answer(in_transaction(ctx, |write| service::create(write, input).boxed()).await)
    }

    /// Changes a product and its prices: an absent field stays, null clears it. Line items that are there already keep their unit
    /// prices. For managers and administrators.
    async fn update_product(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateProductInput,
    ) -> Result<ProductPayload> {
        answer(in_transaction(ctx, |write| service::update(write, input).boxed()).await)
    }

    /// Deletes a product that was never used, for good. One that was is IN_USE: set `active` to false instead. For managers and
    /// administrators.
    async fn delete_product(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product to delete.")] input: DeleteInput,
    ) -> Result<DeletePayload> {
        payload(in_transaction(ctx, |write| service::delete(write, input).boxed()).await, DeletePayload::new)
    }
}

//! Changing intake forms: for managers and administrators.

use std::sync::Arc;

use async_graphql::{Context, Object};
use futures_util::FutureExt;

use super::input::{CreateIntakeFormInput, IntakeFormIdInput, IntakeFormPayload, UpdateIntakeFormInput};
use super::service;
use super::types::IntakeForm;
use crate::error::Result;
use crate::graphql::context::{in_transaction, payload};

/// Changing intake forms.
#[derive(Default)]
pub struct IntakeMutation;

fn answer(answer: Result<entity::intake_form::Model>) -> Result<IntakeFormPayload> {
    payload(answer, |row, user_errors| IntakeFormPayload { intake_form: row.map(|row| IntakeForm(Arc::new(row))), user_errors })
}

#[Object]
impl IntakeMutation {
    /// Creates an intake form, active, with a key of its own: posts to `/intake/` and the key become leads. For managers and
    /// administrators.
    async fn create_intake_form(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The form to create.")] input: CreateIntakeFormInput,
    ) -> Result<IntakeFormPayload> {
        answer(in_transaction(ctx, |write| service::create(write, input).boxed()).await)
    }

    /// Changes an intake form, or lets it take nothing in any more. For managers and administrators.
    async fn update_intake_form(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateIntakeFormInput,
    ) -> Result<IntakeFormPayload> {
        answer(in_transaction(ctx, |write| service::update(write, input).boxed()).await)
    }

    /// Gives an intake form a new key: posts with the old one are turned away at once. For managers and administrators.
    async fn rotate_intake_form_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The form.")] input: IntakeFormIdInput,
    ) -> Result<IntakeFormPayload> {
        answer(in_transaction(ctx, |write| service::rotate_key(write, input).boxed()).await)
    }
}

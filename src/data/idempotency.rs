//! The same call with the same key is carried out once: the key is kept, with what the call made, for 24 hours per user.

use async_graphql::InputType;
use chrono::TimeDelta;
use entity::Id;
use entity::idempotency_key::{ActiveModel, Column, Entity};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, TryInsertResult};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::write::Write;
use crate::auth::scope::Visible;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::values::text::{TextLimit, clean};

const KEPT_HOURS: i64 = 24;

impl Write<'_> {
    /// Reserves the key for this call. Answers what the first call made when this is a repetition of it.
    ///
    /// Two calls at the same time: the insert of the second waits for the first transaction, so it sees what that one made.
    pub async fn first_answer(&self, key: Option<&str>, mutation: &str, input: &impl InputType) -> Result<Option<Json>> {
        let Some(key) = cleaned(key)? else { return Ok(None) };
        let input_hash = format!("{:x}", Sha256::digest(format!("{mutation} {}", input.to_value())));
        Entity::delete_many()
            .filter(Column::UserId.eq(self.actor.id()))
            .filter(Column::Key.eq(&key))
            .filter(Column::CreatedAt.lt(self.now - TimeDelta::hours(KEPT_HOURS)))
            .exec(self.connection())
            .await?;
        let row = ActiveModel {
            user_id: Set(self.actor.id()),
            key: Set(key.clone()),
            input_hash: Set(input_hash.clone()),
            result: Set(Json::Null),
            created_at: Set(self.now),
        };
        let reserved = Entity::insert_many([row])
            .on_conflict_do_nothing_on([Column::UserId, Column::Key])
            .exec_without_returning(self.connection())
            .await?;
        if matches!(reserved, TryInsertResult::Inserted(1..)) {
            return Ok(None);
        }
        let kept = Entity::find_by_id((self.actor.id(), key)).one(self.connection()).await?;
        match kept {
            // There is none where the first call was refused a moment ago, in the transaction that this one is part of.
            Some(kept) if kept.input_hash == input_hash => Ok(Some(kept.result).filter(|result| !result.is_null())),
            _ => Err(Error::refused(UserError::at(
                UserErrorCode::IdempotencyKeyReused,
                "idempotencyKey",
                "This idempotency key was used with another input in the last 24 hours: use a new key for a new call.",
            ))),
        }
    }

    /// The record that the first call made, from what was remembered: its UUID under the prefix of its ids.
    ///
    /// # Errors
    /// NOT_FOUND where it was deleted since.
    pub async fn made_before<E: Visible>(&self, answer: &Json) -> Result<E::Model> {
        let id: Uuid = serde_json::from_value(answer[E::PREFIX].clone()).map_err(Error::internal)?;
        self.find(Id::<E>::new(id)).await?.ok_or_else(|| {
            let kind = E::PREFIX.replace('_', " ");
            let sentence =
                format!("The {kind} that this call created was deleted since. Use a new idempotency key to create another one.");
            Error::refused(UserError::at(UserErrorCode::NotFound, "idempotencyKey", sentence))
        })
    }

    /// Keeps what the call made for its repetitions.
    pub async fn remember_answer(&self, key: Option<&str>, made: Json) -> Result<()> {
        let Some(key) = cleaned(key)? else { return Ok(()) };
        Entity::update_many()
            .col_expr(Column::Result, made.into())
            .filter(Column::UserId.eq(self.actor.id()))
            .filter(Column::Key.eq(key))
            .exec(self.connection())
            .await?;
        Ok(())
    }
}

fn cleaned(key: Option<&str>) -> Result<Option<String>> {
    key.map_or(Ok(None), |key| {
        clean(key, TextLimit::Short).map_err(|problem| {
            Error::refused(UserError::at(problem.code(), "idempotencyKey", problem.message("The idempotency key")))
        })
    })
}

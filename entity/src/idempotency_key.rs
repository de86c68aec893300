//! A key under which a user's call is answered once, kept for 24 hours.

use sea_orm::entity::prelude::*;

use crate::*;

/// A key under which a user's call is answered once, kept for 24 hours.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// SHA-256 of the mutation's name and input, in hexadecimal.
    pub input_hash: String,
    /// The ids of what the call made.
    #[sea_orm(column_type = "Json")]
    pub result: Json,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

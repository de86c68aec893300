//! Somebody who can sign in.

use sea_orm::entity::prelude::*;

use crate::*;

/// Somebody who can sign in.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    pub name: String,
    pub email: String,
    /// The e-mail address in the form that is compared; unique.
    pub email_key: String,
    /// An argon2id hash in PHC form.
    pub password_hash: String,
    pub role: Role,
    pub active: bool,
    pub team_id: Option<TeamId>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

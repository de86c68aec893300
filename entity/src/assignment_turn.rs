//! Who of a team got the latest lead that rules handed out.

use sea_orm::entity::prelude::*;

use crate::*;

/// Who of a team got the latest lead that rules handed out.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment_turns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub team_id: TeamId,
    pub last_user_id: UserId,
}

impl ActiveModelBehavior for ActiveModel {}

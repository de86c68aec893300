//! Something that we sell.

use sea_orm::entity::prelude::*;

use crate::*;

/// Something that we sell.
#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "products")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProductId,
    pub version: i32,
    pub name: String,
    /// The keys are derived from name, code and family, for filters and orders. No two products have the same code.
    pub name_key: String,
    pub code: Option<String>,
    pub code_key: String,
    pub family: Option<String>,
    pub family_key: String,
    pub description: Option<String>,
    pub active: bool,
    pub external_id: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

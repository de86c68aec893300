//! A record that the search finds, with all of its words.

use sea_orm::entity::prelude::*;

/// A record that the search finds, with all of its words.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "searched_records")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: Uuid,
    /// The words in the order of their bytes, each with a space before and after it, which no word has in it.
    pub words: String,
}

impl ActiveModelBehavior for ActiveModel {}

//! Accounts as the API shows them.

use std::sync::Arc;

use async_graphql::{ID, Object};
use entity::account;

/// A record of this kind.
#[derive(Clone)]
pub struct Account(pub Arc<account::Model>);

impl From<account::Model> for Account {
    fn from(row: account::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// A record of this kind.
#[Object]
impl Account {
    /// The id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }
}

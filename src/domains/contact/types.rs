//! Contacts as the API shows them.

use std::sync::Arc;

use async_graphql::{ID, Object};
use entity::contact;

/// A record of this kind.
#[derive(Clone)]
pub struct Contact(pub Arc<contact::Model>);

impl From<contact::Model> for Contact {
    fn from(row: contact::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// A record of this kind.
#[Object]
impl Contact {
    /// The id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }
}

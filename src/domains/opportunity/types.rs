//! Opportunitys as the API shows them.

use std::sync::Arc;

use async_graphql::{ID, Object};
use entity::opportunity;

/// A record of this kind.
#[derive(Clone)]
pub struct Opportunity(pub Arc<opportunity::Model>);

impl From<opportunity::Model> for Opportunity {
    fn from(row: opportunity::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// A record of this kind.
#[Object]
impl Opportunity {
    /// The id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }
}

//! What stands in the way of taking a record away: the others that use it, by name.

use sea_orm::sea_query::IntoCondition;
use sea_orm::{ConnectionTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Map, Value as Json, json};

use crate::auth::Scope;
use crate::auth::scope::Visible;
use crate::error::{Error, Result, UserError, UserErrorCode};

/// How many records of each kind are named.
const MOST_NAMED: u64 = 20;

/// The records that use another one, by what they are to it: `contacts`, `opportunities`.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Uses(Map<String, Json>);

impl Uses {
    /// Looks for records that meet the condition, and notes up to 20 of them.
    pub async fn find<E: Visible>(
        &mut self,
        connection: &impl ConnectionTrait,
        scope: Scope,
        name: &str,
        condition: impl IntoCondition,
    ) -> Result<()> {
        let select = scope.find::<E>().select_only().column(E::ID).filter(condition.into_condition());
        let ids: Vec<entity::Id<E>> = select.order_by_asc(E::ID).limit(MOST_NAMED).into_tuple().all(connection).await?;
        if !ids.is_empty() {
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            self.0.insert(name.to_owned(), json!(ids));
        }
        Ok(())
    }

    /// Refuses with IN_USE and the records' ids where there are any. The sentence is given what they are: "contacts, leads".
    pub fn check(self, path: &str, sentence: impl FnOnce(&str) -> String) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = self.0.keys().map(String::as_str).collect();
        let problem = UserError::at(UserErrorCode::InUse, path, sentence(&names.join(", ")));
        Err(Error::refused(problem.with_details(Json::Object(self.0))))
    }
}

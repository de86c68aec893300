//! Creating and changing teams.

use async_graphql::MaybeUndefined;
use entity::team;

use super::input::{CreateTeamInput, UpdateTeamInput};
use crate::auth::policy;
use crate::data::write::Write;
use crate::domains::fields::Cleaner;
use crate::domains::references;
use crate::error::Result;
use crate::graphql::ids;
use crate::values::text::TextLimit;

/// Creates a team.
pub async fn create(write: &Write<'_>, input: CreateTeamInput) -> Result<team::Model> {
    policy::may_manage_users(write.actor)?;
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let mut team = team::Model { id: write.new_id(), name: String::new(), manager_id: None, created_at: write.now };
    cleaner.required_text("name", &MaybeUndefined::Value(input.name), TextLimit::Name, &mut team.name);
    team.manager_id = ids::reference(&mut cleaner.problems, "managerId", input.manager_id.as_ref());
    references::check_owner(write, &mut cleaner.problems, "managerId", team.manager_id).await?;
    cleaner.problems.check()?;
    write.insert(team, "created").await
}

/// Changes a team.
pub async fn update(write: &Write<'_>, input: UpdateTeamInput) -> Result<team::Model> {
    policy::may_manage_users(write.actor)?;
    let before = write.lock::<team::Entity>(write.scope(), ids::subject(&input.id, "id")?, "id").await?;
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    let mut team = before.clone();
    cleaner.required_text("name", &input.name, TextLimit::Name, &mut team.name);
    cleaner.id("managerId", &input.manager_id, &mut team.manager_id);
    let new_manager = team.manager_id.filter(|_| team.manager_id != before.manager_id);
    references::check_owner(write, &mut cleaner.problems, "managerId", new_manager).await?;
    cleaner.problems.check()?;
    write.update(&before, team, "updated").await
}

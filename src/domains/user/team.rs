//! Creating and changing teams.

use async_graphql::MaybeUndefined;
use entity::team;

use super::input::{CreateTeamInput, UpdateTeamInput};
use crate::app::App;
use crate::auth::{Actor, policy};
use crate::data::write::Write;
use crate::domains::fields::Cleaner;
use crate::domains::references;
use crate::error::Result;
use crate::graphql::ids;
use crate::values::text::TextLimit;

/// Creates a team.
pub async fn create(app: &App, actor: &Actor, input: CreateTeamInput) -> Result<team::Model> {
    policy::may_manage_users(actor)?;
    let write = Write::begin(app, actor).await?;
    let mut cleaner = Cleaner::new(&app.workspace().base_currency);
    let mut team = team::Model { id: write.new_id(), name: String::new(), manager_id: None, created_at: write.now };
    cleaner.required_text("name", &MaybeUndefined::Value(input.name), TextLimit::Name, &mut team.name);
    team.manager_id = ids::reference(&mut cleaner.problems, "managerId", input.manager_id.as_ref());
    references::check_owner(&write, &mut cleaner.problems, "managerId", team.manager_id).await?;
    cleaner.problems.check()?;
    let team = write.insert(team, "created").await?;
    write.commit().await?;
    Ok(team)
}

/// Changes a team.
pub async fn update(app: &App, actor: &Actor, input: UpdateTeamInput) -> Result<team::Model> {
    policy::may_manage_users(actor)?;
    let write = Write::begin(app, actor).await?;
    let before = write.lock::<team::Entity>(write.scope(), ids::subject(&input.id, "id")?, "id").await?;
    let mut cleaner = Cleaner::new(&app.workspace().base_currency);
    let mut team = before.clone();
    cleaner.required_text("name", &input.name, TextLimit::Name, &mut team.name);
    cleaner.id("managerId", &input.manager_id, &mut team.manager_id);
    let new_manager = team.manager_id.filter(|_| team.manager_id != before.manager_id);
    references::check_owner(&write, &mut cleaner.problems, "managerId", new_manager).await?;
    cleaner.problems.check()?;
    let team = write.update(&before, team, "updated").await?;
    write.commit().await?;
    Ok(team)
}

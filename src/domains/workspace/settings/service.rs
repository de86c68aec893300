//! Changing the settings.

use entity::workspace;

use super::input::UpdateWorkspaceInput;
use super::rules;
use crate::auth::policy;
use crate::data::write::{Write, check_version};
use crate::domains::fields::Cleaner;
use crate::domains::workspace::store;
use crate::error::Result;

/// Changes the settings. The caller tells the app of them once they are committed.
pub async fn update(write: &Write<'_>, input: UpdateWorkspaceInput) -> Result<workspace::Model> {
    policy::may_manage_settings(write.actor)?;
    let before = store::lock_settings(write.connection()).await?;
    check_version(before.version, input.expected_version)?;
    let mut cleaner = Cleaner::new(&before.base_currency);
    let mut settings = before.clone();
    rules::apply(&mut cleaner, input, &mut settings);
    cleaner.problems.check()?;
    write.update(&before, settings, "updated").await
}

//! Adding to the workspace's lists, changing, ordering and deleting their entries. All lists work alike.

use async_graphql::{ID, MaybeUndefined};
use entity::{Id, StageCategory, close_reason, disqualification_reason, lead_source};

use super::input::{CreateCloseReasonInput, EntryFields};
use super::record::Entry;
use super::store;
use crate::auth::policy;
use crate::data::write::Write;
use crate::domains::fields::Cleaner;
use crate::domains::sequence;
use crate::error::{Error, Problems, Result, UserError, UserErrorCode};
use crate::values::fold::fold;
use crate::values::text::TextLimit;

/// Adds a lead source.
pub async fn create_lead_source(write: &Write<'_>, name: String) -> Result<lead_source::Model> {
    let source = |write: &Write<'_>| lead_source::Model {
        id: write.new_id(),
        name: String::new(),
        name_key: String::new(),
        active: true,
        position: 0,
        cost: None,
        cost_currency: None,
        created_at: write.now,
    };
    create(write, name, source).await
}

/// Adds a reason for disqualifying leads.
pub async fn create_disqualification_reason(write: &Write<'_>, name: String) -> Result<disqualification_reason::Model> {
    let reason = |write: &Write<'_>| disqualification_reason::Model {
        id: write.new_id(),
        name: String::new(),
        name_key: String::new(),
        active: true,
        position: 0,
        created_at: write.now,
    };
    create(write, name, reason).await
}

/// Adds a reason for winning or losing opportunities.
pub async fn create_close_reason(write: &Write<'_>, input: CreateCloseReasonInput) -> Result<close_reason::Model> {
    let category = StageCategory::from(input.category);
    check_category(category)?;
    let reason = |write: &Write<'_>| close_reason::Model {
        id: write.new_id(),
        name: String::new(),
        name_key: String::new(),
        category,
        active: true,
        position: 0,
        created_at: write.now,
    };
    create(write, input.name, reason).await
}

/// Changes an entry of any of the lists.
pub async fn update<M: Entry>(write: &Write<'_>, id: Result<Id<M::Entity>>, fields: EntryFields) -> Result<M> {
    policy::may_manage_lists(write.actor)?;
    store::take_turns(write.connection()).await?;
    let before: M = write.lock::<M::Entity>(write.scope(), id?, "id").await?;
    let after = checked(write, before.clone(), &fields).await?;
    write.update(&before, after, "updated").await
}

fn check_category(category: StageCategory) -> Result<()> {
    if category == StageCategory::Open {
        let sentence = "An opportunity closes as WON or as LOST: give one of these.";
        return Err(Error::refused(UserError::at(UserErrorCode::Invalid, "category", sentence)));
    }
    Ok(())
}

/// Puts the reasons for winning, or those for losing, into this order.
pub async fn reorder_close_reasons(write: &Write<'_>, category: StageCategory, ids: &[ID]) -> Result<Vec<close_reason::Model>> {
    policy::may_manage_lists(write.actor)?;
    check_category(category)?;
    reorder(write, move |reason: &close_reason::Model| reason.category == category, ids).await
}

/// Puts all entries of a list into this order; `list` says which, where the table has several.
pub async fn reorder<M: Entry>(write: &Write<'_>, list: impl Fn(&M) -> bool, ids: &[ID]) -> Result<Vec<M>> {
    policy::may_manage_lists(write.actor)?;
    store::take_turns(write.connection()).await?;
    let entries: Vec<M> = store::entries(write.connection(), write.scope()).await?;
    let entries: Vec<M> = entries.into_iter().filter(list).collect();
    let mut problems = Problems::default();
    let wanted = sequence::read(&mut problems, "ids", &entries, |entry| Id::<M::Entity>::new(entry.uuid()), ids);
    problems.check()?;
    let mut ordered = Vec::with_capacity(wanted.len());
    for (position, before) in (1..).zip(wanted) {
        let mut after = before.clone();
        *after.settings().position = position;
        ordered.push(write.update(&before, after, "reordered").await?);
    }
    Ok(ordered)
}

/// Deletes an entry that no record names, for good.
pub async fn delete<M: Entry>(write: &Write<'_>, id: Result<Id<M::Entity>>) -> Result<Id<M::Entity>> {
    policy::may_manage_lists(write.actor)?;
    store::take_turns(write.connection()).await?;
    let id = id?;
    let entry: M = write.lock::<M::Entity>(write.scope(), id, "id").await?;
    let uses = entry.uses(write.connection(), write.scope()).await?;
    uses.check("id", |names| format!("There are {names} that name this entry: deactivate it instead, or change them first."))?;
    write.delete(&entry, "id").await?;
    Ok(id)
}

async fn create<M: Entry>(write: &Write<'_>, name: String, blank: impl FnOnce(&Write<'_>) -> M) -> Result<M> {
    policy::may_manage_lists(write.actor)?;
    store::take_turns(write.connection()).await?;
    let fields = EntryFields { name: MaybeUndefined::Value(name), active: MaybeUndefined::Undefined };
    let mut entry = checked(write, blank(write), &fields).await?;
    *entry.settings().position = store::next_position(write.connection(), &entry).await?;
    write.insert(entry, "created").await
}

/// The entry with what the caller gave.
async fn checked<M: Entry>(write: &Write<'_>, mut entry: M, fields: &EntryFields) -> Result<M> {
    let mut cleaner = Cleaner::new(&write.workspace().base_currency);
    cleaner.required_text("name", &fields.name, TextLimit::Name, entry.settings().name);
    match &fields.active {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => cleaner.problem(UserErrorCode::Required, "active", "Give true or false, or leave it out."),
        MaybeUndefined::Value(active) => *entry.settings().active = *active,
    }
    let name_key = fold(entry.settings().name);
    if fields.name.is_value() && store::has_namesake(write.connection(), &entry, &name_key).await? {
        let sentence = "This list has an entry of that name already; it may be inactive. Use it, or give another name.";
        cleaner.problem(UserErrorCode::AlreadyExists, "name", sentence);
    }
    cleaner.problems.check()?;
    Ok(entry)
}

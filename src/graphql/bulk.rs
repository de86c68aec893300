//! Many records in one call: each with its own result, or all or nothing.

use std::collections::HashSet;
use std::pin::Pin;

use async_graphql::{Context, ID, InputObject, InputType, OutputType, SimpleObject};
use entity::Id;
use futures_util::future::BoxFuture;

use super::context;
use crate::app::App;
use crate::auth::scope::Visible;
use crate::auth::{Actor, policy};
use crate::data::write::Write;
use crate::domains::account::input::{AccountPayload, CreateAccountInput, UpdateAccountInput};
use crate::domains::activity::input::{ActivityPayload, CompleteActivityInput, CreateActivityInput};
use crate::domains::contact::input::{ContactPayload, CreateContactInput, UpdateContactInput};
use crate::domains::lead::input::{
    AssignInput, AssignLeadInput, CreateLeadInput, DeleteInput, DeletePayload, LeadPayload, RestoreInput, UpdateLeadInput,
};
use crate::domains::opportunity::input::{CreateOpportunityInput, OpportunityPayload, UpdateOpportunityInput};
use crate::error::{Error, FaultCode, Problems, Result, UserError, UserErrorCode};

/// How many records one call takes.
pub const MOST_ITEMS: usize = 500;

/// Many records to create or change in one call.
#[derive(Debug, Clone, InputObject)]
#[graphql(concrete(name = "AssignLeadsInput", params(AssignLeadInput)))]
#[graphql(concrete(name = "AssignRecordsInput", params(AssignInput)))]
#[graphql(concrete(name = "CompleteActivitiesInput", params(CompleteActivityInput)))]
#[graphql(concrete(name = "CreateAccountsInput", params(CreateAccountInput)))]
#[graphql(concrete(name = "CreateActivitiesInput", params(CreateActivityInput)))]
#[graphql(concrete(name = "CreateContactsInput", params(CreateContactInput)))]
#[graphql(concrete(name = "CreateLeadsInput", params(CreateLeadInput)))]
#[graphql(concrete(name = "CreateOpportunitiesInput", params(CreateOpportunityInput)))]
#[graphql(concrete(name = "DeleteRecordsInput", params(DeleteInput)))]
#[graphql(concrete(name = "RestoreRecordsInput", params(RestoreInput)))]
#[graphql(concrete(name = "UpdateAccountsInput", params(UpdateAccountInput)))]
#[graphql(concrete(name = "UpdateContactsInput", params(UpdateContactInput)))]
#[graphql(concrete(name = "UpdateLeadsInput", params(UpdateLeadInput)))]
#[graphql(concrete(name = "UpdateOpportunitiesInput", params(UpdateOpportunityInput)))]
pub struct BulkInput<I: InputType> {
    /// The records: 1 to 500, none of them twice.
    pub items: Vec<I>,
    /// True: where one is refused, nothing is changed at all, and `userErrors` says everything that is wrong with any of them. False:
    /// each stands for itself.
    #[graphql(default_with = "Some(false)")]
    pub all_or_nothing: Option<bool>,
}

/// What became of many records.
#[derive(SimpleObject)]
#[graphql(concrete(name = "AccountsPayload", params(AccountPayload)))]
#[graphql(concrete(name = "ActivitiesPayload", params(ActivityPayload)))]
#[graphql(concrete(name = "ContactsPayload", params(ContactPayload)))]
#[graphql(concrete(name = "DeletesPayload", params(DeletePayload)))]
#[graphql(concrete(name = "LeadsPayload", params(LeadPayload)))]
#[graphql(concrete(name = "OpportunitiesPayload", params(OpportunityPayload)))]
pub struct BulkPayload<P: OutputType> {
    /// One result for each item, in the order of the items. One that has `userErrors` changed nothing; their paths start at the item:
    /// `["input", "items", "3", "email"]`. Empty where the whole call was refused.
    pub results: Vec<P>,
    /// What stood in the way of the whole call. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

/// What became of one item: made, or refused.
pub type Settled<T> = Result<T, Vec<UserError>>;

/// What a call for many records answers. On the heap, as single use cases are: a mutation's fields share one function.
type Answer<'a, P> = Pin<Box<dyn Future<Output = Result<BulkPayload<P>>> + Send + 'a>>;

/// Creates records. `key` is an item's idempotency key: two calls that are all or nothing take the same keys in the same order, and
/// hold what of a kind the items are `about` before they start, in the order of their ids.
pub fn create<'a, E, I, T, P>(
    ctx: &Context<'a>,
    input: BulkInput<I>,
    key: fn(&I) -> Option<&str>,
    about: fn(&I) -> &[ID],
    use_case: impl for<'w> Fn(&'w Write<'a>, I) -> BoxFuture<'w, Result<T>> + Send + Sync + 'a,
    payload: fn(Option<T>, Vec<UserError>) -> P,
) -> Answer<'a, P>
where
    E: Visible,
    I: InputType + Clone + 'a,
    T: Send + 'a,
    P: OutputType + 'a,
{
    let caller = context::caller(ctx);
    let plan = move |items: &[I]| {
        let mut order: Vec<usize> = (0..items.len()).collect();
        order.sort_by_key(|place| key(&items[*place]).map(str::to_owned));
        let hold = items.iter().flat_map(about).filter_map(|id| id.parse().ok()).collect();
        Ok(Plan::<E> { hold, order })
    };
    Box::pin(async move { answer(carry_out(caller?, input, plan, use_case).await, payload) })
}

/// Changes records of a kind, each named once. A call that is all or nothing holds all of them before it changes the first, in the
/// order of their ids, so that two calls never wait for each other.
pub fn change<'a, E, I, T, P>(
    ctx: &Context<'a>,
    input: BulkInput<I>,
    id: fn(&I) -> &ID,
    use_case: impl for<'w> Fn(&'w Write<'a>, I) -> BoxFuture<'w, Result<T>> + Send + Sync + 'a,
    payload: fn(Option<T>, Vec<UserError>) -> P,
) -> Answer<'a, P>
where
    E: Visible,
    I: InputType + Clone + 'a,
    T: Send + 'a,
    P: OutputType + 'a,
{
    let caller = context::caller(ctx);
    let plan = move |items: &[I]| {
        check_named_once(items.iter().map(|item| id(item).as_str()))?;
        let hold = items.iter().filter_map(|item| id(item).parse().ok()).collect();
        Ok(Plan::<E> { hold, order: (0..items.len()).collect() })
    };
    Box::pin(async move { answer(carry_out(caller?, input, plan, use_case).await, payload) })
}

/// How a call that is all or nothing goes about it.
struct Plan<E> {
    /// The records that it holds from the start.
    hold: Vec<Id<E>>,
    /// The places of the items in the order in which it takes them.
    order: Vec<usize>,
}

/// Refuses a call that names a record twice.
fn check_named_once<'i>(ids: impl Iterator<Item = &'i str>) -> Result<()> {
    let mut problems = Problems::default();
    let mut named = HashSet::new();
    for (place, id) in ids.enumerate() {
        if !named.insert(id) {
            let sentence = "This record stands in the call twice: name it once, with all that is to be changed.";
            problems.push(UserError::at(UserErrorCode::Invalid, &format!("items.{place}.id"), sentence));
        }
    }
    problems.check()
}

/// Refuses a call for none or for too many records.
pub fn check_number(items: usize, most: usize) -> Result<()> {
    if (1..=most).contains(&items) {
        return Ok(());
    }
    let sentence = format!("Give 1 to {most} items, not {items}.");
    Err(Error::refused(UserError::at(UserErrorCode::OutOfRange, "items", sentence)))
}

/// Carries out a use case for each item, in a transaction of its own or in one for all.
async fn carry_out<'a, E: Visible, I: InputType + Clone, T>(
    (app, actor): (&'a App, &'a Actor),
    input: BulkInput<I>,
    plan: impl FnOnce(&[I]) -> Result<Plan<E>>,
    use_case: impl for<'w> Fn(&'w Write<'a>, I) -> BoxFuture<'w, Result<T>>,
) -> Result<Vec<Settled<T>>> {
    policy::may_create(actor)?;
    let BulkInput { items, all_or_nothing } = input;
    check_number(items.len(), MOST_ITEMS)?;
    let plan = plan(&items)?;
    if all_or_nothing == Some(true) {
        let attempt = || together(app, actor, &items, &plan, &use_case);
        let first = attempt().await;
        // What one item needs besides its own record may make two calls wait for each other all the same: then one of them starts again.
        return match first {
            Err(error) if error.is_deadlock() => attempt().await,
            settled => settled,
        };
    }
    let mut settled = Vec::new();
    for (place, item) in items.into_iter().enumerate() {
        settled.push(settle_alone(alone(app, actor, item, &use_case).await, place));
    }
    Ok(settled)
}

/// Carries out a use case for all items in one transaction, which ends with everything or with nothing.
async fn together<'a, E: Visible, I: Clone, T>(
    app: &'a App,
    actor: &'a Actor,
    items: &[I],
    plan: &Plan<E>,
    use_case: &impl for<'w> Fn(&'w Write<'a>, I) -> BoxFuture<'w, Result<T>>,
) -> Result<Vec<Settled<T>>> {
    let write = Write::begin(app, actor).await?;
    write.lock_all(write.scope().with_deleted(), plan.hold.clone()).await?;
    let mut settled = Vec::new();
    for place in &plan.order {
        let made = use_case(&write, items[*place].clone()).await;
        settled.push((*place, settle_together(made, *place)?));
    }
    settled.sort_by_key(|(place, _)| *place);
    commit_all(write, settled.into_iter().map(|(_, settled)| settled).collect()).await
}

/// Carries out a use case in a transaction of its own.
async fn alone<'a, I, T>(
    app: &'a App,
    actor: &'a Actor,
    item: I,
    use_case: &impl for<'w> Fn(&'w Write<'a>, I) -> BoxFuture<'w, Result<T>>,
) -> Result<T> {
    let write = Write::begin(app, actor).await?;
    let made = use_case(&write, item).await?;
    write.commit().await?;
    Ok(made)
}

/// Keeps everything where nothing was refused, and nothing otherwise: then all that is wrong is told at once.
pub async fn commit_all<T>(write: Write<'_>, settled: Vec<Settled<T>>) -> Result<Vec<Settled<T>>> {
    if settled.iter().all(Result::is_ok) {
        write.commit().await?;
        return Ok(settled);
    }
    Err(Error::Refused(settled.into_iter().filter_map(Result::err).flatten().collect()))
}

/// The result of an item that stands for itself: whatever went wrong with it must not hide what became of the others.
pub fn settle_alone<T>(result: Result<T>, place: usize) -> Settled<T> {
    settle_together(result, place).unwrap_or_else(|fault| {
        fault.log();
        Err(vec![UserError::at(UserErrorCode::Internal, &format!("items.{place}"), fault.sentences())])
    })
}

/// The result of an item of a call that is all or nothing. What the caller may not do is a problem of the item; a fault of the
/// server ends the call.
pub fn settle_together<T>(result: Result<T>, place: usize) -> Result<Settled<T>> {
    match result {
        Ok(made) => Ok(Ok(made)),
        Err(Error::Refused(problems)) => Ok(Err(problems.into_iter().map(|problem| of_item(problem, place)).collect())),
        Err(Error::Fault(fault)) if fault.code == FaultCode::Forbidden => {
            Ok(Err(vec![UserError::at(UserErrorCode::Forbidden, &format!("items.{place}"), fault.message)]))
        }
        Err(fault) => Err(fault),
    }
}

/// The problem with a path that starts at the item.
fn of_item(problem: UserError, place: usize) -> UserError {
    let rest = problem.field.iter().flatten().skip(1).cloned();
    let path = ["input".to_owned(), "items".to_owned(), place.to_string()].into_iter().chain(rest).collect();
    UserError { field: Some(path), ..problem }
}

fn answer<T, P: OutputType>(
    settled: Result<Vec<Settled<T>>>,
    payload: fn(Option<T>, Vec<UserError>) -> P,
) -> Result<BulkPayload<P>> {
    let result = |settled| match settled {
        Ok(made) => payload(Some(made), Vec::new()),
        Err(problems) => payload(None, problems),
    };
    context::payload(settled, |settled, user_errors| BulkPayload {
        results: settled.into_iter().flatten().map(result).collect(),
        user_errors,
    })
}

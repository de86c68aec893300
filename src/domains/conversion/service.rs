//! Converting leads: gather what the plan depends on, plan, carry the plan out, keep the ledger. One transaction.

use async_graphql::ID;
use entity::{AccountId, ContactId, Id, LeadId, LeadStatus, OpportunityId};
use entity::{account, contact, lead, lead_conversion, opportunity, stage};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::input::{ConvertLeadInput, ConvertLeadsInput, ConvertOpportunityInput};
use super::keep;
use super::rules::{self, Blank, Choice, Plan, Planned, PlannedPart, Purpose, Situation};
use super::store::{self, Ledger};
use crate::app::App;
use crate::auth::scope::Visible;
use crate::auth::{Actor, policy};
use crate::data::beside::Beside;
use crate::data::record::Record;
use crate::data::write::{Write, check_version, not_found};
use crate::domains::duplicate::service::{Found, Match, rank, records};
use crate::domains::duplicate::store as duplicate_store;
use crate::domains::fields::Cleaner;
use crate::domains::lead::activity as lead_activity;
use crate::domains::lead::service::what_it_became;
use crate::domains::{
    account as accounts, campaign_member, contact as contacts, opportunity as opportunities, references, workspace as workspaces,
};
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::graphql::bulk::{Settled, check_number, commit_all, settle_alone, settle_together};
use crate::graphql::ids;
use crate::values::text::TextLimit;

/// How many leads one call converts.
pub const MOST_LEADS: usize = 100;

/// What idempotency keys call this use case.
const CONVERT: &str = "convertLead";

/// What the history calls it when an existing record is used.
const FILLED: &str = "filled_from_lead";

/// What a lead became.
#[derive(Debug, Clone)]
pub struct Converted {
    /// The lead, read-only from now on.
    pub lead: lead::Model,
    /// The company.
    pub account: account::Model,
    /// The person.
    pub contact: contact::Model,
    /// The potential sale, unless none was wanted.
    pub opportunity: Option<opportunity::Model>,
}

/// What a conversion would do.
pub struct Preview {
    /// The plan; null where the lead isn't there or was converted before.
    pub plan: Option<Plan>,
    /// Existing accounts that look like the lead's company.
    pub similar_accounts: Vec<Match>,
    /// Existing contacts that look like the lead's person.
    pub similar_contacts: Vec<Match>,
    /// How many activities would go along.
    pub activities: u64,
    /// How many campaign memberships would go along.
    pub memberships: u64,
    /// Everything that stands in the way.
    pub problems: Vec<UserError>,
}

/// Converts a lead.
pub async fn convert(app: &App, actor: &Actor, input: ConvertLeadInput) -> Result<Converted> {
    policy::may_create(actor)?;
    let write = Write::begin(app, actor).await?;
    let converted = convert_within(&write, &input).await?;
    write.commit().await?;
    Ok(converted)
}

/// Converts many leads, each on its own or all together.
pub async fn convert_many(app: &App, actor: &Actor, input: ConvertLeadsInput) -> Result<Vec<Settled<Converted>>> {
    policy::may_create(actor)?;
    check_number(input.items.len(), MOST_LEADS)?;
    check_permissions(app, actor, &input.items).await?;
    let mut results = Vec::new();
    if input.all_or_nothing != Some(true) {
        for (index, item) in input.items.into_iter().enumerate() {
            results.push(settle_alone(convert(app, actor, item).await, index));
        }
        return Ok(results);
    }
    convert_together(app, actor, &input.items).await
}

/// Converts all or none, in one transaction.
async fn convert_together(app: &App, actor: &Actor, items: &[ConvertLeadInput]) -> Result<Vec<Settled<Converted>>> {
    let write = Write::begin(app, actor).await?;
    // Always in the order of their ids, so that two calls never wait for each other.
    lead_activity::lock(&write, write.scope(), lead_ids(items)).await?;
    let mut results = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let repeated = items[..index].iter().any(|earlier| earlier.lead_id == item.lead_id);
        let converted = if repeated { Err(rules::repeated()) } else { convert_within(&write, item).await };
        results.push(settle_together(converted, index)?);
    }
    commit_all(write, results).await
}

fn lead_ids(items: &[ConvertLeadInput]) -> Vec<LeadId> {
    items.iter().filter_map(|item| item.lead_id.parse().ok()).collect()
}

/// A role that may not convert one of the leads is told before any is converted.
async fn check_permissions(app: &App, actor: &Actor, items: &[ConvertLeadInput]) -> Result<()> {
    for owner in store::owners(app.database().read(), actor.scope(), &lead_ids(items)).await? {
        policy::may_change_lead(actor, owner)?;
    }
    Ok(())
}

/// What the same input would do, whoever may do it. It is computed as the conversion computes it, in a transaction that is
/// dropped.
pub async fn preview(app: &App, actor: &Actor, input: ConvertLeadInput) -> Result<Preview> {
    let write = Write::begin(app, actor).await?;
    match preview_within(&write, &input).await {
        Err(Error::Refused(problems)) => {
            let (similar_accounts, similar_contacts) = (Vec::new(), Vec::new());
            Ok(Preview { plan: None, similar_accounts, similar_contacts, activities: 0, memberships: 0, problems })
        }
        previewed => previewed,
    }
}

async fn preview_within(write: &Write<'_>, input: &ConvertLeadInput) -> Result<Preview> {
    write.first_answer(input.idempotency_key.as_deref(), CONVERT, input).await?;
    let lead = lock_lead(write, input).await?;
    let Prepared { plan, similar_accounts, similar_contacts, problems } = prepare(write, &lead, input, Purpose::Convert).await?;
    let activities = store::count_activities(write.connection(), lead.id).await?;
    let memberships = campaign_member::store::count(write.connection(), lead.id).await?;
    Ok(Preview { plan: Some(plan), similar_accounts, similar_contacts, activities, memberships, problems })
}

/// Converts a lead inside a transaction that the caller commits.
async fn convert_within(write: &Write<'_>, input: &ConvertLeadInput) -> Result<Converted> {
    let key = input.idempotency_key.as_deref();
    if let Some(answer) = write.first_answer(key, CONVERT, input).await? {
        return made_before(write, &answer).await;
    }
    let lead = lock_lead(write, input).await?;
    policy::may_change_lead(write.actor, lead.owner_id)?;
    let Prepared { plan, problems, .. } = prepare(write, &lead, input, Purpose::Convert).await?;
    if !problems.is_empty() {
        return Err(Error::Refused(problems));
    }
    let converted = carry_out(write, &lead, plan).await?;
    write.remember_answer(key, answer_of(lead.id, converted.account.id, converted.contact.id)).await?;
    Ok(converted)
}

/// A plan, and what stands in its way.
pub struct Prepared {
    /// What would become of the lead's records.
    pub plan: Plan,
    /// Everything that stands in the way.
    pub problems: Vec<UserError>,
    similar_accounts: Vec<Match>,
    similar_contacts: Vec<Match>,
}

async fn lock_lead(write: &Write<'_>, input: &ConvertLeadInput) -> Result<lead::Model> {
    write.lock::<lead::Entity>(write.scope(), ids::subject(&input.lead_id, "leadId")?, "leadId").await
}

/// Reads everything that the plan depends on, and plans.
pub async fn prepare(write: &Write<'_>, lead: &lead::Model, input: &ConvertLeadInput, purpose: Purpose) -> Result<Prepared> {
    if lead.status == LeadStatus::ClosedConverted
        && let Some(became) = what_it_became(write, lead.id).await?
    {
        return Err(rules::already_converted(became));
    }
    check_version(lead.version, input.expected_version)?;
    // Read anew: what another process demands since a moment ago counts here.
    let workspace = workspaces::store::settings(write.connection()).await?;
    let mut cleaner = Cleaner::new(&workspace.base_currency);
    let named_owner = ids::reference(&mut cleaner.problems, "ownerId", input.owner_id.as_ref());
    let owner_id = rules::owner(named_owner, lead, write.actor.id());
    let owner = references::check(write, &mut cleaner.problems, "ownerId", Some(owner_id)).await?;
    let choice = read_choice(write, &mut cleaner, lead, input).await?;
    let (similar_accounts, similar_contacts) = similar(write, lead, &choice).await?;
    let blank = Blank {
        account: accounts::service::blank(write),
        contact: contacts::service::blank(write),
        opportunity: choice.stage.as_ref().map(|stage| blank_opportunity(write, stage)),
    };
    let situation = Situation {
        lead,
        purpose,
        requires_qualified: workspace.conversion_requires_qualified,
        owner: owner.as_ref(),
        today: write.today(),
        fiscal_year_start_month: u32::try_from(workspace.fiscal_year_start_month).unwrap_or(1),
        blank,
        similar_accounts: similar_accounts.clone(),
        similar_contacts: similar_contacts.clone(),
    };
    let (plan, planning) = rules::plan(situation, choice);
    let problems = rules::all_problems(cleaner.problems.into_vec(), planning.into_vec());
    Ok(Prepared { plan, problems, similar_accounts, similar_contacts })
}

/// Its account is set by the plan, which knows it.
fn blank_opportunity(write: &Write<'_>, stage: &stage::Model) -> opportunity::Model {
    opportunities::service::blank(write, String::new(), AccountId::new(Uuid::nil()), stage, write.today())
}

/// Reads what the caller named and checks that it is there.
async fn read_choice(
    write: &Write<'_>,
    cleaner: &mut Cleaner<'_>,
    lead: &lead::Model,
    input: &ConvertLeadInput,
) -> Result<Choice> {
    let given = input.opportunity.clone().unwrap_or_default();
    // What is deeper down is held first, as by those who win an opportunity or move a contact.
    let joined = named::<opportunity::Entity>(write, cleaner, "opportunity.id", given.id.as_ref()).await?;
    let contact = named::<contact::Entity>(write, cleaner, "contactId", input.contact_id.as_ref()).await?;
    let mut choice = Choice {
        contact,
        opportunity: joined,
        account_name: cleaner.optional("accountName", input.account_name.as_deref(), TextLimit::Name),
        without_opportunity: input.without_opportunity == Some(true),
        allow_duplicates: input.allow_duplicates != Some(false),
        ..Choice::default()
    };
    keep::propose(write, lead, input, &mut choice).await?;
    match (&input.account_id, rules::implied_account(choice.opportunity.as_ref(), choice.contact.as_ref())) {
        (None, Some(implied)) => choice.account = store::hold(write, implied).await?,
        (None, None) => {}
        (id, _) => choice.account = named::<account::Entity>(write, cleaner, "accountId", id.as_ref()).await?,
    }
    if let (Some(joined), Some(contact)) = (&choice.opportunity, &choice.contact) {
        let part = opportunities::store::role_of(write.connection(), joined.id, contact.id).await?;
        choice.part = part.map(|part| part.role);
    }
    if input.without_opportunity == Some(true) {
        refuse_details(
            cleaner,
            &given,
            "An opportunity that is not wanted can have no details: leave them out, or withoutOpportunity.",
        );
    } else if given.id.is_some() {
        refuse_details(
            cleaner,
            &given,
            "An opportunity that is joined stays as it is: leave this out, or change the opportunity itself.",
        );
    } else {
        read_new_opportunity(write, cleaner, &given, &mut choice).await?;
    }
    Ok(choice)
}

/// A record that the caller named, held; nothing where it isn't there, which is noted.
async fn named<E: Visible>(
    write: &Write<'_>,
    cleaner: &mut Cleaner<'_>,
    path: &str,
    id: Option<&ID>,
) -> Result<Option<E::Model>> {
    let Some(id) = ids::reference::<E>(&mut cleaner.problems, path, id) else { return Ok(None) };
    let record = store::hold(write, id).await?;
    rules::note(&mut cleaner.problems, record.as_ref().map(|_| ()).ok_or_else(|| not_found::<E>(path)));
    Ok(record)
}

fn refuse_details(cleaner: &mut Cleaner<'_>, given: &ConvertOpportunityInput, sentence: &str) {
    let details = [
        ("opportunity.name", given.name.is_some()),
        ("opportunity.amount", given.amount.is_some()),
        ("opportunity.closeDate", given.close_date.is_some()),
        ("opportunity.stageId", given.stage_id.is_some()),
        ("opportunity.pipelineId", given.pipeline_id.is_some()),
    ];
    for (path, _) in details.into_iter().filter(|(_, given)| *given) {
        cleaner.problem(UserErrorCode::Invalid, path, sentence);
    }
}

async fn read_new_opportunity(
    write: &Write<'_>,
    cleaner: &mut Cleaner<'_>,
    given: &ConvertOpportunityInput,
    choice: &mut Choice,
) -> Result<()> {
    choice.opportunity_name = cleaner.optional("opportunity.name", given.name.as_deref(), TextLimit::Name);
    let (mut amount, mut currency) = (None, None);
    cleaner.money("opportunity.amount", &Some(given.amount.clone()).into(), (&mut amount, &mut currency));
    choice.amount = amount.zip(currency).map(|(amount, currency)| crate::values::money::Money { amount, currency });
    cleaner.date("opportunity.closeDate", &Some(given.close_date).into(), &mut choice.close_date);
    let pipeline_id = ids::reference(&mut cleaner.problems, "opportunity.pipelineId", given.pipeline_id.as_ref());
    let stage_id = ids::reference(&mut cleaner.problems, "opportunity.stageId", given.stage_id.as_ref());
    let paths = ("opportunity.pipelineId", "opportunity.stageId");
    choice.stage = opportunities::service::stage_for_new(write, &mut cleaner.problems, pipeline_id, stage_id, paths).await?;
    Ok(())
}

/// Existing accounts and contacts that look like what would be created.
async fn similar(write: &Write<'_>, lead: &lead::Model, choice: &Choice) -> Result<(Vec<Match>, Vec<Match>)> {
    let mut traits = duplicate_store::of_lead(lead);
    if let Some(name) = &choice.account_name {
        traits.company = crate::values::fold::company_key(name);
    }
    let found = records(write.connection(), write.scope(), std::slice::from_ref(&traits)).await?;
    let matches = rank(lead.id.uuid(), &traits, &found);
    let accounts = matches.iter().filter(|found| matches!(found.record, Found::Account(_))).cloned().collect();
    let contacts = matches.into_iter().filter(|found| matches!(found.record, Found::Contact(_))).collect();
    Ok((accounts, contacts))
}

/// Does what was planned.
async fn carry_out(write: &Write<'_>, lead: &lead::Model, plan: Plan) -> Result<Converted> {
    let mut ledger = Ledger::of(&plan);
    let part_change = plan.part_change();
    let account = save(write, plan.account).await?;
    let contact = save(write, plan.contact).await?;
    let opportunity = match plan.opportunity {
        Some(Planned { before: None, after }) => Some(opportunities::service::insert(write, after, lead.buying_role).await?),
        Some(Planned { before: Some(before), after }) => {
            Some(join(write, before, after, contact.id, plan.part.zip(part_change)).await?)
        }
        None => None,
    };
    let opportunity_id = opportunity.as_ref().map(|opportunity| opportunity.id);
    ledger.memberships = campaign_member::service::carry(write, lead.id, contact.id).await?;
    let mut beside = Beside::default();
    beside.add(store::carried_activities(lead.id, account.id, contact.id, opportunity_id)?);
    if opportunity_id.is_some() {
        beside.add(store::carried_signals(lead.id, opportunity_id));
    }
    beside.insert::<lead_conversion::Entity>(store::conversion(write, lead, account.id, contact.id, opportunity_id, &ledger)?);
    let became = json!([{
        "field": "conversion", "before": null,
        "after": conversion_fields(account.id, contact.id, opportunity_id),
    }]);
    let after = lead::Model { status: LeadStatus::ClosedConverted, ..lead.clone() };
    let lead = write.update_along(lead, after, "converted", became, beside).await?;
    Ok(Converted { lead, account, contact, opportunity })
}

/// Fills the opportunity that is joined, and gives the contact its part in it.
async fn join(
    write: &Write<'_>,
    before: opportunity::Model,
    after: opportunity::Model,
    contact: ContactId,
    part: Option<(PlannedPart, Json)>,
) -> Result<opportunity::Model> {
    let Some((part, change)) = part else { return write.update(&before, after, FILLED).await };
    match part.before {
        None => opportunities::store::add_role(write, before.id, contact, part.after).await?,
        Some(_) => opportunities::store::set_role(write.connection(), before.id, contact, part.after).await?,
    }
    write.update_with(&before, after, FILLED, change).await
}

/// What the history says that the lead became.
pub fn conversion_fields(account: AccountId, contact: ContactId, opportunity: Option<OpportunityId>) -> Json {
    json!({
        "account": account.to_string(), "contact": contact.to_string(),
        "opportunity": opportunity.map(|id| id.to_string()),
    })
}

/// Makes or fills a record.
pub async fn save<M: Record>(write: &Write<'_>, planned: Planned<M>) -> Result<M> {
    match planned.before {
        None => write.insert(planned.after, "created").await,
        Some(before) => write.update(&before, planned.after, FILLED).await,
    }
}

/// What is remembered for repeated calls.
fn answer_of(lead: LeadId, account: AccountId, contact: ContactId) -> Json {
    json!({ "lead": lead.uuid(), "account": account.uuid(), "contact": contact.uuid() })
}

/// The answer to a repeated call: what the lead became then, as it is now.
async fn made_before(write: &Write<'_>, answer: &Json) -> Result<Converted> {
    let lead: Uuid = serde_json::from_value(answer["lead"].clone()).map_err(Error::internal)?;
    let conversion = store::of(write.connection(), LeadId::new(lead)).await?;
    let still_there = conversion.filter(|made| answer_of(made.lead_id, made.account_id, made.contact_id) == *answer);
    let conversion = still_there.ok_or_else(|| {
        let sentence = "The conversion that this call made was reverted since. Use a new idempotency key to convert again.";
        Error::refused(UserError::at(UserErrorCode::NotFound, "idempotencyKey", sentence))
    })?;
    let opportunity = match conversion.opportunity_id {
        Some(id) => write.find(id).await?,
        None => None,
    };
    Ok(Converted {
        lead: existing(write, conversion.lead_id).await?,
        account: existing(write, conversion.account_id).await?,
        contact: existing(write, conversion.contact_id).await?,
        opportunity,
    })
}

async fn existing<E: Visible>(write: &Write<'_>, id: Id<E>) -> Result<E::Model> {
    write.find(id).await?.ok_or_else(|| Error::internal(format!("{id} belongs to a conversion and is not there")))
}

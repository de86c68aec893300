//! What a lead becomes: pure decisions. The preview shows this plan and the conversion carries it out, so they can't differ.

use chrono::NaiveDate;
use entity::{
    AccountId, AccountKind, BuyingRole, LeadStatus, QualificationFacts, UserId, account, contact, lead, opportunity, stage, user,
};
use serde_json::{Value as Json, json};

use crate::data::record::{FieldDifference, Record, differences};
use crate::domains::duplicate::service::{Match, refuse_strong};
use crate::domains::lead::rules as lead_rules;
use crate::domains::opportunity::roles::role_change;
use crate::error::{Error, Problems, UserError, UserErrorCode};
use crate::values::calendar::{default_close_date, month_year};
use crate::values::money::Money;

/// What the caller chose, read and cleaned.
#[derive(Debug, Default)]
pub struct Choice {
    /// The account to use, where one was named.
    pub account: Option<account::Model>,
    /// The contact to use, where one was named.
    pub contact: Option<contact::Model>,
    /// The opportunity to join, where one was named.
    pub opportunity: Option<opportunity::Model>,
    /// The part that the contact has in the opportunity to join, where it has one: the buying role, if that is known.
    pub part: Option<Option<BuyingRole>>,
    /// The name of a new account.
    pub account_name: Option<String>,
    /// The name of a new opportunity.
    pub opportunity_name: Option<String>,
    /// The amount of a new opportunity.
    pub amount: Option<Money>,
    /// The close date of a new opportunity.
    pub close_date: Option<NaiveDate>,
    /// The stage of a new opportunity; null where the one that was asked for can't be used.
    pub stage: Option<stage::Model>,
    /// No opportunity is wanted.
    pub without_opportunity: bool,
    /// Whether new records may look like existing ones.
    pub allow_duplicates: bool,
}

/// What a lead's records are made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The lead becomes them.
    Convert,
    /// The lead is not pursued, and leaves them behind.
    Keep,
}

/// What the plan depends on besides the choice.
pub struct Situation<'a> {
    /// The lead as it is.
    pub lead: &'a lead::Model,
    /// What for.
    pub purpose: Purpose,
    /// Whether the workspace converts qualified leads only.
    pub requires_qualified: bool,
    /// Who would own new records.
    pub owner: Option<&'a user::Model>,
    /// Today in the workspace's time zone.
    pub today: NaiveDate,
    /// 1 (January) to 12.
    pub fiscal_year_start_month: u32,
    /// Rows with nothing in them but new ids, to be filled where a record is created.
    pub blank: Blank,
    /// Existing accounts that look like the lead's company.
    pub similar_accounts: Vec<Match>,
    /// Existing contacts that look like the lead's person.
    pub similar_contacts: Vec<Match>,
}

/// New rows with nothing in them.
pub struct Blank {
    /// A new account.
    pub account: account::Model,
    /// A new contact.
    pub contact: contact::Model,
    /// A new opportunity, in its stage; null where the stage that was asked for can't be used.
    pub opportunity: Option<opportunity::Model>,
}

/// What happens to one record: made anew where there is no `before`.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned<M> {
    /// The existing record, as it is.
    pub before: Option<M>,
    /// The record as it will be.
    pub after: M,
}

impl<M: Record> Planned<M> {
    /// Whether the record is made anew.
    pub fn creates(&self) -> bool {
        self.before.is_none()
    }

    /// What is set or filled.
    pub fn fields(&self) -> Vec<FieldDifference> {
        differences(self.before.as_ref(), &self.after)
    }
}

/// What happens to the contact's part in an opportunity that is made or joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedPart {
    /// The part that it has, where it has one: the buying role, if that is known.
    pub before: Option<Option<BuyingRole>>,
    /// The buying role that it will have.
    pub after: Option<BuyingRole>,
}

/// What the lead becomes.
#[derive(Debug)]
pub struct Plan {
    /// The company.
    pub account: Planned<account::Model>,
    /// The person.
    pub contact: Planned<contact::Model>,
    /// The potential sale, unless none is wanted.
    pub opportunity: Option<Planned<opportunity::Model>>,
    /// The person's part in it, where that changes: always in a new one, of which the person is the primary contact.
    pub part: Option<PlannedPart>,
}

impl Plan {
    /// What the opportunity's history tells of the person's part in it.
    pub fn part_change(&self) -> Option<Json> {
        self.part.map(|part| role_change(self.contact.after.id, part.before, Some(part.after)))
    }

    /// The ids of records that don't exist yet: a preview leaves them out, since the conversion makes others.
    pub fn new_ids(&self) -> Vec<Json> {
        let account = self.account.creates().then(|| json!(self.account.after.id.to_string()));
        let contact = self.contact.creates().then(|| json!(self.contact.after.id.to_string()));
        [account, contact].into_iter().flatten().collect()
    }
}

/// Plans the conversion and lists everything that stands in its way. The plan is as good as it gets where something does.
pub fn plan(situation: Situation<'_>, choice: Choice) -> (Plan, Problems) {
    let mut problems = Problems::default();
    if situation.purpose == Purpose::Convert {
        check_lead(&situation, &mut problems);
    }
    check_choice(&situation, &choice, &mut problems);
    let account = plan_account(&situation, &choice);
    let contact = plan_contact(&situation, &choice, &account.after);
    if !choice.allow_duplicates {
        check_duplicates(&situation, account.creates(), contact.creates(), &mut problems);
    }
    let opportunity = plan_opportunity(&situation, &choice, &account.after, &contact.after);
    if account.creates() || contact.creates() || opportunity.as_ref().is_some_and(Planned::creates) {
        check_owner(&situation, &mut problems);
    }
    let part = plan_part(&situation, &choice, opportunity.as_ref());
    (Plan { account, contact, opportunity, part }, problems)
}

/// Adds to what is wrong with the input what is wrong with the plan. Where the input of a field is wrong, the plan was made
/// without it, and what it says about that field is no news.
pub fn all_problems(mut of_input: Vec<UserError>, of_plan: Vec<UserError>) -> Vec<UserError> {
    let is_news = |problem: &UserError| problem.field.is_none() || of_input.iter().all(|known| known.field != problem.field);
    let news: Vec<UserError> = of_plan.into_iter().filter(is_news).collect();
    of_input.extend(news);
    of_input
}

fn check_lead(situation: &Situation<'_>, problems: &mut Problems) {
    let lead = situation.lead;
    note(problems, lead_rules::check_move(lead.status, LeadStatus::ClosedConverted));
    if situation.requires_qualified && matches!(lead.status, LeadStatus::OpenNotContacted | LeadStatus::WorkingContacted) {
        let missing: Vec<&str> =
            lead_rules::missing_criteria(&lead.qualification).into_iter().map(entity::CriterionName::as_str).collect();
        let sentence = "This workspace converts qualified leads only: qualify the lead first.";
        problems.push(UserError::new(UserErrorCode::NotQualified, sentence).with_details(json!({ "missing": missing })));
    }
}

/// Whoever owns the new records must be active.
fn check_owner(situation: &Situation<'_>, problems: &mut Problems) {
    if let Some(owner) = situation.owner.filter(|owner| !owner.active) {
        let sentence = format!("{} is deactivated and cannot own the new records: name an active user as ownerId.", owner.name);
        problems.push(UserError::at(UserErrorCode::InactiveUser, "ownerId", sentence));
    }
}

fn check_choice(situation: &Situation<'_>, choice: &Choice, problems: &mut Problems) {
    let mut invalid = |path: &str, sentence: &str| problems.push(UserError::at(UserErrorCode::Invalid, path, sentence));
    if choice.account_name.is_some() && chosen_account(choice).is_some() {
        invalid("accountName", "A name is for a new account: leave it out, or name no existing account, contact or opportunity.");
    }
    if let (Some(account), Some(own)) = (chosen_account(choice), choice.contact.as_ref().and_then(|contact| contact.account_id))
        && own != account
    {
        invalid(
            "contactId",
            "This contact belongs to another account than the chosen one: choose its account, or another contact.",
        );
    }
    if let Some(joined) = &choice.opportunity {
        if choice.without_opportunity {
            invalid("opportunity.id", "An opportunity to join and withoutOpportunity exclude each other: leave one of them out.");
        }
        if joined.is_closed {
            invalid("opportunity.id", "This opportunity is closed: join an open one, or reopen it first.");
        }
        if chosen_account(choice).is_some_and(|account| account != joined.account_id) {
            invalid("opportunity.id", "This opportunity belongs to another account than the chosen one: join one of its own.");
        }
    }
    let named = situation.lead.first_name.is_some() || situation.lead.last_name.is_some();
    if choice.contact.is_none() && !named {
        let sentence =
            "The lead names no person, so no contact can be made of it: name an existing contact, or give the lead a last name.";
        problems.push(UserError::at(UserErrorCode::Required, "contactId", sentence));
    }
}

/// The account that the caller named, directly or by one of its records.
fn chosen_account(choice: &Choice) -> Option<AccountId> {
    let named = choice.account.as_ref().map(|account| account.id);
    named.or_else(|| implied_account(choice.opportunity.as_ref(), choice.contact.as_ref()))
}

/// The account that an opportunity to join, or a contact, brings with it.
pub fn implied_account(opportunity: Option<&opportunity::Model>, contact: Option<&contact::Model>) -> Option<AccountId> {
    let of_contact = || contact.and_then(|contact| contact.account_id);
    opportunity.map(|opportunity| opportunity.account_id).or_else(of_contact)
}

fn check_duplicates(situation: &Situation<'_>, new_account: bool, new_contact: bool, problems: &mut Problems) {
    if new_account {
        note(problems, refuse_strong(&situation.similar_accounts, "accountId"));
    }
    if new_contact {
        note(problems, refuse_strong(&situation.similar_contacts, "contactId"));
    }
}

fn plan_account(situation: &Situation<'_>, choice: &Choice) -> Planned<account::Model> {
    let lead = situation.lead;
    if let Some(existing) = &choice.account {
        let mut account = existing.clone();
        fill_account(&mut account, lead);
        account.derive();
        return Planned { before: Some(existing.clone()), after: account };
    }
    let mut account = situation.blank.account.clone();
    let person = lead_rules::full_name(lead.first_name.as_deref(), lead.last_name.as_deref());
    let company = choice.account_name.clone().or_else(|| lead.company.clone());
    account.kind = if company.is_none() { AccountKind::Person } else { AccountKind::Business };
    account.name = company.or(person).unwrap_or_default();
    account.owner_id = situation.owner.map(|owner| owner.id);
    fill_account(&mut account, lead);
    account.derive();
    Planned { before: None, after: account }
}

fn plan_contact(situation: &Situation<'_>, choice: &Choice, account: &account::Model) -> Planned<contact::Model> {
    let existing = choice.contact.clone();
    let mut contact = existing.clone().unwrap_or_else(|| situation.blank.contact.clone());
    if existing.is_none() {
        contact.owner_id = situation.owner.map(|owner| owner.id);
    }
    fill_contact(&mut contact, situation.lead);
    contact.account_id = contact.account_id.or(Some(account.id));
    contact.derive();
    Planned { before: existing, after: contact }
}

fn plan_opportunity(
    situation: &Situation<'_>,
    choice: &Choice,
    account: &account::Model,
    contact: &contact::Model,
) -> Option<Planned<opportunity::Model>> {
    if choice.without_opportunity {
        return None;
    }
    if let Some(existing) = &choice.opportunity {
        let mut opportunity = existing.clone();
        fill_opportunity(&mut opportunity, situation.lead);
        opportunity.primary_contact_id = opportunity.primary_contact_id.or(Some(contact.id));
        return Some(Planned { before: Some(existing.clone()), after: opportunity });
    }
    let mut opportunity = situation.blank.opportunity.clone()?;
    let close_date = choice.close_date.unwrap_or_else(|| default_close_date(situation.today, situation.fiscal_year_start_month));
    opportunity.account_id = account.id;
    opportunity.close_date = close_date;
    opportunity.name = choice.opportunity_name.clone().unwrap_or_else(|| default_name(&account.name, close_date));
    opportunity.owner_id = situation.owner.map(|owner| owner.id);
    opportunity.amount = choice.amount.as_ref().map(|money| money.amount);
    opportunity.currency = choice.amount.as_ref().map(|money| money.currency.clone());
    opportunity.primary_contact_id = Some(contact.id);
    fill_opportunity(&mut opportunity, situation.lead);
    opportunity.derive();
    Some(Planned { before: None, after: opportunity })
}

/// The lead's buying role becomes the person's, unless another one is known already.
fn plan_part(
    situation: &Situation<'_>,
    choice: &Choice,
    opportunity: Option<&Planned<opportunity::Model>>,
) -> Option<PlannedPart> {
    let after = situation.lead.buying_role;
    let changes = match choice.part {
        None => true,
        Some(known) => known.is_none() && after.is_some(),
    };
    (opportunity.is_some() && changes).then_some(PlannedPart { before: choice.part, after })
}

/// "<account> - <month year>", within the 200 characters that a name may have.
fn default_name(account: &str, close_date: NaiveDate) -> String {
    let month = month_year(close_date);
    let room = 200 - month.chars().count() - 3;
    let account: String = account.chars().take(room).collect();
    format!("{} - {month}", account.trim_end())
}

/// Fills what is empty; what is there stays.
fn fill<T: Clone>(target: &mut Option<T>, value: &Option<T>) {
    if target.is_none() {
        target.clone_from(value);
    }
}

macro_rules! fill_address {
    ($target:expr, $lead:expr) => {
        // An address is filled as a whole: parts of two addresses don't make one.
        if $crate::address!($target).is_none() {
            $target.street.clone_from(&$lead.street);
            $target.city.clone_from(&$lead.city);
            $target.region.clone_from(&$lead.region);
            $target.postal_code.clone_from(&$lead.postal_code);
            $target.country.clone_from(&$lead.country);
        }
    };
}

fn fill_account(account: &mut account::Model, lead: &lead::Model) {
    fill(&mut account.website, &lead.website);
    fill(&mut account.phone, &lead.phone);
    fill_address!(account, lead);
}

fn fill_contact(contact: &mut contact::Model, lead: &lead::Model) {
    // A name is filled as a whole, too.
    if contact.first_name.is_none() && contact.last_name.is_none() {
        contact.first_name.clone_from(&lead.first_name);
        contact.last_name.clone_from(&lead.last_name);
    }
    fill(&mut contact.job_title, &lead.job_title);
    fill(&mut contact.email, &lead.email);
    fill(&mut contact.phone, &lead.phone);
    fill(&mut contact.description, &lead.description);
    fill(&mut contact.source_id, &lead.source_id);
    fill(&mut contact.campaign_id, &lead.campaign_id);
    fill_address!(contact, lead);
}

fn fill_opportunity(opportunity: &mut opportunity::Model, lead: &lead::Model) {
    fill(&mut opportunity.source_id, &lead.source_id);
    fill(&mut opportunity.campaign_id, &lead.campaign_id);
    fill(&mut opportunity.lead_id, &Some(lead.id));
    fill(&mut opportunity.description, &lead.description);
    let known = Some(&lead.qualification).filter(|facts| **facts != QualificationFacts::default());
    fill(&mut opportunity.qualification, &known.cloned());
}

/// Takes a refusal apart into the list of problems.
pub fn note(problems: &mut Problems, result: Result<(), Error>) {
    if let Err(Error::Refused(refused)) = result {
        refused.into_iter().for_each(|problem| problems.push(problem));
    }
}

/// The refusal of a second conversion, which names what the first one made.
pub fn already_converted(became: Json) -> Error {
    let sentence = "This lead was converted before: the details name the records that it became.";
    Error::refused(UserError::at(UserErrorCode::AlreadyConverted, "leadId", sentence).with_details(became))
}

/// The refusal of a lead that is named twice where all are converted or none.
pub fn repeated() -> Error {
    let sentence = "This lead is named before: leave it out here, since a lead is converted once.";
    Error::refused(UserError::at(UserErrorCode::Invalid, "leadId", sentence))
}

/// Who would own new records: whom the caller named, the lead's owner, or the caller where the lead lies in the pool.
pub fn owner(named: Option<UserId>, lead: &lead::Model, caller: UserId) -> UserId {
    named.or(lead.owner_id).unwrap_or(caller)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_name_leaves_room_for_the_month() {
        let day = |month| NaiveDate::from_ymd_opt(2026, month, 30).unwrap();
        assert_eq!(default_name("Acme", day(6)), "Acme - June 2026");
        for (account, month, expected) in
            [("x".repeat(200), 9, 200), ("é".repeat(184), 9, 200), (format!("{} y", "x".repeat(182)), 9, 199)]
        {
            let name = default_name(&account, day(month));
            assert_eq!(name.chars().count(), expected, "{name}");
            assert!(name.ends_with(" - September 2026"), "{name}");
        }
    }

    #[test]
    fn what_is_there_stays() {
        for (target, value, expected) in
            [(None, Some(1), Some(1)), (Some(2), Some(1), Some(2)), (Some(2), None, Some(2)), (None, None, None)]
        {
            let mut filled = target;
            fill(&mut filled, &value);
            assert_eq!(filled, expected);
        }
    }

    #[test]
    fn one_problem_at_a_field_is_enough() {
        let at = |code, path| UserError::at(code, path, "Sentence.");
        let of_input = vec![at(UserErrorCode::NotFound, "contactId")];
        let of_plan = vec![
            at(UserErrorCode::Required, "contactId"),
            at(UserErrorCode::Invalid, "opportunity.id"),
            at(UserErrorCode::Invalid, "opportunity.id"),
            UserError::new(UserErrorCode::NotQualified, "Sentence."),
        ];
        let expected = [&of_input[..], &of_plan[1..]].concat();
        assert_eq!(all_problems(of_input, of_plan), expected);
    }
}

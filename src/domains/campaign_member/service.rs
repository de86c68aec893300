//! Making leads and contacts members of campaigns. Leads are held before contacts, both in the order of their ids, and before their
//! memberships: so that two calls never wait for each other, and nobody becomes a member twice.

use async_graphql::MaybeUndefined;
use chrono::NaiveDate;
use entity::{
    CampaignId, CampaignMemberId, CampaignMemberStatus, ContactId, LeadId, LeadStatus, campaign, campaign_member, contact, lead,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use super::input::{AddCampaignMembersInput, NewCampaignMemberInput, RemoveCampaignMemberInput, UpdateCampaignMemberInput};
use super::rules::{self, Person};
use super::store;
use crate::auth::policy;
use crate::data::record::{Record, differences, to_json};
use crate::data::write::{Write, check_version, not_found};
use crate::domains::lead::activity as lead_activity;
use crate::error::{Error, Problems, Result, UserError, UserErrorCode};
use crate::graphql::ids;

/// How many leads and contacts one call adds.
pub const MOST_MEMBERS: usize = 500;

/// What came of one lead or contact: the membership and whether it is new, or what stood in its way.
pub type Added = Result<(campaign_member::Model, bool), Vec<UserError>>;

/// The leads and contacts that somebody named, held.
struct Held {
    leads: Vec<lead::Model>,
    contacts: Vec<contact::Model>,
}

/// Makes leads and contacts members of a campaign.
pub async fn add(write: &Write<'_>, input: AddCampaignMembersInput) -> Result<Vec<Added>> {
    policy::may_create(write.actor)?;
    if input.items.is_empty() || input.items.len() > MOST_MEMBERS {
        let sentence = format!("Give 1 to {MOST_MEMBERS} leads and contacts, not {}.", input.items.len());
        return Err(Error::refused(UserError::at(UserErrorCode::OutOfRange, "items", sentence)));
    }
    let campaign: CampaignId = ids::subject(&input.campaign_id, "campaignId")?;
    if write.find::<campaign::Entity>(campaign).await?.is_none() {
        return Err(not_found::<campaign::Entity>("campaignId"));
    }
    let read =
        |(place, item): (usize, &NewCampaignMemberInput)| Person::read(&item.member_id, &format!("items.{place}.memberId"));
    let people: Vec<Result<Person, UserError>> = input.items.iter().enumerate().map(read).collect();
    let named: Vec<Person> = people.iter().filter_map(|person| person.as_ref().ok().copied()).collect();
    let held = hold(write, &named).await?;
    check_permissions(write, &held)?;
    let mut known = store::memberships(write.connection(), &named).await?;
    known.retain(|member| member.campaign_id == campaign);

    let mut new = Vec::new();
    let mut results: Vec<Added> = Vec::new();
    for (place, (item, person)) in input.items.iter().zip(people).enumerate() {
        let checked = person.map_err(|problem| vec![problem]).and_then(|person| {
            check_person(&held, person, &format!("items.{place}.memberId")).map(|()| person).map_err(|problem| vec![problem])
        });
        results.push(checked.and_then(|person| {
            if let Some(member) = known.iter().find(|member| Person::of(member) == Some(person)) {
                return Ok((member.clone(), false));
            }
            let mut member = blank(write, campaign, person);
            let status = item.status.map_or(CampaignMemberStatus::Targeted, Into::into);
            let day = item.responded_on.map_or(MaybeUndefined::Undefined, MaybeUndefined::Value);
            let mut problems = Problems::default();
            rules::set(&mut problems, &mut member, status, day, write.today(), &format!("items.{place}.respondedOn"));
            match problems.into_vec() {
                problems if problems.is_empty() => {
                    known.push(member.clone());
                    new.push(member.clone());
                    Ok((member, true))
                }
                problems => Err(problems),
            }
        }));
    }
    write.insert_all(new, "created").await?;
    Ok(results)
}

/// Notes what became of a member.
pub async fn update(write: &Write<'_>, input: UpdateCampaignMemberInput) -> Result<campaign_member::Model> {
    let before = for_change(write, ids::subject(&input.id, "id")?, input.expected_version).await?;
    let mut problems = Problems::default();
    let status = match input.status {
        MaybeUndefined::Undefined => before.status,
        MaybeUndefined::Value(status) => status.into(),
        MaybeUndefined::Null => {
            let sentence = "A member has a status: give one, or leave it out.";
            problems.push(UserError::at(UserErrorCode::Required, "status", sentence));
            before.status
        }
    };
    let mut member = before.clone();
    rules::set(&mut problems, &mut member, status, input.responded_on, write.today(), "respondedOn");
    problems.check()?;
    write.update(&before, member, "updated").await
}

/// Ends a membership.
pub async fn remove(write: &Write<'_>, input: RemoveCampaignMemberInput) -> Result<CampaignMemberId> {
    let member = for_change(write, ids::subject(&input.id, "id")?, input.expected_version).await?;
    end(write, &member, "removed").await?;
    Ok(member.id)
}

/// Takes a membership away; the history keeps what it was.
async fn end(write: &Write<'_>, member: &campaign_member::Model, action: &str) -> Result<()> {
    store::remove(write.connection(), member.id).await?;
    let mut fields = differences(None, member);
    fields.iter_mut().for_each(|field| std::mem::swap(&mut field.before, &mut field.after));
    write.note(campaign_member::Model::KIND, member.uuid(), action, to_json(fields)).await
}

/// Reads a membership for a change: visible, permitted, of the expected version, and not of a converted lead.
async fn for_change(write: &Write<'_>, id: CampaignMemberId, expected: Option<i32>) -> Result<campaign_member::Model> {
    policy::may_create(write.actor)?;
    let person = write.find::<campaign_member::Entity>(id).await?.as_ref().and_then(Person::of);
    let person = person.ok_or_else(|| not_found::<campaign_member::Entity>("id"))?;
    let held = hold(write, &[person]).await?;
    check_permissions(write, &held)?;
    check_person(&held, person, "id").map_err(Error::refused)?;
    let member = write.lock::<campaign_member::Entity>(write.scope(), id, "id").await?;
    check_version(member.version, expected)?;
    Ok(member)
}

/// Reads leads and contacts and keeps others from changing them and their memberships.
async fn hold(write: &Write<'_>, people: &[Person]) -> Result<Held> {
    let leads = people.iter().filter_map(|person| if let Person::Lead(id) = person { Some(*id) } else { None });
    let contacts: Vec<ContactId> =
        people.iter().filter_map(|person| if let Person::Contact(id) = person { Some(*id) } else { None }).collect();
    let leads = lead_activity::lock(write, write.scope(), leads).await?;
    let contacts = match contacts.is_empty() {
        true => Vec::new(),
        false => {
            let select = write.scope().find::<contact::Entity>().filter(contact::Column::Id.is_in(contacts));
            select.order_by_asc(contact::Column::Id).lock_exclusive().all(write.connection()).await?
        }
    };
    Ok(Held { leads, contacts })
}

/// A role that may not change one of them is told before any is changed.
fn check_permissions(write: &Write<'_>, held: &Held) -> Result<()> {
    held.leads.iter().try_for_each(|lead| policy::may_change_lead(write.actor, lead.owner_id))?;
    held.contacts.iter().try_for_each(|contact| policy::may_change(write.actor, contact.owner_id))
}

/// They must be there, and no converted lead.
fn check_person(held: &Held, person: Person, path: &str) -> Result<(), UserError> {
    let missing = |kind: &str| {
        let sentence = format!("There is no such {kind}; it may have been deleted. Check the id.");
        UserError::at(UserErrorCode::NotFound, path, sentence)
    };
    match person {
        Person::Contact(id) => held.contacts.iter().find(|contact| contact.id == id).map(drop).ok_or_else(|| missing("contact")),
        Person::Lead(id) => {
            let lead = held.leads.iter().find(|lead| lead.id == id).ok_or_else(|| missing("lead"))?;
            if lead.status == LeadStatus::ClosedConverted {
                let sentence = "This lead was converted and is read-only: name the contact that it became.";
                return Err(UserError::at(UserErrorCode::AlreadyConverted, path, sentence));
            }
            Ok(())
        }
    }
}

/// Makes those who answered a campaign on a day members of it who have responded. Whoever names them holds them, or made them.
pub async fn answered(write: &Write<'_>, answers: &[(CampaignId, Person, NaiveDate)]) -> Result<()> {
    if answers.is_empty() {
        return Ok(());
    }
    let people: Vec<Person> = answers.iter().map(|(_, person, _)| *person).collect();
    let mut known = Vec::new();
    for some in people.chunks(MOST_MEMBERS) {
        known.extend(store::memberships(write.connection(), some).await?);
    }
    let mut new = Vec::new();
    for (campaign, person, day) in answers {
        let is_it = |member: &&campaign_member::Model| member.campaign_id == *campaign && Person::of(member) == Some(*person);
        match known.iter().find(is_it) {
            Some(before) => drop(write.update(before, rules::answered(before, *day), "updated").await?),
            None => new.push(rules::answered(&blank(write, *campaign, *person), *day)),
        }
    }
    write.insert_all(new, "created").await?;
    Ok(())
}

/// The same for one of whom a campaign is told; nothing where it names none, or the same as before.
pub async fn follow(write: &Write<'_>, before: Option<CampaignId>, after: Option<CampaignId>, person: Person) -> Result<()> {
    match after.filter(|_| after != before) {
        Some(campaign) => answered(write, &[(campaign, person, write.today())]).await,
        None => Ok(()),
    }
}

/// What a conversion did to a membership of the contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// Which one.
    pub id: uuid::Uuid,
    /// What it was like before, where it was there: the status and the day of response.
    pub before: Option<(CampaignMemberStatus, Option<NaiveDate>)>,
    /// What it was like afterwards.
    pub after: (CampaignMemberStatus, Option<NaiveDate>),
}

impl Carried {
    /// Whether a membership is as the conversion left it.
    pub fn left(&self, member: &campaign_member::Model) -> bool {
        self.id == member.uuid() && self.after == (member.status, member.responded_on)
    }
}

/// Makes the contact a member of the lead's campaigns. Where it is one already, the earliest response counts. The lead stays a member.
pub async fn carry(write: &Write<'_>, lead: LeadId, contact: ContactId) -> Result<Vec<Carried>> {
    let all = store::memberships(write.connection(), &[Person::Lead(lead), Person::Contact(contact)]).await?;
    let (of_lead, of_contact): (Vec<_>, Vec<_>) = all.into_iter().partition(|member| member.lead_id == Some(lead));
    let state = |member: &campaign_member::Model| (member.status, member.responded_on);
    let (mut new, mut carried) = (Vec::new(), Vec::new());
    for member in of_lead {
        match of_contact.iter().find(|known| known.campaign_id == member.campaign_id) {
            None => {
                let made = campaign_member::Model {
                    carried_from: Some(lead),
                    ..rules::merge(&blank(write, member.campaign_id, Person::Contact(contact)), &member)
                };
                carried.push(Carried { id: made.uuid(), before: None, after: state(&made) });
                new.push(made);
            }
            Some(known) => {
                let merged = rules::merge(known, &member);
                if merged != *known {
                    carried.push(Carried { id: known.uuid(), before: Some(state(known)), after: state(&merged) });
                    write.update(known, merged, "carried_over").await?;
                }
            }
        }
    }
    write.insert_all(new, "carried_over").await?;
    Ok(carried)
}

/// Takes back what a conversion carried over, as far as nobody has changed it since.
pub async fn take_back(write: &Write<'_>, contact: ContactId, carried: &[Carried], action: &str) -> Result<()> {
    if carried.is_empty() {
        return Ok(());
    }
    for member in store::memberships(write.connection(), &[Person::Contact(contact)]).await? {
        let Some(entry) = carried.iter().find(|entry| entry.left(&member)) else { continue };
        match entry.before {
            None => end(write, &member, action).await?,
            Some((status, responded_on)) => {
                let was = campaign_member::Model { status, responded_on, ..member.clone() };
                write.update(&member, was, action).await?;
            }
        }
    }
    Ok(())
}

/// A new member of whom nothing is known.
pub fn blank(write: &Write<'_>, campaign: CampaignId, person: Person) -> campaign_member::Model {
    let (lead_id, contact_id) = match person {
        Person::Lead(id) => (Some(id), None),
        Person::Contact(id) => (None, Some(id)),
    };
    campaign_member::Model {
        id: write.new_id(),
        version: 1,
        campaign_id: campaign,
        lead_id,
        contact_id,
        status: CampaignMemberStatus::Targeted,
        responded_on: None,
        carried_from: None,
        external_id: None,
        created_at: write.now,
        updated_at: write.now,
    }
}

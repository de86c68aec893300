//! A workspace of made-up records in the proportions of the standard operations, written past the API and with what the API would
//! have left beside the records: histories and search words.

use std::error::Error;

use chrono::{DateTime, Days, TimeDelta, Utc};
use entity::{
    AccountId, ActivityKind, ContactId, LeadId, LeadSourceId, LeadStatus, OpportunityId, Rating, RecordKind, Role, StageCategory,
    UserId, account, activity, activity_subject, contact, contact_role, lead, lead_source, lead_status_change, opportunity,
    opportunity_change, stage, user,
};
use leadgraph::app::App;
use leadgraph::auth::{Actor, password};
use leadgraph::data::record::Record;
use leadgraph::data::write::Write;
use leadgraph::demo::bare_tables::BareTables;
use leadgraph::domains::account::service as accounts;
use leadgraph::domains::activity::service as activities;
use leadgraph::domains::contact::service as contacts;
use leadgraph::domains::lead::service as leads;
use leadgraph::domains::opportunity::{rules, service as opportunities};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use uuid::Uuid;

use super::words::{company, family_name, first_name, word};

/// Who signs in.
pub const EMAIL: &str = "bench@leadgraph.example";
/// Their password: the database is thrown away.
pub const PASSWORD: &str = "leadgraph-bench";
/// What accounts do; the first one twice as often as any other.
pub const INDUSTRIES: [&str; 5] = ["software", "finance", "retail", "medical", "services"];

/// At scale 1.
const ACCOUNTS: f64 = 50_000.0;
/// The others for each account.
const LEADS: usize = 2;
const CONTACTS: usize = 2;
const OPPORTUNITIES: usize = 4;
const ACTIVITIES: usize = 10;
const USERS: usize = 50;
/// Accounts of one transaction.
const BATCH: usize = 250;
/// One account of so many is large: with at least as many contacts, opportunities and activities as the account page shows.
const LARGE_ONE_OF: usize = 50;
/// Over how many days everything is spread, up to today.
const DAYS: i64 = 5 * 365;

const TABLES: [&str; 12] = [
    "accounts",
    "activities",
    "activity_subjects",
    "changes",
    "contact_roles",
    "contacts",
    "lead_status_changes",
    "leads",
    "opportunities",
    "opportunity_changes",
    "search_words",
    "searched_records",
];

/// What there is so far, and what new records refer to.
struct Cast {
    random: StdRng,
    accounts: Vec<(AccountId, String)>,
    /// The contacts of each account.
    contacts: Vec<Vec<ContactId>>,
    leads: Vec<LeadId>,
    opportunities: Vec<OpportunityId>,
    users: Vec<UserId>,
    sources: Vec<LeadSourceId>,
    stages: Vec<stage::Model>,
}

/// Fills a new, migrated database and answers how many records there are: leads, accounts, contacts, opportunities and activities.
pub async fn fill(app: &App, scale: f64) -> Result<usize, Box<dyn Error>> {
    let administrator = begin(app).await?;
    let actor = Actor::of(administrator);
    let mut cast = cast(app).await?;
    let bare = BareTables::strip(app, &TABLES).await.map_err(|error| error.sentences())?;
    let count = (ACCOUNTS * scale).round().max(2.0) as usize;
    let mut made = 0;
    while cast.accounts.len() < count {
        let write = Write::begin(app, &actor).await.map_err(|error| error.sentences())?;
        let until = (cast.accounts.len() + BATCH).min(count);
        made += batch(&write, &mut cast, until, count).await.map_err(|error| error.sentences())?;
        // They are there for whoever listens, and are deleted soon afterwards.
        write.connection().execute_unprepared("DELETE FROM outbox").await?;
        write.commit().await.map_err(|error| error.sentences())?;
    }
    bare.dress(app).await.map_err(|error| error.sentences())?;
    Ok(made)
}

/// The people. All but the administrator have passwords that are no hash of anything.
async fn begin(app: &App) -> Result<user::Model, Box<dyn Error>> {
    let hash = password::hash(PASSWORD.to_owned()).await.map_err(|error| error.sentences())?;
    let person = |name: String, email: String, role| user::Model {
        id: app.new_id(),
        name,
        email_key: email.clone(),
        email,
        password_hash: String::new(),
        role,
        active: true,
        team_id: None,
        created_at: app.now(),
        updated_at: app.now(),
    };
    let mut administrator = person("Bench Administrator".to_owned(), EMAIL.to_owned(), Role::Admin);
    administrator.password_hash = hash;
    let actor = Actor::of(administrator.clone());
    let write = Write::begin(app, &actor).await.map_err(|error| error.sentences())?;
    let sellers = (1..USERS).map(|number| {
        let name = format!("{} {}", first_name(number), family_name(number * 7));
        person(name, format!("seller{number}@leadgraph.example"), Role::Rep)
    });
    let users: Vec<user::Model> = std::iter::once(administrator.clone()).chain(sellers).collect();
    write.insert_rows::<user::Entity>(users.into_iter()).await.map_err(|error| error.sentences())?;
    write.commit().await.map_err(|error| error.sentences())?;
    Ok(administrator)
}

async fn cast(app: &App) -> Result<Cast, Box<dyn Error>> {
    let read = app.database().read();
    Ok(Cast {
        random: StdRng::seed_from_u64(1),
        accounts: Vec::new(),
        contacts: Vec::new(),
        leads: Vec::new(),
        opportunities: Vec::new(),
        users: user::Entity::find().all(read).await?.into_iter().map(|user| user.id).collect(),
        sources: lead_source::Entity::find().all(read).await?.into_iter().map(|source| source.id).collect(),
        stages: stage::Entity::find().order_by_asc(stage::Column::Position).all(read).await?,
    })
}

/// One transaction: the next accounts, and as many of all others as go with them, in turns, so that the newest records are of all
/// kinds.
async fn batch(write: &Write<'_>, cast: &mut Cast, until: usize, count: usize) -> leadgraph::error::Result<usize> {
    let first = cast.accounts.len();
    let (mut new_accounts, mut new_leads, mut new_contacts) = (Vec::new(), Vec::new(), Vec::new());
    let (mut new_opportunities, mut changes, mut roles) = (Vec::new(), Vec::new(), Vec::new());
    let (mut new_activities, mut subjects) = (Vec::new(), Vec::new());
    for number in first..until {
        let age = i128::from(DAYS * 86_400) * (count - number) as i128 / count as i128;
        let at = write.now - TimeDelta::seconds(i64::try_from(age).unwrap_or_default());
        new_accounts.push(cast.account(write, number, at));
        for turn in 0..LEADS {
            new_leads.push(cast.lead(write, number * LEADS + turn, at));
        }
        for turn in 0..CONTACTS {
            new_contacts.push(cast.contact(write, number * CONTACTS + turn, at));
        }
        for turn in 0..OPPORTUNITIES {
            let sale = cast.opportunity(write, number * OPPORTUNITIES + turn, at, &mut changes);
            roles.extend(sale.primary_contact_id.map(|contact_id| contact_role::Model {
                opportunity_id: sale.id,
                contact_id,
                role: None,
                created_at: at,
            }));
            new_opportunities.push(sale);
        }
        for turn in 0..ACTIVITIES {
            new_activities.push(cast.activity(write, number * ACTIVITIES + turn, at, &mut subjects));
        }
    }
    let statuses: Vec<_> = new_leads.iter().map(|lead| status(write, lead)).collect();
    let made = new_accounts.len() + new_leads.len() + new_contacts.len() + new_opportunities.len() + new_activities.len();
    write.insert_all(new_accounts, "created").await?;
    write.insert_all(new_leads, "created").await?;
    write.insert_all(new_contacts, "created").await?;
    write.insert_all(new_opportunities, "created").await?;
    write.insert_all(new_activities, "created").await?;
    write.insert_rows::<lead_status_change::Entity>(statuses.into_iter()).await?;
    write.insert_rows::<opportunity_change::Entity>(changes.into_iter()).await?;
    write.insert_rows::<contact_role::Entity>(roles.into_iter()).await?;
    write.insert_rows::<activity_subject::Entity>(subjects.into_iter()).await?;
    Ok(made)
}

fn status(write: &Write<'_>, lead: &lead::Model) -> lead_status_change::Model {
    lead_status_change::Model {
        id: write.new_id(),
        lead_id: lead.id,
        lead_created_at: lead.created_at,
        at: lead.created_at,
        by: lead.owner_id,
        from_status: None,
        status: lead.status,
    }
}

impl Cast {
    /// Any of a list; nothing only of an empty one.
    fn one<T: Copy>(&mut self, list: impl Fn(&Self) -> &Vec<T>) -> Option<T> {
        let most = list(self).len();
        if most == 0 {
            return None;
        }
        let number = self.random.random_range(0..most);
        list(self).get(number).copied()
    }

    /// The number of an account: a large one in every so many turns.
    fn any_account(&mut self, number: usize, large_in: usize) -> usize {
        if number.is_multiple_of(large_in) {
            let large = self.accounts.len().div_ceil(LARGE_ONE_OF);
            return self.random.random_range(0..large) * LARGE_ONE_OF;
        }
        self.random.random_range(0..self.accounts.len())
    }

    fn account(&mut self, write: &Write<'_>, number: usize, at: DateTime<Utc>) -> account::Model {
        let industry = self.random.random_range(0..=INDUSTRIES.len()) % INDUSTRIES.len();
        let mut account = account::Model {
            name: company(number),
            industry: Some(INDUSTRIES[industry].to_owned()),
            employees: Some(self.random.random_range(1..5_000)),
            website: Some(format!("https://www.{}{number}.example", word(number).to_lowercase())),
            city: Some("Lyon".to_owned()),
            country: Some("FR".to_owned()),
            owner_id: self.one(|cast| &cast.users),
            created_at: at,
            updated_at: at,
            ..accounts::blank(write)
        };
        account.derive();
        self.accounts.push((account.id, account.name.clone()));
        self.contacts.push(Vec::new());
        account
    }

    fn lead(&mut self, write: &Write<'_>, number: usize, at: DateTime<Utc>) -> lead::Model {
        use LeadStatus::{ClosedNotConverted, OpenNotContacted, Qualified, WorkingContacted};
        let way = [OpenNotContacted, OpenNotContacted, OpenNotContacted, WorkingContacted, Qualified, ClosedNotConverted];
        let (first, last) =
            (first_name(self.random.random_range(0..usize::MAX)), family_name(self.random.random_range(0..2_000)));
        let at = at + TimeDelta::seconds(1 + i64::try_from(number % LEADS).unwrap_or_default());
        let lead = lead::Model {
            email: Some(format!(
                "{}.{}{number}@{}.example",
                first.to_lowercase(),
                last.to_lowercase(),
                word(number).to_lowercase()
            )),
            first_name: Some(first),
            last_name: Some(last),
            company: Some(company(number * 3)),
            job_title: Some(["Head of purchasing", "Owner", "Engineer"][number % 3].to_owned()),
            phone: Some(format!("+33 4 72 {:02} {:02} {:02}", number % 90 + 10, number / 90 % 90 + 10, number / 8_100 % 90 + 10)),
            status: way[self.random.random_range(0..way.len())],
            rating: Some([Rating::Hot, Rating::Warm, Rating::Cold][number % 3]),
            source_id: self.one(|cast| &cast.sources),
            owner_id: self.one(|cast| &cast.users),
            created_at: at,
            updated_at: at,
            ..leads::blank(write)
        };
        self.leads.push(lead.id);
        lead
    }

    fn contact(&mut self, write: &Write<'_>, number: usize, at: DateTime<Utc>) -> contact::Model {
        let account = self.any_account(number, 4);
        let (first, last) =
            (first_name(self.random.random_range(0..usize::MAX)), family_name(self.random.random_range(0..2_000)));
        let contact = contact::Model {
            account_id: Some(self.accounts[account].0),
            email: Some(format!(
                "{}.{}{number}@{}.example",
                first.to_lowercase(),
                last.to_lowercase(),
                word(account).to_lowercase()
            )),
            first_name: Some(first),
            last_name: Some(last),
            job_title: Some(["Buyer", "Director", "Architect"][number % 3].to_owned()),
            owner_id: self.one(|cast| &cast.users),
            created_at: at,
            updated_at: at,
            ..contacts::blank(write)
        };
        self.contacts[account].push(contact.id);
        contact
    }

    /// Three of ten are open, evenly over the open stages; the others have gone all the way.
    fn opportunity(
        &mut self,
        write: &Write<'_>,
        number: usize,
        at: DateTime<Utc>,
        changes: &mut Vec<opportunity_change::Model>,
    ) -> opportunity::Model {
        let account = self.any_account(number, 8);
        let (account_id, account_name) = self.accounts[account].clone();
        let stages = self.stages.clone();
        let (open, closed): (Vec<&stage::Model>, Vec<&stage::Model>) =
            stages.iter().partition(|stage| stage.category == StageCategory::Open);
        let is_open = self.random.random_bool(0.3);
        let steps = if is_open { self.random.random_range(1..=open.len()) } else { open.len() };
        let close_date = if is_open { write.today() } else { at.date_naive() } + Days::new(self.random.random_range(1..120));
        let name = format!("{account_name} {}", ["licences", "renewal", "rollout", "support"][number % 4]);
        let mut sale = opportunities::blank(write, name, account_id, open[0], close_date);
        sale.owner_id = self.one(|cast| &cast.users);
        sale.source_id = self.one(|cast| &cast.sources);
        sale.primary_contact_id = self.contacts[account].first().copied();
        sale.amount = Some(self.random.random_range(1..1_000_000) * 100_000);
        sale.currency = Some(write.workspace().base_currency.clone());
        sale.next_step = Some("Send the offer".to_owned());
        (sale.created_at, sale.updated_at) = (at, at);
        rules::enter(&mut sale, open[0], at);
        let begin = changes.len();
        changes.push(rules::change(write.new_id(), at, sale.owner_id, None, &sale));
        let mut moment = at;
        for stage in open.iter().take(steps).skip(1) {
            let before = sale.clone();
            moment = (moment + TimeDelta::days(self.random.random_range(1..20))).min(write.now);
            rules::enter(&mut sale, stage, moment);
            changes.push(rules::change(write.new_id(), moment, sale.owner_id, Some(&before), &sale));
        }
        if let Some(stage) = closed.get(number % closed.len().max(1)).filter(|_| !is_open) {
            let before = sale.clone();
            let closing = rules::Closing { day: close_date, reason: None, note: None, lost_to: None, competitor: None };
            rules::close(&mut sale, stage, closing, moment);
            changes.push(rules::change(write.new_id(), moment, sale.owner_id, Some(&before), &sale));
        }
        let written = &mut changes[begin..];
        for number in 1..written.len() {
            written[number - 1].until = Some(written[number].at);
        }
        self.opportunities.push(sale.id);
        sale
    }

    fn activity(
        &mut self,
        write: &Write<'_>,
        number: usize,
        at: DateTime<Utc>,
        subjects: &mut Vec<activity_subject::Model>,
    ) -> activity::Model {
        const KINDS: [ActivityKind; 4] = [ActivityKind::Call, ActivityKind::Email, ActivityKind::Meeting, ActivityKind::Task];
        let mut activity = activities::blank(write, KINDS[number % 4]);
        activity.subject = ["Call back", "Send the price list", "Visit", "Prepare the offer"][number % 4].to_owned();
        activity.owner_id = self.one(|cast| &cast.users);
        (activity.created_at, activity.updated_at) = (at, at);
        if self.random.random_bool(0.3) {
            activity.due_at = Some(write.now + TimeDelta::minutes(self.random.random_range(-20_000..60_000)));
        } else {
            activity.completed_at = Some(at);
        }
        activity.derive();
        let (record_kind, record_id): (RecordKind, Option<Uuid>) = match number % 10 {
            _ if number.is_multiple_of(20) => {
                let account = self.any_account(0, 1);
                (RecordKind::Account, Some(self.accounts[account].0.uuid()))
            }
            0..4 => (RecordKind::Lead, self.one(|cast| &cast.leads).map(LeadId::uuid)),
            4..8 => (RecordKind::Opportunity, self.one(|cast| &cast.opportunities).map(OpportunityId::uuid)),
            _ => {
                let account = self.any_account(1, 2);
                (RecordKind::Account, Some(self.accounts[account].0.uuid()))
            }
        };
        subjects.extend(record_id.map(|record_id| activity_subject::Model {
            activity_id: activity.id,
            record_id,
            record_kind,
            carried_from: None,
            due_order: activity.due_order,
        }));
        activity
    }
}

/// Leads that are there to be converted: each of a company that nobody knows yet. Answers their ids.
pub async fn add_leads(app: &App, count: usize) -> Result<Vec<LeadId>, Box<dyn Error>> {
    let user = user::Entity::find().one(app.database().read()).await?.ok_or("nobody is there")?;
    let actor = Actor::of(user);
    let write = Write::begin(app, &actor).await.map_err(|error| error.sentences())?;
    let new: Vec<lead::Model> = (0..count)
        .map(|number| {
            let id: LeadId = write.new_id();
            let tail = id.uuid().simple().to_string();
            lead::Model {
                id,
                first_name: Some(first_name(number)),
                last_name: Some(format!("{} {}", family_name(number), &tail[20..])),
                company: Some(format!("{} {}", word(number), &tail[20..])),
                email: Some(format!("{tail}@{tail}.example")),
                status: LeadStatus::Qualified,
                owner_id: Some(actor.id()),
                ..leads::blank(&write)
            }
        })
        .collect();
    let ids = new.iter().map(|lead| lead.id).collect();
    let statuses: Vec<_> = new.iter().map(|lead| status(&write, lead)).collect();
    write.insert_all(new, "created").await.map_err(|error| error.sentences())?;
    write.insert_rows::<lead_status_change::Entity>(statuses.into_iter()).await.map_err(|error| error.sentences())?;
    write.commit().await.map_err(|error| error.sentences())?;
    Ok(ids)
}

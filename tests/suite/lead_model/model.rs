//! What must come of each step: `domain.md` in a few hundred lines, without a database.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::World;
use super::step::{Action, Assessment, CRITERIA, Into, NOW, Owner, Step, Who, day, minutes_ago};

/// A lead: its fields under the names of the history, as far as they are there.
#[derive(Debug, Clone)]
pub struct Lead {
    pub id: String,
    pub version: i64,
    pub fields: BTreeMap<&'static str, Value>,
    pub signals: Vec<Value>,
    pub deleted: bool,
    pub conversion: Option<Conversion>,
    /// How often it was converted and reverted.
    pub conversions: usize,
    pub reversions: usize,
}

#[derive(Debug, Clone)]
pub struct Conversion {
    pub account: usize,
    pub contact: String,
    pub opportunity: Option<String>,
    status_before: Value,
    by: Who,
}

#[derive(Debug, Clone)]
pub struct Activity {
    pub id: String,
    pub leads: Vec<usize>,
    account: Option<usize>,
    owner: Who,
    outreach: bool,
    done: Option<String>,
    pub deleted: bool,
}

#[derive(Debug, Clone)]
pub struct Account {
    pub id: String,
    made_by: Option<usize>,
    gone: bool,
}

/// Everything that a sequence has made.
#[derive(Debug, Clone)]
pub struct Model {
    pub leads: Vec<Lead>,
    pub activities: Vec<Activity>,
    accounts: Vec<Account>,
    people: Vec<(Who, String)>,
    reason: String,
}

/// Why a step is refused: the codes, in order.
type Refusal = Vec<String>;

fn refuse<T>(code: &str) -> Result<T, Refusal> {
    Err(vec![code.to_owned()])
}

fn all(mut codes: Refusal) -> Result<(), Refusal> {
    codes.sort();
    codes.dedup();
    if codes.is_empty() { Ok(()) } else { Err(codes) }
}

fn nth<T>(list: &[T], index: usize) -> Option<usize> {
    (!list.is_empty()).then(|| index % list.len())
}

impl Lead {
    pub fn status(&self) -> &str {
        self.fields["status"].as_str().unwrap()
    }

    /// Sets a field; null clears it.
    fn set(&mut self, field: &'static str, value: Value) {
        if value.is_null() {
            self.fields.remove(field);
        } else {
            self.fields.insert(field, value);
        }
    }

    fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    fn set_status(&mut self, status: &str) {
        if matches!(status, "OPEN_NOT_CONTACTED" | "WORKING_CONTACTED") {
            for field in ["qualifiedAt", "qualifiedBy", "overrideReason"] {
                self.set(field, Value::Null);
            }
        }
        self.set("disqualification", Value::Null);
        self.set("status", json!(status));
    }

    fn assess(&mut self, assessment: Assessment) {
        for (name, state) in CRITERIA.into_iter().zip(assessment.0) {
            if let Some(state) = state {
                self.set(name, state.map_or(Value::Null, |state| json!({ "state": state, "note": "Asked" })));
            }
        }
    }

    fn misses_criteria(&self) -> bool {
        CRITERIA[..3].iter().any(|name| self.fields.get(name).is_none_or(|criterion| criterion["state"] != "MET"))
    }
}

fn moves(from: &str) -> &'static [&'static str] {
    match from {
        "OPEN_NOT_CONTACTED" => &["WORKING_CONTACTED", "QUALIFIED", "CLOSED_NOT_CONVERTED", "CLOSED_CONVERTED"],
        "WORKING_CONTACTED" => &["OPEN_NOT_CONTACTED", "QUALIFIED", "CLOSED_NOT_CONVERTED", "CLOSED_CONVERTED"],
        "QUALIFIED" => &["WORKING_CONTACTED", "CLOSED_NOT_CONVERTED", "CLOSED_CONVERTED"],
        "CLOSED_NOT_CONVERTED" => &["WORKING_CONTACTED"],
        _ => &[],
    }
}

/// Whether the table of `domain.md` has this move, reverting a conversion included.
pub fn may_move(from: &str, to: &str) -> bool {
    let reverted = from == "CLOSED_CONVERTED" && matches!(to, "OPEN_NOT_CONTACTED" | "WORKING_CONTACTED" | "QUALIFIED");
    moves(from).contains(&to) || reverted
}

fn check_move(lead: &Lead, to: &str) -> Result<(), Refusal> {
    if moves(lead.status()).contains(&to) { Ok(()) } else { refuse("ILLEGAL_TRANSITION") }
}

impl Model {
    pub fn new(world: &World) -> Self {
        let people = [Who::Manager, Who::Rosa, Who::Rolf, Who::Viewer].map(|who| (who, world.person(who).id.to_string()));
        Self { leads: vec![], activities: vec![], accounts: vec![], people: people.into(), reason: world.reason.clone() }
    }

    pub fn lead(&self, index: usize) -> Option<&Lead> {
        nth(&self.leads, index).map(|index| &self.leads[index])
    }

    pub fn activity(&self, index: usize) -> Option<&Activity> {
        nth(&self.activities, index).map(|index| &self.activities[index])
    }

    pub fn account(&self, index: usize) -> Option<&Account> {
        nth(&self.accounts, index).map(|index| &self.accounts[index])
    }

    /// The account that a lead became.
    pub fn account_of(&self, index: usize) -> Option<&Account> {
        self.lead(index)?.conversion.as_ref().map(|conversion| &self.accounts[conversion.account])
    }

    fn id_of(&self, who: Who) -> Value {
        json!(self.people.iter().find(|(other, _)| *other == who).unwrap().1)
    }

    /// Takes a step, or says why it is refused; then the model is not to be used any more.
    pub fn apply(&mut self, step: &Step) -> Result<(), Refusal> {
        if step.who == Who::Viewer {
            return refuse("FORBIDDEN");
        }
        match &step.action {
            Action::Create { person, company, owner } => self.create(*person, *company, *owner),
            Action::CreateAccount => {
                self.accounts.push(Account { id: String::new(), made_by: None, gone: false });
                Ok(())
            }
            Action::Log { kind, outbound, done, also } => {
                let mut leads = vec![step.lead % self.leads.len()];
                leads.extend(also.map(|index| index % self.leads.len()).filter(|index| *index != leads[0]));
                let outreach = *outbound && matches!(*kind, "CALL" | "EMAIL" | "MEETING");
                self.log(step.who, leads, outreach, done.map(minutes_ago))
            }
            Action::LogOnAccount => self.log_on_account(step),
            Action::Complete(index) => self.complete(step.who, index % self.activities.len()),
            Action::Discard(index) => {
                let activity = self.own_activity(step.who, index % self.activities.len(), false)?;
                activity.deleted = true;
                Ok(())
            }
            Action::Recover(index) => {
                let activity = self.own_activity(step.who, index % self.activities.len(), true)?;
                activity.deleted = false;
                Ok(())
            }
            _ => self.work(step),
        }
    }

    fn create(&mut self, person: bool, company: bool, owner: Owner) -> Result<(), Refusal> {
        let mut codes = Vec::new();
        if !person && !company {
            codes.push("REQUIRED".to_owned());
        }
        if owner == Owner::Inactive {
            codes.push("INACTIVE_USER".to_owned());
        }
        all(codes)?;
        let mut fields = BTreeMap::from([("status", json!("OPEN_NOT_CONTACTED"))]);
        if person {
            fields.extend([("firstName", json!("Ada")), ("lastName", json!("Lovelace"))]);
        }
        if company {
            fields.insert("company", json!("Acme"));
        }
        if let Owner::Somebody(who) = owner {
            fields.insert("owner", self.id_of(who));
        }
        let id = String::new();
        let (signals, conversion) = (Vec::new(), None);
        self.leads.push(Lead { id, version: 1, fields, signals, deleted: false, conversion, conversions: 0, reversions: 0 });
        Ok(())
    }

    /// Everything that is done to one lead.
    fn work(&mut self, step: &Step) -> Result<(), Refusal> {
        let index = step.lead % self.leads.len();
        self.check_work(step, &self.leads[index])?;
        let before = self.leads[index].clone();
        match &step.action {
            Action::Convert { into, opportunity } => return self.convert(step.who, index, *into, *opportunity),
            Action::Revert => return self.revert(step.who, index),
            Action::Delete => self.leads[index].deleted = true,
            Action::Restore => self.leads[index].deleted = false,
            _ => self.change(step, index)?,
        }
        let lead = &mut self.leads[index];
        let changed = lead.fields != before.fields || lead.deleted != before.deleted || lead.signals != before.signals;
        lead.version += i64::from(changed);
        Ok(())
    }

    /// What is looked at before anything else: is it there, may they, does it have this version, is it read-only?
    fn check_work(&self, step: &Step, lead: &Lead) -> Result<(), Refusal> {
        let owner = lead.fields.get("owner");
        let permitted = step.who == Who::Manager || owner.is_none() || owner == Some(&self.id_of(step.who));
        let converted = lead.conversion.is_some();
        if lead.deleted && !matches!(step.action, Action::Restore) {
            return refuse("NOT_FOUND");
        }
        match &step.action {
            Action::Claim if converted => return refuse("ALREADY_CONVERTED"),
            Action::Claim if owner.is_some() => return refuse("ALREADY_OWNED"),
            _ if !permitted => return refuse("FORBIDDEN"),
            Action::Convert { .. } if converted => return refuse("ALREADY_CONVERTED"),
            _ if step.is_stale() => return refuse("VERSION_CONFLICT"),
            _ => {}
        }
        let moves = matches!(
            step.action,
            Action::SetStatus(_) | Action::Qualify { .. } | Action::Disqualify | Action::Reopen | Action::Revert | Action::Restore
        );
        if converted && !moves { refuse("ALREADY_CONVERTED") } else { Ok(()) }
    }

    fn change(&mut self, step: &Step, index: usize) -> Result<(), Refusal> {
        let (caller, reason) = (self.id_of(step.who), self.reason.clone());
        let owner = match &step.action {
            Action::Assign(Owner::Somebody(who)) => self.id_of(*who),
            _ => Value::Null,
        };
        let lead = &mut self.leads[index];
        match &step.action {
            Action::Update(edit) => {
                if let Some((field, value)) = edit.change() {
                    lead.set(field, value);
                }
                let nameless = !lead.has("lastName") && !lead.has("company");
                let codes = [(nameless, "REQUIRED"), (lead.has("email"), "INVALID")];
                all(codes.into_iter().filter(|(wrong, _)| *wrong).map(|(_, code)| code.to_owned()).collect())?;
            }
            Action::Assign(Owner::Inactive) => return refuse("INACTIVE_USER"),
            Action::Assign(_) => lead.set("owner", owner),
            Action::Claim => lead.set("owner", caller),
            Action::Release if !lead.has("owner") => return refuse("INVALID"),
            Action::Release => lead.set("owner", Value::Null),
            Action::SetStatus(status) => {
                check_move(lead, status)?;
                if !matches!(*status, "OPEN_NOT_CONTACTED" | "WORKING_CONTACTED") {
                    return refuse("INVALID");
                }
                lead.set_status(status);
            }
            Action::Assess(assessment) => lead.assess(*assessment),
            Action::Signal { days_ago, .. } if *days_ago < 0 => return refuse("OUT_OF_RANGE"),
            Action::Signal { kind, days_ago } => {
                lead.signals.push(json!({ "kind": kind, "observedOn": day(*days_ago), "note": null }));
            }
            Action::Qualify { assessment, overriding } => {
                check_move(lead, "QUALIFIED")?;
                lead.assess(*assessment);
                match (lead.misses_criteria(), overriding, step.who) {
                    (true, true, Who::Manager) => lead.set("overrideReason", json!("The board knows them")),
                    (true, true, _) => return refuse("FORBIDDEN"),
                    (true, false, _) => return refuse("NOT_QUALIFIED"),
                    (false, ..) => lead.set("overrideReason", Value::Null),
                }
                lead.set("status", json!("QUALIFIED"));
                lead.set("qualifiedAt", json!(NOW));
                lead.set("qualifiedBy", caller);
            }
            Action::Disqualify => {
                check_move(lead, "CLOSED_NOT_CONVERTED")?;
                lead.set_status("CLOSED_NOT_CONVERTED");
                lead.set("disqualification", json!({ "reason": reason, "note": "Not now", "at": NOW, "by": caller }));
            }
            Action::Reopen if lead.status() != "CLOSED_NOT_CONVERTED" => return refuse("ILLEGAL_TRANSITION"),
            Action::Reopen => lead.set_status("WORKING_CONTACTED"),
            other => panic!("{other:?} is no change of a lead"),
        }
        Ok(())
    }

    fn convert(&mut self, by: Who, index: usize, into: Into, opportunity: bool) -> Result<(), Refusal> {
        let existing = match into {
            Into::Existing(account) => nth(&self.accounts, account),
            Into::New => None,
        };
        let lead = &self.leads[index];
        let nobody = !lead.has("firstName") && !lead.has("lastName");
        let closed = lead.status() == "CLOSED_NOT_CONVERTED";
        let gone = existing.is_some_and(|account| self.accounts[account].gone);
        let codes = [(nobody, "REQUIRED"), (closed, "ILLEGAL_TRANSITION"), (gone, "NOT_FOUND")];
        all(codes.into_iter().filter(|(wrong, _)| *wrong).map(|(_, code)| code.to_owned()).collect())?;
        let account = existing.unwrap_or_else(|| {
            self.accounts.push(Account { id: String::new(), made_by: Some(index), gone: false });
            self.accounts.len() - 1
        });
        let lead = &mut self.leads[index];
        let status_before = lead.fields["status"].clone();
        let opportunity = opportunity.then(String::new);
        lead.conversion = Some(Conversion { account, contact: String::new(), opportunity, status_before, by });
        lead.set("status", json!("CLOSED_CONVERTED"));
        lead.version += 1;
        lead.conversions += 1;
        Ok(())
    }

    fn revert(&mut self, who: Who, index: usize) -> Result<(), Refusal> {
        let Some(conversion) = self.leads[index].conversion.clone() else { return refuse("NOT_CONVERTED") };
        // What a lead of the pool became belongs to whoever converted it.
        if who != Who::Manager && !self.leads[index].has("owner") && conversion.by != who {
            return refuse("FORBIDDEN");
        }
        let account = conversion.account;
        let leads_there = |(other, lead): (usize, &Lead)| {
            other != index && lead.conversion.as_ref().is_some_and(|conversion| conversion.account == account)
        };
        let built_upon = self.leads.iter().enumerate().any(leads_there)
            || self.activities.iter().any(|activity| activity.account == Some(account) && !activity.deleted);
        if self.accounts[account].made_by == Some(index) {
            if built_upon {
                return refuse("CANNOT_REVERT");
            }
            self.accounts[account].gone = true;
        }
        let lead = &mut self.leads[index];
        lead.conversion = None;
        lead.set("status", conversion.status_before);
        lead.version += 1;
        lead.reversions += 1;
        Ok(())
    }

    fn log(&mut self, who: Who, leads: Vec<usize>, outreach: bool, done: Option<String>) -> Result<(), Refusal> {
        let mut codes = Vec::new();
        for lead in leads.iter().map(|index| &self.leads[*index]) {
            if lead.deleted {
                codes.push("NOT_FOUND".to_owned());
            } else if lead.conversion.is_some() {
                codes.push("ALREADY_CONVERTED".to_owned());
            }
        }
        all(codes)?;
        if outreach && done.is_some() {
            self.reach_out(&leads);
        }
        self.activities.push(Activity { id: String::new(), leads, account: None, owner: who, outreach, done, deleted: false });
        Ok(())
    }

    fn log_on_account(&mut self, step: &Step) -> Result<(), Refusal> {
        let account = self.lead(step.lead).and_then(|lead| lead.conversion.as_ref()).map(|conversion| conversion.account);
        let owner = step.who;
        self.activities.push(Activity { id: String::new(), leads: vec![], account, owner, outreach: false, done: None, deleted: false });
        Ok(())
    }

    fn reach_out(&mut self, leads: &[usize]) {
        for index in leads {
            let lead = &mut self.leads[*index];
            if lead.status() == "OPEN_NOT_CONTACTED" && !lead.deleted {
                lead.set_status("WORKING_CONTACTED");
                lead.version += 1;
            }
        }
    }

    fn own_activity(&mut self, who: Who, index: usize, deleted_too: bool) -> Result<&mut Activity, Refusal> {
        let activity = &mut self.activities[index];
        if activity.deleted && !deleted_too {
            return refuse("NOT_FOUND");
        }
        if who != Who::Manager && activity.owner != who { refuse("FORBIDDEN") } else { Ok(activity) }
    }

    fn complete(&mut self, who: Who, index: usize) -> Result<(), Refusal> {
        let activity = self.own_activity(who, index, false)?;
        if activity.done.is_some() {
            return refuse("ILLEGAL_TRANSITION");
        }
        activity.done = Some(NOW.to_owned());
        let (leads, outreach) = (activity.leads.clone(), activity.outreach);
        if outreach {
            self.reach_out(&leads);
        }
        Ok(())
    }

    /// When the latest completed activity about a lead took place.
    pub fn last_activity(&self, lead: usize) -> Option<&String> {
        self.activities_of(lead).filter_map(|activity| activity.done.as_ref()).max()
    }

    /// The activities about a lead.
    pub fn activities_of(&self, lead: usize) -> impl Iterator<Item = &Activity> {
        self.activities.iter().filter(move |activity| activity.leads.contains(&lead) && !activity.deleted)
    }

    /// Takes over the ids that the server gave to what a step has made.
    pub fn take_ids(&mut self, step: &Step, payload: &Value) {
        let id = |kind: &str| payload[kind]["id"].as_str().map(str::to_owned);
        match step.action {
            Action::Create { .. } => self.leads.last_mut().unwrap().id = id("lead").unwrap(),
            Action::CreateAccount => self.accounts.last_mut().unwrap().id = id("account").unwrap(),
            Action::Log { .. } | Action::LogOnAccount => self.activities.last_mut().unwrap().id = id("activity").unwrap(),
            Action::Convert { .. } => {
                let index = step.lead % self.leads.len();
                let conversion = self.leads[index].conversion.as_mut().unwrap();
                conversion.contact = id("contact").unwrap();
                conversion.opportunity = id("opportunity");
                self.accounts[conversion.account].id = id("account").unwrap();
            }
            _ => {}
        }
    }

    /// The ids of what a lead became, as the history writes them.
    pub fn became(&self, lead: usize) -> Value {
        self.leads[lead].conversion.as_ref().map_or(Value::Null, |conversion| {
            json!({
                "account": self.accounts[conversion.account].id, "contact": conversion.contact,
                "opportunity": conversion.opportunity,
            })
        })
    }
}

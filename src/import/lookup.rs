//! The records that rows refer to: found for a whole batch at once, and created where the mapping says so.

mod create;
mod find;

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::fields::{Form, Target};
use super::mapping::{FieldRules, FindBy, Missing};
use super::plan::PlannedField;
use super::values::Values;
use crate::data::write::Write;
use crate::error::{Problems, Result, UserError, UserErrorCode};
use crate::values::email::email_key;
use crate::values::fold::fold;

/// What a cell is compared with: the kind of record, by what it is found, and the form of the cell that is compared.
type Key = (Target, FindBy, String);

/// What is known about a key.
#[derive(Debug, Clone)]
enum Known {
    /// Exactly one record has it.
    One(Uuid),
    /// One user has it who is deactivated.
    Inactive,
    /// Several records have it.
    Several,
    /// None has it.
    Nothing,
    /// None has it, and the one with this id will be created when the first good row names it.
    Planned(Uuid),
    /// None has it, and it can't be created: why.
    Refused(String),
}

/// What came of looking up a row's references.
#[derive(Debug, PartialEq, Eq)]
pub enum Looked {
    /// They are set, or their problems noted.
    Up,
    /// A record of the imported kind isn't there yet: it may come later in the file.
    TooEarly,
}

/// What is known of the records that the rows of a batch refer to. It isn't kept for the next one: what is found stays as it is until
/// the end of the transaction only.
#[derive(Default)]
pub struct Lookups {
    known: HashMap<Key, Known>,
    planned: HashMap<Uuid, create::Planned>,
}

impl Lookups {
    /// Looks up what the rows of a batch refer to: one statement for each kind of record.
    pub async fn of(write: &Write<'_>, rows: &[Values<'_>]) -> Result<Self> {
        let mut known = HashMap::new();
        let mut wanted: HashMap<(Target, FindBy), HashSet<String>> = HashMap::new();
        for row in rows {
            for (planned, text) in references(row) {
                if let Some((target, way, key)) = key(planned, text) {
                    wanted.entry((target, way)).or_default().insert(key);
                }
            }
        }
        for ((target, way), keys) in wanted {
            let found = find::all(write, target, way, &keys).await?;
            for (key, record) in found {
                let known = known.entry((target, way, key)).or_insert(Known::Nothing);
                *known = match (&known, record) {
                    (Known::Nothing, find::Found { id, active: true }) => Known::One(id),
                    (Known::Nothing, find::Found { active: false, .. }) => Known::Inactive,
                    _ => Known::Several,
                };
            }
            for key in keys {
                known.entry((target, way, key)).or_insert(Known::Nothing);
            }
        }
        Ok(Self { known, planned: HashMap::new() })
    }

    /// Sets the references of a row whose keys are known. `later` is the kind of record whose missing ones may come later.
    pub fn look_up(&mut self, write: &Write<'_>, row: &mut Values<'_>, problems: &mut Problems, later: Option<Target>) -> Looked {
        let plan = row.plan;
        for (place, planned) in plan.fields.iter().enumerate() {
            let Some(text) = row.texts[place].clone() else { continue };
            let Some(key) = key(planned, &text) else { continue };
            let missing = planned.rules.missing.unwrap_or(Missing::Reject);
            if matches!(self.known.get(&key), Some(Known::Nothing)) {
                if later == Some(key.0) {
                    return Looked::TooEarly;
                }
                if missing == Missing::Create {
                    self.plan_creation(write, &key, &text, &planned.rules);
                }
            }
            let name = planned.field.name;
            match self.known.get(&key) {
                Some(Known::One(id) | Known::Planned(id)) => row.references[place] = Some(*id),
                Some(Known::Inactive) => {
                    let sentence = format!("{text} is deactivated and cannot own records: name an active user.");
                    problems.push(UserError::at(UserErrorCode::InactiveUser, name, sentence));
                }
                Some(Known::Several) => {
                    let (noun, way) = (key.0.noun(), key.1.word());
                    let sentence = format!(
                        "There are several records of the kind {noun} with the {way} {text:?}: find it by something else."
                    );
                    problems.push(UserError::at(UserErrorCode::Invalid, name, sentence));
                }
                Some(Known::Refused(sentence)) => problems.push(UserError::at(UserErrorCode::Invalid, name, sentence.clone())),
                Some(Known::Nothing) | None if missing == Missing::Reject => {
                    let (noun, way) = (key.0.noun(), key.1.word());
                    let sentence = format!("There is no {noun} with the {way} {text:?}.");
                    problems.push(UserError::at(UserErrorCode::NotFound, name, sentence));
                }
                Some(Known::Nothing) | None => {}
            }
        }
        Looked::Up
    }

    fn plan_creation(&mut self, write: &Write<'_>, key: &Key, text: &str, rules: &FieldRules) {
        let known = match create::Planned::new(write, (key.0, key.1), text, rules) {
            Ok(planned) => {
                let id = write.new_id::<entity::account::Entity>().uuid();
                self.planned.insert(id, planned);
                Known::Planned(id)
            }
            Err(sentence) => Known::Refused(sentence),
        };
        self.known.insert(key.clone(), known);
    }

    /// Creates those of the planned records that good rows refer to.
    pub async fn create_used(&mut self, write: &Write<'_>, used: impl Iterator<Item = Uuid>) -> Result<()> {
        if self.planned.is_empty() {
            return Ok(());
        }
        let mut planned: Vec<(Uuid, create::Planned)> = used.filter_map(|id| Some((id, self.planned.remove(&id)?))).collect();
        if planned.is_empty() {
            return Ok(());
        }
        write.settle().await?;
        planned.sort_by_key(|(id, _)| *id);
        create::all(write, planned).await
    }
}

/// The fields of a row that refer to other records, with what they say.
fn references<'a>(row: &'a Values<'_>) -> impl Iterator<Item = (&'a PlannedField, &'a str)> {
    row.plan.fields.iter().zip(&row.texts).filter_map(|(planned, text)| Some((planned, text.as_deref()?)))
}

/// What a cell of a reference is compared with.
fn key(planned: &PlannedField, text: &str) -> Option<Key> {
    let Form::Reference(target) = planned.field.form else { return None };
    let way = planned.rules.find_by.unwrap_or_else(|| {
        let by_email = text.contains('@') && target.ways().contains(&FindBy::Email);
        if by_email { FindBy::Email } else { target.ways()[0] }
    });
    let key = match way {
        FindBy::Name | FindBy::Code => fold(text),
        FindBy::Email => email_key(text),
        FindBy::ExternalId => text.trim().to_owned(),
    };
    Some((target, way, key))
}

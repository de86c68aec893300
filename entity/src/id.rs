//! Typed, prefixed, sortable ids: `lead_01jqz…` outside (TypeID: prefix + UUIDv7), 16 bytes inside.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr};
use sea_orm::{ColIdx, DbErr, QueryResult, TryFromU64, TryGetError, TryGetable, Value};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use type_safe_id::{DynamicType, TypeSafeId};
use uuid::Uuid;

/// A table whose rows have an id of their own. The prefix tells a reader of an id what it names.
pub trait Identified: Send + Sync + 'static {
    /// What stands before the underscore of an id.
    const PREFIX: &'static str;
}

/// The id of a row of `E`. Ids of different tables can't be mixed up.
pub struct Id<E>(Uuid, PhantomData<fn() -> E>);

impl<E> Id<E> {
    /// Wraps a UUID that is known to name a row of `E`.
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The 16 bytes that the database keeps.
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

/// An id that can't be read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdError {
    /// It names another kind of record; both prefixes.
    WrongKind { expected: &'static str, got: String },
    /// It is no id at all; the prefix that was expected.
    Malformed { expected: &'static str },
}

impl fmt::Display for IdError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongKind { expected, got } => {
                write!(formatter, "expected {} id, got {} id", with_article(expected), with_article(got))
            }
            Self::Malformed { expected } => write!(
                formatter,
                "this is no {} id: it should look like {expected}_01jqz3w8d2e5tbn0r8x4c6v7mk",
                expected.replace('_', " ")
            ),
        }
    }
}

impl std::error::Error for IdError {}

fn with_article(prefix: &str) -> String {
    let article = if prefix.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {}", prefix.replace('_', " "))
}

/// Splits an id of any kind into its prefix and its UUID.
pub fn parse_any(text: &str) -> Option<(String, Uuid)> {
    let id = TypeSafeId::<DynamicType>::from_str(text).ok()?;
    Some((id.type_prefix().to_owned(), id.uuid()))
}

/// Writes an id of any kind.
pub fn write_any(prefix: &str, uuid: Uuid) -> String {
    DynamicType::new(prefix).map_or_else(|_| uuid.to_string(), |kind| TypeSafeId::from_type_and_uuid(kind, uuid).to_string())
}

impl<E: Identified> FromStr for Id<E> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        match parse_any(text) {
            Some((prefix, uuid)) if prefix == E::PREFIX => Ok(Self::new(uuid)),
            Some((prefix, _)) if !prefix.is_empty() => Err(IdError::WrongKind { expected: E::PREFIX, got: prefix }),
            _ => Err(IdError::Malformed { expected: E::PREFIX }),
        }
    }
}

impl<E: Identified> fmt::Display for Id<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&write_any(E::PREFIX, self.0))
    }
}

impl<E: Identified> Serialize for Id<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, E: Identified> Deserialize<'de> for Id<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl<E> fmt::Debug for Id<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Id({})", self.0)
    }
}

// Written out, because derives would ask the same of `E`.
impl<E> Clone for Id<E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for Id<E> {}
impl<E> Default for Id<E> {
    /// The id of nothing.
    fn default() -> Self {
        Self::new(Uuid::nil())
    }
}
impl<E> PartialEq for Id<E> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<E> Eq for Id<E> {}
impl<E> PartialOrd for Id<E> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<E> Ord for Id<E> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<E> Hash for Id<E> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<E> From<Id<E>> for Value {
    fn from(id: Id<E>) -> Self {
        Value::from(id.0)
    }
}

impl<E> TryGetable for Id<E> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        Uuid::try_get_by(row, index).map(Self::new)
    }
}

impl<E> ValueType for Id<E> {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        <Uuid as ValueType>::try_from(value).map(Self::new)
    }

    fn type_name() -> String {
        "Id".to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::Uuid
    }

    fn column_type() -> ColumnType {
        ColumnType::Uuid
    }
}

impl<E> Nullable for Id<E> {
    fn null() -> Value {
        Value::Uuid(None)
    }
}

impl<E> TryFromU64 for Id<E> {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("ids are UUIDs"))
    }
}

macro_rules! ids {
    ($($(#[$description:meta])* $name:ident = $table:ident, $prefix:literal;)*) => {$(
        $(#[$description])*
        pub type $name = Id<crate::$table::Entity>;

        impl Identified for crate::$table::Entity {
            const PREFIX: &'static str = $prefix;
        }
    )*};
}

ids! {
    AccountId = account, "account";
    ActivityId = activity, "activity";
    AssignmentRuleSetId = assignment_rule_set, "assignment_rule_set";
    BuyingSignalId = buying_signal, "buying_signal";
    CampaignId = campaign, "campaign";
    CampaignMemberId = campaign_member, "campaign_member";
    ChangeId = change, "change";
    CloseReasonId = close_reason, "close_reason";
    CompetitorId = competitor, "competitor";
    ContactId = contact, "contact";
    DisqualificationReasonId = disqualification_reason, "disqualification_reason";
    ExchangeRateId = exchange_rate, "exchange_rate";
    IntakeFormId = intake_form, "intake_form";
    LeadId = lead, "lead";
    LeadSourceId = lead_source, "lead_source";
    LeadStatusChangeId = lead_status_change, "lead_status_change";
    LineItemId = line_item, "line_item";
    OpportunityChangeId = opportunity_change, "opportunity_change";
    OpportunityId = opportunity, "opportunity";
    OrderId = order, "order";
    OutboxId = outbox, "event";
    PipelineId = pipeline, "pipeline";
    ProductId = product, "product";
    QuoteId = quote, "quote";
    StageId = stage, "stage";
    TeamId = team, "team";
    TimelineEntryId = timeline_entry, "timeline_entry";
    UserId = user, "user";
    WorkspaceId = workspace, "workspace";
}

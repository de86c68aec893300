//! What the lists of the API are filtered by, and how it is compared.

use super::naive::Kind;

const OWNER: &[(&str, Kind)] = &[("teamId", Kind::Id)];
pub const LEAD: &[(&str, Kind)] = &[
    ("id", Kind::Id),
    ("status", Kind::Plain),
    ("sourceId", Kind::Id),
    ("campaignId", Kind::Id),
    ("ownerId", Kind::Id),
    ("firstName", Kind::Text),
    ("lastName", Kind::Text),
    ("company", Kind::Text),
    ("email", Kind::Email),
    ("employees", Kind::Plain),
    ("createdAt", Kind::Plain),
    ("updatedAt", Kind::Plain),
    ("lastActivityAt", Kind::Plain),
    ("owner", Kind::Record(OWNER)),
    ("country", Kind::Exact),
    ("rating", Kind::Exact),
    ("disqualificationReasonId", Kind::Id),
    ("everInStatus", Kind::AnyOf),
];
pub const ACCOUNT: &[(&str, Kind)] =
    &[("id", Kind::Id), ("name", Kind::Text), ("industry", Kind::Text), ("ownerId", Kind::Id), ("createdAt", Kind::Plain)];
pub const CONTACT: &[(&str, Kind)] = &[
    ("id", Kind::Id),
    ("accountId", Kind::Id),
    ("ownerId", Kind::Id),
    ("firstName", Kind::Text),
    ("lastName", Kind::Text),
    ("email", Kind::Email),
    ("account", Kind::Record(ACCOUNT)),
    ("owner", Kind::Record(OWNER)),
    ("createdAt", Kind::Plain),
];
pub const OPPORTUNITY: &[(&str, Kind)] = &[
    ("id", Kind::Id),
    ("name", Kind::Text),
    ("accountId", Kind::Id),
    ("ownerId", Kind::Id),
    ("stageId", Kind::Id),
    ("sourceId", Kind::Id),
    ("isClosed", Kind::Exactly),
    ("isWon", Kind::Exactly),
    ("amount", Kind::Decimal),
    ("probability", Kind::Plain),
    ("closeDate", Kind::Plain),
    ("account", Kind::Record(ACCOUNT)),
    ("owner", Kind::Record(OWNER)),
    ("forecastCategory", Kind::OneOf),
    ("currency", Kind::Exact),
    ("closeReasonId", Kind::Id),
    ("lostTo", Kind::Exact),
    ("lead", Kind::Record(OF_LEAD)),
];
/// What is read of the leads of opportunities.
const OF_LEAD: &[(&str, Kind)] = &[("id", Kind::Id), ("status", Kind::Plain), ("country", Kind::Exact)];
pub const ACTIVITY: &[(&str, Kind)] = &[
    ("kind", Kind::Exactly),
    ("ownerId", Kind::Id),
    ("completed", Kind::Presence),
    ("dueAt", Kind::Plain),
    ("completedAt", Kind::Plain),
    ("outcome", Kind::Exact),
    ("direction", Kind::Exact),
    ("owner", Kind::Record(OWNER)),
    ("createdAt", Kind::Plain),
];
pub const PRODUCT: &[(&str, Kind)] = &[
    ("id", Kind::Id),
    ("name", Kind::Text),
    ("code", Kind::Text),
    ("family", Kind::Text),
    ("active", Kind::Exactly),
    ("createdAt", Kind::Plain),
    ("updatedAt", Kind::Plain),
];
pub const QUOTE: &[(&str, Kind)] = &[
    ("id", Kind::Id),
    ("status", Kind::Plain),
    ("number", Kind::Plain),
    ("revision", Kind::Plain),
    ("opportunityId", Kind::Id),
    ("currency", Kind::Exact),
    ("total", Kind::Decimal),
    ("expiresOn", Kind::Plain),
    ("sentAt", Kind::Plain),
    ("createdAt", Kind::Plain),
];
pub const ORDER: &[(&str, Kind)] = &[
    ("id", Kind::Id),
    ("status", Kind::Plain),
    ("number", Kind::Plain),
    ("accountId", Kind::Id),
    ("opportunityId", Kind::Id),
    ("account", Kind::Record(ACCOUNT)),
    ("currency", Kind::Exact),
    ("total", Kind::Decimal),
    ("orderedOn", Kind::Plain),
    ("createdAt", Kind::Plain),
];

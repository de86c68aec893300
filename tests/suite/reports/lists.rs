//! The lists that can be aggregated, and where their records have what they are cut by.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::any_list::{World, date, decimal};

/// A number of a record.
pub enum Number {
    /// With so many decimals in its average.
    Plain(u32, fn(&Json, &World) -> Option<Decimal>),
    /// Where the amount is, and the day whose rate counts, unless it is to come.
    Money(&'static str, fn(&Json) -> Option<NaiveDate>),
}

/// A list.
pub struct List {
    pub name: &'static str,
    /// The type of its filter.
    pub filter: &'static str,
    /// What else it is asked with.
    pub arguments: &'static str,
    /// What is read of each record.
    pub fields: &'static str,
    /// Cuts, and where a record has their key.
    pub cuts: &'static [(&'static str, &'static str)],
    /// Cuts by pieces of the calendar, and where a record has the day or moment.
    pub pieces: &'static [(&'static str, &'static str)],
    pub numbers: &'static [(&'static str, Number)],
}

fn days_since(moment: &Json, world: &World) -> Option<Decimal> {
    let moment: DateTime<Utc> = moment.as_str()?.parse().unwrap();
    Some(Decimal::from((world.now.timestamp() - moment.timestamp()) / 86_400))
}

const DURATION: &[(&str, Number)] = &[("DURATION_MINUTES", Number::Plain(6, |node, _| decimal(&node["durationMinutes"])))];
const ACTIVITY: &str = "owner { id team { id } } kind outcome direction completedAt dueAt createdAt durationMinutes";
const ACTIVITY_CUTS: &[(&str, &str)] = &[
    ("OWNER", "/owner/id"),
    ("TEAM", "/owner/team/id"),
    ("KIND", "/kind"),
    ("OUTCOME", "/outcome"),
    ("DIRECTION", "/direction"),
];
const ACTIVITY_PIECES: &[(&str, &str)] = &[("COMPLETED", "/completedAt"), ("DUE", "/dueAt"), ("CREATED", "/createdAt")];

pub const LISTS: &[List] = &[
    List {
        name: "leads",
        filter: "LeadFilter",
        arguments: "",
        fields: "owner { id team { id } } source { id } campaign { id } status rating address { country }
            disqualification { reason { id } } createdAt lastActivityAt employees",
        cuts: &[
            ("OWNER", "/owner/id"),
            ("TEAM", "/owner/team/id"),
            ("SOURCE", "/source/id"),
            ("CAMPAIGN", "/campaign/id"),
            ("STATUS", "/status"),
            ("RATING", "/rating"),
            ("COUNTRY", "/address/country"),
            ("DISQUALIFICATION_REASON", "/disqualification/reason/id"),
        ],
        pieces: &[("CREATED", "/createdAt")],
        numbers: &[
            ("AGE_DAYS", Number::Plain(6, |node, world| days_since(&node["createdAt"], world))),
            ("UNTOUCHED_DAYS", Number::Plain(6, |node, world| days_since(&node["lastActivityAt"], world))),
            ("EMPLOYEES", Number::Plain(6, |node, _| decimal(&node["employees"]))),
        ],
    },
    List {
        name: "accounts",
        filter: "AccountFilter",
        arguments: "",
        fields: "owner { id team { id } } kind lifecycle industry parent { id } createdAt employees annualRevenue { amount currency }",
        cuts: &[
            ("OWNER", "/owner/id"),
            ("TEAM", "/owner/team/id"),
            ("KIND", "/kind"),
            ("LIFECYCLE", "/lifecycle"),
            ("INDUSTRY", "/industry"),
            ("PARENT", "/parent/id"),
        ],
        pieces: &[("CREATED", "/createdAt")],
        numbers: &[
            ("EMPLOYEES", Number::Plain(6, |node, _| decimal(&node["employees"]))),
            ("ANNUAL_REVENUE", Number::Money("/annualRevenue", |_| None)),
        ],
    },
    List {
        name: "contacts",
        filter: "ContactFilter",
        arguments: "",
        fields: "owner { id team { id } } account { id } source { id } campaign { id } createdAt",
        cuts: &[
            ("OWNER", "/owner/id"),
            ("TEAM", "/owner/team/id"),
            ("ACCOUNT", "/account/id"),
            ("SOURCE", "/source/id"),
            ("CAMPAIGN", "/campaign/id"),
        ],
        pieces: &[("CREATED", "/createdAt")],
        numbers: &[("AGE_DAYS", Number::Plain(6, |node, world| days_since(&node["createdAt"], world)))],
    },
    List {
        name: "opportunities",
        filter: "OpportunityFilter",
        arguments: "",
        fields:
            "owner { id team { id } } source { id } campaign { id } pipeline { id } stage { id } forecastCategory
            account { id industry } closeReason { id } lostTo amount { amount currency } closeDate createdAt probability isClosed",
        cuts: &[
            ("OWNER", "/owner/id"),
            ("TEAM", "/owner/team/id"),
            ("SOURCE", "/source/id"),
            ("CAMPAIGN", "/campaign/id"),
            ("PIPELINE", "/pipeline/id"),
            ("STAGE", "/stage/id"),
            ("FORECAST_CATEGORY", "/forecastCategory"),
            ("ACCOUNT", "/account/id"),
            ("INDUSTRY", "/account/industry"),
            ("CLOSE_REASON", "/closeReason/id"),
            ("COMPETITOR", "/lostTo"),
            ("CURRENCY", "/amount/currency"),
        ],
        pieces: &[("CLOSE", "/closeDate"), ("CREATED", "/createdAt")],
        numbers: &[
            ("AMOUNT", Number::Money("/amount", |node| if node["isClosed"] == true { date(&node["closeDate"]) } else { None })),
            ("PROBABILITY", Number::Plain(6, |node, _| decimal(&node["probability"]))),
        ],
    },
    List {
        name: "activities",
        filter: "ActivityFilter",
        arguments: "",
        fields: ACTIVITY,
        cuts: ACTIVITY_CUTS,
        pieces: ACTIVITY_PIECES,
        numbers: DURATION,
    },
    List {
        name: "myTasks",
        filter: "ActivityFilter",
        arguments: "due: OVERDUE,",
        fields: ACTIVITY,
        cuts: ACTIVITY_CUTS,
        pieces: ACTIVITY_PIECES,
        numbers: DURATION,
    },
    List {
        name: "overdueFollowUps",
        filter: "ActivityFilter",
        arguments: "",
        fields: ACTIVITY,
        cuts: ACTIVITY_CUTS,
        pieces: ACTIVITY_PIECES,
        numbers: DURATION,
    },
    List {
        name: "quotes",
        filter: "QuoteFilter",
        arguments: "",
        fields: "status opportunity { id account { id } owner { id team { id } } source { id } campaign { id } }
            total { amount currency } revision expiresOn sentAt createdAt",
        cuts: &[
            ("STATUS", "/status"),
            ("OPPORTUNITY", "/opportunity/id"),
            ("ACCOUNT", "/opportunity/account/id"),
            ("OWNER", "/opportunity/owner/id"),
            ("TEAM", "/opportunity/owner/team/id"),
            ("SOURCE", "/opportunity/source/id"),
            ("CAMPAIGN", "/opportunity/campaign/id"),
            ("CURRENCY", "/total/currency"),
        ],
        pieces: &[("EXPIRES", "/expiresOn"), ("SENT", "/sentAt"), ("CREATED", "/createdAt")],
        numbers: &[
            ("TOTAL", Number::Money("/total", |_| None)),
            ("REVISION", Number::Plain(6, |node, _| decimal(&node["revision"]))),
        ],
    },
    List {
        name: "orders",
        filter: "OrderFilter",
        arguments: "",
        fields: "status account { id industry } opportunity { owner { id team { id } } source { id } campaign { id } }
            total { amount currency } orderedOn createdAt",
        cuts: &[
            ("STATUS", "/status"),
            ("ACCOUNT", "/account/id"),
            ("INDUSTRY", "/account/industry"),
            ("OWNER", "/opportunity/owner/id"),
            ("TEAM", "/opportunity/owner/team/id"),
            ("SOURCE", "/opportunity/source/id"),
            ("CAMPAIGN", "/opportunity/campaign/id"),
            ("CURRENCY", "/total/currency"),
        ],
        pieces: &[("ORDERED", "/orderedOn"), ("CREATED", "/createdAt")],
        numbers: &[("TOTAL", Number::Money("/total", |node| date(&node["orderedOn"])))],
    },
    List {
        name: "products",
        filter: "ProductFilter",
        arguments: "",
        fields: "id family active createdAt unitPrice { amount currency }",
        cuts: &[("FAMILY", "/family"), ("ACTIVE", "/active")],
        pieces: &[("CREATED", "/createdAt")],
        numbers: &[
            ("UNIT_PRICE", Number::Money("/unitPrice", |_| None)),
            ("QUANTITY_SOLD", Number::Plain(6, |node, world| world.sold.get(node["id"].as_str().unwrap()).copied())),
        ],
    },
    List {
        name: "campaigns",
        filter: "CampaignFilter",
        arguments: "activeOnly: false,",
        fields: "channel active parent { id } startsOn endsOn createdAt budget { amount currency } cost { amount currency }
            memberCounts { total }",
        cuts: &[("CHANNEL", "/channel"), ("ACTIVE", "/active"), ("PARENT", "/parent/id")],
        pieces: &[("STARTS", "/startsOn"), ("ENDS", "/endsOn"), ("CREATED", "/createdAt")],
        numbers: &[
            ("BUDGET", Number::Money("/budget", |node| date(&node["startsOn"]))),
            ("MEMBERS", Number::Plain(6, |node, _| decimal(&node["memberCounts"]["total"]))),
            ("COST", Number::Money("/cost", |node| date(&node["startsOn"]))),
            (
                "DAYS",
                Number::Plain(6, |node, _| {
                    let days = date(&node["endsOn"])? - date(&node["startsOn"])?;
                    Some(Decimal::from(days.num_days() + 1))
                }),
            ),
        ],
    },
    List {
        name: "exchangeRates",
        filter: "ExchangeRateFilter",
        arguments: "",
        fields: "currency baseCurrency validFrom rate",
        cuts: &[("CURRENCY", "/currency"), ("BASE_CURRENCY", "/baseCurrency")],
        pieces: &[("VALID", "/validFrom")],
        numbers: &[("RATE", Number::Plain(10, |node, _| decimal(&node["rate"])))],
    },
];

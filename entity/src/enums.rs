//! The closed lists of values, as `domain.md` names them. They are stored as the words of the API, except the lead's
//! status: its number is its place on the path of a sale, so that ordering by status follows the path.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$description:meta])* $name:ident { $first:ident = $first_word:literal $(, $value:ident = $word:literal)* $(,)? }) => {
        $(#[$description])*
        #[derive(
            Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize, Deserialize
        )]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name {
            #[default] #[sea_orm(string_value = $first_word)] #[serde(rename = $first_word)] $first,
            $(#[sea_orm(string_value = $word)] #[serde(rename = $word)] $value),*
        }

        impl $name {
            /// The word that the API and the database use.
            pub const fn as_str(self) -> &'static str {
                match self { Self::$first => $first_word, $(Self::$value => $word),* }
            }
        }
    };
}

words! { Role { Admin = "ADMIN", Manager = "MANAGER", Rep = "REP", Viewer = "VIEWER" } }
words! { Rating { Hot = "HOT", Warm = "WARM", Cold = "COLD" } }
words! { BuyingRole {
    DecisionMaker = "DECISION_MAKER", EconomicBuyer = "ECONOMIC_BUYER", Influencer = "INFLUENCER", Adviser = "ADVISER",
    Champion = "CHAMPION", EndUser = "END_USER", Gatekeeper = "GATEKEEPER", Other = "OTHER",
} }
words! { CriterionState { Unknown = "UNKNOWN", Met = "MET", NotMet = "NOT_MET" } }
words! { CriterionName { Need = "NEED", Budget = "BUDGET", Timeline = "TIMELINE", Authority = "AUTHORITY" } }
words! { BuyingSignalKind {
    ExpressedInterest = "EXPRESSED_INTEREST", MeetingAgreed = "MEETING_AGREED", PricingAgreed = "PRICING_AGREED",
} }
words! { AccountKind { Business = "BUSINESS", Person = "PERSON" } }
words! { AccountLifecycle { Prospect = "PROSPECT", Customer = "CUSTOMER", FormerCustomer = "FORMER_CUSTOMER" } }
words! { StageCategory { Open = "OPEN", Won = "WON", Lost = "LOST" } }
words! { ForecastCategory {
    Pipeline = "PIPELINE", BestCase = "BEST_CASE", Commit = "COMMIT", Closed = "CLOSED", Omitted = "OMITTED",
} }
words! { MilestoneKind {
    NeedConfirmed = "NEED_CONFIRMED", IncumbentDismissed = "INCUMBENT_DISMISSED", PaymentTermsAgreed = "PAYMENT_TERMS_AGREED",
    ContractSent = "CONTRACT_SENT", ContractSigned = "CONTRACT_SIGNED",
} }
words! { ActivityKind { Call = "CALL", Email = "EMAIL", Meeting = "MEETING", Task = "TASK", Note = "NOTE" } }
words! { CampaignMemberStatus {
    Targeted = "TARGETED", Sent = "SENT", Responded = "RESPONDED", Attended = "ATTENDED", OptedOut = "OPTED_OUT",
} }
words! { Direction { Inbound = "INBOUND", Outbound = "OUTBOUND" } }
words! { QuoteStatus {
    Draft = "DRAFT", Sent = "SENT", Accepted = "ACCEPTED", Rejected = "REJECTED", Expired = "EXPIRED", Superseded = "SUPERSEDED",
    Discarded = "DISCARDED",
} }
words! { OrderStatus { Open = "OPEN", Fulfilled = "FULFILLED", Cancelled = "CANCELLED" } }
words! {
    /// The kinds of record that histories, activities and searches are about.
    RecordKind {
        Lead = "LEAD", Contact = "CONTACT", Account = "ACCOUNT", Opportunity = "OPPORTUNITY", Activity = "ACTIVITY",
        Campaign = "CAMPAIGN", CampaignMember = "CAMPAIGN_MEMBER", LeadSource = "LEAD_SOURCE",
        DisqualificationReason = "DISQUALIFICATION_REASON", CloseReason = "CLOSE_REASON", ExchangeRate = "EXCHANGE_RATE",
        User = "USER", Team = "TEAM", Product = "PRODUCT",
        Pipeline = "PIPELINE", Stage = "STAGE", Workspace = "WORKSPACE",
        AssignmentRuleSet = "ASSIGNMENT_RULE_SET", IntakeForm = "INTAKE_FORM",
        Quote = "QUOTE", Order = "ORDER",
    }
}

/// Where a lead stands.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "i16", db_type = "SmallInteger")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LeadStatus {
    #[default]
    #[sea_orm(num_value = 1)]
    OpenNotContacted,
    #[sea_orm(num_value = 2)]
    WorkingContacted,
    #[sea_orm(num_value = 3)]
    Qualified,
    #[sea_orm(num_value = 4)]
    ClosedConverted,
    #[sea_orm(num_value = 5)]
    ClosedNotConverted,
}

impl LeadStatus {
    /// The place of the status in a set of statuses that is kept as a number.
    pub const fn bit(self) -> i16 {
        1 << self as i16
    }

    /// The word that the API uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenNotContacted => "OPEN_NOT_CONTACTED",
            Self::WorkingContacted => "WORKING_CONTACTED",
            Self::Qualified => "QUALIFIED",
            Self::ClosedConverted => "CLOSED_CONVERTED",
            Self::ClosedNotConverted => "CLOSED_NOT_CONVERTED",
        }
    }
}

impl RecordKind {
    /// The prefix of the ids of such records.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Contact => "contact",
            Self::Account => "account",
            Self::Opportunity => "opportunity",
            Self::Activity => "activity",
            Self::Campaign => "campaign",
            Self::CampaignMember => "campaign_member",
            Self::LeadSource => "lead_source",
            Self::DisqualificationReason => "disqualification_reason",
            Self::CloseReason => "close_reason",
            Self::ExchangeRate => "exchange_rate",
            Self::User => "user",
            Self::Team => "team",
            Self::Product => "product",
            Self::Pipeline => "pipeline",
            Self::Stage => "stage",
            Self::Workspace => "workspace",
            Self::AssignmentRuleSet => "assignment_rule_set",
            Self::IntakeForm => "intake_form",
            Self::Quote => "quote",
            Self::Order => "order",
        }
    }
}

//! The enumerations of the API: the entity's values with their descriptions.

use async_graphql::Enum;

use super::at_once::enums_at_once;

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::Role")]
pub enum Role {
    /// Everything, users and settings included.
    Admin,
    /// Changes all records and the workspace's lists.
    Manager,
    /// Changes their own records and the leads in the pool.
    Rep,
    /// Reads everything and changes nothing.
    Viewer,
}

/// Where a lead stands on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::LeadStatus")]
pub enum LeadStatus {
    /// Nobody has reached out yet. Every new lead starts here.
    OpenNotContacted,
    /// Somebody is in conversation with it.
    WorkingContacted,
    /// Assessed, and worth pursuing.
    Qualified,
    /// Became a contact, an account and usually an opportunity. Read-only from here on.
    ClosedConverted,
    /// Not pursued; carries a reason. It can be reopened.
    ClosedNotConverted,
}

/// How warm a lead is in the eyes of its seller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::Rating")]
pub enum Rating {
    /// Likely to buy soon.
    Hot,
    /// Interested.
    Warm,
    /// Hardly interested yet.
    Cold,
}

/// A person's part in the decision to buy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::BuyingRole")]
pub enum BuyingRole {
    /// Says yes or no.
    DecisionMaker,
    /// Holds the budget.
    EconomicBuyer,
    /// Has weight with those who decide.
    Influencer,
    /// Recommends, from inside or outside.
    Adviser,
    /// Wants us to win and works for it.
    Champion,
    /// Will use what is bought.
    EndUser,
    /// Controls the way to the others.
    Gatekeeper,
    /// Anything else.
    Other,
}

/// What is known about a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::CriterionState")]
pub enum CriterionState {
    /// Not assessed yet.
    Unknown,
    /// It holds.
    Met,
    /// It does not hold.
    NotMet,
}

/// The four criteria of qualification (BANT).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::CriterionName")]
pub enum CriterionName {
    /// They have a requirement for what we sell.
    Need,
    /// They can afford it.
    Budget,
    /// They will buy within a reasonable time.
    Timeline,
    /// They may decide. Not essential, but a strong sign.
    Authority,
}

/// What a lead did that says it is time to convert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::BuyingSignalKind")]
pub enum BuyingSignalKind {
    /// They raised their hand.
    ExpressedInterest,
    /// Both sides agreed to an official meeting.
    MeetingAgreed,
    /// Interested, and agreed on pricing: the ultimate sign.
    PricingAgreed,
}

/// What kind of trading party an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::AccountKind")]
pub enum AccountKind {
    /// A company or organisation.
    Business,
    /// A private person.
    Person,
}

/// How far the business with an account has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::AccountLifecycle")]
pub enum AccountLifecycle {
    /// Nothing was sold yet.
    Prospect,
    /// At least one opportunity was won.
    Customer,
    /// Was a customer once.
    FormerCustomer,
}

/// What a stage, or the reason for closing, stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::StageCategory")]
pub enum StageCategory {
    /// Still being sold.
    Open,
    /// Closed with an order.
    Won,
    /// Closed without one.
    Lost,
}

/// Where an opportunity counts in the forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::ForecastCategory")]
pub enum ForecastCategory {
    /// Early: counts in the pipeline only.
    Pipeline,
    /// May be won in the period.
    BestCase,
    /// Will be won in the period.
    Commit,
    /// Won.
    Closed,
    /// Left out of the forecast.
    Omitted,
}

/// A step towards the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::MilestoneKind")]
pub enum MilestoneKind {
    /// The buyer has confirmed that they need what we sell.
    NeedConfirmed,
    /// The buyer has let go of whoever they bought from so far.
    IncumbentDismissed,
    /// Both sides have agreed on how and when it is paid.
    PaymentTermsAgreed,
    /// The buyer has got the contract.
    ContractSent,
    /// Both sides have signed the contract.
    ContractSigned,
}

/// How far a quote has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::QuoteStatus")]
pub enum QuoteStatus {
    /// Being written: it can be changed.
    Draft,
    /// The customer has it. From here on it never changes; reviseQuote makes a new version of it.
    Sent,
    /// The customer said yes. At most one quote of an opportunity is.
    Accepted,
    /// The customer said no.
    Rejected,
    /// The customer has it, and its last day has passed without an answer.
    Expired,
    /// There is a newer version of it.
    Superseded,
    /// A draft that came to nothing. It keeps its number, so that numbers have no gaps.
    Discarded,
}

/// How far an order has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::OrderStatus")]
pub enum OrderStatus {
    /// To be delivered.
    Open,
    /// Delivered.
    Fulfilled,
    /// Not to be delivered any more.
    Cancelled,
}

/// What kind of activity it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::ActivityKind")]
pub enum ActivityKind {
    /// A phone or video call.
    Call,
    /// An e-mail.
    Email,
    /// A meeting.
    Meeting,
    /// Something to do.
    Task,
    /// Something to remember.
    Note,
}

/// Who started a call, e-mail or meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::Direction")]
pub enum Direction {
    /// They did.
    Inbound,
    /// We did.
    Outbound,
}

/// What became of a member of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::CampaignMemberStatus")]
pub enum CampaignMemberStatus {
    /// Chosen; nothing was sent yet.
    Targeted,
    /// Was sent or told something.
    Sent,
    /// Responded: asked for more, signed up, came forward.
    Responded,
    /// Came: to the fair, the webinar, the dinner. A response, too.
    Attended,
    /// Asked not to be asked any more.
    OptedOut,
}

/// Which way a list is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum OrderDirection {
    /// Smallest, earliest or first in the alphabet first; missing values before all others.
    Asc,
    /// The other way round; missing values last.
    Desc,
}

enums_at_once!(
    Role,
    LeadStatus,
    Rating,
    BuyingRole,
    AccountKind,
    AccountLifecycle,
    StageCategory,
    ForecastCategory,
    OrderStatus,
    ActivityKind,
    Direction,
    CampaignMemberStatus
);

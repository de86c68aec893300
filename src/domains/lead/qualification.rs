//! Qualification: the four criteria, and a score that explains itself.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime as Instant, Utc};
use entity::{BuyingSignalKind, CriterionState, OpportunityId, QualificationFacts, Rating, UserId, buying_signal, lead};

use super::rules;
use super::store::SignalsOf;
use crate::domains::opportunity::store::CarriedSignalsOf;
use crate::domains::user::types::User;
use crate::error::Result;
use crate::graphql::common::Money;
use crate::graphql::enums::{self, CriterionName};
use crate::graphql::objects::Answered;
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::{context, loaders};

/// What is known about the need, budget, timeline and authority of a lead, or of the opportunity that it became.
pub struct Qualification {
    facts: QualificationFacts,
    subject: Subject,
}

/// What the facts are about.
enum Subject {
    Lead(Arc<lead::Model>),
    Opportunity(OpportunityId),
}

impl Qualification {
    /// A lead's qualification.
    pub fn of_lead(lead: &Arc<lead::Model>) -> Self {
        Self { facts: lead.qualification.clone(), subject: Subject::Lead(lead.clone()) }
    }

    /// What an opportunity took over from its lead. When and by whom that was qualified remains with the lead.
    pub fn of_opportunity(id: OpportunityId, facts: QualificationFacts) -> Self {
        Self { facts, subject: Subject::Opportunity(id) }
    }

    fn lead(&self) -> Option<&lead::Model> {
        match &self.subject {
            Subject::Lead(lead) => Some(lead),
            Subject::Opportunity(_) => None,
        }
    }

    fn qualified(&self) -> Option<(Instant<Utc>, Option<UserId>)> {
        self.lead().and_then(|lead| lead.qualified_at.map(|at| (at, lead.qualified_by)))
    }

    fn criterion(&self, name: CriterionName, criterion: &entity::Criterion) -> Criterion {
        Criterion { name, state: criterion.state.into(), note: criterion.note.clone() }
    }
}

/// What is known about need, budget, timeline and authority (BANT).
#[Object]
impl Qualification {
    /// They have a requirement for what we sell.
    async fn need(&self) -> Criterion {
        self.criterion(CriterionName::Need, &self.facts.need)
    }

    /// They can afford it.
    async fn budget(&self) -> Criterion {
        self.criterion(CriterionName::Budget, &self.facts.budget)
    }

    /// They will buy within a reasonable time.
    async fn timeline(&self) -> Criterion {
        self.criterion(CriterionName::Timeline, &self.facts.timeline)
    }

    /// They may decide. Not essential, but a strong sign.
    async fn authority(&self) -> Criterion {
        self.criterion(CriterionName::Authority, &self.facts.authority)
    }

    /// What they have to spend.
    async fn budget_amount(&self) -> Option<Money> {
        Money::of(self.facts.budget_amount, self.facts.budget_currency.as_deref())
    }

    /// When they expect to buy.
    async fn expected_purchase_date(&self) -> Option<Date> {
        self.facts.expected_purchase_date.map(Date)
    }

    /// What still stands between the lead and QUALIFIED: need, budget and timeline, as far as they are not met.
    async fn missing(&self) -> Vec<CriterionName> {
        rules::missing_criteria(&self.facts).into_iter().map(Into::into).collect()
    }

    /// How promising it is, from 0 to 100, and why.
    async fn score(&self, ctx: &Context<'_>) -> Result<QualificationScore> {
        let loaders = context::loaders(ctx)?;
        let signals = match &self.subject {
            Subject::Lead(lead) => loaders.load_one(SignalsOf(lead.id)).await?,
            Subject::Opportunity(id) => loaders.load_one(CarriedSignalsOf(*id)).await?,
        };
        Ok(score(&self.facts, self.lead(), &signals.unwrap_or_default()))
    }

    /// When the lead was qualified.
    async fn qualified_at(&self) -> Option<DateTime> {
        self.qualified().map(|(at, _)| DateTime(at))
    }

    /// Who qualified the lead.
    async fn qualified_by(&self, ctx: &Context<'_>) -> Option<Result<Answered<User>>> {
        let by = self.qualified().and_then(|(_, by)| by);
        loaders::nullable(ctx, by, User).await
    }

    /// Why a manager qualified the lead although criteria were missing.
    async fn override_reason(&self) -> Option<&str> {
        self.lead().and_then(|lead| lead.override_reason.as_deref())
    }
}

/// One criterion of the qualification.
#[derive(Debug, Clone, SimpleObject)]
pub struct Criterion {
    /// Which one.
    pub name: CriterionName,
    /// Whether it is met.
    pub state: enums::CriterionState,
    /// What was found out.
    pub note: Option<String>,
}

/// How promising a lead is, and why.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub struct QualificationScore {
    /// From 0 to 100: the sum of the points, held within these bounds.
    pub value: i32,
    /// What added or took away how much; what counts nothing is left out.
    pub factors: Vec<ScoreFactor>,
}

/// Something that adds to a score or takes away from it.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub struct ScoreFactor {
    /// What it is, in words.
    pub label: String,
    /// How much it adds; negative where it takes away.
    pub points: i32,
}

/// The score of what is known. The criteria weigh most (need above all), then what the lead did, then how the seller sees it.
pub fn score(facts: &QualificationFacts, lead: Option<&lead::Model>, signals: &[buying_signal::Model]) -> QualificationScore {
    let criteria = [
        ("need", &facts.need, 25, -25),
        ("budget", &facts.budget, 20, -20),
        ("timeline", &facts.timeline, 20, -15),
        ("authority", &facts.authority, 10, -5),
    ];
    let from_criteria = criteria.into_iter().map(|(name, criterion, met, not_met)| match criterion.state {
        CriterionState::Met => (format!("The {name} criterion is met"), met),
        CriterionState::NotMet => (format!("The {name} criterion is not met"), not_met),
        CriterionState::Unknown => (format!("The {name} criterion is unknown"), 0),
    });
    let kinds = [
        (BuyingSignalKind::PricingAgreed, "They agreed on pricing", 15),
        (BuyingSignalKind::MeetingAgreed, "They agreed to a meeting", 10),
        (BuyingSignalKind::ExpressedInterest, "They expressed interest", 5),
    ];
    // A signal counts once, however often it was seen: otherwise eager sellers would make warm leads.
    let from_signals = kinds.into_iter().filter(|(kind, ..)| signals.iter().any(|signal| signal.kind == *kind));
    let from_rating = lead.and_then(|lead| lead.rating).map(|rating| match rating {
        Rating::Hot => ("Rated hot", 10),
        Rating::Warm => ("Rated warm", 5),
        Rating::Cold => ("Rated cold", -10),
    });
    let unreachable = lead.filter(|lead| lead.email.is_none() && lead.phone.is_none());
    let factors: Vec<ScoreFactor> = from_criteria
        .chain(from_signals.map(|(_, label, points)| (label.to_owned(), points)))
        .chain(from_rating.map(|(label, points)| (label.to_owned(), points)))
        .chain(unreachable.map(|_| ("Neither e-mail nor phone is known".to_owned(), -5)))
        .filter(|(_, points)| *points != 0)
        .map(|(label, points)| ScoreFactor { label, points })
        .collect();
    let value = factors.iter().map(|factor| factor.points).sum::<i32>().clamp(0, 100);
    QualificationScore { value, factors }
}

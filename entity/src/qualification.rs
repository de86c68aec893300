//! What is known about a lead's need, budget, timeline and authority. Kept as one JSON value, since it is copied whole
//! from the lead to the opportunity and never searched by.

use sea_orm::FromJsonQueryResult;
use sea_orm::prelude::Date;
use serde::{Deserialize, Serialize};

use crate::CriterionState;

/// One criterion: whether it is met, and what was noted about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    pub state: CriterionState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Default for Criterion {
    fn default() -> Self {
        Self { state: CriterionState::Unknown, note: None }
    }
}

/// The four criteria and the facts behind them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct QualificationFacts {
    pub need: Criterion,
    pub budget: Criterion,
    pub timeline: Criterion,
    pub authority: Criterion,
    /// In ten-thousandths of the currency's main unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_amount: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_currency: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_purchase_date: Option<Date>,
}

//! What administrators say about the settings, and what they are answered.

use async_graphql::{InputObject, MaybeUndefined, SimpleObject};

use super::types::Workspace;
use crate::error::UserError;
use crate::graphql::scalars::{CountryCode, CurrencyCode};

/// What to change on the settings: an absent field stays, null clears it where it can be cleared.
#[derive(Debug, Clone, InputObject)]
pub struct UpdateWorkspaceInput {
    /// Refuse with VERSION_CONFLICT unless the settings have this version.
    pub expected_version: Option<i32>,
    /// The currency of amounts that are given without one from now on, and the one that reports convert to, those about the past
    /// included. Amounts that are there keep the currency that they have: nothing is converted. It can't be cleared.
    pub base_currency: MaybeUndefined<CurrencyCode>,
    /// The IANA name of the time zone whose days count, for example `Europe/Oslo`. From now on, `today` and the boundaries of days,
    /// weeks, months and quarters follow it, in reports about the past, too. Points in time stay what they are, and so do days that
    /// were entered or computed before, such as close dates. It can't be cleared.
    pub time_zone: MaybeUndefined<String>,
    /// The month in which the fiscal year starts, from 1 (January) to 12. Reports follow it, those about the past included; close
    /// dates that were taken from a fiscal quarter before stay. It can't be cleared.
    pub fiscal_year_start_month: MaybeUndefined<i32>,
    /// Whether a lead must be QUALIFIED before it can be converted. Leads that were converted before stay converted. It can't be
    /// cleared.
    pub conversion_requires_qualified: MaybeUndefined<bool>,
    /// The country that forms offer first. Records that are there stay as they are.
    pub default_country: MaybeUndefined<CountryCode>,
    /// After how many days without any work an owned lead goes back to the pool, from 1 to 3650; null: never. Leads that lay untouched
    /// for longer already go back, too.
    pub leads_return_to_pool_after_days: MaybeUndefined<i32>,
    /// How documents for customers write amounts and dates: a BCP 47 tag of a language, and a script and a region where wanted, such as
    /// `en`, `nb-NO`, `hi` or `zh-Hant`. Documents that were made before stay as they are. It can't be cleared.
    pub locale: MaybeUndefined<String>,
}

/// The settings as they are now, or what stood in the way.
#[derive(SimpleObject)]
pub struct WorkspacePayload {
    /// The workspace as it is now; null where the call was refused.
    pub workspace: Option<Workspace>,
    /// What stood in the way. Then nothing was changed.
    pub user_errors: Vec<UserError>,
}

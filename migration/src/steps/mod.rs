//! The steps, in the order in which they are applied. A step that was released is never changed; a new one is added.

mod m20261122_000006_first_data;
mod m20261122_000015_lead_statuses;
mod m20261122_000019_growth;
mod m20261122_000021_changes_heard;
mod m20261122_000022_line_item_changes;

use sea_orm_migration::prelude::*;

use crate::sql_step::SqlStep;

/// Takes a step's SQL from the file of its name.
macro_rules! sql {
    ($name:literal) => {
        Box::new(SqlStep { name: $name, sql: include_str!(concat!($name, ".sql")) })
    };
}

pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        sql!("m20261122_000001_people"),
        sql!("m20261122_000002_leads"),
        sql!("m20261122_000003_sales"),
        sql!("m20261122_000004_activities"),
        sql!("m20261122_000005_bookkeeping"),
        Box::new(m20261122_000006_first_data::Migration),
        sql!("m20261122_000007_opportunity_history"),
        sql!("m20261122_000008_settings"),
        sql!("m20261122_000009_exchange_rates"),
        sql!("m20261122_000010_products"),
        sql!("m20261122_000011_quotes"),
        sql!("m20261122_000012_sale_parts"),
        sql!("m20261122_000013_follow_up"),
        sql!("m20261122_000014_lead_handling"),
        Box::new(m20261122_000015_lead_statuses::Migration),
        sql!("m20261122_000016_source_costs"),
        sql!("m20261122_000017_report_indexes"),
        sql!("m20261122_000018_first_steps"),
        Box::new(m20261122_000019_growth::Migration),
        Box::new(m20261122_000021_changes_heard::Migration),
        Box::new(m20261122_000022_line_item_changes::Migration),
        sql!("m20261122_000023_stages_reached"),
        sql!("m20261122_000024_activities_in_order"),
        sql!("m20261122_000025_searched_records"),
    ]
}

//! What the groups of a report are called, and in which order they come.

use std::collections::{BTreeSet, HashMap};

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, QueryOrder};
use uuid::Uuid;

use super::cube::Key;
use super::groups::{Group, Place};
use super::report::ReportGroup;
use super::subject::Reporting;
use crate::error::Result;
use crate::graphql::scalars::Date;
use crate::values::fold::fold;

/// The lists that groups refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Listed {
    /// Users.
    Users,
    /// Teams.
    Teams,
    /// Lead sources.
    Sources,
    /// Campaigns.
    Campaigns,
    /// Pipelines.
    Pipelines,
    /// Stages; they come in the order of their pipelines.
    Stages,
    /// Accounts.
    Accounts,
    /// Opportunities.
    Opportunities,
    /// Products.
    Products,
    /// Reasons for closing.
    CloseReasons,
    /// Reasons for disqualifying.
    DisqualificationReasons,
}

impl Listed {
    /// The table, and the prefix of its ids.
    const fn table(self) -> (&'static str, &'static str) {
        match self {
            Self::Users => ("users", "user"),
            Self::Teams => ("teams", "team"),
            Self::Sources => ("lead_sources", "lead_source"),
            Self::Campaigns => ("campaigns", "campaign"),
            Self::Pipelines => ("pipelines", "pipeline"),
            Self::Stages => ("stages", "stage"),
            Self::Accounts => ("accounts", "account"),
            Self::Opportunities => ("opportunities", "opportunity"),
            Self::Products => ("products", "product"),
            Self::CloseReasons => ("close_reasons", "close_reason"),
            Self::DisqualificationReasons => ("disqualification_reasons", "disqualification_reason"),
        }
    }

    /// An id as the API writes it.
    pub fn id(self, id: Uuid) -> String {
        entity::id::write_any(self.table().1, id)
    }
}

/// The names of what a report's rows are about.
#[derive(Debug, Default)]
pub struct Names {
    names: HashMap<(Listed, Uuid), String>,
    /// The stages in their order.
    stages: HashMap<Uuid, usize>,
}

/// Where a group comes among the others: by its place in a list, its day, or its name. Missing values come last.
pub type Rank = (bool, usize, String, Key);

impl Names {
    /// Reads the names that these keys need: a statement for each list.
    pub async fn of<'k>(reporting: &Reporting<'_>, groups: &[Group], keys: impl Iterator<Item = &'k Vec<Key>>) -> Result<Self> {
        let mut wanted: HashMap<Listed, BTreeSet<Uuid>> = HashMap::new();
        for keys in keys {
            for (group, key) in groups.iter().zip(keys) {
                if let (Some(listed), Key::Id(id)) = (listed(group.place), key) {
                    wanted.entry(listed).or_default().insert(*id);
                }
            }
        }
        let mut names = Self::default();
        for (listed, ids) in wanted {
            let ids: Vec<Uuid> = ids.into_iter().collect();
            for some in ids.chunks(1_000) {
                let select = Query::select()
                    .columns([Alias::new("id"), Alias::new("name")])
                    .from(Alias::new(listed.table().0))
                    .and_where(Expr::col(Alias::new("id")).is_in(some.iter().copied()))
                    .take();
                for row in reporting.connection().query_all(&select).await? {
                    names.names.insert((listed, row.try_get("", "id")?), row.try_get("", "name")?);
                }
            }
            if listed == Listed::Stages {
                names.stages = stage_order(reporting).await?;
            }
        }
        Ok(names)
    }

    /// The group that a row is about.
    pub fn group(&self, group: &Group, key: &Key) -> ReportGroup {
        let listed = listed(group.place);
        let (mut id, mut name, mut from) = (None, None, None);
        match key {
            Key::Id(uuid) => {
                id = listed.map(|listed| listed.id(*uuid).into());
                name = listed.and_then(|listed| self.names.get(&(listed, *uuid)).cloned());
            }
            Key::Word(word) => name = Some(word.clone()),
            Key::Day(day) => {
                from = Some(Date(*day));
                name = Some(day.to_string());
            }
            Key::Missing => {}
        }
        ReportGroup { by: group.by.clone(), id, name, from }
    }

    /// Where a key comes among the others.
    pub fn rank(&self, group: &Group, key: &Key) -> Rank {
        let (place, name) = match (group.place, key) {
            (Place::Reference(Listed::Stages, _), Key::Id(id)) => {
                (self.stages.get(id).copied().unwrap_or_default(), String::new())
            }
            (Place::ForecastCategory, Key::Word(word)) => (place_among(&FORECAST, word), String::new()),
            (Place::LeadStatus, Key::Word(word)) => (place_among(&STATUSES, word), String::new()),
            (place, Key::Id(id)) => {
                let name = listed(place).and_then(|listed| self.names.get(&(listed, *id)));
                (0, name.map(|name| fold(name)).unwrap_or_default())
            }
            (_, Key::Word(word)) => (0, fold(word)),
            _ => (0, String::new()),
        };
        (*key == Key::Missing, place, name, key.clone())
    }
}

const FORECAST: [&str; 5] = ["PIPELINE", "BEST_CASE", "COMMIT", "CLOSED", "OMITTED"];
const STATUSES: [&str; 5] = ["OPEN_NOT_CONTACTED", "WORKING_CONTACTED", "QUALIFIED", "CLOSED_CONVERTED", "CLOSED_NOT_CONVERTED"];

fn place_among(words: &[&str], word: &str) -> usize {
    words.iter().position(|one| *one == word).unwrap_or(words.len())
}

fn listed(place: Place) -> Option<Listed> {
    match place {
        Place::Reference(listed, _) => Some(listed),
        Place::Team => Some(Listed::Teams),
        _ => None,
    }
}

/// All stages in their order: pipeline by pipeline.
pub async fn stage_order(reporting: &Reporting<'_>) -> Result<HashMap<Uuid, usize>> {
    use entity::{pipeline, stage};
    let pipelines = reporting.scope.find::<pipeline::Entity>().order_by_asc(pipeline::Column::Position);
    let pipelines: Vec<_> = pipelines.all(reporting.connection()).await?.into_iter().map(|pipeline| pipeline.id).collect();
    let mut stages = reporting.scope.find::<stage::Entity>().all(reporting.connection()).await?;
    stages.sort_by_key(|stage| (pipelines.iter().position(|id| *id == stage.pipeline_id), stage.position));
    Ok(stages.into_iter().enumerate().map(|(place, stage)| (stage.id.uuid(), place)).collect())
}

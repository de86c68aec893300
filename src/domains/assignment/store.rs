//! What assignment asks of the database, and nothing else.

use std::collections::HashMap;

use entity::assignment_rule_set::{AssignmentRules, AssignmentTarget, Column, Entity, Model};
use entity::{AssignmentRuleSetId, Role, TeamId, UserId, assignment_turn, lead, user};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::rules::Situation;
use crate::auth::Scope;
use crate::error::Result;

/// How often a set that was switched off meanwhile is looked for anew.
const MOST_TRIES: usize = 5;

/// All rule sets, by name.
pub async fn rule_sets(connection: &impl ConnectionTrait, scope: Scope) -> Result<Vec<Model>> {
    Ok(scope.find::<Entity>().order_by_asc(Column::NameKey).order_by_asc(Column::Id).all(connection).await?)
}

/// The rule set that is switched on.
pub async fn active(connection: &impl ConnectionTrait) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Active.eq(true)).one(connection).await?)
}

/// The same, for handing out leads: where teams take turns, everybody else who hands out leads waits until the end of the
/// transaction, so that no turn is taken twice. There is one such lock, so nobody waits in a circle.
pub async fn active_in_turn(connection: &impl ConnectionTrait) -> Result<Option<Model>> {
    for _ in 0..MOST_TRIES {
        let Some(set) = active(connection).await? else { return Ok(None) };
        if !set.rules.0.iter().any(|rule| matches!(rule.target, AssignmentTarget::Team(_))) {
            return Ok(Some(set));
        }
        let locked = Entity::find_by_id(set.id).filter(Column::Active.eq(true)).lock_exclusive().one(connection).await?;
        if locked.is_some() {
            return Ok(locked);
        }
    }
    Ok(None)
}

/// Whoever else is switched on.
pub async fn other_active(connection: &impl ConnectionTrait, id: AssignmentRuleSetId) -> Result<Vec<Model>> {
    let others = Entity::find().filter(Column::Active.eq(true)).filter(Column::Id.ne(id)).order_by_asc(Column::Id);
    Ok(others.lock_exclusive().all(connection).await?)
}

/// Who may get leads by these rules, and whose turn it is.
pub async fn situation(connection: &impl ConnectionTrait, rules: &AssignmentRules) -> Result<Situation> {
    let (mut users, mut teams): (Vec<UserId>, Vec<TeamId>) = (Vec::new(), Vec::new());
    for rule in &rules.0 {
        match rule.target {
            AssignmentTarget::User(user) => users.push(user),
            AssignmentTarget::Team(team) => teams.push(team),
            AssignmentTarget::Pool => {}
        }
    }
    let named = Condition::any().add(user::Column::Id.is_in(users)).add(user::Column::TeamId.is_in(teams.iter().copied()));
    let sellers: Vec<(UserId, Option<TeamId>)> = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::TeamId])
        .filter(named)
        .filter(user::Column::Active.eq(true))
        .filter(user::Column::Role.ne(Role::Viewer))
        .order_by_asc(user::Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    let mut members: HashMap<TeamId, Vec<UserId>> = HashMap::new();
    for (seller, team) in &sellers {
        if let Some(team) = team {
            members.entry(*team).or_default().push(*seller);
        }
    }
    let turns = if teams.is_empty() {
        Vec::new()
    } else {
        assignment_turn::Entity::find().filter(assignment_turn::Column::TeamId.is_in(teams)).all(connection).await?
    };
    Ok(Situation {
        sellers: sellers.into_iter().map(|(seller, _)| seller).collect(),
        members,
        turns: turns.into_iter().map(|turn| (turn.team_id, turn.last_user_id)).collect(),
    })
}

/// Keeps who got a team's latest lead.
pub async fn save_turn(connection: &impl ConnectionTrait, team: TeamId, user: UserId) -> Result<()> {
    let turn = assignment_turn::ActiveModel { team_id: Set(team), last_user_id: Set(user) };
    let latest =
        OnConflict::column(assignment_turn::Column::TeamId).update_column(assignment_turn::Column::LastUserId).to_owned();
    assignment_turn::Entity::insert(turn).on_conflict(latest).exec_without_returning(connection).await?;
    Ok(())
}

/// Open leads that nobody owns, the oldest first.
pub fn pool(scope: Scope) -> Select<lead::Entity> {
    use entity::LeadStatus::{OpenNotContacted, Qualified, WorkingContacted};
    scope
        .find::<lead::Entity>()
        .filter(lead::Column::OwnerId.is_null())
        .filter(lead::Column::Status.is_in([OpenNotContacted, WorkingContacted, Qualified]))
        .order_by_asc(lead::Column::Id)
}

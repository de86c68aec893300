//! What a conversion costs.

use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;
use serde_json::json;

use super::World;

/// A conversion costs the same number of statements, however much was done about the lead.
#[tokio::test]
async fn activities_cost_nothing_more() {
    let world = World::start().await;
    let mut costs = Vec::new();
    for activities in [0, 1, 1_000] {
        let lead = world
            .new_lead(json!({ "lastName": "Busy", "company": "Bee", "email": format!("busy{activities}@bee.example") }))
            .await;
        world.with_activities(&lead, activities).await;
        let before = world.statements();
        let query = "mutation($id: ID!) { convertLead(input: { leadId: $id }) {
            account { id } contact { id } opportunity { id } userErrors { code } } }";
        let answer = world.graphql(&world.manager, query, json!({ "id": lead })).await;
        costs.push(world.statements() - before);
        for kind in ["account", "contact", "opportunity"] {
            let id = answer.text_at(&format!("/convertLead/{kind}/id"));
            assert_eq!(world.read(&id).await["activities"]["totalCount"], activities, "{kind}");
        }
        let before = world.statements();
        let query = "mutation($id: ID!) { revertLeadConversion(input: { id: $id }) { lead { id } userErrors { code } } }";
        world.graphql(&world.manager, query, json!({ "id": lead })).await.payload("revertLeadConversion");
        costs.push(world.statements() - before);
    }
    assert_eq!((costs[0], costs[1]), (costs[2], costs[3]), "{costs:?}");
    assert_eq!((costs[0], costs[1]), (costs[4], costs[5]), "{costs:?}");
    assert!(costs.iter().all(|cost| *cost <= 45), "{costs:?}");
}

impl World {
    /// Writes many activities about a lead straight into the database.
    async fn with_activities(&self, lead: &str, number: usize) {
        let lead: entity::LeadId = lead.parse().unwrap();
        let now = self.app.now();
        let activities: Vec<_> = (0..number)
            .map(|_| entity::activity::ActiveModel {
                id: Set(self.app.new_id()),
                version: Set(1),
                kind: Set(entity::ActivityKind::Note),
                subject: Set("Noted".to_owned()),
                due_order: Set(now),
                created_at: Set(now),
                updated_at: Set(now),
                ..Default::default()
            })
            .collect();
        let about = activities.iter().map(|activity| entity::activity_subject::ActiveModel {
            activity_id: activity.id.clone(),
            record_id: Set(lead.uuid()),
            record_kind: Set(entity::RecordKind::Lead),
            carried_from: Set(None),
            due_order: activity.due_order.clone(),
        });
        let about: Vec<_> = about.collect();
        let write = self.app.database().begin().await.unwrap();
        for (activities, about) in activities.chunks(500).zip(about.chunks(500)) {
            entity::activity::Entity::insert_many(activities.to_vec()).exec_without_returning(&write).await.unwrap();
            entity::activity_subject::Entity::insert_many(about.to_vec()).exec_without_returning(&write).await.unwrap();
        }
        write.commit().await.unwrap();
    }
}

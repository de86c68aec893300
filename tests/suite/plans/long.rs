//! Lists of several records at once: only their pages are read, however long the lists are.

use sea_orm::ConnectionTrait;
use serde_json::json;

use super::explain::Explainer;
use super::{GROWTH, World, chance};
use crate::harness::{TestServer, on_postgres};

/// Contacts, opportunities and activities of each account, in the one workspace and in the other.
const LENGTHS: [u32; 2] = [30, 1_500];

const ROWS: &str = "
CREATE TABLE numbered AS
    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {length})
    SELECT accounts.id AS account_id, accounts.created_at AS at, n FROM accounts CROSS JOIN number;
INSERT INTO contacts (id, version, account_id, last_name, last_name_key, created_at, updated_at)
SELECT {id}, 1, account_id, 'Contact ' || n, 'contact ' || n, at, at FROM numbered;
INSERT INTO opportunities (id, version, account_id, name, name_key, pipeline_id, stage_id, stage_entered_at, probability, probability_by_hand,
    close_date, is_closed, is_won, created_at, updated_at)
SELECT {id}, 1, account_id, 'Deal ' || n, 'deal ' || n, pipeline_id, stages.id, at, 10, false, '2026-12-31', false, false, at, at
FROM numbered JOIN stages ON stages.position = 1;
INSERT INTO activities (id, version, kind, subject, due_order, created_at, updated_at)
SELECT {id}, 1, 'NOTE', CAST(n AS text), at, at, at FROM numbered;
INSERT INTO activity_subjects (activity_id, record_id, record_kind, due_order)
SELECT activities.id, account_id, 'ACCOUNT', due_order FROM activities JOIN numbered ON subject = CAST(n AS text) AND kind = 'NOTE';
DROP TABLE numbered;
ANALYZE";

async fn world(length: u32) -> World {
    let server = TestServer::start().await;
    let person = server.manager().await;
    for number in 0..4 {
        server.call(&person, "createAccount", json!({ "name": format!("Account {number}") })).await.done();
    }
    let id = if on_postgres() { "gen_random_uuid()" } else { "randomblob(16)" };
    let write = server.app.database().begin().await.unwrap();
    write.execute_unprepared(&ROWS.replace("{id}", id).replace("{length}", &length.to_string())).await.unwrap();
    write.commit().await.unwrap();
    let explainer = Explainer::new(&server).await;
    World { server, person, explainer }
}

#[tokio::test]
async fn only_the_pages_of_long_lists_are_read() {
    let lists = [
        "contacts(first: 5) { nodes { id name } pageInfo { hasNextPage hasPreviousPage } }",
        "opportunities(first: 5) { nodes { id name } }",
        "activities(first: 5) { nodes { id subject } pageInfo { hasNextPage } }",
    ];
    let worlds = [world(LENGTHS[0]).await, world(LENGTHS[1]).await];
    for list in lists {
        let mut work = Vec::new();
        for world in &worlds {
            let query = format!("accounts {{ nodes {{ {list} }} }}");
            let answer = world.ask(&query).await;
            let field = list.split('(').next().unwrap();
            let pages = answer["accounts"]["nodes"].as_array().unwrap();
            assert_eq!(
                pages.iter().map(|page| page[field]["nodes"].as_array().unwrap().len()).collect::<Vec<_>>(),
                [5; 4],
                "{list}"
            );
            let plans = world.plans(&query).await;
            work.push((plans.iter().map(|(_, plan)| plan.work).sum::<u64>(), plans));
        }
        let [(few, _), (many, plans)] = &work[..] else { panic!("two workspaces") };
        assert!(*many as f64 <= *few as f64 * GROWTH + chance(), "{list}: work {few} and {many}\n{plans:#?}");
    }
}

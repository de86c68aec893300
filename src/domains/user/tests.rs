use chrono::TimeDelta;
use entity::Role;
use serde_json::{Value as Json, json};

use super::administration;
use crate::auth::{Actor, session};
use crate::graphql::testing::{PASSWORD, Testing};

const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) {
    token expiresAt viewer { name role } userErrors { code field message } } }";

async fn sign_in(testing: &Testing, email: &str, password: &str) -> Json {
    testing.ask(None, SIGN_IN, json!({ "input": { "email": email, "password": password } })).await
}

async fn change(testing: &Testing, caller: &Actor, mutation: &str, input: Json) -> Json {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let query = format!(
        "mutation($input: {kind}!) {{ done: {mutation}(input: $input) {{ user {{ id name role active }} userErrors {{ code field }} }} }}"
    );
    testing.ask(Some(caller), &query, json!({ "input": input })).await
}

#[tokio::test]
async fn signing_in_and_out() {
    let testing = Testing::start().await;
    testing.user("ada@example.com", Role::Rep).await;
    let answer = testing.answer(None, SIGN_IN, json!({ "input": { "email": " ADA@example.com", "password": PASSWORD } })).await;
    let cookie = answer.http_headers.get("set-cookie").unwrap().to_str().unwrap().to_owned();
    let data = serde_json::to_value(answer).unwrap()["data"]["signIn"].take();
    let token = data["token"].as_str().unwrap();
    assert_eq!(cookie, format!("leadgraph_session={token}; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"));
    assert_eq!((&data["viewer"]["name"], &data["expiresAt"]), (&json!("ada"), &json!("2026-03-02T21:30:00.000Z")));

    let actor = session::actor(&testing.app, token).await.unwrap().unwrap();
    assert_eq!(testing.data(&actor, "{ viewer { email } }", json!({})).await["viewer"]["email"], "ada@example.com");
    assert_eq!(testing.data(&actor, "mutation { signOut { signedOut } }", json!({})).await["signOut"]["signedOut"], true);
    assert!(session::actor(&testing.app, token).await.unwrap().is_none());
    assert_eq!(testing.ask(None, "mutation { signOut { signedOut } }", json!({})).await["data"]["signOut"]["signedOut"], false);
    assert_eq!(testing.ask(None, "{ viewer { name } }", json!({})).await["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_failure_tells_nothing_and_ten_are_enough() {
    let testing = Testing::start().await;
    testing.user("ada@example.com", Role::Rep).await;
    testing.user("gone@example.com", Role::Rep).await;
    administration::deactivate(&testing.app, "gone@example.com").await.unwrap();
    let wrong = sign_in(&testing, "ada@example.com", "wrong wrong wrong").await;
    assert_eq!(wrong["data"]["signIn"]["userErrors"][0]["field"], json!(["input", "password"]));
    assert_eq!(wrong, sign_in(&testing, "nobody@example.com", PASSWORD).await);
    assert_eq!(wrong, sign_in(&testing, "gone@example.com", PASSWORD).await);
    assert_eq!(wrong, sign_in(&testing, "a\0b@example.com", PASSWORD).await);
    for _ in 0..9 {
        assert_eq!(wrong, sign_in(&testing, "Ada@example.com", "wrong wrong wrong").await);
    }
    let limited = sign_in(&testing, "ada@example.com", PASSWORD).await;
    assert_eq!(limited["errors"][0]["extensions"]["code"], "RATE_LIMITED");
    testing.clock.advance(TimeDelta::minutes(15));
    assert!(sign_in(&testing, "ada@example.com", PASSWORD).await["data"]["signIn"]["token"].is_string());
}

#[tokio::test]
async fn administrators_manage_users() {
    let testing = Testing::start().await;
    let (email, password) = administration::first_administrator(&testing.app).await.unwrap().unwrap();
    assert!(administration::first_administrator(&testing.app).await.unwrap().is_none());
    let token = sign_in(&testing, &email, &password).await["data"]["signIn"]["token"].as_str().unwrap().to_owned();
    let admin = session::actor(&testing.app, &token).await.unwrap().unwrap();

    let team = testing
        .data(&admin, "mutation { createTeam(input: { name: \"North\" }) { team { id } userErrors { code } } }", json!({}))
        .await["createTeam"]["team"]["id"]
        .take();
    let input = json!({ "name": "Bo", "email": "bo@example.com", "password": PASSWORD, "role": "REP", "teamId": team });
    let bo = change(&testing, &admin, "createUser", input.clone()).await["data"]["done"]["user"]["id"].take();
    let twice = change(
        &testing,
        &admin,
        "createUser",
        json!({ "name": " ", "email": "BO@example.com", "password": "short", "role": "REP" }),
    )
    .await;
    assert_eq!(
        twice["data"]["done"]["userErrors"],
        json!([
            { "code": "REQUIRED", "field": ["input", "name"] },
            { "code": "INVALID", "field": ["input", "password"] },
            { "code": "ALREADY_EXISTS", "field": ["input", "email"] },
        ])
    );
    let teams = testing.data(&admin, "{ teams { name members { name team { name } } } }", json!({})).await;
    assert_eq!(teams["teams"], json!([{ "name": "North", "members": [{ "name": "Bo", "team": { "name": "North" } }] }]));

    // The last administrator stays one.
    let own = admin.id().to_string();
    for (input, path) in [(json!({ "id": own, "active": false }), "active"), (json!({ "id": own, "role": "REP" }), "role")] {
        let refused = change(&testing, &admin, "updateUser", input).await;
        assert_eq!(refused["data"]["done"]["userErrors"], json!([{ "code": "IN_USE", "field": ["input", path] }]));
    }

    // Bo may change their own name and password, and nothing else; the other sign-ins end.
    let session_of = |answer: Json| answer["data"]["signIn"]["token"].as_str().unwrap().to_owned();
    let first = session_of(sign_in(&testing, "bo@example.com", PASSWORD).await);
    let second = session_of(sign_in(&testing, "bo@example.com", PASSWORD).await);
    let actor = session::actor(&testing.app, &first).await.unwrap().unwrap();
    let done = change(&testing, &actor, "updateUser", json!({ "id": bo, "name": "Bob", "password": "another good one" })).await;
    assert_eq!(done["data"]["done"]["user"]["name"], "Bob", "{done}");
    assert!(session::actor(&testing.app, &first).await.unwrap().is_some());
    assert!(session::actor(&testing.app, &second).await.unwrap().is_none());
    for input in [json!({ "id": bo, "role": "ADMIN" }), json!({ "id": own, "name": "Mine" })] {
        assert_eq!(change(&testing, &actor, "updateUser", input).await["errors"][0]["extensions"]["code"], "FORBIDDEN");
    }
    change(&testing, &admin, "updateUser", json!({ "id": bo, "active": false })).await;
    assert!(session::actor(&testing.app, &first).await.unwrap().is_none());
    let users = testing.data(&admin, "{ active: users { name } all: users(activeOnly: false) { name } }", json!({})).await;
    assert_eq!((users["active"].as_array().unwrap().len(), users["all"].as_array().unwrap().len()), (1, 2));
}

#[tokio::test]
async fn lists_and_campaigns_are_for_managers() {
    let testing = Testing::start().await;
    let manager = testing.user("manager@example.com", Role::Manager).await;
    let rep = testing.user("rep@example.com", Role::Rep).await;
    let source = "mutation($name: String!) { createLeadSource(input: { name: $name }) { leadSource { name active } userErrors { code } } }";
    let made = testing.data(&manager, source, json!({ "name": "Trade fair" })).await;
    assert_eq!(made["createLeadSource"]["leadSource"], json!({ "name": "Trade fair", "active": true }));
    let twice = testing.data(&manager, source, json!({ "name": " wéb FORM" })).await;
    assert_eq!(twice["createLeadSource"]["userErrors"][0]["code"], "ALREADY_EXISTS");
    assert_eq!(testing.ask(Some(&rep), source, json!({ "name": "x" })).await["errors"][0]["extensions"]["code"], "FORBIDDEN");
    let sources = testing.data(&rep, "{ leadSources { name } disqualificationReasons { name } }", json!({})).await;
    assert_eq!(sources["leadSources"][10]["name"], "Trade fair");
    assert_eq!(sources["disqualificationReasons"][0]["name"], "No budget");
    let reason = "mutation($c: StageCategory!) { createCloseReason(input: { name: \"no DECISION\", category: $c }) { closeReason { category } userErrors { code } } }";
    for (category, code) in [("OPEN", json!("INVALID")), ("LOST", json!("ALREADY_EXISTS")), ("WON", Json::Null)] {
        let answer = testing.data(&manager, reason, json!({ "c": category })).await;
        assert_eq!(answer["createCloseReason"]["userErrors"][0]["code"], code, "{answer}");
    }

    let campaign = "mutation($input: CreateCampaignInput!) { createCampaign(input: $input) { campaign { id name version budget { amount currency } } userErrors { code field } } }";
    let input = json!({ "name": "Fair", "startsOn": "2026-05-01", "endsOn": "2026-05-03", "budget": { "amount": "1500.5" } });
    let made = testing.data(&manager, campaign, json!({ "input": input })).await["createCampaign"]["campaign"].take();
    assert_eq!(made["budget"], json!({ "amount": "1500.50", "currency": "USD" }));
    let update = "mutation($input: UpdateCampaignInput!) { updateCampaign(input: $input) { campaign { version active } userErrors { code field } } }";
    let wrong = testing.data(&manager, update, json!({ "input": { "id": made["id"], "startsOn": "2026-06-01" } })).await;
    assert_eq!(wrong["updateCampaign"]["userErrors"], json!([{ "code": "INVALID", "field": ["input", "startsOn"] }]));
    let ended =
        testing.data(&manager, update, json!({ "input": { "id": made["id"], "active": false, "expectedVersion": 1 } })).await;
    assert_eq!(ended["updateCampaign"]["campaign"], json!({ "version": 2, "active": false }));
    let listed = testing.data(&rep, "{ campaigns { name } all: campaigns(activeOnly: false) { name } }", json!({})).await;
    assert_eq!(listed, json!({ "campaigns": [], "all": [{ "name": "Fair" }] }));
}

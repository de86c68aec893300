//! Signing in and out, and sign-ins that end.

use chrono::TimeDelta;
use serde_json::json;

use crate::harness::{Answer, PASSWORD, SESSION_HOURS, TestServer, answer_of};

async fn sign_in(server: &TestServer, email: &str, password: &str) -> Answer {
    let mutation = "mutation ($input: SignInInput!) { signIn(input: $input) { token expiresAt viewer { name email team { id } } userErrors { code field } } }";
    server.graphql(None, mutation, json!({ "input": { "email": email, "password": password } })).await
}

#[tokio::test]
async fn in_and_out_with_a_token() {
    let server = TestServer::start().await;
    let mut rep = server.rep().await;
    let answer = sign_in(&server, &rep.email.to_uppercase(), PASSWORD).await;
    let payload = answer.payload("signIn");
    assert_eq!(payload["viewer"]["email"], rep.email);
    assert_eq!(payload["expiresAt"], "2026-03-03T09:00:00.000Z");
    rep.token = answer.text_at("/signIn/token");
    assert_eq!(server.graphql(&rep, "{ viewer { email } }", json!({})).await.text_at("/viewer/email"), rep.email);
    assert_eq!(*server.graphql(&rep, "mutation { signOut { signedOut } }", json!({})).await.data("/signOut/signedOut"), true);
    assert_eq!(server.graphql(&rep, "{ viewer { email } }", json!({})).await.codes(), ["UNAUTHENTICATED"]);
    assert_eq!(*server.graphql(None, "mutation { signOut { signedOut } }", json!({})).await.data("/signOut/signedOut"), false);
}

#[tokio::test]
async fn in_and_out_with_the_cookie() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let set = sign_in(&server, &rep.email, PASSWORD).await.header("set-cookie").to_owned();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict") && !set.contains("Secure"), "{set}");
    let cookie = set.split(';').next().unwrap().to_owned();
    let ask = |query: &str| {
        let body = json!({ "query": query }).to_string();
        answer_of(server.post(body).header("cookie", &cookie).header("sec-fetch-site", "same-origin"))
    };
    assert_eq!(ask("{ viewer { email } }").await.text_at("/viewer/email"), rep.email);
    let out = ask("mutation { signOut { signedOut } }").await;
    assert!(out.header("set-cookie").starts_with("leadgraph_session=;") && out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(ask("{ viewer { email } }").await.codes(), ["UNAUTHENTICATED"]);
}

#[tokio::test]
async fn the_cookie_is_for_https_only_where_that_is_how_the_client_came() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let body = json!({
        "query": "mutation ($input: SignInInput!) { signIn(input: $input) { token } }",
        "variables": { "input": { "email": rep.email, "password": PASSWORD } },
    });
    let answer = answer_of(server.post(body.to_string()).header("x-forwarded-proto", "https")).await;
    assert!(answer.header("set-cookie").ends_with("; Secure"), "{}", answer.header("set-cookie"));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_told_alike() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let wrong = sign_in(&server, &rep.email, "wrong, wrong, wrong").await;
    let unknown = sign_in(&server, "nobody@example.com", PASSWORD).await;
    assert_eq!(wrong.text, unknown.text);
    assert_eq!(*wrong.data("/signIn/token"), serde_json::Value::Null);
    assert_eq!(wrong.refusals("signIn").len(), 1);
    assert_eq!(wrong.header("set-cookie"), "");
}

#[tokio::test]
async fn guessing_is_stopped() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    for _ in 0..10 {
        assert!(sign_in(&server, &rep.email, "wrong, wrong, wrong").await.codes().is_empty());
    }
    assert_eq!(sign_in(&server, &rep.email, PASSWORD).await.codes(), ["RATE_LIMITED"]);
    server.clock.advance(TimeDelta::minutes(15));
    assert!(sign_in(&server, &rep.email, PASSWORD).await.payload("signIn")["token"].is_string());
}

#[tokio::test]
async fn a_sign_in_ends_by_itself() {
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    let ask = || server.graphql(&viewer, "{ leads { totalCount } }", json!({}));
    server.clock.advance(TimeDelta::hours(SESSION_HOURS) - TimeDelta::seconds(1));
    assert_eq!(*ask().await.data("/leads/totalCount"), 0);
    server.clock.advance(TimeDelta::seconds(1));
    assert_eq!(ask().await.codes(), ["UNAUTHENTICATED"]);
}

#[tokio::test]
async fn nonsense_instead_of_a_token_is_nobody() {
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    let authorizations =
        ["Bearer", "Bearer ", "Bearer nonsense", "Basic YTpi", &viewer.token.clone(), &format!("Bearer {}x", viewer.token)]
            .map(str::to_owned);
    for authorization in authorizations {
        let request = server.post(r#"{"query": "{ leads { totalCount } }"}"#).header("authorization", &authorization);
        assert_eq!(answer_of(request).await.codes(), ["UNAUTHENTICATED"], "{authorization}");
    }
    let lower_case =
        server.post(r#"{"query": "{ leads { totalCount } }"}"#).header("authorization", format!("bearer {}", viewer.token));
    assert!(answer_of(lower_case).await.codes().is_empty());
}

#[tokio::test]
async fn the_schema_is_open_to_all_only_where_it_is_meant_to_be() {
    let query = "{ ...S } fragment S on Query { __schema { queryType { name } } }";
    let open = TestServer::start().await;
    assert_eq!(open.graphql(None, query, json!({})).await.text_at("/__schema/queryType/name"), "Query");

    let closed = TestServer::start_with(|settings| settings.open_introspection = false).await;
    let viewer = closed.viewer().await;
    for query in [query, "{ __type(name: \"Lead\") { name } }"] {
        let refused = closed.graphql(None, query, json!({})).await;
        assert_eq!(refused.codes(), ["UNAUTHENTICATED"]);
        assert!(refused.json.get("data").is_none());
        assert!(closed.graphql(&viewer, query, json!({})).await.codes().is_empty());
    }
    assert_eq!(closed.graphql(None, "{ __typename }", json!({})).await.text_at("/__typename"), "Query");
}

//! Signing in and out, and sign-ins that end.

use chrono::TimeDelta;
use serde_json::json;

use crate::harness::{SESSION_HOURS, TestServer, answer_of};

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

//! GraphQL over WebSocket, with the protocol `graphql-transport-ws`.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::harness::TestServer;

struct Socket(WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>);

impl Socket {
    async fn open(server: &TestServer, headers: &[(&'static str, &str)]) -> Result<Self, Error> {
        let mut request = format!("ws://{}/graphql", server.address).into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        connect_async(request).await.map(|(socket, _)| Self(socket))
    }

    async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    /// The next message of the protocol; a number when the server says goodbye.
    async fn hear(&mut self) -> Value {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).unwrap(),
                Some(Ok(Message::Close(frame))) => return json!(frame.map_or(0, |frame| u16::from(frame.code))),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Value::Null,
            }
        }
    }

    async fn ask(&mut self, query: &str) -> Value {
        self.ask_with(json!({ "query": query })).await
    }

    async fn ask_with(&mut self, payload: Value) -> Value {
        self.say(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
        let answer = self.hear().await;
        assert_eq!((&answer["type"], &answer["id"]), (&json!("next"), &json!("1")), "{answer}");
        assert_eq!(self.hear().await, json!({ "type": "complete", "id": "1" }));
        answer["payload"].clone()
    }
}

#[tokio::test]
async fn queries_and_mutations_with_a_token_in_the_payload() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let mut socket = Socket::open(&server, &[]).await.unwrap();
    socket.say(json!({ "type": "connection_init", "payload": { "Authorization": format!("Bearer {}", rep.token) } })).await;
    assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
    let answer = socket.ask("mutation { createLead(input: {lastName: \"Socket\"}) { lead { name } } }").await;
    assert_eq!(answer, json!({ "data": { "createLead": { "lead": { "name": "Socket" } } } }));
    assert_eq!(socket.ask("{ leads { totalCount } }").await, json!({ "data": { "leads": { "totalCount": 1 } } }));
    let page = socket.ask("{ leads { nodes { name owner { name } } } }").await;
    assert_eq!(page, json!({ "data": { "leads": { "nodes": [{ "name": "Socket", "owner": null }] } } }));
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await["type"], "pong");
}

#[tokio::test]
async fn the_cookie_counts_from_our_own_pages_only() {
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    let (cookie, own) = (format!("leadgraph_session={}", viewer.token), format!("http://{}", server.address));
    let mut socket = Socket::open(&server, &[("cookie", &cookie), ("origin", &own)]).await.unwrap();
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.hear().await["type"], "connection_ack");
    assert_eq!(socket.ask("{ leads { totalCount } }").await["data"]["leads"]["totalCount"], 0);

    let refused = Socket::open(&server, &[("cookie", &cookie), ("origin", "https://evil.example")]).await.err().unwrap();
    assert!(matches!(&refused, Error::Http(response) if response.status() == 403), "{refused}");
}

#[tokio::test]
async fn the_same_rules_hold_as_over_http() {
    let server = TestServer::start().await;
    let mut socket = Socket::open(&server, &[]).await.unwrap();
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.hear().await["type"], "connection_ack");
    let code = |answer: Value| answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned();
    assert_eq!(code(socket.ask("{ leads { totalCount } }").await), "UNAUTHENTICATED");
    assert_eq!(code(socket.ask("{").await), "GRAPHQL_PARSE_FAILED");
    assert_eq!(code(socket.ask("{ nothing }").await), "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(code(socket.ask(&"{a".repeat(10_000)).await), "TOO_COMPLEX");
}

#[tokio::test]
async fn a_document_is_found_again_by_its_hash() {
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    let mut socket = Socket::open(&server, &[]).await.unwrap();
    socket.say(json!({ "type": "connection_init", "payload": { "Authorization": format!("Bearer {}", viewer.token) } })).await;
    assert_eq!(socket.hear().await["type"], "connection_ack");
    let query = "query ($first: Int!) { leads(first: $first) { totalCount } }";
    let hash = leadgraph::http::documents::DocumentHash::of(query).to_string();
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let payload = json!({ "extensions": extensions, "variables": { "first": 2 } });
    let unknown = socket.ask_with(payload.clone()).await;
    assert_eq!(unknown["errors"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_FOUND");
    let whole = json!({ "query": query, "extensions": extensions, "variables": { "first": 1 } });
    assert_eq!(socket.ask_with(whole).await["data"]["leads"]["totalCount"], 0);
    assert_eq!(socket.ask_with(payload).await["data"]["leads"]["totalCount"], 0);
    let bad = socket.ask_with(json!({ "extensions": { "persistedQuery": 7 } })).await;
    assert_eq!(bad["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

#[tokio::test]
async fn a_token_is_looked_up_for_each_operation() {
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    let mut socket = Socket::open(&server, &[]).await.unwrap();
    socket.say(json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {}", viewer.token) } })).await;
    assert_eq!(socket.hear().await["type"], "connection_ack");
    assert!(socket.ask("{ leads { totalCount } }").await.get("errors").is_none());
    server.clock.advance(chrono::TimeDelta::days(30));
    assert_eq!(socket.ask("{ leads { totalCount } }").await["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

#[tokio::test]
async fn who_breaks_the_protocol_is_sent_away() {
    let server = TestServer::start().await;
    for nonsense in [json!("nonsense"), json!({ "id": "1", "type": "subscribe", "payload": { "query": "{ __typename }" } })] {
        let mut socket = Socket::open(&server, &[]).await.unwrap();
        socket.say(nonsense).await;
        assert!(socket.hear().await.is_number());
    }
    let mut socket = Socket::open(&server, &[]).await.unwrap();
    socket.say(json!({ "type": "connection_init", "payload": { "a": "x".repeat(2 << 20) } })).await;
    let goodbye = socket.hear().await;
    assert!(goodbye.is_number() || goodbye.is_null(), "{goodbye}");
    assert_eq!(crate::harness::answer_of(server.client.get(server.url("/healthz"))).await.status, 200);
}

#[tokio::test]
async fn a_server_that_stops_says_goodbye() {
    let server = TestServer::start().await;
    let mut socket = Socket::open(&server, &[]).await.unwrap();
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.hear().await["type"], "connection_ack");
    let stop = server.stop();
    let stopping = tokio::spawn(async move { stop.gracefully().await });
    assert_eq!(socket.hear().await, json!(1001));
    stopping.await.unwrap();
}

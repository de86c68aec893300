//! Whether the server lives and can work, how it stops, and what every answer bears.

use leadgraph::http::playground::{DemoSignIn, PlaygroundConfig};

use crate::harness::{TestServer, answer_of};

#[tokio::test]
async fn the_server_lives_and_is_ready() {
    let server = TestServer::start().await;
    for (path, body) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
        let answer = answer_of(server.client.get(server.url(path))).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, body), "{path}");
    }
}

#[tokio::test]
async fn without_its_database_it_lives_but_is_not_ready() {
    let server = TestServer::start().await;
    server.app.database().close().await.unwrap();
    assert_eq!(answer_of(server.client.get(server.url("/healthz"))).await.status, 200);
    let answer = answer_of(server.client.get(server.url("/readyz"))).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (503, "The database does not answer.\n"));
}

#[tokio::test]
async fn the_schema_is_there_as_text() {
    let server = TestServer::start().await;
    let answer = answer_of(server.client.get(server.url("/schema.graphql"))).await;
    assert_eq!(answer.text, leadgraph::graphql::schema::sdl());
}

#[tokio::test]
async fn the_playground_is_there_and_knows_the_demo_sign_in_only_in_the_demo() {
    let server = TestServer::start().await;
    let page = answer_of(server.client.get(server.url("/"))).await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
    let told = answer_of(server.client.get(server.url("/playground/config.json"))).await;
    assert!(!told.text.contains("password"), "{}", told.text);

    let demo = TestServer::start_with(|settings| {
        let demo_sign_in = Some(DemoSignIn { email: "demo@example.com".into(), password: "demo-demo-demo".into() });
        settings.playground = PlaygroundConfig { demo_sign_in };
    })
    .await;
    let told = answer_of(demo.client.get(demo.url("/playground/config.json"))).await;
    assert!(told.text.contains("demo-demo-demo"), "{}", told.text);
}

#[tokio::test]
async fn every_answer_bears_the_id_of_its_request() {
    let server = TestServer::start().await;
    let with_id = |id: &'static str| answer_of(server.client.get(server.url("/healthz")).header("x-request-id", id));
    assert_eq!(with_id("abc-123_4.5:6/7").await.header("x-request-id"), "abc-123_4.5:6/7");

    let too_long: &'static str = "a".repeat(129).leak();
    for harmful in ["", "two words", "quote\"", too_long] {
        let id = with_id(harmful).await.header("x-request-id").to_owned();
        assert!(uuid::Uuid::parse_str(&id).is_ok(), "`{harmful}` became `{id}`");
    }
    let missing = answer_of(server.client.get(server.url("/nowhere"))).await;
    assert_eq!(missing.status, 404);
    assert!(!missing.header("x-request-id").is_empty());
}

#[tokio::test]
async fn every_answer_is_guarded_against_guessing_and_framing() {
    let server = TestServer::start().await;
    for path in ["/", "/healthz", "/graphql?query={__typename}", "/nowhere"] {
        let answer = answer_of(server.client.get(server.url(path))).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
    }
}

#[tokio::test]
async fn answers_are_compressed_when_asked() {
    let server = TestServer::start().await;
    let request = server.client.get(server.url("/schema.graphql")).header("accept-encoding", "gzip");
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    assert!(response.bytes().await.unwrap().len() < leadgraph::graphql::schema::sdl().len() / 2);
}

#[tokio::test]
async fn a_running_request_finishes_before_the_server_stops() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let block = server.block_leads().await;
    let create = server
        .post(r#"{"query": "mutation { createLead(input: {lastName: \"Late\"}) { lead { name } userErrors { code } } }"}"#)
        .bearer_auth(&rep.token);
    let running = tokio::spawn(answer_of(create));
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;

    let stop = server.stop();
    let stopping = tokio::spawn(async move { stop.gracefully().await });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(!running.is_finished());
    block.rollback().await.unwrap();

    assert_eq!(running.await.unwrap().payload("createLead")["lead"]["name"], "Late");
    stopping.await.unwrap();
    server.shut_down().await.unwrap();
}

#[tokio::test]
async fn a_taken_port_is_an_error() {
    let server = TestServer::start().await;
    let settings = leadgraph::http::HttpSettings::new(server.address);
    let error = leadgraph::http::start(server.app.clone(), settings, crate::harness::threads().clone()).err().unwrap();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}

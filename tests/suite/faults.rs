//! What goes wrong on our side: the answer has a code and the request's id, and nothing about the inside.

use std::io::{Read, Write};
use std::time::Duration;

use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::harness::{TestServer, answer_of};

const CREATE: &str = r#"{"query": "mutation { createLead(input: {lastName: \"Slow\"}) { lead { id } userErrors { code } } }"}"#;

#[tokio::test]
async fn an_internal_error_names_the_request_and_hides_its_cause() {
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    let write = server.app.database().begin().await.unwrap();
    write.execute_unprepared("ALTER TABLE leads RENAME TO elsewhere").await.unwrap();
    write.commit().await.unwrap();

    let request =
        server.post(r#"{"query": "{ leads { nodes { id } } }"}"#).bearer_auth(&viewer.token).header("x-request-id", "find-me");
    let answer = answer_of(request).await;
    assert_eq!((answer.status.as_u16(), answer.codes()), (200, vec!["INTERNAL"]));
    assert_eq!(answer.json["errors"][0]["extensions"]["requestId"], "find-me");
    assert!(!answer.text.contains("elsewhere") && !answer.text.contains("no such table"), "{}", answer.text);
}

#[tokio::test]
async fn a_database_that_is_gone_is_an_internal_error() {
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    server.app.database().close().await.unwrap();
    let request = server.post(r#"{"query": "{ leads { nodes { id } } }"}"#).bearer_auth(&viewer.token);
    let answer = answer_of(request.header("accept", "application/graphql-response+json")).await;
    assert_eq!((answer.status.as_u16(), answer.codes()), (500, vec!["INTERNAL"]));
    assert_eq!(answer.json["errors"][0]["extensions"]["requestId"], answer.header("x-request-id"));
}

#[tokio::test]
async fn an_operation_that_takes_too_long_is_given_up_and_changes_nothing() {
    let server = TestServer::start_with(|settings| settings.timeout = Duration::from_secs(1)).await;
    let rep = server.rep().await;
    let block = server.block_leads().await;
    for (media, status) in [("application/graphql-response+json", 504), ("application/json", 200)] {
        let answer = answer_of(server.post(CREATE).bearer_auth(&rep.token).header("accept", media)).await;
        assert_eq!((answer.status.as_u16(), answer.codes()), (status, vec!["TIMEOUT"]), "{}", answer.text);
    }
    block.rollback().await.unwrap();
    let leads = server.graphql(&rep, "{ leads { totalCount } }", json!({})).await;
    assert_eq!(*leads.data("/leads/totalCount"), 0);
}

#[tokio::test]
async fn a_body_that_never_arrives_is_given_up() {
    let server = TestServer::start_with(|settings| settings.timeout = Duration::from_secs(1)).await;
    let address = server.address;
    let answer = tokio::task::spawn_blocking(move || {
        let mut socket = std::net::TcpStream::connect(address)?;
        socket.set_read_timeout(Some(Duration::from_secs(10)))?;
        let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\nconnection: close\r\n\r\n";
        socket.write_all(format!("{head}{{\"query\":").as_bytes())?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer).map(|_| answer)
    });
    let answer = answer.await.unwrap().unwrap();
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("TIMEOUT"), "{answer}");
}

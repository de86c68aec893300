//! Whether the server lives and can work, and what every answer bears.

use crate::harness::{TestServer, answer_of};

#[tokio::test]
async fn the_server_lives_and_is_ready() {
    let server = TestServer::start().await;
    for (path, body) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
        let answer = answer_of(server.client.get(server.url(path))).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, body), "{path}");
    }
}

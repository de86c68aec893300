//! The session cookie counts only in requests from our own pages and from allowed sites.

use reqwest::RequestBuilder;

use crate::harness::{Answer, Person, TestServer, answer_of};

const QUERY: &str = r#"{"query": "{ leads { totalCount } }"}"#;

fn with_cookie(request: RequestBuilder, person: &Person) -> RequestBuilder {
    request.header("cookie", format!("other=1; leadgraph_session={}", person.token))
}

#[track_caller]
fn assert_in(answer: &Answer) {
    assert_eq!((answer.status.as_u16(), answer.codes().len()), (200, 0), "{}", answer.text);
}

#[track_caller]
fn assert_refused(answer: &Answer) {
    assert_eq!((answer.status.as_u16(), answer.codes()), (403, vec!["FORBIDDEN"]), "{}", answer.text);
}

#[tokio::test]
async fn our_own_pages_may_use_the_cookie() {
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    let request = || with_cookie(server.post(QUERY), &viewer);
    let own = format!("http://{}", server.address);
    assert_in(&answer_of(request()).await);
    assert_in(&answer_of(request().header("sec-fetch-site", "same-origin").header("origin", &own)).await);
    assert_in(&answer_of(request().header("sec-fetch-site", "none")).await);
    // Browsers leave Sec-Fetch-Site out when the address is plain http.
    assert_in(&answer_of(request().header("origin", &own)).await);
}

#[tokio::test]
async fn pages_of_other_sites_may_not() {
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    let request = || with_cookie(server.post(QUERY), &viewer);
    for site in ["cross-site", "same-site", "whatever"] {
        assert_refused(&answer_of(request().header("sec-fetch-site", site)).await);
    }
    let other_port = format!("http://127.0.0.1:{}", server.address.port() ^ 1);
    for origin in ["https://evil.example", "null", "", other_port.as_str()] {
        assert_refused(&answer_of(request().header("origin", origin)).await);
    }
    let get = server.client.get(server.url("/graphql?query={leads{totalCount}}")).header("sec-fetch-site", "cross-site");
    assert_refused(&answer_of(with_cookie(get, &viewer)).await);
}

#[tokio::test]
async fn a_bearer_token_needs_no_protection_and_goes_before_the_cookie() {
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    let evil = || server.post(QUERY).header("origin", "https://evil.example").header("sec-fetch-site", "cross-site");
    assert_in(&answer_of(evil().bearer_auth(&viewer.token)).await);
    assert_in(&answer_of(with_cookie(evil(), &viewer).bearer_auth(&viewer.token)).await);
    let unknown = with_cookie(server.post(QUERY), &viewer).bearer_auth("unknown");
    assert_eq!(answer_of(unknown).await.codes(), ["UNAUTHENTICATED"]);
    // Without either there is nothing to protect.
    assert_eq!(answer_of(evil()).await.codes(), ["UNAUTHENTICATED"]);
}

#[tokio::test]
async fn allowed_sites_may_use_the_cookie_and_read_the_answers() {
    let server = TestServer::start_with(|settings| settings.allowed_origins = vec!["https://app.example.com".to_owned()]).await;
    let viewer = server.viewer().await;
    let from = |origin: &'static str| {
        with_cookie(server.post(QUERY), &viewer).header("origin", origin).header("sec-fetch-site", "cross-site")
    };
    let answer = answer_of(from("https://app.example.com")).await;
    assert_in(&answer);
    assert_eq!(answer.header("access-control-allow-origin"), "https://app.example.com");
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
    for origin in ["http://app.example.com", "https://app.example.com.evil.example", "https://other.example.com"] {
        let answer = answer_of(from(origin)).await;
        assert_refused(&answer);
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
}

#[tokio::test]
async fn only_allowed_sites_get_a_yes_to_their_preflight() {
    let server = TestServer::start_with(|settings| settings.allowed_origins = vec!["https://app.example.com".to_owned()]).await;
    let preflight = |origin: &'static str| {
        let request = server.client.request(reqwest::Method::OPTIONS, server.url("/graphql")).header("origin", origin);
        answer_of(
            request.header("access-control-request-method", "POST").header("access-control-request-headers", "content-type"),
        )
    };
    let yes = preflight("https://app.example.com").await;
    assert_eq!((yes.status.as_u16(), yes.header("access-control-allow-origin")), (200, "https://app.example.com"));
    let no = preflight("https://evil.example").await;
    assert_eq!(no.header("access-control-allow-origin"), "");
}

//! The document that a customer could be sent.

use serde_json::{Value as Json, json};

use super::Desk;
use crate::harness::{Answer, Person, answer_of};

async fn document(desk: &Desk, person: Option<&Person>, path: &str) -> Answer {
    let mut request = desk.server.client.get(desk.server.url(path));
    if let Some(person) = person {
        request = request.bearer_auth(&person.token);
    }
    answer_of(request).await
}

async fn page(desk: &Desk, quote: &Json) -> String {
    let answer = document(desk, Some(&desk.person), quote["documentPath"].as_str().unwrap()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text
}

#[tokio::test]
async fn it_says_what_the_quote_says_and_loads_nothing() {
    let desk = Desk::new().await;
    let opportunity = desk.opportunity().await;
    let draft = desk
        .done(
            "createQuote",
            json!({
                "opportunityId": opportunity, "paymentTerms": "30 days <b>net</b>", "expiresOn": "2026-03-20", "notes": "One\nTwo",
                "lines": [
                    { "description": "<script>alert(1)</script>", "quantity": "1234.5", "unitPrice": { "amount": 10 }, "discountPercent": "12.5" },
                ],
            }),
        )
        .await;
    let text = page(&desk, &draft).await;
    for part in [
        "<html lang=\"en\">", "Quote <span class=\"reference\">Q-00001</span>", "Müller GmbH", "1,234.5", "12.5%", "10,801.88",
        "30 days &lt;b&gt;net&lt;/b&gt;", "&lt;script&gt;", "March 20, 2026", "March 2, 2026", "Max Manager", "<p>One</p><p>Two</p>",
        "Draft",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    for part in ["<script", "<b>", "http:", "https:", "url(", "@import", "src="] {
        assert!(!text.contains(part), "{part} has no place in {text}");
    }
    let sent = desk.done("sendQuote", json!({ "id": draft["id"] })).await;
    assert!(!page(&desk, &sent).await.contains("class=\"status\""), "what the customer gets bears no status");
}

#[tokio::test]
async fn it_is_for_those_who_are_signed_in() {
    let desk = Desk::new().await;
    let draft = desk.draft().await;
    let path = draft["documentPath"].as_str().unwrap();
    let viewer = desk.server.viewer().await;
    let answer = document(&desk, Some(&viewer), path).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-disposition"), "inline; filename=\"Q-00001.html\"");
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'; style-src 'sha256-"));
    let denied = document(&desk, None, path).await;
    assert_eq!((denied.status.as_u16(), denied.text.contains("Turbine")), (401, false));
    let nobody = Person { token: "wrong".to_owned(), ..viewer.clone() };
    assert_eq!(document(&desk, Some(&nobody), path).await.status, 401);
    for (path, status) in [
        ("/quotes/quote_00000000000000000000000000.html", 404),
        ("/quotes/lead_00000000000000000000000000.html", 400),
        ("/quotes/nonsense.html", 400),
        ("/quotes/quote_00000000000000000000000000", 404),
    ] {
        assert_eq!(document(&desk, Some(&viewer), path).await.status, status, "{path}");
    }
    let cookie = |request: reqwest::RequestBuilder| request.header("cookie", format!("leadgraph_session={}", viewer.token));
    let own = answer_of(cookie(desk.server.client.get(desk.server.url(path)))).await;
    assert_eq!(own.status, 200, "{}", own.text);
    let foreign = cookie(desk.server.client.get(desk.server.url(path))).header("sec-fetch-site", "cross-site");
    assert_eq!(answer_of(foreign).await.status, 403);
}

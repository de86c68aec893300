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
        "<html lang=\"en\">",
        "Quote <span class=\"reference\">Q-00001</span>",
        "Müller GmbH",
        "1,234.5",
        "12.5%",
        "10,801.88",
        "30 days &lt;b&gt;net&lt;/b&gt;",
        "&lt;script&gt;",
        "March 20, 2026",
        "March 2, 2026",
        "Max Manager",
        "<p>One</p><p>Two</p>",
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

/// A locale, its number and date, and what is sold to whom in its script.
const LOCALES: &[(&str, [&str; 4], [&str; 5])] = &[
    (
        "de-DE",
        ["<html lang=\"de-DE\">", "Angebot", "1.234.567,50", "20. März 2026"],
        [
            "Alpenmilch Kühltechnik GmbH",
            "Kühlhaus Rosenheim",
            "Kühlzelle 120 m², −2 °C",
            "30 Tage netto",
            "Inklusive Einweisung.",
        ],
    ),
    (
        "hi-IN",
        ["<html lang=\"hi-IN\">", "कोटेशन", "12,34,567.50", "20 मार्च, 2026"],
        ["हिमालय फल मंडी", "सेब शीतगृह, शिमला", "सेब शीतगृह, नियंत्रित वातावरण", "30 दिन में भुगतान", "कीमत में परिवहन शामिल है।"],
    ),
    (
        "vi-VN",
        ["<html lang=\"vi-VN\">", "Báo giá", "1.234.567,50", "20 tháng 3 2026"],
        [
            "Nông sản Đà Lạt",
            "Kho lạnh rau củ",
            "Kho lạnh bảo quản rau củ quả",
            "Thanh toán trong 30 ngày",
            "Giá đã bao gồm vận chuyển.",
        ],
    ),
    (
        "zh-CN",
        ["<html lang=\"zh-CN\">", "报价单", "1,234,567.50", "2026年3月20日"],
        ["东海冷链物流有限公司", "东海冷库一期", "冷库主体工程，3000吨", "预付30%，验收后付清", "报价含现场安装调试，质保两年。"],
    ),
    (
        "ja-JP",
        ["<html lang=\"ja-JP\">", "見積書", "1,234,567.50", "2026年3月20日"],
        ["みなと冷蔵株式会社", "冷蔵倉庫の更新", "冷凍機ユニット", "月末締め翌月末払い", "設置費用を含みます。"],
    ),
];

#[tokio::test]
async fn it_speaks_the_workspaces_locale_in_every_script() {
    let desk = Desk::new().await;
    let mut missing = Vec::new();
    for (locale, expected, [account, subject, item, terms, notes]) in LOCALES {
        let address = json!({ "street": "Sendlinger Str. 8", "postalCode": "80331", "city": "München", "country": "DE" });
        let account = json!({ "name": account, "address": address });
        let account = desk.made("createAccount", account, "account").await["id"].clone();
        let sale = json!({ "name": subject, "accountId": account, "closeDate": "2026-03-31" });
        let sale = desk.made("createOpportunity", sale, "opportunity").await["id"].clone();
        let price = |amount: &str| json!({ "amount": amount, "currency": "EUR" });
        let lines = json!([
            { "description": item, "quantity": "1", "unitPrice": price("1200000") },
            { "description": format!("{item} 2"), "quantity": "2.5", "unitPrice": price("14400"), "discountPercent": "4" },
            { "description": notes, "quantity": "1", "unitPrice": price("10.50"), "discountAmount": price("3") },
        ]);
        let quote =
            json!({ "opportunityId": sale, "paymentTerms": terms, "expiresOn": "2026-03-20", "notes": notes, "lines": lines });
        let quote = desk.done("createQuote", quote).await;
        let set = format!("UPDATE workspace SET locale = '{locale}'");
        let write = desk.server.app.database().begin().await.unwrap();
        sea_orm::ConnectionTrait::execute_unprepared(&write, &set).await.unwrap();
        write.commit().await.unwrap();
        let server = desk.server.another().await;
        let request = server.client.get(server.url(quote["documentPath"].as_str().unwrap())).bearer_auth(&desk.person.token);
        let text = answer_of(request).await.text;
        let said = [*item, *terms, *notes, *subject];
        let parts = expected.iter().chain(&said);
        missing.extend(parts.filter(|part| !text.contains(**part)).map(|part| format!("{locale}: {part} is missing in {text}")));
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

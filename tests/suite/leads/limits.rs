//! What the fields of a lead take, and that a caller hears of all problems at once.

use serde_json::json;

use super::{as_kind, at};
use crate::harness::TestServer;

#[tokio::test]
async fn texts_are_limited_by_characters() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    for (field, limit) in [("firstName", 200), ("lastName", 200), ("company", 200), ("jobTitle", 255), ("description", 10_000)] {
        let longest = "名".repeat(limit);
        let id = server.new_lead(&rep, json!({ "company": "Acme", "lastName": "X", field: longest })).await;
        assert_eq!(server.lead(&rep, &id).await[field], json!(longest));
        let too_long = json!({ "company": "Acme", "lastName": "X", field: format!("{longest}字") });
        let refused = server.call(&rep, "createLead", too_long.clone()).await;
        assert_eq!(refused.refusals(), at("TOO_LONG", field));
        let sentence = refused.answer.text_at("/createLead/userErrors/0/message");
        assert!(sentence.contains(&limit.to_string()) && sentence.contains(&(limit + 1).to_string()), "{sentence}");
        let update = super::creating::merged(&too_long, json!({ "id": id }));
        assert_eq!(server.call(&rep, "updateLead", update).await.refusals(), at("TOO_LONG", field));
    }
    for part in ["street", "city", "region", "postalCode"] {
        let longest = "é".repeat(255);
        let input = |text: &str| json!({ "company": "Acme", "address": { part: text } });
        let created = server.call(&rep, "createLead", input(&longest)).await;
        assert_eq!(created.lead()["address"][part], json!(longest));
        let refused = server.call(&rep, "createLead", input(&format!("{longest}e"))).await;
        assert_eq!(refused.refusals(), at("TOO_LONG", &format!("address.{part}")));
    }
}

#[tokio::test]
async fn control_characters_are_refused() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    for (field, text, fine) in [
        ("lastName", "a\0b", false),
        ("lastName", "a\nb", false),
        ("lastName", "a\tb", false),
        ("description", "a\n\tb", true),
        ("description", "a\0b", false),
        ("description", "a\u{1b}b", false),
        ("email", "a\0@example.com", false),
    ] {
        let created = server.call(&rep, "createLead", json!({ "company": "Acme", field: text })).await;
        let expected = if fine { Vec::new() } else { at("INVALID", field) };
        assert_eq!(created.refusals(), expected, "{field} {text:?}");
    }
}

#[tokio::test]
async fn addresses_phones_and_websites_have_their_form() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    for (field, text, kept) in [
        ("email", " ada@example.com ", Some("ada@example.com")),
        ("email", "Ada.L+sales@EXAMPLE.com", Some("Ada.L+sales@example.com")),
        ("email", "आदा@उदाहरण.भारत", Some("आदा@उदाहरण.भारत")),
        ("email", "ada@example", None),
        ("email", "ada", None),
        ("email", "a@b@example.com", None),
        ("email", "Ada <ada@example.com>", None),
        ("email", "ada@example.com, bob@example.com", None),
        ("phone", " +47 22 12 34 56 ", Some("+47 22 12 34 56")),
        ("phone", "(0)30/123-45 ext. 7", Some("(0)30/123-45 ext. 7")),
        ("phone", "٠١٢٣٤٥", Some("٠١٢٣٤٥")),
        ("phone", "12", None),
        ("phone", "call me", None),
        ("website", "www.example.com", Some("www.example.com")),
        ("website", "https://example.com/shop?a=b", Some("https://example.com/shop?a=b")),
        ("website", "http://例え.jp", Some("http://例え.jp")),
        ("website", "example", None),
        ("website", "javascript:alert(1)", None),
        ("website", "ftp://example.com", None),
        ("website", "exam ple.com", None),
    ] {
        let created = server.call(&rep, "createLead", json!({ "company": "Acme", field: text })).await;
        match kept {
            Some(kept) => assert_eq!(created.lead()[field], json!(kept), "{text}"),
            None => assert_eq!(created.refusals(), at("INVALID", field), "{text}"),
        }
    }
    let long = format!("{}@example.com", "a".repeat(250));
    let refused = server.call(&rep, "createLead", json!({ "company": "Acme", "email": long })).await;
    assert_eq!(refused.refusals(), at("TOO_LONG", "email"));
}

#[tokio::test]
async fn ids_must_be_of_the_right_kind_and_name_something() {
    let server = TestServer::start().await;
    let (rep, admin) = (server.rep().await, server.admin().await);
    let inactive = server.inactive(&admin).await;
    let id = server.new_lead(&rep, json!({ "company": "Acme" })).await;
    let account = as_kind::<entity::account::Entity>(&id);

    for (mutation, mut input) in super::guards::every_mutation(&server, &rep, &id).await {
        let path = if mutation == "convertLead" { "leadId" } else { "id" };
        for (wrong, code, sentence) in [
            (account.clone(), "INVALID", "Expected a lead id, got an account id."),
            ("nonsense".to_owned(), "INVALID", "This is no lead id"),
            (String::new(), "INVALID", "This is no lead id"),
            (id.to_uppercase(), "INVALID", "This is no lead id"),
            (server.nothing::<entity::lead::Entity>(), "NOT_FOUND", "There is no such lead"),
        ] {
            input[path] = json!(wrong);
            let refused = server.call(&rep, mutation, input.clone()).await;
            assert_eq!(refused.refusals(), at(code, path), "{mutation} {wrong}");
            let message = refused.answer.text_at(&format!("/{mutation}/userErrors/0/message"));
            assert!(message.starts_with(sentence), "{mutation} {wrong}: {message}");
        }
    }
    for (field, wrong, code) in [
        ("sourceId", account.clone(), "INVALID"),
        ("sourceId", server.nothing::<entity::lead_source::Entity>(), "NOT_FOUND"),
        ("campaignId", account.clone(), "INVALID"),
        ("campaignId", server.nothing::<entity::campaign::Entity>(), "NOT_FOUND"),
        ("ownerId", account.clone(), "INVALID"),
        ("ownerId", server.nothing::<entity::user::Entity>(), "NOT_FOUND"),
        ("ownerId", inactive.id.to_string(), "INACTIVE_USER"),
    ] {
        let created = server.call(&rep, "createLead", json!({ "company": "Acme", field: wrong })).await;
        assert_eq!(created.refusals(), at(code, field), "{field} {wrong}");
        let mutation = if field == "ownerId" { "assignLead" } else { "updateLead" };
        let changed = server.call(&rep, mutation, json!({ "id": id, field: wrong })).await;
        assert_eq!(changed.refusals(), at(code, field), "{mutation} {field} {wrong}");
    }
    let asked = server.graphql(&rep, "query($id: ID!) { lead(id: $id) { id } }", json!({ "id": account })).await;
    assert_eq!((asked.codes(), asked.message()), (vec!["BAD_USER_INPUT"], "Expected a lead id, got an account id."));
    assert_eq!(server.lead(&rep, &server.nothing::<entity::lead::Entity>()).await, json!(null));
    assert_eq!(server.lead(&rep, &id).await["version"], 1, "what was refused changed nothing");
}

#[tokio::test]
async fn all_problems_are_told_at_once() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let input = json!({
        "firstName": "x".repeat(201), "jobTitle": "a\0", "email": "nobody", "phone": "no", "website": "nowhere",
        "address": { "street": "x".repeat(256), "city": "a\nb" }, "description": "x".repeat(10_001),
        "sourceId": "source", "campaignId": server.nothing::<entity::campaign::Entity>(),
        "ownerId": server.nothing::<entity::user::Entity>(),
    });
    let mut refusals = server.call(&rep, "createLead", input).await.refusals();
    refusals.sort();
    assert_eq!(
        refusals,
        [
            "INVALID input.address.city",
            "INVALID input.email",
            "INVALID input.jobTitle",
            "INVALID input.phone",
            "INVALID input.sourceId",
            "INVALID input.website",
            "NOT_FOUND input.campaignId",
            "NOT_FOUND input.ownerId",
            "REQUIRED input.lastName",
            "TOO_LONG input.address.street",
            "TOO_LONG input.description",
            "TOO_LONG input.firstName",
        ]
    );
    let id = server.new_lead(&rep, json!({ "company": "Acme" })).await;
    let note = json!({ "state": "MET", "note": "x".repeat(256) });
    let assessment = json!({
        "id": id, "need": note, "authority": note, "budgetAmount": { "amount": "-1" }, "expectedPurchaseDate": "9999-01-01",
    });
    let mut refusals = server.call(&rep, "assessLead", assessment).await.refusals();
    refusals.sort();
    assert_eq!(
        refusals,
        [
            "OUT_OF_RANGE input.budgetAmount",
            "OUT_OF_RANGE input.expectedPurchaseDate",
            "TOO_LONG input.authority.note",
            "TOO_LONG input.need.note",
        ]
    );
    let leads = server.graphql(&rep, "{ leads { totalCount } }", json!({})).await;
    assert_eq!(*leads.data("/leads/totalCount"), json!(1));
}

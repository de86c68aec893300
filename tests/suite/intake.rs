//! Forms on websites: what becomes a lead, what is turned away, and that nobody learns whom we know.

use chrono::TimeDelta;
use reqwest::{RequestBuilder, StatusCode, redirect::Policy};
use serde_json::{Value, json};

use crate::harness::{Answer, Person, TestServer, answer_of};

const FORM: &str = "intakeForm { id version key path active honeypot }";
const TYPED: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

async fn call(server: &TestServer, person: &Person, mutation: &str, input: Value) -> Answer {
    let kind = if mutation.starts_with("rotate") {
        "IntakeFormIdInput".to_owned()
    } else {
        format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..])
    };
    let query =
        format!("mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ {FORM} userErrors {{ code field message }} }} }}");
    server.graphql(person, &query, json!({ "input": input })).await
}

async fn new_form(server: &TestServer, person: &Person, mut more: Value) -> Value {
    more["name"] = json!("Contact us");
    call(server, person, "createIntakeForm", more).await.payload("createIntakeForm")["intakeForm"].clone()
}

fn post(server: &TestServer, form: &Value, body: impl Into<String>) -> RequestBuilder {
    server.client.post(server.url(form["path"].as_str().unwrap())).header(TYPED.0, TYPED.1).body(body.into())
}

async fn leads(server: &TestServer, person: &Person) -> Vec<Value> {
    let query = "{ leads(orderBy: [{ field: CREATED_AT, direction: ASC }]) { nodes { id firstName lastName company employees email description status
        address { city country } source { id } campaign { id } owner { id } duplicates { score }
        history { nodes { action by { id } fields { field after } } } } } }";
    server.graphql(person, query, json!({})).await.data("/leads/nodes").as_array().unwrap().clone()
}

#[tokio::test]
async fn a_post_becomes_a_lead_with_source_and_campaign() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    let lists =
        server.graphql(&manager, "mutation { createCampaign(input: { name: \"Fair\" }) { campaign { id } } }", json!({})).await;
    let campaign = lists.text_at("/createCampaign/campaign/id");
    let source = server.graphql(&manager, "{ leadSources { id } }", json!({})).await.text_at("/leadSources/0/id");
    let form = new_form(&server, &manager, json!({ "sourceId": source, "campaignId": campaign })).await;
    let body = "firstName=Nguy%E1%BB%85n&lastName=%E0%A4%B6%E0%A4%B0%E0%A5%8D%E0%A4%AE%E0%A4%BE&company=%E5%8C%97%E4%BA%AC+%26+Co&employees=12\
        &email=a%40b.example&message=Hello%0D%0A%D7%A9%D7%9C%D7%95%D7%9D&city=%C3%85s&country=no&utm_source=x&ownerId=user_x";
    let answer = answer_of(post(&server, &form, body)).await;
    assert_eq!((answer.status, answer.json), (StatusCode::CREATED, json!({ "received": true })));
    let made = leads(&server, &manager).await.remove(0);
    assert_eq!((&made["firstName"], &made["lastName"]), (&json!("Nguyễn"), &json!("शर्मा")));
    assert_eq!((&made["company"], &made["employees"]), (&json!("北京 & Co"), &json!(12)));
    assert_eq!((&made["description"], &made["address"]), (&json!("Hello\nשלום"), &json!({ "city": "Ås", "country": "NO" })));
    assert_eq!(
        (&made["source"]["id"], &made["campaign"]["id"], &made["owner"]),
        (&json!(source), &json!(campaign), &Value::Null)
    );
    let history = &made["history"]["nodes"][0];
    assert_eq!((&history["action"], &history["by"]), (&json!("created"), &Value::Null));
    let named = history["fields"].as_array().unwrap().iter().find(|field| field["field"] == "intakeForm").unwrap();
    assert_eq!(named["after"], json!({ "id": form["id"], "name": "Contact us" }));

    // The same person again, as JSON: the answer doesn't tell that we know them, the lead's duplicates do.
    let json =
        server.client.post(server.url(form["path"].as_str().unwrap())).json(&json!({ "lastName": "S", "email": "A@b.example" }));
    let again = answer_of(json).await;
    assert_eq!((again.status, again.json), (StatusCode::CREATED, json!({ "received": true })));
    let made = leads(&server, &manager).await;
    assert_eq!(made.len(), 2);
    assert_eq!(made[1]["duplicates"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_wrong_is_told_and_nothing_is_made() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    let form = new_form(&server, &manager, json!({ "redirectUrl": "https://www.example.com/thanks?a=b" })).await;
    let bad = "email=nowhere&employees=many&country=Norway";
    let answer = answer_of(post(&server, &form, bad)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut told: Vec<String> = answer.json["userErrors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| format!("{} {}", problem["code"].as_str().unwrap(), problem["field"].as_str().unwrap()))
        .collect();
    told.sort();
    assert_eq!(told, ["INVALID country", "INVALID email", "INVALID employees", "REQUIRED lastName"]);
    let page =
        answer_of(post(&server, &form, "lastName=x&email=%3Cscript%3Ealert(1)%3C/script%3E").header("accept", "text/html,*/*"))
            .await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::UNPROCESSABLE_ENTITY, "text/html; charset=utf-8"));
    assert!(!page.text.contains("<script"), "{}", page.text);
    let big = format!("lastName={}", "x".repeat(40_000));
    for (request, status) in [
        (post(&server, &form, big), StatusCode::PAYLOAD_TOO_LARGE),
        (server.client.post(server.url(form["path"].as_str().unwrap())).body("lastName=x"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (
            server.client.post(server.url(form["path"].as_str().unwrap())).header("content-type", "application/json").body("[1]"),
            StatusCode::BAD_REQUEST,
        ),
        (server.client.get(server.url(form["path"].as_str().unwrap())), StatusCode::METHOD_NOT_ALLOWED),
        (server.client.post(server.url("/intake/nothing")).header(TYPED.0, TYPED.1).body("lastName=x"), StatusCode::NOT_FOUND),
    ] {
        assert_eq!(answer_of(request).await.status, status);
    }
    assert_eq!(leads(&server, &manager).await.len(), 0);
    // A person's browser goes on to the page that was configured, and to no other.
    let client = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
    let request = client.post(server.url(form["path"].as_str().unwrap())).header(TYPED.0, TYPED.1).header("accept", "text/html");
    let gone_on = answer_of(request.body("lastName=x&redirectUrl=https://evil.example")).await;
    assert_eq!((gone_on.status, gone_on.header("location")), (StatusCode::SEE_OTHER, "https://www.example.com/thanks?a=b"));
    for wrong in ["javascript:alert(1)", "//evil.example", "https://", "https://a b"] {
        let refused = call(&server, &manager, "updateIntakeForm", json!({ "id": form["id"], "redirectUrl": wrong })).await;
        assert_eq!(refused.refusals("updateIntakeForm"), ["INVALID input.redirectUrl"], "{wrong}");
    }
    let wrong =
        json!({ "id": form["id"], "honeypot": "email", "mostPerMinute": 0, "allowedOrigins": ["https://a.example/path"] });
    let refused = call(&server, &manager, "updateIntakeForm", wrong).await;
    assert_eq!(
        refused.refusals("updateIntakeForm"),
        ["INVALID input.allowedOrigins.0", "INVALID input.honeypot", "OUT_OF_RANGE input.mostPerMinute"]
    );
}

#[tokio::test]
async fn machines_and_double_clicks_make_no_leads() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    let form = new_form(&server, &manager, json!({ "honeypot": "fax" })).await;
    let honest = answer_of(post(&server, &form, "lastName=x&fax=+")).await;
    let machine = answer_of(post(&server, &form, "lastName=y&fax=123")).await;
    let invalid_machine = answer_of(post(&server, &form, "email=y&fax=123")).await;
    let twice = answer_of(post(&server, &form, "lastName=x&fax=+")).await;
    for other in [machine, invalid_machine, twice] {
        assert_eq!((other.status, &other.text), (honest.status, &honest.text));
    }
    assert_eq!(leads(&server, &manager).await.len(), 1);
    // What was refused may be sent again at once.
    for _ in 0..2 {
        assert_eq!(answer_of(post(&server, &form, "email=wrong")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn senders_and_forms_have_limits() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    let form = new_form(&server, &manager, json!({ "mostPerMinute": 2, "mostPerHour": 4 })).await;
    let send = async |number: u8, address: &str| {
        answer_of(
            post(&server, &form, format!("lastName=L{number}")).header("x-forwarded-for", format!("9.9.9.{number}, {address}")),
        )
        .await
    };
    for number in 0..2 {
        assert_eq!(send(number, "1.1.1.1").await.status, StatusCode::CREATED);
    }
    let limited = send(2, "1.1.1.1").await;
    assert_eq!((limited.status, limited.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
    assert_eq!(send(3, "1.1.1.2").await.status, StatusCode::CREATED);
    server.clock.advance(TimeDelta::minutes(1));
    assert_eq!(send(4, "1.1.1.1").await.status, StatusCode::CREATED);
    let limited = send(5, "1.1.1.3").await;
    assert_eq!((limited.status, limited.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "3540"));
    server.clock.advance(TimeDelta::hours(1));
    assert_eq!(send(6, "1.1.1.3").await.status, StatusCode::CREATED);
    assert_eq!(leads(&server, &manager).await.len(), 5);
}

#[tokio::test]
async fn keys_rotate_and_forms_are_switched_off() {
    let server = TestServer::start().await;
    let (manager, rep) = (server.manager().await, server.rep().await);
    let form = new_form(&server, &manager, json!({})).await;
    assert_eq!(call(&server, &rep, "rotateIntakeFormKey", json!({ "id": form["id"] })).await.codes(), ["FORBIDDEN"]);
    let rotated = call(&server, &manager, "rotateIntakeFormKey", json!({ "id": form["id"], "expectedVersion": 1 })).await;
    let rotated = rotated.payload("rotateIntakeFormKey")["intakeForm"].clone();
    assert_ne!(form["key"], rotated["key"]);
    assert_eq!(answer_of(post(&server, &form, "lastName=x")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(answer_of(post(&server, &rotated, "lastName=x")).await.status, StatusCode::CREATED);
    call(&server, &manager, "updateIntakeForm", json!({ "id": form["id"], "active": false })).await.payload("updateIntakeForm");
    assert_eq!(answer_of(post(&server, &rotated, "lastName=y")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_the_named_sites_may_post() {
    let server = TestServer::start().await;
    let manager = server.manager().await;
    let form = new_form(&server, &manager, json!({ "allowedOrigins": ["https://www.example.com"] })).await;
    let open = new_form(&server, &manager, json!({})).await;
    let from = async |form: &Value, origin: &str, body: &str| answer_of(post(&server, form, body).header("origin", origin)).await;
    let allowed = from(&form, "https://www.example.com", "lastName=a").await;
    assert_eq!((allowed.status, allowed.header("access-control-allow-origin")), (StatusCode::CREATED, "https://www.example.com"));
    let foreign = from(&form, "https://evil.example", "lastName=b").await;
    assert_eq!((foreign.status, foreign.header("access-control-allow-origin")), (StatusCode::FORBIDDEN, ""));
    let any = from(&open, "https://evil.example", "lastName=c").await;
    assert_eq!((any.status, any.header("access-control-allow-origin")), (StatusCode::CREATED, "*"));
    let ask = async |origin: &str| {
        let request = server.client.request(reqwest::Method::OPTIONS, server.url(form["path"].as_str().unwrap()));
        answer_of(request.header("origin", origin).header("access-control-request-method", "POST")).await
    };
    assert_eq!(ask("https://www.example.com").await.header("access-control-allow-headers"), "content-type");
    assert_eq!(ask("https://evil.example").await.status, StatusCode::FORBIDDEN);
    assert_eq!(leads(&server, &manager).await.len(), 2);
}

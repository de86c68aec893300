//! Arguments of pages: limits, both cursors at once, and cursors that don't fit.

use serde_json::{Value, json};

use super::List;
use crate::harness::TestServer;

#[tokio::test]
async fn pages_have_1_to_200_rows() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let id = server.new_lead(&rep, json!({ "company": "Acme" })).await;
    let account = server.call(&rep, "createAccount", json!({ "name": "Acme" })).await.id();
    let lists = [
        List::top("leads"),
        List::top("accounts"),
        List::top("contacts"),
        List::top("opportunities"),
        List::top("activities"),
        List::of("Lead", &id, "activities"),
        List::of("Account", &account, "contacts"),
        List::of("Account", &account, "opportunities"),
    ];
    for list in &lists {
        for page in [
            json!({ "first": 0 }),
            json!({ "first": -1 }),
            json!({ "first": 201 }),
            json!({ "last": 0 }),
            json!({ "last": -5 }),
            json!({ "last": 201 }),
            json!({ "first": i32::MAX }),
            json!({ "first": 1, "last": 1 }),
        ] {
            let refused = list.ask(&server, &rep, page.clone()).await;
            assert_eq!(refused.codes(), ["BAD_USER_INPUT"], "{} {page}", list.field);
            let says_what_is_allowed = refused.message().contains("200") || refused.message().contains("not both");
            assert!(says_what_is_allowed, "{}", refused.message());
        }
        for page in [json!({ "first": 1 }), json!({ "first": 200 }), json!({ "last": 200 }), json!({ "first": null, "last": 1 })] {
            list.page(&server, &rep, page).await;
        }
    }
    let history = List::of("Lead", &id, "history");
    assert_eq!(history.ask(&server, &rep, json!({ "first": 0 })).await.codes(), ["BAD_USER_INPUT"]);
    assert_eq!(history.ask(&server, &rep, json!({ "first": 201 })).await.codes(), ["BAD_USER_INPUT"]);
}

#[tokio::test]
async fn fifty_rows_unless_said_otherwise() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    for number in 0..53 {
        server.new_lead(&rep, json!({ "company": format!("{number}") })).await;
    }
    let page = List::top("leads").page(&server, &rep, json!({})).await;
    assert_eq!((page.ids.len(), page.has_next, page.has_previous, page.total), (50, true, false, Some(53)));
}

#[tokio::test]
async fn both_cursors_make_a_window() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    for number in 0..7 {
        server.new_lead(&rep, json!({ "lastName": super::pick(&["b", "a"], number), "company": "Acme" })).await;
    }
    let empty = List::top("accounts").page(&server, &rep, json!({})).await;
    assert_eq!((empty.ids.len(), empty.has_next, empty.has_previous, empty.total), (0, false, false, Some(0)));

    let list = List::top("leads").ordered("LAST_NAME ASC");
    let whole = list.page(&server, &rep, json!({ "first": 200 })).await;
    let cursors: Vec<Option<usize>> = std::iter::once(None).chain((0..7).map(Some)).collect();
    let cursor = |place: Option<usize>| place.map_or(Value::Null, |place| json!(whole.cursors[place]));
    for (after, before) in cursors.iter().flat_map(|after| cursors.iter().map(move |before| (*after, *before))) {
        for (count, size) in [("first", 2), ("last", 2), ("first", 10), ("last", 10)] {
            let page = list.page(&server, &rep, json!({ count: size, "after": cursor(after), "before": cursor(before) })).await;
            let from = after.map_or(0, |place| place + 1);
            let to = before.unwrap_or(7).max(from);
            let (start, end) = if count == "first" { (from, to.min(from + size)) } else { (to.saturating_sub(size).max(from), to) };
            assert_eq!(page.ids, whole.ids[start..end], "{count} {size} of {after:?}..{before:?}");
            if start < end {
                assert_eq!((page.has_previous, page.has_next), (start > 0, end < 7), "{count} {size} of {after:?}..{before:?}");
            }
            assert_eq!(page.total, Some(7), "the whole list is counted");
        }
    }
}

#[tokio::test]
async fn cursors_fit_one_order_only() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let account = server.call(&rep, "createAccount", json!({ "name": "Acme" })).await.id();
    for number in 0..3 {
        server.new_lead(&rep, json!({ "company": format!("{number}") })).await;
        server.call(&rep, "createContact", json!({ "lastName": format!("{number}"), "accountId": account })).await.done();
    }
    let orders = ["LAST_NAME ASC", "LAST_NAME DESC", "COMPANY ASC", "CREATED_AT ASC", "CREATED_AT DESC", "LAST_NAME ASC, COMPANY ASC"];
    for made_with in orders {
        let cursor = List::top("leads").ordered(made_with).page(&server, &rep, json!({})).await.cursors[1].clone();
        for used_with in orders {
            let list = List::top("leads").ordered(used_with);
            for page in [json!({ "first": 1, "after": cursor }), json!({ "last": 1, "before": cursor })] {
                let answer = list.ask(&server, &rep, page).await;
                if made_with == used_with {
                    assert_eq!(answer.codes(), Vec::<&str>::new());
                } else {
                    assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "made with {made_with}, used with {used_with}");
                    assert!(answer.message().contains("order"), "{}", answer.message());
                }
            }
        }
    }
    let nested = List::of("Account", &account, "contacts");
    let cursor = nested.ordered("LAST_NAME ASC").page(&server, &rep, json!({})).await.cursors[1].clone();
    let other = nested.ordered("LAST_NAME DESC").ask(&server, &rep, json!({ "after": cursor })).await;
    assert_eq!(other.codes(), ["BAD_USER_INPUT"]);
    for nonsense in ["", "x", "eyJ9", "bm9uc2Vuc2U", "\u{0}", "%%%", &"A".repeat(10_000)] {
        for list in [List::top("leads"), nested.clone()] {
            let answer = list.ask(&server, &rep, json!({ "after": nonsense })).await;
            assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{nonsense:?}");
        }
    }
}

#[tokio::test]
async fn a_cursor_outlives_its_row() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    for number in 0..5 {
        server.new_lead(&rep, json!({ "lastName": format!("{}", number / 2), "company": "Acme" })).await;
    }
    let list = List::top("leads").ordered("LAST_NAME ASC");
    let whole = list.page(&server, &rep, json!({})).await;
    server.call(&rep, "deleteLead", json!({ "id": whole.ids[2] })).await.done();
    let cursor = &whole.cursors[2];
    let after = list.page(&server, &rep, json!({ "first": 10, "after": cursor })).await;
    assert_eq!((after.ids, after.has_previous, after.has_next), (whole.ids[3..].to_vec(), true, false));
    let before = list.page(&server, &rep, json!({ "last": 10, "before": cursor })).await;
    assert_eq!((before.ids, before.has_previous, before.has_next), (whole.ids[..2].to_vec(), false, true));
}

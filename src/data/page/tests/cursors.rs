use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, NaiveDate};
use proptest::prelude::*;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::toy::{self, Column, fetch, item};
use crate::data::cursor::{Cursor, Key};
use crate::data::page::{Columns, Order, PageRequest, SortKey};
use crate::error::{Error, FaultCode};

fn is_bad_input<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::Fault(fault)) if fault.code == FaultCode::BadUserInput)
}

fn sentence(result: Result<PageRequest, Error>) -> String {
    assert!(is_bad_input(&result), "{result:?}");
    result.map_or_else(|error| error.sentences(), |_| String::new())
}

#[test]
fn page_sizes_are_checked() {
    let new = |first, last| PageRequest::new(first, None, last, None, "x");
    assert_eq!(new(None, None).expect("request").size, 50);
    assert_eq!(new(Some(200), None).expect("request").size, 200);
    assert!(new(None, Some(1)).expect("request").backward);
    assert_eq!(sentence(new(Some(1), Some(1))), "Give either first or last, not both.");
    assert_eq!(sentence(new(Some(0), None)), "The argument first must be from 1 to 200, not 0.");
    assert_eq!(sentence(new(None, Some(-1))), "The argument last must be from 1 to 200, not -1.");
    assert_eq!(sentence(new(Some(201), None)), "The argument first must be from 1 to 200, not 201.");
}

#[test]
fn before_alone_reads_backwards() {
    let cursor = || Some(Cursor { order: "x".to_owned(), keys: Vec::new(), id: Uuid::nil() }.encode().expect("cursor"));
    assert!(PageRequest::new(None, None, None, cursor(), "x").expect("request").backward);
    assert!(!PageRequest::new(Some(1), None, None, cursor(), "x").expect("request").backward);
    assert!(!PageRequest::new(None, cursor(), None, cursor(), "x").expect("request").backward);
}

#[test]
fn orders_have_names_that_tell_them_apart() {
    let name = |keys: Vec<SortKey<Column>>| Order::new(keys, Column::Id).name().to_owned();
    assert_eq!(name(vec![]), "id ASC");
    assert_eq!(name(vec![SortKey::descending(Column::Label)]), "label DESC,id DESC");
    assert_eq!(name(vec![SortKey::descending(Column::Label), SortKey::ascending(Column::Due)]), "label DESC,due ASC,id ASC");
    assert_eq!(name(vec![SortKey::ascending(Column::Label), SortKey::descending(Column::Label)]), "label ASC,id ASC");
    assert_eq!(name(vec![SortKey::descending(Column::Id), SortKey::descending(Column::Label)]), "id DESC");
}

#[test]
fn cursors_keep_their_form() {
    let order =
        Order::new([Column::Label, Column::Amount, Column::Due, Column::At, Column::Done].map(SortKey::ascending), Column::Id);
    let row = item::Model {
        id: item::ItemId(Uuid::nil()),
        parent_id: Uuid::nil(),
        label: Some("ö".to_owned()),
        amount: None,
        due: NaiveDate::from_ymd_opt(2026, 3, 1),
        at: DateTime::from_timestamp_micros(1_000_001).expect("time"),
        rank: 1,
        done: true,
    };
    let text = order.cursor(&row).expect("cursor");
    let json = String::from_utf8(URL_SAFE_NO_PAD.decode(&text).expect("base64url")).expect("text");
    let expected = r#"{"o":"label ASC,amount ASC,due ASC,at ASC,done ASC,id ASC","k":[{"t":"ö"},"n",{"d":"2026-03-01"},{"m":1000001},{"b":true}],"i":"00000000-0000-0000-0000-000000000000"}"#;
    assert_eq!(json, expected);
    assert_eq!(Cursor::decode(&text, order.name()).expect("cursor").keys.len(), 5);
}

#[test]
fn what_is_no_cursor_is_bad_input() {
    let long = URL_SAFE_NO_PAD.encode("[".repeat(100_000));
    let unknown_field = URL_SAFE_NO_PAD.encode(r#"{"o":"x","k":[],"i":"00000000-0000-0000-0000-000000000000","z":1}"#);
    let no_id = URL_SAFE_NO_PAD.encode(r#"{"o":"x","k":[],"i":"1"}"#);
    for text in ["", "a", "====", "🦀", "e30", "e30=", &long, &unknown_field, &no_id] {
        assert!(is_bad_input(&Cursor::decode(text, "x")), "{text}");
    }
    let other = Cursor { order: "y".to_owned(), keys: Vec::new(), id: Uuid::nil() }.encode().expect("cursor");
    let message = sentence(PageRequest::new(None, Some(other), None, None, "x"));
    assert!(message.starts_with("This cursor belongs to a list in another order."), "{message}");
}

#[tokio::test]
async fn cursors_that_do_not_fit_their_order_are_bad_input() {
    let forged: [(Column, Vec<Key>); 14] = [
        (Column::Label, vec![]),
        (Column::Label, vec![Key::Null, Key::Null]),
        (Column::Label, vec![Key::Int(1)]),
        (Column::Label, vec![Key::Text("\0".to_owned())]),
        (Column::Amount, vec![Key::Text("1".to_owned())]),
        (Column::Rank, vec![Key::Null]),
        (Column::Rank, vec![Key::Int(40_000)]),
        (Column::At, vec![Key::Null]),
        (Column::At, vec![Key::Date(NaiveDate::default())]),
        (Column::At, vec![Key::Time(i64::MAX)]),
        (Column::At, vec![Key::Time(253_402_300_800_000_000)]),
        (Column::Due, vec![Key::Date(NaiveDate::MIN)]),
        (Column::Done, vec![Key::Int(1)]),
        (Column::ParentId, vec![Key::Text(Uuid::nil().to_string())]),
    ];
    toy::on_each_database(async |toy| {
        for (column, keys) in &forged {
            let order = Order::new([SortKey::ascending(*column)], Column::Id);
            let cursor = Cursor { order: order.name().to_owned(), keys: keys.clone(), id: Uuid::nil() }.encode().expect("cursor");
            let request = PageRequest::new(None, Some(cursor), None, None, order.name()).expect("request");
            let page = fetch(&toy.db, item::Entity::find(), Columns::ALL, &order, &request).await;
            assert!(is_bad_input(&page), "{column:?} {keys:?}: {page:?}");
        }
    })
    .await;
}

#[test]
fn no_forged_cursor_reaches_the_database_and_fails_there() {
    let forged = (toy::order(), proptest::collection::vec(toy::key(), 0..=3), any::<[u8; 16]>(), any::<bool>());
    toy::for_many(400, forged, async |toy, (order, keys, id, backward)| {
        let cursor = Cursor { order: order.name().to_owned(), keys, id: Uuid::from_bytes(id) }.encode().expect("cursor");
        let (after, before) = if backward { (None, Some(cursor)) } else { (Some(cursor), None) };
        let request = PageRequest::new(None, after, None, before, order.name()).expect("request").knowing(true, true, true);
        let page = fetch(&toy.db, item::Entity::find(), Columns::ALL, &order, &request).await;
        assert!(page.is_ok() || is_bad_input(&page), "{request:?}: {page:?}");
    });
}

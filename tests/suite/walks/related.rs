//! Lists whose filters look into other records: such a list is gone through once for its page and its total.

use serde_json::json;

use super::List;
use crate::columns::filled;

const ORDERS: [&str; 6] =
    ["", "CLOSE_DATE ASC", "AMOUNT DESC", "AMOUNT ASC", "NAME DESC, CLOSE_DATE ASC", "AMOUNT ASC, CLOSE_DATE DESC"];

#[tokio::test]
async fn lists_filtered_by_related_records_are_walked_to_their_ends() {
    let (server, admin) = filled().await;
    let filters = [
        ("opportunities", "account: {name: {contains: \"a\"}}", &ORDERS[..]),
        ("opportunities", "not: {account: {name: {startsWith: \"zq\"}}}, isClosed: false", &ORDERS[..1]),
        ("contacts", "account: {name: {contains: \"e\"}}", &ORDERS[..1]),
    ];
    for (field, filter, orders) in filters {
        for order in orders {
            let list = List::top(field).ordered(order);
            let list = List { arguments: format!("{}, filter: {{{filter}}}", list.arguments), ..list };
            assert!(list.whole(&server, &admin).await.len() > 10, "{filter}");
            list.check_still(&server, &admin, &[4, 9]).await;
        }
    }
}

#[tokio::test]
async fn what_lies_beyond_the_ends_is_empty_and_counted() {
    let (server, admin) = filled().await;
    let filter = ", filter: {account: {name: {contains: \"a\"}}}".to_owned();
    let list = List { arguments: filter, ..List::top("opportunities") };
    let whole = list.page(&server, &admin, json!({ "first": 200 })).await;
    let beyond = list.page(&server, &admin, json!({ "first": 5, "after": whole.cursors.last() })).await;
    assert_eq!((beyond.ids.len(), beyond.total, beyond.has_previous, beyond.has_next), (0, whole.total, true, false));
    let before = list.page(&server, &admin, json!({ "last": 5, "before": whole.cursors.first() })).await;
    assert_eq!((before.ids.len(), before.total, before.has_previous, before.has_next), (0, whole.total, false, true));
    let none = List { arguments: ", filter: {account: {name: {contains: \"zqxjv\"}}}".to_owned(), ..list };
    let none = none.page(&server, &admin, json!({ "first": 5 })).await;
    assert_eq!((none.ids.len(), none.total, none.has_previous, none.has_next), (0, Some(0), false, false));
}

use std::collections::HashMap;

use proptest::prelude::*;
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait};
use uuid::Uuid;

use super::toy::{self, fetch, item, link};
use crate::data::page::{Columns, PageRequest, fetch_by_parent};

/// Parents 0 to 3 have rows, 4 never has one.
fn parents() -> impl Strategy<Value = Vec<Uuid>> {
    proptest::sample::subsequence(vec![0, 1, 2, 3, 4_u128], 0..=5).prop_map(|ids| ids.into_iter().map(Uuid::from_u128).collect())
}

#[test]
fn pages_by_parent_are_the_pages_of_each_parent() {
    let place = || proptest::option::of(any::<proptest::sample::Index>());
    let request = (1..=3_i32, any::<bool>(), place(), place(), any::<bool>());
    let rows = proptest::collection::vec((toy::item(), proptest::collection::btree_set(0..4_u128, 0..=3)), 1..=20);
    let inputs = (rows, parents(), toy::order(), request);
    toy::for_many(120, inputs, async |toy, (rows, parents, order, (size, backward, after, before, total))| {
        let items: Vec<_> = rows.iter().map(|(item, _)| item.clone()).collect();
        let links: Vec<_> = (rows.iter())
            .flat_map(|(item, records)| records.iter().map(|record| (item.id, Uuid::from_u128(*record))))
            .map(|(item_id, record_id)| link::Model { item_id, record_id })
            .collect();
        toy.fill(&items, &links).await;
        let cursor = |place: Option<proptest::sample::Index>| place.map(|place| order.cursor(place.get(&items)).expect("cursor"));
        let (first, last) = if backward { (None, Some(size)) } else { (Some(size), None) };
        let request = PageRequest::new(first, cursor(after), last, cursor(before), order.name()).expect("request");
        let request = request.knowing(total, true, true);
        let linked = || item::Entity::find().join(JoinType::InnerJoin, item::Relation::Link.def());

        toy.statements();
        let own =
            fetch_by_parent(&toy.db, item::Entity::find(), Columns::ALL, item::Column::ParentId, &parents, &order, &request);
        let own = toy::sendable(own).await;
        let of_links = fetch_by_parent(&toy.db, linked(), Columns::ALL, link::Column::RecordId, &parents, &order, &request).await;
        assert!(toy.statements() <= 4);

        let (mut own_expected, mut of_links_expected) = (HashMap::new(), HashMap::new());
        for parent in parents {
            let select = item::Entity::find().filter(item::Column::ParentId.eq(parent));
            own_expected.insert(parent, fetch(&toy.db, select, Columns::ALL, &order, &request).await.expect("page"));
            let select = linked().filter(link::Column::RecordId.eq(parent));
            of_links_expected.insert(parent, fetch(&toy.db, select, Columns::ALL, &order, &request).await.expect("page"));
        }
        assert_eq!(own.expect("pages"), own_expected, "{} {request:?}", order.name());
        assert_eq!(of_links.expect("pages"), of_links_expected, "{} {request:?}", order.name());
    });
}

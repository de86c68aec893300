use proptest::prelude::*;
use proptest::strategy::ValueTree;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use super::toy::{self, Column, Toy, fetch, item};
use crate::data::page::{Columns, Order, Page, PageRequest, SortKey};

/// The first page, the one after it, and so on; or the last page, the one before it, and so on.
async fn walk(toy: &Toy, order: &Order<Column>, size: i32, backward: bool) -> Vec<Page<item::Model>> {
    let mut pages: Vec<Page<item::Model>> = Vec::new();
    let mut cursor = None;
    loop {
        let request = match backward {
            true => PageRequest::new(None, None, Some(size), cursor, order.name()),
            false => PageRequest::new(Some(size), cursor, None, None, order.name()),
        };
        let page = fetch(&toy.db, item::Entity::find(), Columns::ALL, order, &request.expect("request")).await.expect("page");
        let goes_on = if backward { page.has_previous } else { page.has_next };
        cursor = if backward { page.cursors.first().cloned() } else { page.cursors.last().cloned() };
        pages.push(page);
        if !goes_on {
            return pages;
        }
        assert!(pages.len() < 100, "the walk does not end");
    }
}

#[test]
fn every_walk_meets_each_row_once_in_order() {
    toy::for_many(96, (toy::items(14), toy::order(), 1..=7_i32), async |toy, (items, order, size)| {
        toy.fill(&items, &[]).await;
        let expected = toy::sorted(items, &order);
        for backward in [false, true] {
            let mut pages = walk(toy, &order, size, backward).await;
            let last = pages.len() - 1;
            for (place, page) in pages.iter().enumerate() {
                let (behind, ahead) =
                    if backward { (page.has_next, page.has_previous) } else { (page.has_previous, page.has_next) };
                assert_eq!((behind, ahead), (place > 0, place < last), "page {place} of {} {}", pages.len(), order.name());
            }
            if backward {
                pages.reverse();
            }
            let met: Vec<_> = pages.into_iter().flat_map(|page| page.rows).collect();
            assert_eq!(met, expected, "{} backward: {backward}", order.name());
        }
    });
}

#[test]
fn every_page_is_as_the_naive_model_says() {
    let place = || proptest::option::of(any::<proptest::sample::Index>());
    let request = (1..=7_i32, any::<bool>(), place(), place());
    let inputs = (proptest::collection::vec((toy::item(), any::<bool>()), 1..=14), toy::order(), request);
    toy::for_many(400, inputs, async |toy, (items, order, (size, backward, after, before))| {
        // Cursors may be of rows that are gone.
        let all: Vec<_> = items.iter().map(|(item, _)| item.clone()).collect();
        let here: Vec<_> = items.into_iter().filter(|(_, gone)| !gone).map(|(item, _)| item).collect();
        toy.fill(&here, &[]).await;
        let (after, before) = (after.map(|place| place.get(&all)), before.map(|place| place.get(&all)));
        let cursor = |row: Option<&item::Model>| row.map(|row| order.cursor(row).expect("cursor"));
        let (first, last) = if backward { (None, Some(size)) } else { (Some(size), None) };
        let request = PageRequest::new(first, cursor(after), last, cursor(before), order.name()).expect("request");
        let request = request.knowing(true, true, true);
        toy.statements();
        let page = fetch(&toy.db, item::Entity::find(), Columns::ALL, &order, &request).await.expect("page");
        assert!(toy.statements() <= 3);
        assert_eq!(page, toy::naive_page(&here, &order, &request, after, before), "{} {request:?}", order.name());
    });
}

#[test]
fn rows_that_come_in_between_disturb_no_walk() {
    let inputs = (toy::items(12), toy::items(12), toy::order(), 1..=4_i32);
    toy::for_many(64, inputs, async |toy, (items, newcomers, order, size)| {
        toy.fill(&items, &[]).await;
        let mut newcomers = newcomers.into_iter();
        let mut met = Vec::new();
        let mut cursor = None;
        loop {
            let request = PageRequest::new(Some(size), cursor, None, None, order.name()).expect("request");
            let page = fetch(&toy.db, item::Entity::find(), Columns::ALL, &order, &request).await.expect("page");
            cursor = page.cursors.last().cloned();
            met.extend(page.rows);
            if !page.has_next {
                break;
            }
            if let Some(newcomer) = newcomers.next() {
                toy.insert(&newcomer).await;
            }
        }
        assert!(met.is_sorted_by(|left, right| toy::compare(&order, left, right).is_lt()), "in order and none twice");
        let known: Vec<_> = met.into_iter().filter(|item| items.contains(item)).collect();
        assert_eq!(known, toy::sorted(items, &order));
    });
}

#[tokio::test]
async fn respects_the_select_and_sends_no_needless_statement() {
    toy::on_each_database(async |toy| {
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let mut items: Vec<_> = (0..40).map(|_| toy::item().new_tree(&mut runner).expect("item").current()).collect();
        items.iter_mut().enumerate().for_each(|(place, item)| item.rank = i16::from(place < 10));
        toy.fill(&items, &[]).await;
        let order = Order::new([SortKey::descending(Column::Amount)], Column::Id);
        let select = || item::Entity::find().filter(Condition::any().add(Column::Rank.eq(1)).add(Column::Rank.eq(2)));
        let request = PageRequest::new(Some(3), None, None, None, order.name()).expect("request");

        toy.statements();
        let plain = toy::sendable(fetch(&toy.db, select(), Columns::ALL, &order, &request)).await.expect("page");
        assert_eq!((toy.statements(), plain.rows.len(), plain.total), (1, 3, None));
        assert!(plain.has_next && !plain.has_previous);

        let cursor = plain.cursors.last().cloned();
        let request = PageRequest::new(Some(7), cursor, None, None, order.name()).expect("request");
        let counted =
            fetch(&toy.db, select(), Columns::ALL, &order, &request.clone().knowing(true, true, true)).await.expect("page");
        assert_eq!((toy.statements(), counted.rows.len(), counted.total), (1, 7, Some(10)));
        assert!(!counted.has_next && counted.has_previous);

        fetch(&toy.db, select(), Columns::ALL, &order, &request.knowing(false, false, true)).await.expect("page");
        assert_eq!(toy.statements(), 1);
    })
    .await;
}

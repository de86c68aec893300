//! Something to page through: an entity with columns of every type, its databases, and a list in memory that knows better.

use std::cmp::Ordering;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering as Atomic};

use chrono::{DateTime, NaiveDate};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectOptions, Database, IntoActiveModel, Schema};

use crate::data::cursor::Key;
use crate::data::database::ReadRows;
use crate::data::page::{self, Columns, Listed, Order, Page, PageRequest, ReadAlong, SortKey};
use crate::error::Result;

impl Listed for item::Entity {}
impl ReadRows for DatabaseConnection {}

pub mod item {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
    pub struct ItemId(pub Uuid);

    impl sea_orm::TryFromU64 for ItemId {
        fn try_from_u64(_: u64) -> Result<Self, DbErr> {
            Err(DbErr::ConvertFromU64("ItemId"))
        }
    }

    #[derive(Debug, Clone, Default, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "item")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ItemId,
        pub parent_id: Uuid,
        pub label: Option<String>,
        pub amount: Option<i64>,
        pub due: Option<Date>,
        pub at: DateTimeUtc,
        pub rank: i16,
        pub done: bool,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(has_many = "super::link::Entity")]
        Link,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Says which items belong to which other records, as activities have several subjects.
pub mod link {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "link")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub item_id: super::item::ItemId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub record_id: Uuid,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(belongs_to = "super::item::Entity", from = "Column::ItemId", to = "super::item::Column::Id")]
        Item,
    }

    impl Related<super::item::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Item.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub type Column = item::Column;

/// A database with empty tables, and how many statements it was sent.
pub struct Toy {
    pub db: DatabaseConnection,
    statements: Arc<AtomicU64>,
}

impl Toy {
    async fn connect(options: ConnectOptions) -> Self {
        let mut db = Database::connect(options).await.expect("connection");
        let statements = Arc::new(AtomicU64::new(0));
        let counter = statements.clone();
        db.set_metric_callback(move |_| {
            counter.fetch_add(1, Atomic::Relaxed);
        });
        Self { db, statements }
    }

    /// The databases to test on.
    async fn all() -> Vec<Self> {
        let mut options = ConnectOptions::new("sqlite::memory:");
        options.max_connections(1).sqlx_logging(false);
        let mut all = vec![Self::connect(options).await];
        if let Some(url) = std::env::var("LEADGRAPH_TEST_POSTGRES").ok().filter(|url| !url.is_empty()) {
            let mut options = ConnectOptions::new(url);
            options.max_connections(1).sqlx_logging(false);
            let toy = Self::connect(options).await;
            toy.db.execute_unprepared("SET search_path TO pg_temp").await.expect("a schema that ends with the connection");
            all.push(toy);
        }
        for toy in &all {
            let schema = Schema::new(toy.db.get_database_backend());
            toy.db.execute(&schema.create_table_from_entity(item::Entity)).await.expect("table");
            toy.db.execute(&schema.create_table_from_entity(link::Entity)).await.expect("table");
        }
        all
    }

    /// Replaces all rows.
    pub async fn fill(&self, items: &[item::Model], links: &[link::Model]) {
        link::Entity::delete_many().exec(&self.db).await.expect("delete");
        item::Entity::delete_many().exec(&self.db).await.expect("delete");
        let items = items.iter().map(|item| item.clone().into_active_model());
        item::Entity::insert_many(items).exec_without_returning(&self.db).await.expect("insert");
        let links = links.iter().map(|link| link.clone().into_active_model());
        link::Entity::insert_many(links).exec_without_returning(&self.db).await.expect("insert");
    }

    pub async fn insert(&self, item: &item::Model) {
        item::Entity::insert(item.clone().into_active_model()).exec_without_returning(&self.db).await.expect("insert");
    }

    /// How many statements were sent since this was asked the last time.
    pub fn statements(&self) -> u64 {
        self.statements.swap(0, Atomic::Relaxed)
    }
}

/// Runs a test on every database, with its tables empty at first.
pub async fn on_each_database(test: impl AsyncFn(&Toy)) {
    for toy in Toy::all().await {
        test(&toy).await;
    }
}

/// Runs a test on every database with many generated inputs. The test fills the tables itself.
pub fn for_many<S: Strategy>(cases: u32, inputs: S, test: impl AsyncFn(&Toy, S::Value)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    for toy in runtime.block_on(Toy::all()) {
        let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
        let outcome = runner.run(&inputs, |input| {
            runtime.block_on(test(&toy, input));
            Ok(())
        });
        if let Err(failure) = outcome {
            panic!("on {:?}: {failure}", toy.db.get_database_backend());
        }
    }
}

/// A row of few different values, so that there are many ties and nulls.
pub fn item() -> impl Strategy<Value = item::Model> {
    let keys = (
        proptest::option::of("[ab]{0,2}"),
        proptest::option::of(prop_oneof![-1..=1_i64, Just(i64::MAX)]),
        proptest::option::of(0..3_u64),
        prop_oneof![Just(0), Just(500_000), Just(500_001), Just(1_000_000_i64)],
    );
    (any::<[u8; 16]>(), 0..4_u128, keys, 0..2_i16, any::<bool>()).prop_map(
        |(id, parent, (label, amount, due, at), rank, done)| item::Model {
            id: item::ItemId(Uuid::from_bytes(id)),
            parent_id: Uuid::from_u128(parent),
            label,
            amount,
            due: due.map(|days| NaiveDate::default() + chrono::Days::new(days)),
            at: DateTime::from_timestamp_micros(at).expect("time"),
            rank,
            done,
        },
    )
}

/// Up to `count` rows.
pub fn items(count: usize) -> impl Strategy<Value = Vec<item::Model>> {
    proptest::collection::vec(item(), 0..=count)
}

/// Any order of up to three keys.
pub fn order() -> impl Strategy<Value = Order<Column>> {
    let columns =
        [Column::Label, Column::Amount, Column::Due, Column::At, Column::Rank, Column::Done, Column::ParentId, Column::Id];
    let key = (proptest::sample::select(columns.to_vec()), any::<bool>());
    proptest::collection::vec(key, 0..=3)
        .prop_map(|keys| Order::new(keys.into_iter().map(|(column, descending)| SortKey::new(column, descending)), Column::Id))
}

/// How two rows stand to each other in an order, from the definition of it.
pub fn compare(order: &Order<Column>, left: &item::Model, right: &item::Model) -> Ordering {
    let by_key = |key: &SortKey<Column>| {
        let ordering = match key.column {
            Column::Label => left.label.cmp(&right.label),
            Column::Amount => left.amount.cmp(&right.amount),
            Column::Due => left.due.cmp(&right.due),
            Column::At => left.at.cmp(&right.at),
            Column::Rank => left.rank.cmp(&right.rank),
            Column::Done => left.done.cmp(&right.done),
            Column::ParentId => left.parent_id.cmp(&right.parent_id),
            Column::Id => left.id.cmp(&right.id),
        };
        if key.descending { ordering.reverse() } else { ordering }
    };
    order.keys().iter().map(by_key).find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
}

/// The rows in an order.
pub fn sorted(mut items: Vec<item::Model>, order: &Order<Column>) -> Vec<item::Model> {
    items.sort_by(|left, right| compare(order, left, right));
    items
}

/// The page that a naive reading of the rules gives. The cursors are those of the rows `after` and `before`.
pub fn naive_page(
    items: &[item::Model],
    order: &Order<Column>,
    request: &PageRequest,
    after: Option<&item::Model>,
    before: Option<&item::Model>,
) -> Page<item::Model> {
    let list = sorted(items.to_vec(), order);
    let until_after = |item: &&item::Model| after.is_some_and(|after| compare(order, item, after).is_le());
    let from_before = |item: &&item::Model| before.is_some_and(|before| compare(order, item, before).is_ge());
    let between: Vec<_> = list.iter().filter(|item| !until_after(item) && !from_before(item)).cloned().collect();
    let left_out = between.len().saturating_sub(usize::try_from(request.size).expect("size"));
    let rows = match request.backward {
        true => between[left_out..].to_vec(),
        false => between[..between.len() - left_out].to_vec(),
    };
    Page {
        cursors: rows.iter().map(|row| order.cursor(row).expect("cursor")).collect(),
        has_previous: list.iter().any(|item| until_after(&item)) || (request.backward && left_out > 0),
        has_next: list.iter().any(|item| from_before(&item)) || (!request.backward && left_out > 0),
        total: request.want_total.then_some(list.len() as u64),
        rows,
    }
}

/// Resolvers run on any thread.
pub fn sendable<F: Future + Send>(future: F) -> F {
    future
}

/// Values that a forged cursor may have.
pub fn key() -> impl Strategy<Value = Key> {
    prop_oneof![
        Just(Key::Null),
        any::<String>().prop_map(Key::Text),
        Just(Key::Text("a\0".to_owned())),
        any::<i64>().prop_map(Key::Int),
        (-40_000..40_000_i64).prop_map(Key::Int),
        any::<i64>().prop_map(Key::Time),
        (-9_999..9_999_i64).prop_map(|days| Key::Time(days * 86_400_000_000_000)),
        (-99_999..99_999_i32).prop_map(|year| Key::Date(NaiveDate::from_ymd_opt(year, 1, 1).expect("day"))),
        any::<[u8; 16]>().prop_map(|bytes| Key::Uuid(Uuid::from_bytes(bytes))),
        any::<bool>().prop_map(Key::Bool),
    ]
}

/// Reads a page of a list whose rows refer to nothing.
pub async fn fetch<E: Listed>(
    db: &impl ReadRows,
    select: Select<E>,
    columns: Columns,
    order: &Order<E::Column>,
    request: &PageRequest,
) -> Result<Page<E::Model>> {
    page::fetch(db, select, columns, (&[], &ReadAlong::default()), order, request, 0).await
}

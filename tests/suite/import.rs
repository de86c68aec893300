//! Importing files: real ones, twice, and ones with everything that can be wrong.

mod batches;

use std::path::{Path, PathBuf};

use entity::{change, lead, opportunity, opportunity_change, outbox, search_word, user};
use leadgraph::auth::Actor;
use leadgraph::error::Result;
use leadgraph::import::mapping::Mapping;
use leadgraph::import::{Kind, Request, Summary, import};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Person, TestServer, shared};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A mapping that ships.
fn shipped(path: &str) -> Mapping {
    Mapping::read(&root().join("examples").join(path)).unwrap()
}

/// A server with somebody who imports, and a directory for files.
struct Desk {
    server: TestServer,
    person: Person,
    directory: TempDir,
}

impl Desk {
    async fn new() -> Self {
        let server = TestServer::start().await;
        let person = server.admin().await;
        Self { server, person, directory: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.directory.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    async fn try_import(&self, kind: Kind, file: PathBuf, mapping: Option<Mapping>, dry_run: bool) -> Result<Summary> {
        let app = &self.server.app;
        let user = user::Entity::find_by_id(self.person.id).one(app.database().read()).await.unwrap().unwrap();
        let actor = Actor::of(user);
        let rejects = Some(self.directory.path().join("rejects.csv"));
        import(app, &actor, &Request { kind, file, mapping, rejects, assign: false, dry_run }, &|_, _| {}).await
    }

    /// Created, updated, unchanged, rejected.
    async fn import(&self, kind: Kind, file: PathBuf, mapping: Option<Mapping>) -> [u64; 4] {
        let summary = self.try_import(kind, file, mapping, false).await.unwrap();
        assert_eq!(summary.stopped, None);
        [summary.created, summary.updated, summary.unchanged, summary.rejected]
    }

    /// Imports a text as CSV, with this mapping or none.
    async fn import_text(&self, kind: Kind, text: &str, mapping: &str) -> [u64; 4] {
        let mapping = (!mapping.is_empty()).then(|| Mapping::parse(mapping).unwrap());
        self.import(kind, self.file("rows.csv", text), mapping).await
    }

    /// The rows of the reject file: line, column, reason.
    fn rejects(&self) -> Vec<[String; 3]> {
        let path = self.directory.path().join("rejects.csv");
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).unwrap();
        reader.records().map(|row| row.unwrap()).map(|row| [row[0].to_owned(), row[1].to_owned(), row[2].to_owned()]).collect()
    }

    async fn count<E: EntityTrait>(&self) -> u64
    where
        E::Model: Sync,
    {
        E::find().count(self.server.app.database().read()).await.unwrap()
    }

    /// How many rows history, outbox, search and moves have.
    async fn bookkeeping(&self) -> [u64; 4] {
        [
            self.count::<change::Entity>().await,
            self.count::<outbox::Entity>().await,
            self.count::<search_word::Entity>().await,
            self.count::<opportunity_change::Entity>().await,
        ]
    }

    async fn ask(&self, query: &str) -> Value {
        self.server.graphql(&self.person, query, json!({})).await.data("").clone()
    }
}

#[tokio::test]
async fn the_sales_pipeline_comes_in_whole_and_twice_changes_nothing() {
    let Some(data) = shared("data", "the import of the sales pipeline") else { return };
    let desk = Desk::new().await;
    let files = [
        (Kind::Products, "sales_pipeline/products.csv", "sales_pipeline/products.toml", 7),
        (Kind::Accounts, "sales_pipeline/accounts.csv", "sales_pipeline/accounts.toml", 85),
        (Kind::Opportunities, "sales_pipeline/sales_pipeline.csv", "sales_pipeline/opportunities.toml", 8_800),
    ];
    for (kind, file, mapping, rows) in files {
        assert_eq!(desk.import(kind, data.join(file), Some(shipped(mapping))).await, [rows, 0, 0, 0], "{file}");
    }
    let deals = opportunity::Entity::find().all(desk.server.app.database().read()).await.unwrap();
    let won: Vec<_> = deals.iter().filter(|deal| deal.is_won).collect();
    assert_eq!(won.len(), 4_238);
    assert_eq!(deals.iter().filter(|deal| deal.is_closed && !deal.is_won).count(), 2_473);
    assert_eq!(deals.iter().filter(|deal| !deal.is_closed).count(), 2_089);
    assert_eq!(won.iter().filter_map(|deal| deal.amount).sum::<i64>(), 10_005_534 * 10_000);
    assert!(deals.iter().all(|deal| deal.is_closed == (deal.close_reason_id.is_some())));
    assert_eq!(desk.count::<opportunity_change::Entity>().await, 8_800 + 4_238 + 2_473);

    let before = desk.bookkeeping().await;
    for (kind, file, mapping, rows) in files {
        assert_eq!(desk.import(kind, data.join(file), Some(shipped(mapping))).await, [0, 0, rows, 0], "{file}");
    }
    assert_eq!(desk.bookkeeping().await, before);

    let answer = desk
        .ask(
            r#"{ opportunities(first: 1, filter: { name: { eq: "Cancity: GTX Plus Basic" }, isWon: true }, orderBy: [{ field: CREATED_AT }]) {
                 nodes { closeDate createdAt version owner { name } closeReason { name } amount { amount currency }
                         account { lifecycle industry } stage { name }
                         stageHistory { at to { name } } lineItems { quantity total { amount } product { name family } } } } }"#,
        )
        .await;
    let deal = &answer["opportunities"]["nodes"][0];
    assert_eq!(deal["amount"], json!({ "amount": "1054.00", "currency": "USD" }), "{deal}");
    assert_eq!((&deal["closeDate"], &deal["createdAt"]), (&json!("2017-03-01"), &json!("2016-10-20T00:00:00.000Z")));
    assert_eq!(
        deal["stageHistory"],
        json!([
            { "at": "2016-10-20T00:00:00.000Z", "to": { "name": "Prospecting" } },
            { "at": "2017-03-01T00:00:00.000Z", "to": { "name": "Closed Won" } },
        ])
    );
    assert_eq!((&deal["owner"]["name"], &deal["account"]["lifecycle"]), (&json!("Moses Frase"), &json!("CUSTOMER")));
    let product = json!({ "name": "GTX Plus Basic", "family": "GTX" });
    assert_eq!(deal["lineItems"], json!([{ "quantity": "1", "total": { "amount": "1054.00" }, "product": product }]));
    assert_eq!(desk.count::<entity::line_item::Entity>().await, 8_800);
}

#[tokio::test]
async fn the_salesforce_sample_comes_in() {
    let Some(data) = shared("data", "the import of the Salesforce sample") else { return };
    let desk = Desk::new().await;
    for (kind, name, rows) in [
        (Kind::Campaigns, "Campaign", 4),
        (Kind::Accounts, "Account", 12),
        (Kind::Contacts, "Contact", 20),
        (Kind::Leads, "Lead", 22),
        (Kind::Opportunities, "Opportunity", 31),
    ] {
        let mapping = match kind {
            Kind::Opportunities => "opportunities".to_owned(),
            _ => format!("{}s", name.to_lowercase()),
        };
        let mapping = || Some(shipped(&format!("salesforce_sample/{mapping}.toml")));
        let file = data.join(format!("salesforce_sample/{name}.json"));
        assert_eq!(desk.import(kind, file.clone(), mapping()).await, [rows, 0, 0, 0], "{name}");
        assert_eq!(desk.import(kind, file, mapping()).await, [0, 0, rows, 0], "{name} again");
    }
    assert_eq!(desk.count::<entity::account::Entity>().await, 12, "opportunities found their accounts");
}

#[tokio::test]
async fn bad_rows_are_rejected_with_line_column_and_reason() {
    let desk = Desk::new().await;
    let rows = "External Id,Last Name,Company,E-Mail,Status,Owner\n\
        1,Berg,Acme,ann@acme.com,open not contacted,\n\
        2,,,,,\n\
        3,\"Nils\nson\",Acme,nobody,lukewarm,\n\
        1,Again,,,,\n\
        4,Short\n\
        5,Dahl,,,,nobody@example.com\n\
        6,Ek,,,CLOSED_CONVERTED,\n";
    assert_eq!(desk.import_text(Kind::Leads, rows, "").await, [1, 0, 0, 6]);
    let rejects = desk.rejects();
    let told: Vec<(&str, &str)> = rejects.iter().map(|[line, column, _]| (line.as_str(), column.as_str())).collect();
    assert_eq!(
        told,
        [
            ("7", ""),
            ("3", "Last Name"),
            ("4", "Last Name, E-Mail, Status"),
            ("6", "External Id"),
            ("8", "Owner"),
            ("9", "Status")
        ]
    );
    assert!(rejects[2][2].contains("ada@example.com") && rejects[2][2].contains("one of OPEN_NOT_CONTACTED"), "{rejects:?}");
    assert!(rejects[4][2].contains("no user with the e-mail address"), "{rejects:?}");

    // The reject file is itself a file to import, once it is corrected.
    let corrected = std::fs::read_to_string(desk.directory.path().join("rejects.csv")).unwrap();
    let corrected = corrected.replace("nobody@example.com", &desk.person.email);
    assert_eq!(desk.import_text(Kind::Leads, &corrected, "").await[0], 1);
}

#[tokio::test]
async fn unusable_files_are_refused_as_a_whole() {
    let desk = Desk::new().await;
    let mut latin = b"last name,company\nBerg,Acme\nGonz".to_vec();
    latin.extend(b"\xe1lez,Acme\n");
    for (name, bytes, expected) in [
        ("latin.csv", latin.as_slice(), "line 3 is not UTF-8"),
        ("other.csv", b"colour,taste\nred,sweet\n", "No column of the file"),
        ("empty.csv", b"", "empty"),
        ("x.json", b"{\"rows\": 1}", "records"),
    ] {
        let refused = desk.try_import(Kind::Leads, desk.file(name, bytes), None, false).await.unwrap_err();
        assert!(refused.sentences().contains(expected), "{name}: {}", refused.sentences());
    }
    assert_eq!(desk.count::<lead::Entity>().await, 0);
}

#[tokio::test]
async fn a_dry_run_reports_the_same_and_leaves_nothing() {
    let desk = Desk::new().await;
    let rows: String = (0..2_500).map(|number| format!("{number},Name {number},Source {}\n", number % 3)).collect();
    let file = desk.file("leads.csv", format!("id,last name,source\n{rows}x,,\n"));
    let mapping = || {
        Mapping::parse("[fields]\nexternalId = 'id'\nlastName = 'last name'\nsource = { column = 'source', missing = 'create' }")
            .ok()
    };
    let before = desk.bookkeeping().await;
    let dry = desk.try_import(Kind::Leads, file.clone(), mapping(), true).await.unwrap();
    assert_eq!((dry.created, dry.rejected), (2_500, 1));
    assert_eq!((desk.count::<lead::Entity>().await, desk.bookkeeping().await), (0, before));
    let real = desk.try_import(Kind::Leads, file, mapping(), false).await.unwrap();
    assert_eq!(real, dry);
    assert_eq!(desk.count::<lead::Entity>().await, 2_500);
    assert_eq!(desk.count::<entity::lead_source::Entity>().await, 13);
}

#[tokio::test]
async fn a_changed_row_is_an_update() {
    let desk = Desk::new().await;
    let import = async |rows: &str| desk.import_text(Kind::Leads, &format!("id;lastName;city;status\n{rows}"), "").await;
    assert_eq!(import("a;Berg;Oslo;OPEN_NOT_CONTACTED\nb;Dahl;Bergen;Working - Contacted").await, [2, 0, 0, 0]);
    assert_eq!(import("a;Berg;Oslo;\nb;Dahl;;").await, [0, 0, 2, 0], "empty cells keep what is there");
    assert_eq!(import("a;Berg;Moss;WORKING_CONTACTED\nb;Dahl;Bergen;").await, [0, 1, 1, 0]);
    let answer = desk
        .ask("{ leads(first: 9, orderBy: [{ field: LAST_NAME }]) { nodes { version status address { city } history(first: 9) { nodes { action fields { field } } } } } }")
        .await;
    let lead = &answer["leads"]["nodes"][0];
    assert_eq!((&lead["version"], &lead["address"]["city"]), (&json!(2), &json!("Moss")), "{answer}");
    assert_eq!(lead["history"]["nodes"][0]["fields"], json!([{ "field": "address" }, { "field": "status" }]), "{answer}");
    let clearing = "empty_cells = 'clear'\n[fields]\nexternalId = 'id'\ncity = 'city'\nlastName = 'lastName'";
    assert_eq!(desk.import_text(Kind::Leads, "id;lastName;city\na;Berg;", clearing).await, [0, 1, 0, 0]);
}

#[tokio::test]
async fn related_records_are_created_left_out_or_demanded() {
    let desk = Desk::new().await;
    let mapping = |missing: &str| {
        format!(
            "[fields]\nlastName = 'name'\nsource = {{ column = 'source', missing = '{missing}' }}\nowner = {{ column = 'seller', missing = 'create', email_domain = 'sales.example' }}"
        )
    };
    let rows = "name,source,seller\nBerg,Fair,Ola Nordmann\nDahl,web FORM,Ola Nordmann\n,Never made,Nobody at all\n";
    assert_eq!(desk.import_text(Kind::Leads, rows, &mapping("reject")).await, [1, 0, 0, 2]);
    assert_eq!(desk.import_text(Kind::Leads, rows, &mapping("leave-empty")).await, [2, 0, 0, 1]);
    assert_eq!(desk.import_text(Kind::Leads, rows, &mapping("create")).await, [2, 0, 0, 1]);
    let answer = desk.ask("{ leadSources { name } users { name email role } }").await;
    assert_eq!(answer["leadSources"].as_array().unwrap().last().unwrap()["name"], "Fair", "{answer}");
    assert_eq!(answer["users"].as_array().unwrap().len(), 2, "{answer}");
    assert!(
        answer["users"]
            .as_array()
            .unwrap()
            .contains(&json!({ "name": "Ola Nordmann", "email": "ola.nordmann@sales.example", "role": "REP" }))
    );
}

#[tokio::test]
async fn rules_hold_for_whoever_imports() {
    let mut desk = Desk::new().await;
    assert_eq!(desk.import_text(Kind::Leads, "id,lastName\na,Berg\n", "").await, [1, 0, 0, 0]);
    assert_eq!(desk.import_text(Kind::Accounts, "id,name\na,Acme\n", "").await, [1, 0, 0, 0]);
    desk.person = desk.server.rep().await;
    assert_eq!(desk.import_text(Kind::Accounts, "id,name\na,Other\nb,Mine\n", "").await, [1, 0, 0, 1]);
    let create = "[fields]\nlastName = 'n'\nsource = { column = 's', missing = 'create' }";
    assert_eq!(desk.import_text(Kind::Leads, "n,s\nDahl,Fair\n", create).await, [0, 0, 0, 1]);
    assert_eq!(desk.import_text(Kind::Leads, "id,lastName,status\nb,Ek,QUALIFIED\n", "").await, [0, 0, 0, 1]);
    desk.person = desk.server.viewer().await;
    let file = desk.file("leads.csv", "lastName\nBerg\n");
    assert!(desk.try_import(Kind::Leads, file, None, false).await.is_err());
}

#[tokio::test]
async fn parents_may_come_later_and_close_no_circle() {
    let desk = Desk::new().await;
    let import = async |rows: &str| desk.import_text(Kind::Accounts, &format!("id,name,parent\n{rows}"), "").await;
    assert_eq!(
        import("1,Grandchild,Child\n2,Child,Parent\n3,Parent,\n4,Orphan,Nobody\n5,One,Two\n6,Two,One\n").await,
        [3, 0, 0, 3]
    );
    assert_eq!(import("1,Grandchild,Child\n2,Child,Parent\n3,Parent,\n").await, [0, 0, 3, 0]);
    assert_eq!(import("3,Parent,Grandchild\n").await, [0, 0, 0, 1]);
    let answer = desk.ask("{ accounts(first: 9, orderBy: [{ field: NAME }]) { nodes { name version parent { name } } } }").await;
    assert_eq!(
        answer["accounts"]["nodes"],
        json!([
            { "name": "Child", "version": 1, "parent": { "name": "Parent" } },
            { "name": "Grandchild", "version": 1, "parent": { "name": "Child" } },
            { "name": "Parent", "version": 1, "parent": null },
        ])
    );
}

#[tokio::test]
async fn activities_and_deals_find_what_they_are_about() {
    let desk = Desk::new().await;
    desk.import_text(Kind::Leads, "id,lastName,email\nl1,Berg,berg@acme.com\n", "").await;
    desk.import_text(Kind::Accounts, "id,name\na1,Acme\na2,Other\n", "").await;
    let contacts = "id,lastName,email,account\nc1,Dahl,dahl@acme.com,Acme\n";
    assert_eq!(desk.import_text(Kind::Contacts, contacts, "").await, [1, 0, 0, 0]);
    let deals = "id,name,account,primaryContact,stage,amount,currency,closeDate\n\
        o1,Deal,Acme,dahl@acme.com,Needs Analysis,12.50,EUR,2026-06-30\n\
        o2,Wrong,Other,dahl@acme.com,Prospecting,1,EUR,2026-06-30\n\
        o3,Lost,Acme,,Closed Lost,1,EUR,2026-01-31\n";
    assert_eq!(desk.import_text(Kind::Opportunities, deals, "").await, [1, 0, 0, 2]);
    assert_eq!(desk.import_text(Kind::Opportunities, deals, "").await, [0, 0, 1, 2]);
    let moved = "id,name,account,stage,amount,currency,closeDate\no1,Deal,Acme,Closed Won,12.50,EUR,2026-03-01\n";
    assert_eq!(desk.import_text(Kind::Opportunities, moved, "").await, [0, 1, 0, 0]);
    let calls = "id,kind,subject,direction,completedAt,lead,contact,opportunity\n\
        t1,Call,First call,outbound,2026-03-01 10:00,berg@acme.com,,\n\
        t2,Meeting,Demo,,,,dahl@acme.com,Deal\n\
        t3,Note,About nothing,,,,,\n\
        t4,Call,Tomorrow,outbound,2026-03-03 10:00,berg@acme.com,,\n";
    assert_eq!(desk.import_text(Kind::Activities, calls, "").await, [2, 0, 0, 2]);
    assert_eq!(desk.import_text(Kind::Activities, calls, "").await, [0, 0, 2, 2]);
    let answer = desk
        .ask(
            "{ leads(first: 1) { nodes { status lastActivityAt activities(first: 9) { totalCount } } }
               opportunities(first: 1) { nodes { isWon account { lifecycle } primaryContact { lastName } activities(first: 9) { totalCount } } } }",
        )
        .await;
    let expected =
        json!({ "status": "WORKING_CONTACTED", "lastActivityAt": "2026-03-01T10:00:00.000Z", "activities": { "totalCount": 1 } });
    assert_eq!(answer["leads"]["nodes"][0], expected);
    let expected = json!({
        "isWon": true, "account": { "lifecycle": "CUSTOMER" }, "primaryContact": { "lastName": "Dahl" }, "activities": { "totalCount": 1 },
    });
    assert_eq!(answer["opportunities"]["nodes"][0], expected);
}

#[tokio::test]
async fn an_activity_that_is_put_off_moves_in_the_lists_of_its_records() {
    let desk = Desk::new().await;
    desk.import_text(Kind::Accounts, "id,name\na1,Acme\n", "").await;
    desk.import_text(Kind::Leads, "id,lastName,email\nl1,Berg,berg@acme.com\n", "").await;
    let tasks = |due: [&str; 3]| {
        let row = |(number, due)| format!("t{number},Task,{number},{due},Acme,berg@acme.com\n");
        format!("id,kind,subject,dueAt,account,lead\n{}", due.into_iter().enumerate().map(row).collect::<String>())
    };
    let first = tasks(["2026-04-01 10:00", "2026-04-02 10:00", "2026-04-03 10:00"]);
    assert_eq!(desk.import_text(Kind::Activities, &first, "").await, [3, 0, 0, 0]);
    let later = tasks(["2026-04-01 10:00", "2026-04-09 10:00", "2026-03-01 10:00"]);
    assert_eq!(desk.import_text(Kind::Activities, &later, "").await, [0, 2, 1, 0]);
    let answer = desk
        .ask("{ accounts { nodes { activities { nodes { subject } } } } leads { nodes { activities { nodes { subject } } } } }")
        .await;
    let expected = json!([{ "activities": { "nodes": [{ "subject": "2" }, { "subject": "0" }, { "subject": "1" }] } }]);
    assert_eq!((&answer["accounts"]["nodes"], &answer["leads"]["nodes"]), (&expected, &expected));
}

#[tokio::test]
async fn products_come_in_and_deals_get_a_line_of_theirs() {
    let desk = Desk::new().await;
    let products =
        "id,name,code,family,price,currency\n1,Pump,P-1,Pumps,10.50,EUR\n2,Fan,f-1,,7,EUR\n3,Wrong,p-1,,1,EUR\n4,,x,,1,EUR\n";
    assert_eq!(desk.import_text(Kind::Products, products, "").await, [2, 0, 0, 2]);
    assert_eq!(desk.import_text(Kind::Products, products, "").await, [0, 0, 2, 2]);
    let dearer = "id,name,price,currency\n1,Pump,11,EUR\n2,Fan,7,EUR\n1,Pump,1800,JPY\n";
    assert_eq!(desk.import_text(Kind::Products, dearer, "").await, [0, 1, 1, 1], "an external id may stand once");
    assert_eq!(desk.import_text(Kind::Products, "id,price,currency\n1,1800,JPY\n", "").await, [0, 1, 0, 0]);
    let answer = desk
        .ask("{ products { nodes { name version prices { amount currency } history { nodes { fields { field } } } } } }")
        .await;
    let pump = &answer["products"]["nodes"][1];
    assert_eq!((&pump["version"], &pump["history"]["nodes"][0]["fields"]), (&json!(3), &json!([{ "field": "prices" }])));
    let prices = json!([{ "amount": "11.00", "currency": "EUR" }, { "amount": "1800", "currency": "JPY" }]);
    assert_eq!(pump["prices"], prices);

    desk.import_text(Kind::Accounts, "id,name\na1,Acme\n", "").await;
    let mapping = "[fields]\nexternalId = 'id'\nname = 'name'\naccount = 'account'\ncloseDate = 'close'\nstage = 'stage'\n\
        amount = { column = 'amount', currency = 'EUR' }\nproduct = { column = 'product', find_by = 'code' }\n";
    let import = async |rows: &str| {
        desk.import_text(Kind::Opportunities, &format!("id,name,account,close,stage,amount,product\n{rows}"), mapping).await
    };
    let deals = "o1,Valued,Acme,2026-06-30,Prospecting,12.50,P-1\no2,Open,Acme,2026-06-30,Prospecting,,p-1\n\
        o3,Won,Acme,2026-02-01,Closed Won,9,F-1\no4,None,Acme,2026-06-30,Prospecting,,\no5,Unknown,Acme,2026-06-30,Prospecting,,zzz\n";
    assert_eq!(import(deals).await, [4, 0, 0, 1]);
    assert_eq!(import(deals).await, [0, 0, 4, 1]);
    let changed = "o1,Valued,Acme,2026-06-30,Prospecting,13,P-1\no3,Won,Acme,2026-02-01,Closed Won,10,F-1\no4,None,Acme,2026-06-30,Prospecting,,F-1\n";
    assert_eq!(import(changed).await, [0, 2, 0, 1], "a closed one keeps its lines");
    assert_eq!(import("o1,Valued,Acme,2026-06-30,Prospecting,13,F-1\n").await, [0, 0, 0, 1], "another product than it has");
    let answer = desk
        .ask("{ opportunities(orderBy: [{ field: AMOUNT }]) { nodes { name version amount { amount } lineItems { product { name } total { amount } }
                 history { nodes { fields { field } } } } } }")
        .await;
    let nodes = answer["opportunities"]["nodes"].as_array().unwrap();
    let told: Vec<_> =
        nodes.iter().map(|node| (&node["name"], &node["amount"]["amount"], &node["lineItems"][0]["total"]["amount"])).collect();
    let (fan, nine, pump, valued) = (json!("7.00"), json!("9.00"), json!("11.00"), json!("13.00"));
    let names = [json!("None"), json!("Won"), json!("Open"), json!("Valued")];
    assert_eq!(
        told,
        [(&names[0], &fan, &fan), (&names[1], &nine, &nine), (&names[2], &pump, &pump), (&names[3], &valued, &valued)]
    );
    assert_eq!(nodes[3]["history"]["nodes"][0]["fields"], json!([{ "field": "amount" }, { "field": "lineItems" }]));
}

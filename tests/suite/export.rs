//! Exporting: what goes out comes in again, here and elsewhere, and does no harm in a spreadsheet.

use std::path::{Path, PathBuf};

use entity::{activity_subject, opportunity, user};
use leadgraph::auth::Actor;
use leadgraph::export::export;
use leadgraph::import::mapping::Mapping;
use leadgraph::import::{Kind, Request, import};
use sea_orm::EntityTrait;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::harness::{Person, TestServer, shared};

/// In an order in which each kind finds what it refers to.
const KINDS: [Kind; 7] =
    [Kind::ExchangeRates, Kind::Campaigns, Kind::Accounts, Kind::Contacts, Kind::Leads, Kind::Opportunities, Kind::Activities];

/// A server with an administrator, and a directory for files.
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

    async fn actor(&self) -> Actor {
        let found = user::Entity::find_by_id(self.person.id).one(self.server.app.database().read()).await.unwrap();
        Actor::of(found.unwrap())
    }

    async fn export(&self, kind: Kind) -> String {
        let mut written = Vec::new();
        let rows = export(&self.server.app, self.actor().await.scope(), kind, &mut written).await.unwrap();
        assert_eq!(csv::Reader::from_reader(written.as_slice()).records().count() as u64, rows);
        String::from_utf8(written).unwrap()
    }

    /// Created, updated, unchanged, rejected. Nothing is rejected without being told.
    async fn import(&self, kind: Kind, file: PathBuf, mapping: Option<Mapping>) -> [u64; 4] {
        let rejects = self.directory.path().join("rejects.csv");
        let request = Request { kind, file, mapping, rejects: Some(rejects), dry_run: false, assign: false };
        let summary = import(&self.server.app, &self.actor().await, &request, &|_, _| {}).await.unwrap();
        assert_eq!((summary.stopped, summary.unused), (None, Vec::new()));
        if let Some(rejects) = &summary.rejects {
            panic!("{kind:?}: {}", std::fs::read_to_string(rejects).unwrap());
        }
        [summary.created, summary.updated, summary.unchanged, summary.rejected]
    }

    async fn import_text(&self, kind: Kind, text: &str, mapping: &str) -> [u64; 4] {
        let file = self.directory.path().join("rows.csv");
        std::fs::write(&file, text).unwrap();
        self.import(kind, file, (!mapping.is_empty()).then(|| Mapping::parse(mapping).unwrap())).await
    }

    /// Imports a file of the data sets through the mapping that ships.
    async fn import_shared(&self, kind: Kind, data: &Path, file: &str, mapping: &str) {
        let mapping = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(mapping);
        let [created, ..] = self.import_with_unused(kind, data.join(file), Mapping::read(&mapping).unwrap()).await;
        assert!(created > 0, "{file}");
    }

    async fn import_with_unused(&self, kind: Kind, file: PathBuf, mapping: Mapping) -> [u64; 4] {
        let request = Request { kind, file, mapping: Some(mapping), rejects: None, dry_run: false, assign: false };
        let summary = import(&self.server.app, &self.actor().await, &request, &|_, _| {}).await.unwrap();
        [summary.created, summary.updated, summary.unchanged, summary.rejected]
    }

    async fn make(&self, mutation: &str, record: &str, input: Json) -> Json {
        let mut name = mutation.to_owned();
        name[..1].make_ascii_uppercase();
        let call = format!(
            "mutation ($input: {name}Input!) {{ {mutation}(input: $input) {{ {record} {{ id }} userErrors {{ message field }} }} }}"
        );
        let answer = self.server.graphql(&self.person, &call, json!({ "input": input })).await;
        answer.payload(mutation)[record]["id"].clone()
    }
}

/// The lines of rows without line breaks in them, in an order of their own: ids differ between workspaces.
fn sorted(export: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(export.as_bytes());
    let mut rows: Vec<Vec<String>> = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    rows.sort();
    rows
}

/// Exports everything, imports it into an empty workspace, and exports it again from there: it must be the same.
async fn check_round_trip(desk: &Desk, kinds: &[Kind]) -> Desk {
    let other = Desk::new().await;
    for kind in kinds {
        let out = desk.export(*kind).await;
        let rows = sorted(&out).len() as u64 - 1;
        assert_eq!(
            other.import_text(*kind, &out, "missing = 'create'").await,
            [rows, 0, 0, 0],
            "{kind:?} into an empty workspace"
        );
        assert_eq!(other.import_text(*kind, &out, "").await, [0, 0, rows, 0], "{kind:?} into it again");
        assert_eq!(sorted(&other.export(*kind).await), sorted(&out), "{kind:?} out again");
        assert_eq!(desk.import_text(*kind, &out, "").await, [0, 0, rows, 0], "{kind:?} back to where it came from");
    }
    other
}

/// What a deal is, but for ids and the moments of writing.
async fn deals(desk: &Desk) -> Vec<String> {
    let deals = opportunity::Entity::find().all(desk.server.app.database().read()).await.unwrap();
    let mut told: Vec<String> = deals
        .into_iter()
        .map(|deal| {
            format!(
                "{:?}",
                (
                    (deal.external_id, deal.name, deal.amount, deal.currency, deal.close_date, deal.is_closed, deal.is_won),
                    (deal.closed_at, deal.stage_entered_at, deal.probability, deal.probability_by_hand, deal.created_at),
                    (deal.close_note, deal.lost_to, deal.next_step, deal.description),
                )
            )
        })
        .collect();
    told.sort();
    told
}

#[tokio::test]
async fn the_sales_pipeline_goes_round() {
    let Some(data) = shared("data", "the export of the sales pipeline") else { return };
    let desk = Desk::new().await;
    desk.import_shared(Kind::Accounts, &data, "sales_pipeline/accounts.csv", "sales_pipeline/accounts.toml").await;
    desk.import_shared(Kind::Products, &data, "sales_pipeline/products.csv", "sales_pipeline/products.toml").await;
    desk.import_shared(Kind::Opportunities, &data, "sales_pipeline/sales_pipeline.csv", "sales_pipeline/opportunities.toml")
        .await;
    let other = check_round_trip(&desk, &[Kind::Accounts, Kind::Products, Kind::Opportunities]).await;
    assert_eq!(deals(&other).await, deals(&desk).await);
}

#[tokio::test]
async fn the_salesforce_sample_goes_round() {
    let Some(data) = shared("data", "the export of the Salesforce sample") else { return };
    let desk = Desk::new().await;
    for (kind, file, mapping) in [
        (Kind::Campaigns, "Campaign", "campaigns"),
        (Kind::Accounts, "Account", "accounts"),
        (Kind::Contacts, "Contact", "contacts"),
        (Kind::Leads, "Lead", "leads"),
        (Kind::Opportunities, "Opportunity", "opportunities"),
    ] {
        let file = format!("salesforce_sample/{file}.json");
        desk.import_shared(kind, &data, &file, &format!("salesforce_sample/{mapping}.toml")).await;
    }
    let other = check_round_trip(&desk, &KINDS).await;
    assert_eq!(deals(&other).await, deals(&desk).await);
}

#[tokio::test]
async fn what_was_made_here_goes_round_with_everything_in_it() {
    let desk = Desk::new().await;
    desk.make("setExchangeRate", "exchangeRate", json!({ "currency": "EUR", "validFrom": "2026-01-01", "rate": "1.0812345678" }))
        .await;
    let money = |amount: &str, currency: &str| json!({ "amount": amount, "currency": currency });
    let campaign = json!({ "name": "Fair, \"Oslo\"", "channel": "@home", "startsOn": "2026-01-01", "budget": money("1.234", "KWD"), "cost": money("1000", "JPY") });
    let campaign = desk.make("createCampaign", "campaign", campaign).await;
    let parent = desk.make("createAccount", "account", json!({ "name": "=HYPERLINK(\"http://evil.example\")" })).await;
    let account = json!({
        "name": "Same name", "parentId": parent, "annualRevenue": money("99999999999999.99", "EUR"), "employees": 7,
        "website": "https://acme.example", "description": "one\ntwo; three, \"four\"",
        "address": { "street": "-1 Storgata", "city": "Nguyễn Thị", "country": "VN" },
    });
    let account = desk.make("createAccount", "account", account).await;
    desk.make("createAccount", "account", json!({ "name": "Same name", "kind": "PERSON" })).await;
    let contact = json!({ "lastName": "'=1+1", "firstName": "+47", "phone": "+47 22 33 44 55", "accountId": account, "campaignId": campaign });
    let contact = desk.make("createContact", "contact", contact).await;
    let lead =
        json!({ "lastName": "王", "company": "北京", "email": "wang@beijing.example", "campaignId": campaign, "rating": "HOT" });
    let lead = desk.make("createLead", "lead", lead).await;
    let deal = json!({
        "name": "Deal", "accountId": account, "primaryContactId": contact, "amount": money("12.50", "EUR"), "closeDate": "2026-06-30",
        "probability": 33, "campaignId": campaign, "nextStep": "'quoted'",
    });
    let deal = desk.make("createOpportunity", "opportunity", deal).await;
    desk.make("createOpportunity", "opportunity", json!({ "name": "Deal", "accountId": account, "closeDate": "2026-06-30" }))
        .await;
    let call = json!({
        "kind": "CALL", "subject": "=1+1", "body": "\ttab", "direction": "OUTBOUND", "outcome": "Yes", "durationMinutes": 5,
        "completedAt": "2026-03-01T10:00:00.123456Z", "aboutIds": [lead, contact, account, deal],
    });
    desk.make("createActivity", "activity", call).await;

    let out = desk.export(Kind::Accounts).await;
    assert!(
        out.starts_with("externalId,name,kind,lifecycle,industry,employees,annualRevenue,annualRevenueCurrency,website,"),
        "{out}"
    );
    assert!(out.contains("parent,parentExternalId,owner,createdAt\n"), "{out}");
    let other = check_round_trip(&desk, &KINDS).await;
    assert_eq!(deals(&other).await.len(), 2);
    let answer = other
        .server
        .graphql(
            &other.person,
            "{ contacts { nodes { firstName lastName phone account { name parent { name } } } }
               activities { nodes { subject about { __typename } completedAt } } leads { nodes { status } } }",
            json!({}),
        )
        .await;
    assert_eq!(
        answer.data("/contacts/nodes/0"),
        &json!({
            "firstName": "+47", "lastName": "'=1+1", "phone": "+47 22 33 44 55",
            "account": { "name": "Same name", "parent": { "name": "=HYPERLINK(\"http://evil.example\")" } },
        })
    );
    assert_eq!(answer.data("/activities/nodes/0/about").as_array().unwrap().len(), 4);
    assert_eq!(answer.text_at("/leads/nodes/0/status"), "WORKING_CONTACTED");
}

#[tokio::test]
async fn no_cell_of_text_begins_like_a_formula() {
    let desk = Desk::new().await;
    for (number, start) in ["=", "+", "-", "@", "＝", "＋", "'=", "''@"].iter().enumerate() {
        let input = json!({ "lastName": format!("{start}cmd|' /C calc'!A{number}"), "company": format!("{start}SUM(1)"), "description": format!("{start}1") });
        desk.make("createLead", "lead", input).await;
    }
    let out = desk.export(Kind::Leads).await;
    let rows = sorted(&out);
    assert_eq!(rows.len(), 9);
    let bad: Vec<&String> = rows.iter().flatten().filter(|cell| cell.starts_with(['=', '+', '-', '@', '＝', '＋'])).collect();
    assert!(bad.is_empty(), "{bad:?}");
    check_round_trip(&desk, &[Kind::Leads]).await;
}

#[tokio::test]
async fn what_a_converted_lead_did_is_about_what_it_became() {
    let desk = Desk::new().await;
    let lead = desk.make("createLead", "lead", json!({ "lastName": "Berg", "company": "Acme" })).await;
    desk.make("createActivity", "activity", json!({ "kind": "NOTE", "subject": "Met at the fair", "aboutIds": [lead] })).await;
    let call = "mutation ($lead: ID!) { convertLead(input: { leadId: $lead }) { userErrors { message } } }";
    desk.server.graphql(&desk.person, call, json!({ "lead": lead })).await.payload("convertLead");
    let other = check_round_trip(&desk, &[Kind::Accounts, Kind::Contacts, Kind::Opportunities, Kind::Activities]).await;
    let about = activity_subject::Entity::find().all(other.server.app.database().read()).await.unwrap();
    assert_eq!(about.len(), 3, "the account, the contact and the opportunity");
    // The lead itself is told, and is history: an import doesn't make converted leads.
    assert!(desk.export(Kind::Leads).await.contains("CLOSED_CONVERTED"));
}

#[tokio::test]
async fn many_pages_are_exported_whole_and_deleted_records_are_not() {
    let desk = Desk::new().await;
    let rows: String = (0..2_345).map(|number| format!("{number},Name {number}\n")).collect();
    desk.import_text(Kind::Leads, &format!("externalId,lastName\n{rows}"), "").await;
    let lead = desk.make("createLead", "lead", json!({ "lastName": "Gone" })).await;
    let call = "mutation ($id: ID!) { deleteLead(input: { id: $id }) { userErrors { message } } }";
    desk.server.graphql(&desk.person, call, json!({ "id": lead })).await.payload("deleteLead");
    let before = desk.server.statements();
    let out = desk.export(Kind::Leads).await;
    let cost = desk.server.statements() - before;
    assert!(cost <= 12, "{cost} statements for four pages");
    let rows = sorted(&out);
    assert_eq!(rows.len(), 2_346);
    assert!(!out.contains("Gone"));
    let ids: std::collections::HashSet<&String> = rows.iter().map(|row| &row[0]).collect();
    assert_eq!(ids.len(), 2_346);
}

#[tokio::test]
async fn line_items_go_round_and_the_amount_follows() {
    let desk = Desk::new().await;
    let text =
        "externalId,name,account,closeDate,amount,amountCurrency\nd1,Pumps,Acme,2026-06-30,1,EUR\nd2,Valves,Acme,2026-06-30,,\n";
    assert_eq!(desk.import_text(Kind::Opportunities, text, "missing = 'create'").await, [2, 0, 0, 0]);
    let products = "externalId,name,unitPrice,unitPriceCurrency\np1,Pump,99.99,EUR\n";
    assert_eq!(desk.import_text(Kind::Products, products, "").await, [1, 0, 0, 0]);
    let lines = "externalId,opportunity,product,description,quantity,unitPrice,unitPriceCurrency,discountPercent,discountAmount\n\
        l1,Pumps,Pump,,2.5,,,10,\n\
        l2,Pumps,,Installation,,300,,,50.50\n\
        l3,Valves,,=Valve,3,7,NOK,,\n";
    assert_eq!(desk.import_text(Kind::LineItems, lines, "").await, [3, 0, 0, 0]);
    assert_eq!(desk.import_text(Kind::LineItems, lines, "").await, [0, 0, 3, 0], "the same again changes nothing");
    let query = "{ opportunities(orderBy: [{ field: NAME }]) { nodes { version amount { amount currency }
        lineItems { position quantity total { amount } } history { nodes { action } } } } }";
    let seen = desk.server.graphql(&desk.person, query, json!({})).await;
    let pumps = seen.data("/opportunities/nodes/0");
    assert_eq!(pumps["amount"], json!({ "amount": "474.48", "currency": "EUR" }));
    assert_eq!((&pumps["version"], &pumps["lineItems"][1]["position"]), (&json!(2), &json!(2)), "one change for all its lines");
    assert_eq!(pumps["history"]["nodes"][0]["action"], "line_items_imported");
    assert_eq!(seen.data("/opportunities/nodes/1/amount"), &json!({ "amount": "21.00", "currency": "NOK" }));
    assert_eq!(desk.import_text(Kind::LineItems, &lines.replace("2.5", "3"), "").await, [0, 1, 2, 0]);

    let bad = "externalId,opportunity,product,description,quantity,unitPrice,unitPriceCurrency\n\
        b1,Nowhere,Pump,,1,,\nb2,,Pump,,1,,\nb3,Pumps,,,1,5,\nb4,Pumps,Pump,,0,,\nb5,Pumps,Pump,,1,1,NOK\nb6,Pumps,,x,1,,\n\
        l1,Valves,,x,1,1,NOK\nb7,Pumps,,x,999999999,99999999999,EUR\n";
    let file = desk.directory.path().join("bad.csv");
    std::fs::write(&file, bad).unwrap();
    assert_eq!(desk.import_with_unused(Kind::LineItems, file.clone(), Mapping::parse("").unwrap()).await, [0, 0, 0, 8]);
    let rejects = std::fs::read_to_string(desk.directory.path().join("bad.rejects.csv")).unwrap();
    for reason in
        ["There is no opportunity", "name one", "say what is sold", "above 0", "give all amounts in EUR", "what one unit costs"]
    {
        assert!(rejects.contains(reason), "{reason}: {rejects}");
    }
    let won = "mutation ($id: ID!) { winOpportunity(input: { id: $id }) { userErrors { message } } }";
    let other = check_round_trip(&desk, &[Kind::Products, Kind::Accounts, Kind::Opportunities, Kind::LineItems]).await;
    let amounts =
        "{ opportunities(orderBy: [{ field: NAME }]) { nodes { id amount { amount } lineItems { total { amount } } } } }";
    let seen = other.server.graphql(&other.person, amounts, json!({})).await;
    assert_eq!(seen.data("/opportunities/nodes/0/amount/amount"), "519.47");
    let id = seen.data("/opportunities/nodes/1/id");
    other.server.graphql(&other.person, won, json!({ "id": id })).await.payload("winOpportunity");
    std::fs::write(&file, "opportunity,description,unitPrice\nValves,x,1\n").unwrap();
    assert_eq!(other.import_with_unused(Kind::LineItems, file, Mapping::parse("").unwrap()).await, [0, 0, 0, 1], "it is closed");
}

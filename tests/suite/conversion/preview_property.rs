//! Whatever is asked: the preview changes nothing, it refuses what the conversion refuses, and what it shows is what the
//! conversion then does.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::{World, ids};

/// What a lead may be like. Small numbers choose among a few values; 0 is none.
#[derive(Debug, Clone)]
pub struct LeadCase {
    pub first_name: u8,
    pub last_name: bool,
    pub company: u8,
    pub email: u8,
    pub phone: u8,
    pub website: bool,
    pub city: bool,
    pub description: bool,
    pub source: bool,
    pub campaign: bool,
    pub role: u8,
    pub owner: u8,
    pub facts: bool,
    pub status: u8,
    pub activities: u8,
    pub signals: u8,
}

/// What a caller may ask for.
#[derive(Debug, Clone)]
pub struct InputCase {
    pub account: u8,
    pub contact: u8,
    pub sale: u8,
    pub details: u8,
    pub account_name: u8,
    pub owner: u8,
    pub without: bool,
    pub strict: bool,
    pub version: u8,
}

pub fn lead_case() -> impl Strategy<Value = LeadCase> {
    let texts = (0..3u8, prop::bool::weighted(0.8), 0..4u8, 0..3u8, 0..3u8);
    let facts = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (texts, facts, 0..3u8, prop::sample::select(vec![0u8, 0, 1, 1, 2, 3]), 0..8u8, 0..3u8, 0..3u8).prop_map(
        |((first_name, last_name, company, email, phone), facts, role, owner, status, activities, signals)| {
            let (website, city, description, source, campaign, known) = facts;
            // A lead has a last name or a company.
            let company = if last_name { company } else { company.max(1) };
            LeadCase {
                first_name,
                last_name,
                company,
                email,
                phone,
                website,
                city,
                description,
                source,
                campaign,
                role,
                owner,
                facts: known,
                status,
                activities,
                signals,
            }
        },
    )
}

/// Records that belong together: account, contact, opportunity to join; 0 is none.
const TOGETHER: [(u8, u8, u8); 14] = [
    (0, 0, 0),
    (1, 0, 0),
    (2, 0, 0),
    (0, 1, 0),
    (0, 2, 0),
    (0, 3, 0),
    (1, 1, 0),
    (2, 3, 0),
    (0, 0, 1),
    (0, 0, 2),
    (0, 2, 1),
    (0, 1, 3),
    (2, 3, 2),
    (2, 4, 3),
];

pub fn input_case() -> impl Strategy<Value = InputCase> {
    let together = prop::sample::select(&TOGETHER[..]).prop_flat_map(|(account, contact, sale)| {
        let details = if sale == 0 { 0..5u8 } else { 0..1 };
        (Just(account), Just(contact), Just(sale), details, Just(0), Just(0), prop::bool::weighted(0.1), Just(false), 0..1u8)
    });
    let anyhow = (0..6u8, 0..7u8, 0..7u8, 0..7u8, 0..3u8, 0..5u8, prop::bool::weighted(0.3), any::<bool>(), 0..5u8);
    let named =
        (Just(0), Just(0), Just(0), 0..5u8, 0..3u8, prop::sample::select(vec![0u8, 2]), Just(false), any::<bool>(), Just(2));
    let case = prop_oneof![3 => together, 2 => anyhow, 1 => named];
    case.prop_map(|(account, contact, sale, details, account_name, owner, without, strict, version)| InputCase {
        account,
        contact,
        sale,
        details,
        account_name,
        owner,
        without: without && sale == 0 && details == 0 || without && strict,
        strict,
        version,
    })
}

/// What is there before: accounts, contacts and opportunities, empty and full, together and apart.
pub struct Ground {
    pub accounts: [String; 2],
    pub contacts: [String; 4],
    pub sales: [String; 4],
    source: String,
    campaign: String,
    disqualification: String,
    gone: String,
    stage: String,
}

impl Ground {
    pub async fn of(world: &World) -> Self {
        let (source, campaign) = (world.source().await, world.new_campaign().await);
        let empty = world.account("Empty").await;
        let full = world
            .make(
                "createAccount",
                json!({ "name": "Acme 1", "phone": "+47 22 22 22 22", "website": "https://acme.example",
                "address": { "country": "NO" } }),
            )
            .await;
        let full_contact = json!({ "lastName": "Full", "firstName": "F", "email": "p1@acme.example", "phone": "+47 40 00 00 01",
            "jobTitle": "CEO", "description": "Known", "accountId": full, "sourceId": source });
        let contacts = [
            world.contact("Alone", None).await,
            world.contact("OfEmpty", Some(&empty)).await,
            world.make("createContact", full_contact).await,
            world.contact("OfFull", Some(&full)).await,
        ];
        let led = json!({ "name": "Led", "accountId": full, "closeDate": "2026-05-01", "primaryContactId": contacts[2], "sourceId": source });
        let lost = world.opportunity("Lost", &full).await;
        let sales = [
            world.opportunity("Bare", &empty).await,
            world.make("createOpportunity", led).await,
            world.opportunity("Bare too", &full).await,
            lost.clone(),
        ];
        let reason = world.close_reason("LOST").await;
        world.done(&world.manager, "loseOpportunity", json!({ "id": lost, "reasonId": reason })).await;
        let reasons = world.graphql(&world.manager, "{ disqualificationReasons { id } }", json!({})).await;
        Self {
            accounts: [empty, full],
            contacts,
            sales,
            source,
            campaign,
            disqualification: reasons.text_at("/disqualificationReasons/0/id"),
            gone: world.inactive().await,
            stage: world.stage("Needs Analysis").await,
        }
    }

    pub async fn lead(&self, world: &World, case: &LeadCase) -> String {
        let some = |wanted: bool, value: Value| if wanted { value } else { Value::Null };
        let number = |number: u8, text: &str| some(number > 0, json!(text.replace('#', &number.to_string())));
        let roles = ["CHAMPION", "DECISION_MAKER"];
        let owner = match case.owner {
            1 => json!(world.rep.id.to_string()),
            2 => json!(world.manager.id.to_string()),
            _ => Value::Null,
        };
        let lead = world
            .new_lead(json!({
                "firstName": number(case.first_name, "First #"), "lastName": some(case.last_name, json!("Last")),
                "company": number(case.company, "Acme #"), "email": number(case.email, "p#@acme.example"),
                "phone": number(case.phone, "+47 40 00 00 0#"), "website": some(case.website, json!("https://acme.example")),
                "address": some(case.city, json!({ "city": "Bergen", "country": "NO" })),
                "description": some(case.description, json!("From the fair")), "jobTitle": some(case.description, json!("CTO")),
                "sourceId": some(case.source, json!(self.source)), "campaignId": some(case.campaign, json!(self.campaign)),
                "buyingRole": some(case.role > 0, json!(roles[usize::from(case.role.max(1) - 1)])), "ownerId": owner,
            }))
            .await;
        let note = |index: u8| json!({ "id": lead, "kind": "MEETING_AGREED", "note": format!("{index}") });
        if case.facts {
            let input = json!({ "id": lead, "need": { "state": "MET", "note": "Yes" }, "budgetAmount": { "amount": "10", "currency": "NOK" } });
            world.done(&world.manager, "assessLead", input).await;
        }
        for index in 0..case.signals {
            world.done(&world.manager, "recordBuyingSignal", note(index)).await;
        }
        for _ in 0..case.activities {
            world.activity("NOTE", &[&lead]).await;
        }
        match case.status {
            1 | 2 => {
                world.done(&world.manager, "setLeadStatus", json!({ "id": lead, "status": "WORKING_CONTACTED" })).await;
            }
            3 => {
                world.done(&world.manager, "qualifyLead", json!({ "id": lead, "overrideReason": "Sure" })).await;
            }
            4 => {
                let input = json!({ "id": lead, "reasonId": self.disqualification });
                world.done(&world.manager, "disqualifyLead", input).await;
            }
            _ => {}
        }
        if case.owner == 3 {
            let uuid = lead.parse::<entity::LeadId>().unwrap().uuid();
            let id = if crate::harness::on_postgres() { format!("'{uuid}'") } else { format!("x'{}'", uuid.simple()) };
            let owner = self.gone.parse::<entity::UserId>().unwrap().uuid();
            let owner = if crate::harness::on_postgres() { format!("'{owner}'") } else { format!("x'{}'", owner.simple()) };
            world.execute(&format!("UPDATE leads SET owner_id = {owner} WHERE id = {id}")).await;
        }
        lead
    }

    pub async fn input(&self, world: &World, lead: &str, case: &InputCase) -> Value {
        let mut input = json!({ "leadId": lead, "withoutOpportunity": case.without, "allowDuplicates": !case.strict });
        match case.account {
            1 | 2 => input["accountId"] = json!(self.accounts[usize::from(case.account) - 1]),
            3 => input["accountId"] = json!(world.nobody("account")),
            4 => input["accountId"] = json!("account_nonsense"),
            _ => {}
        }
        match case.contact {
            1..=4 => input["contactId"] = json!(self.contacts[usize::from(case.contact) - 1]),
            5 => input["contactId"] = json!(world.nobody("contact")),
            _ => {}
        }
        match case.sale {
            1..=4 => input["opportunity"]["id"] = json!(self.sales[usize::from(case.sale) - 1]),
            5 => input["opportunity"]["id"] = json!(world.nobody("opportunity")),
            _ => {}
        }
        match case.details {
            1 => input["opportunity"]["name"] = json!("Named"),
            2 => input["opportunity"]["amount"] = json!({ "amount": "100.25", "currency": "EUR" }),
            3 => input["opportunity"]["closeDate"] = json!("2026-12-24"),
            4 => input["opportunity"]["stageId"] = json!(self.stage),
            5 => input["opportunity"]["name"] = json!("x".repeat(300)),
            _ => {}
        }
        match case.account_name {
            1 => input["accountName"] = json!("Acme 2"),
            2 => input["accountName"] = json!("A name of its own"),
            _ => {}
        }
        match case.owner {
            1 => input["ownerId"] = json!(self.gone),
            2 => input["ownerId"] = json!(world.other_rep.id.to_string()),
            3 => input["ownerId"] = json!(world.nobody("user")),
            _ => {}
        }
        match case.version {
            1 => input["expectedVersion"] = json!(99),
            2 => input["expectedVersion"] = world.read(lead).await["version"].clone(),
            _ => {}
        }
        input
    }
}

#[test]
fn the_preview_is_the_conversion() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (world, ground) = runtime.block_on(async {
        let world = World::start().await;
        let ground = Ground::of(&world).await;
        (world, ground)
    });
    let settings = Config { cases: 120, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let converted = std::sync::atomic::AtomicUsize::new(0);
    let compared = TestRunner::new(settings).run(&(lead_case(), input_case()), |(lead, input)| {
        if runtime.block_on(compare(&world, &ground, &lead, &input)) {
            converted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
        Ok(())
    });
    let converted = converted.into_inner();
    runtime.block_on(async { drop(world) });
    compared.unwrap();
    assert!(converted > 20, "only {converted} conversions were not refused: the cases say too little");
}

/// Compares the preview with the conversion, and answers whether the lead was converted.
async fn compare(world: &World, ground: &Ground, lead: &LeadCase, input: &InputCase) -> bool {
    let lead = ground.lead(world, lead).await;
    let input = ground.input(world, &lead, input).await;
    let before = world.dump().await;
    let preview = world.preview(&world.manager, input.clone()).await;
    before.assert_same(&world.dump().await, "the preview");
    let past = histories(world, &preview).await;

    let made = world.convert(&world.manager, input).await;
    assert_eq!(preview["userErrors"], made["userErrors"]);
    if made["userErrors"] != json!([]) {
        before.assert_same(&world.dump().await, "the refused conversion");
        return false;
    }
    let new: Vec<Value> = ["account", "contact"]
        .iter()
        .filter(|kind| preview[kind]["action"] == "CREATE")
        .map(|kind| made[kind]["id"].clone())
        .collect();
    for (kind, past) in ["account", "contact", "opportunity"].into_iter().zip(past) {
        let (plan, record) = (&preview[kind], &made[kind]);
        if plan["action"] == "SKIP" {
            assert_eq!(*record, Value::Null, "{kind}");
            continue;
        }
        let history = world.history(record["id"].as_str().unwrap()).await;
        let entries = &history[past..];
        if plan["action"] == "CREATE" {
            assert_eq!((&plan["existing"], past, entries.len()), (&Value::Null, 0, 1), "{kind}");
        } else {
            assert_eq!(plan["existing"]["id"], record["id"], "{kind}");
            assert_eq!(entries.is_empty(), plan["fields"] == json!([]), "{kind}");
        }
        let done: Vec<Value> = entries.iter().flat_map(|entry| entry["fields"].as_array().unwrap().clone()).collect();
        let done: Vec<Value> = done.into_iter().filter_map(|field| without_new(field, &new)).collect();
        assert_eq!(plan["fields"], json!(done), "{kind}");
        for field in plan["fields"].as_array().unwrap() {
            assert_on_record(record, field);
        }
    }
    assert_eq!(
        preview["activitiesCarriedOver"],
        made["account"]["activities"]["totalCount"].as_i64().map(|_| made["lead"]["activities"]["totalCount"].clone()).unwrap()
    );
    for kind in ["account", "contact", "opportunity"].iter().filter(|kind| !made[**kind].is_null()) {
        let there = made[*kind]["activities"]["nodes"].as_array().unwrap();
        for activity in made["lead"]["activities"]["nodes"].as_array().unwrap() {
            assert!(there.contains(activity), "{kind} lacks an activity of the lead");
        }
    }
    assert_eq!(ids(&made["lead"]["conversion"]), ids(&made));
    true
}

/// How long the histories are of the records that the preview would use.
async fn histories(world: &World, preview: &Value) -> [usize; 3] {
    let mut lengths = [0; 3];
    for (length, kind) in lengths.iter_mut().zip(["account", "contact", "opportunity"]) {
        if let Some(id) = preview[kind]["existing"]["id"].as_str() {
            *length = world.history(id).await.len();
        }
    }
    lengths
}

/// A field of the history as a preview shows it, which can't name what doesn't exist yet.
fn without_new(mut field: Value, new: &[Value]) -> Option<Value> {
    if new.contains(&field["after"]) {
        return None;
    }
    if let Some(part) =
        field["after"].as_object_mut().filter(|part| part.get("contact").is_some_and(|contact| new.contains(contact)))
    {
        part.remove("contact");
    }
    Some(field)
}

/// What was planned stands on the record.
fn assert_on_record(record: &Value, field: &Value) {
    let name = field["field"].as_str().unwrap();
    if name == "contactRoles" {
        let contact = field["after"].get("contact").unwrap_or(&record["primaryContact"]["id"]);
        let roles = record["contactRoles"].as_array().unwrap();
        assert!(roles.iter().any(|role| role["role"] == field["after"]["role"]
            && (role["contact"]["id"] == *contact || field["after"].get("contact").is_none())));
        return;
    }
    let value = &record[name];
    let value = value.get("id").unwrap_or(value);
    let expected = &field["after"];
    if name == "qualification" {
        assert_eq!(value["need"]["state"] == "MET", expected["need"]["state"] == "MET");
        return;
    }
    assert_eq!(value, expected, "{name}");
}

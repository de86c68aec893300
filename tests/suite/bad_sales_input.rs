//! Values that make no sense in what administrators and sellers say about sales: each gets one clear problem, and nothing is changed.

use std::collections::BTreeMap;

use entity::{change, idempotency_key, outbox};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::harness::{Person, TestServer};

/// What a field takes, and so what it does not.
#[derive(Debug, Clone, Copy)]
enum Takes {
    /// A name of at most 200 characters that can't be left out.
    Name,
    Short,
    Long,
    Key,
    Day,
    /// A day that isn't in the future.
    PastDay,
    Moment,
    Money,
    Quantity,
    Percent,
    Rate,
    /// A whole number within bounds.
    Whole(i64, i64),
    /// An id of this kind.
    Id(&'static str),
    Word,
    Currency,
    Country,
    Zone,
    Language,
    Origin,
    Website,
    Version,
    /// Anything but null.
    Something,
}

use Takes::{
    Country, Currency, Day, Id, Key, Language, Long, Moment, Money, Name, Origin, PastDay, Percent, Quantity, Rate, Short,
    Something, Version, Website, Whole, Word, Zone,
};

impl Takes {
    fn bad(self, known: &BTreeMap<&'static str, String>) -> Vec<Value> {
        let long = |number: usize| json!("x".repeat(number));
        let (nul, escape) = (json!("a\u{0}b"), json!("a\u{1b}[31m"));
        match self {
            Name => vec![json!(""), json!(" \t "), json!("\u{200b}"), long(201), json!("é".repeat(201)), nul, escape, json!(7)],
            Short => vec![long(256), nul, escape],
            Long => vec![long(10_001), nul, escape],
            Key => vec![long(256), nul],
            Day => ["0001-01-01", "9999-12-31", "2026-02-30", "", "1.2.2026", "99999-01-01"].map(|day| json!(day)).to_vec(),
            PastDay => ["0001-01-01", "9999-12-31", "2026-02-30", "2026-03-03"].map(|day| json!(day)).to_vec(),
            Moment => ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "yesterday", "2026-03-02"].map(|at| json!(at)).to_vec(),
            Money => {
                let amounts = ["-1", "-0.01", "99999999999999999999", "100000000000000", "NaN", "", "1e400", "1.00001"];
                let currencies = ["ABC", "EURO", "", "€"];
                let amounts = amounts.iter().map(|amount| json!({ "amount": amount }));
                let currencies = currencies.iter().map(|code| json!({ "amount": 1, "currency": code }));
                amounts.chain(currencies).collect()
            }
            Quantity => ["0", "-1", "0.0001", "1000000000", "NaN", "1e30", ""].map(|number| json!(number)).to_vec(),
            Percent => ["-1", "100.0001", "0.00001", "1e30", "ten"].map(|number| json!(number)).to_vec(),
            Rate => ["0", "-1", "922337204", "0.00000000001", "1e30", "one"].map(|number| json!(number)).to_vec(),
            Whole(least, most) => {
                vec![json!(least - 1), json!(most + 1), json!(i32::MAX), json!(i32::MIN), json!(1e12), json!(0.5)]
            }
            Id(kind) => {
                let other = if kind == "lead" { "account" } else { "lead" };
                let none = |kind: &str| json!(format!("{kind}_00000000000000000000000000"));
                vec![
                    json!(""),
                    json!("nonsense"),
                    long(5_000),
                    json!(format!("{kind}_\u{0}")),
                    none(other),
                    none(kind),
                    json!(known[other]),
                ]
            }
            Word => vec![json!("NO_SUCH_WORD"), json!(""), json!(1)],
            Currency => vec![json!("ABC"), json!("EURO"), json!(""), json!("U\u{0}D")],
            Country => vec![json!("XX"), json!("NOR"), json!(""), json!("N\u{0}")],
            Zone => vec![json!("Mars/Olympus"), json!(""), json!("Europe/Oslo\u{0}"), long(500), Value::Null],
            Language => vec![json!("not a language"), json!(""), json!("en\u{0}"), long(500), json!("123"), Value::Null],
            Origin => {
                let origins = ["", "javascript:alert(1)", "https://a b", "www.example.com", "https://x.example/path", "a\u{0}b"];
                origins
                    .iter()
                    .map(|origin| json!(origin))
                    .chain([json!(format!("https://{}.example", "x".repeat(3_000)))])
                    .collect()
            }
            Website => {
                let addresses = ["javascript:alert(1)", "ftp://x.example", "nonsense", "https://x.example/\u{0}"];
                addresses
                    .iter()
                    .map(|url| json!(url))
                    .chain([json!(format!("https://x.example/{}", "x".repeat(3_000)))])
                    .collect()
            }
            Version => vec![json!(0), json!(-1), json!(i32::MAX), json!(999)],
            Something => vec![Value::Null],
        }
    }
}

/// A mutation, an input that is fine, and what its fields take.
type Case = (&'static str, Value, Vec<(&'static str, Takes)>);

struct Desk {
    server: TestServer,
    admin: Person,
    /// Ids by their kinds; `open_stage` and the like beside them.
    known: BTreeMap<&'static str, String>,
}

impl Desk {
    async fn new() -> Self {
        let server = TestServer::start().await;
        let admin = server.admin().await;
        let mut desk = Self { server, admin, known: BTreeMap::new() };
        desk.fill().await;
        desk
    }

    async fn make(&mut self, kind: &'static str, mutation: &str, answer: &str, input: Value) {
        let query = question(mutation, &format!("{answer} {{ id }}"));
        let made = self.server.graphql(&self.admin, &query, json!({ "input": input })).await;
        let id = made.payload(mutation)[answer]["id"].as_str().unwrap().to_owned();
        self.known.insert(kind, id);
    }

    async fn fill(&mut self) {
        let lists =
            "{ pipelines { id stages { id } } closeReasons { id category } leadSources { id } disqualificationReasons { id } }";
        let lists = self.server.graphql(&self.admin, lists, json!({})).await.data("").clone();
        let mut know = |kind: &'static str, id: &Value| drop(self.known.insert(kind, id.as_str().unwrap().to_owned()));
        know("pipeline", &lists["pipelines"][0]["id"]);
        know("stage", &lists["pipelines"][0]["stages"][0]["id"]);
        know("other_stage", &lists["pipelines"][0]["stages"][1]["id"]);
        know("lead_source", &lists["leadSources"][0]["id"]);
        know("disqualification_reason", &lists["disqualificationReasons"][0]["id"]);
        let reasons = lists["closeReasons"].as_array().unwrap();
        know("close_reason", &reasons.iter().find(|reason| reason["category"] == "WON").unwrap()["id"]);
        know("lost_reason", &reasons.iter().find(|reason| reason["category"] == "LOST").unwrap()["id"]);
        self.known.insert("user", self.admin.id.to_string());
        self.make("lead", "createLead", "lead", json!({ "company": "Acme" })).await;
        self.make("account", "createAccount", "account", json!({ "name": "Acme" })).await;
        self.make("contact", "createContact", "contact", json!({ "lastName": "Doe", "accountId": self.known["account"] })).await;
        self.make("product", "createProduct", "product", json!({ "name": "Pump", "prices": [{ "amount": 10 }] })).await;
        self.make("campaign", "createCampaign", "campaign", json!({ "name": "Fair" })).await;
        self.make("team", "createTeam", "team", json!({ "name": "North" })).await;
        let deal = |name: &str| json!({ "name": name, "accountId": self.known["account"], "closeDate": "2026-06-30" });
        let (open, won) = (deal("Open"), deal("Won"));
        self.make("won", "createOpportunity", "opportunity", won).await;
        self.make("opportunity", "createOpportunity", "opportunity", open).await;
        let line = json!({ "description": "x", "quantity": 1, "unitPrice": { "amount": 1 } });
        for (kind, opportunity) in [("won_quote", "won"), ("sent_quote", "opportunity"), ("quote", "opportunity")] {
            self.make(kind, "createQuote", "quote", json!({ "opportunityId": self.known[opportunity], "lines": [line] })).await;
        }
        for kind in ["won_quote", "sent_quote"] {
            self.make(kind, "sendQuote", "quote", json!({ "id": self.known[kind] })).await;
        }
        self.make("order", "acceptQuote", "order", json!({ "id": self.known["won_quote"], "win": {} })).await;
        self.make(
            "competitor",
            "addCompetitor",
            "opportunity",
            json!({ "opportunityId": self.known["opportunity"], "name": "Rival" }),
        )
        .await;
        let sale = json!({ "opportunityId": self.known["opportunity"], "lineItems": [line] });
        self.make("sold", "addLineItems", "opportunity", sale).await;
        let query =
            format!("{{ opportunity(id: \"{}\") {{ competitors {{ id }} lineItems {{ id }} }} }}", self.known["opportunity"]);
        let parts = self.server.graphql(&self.admin, &query, json!({})).await.data("/opportunity").clone();
        self.known.insert("competitor", parts["competitors"][0]["id"].as_str().unwrap().to_owned());
        self.known.insert("line_item", parts["lineItems"][0]["id"].as_str().unwrap().to_owned());
        let task = json!({ "kind": "TASK", "subject": "Ring", "aboutIds": [self.known["lead"]] });
        self.make("activity", "createActivity", "activity", task).await;
        self.make("assignment_rule_set", "createAssignmentRuleSet", "assignmentRuleSet", json!({ "name": "North", "rules": [] }))
            .await;
        self.make("intake_form", "createIntakeForm", "intakeForm", json!({ "name": "Website" })).await;
        self.make("exchange_rate", "setExchangeRate", "exchangeRate", json!({ "currency": "EUR", "rate": "1.1" })).await;
        let items = json!({ "campaignId": self.known["campaign"], "items": [{ "memberId": self.known["contact"] }] });
        let query = question("addCampaignMembers", "results { member { id } }");
        let added = self.server.graphql(&self.admin, &query, json!({ "input": items })).await;
        let member = added.payload("addCampaignMembers")["results"][0]["member"]["id"].as_str().unwrap().to_owned();
        self.known.insert("campaign_member", member);
    }

    /// How much was ever written.
    async fn written(&self) -> (u64, u64, u64) {
        let read = self.server.app.database().read();
        (
            change::Entity::find().count(read).await.unwrap(),
            outbox::Entity::find().count(read).await.unwrap(),
            idempotency_key::Entity::find().count(read).await.unwrap(),
        )
    }

    /// What is wrong with how a bad input is answered; nothing where all is well. The problem is at `path`.
    async fn complaint(&self, mutation: &str, input: &Value, path: &str) -> Option<String> {
        let before = self.written().await;
        let answer = self.server.graphql(&self.admin, &question(mutation, ""), json!({ "input": input })).await;
        if self.written().await != before {
            return Some("it was written".to_owned());
        }
        if !answer.codes().is_empty() {
            let fine = answer.codes() == ["BAD_USER_INPUT"] && answer.message().ends_with('.') && answer.text.len() < 2_000;
            return (!fine).then_some(answer.text);
        }
        let refusals = answer.refusals(mutation);
        let at = |refusal: &String| {
            let place = refusal.split_once(' ').map_or("", |(_, place)| place);
            let (place, wanted) = (place.trim_start_matches("input."), path);
            place == wanted || wanted.starts_with(&format!("{place}.")) || place.starts_with(&format!("{wanted}."))
        };
        let message =
            answer.json.pointer(&format!("/data/{mutation}/userErrors/0/message")).and_then(Value::as_str).unwrap_or_default();
        let fine = refusals.len() == 1 && refusals.iter().all(at) && message.ends_with('.') && answer.text.len() < 2_000;
        (!fine).then_some(answer.text)
    }
}

/// The mutation with what it is asked for beside its problems.
fn question(mutation: &str, answer: &str) -> String {
    let kind = match mutation {
        "sendQuote" => "QuoteIdInput".to_owned(),
        "reorderLeadSources" => "ReorderInput".to_owned(),
        "addActivitySubjects" => "ActivitySubjectsInput".to_owned(),
        _ => format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]),
    };
    format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {answer} userErrors {{ code message field }} }} }}")
}

/// The input with another value at a path such as `lines.0.quantity`.
fn with(input: &Value, path: &str, value: Value) -> Value {
    let mut input = input.clone();
    let mut place = &mut input;
    for step in path.split('.') {
        place = match step.parse::<usize>() {
            Ok(number) => {
                let list = place.as_array_mut().unwrap();
                if list.len() <= number {
                    list.push(Value::Null);
                }
                &mut list[number]
            }
            Err(_) => &mut place[step],
        };
    }
    *place = value;
    input
}

/// What is said about pipelines, products and prices, and the workspace.
fn lists(known: &BTreeMap<&'static str, String>) -> Vec<Case> {
    let stages = json!([{ "name": "Due", "probability": 40 }, { "name": "Won", "category": "WON" }, { "name": "Lost", "category": "LOST" }]);
    vec![
        (
            "createPipeline",
            json!({ "name": "Renewals", "stages": stages }),
            vec![
                ("name", Name),
                ("idempotencyKey", Key),
                ("stages.0.name", Name),
                ("stages.0.probability", Whole(0, 100)),
                ("stages.0.category", Word),
                ("stages.0.forecastCategory", Word),
            ],
        ),
        (
            "updatePipeline",
            json!({ "id": known["pipeline"], "name": "Sales" }),
            vec![
                ("id", Id("pipeline")),
                ("name", Name),
                ("name", Something),
                ("active", Something),
                ("expectedVersion", Version),
            ],
        ),
        (
            "createStage",
            json!({ "pipelineId": known["pipeline"], "name": "Trial", "probability": 30 }),
            vec![
                ("pipelineId", Id("pipeline")),
                ("name", Name),
                ("probability", Whole(0, 100)),
                ("position", Whole(1, 11)),
                ("category", Word),
                ("idempotencyKey", Key),
            ],
        ),
        (
            "updateStage",
            json!({ "id": known["stage"], "probability": 11 }),
            vec![
                ("id", Id("stage")),
                ("name", Name),
                ("name", Something),
                ("probability", Whole(0, 100)),
                ("probability", Something),
                ("category", Something),
                ("forecastCategory", Something),
                ("active", Something),
                ("expectedVersion", Version),
            ],
        ),
        (
            "replaceStage",
            json!({ "id": known["stage"], "replacementId": known["other_stage"] }),
            vec![("id", Id("stage")), ("replacementId", Id("stage")), ("expectedVersion", Version)],
        ),
        (
            "createProduct",
            json!({ "name": "Valve", "prices": [{ "amount": 1 }] }),
            vec![
                ("name", Name),
                ("code", Short),
                ("family", Short),
                ("description", Long),
                ("prices.0", Money),
                ("idempotencyKey", Key),
            ],
        ),
        (
            "updateProduct",
            json!({ "id": known["product"], "name": "Big pump" }),
            vec![("id", Id("product")), ("name", Name), ("name", Something), ("active", Something), ("expectedVersion", Version)],
        ),
        (
            "setExchangeRate",
            json!({ "currency": "NOK", "rate": "0.1", "validFrom": "2026-01-01" }),
            vec![("currency", Currency), ("rate", Rate), ("validFrom", Day)],
        ),
        ("createLeadSource", json!({ "name": "Radio" }), vec![("name", Name)]),
        (
            "updateLeadSource",
            json!({ "id": known["lead_source"], "name": "Web" }),
            vec![("id", Id("lead_source")), ("name", Name), ("name", Something), ("active", Something)],
        ),
        ("createCloseReason", json!({ "name": "Luck", "category": "WON" }), vec![("name", Name), ("category", Word)]),
        ("createDisqualificationReason", json!({ "name": "Moved" }), vec![("name", Name)]),
        (
            "updateWorkspace",
            json!({ "fiscalYearStartMonth": 4 }),
            vec![
                ("baseCurrency", Currency),
                ("baseCurrency", Something),
                ("timeZone", Zone),
                ("fiscalYearStartMonth", Whole(1, 12)),
                ("fiscalYearStartMonth", Something),
                ("conversionRequiresQualified", Something),
                ("defaultCountry", Country),
                ("leadsReturnToPoolAfterDays", Whole(1, 3650)),
                ("locale", Language),
                ("expectedVersion", Version),
            ],
        ),
    ]
}

/// What is said about opportunities and what hangs off them.
fn sales(known: &BTreeMap<&'static str, String>) -> Vec<Case> {
    let line = json!({ "description": "x", "quantity": 1, "unitPrice": { "amount": 1 } });
    let opportunity = &known["opportunity"];
    vec![
        (
            "addLineItems",
            json!({ "opportunityId": opportunity, "lineItems": [line] }),
            vec![
                ("opportunityId", Id("opportunity")),
                ("expectedVersion", Version),
                ("idempotencyKey", Key),
                ("lineItems.0.productId", Id("product")),
                ("lineItems.0.description", Short),
                ("lineItems.0.quantity", Quantity),
                ("lineItems.0.unitPrice", Money),
                ("lineItems.0.discountPercent", Percent),
                ("lineItems.0.discountAmount", Money),
            ],
        ),
        (
            "updateLineItem",
            json!({ "id": known["line_item"], "quantity": 2 }),
            vec![
                ("id", Id("line_item")),
                ("description", Short),
                ("quantity", Quantity),
                ("quantity", Something),
                ("unitPrice", Money),
                ("discountPercent", Percent),
                ("discountAmount", Money),
                ("productId", Id("product")),
                ("expectedVersion", Version),
            ],
        ),
        (
            "createQuote",
            json!({ "opportunityId": opportunity, "lines": [line] }),
            vec![
                ("opportunityId", Id("opportunity")),
                ("paymentTerms", Short),
                ("expiresOn", Day),
                ("notes", Long),
                ("lines.0.quantity", Quantity),
                ("lines.0.unitPrice", Money),
                ("lines.0.discountPercent", Percent),
                ("lines.0.productId", Id("product")),
                ("lines.0.description", Short),
                ("idempotencyKey", Key),
            ],
        ),
        (
            "updateQuote",
            json!({ "id": known["quote"], "notes": "Soon" }),
            vec![("id", Id("quote")), ("paymentTerms", Short), ("expiresOn", Day), ("notes", Long), ("expectedVersion", Version)],
        ),
        (
            "acceptQuote",
            json!({ "id": known["sent_quote"], "win": { "note": "Well done" } }),
            vec![
                ("id", Id("quote")),
                ("expectedVersion", Version),
                ("win.reasonId", Id("close_reason")),
                ("win.closedOn", PastDay),
                ("win.note", Long),
            ],
        ),
        (
            "updateOrder",
            json!({ "id": known["order"], "contractNumber": "7" }),
            vec![
                ("id", Id("order")),
                ("status", Word),
                ("status", Something),
                ("contractNumber", Short),
                ("expectedVersion", Version),
            ],
        ),
        (
            "addCompetitor",
            json!({ "opportunityId": opportunity, "name": "Other" }),
            vec![
                ("opportunityId", Id("opportunity")),
                ("name", Name),
                ("strengths", Long),
                ("weaknesses", Long),
                ("idempotencyKey", Key),
                ("expectedVersion", Version),
            ],
        ),
        (
            "updateCompetitor",
            json!({ "id": known["competitor"], "incumbent": true }),
            vec![
                ("id", Id("competitor")),
                ("name", Name),
                ("name", Something),
                ("incumbent", Something),
                ("dismissed", Something),
            ],
        ),
        (
            "reachMilestone",
            json!({ "opportunityId": opportunity, "milestone": "CONTRACT_SENT" }),
            vec![
                ("opportunityId", Id("opportunity")),
                ("milestone", Word),
                ("reachedOn", PastDay),
                ("note", Long),
                ("expectedVersion", Version),
            ],
        ),
        (
            "setContactRole",
            json!({ "opportunityId": opportunity, "contactId": known["contact"], "role": "CHAMPION" }),
            vec![
                ("opportunityId", Id("opportunity")),
                ("contactId", Id("contact")),
                ("role", Word),
                ("expectedVersion", Version),
            ],
        ),
        (
            "loseOpportunity",
            json!({ "id": opportunity, "reasonId": known["lost_reason"] }),
            vec![
                ("id", Id("opportunity")),
                ("reasonId", Id("close_reason")),
                ("note", Long),
                ("closedOn", PastDay),
                ("lostTo", Short),
                ("lostToCompetitorId", Id("competitor")),
            ],
        ),
    ]
}

/// What is said about leads, campaigns and the work on them.
fn work(known: &BTreeMap<&'static str, String>) -> Vec<Case> {
    let rule =
        json!({ "name": "All", "target": "USER", "userId": known["user"], "sourceIds": [], "campaignIds": [], "countries": [] });
    vec![
        (
            "createCampaign",
            json!({ "name": "Spring", "startsOn": "2026-01-01" }),
            vec![
                ("name", Name),
                ("channel", Short),
                ("startsOn", Day),
                ("endsOn", Day),
                ("budget", Money),
                ("cost", Money),
                ("parentId", Id("campaign")),
                ("idempotencyKey", Key),
            ],
        ),
        (
            "updateCampaign",
            json!({ "id": known["campaign"], "name": "Fair" }),
            vec![
                ("id", Id("campaign")),
                ("name", Name),
                ("name", Something),
                ("active", Something),
                ("expectedVersion", Version),
            ],
        ),
        (
            "addCampaignMembers",
            json!({ "campaignId": known["campaign"], "items": [{ "memberId": known["lead"] }] }),
            vec![("campaignId", Id("campaign")), ("items.0.status", Word)],
        ),
        (
            "updateCampaignMember",
            json!({ "id": known["campaign_member"], "status": "RESPONDED" }),
            vec![
                ("id", Id("campaign_member")),
                ("status", Word),
                ("status", Something),
                ("respondedOn", PastDay),
                ("expectedVersion", Version),
            ],
        ),
        (
            "createActivity",
            json!({ "kind": "CALL", "subject": "Ring", "aboutIds": [known["lead"]] }),
            vec![
                ("kind", Word),
                ("subject", Short),
                ("body", Long),
                ("direction", Word),
                ("outcome", Short),
                ("dueAt", Moment),
                ("completedAt", Moment),
                ("ownerId", Id("user")),
                ("aboutIds.0", Id("opportunity")),
                ("idempotencyKey", Key),
            ],
        ),
        (
            "completeActivity",
            json!({ "id": known["activity"] }),
            vec![("id", Id("activity")), ("completedAt", Moment), ("outcome", Short), ("expectedVersion", Version)],
        ),
        (
            "createAssignmentRuleSet",
            json!({ "name": "South", "rules": [rule] }),
            vec![
                ("name", Name),
                ("idempotencyKey", Key),
                ("rules.0.name", Name),
                ("rules.0.target", Word),
                ("rules.0.userId", Id("user")),
                ("rules.0.sourceIds.0", Id("lead_source")),
                ("rules.0.campaignIds.0", Id("campaign")),
                ("rules.0.countries.0", Country),
                ("rules.0.employeesFrom", Whole(0, 10_000_000)),
                ("rules.0.employeesTo", Whole(0, 10_000_000)),
            ],
        ),
        (
            "updateAssignmentRuleSet",
            json!({ "id": known["assignment_rule_set"], "name": "North" }),
            vec![("id", Id("assignment_rule_set")), ("name", Name), ("name", Something), ("expectedVersion", Version)],
        ),
        (
            "createIntakeForm",
            json!({ "name": "Fair", "allowedOrigins": [] }),
            vec![
                ("name", Name),
                ("sourceId", Id("lead_source")),
                ("campaignId", Id("campaign")),
                ("ownerId", Id("user")),
                ("allowedOrigins.0", Origin),
                ("redirectUrl", Website),
                ("honeypot", Short),
                ("mostPerMinute", Whole(1, 1_000)),
                ("mostPerHour", Whole(1, 100_000)),
                ("idempotencyKey", Key),
            ],
        ),
        (
            "updateIntakeForm",
            json!({ "id": known["intake_form"], "name": "Website" }),
            vec![
                ("id", Id("intake_form")),
                ("name", Name),
                ("name", Something),
                ("active", Something),
                ("expectedVersion", Version),
            ],
        ),
        (
            "disqualifyLead",
            json!({ "id": known["lead"], "reasonId": known["disqualification_reason"], "keep": {} }),
            vec![
                ("reasonId", Id("disqualification_reason")),
                ("note", Long),
                ("keep.accountName", Short),
                ("keep.accountId", Id("account")),
                ("keep.contactId", Id("contact")),
                ("keep.ownerId", Id("user")),
            ],
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn each_bad_value_gets_one_problem_and_changes_nothing() {
    let desk = Desk::new().await;
    let mut complaints = Vec::new();
    for (mutation, fine, fields) in [lists, sales, work].iter().flat_map(|cases| cases(&desk.known)) {
        for (path, takes) in fields {
            for value in takes.bad(&desk.known) {
                if let Some(complaint) = desk.complaint(mutation, &with(&fine, path, value.clone()), path).await {
                    let value: String = value.to_string().chars().take(60).collect();
                    complaints.push(format!("{mutation} {path} {value}: {complaint}"));
                }
            }
        }
        // These two would take away what the others need.
        if !["replaceStage", "acceptQuote"].contains(&mutation) {
            let answer = desk.server.graphql(&desk.admin, &question(mutation, ""), json!({ "input": fine })).await;
            assert_eq!(answer.refusals(mutation), [""; 0], "{mutation} is refused anyway: {}", answer.text);
        }
    }
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_a_wrong_length_or_with_repetitions_are_refused() {
    let desk = Desk::new().await;
    let known = &desk.known;
    let open = |name: &str| json!({ "name": name, "probability": 40 });
    let (won, lost) = (json!({ "name": "Won", "category": "WON" }), json!({ "name": "Lost", "category": "LOST" }));
    let many: Vec<Value> = (0..49).map(|number| open(&number.to_string())).chain([won.clone(), lost.clone()]).collect();
    let rule = json!({ "name": "All", "target": "POOL" });
    let with_many = |field: &str, id: &str| {
        let mut rule = rule.clone();
        rule[field] = json!(vec![known[id].clone(); 501]);
        json!({ "name": "x", "rules": [rule] })
    };
    let line = json!({ "description": "x", "quantity": 1, "unitPrice": { "amount": 1 } });
    let (opportunity, stage) = (&known["opportunity"], &known["stage"]);
    let cases = [
        ("createPipeline", "stages", json!({ "name": "x", "stages": [] })),
        ("createPipeline", "stages", json!({ "name": "x", "stages": many })),
        ("createPipeline", "stages", json!({ "name": "x", "stages": [open("A"), won] })),
        ("createPipeline", "stages.3.name", json!({ "name": "x", "stages": [open("A"), won, lost, open("á")] })),
        ("createPipeline", "name", json!({ "name": "SALES", "stages": [open("A"), won, lost] })),
        ("reorderPipelines", "ids", json!({ "ids": [] })),
        ("reorderPipelines", "ids", json!({ "ids": [known["pipeline"], known["pipeline"]] })),
        ("reorderPipelines", "ids.0", json!({ "ids": [stage] })),
        ("reorderStages", "ids", json!({ "pipelineId": known["pipeline"], "ids": [] })),
        ("reorderStages", "ids", json!({ "pipelineId": known["pipeline"], "ids": vec![stage; 10] })),
        ("reorderStages", "ids", json!({ "pipelineId": known["pipeline"], "ids": vec![stage; 2_000] })),
        ("replaceStage", "replacementId", json!({ "id": stage, "replacementId": stage })),
        ("createProduct", "prices", json!({ "name": "x", "prices": [{ "amount": 1 }, { "amount": 2 }] })),
        ("createProduct", "prices", json!({ "name": "x", "prices": vec![json!({ "amount": 1, "currency": "EUR" }); 2] })),
        ("createQuote", "lines", json!({ "opportunityId": opportunity, "lines": vec![line.clone(); 201] })),
        ("addLineItems", "lineItems", json!({ "opportunityId": opportunity, "lineItems": [] })),
        ("addLineItems", "lineItems", json!({ "opportunityId": opportunity, "lineItems": vec![line; 201] })),
        ("reorderLineItems", "lineItemIds", json!({ "opportunityId": opportunity, "lineItemIds": vec![&known["line_item"]; 2] })),
        ("addCampaignMembers", "items", json!({ "campaignId": known["campaign"], "items": [] })),
        (
            "addCampaignMembers",
            "items",
            json!({ "campaignId": known["campaign"], "items": vec![json!({ "memberId": known["lead"] }); 501] }),
        ),
        ("createActivity", "aboutIds", json!({ "kind": "NOTE", "subject": "x", "aboutIds": [] })),
        ("createActivity", "aboutIds", json!({ "kind": "NOTE", "subject": "x", "aboutIds": vec![&known["lead"]; 51] })),
        ("addActivitySubjects", "aboutIds", json!({ "id": known["activity"], "aboutIds": [] })),
        ("createAssignmentRuleSet", "rules", json!({ "name": "x", "rules": vec![rule.clone(); 101] })),
        ("createAssignmentRuleSet", "rules.0.sourceIds", with_many("sourceIds", "lead_source")),
        ("createAssignmentRuleSet", "rules.0.campaignIds", with_many("campaignIds", "campaign")),
        (
            "createAssignmentRuleSet",
            "rules.0",
            json!({ "name": "x", "rules": [{ "name": "x", "target": "POOL", "employeesFrom": 5, "employeesTo": 4 }] }),
        ),
        ("createAssignmentRuleSet", "rules.0", json!({ "name": "x", "rules": [{ "name": "x", "target": "USER" }] })),
        (
            "createAssignmentRuleSet",
            "rules.0",
            json!({ "name": "x", "rules": [{ "name": "x", "target": "TEAM", "userId": known["user"] , "teamId": known["team"] }] }),
        ),
        ("applyAssignmentRules", "leadIds", json!({ "leadIds": vec![&known["lead"]; 501] })),
        ("applyAssignmentRules", "filter", json!({})),
        ("applyAssignmentRules", "filter", json!({ "leadIds": [known["lead"]], "filter": {} })),
        ("applyAssignmentRules", "first", json!({ "filter": {}, "first": 0 })),
        ("applyAssignmentRules", "first", json!({ "filter": {}, "first": 501 })),
        ("createIntakeForm", "allowedOrigins", json!({ "name": "x", "allowedOrigins": vec!["https://x.example"; 51] })),
        ("createCampaign", "endsOn", json!({ "name": "x", "startsOn": "2026-02-02", "endsOn": "2026-02-01" })),
        ("updateCampaign", "parentId", json!({ "id": known["campaign"], "parentId": known["campaign"] })),
        ("reorderLeadSources", "ids", json!({ "ids": [known["lead_source"]] })),
        ("reorderCloseReasons", "category", json!({ "category": "OPEN", "ids": [] })),
        ("createCloseReason", "category", json!({ "name": "x", "category": "OPEN" })),
        ("setExchangeRate", "currency", json!({ "currency": "USD", "rate": 1 })),
    ];
    let mut complaints = Vec::new();
    for (mutation, path, input) in cases {
        if let Some(complaint) = desk.complaint(mutation, &input, path).await {
            let input: String = input.to_string().chars().take(120).collect();
            complaints.push(format!("{mutation} {path} {input}: {complaint}"));
        }
    }
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

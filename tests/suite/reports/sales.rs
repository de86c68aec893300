//! Random quotes, orders, products, campaigns and rates, in a workspace far from UTC: every list against its aggregates.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value as Json, json};

use super::{Office, any_list, text};

struct Trade {
    random: StdRng,
    products: Vec<String>,
    deals: Vec<String>,
    quotes: Vec<String>,
}

const CURRENCIES: [&str; 4] = ["USD", "EUR", "SEK", "JPY"];

impl Trade {
    fn among<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.random.random_range(0..list.len())]
    }

    fn maybe(&mut self, value: Json) -> Json {
        if self.random.random_bool(0.3) { Json::Null } else { value }
    }

    fn amount(&mut self) -> Json {
        let currency = *self.among(&CURRENCIES);
        let amount = self.random.random_range(1..9_000);
        let cents = self.random.random_range(0..100);
        let amount = if currency == "JPY" { amount.to_string() } else { format!("{amount}.{cents:02}") };
        self.maybe(json!({ "amount": amount, "currency": currency }))
    }

    fn day(&mut self, office: &Office) -> Json {
        let day = office.now().date_naive() + chrono::TimeDelta::days(self.random.random_range(-60..60));
        self.maybe(json!(day))
    }

    /// What the quotes and orders are about.
    async fn lists(&mut self, office: &mut Office) {
        for number in 0..4 {
            for currency in ["EUR", "SEK"] {
                let day = office.now().date_naive() - chrono::TimeDelta::days(self.random.random_range(-90..90));
                let rate = format!("{}.{:04}", self.random.random_range(0..3), self.random.random_range(1..10_000));
                let input = json!({ "currency": currency, "validFrom": day, "rate": rate });
                office.attempt("setExchangeRate", input).await;
            }
            let name = format!("Campaign {number}");
            let (first, last) = (self.day(office), self.day(office));
            let parent = office.campaigns.first().cloned();
            let channels = json!(*self.among(&["Fair", "Letter", "fair"]));
            let more =
                json!({ "channel": self.maybe(channels), "budget": self.amount(), "cost": self.amount(), "startsOn": first });
            let campaign = office.campaign(&name, more).await;
            office.attempt("updateCampaign", json!({ "id": campaign, "endsOn": last, "parentId": parent })).await;
            if number == 2 {
                office.attempt("updateCampaign", json!({ "id": campaign, "active": false })).await;
            }
            office.campaigns.push(campaign);
        }
        for number in 0..8 {
            let family = json!(*self.among(&["Boats", "Cars", "cars"]));
            let mut prices: Vec<Json> = [self.amount(), self.amount()].into_iter().filter(|price| !price.is_null()).collect();
            prices.dedup_by_key(|price| price["currency"].clone());
            let input = json!({
                "name": format!("Product {number}"), "family": self.maybe(family), "prices": prices, "active": number != 3,
            });
            let made = office.call("createProduct", input, "product { id }").await;
            self.products.push(text(&made["product"]["id"]));
        }
        for number in 0..3 {
            let industry = json!(*self.among(&["retail", "Retail", "steel"]));
            let input = json!({
                "name": format!("Account {number}"), "industry": self.maybe(industry), "ownerId": self.among(&office.sellers),
                "annualRevenue": self.amount(), "parentId": office.account, "employees": self.random.random_range(1..500),
            });
            office.call("createAccount", input, "account { id }").await;
            let contact =
                json!({ "lastName": "Contact", "accountId": self.maybe(json!(office.account)), "sourceId": office.sources[0] });
            office.call("createContact", contact, "contact { id }").await;
        }
    }

    async fn step(&mut self, office: &Office) {
        let deal = self.random.random_range(0..self.deals.len() + 1);
        let deal = self.deals.get(deal).cloned();
        match (self.random.random_range(0..8), deal) {
            (0..=1, _) | (_, None) => self.deal(office).await,
            (2..=3, Some(deal)) => self.quote(office, &deal).await,
            (4, Some(_)) => self.task(office).await,
            _ => self.move_quote(office).await,
        }
    }

    async fn deal(&mut self, office: &Office) {
        let input = json!({
            "amount": self.amount(), "sourceId": self.maybe(json!(office.sources[1])), "closeDate": "2026-05-05",
            "campaignId": self.maybe(json!(office.campaigns[0])), "ownerId": self.among(&office.sellers),
        });
        let deal = office.opportunity(input).await;
        for _ in 0..2 {
            let product = self.among(&self.products.clone()).clone();
            let quantity = format!("{}.{}", self.random.random_range(1..9), self.random.random_range(0..1_000));
            let line = json!({ "productId": product, "quantity": quantity });
            office.attempt("addLineItems", json!({ "opportunityId": deal, "lineItems": [line] })).await;
        }
        self.deals.push(deal);
    }

    async fn quote(&mut self, office: &Office, deal: &str) {
        let price = json!({ "amount": self.random.random_range(1..900) });
        let lines = json!([{ "description": "Sail", "quantity": self.random.random_range(1..5), "unitPrice": price }]);
        let input = json!({ "opportunityId": deal, "expiresOn": self.day(office), "lines": lines });
        office.attempt("createQuote", input).await;
        let found =
            office.ask("query($id: ID!) { opportunity(id: $id) { quotes { nodes { id } } } }", json!({ "id": deal })).await;
        self.quotes.extend(found["opportunity"]["quotes"]["nodes"].as_array().unwrap().iter().map(|quote| text(&quote["id"])));
    }

    async fn move_quote(&mut self, office: &Office) {
        if self.quotes.is_empty() {
            return;
        }
        let quote = self.among(&self.quotes.clone()).clone();
        let id = json!({ "id": quote });
        match self.random.random_range(0..6) {
            0 => office.attempt("sendQuote", id).await,
            1 => office.attempt("rejectQuote", id).await,
            2 => office.attempt("reviseQuote", id).await,
            _ => {
                office.attempt("sendQuote", id).await;
                office.attempt("acceptQuote", json!({ "id": quote, "win": {} })).await;
            }
        }
    }

    async fn task(&mut self, office: &Office) {
        let due = office.now() + chrono::TimeDelta::hours(self.random.random_range(-300..300));
        let about = self.among(&self.deals.clone()).clone();
        let input = json!({
            "kind": "TASK", "subject": "X", "aboutIds": [about], "dueAt": self.maybe(json!(due)), "outcome": self.maybe(json!("Done")),
            "ownerId": self.among(&office.sellers), "durationMinutes": self.random.random_range(1..60),
        });
        office.attempt("createActivity", input).await;
    }
}

/// Whether there is something of everything.
async fn made_enough(office: &Office) -> bool {
    let lists = "quotes { totalCount } orders { totalCount } myTasks(due: OVERDUE) { totalCount }";
    let made = office.ask(&format!("{{ {lists} }}"), json!({})).await;
    ["quotes", "orders", "myTasks"].iter().all(|list| made[list]["totalCount"].as_i64().unwrap() > 3)
}

#[tokio::test]
async fn any_list_says_what_its_records_say() {
    for seed in [3, 4] {
        let mut office = Office::on("2026-03-20").await;
        let admin = office.server.admin().await;
        let settings = json!({ "timeZone": "America/Los_Angeles", "fiscalYearStartMonth": 2 });
        let change = "mutation($input: UpdateWorkspaceInput!) { updateWorkspace(input: $input) { userErrors { code } } }";
        office.server.graphql(&admin, change, json!({ "input": settings })).await.payload("updateWorkspace");
        let random = StdRng::seed_from_u64(seed);
        let mut trade = Trade { random, products: Vec::new(), deals: Vec::new(), quotes: Vec::new() };
        trade.lists(&mut office).await;
        while trade.deals.len() < 20 || !made_enough(&office).await {
            trade.step(&office).await;
            office.wait(trade.random.random_range(1..12));
        }
        any_list::check(&office).await;
    }
}

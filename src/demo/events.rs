//! What happens in the demo, in the order of time.

use chrono::{DateTime, Days, TimeDelta, Timelike, Utc};
use entity::{ActivityKind, QuoteStatus};
use serde_json::{Value as Json, json};

use super::data::{Activity, Data, Lead, Line, Product, Rate};
use super::{Demo, text};
use crate::error::Result;

/// One thing that happens.
pub(super) struct Event {
    pub(super) at: DateTime<Utc>,
    what: What,
}

/// What happens: numbers are places in the data.
#[derive(Clone, Copy)]
enum What {
    Product(usize),
    Campaign(usize),
    Rate(usize),
    Create(usize),
    Activity(usize, usize),
    Assess(usize),
    Signal(usize, usize),
    Qualify(usize),
    Disqualify(usize),
    Convert(usize),
    Compete(usize),
    Move(usize, usize),
    Reach(usize, &'static str),
    Offer(usize),
    Answer(usize),
    Join(usize),
    Win(usize),
    Contract(usize),
    Lose(usize),
}

/// Everything that happens, in the order of time, and when it begins.
pub(super) fn plan(data: &Data, now: DateTime<Utc>) -> (Vec<Event>, DateTime<Utc>) {
    let mut events = Vec::new();
    for (index, campaign) in data.campaigns.iter().enumerate() {
        add(&mut events, now, campaign.days + 10, 8, What::Campaign(index));
    }
    for index in 0..data.rates.len() {
        add(&mut events, now, 170, 7 * 60 + u32::try_from(index).unwrap_or(0), What::Rate(index));
    }
    let first = data.leads.iter().map(|lead| lead.days).chain(data.campaigns.iter().map(|campaign| campaign.days + 10)).max();
    for index in 0..data.products.len() {
        add(&mut events, now, first.unwrap_or_default() + 1, 480 + u32::try_from(index).unwrap_or(0), What::Product(index));
    }
    for (index, lead) in data.leads.iter().enumerate() {
        plan_lead(&mut events, now, index, lead);
    }
    // Nothing of the demo lies in the future.
    events.retain(|event| event.at < now);
    events.sort_by_key(|event| event.at);
    let begin = events.first().map_or(now, |event| event.at) - TimeDelta::days(1);
    (events, begin)
}

fn plan_lead(events: &mut Vec<Event>, now: DateTime<Utc>, index: usize, lead: &Lead) {
    let minute = u32::try_from(index).unwrap_or(0);
    let mut at = |days: i64, hour: u32, what: What| add(events, now, days, hour * 60 + minute, what);
    at(lead.days, 9, What::Create(index));
    if lead.member.is_some() {
        at(lead.days - 1, 9, What::Join(index));
    }
    for (place, activity) in lead.activities.iter().enumerate() {
        at(lead.days - activity.after.unwrap_or(0), 10 + u32::try_from(place).unwrap_or(0), What::Activity(index, place));
    }
    let worked = lead.deal.as_ref().map_or(lead.days / 2, |deal| deal.after - 1).min(lead.days - 1);
    at(lead.days - worked, 14, What::Assess(index));
    for place in 0..lead.signals.len() {
        at(lead.days - worked, 15 + u32::try_from(place).unwrap_or(0), What::Signal(index, place));
    }
    if lead.status.is_some() {
        at(lead.days - worked - 1, 9, What::Qualify(index));
    }
    if lead.disqualify.is_some() {
        at(lead.days - worked - 2, 16, What::Disqualify(index));
    }
    if let Some(deal) = &lead.deal {
        let mut days = lead.days - deal.after;
        at(days, 11, What::Convert(index));
        if deal.competitor.is_some() {
            at(days, 12, What::Compete(index));
        }
        let moves = i64::try_from(deal.stages.len()).unwrap_or(0) + 1;
        let step = deal.within.map_or(days / (moves + 1), |within| within / moves).max(1);
        for place in 0..deal.stages.len() {
            days -= step;
            at(days, 13, What::Move(index, place));
            if let Some(milestone) = milestone_of(&deal.stages[place]) {
                at(days, 14, What::Reach(index, milestone));
            }
        }
        if let Some(offer) = &lead.offer {
            at(days, 14, What::Offer(index));
            if matches!(offer.answer, QuoteStatus::Accepted | QuoteStatus::Rejected) {
                at(days - step, 14, What::Answer(index));
            }
        }
        if deal.won.is_some() {
            at(days - step, 15, What::Win(index));
            at(days - step, 16, What::Reach(index, "CONTRACT_SIGNED"));
            if deal.contract.is_some() {
                at(days - step, 17, What::Contract(index));
            }
        }
        if deal.lost.is_some() {
            at(days - step, 15, What::Lose(index));
        }
    }
}

/// What a deal that comes to a stage has reached on its way to the signature.
fn milestone_of(stage: &str) -> Option<&'static str> {
    match stage {
        "Needs Analysis" => Some("NEED_CONFIRMED"),
        "Negotiation/Review" => Some("PAYMENT_TERMS_AGREED"),
        _ => None,
    }
}

fn add(events: &mut Vec<Event>, now: DateTime<Utc>, days_ago: i64, minutes: u32, what: What) {
    let midnight = now.date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
    // Spread over the seconds, too, so that no two things happen at the same moment.
    let second = u32::try_from(events.len()).unwrap_or(0) % 60;
    let at =
        midnight - TimeDelta::days(days_ago) + TimeDelta::minutes(i64::from(minutes)) + TimeDelta::seconds(i64::from(second));
    events.push(Event { at: at.with_nanosecond(0).unwrap_or(at), what });
}

fn met(note: Option<&String>) -> Option<Json> {
    note.map(|note| match note.as_str() {
        "?" => json!({ "state": "UNKNOWN" }),
        note => json!({ "state": "MET", "note": note }),
    })
}

fn money(amount: Option<&String>, currency: Option<&String>) -> Option<Json> {
    amount.zip(currency).map(|(amount, currency)| json!({ "amount": amount, "currency": currency }))
}

/// Drops what isn't there: an absent field stays as it is, null would clear it.
fn given(mut input: Json) -> Json {
    if let Some(fields) = input.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    json!({ "input": input })
}

impl Demo {
    /// Lets one thing happen.
    pub(super) async fn play(&mut self, data: &Data, event: Event) -> Result<()> {
        match event.what {
            What::Product(index) => self.product(&data.products[index]).await,
            What::Campaign(index) => self.campaign(data, index, event.at).await,
            What::Rate(index) => self.rate(&data.rates[index]).await,
            What::Create(index) => self.create(&data.leads[index], index).await,
            What::Activity(index, place) => self.activity(&data.leads[index], index, place, event.at).await,
            What::Assess(index) => self.assess(&data.leads[index], index).await,
            What::Signal(index, place) => {
                let input = json!({ "id": self.lead(index)?, "kind": data.leads[index].signals[place] });
                self.change(&data.leads[index], "recordBuyingSignal", "RecordBuyingSignalInput", input).await
            }
            What::Qualify(index) => {
                let input = json!({ "id": self.lead(index)? });
                self.change(&data.leads[index], "qualifyLead", "QualifyLeadInput", input).await
            }
            What::Disqualify(index) => self.disqualify(&data.leads[index], index).await,
            What::Convert(index) => self.convert(&data.leads[index], index, event.at).await,
            What::Move(index, place) => {
                let stage = data.leads[index].deal.as_ref().map(|deal| deal.stages[place].clone()).unwrap_or_default();
                let input = json!({ "id": self.id("deal", &index.to_string())?, "stageId": self.id("stage", &stage)? });
                self.change(&data.leads[index], "moveOpportunity", "MoveOpportunityInput", input).await
            }
            What::Compete(index) => {
                let name = data.leads[index].deal.as_ref().and_then(|deal| deal.competitor.as_ref());
                let input = json!({
                    "opportunityId": self.id("deal", &index.to_string())?, "name": name, "incumbent": true,
                    "strengths": "Delivers within four weeks", "weaknesses": "No service of their own",
                });
                self.change(&data.leads[index], "addCompetitor", "AddCompetitorInput", input).await
            }
            What::Reach(index, milestone) => {
                let input = json!({ "opportunityId": self.id("deal", &index.to_string())?, "milestone": milestone });
                self.change(&data.leads[index], "reachMilestone", "ReachMilestoneInput", input).await
            }
            What::Offer(index) => self.offer(&data.leads[index], index, event.at).await,
            What::Answer(index) => self.answer(&data.leads[index], index).await,
            What::Join(index) => self.join(&data.leads[index], index).await,
            What::Contract(index) => self.sign(&data.leads[index], index).await,
            What::Win(index) => {
                let reason = data.leads[index].deal.as_ref().and_then(|deal| deal.won.clone()).unwrap_or_default();
                let input = json!({ "id": self.id("deal", &index.to_string())?, "reasonId": self.id("closeWON", &reason)? });
                self.change(&data.leads[index], "winOpportunity", "WinOpportunityInput", input).await
            }
            What::Lose(index) => {
                let deal = data.leads[index].deal.as_ref();
                let reason = deal.and_then(|deal| deal.lost.clone()).unwrap_or_default();
                let input = json!({
                    "id": self.id("deal", &index.to_string())?, "reasonId": self.id("closeLOST", &reason)?,
                    "lostTo": deal.and_then(|deal| deal.competitor.clone()),
                });
                self.change(&data.leads[index], "loseOpportunity", "LoseOpportunityInput", input).await
            }
        }
    }

    fn lead(&self, index: usize) -> Result<&String> {
        self.id("lead", &index.to_string())
    }

    /// Calls a mutation with one input as the lead's owner.
    async fn change(&self, lead: &Lead, mutation: &str, input_type: &str, input: Json) -> Result<()> {
        let query = format!("mutation($input: {input_type}!) {{ {mutation}(input: $input) {{ userErrors {{ message }} }} }}");
        self.run(lead.owner.as_deref().unwrap_or_default(), &query, given(input)).await.map(drop)
    }

    async fn campaign(&mut self, data: &Data, index: usize, at: DateTime<Utc>) -> Result<()> {
        let campaign = &data.campaigns[index];
        let parent = campaign.parent.as_ref().map(|name| self.id("campaign", name)).transpose()?;
        let starts_on = at.date_naive() + Days::new(10);
        let input = json!({
            "name": campaign.name, "parentId": parent, "channel": campaign.channel, "startsOn": starts_on,
            "endsOn": starts_on + TimeDelta::days(campaign.length),
            "budget": { "amount": campaign.budget, "currency": campaign.currency },
            "cost": { "amount": campaign.cost, "currency": campaign.currency },
        });
        let query = "mutation($input: CreateCampaignInput!) { made: createCampaign(input: $input) { campaign { id } userErrors { message } } }";
        let made = self.run("", query, given(input)).await?;
        self.names.insert(format!("campaign {}", campaign.name), text(&made["made"]["campaign"]["id"]));
        Ok(())
    }

    async fn rate(&self, rate: &Rate) -> Result<()> {
        let valid_from = Utc::now().date_naive() - Days::new(rate.days);
        let input = json!({ "currency": rate.currency, "validFrom": valid_from, "rate": rate.rate });
        let query = "mutation($input: SetExchangeRateInput!) { setExchangeRate(input: $input) { userErrors { message } } }";
        self.run("", query, given(input)).await.map(drop)
    }

    async fn product(&mut self, product: &Product) -> Result<()> {
        let input = json!({
            "name": product.name, "code": product.code, "family": product.family, "description": product.description,
            "prices": product.prices, "active": product.active,
        });
        let query = "mutation($input: CreateProductInput!) { made: createProduct(input: $input) { product { id } userErrors { message } } }";
        let made = self.run("", query, given(input)).await?;
        self.names.insert(format!("product {}", product.code), text(&made["made"]["product"]["id"]));
        Ok(())
    }

    /// Gives a new opportunity its line items.
    async fn sell(&self, lead: &Lead, index: usize, lines: &[Line]) -> Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let mut inputs = Vec::with_capacity(lines.len());
        for line in lines {
            let product = line.product.as_ref().map(|code| self.id("product", code)).transpose()?;
            let price = line.price.as_ref().map(|amount| json!({ "amount": amount }));
            let input = json!({
                "productId": product, "description": line.description, "quantity": line.quantity, "unitPrice": price,
                "discountPercent": line.discount,
            });
            inputs.push(given(input)["input"].take());
        }
        let input = json!({ "opportunityId": self.id("deal", &index.to_string())?, "lineItems": inputs });
        self.change(lead, "addLineItems", "AddLineItemsInput", input).await
    }

    async fn create(&mut self, lead: &Lead, index: usize) -> Result<()> {
        let owner = lead.owner.as_ref().and_then(|email| self.users.get(email)).map(|user| user.id.to_string());
        let campaign = lead.campaign.as_ref().map(|name| self.id("campaign", name)).transpose()?;
        let address = json!({
            "street": lead.street, "postalCode": lead.postal_code, "city": lead.city, "country": lead.country,
        });
        let input = json!({
            "firstName": lead.first, "lastName": lead.last, "company": lead.company, "jobTitle": lead.title,
            "email": lead.email, "phone": lead.phone, "website": lead.website, "description": lead.description,
            "address": address, "rating": lead.rating, "buyingRole": lead.buying_role,
            "sourceId": self.id("source", &lead.source)?, "campaignId": campaign, "ownerId": owner,
        });
        let query =
            "mutation($input: CreateLeadInput!) { made: createLead(input: $input) { lead { id } userErrors { message } } }";
        let made = self.run(lead.owner.as_deref().unwrap_or_default(), query, given(input)).await?;
        self.names.insert(format!("lead {index}"), text(&made["made"]["lead"]["id"]));
        Ok(())
    }

    async fn activity(&mut self, lead: &Lead, index: usize, place: usize, at: DateTime<Utc>) -> Result<()> {
        let activity: &Activity = &lead.activities[place];
        let spoken = matches!(activity.kind, ActivityKind::Call | ActivityKind::Email | ActivityKind::Meeting);
        let end_of_today = Utc::now().date_naive().and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::minutes(24 * 60 - 1);
        let due_at = activity.due.map(|days| end_of_today + TimeDelta::days(days));
        let input = json!({
            "kind": activity.kind, "subject": activity.subject, "outcome": activity.outcome,
            "direction": spoken.then_some("OUTBOUND"), "durationMinutes": activity.minutes,
            "completedAt": activity.after.map(|_| at), "dueAt": due_at, "aboutIds": [self.lead(index)?],
        });
        self.change(lead, "createActivity", "CreateActivityInput", input).await
    }

    async fn assess(&mut self, lead: &Lead, index: usize) -> Result<()> {
        if lead.need.is_none() && lead.budget_amount.is_none() {
            return Ok(());
        }
        let purchase = lead.purchase_in.map(|days| (Utc::now() + TimeDelta::days(days)).date_naive());
        let input = json!({
            "id": self.lead(index)?, "need": met(lead.need.as_ref()), "budget": met(lead.budget.as_ref()),
            "timeline": met(lead.timeline.as_ref()), "authority": met(lead.authority.as_ref()),
            "budgetAmount": money(lead.budget_amount.as_ref(), lead.currency.as_ref()), "expectedPurchaseDate": purchase,
        });
        self.change(lead, "assessLead", "AssessLeadInput", input).await
    }

    async fn disqualify(&mut self, lead: &Lead, index: usize) -> Result<()> {
        let Some(why) = &lead.disqualify else { return Ok(()) };
        let keep = why.keep.then(|| json!({}));
        let input = json!({
            "id": self.lead(index)?, "reasonId": self.id("disqualify", &why.reason)?, "note": why.note, "keep": keep,
        });
        self.change(lead, "disqualifyLead", "DisqualifyLeadInput", input).await
    }

    async fn convert(&mut self, lead: &Lead, index: usize, at: DateTime<Utc>) -> Result<()> {
        let Some(deal) = &lead.deal else { return Ok(()) };
        // The open deals close one after the other over the next months.
        let ahead = 12 + i64::try_from(index).unwrap_or(0) * 23 % 110;
        let close_date = at.date_naive() + TimeDelta::days(lead.days - deal.after + ahead);
        let pipeline = deal.pipeline.as_ref().map(|name| self.id("pipeline", name)).transpose()?;
        let mut opportunity = json!({
            "pipelineId": pipeline,
            "name": deal.name, "amount": money(deal.amount.as_ref(), deal.currency.as_ref()), "closeDate": close_date,
        });
        if let Some(fields) = opportunity.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
        let input = json!({
            "leadId": self.lead(index)?, "withoutOpportunity": deal.none,
            "opportunity": (!deal.none).then_some(opportunity),
        });
        let query = "mutation($input: ConvertLeadInput!) { made: convertLead(input: $input) { opportunity { id } userErrors { message field } } }";
        let made = self.run(lead.owner.as_deref().unwrap_or_default(), query, given(input)).await?;
        self.names.insert(format!("deal {index}"), text(&made["made"]["opportunity"]["id"]));
        self.sell(lead, index, &deal.lines).await
    }

    /// Makes a quote for a deal, and sends it unless it stays a draft.
    async fn offer(&mut self, lead: &Lead, index: usize, at: DateTime<Utc>) -> Result<()> {
        let Some(offer) = &lead.offer else { return Ok(()) };
        let currency = lead.deal.as_ref().and_then(|deal| deal.currency.as_ref());
        let lines = offer.lines.iter().map(|line| {
            json!({
                "description": line.item, "quantity": line.quantity, "unitPrice": money(Some(&line.price), currency),
                "discountPercent": line.discount,
            })
        });
        let input = json!({
            "opportunityId": self.id("deal", &index.to_string())?, "paymentTerms": offer.terms, "notes": offer.notes,
            "expiresOn": at.date_naive() + TimeDelta::days(offer.valid), "lines": lines.collect::<Vec<_>>(),
        });
        let query = "mutation($input: CreateQuoteInput!) { made: createQuote(input: $input) { quote { id } userErrors { message field } } }";
        let made = self.run(lead.owner.as_deref().unwrap_or_default(), query, given(input)).await?;
        self.names.insert(format!("quote {index}"), text(&made["made"]["quote"]["id"]));
        if offer.answer == QuoteStatus::Draft {
            return Ok(());
        }
        self.change(lead, "sendQuote", "QuoteIdInput", json!({ "id": self.id("quote", &index.to_string())? })).await
    }

    /// Lets the customer say yes or no to a quote.
    async fn answer(&self, lead: &Lead, index: usize) -> Result<()> {
        let input = json!({ "id": self.id("quote", &index.to_string())? });
        match lead.offer.as_ref().map(|offer| offer.answer) {
            Some(QuoteStatus::Accepted) => self.change(lead, "acceptQuote", "AcceptQuoteInput", input).await,
            _ => self.change(lead, "rejectQuote", "QuoteIdInput", input).await,
        }
    }

    /// Makes a lead a member of a campaign that it didn't come from.
    async fn join(&self, lead: &Lead, index: usize) -> Result<()> {
        let Some(member) = &lead.member else { return Ok(()) };
        let input = json!({
            "campaignId": self.id("campaign", &member.campaign)?,
            "items": [{ "memberId": self.lead(index)?, "status": member.status }],
        });
        let query = "mutation($input: AddCampaignMembersInput!) { addCampaignMembers(input: $input) { userErrors { message } } }";
        self.run("", query, given(input)).await.map(drop)
    }

    /// Notes the number of the contract in the order that the won deal left.
    async fn sign(&self, lead: &Lead, index: usize) -> Result<()> {
        let deal = json!({ "deal": self.id("deal", &index.to_string())? });
        let query = "query($deal: ID!) { orders(first: 1, filter: { opportunityId: { eq: $deal } }) { nodes { id } } }";
        let orders = self.run("", query, deal).await?;
        let number = lead.deal.as_ref().and_then(|deal| deal.contract.as_ref());
        let input = json!({ "id": orders["orders"]["nodes"][0]["id"], "contractNumber": number });
        self.change(lead, "updateOrder", "UpdateOrderInput", input).await
    }
}

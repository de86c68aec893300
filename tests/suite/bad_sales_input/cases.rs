//! The mutations with an input that is fine and what their fields take.

use std::collections::BTreeMap;

use serde_json::json;

use super::Case;
use super::Takes::{
    Country, Currency, Day, Id, Key, Language, Long, Moment, Money, Name, Origin, PastDay, Percent, Quantity, Rate, Short,
    Something, Version, Website, Whole, Word, Zone,
};

/// What is said about pipelines, products and prices, and the workspace.
pub fn lists(known: &BTreeMap<&'static str, String>) -> Vec<Case> {
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
pub fn sales(known: &BTreeMap<&'static str, String>) -> Vec<Case> {
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
pub fn work(known: &BTreeMap<&'static str, String>) -> Vec<Case> {
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

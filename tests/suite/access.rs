//! Who may do what: for every field of Query and Mutation, what happens without signing in and as a VIEWER. A field that
//! isn't listed here fails the test.

use std::collections::BTreeMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
use leadgraph::graphql::schema::sdl;
use serde_json::json;

use crate::harness::TestServer;

const QUERIES: &[(&str, &str)] = &[
    ("viewer", "viewer { id }"),
    ("workspace", "workspace { id history { totalCount } }"),
    ("node", "node(id: \"lead_00000000000000000000000000\") { id }"),
    ("nodes", "nodes(ids: [\"lead_00000000000000000000000000\"]) { id }"),
    ("lead", "lead(id: \"lead_00000000000000000000000000\") { id }"),
    ("leads", "leads { totalCount }"),
    ("contact", "contact(id: \"contact_00000000000000000000000000\") { id }"),
    ("contacts", "contacts { totalCount }"),
    ("account", "account(id: \"account_00000000000000000000000000\") { id }"),
    ("accounts", "accounts { totalCount }"),
    ("opportunity", "opportunity(id: \"opportunity_00000000000000000000000000\") { id }"),
    ("opportunities", "opportunities { totalCount }"),
    ("order", "order(id: \"order_00000000000000000000000000\") { id }"),
    ("orders", "orders { totalCount }"),
    ("quote", "quote(id: \"quote_00000000000000000000000000\") { id }"),
    ("quotes", "quotes { totalCount }"),
    ("leadSources", "leadSources { id }"),
    ("disqualificationReasons", "disqualificationReasons { id }"),
    ("closeReasons", "closeReasons { id }"),
    ("pipelines", "pipelines { id }"),
    ("activity", "activity(id: \"activity_00000000000000000000000000\") { id }"),
    ("activities", "activities { totalCount }"),
    ("myTasks", "myTasks { totalCount }"),
    ("overdueFollowUps", "overdueFollowUps { totalCount }"),
    ("campaign", "campaign(id: \"campaign_00000000000000000000000000\") { id }"),
    ("campaigns", "campaigns { id }"),
    ("exchangeRate", "exchangeRate(currency: \"EUR\") { id }"),
    ("exchangeRates", "exchangeRates { totalCount }"),
    ("product", "product(id: \"product_00000000000000000000000000\") { id }"),
    ("products", "products { totalCount }"),
    ("assignmentRuleSets", "assignmentRuleSets { id }"),
    ("assignmentDryRun", "assignmentDryRun(ruleSetId: \"assignment_rule_set_00000000000000000000000000\") { counts { count } }"),
    ("intakeForms", "intakeForms { id }"),
    ("users", "users { id }"),
    ("teams", "teams { id }"),
    ("opportunitiesAggregate", "opportunitiesAggregate { total { count } }"),
    ("leadsAggregate", "leadsAggregate { total { count } }"),
    ("activitiesAggregate", "activitiesAggregate { total { count } }"),
    ("accountsAggregate", "accountsAggregate { total { count } }"),
    ("contactsAggregate", "contactsAggregate { total { count } }"),
    ("campaignsAggregate", "campaignsAggregate { total { count } }"),
    ("exchangeRatesAggregate", "exchangeRatesAggregate { total { count } }"),
    ("myTasksAggregate", "myTasksAggregate { total { count } }"),
    ("ordersAggregate", "ordersAggregate { total { count } }"),
    ("overdueFollowUpsAggregate", "overdueFollowUpsAggregate { total { count } }"),
    ("productsAggregate", "productsAggregate { total { count } }"),
    ("quotesAggregate", "quotesAggregate { total { count } }"),
    ("reports", "reports { pipeline { total { count } } }"),
    ("search", "search(query: \"x\") { nodes { __typename } }"),
    (
        "leadConversionPreview",
        "leadConversionPreview(input: {leadId: \"lead_00000000000000000000000000\"}) { activitiesCarriedOver }",
    ),
];

/// Mutations that take the id of a record of their own kind, and what else they need.
const ON_A_RECORD: &[(&str, &str, &str)] = &[
    ("updateLead", "lead", ""),
    ("deleteLead", "lead", ""),
    ("restoreLead", "lead", ""),
    ("assignLead", "lead", ""),
    ("claimLead", "lead", ""),
    ("releaseLead", "lead", ""),
    ("setLeadStatus", "lead", "status: WORKING_CONTACTED"),
    ("assessLead", "lead", ""),
    ("recordBuyingSignal", "lead", "kind: MEETING_AGREED"),
    ("qualifyLead", "lead", ""),
    ("disqualifyLead", "lead", "reasonId: \"disqualification_reason_00000000000000000000000000\""),
    ("reopenLead", "lead", ""),
    ("revertLeadConversion", "lead", ""),
    ("updateAccount", "account", ""),
    ("deleteAccount", "account", ""),
    ("restoreAccount", "account", ""),
    ("updateContact", "contact", ""),
    ("deleteContact", "contact", ""),
    ("restoreContact", "contact", ""),
    ("updateOpportunity", "opportunity", ""),
    ("deleteOpportunity", "opportunity", ""),
    ("restoreOpportunity", "opportunity", ""),
    ("moveOpportunity", "opportunity", "stageId: \"stage_00000000000000000000000000\""),
    ("winOpportunity", "opportunity", ""),
    ("loseOpportunity", "opportunity", "reasonId: \"close_reason_00000000000000000000000000\""),
    ("reopenOpportunity", "opportunity", "stageId: \"stage_00000000000000000000000000\""),
    ("updateCompetitor", "competitor", ""),
    ("removeCompetitor", "competitor", ""),
    ("updateOrder", "order", ""),
    ("updateQuote", "quote", ""),
    ("discardQuote", "quote", ""),
    ("reviseQuote", "quote", ""),
    ("sendQuote", "quote", ""),
    ("acceptQuote", "quote", ""),
    ("rejectQuote", "quote", ""),
    ("updateActivity", "activity", ""),
    ("completeActivity", "activity", ""),
    ("reopenActivity", "activity", ""),
    ("addActivitySubjects", "activity", "aboutIds: [\"lead_00000000000000000000000000\"]"),
    ("removeActivitySubjects", "activity", "aboutIds: [\"lead_00000000000000000000000000\"]"),
    ("updateCampaignMember", "campaign_member", ""),
    ("removeCampaignMember", "campaign_member", ""),
    ("deleteActivity", "activity", ""),
    ("restoreActivity", "activity", ""),
    ("updateCampaign", "campaign", ""),
    ("deleteExchangeRate", "exchange_rate", ""),
    ("setLeadSourceCost", "lead_source", "cost: null"),
    ("updateProduct", "product", ""),
    ("deleteProduct", "product", ""),
    ("updateLineItem", "line_item", ""),
    ("removeLineItem", "line_item", ""),
    ("updateAssignmentRuleSet", "assignment_rule_set", ""),
    ("deleteAssignmentRuleSet", "assignment_rule_set", ""),
    ("activateAssignmentRuleSet", "assignment_rule_set", ""),
    ("deactivateAssignmentRuleSet", "assignment_rule_set", ""),
    ("updateIntakeForm", "intake_form", ""),
    ("rotateIntakeFormKey", "intake_form", ""),
    ("updateLeadSource", "lead_source", ""),
    ("updateUser", "user", "role: ADMIN"),
    ("updateTeam", "team", "name: \"x\""),
    ("updateCloseReason", "close_reason", "name: \"x\""),
    ("updateDisqualificationReason", "disqualification_reason", "name: \"x\""),
    ("deleteLeadSource", "lead_source", ""),
    ("deleteCloseReason", "close_reason", ""),
    ("deleteDisqualificationReason", "disqualification_reason", ""),
    ("updatePipeline", "pipeline", "name: \"x\""),
    ("makePipelineDefault", "pipeline", ""),
    ("deletePipeline", "pipeline", ""),
    ("updateStage", "stage", "name: \"x\""),
    ("deleteStage", "stage", ""),
    ("replaceStage", "stage", "replacementId: \"stage_00000000000000000000000000\""),
];

/// All other mutations, with their input.
const OTHER_MUTATIONS: &[(&str, &str)] = &[
    ("createLead", "lastName: \"x\""),
    ("createAccount", "name: \"x\""),
    ("createContact", "lastName: \"x\""),
    ("createOpportunity", "name: \"x\", accountId: \"account_00000000000000000000000000\", closeDate: \"2026-03-31\""),
    ("createQuote", "opportunityId: \"opportunity_00000000000000000000000000\""),
    ("createActivity", "kind: NOTE, subject: \"x\", aboutIds: [\"lead_00000000000000000000000000\"]"),
    ("createCampaign", "name: \"x\""),
    ("createProduct", "name: \"x\""),
    ("addLineItems", "opportunityId: \"opportunity_00000000000000000000000000\", lineItems: []"),
    ("setLineItems", "opportunityId: \"opportunity_00000000000000000000000000\", lineItems: []"),
    ("reorderLineItems", "opportunityId: \"opportunity_00000000000000000000000000\", lineItemIds: []"),
    (
        "addCampaignMembers",
        "campaignId: \"campaign_00000000000000000000000000\", items: [{memberId: \"lead_00000000000000000000000000\"}]",
    ),
    ("createAssignmentRuleSet", "name: \"x\", rules: []"),
    ("applyAssignmentRules", "filter: {}"),
    ("createIntakeForm", "name: \"x\""),
    ("createLeadSource", "name: \"x\""),
    ("createCloseReason", "name: \"x\", category: LOST"),
    ("createDisqualificationReason", "name: \"x\""),
    ("setExchangeRate", "currency: \"EUR\", rate: \"1\""),
    ("createTeam", "name: \"x\""),
    ("reorderLeadSources", "ids: []"),
    ("reorderDisqualificationReasons", "ids: []"),
    ("reorderCloseReasons", "category: LOST, ids: []"),
    ("updateWorkspace", "timeZone: \"UTC\""),
    ("createPipeline", "name: \"x\", stages: []"),
    ("reorderPipelines", "ids: []"),
    ("createStage", "pipelineId: \"pipeline_00000000000000000000000000\", name: \"x\""),
    ("reorderStages", "pipelineId: \"pipeline_00000000000000000000000000\", ids: []"),
    (
        "setContactRole",
        "opportunityId: \"opportunity_00000000000000000000000000\", contactId: \"contact_00000000000000000000000000\"",
    ),
    (
        "removeContactRole",
        "opportunityId: \"opportunity_00000000000000000000000000\", contactId: \"contact_00000000000000000000000000\"",
    ),
    ("createUser", "name: \"x\", email: \"x@example.com\", password: \"long enough to do\", role: VIEWER"),
    ("convertLead", "leadId: \"lead_00000000000000000000000000\""),
    ("convertLeads", "items: [{leadId: \"lead_00000000000000000000000000\"}]"),
    ("addCompetitor", "opportunityId: \"opportunity_00000000000000000000000000\", name: \"x\""),
    ("reachMilestone", "opportunityId: \"opportunity_00000000000000000000000000\", milestone: CONTRACT_SENT"),
    ("clearMilestone", "opportunityId: \"opportunity_00000000000000000000000000\", milestone: CONTRACT_SENT"),
    ("createLeads", "items: [{lastName: \"x\"}]"),
    ("updateLeads", "items: [{id: \"lead_00000000000000000000000000\"}]"),
    ("assignLeads", "items: [{id: \"lead_00000000000000000000000000\"}]"),
    ("deleteLeads", "items: [{id: \"lead_00000000000000000000000000\"}]"),
    ("restoreLeads", "items: [{id: \"lead_00000000000000000000000000\"}]"),
    ("createContacts", "items: [{lastName: \"x\"}]"),
    ("updateContacts", "items: [{id: \"contact_00000000000000000000000000\"}]"),
    ("assignContacts", "items: [{id: \"contact_00000000000000000000000000\"}]"),
    ("deleteContacts", "items: [{id: \"contact_00000000000000000000000000\"}]"),
    ("restoreContacts", "items: [{id: \"contact_00000000000000000000000000\"}]"),
    ("createAccounts", "items: [{name: \"x\"}]"),
    ("updateAccounts", "items: [{id: \"account_00000000000000000000000000\"}]"),
    ("assignAccounts", "items: [{id: \"account_00000000000000000000000000\"}]"),
    ("deleteAccounts", "items: [{id: \"account_00000000000000000000000000\"}]"),
    ("restoreAccounts", "items: [{id: \"account_00000000000000000000000000\"}]"),
    (
        "createOpportunities",
        "items: [{name: \"x\", accountId: \"account_00000000000000000000000000\", closeDate: \"2026-03-31\"}]",
    ),
    ("updateOpportunities", "items: [{id: \"opportunity_00000000000000000000000000\"}]"),
    ("assignOpportunities", "items: [{id: \"opportunity_00000000000000000000000000\"}]"),
    ("deleteOpportunities", "items: [{id: \"opportunity_00000000000000000000000000\"}]"),
    ("restoreOpportunities", "items: [{id: \"opportunity_00000000000000000000000000\"}]"),
    ("createActivities", "items: [{kind: NOTE, subject: \"x\", aboutIds: [\"lead_00000000000000000000000000\"]}]"),
    ("completeActivities", "items: [{id: \"activity_00000000000000000000000000\"}]"),
];

/// Who isn't signed in may sign in and out, and nothing else.
const OPEN_TO_ALL: &[&str] = &["signIn", "signOut"];

#[tokio::test]
async fn every_query_wants_a_sign_in_and_lets_everybody_read() {
    let calls: BTreeMap<&str, String> = QUERIES.iter().map(|(name, call)| (*name, format!("{{ {call} }}"))).collect();
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    for field in listed("Query", &calls, &[]) {
        let call = &calls[field.as_str()];
        assert_eq!(server.graphql(None, call, json!({})).await.codes(), ["UNAUTHENTICATED"], "{call}");
        let answer = server.graphql(&viewer, call, json!({})).await;
        // The preview of a lead that isn't there says so.
        assert!(answer.codes().iter().all(|code| *code == "BAD_USER_INPUT"), "{call}: {}", answer.text);
        assert!(field == "leadConversionPreview" || answer.codes().is_empty(), "{call}: {}", answer.text);
    }
}

#[tokio::test]
async fn every_mutation_wants_a_sign_in_and_refuses_a_viewer() {
    let on_a_record =
        ON_A_RECORD.iter().map(|(name, kind, more)| (*name, format!("id: \"{kind}_00000000000000000000000000\", {more}")));
    let others = OTHER_MUTATIONS.iter().map(|(name, input)| (*name, (*input).to_owned()));
    let calls: BTreeMap<&str, String> = on_a_record
        .chain(others)
        .map(|(name, input)| (name, format!("mutation {{ {name}(input: {{{input}}}) {{ userErrors {{ code }} }} }}")))
        .collect();
    let server = TestServer::start().await;
    let viewer = server.viewer().await;
    for field in listed("Mutation", &calls, OPEN_TO_ALL) {
        let Some(call) = calls.get(field.as_str()) else { continue };
        assert_eq!(server.graphql(None, call, json!({})).await.codes(), ["UNAUTHENTICATED"], "{call}");
        let answer = server.graphql(&viewer, call, json!({})).await;
        assert_eq!(answer.codes(), ["FORBIDDEN"], "{call}: {}", answer.text);
    }
}

/// The fields of a root type, each of which has a call or is an exception.
fn listed(root: &str, calls: &BTreeMap<&str, String>, exceptions: &[&str]) -> Vec<String> {
    let definitions = parse_schema(sdl()).unwrap().definitions.into_iter();
    let fields = definitions
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(ty) if ty.node.name.node == root => Some(ty.node.kind),
            _ => None,
        })
        .flat_map(|kind| match kind {
            TypeKind::Object(object) => object.fields,
            _ => Vec::new(),
        });
    let fields: Vec<String> = fields.map(|field| field.node.name.node.to_string()).collect();
    assert!(!fields.is_empty());
    let missing: Vec<&String> =
        fields.iter().filter(|field| !calls.contains_key(field.as_str()) && !exceptions.contains(&field.as_str())).collect();
    assert!(missing.is_empty(), "list these fields of {root} in tests/suite/access.rs: {missing:?}");
    let stale: Vec<_> = calls.keys().filter(|name| fields.iter().all(|field| field != *name)).collect();
    assert!(stale.is_empty(), "{root} no longer has these fields: {stale:?}");
    fields
}

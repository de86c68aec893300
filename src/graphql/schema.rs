//! The schema's root: what the domains offer, put together, and what one request may ask for.

use std::sync::{Arc, LazyLock};

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{EmptySubscription, MergedObject, Request, SchemaBuilder, ServerError, ValidationMode};
use futures_util::FutureExt;

use super::node::NodeQuery;
use super::omitted;
use crate::app::App;
use crate::auth::throttle::SignInThrottle;
use crate::domains::account::{bulk::AccountBulkMutation, mutation::AccountMutation, query::AccountQuery};
use crate::domains::activity::{bulk::ActivityBulkMutation, mutation::ActivityMutation, query::ActivityQuery};
use crate::domains::assignment::{mutation::AssignmentMutation, query::AssignmentQuery};
use crate::domains::campaign::{mutation::CampaignMutation, query::CampaignQuery};
use crate::domains::campaign_member::mutation::CampaignMemberMutation;
use crate::domains::contact::{bulk::ContactBulkMutation, mutation::ContactMutation, query::ContactQuery};
use crate::domains::conversion::{mutation::ConversionMutation, query::ConversionQuery};
use crate::domains::exchange_rate::{mutation::ExchangeRateMutation, query::ExchangeRateQuery};
use crate::domains::intake::{mutation::IntakeMutation, query::IntakeQuery};
use crate::domains::lead::{bulk::LeadBulkMutation, mutation::LeadMutation, query::LeadQuery};
use crate::domains::line_item::mutation::LineItemMutation;
use crate::domains::opportunity::{
    bulk::OpportunityBulkMutation, mutation::OpportunityMutation, part_mutation::OpportunityPartMutation, query::OpportunityQuery,
};
use crate::domains::order::{mutation::OrderMutation, query::OrderQuery};
use crate::domains::pipeline::{mutation::PipelineMutation, query::PipelineQuery};
use crate::domains::product::{mutation::ProductMutation, query::ProductQuery};
use crate::domains::quote::{mutation::QuoteMutation, query::QuoteQuery};
use crate::domains::user::{mutation::UserMutation, query::UserQuery};
use crate::domains::workspace::source_cost::SourceCostMutation;
use crate::domains::workspace::{mutation::WorkspaceMutation, query::WorkspaceQuery};
use crate::reports::aggregates::query::AggregateQuery;
use crate::reports::query::ReportQuery;
use crate::search::query::SearchQuery;

/// Reading.
#[derive(Default, MergedObject)]
pub struct Query(
    NodeQuery,
    AccountQuery,
    ActivityQuery,
    AggregateQuery,
    AssignmentQuery,
    CampaignQuery,
    ContactQuery,
    ConversionQuery,
    ExchangeRateQuery,
    IntakeQuery,
    LeadQuery,
    OpportunityQuery,
    OrderQuery,
    PipelineQuery,
    ProductQuery,
    QuoteQuery,
    ReportQuery,
    SearchQuery,
    UserQuery,
    WorkspaceQuery,
);

/// Changing. Every mutation takes one `input` and answers a payload with `userErrors`: a payload that has some changed nothing.
#[derive(Default, MergedObject)]
pub struct Mutation(
    AccountBulkMutation,
    AccountMutation,
    ActivityBulkMutation,
    ActivityMutation,
    AssignmentMutation,
    CampaignMemberMutation,
    CampaignMutation,
    ContactBulkMutation,
    ContactMutation,
    ConversionMutation,
    ExchangeRateMutation,
    IntakeMutation,
    LeadBulkMutation,
    LeadMutation,
    LineItemMutation,
    OpportunityBulkMutation,
    OpportunityMutation,
    OpportunityPartMutation,
    OrderMutation,
    PipelineMutation,
    ProductMutation,
    QuoteMutation,
    SourceCostMutation,
    UserMutation,
    WorkspaceMutation,
);

/// The schema.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// What one request may ask for.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How deep selections may be nested.
    pub depth: usize,
    /// The sum over all fields, where a list counts its page size times what it holds.
    pub complexity: usize,
    /// How many aliases a request may have.
    pub aliases: usize,
    /// How many directives a field may have.
    pub directives: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 15, complexity: 50_000, aliases: 100, directives: 20 }
    }
}

/// The schema that serves requests, twice.
#[derive(Clone)]
pub struct Schemas {
    /// Validates every document.
    pub strict: Schema,
    /// The other one, which is made when it is needed first: it takes some MiB.
    fast: Arc<LazyLock<Schema, Box<dyn FnOnce() -> Schema + Send>>>,
}

impl Schemas {
    /// Builds the schema.
    pub fn serving(app: &App, limits: Limits) -> Self {
        let (app, throttle) = (app.clone(), SignInThrottle::default());
        let build = move |mode| limited(limits).data(app.clone()).data(throttle.clone()).validation_mode(mode);
        let strict = build(ValidationMode::Strict).finish();
        // The library looks at all types for federated ones, for each field of the query, unless it knows that there may be some. No
        // document that asks for those fits the strict schema.
        let fast = move || build(ValidationMode::Fast).enable_federation().finish();
        Self { strict, fast: Arc::new(LazyLock::new(Box::new(fast))) }
    }

    /// Looks only at what depends on the values of variables, which is how much is asked for: for documents that are known to fit the
    /// schema.
    pub fn fast(&self) -> &Schema {
        &self.fast
    }
}

/// Builds the schema that validates every document.
pub fn serving(app: App, limits: Limits) -> Schema {
    limited(limits).data(app).data(SignInThrottle::default()).finish()
}

/// Validates documents without carrying them out.
pub struct Validator(Schema);

impl Validator {
    /// Validates against the schema and these limits.
    pub fn new(limits: Limits) -> Self {
        Self(limited(limits).finish())
    }

    /// What stands against carrying out this document, with pages as small as they get.
    pub fn validate(&self, document: &ExecutableDocument) -> Vec<ServerError> {
        // No operation has this name. The library looks for it after it has validated the document, and before it does anything.
        const NONE: &str = "*";
        let variables = omitted::smallest_pages(document);
        let mut request = Request::new("").variables(variables).operation_name(NONE);
        request.set_parsed_query(document.clone());
        let response = self.0.execute(request).now_or_never().unwrap_or_default();
        let is_end = |error: &ServerError| error.message == format!("Unknown operation named \"{NONE}\"");
        response.errors.into_iter().filter(|error| !is_end(error)).collect()
    }
}

fn limited(limits: Limits) -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    builder()
        .limit_depth(limits.depth)
        .limit_complexity(limits.complexity)
        .limit_aliases(limits.aliases)
        .limit_directives(limits.directives)
}

/// The schema as SDL, as `leadgraph schema` prints it.
pub fn sdl() -> String {
    let options =
        async_graphql::SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items().include_specified_by();
    builder().finish().sdl_with_options(options)
}

fn builder() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
}

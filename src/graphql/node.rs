//! Records by id, whatever their kind.

use async_graphql::{Context, ID, Interface, Object};
use entity::{Identified, LineItemId, id::parse_any};

use super::context::{actor, app};
use super::loaders;
use crate::domains::account::types::Account;
use crate::domains::activity::types::Activity;
use crate::domains::assignment::types::AssignmentRuleSet;
use crate::domains::campaign::types::Campaign;
use crate::domains::campaign_member::types::CampaignMember;
use crate::domains::contact::types::Contact;
use crate::domains::exchange_rate::types::ExchangeRate;
use crate::domains::intake::types::IntakeForm;
use crate::domains::lead::types::Lead;
use crate::domains::line_item::types::LineItem;
use crate::domains::opportunity::types::Opportunity;
use crate::domains::order::types::Order;
use crate::domains::pipeline::types::{Pipeline, Stage};
use crate::domains::product::types::Product;
use crate::domains::quote::types::Quote;
use crate::domains::user::types::{Team, User};
use crate::domains::workspace::settings::types::Workspace;
use crate::domains::workspace::types::{CloseReason, DisqualificationReason, LeadSource};
use crate::error::{Error, Result};

/// Anything that has an id.
#[derive(Clone, Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "A prefixed, sortable id, for example `lead_01jqz…`: unique over all kinds."))]
pub enum Node {
    /// An account.
    Account(Account),
    /// A call, e-mail, meeting, task or note.
    Activity(Activity),
    /// A set of rules by which leads are handed out.
    AssignmentRuleSet(AssignmentRuleSet),
    /// A campaign.
    Campaign(Campaign),
    /// A membership of a campaign.
    CampaignMember(CampaignMember),
    /// A reason for closing an opportunity.
    CloseReason(CloseReason),
    /// A contact.
    Contact(Contact),
    /// A reason for disqualifying a lead.
    DisqualificationReason(DisqualificationReason),
    /// An exchange rate.
    ExchangeRate(ExchangeRate),
    /// A form whose posts become leads.
    IntakeForm(IntakeForm),
    /// A lead.
    Lead(Lead),
    /// A lead source.
    LeadSource(LeadSource),
    /// A line item of an opportunity.
    LineItem(LineItem),
    /// An opportunity.
    Opportunity(Opportunity),
    /// An order.
    Order(Order),
    /// A pipeline.
    Pipeline(Pipeline),
    /// A product.
    Product(Product),
    /// A quote.
    Quote(Quote),
    /// A stage of a pipeline.
    Stage(Stage),
    /// A team.
    Team(Team),
    /// A user.
    User(User),
    /// The workspace.
    Workspace(Workspace),
}

/// How many ids `nodes` takes.
const MOST_IDS: usize = 200;

/// Records by id, whatever their kind.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// A record of any kind by its id; null where there is none that you may see.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "The record's id.")] id: ID) -> Option<Result<Node>> {
        match actor(ctx) {
            Ok(_) => find(ctx, &id).await.transpose(),
            Err(error) => Some(Err(error)),
        }
    }

    /// Records of any kind by their ids, in the order of the ids, with null where there is none that you may see. At most 200.
    #[graphql(complexity = "ids.len() * child_complexity + 1")]
    async fn nodes(&self, ctx: &Context<'_>, #[graphql(desc = "The records' ids.")] ids: Vec<ID>) -> Result<Vec<Option<Node>>> {
        actor(ctx)?;
        if ids.len() > MOST_IDS {
            return Err(Error::bad_input(format!("`nodes` takes at most {MOST_IDS} ids, not {}.", ids.len())));
        }
        futures_util::future::try_join_all(ids.iter().map(|id| find(ctx, id))).await
    }
}

async fn find(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    let Some((prefix, uuid)) = parse_any(id) else {
        return Err(Error::bad_input("This is no id of a record: it should look like lead_01jqz3w8d2e5tbn0r8x4c6v7mk."));
    };
    macro_rules! by_prefix {
        ($($table:ident => $kind:ident),* $(,)?) => {
            match prefix.as_str() {
                $(<entity::$table::Entity as Identified>::PREFIX => {
                    Ok(loaders::optional(ctx, Some(entity::Id::<entity::$table::Entity>::new(uuid))).await?.map($kind).map(Node::$kind))
                })*
                // Those of deleted opportunities are not seen either.
                <entity::line_item::Entity as Identified>::PREFIX => {
                    let Some(line) = loaders::whole(ctx, LineItemId::new(uuid)).await? else { return Ok(None) };
                    let opportunity = loaders::whole(ctx, line.opportunity_id).await?;
                    Ok(opportunity.map(|_| Node::LineItem(LineItem(line))))
                }
                <entity::workspace::Entity as Identified>::PREFIX => {
                    let workspace = app(ctx)?.workspace();
                    Ok((workspace.record_id().uuid() == uuid).then_some(Node::Workspace(Workspace(workspace))))
                }
                other => Err(Error::bad_input(format!("There are no records whose ids start with `{other}_`."))),
            }
        };
    }
    by_prefix!(
        account => Account,
        activity => Activity,
        assignment_rule_set => AssignmentRuleSet,
        campaign => Campaign,
        campaign_member => CampaignMember,
        close_reason => CloseReason,
        contact => Contact,
        disqualification_reason => DisqualificationReason,
        exchange_rate => ExchangeRate,
        intake_form => IntakeForm,
        lead => Lead,
        lead_source => LeadSource,
        opportunity => Opportunity,
        order => Order,
        pipeline => Pipeline,
        product => Product,
        quote => Quote,
        stage => Stage,
        team => Team,
        user => User,
    )
}

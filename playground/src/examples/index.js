// The examples of the playground, in the order in which they can be run one after the other: a lead comes in, is
// claimed, worked, qualified and converted, a deal is quoted and won, and the reports tell of it. Both front ends (GraphiQL and the simple one) read this file, so it uses
// no more than what a browser understands.
//
// An example is the operation in `<id>.graphql`. Where it needs variables, `find` names a query that looks for suitable
// records first, and `variables` makes them of its answer, so that nobody has to copy ids.

/** There is no record that this example could work on; the message says what to run first. */
export class NothingSuitable extends Error {}

const DAY = 24 * 60 * 60 * 1000;
const day = (offset) => new Date(Date.now() + offset * DAY).toISOString().slice(0, 10);
const minutesAgo = (minutes) => new Date(Date.now() - minutes * 60 * 1000).toISOString();
const idempotencyKey = () => `playground-${Date.now()}`;

/** One's own records come first: a seller may change no others. */
const candidates = ({ mine, others }) => [...mine.nodes, ...others.nodes];

function first(list, advice, suits = () => true) {
  const found = list.find(suits);
  if (!found) throw new NothingSuitable(advice);
  return found;
}

const NO_LEAD = "There is no suitable lead. Run “Create a lead” and “Claim a lead” first.";
const NO_ACCOUNT = "There is no account yet. Run “Create an account” first.";
const NO_PRODUCT = "The catalogue is empty: create a product first.";
const NO_OPEN_DEAL = "There is no suitable open deal. Run “Create a deal” first.";

const leadId = (found) => first(candidates(found), NO_LEAD).id;
const account = (found) => first(candidates(found), NO_ACCOUNT);
const openDeal = (found) => first(candidates(found), NO_OPEN_DEAL);
const reason = (list, category) =>
  first(list, "The workspace's list of reasons is empty.", (each) => each.active && each.category === category).id;

/** The open stage after the one that the deal is in, or any other where it is the last. */
function nextStage({ stage, pipeline }) {
  const open = pipeline.stages.filter((each) => each.category === "OPEN").sort((a, b) => a.position - b.position);
  const next = open[open.findIndex((each) => each.id === stage.id) + 1] ?? open[0];
  return next && next.id !== stage.id ? next : null;
}

export const groups = [
  {
    title: "Leads come in",
    examples: [
      { id: "viewer", title: "Who am I" },
      { id: "lead-inbox", title: "Lead inbox" },
      { id: "lead-pool", title: "Leads without an owner" },
      { id: "intake-forms", title: "Forms on your website" },
      {
        id: "create-lead",
        title: "Create a lead",
        find: "lead-source",
        variables: ({ leadSources }) => ({
          input: {
            idempotencyKey: idempotencyKey(),
            firstName: "Ingrid",
            lastName: "Solheim",
            jobTitle: "Head of Procurement",
            company: "Fjordlys Energi",
            email: "ingrid.solheim@fjordlys.example",
            phone: "+47 22 12 34 56",
            website: "https://fjordlys.example",
            address: { city: "Oslo", country: "NO" },
            rating: "WARM",
            buyingRole: "ECONOMIC_BUYER",
            sourceId: leadSources.find((source) => source.active)?.id,
          },
        }),
      },
      {
        id: "create-leads",
        title: "Create many leads",
        variables: () => ({
          input: {
            items: [
              { firstName: "Mai", lastName: "Trần", company: "Sao Biển Foods" },
              { firstName: "Nobody" },
              { lastName: "García", company: "Frutas del Sur" },
            ],
          },
        }),
      },
      {
        id: "assignment-dry-run",
        title: "Try assignment rules",
        find: "assignment-rule-set",
        variables: ({ assignmentRuleSets }) => ({
          ruleSetId: first(assignmentRuleSets, "There are no assignment rules yet: create a rule set first.").id,
        }),
      },
    ],
  },
  {
    title: "Work and qualify a lead",
    examples: [
      {
        id: "claim-lead",
        title: "Claim a lead",
        find: "pool-lead",
        variables: ({ leads }) => ({
          input: { id: first(leads.nodes, "The pool is empty. Run “Create a lead” first.").id },
        }),
      },
      {
        id: "record-activity",
        title: "Record a call",
        find: "open-lead",
        variables: (found) => ({
          input: {
            kind: "CALL",
            direction: "OUTBOUND",
            subject: "First call",
            body: "Asked what they use today and what troubles them.",
            outcome: "Interested, wants an offer",
            completedAt: minutesAgo(20),
            durationMinutes: 15,
            aboutIds: [leadId(found)],
          },
        }),
      },
      { id: "lead", title: "One lead, everything about it", find: "open-lead", variables: (found) => ({ id: leadId(found) }) },
      {
        id: "assess-lead",
        title: "Assess a lead",
        find: "open-lead",
        variables: (found) => ({
          input: {
            id: leadId(found),
            need: { state: "MET", note: "Replaces three spreadsheets" },
            budget: { state: "MET" },
            authority: { state: "UNKNOWN", note: "The board decides in spring" },
            budgetAmount: { amount: "24000" },
          },
        }),
      },
      {
        id: "record-buying-signal",
        title: "Record a buying signal",
        find: "open-lead",
        variables: (found) => ({ input: { id: leadId(found), kind: "MEETING_AGREED", note: "A demonstration next week" } }),
      },
      {
        id: "qualify-lead",
        title: "Qualify a lead",
        find: "unqualified-lead",
        variables: (found) => ({
          input: {
            id: leadId(found),
            need: { state: "MET", note: "Replaces three spreadsheets" },
            budget: { state: "MET", note: "Approved for this year" },
            timeline: { state: "MET", note: "Wants to start this quarter" },
            expectedPurchaseDate: day(60),
          },
        }),
      },
    ],
  },
  {
    title: "Convert a lead",
    examples: [
      {
        id: "conversion-preview",
        title: "Preview a conversion",
        find: "open-lead",
        variables: (found) => ({ input: { leadId: leadId(found) } }),
      },
      {
        id: "conversion-preview-duplicates",
        title: "Preview with likely duplicates",
        find: "lead-with-duplicates",
        variables: ({ leads }) => {
          const matched = leads.nodes.find((lead) => lead.duplicates.some((match) => match.record.__typename !== "Lead"));
          return { input: { leadId: (matched ?? first(leads.nodes, NO_LEAD)).id } };
        },
      },
      {
        id: "convert-lead",
        title: "Convert a lead",
        find: "open-lead",
        variables: (found) => ({ input: { idempotencyKey: idempotencyKey(), leadId: leadId(found) } }),
      },
      {
        id: "revert-conversion",
        title: "Revert a conversion",
        find: "converted-lead",
        variables: (found) => ({
          input: {
            id: first(
              candidates(found),
              "No conversion can be reverted: run “Convert a lead” first.",
              (lead) => lead.conversion?.revertible,
            ).id,
          },
        }),
      },
    ],
  },
  {
    title: "Close a lead and look back",
    examples: [
      {
        id: "disqualify-lead",
        title: "Disqualify a lead",
        find: "open-lead",
        variables: (found) => ({
          input: {
            id: leadId(found),
            reasonId: first(found.disqualificationReasons, "The workspace's list of reasons is empty.", (each) => each.active).id,
            note: "The budget moved to next year",
          },
        }),
      },
      {
        id: "reopen-lead",
        title: "Reopen a lead",
        find: "disqualified-lead",
        variables: (found) => ({
          input: { id: first(candidates(found), "No lead is disqualified. Run “Disqualify a lead” first.").id },
        }),
      },
      { id: "lead-history", title: "History of a lead", find: "open-lead", variables: (found) => ({ id: leadId(found) }) },
    ],
  },
  {
    title: "Accounts and contacts",
    examples: [
      {
        id: "create-account",
        title: "Create an account",
        variables: () => ({
          input: {
            idempotencyKey: idempotencyKey(),
            name: "Café Étoile",
            kind: "BUSINESS",
            industry: "Hospitality",
            website: "https://cafe-etoile.example",
            address: { city: "Lyon", country: "FR" },
          },
        }),
      },
      {
        id: "create-contact",
        title: "Create a contact",
        find: "account",
        variables: (found) => ({
          input: {
            idempotencyKey: idempotencyKey(),
            accountId: account(found).id,
            firstName: "Camille",
            lastName: "Durand",
            jobTitle: "Owner",
            email: "camille.durand@cafe-etoile.example",
          },
        }),
      },
      { id: "account-page", title: "Account page", find: "account", variables: (found) => ({ id: account(found).id }) },
      { id: "timeline", title: "Timeline of an account", find: "account", variables: (found) => ({ id: account(found).id }) },
      {
        id: "search",
        title: "Search everything",
        find: "account",
        variables: (found) => ({ query: account(found).name.split(" ")[0] }),
      },
    ],
  },
  {
    title: "Sales",
    examples: [
      { id: "opportunity-board", title: "Board of open deals" },
      {
        id: "create-opportunity",
        title: "Create a deal",
        find: "account",
        variables: (found) => ({
          input: {
            idempotencyKey: idempotencyKey(),
            name: "Yearly subscription",
            accountId: account(found).id,
            amount: { amount: "18500" },
            closeDate: day(45),
            nextStep: "Send the offer",
          },
        }),
      },
      {
        id: "move-opportunity",
        title: "Move to the next stage",
        find: "open-opportunity",
        variables: (found) => {
          const deal = first(candidates(found), NO_OPEN_DEAL, nextStage);
          return { input: { id: deal.id, stageId: nextStage(deal).id } };
        },
      },
      {
        id: "add-competitor",
        title: "Competitor and milestone",
        find: "open-opportunity",
        variables: (found) => ({
          competitor: {
            opportunityId: openDeal(found).id,
            name: `FrostKing ${Date.now() % 1000}`,
            incumbent: true,
            strengths: "Delivers within four weeks",
          },
          milestone: {
            opportunityId: openDeal(found).id,
            milestone: "NEED_CONFIRMED",
            note: "Confirmed on the phone",
          },
        }),
      },
      {
        id: "win-opportunity",
        title: "Win a deal",
        find: "open-opportunity",
        variables: (found) => ({
          input: { id: openDeal(found).id, reasonId: reason(found.closeReasons, "WON"), note: "Signed after the second meeting" },
        }),
      },
      {
        id: "reopen-opportunity",
        title: "Reopen a closed deal",
        find: "closed-opportunity",
        variables: (found) => {
          const deal = first(candidates(found), "No deal is closed. Run “Win a deal” first.", nextStage);
          return { input: { id: deal.id, stageId: nextStage(deal).id } };
        },
      },
      {
        id: "lose-opportunity",
        title: "Lose a deal",
        find: "open-opportunity",
        variables: (found) => ({
          input: {
            id: openDeal(found).id,
            reasonId: reason(found.closeReasons, "LOST"),
            note: "Price was the sticking point",
            lostTo: "Another supplier",
          },
        }),
      },
    ],
  },
  {
    title: "Catalogue, quotes and orders",
    examples: [
      { id: "catalogue", title: "Products and prices" },
      {
        id: "add-line-items",
        title: "Add line items",
        find: "open-opportunity-and-product",
        variables: (found) => {
          const product = first(found.products.nodes, NO_PRODUCT);
          const unitPrice = { amount: "1200" };
          const lineItems = [
            { productId: product.id, quantity: "2.5", unitPrice, discountPercent: "10" },
            { description: "Installation", unitPrice: { amount: "800" } },
          ];
          return { input: { idempotencyKey: idempotencyKey(), opportunityId: openDeal(found).id, lineItems } };
        },
      },
      {
        id: "create-quote",
        title: "Create a quote",
        find: "open-opportunity",
        variables: (found) => ({
          input: {
            idempotencyKey: idempotencyKey(),
            opportunityId: openDeal(found).id,
            paymentTerms: "30 days net",
            expiresOn: day(30),
            lines: [
              { description: "Yearly subscription", quantity: "12", unitPrice: { amount: "1500" }, discountPercent: "10" },
              { description: "Installation", unitPrice: { amount: "2500" } },
            ],
          },
        }),
      },
      {
        id: "send-quote",
        title: "Send a quote",
        find: "draft-quote",
        variables: (found) => ({
          input: { id: first(candidates(found), "No quote is a draft. Run “Create a quote” first.").id },
        }),
      },
      {
        id: "accept-quote",
        title: "Accept a quote and win the deal",
        find: "sent-quote",
        variables: (found) => ({
          input: {
            id: first(candidates(found), "No quote was sent. Run “Send a quote” first.").id,
            win: { reasonId: reason(found.closeReasons, "WON") },
          },
        }),
      },
      { id: "orders", title: "What was sold" },
    ],
  },
  {
    title: "Activities and tasks",
    examples: [
      { id: "my-tasks", title: "My tasks and what is overdue" },
      { id: "follow-ups", title: "My follow-ups", variables: (_found, viewer) => ({ viewer: viewer.id }) },
    ],
  },
  {
    title: "Campaigns",
    examples: [
      { id: "campaigns-and-sources", title: "Campaigns, sources, reasons" },
      { id: "campaign-members", title: "Who a campaign reached" },
    ],
  },
  {
    title: "Reports",
    examples: [
      { id: "reports", title: "Sales at a glance" },
      { id: "forecast", title: "What will come in" },
      { id: "channel-return", title: "Which campaign pays" },
      { id: "won-by-month", title: "Any list, added up" },
      { id: "orders-by-quarter", title: "Orders by quarter" },
      { id: "deals-in-base-currency", title: "Deals in the base currency" },
    ],
  },
  {
    title: "Settings",
    examples: [
      { id: "workspace", title: "Workspace settings" },
      { id: "pipelines", title: "Pipelines and stages" },
      {
        id: "create-pipeline",
        title: "Create a pipeline",
        variables: () => ({
          input: {
            idempotencyKey: idempotencyKey(),
            name: `Renewals ${new Date().toISOString().slice(0, 19).replace("T", " ")}`,
            stages: [
              { name: "Due", probability: 40 },
              { name: "Offered", probability: 70, forecastCategory: "COMMIT" },
              { name: "Renewed", category: "WON" },
              { name: "Ended", category: "LOST" },
            ],
          },
        }),
      },
      {
        id: "set-exchange-rate",
        title: "Set an exchange rate",
        variables: () => ({ input: { currency: "EGP", validFrom: day(-365), rate: "0.0204" } }),
      },
    ],
  },
];

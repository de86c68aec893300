//! What may happen to a quote: pure decisions.

use async_graphql::MaybeUndefined;
use chrono::NaiveDate;
use entity::quote::Model;
use entity::{OrderStatus, QuoteId, QuoteStatus};
use serde_json::json;

use super::input::QuoteFields;
use crate::domains::fields::Cleaner;
use crate::error::{UserError, UserErrorCode};
use crate::values::text::TextLimit;

/// Sets what the caller gave, and notes what is wrong with it.
pub fn apply(cleaner: &mut Cleaner<'_>, fields: &QuoteFields, quote: &mut Model, today: NaiveDate) {
    cleaner.text("paymentTerms", &fields.payment_terms, TextLimit::Short, &mut quote.payment_terms);
    cleaner.text("notes", &fields.notes, TextLimit::Long, &mut quote.notes);
    cleaner.date("expiresOn", &fields.expires_on, &mut quote.expires_on);
    if let MaybeUndefined::Value(day) = fields.expires_on
        && cleaner.fine_so_far(&["expiresOn"])
        && day.0 < today
    {
        cleaner.problem(UserErrorCode::OutOfRange, "expiresOn", past_day(day.0));
    }
}

fn past_day(day: NaiveDate) -> String {
    format!("A quote cannot expire in the past ({day}): give today or a later day, or none.")
}

/// What a quote is called: `Q-00042`, and from its second version on `Q-00042-2`.
pub fn reference(number: i32, revision: i32) -> String {
    if revision == 1 { format!("Q-{number:05}") } else { format!("Q-{number:05}-{revision}") }
}

/// How far a quote has come by a day of the workspace: a sent one expires when its last day has passed.
pub fn status(quote: &Model, today: NaiveDate) -> QuoteStatus {
    let expired = quote.status == QuoteStatus::Sent && quote.expires_on.is_some_and(|day| day < today);
    if expired { QuoteStatus::Expired } else { quote.status }
}

/// All that decides what may happen to a quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What it is called.
    pub reference: String,
    /// How far it has come, as of today.
    pub status: QuoteStatus,
    /// Whether it is the latest version.
    pub latest: bool,
    /// Whether its opportunity is open.
    pub opportunity_open: bool,
    /// The other quote of the opportunity that is accepted.
    pub accepted: Option<QuoteId>,
    /// How far the order has come that it left.
    pub order: Option<OrderStatus>,
}

/// What can be done with a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Its fields and lines are changed.
    Update,
    /// It goes to the customer.
    Send,
    /// A new version of it is made.
    Revise,
    /// The customer says yes.
    Accept,
    /// The customer says no.
    Reject,
    /// It comes to nothing.
    Discard,
}

impl Standing {
    /// Whether a step may be taken.
    pub fn allows(&self, step: Step) -> bool {
        use QuoteStatus::{Accepted, Discarded, Draft, Expired, Rejected, Sent};
        match step {
            Step::Update | Step::Send => self.opportunity_open && self.status == Draft,
            Step::Discard => self.status == Draft,
            Step::Revise => self.opportunity_open && self.latest && matches!(self.status, Sent | Expired | Rejected | Discarded),
            Step::Accept => self.opportunity_open && self.status == Sent && self.accepted.is_none(),
            Step::Reject => match self.status {
                Sent | Expired => true,
                Accepted => self.order.is_none_or(|order| order == OrderStatus::Cancelled),
                _ => false,
            },
        }
    }

    /// Refuses a step that may not be taken, with the statuses that the quote may move to.
    pub fn check(&self, step: Step) -> Result<(), UserError> {
        if self.allows(step) {
            return Ok(());
        }
        let mut details = json!({ "status": self.status.as_str(), "allowed": self.allowed() });
        if let Some(accepted) = self.accepted.filter(|_| step == Step::Accept) {
            details["acceptedQuoteId"] = json!(accepted.to_string());
        }
        Err(UserError::new(UserErrorCode::IllegalTransition, self.sentence(step)).with_details(details))
    }

    /// The statuses that the quote may move to.
    fn allowed(&self) -> Vec<&'static str> {
        use QuoteStatus::{Accepted, Discarded, Expired, Rejected, Sent, Superseded};
        let superseded = matches!(self.status, Sent | Expired);
        [
            (Step::Send, Sent, true),
            (Step::Accept, Accepted, true),
            (Step::Reject, Rejected, true),
            (Step::Revise, Superseded, superseded),
            (Step::Discard, Discarded, true),
        ]
        .into_iter()
        .filter(|(step, _, moves)| *moves && self.allows(*step))
        .map(|(_, status, _)| status.as_str())
        .collect()
    }

    fn sentence(&self, step: Step) -> String {
        let (reference, status) = (&self.reference, self.status.as_str());
        if step == Step::Accept && self.status == QuoteStatus::Accepted {
            return format!("{reference} is accepted already.");
        }
        let needs_open = !matches!(step, Step::Reject | Step::Discard);
        if needs_open && !self.opportunity_open {
            return format!("The opportunity of {reference} is closed: take it up again with reopenOpportunity first.");
        }
        match step {
            Step::Update => {
                format!("{reference} is {status}, and only a draft can be changed: make a new version with reviseQuote.")
            }
            Step::Send => format!("{reference} is {status}: only a draft can be sent."),
            Step::Discard => format!("{reference} is {status}: only a draft can be discarded."),
            Step::Revise if !self.latest => format!("There is a newer version of {reference}: go on with that one."),
            Step::Revise => format!(
                "{reference} is {status}: a draft can be changed as it is, an accepted quote must be rejected before it is revised."
            ),
            Step::Accept if self.status == QuoteStatus::Sent => {
                "Another quote of this opportunity is accepted: reject that one before you accept this one.".to_owned()
            }
            Step::Accept => format!("{reference} is {status}: only a sent quote that has not expired can be accepted."),
            Step::Reject if self.status == QuoteStatus::Accepted => {
                format!("{reference} has left an order: cancel the order before you reject the quote.")
            }
            Step::Reject => format!("{reference} is {status}: only a sent or an accepted quote can be rejected."),
        }
    }
}

/// Whether a draft is fit for the customer: it offers something, and there is time to accept it.
pub fn check_complete(quote: &Model, lines: usize, today: NaiveDate) -> Vec<UserError> {
    let mut problems = Vec::new();
    if lines == 0 {
        let sentence = "A quote without lines offers nothing: give it lines before you send it.";
        problems.push(UserError::at(UserErrorCode::Required, "id", sentence));
    }
    if let Some(day) = quote.expires_on.filter(|day| *day < today) {
        problems.push(UserError::at(UserErrorCode::OutOfRange, "id", past_day(day)));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUSES: [QuoteStatus; 7] = [
        QuoteStatus::Draft,
        QuoteStatus::Sent,
        QuoteStatus::Accepted,
        QuoteStatus::Rejected,
        QuoteStatus::Expired,
        QuoteStatus::Superseded,
        QuoteStatus::Discarded,
    ];

    fn standing(status: QuoteStatus) -> Standing {
        let reference = "Q-00001".to_owned();
        Standing { reference, status, latest: true, opportunity_open: true, accepted: None, order: None }
    }

    fn steps(standing: &Standing) -> Vec<Step> {
        let steps = [Step::Update, Step::Send, Step::Revise, Step::Accept, Step::Reject, Step::Discard];
        steps.into_iter().filter(|step| standing.allows(*step)).collect()
    }

    #[test]
    fn every_status_has_its_steps() {
        use Step::{Accept, Discard, Reject, Revise, Send, Update};
        let expected: [&[Step]; 7] =
            [&[Update, Send, Discard], &[Revise, Accept, Reject], &[Reject], &[Revise], &[Revise, Reject], &[], &[Revise]];
        for (status, expected) in STATUSES.into_iter().zip(expected) {
            assert_eq!(steps(&standing(status)), expected, "{status:?}");
            let closed = Standing { opportunity_open: false, ..standing(status) };
            let kept: Vec<_> = expected.iter().copied().filter(|step| matches!(step, Reject | Discard)).collect();
            assert_eq!(steps(&closed), kept, "{status:?} of a closed opportunity");
        }
    }

    #[test]
    fn an_order_or_another_accepted_quote_stands_in_the_way() {
        let accepted = Some(QuoteId::new(uuid::Uuid::nil()));
        let sent = Standing { accepted, ..standing(QuoteStatus::Sent) };
        assert_eq!(steps(&sent), [Step::Revise, Step::Reject]);
        let problem = sent.check(Step::Accept).expect_err("refused");
        assert_eq!(problem.code, UserErrorCode::IllegalTransition);
        let details = problem.details.expect("details").0;
        assert_eq!(details["allowed"], json!(["REJECTED", "SUPERSEDED"]));
        assert_eq!(details["acceptedQuoteId"], "quote_00000000000000000000000000");
        for (order, may) in [(OrderStatus::Open, false), (OrderStatus::Fulfilled, false), (OrderStatus::Cancelled, true)] {
            let accepted = Standing { order: Some(order), ..standing(QuoteStatus::Accepted) };
            assert_eq!(accepted.allows(Step::Reject), may, "{order:?}");
        }
        let old = Standing { latest: false, ..standing(QuoteStatus::Rejected) };
        assert!(!old.allows(Step::Revise));
    }

    #[test]
    fn every_refusal_has_a_sentence_and_the_way_out() {
        for status in STATUSES {
            for step in [Step::Update, Step::Send, Step::Revise, Step::Accept, Step::Reject, Step::Discard] {
                let standing = standing(status);
                if let Err(problem) = standing.check(step) {
                    assert!(problem.message.ends_with('.') && problem.message.contains("Q-00001"), "{}", problem.message);
                    assert_eq!(problem.details.expect("details").0["status"], status.as_str());
                }
            }
        }
    }

    #[test]
    fn references_name_the_version_from_the_second_on() {
        assert_eq!(reference(42, 1), "Q-00042");
        assert_eq!(reference(42, 2), "Q-00042-2");
        assert_eq!(reference(1_234_567, 1), "Q-1234567");
    }
}

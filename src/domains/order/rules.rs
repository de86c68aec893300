//! What may happen to an order: pure decisions.

use async_graphql::MaybeUndefined;
use entity::OrderStatus;
use entity::order::Model;
use serde_json::json;

use super::input::UpdateOrderInput;
use crate::domains::fields::Cleaner;
use crate::error::{UserError, UserErrorCode};
use crate::graphql::enums;
use crate::values::text::TextLimit;

/// What an order is called: `O-00042`.
pub fn reference(number: i32) -> String {
    format!("O-{number:05}")
}

/// The statuses that an order may move to. What is fulfilled or cancelled can be opened again, and nothing else.
pub fn allowed(status: OrderStatus) -> &'static [OrderStatus] {
    match status {
        OrderStatus::Open => &[OrderStatus::Fulfilled, OrderStatus::Cancelled],
        OrderStatus::Fulfilled | OrderStatus::Cancelled => &[OrderStatus::Open],
    }
}

/// Sets what the caller gave, and notes what is wrong with it.
pub fn apply(cleaner: &mut Cleaner<'_>, input: &UpdateOrderInput, order: &mut Model) {
    cleaner.text("contractNumber", &input.contract_number, TextLimit::Short, &mut order.contract_number);
    match input.status {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => cleaner.problem(UserErrorCode::Required, "status", "Give a status, or leave it out."),
        MaybeUndefined::Value(status) => set_status(cleaner, status, order),
    }
}

fn set_status(cleaner: &mut Cleaner<'_>, status: enums::OrderStatus, order: &mut Model) {
    let status = OrderStatus::from(status);
    if status == order.status {
        return;
    }
    if allowed(order.status).contains(&status) {
        order.status = status;
        return;
    }
    let (from, to) = (order.status.as_str(), status.as_str());
    let words: Vec<&str> = allowed(order.status).iter().map(|status| status.as_str()).collect();
    let sentence = format!("An order that is {from} cannot become {to}: move it to {} first.", words.join(" or "));
    let problem = UserError::at(UserErrorCode::IllegalTransition, "status", sentence);
    cleaner.problems.push(problem.with_details(json!({ "status": from, "allowed": words })));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_or_cancelled_can_only_be_opened_again() {
        use OrderStatus::{Cancelled, Fulfilled, Open};
        for (from, expected) in [(Open, vec![Fulfilled, Cancelled]), (Fulfilled, vec![Open]), (Cancelled, vec![Open])] {
            assert_eq!(allowed(from), expected, "{from:?}");
        }
    }
}

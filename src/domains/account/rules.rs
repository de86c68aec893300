//! What may happen to an account: pure decisions.

use entity::AccountId;
use entity::account::Model;

use super::input::AccountFields;
use crate::domains::fields::Cleaner;
use crate::error::{UserError, UserErrorCode};
use crate::values::text::TextLimit;

/// How many accounts may stand above one another.
pub const MOST_LEVELS: usize = 100;

/// Sets what the caller gave, and notes what is wrong with it. Whether references name something is for the service to check.
pub fn apply(cleaner: &mut Cleaner<'_>, fields: &AccountFields, account: &mut Model) {
    cleaner.text("industry", &fields.industry, TextLimit::Short, &mut account.industry);
    cleaner.employees("employees", &fields.employees, &mut account.employees);
    let revenue = (&mut account.annual_revenue, &mut account.annual_revenue_currency);
    cleaner.money("annualRevenue", &fields.annual_revenue, revenue);
    cleaner.website("website", &fields.website, &mut account.website);
    cleaner.phone("phone", &fields.phone, &mut account.phone);
    cleaner.address(&fields.address, crate::address_columns!(account));
    cleaner.text("description", &fields.description, TextLimit::Long, &mut account.description);
    cleaner.id("parentId", &fields.parent_id, &mut account.parent_id);
}

/// What is wrong with a parent, given the accounts from it upwards: none of them may be the account itself.
pub fn problem_with_parent(account: AccountId, parent_and_above: &[AccountId]) -> Option<UserError> {
    let sentence = if parent_and_above.first() == Some(&account) {
        "An account cannot be its own parent: name another one.".to_owned()
    } else if parent_and_above.contains(&account) {
        "This account stands above the one that you named, so that one cannot be its parent: name another one.".to_owned()
    } else if parent_and_above.len() >= MOST_LEVELS {
        format!("At most {MOST_LEVELS} accounts may stand above one another: name a parent further up.")
    } else {
        return None;
    };
    Some(UserError::at(UserErrorCode::Invalid, "parentId", sentence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn parents_must_not_close_a_circle() {
        let [own, parent, above] = [1, 2, 3].map(|number| AccountId::new(Uuid::from_u128(number)));
        for circle in [vec![own], vec![parent, own], vec![parent, above, own]] {
            let problem = problem_with_parent(own, &circle).unwrap();
            assert_eq!(problem.code, UserErrorCode::Invalid);
            assert_eq!(problem.field.unwrap(), ["input", "parentId"]);
        }
        assert_eq!(problem_with_parent(own, &[]), None);
        assert_eq!(problem_with_parent(own, &[parent, above]), None);
        assert!(problem_with_parent(own, &[parent; MOST_LEVELS]).is_some());
    }
}

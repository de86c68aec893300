//! Random work on the server, and what came of it.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Mutex;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestRunner};

/// How often each call came out how: random work that never gets anywhere would prove nothing.
#[derive(Debug, Default)]
pub struct Outcomes(Mutex<BTreeMap<String, usize>>);

impl Outcomes {
    /// Counts an outcome.
    pub fn saw(&self, outcome: String) {
        *self.0.lock().unwrap().entry(outcome).or_default() += 1;
    }

    /// Tests this many random cases, and as many again up to nine times while an outcome that is wanted was hardly seen: what cannot
    /// happen any more fails the test, bad luck doesn't.
    pub fn run_until_seen<S: Strategy<Value: Debug>>(&self, wanted: &[&str], cases: u32, cases_of: &S, test: impl Fn(S::Value)) {
        for _ in 0..10 {
            let settings = Config { cases, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
            let test = |case| {
                test(case);
                Ok(())
            };
            TestRunner::new(settings).run(cases_of, test).unwrap();
            if wanted.iter().all(|outcome| self.0.lock().unwrap().get(*outcome).is_some_and(|times| *times > 2)) {
                return;
            }
        }
        panic!("one of {wanted:?} was hardly seen: {self:#?}");
    }
}

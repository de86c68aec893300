//! A clock that tests set.

use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};
use leadgraph::app::Clock;

/// A clock that stands still until a test moves it. It starts on Monday, 2 March 2026, at 09:00 UTC.
pub struct TestClock(Mutex<DateTime<Utc>>);

impl Default for TestClock {
    fn default() -> Self {
        Self(Mutex::new("2026-03-02T09:00:00Z".parse().unwrap()))
    }
}

impl TestClock {
    /// Sets the time, as `2026-03-01T09:30:00Z`.
    pub fn set(&self, time: &str) {
        *self.0.lock().unwrap() = time.parse().unwrap();
    }

    /// Lets time pass.
    pub fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

//! Guessing passwords must not pay: after ten wrong ones for an e-mail address within a quarter of an hour, no more are tried.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use crate::error::{Error, FaultCode, Result};

/// How many wrong passwords an e-mail address may have within the time.
const MOST_FAILURES: usize = 10;
/// The time in which they count.
const WITHIN: TimeDelta = TimeDelta::minutes(15);
/// How many e-mail addresses are remembered; then the one that failed longest ago is forgotten. About 3 MB.
const MOST_ADDRESSES: usize = 10_000;

/// The hash of an e-mail address's key: as long for any text that somebody sends.
type Address = [u8; 32];

/// Who failed to sign in lately. In memory, for this process alone; clones count together.
#[derive(Debug, Clone, Default)]
pub struct SignInThrottle {
    failures: Arc<Mutex<HashMap<Address, Vec<DateTime<Utc>>>>>,
}

impl SignInThrottle {
    /// Refuses further attempts where too many have failed.
    ///
    /// # Errors
    /// `RATE_LIMITED`, whether or not anybody has this address.
    pub fn check(&self, email_key: &str, now: DateTime<Utc>) -> Result<()> {
        check(&self.lock(), &address(email_key), now)
    }

    /// Notes how an attempt ended. Of attempts that run at the same time, the later ones are refused like those that come later,
    /// whatever their password was.
    ///
    /// # Errors
    /// `RATE_LIMITED` where too many others have failed by now.
    pub fn note(&self, email_key: &str, succeeded: bool, now: DateTime<Utc>) -> Result<()> {
        let address = address(email_key);
        let mut failures = self.lock();
        check(&failures, &address, now)?;
        if succeeded {
            failures.remove(&address);
            return Ok(());
        }
        if failures.len() >= MOST_ADDRESSES && !failures.contains_key(&address) {
            make_room(&mut failures, now);
        }
        let moments = failures.entry(address).or_default();
        moments.retain(|moment| counts(*moment, now));
        moments.push(now);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Address, Vec<DateTime<Utc>>>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn address(email_key: &str) -> Address {
    Sha256::digest(email_key).into()
}

fn counts(moment: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - moment < WITHIN
}

fn check(failures: &HashMap<Address, Vec<DateTime<Utc>>>, address: &Address, now: DateTime<Utc>) -> Result<()> {
    let recent = failures.get(address).map_or(0, |moments| moments.iter().filter(|moment| counts(**moment, now)).count());
    if recent < MOST_FAILURES {
        return Ok(());
    }
    let sentence = "Too many wrong passwords for this e-mail address: wait 15 minutes and try again.";
    Err(Error::fault(FaultCode::RateLimited, sentence))
}

fn make_room(failures: &mut HashMap<Address, Vec<DateTime<Utc>>>, now: DateTime<Utc>) {
    failures.retain(|_, moments| moments.last().is_some_and(|moment| counts(*moment, now)));
    if failures.len() >= MOST_ADDRESSES {
        let oldest = failures.iter().min_by_key(|(_, moments)| moments.last().copied()).map(|(address, _)| *address);
        if let Some(oldest) = oldest {
            failures.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    #[test]
    fn ten_failures_and_no_more_until_they_are_old() {
        let throttle = SignInThrottle::default();
        for minute in 0..10 {
            throttle.check("a@b.no", at(minute)).unwrap();
            throttle.note("a@b.no", false, at(minute)).unwrap();
        }
        assert!(throttle.check("a@b.no", at(10)).is_err());
        assert!(throttle.note("a@b.no", true, at(10)).is_err(), "an attempt that ran meanwhile is refused, too");
        throttle.check("other@b.no", at(10)).unwrap();
        throttle.check("a@b.no", at(15)).unwrap();
        throttle.note("a@b.no", true, at(15)).unwrap();
        assert!(throttle.lock().is_empty());
    }

    #[test]
    fn memory_is_bounded() {
        let throttle = SignInThrottle::default();
        for number in 0..MOST_ADDRESSES + 5 {
            throttle.note(&number.to_string(), false, at(0) + TimeDelta::milliseconds(number.try_into().unwrap())).unwrap();
        }
        assert_eq!(throttle.lock().len(), MOST_ADDRESSES);
        assert!(!throttle.lock().contains_key(&address("0")), "the oldest went");
    }
}

//! How much may be posted. Counted in memory, for this process alone, and never for more than so many senders.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use actix_web::HttpRequest;
use chrono::{DateTime, TimeDelta, Utc};
use entity::intake_form::Model;
use sha2::{Digest, Sha256};

/// How many counts are kept; then the one that ends next is forgotten. About 1 MB.
const MOST_COUNTS: usize = 10_000;

type Key = [u8; 32];

/// How often something happened, until when it counts.
#[derive(Debug)]
struct Count {
    until: DateTime<Utc>,
    number: u32,
}

/// What was posted lately.
#[derive(Debug, Default)]
pub struct Limits {
    counts: Mutex<HashMap<Key, Count>>,
}

impl Limits {
    /// Counts a post to a form.
    ///
    /// # Errors
    /// The seconds to wait, where its sender has posted too much in the minute, or everybody in the hour.
    pub fn count(&self, form: &Model, sender: Option<IpAddr>, now: DateTime<Utc>) -> Result<(), i64> {
        let minute = key(form, &sender.map_or_else(String::new, |sender| sender.to_string()));
        self.add(minute, form.most_per_minute, TimeDelta::minutes(1), now)?;
        self.add(key(form, "everybody"), form.most_per_hour, TimeDelta::hours(1), now)
    }

    /// Whether this happens for the first time within the time.
    pub fn first(&self, mark: Key, within: TimeDelta, now: DateTime<Utc>) -> bool {
        self.add(mark, 1, within, now).is_ok()
    }

    /// Lets it happen again.
    pub fn forget(&self, mark: &Key) {
        self.lock().remove(mark);
    }

    fn add(&self, key: Key, most: i32, within: TimeDelta, now: DateTime<Utc>) -> Result<(), i64> {
        let mut counts = self.lock();
        if counts.len() >= MOST_COUNTS && !counts.contains_key(&key) {
            make_room(&mut counts, now);
        }
        let count = counts.entry(key).or_insert(Count { until: now + within, number: 0 });
        if count.until <= now {
            *count = Count { until: now + within, number: 0 };
        }
        if i64::from(count.number) >= i64::from(most) {
            return Err((count.until - now).num_seconds().max(1));
        }
        count.number += 1;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Count>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(form: &Model, what: &str) -> Key {
    Sha256::new().chain_update(form.id.uuid()).chain_update(what).finalize().into()
}

fn make_room(counts: &mut HashMap<Key, Count>, now: DateTime<Utc>) {
    counts.retain(|_, count| count.until > now);
    if counts.len() >= MOST_COUNTS {
        let next = counts.iter().min_by_key(|(_, count)| count.until).map(|(key, _)| *key);
        if let Some(next) = next {
            counts.remove(&next);
        }
    }
}

/// The network address that a request comes from. Where a proxy beside us passes it on, that is what the proxy says last in
/// `X-Forwarded-For`; what stands before it anybody could have written.
pub fn sender(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    let beside_us = match peer {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    };
    let forwarded = request.headers().get_all("x-forwarded-for").last().and_then(|value| value.to_str().ok());
    let client = forwarded.and_then(|addresses| addresses.rsplit(',').next()?.trim().parse().ok());
    Some(client.filter(|_| beside_us).unwrap_or(peer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_and_no_more_until_the_time_is_over() {
        let limits = Limits::default();
        let at = |second| DateTime::UNIX_EPOCH + TimeDelta::seconds(second);
        let minute = TimeDelta::minutes(1);
        for second in [0, 10, 20] {
            limits.add([1; 32], 3, minute, at(second)).unwrap();
        }
        assert_eq!(limits.add([1; 32], 3, minute, at(21)), Err(39));
        assert_eq!(limits.add([2; 32], 3, minute, at(21)), Ok(()));
        assert_eq!(limits.add([1; 32], 3, minute, at(60)), Ok(()));
        limits.forget(&[1; 32]);
        assert!(limits.first([1; 32], minute, at(61)));
        assert!(!limits.first([1; 32], minute, at(120)));
    }

    #[test]
    fn memory_is_bounded() {
        let limits = Limits::default();
        for number in 0..MOST_COUNTS + 5 {
            let mut key = [0; 32];
            key[..8].copy_from_slice(&number.to_be_bytes());
            let now = DateTime::UNIX_EPOCH + TimeDelta::milliseconds(number.try_into().unwrap());
            limits.add(key, 1, TimeDelta::hours(1), now).unwrap();
        }
        assert_eq!(limits.lock().len(), MOST_COUNTS);
        assert!(!limits.lock().contains_key(&[0; 32]), "the one that ends first went");
    }
}

//! How often somebody may come in, and with which nonce: in memory alone, forgotten at a restart.
//!
//! Time is what passed since the start, by a clock that nobody sets.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use fieldproof_seal::keys::PublicKey;
use fieldproof_wire::{Fault, Nonce};
use tokio::time::Instant;

/// So many nonces are remembered: more than unsigned requests can ask for while one is good.
const NONCES: usize = 1 << 16;

/// A nonce is good for so long: a chunk over the slowest line, and not much longer.
const LIFETIME: Duration = Duration::from_secs(300);

/// Requests one laptop may send: far more than a disk can take, so that only a loop that ran away is slowed down.
const INSTALLATION: Rate = Rate { burst: 2_000, per_second: 1_000 };

/// Requests that nobody signed, from one address: enough for everybody behind a proxy, which is one address, too.
const NEIGHBOUR: Rate = Rate { burst: 500, per_second: 50 };

/// Requests that nobody signed, all together.
const UNSIGNED: Rate = Rate { burst: 4_000, per_second: 200 };

/// So many addresses are remembered. The one that was quiet for longest is forgotten first, and its bucket is full by then
/// unless there are too many requests for all.
const NEIGHBOURS: usize = 4_096;

/// A request in the bucket's own unit: what comes in for one per second within a microsecond is one.
const REQUEST: u64 = 1_000_000;

/// How many requests at once, and how many for long.
#[derive(Debug, Clone, Copy)]
struct Rate {
    burst: u64,
    per_second: u64,
}

/// Requests that may still be sent.
#[derive(Debug)]
struct Bucket {
    rate: Rate,
    left: u64,
    at: Duration,
}

impl Bucket {
    const fn new(rate: Rate, now: Duration) -> Self {
        Self { rate, left: rate.burst.saturating_mul(REQUEST), at: now }
    }

    /// Takes one request out, or says in how many seconds there is one.
    fn take(&mut self, now: Duration) -> Result<(), Fault> {
        let passed = u64::try_from(now.saturating_sub(self.at).as_micros()).unwrap_or(u64::MAX);
        let gained = passed.saturating_mul(self.rate.per_second);
        self.left = self.left.saturating_add(gained).min(self.rate.burst.saturating_mul(REQUEST));
        self.at = now;
        let Some(left) = self.left.checked_sub(REQUEST) else {
            let wait = REQUEST.saturating_sub(self.left).div_ceil(self.rate.per_second).div_ceil(1_000_000);
            return Err(Fault::TooMany(u32::try_from(wait).unwrap_or(u32::MAX)));
        };
        self.left = left;
        Ok(())
    }
}

/// Nonces that were given out and not used: each by its number, with when and what else it consists of.
#[derive(Debug, Default)]
struct Nonces {
    next: u64,
    held: BTreeMap<u64, (Duration, [u8; 16])>,
}

impl Nonces {
    fn issue(&mut self, now: Duration, random: [u8; 16]) -> Nonce {
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        self.held.insert(number, (now, random));
        while NONCES < self.held.len() {
            self.held.pop_first();
        }
        let mut bytes = [0; 24];
        for (to, from) in bytes.iter_mut().zip(number.to_be_bytes().into_iter().chain(random)) {
            *to = from;
        }
        Nonce::new(bytes)
    }

    /// Whether this nonce was given out a short while ago and is used for the first time.
    fn spend(&mut self, nonce: &Nonce, now: Duration) -> bool {
        let Some((number, random)) = nonce.as_bytes().split_first_chunk() else {
            return false;
        };
        let number = u64::from_be_bytes(*number);
        let is_good = |(at, held): &(Duration, [u8; 16])| held == random && now.saturating_sub(*at) <= LIFETIME;
        // One that was guessed wrongly takes nobody's away.
        self.held.get(&number).is_some_and(is_good) && self.held.remove(&number).is_some()
    }
}

/// Where requests come from that nobody signed.
#[derive(Debug)]
struct Street {
    all: Bucket,
    neighbours: BTreeMap<IpAddr, Bucket>,
}

impl Street {
    const fn new() -> Self {
        Self { all: Bucket::new(UNSIGNED, Duration::ZERO), neighbours: BTreeMap::new() }
    }

    /// Lets a request of an address in; one that has had too many takes nothing away from the others.
    fn take(&mut self, from: IpAddr, now: Duration) -> Result<(), Fault> {
        self.take_of_one(from, now)?;
        self.all.take(now)
    }

    /// The same, whatever all others ask for.
    fn take_of_one(&mut self, from: IpAddr, now: Duration) -> Result<(), Fault> {
        let from = neighbour(from);
        if self.neighbours.len() == NEIGHBOURS && !self.neighbours.contains_key(&from) {
            let quietest = self.neighbours.iter().min_by_key(|(_, bucket)| bucket.at).map(|(from, _)| *from);
            quietest.and_then(|quietest| self.neighbours.remove(&quietest));
        }
        self.neighbours.entry(from).or_insert_with(|| Bucket::new(NEIGHBOUR, now)).take(now)
    }
}

/// An address as the next one is told apart from it: whoever has one of IPv6 has as many as they like behind its first
/// sixty-four bits.
pub(crate) fn neighbour(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V4(from) => IpAddr::V4(from),
        IpAddr::V6(from) => IpAddr::V6(Ipv6Addr::from_bits(from.to_bits() >> 64 << 64)),
    }
}

#[derive(Debug)]
struct State {
    nonces: Nonces,
    street: Street,
    /// Keys the book was asked about and that are admitted.
    installations: BTreeMap<PublicKey, Bucket>,
}

/// The door of a running register.
#[derive(Debug)]
pub(crate) struct Door {
    started: Instant,
    state: Mutex<State>,
}

impl Door {
    pub(crate) fn new() -> Self {
        let state = State { nonces: Nonces::default(), street: Street::new(), installations: BTreeMap::new() };
        Self { started: Instant::now(), state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here can be half changed in a way that matters.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    /// A nonce for one request; `None` when the system has no randomness.
    pub(crate) fn nonce(&self) -> Option<Nonce> {
        let random = random()?;
        Some(self.state().nonces.issue(self.now(), random))
    }

    /// Lets a request in that nobody signed, or whose signature proves nothing.
    pub(crate) fn unsigned(&self, from: IpAddr) -> Result<(), Fault> {
        self.state().street.take(from, self.now())
    }

    /// Lets a request in that nobody signed, as long as its address alone does not ask for too much.
    pub(crate) fn of_one_address(&self, from: IpAddr) -> Result<(), Fault> {
        self.state().street.take_of_one(from, self.now())
    }

    /// Whether the key is known as admitted; the book may know more.
    pub(crate) fn knows(&self, key: &PublicKey) -> bool {
        self.state().installations.contains_key(key)
    }

    /// Remembers a key that the book says is admitted.
    pub(crate) fn remember(&self, key: PublicKey) {
        let now = self.now();
        self.state().installations.entry(key).or_insert_with(|| Bucket::new(INSTALLATION, now));
    }

    /// Lets a request in that an admitted key signed.
    pub(crate) fn signed(&self, key: &PublicKey, nonce: &Nonce) -> Result<(), Fault> {
        let now = self.now();
        let mut state = self.state();
        state.installations.get_mut(key).ok_or(Fault::NotAdmitted)?.take(now)?;
        if state.nonces.spend(nonce, now) { Ok(()) } else { Err(Fault::Nonce) }
    }
}

#[expect(clippy::disallowed_methods, reason = "a nonce is the server's own, and nothing that is kept depends on it")]
fn random() -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_nonce_is_good_once_and_for_a_while() {
        let mut nonces = Nonces::default();
        let [first, second] = [1, 2].map(|n| nonces.issue(SECOND, [n; 16]));
        assert!(nonces.spend(&first, SECOND * 2));
        assert!(!nonces.spend(&first, SECOND * 2), "used");
        let mut guessed = *second.as_bytes();
        guessed[23] ^= 1;
        assert!(!nonces.spend(&Nonce::new(guessed), SECOND * 2), "guessed");
        assert!(!nonces.spend(&second, SECOND * 2 + LIFETIME), "too old");
        let third = nonces.issue(SECOND, [3; 16]);
        assert!(nonces.spend(&third, SECOND + LIFETIME), "just in time");
        assert!(!Nonces::default().spend(&second, SECOND * 2), "after a restart");
    }

    #[test]
    fn of_too_many_nonces_the_oldest_go() {
        let mut nonces = Nonces::default();
        let first = nonces.issue(SECOND, [1; 16]);
        let second = nonces.issue(SECOND, [2; 16]);
        for _ in 1..NONCES {
            nonces.issue(SECOND, [3; 16]);
        }
        assert_eq!(nonces.held.len(), NONCES);
        assert!(!nonces.spend(&first, SECOND));
        assert!(nonces.spend(&second, SECOND));
    }

    #[test]
    fn a_bucket_is_emptied_at_once_and_filled_slowly() {
        let rate = Rate { burst: 3, per_second: 2 };
        let mut bucket = Bucket::new(rate, SECOND);
        for _ in 0..3 {
            assert_eq!(bucket.take(SECOND), Ok(()));
        }
        assert_eq!(bucket.take(SECOND), Err(Fault::TooMany(1)));
        assert_eq!(bucket.take(SECOND + Duration::from_millis(499)), Err(Fault::TooMany(1)));
        assert_eq!(bucket.take(SECOND + Duration::from_millis(500)), Ok(()));
        assert_eq!(bucket.take(SECOND + Duration::from_millis(500)), Err(Fault::TooMany(1)));
        for _ in 0..3 {
            assert_eq!(bucket.take(SECOND * 3600), Ok(()), "never more than it holds");
        }
        assert!(bucket.take(SECOND * 3600).is_err());
        assert!(bucket.take(SECOND).is_err(), "time that went back gives nothing");
        let mut slow = Bucket::new(Rate { burst: 0, per_second: 1 }, SECOND);
        assert_eq!(slow.take(SECOND), Err(Fault::TooMany(1)));
    }

    #[test]
    fn a_noisy_neighbour_keeps_nobody_else_out() {
        let mut street = Street::new();
        let [noisy, quiet] = ["192.0.2.1", "192.0.2.2"].map(|from| from.parse().unwrap());
        let let_in = |street: &mut Street, from| (0..10_000).filter(|_| street.take(from, SECOND).is_ok()).count();
        assert_eq!(let_in(&mut street, noisy), 500);
        assert_eq!(street.take(quiet, SECOND), Ok(()));
        let same = "::ffff:192.0.2.1".parse().unwrap();
        assert!(street.take(same, SECOND).is_err(), "the same address, written as one of IPv6");
        let [one, two, other] = ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"].map(|from| from.parse().unwrap());
        assert_eq!(let_in(&mut street, one), 500);
        assert!(street.take(two, SECOND).is_err(), "somebody's second address");
        assert_eq!(street.take(other, SECOND), Ok(()));
        assert_eq!(let_in(&mut street, noisy), 0);
    }

    #[test]
    fn many_neighbours_are_bounded_together_and_so_is_what_is_remembered_of_them() {
        let mut street = Street::new();
        let neighbour = |n: u32| IpAddr::from(n.to_be_bytes());
        let count = u32::try_from(NEIGHBOURS).unwrap();
        assert_eq!((0..count + 100).filter(|n| street.take(neighbour(*n), SECOND).is_ok()).count(), 4_000);
        assert_eq!(street.neighbours.len(), NEIGHBOURS);
        assert_eq!(street.take(neighbour(1), SECOND), Err(Fault::TooMany(1)));
        // Later, one after the other: whoever was quiet for longest is forgotten.
        let mut street = Street::new();
        for n in 0..=count {
            let now = SECOND * (n + 1);
            assert_eq!(street.take(neighbour(n), now), Ok(()));
            assert_eq!(street.take(neighbour(1), now), Ok(()));
        }
        let held = |n| street.neighbours.contains_key(&neighbour(n));
        assert_eq!((street.neighbours.len(), held(0), held(1), held(2)), (NEIGHBOURS, false, true, true));
    }

    #[test]
    fn what_is_not_admitted_spends_no_nonce_and_a_full_door_neither() {
        let door = Door::new();
        let (key, nonce) = (PublicKey::new([1; 32]), door.nonce().unwrap());
        assert_eq!(door.signed(&key, &nonce), Err(Fault::NotAdmitted));
        assert!(!door.knows(&key));
        door.remember(key);
        assert!(door.knows(&key));
        assert_eq!(door.signed(&key, &nonce), Ok(()));
        assert_eq!(door.signed(&key, &nonce), Err(Fault::Nonce));
    }
}

//! What is remembered about a host across requests, runs and processes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use nirnay_model::{CaptureKind, Sha256};
use serde::{Deserialize, Serialize};

use crate::boot::Anchor;
use crate::robots::MOST_BYTES as MOST_ROBOTS_BYTES;
use crate::standing::STATE_LOST;
use crate::{StandingStop, StopCause, Tally};

/// How a stored state begins; behind it stand 64 hex digits of SHA-256.
const HEAD: &[u8] = b"nirnay-host-state 1 ";
/// The largest stored state that is read: twenty times the largest that is written without rules.
const MOST_BYTES: usize = 4 << 20;
/// Refused pictures remembered: more than may be answered in a day.
const MOST_REFUSED: usize = 512;
/// Breaker openings, captcha verdicts, latest endings and sorts of errors remembered.
const MOST_OPENED: usize = 64;
const MOST_JUDGED: usize = 50;
/// Requests over which the share of failures is taken.
pub(crate) const ENDINGS: usize = 200;
const MOST_ERROR_KEYS: usize = 32;
/// More than there are causes.
const MOST_STOPS: usize = 16;

/// Everything that has to outlive a process so that a restart resets nothing. Plain data; stored as
/// JSON, one document a host.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HostState {
    /// When the latest request ended (while one is in flight: when it began).
    pub last_request_end: Option<Timestamp>,
    /// The latest request whose end is not recorded. Whoever finds another's here while holding the host's
    /// slot knows that it is over: the process which sent it is dead, or has its reply and no more to do.
    pub in_flight: Option<InFlight>,
    /// The distance kept between requests, if it was slowed down, in milliseconds.
    pub delay_ms: u64,
    /// Good replies in a row, counted to 10 for the recovery of pace and breaker.
    pub good_in_a_row: u32,
    /// What was sent within the last hour and day.
    pub tally: Tally,
    /// Bytes of the largest document that came: what one is counted with whose end nobody saw.
    pub largest_document: u64,
    /// Nothing is sent before this instant.
    pub paused_until: Option<Timestamp>,
    /// 429 and 503 replies in a row.
    pub throttles_in_a_row: u32,
    /// Stops that hold until their time is over or a person has looked; at most one of a cause.
    pub stops: Vec<StandingStop>,
    /// The breaker.
    pub breaker: BreakerState,
    /// How captcha answers fared.
    pub captchas: CaptchaRecord,
    /// The latest `robots.txt`.
    pub robots: Option<RobotsRecord>,
    /// How the latest requests fared.
    pub health: Health,
    /// Wall clock and running time of the machine at the same moment, by which a clock that was set is
    /// told from time that passed.
    pub anchor: Option<Anchor>,
}

/// A request whose end is not recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InFlight {
    /// What it is for.
    pub kind: CaptureKind,
    /// The gate that sent it, by a number of its own.
    pub by: u64,
}

/// How the latest requests fared, for the stops of [`Politeness`](crate::Politeness).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Health {
    /// The latest 200 requests, oldest first: `.` answered, `x` failed.
    pub latest: String,
    /// Failures of the last day by sort (`HTTP 502`, `Timeout`).
    pub errors: BTreeMap<String, ErrorCount>,
    /// Milliseconds of work since the last page or document.
    pub barren_ms: u64,
    /// Replies of unknown form in a row.
    pub unknown_in_a_row: u32,
}

/// How often one sort of failure occurred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorCount {
    /// The first of them.
    pub first: Timestamp,
    /// How many since.
    pub count: u32,
}

/// The breaker of a host: closed, open until an instant, then one request decides.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BreakerState {
    /// Failures in a row.
    pub failures: u32,
    /// Open until then; afterwards one request is let through.
    pub open_until: Option<Timestamp>,
    /// How often the next opening time has been doubled.
    pub doublings: u32,
    /// Openings (not re-openings) within the last day, and since a person has looked.
    pub opened: Vec<Timestamp>,
    /// The look that ended what had been opened before.
    pub after_look: Option<Timestamp>,
}

/// How captcha answers fared.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CaptchaRecord {
    /// The latest 50 verdicts, oldest first.
    pub recent: Vec<bool>,
    /// Wrong answers in a row.
    pub failures_in_a_row: u32,
    /// No answer is sent before this instant.
    pub paused_until: Option<Timestamp>,
    /// Whether the next pause is the long one.
    pub paused_before: bool,
    /// The picture whose answer is on its way: a process that dies meanwhile has answered wrongly.
    pub pending: Option<String>,
    /// Pictures whose answer was refused, by the first 16 hex digits of their SHA-256, oldest first.
    pub refused: Vec<String>,
}

/// A `robots.txt` as fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RobotsRecord {
    /// When.
    pub fetched: Timestamp,
    /// The rules; `None` = the host has none (4xx), everything is allowed.
    pub rules: Option<String>,
}

/// A stored state that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the stored state of the host is damaged: {why}")]
pub struct StateDamage {
    /// What is wrong with it.
    pub why: String,
}

impl HostState {
    /// Reads a stored state. Whatever the bytes are, the result is bounded in size and time.
    ///
    /// A state that cannot be read must be set aside and [`HostState::lost`] used in its place: an
    /// empty state would give every budget back. A state without a checksum, as earlier versions wrote
    /// it, is read, and their `blocked_until` becomes a stop; a field that is not known is damage.
    pub fn decode(bytes: &[u8]) -> Result<Self, StateDamage> {
        let damage = |why: String| StateDamage { why };
        if bytes.len() > MOST_BYTES {
            let size = bytes.len();
            return Err(damage(format!(
                "it has {size} bytes; at most {MOST_BYTES} are read"
            )));
        }
        let (json, current) = match bytes.strip_prefix(HEAD) {
            Some(rest) => {
                let (sum, json) = rest.split_at_checked(64).unwrap_or_default();
                let json = json.strip_prefix(b"\n").unwrap_or_default();
                if Sha256::of(json).to_hex().as_bytes() != sum {
                    return Err(damage("its checksum does not fit".to_owned()));
                }
                (json, true)
            }
            None => (bytes, false),
        };
        if !json.starts_with(b"{") {
            return Err(damage("it is no state of a host".to_owned()));
        }
        let read = if current {
            serde_json::from_slice(json)
        } else {
            Self::earlier(json)
        };
        let mut state: Self = read.map_err(|error| {
            // The library's words quote what it read; line and column are enough.
            let (line, column) = (error.line(), error.column());
            damage(format!("it cannot be read at line {line}, column {column}"))
        })?;
        state.bound();
        Ok(state)
    }

    /// A state as versions up to 0.1 wrote it: the one stop they knew was an instant.
    fn earlier(json: &[u8]) -> serde_json::Result<Self> {
        let mut fields: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(json)?;
        let blocked: Option<Timestamp> = fields
            .remove("blocked_until")
            .map(serde_json::from_value)
            .transpose()?
            .flatten();
        let mut state: Self = serde_json::from_value(fields.into())?;
        if let Some(until) = blocked {
            state.add_stop(StandingStop {
                cause: StopCause::Refused,
                why: "refused; noted by an earlier version".to_owned(),
                // Nothing was sent once the stop had begun: a later look at the portal ends it.
                since: state.last_request_end.unwrap_or(until),
                until,
                after_look: None,
            });
        }
        Ok(state)
    }

    /// The state to go on with from what is stored (`None` = nothing yet), and what is wrong with it if it
    /// is lost: whoever stores the new one keeps the damaged bytes under `kept_as`.
    pub fn restore(
        stored: Option<&[u8]>,
        now: Timestamp,
        kept_as: &str,
    ) -> (Self, Option<StateDamage>) {
        match stored.map(Self::decode) {
            None => (Self::default(), None),
            Some(Ok(state)) => (state, None),
            Some(Err(damage)) => {
                let why = format!("{damage}; it is kept as {kept_as}");
                (Self::lost(now, &why), Some(damage))
            }
        }
    }

    /// The stored form: a line with a checksum, and JSON.
    pub fn encode(&self) -> Vec<u8> {
        let json = serde_json::to_vec(self).unwrap_or_default();
        let mut bytes = HEAD.to_vec();
        bytes.extend_from_slice(Sha256::of(&json).to_hex().as_bytes());
        bytes.push(b'\n');
        bytes.extend_from_slice(&json);
        bytes
    }

    /// The state of a host whose stored state was lost at or before `now`. What is not known counts as
    /// spent, and a refusal may be among it: nothing is sent for a day, unless a person has looked.
    pub fn lost(now: Timestamp, why: &str) -> Self {
        let why = format!("{why}; what was sent today is not known");
        Self {
            stops: vec![StandingStop::new(
                StopCause::StateLost,
                &why,
                now,
                STATE_LOST,
            )],
            ..Self::default()
        }
    }

    /// Cuts every list to what this crate would have written.
    fn bound(&mut self) {
        fn keep_last<T>(list: &mut Vec<T>, most: usize) {
            list.drain(..list.len().saturating_sub(most));
        }
        keep_last(&mut self.breaker.opened, MOST_OPENED);
        keep_last(&mut self.stops, MOST_STOPS);
        keep_last(&mut self.captchas.recent, MOST_JUDGED);
        keep_last(&mut self.captchas.refused, MOST_REFUSED);
        self.health.latest.retain(|c| matches!(c, '.' | 'x'));
        let excess = self.health.latest.len().saturating_sub(ENDINGS);
        self.health.latest.drain(..excess);
        while self.health.errors.len() > MOST_ERROR_KEYS {
            self.health.errors.pop_last();
        }
        // Half a file may lack the rule that forbids: it is fetched again.
        self.robots.take_if(|record| {
            record
                .rules
                .as_ref()
                .is_some_and(|rules| rules.len() > MOST_ROBOTS_BYTES)
        });
    }

    /// Adds a stop; one of the same cause that lasts longer stays.
    pub(crate) fn add_stop(&mut self, stop: StandingStop) -> Timestamp {
        let until = self
            .stops
            .iter()
            .filter(|known| known.cause == stop.cause)
            .map(|known| known.until)
            .fold(stop.until, Timestamp::max);
        self.stops.retain(|known| known.cause != stop.cause);
        self.stops.push(StandingStop { until, ..stop });
        until
    }

    /// Remembers the picture of a refused answer.
    pub(crate) fn refuse_picture(&mut self, digest: String) {
        self.captchas.refused.push(digest);
        let excess = self.captchas.refused.len().saturating_sub(MOST_REFUSED);
        self.captchas.refused.drain(..excess);
    }
}

/// A host's state that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("state of {host}: {why}")]
pub struct HostStateError {
    /// `host:port`.
    pub host: String,
    /// What happened.
    pub why: String,
    /// The cause.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The state of hosts, shared by all processes of a machine.
pub trait HostStateStore: Send + Sync {
    /// Reads the state of `host` (`host:port`), lets `change` alter it and writes it back, durably,
    /// under an exclusive lock. An unknown host has the default state.
    fn update(
        &self,
        host: &str,
        change: &mut dyn FnMut(&mut HostState),
    ) -> Result<(), HostStateError>;

    /// Takes the one in-flight slot of `host`, kept until the value is dropped; `None` = another
    /// process has it. The slot of a dead process is free.
    fn hold(&self, host: &str) -> Result<Option<Box<dyn Send>>, HostStateError>;
}

/// Host states in memory, for tests and for runs that must leave no trace. Clones share one memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryHostStates {
    shared: Arc<Mutex<Memory>>,
}

#[derive(Debug, Default)]
struct Memory {
    states: HashMap<String, HostState>,
    held: HashSet<String>,
}

struct Slot {
    host: String,
    shared: Arc<Mutex<Memory>>,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut memory = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        memory.held.remove(&self.host);
    }
}

impl MemoryHostStates {
    /// The state of `host` as it stands.
    pub fn get(&self, host: &str) -> HostState {
        let memory = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        memory.states.get(host).cloned().unwrap_or_default()
    }

    /// Frees the slot of `host`, as the system does when a process dies.
    pub fn release(&self, host: &str) {
        let mut memory = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        memory.held.remove(host);
    }
}

impl HostStateStore for MemoryHostStates {
    fn update(
        &self,
        host: &str,
        change: &mut dyn FnMut(&mut HostState),
    ) -> Result<(), HostStateError> {
        let mut memory = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        change(memory.states.entry(host.to_owned()).or_default());
        Ok(())
    }

    fn hold(&self, host: &str) -> Result<Option<Box<dyn Send>>, HostStateError> {
        let mut memory = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if !memory.held.insert(host.to_owned()) {
            return Ok(None);
        }
        Ok(Some(Box::new(Slot {
            host: host.to_owned(),
            shared: Arc::clone(&self.shared),
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Counts;

    #[test]
    fn a_state_survives_json_and_old_states_are_read() {
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let mut state = HostState {
            last_request_end: Some(now),
            delay_ms: 1_500,
            robots: Some(RobotsRecord {
                fetched: now,
                rules: Some("User-agent: *".to_owned()),
            }),
            ..HostState::default()
        };
        let counts = Counts {
            requests: 1,
            bytes: 2,
            captchas: 3,
        };
        state.tally.add(now, counts);
        state.captchas.recent = vec![true, false];
        state.breaker.opened = vec![now];
        let json = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<HostState>(&json).unwrap(), state);
        assert_eq!(HostState::decode(json.as_bytes()).unwrap(), state);
        assert_eq!(HostState::decode(&state.encode()).unwrap(), state);
        assert_eq!(HostState::decode(b"{}").unwrap(), HostState::default());
    }

    #[test]
    fn what_is_no_state_is_said_to_be_none() {
        for bad in [
            &b""[..],
            b"\0\0\0\0",
            b"{",
            b"[]",
            b"{\"delay_ms\": -1}",
            b"{\"tally\": {\"minutes\": {\"x\": {}}}}",
            b"{\"tallx\": {}}",
            b"{\"tally\": {\"hourz\": {}}}",
            b"nirnay-host-state 1 {}",
        ] {
            assert!(HostState::decode(bad).is_err(), "{bad:?}");
        }
        let huge = vec![b' '; MOST_BYTES + 1];
        assert!(HostState::decode(&huge).is_err());
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let lost = HostState::lost(now, "unreadable");
        let stop = lost.stops.first().unwrap();
        assert_eq!(stop.cause, StopCause::StateLost);
        assert_eq!(stop.until.duration_since(now).as_hours(), 24);
    }

    #[test]
    fn a_block_noted_by_the_first_version_still_stands() {
        // As 0.1.0 wrote it.
        let stored = br#"{"last_request_end":"2026-03-01T12:00:00Z","delay_ms":1500,"good_in_a_row":3,
            "tally":{"minutes":{"29539440":{"requests":7,"bytes":9,"captchas":1}},"hours":{}},
            "paused_until":null,"throttles_in_a_row":0,"blocked_until":"2026-03-02T12:00:00Z",
            "breaker":{"failures":1,"open_until":null,"doublings":0,"opened":[]},
            "captchas":{"recent":[true],"failures_in_a_row":0,"paused_until":null,"paused_before":false},
            "robots":{"fetched":"2026-03-01T11:00:00Z","rules":"User-agent: *"}}"#;
        let state = HostState::decode(stored).unwrap();
        let stop = state.stops.first().unwrap();
        assert_eq!(stop.cause, StopCause::Refused);
        assert_eq!(stop.until, "2026-03-02T12:00:00Z".parse().unwrap());
        assert_eq!(Some(stop.since), state.last_request_end);
        let unblocked = String::from_utf8_lossy(stored).replace("\"2026-03-02T12:00:00Z\"", "null");
        let state = HostState::decode(unblocked.as_bytes()).unwrap();
        assert!(state.stops.is_empty() && state.delay_ms == 1_500);
        let odd = unblocked.replace("\"blocked_until\":null", "\"blocked_until\":7");
        assert!(HostState::decode(odd.as_bytes()).is_err());
    }

    #[test]
    fn lists_are_cut_to_what_is_written() {
        let state = HostState {
            captchas: CaptchaRecord {
                recent: vec![true; 1_000],
                refused: vec!["x".to_owned(); 1_000],
                ..CaptchaRecord::default()
            },
            health: Health {
                latest: ".x".repeat(1_000),
                ..Health::default()
            },
            robots: Some(RobotsRecord {
                fetched: Timestamp::UNIX_EPOCH,
                rules: Some("x".repeat(MOST_ROBOTS_BYTES + 1)),
            }),
            ..HostState::default()
        };
        let read = HostState::decode(&state.encode()).unwrap();
        assert_eq!(read.robots, None, "half of it might allow what it forbids");
        assert_eq!(read.captchas.recent.len(), MOST_JUDGED);
        assert_eq!(read.captchas.refused.len(), MOST_REFUSED);
        assert_eq!(read.health.latest.len(), ENDINGS);
    }

    #[test]
    fn one_slot_a_host() {
        let states = MemoryHostStates::default();
        let held = states.hold("a:1").unwrap();
        assert!(held.is_some() && states.clone().hold("a:1").unwrap().is_none());
        assert!(states.hold("b:1").unwrap().is_some());
        drop(held);
        assert!(states.hold("a:1").unwrap().is_some());
    }
}

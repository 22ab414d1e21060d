//! What is remembered about a host across requests, runs and processes.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Tally;

/// Everything that has to outlive a process so that a restart resets nothing. Plain data; stored as
/// JSON, one document a host.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct HostState {
    /// When the latest request ended (while one is in flight: when it began).
    pub last_request_end: Option<Timestamp>,
    /// The distance kept between requests, if it was slowed down, in milliseconds.
    pub delay_ms: u64,
    /// Good replies in a row, counted to 10 for the recovery of pace and breaker.
    pub good_in_a_row: u32,
    /// What was sent within the last hour and day.
    pub tally: Tally,
    /// Nothing is sent before this instant.
    pub paused_until: Option<Timestamp>,
    /// 429 and 503 replies in a row.
    pub throttles_in_a_row: u32,
    /// The host refused the crawler: nothing is sent before this instant.
    pub blocked_until: Option<Timestamp>,
    /// The breaker.
    pub breaker: BreakerState,
    /// How captcha answers fared.
    pub captchas: CaptchaRecord,
    /// The latest `robots.txt`.
    pub robots: Option<RobotsRecord>,
}

/// The breaker of a host: closed, open until an instant, then one request decides.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BreakerState {
    /// Failures in a row.
    pub failures: u32,
    /// Open until then; afterwards one request is let through.
    pub open_until: Option<Timestamp>,
    /// How often the next opening time has been doubled.
    pub doublings: u32,
    /// Openings (not re-openings) within the last day.
    pub opened: Vec<Timestamp>,
}

/// How captcha answers fared.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CaptchaRecord {
    /// The latest 50 verdicts, oldest first.
    pub recent: Vec<bool>,
    /// Wrong answers in a row.
    pub failures_in_a_row: u32,
    /// No answer is sent before this instant.
    pub paused_until: Option<Timestamp>,
    /// Whether the next pause is the long one.
    pub paused_before: bool,
}

/// A `robots.txt` as fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RobotsRecord {
    /// When.
    pub fetched: Timestamp,
    /// The rules; `None` = the host has none (4xx), everything is allowed.
    pub rules: Option<String>,
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
        assert_eq!(
            serde_json::from_str::<HostState>("{}").unwrap(),
            HostState::default()
        );
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

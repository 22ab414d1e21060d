//! Where the fetching side's traits meet the lake.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use nirnay_fetch::{
    BudgetError, CaptureSink, HostState, HostStateError, HostStateStore, RunBudget, SinkError,
};
use nirnay_model::{Capture, Sha256};
use nirnay_store::{HostStateFile, Lake, StoreError};

/// Captures go to the lake's WARC files.
pub struct LakeSink(pub Arc<Lake>);

impl CaptureSink for LakeSink {
    fn record(&self, capture: Capture) -> Result<(), SinkError> {
        self.0
            .captures()
            .append(&capture)
            .map_err(|error| SinkError {
                why: error.to_string(),
                source: Some(Box::new(error)),
            })
    }
}

/// Host states lie in files that all processes of the machine share.
pub struct HostStateFiles {
    files: HostStateFile,
    dir: PathBuf,
}

impl HostStateFiles {
    /// Host states under `dir`.
    pub fn new(dir: &Path) -> Self {
        Self {
            files: HostStateFile::new(dir),
            dir: dir.to_owned(),
        }
    }

    /// Keeps a damaged state beside the others. The name is that of its content, so that the same damage
    /// is kept once.
    fn set_aside(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file = std::fs::File::create(self.dir.join(name))?;
        io::Write::write_all(&mut file, bytes)?;
        file.sync_all()
    }

    /// The new stored state. A damaged one may have held a pause or a refusal and what was sent today: it
    /// is set aside, and nothing is sent for a day unless a person has looked.
    fn next(
        &self,
        host: &str,
        stored: Option<&[u8]>,
        change: &mut dyn FnMut(&mut HostState),
    ) -> Result<Vec<u8>, HostStateError> {
        let name = stored.map(damaged_name).unwrap_or_default();
        let (mut state, damage) = HostState::restore(stored, Timestamp::now(), &name);
        if let (Some(damage), Some(bytes)) = (damage, stored) {
            self.set_aside(&name, bytes).map_err(|error| HostStateError {
                host: host.to_owned(),
                why: format!(
                    "{damage}, and it could not be set aside as {}: {error}; make room there and run again",
                    self.dir.join(&name).display()
                ),
                source: Some(Box::new(error)),
            })?;
            let kept = self.dir.join(&name);
            tracing::warn!(host, %damage, kept = %kept.display(), "nothing is sent to the host for a day");
        }
        change(&mut state);
        Ok(state.encode())
    }
}

fn damaged_name(bytes: &[u8]) -> String {
    let digest = Sha256::of(bytes).to_hex();
    format!("damaged-{}.state", digest.get(..16).unwrap_or(&digest))
}

impl HostStateStore for HostStateFiles {
    fn update(
        &self,
        host: &str,
        change: &mut dyn FnMut(&mut HostState),
    ) -> Result<(), HostStateError> {
        let mut failed = None;
        self.files
            .update(host, &mut |bytes| {
                match self.next(host, bytes.as_deref(), change) {
                    Ok(state) => state,
                    // The damaged bytes stay where they are, and the next try meets them again.
                    Err(error) => {
                        failed = Some(error);
                        bytes.unwrap_or_default()
                    }
                }
            })
            .map_err(|error| host_error(host, &error))?;
        failed.map_or(Ok(()), Err)
    }

    fn hold(&self, host: &str) -> Result<Option<Box<dyn Send>>, HostStateError> {
        let guard = self
            .files
            .try_hold(host)
            .map_err(|error| host_error(host, &error))?;
        Ok(guard.map(|guard| Box::new(guard) as Box<dyn Send>))
    }
}

fn host_error(host: &str, error: &nirnay_store::StoreError) -> HostStateError {
    HostStateError {
        host: host.to_owned(),
        why: error.to_string(),
        source: None,
    }
}

/// Requests are reserved in the ledger in blocks, so that a crash can only lose budget, never gain it.
const BLOCK: u32 = 20;

/// The run's request budget, kept in the ledger.
pub(crate) struct LedgerBudget {
    lake: Arc<Lake>,
    run: i64,
    limit: u64,
    left: Mutex<u32>,
    /// Requests counted by the planted bug alone.
    used: AtomicU64,
}

/// True when the bug that keeps the run's budget in memory only is switched on (test builds only).
fn planted_budget_in_memory() -> bool {
    fail::fail_point!("plant-budget-in-memory", |_| true);
    false
}

impl LedgerBudget {
    pub(crate) fn new(lake: Arc<Lake>, run: i64, limit: u64) -> Self {
        Self {
            lake,
            run,
            limit,
            left: Mutex::new(0),
            used: AtomicU64::new(0),
        }
    }

    /// Gives back what is reserved and was not sent, at the end of a walk: the run's sum is then what it sent. A process
    /// that dies before loses it.
    pub(crate) fn give_back(&self) -> Result<(), StoreError> {
        let left = self
            .left
            .lock()
            .map_or(0, |mut left| std::mem::take(&mut *left));
        self.lake.ledger().release_requests(self.run, left)
    }
}

impl RunBudget for LedgerBudget {
    fn take(&self) -> Result<bool, BudgetError> {
        let mut left = self.left.lock().map_err(|_| BudgetError {
            why: "another task panicked while counting requests".to_owned(),
        })?;
        if *left == 0 && planted_budget_in_memory() {
            // What the process before this one used is forgotten.
            let used = self.used.fetch_add(1, Ordering::Relaxed);
            return Ok(used < self.limit);
        }
        if *left == 0 {
            *left = self
                .lake
                .ledger()
                .reserve_requests(self.run, BLOCK, self.limit)
                .map_err(|error| BudgetError {
                    why: error.to_string(),
                })?;
        }
        if *left == 0 {
            return Ok(false);
        }
        *left -= 1;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use nirnay_fetch::StopCause;

    use super::*;

    const HOST: &str = "example.org:443";

    fn read(states: &HostStateFiles) -> HostState {
        let mut found = None;
        states
            .update(HOST, &mut |state| found = Some(state.clone()))
            .unwrap();
        found.unwrap()
    }

    #[test]
    fn a_damaged_state_is_kept_and_stops_the_host_for_a_day() {
        let dir = tempfile::tempdir().unwrap();
        let states = HostStateFiles::new(dir.path());
        states
            .update(HOST, &mut |state| state.delay_ms = 7)
            .unwrap();
        let path = dir.path().join("h-example.org_3a443.state");
        let mut bytes = std::fs::read(&path).unwrap();
        assert_eq!(HostState::decode(&bytes).unwrap().delay_ms, 7);
        assert_eq!(read(&states).delay_ms, 7);
        // One bit of the pace, in JSON that can still be read.
        let at = bytes.len() - bytes.iter().rev().position(|b| *b == b'7').unwrap() - 1;
        bytes[at] = b'6';
        std::fs::write(&path, &bytes).unwrap();
        let state = read(&states);
        let stop = state.stops.first().unwrap();
        assert_eq!(stop.cause, StopCause::StateLost);
        assert!(stop.until > Timestamp::now() + SignedDuration::from_hours(23));
        let name = damaged_name(&bytes);
        assert!(stop.why.contains(&name), "{}", stop.why);
        assert_eq!(std::fs::read(dir.path().join(name)).unwrap(), bytes);
        assert_eq!(
            read(&states).stops,
            state.stops,
            "it stays, and can be read"
        );
    }

    #[test]
    fn a_state_of_the_first_version_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let states = HostStateFiles::new(dir.path());
        let path = dir.path().join("h-example.org_3a443.state");
        let stored = r#"{"delay_ms":5,"blocked_until":"2199-01-01T00:00:00Z"}"#;
        std::fs::write(path, stored).unwrap();
        let state = read(&states);
        assert_eq!((state.delay_ms, state.stops.len()), (5, 1));
        assert_eq!(state.stops[0].cause, StopCause::Refused);
    }
}

//! Where the fetching side's traits meet the lake.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use nirnay_fetch::{
    BudgetError, CaptureSink, HostState, HostStateError, HostStateStore, RunBudget, SinkError,
};
use nirnay_model::Capture;
use nirnay_store::{HostStateFile, Lake};

/// Captures go to the lake's WARC files.
pub(crate) struct LakeSink(pub(crate) Arc<Lake>);

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
pub struct HostStateFiles(HostStateFile);

impl HostStateFiles {
    /// Host states under `dir`.
    pub fn new(dir: &std::path::Path) -> Self {
        Self(HostStateFile::new(dir))
    }
}

impl HostStateStore for HostStateFiles {
    fn update(
        &self,
        host: &str,
        change: &mut dyn FnMut(&mut HostState),
    ) -> Result<(), HostStateError> {
        self.0
            .update(host, &mut |bytes| {
                // A state that cannot be read may have held a pause or a refusal: the host is left alone for an
                // hour, and the file is whole again after this call.
                let mut state = bytes.map_or_else(HostState::default, |bytes| {
                    serde_json::from_slice(&bytes).unwrap_or_else(|_| unreadable())
                });
                change(&mut state);
                serde_json::to_vec(&state).unwrap_or_default()
            })
            .map_err(|error| host_error(host, &error))
    }

    fn hold(&self, host: &str) -> Result<Option<Box<dyn Send>>, HostStateError> {
        let guard = self
            .0
            .try_hold(host)
            .map_err(|error| host_error(host, &error))?;
        Ok(guard.map(|guard| Box::new(guard) as Box<dyn Send>))
    }
}

fn unreadable() -> HostState {
    HostState {
        paused_until: Timestamp::now()
            .checked_add(SignedDuration::from_hours(1))
            .ok(),
        ..HostState::default()
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
}

impl LedgerBudget {
    pub(crate) fn new(lake: Arc<Lake>, run: i64, limit: u64) -> Self {
        Self {
            lake,
            run,
            limit,
            left: Mutex::new(0),
        }
    }
}

impl RunBudget for LedgerBudget {
    fn take(&self) -> Result<bool, BudgetError> {
        let mut left = self.left.lock().map_err(|_| BudgetError {
            why: "another task panicked while counting requests".to_owned(),
        })?;
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

//! The error of a fetch and what to do about it.

use std::time::Duration;

use nirnay_model::MissingReason;

use crate::{BudgetError, HostStateError, SinkError, SolveError, StopReason};

/// What a failed fetch means for the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorClass {
    /// It may work later: connections broke, or the server failed, as often as a call may try.
    Transient,
    /// The host asked for less, as often as a call may obey; the host is paused.
    Throttled {
        /// The pause that is left.
        retry_after: Duration,
    },
    /// 403 or a firewall's page: stop, and let a person look.
    Blocked,
    /// Sessions ended again and again before the work was done.
    Expired,
    /// This document cannot be had, with the reason to record.
    Permanent(MissingReason),
    /// Fetching has to stop, though nothing broke.
    Stopped(StopReason),
    /// Too many captcha answers within one call.
    CaptchaCap,
    /// Replies of unknown form, twice in a row: the portal has changed.
    Drift,
    /// This machine failed: host state, capture sink, run budget or captcha solver.
    Local,
    /// The caller or this crate is wrong.
    Bug,
}

/// A fetch that gave nothing, after every try it may have.
#[derive(Debug, thiserror::Error)]
#[error("{doing}: {why}")]
pub struct FetchError {
    doing: String,
    why: String,
    class: ErrorClass,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl FetchError {
    /// An error while `doing` something, because of `why`.
    pub(crate) fn new(doing: impl Into<String>, class: ErrorClass, why: impl Into<String>) -> Self {
        Self {
            doing: doing.into(),
            why: why.into(),
            class,
            source: None,
        }
    }

    /// What it means and what to do.
    pub fn class(&self) -> ErrorClass {
        self.class.clone()
    }

    pub(crate) fn stopped(doing: impl Into<String>, reason: StopReason) -> Self {
        let why = reason.to_string();
        Self::new(doing, ErrorClass::Stopped(reason), why)
    }

    fn local(doing: &str, cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self {
            doing: doing.to_owned(),
            why: cause.to_string(),
            class: ErrorClass::Local,
            source: Some(Box::new(cause)),
        }
    }
}

impl From<StopReason> for FetchError {
    fn from(reason: StopReason) -> Self {
        Self::stopped("before the next request", reason)
    }
}

impl From<HostStateError> for FetchError {
    fn from(cause: HostStateError) -> Self {
        Self::local("keeping the host's state", cause)
    }
}

impl From<BudgetError> for FetchError {
    fn from(cause: BudgetError) -> Self {
        Self::local("taking from the run's budget", cause)
    }
}

impl From<SinkError> for FetchError {
    fn from(cause: SinkError) -> Self {
        Self::local("keeping a capture", cause)
    }
}

impl From<SolveError> for FetchError {
    fn from(cause: SolveError) -> Self {
        Self::local("solving a captcha", cause)
    }
}

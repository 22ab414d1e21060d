//! What ends a run from outside: a person, a budget, a rule.

use jiff::Timestamp;

use crate::WaitReason;

/// Why fetching stopped although nothing broke.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StopReason {
    /// A signal (Ctrl-C, SIGTERM).
    #[error("stopped by a signal; run the same command again to go on")]
    Signal,
    /// A `STOP` file or a `disabled_reason` in the pipeline file.
    #[error("switched off: {why}")]
    SwitchedOff {
        /// The reason given.
        why: String,
    },
    /// The run's own request budget is spent.
    #[error("the run's request budget is spent; run the same command again to go on")]
    RunBudget,
    /// The next request is further away than a run may wait.
    #[error("the next request may be sent at {until} ({why}); run the same command then")]
    WaitTooLong {
        /// When the next request may be sent.
        until: Timestamp,
        /// What has to be waited for.
        why: WaitReason,
    },
    /// The host answered 403 or a firewall's page.
    #[error(
        "the host refuses this crawler until at least {until}; a person has to look before anything more is sent"
    )]
    Blocked {
        /// When the pause ends.
        until: Timestamp,
    },
    /// The host asked for a longer pause than is waited for.
    #[error("the host asked for a pause beyond the cap; nothing is sent before {until}")]
    LongPause {
        /// When the pause ends.
        until: Timestamp,
    },
    /// The breaker opened too often within a day.
    #[error("the host failed repeatedly today; nothing is sent before {until}")]
    BreakerOpen {
        /// When requests are allowed again.
        until: Timestamp,
    },
    /// Too many captcha answers were wrong.
    #[error("too many captcha answers were wrong; none is sent before {until}; check the solver")]
    Captchas {
        /// When answers are allowed again.
        until: Timestamp,
    },
    /// `robots.txt` forbids the address.
    #[error("robots.txt forbids {path}; this is final")]
    RobotsForbid {
        /// Path and query.
        path: String,
    },
    /// `robots.txt` could not be read, which counts as forbidding everything.
    #[error("robots.txt could not be read ({why}), which forbids everything; try again later")]
    RobotsUnreachable {
        /// What was answered.
        why: String,
    },
    /// The server's certificate was not accepted.
    #[error(
        "the server's TLS certificate or handshake was not accepted ({why}); a person has to look"
    )]
    Tls {
        /// What was wrong.
        why: String,
    },
}

/// Asked before every request and at least once a second while waiting.
pub trait StopSignal: Send + Sync {
    /// Why to stop, if so.
    fn stop(&self) -> Option<StopReason>;
}

/// A run's budget that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the run's budget could not be kept: {why}")]
pub struct BudgetError {
    /// What happened.
    pub why: String,
}

/// The hard request budget of one run.
pub trait RunBudget: Send + Sync {
    /// Takes one request from the budget; `false` = it is spent.
    fn take(&self) -> Result<bool, BudgetError>;
}

/// A stop signal that never comes.
#[derive(Debug, Clone, Copy, Default)]
pub struct NeverStop;

impl StopSignal for NeverStop {
    fn stop(&self) -> Option<StopReason> {
        None
    }
}

/// A run without a budget of its own; the host's budgets still hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct UnlimitedRun;

impl RunBudget for UnlimitedRun {
    fn take(&self) -> Result<bool, BudgetError> {
        Ok(true)
    }
}

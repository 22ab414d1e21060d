//! What ends a run from outside: a person, a budget, a rule.

use std::time::Duration;

use jiff::Timestamp;

use crate::WaitReason;

/// How a person ends a stop early.
const LOOK: &str = "to go on sooner, look at the portal in a browser and write the time of that look as \
                    politeness.looked_at = \"2026-01-31T09:00:00Z\" into the pipeline file";

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
    /// `robots.txt` asks for a longer distance between requests than a run may wait.
    #[error(
        "robots.txt asks for {} s between requests, and max_wait is shorter; set max_wait to at least {} s",
        .asked.as_secs_f64(), .asked.as_secs_f64().ceil()
    )]
    CrawlDelay {
        /// The distance asked for.
        asked: Duration,
    },
    /// The host answered 403, a firewall's page or words of law.
    #[error("the host refuses this crawler ({why}); nothing is sent before {until}; {LOOK}")]
    Blocked {
        /// When the pause ends.
        until: Timestamp,
        /// What it answered.
        why: String,
    },
    /// Replies of unknown form, twice in a row.
    #[error(
        "the portal has changed ({why}); nothing is sent before {until}; read the replies under captures/, \
         and with a version that understands them {LOOK}"
    )]
    Drift {
        /// When the pause ends.
        until: Timestamp,
        /// What did not fit.
        why: String,
    },
    /// Too much went wrong for one day.
    #[error("{why}: enough for today; nothing is sent before {until}; {LOOK}")]
    DayOver {
        /// When the pause ends.
        until: Timestamp,
        /// What went wrong.
        why: String,
    },
    /// What was sent to the host before is not known, so all of it counts as spent.
    #[error("{why}; nothing is sent before {until}; {LOOK}")]
    StateLost {
        /// When the pause ends.
        until: Timestamp,
        /// What happened.
        why: String,
    },
    /// The host asked for a longer pause than is waited for.
    #[error("the host asked for a pause beyond the cap; nothing is sent before {until}")]
    LongPause {
        /// When the pause ends.
        until: Timestamp,
    },
    /// The breaker opened too often within a day.
    #[error("the host failed repeatedly today; nothing is sent before {until}; {LOOK}")]
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
        "the server's TLS certificate or handshake was not accepted ({why}); nothing is sent before {until}; {LOOK}"
    )]
    Tls {
        /// When the pause ends.
        until: Timestamp,
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

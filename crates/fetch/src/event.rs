//! What happens, as it happens.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use nirnay_model::{CaptureKind, Portal};
use serde::Serialize;

/// Takes events; called from within a fetch, so it must return at once.
pub type EventSink = Arc<dyn Fn(FetchEvent) + Send + Sync>;

/// Something that happened while fetching. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fetch", rename_all = "snake_case")]
pub enum FetchEvent {
    /// A request left.
    RequestSent {
        /// What for.
        kind: CaptureKind,
        /// The session it belongs to; 0 outside one.
        epoch: u64,
    },
    /// A whole reply came.
    ReplyReceived {
        /// What for.
        kind: CaptureKind,
        /// The HTTP status.
        status: u16,
        /// Bytes of the decoded body.
        bytes: u64,
        /// From request to the end of the body.
        elapsed: Duration,
    },
    /// The host asked for less; nothing is sent to it before `until`.
    Throttled {
        /// The end of the pause.
        until: Timestamp,
    },
    /// A session is open: its captcha was accepted.
    SessionOpened {
        /// Its number within the client, from 1.
        epoch: u64,
    },
    /// A session ended before its work was done.
    SessionExpired,
    /// A picture was handed to the solver.
    CaptchaAsked,
    /// The solver had no guess at a picture.
    CaptchaUnread {
        /// The solver's name.
        solver: String,
        /// The model or program behind it; may be empty.
        model: String,
        /// The portal that asked.
        portal: Portal,
    },
    /// An answer was sent and judged.
    CaptchaAnswered {
        /// The solver's name.
        solver: String,
        /// The model or program behind it; may be empty.
        model: String,
        /// The portal that asked.
        portal: Portal,
        /// Characters in the answer.
        length: usize,
        /// Whether the portal took it.
        accepted: bool,
    },
    /// Nothing is sent until then.
    Waiting {
        /// The end of the wait.
        until: Timestamp,
        /// What is waited for.
        why: WaitReason,
    },
    /// A step is tried again.
    Retry {
        /// Tries of this sort within the call, from 1.
        attempt: u32,
        /// What went wrong.
        why: String,
        /// The wait before the next try, besides the host's pace.
        delay: Duration,
    },
}

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitReason {
    /// The distance between two requests.
    Pace,
    /// A pause the host asked for.
    Pause,
    /// The breaker after failures in a row.
    Breaker,
    /// The hourly budget.
    HourBudget,
    /// The daily budget (requests or bytes).
    DayBudget,
    /// The budget of captcha answers.
    CaptchaBudget,
    /// The hours at which crawling is allowed.
    QuietHours,
    /// The hours at which the host's `robots.txt` welcomes robots.
    VisitHours,
    /// Another process that is talking to the host.
    OtherProcess,
    /// The distance between two tries.
    BackOff,
}

impl fmt::Display for WaitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pace => "pace",
            Self::Pause => "pause asked for by the host",
            Self::Breaker => "breaker",
            Self::HourBudget => "hourly budget",
            Self::DayBudget => "daily budget",
            Self::CaptchaBudget => "captcha budget",
            Self::QuietHours => "quiet hours",
            Self::VisitHours => "visiting hours in robots.txt",
            Self::OtherProcess => "another process",
            Self::BackOff => "back-off",
        })
    }
}

//! What a session is asked for, what it asks for, and how it ends.

use bytes::Bytes;
use nirnay_model::DocumentHandle;
use nirnay_parse::judgments::SearchPage;

use crate::{Challenge, HttpRequest, PageQuery};

/// What a session is to bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// A page of results.
    Page(PageQuery),
    /// A document listed on a page.
    Document {
        /// The page; asked for first, unless it is the session's latest.
        query: PageQuery,
        /// The document.
        handle: DocumentHandle,
    },
}

/// The next thing to do for a session.
#[derive(Debug, Clone)]
pub enum Action {
    /// Send this, then report [`reply`](crate::JudgmentsSession::reply) or
    /// [`not_served`](crate::JudgmentsSession::not_served).
    Send(HttpRequest),
    /// Have this read, then report [`guess`](crate::JudgmentsSession::guess).
    Solve(Challenge),
    /// The goal is reached, or the session cannot go on as it is.
    Done(Outcome),
}

/// What came of a goal.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The page.
    Page(Box<SearchPage>),
    /// The document's bytes, with the length that the server announced for them.
    Document {
        /// The bytes as served, whatever they are.
        bytes: Bytes,
        /// `Content-Length`, where it counts these bytes.
        content_length: Option<u64>,
    },
    /// The page does not list the document.
    RowGone,
    /// The session is over; the next action opens a new one for the same goal.
    Ended(SessionEnd),
    /// The portal will not do it now, in this session or another.
    Trouble(Trouble),
    /// There is no goal.
    Idle,
}

impl Outcome {
    /// The portal's words in it.
    pub(super) fn words(&mut self) -> Option<&mut String> {
        match self {
            Self::Ended(
                SessionEnd::CaptchaWrong { message }
                | SessionEnd::PortalError { message }
                | SessionEnd::LinkRefused { message },
            ) => Some(message),
            Self::Trouble(Trouble::Unknown { why }) => Some(why),
            _ => None,
        }
    }
}

/// Why a session is over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionEnd {
    /// The portal says so, or answers as to someone it does not know.
    #[error("the session expired")]
    Expired,
    /// The captcha answer was wrong.
    #[error("the captcha answer was refused: {message}")]
    CaptchaWrong {
        /// The portal's words.
        message: String,
    },
    /// Three pictures without a guess.
    #[error("no guess at three captcha pictures")]
    NoGuess,
    /// The verdict on a captcha answer did not come; the answer may have been used up.
    #[error("the verdict on the captcha answer was lost")]
    CaptchaLost,
    /// The session gives no more documents.
    #[error("the session's documents are used up")]
    AllowanceSpent,
    /// The portal reported an error of its own.
    #[error("the portal reports an error: {message}")]
    PortalError {
        /// The portal's words.
        message: String,
    },
    /// The portal would not name the document's address.
    #[error("the portal gives no address for the document: {message}")]
    LinkRefused {
        /// The portal's words.
        message: String,
    },
    /// The address it named does not give the document.
    #[error("the document's temporary address answers {status}")]
    LinkDead {
        /// The HTTP status.
        status: u16,
    },
    /// The reply had no body.
    #[error("the reply was empty")]
    EmptyReply,
    /// The caller dropped a request in flight, so what the portal thinks is not known.
    #[error("the session was abandoned with a request in flight")]
    Abandoned,
}

/// What a new session alone does not cure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// A firewall answered.
    #[error("a firewall's page stands in front of the portal")]
    Blocked,
    /// The portal speaks of law.
    #[error("the portal forbids automated access in so many words")]
    LegalNotice,
    /// The portal is down for maintenance.
    #[error("the portal is down for maintenance")]
    Maintenance,
    /// A reply of no known form.
    #[error("a reply of unknown form: {why}")]
    Unknown {
        /// What does not fit.
        why: String,
    },
}

/// Something a session noticed, for events and for the captcha budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// Its captcha was accepted.
    Opened {
        /// The session's number.
        epoch: u64,
    },
    /// It ended before its goal was reached.
    Ended,
    /// A captcha answer was sent; the verdict is known, or lost and taken as wrong.
    CaptchaJudged {
        /// Characters in the answer.
        length: usize,
        /// Whether it was right.
        accepted: bool,
    },
}

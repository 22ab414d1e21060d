//! What a reply turned out to be: the thing asked for, or one of a closed set of refusals.

use serde::Serialize;

/// A reply after classification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[must_use]
pub enum Reply<T> {
    /// The portal gave what was asked for.
    Good(T),
    /// The portal gave something else.
    Refused(Refusal),
}

impl<T> Reply<T> {
    /// The value, or the refusal as an error.
    pub fn into_result(self) -> Result<T, Refusal> {
        match self {
            Self::Good(value) => Ok(value),
            Self::Refused(refusal) => Err(refusal),
        }
    }
}

impl<T> From<Result<T, Refusal>> for Reply<T> {
    fn from(result: Result<T, Refusal>) -> Self {
        match result {
            Ok(value) => Self::Good(value),
            Err(refusal) => Self::Refused(refusal),
        }
    }
}

/// Everything a portal may answer instead of what was asked for. The set is closed: a body that fits
/// nothing else is [`Refusal::Unknown`], which never means "no rows".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The session is over; open a new one and ask again.
    #[error("the session has expired; open a new one and repeat the request")]
    SessionExpired,
    /// A captcha stands in front of the answer.
    #[error("the portal asks for a captcha before it answers")]
    CaptchaNeeded {
        /// Path of the picture on the portal, if the reply names a usable one.
        image_path: Option<String>,
    },
    /// The captcha answer was wrong.
    #[error("the portal refused the captcha answer: {message}")]
    CaptchaWrong {
        /// The portal's words.
        message: String,
    },
    /// The portal names an error of its own.
    #[error("the portal reports an error: {message}")]
    PortalError {
        /// The portal's words, cut to 200 characters.
        message: String,
    },
    /// The portal says in so many words that there is no such thing: a case, an order, a list.
    #[error("the portal has no such record: {message}")]
    NotFound {
        /// The portal's words, cut to 200 characters.
        message: String,
    },
    /// The portal gave up for a reason that may pass; it gives the same for fields that it does not take.
    #[error(
        "the portal gave up ({message}); repeat the request, and look at its fields if that does not help"
    )]
    TryAgain {
        /// The portal's words, cut to 200 characters.
        message: String,
    },
    /// The start page with its search form stands where an answer was expected.
    #[error("the portal sent its start page instead of an answer; open a new session")]
    LoginPage,
    /// A firewall or proxy answered.
    #[error("a firewall answered instead of the portal; stop and wait")]
    BlockPage,
    /// The portal says that it is down for maintenance.
    #[error("the portal is down for maintenance; wait")]
    Maintenance,
    /// The body has no content at all.
    #[error("the reply is empty; repeat the request in a new session")]
    Empty,
    /// None of the above.
    #[error("the reply has no known form ({why}); keep it and look at it")]
    Unknown {
        /// What does not fit.
        why: String,
    },
}

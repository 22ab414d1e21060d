//! What is told to a caller whose question cannot be answered: what, where, what to do next.

use axum::http::StatusCode;
use nirnay_index::QueryError;
use nirnay_store::StoreError;
use serde_json::{Value, json};

/// A question that cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    /// What is wrong.
    pub(crate) detail: String,
    /// What to do instead.
    pub(crate) hint: String,
    /// The character of the query that it is about, from 0.
    pub(crate) position: Option<usize>,
    /// The parameter that it is about.
    pub(crate) parameter: Option<String>,
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        detail: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            status,
            detail: detail.into(),
            hint: hint.into(),
            position: None,
            parameter: None,
        }
    }

    pub(crate) fn parameter(
        name: impl Into<String>,
        detail: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            parameter: Some(name.into()),
            ..Self::new(StatusCode::BAD_REQUEST, detail, hint)
        }
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            format!("there is no {what} in this lake"),
            "search for it, or look at the coverage of the lake",
        )
    }

    /// An answer took longer than it may.
    pub(crate) fn slow() -> Self {
        Self::new(
            StatusCode::GATEWAY_TIMEOUT,
            "the answer took too long",
            "narrow the search by a court, dates or rarer words",
        )
    }

    /// Too many questions wait.
    pub(crate) fn busy() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too many questions at the same time",
            "ask again in a second",
        )
    }

    /// Words for people.
    pub(crate) fn title(&self) -> &'static str {
        match self.status {
            StatusCode::BAD_REQUEST if self.position.is_some() => "The query was not understood",
            StatusCode::BAD_REQUEST if self.parameter.is_some() => "A parameter was not understood",
            StatusCode::BAD_REQUEST => "The question was not understood",
            StatusCode::NOT_FOUND => "Not found",
            StatusCode::SERVICE_UNAVAILABLE => "Busy",
            StatusCode::GATEWAY_TIMEOUT => "Too slow",
            StatusCode::UNAUTHORIZED => "A token is needed",
            StatusCode::MISDIRECTED_REQUEST => "Called by an unknown name",
            status => status.canonical_reason().unwrap_or("Error"),
        }
    }

    /// The kind, for programs.
    pub(crate) fn code(&self) -> &'static str {
        match self.status {
            StatusCode::BAD_REQUEST if self.parameter.is_some() => "bad_parameter",
            StatusCode::BAD_REQUEST => "bad_query",
            StatusCode::NOT_FOUND => "not_found",
            StatusCode::SERVICE_UNAVAILABLE => "busy",
            StatusCode::GATEWAY_TIMEOUT => "too_slow",
            StatusCode::INTERNAL_SERVER_ERROR => "unreadable",
            _ => "refused",
        }
    }

    /// The members of RFC 9457 and ours.
    pub(crate) fn json(&self) -> Value {
        json!({
            "type": "about:blank", "title": self.title(), "status": self.status.as_u16(),
            "code": self.code(), "detail": self.detail, "hint": self.hint,
            "position": self.position, "parameter": self.parameter,
        })
    }
}

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Self {
        Self {
            position: error.position,
            ..Self::new(StatusCode::BAD_REQUEST, error.message, error.hint)
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!("the lake cannot be read: {error}");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the lake cannot be read",
            "`nirnay fsck` says what is wrong with it; the server's log has the cause",
        )
    }
}

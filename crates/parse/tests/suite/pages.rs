//! The kinds of page there are fixtures for, and how each is read.

use std::path::PathBuf;

use jiff::civil::date;
use nirnay_model::{QuarantinedRow, SourceId};
use nirnay_parse::{Reply, judgments, sci};
use serde_json::{Value, json};

/// The day on which all fixtures are read.
pub(crate) const TODAY: jiff::civil::Date = date(2026, 6, 1);

pub(crate) fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures"))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    Start,
    CaptchaVerdict,
    Search,
    DocumentLink,
    Feed,
    HighCourtRow,
    ReportRow,
}

impl Page {
    pub(crate) const ALL: [Self; 7] = [
        Self::Start,
        Self::CaptchaVerdict,
        Self::Search,
        Self::DocumentLink,
        Self::Feed,
        Self::HighCourtRow,
        Self::ReportRow,
    ];

    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Start => "start-page",
            Self::CaptchaVerdict => "captcha-verdict",
            Self::Search => "search-page",
            Self::DocumentLink => "document-link",
            Self::Feed => "feed",
            Self::HighCourtRow => "high-court-row",
            Self::ReportRow => "report-row",
        }
    }

    pub(crate) fn is_row(self) -> bool {
        matches!(self, Self::HighCourtRow | Self::ReportRow)
    }

    /// What the reader of this page makes of `body`, as JSON.
    pub(crate) fn read(self, body: &[u8]) -> Value {
        match self {
            Self::Start => reply(judgments::start_page(body), |page| json!(page)),
            Self::CaptchaVerdict => {
                reply(judgments::captcha_verdict(body), |verdict| json!(verdict))
            }
            Self::Search => reply(judgments::search_page(body), |page| json!(page)),
            Self::DocumentLink => reply(judgments::document_link(body), |link| json!(link)),
            Self::Feed => reply(sci::feed(body, TODAY), |page| {
                let quarantined: Vec<Value> = page.quarantined.iter().map(set_aside).collect();
                json!({ "rows": page.rows, "quarantined": quarantined })
            }),
            Self::HighCourtRow => row(body, SourceId::EcourtsHc),
            Self::ReportRow => row(body, SourceId::Scr),
        }
    }
}

fn reply<T>(reply: Reply<T>, good: impl Fn(T) -> Value) -> Value {
    match reply {
        Reply::Good(value) => json!({ "good": good(value) }),
        Reply::Refused(refusal) => json!({ "refused": refusal }),
    }
}

fn row(body: &[u8], source: SourceId) -> Value {
    match judgments::read_row(&String::from_utf8_lossy(body), source, TODAY) {
        Ok(row) => json!({ "key": row.judgment.key(), "row": row }),
        Err(row) => json!({ "quarantined": set_aside(&row) }),
    }
}

/// The HTML is the case itself and is left out.
fn set_aside(row: &QuarantinedRow) -> Value {
    json!({ "reason": row.reason, "detail": row.detail, "key": row.key })
}

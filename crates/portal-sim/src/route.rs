//! What a request is for.

use serde::{Deserialize, Serialize};

/// The kinds of requests that faults and the log tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// The start page of a judgment portal, which opens a session.
    Start,
    /// A captcha picture.
    Captcha,
    /// `checkCaptcha`.
    Check,
    /// A page of search results.
    Search,
    /// `openpdfcaptcha` and `openpdf`, which make a document ready.
    Link,
    /// A document.
    Document,
    /// A list behind a form: benches, case types, districts, courts.
    List,
    /// The page of a case.
    Case,
    /// The Supreme Court's home page and its lists.
    Feed,
    /// `robots.txt`.
    Robots,
    /// Anything else.
    Other,
}

impl Route {
    /// The name in scripts and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Captcha => "captcha",
            Self::Check => "check",
            Self::Search => "search",
            Self::Link => "link",
            Self::Document => "document",
            Self::List => "list",
            Self::Case => "case",
            Self::Feed => "feed",
            Self::Robots => "robots",
            Self::Other => "other",
        }
    }
}

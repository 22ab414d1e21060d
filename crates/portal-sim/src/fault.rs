//! Fault scripts: what goes wrong, where and when.

use nirnay_model::Portal;
use serde::{Deserialize, Serialize};

use crate::error::SimError;
use crate::route::Route;

/// What goes wrong.
///
/// Behind each kind: the routes it may strike and, in brackets, its parameters with their defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// search, link, document: the session is logged out and its files are gone; JSON routes say
    /// `session_expire`.
    SessionExpire,
    /// check, search, link: `{"errormsg":"Oops! Something went wrong"}`.
    Errormsg,
    /// any: an HTML error text where JSON belongs, status 200.
    NotJson,
    /// any: the start page instead of the reply.
    LoginPage,
    /// any: a firewall's page (`status`, 403).
    BlockPage,
    /// any: a maintenance page (`status`, 503).
    Maintenance,
    /// any: nothing, status 200.
    EmptyBody,
    /// check, search, link: well-formed JSON with unknown keys.
    UnknownJson,
    /// check, search, link: the portal's own SQL text before the JSON.
    SqlTextBeforeJson,
    /// any but pictures and documents: a byte order mark before the body.
    BomBeforeJson,
    /// any: the request takes effect, then the connection is reset before the headers.
    Drop,
    /// any: the connection is closed after part of the body (`n` per cent, 50).
    CutBody,
    /// any: the reply waits (`ms`, 1000).
    Slow,
    /// any: the body comes in small pieces (`n` bytes, 64) with a pause before each (`ms`, 20).
    Trickle,
    /// any: a bare status (`status`, 500).
    HttpStatus,
    /// any: `status` (429) with `Retry-After` (`retry_after`, 120): seconds, any text, or `date:+N` for
    /// the date N seconds from now.
    RetryAfter,
    /// document: another row's document (`pick`, `"random"` or `"first_row"` of the session's page).
    WrongDocument,
    /// document: no bytes.
    ZeroPdf,
    /// document: a page of 315 bytes that says 404, with status 200.
    TinyPdf,
    /// document: an HTML page with status 200 and the type of a PDF.
    HtmlPdf,
    /// document: the file without its end (`n` per cent kept, 60), lengths agreeing.
    TruncatedPdf,
    /// document: a byte order mark before the file.
    BomPdf,
    /// link: the address given is already dead.
    StaleLink,
    /// search: totals are off by `n` (1).
    TotalMoves,
    /// search: a row repeated in place of its neighbour.
    DuplicateRow,
    /// search: `n` (1) rows appear, or disappear if negative; `place` is `"before"` (default) or
    /// `"after"` the rows asked for. Before the first page nothing can appear.
    ShiftRows,
    /// search: `n` (1) rows fewer than asked for.
    ShortPage,
    /// search: rubbish instead of a row. With `probability` this belongs to rows, not requests: that
    /// share of all rows, always the same ones, is unreadable (and so in the ground truth).
    MalformedRow,
    /// search: a row without its button; `probability` as with `malformed_row`.
    NoButtonRow,
    /// check: verdict N whatever the answer.
    CaptchaRefuse,
    /// check: the message of a wrong length instead of JSON.
    CaptchaWrongLength,
    /// captcha: the session's last picture again.
    CaptchaPinned,
    /// any: `mib` (64) MiB of spaces, packed.
    GzipBomb,
    /// any: `mib` (64) MiB of spaces, not packed, no length stated.
    HugeBody,
    /// any: 302 to another host (`to`, `http://192.0.2.1/elsewhere`).
    RedirectOut,
    /// link: a bad `outputfile` (`form`: `"absolute"`, `"host"` for `//host/…`, `"dots"` for `..`,
    /// `"userinfo"` for `@host`).
    BadOutputfile,
    /// start: the session's allowance of documents is `n` (5).
    PdfLimit,
}

impl FaultKind {
    /// The name in scripts and logs.
    pub fn name(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    /// Whether a request of this route can be struck.
    pub fn strikes(self, route: Route) -> bool {
        use Route::{Captcha, Check, Document, Link, Search, Start};
        match self {
            Self::SessionExpire => matches!(route, Search | Link | Document),
            Self::Errormsg | Self::UnknownJson | Self::SqlTextBeforeJson => {
                matches!(route, Check | Search | Link)
            }
            Self::BomBeforeJson => !matches!(route, Captcha | Document),
            Self::WrongDocument
            | Self::ZeroPdf
            | Self::TinyPdf
            | Self::HtmlPdf
            | Self::TruncatedPdf
            | Self::BomPdf => route == Document,
            Self::StaleLink | Self::BadOutputfile => route == Link,
            Self::TotalMoves
            | Self::DuplicateRow
            | Self::ShiftRows
            | Self::ShortPage
            | Self::MalformedRow
            | Self::NoButtonRow => route == Search,
            Self::CaptchaRefuse | Self::CaptchaWrongLength => route == Check,
            Self::CaptchaPinned => route == Captcha,
            Self::PdfLimit => route == Start,
            _ => true,
        }
    }

    /// Whether it is, with a probability, a property of rows.
    pub(crate) fn of_rows(self) -> bool {
        matches!(self, Self::MalformedRow | Self::NoButtonRow)
    }
}

/// `Retry-After` as written in a script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RetryAfter {
    /// Seconds.
    Seconds(u64),
    /// Any text; `date:+N` becomes the date N seconds from now.
    Text(String),
}

/// Which requests a rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum On {
    /// Start pages.
    Start,
    /// Captcha pictures.
    Captcha,
    /// Captcha checks.
    Check,
    /// Searches.
    Search,
    /// Document links.
    Link,
    /// Documents.
    Document,
    /// The feed.
    Feed,
    /// `robots.txt`.
    Robots,
    /// Every route the kind can strike.
    Any,
}

impl On {
    /// Whether it covers a route.
    pub fn covers(self, route: Route) -> bool {
        let one = match self {
            Self::Start => Route::Start,
            Self::Captcha => Route::Captcha,
            Self::Check => Route::Check,
            Self::Search => Route::Search,
            Self::Link => Route::Link,
            Self::Document => Route::Document,
            Self::Feed => Route::Feed,
            Self::Robots => Route::Robots,
            Self::Any => return true,
        };
        one == route
    }
}

/// One rule: a kind, the requests it is for, when it fires, and its parameters.
///
/// Exactly one of `probability`, `at` and `every` says when. Requests are counted from 1, for each
/// rule by itself, over those that its `on`, its `portal` and its kind cover.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the parameters are documented on the kinds that take them"
)]
pub struct FaultRule {
    pub kind: FaultKind,
    #[serde(default = "any")]
    pub on: On,
    #[serde(default)]
    pub portal: Option<Portal>,
    #[serde(default)]
    pub probability: Option<f64>,
    #[serde(default)]
    pub at: Vec<u64>,
    #[serde(default)]
    pub every: Option<u64>,
    #[serde(default)]
    pub times: Option<u64>,
    #[serde(default)]
    pub n: Option<i64>,
    #[serde(default)]
    pub ms: Option<u64>,
    #[serde(default)]
    pub mib: Option<u64>,
    #[serde(default)]
    pub status: Option<u16>,
    #[serde(default)]
    pub retry_after: Option<RetryAfter>,
    #[serde(default)]
    pub pick: Option<String>,
    #[serde(default)]
    pub place: Option<String>,
    #[serde(default)]
    pub form: Option<String>,
    #[serde(default)]
    pub to: Option<String>,
}

fn any() -> On {
    On::Any
}

impl FaultRule {
    /// A rule of this kind that strikes every request it can; narrow it with the other methods.
    pub fn new(kind: FaultKind) -> Self {
        Self {
            kind,
            on: On::Any,
            portal: None,
            probability: None,
            at: Vec::new(),
            every: Some(1),
            times: None,
            n: None,
            ms: None,
            mib: None,
            status: None,
            retry_after: None,
            pick: None,
            place: None,
            form: None,
            to: None,
        }
    }

    /// Only requests of this route.
    #[must_use]
    pub fn on(mut self, on: On) -> Self {
        self.on = on;
        self
    }

    /// Only these requests, counted from 1.
    #[must_use]
    pub fn at(mut self, numbers: impl IntoIterator<Item = u64>) -> Self {
        self.at = numbers.into_iter().collect();
        self.every = None;
        self.probability = None;
        self
    }

    /// Every `n`-th request.
    #[must_use]
    pub fn every(mut self, n: u64) -> Self {
        self.every = Some(n);
        self.probability = None;
        self
    }

    /// A share of the requests, seeded.
    #[must_use]
    pub fn probability(mut self, share: f64) -> Self {
        self.probability = Some(share);
        self.every = None;
        self
    }

    /// At most so many times.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// The number the kind takes.
    #[must_use]
    pub fn n(mut self, n: i64) -> Self {
        self.n = Some(n);
        self
    }

    fn check(&self, place: usize) -> Result<(), SimError> {
        let fail = |why: &str| {
            Err(SimError::Script {
                why: format!("rule {} ({}): {why}", place + 1, self.kind.name()),
            })
        };
        let ways = usize::from(self.probability.is_some())
            + usize::from(!self.at.is_empty())
            + usize::from(self.every.is_some());
        if ways != 1 {
            return fail("give exactly one of probability, at, every");
        }
        if self.probability.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
            return fail("probability must lie between 0 and 1");
        }
        if self.every == Some(0) {
            return fail("every must be at least 1");
        }
        let routes = [
            Route::Start,
            Route::Captcha,
            Route::Check,
            Route::Search,
            Route::Link,
            Route::Document,
            Route::Feed,
            Route::Robots,
        ];
        if !routes
            .into_iter()
            .any(|route| self.on.covers(route) && self.kind.strikes(route))
        {
            return fail("this kind cannot strike that route");
        }
        Ok(())
    }
}

/// When all faults end, so that every walk can come to an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// No fault strikes after this many requests to the simulator (all portals together).
    pub after: u64,
}

/// A list of rules. At most one fault strikes a request: that of the first rule that fires.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct FaultScript {
    /// Seed of the probabilities; the simulator's own if not given.
    #[serde(default)]
    pub seed: Option<u64>,
    /// When it ends.
    #[serde(default)]
    pub stop: Option<Stop>,
    /// The rules.
    #[serde(default)]
    pub fault: Vec<FaultRule>,
}

impl FaultScript {
    /// A script of these rules.
    pub fn of(rules: impl IntoIterator<Item = FaultRule>) -> Self {
        Self {
            seed: None,
            stop: None,
            fault: rules.into_iter().collect(),
        }
    }

    /// Reads a script from TOML.
    ///
    /// ```
    /// let script = nirnay_portal_sim::FaultScript::from_toml(r#"
    ///     [stop]
    ///     after = 5000
    ///     [[fault]]
    ///     kind = "session_expire"
    ///     on = "search"
    ///     at = [3]
    /// "#)?;
    /// assert_eq!(script.fault.len(), 1);
    /// # Ok::<(), nirnay_portal_sim::SimError>(())
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, SimError> {
        let script: Self = toml::from_str(text).map_err(|error| SimError::Script {
            why: error.to_string(),
        })?;
        script.check()?;
        Ok(script)
    }

    /// The standard fault script: what a bad month on the real portals looks like, moderately. Its
    /// text is `standard.toml` beside this file.
    pub fn standard() -> Self {
        // The file is part of the build; a test proves that it reads.
        Self::from_toml(Self::STANDARD).unwrap_or_default()
    }

    /// The text of the standard fault script.
    pub const STANDARD: &'static str = include_str!("standard.toml");

    /// Whether every rule can be used.
    pub fn check(&self) -> Result<(), SimError> {
        self.fault
            .iter()
            .enumerate()
            .try_for_each(|(place, rule)| rule.check(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_script_reads_and_stops() {
        let script = FaultScript::from_toml(FaultScript::STANDARD).unwrap();
        assert!(script.fault.len() >= 12);
        assert!(script.stop.is_some());
    }

    #[test]
    fn bad_rules_are_refused_with_their_place() {
        for (text, word) in [
            ("[[fault]]\nkind = \"drop\"", "exactly one"),
            (
                "[[fault]]\nkind = \"drop\"\nat = [1]\nevery = 2",
                "exactly one",
            ),
            (
                "[[fault]]\nkind = \"zero_pdf\"\non = \"search\"\nevery = 1",
                "cannot strike",
            ),
            (
                "[[fault]]\nkind = \"drop\"\nprobability = 2.0",
                "between 0 and 1",
            ),
            ("[[fault]]\nkind = \"unheard\"\nevery = 1", "unheard"),
            (
                "[[fault]]\nkind = \"drop\"\nevery = 1\nprobabilty = 0.1",
                "probabilty",
            ),
        ] {
            let error = FaultScript::from_toml(text).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}

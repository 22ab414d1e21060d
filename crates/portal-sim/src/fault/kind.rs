//! The kinds of faults.

use serde::{Deserialize, Serialize};

use crate::route::Route;
use crate::site::Site;

/// What goes wrong.
///
/// Behind each kind: the routes it may strike and, in brackets, its parameters with their defaults. A
/// lasting kind stays in force from the request on at which it fires, for `times` requests if given, and
/// leaves the request open to another fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// search, link, document, list, case: the session is logged out and its files are gone; JSON routes say
    /// `session_expire`.
    SessionExpire,
    /// any of a session's requests but its first: the portal has forgotten the session, its picture,
    /// its page and its files.
    SessionLost,
    /// check, search, link, list, case: `{"errormsg":"Oops! Something went wrong"}`, or what the site says
    /// in its place.
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
    /// check, search, link, list, case: well-formed JSON with unknown keys.
    UnknownJson,
    /// check, search, link, list, case: the portal's own SQL text before the JSON.
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
    /// any: `status` (429) with `Retry-After` (`retry_after`, 120): seconds, any text, or a date N
    /// seconds from now in one of its three forms: `date:+N`, `rfc850:+N`, `asctime:+N`; `date:-N` is
    /// past.
    RetryAfter,
    /// any: `n` (2000) more headers of `size` (32) bytes each.
    HeaderFlood,
    /// document: another row's document (`pick`, `"random"` or `"first_row"` of the session's page, `"same_case"`: another order
    /// of the case, where it has one).
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
    /// search: totals are off by `n` (1); cause lists have none.
    TotalMoves,
    /// search: a row repeated in place of its neighbour; on a portal of cases beside it.
    DuplicateRow,
    /// search: `n` (1) rows appear, or disappear if negative; `place` is `"before"` (default) or
    /// `"after"` the rows asked for. Before the first page nothing can appear.
    ShiftRows,
    /// search: `n` (1) rows fewer than asked for; but for cause lists.
    ShortPage,
    /// search: a well-formed answer that knows of no rows.
    EmptyResult,
    /// search: whatever the page's length, up to `n` (50,000) rows in one reply; `form` is `"rows"`
    /// (default: the rows that follow, as far as there are any) or `"repeat"` (the page again and
    /// again, made while it is sent).
    RowFlood,
    /// search: a row with `n` (20,000) elements within each other in its text (`form`: the element,
    /// `"div"`; `"list"` for `ul` and `li`); `probability` as with `malformed_row`.
    NestedRow,
    /// search: a row one of whose texts is an attack or a nuisance (`n`: the place of the text in
    /// [`hostile_texts`](crate::hostile_texts), else any). `form` says which text: `"petitioner"` (default), `"respondent"`,
    /// `"judge"`, `"number"`, `"disposal"`; `"cnr"`, `"path"` and `"court"` make the row unreadable.
    /// `probability` as with `malformed_row`; with that, and only if `portal` names it, also on the
    /// Supreme Court's feed. On a portal of cases: with `probability` the first party in its lists; else (search, case) the
    /// text in place of every CNR, or, `form = "name"`, on the page of a case, of its parties' names.
    HostileText,
    /// document: a file name that is an attack or a nuisance (`n` as with `hostile_text`).
    HostileName,
    /// search: rubbish instead of a row. With `probability` this belongs to rows, not requests: that
    /// share of all rows, always the same ones, is unreadable (and so in the ground truth).
    MalformedRow,
    /// search: a row without its button; `probability` as with `malformed_row`.
    NoButtonRow,
    /// check, and search and case where the answer comes with them: wrong whatever the answer.
    CaptchaRefuse,
    /// check, and search and case where the answer comes with them: the message of a wrong length.
    CaptchaWrongLength,
    /// captcha: the session's last picture again.
    CaptchaPinned,
    /// captcha: no picture (`form`: `"zero"` bytes, an `"html"` page, a `"cut"` file, `"noise"`, a file
    /// that promises 30,000 by 30,000 `"pixels"`, a `"huge"` one of `mib` (8) MiB; else any of them).
    BadPicture,
    /// any: `mib` (64) MiB of spaces, packed.
    GzipBomb,
    /// any: `mib` (64) MiB of spaces, not packed, no length stated.
    HugeBody,
    /// any: a redirect (`status`, 302) to another host (`to`, `http://192.0.2.1/elsewhere`); with
    /// `form = "any"` to one of [`hostile_links`](crate::hostile_links) (`n`: its place, else any).
    RedirectOut,
    /// link: a bad `outputfile` (`form`: `"absolute"` for `to`, `"host"` for `//host/…`, `"dots"` for `..`,
    /// `"userinfo"` for `@host`; `"any"` for one of [`hostile_links`](crate::hostile_links), `n`: its place, else any).
    BadOutputfile,
    /// list, search, case, link: the secret and the header names of the district courts' script turn before
    /// the request is looked at.
    SecretTurns,
    /// start: the session's allowance of documents is `n` (5).
    PdfLimit,
    /// lasting; search, feed: the rows of a court (`court`: slug or code; else of all) are not found any
    /// more.
    SilentCourt,
    /// lasting; search, feed: `n` (80) per cent of the rows (of `court`, or all) are not found any more,
    /// always the same ones.
    FewerRows,
    /// lasting; search, feed: another layout (`form`: `"label"`, `"decision_label"`, `"hindi"`, `"span"`,
    /// `"font"`, `"class"`, `"swap"`, `"date_order"`, `"iso_date"`, `"call"`, `"arguments"`, `"ornament"`,
    /// `"envelope"`, `"columns"`; on the feed `"label"`, `"span"`, `"class"`, `"call"`, `"iso_date"`) on
    /// `n` (100) per cent of the rows, or on the feed's page.
    Drift,
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
        use Route::{Captcha, Case, Check, Document, Link, List, Search, Start};
        match self {
            Self::SessionExpire => matches!(route, Search | Link | Document | List | Case),
            Self::SessionLost => matches!(
                route,
                Captcha | Check | Search | Link | Document | List | Case
            ),
            Self::Errormsg | Self::UnknownJson | Self::SqlTextBeforeJson => {
                matches!(route, Check | Search | Link | List | Case)
            }
            Self::BomBeforeJson => !matches!(route, Captcha | Document),
            Self::WrongDocument
            | Self::ZeroPdf
            | Self::TinyPdf
            | Self::HtmlPdf
            | Self::TruncatedPdf
            | Self::BomPdf
            | Self::HostileName => route == Document,
            Self::StaleLink | Self::BadOutputfile => route == Link,
            Self::TotalMoves
            | Self::DuplicateRow
            | Self::ShiftRows
            | Self::ShortPage
            | Self::MalformedRow
            | Self::NoButtonRow
            | Self::EmptyResult
            | Self::RowFlood
            | Self::NestedRow => route == Search,
            Self::HostileText => matches!(route, Search | Case),
            Self::SilentCourt | Self::FewerRows | Self::Drift => {
                matches!(route, Search | Route::Feed)
            }
            Self::CaptchaRefuse | Self::CaptchaWrongLength => {
                matches!(route, Check | Search | Case)
            }
            Self::CaptchaPinned | Self::BadPicture => route == Captcha,
            Self::PdfLimit => route == Start,
            Self::SecretTurns => matches!(route, List | Search | Case | Link),
            _ => true,
        }
    }

    /// Whether a request of this route can be struck on this site: the portals of judgments check
    /// captchas before the search, the portals of cases with it.
    pub(crate) fn strikes_at(self, site: Site, route: Route) -> bool {
        let captcha = matches!(self, Self::CaptchaRefuse | Self::CaptchaWrongLength);
        self.strikes(route) && !(captcha && !site.checks_at_search() && route != Route::Check)
    }

    /// Whether it stays in force once it has fired.
    pub fn lasts(self) -> bool {
        matches!(self, Self::SilentCourt | Self::FewerRows | Self::Drift)
    }
}

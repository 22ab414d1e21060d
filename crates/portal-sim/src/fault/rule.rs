//! The rules of a fault script.

use crate::site::Site;
use serde::{Deserialize, Serialize};

use crate::bench;
use crate::error::SimError;
use crate::fault::FaultKind;
use crate::route::Route;

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
    /// Lists behind forms.
    List,
    /// Case pages.
    Case,
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
            Self::List => Route::List,
            Self::Case => Route::Case,
            Self::Feed => Route::Feed,
            Self::Robots => Route::Robots,
            Self::Any => return true,
        };
        one == route
    }
}

/// One rule: a kind, the requests it is for, when it fires, and its parameters.
///
/// Exactly one of `probability`, `at`, `every` and `request` says when. Requests are counted from 1: with
/// `at` and `every` for each rule by itself, over those that its `on`, its `portal` and its kind cover;
/// with `request` over all requests to the simulator, whatever they are for (a request of another
/// route is passed over). With `n_max` the number `n` is drawn anew for each stroke, up to `n_max`.
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
    pub portal: Option<Site>,
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
    #[serde(default)]
    pub request: Vec<u64>,
    #[serde(default)]
    pub n_max: Option<i64>,
    #[serde(default)]
    pub size: Option<u64>,
    #[serde(default)]
    pub court: Option<String>,
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
            request: Vec::new(),
            n_max: None,
            size: None,
            court: None,
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
        self.request.clear();
        self.every = None;
        self.probability = None;
        self
    }

    /// Only the requests with these numbers, counted from 1 over all requests to the simulator.
    #[must_use]
    pub fn at_requests(mut self, numbers: impl IntoIterator<Item = u64>) -> Self {
        self.request = numbers.into_iter().collect();
        self.at.clear();
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

    /// The number is drawn for each stroke: from `from` to `to`, both included.
    #[must_use]
    pub fn n_between(mut self, from: i64, to: i64) -> Self {
        self.n = Some(from);
        self.n_max = Some(to);
        self
    }

    /// Only requests to this portal.
    #[must_use]
    pub fn portal(mut self, site: impl Into<Site>) -> Self {
        self.portal = Some(site.into());
        self
    }

    /// Milliseconds.
    #[must_use]
    pub fn ms(mut self, ms: u64) -> Self {
        self.ms = Some(ms);
        self
    }

    /// MiB.
    #[must_use]
    pub fn mib(mut self, mib: u64) -> Self {
        self.mib = Some(mib);
        self
    }

    /// The status of the reply.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// The value of `Retry-After`.
    #[must_use]
    pub fn retry_after(mut self, value: RetryAfter) -> Self {
        self.retry_after = Some(value);
        self
    }

    /// The form the kind takes.
    #[must_use]
    pub fn form(mut self, form: impl Into<String>) -> Self {
        self.form = Some(form.into());
        self
    }

    /// `"before"` or `"after"`.
    #[must_use]
    pub fn place(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// `"random"`, `"first_row"` or `"same_case"`.
    #[must_use]
    pub fn pick(mut self, pick: impl Into<String>) -> Self {
        self.pick = Some(pick.into());
        self
    }

    /// Where a redirect leads.
    #[must_use]
    pub fn to(mut self, to: impl Into<String>) -> Self {
        self.to = Some(to.into());
        self
    }

    /// Bytes.
    #[must_use]
    pub fn size(mut self, bytes: u64) -> Self {
        self.size = Some(bytes);
        self
    }

    /// The court it is about, by slug or code.
    #[must_use]
    pub fn court(mut self, court: impl Into<String>) -> Self {
        self.court = Some(court.into());
        self
    }

    pub(super) fn check(&self, place: usize) -> Result<(), SimError> {
        let fail = |why: &str| {
            Err(SimError::Script {
                why: format!("rule {} ({}): {why}", place + 1, self.kind.name()),
            })
        };
        let ways = usize::from(self.probability.is_some())
            + usize::from(!self.at.is_empty())
            + usize::from(!self.request.is_empty())
            + usize::from(self.every.is_some());
        if ways != 1 {
            return fail("give exactly one of probability, at, every, request");
        }
        if self.probability.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
            return fail("probability must lie between 0 and 1");
        }
        if self.every == Some(0) {
            return fail("every must be at least 1");
        }
        if self.n_max.is_some_and(|most| most < self.n.unwrap_or(most)) {
            return fail("n_max must not be less than n");
        }
        if self
            .court
            .as_ref()
            .is_some_and(|court| bench::benches_of(court).is_empty())
        {
            return fail("no such court in the registry");
        }
        let routes = [
            Route::Start,
            Route::Captcha,
            Route::Check,
            Route::Search,
            Route::Link,
            Route::Document,
            Route::List,
            Route::Case,
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

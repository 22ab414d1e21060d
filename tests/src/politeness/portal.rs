//! The portal: answers, and writes down what it saw.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use nirnay_fetch::{
    Clock as _, HttpReply, HttpRequest, Transport, TransportError, TransportProblem,
};
use nirnay_model::CaptureKind;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::replies;
use super::world::Clock;

/// The host that may be asked, and nobody else.
const HOST: &str = "judgments.ecourts.gov.in";
/// Documents a session gives.
const DOCUMENTS: u32 = 25;
/// As long as a body of `Retry-After` may ask for to be obeyed to the instant.
const LONGEST: u64 = 30 * 86_400;

/// What a reply was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The client was gone before the reply.
    Gone,
    /// As asked.
    Good,
    /// A status, or no reply at all (0).
    Failed(u16),
    /// A refusal of the crawler.
    Refused,
    /// A form nobody knows.
    Unknown,
    /// The session is over, or gives no more.
    Over,
    /// The captcha answer was wrong.
    Wrong,
    /// A redirect.
    Moved,
}

/// One request as the portal saw it.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) kind: CaptureKind,
    pub(super) arrived: Duration,
    pub(super) ended: Duration,
    /// The portal's own clock at arrival.
    pub(super) at: Timestamp,
    /// Whether the client's machine showed the right time.
    pub(super) clock_right: bool,
    /// Whose address it was, and which.
    pub(super) foreign: bool,
    pub(super) path: String,
    pub(super) outcome: Outcome,
    pub(super) bytes: u64,
    /// Nothing may be sent before this instant.
    pub(super) not_before: Option<Duration>,
    /// The call of the client it belongs to.
    pub(super) call: u64,
    pub(super) session: u64,
    /// The picture that was answered.
    pub(super) picture: Option<u64>,
    /// The rules it was given, for `robots.txt`.
    pub(super) robots: Option<&'static Robots>,
    /// What it broke of the protocol.
    pub(super) wrong: Option<&'static str>,
}

impl Entry {
    /// Whether the client had the reply.
    pub(super) fn is_whole(&self) -> bool {
        self.outcome != Outcome::Gone
    }

    /// Names of what it shows, for the summary.
    pub(super) fn names(&self) -> Vec<&'static str> {
        let name = match self.outcome {
            Outcome::Failed(429 | 503) => "throttled",
            Outcome::Failed(_) => "failed",
            Outcome::Refused => "refused",
            Outcome::Unknown => "unknown",
            Outcome::Wrong => "captcha wrong",
            Outcome::Moved => "redirect",
            Outcome::Good if self.kind == CaptureKind::CaptchaCheck => "captcha right",
            _ => return Vec::new(),
        };
        vec![name]
    }
}

/// A `robots.txt` and what it means.
#[derive(Debug)]
pub(super) struct Robots {
    pub(super) text: Option<&'static str>,
    pub(super) delay: u64,
    /// Minutes of the day, in UTC, between which requests are welcome.
    pub(super) visits: Option<(i64, i64)>,
    pub(super) forbids: fn(&str) -> bool,
}

fn nothing(_: &str) -> bool {
    false
}

static ROBOTS: [Robots; 9] = [
    Robots {
        text: None,
        delay: 0,
        visits: None,
        forbids: nothing,
    },
    Robots {
        text: Some("User-agent: *\nDisallow: /wp-admin/"),
        delay: 0,
        visits: None,
        forbids: nothing,
    },
    Robots {
        text: Some("User-agent: *\nCrawl-delay: 12"),
        delay: 12,
        visits: None,
        forbids: nothing,
    },
    Robots {
        text: Some(
            "User-agent: *\nDisallow: /\nUser-agent: nirnay\nRequest-rate: 4/1m\nDisallow: /x",
        ),
        delay: 15,
        visits: None,
        forbids: nothing,
    },
    Robots {
        text: Some("User-agent: *\nDisallow: /"),
        delay: 0,
        visits: None,
        forbids: |_| true,
    },
    Robots {
        text: Some("User-agent: *\nAllow: /\nDisallow: /pdfsearch/tmp/*.pdf$"),
        delay: 0,
        visits: None,
        forbids: |path| path.starts_with("/pdfsearch/tmp/"),
    },
    Robots {
        text: Some(
            "User-agent: other\nUser-agent: NIRNAY\nDisallow: *openpdf\n\nUser-agent: *\nAllow: /",
        ),
        delay: 0,
        visits: None,
        forbids: |path| path.contains("openpdf"),
    },
    Robots {
        text: Some("User-agent: *\nVisit-time: 0200-1400\nCrawl-delay: 3"),
        delay: 3,
        visits: Some((120, 840)),
        forbids: nothing,
    },
    Robots {
        text: Some("<html>no such page</html>"),
        delay: 0,
        visits: None,
        forbids: nothing,
    },
];

/// How the portal is, for a while.
#[derive(Debug, Clone, Copy)]
struct Weather {
    until: Duration,
    fails: f64,
    throttles: f64,
    latency: f64,
}

struct State {
    dice: ChaCha8Rng,
    weather: Weather,
    log: Vec<Entry>,
    looks: Vec<Duration>,
    call: u64,
    sessions: u64,
    pictures: u64,
    /// Documents given and the picture shown, by session.
    open: HashMap<u64, Session>,
    /// A picture that is shown again and again.
    pinned: Option<u64>,
}

#[derive(Default)]
struct Session {
    given: u32,
    picture: Option<u64>,
    failed: bool,
}

/// The portal.
pub(super) struct Portal {
    clock: Arc<Clock>,
    state: Mutex<State>,
}

/// Writes the end of a request down, whatever ends it.
struct Ledger<'a> {
    portal: &'a Portal,
    place: usize,
}

impl Drop for Ledger<'_> {
    fn drop(&mut self) {
        let now = self.portal.clock.elapsed();
        self.portal.state().log[self.place].ended = now;
    }
}

impl Portal {
    pub(super) fn new(seed: u64, clock: Arc<Clock>) -> Self {
        let fine = Weather {
            until: Duration::ZERO,
            fails: 0.0,
            throttles: 0.0,
            latency: 0.3,
        };
        let state = State {
            dice: ChaCha8Rng::seed_from_u64(seed ^ 0x9e37_79b9),
            weather: fine,
            log: Vec::new(),
            looks: Vec::new(),
            call: 0,
            sessions: 0,
            pictures: 0,
            open: HashMap::new(),
            pinned: None,
        };
        Self {
            clock,
            state: Mutex::new(state),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("the portal's state")
    }

    pub(super) fn begin_call(&self) {
        self.state().call += 1;
    }

    /// A person looked at the portal.
    pub(super) fn look(&self) {
        let now = self.clock.elapsed();
        self.state().looks.push(now);
    }

    pub(super) fn log(&self) -> Vec<Entry> {
        self.state().log.clone()
    }

    pub(super) fn looks(&self) -> Vec<Duration> {
        self.state().looks.clone()
    }

    fn arrive(&self, request: &HttpRequest) -> usize {
        let arrived = self.clock.elapsed();
        let (at, clock_right) = (self.clock.truth(), self.clock.is_right());
        let mut state = self.state();
        let query = request
            .url
            .query()
            .map(|q| format!("?{q}"))
            .unwrap_or_default();
        let entry = Entry {
            kind: request.kind,
            arrived,
            ended: arrived,
            at,
            clock_right,
            foreign: request.url.host_str() != Some(HOST) || request.url.scheme() != "https",
            path: format!("{}{query}", request.url.path()),
            outcome: Outcome::Gone,
            bytes: 0,
            not_before: None,
            call: state.call,
            session: session_of(request),
            picture: None,
            robots: None,
            wrong: None,
        };
        state.log.push(entry);
        state.log.len() - 1
    }
}

fn session_of(request: &HttpRequest) -> u64 {
    request
        .headers
        .iter()
        .find(|(name, _)| name == "Cookie")
        .and_then(|(_, value)| value.split_once("=session")?.1.parse().ok())
        .unwrap_or(0)
}

fn field(request: &HttpRequest, name: &str) -> String {
    let body = String::from_utf8_lossy(&request.body).into_owned();
    body.split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        .unwrap_or("")
        .replace("%2F", "/")
}

#[async_trait]
impl Transport for Portal {
    async fn send(&self, request: HttpRequest) -> Result<HttpReply, TransportError> {
        let place = self.arrive(&request);
        let ledger = Ledger {
            portal: self,
            place,
        };
        self.note_arrival(place, &request);
        let steps = self.latency();
        for step in &steps {
            self.clock.sleep(*step).await;
        }
        let elapsed = steps.iter().sum();
        let now = self.clock.elapsed();
        let mut state = self.state();
        let (outcome, result) = state.answer(&request, place, self.clock.truth(), now);
        let entry = &mut state.log[place];
        entry.outcome = outcome;
        entry.bytes = result.as_ref().map_or(0, |reply| reply.wire_bytes);
        drop(state);
        drop(ledger);
        result
            .map(|reply| HttpReply { elapsed, ..reply })
            .map_err(|problem| TransportError::new(problem, "scripted"))
    }
}

impl Portal {
    fn latency(&self) -> Vec<Duration> {
        let mut state = self.state();
        let mean = state.weather.latency;
        let parts = state.dice.random_range(1..4);
        (0..parts)
            .map(|_| Duration::from_secs_f64(state.dice.random_range(0.01..1.0) * mean))
            .collect()
    }

    /// What can be said of a request as it arrives.
    fn note_arrival(&self, place: usize, request: &HttpRequest) {
        let mut state = self.state();
        let session = state.log[place].session;
        if request.kind == CaptureKind::CaptchaCheck {
            let known = state.open.entry(session).or_default();
            let (picture, failed) = (known.picture, known.failed);
            state.log[place].picture = picture;
            if failed {
                state.log[place].wrong = Some("a second answer in a session whose first was wrong");
            }
        }
        if request.kind == CaptureKind::DocumentLink {
            let (row, path) = (field(request, "val"), field(request, "path"));
            let fits = row.parse::<u32>().is_ok_and(|row| {
                row >= replies::FIRST_ROW && replies::handle(row - replies::FIRST_ROW).path == path
            });
            if !fits {
                state.log[place].wrong = Some("the index of another row");
            }
        }
    }
}

impl State {
    fn answer(
        &mut self,
        request: &HttpRequest,
        place: usize,
        truth: Timestamp,
        now: Duration,
    ) -> (Outcome, Result<HttpReply, TransportProblem>) {
        self.turn_weather(now);
        if let Some(trouble) = self.trouble(request.kind, place, truth, now) {
            return trouble;
        }
        let (outcome, reply) = self.serve(request, place);
        (outcome, Ok(reply))
    }

    fn turn_weather(&mut self, now: Duration) {
        if now < self.weather.until {
            return;
        }
        let (least, most) = [(600, 30_000), (60, 4_000)][usize::from(self.dice.random_bool(0.4))];
        let until = now + Duration::from_secs(self.dice.random_range(least..most));
        let fine = self.dice.random_bool(0.75);
        self.weather = Weather {
            until,
            fails: if fine {
                0.001
            } else {
                [0.02, 0.3, 1.0][self.dice.random_range(0..3)]
            },
            throttles: if fine {
                0.001
            } else {
                [0.0, 0.02, 0.2][self.dice.random_range(0..3)]
            },
            latency: [0.3, 1.0, 8.0][self.dice.random_range(0..3)],
        };
    }

    /// Failures, pauses and refusals.
    fn trouble(
        &mut self,
        kind: CaptureKind,
        place: usize,
        truth: Timestamp,
        now: Duration,
    ) -> Option<(Outcome, Result<HttpReply, TransportProblem>)> {
        if self.dice.random_bool(self.weather.fails) {
            if self.dice.random_bool(0.5) {
                let problem = [
                    TransportProblem::Broken,
                    TransportProblem::Timeout,
                    TransportProblem::Connect,
                ];
                return Some((
                    Outcome::Failed(0),
                    Err(problem[self.dice.random_range(0..3)]),
                ));
            }
            let status = [500, 502, 504][self.dice.random_range(0..3)];
            return Some((Outcome::Failed(status), Ok(replies::reply(status, "down"))));
        }
        if self.dice.random_bool(self.weather.throttles) {
            return Some(self.throttle(place, truth, now));
        }
        if kind == CaptureKind::Robots {
            return None;
        }
        match self.dice.random_range(0..20_000_u32) {
            0 => Some((Outcome::Refused, Ok(replies::reply(403, "no")))),
            1 => Some((Outcome::Refused, Ok(replies::firewall()))),
            2 if kind == CaptureKind::Search => Some((Outcome::Refused, Ok(replies::law()))),
            3..10 => Some((Outcome::Failed(404), Ok(replies::reply(404, "none")))),
            _ => None,
        }
    }

    fn throttle(
        &mut self,
        place: usize,
        truth: Timestamp,
        now: Duration,
    ) -> (Outcome, Result<HttpReply, TransportProblem>) {
        let status = [429, 503][self.dice.random_range(0..2)];
        let mut reply = replies::reply(status, "later");
        let seconds: u64 = match self.dice.random_range(0..40) {
            0 => 1_000_000_000,
            1 => self.dice.random_range(21_600..200_000),
            2..6 => self.dice.random_range(600..21_600),
            _ => self.dice.random_range(0..900),
        };
        let date = |seconds: u64| {
            let by = SignedDuration::from_secs(seconds as i64);
            let then = truth.checked_add(by).unwrap_or(Timestamp::MAX);
            then.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
        };
        // The least that an understood reply asks for.
        let asked = match self.dice.random_range(0..8) {
            0 => None,
            1 => {
                let garbage = ["soon", "-5", "1.5", "12 minutes", "Thu, 99 Foo 2026", ""];
                let value = garbage[self.dice.random_range(0..garbage.len())];
                reply = replies::with(reply, "Retry-After", value);
                None
            }
            2 => {
                let past = truth
                    .checked_sub(SignedDuration::from_secs(500))
                    .expect("an instant");
                let past = past.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
                reply = replies::with(reply, "Date", date(0));
                reply = replies::with(reply, "Retry-After", past);
                None
            }
            3 | 4 => {
                reply = replies::with(reply, "date", date(0));
                reply = replies::with(reply, "retry-after", date(seconds.min(LONGEST)));
                // Dates have no parts of a second.
                Some(seconds.min(LONGEST).saturating_sub(1))
            }
            _ => {
                reply = replies::with(reply, "Retry-After", seconds.to_string());
                Some(seconds)
            }
        };
        let least = asked.unwrap_or(0).clamp(60, LONGEST);
        self.log[place].not_before = Some(now + Duration::from_secs(least));
        (Outcome::Failed(status), Ok(reply))
    }

    fn serve(&mut self, request: &HttpRequest, place: usize) -> (Outcome, HttpReply) {
        let number = self.log.len() as u64;
        let session = self.log[place].session;
        let strange = self.dice.random_bool(0.001);
        let over = self.dice.random_bool(0.01);
        match request.kind {
            CaptureKind::Robots => return self.serve_robots(place, request),
            CaptureKind::Start if self.dice.random_bool(0.02) => {
                let away = [
                    "https://evil.example/",
                    "//evil.example/pdfsearch/",
                    "http://judgments.ecourts.gov.in/pdfsearch/",
                    "/pdfsearch/index.php",
                ];
                let to = away[self.dice.random_range(0..4)];
                let reply = replies::with(replies::reply(302, ""), "Location", to);
                return (Outcome::Moved, reply);
            }
            CaptureKind::Start => {
                self.sessions += 1;
                self.open.clear();
                return (Outcome::Good, replies::start(self.sessions));
            }
            CaptureKind::Captcha => return (Outcome::Good, self.serve_picture(session)),
            CaptureKind::CaptchaCheck => return self.serve_check(request, session, number),
            CaptureKind::Document => {
                let bytes = self.dice.random_range(10_000..30_000_000);
                return (Outcome::Good, replies::pdf(bytes));
            }
            _ => {}
        }
        if over {
            return (Outcome::Over, replies::expired(number));
        }
        if strange {
            return (Outcome::Unknown, replies::unknown(number));
        }
        if request.kind == CaptureKind::Search {
            return (Outcome::Good, replies::page(number));
        }
        let known = self.open.entry(session).or_default();
        known.given += 1;
        if known.given > DOCUMENTS {
            return (Outcome::Over, replies::spent(number));
        }
        (Outcome::Good, replies::link(number))
    }

    fn serve_robots(&mut self, place: usize, request: &HttpRequest) -> (Outcome, HttpReply) {
        if self.dice.random_bool(0.1) && !request.url.path().contains("moved") {
            let away = ["/moved/robots.txt", "https://evil.example/robots.txt"];
            let to = away[usize::from(self.dice.random_bool(0.2))];
            let reply = replies::with(replies::reply(301, ""), "Location", to);
            return (Outcome::Moved, reply);
        }
        // Mostly files that let the crawler work.
        let which = if self.dice.random_bool(0.6) {
            self.dice.random_range(0..4)
        } else {
            self.dice.random_range(0..ROBOTS.len())
        };
        let Some(robots) = ROBOTS.get(which) else {
            return (Outcome::Good, replies::reply(404, ""));
        };
        self.log[place].robots = Some(robots);
        let reply = match robots.text {
            Some(text) => replies::reply(200, text),
            None => replies::reply([401, 403, 404, 410][self.dice.random_range(0..4)], "none"),
        };
        (Outcome::Good, reply)
    }

    fn serve_picture(&mut self, session: u64) -> HttpReply {
        self.pictures += 1;
        let mut number = self.pictures;
        if let Some(pinned) = self.pinned
            && self.dice.random_bool(0.3)
        {
            number = pinned;
        }
        self.open.entry(session).or_default().picture = Some(number);
        replies::picture(number)
    }

    fn serve_check(
        &mut self,
        request: &HttpRequest,
        session: u64,
        number: u64,
    ) -> (Outcome, HttpReply) {
        if field(request, "captcha") == "right1" {
            return (Outcome::Good, replies::accepted(number));
        }
        let known = self.open.entry(session).or_default();
        known.failed = true;
        self.pinned = known.picture;
        (Outcome::Wrong, replies::wrong(number))
    }
}

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use nirnay_model::{CaptureKind, CapturedBody, DocumentHandle, MissingReason, SourceId};

mod stops;
mod words;

use super::*;
use crate::{
    Challenge, ErrorClass, FetchEvent, GateDeps, HttpReply, HttpRequest, ManualClock,
    MemoryHostStates, MemorySink, NeverStop, PageQuery, Politeness, PortalConfig, SolveError,
    StopReason, TransportError, TransportProblem, UnlimitedRun, stage,
};

type Answer = Result<HttpReply, TransportProblem>;

/// Answers as a healthy portal does, but for the faults scripted by kind; `None` in a script is
/// "healthy this time".
struct Portal {
    clock: Arc<ManualClock>,
    faults: Mutex<HashMap<CaptureKind, VecDeque<Option<Answer>>>>,
    sent: Mutex<Vec<(CaptureKind, u64)>>,
}

impl Portal {
    /// `number` counts requests: no two pictures are the same.
    fn healthy(kind: CaptureKind, number: usize) -> HttpReply {
        match kind {
            CaptureKind::Start => stage::start('1'),
            CaptureKind::Captcha => stage::picture(u8::try_from(number).unwrap()),
            CaptureKind::CaptchaCheck => stage::accepted('2'),
            CaptureKind::Search => stage::page('3', &[1, 2, 3]),
            CaptureKind::DocumentLink => stage::link('4'),
            CaptureKind::Document => stage::pdf(),
            CaptureKind::Feed => feed_page(),
            CaptureKind::Robots => stage::reply(404, "none"),
        }
    }

    fn sent(&self, kind: CaptureKind) -> usize {
        self.sent
            .lock()
            .unwrap()
            .iter()
            .filter(|(sent, _)| *sent == kind)
            .count()
    }

    fn all(&self) -> usize {
        self.sent.lock().unwrap().len()
    }
}

#[async_trait]
impl crate::Transport for Portal {
    async fn send(&self, request: HttpRequest) -> Result<HttpReply, TransportError> {
        let kind = request.kind;
        self.sent
            .lock()
            .unwrap()
            .push((kind, crate::Clock::monotonic(&*self.clock).as_secs()));
        let fault = self
            .faults
            .lock()
            .unwrap()
            .get_mut(&kind)
            .and_then(VecDeque::pop_front)
            .flatten();
        match fault {
            Some(answer) => answer.map_err(|problem| TransportError::new(problem, "scripted")),
            None => Ok(Self::healthy(kind, self.all())),
        }
    }
}

struct Reader(Option<&'static str>);

#[async_trait]
impl CaptchaSolver for Reader {
    fn name(&self) -> &'static str {
        "reader"
    }

    async fn solve(&self, _: &Challenge) -> Result<Option<String>, SolveError> {
        Ok(self.0.map(str::to_owned))
    }
}

struct Rig {
    clock: Arc<ManualClock>,
    portal: Arc<Portal>,
    sink: Arc<MemorySink>,
    events: Arc<Mutex<Vec<FetchEvent>>>,
    states: MemoryHostStates,
    politeness: Politeness,
    guess: Option<&'static str>,
}

impl Rig {
    fn new(faults: impl IntoIterator<Item = (CaptureKind, Vec<Option<Answer>>)>) -> Self {
        let clock = Arc::new(ManualClock::at("2026-03-01T03:00:00Z".parse().unwrap()));
        let faults = faults
            .into_iter()
            .map(|(kind, answers)| (kind, answers.into()))
            .collect();
        let portal = Portal {
            clock: Arc::clone(&clock),
            faults: Mutex::new(faults),
            sent: Mutex::default(),
        };
        Self {
            clock,
            portal: Arc::new(portal),
            sink: Arc::default(),
            events: Arc::default(),
            states: MemoryHostStates::default(),
            politeness: Politeness {
                contact: "mailto:crawl@example.org".to_owned(),
                ..Politeness::default()
            },
            guess: Some("ab12cd"),
        }
    }

    fn deps(&self, source: SourceId) -> (PortalConfig, Deps) {
        let config = PortalConfig::public(source).unwrap();
        let politeness = self.politeness.clone();
        let gate_deps = GateDeps {
            store: Arc::new(self.states.clone()),
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            stop: Arc::new(NeverStop),
            budget: Arc::new(UnlimitedRun),
            seed: 1,
        };
        let events = Arc::clone(&self.events);
        let deps = Deps {
            transport: Arc::clone(&self.portal) as Arc<dyn Transport>,
            gate: Arc::new(HostGate::new(&config.base_url, politeness, gate_deps).unwrap()),
            solver: Arc::new(Reader(self.guess)),
            sink: Arc::clone(&self.sink) as Arc<dyn CaptureSink>,
            events: Arc::new(move |event| events.lock().unwrap().push(event)),
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
        };
        (config, deps)
    }

    fn judgments(&self) -> JudgmentsClient {
        let (config, deps) = self.deps(SourceId::EcourtsHc);
        JudgmentsClient::new(config, deps).unwrap()
    }

    fn feed(&self) -> FeedClient {
        let (config, deps) = self.deps(SourceId::SciFeed);
        FeedClient::new(&config, deps).unwrap()
    }
}

fn first() -> PageQuery {
    stage::query(0)
}

fn times(answer: &HttpReply, number: usize) -> Vec<Option<Answer>> {
    vec![Some(Ok(answer.clone())); number]
}

async fn page_class(rig: &Rig) -> ErrorClass {
    rig.judgments()
        .page(&first())
        .await
        .map(|_| ())
        .unwrap_err()
        .class()
}

async fn document_class(rig: &Rig) -> ErrorClass {
    rig.judgments()
        .document(&first(), &stage::handle(1))
        .await
        .map(|_| ())
        .unwrap_err()
        .class()
}

#[tokio::test]
async fn a_page_and_its_documents_cost_two_requests_a_document() {
    let rig = Rig::new([]);
    let mut client = rig.judgments();
    let page = client.page(&first()).await.unwrap();
    assert_eq!((page.page.rows.len(), page.epoch), (3, 1));
    assert_eq!(
        rig.portal.all(),
        5,
        "robots, start, picture, answer, search"
    );
    for number in [1, 2, 3] {
        let document = client
            .document(&first(), &stage::handle(number))
            .await
            .unwrap();
        assert_eq!(
            (&document.bytes[..], document.content_length),
            (stage::PDF, Some(stage::PDF.len() as u64))
        );
    }
    assert_eq!((rig.portal.all(), client.documents_left()), (11, 22));
    assert_eq!(rig.portal.sent(CaptureKind::Robots), 1);
    let sent = rig.portal.sent.lock().unwrap();
    assert!(
        sent.windows(2).all(|pair| pair[1].1 > pair[0].1),
        "a second apart: {sent:?}"
    );
}

#[tokio::test]
async fn every_exchange_is_kept_without_secrets() {
    let rig = Rig::new([(CaptureKind::CaptchaCheck, times(&stage::wrong(), 1))]);
    let mut client = rig.judgments();
    let page = client.page(&first()).await.unwrap();
    let document = client.document(&first(), &stage::handle(1)).await.unwrap();
    let captures = rig.sink.captures();
    assert_eq!(captures.len(), rig.portal.all());
    let kept = |id| captures.iter().find(|capture| capture.id == id).unwrap();
    assert_eq!(kept(page.capture_id).kind, CaptureKind::Search);
    assert!(matches!(
        kept(document.capture_id).body,
        CapturedBody::Document { .. }
    ));
    assert_eq!(captures.iter().map(|capture| capture.epoch).max(), Some(2));
    for capture in &captures {
        let mut text = format!(
            "{} {:?} {:?}",
            capture.url, capture.request_headers, capture.response_headers
        );
        text += &String::from_utf8_lossy(&capture.request_body);
        if let CapturedBody::Inline(body) = &capture.body {
            text += &String::from_utf8_lossy(body);
        }
        for secret in [
            stage::SESSION_ID,
            "ab12cd",
            stage::TEMPORARY,
            &"1".repeat(64),
            &"2".repeat(64),
            &"e".repeat(64),
        ] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
    assert!(!format!("{:?}", rig.events.lock().unwrap()).contains("ab12cd"));
}

#[tokio::test]
async fn expiry_is_the_normal_case_up_to_three_times() {
    let rig = Rig::new([(CaptureKind::Search, times(&stage::expired(), 3))]);
    let page = rig.judgments().page(&first()).await.unwrap();
    assert_eq!(page.epoch, 4);
    let rig = Rig::new([(CaptureKind::Search, times(&stage::expired(), 9))]);
    assert_eq!(page_class(&rig).await, ErrorClass::Expired);
    assert_eq!(rig.portal.sent(CaptureKind::Start), 4);
}

#[tokio::test]
async fn five_captcha_answers_a_call_and_no_more() {
    let rig = Rig::new([(CaptureKind::CaptchaCheck, times(&stage::wrong(), 9))]);
    assert_eq!(page_class(&rig).await, ErrorClass::CaptchaCap);
    assert_eq!(rig.portal.sent(CaptureKind::CaptchaCheck), 5);
    assert_eq!(
        rig.portal.sent(CaptureKind::Start),
        5,
        "a new session for each"
    );
    assert_eq!(rig.portal.sent(CaptureKind::Search), 0);
    let answered = |event: &&FetchEvent| {
        matches!(
            event,
            FetchEvent::CaptchaAnswered {
                accepted: false,
                length: 6,
                ..
            }
        )
    };
    assert_eq!(
        rig.events.lock().unwrap().iter().filter(answered).count(),
        5
    );
    assert_eq!(
        rig.states
            .get("judgments.ecourts.gov.in:443")
            .captchas
            .failures_in_a_row,
        5
    );
}

#[tokio::test]
async fn a_pinned_picture_is_answered_once() {
    let pinned = times(&stage::picture(1), 99);
    let rig = Rig::new([
        (CaptureKind::CaptchaCheck, times(&stage::wrong(), 9)),
        (CaptureKind::Captcha, pinned),
    ]);
    assert_eq!(page_class(&rig).await, ErrorClass::CaptchaCap);
    assert_eq!(rig.portal.sent(CaptureKind::CaptchaCheck), 1);
}

#[tokio::test]
async fn a_solver_without_guesses_ends_as_captcha_cap() {
    let rig = Rig {
        guess: None,
        ..Rig::new([])
    };
    assert_eq!(page_class(&rig).await, ErrorClass::CaptchaCap);
    assert_eq!(
        rig.portal.sent(CaptureKind::Captcha),
        15,
        "three pictures in five sessions"
    );
    assert_eq!(rig.portal.sent(CaptureKind::CaptchaCheck), 0);
}

#[tokio::test]
async fn a_captcha_answer_is_never_sent_twice() {
    for lost in [
        Err(TransportProblem::Broken),
        Ok(stage::reply(502, "")),
        Ok(stage::reply(503, "")),
    ] {
        let rig = Rig::new([(CaptureKind::CaptchaCheck, vec![Some(lost)])]);
        assert_eq!(rig.judgments().page(&first()).await.unwrap().epoch, 2);
        let kinds: Vec<CaptureKind> = rig
            .portal
            .sent
            .lock()
            .unwrap()
            .iter()
            .map(|(kind, _)| *kind)
            .collect();
        let check = kinds
            .iter()
            .position(|kind| *kind == CaptureKind::CaptchaCheck)
            .unwrap();
        assert_eq!(kinds.get(check + 1), Some(&CaptureKind::Start), "{kinds:?}");
    }
}

#[tokio::test]
async fn unknown_replies_are_kept_tried_once_more_and_then_drift() {
    let unknown = stage::reply(200, "{\"something\":\"else\"}");
    let rig = Rig::new([(CaptureKind::Search, times(&unknown, 1))]);
    assert_eq!(rig.judgments().page(&first()).await.unwrap().epoch, 2);
    let rig = Rig::new([(CaptureKind::Search, times(&unknown, 2))]);
    assert_eq!(page_class(&rig).await, ErrorClass::Drift);
    let body = |body: &CapturedBody| matches!(body, CapturedBody::Inline(bytes) if bytes.starts_with(b"{\"something"));
    assert_eq!(
        rig.sink
            .captures()
            .iter()
            .filter(|capture| body(&capture.body))
            .count(),
        2
    );
}

#[tokio::test]
async fn a_refusing_host_is_left_alone() {
    for refusal in [stage::reply(403, "no"), stage::blocked()] {
        let rig = Rig::new([(CaptureKind::Search, times(&refusal, 1))]);
        let mut client = rig.judgments();
        assert_eq!(
            client.page(&first()).await.unwrap_err().class(),
            ErrorClass::Blocked
        );
        let sent = rig.portal.all();
        let again = client.page(&first()).await.unwrap_err().class();
        assert!(
            matches!(again, ErrorClass::Stopped(StopReason::Blocked { .. })),
            "{again:?}"
        );
        let restarted = page_class(&rig).await;
        assert!(
            matches!(restarted, ErrorClass::Stopped(StopReason::Blocked { .. })),
            "{restarted:?}"
        );
        assert_eq!(rig.portal.all(), sent, "nothing more was sent");
    }
}

#[tokio::test]
async fn a_throttled_search_is_repeated_after_the_pause_in_the_same_session() {
    let later = stage::with_header(stage::reply(429, ""), "Retry-After", "120");
    let rig = Rig::new([(CaptureKind::Search, times(&later, 1))]);
    assert_eq!(rig.judgments().page(&first()).await.unwrap().epoch, 1);
    let sent = rig.portal.sent.lock().unwrap();
    let searches: Vec<u64> = sent
        .iter()
        .filter(|(kind, _)| *kind == CaptureKind::Search)
        .map(|(_, at)| *at)
        .collect();
    assert!(searches[1] >= searches[0] + 120, "{searches:?}");
    assert!(
        rig.events
            .lock()
            .unwrap()
            .iter()
            .any(|event| matches!(event, FetchEvent::Throttled { .. }))
    );
}

#[tokio::test]
async fn a_host_that_keeps_throttling_ends_the_call() {
    let rig = Rig::new([(CaptureKind::Search, times(&stage::reply(429, ""), 9))]);
    let class = page_class(&rig).await;
    assert!(
        matches!(class, ErrorClass::Throttled { retry_after } if retry_after >= Duration::from_mins(1)),
        "{class:?}"
    );
    assert_eq!(rig.portal.sent(CaptureKind::Search), 4);
    let long = stage::with_header(stage::reply(503, ""), "Retry-After", "1000000000");
    let rig = Rig::new([(CaptureKind::Search, times(&long, 1))]);
    assert!(matches!(
        page_class(&rig).await,
        ErrorClass::Stopped(StopReason::LongPause { .. })
    ));
}

#[tokio::test]
async fn broken_connections_are_tried_again_and_then_reported() {
    let broken = |number| vec![Some(Err(TransportProblem::Broken)); number];
    let rig = Rig::new([(CaptureKind::Search, broken(4))]);
    assert_eq!(rig.judgments().page(&first()).await.unwrap().epoch, 1);
    let rig = Rig::new([(CaptureKind::Search, broken(9))]);
    assert_eq!(page_class(&rig).await, ErrorClass::Transient);
    assert_eq!(rig.portal.sent(CaptureKind::Search), 5);
    let rig = Rig::new([(CaptureKind::Start, vec![Some(Err(TransportProblem::Tls))])]);
    assert!(matches!(
        page_class(&rig).await,
        ErrorClass::Stopped(StopReason::Tls { .. })
    ));
}

#[tokio::test]
async fn documents_that_cannot_be_had() {
    let permanent = ErrorClass::Permanent;
    let dead = stage::reply(404, "");
    let rig = Rig::new([(CaptureKind::Document, times(&dead, 9))]);
    assert_eq!(
        document_class(&rig).await,
        permanent(MissingReason::LinkRefused)
    );
    assert_eq!(
        rig.portal.sent(CaptureKind::Start),
        2,
        "one more session, to see whose fault it is"
    );
    let rig = Rig::new([(CaptureKind::DocumentLink, times(&stage::oops(), 9))]);
    assert_eq!(
        document_class(&rig).await,
        permanent(MissingReason::LinkRefused)
    );
    let rig = Rig::new([(
        CaptureKind::Document,
        vec![Some(Err(TransportProblem::Length)); 9],
    )]);
    assert_eq!(
        document_class(&rig).await,
        permanent(MissingReason::Truncated)
    );
    let rig = Rig::new([(
        CaptureKind::Document,
        vec![Some(Err(TransportProblem::TooLarge)); 9],
    )]);
    assert_eq!(
        document_class(&rig).await,
        permanent(MissingReason::TooLarge)
    );
    assert_eq!(rig.portal.sent(CaptureKind::Document), 2);
    let rig = Rig::new([(CaptureKind::Search, times(&stage::page('3', &[7]), 1))]);
    assert_eq!(
        document_class(&rig).await,
        permanent(MissingReason::RowGone)
    );
    let rig = Rig::new([(CaptureKind::DocumentLink, times(&stage::spent(), 9))]);
    assert_eq!(document_class(&rig).await, ErrorClass::Expired);
    let rig = Rig::new([(CaptureKind::Document, times(&stage::reply(200, ""), 1))]);
    let empty = rig
        .judgments()
        .document(&first(), &stage::handle(1))
        .await
        .unwrap();
    assert!(
        empty.bytes.is_empty(),
        "what the bytes are is for the caller"
    );
}

#[tokio::test]
async fn robots_come_first_and_are_obeyed() {
    let forbid = stage::reply(200, "User-agent: *\nDisallow: /pdfsearch/");
    let rig = Rig::new([(CaptureKind::Robots, times(&forbid, 1))]);
    assert!(matches!(
        page_class(&rig).await,
        ErrorClass::Stopped(StopReason::RobotsForbid { .. })
    ));
    assert!(matches!(
        page_class(&rig).await,
        ErrorClass::Stopped(StopReason::RobotsForbid { .. })
    ));
    assert_eq!(rig.portal.all(), 1, "known across restarts");
    let broken = vec![
        Some(Err(TransportProblem::Connect)),
        Some(Ok(stage::reply(500, ""))),
    ]
    .into_iter()
    .cycle()
    .take(9);
    let rig = Rig::new([(CaptureKind::Robots, broken.collect())]);
    assert!(matches!(
        page_class(&rig).await,
        ErrorClass::Stopped(StopReason::RobotsUnreachable { .. })
    ));
    assert_eq!(rig.portal.sent(CaptureKind::Start), 0);
    let moved = |to: &str| {
        Some(Ok(stage::with_header(
            stage::reply(302, ""),
            "Location",
            to,
        )))
    };
    let rig = Rig::new([(
        CaptureKind::Robots,
        vec![moved("/robots/"), Some(Ok(stage::reply(403, "")))],
    )]);
    assert!(
        rig.judgments().page(&first()).await.is_ok(),
        "403 says that there is none"
    );
    let rig = Rig::new([(
        CaptureKind::Robots,
        vec![moved("https://evil.example/robots.txt")],
    )]);
    assert!(matches!(
        page_class(&rig).await,
        ErrorClass::Stopped(StopReason::RobotsUnreachable { .. })
    ));
}

fn feed_page() -> HttpReply {
    stage::reply(
        200,
        "<a href=\"https://www.sci.gov.in/view-pdf/?diary_no=12342025&amp;type=j&amp;order_date=2026-02-24&amp;from=latest_judgements_order\">\
         A B VS. C D - C.A. No. 12/2026 - Diary Number 1234 / 2025 -  <span>24-Feb-2026</span>\
         <div> (Uploaded On 24-02-2026 17:22:34)</div> </a>",
    )
}

fn feed_handle(path: &str) -> DocumentHandle {
    DocumentHandle {
        path: path.to_owned(),
        ..stage::handle(1)
    }
}

#[tokio::test]
async fn the_feed_and_its_documents() {
    let rig = Rig::new([]);
    let mut client = rig.feed();
    assert_eq!(client.feed().await.unwrap().body, feed_page().body);
    let path =
        "/sci-get-pdf/?diary_no=12342025&type=j&order_date=2026-02-24&from=latest_judgements_order";
    let document = client.document(&feed_handle(path)).await.unwrap();
    assert_eq!((&document.bytes[..], document.epoch), (stage::PDF, 0));
    let sent = rig.portal.all();
    for bad in [
        "/wp-admin/x",
        "//evil.example/sci-get-pdf/?a",
        "/sci-get-pdf/?a#b",
        "/sci-get-pdf/?a b",
        "",
    ] {
        let class = client
            .document(&feed_handle(bad))
            .await
            .unwrap_err()
            .class();
        assert_eq!(
            class,
            ErrorClass::Permanent(MissingReason::LinkRefused),
            "{bad}"
        );
    }
    assert_eq!(rig.portal.all(), sent);
}

#[tokio::test]
async fn a_feed_without_rows_is_never_an_empty_feed() {
    let bare = stage::reply(200, "<html><title>Supreme Court</title>nothing here</html>");
    let rig = Rig::new([(CaptureKind::Feed, times(&bare, 2))]);
    assert_eq!(
        rig.feed().feed().await.unwrap_err().class(),
        ErrorClass::Drift
    );
    let rig = Rig::new([(CaptureKind::Feed, times(&stage::reply(403, ""), 1))]);
    assert_eq!(
        rig.feed().feed().await.unwrap_err().class(),
        ErrorClass::Blocked
    );
}

#[test]
fn calls_can_be_spawned() {
    fn sendable<T: Send>(_: T) {}
    let rig = Rig::new([]);
    let (mut judgments, mut feed) = (rig.judgments(), rig.feed());
    let (query, handle) = (first(), stage::handle(1));
    sendable(judgments.page(&query));
    sendable(judgments.document(&query, &handle));
    sendable(feed.feed());
    sendable(feed.document(&handle));
}

#[test]
fn clients_refuse_what_is_not_theirs() {
    let rig = Rig::new([]);
    let (feed, deps) = rig.deps(SourceId::SciFeed);
    assert!(
        JudgmentsClient::new(feed, deps.clone()).is_err(),
        "the feed is no judgments portal"
    );
    let hc = PortalConfig::public(SourceId::EcourtsHc).unwrap();
    assert!(
        JudgmentsClient::new(hc.clone(), deps.clone()).is_err(),
        "another host's gate"
    );
    assert!(FeedClient::new(&hc, deps).is_err());
}

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use jiff::SignedDuration;
use nirnay_extract::{ExtractFailure, Extraction, page_text};
use nirnay_fetch::{
    CaptchaSolver, Challenge, Clock, Deps, GateDeps, HostGate, HttpReply, HttpRequest, ManualClock,
    MemoryHostStates, NeverStop, Politeness, PortalConfig, SolveError, Transport, TransportError,
    UnlimitedRun,
};
use nirnay_model::DocumentState;
use nirnay_store::{Lake, OpenMode};

use super::*;
use crate::adapters::LakeSink;
use crate::context::india_date;
use crate::event::Silent;
use crate::rescan::RescanConfig;
use crate::text::TextExtractor;

/// What a document's address answers with: the last answer again and again.
type Answers = VecDeque<(u16, Vec<u8>)>;

/// A site with two rows, whose documents are scripted by diary number.
#[derive(Default)]
struct Site {
    documents: Mutex<HashMap<&'static str, Answers>>,
    asked: Mutex<Vec<String>>,
}

const ONE: &str = "11112025";
const TWO: &str = "22222025";

fn page() -> Vec<u8> {
    let row = |diary: &str, parties: &str, case: u32| {
        let (number, year) = diary.split_at(4);
        format!(
            "<a href=\"https://www.sci.gov.in/view-pdf/?diary_no={diary}&amp;type=j&amp;order_date=2026-02-24&amp;from=latest_judgements_order\">\
             {parties} - C.A. No. {case}/2026 - Diary Number {number} / {year} -  <span>24-Feb-2026</span>\
             <div> (Uploaded On 24-02-2026 17:22:34)</div> </a>"
        )
    };
    let one = row(ONE, "MOHAN LAL VS. UNION OF INDIA", 41);
    (one + &row(TWO, "GEETA DEVI VS. STATE OF ASSAM", 57)).into_bytes()
}

fn pdf(says: &str) -> Vec<u8> {
    let body = "the appeal is heard and the order of the court below is set aside ".repeat(20);
    format!("%PDF-1.4\n{says}\n{body}\n%%EOF").into_bytes()
}

fn of_one() -> Vec<u8> {
    pdf("MOHAN LAL versus UNION OF INDIA, CIVIL APPEAL NO. 41 OF 2026, Diary No. 1111 of 2025")
}

fn of_two() -> Vec<u8> {
    pdf("GEETA DEVI versus STATE OF ASSAM, CIVIL APPEAL NO. 57 OF 2026, Diary No. 2222 of 2025")
}

#[async_trait]
impl Transport for Site {
    async fn send(&self, request: HttpRequest) -> Result<HttpReply, TransportError> {
        let address = request.url.to_string();
        self.asked.lock().unwrap().push(address.clone());
        let mut documents = self.documents.lock().unwrap();
        let scripted = documents
            .iter_mut()
            .find(|(diary, _)| address.contains(**diary));
        let (status, body) = match scripted {
            Some((_, answers)) if answers.len() > 1 => answers.pop_front().unwrap(),
            Some((_, answers)) => answers.front().cloned().unwrap(),
            None if address.ends_with("/robots.txt") => (404, Vec::new()),
            None => (200, page()),
        };
        Ok(HttpReply {
            status,
            headers: Vec::new(),
            wire_bytes: body.len() as u64,
            body: Bytes::from(body),
            elapsed: std::time::Duration::ZERO,
        })
    }
}

struct Nobody;

#[async_trait]
impl CaptchaSolver for Nobody {
    fn name(&self) -> &'static str {
        "nobody"
    }

    async fn solve(&self, _: &Challenge) -> Result<Option<String>, SolveError> {
        Ok(None)
    }
}

/// The text of a document is its bytes.
struct Plain;

impl TextExtractor for Plain {
    fn version(&self) -> &'static str {
        "plain"
    }

    fn extract(&self, pdf: &[u8]) -> Result<Extraction, ExtractFailure> {
        Ok(Extraction {
            engine: "plain".to_owned(),
            pages: vec![page_text(1, &String::from_utf8_lossy(pdf))],
            ..Extraction::default()
        })
    }
}

/// Status and body of each reply in turn.
type Scripted = Vec<(u16, Vec<u8>)>;

struct Rig {
    site: Arc<Site>,
    clock: Arc<ManualClock>,
    context: Context,
    client: FeedClient,
    _dir: tempfile::TempDir,
}

impl Rig {
    /// The feed's rows are accepted; its documents answer as scripted.
    async fn new(documents: [(&'static str, Scripted); 2]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at("2026-02-25T06:00:00Z".parse().unwrap()));
        let site = Arc::new(Site::default());
        *site.documents.lock().unwrap() = documents.map(|(at, a)| (at, a.into())).into();
        let lake = Arc::new(Lake::open(dir.path(), OpenMode::ReadWrite).unwrap());
        let now = clock.now();
        let run = lake
            .ledger()
            .begin_run("feed", Sha256::of(b"feed"), now)
            .unwrap();
        let context = Context {
            lake: Arc::clone(&lake),
            run,
            today: india_date(now),
            clock: Arc::clone(&clock) as _,
            observer: Arc::new(Silent),
            extractor: Arc::new(Plain),
            rescan: RescanConfig::default(),
        };
        let client = Self::client(&site, &clock, &lake);
        let mut rig = Self {
            site,
            clock,
            context,
            client,
            _dir: dir,
        };
        let known = rig.context.lake.ledger().windows(None).unwrap();
        plan(&rig.context, &known).unwrap();
        let ended = rows(&rig.context, &mut rig.client, &mut Tally::default()).await;
        assert!(matches!(ended.unwrap(), Ended::Done));
        rig
    }

    fn client(site: &Arc<Site>, clock: &Arc<ManualClock>, lake: &Arc<Lake>) -> FeedClient {
        let portal = PortalConfig::public(SourceId::SciFeed).unwrap();
        let politeness = Politeness {
            contact: "mailto:crawl@example.org".to_owned(),
            ..Politeness::default()
        };
        let deps = GateDeps {
            store: Arc::new(MemoryHostStates::default()),
            clock: Arc::clone(clock) as _,
            stop: Arc::new(NeverStop),
            budget: Arc::new(UnlimitedRun),
            seed: 1,
        };
        let deps = Deps {
            transport: Arc::clone(site) as _,
            gate: Arc::new(HostGate::new(&portal.base_url, politeness, deps).unwrap()),
            solver: Arc::new(Nobody),
            sink: Arc::new(LakeSink(Arc::clone(lake))),
            events: Arc::new(|_| {}),
            clock: Arc::clone(clock) as _,
        };
        FeedClient::new(&portal, deps).unwrap()
    }

    async fn documents(&mut self) -> Ended {
        documents(&self.context, &mut self.client).await.unwrap()
    }

    fn pass_hours(&self, hours: i64) {
        let by = SignedDuration::from_hours(hours);
        self.clock.advance(by.try_into().unwrap());
    }

    /// What became of the document of that diary number.
    fn state(&self, diary: &str) -> DocumentState {
        let ledger = self.context.lake.ledger();
        let far = Timestamp::MAX;
        let pending = ledger
            .pending_documents(SourceId::SciFeed, None, None, far, 10)
            .unwrap();
        if pending.iter().any(|d| d.handle.path.contains(diary)) {
            return DocumentState::Pending;
        }
        let number = diary.get(..4).unwrap();
        let stored = [of_one(), of_two(), unnamed()];
        let keys = stored
            .iter()
            .flat_map(|bytes| ledger.rows_sharing_blob(&Sha256::of(bytes)).unwrap());
        keys.filter(|key| {
            let judgment = ledger.judgment(key).unwrap().unwrap();
            judgment.diary_number.is_some_and(|d| d.contains(number))
        })
        .map(|key| ledger.document_state(&key).unwrap())
        .next()
        .unwrap_or(DocumentState::Missing {
            reason: MissingReason::WrongDocument,
        })
    }

    fn asked(&self, diary: &str) -> usize {
        let asked = self.site.asked.lock().unwrap();
        asked
            .iter()
            .filter(|address| address.contains(diary))
            .count()
    }
}

fn unnamed() -> Vec<u8> {
    pdf("an order")
}

fn check_of(state: &DocumentState) -> Option<Verification> {
    match state {
        DocumentState::Stored(facts) => Some(facts.check),
        _ => None,
    }
}

#[tokio::test]
async fn another_rows_document_is_never_kept() {
    let mut rig = Rig::new([(ONE, vec![(200, of_two())]), (TWO, vec![(200, of_two())])]).await;
    assert!(matches!(rig.documents().await, Ended::Done));
    assert_eq!(check_of(&rig.state(TWO)), Some(Verification::Matched));
    let DocumentState::Missing { reason } = rig.state(ONE) else {
        panic!("{:?}", rig.state(ONE))
    };
    assert_eq!(reason, MissingReason::WrongDocument);
    assert_eq!(rig.asked(ONE), TRIES as usize);
}

#[tokio::test]
async fn what_names_no_case_is_kept_after_three_servings_hours_apart() {
    let mut rig = Rig::new([(ONE, vec![(200, unnamed())]), (TWO, vec![(200, of_two())])]).await;
    for served in 1..=3 {
        assert_eq!(rig.state(ONE), DocumentState::Pending);
        rig.documents().await;
        assert_eq!(rig.asked(ONE), served, "once a run");
        rig.documents().await;
        assert_eq!(rig.asked(ONE), served, "and not again at once");
        rig.pass_hours(7);
    }
    assert_eq!(check_of(&rig.state(ONE)), Some(Verification::Unconfirmed));
}

#[tokio::test]
async fn a_document_that_never_comes_holds_up_no_other() {
    let mut rig = Rig::new([(ONE, vec![(502, Vec::new())]), (TWO, vec![(200, of_two())])]).await;
    assert!(matches!(rig.documents().await, Ended::Done));
    assert_eq!(rig.state(ONE), DocumentState::Pending);
    assert_eq!(check_of(&rig.state(TWO)), Some(Verification::Matched));
}

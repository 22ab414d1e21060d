//! The clients against the simulated portals, over real connections on loopback. The simulator's own
//! docket and log are the truth that they are held against.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test fails the test by panicking"
)]

use std::sync::Arc;

use async_trait::async_trait;
use nirnay_fetch::{
    CaptchaSolver, Challenge, Clock, ConfigError, Deps, ErrorClass, FeedClient, FetchError,
    GateDeps, HostGate, HttpTransport, JudgmentsClient, MemoryHostStates, MemorySink, NeverStop,
    PageQuery, Politeness, PortalConfig, SolveError, StopReason, TokioClock, TransportOptions,
    UnlimitedRun,
};
use nirnay_model::{CaptureKind, DocumentHandle, MissingReason, Portal, Sha256, SourceId};
use nirnay_parse::Reply;
use nirnay_parse::judgments::read_row;
use nirnay_portal_sim::{
    Docket, DocketSpec, FaultKind, FaultRule, FaultScript, On, Quirks, Route, Sim, SimConfig,
    SimHandle, TokenMode,
};

/// Whether an error's class is the one wanted.
type Expected = fn(&ErrorClass) -> bool;

/// Knows every answer.
struct Oracle(Arc<SimHandle>);

#[async_trait]
impl CaptchaSolver for Oracle {
    fn name(&self) -> &'static str {
        "oracle"
    }

    async fn solve(&self, challenge: &Challenge) -> Result<Option<String>, SolveError> {
        Ok(self.0.answer(&challenge.image))
    }
}

async fn sim(faults: Vec<FaultRule>) -> Arc<SimHandle> {
    let spec = DocketSpec {
        quirks: Quirks::none(),
        ..DocketSpec::default()
    };
    let mut config = SimConfig::new(Arc::new(Docket::generate(&spec).unwrap()));
    config.tokens = TokenMode::StrictAll;
    config.documents_per_session = 5;
    if !faults.is_empty() {
        config.faults = Some(FaultScript::of(faults));
    }
    Arc::new(Sim::start(config).await.unwrap())
}

struct Bench {
    config: PortalConfig,
    deps: Deps,
    sink: Arc<MemorySink>,
}

/// Everything a client needs, without any waiting: the host is this machine.
fn bench(sim: &Arc<SimHandle>, source: SourceId) -> Result<Bench, ConfigError> {
    let base = sim.base_url(source.portal()).parse().unwrap();
    let politeness: Politeness = toml::from_str(
        "contact = 'mailto:crawl@example.org'\nmin_interval = '0s'\nmax_interval = '0s'\nper_hour = 100000\n\
         per_day = 100000\ncaptchas_per_hour = 1000\ncaptchas_per_day = 1000\npause_floor = '0s'\n\
         breaker_after = 100\nbackoff_first = '0s'\nmax_wait = '2s'",
    )
    .unwrap();
    let clock: Arc<dyn Clock> = Arc::new(TokioClock::default());
    let gate_deps = GateDeps {
        store: Arc::new(MemoryHostStates::default()),
        clock: Arc::clone(&clock),
        stop: Arc::new(NeverStop),
        budget: Arc::new(UnlimitedRun),
        seed: 1,
    };
    let sink = Arc::new(MemorySink::default());
    let mut config = PortalConfig::new(source, base)?;
    config.max_body.json = 8 << 20;
    let deps = Deps {
        transport: Arc::new(HttpTransport::new(
            &config.base_url,
            TransportOptions::default(),
        )?),
        gate: Arc::new(HostGate::new(&config.base_url, politeness, gate_deps)?),
        solver: Arc::new(Oracle(Arc::clone(sim))),
        sink: Arc::clone(&sink) as _,
        events: Arc::new(|_| {}),
        clock,
    };
    Ok(Bench { config, deps, sink })
}

fn query(source: SourceId, start: u64) -> PageQuery {
    let court = (source == SourceId::EcourtsHc).then(|| "7~26".to_owned());
    PageQuery {
        court,
        bench: None,
        window: "2024-01-01..2024-03-31".parse().ok(),
        start,
        length: 100,
    }
}

/// Fetches `documents` documents of the first page and compares each with the truth.
async fn walk(
    sim: &Arc<SimHandle>,
    source: SourceId,
    documents: usize,
) -> Result<Bench, FetchError> {
    let bench = bench(sim, source).unwrap();
    let mut client = JudgmentsClient::new(bench.config.clone(), bench.deps.clone()).unwrap();
    let query = query(source, 0);
    let page = client.page(&query).await?;
    assert!(client.holds_page(&query));
    let truth = sim.truth(source);
    for row in page.page.rows.iter().take(documents) {
        let listed = read_row(&row.html, source, "2026-01-01".parse().unwrap()).unwrap();
        let document = client.document(&query, &listed.handle).await?;
        let listed = truth
            .iter()
            .find(|row| row.path == listed.handle.path)
            .unwrap();
        assert_eq!(
            Some(Sha256::of(&document.bytes)),
            sim.document_sha256(listed.row),
            "{}",
            listed.path
        );
    }
    Ok(bench)
}

fn routes(sim: &SimHandle, route: Route) -> usize {
    sim.log()
        .iter()
        .filter(|entry| entry.route == route)
        .count()
}

#[tokio::test]
async fn a_walk_keeps_to_the_protocol_to_the_letter() {
    let sim = sim(vec![]).await;
    let bench = walk(&sim, SourceId::EcourtsHc, 12).await.unwrap();
    let notes: Vec<_> = sim
        .log()
        .into_iter()
        .filter_map(|entry| entry.note)
        .collect();
    assert_eq!(
        notes,
        ["allowance used up"],
        "and no stale token, no unknown row, no missing field"
    );
    assert_eq!(
        routes(&sim, Route::Check),
        3,
        "a session for every five documents"
    );
    assert_eq!(
        routes(&sim, Route::Link),
        12 + 1,
        "the allowance was learnt by asking once too often"
    );
    let captures = bench.sink.captures();
    assert_eq!(captures.len(), sim.log().len());
    let searches: Vec<_> = captures
        .iter()
        .filter(|capture| capture.kind == CaptureKind::Search)
        .collect();
    assert!(searches.len() == 3 && searches.iter().all(|capture| capture.id == searches[0].id));
}

#[tokio::test]
async fn supreme_court_reports_on_both_portals() {
    for source in [SourceId::Scr, SourceId::EcourtsScr] {
        let sim = sim(vec![]).await;
        walk(&sim, source, 3).await.unwrap();
        let notes: Vec<_> = sim
            .log()
            .into_iter()
            .filter_map(|entry| entry.note)
            .collect();
        assert!(notes.is_empty(), "{source}: {notes:?}");
    }
}

#[tokio::test]
async fn a_single_fault_costs_a_try_and_nothing_else() {
    use FaultKind as F;
    for (kind, on) in [
        (F::SessionExpire, On::Search),
        (F::SessionExpire, On::Link),
        (F::SessionExpire, On::Document),
        (F::Errormsg, On::Check),
        (F::Errormsg, On::Search),
        (F::Errormsg, On::Link),
        (F::NotJson, On::Search),
        (F::LoginPage, On::Captcha),
        (F::LoginPage, On::Search),
        (F::LoginPage, On::Document),
        (F::Maintenance, On::Search),
        (F::EmptyBody, On::Start),
        (F::EmptyBody, On::Captcha),
        (F::EmptyBody, On::Check),
        (F::EmptyBody, On::Search),
        (F::EmptyBody, On::Link),
        (F::UnknownJson, On::Search),
        (F::UnknownJson, On::Link),
        (F::BomBeforeJson, On::Search),
        (F::Drop, On::Start),
        (F::Drop, On::Check),
        (F::Drop, On::Search),
        (F::Drop, On::Link),
        (F::Drop, On::Document),
        (F::CutBody, On::Search),
        (F::CutBody, On::Document),
        (F::HttpStatus, On::Check),
        (F::HttpStatus, On::Document),
        (F::StaleLink, On::Link),
        (F::CaptchaRefuse, On::Check),
        (F::CaptchaWrongLength, On::Check),
        (F::GzipBomb, On::Search),
        (F::GzipBomb, On::Document),
        (F::HugeBody, On::Search),
        (F::RedirectOut, On::Search),
        (F::RedirectOut, On::Document),
        (F::BadOutputfile, On::Link),
        (F::PdfLimit, On::Start),
    ] {
        let sim = sim(vec![FaultRule::new(kind).on(on).at([1])]).await;
        let walked = walk(&sim, SourceId::EcourtsHc, 2).await;
        assert!(walked.is_ok(), "{kind:?} on {on:?}: {:?}", walked.err());
        assert!(
            sim.log().iter().any(|entry| entry.fault.is_some()),
            "{kind:?} on {on:?} did not strike"
        );
    }
}

#[tokio::test]
async fn a_lasting_fault_ends_in_its_own_class() {
    use FaultKind as F;
    let cases: [(F, On, Expected); 9] = [
        (F::SessionExpire, On::Search, |class| {
            *class == ErrorClass::Expired
        }),
        (F::BlockPage, On::Search, |class| {
            *class == ErrorClass::Blocked
        }),
        (F::UnknownJson, On::Search, |class| {
            *class == ErrorClass::Drift
        }),
        (F::CaptchaRefuse, On::Check, |class| {
            *class == ErrorClass::CaptchaCap
        }),
        (F::Drop, On::Search, |class| *class == ErrorClass::Transient),
        (F::RetryAfter, On::Search, |class| {
            matches!(class, ErrorClass::Stopped(StopReason::WaitTooLong { .. }))
        }),
        (F::HttpStatus, On::Robots, |class| {
            matches!(
                class,
                ErrorClass::Stopped(StopReason::RobotsUnreachable { .. })
            )
        }),
        (F::StaleLink, On::Link, |class| {
            *class == ErrorClass::Permanent(MissingReason::LinkRefused)
        }),
        (F::BadOutputfile, On::Link, |class| {
            *class == ErrorClass::Drift
        }),
    ];
    for (kind, on, expected) in cases {
        let sim = sim(vec![FaultRule::new(kind).on(on)]).await;
        let class = walk(&sim, SourceId::EcourtsHc, 1)
            .await
            .err()
            .map(|error| error.class());
        assert!(
            class.as_ref().is_some_and(expected),
            "{kind:?} on {on:?}: {class:?}"
        );
        assert!(routes(&sim, Route::Check) <= 5, "{kind:?} on {on:?}");
    }
}

#[tokio::test]
async fn the_feed() {
    let sim = sim(vec![FaultRule::new(FaultKind::Drop).on(On::Any).at([2])]).await;
    let bench = bench(&sim, SourceId::SciFeed).unwrap();
    let mut client = FeedClient::new(&bench.config, bench.deps).unwrap();
    let feed = client.feed().await.unwrap();
    let Reply::Good(page) = nirnay_parse::sci::feed(&feed.body, "2026-01-01".parse().unwrap())
    else {
        panic!("the feed was checked")
    };
    assert!(page.quarantined.is_empty(), "{:?}", page.quarantined);
    let handle: &DocumentHandle = &page.rows[0].handle;
    let document = client.document(handle).await.unwrap();
    let listed = sim
        .truth(SourceId::SciFeed)
        .into_iter()
        .find(|row| row.path == handle.path)
        .unwrap();
    assert_eq!(
        Some(Sha256::of(&document.bytes)),
        sim.document_sha256(listed.row)
    );
    assert!(
        sim.log()
            .iter()
            .all(|entry| entry.portal == Portal::SciFeed)
    );
}

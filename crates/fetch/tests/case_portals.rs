//! The client of the case portals against the simulated ones, over real connections on loopback. The simulator's
//! own cases and log are the truth that it is held against.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test fails the test by panicking"
)]

use std::sync::Arc;

use async_trait::async_trait;
use nirnay_fetch::{
    CalcuttaAsk, CaptchaSolver, CaseAnswer, CaseAsk, CaseHost, CasesClient, CasesDeps,
    CauseListKind, Challenge, Clock as _, DistrictAsk, DistrictCourt, DistrictDocument, ErrorClass,
    FetchError, GateDeps, HcAsk, HcBench, HostGate, HttpTransport, MemoryHostStates, NeverStop,
    Politeness, SciAsk, SciList, SciSearch, SolveError, StatusFilter, TokioClock, TransportOptions,
    UnlimitedRun,
};
use nirnay_model::{Case, CasePortal, OrderLink, Side};
use nirnay_portal_sim::{
    CaseFile, CourtShare, Docket, DocketSpec, FaultKind, FaultRule, FaultScript, On, Quirks, Sim,
    SimConfig, SimHandle, Site,
};

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

/// Reads every picture wrong.
struct Blind;

#[async_trait]
impl CaptchaSolver for Blind {
    fn name(&self) -> &'static str {
        "blind"
    }

    async fn solve(&self, _: &Challenge) -> Result<Option<String>, SolveError> {
        Ok(Some("zzzzzz".to_owned()))
    }
}

async fn sim(faults: Vec<FaultRule>) -> Arc<SimHandle> {
    let spec = DocketSpec {
        courts: vec![
            CourtShare::new("delhi", 60),
            CourtShare::new("bombay", 60),
            CourtShare::new("gujarat", 20),
            CourtShare::new("calcutta", 30),
        ],
        quirks: Quirks::none(),
        ..DocketSpec::default()
    };
    let mut config = SimConfig::new(Arc::new(Docket::generate(&spec).unwrap()));
    if !faults.is_empty() {
        config.faults = Some(FaultScript::of(faults));
    }
    Arc::new(Sim::start(config).await.unwrap())
}

fn site(portal: CasePortal) -> Site {
    match portal {
        CasePortal::HcServices => Site::HcServices,
        CasePortal::District => Site::DistrictCourts,
        CasePortal::Calcutta => Site::CalcuttaHc,
        CasePortal::Sci => Site::SciFeed,
    }
}

fn client_with(
    sim: &Arc<SimHandle>,
    portal: CasePortal,
    solver: Arc<dyn CaptchaSolver>,
) -> CasesClient {
    let politeness: Politeness = toml::from_str(
        "contact = 'mailto:crawl@example.org'\nmin_interval = '0s'\nmax_interval = '0s'\nper_hour = 100000\n\
         per_day = 100000\ncaptchas_per_hour = 1000\ncaptchas_per_day = 1000\npause_floor = '0s'\n\
         breaker_after = 100\nbackoff_first = '0s'\nmax_wait = '2s'",
    )
    .unwrap();
    let clock = Arc::new(TokioClock::default());
    let host = |site: Site| {
        let base: url::Url = sim.base_url(site).parse().unwrap();
        let deps = GateDeps {
            store: Arc::new(MemoryHostStates::default()),
            clock: Arc::clone(&clock) as _,
            stop: Arc::new(NeverStop),
            budget: Arc::new(UnlimitedRun),
            seed: clock.now().as_nanosecond() as u64,
        };
        CaseHost {
            gate: Arc::new(HostGate::new(&base, politeness.clone(), deps).unwrap()),
            transport: Arc::new(HttpTransport::new(&base, TransportOptions::default()).unwrap()),
            base,
        }
    };
    let deps = CasesDeps {
        host: host(site(portal)),
        documents: (portal == CasePortal::Sci).then(|| host(Site::SciDocuments)),
        solver,
        events: Arc::new(|_| {}),
        clock: Arc::clone(&clock) as _,
        sink: None,
    };
    CasesClient::new(portal, deps).unwrap()
}

fn client(sim: &Arc<SimHandle>, portal: CasePortal) -> CasesClient {
    client_with(sim, portal, Arc::new(Oracle(Arc::clone(sim))))
}

async fn hc(client: &mut CasesClient, ask: HcAsk) -> Result<CaseAnswer, FetchError> {
    client.ask(CaseAsk::Hc(ask)).await
}

fn bench_of(file: &CaseFile) -> HcBench {
    HcBench {
        state: file.place[0].clone(),
        bench: file.place[1].clone(),
    }
}

/// What a case page gave against the simulator's own case.
fn compare(case: &Case, file: &CaseFile) {
    assert_eq!(case.cnr.as_ref().unwrap().as_str(), file.cnr);
    let number = case.number.as_ref().unwrap().parts.as_ref().unwrap();
    assert_eq!(
        (number.number, number.year),
        (file.number, file.year),
        "{}",
        file.cnr
    );
    let day = |of: &Option<nirnay_model::PrintedDate>| of.as_ref().and_then(|date| date.date);
    assert_eq!(day(&case.filed), Some(file.filed));
    assert_eq!(day(&case.registered), Some(file.registered));
    assert_eq!(day(&case.decided), file.decided);
    assert_eq!(
        day(&case.next_hearing),
        file.next_hearing.filter(|_| file.decided.is_none())
    );
    assert_eq!(
        case.side(Side::Petitioner).count(),
        file.petitioners.len(),
        "{:?}",
        case.parties
    );
    assert_eq!(
        case.side(Side::Respondent).count(),
        file.respondents.len(),
        "{:?}",
        case.parties
    );
    assert_eq!(case.acts.len(), file.acts.len());
    assert_eq!(
        case.orders.len(),
        file.orders.len(),
        "{}: {:?}",
        file.cnr,
        case.orders
    );
    assert!(
        case.hearings.len() >= file.hearings.len().min(1),
        "{}: {:?}",
        file.cnr,
        case.hearings
    );
    for order in &case.orders {
        assert!(
            day(&order.date).is_some() && order.link.is_some(),
            "{order:?}"
        );
    }
}

#[tokio::test]
async fn high_court_services_give_what_they_have() {
    let sim = sim(Vec::new()).await;
    let mut client = client(&sim, CasePortal::HcServices);
    let ask = HcAsk::Benches {
        state: "1".to_owned(),
    };
    let CaseAnswer::Choices(benches) = hc(&mut client, ask).await.unwrap() else {
        panic!()
    };
    assert_eq!(benches.len(), 7, "{benches:?}");
    for place in [["26", "1"], ["1", "1"], ["17", "1"]] {
        let files = sim.cases(Site::HcServices, &place);
        let file = files.iter().find(|file| !file.orders.is_empty()).unwrap();
        let bench = bench_of(file);
        let CaseAnswer::Choices(types) = hc(&mut client, HcAsk::CaseTypes(bench.clone()))
            .await
            .unwrap()
        else {
            panic!()
        };
        let case_type = file.case_type.code.to_string();
        assert!(types.iter().any(|choice| choice.code == case_type));
        let ask = HcAsk::ByNumber {
            bench: bench.clone(),
            case_type,
            number: file.number,
            year: file.year,
        };
        let CaseAnswer::Cases(found) = hc(&mut client, ask).await.unwrap() else {
            panic!()
        };
        assert!(
            found
                .list()
                .iter()
                .any(|case| case.cnr.as_ref().unwrap().as_str() == file.cnr)
        );
        assert!(found.totals.warnings.is_empty(), "{:?}", found.totals);
        let cnr = file.cnr.parse().unwrap();
        let CaseAnswer::Case(case) = hc(&mut client, HcAsk::Case(cnr)).await.unwrap() else {
            panic!()
        };
        compare(&case, file);
        let mut documents = 0;
        for order in &case.orders {
            let Some(OrderLink::Address(link)) = &order.link else {
                panic!("{order:?}")
            };
            match hc(&mut client, HcAsk::Document { link: link.clone() }).await {
                Ok(CaseAnswer::Document(bytes)) => {
                    // As served: some begin with a byte-order mark.
                    assert!(bytes.windows(5).take(4).any(|head| head == b"%PDF-"));
                    documents += 1;
                }
                // Some are listed and were never put there.
                other => assert!(matches!(
                    other.unwrap_err().class(),
                    ErrorClass::Permanent(_)
                )),
            }
        }
        assert!(documents > 0);
    }
}

#[tokio::test]
async fn a_party_search_has_every_establishment() {
    let sim = sim(Vec::new()).await;
    let mut client = client(&sim, CasePortal::HcServices);
    let files = sim.cases(Site::HcServices, &["1", "1"]);
    let file = &files[0];
    let name = file.petitioners[0].name.clone();
    let ask = HcAsk::ByParty {
        bench: bench_of(file),
        name: name.clone(),
        year: file.year,
        status: StatusFilter::Both,
    };
    let CaseAnswer::Cases(found) = hc(&mut client, ask).await.unwrap() else {
        panic!()
    };
    assert!(found.totals.establishments.len() > 1, "{:?}", found.totals);
    assert_eq!(found.totals.total, Some(found.len()));
    assert!(
        found
            .list()
            .iter()
            .any(|case| case.cnr.as_ref().unwrap().as_str() == file.cnr)
    );
}

#[tokio::test]
async fn no_such_case_is_no_empty_list_and_no_drift() {
    let sim = sim(Vec::new()).await;
    let mut client = client(&sim, CasePortal::HcServices);
    let cnr = "DLHC019999991999".parse().unwrap();
    let error = hc(&mut client, HcAsk::Case(cnr)).await.unwrap_err();
    assert!(matches!(error.class(), ErrorClass::Permanent(_)), "{error}");
}

#[tokio::test]
async fn wrong_answers_end_at_the_cap() {
    let sim = sim(Vec::new()).await;
    for portal in [
        CasePortal::HcServices,
        CasePortal::District,
        CasePortal::Calcutta,
        CasePortal::Sci,
    ] {
        let mut client = client_with(&sim, portal, Arc::new(Blind));
        let ask = match portal {
            CasePortal::HcServices => CaseAsk::Hc(HcAsk::Case("DLHC010000012024".parse().unwrap())),
            CasePortal::District => {
                CaseAsk::District(DistrictAsk::Case("BRPA010000012024".parse().unwrap()))
            }
            CasePortal::Calcutta => CaseAsk::Calcutta(CalcuttaAsk::ByNumber {
                establishment: "WBCHCA".to_owned(),
                case_type: "1".to_owned(),
                number: 1,
                year: 2024,
            }),
            CasePortal::Sci => CaseAsk::Sci(SciAsk::Search(SciSearch::ByDiary {
                number: 1,
                year: 2024,
            })),
        };
        let error = client.ask(ask).await.unwrap_err();
        assert_eq!(error.class(), ErrorClass::CaptchaCap, "{portal}: {error}");
        let log = sim.log();
        let asked = log
            .iter()
            .filter(|entry| entry.portal == site(portal) && entry.captcha.is_some())
            .count();
        assert!((1..=5).contains(&asked), "{portal}: {asked}");
    }
}

async fn district(client: &mut CasesClient, ask: DistrictAsk) -> CaseAnswer {
    client.ask(CaseAsk::District(ask)).await.unwrap()
}

#[tokio::test]
async fn the_district_courts_give_what_they_have() {
    let sim = sim(Vec::new()).await;
    let mut client = client(&sim, CasePortal::District);
    let CaseAnswer::Choices(states) = district(&mut client, DistrictAsk::States).await else {
        panic!()
    };
    assert_eq!(states.len(), 36);
    let files = sim.cases(Site::DistrictCourts, &["8"]);
    let file = files.iter().find(|file| !file.orders.is_empty()).unwrap();
    let court = DistrictCourt {
        state: file.place[0].clone(),
        district: file.place[1].clone(),
        complex: file.place[2].clone(),
        establishment: file.place[3].clone(),
    };
    let ask = DistrictAsk::Districts {
        state: court.state.clone(),
    };
    let CaseAnswer::Choices(districts) = district(&mut client, ask).await else {
        panic!()
    };
    assert!(districts.iter().any(|choice| choice.code == court.district));
    let ask = DistrictAsk::Complexes {
        state: court.state.clone(),
        district: court.district.clone(),
    };
    let CaseAnswer::Complexes(complexes) = district(&mut client, ask).await else {
        panic!()
    };
    let complex = complexes
        .iter()
        .find(|complex| complex.code == court.complex)
        .unwrap();
    assert!(complex.establishments.contains(&court.establishment));
    let CaseAnswer::Choices(types) =
        district(&mut client, DistrictAsk::CaseTypes(court.clone())).await
    else {
        panic!()
    };
    let case_type = types
        .iter()
        .find(|choice| choice.own_code() == file.case_type.code.to_string())
        .unwrap();
    let ask = DistrictAsk::ByNumber {
        court: court.clone(),
        case_type: case_type.code.clone(),
        number: file.number,
        year: file.year,
    };
    let CaseAnswer::Cases(found) = district(&mut client, ask).await else {
        panic!()
    };
    assert!(
        found
            .list()
            .iter()
            .any(|case| case.cnr.as_ref().unwrap().as_str() == file.cnr),
        "{found:?}"
    );
    let ask = DistrictAsk::Case(file.cnr.parse().unwrap());
    let CaseAnswer::Case(case) = district(&mut client, ask).await else {
        panic!()
    };
    compare(&case, file);
    let Some(OrderLink::Form(fields)) = &case.orders[0].link else {
        panic!("{:?}", case.orders)
    };
    let ask = DistrictAsk::Document(DistrictDocument::Form(fields.clone()));
    let CaseAnswer::Document(bytes) = district(&mut client, ask).await else {
        panic!()
    };
    assert!(bytes.starts_with(b"%PDF"));
    let CaseAnswer::Choices(courts) =
        district(&mut client, DistrictAsk::Courts(court.clone())).await
    else {
        panic!()
    };
    let day = file
        .hearings
        .iter()
        .map(|hearing| hearing.on)
        .max()
        .unwrap();
    let ask = DistrictAsk::CauseList {
        court,
        code: courts[0].code.clone(),
        name: courts[0].name.clone(),
        kind: CauseListKind::Civil,
        date: day,
    };
    // Whether that court sat that day is the simulator's affair; an answer of either kind is read.
    match client.ask(CaseAsk::District(ask)).await {
        Ok(CaseAnswer::Listed(found)) => {
            assert!(found.entries.iter().all(|entry| entry.number.is_some()));
        }
        Ok(other) => panic!("{other:?}"),
        Err(error) => assert!(matches!(error.class(), ErrorClass::Permanent(_)), "{error}"),
    }
}

#[tokio::test]
async fn calcutta_gives_orders_and_documents() {
    let sim = sim(Vec::new()).await;
    let mut client = client(&sim, CasePortal::Calcutta);
    let files = sim.cases(Site::CalcuttaHc, &[]);
    let file = files.iter().find(|file| !file.orders.is_empty()).unwrap();
    let establishment = file.cnr.get(..6).unwrap().to_owned();
    let ask = CalcuttaAsk::CaseTypes {
        establishment: establishment.clone(),
    };
    let CaseAnswer::Choices(types) = client.ask(CaseAsk::Calcutta(ask)).await.unwrap() else {
        panic!()
    };
    assert!(
        types
            .iter()
            .any(|choice| choice.code == file.case_type.code.to_string()),
        "{types:?}"
    );
    let ask = |number| {
        CaseAsk::Calcutta(CalcuttaAsk::ByNumber {
            establishment: establishment.clone(),
            case_type: file.case_type.code.to_string(),
            number,
            year: file.year,
        })
    };
    let CaseAnswer::Case(case) = client.ask(ask(file.number)).await.unwrap() else {
        panic!()
    };
    assert_eq!(case.cnr.as_ref().unwrap().as_str(), file.cnr);
    assert_eq!(case.orders.len(), file.orders.len());
    let Some(OrderLink::Token(token)) = &case.orders[0].link else {
        panic!("{:?}", case.orders)
    };
    let document = CaseAsk::Calcutta(CalcuttaAsk::Document {
        token: token.clone(),
    });
    let CaseAnswer::Document(bytes) = client.ask(document).await.unwrap() else {
        panic!()
    };
    assert!(bytes.starts_with(b"%PDF"));
    let error = client.ask(ask(9_999_999)).await.unwrap_err();
    assert!(matches!(error.class(), ErrorClass::Permanent(_)), "{error}");
}

#[tokio::test]
async fn the_supreme_court_is_searched() {
    let sim = sim(Vec::new()).await;
    let mut client = client(&sim, CasePortal::Sci);
    let judgments = sim.supreme_judgments();
    let one = &judgments[judgments.len() / 2];
    let expected = judgments
        .iter()
        .filter(|judgment| judgment.on == one.on)
        .count();
    let search = |search| CaseAsk::Sci(SciAsk::Search(search));
    let ask = search(SciSearch::ByDate {
        from: one.on,
        to: one.on,
    });
    let CaseAnswer::Cases(found) = client.ask(ask).await.unwrap() else {
        panic!()
    };
    assert_eq!(found.list().len(), expected);
    let diary = format!("{}/{}", one.diary, one.diary_year);
    assert!(
        found
            .list()
            .iter()
            .any(|case| case.diary_number.as_deref() == Some(&diary)),
        "{diary}"
    );
    assert!(found.list().iter().all(|case| {
        case.decided
            .as_ref()
            .is_some_and(|day| day.date == Some(one.on))
    }));
    let ask = search(SciSearch::ByDiary {
        number: one.diary,
        year: one.diary_year,
    });
    let CaseAnswer::Cases(found) = client.ask(ask).await.unwrap() else {
        panic!()
    };
    let case = &found.list()[0];
    assert!(
        case.parties.len() == 2 && !case.judges.is_empty() && !case.orders.is_empty(),
        "{case:?}"
    );
    let none = client
        .ask(search(SciSearch::ByDiary {
            number: 99_999_999,
            year: 2024,
        }))
        .await
        .unwrap_err();
    assert!(matches!(none.class(), ErrorClass::Permanent(_)), "{none}");
    let CaseAnswer::Feed(feed) = client
        .ask(CaseAsk::Sci(SciAsk::Recent(SciList::Home)))
        .await
        .unwrap()
    else {
        panic!()
    };
    assert!(!feed.rows.is_empty() && feed.quarantined.is_empty());
    let path = feed.rows[0].handle.path.clone();
    let CaseAnswer::Document(bytes) = client
        .ask(CaseAsk::Sci(SciAsk::Document { path }))
        .await
        .unwrap()
    else {
        panic!()
    };
    assert!(bytes.starts_with(b"%PDF"));
}

#[tokio::test]
async fn passing_faults_pass() {
    for (kind, on) in [
        (FaultKind::HttpStatus, On::Search),
        (FaultKind::EmptyBody, On::Search),
        (FaultKind::Errormsg, On::Search),
        (FaultKind::CaptchaRefuse, On::Search),
        (FaultKind::EmptyBody, On::Captcha),
    ] {
        let name = format!("{kind:?}");
        let mut rule = FaultRule::new(kind).on(on).at([1]);
        rule.status = (kind == FaultKind::HttpStatus).then_some(500);
        let sim = sim(vec![rule]).await;
        let file = sim.cases(Site::HcServices, &["26", "1"]).remove(0);
        let mut client = client(&sim, CasePortal::HcServices);
        let CaseAnswer::Case(case) = hc(&mut client, HcAsk::Case(file.cnr.parse().unwrap()))
            .await
            .unwrap()
        else {
            panic!()
        };
        assert_eq!(case.cnr.as_ref().unwrap().as_str(), file.cnr, "{name}");
    }
}

#[tokio::test]
async fn the_last_real_reason_is_told_and_every_session_has_its_pictures() {
    let sim = sim(Vec::new()).await;
    let mut client = client(&sim, CasePortal::HcServices);
    let ask = HcAsk::ByBarNumber {
        bench: HcBench {
            state: "26".to_owned(),
            bench: "9".to_owned(),
        },
        number: "X/1/1900".to_owned(),
        status: StatusFilter::Both,
    };
    let error = hc(&mut client, ask).await.unwrap_err();
    assert_eq!(error.class(), ErrorClass::Transient, "{error}");
    assert!(error.to_string().contains("ERROR_VAL"), "{error}");
    let answers = sim
        .log()
        .iter()
        .filter(|entry| entry.captcha.is_some())
        .count();
    assert!((4..=5).contains(&answers), "{answers}");
}

#[tokio::test]
async fn a_link_of_a_session_that_is_over_is_not_followed() {
    let sim = sim(Vec::new()).await;
    let mut client = client(&sim, CasePortal::District);
    let files = sim.cases(Site::DistrictCourts, &["8"]);
    let file = files.iter().find(|file| file.orders.len() > 1).unwrap();
    let ask = DistrictAsk::Case(file.cnr.parse().unwrap());
    let CaseAnswer::Case(case) = district(&mut client, ask).await else {
        panic!()
    };
    let epoch = client.epoch();
    assert!(client.holds_links_of(epoch));
    client.fresh_session();
    assert!(!client.holds_links_of(epoch));
    let Some(OrderLink::Form(fields)) = &case.orders[0].link else {
        panic!("{:?}", case.orders)
    };
    let before = sim.log().len();
    let ask = DistrictAsk::Document(DistrictDocument::Form(fields.clone()));
    let error = client.ask(CaseAsk::District(ask)).await.unwrap_err();
    assert_eq!(error.class(), ErrorClass::Expired, "{error}");
    assert_eq!(sim.log().len(), before, "nothing was sent");
}

#[tokio::test]
async fn documents_of_the_supreme_court_lie_on_one_other_host() {
    let sim = sim(Vec::new()).await;
    let mut client = client(&sim, CasePortal::Sci);
    let (_, path) = sim.supreme_judgments()[0].links[0].clone();
    let document = |address: String| CaseAsk::Sci(SciAsk::Document { path: address });
    let there = sim.base_url(Site::SciDocuments);
    let answer = client
        .ask(document(format!("{there}{path}")))
        .await
        .unwrap();
    assert!(matches!(answer, CaseAnswer::Document(_)));
    let log = sim.log();
    assert!(
        log.iter().all(|entry| entry.portal == Site::SciDocuments),
        "{log:?}"
    );
    // No third one is asked for anything.
    let elsewhere = sim.base_url(Site::CalcuttaHc);
    for address in [
        format!("{elsewhere}{path}"),
        format!("http://192.0.2.1{path}"),
    ] {
        let error = client.ask(document(address)).await.unwrap_err();
        assert_eq!(
            error.class(),
            ErrorClass::Permanent(nirnay_model::MissingReason::LinkRefused),
            "{error}"
        );
    }
    let others = sim.log();
    assert!(others.iter().all(|entry| entry.portal != Site::CalcuttaHc));
}

#[tokio::test]
async fn what_is_no_whole_document_is_told_by_what_it_lacks() {
    use nirnay_model::MissingReason::{EmptyBody, NotAPdf, Truncated};
    for (kind, reason) in [
        (FaultKind::TruncatedPdf, Truncated),
        (FaultKind::ZeroPdf, EmptyBody),
        (FaultKind::TinyPdf, NotAPdf),
    ] {
        let sim = sim(vec![FaultRule::new(kind).on(On::Document).n(95)]).await;
        let mut client = client(&sim, CasePortal::HcServices);
        let files = sim.cases(Site::HcServices, &["26", "1"]);
        let has = |file: &&CaseFile| file.orders.first().is_some_and(|order| order.has_file);
        let file = files.iter().find(has).unwrap();
        let ask = HcAsk::Case(file.cnr.parse().unwrap());
        let CaseAnswer::Case(case) = hc(&mut client, ask).await.unwrap() else {
            panic!()
        };
        let Some(OrderLink::Address(link)) = &case.orders[0].link else {
            panic!("{:?}", case.orders)
        };
        let ask = HcAsk::Document { link: link.clone() };
        let error = hc(&mut client, ask).await.unwrap_err();
        assert_eq!(
            error.class(),
            ErrorClass::Permanent(reason),
            "{kind:?}: {error}"
        );
        // The session lives on, and with it the links of the others.
        assert!(client.holds_links_of(client.epoch()));
    }
}

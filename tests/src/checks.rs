//! Checks of single promises of a whole crawl, each of which a planted bug breaks: rows that differ only in
//! their order, replies that nobody understands, documents of the right row, answers after a wrong one.

use std::sync::Arc;
use std::time::Duration;

use nirnay_model::{DateWindow, SourceId};
use nirnay_pipeline::{Silent, Stages, build_index};
use nirnay_portal_sim::{
    CourtShare, Docket, DocketSpec, FaultKind, FaultRule, FaultScript, On, Quirks,
};
use nirnay_serve::{ServeConfig, Server};
use nirnay_store::{Lake, OpenMode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{Caps, Evidence, Pace, Rig, RigOptions, examine, judge, scratch};

const SOURCES: [SourceId; 1] = [SourceId::EcourtsHc];

const WITH_DOCUMENTS: Stages = Stages {
    documents: true,
    text: false,
};
const DAY: Duration = Duration::from_hours(24);
/// Runs after which a walk has come to its end.
const MOST_RUNS: u32 = 60;
/// Faults that a check has to have met to say anything.
const FEWEST_STRUCK: usize = 6;

fn range() -> DateWindow {
    "2024-01-01..2024-03-31".parse().expect("a range")
}

async fn rig(rows: u32, quirks: Quirks, faults: Vec<FaultRule>, accuracy: f64, pace: Pace) -> Rig {
    let docket = Docket::generate(&DocketSpec {
        seed: 31,
        courts: vec![CourtShare::new("madras", rows)],
        from: "2024-01-01".parse().expect("a date"),
        to: "2024-03-31".parse().expect("a date"),
        scr_rows: 0,
        feed_rows: 0,
        quirks,
    });
    let options = RigOptions {
        docket: Arc::new(docket.expect("a docket")),
        faults: Some(FaultScript::of(faults)),
        seed: 31,
        accuracy,
        pipeline: "name = \"check\"\nabout = \"A check.\"\nbasis = \"Simulated portals.\"\n[[source]]\nsource = \"ecourts-hc\"\ncourts = [\"madras\"]\nfrom = \"2024-01-01\"\nto = \"2024-03-31\"\npage_size = 25\n".to_owned(),
    };
    Rig::start_with(options, pace, |_| {}).await
}

/// Crawls once and judges everything: the exit code, the truth, the invariants.
async fn crawl_and_judge(rig: &Rig, documents: bool) -> Result<u8, String> {
    let dir = scratch();
    let stages = Stages {
        documents,
        text: false,
    };
    let report = rig
        .crawl(dir.path(), stages)
        .await
        .map_err(|error| error.to_string())?;
    let examination = examine(&Evidence {
        lake: dir.path(),
        sim: &rig.sim,
        sources: &SOURCES,
        range: range(),
        caps: Some(&Caps::of(&rig.config.politeness)),
        before: None,
        fence: None,
        rebuild_index: false,
    });
    if !examination.is_clean() {
        return Err(format!("\n{examination}"));
    }
    let lake = Lake::open(dir.path(), OpenMode::ReadOnly).map_err(|error| error.to_string())?;
    let mut verdict = judge(&lake, &rig.sim, &SOURCES, range());
    if !documents {
        verdict.open_documents.clear();
        verdict
            .holes
            .retain(|hole| !hole.contains("documents wanted"));
    }
    if report.exit_code() != 0 {
        verdict.lost.clear();
        verdict.holes.clear();
    }
    if verdict.is_clean() {
        Ok(report.exit_code())
    } else {
        Err(format!("exit {}: {verdict:#?}", report.exit_code()))
    }
}

fn expect(code: u8, allowed: &[u8]) -> Result<(), String> {
    if allowed.contains(&code) {
        Ok(())
    } else {
        Err(format!("exit code {code}, not one of {allowed:?}"))
    }
}

/// I2, I3: several orders of one case are several rows.
pub async fn check_every_order_is_a_row() -> Result<(), String> {
    let quirks = Quirks {
        second_order: 0.5,
        ..Quirks::none()
    };
    let rig = rig(60, quirks, Vec::new(), 1.0, Pace::Free).await;
    expect(crawl_and_judge(&rig, false).await?, &[0])
}

/// I3: replies that nobody understands are never "no rows".
pub async fn check_unknown_is_never_empty() -> Result<(), String> {
    let unknown = FaultRule::new(FaultKind::UnknownJson).on(On::Search);
    let rig = rig(40, Quirks::none(), vec![unknown], 1.0, Pace::Free).await;
    expect(crawl_and_judge(&rig, false).await?, &[65])
}

/// Every document is its row's, and none is given up.
pub async fn check_documents_are_their_rows() -> Result<(), String> {
    let rig = rig(30, Quirks::none(), Vec::new(), 1.0, Pace::Free).await;
    expect(crawl_and_judge(&rig, true).await?, &[0])
}

/// I3: both orders of a case name it. The day on which one was decided tells it from the other, long before the other's
/// own turn comes.
pub async fn check_another_order_is_never_kept() -> Result<(), String> {
    let quirks = Quirks {
        second_order: 0.6,
        // The other order may stand in a row that cannot be read.
        garbage: 0.05,
        ..Quirks::none()
    };
    let fault = FaultRule::new(FaultKind::WrongDocument)
        .on(On::Document)
        .probability(0.2)
        .pick("same_case");
    let mut rig = rig(90, quirks, vec![fault], 1.0, Pace::Free).await;
    rig.config.budget.requests = 40;
    let dir = scratch();
    let mut last = String::new();
    for _ in 0..MOST_RUNS {
        let report = rig.crawl(dir.path(), WITH_DOCUMENTS).await;
        let report = report.map_err(|error| error.to_string())?;
        let lake = Lake::open(dir.path(), OpenMode::ReadOnly).map_err(|error| error.to_string())?;
        let verdict = judge(&lake, &rig.sim, &SOURCES, range());
        if !verdict.wrong_documents.is_empty() {
            return Err(verdict.wrong_documents.join("\n"));
        }
        if report.exit_code() == 0 {
            let struck = struck_documents(&rig);
            return if struck >= FEWEST_STRUCK && verdict.is_clean() {
                Ok(())
            } else {
                Err(format!("{struck} documents of other orders: {verdict:#?}"))
            };
        }
        last = format!("{:?} {:?}", report.stopped, report.alarms);
        rig.clock.advance(DAY);
    }
    Err(format!("no end after {MOST_RUNS} runs: {last}"))
}

/// Documents that the portal answered with another row's.
fn struck_documents(rig: &Rig) -> usize {
    let log = rig.sim.log();
    log.iter()
        .filter_map(|entry| entry.note.as_deref())
        .filter(|note| note.starts_with("asked for row"))
        .count()
}

/// I9: after a wrong answer comes a new session, not a new guess in the old one.
pub async fn check_a_wrong_answer_ends_its_session() -> Result<(), String> {
    let refuse = FaultRule::new(FaultKind::CaptchaRefuse).at([1, 2]);
    let rig = rig(30, Quirks::none(), vec![refuse], 1.0, Pace::Polite).await;
    expect(crawl_and_judge(&rig, false).await?, &[0])
}

/// I9: a solver that is always wrong is stopped by the caps.
pub async fn check_wrong_answers_are_capped() -> Result<(), String> {
    let rig = rig(30, Quirks::none(), Vec::new(), 0.0, Pace::Polite).await;
    expect(crawl_and_judge(&rig, false).await?, &[80])?;
    let answers = rig
        .sim
        .log()
        .iter()
        .filter(|entry| entry.captcha.is_some())
        .count();
    if answers > 5 {
        return Err(format!("{answers} answers where five are the cap"));
    }
    Ok(())
}

/// I9: a portal that asks for a pause gets it.
pub async fn check_a_pause_is_obeyed() -> Result<(), String> {
    let throttle = FaultRule::new(FaultKind::RetryAfter)
        .on(On::Search)
        .at([1, 3]);
    let rig = rig(60, Quirks::none(), vec![throttle], 1.0, Pace::Polite).await;
    let mut caps = Caps::of(&rig.config.politeness);
    expect(crawl_and_judge(&rig, false).await?, &[0])?;
    // The portal asks for two minutes.
    caps.pause = Duration::from_mins(2);
    let broken = caps.breaches(&rig.sim.log());
    if broken.is_empty() {
        Ok(())
    } else {
        Err(broken.join("\n"))
    }
}

/// Routes of the page; a name of another site's making must open none of them.
const ROUTES: [&str; 6] = [
    "/",
    "/search?q=court",
    "/coverage",
    "/api/v1/search?q=a",
    "/api/v1/coverage",
    "/api/v1/export?q=a",
];

/// Part b8: the page answers to its own names only, on every route.
pub async fn check_the_page_answers_to_its_names() -> Result<(), String> {
    let dir = scratch();
    let lake = Lake::open(dir.path(), OpenMode::ReadWrite).map_err(|error| error.to_string())?;
    build_index(&lake, &Silent).map_err(|error| error.to_string())?;
    drop(lake);
    let mut config = ServeConfig::new(dir.path().to_owned());
    config.listen = "127.0.0.1:0".parse().expect("an address");
    let server = Server::bind(config).await;
    let server = server.map_err(|error| error.to_string())?;
    let at = server.address();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let asked = async {
        for route in ROUTES {
            let mut stream = tokio::net::TcpStream::connect(at).await?;
            let request =
                format!("GET {route} HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n");
            stream.write_all(request.as_bytes()).await?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await?;
            if !answer.starts_with(b"HTTP/1.1 421 ") {
                let head =
                    String::from_utf8_lossy(answer.get(..20).unwrap_or(&answer)).into_owned();
                return Ok(Err(format!("{route} answers a stranger's name: {head}")));
            }
        }
        drop(stop);
        Ok(Ok(()))
    };
    let (answered, ()) = tokio::join!(asked, server.run(async { drop(stopped.await) }));
    answered.map_err(|error: std::io::Error| error.to_string())?
}

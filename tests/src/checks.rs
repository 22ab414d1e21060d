//! Checks of single promises of a whole crawl, each of which a planted bug breaks: rows that differ only in
//! their order, replies that nobody understands, documents of the right row, answers after a wrong one.

use std::sync::Arc;

use nirnay_model::{DateWindow, SourceId};
use nirnay_pipeline::Stages;
use nirnay_portal_sim::{
    CourtShare, Docket, DocketSpec, FaultKind, FaultRule, FaultScript, On, Quirks,
};
use nirnay_store::{Lake, OpenMode};

use crate::{Caps, Evidence, Pace, Rig, RigOptions, examine, judge, scratch};

const SOURCES: [SourceId; 1] = [SourceId::EcourtsHc];

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
    caps.pause = std::time::Duration::from_mins(2);
    let broken = caps.breaches(&rig.sim.log());
    if broken.is_empty() {
        Ok(())
    } else {
        Err(broken.join("\n"))
    }
}

//! Checks of single promises of the pipeline, each of which a planted bug breaks: the row that cannot be
//! read, the second session for zero, the budget that outlives the process, the index that is noted when it
//! is durable.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil::Date;
use nirnay_fetch::{Clock as _, HttpTransport, NeverStop, TransportOptions};
use nirnay_model::{Portal, SourceId};
use nirnay_pipeline::{
    CrawlDeps, Event, HostStateFiles, InProcessExtractor, Observer, Silent, Stages, build_index,
    crawl,
};
use nirnay_portal_sim::{
    ChangeKind, CourtShare, Docket, DocketSpec, FaultKind, FaultRule, FaultScript, On, Quirks,
};
use nirnay_store::{Lake, OpenMode};
use tokio::sync::Notify;

use crate::{FlakySolver, Rig, RigOptions, scratch};

const LISTS: Stages = Stages {
    documents: false,
    text: false,
};

fn pipeline(courts: &str) -> String {
    format!(
        "name = \"check\"\nabout = \"A check.\"\nbasis = \"Simulated portals.\"\n[[source]]\nsource = \"ecourts-hc\"\ncourts = [{courts}]\nfrom = \"2024-01-01\"\nto = \"2024-03-31\"\npage_size = 25\n"
    )
}

async fn rig(rows: u32, quirks: Quirks, faults: Option<FaultScript>, courts: &str) -> Rig {
    let day = |text: &str| -> Date { text.parse().expect("a date") };
    let docket = Docket::generate(&DocketSpec {
        seed: 9,
        courts: vec![CourtShare::new("madras", rows)],
        from: day("2024-01-01"),
        to: day("2024-03-31"),
        scr_rows: 0,
        feed_rows: 0,
        quirks,
    });
    Rig::start(RigOptions {
        docket: Arc::new(docket.expect("a docket")),
        faults,
        seed: 9,
        accuracy: 1.0,
        pipeline: pipeline(courts),
    })
    .await
}

fn ensure(holds: bool, says: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(says()) }
}

/// Every row that cannot be read is set aside and counted; none is dropped.
pub async fn check_no_row_is_swallowed() -> Result<(), String> {
    let quirks = Quirks {
        garbage: 0.02,
        no_button: 0.02,
        ..Quirks::none()
    };
    let rig = rig(200, quirks, None, "\"madras\"").await;
    let dir = scratch();
    let report = rig
        .crawl(dir.path(), LISTS)
        .await
        .map_err(|e| e.to_string())?;
    let entry = report.audit.entries.first().ok_or("nothing was audited")?;
    let aside: u64 = entry.quarantined.values().sum();
    ensure(report.exit_code() == 0, || {
        format!("exit {}: {:?}", report.exit_code(), report.open)
    })?;
    ensure(aside > 0 && entry.accepted + aside == 200, || {
        format!("{} taken + {aside} set aside of 200 listed", entry.accepted)
    })
}

/// A portal that shows nothing once is not believed: the second session finds the rows.
pub async fn check_zero_needs_a_second_session() -> Result<(), String> {
    // The first search says "no rows" although there are some.
    let faults = FaultScript::of([FaultRule::new(FaultKind::EmptyResult)
        .on(On::Search)
        .at([1])]);
    let rig = rig(40, Quirks::none(), Some(faults), "\"madras\", \"tripura\"").await;
    let dir = scratch();
    let report = rig
        .crawl(dir.path(), LISTS)
        .await
        .map_err(|e| e.to_string())?;
    let accepted: u64 = report.audit.entries.iter().map(|e| e.accepted).sum();
    ensure(report.exit_code() == 0 && accepted == 40, || {
        format!(
            "exit {}, {accepted} of 40 rows: {:?}",
            report.exit_code(),
            report.open
        )
    })
}

/// Counts requests and calls for a stop after so many, as a power cut would.
struct Cut {
    seen: AtomicU64,
    after: u64,
    now: Notify,
}

impl Observer for Cut {
    fn observe(&self, event: &Event) {
        if matches!(event, Event::Fetch { .. })
            && self.seen.fetch_add(1, Ordering::Relaxed) + 1 == self.after
        {
            self.now.notify_one();
        }
    }
}

async fn crawl_until_cut(rig: &Rig, dir: &Path, after: u64) -> Result<(), String> {
    let cut = Arc::new(Cut {
        seen: AtomicU64::new(0),
        after,
        now: Notify::new(),
    });
    let lake = Arc::new(Lake::open(dir, OpenMode::ReadWrite).map_err(|e| e.to_string())?);
    let deps = CrawlDeps {
        transport: Arc::new(|base| {
            Ok(Arc::new(HttpTransport::new(base, TransportOptions::default())?) as _)
        }),
        solver: Arc::new(FlakySolver::new(Arc::clone(&rig.sim), 1.0, 1)),
        host_states: Arc::new(HostStateFiles::new(&dir.join("hosts"))),
        stop: Arc::new(NeverStop),
        clock: Arc::clone(&rig.clock) as _,
        observer: Arc::clone(&cut) as _,
        extractor: Arc::new(InProcessExtractor::default()),
        ocr: None,
        portals: Portal::ALL
            .into_iter()
            .map(|portal| (portal, rig.sim.base_url(portal)))
            .collect(),
    };
    let now = rig.clock.now();
    let held = Arc::downgrade(&lake);
    let result = tokio::select! {
        result = crawl(lake, &rig.config, &deps, LISTS, now) => result.map(drop).map_err(|e| e.to_string()),
        () = cut.now.notified() => Ok(()),
    };
    // What was handed to another thread ends by itself; the next process would find the lake held.
    while held.strong_count() > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    result
}

/// A run's request budget holds over any number of crashes.
pub async fn check_budget_outlives_the_process() -> Result<(), String> {
    let mut rig = rig(900, Quirks::none(), None, "\"madras\"").await;
    rig.config.budget.requests = 30;
    let dir = scratch();
    for _ in 0..12 {
        crawl_until_cut(&rig, dir.path(), 12).await?;
    }
    let asked = rig.sim.log().len() as u64;
    // A run that has spent its budget is over; the next call begins another.
    let lake = Lake::open(dir.path(), OpenMode::ReadOnly).map_err(|e| e.to_string())?;
    let last = lake.ledger().last_run().map_err(|e| e.to_string())?;
    let runs = last.map_or(0, |run| run.id as u64);
    ensure(asked <= 30 * runs, || {
        format!("{asked} requests were sent in {runs} runs, the budget of a run is 30")
    })
}

/// An index whose commit failed is not noted as made: the next build makes it.
pub async fn check_index_is_noted_when_durable() -> Result<(), String> {
    let mut rig = rig(40, Quirks::none(), None, "\"madras\"").await;
    for source in &mut rig.config.sources {
        source.rescan_days = 36_500;
    }
    let withheld = rig.sim.truth(SourceId::EcourtsHc);
    for row in withheld.iter().take(3) {
        rig.sim.change(row.row, ChangeKind::Withdraw);
    }
    let dir = scratch();
    let crawl = async || {
        rig.crawl(dir.path(), LISTS)
            .await
            .map_err(|e| e.to_string())
    };
    crawl().await?;
    let open = || Lake::open(dir.path(), OpenMode::ReadWrite).map_err(|e| e.to_string());
    let lake = open()?;
    build_index(&lake, &Silent).map_err(|e| e.to_string())?;
    let indexed = documents(&lake)?;
    ensure(indexed == 37, || {
        format!("{indexed} of 37 in the first index")
    })?;
    drop(lake);
    for row in withheld.iter().take(3) {
        rig.sim.change(row.row, ChangeKind::Publish);
    }
    crawl().await?;
    let lake = open()?;
    // A disk that fails in the middle, where fail points are compiled in.
    fail::cfg("index-commit", "return").map_err(|e| e.clone())?;
    let failed = build_index(&lake, &Silent).is_err();
    fail::remove("index-commit");
    build_index(&lake, &Silent).map_err(|e| e.to_string())?;
    let after = documents(&lake)?;
    ensure(after == 40, || {
        format!("{after} of 40 in the index after a commit that failed ({failed})")
    })
}

fn documents(lake: &Lake) -> Result<u64, String> {
    let dir = lake.dir().join("index");
    let writer = nirnay_index::IndexWriter::open(&dir, 32 << 20).map_err(|e| e.to_string())?;
    let mut count = 0;
    writer
        .versions()
        .for_each(|_, _| count += 1)
        .map_err(|e| e.to_string())?;
    Ok(count)
}

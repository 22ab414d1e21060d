//! The Supreme Court's own listing, 32,769 rows from 1902 to 2024, served by the simulator and crawled.
//! The rows lie beside the project, not in it; without them this test says so and proves nothing.

use std::path::PathBuf;
use std::sync::Arc;

use nirnay_model::SourceId;
use nirnay_pipeline::Stages;
use nirnay_portal_sim::{DirOptions, Docket};
use nirnay_tests::{Rig, RigOptions, judge, scratch};

const PIPELINE: &str = "
name = \"real\"
about = \"Real rows.\"
basis = \"Simulated portals.\"
[[source]]
source = \"scr\"
from = \"1900-01-01\"
to = \"2025-09-30\"
";

#[tokio::test(flavor = "multi_thread")]
async fn every_real_row_is_taken() {
    let rows = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/samples/sc-listing");
    if !rows.is_dir() {
        eprintln!(
            "the real rows are not here ({}): nothing was tried",
            rows.display()
        );
        return;
    }
    let docket = Docket::from_dir(&rows, &DirOptions::default()).unwrap();
    let listed = docket.len(SourceId::Scr) as u64;
    let rig = Rig::start(RigOptions {
        docket: Arc::new(docket),
        faults: None,
        seed: 3,
        accuracy: 1.0,
        pipeline: PIPELINE.to_owned(),
    })
    .await;
    let dir = scratch();
    let report = rig
        .crawl(
            dir.path(),
            Stages {
                documents: false,
                text: false,
            },
        )
        .await
        .unwrap();
    assert_eq!(report.exit_code(), 0, "{:?}", report.open);
    let lake = nirnay_store::Lake::open(dir.path(), nirnay_store::OpenMode::ReadOnly).unwrap();
    let verdict = judge(
        &lake,
        &rig.sim,
        &[SourceId::Scr],
        "1900-01-01..2025-12-31".parse().unwrap(),
    );
    assert_eq!(
        (verdict.lost, verdict.duplicates, verdict.invented),
        (vec![], vec![], vec![])
    );
    let sums = &report.audit.entries[0];
    let aside: u64 = sums.quarantined.values().sum();
    assert_eq!(sums.portal_rows, listed);
    assert_eq!(sums.accepted + aside, listed);
    let most = listed.div_ceil(1000) * 11 / 10 + 4;
    assert!(
        rig.sim.log().len() as u64 <= most,
        "{} requests, at most {most}",
        rig.sim.log().len()
    );
}

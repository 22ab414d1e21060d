//! Fifty times `kill -9` at a random instant of a crawl, then the same command again: in the end the
//! layers equal those of a crawl that was never interrupted, Parquet byte for byte.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use nirnay_model::{Portal, SourceId};
use nirnay_portal_sim::{CourtShare, Docket, DocketSpec, Quirks, Sim, SimConfig, SimHandle};
use nirnay_store::{Lake, OpenMode};
use nirnay_tests::{judge, scratch, snapshot};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const KILLS: u32 = 50;

fn docket() -> Docket {
    Docket::generate(&DocketSpec {
        seed: 21,
        courts: vec![CourtShare::new("sikkim", 30), CourtShare::new("madras", 60)],
        from: "2023-11-01".parse().unwrap(),
        to: "2024-02-29".parse().unwrap(),
        scr_rows: 25,
        feed_rows: 10,
        quirks: Quirks::default(),
    })
    .unwrap()
}

fn pipeline(dir: &Path, control: &str) -> PathBuf {
    let exe = env!("CARGO_BIN_EXE_nirnay");
    let text = format!(
        r#"
name = "kill"
about = "A crawl that dies."
basis = "Simulated portals."
[politeness]
contact = "mailto:tests@example.org"
min_interval = "0s"
per_hour = 1000000
per_day = 1000000
captchas_per_hour = 100000
captchas_per_day = 100000
[budget]
requests = 1000000
[captcha]
solver = "command"
command = ["{exe}", "sim-answer", "{control}"]
[[source]]
source = "ecourts-hc"
courts = ["sikkim", "madras"]
from = "2023-11-01"
to = "2024-02-29"
page_size = 25
[[source]]
source = "scr"
from = "2023-11-01"
to = "2024-02-29"
[[source]]
source = "sci-feed"
"#
    );
    let path = dir.join("kill.toml");
    std::fs::write(&path, text).unwrap();
    path
}

struct Portals {
    sim: SimHandle,
    pipeline: PathBuf,
}

impl Portals {
    fn start(&self, lake: &Path) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nirnay"));
        command
            .arg("crawl")
            .arg(&self.pipeline)
            .arg("--lake")
            .arg(lake)
            .arg("--quiet");
        for portal in Portal::ALL {
            command
                .arg("--portal")
                .arg(format!("{portal}={}", self.sim.base_url(portal)));
        }
        command
            .env("SOURCE_DATE_EPOCH", "1767225600")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Runs to the end and returns how long it took.
    fn finish(&self, lake: &Path) -> Duration {
        let began = Instant::now();
        let output = self.start(lake).wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.success(),
            "exit {:?}: {said}",
            output.status.code()
        );
        began.elapsed()
    }
}

#[test]
fn fifty_kills_leave_no_trace() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let dir = scratch();
    let sim = runtime
        .block_on(Sim::start(SimConfig::new(Arc::new(docket()))))
        .unwrap();
    let pipeline = pipeline(dir.path(), sim.control_url());
    let portals = Portals { sim, pipeline };

    let reference = dir.path().join("reference");
    let whole = portals.finish(&reference);
    let expected = snapshot(&reference);
    assert!(
        expected.tables.len() > 10 && expected.documents.len() > 80,
        "{}",
        expected.documents.len()
    );

    let mut dice = ChaCha8Rng::seed_from_u64(7);
    let (mut kills, mut lakes) = (0, 0);
    while kills < KILLS {
        lakes += 1;
        let lake = dir.path().join(format!("lake-{lakes}"));
        // Up to eight deaths a lake, each at an instant of the whole crawl's length.
        let deaths = dice.random_range(1..=8_u32).min(KILLS - kills);
        for _ in 0..deaths {
            let mut child = portals.start(&lake);
            let wait = whole.mul_f64(dice.random_range(0.0..0.9));
            std::thread::sleep(wait);
            // On Unix this is SIGKILL. A child that was done already is no kill.
            let died = child.try_wait().unwrap().is_none();
            child.kill().unwrap();
            child.wait().unwrap();
            kills += u32::from(died);
            if !died {
                break;
            }
        }
        portals.finish(&lake);
        let found = snapshot(&lake);
        assert_eq!(
            found.tables, expected.tables,
            "the tables of lake {lakes} after {deaths} kills"
        );
        assert_eq!(
            found.documents, expected.documents,
            "the documents of lake {lakes}"
        );
        let held = Lake::open(&lake, OpenMode::ReadOnly).unwrap();
        let range = "2023-11-01..2024-02-29".parse().unwrap();
        let verdict = judge(
            &held,
            &portals.sim,
            &[SourceId::EcourtsHc, SourceId::Scr, SourceId::SciFeed],
            range,
        );
        assert!(verdict.is_clean(), "lake {lakes}: {verdict:#?}");
        drop(held);
        std::fs::remove_dir_all(&lake).unwrap();
    }
    println!("{kills} kills in {lakes} lakes; a whole crawl takes {whole:?}");
}

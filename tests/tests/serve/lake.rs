//! Lakes to serve: one that was crawled, and an index of hostile texts.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use nirnay_index::{Facts, IndexDocument, IndexWriter};
use nirnay_model::{CourtCode, DocumentKind, Judgment, SourceId};
use nirnay_pipeline::Stages;
use nirnay_portal_sim::{CourtShare, Docket, DocketSpec, Quirks};
use nirnay_serve::{ServeConfig, Server};
use nirnay_tests::{Rig, RigOptions, scratch};
use tokio::sync::oneshot;

const PIPELINE: &str = r#"
name = "serve"
about = "What a page shows."
basis = "Simulated portals."
[extract]
jobs = 2
[[source]]
source = "ecourts-hc"
courts = ["delhi", "madras"]
from = "2022-01-01"
to = "2024-12-31"
page_size = 100
[[source]]
source = "scr"
from = "2022-01-01"
to = "2024-12-31"
page_size = 100
"#;

/// A lake that was crawled, made once for all tests of this program and never removed by them.
pub(crate) fn crawled() -> &'static Path {
    static LAKE: OnceLock<PathBuf> = OnceLock::new();
    LAKE.get_or_init(|| {
        // Another test's runtime may be under way on this thread.
        let made = std::thread::spawn(|| {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(crawl())
        });
        made.join().unwrap()
    })
}

async fn crawl() -> PathBuf {
    let spec = DocketSpec {
        seed: 5,
        courts: vec![CourtShare::new("delhi", 60), CourtShare::new("madras", 25)],
        from: jiff::civil::date(2022, 1, 1),
        to: jiff::civil::date(2024, 12, 31),
        scr_rows: 25,
        feed_rows: 0,
        quirks: Quirks::none(),
    };
    let rig = Rig::start(RigOptions {
        docket: Arc::new(Docket::generate(&spec).unwrap()),
        faults: None,
        seed: 3,
        accuracy: 1.0,
        pipeline: PIPELINE.to_owned(),
    })
    .await;
    let dir = scratch().keep().join("lake");
    let all = Stages {
        documents: true,
        text: true,
    };
    let report = rig.crawl(&dir, all).await.unwrap();
    assert!(report.is_complete(), "{:?}", report.open);
    dir
}

/// A server that ends with the test.
pub(crate) struct Served {
    pub(crate) at: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Served {
    pub(crate) fn of(lake: &Path) -> Self {
        Self::with(lake, |_| {})
    }

    pub(crate) fn with(lake: &Path, change: impl FnOnce(&mut ServeConfig)) -> Self {
        let mut config = ServeConfig::new(lake.to_owned());
        config.listen = "127.0.0.1:0".parse().unwrap();
        change(&mut config);
        let (stop, stopped) = oneshot::channel();
        let (say, said) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let server = Server::bind(config).await.unwrap();
                say.send(server.address()).unwrap();
                server.run(async { drop(stopped.await) }).await;
            });
        });
        Self {
            at: said.recv().unwrap(),
            stop: Some(stop),
            thread: Some(thread),
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            if !std::thread::panicking() {
                ended.unwrap();
            }
        }
    }
}

/// A judgment as a text that was brought in has it.
pub(crate) fn document(key: &str, title: &str, text: &str) -> IndexDocument {
    let judgment = Judgment {
        title: title.to_owned(),
        decision_date: Some(jiff::civil::date(2024, 2, 29)),
        document_kind: DocumentKind::Judgment,
        ..Judgment::unprinted(
            SourceId::EcourtsHc,
            (
                "7_26".parse::<CourtCode>().unwrap(),
                "High Court of Delhi".to_owned(),
            ),
            "dhcdb".parse().unwrap(),
        )
    };
    IndexDocument {
        key: key.to_owned(),
        version: format!("{title}\n{text}"),
        judgment,
        sha256: None,
        facts: Facts::default(),
        pages: vec![(1, text.to_owned())],
    }
}

/// Adds to the index of a lake that has nothing else.
pub(crate) fn add(lake: &Path, documents: Vec<IndexDocument>, mark: &str) {
    let mut writer = IndexWriter::open(&lake.join("index"), 50_000_000).unwrap();
    for document in documents {
        writer.upsert(document).unwrap();
    }
    writer.commit(mark).unwrap();
}

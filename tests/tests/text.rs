//! Text that is extracted anew reaches everything that is made from it.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::path::Path;
use std::sync::Arc;

use nirnay_extract::{ExtractFailure, Extraction};
use nirnay_pipeline::{
    InProcessExtractor, Silent, Stages, TextExtractor, build_index, extract_text, find_citations,
    read_structure,
};
use nirnay_portal_sim::{CourtShare, Docket, DocketSpec, Quirks};
use nirnay_store::{CitationRow, Lake, LayerRow, OpenMode, StructureRow, VerifyLevel};
use nirnay_tests::{Rig, RigOptions, scratch};

const PIPELINE: &str = r#"
name = "text"
about = "Judgments of a small court."
basis = "Simulated portals."
[extract]
jobs = 2
[[source]]
source = "ecourts-hc"
courts = ["sikkim"]
from = "2024-01-01"
to = "2024-03-31"
page_size = 100
"#;

async fn crawled(dir: &Path) -> Lake {
    let spec = DocketSpec {
        seed: 5,
        courts: vec![CourtShare::new("sikkim", 12)],
        scr_rows: 0,
        feed_rows: 0,
        quirks: Quirks::none(),
        ..DocketSpec::default()
    };
    let rig = Rig::start(RigOptions {
        docket: Arc::new(Docket::generate(&spec).unwrap()),
        faults: None,
        seed: 3,
        accuracy: 1.0,
        pipeline: PIPELINE.to_owned(),
    })
    .await;
    let all = Stages {
        documents: true,
        text: true,
    };
    assert!(rig.crawl(dir, all).await.unwrap().is_complete());
    Lake::open(dir, OpenMode::ReadWrite).unwrap()
}

/// Reads a line at the end of each document that the other extractor does not.
struct Sharper(InProcessExtractor);

impl TextExtractor for Sharper {
    fn version(&self) -> &'static str {
        "sharper 1"
    }

    fn extract(&self, pdf: &[u8]) -> Result<Extraction, ExtractFailure> {
        let mut extraction = self.0.extract(pdf)?;
        if let Some(page) = extraction.pages.last_mut() {
            page.text.push_str("\nRelied on: (1997) 6 SCC 241.");
        }
        Ok(extraction)
    }
}

fn rows<R: LayerRow>(lake: &Lake) -> Vec<R> {
    let shards = lake.shards().unwrap();
    let parts = shards
        .iter()
        .map(|shard| lake.read_part::<R>(shard).unwrap());
    parts.flatten().map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_extractor_reads_reaches_the_index_and_the_citations() {
    let dir = scratch();
    let lake = crawled(dir.path()).await;
    let documents = lake
        .text_shard_documents(&lake.shards().unwrap()[0])
        .unwrap()
        .len() as u64;
    assert!(documents >= 3, "{documents}");
    assert_eq!(build_index(&lake, &Silent).unwrap().changed, 0);

    let sharper = Sharper(InProcessExtractor::default());
    let report = extract_text(&lake, &sharper, 2, &Silent).unwrap();
    assert!(report.extracted >= documents, "{report:?}");
    let index = build_index(&lake, &Silent).unwrap();
    assert_eq!(index.changed, report.extracted);
    assert_eq!(
        read_structure(&lake, 2, &Silent).unwrap().documents,
        report.extracted
    );
    find_citations(&lake, 2, &Silent).unwrap();
    let cited = rows::<CitationRow>(&lake)
        .iter()
        .filter(|row| row.canonical == "(1997) 6 SCC 241")
        .count();
    assert_eq!(cited as u64, report.extracted);
    assert!(!rows::<StructureRow>(&lake).is_empty());
    // What is cited can be searched for.
    assert_eq!(
        build_index(&lake, &Silent).unwrap().changed,
        report.extracted
    );

    // Again: nothing is left to do.
    assert_eq!(
        extract_text(&lake, &sharper, 2, &Silent).unwrap().extracted,
        0
    );
    assert_eq!(build_index(&lake, &Silent).unwrap().changed, 0);
    assert_eq!(find_citations(&lake, 2, &Silent).unwrap().documents, 0);
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
}

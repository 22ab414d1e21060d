//! From portals to the graph of citations: every edge that the simulator's documents draw is found, and no other.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::cast::AsArray as _;
use nirnay_model::{RowKey, SourceId};
use nirnay_pipeline::{
    CrawlReport, Silent, Stages, apply_removals, find_citations, read_structure,
};
use nirnay_portal_sim::{CourtShare, Docket, DocketSpec, Quirks, TruthRow};
use nirnay_store::{
    AlarmKind, CitationRow, CiteRow, DanglingRow, DegreeRow, JudgmentFilter, Lake, Layer, NewAlarm,
    OpenMode, Repair, Resolution, StructureRow, Target, VerifyLevel,
};
use nirnay_tests::{Rig, RigOptions, scratch, snapshot};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

const ALL: Stages = Stages {
    documents: true,
    text: true,
};

const PIPELINE: &str = r#"
name = "citations"
about = "Judgments that cite one another."
basis = "Simulated portals."
[extract]
jobs = 3
[[source]]
source = "ecourts-hc"
courts = ["delhi", "madras", "sikkim"]
from = "2024-01-01"
to = "2024-03-31"
page_size = 100
[[source]]
source = "scr"
from = "2024-01-01"
to = "2024-03-31"
page_size = 100
"#;

fn docket() -> Arc<Docket> {
    let spec = DocketSpec {
        seed: 77,
        courts: vec![
            CourtShare::new("delhi", 50),
            CourtShare::new("madras", 30),
            CourtShare::new("sikkim", 10),
        ],
        scr_rows: 40,
        feed_rows: 0,
        quirks: Quirks::none(),
        ..DocketSpec::default()
    };
    Arc::new(Docket::generate(&spec).unwrap())
}

async fn rig(docket: &Arc<Docket>) -> Rig {
    Rig::start(RigOptions {
        docket: Arc::clone(docket),
        faults: None,
        seed: 3,
        accuracy: 1.0,
        pipeline: PIPELINE.to_owned(),
    })
    .await
}

async fn crawled(rig: &Rig, dir: &Path) -> CrawlReport {
    let report = rig.crawl(dir, ALL).await.unwrap();
    assert!(report.is_complete(), "{:?}", report.open);
    report
}

fn truth(docket: &Docket) -> Vec<TruthRow> {
    [SourceId::EcourtsHc, SourceId::Scr]
        .into_iter()
        .flat_map(|source| docket.rows(source).collect::<Vec<_>>())
        .collect()
}

/// The edges that the documents draw, by the paths of the documents: citing and cited.
fn drawn(docket: &Docket) -> BTreeSet<(String, String)> {
    let rows = truth(docket);
    let mut known: BTreeMap<String, &TruthRow> = BTreeMap::new();
    // The portal prints the citations of the Reports; those of a High Court stand in the document alone, and a scan
    // has no text.
    let is_known = |row: &&TruthRow| row.court_code == "sci" || !docket.is_scan(row.row);
    for row in rows.iter().filter(is_known) {
        for citation in docket.own_citations(row.row) {
            assert!(
                known.insert(citation, row).is_none(),
                "one citation, one judgment"
            );
        }
    }
    let mut edges = BTreeSet::new();
    for row in &rows {
        for cited in docket.cited(row.row) {
            if let Some(target) = known.get(&cited).filter(|target| target.row != row.row) {
                edges.insert((row.path.clone(), target.path.clone()));
            }
        }
    }
    edges
}

/// The paths of the documents, by the keys of their rows.
fn paths(lake: &Lake) -> BTreeMap<String, String> {
    lake.published_judgments(JudgmentFilter::default())
        .unwrap()
        .map(|row| {
            let judgment = row.unwrap().judgment;
            let path = judgment.document_path.clone().unwrap_or_default();
            (judgment.key().to_string(), path)
        })
        .collect()
}

fn rows<R: nirnay_store::LayerRow>(lake: &Lake) -> Vec<R> {
    let shards = lake.shards().unwrap();
    shards
        .iter()
        .flat_map(|shard| {
            lake.read_part::<R>(shard)
                .unwrap()
                .map(Result::unwrap)
                .collect::<Vec<_>>()
        })
        .collect()
}

fn edges(lake: &Lake) -> BTreeSet<(String, String)> {
    let paths = paths(lake);
    rows::<CiteRow>(lake)
        .iter()
        .map(|edge| {
            (
                paths[edge.row_key.as_str()].clone(),
                paths[edge.target.as_str()].clone(),
            )
        })
        .collect()
}

/// Judgments that print a citation of their own which was not taken for theirs.
fn doubted(docket: &Docket, lake: &Lake) -> BTreeSet<String> {
    let paths = paths(lake);
    let structure = rows::<StructureRow>(lake);
    let own: BTreeSet<&str> = structure
        .iter()
        .filter(|row| row.field == "own_citation")
        .map(|row| paths[row.row_key.as_str()].as_str())
        .collect();
    truth(docket)
        .iter()
        .filter(|row| row.court_code != "sci" && !docket.own_citations(row.row).is_empty())
        .map(|row| row.path.clone())
        .filter(|path| !own.contains(path.as_str()))
        .collect()
}

fn difference(expected: &BTreeSet<(String, String)>, found: &BTreeSet<(String, String)>) -> String {
    let missing: Vec<_> = expected.difference(found).take(5).collect();
    let wrong: Vec<_> = found.difference(expected).take(5).collect();
    format!("missing {missing:?}, wrong {wrong:?}")
}

fn open(dir: &Path) -> Lake {
    Lake::open(dir, OpenMode::ReadWrite).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_edge_is_found_and_no_other() {
    let docket = docket();
    let rig = rig(&docket).await;
    let dir = scratch();
    let report = crawled(&rig, dir.path()).await;
    let lake = open(dir.path());
    let (expected, found) = (drawn(&docket), edges(&lake));
    assert!(expected.len() > 100, "{} edges drawn", expected.len());
    assert_eq!(doubted(&docket, &lake), BTreeSet::new());
    assert_eq!(expected, found, "{}", difference(&expected, &found));
    assert_eq!(report.citations.unwrap().graph.edges, expected.len() as u64);

    let degrees = rows::<DegreeRow>(&lake);
    let (into, out): (u32, u32) = degrees.iter().fold((0, 0), |(i, o), row| {
        (i + row.in_degree, o + row.out_degree)
    });
    assert_eq!(
        (into as usize, out as usize),
        (expected.len(), expected.len())
    );
    let dangling: Vec<DanglingRow> = lake.read_table(0).unwrap().map(Result::unwrap).collect();
    let kesavananda = dangling
        .iter()
        .find(|row| row.canonical == "AIR 1973 SC 1461")
        .unwrap();
    assert!(kesavananda.count >= kesavananda.judgments && kesavananda.judgments > 1);
    assert!(dangling.is_sorted_by(|a, b| a.canonical < b.canonical));

    // What a document prints of itself is no citation of another.
    let own = rows::<CitationRow>(&lake)
        .iter()
        .filter(|row| row.target.resolution == Resolution::Own)
        .count();
    assert!(own >= 40 + 50 + 30, "{own}");
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn offsets_are_places_in_the_published_text() {
    let docket = docket();
    let rig = rig(&docket).await;
    let dir = scratch();
    crawled(&rig, dir.path()).await;
    let lake = open(dir.path());
    let mut pages: BTreeMap<(String, u32), Vec<char>> = BTreeMap::new();
    for shard in lake.shards().unwrap() {
        for row in lake.read_text(&shard).unwrap() {
            let row = row.unwrap();
            pages.insert(
                (row.row_key.to_string(), row.page.page),
                row.page.text.chars().collect(),
            );
        }
    }
    let citations = rows::<CitationRow>(&lake);
    for row in &citations {
        let page = &pages[&(row.row_key.to_string(), row.page)];
        if row.end_page == row.page {
            let printed: String = page[row.start as usize..row.end as usize].iter().collect();
            assert_eq!(printed, row.printed, "{} page {}", row.row_key, row.page);
        }
    }
    assert!(
        citations
            .iter()
            .any(|row| row.kind == "provision" && row.statute.is_some())
    );
    let structure = rows::<StructureRow>(&lake);
    for row in structure
        .iter()
        .filter(|row| !row.in_furniture && !row.text.is_empty())
    {
        let page = &pages[&(row.row_key.to_string(), row.page)];
        assert!((row.start as usize) < page.len(), "{row:?}");
    }
    // The documents are those of their rows: nothing contradicts the portal on its own number.
    let numbers = structure.iter().filter(|row| row.field == "case_number");
    assert!(numbers.clone().any(|row| row.conflict == Some(false)));
}

/// The files of the layers that are made from text.
fn layers(dir: &Path) -> BTreeMap<String, nirnay_model::Sha256> {
    let made = [
        Layer::Structure,
        Layer::Citations,
        Layer::Cites,
        Layer::Degrees,
        Layer::Dangling,
    ];
    let mut files = snapshot(dir).tables;
    files.retain(|path, _| made.iter().any(|layer| path.starts_with(layer.name())));
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn in_two_steps_or_in_one_the_bytes_are_the_same() {
    let docket = docket();
    let rig_of_all = rig(&docket).await;
    let at_once = scratch();
    crawled(&rig_of_all, at_once.path()).await;

    let mut rig = rig(&docket).await;
    let in_steps = scratch();
    let whole = rig.config.clone();
    rig.config
        .narrow(&[], None, Some("2024-02-10".parse().unwrap()))
        .unwrap();
    let first = crawled(&rig, in_steps.path()).await.citations.unwrap();
    rig.config = whole;
    let second = crawled(&rig, in_steps.path()).await.citations.unwrap();
    assert!(second.graph.edges > first.graph.edges);
    assert_eq!(layers(in_steps.path()), layers(at_once.path()));

    // Again: nothing changed, nothing is read or written.
    let third = crawled(&rig, in_steps.path()).await;
    assert_eq!(third.citations.as_ref().unwrap().shards_written, 0);
    assert_eq!(third.citations.unwrap().documents, 0);
    assert_eq!(third.structure.unwrap().documents, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_lost_or_damaged_is_made_again() {
    let docket = docket();
    let rig = rig(&docket).await;
    let dir = scratch();
    crawled(&rig, dir.path()).await;
    let before = layers(dir.path());
    let names: Vec<&String> = before.keys().collect();
    assert!(names.len() >= 10, "{names:?}");
    for name in names.iter().step_by(2) {
        std::fs::write(dir.path().join(name.as_str()), b"damaged").unwrap();
    }
    let lake = open(dir.path());
    let findings = lake.verify(VerifyLevel::Quick).unwrap();
    let report = lake.repair(&findings).unwrap();
    assert_eq!(report.layers_dropped, names.len().div_ceil(2) as u64);
    read_structure(&lake, 2, &Silent).unwrap();
    find_citations(&lake, 2, &Silent).unwrap();
    assert_eq!(layers(dir.path()), before);
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
}

/// The layers that name judgments.
const NAMING: [Layer; 6] = [
    Layer::Judgments,
    Layer::Text,
    Layer::Structure,
    Layer::Citations,
    Layer::Cites,
    Layer::Degrees,
];

/// The layers in which a published file has this text anywhere, read by the Parquet library alone.
fn naming(dir: &Path, needle: &str) -> BTreeSet<String> {
    let has = |array: &ArrayRef| {
        let strings = array.as_string_opt::<i32>();
        let lists = array.as_list_opt::<i32>();
        let in_lists = lists.and_then(|lists| lists.values().as_string_opt::<i32>());
        let mut all = strings.into_iter().chain(in_lists).flatten().flatten();
        all.any(|text| text.contains(needle))
    };
    let mut found = BTreeSet::new();
    for (path, _) in snapshot(dir).tables {
        let file = std::fs::File::open(dir.join(&path)).unwrap();
        let mut batches = ParquetRecordBatchReaderBuilder::try_new(file)
            .unwrap()
            .build()
            .unwrap();
        if batches.any(|batch| batch.unwrap().columns().iter().any(has)) {
            found.insert(path.split('/').next().unwrap().to_owned());
        }
    }
    found
}

fn order_removal(dir: &Path, key: &RowKey) {
    let order =
        format!("[[removal]]\nwhat = \"{key}\"\nreason = \"sealed\"\nsince = \"2026-01-15\"\n");
    std::fs::write(dir.join("removed.toml"), order).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_reaches_the_graph_of_a_source_whose_layout_is_in_doubt() {
    let docket = docket();
    let rig = rig(&docket).await;
    let dir = scratch();
    crawled(&rig, dir.path()).await;
    let lake = open(dir.path());
    // One of the High Courts that a judgment of the Reports cites, which is not in doubt.
    let supreme = |key: &RowKey| key.as_str().starts_with("scr/");
    let citations = rows::<CitationRow>(&lake);
    let gone = citations
        .iter()
        .filter(|row| supreme(&row.row_key))
        .find_map(|row| row.target.row_key.clone().filter(|key| !supreme(key)))
        .expect("a judgment of the Reports that cites one of a High Court");
    let alarm = NewAlarm {
        kind: AlarmKind::Layout,
        source: SourceId::EcourtsHc,
        court: None,
        subject: "layout 1".to_owned(),
        what: "never seen before".to_owned(),
        since: "2026-01-15".parse().unwrap(),
        advice: "look".to_owned(),
    };
    let now = "2026-01-15T12:00:00Z".parse().unwrap();
    lake.ledger().raise_alarm(&alarm, 1, now).unwrap();
    order_removal(dir.path(), &gone);
    apply_removals(&lake).unwrap();

    // What is not yet published without the row is told, and mended.
    let findings = lake.verify(VerifyLevel::Full).unwrap();
    for layer in NAMING {
        let repair = Some(Repair::Hide(layer));
        assert!(
            findings.iter().any(|finding| finding.repair == repair),
            "{layer:?}: {findings:?}"
        );
    }

    find_citations(&lake, 2, &Silent).unwrap();
    let left = rows::<CitationRow>(&lake);
    let of_others = |rows: &[CitationRow]| rows.iter().filter(|row| row.row_key != gone).count();
    assert_eq!(left.len(), of_others(&citations), "what others say stays");
    assert_eq!(left.len(), of_others(&left));
    let before = citations.iter().filter(|row| row.row_key != gone);
    for (before, after) in before.zip(&left) {
        let mut expected = before.clone();
        if before.target.row_key.as_ref() == Some(&gone) {
            expected.target = Target {
                resolution: Resolution::Unknown,
                row_key: None,
                cnr: None,
            };
        }
        assert_eq!(*after, expected);
    }
    let named = naming(dir.path(), gone.as_str());
    for layer in [Layer::Citations, Layer::Cites, Layer::Degrees] {
        assert!(!named.contains(layer.name()), "{named:?}");
    }
    let findings = lake.verify(VerifyLevel::Full).unwrap();
    assert!(!findings.is_empty());
    lake.repair(&findings).unwrap();
    assert_eq!(naming(dir.path(), gone.as_str()), BTreeSet::new());
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_does_not_wait_for_the_stages_of_text() {
    let docket = docket();
    let rig = rig(&docket).await;
    let dir = scratch();
    crawled(&rig, dir.path()).await;
    let gone = rows::<DegreeRow>(&open(dir.path()))
        .into_iter()
        .find(|row| row.in_degree > 1 && row.out_degree > 1)
        .unwrap()
        .row_key;
    order_removal(dir.path(), &gone);
    let without_text = Stages {
        documents: true,
        text: false,
    };
    rig.crawl(dir.path(), without_text).await.unwrap();
    assert_eq!(naming(dir.path(), gone.as_str()), BTreeSet::new());
    let index = nirnay_index::IndexWriter::open(&dir.path().join("index"), 32 << 20).unwrap();
    assert_eq!(index.versions().get(gone.as_str()).unwrap(), None);
    drop(index);
    assert_eq!(open(dir.path()).verify(VerifyLevel::Full).unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_judgment_leaves_every_layer() {
    let docket = docket();
    let rig = rig(&docket).await;
    let dir = scratch();
    crawled(&rig, dir.path()).await;
    // One that is cited by others and cites others.
    let lake = open(dir.path());
    let gone = rows::<DegreeRow>(&lake)
        .into_iter()
        .find(|row| row.in_degree > 1 && row.out_degree > 1)
        .unwrap();
    drop(lake);
    let before = naming(dir.path(), gone.row_key.as_str());
    for layer in NAMING {
        assert!(
            before.contains(layer.name()),
            "{} before the order: {before:?}",
            layer.name()
        );
    }
    order_removal(dir.path(), &gone.row_key);
    crawled(&rig, dir.path()).await;
    let lake = open(dir.path());
    let is_gone = |key: &nirnay_model::RowKey| *key != gone.row_key;
    assert!(
        rows::<StructureRow>(&lake)
            .iter()
            .all(|row| is_gone(&row.row_key))
    );
    let citations = rows::<CitationRow>(&lake);
    assert!(
        citations.iter().all(|row| {
            is_gone(&row.row_key) && row.target.row_key.as_ref().is_none_or(is_gone)
        })
    );
    let edges = rows::<CiteRow>(&lake);
    assert!(
        edges
            .iter()
            .all(|row| is_gone(&row.row_key) && is_gone(&row.target))
    );
    assert!(
        rows::<DegreeRow>(&lake)
            .iter()
            .all(|row| is_gone(&row.row_key))
    );
    assert_eq!(
        naming(dir.path(), gone.row_key.as_str()),
        BTreeSet::new(),
        "no file of any table names it"
    );
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
}

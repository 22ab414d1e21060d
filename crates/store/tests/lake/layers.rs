//! Layers made from text: written part by part, skipped when current, dropped and told when damaged.

use nirnay_model::{RowKey, Sha256};
use nirnay_store::{
    CitationRow, CiteRow, DanglingRow, DegreeRow, Derived, Lake, Layer, LayerInput, LayerRow,
    OcrRow, Resolution, Shard, StructureRow, Target, VerifyLevel,
};

use crate::rows::{begin, judgment, open, page, published, spec, take};

fn shard(lake: &Lake) -> Shard {
    let run = begin(lake.ledger(), "2026-11-21T10:00:00Z");
    let window = lake
        .ledger()
        .plan_window(&spec("2024-01-01..2024-12-31"))
        .unwrap();
    take(lake, &page(window, run, 0, 3, [1, 2, 3]));
    lake.shards().unwrap().remove(0)
}

fn key(number: u64) -> RowKey {
    judgment(number).key()
}

fn input(layer: Layer, salt: &str) -> Sha256 {
    let mut input = LayerInput::new(layer, "maker 1");
    input.add(salt.as_bytes());
    input.finish()
}

fn citation(number: u64, target: Option<u64>) -> CitationRow {
    CitationRow {
        row_key: key(number),
        cnr: judgment(number).cnr,
        sha256: Sha256::of(b"pdf"),
        printed: "(2017) 10\nSCC 1".to_owned(),
        canonical: "(2017) 10 SCC 1".to_owned(),
        kind: "reporter".to_owned(),
        page: 1,
        start: 10,
        end: 5,
        end_page: 2,
        cluster: target.map(|number| number as u32),
        pinpoint: Some("para 10".to_owned()),
        statute: None,
        flags: vec!["not_in_tables".to_owned()],
        target: Target {
            resolution: target.map_or(Resolution::Unknown, |_| Resolution::Resolved),
            row_key: target.map(key),
            cnr: target.and_then(|number| judgment(number).cnr),
        },
        finder: "finder 1".to_owned(),
        in_ocr: target.is_some(),
    }
}

fn structure(number: u64) -> StructureRow {
    StructureRow {
        row_key: key(number),
        cnr: None,
        sha256: Sha256::of(b"pdf"),
        field: "court".to_owned(),
        value: "High Court of Delhi".to_owned(),
        text: String::new(),
        page: 1,
        start: 0,
        end: 7,
        end_page: 1,
        in_furniture: number == 2,
        confidence: 0.95,
        detail: Some("high".to_owned()),
        portal_value: (number == 1).then(|| "DELHI".to_owned()),
        conflict: (number != 3).then_some(number == 2),
        reader: "reader 1".to_owned(),
        in_ocr: number == 3,
    }
}

fn round_trip<R: LayerRow + Clone + PartialEq + std::fmt::Debug>(rows: &[R]) {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    let shard = shard(&lake);
    let input = input(R::LAYER, "one");
    assert!(!lake.part_is_current(R::LAYER, &shard, &input).unwrap());
    let mut part = lake.write_part::<R>(&shard, input).unwrap();
    for row in rows {
        part.push(row.clone()).unwrap();
    }
    assert_eq!(part.finish().unwrap().rows, rows.len() as u64);
    assert!(lake.part_is_current(R::LAYER, &shard, &input).unwrap());
    let read: Vec<R> = lake
        .read_part(&shard)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(read, rows);
    assert_eq!(lake.finish_layer(R::LAYER).unwrap().rows, rows.len() as u64);
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
}

#[test]
fn rows_are_read_back_as_they_were_written() {
    round_trip(&[
        citation(1, None),
        citation(1, Some(2)),
        citation(3, Some(1)),
    ]);
    round_trip(&[structure(1), structure(2), structure(3)]);
    round_trip(&[OcrRow {
        row_key: key(1),
        cnr: None,
        sha256: Sha256::of(b"pdf"),
        page: 4,
        text: "निर्णय".to_owned(),
        confidence: Some(0.5),
        languages: vec!["hin".to_owned(), "eng".to_owned()],
        engine: "tesseract 5".to_owned(),
    }]);
    round_trip(&[CiteRow {
        row_key: key(1),
        target: key(2),
        key: "2024 INSC 1".to_owned(),
        count: 3,
        first_page: 2,
    }]);
    round_trip(&[DegreeRow {
        row_key: key(1),
        cnr: judgment(1).cnr,
        in_degree: 1,
        out_degree: 2,
        dangling: 3,
    }]);
}

fn write(lake: &Lake, shard: &Shard, salt: &str, rows: &[CitationRow]) {
    let input = input(Layer::Citations, salt);
    let mut part = lake.write_part::<CitationRow>(shard, input).unwrap();
    for row in rows {
        part.push(row.clone()).unwrap();
    }
    part.finish().unwrap();
    lake.finish_layer(Layer::Citations).unwrap();
}

#[test]
fn the_same_rows_give_the_same_bytes_and_no_rows_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    let shard = shard(&lake);
    let rows = [citation(1, None), citation(2, Some(1))];
    write(&lake, &shard, "one", &rows);
    let first = published(dir.path());
    write(&lake, &shard, "two", &rows);
    assert_eq!(
        published(dir.path()),
        first,
        "bytes are a function of the rows"
    );
    write(&lake, &shard, "three", &[]);
    assert_eq!(lake.part_hash(Layer::Citations, &shard).unwrap(), None);
    assert_eq!(lake.read_part::<CitationRow>(&shard).unwrap().count(), 0);
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
}

#[test]
fn a_writer_that_is_dropped_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    let shard = shard(&lake);
    write(&lake, &shard, "one", &[citation(1, None)]);
    let before = published(dir.path());
    let input = input(Layer::Citations, "two");
    let mut part = lake.write_part::<CitationRow>(&shard, input).unwrap();
    for _ in 0..5_000 {
        part.push(citation(2, None)).unwrap();
    }
    drop(part);
    assert_eq!(published(dir.path()), before);
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
}

#[test]
fn damage_is_told_dropped_and_made_again() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    let shard = shard(&lake);
    write(&lake, &shard, "one", &[citation(1, None)]);
    let made = lake
        .ledger()
        .changed_partitions(Derived::Citations)
        .unwrap();
    lake.ledger().layer_made(Derived::Citations, &made).unwrap();
    let path = published(dir.path())
        .into_keys()
        .find(|path| path.starts_with("citations/"))
        .unwrap();
    std::fs::write(dir.path().join(&path), b"damaged").unwrap();
    assert!(lake.read_part::<CitationRow>(&shard).is_err());
    let findings = lake.verify(VerifyLevel::Quick).unwrap();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(lake.repair(&findings).unwrap().layers_dropped, 1);
    let due = lake
        .ledger()
        .changed_partitions(Derived::Citations)
        .unwrap();
    assert_eq!(due.len(), 1, "the stage comes back to the partition");
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
}

#[test]
fn another_version_of_a_maker_sees_all_of_a_layer_again() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    shard(&lake);
    let ledger = lake.ledger();
    let due = || ledger.changed_partitions(Derived::Structure).unwrap();
    ledger.expect_version(Derived::Structure, "1").unwrap();
    ledger.layer_made(Derived::Structure, &due()).unwrap();
    ledger.expect_version(Derived::Structure, "1").unwrap();
    assert_eq!(due(), []);
    ledger.expect_version(Derived::Structure, "2").unwrap();
    assert_eq!(due().len(), 1);
}

#[test]
fn a_table_without_partitions_loses_parts_that_are_too_many() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    let row = DanglingRow {
        canonical: "AIR 1973 SC 1461".to_owned(),
        kind: "reporter".to_owned(),
        resolution: "unknown".to_owned(),
        count: 3,
        judgments: 2,
    };
    for part in 0..2 {
        let input = input(Layer::Dangling, "one");
        let mut writer = lake.write_table::<DanglingRow>(part, input).unwrap();
        writer.push(row.clone()).unwrap();
        writer.finish().unwrap();
        assert!(
            lake.table_is_current(Layer::Dangling, part, &input)
                .unwrap()
        );
    }
    assert_eq!(lake.finish_table(Layer::Dangling, 2).unwrap().rows, 2);
    let report = lake.finish_table(Layer::Dangling, 1).unwrap();
    assert_eq!((report.rows, report.files_removed), (1, 1));
    let read: Vec<DanglingRow> = lake.read_table(0).unwrap().map(Result::unwrap).collect();
    assert_eq!(read, [row]);
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
}

/// The layers that have to look at the partition again.
fn due(lake: &Lake) -> Vec<Derived> {
    [
        Derived::Index,
        Derived::Ocr,
        Derived::Structure,
        Derived::Citations,
    ]
    .into_iter()
    .filter(|layer| !lake.ledger().changed_partitions(*layer).unwrap().is_empty())
    .collect()
}

fn all_made(lake: &Lake) {
    for layer in due(lake) {
        let changed = lake.ledger().changed_partitions(layer).unwrap();
        lake.ledger().layer_made(layer, &changed).unwrap();
    }
}

#[test]
fn a_new_file_has_what_is_made_from_it_made_again_and_the_same_file_has_not() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    let shard = shard(&lake);
    let page = |number: u64, text: &str| OcrRow {
        row_key: key(number),
        cnr: None,
        sha256: Sha256::of(b"pdf"),
        page: 1,
        text: text.to_owned(),
        confidence: Some(0.5),
        languages: vec!["eng".to_owned()],
        engine: "tesseract 5".to_owned(),
    };
    let read = |salt: &str, text: &str| {
        let input = input(Layer::Ocr, salt);
        let mut part = lake.write_part::<OcrRow>(&shard, input).unwrap();
        part.push(page(1, text)).unwrap();
        part.finish().unwrap();
    };
    let structured = |salt: &str, rows: &[StructureRow]| {
        let input = input(Layer::Structure, salt);
        let mut part = lake.write_part::<StructureRow>(&shard, input).unwrap();
        for row in rows {
            part.push(row.clone()).unwrap();
        }
        part.finish().unwrap();
    };
    all_made(&lake);
    assert_eq!(due(&lake), []);
    read("one", "ORDER");
    assert_eq!(due(&lake), [Derived::Structure, Derived::Citations]);
    all_made(&lake);
    read("two", "ORDER");
    assert_eq!(due(&lake), [], "another input, the same bytes");
    structured("one", &[structure(1)]);
    assert_eq!(due(&lake), [Derived::Citations]);
    all_made(&lake);
    structured("two", &[]);
    assert_eq!(
        due(&lake),
        [Derived::Citations],
        "a file that is gone is news"
    );
    all_made(&lake);
    structured("three", &[]);
    assert_eq!(due(&lake), []);
    // Nothing of this is about the partition of another shard.
    write(&lake, &shard, "one", &[citation(1, None)]);
    assert_eq!(due(&lake), []);
}

#[test]
fn pages_read_from_pictures_are_those_of_their_row_and_document() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    let shard = shard(&lake);
    let (now, before) = (Sha256::of(b"now"), Sha256::of(b"before"));
    let page = |number: u64, sha256: Sha256, page: u32| OcrRow {
        row_key: key(number),
        cnr: None,
        sha256,
        page,
        text: format!("{number} {page}"),
        confidence: None,
        languages: Vec::new(),
        engine: "tesseract 5".to_owned(),
    };
    // A row that is gone, one whose document was replaced, and two in another order than their text.
    let all = [
        page(9, now, 1),
        page(1, before, 1),
        page(1, now, 1),
        page(1, now, 3),
        page(3, now, 1),
        page(2, now, 2),
    ];
    let mut part = lake
        .write_part::<OcrRow>(&shard, input(Layer::Ocr, "one"))
        .unwrap();
    for row in &all {
        part.push(row.clone()).unwrap();
    }
    part.finish().unwrap();
    lake.finish_layer(Layer::Ocr).unwrap();
    let mut pages = lake.ocr_pages(&shard).unwrap();
    let mut of = |number: u64, sha256: &Sha256| -> Vec<(String, u32)> {
        let found = pages.of_document(&key(number), sha256).unwrap();
        found.into_iter().map(|row| (row.text, row.page)).collect()
    };
    let expected = |found: &[(&str, u32)]| -> Vec<(String, u32)> {
        found
            .iter()
            .map(|(text, page)| ((*text).to_owned(), *page))
            .collect()
    };
    assert_eq!(of(1, &now), expected(&[("1 1", 1), ("1 3", 3)]));
    assert_eq!(of(2, &now), expected(&[("2 2", 2)]));
    assert_eq!(of(3, &now), expected(&[("3 1", 1)]));
    assert_eq!(of(3, &before), expected(&[]));
    assert_eq!(of(4, &now), expected(&[]));
    assert_eq!(of(1, &before), expected(&[("1 1", 1)]));
    let path = published(dir.path())
        .into_keys()
        .find(|path| path.starts_with("ocr/"))
        .unwrap();
    std::fs::remove_file(dir.path().join(path)).unwrap();
    assert!(
        lake.ocr_pages(&shard).is_err(),
        "a file that is lost is no empty one"
    );
}

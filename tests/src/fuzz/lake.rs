//! Readers of the lake's own files, whose bytes may have been changed behind its back.

use std::fs::OpenOptions;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use nirnay_model::{Capture, CaptureId, CaptureKind, CapturedBody, SourceId};
use nirnay_pipeline::Stages;
use nirnay_portal_sim::{CourtShare, Docket, DocketSpec, Quirks};
use nirnay_store::{Lake, OpenMode, Shard};
use tempfile::TempDir;

use super::Target;
use crate::{Rig, RigOptions, scratch};

/// Readers of captures and of published text, on a lake that a crawl has filled.
pub fn lake() -> Vec<Target> {
    vec![warc(), text_layer()]
}

const PIPELINE: &str = "name = \"fuzz\"\nabout = \"Fuzz.\"\nbasis = \"Simulated portals.\"\n[[source]]\n\
                        source = \"ecourts-hc\"\ncourts = [\"sikkim\"]\nfrom = \"2024-01-01\"\nto = \"2024-01-31\"\n";

/// A lake with some judgments, their documents and texts.
fn filled() -> TempDir {
    let dir = scratch();
    let spec = DocketSpec {
        seed: 3,
        courts: vec![CourtShare::new("sikkim", 20)],
        from: "2024-01-01".parse().expect("a date"),
        to: "2024-01-31".parse().expect("a date"),
        scr_rows: 0,
        feed_rows: 0,
        quirks: Quirks::none(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let rig = Rig::start(RigOptions {
            docket: Arc::new(Docket::generate(&spec).expect("a docket")),
            faults: None,
            seed: 11,
            accuracy: 1.0,
            pipeline: PIPELINE.to_owned(),
        })
        .await;
        let stages = Stages {
            documents: true,
            text: true,
        };
        rig.crawl(&dir.path().join("lake"), stages)
            .await
            .expect("a crawl");
    });
    dir
}

/// All files below a folder with this ending.
fn files_below(dir: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder of the lake") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The texts of the records in a WARC file, with the place at which each begins.
fn records(file: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let mut records = Vec::new();
    let mut at = 0;
    while at < file.len() {
        // One member a record.
        let mut member = GzDecoder::new(&file[at..]);
        let mut text = Vec::new();
        member.read_to_end(&mut text).expect("a whole record");
        records.push((at, text));
        at = file.len() - member.into_inner().len();
    }
    records
}

/// A capture with a body that does not compress, so that there is room in its place for others.
fn roomy() -> Capture {
    let noise: Vec<u8> = (0..4_000_u32)
        .flat_map(|n| *nirnay_model::Sha256::of(&n.to_le_bytes()).as_bytes())
        .collect();
    Capture {
        id: CaptureId::of_parts([b"roomy".as_slice()]),
        kind: CaptureKind::Search,
        source: SourceId::EcourtsHc.into(),
        at: jiff::Timestamp::UNIX_EPOCH,
        epoch: 1,
        method: "POST".to_owned(),
        url: "https://portal.example/".to_owned(),
        request_headers: Vec::new(),
        request_body: Vec::new(),
        status: 200,
        response_headers: Vec::new(),
        body: CapturedBody::Inline(noise),
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    part.is_empty() || bytes.windows(part.len()).any(|window| window == part)
}

/// Records of captures: damaged before they were compressed, so that the damage reaches the reader.
fn warc() -> Target {
    let dir = filled();
    let at = dir.path().join("lake");
    let capture = roomy();
    let small = Capture {
        body: CapturedBody::Inline(b"the body as served".to_vec()),
        id: CaptureId::of_parts([b"small".as_slice()]),
        ..capture.clone()
    };
    {
        let lake = Lake::open(&at, OpenMode::ReadWrite).expect("a lake");
        lake.captures().append(&small).expect("a capture");
        lake.captures().append(&capture).expect("a capture");
        lake.captures().sync().expect("captures on disk");
    }
    let wanted = format!("Nirnay-Capture: {}", capture.id.as_str());
    let of_small = format!("Nirnay-Capture: {}", small.id.as_str());
    let mut corpus = Vec::new();
    let mut place = None;
    for path in files_below(&at.join("captures"), ".warc.gz") {
        let bytes = std::fs::read(&path).expect("a WARC file");
        for (offset, text) in records(&bytes) {
            let words = String::from_utf8_lossy(&text).into_owned();
            if words.contains(&wanted) && words.contains("WARC-Type: response") {
                place = Some((path.clone(), offset as u64));
            } else if words.contains(&of_small) {
                corpus.push(words.replace(&of_small, &wanted).into_bytes());
            } else if text.len() < 20_000 {
                corpus.push(text);
            }
        }
    }
    let (path, offset) = place.expect("the capture's place");
    let lake = Lake::open(&at, OpenMode::ReadOnly).expect("a lake");
    let file = OpenOptions::new()
        .write(true)
        .open(&path)
        .expect("the file");
    let words = [
        "WARC/1.1\r\n",
        "WARC-Type: revisit\r\n",
        "Content-Length: 0\r\n",
        "Content-Length: 99999999999\r\n",
        "WARC-Block-Digest: sha256:",
        "Nirnay-Capture: ",
        "\r\n\r\n",
        "HTTP/1.1 200 OK\r\n",
    ];
    Target::new("warc", corpus, &words, move |body| {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::new(1));
        gzip.write_all(body).expect("bytes in memory");
        let member = gzip.finish().expect("bytes in memory");
        file.write_all_at(&member, offset)
            .expect("a file in memory");
        if let Ok(Some(read)) = lake.captures().read(&capture.id) {
            // A revisit's body lies elsewhere; any other stands in its record as it was read.
            let is_revisit = contains(body, b"revisit");
            assert!(is_revisit || contains(body, &read), "a body out of nothing");
        }
        // The folder lives as long as the target.
        assert!(dir.path().is_dir());
    })
}

/// The published text, as the indexer reads it.
fn text_layer() -> Target {
    let dir = filled();
    let at = dir.path().join("lake");
    let lake = Lake::open(&at, OpenMode::ReadOnly).expect("a lake");
    let shards: Vec<Shard> = lake.shards().expect("shards");
    let path = files_below(&at.join("text"), ".parquet")
        .into_iter()
        .next()
        .expect("a text file");
    let whole = std::fs::read(&path).expect("a text file");
    // The layers are read-only for everybody; here somebody changes them all the same.
    std::fs::remove_file(&path).expect("a file to replace");
    std::fs::write(&path, &whole).expect("a file to damage");
    let words = ["PAR1", "\x15\x00", "\x15\x02\x19\x5c", "ARROW:schema"];
    Target::new("text_layer", vec![whole], &words, move |body| {
        std::fs::write(&path, body).expect("a file in memory");
        for shard in &shards {
            let Ok(rows) = lake.read_text(shard) else {
                continue;
            };
            // After an error it ends.
            let rows = rows.take(10_000).take_while(Result::is_ok).count();
            assert!(rows < 10_000, "{rows} rows out of {} bytes", body.len());
        }
        assert!(dir.path().is_dir());
    })
}

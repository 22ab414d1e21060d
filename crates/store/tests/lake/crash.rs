//! A process that dies between any two steps, and the same command again.

use std::path::Path;
use std::process::Command;

use bytes::Bytes;
use nirnay_model::{CapturedBody, ExtractMethod, PageText, SourceId, Verification};
use nirnay_store::{CachedText, FetchedBlob, Lake, TextOutcome, VerifyLevel, WindowState};

use crate::rows::{begin, capture, open, page, published, spec, time};

const DIR: &str = "NIRNAY_TEST_CRASH_DIR";
const STEPS: &str = "NIRNAY_TEST_CRASH_STEPS";

/// Dies without any clean-up when its steps are used up.
struct Fuse(u64);

impl Fuse {
    fn step(&mut self) {
        if self.0 == 0 {
            std::process::abort();
        }
        self.0 -= 1;
    }
}

/// A small crawl, written as a pipeline would: everything it decides comes from the ledger.
fn crawl(dir: &Path, fuse: &mut Fuse) {
    let lake = open(dir);
    fuse.step();
    let run = begin(lake.ledger(), "2026-11-21T10:00:00Z");
    fuse.step();
    let id = lake
        .ledger()
        .plan_window(&spec("2024-01-01..2024-12-31"))
        .unwrap();
    fuse.step();
    loop {
        let window = lake.ledger().window(id).unwrap();
        if window.state.is_complete() {
            break;
        }
        if window.next_start >= 12 {
            lake.ledger()
                .close_window(id, WindowState::Complete, time("2026-11-21T10:10:00Z"))
                .unwrap();
            fuse.step();
            continue;
        }
        let start = window.next_start;
        let rows = page(id, run, start, 12, start..start + 4);
        lake.captures()
            .append(&capture(
                &rows.capture_id,
                CapturedBody::Inline(b"body".repeat(3000)),
            ))
            .unwrap();
        fuse.step();
        lake.captures().sync().unwrap();
        fuse.step();
        lake.accept_page(&rows).unwrap();
        fuse.step();
    }
    documents(&lake, run.id, fuse);
    text(&lake, fuse);
    lake.publish_judgments(&mut |_| {}).unwrap();
    fuse.step();
    lake.publish_revisions().unwrap();
    fuse.step();
    lake.ledger()
        .finish_run(run.id, "complete", time("2026-11-21T11:00:00Z"))
        .unwrap();
}

fn documents(lake: &Lake, run: i64, fuse: &mut Fuse) {
    loop {
        let at = time("2026-11-21T10:20:00Z");
        let wanted = lake
            .ledger()
            .pending_documents(SourceId::EcourtsHc, None, None, at, 5)
            .unwrap();
        if wanted.is_empty() {
            return;
        }
        let batch: Vec<FetchedBlob> = wanted
            .into_iter()
            .map(|document| FetchedBlob {
                bytes: Bytes::from(format!("%PDF-1.4 {}", document.row_key)),
                row_key: document.row_key,
                check: Verification::NoText,
                run,
                at,
            })
            .collect();
        lake.store_documents(&batch).unwrap();
        fuse.step();
    }
}

fn text(lake: &Lake, fuse: &mut Fuse) {
    for shard in lake.shards().unwrap() {
        for job in lake
            .text_shard_documents(&shard)
            .unwrap()
            .into_iter()
            .filter(|job| job.made_by.is_none())
        {
            let page = PageText {
                page: 1,
                text: job.judgment.title.clone(),
                chars: job.judgment.title.chars().count() as u32,
                quality: 1.0,
                method: ExtractMethod::Digital,
                script: None,
                needs_ocr: false,
                ..PageText::default()
            };
            let text = CachedText {
                extractor: "x 1".to_owned(),
                engine: "e".to_owned(),
                outcome: TextOutcome::Pages(vec![page]),
                notes: Vec::new(),
            };
            lake.put_cached_text(&job.sha256, &text).unwrap();
            fuse.step();
        }
        lake.publish_text(&shard).unwrap();
        fuse.step();
    }
    lake.finish_text().unwrap();
    fuse.step();
}

/// Not a test of its own: the process that dies.
#[test]
#[ignore = "run by the crash tests as a process of its own"]
fn child() {
    if let (Ok(dir), Ok(steps)) = (std::env::var(DIR), std::env::var(STEPS)) {
        crawl(Path::new(&dir), &mut Fuse(steps.parse().unwrap()));
    }
}

fn run_child(dir: &Path, steps: u64) -> bool {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child", "--ignored", "--quiet"])
        .env(DIR, dir)
        .env(STEPS, steps.to_string())
        .output()
        .unwrap();
    output.status.success()
}

#[test]
fn the_same_command_again_ends_in_the_same_bytes() {
    let golden = tempfile::tempdir().unwrap();
    crawl(golden.path(), &mut Fuse(u64::MAX));
    let expected = published(golden.path());
    assert_eq!(expected.len(), 3, "judgments, text, manifest");
    // Died once, after each number of steps.
    let mut steps = 0;
    loop {
        let dir = tempfile::tempdir().unwrap();
        let finished = run_child(dir.path(), steps);
        if !finished {
            crawl(dir.path(), &mut Fuse(u64::MAX));
        }
        assert!(
            published(dir.path()) == expected,
            "other bytes after a death at step {steps}"
        );
        assert_eq!(
            open(dir.path()).verify(VerifyLevel::Full).unwrap(),
            [],
            "after a death at step {steps}"
        );
        if finished {
            break;
        }
        steps += 1;
    }
    assert!(steps > 25, "only {steps} steps were tried");
    // Died again and again, three steps further each time.
    let dir = tempfile::tempdir().unwrap();
    assert!((3..100).any(|steps| run_child(dir.path(), steps)));
    assert!(published(dir.path()) == expected);
}

#![allow(warnings)]
#[path = "../tests/lake/rows.rs"]
mod rows;
use rows::*;
use std::time::Instant;
use nirnay_store::*;
use nirnay_model::*;
fn rss() -> String { std::fs::read_to_string("/proc/self/status").unwrap().lines().find(|l| l.starts_with("VmHWM")).unwrap().to_owned() }
fn main() {
    let dir = std::path::PathBuf::from(std::env::args().nth(1).unwrap());
    let n: u64 = std::env::args().nth(2).unwrap().parse().unwrap();
    let lake = open(&dir);
    let run = begin(lake.ledger(), "2026-11-21T10:00:00Z");
    let id = lake.ledger().plan_window(&spec("2024-01-01..2024-12-31")).unwrap();
    let mut worst = 0; let mut total = 0;
    for start in (0..n).step_by(1000) {
        let p = page(id, run, start, n, start..start + 1000);
        lake.captures().append(&capture(&p.capture_id, CapturedBody::Inline(vec![b'x'; 100_000]))).unwrap();
        let t = Instant::now();
        lake.accept_page(&p).unwrap();
        let ms = t.elapsed().as_millis(); worst = worst.max(ms); total += ms;
    }
    println!("accept 1000 rows: mean {} ms worst {} ms, {}", total / (n / 1000) as u128, worst, rss());
    // again, rescan
    lake.ledger().restart_walk(id).unwrap();
    let mut worst = 0; let mut total = 0;
    for start in (0..n).step_by(1000) {
        let mut p = page(id, run, start, n, start..start + 1000);
        p.run_started = time("2026-11-22T10:00:00Z");
        let t = Instant::now();
        lake.accept_page(&p).unwrap();
        let ms = t.elapsed().as_millis(); worst = worst.max(ms); total += ms;
    }
    println!("rescan 1000 rows: mean {} ms worst {} ms, {}", total / (n / 1000) as u128, worst, rss());
    let t = Instant::now();
    let court = "7_26".parse().unwrap();
    let p = lake.ledger().pending_documents(SourceId::EcourtsHc, Some(&court), time("2026-11-22T10:00:00Z"), 1000).unwrap();
    println!("pending 1000: {:?}", t.elapsed());
    let t = Instant::now();
    let p2 = lake.ledger().pending_documents(SourceId::EcourtsHc, None, time("2026-11-22T10:00:00Z"), 1000).unwrap();
    println!("pending 1000 all courts: {:?} {}", t.elapsed(), p == p2);
    let t = Instant::now();
    let b: Vec<_> = p.iter().take(100).map(|d| FetchedBlob { row_key: d.row_key.clone(), bytes: format!("%PDF {}", d.row_key).repeat(1000).into(), check: Verification::Matched, run: run.id, at: time("2026-11-22T10:00:00Z") }).collect();
    for x in &b { lake.captures().append(&capture(&CaptureId::of_parts([x.row_key.as_str().as_bytes()]), CapturedBody::Document { sha256: Sha256::of(&x.bytes), size: x.bytes.len() as u64 })).unwrap(); }
    lake.store_documents(&b).unwrap();
    println!("store 100: {:?}", t.elapsed());
    let t = Instant::now();
    let r = lake.publish_judgments(&mut |e| println!("{e:?}")).unwrap();
    println!("publish {:?}: {:?} per row {} {}", t.elapsed(), r, r.bytes / r.rows, rss());
    let t = Instant::now();
    let r = lake.publish_judgments(&mut |_| {}).unwrap();
    println!("publish again {:?}: {:?} {}", t.elapsed(), r, rss());
    let t = Instant::now();
    println!("iterate {} {:?} {}", lake.published_judgments(JudgmentFilter::default()).unwrap().count(), t.elapsed(), rss());
    for shard in lake.shards().unwrap() {
        for job in lake.text_shard_documents(&shard).unwrap() {
            let pages = (1..4).map(|page| PageText { page, text: format!("page {page} of {} न्याय", job.row_key).repeat(50), chars: 3, quality: 0.5, method: ExtractMethod::Digital, script: Some("Latn".into()), needs_ocr: false }).collect();
            lake.put_cached_text(&job.sha256, &CachedText { engine: "e".into(), outcome: TextOutcome::Pages(pages) }).unwrap();
        }
        println!("{:?}", lake.publish_text(&shard).unwrap());
    }
    lake.finish_text().unwrap();
    let t = Instant::now();
    println!("audit holes {:?} {:?}", lake.ledger().audit(&AuditFilter::default(), time("2026-11-22T10:00:00Z")).unwrap(), t.elapsed());
    for level in [VerifyLevel::Quick, VerifyLevel::Full] { let t = Instant::now(); println!("verify {:?} {:?}", lake.verify(level).unwrap(), t.elapsed()); }
    drop(lake);
    let t = Instant::now(); let lake = open(&dir); println!("open {:?} ledger {} MB", t.elapsed(), std::fs::metadata(dir.join("ledger.sqlite")).unwrap().len() >> 20);
}

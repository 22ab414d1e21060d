//! temporary
use std::io::BufRead;
use std::time::Instant;
use nirnay_index::*;
use nirnay_model::*;
fn main() {
    let dir = std::path::PathBuf::from("/tmp/idx-probe"); let _ = std::fs::remove_dir_all(&dir);
    let mut w = IndexWriter::open(&dir, 100_000_000).unwrap();
    let file = std::io::BufReader::new(std::fs::File::open("/tmp/casedocs.jsonl").unwrap());
    let (mut bytes, mut n) = (0usize, 0u32);
    let t = Instant::now();
    for line in file.lines() {
        let v: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let text = v["text"].as_str().unwrap().to_owned();
        let id = v["id"].as_str().unwrap().to_owned();
        bytes += text.len(); n += 1;
        let judgment = Judgment {
            source: SourceId::Scr, court_code: "sci".parse().unwrap(), court_name: "Supreme Court of India".into(),
            bench_code: "scr".parse().unwrap(), cnr: None, order_no: None, title: format!("CASE {id} versus STATE"),
            petitioner: None, respondent: None, case_number_raw: None, case_number: None, diary_number: None,
            judges: vec![], author_judge: None, bench_strength: None, registration_date: None,
            decision_date: None, decision_date_raw: String::new(), disposal_raw: None, disposal: None,
            neutral_citation: None, reporter_citation: None, description: None, languages: vec![],
            document_path: None, citation_year: None, document_kind: DocumentKind::Unstated,
            uploaded_at: None, flags: vec![] };
        w.upsert(IndexDocument { key: id, version: "1".into(), judgment, sha256: None, pages: vec![(1, text)] }).unwrap();
    }
    w.commit("x").unwrap();
    let s = t.elapsed().as_secs_f64();
    let size: u64 = std::fs::read_dir(&dir).unwrap().map(|e| e.unwrap().metadata().unwrap().len()).sum();
    println!("{n} docs {:.1} MB in {s:.1} s = {:.1} MB/s; index {:.2}x", bytes as f64/1e6, bytes as f64/1e6/s, size as f64/bytes as f64);
    w.close().unwrap();
    let t = Instant::now(); let searcher = Searcher::open(&dir).unwrap(); println!("open {:?}", t.elapsed());
    for q in ["bail", "anticipatory bail", "\"natural justice\"", "section 498A ipc", "murder -appeal", "constit*", "(murder OR dacoity) 302/34 \"common intention\"", "\"fundamental rights\" (equality OR discrimination) article 14", "the"] {
        for snippets in [0, 2] {
            let o = SearchOptions { snippets, ..Default::default() };
            let mut best = std::time::Duration::MAX; let mut r = None;
            for _ in 0..5 { let x = searcher.search(q, &o).unwrap(); best = best.min(x.elapsed); r = Some(x); }
            let r = r.unwrap();
            println!("{q:60} snippets={snippets} total={:5} {best:?}", r.total);
            if snippets == 2 { if let Some(h) = r.hits.first() { for s in &h.snippets { let mut t = s.text.clone(); for (a,b) in s.highlights.iter().rev() { t.insert_str(*b, "]"); t.insert_str(*a, "["); } println!("     p{} {t}", s.page); } } }
        }
    }
}

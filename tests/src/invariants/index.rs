//! I6: the index.

use std::fs;
use std::path::Path;

use nirnay_index::{SearchOptions, Searcher, Sort};
use nirnay_model::Sha256;
use nirnay_pipeline::{Silent, build_index};
use nirnay_store::{Lake, OpenMode};

use super::{Evidence, Verdict};

/// The questions that an index and one built anew must answer alike: words that stand in invented cases
/// and documents, phrases, fields, ranges, everything.
const QUESTIONS: [&str; 12] = [
    "",
    "court",
    "petition",
    "bail OR appeal",
    "dismissed",
    "\"high court\"",
    "state NOT bail",
    "title:state",
    "court:sikkim",
    "year:2023..2024",
    "judg*",
    "section (order OR appeal)",
];

pub(super) fn check(evidence: &Evidence<'_>) -> Verdict {
    let index = evidence.lake.join("index");
    if !index.exists() {
        return Verdict::Unseen;
    }
    let mut broken = Vec::new();
    match Searcher::open(&index) {
        Err(error) => broken.push(format!("the index cannot be opened: {error}")),
        Ok(searcher) => broken.extend(watermark(evidence.lake, &searcher)),
    }
    if evidence.rebuild_index {
        broken.extend(same_hits_when_rebuilt(evidence.lake));
    }
    Verdict::of(broken)
}

/// The index of a lake at rest says that it was built from the manifest that is there, or from an earlier
/// one; never from one that does not exist.
fn watermark(lake: &Path, searcher: &Searcher) -> Option<String> {
    let manifest = fs::read(lake.join("manifest.json")).ok()?;
    let now = Sha256::of(&manifest).to_hex();
    let documents = searcher.document_count();
    match searcher.watermark() {
        None if documents > 0 => Some(format!("{documents} documents and no watermark")),
        Some(mark) if mark.parse::<Sha256>().is_err() && mark != now => {
            Some(format!("the watermark {mark:?} is no manifest's"))
        }
        _ => None,
    }
}

/// Sets the index of the lake in `dir` aside, has it built anew and compares the answers. The new one stays.
pub fn same_hits_when_rebuilt(dir: &Path) -> Vec<String> {
    let (index, aside) = (dir.join("index"), dir.join("index.before"));
    let before = match answers(&index) {
        Ok(answers) => answers,
        Err(why) => return vec![why],
    };
    fs::rename(&index, &aside).expect("the index is set aside");
    let rebuilt = Lake::open(dir, OpenMode::ReadWrite)
        .map_err(|error| error.to_string())
        .and_then(|lake| build_index(&lake, &Silent).map_err(|error| error.to_string()));
    fs::remove_dir_all(&aside).expect("the old index goes");
    let after = match rebuilt.and_then(|_| answers(&index)) {
        Ok(answers) => answers,
        Err(why) => return vec![format!("the index cannot be rebuilt: {why}")],
    };
    QUESTIONS
        .iter()
        .zip(before.iter().zip(&after))
        .filter(|(_, (before, after))| before != after)
        .map(|(question, (before, after))| {
            format!(
                "{question:?}: {} hits before, {} rebuilt",
                before.len(),
                after.len()
            )
        })
        .collect()
}

/// The keys of all hits of each question, in the order of the answer.
fn answers(index: &Path) -> Result<Vec<Vec<String>>, String> {
    let searcher = Searcher::open(index).map_err(|error| error.to_string())?;
    let options = SearchOptions {
        limit: 1_000,
        sort: Sort::Newest,
        snippets: 0,
        time_limit: None,
        ..SearchOptions::default()
    };
    QUESTIONS
        .iter()
        .map(|question| {
            let results = searcher
                .search(question, &options)
                .map_err(|error| format!("{question:?}: {error}"))?;
            Ok(results.hits.into_iter().map(|hit| hit.key).collect())
        })
        .collect()
}

//! How well mastheads are read, measured on documents of courts.
//!
//! Both measures read files beside the workspace (`../shared`) and say so where they are not there.
//! The first judges what PDFs say against labels made by eye (`structure/labels.tsv`), the second
//! the parties, judges, courts and lawyers of 1,560 preambles whose line breaks are lost, against
//! the labels of the set.

#![expect(
    clippy::print_stderr,
    reason = "measures are printed, and what is not there is said"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use nirnay_extract::structure::{self, Side, Structure};
use nirnay_extract::{Limits, extract_in_process, page_text};

fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared")
        .join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("{} is not there: nothing measured", path.display());
    None
}

#[derive(Default, Clone, Copy)]
struct Score {
    right: usize,
    found: usize,
    wanted: usize,
}

impl Score {
    fn precision(self) -> f64 {
        self.right as f64 / self.found.max(1) as f64
    }

    fn recall(self) -> f64 {
        self.right as f64 / self.wanted.max(1) as f64
    }
}

#[derive(Default)]
struct Scores(BTreeMap<&'static str, Score>);

impl Scores {
    /// Counts what was found against what was wanted, each wanted value once.
    fn count(
        &mut self,
        field: &'static str,
        found: &[String],
        wanted: &[String],
        same: impl Fn(&str, &str) -> bool,
    ) {
        let score = self.0.entry(field).or_default();
        let mut open: Vec<&String> = wanted.iter().collect();
        for value in found {
            if let Some(at) = open.iter().position(|wanted| same(value, wanted)) {
                open.remove(at);
                score.right += 1;
            }
        }
        score.found += found.len();
        score.wanted += wanted.len();
    }

    fn print(&self) {
        for (field, score) in &self.0 {
            eprintln!(
                "{field:<11} precision {:.3} recall {:.3} ({} right, {} found, {} wanted)",
                score.precision(),
                score.recall(),
                score.right,
                score.found,
                score.wanted
            );
        }
    }

    fn check(&self, floors: &[(&str, f64, f64)]) {
        for (field, precision, recall) in floors {
            let score = self.0.get(field).copied().unwrap_or_default();
            assert!(
                score.precision() >= *precision,
                "{field}: precision {:.3}",
                score.precision()
            );
            assert!(
                score.recall() >= *recall,
                "{field}: recall {:.3}",
                score.recall()
            );
        }
    }
}

fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Equal but for punctuation, or one begins or ends the other and is more than half of it.
fn alike(a: &str, b: &str) -> bool {
    let (a, b) = (letters(a), letters(b));
    let (short, long) = if a.len() <= b.len() {
        (&a, &b)
    } else {
        (&b, &a)
    };
    a == b || (short.len() >= 4 && long.contains(short.as_str()) && 2 * short.len() >= long.len())
}

/// Number and year; types are spelled as they please.
fn same_case(a: &str, b: &str) -> bool {
    let tail = |text: &str| {
        text.rsplit('/')
            .take(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    tail(a) == tail(b)
}

fn side(structure: &Structure, side: Side) -> Vec<String> {
    structure
        .parties
        .iter()
        .filter(|party| party.side == side)
        .map(|party| party.found.value.clone())
        .collect()
}

fn list(cell: &str) -> Vec<String> {
    cell.split(';')
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
        .collect()
}

fn judge(scores: &mut Scores, structure: &Structure, cells: &[&str]) {
    let cell = |at: usize| cells.get(at).copied().unwrap_or("");
    let one = |value: Option<String>| value.into_iter().collect::<Vec<_>>();
    let other = cell(9) == "other";
    if !other {
        scores.count(
            "court",
            &one(structure.court_code.clone()),
            &list(cell(1)),
            |a, b| a == b,
        );
    }
    if !cell(2).is_empty() {
        let bench = structure.bench.as_ref().map(|bench| bench.value.clone());
        scores.count("bench", &one(bench), &list(cell(2)), |a, b| a == b);
    }
    if cell(3) != "*" && (other || !cell(3).is_empty()) {
        let found: Vec<String> = structure
            .cases
            .iter()
            .map(|case| case.found.value.clone())
            .collect();
        scores.count("case_number", &found, &list(cell(3)), same_case);
    }
    for (field, of, at) in [
        ("petitioner", Side::First, 4),
        ("respondent", Side::Second, 5),
    ] {
        if other || !cell(at).is_empty() {
            let first: Vec<String> = side(structure, of).into_iter().take(1).collect();
            scores.count(
                field,
                &first,
                &one((!cell(at).is_empty()).then(|| cell(at).to_owned())),
                alike,
            );
        }
    }
    if !cell(6).is_empty() {
        let found: Vec<String> = structure
            .coram
            .iter()
            .map(|judge| judge.value.clone())
            .collect();
        scores.count("judges", &found, &list(cell(6)), alike);
    }
    if !cell(7).is_empty() {
        let author = structure.author.as_ref().map(|author| author.value.clone());
        scores.count("author", &one(author), &list(cell(7)), alike);
    }
    if !cell(8).is_empty() {
        let date = structure
            .dates
            .decision
            .as_ref()
            .map(|date| date.value.to_string());
        scores.count("date", &one(date), &list(cell(8)), |a, b| a == b);
    }
    if !cell(9).is_empty() {
        let kind = structure
            .kind
            .as_ref()
            .map(|kind| kind.value.name().to_owned());
        scores.count("kind", &one(kind), &list(cell(9)), |a, b| a == b);
    }
    if !cell(10).is_empty() {
        let result = structure
            .result
            .as_ref()
            .map(|result| result.value.name().to_owned());
        scores.count("result", &one(result), &list(cell(10)), |a, b| a == b);
    }
}

#[test]
#[ignore = "extracts some fifty PDFs: a minute in a debug build; run with --ignored --nocapture"]
fn labelled_pdfs() {
    let Some(folder) = shared("pdf") else { return };
    let mut scores = Scores::default();
    let mut unread = Vec::new();
    for line in include_str!("structure/labels.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let cells: Vec<&str> = line.split('\t').collect();
        let file = folder.join(cells.first().copied().unwrap_or(""));
        let pdf = fs::read(&file).unwrap();
        match extract_in_process(&pdf, &Limits::default()) {
            Ok(extraction) => judge(
                &mut scores,
                &structure::read(&extraction.pages, None),
                &cells,
            ),
            Err(why) => unread.push(format!("{}: {why}", file.display())),
        }
    }
    scores.print();
    assert!(unread.len() <= 2, "{unread:?}");
    scores.check(&[
        ("court", 0.95, 0.9),
        ("bench", 0.95, 0.95),
        ("case_number", 0.9, 0.9),
        ("petitioner", 0.9, 0.9),
        ("respondent", 0.9, 0.9),
        ("judges", 0.95, 0.95),
        ("author", 0.95, 0.95),
        ("date", 0.95, 0.95),
        ("kind", 0.95, 0.85),
        ("result", 0.9, 0.9),
    ]);
}

#[derive(serde::Deserialize)]
struct Preamble {
    text: String,
    ents: Vec<(usize, usize, String)>,
}

#[test]
fn labelled_preambles() {
    let Some(file) = shared("entities/inlegalner_train_preamble_bio.jsonl") else {
        return;
    };
    let mut scores = Scores::default();
    for line in fs::read_to_string(file).unwrap().lines() {
        let preamble: Preamble = serde_json::from_str(line).unwrap();
        let structure = structure::read(&[page_text(1, &preamble.text)], None);
        let found = [
            (
                "COURT",
                structure
                    .court
                    .iter()
                    .map(|court| court.text.clone())
                    .collect(),
            ),
            ("PETITIONER", side(&structure, Side::First)),
            ("RESPONDENT", side(&structure, Side::Second)),
            (
                "JUDGE",
                structure
                    .coram
                    .iter()
                    .map(|judge| judge.value.clone())
                    .collect::<Vec<_>>(),
            ),
            (
                "LAWYER",
                structure
                    .appearances
                    .iter()
                    .map(|counsel| counsel.found.value.clone())
                    .collect(),
            ),
        ];
        let chars: Vec<char> = preamble.text.chars().collect();
        for (label, found) in found {
            let mut wanted: BTreeMap<String, String> = BTreeMap::new();
            for (start, end, of) in &preamble.ents {
                if of == label {
                    let text: String = chars.get(*start..*end).unwrap_or_default().iter().collect();
                    wanted.entry(letters(&text)).or_insert(text);
                }
            }
            let wanted: Vec<String> = wanted.into_values().collect();
            let mut once: BTreeMap<String, String> = BTreeMap::new();
            for value in found {
                once.entry(letters(&value)).or_insert(value);
            }
            let found: Vec<String> = once.into_values().collect();
            scores.count(label, &found, &wanted, alike);
        }
    }
    scores.print();
    scores.check(&[
        ("COURT", 0.85, 0.85),
        ("JUDGE", 0.85, 0.75),
        ("PETITIONER", 0.75, 0.7),
        ("RESPONDENT", 0.7, 0.6),
        ("LAWYER", 0.85, 0.6),
    ]);
}

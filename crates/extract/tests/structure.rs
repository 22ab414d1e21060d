//! How well mastheads are read, measured on documents of courts.
//!
//! The measures read files beside the workspace (`../shared`) and say so where they are not there.
//! The first judges what PDFs say against labels made by eye (`structure/labels.tsv`), the second
//! the parties, judges, courts and lawyers of 1,560 preambles whose line breaks are lost, against
//! the labels of the set, the third the results of old judgments against their reporter's last line.
//!
//! `cargo test --test structure -- --nocapture` prints the figures of `docs/benchmarks.md`.

#![expect(
    clippy::print_stderr,
    reason = "measures are printed, and what is not there is said"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

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

    fn add(&mut self, other: &Self) {
        for (field, score) in &other.0 {
            let sum = self.0.entry(field).or_default();
            sum.right += score.right;
            sum.found += score.found;
            sum.wanted += score.wanted;
        }
    }

    fn name_faults(&self, file: &Path) {
        let is_faulty = |score: &Score| score.right < score.found || score.right < score.wanted;
        let faulty: Vec<_> = self
            .0
            .iter()
            .filter(|(_, score)| is_faulty(score))
            .map(|(field, _)| *field)
            .collect();
        if !faulty.is_empty() {
            eprintln!("{}: {}", file.display(), faulty.join(", "));
        }
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

/// The values of a cell; `-` stands for none.
fn list(cell: &str) -> Vec<String> {
    cell.split(';')
        .filter(|value| !value.is_empty() && *value != "-")
        .map(str::to_owned)
        .collect()
}

/// Judges what was found against a line of labels. A value that was found where the label says that there is none
/// counts against precision; an empty cell is not judged.
fn judge(scores: &mut Scores, structure: &Structure, cells: &[&str]) {
    let cell = |at: usize| cells.get(at).copied().unwrap_or("");
    let one = |value: Option<String>| value.into_iter().collect::<Vec<_>>();
    // What is no decision has no parties, judges and numbers, and neither date nor result.
    let other = cell(9) == "other";
    let judged = |at: usize| !cell(at).is_empty() || (other && matches!(at, 3..=8 | 10));
    let names = |found: &[structure::Found<String>]| {
        found
            .iter()
            .map(|name| name.value.clone())
            .collect::<Vec<_>>()
    };
    let exact = |a: &str, b: &str| a == b;
    let mut count = |field, at: usize, found: Vec<String>, same: &dyn Fn(&str, &str) -> bool| {
        if judged(at) && cell(at) != "*" {
            scores.count(field, &found, &list(cell(at)), same);
        }
    };
    count("court", 1, one(structure.court_code.clone()), &exact);
    let bench = structure.bench.as_ref().map(|bench| bench.value.clone());
    count("bench", 2, one(bench), &exact);
    let cases = structure.cases.iter().map(|case| case.found.value.clone());
    count("case_number", 3, cases.collect(), &same_case);
    for (field, of, at) in [
        ("petitioner", Side::First, 4),
        ("respondent", Side::Second, 5),
    ] {
        let first: Vec<String> = side(structure, of).into_iter().take(1).collect();
        count(field, at, first, &alike);
    }
    count("judges", 6, names(&structure.coram), &alike);
    let author = structure.author.as_ref().map(|author| author.value.clone());
    count("author", 7, one(author), &alike);
    let date = structure.dates.decision.as_ref();
    count(
        "date",
        8,
        one(date.map(|date| date.value.to_string())),
        &exact,
    );
    let kind = structure.kind.as_ref();
    count(
        "kind",
        9,
        one(kind.map(|kind| kind.value.name().to_owned())),
        &exact,
    );
    let result = structure.result.as_ref();
    count(
        "result",
        10,
        one(result.map(|result| result.value.name().to_owned())),
        &exact,
    );
    // The lawyers that are labelled, on whichever side they were found.
    let wanted = list(cell(11));
    let is_labelled = |name: &str| {
        wanted
            .iter()
            .any(|label| label.split('@').next().is_some_and(|of| alike(of, name)))
    };
    let counsel = structure
        .appearances
        .iter()
        .filter(|counsel| is_labelled(&counsel.found.value));
    let counsel = counsel.map(|counsel| {
        let side = counsel.side.map_or("none", Side::name);
        format!("{}@{side}", counsel.found.value)
    });
    let same = |a: &str, b: &str| match (a.split_once('@'), b.split_once('@')) {
        (Some((a, first)), Some((b, second))) => first == second && alike(a, b),
        _ => false,
    };
    count("counsel", 11, counsel.collect(), &same);
}

#[test]
fn labelled_pdfs() {
    let Some(folder) = shared("pdf") else { return };
    let mut scores = Scores::default();
    let mut unread = Vec::new();
    let mut documents = 0;
    for line in include_str!("structure/labels.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let cells: Vec<&str> = line.split('\t').collect();
        let file = folder.join(cells.first().copied().unwrap_or(""));
        let pdf = fs::read(&file).unwrap();
        documents += 1;
        match extract_in_process(&pdf, &Limits::default()) {
            Ok(extraction) => {
                let structure = structure::read(&extraction.pages, None);
                let mut own = Scores::default();
                judge(&mut own, &structure, &cells);
                own.name_faults(&file);
                scores.add(&own);
            }
            Err(why) => unread.push(format!("{}: {why}", file.display())),
        }
    }
    eprintln!("{documents} documents");
    scores.print();
    assert!(unread.len() <= 2, "{unread:?}");
    scores.check(&[
        ("court", 0.98, 0.98),
        ("bench", 0.95, 0.95),
        ("case_number", 0.98, 0.98),
        ("petitioner", 0.97, 0.97),
        ("respondent", 0.97, 0.97),
        ("judges", 0.98, 0.97),
        ("author", 0.98, 0.98),
        ("date", 0.98, 0.97),
        ("kind", 0.98, 0.96),
        ("result", 0.97, 0.95),
        ("counsel", 0.97, 0.97),
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

#[derive(serde::Deserialize)]
struct Case {
    text: String,
}

/// The reporter's last line, `P.H.P. Appeal allowed.`: what stands before it and what it says.
fn last_line(text: &str) -> Option<(&str, &'static str)> {
    let line = regex::Regex::new(
        r"(?:^|[\s.])(?:[A-Z]\.\s?){0,5}\s*(?:Appeals?|Petitions?|Writ Petitions?)\s+(partly allowed|allowed in part|allowed|dis-? ?missed|partially allowed)\s*\.?\s*$",
    )
    .ok()?;
    let text = text.trim_end();
    let from = text.floor_char_boundary(text.len().saturating_sub(90));
    let found = line.captures(text.get(from..)?)?;
    let result = match &found[1] {
        part if part.contains("part") => "partly_allowed",
        "allowed" => "allowed",
        _ => "dismissed",
    };
    Some((text.get(..from + found.get(0)?.start())?, result))
}

#[test]
#[ignore = "reads a thousand judgments: half a minute in a debug build; needs the program xz"]
fn reporters_lines() {
    let Some(file) = shared("text/fire2017-casedocs.jsonl.xz") else {
        return;
    };
    let Ok(unpacked) = Command::new("xz").arg("-dc").arg(file).output() else {
        eprintln!("xz is not there: nothing measured");
        return;
    };
    let mut scores = Scores::default();
    let (mut documents, mut opposite) = (0, 0);
    for line in String::from_utf8(unpacked.stdout).unwrap().lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        let Some((text, expected)) = last_line(&case.text) else {
            continue;
        };
        documents += 1;
        let structure = structure::read(&[page_text(1, text)], None);
        let found = structure
            .result
            .map(|result| result.value.name().to_owned());
        opposite += usize::from(matches!(
            (found.as_deref(), expected),
            (Some("allowed"), "dismissed") | (Some("dismissed"), "allowed")
        ));
        let found: Vec<String> = found.into_iter().collect();
        scores.count("result", &found, &[expected.to_owned()], |a, b| a == b);
    }
    eprintln!("{documents} documents, {opposite} opposites");
    scores.print();
    scores.check(&[("result", 0.9, 0.8)]);
}

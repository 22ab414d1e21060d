//! Dockets from files.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::Deserialize;

use crate::bench::{self, SCR};
use crate::case::{self, Case};
use crate::day;
use crate::docket::Docket;
use crate::error::SimError;
use crate::record::{Record, plain};
use crate::row::{Flaw, NONE16, Row, UNDATED};

/// How a folder is read as a docket. The folder may hold, side by side:
///
/// * `*.json` files `{"data": [{"diary_no", "Judgement_type", "case_no", "pet", "res", "pet_adv",
///   "res_adv", "bench", "judgement_by", "judgment_dates": "DD-MM-YYYY", "temp_link"}, …]}`, all
///   values texts or null: Supreme Court judgments, served as rows of the reports. A row's path and
///   CNR come from a hash of the record, so they stay the same when other records come or go. A
///   record whose date is no date is served with that text, listed under the date in `temp_link` if
///   there is one. A `*.json` file that does not begin with `{` is passed over
///   ([`Docket::skipped_files`]).
/// * `docket.jsonl`, a High Court row a line: `bench` (the database name), `cnr`, `case`,
///   `petitioner`, `respondent`, `decided` (`YYYY-MM-DD`; any other text is printed as it is), and
///   optionally `order_no`, `judges` (a list), `registered`, `disposal`, `excerpt`, `listed_on` (the
///   day under which a row without a date is found), `path`, `pdf` (a file under the folder of PDFs).
/// * `pdf/`, whose files are dealt out to the rows that name none. Without any, documents are
///   invented.
#[derive(Debug, Clone, Default)]
pub struct DirOptions {
    /// Seed of everything the files do not say.
    pub seed: u64,
    /// Folder of PDF files, searched through all its folders; `pdf/` in the docket's folder if not
    /// given.
    pub pdf_dir: Option<PathBuf>,
    /// Deal the files as they are. Otherwise a comment behind the end mark makes copies of the same
    /// file differ, as the documents of different cases do.
    pub plain_copies: bool,
}

/// A row read from a file. Texts are plain, without HTML entities.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stored {
    pub(crate) number: String,
    pub(crate) petitioner: String,
    pub(crate) respondent: String,
    pub(crate) judges: Vec<String>,
    pub(crate) author: Option<usize>,
    pub(crate) cnr: Option<String>,
    pub(crate) registered: Option<Date>,
    /// Decision date as printed.
    pub(crate) decided: String,
    pub(crate) disposal: Option<String>,
    pub(crate) excerpt: String,
    pub(crate) path: Option<String>,
    pub(crate) pdf: Option<PathBuf>,
    /// The number that names the record it was read from.
    pub(crate) record: Option<u64>,
}

#[derive(Deserialize)]
struct Listing {
    data: Vec<Record>,
}

/// A line of `docket.jsonl`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HighCourtLine {
    bench: String,
    cnr: String,
    #[serde(rename = "case")]
    number: String,
    petitioner: String,
    respondent: String,
    decided: String,
    #[serde(default = "first_order")]
    order_no: u16,
    #[serde(default)]
    judges: Vec<String>,
    #[serde(default)]
    registered: Option<Date>,
    #[serde(default)]
    disposal: Option<String>,
    #[serde(default)]
    excerpt: String,
    #[serde(default)]
    listed_on: Option<Date>,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    pdf: Option<PathBuf>,
}

fn first_order() -> u16 {
    1
}

/// Rows while they are read.
#[derive(Default)]
struct Reader {
    rows: Vec<Row>,
    stored: Vec<Stored>,
    judges: Vec<String>,
    known: HashMap<String, u16>,
}

/// A docket read from a folder.
pub(crate) fn docket(dir: &Path, options: &DirOptions) -> Result<Docket, SimError> {
    read_with(dir, options, |records| records)
}

/// A docket read from a folder whose Supreme Court records are `told` first.
pub(crate) fn read_with(
    dir: &Path,
    options: &DirOptions,
    told: impl FnOnce(Vec<Record>) -> Vec<Record>,
) -> Result<Docket, SimError> {
    let mut reader = Reader::default();
    let mut records = Vec::new();
    let mut skipped = Vec::new();
    let pdf_dir = options.pdf_dir.clone().unwrap_or_else(|| dir.join("pdf"));
    for path in entries(dir)? {
        let name = path
            .file_name()
            .and_then(|n| n.to_str())
            .unwrap_or("")
            .to_owned();
        if name == "docket.jsonl" {
            reader.high_court_lines(&path, &pdf_dir)?;
        } else if path.extension().is_some_and(|e| e == "json") {
            let text = read(&path)?;
            let text = text.trim_start_matches('\u{feff}').trim_start();
            if !text.starts_with('{') {
                skipped.push(path);
                continue;
            }
            let listing: Listing = serde_json::from_str(text).map_err(|error| SimError::Form {
                path: path.clone(),
                line: None,
                why: error.to_string(),
            })?;
            records.extend(listing.data);
        }
    }
    reader.reports(told(records));
    if reader.rows.is_empty() {
        let why = "no docket.jsonl and no listing with rows".to_owned();
        return Err(SimError::Form {
            path: dir.to_owned(),
            line: None,
            why,
        });
    }
    let pdfs = if pdf_dir.is_dir() {
        pdf_files(&pdf_dir)?
    } else {
        Vec::new()
    };
    Ok(
        Docket::assemble(options.seed, reader.rows, reader.judges, Vec::new())
            .with_loaded(reader.stored, skipped)
            .with_pdfs(pdfs, !options.plain_copies),
    )
}

/// The text of a file.
pub(crate) fn read(path: &Path) -> Result<String, SimError> {
    std::fs::read_to_string(path).map_err(|source| SimError::Read {
        path: path.to_owned(),
        source,
    })
}

/// What lies in a folder, by name.
fn entries(dir: &Path) -> Result<Vec<PathBuf>, SimError> {
    let fail = |source| SimError::Read {
        path: dir.to_owned(),
        source,
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(fail)? {
        paths.push(entry.map_err(fail)?.path());
    }
    paths.sort();
    Ok(paths)
}

/// All PDF files below a folder, by path. Links to folders are not followed.
fn pdf_files(root: &Path) -> Result<Vec<PathBuf>, SimError> {
    let mut found = BTreeSet::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in entries(&folder)? {
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|e| e.eq_ignore_ascii_case("pdf"))
            {
                found.insert(path);
            }
        }
    }
    Ok(found.into_iter().collect())
}

impl Reader {
    fn judge_places(&mut self, names: &[String]) -> [u16; 3] {
        let mut places = [NONE16; 3];
        for (place, name) in places.iter_mut().zip(names) {
            if let Some(known) = self.known.get(name) {
                *place = *known;
            } else if self.judges.len() < usize::from(NONE16) {
                *place = self.judges.len() as u16;
                self.known.insert(name.clone(), *place);
                self.judges.push(name.clone());
            }
        }
        places
    }

    fn add(&mut self, row: Row, stored: Stored) {
        let judges = self.judge_places(&stored.judges);
        self.rows.push(Row {
            loaded: self.stored.len() as u32,
            judges,
            ..row
        });
        self.stored.push(stored);
    }

    fn high_court_lines(&mut self, path: &Path, pdf_dir: &Path) -> Result<(), SimError> {
        for (place, text) in read(path)?
            .lines()
            .enumerate()
            .filter(|(_, text)| !text.trim().is_empty())
        {
            let fail = |why: String| SimError::Form {
                path: path.to_owned(),
                line: Some(place + 1),
                why,
            };
            let line: HighCourtLine =
                serde_json::from_str(text).map_err(|error| fail(error.to_string()))?;
            let Some(bench) = bench::bench_named(&line.bench) else {
                return Err(fail(format!("no bench {:?} in the registry", line.bench)));
            };
            let digits = line
                .cnr
                .get(6..16)
                .filter(|d| line.cnr.len() == 16 && d.bytes().all(|b| b.is_ascii_digit()));
            let Some(digits) = digits else {
                return Err(fail(format!("{:?} is no CNR", line.cnr)));
            };
            let decided: Option<Date> = line.decided.parse().ok();
            let row = Row {
                day: decided.or(line.listed_on).map_or(UNDATED, day::number),
                serial: digits.get(..6).and_then(|d| d.parse().ok()).unwrap_or(0),
                loaded: 0,
                bench,
                year: digits.get(6..).and_then(|d| d.parse().ok()).unwrap_or(0),
                order: line.order_no,
                judges: [NONE16; 3],
                flaw: decided.is_none().then_some(Flaw::BrokenDate),
            };
            self.add(row, line.stored(pdf_dir, decided));
        }
        Ok(())
    }

    /// Numbers the records of the reports: a serial within the year from a hash of the record, the
    /// next free one where two records share it.
    fn reports(&mut self, records: Vec<Record>) {
        let mut keyed: Vec<(u64, Record)> = records
            .into_iter()
            .map(|record| (record.hash(), record))
            .collect();
        keyed.sort_by_key(|(hash, _)| *hash);
        let mut taken = HashSet::new();
        for (hash, record) in keyed {
            let printed = plain(record.judgment_dates.as_ref());
            let decided =
                day::read_dashed(&printed).filter(|date| (1800..2100).contains(&date.year()));
            let listed = decided.or_else(|| record.linked_date());
            let year = listed.map_or_else(|| record.diary_year(), |date| date.year() as u16);
            let mut serial = (hash % 999_999) as u32;
            while !taken.insert((year, serial)) {
                serial = (serial + 1) % 999_999;
            }
            let row = Row {
                day: listed.map_or(UNDATED, day::number),
                serial: serial + 1,
                loaded: 0,
                bench: SCR,
                year,
                order: 0,
                judges: [NONE16; 3],
                flaw: decided.is_none().then_some(Flaw::BrokenDate),
            };
            self.add(row, record.stored(printed));
        }
    }
}

impl HighCourtLine {
    fn stored(self, pdf_dir: &Path, decided: Option<Date>) -> Stored {
        Stored {
            number: self.number,
            petitioner: self.petitioner,
            respondent: self.respondent,
            judges: self.judges,
            author: None,
            cnr: Some(self.cnr),
            registered: self.registered,
            decided: decided.map_or(self.decided, day::dashed),
            disposal: self.disposal,
            excerpt: self.excerpt,
            path: self.path,
            pdf: self.pdf.map(|name| pdf_dir.join(name)),
            record: None,
        }
    }
}

/// Everything a loaded row prints.
pub(crate) fn case(docket: &Docket, row: &Row, stored: &Stored) -> Case {
    let cnr = docket.cnr(row);
    let listed = (row.day != UNDATED).then(|| day::from_number(row.day));
    let facts = bench::bench(row.bench);
    let synthesised = || match facts {
        Some(facts) => {
            let date = listed.map_or_else(|| "0000-00-00".to_owned(), |date| date.to_string());
            format!(
                "court/cnrorders/{}/orders/{cnr}_{}_{date}.pdf",
                facts.bench_code, row.order
            )
        }
        None => case::report_path(row, docket.seed(), &row.year.to_string()),
    };
    Case {
        number: stored.number.clone(),
        petitioner: stored.petitioner.clone(),
        respondent: stored.respondent.clone(),
        judges: stored.judges.clone(),
        author: stored.author,
        registered: stored.registered.map(day::dashed),
        decided: stored.decided.clone(),
        day: listed,
        disposal: stored.disposal.clone(),
        excerpt: stored.excerpt.clone(),
        court: facts.map_or_else(
            || "Supreme Court of India".to_owned(),
            |facts| facts.printed.clone(),
        ),
        path: stored.path.clone().unwrap_or_else(synthesised),
        report: row.is_scr().then(|| {
            let mut report =
                case::report_facts(row, docket.seed(), &row.year.to_string(), Vec::new());
            report.neutral.clear();
            report
        }),
        cnr,
    }
}

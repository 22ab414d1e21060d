//! Listings with a history: what was added, changed and removed, and when.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::docket::Docket;
use crate::error::SimError;
use crate::load::{self, DirOptions};
use crate::record::Record;
use crate::row::RowId;
use crate::schedule::{self, Change, ChangeKind, Edit, Schedule};

/// The time of day, in India, at which a day's changes happen.
const EVENING: SignedDuration = SignedDuration::from_hours(18);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Op {
    Add,
    Change,
    Remove,
}

/// A line of the history: an operation on a record, as it is afterwards (or was, if it is removed).
#[derive(Debug, Clone, Deserialize)]
struct Step {
    snapshot_date: Date,
    op: Op,
    row: Record,
    /// The values before a change.
    #[serde(default)]
    before: Map<String, Value>,
}

impl Step {
    fn at(&self) -> Timestamp {
        schedule::midnight(crate::day::number(self.snapshot_date))
            .saturating_add(EVENING)
            .unwrap_or(Timestamp::MAX)
    }

    /// The record before a change.
    fn undone(&self) -> Record {
        let mut row = self.row.clone();
        for (name, value) in &self.before {
            let value = value.as_str().map(str::to_owned);
            match name.as_str() {
                "diary_no" => row.diary_no = value,
                "case_no" => row.case_no = value,
                "pet" => row.pet = value,
                "res" => row.res = value,
                "pet_adv" => row.pet_adv = value,
                "res_adv" => row.res_adv = value,
                "bench" => row.bench = value,
                "judgement_by" => row.judgement_by = value,
                "judgment_dates" => row.judgment_dates = value,
                "temp_link" => row.temp_link = value,
                _ => {}
            }
        }
        row
    }
}

/// What names a record through its changes.
type Key = [Option<String>; 4];

fn key(record: &Record) -> Key {
    [
        record.diary_no.clone(),
        record.case_no.clone(),
        record.judgment_dates.clone(),
        record.temp_link.clone(),
    ]
}

/// The records as they first were, and what became of each.
#[derive(Debug, Default)]
struct Past {
    order: Vec<Key>,
    steps: HashMap<Key, Vec<Step>>,
}

impl Past {
    fn read(path: &Path) -> Result<Self, SimError> {
        let mut past = Self::default();
        let text = load::read(path)?;
        for (place, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let step: Step = serde_json::from_str(line).map_err(|error| SimError::Form {
                path: path.to_owned(),
                line: Some(place + 1),
                why: error.to_string(),
            })?;
            let key = key(&step.row);
            let steps = past.steps.entry(key.clone()).or_default();
            if steps.is_empty() {
                past.order.push(key);
            }
            steps.push(step);
        }
        for steps in past.steps.values_mut() {
            steps.sort_by_key(|step| step.snapshot_date);
        }
        Ok(past)
    }

    /// The records of the last listing as they first were, with those that are gone by then.
    fn firsts(&self, last: Vec<Record>) -> Vec<Record> {
        let mut known = HashSet::new();
        let mut records: Vec<Record> = last
            .into_iter()
            .map(|record| {
                let key = key(&record);
                let first = self.first(&key).unwrap_or(record);
                known.insert(key);
                first
            })
            .collect();
        let gone = self.order.iter().filter(|key| !known.contains(*key));
        records.extend(gone.filter_map(|key| self.first(key)));
        records
    }

    fn first(&self, key: &Key) -> Option<Record> {
        let step = self.steps.get(key)?.first()?;
        Some(match step.op {
            Op::Change => step.undone(),
            _ => step.row.clone(),
        })
    }

    /// What becomes of a record that has this number. One that is removed and is in the last listing
    /// all the same stays: it was taken out of one of two lists.
    fn changes(&self, key: &Key, row: RowId, stays: bool, out: &mut Vec<Change>) {
        let Some(mut now) = self.first(key) else {
            return;
        };
        let steps = self.steps.get(key).map_or(&[][..], Vec::as_slice);
        for (place, step) in steps.iter().enumerate() {
            let mut change = |what| {
                out.push(Change {
                    at: step.at(),
                    row,
                    what,
                });
            };
            match step.op {
                Op::Remove if stays && place + 1 == steps.len() => continue,
                Op::Remove => change(ChangeKind::Withdraw),
                Op::Add => change(ChangeKind::Publish),
                Op::Change => {}
            }
            difference(&now, &step.row).into_iter().for_each(change);
            now = step.row.clone();
        }
    }
}

/// The edits that make one record of another.
fn difference(old: &Record, new: &Record) -> Vec<ChangeKind> {
    let (was, is) = (old.stored(String::new()), new.stored(String::new()));
    let mut edits = Vec::new();
    if was.number != is.number {
        edits.push(Edit::Number(is.number));
    }
    if was.petitioner != is.petitioner {
        edits.push(Edit::Petitioner(is.petitioner));
    }
    if was.respondent != is.respondent {
        edits.push(Edit::Respondent(is.respondent));
    }
    if was.judges != is.judges {
        edits.push(Edit::Judges(is.judges));
    }
    if was.author != is.author {
        edits.push(Edit::Author(is.author));
    }
    if was.excerpt != is.excerpt {
        edits.push(Edit::Excerpt(is.excerpt));
    }
    edits.into_iter().map(ChangeKind::Edit).collect()
}

impl Docket {
    /// Reads a docket from a folder, as [`Docket::from_dir`] does, that is the last of a series of
    /// listings, with the series' history: a file of JSON lines `{"snapshot_date": "YYYY-MM-DD", "op":
    /// "add" | "change" | "remove", "row": {…}, "before": {…}}`, `before` holding the old values of the
    /// fields that a change changed. The docket holds every record that ever was, as it first was; the
    /// schedule brings it, day by day at 18:00 in India, to the last listing.
    pub fn with_history(
        dir: &Path,
        history: &Path,
        options: &DirOptions,
    ) -> Result<(Self, Schedule), SimError> {
        let past = Past::read(history)?;
        let mut last: HashSet<Key> = HashSet::new();
        let mut named: HashMap<u64, Key> = HashMap::new();
        let docket = load::read_with(dir, options, |records| {
            last.extend(records.iter().map(key));
            let firsts = past.firsts(records);
            named.extend(past.steps.keys().filter_map(|key| {
                let first = past.first(key)?;
                Some((first.hash(), key.clone()))
            }));
            firsts
        })?;
        let mut changes = Vec::new();
        for (place, row) in docket.all_rows().iter().enumerate() {
            let key = docket
                .stored(row)
                .and_then(|stored| stored.record)
                .and_then(|hash| named.get(&hash));
            if let Some(key) = key {
                let id = RowId(place as u32);
                past.changes(key, id, last.contains(key), &mut changes);
            }
        }
        Ok((docket, Schedule::of(changes)))
    }
}

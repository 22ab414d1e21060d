//! Which judgment of the lake a citation's key leads to.

use std::collections::HashMap;

use nirnay_citation::{Kind, find, parse_key};
use nirnay_model::{Cnr, CourtCode, DocumentState, Judgment, PublishedJudgment, RowKey, Sha256};
use nirnay_store::{JudgmentFilter, Lake, Resolution, StructureValue, Target};

use crate::elements::OWN_CITATION;
use crate::error::PipelineError;

/// A judgment that keys lead to.
#[derive(Debug)]
struct Row {
    key: RowKey,
    cnr: Option<Cnr>,
    document: Option<Sha256>,
}

/// How sure it is that a key is a judgment's: the portal says so, or its own text does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    Portal,
    Text,
}

/// The judgments that answer to a key, the surest alone.
#[derive(Debug)]
struct Answers {
    source: Source,
    rows: Vec<u32>,
}

/// The judgments of a lake by their canonical keys.
///
/// It holds every row that is shown in memory, and of their keys the hashes.
#[derive(Debug, Default)]
pub(crate) struct KeyIndex {
    rows: Vec<Row>,
    by_row_key: HashMap<[u8; 16], u32>,
    answers: HashMap<[u8; 16], Answers>,
}

/// Keys are long and many: their hashes stand for them.
fn short(parts: &[&str]) -> [u8; 16] {
    let hash = Sha256::of_parts(parts.iter().map(|part| part.as_bytes()));
    let mut short = [0; 16];
    for (to, from) in short.iter_mut().zip(hash.as_bytes()) {
        *to = *from;
    }
    short
}

/// Case numbers are told apart by court; everything else says whose it is.
fn slot(kind: Kind, key: &str, court: &CourtCode) -> [u8; 16] {
    match kind {
        Kind::CaseNumber => short(&[key, court.as_str()]),
        _ => short(&[key]),
    }
}

/// Whether a kind of citation names a judgment that the lake could hold.
pub(crate) fn names_a_judgment(kind: Kind) -> bool {
    match kind {
        Kind::Neutral | Kind::Reporter | Kind::Cnr | Kind::CaseNumber | Kind::Diary => true,
        Kind::Foreign | Kind::Statute | Kind::Provision => false,
    }
}

/// The key that a text is, or those of the range that it is: "Civil Appeal Nos. 12-14 of 2004".
fn keys_in(text: &str) -> Vec<(Kind, String)> {
    if let Some(key) = parse_key(text) {
        return vec![(key.kind, key.text)];
    }
    let cases = find(text);
    let span = cases.first().map(|case| (case.start, case.end));
    let one_range = cases
        .iter()
        .all(|case| case.kind == Kind::CaseNumber && span == Some((case.start, case.end)));
    if !one_range {
        return Vec::new();
    }
    cases
        .into_iter()
        .map(|case| (case.kind, case.key))
        .collect()
}

/// The canonical keys in what the portal prints of a judgment.
fn keys_of(judgment: &Judgment) -> Vec<(Kind, String)> {
    let printed = [
        judgment.neutral_citation.as_ref().map(ToString::to_string),
        judgment.reporter_citation.clone(),
        judgment.cnr.as_ref().map(ToString::to_string),
        judgment.case_number_raw.clone(),
        judgment
            .diary_number
            .as_ref()
            .map(|number| format!("Diary No. {number}")),
    ];
    let found = printed
        .into_iter()
        .flatten()
        .flat_map(|text| keys_in(&text));
    let mut keys: Vec<(Kind, String)> = found.filter(|(kind, _)| names_a_judgment(*kind)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

impl KeyIndex {
    /// The index of all judgments that the lake shows, with the citations they print of themselves.
    pub(crate) fn of(lake: &Lake) -> Result<Self, PipelineError> {
        let mut index = Self::default();
        for row in lake.published_judgments(JudgmentFilter::default())? {
            index.add(&row?);
        }
        for shard in lake.shards()? {
            for row in lake.read_part::<StructureValue>(&shard)? {
                let row = row?;
                if row.field == OWN_CITATION {
                    index.add_own(&row);
                }
            }
        }
        Ok(index)
    }

    fn add(&mut self, row: &PublishedJudgment) {
        let number = self.rows.len() as u32;
        let key = row.judgment.key();
        self.by_row_key.insert(short(&[key.as_str()]), number);
        self.rows.push(Row {
            key,
            cnr: row.judgment.cnr.clone(),
            document: match &row.document {
                DocumentState::Stored(facts) => Some(facts.sha256),
                DocumentState::Pending | DocumentState::Missing { .. } => None,
            },
        });
        for (kind, key) in keys_of(&row.judgment) {
            let slot = slot(kind, &key, &row.judgment.court_code);
            self.answer(slot, number, Source::Portal);
        }
    }

    /// A citation that a judgment prints of itself.
    fn add_own(&mut self, row: &StructureValue) {
        let Some(number) = self.by_row_key.get(&short(&[row.row_key.as_str()])) else {
            return;
        };
        let number = *number;
        if let Some(key) = parse_key(&row.value).filter(|key| key.kind == Kind::Neutral) {
            self.answer(short(&[&key.text]), number, Source::Text);
        }
    }

    fn answer(&mut self, slot: [u8; 16], number: u32, source: Source) {
        let answers = self.answers.entry(slot).or_insert(Answers {
            source,
            rows: Vec::new(),
        });
        if source < answers.source {
            answers.source = source;
            answers.rows.clear();
        }
        // Rows come in the order of their numbers: one that is there already is the last.
        if source == answers.source && answers.rows.last() != Some(&number) {
            answers.rows.push(number);
        }
    }

    /// Where a key in the text of `citing`, a judgment of `court`, leads.
    pub(crate) fn target(
        &self,
        (kind, key): (Kind, &str),
        citing: &RowKey,
        court: &CourtCode,
    ) -> Target {
        if !names_a_judgment(kind) {
            return nowhere(Resolution::None);
        }
        let answers = self.answers.get(&slot(kind, key, court));
        let rows: Vec<&Row> = answers
            .iter()
            .flat_map(|answers| &answers.rows)
            .filter_map(|number| self.rows.get(*number as usize))
            .collect();
        let Some(first) = rows.iter().min_by(|a, b| a.key.cmp(&b.key)) else {
            return nowhere(Resolution::Unknown);
        };
        if rows.iter().any(|row| row.key == *citing) {
            return nowhere(Resolution::Own);
        }
        let one_document =
            first.document.is_some() && rows.iter().all(|row| row.document == first.document);
        if rows.len() == 1 || one_document {
            return Target {
                resolution: Resolution::Resolved,
                row_key: Some(first.key.clone()),
                cnr: first.cnr.clone(),
            };
        }
        Target {
            resolution: Resolution::Ambiguous,
            row_key: None,
            cnr: first
                .cnr
                .clone()
                .filter(|cnr| rows.iter().all(|row| row.cnr.as_ref() == Some(cnr))),
        }
    }
}

fn nowhere(resolution: Resolution) -> Target {
    Target {
        resolution,
        row_key: None,
        cnr: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_case_numbers_is_the_name_of_each() {
        let keys =
            |text: &str| -> Vec<String> { keys_in(text).into_iter().map(|(_, key)| key).collect() };
        assert_eq!(keys("Civil Appeal No. 4 of 2020"), ["CA 4/2020"]);
        assert_eq!(
            keys("C.A. Nos. 8132-33/1991"),
            ["CA 8132/1991", "CA 8133/1991"]
        );
        // Two cases of their own, and none.
        assert!(keys("C.A. No. 4 of 2020 with C.A. No. 9 of 2021").is_empty());
        assert!(keys("A against B").is_empty());
    }
}

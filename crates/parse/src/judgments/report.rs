//! What a page looked like as a whole, for those who watch a portal for changes.

use std::collections::BTreeMap;

use nirnay_model::{QuarantineReason, QuarantinedRow};
use serde::{Deserialize, Serialize};

use super::envelope;
use super::layout::{self, Skeleton};
use super::row::ListedRow;
use super::search::SearchPage;

/// What has less than this share of a page's rows (one in twenty) is damage, not a layout.
const LEAST_SHARE: u32 = 20;
/// New layouts told apart.
const MOST_LAYOUTS: usize = 16;
/// New labels told apart.
const MOST_LABELS: usize = 64;
/// What all further ones are counted under.
const OTHERS: &str = "others";

/// How many rows print each field. Divide by [`PageReport::rows`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldFill {
    /// A well-formed CNR, printed (not taken from the file name).
    pub cnr: u32,
    /// A decision date that can be true.
    pub decision_date: u32,
    /// A document path of a known form.
    pub document_path: u32,
    /// Both parties.
    pub parties: u32,
    /// A case number that could be read.
    pub case_number: u32,
    /// At least one judge.
    pub judges: u32,
    /// A date of registration.
    pub registration_date: u32,
    /// Words on the disposal.
    pub disposal: u32,
    /// An excerpt.
    pub description: u32,
    /// A court's name that the registry knows.
    pub court_name: u32,
    /// A neutral citation.
    pub neutral_citation: u32,
}

/// A layout of rows that is not listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLayout {
    /// The rows that have it.
    pub rows: u32,
    /// Its tags in order.
    pub skeleton: String,
}

/// What a page looked like: what is known about it, what is not, and how much of it could be read.
/// Reports of several pages can be added up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageReport {
    /// All rows of the page, those set aside included.
    pub rows: u32,
    /// What is new or missing among the keys of the reply: `+key`, `-key`.
    pub keys: Vec<String>,
    /// Rows in each known layout, by name.
    pub known_layouts: BTreeMap<String, u32>,
    /// Rows in layouts that are not listed, by fingerprint.
    pub new_layouts: BTreeMap<String, NewLayout>,
    /// Rows with a label that no known row has, by label (lower case).
    pub unknown_labels: BTreeMap<String, u32>,
    /// Rows that print each field.
    pub filled: FieldFill,
    /// Rows set aside, by reason.
    pub quarantined: BTreeMap<QuarantineReason, u32>,
    /// Rows taken that contradict themselves, by flag (`path_date_differs`, `cnr_court_mismatch`, …).
    pub flagged: BTreeMap<String, u32>,
    /// Characters that stand for bytes somebody could not decode (U+FFFD).
    pub replacement_chars: u64,
    /// All characters of the rows' HTML.
    pub characters: u64,
}

/// Looks at a page and at what was made of its rows (one result a row, in the page's order).
pub fn report(page: &SearchPage, read: &[Result<ListedRow, QuarantinedRow>]) -> PageReport {
    let mut report = PageReport {
        keys: envelope::differences(&page.keys),
        ..PageReport::default()
    };
    let mut seen: Seen = Seen::new();
    let mut results = read.iter();
    let mut plain = 0;
    for row in &page.rows {
        report.rows += 1;
        report.count_characters(&row.html);
        match results.next() {
            Some(Ok(listed)) => {
                report.take(listed);
                // Their layout is known, and so are their labels, but for those in the flags.
                if listed.is_plain && !listed.has_unknown_label() {
                    plain += 1;
                    continue;
                }
            }
            Some(Err(row)) => *report.quarantined.entry(row.reason).or_default() += 1,
            None => {}
        }
        report.look(&row.html, &mut seen);
    }
    if plain > 0 {
        let usual = report.known_layouts.entry(layout::USUAL.to_owned());
        *usual.or_default() += plain;
    }
    report
}

/// Layouts already named, by skeleton: most rows of a page share one.
type Seen = std::collections::HashMap<String, Result<&'static str, String>>;

impl PageReport {
    /// Whether everything about the page is known: its keys, and the layout and labels of all but
    /// single rows (fewer than one in twenty).
    pub fn is_known(&self) -> bool {
        self.news().is_empty()
    }

    /// What is new about the page, in words; empty where everything is known.
    pub fn news(&self) -> Vec<String> {
        let mut news: Vec<String> = self.keys.iter().map(|key| format!("key {key}")).collect();
        for (fingerprint, new) in &self.new_layouts {
            if self.is_common(new.rows) {
                news.push(format!("layout {fingerprint}: {}", new.skeleton));
            }
        }
        for (label, rows) in &self.unknown_labels {
            if self.is_common(*rows) {
                news.push(format!("label {label}"));
            }
        }
        news
    }

    /// Names the layout of the page: 16 hex digits, the same for all pages about which everything is
    /// known, whatever their data.
    pub fn fingerprint(&self) -> String {
        layout::fingerprint(&self.news().join("\n"))
    }

    /// Rows set aside, for whatever reason.
    pub fn set_aside(&self) -> u32 {
        self.quarantined.values().sum()
    }

    /// Rows in layouts that are not listed.
    pub fn rows_in_new_layouts(&self) -> u32 {
        self.new_layouts.values().map(|new| new.rows).sum()
    }

    /// Adds the counts of another page.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        for key in &other.keys {
            if !self.keys.contains(key) {
                self.keys.push(key.clone());
            }
        }
        self.keys.sort();
        for (name, rows) in &other.known_layouts {
            *self.known_layouts.entry(name.clone()).or_default() += rows;
        }
        for (fingerprint, new) in &other.new_layouts {
            self.new_layout(fingerprint, &new.skeleton, new.rows);
        }
        for (label, rows) in &other.unknown_labels {
            self.unknown_label(label, *rows);
        }
        for (reason, rows) in &other.quarantined {
            *self.quarantined.entry(*reason).or_default() += rows;
        }
        for (flag, rows) in &other.flagged {
            *self.flagged.entry(flag.clone()).or_default() += rows;
        }
        self.filled.add(&other.filled);
        self.replacement_chars += other.replacement_chars;
        self.characters += other.characters;
    }

    fn is_common(&self, rows: u32) -> bool {
        u64::from(rows) * u64::from(LEAST_SHARE) >= u64::from(self.rows)
    }

    fn count_characters(&mut self, html: &str) {
        if html.is_ascii() {
            self.characters += html.len() as u64;
            return;
        }
        self.characters += html.chars().count() as u64;
        self.replacement_chars += html.matches('\u{fffd}').count() as u64;
    }

    fn look(&mut self, html: &str, seen: &mut Seen) {
        let Skeleton {
            tags,
            mut unknown_labels,
        } = layout::skeleton(html);
        let known = seen.entry(tags).or_insert_with_key(|tags| {
            layout::name_of(tags).ok_or_else(|| layout::fingerprint(tags))
        });
        match known {
            Ok(name) => match self.known_layouts.get_mut(*name) {
                Some(rows) => *rows += 1,
                None => drop(self.known_layouts.insert((*name).to_owned(), 1)),
            },
            Err(fingerprint) => {
                let fingerprint = fingerprint.clone();
                let tags = layout::skeleton(html).tags;
                self.new_layout(&fingerprint, &tags, 1);
            }
        }
        unknown_labels.sort();
        unknown_labels.dedup();
        for label in unknown_labels {
            self.unknown_label(&label, 1);
        }
    }

    fn new_layout(&mut self, fingerprint: &str, skeleton: &str, rows: u32) {
        let room = self.new_layouts.len() < MOST_LAYOUTS;
        let name = if room || self.new_layouts.contains_key(fingerprint) {
            fingerprint
        } else {
            OTHERS
        };
        let entry = self.new_layouts.entry(name.to_owned()).or_default();
        if entry.rows == 0 && name != OTHERS {
            skeleton.clone_into(&mut entry.skeleton);
        }
        entry.rows += rows;
    }

    fn unknown_label(&mut self, label: &str, rows: u32) {
        let room = self.unknown_labels.len() < MOST_LABELS;
        let name = if room || self.unknown_labels.contains_key(label) {
            label
        } else {
            OTHERS
        };
        *self.unknown_labels.entry(name.to_owned()).or_default() += rows;
    }

    fn take(&mut self, row: &ListedRow) {
        let judgment = &row.judgment;
        let flagged = |flag: &str| judgment.flags.iter().any(|known| known == flag);
        let fill = &mut self.filled;
        let add = |count: &mut u32, filled: bool| *count += u32::from(filled);
        add(
            &mut fill.cnr,
            judgment.cnr.is_some() && !flagged("cnr_from_path"),
        );
        add(&mut fill.decision_date, judgment.decision_date.is_some());
        add(&mut fill.document_path, judgment.document_path.is_some());
        let parties = judgment.petitioner.is_some() && judgment.respondent.is_some();
        add(&mut fill.parties, parties);
        add(&mut fill.case_number, judgment.case_number.is_some());
        add(&mut fill.judges, !judgment.judges.is_empty());
        add(
            &mut fill.registration_date,
            judgment.registration_date.is_some(),
        );
        add(&mut fill.disposal, judgment.disposal_raw.is_some());
        add(&mut fill.description, judgment.description.is_some());
        add(&mut fill.court_name, !flagged("unknown_court_name"));
        add(
            &mut fill.neutral_citation,
            judgment.neutral_citation.is_some(),
        );
        for flag in &judgment.flags {
            let name = flag.split(':').next().unwrap_or(flag);
            *self.flagged.entry(name.to_owned()).or_default() += 1;
        }
    }
}

impl FieldFill {
    /// The fields by name, with their counts.
    pub fn by_name(&self) -> [(&'static str, u32); 11] {
        [
            ("cnr", self.cnr),
            ("decision_date", self.decision_date),
            ("document_path", self.document_path),
            ("parties", self.parties),
            ("case_number", self.case_number),
            ("judges", self.judges),
            ("registration_date", self.registration_date),
            ("disposal", self.disposal),
            ("description", self.description),
            ("court_name", self.court_name),
            ("neutral_citation", self.neutral_citation),
        ]
    }

    fn add(&mut self, other: &Self) {
        self.cnr += other.cnr;
        self.decision_date += other.decision_date;
        self.document_path += other.document_path;
        self.parties += other.parties;
        self.case_number += other.case_number;
        self.judges += other.judges;
        self.registration_date += other.registration_date;
        self.disposal += other.disposal;
        self.description += other.description;
        self.court_name += other.court_name;
        self.neutral_citation += other.neutral_citation;
    }
}

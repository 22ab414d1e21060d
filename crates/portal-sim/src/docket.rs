//! The rows the portals serve, in compact form and in stable order.

use std::path::PathBuf;

use bytes::Bytes;
use nirnay_model::{Sha256, SourceId};

use crate::authority;
use crate::bench::{self, SCR};
use crate::case::{self, Case};
use crate::day;
use crate::error::SimError;
use crate::load::{self, DirOptions, Stored};
use crate::row::{NONE16, Row, RowId};
use crate::spec::{DocketSpec, Quirks};
use crate::truth::TruthRow;
use crate::{feed, generate, paper};

/// What the portals hold: rows in the order decision date, CNR, and a document for each.
///
/// A docket never changes; what faults add or take away while a simulator runs is kept by the
/// simulator. Texts and documents are computed when they are asked for, so a million rows take
/// about 50 MB.
#[derive(Debug)]
pub struct Docket {
    seed: u64,
    rows: Vec<Row>,
    /// Number of High Court rows, which come first.
    split: u32,
    by_court: Vec<Vec<u32>>,
    by_bench: Vec<Vec<u32>>,
    judges: Vec<String>,
    loaded: Vec<Stored>,
    feed: Vec<FeedItem>,
    quirks: Quirks,
    pdfs: Vec<PathBuf>,
    stamp: bool,
    skipped: Vec<PathBuf>,
}

/// A row of the Supreme Court's feed, compact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FeedItem {
    pub(crate) diary: u32,
    pub(crate) diary_year: u16,
    pub(crate) judgment: bool,
    pub(crate) day: i32,
    /// Second of the day at which it was uploaded.
    pub(crate) second: u32,
    pub(crate) seed: u64,
}

impl Docket {
    /// Invents a docket. The same specification gives the same docket everywhere.
    pub fn generate(spec: &DocketSpec) -> Result<Self, SimError> {
        generate::docket(spec)
    }

    /// Reads a docket from a folder; see [`DirOptions`] for the shapes of its files.
    pub fn from_dir(dir: &std::path::Path, options: &DirOptions) -> Result<Self, SimError> {
        load::docket(dir, options)
    }

    pub(crate) fn assemble(
        seed: u64,
        mut rows: Vec<Row>,
        judges: Vec<String>,
        feed: Vec<FeedItem>,
    ) -> Self {
        rows.sort_unstable_by_key(Row::key);
        let benches = bench::benches();
        let courts = benches.last().map_or(0, |b| usize::from(b.court) + 1);
        let mut by_court = vec![Vec::new(); courts];
        let mut by_bench = vec![Vec::new(); benches.len()];
        let split = rows.partition_point(|row| !row.is_scr()) as u32;
        for (place, row) in rows.iter().take(split as usize).enumerate() {
            if let Some(facts) = bench::bench(row.bench) {
                by_court[usize::from(facts.court)].push(place as u32);
                by_bench[usize::from(row.bench)].push(place as u32);
            }
        }
        Self {
            seed,
            rows,
            split,
            by_court,
            by_bench,
            judges,
            loaded: Vec::new(),
            feed,
            quirks: Quirks::none(),
            pdfs: Vec::new(),
            stamp: true,
            skipped: Vec::new(),
        }
    }

    pub(crate) fn with_quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = quirks;
        self
    }

    pub(crate) fn with_loaded(mut self, loaded: Vec<Stored>, skipped: Vec<PathBuf>) -> Self {
        self.loaded = loaded;
        self.skipped = skipped;
        self
    }

    pub(crate) fn with_pdfs(mut self, pdfs: Vec<PathBuf>, stamp: bool) -> Self {
        self.pdfs = pdfs;
        self.stamp = stamp;
        self
    }

    /// The seed it was made from.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Files of the folder it was read from that are no listings.
    pub fn skipped_files(&self) -> &[PathBuf] {
        &self.skipped
    }

    /// The number of rows a source lists. Both sources of the Supreme Court Reports list the same.
    pub fn len(&self, source: SourceId) -> usize {
        match source {
            SourceId::EcourtsHc => self.split as usize,
            SourceId::EcourtsScr | SourceId::Scr => self.rows.len() - self.split as usize,
            SourceId::SciFeed => self.feed.len(),
        }
    }

    /// Whether a source lists nothing.
    pub fn is_empty(&self, source: SourceId) -> bool {
        self.len(source) == 0
    }

    /// The rows a source lists, in the order in which it lists them.
    pub fn rows(&self, source: SourceId) -> impl Iterator<Item = TruthRow> + '_ {
        self.ids(source)
            .filter_map(move |id| self.truth(source, id))
    }

    /// The numbers of the rows a source lists.
    pub fn ids(&self, source: SourceId) -> impl Iterator<Item = RowId> + use<> {
        let all = self.rows.len() as u32;
        let range = match source {
            SourceId::EcourtsHc => 0..self.split,
            SourceId::EcourtsScr | SourceId::Scr => self.split..all,
            SourceId::SciFeed => all..all + self.feed.len() as u32,
        };
        range.map(RowId)
    }

    /// What is true of a row; `None` if there is none with this number.
    pub fn truth(&self, source: SourceId, id: RowId) -> Option<TruthRow> {
        if let Some(row) = self.row(id) {
            return Some(TruthRow::of_row(self, source, (id, row), None));
        }
        self.feed_item(id)
            .map(|item| TruthRow::of_feed(id, item, None))
    }

    /// The document of a row, always the same bytes; `None` if there is no such row or its file
    /// cannot be read any more.
    pub fn document(&self, id: RowId) -> Option<Bytes> {
        self.edition(id, 0)
    }

    /// The document of a row after it was replaced so many times.
    pub(crate) fn edition(&self, id: RowId, version: u32) -> Option<Bytes> {
        if let Some(row) = self.row(id) {
            return paper::of_row(self, row, version);
        }
        self.feed_item(id).map(|item| paper::of_feed(item, version))
    }

    /// The hash of a row's document.
    pub fn document_sha256(&self, id: RowId) -> Option<Sha256> {
        self.document(id).map(|bytes| Sha256::of(&bytes))
    }

    /// The citations by which a row's judgment is known, as its document prints them.
    pub fn own_citations(&self, id: RowId) -> Vec<String> {
        self.row(id)
            .map_or_else(Vec::new, |row| authority::all_of(self, row))
    }

    /// The citations in a row's document, in order, its own in the masthead apart. Documents of the feed and
    /// those that were not invented here have none that are known.
    pub fn cited(&self, id: RowId) -> Vec<String> {
        self.row(id)
            .map_or_else(Vec::new, |row| paper::cited(self, row))
    }

    /// Whether a row's document is a scan without a text layer.
    pub fn is_scan(&self, id: RowId) -> bool {
        self.row(id).is_some_and(|row| paper::is_scan(self, row))
    }

    pub(crate) fn row(&self, id: RowId) -> Option<&Row> {
        self.rows.get(id.0 as usize)
    }

    pub(crate) fn feed_item(&self, id: RowId) -> Option<&FeedItem> {
        self.feed.get((id.0 as usize).checked_sub(self.rows.len())?)
    }

    pub(crate) fn feed_items(&self) -> impl Iterator<Item = (RowId, &FeedItem)> {
        let first = self.rows.len() as u32;
        self.feed
            .iter()
            .enumerate()
            .map(move |(place, item)| (RowId(first + place as u32), item))
    }

    pub(crate) fn all_rows(&self) -> &[Row] {
        &self.rows
    }

    pub(crate) fn split(&self) -> u32 {
        self.split
    }

    pub(crate) fn of_court(&self, court: u16) -> &[u32] {
        self.by_court
            .get(usize::from(court))
            .map_or(&[], Vec::as_slice)
    }

    pub(crate) fn of_bench(&self, bench: u16) -> &[u32] {
        self.by_bench
            .get(usize::from(bench))
            .map_or(&[], Vec::as_slice)
    }

    pub(crate) fn quirks(&self) -> &Quirks {
        &self.quirks
    }

    pub(crate) fn pdfs(&self) -> (&[PathBuf], bool) {
        (&self.pdfs, self.stamp)
    }

    pub(crate) fn judge(&self, place: u16) -> Option<&str> {
        self.judges.get(usize::from(place)).map(String::as_str)
    }

    pub(crate) fn judge_names(&self, row: &Row) -> Vec<String> {
        row.judges
            .iter()
            .filter(|place| **place != NONE16)
            .filter_map(|place| self.judge(*place).map(str::to_owned))
            .collect()
    }

    /// The 16 characters of a row's CNR.
    pub(crate) fn cnr(&self, row: &Row) -> String {
        if row.bench == SCR {
            return format!("ESCR01{:06}{:04}", row.serial, row.year);
        }
        if let Some(cnr) = self.stored(row).and_then(|stored| stored.cnr.clone()) {
            return cnr;
        }
        let head = bench::bench(row.bench).map_or("XXHC01", |b| b.cnr_head.as_str());
        format!("{head}{:06}{:04}", row.serial, row.year)
    }

    pub(crate) fn stored(&self, row: &Row) -> Option<&Stored> {
        self.loaded.get(row.loaded as usize)
    }

    /// Everything a row prints.
    pub(crate) fn case(&self, row: &Row) -> Case {
        match self.stored(row) {
            Some(stored) => load::case(self, row, stored),
            None => case::invent(self, row),
        }
    }

    /// The number of a High Court row, without anything else of it.
    pub(crate) fn case_number(&self, row: &Row) -> String {
        match self.stored(row) {
            Some(stored) => stored.number.clone(),
            None => case::number_and_registration(self.seed, row).0,
        }
    }

    /// The day number on which a High Court row's case was registered; that of its decision where the
    /// row was read from a file without it.
    pub(crate) fn registered(&self, row: &Row) -> i32 {
        match self.stored(row) {
            Some(_) => {
                let printed = self.case(row).registered;
                let read = printed.as_deref().and_then(day::read_dashed);
                read.map_or(row.day, day::number)
            }
            None => day::number(case::number_and_registration(self.seed, row).1),
        }
    }

    /// The parties alone: what a search text is compared with.
    pub(crate) fn parties(&self, row: &Row) -> (String, String) {
        if let Some(stored) = self.stored(row) {
            return (stored.petitioner.clone(), stored.respondent.clone());
        }
        let slug = bench::bench(row.bench).map_or("sci", |b| b.slug);
        case::parties(row.case_seed(self.seed), slug)
    }

    /// The feed row with this query.
    pub(crate) fn feed_row(
        &self,
        diary: &str,
        judgment: bool,
        date: &str,
    ) -> Option<(RowId, &FeedItem)> {
        let day = day::number(date.parse().ok()?);
        self.feed_items().find(|(_, item)| {
            item.judgment == judgment && item.day == day && feed::diary_of(item) == diary
        })
    }
}

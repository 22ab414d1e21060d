//! Collecting matches under filters, counting the facets on the way.
//!
//! One pass does all: a match that passes every filter is collected and counted everywhere; one that fails the filter
//! of a single facet is counted in that facet alone, so that the other values of a filtered facet keep their counts.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, ColumnIndex};
use tantivy::query::Weight;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

use crate::FacetName;
use crate::ordinals::Values;

/// Matches between two looks at the clock.
const TICK: usize = 1_024;
/// Matches that are counted together.
const BATCH: usize = 512;
/// Decisions are not older.
const FIRST_YEAR: i64 = 1_800;
/// Years from the first.
const YEARS: usize = 400;

/// A time at which a search is given up. Clones share whether it has passed.
#[derive(Debug, Clone)]
pub(crate) struct Deadline {
    at: Option<Instant>,
    passed: Arc<AtomicBool>,
}

impl Deadline {
    pub(crate) fn new(at: Option<Instant>) -> Self {
        Self {
            at,
            passed: Arc::default(),
        }
    }

    /// Looks at the clock.
    pub(crate) fn is_over(&self) -> bool {
        let over = self.has_passed() || self.at.is_some_and(|at| Instant::now() >= at);
        if over {
            self.passed.store(true, Ordering::Relaxed);
        }
        over
    }

    /// Whether a look at the clock has found it over.
    pub(crate) fn has_passed(&self) -> bool {
        self.passed.load(Ordering::Relaxed)
    }
}

/// A facet of a search: what it is narrowed to, and whether it is counted.
#[derive(Debug, Clone)]
pub(crate) struct Watched {
    pub(crate) facet: FacetName,
    pub(crate) values: Arc<Values>,
    /// Numbers of the chosen values (years: the years); `None`: all pass.
    pub(crate) chosen: Option<Vec<u32>>,
    pub(crate) counted: bool,
}

impl Watched {
    /// The number of different values.
    fn size(&self) -> usize {
        match self.facet {
            FacetName::Year => YEARS,
            _ => self.values.names.len(),
        }
    }

    /// The value of a number.
    pub(crate) fn name(&self, number: usize) -> String {
        match self.facet {
            FacetName::Year => (FIRST_YEAR + number as i64).to_string(),
            _ => self.values.names.get(number).cloned().unwrap_or_default(),
        }
    }

    /// The number of a value, if it can have one.
    pub(crate) fn number(&self, value: &str) -> Option<u32> {
        match self.facet {
            FacetName::Year => {
                let year = value.trim().parse::<i64>().ok()?;
                u32::try_from(year - FIRST_YEAR)
                    .ok()
                    .filter(|year| (*year as usize) < YEARS)
            }
            _ => self.values.number(value),
        }
    }
}

/// Hands the matches that pass to `inner`.
pub(crate) struct Gated<C> {
    pub(crate) inner: C,
    pub(crate) watched: Arc<Vec<Watched>>,
    pub(crate) deadline: Deadline,
}

/// What was counted.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Matches that pass.
    pub(crate) total: usize,
    /// For each watched facet, the matches by number of value.
    pub(crate) facets: Vec<Vec<u32>>,
}

impl<C: Collector> Collector for Gated<C> {
    type Fruit = (C::Fruit, Counts);
    type Child = GatedSegment<C::Child>;

    fn for_segment(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<Self::Child> {
        let tallies: Result<Vec<Tally>, TantivyError> = self
            .watched
            .iter()
            .map(|watched| Tally::new(watched, segment, reader))
            .collect();
        let tallies = tallies?;
        Ok(GatedSegment {
            inner: self.inner.for_segment(segment, reader)?,
            is_filtered: tallies.iter().any(|tally| tally.chosen.is_some()),
            tallies,
            waiting: Vec::with_capacity(BATCH),
            total: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.inner.requires_scoring()
    }

    fn merge_fruits(
        &self,
        fruits: Vec<(<C::Child as SegmentCollector>::Fruit, usize, Vec<Tally>)>,
    ) -> tantivy::Result<Self::Fruit> {
        let mut counts = Counts {
            total: 0,
            facets: self
                .watched
                .iter()
                .map(|watched| vec![0; if watched.counted { watched.size() } else { 0 }])
                .collect(),
        };
        let mut inner = Vec::with_capacity(fruits.len());
        for (fruit, total, tallies) in fruits {
            inner.push(fruit);
            counts.total += total;
            for (sums, tally) in counts.facets.iter_mut().zip(tallies) {
                tally.add_to(sums);
            }
        }
        Ok((self.inner.merge_fruits(inner)?, counts))
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: u32,
        reader: &SegmentReader,
    ) -> tantivy::Result<(<C::Child as SegmentCollector>::Fruit, usize, Vec<Tally>)> {
        let mut child = self.for_segment(segment, reader)?;
        if self.deadline.has_passed() {
            return Ok(child.harvest());
        }
        let with_scores = self.requires_scoring();
        let alive = reader.alive_bitset();
        let mut scorer = weight.scorer(reader, 1.0)?;
        let (mut doc, mut seen) = (scorer.doc(), 0_usize);
        while doc != TERMINATED {
            if alive.is_none_or(|alive| alive.is_alive(doc)) {
                let score = if with_scores { scorer.score() } else { 0.0 };
                child.collect(doc, score);
            }
            doc = scorer.advance();
            seen += 1;
            if seen.is_multiple_of(TICK) && self.deadline.is_over() {
                break;
            }
        }
        Ok(child.harvest())
    }
}

/// [`Gated`] within a segment.
pub(crate) struct GatedSegment<S> {
    inner: S,
    tallies: Vec<Tally>,
    /// Whether a match may fail a filter.
    is_filtered: bool,
    /// Matches that pass and are not counted yet: a column is asked for many values at once.
    waiting: Vec<DocId>,
    total: usize,
}

impl<S> GatedSegment<S> {
    fn count_waiting(&mut self) {
        for tally in &mut self.tallies {
            tally.count(&self.waiting);
        }
        self.waiting.clear();
    }
}

impl<S: SegmentCollector> SegmentCollector for GatedSegment<S> {
    type Fruit = (S::Fruit, usize, Vec<Tally>);

    fn collect(&mut self, doc: DocId, score: Score) {
        if self.is_filtered {
            let mut failing = self.tallies.iter_mut().filter(|tally| !tally.passes(doc));
            if let Some(tally) = failing.next() {
                if failing.next().is_none() {
                    tally.count(&[doc]);
                }
                return;
            }
        }
        self.inner.collect(doc, score);
        self.total += 1;
        self.waiting.push(doc);
        if self.waiting.len() >= BATCH {
            self.count_waiting();
        }
    }

    fn harvest(mut self) -> Self::Fruit {
        self.count_waiting();
        (self.inner.harvest(), self.total, self.tallies)
    }
}

/// The counts of a facet within a segment.
pub(crate) struct Tally {
    column: Numbers,
    /// From the numbers of the segment to those of all; `None`: they are the same.
    map: Option<Arc<Vec<u32>>>,
    /// By number in the segment, whether the value is chosen; `None`: all pass.
    chosen: Option<Vec<bool>>,
    counted: bool,
    counts: Vec<u32>,
    /// Kept between batches.
    rows: Rows,
}

/// Room for what a column says of a batch.
#[derive(Default)]
struct Rows {
    docs: Vec<DocId>,
    row_ids: Vec<u32>,
    numbers: Vec<u64>,
    days: Vec<i64>,
}

/// Where the values of a segment are read.
enum Numbers {
    /// The segment has none.
    Absent,
    One(Column<u64>),
    Many(Column<u64>),
    Years(Column<i64>),
}

impl Rows {
    /// The rows of a column that belong to documents; one for each, if each has one.
    fn of<T: PartialOrd + Copy + Debug + Send + Sync + 'static>(
        &mut self,
        column: &Column<T>,
        docs: &[DocId],
    ) {
        self.docs.clear();
        self.row_ids.clear();
        column.row_ids_for_docs(docs, &mut self.docs, &mut self.row_ids);
    }
}

impl Tally {
    fn new(watched: &Watched, segment: u32, reader: &SegmentReader) -> Result<Self, TantivyError> {
        let fields = reader.fast_fields();
        let (column, map, size) = if watched.facet == FacetName::Year {
            let column = fields.column_opt::<i64>(watched.facet.column())?;
            (column.map_or(Numbers::Absent, Numbers::Years), None, YEARS)
        } else {
            let map = watched.values.of_segment(segment);
            let column = fields
                .str(watched.facet.column())?
                .map(|column| column.ords().clone());
            let column = match column {
                None => Numbers::Absent,
                Some(column) if matches!(column.index, ColumnIndex::Full) => Numbers::One(column),
                Some(column) => Numbers::Many(column),
            };
            let size = map.len();
            (column, Some(map), size)
        };
        let chosen = watched.chosen.as_ref().map(|chosen| {
            let is_chosen = |number: u32| chosen.contains(&number);
            match &map {
                Some(map) => map.iter().map(|number| is_chosen(*number)).collect(),
                None => (0..YEARS as u32).map(is_chosen).collect(),
            }
        });
        Ok(Self {
            column,
            map,
            chosen,
            counted: watched.counted,
            counts: vec![0; if watched.counted { size } else { 0 }],
            rows: Rows::default(),
        })
    }

    fn passes(&self, doc: DocId) -> bool {
        let Some(chosen) = &self.chosen else {
            return true;
        };
        let is_chosen = |number: usize| chosen.get(number).copied().unwrap_or(false);
        match &self.column {
            Numbers::Absent => false,
            Numbers::One(column) => is_chosen(column.values.get_val(doc) as usize),
            Numbers::Many(column) => column
                .values_for_doc(doc)
                .any(|number| is_chosen(number as usize)),
            Numbers::Years(column) => column
                .first(doc)
                .and_then(year_number)
                .is_some_and(is_chosen),
        }
    }

    fn count(&mut self, docs: &[DocId]) {
        if !self.counted || docs.is_empty() {
            return;
        }
        let rows = &mut self.rows;
        match &self.column {
            Numbers::Absent => return,
            Numbers::One(column) => {
                rows.numbers.resize(docs.len(), 0);
                column.values.get_vals(docs, &mut rows.numbers);
            }
            Numbers::Many(column) => {
                rows.of(column, docs);
                rows.numbers.resize(rows.row_ids.len(), 0);
                column.values.get_vals(&rows.row_ids, &mut rows.numbers);
            }
            Numbers::Years(column) => {
                rows.of(column, docs);
                rows.days.resize(rows.row_ids.len(), 0);
                column.values.get_vals(&rows.row_ids, &mut rows.days);
                let years = rows.days.iter().filter_map(|day| year_number(*day));
                rows.numbers.clear();
                rows.numbers.extend(years.map(|year| year as u64));
            }
        }
        for number in &rows.numbers {
            if let Some(count) = self.counts.get_mut(*number as usize) {
                *count += 1;
            }
        }
    }

    fn add_to(self, sums: &mut [u32]) {
        for (number, count) in self
            .counts
            .into_iter()
            .enumerate()
            .filter(|(_, count)| *count > 0)
        {
            let number = match &self.map {
                Some(map) => map.get(number).map(|number| *number as usize),
                None => Some(number),
            };
            if let Some(sum) = number.and_then(|number| sums.get_mut(number)) {
                *sum += count;
            }
        }
    }
}

fn year_number(day: i64) -> Option<usize> {
    usize::try_from(day / 10_000 - FIRST_YEAR).ok()
}

//! What a lake holds, court by court and year by year, and what it lacks.

use std::collections::BTreeMap;

use jiff::Timestamp;
use nirnay_model::{CourtCode, courts};
use nirnay_store::{Alarm, Audit, AuditFilter, Hole, Lake, RunRow, StoreError};
use serde::Serialize;
use serde_json::{Value, json};

use crate::library::Shelf;

/// The sums of a lake.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Coverage {
    /// Judgments in the tables.
    pub(crate) judgments: u64,
    /// Judgments in the index.
    pub(crate) indexed: u64,
    /// The commit of the index.
    pub(crate) index_mark: Option<String>,
    /// When this was added up.
    pub(crate) as_of: Timestamp,
    /// Whether nothing is open; `None` without a ledger.
    pub(crate) complete: Option<bool>,
    /// Years of decision with rows, in order; 0 for rows without a date.
    pub(crate) years: Vec<i16>,
    pub(crate) courts: Vec<CourtCoverage>,
    /// The first thousand.
    pub(crate) holes: Vec<Hole>,
    pub(crate) alarms: Vec<Alarm>,
    pub(crate) last_run: Option<Value>,
    /// Rows and bytes of each published layer.
    pub(crate) layers: Vec<Value>,
}

/// The sums of one court.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct CourtCoverage {
    pub(crate) code: String,
    pub(crate) slug: Option<String>,
    pub(crate) name: String,
    /// Judgments in the tables.
    pub(crate) judgments: u64,
    /// Of those, by year of decision.
    pub(crate) years: BTreeMap<i16, u64>,
    /// Rows that the portals count.
    pub(crate) listed: u64,
    /// Of those, taken.
    pub(crate) taken: u64,
    /// Of those, set aside with a reason.
    pub(crate) set_aside: u64,
    /// Of those, listed a second time.
    pub(crate) repeats: u64,
    pub(crate) documents_stored: u64,
    pub(crate) documents_missing: u64,
    pub(crate) documents_open: u64,
    /// Windows that are not proven.
    pub(crate) holes: usize,
    /// When a window of the court was last proven complete.
    pub(crate) last_proven: Option<Timestamp>,
}

impl Coverage {
    pub(crate) fn read(shelf: &Shelf) -> Result<Self, StoreError> {
        let mut coverage = Self {
            judgments: shelf.searcher.document_count(),
            indexed: shelf.searcher.document_count(),
            index_mark: shelf.index_mark().map(str::to_owned),
            as_of: Timestamp::now(),
            complete: None,
            years: Vec::new(),
            courts: Vec::new(),
            holes: Vec::new(),
            alarms: Vec::new(),
            last_run: None,
            layers: Vec::new(),
        };
        if let Some(lake) = &shelf.lake {
            coverage.add(lake)?;
        }
        Ok(coverage)
    }

    fn add(&mut self, lake: &Lake) -> Result<(), StoreError> {
        let ledger = lake.ledger();
        let mut courts: BTreeMap<CourtCode, CourtCoverage> = BTreeMap::new();
        let mut years: BTreeMap<i16, u64> = BTreeMap::new();
        for shard in lake.shards()? {
            let court = entry(&mut courts, &shard.court);
            court.judgments += shard.rows;
            *court.years.entry(shard.year).or_default() += shard.rows;
            *years.entry(shard.year).or_default() += shard.rows;
        }
        for window in ledger.windows(None)? {
            let court = entry(&mut courts, &window.spec.court);
            court.last_proven = court.last_proven.max(window.verified_at);
        }
        let audit = ledger.audit(&AuditFilter::default(), self.as_of)?;
        sums(&mut courts, &audit);
        self.complete = Some(audit.is_complete());
        self.judgments = years.values().sum();
        self.years = years.into_keys().collect();
        self.courts = courts.into_values().collect();
        self.courts
            .sort_by(|left, right| left.name.cmp(&right.name));
        self.holes = audit.holes;
        self.alarms = audit.alarms;
        self.last_run = ledger.last_run()?.as_ref().map(run);
        let layers = ledger.layer_sums()?;
        self.layers = layers
            .iter()
            .map(
                |(layer, rows, bytes)| json!({"layer": layer.name(), "rows": rows, "bytes": bytes}),
            )
            .collect();
        Ok(())
    }

    /// The most judgments of one court and year.
    pub(crate) fn most(&self) -> u64 {
        let cells = self.courts.iter().flat_map(|court| court.years.values());
        cells.copied().max().unwrap_or(0)
    }
}

fn entry<'a>(
    courts_so_far: &'a mut BTreeMap<CourtCode, CourtCoverage>,
    code: &CourtCode,
) -> &'a mut CourtCoverage {
    courts_so_far.entry(code.clone()).or_insert_with(|| {
        let known = courts().find(code.as_str());
        CourtCoverage {
            code: code.to_string(),
            slug: known.map(|court| court.slug.clone()),
            name: known.map_or_else(|| code.to_string(), |court| court.name.clone()),
            ..CourtCoverage::default()
        }
    })
}

fn sums(courts: &mut BTreeMap<CourtCode, CourtCoverage>, audit: &Audit) {
    for part in &audit.entries {
        let court = entry(courts, &part.court);
        court.listed += part.portal_rows;
        court.taken += part.accepted;
        court.set_aside += part.quarantined.values().sum::<u64>();
        court.repeats += part.repeats;
        court.documents_stored += part.documents.stored;
        court.documents_missing += part.documents.missing.values().sum::<u64>();
        court.documents_open += part.documents.pending;
    }
    for hole in &audit.holes {
        entry(courts, &hole.court).holes += 1;
    }
}

fn run(run: &RunRow) -> Value {
    json!({
        "run": run.id, "pipeline": run.pipeline, "started_at": run.started_at,
        "finished_at": run.finished_at, "outcome": run.outcome, "requests": run.requests,
    })
}

//! I1, I2, I3: rows.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use nirnay_model::{SourceId, courts};
use nirnay_portal_sim::{LogEntry, SearchLog, TruthRow};
use nirnay_store::{Lake, OpenMode};

use super::{Scene, Verdict, files, unreadable};
use crate::oracle::described;
use crate::records::WindowRecord;

/// I1: each accepted page's outcomes add up to its rows; the portal's log has a reply with that many rows
/// at that place; each closed window's distinct rows are the members that are recorded.
pub(super) fn conservation(scene: &Scene<'_>) -> Verdict {
    let (pages, windows, members) = match (
        scene.records.pages(),
        scene.records.windows(),
        scene.records.members(),
    ) {
        (Ok(pages), Ok(windows), Ok(members)) => (pages, windows, members),
        (Err(error), ..) | (_, Err(error), _) | (.., Err(error)) => return unreadable(&error),
    };
    let by_id: HashMap<i64, &WindowRecord> =
        windows.iter().map(|window| (window.id, window)).collect();
    // Replies by first day, last day and place, with the rows sent and the total stated.
    let mut sent: HashMap<(Asked, u64), HashSet<(u64, u64)>> = HashMap::new();
    for search in scene.log.iter().filter_map(|entry| entry.search.as_ref()) {
        sent.entry((Asked::by(search), search.start))
            .or_default()
            .insert((search.sent, search.total));
    }
    let mut broken = Vec::new();
    for page in &pages {
        let Some(window) = by_id.get(&page.window) else {
            broken.push(format!("a page of no window, {}", page.window));
            continue;
        };
        let place = format!("{} at {}", window.name(), page.start);
        let sum: u64 = page.outcomes.iter().sum();
        if sum != page.rows {
            broken.push(format!(
                "{place}: {} rows, outcomes {:?}",
                page.rows, page.outcomes
            ));
        }
        let Some(asked) = Asked::of(window) else {
            continue;
        };
        let replies = sent.get(&(asked, page.start));
        if replies.is_none_or(|replies| !replies.contains(&(page.rows, page.total))) {
            broken.push(format!(
                "{place}: {} rows of {} accepted, the portal sent (rows, total) {replies:?}",
                page.rows, page.total
            ));
        }
    }
    for window in windows.iter().filter(|window| window.is_complete()) {
        let held = members.get(&window.id).copied().unwrap_or(0);
        if held != window.accepted + window.quarantined {
            broken.push(format!(
                "{}: {} taken + {} set aside, {held} recorded",
                window.name(),
                window.accepted,
                window.quarantined
            ));
        }
    }
    Verdict::of(broken)
}

/// What a search asks for: court with bench, first day, last day; as the portal's log writes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Asked(String, String, String);

impl Asked {
    fn by(search: &SearchLog) -> Self {
        Self(search.court.clone(), search.from.clone(), search.to.clone())
    }

    /// What the walk over a window asks for; `None` for the feed.
    fn of(window: &WindowRecord) -> Option<Self> {
        let days = window.days?;
        let portal_code = courts()
            .find(&window.court)
            .map_or("", |court| court.portal_code.as_str());
        let court = match window.bench.as_str() {
            "" => portal_code.to_owned(),
            bench => format!("{portal_code}/{bench}"),
        };
        Some(Self(court, days.from().to_string(), days.to().to_string()))
    }
}

/// I2: row keys, and documents' paths within a source, are unique in the published tables.
pub(super) fn duplicates(scene: &Scene<'_>) -> Verdict {
    let rows = match files::published(scene.evidence.lake) {
        Ok(rows) => rows,
        Err(why) => return Verdict::Broken(vec![why]),
    };
    let mut broken = Vec::new();
    let (mut keys, mut paths) = (HashSet::new(), HashSet::new());
    for row in &rows {
        if !keys.insert(&row.key) {
            broken.push(format!("{} is published twice", row.key));
        }
        if let Some(path) = &row.document_path
            && !paths.insert((&row.source, path))
        {
            broken.push(format!("{} of {} is published twice", path, row.source));
        }
    }
    Verdict::of(broken)
}

/// I3: what a window that is complete must have taken, by the portal's truth: every readable row that was
/// listed from before the first page of its last walk to its closure. Zero needs two sessions' word.
pub(super) fn closure(scene: &Scene<'_>) -> Verdict {
    let (windows, zeros, judgments) = match (
        scene.records.windows(),
        scene.records.zeros(),
        scene.records.judgments(),
    ) {
        (Ok(windows), Ok(zeros), Ok(judgments)) => (windows, zeros, judgments),
        (Err(error), ..) | (_, Err(error), _) | (.., Err(error)) => return unreadable(&error),
    };
    let keys: BTreeSet<&str> = judgments.iter().map(|row| row.key.as_str()).collect();
    let mut broken = Vec::new();
    for (source, truth) in &scene.truth {
        let complete: Vec<&WindowRecord> = windows
            .iter()
            .filter(|window| window.source == source.name() && window.is_complete())
            .collect();
        for window in &complete {
            if window.first_total != window.last_total {
                broken.push(format!(
                    "{}: the total moved from {:?} to {:?}",
                    window.name(),
                    window.first_total,
                    window.last_total
                ));
            }
            if *source != SourceId::SciFeed
                && window.accepted + window.quarantined == 0
                && zeros.get(&window.id).copied().unwrap_or(0) < 2
            {
                broken.push(format!("{}: empty by one session's word", window.name()));
            }
        }
        let walked = Walked::of(&complete, &scene.log);
        let settled = |row: &&TruthRow| {
            row.is_readable
                && row.listed
                && row.listed_since.is_none()
                && row.withdrawn_on.is_none()
        };
        for row in truth.iter().filter(settled) {
            if let Some(window) = walked.claims(row)
                && !holds(&keys, *source, row)
            {
                let lake = Lake::open(scene.evidence.lake, OpenMode::ReadOnly);
                let row = lake.map_or_else(|_| row.path.clone(), |lake| described(&lake, row));
                broken.push(format!("{window}: {row} is missing"));
            }
        }
    }
    Verdict::of(broken)
}

/// Whether the lake holds a row of the truth. Keys are `source/court/bench/CNR/date/order`; rows without a
/// CNR or a date are known by a hash, and are looked for by what the other checks compare.
fn holds(keys: &BTreeSet<&str>, source: SourceId, row: &TruthRow) -> bool {
    let (Some(cnr), Some(date)) = (&row.cnr, row.decision_date) else {
        return true;
    };
    let prefix = format!(
        "{source}/{}/{}/{cnr}/{date}/",
        row.court_code, row.bench_code
    );
    keys.range(prefix.as_str()..)
        .take_while(|key| key.starts_with(&prefix))
        .any(|key| {
            row.order_no
                .is_none_or(|order| key.ends_with(&format!("/{order}")))
        })
}

/// Complete windows with the requests between which their last walk lies.
struct Walked<'a> {
    windows: Vec<(&'a WindowRecord, u64, u64)>,
}

impl<'a> Walked<'a> {
    fn of(complete: &[&'a WindowRecord], log: &[LogEntry]) -> Self {
        let mut searches: BTreeMap<Asked, Vec<&LogEntry>> = BTreeMap::new();
        for entry in log {
            if let Some(search) = &entry.search {
                searches.entry(Asked::by(search)).or_default().push(entry);
            }
        }
        let windows = complete
            .iter()
            .map(|window| {
                let asked = Asked::of(window).and_then(|asked| searches.get(&asked));
                let before_closure: Vec<&&LogEntry> = asked
                    .into_iter()
                    .flatten()
                    .filter(|entry| window.completed_at.is_none_or(|at| entry.time <= at))
                    .collect();
                let first = before_closure.iter().rfind(|entry| {
                    entry
                        .search
                        .as_ref()
                        .is_some_and(|search| search.start == 0)
                });
                let last = before_closure.last();
                (
                    *window,
                    first.map_or(0, |entry| entry.number),
                    last.map_or(u64::MAX, |entry| entry.number),
                )
            })
            .collect();
        Self { windows }
    }

    /// The name of a complete window that must hold the row.
    fn claims(&self, row: &TruthRow) -> Option<String> {
        self.windows
            .iter()
            .find(|(window, first, last)| {
                let throughout = row.added_at.is_none_or(|at| at < *first)
                    && row.removed_at.is_none_or(|at| at > *last);
                let covers = window.court == row.court_code
                    && window.bench.is_empty()
                    && window
                        .days
                        .is_none_or(|days| row.listed_on.is_some_and(|day| days.contains(day)));
                throughout && covers
            })
            .map(|(window, ..)| window.name())
    }
}

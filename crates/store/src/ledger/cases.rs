//! Cases and cause lists: what was seen, when, and what changed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use nirnay_model::{
    CaptureId, Case, CaseKey, CasePlace, CasePortal, CaseView, CauseList, CauseListEntry,
    OrderLink, Sha256, joined, joined_rows,
};
use rusqlite::{OptionalExtension as _, Transaction, params};
use serde::{Deserialize, Serialize};

use super::Ledger;
use super::values::{Day, Digest, Json, Micros, Named, json};
use crate::StoreError;

/// A case as an answer showed it.
#[derive(Debug, Clone)]
pub struct SeenCase {
    /// What was read.
    pub case: Case,
    /// How much of it that was.
    pub view: CaseView,
}

/// A line of a cause list, or a list that is published as a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListLine {
    /// A case that is listed.
    Line(Box<CauseListEntry>),
    /// A list in a document.
    Document(CauseList),
}

/// A cause list as an answer showed it.
#[derive(Debug, Clone)]
pub struct SeenList {
    /// The portal.
    pub portal: CasePortal,
    /// Whose list, as it was asked for.
    pub list: String,
    /// The court's part of the partition of lines without a CNR.
    pub place: CasePlace,
    /// The day.
    pub day: Date,
    /// Its lines.
    pub lines: Vec<ListLine>,
}

/// What one answer showed.
#[derive(Debug, Clone)]
pub struct CaseSighting {
    /// The start of the run that asked.
    pub run_started: Timestamp,
    /// The capture of the answer.
    pub capture_id: Option<CaptureId>,
    /// Cases.
    pub cases: Vec<SeenCase>,
    /// A cause list.
    pub list: Option<SeenList>,
}

/// What became of the rows of a sighting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct SightingCounts {
    /// Cases and lines that were not known.
    pub new: u64,
    /// Known ones that are as they were.
    pub unchanged: u64,
    /// Cases whose values changed.
    pub changed: u64,
}

impl SightingCounts {
    /// Adds the counts of another sighting.
    pub fn plus(&mut self, other: Self) {
        self.new += other.new;
        self.unchanged += other.unchanged;
        self.changed += other.changed;
    }
}

/// The case without what holds for one session of the portal alone: it would differ on every look. Captures keep it.
fn lasting(case: &Case) -> Case {
    let mut case = case.clone();
    for order in &mut case.orders {
        if case.portal != CasePortal::Sci || !matches!(order.link, Some(OrderLink::Address(_))) {
            order.link = None;
        }
    }
    for hearing in &mut case.hearings {
        hearing.business_call.clear();
    }
    case
}

impl ListLine {
    fn lasting(&self) -> Self {
        match self {
            Self::Line(entry) => Self::Line(entry.clone()),
            Self::Document(list) => Self::Document(CauseList {
                link: None,
                ..list.clone()
            }),
        }
    }

    fn cnr(&self) -> &str {
        match self {
            Self::Line(entry) => entry.cnr.as_ref().map_or("", |cnr| cnr.as_str()),
            Self::Document(_) => "",
        }
    }
}

impl SeenList {
    /// The identity of a line of the list.
    pub fn key_of(&self, line: &ListLine) -> CaseKey {
        let value = json(&line.lasting());
        let day = self.day.to_string();
        let digest = Sha256::of_parts([self.list.as_bytes(), day.as_bytes(), value.as_bytes()]);
        CaseKey::from_stored(format!("{}/list/{digest}", self.portal))
    }
}

impl Ledger {
    /// Takes what an answer showed: new cases, revisions of known ones, lines of lists. The same sighting again
    /// changes nothing.
    pub fn see_cases(&self, seen: &CaseSighting) -> Result<SightingCounts, StoreError> {
        self.write("recording cases", |tx| {
            let mut counts = SightingCounts::default();
            for case in &each_once(&seen.cases) {
                see_case(tx, seen, case, &mut counts)?;
            }
            if let Some(list) = &seen.list {
                for (at, line) in list.lines.iter().enumerate() {
                    see_line(tx, seen, list, (at, line), &mut counts)?;
                }
            }
            Ok(counts)
        })
    }

    /// The case with this key as it was last seen.
    pub fn case(&self, key: &CaseKey) -> Result<Option<Case>, StoreError> {
        self.read("reading a case", |connection| {
            let found = connection
                .prepare_cached("SELECT value FROM cases WHERE key = ?1")?
                .query_row([key.as_str()], |row| row.get::<_, Json<Case>>(0))
                .optional()?;
            Ok(found.map(|Json(case)| case))
        })
    }

    /// Known cases with a CNR on a portal that answers to CNRs, in the order of their keys.
    pub fn known_cnrs(&self) -> Result<Vec<(CasePortal, String)>, StoreError> {
        self.read("listing known cases", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT portal, cnr FROM cases WHERE cnr <> '' AND portal IN ('hc-services', 'district-courts')
                 AND cnr NOT IN (SELECT what FROM removals) AND key NOT IN (SELECT what FROM removals)
                 ORDER BY key",
            )?;
            let rows = statement.query_map([], |row| {
                Ok((row.get::<_, Named<CasePortal>>(0)?.0, row.get(1)?))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The number of known cases that [`Ledger::known_cnrs`] does not name, but for removed ones: no portal
    /// answers to their keys.
    pub fn cases_without_page(&self) -> Result<u64, StoreError> {
        self.read("counting known cases", |connection| {
            Ok(connection.query_row(
                "SELECT count(*) FROM cases WHERE (cnr = '' OR portal NOT IN ('hc-services', 'district-courts'))
                 AND cnr NOT IN (SELECT what FROM removals) AND key NOT IN (SELECT what FROM removals)",
                [],
                |row| row.get(0),
            )?)
        })
    }

    /// Keys of cases with the names of the fields that changed since an instant, in the order of the keys.
    pub fn changed_cases(
        &self,
        since: Timestamp,
    ) -> Result<Vec<(CaseKey, Vec<String>)>, StoreError> {
        self.read("listing changed cases", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT row_key, json_group_array(DISTINCT field) FROM (SELECT row_key, field FROM revisions
                 JOIN cases ON key = row_key WHERE seen >= ?1 ORDER BY row_key, field) GROUP BY row_key ORDER BY row_key",
            )?;
            let rows = statement.query_map([Micros(since)], |row| {
                let fields = row.get::<_, Json<Vec<String>>>(1)?.0;
                Ok((CaseKey::from_stored(row.get(0)?), fields))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

/// The cases of an answer without what does not last, the rows of one as one: the Supreme Court shows a row for each of
/// its judgments.
fn each_once(cases: &[SeenCase]) -> Vec<SeenCase> {
    let mut out: Vec<SeenCase> = Vec::with_capacity(cases.len());
    let mut at = BTreeMap::<(CaseKey, CaseView), Vec<Case>>::new();
    for SeenCase { case, view } in cases {
        let (case, view) = (lasting(case), *view);
        if case.portal == CasePortal::Sci {
            at.entry((CaseKey::of(&case), view)).or_default().push(case);
        } else {
            out.push(SeenCase { case, view });
        }
    }
    let joined = at.into_iter().filter_map(|((_, view), rows)| {
        let case = joined_rows(rows, view)?;
        Some(SeenCase { case, view })
    });
    out.extend(joined);
    out
}

fn see_case(
    tx: &Transaction<'_>,
    seen: &CaseSighting,
    SeenCase { case, view }: &SeenCase,
    counts: &mut SightingCounts,
) -> Result<(), StoreError> {
    let (key, mut view) = (CaseKey::of(case), *view);
    let (mut case, mut value) = (Cow::Borrowed(case), json(case));
    let mut hash = Sha256::of(value.as_bytes());
    let known = tx
        .prepare_cached("SELECT id, row_hash, view, first_seen FROM cases WHERE key = ?1")?
        .query_row([key.as_str()], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, Digest>(1)?.0,
                row.get::<_, Named<CaseView>>(2)?.0,
                row.get::<_, Micros>(3)?.0,
            ))
        })
        .optional()?;
    let Some((id, known_hash, known_view, first_seen)) = known else {
        counts.new += 1;
        return insert(tx, seen, (case.as_ref(), view), (&key, hash, &value));
    };
    if hash != known_hash && case.portal == CasePortal::Sci {
        let known = value_of(tx, id)?;
        case = Cow::Owned(joined((&known, known_view), (case.as_ref(), view)));
        view = view.max(known_view);
        value = json(&case);
        hash = Sha256::of(value.as_bytes());
    }
    if (hash == known_hash && view == known_view) || view < known_view {
        // A row of a search says less than the page that is known: that it is still there.
        counts.unchanged += 1;
        tx.prepare_cached("UPDATE cases SET last_seen = max(last_seen, ?2) WHERE id = ?1")?
            .execute((id, Micros(seen.run_started)))?;
        return Ok(());
    }
    if view == known_view {
        counts.changed += 1;
        revise(tx, seen, (id, &key), &case)?;
    } else if first_seen != seen.run_started {
        // The page of a row that this run itself found has been counted.
        counts.changed += 1;
    }
    let place = CasePlace::of(&case);
    tx.prepare_cached(
        "UPDATE cases SET court = ?2, bench = ?3, year = ?4, cnr = ?5, view = ?6, row_hash = ?7, hearings = ?8,
         orders = ?9, last_seen = max(last_seen, ?10), capture_id = ?11, value = ?12 WHERE id = ?1",
    )?
    .execute(params![
        id,
        place.court,
        place.bench,
        place.year,
        cnr(&case),
        view.name(),
        Digest(hash),
        case.hearings.len(),
        case.orders.len(),
        Micros(seen.run_started),
        seen.capture_id.as_ref().map(CaptureId::as_str),
        value,
    ])?;
    Ok(())
}

fn value_of(tx: &Transaction<'_>, id: i64) -> Result<Case, StoreError> {
    let Json(case) = tx
        .prepare_cached("SELECT value FROM cases WHERE id = ?1")?
        .query_row([id], |row| row.get::<_, Json<Case>>(0))?;
    Ok(case)
}

fn cnr(case: &Case) -> &str {
    case.cnr.as_ref().map_or("", |cnr| cnr.as_str())
}

fn insert(
    tx: &Transaction<'_>,
    seen: &CaseSighting,
    (case, view): (&Case, CaseView),
    (key, hash, value): (&CaseKey, Sha256, &str),
) -> Result<(), StoreError> {
    let place = CasePlace::of(case);
    tx.prepare_cached(
        "INSERT INTO cases (key, portal, court, bench, year, cnr, view, row_hash, hearings, orders, first_seen,
         last_seen, capture_id, value) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, ?12, ?13)",
    )?
    .execute(params![
        key.as_str(),
        case.portal.name(),
        place.court,
        place.bench,
        place.year,
        cnr(case),
        view.name(),
        Digest(hash),
        case.hearings.len(),
        case.orders.len(),
        Micros(seen.run_started),
        seen.capture_id.as_ref().map(CaptureId::as_str),
        value,
    ])?;
    Ok(())
}

/// Writes a revision for each field of a case that differs from what is known.
fn revise(
    tx: &Transaction<'_>,
    seen: &CaseSighting,
    (id, key): (i64, &CaseKey),
    case: &Case,
) -> Result<(), StoreError> {
    let Json(old) = tx
        .prepare_cached("SELECT value FROM cases WHERE id = ?1")?
        .query_row([id], |row| row.get::<_, Json<serde_json::Value>>(0))?;
    let new = serde_json::to_value(case).unwrap_or_default();
    let (Some(old), Some(new)) = (old.as_object(), new.as_object()) else {
        return Ok(());
    };
    let mut insert = tx.prepare_cached(
        "INSERT INTO revisions (year, row_key, field, old, new, seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (field, after) in new {
        let before = old.get(field);
        if before != Some(after) {
            insert.execute((
                CasePlace::of(case).year,
                key.as_str(),
                field,
                before.map(ToString::to_string),
                after.to_string(),
                Micros(seen.run_started),
            ))?;
        }
    }
    Ok(())
}

fn see_line(
    tx: &Transaction<'_>,
    seen: &CaseSighting,
    list: &SeenList,
    (at, line): (usize, &ListLine),
    counts: &mut SightingCounts,
) -> Result<(), StoreError> {
    let key = list.key_of(line);
    let value = json(&line.lasting());
    let known = tx
        .prepare_cached("UPDATE case_listings SET last_seen = max(last_seen, ?2) WHERE key = ?1")?
        .execute((key.as_str(), Micros(seen.run_started)))?;
    if known > 0 {
        counts.unchanged += 1;
        return Ok(());
    }
    counts.new += 1;
    let place = match line {
        ListLine::Line(entry) => entry.cnr.as_ref().map(CasePlace::of_cnr),
        ListLine::Document(_) => None,
    };
    let place = place.unwrap_or_else(|| list.place.clone());
    tx.prepare_cached(
        "INSERT INTO case_listings (key, portal, court, bench, year, cnr, list, day, row_hash, first_seen, last_seen,
         capture_id, capture_row, value) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11, ?12, ?13)",
    )?
    .execute(params![
        key.as_str(),
        list.portal.name(),
        place.court,
        place.bench,
        list.day.year(),
        line.cnr(),
        list.list,
        Day(Some(list.day)),
        Digest(Sha256::of(value.as_bytes())),
        Micros(seen.run_started),
        seen.capture_id.as_ref().map(CaptureId::as_str),
        at,
        value,
    ])?;
    Ok(())
}

//! Rows that the portal lists no more, and rows that it lists again.
//!
//! A row is never deleted for not being listed: portals show fewer rows than they have on a bad day. It gets
//! the instant of the run that missed it, with a revision, and loses it as soon as any walk meets it again.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Transaction};

use super::values::{Day, Micros};
use super::windows::{WindowRow, WindowState, load};
use crate::StoreError;

/// The name of the value in `revisions/`.
const FIELD: &str = "not_listed_since";

/// Marks what the walk that ended with window `id` does not list any more; returns the number of rows.
///
/// Parts of a window that was split are judged together, when the last of them is proven: until then a row
/// may be listed by a part that has not been walked yet. So it may by any window of the court whose proof was
/// taken away for a new walk: portals file rows under dates that the rows do not print. While there is such a
/// window nothing is marked, and the close of the last one judges what had to wait.
pub(super) fn mark(tx: &Transaction<'_>, id: i64, now: Timestamp) -> Result<u64, StoreError> {
    let closed = load(tx, id)?;
    let root = root_of(tx, &closed)?;
    if !is_proven(tx, &root)? {
        set_judged(tx, root.id, WAITS)?;
        return Ok(0);
    }
    let mut marked = 0;
    // Its other parts were judged together once, and did not change since.
    let alone = judged(tx, root.id)? == LOOKED;
    let walked = match closed.spec.parent.filter(|_| closed.spec.bench.is_some()) {
        Some(parent) => load(tx, parent)?,
        None => closed,
    };
    let mut due = vec![(root.id, if alone { walked } else { root.clone() })];
    for waiting in waiting(tx, &root)? {
        if waiting.id != root.id && is_proven(tx, &waiting)? {
            due.push((waiting.id, waiting));
        }
    }
    let mut under_way = None;
    for (root, window) in due {
        let missed = missed(tx, window)?;
        if !missed.is_empty() {
            let under_way = match under_way {
                Some(known) => known,
                None => *under_way.insert(is_walked_anew(tx, id)?),
            };
            if under_way {
                set_judged(tx, root, WAITS)?;
                continue;
            }
        }
        let at = walked_at(tx, id)?.unwrap_or(Micros(now));
        for row in &missed {
            set(tx, row, at)?;
            marked += 1;
        }
        set_judged(tx, root, LOOKED)?;
    }
    Ok(marked)
}

/// Values of `windows.judged`.
const LOOKED: i64 = 1;
const WAITS: i64 = 2;

fn judged(tx: &Transaction<'_>, id: i64) -> Result<i64, StoreError> {
    Ok(tx
        .prepare_cached("SELECT judged FROM windows WHERE id = ?1")?
        .query_row([id], |row| row.get(0))?)
}

fn set_judged(tx: &Transaction<'_>, id: i64, judged: i64) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE windows SET judged = ?2 WHERE id = ?1 AND judged <> ?2")?
        .execute((id, judged))?;
    Ok(())
}

/// The windows of the same court that could not be judged when they were proven.
fn waiting(tx: &Transaction<'_>, window: &WindowRow) -> Result<Vec<WindowRow>, StoreError> {
    let ids: Vec<i64> = tx
        .prepare_cached("SELECT id FROM windows WHERE source = ?1 AND court = ?2 AND judged = 2")?
        .query_map(
            (window.spec.source.name(), window.spec.court.as_str()),
            |row| row.get(0),
        )?
        .collect::<Result<_, _>>()?;
    ids.into_iter().map(|id| load(tx, id)).collect()
}

/// Whether some window of the court of window `id` that was proven before, or a part of one, is being walked
/// anew: its rows are not known at the moment.
fn is_walked_anew(tx: &Transaction<'_>, id: i64) -> Result<bool, StoreError> {
    Ok(tx
        .prepare_cached(
            "WITH RECURSIVE proven (id) AS (
                 SELECT other.id FROM windows JOIN windows AS other USING (source, court)
                 WHERE windows.id = ?1 AND other.completed_at IS NOT NULL
                 UNION SELECT windows.id FROM windows JOIN proven ON parent = proven.id)
             SELECT 1 FROM windows WHERE id IN (SELECT id FROM proven) AND state IN ('open', 'failed', 'unstable')",
        )?
        .exists([id])?)
}

/// The instant of the run that walked a window last.
fn walked_at(tx: &Transaction<'_>, id: i64) -> Result<Option<Micros>, StoreError> {
    Ok(tx
        .prepare_cached(
            "SELECT started_at FROM runs WHERE id = (SELECT last_run FROM windows WHERE id = ?1)",
        )?
        .query_row([id], |row| row.get(0))
        .optional()?)
}

/// The rows of a proven window's dates that nothing lists.
fn missed(tx: &Transaction<'_>, window: WindowRow) -> Result<Vec<Stranger>, StoreError> {
    let mut missed = Vec::new();
    for part in parts(tx, window)? {
        let strangers = strangers(tx, &part)?;
        if strangers.is_empty() {
            continue;
        }
        let damaged = set_aside(tx, &part.window)?;
        for row in strangers {
            if !row.occurs_in(&damaged) && !is_listed(tx, &part.window, row.id)? {
                missed.push(row);
            }
        }
    }
    Ok(missed)
}

/// The rows that a window's walk (or those of its benches) met and could not read, as served.
fn set_aside(tx: &Transaction<'_>, window: &WindowRow) -> Result<Vec<String>, StoreError> {
    Ok(tx
        .prepare_cached(
            "SELECT html FROM members JOIN quarantine ON quarantine.id = item
             WHERE kind = 1 AND window_id IN (SELECT id FROM windows WHERE id = ?1 OR parent = ?1)",
        )?
        .query_map([window.id], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Notes that a row which had been missed was met again.
pub(super) fn listed_again(
    tx: &Transaction<'_>,
    id: i64,
    key: &str,
    run_started: Timestamp,
) -> Result<(), StoreError> {
    let (year, since) = tx
        .prepare_cached("SELECT year, not_listed_since FROM judgments WHERE id = ?1")?
        .query_row([id], |row| {
            Ok((row.get(0)?, row.get::<_, Option<Micros>>(1)?))
        })?;
    tx.prepare_cached("UPDATE judgments SET not_listed_since = NULL WHERE id = ?1")?
        .execute([id])?;
    revise(tx, (year, key), since, None, Micros(run_started))
}

/// The widest window that `window` is a part of.
fn root_of(tx: &Transaction<'_>, window: &WindowRow) -> Result<WindowRow, StoreError> {
    let mut root = window.clone();
    while let Some(parent) = root.spec.parent {
        let parent = load(tx, parent)?;
        if parent.state != WindowState::Split {
            break;
        }
        root = parent;
    }
    Ok(root)
}

/// Whether a window is proven, or all its parts are.
fn is_proven(tx: &Transaction<'_>, window: &WindowRow) -> Result<bool, StoreError> {
    if window.state != WindowState::Split {
        return Ok(window.state.is_complete());
    }
    // One look at the index tells most of the time: while a crawl goes on, some part is open.
    let open = tx
        .prepare_cached(
            "SELECT 1 FROM windows WHERE parent = ?1 AND state NOT IN ('complete', 'complete_with_quarantine', 'split')",
        )?
        .exists([window.id])?;
    if open {
        return Ok(false);
    }
    for child in children(tx, window.id)? {
        if child.state == WindowState::Split && !is_proven(tx, &child)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn children(tx: &Transaction<'_>, id: i64) -> Result<Vec<WindowRow>, StoreError> {
    let mut statement = tx.prepare_cached("SELECT id FROM windows WHERE parent = ?1")?;
    let ids: Vec<i64> = statement
        .query_map([id], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    ids.into_iter().map(|id| load(tx, id)).collect()
}

/// A range of dates of one court, and the window whose members those dates' rows should be; `None` where
/// several windows share the dates.
struct Part {
    window: WindowRow,
    members_of: Option<i64>,
}

/// The windows that together prove `root`.
fn parts(tx: &Transaction<'_>, root: WindowRow) -> Result<Vec<Part>, StoreError> {
    if root.spec.window.is_none() || root.spec.bench.is_some() {
        // A feed shows the latest rows only: what it shows no more is not missing.
        return Ok(Vec::new());
    }
    let mut parts = Vec::new();
    let mut queue = vec![root];
    while let Some(window) = queue.pop() {
        let inner = if window.state == WindowState::Split {
            children(tx, window.id)?
        } else {
            Vec::new()
        };
        if inner.iter().any(|child| child.spec.bench.is_some()) {
            parts.push(Part {
                window,
                members_of: None,
            });
        } else if window.state == WindowState::Split {
            queue.extend(inner);
        } else {
            let members_of = Some(window.id);
            parts.push(Part { window, members_of });
        }
    }
    Ok(parts)
}

/// A row that is not among a window's rows although its date says so.
struct Stranger {
    id: i64,
    key: String,
    year: i16,
    cnr: String,
    path: Option<String>,
}

impl Stranger {
    /// Whether it is one of the rows that could not be read: a row that arrives damaged is listed.
    fn occurs_in(&self, damaged: &[String]) -> bool {
        let names = [Some(self.cnr.as_str()), self.path.as_deref()];
        names
            .into_iter()
            .flatten()
            .filter(|name| !name.is_empty())
            .any(|name| damaged.iter().any(|html| html.contains(name)))
    }
}

/// The rows of the part's dates that its window's walk did not meet, and that are not marked yet.
fn strangers(tx: &Transaction<'_>, part: &Part) -> Result<Vec<Stranger>, StoreError> {
    let spec = &part.window.spec;
    let Some(range) = spec.window else {
        return Ok(Vec::new());
    };
    // Bench by bench, so that the order index is entered at the first day; the index alone tells who the
    // members are.
    let mut benches =
        tx.prepare_cached("SELECT bench FROM partitions WHERE year = ?1 AND court = ?2")?;
    let mut rows = tx.prepare_cached(
        "SELECT id FROM judgments INDEXED BY judgments_order WHERE year = ?1 AND court = ?2 AND bench = ?3
         AND decision_date BETWEEN ?4 AND ?5
         AND NOT EXISTS (SELECT 1 FROM members WHERE window_id = ?6 AND kind = 0 AND item = judgments.id)",
    )?;
    let mut read = tx.prepare_cached(
        "SELECT key, year, cnr, json_extract(judgment, '$.document_path') FROM judgments
         JOIN judgment_values ON row_id = id WHERE id = ?1 AND source = ?2 AND not_listed_since IS NULL",
    )?;
    let mut out = Vec::new();
    for year in range.from().year()..=range.to().year() {
        let names: Vec<String> = benches
            .query_map((year, spec.court.as_str()), |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for bench in names {
            let ids: Vec<i64> = rows
                .query_map(
                    (
                        year,
                        spec.court.as_str(),
                        &bench,
                        Day(Some(range.from())),
                        Day(Some(range.to())),
                        part.members_of.unwrap_or(0),
                    ),
                    |row| row.get(0),
                )?
                .collect::<Result<_, _>>()?;
            for id in ids {
                let found = read
                    .query_row((id, spec.source.name()), |row| {
                        Ok(Stranger {
                            id,
                            key: row.get(0)?,
                            year: row.get(1)?,
                            cnr: row.get(2)?,
                            path: row.get(3)?,
                        })
                    })
                    .optional()?;
                out.extend(found);
            }
        }
    }
    Ok(out)
}

/// Whether any window of the same source and court lists the row: portals file rows under dates that the
/// rows do not print.
fn is_listed(tx: &Transaction<'_>, window: &WindowRow, row: i64) -> Result<bool, StoreError> {
    Ok(tx
        .prepare_cached(
            "SELECT 1 FROM windows CROSS JOIN members ON members.window_id = windows.id AND kind = 0 AND item = ?3
             WHERE source = ?1 AND court = ?2",
        )?
        .exists((
            window.spec.source.name(),
            window.spec.court.as_str(),
            row,
        ))?)
}

fn set(tx: &Transaction<'_>, row: &Stranger, at: Micros) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE judgments SET not_listed_since = ?2 WHERE id = ?1")?
        .execute((row.id, at))?;
    revise(tx, (row.year, &row.key), None, Some(at), at)
}

fn revise(
    tx: &Transaction<'_>,
    (year, key): (i16, &str),
    old: Option<Micros>,
    new: Option<Micros>,
    seen: Micros,
) -> Result<(), StoreError> {
    let text = |at: Option<Micros>| at.map(|at| format!("\"{}\"", at.0));
    tx.prepare_cached(
        "INSERT INTO revisions (year, row_key, field, old, new, seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute((year, key, FIELD, text(old), text(new), seen))?;
    Ok(())
}

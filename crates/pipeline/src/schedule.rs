//! Which windows a run walks: what was asked for, less what is proven, with what is due for another look.

use jiff::civil::Date;
use nirnay_model::{Court, CourtCode, DateWindow, SourceId};
use nirnay_store::{WindowRow, WindowSpec, WindowState};

use crate::config::SourceConfig;
use crate::context::Context;
use crate::error::PipelineError;
use crate::range::gaps;
use crate::rescan::{Look, RescanConfig, days};

/// A step of planning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// A window for dates that none covers.
    New(DateWindow),
    /// The latest window is to reach up to this day.
    Grow { id: i64, to: Date },
}

/// The steps that make `windows` (of one court) cover `range`: recent dates in cells, the cell of today by
/// and by.
pub(crate) fn steps(
    range: DateWindow,
    windows: &[&WindowRow],
    rescan: &RescanConfig,
    today: Date,
) -> Vec<Step> {
    let covered: Vec<DateWindow> = windows
        .iter()
        .filter(|row| row.spec.parent.is_none())
        .filter_map(|row| row.next_range())
        .collect();
    let mut steps = Vec::new();
    for gap in gaps(range, &covered) {
        for part in rescan.cut(gap, today) {
            let grown = windows
                .iter()
                .find(|row| grows_into(row, part, windows, rescan));
            steps.push(match grown {
                Some(row) => Step::Grow {
                    id: row.id,
                    to: part.to(),
                },
                None => Step::New(part),
            });
        }
    }
    steps
}

/// Whether `part` is the next piece of the window's cell. A window that was split stays as it is, and no two
/// windows may come to have the same dates.
fn grows_into(
    row: &WindowRow,
    part: DateWindow,
    windows: &[&WindowRow],
    rescan: &RescanConfig,
) -> bool {
    let whole =
        row.spec.parent.is_none() && row.spec.bench.is_none() && row.state != WindowState::Split;
    let Some(range) = row.next_range().filter(|_| whole) else {
        return false;
    };
    let next = range.to().tomorrow().ok();
    let alone = !windows.iter().any(|other| {
        other.spec.bench.is_none()
            && other
                .spec
                .window
                .is_some_and(|days| days.from() == range.from() && days.to() == part.to())
    });
    next == Some(part.from()) && rescan.same_cell(range.from(), part.to()) && alone
}

/// Plans what the pipeline asks for and the ledger does not know yet.
pub(crate) fn plan_source(context: &Context, source: &SourceConfig) -> Result<(), PipelineError> {
    let ledger = context.lake.ledger();
    let known = ledger.windows(Some(source.source))?;
    if source.source == SourceId::SciFeed {
        crate::feed::plan(context, &known)?;
        return requeue_parked(context, source.source);
    }
    let Some(range) = source.range(context.today) else {
        return Ok(());
    };
    for court in court_list(source)? {
        let mine = of_court(&known, &court.code);
        let mut new = Vec::new();
        for step in steps(range, &mine, &context.rescan, context.today) {
            match step {
                Step::New(window) => new.push(WindowSpec {
                    source: source.source,
                    court: court.code.clone(),
                    bench: None,
                    window: Some(window),
                    parent: None,
                }),
                Step::Grow { id, to } => ledger.grow_window(id, to)?,
            }
        }
        if !new.is_empty() {
            ledger.plan_windows(&new)?;
        }
    }
    requeue_parked(context, source.source)
}

pub(crate) fn of_court<'a>(windows: &'a [WindowRow], court: &CourtCode) -> Vec<&'a WindowRow> {
    windows
        .iter()
        .filter(|row| row.spec.court == *court)
        .collect()
}

/// Days until a document that was given up is asked for again.
const PARKED_DAYS: i64 = 7;

/// A new run asks again for documents that were given up a week ago or more.
fn requeue_parked(context: &Context, source: SourceId) -> Result<(), PipelineError> {
    if context.run.resumed {
        return Ok(());
    }
    let before = context
        .now()
        .saturating_sub(jiff::SignedDuration::from_hours(24 * PARKED_DAYS));
    context
        .lake
        .ledger()
        .requeue_missing(source, None, before.unwrap_or(jiff::Timestamp::MIN))?;
    Ok(())
}

/// What a run does with the windows of a source.
#[derive(Debug, Default)]
pub(crate) struct Work {
    /// Windows to walk, courts in the pipeline's order, early dates first: those that are open, and those
    /// whose proof is due for another look. The latter keep their proof until a reply replaces it.
    pub(crate) walk: Vec<i64>,
    /// Windows whose total is to be compared, most overdue first.
    pub(crate) count: Vec<i64>,
}

/// The work of a run on one source.
pub(crate) fn work(context: &Context, source: &SourceConfig) -> Result<Work, PipelineError> {
    let wanted = court_list(source)?;
    let range = source.range(context.today);
    let mut walk: Vec<(usize, Option<DateWindow>, i64)> = Vec::new();
    let mut count: Vec<(i64, i64)> = Vec::new();
    for row in context.lake.ledger().windows(Some(source.source))? {
        let place = wanted.iter().position(|court| court.code == row.spec.court);
        let Some(place) = place.filter(|_| intersects(row.spec.window, range)) else {
            continue;
        };
        let fresh = row.completed_run == Some(context.run.id) && row.grow_to.is_none();
        let look = look(&row, source, &context.rescan, context.today).filter(|_| !fresh);
        match look {
            _ if is_open(row.state) => walk.push((place, row.spec.window, row.id)),
            Some(Look::Walk) => walk.push((place, row.spec.window, row.id)),
            Some(Look::Count { overdue }) => count.push((-overdue, row.id)),
            None => {}
        }
    }
    walk.sort();
    count.sort_unstable();
    count.truncate(context.rescan.counts_a_run as usize);
    Ok(Work {
        walk: walk.into_iter().map(|(_, _, id)| id).collect(),
        count: count.into_iter().map(|(_, id)| id).collect(),
    })
}

pub(crate) fn is_open(state: WindowState) -> bool {
    matches!(
        state,
        WindowState::Open | WindowState::Failed | WindowState::Unstable
    )
}

/// How a proven window is to be looked at again by a run that has not done so.
pub(crate) fn look(
    row: &WindowRow,
    source: &SourceConfig,
    rescan: &RescanConfig,
    today: Date,
) -> Option<Look> {
    let every_run = row.state.is_complete()
        && row
            .spec
            .window
            .is_some_and(|window| days(window.to(), today) <= i64::from(source.rescan_days))
        && source.rescan_days > 0;
    if every_run {
        return Some(Look::Walk);
    }
    rescan.look(row, today)
}

pub(crate) fn intersects(window: Option<DateWindow>, range: Option<DateWindow>) -> bool {
    match (window, range) {
        (Some(window), Some(range)) => window.from() <= range.to() && range.from() <= window.to(),
        _ => true,
    }
}

pub(crate) fn court_list(source: &SourceConfig) -> Result<Vec<&'static Court>, PipelineError> {
    source.court_list().map_err(|name| {
        PipelineError::Internal(format!(
            "court {name} passed the check of the pipeline file"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rescan::proven;

    fn row(id: i64, range: &str, state: WindowState, parent: Option<i64>) -> WindowRow {
        let mut row = proven(range, "2026-01-15");
        row.id = id;
        row.state = state;
        row.spec.parent = parent;
        row
    }

    fn plan(range: &str, windows: &[WindowRow], today: &str) -> Vec<String> {
        let windows: Vec<&WindowRow> = windows.iter().collect();
        steps(
            range.parse().unwrap(),
            &windows,
            &RescanConfig::default(),
            today.parse().unwrap(),
        )
        .iter()
        .map(|step| match step {
            Step::New(window) => format!("new {window}"),
            Step::Grow { id, to } => format!("{id} to {to}"),
        })
        .collect()
    }

    #[test]
    fn the_week_of_today_grows_day_by_day() {
        use WindowState::{Complete, Split};
        let week = || vec![row(1, "2026-01-12..2026-01-14", Complete, None)];
        assert_eq!(
            plan("2026-01-12..2026-01-16", &week(), "2026-01-16"),
            ["1 to 2026-01-16"]
        );
        // A pause over the week's end.
        assert_eq!(
            plan("2026-01-12..2026-01-20", &week(), "2026-01-20"),
            ["1 to 2026-01-18", "new 2026-01-19..2026-01-20"]
        );
        // What is to grow already is not planned twice.
        let mut growing = week();
        growing[0].grow_to = "2026-01-16".parse().ok();
        assert!(plan("2026-01-12..2026-01-16", &growing, "2026-01-16").is_empty());
        assert_eq!(
            plan("2026-01-12..2026-01-17", &growing, "2026-01-17"),
            ["1 to 2026-01-17"]
        );
        // A split window keeps its range.
        let split = [
            row(1, "2026-01-12..2026-01-14", Split, None),
            row(2, "2026-01-12..2026-01-12", Complete, Some(1)),
        ];
        assert_eq!(
            plan("2026-01-12..2026-01-15", &split, "2026-01-15"),
            ["new 2026-01-15..2026-01-15"]
        );
        // One that begins before the week is not walked again for a new day.
        let long = [row(1, "2025-06-01..2026-01-14", Complete, None)];
        assert_eq!(
            plan("2025-06-01..2026-01-15", &long, "2026-01-15"),
            ["new 2026-01-15..2026-01-15"]
        );
    }

    #[test]
    fn a_year_of_the_past_is_one_window() {
        assert_eq!(
            plan("2023-01-01..2023-12-31", &[], "2026-01-15"),
            ["new 2023-01-01..2023-12-31"]
        );
    }
}

//! Which windows a run walks: what was asked for, less what is proven, with what is due for another look.

use jiff::civil::Date;
use nirnay_model::{Court, DateWindow, SourceId};
use nirnay_store::{WindowRow, WindowSpec, WindowState};

use crate::config::SourceConfig;
use crate::context::Context;
use crate::error::PipelineError;
use crate::range::gaps;

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
        let mine: Vec<&WindowRow> = known
            .iter()
            .filter(|row| row.spec.court == court.code && row.spec.parent.is_none())
            .collect();
        let covered: Vec<DateWindow> = mine.iter().filter_map(|row| row.spec.window).collect();
        for gap in gaps(range, &covered) {
            ledger.plan_window(&WindowSpec {
                source: source.source,
                court: court.code.clone(),
                bench: None,
                window: Some(gap),
                parent: None,
            })?;
        }
    }
    requeue_parked(context, source.source)
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

/// The ids of the windows to walk, courts in the pipeline's order, early dates first: those that are open,
/// and those whose proof is due for another look. The latter keep their proof until a reply replaces it.
pub(crate) fn windows_to_walk(
    context: &Context,
    source: &SourceConfig,
) -> Result<Vec<i64>, PipelineError> {
    let wanted = court_list(source)?;
    let range = source.range(context.today);
    let mut open: Vec<(usize, Option<DateWindow>, i64)> = context
        .lake
        .ledger()
        .windows(Some(source.source))?
        .into_iter()
        .filter(|row| intersects(row.spec.window, range))
        .filter(|row| {
            let fresh = row.completed_run == Some(context.run.id);
            is_open(row.state) || (!fresh && is_due(row, source, context.today))
        })
        .filter_map(|row| {
            let place = wanted
                .iter()
                .position(|court| court.code == row.spec.court)?;
            Some((place, row.spec.window, row.id))
        })
        .collect();
    open.sort();
    Ok(open.into_iter().map(|(_, _, id)| id).collect())
}

fn is_open(state: WindowState) -> bool {
    matches!(
        state,
        WindowState::Open | WindowState::Failed | WindowState::Unstable
    )
}

/// Whether a proven window ends so near today that a new run looks at it again.
pub(crate) fn is_due(row: &WindowRow, source: &SourceConfig, today: Date) -> bool {
    let since = today.saturating_sub(jiff::Span::new().days(i64::from(source.rescan_days)));
    row.state.is_complete() && row.spec.window.is_some_and(|window| window.to() >= since)
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

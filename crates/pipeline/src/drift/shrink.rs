//! A proven window that suddenly lists far fewer rows.

use std::collections::HashMap;
use std::fmt::Write as _;

use nirnay_store::{AlarmKind, WindowRow};

use super::place::Place;
use crate::context::{Context, india_date};
use crate::error::PipelineError;

/// Rows that may leave a list without a word.
const FEW: u64 = 5;

/// What to make of a total that is much smaller than the proven one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is the portal's new list.
    Believe,
    /// A fresh session has to say it too.
    AskAgain,
    /// Two sessions said it today: an alarm stands, the old proof stays, tomorrow's run decides.
    Hold,
}

/// Windows whose totals shrank in this run, with the session that said so first.
#[derive(Debug, Default)]
pub(crate) struct Shrink(HashMap<i64, u64>);

impl Shrink {
    /// Judges the total that a first page of a re-scan gives. Two of five rows gone in one day is more often
    /// a portal's bad day than a registry's doing: it is believed on the second day.
    pub(crate) fn judge(
        &mut self,
        context: &Context,
        window: &WindowRow,
        total: u64,
        epoch: u64,
    ) -> Result<Verdict, PipelineError> {
        let Some(before) = window.last_total.filter(|_| window.state.is_complete()) else {
            return Ok(Verdict::Believe);
        };
        if !is_implausible(before, total) {
            return Ok(Verdict::Believe);
        }
        let place = Place {
            window: window.spec.window,
            ..Place::court(window.spec.source, &window.spec.court, context.today)
        };
        let subject = subject(window);
        let known = context.lake.ledger().alarm(
            AlarmKind::Shrunk,
            place.source,
            place.court.as_ref(),
            &subject,
        )?;
        let settled = known.is_some_and(|alarm| {
            alarm.acknowledged_at.is_some() || india_date(alarm.raised_at) < context.today
        });
        if settled {
            return Ok(Verdict::Believe);
        }
        if *self.0.entry(window.id).or_insert(epoch) == epoch {
            return Ok(Verdict::AskAgain);
        }
        let alarm = place.alarm(
            AlarmKind::Shrunk,
            subject,
            format!(
                "{total} rows are listed for {} where {before} were, in two sessions",
                place.window_name()
            ),
            "rows and proof stay as they were until a run on another day finds the same; look at the portal's own \
             search, and if it is right, `nirnay audit --acknowledge`",
        );
        context.raise(&alarm)?;
        Ok(Verdict::Hold)
    }
}

/// Closes the alarm of a window that lists again what it used to; one that a proof only confirms stays open
/// until somebody knows of it.
pub(crate) fn settle(
    context: &Context,
    window: &WindowRow,
    total: u64,
) -> Result<(), PipelineError> {
    let ledger = context.lake.ledger();
    let spec = &window.spec;
    let Some(range) = spec.window else {
        return Ok(());
    };
    let alarm = ledger.alarm(
        AlarmKind::Shrunk,
        spec.source,
        Some(&spec.court),
        &subject(window),
    )?;
    let Some(alarm) = alarm else { return Ok(()) };
    let ever: u64 = ledger
        .listed_days(spec.source, &spec.court, range.from(), range.to())?
        .iter()
        .map(|(_, rows)| rows)
        .sum();
    if alarm.acknowledged_at.is_some() || !is_implausible(ever, total) {
        ledger.close_alarm(alarm.id, context.now())?;
    }
    Ok(())
}

/// The window's name among alarms: its first day, as its last one may grow, and its bench.
fn subject(window: &WindowRow) -> String {
    let mut name = window
        .spec
        .window
        .map_or_else(String::new, |range| format!("from {}", range.from()));
    if let Some(bench) = &window.spec.bench {
        write!(name, " at {bench}").ok();
    }
    name
}

fn is_implausible(before: u64, now: u64) -> bool {
    let gone = before.saturating_sub(now);
    gone > FEW && gone * 5 > before * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_rows_may_go_and_two_of_five_may_not() {
        for (before, now, implausible) in [
            (100, 61, false),
            (100, 59, true),
            (100, 0, true),
            (5, 0, false),
            (8, 2, true),
            (100, 400, false),
            (0, 0, false),
        ] {
            assert_eq!(is_implausible(before, now), implausible, "{before} {now}");
        }
    }
}

//! What a plan will cost, before a request is sent.

use std::sync::LazyLock;

use jiff::civil::{Date, date};
use nirnay_fetch::Politeness;
use nirnay_model::{CourtCode, DateWindow, SourceId};
use nirnay_store::{Lake, WindowRow};
use serde::Serialize;

use crate::config::{PipelineConfig, SourceConfig};
use crate::error::PipelineError;
use crate::rescan::{Look, RescanConfig};
use crate::schedule::{self, Step};

/// Rows a year in the Supreme Court Reports, of the last published years.
const SCR_ROWS_A_YEAR: u64 = 900;
/// Rows on the feed's page.
const FEED_ROWS: u64 = 50;
/// Requests that open a session: start page, picture, answer.
const SESSION: u64 = 3;

/// What a pipeline will walk and what that will cost.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// The pipeline's name.
    pub pipeline: String,
    /// A line for each source and court.
    pub lines: Vec<PlanLine>,
    /// Sum of the lines.
    pub requests: u64,
    /// The run's request budget.
    pub budget: u64,
    /// Seconds a run takes at the configured pace, hosts side by side.
    pub seconds: u64,
}

/// One source and court of a plan.
#[derive(Debug, Clone, Serialize)]
pub struct PlanLine {
    /// Source.
    pub source: SourceId,
    /// Court.
    pub court: CourtCode,
    /// Ranges of decision dates that are still to be walked.
    pub windows: Vec<DateWindow>,
    /// Windows that are open from an earlier run.
    pub open: u64,
    /// Proven windows that are due to be walked again, as judgments appear late.
    pub again: u64,
    /// Old windows whose total is due to be compared, with one small request each.
    pub counts: u64,
    /// Rows to expect.
    pub rows: u64,
    /// Documents to fetch: those pending, and those of the rows to come.
    pub documents: u64,
    /// Requests for that: pages of rows, and 2 a document with a session and a search for every 25.
    pub requests: u64,
}

static TOTALS: LazyLock<Vec<(String, i16, u64)>> = LazyLock::new(|| {
    include_str!("../../../data/reference/portal-totals.csv")
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(',');
            let court = fields.next()?.to_owned();
            Some((
                court,
                fields.next()?.parse().ok()?,
                fields.next()?.parse().ok()?,
            ))
        })
        .collect()
});

/// Rows a High Court is expected to list in a range of days: the counted years, each by its share of
/// days; years after the last counted full one are taken to be like it.
fn expected_rows(court: &CourtCode, range: DateWindow) -> u64 {
    let counts: Vec<&(String, i16, u64)> = TOTALS
        .iter()
        .filter(|(code, _, _)| code == court.as_str())
        .collect();
    let last_full = counts
        .iter()
        .map(|(_, year, _)| *year)
        .filter(|year| *year < 2026)
        .max();
    let mut sum = 0;
    for year in range.from().year()..=range.to().year() {
        let basis = last_full.map_or(year, |last| year.min(last));
        let Some((_, _, rows)) = counts.iter().find(|(_, counted, _)| *counted == basis) else {
            continue;
        };
        let first: Date = date(year, 1, 1).max(range.from());
        let last: Date = date(year, 12, 31).min(range.to());
        let Ok(part) = DateWindow::new(first, last) else {
            continue;
        };
        sum += rows * u64::try_from(part.days()).unwrap_or(0) / 365;
    }
    sum
}

/// Seconds for `requests` requests to one host: by pace, by the hour's and the day's budget, whichever is slowest.
fn seconds_for(requests: u64, politeness: &Politeness) -> u64 {
    let paced = (requests as f64 * politeness.min_interval.as_secs_f64()) as u64;
    let by_hour = requests * 3_600 / u64::from(politeness.per_hour.max(1));
    let by_day = requests * 86_400 / u64::from(politeness.per_day.max(1));
    // Within a day's budget only the hour counts, and within an hour's only the pace.
    let daily = if requests > u64::from(politeness.per_day) {
        by_day
    } else {
        0
    };
    let hourly = if requests > u64::from(politeness.per_hour) {
        by_hour
    } else {
        0
    };
    paced.max(hourly).max(daily)
}

/// Plans `config` against the lake without touching the network. `lake` is absent before the first run.
pub fn plan(
    config: &PipelineConfig,
    lake: Option<&Lake>,
    today: Date,
) -> Result<Plan, PipelineError> {
    let mut lines = Vec::new();
    for source in &config.sources {
        let known = match lake {
            Some(lake) => lake.ledger().windows(Some(source.source))?,
            None => Vec::new(),
        };
        for court in schedule::court_list(source)? {
            let mine = schedule::of_court(&known, &court.code);
            let due = Due::of(source, &config.rescan, &mine, today);
            lines.push(line(source, &config.rescan, &court.code, lake, due)?);
        }
    }
    let requests = lines.iter().map(|line| line.requests).sum();
    let mut per_portal = std::collections::BTreeMap::new();
    for line in &lines {
        *per_portal.entry(line.source.portal()).or_insert(0) += line.requests;
    }
    let slowest: u64 = per_portal.values().copied().max().unwrap_or(0);
    Ok(Plan {
        pipeline: config.name.clone(),
        lines,
        requests,
        budget: config.budget.requests,
        seconds: seconds_for(slowest, &config.politeness),
    })
}

/// What a run would do with one court's windows.
#[derive(Default)]
struct Due<'a> {
    new: Vec<DateWindow>,
    open: Vec<&'a WindowRow>,
    again: Vec<&'a WindowRow>,
    counts: u64,
}

impl<'a> Due<'a> {
    fn of(
        source: &SourceConfig,
        rescan: &RescanConfig,
        windows: &[&'a WindowRow],
        today: Date,
    ) -> Self {
        let mut due = Self::default();
        let range = source.range(today);
        let steps = range.map_or_else(Vec::new, |range| {
            schedule::steps(range, windows, rescan, today)
        });
        let mut grown = Vec::new();
        for step in steps {
            match step {
                Step::New(window) => due.new.push(window),
                Step::Grow { id, .. } => grown.push(id),
            }
        }
        for row in windows
            .iter()
            .filter(|row| schedule::intersects(row.spec.window, range))
        {
            match schedule::look(row, source, rescan, today) {
                _ if schedule::is_open(row.state) => due.open.push(row),
                Some(Look::Walk) => due.again.push(row),
                _ if grown.contains(&row.id) => due.again.push(row),
                Some(Look::Count { .. }) => due.counts += 1,
                None => {}
            }
        }
        due
    }
}

fn line(
    source: &SourceConfig,
    rescan: &RescanConfig,
    court: &CourtCode,
    lake: Option<&Lake>,
    due: Due<'_>,
) -> Result<PlanLine, PipelineError> {
    let expect = |window: DateWindow| match source.source {
        SourceId::EcourtsHc => expected_rows(court, window),
        SourceId::EcourtsScr | SourceId::Scr => {
            SCR_ROWS_A_YEAR * u64::try_from(window.days()).unwrap_or(0) / 365
        }
        SourceId::SciFeed => 0,
    };
    let rows_of = |windows: &[&WindowRow]| -> u64 {
        windows
            .iter()
            .filter_map(|row| row.next_range())
            .map(expect)
            .sum()
    };
    // What is walked again is mostly known: its rows cost requests, and few new documents.
    let again = rows_of(&due.again);
    let rows = match source.source {
        SourceId::SciFeed => FEED_ROWS,
        _ => due.new.iter().copied().map(expect).sum::<u64>() + rows_of(&due.open),
    };
    let pending = match lake {
        Some(lake) => {
            let now = jiff::Timestamp::MAX;
            lake.ledger()
                .document_counts(Some(source.source), Some(court), now)?
                .pending
        }
        None => 0,
    };
    let documents = if source.documents { rows + pending } else { 0 };
    let page = u64::from(source.page_size);
    let searches = rows
        .div_ceil(page)
        .max((due.new.len() + due.open.len()) as u64)
        + again.div_ceil(page).max(due.again.len() as u64)
        + due.counts.min(u64::from(rescan.counts_a_run));
    let per_session = u64::from(source.documents_per_session);
    let session = if searches + documents > 0 { SESSION } else { 0 };
    let requests = match source.source {
        SourceId::SciFeed => 1 + documents,
        _ => searches + session + documents * 2 + documents.div_ceil(per_session) * (SESSION + 1),
    };
    Ok(PlanLine {
        source: source.source,
        court: court.clone(),
        open: due.open.len() as u64,
        again: due.again.len() as u64,
        counts: due.counts.min(u64::from(rescan.counts_a_run)),
        windows: due.new,
        rows,
        documents,
        requests,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_are_whole() {
        assert_eq!(TOTALS.len(), 910);
        assert_eq!(
            TOTALS.iter().map(|(_, _, rows)| rows).sum::<u64>(),
            17_576_687
        );
    }

    #[test]
    fn a_year_of_delhi_is_expected_as_counted() {
        let court: CourtCode = "7_26".parse().unwrap();
        let counted = TOTALS
            .iter()
            .find(|(code, year, _)| code == "7_26" && *year == 2023)
            .unwrap()
            .2;
        assert_eq!(
            expected_rows(&court, "2023-01-01..2023-12-31".parse().unwrap()),
            counted
        );
        assert_eq!(
            expected_rows(&court, "1850-01-01..1850-12-31".parse().unwrap()),
            0
        );
    }
}

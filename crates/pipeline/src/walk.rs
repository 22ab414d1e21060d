//! The walk over a source's lists: windows opened, paged, proven, split.

use std::collections::{HashMap, VecDeque};

use jiff::civil::Date;

use nirnay_fetch::{ErrorClass, FetchError, FetchedPage, JudgmentsClient, PageQuery};
use nirnay_model::{Court, DateWindow, QuarantineReason, QuarantinedRow, SourceId, Split, courts};
use nirnay_parse::judgments::{SearchPage, read_row};
use nirnay_store::{AcceptedRow, PageAcceptance, Proof, WindowRow, WindowSpec, WindowState};

use crate::config::SourceConfig;
use crate::context::Context;
use crate::error::PipelineError;
use crate::event::Event;
use crate::exit;
use crate::range::{gaps, merge_sparse};

/// How often a window is tried in one run before it is left to the next.
const WINDOW_TRIES: u32 = 4;
/// How often a window is walked before it is split.
const WALKS: u32 = 2;
/// A window that fits one page cannot be helped by splitting; it is walked more often.
const SINGLE_PAGE_WALKS: u32 = 5;
/// Replies without rows before the end of a list, each from a fresh session, until the walk begins anew.
const BARREN_PAGES: u32 = 2;
/// Sessions that must say zero before zero is believed.
const ZERO_SESSIONS: u32 = 2;
/// Windows that may fail in a row before the source is left alone.
const FAILED_IN_A_ROW: u32 = 5;

/// How a source's work ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// Everything that could be done was done.
    Done,
    /// It stopped early; the next run goes on. Why, and the exit code for it.
    Stopped { why: String, exit_code: u8 },
}

/// How one attempt at a window ended.
enum Attempt {
    Closed,
    Split(Vec<i64>),
    /// The portal says zero; a second session has to say it too.
    ZeroOnce,
    Failed,
}

/// The walk over one source.
pub(crate) struct Walk<'a> {
    pub(crate) context: &'a Context,
    pub(crate) source: &'a SourceConfig,
    pub(crate) client: JudgmentsClient,
    tries: HashMap<i64, u32>,
    /// The latest proof of a window with repeats: believed when a second walk gives the same.
    proofs: HashMap<i64, Proof>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(
        context: &'a Context,
        source: &'a SourceConfig,
        client: JudgmentsClient,
    ) -> Self {
        Self {
            context,
            source,
            client,
            tries: HashMap::new(),
            proofs: HashMap::new(),
        }
    }

    /// Walks every open window of the source; documents are another stage.
    pub(crate) async fn rows(&mut self) -> Result<Ended, PipelineError> {
        let mut queue: VecDeque<i64> = windows_to_walk(self.context, self.source)?.into();
        let mut zeros = Vec::new();
        let mut failed_in_a_row = 0;
        while let Some(id) = queue.pop_front() {
            let attempt = match self.attempt(id).await {
                Ok(attempt) => attempt,
                Err(stop) => return stop.into_ended(),
            };
            failed_in_a_row = if matches!(attempt, Attempt::Failed) {
                failed_in_a_row + 1
            } else {
                0
            };
            match attempt {
                Attempt::Closed => {}
                Attempt::Split(children) => children
                    .into_iter()
                    .rev()
                    .for_each(|child| queue.push_front(child)),
                Attempt::ZeroOnce => zeros.push((id, self.client.epoch())),
                Attempt::Failed => {
                    let tries = self.tries.entry(id).or_default();
                    *tries += 1;
                    if *tries < WINDOW_TRIES {
                        queue.push_back(id);
                    }
                    if failed_in_a_row >= FAILED_IN_A_ROW {
                        return Ok(Ended::Stopped {
                            why: format!(
                                "{failed_in_a_row} windows failed in a row; the next run goes on"
                            ),
                            exit_code: exit::PORTAL_DOWN,
                        });
                    }
                }
            }
            if queue.is_empty() && !zeros.is_empty() {
                // One fresh session confirms all zeros together.
                if zeros.iter().any(|&(_, epoch)| epoch == self.client.epoch()) {
                    self.client.end_session();
                }
                queue.extend(zeros.drain(..).map(|(id, _)| id));
            }
        }
        Ok(Ended::Done)
    }

    async fn attempt(&mut self, id: i64) -> Result<Attempt, Stop> {
        let window = self.window(id)?;
        match self.walk_window(window).await {
            Ok(attempt) => Ok(attempt),
            Err(Stop::Source(error)) if !stops_source(&error) => {
                self.fail(id, &error.to_string())?;
                Ok(Attempt::Failed)
            }
            Err(Stop::Drift(why)) => {
                self.fail(id, &why)?;
                Err(Stop::Drift(why))
            }
            Err(other) => Err(other),
        }
    }

    /// Pages through a window from its first page that is not accepted yet, then proves its sums.
    async fn walk_window(&mut self, mut window: WindowRow) -> Result<Attempt, Stop> {
        let mut barren = 0;
        loop {
            let walking = matches!(window.state, WindowState::Open | WindowState::Failed);
            // A walk that has all its rows (the process died before it was closed) needs no request.
            if walking
                && window.pages_done > 0
                && window
                    .last_total
                    .is_some_and(|total| window.next_start >= total)
            {
                return self.prove(&window);
            }
            let start = if walking { window.next_start } else { 0 };
            let fetched = self
                .client
                .page(&self.query(&window.spec, start))
                .await
                .map_err(Stop::Source)?;
            if !walking {
                // An old proof gives way only now that there is a reply to replace it with.
                self.context.lake.ledger().reopen_window(window.id)?;
                window = self.window(window.id)?;
            }
            let page = &fetched.page;
            if window.pages_done == 0
                && let Some(attempt) = self.first_page(&window, &fetched)?
            {
                return Ok(attempt);
            }
            if page.rows.is_empty() && start < page.total {
                barren += 1;
                if barren > BARREN_PAGES {
                    return self.disagreement(
                        &window,
                        page.total,
                        "pages without rows before the end".to_owned(),
                    );
                }
                self.client.end_session();
                continue;
            }
            self.accept(&window, &fetched)?;
            window = self.window(window.id)?;
        }
    }

    /// What the first page of a walk decides: nothing there, or too much for one window.
    fn first_page(
        &self,
        window: &WindowRow,
        fetched: &FetchedPage,
    ) -> Result<Option<Attempt>, Stop> {
        let page = &fetched.page;
        self.context.emit(Event::WindowOpened {
            source: self.source.source,
            court: window.spec.court.clone(),
            window: window.spec.window,
            total: page.total,
        });
        if page.total == 0 && page.rows.is_empty() {
            return self.zero(window, fetched).map(Some);
        }
        if page.total <= self.source.max_window_rows {
            return Ok(None);
        }
        match parts_by_size(window, page, self.source.max_window_rows) {
            Some(parts) => self
                .split(window, &parts, format!("{} rows", page.total))
                .map(Some),
            None => Ok(None),
        }
    }

    fn query(&self, spec: &WindowSpec, start: u64) -> PageQuery {
        PageQuery {
            court: portal_code(spec),
            bench: spec.bench.clone(),
            window: spec.window,
            start,
            length: self.source.page_size,
        }
    }

    fn accept(&self, window: &WindowRow, fetched: &FetchedPage) -> Result<(), Stop> {
        let mut rows = Vec::with_capacity(fetched.page.rows.len());
        let mut quarantined = Vec::new();
        for (place, raw) in (0_u32..).zip(&fetched.page.rows) {
            match read_row(&raw.html, self.source.source, self.context.today) {
                Ok(listed) => rows.push(AcceptedRow {
                    judgment: listed.judgment,
                    handle: listed.handle,
                    capture_row: place,
                    serial: raw.serial,
                }),
                Err(row) => quarantined.push((row, place, raw.serial)),
            }
        }
        let (seen, set_aside) = (fetched.page.rows.len() as u64, quarantined.len() as u64);
        refuse_drift(seen, quarantined.iter().map(|(row, _, _)| row))?;
        self.context.lake.accept_page(&PageAcceptance {
            window: window.id,
            run: self.context.run.id,
            run_started: self.context.run.started_at,
            epoch: fetched.epoch,
            start: window.next_start,
            total: fetched.page.total,
            capture_id: fetched.capture_id.clone(),
            rows,
            quarantined,
        })?;
        self.context.emit(Event::PageAccepted {
            source: self.source.source,
            court: window.spec.court.clone(),
            window: window.spec.window,
            rows: seen,
            quarantined: set_aside,
        });
        Ok(())
    }

    /// Closes the window if its sums agree: portal total first = last = rows accepted + set aside.
    fn prove(&mut self, window: &WindowRow) -> Result<Attempt, Stop> {
        let ledger = self.context.lake.ledger();
        let proof = ledger.proof(window.id)?;
        if let Some(why) = self.objection(window, &proof) {
            return self.disagreement(window, window.last_total.unwrap_or(0), why);
        }
        let state = if proof.quarantined == 0 {
            WindowState::Complete
        } else {
            WindowState::CompleteWithQuarantine
        };
        ledger.close_window(window.id, state, self.context.now())?;
        self.context.emit(Event::WindowComplete {
            source: self.source.source,
            court: window.spec.court.clone(),
            window: window.spec.window,
            total: proof.last_total.unwrap_or(0),
            accepted: proof.accepted,
            quarantined: proof.quarantined,
        });
        Ok(Attempt::Closed)
    }

    /// Why the sums cannot be believed, if they cannot.
    fn objection(&mut self, window: &WindowRow, proof: &Proof) -> Option<String> {
        if proof.first_total != proof.last_total {
            let (first, last) = (
                proof.first_total.unwrap_or(0),
                proof.last_total.unwrap_or(0),
            );
            return Some(format!("the portal's total moved from {first} to {last}"));
        }
        if proof.repeats_across_pages > 0 {
            return Some(format!(
                "{} rows stood on two pages",
                proof.repeats_across_pages
            ));
        }
        let sum = proof.accepted + proof.quarantined + proof.repeats_in_page;
        let listed = proof.last_total.unwrap_or(0);
        if sum != listed {
            return Some(format!("the portal lists {listed} rows and gave {sum}"));
        }
        // A row twice on one page may be the portal's truth or a damaged reply: believed when a walk in a
        // fresh session gives the same sums.
        if proof.repeats_in_page > 0
            && self.proofs.insert(window.id, *proof).as_ref() != Some(proof)
        {
            return Some(format!(
                "{} rows stand twice on one page",
                proof.repeats_in_page
            ));
        }
        None
    }

    /// The sums do not agree: walk again in a fresh session, then split, then leave it open.
    fn disagreement(
        &mut self,
        window: &WindowRow,
        total: u64,
        why: String,
    ) -> Result<Attempt, Stop> {
        let single_page = total <= u64::from(self.source.page_size);
        let walks = if single_page {
            SINGLE_PAGE_WALKS
        } else {
            WALKS
        };
        if window.walk < walks {
            self.context.emit(Event::WindowRewalked {
                source: self.source.source,
                court: window.spec.court.clone(),
                window: window.spec.window,
                why,
            });
            self.context.lake.ledger().restart_walk(window.id)?;
            self.client.end_session();
            return Ok(Attempt::Split(vec![window.id]));
        }
        if let Some(parts) = narrower(window) {
            return self.split(window, &parts, why);
        }
        let ledger = self.context.lake.ledger();
        ledger.close_window(window.id, WindowState::Unstable, self.context.now())?;
        self.context.emit(Event::WindowFailed {
            source: self.source.source,
            court: window.spec.court.clone(),
            window: window.spec.window,
            error: format!("unstable: {why}"),
        });
        Ok(Attempt::Closed)
    }

    fn zero(&self, window: &WindowRow, fetched: &FetchedPage) -> Result<Attempt, Stop> {
        let ledger = self.context.lake.ledger();
        self.context.lake.captures().sync()?;
        let sessions = ledger.zero_page(
            window.id,
            self.context.run.id,
            fetched.epoch,
            &fetched.capture_id,
        )?;
        if sessions < ZERO_SESSIONS {
            return Ok(Attempt::ZeroOnce);
        }
        ledger.close_window(window.id, WindowState::Complete, self.context.now())?;
        self.context.emit(Event::WindowComplete {
            source: self.source.source,
            court: window.spec.court.clone(),
            window: window.spec.window,
            total: 0,
            accepted: 0,
            quarantined: 0,
        });
        Ok(Attempt::Closed)
    }

    fn split(
        &self,
        window: &WindowRow,
        parts: &[WindowSpec],
        why: String,
    ) -> Result<Attempt, Stop> {
        self.context.emit(Event::WindowSplit {
            source: self.source.source,
            court: window.spec.court.clone(),
            window: window.spec.window,
            parts: parts.len(),
            why,
        });
        Ok(Attempt::Split(
            self.context.lake.ledger().split_window(window.id, parts)?,
        ))
    }

    fn fail(&self, id: i64, error: &str) -> Result<(), Stop> {
        let window = self.window(id)?;
        self.context.lake.ledger().fail_window(id, error, None)?;
        self.context.emit(Event::WindowFailed {
            source: self.source.source,
            court: window.spec.court.clone(),
            window: window.spec.window,
            error: error.to_owned(),
        });
        Ok(())
    }

    fn window(&self, id: i64) -> Result<WindowRow, Stop> {
        Ok(self.context.lake.ledger().window(id)?)
    }
}

/// Rows on a page that may be unreadable before the page as a whole is taken for one in a new layout.
const DAMAGED_ROWS: u64 = 5;

/// A page of which more than a twentieth cannot be read is no page with a few damaged rows: the portal has
/// changed, and nothing of it is published. The capture is kept.
pub(crate) fn refuse_drift<'a>(
    rows: u64,
    set_aside: impl Iterator<Item = &'a QuarantinedRow>,
) -> Result<(), Stop> {
    let unreadable = set_aside
        .filter(|row| {
            matches!(
                row.reason,
                QuarantineReason::Unreadable
                    | QuarantineReason::TooComplex
                    | QuarantineReason::NoDocumentLink
                    | QuarantineReason::StrangePath
                    | QuarantineReason::UnknownCourt
            )
        })
        .collect::<Vec<_>>();
    let count = unreadable.len() as u64;
    if count < DAMAGED_ROWS || count * 20 <= rows {
        return Ok(());
    }
    let example = unreadable.first().map_or("", |row| row.detail.as_str());
    Err(Stop::Drift(format!(
        "{count} of {rows} rows on the page could not be read (for example: {example}); the portal's layout has changed"
    )))
}

/// What ends a window's attempt early.
pub(crate) enum Stop {
    /// A portal error; whether it stops the source depends on its class.
    Source(FetchError),
    /// The portal's replies are no longer understood: the source stops.
    Drift(String),
    /// The lake is in trouble: everything stops.
    Broken(PipelineError),
}

impl Stop {
    /// The end of the source's work, or of everything.
    pub(crate) fn into_ended(self) -> Result<Ended, PipelineError> {
        match self {
            Self::Source(error) => Ok(Ended::Stopped {
                exit_code: exit::of_fetch(&error),
                why: error.to_string(),
            }),
            Self::Drift(why) => Ok(Ended::Stopped {
                exit_code: exit::DRIFT,
                why,
            }),
            Self::Broken(error) => Err(error),
        }
    }
}

impl From<nirnay_store::StoreError> for Stop {
    fn from(error: nirnay_store::StoreError) -> Self {
        Self::Broken(error.into())
    }
}

/// Whether an error ends the source's work for this run. Drift and bugs do too: what is not
/// understood must not be asked for again and again.
pub(crate) fn stops_source(error: &FetchError) -> bool {
    match error.class() {
        ErrorClass::Transient | ErrorClass::Expired | ErrorClass::Permanent(_) => false,
        ErrorClass::Throttled { .. }
        | ErrorClass::Blocked
        | ErrorClass::Stopped(_)
        | ErrorClass::CaptchaCap
        | ErrorClass::Drift
        | ErrorClass::Local
        | ErrorClass::Bug => true,
    }
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
fn windows_to_walk(context: &Context, source: &SourceConfig) -> Result<Vec<i64>, PipelineError> {
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

fn portal_code(spec: &WindowSpec) -> Option<String> {
    courts()
        .find(spec.court.as_str())
        .map(|court| court.portal_code.clone())
        .filter(|code| !code.is_empty())
}

/// Parts of a window that lists too many rows: by the portal's own year counts where they add up, else
/// as many equal ranges of days as the total asks for.
fn parts_by_size(window: &WindowRow, page: &SearchPage, max_rows: u64) -> Option<Vec<WindowSpec>> {
    let range = window.spec.window?;
    if range.days() == 1 {
        return narrower(window);
    }
    let by_year = pieces_by_year(range, page);
    let ranges = match by_year {
        Some(pieces) if pieces.len() > 1 => merge_sparse(&pieces, max_rows),
        _ => equal_ranges(range, page.total.div_ceil(max_rows.max(1)) + 1),
    };
    (ranges.len() > 1).then(|| specs(window, &ranges))
}

fn pieces_by_year(range: DateWindow, page: &SearchPage) -> Option<Vec<(DateWindow, u64)>> {
    let Split::Into(years) = range.split() else {
        return None;
    };
    if range.from().year() == range.to().year() {
        return None;
    }
    let count = |year: i16| {
        page.facets
            .years
            .iter()
            .find(|facet| facet.name.trim() == year.to_string())
            .map_or(0, |facet| facet.count)
    };
    let pieces: Vec<(DateWindow, u64)> = years
        .into_iter()
        .map(|window| (window, count(window.from().year())))
        .collect();
    // Facets that do not add up to the total are no basis for a plan.
    (pieces.iter().map(|(_, rows)| rows).sum::<u64>() == page.total).then_some(pieces)
}

fn equal_ranges(range: DateWindow, parts: u64) -> Vec<DateWindow> {
    let days = range.days();
    let step = (days / i64::try_from(parts).unwrap_or(days).max(1)).max(1);
    let mut out = Vec::new();
    let mut start = range.from();
    while start <= range.to() {
        let end = start
            .saturating_add(jiff::Span::new().days(step - 1))
            .min(range.to());
        let Ok(window) = DateWindow::new(start, end) else {
            break;
        };
        out.push(window);
        match end.tomorrow() {
            Ok(next) => start = next,
            Err(_) => break,
        }
    }
    out
}

/// The next narrower search: shorter dates, then single benches of the court.
fn narrower(window: &WindowRow) -> Option<Vec<WindowSpec>> {
    match window.spec.window?.split() {
        Split::Into(ranges) => Some(specs(window, &ranges)),
        Split::OneDay if window.spec.bench.is_none() => {
            let court = courts().find(window.spec.court.as_str())?;
            let benches: Vec<String> = court
                .benches
                .iter()
                .filter_map(|bench| bench.dist_code.clone())
                .collect();
            // Splitting by bench is a proof only if every bench can be asked for.
            (benches.len() == court.benches.len() && benches.len() > 1).then(|| {
                benches
                    .into_iter()
                    .map(|bench| WindowSpec {
                        bench: Some(bench),
                        parent: Some(window.id),
                        ..window.spec.clone()
                    })
                    .collect()
            })
        }
        Split::OneDay => None,
    }
}

fn specs(window: &WindowRow, ranges: &[DateWindow]) -> Vec<WindowSpec> {
    ranges
        .iter()
        .map(|&range| WindowSpec {
            window: Some(range),
            parent: Some(window.id),
            ..window.spec.clone()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ranges_cover_the_whole() {
        let range: DateWindow = "2024-01-01..2024-12-31".parse().unwrap();
        for parts in [1, 2, 3, 7, 400] {
            let ranges = equal_ranges(range, parts);
            assert_eq!(
                ranges.iter().map(DateWindow::days).sum::<i64>(),
                366,
                "{parts}"
            );
            assert_eq!(ranges[0].from(), range.from());
            assert_eq!(ranges.last().unwrap().to(), range.to());
        }
    }
}

//! The walk over a source's lists: windows opened, paged, proven, split.

use std::collections::{HashMap, VecDeque};

use nirnay_fetch::{FetchedPage, JudgmentsClient, PageQuery};
use nirnay_model::courts;
use nirnay_parse::judgments::read_row;
use nirnay_store::{AcceptedRow, PageAcceptance, Proof, WindowRow, WindowSpec, WindowState};

use crate::config::SourceConfig;
use crate::context::Context;
use crate::error::PipelineError;
use crate::event::Event;
use crate::exit;
use crate::schedule::windows_to_walk;
use crate::split::{narrower, parts_by_size};
use crate::stop::{Ended, Stop, refuse_drift, stops_source};

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

fn portal_code(spec: &WindowSpec) -> Option<String> {
    courts()
        .find(spec.court.as_str())
        .map(|court| court.portal_code.clone())
        .filter(|code| !code.is_empty())
}

//! What the pages of a window prove: closed, walked again, or split.

use nirnay_fetch::{FetchedPage, JudgmentsClient};
use nirnay_store::{Proof, WindowRow, WindowSpec, WindowState};

use crate::drift::shrink;
use crate::event::Event;
use crate::split::{narrower, parts_by_size};
use crate::stop::Stop;
use crate::walk::{Attempt, Walk};

/// How often a window is walked before it is split.
const WALKS: u32 = 2;
/// A window that fits one page cannot be helped by splitting; it is walked more often.
const SINGLE_PAGE_WALKS: u32 = 5;
/// Sessions that must say zero before zero is believed.
const ZERO_SESSIONS: u32 = 2;

/// True when the bug that believes the first session's zero is switched on (test builds only).
fn planted_zero_without_second_session() -> bool {
    fail::fail_point!("plant-zero-without-second-session", |_| true);
    false
}

impl Walk<'_> {
    /// What the first page of a walk decides: nothing there, or too much for one window.
    pub(crate) fn first_page(
        &mut self,
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

    /// Closes the window if its sums agree: portal total first = last = rows accepted + set aside.
    pub(crate) fn prove(
        &mut self,
        client: &mut JudgmentsClient,
        window: &WindowRow,
    ) -> Result<Attempt, Stop> {
        let proof = self.context.lake.ledger().proof(window.id)?;
        if let Some(why) = self.objection(window, &proof) {
            return self.disagreement(client, window, window.last_total.unwrap_or(0), why);
        }
        self.close(window, &proof)
    }

    fn close(&mut self, window: &WindowRow, proof: &Proof) -> Result<Attempt, Stop> {
        let ledger = self.context.lake.ledger();
        let state = if proof.quarantined == 0 {
            WindowState::Complete
        } else {
            WindowState::CompleteWithQuarantine
        };
        self.tally.not_listed += ledger.close_window(window.id, state, self.context.now())?;
        self.tally.proven += 1;
        shrink::settle(self.context, window, proof.last_total.unwrap_or(0))?;
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
        // A row twice on one page may be the portal's truth or a damaged reply: believed when walks in fresh
        // sessions give the same sums.
        if proof.repeats_in_page > 0
            && self.times_seen(window.id, proof) < self.times_needed(listed)
        {
            return Some(format!(
                "{} rows stand twice on one page",
                proof.repeats_in_page
            ));
        }
        None
    }

    /// How often in a row a window's walk has come to these sums.
    fn times_seen(&mut self, window: i64, proof: &Proof) -> u32 {
        let (known, times) = self.proofs.entry(window).or_insert((*proof, 0));
        if known != proof {
            (*known, *times) = (*proof, 0);
        }
        *times += 1;
        *times
    }

    /// A page costs little: one damaged alike in two sessions is looked at a third time.
    fn times_needed(&self, listed: u64) -> u32 {
        if listed <= u64::from(self.source.page_size) {
            3
        } else {
            2
        }
    }

    /// The sums do not agree: walk again in a fresh session, then split, then leave it open.
    pub(crate) fn disagreement(
        &mut self,
        client: &mut JudgmentsClient,
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
            client.end_session();
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

    fn zero(&mut self, window: &WindowRow, fetched: &FetchedPage) -> Result<Attempt, Stop> {
        self.context.lake.captures().sync()?;
        let sessions = self.context.lake.ledger().zero_page(
            window.id,
            self.context.run.id,
            fetched.epoch,
            &fetched.capture_id,
        )?;
        if sessions < ZERO_SESSIONS && !planted_zero_without_second_session() {
            return Ok(Attempt::ZeroOnce);
        }
        self.close(window, &Proof::default())
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
}

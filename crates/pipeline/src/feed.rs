//! The Supreme Court's feed of latest judgments and orders: one page, then its documents.

use std::collections::HashMap;

use jiff::Timestamp;
use nirnay_extract::identity::Verdict;
use nirnay_fetch::{ErrorClass, FeedClient, FetchError};
use nirnay_model::{CourtCode, Judgment, MissingReason, RowKey, Sha256, SourceId, Verification};
use nirnay_parse::{Reply, pdf, sci};
use nirnay_store::{
    AcceptedRow, AlarmKind, PageAcceptance, PendingDocument, WindowRow, WindowSpec, WindowState,
};

use crate::context::Context;
use crate::documents::{
    Batch, Judged, POSTPONED, Served, TROUBLES, UNNAMED, judged, missing_reason, verdict,
};
use crate::drift::{Place, refuse_drift};
use crate::error::PipelineError;
use crate::event::Event;
use crate::stop::{Ended, Stop, stops_source};
use crate::walk::Tally;

/// How often a document that is refused or wrong is asked for in one run.
const TRIES: u32 = 4;
/// Wanted documents looked at together.
const AHEAD: usize = 1_000;
/// A document that does not name its case is kept after as many servings of the same bytes, hours apart,
/// and given up after as many that were not.
const SERVINGS: u32 = 3;
const MOST_SERVINGS: u32 = 8;

fn spec() -> WindowSpec {
    WindowSpec {
        source: SourceId::SciFeed,
        court: CourtCode::sci(),
        bench: None,
        window: None,
        parent: None,
    }
}

/// The feed is one window that every new run looks at again.
pub(crate) fn plan(context: &Context, known: &[WindowRow]) -> Result<(), PipelineError> {
    if known.is_empty() {
        context.lake.ledger().plan_window(&spec())?;
    }
    Ok(())
}

/// Takes the feed's rows.
pub(crate) async fn rows(
    context: &Context,
    client: &mut FeedClient,
    tally: &mut Tally,
) -> Result<Ended, PipelineError> {
    let ledger = context.lake.ledger();
    let due = ledger
        .windows(Some(SourceId::SciFeed))?
        .into_iter()
        .find(|row| !row.state.is_complete() || row.completed_run != Some(context.run.id));
    let Some(window) = due else {
        return Ok(Ended::Done);
    };
    let fetched = match client.feed().await {
        Ok(fetched) => fetched,
        Err(error) => {
            ledger.fail_window(window.id, &error.to_string(), None)?;
            return Stop::Source(error).into_ended(context, SourceId::SciFeed);
        }
    };
    let page = match sci::feed(&fetched.body, context.today) {
        Reply::Good(page) => page,
        Reply::Refused(refusal) => {
            let place = Place::source(SourceId::SciFeed, context.today);
            let what = format!("the feed was not understood: {refusal}");
            let advice = "its reply is kept under captures/; see whether a newer nirnay reads it";
            let alarm = place.alarm(AlarmKind::Reply, "reply", what, advice);
            return drift(context, &window, Stop::Drift(Box::new(alarm)));
        }
    };
    let total = (page.rows.len() + page.quarantined.len()) as u64;
    let place = Place::court(SourceId::SciFeed, &CourtCode::sci(), context.today);
    if let Err(stop) = refuse_drift(&place, total, page.quarantined.iter())
        && !stop.is_known(context)?
    {
        return drift(context, &window, stop);
    }
    // What the feed shows is always a new walk: an older one, finished or cut off, gives way only now that
    // there is a reply to replace it with.
    ledger.reopen_window(window.id)?;
    let accepted = page.rows.len() as u64;
    let set_aside = page.quarantined.len() as u64;
    let rows: Vec<AcceptedRow> = (0_u32..)
        .zip(page.rows)
        .map(|(place, row)| AcceptedRow {
            judgment: row.judgment,
            handle: row.handle,
            capture_row: place,
            serial: u64::from(place) + 1,
        })
        .collect();
    let quarantined = (0_u32..)
        .zip(page.quarantined)
        .map(|(place, row)| (row, place, accepted + u64::from(place) + 1))
        .collect();
    let counts = context.lake.accept_page(&PageAcceptance {
        window: window.id,
        run: context.run.id,
        run_started: context.run.started_at,
        epoch: 0,
        start: 0,
        total,
        capture_id: fetched.capture_id,
        rows,
        quarantined,
    })?;
    let state = if set_aside == 0 {
        WindowState::Complete
    } else {
        WindowState::CompleteWithQuarantine
    };
    ledger.close_window(window.id, state, context.now())?;
    tally.add(counts);
    tally.proven += 1;
    context.emit(Event::WindowOpened {
        source: SourceId::SciFeed,
        court: CourtCode::sci(),
        window: None,
        total,
    });
    context.emit(Event::PageAccepted {
        source: SourceId::SciFeed,
        court: CourtCode::sci(),
        window: None,
        rows: total,
        quarantined: set_aside,
    });
    context.emit(Event::WindowComplete {
        source: SourceId::SciFeed,
        court: CourtCode::sci(),
        window: None,
        total,
        accepted,
        quarantined: set_aside,
    });
    Ok(Ended::Done)
}

/// The feed is not understood: its window keeps the proof it has, if any, and the source stops.
fn drift(context: &Context, window: &WindowRow, stop: Stop) -> Result<Ended, PipelineError> {
    let ended = stop.into_ended(context, SourceId::SciFeed)?;
    if let Ended::Stopped { why, .. } = &ended {
        context.lake.ledger().fail_window(window.id, why, None)?;
        context.emit(Event::WindowFailed {
            source: SourceId::SciFeed,
            court: CourtCode::sci(),
            window: None,
            error: why.clone(),
        });
    }
    Ok(ended)
}

/// Fetches the feed's documents. The feed has no sessions: a second look is a second request, and where
/// only time can tell, one that comes hours later.
pub(crate) async fn documents(
    context: &Context,
    client: &mut FeedClient,
) -> Result<Ended, PipelineError> {
    let mut fetch = DocumentFetch {
        context,
        tries: HashMap::new(),
        listed: HashMap::new(),
        troubles: 0,
        batch: Batch::new(context),
    };
    let result = fetch.run(client).await;
    fetch.batch.flush()?;
    match result {
        Ok(()) => Ok(Ended::Done),
        Err(stop) => stop.into_ended(context, SourceId::SciFeed),
    }
}

struct DocumentFetch<'a> {
    context: &'a Context,
    tries: HashMap<RowKey, u32>,
    /// Rows whose document was wanted in this run: what may be served in another's place.
    listed: HashMap<RowKey, Judgment>,
    /// Failures in a row that say nothing about a document.
    troubles: u32,
    batch: Batch<'a>,
}

impl DocumentFetch<'_> {
    async fn run(&mut self, client: &mut FeedClient) -> Result<(), Stop> {
        loop {
            self.batch.flush()?;
            let pending = self.context.lake.ledger().pending_documents(
                SourceId::SciFeed,
                None,
                None,
                self.context.now(),
                AHEAD,
            )?;
            if pending.is_empty() {
                return Ok(());
            }
            for document in &pending {
                self.listed
                    .entry(document.row_key.clone())
                    .or_insert_with(|| document.judgment.clone());
            }
            for document in &pending {
                self.one(client, document).await?;
            }
        }
    }

    /// One try at one document.
    async fn one(
        &mut self,
        client: &mut FeedClient,
        document: &PendingDocument,
    ) -> Result<(), Stop> {
        let fetched = match client.document(&document.handle).await {
            Ok(fetched) => fetched,
            Err(error) => {
                let ErrorClass::Permanent(reason) = error.class() else {
                    return self.trouble(document, error);
                };
                self.troubles = 0;
                return self.again(document, None, error.to_string(), reason);
            }
        };
        self.troubles = 0;
        let sha256 = Sha256::of(&fetched.bytes);
        if let Err(bad) = pdf::look(&fetched.bytes, fetched.content_length) {
            return self.again(document, None, bad.to_string(), missing_reason(&bad));
        }
        let others: Vec<&Judgment> = self
            .listed
            .values()
            .filter(|other| other.document_path != document.judgment.document_path)
            .collect();
        let bytes = fetched.bytes.clone();
        let verdict = verdict(self.context, document, bytes, sha256, &others).await?;
        let unnamed = matches!(verdict, Verdict::Unconfirmed | Verdict::AnotherCase { .. });
        let served = Served::of(&fetched.bytes, sha256);
        match judged(self.context, &mut self.batch, document, served, verdict)? {
            Judged::Keep(Verification::Unconfirmed) if document.attempts < SERVINGS - 1 => {
                self.later(document, Some(sha256), UNNAMED)
            }
            Judged::Keep(check) => self.batch.add(document, fetched.bytes, sha256, check),
            Judged::Again { why, .. } if unnamed && document.attempts < MOST_SERVINGS => {
                self.later(document, Some(sha256), &why)
            }
            Judged::Again { why, give_up_as } if unnamed => {
                self.give_up(document, &why, give_up_as)
            }
            Judged::Again { why, give_up_as } => {
                self.again(document, Some(sha256), why, give_up_as)
            }
        }
    }

    /// Trouble on the way says nothing about the document: the next ones have their turn before it. Three
    /// times in a row it is the portal's, and the source stops.
    fn trouble(&mut self, document: &PendingDocument, error: FetchError) -> Result<(), Stop> {
        if stops_source(&error) {
            return Err(Stop::Source(error));
        }
        self.later(document, None, &error.to_string())?;
        self.troubles += 1;
        if self.troubles >= TROUBLES {
            return Err(Stop::Source(error));
        }
        Ok(())
    }

    /// The document stays wanted, and is left alone for hours.
    fn later(
        &self,
        document: &PendingDocument,
        sha256: Option<Sha256>,
        why: &str,
    ) -> Result<(), Stop> {
        let at = self.context.now().saturating_add(POSTPONED);
        let at = at.unwrap_or(Timestamp::MAX);
        let ledger = self.context.lake.ledger();
        ledger.document_retry(&document.row_key, why, sha256, Some(at))?;
        self.context.emit(Event::DocumentRetry {
            row_key: document.row_key.clone(),
            why: why.to_owned(),
        });
        Ok(())
    }

    /// Notes a failed try; after the last one the document is parked with its reason.
    fn again(
        &mut self,
        document: &PendingDocument,
        sha256: Option<Sha256>,
        why: String,
        give_up_as: MissingReason,
    ) -> Result<(), Stop> {
        let times = self.tries.entry(document.row_key.clone()).or_default();
        *times += 1;
        if *times >= TRIES {
            return self.give_up(document, &why, give_up_as);
        }
        let ledger = self.context.lake.ledger();
        ledger.document_retry(&document.row_key, &why, sha256, None)?;
        self.context.emit(Event::DocumentRetry {
            row_key: document.row_key.clone(),
            why,
        });
        Ok(())
    }

    fn give_up(
        &self,
        document: &PendingDocument,
        why: &str,
        reason: MissingReason,
    ) -> Result<(), Stop> {
        let now = self.context.now();
        let ledger = self.context.lake.ledger();
        ledger.document_missing(&document.row_key, reason, why, now)?;
        self.context.emit(Event::DocumentMissing {
            row_key: document.row_key.clone(),
            reason,
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests;

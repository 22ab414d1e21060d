//! The Supreme Court's feed of latest judgments and orders: one page, then its documents.

use std::collections::HashMap;

use nirnay_extract::identity::{Verdict, check};
use nirnay_fetch::{ErrorClass, FeedClient};
use nirnay_model::{CourtCode, MissingReason, RowKey, Sha256, SourceId, Verification};
use nirnay_parse::{Reply, pdf, sci};
use nirnay_store::{
    AcceptedRow, PageAcceptance, PendingDocument, WindowRow, WindowSpec, WindowState,
};

use crate::context::Context;
use crate::documents::{Batch, missing_reason};
use crate::error::PipelineError;
use crate::event::Event;
use crate::stop::{Ended, Stop, refuse_drift, stops_source};

const TRIES: u32 = 4;

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
            if !window.state.is_complete() {
                ledger.fail_window(window.id, &error.to_string(), None)?;
            }
            return Stop::Source(error).into_ended();
        }
    };
    let page = match sci::feed(&fetched.body, context.today) {
        Reply::Good(page) => page,
        Reply::Refused(refusal) => {
            return drift(
                context,
                &window,
                format!("the feed was not understood: {refusal}"),
            );
        }
    };
    let total = (page.rows.len() + page.quarantined.len()) as u64;
    if let Err(Stop::Drift(why)) = refuse_drift(total, page.quarantined.iter()) {
        return drift(context, &window, why);
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
    context.lake.accept_page(&PageAcceptance {
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

/// The feed is not understood: its window stays open and the source stops.
fn drift(context: &Context, window: &WindowRow, why: String) -> Result<Ended, PipelineError> {
    context.lake.ledger().reopen_window(window.id)?;
    context.lake.ledger().fail_window(window.id, &why, None)?;
    context.emit(Event::WindowFailed {
        source: SourceId::SciFeed,
        court: CourtCode::sci(),
        window: None,
        error: why.clone(),
    });
    Stop::Drift(why).into_ended()
}

/// Fetches the feed's documents. The feed has no sessions, so a second look is just a second request.
pub(crate) async fn documents(
    context: &Context,
    client: &mut FeedClient,
) -> Result<Ended, PipelineError> {
    let ledger = context.lake.ledger();
    let mut tries: HashMap<RowKey, u32> = HashMap::new();
    let mut batch = Batch::new(context);
    loop {
        batch.flush()?;
        let pending =
            ledger.pending_documents(SourceId::SciFeed, None, None, context.now(), 1_000)?;
        if pending.is_empty() {
            return Ok(Ended::Done);
        }
        for document in pending {
            let times = tries.entry(document.row_key.clone()).or_default();
            *times += 1;
            match one(context, client, &document, &mut batch).await {
                Ok(None) => {}
                Ok(Some((why, reason))) if *times >= TRIES => {
                    ledger.document_missing(&document.row_key, reason, &why, context.now())?;
                    context.emit(Event::DocumentMissing {
                        row_key: document.row_key,
                        reason,
                    });
                }
                Ok(Some((why, _))) => {
                    context.emit(Event::DocumentRetry {
                        row_key: document.row_key,
                        why,
                    });
                }
                Err(stop) => {
                    batch.flush()?;
                    return stop.into_ended();
                }
            }
        }
    }
}

/// One try at one document: stored, or why not.
async fn one(
    context: &Context,
    client: &mut FeedClient,
    document: &PendingDocument,
    batch: &mut Batch<'_>,
) -> Result<Option<(String, MissingReason)>, Stop> {
    let ledger = context.lake.ledger();
    let fetched = match client.document(&document.handle).await {
        Ok(fetched) => fetched,
        Err(error) if stops_source(&error) => return Err(Stop::Source(error)),
        // Only what the portal says of this document may give it up; trouble on the way stops the source.
        Err(error) => {
            let ErrorClass::Permanent(reason) = error.class() else {
                return Err(Stop::Source(error));
            };
            ledger.document_retry(&document.row_key, &error.to_string(), None, None)?;
            return Ok(Some((error.to_string(), reason)));
        }
    };
    if let Err(bad) = pdf::look(&fetched.bytes, fetched.content_length) {
        ledger.document_retry(&document.row_key, &bad.to_string(), None, None)?;
        return Ok(Some((bad.to_string(), missing_reason(&bad))));
    }
    let sha256 = Sha256::of(&fetched.bytes);
    let extractor = std::sync::Arc::clone(&context.extractor);
    let bytes = fetched.bytes.clone();
    let extracted = tokio::task::spawn_blocking(move || extractor.extract(&bytes))
        .await
        .map_err(|error| PipelineError::Internal(error.to_string()))?;
    context
        .lake
        .put_cached_text(&sha256, &crate::extract::cached(&extracted)?)?;
    let verdict = extracted.map_or(Verdict::NoText, |extraction| {
        check(&document.judgment, &[], &extraction.pages)
    });
    let keep = match verdict {
        Verdict::Matched => Verification::Matched,
        Verdict::NoText => Verification::NoText,
        Verdict::Unconfirmed | Verdict::Other { .. } if document.last_sha256 == Some(sha256) => {
            Verification::Unconfirmed
        }
        Verdict::Unconfirmed | Verdict::Other { .. } => {
            let why = "the text names neither the case nor its parties".to_owned();
            ledger.document_retry(&document.row_key, &why, Some(sha256), None)?;
            return Ok(Some((why, MissingReason::WrongDocument)));
        }
    };
    batch.add(document, fetched.bytes, sha256, keep)?;
    Ok(None)
}

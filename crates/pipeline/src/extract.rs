//! The text stage: one shard in, one file out.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use nirnay_extract::{ExtractFailure, Extraction};
use nirnay_model::Sha256;
use nirnay_store::{CachedText, Derived, Lake, Shard, TextJob, TextOutcome};
use serde::Serialize;

use crate::changed::Changed;
use crate::error::PipelineError;
use crate::event::{Event, Observer, Stage};
use crate::text::TextExtractor;

/// What the text stage did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ExtractReport {
    /// Shards whose file was written anew.
    pub shards_written: u64,
    /// Documents extracted in this call; the others were known already.
    pub extracted: u64,
    /// Documents that gave no text, by reason.
    pub failed: std::collections::BTreeMap<String, u64>,
    /// Pages in the published text.
    pub pages: u64,
}

/// What an extraction leaves in the lake's cache: pages, or why there are none. A failure of the extractor
/// itself is no property of the document and is not kept.
fn cached(
    result: &Result<Extraction, ExtractFailure>,
    extractor: &str,
) -> Result<CachedText, PipelineError> {
    Ok(match result {
        Ok(extraction) => CachedText {
            extractor: extractor.to_owned(),
            engine: extraction.engine.clone(),
            outcome: TextOutcome::Pages(extraction.pages.clone()),
            notes: notes(extraction),
        },
        Err(failure) if !failure.is_about_the_document() => {
            return Err(PipelineError::Extractor(failure.clone()));
        }
        Err(failure) => CachedText {
            extractor: extractor.to_owned(),
            engine: String::new(),
            outcome: TextOutcome::Failed(failure.reason().to_owned()),
            notes: Vec::new(),
        },
    })
}

/// What signature fields and annotations say, by page. A signature that is shown nowhere stands on the first page.
fn notes(extraction: &Extraction) -> Vec<(u32, String)> {
    let last = extraction.pages.last().map_or(0, |page| page.page);
    let signatures = extraction.signatures.iter().map(|signature| {
        let json = serde_json::json!({
            "kind": "signature",
            "text": signature.text,
            "signer": signature.signer,
            "signed_at": signature.signed_at,
            "reason": signature.reason,
        });
        (signature.page.unwrap_or(1), json.to_string())
    });
    let annotations = extraction.annotations.iter().map(|annotation| {
        let json = serde_json::json!({ "kind": annotation.kind, "text": annotation.text });
        (annotation.page, json.to_string())
    });
    let mut notes: Vec<(u32, String)> = signatures
        .chain(annotations)
        .map(|(page, json)| (page.min(last), json))
        .collect();
    notes.sort_by_key(|(page, _)| *page);
    notes
}

/// Keeps what an extraction gave. One that ran out of time may have met a busy machine: a later run tries
/// it once more.
pub(crate) fn keep(
    lake: &Lake,
    (run, extractor): (i64, &str),
    sha256: &Sha256,
    result: &Result<Extraction, ExtractFailure>,
) -> Result<CachedText, PipelineError> {
    let text = cached(result, extractor)?;
    lake.put_cached_text(sha256, &text)?;
    if matches!(result, Err(ExtractFailure::TimedOut)) {
        lake.ledger().note_timeout(sha256, run)?;
    }
    Ok(text)
}

/// Extracts the text of every stored document that has none of this extractor yet and publishes `text/`.
///
/// A shard is (year, court, bench, part); its file is a pure function of the documents in it, so a shard
/// that was finished before a crash is skipped and one that was not is done again. Partitions in which
/// nothing changed since their text was published are not looked at.
pub fn extract_text(
    lake: &Lake,
    extractor: &dyn TextExtractor,
    jobs: usize,
    observer: &dyn Observer,
) -> Result<ExtractReport, PipelineError> {
    extract_in_run(lake, extractor, jobs, observer, NO_RUN)
}

/// The number of no run: outside of one, every document that ran out of time is tried again.
const NO_RUN: i64 = 0;

fn extract_in_run(
    lake: &Lake,
    extractor: &dyn TextExtractor,
    jobs: usize,
    observer: &dyn Observer,
    run: i64,
) -> Result<ExtractReport, PipelineError> {
    let mut report = ExtractReport::default();
    retry_timeouts(lake, extractor, run, &mut report)?;
    lake.ledger()
        .expect_version(Derived::Text, extractor.version())?;
    let changed = Changed::of(lake, Derived::Text)?;
    let shards = lake.shards()?;
    let due: Vec<&Shard> = shards.iter().filter(|shard| changed.holds(shard)).collect();
    let total = due.iter().map(|shard| shard.rows).sum();
    observer.observe(&Event::StageStarted {
        stage: Stage::Extract,
        total: Some(total),
    });
    let done = AtomicU64::new(0);
    let mut lost = Vec::new();
    for shard in due {
        let tick = || {
            observer.observe(&Event::StageProgress {
                stage: Stage::Extract,
                done: done.fetch_add(1, Ordering::Relaxed) + 1,
            });
        };
        if one_shard(lake, extractor, (jobs, run), shard, &mut report, &tick)? {
            lost.push(shard);
        }
    }
    report.pages = lake.finish_text()?.rows;
    // Publishing text counts pages, which is a change by itself: what is true now is what was made. Only where
    // the bytes of a document were not there is something left to do.
    let made = Changed::of(lake, Derived::Text)?.without(&lost);
    lake.ledger().layer_made(Derived::Text, &made)?;
    observer.observe(&Event::StageFinished {
        stage: Stage::Extract,
    });
    Ok(report)
}

/// Tries once more what ran out of time in an earlier run.
fn retry_timeouts(
    lake: &Lake,
    extractor: &dyn TextExtractor,
    run: i64,
    report: &mut ExtractReport,
) -> Result<(), PipelineError> {
    for sha256 in lake.ledger().timeouts_before(run)? {
        if let Some(bytes) = lake.documents().read(&sha256)? {
            let text = cached(&extractor.extract(&bytes), extractor.version())?;
            lake.put_cached_text(&sha256, &text)?;
            report.extracted += 1;
        }
        lake.ledger().timeout_settled(&sha256)?;
    }
    Ok(())
}

/// True if the bytes of a document were not there.
fn one_shard(
    lake: &Lake,
    extractor: &dyn TextExtractor,
    (jobs, run): (usize, i64),
    shard: &Shard,
    report: &mut ExtractReport,
    tick: &(dyn Fn() + Sync),
) -> Result<bool, PipelineError> {
    let queue: Mutex<VecDeque<TextJob>> = Mutex::new(lake.text_shard_documents(shard)?.into());
    let tally = Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while let Some(job) = pop(&queue) {
                    let outcome = one_document(lake, extractor, run, &job);
                    tick();
                    let Ok(mut tally) = tally.lock() else { return };
                    match outcome {
                        Ok(done) => tally.count(done),
                        Err(error) => {
                            tally.broken.get_or_insert(error);
                            return;
                        }
                    }
                }
            });
        }
    });
    let tally = tally
        .into_inner()
        .map_err(|_| PipelineError::Internal("an extraction thread panicked".to_owned()))?;
    if let Some(error) = tally.broken {
        return Err(error);
    }
    report.extracted += tally.extracted;
    let lost = tally.failed.contains_key(LOST);
    for (reason, count) in tally.failed {
        *report.failed.entry(reason).or_default() += count;
    }
    let published = lake.publish_text(shard)?;
    report.shards_written += u64::from(published.written);
    Ok(lost)
}

fn pop(queue: &Mutex<VecDeque<TextJob>>) -> Option<TextJob> {
    queue.lock().ok().and_then(|mut queue| queue.pop_front())
}

#[derive(Default)]
struct Tally {
    extracted: u64,
    failed: std::collections::BTreeMap<String, u64>,
    broken: Option<PipelineError>,
}

impl Tally {
    fn count(&mut self, done: Done) {
        if done.fresh {
            self.extracted += 1;
        }
        if let Some(reason) = done.failure {
            *self.failed.entry(reason).or_default() += 1;
        }
    }
}

struct Done {
    fresh: bool,
    failure: Option<String>,
}

/// The reason under which documents are counted whose bytes are not there.
const LOST: &str = "document_lost";

fn one_document(
    lake: &Lake,
    extractor: &dyn TextExtractor,
    run: i64,
    job: &TextJob,
) -> Result<Done, PipelineError> {
    if job.made_by.as_deref() == Some(extractor.version()) {
        return Ok(Done {
            fresh: false,
            failure: None,
        });
    }
    let Some(bytes) = lake.documents().read(&job.sha256)? else {
        return Ok(Done {
            fresh: false,
            failure: Some(LOST.to_owned()),
        });
    };
    let made = extractor.extract(&bytes);
    let text = keep(lake, (run, extractor.version()), &job.sha256, &made)?;
    Ok(Done {
        fresh: true,
        failure: match text.outcome {
            TextOutcome::Pages(_) => None,
            TextOutcome::Failed(reason) => Some(reason),
        },
    })
}

/// Extracts and publishes on a thread of its own, so that an async caller can await it.
pub(crate) async fn extract_text_blocking(
    lake: Arc<Lake>,
    extractor: Arc<dyn TextExtractor>,
    jobs: usize,
    observer: Arc<dyn Observer>,
    run: i64,
) -> Result<ExtractReport, PipelineError> {
    tokio::task::spawn_blocking(move || {
        extract_in_run(&lake, extractor.as_ref(), jobs, observer.as_ref(), run)
    })
    .await
    .map_err(|error| PipelineError::Internal(error.to_string()))?
}

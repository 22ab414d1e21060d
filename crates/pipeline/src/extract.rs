//! The text stage: one shard in, one file out.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use nirnay_extract::{ExtractFailure, Extraction};
use nirnay_store::{CachedText, Lake, Shard, TextJob, TextOutcome};
use serde::Serialize;

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
pub(crate) fn cached(
    result: &Result<Extraction, ExtractFailure>,
) -> Result<CachedText, PipelineError> {
    Ok(match result {
        Ok(extraction) => CachedText {
            engine: extraction.engine.clone(),
            outcome: TextOutcome::Pages(extraction.pages.clone()),
        },
        Err(failure) if !failure.is_about_the_document() => {
            return Err(PipelineError::Extractor(failure.clone()));
        }
        Err(failure) => CachedText {
            engine: String::new(),
            outcome: TextOutcome::Failed(failure.reason().to_owned()),
        },
    })
}

/// Extracts the text of every stored document that has none yet and publishes `text/`.
///
/// A shard is (year, court, bench, part); its file is a pure function of the documents in it, so a shard
/// that was finished before a crash is skipped and one that was not is done again.
pub fn extract_text(
    lake: &Lake,
    extractor: &dyn TextExtractor,
    jobs: usize,
    observer: &dyn Observer,
) -> Result<ExtractReport, PipelineError> {
    let shards = lake.shards()?;
    let total = shards.iter().map(|shard| shard.rows).sum();
    observer.observe(&Event::StageStarted {
        stage: Stage::Extract,
        total: Some(total),
    });
    let mut report = ExtractReport::default();
    let done = AtomicU64::new(0);
    for shard in &shards {
        one_shard(lake, extractor, jobs, shard, &mut report, &|| {
            observer.observe(&Event::StageProgress {
                stage: Stage::Extract,
                done: done.fetch_add(1, Ordering::Relaxed) + 1,
            });
        })?;
    }
    lake.finish_text()?;
    observer.observe(&Event::StageFinished {
        stage: Stage::Extract,
    });
    Ok(report)
}

fn one_shard(
    lake: &Lake,
    extractor: &dyn TextExtractor,
    jobs: usize,
    shard: &Shard,
    report: &mut ExtractReport,
    tick: &(dyn Fn() + Sync),
) -> Result<(), PipelineError> {
    let queue: Mutex<VecDeque<TextJob>> = Mutex::new(lake.text_shard_documents(shard)?.into());
    let tally = Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while let Some(job) = pop(&queue) {
                    let outcome = one_document(lake, extractor, &job);
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
    for (reason, count) in tally.failed {
        *report.failed.entry(reason).or_default() += count;
    }
    let published = lake.publish_text(shard)?;
    report.shards_written += u64::from(published.written);
    report.pages += published.pages;
    Ok(())
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

fn one_document(
    lake: &Lake,
    extractor: &dyn TextExtractor,
    job: &TextJob,
) -> Result<Done, PipelineError> {
    if job.ready {
        return Ok(Done {
            fresh: false,
            failure: None,
        });
    }
    let Some(bytes) = lake.documents().read(&job.sha256)? else {
        return Ok(Done {
            fresh: false,
            failure: Some("document_lost".to_owned()),
        });
    };
    let text = cached(&extractor.extract(&bytes))?;
    lake.put_cached_text(&job.sha256, &text)?;
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
) -> Result<ExtractReport, PipelineError> {
    tokio::task::spawn_blocking(move || {
        extract_text(&lake, extractor.as_ref(), jobs, observer.as_ref())
    })
    .await
    .map_err(|error| PipelineError::Internal(error.to_string()))?
}

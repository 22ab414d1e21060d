//! Requests and captchas of a run, counted into the ledger as they happen.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use nirnay_fetch::FetchEvent;
use nirnay_model::{CaptureKind, Portal};
use nirnay_store::{CaptchaAnswer, Lake};

/// Replies counted in memory before they go to the ledger together: figures for people, not for budgets
/// (those are reserved beforehand), so a crash may lose this many.
const FLUSH_EVERY: u64 = 50;

/// Counts what one source's clients do.
pub(crate) struct Counters {
    lake: Arc<Lake>,
    run: i64,
    host: String,
    waiting: Mutex<HashMap<CaptureKind, (u64, u64)>>,
}

impl Counters {
    pub(crate) fn new(lake: Arc<Lake>, run: i64, host: String) -> Self {
        Self {
            lake,
            run,
            host,
            waiting: Mutex::default(),
        }
    }

    pub(crate) fn observe(&self, event: &FetchEvent) {
        match event {
            FetchEvent::ReplyReceived { kind, bytes, .. } => {
                let full = {
                    let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                    let entry = waiting.entry(*kind).or_default();
                    entry.0 += 1;
                    entry.1 += bytes;
                    waiting.values().map(|(replies, _)| replies).sum::<u64>() >= FLUSH_EVERY
                };
                if full {
                    self.flush();
                }
            }
            FetchEvent::CaptchaAnswered {
                solver,
                model,
                portal,
                length,
                accepted,
            } => self.captcha(solver, model, *portal, *length, *accepted),
            // A picture that nobody could read is an answer of no characters that nobody took.
            FetchEvent::CaptchaUnread {
                solver,
                model,
                portal,
            } => self.captcha(solver, model, *portal, 0, false),
            _ => {}
        }
    }

    fn captcha(&self, solver: &str, model: &str, portal: Portal, length: usize, accepted: bool) {
        report(self.lake.ledger().count_captcha(&CaptchaAnswer {
            run: self.run,
            portal,
            solver,
            model,
            length,
            accepted,
        }));
    }

    /// Writes what is waiting.
    pub(crate) fn flush(&self) {
        let waiting =
            std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        for (kind, (replies, bytes)) in waiting {
            report(
                self.lake
                    .ledger()
                    .count_requests(self.run, &self.host, kind, replies, bytes),
            );
        }
    }
}

/// A figure that could not be counted must not stop a crawl; a ledger in trouble will stop it at the
/// next row.
fn report(result: Result<(), nirnay_store::StoreError>) {
    if let Err(error) = result {
        tracing::warn!("a figure was not counted: {error}");
    }
}

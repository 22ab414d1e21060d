//! Counters of requests and captchas.

use nirnay_model::{CaptureKind, Portal};

use super::Ledger;
use super::values::{Named, Text};
use crate::StoreError;

/// One captcha answer and the portal's verdict.
#[derive(Debug, Clone, Copy)]
pub struct CaptchaAnswer<'a> {
    /// The run.
    pub run: i64,
    /// The portal that asked.
    pub portal: Portal,
    /// Who answered (`onnx`, `manual`, …).
    pub solver: &'a str,
    /// The model or program behind it; may be empty.
    pub model: &'a str,
    /// The number of characters answered; 0 for a picture that the solver had no guess at.
    pub length: usize,
    /// The portal's verdict.
    pub accepted: bool,
}

/// Captcha answers of one kind.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CaptchaStat {
    /// The run.
    pub run: i64,
    /// The portal that asked.
    pub portal: Portal,
    /// Who answered.
    pub solver: String,
    /// The model or program behind it.
    pub model: String,
    /// The number of characters answered; 0 for pictures that the solver had no guess at.
    pub length: u32,
    /// Answers given.
    pub answered: u64,
    /// Answers the portal took.
    pub accepted: u64,
}

/// Requests of one kind.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RequestStat {
    /// The run.
    pub run: i64,
    /// The host.
    pub host: String,
    /// What they were for.
    pub kind: CaptureKind,
    /// Their number.
    pub requests: u64,
    /// Bytes of the replies.
    pub bytes: u64,
}

impl Ledger {
    /// Counts a captcha answer.
    pub fn count_captcha(&self, answer: &CaptchaAnswer<'_>) -> Result<(), StoreError> {
        self.write("counting a captcha", |tx| {
            tx.prepare_cached(
                "INSERT INTO captchas (run, portal, solver, model, length, answered, accepted)
                 VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6) ON CONFLICT DO UPDATE
                 SET answered = answered + 1, accepted = accepted + excluded.accepted",
            )?
            .execute((
                answer.run,
                answer.portal.name(),
                answer.solver,
                answer.model,
                answer.length,
                u32::from(answer.accepted),
            ))?;
            Ok(())
        })
    }

    /// Captcha answers (of one run), by run, portal, solver, model and length.
    pub fn captcha_stats(&self, run: Option<i64>) -> Result<Vec<CaptchaStat>, StoreError> {
        self.read("reading captcha counts", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT run, portal, solver, model, length, answered, accepted FROM captchas
                 WHERE ?1 IS NULL OR run = ?1 ORDER BY run, portal, solver, model, length",
            )?;
            let rows = statement.query_map([run], |row| {
                Ok(CaptchaStat {
                    run: row.get(0)?,
                    portal: row.get::<_, Text<Portal>>(1)?.0,
                    solver: row.get(2)?,
                    model: row.get(3)?,
                    length: row.get(4)?,
                    answered: row.get(5)?,
                    accepted: row.get(6)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Counts `requests` requests with `bytes` bytes of replies.
    pub fn count_requests(
        &self,
        run: i64,
        host: &str,
        kind: CaptureKind,
        requests: u64,
        bytes: u64,
    ) -> Result<(), StoreError> {
        self.write("counting requests", |tx| {
            tx.prepare_cached(
                "INSERT INTO requests (run, host, kind, requests, bytes) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, bytes = bytes + excluded.bytes",
            )?
            .execute((run, host, kind.name(), requests, bytes))?;
            Ok(())
        })
    }

    /// Requests (of one run), by run, host and kind.
    pub fn request_stats(&self, run: Option<i64>) -> Result<Vec<RequestStat>, StoreError> {
        self.read("reading request counts", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT run, host, kind, requests, bytes FROM requests
                 WHERE ?1 IS NULL OR run = ?1 ORDER BY run, host, kind",
            )?;
            let rows = statement.query_map([run], |row| {
                Ok(RequestStat {
                    run: row.get(0)?,
                    host: row.get(1)?,
                    kind: row.get::<_, Named<CaptureKind>>(2)?.0,
                    requests: row.get(3)?,
                    bytes: row.get(4)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

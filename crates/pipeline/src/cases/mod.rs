//! Cases in bulk: lists of CNRs and case numbers, cause lists by day, numbers of a complex by type and year; known
//! cases asked again.
//!
//! Every question ends as found, none (the portal said so in two sessions) or failed with a reason; the ledger
//! keeps which, so that the same command goes on after any death, and done is a sum that agrees.

mod file;
mod listing;
mod papers;
mod question;
mod seen;
mod walk;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;
use nirnay_fetch::{CaptchaSolver, Clock, HostStateStore, Politeness, StopSignal};
use nirnay_model::{CaseKey, CasePortal, Sha256};
use nirnay_store::{CaseItemRow, CaseItemState, Lake, PublishReport, SightingCounts};
use serde::Serialize;

pub use file::read_questions;
pub use listing::import_listing;
pub use papers::{Paper, PaperFate, PaperHolders, PaperOf, PaperStop, Papers};
pub use question::{DistrictPlace, Question, portal_of};
pub use seen::{document_ask, keep_answer};

use crate::crawl::TransportFactory;
use crate::error::PipelineError;
use crate::exit;
use crate::removal::apply_removals;
use crate::text::TextExtractor;

use walk::Walk;

/// Failures that a report lists.
const MOST_LISTED: usize = 100;

/// What a walk over case portals needs from outside.
#[derive(Clone)]
pub struct CaseDeps {
    /// Makes what sends requests to one origin.
    pub transport: TransportFactory,
    /// Reads captchas.
    pub solver: Arc<dyn CaptchaSolver>,
    /// Remembers pace and budgets of each host.
    pub host_states: Arc<dyn HostStateStore>,
    /// Says when to stop.
    pub stop: Arc<dyn StopSignal>,
    /// Tells the time and waits.
    pub clock: Arc<dyn Clock>,
    /// Is told what happens, in words.
    pub notice: Arc<dyn Fn(&str) + Send + Sync>,
    /// Other base addresses than the public ones.
    pub portals: BTreeMap<CasePortal, String>,
    /// The addresses of the other hosts that hold documents; a portal that is not named has none.
    pub document_hosts: BTreeMap<CasePortal, String>,
    /// Reads the texts of documents, which tell whose they are.
    pub extractor: Arc<dyn TextExtractor>,
    /// How each host is treated.
    pub politeness: Politeness,
}

/// What is to be asked.
#[derive(Debug, Clone)]
pub struct CaseJob {
    /// The job's name in the ledger.
    pub name: String,
    /// The questions, in the order in which they are asked.
    pub questions: Vec<Question>,
    /// Numbers whose last one is not known, behind the questions.
    pub endless: Option<Endless>,
    /// Whether the documents of orders and lists are fetched.
    pub documents: bool,
    /// Whether what is settled is asked again, once in this run.
    pub again: bool,
    /// The requests that the run may send.
    pub requests: u64,
}

/// Case numbers of which only the first is known. They end where so many in a row have no case.
#[derive(Debug, Clone)]
pub struct Endless {
    /// The question for the first number.
    pub first: Question,
    /// How many numbers in a row without a case end it.
    pub gap: u32,
}

impl CaseJob {
    /// What tells one job from another: an interrupted run is continued by the same job alone.
    fn digest(&self) -> Sha256 {
        let words: Vec<String> = self.questions.iter().map(ToString::to_string).collect();
        let flags = [u8::from(self.documents), u8::from(self.again)];
        let endless = self.endless.as_ref();
        let endless = endless.map(|of| format!("{} until {} have none", of.first, of.gap));
        let parts = words.iter().chain(&endless).map(String::as_bytes);
        Sha256::of_parts(parts.chain([flags.as_slice()]))
    }
}

/// What a walk over case portals did.
#[derive(Debug, Clone, Serialize)]
pub struct CaseReport {
    /// The run's number.
    pub run: i64,
    /// The run's instant.
    pub started_at: Timestamp,
    /// Requests that the run sent; of a process that was killed, those that it had reserved.
    pub requests: u64,
    /// Questions of the job, with those that answers led to.
    pub questions: u64,
    /// Of these: answered, the answer is in the lake.
    pub found: u64,
    /// Of these: there is no such case or list.
    pub none: u64,
    /// Of these: not answered, with a reason.
    pub failed: u64,
    /// Of these: still to be asked.
    pub open: u64,
    /// What the answers showed.
    pub rows: SightingCounts,
    /// Documents that this run stored.
    pub documents_stored: u64,
    /// Documents that this run could not have, each with a reason in the table.
    pub documents_missing: u64,
    /// Questions that failed, with the reason; the first hundred.
    pub failures: Vec<CaseFailure>,
    /// Why the run stopped before its work was done.
    pub stopped: Option<CaseStop>,
    /// Cases whose values changed, with the fields; for a job that asks again.
    pub changed: Vec<ChangedCase>,
    /// Known cases that a job which asks again cannot ask for: no CNR, or a portal without pages by CNR.
    pub not_asked: u64,
    /// The tables; not written by a run that was interrupted.
    pub published: Option<PublishReport>,
}

/// A question that failed.
#[derive(Debug, Clone, Serialize)]
pub struct CaseFailure {
    /// The question.
    pub question: String,
    /// Why.
    pub why: String,
}

/// Why a run stopped.
#[derive(Debug, Clone, Serialize)]
pub struct CaseStop {
    /// In words.
    pub why: String,
    /// The exit code that this asks for.
    pub exit_code: u8,
}

/// A case that changed.
#[derive(Debug, Clone, Serialize)]
pub struct ChangedCase {
    /// Its key.
    pub key: CaseKey,
    /// The fields.
    pub fields: Vec<String>,
}

impl CaseReport {
    /// Whether every question is answered, one way or the other.
    pub fn is_complete(&self) -> bool {
        self.stopped.is_none() && self.failed == 0 && self.open == 0
    }

    /// The exit code of the process.
    pub fn exit_code(&self) -> u8 {
        match &self.stopped {
            Some(stop) => stop.exit_code,
            None if self.is_complete() => 0,
            None => exit::INCOMPLETE,
        }
    }
}

/// Asks everything that a job names and that is not settled, and publishes the tables.
///
/// Safe to kill at any instant; the same call again goes on where the ledger stands.
pub async fn crawl_cases(
    lake: Arc<Lake>,
    job: &CaseJob,
    deps: &CaseDeps,
    now: Timestamp,
) -> Result<CaseReport, PipelineError> {
    crawl(lake, job, deps, (now, None)).await
}

/// As [`crawl_cases`]; of a job that asks again, what was asked since the run `from` is settled.
async fn crawl(
    lake: Arc<Lake>,
    job: &CaseJob,
    deps: &CaseDeps,
    (now, from): (Timestamp, Option<i64>),
) -> Result<CaseReport, PipelineError> {
    apply_removals(&lake)?;
    let round = lake.ledger().open_round(&job.name)?.map(|run| run.id);
    let run = lake.ledger().begin_run(&job.name, job.digest(), now)?;
    let (from, round) = (from.unwrap_or(run.id), round.unwrap_or(run.id));
    let planned: Vec<_> = job.questions.iter().map(Question::planned).collect();
    let mut roots = lake.ledger().plan_case_items(&planned)?;
    let mut walk = Walk::new(Arc::clone(&lake), job, deps, (run, from, round));
    walk.all(&roots).await?;
    if let Some(endless) = &job.endless {
        roots.extend(walk.numbers(endless).await?);
    }
    let (found, stopped) = walk.ended()?;
    let interrupted = stopped
        .as_ref()
        .is_some_and(|stop| stop.exit_code == exit::INTERRUPTED);
    let published = if interrupted {
        None
    } else {
        Some(publish_cases(&lake)?)
    };
    let mut report = CaseReport {
        run: run.id,
        started_at: run.started_at,
        requests: lake.ledger().requests_used(run.id)?,
        questions: 0,
        found: 0,
        none: 0,
        failed: 0,
        open: 0,
        rows: found.rows,
        documents_stored: found.documents_stored,
        documents_missing: found.documents_missing,
        failures: Vec::new(),
        stopped,
        changed: Vec::new(),
        not_asked: 0,
        published,
    };
    count(&lake, &roots, (job, from), &mut report)?;
    let outcome = if report.is_complete() {
        "complete"
    } else if report.stopped.is_some() || report.open > 0 {
        "stopped"
    } else {
        "incomplete"
    };
    lake.ledger()
        .finish_run(run.id, outcome, deps.clock.now())?;
    Ok(report)
}

/// Publishes the tables of cases, and the revisions.
pub fn publish_cases(lake: &Lake) -> Result<PublishReport, PipelineError> {
    let report = lake.publish_cases()?;
    lake.publish_revisions()?;
    Ok(report)
}

/// Asks every known case again that has a page of its own, or was found by its number where a portal has none, and tells
/// which changed since an instant. A round that was stopped, by a budget or otherwise, is gone on with: what was
/// asked since it began is not asked again, and where no instant is given, it is that of its beginning.
pub async fn refresh_cases(
    lake: Arc<Lake>,
    mut job: CaseJob,
    deps: &CaseDeps,
    (now, since): (Timestamp, Option<Timestamp>),
) -> Result<CaseReport, PipelineError> {
    let ledger = lake.ledger().clone();
    let round = ledger.open_round(&job.name)?;
    let since = since.or(round.as_ref().map(|run| run.started_at));
    let since = since.unwrap_or(now);
    let known = ledger.known_cnrs()?;
    job.again = true;
    job.questions = known
        .iter()
        .map(|(_, cnr)| match cnr.parse() {
            Ok(cnr) => Ok(Question::Cnr(cnr)),
            Err(_) => Err(PipelineError::Internal(format!(
                "the ledger has a case with the CNR {cnr:?}"
            ))),
        })
        .collect::<Result<_, _>>()?;
    let numbered = numbered(&ledger)?;
    let by_number = numbered.len() as u64;
    job.questions.extend(numbered);
    // What failed comes last: it must not keep the others from being asked.
    let failed: BTreeSet<String> = ledger
        .open_case_items(u32::MAX)?
        .into_iter()
        .filter(|item| item.state == CaseItemState::Failed)
        .map(|item| item.ask)
        .collect();
    job.questions
        .sort_by_key(|question| failed.contains(&question.to_string()));
    let from = round.map(|run| run.id);
    let mut report = crawl(Arc::clone(&lake), &job, deps, (now, from)).await?;
    report.not_asked = ledger.cases_without_page()?.saturating_sub(by_number);
    let changed = ledger.changed_cases(since)?;
    report.changed = changed
        .into_iter()
        .map(|(key, fields)| ChangedCase { key, fields })
        .collect();
    Ok(report)
}

/// The questions that found cases on portals without pages by CNR: each asks for one case.
fn numbered(ledger: &nirnay_store::Ledger) -> Result<Vec<Question>, PipelineError> {
    let mut questions = Vec::new();
    for portal in [CasePortal::Calcutta, CasePortal::Sci] {
        let asked = ledger.case_questions(portal)?;
        let of_one = |question: &Question| {
            matches!(
                question,
                Question::CalcuttaNumber { .. } | Question::SciDiary { .. }
            )
        };
        let read = asked.iter().filter_map(|item| Question::read(&item.ask));
        questions.extend(read.filter(of_one));
    }
    Ok(questions)
}

/// The questions of a job with all that their answers led to, each once, in the order of asking.
fn all_of(lake: &Lake, roots: &[i64]) -> Result<Vec<CaseItemRow>, PipelineError> {
    let mut seen = BTreeSet::new();
    let mut queue: VecDeque<i64> = roots.iter().copied().collect();
    let mut rows = Vec::new();
    while let Some(id) = queue.pop_front() {
        if seen.insert(id) {
            rows.push(lake.ledger().case_item(id)?);
            queue.extend(lake.ledger().case_follow_ups(id)?);
        }
    }
    Ok(rows)
}

/// Whether a question has nothing left to ask; of a job that asks again, since the run `from`.
fn is_done(item: &CaseItemRow, (job, from): (&CaseJob, i64)) -> bool {
    let current = !job.again || item.run >= Some(from);
    let documented = !job.documents || item.documents || item.state == CaseItemState::None;
    item.state.is_settled() && current && documented
}

fn count(
    lake: &Lake,
    roots: &[i64],
    of: (&CaseJob, i64),
    report: &mut CaseReport,
) -> Result<(), PipelineError> {
    for item in all_of(lake, roots)? {
        report.questions += 1;
        match item.state {
            CaseItemState::Found if is_done(&item, of) => report.found += 1,
            CaseItemState::None if is_done(&item, of) => report.none += 1,
            CaseItemState::Failed => {
                report.failed += 1;
                if report.failures.len() < MOST_LISTED {
                    report.failures.push(CaseFailure {
                        question: item.ask,
                        why: item.reason.unwrap_or_default(),
                    });
                }
            }
            _ => report.open += 1,
        }
    }
    Ok(())
}

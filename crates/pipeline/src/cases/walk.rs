//! Asks the portals one question after the other.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use nirnay_fetch::{
    CaseAnswer, CaseAsk, CaseHost, CasesClient, CasesDeps, ErrorClass, FetchError, FetchEvent,
    GateDeps, HostGate, RunBudget,
};
use nirnay_model::{CasePortal, MissingReason};
use nirnay_store::{CaseItemRow, CaseItemState, Lake, Ledger, Run, SightingCounts};
use url::Url;

use super::papers::{PaperFate, PaperStop, Papers};
use super::question::Question;
use super::seen::keep_answer;
use super::{CaseDeps, CaseJob, CaseStop, Endless, is_done};
use crate::adapters::{LakeSink, LedgerBudget};
use crate::error::PipelineError;
use crate::exit;

/// Questions that fail one after the other before the portal is taken for down.
const MOST_IN_A_ROW: u32 = 3;
/// Numbers of one case type and year that are looked at.
const MOST_NUMBERS: u32 = 1_000_000;

/// What the answers brought.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) rows: SightingCounts,
    pub(super) documents_stored: u64,
    pub(super) documents_missing: u64,
}

/// Why a question has no answer.
enum Trouble {
    /// This question alone.
    Question(String, u8),
    /// The portal says that there is nothing.
    Nothing(String),
    /// Nothing more can be asked of the portal.
    Portal(CaseStop),
    /// The lake cannot go on.
    Lake(PipelineError),
}

impl From<FetchError> for Trouble {
    fn from(error: FetchError) -> Self {
        let code = exit::of_fetch(&error);
        match error.class() {
            ErrorClass::Permanent(MissingReason::RowGone) => Self::Nothing(error.to_string()),
            ErrorClass::Permanent(_)
            | ErrorClass::Transient
            | ErrorClass::Expired
            | ErrorClass::CaptchaCap
            | ErrorClass::Drift => Self::Question(error.to_string(), code),
            _ => Self::Portal(CaseStop {
                why: error.to_string(),
                exit_code: code,
            }),
        }
    }
}

impl From<nirnay_store::StoreError> for Trouble {
    fn from(error: nirnay_store::StoreError) -> Self {
        Self::Lake(error.into())
    }
}

impl From<PipelineError> for Trouble {
    fn from(error: PipelineError) -> Self {
        Self::Lake(error)
    }
}

/// A walk over the questions of a job.
pub(super) struct Walk<'a> {
    lake: Arc<Lake>,
    job: &'a CaseJob,
    deps: &'a CaseDeps,
    run: Run,
    /// Of a job that asks again: what was asked since this run is settled.
    from: i64,
    budget: Arc<LedgerBudget>,
    clients: BTreeMap<CasePortal, CasesClient>,
    /// Portals that are not asked any more in this run, with the reason.
    closed: BTreeMap<CasePortal, CaseStop>,
    in_a_row: BTreeMap<CasePortal, u32>,
    /// The first run of this round: the runs since the last one that came to its end.
    round: i64,
    /// Questions that are asked although an earlier round settled them.
    anew: BTreeSet<i64>,
    found: Found,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        lake: Arc<Lake>,
        job: &'a CaseJob,
        deps: &'a CaseDeps,
        (run, from, round): (Run, i64, i64),
    ) -> Self {
        let budget = LedgerBudget::new(Arc::clone(&lake), run.id, job.requests);
        Self {
            lake,
            job,
            deps,
            run,
            from,
            budget: Arc::new(budget),
            clients: BTreeMap::new(),
            closed: BTreeMap::new(),
            in_a_row: BTreeMap::new(),
            round,
            anew: BTreeSet::new(),
            found: Found::default(),
        }
    }

    /// What was found, and why the walk stopped if it did: of several portals, the gravest.
    pub(super) fn ended(self) -> Result<(Found, Option<CaseStop>), PipelineError> {
        self.budget.give_back()?;
        let gravity = |stop: &CaseStop| exit::gravity(stop.exit_code);
        Ok((self.found, self.closed.into_values().max_by_key(gravity)))
    }

    /// Asks all that is not settled; what failed is tried a second time at the end.
    pub(super) async fn all(&mut self, roots: &[i64]) -> Result<(), PipelineError> {
        let mut failed = Vec::new();
        self.pass(roots, &mut failed).await?;
        let again = std::mem::take(&mut failed);
        self.pass(&again, &mut failed).await
    }

    /// Asks for one number after the other until so many in a row have no case, and returns the questions. Behind the
    /// last case that is known everything is asked anew: cases are registered all the time.
    pub(super) async fn numbers(&mut self, endless: &Endless) -> Result<Vec<i64>, PipelineError> {
        let ledger = self.lake.ledger().clone();
        let first = endless.first.number().unwrap_or(1);
        let known_to = last_found(&ledger, endless)?;
        let mut numbers = first..=first.saturating_add(MOST_NUMBERS);
        let (mut roots, mut failed) = (Vec::new(), Vec::new());
        loop {
            // A hole before a case that is known is no end.
            while (numbers.start() <= &known_to || without_case(&ledger, &roots)? < endless.gap)
                && !self.closed.contains_key(&endless.first.planned().0)
                && let Some(number) = numbers.next()
                && let Some(question) = endless.first.with_number(number)
            {
                let ids = ledger.plan_case_items(&[question.planned()])?;
                if number > known_to {
                    self.anew.extend(&ids);
                }
                self.pass(&ids, &mut failed).await?;
                roots.extend(ids);
            }
            // One that is found at the second try puts the end off.
            let again = std::mem::take(&mut failed);
            self.pass(&again, &mut Vec::new()).await?;
            let ended = without_case(&ledger, &roots)? >= endless.gap;
            if ended || again.is_empty() || numbers.is_empty() {
                return Ok(roots);
            }
        }
    }

    async fn pass(&mut self, roots: &[i64], failed: &mut Vec<i64>) -> Result<(), PipelineError> {
        let mut queue: VecDeque<i64> = roots.iter().copied().collect();
        let mut seen: BTreeSet<i64> = BTreeSet::new();
        while let Some(id) = queue.pop_front() {
            if !seen.insert(id) {
                continue;
            }
            let item = self.lake.ledger().case_item(id)?;
            let stale = self.anew.contains(&id) && item.run < Some(self.round);
            let done = is_done(&item, (self.job, self.from)) && !stale;
            if !done && !self.closed.contains_key(&item.portal) {
                self.item(&item).await?;
                if self.lake.ledger().case_item(id)?.state == CaseItemState::Failed {
                    failed.push(id);
                }
            }
            queue.extend(self.lake.ledger().case_follow_ups(id)?);
        }
        Ok(())
    }

    async fn item(&mut self, item: &CaseItemRow) -> Result<(), PipelineError> {
        let Some(question) = Question::read(&item.ask) else {
            let what = format!("the ledger names an unknown question: {}", item.ask);
            return Err(PipelineError::Internal(what));
        };
        let ledger = self.lake.ledger().clone();
        let when = (self.run.id, self.deps.clock.now());
        let trouble = match self.answer(item, &question).await {
            Ok(()) => {
                self.in_a_row.insert(item.portal, 0);
                return Ok(());
            }
            Err(trouble) => trouble,
        };
        match trouble {
            Trouble::Nothing(words) => {
                self.in_a_row.insert(item.portal, 0);
                // Captures first: the proof is durable before the claim.
                self.lake.captures().sync()?;
                ledger.case_item_none(item.id, when, &words)?;
            }
            Trouble::Question(why, exit_code) => {
                (self.deps.notice)(&format!("{question}: {why}"));
                self.lake.captures().sync()?;
                ledger.case_item_failed(item.id, &why)?;
                let row = self.in_a_row.entry(item.portal).or_default();
                *row += 1;
                if *row >= MOST_IN_A_ROW {
                    let why = format!("{MOST_IN_A_ROW} questions in a row failed, the last: {why}");
                    self.closed.insert(item.portal, CaseStop { why, exit_code });
                }
            }
            Trouble::Portal(stop) => {
                (self.deps.notice)(&format!("{}: {}", item.portal, stop.why));
                self.lake.captures().sync()?;
                self.closed.insert(item.portal, stop);
            }
            Trouble::Lake(error) => return Err(error),
        }
        Ok(())
    }

    /// Asks, keeps what the answer shows with its documents, and settles the question.
    async fn answer(&mut self, item: &CaseItemRow, question: &Question) -> Result<(), Trouble> {
        let ask = question.ask();
        let answer = match self.ask(&ask).await {
            // "None" counts after a second, fresh session says so too.
            Err(Trouble::Nothing(_)) => {
                self.client(ask.portal())?.fresh_session();
                self.ask(&ask).await?
            }
            other => other?,
        };
        let answer = if short(&answer).is_some() {
            self.client(ask.portal())?.fresh_session();
            self.ask(&ask).await?
        } else {
            answer
        };
        let captured = self.client(ask.portal())?.captured().cloned();
        let counts = keep_answer(&self.lake, (&ask, &answer), captured, self.run.started_at)?;
        self.found.rows.plus(counts);
        // What came is kept; it is not all.
        if let Some(why) = short(&answer) {
            return Err(Trouble::Question(why, exit::INCOMPLETE));
        }
        if self.job.documents {
            self.documents(&ask, &answer).await?;
        }
        let follow: Vec<_> = follow_ups(question, &answer)
            .iter()
            .map(Question::planned)
            .collect();
        let when = (self.run.id, self.deps.clock.now());
        self.lake.captures().sync()?;
        self.lake
            .ledger()
            .case_item_found(item.id, when, self.job.documents, &follow)?;
        Ok(())
    }

    async fn ask(&mut self, ask: &CaseAsk) -> Result<CaseAnswer, Trouble> {
        let answer = self.client(ask.portal())?.ask(ask.clone()).await?;
        let rows = match &answer {
            CaseAnswer::Cases(found) => found.len() as usize,
            CaseAnswer::CauseLists(lists) => lists.len(),
            CaseAnswer::Listed(found) => found.entries.len(),
            CaseAnswer::Choices(list) => list.len(),
            _ => 1,
        };
        if rows == 0 {
            return Err(Trouble::Nothing("the portal lists none".to_owned()));
        }
        Ok(answer)
    }

    /// Fetches the documents that an answer names and that are not in the lake.
    async fn documents(&mut self, ask: &CaseAsk, answer: &CaseAnswer) -> Result<(), Trouble> {
        let lake = Arc::clone(&self.lake);
        let mut papers = Papers::of(ask, answer, self.client(ask.portal())?);
        papers.want(|paper| {
            let known = lake.ledger().case_document(&paper.owner, &paper.slot)?;
            Ok::<bool, nirnay_store::StoreError>(known.is_none())
        })?;
        let (all, mut open, mut last) = (papers.len(), 0_usize, String::new());
        let extractor = Arc::clone(&self.deps.extractor);
        loop {
            let client = self.client(ask.portal())?;
            let next = papers.next(client, &extractor, lake.as_ref()).await;
            let (paper, fate) = match next {
                Ok(Some(next)) => next,
                Ok(None) => break,
                Err(PaperStop::Portal(error)) => return Err(error.into()),
                Err(PaperStop::Lake(error)) => return Err(error.into()),
            };
            let now = self.deps.clock.now();
            let at = (&paper.owner, paper.slot.as_str());
            match fate {
                PaperFate::Came(bytes) => {
                    lake.store_case_document(at.0, at.1, &bytes, now)?;
                    self.found.documents_stored += 1;
                }
                PaperFate::Missing(reason, why) => {
                    (self.deps.notice)(&format!(
                        "missing for good: {} {}: {why}",
                        at.0.as_str(),
                        at.1
                    ));
                    lake.miss_case_document(at.0, at.1, reason, now)?;
                    self.found.documents_missing += 1;
                }
                PaperFate::Open(why) => {
                    open += 1;
                    last = why;
                }
            }
        }
        if open == 0 {
            return Ok(());
        }
        let why = format!("{open} of {all} documents did not come, the last: {last}");
        Err(Trouble::Question(why, exit::INCOMPLETE))
    }

    fn client(&mut self, portal: CasePortal) -> Result<&mut CasesClient, PipelineError> {
        match self.clients.entry(portal) {
            std::collections::btree_map::Entry::Occupied(entry) => Ok(entry.into_mut()),
            std::collections::btree_map::Entry::Vacant(entry) => {
                let client = open(&self.lake, self.deps, &self.budget, portal)?;
                Ok(entry.insert(client))
            }
        }
    }
}

/// The last number that is known to have a case; 0 where none is.
fn last_found(ledger: &Ledger, endless: &Endless) -> Result<u32, PipelineError> {
    let mut last = 0;
    for item in ledger.case_questions(endless.first.planned().0)? {
        let found = item.state == CaseItemState::Found;
        let question = Question::read(&item.ask).filter(|_| found);
        let number = question.as_ref().and_then(Question::number);
        if let Some(number) = number.filter(|number| *number > last)
            && endless.first.with_number(number) == question
        {
            last = number;
        }
    }
    Ok(last)
}

/// How many of the last questions, one after the other, have no case. What failed is neither.
fn without_case(ledger: &Ledger, roots: &[i64]) -> Result<u32, PipelineError> {
    let mut none = 0;
    for id in roots.iter().rev() {
        match ledger.case_item(*id)?.state {
            CaseItemState::None => none += 1,
            CaseItemState::Found => break,
            CaseItemState::Open | CaseItemState::Failed => {}
        }
    }
    Ok(none)
}

fn open(
    lake: &Arc<Lake>,
    deps: &CaseDeps,
    budget: &Arc<LedgerBudget>,
    portal: CasePortal,
) -> Result<CasesClient, PipelineError> {
    let host = |address: &str| -> Result<CaseHost, PipelineError> {
        let base: Url = address.parse().map_err(|error| {
            PipelineError::Internal(format!("{portal}: {address:?} is no address: {error}"))
        })?;
        let gate = HostGate::new(
            &base,
            deps.politeness.clone(),
            GateDeps {
                store: Arc::clone(&deps.host_states),
                clock: Arc::clone(&deps.clock),
                stop: Arc::clone(&deps.stop),
                budget: Arc::clone(budget) as Arc<dyn RunBudget>,
                seed: deps.clock.now().as_nanosecond() as u64,
            },
        )?;
        Ok(CaseHost {
            transport: (deps.transport)(&base)?,
            gate: Arc::new(gate),
            base,
        })
    };
    let public = portal.base_url().to_owned();
    let main = host(deps.portals.get(&portal).unwrap_or(&public))?;
    let other = deps.document_hosts.get(&portal);
    let documents = other.map(|address| host(address)).transpose()?;
    let notice = Arc::clone(&deps.notice);
    let events = Arc::new(move |event: FetchEvent| {
        if let FetchEvent::Retry { why, .. } = &event {
            notice(&format!("once more: {why}"));
        }
    });
    let deps = CasesDeps {
        host: main,
        documents,
        solver: Arc::clone(&deps.solver),
        events,
        clock: Arc::clone(&deps.clock),
        sink: Some(Arc::new(LakeSink(Arc::clone(lake)))),
    };
    Ok(CasesClient::new(portal, deps)?)
}

/// Why an answer is not whole: the portal counts more rows than it sent.
fn short(answer: &CaseAnswer) -> Option<String> {
    match answer {
        CaseAnswer::Cases(found) => found.totals.short(),
        CaseAnswer::Listed(found) => found.totals.short(),
        _ => None,
    }
}

/// What the answer to a question leads to.
fn follow_ups(question: &Question, answer: &CaseAnswer) -> Vec<Question> {
    match (question, answer) {
        (Question::HcNumber { .. } | Question::DistrictNumber { .. }, CaseAnswer::Cases(found)) => {
            let cases = found.list();
            let cnrs = cases.into_iter().filter_map(|case| case.cnr);
            cnrs.map(Question::Cnr).collect()
        }
        (
            Question::DistrictLists {
                place,
                criminal,
                date,
                cases,
            },
            CaseAnswer::Choices(courts),
        ) => courts
            .iter()
            .map(|court| Question::DistrictList {
                place: place.clone(),
                court: court.code.clone(),
                name: court.name.clone(),
                criminal: *criminal,
                date: *date,
                cases: *cases,
            })
            .collect(),
        (Question::DistrictList { cases: true, .. }, CaseAnswer::Listed(found)) => {
            let cnrs = found.entries.iter().filter_map(|entry| entry.cnr.clone());
            cnrs.map(Question::Cnr).collect()
        }
        _ => Vec::new(),
    }
}

//! Fetching the documents behind accepted rows: planned from the ledger, checked before they are kept.

mod batch;
mod judged;

use std::collections::{BTreeSet, HashMap};

use bytes::Bytes;
use jiff::civil::Date;
use nirnay_extract::identity::Verdict;
use nirnay_fetch::{ErrorClass, FetchError, FetchedDocument, JudgmentsClient, PageQuery};
use nirnay_model::{Court, CourtCode, DateWindow, Judgment, MissingReason, RowKey, Sha256};
use nirnay_parse::judgments::{SearchPage, read_row};
use nirnay_parse::pdf;
use nirnay_store::{AlarmKind, PendingDocument};

pub(crate) use self::batch::Batch;
pub(crate) use self::judged::{FOREIGN, Judged, Served, UNNAMED, judged, missing_reason, verdict};
use crate::config::SourceConfig;
use crate::context::Context;
use crate::drift::{Place, refuse_drift};
use crate::error::PipelineError;
use crate::event::Event;
use crate::schedule::court_list;
use crate::stop::{Ended, Stop, stops_source};

/// How often a document is asked for in one run, each time from a fresh session.
const TRIES: u32 = 5;
/// The same for a document that only its own servings can speak for: up to four alike, and failures between them.
const DOUBTED_TRIES: u32 = 8;
/// Failures in a row, each after all the tries a call may have, that end the source's work.
pub(crate) const TROUBLES: u32 = 3;
/// Wanted documents looked at when a search is planned, besides those that were tried before: a session gives
/// 25.
const AHEAD: usize = 200;
/// How long a document that trouble kept from coming is left alone.
pub(crate) const POSTPONED: jiff::SignedDuration = jiff::SignedDuration::from_hours(6);

/// Fetches the pending documents of one source.
pub(crate) struct DocumentFetch<'a> {
    context: &'a Context,
    source: &'a SourceConfig,
    tries: HashMap<RowKey, Tried>,
    /// Failures in a row that say nothing about a document.
    troubles: u32,
    /// Courts of which a page of results came that could be read.
    understood: BTreeSet<CourtCode>,
    batch: Batch<'a>,
}

/// What this run knows of a document that did not come right the first time.
#[derive(Debug, Clone, Copy)]
struct Tried {
    times: u32,
    epoch: u64,
}

impl<'a> DocumentFetch<'a> {
    pub(crate) fn new(context: &'a Context, source: &'a SourceConfig) -> Self {
        Self {
            context,
            source,
            tries: HashMap::new(),
            troubles: 0,
            understood: BTreeSet::new(),
            batch: Batch::new(context),
        }
    }

    /// Fetches what is pending, court by court.
    pub(crate) async fn run(
        &mut self,
        client: &mut JudgmentsClient,
    ) -> Result<Ended, PipelineError> {
        for court in court_list(self.source)? {
            let result = self.court(client, court).await;
            self.batch.flush()?;
            if let Err(stop) = result {
                return stop.into_ended(self.context, self.source.source);
            }
        }
        self.close_alarms()?;
        Ok(Ended::Done)
    }

    /// Replies and pages that were not understood before this run are over: this run's were.
    fn close_alarms(&self) -> Result<(), PipelineError> {
        let ledger = self.context.lake.ledger();
        for alarm in ledger.alarms()? {
            let is_over = match (alarm.kind, &alarm.court) {
                (AlarmKind::Reply, _) => !self.understood.is_empty(),
                (AlarmKind::Quarantine, Some(court)) => self.understood.contains(court),
                _ => false,
            };
            if is_over
                && alarm.source == self.source.source
                && alarm.seen_at < self.context.run.started_at
            {
                ledger.close_alarm(alarm.id, self.context.now())?;
            }
        }
        Ok(())
    }

    async fn court(&mut self, client: &mut JudgmentsClient, court: &Court) -> Result<(), Stop> {
        loop {
            self.batch.flush()?;
            if client.documents_left() == 0 {
                // Searching in a session that gives no more documents would be a search too many.
                client.end_session();
            }
            let pending = self.context.lake.ledger().pending_documents(
                self.source.source,
                Some(&court.code),
                self.source.range(self.context.today),
                self.context.now(),
                AHEAD + self.tries.len(),
            )?;
            let Some(plan) = self.plan(client, court, &pending)? else {
                return Ok(());
            };
            if let Plan::FreshSession = plan {
                client.end_session();
                self.tries
                    .values_mut()
                    .for_each(|tried| tried.epoch = u64::MAX);
                continue;
            }
            if let Plan::Page { query, wanted } = plan {
                self.fetch_page(client, court, query, wanted).await?;
            }
        }
    }

    /// The next search whose page shows documents that may be asked for in this session.
    fn plan(
        &self,
        client: &JudgmentsClient,
        court: &Court,
        pending: &[PendingDocument],
    ) -> Result<Option<Plan>, Stop> {
        if pending.is_empty() {
            return Ok(None);
        }
        let epoch = client.epoch();
        let fresh: Vec<&PendingDocument> = pending
            .iter()
            .filter(|document| {
                self.tries
                    .get(&document.row_key)
                    .is_none_or(|tried| tried.epoch != epoch)
            })
            .collect();
        let Some(first) = fresh.first() else {
            return Ok(Some(Plan::FreshSession));
        };
        let from = first.decision_date.unwrap_or(self.context.today);
        let left = match client.documents_left() {
            0 => self.source.documents_per_session,
            left => left,
        } as usize;
        let to = self.last_day(court, from, &fresh, left)?;
        let window = DateWindow::new(from, to).ok();
        let wanted = fresh
            .into_iter()
            .filter(|document| {
                window.is_none_or(|window| {
                    document
                        .decision_date
                        .is_none_or(|day| window.contains(day))
                })
            })
            .cloned()
            .collect();
        let query = PageQuery {
            court: Some(court.portal_code.clone()).filter(|code| !code.is_empty()),
            bench: None,
            window,
            start: 0,
            length: self.source.page_size,
        };
        Ok(Some(Plan::Page { query, wanted }))
    }

    /// The last day of a search that begins at `from`, shows at most one page of rows, and holds the
    /// documents of what is left of the session. A wider one would only make the reply larger.
    fn last_day(
        &self,
        court: &Court,
        from: Date,
        fresh: &[&PendingDocument],
        left: usize,
    ) -> Result<Date, Stop> {
        // Rows that were set aside stand on the page too, but not among the counted rows.
        let room = u64::from(self.source.page_size) * 19 / 20;
        let enough = fresh
            .iter()
            .filter_map(|document| document.decision_date)
            .filter(|day| *day >= from)
            .nth(left.saturating_sub(1));
        let far = fresh
            .iter()
            .filter_map(|document| document.decision_date)
            .max()
            .unwrap_or(from);
        let limit = enough.unwrap_or(far).max(from);
        let counts = self.context.lake.ledger().rows_by_date(
            self.source.source,
            &court.code,
            from,
            limit,
        )?;
        let mut sum = 0;
        let mut to = from;
        for day in counts {
            sum += day.rows;
            if sum > room && day.date > from {
                break;
            }
            to = to.max(day.date);
        }
        Ok(to)
    }

    /// Fetches the wanted documents that the search lists; goes on through its further pages while one
    /// day fills more than one.
    async fn fetch_page(
        &mut self,
        client: &mut JudgmentsClient,
        court: &Court,
        mut query: PageQuery,
        wanted: Vec<PendingDocument>,
    ) -> Result<(), Stop> {
        let mut wanted = wanted;
        loop {
            let page = match client.page(&query).await {
                Ok(fetched) => fetched.page,
                Err(error) => return self.trouble(error),
            };
            let listed = self.listed(court, &query, &page)?;
            self.understood.insert(court.code.clone());
            let (here, elsewhere): (Vec<_>, Vec<_>) = wanted
                .into_iter()
                .partition(|document| listed.contains_key(document.handle.path.as_str()));
            let one_page = page.total <= query.start + page.rows.len() as u64;
            for document in &here {
                self.fetch_one(client, &query, document, &listed).await?;
                if one_page && client.documents_left() == 0 {
                    // The next session may as well begin with a search of its own.
                    return Ok(());
                }
            }
            if elsewhere.is_empty() {
                return Ok(());
            }
            if one_page || page.rows.is_empty() {
                for document in &elsewhere {
                    self.again(
                        client.epoch(),
                        document,
                        None,
                        "the list no longer shows the row".to_owned(),
                        MissingReason::RowGone,
                    )?;
                }
                return Ok(());
            }
            query.start += page.rows.len() as u64;
            wanted = elsewhere;
        }
    }

    /// The rows of a page by document path. A page in a layout that cannot be read is drift, never a list
    /// from which the rows are gone.
    fn listed(
        &self,
        court: &Court,
        query: &PageQuery,
        page: &SearchPage,
    ) -> Result<HashMap<String, Judgment>, Stop> {
        let mut listed = HashMap::new();
        let mut set_aside = Vec::new();
        for raw in &page.rows {
            match read_row(&raw.html, self.source.source, self.context.today) {
                Ok(row) => drop(listed.insert(row.handle.path, row.judgment)),
                Err(row) => set_aside.push(row),
            }
        }
        let place = Place {
            window: query.window,
            ..Place::court(self.source.source, &court.code, self.context.today)
        };
        refuse_drift(&place, page.rows.len() as u64, set_aside.iter())?;
        Ok(listed)
    }

    async fn fetch_one(
        &mut self,
        client: &mut JudgmentsClient,
        query: &PageQuery,
        document: &PendingDocument,
        listed: &HashMap<String, Judgment>,
    ) -> Result<(), Stop> {
        let fetched = match client.document(query, &document.handle).await {
            Ok(fetched) => fetched,
            Err(error) => {
                let ErrorClass::Permanent(reason) = error.class() else {
                    self.postpone(client.epoch(), document, &error)?;
                    return self.trouble(error);
                };
                return self.again(client.epoch(), document, None, error.to_string(), reason);
            }
        };
        self.troubles = 0;
        let sha256 = Sha256::of(&fetched.bytes);
        match self.judge(document, &fetched, sha256, listed).await? {
            Judged::Keep(check) => self.batch.add(document, fetched.bytes, sha256, check),
            Judged::Again { why, give_up_as } => {
                self.again(fetched.epoch, document, Some(sha256), why, give_up_as)
            }
        }
    }

    /// A document that trouble kept from coming is not asked for again in this session, and after several
    /// such sessions not in this run. It stays wanted.
    fn postpone(
        &mut self,
        epoch: u64,
        document: &PendingDocument,
        error: &FetchError,
    ) -> Result<(), Stop> {
        let tried = self
            .tries
            .entry(document.row_key.clone())
            .or_insert(Tried { times: 0, epoch });
        tried.times += 1;
        tried.epoch = epoch;
        if tried.times >= TRIES {
            let later = self
                .context
                .now()
                .saturating_add(POSTPONED)
                .unwrap_or(jiff::Timestamp::MAX);
            self.context.lake.ledger().document_retry(
                &document.row_key,
                &error.to_string(),
                None,
                Some(later),
            )?;
        }
        Ok(())
    }

    /// A failure that says nothing about any document: passed over while it is rare, the end of the source's
    /// work for this run otherwise. The documents stay wanted.
    fn trouble(&mut self, error: FetchError) -> Result<(), Stop> {
        self.troubles += 1;
        if stops_source(&error) || self.troubles >= TROUBLES {
            return Err(Stop::Source(error));
        }
        self.context.emit(Event::Notice {
            text: format!("{}: {error}; going on", self.source.source),
        });
        Ok(())
    }

    /// Whether the bytes are a whole PDF, and this row's.
    async fn judge(
        &mut self,
        document: &PendingDocument,
        fetched: &FetchedDocument,
        sha256: Sha256,
        listed: &HashMap<String, Judgment>,
    ) -> Result<Judged, Stop> {
        if let Err(bad) = pdf::look(&fetched.bytes, fetched.content_length) {
            return Ok(Judged::Again {
                why: bad.to_string(),
                give_up_as: missing_reason(&bad),
            });
        }
        let verdict = self
            .verdict(document, fetched.bytes.clone(), sha256, listed)
            .await?;
        let served = Served::of(&fetched.bytes, sha256);
        judged(self.context, &mut self.batch, document, served, verdict)
    }

    async fn verdict(
        &self,
        document: &PendingDocument,
        bytes: Bytes,
        sha256: Sha256,
        listed: &HashMap<String, Judgment>,
    ) -> Result<Verdict, Stop> {
        let others: Vec<&Judgment> = listed
            .values()
            .filter(|other| other.document_path != document.judgment.document_path)
            .collect();
        verdict(self.context, document, bytes, sha256, &others).await
    }

    /// Notes a failed try; after the last one the document is parked with its reason.
    fn again(
        &mut self,
        epoch: u64,
        document: &PendingDocument,
        sha256: Option<Sha256>,
        why: String,
        give_up_as: MissingReason,
    ) -> Result<(), Stop> {
        let ledger = self.context.lake.ledger();
        let tried = self
            .tries
            .entry(document.row_key.clone())
            .or_insert(Tried { times: 0, epoch });
        tried.times += 1;
        tried.epoch = epoch;
        let most = if judged::is_doubt(&why) {
            DOUBTED_TRIES
        } else {
            TRIES
        };
        if tried.times < most {
            ledger.document_retry(&document.row_key, &why, sha256, None)?;
            self.context.emit(Event::DocumentRetry {
                row_key: document.row_key.clone(),
                why,
            });
            return Ok(());
        }
        ledger.document_missing(&document.row_key, give_up_as, &why, self.context.now())?;
        self.context.emit(Event::DocumentMissing {
            row_key: document.row_key.clone(),
            reason: give_up_as,
        });
        Ok(())
    }
}

enum Plan {
    Page {
        query: PageQuery,
        wanted: Vec<PendingDocument>,
    },
    /// Everything that is left was tried in this session already.
    FreshSession,
}

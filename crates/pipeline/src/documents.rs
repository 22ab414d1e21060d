//! Fetching the documents behind accepted rows: planned from the ledger, checked before they are kept.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use jiff::civil::Date;
use nirnay_extract::identity::{Verdict, check};
use nirnay_fetch::{ErrorClass, FetchError, FetchedDocument, JudgmentsClient, PageQuery};
use nirnay_model::{
    Court, CourtCode, DateWindow, DocumentState, Judgment, MissingReason, RowKey, Sha256,
    Verification,
};
use nirnay_parse::judgments::{SearchPage, read_row};
use nirnay_parse::pdf::{self, BadPdf};
use nirnay_store::{AlarmKind, FetchedBlob, PendingDocument, SHARED_DOCUMENT};

use crate::config::SourceConfig;
use crate::context::Context;
use crate::drift::{Place, refuse_drift};
use crate::error::PipelineError;
use crate::event::Event;
use crate::schedule::court_list;
use crate::stop::{Ended, Stop, stops_source};
use crate::text::TextExtractor;

/// How often a document is asked for in one run, each time from a fresh session.
const TRIES: u32 = 5;
/// Failures in a row, each after all the tries a call may have, that end the source's work.
pub(crate) const TROUBLES: u32 = 3;
/// Wanted documents looked at when a search is planned, besides those that were tried before: a session gives
/// 25.
const AHEAD: usize = 200;
/// How long a document that trouble kept from coming is left alone.
pub(crate) const POSTPONED: jiff::SignedDuration = jiff::SignedDuration::from_hours(6);
/// Documents kept in memory before they are made durable together. At a polite pace the time limit
/// makes this one document; on loopback it saves an fsync storm.
const BATCH: usize = 25;
const BATCH_BYTES: usize = 64 << 20;
const BATCH_AGE: Duration = Duration::from_secs(1);

/// Why a document is not taken for that of its row.
const THEIRS: &str = "the text names the case of another row, which holds the same bytes";
pub(crate) const UNNAMED: &str = "the text names neither the case nor its parties";

/// Holders of the same bytes that are looked at.
const MOST_HOLDERS: usize = 32;

/// What a fetched body turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Judged {
    Keep(Verification),
    Again {
        why: String,
        give_up_as: MissingReason,
    },
}

/// The other rows that were served the same bytes: those that hold them, and those that were asked for again
/// because of them. A scan that a portal gives to three rows in one session would otherwise stay with the third.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holders {
    None,
    /// There are some, and the text names the case of none of them.
    Unnamed,
    /// One of them waits for a second serving, as nothing in the text speaks against it.
    Claimants,
    /// The text names the case of one of them.
    Named,
}

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
        judged(self.context, &mut self.batch, document, sha256, verdict)
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
        if tried.times < TRIES {
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

/// What the text of `bytes` says about the document's row and the `others` that may have been served in its
/// place; the text is kept.
pub(crate) async fn verdict(
    context: &Context,
    document: &PendingDocument,
    bytes: Bytes,
    sha256: Sha256,
    others: &[&Judgment],
) -> Result<Verdict, Stop> {
    let extractor: Arc<dyn TextExtractor> = Arc::clone(&context.extractor);
    let version = extractor.version().to_owned();
    let extracted = tokio::task::spawn_blocking(move || extractor.extract(&bytes))
        .await
        .map_err(|error| Stop::Broken(PipelineError::Internal(error.to_string())))?;
    let made_by = (context.run.id, version.as_str());
    crate::extract::keep(&context.lake, made_by, &sha256, &extracted)?;
    Ok(extracted.map_or(Verdict::NoText, |extraction| {
        check(&document.judgment, others, &extraction.pages)
    }))
}

/// What to do with bytes on which the text gave that `verdict`.
///
/// Another row may hold them already. It happens rightly (one judgment for several cases) and wrongly (one
/// row was given the other's document, perhaps another order of the same case, which no text tells apart),
/// so every row that holds them is asked for once more.
pub(crate) fn judged(
    context: &Context,
    batch: &mut Batch<'_>,
    document: &PendingDocument,
    sha256: Sha256,
    verdict: Verdict,
) -> Result<Judged, Stop> {
    let holders = holders(context, batch, document, sha256)?;
    let seen_before = document.last_sha256 == Some(sha256);
    // Bytes that name their holder's case and not this one's say nothing against the holder.
    let theirs = holders == Holders::Named
        && matches!(verdict, Verdict::Unconfirmed | Verdict::Other { .. });
    if holders != Holders::None && !seen_before && !theirs {
        let ledger = context.lake.ledger();
        ledger.doubt_document(&sha256, &document.row_key)?;
    }
    Ok(decide(verdict, seen_before, holders))
}

fn decide(verdict: Verdict, seen_before: bool, holders: Holders) -> Judged {
    let again = |why: String| Judged::Again {
        why,
        give_up_as: MissingReason::WrongDocument,
    };
    match verdict {
        Verdict::Matched | Verdict::NoText if holders != Holders::None && !seen_before => {
            again(SHARED_DOCUMENT.to_owned())
        }
        Verdict::Matched => Judged::Keep(Verification::Matched),
        Verdict::NoText => Judged::Keep(Verification::NoText),
        Verdict::Other { row_key } => again(format!("the text is that of {row_key}")),
        // However often they come, they are that row's.
        Verdict::Unconfirmed if holders == Holders::Named => again(THEIRS.to_owned()),
        // Another row has the better claim, and is about to be asked for again.
        Verdict::Unconfirmed if holders == Holders::Claimants => again(SHARED_DOCUMENT.to_owned()),
        // Nothing in the text speaks for or against it: the same bytes from a second fresh session are
        // the best proof there is. A document of a row that is on another page and not stored yet can
        // pass so; when that row's turn comes, the two share their bytes and are asked for again.
        Verdict::Unconfirmed if seen_before => Judged::Keep(Verification::Unconfirmed),
        Verdict::Unconfirmed => again(UNNAMED.to_owned()),
    }
}

fn holders(
    context: &Context,
    batch: &mut Batch<'_>,
    document: &PendingDocument,
    sha256: Sha256,
) -> Result<Holders, Stop> {
    if batch.holds_other(sha256, &document.row_key) {
        batch.flush()?;
    }
    let ledger = context.lake.ledger();
    let mut holders = Holders::None;
    let keys = ledger.rows_served(&sha256)?;
    let others = keys.iter().filter(|key| **key != document.row_key);
    for key in others.take(MOST_HOLDERS) {
        holders = Holders::Unnamed;
        if let DocumentState::Stored(facts) = ledger.document_state(key)?
            && facts.check == Verification::Matched
        {
            return Ok(Holders::Named);
        }
    }
    if holders == Holders::Unnamed && ledger.is_document_claimed(&sha256, &document.row_key)? {
        return Ok(Holders::Claimants);
    }
    Ok(holders)
}

pub(crate) fn missing_reason(bad: &BadPdf) -> MissingReason {
    match bad {
        BadPdf::Empty => MissingReason::EmptyBody,
        BadPdf::TooSmall | BadPdf::NotAPdf { .. } => MissingReason::NotAPdf,
        BadPdf::Truncated { .. } => MissingReason::Truncated,
    }
}

/// Documents on their way to the disk.
pub(crate) struct Batch<'a> {
    context: &'a Context,
    blobs: Vec<FetchedBlob>,
    hashes: HashMap<Sha256, RowKey>,
    bytes: usize,
    since: Instant,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(context: &'a Context) -> Self {
        Self {
            context,
            blobs: Vec::new(),
            hashes: HashMap::new(),
            bytes: 0,
            since: Instant::now(),
        }
    }

    fn holds_other(&self, sha256: Sha256, key: &RowKey) -> bool {
        self.hashes.get(&sha256).is_some_and(|holder| holder != key)
    }

    pub(crate) fn add(
        &mut self,
        document: &PendingDocument,
        bytes: Bytes,
        sha256: Sha256,
        check: Verification,
    ) -> Result<(), Stop> {
        if self.blobs.is_empty() {
            self.since = Instant::now();
        }
        self.bytes += bytes.len();
        self.hashes.insert(sha256, document.row_key.clone());
        self.blobs.push(FetchedBlob {
            row_key: document.row_key.clone(),
            bytes,
            check,
            run: self.context.run.id,
            at: self.context.now(),
        });
        if self.blobs.len() >= BATCH
            || self.bytes >= BATCH_BYTES
            || self.since.elapsed() >= BATCH_AGE
        {
            self.flush()?;
        }
        Ok(())
    }

    pub(crate) fn flush(&mut self) -> Result<(), PipelineError> {
        if self.blobs.is_empty() {
            return Ok(());
        }
        self.context.lake.store_documents(&self.blobs)?;
        for blob in self.blobs.drain(..) {
            self.context.emit(Event::DocumentStored {
                size: blob.bytes.len() as u64,
                row_key: blob.row_key,
            });
        }
        self.hashes.clear();
        self.bytes = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_name_another_rows_case_are_never_kept() {
        let kept =
            |verdict: Verdict, seen_before, holders| match decide(verdict, seen_before, holders) {
                Judged::Keep(check) => Some(check),
                Judged::Again { .. } => None,
            };
        let other = || Verdict::Other {
            row_key: RowKey::from_stored("another".to_owned()),
        };
        for holders in [
            Holders::None,
            Holders::Unnamed,
            Holders::Claimants,
            Holders::Named,
        ] {
            assert_eq!(kept(other(), true, holders), None);
            assert_eq!(kept(Verdict::Unconfirmed, false, holders), None);
            assert_eq!(
                kept(Verdict::Matched, true, holders),
                Some(Verification::Matched)
            );
            let alone = holders == Holders::None;
            assert_eq!(kept(Verdict::Matched, false, holders).is_some(), alone);
            assert_eq!(kept(Verdict::NoText, false, holders).is_some(), alone);
            assert_eq!(
                kept(Verdict::Unconfirmed, true, holders).is_some(),
                matches!(holders, Holders::None | Holders::Unnamed)
            );
        }
    }
}

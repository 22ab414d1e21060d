//! The documents that an answer of a case portal names.
//!
//! A link of High Court Services or of the District Courts holds in the session alone that showed it. When that session
//! is over, whatever ended it, the page is asked for again and the same order is found on it by what tells it from
//! the others. What trouble kept from coming stays open; a document is missing only by what the portal says of it, in
//! more than one session.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use jiff::civil::Date;
use nirnay_extract::identity::{Verdict, check};
use nirnay_extract::structure::decided;
use nirnay_fetch::{
    CaseAnswer, CaseAsk, CasesClient, DistrictAsk, ErrorClass, FetchError, HcAsk, SciAsk,
};
use nirnay_model::{
    BenchCode, Case, CaseKey, CasePortal, CauseList, CourtCode, Judgment, MissingReason, Order,
    PageText, Sha256, Side, SourceId, order_slots,
};
use nirnay_parse::sci::FeedRow;
use nirnay_store::{Lake, ListLine, StoreError};

use super::seen::{document_ask, latest_case, list};
use crate::documents::{FOREIGN, Served, UNNAMED};
use crate::text::TextExtractor;

/// How often a document is asked for, each time in another session.
const TRIES: u32 = 5;
/// Sessions in which the portal has to say that there is no file.
const SAYINGS: u32 = 2;
/// Portals list an order under a wrong day too: what comes so often, each time the same, is believed although its text
/// is dated as another order of the case.
const DATED_ALIKE: u32 = 3;
/// How often in a row the page with the links may fail to come.
const REOPENINGS: u32 = 3;

/// What a document belongs to.
#[derive(Debug, Clone)]
pub enum PaperOf {
    /// An order of a case.
    Order(Order),
    /// A published cause list.
    List(CauseList),
    /// A line of the Supreme Court's list of the latest.
    Latest(Box<FeedRow>),
}

/// A document that an answer names.
#[derive(Debug, Clone)]
pub struct Paper {
    /// Whose it is.
    pub owner: CaseKey,
    /// Which of the owner's.
    pub slot: String,
    /// What it belongs to.
    pub of: PaperOf,
    ask: Option<CaseAsk>,
    /// What its text should name; nothing is known of a cause list's.
    row: Option<Arc<Judgment>>,
    /// The days of all orders of its case, which is all that tells their texts from one another.
    days: Arc<BTreeSet<Date>>,
}

/// What became of a document.
#[derive(Debug, Clone)]
pub enum PaperFate {
    /// It came, whole, and nothing speaks against it.
    Came(Bytes),
    /// It cannot be had: the portal said so, or gave something else, in several sessions.
    Missing(MissingReason, String),
    /// Trouble kept it from coming. It is to be asked for again another time.
    Open(String),
}

/// Who holds documents already.
pub trait PaperHolders: Sync {
    /// Whether another than `owner` holds these bytes.
    fn holds_other(&self, sha256: &Sha256, owner: &CaseKey) -> Result<bool, StoreError>;
}

impl PaperHolders for Lake {
    fn holds_other(&self, sha256: &Sha256, owner: &CaseKey) -> Result<bool, StoreError> {
        self.ledger().case_document_of_other(sha256, owner)
    }
}

/// Nobody holds any.
impl PaperHolders for () {
    fn holds_other(&self, _: &Sha256, _: &CaseKey) -> Result<bool, StoreError> {
        Ok(false)
    }
}

/// What ended the fetching of documents: none of them.
#[derive(Debug, thiserror::Error)]
pub enum PaperStop {
    /// Nothing more can be asked of the portal.
    #[error(transparent)]
    Portal(#[from] FetchError),
    /// The lake cannot go on.
    #[error(transparent)]
    Lake(#[from] StoreError),
}

#[derive(Debug, Default)]
struct Tried {
    times: u32,
    /// The session of the last try.
    epoch: u64,
    /// Sessions in which the portal said that there is none.
    none: u32,
    /// What came last and was not taken.
    last: Option<Served>,
    /// How often in a row it came.
    alike: u32,
    done: bool,
}

/// The documents that an answer names, as far as they are wanted, and the session in which their links hold.
pub struct Papers {
    page: CaseAsk,
    epoch: u64,
    list: Vec<(Paper, Tried)>,
    /// How often in a row the page did not come.
    closed: u32,
    /// Why the page is not asked for any more.
    shut: Option<String>,
}

impl Papers {
    /// The documents that the answer to `page` names, which `client` got just now.
    pub fn of(page: &CaseAsk, answer: &CaseAnswer, client: &CasesClient) -> Self {
        let papers = named(page, answer).into_iter();
        Self {
            page: page.clone(),
            epoch: client.epoch(),
            list: papers.map(|paper| (paper, Tried::default())).collect(),
            closed: 0,
            shut: None,
        }
    }

    /// Drops those that are not wanted.
    pub fn want<E>(&mut self, wanted: impl Fn(&Paper) -> Result<bool, E>) -> Result<(), E> {
        let mut kept = Vec::new();
        for (paper, tried) in self.list.drain(..) {
            if wanted(&paper)? {
                kept.push((paper, tried));
            }
        }
        self.list = kept;
        Ok(())
    }

    /// The number of documents.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The next document of which it is known what became of it; `None` after the last.
    ///
    /// # Errors
    /// What stops the use of the portal, or of the lake. The documents that are left are open.
    pub async fn next(
        &mut self,
        client: &mut CasesClient,
        extractor: &Arc<dyn TextExtractor>,
        holders: &dyn PaperHolders,
    ) -> Result<Option<(Paper, PaperFate)>, PaperStop> {
        loop {
            let Some(first) = self.list.iter().position(|(_, tried)| !tried.done) else {
                return Ok(None);
            };
            if let Some(why) = self.shut.clone() {
                return Ok(self.end(first, PaperFate::Open(why)));
            }
            let epoch = client.epoch();
            let fresh = |(_, tried): &(Paper, Tried)| {
                !tried.done && (tried.times == 0 || tried.epoch != epoch)
            };
            let at = self.list.iter().position(fresh);
            if at.is_none() {
                client.fresh_session();
            }
            let linked = client.holds_links_of(self.epoch);
            if at.is_none() && !self.page.portal().binds_links() {
                // The links hold; a session begins with the next document.
                for (_, tried) in &mut self.list {
                    tried.epoch = u64::MAX;
                }
            } else if !linked && let Err(error) = self.reopen(client).await {
                if stops(&error) {
                    return Err(error.into());
                }
                self.closed += 1;
                if self.closed >= REOPENINGS {
                    self.shut = Some(error.to_string());
                }
                continue;
            }
            let at = at.unwrap_or(first);
            if let Some(fate) = self.one((client, extractor, holders), at).await? {
                return Ok(self.end(at, fate));
            }
        }
    }

    fn end(&mut self, at: usize, fate: PaperFate) -> Option<(Paper, PaperFate)> {
        let (paper, tried) = self.list.get_mut(at)?;
        tried.done = true;
        Some((paper.clone(), fate))
    }

    /// Asks for the page again and takes the links of the session that shows it.
    async fn reopen(&mut self, client: &mut CasesClient) -> Result<(), FetchError> {
        let answer = client.ask(self.page.clone()).await?;
        let mut again = named(&self.page, &answer);
        for (paper, _) in &mut self.list {
            let same = |other: &Paper| other.owner == paper.owner && other.slot == paper.slot;
            let found = again.iter().position(same);
            paper.ask = found.and_then(|at| again.swap_remove(at).ask);
        }
        self.epoch = client.epoch();
        self.closed = 0;
        Ok(())
    }

    async fn one(
        &mut self,
        (client, extractor, holders): (
            &mut CasesClient,
            &Arc<dyn TextExtractor>,
            &dyn PaperHolders,
        ),
        at: usize,
    ) -> Result<Option<PaperFate>, PaperStop> {
        let rows: Vec<Arc<Judgment>> = self
            .list
            .iter()
            .filter_map(|(paper, _)| paper.row.clone())
            .collect();
        let Some((paper, tried)) = self.list.get_mut(at) else {
            return Ok(None);
        };
        let answer = match paper.ask.clone() {
            Some(ask) => Some(client.ask(ask).await),
            None => None,
        };
        tried.times += 1;
        tried.epoch = client.epoch();
        let last = tried.times >= TRIES;
        let (reason, why) = match answer {
            None if tried.times == 1 => {
                let why = "the page names no document for it".to_owned();
                return Ok(Some(PaperFate::Missing(MissingReason::NotListed, why)));
            }
            None => {
                let why = "the page does not list it any more".to_owned();
                (MissingReason::RowGone, why)
            }
            Some(Ok(CaseAnswer::Document(bytes))) => {
                let sha256 = Sha256::of(&bytes);
                let shared = holders.holds_other(&sha256, &paper.owner)?;
                let served = Served::of(&bytes, sha256);
                if !tried.last.is_some_and(|last| last.is_same(served)) {
                    tried.alike = 0;
                }
                match against((paper, &rows), &bytes, (shared, tried.alike), extractor).await {
                    None => return Ok(Some(PaperFate::Came(bytes))),
                    Some(why) => {
                        tried.last = Some(served);
                        tried.alike += 1;
                        (MissingReason::WrongDocument, why)
                    }
                }
            }
            Some(Ok(_)) => {
                let why = "an answer that is no document".to_owned();
                return Ok(Some(PaperFate::Open(why)));
            }
            Some(Err(error)) if stops(&error) => return Err(error.into()),
            Some(Err(error)) => match error.class() {
                ErrorClass::Permanent(MissingReason::NoFile) => {
                    tried.none += 1;
                    let fate = PaperFate::Missing(MissingReason::NoFile, error.to_string());
                    return Ok((tried.none >= SAYINGS).then_some(fate));
                }
                ErrorClass::Permanent(reason) => (reason, error.to_string()),
                _ => {
                    return Ok(last.then(|| PaperFate::Open(error.to_string())));
                }
            },
        };
        Ok(last.then_some(PaperFate::Missing(reason, why)))
    }
}

impl Paper {
    /// Whether the text says that it was decided on the day of another order of the case, and not on its own.
    fn is_dated_as_another(&self, pages: &[PageText]) -> bool {
        let PaperOf::Order(order) = &self.of else {
            return false;
        };
        let Some(own) = day_of(order).filter(|_| self.days.len() > 1) else {
            return false;
        };
        let said = decided(pages);
        !said.contains(&own) && said.iter().any(|day| self.days.contains(day))
    }

    /// Whether its owner is a case or list that a lake keeps.
    pub fn is_kept(&self) -> bool {
        match self.of {
            PaperOf::Order(_) => self.row.is_some(),
            PaperOf::List(_) | PaperOf::Latest(_) => true,
        }
    }
}

/// Whether an error says something about the use of the portal, not about what was asked.
fn stops(error: &FetchError) -> bool {
    !matches!(
        error.class(),
        ErrorClass::Permanent(_)
            | ErrorClass::Transient
            | ErrorClass::Expired
            | ErrorClass::CaptchaCap
            | ErrorClass::Drift
    )
}

/// What speaks against bytes being the document: their text, read as that of a judgment is.
async fn against(
    (paper, rows): (&Paper, &[Arc<Judgment>]),
    bytes: &Bytes,
    (shared, alike): (bool, u32),
    extractor: &Arc<dyn TextExtractor>,
) -> Option<String> {
    let own = paper.row.clone()?;
    let (extractor, bytes) = (Arc::clone(extractor), bytes.clone());
    let extracted = tokio::task::spawn_blocking(move || extractor.extract(&bytes)).await;
    let pages = match extracted {
        Ok(Ok(extraction)) => extraction.pages,
        // A text that cannot be had says nothing.
        Ok(Err(_)) | Err(_) => Vec::new(),
    };
    let others: Vec<&Judgment> = rows
        .iter()
        .map(AsRef::as_ref)
        .filter(|row| row.title != own.title)
        .collect();
    let again = alike > 0;
    match check(&own, &others, &pages) {
        Verdict::Matched if alike + 1 < DATED_ALIKE && paper.is_dated_as_another(&pages) => {
            Some("the text is dated as another order of the case".to_owned())
        }
        Verdict::Matched | Verdict::AnotherOrder => None,
        Verdict::Other { .. } => Some("the text is that of another case of the list".to_owned()),
        Verdict::AnotherCase { cnr } => Some(format!("the text names the case {cnr}")),
        Verdict::AnotherCourt => Some(FOREIGN.to_owned()),
        Verdict::NoText if shared && !again => Some("another case holds the same bytes".to_owned()),
        Verdict::NoText => None,
        Verdict::Unconfirmed if shared => Some(
            "another case holds the same bytes, and the text does not name this one".to_owned(),
        ),
        // The same bytes from a second session are the best proof there is.
        Verdict::Unconfirmed if again => None,
        Verdict::Unconfirmed => Some(UNNAMED.to_owned()),
    }
}

/// The documents that an answer names.
fn named(page: &CaseAsk, answer: &CaseAnswer) -> Vec<Paper> {
    match answer {
        CaseAnswer::Case(case) => of_case(case),
        CaseAnswer::Cases(found) if page.portal() == CasePortal::Sci => {
            found.list().iter().flat_map(of_case).collect()
        }
        CaseAnswer::Orders(found) => match page {
            CaseAsk::District(DistrictAsk::Orders {
                court,
                case_type,
                number,
                year,
            }) => {
                let mut case = Case::new(CasePortal::District);
                case.court_code = Some(format!("{}@{}", court.complex, court.establishment));
                case.portal_key = Some(format!("{case_type}/{number}/{year}"));
                case.orders.clone_from(&found.orders);
                let papers = of_case(&case).into_iter();
                // Of the case nothing is known but what was asked for.
                papers.map(|paper| Paper { row: None, ..paper }).collect()
            }
            _ => Vec::new(),
        },
        CaseAnswer::CauseLists(lists) => {
            let lines = lists.iter().cloned().map(ListLine::Document).collect();
            let Some(seen) = list(page, lines) else {
                return Vec::new();
            };
            let paper = |(line, list): (&ListLine, &CauseList)| Paper {
                owner: seen.key_of(line),
                slot: String::new(),
                ask: list
                    .link
                    .clone()
                    .map(|link| CaseAsk::Hc(HcAsk::Document { link })),
                of: PaperOf::List(list.clone()),
                row: None,
                days: Arc::default(),
            };
            seen.lines.iter().zip(lists).map(paper).collect()
        }
        CaseAnswer::Feed(feed) => feed.rows.iter().map(latest).collect(),
        _ => Vec::new(),
    }
}

fn latest(row: &FeedRow) -> Paper {
    let path = row.handle.path.clone();
    let case = latest_case(row);
    Paper {
        owner: CaseKey::of(&case),
        slot: order_slots(&case).concat(),
        ask: Some(CaseAsk::Sci(SciAsk::Document { path })),
        of: PaperOf::Latest(Box::new(row.clone())),
        row: Some(Arc::new(row.judgment.clone())),
        days: Arc::default(),
    }
}

fn of_case(case: &Case) -> Vec<Paper> {
    let owner = CaseKey::of(case);
    let row = row_of(case, &owner).map(Arc::new);
    let slots = order_slots(case).into_iter();
    let days: Arc<BTreeSet<Date>> = Arc::new(case.orders.iter().filter_map(day_of).collect());
    case.orders
        .iter()
        .zip(slots)
        .map(|(order, slot)| Paper {
            owner: owner.clone(),
            slot,
            ask: order
                .link
                .as_ref()
                .and_then(|link| document_ask(case.portal, link)),
            of: PaperOf::Order(order.clone()),
            row: row.clone(),
            days: Arc::clone(&days),
        })
        .collect()
}

fn day_of(order: &Order) -> Option<Date> {
    order.date.as_ref().and_then(|printed| printed.date)
}

/// What the text of a case's document should name, in the form in which a judgment's is checked.
fn row_of(case: &Case, key: &CaseKey) -> Option<Judgment> {
    let side = |side| case.side(side).next().map(str::to_owned);
    let bench: BenchCode = "case".parse().ok()?;
    Some(Judgment {
        cnr: case.cnr.clone(),
        title: key.as_str().to_owned(),
        petitioner: side(Side::Petitioner),
        respondent: side(Side::Respondent),
        case_number_raw: case.number.as_ref().map(|number| number.printed.clone()),
        case_number: case.number.as_ref().and_then(|number| number.parts.clone()),
        diary_number: case.diary_number.clone(),
        ..Judgment::unprinted(
            SourceId::EcourtsHc,
            (
                CourtCode::sci(),
                case.court_name.clone().unwrap_or_default(),
            ),
            bench,
        )
    })
}

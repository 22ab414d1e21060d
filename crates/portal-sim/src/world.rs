//! Everything the portals share: docket, faults, changes, log; and the way of a request through it.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use jiff::Timestamp;
use nirnay_model::{Portal, Sha256, SourceId};

use crate::changes::Changes;
use crate::config::SimConfig;
use crate::error::SimError;
use crate::facets::FacetCache;
use crate::fault::FaultKind;
use crate::forge;
use crate::form::Form;
use crate::log::{Log, LogEntry, SearchLog};
use crate::query::TextCache;
use crate::random::Draw;
use crate::reply::{Delivery, Reply};
use crate::route::Route;
use crate::row::{Row, RowId};
use crate::session::Sessions;
use crate::trouble::{Fault, Trouble};
use crate::truth::TruthRow;
use crate::{judgments, paper, supreme};

/// A request as a portal sees it.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) portal: Portal,
    pub(crate) get: bool,
    /// Path, without the query.
    pub(crate) path: String,
    pub(crate) query: Form,
    pub(crate) cookies: String,
    pub(crate) body: Form,
}

impl Request {
    /// The value of a cookie; the last one if there are several.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .rfind(|(n, _)| *n == name)
            .map(|(_, v)| v)
    }
}

/// What is noted about a request while it is answered.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) session: Option<u64>,
    pub(crate) row: Option<RowId>,
    pub(crate) captcha: Option<bool>,
    pub(crate) search: Option<SearchLog>,
    pub(crate) note: Option<String>,
}

/// A request on its way: number, time, route and what strikes it.
pub(crate) struct Visit<'a> {
    pub(crate) request: &'a Request,
    pub(crate) route: Route,
    pub(crate) number: u64,
    pub(crate) now: Timestamp,
    pub(crate) fault: Option<Fault>,
    pub(crate) notes: Notes,
    /// Draws of this request: tokens, ids, white space.
    pub(crate) draw: Draw,
}

impl Visit<'_> {
    /// The fault, if it is of this kind.
    pub(crate) fn fault(&self, kind: FaultKind) -> Option<&Fault> {
        self.fault.as_ref().filter(|fault| fault.is(kind))
    }

    /// Adds a remark for the log.
    pub(crate) fn remark(&mut self, text: impl Into<String>) {
        self.notes.note = Some(text.into());
    }
}

/// What changes from request to request.
#[derive(Debug)]
pub(crate) struct State {
    requests: u64,
    trouble: Trouble,
    pub(crate) changes: Changes,
    log: Log,
    answers: Answers,
    pub(crate) sessions: BTreeMap<Portal, Sessions>,
    pub(crate) texts: TextCache,
    pub(crate) facets: FacetCache,
}

/// The pictures handed out lately and what they say.
#[derive(Debug, Default)]
struct Answers {
    by_hash: HashMap<Sha256, String>,
    order: VecDeque<Sha256>,
}

const ANSWERS: usize = 20_000;

impl State {
    /// Remembers what a picture says.
    pub(crate) fn remember(&mut self, picture: &[u8], answer: &str) {
        let hash = Sha256::of(picture);
        if self
            .answers
            .by_hash
            .insert(hash, answer.to_owned())
            .is_none()
        {
            self.answers.order.push_back(hash);
        }
        if self.answers.order.len() > ANSWERS
            && let Some(old) = self.answers.order.pop_front()
        {
            self.answers.by_hash.remove(&old);
        }
    }
}

/// The simulated portals.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) config: SimConfig,
    /// Addresses of the portals, without a trailing slash.
    pub(crate) bases: BTreeMap<Portal, String>,
    state: Mutex<State>,
}

impl World {
    pub(crate) fn new(
        config: SimConfig,
        bases: BTreeMap<Portal, String>,
    ) -> Result<Self, SimError> {
        if let Some(script) = &config.faults {
            script.check()?;
        }
        let state = State {
            requests: 0,
            trouble: Trouble::new(config.faults.clone(), config.seed),
            changes: Changes::default(),
            log: Log::open(config.log_file.as_deref())?,
            answers: Answers::default(),
            sessions: BTreeMap::new(),
            texts: TextCache::default(),
            facets: FacetCache::default(),
        };
        Ok(Self {
            config,
            bases,
            state: Mutex::new(state),
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a request: fault first, then the portal, then what the fault does to the reply.
    pub(crate) fn answer(&self, request: &Request) -> Reply {
        let mut state = self.lock();
        state.requests += 1;
        let number = state.requests;
        let route = match request.portal {
            Portal::SciFeed => supreme::route(request),
            _ => judgments::route(request),
        };
        let now = self.config.clock.now();
        let mut visit = Visit {
            request,
            route,
            number,
            now,
            fault: state.trouble.strike(request.portal, route, number),
            notes: Notes::default(),
            draw: Draw::of(&[self.config.seed, 50, number]),
        };
        let forged = visit
            .fault
            .as_ref()
            .and_then(|fault| forge::instead(fault, now));
        let mut reply = forged.unwrap_or_else(|| match request.portal {
            Portal::SciFeed => supreme::answer(self, &mut visit),
            _ => judgments::answer(self, &mut state, &mut visit),
        });
        if let Some(fault) = &visit.fault {
            forge::spoil(fault, &mut reply);
        }
        let entry = self.entry(visit, &reply);
        state.log.add(entry);
        reply
    }

    fn entry(&self, visit: Visit<'_>, reply: &Reply) -> LogEntry {
        let session = visit.notes.session.map(|serial| {
            Draw::of(&[self.config.seed, 51, visit.request.portal as u64, serial]).hex(8)
        });
        LogEntry {
            number: visit.number,
            time: visit.now,
            portal: visit.request.portal,
            route: visit.route,
            session,
            status: if matches!(reply.delivery, Delivery::Reset) {
                0
            } else {
                reply.status
            },
            bytes: reply.size(),
            fault: visit.fault.map(|fault| fault.rule.kind.name()),
            row: visit.notes.row,
            captcha: visit.notes.captcha,
            search: visit.notes.search,
            note: visit.notes.note,
        }
    }

    /// What a picture says, if it was handed out lately.
    pub(crate) fn answer_of(&self, picture: &[u8]) -> Option<String> {
        self.lock()
            .answers
            .by_hash
            .get(&Sha256::of(picture))
            .cloned()
    }

    pub(crate) fn log(&self) -> Vec<LogEntry> {
        self.lock().log.entries()
    }

    pub(crate) fn counts(&self) -> BTreeMap<(Portal, Route), u64> {
        self.lock().log.counts()
    }

    /// The row with this number, added ones included.
    pub(crate) fn row(&self, changes: &Changes, id: RowId) -> Option<Row> {
        self.config
            .docket
            .row(id)
            .or_else(|| changes.row(id))
            .copied()
    }

    /// Up to `count` true rows of a source from place `from` on, changes and spoilt rows included;
    /// fewer only at the end. Rows added at run time come last.
    pub(crate) fn truth(&self, source: SourceId, from: usize, count: usize) -> Vec<TruthRow> {
        let state = self.lock();
        let docket = &self.config.docket;
        let own = docket
            .ids(source)
            .skip(from)
            .take(count)
            .filter_map(|id| docket.truth(source, id));
        let mut rows: Vec<TruthRow> = own.collect();
        let reports = source != SourceId::EcourtsHc;
        let added = state
            .changes
            .added()
            .iter()
            .filter(|a| source != SourceId::SciFeed && a.row.is_scr() == reports);
        for added in added
            .skip(from.saturating_sub(docket.len(source)))
            .take(count - rows.len())
        {
            let mut row = TruthRow::of_row(docket, source, added.id, &added.row);
            row.added_at = Some(added.at);
            row.removed_at = added.until;
            rows.push(row);
        }
        for row in &mut rows {
            row.removed_at = row.removed_at.or_else(|| state.changes.hidden_at(row.row));
            if let Some(flaw) = state
                .trouble
                .flaw(source.portal(), row.row)
                .filter(|_| source != SourceId::SciFeed)
            {
                row.flaw = Some(flaw);
                row.is_readable = false;
            }
        }
        rows
    }

    /// The document of a row, added ones included.
    pub(crate) fn document(&self, id: RowId) -> Option<Bytes> {
        let added = self.lock().changes.row(id).copied();
        match added {
            Some(row) => paper::of_row(&self.config.docket, &row),
            None => self.config.docket.document(id),
        }
    }
}

impl State {
    /// What the fault script has done to a row for good.
    pub(crate) fn spoilt(&self, portal: Portal, id: RowId) -> Option<crate::row::Flaw> {
        self.trouble.flaw(portal, id)
    }
}

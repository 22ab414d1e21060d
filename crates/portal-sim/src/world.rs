//! Everything the portals share: docket, faults, changes, log; and the way of a request through it.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::site::Site;
use bytes::Bytes;
use jiff::Timestamp;
use nirnay_model::{Sha256, SourceId};

use crate::cases::{CaseBook, Key};
use crate::changes::Changes;
use crate::config::SimConfig;
use crate::error::SimError;
use crate::facets::FacetCache;
use crate::fault::{FaultKind, FaultScript};
use crate::forge;
use crate::form::Form;
use crate::log::{Log, LogEntry, Outcome, SearchLog};
use crate::query::TextCache;
use crate::random::Draw;
use crate::reply::{Delivery, Reply};
use crate::route::Route;
use crate::row::{Flaw, Row, RowId};
use crate::schedule::ChangeKind;
use crate::session::Sessions;
use crate::supreme_search::Forms;
use crate::trouble::{Fault, Trouble};
use crate::truth::TruthRow;
use crate::{calcutta, district, hcservices, hostile, judgments, paper, supreme};

/// A request as a portal sees it.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) portal: Site,
    pub(crate) get: bool,
    /// Path, without the query.
    pub(crate) path: String,
    pub(crate) query: Form,
    pub(crate) cookies: String,
    pub(crate) agent: Option<String>,
    /// All headers, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
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

    /// The value of a header, whose name is given in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }
}

/// What is noted about a request while it is answered.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) session: Option<u64>,
    pub(crate) row: Option<RowId>,
    pub(crate) case: Option<String>,
    pub(crate) captcha: Option<bool>,
    pub(crate) picture: Option<u64>,
    pub(crate) answer: Option<String>,
    pub(crate) tries: Option<u32>,
    pub(crate) outcome: Option<Outcome>,
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
    /// The lasting faults in force.
    pub(crate) lasting: Vec<Fault>,
    pub(crate) notes: Notes,
    /// Draws of this request: tokens, ids, white space.
    pub(crate) draw: Draw,
}

impl Visit<'_> {
    /// The fault, if it is of this kind.
    pub(crate) fn fault(&self, kind: FaultKind) -> Option<&Fault> {
        self.fault.as_ref().filter(|fault| fault.is(kind))
    }

    /// The new layouts in force.
    pub(crate) fn drifts(&self) -> impl Iterator<Item = &Fault> {
        self.lasting
            .iter()
            .filter(|fault| fault.is(FaultKind::Drift))
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
    /// The latest client's name, which is nearly always that of the next one too.
    agent: Arc<str>,
    /// The moment at which the docket stands by hand.
    moment: Option<Timestamp>,
    /// Pictures handed out.
    pub(crate) pictures: u64,
    /// Forms of the Supreme Court's search.
    pub(crate) forms: Forms,
    /// Requests to the portal of the district courts, and turns of its secret by faults.
    pub(crate) guard_requests: u64,
    pub(crate) guard_turns: u64,
    pub(crate) robots: BTreeMap<Site, String>,
    pub(crate) changes: Changes,
    log: Log,
    answers: Answers,
    pub(crate) sessions: BTreeMap<Site, Sessions>,
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
    pub(crate) bases: BTreeMap<Site, String>,
    /// The cases of the portals of cases.
    pub(crate) cases: CaseBook,
    state: Mutex<State>,
}

impl World {
    pub(crate) fn new(config: SimConfig, bases: BTreeMap<Site, String>) -> Result<Self, SimError> {
        if let Some(script) = &config.faults {
            script.check()?;
        }
        let state = State {
            requests: 0,
            trouble: Trouble::new(config.faults.clone(), config.seed),
            agent: Arc::from(""),
            moment: config.moment,
            pictures: 0,
            forms: Forms::default(),
            guard_requests: 0,
            guard_turns: 0,
            robots: config.robots.clone(),
            changes: Changes::new(&config.schedule),
            log: Log::open(config.log_file.as_deref(), config.log_kept)?,
            answers: Answers::default(),
            sessions: BTreeMap::new(),
            texts: TextCache::default(),
            facets: FacetCache::default(),
        };
        let cases = CaseBook::new(Arc::clone(&config.docket), config.cases.clone());
        Ok(Self {
            config,
            bases,
            cases,
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
            Site::SciFeed => supreme::route(request),
            Site::SciDocuments => crate::supreme_search::document_route(request),
            Site::HcServices => hcservices::route(request),
            Site::DistrictCourts => district::route(request),
            Site::CalcuttaHc => calcutta::route(request),
            _ => judgments::route(request),
        };
        let now = self.config.clock.now();
        state.catch_up(now);
        let strike = state.trouble.strike(request.portal, route, number);
        let mut visit = Visit {
            request,
            route,
            number,
            now,
            fault: strike.once,
            lasting: strike.lasting,
            notes: Notes::default(),
            draw: Draw::of(&[self.config.seed, 50, number]),
        };
        let forged = visit
            .fault
            .as_ref()
            .and_then(|fault| forge::instead(fault, now));
        if forged.is_some() {
            visit.notes.outcome = Some(Outcome::Forged);
            visit.notes.session = judgments::current(&mut state, &visit).map(|s| s.serial);
        }
        let mut reply = forged.unwrap_or_else(|| match request.portal {
            Site::SciFeed => supreme::answer(self, &mut state, &mut visit),
            Site::SciDocuments => {
                crate::supreme_search::answer_document(self, &mut state, &mut visit)
            }
            Site::HcServices => hcservices::answer(self, &mut state, &mut visit),
            Site::DistrictCourts => district::answer(self, &mut state, &mut visit),
            Site::CalcuttaHc => calcutta::answer(self, &mut state, &mut visit),
            _ => judgments::answer(self, &mut state, &mut visit),
        });
        if let Some(fault) = &visit.fault {
            forge::spoil(fault, &mut reply);
            let is_of_cases = !request.portal.is_judgment_portal();
            if is_of_cases && fault.is(FaultKind::HostileText) {
                let key = visit
                    .notes
                    .case
                    .as_deref()
                    .and_then(|cnr| self.cases.by_cnr(cnr));
                let file = key.map(|key| self.cases.file(key, self.case_day(&state)));
                hostile::spoil_cases(fault, &mut reply, file.as_ref());
            }
        }
        let agent = state.agent(request);
        let entry = self.entry(visit, agent, &reply);
        state.log.add(entry);
        reply
    }

    fn entry(&self, visit: Visit<'_>, agent: Option<Arc<str>>, reply: &Reply) -> LogEntry {
        let session = visit.notes.session.map(|serial| {
            Draw::of(&[self.config.seed, 51, visit.request.portal as u64, serial]).hex(8)
        });
        LogEntry {
            number: visit.number,
            time: visit.now,
            portal: visit.request.portal,
            route: visit.route,
            session,
            outcome: visit.notes.outcome.unwrap_or(Outcome::Served),
            status: if matches!(reply.delivery, Delivery::Reset) {
                0
            } else {
                reply.status
            },
            bytes: reply.size(),
            fault: visit
                .fault
                .or_else(|| visit.lasting.into_iter().next())
                .map(|fault| fault.rule.kind.name()),
            row: visit.notes.row,
            case: visit.notes.case,
            captcha: visit.notes.captcha,
            picture: visit.notes.picture,
            answer: visit.notes.answer,
            tries: visit.notes.tries,
            agent,
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

    pub(crate) fn log_since(&self, number: u64) -> Vec<LogEntry> {
        self.lock().log.since(number)
    }

    /// The state with the docket at the present moment.
    pub(crate) fn present(&self) -> MutexGuard<'_, State> {
        let now = self.config.clock.now();
        let mut state = self.lock();
        state.catch_up(now);
        state
    }

    /// The moment at which the docket stands.
    pub(crate) fn moment(&self) -> Timestamp {
        self.present().changes.moment()
    }

    /// Moves the docket to a moment, at which it stands until it is moved again.
    pub(crate) fn move_to(&self, moment: Timestamp) {
        let mut state = self.lock();
        state.moment = Some(moment);
        state.changes.advance(moment);
    }

    /// Changes a row now.
    pub(crate) fn change(&self, row: RowId, what: ChangeKind) {
        self.present().changes.make(row, what, None);
    }

    /// Puts another fault script in place of the one that runs.
    pub(crate) fn set_faults(&self, script: FaultScript) -> Result<(), SimError> {
        script.check()?;
        self.lock().trouble = Trouble::new(Some(script), self.config.seed);
        Ok(())
    }

    /// Puts another `robots.txt` in place.
    pub(crate) fn set_robots(&self, portal: Site, text: Option<String>) {
        let mut state = self.lock();
        match text {
            Some(text) => state.robots.insert(portal, text),
            None => state.robots.remove(&portal),
        };
    }

    pub(crate) fn counts(&self) -> BTreeMap<(Site, Route), u64> {
        self.lock().log.counts()
    }

    /// The day number at whose end the cases stand: that of the moment at which the docket was put, or
    /// the last day of the docket.
    pub(crate) fn case_day(&self, state: &State) -> i32 {
        let moment = state.moment.map(crate::schedule::day_of);
        moment.unwrap_or(self.cases.last_day())
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
        let state = self.present();
        self.rows_of(&state, &state.changes, source, (from, count), |_| true)
    }

    /// The rows of a source that are listed at a moment, as they are then.
    pub(crate) fn truth_at(&self, source: SourceId, moment: Timestamp) -> Vec<TruthRow> {
        let state = self.present();
        let then = state.changes.at(moment);
        let all = (0, usize::MAX);
        let mut rows = self.rows_of(&state, &then, source, all, |id| then.lists(id));
        rows.retain(|row| row.listed);
        rows
    }

    fn rows_of(
        &self,
        state: &State,
        changes: &Changes,
        source: SourceId,
        (from, count): (usize, usize),
        wanted: impl Fn(RowId) -> bool,
    ) -> Vec<TruthRow> {
        let docket = &self.config.docket;
        let ids = docket.ids(source).skip(from).take(count);
        let own = ids.filter(|id| wanted(*id)).filter_map(|id| {
            let standing = changes.standing(id);
            match docket.row(id) {
                Some(row) => Some(TruthRow::of_row(docket, source, (id, row), standing)),
                None => docket
                    .feed_item(id)
                    .map(|item| TruthRow::of_feed(id, item, standing)),
            }
        });
        let mut rows: Vec<TruthRow> = own.collect();
        let reports = source != SourceId::EcourtsHc;
        let added = changes
            .added()
            .iter()
            .filter(|a| source != SourceId::SciFeed && a.row.is_scr() == reports);
        for added in added
            .skip(from.saturating_sub(docket.len(source)))
            .take(count - rows.len())
        {
            let mut row = TruthRow::of_row(docket, source, (added.id, &added.row), None);
            row.added_at = Some(added.at);
            row.listed_since = Some(added.since);
            row.removed_at = added.until.map(|(request, _)| request);
            row.withdrawn_on = added.until.map(|(_, moment)| moment);
            row.listed = added.until.is_none();
            rows.push(row);
        }
        if !state.trouble.spares_rows() {
            for row in &mut rows {
                let spoilt = state.trouble.flaw(source.portal().into(), row.row);
                let meant = source != SourceId::SciFeed || state.hostile_feed(row.row).is_some();
                if let Some((flaw, fault)) = spoilt.filter(|_| meant) {
                    row.spoil(flaw, &fault);
                }
            }
        }
        rows
    }

    /// The document of a row, as it is served now.
    pub(crate) fn document(&self, id: RowId) -> Option<Bytes> {
        let (added, version) = {
            let state = self.present();
            let version = state.changes.standing(id).map_or(0, |s| s.document);
            (state.changes.row(id).copied(), version)
        };
        match added {
            Some(row) => paper::of_row(&self.config.docket, &row, version),
            None => self.config.docket.edition(id, version),
        }
    }

    /// The document of a row, as it is served at a moment.
    pub(crate) fn document_at(&self, id: RowId, moment: Timestamp) -> Option<Bytes> {
        let then = self.present().changes.at(moment);
        let version = then.standing(id).map_or(0, |s| s.document);
        match then.row(id) {
            Some(row) => paper::of_row(&self.config.docket, row, version),
            None => self.config.docket.edition(id, version),
        }
    }
}

impl State {
    /// Moves the docket to the moment at which it stands now.
    fn catch_up(&mut self, now: Timestamp) {
        let moment = self.moment.unwrap_or(now);
        self.changes.advance(moment);
    }

    /// The client's name, shared with the log's other entries.
    fn agent(&mut self, request: &Request) -> Option<Arc<str>> {
        let agent = request.agent.as_deref()?;
        if *self.agent != *agent {
            self.agent = Arc::from(agent);
        }
        Some(Arc::clone(&self.agent))
    }

    /// The text that stands in place of a feed row's first party, if the script says so.
    pub(crate) fn hostile_feed(&self, id: RowId) -> Option<String> {
        let (flaw, fault) = self.trouble.flaw(Site::SciFeed, id)?;
        let meant = flaw == Flaw::HostileText && fault.rule.portal == Some(Site::SciFeed);
        meant.then(|| crate::forge::text_of(&fault))
    }

    /// The text that stands in place of a case's first party, if the script says so.
    pub(crate) fn hostile_case(&self, site: Site, key: Key) -> Option<String> {
        let (flaw, fault) = self.trouble.flaw(site, key.as_row())?;
        (flaw == Flaw::HostileText).then(|| crate::forge::text_of(&fault))
    }

    /// What the fault script has done to a row for good.
    pub(crate) fn spoilt(&self, portal: Site, id: RowId) -> Option<(Flaw, Fault)> {
        self.trouble.flaw(portal, id)
    }
}

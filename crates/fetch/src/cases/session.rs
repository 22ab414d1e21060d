//! A session on a case portal, as a state machine without I/O.

mod replies;

use bytes::Bytes;
use jiff::civil::Date;
use nirnay_model::{CaptureKind, CasePortal};
use nirnay_parse::Refusal;
use nirnay_parse::pdf::BadPdf;
use nirnay_parse::sci::SearchForm;
use url::Url;

use super::ask::{CaseAsk, SciAsk};
use super::wire::{Plain, Wire};
use super::{CaseAnswer, calcutta, district, hc, sci};
use crate::{Challenge, CookieJar, HttpReply, HttpRequest, Secret};

/// Pictures asked for within one session.
const MOST_PICTURES: u32 = 3;
/// Longest answer a solver can mean.
const MOST_ANSWER: usize = 16;

/// The next thing to do for a session.
#[derive(Debug, Clone)]
pub enum CaseAction {
    /// Send this, then report [`reply`](CaseSession::reply) or [`not_served`](CaseSession::not_served).
    Send(HttpRequest),
    /// Have this read, then report [`guess`](CaseSession::guess).
    Solve(Challenge),
    /// The question is answered, or the session cannot go on as it is.
    Done(CaseOutcome),
}

/// What came of a question.
#[derive(Debug, Clone)]
pub enum CaseOutcome {
    /// The answer.
    Answer(CaseAnswer),
    /// The portal refused. After it the next action opens a new session for the same question; whether it may, the
    /// driver decides.
    Refused(Refusal),
    /// Three pictures without a guess.
    NoGuess,
    /// What came in place of a document is no whole PDF.
    BadDocument(BadPdf),
    /// The host has nothing under the address that it named for a document.
    NoAddress(String),
    /// The session that showed the link of a document is over; the link leads nowhere in another one.
    LinkOver,
    /// What the question leads to lies on another host, which this session does not contact.
    Elsewhere(String),
    /// There is no question.
    Idle,
}

#[derive(Debug, Clone)]
enum Phase {
    /// No session.
    Closed,
    /// The start page is there; the District Courts' script is wanted.
    Started { script: String },
    /// The script is there; a token is wanted.
    Guarded,
    /// Anything without a captcha may be asked.
    Open,
    /// The court is chosen: a picture is wanted.
    Chosen,
    /// A picture is there, a guess is wanted.
    Pictured { challenge: Challenge, name: String },
    /// A guess is there, not yet sent.
    Guessed { name: String },
    /// The portal named where the document lies.
    Linked { path: String },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Start,
    Script,
    Token,
    Choose,
    Picture,
    Ask,
    File,
}

/// A session on a case portal: cookies, token, headers of the page's script, captcha.
#[derive(Debug)]
pub struct CaseSession {
    portal: CasePortal,
    wire: Wire,
    phase: Phase,
    in_flight: Option<Step>,
    jar: CookieJar,
    token: Option<Secret>,
    guard: Vec<(String, Secret)>,
    form: Option<SearchForm>,
    picture: Option<String>,
    answer: Option<Secret>,
    pictures: u32,
    /// Sessions begun so far.
    epoch: u64,
    /// Whether one was begun and is not over.
    live: bool,
    /// Whether the request in flight goes to the host that only holds documents.
    elsewhere: bool,
    ask: Option<(CaseAsk, Date)>,
    finished: Option<CaseOutcome>,
    judged: Option<bool>,
}

impl CaseSession {
    /// No session yet; the first action opens one at `base`, a bare origin.
    /// `documents` is another host on which documents may lie.
    pub fn new(portal: CasePortal, base: Url, documents: Option<&Url>, user_agent: String) -> Self {
        let referer = match portal {
            CasePortal::HcServices => hc::START,
            CasePortal::District => district::START,
            CasePortal::Calcutta => calcutta::START,
            CasePortal::Sci => "/",
        };
        Self {
            portal,
            wire: Wire::new(base, documents, user_agent, referer),
            phase: Phase::Closed,
            in_flight: None,
            jar: CookieJar::default(),
            token: None,
            guard: Vec::new(),
            form: None,
            picture: None,
            answer: None,
            pictures: 0,
            epoch: 0,
            live: false,
            elsewhere: false,
            ask: None,
            finished: None,
            judged: None,
        }
    }

    /// Sets a new question; `today` is the day in India. A request that is still in flight was given up: its
    /// session ends.
    pub fn begin(&mut self, ask: CaseAsk, today: Date) {
        if self.in_flight.is_some() {
            self.end_session();
        }
        // The Supreme Court's forms are of one search each.
        let form = self.portal == CasePortal::Sci && !ask.is_document();
        if form || !matches!(self.phase, Phase::Open | Phase::Closed) {
            self.end_session();
        }
        self.finished = None;
        self.pictures = 0;
        if ask.is_document() && self.portal.binds_links() && !self.is_open() {
            self.finished = Some(CaseOutcome::LinkOver);
            self.ask = None;
            return;
        }
        if let CaseAsk::Sci(SciAsk::Document { path }) = &ask
            && self.wire.is_elsewhere(path)
        {
            // That host knows no sessions.
            self.phase = Phase::Linked { path: path.clone() };
        }
        self.ask = Some((ask, today));
    }

    /// The number of the session, from 1; 0 before the first.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Whether there is a session.
    pub fn is_open(&self) -> bool {
        self.live
    }

    /// Forgets the session; the next action opens a new one.
    pub fn end_session(&mut self) {
        self.phase = Phase::Closed;
        self.in_flight = None;
        self.jar.clear();
        self.token = None;
        self.guard.clear();
        self.form = None;
        self.picture = None;
        self.answer = None;
        self.pictures = 0;
        self.live = false;
    }

    /// What the portal made of the latest captcha answer, once.
    pub fn take_verdict(&mut self) -> Option<bool> {
        self.judged.take()
    }

    /// What must not be kept of the exchanges: token, captcha answer, what the page's script signs with.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        let guards = self.guard.iter().map(|(_, value)| value);
        let own = self.token.iter().chain(&self.answer);
        own.chain(guards).cloned().collect()
    }

    /// The picture whose answer is about to be sent.
    pub(super) fn answered_picture(&self) -> Option<String> {
        match &self.phase {
            Phase::Guessed { name } => Some(name.clone()),
            _ => None,
        }
    }

    /// What to do next.
    pub fn next_action(&mut self) -> CaseAction {
        if self.in_flight.take().is_some() {
            self.end_session();
        }
        if let Some(outcome) = self.finished.take() {
            return CaseAction::Done(outcome);
        }
        let Some((ask, today)) = self.ask.clone() else {
            return CaseAction::Done(CaseOutcome::Idle);
        };
        match self.phase.clone() {
            Phase::Closed => {
                self.epoch += 1;
                self.live = true;
                let request = self
                    .wire
                    .page(CaptureKind::Start, start_path(&ask), &self.jar);
                self.send(Step::Start, request)
            }
            Phase::Started { script } => {
                let request = self.wire.page(CaptureKind::Start, &script, &self.jar);
                self.send(Step::Script, request)
            }
            Phase::Guarded => {
                let plain = district::route("casestatus/getCaptcha", Vec::new());
                self.post(Step::Token, CaptureKind::Search, plain)
            }
            Phase::Open => self.opened(&ask, today),
            Phase::Chosen if self.pictures >= MOST_PICTURES => {
                self.end_session();
                CaseAction::Done(CaseOutcome::NoGuess)
            }
            Phase::Chosen => {
                self.pictures += 1;
                let path = self.picture.clone().unwrap_or_else(|| self.picture_path());
                let request = self.wire.picture(&path, &self.jar);
                self.send(Step::Picture, request)
            }
            Phase::Pictured { challenge, .. } => CaseAction::Solve(challenge),
            Phase::Guessed { .. } => {
                let plain = self.with_answer(&ask, self.plain(&ask, today));
                self.post(Step::Ask, CaptureKind::CaptchaCheck, plain)
            }
            Phase::Linked { path } => {
                if self.wire.document_address(&path).is_none() {
                    self.rest();
                    self.ask = None;
                    return CaseAction::Done(CaseOutcome::Elsewhere(path));
                }
                self.elsewhere = self.wire.is_elsewhere(&path);
                let none = CookieJar::default();
                let jar = if self.elsewhere { &none } else { &self.jar };
                let request = self.wire.document(&path, jar);
                self.send(Step::File, request)
            }
        }
    }

    fn opened(&mut self, ask: &CaseAsk, today: Date) -> CaseAction {
        if ask.wants_captcha() {
            if let CaseAsk::District(question) = ask
                && let Some(plain) = district::set_data(question)
            {
                return self.post(Step::Choose, CaptureKind::Search, plain);
            }
            self.phase = Phase::Chosen;
            return self.next_action();
        }
        let plain = self.plain(ask, today);
        if plain.post || plain.path.contains("?p=") {
            return self.post(Step::Ask, CaptureKind::Search, plain);
        }
        self.phase = Phase::Linked { path: plain.path };
        self.next_action()
    }

    fn plain(&self, ask: &CaseAsk, today: Date) -> Plain {
        match ask {
            CaseAsk::Hc(ask) => hc::request(ask, today),
            CaseAsk::District(ask) => district::request(ask, today),
            CaseAsk::Calcutta(ask) => calcutta::request(ask),
            CaseAsk::Sci(ask) => sci::request(ask, self.form.as_ref()),
        }
    }

    fn with_answer(&self, ask: &CaseAsk, plain: Plain) -> Plain {
        let name = match ask {
            CaseAsk::District(ask) => district::captcha_field(ask),
            CaseAsk::Sci(_) => "siwp_captcha_value",
            CaseAsk::Hc(_) | CaseAsk::Calcutta(_) => "captcha",
        };
        plain.with(name, self.answer.as_ref().map_or("", Secret::expose))
    }

    fn picture_path(&self) -> String {
        match self.portal {
            CasePortal::HcServices => hc::PICTURE.to_owned(),
            CasePortal::District => district::PICTURE.to_owned(),
            CasePortal::Calcutta => calcutta::PICTURE.to_owned(),
            CasePortal::Sci => self
                .form
                .as_ref()
                .map_or_else(String::new, |form| form.picture.clone()),
        }
    }

    fn post(&mut self, step: Step, kind: CaptureKind, plain: Plain) -> CaseAction {
        let token = self.token.as_ref().map_or("", Secret::expose);
        let plain = match self.portal {
            CasePortal::District if plain.post => {
                plain.with("ajax_req", "true").with("app_token", token)
            }
            CasePortal::Calcutta => plain.with("_token", token),
            _ => plain,
        };
        let request = self.wire.ask(kind, &plain, &self.jar, &self.guard);
        self.send(step, request)
    }

    fn send(&mut self, step: Step, mut request: HttpRequest) -> CaseAction {
        // The same question answered in the same way is the same capture, in whatever session.
        if let (Step::Ask | Step::Choose | Step::File, Some((ask, _))) = (step, &self.ask) {
            request.subject = format!("{step:?} {ask:?}");
        }
        self.in_flight = Some(step);
        CaseAction::Send(request)
    }

    /// Reports a whole reply to the request in flight: any status but those of a server that failed or asked for
    /// less.
    pub fn reply(&mut self, reply: &HttpReply) {
        let Some(step) = self.in_flight.take() else {
            return self.refuse(Refusal::Unknown {
                why: "a reply that nobody asked for".to_owned(),
            });
        };
        if !(self.elsewhere && step == Step::File) {
            self.jar.absorb(self.wire.host(), &reply.headers);
        }
        // The Calcutta site tells of a wrong captcha with 422 and of an old token with 419.
        let spoken = self.portal == CasePortal::Calcutta
            && matches!(reply.status, 419 | 422)
            && step == Step::Ask;
        if reply.status != 200 && !spoken {
            if step == Step::Ask && self.answer.is_some() {
                self.judge(false);
            }
            return match crate::session::instead(&reply.body) {
                Some(refusal @ (Refusal::BlockPage | Refusal::Maintenance)) => self.refuse(refusal),
                // The portal dislikes this address; another document has another.
                _ if step == Step::File => {
                    self.document_over(CaseOutcome::NoAddress(format!("HTTP {}", reply.status)));
                }
                _ => self.refuse(Refusal::Unknown {
                    why: format!("HTTP {}", reply.status),
                }),
            };
        }
        match step {
            Step::Start => self.started(&reply.body),
            Step::Script => self.guarded(&reply.body),
            Step::Token => self.tokened(&reply.body),
            Step::Choose => self.chosen(&reply.body),
            Step::Picture => self.pictured(&reply.body),
            Step::Ask => self.answered(reply),
            Step::File => self.filed(reply),
        }
    }

    /// Reports that no usable reply came. The next action is the same request again where repeating is safe; a
    /// captcha answer is not: it counts as wrong, and the session ends.
    pub fn not_served(&mut self) {
        if self.in_flight.take() == Some(Step::Ask) && self.answer.is_some() {
            self.judge(false);
            self.end_session();
        }
    }

    /// Reports that the request in flight was never sent; the next action is the same again.
    pub fn unsent(&mut self) {
        self.in_flight = None;
    }

    /// Reports the solver's answer to the picture; `None` asks for another picture.
    pub fn guess(&mut self, answer: Option<String>) {
        let Phase::Pictured { name, .. } = &self.phase else {
            return;
        };
        let answer = answer.map(|text| text.trim().to_owned());
        match answer.filter(|text| !text.is_empty() && text.len() <= MOST_ANSWER) {
            Some(text) => {
                self.phase = Phase::Guessed { name: name.clone() };
                self.answer = Some(Secret::new(text));
            }
            None => self.phase = Phase::Chosen,
        }
    }

    fn judge(&mut self, accepted: bool) {
        self.judged = Some(accepted);
    }

    /// A reply without a token leaves the last one standing.
    fn rotate(&mut self, token: Option<String>) {
        if let Some(token) = token {
            self.token = Some(Secret::new(token));
        }
    }

    /// Ends the session, but not the question. That there is no such document says nothing against the session, in
    /// which the links of the others hold.
    fn refuse(&mut self, refusal: Refusal) {
        let document = self.ask.as_ref().is_some_and(|(ask, _)| ask.is_document());
        if document && matches!(refusal, Refusal::NotFound { .. }) {
            return self.document_over(CaseOutcome::Refused(refusal));
        }
        self.end_session();
        self.finished = Some(CaseOutcome::Refused(refusal));
    }

    /// The session goes on, if there is one: a host that only holds documents knows none.
    fn rest(&mut self) {
        self.phase = if self.live {
            Phase::Open
        } else {
            Phase::Closed
        };
    }

    /// Ends the question about a document, but not the session.
    fn document_over(&mut self, outcome: CaseOutcome) {
        self.rest();
        self.finish(outcome);
    }

    fn finish(&mut self, outcome: CaseOutcome) {
        self.ask = None;
        self.finished = Some(outcome);
    }
}

fn start_path(ask: &CaseAsk) -> &'static str {
    match ask {
        CaseAsk::Hc(_) => hc::START,
        CaseAsk::District(_) => district::START,
        CaseAsk::Calcutta(_) => calcutta::START,
        CaseAsk::Sci(ask) => sci::start(ask),
    }
}

/// What speaks of the session or the portal in place of a document.
pub(super) fn no_document(body: &Bytes) -> Option<Refusal> {
    let mut bytes = body.as_ref();
    while let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        bytes = rest;
    }
    if bytes.starts_with(b"%PDF") {
        return None;
    }
    crate::session::instead(body).filter(|refusal| {
        matches!(
            refusal,
            Refusal::SessionExpired
                | Refusal::LoginPage
                | Refusal::BlockPage
                | Refusal::Maintenance
                | Refusal::CaptchaNeeded { .. }
        )
    })
}

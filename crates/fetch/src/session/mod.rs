//! A session on a judgment portal, as a state machine without I/O.

mod forms;
mod instead;
mod notice;
mod outcome;
mod page;
mod replies;
mod routes;

use std::collections::VecDeque;

use bytes::Bytes;
use jiff::civil::Date;
use nirnay_model::{CaptureKind, DocumentHandle, Sha256};

use crate::mask::{mask_text, new_cookies};
use crate::{Challenge, CookieJar, HttpReply, HttpRequest, PageQuery, PortalConfig, Secret};
use forms::FormContext;
use page::HeldPage;

pub(crate) use instead::instead;
pub(crate) use notice::legal_notice;
pub use outcome::{Action, Goal, Note, Outcome, SessionEnd, Trouble};
pub(crate) use routes::Routes;

/// Pictures asked for within one session.
const MOST_PICTURES: u32 = 3;
/// Longest answer a solver can mean; the portal takes six characters.
const MOST_ANSWER: usize = 16;
/// Refused pictures remembered, so that a pinned one is not answered twice.
const REFUSED_PICTURES: usize = 32;

/// A session on `judgments.ecourts.gov.in` or `scr.sci.gov.in`: cookies, token, captcha, the page it
/// holds and the documents it may still give.
///
/// The driver calls [`begin`](Self::begin) with a goal, then [`next_action`](Self::next_action) and
/// one report after each action, until [`Action::Done`]. After [`Outcome::Ended`] the next action
/// opens a new session for the same goal; whether it may, the driver decides.
#[derive(Debug)]
pub struct JudgmentsSession {
    portal: PortalConfig,
    routes: Routes,
    epoch: u64,
    phase: Phase,
    in_flight: Option<Step>,
    jar: CookieJar,
    token: Option<Secret>,
    answer: Option<Secret>,
    searches: u64,
    pictures: u32,
    allowance: u32,
    taken: u32,
    page: Option<HeldPage>,
    goal: Option<(Goal, Date)>,
    finished: Option<Outcome>,
    refused_pictures: VecDeque<Sha256>,
    notes: Vec<Note>,
}

#[derive(Debug, Clone)]
enum Phase {
    /// No session.
    Closed,
    /// The start page is asked for, perhaps again.
    Opening,
    /// The start page is there, a picture is wanted.
    Started,
    /// A picture is there, a guess is wanted.
    Pictured {
        challenge: Challenge,
        digest: Sha256,
    },
    /// A guess is there, not yet sent.
    Guessed { digest: Sha256 },
    /// The captcha was accepted.
    Open,
    /// The portal named an address for the goal's document.
    Linked { path: Secret },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Start,
    Picture,
    Check,
    Search,
    Link,
    File,
}

impl JudgmentsSession {
    /// No session yet; the first action opens one.
    pub fn new(portal: PortalConfig, user_agent: String) -> Self {
        Self {
            routes: Routes::new(&portal, user_agent),
            allowance: portal.documents_per_session.max(1),
            portal,
            epoch: 0,
            phase: Phase::Closed,
            in_flight: None,
            jar: CookieJar::default(),
            token: None,
            answer: None,
            searches: 0,
            pictures: 0,
            taken: 0,
            page: None,
            goal: None,
            finished: None,
            refused_pictures: VecDeque::new(),
            notes: Vec::new(),
        }
    }

    /// The number of the current session, counted from 1; 0 before the first.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Documents that the session still gives; of a new session while none is open.
    pub fn documents_left(&self) -> u32 {
        match self.phase {
            Phase::Open | Phase::Linked { .. } => self.allowance.saturating_sub(self.taken),
            _ => self.allowance,
        }
    }

    /// Whether the page of `query` is the session's latest, so that its documents can be asked for
    /// without searching again.
    pub fn holds_page(&self, query: &PageQuery) -> bool {
        let open = matches!(self.phase, Phase::Open | Phase::Linked { .. });
        open && self.page.as_ref().is_some_and(|page| page.answers(query))
    }

    /// Whether the latest search was answered with a page.
    pub(crate) fn has_page(&self) -> bool {
        self.page.is_some()
    }

    /// Forgets the session; the next action opens a new one.
    pub fn end_session(&mut self) {
        self.phase = Phase::Closed;
        self.in_flight = None;
        self.jar.clear();
        self.token = None;
        self.answer = None;
        self.page = None;
        self.searches = 0;
        self.pictures = 0;
        self.taken = 0;
    }

    /// Sets a new goal. A request that is still in flight was given up by the caller; what the portal
    /// made of it is not known, so its session ends.
    pub fn begin(&mut self, goal: Goal, today: Date) {
        if self.in_flight.is_some() {
            self.notes.push(Note::Ended);
            self.end_session();
        }
        if matches!(self.phase, Phase::Linked { .. }) {
            self.phase = Phase::Open;
        }
        self.finished = None;
        self.goal = Some((goal, today));
    }

    /// What was noticed since the last call.
    pub fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    /// What to do next.
    pub fn next_action(&mut self) -> Action {
        if self.in_flight.take().is_some() {
            self.end(SessionEnd::Abandoned);
        }
        if let Some(outcome) = self.finished.take() {
            return Action::Done(outcome);
        }
        let Some((goal, _)) = self.goal.clone() else {
            return Action::Done(Outcome::Idle);
        };
        match self.phase.clone() {
            Phase::Closed => {
                self.end_session();
                self.epoch += 1;
                self.phase = Phase::Opening;
                self.send(Step::Start, self.routes.start(CaptureKind::Start))
            }
            Phase::Opening => self.send(Step::Start, self.routes.start(CaptureKind::Start)),
            Phase::Started if self.pictures >= MOST_PICTURES => {
                self.end(SessionEnd::NoGuess);
                self.next_action()
            }
            Phase::Started => {
                self.pictures += 1;
                self.send(Step::Picture, self.routes.picture(&self.jar))
            }
            Phase::Pictured { challenge, .. } => Action::Solve(challenge),
            Phase::Guessed { .. } => {
                let form = ("captcha-check".to_owned(), self.forms().captcha());
                self.post(Step::Check, CaptureKind::CaptchaCheck, "checkCaptcha", form)
            }
            Phase::Open => self.ask_for(&goal),
            Phase::Linked { path } => self.ask_for_file(&goal, &path),
        }
    }

    /// Reports a whole reply to the request in flight: any status but those of a server that failed
    /// or asked for less.
    pub fn reply(&mut self, reply: &HttpReply) {
        let Some(step) = self.in_flight.take() else {
            self.trouble(Trouble::Unknown {
                why: "a reply that nobody asked for".to_owned(),
            });
            return;
        };
        let host = self.portal.base_url.host_str().unwrap_or("");
        let mut known = self.secrets();
        known.extend(new_cookies(&reply.headers));
        self.jar.absorb(host, &reply.headers);
        if reply.status == 200 {
            self.replied(step, reply);
        } else {
            self.odd_status(step, reply);
        }
        let not_understood = matches!(
            self.finished,
            Some(
                Outcome::Trouble(Trouble::Unknown { .. })
                    | Outcome::Ended(
                        SessionEnd::PortalError { .. } | SessionEnd::LinkRefused { .. }
                    )
            )
        );
        if not_understood && legal_notice(&reply.body) {
            self.finished = Some(Outcome::Trouble(Trouble::LegalNotice));
        }
        // The portal's words go into logs, events and alarms.
        if let Some(words) = self.finished.as_mut().and_then(Outcome::words) {
            *words = mask_text(words, &known);
        }
    }

    fn replied(&mut self, step: Step, reply: &HttpReply) {
        match step {
            Step::Start => self.start_replied(&reply.body),
            Step::Picture => self.picture_replied(&reply.body),
            Step::Check => self.check_replied(&reply.body),
            Step::Search => self.search_replied(&reply.body),
            Step::Link => self.link_replied(&reply.body),
            Step::File => self.file_replied(reply),
        }
    }

    /// Reports that no usable reply came: the connection broke, or the server failed or asked for
    /// less. The next action is the same request again where repeating is safe. A captcha answer is
    /// not: it counts as wrong and the session ends. A document's address may have died: the next
    /// action asks for a new one.
    pub fn not_served(&mut self) {
        match self.in_flight.take() {
            Some(Step::Check) => self.captcha_lost(),
            Some(Step::File) => self.phase = Phase::Open,
            // The portal may have counted it.
            Some(Step::Link) => self.taken = self.taken.saturating_add(1),
            Some(Step::Start | Step::Picture | Step::Search) | None => {}
        }
    }

    /// Reports that a reply came which cannot be taken in: too large, or a bomb.
    pub fn unusable(&mut self, why: &str) {
        if self.in_flight.take() == Some(Step::Check) {
            self.judged(false);
        }
        self.trouble(Trouble::Unknown {
            why: why.to_owned(),
        });
    }

    /// Reports the solver's answer to the picture; `None` asks for another picture.
    pub fn guess(&mut self, answer: Option<String>) {
        let Phase::Pictured { digest, .. } = self.phase else {
            return;
        };
        let answer = answer.map(|text| text.trim().to_owned());
        match answer.filter(|text| !text.is_empty() && text.len() <= MOST_ANSWER) {
            Some(text) => {
                self.answer = Some(Secret::new(text));
                self.phase = Phase::Guessed { digest };
            }
            None => self.phase = Phase::Started,
        }
    }

    /// Reports that the request in flight was never sent; the next action is the same again.
    pub fn unsent(&mut self) {
        self.in_flight = None;
    }

    /// The picture whose answer is about to be sent.
    pub(crate) fn answered_picture(&self) -> Option<String> {
        match &self.phase {
            Phase::Guessed { digest } => Some(picture_name(digest)),
            _ => None,
        }
    }

    /// Every secret of the session, for masking.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let own = [&self.token, &self.answer].into_iter().flatten();
        own.chain(self.jar.values()).cloned().collect()
    }

    fn forms(&self) -> FormContext<'_> {
        FormContext {
            source: self.portal.source,
            token: self.token.as_ref(),
            answer: self.answer.as_ref(),
        }
    }

    fn send(&mut self, step: Step, request: HttpRequest) -> Action {
        self.in_flight = Some(step);
        Action::Send(request)
    }

    fn post(
        &mut self,
        step: Step,
        kind: CaptureKind,
        action: &str,
        form: (String, Bytes),
    ) -> Action {
        let request = self.routes.post(kind, action, form, &self.jar);
        self.send(step, request)
    }

    fn ask_for(&mut self, goal: &Goal) -> Action {
        match goal {
            Goal::Page(query) => self.ask_for_page(query),
            Goal::Document { query, handle } => {
                if self.taken >= self.allowance {
                    self.phase = Phase::Closed;
                    return self.next_action();
                }
                match self.page.as_mut().filter(|page| page.answers(query)) {
                    Some(page) => {
                        if let Some(row) = page.index_of(&handle.path).map(str::to_owned) {
                            self.ask_for_link(handle, &row)
                        } else {
                            self.finish(Outcome::RowGone);
                            self.next_action()
                        }
                    }
                    None => self.ask_for_page(query),
                }
            }
        }
    }

    fn ask_for_page(&mut self, query: &PageQuery) -> Action {
        // From here the portal may know another page than the one held.
        self.page = None;
        let form = (
            query.to_string(),
            self.forms().search(query, self.searches + 1),
        );
        let mut request = self
            .routes
            .post(CaptureKind::Search, "home", form, &self.jar);
        request.max_body = self.routes.page_limit(query.length);
        self.send(Step::Search, request)
    }

    fn ask_for_link(&mut self, handle: &DocumentHandle, row: &str) -> Action {
        let form = (subject(handle), self.forms().link(handle, row));
        self.post(
            Step::Link,
            CaptureKind::DocumentLink,
            "openpdfcaptcha",
            form,
        )
    }

    fn ask_for_file(&mut self, goal: &Goal, path: &Secret) -> Action {
        let subject = match goal {
            Goal::Document { handle, .. } => subject(handle),
            Goal::Page(_) => String::new(),
        };
        if let Some(request) = self.routes.document(path.expose(), subject, &self.jar) {
            self.send(Step::File, request)
        } else {
            let why = "the address of the document could leave the portal".to_owned();
            self.trouble(Trouble::Unknown { why });
            self.next_action()
        }
    }

    fn captcha_lost(&mut self) {
        self.judged(false);
        self.end(SessionEnd::CaptchaLost);
    }

    fn judged(&mut self, accepted: bool) {
        let length = self.answer.as_ref().map_or(0, Secret::len);
        self.notes.push(Note::CaptchaJudged { length, accepted });
        let Phase::Guessed { digest } = self.phase else {
            return;
        };
        if !accepted {
            if self.refused_pictures.len() == REFUSED_PICTURES {
                self.refused_pictures.pop_front();
            }
            self.refused_pictures.push_back(digest);
        }
    }

    /// A reply without a token leaves the last one standing.
    fn rotate(&mut self, token: Option<String>) {
        if let Some(token) = token {
            self.token = Some(Secret::new(token));
        }
    }

    fn end(&mut self, why: SessionEnd) {
        self.notes.push(Note::Ended);
        self.end_session();
        self.finished = Some(Outcome::Ended(why));
    }

    fn trouble(&mut self, trouble: Trouble) {
        self.notes.push(Note::Ended);
        self.end_session();
        self.finished = Some(Outcome::Trouble(trouble));
    }

    fn finish(&mut self, outcome: Outcome) {
        self.goal = None;
        self.finished = Some(outcome);
    }
}

/// How a picture is remembered: enough of its hash to tell it from any other.
pub(crate) fn picture_name(digest: &Sha256) -> String {
    digest.to_hex().chars().take(16).collect()
}

/// What identifies a document in captures, without the session's own index.
fn subject(handle: &DocumentHandle) -> String {
    let DocumentHandle {
        path,
        citation_year,
        nc_display,
        language,
    } = handle;
    format!("document path={path} year={citation_year} citation={nc_display} language={language}")
}

#[cfg(test)]
mod tests;

//! The client of `judgments.ecourts.gov.in` and `scr.sci.gov.in`.

use std::pin::pin;
use std::time::Duration;

use futures::future::{Either, select};
use nirnay_model::{CaptureId, CaptureKind, DocumentHandle, MissingReason, Portal, Sha256};

use super::attempts::Attempts;
use super::line::{Exchange, Line};
use super::{Deps, FetchedDocument, FetchedPage};
use crate::capture::looks_like_pdf;
use crate::instant::indian_day;
use crate::session::picture_name;
use crate::{
    Action, Challenge, ConfigError, ErrorClass, FetchError, FetchEvent, Goal, HttpRequest,
    JudgmentsSession, Note, Outcome, PageQuery, PortalConfig, Secret, SessionEnd, SolveError,
    TransportProblem, Trouble,
};

/// How often a stop is looked for while somebody reads a captcha.
const STOP_POLL: Duration = Duration::from_secs(1);

/// Brings pages and documents, one at a time, in as few sessions as the portal allows.
pub struct JudgmentsClient {
    line: Line,
    session: JudgmentsSession,
    source_name: &'static str,
    /// The picture that was answered last and the answer, until the verdict.
    answered: Option<(Challenge, Secret)>,
}

/// The capture of the latest search and of the latest document within a call.
#[derive(Default)]
struct Seen {
    search: Option<CaptureId>,
    document: Option<CaptureId>,
}

impl JudgmentsClient {
    /// A client of `portal`, through the gate in `deps`. No request is sent yet.
    pub fn new(portal: PortalConfig, deps: Deps) -> Result<Self, ConfigError> {
        if portal.source.portal() == Portal::SciFeed {
            return Err(ConfigError::Mismatch {
                what: "the source",
                expected: "a judgments portal".to_owned(),
                got: portal.source.to_string(),
            });
        }
        let line = Line::new(&portal, deps)?;
        let user_agent = line.deps.gate.politeness().user_agent();
        let source_name = portal.source.name();
        Ok(Self {
            line,
            session: JudgmentsSession::new(portal, user_agent),
            source_name,
            answered: None,
        })
    }

    /// The page of `query`, asked for anew.
    pub async fn page(&mut self, query: &PageQuery) -> Result<FetchedPage, FetchError> {
        let (outcome, seen) = self.drive(Goal::Page(query.clone())).await?;
        match (outcome, seen.search) {
            (Outcome::Page(page), Some(capture_id)) => {
                self.line.deps.gate.progress();
                Ok(FetchedPage {
                    page: *page,
                    capture_id,
                    epoch: self.session.epoch(),
                })
            }
            (other, _) => Err(self.bug(&other)),
        }
    }

    /// The document of `handle`, listed on the page of `query`. Searches first unless that page is
    /// the session's latest; opens a new session when this one gives no more documents.
    pub async fn document(
        &mut self,
        query: &PageQuery,
        handle: &DocumentHandle,
    ) -> Result<FetchedDocument, FetchError> {
        let goal = Goal::Document {
            query: query.clone(),
            handle: handle.clone(),
        };
        let (outcome, seen) = self.drive(goal).await?;
        match (outcome, seen.document) {
            (
                Outcome::Document {
                    bytes,
                    content_length,
                },
                Some(capture_id),
            ) => {
                if looks_like_pdf(&bytes) {
                    self.line.deps.gate.progress();
                }
                Ok(FetchedDocument {
                    bytes,
                    epoch: self.session.epoch(),
                    content_length,
                    capture_id,
                })
            }
            (Outcome::RowGone, _) => {
                let why = format!("{} is not listed on the page {query}", handle.path);
                Err(FetchError::new(
                    "fetching a document",
                    ErrorClass::Permanent(MissingReason::RowGone),
                    why,
                ))
            }
            (other, _) => Err(self.bug(&other)),
        }
    }

    /// The number of the current session, from 1; 0 before the first.
    pub fn epoch(&self) -> u64 {
        self.session.epoch()
    }

    /// Documents that the current session still gives.
    pub fn documents_left(&self) -> u32 {
        self.session.documents_left()
    }

    /// Whether documents of that page can be asked for without searching again.
    pub fn holds_page(&self, query: &PageQuery) -> bool {
        self.session.holds_page(query)
    }

    /// Forgets the session; the next call opens a new one.
    pub fn end_session(&mut self) {
        self.session.end_session();
    }

    /// The one retry loop: does what the session asks for until its goal is reached or a cap is.
    async fn drive(&mut self, goal: Goal) -> Result<(Outcome, Seen), FetchError> {
        let today = indian_day(self.line.deps.clock.now());
        self.session.begin(goal, today);
        let mut attempts = Attempts::default();
        let mut seen = Seen::default();
        loop {
            let action = self.session.next_action();
            self.report()?;
            match action {
                Action::Send(request) => self.send(request, &mut attempts, &mut seen).await?,
                Action::Solve(challenge) => self.solve(&challenge).await?,
                Action::Done(Outcome::Ended(end)) => self.refresh(end, &mut attempts).await?,
                Action::Done(Outcome::Trouble(trouble)) => {
                    self.trouble(trouble, &mut attempts).await?;
                }
                Action::Done(outcome) => return Ok((outcome, seen)),
            }
        }
    }

    async fn send(
        &mut self,
        request: HttpRequest,
        attempts: &mut Attempts,
        seen: &mut Seen,
    ) -> Result<(), FetchError> {
        let kind = request.kind;
        if kind == CaptureKind::CaptchaCheck && !attempts.captchas().allowed {
            // Sessions that end again and again behind a right answer cost answers too.
            self.session.unsent();
            let why = "sessions ended behind the captcha";
            let (tried, class) = (attempts.captchas(), ErrorClass::CaptchaCap);
            return self.line.retry(tried, class, why).await;
        }
        let picture = self.session.answered_picture();
        let permit = match self.line.admit(&request, picture.as_deref()).await {
            Ok(permit) => permit,
            Err(error) => {
                self.session.unsent();
                return Err(error);
            }
        };
        if kind == CaptureKind::CaptchaCheck {
            attempts.captcha();
        }
        let secrets = self.session.secrets();
        let exchange = self
            .line
            .send(permit, request, self.session.epoch(), &secrets)
            .await;
        let exchange = exchange.inspect_err(|_| self.session.end_session())?;
        match exchange {
            Exchange::Served { reply, capture_id } => {
                match kind {
                    CaptureKind::Search => seen.search = Some(capture_id),
                    CaptureKind::Document => seen.document = Some(capture_id),
                    _ => {}
                }
                self.session.reply(&reply);
                if kind == CaptureKind::Search && self.session.has_page() {
                    self.line.deps.gate.understood();
                }
                Ok(())
            }
            Exchange::Throttled { until } => {
                self.session.not_served();
                self.line.throttled(attempts, until)
            }
            Exchange::Failed { why, problem } => {
                self.session.not_served();
                let cut =
                    kind == CaptureKind::Document && problem == Some(TransportProblem::Length);
                let class = if cut {
                    ErrorClass::Permanent(MissingReason::Truncated)
                } else {
                    ErrorClass::Transient
                };
                self.line.retry(attempts.failure(), class, &why).await
            }
            Exchange::TooLarge { why } if kind == CaptureKind::Document => {
                self.session.not_served();
                let class = ErrorClass::Permanent(MissingReason::TooLarge);
                self.line.retry(attempts.unknown(), class, &why).await
            }
            Exchange::TooLarge { why } => {
                self.session.unusable(&why);
                Ok(())
            }
        }
    }

    async fn solve(&mut self, challenge: &Challenge) -> Result<(), FetchError> {
        let picture = picture_name(&Sha256::of(&challenge.image));
        if self.line.deps.gate.refused_before(&picture)? {
            // Somebody answered it wrongly before: another picture.
            self.session.guess(None);
            return Ok(());
        }
        (self.line.deps.events)(FetchEvent::CaptchaAsked);
        let answered = self.solve_or_stop(challenge).await?;
        match answered {
            Ok(answer) => {
                self.note_answer(challenge, answer.as_deref());
                self.session.guess(answer);
                Ok(())
            }
            Err(error) => {
                self.session.end_session();
                Err(error.into())
            }
        }
    }

    fn note_answer(&mut self, challenge: &Challenge, answer: Option<&str>) {
        let deps = &self.line.deps;
        self.answered = answer.map(|answer| (challenge.clone(), Secret::new(answer.to_owned())));
        if answer.is_none() {
            (deps.events)(FetchEvent::CaptchaUnread {
                solver: deps.solver.name().to_owned(),
                model: deps.solver.model().to_owned(),
                portal: challenge.portal,
            });
        }
    }

    /// Waits for the solver, which may be a person, and for a stop meanwhile.
    async fn solve_or_stop(
        &mut self,
        challenge: &Challenge,
    ) -> Result<Result<Option<String>, SolveError>, FetchError> {
        let deps = self.line.deps.clone();
        let stopped = async {
            loop {
                deps.clock.sleep(STOP_POLL).await;
                if let Err(error) = deps.gate.check_stop() {
                    return error;
                }
            }
        };
        let mut stopped = pin!(stopped);
        match select(deps.solver.solve(challenge), stopped.as_mut()).await {
            Either::Left((answer, _)) => Ok(answer),
            Either::Right((error, _)) => {
                self.session.end_session();
                Err(error)
            }
        }
    }

    /// A session ended: another one, if the caps allow it.
    async fn refresh(
        &mut self,
        end: SessionEnd,
        attempts: &mut Attempts,
    ) -> Result<(), FetchError> {
        let why = end.to_string();
        let (tried, class) = match end {
            SessionEnd::NoGuess => {
                attempts.captcha();
                (attempts.captchas(), ErrorClass::CaptchaCap)
            }
            SessionEnd::CaptchaWrong { .. } | SessionEnd::CaptchaLost => {
                (attempts.captchas(), ErrorClass::CaptchaCap)
            }
            SessionEnd::LinkRefused { .. } | SessionEnd::LinkDead { .. } => (
                attempts.dead_link(),
                ErrorClass::Permanent(MissingReason::LinkRefused),
            ),
            SessionEnd::Expired
            | SessionEnd::AllowanceSpent
            | SessionEnd::PortalError { .. }
            | SessionEnd::EmptyReply
            | SessionEnd::Abandoned => (attempts.refresh(), ErrorClass::Expired),
        };
        self.line.retry(tried, class, &why).await
    }

    async fn trouble(
        &mut self,
        trouble: Trouble,
        attempts: &mut Attempts,
    ) -> Result<(), FetchError> {
        let why = trouble.to_string();
        match trouble {
            Trouble::Blocked | Trouble::LegalNotice => {
                Err(self.line.blocked(CaptureKind::Search, &why))
            }
            Trouble::Maintenance => {
                let until = self.line.deps.gate.pause()?;
                self.line.throttled(attempts, until)
            }
            Trouble::Unknown { .. } => self.line.unknown(attempts, &why).await,
        }
    }

    /// Passes on what the session noticed.
    fn report(&mut self) -> Result<(), FetchError> {
        let deps = &self.line.deps;
        for note in self.session.take_notes() {
            match note {
                Note::Opened { epoch } => (deps.events)(FetchEvent::SessionOpened { epoch }),
                Note::Ended => (deps.events)(FetchEvent::SessionExpired),
                Note::CaptchaJudged { length, accepted } => {
                    if let Some((challenge, answer)) = self.answered.take() {
                        deps.solver.verdict(&challenge, answer.expose(), accepted);
                    }
                    (deps.events)(FetchEvent::CaptchaAnswered {
                        solver: deps.solver.name().to_owned(),
                        model: deps.solver.model().to_owned(),
                        portal: self.line.source.portal(),
                        length,
                        accepted,
                    });
                    deps.gate.captcha_judged(accepted)?;
                }
            }
        }
        Ok(())
    }

    fn bug(&self, outcome: &Outcome) -> FetchError {
        let name = match outcome {
            Outcome::Page(_) => "a page",
            Outcome::Document { .. } => "a document",
            Outcome::RowGone => "a missing row",
            Outcome::Ended(_) | Outcome::Trouble(_) => "an end",
            Outcome::Idle => "nothing",
        };
        let why = format!(
            "the {} session gave {name}, which was not its goal; please report this",
            self.source_name
        );
        FetchError::new("fetching", ErrorClass::Bug, why)
    }
}

impl std::fmt::Debug for JudgmentsClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JudgmentsClient")
            .field("source", &self.source_name)
            .field("epoch", &self.session.epoch())
            .finish_non_exhaustive()
    }
}

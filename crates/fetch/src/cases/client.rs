//! Drives a session on a case portal through the host's gate.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{Either, select};
use nirnay_model::{CaptureId, CasePortal, MissingReason};
use nirnay_parse::Refusal;
use nirnay_parse::pdf::BadPdf;

use super::line::{CaseHost, CaseLine, Exchange, NotSent};
use super::session::{CaseAction, CaseOutcome, CaseSession};
use super::{CaseAnswer, CaseAsk};
use crate::instant::{indian_day, until};
use crate::{
    CaptchaSolver, CaptureSink, Challenge, Clock, ConfigError, ErrorClass, EventSink, FetchError,
    FetchEvent, SolveError,
};

/// How often a stop is looked for while a solver works.
const STOP_POLL: Duration = Duration::from_secs(1);
const MOST_FAILURES: u32 = 4;
const MOST_THROTTLES: u32 = 3;
const MOST_CAPTCHAS: u32 = 5;
const MOST_REFRESHES: u32 = 3;
const MOST_UNKNOWN: u32 = 1;

/// What a client of a case portal needs from outside.
#[derive(Clone)]
pub struct CasesDeps {
    /// The portal's host.
    pub host: CaseHost,
    /// The other host that holds the portal's documents, if it has one. No further host is asked for anything.
    pub documents: Option<CaseHost>,
    /// Reads captcha pictures.
    pub solver: Arc<dyn CaptchaSolver>,
    /// Is told what happens.
    pub events: EventSink,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Keeps every exchange; none: nothing is kept.
    pub sink: Option<Arc<dyn CaptureSink>>,
}

/// A client of one case portal.
pub struct CasesClient {
    line: CaseLine,
    solver: Arc<dyn CaptchaSolver>,
    session: CaseSession,
    portal: CasePortal,
    answered: Option<(Challenge, String)>,
    /// Whether a document is asked for: one that cannot be had says nothing about the others.
    document: bool,
    /// Documents in a row that trouble kept from coming.
    troubles: u32,
    /// What the portal said last that is no answer.
    last: Option<String>,
    /// The capture of the reply that was read last.
    captured: Option<CaptureId>,
}

#[derive(Default)]
struct Tries {
    failures: u32,
    throttles: u32,
    captchas: u32,
    refreshes: u32,
    unknown: u32,
}

fn again(count: &mut u32, most: u32) -> Option<u32> {
    *count += 1;
    (*count <= most).then_some(*count)
}

impl CasesClient {
    /// A client of `portal`, behind the gates of its hosts.
    pub fn new(portal: CasePortal, deps: CasesDeps) -> Result<Self, ConfigError> {
        let CasesDeps {
            host,
            documents,
            solver,
            events,
            clock,
            sink,
        } = deps;
        host.check()?;
        documents.as_ref().map_or(Ok(()), CaseHost::check)?;
        let user_agent = host.gate.politeness().user_agent();
        let other = documents.as_ref().map(|host| &host.base);
        let session = CaseSession::new(portal, host.base.clone(), other, user_agent);
        Ok(Self {
            line: CaseLine {
                host,
                documents,
                elsewhere: false,
                events,
                clock,
                portal,
                sink,
            },
            solver,
            session,
            portal,
            answered: None,
            document: false,
            troubles: 0,
            last: None,
            captured: None,
        })
    }

    /// The portal.
    pub fn portal(&self) -> CasePortal {
        self.portal
    }

    /// The capture of the reply that the last answer was read from, where exchanges are kept.
    pub fn captured(&self) -> Option<&CaptureId> {
        self.captured.as_ref()
    }

    /// The number of the session, from 1; 0 before the first.
    pub fn epoch(&self) -> u64 {
        self.session.epoch()
    }

    /// Whether links that the session of this number showed can be followed.
    pub fn holds_links_of(&self, epoch: u64) -> bool {
        let same = self.session.is_open() && self.session.epoch() == epoch;
        same || !self.portal.binds_links()
    }

    /// Ends the session, so that the next question is asked in a fresh one.
    pub fn fresh_session(&mut self) {
        self.session.end_session();
    }

    /// Asks, with as many sessions and captchas as its caps allow. That there is no such record is an error of class
    /// [`ErrorClass::Permanent`] with [`MissingReason::RowGone`].
    ///
    /// A document is asked for once, but for broken connections: whoever asks has to say what a refusal means, and has
    /// the page with its link asked again where the session is over. [`ErrorClass::Permanent`] is then what the reply
    /// says of this document alone, with [`MissingReason::NoFile`] where the portal says that there is none.
    ///
    /// # Errors
    /// After every try it may have; the class says what it means.
    pub async fn ask(&mut self, ask: CaseAsk) -> Result<CaseAnswer, FetchError> {
        if ask.portal() != self.portal {
            let why = format!("a question to {} at {}", ask.portal(), self.portal);
            return Err(FetchError::new(
                "asking a case portal",
                ErrorClass::Bug,
                why,
            ));
        }
        self.document = ask.is_document();
        let today = indian_day(self.line.clock.now());
        self.session.begin(ask, today);
        let mut tries = Tries::default();
        self.last = None;
        loop {
            let action = self.session.next_action();
            self.report()?;
            match action {
                CaseAction::Send(request) => {
                    let guarded = self.session.answered_picture();
                    if guarded.is_some() && tries.captchas >= MOST_CAPTCHAS {
                        self.session.end_session();
                        let none = "no captcha answer was accepted";
                        return Err(failed(ErrorClass::CaptchaCap, &self.besides(none)));
                    }
                    tries.captchas += u32::from(guarded.is_some());
                    let secrets = self.session.secrets();
                    let sent = self.line.send(request, guarded.as_deref(), &secrets).await;
                    self.sent(sent, &mut tries).await?;
                    self.report()?;
                }
                CaseAction::Solve(challenge) => self.solve(challenge).await?,
                CaseAction::Done(CaseOutcome::Answer(answer)) => {
                    self.line.gate().progress();
                    if self.document {
                        self.troubles = 0;
                    }
                    return Ok(answer);
                }
                CaseAction::Done(outcome) if self.document => {
                    return Err(self.no_document(outcome).await);
                }
                CaseAction::Done(outcome) => self.ended(outcome, &mut tries).await?,
            }
        }
    }

    async fn sent(
        &mut self,
        sent: Result<Exchange, NotSent>,
        tries: &mut Tries,
    ) -> Result<(), FetchError> {
        match sent {
            Ok(Exchange::Served(reply, captured)) => {
                self.captured = captured;
                self.session.reply(&reply);
            }
            Ok(Exchange::Throttled(at)) => {
                self.session.not_served();
                self.throttled(at, tries)?;
            }
            Ok(Exchange::Failed(why)) => {
                self.session.not_served();
                let attempt = again(&mut tries.failures, MOST_FAILURES);
                self.retry(attempt, ErrorClass::Transient, &why).await?;
            }
            Err(NotSent::Before(error)) => {
                self.session.unsent();
                return Err(error);
            }
            Err(NotSent::After(error)) => {
                self.session.end_session();
                return Err(error);
            }
        }
        Ok(())
    }

    fn throttled(&mut self, at: jiff::Timestamp, tries: &mut Tries) -> Result<(), FetchError> {
        (self.line.events)(FetchEvent::Throttled { until: at });
        if again(&mut tries.throttles, MOST_THROTTLES).is_some() {
            return Ok(());
        }
        let retry_after = until(self.line.clock.now(), at);
        let why = format!("the host asks for a pause until {at}");
        Err(failed(ErrorClass::Throttled { retry_after }, &why))
    }

    async fn retry(
        &self,
        attempt: Option<u32>,
        class: ErrorClass,
        why: &str,
    ) -> Result<(), FetchError> {
        let Some(attempt) = attempt else {
            return Err(failed(class, why));
        };
        let delay = self.line.gate().back_off_time(attempt.saturating_sub(1));
        (self.line.events)(FetchEvent::Retry {
            attempt,
            why: why.to_owned(),
            delay,
        });
        self.line.gate().back_off(delay, &self.line.events).await
    }

    /// Another session for the same question, if the caps allow it.
    async fn ended(&mut self, outcome: CaseOutcome, tries: &mut Tries) -> Result<(), FetchError> {
        let refusal = match outcome {
            CaseOutcome::Refused(refusal) => refusal,
            CaseOutcome::NoGuess => {
                let attempt = again(&mut tries.captchas, MOST_CAPTCHAS);
                return self
                    .retry(
                        attempt,
                        ErrorClass::CaptchaCap,
                        &self.besides("no guess at three captcha pictures"),
                    )
                    .await;
            }
            CaseOutcome::Answer(_)
            | CaseOutcome::Idle
            | CaseOutcome::Elsewhere(_)
            | CaseOutcome::BadDocument(_)
            | CaseOutcome::NoAddress(_)
            | CaseOutcome::LinkOver => {
                return Err(failed(ErrorClass::Bug, "the session gave nothing"));
            }
        };
        let why = refusal.to_string();
        self.last = Some(why.clone());
        match refusal {
            Refusal::NotFound { .. } => {
                // The session is as good as before; its portal has answered.
                self.line.gate().progress();
                Err(failed(ErrorClass::Permanent(MissingReason::RowGone), &why))
            }
            Refusal::BlockPage => Err(self.line.blocked(&why)),
            Refusal::Maintenance => {
                let at = self.line.gate().pause()?;
                self.throttled(at, tries)
            }
            Refusal::CaptchaWrong { .. } | Refusal::CaptchaNeeded { .. } => {
                let attempt = (tries.captchas < MOST_CAPTCHAS).then_some(tries.captchas.max(1));
                self.retry(attempt, ErrorClass::CaptchaCap, &why).await
            }
            Refusal::Empty | Refusal::TryAgain { .. } => {
                let attempt = again(&mut tries.failures, MOST_FAILURES);
                self.retry(attempt, ErrorClass::Transient, &why).await
            }
            Refusal::SessionExpired | Refusal::LoginPage | Refusal::PortalError { .. } => {
                let attempt = again(&mut tries.refreshes, MOST_REFRESHES);
                self.retry(attempt, ErrorClass::Expired, &why).await
            }
            Refusal::Unknown { .. } => {
                let attempt = again(&mut tries.unknown, MOST_UNKNOWN);
                self.retry(attempt, ErrorClass::Drift, &why).await
            }
        }
    }

    /// Why no answer was accepted, with the last that the portal said of anything else.
    fn besides(&self, why: &str) -> String {
        match &self.last {
            Some(last) => format!("{why}; before that: {last}"),
            None => why.to_owned(),
        }
    }

    /// What it means that a document did not come.
    async fn no_document(&mut self, outcome: CaseOutcome) -> FetchError {
        let permanent = |reason, why: &str| failed(ErrorClass::Permanent(reason), why);
        let (class, why) = match outcome {
            CaseOutcome::BadDocument(bad) => {
                return permanent(reason_of(&bad), &bad.to_string());
            }
            CaseOutcome::NoAddress(why) => {
                let why = format!("nothing is under the address of the document: {why}");
                return permanent(MissingReason::LinkRefused, &why);
            }
            CaseOutcome::Elsewhere(address) => {
                let why = format!("it lies on another host, which is not asked: {address}");
                return permanent(MissingReason::LinkRefused, &why);
            }
            CaseOutcome::Refused(Refusal::NotFound { message }) => {
                self.line.gate().progress();
                let why = format!("the portal has no file: {message}");
                return permanent(MissingReason::NoFile, &why);
            }
            CaseOutcome::LinkOver => {
                return failed(
                    ErrorClass::Expired,
                    "the session that showed the link is over",
                );
            }
            CaseOutcome::Refused(Refusal::BlockPage) => {
                return self.line.blocked(&Refusal::BlockPage.to_string());
            }
            CaseOutcome::Refused(refusal @ Refusal::Maintenance) => {
                if let Err(error) = self.line.gate().pause() {
                    return error.into();
                }
                (ErrorClass::Transient, refusal.to_string())
            }
            CaseOutcome::Refused(refusal) => {
                let class = match refusal {
                    Refusal::Empty | Refusal::TryAgain { .. } => ErrorClass::Transient,
                    Refusal::Unknown { .. } => ErrorClass::Drift,
                    _ => ErrorClass::Expired,
                };
                (class, refusal.to_string())
            }
            CaseOutcome::Answer(_) | CaseOutcome::NoGuess | CaseOutcome::Idle => {
                return failed(ErrorClass::Bug, "the session gave nothing");
            }
        };
        let waited = self
            .retry(Some(self.troubles + 1), class.clone(), &why)
            .await;
        self.troubles = (self.troubles + 1).min(MOST_FAILURES);
        match waited {
            Ok(()) => failed(class, &why),
            Err(error) => error,
        }
    }

    async fn solve(&mut self, challenge: Challenge) -> Result<(), FetchError> {
        let answer = self.solve_or_stop(&challenge).await??;
        self.answered = answer.clone().map(|answer| (challenge, answer));
        self.session.guess(answer);
        Ok(())
    }

    /// Waits for the solver, which may be a person, and for a stop meanwhile.
    async fn solve_or_stop(
        &mut self,
        challenge: &Challenge,
    ) -> Result<Result<Option<String>, SolveError>, FetchError> {
        let (clock, gate) = (Arc::clone(&self.line.clock), Arc::clone(self.line.gate()));
        let stopped = async {
            loop {
                clock.sleep(STOP_POLL).await;
                if let Err(error) = gate.check_stop() {
                    return error;
                }
            }
        };
        let mut stopped = pin!(stopped);
        match select(self.solver.solve(challenge), stopped.as_mut()).await {
            Either::Left((answer, _)) => Ok(answer),
            Either::Right((error, _)) => Err(error),
        }
    }

    /// Passes on the verdict on a captcha answer.
    fn report(&mut self) -> Result<(), FetchError> {
        let Some(accepted) = self.session.take_verdict() else {
            return Ok(());
        };
        if let Some((challenge, answer)) = self.answered.take() {
            self.solver.verdict(&challenge, &answer, accepted);
            (self.line.events)(FetchEvent::CaptchaAnswered {
                solver: self.solver.name().to_owned(),
                model: self.solver.model().to_owned(),
                portal: challenge.portal,
                length: answer.len(),
                accepted,
            });
        }
        Ok(self.line.gate().captcha_judged(accepted)?)
    }
}

fn reason_of(bad: &BadPdf) -> MissingReason {
    match bad {
        BadPdf::Empty => MissingReason::EmptyBody,
        BadPdf::TooSmall | BadPdf::NotAPdf { .. } => MissingReason::NotAPdf,
        BadPdf::Truncated { .. } => MissingReason::Truncated,
    }
}

fn failed(class: ErrorClass, why: &str) -> FetchError {
    FetchError::new("asking a case portal", class, why)
}

impl std::fmt::Debug for CasesClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CasesClient")
            .field("portal", &self.portal)
            .finish_non_exhaustive()
    }
}

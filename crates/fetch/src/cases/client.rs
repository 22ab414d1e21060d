//! Drives a session on a case portal through the host's gate.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{Either, select};
use nirnay_model::{CaptureId, CasePortal, MissingReason};
use nirnay_parse::Refusal;
use url::Url;

use super::line::{CaseLine, Exchange, NotSent};
use super::session::{CaseAction, CaseOutcome, CaseSession};
use super::{CaseAnswer, CaseAsk};
use crate::instant::{indian_day, until};
use crate::{
    CaptchaSolver, CaptureSink, Challenge, Clock, ConfigError, ErrorClass, EventSink, FetchError,
    FetchEvent, HostGate, SolveError, Transport,
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
    /// Sends.
    pub transport: Arc<dyn Transport>,
    /// The host's gate; shared by everything that talks to that host.
    pub gate: Arc<HostGate>,
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
    /// A client of `portal` at `base`, behind the gate of that host.
    pub fn new(portal: CasePortal, base: &Url, deps: CasesDeps) -> Result<Self, ConfigError> {
        let CasesDeps {
            transport,
            gate,
            solver,
            events,
            clock,
            sink,
        } = deps;
        let origin = crate::origin::Origin::of(base)?;
        if origin != *gate.origin() {
            return Err(ConfigError::Mismatch {
                what: "the gate",
                expected: base.to_string(),
                got: gate.host().to_owned(),
            });
        }
        let user_agent = gate.politeness().user_agent();
        Ok(Self {
            line: CaseLine {
                transport,
                gate,
                events,
                clock,
                base: base.clone(),
                portal,
                sink,
            },
            solver,
            session: CaseSession::new(portal, base.clone(), user_agent),
            portal,
            answered: None,
            document: false,
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

    /// Ends the session, so that the next question is asked in a fresh one.
    pub fn fresh_session(&mut self) {
        self.session.end_session();
    }

    /// Asks, with as many sessions and captchas as its caps allow. That there is no such record is an error of class
    /// [`ErrorClass::Permanent`] with [`MissingReason::RowGone`].
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
        loop {
            let action = self.session.next_action();
            self.report()?;
            match action {
                CaseAction::Send(request) => {
                    let guarded = self.session.answered_picture();
                    if guarded.is_some() && tries.captchas >= MOST_CAPTCHAS {
                        self.session.end_session();
                        return Err(failed(
                            ErrorClass::CaptchaCap,
                            "no captcha answer was accepted",
                        ));
                    }
                    tries.captchas += u32::from(guarded.is_some());
                    let secrets = self.session.secrets();
                    let sent = self.line.send(request, guarded.as_deref(), &secrets).await;
                    self.sent(sent, &mut tries).await?;
                    self.report()?;
                }
                CaseAction::Solve(challenge) => self.solve(challenge).await?,
                CaseAction::Done(CaseOutcome::Answer(answer)) => {
                    self.line.gate.progress();
                    return Ok(answer);
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
        let delay = self.line.gate.back_off_time(attempt.saturating_sub(1));
        (self.line.events)(FetchEvent::Retry {
            attempt,
            why: why.to_owned(),
            delay,
        });
        self.line.gate.back_off(delay, &self.line.events).await
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
                        "no guess at three captcha pictures",
                    )
                    .await;
            }
            CaseOutcome::Elsewhere(address) => {
                let why = format!("it lies on another host, which is not asked: {address}");
                return Err(failed(
                    ErrorClass::Permanent(MissingReason::LinkRefused),
                    &why,
                ));
            }
            CaseOutcome::Answer(_) | CaseOutcome::Idle => {
                return Err(failed(ErrorClass::Bug, "the session gave nothing"));
            }
        };
        let why = refusal.to_string();
        match refusal {
            Refusal::NotFound { .. } => {
                // The session is as good as before; its portal has answered.
                self.line.gate.progress();
                Err(failed(ErrorClass::Permanent(MissingReason::RowGone), &why))
            }
            Refusal::BlockPage => Err(self.line.blocked(&why)),
            Refusal::Maintenance => {
                let at = self.line.gate.pause()?;
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
                let class = if self.document {
                    ErrorClass::Permanent(MissingReason::LinkRefused)
                } else {
                    ErrorClass::Expired
                };
                self.retry(attempt, class, &why).await
            }
            Refusal::Unknown { .. } => {
                let attempt = again(&mut tries.unknown, MOST_UNKNOWN);
                self.retry(attempt, ErrorClass::Drift, &why).await
            }
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
        let (clock, gate) = (Arc::clone(&self.line.clock), Arc::clone(&self.line.gate));
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
        Ok(self.line.gate.captcha_judged(accepted)?)
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

//! What ends the work of a source, or of everything.

use nirnay_fetch::{ErrorClass, FetchError};
use nirnay_model::SourceId;
use nirnay_store::{AlarmKind, NewAlarm};

use crate::context::Context;
use crate::drift::Place;
use crate::error::PipelineError;
use crate::exit;

/// How a source's work ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// Everything that could be done was done.
    Done,
    /// It stopped early; the next run goes on.
    Stopped {
        why: String,
        exit_code: u8,
        /// Whether replies came that could be read as replies and not be believed: the host does not know yet
        /// that it is to be left alone.
        drifted: bool,
    },
}

/// What ends a window's attempt early.
pub(crate) enum Stop {
    /// A portal error; whether it stops the source depends on its class.
    Source(FetchError),
    /// The portal's replies are no longer understood: the source stops.
    Drift(Box<NewAlarm>),
    /// The lake is in trouble: everything stops.
    Broken(PipelineError),
}

impl Stop {
    /// Whether it is a drift that a person has acknowledged: then what can be read is taken.
    pub(crate) fn is_known(&self, context: &Context) -> Result<bool, PipelineError> {
        let Self::Drift(alarm) = self else {
            return Ok(false);
        };
        let known = context.lake.ledger().alarm(
            alarm.kind,
            alarm.source,
            alarm.court.as_ref(),
            &alarm.subject,
        )?;
        Ok(known.is_some_and(|known| known.acknowledged_at.is_some()))
    }

    /// The end of the source's work, or of everything. A reply that is not understood raises its alarm.
    pub(crate) fn into_ended(
        self,
        context: &Context,
        source: SourceId,
    ) -> Result<Ended, PipelineError> {
        match self {
            Self::Source(error) => {
                if matches!(error.class(), ErrorClass::Drift) {
                    let place = Place::source(source, context.today);
                    let advice = "the replies are kept under captures/; see whether a newer nirnay reads them";
                    context.raise(&place.alarm(
                        AlarmKind::Reply,
                        "reply",
                        error.to_string(),
                        advice,
                    ))?;
                }
                Ok(Ended::Stopped {
                    exit_code: exit::of_fetch(&error),
                    why: error.to_string(),
                    drifted: false,
                })
            }
            Self::Drift(alarm) => {
                context.raise(&alarm)?;
                Ok(Ended::Stopped {
                    exit_code: exit::DRIFT,
                    why: alarm.what,
                    drifted: true,
                })
            }
            Self::Broken(error) => Err(error),
        }
    }
}

impl From<nirnay_store::StoreError> for Stop {
    fn from(error: nirnay_store::StoreError) -> Self {
        Self::Broken(error.into())
    }
}

impl From<PipelineError> for Stop {
    fn from(error: PipelineError) -> Self {
        Self::Broken(error)
    }
}

/// Whether an error ends the source's work for this run. Drift and bugs do too: what is not
/// understood must not be asked for again and again.
pub(crate) fn stops_source(error: &FetchError) -> bool {
    match error.class() {
        ErrorClass::Transient | ErrorClass::Expired | ErrorClass::Permanent(_) => false,
        ErrorClass::Throttled { .. }
        | ErrorClass::Blocked
        | ErrorClass::Stopped(_)
        | ErrorClass::CaptchaCap
        | ErrorClass::Drift
        | ErrorClass::Local
        | ErrorClass::Bug => true,
    }
}

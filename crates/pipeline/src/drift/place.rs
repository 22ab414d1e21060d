//! Where something was noticed.

use jiff::civil::Date;
use nirnay_model::{CourtCode, DateWindow, SourceId};
use nirnay_store::{AlarmKind, NewAlarm};

/// Where, and on which day, something was noticed.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) source: SourceId,
    pub(crate) court: Option<CourtCode>,
    pub(crate) window: Option<DateWindow>,
    pub(crate) today: Date,
}

impl Place {
    /// The whole source.
    pub(crate) fn source(source: SourceId, today: Date) -> Self {
        Self {
            source,
            court: None,
            window: None,
            today,
        }
    }

    /// One court of a source.
    pub(crate) fn court(source: SourceId, court: &CourtCode, today: Date) -> Self {
        Self {
            court: Some(court.clone()),
            ..Self::source(source, today)
        }
    }

    /// An alarm about this place.
    pub(crate) fn alarm(
        &self,
        kind: AlarmKind,
        subject: impl Into<String>,
        what: String,
        advice: &str,
    ) -> NewAlarm {
        NewAlarm {
            kind,
            source: self.source,
            court: self.court.clone(),
            subject: subject.into(),
            what,
            since: self.today,
            advice: advice.to_owned(),
        }
    }

    /// The window, or the feed, in words.
    pub(crate) fn window_name(&self) -> String {
        self.window
            .map_or_else(|| "the feed".to_owned(), |window| window.to_string())
    }
}

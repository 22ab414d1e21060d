//! What every stage of a run shares.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, tz};
use nirnay_fetch::{Clock, EventSink};
use nirnay_model::SourceId;
use nirnay_store::{Alarm, Lake, NewAlarm, Run};

use crate::counters::Counters;
use crate::error::PipelineError;
use crate::event::{Event, Observer};
use crate::rescan::RescanConfig;
use crate::text::TextExtractor;

/// What every stage of a run shares.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) lake: Arc<Lake>,
    pub(crate) run: Run,
    /// The day of the run in India: no judgment can be later than the day after.
    pub(crate) today: Date,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) extractor: Arc<dyn TextExtractor>,
    /// When proven windows are looked at again.
    pub(crate) rescan: RescanConfig,
}

impl Context {
    #[expect(
        clippy::needless_pass_by_value,
        reason = "an event is made to be given away"
    )]
    pub(crate) fn emit(&self, event: Event) {
        self.observer.observe(&event);
    }

    /// Records an alarm and tells it, unless a person knows of it.
    pub(crate) fn raise(&self, alarm: &NewAlarm) -> Result<Alarm, PipelineError> {
        let alarm = self
            .lake
            .ledger()
            .raise_alarm(alarm, self.run.id, self.now())?;
        if alarm.is_open() {
            self.emit(Event::Alarm {
                alarm: alarm.clone(),
            });
        }
        Ok(alarm)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The function through which a client's events join the stream.
    pub(crate) fn fetch_events(&self, source: SourceId, counters: &Arc<Counters>) -> EventSink {
        let observer = Arc::clone(&self.observer);
        let counters = Arc::clone(counters);
        Arc::new(move |fetch| {
            counters.observe(&fetch);
            observer.observe(&Event::Fetch { source, fetch });
        })
    }
}

/// Indian Standard Time has no daylight saving and no history that matters to a decision date.
const IST_OFFSET_SECONDS: i32 = 5 * 3600 + 30 * 60;

/// The civil date in India at an instant.
pub fn india_date(at: Timestamp) -> Date {
    let zone = tz::Offset::from_seconds(IST_OFFSET_SECONDS).map_or(TimeZone::UTC, TimeZone::fixed);
    at.to_zoned(zone).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_begins_earlier_in_india() {
        let at: Timestamp = "2026-01-31T19:00:00Z".parse().unwrap();
        assert_eq!(india_date(at).to_string(), "2026-02-01");
    }
}

//! What a source's pages and days look like in this run, and which alarms that raises and closes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use nirnay_model::{CourtCode, DateWindow, QuarantineReason};
use nirnay_parse::judgments::PageReport;
use nirnay_store::{Alarm, AlarmKind, FieldCount, NewAlarm};

use super::days::{self, Days};
use super::fields::{self, Past};
use super::page::{ReadPage, refuse_drift};
use super::place::Place;
use crate::config::SourceConfig;
use crate::context::Context;
use crate::error::PipelineError;
use crate::event::Event;
use crate::rescan;
use crate::schedule::court_list;
use crate::stop::Stop;

/// Days of runs that make a court's past.
const PAST_DAYS: i64 = 30;
/// Windows that end within so many days of today are recent: only their rows are compared with each other.
const RECENT_DAYS: i64 = 180;
/// Days whose silences make an ordinary day's.
const LAG_DAYS: i64 = 60;
/// The name under which a court's silence is noted, day by day.
const SILENT_DAYS: &str = "silent_days";
/// Years of days that a court is held against.
const YEARS: i16 = 4;
/// Rows with doubtful dates that are no more than damage.
const DOUBTFUL_ROWS: u32 = 5;
/// Rows of a run from which fields that are not keys can be judged.
const ENOUGH_ROWS: u32 = 200;

/// Watches one source during one run.
pub(crate) struct Watch<'a> {
    context: &'a Context,
    source: &'a SourceConfig,
    /// Pages taken of recent dates, added up by court.
    recent: BTreeMap<CourtCode, PageReport>,
    pasts: HashMap<CourtCode, Past>,
    /// Courts of which a page was taken.
    read: BTreeSet<CourtCode>,
    /// Names of what was new and has been told.
    told: BTreeSet<String>,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(context: &'a Context, source: &'a SourceConfig) -> Self {
        Self {
            context,
            source,
            recent: BTreeMap::new(),
            pasts: HashMap::new(),
            read: BTreeSet::new(),
            told: BTreeSet::new(),
        }
    }

    /// A court's rows were taken that have no page to look at.
    pub(crate) fn took(&mut self, court: CourtCode) {
        self.read.insert(court);
    }

    fn place(&self, court: &CourtCode, window: Option<DateWindow>) -> Place {
        Place {
            window,
            ..Place::court(self.source.source, court, self.context.today)
        }
    }

    /// Looks at a page before anything of it is kept. An error: it must not be taken, unless a person has
    /// acknowledged that very alarm.
    pub(crate) fn page(
        &mut self,
        court: &CourtCode,
        window: Option<DateWindow>,
        page: &ReadPage,
    ) -> Result<(), Stop> {
        let place = self.place(court, window);
        self.canary(court, page)?;
        match refuse_drift(
            &place,
            u64::from(page.report.rows),
            page.quarantined.iter().map(|(row, _, _)| row),
        ) {
            Err(Stop::Drift(alarm)) => {
                self.refuse(alarm)?;
                // Fields are lacking in rows that are known to be unreadable.
                self.read.insert(court.clone());
                return Ok(());
            }
            taken => taken?,
        }
        let recent = self.is_recent(window);
        let lacks = fields::lacking(self.source.source, &page.report, self.past(court)?, recent);
        for lack in lacks.iter().filter(|lack| lack.is_key) {
            let what = format!("on a page of {}: {}", place.window_name(), lack.sentence());
            let advice = "nothing of the page was taken; its reply is kept under captures/: see where the \
                          portal prints the field now";
            let alarm = place.alarm(AlarmKind::Fields, lack.field, what, advice);
            self.refuse(Box::new(alarm))?;
        }
        self.read.insert(court.clone());
        if recent {
            self.recent
                .entry(court.clone())
                .or_default()
                .add(&page.report);
        }
        Ok(())
    }

    /// Does not take a page, unless a person has looked at the same and acknowledged it: then its rows are
    /// taken or set aside one by one, and that is told.
    fn refuse(&self, alarm: Box<NewAlarm>) -> Result<(), Stop> {
        let known = self.context.lake.ledger().alarm(
            alarm.kind,
            alarm.source,
            alarm.court.as_ref(),
            &alarm.subject,
        )?;
        if known.is_none_or(|known| known.acknowledged_at.is_none()) {
            return Err(Stop::Drift(alarm));
        }
        let known = self.context.raise(&alarm)?;
        self.context.emit(Event::Notice {
            text: format!(
                "warning: {}: {}; the page is taken, as alarm {} is acknowledged",
                known.source, known.what, known.id
            ),
        });
        Ok(())
    }

    /// A page in a form never seen before is taken if its first rows can be read, and told; what it gave
    /// is published when a later run has found nothing wrong with such pages either.
    fn canary(&mut self, court: &CourtCode, page: &ReadPage) -> Result<(), Stop> {
        let source = self.source.source;
        let ledger = self.context.lake.ledger();
        for news in page.news() {
            if self.told.contains(&news.name) || ledger.knows_layout(source, &news.name)? {
                continue;
            }
            let place = Place::source(source, self.context.today);
            let alarm = news.alarm(&place, page.canary_reads());
            if !page.canary_reads() {
                self.refuse(Box::new(alarm))?;
                self.told.insert(news.name);
                continue;
            }
            if self.is_first_crawl(news.is_of_court().then_some(court))? {
                // There is nothing that it could be a change of: courts have labels of their own.
                ledger.learn_layout(source, &news.name, &news.what, self.context.today)?;
                continue;
            }
            let raised = self.context.raise(&alarm)?;
            if raised.acknowledged_at.is_some() {
                ledger.learn_layout(source, &news.name, &news.what, self.context.today)?;
            }
            self.told.insert(news.name);
        }
        Ok(())
    }

    /// Whether no window of the source (of one court) was ever proven by another run.
    fn is_first_crawl(&self, court: Option<&CourtCode>) -> Result<bool, PipelineError> {
        let run = self.context.run.id;
        let windows = self
            .context
            .lake
            .ledger()
            .windows(Some(self.source.source))?;
        Ok(windows
            .iter()
            .filter(|window| court.is_none_or(|court| *court == window.spec.court))
            .all(|window| window.completed_run.is_none_or(|by| by == run)))
    }

    /// Whether the window's rows are of the last months; the feed's always are.
    pub(crate) fn is_fresh(&self, window: Option<DateWindow>) -> bool {
        window.is_none() || self.is_recent(window)
    }

    fn is_recent(&self, window: Option<DateWindow>) -> bool {
        window.is_some_and(|window| rescan::days(window.to(), self.context.today) <= RECENT_DAYS)
    }

    fn past(&mut self, court: &CourtCode) -> Result<&Past, PipelineError> {
        if !self.pasts.contains_key(court) {
            let from = self
                .context
                .today
                .saturating_sub(jiff::Span::new().days(PAST_DAYS));
            let counts =
                self.context
                    .lake
                    .ledger()
                    .field_counts(self.source.source, court, from)?;
            self.pasts.insert(court.clone(), Past(counts));
        }
        Ok(self.pasts.entry(court.clone()).or_default())
    }

    /// Keeps what was counted.
    fn keep(&mut self) -> Result<(), PipelineError> {
        for (court, report) in &self.recent {
            self.context.lake.ledger().add_field_counts(
                self.source.source,
                court,
                self.context.today,
                &fields::counts(report),
            )?;
        }
        Ok(())
    }

    /// Judges the courts by what was walked, whatever ended the walk, and closes the alarms that are well
    /// again. `whole`: all lists were walked; only then do days without rows mean anything.
    pub(crate) fn finish(&mut self, whole: bool) -> Result<(), PipelineError> {
        let mut raised = BTreeSet::new();
        for court in court_list(self.source)? {
            for alarm in self.court_alarms(&court.code, whole)? {
                raised.insert(self.context.raise(&alarm)?.id);
            }
        }
        self.keep()?;
        for alarm in self.context.lake.ledger().alarms()? {
            if alarm.source == self.source.source && self.is_well(&alarm, &raised, whole) {
                self.close(&alarm)?;
            }
        }
        Ok(())
    }

    fn court_alarms(
        &mut self,
        court: &CourtCode,
        whole: bool,
    ) -> Result<Vec<NewAlarm>, PipelineError> {
        let place = self.place(court, None);
        let mut alarms = Vec::new();
        if let Some(report) = self.recent.get(court).filter(|r| r.rows >= ENOUGH_ROWS) {
            let report = report.clone();
            for lack in fields::lacking(self.source.source, &report, self.past(court)?, true) {
                let advice =
                    "rows were taken without it; see whether the portal prints it elsewhere now";
                alarms.push(place.alarm(AlarmKind::Fields, lack.field, lack.sentence(), advice));
            }
        }
        if let Some(report) = self.recent.get(court) {
            alarms.extend(doubtful_dates(&place, report));
            alarms.extend(undecoded(&place, report));
        }
        if whole && self.is_live() {
            let past = self.days(court)?;
            let lag = self.lag(court, &past)?;
            alarms.extend(silence(&place, &past, self.context.today, lag));
            alarms.extend(odd_days(&place, &past, self.context.today));
        }
        Ok(alarms)
    }

    /// Whether the pipeline asks for dates up to today: only then does silence mean anything.
    fn is_live(&self) -> bool {
        self.source
            .range(self.context.today)
            .is_some_and(|range| range.to() >= self.context.today)
    }

    fn days(&self, court: &CourtCode) -> Result<Days, PipelineError> {
        let today = self.context.today;
        let from = today.saturating_sub(jiff::Span::new().years(YEARS));
        let days =
            self.context
                .lake
                .ledger()
                .listed_days(self.source.source, court, from, today)?;
        Ok(days.into_iter().collect())
    }

    /// By how many days the court's latest rows are behind on an ordinary day of the last two months; on the
    /// first day that anything is known of it, by as many as today.
    fn lag(&self, court: &CourtCode, past: &Days) -> Result<i64, PipelineError> {
        let (source, today) = (self.source.source, self.context.today);
        let Some(silent) = days::silent_days(past, today) else {
            return Ok(0);
        };
        let ledger = self.context.lake.ledger();
        let from = today.saturating_sub(jiff::Span::new().days(LAG_DAYS));
        let mut known: Vec<i64> = ledger
            .field_by_day(source, court, SILENT_DAYS, from)?
            .into_iter()
            .filter(|(day, _)| *day < today)
            .map(|(_, count)| i64::try_from(count.filled / count.rows.max(1)).unwrap_or(0))
            .collect();
        let now = FieldCount {
            rows: 1,
            filled: u64::try_from(silent).unwrap_or(0),
        };
        ledger.add_field_counts(source, court, today, &[(SILENT_DAYS, now)])?;
        known.sort_unstable();
        Ok(known.get(known.len() / 2).copied().unwrap_or(silent))
    }

    /// Whether what an alarm was about was looked at in this run and found well.
    fn is_well(&self, alarm: &Alarm, raised: &BTreeSet<i64>, whole: bool) -> bool {
        if raised.contains(&alarm.id) {
            return false;
        }
        let looked = match &alarm.court {
            Some(court) => self.read.contains(court),
            None => !self.read.is_empty(),
        };
        let run = self.context.run.id;
        let unseen = alarm.seen_run != run;
        match alarm.kind {
            // A layout is believed by another run than the one that met it first, if its pages can be read.
            AlarmKind::Layout => {
                looked && alarm.raised_run != run && (unseen || self.told.contains(&alarm.subject))
            }
            AlarmKind::Fields | AlarmKind::Quarantine | AlarmKind::Reply => looked && unseen,
            AlarmKind::Silence | AlarmKind::DayCounts => whole && self.is_live(),
            // Closed when its window is proven anew.
            AlarmKind::Shrunk => false,
        }
    }

    fn close(&self, alarm: &Alarm) -> Result<(), PipelineError> {
        let ledger = self.context.lake.ledger();
        if alarm.kind == AlarmKind::Layout && self.told.contains(&alarm.subject) {
            ledger.learn_layout(
                alarm.source,
                &alarm.subject,
                &alarm.what,
                self.context.today,
            )?;
        }
        ledger.close_alarm(alarm.id, self.context.now())?;
        Ok(())
    }
}

fn silence(place: &Place, past: &Days, today: Date, lag: i64) -> Option<NewAlarm> {
    let found = days::silence(past, today, lag)?;
    let what = format!(
        "no judgment decided after {} is listed, for {} days; {} were its longest silence to be expected",
        found.last, found.days, found.usual
    );
    let advice = "look at the portal's own search for these days; if the court does not sit, `nirnay audit --acknowledge`";
    let mut alarm = place.alarm(AlarmKind::Silence, "court", what, advice);
    alarm.since = found.last.tomorrow().unwrap_or(found.last);
    Some(alarm)
}

fn odd_days(place: &Place, past: &Days, today: Date) -> Option<NewAlarm> {
    let found = days::odd_days(past, today)?;
    let list: Vec<String> = found
        .days
        .iter()
        .map(|(day, rows, median)| format!("{day} {rows} rows (usually {median})"))
        .collect();
    let how = if found.few { "few" } else { "many" };
    let what = format!("days with far too {how} rows: {}", list.join(", "));
    let advice = "look at the portal's own search for these days; if they are right, `nirnay audit --acknowledge`";
    let mut alarm = place.alarm(AlarmKind::DayCounts, how, what, advice);
    alarm.since = found.since;
    Some(alarm)
}

/// Rows whose dates cannot be true, or contradict each other, from one in a hundred on.
fn doubtful_dates(place: &Place, report: &PageReport) -> Option<NewAlarm> {
    let rows: u32 = [
        QuarantineReason::ImpossibleDate,
        QuarantineReason::NoDecisionDate,
        QuarantineReason::Contradiction,
    ]
    .iter()
    .filter_map(|reason| report.quarantined.get(reason))
    .sum();
    if rows < DOUBTFUL_ROWS || u64::from(rows) * 100 <= u64::from(report.rows) {
        return None;
    }
    let what = format!(
        "{rows} of {} rows have a decision date that is missing, cannot be true, or contradicts the row",
        report.rows
    );
    let advice = "they were set aside; see in captures/ whether the portal prints dates in another order now";
    Some(place.alarm(AlarmKind::Fields, "dates", what, advice))
}

/// Text that somebody could not decode, from one character in a thousand on.
fn undecoded(place: &Place, report: &PageReport) -> Option<NewAlarm> {
    if report.replacement_chars * 1_000 <= report.characters || report.replacement_chars == 0 {
        return None;
    }
    let what = format!(
        "{} of {} characters could not be decoded by the portal",
        report.replacement_chars, report.characters
    );
    let advice =
        "rows were taken as served; see in captures/ whether the portal changed its encoding";
    Some(place.alarm(AlarmKind::Fields, "characters", what, advice))
}

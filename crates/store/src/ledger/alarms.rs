//! Alarms: what a person has to look at, from the day it was noticed to the day it is well again.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use nirnay_model::{CourtCode, SourceId};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction};

use super::Ledger;
use super::values::{Day, Micros, Named, Text};
use crate::StoreError;

/// What an alarm is about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum AlarmKind {
    /// Pages in a layout, or with labels or keys, that was never seen: publication of the source waits until
    /// a later run finds them readable.
    Layout,
    /// A field is printed by fewer rows than it always was.
    Fields,
    /// More rows are set aside than a page may have.
    Quarantine,
    /// A court lists nothing for longer than it ever did.
    Silence,
    /// A court's days have far fewer or far more rows than its days have.
    DayCounts,
    /// A window that was proven lists far fewer rows than before.
    Shrunk,
    /// Replies of an unknown form.
    Reply,
}

impl AlarmKind {
    /// The name in the ledger and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Layout => "layout",
            Self::Fields => "fields",
            Self::Quarantine => "quarantine",
            Self::Silence => "silence",
            Self::DayCounts => "day_counts",
            Self::Shrunk => "shrunk",
            Self::Reply => "reply",
        }
    }
}

/// An alarm to raise. Kind, source, court and subject together are its identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAlarm {
    /// What it is about.
    pub kind: AlarmKind,
    /// The source.
    pub source: SourceId,
    /// The court; `None` for all of the source.
    pub court: Option<CourtCode>,
    /// The window, layout or field.
    pub subject: String,
    /// What was noticed, in a sentence.
    pub what: String,
    /// Since when it is so.
    pub since: Date,
    /// What to do next.
    pub advice: String,
}

/// An alarm as recorded.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Alarm {
    /// Its number.
    pub id: i64,
    /// What it is about.
    pub kind: AlarmKind,
    /// The source.
    pub source: SourceId,
    /// The court; `None` for all of the source.
    pub court: Option<CourtCode>,
    /// The window, layout or field.
    pub subject: String,
    /// What was noticed last, in a sentence.
    pub what: String,
    /// Since when it is so.
    pub since: Date,
    /// What to do next.
    pub advice: String,
    /// The run that raised it.
    pub raised_run: i64,
    /// When.
    pub raised_at: Timestamp,
    /// The run that noticed it last.
    #[serde(skip)]
    pub seen_run: i64,
    /// When it was noticed last.
    pub seen_at: Timestamp,
    /// When a person said that it is known.
    pub acknowledged_at: Option<Timestamp>,
    /// When it was well again.
    pub closed_at: Option<Timestamp>,
}

impl Alarm {
    /// Whether somebody still has to look at it.
    pub fn is_open(&self) -> bool {
        self.closed_at.is_none() && self.acknowledged_at.is_none()
    }
}

impl fmt::Display for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let court = self
            .court
            .as_ref()
            .map(|court| format!(" {court}"))
            .unwrap_or_default();
        write!(
            f,
            "alarm {} ({}): {}{court} {}: {}, since {}; {}",
            self.id,
            self.kind.name(),
            self.source,
            self.subject,
            self.what,
            self.since,
            self.advice
        )
    }
}

const SELECT: &str = "SELECT id, kind, source, court, subject, what, since, advice, raised_run, raised_at, seen_at, \
    acknowledged_at, closed_at, seen_run FROM alarms";

fn read_alarm(row: &Row<'_>) -> rusqlite::Result<Alarm> {
    let time = |index| {
        row.get::<_, Option<Micros>>(index)
            .map(|time| time.map(|m| m.0))
    };
    let court: String = row.get(3)?;
    Ok(Alarm {
        id: row.get(0)?,
        kind: row.get::<_, Named<AlarmKind>>(1)?.0,
        source: row.get::<_, Text<SourceId>>(2)?.0,
        court: court.parse().ok(),
        subject: row.get(4)?,
        what: row.get(5)?,
        since: row.get::<_, Day>(6)?.0.unwrap_or(Date::ZERO),
        advice: row.get(7)?,
        raised_run: row.get(8)?,
        raised_at: row.get::<_, Micros>(9)?.0,
        seen_run: row.get(13)?,
        seen_at: row.get::<_, Micros>(10)?.0,
        acknowledged_at: time(11)?,
        closed_at: time(12)?,
    })
}

fn load(connection: &Connection, id: i64) -> Result<Alarm, StoreError> {
    connection
        .prepare_cached(&format!("{SELECT} WHERE id = ?1"))?
        .query_row([id], read_alarm)
        .optional()?
        .ok_or_else(|| StoreError::NotFound {
            what: "alarm",
            id: id.to_string(),
        })
}

fn raise(
    tx: &Transaction<'_>,
    alarm: &NewAlarm,
    run: i64,
    now: Timestamp,
) -> Result<Alarm, StoreError> {
    let court = alarm.court.as_ref().map_or("", CourtCode::as_str);
    let identity = (
        alarm.kind.name(),
        alarm.source.name(),
        court,
        alarm.subject.as_str(),
    );
    let known: Option<i64> = tx
        .prepare_cached(
            "SELECT id FROM alarms WHERE kind = ?1 AND source = ?2 AND court = ?3 AND subject = ?4
             AND closed_at IS NULL",
        )?
        .query_row(identity, |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        tx.prepare_cached(
            "UPDATE alarms SET what = ?2, seen_run = ?3, seen_at = ?4 WHERE id = ?1",
        )?
        .execute((id, &alarm.what, run, Micros(now)))?;
        return load(tx, id);
    }
    tx.prepare_cached(
        "INSERT INTO alarms (kind, source, court, subject, what, since, advice, raised_run, raised_at, seen_run, seen_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?8, ?9)",
    )?
    .execute((
        identity.0,
        identity.1,
        identity.2,
        identity.3,
        &alarm.what,
        Day(Some(alarm.since)),
        &alarm.advice,
        run,
        Micros(now),
    ))?;
    load(tx, tx.last_insert_rowid())
}

impl Ledger {
    /// Raises an alarm, or notes that it is still so; returns it as recorded. One that a person has
    /// acknowledged stays acknowledged.
    pub fn raise_alarm(
        &self,
        alarm: &NewAlarm,
        run: i64,
        now: Timestamp,
    ) -> Result<Alarm, StoreError> {
        self.write("raising an alarm", |tx| raise(tx, alarm, run, now))
    }

    /// Alarms that are not closed, acknowledged ones included, oldest first.
    pub fn alarms(&self) -> Result<Vec<Alarm>, StoreError> {
        self.read("listing alarms", |connection| {
            let sql = format!("{SELECT} WHERE closed_at IS NULL ORDER BY id");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([], read_alarm)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The alarm that is not closed with this identity.
    pub fn alarm(
        &self,
        kind: AlarmKind,
        source: SourceId,
        court: Option<&CourtCode>,
        subject: &str,
    ) -> Result<Option<Alarm>, StoreError> {
        self.read("looking for an alarm", |connection| {
            let sql = format!(
                "{SELECT} WHERE kind = ?1 AND source = ?2 AND court = ?3 AND subject = ?4 AND closed_at IS NULL"
            );
            Ok(connection
                .prepare_cached(&sql)?
                .query_row(
                    (
                        kind.name(),
                        source.name(),
                        court.map_or("", CourtCode::as_str),
                        subject,
                    ),
                    read_alarm,
                )
                .optional()?)
        })
    }

    /// Closes an alarm: it is well again.
    pub fn close_alarm(&self, id: i64, now: Timestamp) -> Result<(), StoreError> {
        self.write("closing an alarm", |tx| {
            load(tx, id)?;
            tx.execute(
                "UPDATE alarms SET closed_at = coalesce(closed_at, ?2) WHERE id = ?1",
                (id, Micros(now)),
            )?;
            Ok(())
        })
    }

    /// Records that a person knows of an alarm: it ends no further run with its exit code and holds nothing
    /// back. It is closed when it is well again.
    pub fn acknowledge_alarm(&self, id: i64, now: Timestamp) -> Result<Alarm, StoreError> {
        self.write("acknowledging an alarm", |tx| {
            load(tx, id)?;
            tx.execute(
                "UPDATE alarms SET acknowledged_at = coalesce(acknowledged_at, ?2) WHERE id = ?1",
                (id, Micros(now)),
            )?;
            load(tx, id)
        })
    }
}

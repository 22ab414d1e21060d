//! What a portal usually looks like: the figures that a new page is held against.

use std::collections::BTreeMap;

use jiff::civil::Date;
use nirnay_model::{CourtCode, SourceId};

use super::Ledger;
use super::values::{Day, Text};
use crate::StoreError;

/// How many rows print a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FieldCount {
    /// Rows.
    pub rows: u64,
    /// Rows that print it.
    pub filled: u64,
}

/// Days that field counts are kept.
const KEPT_DAYS: i64 = 400;

impl Ledger {
    /// Adds to the counts of a day: field, rows, rows that print it.
    pub fn add_field_counts(
        &self,
        source: SourceId,
        court: &CourtCode,
        day: Date,
        counts: &[(&str, FieldCount)],
    ) -> Result<(), StoreError> {
        self.write("counting fields", |tx| {
            let mut add = tx.prepare_cached(
                "INSERT INTO field_days (source, court, field, day, rows, filled) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO UPDATE SET rows = rows + excluded.rows, filled = filled + excluded.filled",
            )?;
            let mut forget = tx.prepare_cached(
                "DELETE FROM field_days WHERE source = ?1 AND court = ?2 AND field = ?3 AND day < ?4",
            )?;
            let oldest = day.saturating_sub(jiff::Span::new().days(KEPT_DAYS));
            for (field, count) in counts {
                add.execute((
                    source.name(),
                    court.as_str(),
                    field,
                    Day(Some(day)),
                    count.rows,
                    count.filled,
                ))?;
                forget.execute((source.name(), court.as_str(), field, Day(Some(oldest))))?;
            }
            Ok(())
        })
    }

    /// The counts of each field over the days from `from` on.
    pub fn field_counts(
        &self,
        source: SourceId,
        court: &CourtCode,
        from: Date,
    ) -> Result<BTreeMap<String, FieldCount>, StoreError> {
        self.read("reading field counts", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT field, sum(rows), sum(filled) FROM field_days
                 WHERE source = ?1 AND court = ?2 AND day >= ?3 GROUP BY field",
            )?;
            let rows =
                statement.query_map((source.name(), court.as_str(), Day(Some(from))), |row| {
                    Ok((
                        row.get(0)?,
                        FieldCount {
                            rows: row.get(1)?,
                            filled: row.get(2)?,
                        },
                    ))
                })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The counts of one field by day, from `from` on, in order.
    pub fn field_by_day(
        &self,
        source: SourceId,
        court: &CourtCode,
        field: &str,
        from: Date,
    ) -> Result<Vec<(Date, FieldCount)>, StoreError> {
        self.read("reading a field's counts", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT day, rows, filled FROM field_days
                 WHERE source = ?1 AND court = ?2 AND field = ?3 AND day >= ?4 ORDER BY day",
            )?;
            let key = (source.name(), court.as_str(), field, Day(Some(from)));
            let rows = statement.query_map(key, |row| {
                let filling = FieldCount {
                    rows: row.get(1)?,
                    filled: row.get(2)?,
                };
                Ok((row.get::<_, Day>(0)?.0, filling))
            })?;
            let mut days = Vec::new();
            for row in rows {
                if let (Some(day), filling) = row? {
                    days.push((day, filling));
                }
            }
            Ok(days)
        })
    }

    /// Rows ever listed, by day of decision, in order; days without rows are left out. The cost grows with
    /// the days, not with the rows.
    pub fn listed_days(
        &self,
        source: SourceId,
        court: &CourtCode,
        from: Date,
        to: Date,
    ) -> Result<Vec<(Date, u64)>, StoreError> {
        self.read("counting rows a day", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT day, rows FROM listed_days WHERE source = ?1 AND court = ?2 AND day BETWEEN ?3 AND ?4
                 AND rows > 0 ORDER BY day",
            )?;
            let rows = statement.query_map(
                (
                    source.name(),
                    court.as_str(),
                    Day(Some(from)),
                    Day(Some(to)),
                ),
                |row| Ok((row.get::<_, Day>(0)?.0, row.get(1)?)),
            )?;
            let mut days = Vec::new();
            for row in rows {
                if let (Some(day), rows) = row? {
                    days.push((day, rows));
                }
            }
            Ok(days)
        })
    }

    /// Whether a layout (or label, or key of replies) of the source is believed.
    pub fn knows_layout(&self, source: SourceId, name: &str) -> Result<bool, StoreError> {
        self.read("looking for a layout", |connection| {
            Ok(connection
                .prepare_cached("SELECT 1 FROM layouts WHERE source = ?1 AND fingerprint = ?2")?
                .exists((source.name(), name))?)
        })
    }

    /// Records a layout that is believed from now on.
    pub fn learn_layout(
        &self,
        source: SourceId,
        fingerprint: &str,
        news: &str,
        day: Date,
    ) -> Result<(), StoreError> {
        self.write("learning a layout", |tx| {
            tx.execute(
                "INSERT OR IGNORE INTO layouts (source, fingerprint, news, first_day) VALUES (?1, ?2, ?3, ?4)",
                (source.name(), fingerprint, news, Day(Some(day))),
            )?;
            Ok(())
        })
    }

    /// Sources whose tables are not written anew for now: an alarm about their layout is open.
    pub fn held_sources(&self) -> Result<Vec<SourceId>, StoreError> {
        self.read("looking for held sources", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT DISTINCT source FROM alarms WHERE kind = 'layout' AND closed_at IS NULL
                 AND acknowledged_at IS NULL",
            )?;
            let rows =
                statement.query_map([], |row| row.get::<_, Text<SourceId>>(0).map(|s| s.0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

//! What becomes of a docket over time: rows that appear late, are changed, or go.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::docket::Docket;
use crate::random::Draw;
use crate::row::{RowId, UNDATED};

/// A new value of a row's field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// The case number.
    Number(String),
    /// The first party.
    Petitioner(String),
    /// The second party.
    Respondent(String),
    /// The judges, in the order in which they are printed.
    Judges(Vec<String>),
    /// The author's place among the judges; reports only.
    Author(Option<usize>),
    /// How the case ended.
    Disposal(Option<String>),
    /// Date of registration.
    Registered(Option<Date>),
    /// The text below the judges.
    Excerpt(String),
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is listed from now on. A row with a `Publish` in a schedule is not listed before it.
    Publish,
    /// It is listed no more.
    Withdraw,
    /// One of its fields changes. Paths and dates never do: they are its identity.
    Edit(Edit),
    /// Its document is replaced by another one of the same case.
    ReplaceDocument,
}

/// A change at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// Which row.
    pub row: RowId,
    /// What.
    pub what: ChangeKind,
}

/// All that becomes of a docket, in order of time. By default nothing does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schedule(Vec<Change>);

/// What an invented schedule is to hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChangeSpec {
    /// The seed of everything.
    pub seed: u64,
    /// What happens before this moment has happened: those rows are listed from the start.
    pub opens: Timestamp,
    /// Nothing but late publication happens after this moment.
    pub closes: Timestamp,
    /// The share of rows (second) that is listed so many days (first) after the decision; even in
    /// between. The last share should be 1.
    pub lag: Vec<(u32, f64)>,
    /// Share of rows that are withdrawn.
    pub withdrawn: f64,
    /// Share of the withdrawn rows that are listed again within 30 days.
    pub relisted: f64,
    /// Share of rows of which a field changes, once or twice.
    pub edited: f64,
    /// Share of rows whose document is replaced.
    pub replaced: f64,
}

impl Default for ChangeSpec {
    fn default() -> Self {
        Self {
            seed: 1,
            opens: Timestamp::UNIX_EPOCH,
            closes: Timestamp::MAX,
            lag: vec![
                (0, 0.30),
                (1, 0.55),
                (3, 0.78),
                (7, 0.88),
                (14, 0.938),
                (30, 0.969),
                (90, 0.993),
                (200, 1.0),
            ],
            withdrawn: 0.01,
            relisted: 0.3,
            edited: 0.05,
            replaced: 0.02,
        }
    }
}

/// Midnight in India, in UTC.
pub(crate) fn midnight(day: i32) -> Timestamp {
    let seconds = i64::from(day) * 86_400 - 19_800;
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MIN)
}

impl ChangeSpec {
    /// Days from the decision to the listing.
    fn days(&self, draw: &mut Draw) -> i32 {
        let share = draw.unit();
        let mut before = (0, 0.0);
        for (day, up_to) in &self.lag {
            if share < *up_to {
                let span = (up_to - before.1).max(1e-9);
                let within = (share - before.1) / span * f64::from(day.saturating_sub(before.0));
                return (before.0 + within.ceil() as u32) as i32;
            }
            before = (*day, *up_to);
        }
        before.0 as i32
    }

    /// A moment between two.
    fn between(from: Timestamp, to: Timestamp, draw: &mut Draw) -> Timestamp {
        let span = to.duration_since(from).as_secs().max(1);
        let ahead = (draw.unit() * span as f64) as i64;
        from.saturating_add(SignedDuration::from_secs(ahead))
            .unwrap_or(from)
    }

    fn row(&self, docket: &Docket, id: RowId, decided: i32, out: &mut Vec<Change>) {
        let mut draw = Draw::of(&[self.seed, 80, u64::from(id.0)]);
        // Lists are made in the evening, between 17:00 and 22:00.
        let evening = SignedDuration::from_secs(61_200 + i64::from(draw.below(18_000)));
        let at = midnight(decided + self.days(&mut draw))
            .saturating_add(evening)
            .unwrap_or(self.opens);
        let mut change = |at, what| out.push(Change { at, row: id, what });
        if at > self.opens {
            change(at, ChangeKind::Publish);
        }
        let from = at.max(self.opens);
        if from >= self.closes {
            return;
        }
        if draw.chance(self.edited) {
            for _ in 0..draw.between(1, 2) {
                let edit = edit(docket, id, &mut draw);
                let at = Self::between(from, self.closes, &mut draw);
                change(at, ChangeKind::Edit(edit));
            }
        }
        if draw.chance(self.replaced) {
            let at = Self::between(from, self.closes, &mut draw);
            change(at, ChangeKind::ReplaceDocument);
        }
        if draw.chance(self.withdrawn) {
            let at = Self::between(from, self.closes, &mut draw);
            change(at, ChangeKind::Withdraw);
            if draw.chance(self.relisted) {
                let days = i64::from(draw.between(1, 30));
                let back = at.saturating_add(SignedDuration::from_hours(days * 24));
                change(back.unwrap_or(at), ChangeKind::Publish);
            }
        }
    }
}

/// A change of the kind the portals make: judges added or put in order, parties spelt anew, a disposal
/// filled in.
fn edit(docket: &Docket, id: RowId, draw: &mut Draw) -> Edit {
    let Some(row) = docket.row(id) else {
        return match draw.below(2) {
            0 => Edit::Petitioner(format!("RE-SPELT PETITIONER {}", draw.below(10_000))),
            _ => Edit::Respondent(format!("RE-SPELT RESPONDENT {}", draw.below(10_000))),
        };
    };
    let case = docket.case(row);
    match draw.below(6) {
        0 => Edit::Petitioner(format!("{} AND ANR.", case.petitioner)),
        1 => Edit::Respondent(format!("{} AND ORS.", case.respondent)),
        2 => Edit::Disposal(Some("DISPOSED OF WITH DIRECTIONS".to_owned())),
        3 => Edit::Excerpt(format!("{} (as corrected)", case.excerpt)),
        4 if case.judges.len() > 1 => Edit::Judges(case.judges.into_iter().rev().collect()),
        _ => {
            let mut judges = case.judges;
            judges.push(format!("JUSTICE ADDED {}", draw.below(100)));
            Edit::Judges(judges)
        }
    }
}

impl Schedule {
    /// These changes, in order of time; those of one moment in the order given.
    pub fn of(changes: impl IntoIterator<Item = Change>) -> Self {
        let mut changes: Vec<Change> = changes.into_iter().collect();
        changes.sort_by_key(|change| change.at);
        Self(changes)
    }

    /// Invents what becomes of a docket: the same for the same docket and specification.
    pub fn generate(docket: &Docket, spec: &ChangeSpec) -> Self {
        let mut changes = Vec::new();
        for (place, row) in docket.all_rows().iter().enumerate() {
            if row.day != UNDATED {
                spec.row(docket, RowId(place as u32), row.day, &mut changes);
            }
        }
        for (id, item) in docket.feed_items() {
            spec.row(docket, id, item.day, &mut changes);
        }
        Self::of(changes)
    }

    /// The changes, in order of time.
    pub fn changes(&self) -> &[Change] {
        &self.0
    }

    /// The first moment after `after` at which something changes.
    pub fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let place = self.0.partition_point(|change| change.at <= after);
        self.0.get(place).map(|change| change.at)
    }
}

/// The day in India of a moment, as days since 1970-01-01.
pub(crate) fn day_of(moment: Timestamp) -> i32 {
    (moment.as_second() + 19_800).div_euclid(86_400) as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day;
    use crate::spec::{CourtShare, DocketSpec, Quirks};

    #[test]
    fn rows_are_listed_with_the_stated_lag() {
        let docket = Docket::generate(&DocketSpec {
            courts: vec![CourtShare::new("delhi", 5_000)],
            quirks: Quirks::none(),
            ..DocketSpec::default()
        })
        .unwrap();
        let schedule = Schedule::generate(&docket, &ChangeSpec::default());
        assert_eq!(
            schedule,
            Schedule::generate(&docket, &ChangeSpec::default())
        );
        assert!(schedule.changes().is_sorted_by_key(|change| change.at));
        let mut seen = std::collections::HashSet::new();
        let lags: Vec<i32> = schedule
            .changes()
            .iter()
            .filter(|change| change.what == ChangeKind::Publish && seen.insert(change.row))
            .filter_map(|change| Some(day_of(change.at) - docket.row(change.row)?.day))
            .collect();
        assert_eq!(lags.len(), 5_040);
        let within = |days| lags.iter().filter(|lag| **lag <= days).count() as f64 / 5_040.0;
        for (days, share) in [(14, 0.938), (30, 0.969), (90, 0.993)] {
            assert!(
                (within(days) - share).abs() < 0.01,
                "{days}: {}",
                within(days)
            );
        }
        assert!(lags.iter().all(|lag| (0..=200).contains(lag)));
        assert_eq!(
            day::from_number(day_of(midnight(19_000))),
            day::from_number(19_000)
        );
    }
}

//! When things happened in a case.

use crate::bench;
use crate::cases::{CaseBook, Key};
use crate::day;
use crate::random::Draw;
use crate::row::RowId;

/// The days of a case, hearings to come included.
#[derive(Debug, Clone)]
pub(crate) struct Timeline {
    pub(crate) filed: i32,
    pub(crate) registered: i32,
    /// Days in court, oldest first.
    pub(crate) hearings: Vec<i32>,
    /// The last of these, if the case ends.
    pub(crate) decided: Option<i32>,
    /// Orders: number, day, row of the docket.
    pub(crate) orders: Vec<(u16, i32, Option<RowId>)>,
}

/// Hearings of a case beyond these are not invented.
const MOST: usize = 40;

/// The next day from this one on, by number, on which courts sit.
fn working(from: i32) -> i32 {
    (from..from + 8)
        .find(|n| !day::working_days(day::from_number(*n), day::from_number(*n)).is_empty())
        .unwrap_or(from)
}

/// The days of a case.
pub(crate) fn of(book: &CaseBook, key: Key) -> Timeline {
    let mut draw = Draw::of(&[book.seed(key), 84]);
    let rows = book.rows(key);
    if let Some((_, first)) = rows.first() {
        let decided = rows.last().map_or(first.day, |(_, row)| row.day);
        let registered = book.docket().registered(first).min(first.day);
        let mut hearings = Vec::new();
        let mut at = registered + draw.between(3, 40) as i32;
        while at < first.day && hearings.len() < 12 {
            hearings.push(working(at));
            at += draw.between(14, 120) as i32;
        }
        hearings.retain(|day| *day < first.day);
        hearings.extend(rows.iter().map(|(_, row)| row.day));
        hearings.dedup();
        let orders = rows.iter().map(|(id, row)| (row.order, row.day, Some(*id)));
        return Timeline {
            filed: registered - draw.between(0, 20) as i32,
            registered,
            decided: Some(decided),
            orders: orders.collect(),
            hearings,
        };
    }
    invented(book, key, &mut draw)
}

/// A case that the docket does not know: pending, or of a district court, where a third are decided.
fn invented(book: &CaseBook, key: Key, draw: &mut Draw) -> Timeline {
    let last = book.last_day();
    let start = jiff::civil::Date::new(key.year as i16, 1, 3).map_or(last, day::number);
    let room = (last - start).clamp(1, 350);
    let registered = working(start + draw.below(room as u32) as i32).min(last);
    let filed = registered - draw.between(0, 20) as i32;
    let mut hearings = Vec::new();
    let mut at = registered + draw.between(3, 40) as i32;
    // Hearings go on beyond the last day, so that a simulator whose time moves has some to come.
    while at < last + 200 && hearings.len() < MOST {
        hearings.push(working(at));
        at += draw.between(10, 60) as i32;
    }
    hearings.dedup();
    let ends = key.is_district() && draw.chance(0.35) && hearings.len() > 2;
    let decided = ends
        .then(|| {
            let past = hearings.partition_point(|day| *day <= last).max(1);
            hearings.get(draw.below(past as u32) as usize).copied()
        })
        .flatten();
    if let Some(decided) = decided {
        hearings.retain(|day| *day <= decided);
    }
    let mut orders = Vec::new();
    for day in &hearings {
        if draw.chance(0.4) || Some(*day) == decided {
            orders.push((orders.len() as u16 + 1, *day, None));
        }
    }
    Timeline {
        filed,
        registered,
        hearings,
        decided,
        orders,
    }
}

/// The courtroom of a case of an invented bench.
pub(crate) fn courtroom(book: &CaseBook, key: Key) -> u32 {
    let rooms = super::people::JUDGES;
    let seat = bench::bench(key.seat).map_or(1, |_| 2);
    Draw::of(&[book.seed(key), 85, seat]).below(rooms)
}

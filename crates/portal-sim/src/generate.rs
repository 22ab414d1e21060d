//! Invents the rows of a docket from its specification.

use std::collections::HashMap;

use crate::bench::{self, SCR};
use crate::day;
use crate::docket::{Docket, FeedItem};
use crate::error::SimError;
use crate::names;
use crate::random::{Draw, mix, mix_text};
use crate::row::{Flaw, NONE16, Row};
use crate::spec::{DocketSpec, Quirks};

/// The last case of a bench, for later orders in the same case.
#[derive(Clone, Copy)]
struct LastCase {
    serial: u32,
    year: u16,
    order: u16,
    day: i32,
}

/// What stays the same while rows are invented.
struct Maker<'a> {
    quirks: &'a Quirks,
    days: Vec<i32>,
    draw: Draw,
    serials: HashMap<(u16, u16), u32>,
    last: HashMap<u16, LastCase>,
}

/// A docket as `spec` says.
pub(crate) fn docket(spec: &DocketSpec) -> Result<Docket, SimError> {
    let days = day::working_days(spec.from, spec.to);
    let total: u64 =
        spec.courts.iter().map(|c| u64::from(c.rows)).sum::<u64>() + u64::from(spec.scr_rows);
    if days.is_empty() {
        return Err(SimError::Spec {
            why: format!("no working day between {} and {}", spec.from, spec.to),
        });
    }
    if total + u64::from(spec.feed_rows) >= 1 << 31 {
        return Err(SimError::Spec {
            why: format!("{total} rows; at most 2^31 can be numbered"),
        });
    }
    let mut maker = Maker {
        quirks: &spec.quirks,
        days,
        draw: Draw::of(&[spec.seed, 1]),
        serials: HashMap::new(),
        last: HashMap::new(),
    };
    let mut judges = Vec::new();
    let mut rows = Vec::with_capacity(total as usize);
    for share in &spec.courts {
        let numbers = bench::benches_of(&share.slug);
        let Some(first) = numbers.first().and_then(|n| bench::bench(*n)) else {
            return Err(SimError::UnknownCourt {
                name: share.slug.clone(),
            });
        };
        let pool = judge_pool(&mut judges, first.slug, spec.seed, 8 + share.rows / 200);
        for _ in 0..share.rows {
            rows.push(maker.high_court_row(&numbers, &pool));
        }
    }
    let pool = judge_pool(&mut judges, "sci", spec.seed, 34);
    maker.reports(spec.scr_rows, &pool, &mut rows);
    let feed = feed(spec, &maker.days);
    Ok(Docket::assemble(spec.seed, rows, judges, feed).with_quirks(spec.quirks.clone()))
}

/// Adds the judges of a court to the table of names and gives their places.
fn judge_pool(table: &mut Vec<String>, slug: &str, seed: u64, wanted: u32) -> Vec<u16> {
    let mut draw = Draw::of(&[seed, mix_text(slug), 2]);
    let style = mix_text(slug) % 4;
    let count = wanted.clamp(8, 45);
    let mut pool = Vec::new();
    for _ in 0..count {
        let region = if slug == "sci" {
            draw.pick_ref(&names::REGIONS)
        } else {
            names::region(slug)
        };
        let initial = draw.letters(1, b"ABDGHJKMNPRSTV");
        let plain = format!(
            "{initial}. {} {}",
            draw.pick(region.given),
            draw.pick(region.family)
        );
        let upper = plain.trim().to_uppercase();
        let printed = match (slug, style) {
            ("sci", _) | (_, 0) => upper,
            (_, 1) => format!("HON'BLE MR. JUSTICE {upper}"),
            (_, 2) => format!("HONOURABLE SRI JUSTICE {upper}"),
            _ => format!("HON'BLE MS. JUSTICE {upper}"),
        };
        if table.len() < usize::from(NONE16) && !table.contains(&printed) {
            pool.push(table.len() as u16);
            table.push(printed);
        }
    }
    pool
}

impl Maker<'_> {
    fn day(&mut self) -> i32 {
        let day = self.draw.pick(&self.days);
        if self.draw.chance(self.quirks.busy_days) {
            let year = day::from_number(day).year();
            let after = self
                .days
                .partition_point(|d| day::from_number(*d).year() <= year);
            return self
                .days
                .get(after.saturating_sub(1))
                .copied()
                .unwrap_or(day);
        }
        day
    }

    fn high_court_row(&mut self, numbers: &[u16], pool: &[u16]) -> Row {
        // The principal bench decides about half of a court's cases.
        let place = if self.draw.chance(0.45) {
            0
        } else {
            self.draw.below(numbers.len() as u32)
        };
        let bench = numbers.get(place as usize).copied().unwrap_or(0);
        let day = self.day();
        let case = self.case_of(bench, day);
        let count = match self.draw.below(100) {
            0..65 => 1,
            65..96 => 2,
            _ => 3,
        };
        let flaw = self.flaw(false);
        Row {
            day,
            serial: case.serial,
            loaded: u32::MAX,
            bench,
            year: case.year,
            order: case.order,
            judges: self.judges(pool, count),
            flaw,
        }
    }

    /// A new case of the bench, or a later order in its last one.
    fn case_of(&mut self, bench: u16, day: i32) -> LastCase {
        if self.draw.chance(self.quirks.second_order)
            && let Some(last) = self.last.get(&bench).copied()
            && last.day < day
        {
            let next = LastCase {
                order: last.order + 1,
                day,
                ..last
            };
            self.last.insert(bench, next);
            return next;
        }
        let decided = day::from_number(day).year();
        let age = self.draw.below(9).min(self.draw.below(12)) as i16;
        let year = (decided - age).max(1950) as u16;
        let serial = self.serials.entry((bench, year)).or_insert(0);
        *serial += 1;
        let case = LastCase {
            serial: *serial,
            year,
            order: 1,
            day,
        };
        self.last.insert(bench, case);
        case
    }

    fn judges(&mut self, pool: &[u16], count: usize) -> [u16; 3] {
        let mut judges = [NONE16; 3];
        for place in 0..count.min(pool.len()) {
            let mut judge = self.draw.pick(pool);
            while judges.contains(&judge) {
                judge = self.draw.pick(pool);
            }
            judges[place] = judge;
        }
        judges
    }

    fn flaw(&mut self, scr: bool) -> Option<Flaw> {
        let draw = self.draw.unit();
        let q = self.quirks;
        let mut edge = q.missing_label;
        if draw < edge {
            let which = self.draw.below(8);
            return Some(match which {
                0 => Flaw::MissingDecision,
                _ if scr => Flaw::MissingDisposal,
                1..3 => Flaw::MissingCnr,
                3..5 => Flaw::MissingRegistration,
                5..7 => Flaw::MissingDisposal,
                _ => Flaw::MissingCourt,
            });
        }
        edge += q.impossible_date;
        if draw < edge {
            let path = !scr && self.draw.chance(0.5);
            return Some(if path {
                Flaw::ImpossiblePath
            } else {
                Flaw::ImpossibleDecision
            });
        }
        edge += q.garbage;
        if draw < edge {
            return Some(Flaw::Garbage);
        }
        (draw < edge + q.no_button).then_some(Flaw::NoButton)
    }

    fn reports(&mut self, count: u32, pool: &[u16], rows: &mut Vec<Row>) {
        let mut days: Vec<i32> = (0..count).map(|_| self.day()).collect();
        days.sort_unstable();
        let mut serial = 0;
        let mut year = 0;
        for day in days {
            let decided = day::from_number(day).year() as u16;
            serial = if decided == year { serial + 1 } else { 1 };
            year = decided;
            let strength = self.draw.pick(&[2, 2, 2, 3, 3]);
            let judges = self.judges(pool, strength);
            let flaw = self.flaw(true);
            rows.push(Row {
                day,
                serial,
                loaded: u32::MAX,
                bench: SCR,
                year,
                order: 0,
                judges,
                flaw,
            });
        }
    }
}

fn feed(spec: &DocketSpec, days: &[i32]) -> Vec<FeedItem> {
    let mut draw = Draw::of(&[spec.seed, 3]);
    (0..spec.feed_rows)
        .map(|place| {
            let back = place / 12;
            let at = days.len().saturating_sub(1 + back as usize);
            let day = days.get(at).copied().unwrap_or(0);
            let year = day::from_number(day).year() as u16;
            FeedItem {
                diary: 1_000 + place * 7 + draw.below(7),
                diary_year: year - draw.below(6) as u16,
                judgment: place % 2 == 0,
                day,
                second: 36_000 + 12_000 * (12 - place % 12) / 6 + draw.below(900),
                seed: mix(&[spec.seed, 4, u64::from(place)]),
            }
        })
        .collect()
}

//! Decides, request by request, which fault strikes.

use crate::site::Site;

use crate::fault::{FaultKind, FaultRule, FaultScript};
use crate::random::{Draw, mix};
use crate::route::Route;
use crate::row::{Flaw, RowId};

/// A fault that strikes a request.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) rule: FaultRule,
    /// Draws for its details.
    pub(crate) draw: Draw,
}

impl Fault {
    /// Whether it is of this kind.
    pub(crate) fn is(&self, kind: FaultKind) -> bool {
        self.rule.kind == kind
    }

    /// Its number: as given, or drawn where the rule gives a range.
    pub(crate) fn n(&self, default: i64) -> i64 {
        let from = self.rule.n.unwrap_or(default);
        match self.rule.n_max {
            Some(to) if to > from => {
                let span = to.abs_diff(from).min(u64::from(u32::MAX - 1)) as u32;
                from + i64::from(self.draw.clone().below(span + 1))
            }
            _ => from,
        }
    }

    /// Its form.
    pub(crate) fn form(&self) -> &str {
        self.rule.form.as_deref().unwrap_or("")
    }
}

/// What strikes a request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Strike {
    /// The one fault of this request.
    pub(crate) once: Option<Fault>,
    /// The lasting faults in force.
    pub(crate) lasting: Vec<Fault>,
}

#[derive(Debug)]
struct Counted {
    rule: FaultRule,
    seen: u64,
    struck: u64,
    /// Of a lasting kind: its draws since it fired, and for how many requests more.
    since: Option<(Draw, u64)>,
}

/// Rows made unreadable or odd for good.
#[derive(Debug)]
struct Sticky {
    flaw: Flaw,
    share: f64,
    seed: u64,
    rule: FaultRule,
}

/// The state of a script while it runs.
#[derive(Debug)]
pub(crate) struct Trouble {
    seed: u64,
    stop_after: Option<u64>,
    rules: Vec<Counted>,
    sticky: Vec<Sticky>,
}

/// What a kind that spoils rows makes of them.
pub(crate) fn flaw_of(rule: &FaultRule) -> Option<Flaw> {
    Some(match (rule.kind, rule.form.as_deref()) {
        (FaultKind::MalformedRow, _) => Flaw::Garbage,
        (FaultKind::NoButtonRow, _) => Flaw::NoButton,
        (FaultKind::NestedRow, _) => Flaw::Nested,
        (FaultKind::HostileText, Some("cnr" | "path" | "court")) => Flaw::HostileKey,
        (FaultKind::HostileText, _) => Flaw::HostileText,
        _ => return None,
    })
}

/// What a request's fault does to the rows of a list that states no total: one that leaves rows out could not be told
/// from one that has them not, so rows are taken all, or doubled.
pub(crate) fn of_list<T: Copy>(fault: Option<&Fault>, rows: &mut Vec<T>) {
    match fault {
        Some(fault) if fault.is(FaultKind::EmptyResult) => rows.clear(),
        Some(fault) if fault.is(FaultKind::DuplicateRow) => {
            let first = rows.first().copied();
            rows.splice(0..0, first);
        }
        _ => {}
    }
}

impl Trouble {
    /// Nothing happens yet. `seed` is used if the script has none.
    pub(crate) fn new(script: Option<FaultScript>, seed: u64) -> Self {
        let script = script.unwrap_or_default();
        let seed = script.seed.unwrap_or(seed);
        let mut rules = Vec::new();
        let mut sticky = Vec::new();
        for (place, rule) in script.fault.into_iter().enumerate() {
            match (rule.probability, flaw_of(&rule)) {
                (Some(share), Some(flaw)) => sticky.push(Sticky {
                    flaw,
                    share,
                    seed: mix(&[seed, 60, place as u64]),
                    rule,
                }),
                _ => rules.push(Counted {
                    rule,
                    seen: 0,
                    struck: 0,
                    since: None,
                }),
            }
        }
        Self {
            seed,
            stop_after: script.stop.map(|stop| stop.after),
            rules,
            sticky,
        }
    }

    /// The faults that strike this request. `number` counts all requests from 1.
    pub(crate) fn strike(&mut self, portal: Site, route: Route, number: u64) -> Strike {
        let stopped = self.stop_after.is_some_and(|after| number > after);
        let mut strike = Strike::default();
        for (place, counted) in self.rules.iter_mut().enumerate() {
            let rule = &counted.rule;
            let meant = rule.on.covers(route)
                && rule.kind.strikes_at(portal, route)
                && rule.portal.is_none_or(|p| p == portal);
            if !meant {
                continue;
            }
            counted.seen += 1;
            let mut draw = Draw::of(&[self.seed, 61, place as u64, counted.seen]);
            let fires = match (rule.probability, rule.every) {
                (Some(share), _) => draw.chance(share),
                (None, Some(every)) => counted.seen.is_multiple_of(every.max(1)),
                (None, None) => rule.at.contains(&counted.seen) || rule.request.contains(&number),
            };
            if stopped {
                continue;
            }
            if rule.kind.lasts() {
                strike.lasting.extend(counted.last(fires, draw));
                continue;
            }
            let left = rule.times.is_none_or(|times| counted.struck < times);
            if fires && left && strike.once.is_none() {
                counted.struck += 1;
                strike.once = Some(Fault {
                    rule: rule.clone(),
                    draw,
                });
            }
        }
        strike
    }

    /// What the script has done to a row for good, and the fault that did it.
    pub(crate) fn flaw(&self, portal: Site, row: RowId) -> Option<(Flaw, Fault)> {
        self.sticky.iter().find_map(|sticky| {
            let mut draw = Draw::of(&[sticky.seed, u64::from(row.0)]);
            let meant = sticky.rule.portal.is_none_or(|p| p == portal);
            (meant && draw.chance(sticky.share)).then(|| {
                let rule = sticky.rule.clone();
                (sticky.flaw, Fault { rule, draw })
            })
        })
    }

    /// Whether no row is spoilt for good.
    pub(crate) fn spares_rows(&self) -> bool {
        self.sticky.is_empty()
    }
}

impl Counted {
    /// The fault of a lasting rule while it is in force.
    fn last(&mut self, fires: bool, draw: Draw) -> Option<Fault> {
        if self.since.is_none() && fires {
            self.since = Some((draw, self.rule.times.unwrap_or(u64::MAX)));
        }
        let (draw, left) = self.since.as_mut()?;
        *left = left.checked_sub(1)?;
        Some(Fault {
            rule: self.rule.clone(),
            draw: draw.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::On;

    fn struck(script: FaultScript, route: Route, requests: u64) -> Vec<u64> {
        let mut trouble = Trouble::new(Some(script), 9);
        (1..=requests)
            .filter(|n| {
                let strike = trouble.strike(Site::Ecourts, route, *n);
                strike.once.is_some() || !strike.lasting.is_empty()
            })
            .collect()
    }

    #[test]
    fn rules_fire_when_they_say() {
        let expire = || FaultRule::new(FaultKind::SessionExpire).on(On::Search);
        assert_eq!(
            struck(FaultScript::of([expire().at([2, 5])]), Route::Search, 9),
            [2, 5]
        );
        assert_eq!(
            struck(
                FaultScript::of([expire().every(3).times(2)]),
                Route::Search,
                20
            ),
            [3, 6]
        );
        assert!(struck(FaultScript::of([expire()]), Route::Link, 9).is_empty());
        let mut stopping = FaultScript::of([expire()]);
        stopping.stop = Some(crate::fault::Stop { after: 4 });
        assert_eq!(struck(stopping, Route::Search, 9), [1, 2, 3, 4]);
    }

    #[test]
    fn probabilities_are_seeded_and_about_right() {
        let script = || FaultScript::of([FaultRule::new(FaultKind::Drop).probability(0.1)]);
        let first = struck(script(), Route::Feed, 5_000);
        assert_eq!(first, struck(script(), Route::Feed, 5_000));
        assert!((400..600).contains(&first.len()), "{}", first.len());
    }

    #[test]
    fn spoiled_rows_are_always_the_same() {
        let script = FaultScript::of([FaultRule::new(FaultKind::MalformedRow).probability(0.1)]);
        let trouble = Trouble::new(Some(script), 1);
        let spoiled = |_| {
            (0..1_000)
                .filter(|n| trouble.flaw(Site::Scr, RowId(*n)).is_some())
                .collect::<Vec<u32>>()
        };
        assert_eq!(spoiled(0), spoiled(1));
        assert!((60..140).contains(&spoiled(0).len()));
    }

    #[test]
    fn requests_are_also_counted_over_all_routes() {
        let rule = FaultRule::new(FaultKind::SessionExpire).at_requests([4, 7]);
        assert_eq!(struck(FaultScript::of([rule]), Route::Search, 9), [4, 7]);
        let rule = FaultRule::new(FaultKind::SessionExpire).at_requests([4, 7]);
        assert!(struck(FaultScript::of([rule]), Route::Start, 9).is_empty());
    }

    #[test]
    fn lasting_faults_last() {
        let rule = || FaultRule::new(FaultKind::SilentCourt).at([3]);
        assert_eq!(
            struck(FaultScript::of([rule()]), Route::Search, 6),
            [3, 4, 5, 6]
        );
        assert_eq!(
            struck(FaultScript::of([rule().times(2)]), Route::Search, 6),
            [3, 4]
        );
        let mut trouble = Trouble::new(
            Some(FaultScript::of([
                rule().at([1]),
                FaultRule::new(FaultKind::Drop),
            ])),
            1,
        );
        let strike = trouble.strike(Site::Scr, Route::Search, 1);
        assert!(strike.once.is_some() && strike.lasting.len() == 1);
    }

    #[test]
    fn numbers_are_drawn_from_their_range() {
        let rule = FaultRule::new(FaultKind::ShiftRows).n_between(-50, 50);
        let mut trouble = Trouble::new(Some(FaultScript::of([rule])), 1);
        let drawn: Vec<i64> = (1..=400)
            .filter_map(|n| trouble.strike(Site::Scr, Route::Search, n).once)
            .map(|fault| fault.n(1))
            .collect();
        assert!(drawn.iter().all(|n| (-50..=50).contains(n)));
        assert!(drawn.contains(&-50) && drawn.contains(&50));
    }
}

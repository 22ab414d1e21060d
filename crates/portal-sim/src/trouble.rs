//! Decides, request by request, which fault strikes.

use nirnay_model::Portal;

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
}

#[derive(Debug)]
struct Counted {
    rule: FaultRule,
    seen: u64,
    struck: u64,
}

/// The state of a script while it runs.
#[derive(Debug)]
pub(crate) struct Trouble {
    seed: u64,
    stop_after: Option<u64>,
    rules: Vec<Counted>,
    /// Share and seed of rows made unreadable for good.
    sticky: Vec<(Flaw, f64, u64, Option<Portal>)>,
}

impl Trouble {
    /// Nothing happens yet. `seed` is used if the script has none.
    pub(crate) fn new(script: Option<FaultScript>, seed: u64) -> Self {
        let script = script.unwrap_or_default();
        let seed = script.seed.unwrap_or(seed);
        let mut rules = Vec::new();
        let mut sticky = Vec::new();
        for (place, rule) in script.fault.into_iter().enumerate() {
            match rule.probability {
                Some(share) if rule.kind.of_rows() => {
                    let flaw = if rule.kind == FaultKind::NoButtonRow {
                        Flaw::NoButton
                    } else {
                        Flaw::Garbage
                    };
                    sticky.push((flaw, share, mix(&[seed, 60, place as u64]), rule.portal));
                }
                _ => rules.push(Counted {
                    rule,
                    seen: 0,
                    struck: 0,
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

    /// The fault that strikes this request, if any. `number` counts all requests from 1.
    pub(crate) fn strike(&mut self, portal: Portal, route: Route, number: u64) -> Option<Fault> {
        let stopped = self.stop_after.is_some_and(|after| number > after);
        let mut chosen = None;
        for (place, counted) in self.rules.iter_mut().enumerate() {
            let rule = &counted.rule;
            let meant = rule.on.covers(route)
                && rule.kind.strikes(route)
                && rule.portal.is_none_or(|p| p == portal);
            if !meant {
                continue;
            }
            counted.seen += 1;
            let mut draw = Draw::of(&[self.seed, 61, place as u64, counted.seen]);
            let fires = match (rule.probability, rule.every) {
                (Some(share), _) => draw.chance(share),
                (None, Some(every)) => counted.seen.is_multiple_of(every.max(1)),
                (None, None) => rule.at.contains(&counted.seen),
            };
            let left = rule.times.is_none_or(|times| counted.struck < times);
            if fires && left && !stopped && chosen.is_none() {
                counted.struck += 1;
                chosen = Some(Fault {
                    rule: rule.clone(),
                    draw,
                });
            }
        }
        chosen
    }

    /// What the script has done to a row for good.
    pub(crate) fn flaw(&self, portal: Portal, row: RowId) -> Option<Flaw> {
        self.sticky
            .iter()
            .find(|(_, share, seed, only)| {
                only.is_none_or(|p| p == portal)
                    && Draw::of(&[*seed, u64::from(row.0)]).chance(*share)
            })
            .map(|(flaw, ..)| *flaw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::On;

    fn struck(script: FaultScript, route: Route, requests: u64) -> Vec<u64> {
        let mut trouble = Trouble::new(Some(script), 9);
        (1..=requests)
            .filter(|n| trouble.strike(Portal::Ecourts, route, *n).is_some())
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
                .filter(|n| trouble.flaw(Portal::Scr, RowId(*n)).is_some())
                .collect::<Vec<u32>>()
        };
        assert_eq!(spoiled(0), spoiled(1));
        assert!((60..140).contains(&spoiled(0).len()));
    }
}

//! Provisions that name no statute: by what the text named before.

use std::collections::HashMap;

use crate::citation::{Basis, Kind};
use crate::found::{Found, Role, Unit};
use crate::lex;
use crate::link::{Aim, Target, Weight};
use crate::statute::is_place;
use crate::table::{Sort, tables};

/// Sections from this one on are few statutes' own: what the text said of the number before is better than what stands nearest.
const TELLING: u32 = 60;

/// So many statutes that share the number of a section are kept in mind.
const SHARING: usize = 8;

/// What a text has said of provisions so far.
#[derive(Default)]
struct Memory<'f> {
    /// The statutes named, and where; the latest last.
    statutes: Vec<(Target, usize)>,
    /// The statutes that numbers were said to belong to, the latest last.
    numbers: HashMap<&'f str, Vec<Target>>,
    /// The same, where the statute itself was named.
    named: HashMap<&'f str, Target>,
}

impl<'f> Memory<'f> {
    fn statute(&mut self, target: &Target, at: usize) {
        self.statutes.retain(|(other, _)| other.key != target.key);
        if self.statutes.len() == SHARING {
            self.statutes.remove(0);
        }
        self.statutes.push((target.clone(), at));
    }

    fn number(&mut self, number: &'f str, target: &Target) {
        if target.basis != Basis::Preceding {
            self.named.insert(number, target.clone());
        }
        let list = self.numbers.entry(number).or_default();
        list.retain(|other| other.key != target.key);
        if list.len() == SHARING {
            list.remove(0);
        }
        list.push(target.clone());
    }

    /// Whose the section `number` with nothing beside it is.
    fn section(&self, number: &str, here: usize, weight: &Weight) -> Option<&Target> {
        let value = section_value(number);
        let mut fitting = self
            .statutes
            .iter()
            .rev()
            .filter(|(target, _)| has_section(&target.key, value));
        let nearest = fitting
            .clone()
            .find(|(target, at)| weight.holds(&target.key, *at, here))
            .or_else(|| fitting.next())
            .map(|(target, _)| target);
        let said = self.numbers.get(number).map_or(&[][..], Vec::as_slice);
        let agrees = nearest.is_some_and(|nearest| said.iter().any(|one| one.key == nearest.key));
        if agrees {
            return nearest;
        }
        // A low number is many statutes' own.
        let telling = value >= TELLING
            || matches!(said, [only] if self.statutes.iter().any(|(recent, _)| recent.key == only.key));
        if telling || nearest.is_none() {
            return said.last().or(nearest);
        }
        nearest
    }
}

/// 302 of "s 302", 80 of "s 80HHC".
fn section_value(number: &str) -> u32 {
    number
        .chars()
        .filter(char::is_ascii_digit)
        .collect::<String>()
        .parse()
        .unwrap_or(0)
}

/// Whether a statute may have a section of this number; of most it is not known how many they have.
fn has_section(statute: &str, number: u32) -> bool {
    tables()
        .statute_sections(statute)
        .is_none_or(|last| number <= last)
}

/// Provisions with nothing beside them: the nearest statute before, or custom.
pub(crate) fn preceding(
    b: &[u8],
    found: &[Found],
    targets: &[Option<Aim>],
    links: &mut [Option<Aim>],
    weight: &Weight,
) {
    let mut memory = Memory::default();
    for (i, item) in found.iter().enumerate() {
        if let Some(Aim::At(target)) = &targets[i]
            && matches!(item.role, Role::Named(Sort::Act | Sort::Code))
            && !(is_case_name(b, item.start) || is_place_of_year(&target.key))
        {
            memory.statute(target, item.start);
        }
        let Role::Unit(unit) = item.role else {
            continue;
        };
        // "section 51 of the Act" behind the name of an Act that has forty.
        let of_the_act = matches!(&links[i], Some(Aim::At(target))
            if target.basis == Basis::Preceding && unit == Unit::Section && !has_section(&target.key, section_value(&item.key)));
        if of_the_act {
            links[i] = None;
        }
        // "section 300 of the Code" where it was said whose section 300 is.
        if let Some(Aim::At(target)) = &mut links[i]
            && target.basis == Basis::Preceding
            && unit == Unit::Section
            && section_value(&item.key) >= TELLING
            && let Some(named) = memory.named.get(item.key.as_str())
        {
            *target = Target {
                basis: Basis::Preceding,
                ..named.clone()
            };
        }
        if let Some(link) = &links[i] {
            if let Aim::At(target) = link {
                if unit == Unit::Section && &*target.key != "Constitution" {
                    memory.statute(target, item.start);
                }
                memory.number(&item.key, target);
            }
            continue;
        }
        let custom = |key: &str| {
            Some(Aim::At(Target {
                key: key.into(),
                basis: Basis::Custom,
                resolved: true,
            }))
        };
        let preceding = |target: &Target| {
            Aim::At(Target {
                basis: Basis::Preceding,
                ..target.clone()
            })
        };
        links[i] = match unit {
            Unit::Section => memory.section(&item.key, item.start, weight).map(preceding),
            Unit::Article => match memory
                .numbers
                .get(item.key.as_str())
                .and_then(|said| said.last())
            {
                Some(target)
                    if &*target.key != "Constitution" && section_value(&item.key) > ARTICLES =>
                {
                    Some(preceding(target))
                }
                _ if section_value(&item.key) > ARTICLES || in_schedule(b, item.start) => None,
                _ => custom("Constitution"),
            },
            Unit::OrderRule => custom("CPC"),
            Unit::Rule | Unit::Regulation => None,
        };
        debug_assert_eq!(item.kind, Kind::Provision);
    }
}

/// "Sch. II Art. 11": the article of a schedule, which Acts on court fees and limitation have.
fn in_schedule(b: &[u8], start: usize) -> bool {
    let before = &b[start.saturating_sub(20)..start];
    let mut words = before
        .split(u8::is_ascii_whitespace)
        .rev()
        .filter(|word| !word.is_empty())
        .take(3);
    words.any(|word| {
        // "the Seventh Schedule. Article 366": a sentence ended.
        let word = word.strip_suffix(b",").unwrap_or(word);
        ["sch", "sch.", "sched.", "schedule"]
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
    })
}

/// The Constitution's last article.
const ARTICLES: u32 = 395;

/// "Madras Act 1951": what a number in a year's Acts leaves of a name is not what the text speaks of later.
fn is_place_of_year(key: &str) -> bool {
    let name = key.len().checked_sub(5).and_then(|end| key.get(..end));
    name.is_some_and(|name| !name.is_empty() && is_place(name))
}

/// "In re The Delhi Laws Act, 1912": a case, not the statute at hand.
fn is_case_name(b: &[u8], start: usize) -> bool {
    let mut at = lex::skip_back(b, start, 0, b":.", 4);
    if at >= 3 && b[at - 3..at].eq_ignore_ascii_case(b"the") {
        at = lex::skip_back(b, at - 3, 0, b":.", 4);
    }
    at >= 3 && b[at - 2..at].eq_ignore_ascii_case(b"re") && !b[at - 3].is_ascii_alphanumeric()
}

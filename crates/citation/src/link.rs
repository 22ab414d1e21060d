//! From provisions to their statutes.

use std::collections::HashMap;
use std::rc::Rc;

use crate::citation::{Basis, Kind, StatuteLink};
use crate::found::{Found, Role, Unit};
use crate::lex;
use crate::preceding::preceding;
use crate::scan::Scan;
use crate::statute::{WHICH, is_place};
use crate::table::{Sort, tables};
use crate::title::letters;

/// A statute that something may be linked to.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) key: Rc<str>,
    pub(crate) basis: Basis,
    pub(crate) resolved: bool,
}

/// What a provision or a reference points at.
#[derive(Debug, Clone)]
pub(crate) enum Aim {
    At(Target),
    /// A statute or a document that is not known here; the nearest statute it is not.
    Elsewhere,
}

/// Links every provision that has a statute, and drops what is only a reference.
pub(crate) fn link(text: &str, scan: Scan) -> Vec<Found> {
    let Scan {
        mut found, names, ..
    } = scan;
    let in_table: HashMap<String, bool> = found
        .iter()
        .filter(|f| matches!(f.role, Role::Named(_)))
        .map(|f| (f.key.clone(), f.resolved))
        .collect();
    let b = text.as_bytes();
    let weight = Weight::of(&found);
    let targets = targets(&mut found, &names, &in_table, &weight);
    let mut links = beside(b, &found, &targets, &names, &in_table);
    preceding(b, &found, &targets, &mut links, &weight);
    for (item, link) in found.iter_mut().zip(links) {
        if let (Role::Unit(_), Some(Aim::At(target))) = (item.role, link) {
            item.key = format!("{} {}", target.key, item.key);
            item.resolved = target.resolved;
            item.statute = Some(StatuteLink {
                key: target.key.to_string(),
                basis: target.basis,
            });
        }
    }
    drop_loose(b, &mut found);
    found
}

/// Drops references, and every "R. 3" without a statute: that is a respondent, an exhibit, a request.
fn drop_loose(b: &[u8], found: &mut Vec<Found>) {
    let mut dropping = false;
    found.retain(|item| {
        let first = b.get(item.start).copied().unwrap_or(0);
        let lone = matches!(item.role, Role::Unit(Unit::Rule))
            && item.statute.is_none()
            && matches!(first, b'R' | b'r')
            && !b
                .get(item.start + 1)
                .is_some_and(|c| c.eq_ignore_ascii_case(&b'u'));
        let rest = dropping
            && item.statute.is_none()
            && first.is_ascii_digit()
            && item.kind == Kind::Provision;
        dropping = lone || rest;
        !dropping && !matches!(item.role, Role::Reference(_))
    });
}

/// How often a text names a statute: one that is named once, in passing, is soon not meant any more.
pub(crate) struct Weight(HashMap<Rc<str>, u32>);

/// So many bytes behind it a statute named once may be meant by "the Act" or by a section alone.
const PASSING: usize = 1_000;

impl Weight {
    fn of(found: &[Found]) -> Self {
        let mut weight: HashMap<Rc<str>, u32> = HashMap::new();
        for item in found.iter().filter(|f| matches!(f.role, Role::Named(_))) {
            match weight.get_mut(item.key.as_str()) {
                Some(times) => *times += 1,
                None => {
                    weight.insert(item.key.as_str().into(), 1);
                }
            }
        }
        Self(weight)
    }

    /// Whether a statute named at `named` may still be meant at `here`.
    pub(crate) fn holds(&self, key: &str, named: usize, here: usize) -> bool {
        let passing = key.contains("(Amendment)") || self.0.get(key) == Some(&1);
        here <= named + PASSING || !passing
    }
}

/// A statute that a text has named.
#[derive(Debug)]
struct Known {
    sort: Sort,
    key: Rc<str>,
    resolved: bool,
    year: Option<u32>,
    at: usize,
}

/// So many statutes, the latest ones, may be meant by a reference.
const KNOWN: usize = 48;

/// What each statute and reference of the text means.
fn targets(
    found: &mut [Found],
    names: &HashMap<String, String>,
    in_table: &HashMap<String, bool>,
    weight: &Weight,
) -> Vec<Option<Aim>> {
    let mut known: Vec<Known> = Vec::new();
    let mut targets = Vec::with_capacity(found.len());
    for item in found.iter_mut() {
        let aim = match item.role {
            Role::Named(sort) => {
                let key = match known.iter().position(|other| *other.key == *item.key) {
                    Some(place) => known.remove(place).key,
                    None => item.key.as_str().into(),
                };
                if known.len() == KNOWN {
                    known.remove(0);
                }
                known.push(Known {
                    sort,
                    key: Rc::clone(&key),
                    resolved: item.resolved,
                    year: item.year,
                    at: item.start,
                });
                Some(Aim::At(Target {
                    key,
                    basis: Basis::Named,
                    resolved: item.resolved,
                }))
            }
            Role::Reference(sort) => Some(refer(item, sort, (names, in_table), &known, weight)),
            _ => None,
        };
        targets.push(aim);
    }
    targets
}

/// What "the Act", "the Act of 1951" or "the MV Act" means here.
fn refer(
    item: &mut Found,
    sort: Sort,
    (names, in_table): (&HashMap<String, String>, &HashMap<String, bool>),
    known: &[Known],
    weight: &Weight,
) -> Aim {
    let here = item.start;
    if let Some(key) = names.get(&item.key) {
        return Aim::At(Target {
            key: key.as_str().into(),
            basis: Basis::Defined,
            resolved: in_table.get(key).copied().unwrap_or(false),
        });
    }
    let latest = |fits: &dyn Fn(&Known) -> bool| {
        known
            .iter()
            .rev()
            .find(|other| other.sort == sort && fits(other))
            .map(|other| Target {
                key: Rc::clone(&other.key),
                basis: Basis::Preceding,
                resolved: other.resolved,
            })
    };
    if let Some(title) = item.pinpoint.take() {
        let shortened = match item.year {
            // "(Madras Act XXVI of 1948)" is the Act of that year named before it.
            Some(year) => latest(&|other| other.year == Some(year)),
            None => latest(&|other| shortens(&title, &other.key)),
        };
        if let Some(target) = shortened {
            return Aim::At(target);
        }
        // A name of its own that no table has.
        let key = match item.year {
            Some(year) => format!("{title} {year}"),
            None if is_place(&title) => return Aim::Elsewhere,
            None => title,
        };
        item.key.clone_from(&key);
        item.role = Role::Named(sort);
        item.resolved = false;
        return Aim::At(Target {
            key: key.into(),
            basis: Basis::Named,
            resolved: false,
        });
    }
    let target = match item.year {
        Some(year) => latest(&|other| other.year == Some(year))
            .or_else(|| version_of(known, sort, year))
            .or_else(|| code_of(sort, year)),
        // "the Act", with no word that says which.
        // "the Code" is one of procedure: the other is "the Penal Code".
        None if sort == Sort::Code && is_bare(&item.key) => {
            latest(&|other| !PENAL.contains(&&*other.key)).or_else(|| latest(&|_| true))
        }
        None if item.key.starts_with("ordinance") => {
            latest(&|other| other.key.contains("Ordinance"))
        }
        None if is_bare(&item.key) => {
            latest(&|other| weight.holds(&other.key, other.at, here)).or_else(|| latest(&|_| true))
        }
        None => None,
    };
    target.map_or(Aim::Elsewhere, Aim::At)
}

/// "the 1922 Act", where the text names an Act of that title without its year.
fn version_of(known: &[Known], sort: Sort, year: u32) -> Option<Target> {
    let statutes = &tables().statutes;
    known
        .iter()
        .rev()
        .filter(|other| other.sort == sort)
        .find_map(|other| {
            let statute = statutes
                .iter()
                .find(|statute| *statute.code == *other.key)?;
            statute.earlier.contains(&year).then(|| Target {
                key: format!("{} {year}", statute.code).into(),
                basis: Basis::Preceding,
                resolved: true,
            })
        })
}

const PENAL: &[&str] = &["IPC", "BNS", "RPC"];

/// "the Code of 1898": there was one.
fn code_of(sort: Sort, year: u32) -> Option<Target> {
    if sort != Sort::Code {
        return None;
    }
    let mut codes = tables().statutes.iter().filter(|code| code.sort == sort);
    codes.find_map(|code| {
        let key = if code.year == year {
            code.code.clone()
        } else if code.earlier.contains(&year) {
            format!("{} {year}", code.code)
        } else {
            return None;
        };
        Some(Target {
            key: key.into(),
            basis: Basis::Named,
            resolved: true,
        })
    })
}

/// Whether a name in letters is "the Act", "the Code" and no more.
pub(crate) fn is_bare(name: &str) -> bool {
    let name = name.strip_prefix("that").unwrap_or(name);
    [
        "act",
        "acts",
        "code",
        "rules",
        "regulations",
        "ordinance",
        "ordinances",
        "sanhita",
        "adhiniyam",
    ]
    .contains(&name)
}

/// Whether a title of a few words stands for a longer one: "Madras Act" for "Madras General Sales Tax Act 1939".
fn shortens(short: &str, long: &str) -> bool {
    let head = short.strip_suffix(" Act").unwrap_or(short);
    let rest = long
        .strip_prefix(head)
        .and_then(|rest| rest.strip_prefix(' '));
    rest.is_some_and(|rest| rest.len() > "Act 1999".len() && !rest.contains("Amend"))
}

/// Links by what stands directly beside a provision, and along lists.
fn beside(
    b: &[u8],
    found: &[Found],
    targets: &[Option<Aim>],
    names: &HashMap<String, String>,
    in_table: &HashMap<String, bool>,
) -> Vec<Option<Aim>> {
    let mut links: Vec<Option<Aim>> = vec![None; found.len()];
    for i in (0..found.len()).rev() {
        let Role::Unit(unit) = found[i].role else {
            continue;
        };
        let end = found[i].end;
        if let (Some(next), Some(target)) = (found.get(i + 1), targets.get(i + 1)) {
            let gap = b.get(end..next.start).unwrap_or(b"");
            if let Some(target) = target
                && only(past_gloss(gap), &[OF, WHICH])
            {
                // "section 100 of the Constitution Act": the Constitution has articles.
                let no_section = unit == Unit::Section
                    && matches!(target, Aim::At(target) if &*target.key == "Constitution");
                links[i] = Some(if no_section {
                    Aim::Elsewhere
                } else {
                    target.clone()
                });
                continue;
            }
            if let Role::Unit(other) = next.role
                && only(gap, &[AND])
            {
                links[i] = shared(links[i + 1].as_ref(), unit, other);
                if links[i].is_some() {
                    continue;
                }
            }
        }
        links[i] = by_name(b, end, names, in_table)
            .map(Aim::At)
            .or_else(|| of_something_else(b, end, unit));
    }
    for i in 1..found.len() {
        let Role::Unit(unit) = found[i].role else {
            continue;
        };
        if links[i].is_some() {
            continue;
        }
        // The provisions of a range have one span, and nothing between them.
        let gap = b.get(found[i - 1].end..found[i].start).unwrap_or(b"");
        match found[i - 1].role {
            // "I.P.C., s. 302".
            // A section is no rule's.
            Role::Named(sort)
                if (sort == Sort::Rules) == matches!(unit, Unit::Rule | Unit::Regulation)
                    && gap.len() <= 4
                    && only(gap, &[])
                    && !ends_sentence(b, &found[i - 1], gap) =>
            {
                links[i].clone_from(&targets[i - 1]);
            }
            Role::Unit(other) if only(gap, &[AND]) => {
                links[i] = shared(links[i - 1].as_ref(), unit, other);
            }
            _ => {}
        }
    }
    links
}

/// Past what a section is about, or its part: "section 420 (cheating) of the IPC", "section 304 Part II of the IPC".
fn past_gloss(gap: &[u8]) -> &[u8] {
    let at = lex::skip(gap, 0, b",-", 3);
    if let Some((from, to, end)) = lex::bracket(gap, at, 32)
        && gap[from..to].iter().any(u8::is_ascii_alphabetic)
    {
        return &gap[end..];
    }
    if lex::is_word(gap, at, "part") {
        let number = lex::skip(gap, at + 4, b"-", 3);
        let end = lex::letters(gap, number, 4);
        if lex::roman(&gap[number..end]).is_some() {
            return &gap[end..];
        }
        if let Some((_, end)) = lex::number(gap, number, 2) {
            return &gap[end..];
        }
    }
    gap
}

/// "… of the Factories Act. Section 51 …": the full stop behind a whole word.
fn ends_sentence(b: &[u8], before: &Found, gap: &[u8]) -> bool {
    gap.first() == Some(&b'.')
        && !gap.contains(&b',')
        && b.get(before.end.wrapping_sub(1))
            .is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
}

/// What a provision shares with the one it is joined to. "Art. 20(3) and s. 24 of the Evidence Act": units of two statutes share none.
fn shared(of_other: Option<&Aim>, unit: Unit, other: Unit) -> Option<Aim> {
    let apart = |unit| matches!(unit, Unit::Article);
    (apart(unit) == apart(other))
        .then(|| of_other.cloned().map(joined))
        .flatten()
}

fn joined(aim: Aim) -> Aim {
    match aim {
        Aim::At(Target {
            key,
            basis: Basis::Named,
            resolved,
        }) => Aim::At(Target {
            key,
            basis: Basis::Joined,
            resolved,
        }),
        other => other,
    }
}

/// "Article 5 of the agreement", "section 8 of MISA": it belongs to what is named there, whatever that is.
fn of_something_else(b: &[u8], end: usize, unit: Unit) -> Option<Aim> {
    let at = lex::skip(b, end, b"", 3);
    if !lex::is_word(b, at, "of") {
        return None;
    }
    let mut at = lex::skip(b, at + 2, b"", 3);
    for word in [
        "the", "this", "that", "said", "our", "an", "a", "such", "its",
    ] {
        if lex::is_word(b, at, word) {
            at = lex::skip(b, at + word.len(), b"", 3);
        }
    }
    let word_end = lex::letters(b, at, 24);
    let word = b.get(at..word_end)?;
    let whole = word.len() >= 3 && !matches!(b.get(word_end), Some(b'.' | b'-'));
    if whole
        && word.len() <= 8
        && word.iter().all(u8::is_ascii_uppercase)
        && !SHOUTED.contains(&word)
    {
        let in_capitals = b
            .get(lex::skip(b, word_end, b"", 2))
            .is_some_and(u8::is_ascii_uppercase);
        return (!in_capitals).then(|| {
            Aim::At(Target {
                key: String::from_utf8_lossy(word).into(),
                basis: Basis::Named,
                resolved: false,
            })
        });
    }
    let about_the_constitution = ["constitution", "part", "chapter", "which", "it", "india"]
        .iter()
        .any(|known| lex::is_word(b, at, known));
    (unit == Unit::Article && word.len() >= 3 && !about_the_constitution).then_some(Aim::Elsewhere)
}

/// Words in capitals that are no abbreviation of a statute.
const SHOUTED: &[&[u8]] = &[
    b"THE", b"ACT", b"CODE", b"RULES", b"INDIA", b"THIS", b"WHICH",
];

/// Words between a provision and its statute, besides those that say which of two it is.
const OF: &[&str] = &[
    "of",
    "the",
    "under",
    "in",
    "said",
    "to",
    "a",
    "that",
    "this",
    "such",
    "same",
    "present",
    "aforesaid",
    "impugned",
    "our",
    "above",
    "amended",
    "unamended",
];
const AND: &[&str] = &[
    "and", "or", "to", "read", "with", "r", "w", "along", "also", "of", "the", "as", "well",
    "both", "u", "under",
];

/// Whether a gap holds nothing but marks and these words.
fn only(gap: &[u8], words: &[&[&str]]) -> bool {
    if gap.len() > 48 {
        return false;
    }
    let mut at = 0;
    while at < gap.len() {
        let end = lex::letters(gap, at, 48);
        if end > at {
            if !words
                .iter()
                .flat_map(|list| list.iter())
                .any(|word| gap[at..end].eq_ignore_ascii_case(word.as_bytes()))
            {
                return false;
            }
            at = end;
            continue;
        }
        let mark = matches!(
            gap[at],
            b',' | b'.' | b'/' | b'&' | b'(' | b'-' | b':' | b'['
        );
        let step = lex::space(gap, at)
            .max(lex::quote(gap, at))
            .max(lex::dash(gap, at))
            .max(usize::from(mark));
        if step == 0 {
            return false;
        }
        at += step;
    }
    true
}

/// "section 3 of the PMLA", where the text said what PMLA is.
fn by_name(
    b: &[u8],
    end: usize,
    names: &HashMap<String, String>,
    in_table: &HashMap<String, bool>,
) -> Option<Target> {
    if names.is_empty() {
        return None;
    }
    let mut at = lex::skip(b, end, b",", 3);
    for word in ["of", "the", "said"] {
        if lex::is_word(b, at, word) {
            at = lex::skip(b, at + word.len(), b"", 3);
        }
    }
    let word_end = lex::letters(b, at, 24);
    let key = names.get(&letters(b.get(at..word_end)?))?;
    Some(Target {
        key: key.as_str().into(),
        basis: Basis::Defined,
        resolved: in_table.get(key).copied().unwrap_or(false),
    })
}

//! From provisions to their statutes.

use std::collections::HashMap;

use crate::citation::{Basis, Kind, StatuteLink};
use crate::found::{Found, Role, Unit};
use crate::lex;
use crate::scan::Scan;
use crate::statute::letters;
use crate::table::Sort;

/// A statute that something may be linked to.
#[derive(Debug, Clone)]
struct Target {
    key: String,
    basis: Basis,
    resolved: bool,
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
    let targets = targets(&mut found, &names, &in_table);
    let mut links = beside(b, &found, &targets, &names, &in_table);
    preceding(&found, &targets, &mut links);
    for (item, link) in found.iter_mut().zip(links) {
        if let (Role::Unit(_), Some(target)) = (item.role, link) {
            item.key = format!("{} {}", target.key, item.key);
            item.resolved = target.resolved;
            item.statute = Some(StatuteLink {
                key: target.key,
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

/// What each statute and reference of the text means.
fn targets(
    found: &mut [Found],
    names: &HashMap<String, String>,
    in_table: &HashMap<String, bool>,
) -> Vec<Option<Target>> {
    let mut last: Vec<(Sort, String, bool)> = Vec::new();
    let mut targets = Vec::with_capacity(found.len());
    for item in found.iter_mut() {
        let target = match item.role {
            Role::Named(sort) => {
                last.retain(|(other, _, _)| *other != sort);
                last.push((sort, item.key.clone(), item.resolved));
                Some(Target {
                    key: item.key.clone(),
                    basis: Basis::Named,
                    resolved: item.resolved,
                })
            }
            Role::Reference(sort) => refer(item, sort, names, in_table, &last),
            _ => None,
        };
        targets.push(target);
    }
    targets
}

/// What "the Act" or "the MV Act" means here.
fn refer(
    item: &mut Found,
    sort: Sort,
    names: &HashMap<String, String>,
    in_table: &HashMap<String, bool>,
    last: &[(Sort, String, bool)],
) -> Option<Target> {
    if let Some(key) = names.get(&item.key) {
        return Some(Target {
            key: key.clone(),
            basis: Basis::Defined,
            resolved: in_table.get(key).copied().unwrap_or(false),
        });
    }
    if let Some(title) = item.pinpoint.take() {
        // A name of its own that no table has.
        item.key.clone_from(&title);
        item.role = Role::Named(sort);
        item.resolved = false;
        return Some(Target {
            key: title,
            basis: Basis::Named,
            resolved: false,
        });
    }
    let (_, key, resolved) = last.iter().rev().find(|(other, _, _)| *other == sort)?;
    Some(Target {
        key: key.clone(),
        basis: Basis::Preceding,
        resolved: *resolved,
    })
}

/// Links by what stands directly beside a provision, and along lists.
fn beside(
    b: &[u8],
    found: &[Found],
    targets: &[Option<Target>],
    names: &HashMap<String, String>,
    in_table: &HashMap<String, bool>,
) -> Vec<Option<Target>> {
    let mut links: Vec<Option<Target>> = vec![None; found.len()];
    for i in (0..found.len()).rev() {
        if !matches!(found[i].role, Role::Unit(_)) {
            continue;
        }
        let end = found[i].end;
        if let (Some(next), Some(target)) = (found.get(i + 1), targets.get(i + 1)) {
            let gap = b.get(end..next.start).unwrap_or(b"");
            if let Some(target) = target
                && only(gap, OF)
            {
                links[i] = Some(target.clone());
                continue;
            }
            if matches!(next.role, Role::Unit(_)) && only(gap, AND) {
                links[i] = links[i + 1].clone().map(joined);
                if links[i].is_some() {
                    continue;
                }
            }
        }
        links[i] = by_name(b, end, names, in_table);
    }
    for i in 1..found.len() {
        if links[i].is_some() || !matches!(found[i].role, Role::Unit(_)) {
            continue;
        }
        let gap = b.get(found[i - 1].end..found[i].start).unwrap_or(b"x");
        match found[i - 1].role {
            // "I.P.C., s. 302".
            Role::Named(_) if gap.len() <= 4 && only(gap, &[]) => {
                links[i].clone_from(&targets[i - 1]);
            }
            Role::Unit(_) if only(gap, AND) => links[i] = links[i - 1].clone().map(joined),
            _ => {}
        }
    }
    links
}

fn joined(target: Target) -> Target {
    Target {
        basis: match target.basis {
            Basis::Named => Basis::Joined,
            other => other,
        },
        ..target
    }
}

const OF: &[&str] = &["of", "the", "under", "in", "said", "to", "a"];
const AND: &[&str] = &[
    "and", "or", "to", "read", "with", "r", "w", "along", "also", "of", "the", "as", "well",
    "both", "u", "under",
];

/// Whether a gap holds nothing but marks and these words.
fn only(gap: &[u8], words: &[&str]) -> bool {
    if gap.len() > 48 {
        return false;
    }
    let mut at = 0;
    while at < gap.len() {
        let end = lex::letters(gap, at, 48);
        if end > at {
            if !words
                .iter()
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
        key: key.clone(),
        basis: Basis::Defined,
        resolved: in_table.get(key).copied().unwrap_or(false),
    })
}

/// Provisions with nothing beside them: the nearest statute before, or custom.
fn preceding(found: &[Found], targets: &[Option<Target>], links: &mut [Option<Target>]) {
    let mut last: Option<Target> = None;
    for (i, item) in found.iter().enumerate() {
        if let Some(target) = &targets[i]
            && matches!(item.role, Role::Named(Sort::Act | Sort::Code))
        {
            last = Some(target.clone());
        }
        let Role::Unit(unit) = item.role else {
            continue;
        };
        if let Some(link) = &links[i] {
            if unit == Unit::Section {
                last = Some(link.clone());
            }
            continue;
        }
        let custom = |key: &str| {
            Some(Target {
                key: key.to_owned(),
                basis: Basis::Custom,
                resolved: true,
            })
        };
        links[i] = match unit {
            Unit::Section => last.clone().map(|target| Target {
                basis: Basis::Preceding,
                ..target
            }),
            Unit::Article => custom("Constitution"),
            Unit::OrderRule => custom("CPC"),
            Unit::Rule | Unit::Regulation => None,
        };
        debug_assert_eq!(item.kind, Kind::Provision);
    }
}

//! Kinds of cases and their numbers in forms.

use crate::cases::CaseType;
use crate::names;
use crate::random::{Draw, mix_text};

/// The kinds of a High Court.
pub(crate) const HIGH_COURT: &[&str] = names::CASE_TYPES;

/// The kinds of district courts.
pub(crate) const DISTRICT: &[&str] = &[
    "CS",
    "Sessions Case",
    "CC NI ACT",
    "Bail Matters",
    "MACT",
    "Execution",
    "HMA",
    "Crl Rev",
    "RCA",
    "Misc DJ",
    "Cr. Case",
    "PMLA",
];

/// The kind with this name. Those in use have small numbers of their own; any other has one by its name.
pub(crate) fn named(name: &str) -> CaseType {
    let place = [HIGH_COURT, DISTRICT]
        .iter()
        .find_map(|list| list.iter().position(|known| *known == name));
    let code = match place {
        // 7 and 211 have no common part: every place has a number of its own.
        Some(place) => (13 + 7 * place as u16) % 211,
        None => 300 + (mix_text(name) % 600) as u16,
    };
    CaseType {
        code,
        name: name.to_owned(),
    }
}

/// One of the kinds of a court.
pub(crate) fn pick(draw: &mut Draw, list: &[&str]) -> CaseType {
    named(draw.pick_ref(list))
}

/// Whether a kind is heard on the criminal side.
pub(crate) fn is_criminal(name: &str) -> bool {
    let name = name.to_uppercase();
    ["CR", "BAIL", "MCRC", "SESSIONS", "NI ACT", "PMLA"]
        .iter()
        .any(|word| name.contains(word))
        && !name.starts_with("CRP")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_a_court_has_a_number_of_its_own() {
        for list in [HIGH_COURT, DISTRICT] {
            let codes: std::collections::HashSet<u16> =
                list.iter().map(|name| named(name).code).collect();
            assert_eq!(codes.len(), list.len());
            assert!(!codes.contains(&0));
        }
        assert!((300..900).contains(&named("Original Suit").code));
        assert!(is_criminal("CRL.A") && is_criminal("BAIL APPLN.") && !is_criminal("W.P.(C)"));
    }
}

//! The registry of district courts, compiled in from `data/reference/district-courts.tsv`.

use std::sync::LazyLock;

use serde::Serialize;

use crate::Complex;

/// A state or union territory on the District Courts' portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DistrictState {
    /// The portal's `state_code`; not the code of High Court Services.
    pub code: String,
    /// The name.
    pub name: String,
    /// Its districts.
    pub districts: Vec<District>,
}

/// A district.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct District {
    /// The portal's `dist_code`, within the state.
    pub code: String,
    /// The name.
    pub name: String,
    /// Its court complexes.
    pub complexes: Vec<Complex>,
}

/// A complex with the district and state it lies in.
#[derive(Debug, Clone, Copy)]
pub struct FoundComplex<'a> {
    /// The state.
    pub state: &'a DistrictState,
    /// The district.
    pub district: &'a District,
    /// The complex.
    pub complex: &'a Complex,
}

/// The states, districts and complexes of the registry.
#[derive(Debug)]
pub struct DistrictCourts(Vec<DistrictState>);

static DISTRICT_COURTS: LazyLock<DistrictCourts> = LazyLock::new(|| {
    // The file is part of the build; the tests below are the proof that every line of it is read.
    DistrictCourts(read(include_str!(
        "../../../data/reference/district-courts.tsv"
    )))
});

/// The first two letters of the CNRs of each state's district courts, in the order of the portal's codes: those of its
/// vehicle registrations, as in all CNRs that have been seen; no list of them is published, so not each is confirmed.
/// Where a name was changed, older CNRs keep the letters of the old one.
const CNR_LETTERS: [(&str, &str); 41] = [
    ("MH", "1"),
    ("AP", "2"),
    ("KA", "3"),
    ("KL", "4"),
    ("HP", "5"),
    ("AS", "6"),
    ("JH", "7"),
    ("BR", "8"),
    ("RJ", "9"),
    ("TN", "10"),
    ("OD", "11"),
    ("OR", "11"),
    ("JK", "12"),
    ("UP", "13"),
    ("HR", "14"),
    ("UK", "15"),
    ("UT", "15"),
    ("WB", "16"),
    ("GJ", "17"),
    ("CG", "18"),
    ("CT", "18"),
    ("MZ", "19"),
    ("TR", "20"),
    ("ML", "21"),
    ("PB", "22"),
    ("MP", "23"),
    ("SK", "24"),
    ("MN", "25"),
    ("DL", "26"),
    ("CH", "27"),
    ("AN", "28"),
    ("TS", "29"),
    ("TG", "29"),
    ("GA", "30"),
    ("LA", "33"),
    ("NL", "34"),
    ("PY", "35"),
    ("AR", "36"),
    ("LD", "37"),
    ("DD", "38"),
    ("DN", "38"),
];

/// The registry of district courts.
pub fn district_courts() -> &'static DistrictCourts {
    &DISTRICT_COURTS
}

fn read(text: &str) -> Vec<DistrictState> {
    let mut states: Vec<DistrictState> = Vec::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        match fields[..] {
            ["S", code, name] => states.push(DistrictState {
                code: code.to_owned(),
                name: name.to_owned(),
                districts: Vec::new(),
            }),
            ["D", code, name] => {
                if let Some(state) = states.last_mut() {
                    state.districts.push(District {
                        code: code.to_owned(),
                        name: name.to_owned(),
                        complexes: Vec::new(),
                    });
                }
            }
            ["C", code, establishments, choose, name] => {
                let district = states
                    .last_mut()
                    .and_then(|state| state.districts.last_mut());
                let complex = Complex::read(&format!("{code}@{establishments}@{choose}"), name);
                if let (Some(district), Some(complex)) = (district, complex) {
                    district.complexes.push(complex);
                }
            }
            _ => {}
        }
    }
    states
}

impl DistrictCourts {
    /// The states and union territories, by code.
    pub fn states(&self) -> &[DistrictState] {
        &self.0
    }

    /// The state with this code, or this name in whatever case.
    pub fn state(&self, code_or_name: &str) -> Option<&DistrictState> {
        let wanted = code_or_name.trim();
        let mut states = self.0.iter();
        states.find(|state| state.code == wanted || state.name.eq_ignore_ascii_case(wanted))
    }

    /// The state in whose district courts CNRs begin with these letters. Which district the next two name stands in no
    /// list that is published.
    pub fn by_cnr_prefix(&self, prefix: &str) -> Option<&DistrictState> {
        let letters = prefix.get(..2)?;
        let (_, code) = CNR_LETTERS.iter().find(|(own, _)| *own == letters)?;
        self.state(code)
    }

    /// Every complex.
    pub fn complexes(&self) -> impl Iterator<Item = FoundComplex<'_>> {
        let districts = self.0.iter().flat_map(|state| {
            let with = move |district| (state, district);
            state.districts.iter().map(with)
        });
        districts.flat_map(|(state, district)| {
            let with = move |complex| FoundComplex {
                state,
                district,
                complex,
            };
            district.complexes.iter().map(with)
        })
    }

    /// The complex with this code, whether or not the rest of its value stands behind it (`1080010@2,3,4@Y`).
    pub fn complex(&self, code: &str) -> Option<FoundComplex<'_>> {
        let code = code.split('@').next()?.trim();
        self.complexes().find(|found| found.complex.code == code)
    }

    /// Complexes whose name, or whose district's name, holds these words, in whatever case.
    pub fn search(&self, words: &str) -> impl Iterator<Item = FoundComplex<'_>> {
        let words = words.trim().to_lowercase();
        let holds = move |name: &str| !words.is_empty() && name.to_lowercase().contains(&words);
        self.complexes()
            .filter(move |found| holds(&found.complex.name) || holds(&found.district.name))
    }
}

impl District {
    /// Whether this is its code or its name, in whatever case.
    pub fn is_named(&self, code_or_name: &str) -> bool {
        self.code == code_or_name.trim() || self.name.eq_ignore_ascii_case(code_or_name.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_registry_is_read() {
        let registry = district_courts();
        let text = include_str!("../../../data/reference/district-courts.tsv");
        let count = |kind: &str| text.lines().filter(|line| line.starts_with(kind)).count();
        assert_eq!(registry.states().len(), count("S\t"));
        assert_eq!(registry.states().len(), 36);
        let districts: usize = registry.states().iter().map(|s| s.districts.len()).sum();
        assert_eq!(districts, count("D\t"));
        assert_eq!(registry.complexes().count(), count("C\t"));
        assert_eq!(registry.complexes().count(), 3566);
        let other = text
            .lines()
            .filter(|line| !line.starts_with(['#', 'S', 'D', 'C']));
        assert_eq!(other.count(), 0);
    }

    #[test]
    fn look_ups() {
        let registry = district_courts();
        assert_eq!(registry.state("8").unwrap().name, "Bihar");
        assert_eq!(registry.state("tamil nadu").unwrap().code, "10");
        let found = registry.complex("1080010@2,3,4@Y").unwrap();
        assert_eq!(
            (found.state.code.as_str(), found.district.name.as_str()),
            ("8", "Patna")
        );
        assert!(
            registry
                .search("patna sadar")
                .any(|f| f.complex.code == "1080010")
        );
        assert_eq!(registry.search(" ").count(), 0);
        let of = |prefix: &str| registry.by_cnr_prefix(prefix).map(|state| &*state.name);
        assert_eq!(
            (of("MHPU"), of("BRPA"), of("XXAA")),
            (Some("Maharashtra"), Some("Bihar"), None)
        );
        for state in registry.states() {
            let own = CNR_LETTERS.iter().filter(|(_, code)| *code == state.code);
            assert!(own.count() > 0, "{}", state.name);
        }
        let mut codes: Vec<&str> = registry
            .complexes()
            .map(|f| f.complex.code.as_str())
            .collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), 3566, "codes are unique");
    }
}

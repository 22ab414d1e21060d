//! The registry of courts and benches, compiled in from `data/reference/courts.toml`.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::ParseError;

/// A court's code as it stands in paths and columns: `<judgments code>_<state code>` for High Courts
/// (`7_26` is Delhi), `sci` for the Supreme Court.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct CourtCode(String);

/// A bench's code: the portal's own database name (`dhcdb`), `scr` for the Supreme Court Reports,
/// `feed` for the Supreme Court's feed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct BenchCode(String);

/// Codes become directory names, so only these characters may stand in them.
fn well_formed(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'z' | b'_'))
}

macro_rules! code {
    ($name:ident, $what:literal) => {
        impl $name {
            /// The code as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                if well_formed(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(ParseError::new($what, text, "1 to 64 of a-z, 0-9 and _"))
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = ParseError;

            fn try_from(text: String) -> Result<Self, ParseError> {
                text.parse()
            }
        }
    };
}

code!(CourtCode, "court code");
code!(BenchCode, "bench code");

impl CourtCode {
    /// The Supreme Court of India.
    pub fn sci() -> Self {
        Self("sci".to_owned())
    }
}

/// A bench of a court: one database of the portal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Bench {
    /// The portal's database name, which is also the folder in document paths.
    pub code: BenchCode,
    /// The bench in words, if known.
    #[serde(default)]
    pub name: String,
    /// The value of the portal's `dist_code` filter that selects this bench, if known.
    #[serde(default)]
    pub dist_code: Option<String>,
}

/// A court as the judgment portals know it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Court {
    /// The name for people and pipeline files: `delhi`, `punjab`.
    pub slug: String,
    /// The full name.
    pub name: String,
    /// The code in paths and columns.
    pub code: CourtCode,
    /// The portal's compound value for its `state_code` field: `7~26`. Empty for the Supreme Court.
    #[serde(default)]
    pub portal_code: String,
    /// The first four letters of the court's CNRs.
    pub cnr_prefixes: Vec<String>,
    /// Other spellings of the name seen on the portals, compared without case or repeated spaces.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The benches (databases) seen in document paths.
    #[serde(default)]
    pub benches: Vec<Bench>,
}

impl Court {
    /// Whether `printed` is a name of this court, ignoring case and repeated spaces.
    pub fn is_named(&self, printed: &str) -> bool {
        self.has_name(&fold(printed))
    }

    /// Whether `folded` is a name of this court.
    fn has_name(&self, folded: &str) -> bool {
        fold(&self.name) == folded || self.aliases.iter().any(|alias| fold(alias) == folded)
    }
}

fn fold(name: &str) -> String {
    name.split_whitespace()
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The courts of the registry.
#[derive(Debug)]
pub struct Courts(Vec<Court>);

#[derive(Deserialize)]
struct CourtsFile {
    court: Vec<Court>,
}

static COURTS: LazyLock<Courts> = LazyLock::new(|| {
    let text = include_str!("../../../data/reference/courts.toml");
    // The file is part of the build; the test below is the proof that it parses.
    Courts(
        toml::from_str::<CourtsFile>(text)
            .map(|file| file.court)
            .unwrap_or_default(),
    )
});

/// The registry of courts.
pub fn courts() -> &'static Courts {
    &COURTS
}

impl Courts {
    /// All courts, High Courts first, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Court> {
        self.0.iter()
    }

    /// The court with this slug or code.
    pub fn find(&self, slug_or_code: &str) -> Option<&Court> {
        self.iter()
            .find(|court| court.slug == slug_or_code || court.code.as_str() == slug_or_code)
    }

    /// The court with this printed name.
    pub fn by_name(&self, printed: &str) -> Option<&Court> {
        let folded = fold(printed);
        self.iter().find(|court| court.has_name(&folded))
    }

    /// The court that owns a database of the portal.
    pub fn by_bench(&self, bench: &str) -> Option<&Court> {
        self.iter()
            .find(|court| court.benches.iter().any(|b| b.code.as_str() == bench))
    }

    /// The court whose CNRs begin with `prefix`.
    pub fn by_cnr_prefix(&self, prefix: &str) -> Option<&Court> {
        self.iter()
            .find(|court| court.cnr_prefixes.iter().any(|p| p == prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_is_whole() {
        assert_eq!(
            courts().iter().count(),
            26,
            "25 High Courts and the Supreme Court"
        );
        assert_eq!(
            courts().iter().map(|c| c.benches.len()).sum::<usize>(),
            47,
            "45 databases, scr and feed"
        );
        let delhi = courts().find("delhi").unwrap();
        assert_eq!(
            (delhi.code.as_str(), delhi.portal_code.as_str()),
            ("7_26", "7~26")
        );
        assert_eq!(courts().by_bench("mdubench").unwrap().slug, "madras");
        assert_eq!(courts().by_cnr_prefix("HBHC").unwrap().slug, "telangana");
        assert_eq!(
            courts()
                .by_name("High Court  For State of TELANGANA")
                .unwrap()
                .slug,
            "telangana"
        );
    }

    #[test]
    fn codes_and_slugs_are_unique() {
        let mut seen = std::collections::HashSet::new();
        for court in courts().iter() {
            assert!(seen.insert(court.slug.clone()));
            assert!(seen.insert(court.code.to_string()) || court.slug == "sci");
        }
    }

    #[test]
    fn a_code_cannot_leave_its_directory() {
        for bad in ["", "..", "a/b", "A", "a b", "a\0"] {
            assert!(bad.parse::<BenchCode>().is_err(), "{bad:?}");
        }
    }
}

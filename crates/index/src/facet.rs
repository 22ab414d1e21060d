//! What results are counted and narrowed by.

use serde::{Deserialize, Serialize};

use crate::schema;

/// A property by which the matches of a search are counted, and can be narrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FacetName {
    /// The court, by its code (`7_26`).
    Court,
    /// The year of decision.
    Year,
    /// A judge of the bench, by name without titles (`A B KULKARNI`).
    Judge,
    /// The type of the case (`WP(C)`).
    CaseType,
    /// How the case was disposed of (`partly_allowed`).
    Disposal,
    /// A language of the text, as ISO 639-3 code (`hin`).
    Language,
    /// The kind of document (`judgment`, `order`).
    Kind,
    /// A statute that the text cites (`IPC`).
    Statute,
}

impl FacetName {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::Court,
        Self::Year,
        Self::Judge,
        Self::CaseType,
        Self::Disposal,
        Self::Language,
        Self::Kind,
        Self::Statute,
    ];

    /// The name in addresses, options and JSON: `case_type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Court => "court",
            Self::Year => "year",
            Self::Judge => "judge",
            Self::CaseType => "case_type",
            Self::Disposal => "disposal",
            Self::Language => "language",
            Self::Kind => "kind",
            Self::Statute => "statute",
        }
    }

    /// The name for people: `Case type`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Court => "Court",
            Self::Year => "Year",
            Self::Judge => "Judge",
            Self::CaseType => "Case type",
            Self::Disposal => "Disposal",
            Self::Language => "Language",
            Self::Kind => "Document kind",
            Self::Statute => "Statute",
        }
    }

    /// The facet called `name`, in any case; `case-type` and `case type` are `case_type`.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase().replace([' ', '-'], "_");
        Self::ALL.into_iter().find(|facet| facet.name() == name)
    }

    /// The fast field that holds its values.
    pub(crate) fn column(self) -> &'static str {
        match self {
            Self::Court => schema::COURT,
            Self::Year => schema::DECIDED,
            Self::Judge => schema::JUDGE,
            Self::CaseType => schema::CASE_TYPE,
            Self::Disposal => schema::DISPOSAL,
            Self::Language => schema::LANGUAGE,
            Self::Kind => schema::KIND,
            Self::Statute => schema::STATUTE,
        }
    }
}

/// The values of a facet among the matches of a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facet {
    /// Which.
    pub name: FacetName,
    /// The values, the most frequent first; years the latest first. Chosen ones are always there.
    pub counts: Vec<FacetCount>,
    /// How many values there are, of which `counts` may be a part.
    pub values: usize,
}

/// A value of a facet with its number of matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacetCount {
    /// The value, as given to [`Filters::add`](crate::Filters::add).
    pub value: String,
    /// The value for people.
    pub label: String,
    /// Matches with this value, under the query and the filters of the other facets.
    pub count: u64,
    /// Whether it is among the filters.
    pub selected: bool,
}

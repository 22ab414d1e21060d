//! One citation as it stands in a text.

use serde::{Deserialize, Serialize};

/// What a citation names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A neutral citation of an Indian court: `2024 INSC 855`, `2023:DHC:2720-DB`.
    Neutral,
    /// A place in an Indian law report or data base: `(2017) 10 SCC 1`.
    Reporter,
    /// A report or neutral citation of another country or of England: `[1932] AC 562`.
    Foreign,
    /// A case record number: `DLHC010000122024`.
    Cnr,
    /// A case by type, number and year: `WP(C) 5348/2024`.
    CaseNumber,
    /// A diary number of the Supreme Court: `Diary 1234/2020`.
    Diary,
    /// A statute by name: `IPC`.
    Statute,
    /// A section, article, order or rule: `IPC s 302`.
    Provision,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Neutral,
        Self::Reporter,
        Self::Foreign,
        Self::Cnr,
        Self::CaseNumber,
        Self::Diary,
        Self::Statute,
        Self::Provision,
    ];

    /// The kind with this name in rows and columns.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The name in rows and columns.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Reporter => "reporter",
            Self::Foreign => "foreign",
            Self::Cnr => "cnr",
            Self::CaseNumber => "case_number",
            Self::Diary => "diary",
            Self::Statute => "statute",
            Self::Provision => "provision",
        }
    }
}

/// Why a provision belongs to a statute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The statute stands beside it: "section 302 of the Indian Penal Code".
    Named,
    /// It shares the statute of the provision that it is joined to: "sections 302 and 34 IPC".
    Joined,
    /// "the Act", "the MV Act", as the text defined it.
    Defined,
    /// The nearest statute named before it.
    Preceding,
    /// Nothing is named; articles are the Constitution's, orders with rules are of the CPC.
    Custom,
}

/// The statute of a provision.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StatuteLink {
    /// The statute's key: `IPC`, `MV Act 1939`.
    pub key: String,
    /// The evidence.
    pub basis: Basis,
}

/// A citation found in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// As printed, line breaks included; without pinpoint and without a court in brackets after it.
    pub text: String,
    /// The canonical key; see the crate documentation for its forms.
    pub key: String,
    /// What it names.
    pub kind: Kind,
    /// The first character, counted in Unicode scalar values from 0.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// The place inside what is cited: `para 10`, `p 131`; of a provision its sub-units: `(2)(b)`.
    pub pinpoint: Option<String>,
    /// Of a provision: its statute.
    pub statute: Option<StatuteLink>,
    /// Parallel citations of one judgment share a number; unique within the text.
    pub cluster: Option<u32>,
    /// Whether the court token, reporter or statute is in the tables.
    pub resolved: bool,
}

//! The tables of `data/reference/`, compiled in, and the automaton built from them.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::trie::Trie;

/// How the citations of a reporter are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Shape {
    /// Year, volume, reporter, page.
    #[default]
    Series,
    /// `AIR 1978 SC 597`.
    Air,
    /// `ILR 1986 Kar 1723`.
    Ilr,
    /// `JT 1996 (10) SC 550`.
    Jt,
    /// `2018 SCC OnLine Del 1234`.
    Online,
    /// `2022 LiveLaw (SC) 123`.
    Livelaw,
    /// `MANU/SC/0123/2004`.
    Slash,
    /// `2024 INSC 855`.
    Neutral,
}

/// How the volumes are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Volume {
    /// Anew each year.
    #[default]
    Yearly,
    /// On and on.
    Continuous,
}

/// How a key with a year is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Style {
    #[default]
    Plain,
    Round,
    Square,
    /// Plain; print may put the volume before the year.
    VolumeFirst,
}

/// How far the case of letters decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Case {
    #[default]
    Any,
    Capital,
    Exact,
    Upper,
}

/// A law report.
#[derive(Debug, Deserialize)]
pub(crate) struct Reporter {
    pub(crate) key: String,
    #[serde(default)]
    pub(crate) shape: Shape,
    #[serde(default)]
    pub(crate) volume: Volume,
    #[serde(default)]
    pub(crate) style: Style,
    #[serde(default)]
    pub(crate) case: Case,
    /// Whether its name is so short that the table must know the court behind it.
    #[serde(default)]
    pub(crate) court: bool,
    variants: Vec<String>,
    /// Of another country; not in the file, which has a table of its own for these.
    #[serde(skip)]
    pub(crate) foreign: bool,
}

#[derive(Deserialize)]
struct Court {
    key: String,
    variants: Vec<String>,
}

#[derive(Deserialize)]
struct ReporterFile {
    reporter: Vec<Reporter>,
    foreign: Vec<Reporter>,
    court: Vec<Court>,
}

/// A token of neutral citations.
#[derive(Debug, Deserialize)]
struct Token {
    token: String,
    court: String,
}

#[derive(Deserialize)]
struct TokenFile {
    token: Vec<Token>,
}

/// What "the Act" or "the Code" may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sort {
    Act,
    Code,
    Constitution,
    #[serde(skip)]
    Rules,
}

/// A statute.
#[derive(Debug, Deserialize)]
pub(crate) struct Statute {
    pub(crate) code: String,
    pub(crate) year: u32,
    pub(crate) sort: Sort,
    aliases: Vec<String>,
    #[serde(default)]
    pub(crate) earlier: Vec<u32>,
    /// Its last section, where that is known and the numbers run on.
    sections: Option<u32>,
}

#[derive(Deserialize)]
struct StatuteFile {
    statute: Vec<Statute>,
}

/// A type of case.
#[derive(Debug, Deserialize)]
pub(crate) struct CaseType {
    pub(crate) key: Option<String>,
    forms: Vec<String>,
}

#[derive(Deserialize)]
struct CaseTypeFile {
    case_words: HashSet<String>,
    no_cases: HashSet<String>,
    r#type: Vec<CaseType>,
}

/// Words of the language of citations that are no names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    Section,
    /// `u/s`, only with its slash.
    UnderSection,
    Article,
    Order,
    Rule,
    Regulation,
    Title(Sort),
    Diary,
    /// `D. No.`
    DiaryNumber,
    Number,
}

/// What a name of the automaton may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    Reporter(usize),
    CaseType(usize),
    Statute(usize),
    Word(Word),
}

const WORDS: &[(Word, &[&str])] = &[
    (
        Word::Section,
        &[
            "section", "sections", "sec", "secs", "s", "ss", "sect", "sectn", "dhara",
        ],
    ),
    (Word::UnderSection, &["us", "uss", "usec"]),
    (Word::Article, &["article", "articles", "art", "arts"]),
    (Word::Order, &["order", "o", "ord"]),
    (Word::Rule, &["rule", "rules", "r", "rr"]),
    (
        Word::Regulation,
        &["regulation", "regulations", "regn", "reg"],
    ),
    (Word::Title(Sort::Act), &["act", "ordinance", "adhiniyam"]),
    (Word::Title(Sort::Code), &["code", "sanhita"]),
    (Word::Diary, &["diary", "dairy"]),
    (Word::DiaryNumber, &["dno", "dnos"]),
    (Word::Number, &["no", "nos"]),
];

/// Everything that is looked up.
#[derive(Debug)]
pub(crate) struct Tables {
    pub(crate) anchors: Trie<Entry>,
    pub(crate) courts: Trie<usize>,
    pub(crate) court_keys: Vec<String>,
    pub(crate) reporters: Vec<Reporter>,
    pub(crate) statutes: Vec<Statute>,
    pub(crate) case_types: Vec<CaseType>,
    /// Words that make a case type, and words that unmake it.
    pub(crate) case_words: HashSet<String>,
    pub(crate) no_cases: HashSet<String>,
    tokens: HashMap<String, String>,
    /// The last section of a statute.
    sections: HashMap<String, u32>,
}

impl Tables {
    /// The court of a neutral token, as its code in the registry of courts.
    pub(crate) fn token_court(&self, token: &str) -> Option<&str> {
        self.tokens.get(token).map(String::as_str)
    }

    /// The number of the last section of a statute, by its code.
    pub(crate) fn statute_sections(&self, code: &str) -> Option<u32> {
        self.sections.get(code).copied()
    }
}

static TABLES: LazyLock<Tables> = LazyLock::new(build);

/// The tables.
pub(crate) fn tables() -> &'static Tables {
    &TABLES
}

/// A file of the build; the test below is the proof that each one parses.
fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Option<T> {
    toml::from_str(text).ok()
}

fn build() -> Tables {
    let mut anchors = Trie::new();
    let mut courts = Trie::new();
    let mut court_keys = Vec::new();
    let mut reporters = Vec::new();
    if let Some(file) = read::<ReporterFile>(include_str!("../../../data/reference/reporters.toml"))
    {
        reporters = file.reporter;
        reporters.extend(file.foreign.into_iter().map(|reporter| Reporter {
            foreign: true,
            ..reporter
        }));
        for court in file.court {
            for name in &court.variants {
                courts.add(name, court_keys.len(), true);
            }
            court_keys.push(court.key);
        }
    }
    for (index, reporter) in reporters.iter().enumerate() {
        for name in &reporter.variants {
            anchors.add(
                name,
                Entry::Reporter(index),
                reporter.case == Case::Any || reporter.case == Case::Exact,
            );
        }
    }
    let statutes = read::<StatuteFile>(include_str!("../../../data/reference/statutes.toml"))
        .map(|file| file.statute)
        .unwrap_or_default();
    for (index, statute) in statutes.iter().enumerate() {
        for name in &statute.aliases {
            anchors.add(name, Entry::Statute(index), false);
        }
    }
    let sections = statutes
        .iter()
        .filter_map(|statute| Some((statute.code.clone(), statute.sections?)))
        .collect();
    let cases = read::<CaseTypeFile>(include_str!("../../../data/reference/case-types.toml"));
    let (case_types, case_words, no_cases) = cases
        .map(|file| (file.r#type, file.case_words, file.no_cases))
        .unwrap_or_default();
    for (index, case_type) in case_types.iter().enumerate() {
        for name in &case_type.forms {
            anchors.add(name, Entry::CaseType(index), name.len() > 3);
        }
    }
    for (word, names) in WORDS {
        for name in *names {
            anchors.add(
                name,
                Entry::Word(*word),
                !matches!(word, Word::Title(_) | Word::DiaryNumber),
            );
        }
    }
    let tokens = read::<TokenFile>(include_str!("../../../data/reference/neutral-tokens.toml"))
        .map(|file| file.token)
        .unwrap_or_default();
    anchors.settle();
    courts.settle();
    Tables {
        anchors,
        courts,
        court_keys,
        reporters,
        statutes,
        case_types,
        case_words,
        no_cases,
        tokens: tokens.into_iter().map(|t| (t.token, t.court)).collect(),
        sections,
    }
}

impl Reporter {
    /// Whether the letters as printed may be this reporter.
    pub(crate) fn case_fits(&self, printed: &[u8]) -> bool {
        let letters = || printed.iter().filter(|c| c.is_ascii_alphabetic());
        match self.case {
            Case::Any => true,
            Case::Capital => printed.first().is_some_and(u8::is_ascii_uppercase),
            Case::Upper => letters().all(u8::is_ascii_uppercase),
            Case::Exact => self.variants.iter().any(|variant| {
                variant
                    .bytes()
                    .filter(u8::is_ascii_alphabetic)
                    .eq(letters().copied())
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nirnay_model::courts;

    #[test]
    fn the_files_parse_and_fit() {
        let tables = tables();
        assert!(tables.reporters.len() > 250, "{}", tables.reporters.len());
        assert!(tables.reporters.iter().any(|r| r.foreign));
        assert!(tables.statutes.len() > 100 && tables.case_types.len() > 40);
        assert!(tables.court_keys.len() > 50);
        assert!(tables.anchors.nodes() < usize::from(u16::MAX));
        for code in tables.tokens.values() {
            assert!(courts().find(code).is_some(), "{code}");
        }
        assert_eq!(tables.token_court("DHC"), Some("7_26"));
    }

    #[test]
    fn no_code_of_a_statute_stands_twice() {
        let mut seen = std::collections::HashSet::new();
        for statute in &tables().statutes {
            assert!(seen.insert(&statute.code), "{}", statute.code);
        }
    }
}

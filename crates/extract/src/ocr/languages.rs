//! Which languages to read a page in.

use std::sync::LazyLock;

use nirnay_model::{Cnr, PageCondition, PageText, courts};
use serde::Deserialize;

const ENGLISH: &str = "eng";

#[derive(Debug, Default, Deserialize)]
struct Table {
    pack: Vec<Pack>,
    state: Vec<State>,
}

#[derive(Debug, Deserialize)]
struct Pack {
    language: String,
    script: String,
    name: String,
    package: String,
}

#[derive(Debug, Deserialize)]
struct State {
    code: String,
    languages: Vec<String>,
    #[serde(default)]
    high_court: Option<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let text = include_str!("../../../../data/reference/ocr-languages.toml");
    toml::from_str(text).unwrap_or_default()
});

/// The court that wrote a document, as far as its language goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Seat {
    /// The Supreme Court.
    Supreme,
    /// A High Court, by its slug.
    High(String),
    /// A district court, by the first two letters of its CNRs.
    District(String),
    /// Not known.
    #[default]
    Unknown,
}

impl Seat {
    /// The court that a CNR names.
    pub fn of_cnr(cnr: &Cnr) -> Self {
        match courts().by_cnr_prefix(cnr.prefix()) {
            Some(court) => Self::of_court(&court.slug),
            None => Self::District(cnr.prefix().chars().take(2).collect()),
        }
    }

    /// The court with this slug or code.
    pub fn of_court(slug_or_code: &str) -> Self {
        match courts().find(slug_or_code) {
            Some(court) if court.slug == "sci" => Self::Supreme,
            Some(court) => Self::High(court.slug.clone()),
            None => Self::Unknown,
        }
    }

    /// The languages of its state beside English.
    fn languages(&self) -> &'static [String] {
        TABLE
            .state
            .iter()
            .find(|state| match self {
                Self::High(slug) => state.high_court.as_ref() == Some(slug),
                Self::District(code) => state.code == *code,
                Self::Supreme | Self::Unknown => false,
            })
            .map_or(&[], |state| &state.languages)
    }
}

/// The language packs to read a page with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Languages {
    /// The packs, the main one first.
    pub first: Vec<String>,
    /// Packs to try when the first are not sure of what they read.
    pub otherwise: Option<Vec<String>>,
    /// Whether nothing on the page tells its language: if they are not sure, the picture is asked for its
    /// script, and the packs of other scripts may be tried as well.
    pub is_guess: bool,
}

impl Languages {
    /// The packs for a page in `script`, those of the court before others, and of the others those that are
    /// `installed`.
    pub(super) fn of_script(&self, script: &str, installed: &[String]) -> Option<Vec<String>> {
        let is_of = |packs: &&Vec<String>| {
            let main = packs.first().and_then(|main| pack_named(main));
            main.is_some_and(|pack| pack.script == script)
        };
        let own = [Some(&self.first), self.otherwise.as_ref()];
        if let Some(packs) = own.into_iter().flatten().find(is_of) {
            return Some(packs.clone());
        }
        let mut packs = TABLE.pack.iter().filter(|pack| pack.script == script);
        let default = packs.clone().next();
        packs
            .find(|pack| installed.contains(&pack.name))
            .or(default)
            .map(with_english)
    }

    /// For each script that an installed pack reads, in the order of the table, the packs for it.
    pub(super) fn of_any_script(installed: &[String]) -> Vec<Vec<String>> {
        let mut scripts: Vec<&str> = Vec::new();
        let mut found = Vec::new();
        for pack in &TABLE.pack {
            if installed.contains(&pack.name) && !scripts.contains(&pack.script.as_str()) {
                scripts.push(&pack.script);
                found.push(with_english(pack));
            }
        }
        found
    }
}

/// The packs for `page` of a document that `seat` wrote: those of the languages or the script of
/// its digital text where they can be told from it, or else those of the court.
pub fn languages(page: &PageText, seat: &Seat) -> Languages {
    if let Some(pack) = pack_of_text(page, seat) {
        return Languages {
            first: with_english(pack),
            otherwise: None,
            is_guess: false,
        };
    }
    let local = seat
        .languages()
        .first()
        .and_then(|language| pack_of_language(language));
    let english = vec![ENGLISH.to_owned()];
    match (seat, local) {
        (Seat::District(_), Some(local)) => Languages {
            first: with_english(local),
            otherwise: None,
            is_guess: true,
        },
        (_, local) => Languages {
            first: english,
            otherwise: local.map(with_english),
            is_guess: true,
        },
    }
}

/// What the page's text says: a legacy font and a broken table of Unicode values know their
/// language or script. English letters say nothing, as soup is made of them.
fn pack_of_text(page: &PageText, seat: &Seat) -> Option<&'static Pack> {
    if matches!(
        page.condition,
        PageCondition::Scanned | PageCondition::Empty | PageCondition::Garbled
    ) {
        return None;
    }
    let packs = || {
        page.languages
            .iter()
            .filter_map(|language| pack_of_language(language))
    };
    if let Some(pack) = packs().find(|pack| pack.name != ENGLISH) {
        return Some(pack);
    }
    let script = page.script.as_deref().filter(|script| *script != "Latn")?;
    let of_script = |pack: &&Pack| pack.script == script;
    seat.languages()
        .iter()
        .filter_map(|language| pack_of_language(language))
        .find(of_script)
        .or_else(|| TABLE.pack.iter().find(of_script))
}

fn pack_of_language(language: &str) -> Option<&'static Pack> {
    // Odia has two codes: the language and its macrolanguage.
    let language = if language == "ory" { "ori" } else { language };
    TABLE.pack.iter().find(|pack| pack.language == language)
}

fn pack_named(name: &str) -> Option<&'static Pack> {
    TABLE.pack.iter().find(|pack| pack.name == name)
}

fn with_english(pack: &Pack) -> Vec<String> {
    let mut packs = vec![pack.name.clone()];
    if pack.name != ENGLISH {
        packs.push(ENGLISH.to_owned());
    }
    packs
}

/// The Debian package with the pack of this name.
pub fn package(pack: &str) -> String {
    TABLE
        .pack
        .iter()
        .find(|known| known.name == pack)
        .map_or_else(
            || {
                let name = pack.to_lowercase().replace(['_', '/'], "-");
                format!("tesseract-ocr-{name}")
            },
            |known| known.package.clone(),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(condition: PageCondition, script: Option<&str>, languages: &[&str]) -> PageText {
        PageText {
            condition,
            script: script.map(str::to_owned),
            languages: languages.iter().map(|l| (*l).to_owned()).collect(),
            ..PageText::default()
        }
    }

    fn plan(page: &PageText, seat: &Seat) -> String {
        let found = languages(page, seat);
        match found.otherwise {
            None => found.first.join("+"),
            Some(other) => format!("{} / {}", found.first.join("+"), other.join("+")),
        }
    }

    #[test]
    fn the_table_is_whole() {
        assert!(TABLE.pack.len() > 12 && TABLE.state.len() > 25);
        for state in &TABLE.state {
            for language in &state.languages {
                assert!(pack_of_language(language).is_some(), "{language}");
            }
            if let Some(slug) = &state.high_court {
                assert!(courts().find(slug).is_some(), "{slug}");
            }
        }
    }

    #[test]
    fn a_scan_is_read_in_the_languages_of_its_court() {
        let scan = page(PageCondition::Scanned, None, &[]);
        for (seat, expected) in [
            (Seat::Unknown, "eng"),
            (Seat::Supreme, "eng"),
            (Seat::of_court("allahabad"), "eng / hin+eng"),
            (Seat::of_court("9_13"), "eng / hin+eng"),
            (Seat::of_court("madras"), "eng / tam+eng"),
            (Seat::of_court("sikkim"), "eng"),
            (Seat::District("UP".to_owned()), "hin+eng"),
            (Seat::District("MH".to_owned()), "mar+eng"),
            (Seat::District("MZ".to_owned()), "eng"),
        ] {
            assert_eq!(plan(&scan, &seat), expected, "{seat:?}");
        }
    }

    #[test]
    fn a_text_that_cannot_be_trusted_still_names_its_language() {
        let up = Seat::District("UP".to_owned());
        let bombay = Seat::of_court("bombay");
        let broken = PageCondition::BrokenUnicode;
        for (page, seat, expected) in [
            (page(broken, Some("Deva"), &[]), &up, "hin+eng"),
            (page(broken, Some("Deva"), &[]), &bombay, "mar+eng"),
            (page(broken, Some("Deva"), &["hin"]), &bombay, "hin+eng"),
            (page(broken, Some("Mlym"), &[]), &Seat::Unknown, "mal+eng"),
            (page(broken, Some("Orya"), &["ory"]), &up, "ori+eng"),
            (
                page(PageCondition::LegacyFont, Some("Latn"), &["kan"]),
                &Seat::Supreme,
                "kan+eng",
            ),
            // Soup is in English letters only by its look.
            (
                page(PageCondition::Garbled, Some("Latn"), &["eng"]),
                &up,
                "hin+eng",
            ),
            (
                page(broken, Some("Latn"), &["eng"]),
                &bombay,
                "eng / mar+eng",
            ),
        ] {
            assert_eq!(plan(&page, seat), expected, "{page:?} {seat:?}");
        }
    }

    #[test]
    fn the_packs_of_a_script_are_those_of_the_court_first() {
        let scan = page(PageCondition::Scanned, None, &[]);
        let every: Vec<String> = TABLE.pack.iter().map(|pack| pack.name.clone()).collect();
        let few = ["eng".to_owned(), "mar".to_owned(), "tam".to_owned()];
        for (seat, script, installed, expected) in [
            (Seat::Unknown, "Deva", &every[..], "hin+eng"),
            (Seat::of_court("bombay"), "Deva", &every, "mar+eng"),
            (Seat::of_court("gauhati"), "Beng", &every, "asm+eng"),
            (Seat::of_court("gauhati"), "Deva", &every, "hin+eng"),
            (Seat::District("UP".to_owned()), "Deva", &every, "hin+eng"),
            (Seat::Unknown, "Latn", &every, "eng"),
            // Marathi is nearer to Hindi than English is.
            (Seat::Unknown, "Deva", &few, "mar+eng"),
            // What is to be installed.
            (Seat::Unknown, "Knda", &few, "kan+eng"),
        ] {
            let packs = languages(&scan, &seat).of_script(script, installed);
            assert_eq!(packs.unwrap().join("+"), expected, "{seat:?} {script}");
        }
        assert_eq!(
            languages(&scan, &Seat::Unknown).of_script("Hani", &every),
            None
        );
        let any: Vec<String> = Languages::of_any_script(&few)
            .iter()
            .map(|packs| packs.join("+"))
            .collect();
        assert_eq!(any, ["eng", "mar+eng", "tam+eng"]);
        assert_eq!(Languages::of_any_script(&every).len(), 11);
    }

    #[test]
    fn the_seat_of_a_case() {
        for (cnr, expected) in [
            ("UPHC010012342024", Seat::High("allahabad".to_owned())),
            ("UPVR010012342024", Seat::District("UP".to_owned())),
            ("SCIN010012342024", Seat::Supreme),
        ] {
            assert_eq!(Seat::of_cnr(&cnr.parse().unwrap()), expected);
        }
    }
}

//! The loose spelling of a word: its stem.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use foldhash::fast::RandomState;
use frostem::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::key::Key;
use super::words::is_function_word;

/// The memory is emptied when it holds so many words; legal English has far fewer common ones.
const CACHED_WORDS: usize = 120_000;
/// Slots of the table of short words when the first is put there.
const LEAST_SLOTS: usize = 1 << 10;

/// Stems words, remembering those it has seen.
pub(crate) struct Stems {
    english: Stemmer,
    hindi: Stemmer,
    tamil: Stemmer,
    /// Short words found by their keys alone.
    short: Short,
    /// Exact spellings, with the number of the loose one.
    seen: HashMap<String, usize, RandomState>,
    /// The number of each loose spelling.
    numbers: HashMap<String, usize, RandomState>,
    loose: Vec<String>,
}

impl Default for Stems {
    fn default() -> Self {
        Self {
            english: Stemmer::new(Algorithm::English),
            hindi: Stemmer::new(Algorithm::Hindi),
            tamil: Stemmer::new(Algorithm::Tamil),
            short: Short::default(),
            seen: HashMap::default(),
            numbers: HashMap::default(),
            loose: Vec::new(),
        }
    }
}

impl Clone for Stems {
    /// A stemmer with an empty memory: every indexing thread fills its own.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for Stems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stems")
            .field("seen", &self.seen.len())
            .finish_non_exhaustive()
    }
}

/// What a word is in its loose spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Loose {
    /// It has one spelling only.
    #[default]
    None,
    /// The number of the spelling.
    Number(usize),
}

impl Loose {
    fn number(self) -> Option<usize> {
        match self {
            Self::None => None,
            Self::Number(number) => Some(number),
        }
    }
}

/// The numbers of words that are no longer than their keys: one place in memory a word, where a table of strings
/// has three.
#[derive(Default)]
struct Short {
    /// Keys with their numbers; a power of two, half of them empty at least.
    slots: Vec<(Key, Loose)>,
    held: usize,
}

impl Short {
    /// The slot of a key: its own, or the empty one where it would be.
    fn slot(&self, key: Key) -> Option<usize> {
        let last = self.slots.len().checked_sub(1)?;
        let mut slot = key.hash as usize & last;
        while let Some((held, _)) = self.slots.get(slot)
            && !held.is_empty()
            && *held != key
        {
            slot = (slot + 1) & last;
        }
        Some(slot)
    }

    fn get(&self, key: Key) -> Option<Loose> {
        let (held, number) = self.slots.get(self.slot(key)?)?;
        (!held.is_empty()).then_some(*number)
    }

    /// Adds a key that is not there.
    fn put(&mut self, key: Key, number: Loose) {
        if self.held * 2 >= self.slots.len() {
            let larger = (self.slots.len() * 2).max(LEAST_SLOTS);
            let empty = vec![(Key::default(), Loose::None); larger];
            for (key, number) in std::mem::replace(&mut self.slots, empty) {
                if !key.is_empty() {
                    self.set(key, number);
                }
            }
        }
        self.set(key, number);
        self.held += 1;
    }

    fn set(&mut self, key: Key, number: Loose) {
        if let Some(slot) = self.slot(key)
            && let Some(slot) = self.slots.get_mut(slot)
        {
            *slot = (key, number);
        }
    }

    fn clear(&mut self) {
        self.slots.clear();
        self.held = 0;
    }
}

/// Whether a word, given in its exact spelling, is looked for in no other: a number, or a function word that no
/// other word is a form of. The text has these in exact spelling only.
pub(crate) fn has_one_spelling(exact: &str) -> bool {
    exact.is_ascii() && exact.bytes().any(|byte| byte.is_ascii_digit()) || is_function_word(exact)
}

impl Stems {
    /// The loose spelling of a word given in its exact one.
    ///
    /// Latin: without diacritics, English stem. Devanagari: without nukta, chandrabindu as anusvara,
    /// Hindi stem. Tamil: Tamil stem. Words with digits and other scripts: unchanged.
    pub(crate) fn loose(&mut self, exact: &str) -> &str {
        self.forget_if_full();
        let number = self.number(exact);
        self.spelling(number)
    }

    /// Empties a full memory. Numbers given before are no longer good.
    pub(crate) fn forget_if_full(&mut self) {
        if self.seen.len() >= CACHED_WORDS {
            self.short.clear();
            self.seen.clear();
            self.numbers.clear();
            self.loose.clear();
        }
    }

    /// The number of the loose spelling of a word given in its exact one, with its key; `None` if it has one
    /// spelling only.
    pub(super) fn number_of(&mut self, key: Key, exact: &str) -> Option<usize> {
        if !key.is_all() {
            return (!has_one_spelling(exact)).then(|| self.number(exact));
        }
        if let Some(loose) = self.short.get(key) {
            return loose.number();
        }
        let loose = if has_one_spelling(exact) {
            Loose::None
        } else {
            Loose::Number(self.number(exact))
        };
        self.short.put(key, loose);
        loose.number()
    }

    /// The number of the loose spelling of a word given in its exact one; they count from 0.
    fn number(&mut self, exact: &str) -> usize {
        if let Some(number) = self.seen.get(exact) {
            return *number;
        }
        let loose = self.stem(exact);
        let known = self.numbers.get(&loose).copied();
        let number = known.unwrap_or_else(|| {
            self.numbers.insert(loose.clone(), self.loose.len());
            self.loose.push(loose);
            self.loose.len() - 1
        });
        self.seen.insert(exact.to_owned(), number);
        number
    }

    /// The loose spelling with this number.
    pub(crate) fn spelling(&self, number: usize) -> &str {
        self.loose.get(number).map_or("", String::as_str)
    }

    fn stem(&self, exact: &str) -> String {
        let unmarked = unmark(exact);
        let stemmer = match unmarked.chars().next() {
            _ if exact.chars().any(char::is_numeric) => None,
            Some('a'..='z') if unmarked.len() > 2 && unmarked.is_ascii() => Some(&self.english),
            Some('\u{900}'..='\u{97f}') => Some(&self.hindi),
            Some('\u{b80}'..='\u{bff}') => Some(&self.tamil),
            _ => None,
        };
        match stemmer.map(|stemmer| stemmer.stem(&unmarked)) {
            Some(stem) if !stem.is_empty() => stem.into_owned(),
            _ => unmarked.into_owned(),
        }
    }
}

/// Drops what writers leave out or vary: Latin diacritics, nukta, chandrabindu against anusvara.
fn unmark(exact: &str) -> Cow<'_, str> {
    let latin = |c: char| matches!(c, '\u{c0}'..='\u{24f}' | '\u{300}'..='\u{36f}' | '\u{1e00}'..='\u{1eff}');
    if exact.is_ascii() {
        Cow::Borrowed(exact)
    } else if exact.chars().all(|c| c.is_ascii() || latin(c)) {
        Cow::Owned(exact.nfd().filter(|c| !is_combining_mark(*c)).collect())
    } else {
        let folded = exact.chars().filter(|c| *c != '\u{93c}');
        Cow::Owned(
            folded
                .map(|c| if c == '\u{901}' { '\u{902}' } else { c })
                .collect(),
        )
    }
}

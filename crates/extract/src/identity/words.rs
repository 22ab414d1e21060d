//! A text as words, with what stands between them.

use std::collections::HashMap;

/// Characters of a page that are looked at; a page of a judgment has some three thousand.
const MOST_CHARS: usize = 60_000;

/// A word or number of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Lower case; digits of any script as ASCII.
    pub(super) text: String,
    /// Its value, if it is a number of at most nine digits.
    pub(super) number: Option<u32>,
    /// The one character between it and the word before, if it is exactly one.
    pub(super) joint: Option<char>,
}

/// The words of a text in order, with an index.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) list: Vec<Word>,
    places: HashMap<String, Vec<usize>>,
    numbers: HashMap<u32, Vec<usize>>,
}

impl Words {
    /// The words of `text`. Letters and digits that touch are kept apart (`No.12of2016`), except
    /// that marks and joiners stay with their letters.
    pub(super) fn of(text: &str) -> Self {
        let mut words = Self::default();
        words.add(text);
        words
    }

    /// Adds the words of another page.
    pub(super) fn add(&mut self, text: &str) {
        let mut current = String::new();
        let mut between = Between::Many;
        for c in text.chars().take(MOST_CHARS) {
            let class = class_of(c);
            let same = match (current.chars().next_back().map(class_of), class) {
                (None, _) | (_, Class::Other) => false,
                (Some(before), now) => before == now,
            };
            if !current.is_empty() && !same {
                self.push(std::mem::take(&mut current), between);
                between = Between::Nothing;
            }
            match class {
                Class::Letter => current.extend(c.to_lowercase()),
                Class::Digit => current.push(ascii_digit(c).unwrap_or(c)),
                Class::Other => between = between.then(c),
            }
        }
        if !current.is_empty() {
            self.push(current, between);
        }
    }

    /// Where `word` stands.
    pub(super) fn places(&self, word: &str) -> &[usize] {
        self.places.get(word).map_or(&[], Vec::as_slice)
    }

    /// Where a number of this value stands, leading zeros or not.
    pub(super) fn number_places(&self, number: u32) -> &[usize] {
        self.numbers.get(&number).map_or(&[], Vec::as_slice)
    }

    /// The word at `at`.
    pub(super) fn get(&self, at: usize) -> Option<&Word> {
        self.list.get(at)
    }

    /// Where `sequence` stands, word after word.
    pub(super) fn sequence_places(&self, sequence: &Self) -> Vec<usize> {
        let Some(first) = sequence.list.first() else {
            return Vec::new();
        };
        let stands_at = |start: &usize| {
            sequence.list.iter().enumerate().all(|(offset, word)| {
                self.get(start + offset)
                    .is_some_and(|here| match word.number {
                        Some(number) => here.number == Some(number),
                        None => here.text == word.text,
                    })
            })
        };
        let starts = self.places(&first.text).iter().copied();
        starts.filter(stands_at).collect()
    }

    fn push(&mut self, text: String, between: Between) {
        let at = self.list.len();
        let number = if text.len() <= 9 {
            text.parse().ok()
        } else {
            None
        };
        if let Some(number) = number {
            self.numbers.entry(number).or_default().push(at);
        }
        self.places.entry(text.clone()).or_default().push(at);
        let joint = if let Between::One(c) = between {
            Some(c)
        } else {
            None
        };
        self.list.push(Word {
            text,
            number,
            joint,
        });
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Other,
}

#[derive(Debug, Clone, Copy)]
enum Between {
    Nothing,
    One(char),
    Many,
}

impl Between {
    fn then(self, c: char) -> Self {
        match self {
            Self::Nothing => Self::One(c),
            Self::One(_) | Self::Many => Self::Many,
        }
    }
}

fn class_of(c: char) -> Class {
    if ascii_digit(c).is_some() {
        Class::Digit
    } else if c.is_alphabetic()
        || unicode_normalization::char::is_combining_mark(c)
        || matches!(c, '\u{200c}' | '\u{200d}')
    {
        Class::Letter
    } else {
        Class::Other
    }
}

/// The ASCII form of a digit of the scripts of India.
fn ascii_digit(c: char) -> Option<char> {
    const ZEROS: [u32; 11] = [
        0x30, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0x660,
    ];
    let code = c as u32;
    ZEROS
        .iter()
        .find_map(|zero| code.checked_sub(*zero).filter(|value| *value < 10))
        .and_then(|value| char::from_digit(value, 10))
}

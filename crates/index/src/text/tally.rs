//! The words of a text, read once for everything that is made of them.
//!
//! A judgment repeats its words: five thousand of them are a thousand different ones. So a text is first
//! read into a table of its own, small enough for the processor's cache, and each different word is then
//! stemmed, hashed and handed to the engine once, with all its places.

use super::key::{KEY_BYTES, Key};
use super::packed::{put_number, put_word};
use super::split::Step;
use super::{Stems, groups, spell, words};

/// In the sequence of words: stands at the position of the word before it.
const SAME_POSITION: u32 = 1 << 31;
const LEAST_SLOTS: usize = 1 << 8;
/// A table for a text of ordinary length; longer texts let it grow.
const MOST_SLOTS_AT_FIRST: usize = 1 << 13;
/// About so many bytes of text for one word that was not there before.
const BYTES_PER_NEW_WORD: usize = 16;

/// The words of one text. Used again for the next, it keeps its memory.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Numbers of entries, from 1, in the order of their hashes; a power of two.
    slots: Vec<u32>,
    entries: Vec<Entry>,
    /// The exact spellings of the entries, one after the other.
    spelled: String,
    /// The number of the entry of each word, from 0, in the order of the text.
    sequence: Vec<u32>,
    /// By the number of a loose spelling, how often it occurs. All 0 between one use and the next.
    counts: Vec<u32>,
}

#[derive(Debug)]
struct Entry {
    key: Key,
    start: usize,
    end: usize,
    count: u32,
}

impl Tally {
    /// Reads `text`, in place of the one before.
    pub(crate) fn read(&mut self, text: &str) {
        self.clear(text.len());
        let mut word = String::new();
        let mut groups = groups(text);
        while let Some(step) = groups.step() {
            let group = match step {
                // Nearly all words: not copied unless they are new.
                Step::Plain(run) if run.len() <= KEY_BYTES => {
                    let key = Key::small_letters(text.as_bytes(), &run);
                    if key.is_versus() {
                        self.add(Key::new(b"v"), "v", 0);
                    } else {
                        self.add(key, text.get(run).unwrap_or(""), 0);
                    }
                    continue;
                }
                Step::Plain(run) => {
                    spell(text, &run, &mut word);
                    self.add(Key::new(word.as_bytes()), &word, 0);
                    continue;
                }
                Step::Group(group) => group,
            };
            let words = words(text, &group);
            for (place, (_, word)) in words.iter().enumerate() {
                let before = words.get(..place).unwrap_or(&[]);
                if before.iter().all(|(_, other)| other != word) {
                    let mark = if place == 0 { 0 } else { SAME_POSITION };
                    self.add(Key::new(word.as_bytes()), word, mark);
                }
            }
        }
    }

    fn clear(&mut self, bytes: usize) {
        let slots = (bytes / BYTES_PER_NEW_WORD * 2).next_power_of_two();
        self.slots.clear();
        self.slots
            .resize(slots.clamp(LEAST_SLOTS, MOST_SLOTS_AT_FIRST), 0);
        self.entries.clear();
        self.spelled.clear();
        self.sequence.clear();
    }

    /// Adds a word with the key of its exact spelling. It may have capital letters if the key is all of it.
    fn add(&mut self, key: Key, word: &str, mark: u32) {
        let last_slot = self.slots.len() - 1;
        let mut slot = key.hash as usize & last_slot;
        let place = loop {
            match self.slots.get(slot) {
                Some(number @ 1..) => {
                    let place = *number as usize - 1;
                    if let Some(entry) = self.entries.get_mut(place)
                        && entry.key == key
                        && (key.is_all() || self.spelled.get(entry.start..entry.end) == Some(word))
                    {
                        entry.count += 1;
                        break place;
                    }
                }
                _ => break self.enter(word, key, slot),
            }
            slot = (slot + 1) & last_slot;
        };
        self.sequence.push(place as u32 | mark);
    }

    /// A word that was not there before.
    fn enter(&mut self, word: &str, key: Key, slot: usize) -> usize {
        let start = self.spelled.len();
        self.spelled.push_str(word);
        if let Some(word) = self.spelled.get_mut(start..) {
            word.make_ascii_lowercase();
        }
        let place = self.entries.len();
        self.entries.push(Entry {
            key,
            start,
            end: self.spelled.len(),
            count: 1,
        });
        if let Some(slot) = self.slots.get_mut(slot) {
            *slot = place as u32 + 1;
        }
        if self.entries.len() * 2 > self.slots.len() {
            self.grow();
        }
        place
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        self.slots.clear();
        self.slots.resize(mask + 1, 0);
        for (number, entry) in (1..).zip(&self.entries) {
            let mut slot = entry.key.hash as usize & mask;
            while self.slots.get(slot).is_some_and(|taken| *taken > 0) {
                slot = (slot + 1) & mask;
            }
            if let Some(slot) = self.slots.get_mut(slot) {
                *slot = number;
            }
        }
    }

    fn words(&self) -> impl Iterator<Item = (&Entry, &str)> {
        self.entries.iter().map(|entry| {
            (
                entry,
                self.spelled.get(entry.start..entry.end).unwrap_or(""),
            )
        })
    }

    /// The words in their exact spelling with their positions, packed for the engine.
    pub(crate) fn exact(&self) -> String {
        let mut ends = Vec::with_capacity(self.entries.len());
        let mut end = 0;
        for entry in &self.entries {
            ends.push(end);
            end += entry.count as usize;
        }
        let mut positions = vec![0; end];
        let mut next = 0;
        for word in &self.sequence {
            let position = if word & SAME_POSITION == 0 {
                next += 1;
                next - 1
            } else {
                next - 1
            };
            if let Some(end) = ends.get_mut((word & !SAME_POSITION) as usize) {
                if let Some(place) = positions.get_mut(*end) {
                    *place = position;
                }
                *end += 1;
            }
        }
        let mut packed = String::with_capacity(self.spelled.len() + 2 * end + 2 * ends.len());
        for ((entry, word), end) in self.words().zip(ends) {
            put_word(&mut packed, word, entry.count);
            let mut last = 0;
            for position in positions
                .get(end - entry.count as usize..end)
                .unwrap_or(&[])
            {
                put_number(&mut packed, position - last);
                last = *position;
            }
        }
        packed
    }

    /// The words in their loose spelling with their counts, packed for the engine, without those that have one
    /// spelling only.
    pub(crate) fn loose(&mut self, stems: &mut Stems) -> String {
        stems.forget_if_full();
        let mut counts = std::mem::take(&mut self.counts);
        let mut numbers = Vec::with_capacity(self.entries.len());
        for (entry, word) in self.words() {
            let Some(number) = stems.number_of(entry.key, word) else {
                continue;
            };
            if number >= counts.len() {
                counts.resize(number + 1, 0);
            }
            if let Some(count) = counts.get_mut(number) {
                if *count == 0 {
                    numbers.push(number);
                }
                *count += entry.count;
            }
        }
        let mut packed = String::with_capacity(self.spelled.len() + 2 * numbers.len());
        for number in numbers {
            if let Some(count) = counts.get_mut(number) {
                put_word(&mut packed, stems.spelling(number), *count);
                *count = 0;
            }
        }
        self.counts = counts;
        packed
    }

    /// A hash of each word, in the order of the text. The same everywhere and for ever.
    pub(crate) fn hashes(&self) -> Vec<u64> {
        let hashes: Vec<u64> = self.entries.iter().map(|entry| entry.key.hash).collect();
        let hash_of = |word: &u32| hashes.get((word & !SAME_POSITION) as usize).copied();
        self.sequence.iter().filter_map(hash_of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::packed::unpacked;

    fn exact(text: &str) -> String {
        let mut tally = Tally::default();
        tally.read(text);
        unpacked(&tally.exact(), true)
    }

    #[test]
    fn words_come_once_with_their_places() {
        assert_eq!(
            exact("The court, the 498-A and THE COURT\u{2019}s"),
            "the@0 the@2 the@5 court@1 court@6 498@3 a@3 498a@3 and@4"
        );
        assert_eq!(exact("O'o x."), "o@0 oo@0 x@1");
        assert_eq!(exact(" -- "), "");
    }

    #[test]
    fn many_words_are_kept_apart() {
        let text: Vec<String> = (0..40_000)
            .map(|number| format!("w{}", number % 20_000))
            .collect();
        let mut tally = Tally::default();
        for _ in 0..2 {
            tally.read(&text.join(" "));
            assert_eq!(tally.entries.len(), 20_000);
            let unpacked = unpacked(&tally.exact(), true);
            assert_eq!(unpacked.split(' ').count(), 40_000);
            assert!(unpacked.contains("w19999@19999 w19999@39999"));
            tally.read("another text");
            assert_eq!(tally.entries.len(), 2);
        }
    }

    #[test]
    fn loose_spellings_have_counts() {
        let mut tally = Tally::default();
        tally.read("Appeals against appeal 302 the APPEALS");
        let loose = unpacked(&tally.loose(&mut Stems::default()), false);
        assert_eq!(loose, "appeal@0 appeal@0 appeal@0 against@0");
        assert_eq!(tally.hashes().len(), 6);
    }
}

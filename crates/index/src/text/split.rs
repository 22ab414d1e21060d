//! Where words begin and end: UAX #29, with the habits of legal text on top.
//!
//! UAX #29 keeps letters, marks and joiners of Indic words together, which is what matters most.
//! On top of it, some pieces are *also* one word: `S.C.R.` is `SCR`, `498-A` is `498A`, `D'Souza` is
//! `DSouza`, a word broken by a hyphen at the end of a line is whole. Such pieces form a [`Group`]:
//! they share one position in the index, beside their joined form.

use std::collections::VecDeque;
use std::iter::Peekable;
use std::ops::Range;
use std::str::SplitInclusive;

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::{UnicodeSegmentation, UnicodeWordIndices};

use super::run::word_end;

/// More pieces than this never are one word.
const MAX_PIECES: usize = 8;

/// Byte ranges of pieces that share a position. More than one piece: they also read as one word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) first: Range<usize>,
    pub(crate) rest: Vec<Range<usize>>,
}

impl Group {
    fn one(piece: Range<usize>) -> Self {
        Self {
            first: piece,
            rest: Vec::new(),
        }
    }

    /// The same group in a text that has `by` more bytes before it.
    fn moved(mut self, by: usize) -> Self {
        for piece in std::iter::once(&mut self.first).chain(&mut self.rest) {
            *piece = piece.start + by..piece.end + by;
        }
        self
    }

    /// From the beginning of the first piece to the end of the last.
    pub(crate) fn range(&self) -> Range<usize> {
        self.first.start..self.rest.last().map_or(self.first.end, |last| last.end)
    }

    pub(crate) fn pieces(&self) -> impl Iterator<Item = &Range<usize>> {
        std::iter::once(&self.first).chain(&self.rest)
    }
}

/// The groups of `text`, in order, without looking further ahead than two lines.
pub(crate) fn groups(text: &str) -> Groups<'_> {
    Groups {
        text,
        at: 0,
        careful: None,
    }
}

/// Reads runs of ASCII letters and digits that no rule joins to their neighbours by itself, which are nearly
/// all words of an English text, and leaves the others to [`Careful`].
pub(crate) struct Groups<'a> {
    text: &'a str,
    at: usize,
    /// What reads the present stretch, and where that begins.
    careful: Option<(usize, Careful<'a>)>,
}

/// A step through a text.
pub(crate) enum Step {
    /// A run of ASCII letters and digits that is a word by itself.
    Plain(Range<usize>),
    Group(Group),
}

impl Iterator for Groups<'_> {
    type Item = Group;

    fn next(&mut self) -> Option<Group> {
        Some(match self.step()? {
            Step::Plain(run) => Group::one(run),
            Step::Group(group) => group,
        })
    }
}

impl Groups<'_> {
    /// The next group, and whether it was an easy one.
    pub(crate) fn step(&mut self) -> Option<Step> {
        let bytes = self.text.as_bytes();
        loop {
            if let Some((begin, careful)) = &mut self.careful {
                if let Some(group) = careful.next() {
                    return Some(Step::Group(group.moved(*begin)));
                }
                self.careful = None;
            }
            while bytes.get(self.at).is_some_and(|byte| is_gap(*byte)) {
                self.at += 1;
            }
            let start = self.at;
            let end = word_end(bytes, start);
            if start == bytes.len() {
                return None;
            }
            if let Some(next) = word_alone(bytes, start, end) {
                self.at = next;
                return Some(Step::Plain(start..end));
            }
            self.at = stretch(bytes, end.max(start + 1));
            let text = self.text.get(start..self.at).unwrap_or("");
            self.careful = Some((start, Careful::new(text)));
        }
    }
}

/// Whether a byte stands between words and joins none: looked up for every gap of every text.
const GAPS: [bool; 256] = {
    let mut gaps = [false; 256];
    let mut byte = 0;
    while byte < 0x80 {
        gaps[byte] = !(byte as u8).is_ascii_alphanumeric() && byte as u8 != b'_';
        byte += 1;
    }
    gaps
};

fn is_gap(byte: u8) -> bool {
    GAPS[usize::from(byte)]
}

/// If the run of letters and digits from `start` to `end` is a word by itself, where to read on.
fn word_alone(bytes: &[u8], start: usize, end: usize) -> Option<usize> {
    let last = *bytes.get(start..end)?.last()?;
    let at = |place: usize| bytes.get(place).copied().unwrap_or(b' ');
    let (mark, next) = (at(end), at(end + 1));
    let is_alone = match mark {
        b'.' | b'\'' | b':' | b',' | b';' if is_gap(next) => true,
        b'\'' if matches!(next, b's' | b'S') && matches!(at(end + 2), b' ' | b'\n') => {
            return Some(end + 2);
        }
        // Between digits `.` and `,` only ever part words; between a digit and a letter nothing joins.
        b'.' | b',' | b';' if last.is_ascii_digit() && next.is_ascii_digit() => true,
        b'.' | b'\'' | b':' | b',' | b';' => {
            next.is_ascii_alphanumeric() && last.is_ascii_digit() != next.is_ascii_digit()
        }
        b'-' if next.is_ascii_alphabetic() => {
            end - start > 4 || !bytes.get(start..end)?.iter().all(u8::is_ascii_digit)
        }
        b'-' if next.is_ascii_whitespace() => {
            let rest = bytes.get(end + 1..)?;
            let gap = rest.iter().take_while(|byte| byte.is_ascii_whitespace());
            !gap.clone().any(|byte| *byte == b'\n')
                && rest.get(gap.count()).is_none_or(u8::is_ascii)
        }
        b'-' => next.is_ascii(),
        mark => is_gap(mark),
    };
    is_alone.then_some(end)
}

/// The first place from `from` on at which a word surely begins that nothing before it belongs to.
fn stretch(bytes: &[u8], from: usize) -> usize {
    let mut place = from;
    loop {
        let Some(gap) = bytes
            .get(place..)
            .and_then(|rest| rest.iter().position(u8::is_ascii_whitespace))
        else {
            return bytes.len();
        };
        let gap = place + gap;
        let before = bytes.get(..gap).unwrap_or(&[]);
        place = gap + 1;
        while bytes.get(place).is_some_and(u8::is_ascii_whitespace) {
            place += 1;
        }
        let is_hyphened = before.ends_with(b"-") || before.ends_with("\u{2010}".as_bytes());
        if !is_hyphened && bytes.get(place).is_some_and(u8::is_ascii_alphanumeric) {
            return place;
        }
    }
}

/// The words of UAX #29 that have a letter or a digit, with their places.
struct Segmented<'a> {
    lines: SplitInclusive<'a, char>,
    begin: usize,
    end: usize,
    words: UnicodeWordIndices<'a>,
}

impl<'a> Iterator for Segmented<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<(usize, &'a str)> {
        loop {
            if let Some((offset, word)) = self.words.next() {
                return Some((self.begin + offset, word));
            }
            // UAX #29 breaks at every line end, so lines can be read one by one; most are pure ASCII,
            // for which the word iterator has a fast path.
            let line = self.lines.next()?;
            self.begin = self.end;
            self.end += line.len();
            self.words = line.unicode_word_indices();
        }
    }
}

/// The groups of a stretch of text, by all the rules.
struct Careful<'a> {
    text: &'a str,
    words: Peekable<Segmented<'a>>,
    ready: VecDeque<Group>,
}

impl<'a> Careful<'a> {
    fn new(text: &'a str) -> Self {
        let words = Segmented {
            lines: text.split_inclusive('\n'),
            begin: 0,
            end: 0,
            words: "".unicode_word_indices(),
        };
        Self {
            text,
            words: words.peekable(),
            ready: VecDeque::new(),
        }
    }
}

impl Iterator for Careful<'_> {
    type Item = Group;

    fn next(&mut self) -> Option<Group> {
        while self.ready.is_empty() {
            let (start, word) = self.words.next()?;
            if word.bytes().all(|b| b.is_ascii_alphanumeric()) {
                self.ready.push_back(Group::one(start..start + word.len()));
            } else {
                group_pieces(start, word, &mut self.ready);
            }
            self.take_tail();
        }
        self.ready.pop_front()
    }
}

impl Careful<'_> {
    /// Joins the next word to the last group if the two are one word across a hyphen.
    fn take_tail(&mut self) {
        let Some(last) = self.ready.back_mut() else {
            return;
        };
        let Some(&(start, word)) = self.words.peek() else {
            return;
        };
        let (Some(head), Some(gap)) = (
            self.text.get(last.first.clone()),
            self.text.get(last.range().end..start),
        ) else {
            return;
        };
        if last.rest.is_empty()
            && (is_lettered_number(head, gap, word) || is_broken_word(head, gap, word))
        {
            last.rest.push(start..start + word.len());
            self.words.next();
        }
    }
}

/// `498-A`: a number of a provision with its letter.
fn is_lettered_number(head: &str, gap: &str, tail: &str) -> bool {
    gap == "-"
        && head.len() <= 4
        && head.bytes().all(|b| b.is_ascii_digit())
        && tail.len() == 1
        && tail.bytes().all(|b| b.is_ascii_alphabetic())
}

/// `judg-` at the end of a line, `ment` on the next.
fn is_broken_word(head: &str, gap: &str, tail: &str) -> bool {
    gap.strip_prefix(['-', '\u{2010}'])
        .is_some_and(|rest| rest.contains('\n') && rest.trim().is_empty())
        && head.chars().all(char::is_alphabetic)
        && tail.chars().all(char::is_lowercase)
}

/// Whether a character belongs inside a piece.
fn in_piece(c: char) -> bool {
    c.is_alphanumeric() || is_ignorable(c) || is_combining_mark(c)
}

/// Characters that change how a word looks, not which word it is: soft hyphen and the joiners.
pub(crate) fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}')
}

/// Cuts a UAX #29 word at its inner punctuation and groups the pieces.
fn group_pieces(start: usize, word: &str, out: &mut VecDeque<Group>) {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut separators: Vec<char> = Vec::new();
    let mut open: Option<usize> = None;
    let mut separator = None;
    for (offset, c) in word.char_indices().map(|(offset, c)| (start + offset, c)) {
        match (in_piece(c), open) {
            (true, None) => {
                if !pieces.is_empty() {
                    separators.push(separator.unwrap_or('_'));
                }
                open = Some(offset);
            }
            (false, Some(begin)) => {
                pieces.push(begin..offset);
                (open, separator) = (None, Some(c));
            }
            (false, None) => separator = Some('_'),
            (true, Some(_)) => {}
        }
    }
    if let Some(begin) = open {
        pieces.push(begin..start + word.len());
    }
    // A piece of marks alone, as broken text has them, is no word.
    pieces.retain(|piece| {
        word.get(piece.start - start..piece.end - start)
            .is_some_and(|text| text.contains(char::is_alphanumeric))
    });
    let mut texts: Vec<&str> = pieces
        .iter()
        .filter_map(|piece| word.get(piece.start - start..piece.end - start))
        .collect();
    if separators.last().is_some_and(|c| is_apostrophe(*c))
        && texts
            .last()
            .is_some_and(|last| last.eq_ignore_ascii_case("s"))
    {
        pieces.pop();
        texts.pop();
        separators.pop();
    }
    if pieces.len() > 1 && is_one_word(&texts, &separators) {
        let mut pieces = pieces.into_iter();
        if let Some(first) = pieces.next() {
            out.push_back(Group {
                first,
                rest: pieces.collect(),
            });
        }
    } else {
        out.extend(pieces.into_iter().map(Group::one));
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

/// Whether pieces read as one word: `O'Brien`, and abbreviations such as `S.C.R`, `Cr.P.C`, `Ph.D`.
/// A name after an initial (`S.Ram`) and a sentence glued to the next (`law.The`) do not.
fn is_one_word(pieces: &[&str], separators: &[char]) -> bool {
    if pieces.len() > MAX_PIECES || pieces.len() != separators.len() + 1 {
        return false;
    }
    if separators.iter().all(|c| is_apostrophe(*c)) {
        return true;
    }
    let mut pieces = pieces.iter();
    separators.iter().all(|c| *c == '.')
        && pieces
            .next()
            .is_some_and(|first| first.len() <= 4 && first.bytes().all(|b| b.is_ascii_alphabetic()))
        && pieces.all(|piece| piece.len() == 1 && piece.bytes().all(|b| b.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_all_rules(text: &str) -> Vec<Group> {
        Careful::new(text).collect()
    }

    proptest::proptest! {
        /// The quick way finds what the slow one does. Only a number that is joined on by an apostrophe
        /// (`1.2'3`) is read otherwise, so apostrophes and digits are tried apart.
        #[test]
        fn quick_groups_are_those_of_the_rules(
            text in "([a-zA-Z]{1,3}|[0-9]{1,5}|[ -&(-/:-@_\n\t\u{e9}\u{301}\u{ad}\u{200d}\u{2010}\u{915}\u{94d}\u{a0}]|-\n| ){0,24}",
            names in "([a-zA-Z]{1,3}|s|'|'s|\u{2019}s|[ ,.\n\u{e9}-]){0,24}",
        ) {
            for text in [text, names] {
                proptest::prop_assert_eq!(groups(&text).collect::<Vec<_>>(), by_all_rules(&text), "{:?}", text);
            }
        }
    }
}

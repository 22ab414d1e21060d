//! Where words begin and end: UAX #29, with the habits of legal text on top.
//!
//! UAX #29 keeps letters, marks and joiners of Indic words together, which is what matters most.
//! On top of it, some pieces are *also* one word: `S.C.R.` is `SCR`, `498-A` is `498A`, `D'Souza` is
//! `DSouza`, a word broken by a hyphen at the end of a line is whole. Such pieces form a [`Group`]:
//! they share one position in the index, beside their joined form.

use std::collections::VecDeque;
use std::iter::Peekable;
use std::ops::Range;

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

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
    let mut at = 0;
    // UAX #29 breaks at every line end, so lines can be read one by one; most are pure ASCII, for
    // which the word iterator has a fast path.
    let words = text.split_inclusive('\n').flat_map(move |line| {
        let begin = at;
        at += line.len();
        line.unicode_word_indices()
            .map(move |(offset, word)| (begin + offset, word))
    });
    let words: Box<dyn Iterator<Item = (usize, &str)> + '_> = Box::new(words);
    Groups {
        text,
        words: words.peekable(),
        ready: VecDeque::new(),
    }
}

pub(crate) struct Groups<'a> {
    text: &'a str,
    words: Peekable<Box<dyn Iterator<Item = (usize, &'a str)> + 'a>>,
    ready: VecDeque<Group>,
}

impl Iterator for Groups<'_> {
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

impl Groups<'_> {
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

//! Words of a row, with letter-spaced ones put together: `J U D G M E N T` is a word.

use super::line::{Row, Segment};
use super::{Glyph, Texts};
use crate::letters::is_letter;
use crate::script;

/// A gap of more em than this parts words.
const WORD_GAP: f32 = 0.15;
/// The same where the text is invisible and has spaces of its own: its glyphs have the widths of
/// another font than the one that was recognised.
const INVISIBLE_WORD_GAP: f32 = 0.5;
/// The same before a stop or a comma behind a letter of an Indic script: fonts push them aside from what hangs
/// below that letter and has no width.
const POINT_GAP: f32 = 0.9;
/// Fewer letters in a row of single ones are initials.
const FEWEST_LETTERS: usize = 4;

/// Characters without a gap between them.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) x0: f32,
    pub(super) x1: f32,
    pub(super) size: f32,
    /// Where the text of each font begins.
    pub(super) faces: Vec<(u16, usize)>,
}

/// The words of a row from left to right.
pub(super) fn words(row: &Row, texts: &Texts) -> Vec<Word> {
    let mut writer = Writer {
        texts,
        words: Vec::new(),
        last: None,
        parted: true,
    };
    for segment in &row.segments {
        let spacing = letter_spacing(segment, texts);
        let has_spaces = segment.glyphs.iter().any(|glyph| glyph.value.is_space());
        for (at, glyph) in segment.glyphs.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| segment.glyphs.get(at));
            let least = match before {
                _ if glyph.invisible && has_spaces => INVISIBLE_WORD_GAP,
                Some(before) if is_point(glyph) && is_indic(before, texts) => POINT_GAP,
                _ => WORD_GAP,
            };
            // A vowel sign that stands before its letter and is written after it begins with it.
            let start = segment
                .glyphs
                .get(at + 1)
                .filter(|next| next.x < glyph.x && next.is_mark(texts))
                .map_or(glyph.x, |sign| sign.x);
            writer.glyph(glyph, start, (least + spacing).max(1.6 * spacing));
        }
    }
    together(writer.words)
}

fn is_point(glyph: &Glyph) -> bool {
    matches!(glyph.value.char(), Some(',' | '.' | ';' | ':' | '।'))
}

fn is_indic(glyph: &Glyph, texts: &Texts) -> bool {
    let (_, last) = texts.ends(glyph.value);
    script::of(last).is_some_and(|script| script != "Latn")
}

struct Writer<'t> {
    texts: &'t Texts,
    words: Vec<Word>,
    last: Option<Glyph>,
    /// Whether a space has been seen since the last glyph.
    parted: bool,
}

impl Writer<'_> {
    fn glyph(&mut self, glyph: &Glyph, start: f32, least_gap: f32) {
        if glyph.value.is_space() {
            self.parted = true;
            return;
        }
        let (first, _) = self.texts.ends(glyph.value);
        let apart = self.last.is_none_or(|last| {
            let gap = start - (last.x + last.width);
            let wide = gap > least_gap * last.size.min(glyph.size) && glyph.width > 0.0;
            wide || gap < -4.0 * glyph.size || self.is_note(&last, glyph, first)
        });
        let parted = std::mem::replace(&mut self.parted, false);
        if let Some(word) = self.words.last_mut().filter(|_| !parted && !apart) {
            let face = word.faces.last().map(|(face, _)| *face);
            if face != Some(glyph.face) {
                word.faces.push((glyph.face, word.text.len()));
            }
            self.texts.write(glyph.value, &mut word.text);
            word.x0 = word.x0.min(glyph.x);
            word.x1 = word.x1.max(glyph.x + glyph.width);
            word.size = word.size.max(glyph.size);
        } else {
            let mut text = String::new();
            self.texts.write(glyph.value, &mut text);
            self.words.push(Word {
                text,
                x0: glyph.x,
                x1: glyph.x + glyph.width,
                size: glyph.size,
                faces: vec![(glyph.face, 0)],
            });
        }
        // What is set over a letter does not end where the letter does.
        let over = self.last.is_some_and(|last| {
            glyph.is_mark(self.texts) && !apart && glyph.x + glyph.width <= last.x + last.width
        });
        if !over {
            self.last = Some(*glyph);
        }
    }

    /// A raised digit after a digit is the number of a note, not a part of the year before it.
    fn is_note(&self, last: &Glyph, glyph: &Glyph, first: char) -> bool {
        let (_, before) = self.texts.ends(last.value);
        first.is_ascii_digit()
            && before.is_ascii_digit()
            && glyph.size < 0.87 * last.size
            && last.y - glyph.y > 0.15 * last.size
    }
}

/// How far apart the letters of a segment are set, in em; nothing for ordinary type.
fn letter_spacing(segment: &Segment, texts: &Texts) -> f32 {
    let mut gaps: Vec<f32> = Vec::new();
    let mut letters = 0;
    for pair in segment.glyphs.windows(2) {
        if let [a, b] = pair
            && !a.value.is_space()
            && !b.value.is_space()
        {
            let gap = (b.x - a.x - a.width) / a.size.max(0.1);
            gaps.push(gap);
            letters += usize::from(is_letter(texts.ends(b.value).0));
        }
    }
    let wide = gaps.iter().filter(|gap| **gap > 0.1).count();
    if gaps.len() < 3 || wide * 10 < gaps.len() * 6 || letters * 10 < gaps.len() * 7 {
        return 0.0;
    }
    gaps.sort_by(f32::total_cmp);
    gaps.get(gaps.len() / 2).copied().unwrap_or(0.0).max(0.0)
}

/// Puts runs of single capitals together. A gap clearly wider than most parts words there.
fn together(words: Vec<Word>) -> Vec<Word> {
    if !words
        .windows(FEWEST_LETTERS)
        .any(|run| run.iter().all(is_capital))
    {
        return words;
    }
    let mut out: Vec<Word> = Vec::with_capacity(words.len());
    let mut rest = words.as_slice();
    while let [word, ..] = rest {
        let length = rest.iter().take_while(|word| is_capital(word)).count();
        let (run, after) = rest.split_at(length.max(1));
        rest = after;
        if length < FEWEST_LETTERS {
            out.extend(run.iter().cloned());
            continue;
        }
        let mut gaps: Vec<f32> = run.windows(2).map(gap).collect();
        gaps.sort_by(f32::total_cmp);
        let usual = gaps.get(gaps.len() / 2).copied().unwrap_or(0.0);
        if usual > 1.3 * word.size {
            // Capitals that far apart are the heads of columns.
            out.extend(run.iter().cloned());
            continue;
        }
        let mut whole = word.clone();
        for pair in run.windows(2) {
            let [_, next] = pair else { continue };
            if gap(pair) > (1.5 * usual).max(usual + 0.15 * word.size) {
                out.push(std::mem::replace(&mut whole, next.clone()));
            } else {
                let end = whole.text.len();
                whole
                    .faces
                    .extend(next.faces.iter().map(|(face, at)| (*face, at + end)));
                whole.text.push_str(&next.text);
                whole.x1 = next.x1;
            }
        }
        out.push(whole);
    }
    out
}

fn gap(pair: &[Word]) -> f32 {
    match pair {
        [a, b] => b.x0 - a.x1,
        _ => 0.0,
    }
}

fn is_capital(word: &Word) -> bool {
    let mut chars = word.text.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
}

//! From text to terms: where words begin and end, how they are spelled in the index.
//!
//! Two spellings are kept apart. The *exact* one (NFC, lower case, joiners dropped) is what phrases
//! and prefixes match; the *loose* one (word stems, without nukta and diacritics) is what single
//! words match.

mod analyzer;
mod fold;
mod key;
mod packed;
mod roman;
mod run;
mod shorthand;
mod split;
mod stem;
mod tally;
mod words;

pub(crate) use analyzer::{
    EXACT, LOOSE, PACKED_EXACT, PACKED_LOOSE, Spellings, register, spell, spellings, words,
};
pub(crate) use roman::{romanised, skeleton};
pub(crate) use shorthand::{lengthened, shortened};
pub(crate) use split::groups;
pub(crate) use stem::{Stems, has_one_spelling};
pub(crate) use tally::Tally;
pub(crate) use words::{judge_name, language_code, language_name, languages};

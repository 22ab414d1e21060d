//! From text to terms: where words begin and end, how they are spelled in the index.
//!
//! Two spellings are kept apart. The *exact* one (NFC, lower case, joiners dropped) is what phrases
//! and prefixes match; the *loose* one (word stems, without nukta and diacritics) is what single
//! words match.

mod analyzer;
mod fold;
mod split;
mod stem;

pub(crate) use analyzer::{EXACT, LOOSE, Spellings, register, spell, spellings, words};
pub(crate) use split::groups;
pub(crate) use stem::Stems;

//! The query language.
//!
//! ```text
//! query   = [ either ]                       an empty query matches everything
//! either  = all { "OR" all }
//! all     = part { [ "AND" ] part }          words side by side must all match
//! part    = { "NOT" | "-" } primary
//! primary = "(" either ")" | [ field ":" ] ( word | word "*" | phrase | "(" either ")" )
//! phrase  = '"' text '"' [ "~" distance ]
//! field   = title | party | judge | court | bench | cnr | citation | case | year | disposal
//!         | kind | body
//! ```
//!
//! Operators are upper case (`ANDD`, `ORR` and `NOTT` are understood too); in lower case they are
//! words. The limits of [`lex`] are checked before anything else looks at the text, by one linear
//! scan, so that parsing and everything after it work on small input.

mod lex;
mod needle;
mod parse;
mod plan;
mod tree;

pub(crate) use needle::{Needle, needles};
pub(crate) use parse::parse;
pub(crate) use plan::{Planner, decided, find_court, join, raw};

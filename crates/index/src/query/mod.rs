//! The query language.
//!
//! ```text
//! query    = [ either ]                       an empty query matches everything
//! either   = all { "OR" all }
//! all      = part { [ "AND" ] part }          words side by side must all match
//! part     = { "NOT" | "-" } near
//! near     = primary { distance primary }     operands are words, beginnings, phrases, groups of these with OR
//! distance = "/" n | "w/" n | "near" [ "/" n ] | "@" n | "pre/" n
//! primary  = "(" either ")" | [ field ":" ] ( word | word "*" | word "~" [ n ] | phrase | "(" either ")" )
//! phrase   = '"' text '"' [ "~" distance ]
//! field    = title | party | petitioner | respondent | judge | court | bench | cnr | citation | cites | case
//!          | casetype | statute | section | disposal | kind | language | year | date | after | before | body
//! ```
//!
//! Operators are understood in any case, and as `ANDD`, `ORR`, `NOTT`, `&&` and `||`. The limits of [`lex`] are checked
//! before anything else looks at the text, by one linear scan, so that parsing and everything after it work
//! on small input.

mod any_word;
mod build;
mod canonical;
mod dates;
mod excluded;
mod expand;
mod lex;
mod named;
mod near;
mod needle;
mod operator;
mod parse;
mod plan;
mod tree;

pub(crate) use build::{decided, find_court, join, raw};
pub(crate) use needle::{Needle, needles};
pub(crate) use parse::parse;
pub(crate) use plan::Planner;
pub(crate) use tree::{FieldName, Form, Leaf, Tree, distance};

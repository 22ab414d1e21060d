//! What the readers hand to each other: a citation in byte offsets, before links and clusters are made.

use crate::citation::{Kind, StatuteLink};
use crate::table::Sort;

/// A citation in the making.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// One past what belongs to it but is not its text: a court in brackets, a pinpoint.
    pub(crate) tail: usize,
    pub(crate) kind: Kind,
    pub(crate) key: String,
    pub(crate) pinpoint: Option<String>,
    pub(crate) statute: Option<StatuteLink>,
    pub(crate) resolved: bool,
    /// The year printed in it.
    pub(crate) year: Option<u32>,
    pub(crate) role: Role,
}

/// What later passes need to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Nothing.
    Plain,
    /// A place in this reporter.
    Report(usize),
    /// A provision of this unit; the key holds the unit and number until it is linked.
    Unit(Unit),
    /// A statute by name.
    Named(Sort),
    /// "the Act", "the MV Act": no row of its own; the key holds the letters of its name.
    Reference(Sort),
}

/// The unit of a provision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Section,
    Article,
    OrderRule,
    Rule,
    Regulation,
}

impl Found {
    pub(crate) fn new(kind: Kind, start: usize, end: usize, key: String) -> Self {
        Self {
            start,
            end,
            tail: end,
            kind,
            key,
            pinpoint: None,
            statute: None,
            resolved: true,
            year: None,
            role: Role::Plain,
        }
    }
}

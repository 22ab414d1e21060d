//! The one pass over a text: from each start of a word through the automaton, and from each anchor to the reader of its shape.

use std::collections::HashMap;

use crate::found::{Found, Role, Unit};
use crate::link::is_bare;
use crate::report::{self, Anchor};
use crate::table::{Entry, Sort, Tables, Word, tables};
use crate::title::letters;
use crate::{case, cnr, lex, neutral, provision, statute, unlisted};

/// What one pass finds.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// In the order of the text.
    pub(crate) found: Vec<Found>,
    /// The names that the text gives to statutes: letters to key.
    pub(crate) names: HashMap<String, String>,
    /// Where it stopped, if that was before the end of the text.
    pub(crate) stopped: Option<usize>,
    /// Where a name ends that was read and is nobody's business.
    passed: Option<usize>,
}

/// A reference ("the Act") is of use behind a provision, at most this far.
const REACH: usize = 48;

/// The letters of the shortest name of a reporter to which a volume may be glued.
const GLUED: usize = 3;
/// The letters of the longest roman volume.
const VOLUME: usize = 5;

/// Reads a text once, or until it has found `most`.
pub(crate) fn scan(text: &str, most: usize) -> Scan {
    let b = text.as_bytes();
    let tables = tables();
    let mut scan = Scan::default();
    let mut floor = 0;
    let mut i = 0;
    while let Some(&c) = b.get(i) {
        // Never inside a word: what is no start of one is stepped over below.
        let consumed = if c.is_ascii_alphabetic() {
            scan.word(b, i, floor, tables)
        } else if c.is_ascii_digit() {
            scan.digits(b, i)
        } else if c == 0xc2 && b.get(i + 1) == Some(&0xa7) {
            // The section sign, once or twice.
            let twice = b.get(i + 2..i + 4) == Some(&[0xc2, 0xa7]);
            let end = i + if twice { 4 } else { 2 };
            provision::read(b, i, end, Unit::Section, &mut scan.found)
        } else {
            i += 1;
            continue;
        };
        let passed = scan.passed.take();
        if consumed && let Some(past) = passed.or_else(|| Some(scan.found.last()?.tail)) {
            if scan.found.len() >= most && passed.is_none() && past < b.len() {
                scan.stopped = Some(past);
                break;
            }
            floor = past.max(i + 1);
            // Never back into a character: every reader ends at a boundary of its own.
            i = floor;
        } else {
            i += 1;
        }
        i = next_start(b, i);
    }
    scan
}

/// The first place at or behind `i` that is not inside a word or a number: a capital behind a small letter begins a word.
#[inline]
fn next_start(b: &[u8], mut i: usize) -> usize {
    let Some(mut previous) = i.checked_sub(1).and_then(|n| b.get(n)).copied() else {
        return i;
    };
    while let Some(&c) = b.get(i) {
        let inside = match c {
            b'a'..=b'z' => previous.is_ascii_alphabetic(),
            b'A'..=b'Z' => previous.is_ascii_uppercase(),
            b'0'..=b'9' => previous.is_ascii_digit(),
            _ => return i,
        };
        if !inside {
            return i;
        }
        previous = c;
        i += 1;
    }
    i
}

impl Scan {
    fn word(&mut self, b: &[u8], at: usize, floor: usize, tables: &Tables) -> bool {
        if tables.anchors.may_begin(b, at) {
            for hit in tables.anchors.walk(b, at) {
                for entry in hit.entries {
                    if self.entry(b, *entry, at, hit.end, floor) {
                        return true;
                    }
                }
            }
        }
        if b[at].is_ascii_uppercase() && follows_number(b, at, floor) {
            if self.glued_volume(b, at, floor, tables) {
                return true;
            }
            let unnamed = unlisted::unnamed_ilr(Anchor {
                b,
                start: at,
                end: at,
                floor,
            });
            if let Some(found) = unnamed.or_else(|| unlisted::unknown(b, at, floor)) {
                self.found.push(found);
                return true;
            }
        }
        // Cheap before dear: the seventh character of a CNR is a digit.
        if b.get(at + 7).is_some_and(u8::is_ascii_digit)
            && let Some(found) = cnr::read(b, at)
        {
            self.found.push(found);
            return true;
        }
        false
    }

    /// A roman volume glued to a reporter of the table behind a year: "(2005)ILLJ1065", "(1996)IIILLJ12".
    fn glued_volume(&mut self, b: &[u8], at: usize, floor: usize, tables: &Tables) -> bool {
        let roman = b[at..].iter().take_while(|c| b"IVX".contains(c));
        let start = at + roman.take(VOLUME + 1).count();
        if start == at || start > at + VOLUME {
            return false;
        }
        for hit in tables.anchors.walk(b, start) {
            let name = &b[start..hit.end];
            if name.iter().filter(|c| c.is_ascii_alphabetic()).count() < GLUED {
                continue;
            }
            for entry in hit.entries {
                let Entry::Reporter(index) = *entry else {
                    continue;
                };
                let anchor = Anchor {
                    b,
                    start,
                    end: hit.end,
                    floor,
                };
                let found = report::read(anchor, index)
                    .filter(|found| found.year.is_some() && found.start < at);
                if let Some(found) = found {
                    self.found.push(found);
                    return true;
                }
            }
        }
        false
    }

    fn digits(&mut self, b: &[u8], at: usize) -> bool {
        if !matches!(b[at], b'1' | b'2')
            || !matches!(
                b.get(at + 4),
                Some(b':' | b'/' | b' ' | b'\n' | 0xc2 | 0xe2)
            )
        {
            return false;
        }
        match neutral::high_court(b, at) {
            Some(found) => {
                self.found.push(found);
                true
            }
            None => false,
        }
    }

    fn entry(&mut self, b: &[u8], entry: Entry, start: usize, end: usize, floor: usize) -> bool {
        let found = match entry {
            Entry::Reporter(index) => report::read(
                Anchor {
                    b,
                    start,
                    end,
                    floor,
                },
                index,
            ),
            Entry::Statute(index) => statute::listed(b, start, end, index, floor),
            Entry::CaseType(index) => return case::read(b, start, end, index, &mut self.found),
            Entry::Word(word) => return self.word_of_law(b, word, start, end, floor),
        };
        self.push_statute_or_report(b, found)
    }

    fn push_statute_or_report(&mut self, b: &[u8], found: Option<Found>) -> bool {
        let Some(mut found) = found else {
            return false;
        };
        self.take_for_defined(b, &mut found);
        if matches!(found.role, Role::Reference(_)) && found.pinpoint.is_none() {
            let provision_before = self.found.last().is_some_and(|last| {
                matches!(last.role, Role::Unit(_)) && found.start <= last.end + REACH
            });
            if !provision_before {
                self.passed = Some(found.end);
                return true;
            }
        }
        // "U.P. Act 8 of 1994 (hereinafter 'the Act')" too.
        let of_year = found.pinpoint.as_ref().zip(found.year);
        if (matches!(found.role, Role::Named(_))
            || of_year.is_some() && matches!(found.role, Role::Reference(_)))
            && let Some(name) = statute::definition(b, found.end)
        {
            let key = match of_year {
                Some((title, year)) => format!("{title} {year}"),
                None => found.key.clone(),
            };
            // '(for short "CP Act, 1986")' is spoken of without its year too.
            if let Some(bare) = without_year(&name) {
                self.names
                    .entry(bare.to_owned())
                    .or_insert_with(|| key.clone());
            }
            self.names.insert(name, key);
        }
        self.found.push(found);
        true
    }

    /// "the CP Act, 1986" is the statute that the text called so, not another of its own.
    fn take_for_defined(&self, b: &[u8], found: &mut Found) {
        if let Role::Named(sort) = found.role
            && !found.resolved
            && found.year.is_some()
            && !self.names.is_empty()
        {
            let name = letters(b.get(found.start..found.end).unwrap_or(b""));
            if self.names.get(&name).is_some_and(|key| *key != found.key) {
                found.role = Role::Reference(sort);
                found.key = name;
            }
        }
    }

    fn word_of_law(
        &mut self,
        b: &[u8],
        word: Word,
        start: usize,
        end: usize,
        floor: usize,
    ) -> bool {
        let into = &mut self.found;
        match word {
            Word::Section => provision::read(b, start, end, Unit::Section, into),
            Word::UnderSection => {
                b[start..end].contains(&b'/') && provision::read(b, start, end, Unit::Section, into)
            }
            Word::Article => provision::read(b, start, end, Unit::Article, into),
            Word::Order => provision::order(b, start, end, into),
            Word::Regulation => {
                provision::read(b, start, end, Unit::Regulation, into)
                    || (end - start == 11 && self.title(b, start, end, Sort::Rules, floor))
            }
            Word::Rule => {
                provision::read(b, start, end, Unit::Rule, into)
                    || (lex::is_word(b, start, "rules")
                        && self.title(b, start, end, Sort::Rules, floor))
            }
            Word::Title(sort) => self.title(b, start, end, sort, floor),
            Word::Diary => case::diary(b, start, end, into),
            Word::DiaryNumber => case::diary_number(b, start, end, into),
            Word::Number => case::unlisted(b, start, end, floor, into),
        }
    }

    fn title(&mut self, b: &[u8], start: usize, end: usize, sort: Sort, floor: usize) -> bool {
        let found = statute::titled(b, start, end, sort, floor);
        self.push_statute_or_report(b, found)
    }
}

/// A name in letters without the year at its end; "the Act, 1986" is no name without it.
fn without_year(name: &str) -> Option<&str> {
    let (bare, year) = name.split_at_checked(name.len().checked_sub(4)?)?;
    let is_year = year.parse().is_ok_and(lex::is_year);
    (is_year && bare.len() >= 2 && !is_bare(bare)).then_some(bare)
}

/// Whether a number or a closing bracket stands before a word, as before a reporter.
fn follows_number(b: &[u8], at: usize, floor: usize) -> bool {
    let end = lex::skip_back(b, at, floor, b".,-", 3);
    end > floor && matches!(b[end - 1], b'0'..=b'9' | b')' | b']')
}

//! From query text to tokens, and the limits.
//!
//! Everything that could make a query expensive is refused here, before anything recursive runs:
//! length, number of words and phrases, depth of brackets.

use super::operator::{is_operator, operator};
use super::tree::{FieldName, Gap};
use crate::QueryError;

/// The longest query, in characters.
pub(crate) const MAX_CHARS: usize = 1_000;
/// The largest number of words and phrases.
pub(crate) const MAX_CLAUSES: usize = 32;
/// The deepest nesting of brackets.
pub(crate) const MAX_DEPTH: usize = 16;
/// The largest distance of a phrase.
const MAX_SLOP: u32 = 50;

/// A token with the character at which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lexeme {
    pub(crate) position: usize,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Open,
    Close,
    And,
    Or,
    Not,
    /// Nearness, with the operator as typed.
    Near(Gap, String),
    Field(FieldName),
    Word(String),
    Prefix(String),
    /// A word with so many letters wrong at most.
    Fuzzy(String, u8),
    Phrase {
        text: String,
        slop: u32,
    },
}

/// The tokens of `query`. Brackets and quotes are balanced in what is returned.
pub(crate) fn lex(query: &str) -> Result<Vec<Lexeme>, QueryError> {
    // A character has at most four bytes: a huge query is refused without being read.
    if query.len() > 4 * MAX_CHARS || query.chars().nth(MAX_CHARS).is_some() {
        return Err(QueryError::at(
            MAX_CHARS,
            format!("the query is longer than {MAX_CHARS} characters"),
            "search for a few telling words or one phrase",
        ));
    }
    let mut lexer = Lexer {
        chars: query.chars().collect(),
        at: 0,
        open: Vec::new(),
        clauses: 0,
        out: Vec::new(),
    };
    while lexer.step()? {}
    match lexer.open.last() {
        Some(position) => Err(QueryError::at(
            *position,
            "this bracket is never closed",
            "add a ) where the group ends, or put the text in quotes",
        )),
        None => Ok(lexer.out),
    }
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    /// Positions of the brackets that are open.
    open: Vec<usize>,
    clauses: usize,
    out: Vec<Lexeme>,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn push(&mut self, position: usize, kind: Kind) {
        self.out.push(Lexeme { position, kind });
    }

    /// Reads one token; false at the end.
    fn step(&mut self) -> Result<bool, QueryError> {
        let Some(c) = self.peek(0) else {
            return Ok(false);
        };
        let position = self.at;
        match c {
            c if c.is_whitespace() => self.at += 1,
            '(' => self.open(position)?,
            ')' => self.close(position)?,
            c if is_quote(c) => self.phrase(position)?,
            '-' if self.at_start()
                && self
                    .peek(1)
                    .is_some_and(|next| !next.is_whitespace() && next != '-') =>
            {
                self.at += 1;
                self.push(position, Kind::Not);
            }
            _ => self.word(position)?,
        }
        Ok(true)
    }

    /// Whether a `-` here excludes: at the start of a part, not after a field or inside a word.
    fn at_start(&self) -> bool {
        let after_space = self.at == 0
            || self
                .chars
                .get(self.at - 1)
                .is_some_and(|c| c.is_whitespace() || *c == '(');
        after_space
            && !matches!(
                self.out.last(),
                Some(Lexeme {
                    kind: Kind::Field(_),
                    ..
                })
            )
    }

    fn open(&mut self, position: usize) -> Result<(), QueryError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(QueryError::at(
                position,
                format!("brackets are nested more than {MAX_DEPTH} deep"),
                "most groups need no brackets: words side by side must all match",
            ));
        }
        self.open.push(position);
        self.at += 1;
        self.push(position, Kind::Open);
        Ok(())
    }

    fn close(&mut self, position: usize) -> Result<(), QueryError> {
        if self.open.pop().is_none() {
            return Err(QueryError::at(
                position,
                "this bracket was never opened",
                "remove the ), or add a ( where the group begins",
            ));
        }
        self.at += 1;
        self.push(position, Kind::Close);
        Ok(())
    }

    fn count_clause(&mut self, position: usize) -> Result<(), QueryError> {
        self.clauses += 1;
        if self.clauses > MAX_CLAUSES {
            return Err(QueryError::at(
                position,
                format!("more than {MAX_CLAUSES} words and phrases"),
                "put a passage in quotes to find it as it stands, or keep the telling words only",
            ));
        }
        Ok(())
    }

    fn phrase(&mut self, position: usize) -> Result<(), QueryError> {
        self.count_clause(position)?;
        let rest = self.chars.get(self.at + 1..).unwrap_or(&[]);
        let Some(length) = rest.iter().position(|c| is_quote(*c)) else {
            return Err(QueryError::at(
                position,
                "this quotation mark is never closed",
                "add a \" where the phrase ends",
            ));
        };
        let inside = rest.get(..length).unwrap_or(&[]);
        if let Some(star) = inside
            .windows(2)
            .position(|pair| matches!(pair, [c, '*'] if c.is_alphanumeric()))
        {
            return Err(QueryError::at(
                position + star + 2,
                "a wildcard does not work inside quotes",
                "take the word with the * out of the quotes",
            ));
        }
        let text: String = inside.iter().collect();
        self.at += length + 2;
        let slop = self.slop()?;
        self.push(position, Kind::Phrase { text, slop });
        Ok(())
    }

    /// The `~5` after a phrase.
    fn slop(&mut self) -> Result<u32, QueryError> {
        if self.peek(0) != Some('~') || !self.peek(1).is_some_and(|c| c.is_ascii_digit()) {
            return Ok(0);
        }
        let position = self.at + 1;
        self.at += 1;
        let mut slop: u32 = 0;
        while let Some(digit) = self.peek(0).and_then(|c| c.to_digit(10)) {
            slop = slop.saturating_mul(10).saturating_add(digit);
            self.at += 1;
        }
        if slop > MAX_SLOP {
            return Err(QueryError::at(
                position,
                format!("the distance may be at most {MAX_SLOP} words"),
                "search for the words without quotes: they may then stand anywhere",
            ));
        }
        Ok(slop)
    }

    fn word(&mut self, position: usize) -> Result<(), QueryError> {
        let mut text = String::new();
        let mut bracket_until = self.at;
        while let Some(c) = self.peek(0) {
            if c.is_whitespace() || is_quote(c) {
                break;
            }
            if matches!(c, '(' | ')') && self.at >= bracket_until {
                match self.inner_bracket(&text) {
                    Some(end) => bracket_until = end,
                    None => break,
                }
            }
            if c == ':' && self.field(position, &text)? {
                return Ok(());
            }
            text.push(c);
            self.at += 1;
        }
        match operator(&text, position)? {
            Some(kind) => {
                self.push(position, kind);
                Ok(())
            }
            None => self.plain_word(position, &text),
        }
    }

    /// The end of a bracket that is part of a word, as in `WP(C)/1/2024` and `482(1)(b)`.
    fn inner_bracket(&self, before: &str) -> Option<usize> {
        let is_word = before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | '.'))
            && !is_operator(before);
        if self.peek(0) != Some('(') || !is_word {
            return None;
        }
        let inside = self.chars.get(self.at + 1..)?;
        let length = inside
            .iter()
            .position(|c| c.is_whitespace() || is_quote(*c) || matches!(c, '(' | ')'))?;
        (inside.get(length) == Some(&')')).then_some(self.at + length + 2)
    }

    /// At a `:` after `name`: whether that names a field. Unknown names that look like a field are
    /// refused, since they would silently find nothing.
    fn field(&mut self, position: usize, name: &str) -> Result<bool, QueryError> {
        let after_field = matches!(
            self.out.last(),
            Some(Lexeme {
                kind: Kind::Field(_),
                ..
            })
        );
        if after_field || !name.chars().all(|c| c.is_ascii_alphabetic()) {
            return Ok(false);
        }
        if let Some(field) = FieldName::find(name) {
            self.at += 1;
            self.push(position, Kind::Field(field));
            return Ok(true);
        }
        let has_value = self.peek(1).is_some_and(|c| !c.is_whitespace() && c != '/');
        let is_shouted = name.chars().all(|c| c.is_ascii_uppercase());
        if name.len() < 3 || is_shouted || !has_value {
            return Ok(false);
        }
        let listing = FieldName::listing();
        let hint = match FieldName::nearest(name) {
            Some(known) => format!("did you mean {known}: ? Fields are {listing}"),
            None => format!("fields are {listing}; put the text in quotes to search for it"),
        };
        Err(QueryError::at(
            position,
            format!("there is no field called {name}"),
            hint,
        ))
    }

    fn plain_word(&mut self, position: usize, text: &str) -> Result<(), QueryError> {
        if let Some((word, distance)) = fuzzy(text) {
            return self.fuzzy_word(position, word, distance);
        }
        let stem = text.trim_end_matches('*');
        if let Some(byte) = stem.find('*') {
            let star = position + stem.get(..byte).unwrap_or("").chars().count();
            return Err(
                if byte == 0
                    || !stem
                        .chars()
                        .take_while(|c| *c != '*')
                        .any(char::is_alphanumeric)
                {
                    QueryError::at(
                        star,
                        "a word cannot begin with a wildcard",
                        "write the beginning of the word: bail*",
                    )
                } else {
                    QueryError::at(
                        star,
                        "a wildcard only works at the end of a word",
                        "end the word with the *: bail*",
                    )
                },
            );
        }
        if stem.is_empty() {
            return Err(QueryError::at(
                position,
                "a wildcard needs the beginning of a word",
                "write some letters before the *, or leave the query empty to list everything",
            ));
        }
        self.count_clause(position)?;
        let kind = if stem.len() == text.len() {
            Kind::Word
        } else {
            Kind::Prefix
        };
        self.push(position, kind(stem.to_owned()));
        Ok(())
    }
}

impl Lexer {
    fn fuzzy_word(
        &mut self,
        position: usize,
        word: &str,
        distance: Option<u32>,
    ) -> Result<(), QueryError> {
        let letters = word.chars().count();
        let refused =
            |message: &str, hint: &str| Err(QueryError::at(position + letters, message, hint));
        if word.contains('*') {
            return refused(
                "a wildcard and a ~ do not go together",
                "write bail* for all words that begin so, or bail~ for words spelled nearly so",
            );
        }
        let distance = match distance {
            Some(distance @ 1..=2) => distance as u8,
            Some(_) => {
                return refused(
                    "one or two letters may be wrong",
                    "write ~1 or ~2, or ~ alone",
                );
            }
            None if letters > LONG_WORD => 2,
            None => 1,
        };
        if letters < SHORTEST_FUZZY {
            return refused(
                "too few letters before the ~",
                "a word of three letters or less is like too many others: write it as it is spelled",
            );
        }
        self.count_clause(position)?;
        self.push(position, Kind::Fuzzy(word.to_owned(), distance));
        Ok(())
    }
}

/// Words of more letters may have two wrong.
const LONG_WORD: usize = 5;
/// Shorter words are not searched with wrong letters.
const SHORTEST_FUZZY: usize = 4;

/// A word before `~`, and the digit after it.
fn fuzzy(text: &str) -> Option<(&str, Option<u32>)> {
    let (word, number) = text.rsplit_once('~')?;
    let number = match number {
        "" => None,
        digits => Some(digits.parse().ok()?),
    };
    (!word.is_empty() && !word.contains('~')).then_some((word, number))
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}')
}

#[cfg(test)]
#[path = "lex_tests.rs"]
mod tests;

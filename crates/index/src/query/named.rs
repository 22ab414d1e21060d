//! Conditions on a field that the query names.

use jiff::civil::Date;
use nirnay_citation::{Kind, parse_key};
use nirnay_model::Cnr;
use tantivy::query::Occur;

use super::build::{
    Built, MIN_PREFIX, any, decided, find_court, join, raw, starts_with, text, with_identifiers,
    with_raw,
};
use super::dates::{self, Days};
use super::plan::Planner;
use super::tree::{FieldName, Form, Leaf};
use crate::text::{language_code, languages};
use crate::{QueryError, identifier};

/// The values of `kind:`.
const KINDS: [&str; 6] = [
    "judgment",
    "order",
    "interim_order",
    "cause_list",
    "other",
    "unstated",
];

impl Planner<'_> {
    pub(super) fn in_named(
        &mut self,
        field: FieldName,
        leaf: &Leaf,
    ) -> Result<Option<Built>, QueryError> {
        let fields = *self.fields;
        match field {
            FieldName::Title => self.with_roman(leaf, text(fields.title, leaf)?),
            FieldName::Petitioner => self.with_roman(leaf, text(fields.petitioner, leaf)?),
            FieldName::Respondent => self.with_roman(leaf, text(fields.respondent, leaf)?),
            FieldName::Party => {
                let either = match (
                    text(fields.petitioner, leaf)?,
                    text(fields.respondent, leaf)?,
                ) {
                    (Some(first), second) => Some(any(first, second)),
                    (None, second) => second,
                };
                self.with_roman(leaf, either)
            }
            FieldName::Judge => text(fields.judge, leaf),
            FieldName::Court => match find_court(&leaf.text) {
                Some(court) => Ok(Some(raw(fields.court, court.code.as_str()))),
                None => Ok(with_raw(fields.court, leaf, text(fields.court_text, leaf)?)),
            },
            FieldName::Bench => Ok(with_raw(fields.bench, leaf, text(fields.bench_text, leaf)?)),
            FieldName::Citation => Ok(with_identifiers(
                &fields,
                leaf,
                text(fields.citation_text, leaf)?,
            )),
            FieldName::Case => Ok(with_identifiers(
                &fields,
                leaf,
                text(fields.case_text, leaf)?,
            )),
            FieldName::Cites => self.cites(leaf),
            FieldName::Cnr => self.cnr(leaf),
            FieldName::CaseType => Ok(Some(raw(fields.case_type, &case_type(&leaf.text)))),
            FieldName::Statute => self.statute(leaf),
            FieldName::Section => self.section(leaf),
            FieldName::Disposal => self.disposal(leaf),
            FieldName::Kind => self.kind(leaf),
            FieldName::Language => self.language(leaf),
            FieldName::Year => self.year(leaf),
            FieldName::Date | FieldName::After | FieldName::Before => self.date(field, leaf),
            FieldName::Body => Ok(None),
        }
    }

    /// Judgments that cite another.
    fn cites(&self, leaf: &Leaf) -> Result<Option<Built>, QueryError> {
        let mut found = None;
        for term in identifier::terms(&leaf.text) {
            found = Some(any(raw(self.fields.cites, &term), found));
        }
        found.map(Some).ok_or_else(|| {
            QueryError::at(
                leaf.position,
                "this is no citation",
                "write it in quotes as it is printed: cites:\"(2017) 10 SCC 1\", cites:\"2025 INSC 555\"",
            )
        })
    }

    fn cnr(&self, leaf: &Leaf) -> Result<Option<Built>, QueryError> {
        let plain: String = leaf
            .text
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let plain = plain.to_ascii_uppercase();
        match (leaf.form, plain.parse::<Cnr>()) {
            (Form::Prefix, _) if plain.len() >= MIN_PREFIX => {
                starts_with(self.fields.cnr, &plain, leaf.position).map(Some)
            }
            (_, Ok(cnr)) => Ok(Some(raw(self.fields.cnr, cnr.as_str()))),
            (_, Err(error)) => Err(QueryError::at(
                leaf.position,
                format!("this is not a CNR: {}", error.why),
                "a CNR has 16 characters, such as DLHC010000122024; end its beginning with a * to find all that share it",
            )),
        }
    }

    /// A statute by its key or by a name that the tables know; else by words of its title.
    fn statute(&self, leaf: &Leaf) -> Result<Option<Built>, QueryError> {
        let words = text(self.fields.statute_text, leaf)?;
        let key = parse_key(&leaf.text).filter(|key| key.kind == Kind::Statute);
        Ok(match key {
            Some(key) => Some(any(raw(self.fields.statute, &key.text), words)),
            None => words,
        })
    }

    /// A provision by number (`302`), by unit and number (`s 302`, `article 226`) or with its statute. `302/34` is
    /// both. The index knows provisions without their parts: `14(1)(b)` is section 14 in a text that prints
    /// `14(1)(b)`.
    fn section(&mut self, leaf: &Leaf) -> Result<Option<Built>, QueryError> {
        let typed = leaf.text.trim();
        let is_number = typed.starts_with(|c: char| c.is_ascii_digit()) && !typed.contains(' ');
        let numbers: Vec<&str> = typed.split('/').collect();
        if is_number && numbers.len() > 1 {
            let mut all = Vec::new();
            for number in numbers.into_iter().filter(|number| !number.is_empty()) {
                let part = self.section(&Leaf {
                    text: number.to_owned(),
                    ..leaf.clone()
                })?;
                all.extend(part.map(|part| (Occur::Must, part)));
            }
            return Ok(Some(join(all)));
        }
        if let Some((number, _)) = typed.split_once('(').filter(|_| is_number) {
            let whole = raw(self.fields.section, &plain_number(number));
            let as_printed = text(
                self.fields.body,
                &Leaf {
                    field: None,
                    form: Form::Phrase { slop: 0 },
                    ..leaf.clone()
                },
            )?;
            let mut all = vec![(Occur::Must, whole)];
            all.extend(as_printed.map(|printed| (Occur::Must, printed)));
            return Ok(Some(join(all)));
        }
        let provision = |text: &str| {
            parse_key(text)
                .filter(|key| key.kind == Kind::Provision)
                .map(|key| key.text.to_lowercase())
        };
        if is_number {
            return Ok(Some(raw(self.fields.section, &plain_number(typed))));
        }
        let found = provision(typed).or_else(|| provision(&format!("section {typed}")));
        match found {
            Some(key) => Ok(Some(raw(self.fields.section, &key))),
            None => Err(QueryError::at(
                leaf.position,
                "this is no section or article",
                "write section:302, section:\"302 IPC\", section:\"article 226\" or section:\"order 21 rule 29 CPC\"",
            )),
        }
    }

    fn disposal(&self, leaf: &Leaf) -> Result<Option<Built>, QueryError> {
        let class: String = leaf.text.to_lowercase().replace([' ', '-'], "_");
        Ok(text(self.fields.disposal_text, leaf)?
            .map(|words| any(raw(self.fields.disposal, &class), Some(words))))
    }

    fn kind(&self, leaf: &Leaf) -> Result<Option<Built>, QueryError> {
        let kind = leaf.text.trim().to_lowercase().replace([' ', '-'], "_");
        if KINDS.contains(&kind.as_str()) {
            return Ok(Some(raw(self.fields.kind, &kind)));
        }
        Err(QueryError::at(
            leaf.position,
            format!("{} is not a kind of document", leaf.text),
            format!("kinds are {}", KINDS.join(", ")),
        ))
    }

    fn language(&self, leaf: &Leaf) -> Result<Option<Built>, QueryError> {
        language_code(&leaf.text).map_or_else(
            || {
                Err(QueryError::at(
                    leaf.position,
                    format!("{} is not a language that is known here", leaf.text),
                    format!("languages are {}", languages()),
                ))
            },
            |code| Ok(Some(raw(self.fields.language, code))),
        )
    }

    /// `year:2024`, `year:2019..2021`: the years of decision.
    fn year(&self, leaf: &Leaf) -> Result<Option<Built>, QueryError> {
        let (from, to) = leaf
            .text
            .split_once("..")
            .or_else(|| leaf.text.split_once('-'))
            .unwrap_or((&leaf.text, &leaf.text));
        let read = |text: &str| {
            text.trim()
                .parse::<i16>()
                .ok()
                .filter(|year| (1800..=2100).contains(year))
        };
        match (read(from), read(to)) {
            (Some(from), Some(to)) if from <= to => Ok(decided(
                self.fields,
                Date::new(from, 1, 1).ok(),
                Date::new(to, 12, 31).ok(),
            )),
            (Some(_), Some(_)) => Err(backwards(leaf)),
            _ => Err(QueryError::at(
                leaf.position,
                "this is not a year",
                "write year:2024, or year:2019..2021 for a range",
            )),
        }
    }

    /// `date:` a period or range, `after:` and `before:` the days outside a period.
    fn date(&self, field: FieldName, leaf: &Leaf) -> Result<Option<Built>, QueryError> {
        let found = dates::days(&leaf.text, self.today);
        let days: Option<Days> = match (field, found) {
            (FieldName::After, Some((_, Some(last)))) => {
                last.tomorrow().ok().map(|day| (Some(day), None))
            }
            (FieldName::Before, Some((Some(first), _))) => {
                first.yesterday().ok().map(|day| (None, Some(day)))
            }
            (FieldName::Date, days) => days,
            _ => None,
        };
        match days {
            Some((from, to)) => Ok(decided(self.fields, from, to)),
            None if dates::is_backwards(&leaf.text, self.today) => Err(backwards(leaf)),
            None => Err(QueryError::at(
                leaf.position,
                format!("{} is not a date", leaf.text),
                dates::FORMS,
            )),
        }
    }
}

/// `498-A` as the index has it.
fn plain_number(typed: &str) -> String {
    let plain: String = typed.chars().filter(|c| *c != '-').collect();
    plain.to_lowercase()
}

fn backwards(leaf: &Leaf) -> QueryError {
    QueryError::at(
        leaf.position,
        format!("{} ends before it begins", leaf.text),
        "write the earlier one first",
    )
}

/// A case type as printed, in the spelling of the facet.
fn case_type(printed: &str) -> String {
    let printed = printed.trim();
    identifier::case_type(&format!("{printed} 1/2000")).unwrap_or_else(|| printed.to_uppercase())
}

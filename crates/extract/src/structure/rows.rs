//! A structure as flat rows, for tables.

use serde::Serialize;

use super::found::Found;
use super::parts::{CourtLevel, Role, Side, Span, Structure};
use super::portal::Agreement;

/// A row: one thing found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Element {
    /// Which field: `court`, `bench`, `jurisdiction`, `reportable`, `kind`, `case_number`,
    /// `petitioner` and `respondent` (the sides, whatever they are called), `judge`, `author`,
    /// `date_decision` and so on, `result`, `counsel`, `signatory`, `section`, `paragraph`, `quote`.
    pub field: &'static str,
    /// The value: a name, `TYPE/NUMBER/YEAR`, an ISO date, a word of a vocabulary, a number.
    pub value: String,
    /// The words as printed; empty for paragraphs and quotations, whose words the span gives.
    pub text: String,
    /// The page it begins on, from 1.
    pub page: u32,
    /// Its first character within that page's text.
    pub start: u32,
    /// The page it ends on.
    pub end_page: u32,
    /// The first character behind it, within that page's text.
    pub end: u32,
    /// Whether the positions count in the page's furniture.
    pub furniture: bool,
    /// How sure the reading is, 0 to 1.
    pub confidence: f32,
    /// More of it: the role of a party, the relation of a case number, the side of a lawyer.
    pub detail: Option<&'static str>,
    /// What the portal says in this field, where it was asked.
    pub portal_value: Option<String>,
    /// Whether the portal contradicts it; none where nothing could be compared.
    pub conflict: Option<bool>,
}

impl Structure {
    /// Everything found, a row each, in a fixed order of fields and in the order of the text within.
    pub fn elements(&self) -> impl Iterator<Item = Element> {
        let mut rows = Vec::new();
        self.masthead_rows(&mut rows);
        self.people_rows(&mut rows);
        self.body_rows(&mut rows);
        rows.into_iter()
    }

    fn masthead_rows(&self, rows: &mut Vec<Element>) {
        if let Some(court) = &self.court {
            rows.push(self.row(
                "court",
                court,
                court.value.clone(),
                self.court_level.map(CourtLevel::name),
            ));
        }
        for (field, found) in [("bench", &self.bench), ("jurisdiction", &self.jurisdiction)] {
            if let Some(found) = found {
                rows.push(self.row(field, found, found.value.clone(), None));
            }
        }
        if let Some(found) = &self.reportable {
            rows.push(self.row("reportable", found, found.value.to_string(), None));
        }
        if let Some(found) = &self.kind {
            rows.push(self.row("kind", found, found.value.name().to_owned(), None));
        }
        for case in &self.cases {
            rows.push(self.row(
                "case_number",
                &case.found,
                case.found.value.clone(),
                Some(case.relation.name()),
            ));
        }
        for (field, date) in [
            ("date_institution", &self.dates.institution),
            ("date_hearing", &self.dates.hearing),
            ("date_reserved", &self.dates.reserved),
            ("date_pronounced", &self.dates.pronounced),
            ("date_decision", &self.dates.decision),
        ] {
            if let Some(date) = date {
                rows.push(self.row(field, date, date.value.to_string(), None));
            }
        }
        if let Some(found) = &self.result {
            rows.push(self.row("result", found, found.value.name().to_owned(), None));
        }
    }

    fn people_rows(&self, rows: &mut Vec<Element>) {
        for party in &self.parties {
            let field = match party.side {
                Side::First => "petitioner",
                Side::Second => "respondent",
            };
            rows.push(self.row(
                field,
                &party.found,
                party.found.value.clone(),
                party.role.map(Role::name),
            ));
        }
        for judge in &self.coram {
            rows.push(self.row("judge", judge, judge.value.clone(), None));
        }
        if let Some(author) = &self.author {
            rows.push(self.row("author", author, author.value.clone(), None));
        }
        for counsel in &self.appearances {
            rows.push(self.row(
                "counsel",
                &counsel.found,
                counsel.found.value.clone(),
                counsel.side.map(Side::name),
            ));
        }
        for signatory in &self.signatories {
            rows.push(self.row("signatory", signatory, signatory.value.clone(), None));
        }
    }

    fn body_rows(&self, rows: &mut Vec<Element>) {
        for section in &self.sections {
            rows.push(spanned(
                "section",
                section.kind.name().to_owned(),
                section.heading.clone(),
                &section.span,
                0.9,
            ));
        }
        for paragraph in &self.paragraphs {
            rows.push(spanned(
                "paragraph",
                paragraph.number.to_string(),
                String::new(),
                &paragraph.span,
                0.9,
            ));
        }
        for quote in &self.quotes {
            rows.push(spanned("quote", String::new(), String::new(), quote, 0.8));
        }
    }

    fn row<T>(
        &self,
        field: &'static str,
        found: &Found<T>,
        value: String,
        detail: Option<&'static str>,
    ) -> Element {
        let compared = match field {
            "judge" | "author" => "judges",
            "date_decision" => "decision_date",
            other => other,
        };
        let comparison = self
            .portal
            .iter()
            .find(|comparison| comparison.field == compared);
        Element {
            field,
            value,
            text: found.text.clone(),
            page: found.page,
            start: found.start,
            end_page: found.end_page.unwrap_or(found.page),
            end: found.end,
            furniture: found.furniture,
            confidence: found.confidence,
            detail,
            portal_value: comparison.and_then(|comparison| comparison.portal.clone()),
            conflict: comparison.and_then(|comparison| match comparison.agreement {
                Agreement::Agree => Some(false),
                Agreement::Conflict => Some(true),
                Agreement::Absent => None,
            }),
        }
    }
}

fn spanned(
    field: &'static str,
    value: String,
    text: String,
    span: &Span,
    confidence: f32,
) -> Element {
    Element {
        field,
        value,
        text,
        page: span.page,
        start: span.start,
        end_page: span.end_page,
        end: span.end,
        furniture: false,
        confidence,
        detail: None,
        portal_value: None,
        conflict: None,
    }
}

//! What is handed to the index, and the form in which it is kept.

use std::collections::BTreeSet;

use nirnay_model::{Court, DocumentKind, Judgment, Sha256, courts};
use tantivy::TantivyDocument;
use tantivy::schema::Field;

use crate::body::Body;
use crate::card::{Card, Parts};
use crate::passage::{cited_names, number_of, own_names};
use crate::schema::{Fields, day_number};
use crate::text::{judge_name, language_code, romanised, shortened};
use crate::{Facts, identifier};

/// A judgment with the text of its document.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexDocument {
    /// The row key: the identity of the document in the index.
    pub key: String,
    /// A digest of everything below: a document whose version is already indexed is skipped.
    pub version: String,
    /// The judgment as listed.
    pub judgment: Judgment,
    /// The digest of the document's bytes, if it is held.
    pub sha256: Option<Sha256>,
    /// What reading the text gave.
    pub facts: Facts,
    /// The text of the pages with their numbers, in order. Empty if there is no text.
    pub pages: Vec<(u32, String)>,
}

impl IndexDocument {
    /// The document in the form of the engine, first seen at `added`.
    pub(crate) fn into_engine(
        self,
        body: Body,
        fields: &Fields,
        added: i64,
    ) -> Result<TantivyDocument, serde_json::Error> {
        let court = courts().find(self.judgment.court_code.as_str());
        let mut out = TantivyDocument::default();
        out.add_i64(fields.added, added);
        self.add_codes(fields, &mut out);
        self.add_facets(fields, &mut out);
        self.add_provisions(fields, &mut out);
        self.add_names(court, fields, &mut out);
        self.add_head(court, fields, &mut out);
        let parts = Parts {
            case_number: self.case_number(),
            case_type: self.case_type(),
            kind: self.kind().to_owned(),
            languages: self.languages(),
            judges: self.judges().to_vec(),
            sha256: self.sha256,
            facts: &self.facts,
            key: self.key,
            pages: body.pages,
        };
        let card = serde_json::to_vec(&Card::new(&self.judgment, parts))?;
        out.add_bytes(fields.card, &card);
        for number in cited_names(&body.text) {
            out.add_u64(fields.cited_links, number);
        }
        out.add_bytes(fields.text, &shortened(&body.text));
        out.add_text(fields.body, body.exact);
        out.add_text(fields.body_loose, body.loose);
        Ok(out)
    }

    fn add_codes(&self, fields: &Fields, out: &mut TantivyDocument) {
        let judgment = &self.judgment;
        out.add_text(fields.key, &self.key);
        out.add_text(fields.version, &self.version);
        out.add_text(fields.bench, judgment.bench_code.as_str());
        out.add_u64(fields.tie, tie(&self.key));
        out.add_u64(fields.cited_by, self.facts.cited_by);
        if let Some(group) = self.facts.group {
            out.add_u64(fields.group, group);
        }
        let mut own: BTreeSet<String> = identifier::of_judgment(judgment)
            .into_iter()
            .map(|found| found.term)
            .collect();
        let printed = self
            .facts
            .own_citations
            .iter()
            .chain(&self.facts.case_number);
        own.extend(printed.flat_map(|text| identifier::terms(text)));
        for key in &self.facts.cites {
            for term in identifier::terms(key) {
                if !own.contains(&term) {
                    out.add_u64(fields.cited_links, number_of(&term));
                    out.add_text(fields.cites, term);
                }
            }
        }
        for term in own {
            out.add_u64(fields.own_links, number_of(&term));
            out.add_text(fields.identifier, term);
        }
        if let Some(cnr) = &judgment.cnr {
            out.add_text(fields.cnr, cnr.as_str());
        }
        let year = judgment
            .decision_date
            .and_then(|date| u16::try_from(date.year()).ok());
        let first_page = self.pages.first().map_or("", |(_, text)| text);
        for number in own_names(&judgment.title, first_page, year) {
            out.add_u64(fields.own_links, number);
        }
        if let Some(date) = judgment.decision_date {
            out.add_i64(fields.decided, day_number(date));
        }
    }

    fn add_facets(&self, fields: &Fields, out: &mut TantivyDocument) {
        out.add_text(fields.court, self.judgment.court_code.as_str());
        out.add_text(fields.kind, self.kind());
        if let Some(disposal) = self.judgment.disposal {
            out.add_text(fields.disposal, disposal.name());
        }
        if let Some(case_type) = self.case_type() {
            out.add_text(fields.case_type, case_type);
        }
        for language in self.languages() {
            out.add_text(fields.language, language);
        }
        let names: BTreeSet<String> = self
            .judges()
            .iter()
            .map(|judge| judge_name(judge))
            .filter(|name| !name.is_empty())
            .collect();
        for name in names {
            out.add_text(fields.judge_name, name);
        }
    }

    fn add_provisions(&self, fields: &Fields, out: &mut TantivyDocument) {
        let mut statutes = BTreeSet::new();
        let mut sections = BTreeSet::new();
        for provision in &self.facts.provisions {
            statutes.extend(provision.statute.as_deref());
            if !provision.section.is_empty() {
                let section = provision.section.to_lowercase();
                sections.extend(section.split(' ').nth(1).map(str::to_owned));
                sections.insert(section);
                sections.insert(provision.key().to_lowercase());
            }
        }
        for statute in statutes {
            out.add_text(fields.statute, statute);
            out.add_text(fields.statute_text, statute);
        }
        for section in sections {
            out.add_text(fields.section, section);
        }
    }

    /// What the portal says, or else the text.
    fn kind(&self) -> &str {
        match (self.judgment.document_kind, &self.facts.kind) {
            (DocumentKind::Unstated, Some(kind)) => kind,
            (kind, _) => kind.name(),
        }
    }

    fn judges(&self) -> &[String] {
        if self.judgment.judges.is_empty() {
            &self.facts.judges
        } else {
            &self.judgment.judges
        }
    }

    fn languages(&self) -> Vec<String> {
        let of = if self.facts.languages.is_empty() {
            &self.judgment.languages
        } else {
            &self.facts.languages
        };
        let mut languages: Vec<String> = Vec::new();
        for code in of {
            let code = language_code(code).map_or_else(|| code.to_lowercase(), str::to_owned);
            if !languages.contains(&code) {
                languages.push(code);
            }
        }
        languages
    }

    fn case_number(&self) -> Option<String> {
        case(&self.judgment).or_else(|| self.facts.case_number.clone())
    }

    fn case_type(&self) -> Option<String> {
        identifier::case_type(&self.case_number()?)
    }

    /// What a word without a field is looked for in, besides the text.
    fn add_head(&self, court: Option<&Court>, fields: &Fields, out: &mut TantivyDocument) {
        let judgment = &self.judgment;
        let (case, neutral) = (self.case_number(), neutral(judgment));
        let parts = [
            Some(judgment.title.as_str()),
            judgment.petitioner.as_deref(),
            judgment.respondent.as_deref(),
            case.as_deref(),
            judgment.diary_number.as_deref(),
            judgment.cnr.as_ref().map(nirnay_model::Cnr::as_str),
            neutral.as_deref(),
            judgment.reporter_citation.as_deref(),
            judgment.author_judge.as_deref(),
            Some(judgment.court_name.as_str()),
            bench_name(judgment, court),
            judgment
                .description
                .as_deref()
                .filter(|_| self.pages.is_empty()),
        ];
        let others = self.judges().iter().chain(&self.facts.own_citations);
        for text in parts
            .into_iter()
            .flatten()
            .chain(others.map(String::as_str))
        {
            out.add_text(fields.head, text);
            out.add_text(fields.head_loose, text);
        }
        let names = [
            Some(judgment.title.as_str()),
            judgment.petitioner.as_deref(),
            judgment.respondent.as_deref(),
        ];
        let roman: BTreeSet<String> = names.into_iter().flatten().filter_map(romanised).collect();
        for name in roman {
            out.add_text(fields.roman, name);
        }
    }

    /// The fields that a query can name.
    fn add_names(&self, court: Option<&Court>, fields: &Fields, out: &mut TantivyDocument) {
        let judgment = &self.judgment;
        let mut add = |field: Field, text: Option<&str>| {
            if let Some(text) = text {
                out.add_text(field, text);
            }
        };
        add(fields.title, Some(&judgment.title));
        add(fields.petitioner, judgment.petitioner.as_deref());
        add(fields.respondent, judgment.respondent.as_deref());
        if judgment.petitioner.is_none() && judgment.respondent.is_none() {
            // It is not known who is who: either may be looked for.
            add(fields.petitioner, Some(&judgment.title));
            add(fields.respondent, Some(&judgment.title));
        }
        for judge in self.judges() {
            add(fields.judge, Some(judge));
        }
        if let Some(author) = &judgment.author_judge
            && !self.judges().contains(author)
        {
            add(fields.judge, Some(author));
        }
        add(fields.court_text, Some(&judgment.court_name));
        if let Some(court) = court {
            add(fields.court_text, Some(&court.slug));
            add(fields.court_text, Some(&court.name));
        }
        add(fields.bench_text, bench_name(judgment, court));
        add(fields.citation_text, neutral(judgment).as_deref());
        add(fields.citation_text, judgment.reporter_citation.as_deref());
        for own in &self.facts.own_citations {
            add(fields.citation_text, Some(own));
        }
        add(fields.case_text, self.case_number().as_deref());
        add(fields.case_text, judgment.diary_number.as_deref());
        add(fields.disposal_text, judgment.disposal_raw.as_deref());
    }
}

fn bench_name<'a>(judgment: &Judgment, court: Option<&'a Court>) -> Option<&'a str> {
    let bench = court?
        .benches
        .iter()
        .find(|bench| bench.code == judgment.bench_code)?;
    Some(bench.name.as_str()).filter(|name| !name.is_empty())
}

fn neutral(judgment: &Judgment) -> Option<String> {
    judgment.neutral_citation.as_ref().map(ToString::to_string)
}

fn case(judgment: &Judgment) -> Option<String> {
    let parts = || judgment.case_number.as_ref().map(ToString::to_string);
    judgment.case_number_raw.clone().or_else(parts)
}

/// The first eight bytes of the key's digest.
pub(crate) fn tie(key: &str) -> u64 {
    let digest = Sha256::of(key.as_bytes());
    digest
        .as_bytes()
        .iter()
        .take(8)
        .fold(0, |tie, byte| tie << 8 | u64::from(*byte))
}

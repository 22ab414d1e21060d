//! What is handed to the index, and the form in which it is kept.

use nirnay_model::{Court, Judgment, Sha256, courts};
use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;
use tantivy::schema::Field;

use crate::identifier;
use crate::schema::{Fields, day_number};

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
    /// The text of the pages with their numbers, in order. Empty if there is no text.
    pub pages: Vec<(u32, String)>,
}

/// What a hit shows, as kept beside the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Card {
    pub(crate) key: String,
    pub(crate) title: String,
    pub(crate) court_name: String,
    pub(crate) court_code: String,
    pub(crate) bench_code: String,
    pub(crate) decision_date: Option<jiff::civil::Date>,
    pub(crate) case_number: Option<String>,
    pub(crate) cnr: Option<String>,
    pub(crate) neutral_citation: Option<String>,
    pub(crate) reporter_citation: Option<String>,
    pub(crate) judges: Vec<String>,
    pub(crate) sha256: Option<String>,
    /// Page numbers with the byte of the body at which they begin.
    pub(crate) pages: Vec<(u32, usize)>,
}

impl IndexDocument {
    /// The document in the form of the engine.
    pub(crate) fn into_engine(self, fields: &Fields) -> Result<TantivyDocument, serde_json::Error> {
        let court = courts().find(self.judgment.court_code.as_str());
        let mut out = TantivyDocument::default();
        self.add_codes(fields, &mut out);
        add_names(&self.judgment, court, fields, &mut out);
        add_head(
            &self.judgment,
            court,
            self.pages.is_empty(),
            fields,
            &mut out,
        );
        let (body, pages) = join_pages(&self.pages);
        let card = serde_json::to_vec(&card(self.key, &self.judgment, self.sha256, pages))?;
        out.add_bytes(fields.card, &card);
        out.add_text(fields.body_loose, &body);
        out.add_text(fields.body, body);
        Ok(out)
    }

    fn add_codes(&self, fields: &Fields, out: &mut TantivyDocument) {
        let judgment = &self.judgment;
        out.add_text(fields.key, &self.key);
        out.add_text(fields.version, &self.version);
        out.add_text(fields.court, judgment.court_code.as_str());
        out.add_text(fields.bench, judgment.bench_code.as_str());
        out.add_text(fields.kind, judgment.document_kind.name());
        out.add_u64(fields.tie, tie(&self.key));
        for identifier in identifier::of_judgment(judgment) {
            out.add_text(fields.identifier, identifier.term);
        }
        if let Some(cnr) = &judgment.cnr {
            out.add_text(fields.cnr, cnr.as_str());
        }
        if let Some(date) = judgment.decision_date {
            out.add_i64(fields.decided, day_number(date));
        }
        if let Some(disposal) = judgment.disposal {
            out.add_text(fields.disposal, disposal.name());
        }
    }
}

/// The fields that a query can name.
fn add_names(
    judgment: &Judgment,
    court: Option<&Court>,
    fields: &Fields,
    out: &mut TantivyDocument,
) {
    let mut add = |field: Field, text: Option<&str>| {
        if let Some(text) = text {
            out.add_text(field, text);
        }
    };
    add(fields.title, Some(&judgment.title));
    add(fields.party, judgment.petitioner.as_deref());
    add(fields.party, judgment.respondent.as_deref());
    if judgment.petitioner.is_none() && judgment.respondent.is_none() {
        add(fields.party, Some(&judgment.title));
    }
    for judge in &judgment.judges {
        add(fields.judge, Some(judge));
    }
    if let Some(author) = &judgment.author_judge
        && !judgment.judges.contains(author)
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
    add(fields.case_text, case(judgment).as_deref());
    add(fields.case_text, judgment.diary_number.as_deref());
    add(fields.disposal_text, judgment.disposal_raw.as_deref());
}

/// What a word without a field is looked for in, besides the text.
fn add_head(
    judgment: &Judgment,
    court: Option<&Court>,
    no_text: bool,
    fields: &Fields,
    out: &mut TantivyDocument,
) {
    let case = case(judgment);
    let neutral = neutral(judgment);
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
        judgment.description.as_deref().filter(|_| no_text),
    ];
    for text in parts
        .into_iter()
        .flatten()
        .chain(judgment.judges.iter().map(String::as_str))
    {
        out.add_text(fields.head, text);
        out.add_text(fields.head_loose, text);
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

/// The pages as one text, so that phrases run on from page to page, and where each begins.
fn join_pages(pages: &[(u32, String)]) -> (String, Vec<(u32, usize)>) {
    let mut body = String::with_capacity(pages.iter().map(|(_, text)| text.len() + 1).sum());
    let mut starts = Vec::with_capacity(pages.len());
    for (number, text) in pages {
        starts.push((*number, body.len()));
        body.push_str(text);
        body.push('\n');
    }
    (body, starts)
}

/// The first eight bytes of the key's digest.
fn tie(key: &str) -> u64 {
    let digest = Sha256::of(key.as_bytes());
    digest
        .as_bytes()
        .iter()
        .take(8)
        .fold(0, |tie, byte| tie << 8 | u64::from(*byte))
}

fn card(
    key: String,
    judgment: &Judgment,
    sha256: Option<Sha256>,
    pages: Vec<(u32, usize)>,
) -> Card {
    Card {
        key,
        title: judgment.title.clone(),
        court_name: judgment.court_name.clone(),
        court_code: judgment.court_code.to_string(),
        bench_code: judgment.bench_code.to_string(),
        decision_date: judgment.decision_date,
        case_number: case(judgment),
        cnr: judgment.cnr.as_ref().map(ToString::to_string),
        neutral_citation: neutral(judgment),
        reporter_citation: judgment.reporter_citation.clone(),
        judges: judgment.judges.clone(),
        sha256: sha256.map(|digest| digest.to_hex()),
        pages,
    }
}

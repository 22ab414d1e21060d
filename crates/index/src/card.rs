//! What a hit shows, as kept beside the document.

use nirnay_model::{Judgment, Sha256};
use serde::{Deserialize, Serialize};

use crate::{Facts, Hit, Provision, Snippet};

/// The stored part of a document that is not its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Card {
    pub(crate) key: String,
    title: String,
    court_name: String,
    court_code: String,
    bench_code: String,
    decision_date: Option<jiff::civil::Date>,
    case_number: Option<String>,
    case_type: Option<String>,
    cnr: Option<String>,
    neutral_citation: Option<String>,
    reporter_citation: Option<String>,
    judges: Vec<String>,
    kind: String,
    disposal: Option<String>,
    languages: Vec<String>,
    cited_by: u64,
    sha256: Option<String>,
    pub(crate) group: Option<u64>,
    pub(crate) provisions: Vec<String>,
    pub(crate) cites: Vec<String>,
    /// Citations that its text prints of itself.
    #[serde(default)]
    own: Vec<String>,
    /// Page numbers with the byte of the body at which they begin.
    pub(crate) pages: Vec<(u32, usize)>,
}

/// What a card is made from, besides the judgment.
pub(crate) struct Parts<'a> {
    pub(crate) key: String,
    pub(crate) facts: &'a Facts,
    pub(crate) case_number: Option<String>,
    pub(crate) case_type: Option<String>,
    pub(crate) kind: String,
    pub(crate) languages: Vec<String>,
    pub(crate) judges: Vec<String>,
    pub(crate) sha256: Option<Sha256>,
    pub(crate) pages: Vec<(u32, usize)>,
}

impl Card {
    pub(crate) fn new(judgment: &Judgment, parts: Parts<'_>) -> Self {
        let facts = parts.facts;
        let own = |neutral: bool| {
            let mut own = facts.own_citations.iter();
            own.find(|key| is_neutral(key) == neutral).cloned()
        };
        let neutral = judgment.neutral_citation.as_ref().map(ToString::to_string);
        Self {
            key: parts.key,
            title: judgment.title.clone(),
            court_name: judgment.court_name.clone(),
            court_code: judgment.court_code.to_string(),
            bench_code: judgment.bench_code.to_string(),
            decision_date: judgment.decision_date,
            case_number: parts.case_number,
            case_type: parts.case_type,
            cnr: judgment.cnr.as_ref().map(ToString::to_string),
            neutral_citation: neutral.or_else(|| own(true)),
            reporter_citation: judgment.reporter_citation.clone().or_else(|| own(false)),
            judges: parts.judges,
            kind: parts.kind,
            disposal: judgment.disposal.map(|class| class.name().to_owned()),
            languages: parts.languages,
            cited_by: facts.cited_by,
            sha256: parts.sha256.map(|digest| digest.to_hex()),
            group: facts.group,
            provisions: facts.provisions.iter().map(Provision::key).collect(),
            cites: facts.cites.clone(),
            own: facts.own_citations.clone(),
            pages: parts.pages,
        }
    }

    /// Everything by which others may cite it.
    pub(crate) fn own_identifiers(&self) -> impl Iterator<Item = &String> {
        let listed = [
            &self.cnr,
            &self.neutral_citation,
            &self.reporter_citation,
            &self.case_number,
        ];
        listed.into_iter().flatten().chain(&self.own)
    }

    pub(crate) fn into_hit(self, score: f32, copies: u32, snippets: Vec<Snippet>) -> Hit {
        Hit {
            key: self.key,
            score,
            title: self.title,
            court_name: self.court_name,
            court_code: self.court_code,
            bench_code: self.bench_code,
            decision_date: self.decision_date,
            case_number: self.case_number,
            case_type: self.case_type,
            cnr: self.cnr,
            neutral_citation: self.neutral_citation,
            reporter_citation: self.reporter_citation,
            judges: self.judges,
            kind: self.kind,
            disposal: self.disposal,
            languages: self.languages,
            cited_by: self.cited_by,
            copies,
            pages: u32::try_from(self.pages.len()).unwrap_or(u32::MAX),
            sha256: self.sha256,
            snippets,
        }
    }
}

fn is_neutral(key: &str) -> bool {
    key.parse::<nirnay_model::NeutralCitation>().is_ok()
}

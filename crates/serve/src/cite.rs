//! Looking up citations: any text with citations in, judgments out.

use nirnay_index::{Hit, Resolved, SearchOptions};
use nirnay_pipeline::find_in_pages;
use serde::Serialize;
use serde_json::Value;

use crate::library::Shelf;
use crate::problem::Problem;
use crate::record::brief;

/// Citations of a text that are looked up.
const MOST_CITATIONS: usize = 50;
/// Judgments that are named for each.
const MOST_JUDGMENTS: usize = 20;
/// The longest text, in characters.
pub(crate) const LONGEST_TEXT: usize = 4_000;

/// A citation and the judgments that answer to it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LookedUp {
    /// As it was typed.
    pub(crate) printed: String,
    /// In canonical form.
    pub(crate) canonical: String,
    /// `neutral`, `reporter`, `cnr`, …; `text` where nothing of known form was found.
    pub(crate) kind: String,
    /// `found` (one judgment bears it), `ambiguous` (several do), `cited` (none of the lake bears it, some cite
    /// it), `unknown`.
    pub(crate) status: &'static str,
    /// How many judgments bear it, or cite it.
    pub(crate) total: usize,
    /// Those judgments, the first few.
    pub(crate) judgments: Vec<Value>,
    #[serde(skip)]
    pub(crate) hits: Vec<Hit>,
}

/// Looks up every citation in `text`; a text without any is looked up as a whole.
pub(crate) fn look_up(shelf: &Shelf, text: &str) -> Result<Vec<LookedUp>, Problem> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST_TEXT {
        return Err(Problem::parameter(
            "q",
            format!(
                "a citation, or a text of at most {LONGEST_TEXT} characters with some, is needed"
            ),
            "type one as printed: 2024 INSC 855, (2017) 10 SCC 1, AIR 1978 SC 597, a CNR or a case number",
        ));
    }
    let mut found: Vec<LookedUp> = Vec::new();
    for at in find_in_pages(&[(1, text)]) {
        let kind = at.citation.kind.as_str();
        // Statutes and provisions are no judgments: they are searched for by `statute:`.
        if ["statute", "provision"].contains(&kind) || found.len() == MOST_CITATIONS {
            continue;
        }
        if found.iter().any(|known| known.canonical == at.citation.key) {
            continue;
        }
        found.push(one(shelf, &at.citation.text, &at.citation.key, kind));
    }
    if found.is_empty() {
        found.push(one(shelf, text, text, "text"));
    }
    Ok(found)
}

fn one(shelf: &Shelf, printed: &str, key: &str, kind: &str) -> LookedUp {
    let options = SearchOptions {
        limit: MOST_JUDGMENTS,
        snippets: 0,
        ..SearchOptions::default()
    };
    let mut looked_up = LookedUp {
        printed: printed.to_owned(),
        canonical: key.to_owned(),
        kind: kind.to_owned(),
        status: "unknown",
        total: 0,
        judgments: Vec::new(),
        hits: Vec::new(),
    };
    for text in [key, printed] {
        // A key that is no query of the index's is no identifier of its judgments either.
        let Ok(results) = shelf.searcher.search(text, &options) else {
            continue;
        };
        let Some(canonical) = results.identifier.filter(|_| results.total > 0) else {
            continue;
        };
        looked_up.canonical = canonical;
        looked_up.status = match (results.resolved, results.total) {
            (Some(Resolved::Cites), _) => "cited",
            (_, 1) => "found",
            _ => "ambiguous",
        };
        looked_up.total = results.total;
        looked_up.judgments = results.hits.iter().map(brief).collect();
        looked_up.hits = results.hits;
        break;
    }
    looked_up
}

//! The structure of a judgment as a list of elements, one a row of `structure/`.

use nirnay_citation::{Evidence, Identity, find, own};
use nirnay_extract::structure::{self, Element, Structure};
use nirnay_model::{Judgment, PageText};

/// The version of the reader: rows that another one made are made again.
pub(crate) const READER: &str = concat!("nirnay-structure ", env!("CARGO_PKG_VERSION"), " 5");

/// The field of a neutral citation that a document prints of itself.
pub(crate) const OWN_CITATION: &str = "own_citation";

/// Everything found in the pages of a document, set beside what the portal says of it.
pub(crate) fn elements(pages: &[PageText], portal: Option<&Judgment>) -> Vec<Element> {
    let structure = structure::read(pages, portal);
    let mut elements: Vec<Element> = structure.elements().collect();
    elements.extend(own_citation(pages, &structure, portal));
    elements
}

/// The neutral citation of a document of which nothing is known but its pages and their structure.
pub fn own_neutral_citation(pages: &[PageText], structure: &Structure) -> Option<String> {
    evidenced(pages, structure, None).map(|(key, _)| key)
}

fn evidenced(
    pages: &[PageText],
    structure: &Structure,
    portal: Option<&Judgment>,
) -> Option<(String, Evidence)> {
    let printed = structure.cases.iter().map(|case| case.found.text.as_str());
    let listed = portal.and_then(|judgment| judgment.case_number_raw.as_deref());
    let case_numbers: Vec<&str> = printed.chain(listed).collect();
    let decided = structure.dates.decision.as_ref().map(|date| date.value);
    let date = portal
        .and_then(|judgment| judgment.decision_date)
        .or(decided);
    let identity = Identity {
        case_numbers: &case_numbers,
        cnr: portal.and_then(|judgment| judgment.cnr.as_ref().map(nirnay_model::Cnr::as_str)),
        year: date.map(|date| date.year().unsigned_abs()),
    };
    let sheets: Vec<(&str, &str)> = pages
        .iter()
        .map(|page| (page.text.as_str(), page.furniture.as_str()))
        .collect();
    let own = own(&sheets, identity);
    own.key.zip(own.evidence)
}

fn own_citation(
    pages: &[PageText],
    structure: &Structure,
    portal: Option<&Judgment>,
) -> Option<Element> {
    let (key, evidence) = evidenced(pages, structure, portal)?;
    let (detail, confidence) = match evidence {
        Evidence::Stamp => ("stamp", 0.99),
        Evidence::Masthead => ("masthead", 0.98),
        Evidence::Beside => ("beside", 0.95),
        Evidence::Edge => ("edge", 0.9),
    };
    let portal_value = portal
        .and_then(|judgment| judgment.neutral_citation.as_ref())
        .map(ToString::to_string);
    let conflict = portal_value.as_ref().map(|value| *value != key);
    let place = place_of(pages, &key).unwrap_or_default();
    Some(Element {
        field: OWN_CITATION,
        value: key,
        text: place.text,
        page: place.page.max(1),
        start: place.start,
        end_page: place.page.max(1),
        end: place.end,
        furniture: place.furniture,
        confidence,
        detail: Some(detail),
        portal_value,
        conflict,
    })
}

#[derive(Default)]
struct Place {
    text: String,
    page: u32,
    start: u32,
    end: u32,
    furniture: bool,
}

/// Where a citation stands first.
fn place_of(pages: &[PageText], key: &str) -> Option<Place> {
    let texts = pages.iter().flat_map(|page| {
        [
            (page.page, &page.text, false),
            (page.page, &page.furniture, true),
        ]
    });
    for (page, text, furniture) in texts {
        let found = find(text).into_iter().find(|citation| citation.key == key);
        if let Some(citation) = found {
            return Some(Place {
                text: citation.text,
                page,
                start: citation.start as u32,
                end: citation.end as u32,
                furniture,
            });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use nirnay_extract::{Limits, extract_in_process, page_text, structure};

    use super::own_neutral_citation;

    const GOLD: &str = include_str!("../../citation/tests/gold/own.tsv");

    fn gold() -> BTreeMap<&'static str, &'static str> {
        GOLD.lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once('\t'))
            .collect()
    }

    /// Documents of which nothing is known but their pages, judged as `nirnay extract` reads them. The files lie
    /// beside the workspace; where they do not, nothing is measured.
    #[test]
    fn own_citations_of_the_shared_documents() {
        let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
        let orders = shared.join("entities/high-court-orders/extracted_texts.jsonl");
        if !shared.join("pdf").is_dir() || !orders.is_file() {
            eprintln!("{} is not there: nothing measured", shared.display());
            return;
        }
        let orders = std::fs::read_to_string(orders).unwrap();
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        for line in orders.lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = |field: &str| line[field].as_str().unwrap().to_owned();
            texts.insert(text("filename"), text("text"));
        }
        let (mut with, mut answered, mut right) = (0_u32, 0_u32, 0_u32);
        let mut wrong = BTreeSet::new();
        for (name, expected) in gold() {
            let pages = if let Some(text) = texts.get(name) {
                vec![page_text(1, text)]
            } else {
                let pdf = std::fs::read(shared.join("pdf").join(name)).unwrap();
                let extraction = extract_in_process(&pdf, &Limits::default());
                extraction.map_or_else(|_| Vec::new(), |extraction| extraction.pages)
            };
            let answer = own_neutral_citation(&pages, &structure::read(&pages, None));
            with += u32::from(expected != "-");
            answered += u32::from(answer.is_some());
            let agrees = answer.as_deref() == Some(expected);
            right += u32::from(agrees);
            if !agrees && (expected != "-" || answer.is_some()) {
                wrong.insert((name, expected, answer));
            }
        }
        eprintln!(
            "own citation: {with} documents with one, answered {answered}, right {right}: {wrong:?}"
        );
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}

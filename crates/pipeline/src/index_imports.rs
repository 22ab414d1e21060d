//! Imported texts into the index.

use jiff::civil::Date;
use nirnay_citation::{Citation, Kind, find};
use nirnay_index::{Facts, IndexDocument, IndexWriter, Provision};
use nirnay_model::{DocumentKind, Judgment, SourceId, courts};
use nirnay_store::{ImportedText, Imports, Lake, StoreError};

use crate::error::PipelineError;

/// The name under which the imports note what the index has of them.
const MARK: &str = "index";
/// The court code of texts whose court is not in the registry.
const NO_COURT: &str = "imported";
/// A longer first line is no title.
const MAX_TITLE: usize = 250;
/// How far into a text the citations of the text itself are printed, in bytes.
const HEADING: usize = 1_500;

/// What the index has of the imported texts.
pub(crate) struct Indexed {
    /// Texts in the lake.
    pub(crate) texts: u64,
    /// Texts added or changed in the index.
    pub(crate) changed: u64,
    /// The number of the last change, if there is one to note.
    last: Option<u64>,
}

/// Hands every text that changed since the last time, or every text if `whole`, to the index. `commit` is
/// called when it is time to, with the texts handed over since.
pub(crate) fn index_imports(
    lake: &Lake,
    writer: &mut IndexWriter,
    whole: bool,
    commit: &mut dyn FnMut(&mut IndexWriter, u64) -> Result<(), PipelineError>,
) -> Result<Indexed, PipelineError> {
    let mut indexed = Indexed {
        texts: 0,
        changed: 0,
        last: None,
    };
    let Some(imports) = lake.imports()? else {
        return Ok(indexed);
    };
    indexed.texts = imports.sums()?.0;
    let noted: Option<u64> = imports.mark(MARK)?.parse().ok();
    let from = noted.filter(|_| !whole).unwrap_or(0);
    let mut failed = None;
    let read = imports.since(from, &mut |change, text| {
        let added = writer
            .upsert(document(text))
            .map_err(PipelineError::from)
            .and_then(|is_new| {
                indexed.changed += u64::from(is_new);
                indexed.last = Some(change);
                commit(writer, u64::from(is_new))
            });
        // The reader's error is not ours to make: it stops at the first one and gives way to it.
        added.map_err(|error| {
            let stop = StoreError::Conflict(error.to_string());
            failed = Some(error);
            stop
        })
    });
    if let Some(error) = failed {
        Err(error)
    } else {
        read?;
        Ok(indexed)
    }
}

/// Whether texts were imported that the index has not seen.
pub(crate) fn imports_wait(imports: &Imports) -> Result<bool, PipelineError> {
    let noted = imports.mark(MARK)?.parse().unwrap_or(0);
    let mut waits = false;
    let read = imports.since(noted, &mut |_, _| {
        waits = true;
        // The first one says it all.
        Err(StoreError::Conflict(String::new()))
    });
    match read {
        Err(_) if waits => Ok(true),
        read => Ok(read.map(|()| false)?),
    }
}

impl Indexed {
    /// Notes what is in the index now. Call it when that is durable.
    pub(crate) fn note(&self, lake: &Lake) -> Result<(), PipelineError> {
        if let Some(last) = self.last {
            lake.imports_mut()?.set_mark(MARK, &last.to_string())?;
        }
        Ok(())
    }
}

/// Whether the lake holds an imported text with this key.
pub(crate) fn is_imported(imports: Option<&Imports>, key: &str) -> Result<bool, PipelineError> {
    Ok(imports
        .map(|imports| imports.has(key))
        .transpose()?
        .unwrap_or(false))
}

/// An imported text as the index takes it. Its key is its id.
fn document(text: ImportedText) -> IndexDocument {
    let citations = find(&text.text);
    let own = own_citations(&text.text);
    let facts = Facts {
        cites: cited(&citations, &own),
        provisions: provisions(&citations),
        own_citations: own,
        ..Facts::default()
    };
    IndexDocument {
        version: text.digest().to_hex(),
        judgment: judgment(&text),
        sha256: None,
        facts,
        key: text.id,
        pages: vec![(1, text.text)],
    }
}

fn judgment(text: &ImportedText) -> Judgment {
    let known = text.court.as_deref().and_then(|name| courts().find(name));
    let code = known.map_or(NO_COURT, |court| court.code.as_str());
    let name = match (known, &text.court) {
        (Some(court), _) => court.name.clone(),
        (None, Some(name)) => name.clone(),
        (None, None) => String::new(),
    };
    let bench = known.and_then(|court| court.benches.first());
    let well_formed = "codes of the registry, and the one above, are well formed";
    Judgment {
        // The index keeps no source.
        source: SourceId::EcourtsHc,
        court_code: code.parse().expect(well_formed),
        court_name: name,
        bench_code: bench.map_or_else(
            || NO_COURT.parse().expect(well_formed),
            |bench| bench.code.clone(),
        ),
        cnr: None,
        order_no: None,
        title: title(text),
        petitioner: None,
        respondent: None,
        case_number_raw: None,
        case_number: None,
        diary_number: None,
        judges: Vec::new(),
        author_judge: None,
        bench_strength: None,
        registration_date: None,
        decision_date: text.decided,
        decision_date_raw: text
            .decided
            .as_ref()
            .map(Date::to_string)
            .unwrap_or_default(),
        disposal_raw: None,
        disposal: None,
        neutral_citation: None,
        reporter_citation: None,
        description: None,
        languages: Vec::new(),
        document_path: None,
        citation_year: None,
        document_kind: DocumentKind::Unstated,
        uploaded_at: None,
        flags: Vec::new(),
    }
}

/// The title; without one, the first line of the text if it names parties, else the id.
fn title(text: &ImportedText) -> String {
    let first = text.text.trim_start().lines().next().unwrap_or("").trim();
    let names_parties = first.split_whitespace().any(|word| {
        let word = word.trim_end_matches('.');
        ["v", "vs", "versus"]
            .iter()
            .any(|form| word.eq_ignore_ascii_case(form))
    });
    match &text.title {
        Some(title) => title.clone(),
        None if names_parties && first.len() <= MAX_TITLE => first.to_owned(),
        None => text.id.clone(),
    }
}

/// The citations that a text prints of itself: on its first line, if that is not a sentence, and behind the
/// word CITATION in its heading.
fn own_citations(text: &str) -> Vec<String> {
    let heading = text
        .get(..text.floor_char_boundary(HEADING.min(text.len())))
        .unwrap_or("");
    let first = heading.trim_start().lines().next().unwrap_or("");
    let first = Some(first).filter(|line| line.len() <= MAX_TITLE);
    let labelled = heading.lines().filter(|line| {
        line.trim_start()
            .to_ascii_uppercase()
            .starts_with("CITATION")
    });
    let mut own: Vec<String> = first
        .into_iter()
        .chain(labelled)
        .flat_map(find)
        .filter(|found| matches!(found.kind, Kind::Neutral | Kind::Reporter))
        .map(|found| found.key)
        .collect();
    own.sort_unstable();
    own.dedup();
    own
}

fn cited(citations: &[Citation], own: &[String]) -> Vec<String> {
    let mut keys: Vec<String> = citations
        .iter()
        .filter(|found| !matches!(found.kind, Kind::Statute | Kind::Provision))
        .map(|found| found.key.clone())
        .filter(|key| !own.contains(key))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn provisions(citations: &[Citation]) -> Vec<Provision> {
    let mut found: Vec<Provision> = citations
        .iter()
        .filter_map(|citation| match citation.kind {
            Kind::Statute => Some(Provision {
                statute: Some(citation.key.clone()),
                section: String::new(),
            }),
            Kind::Provision => {
                let statute = citation.statute.as_ref().map(|link| link.key.clone());
                let section = statute
                    .as_deref()
                    .and_then(|statute| citation.key.strip_prefix(statute))
                    .unwrap_or(&citation.key);
                Some(Provision {
                    section: section.trim().to_owned(),
                    statute,
                })
            }
            _ => None,
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> ImportedText {
        ImportedText {
            id: "C1".to_owned(),
            title: None,
            court: None,
            decided: None,
            text: text.to_owned(),
            file: String::new(),
            line: 1,
        }
    }

    #[test]
    fn a_text_is_called_by_its_first_line_or_its_id() {
        assert_eq!(
            title(&text("Asha Devi v. State\nDelhi, 1999")),
            "Asha Devi v. State"
        );
        assert_eq!(title(&text("This appeal arises from an order.")), "C1");
    }

    #[test]
    fn citations_are_told_apart() {
        let made = document(text(
            "AIR 1996 SC 463; 1995 (6) SCC 315 (11 October 1995)\nSection 302 of the Indian Penal Code, as in A v. B, AIR 1978 SC 597.",
        ));
        assert!(
            made.facts
                .own_citations
                .contains(&"AIR 1996 SC 463".to_owned())
        );
        assert_eq!(made.facts.cites, ["AIR 1978 SC 597"]);
        assert!(
            made.facts
                .provisions
                .iter()
                .any(|provision| provision.key() == "IPC s 302")
        );
    }
}

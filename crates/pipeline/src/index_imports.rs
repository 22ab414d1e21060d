//! Imported texts into the index.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use jiff::civil::Date;
use nirnay_citation::{Citation, Kind, find, parse_key};
use nirnay_extract::page_text;
use nirnay_extract::structure::Element;
use nirnay_index::{Facts, IndexDocument, IndexWriter, Provision};
use nirnay_model::{Judgment, PageText, Sha256, SourceId, courts};
use nirnay_store::{ImportedText, Imports, Lake, StoreError};

use crate::elements::{OWN_CITATION, elements};
use crate::error::PipelineError;
use crate::facts_of::{languages, provision};

/// The name under which the imports note what the index has of them.
const MARK: &str = "index";
/// The court code of texts whose court is not in the registry.
const NO_COURT: &str = "imported";
/// A longer first line is no title.
const MAX_TITLE: usize = 250;
/// The version of what is read in imported texts.
const READER: &str = "imports 2";
/// What is less sure is not said of a text.
const SURE: f32 = 0.8;
/// A citation that more texts print as their own names none of them.
const MOST_BEARERS: usize = 4;
/// How far into a text the citations of the text itself are printed, in bytes.
const HEADING: usize = 1_500;

/// What the index has of the imported texts.
pub(crate) struct Indexed {
    /// Texts in the lake.
    pub(crate) texts: u64,
    /// Texts added or changed in the index.
    pub(crate) changed: u64,
    /// What the imports are to note of the index, if that is news.
    mark: Option<String>,
}

/// Hands every text that changed since the last time, or every text if `whole`, to the index. `commit` is
/// called when it is time to, with the texts handed over since.
///
/// A text that comes may cite others that were there before, so the sums of citations are made of all texts
/// whenever one changed; those whose sum is another are handed over again.
pub(crate) fn index_imports(
    lake: &Lake,
    writer: &mut IndexWriter,
    whole: bool,
    commit: &mut dyn FnMut(&mut IndexWriter, u64) -> Result<(), PipelineError>,
) -> Result<Indexed, PipelineError> {
    let mut indexed = Indexed {
        texts: 0,
        changed: 0,
        mark: None,
    };
    let Some(imports) = lake.imports()? else {
        return Ok(indexed);
    };
    let hidden: HashSet<String> = hidden_imports(lake)?.into_iter().collect();
    indexed.texts = imports.sums()?.0 - hidden.len() as u64;
    let mark = mark(imports.last_change()?, &hidden);
    if !whole && imports.mark(MARK)? == mark {
        return Ok(indexed);
    }
    indexed.mark = Some(mark);
    let degrees = Degrees::of(&imports, &hidden)?;
    let mut place = 0;
    each(&imports, &hidden, &mut |text| {
        let cited_by = degrees.cited_by(place);
        place += 1;
        let version = version(&text, cited_by);
        if writer.versions().get(&text.id)?.as_deref() == Some(version.as_str()) {
            return Ok(());
        }
        let is_new = writer.upsert(document(text, version, cited_by))?;
        indexed.changed += u64::from(is_new);
        commit(writer, u64::from(is_new))
    })?;
    Ok(indexed)
}

/// Hands out every text that is not hidden, in the order of their changes.
fn each(
    imports: &Imports,
    hidden: &HashSet<String>,
    take: &mut dyn FnMut(ImportedText) -> Result<(), PipelineError>,
) -> Result<(), PipelineError> {
    let mut failed = None;
    let read = imports.since(0, &mut |_, text| {
        if hidden.contains(&text.id) {
            return Ok(());
        }
        // The reader's error is not ours to make: it stops at the first one and gives way to it.
        take(text).map_err(|error| {
            let stop = StoreError::Conflict(error.to_string());
            failed = Some(error);
            stop
        })
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(read?),
    }
}

/// What the imports note of the index: the last change that it has seen, and what was hidden then.
fn mark(last_change: u64, hidden: &HashSet<String>) -> String {
    let mut ids: Vec<&str> = hidden.iter().map(String::as_str).collect();
    ids.sort_unstable();
    let digest = Sha256::of_parts(ids.iter().map(|id| id.as_bytes()));
    format!("{last_change} {}", digest.to_hex())
}

/// The imported texts that are to be shown to nobody, by id.
pub(crate) fn hidden_imports(lake: &Lake) -> Result<Vec<String>, PipelineError> {
    let Some(imports) = lake.imports()? else {
        return Ok(Vec::new());
    };
    let mut hidden = Vec::new();
    for name in lake.ledger().removed_names()? {
        if imports.has(&name)? {
            hidden.push(name);
        }
    }
    Ok(hidden)
}

/// Whether texts were imported that the index has not seen.
pub(crate) fn imports_wait(imports: &Imports) -> Result<bool, PipelineError> {
    let noted = imports.mark(MARK)?;
    let seen: u64 = noted
        .split_once(' ')
        .and_then(|(change, _)| change.parse().ok())
        .unwrap_or(0);
    Ok(imports.last_change()? > seen)
}

impl Indexed {
    /// Notes what is in the index now. Call it when that is durable.
    pub(crate) fn note(&self, lake: &Lake) -> Result<(), PipelineError> {
        if let Some(mark) = &self.mark {
            lake.imports_mut()?.set_mark(MARK, mark)?;
        }
        Ok(())
    }
}

/// How many of the imported texts cite each of them.
struct Degrees {
    /// In the order of [`each`].
    cited_by: Vec<u32>,
}

impl Degrees {
    fn of(imports: &Imports, hidden: &HashSet<String>) -> Result<Self, PipelineError> {
        let mut bearers: Vec<(u64, u32)> = Vec::new();
        let mut texts = 0_u32;
        each(imports, hidden, &mut |text| {
            let own = own_citations(&text.text);
            bearers.extend(own.iter().map(|key| (number_of(key), texts)));
            texts += 1;
            Ok(())
        })?;
        bearers.sort_unstable();
        let mut cited_by = vec![0_u32; texts as usize];
        let mut citing = 0_u32;
        each(imports, hidden, &mut |text| {
            let mut cited: Vec<u32> = Vec::new();
            let own = own_citations(&text.text);
            for key in cited_keys(&find(&text.text), &own) {
                cited.extend_from_slice(&borne_by(&bearers, number_of(&key)));
            }
            cited.sort_unstable();
            cited.dedup();
            for at in cited.into_iter().filter(|at| *at != citing) {
                if let Some(sum) = cited_by.get_mut(at as usize) {
                    *sum += 1;
                }
            }
            citing += 1;
            Ok(())
        })?;
        Ok(Self { cited_by })
    }

    fn cited_by(&self, place: usize) -> u64 {
        self.cited_by.get(place).copied().map_or(0, u64::from)
    }
}

/// The texts that bear a number; none, if so many do that it names none of them.
fn borne_by(bearers: &[(u64, u32)], number: u64) -> Vec<u32> {
    let first = bearers.partition_point(|(other, _)| *other < number);
    let found: Vec<u32> = bearers
        .iter()
        .skip(first)
        .take_while(|(other, _)| *other == number)
        .map(|(_, text)| *text)
        .collect();
    if found.len() > MOST_BEARERS {
        Vec::new()
    } else {
        found
    }
}

/// A canonical key as a number: what is kept in memory of millions of them.
fn number_of(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// Whether the lake holds an imported text with this key.
pub(crate) fn is_imported(imports: Option<&Imports>, key: &str) -> Result<bool, PipelineError> {
    Ok(imports
        .map(|imports| imports.has(key))
        .transpose()?
        .unwrap_or(false))
}

/// What the index knows of a text: another digest, another sum or a newer reader hands it over again.
fn version(text: &ImportedText, cited_by: u64) -> String {
    format!("{READER} {} {cited_by}", text.digest().to_hex())
}

/// An imported text as the index takes it. Its key is its id; form feeds part its pages.
fn document(text: ImportedText, version: String, cited_by: u64) -> IndexDocument {
    let pages: Vec<PageText> = (1..)
        .zip(text.text.split('\u{c}'))
        .map(|(number, page)| page_text(number, page))
        .collect();
    let citations = find(&text.text);
    let mut facts = Facts {
        languages: languages(&pages),
        cited_by,
        own_citations: own_citations(&text.text),
        ..Facts::default()
    };
    for element in elements(&pages, None) {
        add_element(&mut facts, element);
    }
    let mut own = facts.own_citations.clone();
    own.extend(
        facts
            .case_number
            .as_deref()
            .and_then(parse_key)
            .map(|key| key.text),
    );
    facts.own_citations.sort_unstable();
    facts.own_citations.dedup();
    facts.cites = cited_keys(&citations, &own);
    facts.provisions = provisions(citations);
    IndexDocument {
        version,
        judgment: judgment(&text),
        sha256: None,
        facts,
        key: text.id,
        pages: pages
            .into_iter()
            .map(|page| (page.page, page.text))
            .collect(),
    }
}

/// What the text says of itself, where it is sure enough.
fn add_element(facts: &mut Facts, element: Element) {
    if element.confidence < SURE {
        return;
    }
    match element.field {
        "kind" if facts.kind.is_none() => facts.kind = Some(element.value),
        "judge" => facts.judges.push(element.value),
        "case_number" if facts.case_number.is_none() && element.detail == Some("own") => {
            facts.case_number = Some(element.value);
        }
        OWN_CITATION => facts.own_citations.push(element.value),
        _ => {}
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
        title: title(text),
        decision_date: text.decided,
        decision_date_raw: text
            .decided
            .as_ref()
            .map(Date::to_string)
            .unwrap_or_default(),
        ..Judgment::unprinted(
            SourceId::EcourtsHc,
            (code.parse().expect(well_formed), name),
            bench.map_or_else(
                || NO_COURT.parse().expect(well_formed),
                |bench| bench.code.clone(),
            ),
        )
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

fn cited_keys(citations: &[Citation], own: &[String]) -> Vec<String> {
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

fn provisions(citations: Vec<Citation>) -> Vec<Provision> {
    let mut found: Vec<Provision> = citations
        .into_iter()
        .filter_map(|citation| match citation.kind {
            Kind::Statute => Some(Provision {
                statute: Some(citation.key),
                section: String::new(),
            }),
            Kind::Provision => Some(provision(
                &citation.key,
                citation.statute.map(|link| link.key),
            )),
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
        let text = text(
            "AIR 1996 SC 463; 1995 (6) SCC 315 (11 October 1995)\nSection 302 of the Indian Penal Code, as in A v. B, AIR 1978 SC 597.",
        );
        let made = document(text, String::new(), 0);
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

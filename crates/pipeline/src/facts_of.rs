//! What the index is told of a judgment: its pages, and what the layers made from them say of it.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::slice::Iter;

use nirnay_index::{Facts, Provision};
use nirnay_model::{PageText, RowKey};
use nirnay_store::{
    CitationRow, DegreeRow, Lake, LayerRow, PartRows, Resolution, Shard, StoreError, StructureRow,
};

use crate::documents_of::DocumentsOf;
use crate::elements::OWN_CITATION;

/// More languages are noise of the recogniser.
const MOST_LANGUAGES: usize = 3;
/// A language of fewer pages in a hundred is that of a quotation.
const FEWEST_PAGES: usize = 10;
/// More cited keys than any judgment has.
const MOST_KEYS: usize = 5_000;

/// The layers of a partition, read in step with its judgments: all lie in the same order, so only one
/// judgment's rows are in memory.
pub(crate) struct FactsOf<'a> {
    lake: &'a Lake,
    texts: TextsOf<'a>,
    structure: RowsOf<'a, StructureRow>,
    citations: RowsOf<'a, CitationRow>,
    degrees: RowsOf<'a, DegreeRow>,
}

impl<'a> FactsOf<'a> {
    pub(crate) fn new(lake: &'a Lake, partition: &'a [Shard]) -> Self {
        Self {
            lake,
            texts: TextsOf {
                shards: partition.iter(),
                documents: None,
            },
            structure: RowsOf::new(partition),
            citations: RowsOf::new(partition),
            degrees: RowsOf::new(partition),
        }
    }

    /// The pages of the row with this key, what was read on pictures included, and what is known of it.
    pub(crate) fn of(&mut self, key: &RowKey) -> Result<(Vec<(u32, String)>, Facts), StoreError> {
        let mut facts = Facts::default();
        let pages = self.texts.of(self.lake, key)?;
        facts.languages = languages(&pages);
        for row in self.structure.of(self.lake, key, |row| &row.row_key)? {
            add_structure(&mut facts, row);
        }
        for row in self.citations.of(self.lake, key, |row| &row.row_key)? {
            add_citation(&mut facts, row);
        }
        for list in [&mut facts.cites, &mut facts.own_citations] {
            list.sort_unstable();
            list.dedup();
            list.truncate(MOST_KEYS);
        }
        facts.provisions.sort_unstable();
        facts.provisions.dedup();
        facts.provisions.truncate(MOST_KEYS);
        for row in self.degrees.of(self.lake, key, |row| &row.row_key)? {
            facts.cited_by = u64::from(row.in_degree);
        }
        let pages = pages
            .into_iter()
            .map(|page| (page.page, page.text))
            .collect();
        Ok((pages, facts))
    }
}

fn add_structure(facts: &mut Facts, row: StructureRow) {
    match row.field.as_str() {
        "kind" if facts.kind.is_none() => facts.kind = Some(row.value),
        "judge" => facts.judges.push(row.value),
        "case_number" if facts.case_number.is_none() && row.detail.as_deref() == Some("own") => {
            facts.case_number = Some(row.value);
        }
        OWN_CITATION => facts.own_citations.push(row.value),
        _ => {}
    }
}

fn add_citation(facts: &mut Facts, row: CitationRow) {
    match row.kind.as_str() {
        "statute" => facts.provisions.push(Provision {
            statute: Some(row.canonical),
            section: String::new(),
        }),
        "provision" => facts
            .provisions
            .push(provision(&row.canonical, row.statute)),
        // What names the judgment itself is no citation of it.
        _ if row.target.resolution == Resolution::Own => {}
        _ => facts.cites.push(row.canonical),
    }
}

/// A provision by its canonical key.
pub(crate) fn provision(canonical: &str, statute: Option<String>) -> Provision {
    let section = statute
        .as_deref()
        .and_then(|statute| canonical.strip_prefix(statute))
        .unwrap_or(canonical);
    Provision {
        section: section.trim().to_owned(),
        statute,
    }
}

/// The languages of the pages that can be read, that of most pages first.
pub(crate) fn languages(pages: &[PageText]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for page in pages {
        for language in &page.languages {
            *counts.entry(language).or_default() += 1;
        }
    }
    let mut found: Vec<(&str, usize)> = counts.into_iter().collect();
    found.retain(|(_, count)| count * 100 >= pages.len() * FEWEST_PAGES);
    found.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    found.truncate(MOST_LANGUAGES);
    found
        .into_iter()
        .map(|(language, _)| language.to_owned())
        .collect()
}

/// The rows of a layer, shard after shard.
struct RowsOf<'a, R: LayerRow> {
    shards: Iter<'a, Shard>,
    rows: Option<Peekable<PartRows<R>>>,
}

impl<'a, R: LayerRow> RowsOf<'a, R> {
    fn new(partition: &'a [Shard]) -> Self {
        Self {
            shards: partition.iter(),
            rows: None,
        }
    }

    /// The rows of the judgment with this key.
    fn of(
        &mut self,
        lake: &Lake,
        key: &RowKey,
        key_of: fn(&R) -> &RowKey,
    ) -> Result<Vec<R>, StoreError> {
        let mut found = Vec::new();
        loop {
            if let Some(rows) = &mut self.rows {
                let mine = |row: &Result<R, StoreError>| {
                    row.as_ref().map_or(true, |row| key_of(row) == key)
                };
                while let Some(row) = rows.next_if(mine).transpose()? {
                    found.push(row);
                }
                if rows.peek().is_some() {
                    return Ok(found);
                }
            }
            match self.shards.next() {
                Some(shard) => self.rows = Some(lake.read_part::<R>(shard)?.peekable()),
                None => return Ok(found),
            }
        }
    }
}

/// The documents of a partition, shard after shard.
struct TextsOf<'a> {
    shards: Iter<'a, Shard>,
    documents: Option<Peekable<DocumentsOf>>,
}

impl TextsOf<'_> {
    fn of(&mut self, lake: &Lake, key: &RowKey) -> Result<Vec<PageText>, StoreError> {
        loop {
            if let Some(documents) = &mut self.documents {
                let found = documents.next_if(|document| {
                    document
                        .as_ref()
                        .map_or(true, |document| document.row_key == *key)
                });
                if let Some(document) = found.transpose()? {
                    return Ok(document.pages);
                }
                if documents.peek().is_some() {
                    return Ok(Vec::new());
                }
            }
            match self.shards.next() {
                Some(shard) => {
                    self.documents = Some(DocumentsOf::readable(lake, shard)?.peekable());
                }
                None => return Ok(Vec::new()),
            }
        }
    }
}

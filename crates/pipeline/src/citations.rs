//! The citations stage: the pages of a judgment into the citations in them, and where those lead.

use nirnay_citation::{Basis, Citation, Kind};
use nirnay_model::{RowKey, Sha256};
use nirnay_store::{
    CitationLink, CitationRow, Derived, Lake, Layer, LayerInput, Shard, StoreError, Target,
};
use serde::Serialize;

use crate::changed::Changed;
use crate::cites::{self, GraphReport};
use crate::documents_of::{DocumentText, DocumentsOf, add_input};
use crate::error::PipelineError;
use crate::event::{Event, Observer, Stage};
use crate::in_order::{DOCUMENTS_AHEAD, in_order};
use crate::key_index::KeyIndex;
use crate::paged::{PagedCitation, search_pages};

/// The version of the finder: rows that another one made are made again.
const FINDER: &str = concat!("nirnay-citation ", env!("CARGO_PKG_VERSION"), " 4");

/// What the citations stage did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CitationsReport {
    /// Shards whose file was written anew.
    pub shards_written: u64,
    /// Documents searched in this call.
    pub documents: u64,
    /// Citations in the published layer.
    pub citations: u64,
    /// Documents searched in this call that have more citations than are taken.
    pub cut: u64,
    /// The graph made from them.
    #[serde(flatten)]
    pub graph: GraphReport,
}

/// Finds the citations of every document whose text changed, resolves the keys of all against the judgments
/// of the lake, and publishes `citations/`, `cites/`, `degrees/` and `dangling/`.
///
/// Which citations a shard has is a pure function of its text; where they lead depends on all judgments of
/// the lake. A new judgment therefore has the known citations looked at again, not searched for again. Where
/// nothing changed since, nothing is read.
pub fn find_citations(
    lake: &Lake,
    jobs: usize,
    observer: &dyn Observer,
) -> Result<CitationsReport, PipelineError> {
    let mut report = CitationsReport::default();
    lake.ledger().expect_version(Derived::Citations, FINDER)?;
    let changed = Changed::of(lake, Derived::Citations)?;
    let held = lake.ledger().held_sources()?;
    let is_held = |shard: &Shard| held.iter().any(|source| shard.may_hold(*source));
    let shards = lake.shards()?;
    observer.observe(&Event::StageStarted {
        stage: Stage::Citations,
        total: Some(shards.iter().map(|shard| shard.rows).sum()),
    });
    if changed.versions.is_empty() {
        if !held.is_empty() {
            // An order of removal does not wait for the layout of its source to be believed.
            for layer in [Layer::Citations, Layer::Cites, Layer::Degrees] {
                lake.hide_in_layer(layer)?;
            }
        }
        report.graph = cites::standing(lake)?;
    } else {
        let index = KeyIndex::of(lake)?;
        let mut done = 0;
        for shard in shards.iter().filter(|shard| !is_held(shard)) {
            one_shard(lake, (jobs, &index), shard, &mut report)?;
            done += shard.rows;
            observer.observe(&Event::StageProgress {
                stage: Stage::Citations,
                done,
            });
        }
    }
    report.citations = lake.finish_layer(Layer::Citations)?.rows;
    observer.observe(&Event::StageFinished {
        stage: Stage::Citations,
    });
    if !changed.versions.is_empty() {
        report.graph = cites::publish(lake, jobs, (&shards, &is_held), observer)?;
    }
    lake.ledger()
        .layer_made(Derived::Citations, &changed.versions)?;
    Ok(report)
}

fn input_of(lake: &Lake, shard: &Shard) -> Result<Sha256, StoreError> {
    let mut input = LayerInput::new(Layer::Citations, FINDER);
    add_input(lake, shard, &mut input)?;
    Ok(input.finish())
}

fn one_shard(
    lake: &Lake,
    (jobs, index): (usize, &KeyIndex),
    shard: &Shard,
    report: &mut CitationsReport,
) -> Result<(), PipelineError> {
    let input = input_of(lake, shard)?;
    if !lake.part_is_current(Layer::Citations, shard, &input)? {
        search(lake, (jobs, index), (shard, input), report)?;
        report.shards_written += 1;
    } else if leads_elsewhere(lake, index, shard)? {
        relink(lake, index, (shard, input))?;
        report.shards_written += 1;
    }
    Ok(())
}

/// Finds the citations of a shard in its text.
fn search(
    lake: &Lake,
    (jobs, index): (usize, &KeyIndex),
    (shard, input): (&Shard, Sha256),
    report: &mut CitationsReport,
) -> Result<(), PipelineError> {
    let mut part = lake.write_part::<CitationRow>(shard, input)?;
    let work = |document: Result<DocumentText, StoreError>| {
        document.map(|document| citations_of(&document, index, shard))
    };
    let documents = DocumentsOf::readable(lake, shard)?;
    in_order((jobs, DOCUMENTS_AHEAD), documents, work, |found| {
        let (rows, cut) = found?;
        report.documents += 1;
        report.cut += u64::from(cut);
        for row in rows {
            part.push(row)?;
        }
        Ok::<_, PipelineError>(())
    })?;
    part.finish()?;
    Ok(())
}

/// The citations of a document, and whether it has more than are taken.
fn citations_of(
    document: &DocumentText,
    index: &KeyIndex,
    shard: &Shard,
) -> (Vec<CitationRow>, bool) {
    let pages: Vec<(u32, &str)> = document
        .pages
        .iter()
        .map(|page| (page.page, page.text.as_str()))
        .collect();
    let search = search_pages(&pages);
    let rows = search.citations.into_iter();
    let rows = rows.map(|found| row(document, found, (index, shard)));
    (rows.collect(), search.stopped.is_some())
}

fn row(
    document: &DocumentText,
    found: PagedCitation,
    (index, shard): (&KeyIndex, &Shard),
) -> CitationRow {
    let citation = found.citation;
    let target = index.target(
        (citation.kind, &citation.key),
        &document.row_key,
        &shard.court,
    );
    CitationRow {
        row_key: document.row_key.clone(),
        cnr: document.cnr.clone(),
        sha256: document.sha256,
        flags: flags(&citation),
        printed: citation.text,
        canonical: citation.key,
        kind: citation.kind.as_str().to_owned(),
        page: found.page,
        start: found.start,
        end: found.end,
        end_page: found.end_page,
        cluster: citation.cluster,
        pinpoint: citation.pinpoint,
        statute: citation.statute.map(|statute| statute.key),
        target,
        finder: FINDER.to_owned(),
        in_ocr: document.from_pictures.contains(&found.page),
    }
}

/// What a reader of the table should know before they trust a row.
fn flags(citation: &Citation) -> Vec<String> {
    let mut flags = Vec::new();
    if !citation.resolved {
        flags.push("not_in_tables".to_owned());
    }
    let basis = citation.statute.as_ref().map(|statute| statute.basis);
    match basis {
        None | Some(Basis::Named | Basis::Joined) => {}
        Some(Basis::Defined) => flags.push("statute_defined".to_owned()),
        Some(Basis::Preceding) => flags.push("statute_preceding".to_owned()),
        Some(Basis::Custom) => flags.push("statute_custom".to_owned()),
    }
    flags
}

/// Whether a citation of the shard leads elsewhere than it did.
fn leads_elsewhere(lake: &Lake, index: &KeyIndex, shard: &Shard) -> Result<bool, PipelineError> {
    for row in lake.read_part::<CitationLink>(shard)? {
        let row = row?;
        let printed = (row.kind.as_str(), row.canonical.as_str());
        if target_of(printed, &row.row_key, index, shard)? != row.target {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Where a published citation leads now.
fn target_of(
    (kind, canonical): (&str, &str),
    citing: &RowKey,
    index: &KeyIndex,
    shard: &Shard,
) -> Result<Target, PipelineError> {
    let kind = Kind::named(kind)
        .ok_or_else(|| PipelineError::Internal(format!("a citation of the kind {kind}")))?;
    Ok(index.target((kind, canonical), citing, &shard.court))
}

/// Writes the citations of a shard again, as they were found, with where they lead now.
fn relink(
    lake: &Lake,
    index: &KeyIndex,
    (shard, input): (&Shard, Sha256),
) -> Result<(), PipelineError> {
    let mut part = lake.write_part::<CitationRow>(shard, input)?;
    for row in lake.read_part::<CitationRow>(shard)? {
        let mut row = row?;
        row.target = target_of((&row.kind, &row.canonical), &row.row_key, index, shard)?;
        part.push(row)?;
    }
    part.finish()?;
    Ok(())
}

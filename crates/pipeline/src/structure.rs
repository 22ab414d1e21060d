//! The structure stage: the pages of a judgment into what they say of it.

use nirnay_extract::structure::Element;
use nirnay_store::{Derived, Lake, Layer, LayerInput, Shard, StructureRow};
use serde::Serialize;

use crate::changed::Changed;
use crate::documents_of::{DocumentText, DocumentsOf, add_input};
use crate::elements::{READER, elements};
use crate::error::PipelineError;
use crate::event::{Event, Observer, Stage};
use crate::in_order::{DOCUMENTS_AHEAD, in_order};

/// What the structure stage did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct StructureReport {
    /// Shards whose file was written anew.
    pub shards_written: u64,
    /// Documents read in this call.
    pub documents: u64,
    /// Elements in the published layer.
    pub elements: u64,
    /// Documents read in this call whose text contradicts the portal.
    pub conflicts: u64,
}

/// Reads the structure of every document whose text or row changed and publishes `structure/`.
///
/// A shard's file is a pure function of its text and of what the portal says of its judgments, so a shard
/// that was finished before a crash is skipped and one that was not is done again.
pub fn read_structure(
    lake: &Lake,
    jobs: usize,
    observer: &dyn Observer,
) -> Result<StructureReport, PipelineError> {
    let mut report = StructureReport::default();
    lake.ledger().expect_version(Derived::Structure, READER)?;
    let changed = Changed::of(lake, Derived::Structure)?;
    let shards = lake.shards()?;
    let due: Vec<&Shard> = shards.iter().filter(|shard| changed.holds(shard)).collect();
    observer.observe(&Event::StageStarted {
        stage: Stage::Structure,
        total: Some(due.iter().map(|shard| shard.rows).sum()),
    });
    let mut done = 0;
    for shard in due {
        one_shard(lake, jobs, shard, &mut report)?;
        done += shard.rows;
        observer.observe(&Event::StageProgress {
            stage: Stage::Structure,
            done,
        });
    }
    report.elements = lake.finish_layer(Layer::Structure)?.rows;
    lake.ledger()
        .layer_made(Derived::Structure, &changed.versions)?;
    observer.observe(&Event::StageFinished {
        stage: Stage::Structure,
    });
    Ok(report)
}

fn one_shard(
    lake: &Lake,
    jobs: usize,
    shard: &Shard,
    report: &mut StructureReport,
) -> Result<(), PipelineError> {
    let mut input = LayerInput::new(Layer::Structure, READER);
    add_input(lake, shard, &mut input)?;
    input.add(lake.shard_rows_hash(shard)?.as_bytes());
    let input = input.finish();
    if lake.part_is_current(Layer::Structure, shard, &input)? {
        return Ok(());
    }
    let mut part = lake.write_part::<StructureRow>(shard, input)?;
    let work = |document: Result<DocumentText, nirnay_store::StoreError>| {
        let document = document?;
        let judgment = lake.ledger().judgment(&document.row_key)?;
        let found = elements(&document.pages, judgment.as_ref());
        Ok::<_, PipelineError>((document, found))
    };
    let documents = DocumentsOf::readable(lake, shard)?;
    in_order((jobs, DOCUMENTS_AHEAD), documents, work, |read| {
        let (document, found) = read?;
        report.documents += 1;
        report.conflicts += u64::from(found.iter().any(|element| element.conflict == Some(true)));
        for element in found {
            part.push(row(&document, element))?;
        }
        Ok::<_, PipelineError>(())
    })?;
    part.finish()?;
    report.shards_written += 1;
    Ok(())
}

fn row(document: &DocumentText, element: Element) -> StructureRow {
    StructureRow {
        row_key: document.row_key.clone(),
        cnr: document.cnr.clone(),
        sha256: document.sha256,
        field: element.field.to_owned(),
        value: element.value,
        text: element.text,
        page: element.page,
        start: element.start,
        end_page: element.end_page,
        end: element.end,
        in_furniture: element.furniture,
        confidence: element.confidence,
        detail: element.detail.map(str::to_owned),
        portal_value: element.portal_value,
        conflict: element.conflict,
        reader: READER.to_owned(),
        in_ocr: document.from_pictures.contains(&element.page),
    }
}

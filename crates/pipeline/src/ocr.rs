//! The stage of character recognition: pages without text, read from their pictures.

use std::path::PathBuf;
use std::time::Duration;

use nirnay_extract::ocr::{
    Languages, OcrFailure, OcrPage, Reader, Recognizer as _, Seat, Tesseract, TesseractSettings,
    languages,
};
use nirnay_extract::{Limits, Pool};
use nirnay_model::PageText;
use nirnay_store::{CachedOcr, Derived, Lake, Layer, LayerInput, OcrRow, Shard};
use serde::Serialize;

use crate::changed::Changed;
use crate::config::OcrConfig;
use crate::documents_of::{DocumentText, DocumentsOf};
use crate::error::PipelineError;
use crate::event::{Event, Observer, Stage};
use crate::in_order::in_order;

/// What the stage did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct OcrReport {
    /// Shards whose file was written anew.
    pub shards_written: u64,
    /// Pages read in this call.
    pub read: u64,
    /// Pages that could not be read, by reason, those of earlier calls included.
    pub failed: std::collections::BTreeMap<String, u64>,
    /// Pages in the published layer.
    pub pages: u64,
}

/// Draws pages in workers and has `tesseract` read the pictures.
pub struct PageReader {
    pool: Pool,
    tesseract: Tesseract,
    languages: Vec<String>,
    jobs: usize,
    version: String,
}

impl PageReader {
    /// Finds the program, and asks it for its packs. Workers are started as `program args…` and must run
    /// [`nirnay_extract::worker_main`].
    pub fn new(
        (program, args): (PathBuf, Vec<String>),
        limits: Limits,
        config: &OcrConfig,
    ) -> Result<Self, OcrFailure> {
        let jobs = config.jobs.max(1);
        let tesseract = Tesseract::find(&TesseractSettings {
            at_once: jobs,
            wall: Duration::from_secs(config.timeout),
            ..TesseractSettings::default()
        })?;
        // A pack that is installed later may read what could not be read.
        let version = format!(
            "{} [{}] {}",
            tesseract.name(),
            tesseract.packs().join(" "),
            config.languages.join("+")
        );
        Ok(Self {
            pool: Pool::new(program, args, limits, jobs),
            tesseract,
            languages: config.languages.clone(),
            jobs,
            version,
        })
    }

    /// Reads a page of a PDF, a document of the court in `seat`. Blocks for as long as its limits allow.
    pub fn read(&self, pdf: &[u8], page: &PageText, seat: &Seat) -> Result<OcrPage, OcrFailure> {
        let languages = if self.languages.is_empty() {
            languages(page, seat)
        } else {
            Languages {
                first: self.languages.clone(),
                otherwise: None,
            }
        };
        Reader::new(&self.pool, &self.tesseract).read(pdf, page.page, &languages)
    }
}

/// Reads every page that needs it and was not read by this version of the program with these packs, and
/// publishes `ocr/`.
///
/// What was read stays under `ocr/.work/`, so a stage that was interrupted goes on where it was.
pub fn recognise(
    lake: &Lake,
    reader: &PageReader,
    observer: &dyn Observer,
) -> Result<OcrReport, PipelineError> {
    let mut report = OcrReport::default();
    lake.ledger()
        .expect_version(Derived::Ocr, &reader.version)?;
    let changed = Changed::of(lake, Derived::Ocr)?;
    let shards = lake.shards()?;
    let due: Vec<&Shard> = shards.iter().filter(|shard| changed.holds(shard)).collect();
    observer.observe(&Event::StageStarted {
        stage: Stage::Ocr,
        total: Some(due.iter().map(|shard| shard.rows).sum()),
    });
    let mut done = 0;
    let mut lost = Vec::new();
    for shard in due {
        if one_shard(lake, reader, shard, &mut report)? {
            lost.push(shard);
        }
        done += shard.rows;
        observer.observe(&Event::StageProgress {
            stage: Stage::Ocr,
            done,
        });
    }
    report.pages = lake.finish_layer(Layer::Ocr)?.rows;
    if report.shards_written > 0 {
        // What was read may name judges, and cite.
        lake.ledger().layer_lost(Derived::Structure)?;
        lake.ledger().layer_lost(Derived::Citations)?;
    }
    lake.ledger()
        .layer_made(Derived::Ocr, &changed.without(&lost))?;
    observer.observe(&Event::StageFinished { stage: Stage::Ocr });
    Ok(report)
}

/// True if the bytes of a document were not there.
fn one_shard(
    lake: &Lake,
    reader: &PageReader,
    shard: &Shard,
    report: &mut OcrReport,
) -> Result<bool, PipelineError> {
    let mut input = LayerInput::new(Layer::Ocr, &reader.version);
    if let Some(text) = lake.part_hash(Layer::Text, shard)? {
        input.add(text.as_bytes());
    }
    let input = input.finish();
    if lake.part_is_current(Layer::Ocr, shard, &input)? {
        return Ok(false);
    }
    let seat = Seat::of_court(shard.court.as_str());
    let wanted = DocumentsOf::shard(lake, shard)?.filter(|document| {
        document.as_ref().map_or(true, |document| {
            document.pages.iter().any(|page| page.needs_ocr)
        })
    });
    let mut part = lake.write_part::<OcrRow>(shard, input)?;
    let mut is_lost = false;
    let work = |document: Result<DocumentText, nirnay_store::StoreError>| {
        let document = document?;
        let read = of_document(lake, reader, &document, &seat)?;
        Ok::<_, PipelineError>((document, read))
    };
    in_order(reader.jobs, wanted, work, |read| {
        let (document, read) = read?;
        let Some((ocr, fresh)) = read else {
            is_lost = true;
            return Ok(());
        };
        report.read += if fresh { ocr.pages.len() as u64 } else { 0 };
        for (_, reason) in ocr.failed {
            *report.failed.entry(reason).or_default() += 1;
        }
        for page in ocr.pages {
            part.push(row(&document, page))?;
        }
        Ok::<_, PipelineError>(())
    })?;
    part.finish()?;
    report.shards_written += 1;
    Ok(is_lost)
}

/// What is read of a document, and whether it was read now; `None` if its bytes are not there.
fn of_document(
    lake: &Lake,
    reader: &PageReader,
    document: &DocumentText,
    seat: &Seat,
) -> Result<Option<(CachedOcr, bool)>, PipelineError> {
    if let Some(known) = lake.cached_ocr(&document.sha256)?
        && known.version == reader.version
        && wants(document) == known.asked()
    {
        return Ok(Some((known, false)));
    }
    let Some(pdf) = lake.documents().read(&document.sha256)? else {
        return Ok(None);
    };
    let mut ocr = CachedOcr {
        version: reader.version.clone(),
        ..CachedOcr::default()
    };
    for page in document.pages.iter().filter(|page| page.needs_ocr) {
        match reader.read(&pdf, page, seat) {
            Ok(read) => ocr.pages.push(nirnay_store::OcrPage {
                page: read.page,
                confidence: (read.words > 0).then_some(read.confidence),
                text: read.text,
                languages: read.languages,
                engine: read.engine,
            }),
            // A pack that is missing is part of the version: with it, the page is tried again.
            Err(failure)
                if failure.is_about_the_page()
                    || matches!(failure, OcrFailure::MissingPacks { .. }) =>
            {
                ocr.failed.push((page.page, failure.reason().to_owned()));
            }
            Err(failure) => return Err(PipelineError::Ocr(failure)),
        }
    }
    lake.put_cached_ocr(&document.sha256, &ocr)?;
    Ok(Some((ocr, true)))
}

/// The pages of a document that are to be read.
fn wants(document: &DocumentText) -> Vec<u32> {
    let wanted = document.pages.iter().filter(|page| page.needs_ocr);
    wanted.map(|page| page.page).collect()
}

fn row(document: &DocumentText, page: nirnay_store::OcrPage) -> OcrRow {
    OcrRow {
        row_key: document.row_key.clone(),
        cnr: document.cnr.clone(),
        sha256: document.sha256,
        page: page.page,
        text: page.text,
        confidence: page.confidence,
        languages: page.languages,
        engine: page.engine,
    }
}

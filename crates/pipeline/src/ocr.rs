//! The stage of character recognition: pages without text, read from their pictures.

use std::path::PathBuf;
use std::time::Duration;

use nirnay_extract::ocr::{
    Languages, OcrFailure, OcrPage, Reader, Recognizer as _, Seat, Tesseract, TesseractSettings,
    UNSURE, languages,
};
use nirnay_extract::{ExtractFailure, Limits, Pool};
use nirnay_model::{PageText, Sha256};
use nirnay_store::{CachedOcr, Derived, Lake, Layer, LayerInput, OcrRow, Shard};
use serde::Serialize;

use crate::changed::Changed;
use crate::config::OcrConfig;
use crate::documents_of::{DocumentText, DocumentsOf};
use crate::error::PipelineError;
use crate::event::{Event, Observer, Stage};
use crate::in_order::{DOCUMENTS_AHEAD, in_order};

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
    timeout: u64,
}

/// The packs that a page is read with, as far as they are there: while they and the program are the same, so is
/// what is read.
struct Plan {
    /// Where the packs of its text or court are sure of it: whatever else is there, it is not looked at again.
    sure: String,
    /// Where they are not, and the other packs had their turn.
    unsure: String,
    /// The same, where the time of the page was over before.
    cut: String,
}

impl Plan {
    fn of(&self, read: &OcrPage) -> &str {
        match read {
            read if read.out_of_time => &self.cut,
            read if read.words == 0 || read.confidence >= UNSURE => &self.sure,
            _ => &self.unsure,
        }
    }

    fn made(&self, read: &nirnay_store::OcrPage) -> bool {
        let is_sure = read
            .confidence
            .is_none_or(|confidence| confidence >= UNSURE);
        [&self.unsure, &self.cut].contains(&&read.plan) || (is_sure && read.plan == self.sure)
    }
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
        let tesseract = Tesseract::find(&settings(config))?;
        // What could not be read may be read with another pack, or in more time.
        let version = format!(
            "{} by script [{}] {} {} s",
            tesseract.name(),
            tesseract.packs().join(" "),
            config.languages.join("+"),
            config.timeout
        );
        Ok(Self {
            pool: Pool::new(program, args, limits, jobs),
            tesseract,
            languages: config.languages.clone(),
            jobs,
            version,
            timeout: config.timeout,
        })
    }

    /// Reads a page of a PDF, a document of the court in `seat`. Blocks for as long as its limits allow.
    pub fn read(&self, pdf: &[u8], page: &PageText, seat: &Seat) -> Result<OcrPage, OcrFailure> {
        let languages = self.languages(page, seat);
        Reader::new(&self.pool, &self.tesseract).read(pdf, page.page, &languages)
    }

    fn languages(&self, page: &PageText, seat: &Seat) -> Languages {
        if self.languages.is_empty() {
            languages(page, seat)
        } else {
            Languages {
                first: self.languages.clone(),
                otherwise: None,
                is_guess: false,
            }
        }
    }

    fn plan(&self, page: &PageText, seat: &Seat) -> Plan {
        let languages = self.languages(page, seat);
        let has = |pack: &&String| self.tesseract.packs().contains(pack);
        let there = |packs: &[String]| -> String {
            let there: Vec<&str> = packs.iter().filter(has).map(String::as_str).collect();
            there.join("+")
        };
        let otherwise = languages.otherwise.as_ref();
        // Without the main one of the others they are not tried.
        let sure = match otherwise.filter(|packs| packs.first().is_some_and(|main| has(&main))) {
            Some(packs) => format!("{} / {}", there(&languages.first), there(packs)),
            None => there(&languages.first),
        };
        let unsure = if languages.is_guess {
            format!("{sure} / {}", self.tesseract.packs().join(" "))
        } else {
            sure.clone()
        };
        let cut = format!("{unsure} in {} s", self.timeout);
        Plan { sure, unsure, cut }
    }

    /// What is known of a page, if it need not be read again.
    fn known(&self, known: &CachedOcr, page: u32, plan: &Plan) -> Option<Known> {
        let is_it = |read: &&nirnay_store::OcrPage| {
            read.page == page && plan.made(read) && read.engine == self.tesseract.name()
        };
        if let Some(read) = known.pages.iter().find(is_it) {
            return Some(Known::Read(read.clone()));
        }
        if known.version != self.version || known.again.contains(&page) {
            return None;
        }
        let mut failed = known.failed.iter();
        let (_, reason) = failed.find(|(failed, _)| *failed == page)?;
        Some(Known::Failed(reason.clone()))
    }
}

/// What became of a page before.
enum Known {
    Read(nirnay_store::OcrPage),
    Failed(String),
}

/// The time that a page gets above the usual is time to compute as well.
fn settings(config: &OcrConfig) -> TesseractSettings {
    let usual = TesseractSettings::default();
    let more = config.timeout.saturating_sub(usual.wall.as_secs());
    TesseractSettings {
        program: config.program.clone(),
        at_once: config.jobs.max(1),
        wall: Duration::from_secs(config.timeout),
        cpu_seconds: usual.cpu_seconds + more,
        ..usual
    }
}

/// Reads every page that needs it and was not read by this version of the program with the packs of its languages,
/// and publishes `ocr/`.
///
/// What was read stays under `ocr/.work/`, so a stage that was interrupted goes on where it was, and another pack or
/// setting costs only the pages that it is about. A page that failed is tried again with other packs or limits, and
/// once more by a later run where it may have been the machine that was short of time or memory.
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
    let mut open = Vec::new();
    for shard in due {
        if one_shard(lake, reader, shard, &mut report)? {
            open.push(shard);
        }
        done += shard.rows;
        observer.observe(&Event::StageProgress {
            stage: Stage::Ocr,
            done,
        });
    }
    report.pages = lake.finish_layer(Layer::Ocr)?.rows;
    lake.ledger()
        .layer_made(Derived::Ocr, &changed.without(&open))?;
    observer.observe(&Event::StageFinished { stage: Stage::Ocr });
    Ok(report)
}

/// What a layer's file is made from.
fn input_of(
    lake: &Lake,
    reader: &PageReader,
    shard: &Shard,
    is_open: bool,
) -> Result<Sha256, PipelineError> {
    let mut input = LayerInput::new(Layer::Ocr, &reader.version);
    if let Some(text) = lake.part_hash(Layer::Text, shard)? {
        input.add(text.as_bytes());
    }
    if is_open {
        input.add(b"pages are missing");
    }
    Ok(input.finish())
}

/// True if pages are to be looked at again by the next run: the bytes of a document were not there, or time or memory
/// was short.
fn one_shard(
    lake: &Lake,
    reader: &PageReader,
    shard: &Shard,
    report: &mut OcrReport,
) -> Result<bool, PipelineError> {
    let input = input_of(lake, reader, shard, false)?;
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
    let mut is_open = false;
    let work = |document: Result<DocumentText, nirnay_store::StoreError>| {
        let document = document?;
        let read = of_document(lake, reader, &document, &seat)?;
        Ok::<_, PipelineError>((document, read))
    };
    in_order((reader.jobs, DOCUMENTS_AHEAD), wanted, work, |read| {
        let (document, Pages { ocr, fresh, lost }) = read?;
        is_open |= lost || !ocr.again.is_empty();
        report.read += fresh;
        for (_, reason) in ocr.failed {
            *report.failed.entry(reason).or_default() += 1;
        }
        for page in ocr.pages {
            part.push(row(&document, page))?;
        }
        Ok::<_, PipelineError>(())
    })?;
    part.finish_from(input_of(lake, reader, shard, is_open)?)?;
    report.shards_written += 1;
    Ok(is_open)
}

/// What is known of the pages of a document.
struct Pages {
    ocr: CachedOcr,
    /// How many of them were read now.
    fresh: u64,
    /// Whether pages could not be read because the bytes of the document are not there.
    lost: bool,
}

fn of_document(
    lake: &Lake,
    reader: &PageReader,
    document: &DocumentText,
    seat: &Seat,
) -> Result<Pages, PipelineError> {
    let before = lake.cached_ocr(&document.sha256)?.unwrap_or_default();
    let mut pages = Pages {
        ocr: CachedOcr {
            version: reader.version.clone(),
            ..CachedOcr::default()
        },
        fresh: 0,
        lost: false,
    };
    let mut open = Vec::new();
    for page in document.pages.iter().filter(|page| page.needs_ocr) {
        let plan = reader.plan(page, seat);
        match reader.known(&before, page.page, &plan) {
            Some(Known::Read(read)) => pages.ocr.pages.push(read),
            Some(Known::Failed(reason)) => pages.ocr.failed.push((page.page, reason)),
            None => open.push((page, plan)),
        }
    }
    if open.is_empty() {
        return Ok(pages);
    }
    let Some(pdf) = lake.documents().read(&document.sha256)? else {
        pages.lost = true;
        return Ok(pages);
    };
    for (page, plan) in open {
        match reader.read(&pdf, page, seat) {
            Ok(read) => {
                let plan = plan.of(&read).to_owned();
                pages.fresh += 1;
                pages.ocr.pages.push(nirnay_store::OcrPage {
                    page: read.page,
                    confidence: (read.words > 0).then_some(read.confidence),
                    text: read.text,
                    languages: read.languages,
                    engine: read.engine,
                    plan,
                });
            }
            // A pack that is missing is part of the version: with it, the page is tried again.
            Err(failure)
                if failure.is_about_the_page()
                    || matches!(failure, OcrFailure::MissingPacks { .. }) =>
            {
                let is_second = before.version == reader.version
                    && before.failed.iter().any(|(failed, _)| *failed == page.page);
                if may_be_the_machine(&failure) && !is_second {
                    pages.ocr.again.push(page.page);
                }
                let reason = failure.reason().to_owned();
                pages.ocr.failed.push((page.page, reason));
            }
            Err(failure) => return Err(PipelineError::Ocr(failure)),
        }
    }
    pages.ocr.pages.sort_by_key(|page| page.page);
    pages.ocr.failed.sort();
    lake.put_cached_ocr(&document.sha256, &pages.ocr)?;
    Ok(pages)
}

/// Whether another run might read the page: this one may have met a busy machine.
fn may_be_the_machine(failure: &OcrFailure) -> bool {
    matches!(
        failure,
        OcrFailure::TimedOut
            | OcrFailure::OutOfMemory
            | OcrFailure::Picture(ExtractFailure::TimedOut | ExtractFailure::OutOfMemory)
    )
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

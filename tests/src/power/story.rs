//! A small crawl, told by the ledger: whoever tells it again after an interruption goes on where it ended.
//!
//! Two runs on two days over two courts: pages, a row set aside, documents in batches, text, publication;
//! the second day a changed row, a new one, and one that replaces a document. No portal and no network: the
//! rows are made up here.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use nirnay_model::{
    Capture, CaptureId, CaptureKind, CapturedBody, DocumentHandle, ExtractMethod, Judgment,
    PageText, QuarantineReason, QuarantinedRow, Sha256, SourceId, Verification,
};
use nirnay_store::{
    AcceptedRow, CachedText, FetchedBlob, Files, HostStateFile, Lake, OpenMode, PageAcceptance,
    Run, StoreError, TextOutcome, WindowSpec, WindowState,
};

/// The host that the story counts requests to.
pub(crate) const HOST: &str = "portal.example";

/// Where the lake lies below the place of the story: two folders that the story creates itself.
pub(crate) const LAKE: &str = "disk/lake";

/// Where the host states lie.
pub(crate) const HOSTS: &str = "state/hosts";

/// Rows that the portal lists on the second day.
pub(crate) const ROWS: u64 = 25;

/// What the teller was promised by a call that returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Promise {
    /// So many requests are counted.
    Requests(u64),
    /// The manifest with this hash is published.
    Published(Sha256),
    /// So many copies of the ledger exist.
    Copies(usize),
    /// A damaged lake was brought back.
    Rescued,
}

/// Tells the story, from wherever the ledger says it ended, in the folder `place`.
pub(crate) fn tell(
    files: &Arc<dyn Files>,
    place: &Path,
    promised: &mut dyn FnMut(Promise),
) -> Result<(), StoreError> {
    for day in [1, 2] {
        let lake = Lake::open_with(Arc::clone(files), &place.join(LAKE), OpenMode::ReadWrite)?;
        lake.set_min_free(0);
        promised(Promise::Copies(copies(&place.join(LAKE))));
        let mut teller = Teller {
            hosts: HostStateFile::with_files(place.join(HOSTS), Arc::clone(files)),
            lake,
            promised,
            day,
        };
        if !teller.is_over()? {
            teller.live()?;
        }
    }
    Ok(())
}

/// The number of copies of the ledger in a lake.
pub(crate) fn copies(lake: &Path) -> usize {
    std::fs::read_dir(lake.join("backups")).map_or(0, |entries| entries.flatten().count())
}

struct Teller<'a> {
    lake: Lake,
    hosts: HostStateFile,
    promised: &'a mut dyn FnMut(Promise),
    day: u64,
}

fn name(day: u64) -> &'static str {
    if day == 1 { "first" } else { "second" }
}

fn instant(day: u64, minute: u64) -> Timestamp {
    let base: i64 = 1_795_255_200; // 2026-11-21T10:00:00Z
    Timestamp::from_second(base + (day as i64 - 1) * 86_400 + minute as i64 * 60)
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The windows of the story: court, bench, dates, first row, rows on the first and on the second day.
const WINDOWS: [(&str, &str, &str, u64, [u64; 2]); 2] = [
    ("7_26", "dhcdb", "2024-01-01..2024-12-31", 0, [14, 15]),
    ("9_13", "cgbench", "2023-01-01..2023-12-31", 15, [10, 10]),
];

/// Rows of a page.
const PAGE: u64 = 7;

impl Teller<'_> {
    /// Whether the day was lived to its end.
    fn is_over(&self) -> Result<bool, StoreError> {
        let ledger = self.lake.ledger();
        let Some(last) = ledger.last_run()? else {
            return Ok(false);
        };
        let windows = ledger.windows(None)?;
        let walked = windows.len() == WINDOWS.len()
            && windows.iter().all(|window| window.completed_at.is_some());
        Ok(match (self.day, last.pipeline.as_str()) {
            (1, "first") => last.finished_at.is_some(),
            (1, _) => walked,
            (2, "second") => last.finished_at.is_some() && !self.wants_documents()?,
            _ => false,
        })
    }

    fn live(&mut self) -> Result<(), StoreError> {
        let config = Sha256::of(name(self.day).as_bytes());
        let run = self
            .lake
            .ledger()
            .begin_run(name(self.day), config, instant(self.day, 0))?;
        for number in 0..WINDOWS.len() {
            self.walk(run, number)?;
        }
        self.documents(run)?;
        derive(&self.lake)?;
        let manifest = self.lake.dir().join("manifest.json");
        let bytes = std::fs::read(&manifest).unwrap_or_default();
        (self.promised)(Promise::Published(Sha256::of(&bytes)));
        self.lake
            .ledger()
            .finish_run(run.id, "complete", instant(self.day, 50))
    }

    /// Counts a request where all processes of a machine count it.
    fn ask(&mut self) -> Result<(), StoreError> {
        let mut count = 0;
        self.hosts.update(HOST, &mut |old| {
            count = old.map_or(0, |old| parse_count(&old)) + 1;
            format!("{{\"requests\":{count:>600}}}").into_bytes()
        })?;
        (self.promised)(Promise::Requests(count));
        Ok(())
    }

    fn walk(&mut self, run: Run, number: usize) -> Result<(), StoreError> {
        let (court, _, days, first, sizes) = WINDOWS[number];
        let total = sizes[usize::from(self.day == 2)];
        let spec = WindowSpec {
            source: SourceId::EcourtsHc,
            court: court.parse().expect("a court"),
            bench: None,
            window: Some(days.parse().expect("dates")),
            parent: None,
        };
        let id = self.lake.ledger().plan_window(&spec)?;
        let window = self.lake.ledger().window(id)?;
        let done = window.state.is_complete();
        if done && window.completed_run == Some(run.id) {
            return Ok(());
        }
        if done {
            self.lake.ledger().reopen_window(id)?;
        }
        loop {
            let window = self.lake.ledger().window(id)?;
            if window.next_start >= total {
                let end = if window.quarantined > 0 {
                    WindowState::CompleteWithQuarantine
                } else {
                    WindowState::Complete
                };
                self.lake
                    .ledger()
                    .close_window(id, end, instant(self.day, 10))?;
                return Ok(());
            }
            self.ask()?;
            let page = page(self.day, id, run, window.next_start, (first, total));
            let body = format!("{:?}", page.rows).into_bytes();
            let capture = capture(
                &page.capture_id,
                CaptureKind::Search,
                self.day,
                CapturedBody::Inline(body),
            );
            self.lake.captures().append(&capture)?;
            self.lake.accept_page(&page)?;
        }
    }

    fn documents(&mut self, run: Run) -> Result<(), StoreError> {
        loop {
            let at = instant(self.day, 20);
            let wanted =
                self.lake
                    .ledger()
                    .pending_documents(SourceId::EcourtsHc, None, None, at, 4)?;
            if wanted.is_empty() {
                return Ok(());
            }
            let mut batch = Vec::new();
            for document in wanted {
                self.ask()?;
                let bytes = pdf(&document.handle.path);
                let kind = CapturedBody::Document {
                    sha256: Sha256::of(&bytes),
                    size: bytes.len() as u64,
                };
                let id = CaptureId::of_parts([document.handle.path.as_bytes()]);
                self.lake.captures().append(&capture(
                    &id,
                    CaptureKind::Document,
                    self.day,
                    kind,
                ))?;
                batch.push(FetchedBlob {
                    row_key: document.row_key,
                    bytes: bytes.into(),
                    check: Verification::Matched,
                    run: run.id,
                    at,
                });
            }
            self.lake.store_documents(&batch)?;
        }
    }

    fn wants_documents(&self) -> Result<bool, StoreError> {
        let counts = self
            .lake
            .ledger()
            .document_counts(None, None, instant(self.day, 20))?;
        Ok(counts.pending > 0)
    }
}

/// Makes text and tables from what the lake holds.
fn derive(lake: &Lake) -> Result<(), StoreError> {
    for shard in lake.shards()? {
        for job in lake.text_shard_documents(&shard)? {
            if job.made_by.is_none() {
                lake.put_cached_text(&job.sha256, &text(&job.judgment))?;
            }
        }
        lake.publish_text(&shard)?;
    }
    lake.finish_text()?;
    lake.publish_judgments(&mut |_| {})?;
    lake.publish_revisions()?;
    Ok(())
}

/// Makes text and tables of a lake again, outside of any run.
pub(crate) fn derive_again(place: &Path) -> Result<(), StoreError> {
    let lake = Lake::open(&place.join(LAKE), OpenMode::ReadWrite)?;
    lake.set_min_free(0);
    derive(&lake)
}

/// The number in a host's state, as [`Teller::ask`] writes it.
pub(crate) fn parse_count(state: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(state);
    let digits = text
        .strip_prefix("{\"requests\":")
        .and_then(|rest| rest.strip_suffix('}'));
    digits
        .and_then(|digits| digits.trim().parse().ok())
        .unwrap_or(0)
}

/// The text of the document at a path: whoever extracts it again gets the same.
fn text(judgment: &Judgment) -> CachedText {
    let path = judgment.document_path.as_deref().unwrap_or_default();
    let pages = (1..=3)
        .map(|page| {
            let text = format!("{path} page {page} ").repeat(20);
            PageText {
                page,
                chars: text.chars().count() as u32,
                text,
                quality: 0.75,
                method: ExtractMethod::Digital,
                script: None,
                needs_ocr: false,
                ..PageText::default()
            }
        })
        .collect();
    CachedText {
        extractor: "x 1".to_owned(),
        engine: "story 1".to_owned(),
        outcome: TextOutcome::Pages(pages),
        notes: Vec::new(),
    }
}

/// A document that fills several blocks of a disk, and not the last one of them.
fn pdf(path: &str) -> Vec<u8> {
    let mut bytes = format!("%PDF-1.4 {path}\n").into_bytes();
    let mut dice = super::dice::Dice::new(path.len() as u64 + u64::from(path.as_bytes()[0]));
    for byte in path.bytes() {
        bytes.extend((0..60).flat_map(|_| (dice.roll() ^ u64::from(byte)).to_le_bytes()));
    }
    bytes.extend_from_slice(b"%%EOF\n");
    bytes
}

/// A row as listed on a day: row 3 changes its title, row 5 its document.
fn judgment(number: u64, day: u64) -> Judgment {
    let first_court = number < 15;
    let (court, bench) = if first_court {
        ("7_26", "dhcdb")
    } else {
        ("9_13", "cgbench")
    };
    let year = if first_court { 2024 } else { 2023 };
    let month = 1 + number % 12;
    let decided = format!("{year}-{month:02}-{:02}", 1 + number % 27);
    // Two orders of one case: one CNR, two rows.
    let case = if number == 9 { 8 } else { number };
    let cnr = format!("DLHC01{:06}{year}", 1000 + case);
    let changed = if day == 2 && number == 3 {
        " (corrected)"
    } else {
        ""
    };
    let file = if day == 2 && number == 5 { "b" } else { "a" };
    Judgment {
        cnr: cnr.parse().ok(),
        order_no: u32::try_from(number).ok(),
        title: format!("WP/{number}/{year} of A{number} Vs B{number}{changed}"),
        petitioner: Some(format!("A{number}")),
        respondent: Some(format!("B{number}")),
        judges: vec!["J".to_owned()],
        bench_strength: Some(1),
        decision_date: decided.parse().ok(),
        decision_date_raw: decided,
        languages: vec!["ENG".to_owned()],
        document_path: Some(format!("court/orders/{cnr}_{number}{file}.pdf")),
        ..Judgment::unprinted(
            SourceId::EcourtsHc,
            (court.parse().expect("a court"), "A High Court".to_owned()),
            bench.parse().expect("a bench"),
        )
    }
}

fn page(day: u64, window: i64, run: Run, start: u64, (first, total): (u64, u64)) -> PageAcceptance {
    let end = (start + PAGE).min(total);
    let mut rows: Vec<AcceptedRow> = (start..end)
        .zip(0..)
        .map(|(number, place)| {
            let judgment = judgment(first + number, day);
            let handle = DocumentHandle {
                path: judgment.document_path.clone().unwrap_or_default(),
                citation_year: String::new(),
                nc_display: String::new(),
                language: String::new(),
            };
            AcceptedRow {
                judgment,
                handle,
                capture_row: place,
                serial: number + 1,
            }
        })
        .collect();
    let mut quarantined = Vec::new();
    // The last row of the second court has no button.
    if first > 0
        && end == total
        && let Some(row) = rows.pop()
    {
        let html = "<td>no button</td>".to_owned();
        let row_html = QuarantinedRow {
            key: Sha256::of(html.as_bytes()),
            reason: QuarantineReason::NoDocumentLink,
            detail: "no button".to_owned(),
            html,
        };
        quarantined.push((row_html, row.capture_row, row.serial));
    }
    PageAcceptance {
        window,
        run: run.id,
        run_started: run.started_at,
        epoch: 1,
        start,
        total,
        capture_id: CaptureId::of_parts([
            b"page".as_slice(),
            &day.to_le_bytes(),
            &first.to_le_bytes(),
            &start.to_le_bytes(),
        ]),
        rows,
        quarantined,
    }
}

fn capture(id: &CaptureId, kind: CaptureKind, day: u64, body: CapturedBody) -> Capture {
    Capture {
        id: id.clone(),
        kind,
        source: SourceId::EcourtsHc.into(),
        at: instant(day, 5),
        epoch: 1,
        method: "POST".to_owned(),
        url: "https://portal.example/".to_owned(),
        request_headers: Vec::new(),
        request_body: b"a=1".to_vec(),
        status: 200,
        response_headers: Vec::new(),
        body,
    }
}

/// What is quarantined in the story is one row, so that many judgments are listed.
pub(crate) const JUDGMENTS: u64 = ROWS - 1;

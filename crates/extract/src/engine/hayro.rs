//! The first engine: content streams and fonts read with `hayro`, text collected by ourselves.

mod annotations;
mod face;
mod interpreter;
mod state;
mod strings;
mod visibility;

use std::sync::Arc;

use hayro_font::kurbo::Affine;
use hayro_syntax::page::Page;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::{Document, Engine, EngineError, RawPage, header};
use crate::Limits;
use crate::layout::{self, Glyph, Sheet, Texts};
use crate::quality::GlyphCounts;
use annotations::Notes;
use face::Faces;
use interpreter::{Budget, Interpreter, Shared, Shown};
use visibility::Layers;

/// Operators of a document: real ones take some 3,000 a page.
const MOST_STEPS: u64 = 40_000_000;

/// The engine with the limits that it keeps itself.
#[derive(Debug, Clone)]
pub(super) struct Hayro {
    max_pages: u32,
    max_output_bytes: u64,
}

impl Hayro {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            max_pages: limits.max_pages,
            max_output_bytes: limits.max_output_bytes,
        }
    }
}

impl Engine for Hayro {
    fn name(&self) -> &'static str {
        "hayro 0.9"
    }

    fn document(&self, bytes: &[u8]) -> Result<Document, EngineError> {
        let pdf = open(bytes)?;
        let count = pdf.pages().len();
        if count > self.max_pages as usize {
            return Err(EngineError::TooManyPages(count as u64));
        }
        if count == 0 {
            return Err(EngineError::Unreadable("it has no pages".to_owned()));
        }
        let mut shared = Shared {
            faces: Faces::new(),
            texts: Texts::default(),
            layers: Layers::of(pdf.xref()),
            budget: Budget { steps: MOST_STEPS },
            cut: false,
        };
        let mut document = Document {
            truncated: header::is_truncated(bytes),
            ..Document::default()
        };
        let mut left = self.max_output_bytes;
        for (number, page) in (1..).zip(pdf.pages().iter()) {
            let raw = read_page(page, &mut shared);
            let mut notes = Notes::new(number, &mut shared);
            notes.read(page);
            let text: usize = raw.lines.iter().map(|line| line.text.len() + 1).sum();
            left = left
                .checked_sub(text as u64 + notes.bytes())
                .ok_or(EngineError::TooMuchText)?;
            document.pages.push(raw);
            document.signatures.append(&mut notes.signatures);
            document.annotations.append(&mut notes.annotations);
        }
        annotations::fields_without_widgets(&pdf, &mut document.signatures);
        document.fonts = shared.faces.names().to_vec();
        document.truncated |= shared.cut;
        Ok(document)
    }
}

/// Opens the document. Offsets count from the header, or else from the file's start.
fn open(bytes: &[u8]) -> Result<Pdf, EngineError> {
    let start = header::start(bytes)?;
    let load = |from: usize| Pdf::new(Arc::new(bytes.get(from..).unwrap_or_default().to_vec()));
    let opened = match load(start) {
        Err(LoadPdfError::Invalid) if start > 0 => load(0),
        other => other,
    };
    opened.map_err(|error| match error {
        LoadPdfError::Decryption(
            DecryptionError::PasswordProtected | DecryptionError::UnsupportedAlgorithm,
        ) => EngineError::Encrypted,
        LoadPdfError::Decryption(_) => {
            EngineError::Unreadable("its encryption dictionary makes no sense".to_owned())
        }
        LoadPdfError::Invalid => {
            EngineError::Unreadable("it has a header and nothing that can be read".to_owned())
        }
    })
}

fn read_page<'a>(page: &Page<'a>, shared: &mut Shared<'a>) -> RawPage {
    let (width, height) = page.render_dimensions();
    let matrix = Affine::new(page.initial_transform(true).as_coeffs());
    let mut interpreter = Interpreter::new(shared, (f64::from(width), f64::from(height)), matrix);
    if let Some(content) = page.page_stream() {
        interpreter.page(content, page.resources());
    }
    let shown = interpreter.shown;
    let sheet = Sheet {
        size: (width, height),
        texts: &shared.texts,
    };
    let layout = layout::read(&shown.glyphs, sheet);
    RawPage {
        lines: layout.lines,
        glyphs: GlyphCounts {
            total: shown.mapped + shown.unmapped,
            mapped: shown.mapped,
            invisible: invisible(&shown, (width, height)),
            image_cover: cover(&shown, (width, height)),
            vector_paths: shown.outlines,
            ..GlyphCounts::default()
        },
    }
}

/// The glyphs that are not painted, or lie below a picture that covers the page.
fn invisible(shown: &Shown, size: (f32, f32)) -> u32 {
    let below = shown
        .images
        .iter()
        .filter(|(lies, _)| share(*lies, size) > 0.7)
        .map(|(_, before)| *before)
        .max()
        .unwrap_or(0);
    let is_hidden = |at: usize, glyph: &Glyph| at < below || glyph.invisible;
    let glyphs = shown.glyphs.iter().enumerate();
    glyphs
        .filter(|(at, glyph)| !glyph.value.is_space() && is_hidden(*at, glyph))
        .count() as u32
}

/// The share of the page under images. Scanners cut pages into strips, so areas are summed.
fn cover(shown: &Shown, size: (f32, f32)) -> f32 {
    shown
        .images
        .iter()
        .map(|(lies, _)| share(*lies, size))
        .sum::<f32>()
        .min(1.0)
}

fn share([x0, y0, x1, y1]: [f64; 4], (width, height): (f32, f32)) -> f32 {
    let (width, height) = (f64::from(width.max(1.0)), f64::from(height.max(1.0)));
    let across = x1.min(width) - x0.max(0.0);
    let down = y1.min(height) - y0.max(0.0);
    (across.max(0.0) * down.max(0.0) / (width * height)) as f32
}

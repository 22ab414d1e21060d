//! Pictures of pages, for character recognition.

mod canvas;
mod png;

use canvas::Canvas;
use hayro::hayro_interpret::{InterpreterSettings, RenderContent};
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};

use crate::{ExtractFailure, Limits, deep_stack, mend};

/// The resolution at which character recognition gains little more from more pixels.
pub const DPI: u16 = 200;

/// A page as a grey picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The page's number, from 1.
    pub page: u32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Pixels to the inch: what was asked for, or less where the page is too large for that.
    pub dpi: f32,
    /// The picture as a PNG file with one byte of grey a pixel.
    pub png: Vec<u8>,
}

/// Draws page `page` (from 1) in this process: for bytes made by trusted code, and for tests. The
/// limits on input and pixels hold, those on memory and time do not. Portal bytes belong in a
/// [`Worker`](crate::Worker).
///
/// Annotations are left out, as they are from the text.
pub fn draw_in_process(
    pdf: Vec<u8>,
    page: u32,
    dpi: u16,
    limits: &Limits,
) -> Result<Picture, ExtractFailure> {
    let bytes = pdf.len() as u64;
    if bytes > limits.max_input_bytes {
        return Err(ExtractFailure::TooLarge {
            bytes,
            limit: limits.max_input_bytes,
        });
    }
    let pixels = limits.max_picture_pixels;
    deep_stack::run(move || draw(pdf, page, dpi, pixels))
}

fn draw(pdf: Vec<u8>, number: u32, dpi: u16, max_pixels: u32) -> Result<Picture, ExtractFailure> {
    let document = open(pdf).map_err(explain)?;
    let page = (number as usize)
        .checked_sub(1)
        .and_then(|at| document.pages().get(at))
        .ok_or_else(|| ExtractFailure::Unreadable {
            why: format!("it has no page {number}, only {}", document.pages().len()),
        })?;
    let canvas = Canvas::of(page.render_dimensions(), f32::from(dpi), max_pixels);
    let pixmap = hayro::render(
        page,
        &RenderCache::new(),
        &InterpreterSettings {
            render_content: RenderContent::PAGE,
            ..InterpreterSettings::default()
        },
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale: canvas.x_scale,
            y_scale: canvas.y_scale,
            bg_color: WHITE,
        },
    );
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let grey = png::grey(pixmap.data_as_u8_slice());
    drop(pixmap);
    Ok(Picture {
        page: number,
        width,
        height,
        dpi: canvas.dpi,
        png: png::encode(&grey, width, height).map_err(|error| ExtractFailure::Worker {
            why: format!("the picture cannot be packed: {error}"),
        })?,
    })
}

/// Opens the file, mended where a transfer as text has damaged it: its pictures are as broken as its text.
fn open(pdf: Vec<u8>) -> Result<Pdf, LoadPdfError> {
    let mended = mend::without_added_returns(&pdf).map(Pdf::new);
    match mended {
        Some(Ok(mended)) => match Pdf::new(pdf) {
            Ok(document) if document.pages().len() > mended.pages().len() => Ok(document),
            _ => Ok(mended),
        },
        _ => Pdf::new(pdf),
    }
}

fn explain(error: LoadPdfError) -> ExtractFailure {
    match error {
        LoadPdfError::Decryption(
            DecryptionError::PasswordProtected | DecryptionError::UnsupportedAlgorithm,
        ) => ExtractFailure::Encrypted,
        LoadPdfError::Decryption(_) => ExtractFailure::Unreadable {
            why: "its encryption is broken".to_owned(),
        },
        LoadPdfError::Invalid => ExtractFailure::Unreadable {
            why: "no PDF, or one without pages".to_owned(),
        },
    }
}

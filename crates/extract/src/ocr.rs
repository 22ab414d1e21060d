//! Character recognition of pages that have no text, or none that can be trusted.
//!
//! The recogniser is a program of its own ([`Tesseract`]), which is found on the search path or
//! reported missing with what to install. It gets the picture of a page, which a
//! [`Worker`](crate::Worker) has drawn, and runs under limits of time, memory and number. What it
//! reads is an [`OcrPage`] beside the digital text, never in its place.
//!
//! A page that says nothing of its language is read in that of its court. Where that reading is unsure
//! ([`UNSURE`]), the recogniser is asked for the script of the picture, and other packs are tried; what is
//! below [`TRUSTED`] at the end is kept and not read any further.
//!
//! ```no_run
//! use nirnay_extract::ocr::{Reader, Seat, Tesseract, TesseractSettings, languages};
//! # fn pool() -> nirnay_extract::Pool { unimplemented!() }
//! # fn page() -> nirnay_model::PageText { unimplemented!() }
//! # let pdf = Vec::new();
//! let pool = pool();
//! let tesseract = Tesseract::find(&TesseractSettings::default())?;
//! let reader = Reader::new(&pool, &tesseract);
//! let page = page();
//! let read = reader.read(&pdf, page.page, &languages(&page, &Seat::Unknown))?;
//! # Ok::<(), nirnay_extract::ocr::OcrFailure>(())
//! ```

mod engine;
mod failure;
mod languages;
mod osd;
mod program;
mod reader;
mod slots;
mod tesseract;
mod tsv;

pub use engine::{Read, Recognizer, Turn};
pub use failure::OcrFailure;
pub use languages::{Languages, Seat, languages, package};
pub use reader::{OcrPage, Reader, TRUSTED, UNSURE};
pub use tesseract::{Tesseract, TesseractSettings};

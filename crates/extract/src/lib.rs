//! PDF bytes to the text of their pages, in a child process with hard limits.
//!
//! A PDF from a portal is untrusted input for a large parser: it may loop, take gigabytes, overflow
//! the stack or panic. [`Worker`] therefore hands the bytes to a child process that limits its own
//! memory and CPU time, has an empty environment, and is killed when a document takes too long.
//! Whatever happens in there, the caller gets an [`Extraction`] or a named [`ExtractFailure`].
//!
//! [`identity`] compares the text with the rows of a result list and says whether the PDF is the
//! one that its row names.
//!
//! [`ocr`] reads pages that have no text, or none that can be trusted, from their pictures with a
//! program that is installed beside this one.
//!
//! Not here: storage, the network.
//!
//! ```
//! use nirnay_extract::page_text;
//!
//! let page = page_text(1, "IN THE HIGH COURT OF DELHI\r\nW.P.(C) 1065/2021\u{0}\r\nDismissed as withdrawn.");
//! assert_eq!(page.text, "IN THE HIGH COURT OF DELHI\nW.P.(C) 1065/2021\nDismissed as withdrawn.");
//! assert_eq!(page.script.as_deref(), Some("Latn"));
//! assert!(!page.needs_ocr);
//! ```

mod child;
mod death;
mod deep_stack;
mod engine;
mod extraction;
mod failure;
mod font_runs;
mod frame;
mod furniture;
pub mod identity;
pub mod language;
mod layout;
pub mod legacy;
mod legibility;
mod letters;
mod limits;
mod mend;
pub mod ocr;
mod opinions;
mod page;
mod pipes;
mod pool;
pub mod quality;
mod render;
mod sandbox;
mod script;
pub mod structure;
mod worker;

pub use child::worker_main;
pub use engine::{EngineChoice, UnknownEngine};
pub use extraction::{Annotation, Extraction, Signature, extract_in_process, extract_with};
pub use failure::ExtractFailure;
pub use limits::Limits;
pub use page::page_text;
pub use pool::Pool;
pub use render::{DPI, Picture, draw_in_process};
pub use worker::Worker;

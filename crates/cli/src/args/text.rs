//! Arguments of the commands that read documents.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use nirnay_extract::EngineChoice;

/// How text is extracted.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct ExtractorArgs {
    /// Documents extracted side by side [default: the number of processors]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Seconds a document may take [default: the pipeline file's, or 60]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) timeout: Option<u64>,
    /// Who reads the PDFs: `auto` (`hayro`, then `pdf_oxide` where it fails), `hayro`, `pdf_oxide`, `pdf-extract`
    #[arg(long, value_name = "ENGINE")]
    pub(crate) engine: Option<EngineChoice>,
    /// Take limits and jobs from the extract and ocr sections of this pipeline file
    #[arg(long, value_name = "FILE")]
    pub(crate) pipeline: Option<PathBuf>,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct ExtractArgs {
    /// PDF files, folders that are searched for *.pdf, or - for standard input; none: the lake
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Read pages without text from their pictures too, with the program tesseract
    #[arg(long)]
    pub(crate) ocr: bool,
    #[command(flatten)]
    pub(crate) extractor: ExtractorArgs,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct CitationsArgs {
    /// Files: .pdf, .txt (pages end at form feeds), .jsonl (a line a document: id, text), the last two also
    /// packed as .gz or .zst; folders that are searched for *.pdf; none: the lake
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) extractor: ExtractorArgs,
}

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
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) timeout: Option<u64>,
    /// Who reads the PDFs: `auto` (`hayro`, then `pdf_oxide` where it fails), `hayro`, `pdf_oxide`, `pdf-extract`
    ///
    /// Over a lake, another engine than before extracts every document again; so does the next crawl, with the engine
    /// of its pipeline file: to keep one, name it there as `engine` in its section `extract`.
    #[arg(long, value_name = "ENGINE")]
    pub(crate) engine: Option<EngineChoice>,
    /// Take limits and jobs from the extract and ocr sections of this pipeline file
    #[arg(long, value_name = "FILE")]
    pub(crate) pipeline: Option<PathBuf>,
}

const EXTRACT_CODES: &str = "\
Exit codes, with files: 0 every file and page gave its text; 2 one did not (its line or message says why), or a folder
holds no PDF; 64 wrong command line, or tesseract is not installed; 74 a file could not be read. Over a lake: 0 what can
be extracted is; documents and pages without text are counted.";

#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = EXTRACT_CODES)]
pub(crate) struct ExtractArgs {
    /// PDF files, folders that are searched for *.pdf, or - for standard input; none: the lake
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Read pages without text from their pictures too, with the program tesseract
    ///
    /// What is read stands beside the text of the PDF, as `ocr` of its page; structure is read from it where a page
    /// needs it.
    #[arg(long)]
    pub(crate) ocr: bool,
    #[command(flatten)]
    pub(crate) extractor: ExtractorArgs,
}

const CITATIONS_CODES: &str = "\
Exit codes, with files: 0 every document was searched; 2 one could not be (its line or message says why), or a folder
holds no PDF; 64 wrong command line, or a file of an unknown kind; 74 a file could not be read.";

#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = CITATIONS_CODES)]
pub(crate) struct CitationsArgs {
    /// Files: .pdf, .txt (pages end at form feeds), .jsonl (a line a document: id, text; at most 64 MiB each), the
    /// last two also packed as .gz, .zst or .xz; folders that are searched for *.pdf; - for standard input, which
    /// may be any of the three; none: the lake
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) extractor: ExtractorArgs,
}

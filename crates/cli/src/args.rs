//! Arguments. This step only reads them; nothing acts before all of them are known.

mod captcha;
mod cases;
mod search;
mod serve;
mod text;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};
use jiff::civil::Date;

pub(crate) use captcha::{CaptchaArgs, CaptchaCommand, DrawArgs, EvalArgs, ModelArgs, SolveArgs};
pub(crate) use cases::{
    BenchArgs, CalcuttaArgs, CalcuttaCommand, CalcuttaSide, CaseArgs, CaseCommand, ConnectArgs,
    CrawlCases, DaysArgs, DistrictArgs, DistrictCommand, HcArgs, HcCommand, NumberArgs,
    NumbersArgs, PlaceArgs, Reader, SciArgs, SciCommand, Status,
};
pub(crate) use search::{SearchArgs, SortBy};
pub(crate) use serve::ServeArgs;
pub(crate) use text::{CitationsArgs, ExtractArgs, ExtractorArgs};

/// Walks the public judgment portals of Indian courts, proves that nothing is missing, and turns the
/// judgments into Parquet, text and a search index.
#[derive(Debug, Parser)]
#[command(name = "nirnay", version, after_help = AFTER_HELP, after_long_help = AFTER_LONG_HELP, max_term_width = 100)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "Start with: nirnay crawl pipelines/demo.toml";
const AFTER_LONG_HELP: &str = "\
Start with:
  nirnay crawl pipelines/demo.toml                 a lake from the embedded simulated portals
  nirnay search --lake data/demo.lake 'bail'       search it
  nirnay audit --lake data/demo.lake               see the sums

Standard output is data, standard error is talk. Exit codes:
    0  done; for crawl and audit: every sum agrees
    2  incomplete: windows or documents are still open, run the same command again
       (for fsck: damage is left; run it with --repair, which says what it could not mend; for extract and
       citations with files: a document or page gave no text, and its line or message says why)
    3  disk full
   64  wrong command line or pipeline file
   65  the portal has changed, or may have: an alarm is open (nirnay audit lists it); nothing was guessed
   66  lines of the imported file were set aside; the others are in the lake
   69  the portal or the network is down
   70  internal error
   73  the portal's TLS certificate or handshake was not accepted
   74  a file could not be read or written
   75  another process works on the lake
   77  the portal or its robots.txt refuses us
   78  the lake was written by a newer version
   79  a request budget or pace limit is used up, or the wait would be too long
   80  captchas could not be answered within their caps
  130  interrupted by Ctrl-C or a STOP file; the lake can go on";

/// Arguments that every command takes.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct Global {
    /// Folder of the lake [default: data/lake, or what the pipeline file says]
    #[arg(long, global = true, value_name = "DIR", env = "NIRNAY_LAKE")]
    pub(crate) lake: Option<PathBuf>,
    /// Print the result as JSON on standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say more on standard error (-v, -vv)
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// No progress bars
    #[arg(long, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Walk portals into the lake, prove completeness, extract text, build the index
    Crawl(CrawlArgs),
    /// Print the sums of the lake; fails while a hole remains
    Audit(AuditArgs),
    /// Print what the lake holds, what the portals were asked for and when they may be asked again
    Status(StatusArgs),
    /// Extract text and structure: of PDF files, or of the lake's documents into text/ and structure/
    ///
    /// With files, each gives its text; with --json a line of JSON each, in the order of the files: file,
    /// pages (n, text, furniture, method, quality, lang, …), structure, error, engine, signatures. A file that
    /// gives no text has a line with its error all the same.
    Extract(ExtractArgs),
    /// Find citations: in files, or in the lake's text into citations/ and the graph of who cites whom
    ///
    /// With files, each document gives its citations; with --json a line of JSON each: id, citations (text, key,
    /// kind, start, end, page, …). Offsets are characters in the page's text.
    Citations(CitationsArgs),
    /// Bring texts from files into the lake
    Import(ImportArgs),
    /// Build or update the full-text index
    Index,
    /// Search the index
    Search(SearchArgs),
    /// Serve the lake on this machine: web page and JSON API
    ///
    /// Prints the address on standard output and serves until Ctrl-C. Nothing can be changed through it.
    Serve(ServeArgs),
    /// Offer the lake to agents: search, `get_judgment`, `look_up_citation`, coverage, by the Model Context Protocol on
    /// standard input and output
    Mcp,
    /// Write the judgments in the shape of another data set
    Export(ExportArgs),
    /// List the courts, or look one up: High Courts with their benches, and the district courts
    Courts(CourtsArgs),
    /// Print one case: status, parties, hearings, orders
    Case(CaseArgs),
    /// Ask High Court Services: benches, case types, cases, orders, cause lists
    Hc(HcArgs),
    /// Ask the District Courts: states down to courts, cases, orders, cause lists
    District(DistrictArgs),
    /// Ask the Calcutta High Court's site for orders and judgments
    Calcutta(CalcuttaArgs),
    /// Ask the Supreme Court's site: the latest judgments, and its search
    Sci(SciArgs),
    /// Read captcha pictures, measure a model on labelled ones, draw some
    Captcha(CaptchaArgs),
    /// Serve the simulated portals on loopback
    Sim(SimArgs),
    /// Check this machine and the lake's surroundings; print the data dictionary
    Doctor(DoctorArgs),
    /// Verify the lake against its invariants, and repair what can be repaired
    Fsck(FsckArgs),
    /// Print a shell completion script
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the man page (roff)
    Man,
    /// Extract documents given on standard input (started by nirnay itself)
    #[command(hide = true)]
    ExtractWorker,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct CrawlArgs {
    /// The pipeline file
    #[arg(value_name = "PIPELINE.toml")]
    pub(crate) pipeline: PathBuf,
    /// Only this court (slug or code; may be repeated; `sci` for the Supreme Court)
    #[arg(long, value_name = "COURT")]
    pub(crate) court: Vec<String>,
    /// First decision date (YYYY-MM-DD)
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<Date>,
    /// Last decision date (YYYY-MM-DD)
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<Date>,
    /// Print the plan and its request estimate; send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Use another base address for a portal, e.g. ecourts=http://127.0.0.1:8001
    #[arg(long, value_name = "NAME=URL")]
    pub(crate) portal: Vec<String>,
    /// Who the portal can write to (mailto: or https:), instead of the pipeline file's contact
    #[arg(long, value_name = "CONTACT", env = "NIRNAY_CONTACT")]
    pub(crate) contact: Option<String>,
    /// Requests this run may send, instead of the pipeline file's budget
    #[arg(long, value_name = "N")]
    pub(crate) max_requests: Option<u64>,
    /// Lists only: fetch no documents
    #[arg(long)]
    pub(crate) no_documents: bool,
    /// No text and nothing made from it: no structure, no citations, no index
    #[arg(long)]
    pub(crate) no_text: bool,
    /// Write every event as a JSON line to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) events: Option<PathBuf>,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct AuditArgs {
    /// Only this court (slug or code)
    #[arg(long, value_name = "COURT")]
    pub(crate) court: Option<String>,
    /// PDFs still to fetch are no hole: lists alone were asked for
    #[arg(long)]
    pub(crate) rows_only: bool,
    /// Say that an alarm is known: it ends no further run with exit code 65 and holds nothing back
    #[arg(long, value_name = "ALARM", conflicts_with_all = ["court", "rows_only"])]
    pub(crate) acknowledge: Vec<i64>,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct StatusArgs {
    /// Take pace and budgets from the politeness of this pipeline file [default: the built-in ones]
    #[arg(long, value_name = "FILE")]
    pub(crate) pipeline: Option<PathBuf>,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct ImportArgs {
    #[command(subcommand)]
    pub(crate) what: ImportWhat,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum ImportWhat {
    /// Texts in lines of JSON: id, text and, if known, title, court, date (YYYY-MM-DD)
    ///
    /// The file may be compressed by xz, gzip or zstd. A text whose id the lake knows is replaced if anything in
    /// it changed. A line that cannot be taken is listed, with its number and the reason, in the lake under
    /// imports/, and the exit code is 66. `nirnay index` makes the texts searchable; a lake is made if there is none.
    Texts {
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Listings of the Supreme Court's mobile application: `{"data": [{"diary_no": …, "case_no": …, …}]}`
    ///
    /// Their cases and judgments go into the tables `cases/` and `orders/` of the lake; the same file again changes nothing.
    Listing {
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct ExportArgs {
    /// The shape: open-data-hc (12 columns) or open-data-sc (18 columns)
    #[arg(long = "as", value_name = "SHAPE")]
    pub(crate) shape: String,
    /// The folder to write to
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct SimArgs {
    /// Seed of the docket
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Serve rows and PDFs from a folder instead of a made-up docket
    #[arg(long, value_name = "DIR")]
    pub(crate) docket: Option<PathBuf>,
    /// PDFs to deal out to the rows of --docket
    #[arg(long, value_name = "DIR", requires = "docket")]
    pub(crate) pdf_dir: Option<PathBuf>,
    /// High Courts of the made-up docket, with their rows
    #[arg(long, value_name = "COURT=ROWS", default_values_t = ["delhi=500".to_owned(), "sikkim=100".to_owned()])]
    pub(crate) rows: Vec<String>,
    /// Supreme Court Reports of the made-up docket
    #[arg(long, default_value_t = 300)]
    pub(crate) scr_rows: u32,
    /// First decision date of the made-up docket
    #[arg(long, default_value = "2023-01-01")]
    pub(crate) from: Date,
    /// Last decision date of the made-up docket
    #[arg(long, default_value = "2024-12-31")]
    pub(crate) to: Date,
    /// Fault script (TOML), or `standard`
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<String>,
    /// Reject stale tokens and old session ids
    #[arg(long)]
    pub(crate) strict: bool,
    /// Let the district courts' portal answer calls without the secret of its script, as before July 2026
    #[arg(long)]
    pub(crate) open: bool,
    /// Pending cases of each High Court bench, beside those of the docket
    #[arg(long, default_value_t = 30)]
    pub(crate) pending: u32,
    /// Cases of each establishment of the district courts
    #[arg(long, default_value_t = 24)]
    pub(crate) district_cases: u32,
    /// A party with very many cases at a High Court, all of the year of --to: COURT=CASES; the party is
    /// NATIONAL CROWD LTD
    #[arg(long, value_name = "COURT=CASES")]
    pub(crate) crowd: Option<String>,
    /// Write the request log, with the ground truth, as JSON lines
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct CourtsArgs {
    /// A code, slug, CNR or its first letters, or words of a name [default: list the High Courts]
    #[arg(value_name = "TEXT")]
    pub(crate) find: Option<String>,
    /// List the districts of this state (code or name) with their court complexes
    #[arg(long, value_name = "STATE", conflicts_with = "find")]
    pub(crate) state: Option<String>,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct DoctorArgs {
    /// Print the data dictionary (Markdown) made from the schemas
    #[arg(long)]
    pub(crate) data_dictionary: bool,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct FsckArgs {
    /// Also re-hash every file, the index too, and read every record
    #[arg(long)]
    pub(crate) full: bool,
    /// Repair what can be repaired from the layers to its left
    #[arg(long)]
    pub(crate) repair: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn the_help_names_every_exit_code() {
        for (code, meaning) in nirnay_pipeline::exit::TABLE {
            assert!(
                AFTER_LONG_HELP.contains(&format!("{code:>5}  {meaning}")),
                "{code} {meaning}"
            );
        }
    }
}

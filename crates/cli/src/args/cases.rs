//! Arguments of the commands that ask the case portals.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use jiff::civil::Date;
use nirnay_model::Cnr;

/// How a case portal is asked.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct ConnectArgs {
    /// Use another base address for a portal, e.g. hc-services=http://127.0.0.1:8001
    #[arg(long, global = true, value_name = "NAME=URL")]
    pub(crate) portal: Vec<String>,
    /// Who the portal can write to (mailto: or https:)
    #[arg(long, global = true, value_name = "CONTACT", env = "NIRNAY_CONTACT")]
    pub(crate) contact: Option<String>,
    /// Requests this command may send
    #[arg(long, global = true, value_name = "N", default_value_t = 500)]
    pub(crate) max_requests: u64,
    /// Who reads captchas: you, a model, or a program
    #[arg(long, global = true, value_enum, default_value_t = Reader::Manual)]
    pub(crate) captcha: Reader,
    /// The program and its arguments: the picture comes on its standard input
    #[arg(long, global = true, value_name = "PROGRAM", num_args = 1.., value_terminator = ";")]
    pub(crate) captcha_command: Vec<String>,
    /// Pace, budgets and pauses of a host, as in the table politeness of a pipeline file (TOML)
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) politeness: Option<PathBuf>,
    /// Print the result as CSV
    #[arg(long, global = true)]
    pub(crate) csv: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Reader {
    Manual,
    Onnx,
    Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Status {
    Pending,
    Disposed,
    #[default]
    Both,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct CaseArgs {
    #[command(subcommand)]
    pub(crate) command: CaseCommand,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum CaseCommand {
    /// Print a case by its CNR: High Court Services or the District Courts, as its first letters say
    Get {
        /// The CNR; hyphens are allowed
        cnr: Cnr,
        /// Write the case's orders to this folder
        #[arg(long, value_name = "DIR")]
        download: Option<PathBuf>,
    },
    /// Ask for many cases and keep the answers in the lake; the same command again goes on after any interruption
    Crawl {
        #[command(subcommand)]
        what: CrawlCases,
        /// Fetch the documents of orders and lists as well
        #[arg(long, global = true)]
        documents: bool,
    },
    /// Ask again for every case of the lake that has a page of its own, and list those that changed
    Refresh {
        /// List what changed since this day (YYYY-MM-DD), not in this run alone
        #[arg(long, value_name = "DATE")]
        changed_since: Option<Date>,
        /// Fetch the documents of new orders as well
        #[arg(long)]
        documents: bool,
    },
}

/// Days of cause lists.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct DaysArgs {
    /// The first day (YYYY-MM-DD)
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Date,
    /// The last day
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Date,
    /// The criminal lists instead of the civil ones
    #[arg(long)]
    pub(crate) criminal: bool,
}

/// Case numbers of a type and year.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct NumbersArgs {
    /// The portal's code of the case type (`case-types` lists them)
    #[arg(long, value_name = "CODE")]
    pub(crate) case_type: String,
    /// The year of registration
    #[arg(long, value_name = "YEAR")]
    pub(crate) year: u16,
    /// The first number
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) first: u32,
    /// The last number; without it the numbers are asked for until --gap of them in a row have no case
    #[arg(long, value_name = "N", conflicts_with = "gap")]
    pub(crate) last: Option<u32>,
    /// Numbers in a row without a case behind which no more is looked for
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) gap: u32,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum CrawlCases {
    /// The cases of a CSV or Parquet file, by CNR or case number
    List {
        #[expect(
            clippy::doc_markdown,
            reason = "the help shows the names as they are typed"
        )]
        /// Columns: cnr; or court, bench, case_type, number, year; or state, district, complex, establishment,
        /// case_type, number, year; or side, case_type, number, year; or diary, year (or diary alone as NUMBER/YEAR)
        file: PathBuf,
    },
    /// The published cause lists of a bench of a High Court
    HcLists {
        #[command(flatten)]
        bench: BenchArgs,
        #[command(flatten)]
        days: DaysArgs,
    },
    /// The cause lists of all courts of a complex
    DistrictLists {
        #[command(flatten)]
        place: PlaceArgs,
        #[command(flatten)]
        days: DaysArgs,
        /// Ask for the page of every case listed
        #[arg(long)]
        cases: bool,
    },
    /// The judgments of the Supreme Court of these days, a question for each thirty
    SciDays {
        /// The first day of judgment, YYYY-MM-DD
        #[arg(long, value_name = "DAY")]
        from: Date,
        /// The last day
        #[arg(long, value_name = "DAY")]
        to: Date,
    },
    /// The cases of a bench of a High Court, of one type and year
    HcNumbers {
        #[command(flatten)]
        bench: BenchArgs,
        #[command(flatten)]
        numbers: NumbersArgs,
    },
    /// The cases of a complex of district courts, of one type and year
    DistrictNumbers {
        #[command(flatten)]
        place: PlaceArgs,
        #[command(flatten)]
        numbers: NumbersArgs,
    },
}

/// A bench of a High Court.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct BenchArgs {
    /// The High Court by slug, code, CNR letters or name; `bombay-nagpur` is a bench of one (`nirnay courts` lists them)
    #[arg(long, value_name = "COURT")]
    pub(crate) court: String,
    /// The bench's number on the portal (`nirnay hc benches` lists them); the first, if neither says another
    #[arg(long, value_name = "N")]
    pub(crate) bench: Option<String>,
}

/// A case by its number.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct NumberArgs {
    /// The case type: its name, or the portal's code (`case-types` lists both)
    #[arg(long, value_name = "TYPE", requires = "number")]
    pub(crate) case_type: Option<String>,
    /// The case number
    #[arg(long, value_name = "N", requires = "case_type")]
    pub(crate) number: Option<u32>,
    /// The year of registration
    #[arg(long, value_name = "YEAR")]
    pub(crate) year: Option<u16>,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct HcArgs {
    #[command(subcommand)]
    pub(crate) command: HcCommand,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum HcCommand {
    /// List the benches of a High Court
    Benches {
        /// The High Court (slug or code)
        #[arg(long, value_name = "COURT")]
        court: String,
    },
    /// List the case types of a bench
    CaseTypes {
        #[command(flatten)]
        bench: BenchArgs,
    },
    /// Search cases: by number, party and year, advocate, or bar number
    Search {
        #[command(flatten)]
        bench: BenchArgs,
        #[command(flatten)]
        number: NumberArgs,
        /// A party's name, three letters or more; the portal insists on --year
        #[arg(long, requires = "year", conflicts_with_all = ["number", "advocate", "bar"])]
        party: Option<String>,
        /// An advocate's name
        #[arg(long, conflicts_with_all = ["number", "bar"])]
        advocate: Option<String>,
        /// An advocate's bar number, e.g. G/504/2011
        #[arg(long, conflicts_with = "number")]
        bar: Option<String>,
        /// Which cases
        #[arg(long, value_enum, default_value_t)]
        status: Status,
    },
    /// List the orders of a case, with their real dates
    Orders {
        /// The CNR
        cnr: Cnr,
        /// Write the orders (PDF) to this folder
        #[arg(long, value_name = "DIR")]
        download: Option<PathBuf>,
    },
    /// List the cause lists of a day, or an advocate's cases of a day
    CauseList {
        #[command(flatten)]
        bench: BenchArgs,
        /// The day (YYYY-MM-DD)
        #[arg(long)]
        date: Date,
        /// The criminal list instead of the civil one
        #[arg(long)]
        criminal: bool,
        /// The cases of the advocate with this bar number
        #[arg(long, conflicts_with_all = ["criminal", "download"])]
        bar: Option<String>,
        /// Write the lists to this folder
        #[arg(long, value_name = "DIR")]
        download: Option<PathBuf>,
    },
}

/// A court on the District Courts' portal.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct PlaceArgs {
    /// The state's code
    #[arg(long, value_name = "CODE")]
    pub(crate) state: String,
    /// The district's code
    #[arg(long, value_name = "CODE")]
    pub(crate) district: String,
    /// The complex's code
    #[arg(long, value_name = "CODE")]
    pub(crate) complex: String,
    /// The establishment's code, where one must be chosen
    #[arg(long, value_name = "CODE", default_value = "")]
    pub(crate) establishment: String,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct DistrictArgs {
    #[command(subcommand)]
    pub(crate) command: DistrictCommand,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum DistrictCommand {
    /// List the states and union territories
    States,
    /// List the districts of a state
    Districts {
        /// The state's code
        #[arg(long, value_name = "CODE")]
        state: String,
    },
    /// List the court complexes of a district
    Complexes {
        /// The state's code
        #[arg(long, value_name = "CODE")]
        state: String,
        /// The district's code
        #[arg(long, value_name = "CODE")]
        district: String,
    },
    /// List the establishments of a complex
    Establishments {
        #[command(flatten)]
        place: PlaceArgs,
    },
    /// List the case types of an establishment
    CaseTypes {
        #[command(flatten)]
        place: PlaceArgs,
    },
    /// List the courts that publish cause lists
    Courts {
        #[command(flatten)]
        place: PlaceArgs,
    },
    /// Search cases by number or party
    Search {
        #[command(flatten)]
        place: PlaceArgs,
        #[command(flatten)]
        number: NumberArgs,
        /// A party's name
        #[arg(long, conflicts_with = "number")]
        party: Option<String>,
        /// Which cases
        #[arg(long, value_enum, default_value_t)]
        status: Status,
    },
    /// List orders by case number; with --lake those of the case's page, which a lake keeps with the case
    Orders {
        #[command(flatten)]
        place: PlaceArgs,
        #[command(flatten)]
        number: NumberArgs,
        /// Write the orders (PDF) to this folder
        #[arg(long, value_name = "DIR")]
        download: Option<PathBuf>,
    },
    /// Print the cause list of a court
    CauseList {
        #[command(flatten)]
        place: PlaceArgs,
        /// The court's code (`courts` lists them)
        #[arg(long, value_name = "CODE")]
        court: String,
        /// The court's name beside its code; looked up where it is not given
        #[arg(long, value_name = "NAME")]
        court_name: Option<String>,
        /// The day (YYYY-MM-DD)
        #[arg(long)]
        date: Date,
        /// The criminal list instead of the civil one
        #[arg(long)]
        criminal: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CalcuttaSide {
    Appellate,
    Original,
    Jalpaiguri,
    PortBlair,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct CalcuttaArgs {
    #[command(subcommand)]
    pub(crate) command: CalcuttaCommand,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum CalcuttaCommand {
    /// List the case types of a side
    CaseTypes {
        /// The side or circuit bench
        #[arg(long, value_enum, default_value_t = CalcuttaSide::Appellate)]
        side: CalcuttaSide,
    },
    /// Search the orders and judgments in a case
    Search {
        /// The side or circuit bench
        #[arg(long, value_enum, default_value_t = CalcuttaSide::Appellate)]
        side: CalcuttaSide,
        /// The case type: its name, or the portal's code (`case-types` lists both)
        #[arg(long, value_name = "TYPE")]
        case_type: String,
        /// The case number
        #[arg(long, value_name = "N")]
        number: u32,
        /// The year
        #[arg(long, value_name = "YEAR")]
        year: u16,
        /// Write the documents to this folder
        #[arg(long, value_name = "DIR")]
        download: Option<PathBuf>,
    },
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct SciArgs {
    #[command(subcommand)]
    pub(crate) command: SciCommand,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum SciCommand {
    /// List the case types of the search by number
    CaseTypes,
    /// List the judges of the search by judge
    Judges,
    /// List the latest judgments and orders: of the home page and of the pages of their own, each once
    Recent {
        /// Write the documents (PDF) to this folder
        #[arg(long, value_name = "DIR")]
        download: Option<PathBuf>,
    },
    /// Search judgments: by date, case number, diary number, party, or judge
    Search {
        /// First day of judgment; a span of more than 30 days is asked for in pieces
        #[arg(long, value_name = "DATE", requires = "to")]
        from: Option<Date>,
        /// Last day of judgment
        #[arg(long, value_name = "DATE", requires = "from")]
        to: Option<Date>,
        #[command(flatten)]
        number: NumberArgs,
        /// The diary number
        #[arg(long, value_name = "N", requires = "year", conflicts_with_all = ["number", "from"])]
        diary: Option<u32>,
        /// A party's name
        #[arg(long, requires = "year", conflicts_with_all = ["number", "from", "diary"])]
        party: Option<String>,
        /// A judge by name or by the portal's code (`sci judges` lists them), with --from and --to
        #[arg(long, value_name = "JUDGE", requires = "from")]
        judge: Option<String>,
        /// Write the judgments, translations included, to this folder
        #[arg(long, value_name = "DIR")]
        download: Option<PathBuf>,
    },
}

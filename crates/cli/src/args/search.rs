//! Arguments of `nirnay search`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use jiff::civil::Date;

/// The query language in short; docs/search.md is the whole of it.
const QUERIES: &str = "\
Queries:
  anticipatory bail              both words, in any inflection, in the heading or in the text
  \"anticipatory bail\"            these words as they stand; \"...\"~5 lets five words in between
  bail OR parole, bail NOT murder, bail -murder, (a OR b) c
                                 operators in any case (ANDD, ORR, NOTT too); AND binds tighter than OR
  bail /5 refused, bail w/5 refused, bail near refused
                                 at most 5 (near: 10) words apart in any order; bail @5 refused, bail pre/5 refused:
                                 in this order
  evict*, Kulkarni~              words that begin so; words spelled nearly so (~1, ~2: letters wrong at most)
  title:mehta, judge:(rao OR sen)
                                 in one field: title, party, petitioner, respondent, judge, court, bench, cnr,
                                 citation, cites, case, casetype, statute (act), section, disposal, kind,
                                 language, year, date, after, before, body
  date:2020-01-01..2021, date:\"past 30 days\", after:2019, year:2019..2021
                                 days of decision; after: and before: leave out the period they name
  2025 INSC 555, (2017) 10 SCC 1, DLHC010000122024, W.P.(C) 1/2024
                                 an identifier alone: the judgment that bears it, else those that cite it

Limits: 1,000 characters, 32 words and phrases, brackets 16 deep.";

/// The arguments.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_long_help = QUERIES)]
pub(crate) struct SearchArgs {
    /// Words, "a phrase", AND OR NOT, field:value, a CNR or a citation; empty for every judgment
    #[arg(required_unless_present_any = ["saved", "text_file", "like"], conflicts_with = "saved", num_args = 1.., value_name = "QUERY")]
    pub(crate) query: Vec<String>,
    /// Rank by a passage instead: a file with a paragraph of facts or a whole document (- is standard input)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["query", "like", "saved", "save", "export"])]
    pub(crate) text_file: Option<PathBuf>,
    /// With --text-file: rank by words alone, without citations
    #[arg(long, requires = "text_file")]
    pub(crate) words_only: bool,
    /// Judgments like the one with this key (the id of a hit)
    #[arg(long, value_name = "KEY", conflicts_with_all = ["query", "saved", "save", "export", "court", "from", "to", "filters", "facets", "offset", "sort"])]
    pub(crate) like: Option<String>,
    /// Results to print [default: 10, with --since-last all]
    #[arg(short = 'n', long)]
    pub(crate) limit: Option<usize>,
    /// Results to skip
    #[arg(long, default_value_t = 0)]
    pub(crate) offset: usize,
    /// Only this court (slug or code)
    #[arg(long, value_name = "COURT")]
    pub(crate) court: Option<String>,
    /// First decision date
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<Date>,
    /// Last decision date
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<Date>,
    /// Only judgments with this value: court, year, judge, `case_type`, disposal, language, kind or statute
    /// (may be repeated: values of one are alternatives)
    #[arg(long = "filter", value_name = "NAME=VALUE")]
    pub(crate) filters: Vec<String>,
    /// Count the values of court, year, judge, … among the matches, at most N of each
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "10")]
    pub(crate) facets: Option<usize>,
    /// Show of near-duplicates only the first
    #[arg(long)]
    pub(crate) collapse: bool,
    /// Order of the results
    #[arg(long, value_enum, default_value_t = SortBy::Relevance)]
    pub(crate) sort: SortBy,
    /// Excerpts for each result
    #[arg(long, default_value_t = 2)]
    pub(crate) snippets: usize,
    /// Seconds after which the search is given up
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub(crate) time_limit: u64,
    /// Write every match to this file (.csv, .jsonl or .parquet) instead
    #[arg(long, value_name = "FILE")]
    pub(crate) export: Option<PathBuf>,
    /// Run a saved search
    #[arg(long, value_name = "NAME", conflicts_with_all = ["court", "from", "to", "filters", "save"])]
    pub(crate) saved: Option<String>,
    /// Save this search under a name, and run it
    #[arg(long, value_name = "NAME")]
    pub(crate) save: Option<String>,
    /// With --saved: only judgments that the index first saw since the last run of this saved search with
    /// --since-last. A run that did not give out all of them does not count
    #[arg(long)]
    pub(crate) since_last: bool,
    /// The file of saved searches [default: searches.toml in the lake]
    #[arg(long, value_name = "FILE")]
    pub(crate) searches: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SortBy {
    Relevance,
    Newest,
    Oldest,
    MostCited,
}

//! `nirnay search`: the index from the command line.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use nirnay_index::{
    Facet, FacetName, Filters, Hit, MAX_WINDOW, QueryError, Resolved, Results, SearchOptions,
    Searcher, Snippet, Sort,
};
use nirnay_pipeline::{
    LastRun, PipelineError, SavedSearch, SavedSearches, exit, imports_wait_for_index, write_results,
};
use nirnay_store::{Lake, OpenMode};

use super::Outcome;
use crate::args::{Global, SearchArgs, SortBy};
use crate::failure::Failure;
use crate::output::{self, colours, plural};

/// Results that are printed.
pub(super) const USUAL: usize = 10;

pub(crate) fn run(global: &Global, args: &SearchArgs) -> Outcome {
    // The parser waives what an option requires where the required one conflicts with what is there.
    for (given, option, needs) in [
        (
            args.since_last && args.saved.is_none(),
            "--since-last",
            "--saved NAME",
        ),
        (
            args.words_only && args.text_file.is_none(),
            "--words-only",
            "--text-file FILE",
        ),
    ] {
        if given {
            return Err(Failure::usage(format!("{option} goes with {needs} only")));
        }
    }
    let lake = super::lake_dir(global);
    let dir = lake.join("index");
    if !dir.exists() {
        return Err(Failure::usage(format!(
            "there is no index in {}; build it with `nirnay index`, or name another lake with --lake",
            dir.display()
        )));
    }
    let searcher =
        Searcher::open(&dir).map_err(|error| Failure::new(exit::IO, error.to_string()))?;
    let file = args
        .searches
        .clone()
        .unwrap_or_else(|| lake.join("searches.toml"));
    let saved_ones = SavedSearches::at(&file);
    let mut options = options(args)?;
    let query = match &args.saved {
        Some(name) => {
            let saved = saved_ones.get(name)?;
            saved
                .apply(&mut options)
                .map_err(|why| Failure::usage(format!("{}: {name}: {why}", file.display())))?;
            saved.query
        }
        None => args.query.join(" "),
    };
    let run = Run {
        searcher: &searcher,
        query,
        newest: searcher
            .newest()
            .map_err(|error| Failure::new(exit::IO, error.to_string()))?,
    };
    if args.since_last
        && let Some(name) = &args.saved
    {
        options.added_after = saved_ones.last_run(name)?.map(|last| last.newest);
    }
    let left = run.give_out(global, args, &options)?;
    say_what_waits(&lake);
    // Saved, and noted as run, only when it was understood and given out.
    if let Some(name) = &args.save {
        saved_ones.add(name, &SavedSearch::of(&run.query, &options))?;
    }
    if left > 0 && args.since_last {
        output::talk(&format!(
            "{} were not given out, so this run does not count: the next one with --since-last begins where this one did",
            plural(left as u64, "judgment")
        ));
    } else if args.since_last
        && let Some(name) = &args.saved
    {
        let now = LastRun {
            at: Timestamp::now(),
            newest: run.newest,
        };
        saved_ones.note_run(name, now)?;
    }
    Ok(0)
}

/// Tells of texts that no search can find yet. An answer is worth having even if it cannot be told.
fn say_what_waits(lake: &Path) {
    let waits = Lake::open(lake, OpenMode::ReadOnly)
        .map_err(PipelineError::from)
        .and_then(|lake| imports_wait_for_index(&lake));
    if matches!(waits, Ok(true)) {
        output::talk("texts were imported that are not in the index yet: run `nirnay index`");
    }
}

/// A search that is run.
struct Run<'a> {
    searcher: &'a Searcher,
    query: String,
    newest: i64,
}

impl Run<'_> {
    /// Prints what was found, or writes it to a file; gives the number of matches that were left out.
    fn give_out(
        &self,
        global: &Global,
        args: &SearchArgs,
        options: &SearchOptions,
    ) -> Result<usize, Failure> {
        if let Some(file) = &args.export {
            return self.export(global, file, options).map(|()| 0);
        }
        let results = match super::passage::answer(self.searcher, args, options)? {
            Some(results) => results,
            None => self
                .searcher
                .search(&self.query, options)
                .map_err(|error| Failure::usage(explain(&self.query, &error)))?,
        };
        if global.json {
            output::json(&results);
        } else {
            print(&self.query, options, &results);
        }
        // Of near-duplicates that are folded, one stands for all.
        let all = options.offset == 0 && results.hits.len() < options.limit;
        let left = results.total.saturating_sub(results.hits.len());
        Ok(if all { 0 } else { left })
    }

    fn export(&self, global: &Global, file: &Path, options: &SearchOptions) -> Result<(), Failure> {
        let report = write_results(
            self.searcher,
            (&self.query, options),
            file,
            Timestamp::now(),
        );
        let report = report.map_err(|error| match error {
            nirnay_pipeline::PipelineError::Query(error) => {
                Failure::usage(explain(&self.query, &error))
            }
            other => other.into(),
        })?;
        if global.json {
            output::json(&report);
        } else {
            output::data(&format!(
                "{} in {}",
                plural(report.origin.rows, "judgment"),
                report.file.display()
            ));
        }
        Ok(())
    }
}

fn options(args: &SearchArgs) -> Result<SearchOptions, Failure> {
    Ok(SearchOptions {
        limit: args.limit.unwrap_or(if args.since_last {
            MAX_WINDOW.saturating_sub(args.offset)
        } else {
            USUAL
        }),
        offset: args.offset,
        court: args
            .court
            .as_deref()
            .map(super::court)
            .transpose()?
            .map(|court| court.code.to_string()),
        from: args.from,
        to: args.to,
        sort: match args.sort {
            SortBy::Relevance => Sort::Relevance,
            SortBy::Newest => Sort::Newest,
            SortBy::Oldest => Sort::Oldest,
            SortBy::MostCited => Sort::MostCited,
        },
        snippets: args.snippets,
        filters: filters(&args.filters)?,
        facets: args.facets,
        collapse: args.collapse,
        time_limit: Some(Duration::from_secs(args.time_limit)),
        ..SearchOptions::default()
    })
}

fn filters(given: &[String]) -> Result<Filters, Failure> {
    let mut filters = Filters::default();
    for filter in given {
        let (name, value) = filter.split_once('=').ok_or_else(|| {
            Failure::usage(format!(
                "--filter {filter}: write NAME=VALUE, for example year=2024"
            ))
        })?;
        let facet = FacetName::parse(name).ok_or_else(|| {
            let known: Vec<&str> = FacetName::ALL.iter().map(|facet| facet.name()).collect();
            Failure::usage(format!(
                "--filter {filter}: there is no {name}; known are {}",
                known.join(", ")
            ))
        })?;
        if facet == FacetName::Court {
            filters.add(facet, super::court(value)?.code.to_string());
        } else {
            filters.add(facet, value);
        }
    }
    Ok(filters)
}

/// The query with a mark under the place that was not understood.
fn explain(query: &str, error: &QueryError) -> String {
    let mut text = format!("the query was not understood: {}", error.message);
    if let Some(position) = error.position
        && query.chars().count() <= 200
    {
        text = format!("{text}\n  {query}\n  {:>width$}", "^", width = position + 1);
    }
    if error.hint.is_empty() {
        text
    } else {
        format!("{text}\n{}", error.hint)
    }
}

fn print(query: &str, options: &SearchOptions, results: &Results) {
    if options.limit == 0 && results.total > 0 {
        output::data(&plural(results.total as u64, "judgment"));
        results.facets.iter().for_each(print_facet);
        return;
    }
    if results.total == 0 {
        output::data(&format!("no judgment matches {query}"));
        results.notes.iter().for_each(|note| output::data(note));
        return;
    }
    if let (Some(identifier), Some(resolved)) = (&results.identifier, results.resolved) {
        output::data(&match resolved {
            Resolved::Bears => format!("{identifier} is"),
            Resolved::Cites => format!("no judgment here is {identifier}; it is cited by"),
        });
    } else if results.understood != query {
        output::data(&format!("understood as: {}", results.understood));
    }
    let last = options.offset + results.hits.len();
    output::data(&format!(
        "{} ({} to {}), {} ms",
        plural(results.total as u64, "judgment"),
        options.offset + 1,
        last,
        results.elapsed.as_millis()
    ));
    for (place, hit) in results.hits.iter().enumerate() {
        output::data("");
        print_hit(options.offset + place + 1, hit);
    }
    if last < results.total {
        output::data("");
        output::data(&format!("more with --offset {last}"));
    }
    results.facets.iter().for_each(print_facet);
}

fn print_facet(facet: &Facet) {
    if facet.counts.is_empty() {
        return;
    }
    output::data("");
    output::data(&bold(facet.name.label()));
    for count in &facet.counts {
        let sign = if count.selected { '*' } else { ' ' };
        output::data(&format!(
            "{sign}{:>9}  {}",
            output::count(count.count),
            count.label
        ));
    }
    if facet.values > facet.counts.len() {
        output::data(&format!(
            "           and {} more",
            facet.values - facet.counts.len()
        ));
    }
}

fn print_hit(number: usize, hit: &Hit) {
    output::data(&format!("{number:>3}. {}", bold(&hit.title)));
    let mut facts = vec![hit.court_name.clone()];
    facts.extend(hit.decision_date.map(|date| date.to_string()));
    facts.extend(hit.case_number.clone());
    facts.extend(hit.neutral_citation.clone());
    facts.extend(hit.reporter_citation.clone());
    facts.extend(hit.cnr.clone());
    facts.extend((hit.cited_by > 0).then(|| format!("cited by {}", hit.cited_by)));
    facts.extend((hit.copies > 0).then(|| format!("{} more like it", hit.copies)));
    // A text that was imported may have none.
    facts.retain(|fact| !fact.is_empty());
    if !facts.is_empty() {
        output::data(&format!("     {}", facts.join(" · ")));
    }
    if !hit.judges.is_empty() {
        output::data(&format!("     {}", hit.judges.join(", ")));
    }
    for snippet in &hit.snippets {
        output::data(&format!("     p. {}: {}", snippet.page, marked(snippet)));
    }
    if let Some(sha256) = &hit.sha256
        && let (Some(first), Some(second)) = (sha256.get(..2), sha256.get(2..4))
    {
        output::data(&format!("     documents/{first}/{second}/{sha256}.pdf"));
    }
}

fn bold(text: &str) -> String {
    if colours() {
        format!("\x1b[1m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}

/// The excerpt on one line, matches marked: bold on a terminal, in brackets elsewhere.
fn marked(snippet: &Snippet) -> String {
    let (open, close) = if colours() {
        ("\x1b[1;33m", "\x1b[0m")
    } else {
        ("[", "]")
    };
    let mut out = String::new();
    let mut at = 0;
    for &(start, end) in &snippet.highlights {
        let (Some(before), Some(hit)) = (snippet.text.get(at..start), snippet.text.get(start..end))
        else {
            continue;
        };
        out.push_str(before);
        out.push_str(open);
        out.push_str(hit);
        out.push_str(close);
        at = end;
    }
    out.push_str(snippet.text.get(at..).unwrap_or(""));
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

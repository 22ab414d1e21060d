//! `nirnay search`: the index from the command line.

use nirnay_index::{Hit, QueryError, Results, SearchOptions, Searcher, Snippet, Sort};
use nirnay_pipeline::exit;

use super::Outcome;
use crate::args::{Global, SearchArgs, SortBy};
use crate::failure::Failure;
use crate::output::{self, colours, plural};

pub(crate) fn run(global: &Global, args: &SearchArgs) -> Outcome {
    let dir = super::lake_dir(global).join("index");
    if !dir.exists() {
        return Err(Failure::usage(format!(
            "there is no index in {}; build it with `nirnay index`, or name another lake with --lake",
            dir.display()
        )));
    }
    let searcher =
        Searcher::open(&dir).map_err(|error| Failure::new(exit::IO, error.to_string()))?;
    let query = args.query.join(" ");
    let options = SearchOptions {
        limit: args.limit,
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
        },
        snippets: args.snippets,
        ..SearchOptions::default()
    };
    let results = match super::passage::answer(&searcher, args, &options)? {
        Some(results) => results,
        None => searcher
            .search(&query, &options)
            .map_err(|error| Failure::usage(explain(&query, &error)))?,
    };
    if global.json {
        output::json(&results);
    } else {
        print(&query, args, &results);
    }
    Ok(0)
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

fn print(query: &str, args: &SearchArgs, results: &Results) {
    if args.limit == 0 {
        output::data(&plural(results.total as u64, "judgment"));
        return;
    }
    if results.total == 0 {
        output::data(&format!("no judgment matches {query}"));
        output::data("fewer words, or OR between them, find more; \"…\" asks for an exact phrase");
        return;
    }
    let last = args.offset + results.hits.len();
    output::data(&format!(
        "{} ({} to {}), {} ms",
        plural(results.total as u64, "judgment"),
        args.offset + 1,
        last,
        results.elapsed.as_millis()
    ));
    for (place, hit) in results.hits.iter().enumerate() {
        output::data("");
        print_hit(args.offset + place + 1, hit);
    }
    if last < results.total {
        output::data("");
        output::data(&format!("more with --offset {last}"));
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
    output::data(&format!("     {}", facts.join(" · ")));
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

//! `nirnay search --text-file` and `nirnay search --like`: ranking by a passage or by a judgment.

use std::io::Read as _;
use std::path::Path;

use nirnay_index::{PassageOrder, Results, SearchOptions, Searcher};

use crate::args::SearchArgs;
use crate::failure::Failure;

/// A passage is a text, not a collection.
const MAX_BYTES: u64 = 64 << 20;

/// The answer to a passage or a likeness, if one was asked for.
pub(super) fn answer(
    searcher: &Searcher,
    args: &SearchArgs,
    options: &SearchOptions,
) -> Result<Option<Results>, Failure> {
    let failed = |error: nirnay_index::QueryError| {
        let parts = [error.message, error.hint];
        Failure::usage(parts.join("; ").trim_end_matches("; ").to_owned())
    };
    if let Some(key) = &args.like {
        let begun = std::time::Instant::now();
        let hits = searcher
            .similar(key, args.limit.unwrap_or(super::search::USUAL))
            .map_err(failed)?;
        return Ok(Some(Results {
            total: hits.len(),
            hits,
            identifier: None,
            resolved: None,
            understood: format!("like {key}"),
            facets: Vec::new(),
            notes: Vec::new(),
            elapsed: begun.elapsed(),
        }));
    }
    let Some(path) = &args.text_file else {
        return Ok(None);
    };
    let order = if args.words_only {
        PassageOrder::Words
    } else {
        PassageOrder::WordsAndCitations
    };
    let text = read(path)?;
    searcher
        .by_passage(&text, order, options)
        .map(Some)
        .map_err(failed)
}

fn read(path: &Path) -> Result<String, Failure> {
    let failed = |error: std::io::Error| Failure::io(path, &error);
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin()
            .take(MAX_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
    } else {
        let file = std::fs::File::open(path).map_err(failed)?;
        file.take(MAX_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
    }
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Failure::usage(format!(
            "{} is longer than {} MB; give one document, not a collection (nirnay import texts takes those)",
            path.display(),
            MAX_BYTES >> 20
        )));
    }
    String::from_utf8(bytes).map_err(|error| {
        Failure::usage(format!(
            "{} is not UTF-8 text from byte {} on; of a PDF, take what `nirnay extract` prints",
            path.display(),
            error.utf8_error().valid_up_to()
        ))
    })
}

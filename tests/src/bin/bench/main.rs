//! The figures of `docs/benchmarks.md`: counts that a simulated portal's own log gives, and speeds as
//! ratios against a peer measured in the same run.
//!
//! ```text
//! just bench                 requests, metadata, density, speed
//! just bench requests        requests per judgment with PDF, without and with the standard faults
//! just bench metadata        requests for lists alone
//! just bench density         bytes a row
//! just bench real DIR PDFS   real rows and PDFs from folders, crawled end to end
//! just bench speed           rows read, against a peer
//! just bench scale [ROWS…]   lists of 10,000, 100,000 and 1,000,000 rows: time, memory, ledger
//! just bench peer [ROWS]     the same list walked by bharat-courts and by us
//! just bench cases           replies of the case portals read by bharat-courts and by us; memory of 50,000 rows
//! just bench captcha         the captcha model: load, speed, ddddocr beside it, a walk
//! just bench text DIR         text of PDFs against pdftotext, PyMuPDF and pdf-extract: time, words, order
//! just bench hostile DIR      hostile PDFs: what becomes of each, time, memory
//! just bench citations DIR    citations in labelled sentences against eyecite and five patterns; speed
//! just bench judgments [N [PDFS]]  N documents (5,000) to text, structure and citations in a lake
//! just bench rank DIR         ranking by passage against bm25s: MAP, nDCG@10, recall@100
//! just bench index DIR        indexing against SQLite FTS5 and tantivy-py: time, size
//! just bench search DIR       500 mixed queries on a million paragraphs against SQLite FTS5
//! just bench page LAKE        first pages of results of a served lake: time and bytes
//! just bench check           the ratios against tests/bench-bounds.toml; fails when one is worse
//! ```
#![expect(clippy::print_stdout, reason = "its figures are its output")]

mod bounds;
mod captcha;
mod cases;
mod counts;
mod evaluation;
mod judgments;
mod page;
mod peer;
mod portals;
mod real;
mod scale;
mod speed;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    match words.as_slice() {
        [] | ["all"] => runtime.block_on(async {
            counts::requests().await;
            counts::metadata().await;
            counts::density().await;
            speed::rows();
        }),
        ["requests"] => runtime.block_on(counts::requests()),
        ["metadata"] => drop(runtime.block_on(counts::metadata())),
        ["density"] => drop(runtime.block_on(counts::density())),
        ["speed"] => {
            speed::rows();
        }
        ["real", rows, pdfs] => {
            runtime.block_on(real::end_to_end(Path::new(rows), Path::new(pdfs)));
        }
        ["scale", sizes @ ..] => scale::table(&numbers(sizes, &[10_000, 100_000, 1_000_000])),
        ["peer", rows @ ..] => peer::side_by_side(numbers(rows, &[20_000])[0]),
        ["cases"] => return cases::table(),
        ["captcha"] => captcha::table(),
        ["text", args @ ..] => return evaluation::script("extraction", "compare.py", args),
        ["hostile", args @ ..] => return evaluation::script("extraction", "hostile.py", args),
        ["citations", args @ ..] => return evaluation::script("citations", "compare.py", args),
        ["rank", args @ ..] => return evaluation::script("search", "rank.py", args),
        ["index", args @ ..] => return evaluation::texts("index.py", args),
        ["search", args @ ..] => return evaluation::texts("search.py", args),
        ["judgments"] => judgments::end_to_end(5_000, None),
        ["judgments", count] => judgments::end_to_end(numbers(&[count], &[])[0], None),
        ["judgments", count, pdfs] => {
            judgments::end_to_end(numbers(&[count], &[])[0], Some(Path::new(pdfs)));
        }
        ["page", lake] => runtime.block_on(page::first_pages(Path::new(lake))),
        ["check"] => return runtime.block_on(bounds::check()),
        _ => {
            println!(
                "usage: bench [requests | metadata | density | speed | scale [ROWS…] | peer [ROWS] | cases | captcha | check | real DIR_OF_ROWS DIR_OF_PDFS | text DIR | hostile DIR | citations DIR | rank DIR | index DIR | search DIR | judgments [N [DIR_OF_PDFS]] | page LAKE]"
            );
            return ExitCode::from(64);
        }
    }
    ExitCode::SUCCESS
}

fn numbers(words: &[&str], otherwise: &[u32]) -> Vec<u32> {
    if words.is_empty() {
        return otherwise.to_vec();
    }
    words
        .iter()
        .map(|word| {
            word.replace(['_', ','], "")
                .parse()
                .expect("a number of rows")
        })
        .collect()
}

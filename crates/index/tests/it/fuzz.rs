//! Many queries, made of the language's own pieces and of noise. None may end the process, hang, or find nothing without
//! a word. `NIRNAY_FUZZ_QUERIES` sets how many; 100,000 is the measure, a short run the habit.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use nirnay_index::SearchOptions;

use crate::corpus::searcher;

const PIECES: [&str; 64] = [
    "bail",
    "refused",
    "the",
    "498A",
    "302/34",
    "S.C.R.",
    "न्यायालय",
    "தீர்ப்பு",
    "AND",
    "or",
    "NOT",
    "andd",
    "(",
    ")",
    "((",
    "))",
    "\"",
    "\"a b\"",
    "\u{201c}",
    "*",
    "bai*",
    "~",
    "Kulkarni~",
    "~2",
    "/5",
    "w/3",
    "near",
    "@2",
    "/0",
    "/s",
    "title:",
    "court:delhi",
    "year:",
    "year:2020..2021",
    "date:",
    "date:\"past 30 days\"",
    "after:2020",
    "before:x",
    "section:302",
    "statute:",
    "cites:\"2025 INSC 555\"",
    "kind:order",
    "language:hindi",
    "foo:bar",
    ":",
    "-",
    "--",
    "..",
    "2025 INSC 555",
    "(2017) 10 SCC 1",
    "WP(C)/1/2024",
    "DLHC010000122024",
    "\0",
    "\u{200d}",
    "\u{94d}",
    "🂡",
    "\u{202e}",
    "<script>",
    "%00",
    "\\",
    "'",
    "a\u{301}",
    "１２",
    "\n",
];

/// A generator that gives the same numbers everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

fn query(numbers: &mut Numbers) -> String {
    let mut query = String::new();
    for _ in 0..numbers.below(14) {
        query.push_str(PIECES[numbers.below(PIECES.len())]);
        if numbers.below(3) > 0 {
            query.push(' ');
        }
    }
    if numbers.below(200) == 0 {
        query = query.repeat(1 + numbers.below(400));
    }
    if numbers.below(20) == 0 {
        query.extend((0..numbers.below(30)).filter_map(|_| char::from_u32(numbers_char(numbers))));
    }
    query
}

fn numbers_char(numbers: &mut Numbers) -> u32 {
    numbers.below(0x3000) as u32
}

#[test]
fn any_number_of_queries_is_answered_or_refused() {
    let wanted: usize = std::env::var("NIRNAY_FUZZ_QUERIES")
        .ok()
        .and_then(|number| number.parse().ok())
        .unwrap_or(3_000);
    let searcher = searcher();
    let options = SearchOptions {
        limit: 3,
        facets: Some(3),
        today: "2026-11-30".parse().ok(),
        ..SearchOptions::default()
    };
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let (mut answered, mut refused, mut slowest) = (0, 0, Duration::ZERO);
    for _ in 0..wanted {
        let query = query(&mut numbers);
        let begun = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| searcher.search(&query, &options)))
            .unwrap_or_else(|_| panic!("{query:?} made the search panic"));
        slowest = slowest.max(begun.elapsed());
        match outcome {
            Ok(results) => {
                answered += 1;
                assert!(
                    results.total > 0 || !results.notes.is_empty(),
                    "nothing, and no word why: {query:?}"
                );
            }
            Err(error) => {
                refused += 1;
                assert!(!error.hint.is_empty(), "{query:?}: {error:?}");
                assert!(!error.message.contains("damaged"), "{query:?}: {error:?}");
            }
        }
    }
    eprintln!("{answered} answered, {refused} refused, slowest {slowest:?}");
    assert!(answered > wanted / 20 && refused > wanted / 20);
}

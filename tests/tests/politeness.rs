//! Weeks of crawling under a simulated clock, judged by the portal's own log.
//!
//! `NIRNAY_WEEKS=200` runs more of them (10 unless given), `NIRNAY_SEED=17` one.

use nirnay_tests::politeness::check;

#[test]
fn weeks_of_crawling_keep_every_limit() {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse::<u64>().ok());
    let only = number("NIRNAY_SEED");
    let seeds = match only {
        Some(seed) => seed..seed + 1,
        None => 0..number("NIRNAY_WEEKS").unwrap_or(10),
    };
    let summary = match check(seeds) {
        Ok(summary) => summary,
        Err(broken) => panic!("{broken}"),
    };
    println!("{summary:#?}");
    if only.is_none() {
        assert!(
            summary.missing().is_empty(),
            "{:?} never happened",
            summary.missing()
        );
    }
}

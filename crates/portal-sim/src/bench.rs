//! The benches of the registry as the portal shows them: names on rows, filter values, CNR heads.

use std::sync::LazyLock;

use nirnay_model::{Court, courts};

/// The bench number of the Supreme Court Reports.
pub(crate) const SCR: u16 = u16::MAX;

/// A High Court bench with everything a row or a filter needs.
#[derive(Debug)]
pub(crate) struct BenchFacts {
    /// Number of the court in [`benches`] order.
    pub(crate) court: u16,
    pub(crate) slug: &'static str,
    pub(crate) court_code: &'static str,
    /// Value of the `state_code` filter: `27~1`.
    pub(crate) portal_code: &'static str,
    pub(crate) bench_code: &'static str,
    /// Value of the `dist_code` filter.
    pub(crate) dist_code: String,
    /// The court's name as rows print it.
    pub(crate) printed: String,
    /// The first six characters of its CNRs.
    pub(crate) cnr_head: String,
    /// Place among all benches by CNR head: the order of CNRs.
    pub(crate) rank: u16,
}

static BENCHES: LazyLock<Vec<BenchFacts>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for (number, court) in high_courts().enumerate() {
        for (place, bench) in court.benches.iter().enumerate() {
            all.push(BenchFacts {
                court: number as u16,
                slug: &court.slug,
                court_code: court.code.as_str(),
                portal_code: &court.portal_code,
                bench_code: bench.code.as_str(),
                dist_code: bench
                    .dist_code
                    .clone()
                    .unwrap_or_else(|| (place + 1).to_string()),
                printed: printed_name(court),
                cnr_head: cnr_head(court, place),
                rank: 0,
            });
        }
    }
    let mut heads: Vec<String> = all.iter().map(|bench| bench.cnr_head.clone()).collect();
    heads.sort();
    for bench in &mut all {
        bench.rank = heads
            .iter()
            .position(|head| *head == bench.cnr_head)
            .unwrap_or(0) as u16;
    }
    all
});

fn high_courts() -> impl Iterator<Item = &'static Court> {
    courts()
        .iter()
        .filter(|court| !court.portal_code.is_empty())
}

/// All High Court benches, in the order of the registry.
pub(crate) fn benches() -> &'static [BenchFacts] {
    &BENCHES
}

/// The bench with this number.
pub(crate) fn bench(number: u16) -> Option<&'static BenchFacts> {
    BENCHES.get(usize::from(number))
}

/// The numbers of a court's benches, by slug or court code.
pub(crate) fn benches_of(court: &str) -> Vec<u16> {
    numbers(|bench| bench.slug == court || bench.court_code == court)
}

/// The number of the bench with this database name.
pub(crate) fn bench_named(code: &str) -> Option<u16> {
    numbers(|bench| bench.bench_code == code).first().copied()
}

fn numbers(test: impl Fn(&BenchFacts) -> bool) -> Vec<u16> {
    BENCHES
        .iter()
        .enumerate()
        .filter(|(_, b)| test(b))
        .map(|(n, _)| n as u16)
        .collect()
}

/// The court of a `state_code` filter; the portal takes `27~1` and `27`.
pub(crate) fn court_of_filter(state_code: &str) -> Option<u16> {
    BENCHES
        .iter()
        .find(|b| {
            b.portal_code == state_code || b.portal_code.split('~').next() == Some(state_code)
        })
        .map(|b| b.court)
}

/// Rows do not print the registry's names to the letter.
fn printed_name(court: &Court) -> String {
    match court.slug.as_str() {
        "telangana" => "High Court  for State of Telangana".to_owned(),
        "chhattisgarh" => "High Court Of Chhattisgarh".to_owned(),
        _ => court.name.clone(),
    }
}

fn cnr_head(court: &Court, place: usize) -> String {
    let prefixes = &court.cnr_prefixes;
    let own = prefixes.get(place).filter(|_| prefixes.len() > 1);
    let prefix = own.or(prefixes.first()).map_or("XXHC", String::as_str);
    match (court.slug.as_str(), place) {
        ("calcutta", 0) => format!("{prefix}CA"),
        ("calcutta", 1) => format!("{prefix}CO"),
        ("calcutta", 2) => format!("{prefix}CJ"),
        ("calcutta", 3) => format!("{prefix}CP"),
        _ if own.is_some() => format!("{prefix}01"),
        _ => format!("{prefix}{:02}", place + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_find_their_court_and_heads_are_unique() {
        assert_eq!(court_of_filter("27~1"), court_of_filter("27"));
        assert_eq!(court_of_filter("7"), court_of_filter("7~26"));
        assert_eq!(court_of_filter("99"), None);
        let heads: std::collections::HashSet<_> = benches().iter().map(|b| &b.cnr_head).collect();
        assert_eq!(heads.len(), benches().len());
        assert_eq!(benches().len(), 45);
        assert_eq!(
            bench(bench_named("mdubench").unwrap()).unwrap().cnr_head,
            "HCMD01"
        );
    }
}

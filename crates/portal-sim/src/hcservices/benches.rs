//! The benches as the portal of the High Courts numbers them.

use std::sync::LazyLock;

use crate::bench;

/// A bench on this portal.
#[derive(Debug)]
pub(crate) struct HcBench {
    /// Number of the High Court: `26`.
    pub(crate) state: &'static str,
    /// Number of the bench within it.
    pub(crate) code: u16,
    pub(crate) name: String,
    /// Number of the bench in the registry; none where the registry knows no database of it.
    pub(crate) seat: Option<u16>,
}

/// Databases whose bench does not have the number of its place among the court's.
const CODES: &[(&str, u16, &str)] = &[
    ("newas", 1, "Appellate Side,Bombay"),
    ("newos", 2, "Original Side,Bombay"),
    ("hcaurdb", 3, "Bench at Aurangabad"),
    ("hcbgoa", 5, "High court of Bombay at Goa"),
    ("newos_spl", 6, "Special Court (TORTS) Bombay"),
    ("kolhcdb", 7, "Bench at Kolhapur"),
    ("testcase", 0, ""),
    ("calcutta_original_side", 1, "Original Side"),
    (
        "calcutta_circuit_bench_at_jalpaiguri",
        2,
        "Circuit Bench At Jalpaiguri",
    ),
    ("calcutta_appellate_side", 3, "Appellate Side"),
    (
        "calcutta_circuit_bench_at_port_blair",
        4,
        "Circuit Bench At Port Blair",
    ),
    ("asghccis", 1, "Principal Seat at Guwahati"),
    ("nlghccis", 2, "Kohima Bench"),
    ("azghccis", 3, "Aizawl Bench"),
    ("arghccis", 4, "Itanagar Bench"),
    ("jaipur", 1, "High Court Bench at Jaipur"),
    ("rhcjodh240618", 2, "Principal Seat Jodhpur"),
];

static BENCHES: LazyLock<Vec<HcBench>> = LazyLock::new(|| {
    let mut all = Vec::new();
    let mut court = u16::MAX;
    let mut place = 0;
    for (seat, facts) in (0..).zip(bench::benches()) {
        place = if facts.court == court { place + 1 } else { 1 };
        court = facts.court;
        let state = facts.court_code.rsplit('_').next().unwrap_or("");
        let own = CODES.iter().find(|(db, ..)| *db == facts.bench_code);
        let (code, name) = match own {
            Some((_, code, name)) => (*code, (*name).to_owned()),
            None if place == 1 => (1, format!("Principal Bench of {}", facts.printed)),
            None => (place, format!("Bench {place} of {}", facts.printed)),
        };
        if code > 0 {
            all.push(HcBench {
                state,
                code,
                name,
                seat: Some(seat),
            });
        }
    }
    // On the portal, but without a database in the registry.
    all.push(HcBench {
        state: "1",
        code: 4,
        name: "Bench at Nagpur".to_owned(),
        seat: None,
    });
    all.sort_by_key(|bench| (bench.state.parse().unwrap_or(0_u16), bench.code));
    all
});

/// The benches of a High Court by its number, in the order of their own.
pub(crate) fn benches_of(state: &str) -> impl Iterator<Item = &'static HcBench> {
    BENCHES.iter().filter(move |bench| bench.state == state)
}

/// A bench by its High Court's number and its own.
pub(crate) fn bench_at(state: &str, code: &str) -> Option<&'static HcBench> {
    let code: u16 = code.trim().parse().ok()?;
    benches_of(state.trim()).find(|bench| bench.code == code)
}

/// The bench of a seat.
pub(crate) fn bench_of(seat: u16) -> Option<&'static HcBench> {
    BENCHES.iter().find(|bench| bench.seat == Some(seat))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn benches_have_numbers_of_their_own_within_their_court() {
        let numbers: HashSet<(&str, u16)> = BENCHES.iter().map(|b| (b.state, b.code)).collect();
        assert_eq!(numbers.len(), BENCHES.len());
        assert_eq!(benches_of("1").count(), 7);
        assert_eq!(
            benches_of("26").next().unwrap().name,
            "Principal Bench of High Court of Delhi"
        );
        assert_eq!(bench_at("16", "3").unwrap().name, "Appellate Side");
        assert!(bench_at("1", "4").unwrap().seat.is_none());
    }
}

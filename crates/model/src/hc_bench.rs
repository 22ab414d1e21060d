//! The benches of High Court Services, compiled in from `data/reference/hc-benches.toml`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::{Court, courts};

/// A bench on High Court Services.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceBench {
    /// The court, by its slug in the registry of courts.
    pub court: String,
    /// The portal's `court_code`.
    pub code: String,
    /// The bench in words.
    pub name: String,
}

#[derive(Deserialize)]
struct BenchesFile {
    bench: Vec<ServiceBench>,
}

static BENCHES: LazyLock<Vec<ServiceBench>> = LazyLock::new(|| {
    let text = include_str!("../../../data/reference/hc-benches.toml");
    // The file is part of the build; the test below is the proof that it parses.
    toml::from_str::<BenchesFile>(text)
        .map(|file| file.bench)
        .unwrap_or_default()
});

/// The benches of High Court Services that are known; the portal may have more.
pub fn service_benches() -> &'static [ServiceBench] {
    &BENCHES
}

/// The High Court that a name names, and the bench on High Court Services where it names one. A court is known by slug,
/// code, the first letters of its CNRs and name; a bench by its name behind that of the court: `bombay-nagpur`, `High
/// Court of Bombay at Goa`, `Bombay High Court, Nagpur Bench`.
pub fn service_place(name: &str) -> Option<(&'static Court, Option<&'static ServiceBench>)> {
    if let Some(court) = named(name) {
        return Some((court, None));
    }
    let lower = name.trim().to_lowercase();
    [" at ", ",", "-"].into_iter().find_map(|between| {
        let (court, rest) = lower.split_once(between)?;
        let (court, rest) = (named(court)?, rest.trim());
        let bench = service_benches().iter().find(|bench| {
            let own = bench.court == court.slug && !rest.is_empty();
            own && bench.name.to_lowercase().starts_with(rest)
        })?;
        Some((court, Some(bench)))
    })
}

fn named(name: &str) -> Option<&'static Court> {
    let known = courts();
    let lower = name.trim().to_lowercase();
    let plain = lower.replace("high court", "").replace(" of ", " ");
    known
        .find(&lower)
        .or_else(|| known.by_cnr_prefix(&lower.to_uppercase()))
        .or_else(|| known.by_name(name))
        .or_else(|| known.find(plain.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bench_is_of_a_court() {
        assert_eq!(service_benches().len(), 40);
        for bench in service_benches() {
            assert!(courts().find(&bench.court).is_some(), "{bench:?}");
        }
        let of = |court: &str| {
            service_benches()
                .iter()
                .filter(|b| b.court == court)
                .count()
        };
        assert_eq!((of("bombay"), of("delhi"), of("mp")), (6, 1, 0));
    }

    #[test]
    fn a_bench_by_the_name_of_its_court() {
        let place = |name: &str| {
            let (court, bench) = service_place(name)?;
            Some((court.slug.as_str(), bench.map(|bench| bench.code.as_str())))
        };
        let nagpur = Some(("bombay", Some("4")));
        for name in [
            "bombay-nagpur",
            "Bombay High Court, Nagpur Bench",
            "High Court of Bombay at Nagpur",
        ] {
            assert_eq!(place(name), nagpur, "{name}");
        }
        let (_, goa) = service_place("High Court of Bombay at Goa").unwrap();
        assert_eq!(goa.unwrap().name, "Goa Bench");
        assert_eq!(place("DLHC"), Some(("delhi", None)));
        assert_eq!(place("bombay-"), None);
        assert_eq!(place("nowhere-nagpur"), None);
    }
}

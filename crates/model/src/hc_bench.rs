//! The benches of High Court Services, compiled in from `data/reference/hc-benches.toml`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::courts;

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
}

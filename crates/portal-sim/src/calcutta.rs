//! The site of the Calcutta High Court.

use jiff::civil::Date;

use crate::bench;
use crate::cases::Key;

/// The neutral citation of an order: `2024:CHC-AS:12`.
pub(crate) fn citation(key: Key, on: Date, number: u16) -> String {
    let side = match bench::bench(key.seat).and_then(|bench| bench.cnr_head.get(4..6)) {
        Some("CO") => "OS",
        Some("CJ") => "JB",
        Some("CP") => "PB",
        _ => "AS",
    };
    let serial = key.serial % 100_000 + u32::from(number) - 1;
    format!("{:04}:CHC-{side}:{serial}", on.year())
}

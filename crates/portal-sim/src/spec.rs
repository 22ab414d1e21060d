//! What an invented docket is to hold.

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

/// The number of rows of a court.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourtShare {
    /// The court's slug or code (`delhi`, `7_26`).
    pub slug: String,
    /// Rows, spread over the court's benches.
    pub rows: u32,
}

impl CourtShare {
    /// `rows` rows of the court `slug`.
    pub fn new(slug: impl Into<String>, rows: u32) -> Self {
        Self {
            slug: slug.into(),
            rows,
        }
    }
}

/// Shares (0 to 1) of rows with an oddity that belongs to the docket: the same rows every time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quirks {
    /// Rows with one of the labels missing.
    pub missing_label: f64,
    /// Rows with `01-12-5000` as decision date, or a file name in 2047.
    pub impossible_date: f64,
    /// Rows whose HTML is rubbish.
    pub garbage: f64,
    /// Rows without a button.
    pub no_button: f64,
    /// High Court rows that are a later order in a case already listed.
    pub second_order: f64,
    /// Rows whose file name carries another date than the decision date.
    pub path_date_differs: f64,
    /// Rows of the Supreme Court Reports with translations.
    pub translations: f64,
    /// Documents that are scans without a text layer.
    pub scans: f64,
    /// Rows that fall on the last working day of their year instead of a day of their own.
    pub busy_days: f64,
}

impl Default for Quirks {
    fn default() -> Self {
        Self {
            missing_label: 0.01,
            impossible_date: 0.0005,
            garbage: 0.0002,
            no_button: 0.0002,
            second_order: 0.06,
            path_date_differs: 0.02,
            translations: 0.15,
            scans: 0.02,
            busy_days: 0.02,
        }
    }
}

impl Quirks {
    /// Rows and documents without any oddity: every row is readable, every document has text.
    pub fn none() -> Self {
        Self {
            missing_label: 0.0,
            impossible_date: 0.0,
            garbage: 0.0,
            no_button: 0.0,
            second_order: 0.0,
            path_date_differs: 0.0,
            translations: 0.0,
            scans: 0.0,
            busy_days: 0.0,
        }
    }
}

/// What an invented docket is to hold. The same specification gives the same rows and the same
/// documents on every machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DocketSpec {
    /// The seed of everything.
    pub seed: u64,
    /// High Court rows.
    pub courts: Vec<CourtShare>,
    /// First decision date.
    pub from: Date,
    /// Last decision date.
    pub to: Date,
    /// Rows of the Supreme Court Reports.
    pub scr_rows: u32,
    /// Rows of the Supreme Court's feed; the page shows the latest 25 judgments and 25 orders.
    pub feed_rows: u32,
    /// Oddities.
    pub quirks: Quirks,
}

impl Default for DocketSpec {
    fn default() -> Self {
        Self {
            seed: 1,
            courts: vec![CourtShare::new("delhi", 120), CourtShare::new("madras", 80)],
            from: date(2024, 1, 1),
            to: date(2024, 3, 31),
            scr_rows: 40,
            feed_rows: 50,
            quirks: Quirks::default(),
        }
    }
}

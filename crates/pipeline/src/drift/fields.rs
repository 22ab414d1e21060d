//! Do rows print what rows of this court always printed?

use std::collections::BTreeMap;

use nirnay_model::SourceId;
use nirnay_parse::judgments::PageReport;
use nirnay_store::FieldCount;

/// Fields without which a row is not worth taking, and the share of a recent page's rows that print them.
const KEY_FIELDS: [(&str, f64); 3] = [
    ("cnr", 0.99),
    ("decision_date", 0.98),
    ("document_path", 0.97),
];
/// What is asked of pages of old dates instead: registers that were typed in later have gaps.
const OLD_SHARE: f64 = 0.95;
/// How far below its own past a share may lie.
const DROP: f64 = 0.05;
/// Rows that make a past.
const PAST_ROWS: u64 = 200;
/// Rows without the field that are no more than damage.
const DAMAGED_ROWS: f64 = 5.0;
/// The name under which rows set aside are counted.
pub(super) const SET_ASIDE: &str = "set_aside";

/// A field that fewer rows print than should.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lack {
    pub(super) field: &'static str,
    pub(super) rows: u64,
    pub(super) filled: u64,
    /// The share that was to be expected at least.
    pub(super) floor: f64,
    /// Whether rows without it are of no use.
    pub(super) is_key: bool,
}

impl Lack {
    /// It, in words.
    pub(super) fn sentence(&self) -> String {
        format!(
            "{} of {} rows print {} ({:.1} %, at least {:.1} % were to be expected)",
            self.filled,
            self.rows,
            self.field,
            share(self.filled, self.rows) * 100.0,
            self.floor * 100.0
        )
    }
}

/// What a court's rows printed in the last days.
#[derive(Debug, Clone, Default)]
pub(super) struct Past(pub(super) BTreeMap<String, FieldCount>);

impl Past {
    fn share(&self, field: &str) -> Option<f64> {
        let count = self.0.get(field).filter(|count| count.rows >= PAST_ROWS)?;
        Some(share(count.filled, count.rows))
    }

    /// The share below which a field is lacking, if that can be said.
    fn floor(&self, source: SourceId, field: &str, recent: bool) -> Option<f64> {
        let named = KEY_FIELDS
            .iter()
            .find(|(name, _)| *name == field)
            .filter(|_| field != "cnr" || source == SourceId::EcourtsHc);
        if !recent {
            return named.map(|_| OLD_SHARE);
        }
        let usual = self.share(field);
        match (named, usual) {
            // A court that never printed a field in that share cannot be held to it.
            (Some((_, least)), Some(usual)) if usual < *least => Some(usual - DROP),
            (Some((_, least)), _) => Some(*least),
            (None, usual) => usual.map(|usual| usual - DROP),
        }
    }
}

/// The fields that are lacking: fewer rows print them than should, by more than chance. `recent`: rows of
/// recent dates, which alone are compared with the court's past.
pub(super) fn lacking(
    source: SourceId,
    report: &PageReport,
    past: &Past,
    recent: bool,
) -> Vec<Lack> {
    let rows = u64::from(report.rows);
    report
        .filled
        .by_name()
        .into_iter()
        .filter_map(|(field, filled)| {
            let floor = past.floor(source, field, recent)?;
            is_below(rows, u64::from(filled), floor).then(|| Lack {
                field,
                rows,
                filled: u64::from(filled),
                floor,
                is_key: KEY_FIELDS.iter().any(|(name, _)| *name == field),
            })
        })
        .collect()
}

/// Whether a share lies below `floor` by more than the luck of the draw (two standard deviations) and by more
/// than a few damaged rows.
fn is_below(rows: u64, filled: u64, floor: f64) -> bool {
    let missing = rows.saturating_sub(filled) as f64;
    let expected = rows as f64 * (1.0 - floor);
    missing >= DAMAGED_ROWS && missing > expected + 2.0 * expected.max(0.0).sqrt()
}

fn share(filled: u64, rows: u64) -> f64 {
    filled as f64 / rows.max(1) as f64
}

/// The counts of a report, for the ledger.
pub(super) fn counts(report: &PageReport) -> Vec<(&'static str, FieldCount)> {
    let rows = u64::from(report.rows);
    let mut counts: Vec<(&'static str, FieldCount)> = report
        .filled
        .by_name()
        .into_iter()
        .map(|(field, filled)| {
            let filled = u64::from(filled);
            (field, FieldCount { rows, filled })
        })
        .collect();
    let filled = u64::from(report.set_aside());
    counts.push((SET_ASIDE, FieldCount { rows, filled }));
    counts
}

#[cfg(test)]
mod tests {
    use nirnay_parse::judgments::FieldFill;

    use super::*;

    fn report(rows: u32, cnr: u32, judges: u32) -> PageReport {
        PageReport {
            rows,
            filled: FieldFill {
                cnr,
                decision_date: rows,
                document_path: rows,
                judges,
                ..FieldFill::default()
            },
            ..PageReport::default()
        }
    }

    fn past(field: &str, rows: u64, filled: u64) -> Past {
        Past([(field.to_owned(), FieldCount { rows, filled })].into())
    }

    fn names(report: &PageReport, past: &Past, recent: bool) -> Vec<&'static str> {
        lacking(SourceId::EcourtsHc, report, past, recent)
            .iter()
            .map(|lack| lack.field)
            .collect()
    }

    #[test]
    fn key_fields_are_asked_for_outright() {
        let none = Past::default();
        for (rows, cnr, lacks) in [
            (1_000, 1_000, false),
            (1_000, 991, false),
            (1_000, 985, false),
            (1_000, 980, true),
            (1_000, 970, true),
            (20, 16, false),
            (20, 10, true),
            (20, 0, true),
            (4, 0, false),
        ] {
            let found = names(&report(rows, cnr, rows), &none, true);
            assert_eq!(found == ["cnr"], lacks, "{cnr} of {rows}: {found:?}");
        }
    }

    #[test]
    fn a_court_is_held_to_its_own_past() {
        // It never printed more than 90 %.
        let usual = past("cnr", 5_000, 4_500);
        assert!(names(&report(1_000, 900, 0), &usual, true).is_empty());
        assert_eq!(names(&report(1_000, 790, 0), &usual, true), ["cnr"]);
        let judges = past("judges", 5_000, 4_900);
        assert!(names(&report(1_000, 1_000, 950), &judges, true).is_empty());
        assert_eq!(names(&report(1_000, 1_000, 800), &judges, true), ["judges"]);
        let short = past("judges", 100, 98);
        assert!(names(&report(1_000, 1_000, 800), &short, true).is_empty());
    }

    #[test]
    fn old_dates_are_not_compared_with_recent_ones() {
        let judges = past("judges", 5_000, 4_900);
        assert!(names(&report(1_000, 970, 0), &judges, false).is_empty());
        assert_eq!(names(&report(1_000, 900, 0), &judges, false), ["cnr"]);
    }
}

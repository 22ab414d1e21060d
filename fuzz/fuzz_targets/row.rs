//! A row of either portal is typed, or set aside whole.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nirnay_model::SourceId;
use nirnay_parse::judgments::read_row;

fuzz_target!(|html: &str| {
    let today = jiff::civil::date(2026, 6, 1);
    for source in [SourceId::EcourtsHc, SourceId::Scr] {
        match read_row(html, source, today) {
            Ok(row) => {
                assert!(!row.handle.path.contains("..") && !row.handle.path.starts_with('/'));
                assert!(
                    row.judgment
                        .decision_date
                        .is_some_and(|day| day.year() <= 2026)
                );
            }
            Err(row) => assert_eq!(row.html, html),
        }
    }
});

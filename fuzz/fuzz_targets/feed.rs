//! The feed is never empty, and leads nowhere else.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nirnay_parse::{Reply, sci};

fuzz_target!(|body: &[u8]| {
    if let Reply::Good(page) = sci::feed(body, jiff::civil::date(2026, 6, 1)) {
        assert!(page.rows.len() + page.quarantined.len() > 0);
        for row in page.rows {
            assert!(row.handle.path.starts_with("/sci-get-pdf/?diary_no="));
        }
    }
});

//! Any body on every endpoint.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nirnay_model::SourceId;
use nirnay_parse::judgments::{
    captcha_verdict, document_link, read_row, report, search_page, start_page,
};
use nirnay_parse::{Reply, pdf};

fuzz_target!(|body: &[u8]| {
    let today = jiff::civil::date(2026, 6, 1);
    if let Reply::Good(page) = search_page(body) {
        assert!(page.total > 0 || page.rows.is_empty());
        let read: Vec<_> = page
            .rows
            .iter()
            .map(|row| read_row(&row.html, SourceId::EcourtsHc, today))
            .collect();
        assert_eq!(report(&page, &read).rows as usize, page.rows.len());
    }
    drop(captcha_verdict(body));
    drop(document_link(body));
    drop(start_page(body));
    drop(pdf::look(body, None));
});

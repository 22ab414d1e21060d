//! Identifiers: what is read is printed in a form that is read the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nirnay_model::{CaseNumber, Cnr, DateWindow, Disposal, NeutralCitation, courts};

fuzz_target!(|text: &str| {
    if let Ok(cnr) = text.parse::<Cnr>() {
        assert_eq!(cnr.to_string().parse::<Cnr>().ok(), Some(cnr));
    }
    if let Ok(citation) = text.parse::<NeutralCitation>() {
        assert_eq!(
            citation.to_string().parse::<NeutralCitation>().ok(),
            Some(citation)
        );
    }
    if let Ok(window) = text.parse::<DateWindow>() {
        assert_eq!(window.to_string().parse::<DateWindow>().ok(), Some(window));
    }
    if let Ok(case) = text.parse::<CaseNumber>() {
        assert!(case.to_string().parse::<CaseNumber>().is_ok());
    }
    courts().by_name(text);
    Disposal::classify(text);
});

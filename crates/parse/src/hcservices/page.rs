//! The page of one case.

use nirnay_model::{Case, CasePortal};

use super::plain;
use crate::body::unknown;
use crate::{Refusal, Reply, case_page, json, page};

/// Reads the page of one case: the reply to a search by CNR, or to a case's own link.
pub fn case_page(body: &[u8]) -> Reply<Case> {
    read(body).into()
}

fn read(body: &[u8]) -> Result<Case, Refusal> {
    let text = plain::text_of(body)?;
    if case_page::is_one(&text) {
        return case_page::read(&text, CasePortal::HcServices).map_err(unknown);
    }
    if text.starts_with('{') {
        let value = json::parse(&text)
            .map_err(|error| unknown(format!("JSON that cannot be read: {error}")))?;
        let said = ["con", "Error", "errormsg", "message"]
            .into_iter()
            .find_map(|key| value.get(key)?.as_str().filter(|words| !words.is_empty()));
        return Err(said.map_or_else(
            || unknown("a JSON object in place of the case page"),
            plain::refusal,
        ));
    }
    if text.starts_with('<') {
        return Err(none(&text));
    }
    Err(plain::refusal(&text))
}

/// A page without a case on it.
fn none(html: &str) -> Refusal {
    let words = crate::text::clip(&crate::flat::words(crate::text::head(html, 16_384)), 2000);
    let lower = words.to_lowercase();
    if lower.contains("does not exist") || lower.contains("record not found") {
        return Refusal::NotFound {
            message: crate::text::clip(&words, 200),
        };
    }
    page::classify(html).map_or_else(|said| said, |body| body.unexpected("the case page"))
}

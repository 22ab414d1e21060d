//! Rows set aside, and their identity.

use nirnay_model::{QuarantineReason, QuarantinedRow, Sha256};

/// A row that cannot be taken.
pub(crate) fn row(
    html: &str,
    reason: QuarantineReason,
    detail: impl Into<String>,
) -> QuarantinedRow {
    QuarantinedRow {
        key: key(html),
        reason,
        detail: detail.into(),
        html: html.to_owned(),
    }
}

/// The hash of the HTML without the row's position on the page, so that the same row served on
/// another page, or on the same page a day later, has the same key.
pub(crate) fn key(html: &str) -> Sha256 {
    Sha256::of(without_position(html).as_bytes())
}

const QUOTES: [&str; 7] = ["\\'", "\\\"", "'", "\"", "&#39;", "&#039;", "&quot;"];

/// `html` with `N` for every number in an id or in the first argument of a call of the page.
fn without_position(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    // `link_`, `language`, `open_…(`, `get_…(`: everything else is copied as it is.
    while let Some(at) = rest.find(['l', 'o', 'g']) {
        let (plain, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(plain);
        let step = marker(from).unwrap_or(1);
        let (marker, after) = from.split_at_checked(step).unwrap_or((from, ""));
        out.push_str(marker);
        rest = after;
        if step > 1 {
            let quote = QUOTES
                .iter()
                .find(|quote| after.starts_with(**quote))
                .copied();
            let quote = quote.unwrap_or("");
            let number = after.strip_prefix(quote).unwrap_or(after);
            let tail = number.trim_start_matches(|c: char| c.is_ascii_digit());
            if tail.len() < number.len() {
                out.push_str(quote);
                out.push('N');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The length of what may stand directly before a position, if `text` begins with it.
fn marker(text: &str) -> Option<usize> {
    if let Some(id) = ["link_", "language"]
        .into_iter()
        .find(|id| text.starts_with(id))
    {
        return Some(id.len());
    }
    let name = text
        .strip_prefix("open_")
        .or_else(|| text.strip_prefix("get_"))?;
    let is_name = |b: &u8| b.is_ascii_lowercase() || *b == b'_';
    let length = name.bytes().take(40).take_while(is_name).count();
    let called = name.as_bytes().get(length) == Some(&b'(');
    called.then(|| text.len() - name.len() + length + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_does_not_depend_on_the_position() {
        let row = |n: u32| {
            format!(
                "<select id='language{n}' onchange=\"javascript:get_pdf_lang('{n}','1995_1','1995');\">\
                 <button id='link_{n}' onclick=open_pdf('{n}','1995','1995_1','1995INSC1'); >\
                 <a onclick=\"open_splitview(&#039;{n}&#039;,'x')\"><a onclick=open_flip('{n}','y');>"
            )
        };
        assert_eq!(key(&row(0)), key(&row(986)));
        assert_eq!(without_position(&row(7)).matches('N').count(), 6 + 1);
    }

    #[test]
    fn everything_else_counts() {
        assert_ne!(key("open_pdf('1','a')"), key("open_pdf('1','b')"));
        assert_ne!(key("log 1"), key("log 2"));
        assert_eq!(
            without_position("goal link_ open_pdf('x') ünlogged"),
            "goal link_ open_pdf('x') ünlogged"
        );
    }
}

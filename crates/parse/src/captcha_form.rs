//! The captcha form that takes the place of an answer.

use crate::tags::{attribute, tags};

/// Whether `html` is such a form.
pub(crate) fn is_one(html: &str) -> bool {
    let lower = html.to_lowercase();
    lower.contains("securimage") || lower.contains("captcha")
}

/// The path of the picture in a captcha form, if it is a plain path on the same portal.
pub(crate) fn picture(html: &str) -> Option<String> {
    let tag = tags(html)
        .filter(|tag| tag.opens("img"))
        .find(|tag| tag.text.contains("securimage_show"))?;
    let source = attribute(tag.text, "src")?;
    let (path, query) = source.split_once('?').unwrap_or((&source, ""));
    let good_path = ["/pdfsearch/", "/scrsearch/"]
        .iter()
        .any(|root| path.starts_with(root))
        && path.ends_with("/securimage_show.php")
        && !path.contains("..")
        && !path.contains("//")
        && path
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'.' | b'-'));
    let good_query = query.len() <= 128
        && query
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'=' | b'.' | b'_' | b'-'));
    (good_path && good_query).then(|| source.clone())
}

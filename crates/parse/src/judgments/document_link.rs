//! The address of a document.

use serde::Serialize;

use crate::body::{self, Body};
use crate::{Refusal, Reply, text};

/// The temporary address of a document, good for a short while and for one session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentLink {
    /// `/pdfsearch/tmp/….pdf` or `/scrsearch/tmp/….pdf`, to be joined to the portal's own origin.
    pub path: String,
    /// The next token.
    pub token: Option<String>,
}

/// Reads the reply to `openpdfcaptcha` and `openpdf`.
///
/// The path must have exactly the form the portal gives: anything that could lead to another host
/// or directory is [`Refusal::Unknown`]. A captcha form in place of the path (the session's
/// allowance of documents is used up) is [`Refusal::CaptchaNeeded`].
pub fn document_link(body: &[u8]) -> Reply<DocumentLink> {
    body::classify(body).and_then(link).into()
}

fn link(body: Body) -> Result<DocumentLink, Refusal> {
    let Body::Object(mut object) = body else {
        return Err(body.unexpected("`outputfile`"));
    };
    let token = object.token();
    let value = object.answer("outputfile")?;
    let Some(path) = value.as_str() else {
        return Err(body::unknown("`outputfile` is not a text"));
    };
    if path.is_empty() {
        return Err(Refusal::PortalError {
            message: "`outputfile` is empty: the portal names no address".to_owned(),
        });
    }
    if is_document_path(path) {
        Ok(DocumentLink {
            path: path.to_owned(),
            token,
        })
    } else {
        Err(body::unknown(format!(
            "`outputfile` has a strange form: {:?}",
            text::clip(path, 120)
        )))
    }
}

/// `/pdfsearch/tmp/` or `/scrsearch/tmp/`, 16 to 160 hex digits, `.pdf`.
fn is_document_path(path: &str) -> bool {
    ["/pdfsearch/tmp/", "/scrsearch/tmp/"]
        .iter()
        .find_map(|root| path.strip_prefix(root))
        .and_then(|name| name.strip_suffix(".pdf"))
        .is_some_and(|name| {
            (16..=160).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_hexdigit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_portals_own_form_is_an_address() {
        let name = "0123456789abcdef".repeat(4);
        for root in ["/pdfsearch", "/scrsearch"] {
            assert!(is_document_path(&format!(
                "{root}/tmp/{name}1700000000.pdf"
            )));
        }
        for bad in [
            format!("https://judgments.ecourts.gov.in/pdfsearch/tmp/{name}.pdf"),
            format!("//evil.example/pdfsearch/tmp/{name}.pdf"),
            format!("@evil.example/pdfsearch/tmp/{name}.pdf"),
            format!(".evil.example/pdfsearch/tmp/{name}.pdf"),
            format!("/pdfsearch/tmp/../{name}.pdf"),
            format!("/pdfsearch/tmp/%2e%2e/{name}.pdf"),
            format!("/pdfsearch/tmp//{name}.pdf"),
            format!("\\pdfsearch\\tmp\\{name}.pdf"),
            format!("/pdfsearch/tmp/{name}.pdf?x"),
            format!("/pdfsearch/tmp/{name}.pdf#x"),
            format!("/pdfsearch/tmp/{name}.pdf\n"),
            format!(" /pdfsearch/tmp/{name}.pdf"),
            format!("/pdfsearch/tmp/{name}.php"),
            format!("/other/tmp/{name}.pdf"),
            format!("/pdfsearch/tmp/{name}é.pdf"),
            "/pdfsearch/tmp/.pdf".to_owned(),
            "/pdfsearch/tmp/report.pdf".to_owned(),
            "http://169.254.169.254/latest".to_owned(),
            "javascript:alert(1)".to_owned(),
        ] {
            assert!(!is_document_path(&bad), "{bad}");
            let body = serde_json::json!({ "outputfile": bad }).to_string();
            assert!(
                matches!(
                    document_link(body.as_bytes()),
                    Reply::Refused(Refusal::Unknown { .. })
                ),
                "{bad}"
            );
        }
    }
}

//! A first look at bytes that should be a PDF, from outside.

use crate::text;

/// Nothing smaller is a judgment; the known fakes have 30 and 315 bytes.
const LEAST_BYTES: usize = 1024;
/// Readers look for the header here.
const HEAD: usize = 1024;
/// Writers may leave some bytes after the end mark.
const TAIL: usize = 2048;

/// What a PDF looks like from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PdfLook {
    /// Offset of `%PDF-`: 0, or more where a byte-order mark or other bytes stand in front. The
    /// bytes are kept as served.
    pub start: usize,
}

/// Why bytes are not taken as a PDF.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadPdf {
    /// No bytes at all.
    #[error("the document is empty")]
    Empty,
    /// A PDF header, but less than 1 KiB.
    #[error("the document is smaller than 1 KiB")]
    TooSmall,
    /// No `%PDF-` in the first 1,024 bytes.
    #[error("the document is not a PDF; it begins with {head:?}")]
    NotAPdf {
        /// Its first characters (at most 80), white space folded.
        head: String,
    },
    /// The bytes end before the PDF does, or are not as many as announced.
    #[error("the document is cut off: {why}")]
    Truncated {
        /// What is missing.
        why: String,
    },
}

/// Looks at the bytes of a document. `content_length` is the size the reply announced, if any.
pub fn look(bytes: &[u8], content_length: Option<u64>) -> Result<PdfLook, BadPdf> {
    if bytes.is_empty() {
        // An announced size makes it a broken transfer; nothing came, whatever was promised.
        return Err(BadPdf::Empty);
    }
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let start = find(head, b"%PDF-").ok_or_else(|| BadPdf::NotAPdf {
        head: text::clip(&text::fold(&String::from_utf8_lossy(head)), 80),
    })?;
    if let Some(announced) = content_length.filter(|length| *length != bytes.len() as u64) {
        return Err(BadPdf::Truncated {
            why: format!("{} bytes came, {announced} were announced", bytes.len()),
        });
    }
    if bytes.len() < LEAST_BYTES {
        return Err(BadPdf::TooSmall);
    }
    let tail = bytes
        .get(bytes.len().saturating_sub(TAIL)..)
        .unwrap_or(bytes);
    if find(tail, b"%%EOF").is_none() {
        return Err(BadPdf::Truncated {
            why: "no %%EOF in the last 2 KiB".to_owned(),
        });
    }
    Ok(PdfLook { start })
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pdf(size: usize) -> Vec<u8> {
        let mut bytes = b"%PDF-1.4\n".to_vec();
        bytes.resize(size.max(20) - 6, b' ');
        bytes.extend_from_slice(b"%%EOF\n");
        bytes
    }

    #[test]
    fn good_documents() {
        assert_eq!(look(&pdf(4000), Some(4000)), Ok(PdfLook { start: 0 }));
        let bom = [b"\xef\xbb\xbf", pdf(4000).as_slice()].concat();
        assert_eq!(look(&bom, None), Ok(PdfLook { start: 3 }));
        let padded = [pdf(4000), vec![0; 1900]].concat();
        assert_eq!(look(&padded, None), Ok(PdfLook { start: 0 }));
    }

    #[test]
    fn known_fakes() {
        assert_eq!(look(b"", Some(0)), Err(BadPdf::Empty));
        let text = b"\xef\xbb\xbf\xef\xbb\xbf   File not found   ...";
        assert_eq!(
            look(text, None),
            Err(BadPdf::NotAPdf {
                head: "File not found ...".to_owned()
            })
        );
        let page = format!("<html><title>404</title>{}</html>", "x".repeat(5000));
        assert!(matches!(
            look(page.as_bytes(), None),
            Err(BadPdf::NotAPdf { .. })
        ));
        let late = [vec![b'x'; 1024], pdf(4000)].concat();
        assert!(matches!(look(&late, None), Err(BadPdf::NotAPdf { .. })));
    }

    #[test]
    fn cut_or_small_documents() {
        assert_eq!(look(&pdf(500), None), Err(BadPdf::TooSmall));
        assert!(matches!(
            look(&pdf(4000), Some(4001)),
            Err(BadPdf::Truncated { .. })
        ));
        assert!(matches!(
            look(&pdf(4000), Some(3999)),
            Err(BadPdf::Truncated { .. })
        ));
        for cut in 1..200 {
            let bytes = pdf(40_000);
            let cut = &bytes[..bytes.len() - cut * 190];
            assert!(matches!(look(cut, None), Err(BadPdf::Truncated { .. })));
        }
    }
}

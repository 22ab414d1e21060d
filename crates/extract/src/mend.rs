//! PDF files that were changed on their way.

/// What is added to the name of an engine that read a mended file.
pub(crate) const MARK: &str = " (mended)";

/// The file as it was before a transfer as text put a carriage return before every line feed, if that is what
/// happened to it: in packed streams a line feed has any byte before it. The offsets in the file are right again,
/// and so are its streams.
pub(crate) fn without_added_returns(pdf: &[u8]) -> Option<Vec<u8>> {
    let mut feeds = memchr::memchr_iter(b'\n', pdf).peekable();
    feeds.peek()?;
    let mut mended = Vec::with_capacity(pdf.len());
    let mut kept = 0;
    for feed in feeds {
        let line = pdf.get(kept..feed)?;
        mended.extend_from_slice(line.strip_suffix(b"\r")?);
        kept = feed;
    }
    mended.extend_from_slice(pdf.get(kept..)?);
    Some(mended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_taken_away() {
        for original in [&b"%PDF-1.4\n\x00\r\n\n\xff\r"[..], b"\n", b"a\r\r\nb\n\n"] {
            let text = original
                .iter()
                .flat_map(|byte| match byte {
                    b'\n' => vec![b'\r', b'\n'],
                    other => vec![*other],
                })
                .collect::<Vec<u8>>();
            assert_eq!(without_added_returns(&text).as_deref(), Some(original));
        }
        for sound in [&b""[..], b"no line", b"\r", b"a\r\nb\nc", b"\na\r\n"] {
            assert_eq!(without_added_returns(sound), None, "{sound:?}");
        }
    }
}

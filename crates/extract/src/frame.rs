//! The frames that parent and child exchange: eight bytes of length (little endian), then the body.
//!
//! The parent opens with [`Hello`], the child answers [`Ready`]; then each request is the bytes of
//! a PDF and each answer a [`Reply`], all but the PDF as JSON.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use crate::{ExtractFailure, Extraction, Limits};

/// Raised with every change of the frames.
pub(crate) const PROTOCOL: u32 = 1;
/// Bytes of a frame's head.
pub(crate) const HEAD: usize = 8;
/// The largest greeting, either way.
pub(crate) const MAX_GREETING: u64 = 4096;

/// The parent's first frame.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Hello {
    pub(crate) limits: Limits,
}

/// The child's answer to it: its limits are in force.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ready {
    pub(crate) nirnay_extract_protocol: u32,
}

/// The child's answer to a document.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reply {
    Done(Extraction),
    Failed(ExtractFailure),
}

/// The head of a frame with a body of `length` bytes.
pub(crate) fn head(length: usize) -> [u8; HEAD] {
    (length as u64).to_le_bytes()
}

/// Writes a frame and flushes it.
pub(crate) fn write(output: &mut impl Write, body: &[u8]) -> io::Result<()> {
    output.write_all(&head(body.len()))?;
    output.write_all(body)?;
    output.flush()
}

/// Reads a frame; `None` at the end of the stream before a frame.
pub(crate) fn read(input: &mut impl Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut head = [0_u8; HEAD];
    let mut have = 0;
    while let Some(rest) = head.get_mut(have..).filter(|rest| !rest.is_empty()) {
        match input.read(rest) {
            Ok(0) if have == 0 => return Ok(None),
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => have += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let length = u64::from_le_bytes(head);
    if length > limit {
        return Err(io::Error::other(format!(
            "a frame of {length} bytes, more than {limit}"
        )));
    }
    let mut body = Vec::with_capacity(length as usize);
    input.take(length).read_to_end(&mut body)?;
    if body.len() as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_whole_and_in_order() {
        let mut stream = Vec::new();
        write(&mut stream, b"one").unwrap();
        write(&mut stream, b"").unwrap();
        let mut input = stream.as_slice();
        assert_eq!(
            read(&mut input, 3).unwrap().as_deref(),
            Some(b"one".as_slice())
        );
        assert_eq!(
            read(&mut input, 3).unwrap().as_deref(),
            Some(b"".as_slice())
        );
        assert_eq!(read(&mut input, 3).unwrap(), None);
    }

    #[test]
    fn cut_and_oversized_frames_are_errors() {
        let mut stream = Vec::new();
        write(&mut stream, b"four").unwrap();
        assert!(read(&mut stream.as_slice(), 3).is_err());
        for cut in 1..stream.len() {
            assert!(read(&mut stream.get(..cut).unwrap(), 9).is_err(), "{cut}");
        }
    }
}

//! A file of lines, plain or compressed, read as a stream.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Result as IoResult};
use std::path::Path;

use super::line::MAX_LINE;
use crate::error::PipelineError;

/// Dictionaries of compressed files are refused above this size, in KiB.
const MAX_DICTIONARY: u32 = 256 << 10;
const BUFFER: usize = 1 << 18;

/// The lines of a file with their numbers, from 1.
pub(super) struct Lines {
    reader: BufReader<Box<dyn Read>>,
    number: u64,
}

pub(super) enum Line {
    Blank,
    /// Without its end.
    Text(Vec<u8>),
    TooLong,
}

impl Lines {
    /// Opens a file; its first bytes tell how it is compressed.
    pub(super) fn open(path: &Path) -> Result<Self, PipelineError> {
        let failed = |source| PipelineError::Io {
            path: path.to_owned(),
            source,
        };
        let mut file = BufReader::with_capacity(BUFFER, File::open(path).map_err(failed)?);
        let first = file.fill_buf().map_err(failed)?;
        let inner: Box<dyn Read> = if first.starts_with(b"\xfd7zXZ\0") {
            Box::new(lzma_rust2::XzReader::new_mem_limit(
                file,
                true,
                MAX_DICTIONARY,
            ))
        } else if first.starts_with(b"\x1f\x8b") {
            Box::new(flate2::bufread::MultiGzDecoder::new(file))
        } else if first.starts_with(b"\x28\xb5\x2f\xfd") {
            Box::new(zstd::Decoder::with_buffer(file).map_err(failed)?)
        } else {
            Box::new(file)
        };
        Ok(Self {
            reader: BufReader::with_capacity(BUFFER, inner),
            number: 0,
        })
    }

    /// The next line, or why there is none although the file has not ended.
    pub(super) fn next(&mut self) -> IoResult<Option<(u64, Line)>> {
        let mut line = Vec::new();
        let mut limited = (&mut self.reader).take(MAX_LINE as u64 + 1);
        if limited.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        if line.len() > MAX_LINE {
            drop(line);
            self.skip_line()?;
            return Ok(Some((self.number, Line::TooLong)));
        }
        while line.last().is_some_and(u8::is_ascii_whitespace) {
            line.pop();
        }
        let line = if line.is_empty() {
            Line::Blank
        } else {
            Line::Text(line)
        };
        Ok(Some((self.number, line)))
    }

    fn skip_line(&mut self) -> IoResult<()> {
        loop {
            let held = self.reader.fill_buf()?;
            if held.is_empty() {
                return Ok(());
            }
            let end = memchr::memchr(b'\n', held);
            let read = end.map_or(held.len(), |end| end + 1);
            self.reader.consume(read);
            if end.is_some() {
                return Ok(());
            }
        }
    }
}

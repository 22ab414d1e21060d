//! A body collected under its cap, decoded on the way.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::write::MultiGzDecoder;

use crate::{TransportError, TransportProblem};

/// Decoded bytes for each received byte beyond which a body is taken for a bomb, once it is larger
/// than [`RATIO_FROM`].
const MOST_RATIO: u64 = 200;
const RATIO_FROM: u64 = 1 << 20;

/// Collects the pieces of one body.
pub(super) enum BodyCollector {
    Plain(Counted),
    Gzip(Box<MultiGzDecoder<Counted>>),
}

impl BodyCollector {
    /// For a body with that `Content-Encoding`, at most `cap` decoded bytes.
    pub(super) fn new(encoding: Option<&str>, cap: u64) -> Result<Self, TransportError> {
        let counted = Counted {
            bytes: Vec::new(),
            received: 0,
            cap,
            refused: None,
        };
        match encoding
            .map(|coding| coding.trim().to_ascii_lowercase())
            .as_deref()
        {
            None | Some("" | "identity") => Ok(Self::Plain(counted)),
            Some("gzip" | "x-gzip") => Ok(Self::Gzip(Box::new(MultiGzDecoder::new(counted)))),
            Some(other) => {
                let other: String = other.chars().take(40).collect();
                let detail = format!("the body's encoding {other:?} was not asked for");
                Err(TransportError::new(TransportProblem::Encoding, detail))
            }
        }
    }

    /// Takes the next piece as received.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<(), TransportError> {
        let counted = self.counted();
        counted.received += piece.len() as u64;
        let written = match self {
            Self::Plain(counted) => counted.write_all(piece),
            Self::Gzip(decoder) => decoder.write_all(piece),
        };
        written.map_err(|error| self.failure(&error))
    }

    /// Bytes received so far.
    pub(super) fn received(&mut self) -> u64 {
        self.counted().received
    }

    /// The decoded body, once all of it has come.
    pub(super) fn finish(mut self) -> Result<Bytes, TransportError> {
        if let Self::Gzip(decoder) = &mut self {
            // A gzip reply of no bytes at all is an empty body.
            if decoder.get_ref().received > 0
                && let Err(error) = decoder.try_finish()
            {
                return Err(self.failure(&error));
            }
        }
        Ok(Bytes::from(std::mem::take(&mut self.counted().bytes)))
    }

    fn counted(&mut self) -> &mut Counted {
        match self {
            Self::Plain(counted) => counted,
            Self::Gzip(decoder) => decoder.get_mut(),
        }
    }

    fn failure(&mut self, error: &io::Error) -> TransportError {
        match self.counted().refused.take() {
            Some(detail) => TransportError::new(TransportProblem::TooLarge, detail),
            None => TransportError::new(
                TransportProblem::Encoding,
                format!("the gzip body is damaged: {error}"),
            ),
        }
    }
}

/// Counts while it collects, and refuses what is too much.
pub(super) struct Counted {
    bytes: Vec<u8>,
    received: u64,
    cap: u64,
    refused: Option<String>,
}

impl Write for Counted {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let total = self.bytes.len() as u64 + piece.len() as u64;
        if total > self.cap {
            self.refused = Some(format!("the body is larger than {} bytes", self.cap));
        } else if total > RATIO_FROM && total / self.received.max(1) > MOST_RATIO {
            self.refused = Some(format!(
                "the body swells more than {MOST_RATIO} times when decoded"
            ));
        }
        if self.refused.is_some() {
            return Err(io::Error::other("refused"));
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn collect(
        encoding: Option<&str>,
        cap: u64,
        received: &[u8],
    ) -> Result<Bytes, TransportProblem> {
        let mut body = BodyCollector::new(encoding, cap).map_err(|error| error.problem)?;
        for piece in received.chunks(1_000) {
            body.push(piece).map_err(|error| error.problem)?;
        }
        body.finish().map_err(|error| error.problem)
    }

    #[test]
    fn plain_and_gzip_bodies() {
        assert_eq!(collect(None, 5, b"hello").unwrap(), "hello");
        assert_eq!(collect(Some("gzip"), 5, &gzip(b"hello")).unwrap(), "hello");
        assert_eq!(collect(Some("gzip"), 5, b"").unwrap(), "");
        assert_eq!(collect(None, 4, b"hello"), Err(TransportProblem::TooLarge));
        assert_eq!(
            collect(Some("br"), 5, b"hello"),
            Err(TransportProblem::Encoding)
        );
        assert_eq!(
            collect(Some("gzip"), 5, b"hello"),
            Err(TransportProblem::Encoding)
        );
        let whole = gzip(b"hello");
        for cut in 1..whole.len() {
            assert!(
                collect(Some("gzip"), 5, &whole[..cut]).is_err(),
                "cut at {cut}"
            );
        }
    }

    #[test]
    fn bombs_end_early() {
        let bomb = gzip(&vec![0; 64 << 20]);
        let mut body = BodyCollector::new(Some("gzip"), 200 << 20).unwrap();
        let refused = bomb.chunks(1_000).find_map(|piece| body.push(piece).err());
        assert_eq!(refused.unwrap().problem, TransportProblem::TooLarge);
        assert!(
            body.counted().bytes.len() < 2 << 20,
            "stopped soon after the first MiB"
        );
        assert_eq!(
            collect(Some("gzip"), 1 << 10, &bomb),
            Err(TransportProblem::TooLarge)
        );
        assert!(
            collect(Some("gzip"), 1 << 20, &gzip(&vec![0; 1 << 20])).is_ok(),
            "a small one is let through"
        );
    }
}

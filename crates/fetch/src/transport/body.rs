//! A body collected under its cap, decoded on the way.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::write::GzDecoder;

use crate::{TransportError, TransportProblem};

/// Decoded bytes for each received byte beyond which a body is taken for a bomb, once it is larger
/// than [`RATIO_FROM`].
const MOST_RATIO: u64 = 200;
const RATIO_FROM: u64 = 1 << 20;
/// Gzip members of one body: enough for block-wise compressors, too few to burn time on empty ones.
const MOST_MEMBERS: u32 = 4_096;
/// Received bytes beyond the cap that coding alone can explain.
const CODING: u64 = 1 << 20;
/// As much as is set aside beforehand on the word of a header.
const RESERVED: u64 = 8 << 20;

/// Collects the pieces of one body.
pub(super) enum BodyCollector {
    Plain(Counted),
    Gzip(Members),
}

/// A gzip body: one member after another.
pub(super) struct Members {
    /// `None` only within [`Members::next`].
    decoder: Option<Box<GzDecoder<Counted>>>,
    begun: u32,
}

impl BodyCollector {
    /// For a body with that `Content-Encoding`, at most `cap` decoded bytes, announced with that many
    /// bytes on the wire.
    pub(super) fn new(
        encoding: Option<&str>,
        cap: u64,
        announced: Option<u64>,
    ) -> Result<Self, TransportError> {
        let reserved = announced.unwrap_or(0).min(cap).min(RESERVED);
        let counted = Counted {
            bytes: Vec::with_capacity(usize::try_from(reserved).unwrap_or(0)),
            received: 0,
            cap,
            refused: None,
        };
        match encoding
            .map(|coding| coding.trim().to_ascii_lowercase())
            .as_deref()
        {
            None | Some("" | "identity") => Ok(Self::Plain(counted)),
            Some("gzip" | "x-gzip") => Ok(Self::Gzip(Members {
                decoder: Some(Box::new(GzDecoder::new(counted))),
                begun: 1,
            })),
            Some(other) => {
                let other: String = other.chars().take(40).collect();
                let detail = format!("the body's encoding {other:?} was not asked for");
                Err(TransportError::new(TransportProblem::Encoding, detail))
            }
        }
    }

    /// Takes the next piece as received.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<(), TransportError> {
        let written = match self {
            Self::Plain(counted) => counted
                .receive(piece.len())
                .and_then(|()| counted.write_all(piece)),
            Self::Gzip(members) => members.push(piece),
        };
        written.map_err(|error| self.failure(&error))
    }

    /// Bytes received so far.
    pub(super) fn received(&mut self) -> u64 {
        self.counted().map_or(0, |counted| counted.received)
    }

    /// Decoded bytes that are held.
    pub(super) fn held(&mut self) -> &[u8] {
        self.counted().map_or(&[], |counted| &counted.bytes)
    }

    /// The decoded body, once all of it has come.
    pub(super) fn finish(mut self) -> Result<Bytes, TransportError> {
        if let Self::Gzip(members) = &mut self
            && let Err(error) = members.finish()
        {
            return Err(self.failure(&error));
        }
        let bytes = self
            .counted()
            .map(|counted| std::mem::take(&mut counted.bytes));
        Ok(Bytes::from(bytes.unwrap_or_default()))
    }

    fn counted(&mut self) -> Option<&mut Counted> {
        match self {
            Self::Plain(counted) => Some(counted),
            Self::Gzip(members) => members.decoder.as_mut().map(|decoder| decoder.get_mut()),
        }
    }

    fn failure(&mut self, error: &io::Error) -> TransportError {
        match self.counted().and_then(|counted| counted.refused.take()) {
            Some(detail) => TransportError::new(TransportProblem::TooLarge, detail),
            None => TransportError::new(
                TransportProblem::Encoding,
                format!("the gzip body is damaged: {error}"),
            ),
        }
    }
}

impl Members {
    fn push(&mut self, mut piece: &[u8]) -> io::Result<()> {
        self.decoder()?.get_mut().receive(piece.len())?;
        while !piece.is_empty() {
            let taken = self.decoder()?.write(piece)?;
            if taken == 0 {
                self.next()?;
            }
            piece = piece.get(taken..).unwrap_or_default();
        }
        Ok(())
    }

    /// A member is over and more has come.
    fn next(&mut self) -> io::Result<()> {
        self.begun += 1;
        if self.begun > MOST_MEMBERS {
            let counted = self.decoder()?.get_mut();
            return counted.refuse(format!(
                "the body has more than {MOST_MEMBERS} gzip members"
            ));
        }
        // What the decoder still holds is written out, and an unfinished member noticed.
        self.decoder()?.try_finish()?;
        let old = self.decoder.take().ok_or_else(lost)?;
        self.decoder = Some(Box::new(GzDecoder::new(old.finish()?)));
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let decoder = self.decoder()?;
        // A gzip reply of no bytes at all is an empty body.
        if decoder.get_ref().received > 0 {
            decoder.try_finish()?;
        }
        Ok(())
    }

    fn decoder(&mut self) -> io::Result<&mut GzDecoder<Counted>> {
        self.decoder.as_deref_mut().ok_or_else(lost)
    }
}

fn lost() -> io::Error {
    io::Error::other("the decoder is gone after an earlier error")
}

/// Counts while it collects, and refuses what is too much.
pub(super) struct Counted {
    bytes: Vec<u8>,
    received: u64,
    cap: u64,
    refused: Option<String>,
}

impl Counted {
    /// Counts bytes as received; a coded body that is longer than what it may decode to is no use.
    fn receive(&mut self, length: usize) -> io::Result<()> {
        self.received += length as u64;
        if self.received > self.cap.saturating_add(CODING) {
            let cap = self.cap;
            return self.refuse(format!("more than {cap} bytes came"));
        }
        Ok(())
    }

    fn refuse(&mut self, why: String) -> io::Result<()> {
        self.refused = Some(why);
        Err(io::Error::other("refused"))
    }
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
        let mut body = BodyCollector::new(encoding, cap, None).map_err(|error| error.problem)?;
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
    fn members_are_joined_and_bounded() {
        let two = [gzip(b"hello "), gzip(b"world")].concat();
        assert_eq!(collect(Some("gzip"), 64, &two).unwrap(), "hello world");
        let half = [gzip(b"hello "), gzip(b"world")[..9].to_vec()].concat();
        assert_eq!(
            collect(Some("gzip"), 64, &half),
            Err(TransportProblem::Encoding)
        );
        let behind = [gzip(b"hello"), b"garbage".to_vec()].concat();
        assert_eq!(
            collect(Some("gzip"), 64, &behind),
            Err(TransportProblem::Encoding)
        );
        let blocks: Vec<u8> = (0..1_000).flat_map(|_| gzip(b"x")).collect();
        assert_eq!(collect(Some("gzip"), 1_000, &blocks).unwrap().len(), 1_000);
        let empty = gzip(b"").repeat(100_000);
        assert_eq!(
            collect(Some("gzip"), 64 << 20, &empty),
            Err(TransportProblem::TooLarge)
        );
    }

    #[test]
    fn what_never_decodes_is_not_taken_for_ever() {
        // A header whose file name does not end.
        let mut body = BodyCollector::new(Some("gzip"), 1 << 10, None).unwrap();
        let head = [0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3];
        body.push(&head).unwrap();
        let refused = (0..100_000).find_map(|_| body.push(&[b'n'; 1_000]).err());
        assert!(matches!(
            refused.unwrap().problem,
            TransportProblem::TooLarge | TransportProblem::Encoding
        ));
        // Empty blocks without end.
        let mut body = BodyCollector::new(Some("gzip"), 1 << 10, None).unwrap();
        body.push(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]).unwrap();
        let block = [0, 0, 0, 0xff, 0xff].repeat(1_000);
        let refused = (0..100_000).find_map(|_| body.push(&block).err());
        assert_eq!(refused.unwrap().problem, TransportProblem::TooLarge);
    }

    #[test]
    fn bombs_end_early() {
        let bomb = gzip(&vec![0; 64 << 20]);
        let mut body = BodyCollector::new(Some("gzip"), 200 << 20, None).unwrap();
        let refused = bomb.chunks(1_000).find_map(|piece| body.push(piece).err());
        assert_eq!(refused.unwrap().problem, TransportProblem::TooLarge);
        assert!(
            body.counted().unwrap().bytes.len() < 2 << 20,
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

//! The frames that parent and child exchange: eight bytes of length (little endian), then the body.
//!
//! The parent opens with [`Hello`], the child answers [`Ready`], both as JSON. Then the body of each
//! request is a [`Request`] in eight bytes and the bytes of a PDF; the body of each answer is a byte
//! that says what follows: a [`Reply`] as JSON, or a picture.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use crate::render::Picture;
use crate::{EngineChoice, ExtractFailure, Extraction, Limits};

/// Raised with every change of the frames.
pub(crate) const PROTOCOL: u32 = 2;
/// Bytes of a frame's head.
pub(crate) const HEAD: usize = 8;
/// Bytes of a request before its PDF.
pub(crate) const REQUEST: usize = 8;
/// The largest greeting, either way.
pub(crate) const MAX_GREETING: u64 = 4096;

const KIND_TEXT: u8 = 1;
const KIND_PICTURE: u8 = 2;
const REPLY_JSON: u8 = b'j';
const REPLY_PICTURE: u8 = b'p';
/// Bytes of a picture's answer between the first and the PNG.
const PICTURE_HEAD: usize = 16;

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

/// What is asked about a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Request {
    /// The text of its pages, as an engine reads it.
    Text(EngineChoice),
    /// A picture of a page (from 1).
    Picture { page: u32, dpi: u16 },
}

impl Request {
    pub(crate) fn to_bytes(self) -> [u8; REQUEST] {
        let (kind, engine, dpi, page) = match self {
            Self::Text(engine) => (KIND_TEXT, engine, 0, 0),
            Self::Picture { page, dpi } => (KIND_PICTURE, EngineChoice::default(), dpi, page),
        };
        let engine = EngineChoice::ALL.iter().position(|known| *known == engine);
        let [d0, d1] = u16::to_le_bytes(dpi);
        let [p0, p1, p2, p3] = u32::to_le_bytes(page);
        [
            kind,
            engine.unwrap_or_default() as u8,
            d0,
            d1,
            p0,
            p1,
            p2,
            p3,
        ]
    }

    pub(crate) fn from_bytes(bytes: [u8; REQUEST]) -> io::Result<Self> {
        let [kind, engine, d0, d1, p0, p1, p2, p3] = bytes;
        match kind {
            KIND_TEXT => match EngineChoice::ALL.get(usize::from(engine)) {
                Some(engine) => Ok(Self::Text(*engine)),
                None => Err(io::Error::other(format!("an engine of number {engine}"))),
            },
            KIND_PICTURE => Ok(Self::Picture {
                page: u32::from_le_bytes([p0, p1, p2, p3]),
                dpi: u16::from_le_bytes([d0, d1]),
            }),
            other => Err(io::Error::other(format!("a request of kind {other}"))),
        }
    }
}

/// The child's answer to a request.
#[derive(Debug, PartialEq)]
pub(crate) enum Answer {
    Text(Extraction),
    Picture(Picture),
    Failed(ExtractFailure),
}

/// An answer without a picture.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reply<T> {
    Done(T),
    Failed(ExtractFailure),
}

impl Answer {
    /// The body of its frame.
    pub(crate) fn to_body(&self) -> io::Result<Vec<u8>> {
        let mut body = vec![REPLY_JSON];
        match self {
            Self::Text(extraction) => {
                serde_json::to_writer(&mut body, &Reply::Done(extraction))?;
            }
            Self::Failed(failure) => {
                serde_json::to_writer(&mut body, &Reply::<()>::Failed(failure.clone()))?;
            }
            Self::Picture(picture) => {
                body.clear();
                body.reserve_exact(1 + PICTURE_HEAD + picture.png.len());
                body.push(REPLY_PICTURE);
                body.extend_from_slice(&picture.page.to_le_bytes());
                body.extend_from_slice(&picture.width.to_le_bytes());
                body.extend_from_slice(&picture.height.to_le_bytes());
                body.extend_from_slice(&picture.dpi.to_le_bytes());
                body.extend_from_slice(&picture.png);
            }
        }
        Ok(body)
    }

    /// Reads the body of a frame; the error says what is wrong with it.
    pub(crate) fn from_body(body: Vec<u8>) -> Result<Self, String> {
        match body.split_first() {
            Some((&REPLY_JSON, json)) => match serde_json::from_slice(json) {
                Ok(Reply::Done(extraction)) => Ok(Self::Text(extraction)),
                Ok(Reply::Failed(failure)) => Ok(Self::Failed(failure)),
                Err(error) => Err(error.to_string()),
            },
            Some((&REPLY_PICTURE, rest)) => {
                let word = |at: usize| {
                    rest.get(at..)
                        .and_then(<[u8]>::first_chunk::<4>)
                        .copied()
                        .ok_or_else(|| "a picture without its measures".to_owned())
                };
                let (page, width, height, dpi) = (word(0)?, word(4)?, word(8)?, word(12)?);
                let mut png = body;
                png.drain(..=PICTURE_HEAD);
                Ok(Self::Picture(Picture {
                    page: u32::from_le_bytes(page),
                    width: u32::from_le_bytes(width),
                    height: u32::from_le_bytes(height),
                    dpi: f32::from_le_bytes(dpi),
                    png,
                }))
            }
            Some((other, _)) => Err(format!("an answer of kind {other}")),
            None => Err("an empty answer".to_owned()),
        }
    }
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
    match read_head(input)? {
        Some(length) => read_body(input, length, limit).map(Some),
        None => Ok(None),
    }
}

/// Reads a request and its PDF of at most `limit` bytes; `None` at the end of the stream.
pub(crate) fn read_request(
    input: &mut impl Read,
    limit: u64,
) -> io::Result<Option<(Request, Vec<u8>)>> {
    let Some(length) = read_head(input)? else {
        return Ok(None);
    };
    let mut head = [0; REQUEST];
    input.read_exact(&mut head)?;
    let request = Request::from_bytes(head)?;
    let length = length
        .checked_sub(REQUEST as u64)
        .ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok(Some((request, read_body(input, length, limit)?)))
}

fn read_head(input: &mut impl Read) -> io::Result<Option<u64>> {
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
    Ok(Some(u64::from_le_bytes(head)))
}

fn read_body(input: &mut impl Read, length: u64, limit: u64) -> io::Result<Vec<u8>> {
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
    Ok(body)
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

    #[test]
    fn requests_come_back_with_their_pdf() {
        for request in [
            Request::Text(EngineChoice::Auto),
            Request::Text(EngineChoice::PdfExtract),
            Request::Picture {
                page: 70_001,
                dpi: 200,
            },
        ] {
            let mut stream = Vec::new();
            let mut body = request.to_bytes().to_vec();
            body.extend_from_slice(b"%PDF");
            write(&mut stream, &body).unwrap();
            assert_eq!(
                read_request(&mut stream.as_slice(), 4).unwrap(),
                Some((request, b"%PDF".to_vec()))
            );
            assert!(read_request(&mut stream.as_slice(), 3).is_err());
            for cut in 1..stream.len() {
                assert!(
                    read_request(&mut stream.get(..cut).unwrap(), 9).is_err(),
                    "{cut}"
                );
            }
        }
        assert!(Request::from_bytes([9; REQUEST]).is_err());
    }

    #[test]
    fn answers_come_back_the_same() {
        for answer in [
            Answer::Text(Extraction {
                engine: "an engine".to_owned(),
                ..Extraction::default()
            }),
            Answer::Failed(ExtractFailure::TimedOut),
            Answer::Picture(Picture {
                page: 3,
                width: 20,
                height: 30,
                dpi: 199.5,
                png: b"png".to_vec(),
            }),
        ] {
            assert_eq!(Answer::from_body(answer.to_body().unwrap()), Ok(answer));
        }
        for wrong in [b"".as_slice(), b"?", b"j", b"j{}", b"p123456789012345"] {
            assert!(Answer::from_body(wrong.to_vec()).is_err(), "{wrong:?}");
        }
    }
}

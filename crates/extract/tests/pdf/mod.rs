//! PDFs made byte by byte for the tests; nothing in them comes from a portal.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compress, Compression, FlushCompress};

/// A PDF with these objects (number 1 is the catalog), with a right cross-reference table.
pub(crate) fn with_objects(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(pdf.len());
        pdf.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
        pdf.extend_from_slice(object);
        pdf.extend_from_slice(b"\nendobj\n");
    }
    let start = pdf.len();
    pdf.extend_from_slice(
        format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes(),
    );
    for offset in offsets {
        pdf.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let size = objects.len() + 1;
    pdf.extend_from_slice(
        format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").as_bytes(),
    );
    pdf
}

/// A stream object with further dictionary entries.
pub(crate) fn stream(entries: &str, body: &[u8]) -> Vec<u8> {
    let mut object = format!("<< {entries} /Length {} >>\nstream\n", body.len()).into_bytes();
    object.extend_from_slice(body);
    object.extend_from_slice(b"\nendstream");
    object
}

/// One page for each text, in Helvetica.
pub(crate) fn with_pages(texts: &[&str]) -> Vec<u8> {
    let contents = texts.iter().map(|text| {
        let mut content = String::from("BT /F1 12 Tf 72 720 Td 14 TL\n");
        for line in text.lines() {
            content.extend(["(", line, ") Tj T*\n"]);
        }
        content.push_str("ET");
        stream("", content.as_bytes())
    });
    with_contents(&contents.collect::<Vec<_>>(), &[])
}

/// One page for each content stream object; `extra` objects begin at number 4 and every page has
/// the first of them as form `X`.
pub(crate) fn with_contents(contents: &[Vec<u8>], extra: &[Vec<u8>]) -> Vec<u8> {
    let first_page = 4 + extra.len();
    let kids: Vec<String> = (0..contents.len())
        .map(|at| format!("{} 0 R", first_page + 2 * at))
        .collect();
    let kids = kids.join(" ");
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!(
            "<< /Type /Pages /Kids [{kids}] /Count {} >>",
            contents.len()
        )
        .into_bytes(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ];
    objects.extend_from_slice(extra);
    let xobject = if extra.is_empty() {
        ""
    } else {
        "/XObject << /X 4 0 R >>"
    };
    for (at, content) in contents.iter().enumerate() {
        let number = first_page + 2 * at + 1;
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {number} 0 R \
                 /Resources << /Font << /F1 3 0 R >> {xobject} >> >>"
            )
            .into_bytes(),
        );
        objects.push(content.clone());
    }
    with_objects(&objects)
}

/// A page whose content inflates to `mebibytes` MiB of spaces; the file itself is small.
pub(crate) fn bomb(mebibytes: u32) -> Vec<u8> {
    with_contents(
        &[stream("/Filter /FlateDecode", &inflating(b' ', mebibytes))],
        &[],
    )
}

/// A thousandth of what it inflates to: `mebibytes` MiB of `byte`.
pub(crate) fn inflating(byte: u8, mebibytes: u32) -> Vec<u8> {
    let mut block = vec![byte; 1 << 20];
    block[0] = b'\n';
    let mut deflated = Vec::with_capacity(1 << 16);
    // A full flush ends on a byte and forgets the window, so the block can be repeated.
    Compress::new(Compression::best(), false)
        .compress_vec(&block, &mut deflated, FlushCompress::Full)
        .unwrap();
    let mut body = vec![0x78, 0xda];
    for _ in 0..mebibytes {
        body.extend_from_slice(&deflated);
    }
    body.extend_from_slice(&[0x03, 0x00]);
    body
}

/// `bytes`, packed.
pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Forms that each show the next ten times, `depth` deep: ten to that power texts.
pub(crate) fn laughs(depth: usize) -> Vec<u8> {
    let forms: Vec<Vec<u8>> = (0..depth)
        .map(|level| {
            let (resources, body) = if level + 1 == depth {
                (
                    "<< /Font << /F1 3 0 R >> >>".to_owned(),
                    "BT /F1 9 Tf (ha) Tj ET".to_owned(),
                )
            } else {
                (
                    format!("<< /XObject << /X {} 0 R >> >>", 5 + level),
                    "/X Do ".repeat(10),
                )
            };
            stream(
                &format!("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources {resources}"),
                body.as_bytes(),
            )
        })
        .collect();
    with_contents(&[stream("", b"/X Do")], &forms)
}

/// Twenty pages of three million operators each, a few kilobytes in all: seconds of work.
pub(crate) fn long_work() -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&b"/F1 9 Tf\n".repeat(3_000_000)).unwrap();
    let content = stream("/Filter /FlateDecode", &encoder.finish().unwrap());
    with_contents(&vec![content; 20], &[])
}

/// A form that shows itself.
pub(crate) fn ouroboros() -> Vec<u8> {
    let form = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >>",
        b"/X Do",
    );
    with_contents(&[stream("", b"/X Do")], &[form])
}

/// A page with compressed content.
pub(crate) fn compressed(content: &str) -> Vec<u8> {
    with_contents(
        &[stream("/Filter /FlateDecode", &deflate(content.as_bytes()))],
        &[],
    )
}

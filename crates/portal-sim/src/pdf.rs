//! Writes small PDF 1.4 files: pages of Helvetica text, or pages that are one raster image.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// A page of a document.
pub(crate) enum Page {
    /// Lines of text from top to bottom.
    Text(Vec<Line>),
    /// An eight-bit grey picture over the whole page.
    Scan {
        width: u32,
        height: u32,
        grey: Vec<u8>,
    },
}

/// A line of text.
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) bold: bool,
    pub(crate) size: u8,
}

impl Line {
    /// A line in the normal face and size.
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            bold: false,
            size: 11,
        }
    }

    /// A heading.
    pub(crate) fn bold(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            bold: true,
            size: 13,
        }
    }
}

/// The most lines a page takes.
pub(crate) const LINES_A_PAGE: usize = 46;

/// The characters a line takes in the normal size.
pub(crate) const LINE_WIDTH: usize = 88;

struct Writer {
    out: Vec<u8>,
    offsets: Vec<usize>,
}

impl Writer {
    fn object(&mut self, body: &[u8]) -> usize {
        self.offsets.push(self.out.len());
        let number = self.offsets.len();
        self.out
            .extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        self.out.extend_from_slice(body);
        self.out.extend_from_slice(b"\nendobj\n");
        number
    }

    fn stream(&mut self, dictionary: &str, data: &[u8]) -> usize {
        let packed = deflate(data);
        let mut body = format!(
            "<< {dictionary}/Filter /FlateDecode /Length {} >>\nstream\n",
            packed.len()
        )
        .into_bytes();
        body.extend_from_slice(&packed);
        body.extend_from_slice(b"\nendstream");
        self.object(&body)
    }
}

fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
    // Writing into memory does not fail.
    encoder
        .write_all(data)
        .and_then(|()| encoder.finish())
        .unwrap_or_default()
}

/// The file with these pages. `title` goes into its information dictionary.
pub(crate) fn write(title: &str, pages: &[Page]) -> Vec<u8> {
    let mut writer = Writer {
        out: b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec(),
        offsets: Vec::new(),
    };
    let info = writer.object(
        format!(
            "<< /Title ({}) /Producer (nirnay-portal-sim) >>",
            literal(title)
        )
        .as_bytes(),
    );
    let face = |name: &str| {
        format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>")
    };
    let normal = writer.object(face("Helvetica").as_bytes());
    let bold = writer.object(face("Helvetica-Bold").as_bytes());
    // A page names its parent before the parent is written: two objects a page, then the parent.
    let parent = bold
        + pages
            .iter()
            .map(|page| {
                if matches!(page, Page::Scan { .. }) {
                    3
                } else {
                    2
                }
            })
            .sum::<usize>()
        + 1;
    let kids: Vec<String> = pages
        .iter()
        .map(|page| {
            let (resources, content) = match page {
                Page::Text(lines) => {
                    let fonts = format!("/Font << /F1 {normal} 0 R /F2 {bold} 0 R >>");
                    (fonts, writer.stream("", &show_lines(lines)))
                }
                Page::Scan { width, height, grey } => {
                    let head = format!(
                        "/Type /XObject /Subtype /Image /Width {width} /Height {height} \
                         /ColorSpace /DeviceGray /BitsPerComponent 8 "
                    );
                    let image = writer.stream(&head, grey);
                    (format!("/XObject << /Im1 {image} 0 R >>"), writer.stream("", b"q 595 0 0 842 0 0 cm /Im1 Do Q"))
                }
            };
            let page = writer.object(
                format!(
                    "<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 595 842] /Resources << {resources} >> \
                     /Contents {content} 0 R >>"
                )
                .as_bytes(),
            );
            format!("{page} 0 R")
        })
        .collect();
    let tree = writer.object(
        format!(
            "<< /Type /Pages /Kids [{}] /Count {} >>",
            kids.join(" "),
            kids.len()
        )
        .as_bytes(),
    );
    let root = writer.object(format!("<< /Type /Catalog /Pages {tree} 0 R >>").as_bytes());
    let start = writer.out.len();
    let mut tail = format!(
        "xref\n0 {}\n0000000000 65535 f \n",
        writer.offsets.len() + 1
    );
    for offset in &writer.offsets {
        writeln!(tail, "{offset:010} 00000 n ").ok();
    }
    write!(
        tail,
        "trailer\n<< /Size {} /Root {root} 0 R /Info {info} 0 R >>\nstartxref\n{start}\n%%EOF\n",
        writer.offsets.len() + 1
    )
    .ok();
    writer.out.extend_from_slice(tail.as_bytes());
    writer.out
}

fn show_lines(lines: &[Line]) -> Vec<u8> {
    let mut out = String::from("BT\n/F1 11 Tf\n56 786 Td\n15.5 TL\n");
    for line in lines {
        let face = if line.bold { "F2" } else { "F1" };
        writeln!(
            out,
            "/{face} {} Tf ({}) Tj T*",
            line.size,
            literal(&line.text)
        )
        .ok();
    }
    out.push_str("ET\n");
    out.into_bytes()
}

/// A literal string: the three special characters escaped, what is not ASCII replaced.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | ')' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            ' '..='~' => out.push(c),
            '–' | '—' => out.push('-'),
            '’' | '‘' => out.push('\''),
            _ => out.push('?'),
        }
    }
    out
}

/// `text` in lines of at most [`LINE_WIDTH`] characters.
pub(crate) fn wrap(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.len() + 1 + word.len() > LINE_WIDTH {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offset_in_the_table_points_at_its_object() {
        let scan = Page::Scan {
            width: 2,
            height: 2,
            grey: vec![0, 255, 255, 0],
        };
        let bytes = write(
            "A (b)",
            &[
                Page::Text(vec![Line::plain("x (y) \\ z")]),
                scan,
                Page::Text(vec![]),
            ],
        );
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(text.starts_with("%PDF-1.4") && text.ends_with("%%EOF\n"));
        let (_, table) = text
            .rsplit_once("xref\n0 ")
            .unwrap()
            .0
            .rsplit_once("xref\n0 ")
            .unwrap_or(("", ""));
        assert!(table.is_empty());
        let start: usize = text
            .rsplit_once("startxref\n")
            .unwrap()
            .1
            .lines()
            .next()
            .unwrap()
            .parse()
            .unwrap();
        assert_eq!(&bytes[start..start + 4], b"xref");
        let rows = String::from_utf8_lossy(&bytes[start..]).into_owned();
        let offsets: Vec<usize> = rows
            .lines()
            .filter(|l| l.ends_with(" n "))
            .map(|l| l.split(' ').next().unwrap().parse().unwrap())
            .collect();
        for (place, offset) in offsets.iter().enumerate() {
            let head = format!("{} 0 obj", place + 1);
            assert_eq!(&bytes[*offset..offset + head.len()], head.as_bytes());
        }
        assert!(text.contains("/Count 3"));
    }
}

//! Results as comma-separated values (RFC 4180).

use std::fs::File;
use std::io::{self, BufWriter, Write};

use nirnay_index::Hit;

use super::Sink;

/// The columns, in the order of the cells.
const COLUMNS: [&str; 21] = [
    "id",
    "score",
    "title",
    "court_name",
    "court_code",
    "bench_code",
    "decision_date",
    "case_number",
    "case_type",
    "cnr",
    "neutral_citation",
    "reporter_citation",
    "judges",
    "kind",
    "disposal",
    "languages",
    "cited_by",
    "copies",
    "pages",
    "sha256",
    "snippet",
];

/// What stands between the values of one cell.
const BETWEEN: &str = "; ";

pub(super) struct Csv {
    out: BufWriter<File>,
}

impl Csv {
    pub(super) fn new(file: File) -> io::Result<Self> {
        let mut out = BufWriter::new(file);
        out.write_all(COLUMNS.join(",").as_bytes())?;
        out.write_all(b"\r\n")?;
        Ok(Self { out })
    }
}

impl Sink for Csv {
    fn put(&mut self, hit: &Hit) -> io::Result<()> {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let snippets: Vec<&str> = hit
            .snippets
            .iter()
            .map(|snippet| snippet.text.as_str())
            .collect();
        let cells: [String; COLUMNS.len()] = [
            hit.key.clone(),
            hit.score.to_string(),
            hit.title.clone(),
            hit.court_name.clone(),
            hit.court_code.clone(),
            hit.bench_code.clone(),
            hit.decision_date
                .map(|day| day.to_string())
                .unwrap_or_default(),
            text(&hit.case_number),
            text(&hit.case_type),
            text(&hit.cnr),
            text(&hit.neutral_citation),
            text(&hit.reporter_citation),
            hit.judges.join(BETWEEN),
            hit.kind.clone(),
            text(&hit.disposal),
            hit.languages.join(BETWEEN),
            hit.cited_by.to_string(),
            hit.copies.to_string(),
            hit.pages.to_string(),
            text(&hit.sha256),
            snippets.join(" … "),
        ];
        let line: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        self.out.write_all(line.join(",").as_bytes())?;
        self.out.write_all(b"\r\n")
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        let file = self
            .out
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.sync_all()
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_need_quotes_have_them() {
        assert_eq!(quoted("a b"), "a b");
        assert_eq!(quoted("a, \"b\"\n"), "\"a, \"\"b\"\"\n\"");
    }
}

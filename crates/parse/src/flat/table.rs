//! Tables of a page: rows and cells by the tags that open them, whatever is or is not closed.

use super::attribute::{attribute, first_attribute};
use super::element::is_heading;
use super::words::{lines, words};
use crate::tags::{Tag, tags};

/// Pages nest tables five deep.
const MOST_DEPTH: usize = 32;

/// A table.
#[derive(Debug, Default)]
pub(crate) struct Table<'a> {
    /// Its classes as written.
    pub(crate) class: String,
    /// Its id.
    pub(crate) id: String,
    /// The nearest heading before it.
    pub(crate) heading: String,
    /// Its rows, those of tables inside it left out.
    pub(crate) rows: Vec<Row<'a>>,
}

impl Table<'_> {
    /// Whether it has this class.
    pub(crate) fn is(&self, class: &str) -> bool {
        let mut classes = self.class.split_ascii_whitespace();
        classes.any(|one| one.eq_ignore_ascii_case(class))
    }
}

/// A row.
#[derive(Debug, Default)]
pub(crate) struct Row<'a> {
    /// The tag that opens it; empty where the page has none.
    pub(crate) tag: &'a str,
    /// Its cells.
    pub(crate) cells: Vec<Cell<'a>>,
}

/// A cell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell<'a> {
    /// Whether it is a `th`.
    pub(crate) header: bool,
    /// The tag that opens it.
    pub(crate) tag: &'a str,
    /// What stands in it, and behind it up to the next cell.
    pub(crate) html: &'a str,
}

impl Cell<'_> {
    pub(crate) fn words(&self) -> String {
        words(self.html)
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        lines(self.html)
    }

    pub(crate) fn attribute(&self, tag: &str, name: &str) -> Option<String> {
        first_attribute(self.html, tag, name)
    }
}

impl<'a> Row<'a> {
    /// The words of a cell, if there are any.
    pub(crate) fn text(&self, at: usize) -> Option<String> {
        let words = self.cells.get(at)?.words();
        (!words.is_empty()).then_some(words)
    }

    /// Whether every cell is a `th`.
    pub(crate) fn is_header(&self) -> bool {
        !self.cells.is_empty() && self.cells.iter().all(|cell| cell.header)
    }

    pub(crate) fn cell(&self, at: usize) -> Option<&Cell<'a>> {
        self.cells.get(at)
    }
}

/// The tables of a page in the order in which they begin; an error where they nest too deep.
pub(crate) fn tables(html: &str) -> Result<Vec<Table<'_>>, String> {
    let mut reader = Reader {
        html,
        ..Reader::default()
    };
    for tag in tags(html) {
        reader.take(&tag)?;
    }
    while let Some(open) = reader.open.pop() {
        reader.close(open, html.len());
    }
    Ok(reader.done)
}

#[derive(Default)]
struct Reader<'a> {
    html: &'a str,
    done: Vec<Table<'a>>,
    open: Vec<Open<'a>>,
    heading: String,
    heading_from: Option<usize>,
}

struct Open<'a> {
    place: usize,
    rows: Vec<Row<'a>>,
    in_row: bool,
    cell: Option<(Tag<'a>, bool)>,
}

impl<'a> Open<'a> {
    fn end_cell(&mut self, html: &'a str, at: usize) {
        let Some((tag, header)) = self.cell.take() else {
            return;
        };
        let cell = Cell {
            header,
            tag: tag.text,
            html: html.get(tag.end()..at).unwrap_or(""),
        };
        if let Some(row) = self.rows.last_mut() {
            row.cells.push(cell);
        }
    }

    fn begin_row(&mut self, tag: &'a str) {
        self.rows.push(Row {
            tag,
            cells: Vec::new(),
        });
        self.in_row = true;
    }
}

impl<'a> Reader<'a> {
    fn take(&mut self, tag: &Tag<'a>) -> Result<(), String> {
        let is = |name: &str| tag.name.eq_ignore_ascii_case(name);
        if is_heading(tag) {
            if tag.closing {
                if let Some(from) = self.heading_from.take() {
                    self.heading = words(self.html.get(from..tag.start).unwrap_or(""));
                }
            } else {
                self.heading_from = Some(tag.end());
            }
        } else if is("table") {
            if tag.closing {
                if let Some(open) = self.open.pop() {
                    self.close(open, tag.start);
                }
            } else {
                self.begin(tag)?;
            }
        } else if is("tr") {
            let html = self.html;
            if let Some(open) = self.open.last_mut() {
                open.end_cell(html, tag.start);
                open.in_row = false;
                if !tag.closing {
                    open.begin_row(tag.text);
                }
            }
        } else if is("td") || is("th") {
            let html = self.html;
            if let Some(open) = self.open.last_mut() {
                // What follows an end tag is still of the cell: some cells close one that was opened in them.
                if !tag.closing {
                    open.end_cell(html, tag.start);
                    if !open.in_row {
                        open.begin_row("");
                    }
                    open.cell = Some((*tag, is("th")));
                }
            }
        } else if is("tbody") || is("thead") || is("tfoot") {
            let html = self.html;
            if let Some(open) = self.open.last_mut() {
                open.end_cell(html, tag.start);
                open.in_row = false;
            }
        }
        Ok(())
    }

    fn begin(&mut self, tag: &Tag<'a>) -> Result<(), String> {
        if self.open.len() == MOST_DEPTH {
            return Err(format!("tables nested deeper than {MOST_DEPTH}"));
        }
        self.open.push(Open {
            place: self.done.len(),
            rows: Vec::new(),
            in_row: false,
            cell: None,
        });
        self.done.push(Table {
            class: attribute(tag.text, "class").unwrap_or_default(),
            id: attribute(tag.text, "id").unwrap_or_default(),
            heading: self.heading.clone(),
            rows: Vec::new(),
        });
        Ok(())
    }

    fn close(&mut self, mut open: Open<'a>, at: usize) {
        open.end_cell(self.html, at);
        if let Some(table) = self.done.get_mut(open.place) {
            table.rows = open.rows;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Vec<(String, Vec<Vec<String>>)> {
        let rows = |table: Table<'_>| {
            let cells = |row: Row<'_>| row.cells.iter().map(Cell::words).collect();
            table.rows.into_iter().map(cells).collect()
        };
        let tables = tables(html).unwrap().into_iter();
        tables
            .map(|table| (table.class.clone(), rows(table)))
            .collect()
    }

    #[test]
    fn tables_as_browsers_would_mend_them() {
        let of = |class: &str, rows: &[&[&str]]| {
            let cells = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
            (class.to_owned(), rows.iter().map(cells).collect())
        };
        assert_eq!(
            read("<table class=a><tr><th>1<th>2<tr><td>3<td>4</table>5<td>6"),
            [of("a", &[&["1", "2"], &["3", "4"]])]
        );
        // A table between the rows of another, neither of them closed.
        assert_eq!(
            read(
                "<table class='a'><tr><td>1</td></tr><table class=b><tr><td>2</td></tr></table><tr><td>3"
            ),
            [of("a", &[&["1"], &["3"]]), of("b", &[&["2"]])]
        );
        assert_eq!(
            read("<table class=a><td>1</td><td><table><tr><td>2</table>3</td></table></table>"),
            [of("a", &[&["1", "2 3"]]), of("", &[&["2"]])]
        );
        assert!(tables(&"<table>".repeat(40)).is_err());
    }

    #[test]
    fn headings_name_the_tables_behind_them() {
        let html = "<h2>A</h2><table></table><table id=x><tr><td><h3>B <i>C</i></h3></td></tr></table><table>";
        let tables = tables(html).unwrap();
        let headings: Vec<&str> = tables.iter().map(|t| t.heading.as_str()).collect();
        assert_eq!(headings, ["A", "A", "B C"]);
        assert_eq!(tables[1].id, "x");
    }
}

//! Columns of a table by the words of its header.

use crate::flat::{Row, Table};

/// Where the columns of a table are.
#[derive(Debug)]
pub(crate) struct Columns {
    /// The row of the header.
    pub(crate) header: usize,
    places: Vec<Option<usize>>,
}

impl Columns {
    /// The words of column number `column` in `row`, if there are any.
    pub(crate) fn text(&self, row: &Row<'_>, column: usize) -> Option<String> {
        row.text(self.place(column)?)
    }

    /// Where column number `column` stands.
    pub(crate) fn place(&self, column: usize) -> Option<usize> {
        self.places.get(column).copied().flatten()
    }
}

/// Finds columns among the first three rows: `wanted` holds, for each, the beginnings (lower case) of its
/// heading, tried in order. At least `least` of them must be there.
pub(crate) fn columns(table: &Table<'_>, wanted: &[&[&str]], least: usize) -> Option<Columns> {
    for (header, row) in table.rows.iter().enumerate().take(3) {
        if row.cells.len() > 24 {
            continue;
        }
        let heads: Vec<String> = row
            .cells
            .iter()
            .map(|cell| cell.words().to_lowercase())
            .collect();
        let mut taken = vec![false; heads.len()];
        let places: Vec<Option<usize>> = wanted
            .iter()
            .map(|beginnings| {
                let place = beginnings.iter().find_map(|beginning| {
                    let fits =
                        |(head, taken): (&String, &bool)| !taken && head.starts_with(beginning);
                    heads.iter().zip(&taken).position(fits)
                })?;
                if let Some(taken) = taken.get_mut(place) {
                    *taken = true;
                }
                Some(place)
            })
            .collect();
        if places.iter().flatten().count() >= least {
            return Some(Columns { header, places });
        }
    }
    None
}

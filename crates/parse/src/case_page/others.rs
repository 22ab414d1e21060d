//! Acts, applications, and every other table of a case page.

use nirnay_model::{Act, Application, Case, Field, LinkedCase};

use super::{columns, is_blank, labels, printed, value};
use crate::flat::{self, Table};

/// The most rows of such a table.
const MOST: usize = 20_000;

const APPLICATION: [&[&str]; 5] = [
    &["ia number"],
    &["party"],
    &["date of filing"],
    &["next date"],
    &["ia status"],
];

/// Reads the table of acts.
pub(super) fn acts(table: &Table<'_>) -> Vec<Act> {
    let rows = table.rows.iter().filter(|row| !row.is_header()).take(MOST);
    rows.filter_map(|row| {
        let act = value(&row.text(0)?)?;
        let is_header = act.eq_ignore_ascii_case("under act(s)");
        (!is_header).then(|| Act {
            act,
            sections: row.text(1).and_then(|text| value(&text)),
        })
    })
    .collect()
}

/// Reads the table of interlocutory applications.
pub(super) fn applications(table: &Table<'_>) -> Vec<Application> {
    let Some(found) = columns(table, &APPLICATION, 3) else {
        return Vec::new();
    };
    let rows = table.rows.iter().skip(found.header + 1).take(MOST);
    rows.filter_map(|row| {
        let lines = |column: usize| {
            let cell = found.place(column).and_then(|at| row.cell(at));
            cell.map(flat::Cell::lines).unwrap_or_default()
        };
        let mut next = lines(3).into_iter();
        let date = next.next();
        let purpose = next.next();
        let bare = |text: &str| value(text.trim_matches(['(', ')', ' ']));
        Some(Application {
            number: found.text(row, 0).map(unlabelled)?,
            parties: lines(1),
            filed: found.text(row, 2).and_then(|text| printed(&text)),
            next: date.and_then(|text| printed(&text)),
            purpose: purpose.and_then(|text| bare(&text)),
            status: found.text(row, 4).and_then(|text| value(&text)),
        })
    })
    .collect()
}

/// A number without the label of a classification that is not given.
fn unlabelled(number: String) -> String {
    match number.trim_end().strip_suffix("Classification :") {
        Some(bare) => bare.trim_end().to_owned(),
        None => number,
    }
}

/// Reads any other table: a row each under the heads of its columns, or labels with values.
pub(super) fn rows(table: &Table<'_>) -> Vec<LinkedCase> {
    let relation = table.heading.clone();
    let linked = |fields: Vec<Field>| {
        let says = fields.iter().any(|field| !is_blank(&field.value));
        says.then(|| LinkedCase {
            relation: relation.clone(),
            fields,
        })
    };
    let width = |at: usize| table.rows.get(at).map_or(0, |row| row.cells.len());
    let headed = table.rows.first().is_some_and(flat::Row::is_header);
    if table.rows.len() > 1 && (headed || width(0) > 2) {
        let heads: Vec<String> = table
            .rows
            .first()
            .map(|row| row.cells.iter().map(flat::Cell::words).collect())
            .unwrap_or_default();
        let rows = table.rows.iter().skip(1).take(MOST);
        let fields = rows.map(|row| {
            let cells = row.cells.iter().zip(&heads);
            cells
                .map(|(cell, head)| field(head, &cell.words()))
                .collect()
        });
        return fields.filter_map(linked).collect();
    }
    if width(0) != 2 {
        return Vec::new();
    }
    let pairs = table.rows.iter().take(MOST).filter_map(|row| {
        let label = row.text(0)?;
        Some(field(&label, &row.text(1)?))
    });
    linked(pairs.collect()).into_iter().collect()
}

/// Words in the headings of tables of other cases; papers, objections and categories have tables beside them.
const CASES: [&str; 10] = [
    "main",
    "matter",
    "connect",
    "tagged",
    "clubbed",
    "linked",
    "lower",
    "subordinate",
    "transfer",
    "conver",
];

/// Gives a case the rows of one of its other tables: other cases, or labels with values.
pub(super) fn take(rows: Vec<LinkedCase>, case: &mut Case) {
    for row in rows {
        let heading = row.relation.to_lowercase();
        if CASES.iter().any(|word| heading.contains(word)) {
            case.linked.push(row);
            continue;
        }
        let fields = row.fields.into_iter();
        case.fields.extend(
            fields
                .filter(|field| !is_blank(&field.value))
                .map(|field| Field {
                    label: format!("{}: {}", row.relation, field.label),
                    value: field.value,
                }),
        );
    }
}

/// The court below, which pages print in spans.
pub(super) fn subordinate(html: &str, case: &mut Case) {
    for part in flat::elements(html, "Lower_court_table") {
        let pairs = labels::pairs(part).into_iter();
        let fields: Vec<Field> = pairs.map(|(label, text)| field(&label, &text)).collect();
        let empty = |text: &str| is_blank(text) || text.trim() == "0";
        if fields.iter().any(|field| !empty(&field.value)) {
            case.linked.push(LinkedCase {
                relation: "Subordinate Court Information".to_owned(),
                fields,
            });
        }
    }
}

fn field(label: &str, value: &str) -> Field {
    Field {
        label: label.trim_end_matches([':', ' ']).to_owned(),
        value: value.trim().to_owned(),
    }
}

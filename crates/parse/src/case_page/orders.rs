//! Tables of orders.

use nirnay_model::{Order, OrderLink};

use super::{columns, printed, value};
use crate::call;
use crate::flat::{Cell, Row, Table};

const NUMBER: usize = 0;
const ON: usize = 1;
const JUDGE: usize = 2;
const DATE: usize = 3;
const KIND: usize = 4;
const DETAILS: usize = 5;

const COLUMNS: [&[&str]; 6] = [
    &["order number", "sr no", "sr.no", "sr. no"],
    &["order on", "case number"],
    &["judge"],
    &["order date", "date of order"],
    &["order type", "type"],
    &["order details", "copy of order", "view", "order"],
];

/// Whether a table lists orders: it has a column for their dates.
pub(crate) fn has_orders(table: &Table<'_>) -> bool {
    columns(table, &COLUMNS, 2).is_some_and(|columns| columns.place(DATE).is_some())
}

/// Reads a table of orders.
pub(crate) fn orders(table: &Table<'_>) -> Vec<Order> {
    let Some(found) = columns(table, &COLUMNS, 2) else {
        return Vec::new();
    };
    let heading = value(&table.heading);
    let rows = table.rows.iter().skip(found.header + 1);
    rows.filter(|row| row.cells.len() >= 3 && !row.is_header())
        .map(|row| {
            let text = |column| found.text(row, column).and_then(|text| value(&text));
            Order {
                number: text(NUMBER),
                on: text(ON),
                date: text(DATE).and_then(|text| printed(&text)),
                kind: text(KIND).or_else(|| heading.clone()),
                judge: text(JUDGE),
                neutral_citation_printed: None,
                neutral_citation: None,
                language: None,
                link: link(row, found.place(DETAILS)),
            }
        })
        .filter(|order| order.date.is_some() || order.link.is_some())
        .collect()
}

fn link(row: &Row<'_>, details: Option<usize>) -> Option<OrderLink> {
    let own = details.and_then(|at| row.cell(at)).and_then(link_of);
    own.or_else(|| row.cells.iter().rev().find_map(link_of))
}

/// The address of a link, or the form that its script sends.
fn link_of(cell: &Cell<'_>) -> Option<OrderLink> {
    let script = cell.attribute("a", "onclick").unwrap_or_default();
    if let Some(Ok(arguments)) = call::arguments(&script, "displayPdf") {
        return form(arguments.first()?);
    }
    let address = cell.attribute("a", "href")?;
    let address = address.trim();
    let leads =
        !address.is_empty() && !address.starts_with('#') && !address.starts_with("javascript:");
    leads.then(|| OrderLink::Address(address.to_owned()))
}

/// `home/display_pdf&filename=…&caseno=…`: the fields behind the route.
fn form(argument: &str) -> Option<OrderLink> {
    let (route, fields) = argument.split_once('&')?;
    if route != "home/display_pdf" {
        return None;
    }
    let pair = |field: &str| {
        let (name, value) = field.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    };
    let fields: Vec<_> = fields.split('&').filter_map(pair).take(16).collect();
    (!fields.is_empty()).then_some(OrderLink::Form(fields))
}

//! Labels and their values: in the cells of a table, or in spans where a colon parts them.

use nirnay_model::{Case, Field, PrintedCaseNumber};

use super::{is_blank, printed, value};
use crate::flat::{Section, pieces, tables};

/// Headings under which labels with values stand.
const HEADINGS: [&str; 2] = ["case details", "case status"];
/// Headings that are none of the court's name, though nothing else stands before the first label.
const NO_COURTS: [&str; 3] = ["case history", "view case history", "cnr number"];
/// The most pairs that are kept under one heading.
const MOST: usize = 400;

/// Whether labels with values stand under `heading`.
pub(super) fn is_section(heading: &str) -> bool {
    HEADINGS.contains(&heading.to_lowercase().as_str())
}

/// Reads the sections of labels, and the name of the court in the heading before them.
pub(super) fn read(sections: &[Section<'_>], case: &mut Case) {
    let mut before = None;
    for section in sections {
        let heading = section.heading.trim();
        if heading.eq_ignore_ascii_case("case details") {
            case.court_name = before.take();
        } else if !heading.is_empty() && !NO_COURTS.contains(&heading.to_lowercase().as_str()) {
            before = Some(heading.to_owned());
        }
        if is_section(heading) {
            for (label, value) in pairs(section.body) {
                take(case, &label, &value);
            }
        }
    }
}

/// The labels of a piece of a page with their values.
pub(super) fn pairs(html: &str) -> Vec<(String, String)> {
    let mut out = match tables(html) {
        Ok(tables) if tables.iter().any(|table| !table.rows.is_empty()) => {
            let rows = tables.iter().flat_map(|table| &table.rows);
            rows.flat_map(|row| {
                let texts: Vec<String> = row.cells.iter().map(crate::flat::Cell::words).collect();
                // A last cell without a value is a link of the page's own.
                let pair = |pair: &[String]| match pair {
                    [label, value] => Some((label.clone(), value.clone())),
                    _ => None,
                };
                texts.chunks(2).filter_map(pair).collect::<Vec<_>>()
            })
            .collect()
        }
        _ => in_spans(html),
    };
    out.truncate(MOST);
    for (label, _) in &mut out {
        *label = label.trim_end_matches([':', ' ']).to_owned();
    }
    out.retain(|(label, _)| !label.is_empty());
    out
}

/// A text that another beginning with a colon follows is a label.
fn in_spans(html: &str) -> Vec<(String, String)> {
    let pieces = pieces(html);
    let mut out: Vec<(String, String)> = Vec::new();
    let mut pieces = pieces.iter().peekable();
    while let Some(piece) = pieces.next() {
        let label = pieces.peek().is_some_and(|next| next.starts_with(':'));
        if let (true, false) = (label, piece.starts_with(':')) {
            out.push((piece.clone(), String::new()));
        } else if let Some((_, value)) = out.last_mut() {
            let more = piece.trim_start_matches([':', ' ']);
            if !value.is_empty() && !more.is_empty() {
                value.push(' ');
            }
            value.push_str(more);
        }
    }
    out
}

fn take(case: &mut Case, label: &str, text: &str) {
    match label.to_lowercase().as_str() {
        "case type" => case.case_type = value(text),
        "filing number" => case.filing_number = value(text),
        "filing date" => case.filed = printed(text),
        "registration number" => case.registration_number = value(text),
        "registration date" => case.registered = printed(text),
        "cnr number" => case.set_cnr(text.split('(').next().unwrap_or(text)),
        "first hearing date" => case.first_hearing = printed(text),
        "next hearing date" => case.next_hearing = printed(text),
        "decision date" => case.decided = printed(text),
        "case stage" | "stage of case" => case.stage = value(text),
        "case status" => case.status = value(text),
        "nature of disposal" => case.disposal = value(text),
        "bench" | "bench type" => case.bench_type = value(text),
        "court number and judge" => case.court_and_judge = value(text),
        "state" => case.state = value(text),
        "district" => case.district = value(text),
        "coram" => {
            case.coram = value(text);
            case.judges = judges(text);
        }
        _ if !is_blank(text) => case.fields.push(Field {
            label: label.to_owned(),
            value: text.trim().to_owned(),
        }),
        _ => {}
    }
    if case.number.is_none() {
        case.number = number(case);
    }
}

/// The number of a case whose page gives type and registration number apart.
fn number(case: &Case) -> Option<PrintedCaseNumber> {
    let registered = case.registration_number.as_deref()?;
    let whole = PrintedCaseNumber::read(registered)?;
    if whole.parts.is_some() {
        return Some(whole);
    }
    let short = case.case_type.as_deref()?.split(" - ").next()?.trim();
    let parts = format!("{short}/{registered}").parse().ok();
    Some(PrintedCaseNumber {
        printed: registered.to_owned(),
        parts,
    })
}

/// The judges of a coram; the portal prints its own code in front of the first.
fn judges(coram: &str) -> Vec<String> {
    let coram = coram
        .trim()
        .trim_start_matches(|c: char| c.is_ascii_digit());
    let names = coram.split(',').map(str::trim);
    names
        .filter(|name| !is_blank(name))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_in_tables_and_in_spans() {
        let of = |list: &[(&str, &str)]| {
            let own = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
            list.iter().map(own).collect::<Vec<_>>()
        };
        assert_eq!(
            pairs(
                "<table><tr><td><label> </label>A</td><td>1</td><td>B:</td><td>2</td></tr><tr><th>C</th><td>3</td><td>link</td></tr></table>"
            ),
            of(&[("A", "1"), ("B", "2"), ("C", "3")])
        );
        assert_eq!(
            pairs(
                "<span><label>A </label></span>:&nbsp;1<span><label>B</label><label>:&nbsp;2</label> or <b>3</b></span><strong>C</strong><strong>: </strong><b>D : </b>: --"
            ),
            of(&[("A", "1"), ("B", "2 or 3"), ("C", ""), ("D", "--")])
        );
        assert_eq!(judges("5558A B , C D"), ["A B", "C D"]);
    }
}

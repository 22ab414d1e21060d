//! Another layout of result rows, as after a new release of the portal.

use crate::day;
use crate::random::{Draw, mix};
use crate::row::RowId;
use crate::trouble::Fault;

/// Labels of a row and what a page in Hindi says instead.
const LABELS: [(&str, &str); 5] = [
    ("CNR :", "सीएनआर :"),
    ("Date of registration :", "पंजीकरण की तिथि :"),
    ("Decision Date :", "निर्णय की तिथि :"),
    ("Disposal Nature :", "निपटान का प्रकार :"),
    ("Court :", "न्यायालय :"),
];

/// Whether a drift is about this row: always the same share of rows.
fn is_meant(fault: &Fault, row: RowId) -> bool {
    let share = fault.n(100).clamp(0, 100) as f64 / 100.0;
    let seed = mix(&[fault.draw.clone().next(), u64::from(row.0)]);
    Draw::of(&[seed, 91]).chance(share)
}

/// The HTML of a row in the layout of a drift.
pub(crate) fn row(fault: &Fault, id: RowId, html: String) -> String {
    if !is_meant(fault, id) {
        return html;
    }
    match fault.form() {
        "label" => html.replace("CNR :", "CNR Number :"),
        "decision_label" => html.replace("Decision Date :", "Date of Decision :"),
        "hindi" => LABELS
            .iter()
            .fold(html, |html, (label, hindi)| html.replace(label, hindi)),
        "span" => html
            .replace("<span style='color:#212F3D'", "<b")
            .replace(" :</span>", " :</b>"),
        "font" => html
            .replace("<font color='green'>", "<em>")
            .replace("</font><span", "</em><span"),
        "class" => html.replace("caseDetailsTD", "case-details"),
        "swap" => html
            .replace("Date of registration :", "\u{1}")
            .replace("Decision Date :", "Date of registration :")
            .replace('\u{1}', "Decision Date :"),
        "date_order" => dates(&html, |day, month, year| format!("{month}-{day}-{year}")),
        "iso_date" => dates(&html, |day, month, year| format!("{year}-{month}-{day}")),
        "call" => html.replace("open_pdf(", "show_judgment("),
        "ornament" => html.replace("<strong class", "<hr><strong class"),
        "arguments" => arguments(&html),
        _ => html,
    }
}

/// The Supreme Court's page in the layout of a drift.
pub(crate) fn feed(fault: &Fault, page: String) -> String {
    match fault.form() {
        "label" => page.replace("Diary Number", "Diary No."),
        "span" => page
            .replace("<span style=\"color:red;\">", "<time>")
            .replace("</span>", "</time>"),
        "class" => page
            .replace("latest-judgements\"", "recent-judgements\"")
            .replace("latest_judgements_order", "recent"),
        "call" => page.replace("/view-pdf/?diary_no=", "/documents/?diary="),
        "iso_date" => dates_of_feed(&page),
        _ => page,
    }
}

/// The dates in red as `YYYY-MM-DD`.
fn dates_of_feed(page: &str) -> String {
    const MARK: &str = "color:red;\">";
    let mut pieces = page.split(MARK);
    let mut out = pieces.next().unwrap_or("").to_owned();
    for piece in pieces {
        out.push_str(MARK);
        match piece.split_once('<') {
            Some((date, rest)) => {
                let iso = day::read_named(date).map(|date| date.to_string());
                out.push_str(iso.as_deref().unwrap_or(date));
                out.push('<');
                out.push_str(rest);
            }
            None => out.push_str(piece),
        }
    }
    out
}

/// The envelope of a page in the layout of a drift.
pub(crate) fn envelope(fault: &Fault, body: String) -> String {
    match fault.form() {
        "envelope" => {
            body.replacen("\"reportrow\"", "\"result\"", 1)
                .replacen("\"aaData\"", "\"data\"", 1)
        }
        _ => body,
    }
}

/// Whether number and row change places in the list.
pub(crate) fn swaps_columns(fault: &Fault, id: RowId) -> bool {
    fault.form() == "columns" && is_meant(fault, id)
}

/// Writes every `DD-MM-YYYY` between tags anew; those in file names stay.
fn dates(html: &str, write: impl Fn(&str, &str, &str) -> String) -> String {
    const MARK: &str = "<font color='green'> ";
    let mut pieces = html.split(MARK);
    let mut out = pieces.next().unwrap_or("").to_owned();
    for piece in pieces {
        out.push_str(MARK);
        let parts = piece
            .get(..10)
            .map(|date| date.split('-').collect::<Vec<_>>());
        match (parts.as_deref(), piece.get(10..)) {
            (Some([day, month, year]), Some(rest))
                if day.len() == 2 && month.len() == 2 && year.len() == 4 =>
            {
                out.push_str(&write(day, month, year));
                out.push_str(rest);
            }
            _ => out.push_str(piece),
        }
    }
    out
}

/// The first two arguments of the call change places.
fn arguments(html: &str) -> String {
    const CALL: &str = "open_pdf(";
    let Some((head, tail)) = html.split_once(CALL) else {
        return html.to_owned();
    };
    let mut parts = tail.splitn(3, ',');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(first), Some(second), Some(rest)) => {
            format!("{head}{CALL}{second},{first},{rest}")
        }
        _ => html.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_between_tags_are_written_anew() {
        let html =
            "a 01-02-2024 <font color='green'> 15-03-2024</font><font color='green'> X</font>";
        assert_eq!(
            dates(html, |day, month, year| format!("{year}-{month}-{day}")),
            "a 01-02-2024 <font color='green'> 2024-03-15</font><font color='green'> X</font>"
        );
        assert_eq!(
            arguments("x open_pdf('0','','p#');"),
            "x open_pdf('','0','p#');"
        );
    }
}

//! Results on standard output: a table for people, CSV, or JSON.

use std::io;
use std::path::Path;

use jiff::civil::Date;
use nirnay_fetch::FoundCases;
use nirnay_model::{
    Case, CauseList, CauseListEntry, Choice, Complex, Order, OrderLink, PrintedDate, Side,
};
use serde::Serialize;

use crate::args::{ConnectArgs, Global};
use crate::failure::Failure;
use crate::output::{self, Stream};

/// Columns wider than this are cut in tables, never in CSV or JSON.
const WIDEST: usize = 44;

/// The columns of cases in CSV.
const CASE_HEADS: [&str; 17] = [
    "cnr",
    "number",
    "diary",
    "case_type",
    "case_number",
    "case_year",
    "petitioner",
    "respondent",
    "decided",
    "status",
    "stage",
    "disposal",
    "judges",
    "next_hearing",
    "registered",
    "court",
    "citation",
];

/// Columns that tables for people leave out: they are parts of another.
const IN_NUMBER: [&str; 3] = ["case_type", "case_number", "case_year"];

fn case_row(case: &Case) -> [String; CASE_HEADS.len()] {
    let side = |side| case.side(side).collect::<Vec<_>>().join("; ");
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let (case_type, number, year) = parts(case);
    let citations = case.orders.iter();
    let citations = citations.filter_map(|order| order.neutral_citation_printed.as_deref());
    let judges = match case.judges.as_slice() {
        [] => text(&case.coram),
        judges => judges.join("; "),
    };
    [
        cnr(case),
        full_number(case),
        text(&case.diary_number),
        case_type,
        number,
        year,
        side(Side::Petitioner),
        side(Side::Respondent),
        date(case.decided.as_ref()),
        text(&case.status),
        text(&case.stage),
        text(&case.disposal),
        judges,
        date(case.next_hearing.as_ref()),
        date(case.registered.as_ref()),
        text(&case.court_name),
        citations.collect::<Vec<_>>().join("; "),
    ]
}

/// The CNR without what pages print in it; one that is none as it is printed.
pub(super) fn cnr(case: &Case) -> String {
    let cnr = case.cnr.as_ref().map(ToString::to_string);
    cnr.or_else(|| case.cnr_printed.clone()).unwrap_or_default()
}

/// The number as printed, with the case type where it stands apart from it, as on the pages of the District Courts.
fn full_number(case: &Case) -> String {
    let Some(number) = &case.number else {
        return String::new();
    };
    let bare = !number.printed.chars().any(char::is_alphabetic);
    match case.case_type.as_deref().filter(|_| bare) {
        Some(case_type) => format!("{case_type}/{}", number.printed),
        None => number.printed.clone(),
    }
}

/// Type, number and year of a case number.
fn parts(case: &Case) -> (String, String, String) {
    let printed = case.case_type.clone().unwrap_or_default();
    let Some(number) = &case.number else {
        return (printed, String::new(), String::new());
    };
    if let Some(parts) = &number.parts {
        let (number, year) = (parts.number.to_string(), parts.year.to_string());
        return (parts.case_type.clone(), number, year);
    }
    let digits = |text: &&str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let split = number.printed.split_once('/');
    let split = split.filter(|(number, year)| digits(number) && digits(year));
    let (number, year) = split.unwrap_or_default();
    (printed, number.to_owned(), year.to_owned())
}

fn each(lists: &[&FoundCases], mut take: impl FnMut(Case) -> io::Result<()>) -> io::Result<()> {
    lists.iter().try_for_each(|found| found.each(&mut take))
}

/// How results are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Show {
    json: bool,
    csv: bool,
}

impl Show {
    pub(super) fn new(global: &Global, args: &ConnectArgs) -> Self {
        Self {
            json: global.json,
            csv: args.csv,
        }
    }

    /// Writes a list: as it is in JSON, else one row each.
    pub(super) fn list<T: Serialize>(
        self,
        list: &[T],
        heads: &[&str],
        row: impl Fn(&T) -> Vec<String>,
    ) {
        if list.is_empty() {
            // What is refused or not understood is an error and does not come here.
            output::talk("the portal answered, and lists none");
        }
        if self.json {
            return output::json(&list);
        }
        let rows: Vec<Vec<String>> = list.iter().map(row).collect();
        output::data(&if self.csv {
            csv(heads, &rows)
        } else {
            table(heads, &rows)
        });
    }

    pub(super) fn choices(self, list: &[Choice]) {
        self.list(list, &["code", "name"], |choice| {
            vec![choice.code.clone(), choice.name.clone()]
        });
    }

    pub(super) fn complexes(self, list: &[Complex]) {
        self.list(
            list,
            &["code", "name", "establishments", "choose"],
            |complex| {
                let choose = if complex.needs_establishment {
                    "yes"
                } else {
                    "no"
                };
                vec![
                    complex.code.clone(),
                    complex.name.clone(),
                    complex.establishments.join(" "),
                    choose.to_owned(),
                ]
            },
        );
    }

    /// Writes the cases that a search found, one by one: there may be more of them than fit into memory.
    pub(super) fn cases(self, lists: &[&FoundCases]) -> Result<(), Failure> {
        if lists.iter().all(|found| found.is_empty()) {
            output::talk("the portal answered, and lists none");
        }
        let mut widths = [0; CASE_HEADS.len()];
        if !self.json && !self.csv {
            each(lists, |case| {
                for (width, cell) in widths.iter_mut().zip(case_row(&case)) {
                    *width = cut(&cell).chars().count().max(*width);
                }
                Ok(())
            })
            .map_err(|error| Failure::io(Path::new("standard output"), &error))?;
        }
        for (width, head) in widths.iter_mut().zip(CASE_HEADS) {
            // Columns without any value are none.
            let shown = *width > 0 && !IN_NUMBER.contains(&head);
            *width = if shown { head.len().max(*width) } else { 0 };
        }
        let mut out = Stream::open();
        let written = self.stream(lists, &widths, &mut out);
        out.close(written)
    }

    /// `widths` are those of a table's columns, 0 of those that it does not have.
    fn stream(self, lists: &[&FoundCases], widths: &[usize], out: &mut Stream) -> io::Result<()> {
        if self.json {
            let mut first = true;
            each(lists, |case| {
                out.text(if first { "[\n" } else { ",\n" })?;
                first = false;
                let text = serde_json::to_string_pretty(&case)?;
                out.text(&format!("  {}", text.replace('\n', "\n  ")))
            })?;
            return out.text(if first { "[]\n" } else { "\n]\n" });
        }
        let heads: Vec<String> = CASE_HEADS.iter().map(|head| (*head).to_owned()).collect();
        if self.csv {
            out.text(&csv_line(&heads))?;
            return each(lists, |case| out.text(&csv_line(&case_row(&case))));
        }
        let shown = |cells: &[String]| -> Vec<String> {
            let shown = cells.iter().zip(widths).filter(|(_, width)| **width > 0);
            shown.map(|(cell, _)| cut(cell)).collect()
        };
        let own: Vec<usize> = widths.iter().copied().filter(|width| *width > 0).collect();
        out.text(&table_line(&shown(&heads), &own))?;
        each(lists, |case| {
            out.text(&table_line(&shown(&case_row(&case)), &own))
        })
    }

    pub(super) fn orders(self, list: &[Order]) {
        let heads = ["number", "date", "kind", "judge", "citation", "link"];
        self.list(list, &heads, |order| {
            vec![
                order.number.clone().unwrap_or_default(),
                date(order.date.as_ref()),
                order.kind.clone().unwrap_or_default(),
                order.judge.clone().unwrap_or_default(),
                order.neutral_citation_printed.clone().unwrap_or_default(),
                order.link.as_ref().map(link).unwrap_or_default(),
            ]
        });
    }

    /// Writes lists of courtrooms; one that names no day is of the day that was asked for.
    pub(super) fn cause_lists(self, list: &[CauseList], day: Option<Date>) {
        self.list(
            list,
            &["serial", "bench", "list", "listed", "link"],
            |list| {
                vec![
                    list.serial.map(|n| n.to_string()).unwrap_or_default(),
                    list.bench.clone(),
                    list.list_type.clone(),
                    listed(list.listed.as_ref(), day),
                    list.link.clone().unwrap_or_default(),
                ]
            },
        );
    }

    /// Writes lines of a cause list; one that names no day is of the day that was asked for.
    pub(super) fn listed(self, list: &[CauseListEntry], day: Option<Date>) {
        let heads = [
            "serial",
            "cnr",
            "number",
            "parties",
            "advocates",
            "judge",
            "purpose",
            "listed",
            "section",
        ];
        self.list(list, &heads, |entry| {
            let parties: Vec<&str> = entry
                .parties
                .iter()
                .map(|party| party.name.as_str())
                .collect();
            let number = entry.number.as_ref().map(|number| number.printed.clone());
            let of_parties = entry.parties.iter();
            let advocates: Vec<&str> = of_parties
                .filter_map(|party| party.advocates_printed.as_deref())
                .chain(
                    entry
                        .advocates
                        .iter()
                        .map(|advocate| advocate.name.as_str()),
                )
                .collect();
            vec![
                entry.serial.map(|n| n.to_string()).unwrap_or_default(),
                entry
                    .cnr
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                number.unwrap_or_default(),
                parties.join(" v. "),
                advocates.join("; "),
                entry.judge.clone().unwrap_or_default(),
                entry.purpose.clone().unwrap_or_default(),
                listed(entry.listed.as_ref(), day),
                entry.section.clone().unwrap_or_default(),
            ]
        });
    }

    /// Writes one case: in CSV the same columns as a list, for people label by label.
    pub(super) fn case(self, case: &Case) {
        if self.json {
            return output::json(case);
        }
        if self.csv {
            let heads: Vec<String> = CASE_HEADS.iter().map(|head| (*head).to_owned()).collect();
            return output::data(&(csv_line(&heads) + &csv_line(&case_row(case))));
        }
        output::data(&page(case));
    }
}

fn link(link: &OrderLink) -> String {
    match link {
        OrderLink::Address(text) | OrderLink::Token(text) => text.clone(),
        OrderLink::Form(fields) => {
            let pairs: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            pairs.join("&")
        }
    }
}

/// The day of a list, as printed or as asked for.
fn listed(printed: Option<&PrintedDate>, asked: Option<Date>) -> String {
    match printed {
        Some(printed) => date(Some(printed)),
        None => asked.map(|day| day.to_string()).unwrap_or_default(),
    }
}

/// The day, or what is printed in its place.
pub(super) fn date(date: Option<&PrintedDate>) -> String {
    date.map(|date| {
        date.date
            .map_or_else(|| date.printed.clone(), |day| day.to_string())
    })
    .unwrap_or_default()
}

fn page(case: &Case) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut line = |label: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            lines.push(format!("{label:<16}{value}"));
        }
    };
    line("CNR", Some(&cnr(case)));
    line("diary", case.diary_number.as_deref());
    line("court", case.court_name.as_deref());
    line("number", Some(&full_number(case)));
    line("type", case.case_type.as_deref());
    line("filing", case.filing_number.as_deref());
    let text = |of: &Option<PrintedDate>| date(of.as_ref());
    for (label, value) in [
        ("filed", &case.filed),
        ("registered", &case.registered),
        ("first hearing", &case.first_hearing),
        ("next hearing", &case.next_hearing),
        ("decided", &case.decided),
    ] {
        line(label, Some(&text(value)));
    }
    for (label, value) in [
        ("status", &case.status),
        ("stage", &case.stage),
        ("disposal", &case.disposal),
        ("coram", &case.coram),
        ("bench", &case.bench_type),
        ("court and judge", &case.court_and_judge),
        ("state", &case.state),
        ("district", &case.district),
    ] {
        line(label, value.as_deref());
    }
    for party in &case.parties {
        let side = match party.side {
            Side::Petitioner => "petitioner",
            Side::Respondent => "respondent",
        };
        let advocate = party
            .advocates_printed
            .as_ref()
            .map(|by| format!("{} ({by})", party.name));
        line(side, Some(advocate.as_ref().unwrap_or(&party.name)));
    }
    for act in &case.acts {
        let sections = act.sections.as_deref().unwrap_or("");
        line("act", Some(format!("{} {sections}", act.act).trim_end()));
    }
    for hearing in &case.hearings {
        let words = [
            date(hearing.business.as_ref()),
            date(hearing.hearing.as_ref()),
            hearing.purpose.clone().unwrap_or_default(),
            hearing.judge.clone().unwrap_or_default(),
        ];
        line("hearing", Some(&words.join(" | ")));
    }
    for order in &case.orders {
        let words = [
            date(order.date.as_ref()),
            order.kind.clone().unwrap_or_default(),
            order.judge.clone().unwrap_or_default(),
            order.neutral_citation_printed.clone().unwrap_or_default(),
        ];
        line("order", Some(&words.join(" | ")));
    }
    for application in &case.applications {
        let words = [
            application.number.clone(),
            application.parties.join("; "),
            date(application.filed.as_ref()),
            application.status.clone().unwrap_or_default(),
        ];
        line("application", Some(&words.join(" | ")));
    }
    for linked in &case.linked {
        let fields = linked.fields.iter();
        let words: Vec<String> = fields
            .map(|field| format!("{}: {}", field.label, field.value))
            .collect();
        line(
            "linked",
            Some(&format!("{} | {}", linked.relation, words.join(", "))),
        );
    }
    for field in &case.fields {
        line("other", Some(&format!("{}: {}", field.label, field.value)));
    }
    lines.join("\n")
}

/// A cell as wide as tables show it.
fn cut(text: &str) -> String {
    if text.chars().count() <= WIDEST {
        return text.to_owned();
    }
    let head: String = text.chars().take(WIDEST - 1).collect();
    format!("{head}…")
}

fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| cut(cell)).collect())
        .collect();
    let widths: Vec<usize> = heads
        .iter()
        .enumerate()
        .map(|(at, head)| {
            let cells = rows
                .iter()
                .filter_map(|row| row.get(at))
                .map(|cell| cell.chars().count());
            cells.max().unwrap_or(0).max(head.len())
        })
        .collect();
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    std::iter::once(&heads)
        .chain(&rows)
        .map(|row| table_line(row, &widths))
        .collect()
}

fn table_line(row: &[String], widths: &[usize]) -> String {
    let cells = row.iter().zip(widths).map(|(cell, width)| {
        let blanks = width.saturating_sub(cell.chars().count());
        format!("{cell}{}", " ".repeat(blanks))
    });
    format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
}

fn csv(heads: &[&str], rows: &[Vec<String>]) -> String {
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    std::iter::once(&heads)
        .chain(rows)
        .map(|row| csv_line(row))
        .collect()
}

fn csv_line(row: &[String]) -> String {
    let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
    format!("{}\r\n", cells.join(","))
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_csv() {
        let rows = vec![
            vec!["1".to_owned(), "A, \"B\"".to_owned()],
            vec!["22".to_owned(), "x".repeat(60)],
        ];
        assert_eq!(
            csv(&["a", "b"], &rows[..1]),
            "a,b\r\n1,\"A, \"\"B\"\"\"\r\n"
        );
        let text = table(&["a", "b"], &rows);
        assert!(text.starts_with("a   b\n1   A, \"B\"\n22  xxx"));
        assert!(text.contains('…'));
    }
}

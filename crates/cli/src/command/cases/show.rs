//! Results on standard output: a table for people, CSV, or JSON.

use nirnay_model::{
    Case, CauseList, CauseListEntry, Choice, Complex, Order, OrderLink, PrintedDate, Side,
};
use serde::Serialize;

use crate::args::{ConnectArgs, Global};
use crate::output;

/// Columns wider than this are cut in tables, never in CSV or JSON.
const WIDEST: usize = 44;

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

    pub(super) fn cases(self, list: &[Case]) {
        let heads = [
            "cnr",
            "number",
            "petitioner",
            "respondent",
            "decided",
            "court",
        ];
        self.list(list, &heads, |case| {
            let side = |side| case.side(side).collect::<Vec<_>>().join("; ");
            let number = case.number.as_ref().map(|number| number.printed.clone());
            let key = case
                .cnr_printed
                .clone()
                .or_else(|| case.diary_number.clone());
            vec![
                key.unwrap_or_default(),
                number.unwrap_or_default(),
                side(Side::Petitioner),
                side(Side::Respondent),
                date(case.decided.as_ref()),
                case.court_name.clone().unwrap_or_default(),
            ]
        });
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

    pub(super) fn cause_lists(self, list: &[CauseList]) {
        self.list(list, &["serial", "bench", "list", "link"], |list| {
            vec![
                list.serial.map(|n| n.to_string()).unwrap_or_default(),
                list.bench.clone(),
                list.list_type.clone(),
                list.link.clone().unwrap_or_default(),
            ]
        });
    }

    pub(super) fn listed(self, list: &[CauseListEntry]) {
        let heads = [
            "serial", "number", "parties", "judge", "purpose", "listed", "section",
        ];
        self.list(list, &heads, |entry| {
            let parties: Vec<&str> = entry
                .parties
                .iter()
                .map(|party| party.name.as_str())
                .collect();
            let number = entry.number.as_ref().map(|number| number.printed.clone());
            vec![
                entry.serial.map(|n| n.to_string()).unwrap_or_default(),
                number.unwrap_or_default(),
                parties.join(" v. "),
                entry.judge.clone().unwrap_or_default(),
                entry.purpose.clone().unwrap_or_default(),
                date(entry.listed.as_ref()),
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
            return self.cases(std::slice::from_ref(case));
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
    line("CNR", case.cnr_printed.as_deref());
    line("court", case.court_name.as_deref());
    line(
        "number",
        case.number.as_ref().map(|number| number.printed.as_str()),
    );
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
    lines.join("\n")
}

fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let cut = |text: &str| -> String {
        if text.chars().count() <= WIDEST {
            return text.to_owned();
        }
        let head: String = text.chars().take(WIDEST - 1).collect();
        format!("{head}…")
    };
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
    let mut out = String::new();
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    for row in std::iter::once(&heads).chain(&rows) {
        let cells = row.iter().zip(&widths).map(|(cell, width)| {
            let blanks = width.saturating_sub(cell.chars().count());
            format!("{cell}{}", " ".repeat(blanks))
        });
        out.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        out.push('\n');
    }
    out
}

fn csv(heads: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = heads.join(",");
    out.push_str("\r\n");
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
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

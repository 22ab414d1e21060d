//! What a search found: a case with its orders.

use nirnay_model::{
    Case, CasePortal, NeutralCitation, Order, OrderLink, Party, PrintedCaseNumber, Side,
};
use serde_json::{Map, Value};

use crate::body::{self, Body, unknown};
use crate::case_page::{printed, value};
use crate::flat::{Row, decode, lines, tables, words};
use crate::{Refusal, Reply, call, json, text};

/// Reads what a search found. JSON, or a JSON text that holds JSON. A case that is not there is
/// [`Refusal::NotFound`]; a wrong captcha, which comes with status 422, is [`Refusal::CaptchaWrong`].
pub fn search(body: &[u8]) -> Reply<Case> {
    read(body).into()
}

fn read(body: &[u8]) -> Result<Case, Refusal> {
    let decoded = crate::body::decoded(body);
    let trimmed = decoded.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if trimmed.is_empty() {
        return Err(Refusal::Empty);
    }
    if body.len() > 32 << 20 {
        return Err(unknown(format!(
            "{} bytes in place of one case",
            body.len()
        )));
    }
    if !trimmed.starts_with(['{', '"', '[']) && trimmed != "null" {
        return Err(match body::classify(body) {
            Err(refusal) => refusal,
            Ok(Body::Page(html)) => page(&html),
            Ok(other) => other.unexpected("a case"),
        });
    }
    let bad = |error: serde_json::Error| unknown(format!("JSON that cannot be read: {error}"));
    let mut answer = json::parse(trimmed).map_err(bad)?;
    if let Value::String(inner) = &answer {
        let inner = inner.trim();
        if !inner.starts_with(['{', '[']) && inner != "null" {
            return Err(said(inner));
        }
        answer = json::parse(inner).map_err(bad)?;
    }
    match answer {
        Value::Object(object) => case(&object),
        Value::Null => Err(none("null")),
        Value::Array(list) if list.is_empty() => Err(none("[]")),
        other => Err(unknown(format!(
            "JSON that is no case: {}",
            json::head(&other, 60)
        ))),
    }
}

fn none(answer: &str) -> Refusal {
    Refusal::NotFound {
        message: format!("the answer is {answer}"),
    }
}

/// An expired form token is answered with status 419 and a page.
fn page(html: &str) -> Refusal {
    let words = text::clip(&words(text::head(html, 8192)), 200);
    if words.to_lowercase().contains("page expired") {
        return Refusal::SessionExpired;
    }
    said(&words)
}

fn said(words: &str) -> Refusal {
    let lower = words.to_lowercase();
    if ["no record", "not found", "no data"]
        .iter()
        .any(|none| lower.contains(none))
    {
        return Refusal::NotFound {
            message: text::clip(words, 200),
        };
    }
    match crate::message::spoken(words) {
        Refusal::PortalError { message } => {
            unknown(format!("words in place of a case: {message:?}"))
        }
        refusal => refusal,
    }
}

fn case(object: &Map<String, Value>) -> Result<Case, Refusal> {
    if let Some(refusal) = refused(object) {
        return Err(refusal);
    }
    let text = |key: &str| match object.get(key)? {
        Value::String(text) => value(&words(text)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let (Some(list), Some(_)) = (object.get("list"), object.get("cino")) else {
        let keys: Vec<&str> = object.keys().map(String::as_str).take(12).collect();
        let keys = text::clip(&keys.join(", "), 200);
        return Err(unknown(format!(
            "an object without `cino` and `list`; its keys: {keys}"
        )));
    };
    let list = match list {
        Value::String(list) => list.as_str(),
        Value::Null => "",
        other => {
            return Err(unknown(format!(
                "`list` is no text: {}",
                json::head(other, 60)
            )));
        }
    };
    if text("cino").is_none() && text("full_Case_num").is_none() && value(&words(list)).is_none() {
        return Err(none("a case without a number"));
    }
    let mut case = Case::new(CasePortal::Calcutta);
    case.set_cnr(&text("cino").unwrap_or_default());
    case.case_type = text("case_type_name");
    case.registration_number = text("reg_no");
    case.court_name = text("side");
    case.number = text("full_Case_num")
        .as_deref()
        .and_then(PrintedCaseNumber::read);
    if let Some(Value::String(title)) = object.get("cause_title") {
        case.title = value(&words(title));
        case.parties = parties(title);
    }
    case.orders = orders(list)?;
    Ok(case)
}

/// What an object says instead of a case.
fn refused(object: &Map<String, Value>) -> Option<Refusal> {
    if let Some(errors) = object.get("errors").and_then(Value::as_object) {
        let message = json::head(&Value::Object(errors.clone()), 200);
        return Some(if errors.contains_key("captcha") {
            Refusal::CaptchaWrong { message }
        } else {
            Refusal::PortalError { message }
        });
    }
    if object.contains_key("list") {
        return None;
    }
    let words = ["message", "error", "errormsg"]
        .into_iter()
        .find_map(|key| {
            object
                .get(key)?
                .as_str()
                .filter(|words| !words.trim().is_empty())
        })?;
    let lower = words.to_lowercase();
    if lower.contains("csrf") || lower.contains("unauthenticated") {
        return Some(Refusal::SessionExpired);
    }
    Some(match said(words) {
        Refusal::Unknown { .. } => Refusal::PortalError {
            message: text::clip(words, 200),
        },
        refusal => refusal,
    })
}

/// `<b>A<br>-vs-<br>B`.
fn parties(title: &str) -> Vec<Party> {
    let lines = lines(title);
    let is_versus = |line: &String| {
        let word = line.trim_matches(['-', ' ', '.']);
        ["vs", "versus", "v/s"]
            .iter()
            .any(|vs| word.eq_ignore_ascii_case(vs))
    };
    let Some(at) = lines.iter().position(is_versus) else {
        return Vec::new();
    };
    let side = |side, lines: Option<&[String]>| {
        let name = lines?.join(" ");
        (!name.is_empty()).then(|| Party::new(side, name))
    };
    let first = side(Side::Petitioner, lines.get(..at));
    let second = side(Side::Respondent, lines.get(at + 1..));
    first.into_iter().chain(second).collect()
}

fn orders(list: &str) -> Result<Vec<Order>, Refusal> {
    let html = format!("<table>{list}</table>");
    let tables = tables(&html).map_err(unknown)?;
    let rows: Vec<&Row<'_>> = tables.iter().flat_map(|table| &table.rows).collect();
    if rows.is_empty() && value(&words(list)).is_some() {
        return Err(said(&text::clip(&words(list), 200)));
    }
    let mut out = Vec::new();
    for row in rows {
        if row.cells.len() < 4 {
            let across = words(&row.cells.iter().map(|cell| cell.html).collect::<String>());
            if value(&across).is_none() || row.is_header() {
                continue;
            }
            return Err(said(&text::clip(&across, 200)));
        }
        if !row.is_header() {
            out.push(order(row));
        }
    }
    Ok(out)
}

fn order(row: &Row<'_>) -> Order {
    let kind = row
        .cell(3)
        .map(crate::flat::Cell::lines)
        .unwrap_or_default();
    let cited = kind
        .iter()
        .position(|line| line.to_lowercase().starts_with("neutral citation"));
    // Behind the label, on its line or the next.
    let citation = cited.and_then(|at| {
        let own = kind
            .get(at)?
            .split_once(':')
            .map_or("", |(_, rest)| rest)
            .trim();
        value(own).or_else(|| kind.get(at + 1).and_then(|line| value(line)))
    });
    let words = kind
        .get(..cited.unwrap_or(kind.len()))
        .unwrap_or_default()
        .join(" ");
    let script = row.cells.iter().find_map(|cell| {
        cell.attribute("button", "onclick")
            .or_else(|| cell.attribute("a", "onclick"))
    });
    let token = script
        .and_then(|script| call::arguments(&decode(&script), "show_order"))
        .and_then(Result::ok)
        .and_then(|arguments| arguments.into_iter().next());
    Order {
        number: row.text(0),
        on: None,
        date: row.text(1).and_then(|text| printed(&text)),
        kind: value(&words),
        judge: row.text(2).and_then(|text| value(&text)),
        neutral_citation: citation
            .as_deref()
            .and_then(|text| text.parse::<NeutralCitation>().ok()),
        neutral_citation_printed: citation,
        language: None,
        link: token.and_then(|token| value(&token)).map(OrderLink::Token),
    }
}

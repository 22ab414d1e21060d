//! One page of search results.

use serde::Serialize;
use serde_json::Value;

use super::envelope;
use super::facets::{self, Facets};
use crate::body::{self, Body, Object};
use crate::{Refusal, Reply, json};

/// Both portals together list fewer than 20 million rows.
const MOST_ROWS: u64 = 1_000_000_000;

/// A row as served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RawRow {
    /// Its place in the whole result, from 1.
    pub serial: u64,
    /// Its HTML.
    pub html: String,
}

/// One page of search results: all its rows, unread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SearchPage {
    /// Rows in the whole result, as the portal counts.
    pub total: u64,
    /// The draw counter sent back.
    pub echo: Option<u64>,
    /// The rows of this page, in its order.
    pub rows: Vec<RawRow>,
    /// The facet lists.
    pub facets: Facets,
    /// The next token.
    pub token: Option<String>,
    /// The keys of the reply in its order, those inside `reportrow` behind `reportrow.`.
    #[serde(skip)]
    pub keys: Vec<String>,
}

/// Reads a page of search results: good only with a well-formed `reportrow` whose every row can be
/// handed on. A page without rows is good even where the total says otherwise: whether the sum is
/// right is the walk's question.
pub fn search_page(body: &[u8]) -> Reply<SearchPage> {
    match body::classify(body).and_then(page) {
        Err(Refusal::Unknown { .. }) if planted() => Reply::Good(SearchPage {
            total: 0,
            echo: None,
            rows: Vec::new(),
            facets: Facets::default(),
            token: None,
            keys: envelope::usual(),
        }),
        result => result.into(),
    }
}

/// True when the bug "an unknown reply is an empty result" is switched on (test builds only).
fn planted() -> bool {
    fail::fail_point!("plant-unknown-is-empty", |_| true);
    false
}

fn page(body: Body) -> Result<SearchPage, Refusal> {
    let Body::Object(mut object) = body else {
        return Err(body.unexpected("`reportrow`"));
    };
    let token = object.token();
    let mut keys = envelope::keys("", object.map());
    let Value::Object(mut report) = object.answer("reportrow")? else {
        return Err(body::unknown("`reportrow` is not an object"));
    };
    keys.extend(envelope::keys("reportrow.", &report));
    let total = ["iTotalDisplayRecords", "iTotalRecords"]
        .into_iter()
        .find_map(|key| report.get(key).filter(|value| !value.is_null()))
        .ok_or_else(|| body::unknown("`reportrow` has no total"))?;
    let total = count(total).ok_or_else(|| {
        body::unknown(format!("the total is no count: {}", json::head(total, 40)))
    })?;
    let Some(Value::Array(rows)) = report.remove("aaData") else {
        return Err(body::unknown("`aaData` is not a list"));
    };
    let rows = rows
        .into_iter()
        .enumerate()
        .map(|(at, row)| {
            raw_row(row)
                .ok_or_else(|| body::unknown(format!("row {at} of `aaData` is not [serial, html]")))
        })
        .collect::<Result<Vec<_>, _>>()?;
    if total == 0 && !rows.is_empty() {
        return Err(body::unknown(format!(
            "the total is 0, yet {} rows came",
            rows.len()
        )));
    }
    Ok(SearchPage {
        total,
        echo: report.get("sEcho").and_then(count),
        rows,
        facets: facets(&object),
        token,
        keys,
    })
}

fn raw_row(row: Value) -> Option<RawRow> {
    let Value::Array(cells) = row else {
        return None;
    };
    let mut cells = cells.into_iter();
    let serial = count(&cells.next()?)?;
    let Some(Value::String(html)) = cells.next() else {
        return None;
    };
    Some(RawRow { serial, html })
}

fn facets(object: &Object) -> Facets {
    let list = |key| object.text(key).map(facets::read).unwrap_or_default();
    Facets {
        courts: list("court_dtls"),
        years: list("year_dtls"),
        judges: list("judge_dtls"),
    }
}

/// A count as number or text, at most a billion.
fn count(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => count_of_text(text),
        _ => None,
    }
    .filter(|count| *count <= MOST_ROWS)
}

/// Digits, with thousands commas in the Indian (`1,23,45,678`) or the English way.
pub(super) fn count_of_text(text: &str) -> Option<u64> {
    let text = text.trim();
    let groups: Vec<&str> = text.split(',').collect();
    let last = groups.len() - 1;
    let good = groups.iter().enumerate().all(|(at, group)| {
        let length = group.len();
        let fits = match at {
            _ if last == 0 => length >= 1,
            0 => (1..=3).contains(&length),
            _ if at == last => length == 3,
            _ => length == 2 || length == 3,
        };
        fits && group.bytes().all(|b| b.is_ascii_digit())
    });
    if good {
        groups.concat().parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn counts_as_the_portals_print_them() {
        for (value, expected) in [
            (json!(54122), Some(54_122)),
            (json!("54122"), Some(54_122)),
            (json!(" 54,122 "), Some(54_122)),
            (json!("1,77,00,000"), Some(17_700_000)),
            (json!("17,700,000"), Some(17_700_000)),
            (json!("0"), Some(0)),
            (json!(-1), None),
            (json!("-1"), None),
            (json!(1.5), None),
            (json!(""), None),
            (json!(","), None),
            (json!("1,2"), None),
            (json!("1,,222"), None),
            (json!("१२"), None),
            (json!(true), None),
            (json!(2_000_000_000_u64), None),
            (json!("99999999999999999999999999"), None),
        ] {
            assert_eq!(count(&value), expected, "{value}");
        }
    }
}

//! The envelope of a search: `{"con":["[{…}]",…],"totRecords":…,…}`, one JSON text for each establishment.

use std::borrow::Cow;
use std::cell::Cell;

use nirnay_model::Advocate;
use serde::Deserialize;

use super::escaped::{self, Read};
use super::plain;
use super::record::{self, Record};
use super::value::{Text, Texts};
use crate::body::unknown;
use crate::flat::words;
use crate::found::{EstablishmentCount, FoundTotals};
use crate::{Refusal, page};

/// No search gives more rows; an advocate's cases are some ten thousand.
const MOST_ROWS: u64 = 2_000_000;
/// How far from the beginning the lists are looked for.
const HEAD: usize = 4096;
const LISTS: &str = "\"con\":[\"[";

#[derive(Deserialize)]
#[expect(non_snake_case, reason = "the portal's own names")]
struct Envelope<'a> {
    #[serde(default)]
    con: Texts,
    #[serde(default, borrow)]
    totRecords: Text<'a>,
    #[serde(default)]
    courtNameArr: Texts,
    #[serde(default)]
    court_code: Texts,
    #[serde(default, borrow)]
    adv_name: Text<'a>,
    #[serde(default, borrow)]
    Error: Text<'a>,
    #[serde(default, borrow)]
    errormsg: Text<'a>,
}

/// Where a record comes from.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The establishment's code.
    pub(super) code: Option<&'a str>,
    /// Its name.
    pub(super) name: Option<&'a str>,
}

/// What is done with a row.
type Take<'t> = &'t mut dyn FnMut(Record<'_>, Place<'_>);

/// Hands on every row of an answer.
pub(super) fn rows(text: &str, take: Take<'_>) -> Result<FoundTotals, Refusal> {
    if text.starts_with('<') {
        return Err(page::classify(text).map_or_else(|said| said, |body| body.unexpected("`con`")));
    }
    if !text.starts_with('{') {
        return Err(plain::refusal(text));
    }
    if let Some((around, lists)) = cut(text)
        && let Ok(envelope) = serde_json::from_str::<Envelope<'_>>(&around)
        && envelope.con.is_list
        && envelope.con.list.is_empty()
    {
        let lists = lists.into_iter().map(Part::Escaped).collect();
        return each_part(&envelope, lists, take);
    }
    let mut envelope: Envelope<'_> = serde_json::from_str(text)
        .map_err(|error| unknown(format!("JSON that cannot be read: {error}")))?;
    let lists = std::mem::take(&mut envelope.con.list).into_iter();
    let lists = lists.map(|list| list.into_owned().map_or(Part::None, Part::Plain));
    let lists = lists.collect();
    each_part(&envelope, lists, take)
}

/// The list of one establishment.
enum Part<'a> {
    None,
    /// As JSON.
    Plain(String),
    /// As it stands in the answer, in its escapes.
    Escaped(&'a str),
}

/// The answer with an empty `con`, and what was in it; `None` if it does not have the portal's form. Inside a text
/// every quote has a backslash before it, so the first `]"` ends the list that ends with it.
fn cut(text: &str) -> Option<(String, Vec<&str>)> {
    let head = crate::text::head(text, HEAD);
    let begin = head.find(LISTS)? + LISTS.len() - 2;
    let mut lists = Vec::new();
    let mut at = begin;
    loop {
        let rest = text.get(at..)?.strip_prefix("\"[")?;
        let end = memchr::memchr_iter(b']', rest.as_bytes())
            .find(|end| rest.as_bytes().get(end + 1) == Some(&b'"'))?;
        let list = text.get(at + 1..at + 2 + end + 1)?;
        lists.push(list);
        at += list.len() + 2;
        let rest = text.get(at..)?;
        let behind = rest.trim_start();
        at += rest.len() - behind.len();
        if behind.starts_with(']') {
            break;
        }
        let behind = behind.strip_prefix(',')?;
        let next = behind.trim_start();
        at += 1 + behind.len() - next.len();
    }
    let around = [text.get(..begin)?, text.get(at..)?].concat();
    Some((around, lists))
}

fn each_part(
    envelope: &Envelope<'_>,
    parts: Vec<Part<'_>>,
    take: Take<'_>,
) -> Result<FoundTotals, Refusal> {
    if let Some(message) = envelope.Error.as_deref().or(envelope.errormsg.as_deref()) {
        return Err(match plain::refusal(message) {
            Refusal::Unknown { .. } => plain::error(message),
            said => said,
        });
    }
    if !envelope.con.is_list {
        return Err(match parts.into_iter().next() {
            Some(Part::Plain(words)) => plain::refusal(&words),
            _ => unknown("an answer without `con`"),
        });
    }
    let mut totals = FoundTotals {
        total: envelope.totRecords.as_deref().and_then(|n| n.parse().ok()),
        advocate: envelope
            .adv_name
            .as_deref()
            .map(|name| Advocate::read(&words(name))),
        ..FoundTotals::default()
    };
    for (at, part) in parts.into_iter().enumerate() {
        let at_place = |list: &Texts| Some(list.list.get(at)?.as_deref()?.to_owned());
        let code = at_place(&envelope.court_code);
        let name = at_place(&envelope.courtNameArr).map(|name| words(&name));
        let place = Place {
            code: code.as_deref(),
            name: name.as_deref(),
        };
        let rows = part_rows(&part, at, totals.rows, &mut |record| take(record, place))?;
        totals.rows += rows;
        totals
            .establishments
            .push(EstablishmentCount { code, name, rows });
    }
    totals.check().map_err(unknown)?;
    Ok(totals)
}

fn part_rows(
    part: &Part<'_>,
    at: usize,
    before: u64,
    take: &mut dyn FnMut(Record<'_>),
) -> Result<u64, Refusal> {
    let count = Cell::new(0_u64);
    let most = MOST_ROWS.saturating_sub(before);
    let unread = |error: serde_json::Error| {
        let rows = count.get();
        unknown(format!(
            "`con[{at}]` cannot be read after {rows} rows: {error}"
        ))
    };
    let list = match part {
        Part::None => return Ok(0),
        Part::Plain(list) => Cow::Borrowed(list.as_str()),
        Part::Escaped(list) => match escaped::each(list, &count, most, take) {
            Read::All => return Ok(count.get()),
            Read::Until(rest) => {
                let rest: String = serde_json::from_str(&format!("\"{rest}\"")).map_err(unread)?;
                Cow::Owned(format!("[{rest}"))
            }
        },
    };
    // A list may hold raw control characters as well.
    let list = if list.bytes().any(|b| b < b' ') {
        Cow::Owned(list.replace(|c: char| c.is_ascii_control(), " "))
    } else {
        list
    };
    if !list.trim_start().starts_with('[') {
        return Err(plain::refusal(&list));
    }
    record::each(&list, &count, most, take).map_err(unread)?;
    Ok(count.get())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_cut_out_where_they_stand() {
        let cut = |text: &str| {
            let (around, lists) = cut(text)?;
            let lists: Vec<String> = lists.into_iter().map(str::to_owned).collect();
            Some((around, lists))
        };
        let own = |lists: &[&str]| lists.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            cut(r#"{"con":["[{\"a\":\"x]\"}]" , "[]"],"n":"]"}"#),
            Some((
                r#"{"con":[],"n":"]"}"#.to_owned(),
                own(&[r#"[{\"a\":\"x]\"}]"#, "[]"])
            ))
        );
        assert_eq!(cut(r#"{"con":"Invalid Captcha"}"#), None);
        assert_eq!(cut(r#"{"con":["[ "],"n":1}"#), None);
        assert_eq!(cut(r#"{"con":["[]",null]}"#), None);
        assert_eq!(cut(r#"{"con":["[]"}"#), None);
    }
}

//! The Supreme Court's own search: by date of judgment, case number, diary number, party, judge.

use jiff::civil::Date;
use nirnay_model::{
    Advocate, Case, CasePortal, Choice, Field, NeutralCitation, Order, OrderLink, Party,
    PrintedCaseNumber, PrintedDate, Side,
};
use serde::Serialize;
use serde_json::Value;

use crate::body::{self, Body, unknown};
use crate::case_page::{printed, value};
use crate::flat::{Cell, Row, attribute, tables, words};
use crate::tags::tags;
use crate::{Refusal, Reply, date, json, text};

/// The form of a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SearchForm {
    /// The captcha's id.
    pub scid: String,
    /// The field that the page adds: its name begins with `tok_`.
    pub token: (String, String),
    /// The path of the captcha's picture.
    pub picture: String,
}

/// Reads the page of a search.
pub fn search_form(body: &[u8]) -> Reply<SearchForm> {
    form(body).into()
}

fn form(body: &[u8]) -> Result<SearchForm, Refusal> {
    let html = match body::classify(body)? {
        Body::Page(html) | Body::StartPage(html) => html,
        other => return Err(other.unexpected("the search form")),
    };
    let hex = |text: &str| {
        (4..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let (mut scid, mut token, mut picture) = (None, None, None);
    for tag in tags(&html) {
        if tag.opens("input") {
            let name = attribute(tag.text, "name").unwrap_or_default();
            let value = attribute(tag.text, "value").unwrap_or_default();
            if name == "scid" && scid.is_none() {
                scid = Some(value);
            } else if name.starts_with("tok_")
                && hex(name.get(4..).unwrap_or(""))
                && token.is_none()
            {
                token = Some((name, value));
            }
        } else if tag.opens("img") && picture.is_none() {
            picture = attribute(tag.text, "src").filter(|source| source.contains("_siwp_captcha"));
        }
    }
    let scid = scid
        .filter(|id| hex(id))
        .ok_or_else(|| unknown("the search form has no `scid`"))?;
    let token = token.ok_or_else(|| unknown("the search form has no `tok_…` field"))?;
    // The address is made from the id: a link to elsewhere in the page would not be followed.
    let picture = format!("/?_siwp_captcha&id={scid}");
    Ok(SearchForm {
        scid,
        token,
        picture,
    })
}

/// Reads what the form of a search lets one choose from: the options of the first `<select>` whose name or id holds
/// `field`. One without options is no list.
pub fn choices(body: &[u8], field: &str) -> Reply<Vec<Choice>> {
    options(body, field).into()
}

fn options(body: &[u8], field: &str) -> Result<Vec<Choice>, Refusal> {
    let html = match body::classify(body)? {
        Body::Page(html) | Body::StartPage(html) => html,
        other => return Err(other.unexpected("the search form")),
    };
    let mut out: Vec<Choice> = Vec::new();
    let mut inside = false;
    let mut open: Option<(String, usize)> = None;
    for tag in tags(&html) {
        let is = |name: &str| tag.name.eq_ignore_ascii_case(name);
        if !is("select") && !is("option") {
            continue;
        }
        if let Some((code, from)) = open.take() {
            let name = words(html.get(from..tag.start).unwrap_or(""));
            let is_one =
                !code.is_empty() && code != "0" && !name.to_lowercase().starts_with("select");
            if is_one && out.len() < 10_000 {
                out.push(Choice { code, name });
            }
        }
        if is("select") {
            if inside {
                break;
            }
            let named = |attr: &str| {
                attribute(tag.text, attr).is_some_and(|value| value.to_lowercase().contains(field))
            };
            inside = !tag.closing && (named("name") || named("id"));
        } else if inside && !tag.closing {
            let code = attribute(tag.text, "value").unwrap_or_default();
            open = Some((code.trim().to_owned(), tag.end()));
        }
    }
    if out.is_empty() {
        return Err(unknown(format!("the search form has no list of `{field}`")));
    }
    Ok(out)
}

/// Reads what a search found: one case a row, with its judgments and their translations as orders. "No records
/// found" is [`Refusal::NotFound`].
pub fn results(body: &[u8], today: Date) -> Reply<Vec<Case>> {
    read(body, today).into()
}

fn read(body: &[u8], today: Date) -> Result<Vec<Case>, Refusal> {
    let decoded = String::from_utf8_lossy(body);
    let trimmed = decoded
        .trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
        .trim_end();
    if trimmed.is_empty() {
        return Err(Refusal::Empty);
    }
    if !trimmed.starts_with('{') {
        // WordPress answers an action that it does not know with `0`.
        return Err(match body::classify(body) {
            Err(refusal) => refusal,
            Ok(body) => body.unexpected("`success`"),
        });
    }
    let value = json::parse(trimmed)
        .map_err(|error| unknown(format!("JSON that cannot be read: {error}")))?;
    let data = value.get("data").unwrap_or(&Value::Null);
    let html = match data {
        Value::String(html) => Some(html.as_str()),
        Value::Object(data) => data.get("resultsHtml").and_then(Value::as_str),
        _ => None,
    };
    if value.get("success").and_then(Value::as_bool) != Some(true) {
        let said = html.or_else(|| data.get("message").and_then(Value::as_str));
        return Err(said.map_or_else(|| unknown("`success` is not true"), said_no));
    }
    html.map_or_else(
        || Err(unknown("an answer without `resultsHtml`")),
        |html| rows(html, today),
    )
}

/// The words of a refusal.
fn said_no(html: &str) -> Refusal {
    let words = text::clip(&words(text::head(html, 4096)), 200);
    let lower = words.to_lowercase();
    if lower.contains("no record") || lower.contains("not found") {
        return Refusal::NotFound { message: words };
    }
    crate::message::spoken(&words)
}

/// Reads the table of results.
pub(super) fn rows(html: &str, today: Date) -> Result<Vec<Case>, Refusal> {
    let html = crate::flat::without_scripts(html);
    let tables = tables(&html).map_err(unknown)?;
    let mut out = Vec::new();
    let rows = tables.iter().flat_map(|table| &table.rows);
    for row in rows.filter(|row| row.tag.contains("data-diary-no")) {
        out.push(case(row, today));
    }
    if out.is_empty() {
        return Err(match said_no(&html) {
            Refusal::PortalError { message } => {
                unknown(format!("a table without cases: {message:?}"))
            }
            refusal => refusal,
        });
    }
    Ok(out)
}

fn case(row: &Row<'_>, today: Date) -> Case {
    let mut case = Case::new(CasePortal::Sci);
    case.court_name = Some("Supreme Court of India".to_owned());
    if let Some(diary) = attribute(row.tag, "data-diary-no").and_then(|text| value(&text)) {
        case.set_diary(&diary);
    }
    let number = row.text(2).and_then(|text| value(&text));
    case.number = number.as_deref().and_then(PrintedCaseNumber::read);
    case.case_type = case
        .number
        .as_ref()
        .and_then(|number| Some(number.parts.as_ref()?.case_type.clone()));
    let parts = |at: usize| row.cell(at).map(Cell::lines).unwrap_or_default();
    case.parties = sides(&parts(3), &parts(4));
    case.title = row.cell(3).and_then(|cell| value(&cell.words()));
    // The judges' cell of old rows has a cell of its own in it, and there is none that says who wrote.
    let width = row.cells.len();
    if width == 7 {
        case.judges = names(&parts(5));
        case.coram = value(&case.judges.join(", "));
    }
    if width >= 8 {
        case.judges = names(&parts(5));
        case.coram = value(&case.judges.join(", "));
        if let Some(by) = row.text(6).and_then(|text| value(&text)) {
            case.fields.push(Field {
                label: "Judgment By".to_owned(),
                value: by,
            });
        }
    } else {
        case.flags.push(format!("row_of_{width}_cells"));
    }
    if let Some(cell) = row.cells.last() {
        case.orders = documents(cell);
    }
    let dates = case.orders.iter().filter_map(|order| order.date.as_ref());
    case.decided = dates.into_iter().next().cloned();
    judged(&mut case);
    if case
        .decided
        .as_ref()
        .and_then(|date| date.date)
        .is_some_and(|day| !date::is_possible(day, date::FIRST, today))
    {
        case.flags.push("impossible_date".to_owned());
    }
    case
}

/// Gives the judgment of a row its judges: a case has several rows, and each its own bench.
fn judged(case: &mut Case) {
    let by = case.fields.first().map(|field| field.value.clone());
    let Some(judge) = case.coram.clone().or(by) else {
        return;
    };
    let decided = case.decided.as_ref().and_then(|date| date.date);
    for order in &mut case.orders {
        let day = order.date.as_ref().and_then(|date| date.date);
        if day.is_none() || day == decided {
            order.judge = Some(judge.clone());
        }
    }
}

fn names(lines: &[String]) -> Vec<String> {
    let is_name =
        |line: &&String| value(line).is_some() && line.bytes().any(|b| b.is_ascii_alphabetic());
    lines.iter().filter(is_name).cloned().collect()
}

/// `P`, `VS`, `R`; the advocates beside them, parted by a line that is a rule.
fn sides(lines: &[String], advocates: &[String]) -> Vec<Party> {
    let is_versus = |line: &String| {
        let word = line.trim_end_matches('.');
        word.eq_ignore_ascii_case("vs") || word.eq_ignore_ascii_case("versus")
    };
    let Some(at) = lines.iter().position(is_versus) else {
        return Vec::new();
    };
    let rule = advocates
        .iter()
        .position(|line| line.chars().all(|c| matches!(c, '_' | '-' | ' ')));
    let (first, second) = match rule {
        Some(rule) => (advocates.get(..rule), advocates.get(rule + 1..)),
        None => (None, None),
    };
    let party = |side, names: Option<&[String]>, advocates: Option<&[String]>| {
        let name = names?.join(" ");
        if name.is_empty() {
            return None;
        }
        let mut party = Party::new(side, name);
        let printed = advocates.unwrap_or_default().join(", ");
        party.advocates_printed = value(&printed);
        party.advocates = advocates
            .unwrap_or_default()
            .iter()
            .map(|name| Advocate::read(name))
            .collect();
        Some(party)
    };
    let one = party(Side::Petitioner, lines.get(..at), first);
    let two = party(Side::Respondent, lines.get(at + 1..), second);
    one.into_iter().chain(two).collect()
}

/// The links of a row: `02-01-2024(English)`, or a neutral citation, or nothing.
fn documents(cell: &Cell<'_>) -> Vec<Order> {
    let html = cell.html;
    let links: Vec<_> = tags(html)
        .filter(|tag| tag.name.eq_ignore_ascii_case("a"))
        .take(256)
        .collect();
    let mut out = Vec::new();
    for (at, link) in links.iter().enumerate().filter(|(_, link)| !link.closing) {
        let end = links.get(at + 1).map_or(html.len(), |next| next.start);
        let label = words(html.get(link.end()..end).unwrap_or(""));
        let address = attribute(link.text, "href").unwrap_or_default();
        let address = address.trim();
        let path = address.split_once("://").map_or(address, |(_, rest)| {
            rest.split_once('/').map_or("", |(_, path)| path)
        });
        if path.is_empty() || label.is_empty() {
            continue;
        }
        let found = document(&label, address);
        let same = out.iter_mut().find(|known| said_together(known, &found));
        match same {
            Some(known) => complete(known, found),
            None => out.push(found),
        }
    }
    out
}

/// Whether two links are one document: the address is the same, and neither says what the other says otherwise. The
/// page links a judgment by its day, and once more by its neutral citation.
fn said_together(one: &Order, other: &Order) -> bool {
    fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
        one.is_none() || other.is_none() || one == other
    }
    one.link == other.link
        && agree(one.date.as_ref(), other.date.as_ref())
        && agree(one.language.as_ref(), other.language.as_ref())
        && agree(
            one.neutral_citation_printed.as_ref(),
            other.neutral_citation_printed.as_ref(),
        )
}

fn complete(known: &mut Order, found: Order) {
    known.date = known.date.take().or(found.date);
    known.language = known.language.take().or(found.language);
    let printed = &mut known.neutral_citation_printed;
    *printed = printed.take().or(found.neutral_citation_printed);
    known.neutral_citation = known.neutral_citation.take().or(found.neutral_citation);
}

fn document(label: &str, address: &str) -> Order {
    let (date, language) = match label.split_once('(') {
        Some((date, language)) => (date.trim(), value(language.trim_end_matches([')', ' ']))),
        None => (label.trim(), None),
    };
    let day = date::any(date);
    let citation = day
        .is_none()
        .then(|| label.parse::<NeutralCitation>().ok())
        .flatten();
    Order {
        number: None,
        on: None,
        date: day.map(|day| PrintedDate {
            printed: date.to_owned(),
            date: Some(day),
        }),
        kind: None,
        judge: None,
        neutral_citation_printed: day.is_none().then(|| label.to_owned()),
        neutral_citation: citation,
        language: day.and(language),
        link: Some(OrderLink::Address(address.to_owned())),
    }
}

/// The day of a document: where several lie in a row, each file's name has its own; old names have none.
fn dated(path: &str, decided: Option<&PrintedDate>) -> Option<PrintedDate> {
    let name = path.trim_end_matches(".pdf").rsplit('_').next();
    let named = name.and_then(|name| Some((name, date::named_month(name)?)));
    match named {
        Some((name, day)) if decided.is_none_or(|decided| decided.date != Some(day)) => {
            Some(PrintedDate {
                printed: name.to_owned(),
                date: Some(day),
            })
        }
        _ => decided.cloned(),
    }
}

/// One row of the listing of the court's mobile application.
pub(super) fn mobile_case(
    row: &serde_json::Map<String, Value>,
    today: Date,
) -> Result<Case, String> {
    let text = |key: &str| match row.get(key) {
        Some(Value::String(text)) => value(&words(text)),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let mut case = Case::new(CasePortal::Sci);
    case.court_name = Some("Supreme Court of India".to_owned());
    if let Some(diary) = text("diary_no") {
        case.set_diary(&diary.replacen('-', "/", 1));
    }
    case.number = text("case_no").as_deref().and_then(PrintedCaseNumber::read);
    case.case_type = case
        .number
        .as_ref()
        .and_then(|number| Some(number.parts.as_ref()?.case_type.clone()));
    let party = |side, name: &str, advocate: &str| {
        let mut party = Party::new(side, text(name)?);
        party.advocates_printed = text(advocate);
        party.advocates = party
            .advocates_printed
            .as_deref()
            .map(Advocate::list)
            .unwrap_or_default();
        Some(party)
    };
    let first = party(Side::Petitioner, "pet", "pet_adv");
    let second = party(Side::Respondent, "res", "res_adv");
    case.parties = first.into_iter().chain(second).collect();
    case.coram = text("bench");
    let bench = case
        .coram
        .as_deref()
        .unwrap_or("")
        .split(',')
        .map(|name| name.trim().to_owned());
    case.judges = names(&bench.collect::<Vec<_>>());
    case.decided = text("judgment_dates").as_deref().and_then(printed);
    let kind = text("Judgement_type");
    if let Some(by) = text("judgement_by") {
        case.fields.push(Field {
            label: "Judgment By".to_owned(),
            value: by,
        });
    }
    for link in text("temp_link").unwrap_or_default().split('|') {
        let (path, language) = link.trim().split_once('(').unwrap_or((link.trim(), ""));
        let Some(path) = value(path) else { continue };
        case.orders.push(Order {
            number: None,
            on: None,
            date: dated(&path, case.decided.as_ref()),
            kind: kind.clone(),
            judge: None,
            neutral_citation_printed: None,
            neutral_citation: None,
            language: value(language.trim_end_matches([')', ' '])),
            link: Some(OrderLink::Address(format!("https://api.sci.gov.in/{path}"))),
        });
    }
    judged(&mut case);
    let is_numbered = case.diary_number.is_some() || case.number.is_some();
    if !is_numbered && case.parties.is_empty() && case.orders.is_empty() {
        return Err("a row without numbers, parties and judgments".to_owned());
    }
    if case
        .decided
        .as_ref()
        .and_then(|date| date.date)
        .is_some_and(|day| !date::is_possible(day, date::FIRST, today))
    {
        case.flags.push("impossible_date".to_owned());
    }
    Ok(case)
}

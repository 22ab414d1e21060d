//! Searches: an envelope whose `con` holds one JSON text for each establishment, read record by record.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use nirnay_model::{
    Advocate, Case, CasePortal, CauseListEntry, Field, Party, PrintedCaseNumber, Side,
};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, SeqAccess, Visitor};

use super::plain;
use super::value::{Text, Texts};
use crate::body::unknown;
use crate::flat::{tables, words};
use crate::found::{CasesFound, CauseListFound, EstablishmentCount, FoundTotals};
use crate::{Refusal, Reply, case_page, page, text};

/// No search gives more rows; an advocate's cases are some ten thousand.
const MOST_ROWS: u64 = 2_000_000;

#[derive(Deserialize)]
#[expect(non_snake_case, reason = "the portal's own names")]
struct Envelope {
    #[serde(default)]
    con: Texts,
    #[serde(default)]
    totRecords: Text,
    #[serde(default)]
    courtNameArr: Texts,
    #[serde(default)]
    court_code: Texts,
    #[serde(default)]
    adv_name: Text,
    #[serde(default)]
    Error: Text,
    #[serde(default)]
    errormsg: Text,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Record {
    cino: Text,
    case_no: Text,
    case_no2: Text,
    case_year: Text,
    case_type: Text,
    type_name: Text,
    pet_name: Text,
    res_name: Text,
    lpet_name: Text,
    lres_name: Text,
    party_name1: Text,
    party_name2: Text,
    adv_name1: Text,
    adv_name2: Text,
    date_of_decision: Text,
    orderurlpath: Text,
    court_no: Text,
    todays_date: Text,
    date_next_list: Text,
    purpose_name: Text,
    judgename: Text,
    desgname: Text,
}

/// Reads every case of a search, of all establishments.
pub fn cases(body: &[u8]) -> Reply<CasesFound> {
    let mut cases = Vec::new();
    let totals = each_case(body, |case| cases.push(case));
    totals
        .into_result()
        .map(|totals| CasesFound { cases, totals })
        .into()
}

/// Hands every case of a search to `take`, one after the other: of a reply with tens of thousands of rows no
/// second copy is made. What was handed on before a refusal does not count.
pub fn each_case(body: &[u8], mut take: impl FnMut(Case)) -> Reply<FoundTotals> {
    let text = plain::text_of(body);
    let found = text.and_then(|text| {
        if text.starts_with('<') && text.contains("<table") {
            table_cases(&text, &mut take)
        } else {
            read(text, |record, place| take(case(&record, place)))
        }
    });
    found.into()
}

/// The older form: a table of cases.
fn table_cases(html: &str, take: &mut dyn FnMut(Case)) -> Result<FoundTotals, Refusal> {
    let tables = tables(html).map_err(unknown)?;
    let mut totals = FoundTotals::default();
    let mut found = false;
    for table in tables.iter().filter(|table| case_page::has_cases(table)) {
        found = true;
        let rows = &mut totals.rows;
        case_page::case_rows(table, CasePortal::HcServices, |case| {
            *rows += 1;
            take(case);
        })
        .map_err(unknown)?;
    }
    if !found {
        return Err(page::classify(html).map_or_else(|said| said, |body| body.unexpected("`con`")));
    }
    // The page of the search form has such a table as well, and no row in it.
    if totals.rows == 0 {
        return Err(page::classify(html).map_or_else(|said| said, |body| body.unexpected("`con`")));
    }
    totals.check().map_err(unknown)?;
    Ok(totals)
}

/// Reads an advocate's cause list of a day.
pub fn advocate_cause_list(body: &[u8]) -> Reply<CauseListFound> {
    let mut entries = Vec::new();
    let text = plain::text_of(body);
    let totals = text.and_then(|text| read(text, |record, _| entries.push(entry(record))));
    totals
        .map(|totals| CauseListFound { entries, totals })
        .into()
}

/// Where a record comes from.
#[derive(Clone, Copy)]
struct Place<'a> {
    code: Option<&'a str>,
    name: Option<&'a str>,
}

fn read(
    text: Cow<'_, str>,
    mut take: impl FnMut(Record, Place<'_>),
) -> Result<FoundTotals, Refusal> {
    if text.starts_with('<') {
        return Err(page::classify(&text).map_or_else(|said| said, |body| body.unexpected("`con`")));
    }
    if !text.starts_with('{') {
        return Err(plain::refusal(&text));
    }
    let envelope: Envelope = serde_json::from_str(&text)
        .map_err(|error| unknown(format!("JSON that cannot be read: {error}")))?;
    // The envelope holds the texts of all establishments; the body is not needed any more.
    drop(text);
    envelope_rows(envelope, &mut take)
}

fn envelope_rows(
    envelope: Envelope,
    take: &mut dyn FnMut(Record, Place<'_>),
) -> Result<FoundTotals, Refusal> {
    if let Some(message) = envelope.Error.as_deref().or(envelope.errormsg.as_deref()) {
        return Err(match plain::refusal(message) {
            Refusal::Unknown { .. } => plain::error(message),
            said => said,
        });
    }
    if !envelope.con.is_list {
        return Err(match envelope.con.list.first().and_then(Text::as_deref) {
            Some(words) => plain::refusal(words),
            None => unknown("an answer without `con`"),
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
    for (at, part) in envelope.con.list.into_iter().enumerate() {
        let at_place = |list: &Texts| list.list.get(at).and_then(|text| text.0.clone());
        let code = at_place(&envelope.court_code);
        let name = at_place(&envelope.courtNameArr).map(|name| words(&name));
        let place = Place {
            code: code.as_deref(),
            name: name.as_deref(),
        };
        let rows = match part.0 {
            None => 0,
            Some(part) => part_rows(&part, at, totals.rows, &mut |record| take(record, place))?,
        };
        totals.rows += rows;
        totals
            .establishments
            .push(EstablishmentCount { code, name, rows });
    }
    totals.check().map_err(unknown)?;
    Ok(totals)
}

fn part_rows(
    part: &str,
    at: usize,
    before: u64,
    take: &mut dyn FnMut(Record),
) -> Result<u64, Refusal> {
    // A part may hold raw control characters as well.
    let clean;
    let part = if part.bytes().any(|b| b < b' ') {
        clean = part.replace(|c: char| c.is_ascii_control(), " ");
        clean.as_str()
    } else {
        part
    };
    if !part.trim_start().starts_with('[') {
        return Err(plain::refusal(part));
    }
    let count = RefCell::new(0_u64);
    let mut deserializer = serde_json::Deserializer::from_str(part);
    let rows = Rows {
        take,
        count: &count,
        room: MOST_ROWS.saturating_sub(before),
    };
    let read = rows
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end());
    read.map_err(|error| {
        let row = count.borrow();
        unknown(format!(
            "`con[{at}]` cannot be read after {row} rows: {error}"
        ))
    })?;
    Ok(count.into_inner())
}

/// Hands on the records of a list as they are read.
struct Rows<'a> {
    take: &'a mut dyn FnMut(Record),
    count: &'a RefCell<u64>,
    room: u64,
}

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        while let Some(record) = access.next_element::<Record>()? {
            if *self.count.borrow() >= self.room {
                return Err(serde::de::Error::custom("more rows than any search has"));
            }
            *self.count.borrow_mut() += 1;
            (self.take)(record);
        }
        while access.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

fn case(record: &Record, place: Place<'_>) -> Case {
    let mut case = Case::new(CasePortal::HcServices);
    case.set_cnr(record.cino.as_deref().unwrap_or(""));
    case.court_name = place.name.map(str::to_owned);
    case.court_code = place.code.map(str::to_owned);
    case.portal_key.clone_from(&record.case_no.0);
    case.case_type = record.type_name.as_deref().map(words);
    case.case_type_code.clone_from(&record.case_type.0);
    case.number = number(record);
    if case.number.is_none() {
        case.flags.push("case_number_unread".to_owned());
    }
    case.parties = parties(record);
    case.decided = record
        .date_of_decision
        .as_deref()
        .and_then(case_page::printed);
    for (label, value) in [
        ("orderurlpath", &record.orderurlpath),
        ("party_name1", &record.party_name1),
        ("party_name2", &record.party_name2),
    ] {
        // `N` says that no other party matched.
        if let Some(value) = value.as_deref().filter(|value| *value != "N") {
            case.fields.push(Field {
                label: label.to_owned(),
                value: text::clip(value, 2000),
            });
        }
    }
    case
}

/// Type, number and year; number and year of the fifteen digits where they are not given apart.
fn number(record: &Record) -> Option<PrintedCaseNumber> {
    let key = record
        .case_no
        .as_deref()
        .filter(|key| key.len() == 15 && key.is_ascii());
    let of_key = |from: usize, to: usize| key.and_then(|key| key.get(from..to));
    let number = record.case_no2.as_deref().or_else(|| of_key(4, 11))?;
    let year = record.case_year.as_deref().or_else(|| of_key(11, 15))?;
    let case_type = words(record.type_name.as_deref()?);
    Some(PrintedCaseNumber::of_parts(
        &case_type,
        number.parse().ok()?,
        year.parse().ok()?,
    ))
}

fn parties(record: &Record) -> Vec<Party> {
    let party = |side, name: &Text, local: &Text, advocate: &Text| {
        let mut party = Party::new(side, words(name.as_deref()?));
        party.local_name = local.as_deref().map(words);
        party.advocates_printed = advocate.as_deref().map(words);
        if let Some(printed) = &party.advocates_printed {
            party.advocates = Advocate::list(printed);
        }
        Some(party)
    };
    let first = party(
        Side::Petitioner,
        &record.pet_name,
        &record.lpet_name,
        &record.adv_name1,
    );
    let second = party(
        Side::Respondent,
        &record.res_name,
        &record.lres_name,
        &record.adv_name2,
    );
    first.into_iter().chain(second).collect()
}

fn entry(record: Record) -> CauseListEntry {
    let mut entry = CauseListEntry::new(CasePortal::HcServices);
    entry.cnr = record.cino.as_deref().and_then(|cnr| cnr.parse().ok());
    entry.number = number(&record);
    entry.case_type = record.type_name.as_deref().map(words);
    entry.parties = parties(&record);
    entry.judge = record.judgename.as_deref().map(words);
    entry.designation = record.desgname.as_deref().map(words);
    entry.purpose = record.purpose_name.as_deref().map(words);
    entry.listed = record
        .date_next_list
        .as_deref()
        .and_then(case_page::printed);
    entry.business = record.todays_date.as_deref().and_then(case_page::printed);
    entry.portal_key = record.case_no.0;
    entry.court = record.court_no.0;
    entry
}

//! Searches: an envelope whose `con` holds one JSON text for each establishment, read record by record.

use nirnay_model::{
    Advocate, Case, CasePortal, CauseListEntry, Field, Party, PrintedCaseNumber, Side,
};

use super::envelope::{Place, rows};
use super::plain;
use super::record::Record;
use super::value::Text;
use crate::body::unknown;
use crate::flat::{tables, words};
use crate::found::{CasesFound, CauseListFound, FoundTotals};
use crate::{Refusal, Reply, case_page, page, text};

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
            rows(&text, &mut |record, place| take(case(record, place)))
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
    let totals = text.and_then(|text| rows(&text, &mut |record, _| entries.push(entry(record))));
    totals
        .map(|totals| CauseListFound { entries, totals })
        .into()
}

fn case(record: Record<'_>, place: Place<'_>) -> Case {
    let mut case = Case::new(CasePortal::HcServices);
    case.set_cnr(record.cino.as_deref().unwrap_or(""));
    case.court_name = place.name.map(str::to_owned);
    case.court_code = place.code.map(str::to_owned);
    case.case_type = record.type_name.as_deref().map(words);
    case.number = number(&record, case.case_type.as_deref());
    if case.number.is_none() {
        case.flags.push("case_number_unread".to_owned());
    }
    case.parties = parties(&record);
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
    case.portal_key = record.case_no.into_owned();
    case.case_type_code = record.case_type.into_owned();
    case
}

/// Type, number and year; number and year of the fifteen digits where they are not given apart.
fn number(record: &Record<'_>, case_type: Option<&str>) -> Option<PrintedCaseNumber> {
    let key = record
        .case_no
        .as_deref()
        .filter(|key| key.len() == 15 && key.is_ascii());
    let of_key = |from: usize, to: usize| key.and_then(|key| key.get(from..to));
    let number = record.case_no2.as_deref().or_else(|| of_key(4, 11))?;
    let year = record.case_year.as_deref().or_else(|| of_key(11, 15))?;
    Some(PrintedCaseNumber::of_parts(
        case_type?,
        number.parse().ok()?,
        year.parse().ok()?,
    ))
}

fn parties(record: &Record<'_>) -> Vec<Party> {
    let party = |side, name: &Text<'_>, local: &Text<'_>, advocate: &Text<'_>| {
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
    let mut parties = Vec::with_capacity(2);
    parties.extend(first);
    parties.extend(second);
    parties
}

fn entry(record: Record<'_>) -> CauseListEntry {
    let mut entry = CauseListEntry::new(CasePortal::HcServices);
    entry.cnr = record.cino.as_deref().and_then(|cnr| cnr.parse().ok());
    entry.case_type = record.type_name.as_deref().map(words);
    entry.number = number(&record, entry.case_type.as_deref());
    entry.parties = parties(&record);
    entry.judge = record.judgename.as_deref().map(words);
    entry.designation = record.desgname.as_deref().map(words);
    entry.purpose = record.purpose_name.as_deref().map(words);
    entry.listed = record
        .date_next_list
        .as_deref()
        .and_then(case_page::printed);
    entry.business = record.todays_date.as_deref().and_then(case_page::printed);
    entry.portal_key = record.case_no.into_owned();
    entry.court = record.court_no.into_owned();
    entry
}

//! Searches by number and by party.

use crate::cases::{DISTRICTS, Key, establishments};
use crate::district::{action, error, reply, seats, table};
use crate::fault::FaultKind;
use crate::judgments;
use crate::log::{Outcome, SearchLog};
use crate::reply::Reply;
use crate::world::{State, Visit, World};

/// Answers a search.
pub(super) fn answer(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let place = judgments::current(state, visit).is_some_and(|session| session.placed);
    if !place {
        return error(
            state,
            visit,
            Outcome::Refused,
            "Court Complex is required..!",
        );
    }
    let number = action(visit.request) == "casestatus/submitCaseNo";
    let found = if number {
        by_number(world, visit)
    } else {
        by_party(world, state, visit)
    };
    let mut keys = match found {
        Ok(keys) => keys,
        Err(why) => return error(state, visit, Outcome::Refused, why),
    };
    let total = keys.len() as u64;
    trouble(visit, &mut keys);
    let body = &visit.request.body;
    visit.notes.search = Some(SearchLog {
        court: body.said("court_complex_code").unwrap_or("").to_owned(),
        from: action(visit.request).to_owned(),
        to: body
            .said("rgyear")
            .or(body.said("rgyearP"))
            .unwrap_or("")
            .to_owned(),
        start: 0,
        length: 0,
        total,
        sent: keys.len() as u64,
    });
    let html = table::cases(world, state, visit, &keys);
    let key = if number { "case_data" } else { "party_data" };
    reply(state, visit, &[(key, &html)])
}

/// What faults do to the rows found.
pub(super) fn trouble(visit: &Visit<'_>, keys: &mut Vec<Key>) {
    let Some(fault) = &visit.fault else { return };
    match fault.rule.kind {
        FaultKind::EmptyResult => keys.clear(),
        FaultKind::ShortPage => {
            let less = fault.n(1).max(0) as usize;
            keys.truncate(keys.len().saturating_sub(less));
        }
        FaultKind::DuplicateRow => {
            let first = keys.first().copied();
            keys.splice(0..0, first);
        }
        FaultKind::RowFlood => {
            let most = fault.n(50_000).max(0) as usize;
            let more = most.saturating_sub(keys.len());
            let own = keys.clone();
            keys.extend(own.into_iter().cycle().take(more));
        }
        _ => {}
    }
}

/// The cases with the number in a form: kind (with its establishment), number, year.
pub(super) fn by_number(world: &World, visit: &Visit<'_>) -> Result<Vec<Key>, &'static str> {
    let body = &visit.request.body;
    // The page sends it twice; either alone is refused.
    let sent = body.said("search_case_no").and(body.said("case_no"));
    let number: u32 = sent
        .and_then(|n| n.parse().ok())
        .ok_or("Case Number is required..!")?;
    let year = body.said("rgyear").and_then(|year| year.parse().ok());
    let year: u16 = year.ok_or("Year is required..!")?;
    let kind = body.said("case_type").ok_or("Case Type is required..!")?;
    let (kind, code) = kind.split_once('^').unwrap_or((kind, ""));
    let of_code = |seat: &u16| {
        let place = establishments().get(usize::from(seat - DISTRICTS));
        place.is_some_and(|place| code.is_empty() || place.code.to_string() == code)
    };
    let all = seats(visit);
    let keys = all
        .iter()
        .filter(|seat| of_code(seat))
        .flat_map(|seat| world.cases.of_year(*seat, year));
    Ok(keys
        .copied()
        .filter(|key| {
            let (own, count) = world.cases.number(*key);
            own.code.to_string() == kind && count == number
        })
        .collect())
}

fn by_party(world: &World, state: &State, visit: &Visit<'_>) -> Result<Vec<Key>, &'static str> {
    let body = &visit.request.body;
    let name = body.said("petres_name").unwrap_or("").to_uppercase();
    if name.chars().count() < 3 {
        return Err("Petitioner/Respondent name should be at least 3 characters..!");
    }
    let year = body.said("rgyearP").and_then(|year| year.parse().ok());
    let year: u16 = year.ok_or("Year is required..!")?;
    let disposed = match body.said("case_status") {
        Some("Both") => None,
        Some("Disposed") => Some(true),
        Some("Pending") => Some(false),
        _ => return Err("Case Status is required..!"),
    };
    let today = world.case_day(state);
    let all = seats(visit);
    let keys = all
        .iter()
        .flat_map(|seat| world.cases.of_year(*seat, year))
        .copied();
    Ok(keys
        .filter(|key| {
            let fits = disposed.is_none_or(|is| world.cases.is_disposed(*key, today) == is);
            fits && world.cases.has_party(*key, &name)
        })
        .collect())
}

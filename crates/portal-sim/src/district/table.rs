//! Tables of cases and cause lists.

use std::fmt::Write as _;

use crate::cases::{DISTRICTS, Key, establishments};
use crate::day;
use crate::district::{action, error, reply, seats};
use crate::log::{Outcome, SearchLog};
use crate::markup::escape;
use crate::reply::Reply;
use crate::site::Site;
use crate::trouble;
use crate::world::{State, Visit, World};

/// What stands in the place of a table without rows.
pub(super) const NOTHING: &str = "<div class='text-center text-danger'>Record not found</div>";

/// The table of a case search: rows in groups, one for each establishment.
pub(super) fn cases(world: &World, state: &State, visit: &Visit<'_>, keys: &[Key]) -> String {
    if keys.is_empty() {
        return NOTHING.to_owned();
    }
    let mut groups: Vec<(u16, Vec<Key>)> = Vec::new();
    for key in keys {
        match groups.last_mut() {
            Some((seat, group)) if *seat == key.seat => group.push(*key),
            _ => groups.push((key.seat, vec![*key])),
        }
    }
    let kind = match action(visit.request) {
        "casestatus/submitPartyName" => "CSpartyName",
        _ => "CScaseNumber",
    };
    let (mut rows, mut serial) = (String::new(), 0);
    for (seat, group) in &groups {
        let Some(place) = establishments().get(usize::from(seat - DISTRICTS)) else {
            continue;
        };
        let name = escape(&place.name);
        // The older form has a stray cell.
        if place.state.code.is_multiple_of(2) {
            write!(
                rows,
                "<tr><th colspan='3' scope='colgroup' id='td_court_name_{}'>{name}</th></tr>",
                place.code
            )
            .ok();
        } else {
            write!(
                rows,
                "<tr><td colspan=3 id='td_court_name_{}'>{name}<td></tr>",
                place.code
            )
            .ok();
        }
        for key in group {
            serial += 1;
            rows.push_str(&case_row(world, state, *key, serial, kind));
        }
    }
    format!(
        "<div class='col border-top pt-1' id='showList2'><div class='courtsDiv'><h3 class='h2class' id='courtSummary'>\
         Total Number of Establishments in Court Complex : {} | Total number of cases : {}</h3></div></div>\
         <table id='dispTable' class='table table-fixed table-bordered table-responsive mt-2'><thead><tr>\
         <th class='col-1'>Sr No</th><th class='col-2'>Case Type/Case Number/Case Year</th>\
         <th class='col-2'>Petitioner Name versus Respondent Name</th><th class='col-2'>View</th></tr></thead>\
         <tbody>{rows}</tbody></table>",
        groups.len(),
        keys.len()
    )
}

fn case_row(world: &World, state: &State, key: Key, serial: usize, kind: &str) -> String {
    let (case_type, number) = world.cases.number(key);
    let (petitioner, respondent) = world.cases.names(key);
    let petitioner = state
        .hostile_case(Site::DistrictCourts, key)
        .unwrap_or_else(|| escape(&petitioner));
    let place = crate::cases::CaseBook::place(key.seat);
    let code = |at: usize| place.get(at).cloned().unwrap_or_default();
    format!(
        "<tr><td>{serial}</td><td>{}/{number}/{}</td><td>{petitioner}<br>Vs</br>{}</td>\
         <td><a class='someclass' href='#' onClick=\"viewHistory({},'{}',{},'','CScaseNumber',{},{},{},'{kind}')\">View</a></td></tr>",
        escape(&case_type.name),
        key.year,
        escape(&respondent),
        crate::cases::long_number(&case_type, number, key.year),
        world.cases.cnr(key),
        code(3),
        code(0),
        code(1),
        code(2),
    )
}

/// `cause_list/submitCauseList`.
pub(super) fn cause_list(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let body = &visit.request.body;
    if body.said("court_name_txt").is_none() {
        return error(state, visit, Outcome::Refused, "Court Name is required..!");
    }
    let Some(date) = body.said("causelist_date").and_then(day::read_dashed) else {
        return error(
            state,
            visit,
            Outcome::Refused,
            "Cause List Date is required..!",
        );
    };
    let criminal = body.said("cicri") == Some("cri");
    let wanted = body.said("CL_court_no").unwrap_or("").to_owned();
    let (room, code) = wanted.split_once('@').unwrap_or((&wanted, ""));
    let room: u16 = room.parse().unwrap_or(0);
    let all = seats(visit);
    let of_code = |seat: &u16| {
        let place = establishments().get(usize::from(seat - DISTRICTS));
        place.is_some_and(|place| code.is_empty() || place.code.to_string() == code)
    };
    let fits = |key: &&Key| {
        world.cases.courtroom(**key) == room
            && world.cases.number(**key).0.is_criminal() == criminal
            && world.cases.sits(**key, date)
    };
    let listed: Vec<Key> = all
        .iter()
        .filter(|seat| of_code(seat))
        .flat_map(|seat| world.cases.keys(*seat))
        .filter(fits)
        .copied()
        .collect();
    let mut listed: Vec<(u32, Key)> = (1..).zip(listed).collect();
    trouble::of_list(visit.fault.as_ref(), &mut listed);
    let mut rows = String::new();
    for (serial, key) in &listed {
        let file = world.cases.file(*key, day::number(date) - 1);
        let advocates: Vec<String> = file
            .petitioners
            .iter()
            .flat_map(|party| &party.advocates)
            .map(|advocate| escape(&advocate.name))
            .collect();
        let name = |parties: &[crate::cases::Party]| {
            escape(parties.first().map_or("", |party| party.name.as_str()))
        };
        let code = |at: usize| file.place.get(at).map_or("", String::as_str);
        write!(
            rows,
            "<tr><td>{serial}</td><td><a href='#' onClick=\"viewHistory({},'{}',{},'','CLcauselist',{},{},{},'CLcauselist')\">{}</a></td>\
             <td><strong>{}</strong><br>vs<br><strong>{}</strong></td><td>{}</td><td>Court No. {room}</td><td>{}</td></tr>",
            file.long_number(),
            file.cnr,
            code(3),
            code(0),
            code(1),
            code(2),
            escape(&file.title_number()),
            name(&file.petitioners),
            name(&file.respondents),
            advocates.join(", "),
            escape(&file.judges.join(", ")),
        )
        .ok();
    }
    visit.notes.search = Some(SearchLog {
        court: format!("{all:?}"),
        from: day::dashed(date),
        to: day::dashed(date),
        start: 0,
        length: 0,
        total: listed.len() as u64,
        sent: listed.len() as u64,
    });
    if rows.is_empty() {
        return reply(state, visit, &[("causelist_data", NOTHING)]);
    }
    let table = format!(
        "<table class='table table-striped' id='causeList'><thead><tr><th>Sr No</th><th>Case Number</th>\
         <th>Petitioner vs Respondent</th><th>Advocate</th><th>Court No</th><th>Judge</th></tr></thead>\
         <tbody>{rows}</tbody></table>"
    );
    reply(state, visit, &[("causelist_data", &table)])
}

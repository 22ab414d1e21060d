//! Cause lists: a table of files, one for each courtroom.

use std::fmt::Write as _;

use crate::cases::{CaseFile, Key, document};
use crate::day;
use crate::hcservices::token::{self, Meant};
use crate::hcservices::{benches, error_val, marked, refused};
use crate::log::{Outcome, SearchLog};
use crate::markup::escape;
use crate::pdf::Line;
use crate::reply::Reply;
use crate::trouble;
use crate::world::{Visit, World};

/// The cases of a bench that sit on a day in one of its courtrooms, or in all.
fn sitting(world: &World, seat: u16, on: i32, criminal: bool, room: Option<u16>) -> Vec<Key> {
    let date = day::from_number(on);
    let fits = |key: &Key| {
        world.cases.number(*key).0.is_criminal() == criminal
            && room.is_none_or(|room| world.cases.courtroom(*key) == room)
            && world.cases.sits(*key, date)
    };
    world
        .cases
        .keys(seat)
        .iter()
        .copied()
        .filter(fits)
        .collect()
}

/// Answers `showCauseList`.
pub(super) fn table(world: &World, visit: &mut Visit<'_>) -> Reply {
    let body = &visit.request.body;
    let code = |name: &str| body.said(name).unwrap_or("").to_owned();
    let criminal = match body.said("flag") {
        Some("civ_t") => false,
        Some("cri_t") => true,
        _ => return error_val(visit, "no side"),
    };
    let Some(date) = body.said("causelist_date").and_then(day::read_dashed) else {
        return error_val(visit, "no date");
    };
    let (state, bench) = (code("state_code"), code("court_code"));
    let Some(bench) = benches::bench_at(&state, &bench) else {
        return error_val(visit, "no such bench");
    };
    let on = day::number(date);
    let keys = bench
        .seat
        .map_or_else(Vec::new, |seat| sitting(world, seat, on, criminal, None));
    let mut rooms: Vec<u16> = keys.iter().map(|key| world.cases.courtroom(*key)).collect();
    rooms.sort_unstable();
    rooms.dedup();
    let mut rooms: Vec<(u32, u16)> = (1..).zip(rooms).collect();
    trouble::of_list(visit.fault.as_ref(), &mut rooms);
    visit.notes.search = Some(SearchLog {
        court: format!("{state}/{}", bench.code),
        from: day::dashed(date),
        to: day::dashed(date),
        start: 0,
        length: 0,
        total: rooms.len() as u64,
        sent: rooms.len() as u64,
    });
    if rooms.is_empty() {
        return refused(visit, Outcome::Served, "Record Not Found");
    }
    let mut rows = String::new();
    for (place, room) in &rooms {
        let seat = bench.seat.unwrap_or(0);
        let token = token::write(
            world.config.docket.seed(),
            Meant::CauseList(seat, on, *room, criminal),
        );
        let strength = if *room < 3 { "DIVISION" } else { "SINGLE" };
        writeln!(
            rows,
            "<tr><td>{place}</td><td>{strength} BENCH - COURT NO. {room}</td><td>COMPLETE CAUSE LIST</td>\
             <td><strong><a href=\"cases/display_causelist_pdf.php?filename={token}&amp;causelistYear={}\" \
             target=\"_new\">View</a></strong></td></tr>",
            date.year()
        )
        .ok();
    }
    marked(&format!(
        "<table style=\"border-collapse:collapse;\" class=\"table table-striped table-bordered causelistTbl\" \
         width=\"90%\" border=\"1\" align=\"center\">\n<thead><tr><th><strong>Sr No</strong></th><th>Bench</th>\
         <th>Cause List Type</th><th>View Causelist</th></tr></thead>\n<tbody>\n{rows}</tbody></table>\n"
    ))
}

/// The file of a courtroom's list.
pub(super) fn file(world: &World, seat: u16, on: i32, room: u16, criminal: bool) -> Vec<u8> {
    let date = day::from_number(on);
    let mut lines = vec![
        Line::bold("CAUSE LIST"),
        Line::plain(format!("Court No. {room}  {}", day::in_words(date))),
        Line::plain(if criminal {
            "CRIMINAL SIDE"
        } else {
            "CIVIL SIDE"
        }),
        Line::plain(""),
    ];
    for (item, key) in (1..).zip(sitting(world, seat, on, criminal, Some(room))) {
        let file = world.cases.file(key, on - 1);
        let (ours, theirs) = (
            CaseFile::first(&file.petitioners),
            CaseFile::first(&file.respondents),
        );
        lines.push(Line::plain(format!(
            "{item}. {}  CNR {}",
            file.title_number(),
            file.cnr
        )));
        lines.push(Line::plain(format!("    {ours} Vs {theirs}")));
    }
    document::paged(&format!("Cause list {date}"), lines)
}

/// A text with its special characters as entities, for attributes and cells.
pub(super) fn cell(text: &str) -> String {
    escape(text)
}

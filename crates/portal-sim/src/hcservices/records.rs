//! `showRecords`: the searches.

use crate::cases::{Advocate, Key, Party, advocates_of, slug_of};
use crate::day;
use crate::fault::FaultKind;
use crate::hcservices::benches::{self, HcBench};
use crate::hcservices::envelope::envelope;
use crate::hcservices::{error_val, marked};
use crate::log::SearchLog;
use crate::reply::Reply;
use crate::world::{State, Visit, World};

/// What a row is about.
pub(super) struct Hit {
    pub(super) key: Key,
    /// The party of this row, by its place on its side; all rows of searches by number or party are
    /// about the first ones.
    pub(super) petitioner: usize,
    pub(super) respondent: usize,
    /// Of an advocate's cause list: the judge by his place, and the day of the hearing.
    pub(super) sitting: Option<(usize, jiff::civil::Date)>,
}

impl Hit {
    fn of(key: Key) -> Self {
        Self {
            key,
            petitioner: 0,
            respondent: 0,
            sitting: None,
        }
    }
}

/// What was found, and the lawyer who was asked for.
pub(super) struct Found {
    pub(super) hits: Vec<Hit>,
    pub(super) advocate: Option<String>,
}

/// Answers a search.
pub(super) fn search(world: &World, state: &mut State, visit: &mut Visit<'_>, today: i32) -> Reply {
    let body = &visit.request.body;
    let code = |name: &str| body.said(name).unwrap_or("").to_owned();
    let (court, bench, kind) = (
        code("state_code"),
        code("court_code"),
        code("caseStatusSearchType"),
    );
    let Some(bench) = benches::bench_at(&court, &bench) else {
        return error_val(visit, "no such bench");
    };
    let found = match kind.as_str() {
        "CScaseNumber" | "COCaseNumber" => by_number(world, visit, bench),
        "CSpartyName" => by_party(world, visit, bench, today),
        "CSAdvName" => by_advocate(world, visit, bench, today),
        _ => Err("unknown search"),
    };
    let mut found = match found {
        Ok(found) => found,
        Err(why) => return error_val(visit, why),
    };
    let total = found.hits.len();
    trouble(visit, &mut found.hits);
    visit.notes.search = Some(SearchLog {
        court: format!("{court}/{}", bench.code),
        from: kind,
        to: visit.request.body.said("rgyear").unwrap_or("").to_owned(),
        start: 0,
        length: 0,
        total: total as u64,
        sent: found.hits.len() as u64,
    });
    marked(&envelope(world, state, bench, &found, total, today))
}

/// What faults do to the rows found.
fn trouble(visit: &Visit<'_>, hits: &mut Vec<Hit>) {
    let Some(fault) = &visit.fault else { return };
    match fault.rule.kind {
        FaultKind::EmptyResult => hits.clear(),
        FaultKind::ShortPage => {
            let less = fault.n(1).max(0) as usize;
            hits.truncate(hits.len().saturating_sub(less));
        }
        FaultKind::DuplicateRow => {
            if let Some(first) = hits.first() {
                let copy = Hit { ..*first };
                hits.insert(0, copy);
            }
        }
        FaultKind::RowFlood => {
            let most = fault.n(50_000).max(0) as usize;
            let own = hits.len();
            for place in 0..if own == 0 {
                0
            } else {
                most.saturating_sub(own)
            } {
                let copy = Hit {
                    ..hits[place % own]
                };
                hits.push(copy);
            }
        }
        _ => {}
    }
}

fn year_of(visit: &Visit<'_>) -> Result<u16, &'static str> {
    let text = visit.request.body.said("rgyear").ok_or("no year")?;
    text.parse()
        .ok()
        .filter(|year| (1900..2100).contains(year))
        .ok_or("no year")
}

fn by_number(world: &World, visit: &Visit<'_>, bench: &HcBench) -> Result<Found, &'static str> {
    let body = &visit.request.body;
    let year = year_of(visit)?;
    let kind: u16 = body
        .said("case_type")
        .and_then(|t| t.parse().ok())
        .ok_or("no case type")?;
    let number: u32 = body
        .said("case_no")
        .and_then(|n| n.parse().ok())
        .ok_or("no case number")?;
    let keys = bench
        .seat
        .map_or(&[][..], |seat| world.cases.of_year(seat, year));
    let hits = keys
        .iter()
        .filter(|key| {
            let (own, count) = world.cases.number(**key);
            own.code == kind && count == number
        })
        .map(|key| Hit::of(*key))
        .collect();
    Ok(Found {
        hits,
        advocate: None,
    })
}

/// Whether a case is among those asked for by its state.
fn status(world: &World, filter: &str, key: Key, today: i32) -> bool {
    match filter {
        "Both" => true,
        "Disposed" => world.cases.is_disposed(key, today),
        _ => !world.cases.is_disposed(key, today),
    }
}

fn filter_of(visit: &Visit<'_>) -> Result<String, &'static str> {
    let filter = visit.request.body.said("f").unwrap_or("");
    let known = matches!(filter, "Pending" | "Disposed" | "Both");
    known.then(|| filter.to_owned()).ok_or("no status")
}

fn by_party(
    world: &World,
    visit: &Visit<'_>,
    bench: &HcBench,
    today: i32,
) -> Result<Found, &'static str> {
    let filter = filter_of(visit)?;
    let year = year_of(visit)?;
    let name = visit
        .request
        .body
        .said("petres_name")
        .unwrap_or("")
        .to_uppercase();
    if name.chars().count() < 3 {
        return Err("name too short");
    }
    let keys = bench
        .seat
        .map_or(&[][..], |seat| world.cases.of_year(seat, year));
    let hits = keys
        .iter()
        .filter(|key| world.cases.has_party(**key, &name) && status(world, &filter, **key, today))
        .map(|key| Hit::of(*key))
        .collect();
    Ok(Found {
        hits,
        advocate: None,
    })
}

fn by_advocate(
    world: &World,
    visit: &Visit<'_>,
    bench: &HcBench,
    today: i32,
) -> Result<Found, &'static str> {
    let body = &visit.request.body;
    let slug = bench.seat.map_or("", slug_of);
    let all = advocates_of(world.config.docket.seed(), slug);
    let wanted: Vec<Advocate> = match body.said("search_type") {
        Some("1") => {
            let name = body.said("advocate_name").unwrap_or("").to_uppercase();
            if name.chars().count() < 3 {
                return Err("name too short");
            }
            all.into_iter()
                .filter(|advocate| advocate.name.contains(&name))
                .collect()
        }
        Some("2" | "3") => {
            let bar = body.said("adv_bar_state").unwrap_or("");
            let known = all.into_iter().find(|advocate| advocate.bar == bar);
            vec![known.ok_or("unknown bar number")?]
        }
        _ => return Err("no search type"),
    };
    let listing = match body.said("search_type") {
        Some("3") => {
            if body.said("f") != Some("date_case_list") {
                return Err("no list asked for");
            }
            let date = body
                .said("caselist_date_dmy")
                .and_then(day::read_dashed)
                .ok_or("no date")?;
            if day::number(date) > today.max(day::of_moment(visit.now)) + 31 {
                return Err("date too far ahead");
            }
            Some(date)
        }
        _ => None,
    };
    let filter = if listing.is_some() {
        "Both".to_owned()
    } else {
        filter_of(visit)?
    };
    let keys = bench.seat.map_or(&[][..], |seat| world.cases.keys(seat));
    let mut hits = Vec::new();
    for key in keys.iter().copied() {
        let (petitioners, respondents) = world.cases.parties(key);
        let acts = |parties: &[Party], place: usize| {
            parties
                .get(place)
                .is_some_and(|party| party.advocates.iter().any(|a| wanted.contains(a)))
        };
        let ours: Vec<usize> = (0..petitioners.len())
            .filter(|p| acts(&petitioners, *p))
            .collect();
        let theirs: Vec<usize> = (0..respondents.len())
            .filter(|p| acts(&respondents, *p))
            .collect();
        if (ours.is_empty() && theirs.is_empty()) || !status(world, &filter, key, today) {
            continue;
        }
        let rows = ours
            .iter()
            .map(|place| (*place, 0))
            .chain(theirs.iter().map(|place| (0, *place)));
        let Some(date) = listing else {
            hits.extend(rows.map(|(petitioner, respondent)| Hit {
                petitioner,
                respondent,
                ..Hit::of(key)
            }));
            continue;
        };
        if !world.cases.sits(key, date) {
            continue;
        }
        // A row for each party and each judge.
        let judges = world.cases.file(key, today).judges.len().max(1);
        for (petitioner, respondent) in rows {
            hits.extend((0..judges).map(|judge| Hit {
                key,
                petitioner,
                respondent,
                sitting: Some((judge, date)),
            }));
        }
    }
    let advocate = match wanted.as_slice() {
        [one] => Some(one.printed()),
        _ => body.said("advocate_name").map(str::to_uppercase),
    };
    Ok(Found { hits, advocate })
}

//! A case in full.

use crate::bench;
use crate::case;
use crate::cases::acts::{ACTS, FRESH, LISTS, PURPOSES};
use crate::cases::timeline::{self, Timeline};
use crate::cases::{
    Act, Advocate, Application, CaseBook, CaseFile, CaseOrder, Hearing, Key, LowerCourt, Party,
    establishments, key, people, slug_of,
};
use crate::day;
use crate::names;
use crate::random::Draw;

/// The case as it stands at the end of a day.
pub(crate) fn file(book: &CaseBook, key: Key, today: i32) -> CaseFile {
    let seed = book.seed(key);
    let slug = slug_of(key.seat);
    let time = timeline::of(book, key);
    let (case_type, number) = book.number(key);
    let room = timeline::courtroom(book, key);
    let judges = judges(book, key, room);
    let decided = time.decided.filter(|day| *day <= today);
    let disposal = decided.map(|_| disposal(book, key));
    let (petitioners, respondents) = parties(book, key);
    let mut draw = Draw::of(&[seed, 86]);
    let hearings = hearings(book, key, &time, &judges, today);
    let next = time.hearings.iter().copied().find(|day| *day > today);
    let next = next.filter(|_| decided.is_none());
    let date = day::from_number;
    let (state, district) = whereabouts(key, &mut draw);
    CaseFile {
        cnr: book.cnr(key),
        court: court(key.seat),
        place: place(key.seat),
        establishment: establishment(book, key),
        filing_number: number + draw.between(1, 4_000),
        number,
        year: key.year,
        filed: date(time.filed),
        registered: date(time.registered),
        first_hearing: time.hearings.first().map(|day| date(*day)),
        next_hearing: next.map(date),
        decided: decided.map(date),
        disposal,
        stage: decided.is_none().then(|| draw.pick(PURPOSES).to_owned()),
        court_number: room as u16 + 1,
        orders: orders(book, key, &time, &judges, today),
        judges,
        state,
        district,
        acts: acts(&mut draw),
        applications: applications(&mut draw, key, &time, &petitioners),
        linked: linked(book, key, &mut draw),
        lower: lower(&mut draw, key, slug, time.filed),
        petitioners,
        respondents,
        hearings,
        case_type,
    }
}

/// The court's name as pages print it.
fn court(seat: u16) -> String {
    match bench::bench(seat) {
        Some(bench) => bench.printed.clone(),
        None => establishments()
            .get(usize::from(seat.saturating_sub(key::DISTRICTS)))
            .map_or_else(String::new, |place| place.name.clone()),
    }
}

/// The codes by which forms reach a seat.
pub(crate) fn place(seat: u16) -> Vec<String> {
    if let Some(bench) = crate::hcservices::bench_of(seat) {
        return vec![bench.state.to_owned(), bench.code.to_string()];
    }
    // A High Court's database that no form reaches has no codes.
    let place = seat
        .checked_sub(key::DISTRICTS)
        .and_then(|place| establishments().get(usize::from(place)));
    place.map_or_else(Vec::new, |place| {
        vec![
            place.state.code.to_string(),
            place.district.to_string(),
            place.complex.clone(),
            place.code.to_string(),
        ]
    })
}

/// The establishment within its bench.
pub(crate) fn establishment(book: &CaseBook, key: Key) -> u16 {
    let two = &book.spec().quirks.two_establishments;
    let halved = !key.is_district() && two.iter().any(|slug| slug == slug_of(key.seat));
    if halved && key.serial.is_multiple_of(3) {
        2
    } else {
        1
    }
}

fn judges(book: &CaseBook, key: Key, room: u32) -> Vec<String> {
    if let Some((_, row)) = book.rows(key).last() {
        return book.docket().judge_names(row);
    }
    let seed = book.docket().seed();
    let slug = slug_of(key.seat);
    let mut judges = vec![people::judge(seed, key.seat, slug, room)];
    if !key.is_district() && room < 2 {
        let second = people::judge(seed, key.seat, slug, room + people::JUDGES);
        judges.push(second);
    }
    judges
}

fn disposal(book: &CaseBook, key: Key) -> String {
    if let Some((_, row)) = book.rows(key).last()
        && let Some(disposal) = book.docket().case(row).disposal
    {
        return disposal;
    }
    let mut draw = Draw::of(&[book.seed(key), 87]);
    format!("Contested--{}", draw.pick(names::DISPOSALS))
}

/// Both sides: the party named first, and others now and then.
pub(crate) fn parties(book: &CaseBook, key: Key) -> (Vec<Party>, Vec<Party>) {
    let slug = slug_of(key.seat);
    let (petitioner, respondent) = book.names(key);
    let mut draw = Draw::of(&[book.seed(key), 88]);
    let mut side = |first: String, most: u32| {
        let mut parties = vec![Party {
            name: first,
            advocates: advocates(book, slug, &mut draw),
        }];
        for _ in 0..draw.below(most).min(draw.below(most)) {
            parties.push(Party {
                name: case::party(&mut draw, slug, 0.6).to_uppercase(),
                advocates: advocates(book, slug, &mut draw),
            });
        }
        parties
    };
    (side(petitioner, 4), side(respondent, 6))
}

fn advocates(book: &CaseBook, slug: &str, draw: &mut Draw) -> Vec<Advocate> {
    let count = draw.pick(&[0, 1, 1, 1, 2]);
    let mut found: Vec<Advocate> = Vec::new();
    for _ in 0..count {
        // A few lawyers have most of the work.
        let number = draw.below(people::LAWYERS).min(draw.below(people::LAWYERS));
        let advocate = people::advocate(book.docket().seed(), slug, number);
        if !found.contains(&advocate) {
            found.push(advocate);
        }
    }
    found
}

/// Days in court up to today, and the next one.
fn hearings(
    book: &CaseBook,
    key: Key,
    time: &Timeline,
    judges: &[String],
    today: i32,
) -> Vec<Hearing> {
    let mut draw = Draw::of(&[book.seed(key), 89]);
    let judge = judges.first().cloned().unwrap_or_default();
    let mut before = None;
    let mut found = Vec::new();
    if !key.is_district() && draw.chance(0.3) {
        found.push(Hearing {
            list: "OFFICE OBJECTIONS BOARD".to_owned(),
            judge: "ADDITIONAL REGISTRAR".to_owned(),
            business_on: None,
            on: day::from_number(time.filed),
            purpose: FRESH.to_owned(),
            on_filing: true,
        });
    }
    let past = time.hearings.partition_point(|day| *day <= today);
    let shown = past + usize::from(time.decided.is_none_or(|day| day > today));
    for at in time.hearings.iter().take(shown) {
        found.push(Hearing {
            list: draw.pick(LISTS).to_owned(),
            judge: judge.clone(),
            business_on: before,
            on: day::from_number(*at),
            purpose: draw.pick(PURPOSES).to_owned(),
            on_filing: false,
        });
        before = Some(day::from_number(*at));
    }
    found
}

fn orders(
    book: &CaseBook,
    key: Key,
    time: &Timeline,
    judges: &[String],
    today: i32,
) -> Vec<CaseOrder> {
    let quirks = &book.spec().quirks;
    let calcutta = slug_of(key.seat) == "calcutta" && !key.is_district();
    let made = time.orders.iter().filter(|(_, day, _)| *day <= today);
    made.map(|(number, at, row)| {
        let mut draw = Draw::of(&[book.seed(key), 90, u64::from(*number)]);
        let on = day::from_number(*at);
        let printed = row.and_then(|id| book.docket().row(id));
        let judges = printed.map_or_else(|| judges.to_vec(), |row| book.docket().judge_names(row));
        CaseOrder {
            number: *number,
            on,
            judge: judges.join(","),
            is_judgment: Some(*at) == time.decided,
            citation: calcutta.then(|| crate::calcutta::citation(key, on, *number)),
            has_file: row.is_some() || !draw.chance(quirks.missing_files),
            has_mark: !calcutta && !key.is_district() && draw.chance(quirks.bom_files),
            row: *row,
        }
    })
    .collect()
}

fn whereabouts(key: Key, draw: &mut Draw) -> (String, String) {
    if key.is_district() {
        let place = establishments().get(usize::from(key.seat - key::DISTRICTS));
        return place.map_or_else(Default::default, |place| {
            (place.state.name.to_owned(), place.district_name.to_owned())
        });
    }
    let slug = slug_of(key.seat);
    let state = crate::cases::states()
        .iter()
        .find(|state| state.slug == slug);
    state.map_or_else(Default::default, |state| {
        let district = draw.pick_ref(&[&state.districts[0], &state.districts[1]]);
        (state.name.to_uppercase(), district.0.to_uppercase())
    })
}

fn acts(draw: &mut Draw) -> Vec<Act> {
    (0..draw.below(3))
        .map(|_| {
            let (act, sections) = draw.pick(ACTS);
            Act {
                act: act.to_owned(),
                sections: sections.to_owned(),
            }
        })
        .collect()
}

fn applications(draw: &mut Draw, key: Key, time: &Timeline, parties: &[Party]) -> Vec<Application> {
    (1..=draw.below(3).min(draw.below(4)))
        .map(|number| Application {
            number: format!("IA/{number}/{}", key.year),
            party: CaseFile::first(parties).to_owned(),
            filed: day::from_number(time.registered + 5 * number as i32),
            status: draw.pick(&["Pending", "Disposed"]).to_owned(),
        })
        .collect()
}

fn linked(book: &CaseBook, key: Key, draw: &mut Draw) -> Vec<String> {
    if !draw.chance(0.15) {
        return Vec::new();
    }
    let keys = book.keys(key.seat);
    let other = keys.get(draw.below(keys.len() as u32) as usize).copied();
    other
        .filter(|other| *other != key)
        .map(|other| {
            let (case_type, number) = book.number(other);
            format!("{}/{number}/{}", case_type.name, other.year)
        })
        .into_iter()
        .collect()
}

fn lower(draw: &mut Draw, key: Key, slug: &str, filed: i32) -> Option<LowerCourt> {
    if key.is_district() || !draw.chance(0.35) {
        return None;
    }
    let state = crate::cases::states()
        .iter()
        .find(|state| state.slug == slug)?;
    Some(LowerCourt {
        court: "District and Sessions Court".to_owned(),
        number: format!("CS/{}/{}", draw.between(1, 900), key.year.saturating_sub(2)),
        decided: day::from_number(filed - draw.between(20, 200) as i32),
        state: state.name.to_owned(),
        district: state.districts[0].0.to_owned(),
    })
}

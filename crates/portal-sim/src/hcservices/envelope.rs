//! What a search of the High Courts' portal answers with: JSON within JSON.

use std::fmt::Write as _;

use crate::cases::{Advocate, Brief, Key, Party, long_number, slug_of};
use crate::day;
use crate::hcservices::benches::HcBench;
use crate::hcservices::records::{Found, Hit};
use crate::hcservices::token::{self, Meant};
use crate::json;
use crate::markup::escape;
use crate::random::Draw;
use crate::site::Site;
use crate::world::{State, World};

/// The outer object: a JSON text for each establishment.
pub(super) fn envelope(
    world: &World,
    state: &State,
    bench: &HcBench,
    found: &Found,
    total: usize,
    today: i32,
) -> String {
    let slug = bench.seat.map_or("", slug_of);
    let quirks = &world.cases.spec().quirks;
    let count = if quirks.two_establishments.iter().any(|two| two == slug) {
        2
    } else {
        1
    };
    let mut parts: Vec<(String, usize)> = vec![(String::from("["), 0); count];
    for hit in &found.hits {
        let file = world.cases.brief(hit.key, today);
        let part = usize::from(file.establishment - 1).min(count - 1);
        if let Some((text, rows)) = parts.get_mut(part) {
            if *rows > 0 {
                text.push(',');
            }
            *rows += 1;
            text.push_str(&record(world, state, bench, hit, &file));
            if let Some((judge, date)) = hit.sitting {
                sitting(world, hit.key, (judge, date), today, text);
            }
            text.push('}');
        }
    }
    let odd = bench.state.len() % 2 == 1;
    let total = if odd {
        total.to_string()
    } else {
        format!("\"{total}\"")
    };
    let list = |each: &dyn Fn(usize, usize) -> String| {
        let all: Vec<String> = parts
            .iter()
            .enumerate()
            .map(|(n, (_, rows))| each(n, *rows))
            .collect();
        all.join(",")
    };
    let texts: Vec<String> = parts
        .iter()
        .map(|(text, _)| json::string(&format!("{text}]")))
        .collect();
    let advocate = found
        .advocate
        .as_deref()
        .map_or_else(|| "null".to_owned(), json::string);
    format!(
        "{{\"con\":[{}],\"totRecords\":{total},\"cntEst2\":null,\"courtNameArr\":[{}],\"court_code\":[{}],\
         \"totEstCnt\":[{}],\"adv_name\":{advocate},\"normalVArr\":[{}],\"hide_partyname_estArr\":[{}],\"Error\":\"\"}}",
        texts.join(","),
        list(&|n, _| json::string(&establishment_name(&bench.name, n))),
        list(&|n, _| format!("\"{}\"", usize::from(bench.code) + 100 * n)),
        list(&|_, rows| rows.to_string()),
        list(&|_, _| "\"1\"".to_owned()),
        list(&|_, _| "\"N\"".to_owned()),
    )
}

fn establishment_name(bench: &str, place: usize) -> String {
    match place {
        0 => bench.to_owned(),
        _ => format!("{bench} - Commercial Division"),
    }
}

/// A row.
fn record(world: &World, state: &State, bench: &HcBench, hit: &Hit, file: &Brief) -> String {
    let mut draw = Draw::of(&[world.cases.seed(hit.key), 93]);
    let party = |parties: &[Party], place: usize| parties.get(place).or(parties.first()).cloned();
    let (ours, theirs) = (
        party(&file.petitioners, hit.petitioner),
        party(&file.respondents, hit.respondent),
    );
    let name = |party: &Option<Party>| {
        party
            .as_ref()
            .map_or_else(String::new, |party| escape(&party.name))
    };
    let lawyer = |party: &Option<Party>| {
        let all = party.iter().flat_map(|party| &party.advocates);
        all.map(Advocate::printed).collect::<Vec<_>>().join(",")
    };
    let (mut petitioner, respondent) = (name(&ours), name(&theirs));
    if let Some(text) = state.hostile_case(Site::HcServices, hit.key) {
        petitioner = text;
    }
    let mut petitioner = json::string(&petitioner);
    if draw.chance(world.cases.spec().quirks.control_characters) {
        petitioner = petitioner.replacen(' ', "\t", 1);
    }
    let order = file.last_order.map_or_else(String::new, |number| {
        token::write(world.config.docket.seed(), Meant::Order(hit.key, number))
    });
    let year = if bench.state.len() % 2 == 1 {
        file.year.to_string()
    } else {
        format!("\"{}\"", file.year)
    };
    let decided = file
        .decided
        .map_or_else(|| "None".to_owned(), |date| date.to_string());
    format!(
        "{{\"orderurlpath\":{},\"cino\":\"{}\",\"case_no\":\"{}\",\"case_no2\":{},\"case_year\":{year},\"case_type\":\"{}\",\
         \"type_name\":{},\"pet_name\":{petitioner},\"res_name\":{},\"lpet_name\":null,\"lres_name\":null,\
         \"party_name1\":\"N\",\"party_name2\":\"N\",\"adv_name1\":{},\"adv_name2\":{},\"ladv_name1\":\"\",\"ladv_name2\":\"\",\
         \"date_of_decision\":\"{decided}\"",
        json::string(&order),
        file.cnr,
        long_number(&file.case_type, file.number, file.year),
        file.number,
        file.case_type.code,
        json::string(&file.case_type.name),
        json::string(&respondent),
        json::string(&lawyer(&ours)),
        json::string(&lawyer(&theirs)),
    )
}

/// What a row of an advocate's cause list has beside.
fn sitting(
    world: &World,
    key: Key,
    (judge, date): (usize, jiff::civil::Date),
    today: i32,
    text: &mut String,
) {
    // A hearing to come is on the page of the day before it.
    let file = world.cases.file(key, today.max(day::number(date) - 1));
    let hearing = file.hearings.iter().find(|hearing| hearing.on == date);
    let before = hearing
        .and_then(|hearing| hearing.business_on)
        .unwrap_or(date);
    let purpose = hearing.map_or("", |hearing| hearing.purpose.as_str());
    let judge_name = file.judges.get(judge).map_or("", String::as_str);
    write!(
        text,
        ",\"court_no\":\"{}\",\"todays_date\":\"{before}\",\"date_next_list\":\"{date}\",\"purpose_next\":\"1181\",\
         \"purpose_name\":{},\"lpurpose_name\":\"H##F\",\"judgename\":{},\"jcode\":\"{}\",\
         \"desgname\":\"JUDGE\",\"desgcode\":\"112\"",
        5_000 + u32::from(file.court_number),
        json::string(purpose),
        json::string(judge_name),
        1_000 + judge,
    )
    .ok();
}

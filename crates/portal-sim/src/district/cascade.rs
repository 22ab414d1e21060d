//! From State to establishment, and the lists below it.

use std::fmt::Write as _;

use crate::cases::{DISTRICT, DISTRICTS, Establishment, JUDGES, establishments, states};
use crate::district::{ROOT, action, error, guard, reply};
use crate::judgments;
use crate::log::Outcome;
use crate::markup::escape;
use crate::reply::Reply;
use crate::world::{State, Visit, World};

/// The establishments that codes mean, with their seats; without the last code, all of a complex.
pub(super) fn places(
    state: &str,
    district: &str,
    complex: &str,
    establishment: &str,
) -> impl Iterator<Item = (u16, &'static Establishment)> {
    let number = |text: &str| text.trim().parse::<u16>().unwrap_or(0);
    let (state, district) = (number(state), number(district));
    let complex = complex.split('@').next().unwrap_or("").trim().to_owned();
    let one = (!establishment.trim().is_empty()).then(|| number(establishment));
    (DISTRICTS..)
        .zip(establishments())
        .filter(move |(_, place)| {
            place.state.code == state
                && place.district == district
                && place.complex == complex
                && one.is_none_or(|code| code == place.code)
        })
}

fn option(text: &mut String, value: impl std::fmt::Display, name: &str) {
    write!(text, "<option value='{value}'>{}</option>", escape(name)).ok();
}

/// Answers a list.
pub(super) fn answer(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let body = &visit.request.body;
    let said = |name: &str| body.said(name).unwrap_or("").to_owned();
    let (code, district) = (said("state_code"), said("dist_code"));
    let (complex, establishment) = (said("court_complex_code"), said("est_code"));
    match action(visit.request) {
        "casestatus/getCaptcha" => {
            let block = captcha_block(visit);
            reply(state, visit, &[("div_captcha", &block)])
        }
        "casestatus/fillDistrict" => reply(state, visit, &[("dist_list", &districts(&code))]),
        "casestatus/fillcomplex" => reply(
            state,
            visit,
            &[("complex_list", &complexes(&code, &district))],
        ),
        "casestatus/fillCourtEstablishment" => {
            let mut text = String::from("<option value=''>Select Court Establishment</option>");
            for (_, place) in places(&code, &district, &complex, "") {
                option(&mut text, place.code, &place.name);
            }
            reply(state, visit, &[("est_list", &text)])
        }
        "casestatus/set_data" => set_data(state, visit),
        "casestatus/fillCaseType" => {
            let mut text = String::from("<option value=''>Select Case Type</option>");
            for (seat, place) in places(&code, &district, &complex, &establishment) {
                for kind in world.cases.kinds(Some(seat), DISTRICT) {
                    option(
                        &mut text,
                        format!("{}^{}", kind.code, place.code),
                        &kind.name,
                    );
                }
            }
            reply(state, visit, &[("casetype_list", &text)])
        }
        _ => {
            let mut text = String::from("<option value=''>Select Court Name</option>");
            for (seat, place) in places(&code, &district, &complex, &establishment) {
                option(&mut text, "D", &format!("Select {}", place.name));
                for room in 0..JUDGES {
                    let judge = world.cases.judge(seat, room);
                    let value = format!("{}@{}", room + 1, place.code);
                    option(&mut text, value, &format!("{}-{judge}", room + 1));
                }
            }
            reply(state, visit, &[("cause_list", &text)])
        }
    }
}

fn districts(code: &str) -> String {
    let mut text = String::from("<option value=''>Select district</option>");
    let state = states()
        .iter()
        .find(|state| state.code.to_string() == code.trim());
    for (number, (name, _)) in (1..).zip(state.iter().flat_map(|state| &state.districts)) {
        option(&mut text, number, name);
    }
    text
}

/// Values are compound: complex, its establishments, and whether one of these must be chosen.
fn complexes(code: &str, district: &str) -> String {
    let mut text = String::from("<option value=''>Select Court Complex</option>");
    let mut known: Vec<(&str, &str, Vec<String>)> = Vec::new();
    for place in establishments() {
        if place.state.code.to_string() != code.trim()
            || place.district.to_string() != district.trim()
        {
            continue;
        }
        match known.last_mut() {
            Some((complex, _, codes)) if *complex == place.complex => {
                codes.push(place.code.to_string());
            }
            _ => known.push((
                &place.complex,
                &place.complex_name,
                vec![place.code.to_string()],
            )),
        }
    }
    for (complex, name, codes) in known {
        let flag = if codes.len() > 1 { 'Y' } else { 'N' };
        option(
            &mut text,
            format!("{complex}@{}@{flag}", codes.join(",")),
            name,
        );
    }
    text
}

/// Remembers the place in the session, as the page's script tells it and as other clients do.
fn set_data(state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let body = &visit.request.body;
    let said = |first: &str, second: &str| {
        body.said(first)
            .or(body.said(second))
            .unwrap_or("")
            .to_owned()
    };
    let place = [
        said("selected_state_code", "state_code"),
        said("selected_dist_code", "dist_code"),
        said("complex_code", "court_complex_code"),
        said("selected_est_code", "est_code"),
    ];
    let [code, district, complex, establishment] = &place;
    if places(code, district, complex, establishment)
        .next()
        .is_none()
    {
        return error(
            state,
            visit,
            Outcome::Refused,
            "Court Complex is required..!",
        );
    }
    if let Some(session) = judgments::current(state, visit) {
        session.placed = true;
    }
    reply(state, visit, &[])
}

/// The block with the picture.
pub(super) fn captcha_block(visit: &mut Visit<'_>) -> String {
    let buster = visit.draw.hex(32);
    format!(
        "<div class=\"form-inline text-left\"><img style=\"padding-right: 0px;border:1px solid #ccc;\" id=\"captcha_image\" \
         src=\"{ROOT}/vendor/securimage/securimage_show.php?{buster}\" alt=\"CAPTCHA Image\" tabindex=\"0\" width=\"120\">\
         <a tabindex=\"0\" href=\"#\" title=\"Refresh Image\" onclick=\"refreshCaptcha()\">Refresh</a></div>"
    )
}

/// The start page: the States, the script's address and the token.
pub(super) fn start_page(world: &World, state: &State, visit: &Visit<'_>, token: &str) -> String {
    let mut options = String::from("<option value=''>Select state</option>");
    for known in states() {
        option(&mut options, known.code, known.name);
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><title>eCourts Services</title>\n\
         <script src=\"js/jquery.js\"></script><script src=\"js/components.js?v={}\"></script></head><body>\n\
         <select id=\"sess_state_code\" name=\"sess_state_code\">{options}</select>\n\
         <select id=\"sess_dist_code\"></select><select id=\"court_complex_code\"></select>\
         <select id=\"court_est_code\"></select>\n<input type=\"hidden\" id=\"app_token\" value=\"{token}\"></body></html>\n",
        guard::version(world, state, visit)
    )
}

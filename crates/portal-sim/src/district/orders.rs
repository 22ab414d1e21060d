//! Orders: their tables, the links in them, and the files behind these.

use std::fmt::Write as _;

use crate::cases::{CaseFile, CaseOrder, Key};
use crate::day;
use crate::district::{ROOT, action, error, reply, search, seats, table};
use crate::fault::FaultKind;
use crate::forge;
use crate::judgments;
use crate::log::Outcome;
use crate::markup::escape;
use crate::reply::Reply;
use crate::session::Paper;
use crate::world::{State, Visit, World};

/// What a link calls.
pub(super) fn call(file: &CaseFile, order: &CaseOrder) -> String {
    format!(
        "displayPdf('home/display_pdf&amp;filename={}&amp;caseno={}&amp;court_code={}&amp;appFlag=&amp;normal_v=1')",
        file_name(file, order.number),
        escape(&file.title_number()),
        file.place.last().map_or("", String::as_str),
    )
}

/// `/orders/2019/201500000032019_1.pdf`.
fn file_name(file: &CaseFile, number: u16) -> String {
    format!("/orders/{}/{}_{number}.pdf", file.year, file.long_number())
}

/// The session has seen the links of a case.
pub(super) fn shown(state: &mut State, visit: &Visit<'_>, key: Key, file: &CaseFile) {
    if let Some(session) = judgments::current(state, visit) {
        for order in &file.orders {
            session.see(file_name(file, order.number), key, order.number);
        }
    }
}

/// `courtorder/submitCaseNo`.
pub(super) fn of_case(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let mut keys = match search::by_number(world, visit) {
        Ok(keys) => keys,
        Err(why) => return error(state, visit, Outcome::Refused, why),
    };
    search::trouble(visit, &mut keys);
    let today = world.case_day(state);
    let (mut rows, mut serial) = (String::new(), 0);
    for key in keys {
        let file = world.cases.file(key, today);
        shown(state, visit, key, &file);
        for order in &file.orders {
            serial += 1;
            let kind = if order.is_judgment {
                "Judgement"
            } else {
                "Interim Order"
            };
            write!(
                rows,
                "<tr><td>{serial}</td><td>{}</td><td>{kind}</td><td>{}</td><td><a href=\"#\" onclick=\"{}\">View PDF</a></td></tr>",
                day::dashed(order.on),
                escape(&order.judge),
                call(&file, order)
            )
            .ok();
        }
    }
    if rows.is_empty() {
        return reply(state, visit, &[("order_data", table::NOTHING)]);
    }
    let html = format!(
        "<table class=\"table table-striped\" id=\"orderTable\"><thead><tr><th>Sr No</th><th>Order Date</th>\
         <th>Order Type</th><th>Judge</th><th>Order</th></tr></thead><tbody>{rows}</tbody></table>"
    );
    reply(state, visit, &[("order_data", &html)])
}

/// `courtorder/submitOrderDate`.
pub(super) fn of_days(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let body = &visit.request.body;
    let date = |name: &str| body.said(name).and_then(day::read_dashed);
    let (Some(from), Some(to)) = (date("from_date"), date("to_date")) else {
        return error(state, visit, Outcome::Refused, "Order Date is required..!");
    };
    let today = world.case_day(state);
    let all = seats(visit);
    let (mut rows, mut serial) = (String::new(), 0);
    for key in all.iter().flat_map(|seat| world.cases.keys(*seat)) {
        let file = world.cases.file(*key, today);
        if !file
            .orders
            .iter()
            .any(|order| (from..=to).contains(&order.on))
        {
            continue;
        }
        shown(state, visit, *key, &file);
        for order in file
            .orders
            .iter()
            .filter(|order| (from..=to).contains(&order.on))
        {
            serial += 1;
            write!(
                rows,
                "<tr><td>{serial}</td><td>{}</td><td>{}<br>Vs</br>{}</td><td>{}</td><td><a href=\"#\" onclick=\"{}\">Order</a></td></tr>",
                escape(&file.title_number()),
                escape(CaseFile::first(&file.petitioners)),
                escape(CaseFile::first(&file.respondents)),
                day::dashed(order.on),
                call(&file, order)
            )
            .ok();
        }
    }
    if rows.is_empty() {
        return reply(state, visit, &[("court_dt_data", table::NOTHING)]);
    }
    let html = format!(
        "<table id='caseList' class='table'><thead><tr><th>Sr No</th><th>Case Number</th><th>Petitioner versus Respondent</th>\
         <th>Order Date</th><th>Order</th></tr></thead><tbody>{rows}</tbody></table>"
    );
    reply(state, visit, &[("court_dt_data", &html)])
}

/// `home/display_pdf`: makes the file of a link that the session has seen ready.
pub(super) fn link(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let wanted = visit.request.body.said("filename").unwrap_or("").to_owned();
    let seen = judgments::current(state, visit).and_then(|session| session.seen(&wanted));
    let Some((key, number)) = seen else {
        visit.remark(format!(
            "{}: no such link in this session",
            action(visit.request)
        ));
        return error(state, visit, Outcome::Missing, "Order is not uploaded..!");
    };
    let today = world.case_day(state);
    visit.notes.case = Some(world.cases.cnr(key));
    if world.cases.document(key, number, today).is_none() {
        return error(state, visit, Outcome::Missing, "Order is not uploaded..!");
    }
    let path = format!("reports/{}.pdf", visit.draw.hex(32));
    let dead = visit.fault(FaultKind::StaleLink).is_some();
    let made_at = visit.now;
    if let Some(session) = judgments::current(state, visit) {
        let made_after = session.requests;
        session.keep(Paper {
            path: format!("{ROOT}/{path}"),
            key,
            number,
            made_at,
            made_after,
            dead,
        });
    }
    let told = match visit.fault(FaultKind::BadOutputfile) {
        Some(fault) => forge::bad_path(fault, ROOT),
        None => path,
    };
    reply(state, visit, &[("order", &told)])
}

/// The file, for the session it was made ready for.
pub(super) fn file(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let today = world.case_day(state);
    let (path, now, config) = (visit.request.path.clone(), visit.now, &world.config);
    let ready = judgments::current(state, visit).and_then(|session| {
        let paper = session.papers.iter().find(|paper| paper.path == path)?;
        let age = now.duration_since(paper.made_at).unsigned_abs();
        let fresh = session.requests - paper.made_after <= config.link_requests
            && age <= config.link_age
            && !paper.dead;
        fresh.then_some((paper.key, paper.number))
    });
    let Some((key, number)) = ready else {
        visit.remark("no such file, or not any more");
        return judgments::missing(visit);
    };
    let (key, number) = match visit.fault(FaultKind::WrongDocument) {
        Some(fault) => {
            let other = world.cases.another((key, number), fault, today);
            if other.is_some() {
                visit.remark(format!("asked for {}", world.cases.cnr(key)));
            }
            other.unwrap_or((key, number))
        }
        None => (key, number),
    };
    visit.notes.case = Some(world.cases.cnr(key));
    let bytes = world.cases.document(key, number, today).unwrap_or_default();
    Reply::new(200, "application/pdf", bytes)
}

//! The page of a case.

use std::fmt::Write as _;

use crate::cases::{CaseFile, CaseOrder, Key, Party};
use crate::day;
use crate::district::{error, numbered, orders, reply, seats, table};
use crate::hcservices::long_date;
use crate::log::Outcome;
use crate::markup::escape;
use crate::reply::Reply;
use crate::world::{State, Visit, World};

/// `cnr_status/searchByCNR`.
pub(super) fn by_cnr(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let sent = visit.request.body.said("cino").unwrap_or("").to_uppercase();
    if sent.len() != 16 {
        return error(state, visit, Outcome::Refused, "CNR Number is required..!");
    }
    let key = world.cases.by_cnr(&sent).filter(|key| key.is_district());
    let html = if let Some(key) = key {
        shown(world, state, visit, key)
    } else {
        visit.notes.outcome = Some(Outcome::Missing);
        table::NOTHING.to_owned()
    };
    let name = if sent.ends_with(['0', '2', '4', '6', '8']) {
        "casetype_list"
    } else {
        "historytable"
    };
    reply(state, visit, &[(name, &html)])
}

/// `home/viewHistory`: the page behind a row of a table; no captcha.
pub(super) fn history(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let body = &visit.request.body;
    let cnr = body.said("cino").unwrap_or("").to_uppercase();
    let long = body.said("case_no").unwrap_or("").to_owned();
    let key = world.cases.by_cnr(&cnr).filter(|key| key.is_district());
    let key = key.or_else(|| numbered(world, &seats(visit), &long));
    let Some(key) = key else {
        return error(state, visit, Outcome::Missing, "Record not found");
    };
    let html = shown(world, state, visit, key);
    reply(state, visit, &[("data_list", &html)])
}

fn shown(world: &World, state: &mut State, visit: &mut Visit<'_>, key: Key) -> String {
    let file = world.cases.file(key, world.case_day(state));
    orders::shown(state, visit, key, &file);
    visit.notes.case = Some(file.cnr.clone());
    of(&file)
}

fn of(file: &CaseFile) -> String {
    format!(
        "<div id=\"history_cnr\"><h2 class=\"h4 text-center mb-1\" id=\"chHeading\">{}</h2>{}{}{}{}{}{}{}{}{}</div>",
        escape(&file.court),
        details(file),
        status(file),
        parties("Petitioner", &file.petitioners, file.place.first()),
        parties("Respondent", &file.respondents, file.place.first()),
        acts(file),
        applications(file),
        hearings(file),
        order_table("Interim Orders", file, |order| !order.is_judgment),
        order_table("Final Orders / Judgements", file, |order| order.is_judgment),
    )
}

fn heading(text: &str) -> String {
    format!("<h3 class=\"h2class fw-bold text-center mt-2\">{text}</h3>")
}

fn details(file: &CaseFile) -> String {
    format!(
        "{}<table class=\"table case_details_table table-bordered\"><tbody>\
         <tr><td><label class=\"fw-bold\"> </label>Case Type</td><td colspan=\"3\" class=\"fw-bold text-uppercase\">{}</td></tr>\
         <tr><td><label class=\"fw-bold\"> Filing Number </label></td><td>{}/{} &nbsp;</td>\
         <td><label class=\"fw-bold\">Filing Date</label></td><td> {} &nbsp;</td></tr>\
         <tr><td><label class=\"fw-bold\">Registration Number</label></td><td><label>{}/{}</label></td>\
         <td><label>Registration Date:</label></td><td><label>{}</label></td></tr>\
         <tr><td><b><label>CNR Number</label></b></td><td colspan=\"2\"><span class=\"fw-bold\">{}</span>\
         <em class=\"fw-bold text-dark\"> (Note the CNR number for future reference)</em></td><td></td></tr></tbody></table>",
        heading("Case Details"),
        escape(&file.case_type.name),
        file.filing_number,
        file.filed.year(),
        day::dashed(file.filed),
        file.number,
        file.year,
        day::dashed(file.registered),
        file.cnr
    )
}

fn status(file: &CaseFile) -> String {
    let mut rows = String::new();
    let mut row = |label: &str, value: &str| {
        write!(
            rows,
            "<tr><td><label><strong>{label} </strong></label></td><td colspan=\"3\"><strong>{value}</strong></td></tr>"
        )
        .ok();
    };
    let long = |date: Option<jiff::civil::Date>| date.map_or_else(String::new, long_date);
    row("First Hearing Date", &long(file.first_hearing));
    if file.is_disposed() {
        row("Decision Date", &long(file.decided));
        row("Case Status", "Case disposed");
        row(
            "Nature of Disposal",
            &escape(file.disposal.as_deref().unwrap_or("")),
        );
    } else {
        row("Next Hearing Date", &long(file.next_hearing));
        row("Case Stage", &escape(file.stage.as_deref().unwrap_or("")));
    }
    let judge = escape(&file.judges.join(","));
    row(
        "Court Number and Judge",
        &format!(" {}-{judge}", file.court_number),
    );
    format!(
        "{}<table class=\"table case_status_table table-bordered\"><tbody>{rows}</tbody></table>",
        heading("Case Status")
    )
}

/// Parties in a list in some States, in a table in the others.
fn parties(side: &str, parties: &[Party], state: Option<&String>) -> String {
    let listed = state.is_some_and(|code| code.ends_with(['1', '6']));
    let mut text = String::new();
    for (place, party) in (1..).zip(parties) {
        write!(text, "{place}) {}", escape(&party.name)).ok();
        let names: Vec<String> = party.advocates.iter().map(|a| escape(&a.name)).collect();
        if !names.is_empty() {
            write!(text, "<br>&nbsp;&nbsp;&nbsp;Advocate- {}", names.join(",")).ok();
        }
        text.push_str("<br>");
    }
    let head = heading(&format!("{side} and Advocate"));
    if listed {
        return format!(
            "{head}<ul class=\"list-group {side}_Advocate_table\"><li>{text}</li></ul>"
        );
    }
    format!(
        "{head}<table class=\"table table-bordered {side}_Advocate_table\"><tbody><tr><td>{text}</td></tr></tbody></table>"
    )
}

fn acts(file: &CaseFile) -> String {
    let mut rows = String::new();
    for act in &file.acts {
        write!(
            rows,
            "<tr><td>{}</td><td>{}</td></tr>",
            escape(&act.act),
            escape(&act.sections)
        )
        .ok();
    }
    format!(
        "{}<table class=\"table acts_table table-bordered \" border=\"1\" id=\"act_table\"><tbody><tr><th>Under Act(s)</th>\
         <th>Under Section(s)</th></tr>{rows}</tbody></table>",
        heading("Acts")
    )
}

fn applications(file: &CaseFile) -> String {
    if file.applications.is_empty() {
        return String::new();
    }
    let mut rows = String::new();
    for application in &file.applications {
        write!(
            rows,
            "<tr><td>{} </td><td>{}<br></td><td>{} </td><td> <br></td><td>{}</td></tr>",
            application.number,
            escape(&application.party),
            day::dashed(application.filed),
            application.status
        )
        .ok();
    }
    format!(
        "<h2 class=\"h2class\">IA Status</h2><table class=\"IAheading\" border=\"1\"><tbody><tr><th><b>IA Number </b></th>\
         <th><b>Party Name </b></th><th><b>Date of Filing </b></th><th><b>Next Date </b><br><b>(Purpose) </b></th>\
         <th><b>IA Status </b></th></tr>{rows}</tbody></table>"
    )
}

/// A row for each day in court: what was dealt with, and the day and purpose it was put to.
fn hearings(file: &CaseFile) -> String {
    let mut rows = String::new();
    let mut row = |judge: &str, business: &str, next: &str, purpose: &str| {
        write!(
            rows,
            "<tr><td>{}</td><td><a href=\"#\" onclick=\"viewBusiness('{}','{business}','{}')\">{business}</a></td>\
             <td>{next}</td><td> {}</td></tr>",
            escape(judge),
            file.court_number,
            file.cnr,
            escape(purpose)
        )
        .ok();
    };
    for hearing in file
        .hearings
        .iter()
        .filter(|hearing| hearing.business_on.is_some())
    {
        let business = hearing.business_on.map_or_else(String::new, day::dashed);
        row(
            &hearing.judge,
            &business,
            &day::dashed(hearing.on),
            &hearing.purpose,
        );
    }
    if let Some(decided) = file.decided {
        let judge = file.judges.first().map_or("", String::as_str);
        row(judge, &day::dashed(decided), "", "Disposed");
    }
    format!(
        "<table id=\"historyheading\"><tbody><tr><td><h2 class=\"h2class\">Case History</h2></td></tr></tbody></table>\
         <table width=\"100%\" class=\"history_table table \" align=\"center\" border=\"1\"><thead><tr><td scope=\"col\">Judge</td>\
         <td scope=\"col\">Business on Date</td><td scope=\"col\">Hearing Date</td><td scope=\"col\">Purpose of Hearing</td></tr></thead>\
         <tbody>{rows}</tbody></table>"
    )
}

fn order_table(title: &str, file: &CaseFile, wanted: impl Fn(&CaseOrder) -> bool) -> String {
    let mut rows = String::new();
    for order in file.orders.iter().filter(|order| wanted(order)) {
        write!(
            rows,
            "<tr><td>&nbsp;&nbsp;{}</td><td>&nbsp;&nbsp;{}</td><td colspan=\"3\"><a href=\"#\" onclick=\"{}\">\
             <font color=\"green\"> &nbsp;&nbsp;Order </font><span></span></a></td></tr>",
            order.number,
            day::dashed(order.on),
            orders::call(file, order)
        )
        .ok();
    }
    if rows.is_empty() {
        return rows;
    }
    format!(
        "<table id=\"orderheading\"><tbody><tr><td><br><h2 class=\"h2class\">{title} </h2></td></tr></tbody></table>\
         <table width=\"100%\" class=\"order_table table \" align=\"center\" border=\"1\"><tbody><tr><td><strong>&nbsp;&nbsp;Order Number</strong></td>\
         <td><strong>&nbsp;&nbsp;Order Date </strong></td><td> <strong>&nbsp;&nbsp;Order Details </strong></td></tr>{rows}</tbody></table>"
    )
}

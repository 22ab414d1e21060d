//! The page of a case.

use std::fmt::Write as _;

use jiff::civil::Date;

use crate::cases::{CaseFile, Hearing, Key, Party, slug_of};
use crate::day;
use crate::hcservices::causelist::cell;
use crate::hcservices::token::{self, Meant};
use crate::world::World;

/// `08th September 2026`.
pub(crate) fn long(date: Date) -> String {
    let suffix = match (date.day(), date.day() % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    let words = day::in_words(date);
    let month = words.split(' ').next().unwrap_or("");
    format!("{:02}{suffix} {month} {:04}", date.day(), date.year())
}

/// The page in the layout of its court.
pub(super) fn of(world: &World, key: Key, today: i32) -> String {
    let file = world.cases.file(key, today);
    let quirks = &world.cases.spec().quirks;
    let has = |slugs: &[String]| slugs.iter().any(|slug| slug == slug_of(key.seat));
    let head = if has(&quirks.span_pages) {
        format!("{}{}", details_in_spans(&file), status_in_spans(&file))
    } else {
        format!("{}{}", details(&file), status(&file))
    };
    let orders = orders(world, key, &file);
    let (within, behind) = if has(&quirks.nested_orders) && !file.orders.is_empty() {
        (
            format!("<tr><td colspan=\"5\">{orders}</td></tr>"),
            String::new(),
        )
    } else {
        (String::new(), orders)
    };
    format!(
        "<html><head><title>Case History</title></head><body>\n<h2 class='h1class'><span>{}</span></h2>\n\
         {head}{}{}{}{}{}{behind}{}{}{}</body></html>\n",
        cell(&file.court),
        parties("Petitioner", &file.petitioners),
        parties("Respondent", &file.respondents),
        acts(&file),
        lower(&file),
        histories(&file, key, &within),
        applications(&file),
        linked(&file),
        documents(&file),
    )
}

fn pair(label: &str, value: &str) -> String {
    format!("<td><label>{label}</label></td><td>{value}</td>")
}

fn numbers(file: &CaseFile) -> (String, String) {
    let kind = cell(&file.case_type.name);
    (
        format!("{kind} /{}/{}", file.filing_number, file.filed.year()),
        format!("{kind} /{}/{}", file.number, file.year),
    )
}

fn details(file: &CaseFile) -> String {
    let (filing, registration) = numbers(file);
    format!(
        "<h2>Case Details</h2>\n<table class=\"table case_details_table\">\n<tr>{}{}</tr>\n<tr>{}{}</tr>\n<tr>{}</tr>\n</table>\n",
        pair("Filing Number", &filing),
        pair("Filing Date", &day::dashed(file.filed)),
        pair("Registration Number", &registration),
        pair("Registration Date", &day::dashed(file.registered)),
        pair("CNR Number", &file.hyphened()),
    )
}

/// Labels and values of the block on the state of the case.
fn standing(file: &CaseFile) -> Vec<(&'static str, String)> {
    let mut pairs = vec![(
        "First Hearing Date",
        file.first_hearing.map_or_else(String::new, long),
    )];
    if let Some(decided) = file.decided {
        pairs.push(("Decision Date", long(decided)));
        pairs.push(("Case Status", "CASE DISPOSED".to_owned()));
        let disposal = file.disposal.as_deref().unwrap_or("");
        pairs.push(("Nature of Disposal", cell(disposal)));
    } else {
        let next = file
            .next_hearing
            .map_or_else(|| "Next Date is not given".to_owned(), long);
        pairs.push(("Next Hearing Date", next));
        pairs.push(("Case Stage", cell(file.stage.as_deref().unwrap_or(""))));
    }
    let bench = match file.judges.len() {
        0 => "",
        1 => "SINGLE BENCH",
        2 => "DIVISION BENCH",
        _ => "FULL BENCH",
    };
    pairs.extend([
        ("Coram", cell(&file.judges.join(","))),
        ("Bench Type", bench.to_owned()),
        ("State", file.state.clone()),
        ("District", file.district.clone()),
        ("Not Before Me", String::new()),
    ]);
    pairs
}

fn status(file: &CaseFile) -> String {
    let mut rows = String::new();
    for (label, value) in standing(file) {
        writeln!(rows, "<tr>{}</tr>", pair(label, &value)).ok();
    }
    format!("<h2>Case Status</h2>\n<table class=\"table_r table text-left\">\n{rows}</table>\n")
}

/// The older layout: labels within spans, values behind a colon.
fn details_in_spans(file: &CaseFile) -> String {
    let (filing, registration) = (
        format!("{}/{}", file.filing_number, file.filed.year()),
        format!("{}/{}", file.number, file.year),
    );
    format!(
        "<h2 class='h2class'>Case Details</h2>\n\
         <span class='case_details_table'><span><label>Case Type </label></span>:&nbsp;{}</span><br />\n\
         <span class='case_details_table'><span><label>Filing Number</label></span>:&nbsp;{filing}\
         <span><label>Filing Date</label>: {}</span></span><br />\n\
         <span class='case_details_table'><span><label>Registration Number</label></span><label>:&nbsp;{registration}</label>\
         <span><label>Registration Date</label><label>:&nbsp;{}</label></span></span><br />\n\
         <b><span class='case_details_table'><span><label>CNR Number</label></span>:&nbsp;{}</span></b><br />\n",
        cell(&file.case_type.name),
        day::dashed(file.filed),
        day::dashed(file.registered),
        file.hyphened(),
    )
}

fn status_in_spans(file: &CaseFile) -> String {
    let mut rows = String::new();
    for (label, value) in standing(file) {
        let label = match label {
            "Bench Type" => "Bench",
            "Case Stage" => "Stage of Case",
            label => label,
        };
        writeln!(
            rows,
            "<span><label><strong>{label} </strong><strong>:&nbsp;{value}</strong></label></span><br />"
        )
        .ok();
    }
    format!("<h2 class='h2class'>Case Status</h2><div>\n{rows}</div>\n")
}

/// Numbered names with their lawyers, in the portal's broken markup.
fn parties(side: &str, parties: &[Party]) -> String {
    let mut text = String::new();
    for (place, party) in (1..).zip(parties) {
        write!(text, "{place}) {}<br />", cell(&party.name)).ok();
        if party.advocates.is_empty() {
            text.push_str("&nbsp;<br>");
            continue;
        }
        let names: Vec<String> = party.advocates.iter().map(|a| cell(&a.printed())).collect();
        write!(text, "&nbsp;&nbsp;Advocate- {}</br>", names.join(",")).ok();
    }
    format!("<h2>{side} and Advocate</h2>\n<span class=\"{side}_Advocate_table\">{text}</span>\n")
}

fn acts(file: &CaseFile) -> String {
    let mut rows = String::new();
    for act in &file.acts {
        writeln!(
            rows,
            "<tr><td>{}</td><td>{},</td></tr>",
            cell(&act.act),
            cell(&act.sections)
        )
        .ok();
    }
    format!(
        "<h2>Acts</h2>\n<table id='act_table' class=\"Acts_table\"><tr><th>Under Act(s)</th><th>Under Section(s)</th></tr>\n\
         {rows}</table>\n"
    )
}

fn lower(file: &CaseFile) -> String {
    let Some(lower) = &file.lower else {
        return String::new();
    };
    format!(
        "<h2>Subordinate Court Information</h2>\n<span class='Lower_court_table'>\
         <span>Court Number and Name</span><label>:&nbsp;{}</label><br />\
         <span>Case Number and Year</span><label>:&nbsp;{}</label><br />\
         <span>Case Decision Date</span><label>:&nbsp;{}</label><br />\
         <span>State</span><label>:&nbsp;{}</label><br /><span>District</span><label>:&nbsp;{}</label><br /></span>\n",
        cell(&lower.court),
        lower.number,
        day::dashed(lower.decided),
        lower.state,
        lower.district
    )
}

const HEADS: &str = "<tr><th>Cause List Type</th><th>Judge</th><th>Business on Date</th>\
                     <th>Hearing Date</th><th>Purpose of Hearing</th></tr>";

/// The hearings, those before registration in a table of their own. `within` stands at the end.
fn histories(file: &CaseFile, key: Key, within: &str) -> String {
    let table = |heading: &str, hearings: &[&Hearing], within: &str| {
        let mut rows = String::new();
        // The latest first.
        for hearing in hearings.iter().rev() {
            rows.push_str(&history_row(file, key, hearing));
        }
        format!(
            "<h2>{heading}</h2>\n<table class=\"history_table\">{HEADS}\n{rows}{within}</table>\n"
        )
    };
    let (before, after): (Vec<&Hearing>, Vec<&Hearing>) =
        file.hearings.iter().partition(|hearing| hearing.on_filing);
    let mut text = String::new();
    if !before.is_empty() {
        text.push_str(&table("Case History on Filing Number", &before, ""));
    }
    if !after.is_empty() || !within.is_empty() {
        text.push_str(&table("Case History", &after, within));
    }
    text
}

fn history_row(file: &CaseFile, key: Key, hearing: &Hearing) -> String {
    let business = hearing.business_on.map_or_else(String::new, |date| {
        let date = day::dashed(date);
        format!(
            "<a href='#' onclick=\"viewBusiness('{}','{}','','{}','P','{date}','{}')\">{date}</a>",
            file.court_number,
            key.seat,
            file.long_number(),
            file.cnr
        )
    });
    format!(
        "<tr><td>{}</td><td>{}</td><td>{business}</td><td>{}</td><td>{}</td></tr>\n",
        hearing.list,
        cell(&hearing.judge),
        day::dashed(hearing.on),
        cell(&hearing.purpose)
    )
}

fn orders(world: &World, key: Key, file: &CaseFile) -> String {
    if file.orders.is_empty() {
        return String::new();
    }
    let number = file.title_number().replace(' ', "%20");
    let (state, bench) = match file.place.as_slice() {
        [state, bench, ..] => (state.as_str(), bench.as_str()),
        _ => ("", ""),
    };
    let mut rows = String::new();
    for order in &file.orders {
        let token = token::write(world.config.docket.seed(), Meant::Order(key, order.number));
        writeln!(
            rows,
            "<tr><td>&nbsp;&nbsp;{}</td><td>{}</td><td>{}</td><td>{}</td><td><a target='_blank' href='cases/display_pdf.php?\
             filename={token}&caseno={}&cCode={bench}&appFlag=&cino={}&state_code={state}'>View</a></td></tr>",
            order.number,
            cell(&file.title_number()),
            cell(&order.judge),
            day::dashed(order.on),
            cell(&number),
            file.cnr,
        )
        .ok();
    }
    format!(
        "<h2>Orders</h2>\n<table class=\"order_table\"><tr><th>Order Number</th><th>Order on</th><th>Judge</th>\
         <th>Order Date</th><th>Order Details</th></tr>\n{rows}</table>\n"
    )
}

fn applications(file: &CaseFile) -> String {
    if file.applications.is_empty() {
        return String::new();
    }
    let mut rows = String::new();
    for application in &file.applications {
        writeln!(
            rows,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td></td><td>{}</td></tr>",
            application.number,
            cell(&application.party),
            day::dashed(application.filed),
            application.status
        )
        .ok();
    }
    format!(
        "<h2>IA Details</h2>\n<table class='IAheading'><tr><th>IA Number</th><th>Party</th><th>Date of Filing</th>\
         <th>Next Date</th><th>IA Status</th></tr>\n{rows}</table>\n"
    )
}

fn linked(file: &CaseFile) -> String {
    let mut rows = String::new();
    for number in &file.linked {
        writeln!(rows, "<tr><td>{}</td></tr>", cell(number)).ok();
    }
    if rows.is_empty() {
        return rows;
    }
    format!(
        "<h2>Linked Cases</h2>\n<table class='linkedcase_table'><tr><th>Case Number</th></tr>\n{rows}</table>\n"
    )
}

/// The papers handed in, in a table whose class means transfers on the other portal.
fn documents(file: &CaseFile) -> String {
    let party = CaseFile::first(&file.petitioners);
    format!(
        "<h2>Document Details</h2>\n<table class='transfer_table'><tr><th>Sr. No.</th><th>Document No.</th>\
         <th>Date of Receiving</th><th>Filed by</th><th>Document Filed</th></tr>\n\
         <tr><td>1</td><td>1/{}</td><td>{}</td><td>{}</td><td>Vakalatnama</td></tr></table>\n",
        file.filed.year(),
        day::dashed(file.filed),
        cell(party)
    )
}

//! Result rows as the portals print them, faults of their HTML included.

use std::fmt::Write as _;

use crate::case::{Case, Report};
use crate::markup::{escape, escape_all};
use crate::random::Draw;
use crate::row::Flaw;
use crate::trouble::Fault;

/// A row to print.
pub(crate) struct Printed<'a> {
    pub(crate) case: &'a Case,
    /// Place on the page, from 0: the session's key of the row.
    pub(crate) val: usize,
    pub(crate) flaw: Option<Flaw>,
    /// The row's own stream, for oddities that are always the same.
    pub(crate) draw: Draw,
    /// Whether it came from a file, whose apostrophes are entities.
    pub(crate) loaded: bool,
    /// Whether the portal is the reports' own, which has more buttons.
    pub(crate) own_portal: bool,
}

/// The HTML of a row.
pub(crate) fn html(mut row: Printed<'_>) -> String {
    match (row.flaw, &row.case.report) {
        (Some(Flaw::Garbage), _) => garbage(&mut row),
        (flaw, Some(report)) => {
            let full = report_row(&mut row, report);
            if flaw == Some(Flaw::NoButton) {
                without_button(&full)
            } else {
                full
            }
        }
        (flaw, None) => {
            let full = high_court_row(&mut row);
            if flaw == Some(Flaw::NoButton) {
                without_button(&full)
            } else {
                full
            }
        }
    }
}

fn text(row: &Printed<'_>, plain: &str) -> String {
    if row.loaded {
        escape_all(plain)
    } else {
        escape(plain)
    }
}

fn high_court_row(row: &mut Printed<'_>) -> String {
    let case = row.case;
    let val = row.val;
    let head = format!(
        "{} of {}",
        text(row, &case.number),
        text(row, &case.petitioner)
    );
    let respondent = text(row, &case.respondent);
    let versus = if row.draw.chance(0.6) {
        ".Array[93]."
    } else {
        "Vs"
    };
    let mut out = format!(
        "<button type='button' role='link' class='btn btn-link p-0 text-start' id='link_{val}' \
         aria-label=\"{head} {versus} {respondent} pdf\"  class='noToken' href='#' \
         onclick=javascript:open_pdf('{val}','','{}#page=&search=%20'); >\
         <font size='3'>{head} Vs {respondent}</button></font><br>",
        case.path
    );
    if !case.judges.is_empty() {
        let judges: Vec<String> = case.judges.iter().map(|judge| text(row, judge)).collect();
        write!(out, "<strong>Judge : {}</strong><br>", judges.join(",")).ok();
    }
    write!(out, " {}<br>", text(row, &case.excerpt)).ok();
    out.push_str("<strong class='caseDetailsTD' >");
    let mut first = true;
    let mut pair = |label: &str, value: &str, missing: Flaw| {
        if row.flaw == Some(missing) || value.is_empty() {
            return;
        }
        let (space, bar) = if first { ("", "") } else { (" ", "| ") };
        first = false;
        write!(
            out,
            "<span style='color:#212F3D'{space}> {bar}{label} :</span><font color='green'> {}</font>",
            escape(value)
        ).ok();
    };
    pair("CNR", &case.cnr, Flaw::MissingCnr);
    pair(
        "Date of registration",
        case.registered.as_deref().unwrap_or(""),
        Flaw::MissingRegistration,
    );
    pair("Decision Date", &case.decided, Flaw::MissingDecision);
    pair(
        "Disposal Nature",
        case.disposal.as_deref().unwrap_or(""),
        Flaw::MissingDisposal,
    );
    if row.flaw != Some(Flaw::MissingCourt) {
        write!(
            out,
            "<br><span style='opacity: 0.5;'>Court : {}</span>",
            escape(&case.court)
        )
        .ok();
    }
    out.push_str("</strong>");
    out
}

fn report_row(row: &mut Printed<'_>, report: &Report) -> String {
    let case = row.case;
    let val = row.val;
    let mut out = String::new();
    if !report.languages.is_empty() {
        translations(&mut out, val, &case.path, report);
    }
    let neutral: String = report.neutral.split_whitespace().collect();
    let arguments = format!("'{val}','{}','{}','{neutral}'", report.year, case.path);
    let (petitioner, respondent) = (text(row, &case.petitioner), text(row, &case.respondent));
    write!(
        out,
        "<button type='button' role='link' class='btn btn-link p-0 text-start' id='link_{val}' \
         aria-label=\" {petitioner} versus {respondent} pdf\"  class='noToken' href='#' \
         onclick=javascript:open_pdf({arguments}); ><font size='4'> <strong>{petitioner}\
         <span class='fst-italic'> versus </span>{respondent} </strong>- <span class='escrText'>{}</span>\
         <span class='ncDisplay'>{}</span><input type='hidden' id='cnr' value={}></button></font><br>",
        report.citation, report.neutral, case.cnr
    ).ok();
    let coram: Vec<String> = case
        .judges
        .iter()
        .enumerate()
        .map(|(place, judge)| {
            let star = "<sup style='color: #268e97;font-size: 22px;top: 0;' class='tooltip-sup' data-tooltip='Author'>*</sup>";
            format!("{}{}", text(row, judge), if case.author == Some(place) { star } else { "" })
        })
        .collect();
    write!(
        out,
        "<strong>Coram : {}</strong><br> {}<br>",
        coram.join(", "),
        text(row, &case.excerpt)
    )
    .ok();
    details(row, &mut out);
    if row.own_portal {
        buttons(&mut out, &arguments);
    }
    out
}

fn details(row: &Printed<'_>, out: &mut String) {
    let case = row.case;
    out.push_str("<strong class='caseDetailsTD' >");
    let mut pairs = Vec::new();
    if row.flaw != Some(Flaw::MissingDecision) {
        pairs.push(("Decision Date", case.decided.clone()));
    }
    if !case.number.is_empty() {
        pairs.push(("Case No", case.number.clone()));
    }
    if let Some(disposal) = case
        .disposal
        .as_ref()
        .filter(|_| row.flaw != Some(Flaw::MissingDisposal))
    {
        pairs.push(("Disposal Nature", disposal.clone()));
    }
    for (place, (label, value)) in pairs.iter().enumerate() {
        let bar = if place == 0 { "" } else { "| " };
        write!(
            out,
            "<span style='color:#212F3D' > {bar}{label} :</span><font color='green'> {}</font>",
            text(row, value)
        )
        .ok();
    }
    if !case.judges.is_empty() {
        let count = case.judges.len();
        let word = if count == 1 { "Judge" } else { "Judges" };
        write!(
            out,
            "   <span style='color:#212F3D' > |  Bench :</span><font color='green'> {count} {word}</font>"
        ).ok();
    }
    out.push_str("</strong>");
}

/// The select that offers translations, with the modal whose close button is the row's first.
fn translations(out: &mut String, val: usize, path: &str, report: &Report) {
    write!(
        out,
        "<select class='form-select form-select-sm me-2' id='language{val}' name='language' \
         onchange=\"javascript:get_pdf_lang('{val}','{path}','{}');\" style='display: inline; width: 90px !important;'>\
         \n\t\t\t\t\t\t\t<option value=''>English</option>\t",
        report.year
    ).ok();
    for code in &report.languages {
        write!(out, "<option value='{code}'>{}</option>", language(code)).ok();
    }
    out.push_str(
        "</select> <br>\n\t\t\t\t\t\t<div class='modal fade' id='DisclaimerModal' data-bs-backdrop='static' tabindex='-1' \
         aria-labelledby='DisclaimerModalLabel' aria-hidden='true'>\n\t\t\t\t\t\t  <div class='modal-dialog'>\n\t\t\t\t\t\t\t\
         <div class='modal-content'>\n\t\t\t\t\t\t\t  <div class='modal-header'>\n\t\t\t\t\t\t\t\t\
         <h5 class='modal-title' id='DisclaimerModalLabel'> Disclaimer </h5>\n\t\t\t\t\t\t\t\t\
         <button type='button' class='btn-close' data-bs-dismiss='modal' aria-label='Close'></button>\n\t\t\t\t\t\t\t  \
         </div>\n\t\t\t\t\t\t\t  <div class='modal-body'> <p>\n\t\t\t\t\t\t\t\tTranslations are offered for convenience; \
         the English text is the judgment. </p><p>\n\t\t\t\t\t\t\t\tErrors may be reported to the registry.\n\t\t\t\t\t\t\
         </p></div></div></div></div>",
    );
}

fn language(code: &str) -> &'static str {
    match code {
        "HIN" => "हिन्दी - Hindi",
        "PUN" => "ਪੰਜਾਬੀ - Punjabi",
        "TAM" => "தமிழ் - Tamil",
        "BEN" => "বাংলা - Bengali",
        "MAR" => "मराठी - Marathi",
        "GUJ" => "ગુજરાતી - Gujarati",
        "KAN" => "ಕನ್ನಡ - Kannada",
        "MAL" => "മലയാളം - Malayalam",
        "ORI" => "ଓଡ଼ିଆ - Odia",
        _ => "اردو - Urdu",
    }
}

fn buttons(out: &mut String, arguments: &str) {
    out.push_str("<div class='row my-1 mt-2 border bg-light'>");
    let mut button = |call: String, icon: &str, label: &str| {
        write!(
            out,
            "<div class='col-auto'><a href='#' class='btn btn-outline-secondary btn-sm my-1' onclick={call}>\
             <i class='fas fa-{icon} me-2' ></i>{label}</a></div>"
        ).ok();
    };
    button(
        format!("open_splitview({arguments},'S');"),
        "columns",
        "Split view",
    );
    button(
        format!("open_splitview({arguments},'H');"),
        "file-alt",
        "HTML view",
    );
    button(format!("open_flip({arguments});"), "book-open", "Flip view");
    button(format!("open_pdf({arguments},'N'); "), "file-pdf", "PDF");
    out.push_str("</div>");
}

/// What is left when the script that prints a row dies half way.
fn garbage(row: &mut Printed<'_>) -> String {
    let case = row.case;
    match row.draw.below(3) {
        0 => format!(
            // A line of the portal's program, which is the same wherever the row stands.
            "<b>Warning</b>: Undefined array key \"{}\" in <b>/var/www/html</b> on line 212<br />",
            case.cnr
        ),
        1 => format!(
            "<button type='button' role='link' class='btn btn-link p-0 te{}",
            escape(&case.petitioner)
        ),
        _ => format!(
            "</td></tr><tr><td><<<{}&&&</font></strong><strong class=",
            case.cnr
        ),
    }
}

/// A row with elements within each other in its text.
pub(crate) fn nested(fault: &Fault, html: &str) -> String {
    let depth = fault.n(20_000).clamp(0, 1_000_000) as usize;
    let (open, close) = match fault.form() {
        "list" => ("<ul><li>".to_owned(), "</li></ul>".to_owned()),
        form => {
            let name = if form.is_empty() { "div" } else { form };
            (format!("<{name}>"), format!("</{name}>"))
        }
    };
    let tower = open.repeat(depth) + "deep" + &close.repeat(depth);
    match html.split_once("</font><br>") {
        Some((head, tail)) => format!("{head}</font><br>{tower}{tail}"),
        None => html.to_owned() + &tower,
    }
}

/// Everything before the end of the title goes, and with it the only way to the document.
fn without_button(full: &str) -> String {
    let rest = full
        .split_once("</button></font><br>")
        .map_or(full, |(_, rest)| rest);
    rest.split_once("<div class='row my-1")
        .map_or(rest, |(before, _)| before)
        .to_owned()
}

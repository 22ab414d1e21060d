//! Replies of a judgment portal for tests. Made by hand in the shape of the portal's protocol; every
//! name, number and citation is invented.

use std::time::Duration;

use bytes::Bytes;
use nirnay_model::DocumentHandle;
use serde_json::json;

use crate::{HttpReply, PageQuery};

/// A session id as long as the portal's.
pub(crate) const SESSION_ID: &str = "sessionidsessionidsession1";
pub(crate) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n picture";
pub(crate) const PDF: &[u8] = b"%PDF-1.4 invented %%EOF";
/// The temporary name of a document.
pub(crate) const TEMPORARY: &str =
    "feedc0defeedc0defeedc0defeedc0defeedc0defeedc0defeedc0defeedc0de1767225600";

/// A token of 64 hex digits that tells which reply it came with.
pub(crate) fn token(digit: char) -> String {
    digit.to_string().repeat(64)
}

pub(crate) fn reply(status: u16, body: impl Into<Vec<u8>>) -> HttpReply {
    let body = Bytes::from(body.into());
    HttpReply {
        status,
        headers: Vec::new(),
        wire_bytes: body.len() as u64,
        body,
        elapsed: Duration::ZERO,
    }
}

pub(crate) fn with_header(mut reply: HttpReply, name: &str, value: &str) -> HttpReply {
    reply.headers.push((name.to_owned(), value.to_owned()));
    reply
}

pub(crate) fn start(digit: char) -> HttpReply {
    let html = format!(
        "<html><form><input id='search_text'><img id='captcha_image'>\
         <input type='hidden' name='app_token' id='app_token' value='{}'></form></html>",
        token(digit)
    );
    let cookie = format!("JUDGEMENTSSEARCH_SESSID={SESSION_ID}; path=/");
    with_header(reply(200, html), "Set-Cookie", &cookie)
}

pub(crate) fn picture(number: u8) -> HttpReply {
    let mut image = PNG.to_vec();
    image.push(number);
    reply(200, image)
}

pub(crate) fn accepted(digit: char) -> HttpReply {
    reply(
        200,
        json!({"captcha_status": "Y", "app_token": token(digit)}).to_string(),
    )
}

pub(crate) fn wrong() -> HttpReply {
    let body = json!({"captcha_status": "N", "errormsg": "Invalid Captcha..!!! ", "app_token": token('e')});
    reply(200, body.to_string())
}

pub(crate) fn expired() -> HttpReply {
    let body =
        json!({"session_expire": "Y", "message": "Session Expired", "app_token": token('e')});
    reply(200, body.to_string())
}

pub(crate) fn oops() -> HttpReply {
    reply(
        200,
        json!({"errormsg": "Oops! Something went wrong", "app_token": token('e')}).to_string(),
    )
}

pub(crate) fn blocked() -> HttpReply {
    reply(
        200,
        "<html><title>Request Rejected</title>The requested URL was rejected.</html>",
    )
}

/// A page that lists the documents `numbers`; their row indices are 10 more than their place.
pub(crate) fn page(digit: char, numbers: &[u32]) -> HttpReply {
    let rows: Vec<_> = numbers
        .iter()
        .zip(0_u32..)
        .map(|(n, place)| json!([place + 1, row(place + 10, *n)]))
        .collect();
    let body = json!({
        "reportrow": {"sEcho": 1, "iTotalRecords": rows.len(), "iTotalDisplayRecords": rows.len(), "aaData": rows},
        "total": rows.len().to_string(),
        "app_token": token(digit),
    });
    reply(200, format!("\n\n {body}"))
}

fn row(index: u32, number: u32) -> String {
    let path = handle(number).path;
    format!(
        "<button type='button' id='link_{index}' aria-label=\"WP/{number}/2024 of A B Vs C D pdf\" class='noToken' \
         onclick=javascript:open_pdf('{index}','','{path}#page=&search=%20'); >\
         <font size='3'>WP/{number}/2024 of A B Vs C D</button></font><br>\
         <strong>Judge : HON'BLE MR. JUSTICE X</strong><br> text<br>\
         <strong class='caseDetailsTD' ><span> CNR :</span><font color='green'> DLHC01{number:06}2024</font>\
         <span> | Decision Date :</span><font color='green'> 15-02-2024</font><br>\
         <span>Court : High Court of Delhi</span></strong>"
    )
}

pub(crate) fn handle(number: u32) -> DocumentHandle {
    DocumentHandle {
        path: format!("court/cnrorders/dhcdb/orders/DLHC01{number:06}2024_1_2024-02-15.pdf"),
        citation_year: String::new(),
        nc_display: String::new(),
        language: String::new(),
    }
}

pub(crate) fn link(digit: char) -> HttpReply {
    let path = format!("/pdfsearch/tmp/{TEMPORARY}.pdf");
    reply(
        200,
        json!({"outputfile": path, "app_token": token(digit)}).to_string(),
    )
}

pub(crate) fn spent() -> HttpReply {
    let form = "<div><img id=\"captcha_image_pdf\" src=\"/pdfsearch/vendor/securimage/securimage_show.php?0123\"></div>";
    reply(
        200,
        json!({"filename": form, "app_token": token('e')}).to_string(),
    )
}

pub(crate) fn pdf() -> HttpReply {
    let length = PDF.len().to_string();
    with_header(reply(200, PDF), "Content-Length", &length)
}

/// The first or a later page of 1000 rows of the High Court of Delhi.
pub(crate) fn query(start: u64) -> PageQuery {
    PageQuery {
        court: Some("7~26".to_owned()),
        bench: None,
        window: "2024-02-01..2024-02-29".parse().ok(),
        start,
        length: 1000,
    }
}

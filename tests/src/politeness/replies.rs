//! Replies in the shape of the portal's protocol. Every name and number is invented.

use std::time::Duration;

use nirnay_fetch::{HttpReply, PageQuery};
use nirnay_model::DocumentHandle;
use serde_json::{Value, json};

/// How far the portal's own row index is from the row's place on the page.
pub(super) const FIRST_ROW: u32 = 10;

pub(super) fn reply(status: u16, body: impl Into<Vec<u8>>) -> HttpReply {
    let body = body.into();
    HttpReply {
        status,
        headers: Vec::new(),
        wire_bytes: body.len() as u64,
        body: body.into(),
        elapsed: Duration::ZERO,
    }
}

pub(super) fn with(mut reply: HttpReply, name: &str, value: impl Into<String>) -> HttpReply {
    reply.headers.push((name.to_owned(), value.into()));
    reply
}

fn token(number: u64) -> String {
    format!("{number:064x}")
}

fn json_reply(mut value: Value, number: u64) -> HttpReply {
    value["app_token"] = json!(token(number));
    reply(200, value.to_string())
}

pub(super) fn start(session: u64) -> HttpReply {
    let html = format!(
        "<html><form><input id='search_text'><img id='captcha_image'>\
         <input type='hidden' name='app_token' id='app_token' value='{}'></form></html>",
        token(session)
    );
    let cookie = format!("JUDGEMENTSSEARCH_SESSID=session{session:020}; path=/");
    with(reply(200, html), "Set-Cookie", cookie)
}

pub(super) fn picture(number: u64) -> HttpReply {
    let mut image = b"\x89PNG\r\n\x1a\n".to_vec();
    image.extend(number.to_le_bytes());
    reply(200, image)
}

pub(super) fn accepted(number: u64) -> HttpReply {
    json_reply(json!({"captcha_status": "Y"}), number)
}

pub(super) fn wrong(number: u64) -> HttpReply {
    json_reply(
        json!({"captcha_status": "N", "errormsg": "Invalid Captcha..!!! "}),
        number,
    )
}

pub(super) fn expired(number: u64) -> HttpReply {
    json_reply(
        json!({"session_expire": "Y", "message": "Session Expired"}),
        number,
    )
}

pub(super) fn unknown(number: u64) -> HttpReply {
    json_reply(json!({"news": "of an unknown kind"}), number)
}

pub(super) fn page(number: u64) -> HttpReply {
    let rows: Vec<Value> = (0..3_u32)
        .map(|place| json!([place + 1, row(place)]))
        .collect();
    let report = json!({
        "sEcho": 1, "iTotalRecords": rows.len(), "iTotalDisplayRecords": rows.len(), "aaData": rows,
    });
    json_reply(json!({"reportrow": report, "total": "3"}), number)
}

fn row(place: u32) -> String {
    let (index, path) = (place + FIRST_ROW, handle(place).path);
    format!(
        "<button type='button' id='link_{index}' aria-label=\"WP/{index}/2024 of A B Vs C D pdf\" class='noToken' \
         onclick=javascript:open_pdf('{index}','','{path}#page=&search=%20'); >\
         <font size='3'>WP/{index}/2024 of A B Vs C D</button></font><br>\
         <strong>Judge : HON'BLE MR. JUSTICE X</strong><br> text<br>\
         <strong class='caseDetailsTD' ><span> CNR :</span><font color='green'> DLHC01{index:06}2024</font>\
         <span> | Decision Date :</span><font color='green'> 15-02-2024</font><br>\
         <span>Court : High Court of Delhi</span></strong>"
    )
}

pub(super) fn handle(place: u32) -> DocumentHandle {
    let index = place + FIRST_ROW;
    DocumentHandle {
        path: format!("court/cnrorders/dhcdb/orders/DLHC01{index:06}2024_1_2024-02-15.pdf"),
        citation_year: String::new(),
        nc_display: String::new(),
        language: String::new(),
    }
}

pub(super) fn link(number: u64) -> HttpReply {
    let path = format!("/pdfsearch/tmp/{}1767225600.pdf", token(number));
    json_reply(json!({"outputfile": path}), number)
}

pub(super) fn spent(number: u64) -> HttpReply {
    let form = "<div><img id=\"captcha_image_pdf\" src=\"/pdfsearch/vendor/securimage/securimage_show.php?0123\"></div>";
    json_reply(json!({"filename": form}), number)
}

/// A document that counts `bytes` on the wire.
pub(super) fn pdf(bytes: u64) -> HttpReply {
    let mut reply = reply(200, "%PDF-1.4 invented %%EOF");
    reply.wire_bytes = bytes;
    reply
}

pub(super) fn firewall() -> HttpReply {
    reply(
        200,
        "<html><title>Request Rejected</title>The requested URL was rejected.</html>",
    )
}

pub(super) fn law() -> HttpReply {
    reply(
        200,
        "<html><h1>Notice</h1><p>Automated access to this site is an offence.</p></html>",
    )
}

pub(super) fn query() -> PageQuery {
    PageQuery {
        court: Some("7~26".to_owned()),
        bench: None,
        window: "2024-02-01..2024-02-29".parse().ok(),
        start: 0,
        length: 1000,
    }
}

//! Pages and bodies that have nothing to do with what was asked.

use std::io::Write as _;
use std::time::Duration;

use bytes::Bytes;
use flate2::write::DeflateEncoder;
use flate2::{Compress, Compression, Crc, FlushCompress};
use jiff::{Timestamp, ToSpan};

use crate::fault::{FaultKind, RetryAfter};
use crate::hostile::{hostile_links, hostile_texts};
use crate::reply::{Delivery, Reply};
use crate::trouble::Fault;

const MIB: usize = 1 << 20;

/// The page of a file that is not there: 315 bytes, as the portal's web server sends it.
pub(crate) fn not_found_page() -> String {
    let mut page = "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n<html><head>\n<title>404 Not Found</title>\n\
                    </head><body>\n<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n<hr>\n<address>"
        .to_owned();
    let end = "</address>\n</body></html>\n";
    let filler = "Apache Server at the portal, Port 443, and nothing else to say about what was requested here";
    page.extend(filler.chars().cycle().take(315 - page.len() - end.len()));
    page.push_str(end);
    page
}

/// A small page.
pub(crate) fn page(title: &str, text: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>\n"
    )
}

/// The reply that stands in for the true one, for faults that do not depend on what was asked.
pub(crate) fn instead(fault: &Fault, now: Timestamp) -> Option<Reply> {
    let rule = &fault.rule;
    let status = |default: u16| rule.status.unwrap_or(default);
    Some(match rule.kind {
        FaultKind::NotJson => Reply::html(
            200,
            "<br />\n<b>Fatal error</b>: Uncaught PDOException in <b>index.php</b>\n",
        ),
        FaultKind::BlockPage => Reply::html(
            status(403),
            page(
                "Request Rejected",
                "The requested URL was rejected. Please consult with your administrator. Support ID: 4519",
            ),
        ),
        FaultKind::Maintenance => Reply::html(
            status(503),
            page(
                "Under Maintenance",
                "The site is under maintenance. Please visit after some time.",
            ),
        ),
        FaultKind::EmptyBody => Reply::html(200, Bytes::new()),
        FaultKind::HttpStatus => {
            let code = status(500);
            Reply::html(code, page(&code.to_string(), "Internal error"))
        }
        FaultKind::RetryAfter => {
            let text = match rule.retry_after.clone().unwrap_or(RetryAfter::Seconds(120)) {
                RetryAfter::Seconds(seconds) => seconds.to_string(),
                RetryAfter::Text(text) => retry_text(&text, now),
            };
            Reply::html(status(429), page("Too Many Requests", "Slow down"))
                .with("retry-after", text)
        }
        FaultKind::RedirectOut => {
            let to = rule
                .to
                .clone()
                .unwrap_or_else(|| "http://192.0.2.1/elsewhere".to_owned());
            let to = match fault.form() {
                "any" => link_of(fault),
                _ => to,
            };
            Reply::html(status(302), Bytes::new()).with("location", to)
        }
        FaultKind::GzipBomb => gzip_bomb(rule.mib.unwrap_or(64)),
        FaultKind::HugeBody => {
            let block = Bytes::from(vec![b' '; MIB]);
            let mut reply = Reply::html(200, Bytes::new());
            reply.delivery = Delivery::Repeat {
                block,
                times: rule.mib.unwrap_or(64),
                tail: Bytes::new(),
            };
            reply
        }
        _ => return None,
    })
}

fn retry_text(text: &str, now: Timestamp) -> String {
    let dated = text.split_once(':').and_then(|(form, ahead)| {
        let at = now.checked_add(ahead.parse::<i64>().ok()?.seconds()).ok()?;
        match form {
            "date" => jiff::fmt::rfc2822::DateTimePrinter::new()
                .timestamp_to_rfc9110_string(&at)
                .ok(),
            "rfc850" => Some(at.strftime("%A, %d-%b-%y %H:%M:%S GMT").to_string()),
            "asctime" => Some(at.strftime("%a %b %e %H:%M:%S %Y").to_string()),
            _ => None,
        }
    });
    dated.unwrap_or_else(|| text.to_owned())
}

/// The address of a document that leads nowhere good.
pub(crate) fn bad_path(fault: &Fault, root: &str) -> String {
    match fault.form() {
        "any" => link_of(fault),
        "host" => "//192.0.2.1/pdfsearch/tmp/x.pdf".to_owned(),
        "dots" => format!("{root}/tmp/../../etc/passwd.pdf"),
        "userinfo" => "@192.0.2.1/x.pdf".to_owned(),
        _ => fault
            .rule
            .to
            .clone()
            .unwrap_or_else(|| "http://192.0.2.1/x.pdf".to_owned()),
    }
}

/// A hostile address: the one the rule names, or any.
pub(crate) fn link_of(fault: &Fault) -> String {
    pick(fault, hostile_links())
}

/// A hostile text: the one the rule names, or any.
pub(crate) fn text_of(fault: &Fault) -> String {
    pick(fault, hostile_texts())
}

fn pick(fault: &Fault, mut bank: Vec<String>) -> String {
    let any = || fault.draw.clone().below(bank.len() as u32) as usize;
    let place = match fault.rule.n {
        Some(n) => n.max(0) as usize % bank.len(),
        None => any(),
    };
    bank.swap_remove(place)
}

/// A file in place of a captcha picture that is none.
fn bad_picture(fault: &Fault, reply: &mut Reply) {
    let mut draw = fault.draw.clone();
    let form = match fault.form() {
        "" | "any" => *draw.pick_ref(&[&"zero", &"html", &"cut", &"noise", &"pixels"]),
        form => form,
    };
    match form {
        "zero" => reply.body = Bytes::new(),
        "html" => reply.body = page("Error", "The image could not be made.").into(),
        "cut" => reply.body = reply.body.slice(..reply.body.len() / 2),
        "noise" => reply.body = (0..4096).map(|_| draw.below(256) as u8).collect(),
        "huge" => {
            reply.delivery = Delivery::Repeat {
                block: Bytes::from(vec![0; MIB]),
                times: fault.rule.mib.unwrap_or(8),
                tail: Bytes::new(),
            };
        }
        // Width and height stand right behind the name of the first chunk; its checksum follows.
        _ => {
            let mut body = reply.body.to_vec();
            if let Some(sizes) = body.get_mut(16..24) {
                sizes.copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
            }
            let mut crc = Crc::new();
            crc.update(body.get(12..29).unwrap_or(&[]));
            if let Some(sum) = body.get_mut(29..33) {
                sum.copy_from_slice(&crc.sum().to_be_bytes());
            }
            reply.body = body.into();
        }
    }
}

/// What a fault does to a reply that is otherwise true.
pub(crate) fn spoil(fault: &Fault, reply: &mut Reply) {
    let rule = &fault.rule;
    match rule.kind {
        FaultKind::SqlTextBeforeJson => prepend(
            reply,
            b"select cino, decision_date, group_concat(judge_name) from judgments where display = 'Y' order by decision_date",
        ),
        FaultKind::BomBeforeJson | FaultKind::BomPdf => prepend(reply, b"\xef\xbb\xbf"),
        FaultKind::Drop => reply.delivery = Delivery::Reset,
        FaultKind::CutBody => {
            let share = fault.n(50).clamp(0, 100) as usize;
            reply.delivery = Delivery::Cut(reply.body.len() * share / 100);
        }
        FaultKind::Slow => reply.delay = Duration::from_millis(rule.ms.unwrap_or(1000)),
        FaultKind::Trickle => {
            let size = fault.n(64).max(1) as usize;
            reply.delivery = Delivery::Trickle(size, Duration::from_millis(rule.ms.unwrap_or(20)));
        }
        FaultKind::HeaderFlood => {
            let value = "x".repeat(rule.size.unwrap_or(32).min(1 << 20) as usize);
            for _ in 0..fault.n(2000).clamp(0, 30_000) {
                reply.headers.push(("x-filler", value.clone()));
            }
        }
        FaultKind::BadPicture => bad_picture(fault, reply),
        FaultKind::HostileName => {
            reply.headers.retain(|(name, _)| *name != "content-disposition");
            // Line ends cannot be sent in a header; everything else can.
            let name = text_of(fault).replace(['\r', '\n', '\0'], " ");
            let value = format!("attachment; filename=\"{name}\"");
            reply.headers.push(("content-disposition", value));
        }
        FaultKind::ZeroPdf => reply.body = Bytes::new(),
        FaultKind::TinyPdf => *reply = Reply::html(200, not_found_page()),
        FaultKind::HtmlPdf => reply.body = page("Error", "The file could not be opened. Please try again later.").repeat(20).into(),
        FaultKind::TruncatedPdf => {
            let share = fault.n(60).clamp(0, 100) as usize;
            reply.body = reply.body.slice(..reply.body.len() * share / 100);
        }
        _ => {}
    }
}

fn prepend(reply: &mut Reply, head: &[u8]) {
    let mut body = head.to_vec();
    body.extend_from_slice(&reply.body);
    reply.body = body.into();
}

/// Spaces, packed about a thousand to one. The packed form is one block repeated, so that even a
/// large bomb costs nothing to make.
fn gzip_bomb(mib: u64) -> Reply {
    let plain = vec![b' '; MIB];
    let mut block = Vec::with_capacity(8192);
    let mut packer = Compress::new(Compression::best(), false);
    // A full flush ends on a byte and forgets what came before: the block can be repeated.
    let whole = packer
        .compress_vec(&plain, &mut block, FlushCompress::Full)
        .is_ok();
    let mut crc = Crc::new();
    let mut one = Crc::new();
    one.update(&plain);
    for _ in 0..mib {
        crc.combine(&one);
    }
    let mut tail = DeflateEncoder::new(Vec::new(), Compression::best())
        .finish()
        .unwrap_or_default();
    // Trailer: checksum and length modulo 2^32, little end first.
    let length = (mib * MIB as u64) as u32;
    let ended = tail
        .write_all(&crc.sum().to_le_bytes())
        .and_then(|()| tail.write_all(&length.to_le_bytes()));
    let head: &[u8] = &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    let mut reply = Reply::html(200, Bytes::from_static(head)).with("content-encoding", "gzip");
    if whole && ended.is_ok() {
        reply.delivery = Delivery::Repeat {
            block: block.into(),
            times: mib,
            tail: tail.into(),
        };
    }
    reply
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn the_missing_page_has_315_bytes() {
        assert_eq!(not_found_page().len(), 315);
    }

    #[test]
    fn a_bomb_is_good_gzip() {
        let reply = gzip_bomb(3);
        let Delivery::Repeat { block, times, tail } = reply.delivery else {
            panic!("no bomb")
        };
        let mut bytes = reply.body.to_vec();
        (0..times).for_each(|_| bytes.extend_from_slice(&block));
        bytes.extend_from_slice(&tail);
        assert!(bytes.len() < 20_000);
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&bytes[..])
            .read_to_end(&mut plain)
            .unwrap();
        assert_eq!(plain.len(), 3 * MIB);
    }

    #[test]
    fn retry_after_may_be_a_date() {
        let now: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
        assert_eq!(retry_text("date:+60", now), "Fri, 02 Jan 2026 03:05:05 GMT");
        assert_eq!(retry_text("date:-60", now), "Fri, 02 Jan 2026 03:03:05 GMT");
        assert_eq!(
            retry_text("rfc850:+60", now),
            "Friday, 02-Jan-26 03:05:05 GMT"
        );
        assert_eq!(retry_text("asctime:+60", now), "Fri Jan  2 03:05:05 2026");
        assert_eq!(retry_text("soon", now), "soon");
        assert_eq!(retry_text("date:soon", now), "date:soon");
    }
}

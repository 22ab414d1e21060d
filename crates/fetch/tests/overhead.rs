//! What a request costs besides the network: a loop of requests answered from memory. Not run unless asked
//! for: `cargo test -p nirnay-fetch --test overhead -- --ignored --nocapture`, with `NIRNAY_PAGES=100000`.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test fails the test by panicking"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use nirnay_fetch::{
    CaptchaSolver, CaptureSink, Challenge, Deps, GateDeps, HostGate, HttpReply, HttpRequest,
    JudgmentsClient, MemoryHostStates, NeverStop, PageQuery, Politeness, PortalConfig, SinkError,
    SolveError, TokioClock, Transport, TransportError, UnlimitedRun,
};
use nirnay_model::{Capture, CaptureKind, SourceId};
use serde_json::json;

struct Portal(Bytes);

fn small(body: impl Into<Vec<u8>>) -> HttpReply {
    HttpReply {
        status: 200,
        headers: Vec::new(),
        body: body.into().into(),
        wire_bytes: 0,
        elapsed: Duration::ZERO,
    }
}

#[async_trait]
impl Transport for Portal {
    async fn send(&self, request: HttpRequest) -> Result<HttpReply, TransportError> {
        let token = "ab".repeat(32);
        Ok(match request.kind {
            CaptureKind::Robots => HttpReply {
                status: 404,
                ..small("none")
            },
            CaptureKind::Start => small(format!(
                "<form><input id='search_text'><img id='captcha_image'><input id='app_token' value='{token}'></form>"
            )),
            CaptureKind::Captcha => small(b"\x89PNG\r\n\x1a\n".to_vec()),
            CaptureKind::CaptchaCheck => {
                small(json!({"captcha_status": "Y", "app_token": token}).to_string())
            }
            _ => HttpReply {
                body: self.0.clone(),
                ..small("")
            },
        })
    }
}

struct Reader;

#[async_trait]
impl CaptchaSolver for Reader {
    fn name(&self) -> &'static str {
        "reader"
    }

    async fn solve(&self, _: &Challenge) -> Result<Option<String>, SolveError> {
        Ok(Some("ab12cd".to_owned()))
    }
}

struct Gone;

impl CaptureSink for Gone {
    fn record(&self, _: Capture) -> Result<(), SinkError> {
        Ok(())
    }
}

fn page(rows: u32) -> Bytes {
    let row = |index: u32| {
        format!(
            "<button type='button' id='link_{index}' aria-label=\"WP/{index}/2024 of A B Vs C D pdf\" class='noToken' \
             onclick=javascript:open_pdf('{index}','','court/cnrorders/dhcdb/orders/DLHC01{index:06}2024_1_2024-02-15.pdf#page=&search=%20'); >\
             <font size='3'>WP/{index}/2024 of A B Vs C D</button></font><br>\
             <strong>Judge : HON'BLE MR. JUSTICE X</strong><br> {}<br>\
             <strong class='caseDetailsTD' ><span> CNR :</span><font color='green'> DLHC01{index:06}2024</font>\
             <span> | Decision Date :</span><font color='green'> 15-02-2024</font><br>\
             <span>Court : High Court of Delhi</span></strong>",
            "some words of the judgment ".repeat(20)
        )
    };
    let list: Vec<_> = (1..=rows).map(|place| json!([place, row(place)])).collect();
    let body = json!({
        "reportrow": {"sEcho": 1, "iTotalRecords": rows, "iTotalDisplayRecords": rows, "aaData": list},
        "app_token": "ab".repeat(32),
    });
    body.to_string().into()
}

fn client(page: Bytes) -> JudgmentsClient {
    let config =
        PortalConfig::new(SourceId::EcourtsHc, "http://127.0.0.1:1".parse().unwrap()).unwrap();
    let politeness = Politeness {
        contact: "mailto:crawl@example.org".to_owned(),
        min_interval: Duration::ZERO,
        per_hour: u32::MAX,
        per_day: u32::MAX,
        bytes_per_day: u64::MAX,
        ..Politeness::default()
    };
    let clock = Arc::new(TokioClock::default());
    let gate_deps = GateDeps {
        store: Arc::new(MemoryHostStates::default()),
        clock: Arc::clone(&clock) as _,
        stop: Arc::new(NeverStop),
        budget: Arc::new(UnlimitedRun),
        seed: 1,
    };
    let deps = Deps {
        transport: Arc::new(Portal(page)),
        gate: Arc::new(HostGate::new(&config.base_url, politeness, gate_deps).unwrap()),
        solver: Arc::new(Reader),
        sink: Arc::new(Gone),
        events: Arc::new(|_| {}),
        clock,
    };
    JudgmentsClient::new(config, deps).unwrap()
}

#[tokio::test]
#[ignore = "a measurement"]
async fn pages_from_memory() {
    let given = std::env::var("NIRNAY_PAGES").ok();
    let pages: u32 = given.and_then(|n| n.parse().ok()).unwrap_or(2_000);
    for (rows, pages) in [(1, pages), (25, pages), (1_000, pages / 20)] {
        let page = page(rows);
        let size = page.len();
        let mut client = client(page);
        let began = Instant::now();
        for number in 0..pages {
            let query = PageQuery {
                start: u64::from(number),
                length: 1000,
                ..PageQuery::default()
            };
            client.page(&query).await.unwrap();
        }
        let spent = began.elapsed().as_secs_f64();
        println!(
            "{rows} rows ({size} bytes) a page: {:.1} us a page, {:.0} pages/s, {:.0} rows/s",
            spent * 1e6 / f64::from(pages),
            f64::from(pages) / spent,
            f64::from(pages) * f64::from(rows) / spent
        );
    }
}

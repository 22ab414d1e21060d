//! Two hundred ways to name another host as the place of a document or the end of a redirect, and not
//! one request that leaves the portal.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test fails the test by panicking"
)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use nirnay_fetch::{
    CaptchaSolver, Challenge, Deps, FeedClient, GateDeps, HostGate, HttpReply, HttpRequest,
    JudgmentsClient, ManualClock, MemoryHostStates, MemorySink, NeverStop, PageQuery, Politeness,
    PortalConfig, SolveError, Transport, TransportError, UnlimitedRun,
};
use nirnay_model::{CaptureKind, DocumentHandle, SourceId};
use serde_json::json;

const HOSTS: [&str; 8] = [
    "evil.example",
    "169.254.169.254",
    "[::ffff:169.254.169.254]",
    "2852039166",
    "0xa9fea9fe",
    "127.0.0.1:22",
    "localhost",
    "judgments.ecourts.gov.in.evil.example",
];
const SHAPES: [&str; 27] = [
    "https://HOST/pdfsearch/tmp/0123456789abcdef.pdf",
    "http://HOST/a.pdf",
    "HTTPS://HOST/a.pdf",
    "//HOST/a.pdf",
    "///HOST/a.pdf",
    "/\\HOST/a.pdf",
    "\\\\HOST\\a.pdf",
    "https:HOST/a.pdf",
    "https:/HOST/a.pdf",
    "https:\\\\HOST/a.pdf",
    "@HOST/a.pdf",
    ".HOST/a.pdf",
    ":443@HOST/a.pdf",
    "https://judgments.ecourts.gov.in@HOST/a.pdf",
    "https://judgments.ecourts.gov.in:443@HOST/a.pdf",
    "https://judgments.ecourts.gov.in%2F@HOST/a.pdf",
    "https://HOST#judgments.ecourts.gov.in/a.pdf",
    "https://HOST\\judgments.ecourts.gov.in/a.pdf",
    "/pdfsearch/tmp/..//HOST/a.pdf",
    "/pdfsearch/tmp/%2e%2e/%2e%2e//HOST/a.pdf",
    "/%2F/HOST/a.pdf",
    "\t//HOST/a.pdf",
    "/\t/HOST/a.pdf",
    "\u{ff0f}\u{ff0f}HOST/a.pdf",
    "file://HOST/etc/passwd",
    "javascript:fetch('//HOST/')",
    "/pdfsearch/tmp/0123456789abcdef.pdf\r\nHost: HOST",
];

fn shapes() -> impl Iterator<Item = String> {
    SHAPES
        .iter()
        .flat_map(|shape| HOSTS.map(|host| shape.replace("HOST", host)))
}

/// What the portal is told to name.
#[derive(Clone)]
enum Named {
    Document(String),
    Redirect(CaptureKind, String),
}

struct Portal {
    named: Mutex<Named>,
    asked: Mutex<Vec<HttpRequest>>,
}

fn reply(status: u16, body: &str) -> HttpReply {
    HttpReply {
        status,
        headers: Vec::new(),
        body: body.as_bytes().to_vec().into(),
        wire_bytes: body.len() as u64,
        elapsed: Duration::ZERO,
    }
}

const PATH: &str = "court/cnrorders/dhcdb/orders/DLHC010000012024_1_2024-02-15.pdf";

fn row() -> String {
    format!(
        "<button type='button' id='link_10' aria-label=\"WP/1/2024 of A B Vs C D pdf\" class='noToken' \
         onclick=javascript:open_pdf('10','','{PATH}#page=&search=%20'); >\
         <font size='3'>WP/1/2024 of A B Vs C D</button></font><br>\
         <strong>Judge : HON'BLE MR. JUSTICE X</strong><br> text<br>\
         <strong class='caseDetailsTD' ><span> CNR :</span><font color='green'> DLHC010000012024</font>\
         <span> | Decision Date :</span><font color='green'> 15-02-2024</font><br>\
         <span>Court : High Court of Delhi</span></strong>"
    )
}

#[async_trait]
impl Transport for Portal {
    async fn send(&self, request: HttpRequest) -> Result<HttpReply, TransportError> {
        let kind = request.kind;
        self.asked.lock().unwrap().push(request);
        let named = self.named.lock().unwrap().clone();
        let token = "ab".repeat(32);
        if let Named::Redirect(from, to) = &named
            && *from == kind
        {
            let mut moved = reply(302, "");
            moved.headers.push(("Location".to_owned(), to.clone()));
            return Ok(moved);
        }
        Ok(match kind {
            CaptureKind::Robots => reply(404, "none"),
            CaptureKind::Start => reply(
                200,
                &format!(
                    "<form><input id='search_text'><img id='captcha_image'><input id='app_token' value='{token}'></form>"
                ),
            ),
            CaptureKind::Captcha => {
                let mut picture = reply(200, "");
                picture.body = b"\x89PNG\r\n\x1a\n".to_vec().into();
                picture
            }
            CaptureKind::CaptchaCheck => reply(
                200,
                &json!({"captcha_status": "Y", "app_token": token}).to_string(),
            ),
            CaptureKind::Search => {
                let rows = json!([[1, row()]]);
                let body = json!({"reportrow": {"iTotalRecords": 1, "iTotalDisplayRecords": 1, "aaData": rows}, "app_token": token});
                reply(200, &body.to_string())
            }
            CaptureKind::DocumentLink => {
                let path = match named {
                    Named::Document(path) => path,
                    Named::Redirect(..) => "/pdfsearch/tmp/0123456789abcdef.pdf".to_owned(),
                };
                reply(
                    200,
                    &json!({"outputfile": path, "app_token": token}).to_string(),
                )
            }
            _ => reply(200, "%PDF-1.4"),
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

fn deps(portal: &Arc<Portal>, source: SourceId) -> (PortalConfig, Deps) {
    let config = PortalConfig::public(source).unwrap();
    let clock = Arc::new(ManualClock::at("2026-03-01T03:00:00Z".parse().unwrap()));
    let politeness = Politeness {
        contact: "mailto:crawl@example.org".to_owned(),
        ..Politeness::default()
    };
    let gate_deps = GateDeps {
        store: Arc::new(MemoryHostStates::default()),
        clock: Arc::clone(&clock) as _,
        stop: Arc::new(NeverStop),
        budget: Arc::new(UnlimitedRun),
        seed: 1,
    };
    let deps = Deps {
        transport: Arc::clone(portal) as _,
        gate: Arc::new(HostGate::new(&config.base_url, politeness, gate_deps).unwrap()),
        solver: Arc::new(Reader),
        sink: Arc::new(MemorySink::default()),
        events: Arc::new(|_| {}),
        clock,
    };
    (config, deps)
}

fn portal(named: Named) -> Arc<Portal> {
    Arc::new(Portal {
        named: Mutex::new(named),
        asked: Mutex::default(),
    })
}

fn query() -> PageQuery {
    PageQuery {
        court: Some("7~26".to_owned()),
        bench: None,
        window: "2024-02-01..2024-02-29".parse().ok(),
        start: 0,
        length: 1000,
    }
}

fn handle(path: &str) -> DocumentHandle {
    DocumentHandle {
        path: path.to_owned(),
        citation_year: String::new(),
        nc_display: String::new(),
        language: String::new(),
    }
}

/// Every address asked for was the portal's own.
fn stayed(portal: &Portal, host: &str, shape: &str) {
    for request in portal.asked.lock().unwrap().iter() {
        let url = &request.url;
        assert_eq!(
            (url.scheme(), url.host_str(), url.port_or_known_default()),
            ("https", Some(host), Some(443)),
            "{shape:?} led to {url}"
        );
        assert!(
            url.username().is_empty() && url.password().is_none(),
            "{shape:?}"
        );
        assert!(
            request
                .headers
                .iter()
                .all(|(_, value)| !value.contains(['\r', '\n'])),
            "{shape:?}"
        );
    }
}

#[tokio::test]
async fn no_document_is_fetched_from_elsewhere() {
    assert!(shapes().count() >= 200);
    for shape in shapes() {
        let portal = portal(Named::Document(shape.clone()));
        let (config, deps) = deps(&portal, SourceId::EcourtsHc);
        let mut client = JudgmentsClient::new(config, deps).unwrap();
        let got = client.document(&query(), &handle(PATH)).await;
        assert!(got.is_err(), "{shape:?}");
        stayed(&portal, "judgments.ecourts.gov.in", &shape);
        let asked = portal.asked.lock().unwrap();
        assert!(
            asked
                .iter()
                .all(|request| request.kind != CaptureKind::Document),
            "{shape:?}"
        );
        assert!(
            asked
                .iter()
                .any(|request| request.kind == CaptureKind::DocumentLink),
            "the address was asked for"
        );
    }
}

#[tokio::test]
async fn no_redirect_is_followed_elsewhere() {
    for shape in shapes() {
        for kind in [
            CaptureKind::Robots,
            CaptureKind::Start,
            CaptureKind::Captcha,
            CaptureKind::Document,
        ] {
            let portal = portal(Named::Redirect(kind, shape.clone()));
            let (config, deps) = deps(&portal, SourceId::EcourtsHc);
            let mut client = JudgmentsClient::new(config, deps).unwrap();
            let got = client.document(&query(), &handle(PATH)).await;
            assert!(got.is_err(), "{kind:?} {shape:?}");
            stayed(&portal, "judgments.ecourts.gov.in", &shape);
        }
    }
}

#[tokio::test]
async fn no_document_of_the_feed_lies_elsewhere() {
    for shape in shapes() {
        let portal = portal(Named::Document(String::new()));
        let (config, deps) = deps(&portal, SourceId::SciFeed);
        let mut client = FeedClient::new(&config, deps).unwrap();
        for path in [
            shape.clone(),
            format!("/sci-get-pdf/{shape}"),
            format!("/sci-get-pdf/?{shape}"),
        ] {
            client.document(&handle(&path)).await.ok();
            stayed(&portal, "www.sci.gov.in", &path);
        }
    }
}

#[tokio::test]
async fn one_redirect_within_the_portal_is_followed_and_no_second() {
    for to in [
        "/pdfsearch/index.php",
        "https://judgments.ecourts.gov.in/pdfsearch/index.php",
    ] {
        let portal = portal(Named::Redirect(CaptureKind::Start, to.to_owned()));
        let (config, deps) = deps(&portal, SourceId::EcourtsHc);
        let mut client = JudgmentsClient::new(config, deps).unwrap();
        assert!(client.page(&query()).await.is_err());
        let asked = portal.asked.lock().unwrap();
        let paths: Vec<&str> = asked.iter().map(|request| request.url.path()).collect();
        // Two tries of the start page, each redirected once and then given up.
        let each = ["/pdfsearch/", "/pdfsearch/index.php"];
        assert_eq!(paths, [&["/robots.txt"][..], &each, &each].concat(), "{to}");
    }
}

//! What large and hostile replies cost in memory, as the kernel counts it. One test in a process of its
//! own: the peak is the process's.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test fails the test by panicking"
)]

#[allow(dead_code, reason = "each test uses its part of it")]
mod wire;

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress};
use nirnay_fetch::{
    CaptchaSolver, CaptureSink, Challenge, Deps, GateDeps, HostGate, HttpReply, HttpRequest,
    JudgmentsClient, ManualClock, MemoryHostStates, NeverStop, PageQuery, Politeness, PortalConfig,
    SinkError, SolveError, Transport, TransportError, TransportOptions, TransportProblem,
    UnlimitedRun,
};
use nirnay_model::{Capture, CaptureKind, SourceId};
use serde_json::json;
use wire::{Server, answer};

const MIB: u64 = 1 << 20;

/// The most memory the process has had since `reset`, and has now, in bytes; `None` where the system
/// does not say.
fn memory() -> Option<(u64, u64)> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib * 1024)
    };
    Some((field("VmHWM:")?, field("VmRSS:")?))
}

fn reset() -> bool {
    let clear = std::fs::OpenOptions::new()
        .write(true)
        .open("/proc/self/clear_refs");
    clear.is_ok_and(|mut file| file.write_all(b"5").is_ok())
}

/// Serves one search page.
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

/// Keeps nothing, as a sink on disk does.
struct Gone;

impl CaptureSink for Gone {
    fn record(&self, _: Capture) -> Result<(), SinkError> {
        Ok(())
    }
}

/// A page of 50,000 rows that fills the cap of 64 MiB.
fn large_page() -> Bytes {
    let token = "ab".repeat(32);
    let mut page = String::with_capacity(64 << 20);
    page.push_str(
        r#"{"reportrow":{"sEcho":1,"iTotalRecords":50000,"iTotalDisplayRecords":50000,"aaData":["#,
    );
    let padding = "text of a row ".repeat(88);
    for row in 1..=50_000 {
        let comma = if row == 1 { "" } else { "," };
        write!(page, r#"{comma}[{row},"<b>row {row}<\/b>{padding}"]"#).ok();
    }
    write!(page, r#"]}},"total":"50000","app_token":"{token}"}}"#).ok();
    assert!(
        (60 << 20..=64 << 20).contains(&page.len()),
        "{}",
        page.len()
    );
    Bytes::from(page)
}

fn client(portal: Portal) -> JudgmentsClient {
    let config = PortalConfig::public(SourceId::EcourtsHc).unwrap();
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
        transport: Arc::new(portal),
        gate: Arc::new(HostGate::new(&config.base_url, politeness, gate_deps).unwrap()),
        solver: Arc::new(Reader),
        sink: Arc::new(Gone),
        events: Arc::new(|_| {}),
        clock,
    };
    JudgmentsClient::new(config, deps).unwrap()
}

async fn bomb() -> Server {
    let mut compress = Compress::new(Compression::best(), false);
    let mut block = Vec::with_capacity(64 << 10);
    let zeros = vec![0; 1 << 20];
    compress
        .compress_vec(&zeros, &mut block, FlushCompress::Full)
        .unwrap();
    let head = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    let body = [head, block.repeat(1_024)].concat();
    Server::answering(answer("Content-Encoding: gzip\r\nConnection: close", &body)).await
}

/// A body that grows to 300 MiB, a hundredth of that on the wire.
async fn growing() -> Server {
    let mut compress = Compress::new(Compression::best(), false);
    let mut piece = vec![0_u8; MIB as usize];
    let mut state = 1_u32;
    for byte in piece.iter_mut().take(10_000) {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = state.to_be_bytes()[0];
    }
    let mut block = Vec::with_capacity(64 << 10);
    compress
        .compress_vec(&piece, &mut block, FlushCompress::Full)
        .unwrap();
    let head = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    let body = [head, block.repeat(300)].concat();
    Server::answering(answer("Content-Encoding: gzip\r\nConnection: close", &body)).await
}

#[tokio::test]
async fn large_replies_are_copied_once_and_bombs_never_unpacked() {
    let page = large_page();
    let size = page.len() as u64;
    let mut client = client(Portal(page));
    let server = bomb().await;
    if !reset() || memory().is_none() {
        println!("skipped: this system does not count memory by process");
        return;
    }
    let (_, before) = memory().unwrap();
    let query = PageQuery {
        length: 4_096,
        ..PageQuery::default()
    };
    let fetched = client.page(&query).await.unwrap();
    assert_eq!(fetched.page.rows.len(), 50_000);
    let (peak, _) = memory().unwrap();
    let cost = peak.saturating_sub(before);
    println!(
        "a page of {} MiB cost {} MiB besides itself",
        size / MIB,
        cost / MIB
    );
    assert!(cost <= 2 * size, "{} MiB", cost / MIB);
    drop((fetched, client));

    reset();
    let (_, before) = memory().unwrap();
    for cap in [64 * MIB, 200 * MIB] {
        assert!(server.ask(cap, TransportOptions::default()).await.is_err());
    }
    let (peak, _) = memory().unwrap();
    let cost = peak.saturating_sub(before);
    println!("a bomb of 1 GiB cost {} MiB", cost / MIB);
    assert!(cost < 16 * MIB, "{} MiB", cost / MIB);

    let server = growing().await;
    reset();
    let (_, before) = memory().unwrap();
    let ask = || server.ask(200 * MIB, TransportOptions::default());
    let (one, two, three) = tokio::join!(ask(), ask(), ask());
    for refused in [one, two, three] {
        assert_eq!(refused.unwrap_err().problem, TransportProblem::TooLarge);
    }
    let (peak, after) = memory().unwrap();
    let (cost, left) = (peak.saturating_sub(before), after.saturating_sub(before));
    println!("three bodies of 300 MiB at once cost {} MiB", cost / MIB);
    assert!(cost < 290 * MIB, "{} MiB", cost / MIB);
    assert!(left < 50 * MIB, "{} MiB stayed", left / MIB);
}

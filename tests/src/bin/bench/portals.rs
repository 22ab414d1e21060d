//! Simulated portals and the command, each in a process of its own, so that memory and time are told apart.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nirnay_model::Portal;

/// The command that is measured: `$NIRNAY`, else the one built beside this program.
pub(crate) fn nirnay() -> PathBuf {
    if let Some(path) = std::env::var_os("NIRNAY") {
        return PathBuf::from(path);
    }
    let beside = std::env::current_exe()
        .expect("this program")
        .with_file_name("nirnay");
    assert!(
        beside.exists(),
        "{} is not there; `just bench` builds it",
        beside.display()
    );
    beside
}

/// Running portals; they end with the value.
pub(crate) struct Portals {
    child: Child,
    /// `NAME=URL` for each portal.
    pub(crate) addresses: Vec<String>,
    /// The control address.
    pub(crate) control: String,
}

impl Portals {
    /// Serves `rows` rows of one court over two years, nothing going wrong.
    pub(crate) fn serve(rows: u32) -> Self {
        let rows = format!("allahabad={rows}");
        Self::start(&[
            "sim",
            "--seed",
            "6",
            "--scr-rows",
            "0",
            "--rows",
            rows.as_str(),
        ])
    }

    /// Serves what `nirnay sim` with these arguments serves.
    pub(crate) fn start(args: &[&str]) -> Self {
        let mut child = Command::new(nirnay())
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the portals");
        let mut addresses = Vec::new();
        let output = child.stdout.take().expect("their output");
        let mut control = None;
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some(url) = line.strip_prefix("control=") {
                control = Some(url.to_owned());
                break;
            }
            // The portals of cases are none of the crawl's.
            if Portal::ALL.iter().any(|portal| {
                line.strip_prefix(portal.name())
                    .is_some_and(|rest| rest.starts_with('='))
            }) {
                addresses.push(line);
            }
        }
        Self {
            child,
            addresses,
            control: control.expect("the portals' control address"),
        }
    }

    /// The address of a portal.
    pub(crate) fn url(&self, portal: &str) -> &str {
        self.addresses
            .iter()
            .find_map(|line| line.strip_prefix(portal)?.strip_prefix('='))
            .expect("a portal's address")
    }

    /// A pipeline file for the lists of [`Portals::serve`].
    pub(crate) fn pipeline(dir: &Path) -> PathBuf {
        Self::pipeline_of(dir, "allahabad", false)
    }

    /// A pipeline file for the lists of a court, with or without the documents, without pauses and without
    /// a budget that could be used up.
    pub(crate) fn pipeline_of(dir: &Path, court: &str, documents: bool) -> PathBuf {
        let path = dir.join("bench.toml");
        let text = r#"
name = "bench"
about = "As fast as it comes."
basis = "Simulated portals."
[politeness]
contact = "mailto:bench@example.org"
min_interval = "0s"
per_hour = 100000000
per_day = 100000000
bytes_per_day = 1000000000000
captchas_per_hour = 100000
captchas_per_day = 100000
[budget]
requests = 100000000
[captcha]
solver = "onnx"
[[source]]
source = "ecourts-hc"
from = "2023-01-01"
to = "2024-12-31"
"#;
        let text = format!("{text}courts = [\"{court}\"]\ndocuments = {documents}\n");
        std::fs::write(&path, text).expect("a pipeline file");
        path
    }
}

impl Drop for Portals {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// What a run of the command took.
#[derive(Debug, Clone, Default)]
pub(crate) struct Measured {
    /// From start to end.
    pub(crate) whole: Duration,
    /// The first stage: lists walked, kept and proven. The day's copy of the ledger comes after it.
    pub(crate) rows: Duration,
    /// Tables published.
    pub(crate) publish: Duration,
    /// The most memory held at once, in KiB.
    pub(crate) peak_kib: u64,
    /// Processor time of the process itself, in seconds.
    pub(crate) cpu: f64,
}

/// Runs the command to a good end.
pub(crate) fn measure(args: &[&str], lake: &Path) -> Measured {
    let began = Instant::now();
    let mut command = Command::new(nirnay());
    command.args(args).arg("--quiet").arg("--lake").arg(lake);
    if args.first() == Some(&"crawl") {
        command.args(["--events", "/dev/stdout"]);
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command");
    let watch = watch(child.id());
    let mut measured = Measured::default();
    let mut stages: Vec<(String, Duration)> = Vec::new();
    let output = child.stdout.take().expect("its output");
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        if line.contains("\"stage_started\"") || line.contains("\"stage_finished\"") {
            stages.push((line, began.elapsed()));
        }
    }
    let done = child.wait_with_output().expect("the command");
    assert!(
        done.status.success(),
        "{args:?} ended with {:?}: {}",
        done.status,
        String::from_utf8_lossy(&done.stderr)
    );
    measured.whole = began.elapsed();
    let at = |event: &str, stage: &str| {
        stages
            .iter()
            .find(|(line, _)| {
                line.contains(event) && line.contains(&format!("\"stage\":\"{stage}\""))
            })
            .map(|(_, at)| *at)
    };
    if let (Some(rows), Some(end), Some(publish)) = (
        at("stage_started", "rows"),
        at("stage_finished", "rows"),
        at("stage_started", "publish"),
    ) {
        measured.rows = end.saturating_sub(rows);
        measured.publish = at("stage_finished", "publish")
            .map_or(Duration::ZERO, |end| end.saturating_sub(publish));
    }
    (measured.peak_kib, measured.cpu) = watch.join().expect("the watch");
    measured
}

/// Looks at a process until it ends: its peak memory (the kernel keeps it; the last look is all that
/// counts) and its processor time.
fn watch(pid: u32) -> std::thread::JoinHandle<(u64, f64)> {
    std::thread::spawn(move || {
        let (mut peak, mut ticks) = (0, 0);
        while let Ok(status) = std::fs::read_to_string(format!("/proc/{pid}/status")) {
            let held = status
                .lines()
                .find_map(|line| line.strip_prefix("VmHWM:"))
                .and_then(|text| text.trim().strip_suffix("kB")?.trim().parse().ok());
            // A process that has ended but was not waited for holds no memory any more.
            let Some(held) = held else { break };
            peak = held;
            ticks = spent(pid).unwrap_or(ticks);
            std::thread::sleep(Duration::from_millis(5));
        }
        // Ticks are hundredths of a second on every Linux that this runs on.
        (peak, ticks as f64 / 100.0)
    })
}

/// User and system time in ticks.
fn spent(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let user: u64 = fields.get(11)?.parse().ok()?;
    let system: u64 = fields.get(12)?.parse().ok()?;
    Some(user + system)
}

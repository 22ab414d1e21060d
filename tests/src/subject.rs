//! The `nirnay` command as a subject of experiments: the same small crawl of simulated portals, run to its
//! end, killed at a chosen moment, traced, or made to fail.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use nirnay_model::{DateWindow, Portal, SourceId};
use nirnay_pipeline::check_index;
use nirnay_portal_sim::{Docket, Sim, SimConfig, SimHandle};
use nirnay_store::{Lake, OpenMode};

use crate::{Evidence, Fence, Progress, Snapshot, examine, judge, scratch, snapshot};

/// The command, a pipeline file, and the portals that it walks.
pub struct Subject {
    /// The portals.
    pub sim: SimHandle,
    exe: PathBuf,
    pipeline: PathBuf,
    sources: Vec<SourceId>,
    range: DateWindow,
    dir: tempfile::TempDir,
    _runtime: tokio::runtime::Runtime,
}

/// A part of a crawl in which it can be killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// From its start to its first event: the lake is opened, what a crash left is mended.
    Opening,
    /// Lists are walked.
    Rows,
    /// Documents are fetched and written.
    Documents,
    /// Text is extracted, cached and published.
    Text,
    /// Structure is read and published.
    Structure,
    /// Citations are found, and the graph of them is published.
    Citations,
    /// Tables are published.
    Tables,
    /// The index is built and committed.
    Index,
}

impl Phase {
    /// All of them, in the order of a crawl.
    pub const ALL: [Self; 8] = [
        Self::Opening,
        Self::Rows,
        Self::Documents,
        Self::Text,
        Self::Structure,
        Self::Citations,
        Self::Tables,
        Self::Index,
    ];

    /// The phase that begins with this event, written as a JSON line.
    fn begun_by(line: &str) -> Option<Self> {
        let stage = |name: &str| {
            line.contains("\"stage_started\"") && line.contains(&format!("\"stage\":\"{name}\""))
        };
        if stage("rows") {
            Some(Self::Rows)
        } else if line.contains("\"request_sent\"") && line.contains("\"kind\":\"document") {
            Some(Self::Documents)
        } else if stage("extract") {
            Some(Self::Text)
        } else if stage("structure") {
            Some(Self::Structure)
        } else if stage("citations") {
            Some(Self::Citations)
        } else if stage("publish") {
            Some(Self::Tables)
        } else if stage("index") {
            Some(Self::Index)
        } else {
            None
        }
    }
}

/// How long the phases of an undisturbed crawl took.
#[derive(Debug, Clone)]
pub struct Course {
    begun: Vec<(Phase, Duration)>,
    /// The whole of it.
    pub whole: Duration,
}

impl Course {
    /// How long a phase took.
    pub fn length(&self, phase: Phase) -> Duration {
        let Some(place) = self.begun.iter().position(|(begun, _)| *begun == phase) else {
            return Duration::ZERO;
        };
        let end = self.begun.get(place + 1).map_or(self.whole, |(_, at)| *at);
        self.begun
            .get(place)
            .map_or(Duration::ZERO, |(_, at)| end.saturating_sub(*at))
    }
}

/// How a process that was to be killed ended.
#[derive(Debug, Default)]
pub struct Death {
    /// Whether it was killed; otherwise it was done before.
    pub killed: bool,
    /// Documents that it had reported as stored.
    pub stored: Vec<String>,
    /// Windows that it had reported as complete.
    pub complete: u64,
}

impl Subject {
    /// The command at `exe`, with portals that serve `docket` and a pipeline file whose sources are
    /// `sources` (TOML). `change` sets the portals up.
    pub fn start(
        exe: &Path,
        docket: Docket,
        sources: &str,
        change: impl FnOnce(&mut SimConfig),
    ) -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let mut config = SimConfig::new(Arc::new(docket));
        change(&mut config);
        let sim = runtime.block_on(Sim::start(config)).expect("the portals");
        let dir = scratch();
        let pipeline = dir.path().join("subject.toml");
        let text = format!("{}{sources}", head());
        std::fs::write(&pipeline, text).expect("a pipeline file");
        Self {
            exe: exe.to_owned(),
            pipeline,
            sources: SourceId::ALL
                .into_iter()
                .filter(|source| sources.contains(&format!("\"{source}\"")))
                .collect(),
            range: "2023-11-01..2024-02-29".parse().expect("a range"),
            dir,
            sim,
            _runtime: runtime,
        }
    }

    /// A folder for lakes, in memory where the machine offers that.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The crawl into `lake`, ready to be run.
    pub fn command(&self, lake: &Path) -> Command {
        let mut command = Command::new(&self.exe);
        command.arg("crawl").arg(&self.pipeline).arg("--quiet");
        command.arg("--lake").arg(lake);
        for portal in Portal::ALL {
            let address = format!("{portal}={}", self.sim.base_url(portal));
            command.arg("--portal").arg(address);
        }
        command
            .env("SOURCE_DATE_EPOCH", "1767225600")
            .env_remove("NIRNAY_LAKE")
            .env_remove("NIRNAY_CONTACT");
        command
    }

    /// Runs the crawl to its end, whatever that is.
    pub fn run(&self, lake: &Path) -> Output {
        self.command(lake)
            .stdin(Stdio::null())
            .output()
            .expect("the command starts")
    }

    /// Runs the crawl to a good end.
    pub fn finish(&self, lake: &Path) -> Result<(), String> {
        let output = self.run(lake);
        if output.status.success() {
            return Ok(());
        }
        Err(format!(
            "the crawl ended with {:?}: {}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        ))
    }

    /// Runs the crawl to a good end and notes how long its phases took.
    pub fn course(&self, lake: &Path) -> Result<Course, String> {
        let began = Instant::now();
        let mut phases = vec![(Phase::Opening, Duration::ZERO)];
        let (mut child, lines) = self.spawn(lake);
        for line in lines {
            if let Some(phase) = Phase::begun_by(&line)
                && !phases.iter().any(|(known, _)| *known == phase)
            {
                phases.push((phase, began.elapsed()));
            }
        }
        let status = child.wait().expect("the child");
        if !status.success() {
            return Err(format!("the undisturbed crawl ended with {status:?}"));
        }
        Ok(Course {
            begun: phases,
            whole: began.elapsed(),
        })
    }

    /// Starts the crawl and kills it `after` this long in `phase`.
    pub fn kill(&self, lake: &Path, phase: Phase, after: Duration) -> Death {
        let (mut child, lines) = self.spawn(lake);
        let mut death = Death::default();
        let mut due = (phase == Phase::Opening).then(|| Instant::now() + after);
        loop {
            let line = match due {
                Some(due) => lines.recv_timeout(due.saturating_duration_since(Instant::now())),
                None => lines.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match line {
                Ok(line) => {
                    if due.is_none() && Phase::begun_by(&line) == Some(phase) {
                        due = Some(Instant::now() + after);
                    }
                    death.note(&line);
                }
                // The moment has come, or the child is done.
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        death.killed = child.try_wait().expect("the child").is_none();
        // On Unix this is SIGKILL.
        child.kill().expect("the child is killed");
        child.wait().expect("the child");
        // What it had written before it died.
        for line in lines {
            death.note(&line);
        }
        death
    }

    /// Starts the crawl; its events come line by line.
    fn spawn(&self, lake: &Path) -> (Child, Receiver<String>) {
        let mut child = self
            .command(lake)
            .args(["--events", "/dev/stdout"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the command starts");
        let events = child.stdout.take().expect("its standard output");
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(events).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        (child, receiver)
    }

    /// The lake against `expected`, byte for byte where bytes are promised, and against every invariant.
    pub fn compare(
        &self,
        lake: &Path,
        expected: &Snapshot,
        more: &Compare<'_>,
    ) -> Result<(), String> {
        let found = snapshot(lake);
        if found != *expected {
            return Err(format!(
                "other layers than without a disturbance:\n{}",
                expected.difference(&found)
            ));
        }
        let examination = examine(&Evidence {
            lake,
            sim: &self.sim,
            sources: &self.sources,
            range: self.range,
            caps: None,
            before: more.before,
            fence: more.fence,
            rebuild_index: more.rebuild_index,
        });
        if !examination.is_clean() {
            return Err(format!("\n{examination}"));
        }
        let held = Lake::open(lake, OpenMode::ReadOnly).map_err(|error| error.to_string())?;
        // The command ends with an index of all that the lake holds: one that is behind is a fault here.
        let behind = check_index(&held, true);
        if !behind.is_empty() {
            return Err(format!("the index: {behind:?}"));
        }
        let mut verdict = judge(&held, &self.sim, &self.sources, self.range);
        // Not every source's documents are asked for; the layers were compared above.
        verdict.open_documents.clear();
        verdict
            .holes
            .retain(|hole| !hole.contains("documents wanted"));
        if verdict.is_clean() {
            Ok(())
        } else {
            Err(format!("{verdict:#?}"))
        }
    }
}

/// What else a comparison looks at.
#[derive(Default)]
pub struct Compare<'a> {
    /// What the lake had acknowledged before the latest crash.
    pub before: Option<&'a Progress>,
    /// What was watched around the lake.
    pub fence: Option<&'a Fence>,
    /// The index is rebuilt and questioned too.
    pub rebuild_index: bool,
}

impl Death {
    fn note(&mut self, line: &str) {
        let Ok(event) = serde_json::from_str::<serde_json::Value>(line) else {
            // A line cut off by the death, or the summary.
            return;
        };
        match event["event"].as_str() {
            Some("document_stored") => {
                self.stored
                    .extend(event["row_key"].as_str().map(str::to_owned));
            }
            Some("window_complete") => self.complete += 1,
            _ => {}
        }
    }

    /// What it had acknowledged and the lake does not hold.
    pub fn taken_back(&self, lake: &Path) -> Result<Vec<String>, String> {
        let progress = Progress::read(lake)?;
        let mut broken: Vec<String> = self
            .stored
            .iter()
            .filter(|key| !progress.holds_document(key))
            .map(|key| format!("the document of {key} was reported as stored"))
            .collect();
        let (.., complete) = progress.size();
        if (complete as u64) < self.complete {
            broken.push(format!(
                "{} windows were reported as complete, {complete} are",
                self.complete
            ));
        }
        Ok(broken)
    }
}

fn head() -> &'static str {
    r#"
name = "subject"
about = "A crawl that is hurt."
basis = "Simulated portals."
[politeness]
contact = "mailto:tests@example.org"
min_interval = "0s"
per_hour = 1000000
per_day = 1000000
captchas_per_hour = 100000
captchas_per_day = 100000
max_wait = "1s"
pause_floor = "1ms"
breaker_first = "1ms"
breaker_max = "10ms"
backoff_first = "1ms"
backoff_max = "10ms"
[budget]
requests = 1000000
[captcha]
solver = "onnx"
[extract]
jobs = 1
"#
}

//! A rig: a simulated portal and a crawl against it, in one process.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use nirnay_fetch::{
    CaptchaSolver, Challenge, Clock, HttpTransport, ManualClock, NeverStop, SolveError,
    TransportOptions,
};
use nirnay_model::Portal;
use nirnay_pipeline::{
    CrawlDeps, CrawlReport, Event, HostStateFiles, InProcessExtractor, Observer, PipelineConfig,
    PipelineError, Stages, crawl,
};
use nirnay_portal_sim::{Docket, FaultScript, Sim, SimClock, SimConfig, SimHandle};
use nirnay_store::{Lake, OpenMode};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a rig simulates.
pub struct RigOptions {
    /// The rows.
    pub docket: Arc<Docket>,
    /// The faults, if any.
    pub faults: Option<FaultScript>,
    /// The seed of the simulator and of the solver's mistakes.
    pub seed: u64,
    /// The share of captchas answered right.
    pub accuracy: f64,
    /// The pipeline file's text; its contact and pace are set by the rig.
    pub pipeline: String,
}

/// A running simulator, a pipeline, and a clock that both go by.
pub struct Rig {
    /// The portals.
    pub sim: Arc<SimHandle>,
    /// The pipeline.
    pub config: PipelineConfig,
    /// The clock: it moves when somebody waits. Portals and crawls see the same time.
    pub clock: Arc<ManualClock>,
    solver: Arc<FlakySolver>,
    seed: u64,
}

/// How fast a rig asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Without pauses and with budgets that no test uses up.
    Free,
    /// As a crawl of a real portal: the built-in pace, budgets and caps, on the rig's clock.
    Polite,
}

/// A clock of the tests as the portals read it.
#[derive(Debug)]
struct Shared(Arc<ManualClock>);

impl SimClock for Shared {
    fn now(&self) -> Timestamp {
        Clock::now(self.0.as_ref())
    }
}

/// The instant at which a rig's clock begins.
const BEGIN: &str = "2026-01-15T06:00:00Z";

/// A folder for a test's lakes: in memory where the machine offers that, because the tests ask for many
/// fsyncs and none of them tests the disk.
pub fn scratch() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let dir = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    dir.expect("a temporary folder")
}

/// The head of a polite pipeline.
const POLITE: &str = "
[politeness]
contact = \"mailto:tests@example.org\"
[captcha]
solver = \"manual\"
";

/// The pace of tests: loopback only.
const FREE: &str = "
[politeness]
contact = \"mailto:tests@example.org\"
min_interval = \"0s\"
per_hour = 1000000
per_day = 1000000
captchas_per_hour = 100000
captchas_per_day = 100000
[budget]
requests = 1000000
[captcha]
solver = \"manual\"
";

impl Rig {
    /// Starts the simulator, and asks it without pauses.
    pub async fn start(options: RigOptions) -> Self {
        Self::start_with(options, Pace::Free, |_| {}).await
    }

    /// Starts the simulator as `change` sets it up.
    pub async fn start_with(
        options: RigOptions,
        pace: Pace,
        change: impl FnOnce(&mut SimConfig),
    ) -> Self {
        let clock = Arc::new(ManualClock::at(BEGIN.parse().expect("a time")));
        let mut config = SimConfig::new(options.docket);
        config.seed = options.seed;
        config.faults = options.faults;
        config.clock = Arc::new(Shared(Arc::clone(&clock)));
        change(&mut config);
        let sim = Arc::new(Sim::start(config).await.expect("the simulator starts"));
        let manner = match pace {
            Pace::Free => FREE,
            Pace::Polite => POLITE,
        };
        let text = match options.pipeline.split_once("[[source]]") {
            Some((head, tail)) => format!("{head}{manner}[[source]]{tail}"),
            None => options.pipeline,
        };
        let config = PipelineConfig::parse(&text, Path::new("test.toml")).expect("a good pipeline");
        Self {
            solver: Arc::new(FlakySolver::new(
                Arc::clone(&sim),
                options.accuracy,
                options.seed,
            )),
            sim,
            config,
            clock,
            seed: options.seed,
        }
    }

    /// Crawls into the lake in `dir` and closes it.
    pub async fn crawl(&self, dir: &Path, stages: Stages) -> Result<CrawlReport, PipelineError> {
        let lake = Arc::new(Lake::open(dir, OpenMode::ReadWrite)?);
        let observer = Arc::new(Trail::default());
        let clock = Arc::clone(&self.clock);
        let deps = CrawlDeps {
            transport: Arc::new(|base| {
                Ok(Arc::new(HttpTransport::new(base, TransportOptions::default())?) as _)
            }),
            solver: Arc::clone(&self.solver) as _,
            host_states: Arc::new(HostStateFiles::new(&dir.join("hosts"))),
            stop: Arc::new(NeverStop),
            clock,
            observer: Arc::clone(&observer) as _,
            extractor: Arc::new(InProcessExtractor::default()),
            ocr: None,
            portals: Portal::ALL
                .into_iter()
                .map(|portal| (portal, self.sim.base_url(portal)))
                .collect(),
        };
        let now = Clock::now(self.clock.as_ref());
        let result = crawl(lake, &self.config, &deps, stages, now).await;
        if let Some(trails) = std::env::var_os("NIRNAY_TRAIL") {
            observer.dump(&PathBuf::from(trails).join(format!("trail-{}.jsonl", self.seed)));
        }
        result
    }

    /// Answers the solver gave, and how many of them were meant to be right.
    pub fn answers(&self) -> (u64, u64) {
        (
            self.solver.given.load(Ordering::Relaxed),
            self.solver.right.load(Ordering::Relaxed),
        )
    }
}

/// Keeps every event, to be looked at after a failure.
#[derive(Default)]
struct Trail(Mutex<Vec<Event>>);

impl Observer for Trail {
    fn observe(&self, event: &Event) {
        self.0.lock().expect("the trail").push(event.clone());
    }
}

impl Trail {
    fn dump(&self, path: &Path) {
        let lines: Vec<String> = self
            .0
            .lock()
            .expect("the trail")
            .iter()
            .map(|event| serde_json::to_string(event).expect("an event"))
            .collect();
        std::fs::write(path, lines.join("\n")).expect("a trail file");
    }
}

/// A solver that reads the simulator's key and is wrong at a stated rate.
pub struct FlakySolver {
    sim: Arc<SimHandle>,
    accuracy: f64,
    dice: Mutex<ChaCha8Rng>,
    given: AtomicU64,
    right: AtomicU64,
}

impl FlakySolver {
    /// A solver that is right with probability `accuracy`.
    pub fn new(sim: Arc<SimHandle>, accuracy: f64, seed: u64) -> Self {
        Self {
            sim,
            accuracy,
            dice: Mutex::new(ChaCha8Rng::seed_from_u64(seed)),
            given: AtomicU64::new(0),
            right: AtomicU64::new(0),
        }
    }
}

#[async_trait]
impl CaptchaSolver for FlakySolver {
    fn name(&self) -> &'static str {
        "flaky"
    }

    async fn solve(&self, challenge: &Challenge) -> Result<Option<String>, SolveError> {
        let right = self
            .dice
            .lock()
            .expect("the dice")
            .random_bool(self.accuracy);
        self.given.fetch_add(1, Ordering::Relaxed);
        if right {
            self.right.fetch_add(1, Ordering::Relaxed);
            return Ok(self.sim.answer(&challenge.image));
        }
        Ok(Some("wrong0".to_owned()))
    }
}

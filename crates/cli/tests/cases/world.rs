//! The simulated portals, a lake, and the command between them.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use nirnay_model::{Case, CaseKey};
use nirnay_portal_sim::{
    CaseFile, CaseSpec, CourtShare, Crowd, Docket, DocketSpec, Quirks, Sim, SimConfig, SimHandle,
    Site,
};
use nirnay_store::{Lake, Layer, OpenMode, VerifyLevel};

const POLITENESS: &str = "min_interval = '0s'\nmax_interval = '0s'\nper_hour = 1000000\nper_day = 1000000\n\
    captchas_per_hour = 100000\ncaptchas_per_day = 100000\npause_floor = '1ms'\nbreaker_after = 100\n\
    backoff_first = '1ms'\nmax_wait = '2s'\n";

const SOLVER: &str = "import sys, urllib.request as r\n\
    q = r.Request(sys.argv[1] + '/__sim/answer', data=sys.stdin.buffer.read(), method='POST')\n\
    sys.stdout.write(r.urlopen(q).read().decode())\n";

/// What the command calls a portal.
const SITES: [(&str, Site); 5] = [
    ("hc-services", Site::HcServices),
    ("district-courts", Site::DistrictCourts),
    ("calcutta-hc", Site::CalcuttaHc),
    ("sci", Site::SciFeed),
    ("sci-documents", Site::SciDocuments),
];

/// Portals, and a folder with what the command needs.
pub(crate) struct World {
    pub(crate) sim: SimHandle,
    dir: tempfile::TempDir,
    _runtime: tokio::runtime::Runtime,
}

impl World {
    /// `None` where there is no python3 to answer captchas with.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(None)
    }

    /// With a party of very many cases.
    pub(crate) fn start_with(crowd: Option<Crowd>) -> Option<Self> {
        if Command::new("python3").arg("-V").output().is_err() {
            eprintln!("left out: there is no python3 to answer captchas with");
            assert!(
                std::env::var_os("CI").is_none(),
                "nothing is left out here: install python3"
            );
            return None;
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let docket = Docket::generate(&DocketSpec {
            seed: 5,
            courts: vec![CourtShare::new("delhi", 12)],
            from: "2023-11-01".parse().unwrap(),
            to: "2024-02-29".parse().unwrap(),
            scr_rows: 20,
            feed_rows: 12,
            quirks: Quirks::none(),
        });
        let mut config = SimConfig::new(docket.unwrap().into());
        config.cases = CaseSpec {
            crowd,
            ..CaseSpec::default()
        };
        let sim = runtime.block_on(Sim::start(config)).unwrap();
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("politeness.toml"), POLITENESS).unwrap();
        std::fs::write(dir.path().join("solve.py"), SOLVER).unwrap();
        Some(Self {
            sim,
            dir,
            _runtime: runtime,
        })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// `nirnay case …` on a lake, at an instant that is the same in every run.
    pub(crate) fn command(&self, lake: &str, args: &[&str]) -> Command {
        self.command_with(9_000, lake, args)
    }

    fn command_with(&self, requests: u32, lake: &str, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nirnay"));
        command.arg("case").args(args).arg("--json");
        command.arg("--lake").arg(self.path(lake));
        self.connect(&mut command, requests);
        command
    }

    /// What a command without a lake says.
    pub(crate) fn ask(&self, args: &[&str]) -> Output {
        self.command_of(args).output().unwrap()
    }

    /// Any command that asks a case portal.
    pub(crate) fn command_of(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nirnay"));
        command.args(args);
        self.connect(&mut command, 9_000);
        command
    }

    pub(crate) fn audit(&self, lake: &str) -> serde_json::Value {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nirnay"));
        command.args(["audit", "--json", "--lake"]);
        let output = command.arg(self.path(lake)).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The portals, and whoever reads captchas.
    fn connect(&self, command: &mut Command, requests: u32) {
        self.reach(command, requests);
        command.args(["--captcha", "command", "--captcha-command", "python3"]);
        command
            .arg(self.path("solve.py"))
            .arg(self.sim.control_url());
    }

    fn reach(&self, command: &mut Command, requests: u32) {
        for (name, site) in SITES {
            let url = self.sim.base_url(site);
            command.arg("--portal").arg(format!("{name}={url}"));
        }
        command.args(["--contact", "mailto:tests@example.org", "--max-requests"]);
        command.arg(requests.to_string());
        command
            .arg("--politeness")
            .arg(self.path("politeness.toml"));
        command.env("SOURCE_DATE_EPOCH", "1700000000");
        command.current_dir(self.dir.path());
    }

    /// Any command, which reads captchas itself: nothing else is started, writes or connects.
    pub(crate) fn alone(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nirnay"));
        command.args(args);
        self.reach(&mut command, 300);
        command.args(["--captcha", "onnx"]);
        command.env("TMPDIR", self.dir.path());
        command
    }

    /// The folder of all that a test leaves behind.
    pub(crate) fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// Host and port of each portal.
    pub(crate) fn addresses(&self) -> Vec<String> {
        let bare = |(_, site)| {
            let url = self.sim.base_url(site);
            url.trim_start_matches("http://").to_owned()
        };
        SITES.map(bare).to_vec()
    }

    pub(crate) fn run(&self, lake: &str, args: &[&str]) -> (Option<i32>, serde_json::Value) {
        self.run_with(9_000, lake, args)
    }

    /// With a budget of requests.
    pub(crate) fn run_with(
        &self,
        requests: u32,
        lake: &str,
        args: &[&str],
    ) -> (Option<i32>, serde_json::Value) {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command_with(requests, lake, args).output().unwrap();
        let report = serde_json::from_slice(&stdout).unwrap_or_else(|_| {
            panic!("{status}: {}", String::from_utf8_lossy(&stderr));
        });
        (status.code(), report)
    }

    /// Runs to the end, with every question answered.
    pub(crate) fn finish(&self, lake: &str, args: &[&str]) -> serde_json::Value {
        let (code, report) = self.run(lake, args);
        assert_eq!(code, Some(0), "{report:#}");
        let sum = |name: &str| report[name].as_u64().unwrap();
        assert_eq!(sum("questions"), sum("found") + sum("none"), "{report:#}");
        report
    }

    pub(crate) fn spawn(&self, lake: &str, args: &[&str]) -> Child {
        let mut command = self.command(lake, args);
        let command = command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    pub(crate) fn lake(&self, lake: &str) -> Lake {
        Lake::open(&self.path(lake), OpenMode::ReadOnly).unwrap()
    }

    pub(crate) fn sound(&self, lake: &str) {
        let findings = self.lake(lake).verify(VerifyLevel::Full).unwrap();
        assert!(findings.is_empty(), "{findings:?}");
    }

    pub(crate) fn files(&self) -> Vec<CaseFile> {
        let with_orders = |files: Vec<CaseFile>, most: usize| {
            let files = files.into_iter().filter(|file| !file.orders.is_empty());
            files.take(most).collect::<Vec<_>>()
        };
        let mut files = with_orders(self.sim.cases(Site::HcServices, &["26", "1"]), 3);
        files.extend(with_orders(self.sim.cases(Site::DistrictCourts, &["8"]), 2));
        assert_eq!(files.len(), 5);
        files
    }

    /// A list of known cases, and one that no portal has.
    pub(crate) fn list(&self) -> (PathBuf, Vec<CaseFile>) {
        let files = self.files();
        let mut text = "note,cnr\n".to_owned();
        for file in &files {
            text += "\"a, b\",";
            text += file.cnr.as_ref();
            text += "\n";
        }
        text.push_str("none,DLHC019999991999\n");
        let path = self.path("cases.csv");
        std::fs::write(&path, text).unwrap();
        (path, files)
    }
}

impl World {
    /// A list of cases of the Calcutta High Court's site and of the Supreme Court, one of each that there is and one that
    /// there is not.
    pub(crate) fn mixed(&self) -> String {
        let files = self.sim.cases(Site::CalcuttaHc, &[]);
        let file = files.iter().find(|file| file.orders.len() > 1).unwrap();
        let judgments = self.sim.supreme_judgments();
        let judgment = &judgments[judgments.len() / 2];
        let list = self.path("mixed.csv");
        let text = format!(
            "side,case_type,number,diary,year\n{side},{code},{number},,{year}\n,,,{diary},{diary_year}\n\
             {side},{code},9999999,,{year}\n,,,99999999,2024\n",
            side = file.cnr.get(..6).unwrap(),
            code = file.case_type.code,
            number = file.number,
            year = file.year,
            diary = judgment.diary,
            diary_year = judgment.diary_year,
        );
        std::fs::write(&list, text).unwrap();
        list.to_str().unwrap().to_owned()
    }
}

fn key(file: &CaseFile) -> CaseKey {
    let portal = if file.cnr.starts_with("DLHC") {
        "hc-services"
    } else {
        "district-courts"
    };
    CaseKey::from_stored(format!("{portal}/{}", file.cnr))
}

pub(crate) fn known(world: &World, lake: &str, files: &[CaseFile]) -> Vec<Case> {
    let lake = world.lake(lake);
    let case = |file| lake.ledger().case(&key(file)).unwrap().unwrap();
    files.iter().map(case).collect()
}

pub(crate) fn rows(lake: &Lake, layer: Layer) -> u64 {
    let sums = lake.ledger().layer_sums().unwrap();
    sums.iter()
        .find(|sum| sum.0 == layer)
        .map_or(0, |sum| sum.1)
}

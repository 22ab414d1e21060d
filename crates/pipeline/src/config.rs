//! Pipeline files: what to walk, how politely, on what basis.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use nirnay_extract::EngineChoice;
use nirnay_fetch::Politeness;
use nirnay_model::{Court, DateWindow, Sha256, SourceId, courts};
use serde::Deserialize;

use crate::error::{PipelineError, config_error};
use crate::rescan::RescanConfig;

/// A pipeline file (`pipelines/*.toml`), read and checked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PipelineConfig {
    /// The name, which also names the run in the ledger.
    pub name: String,
    /// What it is for, in a sentence.
    pub about: String,
    /// The basis for access: terms, public-record rule, permission.
    pub basis: String,
    /// The lake's folder; the command line can override it.
    #[serde(default = "default_lake")]
    pub lake: PathBuf,
    /// Pace, budgets, contact.
    #[serde(default)]
    pub politeness: Politeness,
    /// What a run may cost.
    #[serde(default)]
    pub budget: Budget,
    /// Who reads the captchas.
    #[serde(default)]
    pub captcha: CaptchaConfig,
    /// How text is extracted.
    #[serde(default)]
    pub extract: ExtractConfig,
    /// Whether and how pages without text are read from their pictures.
    #[serde(default)]
    pub ocr: OcrConfig,
    /// When proven windows are looked at again.
    #[serde(default)]
    pub rescan: RescanConfig,
    /// What to walk.
    #[serde(rename = "source")]
    pub sources: Vec<SourceConfig>,
    /// Served by the simulated portals that the command starts itself (demo only).
    #[serde(default)]
    pub simulated: Option<SimulatedConfig>,
}

/// Limits of one run.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Budget {
    /// Requests a run may send, over all hosts. Kept in the ledger: a restart does not reset it.
    pub requests: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { requests: 6_000 }
    }
}

/// Which solver answers captchas.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CaptchaConfig {
    /// `manual` asks at the terminal, `command` runs a program, `onnx` runs a model.
    pub solver: SolverKind,
    /// For `command`: program and arguments; the picture comes on its stdin, the text from its stdout.
    pub command: Vec<String>,
    /// For `onnx`: a model file of yours; without it, the embedded model.
    pub model: Option<PathBuf>,
    /// For `onnx`: the manifest of your model (TOML).
    pub manifest: Option<PathBuf>,
    /// For `onnx`: an ONNX Runtime library; without it what `ORT_DYLIB_PATH` names, or the embedded
    /// runtime.
    pub runtime: Option<PathBuf>,
    /// Whether accepted pictures are kept with their answers under the lake (`captchas/`): a labelled
    /// set to measure and train with. It holds nothing but answers of spent captchas.
    pub keep: bool,
}

impl Default for CaptchaConfig {
    fn default() -> Self {
        Self {
            solver: SolverKind::Manual,
            command: Vec::new(),
            model: None,
            manifest: None,
            runtime: None,
            keep: false,
        }
    }
}

impl CaptchaConfig {
    /// What is wrong with it.
    fn fault(&self) -> Option<&'static str> {
        if self.solver == SolverKind::Command && self.command.is_empty() {
            return Some("captcha solver \"command\" needs captcha.command = [\"program\", …]");
        }
        if self.model.is_some() != self.manifest.is_some() {
            return Some(
                "captcha.model and captcha.manifest go together; without both, the embedded model reads",
            );
        }
        let of_onnx = self.model.is_some() || self.runtime.is_some();
        if self.solver != SolverKind::Onnx && of_onnx {
            return Some("captcha.model and captcha.runtime are for captcha solver \"onnx\"");
        }
        None
    }
}

/// The kinds of solver a pipeline file can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SolverKind {
    /// A person at the terminal.
    Manual,
    /// A program.
    Command,
    /// An ONNX model.
    Onnx,
}

/// Limits of text extraction.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExtractConfig {
    /// Who reads the PDFs: `auto`, `hayro`, `pdf_oxide` or `pdf-extract`.
    pub engine: EngineChoice,
    /// Documents extracted side by side.
    pub jobs: usize,
    /// Seconds a document may take.
    pub seconds: u64,
    /// Memory a document may take, in MiB.
    pub memory_mib: u64,
}

impl Default for ExtractConfig {
    fn default() -> Self {
        Self {
            engine: EngineChoice::default(),
            jobs: std::thread::available_parallelism().map_or(1, usize::from),
            seconds: 60,
            memory_mib: 1024,
        }
    }
}

/// Character recognition of pages that have no text, or none that can be trusted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OcrConfig {
    /// Whether such pages are read: it takes seconds a page, and needs the program `tesseract`.
    pub enabled: bool,
    /// The program; none: `tesseract` on the search path.
    pub program: Option<PathBuf>,
    /// Language packs to read with, the main one first (`hin`, `eng`); none: by the script of the page and the
    /// seat of its court.
    pub languages: Vec<String>,
    /// Pages read side by side.
    pub jobs: usize,
    /// Seconds a page may take.
    pub timeout: u64,
}

impl Default for OcrConfig {
    fn default() -> Self {
        Self {
            enabled: false,
            program: None,
            languages: Vec::new(),
            jobs: std::thread::available_parallelism().map_or(1, usize::from),
            timeout: 120,
        }
    }
}

/// One source of a pipeline.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceConfig {
    /// Which source.
    pub source: SourceId,
    /// The courts (slugs or codes; `all`); only for `ecourts-hc`.
    #[serde(default)]
    pub courts: Vec<String>,
    /// First decision date; not for the feed.
    pub from: Option<Date>,
    /// Last decision date; today when absent.
    pub to: Option<Date>,
    /// Whether to fetch the PDFs.
    #[serde(default = "yes")]
    pub documents: bool,
    /// Rows a page: 10, 25, 50, 100 or 1000.
    #[serde(default = "default_page_size")]
    pub page_size: u32,
    /// Windows with more rows than this are split before they are walked.
    #[serde(default = "default_window_rows")]
    pub max_window_rows: u64,
    /// Documents a session gives before it asks for a second captcha.
    #[serde(default = "default_documents_per_session")]
    pub documents_per_session: u32,
    /// Windows that end within this many days of today are walked again by every run, whatever `[rescan]`
    /// says: for those who run more often than once a day.
    #[serde(default)]
    pub rescan_days: u32,
}

/// The simulated portals that the demo starts in-process.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SimulatedConfig {
    /// Seed of the docket.
    pub seed: u64,
    /// High Court rows, by court slug.
    #[serde(default)]
    pub high_court_rows: std::collections::BTreeMap<String, u64>,
    /// Supreme Court Reports rows.
    #[serde(default)]
    pub scr_rows: u64,
    /// Feed rows.
    #[serde(default)]
    pub feed_rows: u64,
}

fn default_lake() -> PathBuf {
    PathBuf::from("data/lake")
}

fn yes() -> bool {
    true
}

fn default_page_size() -> u32 {
    1000
}

fn default_window_rows() -> u64 {
    20_000
}

fn default_documents_per_session() -> u32 {
    25
}

impl PipelineConfig {
    /// Reads and checks a pipeline's text; `path` is for messages.
    pub fn parse(text: &str, path: &Path) -> Result<Self, PipelineError> {
        let config: Self = toml::from_str(text).map_err(|source| PipelineError::ConfigSyntax {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        config.check(path)?;
        Ok(config)
    }

    /// Narrows the plan as the command line asks.
    pub fn narrow(
        &mut self,
        only_courts: &[String],
        from: Option<Date>,
        to: Option<Date>,
    ) -> Result<(), PipelineError> {
        if !only_courts.is_empty() {
            for source in &mut self.sources {
                if source.source == SourceId::EcourtsHc {
                    source.courts = only_courts.to_vec();
                }
            }
            let sci = only_courts.iter().any(|court| court == "sci");
            self.sources
                .retain(|source| source.source == SourceId::EcourtsHc || sci);
            for source in &mut self.sources {
                source.courts.retain(|court| court != "sci");
            }
            self.sources
                .retain(|source| source.source != SourceId::EcourtsHc || !source.courts.is_empty());
        }
        for source in &mut self.sources {
            source.from = from.or(source.from);
            source.to = to.or(source.to);
        }
        self.check(Path::new("the command line"))
    }

    /// A digest of what is walked: an unfinished run with the same digest is continued.
    pub fn digest(&self) -> Sha256 {
        let mut parts = vec![self.name.clone()];
        for source in &self.sources {
            parts.push(format!(
                "{} {:?} {:?} {:?} {} {}",
                source.source,
                source.courts,
                source.from,
                source.to,
                source.documents,
                source.page_size
            ));
        }
        Sha256::of_parts(parts.iter().map(String::as_bytes))
    }

    fn check(&self, path: &Path) -> Result<(), PipelineError> {
        let fail = |what: String| Err(config_error(path, what));
        if self.sources.is_empty() {
            return fail("no [[source]] is left to walk".to_owned());
        }
        if let Some(fault) = self.captcha.fault() {
            return fail(fault.to_owned());
        }
        if self.extract.seconds == 0 || self.ocr.timeout == 0 {
            return fail(
                "seconds under [extract] and timeout under [ocr] must be at least 1".to_owned(),
            );
        }
        if let Some(what) = self.rescan.objection() {
            return fail(what);
        }
        self.sources
            .iter()
            .try_for_each(|source| source.check(path))
    }
}

impl SourceConfig {
    fn check(&self, path: &Path) -> Result<(), PipelineError> {
        let fail = |what: String| {
            Err(config_error(
                path,
                format!("source {}: {what}", self.source),
            ))
        };
        if ![10, 25, 50, 100, 1000].contains(&self.page_size) {
            return fail(format!(
                "page_size = {} (the portal knows 10, 25, 50, 100, 1000)",
                self.page_size
            ));
        }
        if !(1..=25).contains(&self.documents_per_session) {
            return fail("documents_per_session must be 1 to 25".to_owned());
        }
        if self.rescan_days > 36_500 {
            return fail("rescan_days must be at most 36500".to_owned());
        }
        if self.max_window_rows < u64::from(self.page_size) {
            return fail("max_window_rows must be at least page_size".to_owned());
        }
        match self.source {
            SourceId::EcourtsHc => {
                if self.courts.is_empty() {
                    return fail(
                        "needs courts = [\"delhi\", …] or [\"all\"]; `nirnay courts` lists them"
                            .to_owned(),
                    );
                }
                self.court_list().map_err(|name| {
                    config_error(
                        path,
                        format!("unknown court {name:?}; `nirnay courts` lists them"),
                    )
                })?;
            }
            _ if !self.courts.is_empty() => {
                return fail("courts belong to ecourts-hc only".to_owned());
            }
            _ => {}
        }
        if self.source != SourceId::SciFeed && self.from.is_none() {
            return fail("needs from = YYYY-MM-DD".to_owned());
        }
        if let (Some(from), Some(to)) = (self.from, self.to)
            && DateWindow::new(from, to).is_err()
        {
            return fail(format!("from {from} is after to {to}"));
        }
        Ok(())
    }

    /// The courts to walk; the error is the name that is not in the registry.
    pub fn court_list(&self) -> Result<Vec<&'static Court>, String> {
        if self.source != SourceId::EcourtsHc {
            return Ok(courts().find("sci").into_iter().collect());
        }
        if self.courts.iter().any(|court| court == "all") {
            return Ok(courts()
                .iter()
                .filter(|court| court.slug != "sci")
                .collect());
        }
        self.courts
            .iter()
            .map(|name| {
                courts()
                    .find(name)
                    .filter(|court| court.slug != "sci")
                    .ok_or_else(|| name.clone())
            })
            .collect()
    }

    /// The range of decision dates asked for, given today's date.
    pub fn range(&self, today: Date) -> Option<DateWindow> {
        let from = self.from?;
        DateWindow::new(from, self.to.unwrap_or(today).max(from)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        name = "one"
        about = "One court."
        basis = "Public record."
        [politeness]
        contact = "mailto:researcher@example.org"
        [[source]]
        source = "ecourts-hc"
        courts = ["delhi"]
        from = "2024-01-01"
        to = "2024-01-31"
    "#;

    fn parse(text: &str) -> Result<PipelineConfig, String> {
        PipelineConfig::parse(text, Path::new("x.toml")).map_err(|error| error.to_string())
    }

    #[test]
    fn reads_a_small_pipeline() {
        let config = parse(GOOD).unwrap();
        assert_eq!(config.sources[0].court_list().unwrap()[0].slug, "delhi");
        assert_eq!(config.sources[0].page_size, 1000);
        assert_eq!(config.digest(), parse(GOOD).unwrap().digest());
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        for (from, to, says) in [
            ("\"delhi\"", "\"dehli\"", "unknown court"),
            ("courts = [\"delhi\"]", "", "needs courts"),
            (
                "[[source]]",
                "[ocr]\ntimeout = 0\n[[source]]",
                "must be at least 1",
            ),
            ("2024-01-31", "2023-01-31", "is after"),
            ("basis =", "bases =", "x.toml"),
            (
                "[[source]]",
                "[captcha]\nsolver = \"answer-key\"\n[[source]]",
                "unknown variant",
            ),
            (
                "[[source]]",
                "[captcha]\nsolver = \"onnx\"\nmodel = \"m.onnx\"\n[[source]]",
                "go together",
            ),
            (
                "[[source]]",
                "[captcha]\nruntime = \"libonnxruntime.so\"\n[[source]]",
                "for captcha solver",
            ),
        ] {
            let error = parse(&GOOD.replace(from, to)).unwrap_err();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn narrows_to_one_court_and_range() {
        let mut config = parse(GOOD).unwrap();
        config
            .narrow(
                &["sikkim".to_owned()],
                Some("2023-01-01".parse().unwrap()),
                None,
            )
            .unwrap();
        assert_eq!(config.sources[0].courts, ["sikkim"]);
        assert_eq!(config.sources[0].from, Some("2023-01-01".parse().unwrap()));
        assert!(config.narrow(&["nowhere".to_owned()], None, None).is_err());
    }
}

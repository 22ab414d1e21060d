//! The program `tesseract`.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::program::{self, Allowance};
use super::slots::Slots;
use super::{OcrFailure, Read, Recognizer, Turn, osd, tsv};
use crate::Picture;

const NAME: &str = "tesseract";
/// A page of print has some 4,000 words, of 80 bytes each in the table.
const MOST_OUTPUT: u64 = 16 << 20;

/// How to run `tesseract`.
#[derive(Debug, Clone)]
pub struct TesseractSettings {
    /// The program; none: `tesseract` on the search path.
    pub program: Option<PathBuf>,
    /// The folder of its language packs; none: where it looks by itself.
    pub packs: Option<PathBuf>,
    /// How many pages are read at a time (as many as there are cores).
    pub at_once: usize,
    /// Wall time for a page (120 s), however many packs are tried on it.
    pub wall: Duration,
    /// CPU seconds for a page and its packs (90); a page of a judgment needs one to three.
    pub cpu_seconds: u64,
    /// Address space in bytes (1 GiB); a page needs some 150 MiB.
    pub memory_bytes: u64,
}

impl Default for TesseractSettings {
    fn default() -> Self {
        Self {
            program: None,
            packs: None,
            at_once: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            wall: Duration::from_mins(2),
            cpu_seconds: 90,
            memory_bytes: 1 << 30,
        }
    }
}

/// An installed `tesseract` with the packs that it has. Pages are read by processes of their own,
/// one thread each, at most [`TesseractSettings::at_once`] at a time: callers wait their turn.
#[derive(Debug)]
pub struct Tesseract {
    program: PathBuf,
    name: String,
    packs: Vec<String>,
    environment: Vec<(&'static str, OsString)>,
    allowance: Allowance,
    slots: Slots,
}

impl Tesseract {
    /// Finds the program and asks it once for its version and its packs.
    pub fn find(settings: &TesseractSettings) -> Result<Self, OcrFailure> {
        let program = match &settings.program {
            Some(program) => program.clone(),
            None => on_search_path(NAME).ok_or_else(|| OcrFailure::NotInstalled {
                program: NAME.to_owned(),
            })?,
        };
        let mut found = Self {
            program,
            name: String::new(),
            packs: Vec::new(),
            environment: environment(settings),
            allowance: Allowance {
                wall: settings.wall,
                cpu_seconds: settings.cpu_seconds,
                memory_bytes: settings.memory_bytes,
                output_bytes: MOST_OUTPUT,
            },
            slots: Slots::new(settings.at_once),
        };
        found.name = found.version()?;
        found.packs = found.list_packs()?;
        Ok(found)
    }

    fn version(&self) -> Result<String, OcrFailure> {
        let said = self.run(&["--version"], &[], &Turn::default())?;
        match said.lines().next().map(str::trim) {
            Some(line) if line.starts_with(NAME) => Ok(line.to_owned()),
            _ => Err(self.unusable("it does not say its version; is it tesseract 4 or later?")),
        }
    }

    fn list_packs(&self) -> Result<Vec<String>, OcrFailure> {
        let said = self.run(&["--list-langs"], &[], &Turn::default())?;
        let mut packs: Vec<String> = said
            .lines()
            .skip(1)
            .map(|line| line.trim().to_owned())
            .filter(|pack| !pack.is_empty())
            .collect();
        packs.sort();
        Ok(packs)
    }

    fn run(&self, args: &[&str], input: &[u8], turn: &Turn<'_>) -> Result<String, OcrFailure> {
        let mut allowance = self.allowance;
        if let Some(deadline) = turn.deadline {
            allowance.wall = deadline.saturating_duration_since(Instant::now());
        }
        if allowance.wall.is_zero() {
            return Err(OcrFailure::TimedOut);
        }
        let args: Vec<OsString> = args.iter().map(OsString::from).collect();
        let output = program::run(&self.program, &args, &self.environment, input, &allowance)?;
        String::from_utf8(output).map_err(|_| self.unusable("its answer is not UTF-8"))
    }

    fn unusable(&self, why: &str) -> OcrFailure {
        OcrFailure::Program {
            program: self.program.display().to_string(),
            why: why.to_owned(),
        }
    }
}

impl Recognizer for Tesseract {
    fn name(&self) -> &str {
        &self.name
    }

    fn packs(&self) -> &[String] {
        &self.packs
    }

    fn turn(&self) -> Turn<'_> {
        let slot = self.slots.take();
        // Waiting costs a page nothing of its time.
        Turn {
            deadline: Instant::now().checked_add(self.allowance.wall),
            _slot: Some(slot),
        }
    }

    fn read(
        &self,
        picture: &Picture,
        packs: &[String],
        turn: &Turn<'_>,
    ) -> Result<Read, OcrFailure> {
        let dpi = dpi(picture);
        let packs = packs.join("+");
        let table = self.run(
            &["stdin", "stdout", "--dpi", &dpi, "-l", &packs, "tsv"],
            &picture.png,
            turn,
        )?;
        tsv::parse(&table).ok_or_else(|| self.unusable("it does not print its table of words"))
    }

    fn script(
        &self,
        picture: &Picture,
        turn: &Turn<'_>,
    ) -> Result<Option<&'static str>, OcrFailure> {
        if !self.packs.iter().any(|pack| pack == osd::PACK) {
            return Ok(None);
        }
        let dpi = dpi(picture);
        let args = [
            "stdin",
            "stdout",
            "--dpi",
            &dpi,
            "--psm",
            "0",
            "-l",
            osd::PACK,
        ];
        match self.run(&args, &picture.png, turn) {
            Ok(said) => Ok(osd::script(&said)),
            Err(OcrFailure::TimedOut) => Err(OcrFailure::TimedOut),
            // It gives up on pages with few letters. What is wrong with the program, the next reading says.
            Err(_) => Ok(None),
        }
    }
}

fn dpi(picture: &Picture) -> String {
    format!("{:.0}", picture.dpi.max(1.0))
}

/// What the program needs to know: no more of this process's environment reaches it.
fn environment(settings: &TesseractSettings) -> Vec<(&'static str, OsString)> {
    let mut environment = vec![
        // Its threads cost twice the time that they save.
        ("OMP_THREAD_LIMIT", OsString::from("1")),
        ("LC_ALL", OsString::from("C.UTF-8")),
    ];
    let packs = settings.packs.clone().map(PathBuf::into_os_string);
    if let Some(folder) = packs.or_else(|| env::var_os("TESSDATA_PREFIX")) {
        environment.push(("TESSDATA_PREFIX", folder));
    }
    environment
}

fn on_search_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|program| is_program(program))
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

//! The parent's handle on the child.

use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::death;
use crate::frame::{Answer, Hello, MAX_GREETING, PROTOCOL, Ready, Request};
use crate::pipes::{Broken, Pipes};
use crate::render::Picture;
use crate::{EngineChoice, ExtractFailure, Extraction, Limits, opinions};

/// Documents after which the child is replaced, whatever its state.
const DOCUMENTS_PER_CHILD: u32 = 500;
/// The part of its memory that a child may keep after a document; one that keeps more is replaced,
/// so that every document finds nearly all of the limit and its failure is its own.
const KEPT_MEMORY: u64 = 4;
/// Documents between two looks at that, unless a large one went by.
const LOOK_EVERY: u32 = 16;
/// A document or an answer of this many bytes is large.
const LARGE: usize = 4 << 20;

/// A child process that extracts one document after another.
///
/// It is started by the first document, killed when a document takes too long, and replaced when it
/// died. Calls block: in async code make them from a thread that may.
#[derive(Debug)]
pub struct Worker {
    program: PathBuf,
    args: Vec<String>,
    limits: Limits,
    engine: EngineChoice,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    child: Child,
    pipes: Pipes,
    documents: u32,
}

impl Worker {
    /// A worker that starts `program` with `args`, which must end up in
    /// [`worker_main`](crate::worker_main). Nothing is started yet.
    pub fn new(program: PathBuf, args: Vec<String>, limits: Limits) -> Self {
        Self {
            program,
            args,
            limits,
            engine: EngineChoice::default(),
            running: None,
        }
    }

    /// The same with an engine of the caller's choice.
    #[must_use]
    pub fn with_engine(self, engine: EngineChoice) -> Self {
        Self { engine, ..self }
    }

    /// The text of `pdf`, or why there is none. Returns within [`Limits::wall`].
    ///
    /// An engine is asked once: what ends a child is the document's own doing.
    pub fn extract(&mut self, pdf: &[u8]) -> Result<Extraction, ExtractFailure> {
        let deadline = self.deadline();
        match self.engine {
            EngineChoice::Auto => {
                opinions::best(pdf, |engine, pdf| self.extract_by(engine, pdf, deadline))
            }
            engine => self.extract_by(engine, pdf, deadline),
        }
    }

    fn extract_by(
        &mut self,
        engine: EngineChoice,
        pdf: &[u8],
        deadline: Instant,
    ) -> Result<Extraction, ExtractFailure> {
        match self.ask(Request::Text(engine), pdf, deadline)? {
            Answer::Text(extraction) => Ok(extraction),
            Answer::Failed(failure) => Err(failure),
            Answer::Picture(_) => Err(wrong_answer()),
        }
    }

    /// The picture of page `page` (from 1) of `pdf` in grey, at `dpi` pixels to the inch or less
    /// where that is more than [`Limits::max_picture_pixels`].
    pub fn picture(&mut self, pdf: &[u8], page: u32, dpi: u16) -> Result<Picture, ExtractFailure> {
        let deadline = self.deadline();
        match self.ask(Request::Picture { page, dpi }, pdf, deadline)? {
            Answer::Picture(picture) => Ok(picture),
            Answer::Failed(failure) => Err(failure),
            Answer::Text(_) => Err(wrong_answer()),
        }
    }

    /// The process id of the child, while there is one.
    pub fn child_id(&self) -> Option<u32> {
        self.running.as_ref().map(|running| running.child.id())
    }

    fn deadline(&self) -> Instant {
        Instant::now() + self.limits.wall.min(Duration::from_hours(24))
    }

    fn ask(
        &mut self,
        request: Request,
        pdf: &[u8],
        deadline: Instant,
    ) -> Result<Answer, ExtractFailure> {
        let bytes = pdf.len() as u64;
        if bytes > self.limits.max_input_bytes {
            return Err(ExtractFailure::TooLarge {
                bytes,
                limit: self.limits.max_input_bytes,
            });
        }
        if self.running.as_mut().is_some_and(|used| !used.is_alive()) {
            self.running = None;
        }
        let mut running = match self.running.take() {
            Some(used) => used,
            None => self.start(deadline)?,
        };
        let reply = running.pipes.exchange(
            &request.to_bytes(),
            pdf,
            self.limits.max_reply_bytes(),
            deadline,
        );
        match reply {
            Ok(reply) => {
                let large = pdf.len().max(reply.len()) >= LARGE;
                let answer = Answer::from_body(reply).map_err(|error| ExtractFailure::Worker {
                    why: format!("its reply is not in the agreed form: {error}"),
                })?;
                running.documents += 1;
                if running.is_fit(&self.limits, large) {
                    self.running = Some(running);
                }
                Ok(answer)
            }
            Err(Broken::Closed) => Err(running.cause_of_death()),
            Err(Broken::Deadline) => Err(ExtractFailure::TimedOut),
            Err(Broken::Protocol(why)) => Err(ExtractFailure::Worker { why }),
            Err(Broken::Io(error)) => Err(ExtractFailure::Worker {
                why: error.to_string(),
            }),
        }
    }

    /// Starts a child and waits until its limits are in force.
    fn start(&self, deadline: Instant) -> Result<Running, ExtractFailure> {
        let failed = |why: String| ExtractFailure::Worker {
            why: format!("{}: {why}", self.program.display()),
        };
        let mut child = Command::new(&self.program)
            .args(&self.args)
            .env_clear()
            // Arenas per thread would take most of the address space the child may have.
            .env("MALLOC_ARENA_MAX", "1")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| failed(format!("cannot be started: {error}")))?;
        let pipes = match Pipes::of(&mut child) {
            Ok(pipes) => pipes,
            Err(error) => {
                end(&mut child);
                return Err(failed(error.to_string()));
            }
        };
        let mut running = Running {
            child,
            pipes,
            documents: 0,
        };
        let hello = serde_json::to_vec(&Hello {
            limits: self.limits.clone(),
        })
        .map_err(|error| failed(error.to_string()))?;
        let reply = match running.pipes.exchange(&[], &hello, MAX_GREETING, deadline) {
            Ok(reply) => reply,
            Err(Broken::Closed) => {
                return Err(failed(format!(
                    "ended at once: {}",
                    running.cause_of_death()
                )));
            }
            Err(Broken::Deadline) => return Err(failed("did not greet in time".to_owned())),
            Err(Broken::Protocol(why)) => {
                return Err(failed(format!("does not speak the protocol: {why}")));
            }
            Err(Broken::Io(error)) => return Err(failed(error.to_string())),
        };
        match serde_json::from_slice::<Ready>(&reply) {
            Ok(ready) if ready.nirnay_extract_protocol == PROTOCOL => Ok(running),
            Ok(ready) => Err(failed(format!(
                "speaks protocol {}, not {PROTOCOL}",
                ready.nirnay_extract_protocol
            ))),
            Err(_) => Err(failed("does not speak the protocol".to_owned())),
        }
    }
}

fn wrong_answer() -> ExtractFailure {
    ExtractFailure::Worker {
        why: "it answered what was not asked".to_owned(),
    }
}

impl Running {
    /// Whether the next document finds it as a fresh one would be.
    fn is_fit(&self, limits: &Limits, large: bool) -> bool {
        if self.documents >= DOCUMENTS_PER_CHILD {
            return false;
        }
        if !large && !self.documents.is_multiple_of(LOOK_EVERY) {
            return true;
        }
        address_space(self.child.id()).is_none_or(|kept| kept <= limits.memory_bytes / KEPT_MEMORY)
    }

    fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// For a child that closed its output: what it died of. One that still lives is killed; that
    /// does not change the status of one that is already dying.
    fn cause_of_death(&mut self) -> ExtractFailure {
        match end(&mut self.child) {
            Some(status) => death::cause(status, self.pipes.last_words()),
            None => ExtractFailure::Crashed {
                how: "cause unknown".to_owned(),
            },
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// The bytes of address space that a process holds, where the system tells.
fn address_space(pid: u32) -> Option<u64> {
    let counts = std::fs::read_to_string(format!("/proc/{pid}/statm")).ok()?;
    let pages: u64 = counts.split_whitespace().next()?.parse().ok()?;
    Some(pages.saturating_mul(rustix::param::page_size() as u64))
}

/// Kills the child, if it still lives, and reaps it.
fn end(child: &mut Child) -> Option<ExitStatus> {
    // An error means that it has been reaped already; `wait` then gives the kept status.
    child.kill().ok();
    child.wait().ok()
}

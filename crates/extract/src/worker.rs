//! The parent's handle on the child.

use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::death;
use crate::frame::{Hello, MAX_GREETING, PROTOCOL, Ready, Reply};
use crate::pipes::{Broken, Pipes};
use crate::{ExtractFailure, Extraction, Limits};

/// Documents after which the child is replaced: what its allocator keeps counts against the
/// memory limit of the documents that follow.
const DOCUMENTS_PER_CHILD: u32 = 200;

/// A child process that extracts one document after another.
///
/// It is started by the first document, killed when a document takes too long, and replaced when it
/// died. Calls block: in async code make them from a thread that may.
#[derive(Debug)]
pub struct Worker {
    program: PathBuf,
    args: Vec<String>,
    limits: Limits,
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
            running: None,
        }
    }

    /// The text of `pdf`, or why there is none. Returns within [`Limits::wall`].
    pub fn extract(&mut self, pdf: &[u8]) -> Result<Extraction, ExtractFailure> {
        let bytes = pdf.len() as u64;
        if bytes > self.limits.max_input_bytes {
            return Err(ExtractFailure::TooLarge {
                bytes,
                limit: self.limits.max_input_bytes,
            });
        }
        let deadline = Instant::now() + self.limits.wall.min(Duration::from_hours(24));
        let fresh = self.running.is_none();
        let first = self.attempt(pdf, deadline);
        if first == Err(ExtractFailure::OutOfMemory) && !fresh {
            // Earlier documents may have left too little of the child's memory.
            return self.attempt(pdf, deadline);
        }
        first
    }

    /// The process id of the child, while there is one.
    pub fn child_id(&self) -> Option<u32> {
        self.running.as_ref().map(|running| running.child.id())
    }

    fn attempt(&mut self, pdf: &[u8], deadline: Instant) -> Result<Extraction, ExtractFailure> {
        if self.running.as_mut().is_some_and(|used| !used.is_alive()) {
            self.running = None;
        }
        let mut running = match self.running.take() {
            Some(used) => used,
            None => self.start(deadline)?,
        };
        match running
            .pipes
            .exchange(pdf, self.limits.max_reply_bytes(), deadline)
        {
            Ok(reply) => {
                let reply =
                    serde_json::from_slice(&reply).map_err(|error| ExtractFailure::Worker {
                        why: format!("its reply is not in the agreed form: {error}"),
                    })?;
                running.documents += 1;
                if running.documents < DOCUMENTS_PER_CHILD {
                    self.running = Some(running);
                }
                match reply {
                    Reply::Done(extraction) => Ok(extraction),
                    Reply::Failed(failure) => Err(failure),
                }
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
        let reply = match running.pipes.exchange(&hello, MAX_GREETING, deadline) {
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

impl Running {
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

/// Kills the child, if it still lives, and reaps it.
fn end(child: &mut Child) -> Option<ExitStatus> {
    // An error means that it has been reaped already; `wait` then gives the kept status.
    child.kill().ok();
    child.wait().ok()
}

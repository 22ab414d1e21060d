//! One run of a program that is not ours, within limits.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{
    Pid, Resource, Rlimit, Signal, WaitId, WaitIdOptions, kill_process_group, prlimit, waitid,
};

use super::OcrFailure;
use crate::ExtractFailure;
use crate::death;
use crate::pipes::{Broken, Pipes};

/// What a run may cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowance {
    pub(super) wall: Duration,
    pub(super) cpu_seconds: u64,
    pub(super) memory_bytes: u64,
    pub(super) output_bytes: u64,
}

/// Runs `program` in a process group of its own with `input` on its standard input, and gives its
/// standard output. Whatever it started is killed with it when its time is up.
pub(super) fn run(
    program: &Path,
    args: &[OsString],
    environment: &[(&str, OsString)],
    input: &[u8],
    allowance: &Allowance,
) -> Result<Vec<u8>, OcrFailure> {
    let unusable = |why: String| OcrFailure::Program {
        program: program.display().to_string(),
        why,
    };
    let deadline = Instant::now() + allowance.wall.min(Duration::from_hours(24));
    let child = Command::new(program)
        .args(args)
        .env_clear()
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .current_dir("/")
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => OcrFailure::NotInstalled {
                program: program.display().to_string(),
            },
            _ => unusable(format!("it cannot be started: {error}")),
        })?;
    let mut group = Group { child, ended: None };
    // Before it has read a byte of the picture.
    group
        .restrain(allowance)
        .map_err(|error| unusable(format!("it cannot be limited: {error}")))?;
    let mut pipes = Pipes::of(&mut group.child).map_err(|error| unusable(error.to_string()))?;
    match pipes.feed(input, allowance.output_bytes, deadline) {
        Ok(output) => match group.wait(deadline) {
            Some(status) if status.success() => Ok(output),
            Some(status) => Err(explain(status, pipes.last_words())),
            None => Err(OcrFailure::TimedOut),
        },
        Err(Broken::Deadline) => Err(OcrFailure::TimedOut),
        Err(Broken::Closed) => Err(unusable("it closed its output".to_owned())),
        Err(Broken::Protocol(why)) => Err(OcrFailure::Crashed { how: why }),
        Err(Broken::Io(error)) => Err(unusable(error.to_string())),
    }
}

fn explain(status: ExitStatus, last_words: &[u8]) -> OcrFailure {
    let words = String::from_utf8_lossy(last_words);
    if words.contains("bad_alloc") || words.contains("ould not allocate") {
        return OcrFailure::OutOfMemory;
    }
    match death::cause(status, last_words) {
        ExtractFailure::TimedOut => OcrFailure::TimedOut,
        ExtractFailure::OutOfMemory => OcrFailure::OutOfMemory,
        ExtractFailure::Crashed { how } => {
            let last = words.lines().rev().find(|line| !line.trim().is_empty());
            let said = last.unwrap_or_default();
            OcrFailure::Crashed {
                how: match said.chars().take(200).collect::<String>() {
                    said if said.is_empty() => how,
                    said => format!("{how}: {said}"),
                },
            }
        }
        other => OcrFailure::Crashed {
            how: other.to_string(),
        },
    }
}

/// A child that leads a process group.
struct Group {
    child: Child,
    ended: Option<ExitStatus>,
}

impl Group {
    fn pid(&self) -> Option<Pid> {
        Pid::from_raw(self.child.id() as i32)
    }

    fn restrain(&self, allowance: &Allowance) -> std::io::Result<()> {
        let Some(pid) = self.pid() else {
            return Ok(());
        };
        let cpu = allowance.cpu_seconds;
        for (resource, soft, hard) in [
            (Resource::As, allowance.memory_bytes, allowance.memory_bytes),
            // At the soft limit it gets the signal that names the cause.
            (Resource::Cpu, cpu, cpu.saturating_add(1)),
            (Resource::Core, 0, 0),
            // It writes to pipes only.
            (Resource::Fsize, 0, 0),
        ] {
            let limit = Rlimit {
                current: Some(soft),
                maximum: Some(hard),
            };
            match prlimit(Some(pid), resource, limit) {
                // It may have ended already, which its status will tell.
                Ok(_) | Err(rustix::io::Errno::SRCH) => {}
                // The limit in force is lower than this one.
                Err(rustix::io::Errno::PERM) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Waits for a child that has closed its output and so is about to end.
    fn wait(&mut self, deadline: Instant) -> Option<ExitStatus> {
        let mut pause = Duration::from_micros(100);
        while !self.has_ended() {
            if Instant::now() >= deadline {
                return None;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(20));
        }
        self.end()
    }

    /// Whether the leader is dead; it is left unreaped.
    fn has_ended(&self) -> bool {
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        self.pid()
            .is_none_or(|pid| !matches!(waitid(WaitId::Pid(pid), look), Ok(None)))
    }

    /// Kills the group, then reaps its leader: until then its number can belong to nobody else.
    fn end(&mut self) -> Option<ExitStatus> {
        if self.ended.is_none() {
            if let Some(pid) = self.pid() {
                kill_process_group(pid, Signal::KILL).ok();
            }
            self.child.kill().ok();
            self.ended = self.child.wait().ok();
        }
        self.ended
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}

//! Runs a program and meets each of its write-side system calls before the kernel does: to let it pass,
//! to kill the program there, or to answer an error in the kernel's place.
//!
//! Calls are numbered over all threads of the program, which is what an exhaustive sweep needs: a counter
//! for each thread (`strace -e inject=…:when=N` keeps one) never reaches the first calls of a thread that
//! starts late, and those publish the tables.

mod calls;
mod registers;

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

pub use nix::errno::Errno;
use nix::libc;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// A write-side system call on a file below the watched folder, about to happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its number, from 1, over all threads of the program.
    pub number: u64,
    /// Its name: `fsync`, `openat`, `rename` …
    pub name: &'static str,
    /// The file, below the watched folder; of a rename the new name.
    pub path: PathBuf,
}

impl std::fmt::Display for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "call {}, {} {}",
            self.number,
            self.name,
            self.path.display()
        )
    }
}

/// What happens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The kernel does it.
    Pass,
    /// The program dies before it.
    Kill,
    /// The kernel does not do it; the program is told that it failed so.
    Fail(Errno),
}

/// How a traced program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// By itself, with this exit code.
    Exit(i32),
    /// By a signal.
    Signal(&'static str),
}

/// What a traced program did.
#[derive(Debug)]
pub struct Trace {
    /// How it ended.
    pub ended: Ended,
    /// The number of write-side calls on files below the watched folder.
    pub calls: u64,
    /// What it said on standard error.
    pub said: String,
    /// The addresses that it connected to: `127.0.0.1:80`, `[::1]:80`, `unix`, or the family's number.
    pub connects: BTreeSet<String>,
    /// The most memory that it held at once, in KiB; unknown for one that was killed.
    pub peak_kib: Option<u64>,
}

/// The longest a traced program may take.
const LIMIT: Duration = Duration::from_mins(2);

/// Whether programs can be traced here; otherwise why not.
pub fn can_trace() -> Result<(), String> {
    if !registers::KNOWN {
        return Err("the registers of this processor are not known to the tracer".to_owned());
    }
    let dir = tempfile::tempdir().map_err(|error| error.to_string())?;
    trace(&Command::new("/bin/true"), dir.path(), &mut |_| Fate::Pass)
        .map(drop)
        .map_err(|error| format!("ptrace is not allowed here: {error}"))
}

/// Runs `command` (its program, arguments and environment; standard input and output are closed) and asks
/// `decide` about each write-side call on a file below `folder`, by any thread. Programs that it starts in
/// turn are not watched.
pub fn trace(
    command: &Command,
    folder: &Path,
    decide: &mut (dyn FnMut(&Call) -> Fate + Send),
) -> io::Result<Trace> {
    start(command, folder, Options::empty(), decide)
}

/// Like [`trace`], with the programs that it starts in turn.
pub fn trace_all(
    command: &Command,
    folder: &Path,
    decide: &mut (dyn FnMut(&Call) -> Fate + Send),
) -> io::Result<Trace> {
    let children = Options::PTRACE_O_TRACEFORK | Options::PTRACE_O_TRACEVFORK;
    start(command, folder, children, decide)
}

fn start(
    command: &Command,
    folder: &Path,
    more: Options,
    decide: &mut (dyn FnMut(&Call) -> Fate + Send),
) -> io::Result<Trace> {
    // Requests to a traced program must come from the thread that traces it, and that thread must not
    // reap other children: it is one of its own.
    std::thread::scope(|scope| {
        scope
            .spawn(|| Tracer::start(command, folder, more)?.run(decide))
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the tracer panicked")))
    })
}

struct Tracer {
    root: Pid,
    folder: PathBuf,
    said: tempfile::NamedTempFile,
    /// Threads inside a call that is to fail, with the error.
    failing: HashMap<Pid, Errno>,
    calls: u64,
    connects: BTreeSet<String>,
    peak_kib: Option<u64>,
    /// Dropped when the program has ended: the watchdog goes.
    _watched: mpsc::Sender<()>,
}

impl Tracer {
    /// Starts the program, stopped before its first instruction, and follows its threads.
    fn start(command: &Command, folder: &Path, more: Options) -> io::Result<Self> {
        let said = tempfile::NamedTempFile::new()?;
        let mut arguments: Vec<OsString> =
            vec!["-c".into(), "kill -STOP $$; exec \"$0\" \"$@\"".into()];
        arguments.push(command.get_program().to_owned());
        arguments.extend(command.get_args().map(OsString::from));
        let mut shell = Command::new("/bin/sh");
        shell
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::from(said.as_file().try_clone()?));
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        let root = Pid::from_raw(shell.spawn()?.id() as i32);
        waitpid(root, Some(WaitPidFlag::WUNTRACED))?;
        ptrace::seize(
            root,
            Options::PTRACE_O_TRACESYSGOOD
                | Options::PTRACE_O_TRACECLONE
                | Options::PTRACE_O_TRACEEXEC
                | Options::PTRACE_O_TRACEEXIT
                | Options::PTRACE_O_EXITKILL
                | more,
        )?;
        kill(root, Signal::SIGCONT)?;
        Ok(Self {
            root,
            folder: folder.canonicalize()?,
            said,
            failing: HashMap::new(),
            calls: 0,
            connects: BTreeSet::new(),
            peak_kib: None,
            _watched: watchdog(root),
        })
    }

    fn run(mut self, decide: &mut (dyn FnMut(&Call) -> Fate + Send)) -> io::Result<Trace> {
        let flags = WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD;
        loop {
            let status = match waitpid(Pid::from_raw(-1), Some(flags)) {
                Err(Errno::EINTR) => continue,
                status => status?,
            };
            match status {
                WaitStatus::Exited(pid, code) if pid == self.root => {
                    return self.finish(Ended::Exit(code));
                }
                WaitStatus::Signaled(pid, signal, _) if pid == self.root => {
                    return self.finish(Ended::Signal(signal.as_str()));
                }
                WaitStatus::PtraceSyscall(pid) => self.at_call(pid, decide)?,
                WaitStatus::PtraceEvent(pid, _, event) => {
                    if pid == self.root && event == libc::PTRACE_EVENT_EXIT {
                        self.peak_kib = peak(pid).or(self.peak_kib);
                    }
                    go_on(pid, None)?;
                }
                WaitStatus::Stopped(pid, signal) => go_on(pid, Some(signal))?,
                _ => {}
            }
        }
    }

    fn finish(self, ended: Ended) -> io::Result<Trace> {
        Ok(Trace {
            ended,
            calls: self.calls,
            said: String::from_utf8_lossy(&std::fs::read(self.said.path())?).into_owned(),
            connects: self.connects,
            peak_kib: self.peak_kib,
        })
    }

    /// A thread stands before or behind a system call.
    fn at_call(
        &mut self,
        pid: Pid,
        decide: &mut (dyn FnMut(&Call) -> Fate + Send),
    ) -> io::Result<()> {
        let Some(info) = gone(ptrace::syscall_info(pid))? else {
            return Ok(());
        };
        if info.op == libc::PTRACE_SYSCALL_INFO_EXIT {
            if let Some(errno) = self.failing.remove(&pid) {
                gone(registers::answer(pid, errno))?;
            }
            return go_on(pid, None);
        }
        let Some(entered) = gone(registers::entered(pid))? else {
            return Ok(());
        };
        if let Some(address) = calls::connected(pid, &entered) {
            self.connects.insert(address);
        }
        let call = calls::known(entered.number)
            .and_then(|known| known.path(pid, &entered).map(|path| (known.name, path)))
            .and_then(|(name, path)| self.within(&path).map(|path| (name, path)));
        let Some((name, path)) = call else {
            return go_on(pid, None);
        };
        self.calls += 1;
        let number = self.calls;
        match decide(&Call { number, name, path }) {
            Fate::Pass => {}
            Fate::Kill => {
                // The call that it stands before is not done: a fatal signal is seen first.
                gone(kill(self.root, Signal::SIGKILL))?;
            }
            Fate::Fail(errno) => {
                gone(registers::skip(pid))?;
                self.failing.insert(pid, errno);
            }
        }
        go_on(pid, None)
    }

    /// The path below the watched folder, if it is. What the program says goes to a file of the tracer's.
    fn within(&self, path: &Path) -> Option<PathBuf> {
        if path == self.said.path() {
            return None;
        }
        path.strip_prefix(&self.folder).ok().map(Path::to_owned)
    }
}

/// A thread may die at any moment, of the signal that another one was sent.
fn gone<T>(result: nix::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Errno::ESRCH) => Ok(None),
        Err(errno) => Err(errno.into()),
    }
}

fn go_on(pid: Pid, signal: Option<Signal>) -> io::Result<()> {
    gone(ptrace::syscall(pid, signal)).map(drop)
}

/// Kills the program if it does not end in time, so that no test hangs.
fn watchdog(root: Pid) -> mpsc::Sender<()> {
    let (sender, receiver) = mpsc::channel::<()>();
    std::thread::spawn(move || {
        if receiver.recv_timeout(LIMIT) == Err(mpsc::RecvTimeoutError::Timeout) {
            // It may have ended at this very moment; then there is nothing to kill.
            kill(root, Signal::SIGKILL).ok();
        }
    });
    sender
}

/// The most memory that a process held at once, in KiB.
fn peak(pid: Pid) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// A thread's memory, for reading the paths that it names.
fn memory(pid: Pid) -> Option<File> {
    File::open(format!("/proc/{pid}/mem")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn calls_are_seen_killed_and_refused() {
        if let Err(why) = can_trace() {
            println!("skipped: {why}");
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        let script = format!(
            "cd {}; echo one > a; echo two > b; mkdir c",
            dir.path().display()
        );
        let mut seen = Vec::new();
        let whole = trace(&shell(&script), dir.path(), &mut |call| {
            seen.push(format!("{} {}", call.name, call.path.display()));
            Fate::Pass
        })
        .unwrap();
        assert_eq!(whole.ended, Ended::Exit(0));
        assert_eq!(
            seen[..4],
            ["openat a", "write a", "openat b", "write b"],
            "{seen:?}"
        );

        std::fs::remove_file(dir.path().join("b")).unwrap();
        let killed = trace(&shell(&script), dir.path(), &mut |call| {
            if call.number == 3 {
                Fate::Kill
            } else {
                Fate::Pass
            }
        })
        .unwrap();
        assert_eq!(killed.ended, Ended::Signal("SIGKILL"));
        assert!(!dir.path().join("b").exists(), "the call was not done");

        let refused = trace(&shell(&script), dir.path(), &mut |call| {
            if call.number == 4 {
                Fate::Fail(Errno::ENOSPC)
            } else {
                Fate::Pass
            }
        })
        .unwrap();
        assert!(refused.said.contains("rror"), "{}", refused.said);
        assert_eq!(std::fs::read(dir.path().join("b")).unwrap(), b"");
    }
}

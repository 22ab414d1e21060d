//! A program of the user's choice.

use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{Access, access};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::picture::format_of;
use crate::{Guess, Question, Solver, SolverError};

const TIME_LIMIT: Duration = Duration::from_mins(2);
const MOST_OUTPUT: usize = 1 << 10;
/// Characters of the command line that its name among the models has.
const MOST_SHOWN: usize = 80;
/// How often an answered program is asked whether it has ended.
const PAUSE: Duration = Duration::from_millis(5);

/// Hands the picture to a program on its standard input and takes its standard output, trimmed, as
/// the text. No output is no guess; a failure of the program is an error.
///
/// The program has two minutes and may write 1 KiB. It gets the environment of this process, and in
/// `NIRNAY_CAPTCHA` the sort of question: `text`, or `arithmetic` where the answer is a result. What is late, or
/// not wanted any more, is killed with everything that it started.
#[derive(Debug, Clone)]
pub struct CommandSolver {
    program: PathBuf,
    args: Vec<String>,
    shown: String,
    time_limit: Duration,
    /// The program that runs now; it leads a process group of its own.
    group: Arc<Mutex<Option<Pid>>>,
}

impl CommandSolver {
    /// A solver that runs `program` with `args`. Nothing is run yet.
    pub fn new(program: impl AsRef<Path>, args: Vec<String>) -> Self {
        let program = program.as_ref().to_path_buf();
        // Two scripts of one interpreter are two solvers.
        let words = args.iter().map(String::as_str);
        let shown: Vec<String> = std::iter::once(program.display().to_string())
            .chain(words.map(str::to_owned))
            .collect();
        Self {
            program,
            args,
            shown: shown.join(" ").chars().take(MOST_SHOWN).collect(),
            time_limit: TIME_LIMIT,
            group: Arc::default(),
        }
    }

    /// The same with another time limit.
    #[must_use]
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    fn failed(&self, why: impl Into<String>) -> SolverError {
        SolverError::Program {
            program: self.shown.clone(),
            why: why.into(),
        }
    }

    fn run(&self, image: &[u8], question: &Question) -> Result<Vec<u8>, SolverError> {
        let deadline = Instant::now() + self.time_limit;
        let mut running = self
            .start(question)
            .map_err(|error| self.failed(format!("it cannot be started: {error}")))?;
        let pipes = running
            .feed(image.to_vec())
            .map_err(|error| self.failed(error.to_string()))?;
        let output = match pipes
            .output
            .recv_timeout(deadline.saturating_duration_since(Instant::now()))
        {
            Ok(output) => output.map_err(|error| self.failed(error.to_string()))?,
            Err(RecvTimeoutError::Timeout) => return Err(self.too_late()),
            Err(RecvTimeoutError::Disconnected) => return Err(self.failed("its output was lost")),
        };
        if output.len() > MOST_OUTPUT {
            return Err(self.failed(format!("it wrote more than {MOST_OUTPUT} bytes")));
        }
        let status = loop {
            match running
                .child
                .try_wait()
                .map_err(|error| self.failed(error.to_string()))?
            {
                Some(status) => break status,
                None if Instant::now() >= deadline => return Err(self.too_late()),
                None => thread::sleep(PAUSE),
            }
        };
        if status.success() {
            return Ok(output);
        }
        Err(self.failed(complaint(status, &pipes.complaint)))
    }

    fn start(&self, question: &Question) -> io::Result<Running> {
        let child = Command::new(&self.program)
            .args(&self.args)
            .env("NIRNAY_CAPTCHA", question.name())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()?;
        let group = Arc::clone(&self.group);
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        *group.lock().unwrap_or_else(PoisonError::into_inner) = pid;
        Ok(Running { child, group })
    }

    fn too_late(&self) -> SolverError {
        SolverError::TimedOut {
            program: self.shown.clone(),
            limit: self.time_limit,
        }
    }
}

impl Solver for CommandSolver {
    fn name(&self) -> &'static str {
        "command"
    }

    fn model(&self) -> &str {
        &self.shown
    }

    fn check(&self, _: &Question) -> Result<(), SolverError> {
        if is_there(&self.program) {
            return Ok(());
        }
        Err(self.failed("there is no such program, or it is not executable"))
    }

    fn answer(&self, image: &[u8], question: &Question) -> Result<Option<Guess>, SolverError> {
        format_of(image)?;
        let output = String::from_utf8(self.run(image, question)?)
            .map_err(|_| self.failed("its output is not UTF-8"))?;
        let text = output.trim();
        if text.chars().any(char::is_control) {
            return Err(self.failed("its output is not one line of text"));
        }
        Ok((!text.is_empty()).then(|| Guess::certain(text.to_owned())))
    }

    fn cancel(&self) {
        let group = self.group.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pid) = *group {
            kill_process_group(pid, Signal::KILL).ok();
        }
    }
}

/// Whether a program can be started under this name: a path, or a word that PATH leads to.
fn is_there(program: &Path) -> bool {
    let executable = |path: &Path| access(path, Access::EXEC_OK).is_ok() && path.is_file();
    if program.components().count() > 1 || program.is_absolute() {
        return executable(program);
    }
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| executable(&dir.join(program))))
}

/// A child that is killed with its group, and reaped, when it goes out of scope.
struct Running {
    child: Child,
    group: Arc<Mutex<Option<Pid>>>,
}

struct Pipes {
    output: Receiver<io::Result<Vec<u8>>>,
    complaint: Receiver<io::Result<Vec<u8>>>,
}

impl Running {
    /// Starts the three threads that serve the pipes. They end with the pipes; nobody waits for
    /// them, because a grandchild may hold a pipe open for as long as it likes.
    fn feed(&mut self, image: Vec<u8>) -> io::Result<Pipes> {
        let missing = || io::Error::other("a standard stream was not piped");
        let mut stdin = self.child.stdin.take().ok_or_else(missing)?;
        let stdout = self.child.stdout.take().ok_or_else(missing)?;
        let stderr = self.child.stderr.take().ok_or_else(missing)?;
        // A program may answer without having read all of the picture.
        thread::Builder::new().spawn(move || stdin.write_all(&image).ok())?;
        Ok(Pipes {
            output: collect(stdout)?,
            complaint: collect(stderr)?,
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Nobody else may take the number of the group for ours once the child is reaped.
        let mut group = self.group.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pid) = group.take() {
            kill_process_group(pid, Signal::KILL).ok();
        }
        // Both fail only when the child has been reaped already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Reads to the end, or to one byte over the limit.
fn collect(stream: impl Read + Send + 'static) -> io::Result<Receiver<io::Result<Vec<u8>>>> {
    let (sender, receiver) = sync_channel(1);
    thread::Builder::new().spawn(move || {
        let mut bytes = Vec::new();
        let read = stream.take(MOST_OUTPUT as u64 + 1).read_to_end(&mut bytes);
        sender.send(read.map(|_| bytes)).ok();
    })?;
    Ok(receiver)
}

/// The exit status and the last line of what the program wrote to standard error.
fn complaint(status: ExitStatus, stream: &Receiver<io::Result<Vec<u8>>>) -> String {
    let said = stream
        .recv_timeout(Duration::from_millis(100))
        .ok()
        .and_then(Result::ok)
        .unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    match said
        .lines()
        .rev()
        .map(str::trim)
        .find(|line| !line.is_empty())
    {
        Some(line) => format!("{status}: {line}"),
        None => status.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n and the rest";

    fn shell(script: &str) -> CommandSolver {
        CommandSolver::new("/bin/sh", vec!["-c".to_owned(), script.to_owned()])
    }

    #[test]
    fn the_answer_is_the_trimmed_output() {
        let guess = shell("echo '  x7k2m9 '").solve(PICTURE).unwrap().unwrap();
        assert_eq!(
            guess,
            Guess {
                text: "x7k2m9".to_owned(),
                confidence: 1.0,
                alternatives: vec![],
                expression: None
            }
        );
        let counted = shell("wc -c").solve(PICTURE).unwrap().unwrap();
        assert_eq!(counted.text, PICTURE.len().to_string());
        let asked = shell("echo $NIRNAY_CAPTCHA").answer(PICTURE, &Question::Arithmetic);
        assert_eq!(asked.unwrap().unwrap().text, "arithmetic");
    }

    #[test]
    fn no_output_is_no_guess() {
        assert_eq!(shell("cat >/dev/null").solve(PICTURE).unwrap(), None);
        assert_eq!(shell("printf ' \\n'").solve(PICTURE).unwrap(), None);
    }

    #[test]
    fn failures_name_the_program_and_what_it_said() {
        let failure = shell("echo no model here >&2; exit 3")
            .solve(PICTURE)
            .unwrap_err()
            .to_string();
        assert!(
            failure.contains("/bin/sh") && failure.contains("no model here"),
            "{failure}"
        );
        for solver in [
            CommandSolver::new("/nonexistent/solver", vec![]),
            shell("echo one; echo two"),
            shell("printf '\\377'"),
            shell("yes"),
            shell("kill -9 $$"),
        ] {
            assert!(
                matches!(solver.solve(PICTURE), Err(SolverError::Program { .. })),
                "{solver:?}"
            );
        }
    }

    #[test]
    fn a_program_that_is_not_there_is_noticed_before_a_picture_is() {
        let folder = tempfile::tempdir().unwrap();
        let plain = folder.path().join("plain");
        std::fs::write(&plain, "#!/bin/sh\n").unwrap();
        for program in [
            PathBuf::from("/nonexistent/solver"),
            PathBuf::from("no-such-solver-on-any-path"),
            folder.path().to_path_buf(),
            plain,
        ] {
            let found = CommandSolver::new(&program, vec![]).check(&Question::default());
            assert!(
                matches!(found, Err(SolverError::Program { .. })),
                "{program:?}"
            );
        }
        for program in ["sh", "/bin/sh"] {
            let found = CommandSolver::new(program, vec![]).check(&Question::default());
            assert!(found.is_ok(), "{program}");
        }
    }

    #[test]
    fn a_silent_program_is_ended() {
        for script in [
            "exec sleep 1000",
            "echo abc; exec >&-; exec sleep 1000",
            "sleep 2 & echo",
        ] {
            let solver = shell(script).with_time_limit(Duration::from_millis(100));
            assert!(
                matches!(solver.solve(PICTURE), Err(SolverError::TimedOut { .. })),
                "{script}"
            );
        }
    }

    #[test]
    fn a_program_that_is_not_wanted_any_more_goes_with_all_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("pid");
        let solver = shell(&format!(
            "sleep 1000 & echo $! > {0}.new; mv {0}.new {0}; wait",
            mark.display()
        ));
        let other = solver.clone();
        let running = thread::spawn(move || other.solve(PICTURE));
        let pid = loop {
            match std::fs::read_to_string(&mark) {
                Ok(pid) => break pid,
                Err(_) => thread::sleep(PAUSE),
            }
        };
        solver.cancel();
        assert!(running.join().unwrap().is_err());
        // Killed; a zombie until its new parent reaps it.
        let gone = || {
            std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()))
                .map_or(true, |stat| stat.contains(") Z "))
        };
        let deadline = Instant::now() + Duration::from_secs(20);
        while !gone() && Instant::now() < deadline {
            thread::sleep(PAUSE);
        }
        assert!(gone(), "process {pid} is still there");
    }

    #[test]
    fn what_is_no_picture_does_not_reach_the_program() {
        assert!(matches!(
            shell("echo abc").solve(b"<html>"),
            Err(SolverError::Picture { .. })
        ));
    }
}

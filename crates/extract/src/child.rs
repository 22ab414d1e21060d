//! The child: limits itself, then answers documents until its input ends.

use std::fs::{File, OpenOptions};
use std::io;
use std::panic;
use std::process::ExitCode;

use rustix::io::fcntl_dupfd_cloexec;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::stdio::{dup2_stdin, dup2_stdout, stdin, stdout};
use rustix::time::{ClockId, clock_gettime};

use crate::frame::{self, Answer, Hello, MAX_GREETING, PROTOCOL, Ready, Request};
use crate::render::draw_in_process;
use crate::{Limits, extract_with, sandbox};

/// The main function of the child process: reads framed requests from standard input and answers on
/// standard output until its input ends. It lowers its own limits first, for good.
///
/// Every program that starts a [`Worker`](crate::Worker) with itself calls this before anything
/// else when it was asked to be the child.
pub fn worker_main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        // There is nobody to tell but the parent, which sees the end of the stream.
        Err(_) => ExitCode::FAILURE,
    }
}

fn serve() -> io::Result<()> {
    let (mut input, mut output) = private_streams()?;
    // The default hook writes a backtrace per panic; the reply carries the message.
    panic::set_hook(Box::new(|_| {}));
    let Some(hello) = frame::read(&mut input, MAX_GREETING)? else {
        return Ok(());
    };
    let Hello { limits } = serde_json::from_slice(&hello)?;
    restrain(&limits)?;
    frame::write(
        &mut output,
        &serde_json::to_vec(&Ready {
            nirnay_extract_protocol: PROTOCOL,
        })?,
    )?;
    while let Some((request, pdf)) = frame::read_request(&mut input, limits.max_input_bytes)? {
        allow_cpu(limits.cpu_seconds)?;
        let body = answer(request, pdf, &limits).to_body()?;
        frame::write(&mut output, &body)?;
    }
    Ok(())
}

fn answer(request: Request, pdf: Vec<u8>, limits: &Limits) -> Answer {
    let answer = match request {
        Request::Text(engine) => extract_with(engine, &pdf, limits).map(Answer::Text),
        Request::Picture { page, dpi } => {
            draw_in_process(pdf, page, dpi, limits).map(Answer::Picture)
        }
    };
    answer.unwrap_or_else(Answer::Failed)
}

/// Takes the two streams of the protocol for itself: whatever a library prints to standard output
/// later goes to the null device and cannot corrupt a frame.
fn private_streams() -> io::Result<(File, File)> {
    let input = File::from(fcntl_dupfd_cloexec(stdin(), 3)?);
    let output = File::from(fcntl_dupfd_cloexec(stdout(), 3)?);
    let null = OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/null")?;
    dup2_stdin(&null)?;
    dup2_stdout(&null)?;
    Ok((input, output))
}

fn restrain(limits: &Limits) -> io::Result<()> {
    for (resource, amount) in [
        (Resource::As, limits.memory_bytes),
        (Resource::Core, 0),
        // It writes to pipes only.
        (Resource::Fsize, 0),
        (Resource::Nofile, 32),
    ] {
        let amount = getrlimit(resource)
            .maximum
            .map_or(amount, |most| most.min(amount));
        setrlimit(
            resource,
            Rlimit {
                current: Some(amount),
                maximum: Some(amount),
            },
        )?;
    }
    sandbox::close()
}

/// Gives the next document its CPU seconds on top of what this process has used so far. Only the
/// soft limit moves: its signal ends the process.
fn allow_cpu(seconds: u64) -> io::Result<()> {
    let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec.max(0) as u64;
    let maximum = getrlimit(Resource::Cpu).maximum;
    let wanted = used.saturating_add(seconds).saturating_add(1);
    let current = maximum.map_or(wanted, |most| most.min(wanted));
    setrlimit(
        Resource::Cpu,
        Rlimit {
            current: Some(current),
            maximum,
        },
    )?;
    Ok(())
}

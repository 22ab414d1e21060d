//! The `nirnay` command: argv in, a lake out.
//!
//! Standard output is data, standard error is talk, and the exit code names the cause (see
//! `nirnay --help` and the man page). What a command does is written in the libraries; here
//! are only arguments, progress bars, signals and the adapters that join the parts.

mod adapters;
mod args;
mod command;
mod failure;
mod files;
mod output;
mod progress;
mod signals;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are data; anything else is a wrong command line. A closed pipe is no error.
            drop(error.print());
            return ExitCode::from(if error.use_stderr() {
                nirnay_pipeline::exit::USAGE
            } else {
                0
            });
        }
    };
    // The extraction worker must start fast and clean: no logging, no runtime.
    if let args::Command::ExtractWorker = args.command {
        return nirnay_extract::worker_main();
    }
    output::start_logging(args.global.verbose);
    match command::run(args) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            output::talk(&format!("nirnay: {failure}"));
            ExitCode::from(failure.exit_code())
        }
    }
}

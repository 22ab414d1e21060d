//! One file a command.

mod acceptance;
mod audit;
mod captcha;
mod cases;
mod citation_files;
mod courts;
mod crawl;
mod derive;
mod doctor;
mod export;
mod extract_files;
mod extraction;
mod fsck;
mod hosts;
mod import;
mod passage;
mod plan;
mod search;
mod serve;
mod sim;
mod status;
mod summary;
mod waiting;

use std::path::{Path, PathBuf};

use clap::CommandFactory;
use nirnay_model::courts;
use nirnay_store::{Lake, OpenMode, StoreError};

use crate::args::{Args, Command, Global};
use crate::failure::Failure;
use crate::output;

/// What a command returns: the exit code of a run that did what it could.
pub(crate) type Outcome = Result<u8, Failure>;

/// Runs the command.
pub(crate) fn run(args: Args) -> Outcome {
    let global = &args.global;
    match args.command {
        Command::Crawl(crawl) => crawl::run(global, &crawl),
        Command::Audit(audit) => audit::run(global, &audit),
        Command::Status(status) => status::run(global, &status),
        Command::Extract(extract) if extract.files.is_empty() => derive::extract(global, &extract),
        Command::Extract(extract) => extract_files::run(global, &extract),
        Command::Citations(citations) if citations.files.is_empty() => {
            derive::citations(global, &citations)
        }
        Command::Citations(citations) => citation_files::run(global, &citations),
        Command::Import(import) => import::run(global, &import),
        Command::Index => derive::index(global),
        Command::Search(search) => search::run(global, &search),
        Command::Serve(serve) => serve::web(global, &serve),
        Command::Mcp => serve::tools(global),
        Command::Export(export) => export::run(global, &export),
        Command::Courts(courts) => courts::run(global, &courts),
        Command::Case(case) => cases::case(global, &case),
        Command::Hc(hc) => cases::hc(global, &hc),
        Command::District(district) => cases::district(global, &district),
        Command::Calcutta(calcutta) => cases::calcutta(global, &calcutta),
        Command::Sci(sci) => cases::sci(global, &sci),
        Command::Captcha(captcha) => captcha::run(global, &captcha),
        Command::Sim(sim) => sim::run(&sim),
        Command::Doctor(doctor) => Ok(doctor::run(global, &doctor)),
        Command::Fsck(fsck) => fsck::run(global, &fsck),
        Command::Completions { shell } => Ok(completions(shell)),
        Command::Man => man(),
        Command::ExtractWorker => Err(Failure::usage("extract-worker is started by nirnay itself")),
    }
}

/// The lake's folder where no pipeline file says otherwise.
fn lake_dir(global: &Global) -> PathBuf {
    global
        .lake
        .clone()
        .unwrap_or_else(|| PathBuf::from("data/lake"))
}

/// Opens a lake that must be there.
fn open_lake(global: &Global, mode: OpenMode) -> Result<Lake, Failure> {
    let dir = lake_dir(global);
    let there = dir.join("ledger.sqlite").exists();
    // Only a crawl makes a lake; and a lake whose ledger is lost is not "none".
    let first = if there { mode } else { OpenMode::ReadOnly };
    match Lake::open(&dir, first) {
        Err(StoreError::NotFound { what: "lake", .. }) => Err(Failure::usage(format!(
            "there is no lake in {}; make one with `nirnay crawl PIPELINE.toml`, or name another with --lake",
            dir.display()
        ))),
        opened => Ok(opened?),
    }
}

/// A court by slug or code.
fn court(name: &str) -> Result<&'static nirnay_model::Court, Failure> {
    courts().find(name).ok_or_else(|| {
        Failure::usage(format!(
            "unknown court {name:?}; `nirnay courts` lists them"
        ))
    })
}

fn completions(shell: clap_complete::Shell) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "nirnay", &mut script);
    output::data(&String::from_utf8_lossy(&script));
    0
}

fn man() -> Outcome {
    let mut page = Vec::new();
    clap_mangen::Man::new(Args::command())
        .render(&mut page)
        .map_err(|error| Failure::io(Path::new("the man page"), &error))?;
    output::data(&String::from_utf8_lossy(&page));
    Ok(0)
}

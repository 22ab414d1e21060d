//! One file a command.

mod acceptance;
mod audit;
mod captcha;
mod citation_files;
mod crawl;
mod derive;
mod doctor;
mod export;
mod extract_files;
mod extraction;
mod fsck;
mod hosts;
mod plan;
mod search;
mod serve;
mod sim;
mod status;
mod summary;

use std::path::{Path, PathBuf};

use clap::CommandFactory;
use nirnay_model::courts;
use nirnay_store::{Lake, OpenMode, StoreError};
use serde_json::json;

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
        Command::Index => derive::index(global),
        Command::Search(search) => search::run(global, &search),
        Command::Serve(serve) => serve::web(global, &serve),
        Command::Mcp => serve::tools(global),
        Command::Export(export) => export::run(global, &export),
        Command::Courts => Ok(list_courts(global)),
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

fn list_courts(global: &Global) -> u8 {
    if global.json {
        let list: Vec<_> = courts()
            .iter()
            .map(|court| {
                json!({
                    "slug": court.slug,
                    "code": court.code.as_str(),
                    "name": court.name,
                    "cnr_prefixes": court.cnr_prefixes,
                    "benches": court.benches.iter().map(|bench| json!({"code": bench.code.as_str(), "name": bench.name})).collect::<Vec<_>>(),
                })
            })
            .collect();
        output::json(&list);
        return 0;
    }
    output::data(&format!(
        "{:<13} {:<7} {:<5} {}",
        "slug", "code", "CNR", "name (benches)"
    ));
    for court in courts().iter() {
        let benches: Vec<&str> = court
            .benches
            .iter()
            .map(|bench| bench.name.as_str())
            .filter(|name| !name.is_empty())
            .collect();
        output::data(&format!(
            "{:<13} {:<7} {:<5} {} ({})",
            court.slug,
            court.code.as_str(),
            court.cnr_prefixes.first().map_or("", String::as_str),
            court.name,
            benches.join(", ")
        ));
    }
    0
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

//! `nirnay crawl`: the main job.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use nirnay_fetch::{HttpTransport, TokioClock, TransportOptions};
use nirnay_model::Portal;
use nirnay_pipeline::{CrawlDeps, HostStateFiles, PipelineConfig, Stages, crawl, india_date, plan};
use nirnay_portal_sim::{CourtShare, Docket, DocketSpec, Quirks, Sim, SimConfig, SimHandle};
use nirnay_store::{Lake, OpenMode};

use super::extraction::Settings;
use super::{Outcome, summary};
use crate::adapters;
use crate::args::{CrawlArgs, Global};
use crate::failure::Failure;
use crate::output::{self, talk};
use crate::progress::{Progress, Show};
use crate::signals::Stopper;

pub(crate) fn run(global: &Global, args: &CrawlArgs) -> Outcome {
    let config = configure(args)?;
    let dir = global.lake.clone().unwrap_or_else(|| config.lake.clone());
    let now = started_at()?;
    if args.dry_run {
        return dry_run(global, &config, &dir, now);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::io(Path::new("the async runtime"), &error))?;
    let outcome = runtime.block_on(go(global, args, config, &dir, now));
    // A solver may still wait for a person at the terminal; nobody waits for it.
    runtime.shutdown_background();
    outcome
}

/// The pipeline file as the command line changes it.
fn configure(args: &CrawlArgs) -> Result<PipelineConfig, Failure> {
    let mut config = read_pipeline(&args.pipeline)?;
    config.narrow(&args.court, args.from, args.to)?;
    if let Some(contact) = &args.contact {
        config.politeness.contact.clone_from(contact);
    }
    if let Some(requests) = args.max_requests {
        config.budget.requests = requests;
    }
    Ok(config)
}

/// Reads and checks a pipeline file.
pub(super) fn read_pipeline(path: &Path) -> Result<PipelineConfig, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::usage(format!(
            "{}: {error}; the pipelines that come with nirnay lie in pipelines/",
            path.display()
        ))
    })?;
    Ok(PipelineConfig::parse(&text, path)?)
}

/// The run's instant: now, or `SOURCE_DATE_EPOCH` where output has to be the same on every run.
pub(super) fn started_at() -> Result<Timestamp, Failure> {
    match std::env::var("SOURCE_DATE_EPOCH") {
        Err(_) => Ok(Timestamp::now()),
        Ok(text) => text
            .parse()
            .ok()
            .and_then(|seconds| Timestamp::from_second(seconds).ok())
            .ok_or_else(|| {
                Failure::usage(format!(
                    "SOURCE_DATE_EPOCH={text:?} is not a number of seconds"
                ))
            }),
    }
}

async fn go(
    global: &Global,
    args: &CrawlArgs,
    config: PipelineConfig,
    dir: &Path,
    now: Timestamp,
) -> Outcome {
    let mut portals = overrides(&args.portal)?;
    // With an address of its own for every portal, a demo needs no simulator.
    let left = Portal::ALL
        .iter()
        .any(|portal| !portals.contains_key(portal));
    let sim = match &config.simulated {
        Some(_) if left => Some(start_sim(&config).await?),
        _ => None,
    };
    if let Some(sim) = &sim {
        for portal in Portal::ALL {
            portals
                .entry(portal)
                .or_insert_with(|| sim.base_url(portal));
        }
        if !global.quiet {
            talk(&format!(
                "simulated portals on loopback: {}",
                Portal::ALL.map(|portal| sim.base_url(portal)).join(", ")
            ));
        }
    }
    // Everything that can be wrong with the request is found before a lake is made.
    if config.politeness.contact.trim().is_empty() {
        return Err(Failure::usage(
            "portals must be told whom to write to: --contact mailto:you@example.org, NIRNAY_CONTACT, or politeness.contact in the pipeline file",
        ));
    }
    let solver = adapters::solver(&config.captcha, dir)?;
    let settings = Settings::of_pipeline(&config.extract, &config.ocr);
    let ocr = if config.ocr.enabled && !args.no_text {
        Some(Arc::new(settings.page_reader()?))
    } else {
        None
    };
    keep_apart(dir, sim.is_some() || asks_loopback(&config, &portals))?;
    let lake = Arc::new(Lake::open(dir, OpenMode::ReadWrite)?);
    let wants_documents =
        !args.no_documents && config.sources.iter().any(|source| source.documents);
    let show = if global.quiet {
        Show::Quiet
    } else {
        Show::Auto
    };
    let mut progress = Progress::new(show, config.budget.requests, wants_documents);
    if let Some(path) = &args.events {
        progress = progress.with_events(path)?;
    }
    let progress = Arc::new(progress);
    let deps = CrawlDeps {
        transport: Arc::new(|base| {
            Ok(Arc::new(HttpTransport::new(base, TransportOptions::default())?) as _)
        }),
        solver,
        host_states: Arc::new(HostStateFiles::new(&host_state_dir(dir, &config, &portals))),
        stop: Stopper::listen(dir),
        clock: Arc::new(TokioClock::default()),
        observer: Arc::clone(&progress) as _,
        extractor: Arc::new(settings.extractor()?),
        ocr,
        portals,
    };
    let stages = Stages {
        documents: !args.no_documents,
        text: !args.no_text,
    };
    let began = std::time::Instant::now();
    let result = crawl(Arc::clone(&lake), &config, &deps, stages, now).await;
    progress.clear();
    let report = result?;
    if global.json {
        output::json(&report);
    } else {
        summary::print(&config, &report, dir, began.elapsed());
    }
    Ok(report.exit_code())
}

/// Made-up judgments and real ones must never share a lake: the one's windows would pass for the other's.
pub(super) fn keep_apart(lake: &Path, simulated: bool) -> Result<(), Failure> {
    let mark = lake.join("SIMULATED");
    let used = lake.join("ledger.sqlite").exists();
    if simulated && used && !mark.exists() {
        return Err(Failure::usage(format!(
            "{} does not hold simulated judgments; give the demo, or what comes from a loopback address, a folder of its own with --lake",
            lake.display()
        )));
    }
    if !simulated && mark.exists() {
        return Err(Failure::usage(format!(
            "{} holds simulated judgments; give real ones a folder of their own with --lake",
            lake.display()
        )));
    }
    if simulated && !used {
        std::fs::create_dir_all(lake).map_err(|error| Failure::io(lake, &error))?;
        // Durable before the lake is: one without it counts as real.
        let marked = std::fs::File::create(&mark).and_then(|mut file| {
            file.write_all(b"The judgments in this lake are made up.\n")?;
            file.sync_all()?;
            std::fs::File::open(lake)?.sync_all()
        });
        marked.map_err(|error| Failure::io(&mark, &error))?;
    }
    Ok(())
}

/// Whether a portal that the pipeline asks is on this machine: no court is.
fn asks_loopback(config: &PipelineConfig, portals: &BTreeMap<Portal, String>) -> bool {
    config.sources.iter().any(|source| {
        let url = portals.get(&source.source.portal());
        url.is_some_and(|url| is_loopback(url))
    })
}

/// Pace and budgets of a host are shared by every lake of this user; a lake whose portals are all on
/// loopback keeps its own, so that simulators do not fill the shared folder.
fn host_state_dir(
    lake: &Path,
    config: &PipelineConfig,
    portals: &BTreeMap<Portal, String>,
) -> PathBuf {
    let loopback = config.sources.iter().all(|source| {
        let portal = source.source.portal();
        portals.get(&portal).is_some_and(|url| is_loopback(url))
    });
    if loopback {
        return lake.join("hosts");
    }
    shared_host_state_dir(lake)
}

/// Where the states of hosts lie that every lake of this user shares.
pub(super) fn shared_host_state_dir(lake: &Path) -> PathBuf {
    if let Some(dir) = std::env::var_os("NIRNAY_STATE_DIR") {
        return PathBuf::from(dir).join("hosts");
    }
    let home = std::env::var_os("XDG_STATE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state")));
    home.map_or_else(|| lake.join("hosts"), |home| home.join("nirnay/hosts"))
}

/// Whether the host of a base address (or `host:port`) is this machine.
pub(super) fn is_loopback(url: &str) -> bool {
    let authority = url.split_once("//").map_or(url, |(_, rest)| rest);
    let host = authority.split(['/', '?', '#']).next().unwrap_or("");
    let name = host.split(':').next().unwrap_or("");
    if name.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.parse::<SocketAddr>()
        .map(|address| address.ip())
        .or_else(|_| bare.parse::<IpAddr>())
        .is_ok_and(|address| address.is_loopback())
}

fn overrides(args: &[String]) -> Result<BTreeMap<Portal, String>, Failure> {
    args.iter()
        .map(|text| {
            let (name, url) = text.split_once('=').ok_or_else(|| {
                Failure::usage(format!(
                    "--portal {text}: needs NAME=URL, e.g. ecourts=http://127.0.0.1:8001"
                ))
            })?;
            let portal = name
                .parse()
                .map_err(|error: nirnay_model::ParseError| Failure::usage(error.to_string()))?;
            Ok((portal, url.trim_end_matches('/').to_owned()))
        })
        .collect()
}

pub(super) fn worker_program() -> Result<PathBuf, Failure> {
    std::env::current_exe().map_err(|error| Failure::io(Path::new("this program"), &error))
}

async fn start_sim(config: &PipelineConfig) -> Result<Arc<SimHandle>, Failure> {
    let Some(simulated) = &config.simulated else {
        return Err(Failure::usage("the pipeline names no simulated portals"));
    };
    let dates = config
        .sources
        .iter()
        .filter_map(|source| Some((source.from?, source.to?)));
    let (from, to) = dates
        .fold(None, |range: Option<(_, _)>, (from, to)| match range {
            None => Some((from, to)),
            Some((first, last)) => Some((from.min(first), to.max(last))),
        })
        .ok_or_else(|| Failure::usage("simulated sources need from and to"))?;
    let spec = DocketSpec {
        seed: simulated.seed,
        courts: simulated
            .high_court_rows
            .iter()
            .map(|(slug, rows)| CourtShare::new(slug, *rows as u32))
            .collect(),
        from,
        to,
        scr_rows: simulated.scr_rows as u32,
        feed_rows: simulated.feed_rows as u32,
        quirks: Quirks::default(),
    };
    let docket = Docket::generate(&spec).map_err(|error| Failure::usage(error.to_string()))?;
    let mut setup = SimConfig::new(Arc::new(docket));
    setup.seed = simulated.seed;
    let sim = Sim::start(setup)
        .await
        .map_err(|error| Failure::usage(error.to_string()))?;
    Ok(Arc::new(sim))
}

fn dry_run(global: &Global, config: &PipelineConfig, dir: &Path, now: Timestamp) -> Outcome {
    let lake = if dir.join("ledger.sqlite").exists() {
        Some(Lake::open(dir, OpenMode::ReadOnly)?)
    } else {
        None
    };
    let plan = plan(config, lake.as_ref(), india_date(now))?;
    if global.json {
        output::json(&plan);
    } else {
        super::plan::print(config, &plan);
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_loopback_is_kept_apart() {
        let text = std::fs::read_to_string("../../pipelines/demo.toml").unwrap();
        let config = PipelineConfig::parse(&text, Path::new("demo.toml")).unwrap();
        let portal = config.sources.first().unwrap().source.portal();
        let at = |url: &str| asks_loopback(&config, &BTreeMap::from([(portal, url.to_owned())]));
        assert!(at("http://127.0.0.1:8001") && at("http://localhost:8001"));
        assert!(!at("https://judgments.ecourts.gov.in"));
        let dir = tempfile::tempdir().unwrap();
        let lake = dir.path().join("lake");
        keep_apart(&lake, true).unwrap();
        assert!(keep_apart(&lake, false).is_err());
        std::fs::remove_file(lake.join("SIMULATED")).unwrap();
        std::fs::write(lake.join("ledger.sqlite"), "x").unwrap();
        assert!(keep_apart(&lake, true).is_err());
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for good in [
            "http://127.0.0.1:8001",
            "http://127.0.0.1",
            "http://[::1]:80/x",
            "http://[::1]",
            "http://localhost:8001",
            "127.0.0.1:8001",
        ] {
            assert!(is_loopback(good), "{good}");
        }
        for bad in [
            "https://www.sci.gov.in",
            "http://127.0.0.1.example.org",
            "http://localhost.example.org:80",
            "http://10.0.0.1:80",
        ] {
            assert!(!is_loopback(bad), "{bad}");
        }
    }
}

//! The way to a case portal: address, gate, transport, captcha reader.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use nirnay_fetch::{
    BudgetError, CaseAnswer, CaseAsk, CasesClient, CasesDeps, Clock as _, FetchError, FetchEvent,
    GateDeps, HostGate, HttpTransport, Politeness, RunBudget, TokioClock, TransportOptions,
};
use nirnay_model::CasePortal;
use nirnay_pipeline::{CaptchaConfig, HostStateFiles, SolverKind, exit};

use super::super::crawl::{is_loopback, shared_host_state_dir};
use super::super::lake_dir;
use crate::adapters;
use crate::args::{ConnectArgs, Global, Reader};
use crate::failure::Failure;
use crate::output::talk;
use crate::signals::Stopper;

/// A client with the words for its failures.
pub(super) struct Asker {
    client: CasesClient,
}

impl Asker {
    /// The portal that is asked.
    pub(super) fn portal(&self) -> CasePortal {
        self.client.portal()
    }

    /// Asks; that there is no such record is a failure with exit code 2.
    pub(super) async fn ask(&mut self, ask: CaseAsk) -> Result<CaseAnswer, Failure> {
        self.client.ask(ask).await.map_err(|error| failure(&error))
    }
}

fn failure(error: &FetchError) -> Failure {
    Failure::new(exit::of_fetch(error), error.to_string())
}

/// An answer that is not the kind asked for; the client would have told.
pub(super) fn unexpected() -> Failure {
    Failure::new(
        exit::BUG,
        "the portal's answer is not of the kind asked for; please report this",
    )
}

/// Runs `work` on a runtime of its own.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::io(Path::new("the async runtime"), &error))?;
    runtime.block_on(work)
}

/// The way to `portal`. Must be called on a runtime.
pub(super) fn open(
    global: &Global,
    args: &ConnectArgs,
    portal: CasePortal,
) -> Result<Asker, Failure> {
    if global.json && args.csv {
        return Err(Failure::usage("--json or --csv, not both"));
    }
    let address = address(&args.portal, portal)?;
    let base = address
        .parse()
        .map_err(|_| Failure::usage(format!("{address:?} is no address")))?;
    let lake = lake_dir(global);
    let politeness = Politeness {
        contact: args.contact.clone().unwrap_or_default(),
        ..Politeness::default()
    };
    if politeness.contact.trim().is_empty() {
        return Err(Failure::usage(
            "portals must be told whom to write to: --contact mailto:you@example.org or NIRNAY_CONTACT",
        ));
    }
    let states = if is_loopback(&address) {
        lake.join("hosts")
    } else {
        shared_host_state_dir(&lake)
    };
    let clock = Arc::new(TokioClock::default());
    let usage = |error: nirnay_fetch::ConfigError| Failure::usage(error.to_string());
    let deps = GateDeps {
        store: Arc::new(HostStateFiles::new(&states)),
        clock: Arc::clone(&clock) as _,
        stop: Stopper::listen(&lake),
        budget: Arc::new(Counted(AtomicU64::new(args.max_requests))),
        seed: clock.now().as_nanosecond() as u64,
    };
    let gate = HostGate::new(&base, politeness, deps).map_err(usage)?;
    let transport = HttpTransport::new(&base, TransportOptions::default()).map_err(usage)?;
    let solver = adapters::solver(&captcha(args)?, &lake)?;
    let verbose = global.verbose > 0;
    let events = Arc::new(move |event: FetchEvent| {
        if let (true, FetchEvent::Retry { why, .. }) = (verbose, &event) {
            talk(&format!("once more: {why}"));
        }
    });
    let deps = CasesDeps {
        transport: Arc::new(transport),
        gate: Arc::new(gate),
        solver,
        events,
        clock,
    };
    let client = CasesClient::new(portal, &base, deps);
    Ok(Asker {
        client: client.map_err(usage)?,
    })
}

fn captcha(args: &ConnectArgs) -> Result<CaptchaConfig, Failure> {
    let solver = match args.captcha {
        Reader::Manual => SolverKind::Manual,
        Reader::Onnx => SolverKind::Onnx,
        Reader::Command => SolverKind::Command,
    };
    if (solver == SolverKind::Command) == args.captcha_command.is_empty() {
        return Err(Failure::usage(
            "--captcha command and --captcha-command go together",
        ));
    }
    Ok(CaptchaConfig {
        solver,
        command: args.captcha_command.clone(),
        ..CaptchaConfig::default()
    })
}

/// The base address of a portal: its own, or the one given for it.
fn address(given: &[String], portal: CasePortal) -> Result<String, Failure> {
    let mut address = portal.base_url().to_owned();
    for text in given {
        let (name, url) = text.split_once('=').ok_or_else(|| {
            Failure::usage(format!(
                "--portal {text}: needs NAME=URL, e.g. hc-services=http://127.0.0.1:8001"
            ))
        })?;
        // The Supreme Court's feed of judgments and its search are one host.
        let name = if name == "sci-feed" { "sci" } else { name };
        let named: CasePortal = name
            .parse()
            .map_err(|error: nirnay_model::ParseError| Failure::usage(error.to_string()))?;
        if named == portal {
            url.trim_end_matches('/').clone_into(&mut address);
        }
    }
    Ok(address)
}

/// The requests that this command may still send.
struct Counted(AtomicU64);

impl RunBudget for Counted {
    fn take(&self) -> Result<bool, BudgetError> {
        let left = self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            });
        Ok(left.is_ok())
    }
}

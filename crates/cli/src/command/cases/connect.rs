//! The way to a case portal: address, gate, transport, captcha reader.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use nirnay_fetch::{
    BudgetError, CaptureSink, CaseAnswer, CaseAsk, CaseHost, CasesClient, CasesDeps, Clock as _,
    FetchError, FetchEvent, GateDeps, HostGate, HttpTransport, Politeness, RunBudget, TokioClock,
    TransportOptions,
};
use nirnay_model::{CasePortal, Sha256};
use nirnay_pipeline::{
    CaptchaConfig, ExtractConfig, HostStateFiles, LakeSink, OcrConfig, Paper, PaperFate,
    PaperHolders, PaperStop, Papers, SolverKind, TextExtractor, exit, keep_answer, publish_cases,
};
use nirnay_store::{Lake, OpenMode, Run};

use super::super::crawl::{is_loopback, keep_apart, shared_host_state_dir, started_at};
use super::super::extraction::Settings;
use super::super::{Outcome, lake_dir};
use crate::adapters;
use crate::args::{ConnectArgs, Global, Reader};
use crate::failure::Failure;
use crate::output::talk;
use crate::signals::Stopper;

/// One answer is written to the ledger, once: its pages need not stay in memory.
const QUESTION_CACHE_KIB: u32 = 8 << 10;

/// A client with the words for its failures, and the lake that keeps what it hears.
pub(super) struct Asker {
    client: CasesClient,
    keeper: Option<Keeper>,
    extractor: Arc<dyn TextExtractor>,
}

/// Where answers are kept, where a lake is given.
struct Keeper {
    lake: Arc<Lake>,
    run: Run,
}

impl Keeper {
    fn open(dir: &Path, simulated: bool) -> Result<Self, Failure> {
        keep_apart(dir, simulated)?;
        let lake = Arc::new(Lake::open(dir, OpenMode::ReadWrite)?);
        lake.ledger().cache_at_most(QUESTION_CACHE_KIB)?;
        let now = started_at()?;
        // A question that died is not gone on with: whoever asked asks again.
        let digest = Sha256::of(now.to_string().as_bytes());
        let run = lake.ledger().begin_run("case-question", digest, now)?;
        Ok(Self { lake, run })
    }

    fn close(self) -> Result<(), Failure> {
        self.lake.captures().sync()?;
        publish_cases(&self.lake)?;
        let now = Timestamp::now();
        Ok(self
            .lake
            .ledger()
            .finish_run(self.run.id, "complete", now)?)
    }
}

impl Asker {
    /// The portal that is asked.
    pub(super) fn portal(&self) -> CasePortal {
        self.client.portal()
    }

    /// Whether a lake keeps what is answered.
    pub(super) fn keeps(&self) -> bool {
        self.keeper.is_some()
    }

    /// Asks; that there is no such record is a failure with exit code 2.
    pub(super) async fn ask(&mut self, ask: CaseAsk) -> Result<CaseAnswer, Failure> {
        let answer = self.client.ask(ask.clone()).await;
        let answer = answer.map_err(|error| failure(&error))?;
        if let Some(Keeper { lake, run }) = &self.keeper {
            let captured = self.client.captured().cloned();
            keep_answer(lake, (&ask, &answer), captured, run.started_at)?;
        }
        if lists_none(&answer) {
            return Err(Failure::new(
                exit::INCOMPLETE,
                "no such record: the portal lists none",
            ));
        }
        Ok(answer)
    }

    /// The documents that an answer names; it is the answer to what was asked last.
    pub(super) fn papers(&self, ask: &CaseAsk, answer: &CaseAnswer) -> Papers {
        Papers::of(ask, answer, &self.client)
    }

    /// The next of these documents of which it is known what became of it; it is kept where a lake is given.
    pub(super) async fn next_paper(
        &mut self,
        papers: &mut Papers,
    ) -> Result<Option<(Paper, PaperFate)>, Failure> {
        let lake = self.keeper.as_ref().map(|keeper| Arc::clone(&keeper.lake));
        let holders: &dyn PaperHolders = match &lake {
            Some(lake) => lake.as_ref(),
            None => &(),
        };
        let next = papers
            .next(&mut self.client, &self.extractor, holders)
            .await;
        let next = next.map_err(|stop| match stop {
            PaperStop::Portal(error) => failure(&error),
            PaperStop::Lake(error) => error.into(),
        })?;
        if let (Some(lake), Some((paper, PaperFate::Came(bytes)))) = (&lake, &next)
            && paper.is_kept()
        {
            lake.store_case_document(&paper.owner, &paper.slot, bytes, Timestamp::now())?;
        }
        Ok(next)
    }
}

/// Asks a portal, keeps what it answers where a lake is given, and publishes the tables of that lake.
pub(super) fn with(
    global: &Global,
    args: &ConnectArgs,
    portal: CasePortal,
    work: impl AsyncFnOnce(&mut Asker) -> Outcome,
) -> Outcome {
    block_on(async {
        let mut asker = open(global, args, portal)?;
        let outcome = work(&mut asker).await;
        // What was heard before a failure is kept as well.
        let kept = asker.keeper.map_or(Ok(()), Keeper::close);
        let code = outcome?;
        kept.map(|()| code)
    })
}

/// Some portals refuse in words where there is nothing, others list nothing: for whoever asks it is the same.
fn lists_none(answer: &CaseAnswer) -> bool {
    match answer {
        CaseAnswer::Cases(found) => found.is_empty() && found.totals.total.unwrap_or(0) == 0,
        CaseAnswer::Listed(found) => {
            found.entries.is_empty() && found.totals.total.unwrap_or(0) == 0
        }
        CaseAnswer::CauseLists(lists) => lists.is_empty(),
        _ => false,
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
fn open(global: &Global, args: &ConnectArgs, portal: CasePortal) -> Result<Asker, Failure> {
    if global.json && args.csv {
        return Err(Failure::usage("--json or --csv, not both"));
    }
    let address = address(&args.portal, portal)?;
    let documents = document_host(&args.portal, portal)?;
    let lake = lake_dir(global);
    let politeness = politeness(args)?;
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
    let host = |address: &str| -> Result<CaseHost, Failure> {
        let base = address
            .parse()
            .map_err(|_| Failure::usage(format!("{address:?} is no address")))?;
        let gate = HostGate::new(&base, politeness.clone(), deps.clone()).map_err(usage)?;
        let transport = HttpTransport::new(&base, TransportOptions::default()).map_err(usage)?;
        Ok(CaseHost {
            base,
            transport: Arc::new(transport),
            gate: Arc::new(gate),
        })
    };
    let (host, documents) = (host(&address)?, documents.as_deref().map(host).transpose()?);
    let solver = adapters::solver(&captcha(args)?, &lake)?;
    let verbose = global.verbose > 0;
    let events = Arc::new(move |event: FetchEvent| {
        if let (true, FetchEvent::Retry { why, .. }) = (verbose, &event) {
            talk(&format!("once more: {why}"));
        }
    });
    let deps = CasesDeps {
        host,
        documents,
        solver,
        events,
        clock,
        sink: None,
    };
    let keeper = global
        .lake
        .as_deref()
        .map(|dir| Keeper::open(dir, is_loopback(&address)))
        .transpose()?;
    let sink = keeper.as_ref().map(|keeper| {
        let sink: Arc<dyn CaptureSink> = Arc::new(LakeSink(Arc::clone(&keeper.lake)));
        sink
    });
    let client = CasesClient::new(portal, CasesDeps { sink, ..deps });
    Ok(Asker {
        client: client.map_err(usage)?,
        keeper,
        extractor: extractor()?,
    })
}

/// How hosts are treated: as the file says, and who is asking.
pub(super) fn politeness(args: &ConnectArgs) -> Result<Politeness, Failure> {
    let mut politeness = match &args.politeness {
        None => Politeness::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| Failure::io(path, &error))?;
            toml::from_str(&text)
                .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?
        }
    };
    if let Some(contact) = &args.contact {
        politeness.contact.clone_from(contact);
    }
    if politeness.contact.trim().is_empty() {
        return Err(Failure::usage(
            "portals must be told whom to write to: --contact mailto:you@example.org or NIRNAY_CONTACT",
        ));
    }
    Ok(politeness)
}

pub(super) fn captcha(args: &ConnectArgs) -> Result<CaptchaConfig, Failure> {
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
pub(super) fn address(given: &[String], portal: CasePortal) -> Result<String, Failure> {
    let mut address = portal.base_url().to_owned();
    for text in given {
        let (name, url) = text.split_once('=').ok_or_else(|| {
            Failure::usage(format!(
                "--portal {text}: needs NAME=URL, e.g. hc-services=http://127.0.0.1:8001"
            ))
        })?;
        if name == SCI_DOCUMENTS {
            continue;
        }
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

/// Where `--portal` says that the Supreme Court's documents are.
const SCI_DOCUMENTS: &str = "sci-documents";

/// The address of the host that holds a portal's documents, where that is another one: its own, or the one given.
pub(super) fn document_host(
    given: &[String],
    portal: CasePortal,
) -> Result<Option<String>, Failure> {
    let Some(public) = portal.document_url() else {
        return Ok(None);
    };
    let prefix = format!("{SCI_DOCUMENTS}=");
    let named = given.iter().find_map(|text| text.strip_prefix(&prefix));
    let url = named.map(|url| url.trim_end_matches('/'));
    // A simulated portal names no public host; were one asked all the same, a test would send requests abroad.
    let simulated = is_loopback(&address(given, portal)?);
    Ok(match url {
        Some(url) => Some(url.to_owned()),
        None if simulated => None,
        None => Some(public.to_owned()),
    })
}

/// Reads the texts of documents, which tell whose they are.
pub(super) fn extractor() -> Result<Arc<dyn TextExtractor>, Failure> {
    let settings = Settings::of_pipeline(&ExtractConfig::default(), &OcrConfig::default());
    Ok(Arc::new(settings.extractor()?))
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

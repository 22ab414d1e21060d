//! The main job: from portals to a lake, and the proof that nothing is missing.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use nirnay_fetch::{
    CaptchaSolver, Clock, ConfigError, Deps, FeedClient, GateDeps, HostGate, HostStateError,
    HostStateStore, JudgmentsClient, PortalConfig, StopCause, StopSignal, Transport,
};
use nirnay_model::{CourtCode, Portal, SourceId};
use nirnay_store::{Alarm, AlarmKind, Audit, AuditFilter, Lake, Layer, PublishReport};
use serde::Serialize;
use url::Url;

use crate::adapters::{LakeSink, LedgerBudget};
use crate::citations::{CitationsReport, find_citations};
use crate::config::{PipelineConfig, SourceConfig};
use crate::context::{Context, india_date};
use crate::counters::Counters;
use crate::documents::DocumentFetch;
use crate::drift::Watch;
use crate::error::PipelineError;
use crate::event::{Event, Observer, Stage};
use crate::exit;
use crate::extract::{ExtractReport, extract_text_blocking};
use crate::feed;
use crate::index::{IndexReport, build_index, hide_in_index};
use crate::ocr::{OcrReport, PageReader, recognise};
use crate::removal::apply_removals;
use crate::schedule::plan_source;
use crate::scope;
use crate::stop::Ended;
use crate::structure::{StructureReport, read_structure};
use crate::text::TextExtractor;
use crate::walk::{Tally, Walk};

/// Makes a transport to the origin of a base address.
pub type TransportFactory =
    Arc<dyn Fn(&Url) -> Result<Arc<dyn Transport>, ConfigError> + Send + Sync>;

/// What a crawl needs from outside: everything that touches the world.
#[derive(Clone)]
pub struct CrawlDeps {
    /// Makes what sends requests to one origin.
    pub transport: TransportFactory,
    /// Reads captchas.
    pub solver: Arc<dyn CaptchaSolver>,
    /// Remembers pace and budgets of each host.
    pub host_states: Arc<dyn HostStateStore>,
    /// Says when to stop.
    pub stop: Arc<dyn StopSignal>,
    /// Tells the time and waits.
    pub clock: Arc<dyn Clock>,
    /// Watches.
    pub observer: Arc<dyn Observer>,
    /// Extracts text, for the check that a document belongs to its row and for the text layer.
    pub extractor: Arc<dyn TextExtractor>,
    /// Reads pages without text from their pictures; none: they stay unread.
    pub ocr: Option<Arc<PageReader>>,
    /// Other base addresses than the public ones.
    pub portals: BTreeMap<Portal, String>,
}

/// Which parts of the main job to do.
#[derive(Debug, Clone, Copy)]
pub struct Stages {
    /// Fetch documents (where the pipeline file asks for them).
    pub documents: bool,
    /// Extract text, read structure and citations, and build the index.
    pub text: bool,
}

/// What a crawl did and what the lake now holds.
#[derive(Debug, Clone, Serialize)]
pub struct CrawlReport {
    /// The run's number.
    pub run: i64,
    /// The run's instant.
    pub started_at: Timestamp,
    /// Replies this run has had, with those of earlier parts of a resumed run.
    pub requests: u64,
    /// Sources that stopped early, with the reason.
    pub stopped: Vec<StoppedSource>,
    /// What the walks found, against what was known.
    pub found: Tally,
    /// Open alarms about the sources of this pipeline.
    pub alarms: Vec<Alarm>,
    /// The sums of the lake.
    pub audit: Audit,
    /// What is still open of what this pipeline asked for.
    pub open: Vec<String>,
    /// How much is open in the lake that this pipeline did not ask for.
    pub open_elsewhere: u64,
    /// The judgment tables; not written by a run that was interrupted.
    pub published: Option<PublishReport>,
    /// The text stage, if it ran.
    pub text: Option<ExtractReport>,
    /// The stage of character recognition, if it ran.
    pub ocr: Option<OcrReport>,
    /// The structure stage, if it ran.
    pub structure: Option<StructureReport>,
    /// The citations stage, if it ran.
    pub citations: Option<CitationsReport>,
    /// The index stage, if it ran.
    pub index: Option<IndexReport>,
}

/// A source that stopped before its work was done.
#[derive(Debug, Clone, Serialize)]
pub struct StoppedSource {
    /// Which.
    pub source: SourceId,
    /// Why.
    pub why: String,
    /// The exit code that the reason asks for.
    pub exit_code: u8,
}

impl CrawlReport {
    /// Whether everything that the pipeline asked for is proven.
    pub fn is_complete(&self) -> bool {
        self.stopped.is_empty() && self.open.is_empty()
    }

    /// The exit code of the process: 0 only when everything that was asked for is proven and no alarm is
    /// open. Of several causes the one counts that [`exit`] names first.
    pub fn exit_code(&self) -> u8 {
        exit_code(&self.stopped, !self.alarms.is_empty(), self.open.is_empty())
    }
}

fn exit_code(stopped: &[StoppedSource], alarmed: bool, is_complete: bool) -> u8 {
    let codes = || stopped.iter().map(|source| source.exit_code);
    let first = exit::GRAVE
        .into_iter()
        .find(|grave| codes().any(|code| code == *grave));
    let unfinished = if is_complete { 0 } else { exit::INCOMPLETE };
    first
        .or(alarmed.then_some(exit::DRIFT))
        .or(codes().max())
        .unwrap_or(unfinished)
}

/// Runs a pipeline against its portals: rows, documents, text, structure, citations, tables, index.
///
/// Safe to kill at any instant; the same call again goes on where the ledger stands.
pub async fn crawl(
    lake: Arc<Lake>,
    config: &PipelineConfig,
    deps: &CrawlDeps,
    stages: Stages,
    now: Timestamp,
) -> Result<CrawlReport, PipelineError> {
    apply_removals(&lake)?;
    let run = lake
        .ledger()
        .begin_run(&config.name, config.digest(), now)?;
    deps.observer.observe(&Event::RunStarted {
        run: run.id,
        started_at: run.started_at,
        resumed: run.resumed,
    });
    let context = Context {
        lake: Arc::clone(&lake),
        today: india_date(run.started_at),
        run,
        clock: Arc::clone(&deps.clock),
        observer: Arc::clone(&deps.observer),
        extractor: Arc::clone(&deps.extractor),
        rescan: config.rescan.clone(),
    };
    let (stopped, found) = walk_sources(&context, config, deps, stages).await?;
    back_up(&context).await;
    // Somebody who asked for a stop does not want to wait for tables to be written.
    let interrupted = stopped
        .iter()
        .any(|source| source.exit_code == exit::INTERRUPTED);
    let derived = if interrupted {
        Derived::default()
    } else {
        derive(&context, config, deps, stages).await?
    };
    back_up(&context).await;
    let audit = lake
        .ledger()
        .audit(&AuditFilter::default(), deps.clock.now())?;
    let alarms = audit
        .alarms
        .iter()
        .filter(|alarm| alarm.is_open())
        .filter(|alarm| config.sources.iter().any(|s| s.source == alarm.source))
        .cloned()
        .collect();
    let (open, open_elsewhere) = scope::part(&context, config, stages, &audit.holes)?;
    let replies = lake.ledger().request_stats(Some(run.id))?;
    let report = CrawlReport {
        run: run.id,
        started_at: run.started_at,
        requests: replies.iter().map(|stat| stat.requests).sum(),
        stopped,
        found,
        alarms,
        audit,
        open,
        open_elsewhere,
        published: derived.published,
        text: derived.text,
        ocr: derived.ocr,
        structure: derived.structure,
        citations: derived.citations,
        index: derived.index,
    };
    // A run that was told to stop, or that hit a limit, is over: the next one is a new run.
    let outcome = if report.is_complete() {
        "complete"
    } else {
        "incomplete"
    };
    lake.ledger()
        .finish_run(run.id, outcome, deps.clock.now())?;
    Ok(report)
}

/// Copies the ledger if the newest copy is a day old: a crawl may go on for weeks. A copy that fails is told, and
/// tried again at the end of the next stage.
async fn back_up(context: &Context) {
    let (lake, now) = (Arc::clone(&context.lake), context.now());
    let made = tokio::task::spawn_blocking(move || lake.back_up(now)).await;
    let why = match made {
        Ok(Ok(_)) => return,
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    context.emit(Event::Notice {
        text: format!("the ledger could not be copied to backups/: {why}"),
    });
}

/// Walks all sources: one task a host, so that no host waits for another.
async fn walk_sources(
    context: &Context,
    config: &PipelineConfig,
    deps: &CrawlDeps,
    stages: Stages,
) -> Result<(Vec<StoppedSource>, Tally), PipelineError> {
    let budget = Arc::new(LedgerBudget::new(
        Arc::clone(&context.lake),
        context.run.id,
        config.budget.requests,
    ));
    let mut hosts: BTreeMap<Url, Vec<&SourceConfig>> = BTreeMap::new();
    for source in &config.sources {
        hosts
            .entry(base_url(deps, source.source.portal())?)
            .or_default()
            .push(source);
    }
    context.emit(Event::StageStarted {
        stage: Stage::Rows,
        total: None,
    });
    let tasks = hosts.into_iter().map(|(base, sources)| {
        let budget = Arc::clone(&budget);
        async move {
            let gate = Arc::new(HostGate::new(
                &base,
                config.politeness.clone(),
                GateDeps {
                    store: Arc::clone(&deps.host_states),
                    clock: Arc::clone(&deps.clock),
                    stop: Arc::clone(&deps.stop),
                    budget,
                    seed: deps.clock.now().as_nanosecond() as u64,
                },
            )?);
            lift_drift(context, deps, gate.host(), &sources)?;
            let mut stopped = Vec::new();
            let mut found = Tally::default();
            for source in sources {
                let (ended, tally) =
                    walk_source(context, source, deps, &gate, &base, stages).await?;
                found.plus(tally);
                if let Ended::Stopped {
                    why,
                    exit_code,
                    drifted,
                } = ended
                {
                    if drifted {
                        gate.report_drift(&why)
                            .map_err(|error| host_state_error(gate.host(), error))?;
                    }
                    context.emit(Event::SourceStopped {
                        source: source.source,
                        why: why.clone(),
                    });
                    stopped.push(StoppedSource {
                        source: source.source,
                        why,
                        exit_code,
                    });
                    break;
                }
            }
            Ok::<_, PipelineError>((stopped, found))
        }
    });
    let (mut all, mut sum) = (Vec::new(), Tally::default());
    for result in futures::future::join_all(tasks).await {
        let (stopped, found) = result?;
        all.extend(stopped);
        sum.plus(found);
    }
    context.emit(Event::StageFinished { stage: Stage::Rows });
    Ok((all, sum))
}

/// Ends the pause of a host whose drift a person has acknowledged since it began. Other pauses of the host
/// stay.
fn lift_drift(
    context: &Context,
    deps: &CrawlDeps,
    host: &str,
    sources: &[&SourceConfig],
) -> Result<(), PipelineError> {
    let acknowledged = context
        .lake
        .ledger()
        .alarms()?
        .into_iter()
        .filter(|alarm| sources.iter().any(|source| source.source == alarm.source))
        .filter(|alarm| {
            use AlarmKind::{Fields, Layout, Quarantine, Reply};
            matches!(alarm.kind, Fields | Layout | Quarantine | Reply)
        })
        .filter_map(|alarm| alarm.acknowledged_at)
        .max();
    let Some(at) = acknowledged else {
        return Ok(());
    };
    deps.host_states
        .update(host, &mut |state| {
            state
                .stops
                .retain(|stop| stop.cause != StopCause::Drift || stop.since >= at);
        })
        .map_err(|error| host_state_error(host, error))
}

fn host_state_error(host: &str, error: HostStateError) -> PipelineError {
    PipelineError::Io {
        path: format!("the state of {host}").into(),
        source: std::io::Error::other(error),
    }
}

async fn walk_source(
    context: &Context,
    source: &SourceConfig,
    deps: &CrawlDeps,
    gate: &Arc<HostGate>,
    base: &Url,
    stages: Stages,
) -> Result<(Ended, Tally), PipelineError> {
    plan_source(context, source)?;
    let mut portal = PortalConfig::new(source.source, base.clone())?;
    portal.page_size = source.page_size;
    portal.documents_per_session = source.documents_per_session;
    let counters = Arc::new(Counters::new(
        Arc::clone(&context.lake),
        context.run.id,
        gate.host().to_owned(),
    ));
    let client_deps = Deps {
        transport: (deps.transport)(base)?,
        gate: Arc::clone(gate),
        solver: Arc::clone(&deps.solver),
        sink: Arc::new(LakeSink(Arc::clone(&context.lake))),
        events: context.fetch_events(source.source, &counters),
        clock: Arc::clone(&deps.clock),
    };
    let documents = stages.documents && source.documents;
    let ended = if source.source == SourceId::SciFeed {
        let client = FeedClient::new(&portal, client_deps)?;
        walk_feed(context, source, client, documents).await
    } else {
        walk_lists(
            context,
            source,
            JudgmentsClient::new(portal, client_deps)?,
            documents,
        )
        .await
    };
    counters.flush();
    ended
}

async fn walk_feed(
    context: &Context,
    source: &SourceConfig,
    mut client: FeedClient,
    documents: bool,
) -> Result<(Ended, Tally), PipelineError> {
    let mut tally = Tally::default();
    let ended = feed::rows(context, &mut client, &mut tally).await?;
    if !matches!(ended, Ended::Done) {
        return Ok((ended, tally));
    }
    let mut watch = Watch::new(context, source);
    watch.took(CourtCode::sci());
    watch.finish(true)?;
    let ended = if documents {
        feed::documents(context, &mut client).await?
    } else {
        ended
    };
    Ok((ended, tally))
}

async fn walk_lists(
    context: &Context,
    source: &SourceConfig,
    mut client: JudgmentsClient,
    documents: bool,
) -> Result<(Ended, Tally), PipelineError> {
    let mut walk = Walk::new(context, source);
    let ended = match walk.rows(&mut client).await? {
        Ended::Done if documents => DocumentFetch::new(context, source).run(&mut client).await?,
        other => other,
    };
    Ok((ended, walk.tally))
}

fn base_url(deps: &CrawlDeps, portal: Portal) -> Result<Url, PipelineError> {
    let text = deps
        .portals
        .get(&portal)
        .map_or(portal.base_url(), String::as_str);
    Url::parse(text).map_err(|error| {
        PipelineError::Portal(ConfigError::BaseUrl {
            url: format!("{portal}={text} ({error})"),
            why: "needs an absolute address such as https://judgments.ecourts.gov.in",
        })
    })
}

/// What the layers to the right of the documents came to.
#[derive(Default)]
struct Derived {
    published: Option<PublishReport>,
    text: Option<ExtractReport>,
    ocr: Option<OcrReport>,
    structure: Option<StructureReport>,
    citations: Option<CitationsReport>,
    index: Option<IndexReport>,
}

/// Everything to the right of the documents: text and what is made from it, tables, index.
async fn derive(
    context: &Context,
    config: &PipelineConfig,
    deps: &CrawlDeps,
    stages: Stages,
) -> Result<Derived, PipelineError> {
    let mut derived = Derived::default();
    let held = context.lake.ledger().held_sources()?;
    for source in &held {
        context.emit(Event::Notice {
            text: format!(
                "{source}: its tables, text and index wait until its new layout is believed"
            ),
        });
    }
    let text = stages.text;
    if text {
        let lake = Arc::clone(&context.lake);
        let extractor = Arc::clone(&context.extractor);
        let observer = Arc::clone(&context.observer);
        let jobs = config.extract.jobs;
        derived.text =
            Some(extract_text_blocking(lake, extractor, jobs, observer, context.run.id).await?);
    }
    let lake = Arc::clone(&context.lake);
    let observer = Arc::clone(&context.observer);
    let jobs = config.extract.jobs;
    let ocr = deps.ocr.clone();
    tokio::task::spawn_blocking(move || {
        if text {
            match ocr {
                Some(reader) => derived.ocr = Some(recognise(&lake, &reader, observer.as_ref())?),
                None => lake.hide_in_layer(Layer::Ocr)?,
            }
            derived.structure = Some(read_structure(&lake, jobs, observer.as_ref())?);
            derived.citations = Some(find_citations(&lake, jobs, observer.as_ref())?);
        } else {
            hide_removed(&lake)?;
        }
        derived.published = Some(publish_tables(&lake, observer.as_ref())?);
        if text {
            derived.index = Some(build_index(&lake, observer.as_ref())?);
        }
        Ok(derived)
    })
    .await
    .map_err(|error| PipelineError::Internal(error.to_string()))?
}

/// Takes what was removed by order out of the layers whose stages do not run.
fn hide_removed(lake: &Lake) -> Result<(), PipelineError> {
    let made_from_text = [
        Layer::Text,
        Layer::Ocr,
        Layer::Structure,
        Layer::Citations,
        Layer::Cites,
        Layer::Degrees,
    ];
    for layer in made_from_text {
        lake.hide_in_layer(layer)?;
    }
    hide_in_index(lake)
}

/// Publishes the judgment and revision tables from the ledger.
pub fn publish_tables(
    lake: &Lake,
    observer: &dyn Observer,
) -> Result<PublishReport, PipelineError> {
    apply_removals(lake)?;
    observer.observe(&Event::StageStarted {
        stage: Stage::Publish,
        total: None,
    });
    let report = lake.publish_judgments(&mut |event| {
        observer.observe(&Event::StageProgress {
            stage: Stage::Publish,
            done: event.done,
        });
    })?;
    lake.publish_cases()?;
    lake.publish_revisions()?;
    observer.observe(&Event::StageFinished {
        stage: Stage::Publish,
    });
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_is_seen_in_the_exit_code_of_a_nightly_crawl() {
        let stopped = |codes: &[u8]| -> Vec<StoppedSource> {
            let stop = |code: &u8| StoppedSource {
                source: SourceId::Scr,
                why: String::new(),
                exit_code: *code,
            };
            codes.iter().map(stop).collect()
        };
        for (codes, alarmed, is_complete, expected) in [
            (vec![], false, true, 0),
            (vec![], false, false, exit::INCOMPLETE),
            (vec![], true, true, exit::DRIFT),
            (vec![exit::RATE_LIMITED], true, false, exit::DRIFT),
            (vec![exit::CAPTCHA], true, false, exit::DRIFT),
            (vec![exit::RATE_LIMITED], false, false, exit::RATE_LIMITED),
            (
                vec![exit::CAPTCHA, exit::BLOCKED],
                true,
                false,
                exit::BLOCKED,
            ),
            (vec![exit::TLS], true, false, exit::TLS),
            (vec![exit::BUG, exit::TLS], true, false, exit::BUG),
        ] {
            let code = exit_code(&stopped(&codes), alarmed, is_complete);
            assert_eq!(code, expected, "{codes:?} {alarmed}");
        }
    }
}

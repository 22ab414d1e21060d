//! Bars on long work, or a line now and then where standard error is no terminal.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use nirnay_fetch::FetchEvent;
use nirnay_model::{CaptureKind, CourtCode, DateWindow, SourceId};
use nirnay_pipeline::{Event, Observer, Stage};

use crate::failure::Failure;
use crate::output::{bars, count, plural, talk};

/// How the course of the work is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// Bars on a terminal, lines elsewhere.
    Auto,
    /// Nothing but notices.
    Quiet,
}

/// Counts what happens and shows it.
pub(crate) struct Progress {
    counts: Counts,
    windows: Mutex<Windows>,
    view: View,
    /// Requests the run may still send, at its start.
    budget: u64,
    documents_wanted: bool,
    events: Option<Mutex<File>>,
}

type WindowName = (SourceId, CourtCode, Option<DateWindow>);

/// Rows of the windows seen so far: taken and listed, and their sums.
#[derive(Default)]
struct Windows {
    rows: HashMap<WindowName, (u64, u64)>,
    sums: (u64, u64),
}

impl Windows {
    fn open(&mut self, name: WindowName, listed: u64) {
        self.forget(&name);
        self.sums.1 += listed;
        self.rows.insert(name, (0, listed));
    }

    fn take(&mut self, name: &WindowName, rows: u64) {
        if let Some(entry) = self.rows.get_mut(name) {
            entry.0 += rows;
            self.sums.0 += rows;
        }
    }

    fn forget(&mut self, name: &WindowName) {
        if let Some((taken, listed)) = self.rows.remove(name) {
            self.sums.0 -= taken;
            self.sums.1 -= listed;
        }
    }
}

#[derive(Default)]
struct Counts {
    documents: AtomicU64,
    requests: AtomicU64,
    bytes: AtomicU64,
    captchas: AtomicU64,
    captchas_right: AtomicU64,
}

enum View {
    Bars {
        all: MultiProgress,
        rows: ProgressBar,
        documents: ProgressBar,
        requests: ProgressBar,
        stage: Mutex<Option<ProgressBar>>,
    },
    Lines {
        last: Mutex<Instant>,
    },
    Quiet,
}

/// Seconds between lines where there are no bars.
const LINE_EVERY: Duration = Duration::from_secs(10);

impl Progress {
    pub(crate) fn new(show: Show, budget: u64, documents_wanted: bool) -> Self {
        let view = match show {
            Show::Quiet => View::Quiet,
            Show::Auto if bars() => View::bars(),
            Show::Auto => View::Lines {
                last: Mutex::new(Instant::now()),
            },
        };
        Self {
            counts: Counts::default(),
            windows: Mutex::default(),
            view,
            budget,
            documents_wanted,
            events: None,
        }
    }

    /// Also writes every event as a JSON line to `path`.
    pub(crate) fn with_events(mut self, path: &Path) -> Result<Self, Failure> {
        let file = File::create(path).map_err(|error| Failure::io(path, &error))?;
        self.events = Some(Mutex::new(file));
        Ok(self)
    }

    /// Takes the bars away before the summary is printed.
    pub(crate) fn clear(&self) {
        if let View::Bars { all, .. } = &self.view {
            // A terminal that cannot be cleared keeps the bars; nothing is lost.
            drop(all.clear());
        }
    }

    fn say(&self, text: &str) {
        match &self.view {
            View::Bars { all, .. } => drop(all.println(text)),
            View::Lines { .. } | View::Quiet => talk(text),
        }
    }

    fn count(&self, event: &Event) {
        let counts = &self.counts;
        match event {
            Event::DocumentStored { .. } => add(&counts.documents, 1),
            Event::Fetch { fetch, .. } => match fetch {
                FetchEvent::ReplyReceived { bytes, .. } => {
                    add(&counts.requests, 1);
                    add(&counts.bytes, *bytes);
                }
                FetchEvent::CaptchaAnswered { accepted, .. } => {
                    add(&counts.captchas, 1);
                    add(&counts.captchas_right, u64::from(*accepted));
                }
                _ => {}
            },
            _ => {}
        }
    }

    /// Rows listed and taken, window by window: a window that is walked again counts anew, one that is
    /// split counts in its parts.
    fn count_rows(&self, event: &Event) {
        let Ok(mut windows) = self.windows.lock() else {
            return;
        };
        match event {
            Event::WindowOpened {
                source,
                court,
                window,
                total,
            } => windows.open((*source, court.clone(), *window), *total),
            Event::PageAccepted {
                source,
                court,
                window,
                rows,
                ..
            } => windows.take(&(*source, court.clone(), *window), *rows),
            Event::WindowSplit {
                source,
                court,
                window,
                ..
            } => windows.forget(&(*source, court.clone(), *window)),
            _ => {}
        }
    }

    fn refresh(&self) {
        let counts = &self.counts;
        let (rows, listed) = self.windows.lock().map_or((0, 0), |windows| windows.sums);
        match &self.view {
            View::Bars {
                rows: rows_bar,
                documents,
                requests,
                ..
            } => {
                rows_bar.set_length(listed.max(rows));
                rows_bar.set_position(rows);
                if self.documents_wanted {
                    documents.set_length(rows.max(get(&counts.documents)));
                    documents.set_position(get(&counts.documents));
                }
                requests.set_message(self.requests_line());
            }
            View::Lines { last } => {
                let Ok(mut last) = last.lock() else { return };
                if last.elapsed() >= LINE_EVERY {
                    *last = Instant::now();
                    talk(&format!(
                        "rows {} of {}, PDFs {}, {}",
                        count(rows),
                        count(listed.max(rows)),
                        count(get(&counts.documents)),
                        self.requests_line()
                    ));
                }
            }
            View::Quiet => {}
        }
    }

    fn requests_line(&self) -> String {
        let counts = &self.counts;
        let used = get(&counts.requests);
        let captchas = match get(&counts.captchas) {
            0 => String::new(),
            asked => format!(
                ", captchas {} of {} right",
                get(&counts.captchas_right),
                asked
            ),
        };
        format!(
            "{} ({} left in the budget){captchas}",
            plural(used, "request"),
            count(self.budget.saturating_sub(used))
        )
    }

    fn stage(&self, event: &Event) {
        let View::Bars { all, stage, .. } = &self.view else {
            return;
        };
        let Ok(mut current) = stage.lock() else {
            return;
        };
        match event {
            Event::StageStarted { stage, total } if *stage != Stage::Rows => {
                let bar = all.add(ProgressBar::new(total.unwrap_or(0)).with_style(bar_style()));
                bar.set_prefix(stage.name());
                *current = Some(bar);
            }
            Event::StageProgress { done, .. } => {
                if let Some(bar) = current.as_ref() {
                    bar.set_position(*done);
                }
            }
            Event::StageFinished { .. } => {
                if let Some(bar) = current.take() {
                    bar.finish();
                }
            }
            _ => {}
        }
    }

    fn tell(&self, event: &Event) {
        match event {
            Event::RunStarted {
                run, resumed: true, ..
            } => {
                self.say(&format!(
                    "run {run} was interrupted and goes on where the ledger stands"
                ));
            }
            Event::WindowFailed {
                court,
                window,
                error,
                ..
            } => {
                self.say(&format!(
                    "window {court} {} stays open: {error}",
                    shown(window.as_ref())
                ));
            }
            Event::SourceStopped { source, why } => self.say(&format!("{source} stopped: {why}")),
            Event::DocumentMissing { row_key, reason } => {
                self.say(&format!(
                    "document of {row_key} given up for now: {}",
                    reason.name()
                ));
            }
            Event::Fetch {
                source,
                fetch: FetchEvent::Throttled { until },
            } => self.say(&format!("{source} asks for a pause until {until}")),
            Event::Fetch {
                source,
                fetch:
                    FetchEvent::ReplyReceived {
                        kind: CaptureKind::Robots,
                        status,
                        ..
                    },
            } => tracing::info!("{source}: robots.txt answered {status}"),
            Event::Notice { text } => self.say(text),
            Event::Alarm { alarm } => self.say(&alarm.to_string()),
            Event::WindowRewalked {
                court, window, why, ..
            } => {
                tracing::info!("walking {court} {} again: {why}", shown(window.as_ref()));
            }
            Event::WindowSplit {
                court,
                window,
                parts,
                why,
                ..
            } => {
                tracing::info!(
                    "splitting {court} {} into {parts}: {why}",
                    shown(window.as_ref())
                );
            }
            Event::DocumentRetry { row_key, why } => {
                tracing::info!("document of {row_key} again: {why}");
            }
            _ => {}
        }
    }

    fn log(&self, event: &Event) {
        let Some(file) = &self.events else { return };
        let (Ok(mut file), Ok(line)) = (file.lock(), serde_json::to_string(event)) else {
            return;
        };
        // The event log is a convenience; the ledger is the record.
        drop(writeln!(file, "{line}"));
    }
}

impl Observer for Progress {
    fn observe(&self, event: &Event) {
        self.count(event);
        self.count_rows(event);
        self.stage(event);
        self.tell(event);
        self.log(event);
        self.refresh();
    }
}

impl View {
    fn bars() -> Self {
        let all = MultiProgress::new();
        let rows = all.add(ProgressBar::new(0).with_style(bar_style()));
        rows.set_prefix("rows");
        let documents = all.add(ProgressBar::new(0).with_style(bar_style()));
        documents.set_prefix("PDFs");
        let requests = all.add(ProgressBar::new_spinner());
        requests.enable_steady_tick(Duration::from_millis(200));
        Self::Bars {
            all,
            rows,
            documents,
            requests,
            stage: Mutex::new(None),
        }
    }
}

fn bar_style() -> ProgressStyle {
    ProgressStyle::with_template("{prefix:>6} {bar:30} {human_pos:>9} / {human_len:<9} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn shown(window: Option<&nirnay_model::DateWindow>) -> String {
    window.map_or_else(|| "feed".to_owned(), ToString::to_string)
}

fn add(counter: &AtomicU64, by: u64) {
    counter.fetch_add(by, Ordering::Relaxed);
}

fn get(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

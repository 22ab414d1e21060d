//! The walk over a source's lists: windows opened, paged, handed on to be proven.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use jiff::civil::Date;
use nirnay_fetch::{FetchError, FetchedPage, JudgmentsClient, PageQuery};
use nirnay_model::{DateWindow, SourceId, courts};
use nirnay_parse::judgments::SearchPage;
use nirnay_store::{
    AlarmKind, NewAlarm, PageAcceptance, PageCounts, Proof, WindowRow, WindowSpec, WindowState,
};

use crate::config::SourceConfig;
use crate::context::Context;
use crate::drift::{ReadPage, Shrink, Verdict, Watch};
use crate::error::PipelineError;
use crate::event::Event;
use crate::exit;
use crate::schedule;
use crate::stop::{Ended, Stop, stops_source};

/// How often a window is tried in one run before it is left to the next.
const WINDOW_TRIES: u32 = 4;
/// Replies without rows before the end of a list, each from a fresh session, until the walk begins anew.
const BARREN_PAGES: u32 = 2;
/// Windows that may fail in a row before the source is left alone.
const FAILED_IN_A_ROW: u32 = 5;
/// Windows of old dates with a page that cannot be believed until the source is left alone.
const MOST_ODD: u32 = 3;
/// Rows asked for where only the total is wanted.
const COUNT_LENGTH: u32 = 10;

/// How one attempt at a window ended.
pub(crate) enum Attempt {
    Closed,
    Split(Vec<i64>),
    /// The portal says zero; a second session has to say it too.
    ZeroOnce,
    Failed,
    /// A page could not be believed. The same page again would be no better: the next run asks for it.
    Odd,
}

/// The walk over one source.
pub(crate) struct Walk<'a> {
    pub(crate) context: &'a Context,
    pub(crate) source: &'a SourceConfig,
    /// The latest proof of a window with repeats: believed when a second walk gives the same.
    pub(crate) proofs: HashMap<i64, (Proof, u32)>,
    /// What this walk found, against what was known.
    pub(crate) tally: Tally,
    watch: Watch<'a>,
    shrink: Shrink,
    tries: HashMap<i64, u32>,
    /// Windows left for a page that could not be believed.
    odd: u32,
}

/// What the walks of a run found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tally {
    /// Judgments never seen before.
    pub new: u64,
    /// Judgments with other values than before, or listed again.
    pub updated: u64,
    /// Judgments that are no longer listed.
    pub not_listed: u64,
    /// Windows proven.
    pub proven: u64,
    /// Windows whose total alone was compared and had not moved.
    pub counted: u64,
}

impl Tally {
    /// Adds what became of a page.
    pub(crate) fn add(&mut self, page: PageCounts) {
        self.new += page.new;
        self.updated += page.updated;
    }

    /// Adds what another source's walk found.
    pub(crate) fn plus(&mut self, other: Self) {
        self.new += other.new;
        self.updated += other.updated;
        self.not_listed += other.not_listed;
        self.proven += other.proven;
        self.counted += other.counted;
    }
}

/// The windows of a run that are still to be walked.
#[derive(Default)]
struct Queue {
    windows: VecDeque<i64>,
    /// Windows that one session said to be empty, with its number.
    zeros: Vec<(i64, u64)>,
    failed_in_a_row: u32,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(context: &'a Context, source: &'a SourceConfig) -> Self {
        Self {
            context,
            source,
            proofs: HashMap::new(),
            tally: Tally::default(),
            watch: Watch::new(context, source),
            shrink: Shrink::default(),
            tries: HashMap::new(),
            odd: 0,
        }
    }

    /// Walks every open window of the source, looks again at those that are due, and judges what it saw;
    /// documents are another stage.
    pub(crate) async fn rows(
        &mut self,
        client: &mut JudgmentsClient,
    ) -> Result<Ended, PipelineError> {
        let ended = self.windows(client).await?;
        self.watch.finish(matches!(ended, Ended::Done))?;
        Ok(ended)
    }

    async fn windows(&mut self, client: &mut JudgmentsClient) -> Result<Ended, PipelineError> {
        let work = schedule::work(self.context, self.source)?;
        let mut queue = Queue {
            windows: work.walk.into(),
            ..Queue::default()
        };
        for id in work.count {
            match self.count(client, id).await {
                Ok(true) => {}
                Ok(false) => queue.windows.push_back(id),
                Err(stop) => return stop.into_ended(self.context, self.source.source),
            }
        }
        while let Some(id) = queue.windows.pop_front() {
            let attempt = match self.attempt(client, id).await {
                Ok(attempt) => attempt,
                Err(stop) => return stop.into_ended(self.context, self.source.source),
            };
            if let Some(ended) = self.after(client, &mut queue, id, attempt) {
                return Ok(ended);
            }
        }
        Ok(Ended::Done)
    }

    /// What an attempt means for the windows that are left; ends the source when too many fail in a row.
    fn after(
        &mut self,
        client: &mut JudgmentsClient,
        queue: &mut Queue,
        id: i64,
        attempt: Attempt,
    ) -> Option<Ended> {
        queue.failed_in_a_row = match attempt {
            Attempt::Failed => queue.failed_in_a_row + 1,
            Attempt::Odd => queue.failed_in_a_row,
            _ => 0,
        };
        match attempt {
            Attempt::Closed | Attempt::Odd => {}
            Attempt::Split(children) => children
                .into_iter()
                .rev()
                .for_each(|child| queue.windows.push_front(child)),
            Attempt::ZeroOnce => queue.zeros.push((id, client.epoch())),
            Attempt::Failed => {
                let tries = self.tries.entry(id).or_default();
                *tries += 1;
                if *tries < WINDOW_TRIES {
                    queue.windows.push_back(id);
                }
                if queue.failed_in_a_row >= FAILED_IN_A_ROW {
                    let why = format!(
                        "{} windows failed in a row; the next run goes on",
                        queue.failed_in_a_row
                    );
                    let exit_code = exit::PORTAL_DOWN;
                    return Some(Ended::Stopped {
                        why,
                        exit_code,
                        drifted: false,
                    });
                }
            }
        }
        if queue.windows.is_empty() && !queue.zeros.is_empty() {
            // One fresh session confirms all zeros together.
            let epoch = client.epoch();
            if queue.zeros.iter().any(|&(_, said)| said == epoch) {
                client.end_session();
            }
            queue
                .windows
                .extend(queue.zeros.drain(..).map(|(id, _)| id));
        }
        None
    }

    /// Whether the total of a proven window is still the one it was proven with. One small request.
    async fn count(&mut self, client: &mut JudgmentsClient, id: i64) -> Result<bool, Stop> {
        let window = self.window(id)?;
        let query = PageQuery {
            length: COUNT_LENGTH,
            ..self.query(&window.spec, window.spec.window, 0)
        };
        let fetched = match client.page(&query).await {
            Ok(fetched) => fetched,
            Err(error) if stops_source(&error) => return Err(Stop::Source(error)),
            // It is due again tomorrow.
            Err(error) => {
                self.context.emit(Event::Notice {
                    text: format!("{}: {error}; going on", self.source.source),
                });
                return Ok(true);
            }
        };
        if Some(fetched.page.total) != window.last_total {
            return Ok(false);
        }
        self.context
            .lake
            .ledger()
            .window_counted(id, self.context.now())?;
        self.tally.counted += 1;
        Ok(true)
    }

    async fn attempt(&mut self, client: &mut JudgmentsClient, id: i64) -> Result<Attempt, Stop> {
        let window = self.window(id)?;
        let days = window.spec.window;
        match self.walk_window(client, window).await {
            Ok(attempt) => Ok(attempt),
            Err(Stop::Source(error)) if !stops_source(&error) => {
                self.fail(id, &error.to_string())?;
                Ok(Attempt::Failed)
            }
            Err(Stop::Drift(alarm)) => {
                self.fail(id, &alarm.what)?;
                self.odd_page(days, alarm)
            }
            Err(other) => Err(other),
        }
    }

    /// A page that cannot be believed stops the source where it may be today's portal that has changed. Old
    /// registers have odd pages of their own: there only several of them do.
    fn odd_page(
        &mut self,
        days: Option<DateWindow>,
        alarm: Box<NewAlarm>,
    ) -> Result<Attempt, Stop> {
        self.odd += 1;
        let may_be_old = matches!(alarm.kind, AlarmKind::Fields | AlarmKind::Quarantine);
        if !may_be_old || self.watch.is_fresh(days) || self.odd >= MOST_ODD {
            return Err(Stop::Drift(alarm));
        }
        self.context.raise(&alarm)?;
        Ok(Attempt::Odd)
    }

    /// Pages through a window from its first page that is not accepted yet, then proves its sums.
    async fn walk_window(
        &mut self,
        client: &mut JudgmentsClient,
        mut window: WindowRow,
    ) -> Result<Attempt, Stop> {
        let mut barren = 0;
        let mut ahead: Option<Ahead> = None;
        loop {
            let walking = matches!(window.state, WindowState::Open | WindowState::Failed);
            // A walk that has all its rows (the process died before it was closed) needs no request.
            if walking
                && window.pages_done > 0
                && window
                    .last_total
                    .is_some_and(|total| window.next_start >= total)
            {
                return self.prove(client, &window);
            }
            let start = if walking { window.next_start } else { 0 };
            let query = self.query(&window.spec, window.next_range(), start);
            let fetched = match ahead.take().filter(|ahead| ahead.query == query) {
                Some(ahead) => ahead.reply,
                None => client.page(&query).await,
            };
            let fetched = fetched.map_err(Stop::Source)?;
            let next = self.next_query(walking, &query, &fetched.page);
            let keeping = self.keep(&window, query.window, fetched);
            let kept = match next {
                None => keeping.await?,
                Some(query) => {
                    // The next page is on its way while this one is read and kept; never more than one request.
                    let (kept, reply) = futures::join!(keeping, client.page(&query));
                    ahead = Some(Ahead { query, reply });
                    kept?
                }
            };
            match kept {
                Kept::Next(next) => window = next,
                Kept::Ended(attempt) => return Ok(attempt),
                Kept::AskAgain => client.end_session(),
                Kept::Barren(same, total) => {
                    window = same;
                    barren += 1;
                    if barren > BARREN_PAGES {
                        let why = "pages without rows before the end".to_owned();
                        return self.disagreement(client, &window, total, why);
                    }
                    client.end_session();
                }
                Kept::Stuck(window, total) => {
                    let why = "a page with rows that did not bring the walk forward".to_owned();
                    return self.disagreement(client, &window, total, why);
                }
            }
        }
    }

    /// Reads a page and keeps it, unless it cannot be believed.
    async fn keep(
        &mut self,
        window: &WindowRow,
        days: Option<DateWindow>,
        fetched: FetchedPage,
    ) -> Result<Kept, Stop> {
        let (fetched, read) = read(fetched, self.source.source, self.context.today).await?;
        // Before anything changes: a page that cannot be trusted replaces nothing.
        self.watch.page(&window.spec.court, days, &read)?;
        let walking = matches!(window.state, WindowState::Open | WindowState::Failed);
        let window = if walking {
            window.clone()
        } else {
            match self.replace(window, &fetched)? {
                Verdict::Believe => self.window(window.id)?,
                Verdict::AskAgain => return Ok(Kept::AskAgain),
                Verdict::Hold => return Ok(Kept::Ended(Attempt::Closed)),
            }
        };
        if window.pages_done == 0
            && let Some(attempt) = self.first_page(&window, &fetched)?
        {
            return Ok(Kept::Ended(attempt));
        }
        let total = fetched.page.total;
        if fetched.page.rows.is_empty() && window.next_start < total {
            return Ok(Kept::Barren(window, total));
        }
        self.accept(&window, fetched, read).await?;
        let next = self.window(window.id)?;
        if next.next_start <= window.next_start && next.next_start < total {
            // Whatever the reason: the same page would be asked for without end.
            return Ok(Kept::Stuck(window, total));
        }
        Ok(Kept::Next(next))
    }

    /// The page after this one, if it is sure to be wanted.
    fn next_query(&self, walking: bool, query: &PageQuery, page: &SearchPage) -> Option<PageQuery> {
        let start = query.start + page.rows.len() as u64;
        let sure = walking && !page.rows.is_empty() && page.total <= self.source.max_window_rows;
        (sure && start < page.total).then(|| PageQuery {
            start,
            ..query.clone()
        })
    }

    /// Opens a proven window again, unless the reply that is to replace its proof cannot be believed yet.
    fn replace(&mut self, window: &WindowRow, fetched: &FetchedPage) -> Result<Verdict, Stop> {
        let verdict = if window.state.is_complete() {
            let total = fetched.page.total;
            self.shrink
                .judge(self.context, window, total, fetched.epoch)?
        } else {
            Verdict::Believe
        };
        if verdict == Verdict::Believe {
            self.context.lake.ledger().reopen_window(window.id)?;
        }
        Ok(verdict)
    }

    fn query(&self, spec: &WindowSpec, window: Option<DateWindow>, start: u64) -> PageQuery {
        PageQuery {
            court: portal_code(spec),
            bench: spec.bench.clone(),
            window,
            start,
            length: self.source.page_size,
        }
    }

    /// Makes the rows of a page durable, on a thread of its own.
    async fn accept(
        &mut self,
        window: &WindowRow,
        fetched: FetchedPage,
        read: ReadPage,
    ) -> Result<(), Stop> {
        let seen = fetched.page.rows.len() as u64;
        let set_aside = read.quarantined.len() as u64;
        let acceptance = PageAcceptance {
            window: window.id,
            run: self.context.run.id,
            run_started: self.context.run.started_at,
            epoch: fetched.epoch,
            start: window.next_start,
            total: fetched.page.total,
            capture_id: fetched.capture_id,
            rows: read.rows,
            quarantined: read.quarantined,
        };
        let lake = Arc::clone(&self.context.lake);
        let counts = tokio::task::spawn_blocking(move || lake.accept_page(&acceptance))
            .await
            .map_err(|error| Stop::Broken(PipelineError::Internal(error.to_string())))??;
        self.tally.add(counts);
        self.context.emit(Event::PageAccepted {
            source: self.source.source,
            court: window.spec.court.clone(),
            window: window.spec.window,
            rows: seen,
            quarantined: set_aside,
        });
        Ok(())
    }

    fn fail(&self, id: i64, error: &str) -> Result<(), Stop> {
        let window = self.window(id)?;
        self.context.lake.ledger().fail_window(id, error, None)?;
        self.context.emit(Event::WindowFailed {
            source: self.source.source,
            court: window.spec.court.clone(),
            window: window.spec.window,
            error: error.to_owned(),
        });
        Ok(())
    }

    pub(crate) fn window(&self, id: i64) -> Result<WindowRow, Stop> {
        Ok(self.context.lake.ledger().window(id)?)
    }
}

/// What became of a page.
enum Kept {
    /// Its rows are kept; the walk goes on from here.
    Next(WindowRow),
    /// It said all there is to say of its window.
    Ended(Attempt),
    /// Not believed until a fresh session says the same.
    AskAgain,
    /// No rows, though the list of so many rows goes on.
    Barren(WindowRow, u64),
    /// Rows that leave the walk where it was, in a list of so many.
    Stuck(WindowRow, u64),
}

/// A page that was asked for while the one before it was read and kept.
struct Ahead {
    query: PageQuery,
    reply: Result<FetchedPage, FetchError>,
}

/// Reads the rows of a page on a thread of its own.
async fn read(
    fetched: FetchedPage,
    source: SourceId,
    today: Date,
) -> Result<(FetchedPage, ReadPage), Stop> {
    tokio::task::spawn_blocking(move || {
        let read = ReadPage::of(&fetched.page, source, today);
        (fetched, read)
    })
    .await
    .map_err(|error| Stop::Broken(PipelineError::Internal(error.to_string())))
}

fn portal_code(spec: &WindowSpec) -> Option<String> {
    courts()
        .find(spec.court.as_str())
        .map(|court| court.portal_code.clone())
        .filter(|code| !code.is_empty())
}

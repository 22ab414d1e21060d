//! The Supreme Court's own list through most of 2024, day by day: 1,438 additions, edits and removals, each
//! on the day a real crawler saw it. What the ledger makes of it is compared with that record change by
//! change: none missed, none invented.
//!
//! The history lies beside the project, not in it (`NIRNAY_SHARED`, or `../shared` beside the checkout);
//! without it these tests say so and prove nothing. `NIRNAY_DAYS=318` plays all of it through the crawl.

#![expect(clippy::print_stdout, reason = "a test that is left out says so")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use nirnay_fetch::Clock as _;
use nirnay_model::{
    Capture, CaptureId, CaptureKind, CapturedBody, CourtCode, DateWindow, DocumentHandle,
    DocumentKind, Judgment, Sha256, SourceId,
};
use nirnay_pipeline::{Stages, india_date};
use nirnay_portal_sim::{DirOptions, Docket};
use nirnay_store::{
    AcceptedRow, JudgmentFilter, Lake, OpenMode, PageAcceptance, Run, WindowSpec, WindowState,
};
use nirnay_tests::{Pace, Rig, RigOptions, scratch};
use serde_json::Value;

/// A row of the list: its diary number and date of judgment are its identity.
type Row = BTreeMap<String, Value>;
type Identity = (String, String);

fn text<'a>(row: &'a Row, field: &str) -> &'a str {
    row.get(field).and_then(Value::as_str).unwrap_or("")
}

fn identity(row: &Row) -> Identity {
    (
        text(row, "diary_no").to_owned(),
        text(row, "judgment_dates").to_owned(),
    )
}

/// A file of the list: the dates it covers, and its rows.
struct Page {
    window: DateWindow,
    rows: BTreeMap<Identity, Row>,
}

/// A change of the list as it was recorded.
struct Change {
    day: Date,
    file: String,
    op: String,
    fields: Vec<String>,
    before: Row,
    row: Row,
}

/// The list as it stood before the first change, and the changes in order.
struct History {
    files: BTreeMap<String, Page>,
    changes: Vec<Change>,
}

fn shared() -> Option<PathBuf> {
    let dir = std::env::var_os("NIRNAY_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    );
    let dir = dir.join("samples/sc-listing");
    if dir.join("change-feed-2024.jsonl").is_file() {
        return Some(dir);
    }
    println!(
        "the history is not here ({}): nothing was tried",
        dir.display()
    );
    None
}

/// `01-02-2024-29-02-2024.json` → the dates.
fn dates(name: &str) -> Option<DateWindow> {
    let parts: Vec<i16> = name
        .strip_suffix(".json")?
        .split('-')
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let [d1, m1, y1, d2, m2, y2] = parts.as_slice() else {
        return None;
    };
    DateWindow::new(
        date(*y1, *m1 as i8, *d1 as i8),
        date(*y2, *m2 as i8, *d2 as i8),
    )
    .ok()
}

impl History {
    /// Reads the list as it stood at the end and undoes the changes, last to first.
    fn read(dir: &Path) -> Self {
        let mut files = BTreeMap::new();
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let Some(window) = dates(&name) else { continue };
            let whole: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            let list: Vec<Row> = serde_json::from_value(whole["data"].clone()).unwrap();
            let rows = list.into_iter().map(|row| (identity(&row), row)).collect();
            files.insert(name, Page { window, rows });
        }
        let feed = std::fs::read_to_string(dir.join("change-feed-2024.jsonl")).unwrap();
        let changes = merged(feed.lines().map(change).collect());
        for change in changes.iter().rev() {
            let page = files.get_mut(&change.file).unwrap();
            match change.op.as_str() {
                "add" => drop(page.rows.remove(&identity(&change.row)).unwrap()),
                "remove" => drop(page.rows.insert(identity(&change.row), change.row.clone())),
                _ => {
                    let mut row = page.rows.remove(&identity(&change.row)).unwrap();
                    row.extend(change.before.clone());
                    page.rows.insert(identity(&row), row);
                }
            }
        }
        Self { files, changes }
    }

    fn days(&self) -> BTreeSet<Date> {
        self.changes.iter().map(|change| change.day).collect()
    }

    /// Plays the changes of one day.
    fn play(&mut self, day: Date) {
        for change in self.changes.iter().filter(|change| change.day == day) {
            let page = self.files.get_mut(&change.file).unwrap();
            match change.op.as_str() {
                "remove" => drop(page.rows.remove(&identity(&change.row)).unwrap()),
                _ => drop(page.rows.insert(identity(&change.row), change.row.clone())),
            }
        }
    }
}

/// The record names a row by its case number too, so that an appeal that gets its number is a row removed and a
/// row added on one day. To the ledger it is one row whose case number changed.
fn merged(changes: Vec<Change>) -> Vec<Change> {
    let removed: BTreeMap<(Date, Identity), Row> = changes
        .iter()
        .filter(|change| change.op == "remove")
        .map(|change| ((change.day, identity(&change.row)), change.row.clone()))
        .collect();
    let added: BTreeSet<(Date, Identity)> = changes
        .iter()
        .filter(|change| change.op == "add")
        .map(|change| (change.day, identity(&change.row)))
        .collect();
    changes
        .into_iter()
        .filter_map(|mut change| {
            let place = (change.day, identity(&change.row));
            if change.op == "remove" && added.contains(&place) {
                return None;
            }
            if let Some(old) = removed.get(&place).filter(|_| change.op == "add") {
                "change".clone_into(&mut change.op);
                for (field, value) in old {
                    if change.row.get(field) != Some(value) {
                        change.fields.push(field.clone());
                        change.before.insert(field.clone(), value.clone());
                    }
                }
            }
            Some(change)
        })
        .collect()
}

fn change(line: &str) -> Change {
    let value: Value = serde_json::from_str(line).unwrap();
    let row = |field: &str| -> Row {
        serde_json::from_value(value.get(field).cloned().unwrap_or_default()).unwrap_or_default()
    };
    let fields = value.get("fields").cloned().unwrap_or_default();
    Change {
        day: value["snapshot_date"].as_str().unwrap().parse().unwrap(),
        file: value["file"].as_str().unwrap().to_owned(),
        op: value["op"].as_str().unwrap().to_owned(),
        fields: serde_json::from_value(fields).unwrap_or_default(),
        before: row("before"),
        row: row("row"),
    }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// The row as a judgment. The court's CNR is its diary number behind `SCIN01`; a handful of old rows have
/// none.
fn judgment(row: &Row) -> Judgment {
    let (diary, raw) = identity(row);
    let cnr = diary
        .split_once('-')
        .and_then(|(number, year)| format!("SCIN01{number:0>6}{year}").parse().ok());
    let parts: Vec<i16> = raw.split('-').map(|part| part.parse().unwrap()).collect();
    let (pet, res) = (text(row, "pet"), text(row, "res"));
    Judgment {
        cnr,
        title: format!("{pet} versus {res}"),
        petitioner: some(pet),
        respondent: some(res),
        case_number_raw: some(text(row, "case_no")),
        diary_number: some(&diary),
        judges: vec![text(row, "bench").to_owned()],
        author_judge: some(text(row, "judgement_by")),
        decision_date: Some(date(parts[2], parts[1] as i8, parts[0] as i8)),
        decision_date_raw: raw,
        disposal_raw: some(text(row, "pet_adv")),
        description: some(text(row, "res_adv")),
        document_path: some(text(row, "temp_link")),
        document_kind: DocumentKind::Judgment,
        ..Judgment::unprinted(
            SourceId::Scr,
            (CourtCode::sci(), "Supreme Court of India".to_owned()),
            "scr".parse().unwrap(),
        )
    }
}

/// The values of a judgment that a field of the list makes.
fn values_of(field: &str) -> &'static [&'static str] {
    match field {
        "pet" => &["petitioner", "title"],
        "res" => &["respondent", "title"],
        "case_no" => &["case_number_raw"],
        "bench" => &["judges"],
        "judgement_by" => &["author_judge"],
        "pet_adv" => &["disposal_raw"],
        "res_adv" => &["description"],
        "temp_link" => &["document_path"],
        other => panic!("{other} is not known to change"),
    }
}

/// Pages of a thousand rows, as the portal gives them.
const PAGE: usize = 1_000;

/// Walks one window from its first page to its proof.
fn walk(lake: &Lake, run: Run, window: i64, page: &Page) {
    let rows: Vec<&Row> = page.rows.values().collect();
    let total = rows.len() as u64;
    if lake.ledger().window(window).unwrap().state != WindowState::Open {
        lake.ledger().reopen_window(window).unwrap();
    }
    for (number, part) in rows.chunks(PAGE).enumerate() {
        let start = (number * PAGE) as u64;
        let capture_id = capture(lake, run, window, start);
        let accepted = (0_u32..).zip(part).map(|(place, row)| AcceptedRow {
            judgment: judgment(row),
            handle: DocumentHandle {
                path: text(row, "temp_link").to_owned(),
                citation_year: String::new(),
                nc_display: String::new(),
                language: String::new(),
            },
            capture_row: place,
            serial: start + u64::from(place) + 1,
        });
        let counts = lake
            .accept_page(&PageAcceptance {
                window,
                run: run.id,
                run_started: run.started_at,
                epoch: 1,
                start,
                total,
                capture_id,
                rows: accepted.collect(),
                quarantined: Vec::new(),
            })
            .unwrap();
        assert_eq!(counts.sum(), part.len() as u64);
    }
    lake.ledger()
        .close_window(window, WindowState::Complete, run.started_at)
        .unwrap();
}

fn capture(lake: &Lake, run: Run, window: i64, start: u64) -> CaptureId {
    let name = format!("{} {window} {start}", run.id);
    let id = CaptureId::of_parts([name.as_bytes()]);
    lake.captures()
        .append(&Capture {
            id: id.clone(),
            source: SourceId::Scr.into(),
            kind: CaptureKind::Search,
            epoch: 1,
            at: run.started_at,
            url: format!("http://127.0.0.1/{window}/{start}"),
            method: "POST".to_owned(),
            request_headers: Vec::new(),
            request_body: Vec::new(),
            status: 200,
            response_headers: Vec::new(),
            body: CapturedBody::Inline(name.into_bytes()),
        })
        .unwrap();
    id
}

fn instant(day: Date) -> Timestamp {
    format!("{day}T06:00:00Z").parse().unwrap()
}

fn begin(lake: &Lake, day: Date) -> Run {
    lake.ledger()
        .begin_run("replay", Sha256::of(b"replay"), instant(day))
        .unwrap()
}

/// A revision, or the first sight of a row: when, which row, what, old value, new value.
type Event = (Date, String, String, String, String);

/// What the record says must be found.
fn expected(history: &History) -> BTreeSet<Event> {
    let mut known: BTreeSet<Identity> = history
        .files
        .values()
        .flat_map(|page| page.rows.keys().cloned())
        .collect();
    let mut missed: BTreeMap<Identity, Date> = BTreeMap::new();
    let mut events = BTreeSet::new();
    for change in &history.changes {
        let id = identity(&change.row);
        let key = judgment(&change.row).key().to_string();
        let mut note = |what: &str, old: String, new: String| {
            events.insert((change.day, key.clone(), what.to_owned(), old, new));
        };
        let since = |day: Date| Value::String(instant(day).to_string()).to_string();
        match change.op.as_str() {
            "add" => match missed.remove(&id) {
                Some(day) => note("not_listed_since", since(day), String::new()),
                None if known.insert(id) => note("first_seen", String::new(), String::new()),
                None => panic!("a row was added twice"),
            },
            "remove" => {
                note("not_listed_since", String::new(), since(change.day));
                missed.insert(id, change.day);
            }
            _ => {
                let mut before = change.row.clone();
                before.extend(change.before.clone());
                let value = |row: &Row, name: &str| {
                    serde_json::to_value(judgment(row)).unwrap()[name].to_string()
                };
                for name in change.fields.iter().flat_map(|field| values_of(field)) {
                    note(name, value(&before, name), value(&change.row, name));
                }
            }
        }
    }
    events
}

/// What a lake has found after `start`.
fn found(lake: &Lake, start: Date) -> BTreeSet<Event> {
    let india = |at: Timestamp| india_date(at);
    let mut events = BTreeSet::new();
    for revision in lake.ledger().revisions_after(0, usize::MAX >> 1).unwrap() {
        events.insert((
            india(revision.seen),
            revision.row_key.to_string(),
            revision.field,
            revision.old.unwrap_or_default(),
            revision.new.unwrap_or_default(),
        ));
    }
    for row in lake.published_judgments(JudgmentFilter::default()).unwrap() {
        let row = row.unwrap();
        if india(row.first_seen) > start {
            let key = row.judgment.key().to_string();
            let what = "first_seen".to_owned();
            events.insert((
                india(row.first_seen),
                key,
                what,
                String::new(),
                String::new(),
            ));
        }
    }
    events
}

#[test]
fn every_change_of_the_list_is_found_on_its_day_and_none_is_invented() {
    let Some(dir) = shared() else { return };
    let mut history = History::read(&dir);
    assert_eq!(
        history.changes.len(),
        1_438 - 25,
        "25 pairs are one change each"
    );
    let expected = expected(&history);
    let scratch = scratch();
    let lake = Lake::open(scratch.path(), OpenMode::ReadWrite).unwrap();
    let start = date(2024, 2, 9);
    let run = begin(&lake, start);
    let mut windows = BTreeMap::new();
    for (name, page) in &history.files {
        let id = lake
            .ledger()
            .plan_window(&WindowSpec {
                source: SourceId::Scr,
                court: CourtCode::sci(),
                bench: None,
                window: Some(page.window),
                parent: None,
            })
            .unwrap();
        walk_or_zero(&lake, run, id, page);
        windows.insert(name.clone(), id);
    }
    lake.ledger()
        .finish_run(run.id, "complete", instant(start))
        .unwrap();
    for day in history.days() {
        let touched: BTreeSet<String> = history
            .changes
            .iter()
            .filter(|change| change.day == day)
            .map(|change| change.file.clone())
            .collect();
        history.play(day);
        let run = begin(&lake, day);
        for (name, page) in &history.files {
            // The windows of the year every day; older ones when something happened in them, as re-reading
            // the rest would only say the same again.
            let this_year = page.window.from().year() == 2024 && page.window.from() <= day;
            if this_year || touched.contains(name) {
                walk_or_zero(&lake, run, windows[name], page);
            }
        }
        lake.ledger()
            .finish_run(run.id, "complete", instant(day))
            .unwrap();
    }
    let found = found(&lake, start);
    let missed: Vec<&Event> = expected.difference(&found).collect();
    let invented: Vec<&Event> = found.difference(&expected).collect();
    assert!(
        missed.is_empty() && invented.is_empty(),
        "{} missed: {:#?}\n{} invented: {:#?}",
        missed.len(),
        missed.iter().take(5).collect::<Vec<_>>(),
        invented.len(),
        invented.iter().take(5).collect::<Vec<_>>()
    );
    still_unlisted(&lake, &history);
    println!(
        "replay: {} changes of the list are {} events in the ledger, all found, none invented",
        history.changes.len(),
        found.len()
    );
}

/// How late judgments are listed: what the days of the re-scan policy are chosen by.
#[test]
fn how_late_judgments_are_listed() {
    let Some(dir) = shared() else { return };
    let feed = std::fs::read_to_string(dir.join("change-feed-2024.jsonl")).unwrap();
    let lags: Vec<i64> = feed
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|value| value["op"] == "add")
        .map(|value| value["lag_days"].as_i64().unwrap())
        .collect();
    let within = |days: i64| {
        let some = lags.iter().filter(|lag| **lag <= days).count();
        format!("{:.1}", some as f64 * 100.0 / lags.len() as f64)
    };
    let shares = [0, 1, 7, 14, 30, 90].map(within);
    println!(
        "{} additions; % listed within 0, 1, 7, 14, 30, 90 days of the decision: {}",
        lags.len(),
        shares.join(", ")
    );
    assert_eq!(shares, ["64.4", "72.9", "85.5", "93.8", "96.9", "99.3"]);
}

/// A window without rows needs two sessions that say so.
fn walk_or_zero(lake: &Lake, run: Run, window: i64, page: &Page) {
    if !page.rows.is_empty() {
        walk(lake, run, window, page);
        return;
    }
    if lake.ledger().window(window).unwrap().state != WindowState::Open {
        lake.ledger().reopen_window(window).unwrap();
    }
    for epoch in [1, 2] {
        let id = capture(lake, run, window, epoch);
        lake.captures().sync().unwrap();
        lake.ledger().zero_page(window, run.id, epoch, &id).unwrap();
    }
    lake.ledger()
        .close_window(window, WindowState::Complete, run.started_at)
        .unwrap();
}

/// At the end, exactly the rows that the list no longer has are marked.
fn still_unlisted(lake: &Lake, history: &History) {
    let listed: BTreeSet<String> = history
        .files
        .values()
        .flat_map(|page| page.rows.values())
        .map(|row| judgment(row).key().to_string())
        .collect();
    let mut rows = 0;
    for row in lake.published_judgments(JudgmentFilter::default()).unwrap() {
        let row = row.unwrap();
        let key = row.judgment.key().to_string();
        assert_eq!(
            row.not_listed_since.is_none(),
            listed.contains(&key),
            "{key}"
        );
        rows += 1;
    }
    assert!(rows >= listed.len(), "no row is ever deleted");
}

const PIPELINE: &str = "
name = \"replay\"
about = \"The real list as it grew.\"
basis = \"Simulated portals.\"
[[source]]
source = \"scr\"
from = \"1950-01-01\"
documents = false
";

/// Days from what happened on the portal to the crawl that knew it, for one kind of change.
#[derive(Default)]
struct Delays {
    known: Vec<i32>,
    unknown: usize,
}

impl Delays {
    fn note(&mut self, happened: Date, seen: Option<Date>) {
        match seen {
            Some(seen) => self.known.push((seen - happened).get_days()),
            None => self.unknown += 1,
        }
    }

    fn within(&self, days: i32) -> f64 {
        let all = self.known.len() + self.unknown;
        let some = self.known.iter().filter(|delay| **delay <= days).count();
        some as f64 * 100.0 / all.max(1) as f64
    }

    fn print(&self, what: &str) {
        println!(
            "{what}: {} in all; known on the day {:.1} %, within a week {:.1} %, so far {:.1} %",
            self.known.len() + self.unknown,
            self.within(0),
            self.within(7),
            self.within(i32::MAX)
        );
    }
}

/// The same list behind the simulated portal, crawled once a day by the default policy.
#[tokio::test]
async fn what_the_policy_knows_and_when() {
    let Some(dir) = shared() else { return };
    let feed = dir.join("change-feed-2024.jsonl");
    let (docket, schedule) = Docket::with_history(&dir, &feed, &DirOptions::default()).unwrap();
    let options = RigOptions {
        docket: Arc::new(docket),
        faults: None,
        seed: 3,
        accuracy: 1.0,
        pipeline: PIPELINE.to_owned(),
    };
    let rig = Rig::start_with(options, Pace::Free, |config| {
        config.schedule = Arc::new(schedule);
    })
    .await;
    let start: Timestamp = "2024-02-09T15:00:00Z".parse().unwrap();
    rig.clock.set_wall(start);
    let scratch = scratch();
    let days: u32 = std::env::var("NIRNAY_DAYS").map_or(45, |days| days.parse().unwrap());
    let stages = Stages {
        documents: false,
        text: false,
    };
    let mut requests = Vec::new();
    for _ in 0..=days {
        let before = rig.sim.counts().values().sum::<u64>();
        rig.crawl(scratch.path(), stages).await.unwrap();
        requests.push(rig.sim.counts().values().sum::<u64>() - before);
        rig.clock.advance(Duration::from_hours(24));
    }
    let lake = Lake::open(scratch.path(), OpenMode::ReadOnly).unwrap();
    let held: BTreeMap<String, _> = lake
        .published_judgments(JudgmentFilter::default())
        .unwrap()
        .map(|row| {
            let row = row.unwrap();
            (row.judgment.document_path.clone().unwrap_or_default(), row)
        })
        .collect();
    let (mut added, mut recent, mut withdrawn) =
        (Delays::default(), Delays::default(), Delays::default());
    for truth in rig.sim.truth_at(SourceId::Scr, rig.clock.now()) {
        let row = held.get(&truth.path);
        if let Some(since) = truth.listed_since.filter(|since| *since > start) {
            let seen = row.map(|row| india_date(row.first_seen));
            added.note(india_date(since), seen);
            if truth
                .listed_on
                .is_some_and(|day| (india_date(since) - day).get_days() <= 90)
            {
                recent.note(india_date(since), seen);
            }
        }
        if let Some(gone) = truth.withdrawn_on {
            let seen = row.and_then(|row| row.not_listed_since).map(india_date);
            withdrawn.note(india_date(gone), seen);
        }
    }
    let daily = requests.iter().skip(1).sum::<u64>() as f64 / f64::from(days);
    println!(
        "{days} days by the default policy: first crawl {} requests, then {daily:.1} a day",
        requests[0]
    );
    added.print("additions");
    recent.print("additions at most 90 days after the decision");
    withdrawn.print("removals");
    assert!(added.known.len() > 50, "{}", added.known.len());
    assert!(recent.within(7) > 99.0, "{:.1} %", recent.within(7));
    assert!(added.within(0) > 90.0, "{:.1} %", added.within(0));
}

//! Dockets that change over simulated time, and what can be asked about them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::client::{Client, path_of, rows};
use jiff::{SignedDuration, Timestamp};
use nirnay_model::{Portal, Sha256, SourceId};
use nirnay_portal_sim::{
    Change, ChangeKind, ChangeSpec, CourtShare, DirOptions, Docket, DocketSpec, Edit, ManualClock,
    Quirks, RowId, Schedule, Sim, SimConfig, SimHandle, TruthRow,
};

fn docket() -> Docket {
    Docket::generate(&DocketSpec {
        courts: vec![CourtShare::new("kerala", 150)],
        scr_rows: 40,
        feed_rows: 240,
        quirks: Quirks::none(),
        ..DocketSpec::default()
    })
    .unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn spec() -> ChangeSpec {
    ChangeSpec {
        seed: 3,
        opens: at("2024-01-15T00:00:00Z"),
        closes: at("2024-05-01T00:00:00Z"),
        withdrawn: 0.1,
        edited: 0.3,
        replaced: 0.2,
        ..ChangeSpec::default()
    }
}

async fn sim(docket: Docket, schedule: Schedule, moment: &str) -> SimHandle {
    let mut config = SimConfig::new(Arc::new(docket));
    config.schedule = Arc::new(schedule);
    config.moment = Some(at(moment));
    Sim::start(config).await.unwrap()
}

/// Every row a search finds, as HTML.
async fn everything(client: &mut Client<'_>, kind: &str) -> Vec<String> {
    let got = client
        .search(&[("iDisplayLength", "1000"), ("fcourt_type", kind)])
        .await
        .unwrap();
    rows(&got.json())
}

fn paths(truth: &[TruthRow]) -> Vec<&str> {
    truth.iter().map(|row| row.path.as_str()).collect()
}

#[tokio::test]
async fn what_is_served_is_the_truth_of_the_moment() {
    let docket = docket();
    let schedule = Schedule::generate(&docket, &spec());
    let sim = sim(docket, schedule, "2024-01-15T00:00:00Z").await;
    let mut seen = BTreeSet::new();
    let mut before: BTreeMap<SourceId, Vec<TruthRow>> = BTreeMap::new();
    for week in 0..20 {
        let moment = at("2024-01-15T00:00:00Z") + SignedDuration::from_hours(week * 7 * 24);
        // The future can be asked for before it comes.
        for source in SourceId::ALL {
            before.insert(source, sim.truth_at(source, moment));
        }
        sim.move_to(moment);
        assert_eq!(sim.moment(), moment);
        let mut client = Client::new(&sim, Portal::Ecourts);
        client.log_in().await;
        for (kind, source) in [("2", SourceId::EcourtsHc), ("3", SourceId::EcourtsScr)] {
            let truth = sim.truth_at(source, moment);
            assert_eq!(truth, before[&source], "week {week}");
            let page = everything(&mut client, kind).await;
            let found: Vec<String> = page.iter().map(|row| path_of(row)).collect();
            assert_eq!(found, paths(&truth), "week {week}, {source}");
            for (html, row) in page.iter().zip(&truth) {
                let plain = html.replace("&amp;", "&").replace("&#39;", "'");
                assert!(
                    row.judges.iter().all(|judge| plain.contains(judge)),
                    "{plain}"
                );
                let petitioner = row.title.split(" Vs ").next().unwrap();
                assert!(plain.contains(petitioner), "{plain}");
            }
        }
        let mut feed = Client::new(&sim, Portal::SciFeed);
        let page = feed.get("/").await.unwrap().text().replace("&amp;", "&");
        let truth = sim.truth_at(SourceId::SciFeed, moment);
        let shown: Vec<&TruthRow> = truth
            .iter()
            .filter(|row| page.contains(&row.path.replace("/sci-get-pdf/", "/view-pdf/")))
            .collect();
        assert_eq!(page.matches("view-pdf/?diary_no=").count(), shown.len());
        assert!(shown.len() <= 50);
        for row in shown {
            assert!(
                page.contains(row.title.split(" Vs ").next().unwrap()),
                "{}",
                row.title
            );
            seen.insert(row.row);
        }
    }
    // Who looks every week sees many more rows of the feed than one page shows.
    assert!(seen.len() > 100, "{}", seen.len());
    let last = sim.truth(SourceId::EcourtsHc);
    assert_eq!(last.len(), 150);
    assert!(
        last.iter()
            .any(|row| !row.listed && row.withdrawn_on.is_some())
    );
    assert!(last.iter().any(|row| row.edits > 0));
    assert!(
        last.iter()
            .all(|row| row.removed_at.is_none() && row.added_at.is_none())
    );
    sim.shutdown().await;
}

#[tokio::test]
async fn a_replaced_document_is_another_one_of_the_same_case() {
    let docket = docket();
    let (row, feed_row) = (RowId(5), docket.ids(SourceId::SciFeed).next().unwrap());
    let when = at("2024-06-01T00:00:00Z");
    let replace = |row| Change {
        at: when,
        row,
        what: ChangeKind::ReplaceDocument,
    };
    let schedule = Schedule::of([replace(row), replace(feed_row)]);
    let sim = sim(docket, schedule, "2024-05-31T00:00:00Z").await;
    let old = [row, feed_row].map(|id| sim.document(id).unwrap());
    sim.move_to(when);
    let new = [row, feed_row].map(|id| sim.document(id).unwrap());
    for ((id, old), new) in [row, feed_row].into_iter().zip(&old).zip(&new) {
        assert!(old.starts_with(b"%PDF") && new.starts_with(b"%PDF"));
        assert_ne!(old, new);
        let just_before = when - SignedDuration::from_secs(1);
        assert_eq!(sim.document_at(id, just_before).as_ref(), Some(old));
        assert_eq!(sim.document_at(id, when).as_ref(), Some(new));
    }
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.log_in().await;
    let page = everything(&mut client, "2").await;
    let link = client.link("5", &path_of(&page[5])).await.json();
    let file = client
        .get(link["outputfile"].as_str().unwrap())
        .await
        .unwrap();
    assert_eq!(Sha256::of(&file.body), Sha256::of(&new[0]));
    let truth = sim.truth(SourceId::SciFeed);
    let mut feed = Client::new(&sim, Portal::SciFeed);
    let file = feed.get(&truth[0].path).await.unwrap();
    assert_eq!(Sha256::of(&file.body), Sha256::of(&new[1]));
    assert_eq!(truth[0].document_version, 1);
    sim.shutdown().await;
}

#[tokio::test]
async fn the_docket_follows_the_clock_unless_it_is_told_a_moment() {
    let docket = docket();
    let schedule = Schedule::of([Change {
        at: at("2024-06-01T00:00:00Z"),
        row: RowId(0),
        what: ChangeKind::Publish,
    }]);
    let clock = Arc::new(ManualClock::at(at("2024-05-31T23:00:00Z")));
    let mut config = SimConfig::new(Arc::new(docket));
    config.schedule = Arc::new(schedule);
    config.clock = Arc::clone(&clock) as _;
    let sim = Sim::start(config).await.unwrap();
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.log_in().await;
    assert_eq!(everything(&mut client, "2").await.len(), 149);
    clock.advance(SignedDuration::from_hours(2));
    assert_eq!(everything(&mut client, "2").await.len(), 150);
    assert_eq!(sim.log().last().unwrap().time, at("2024-06-01T01:00:00Z"));
    // Withdrawn by hand, edited by hand, listed again.
    sim.change(RowId(7), ChangeKind::Withdraw);
    let edit = Edit::Petitioner("NOBODY IN PARTICULAR".to_owned());
    sim.change(RowId(8), ChangeKind::Edit(edit));
    let page = everything(&mut client, "2").await;
    assert_eq!(page.len(), 149);
    assert!(page[7].contains("NOBODY IN PARTICULAR"));
    let truth = sim.truth(SourceId::EcourtsHc);
    assert!(!truth[7].listed && truth[8].title.starts_with("NOBODY IN PARTICULAR Vs "));
    assert_eq!(truth[8].edits, 1);
    sim.change(RowId(7), ChangeKind::Publish);
    assert_eq!(everything(&mut client, "2").await.len(), 150);
    let was = sim.truth_at(SourceId::EcourtsHc, at("2024-05-31T23:30:00Z"));
    assert_eq!((was.len(), was[7].edits), (149, 0));
    sim.shutdown().await;
}

#[tokio::test]
async fn the_control_surface_moves_and_changes_the_docket() {
    let docket = docket();
    let schedule = Schedule::generate(&docket, &spec());
    let sim = sim(docket, schedule, "2024-02-01T00:00:00Z").await;
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    let http = reqwest::Client::new();
    let control = format!("{}/__sim", sim.control_url());
    let moved = http.post(format!("{control}/time?to=2024-03-01T00:00:00Z"));
    let moved = moved.send().await.unwrap().text().await.unwrap();
    assert!(moved.contains("2024-03-01T00:00:00Z"), "{moved}");
    let lines = |url: String| async { http.get(url).send().await.unwrap().text().await.unwrap() };
    let then = lines(format!(
        "{control}/truth?source=ecourts-hc&at=2024-02-01T00:00:00Z"
    ))
    .await;
    let now = lines(format!(
        "{control}/truth?source=ecourts-hc&at=2024-03-01T00:00:00Z"
    ))
    .await;
    assert!(then.lines().count() < now.lines().count());
    let change = http
        .post(format!("{control}/change"))
        .body(r#"{"row": 3, "what": {"edit": {"petitioner": "BY HAND"}}}"#);
    assert_eq!(change.send().await.unwrap().status(), 200);
    assert!(
        sim.truth(SourceId::EcourtsHc)[3]
            .title
            .starts_with("BY HAND")
    );
    let faults = http
        .post(format!("{control}/faults"))
        .body("[[fault]]\nkind = \"http_status\"\nstatus = 500\nevery = 1\n");
    assert_eq!(faults.send().await.unwrap().status(), 200);
    let mut feed = Client::new(&sim, Portal::SciFeed);
    assert_eq!(feed.get("/").await.unwrap().status, 500);
    for (path, body) in [("faults", "kind = 7"), ("change", "{}"), ("robots", "x")] {
        let refused = http.post(format!("{control}/{path}")).body(body);
        assert_eq!(refused.send().await.unwrap().status(), 400, "{path}");
    }
    sim.shutdown().await;
}

const LISTING: &str = r#"{"data": [
 {"diary_no":"1-2024","Judgement_type":"J","case_no":"C.A. 1/2024","pet":"A","res":"X","bench":"J ONE, J TWO","judgement_by":"J TWO","judgment_dates":"02-02-2024","temp_link":"a/1_Judgement_02-Feb-2024.pdf"},
 {"diary_no":"2-2024","Judgement_type":"J","case_no":"C.A. 2/2024","pet":"B","res":"Y","bench":"J ONE","judgement_by":"J ONE","judgment_dates":"03-02-2024","temp_link":"a/2_Judgement_03-Feb-2024.pdf"}]}"#;
const HISTORY: &str = r#"{"snapshot_date":"2024-02-10","op":"add","row":{"diary_no":"1-2024","case_no":"C.A. 1/2024","pet":"A","res":"X","bench":"","judgement_by":"","judgment_dates":"02-02-2024","temp_link":"a/1_Judgement_02-Feb-2024.pdf"}}
{"snapshot_date":"2024-02-12","op":"add","row":{"diary_no":"3-2024","case_no":"C.A. 3/2024","pet":"C","res":"Z","bench":"J ONE","judgement_by":"","judgment_dates":"05-02-2024","temp_link":"a/3_Judgement_05-Feb-2024.pdf"}}
{"snapshot_date":"2024-02-20","op":"change","fields":["bench","judgement_by"],"before":{"bench":"","judgement_by":""},"row":{"diary_no":"1-2024","case_no":"C.A. 1/2024","pet":"A","res":"X","bench":"J ONE, J TWO","judgement_by":"J TWO","judgment_dates":"02-02-2024","temp_link":"a/1_Judgement_02-Feb-2024.pdf"}}
{"snapshot_date":"2024-02-25","op":"remove","row":{"diary_no":"3-2024","case_no":"C.A. 3/2024","pet":"C","res":"Z","bench":"J ONE","judgement_by":"","judgment_dates":"05-02-2024","temp_link":"a/3_Judgement_05-Feb-2024.pdf"}}
"#;

/// Who stands in a list, and before whom.
fn listed(sim: &SimHandle, moment: &str) -> Vec<(String, usize)> {
    let truth = sim.truth_at(SourceId::EcourtsScr, at(moment));
    truth
        .into_iter()
        .map(|row| (row.title, row.judges.len()))
        .collect()
}

#[tokio::test]
async fn a_listing_with_its_history_is_played_again() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("february.json"), LISTING).unwrap();
    let history = dir.path().join("history.jsonl");
    std::fs::write(&history, HISTORY).unwrap();
    let options = DirOptions::default();
    let (docket, schedule) = Docket::with_history(dir.path(), &history, &options).unwrap();
    assert_eq!(docket.len(SourceId::EcourtsScr), 3);
    let sim = sim(docket, schedule, "2024-01-01T00:00:00Z").await;
    let row = |title: &str, judges| (title.to_owned(), judges);
    assert_eq!(listed(&sim, "2024-02-09T00:00:00Z"), [row("B Vs Y", 1)]);
    assert_eq!(
        listed(&sim, "2024-02-11T00:00:00Z"),
        [row("A Vs X", 0), row("B Vs Y", 1)]
    );
    assert_eq!(
        listed(&sim, "2024-02-21T00:00:00Z"),
        [row("A Vs X", 2), row("B Vs Y", 1), row("C Vs Z", 1)]
    );
    assert_eq!(
        listed(&sim, "2024-02-26T00:00:00Z"),
        [row("A Vs X", 2), row("B Vs Y", 1)]
    );
    sim.shutdown().await;
}

#[test]
fn the_real_history_ends_in_the_real_listing() {
    let shared = std::env::var_os("NIRNAY_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let dir = shared.join("samples/sc-listing");
    if !dir.is_dir() {
        println!("skipped: no listings at {}", dir.display());
        return;
    }
    let options = DirOptions::default();
    let history = dir.join("change-feed-2024.jsonl");
    let (docket, schedule) = Docket::with_history(&dir, &history, &options).unwrap();
    let last = Docket::from_dir(&dir, &options).unwrap();
    let kinds = |test: fn(&ChangeKind) -> bool| {
        schedule
            .changes()
            .iter()
            .filter(|change| test(&change.what))
            .count()
    };
    assert_eq!(kinds(|what| matches!(what, ChangeKind::Publish)), 947);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let sim = sim(docket, schedule, "2025-06-01T00:00:00Z").await;
        let facts = |row: TruthRow| (row.title, row.judges, row.decision_date_text);
        let truth = sim.truth_at(SourceId::EcourtsScr, at("2025-06-01T00:00:00Z"));
        let mut played: Vec<_> = truth.into_iter().map(facts).collect();
        let mut real: Vec<_> = last.rows(SourceId::EcourtsScr).map(facts).collect();
        played.sort();
        real.sort();
        // One record changed last and vanished without being removed; it stays listed here.
        let differing = played.len().abs_diff(real.len());
        assert!(differing <= 1, "{} and {}", played.len(), real.len());
        let real: BTreeSet<_> = real.into_iter().collect();
        let unknown = played.iter().filter(|row| !real.contains(row)).count();
        assert!(unknown <= 1, "{unknown} rows are not in the last listing");
        sim.shutdown().await;
    });
}

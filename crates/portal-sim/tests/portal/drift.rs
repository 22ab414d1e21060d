//! Lasting faults: another layout, a court gone silent, days with too few rows.

use std::sync::Arc;

use crate::client::{Client, rows};
use nirnay_model::Portal;
use nirnay_portal_sim::{
    CourtShare, Docket, DocketSpec, FaultKind, FaultRule, FaultScript, Quirks, Sim, SimConfig,
    SimHandle,
};

async fn sim() -> SimHandle {
    let spec = DocketSpec {
        courts: vec![CourtShare::new("kerala", 100), CourtShare::new("delhi", 80)],
        quirks: Quirks::none(),
        ..DocketSpec::default()
    };
    Sim::start(SimConfig::new(Arc::new(Docket::generate(&spec).unwrap())))
        .await
        .unwrap()
}

const ALL: [(&str, &str); 2] = [("iDisplayLength", "1000"), ("state_code", "")];

async fn page(client: &mut Client<'_>) -> String {
    client.search(&ALL).await.unwrap().text()
}

/// What a row of a page must hold in each layout, and what it must not hold any more.
const FORMS: &[(&str, &str, &str)] = &[
    ("label", "CNR Number :", "> CNR :"),
    ("decision_label", "Date of Decision :", "| Decision Date :"),
    ("span", "<b> CNR :</b>", "<span style='color:#212F3D'"),
    ("font", "<em>", "<font color='green'> KL"),
    ("class", "case-details", "caseDetailsTD"),
    ("iso_date", "<font color='green'> 2024-0", "-2024</font>"),
    ("call", "show_judgment(", "open_pdf("),
    ("arguments", "open_pdf('',", "open_pdf('0"),
];

#[tokio::test]
async fn every_layout_changes_every_row_from_a_moment_on() {
    let sim = sim().await;
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.log_in().await;
    let plain = page(&mut client).await;
    for (form, new, old) in FORMS {
        let drift = FaultRule::new(FaultKind::Drift).form(*form).at([2]);
        sim.set_faults(FaultScript::of([drift])).unwrap();
        let before = client.search(&ALL).await.unwrap().json();
        assert!(rows(&before).iter().all(|row| !row.contains(new)), "{form}");
        for _ in 0..2 {
            let after = client.search(&ALL).await.unwrap().json();
            assert_eq!(rows(&after).len(), 180);
            for row in rows(&after) {
                assert!(row.contains(new) && !row.contains(old), "{form}: {row}");
            }
        }
    }
    sim.set_faults(FaultScript::default()).unwrap();
    let again = page(&mut client).await;
    assert_eq!(rows_only(&again), rows_only(&plain));
    sim.shutdown().await;
}

fn rows_only(text: &str) -> &str {
    let start = text.find("\"aaData\"").unwrap();
    let end = text.find("]},\"total\"").unwrap();
    text.get(start..end).unwrap()
}

#[tokio::test]
async fn layouts_of_dates_columns_language_and_envelope() {
    let sim = sim().await;
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.log_in().await;
    let plain = client.search(&ALL).await.unwrap().json();
    let with = async |client: &mut Client<'_>, form: &str| {
        let drift = FaultRule::new(FaultKind::Drift).form(form);
        sim.set_faults(FaultScript::of([drift])).unwrap();
        client.search(&ALL).await.unwrap().json()
    };
    let hindi = with(&mut client, "hindi").await;
    assert!(
        rows(&hindi)
            .iter()
            .all(|row| row.contains("निर्णय की तिथि :"))
    );
    let swapped = with(&mut client, "swap").await;
    let value = |row: &str, label: &str| {
        let (_, rest) = row.split_once(label).unwrap();
        let date = rest.split("<font color='green'> ").nth(1).unwrap();
        date.split('<').next().unwrap().to_owned()
    };
    for (old, new) in rows(&plain).iter().zip(rows(&swapped)) {
        let (decided, registered) = ("Decision Date :", "Date of registration :");
        assert_eq!(value(old, decided), value(&new, registered));
        assert_eq!(value(old, registered), value(&new, decided));
    }
    let months_first = with(&mut client, "date_order").await;
    for (old, new) in rows(&plain).iter().zip(rows(&months_first)) {
        let (old, new) = (
            value(old, "Decision Date :"),
            value(&new, "Decision Date :"),
        );
        let parts = |date: &str| date.split('-').map(str::to_owned).collect::<Vec<_>>();
        let (old, new) = (parts(&old), parts(&new));
        assert_eq!((&old[0], &old[1]), (&new[1], &new[0]));
    }
    let columns = with(&mut client, "columns").await;
    assert!(columns["reportrow"]["aaData"][0][0].is_string());
    let envelope = with(&mut client, "envelope").await;
    assert!(envelope["reportrow"].is_null() && envelope["result"]["data"].is_array());
    // A part of the rows only, always the same ones.
    let drift = FaultRule::new(FaultKind::Drift).form("class").n(30);
    sim.set_faults(FaultScript::of([drift])).unwrap();
    let some = |json: serde_json::Value| -> Vec<bool> {
        rows(&json)
            .iter()
            .map(|row| row.contains("case-details"))
            .collect()
    };
    let first = some(client.search(&ALL).await.unwrap().json());
    assert_eq!(first, some(client.search(&ALL).await.unwrap().json()));
    let share = first.iter().filter(|changed| **changed).count();
    assert!((25..85).contains(&share), "{share} of 180");
    sim.shutdown().await;
}

/// Rows of a court by total, by the facet of courts, and by rows sent.
async fn counts(client: &mut Client<'_>, court: &str) -> (String, usize) {
    let search = [("iDisplayLength", "1000"), ("state_code", court)];
    let got = client.search(&search).await.unwrap().json();
    let total = got["total"].as_str().unwrap().to_owned();
    let facet = got["court_dtls"].as_str().unwrap();
    if total != "0" && !court.is_empty() {
        assert!(
            facet.contains(&format!("text-bg-light'>{total}</span>")),
            "{facet}"
        );
    }
    (total, rows(&got).len())
}

#[tokio::test]
async fn a_court_falls_silent_and_days_thin_out() {
    let sim = sim().await;
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.log_in().await;
    assert_eq!(counts(&mut client, "32~4").await, ("100".to_owned(), 100));
    let silent = FaultRule::new(FaultKind::SilentCourt).court("kerala");
    sim.set_faults(FaultScript::of([silent])).unwrap();
    assert_eq!(counts(&mut client, "32~4").await, ("0".to_owned(), 0));
    assert_eq!(counts(&mut client, "7~26").await, ("80".to_owned(), 80));
    assert_eq!(counts(&mut client, "").await.1, 80);
    let fewer = FaultRule::new(FaultKind::FewerRows).n(80);
    sim.set_faults(FaultScript::of([fewer])).unwrap();
    let (_, left) = counts(&mut client, "").await;
    assert!((18..60).contains(&left), "{left} of 180");
    assert_eq!(counts(&mut client, "").await.1, left);
    // Pages of what is left add up.
    let mut walked = 0;
    while walked < left {
        let start = walked.to_string();
        let search = [("iDisplayStart", start.as_str()), ("iDisplayLength", "7")];
        walked += rows(&client.search(&search).await.unwrap().json()).len();
    }
    assert_eq!(walked, left);
    let mut feed = Client::new(&sim, Portal::SciFeed);
    let silent = FaultRule::new(FaultKind::SilentCourt);
    sim.set_faults(FaultScript::of([silent])).unwrap();
    assert!(
        !feed
            .get("/")
            .await
            .unwrap()
            .text()
            .contains("view-pdf/?diary_no")
    );
    sim.shutdown().await;
}

#[tokio::test]
async fn the_feed_has_other_layouts_as_well() {
    let sim = sim().await;
    let mut client = Client::new(&sim, Portal::SciFeed);
    for (form, new, old) in [
        ("label", "Diary No.", "Diary Number"),
        ("span", "<time>", "<span"),
        ("class", "from=recent", "latest_judgements_order"),
        ("call", "/documents/?diary=", "view-pdf"),
        ("iso_date", "color:red;\">2024-03-", "-Mar-2024<"),
    ] {
        sim.set_faults(FaultScript::default()).unwrap();
        let plain = client.get("/").await.unwrap().text();
        assert!(plain.contains(old) && !plain.contains(new), "{form}");
        let drift = FaultRule::new(FaultKind::Drift).form(form);
        sim.set_faults(FaultScript::of([drift])).unwrap();
        let page = client.get("/").await.unwrap().text();
        assert!(page.contains(new) && !page.contains(old), "{form}");
    }
    sim.shutdown().await;
}

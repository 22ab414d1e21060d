//! Faults: what strikes, and what is true all the same.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::sync::Arc;

use crate::client::{Client, Got, path_of, rows};
use nirnay_model::{Portal, Sha256, SourceId};
use nirnay_portal_sim::{
    CourtShare, Docket, DocketSpec, FaultKind, FaultRule, FaultScript, Flaw, On, Quirks, Route,
    Sim, SimConfig, SimHandle,
};

async fn sim(rules: impl IntoIterator<Item = FaultRule>) -> SimHandle {
    let courts = vec![CourtShare::new("kerala", 60)];
    let spec = DocketSpec {
        courts,
        quirks: Quirks::none(),
        ..DocketSpec::default()
    };
    let mut config = SimConfig::new(Arc::new(Docket::generate(&spec).unwrap()));
    config.faults = Some(FaultScript::of(rules));
    Sim::start(config).await.unwrap()
}

fn once(kind: FaultKind) -> FaultRule {
    FaultRule::new(kind).at([1])
}

/// A page at an offset, and its paths.
async fn page(client: &mut Client<'_>, start: &str) -> Vec<String> {
    let got = client
        .search(&[("iDisplayStart", start), ("iDisplayLength", "20")])
        .await
        .unwrap();
    rows(&got.json()).iter().map(|row| path_of(row)).collect()
}

/// The documents of the first row, asked for once for each of `rules` and once more.
async fn documents(rules: Vec<FaultRule>) -> Vec<Got> {
    let count = rules.len();
    let sim = sim(rules).await;
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.log_in().await;
    let paths = page(&mut client, "0").await;
    let mut got = Vec::new();
    for _ in 0..=count {
        let link = client.link("0", &paths[0]).await.json();
        got.push(
            client
                .get(link["outputfile"].as_str().unwrap())
                .await
                .unwrap(),
        );
    }
    let right = sim
        .document_sha256(sim.truth(SourceId::EcourtsHc)[0].row)
        .unwrap();
    assert_eq!(Sha256::of(&got[count].body), right);
    sim.shutdown().await;
    got
}

#[tokio::test]
async fn documents_go_wrong_in_every_way_they_do() {
    let kinds = [
        FaultKind::ZeroPdf,
        FaultKind::TinyPdf,
        FaultKind::HtmlPdf,
        FaultKind::TruncatedPdf,
        FaultKind::BomPdf,
        FaultKind::WrongDocument,
    ];
    let rules = kinds
        .iter()
        .enumerate()
        .map(|(place, kind)| FaultRule::new(*kind).at([place as u64 + 1]))
        .collect();
    let got = documents(rules).await;
    let whole = &got[6].body;
    assert!(got.iter().all(|reply| reply.status == 200));
    assert!(got[0].body.is_empty());
    assert_eq!(got[1].body.len(), 315);
    assert!(got[2].text().starts_with("<!DOCTYPE"));
    assert!(whole.starts_with(&got[3].body) && got[3].body.len() < whole.len());
    assert!(got[4].body.starts_with(b"\xef\xbb\xbf%PDF"));
    assert!(got[5].body.starts_with(b"%PDF") && got[5].body != *whole);
}

#[tokio::test]
async fn replies_that_are_not_what_was_asked_for() {
    use FaultKind::{
        BomBeforeJson, EmptyBody, Errormsg, LoginPage, NotJson, SessionExpire, SqlTextBeforeJson,
        UnknownJson,
    };
    let kinds = [
        Errormsg,
        NotJson,
        LoginPage,
        EmptyBody,
        UnknownJson,
        SqlTextBeforeJson,
        BomBeforeJson,
        SessionExpire,
    ];
    let rules = kinds
        .iter()
        .enumerate()
        .map(|(place, kind)| FaultRule::new(*kind).on(On::Search).at([place as u64 + 1]));
    let sim = sim(rules).await;
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.log_in().await;
    let mut bodies = Vec::new();
    for _ in 0..=kinds.len() {
        let got = client.search(&[]).await.unwrap();
        assert_eq!(got.status, 200);
        bodies.push(got.text());
    }
    assert!(bodies[0].contains("Oops! Something went wrong"));
    assert!(
        bodies[1].starts_with("<br")
            && bodies[2].contains("id=\"captcha_image\"")
            && bodies[3].is_empty()
    );
    assert!(bodies[4].contains("payload") && !bodies[4].contains("reportrow"));
    assert!(bodies[5].starts_with("select ") && bodies[5].contains("reportrow"));
    assert!(bodies[6].starts_with('\u{feff}'));
    // The session is gone for good, not for one reply.
    assert!(bodies[7].contains("session_expire") && bodies[8].contains("session_expire"));
    let struck: Vec<_> = sim
        .log()
        .iter()
        .filter(|e| e.route == Route::Search)
        .filter_map(|e| e.fault.clone())
        .collect();
    assert_eq!(struck.len(), kinds.len());
    assert_eq!(struck[7], "session_expire");
    sim.shutdown().await;
}

#[tokio::test]
async fn connections_break_before_and_within_replies() {
    let rules = [
        once(FaultKind::Drop).on(On::Search),
        FaultRule::new(FaultKind::CutBody).on(On::Search).at([2]),
        FaultRule::new(FaultKind::Trickle)
            .on(On::Search)
            .at([3])
            .n(4000),
    ];
    let sim = sim(rules).await;
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.log_in().await;
    assert!(client.search(&[]).await.is_err());
    assert!(client.search(&[]).await.is_err());
    let whole = client.search(&[]).await.unwrap();
    assert_eq!(rows(&whole.json()).len(), 10);
    let log: Vec<_> = sim
        .log()
        .into_iter()
        .filter(|entry| entry.route == Route::Search)
        .collect();
    assert_eq!((log[0].status, log[1].status, log[2].status), (0, 200, 200));
    sim.shutdown().await;
}

#[tokio::test]
async fn statuses_redirects_and_bombs() {
    let mut later = once(FaultKind::RetryAfter);
    later.status = Some(503);
    let mut bomb = FaultRule::new(FaultKind::GzipBomb).at([4]);
    bomb.mib = Some(8);
    let mut huge = FaultRule::new(FaultKind::HugeBody).at([5]);
    huge.mib = Some(2);
    let rules = [
        later,
        FaultRule::new(FaultKind::BlockPage).at([2]),
        FaultRule::new(FaultKind::RedirectOut).at([3]),
        bomb,
        huge,
    ];
    let sim = sim(rules.map(|rule| rule.on(On::Feed))).await;
    let mut client = Client::new(&sim, Portal::SciFeed);
    let mut got = Vec::new();
    for _ in 0..6 {
        got.push(client.get("/").await.unwrap());
    }
    assert_eq!(
        (got[0].status, &got[0].headers["retry-after"]),
        (503, &"120".parse().unwrap())
    );
    assert_eq!(got[1].status, 403);
    assert_eq!(
        (
            got[2].status,
            got[2].headers["location"]
                .to_str()
                .unwrap()
                .starts_with("http://192.0.2.1/")
        ),
        (302, true)
    );
    assert_eq!(got[3].headers["content-encoding"], "gzip");
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(&got[3].body[..])
        .read_to_end(&mut plain)
        .unwrap();
    assert_eq!((plain.len(), got[3].body.len() < 20_000), (8 << 20, true));
    assert_eq!(got[4].body.len(), 2 << 20);
    assert_eq!(got[5].text().matches("view-pdf/").count(), 50);
    sim.shutdown().await;
}

#[tokio::test]
async fn pages_that_do_not_add_up() {
    let rules = [
        FaultRule::new(FaultKind::DuplicateRow).at([2]),
        FaultRule::new(FaultKind::ShortPage).at([3]).n(2),
        FaultRule::new(FaultKind::TotalMoves).at([4]).n(-3),
    ];
    let sim = sim(rules).await;
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.log_in().await;
    let good = page(&mut client, "0").await;
    let doubled = page(&mut client, "0").await;
    assert_eq!(
        (doubled.len(), doubled.iter().collect::<BTreeSet<_>>().len()),
        (20, 19)
    );
    assert_eq!(page(&mut client, "0").await[..], good[..18]);
    let got = client.search(&[]).await.unwrap().json();
    assert_eq!(got["total"], "57");
    sim.shutdown().await;
}

#[tokio::test]
async fn rows_come_and_go_before_the_cursor() {
    let rules = [
        FaultRule::new(FaultKind::ShiftRows).at([2]).n(3),
        FaultRule::new(FaultKind::ShiftRows).at([3]).n(-5),
    ];
    let sim = sim(rules).await;
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.log_in().await;
    let before: Vec<String> = sim
        .truth(SourceId::EcourtsHc)
        .iter()
        .map(|row| row.path.clone())
        .collect();
    assert_eq!(page(&mut client, "0").await[..], before[..20]);
    // Three rows have come in before: the page begins three rows early.
    assert_eq!(page(&mut client, "20").await[3..], before[20..37]);
    // Five have gone: five are skipped, less the three that came.
    assert_eq!(page(&mut client, "40").await[..], before[42..60]);
    let truth = sim.truth(SourceId::EcourtsHc);
    assert_eq!(truth.iter().filter(|row| row.added_at.is_some()).count(), 3);
    assert_eq!(
        truth.iter().filter(|row| row.removed_at.is_some()).count(),
        5
    );
    assert_eq!(
        truth
            .iter()
            .map(|row| (&row.cnr, row.order_no))
            .collect::<BTreeSet<_>>()
            .len(),
        63
    );
    let added = truth.iter().find(|row| row.added_at.is_some()).unwrap();
    assert!(sim.document(added.row).unwrap().starts_with(b"%PDF"));
    sim.shutdown().await;
}

#[tokio::test]
async fn malformed_rows_are_in_the_truth() {
    let sim = sim([FaultRule::new(FaultKind::MalformedRow).probability(0.2)]).await;
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.log_in().await;
    for _ in 0..2 {
        let got = client
            .search(&[("iDisplayLength", "100")])
            .await
            .unwrap()
            .json();
        let truth = sim.truth(SourceId::EcourtsHc);
        let bad = truth
            .iter()
            .filter(|row| row.flaw == Some(Flaw::Garbage))
            .count();
        assert!((4..25).contains(&bad), "{bad}");
        for (html, row) in rows(&got).iter().zip(&truth) {
            assert_eq!(html.contains("caseDetailsTD"), row.is_readable);
        }
    }
    sim.shutdown().await;
}

#[tokio::test]
async fn captchas_links_and_allowances_go_wrong() {
    let mut bad = FaultRule::new(FaultKind::BadOutputfile).at([1]);
    bad.form = Some("host".to_owned());
    let rules = [
        once(FaultKind::CaptchaRefuse),
        FaultRule::new(FaultKind::CaptchaWrongLength).at([2]),
        FaultRule::new(FaultKind::CaptchaPinned).at([3]),
        FaultRule::new(FaultKind::PdfLimit).at([3]).n(2),
        bad,
        FaultRule::new(FaultKind::StaleLink).at([2]),
    ];
    let sim = sim(rules).await;
    let mut client = Client::new(&sim, Portal::Ecourts);
    assert!(client.log_in().await.contains("\"N\""));
    assert!(client.log_in().await.contains("#####"));
    assert!(client.log_in().await.contains("\"Y\""));
    assert_eq!(
        sim.log()
            .iter()
            .filter(|entry| entry.captcha == Some(true))
            .count(),
        3
    );
    let paths = page(&mut client, "0").await;
    let link = client.link("0", &paths[0]).await.json();
    assert!(
        link["outputfile"]
            .as_str()
            .unwrap()
            .starts_with("//192.0.2.1/")
    );
    let stale = client.link("0", &paths[0]).await.json();
    assert_eq!(
        client
            .get(stale["outputfile"].as_str().unwrap())
            .await
            .unwrap()
            .status,
        404
    );
    assert!(client.link("0", &paths[0]).await.json()["filename"].is_string());
    sim.shutdown().await;
}

#[tokio::test]
async fn the_standard_script_lets_a_stubborn_client_through() {
    let courts = vec![CourtShare::new("kerala", 300)];
    let spec = DocketSpec {
        courts,
        quirks: Quirks::none(),
        ..DocketSpec::default()
    };
    let mut config = SimConfig::new(Arc::new(Docket::generate(&spec).unwrap()));
    config.faults = Some(FaultScript::standard());
    let sim = Sim::start(config).await.unwrap();
    let mut client = Client::new(&sim, Portal::Ecourts);
    let mut seen = BTreeSet::new();
    while !client.log_in().await.contains("\"Y\"") {}
    for round in 0..200_u32 {
        let start = (round % 30 * 10).to_string();
        let Ok(got) = client.search(&[("iDisplayStart", &start)]).await else {
            continue;
        };
        let text = got.text();
        if text.contains("session_expire") {
            while !client.log_in().await.contains("\"Y\"") {}
        } else if let Ok(json) =
            serde_json::from_str::<serde_json::Value>(text.trim_start_matches('\u{feff}'))
            && json["reportrow"].is_object()
        {
            let found = rows(&json);
            seen.extend(
                found
                    .iter()
                    .filter(|row| row.contains("open_pdf("))
                    .map(|row| path_of(row)),
            );
        }
    }
    let wanted = sim
        .truth(SourceId::EcourtsHc)
        .iter()
        .filter(|row| row.is_readable)
        .count();
    assert_eq!(seen.len(), wanted);
    assert!(sim.log().iter().any(|entry| entry.fault.is_some()));
    sim.shutdown().await;
}

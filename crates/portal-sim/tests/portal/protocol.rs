//! The portals without faults, as a client sees them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::client::{Client, path_of, rows};
use nirnay_model::{Portal, Sha256, SourceId};
use nirnay_portal_sim::{
    CourtShare, Docket, DocketSpec, Flaw, Quirks, Route, Sim, SimConfig, SimHandle, TokenMode,
    TruthRow,
};

fn docket() -> Arc<Docket> {
    let spec = DocketSpec {
        courts: vec![CourtShare::new("delhi", 137), CourtShare::new("madras", 60)],
        scr_rows: 30,
        quirks: Quirks {
            translations: 0.5,
            ..Quirks::none()
        },
        ..DocketSpec::default()
    };
    Arc::new(Docket::generate(&spec).unwrap())
}

async fn sim() -> SimHandle {
    Sim::start(SimConfig::new(docket())).await.unwrap()
}

fn paths(truth: &[TruthRow]) -> Vec<String> {
    truth.iter().map(|row| row.path.clone()).collect()
}

#[tokio::test]
async fn a_walk_gives_every_row_once_and_each_its_own_document() {
    let sim = sim().await;
    let mut client = Client::new(&sim, Portal::Ecourts);
    assert!(client.log_in().await.contains("\"captcha_status\":\"Y\""));
    assert_eq!(client.cookies["JUDGEMENTSSEARCH_SESSID"].len(), 26);
    assert_eq!(client.cookies["JSESSION"].len(), 8);
    let truth: Vec<TruthRow> = sim
        .truth(SourceId::EcourtsHc)
        .into_iter()
        .filter(|r| r.court_code == "7_26")
        .collect();
    assert_eq!(truth.len(), 137);
    let mut seen = Vec::new();
    while seen.len() < truth.len() {
        let id = client.cookies["JUDGEMENTSSEARCH_SESSID"].clone();
        let token = client.token.clone();
        let start = seen.len().to_string();
        let page = client
            .search(&[
                ("state_code", "7~26"),
                ("iDisplayStart", &start),
                ("iDisplayLength", "50"),
            ])
            .await
            .unwrap();
        assert_ne!(client.cookies["JUDGEMENTSSEARCH_SESSID"], id);
        assert_ne!(client.token, token);
        let page = page.json();
        assert_eq!(page["reportrow"]["aaData"][0][0], seen.len() + 1);
        assert_eq!(page["total"], "137");
        let found = rows(&page);
        for val in [0, found.len() - 1] {
            let path = path_of(&found[val]);
            let link = client.link(&val.to_string(), &path).await.json();
            let file = client
                .get(link["outputfile"].as_str().unwrap())
                .await
                .unwrap();
            let row = truth.iter().find(|row| row.path == path).unwrap();
            assert_eq!(
                Sha256::of(&file.body),
                sim.document_sha256(row.row).unwrap()
            );
            assert!(file.body.starts_with(b"%PDF-1.4"));
        }
        seen.extend(found.iter().map(|row| path_of(row)));
    }
    assert_eq!(seen, paths(&truth));
    assert_eq!(sim.counts()[&(Portal::Ecourts.into(), Route::Search)], 3);
    sim.shutdown().await;
}

#[tokio::test]
async fn filters_windows_and_facets_agree_with_the_truth() {
    let sim = sim().await;
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.log_in().await;
    let window = [
        ("from_date", "2024-02-01"),
        ("to_date", "2024-02-29"),
        ("iDisplayLength", "1000"),
    ];
    let truth: Vec<TruthRow> = sim
        .truth(SourceId::EcourtsHc)
        .into_iter()
        .filter(|row| row.bench_code == "mdubench")
        .filter(|row| {
            row.listed_on
                .is_some_and(|day| day.year() == 2024 && day.month() == 2)
        })
        .collect();
    assert!(truth.len() > 3);
    for code in ["33~10", "33"] {
        let mut fields = window.to_vec();
        fields.extend([("state_code", code), ("dist_code", "2")]);
        let page = client.search(&fields).await.unwrap().json();
        assert_eq!(
            rows(&page)
                .iter()
                .map(|row| path_of(row))
                .collect::<Vec<_>>(),
            paths(&truth)
        );
        let facet = page["court_dtls"].as_str().unwrap();
        assert!(
            facet.contains("get_details('','','33~10','Madras High Court')"),
            "{facet}"
        );
        assert!(
            facet.contains(&format!("text-bg-light'>{}</span>", truth.len())),
            "{facet}"
        );
    }
    let word = truth[0].title.split(' ').next().unwrap();
    let page = client
        .search(&[("search_txt1", word), ("iDisplayLength", "1000")])
        .await
        .unwrap()
        .json();
    let wanted = sim
        .truth(SourceId::EcourtsHc)
        .iter()
        .filter(|r| r.title.to_lowercase().contains(&word.to_lowercase()))
        .count();
    assert_eq!(rows(&page).len(), wanted);
    let everything = client
        .search(&[("search_txt1", "court")])
        .await
        .unwrap()
        .json();
    assert_eq!(everything["total"], "197");
    sim.shutdown().await;
}

#[tokio::test]
async fn reports_are_the_same_on_both_portals() {
    let sim = sim().await;
    let mut pages = Vec::new();
    for (portal, kind) in [(Portal::Ecourts, "3"), (Portal::Scr, "3")] {
        let mut client = Client::new(&sim, portal);
        client.log_in().await;
        let page = client
            .search(&[("fcourt_type", kind), ("iDisplayLength", "100")])
            .await
            .unwrap()
            .json();
        pages.push(rows(&page));
    }
    let truth = sim.truth(SourceId::Scr);
    for page in &pages {
        assert_eq!(
            page.iter().map(|row| path_of(row)).collect::<Vec<_>>(),
            paths(&truth)
        );
    }
    assert!(pages[1][0].contains("open_splitview('0',") && !pages[0][0].contains("open_splitview"));
    let translated = pages[1]
        .iter()
        .find(|row| row.starts_with("<select"))
        .unwrap();
    let first_button = translated.split("<button").nth(1).unwrap();
    assert!(first_button.contains("btn-close"));
    assert!(
        translated.contains("get_pdf_lang(")
            && translated.contains("</button></font><br><strong>Coram : ")
    );
    assert!(translated.contains("value=ESCR01"));
    sim.shutdown().await;
}

#[tokio::test]
async fn sessions_links_and_their_ends() {
    let mut config = SimConfig::new(docket());
    config.documents_per_session = 2;
    config.link_requests = 1;
    let sim = Sim::start(config).await.unwrap();
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.get("/pdfsearch/").await.unwrap();
    let early = client.search(&[]).await.unwrap().json();
    assert_eq!(
        (
            early["session_expire"].as_str(),
            early["reportrow"].is_null()
        ),
        (Some("Y"), true)
    );
    client.log_in().await;
    let page = rows(&client.search(&[]).await.unwrap().json());
    assert_eq!(
        client
            .link("1", &format!("{}#page=1", path_of(&page[1])))
            .await
            .status,
        405
    );
    // A val the page does not have means the first row, whatever the path says.
    let first = client.link("77", &path_of(&page[3])).await.json();
    let address = first["outputfile"].as_str().unwrap().to_owned();
    let truth = sim.truth(SourceId::EcourtsHc);
    let file = client.get(&address).await.unwrap();
    assert_eq!(
        Sha256::of(&file.body),
        sim.document_sha256(truth[0].row).unwrap()
    );
    let late = client.get(&address).await.unwrap();
    assert_eq!((late.status, late.body.len()), (404, 315));
    let mut stranger = Client::new(&sim, Portal::Ecourts);
    stranger.log_in().await;
    let second = client.link("1", &path_of(&page[1])).await.json();
    assert_eq!(
        stranger
            .get(second["outputfile"].as_str().unwrap())
            .await
            .unwrap()
            .status,
        404
    );
    // The allowance of two is used up: a captcha, and with its answer the document.
    let asked = client.link("2", &path_of(&page[2])).await.json();
    assert!(
        asked["outputfile"].is_null()
            && asked["filename"]
                .as_str()
                .unwrap()
                .contains("/pdfsearch/vendor/securimage")
    );
    let wrong = client
        .post(
            "openpdf",
            &[
                ("val", "2"),
                ("path", &path_of(&page[2])),
                ("captcha1", "zzzzzz"),
            ],
        )
        .await
        .unwrap()
        .json();
    assert_eq!(wrong["message"], "Invalid Captcha");
    let (path, answer) = (path_of(&page[2]), client.picture().await);
    let fields = [
        ("val", "2"),
        ("path", path.as_str()),
        ("captcha1", answer.as_str()),
    ];
    let good = client.post("openpdf", &fields).await.unwrap().json();
    assert!(
        good["outputfile"]
            .as_str()
            .unwrap()
            .starts_with("/pdfsearch/tmp/")
    );
    sim.shutdown().await;
}

#[tokio::test]
async fn captchas_are_used_up_by_every_check() {
    let sim = sim().await;
    let mut client = Client::new(&sim, Portal::Scr);
    client.get("/scrsearch/").await.unwrap();
    let old = client.picture().await;
    let answer = client.picture().await;
    assert_ne!(old, answer);
    let long = client
        .post("checkCaptcha", &[("captcha", "toolong1")])
        .await
        .unwrap()
        .text();
    let (message, token) = long.split_once("<br/>#####").unwrap();
    assert!(message.starts_with("Captcha should be") && token.len() == 64);
    let spent = client
        .post("checkCaptcha", &[("captcha", &answer)])
        .await
        .unwrap()
        .json();
    assert_eq!(spent["captcha_status"], "N");
    let answer = client.picture().await;
    let right = client
        .post("checkCaptcha", &[("captcha", &answer)])
        .await
        .unwrap()
        .json();
    assert_eq!(right["captcha_status"], "Y");
    let right: Vec<_> = sim.log().iter().filter_map(|entry| entry.captcha).collect();
    assert_eq!(right, [false, false, true]);
    sim.shutdown().await;
}

#[tokio::test]
async fn strict_modes_refuse_stale_tokens_and_old_ids() {
    let mut config = SimConfig::new(docket());
    config.tokens = TokenMode::StrictAll;
    let sim = Sim::start(config).await.unwrap();
    let mut client = Client::new(&sim, Portal::Ecourts);
    assert!(client.log_in().await.contains("\"Y\""));
    let (token, cookies) = (client.token.clone(), client.cookies.clone());
    assert_eq!(rows(&client.search(&[]).await.unwrap().json()).len(), 10);
    let fresh = std::mem::replace(&mut client.token, token);
    assert!(
        client.search(&[]).await.unwrap().json()["errormsg"]
            .as_str()
            .unwrap()
            .contains("Oops")
    );
    assert_ne!(client.token, fresh);
    assert_eq!(rows(&client.search(&[]).await.unwrap().json()).len(), 10);
    client.cookies = cookies;
    assert_eq!(
        client.search(&[]).await.unwrap().json()["session_expire"],
        "Y"
    );
    sim.shutdown().await;
}

#[tokio::test]
async fn a_missing_field_gives_the_empty_default_answer() {
    let sim = sim().await;
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.log_in().await;
    let page = client
        .post("home", &[("search_txt1", "court"), ("iDisplayStart", "0")])
        .await
        .unwrap()
        .json();
    assert_eq!(
        (
            page["reportrow"]["aaData"].as_array().unwrap().len(),
            &page["total"]
        ),
        (0, &"0".into())
    );
    assert!(
        sim.log()
            .last()
            .unwrap()
            .note
            .as_deref()
            .unwrap()
            .contains("missing field")
    );
    sim.shutdown().await;
}

#[tokio::test]
async fn the_feed_and_its_documents() {
    let sim = sim().await;
    let mut client = Client::new(&sim, Portal::SciFeed);
    let page = client.get("/").await.unwrap().text();
    assert_eq!(page.matches("view-pdf/?diary_no=").count(), 50);
    assert_eq!(page.matches("&amp;type=j&amp;").count(), 25);
    let row = &sim.truth(SourceId::SciFeed)[3];
    assert!(
        page.contains(
            &row.path
                .replace("/sci-get-pdf/", "/view-pdf/")
                .replace('&', "&amp;")
        )
    );
    let file = client.get(&row.path).await.unwrap();
    assert_eq!(
        Sha256::of(&file.body),
        sim.document_sha256(row.row).unwrap()
    );
    assert!(
        file.headers["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("inline; filename=\"")
    );
    let (bare, _) = row.path.split_once("&from=").unwrap();
    assert_eq!(client.get(bare).await.unwrap().text(), "Invalid details.");
    assert_eq!(client.get("/robots.txt").await.unwrap().status, 200);
    sim.shutdown().await;
}

#[tokio::test]
async fn the_control_surface_tells_another_process() {
    let sim = sim().await;
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.get("/pdfsearch/").await.unwrap();
    let picture = client
        .get("/pdfsearch/vendor/securimage/securimage_show.php")
        .await
        .unwrap();
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    let http = reqwest::Client::new();
    let control = sim.control_url().to_owned();
    let told = http
        .post(format!("{control}/__sim/answer"))
        .body(picture.body.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(
        told.text().await.unwrap(),
        sim.answer(&picture.body).unwrap()
    );
    let truth = http
        .get(format!("{control}/__sim/truth?source=scr&sha256=1"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(truth.lines().count(), 30);
    let first: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(truth.lines().next().unwrap()).unwrap();
    assert_eq!(first["document_sha256"].as_str().unwrap().len(), 64);
    let log = http
        .get(format!("{control}/__sim/log"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(log.lines().count(), 2);
    sim.shutdown().await;
}

#[tokio::test]
async fn quirks_stand_in_the_rows_and_in_the_truth() {
    let quirks = Quirks {
        missing_label: 0.1,
        impossible_date: 0.1,
        garbage: 0.05,
        no_button: 0.05,
        ..Quirks::default()
    };
    let spec = DocketSpec {
        courts: vec![CourtShare::new("patna", 400)],
        quirks,
        ..DocketSpec::default()
    };
    let sim = Sim::start(SimConfig::new(Arc::new(Docket::generate(&spec).unwrap())))
        .await
        .unwrap();
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.log_in().await;
    let page = client
        .search(&[("state_code", "10"), ("iDisplayLength", "1000")])
        .await
        .unwrap()
        .json();
    let mut counted = BTreeMap::new();
    for (html, row) in rows(&page).iter().zip(sim.truth(SourceId::EcourtsHc)) {
        *counted.entry(row.flaw).or_insert(0) += 1;
        match row.flaw {
            Some(Flaw::ImpossibleDecision) => assert!(html.contains("01-12-5000")),
            Some(Flaw::ImpossiblePath) => {
                assert!(row.path.contains("_2047-") && html.contains(&row.path));
            }
            Some(Flaw::MissingCnr) => assert!(!html.contains("CNR :")),
            Some(Flaw::MissingDecision) => assert!(!html.contains("Decision Date")),
            Some(Flaw::NoButton) => {
                assert!(!html.contains("open_pdf") && html.contains("caseDetailsTD"));
            }
            Some(Flaw::Garbage) => assert!(!html.contains("caseDetailsTD")),
            _ => assert!(html.contains("</button></font><br>") && html.contains(&row.path)),
        }
        assert_eq!(row.is_readable, row.flaw.is_none_or(Flaw::readable));
    }
    assert!(counted.len() >= 8, "{counted:?}");
    sim.shutdown().await;
}

//! Faults that try a client's limits: floods, bombs, foreign addresses, hostile texts, bad pictures.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

use crate::client::{Client, path_of, rows};
use nirnay_model::{Portal, SourceId};
use nirnay_portal_sim::{
    CourtShare, Docket, DocketSpec, FaultKind, FaultRule, FaultScript, Flaw, On, Outcome, Quirks,
    RetryAfter, Route, Sim, SimConfig, SimHandle, hostile_links, hostile_texts,
};

async fn sim(rules: impl IntoIterator<Item = FaultRule>) -> SimHandle {
    let spec = DocketSpec {
        courts: vec![CourtShare::new("kerala", 60)],
        quirks: Quirks::none(),
        ..DocketSpec::default()
    };
    let mut config = SimConfig::new(Arc::new(Docket::generate(&spec).unwrap()));
    config.faults = Some(FaultScript::of(rules));
    Sim::start(config).await.unwrap()
}

fn rule(kind: FaultKind) -> FaultRule {
    FaultRule::new(kind)
}

#[tokio::test]
async fn a_session_may_end_at_every_single_request() {
    for at in 1..=6 {
        let sim = sim([rule(FaultKind::SessionLost).at_requests([at])]).await;
        let mut client = Client::new(&sim, Portal::Ecourts);
        let verdict = client.log_in().await;
        let first = client.search(&[]).await.unwrap().text();
        let second = client.search(&[]).await.unwrap().text();
        client.link("0", "x.pdf").await;
        // Start, picture, check, search, search, link; a start page has no session to lose.
        let open = |text: &str| !text.contains("session_expire");
        assert_eq!(
            verdict.contains("\"Y\""),
            at != 3,
            "request {at}: {verdict}"
        );
        assert_eq!(open(&first), at != 3 && at != 4, "request {at}");
        assert_eq!(open(&second), !(3..=5).contains(&at), "request {at}");
        let struck: Vec<u64> = sim
            .log()
            .iter()
            .filter(|entry| entry.fault.is_some())
            .map(|entry| entry.number)
            .collect();
        assert_eq!(struck.len(), usize::from(at > 1), "request {at}");
        sim.shutdown().await;
    }
}

#[tokio::test]
async fn pictures_that_are_none() {
    let forms = ["zero", "html", "cut", "noise", "pixels"];
    let rules = forms
        .iter()
        .enumerate()
        .map(|(place, form)| {
            rule(FaultKind::BadPicture)
                .form(*form)
                .at([place as u64 + 1])
        })
        .chain([rule(FaultKind::BadPicture).form("huge").mib(3).at([6])]);
    let sim = sim(rules).await;
    let mut client = Client::new(&sim, Portal::Scr);
    let mut got = Vec::new();
    for _ in 0..7 {
        let path = "/scrsearch/vendor/securimage/securimage_show.php";
        let reply = client.get(path).await.unwrap();
        assert_eq!(
            (reply.status, &reply.headers["content-type"]),
            (200, &"image/png".parse().unwrap())
        );
        got.push(reply.body);
    }
    assert!(got[0].is_empty());
    assert!(got[1].starts_with(b"<!DOCTYPE"));
    assert!(image::load_from_memory(&got[2]).is_err() && got[2].starts_with(b"\x89PNG"));
    assert_eq!(got[3].len(), 4096);
    let promised = image::ImageReader::new(std::io::Cursor::new(&got[4])).with_guessed_format();
    assert_eq!(
        promised.unwrap().into_dimensions().unwrap(),
        (30_000, 30_000)
    );
    assert!(got[5].len() > 3 << 20 && got[5].starts_with(b"\x89PNG"));
    assert!(image::load_from_memory(&got[6]).is_ok());
    sim.shutdown().await;
}

#[tokio::test]
async fn floods_of_headers_and_rows() {
    let rules = [
        rule(FaultKind::HeaderFlood).on(On::Feed).n(5_000).size(100),
        rule(FaultKind::RowFlood).at([1]),
        rule(FaultKind::RowFlood).form("repeat").n(50_000).at([2]),
        rule(FaultKind::EmptyResult).at([3]),
    ];
    let sim = sim(rules).await;
    let address = sim.base_url(Portal::SciFeed).replace("http://", "");
    let heads = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(
            stream,
            "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut text = Vec::new();
        stream.read_to_end(&mut text).unwrap();
        String::from_utf8_lossy(&text)
            .matches("x-filler: xxxx")
            .count()
    });
    assert_eq!(heads.await.unwrap(), 5_000);
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.log_in().await;
    // Ten rows were asked for; all sixty come, then the page's ten again and again.
    assert_eq!(rows(&client.search(&[]).await.unwrap().json()).len(), 60);
    let flood = client.search(&[]).await.unwrap().json();
    assert_eq!(
        (rows(&flood).len(), &flood["total"]),
        (50_000, &"60".into())
    );
    let empty = client.search(&[]).await.unwrap().json();
    assert_eq!((rows(&empty).len(), &empty["total"]), (0, &"0".into()));
    assert_eq!(rows(&client.search(&[]).await.unwrap().json()).len(), 10);
    sim.shutdown().await;
}

#[tokio::test]
async fn rows_that_hold_towers_and_attacks() {
    let nested = rule(FaultKind::NestedRow).n(20_000).form("list").at([1]);
    let hostile = rule(FaultKind::HostileText).probability(0.2);
    let key = rule(FaultKind::HostileText).form("path").n(0).at([2]);
    let sim = sim([nested, hostile, key]).await;
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.log_in().await;
    let page = rows(
        &client
            .search(&[("iDisplayLength", "60")])
            .await
            .unwrap()
            .json(),
    );
    let towers: Vec<_> = page
        .iter()
        .filter(|row| row.contains("<ul><li><ul>"))
        .collect();
    assert_eq!(towers.len(), 1);
    assert_eq!(towers[0].matches("<ul><li>").count(), 20_000);
    assert_eq!(towers[0].matches("</li></ul>").count(), 20_000);
    let truth = sim.truth(SourceId::EcourtsHc);
    let odd: Vec<_> = truth
        .iter()
        .filter(|row| row.flaw == Some(Flaw::HostileText))
        .collect();
    assert!((4..30).contains(&odd.len()), "{}", odd.len());
    for row in &odd {
        let text = row.title.split(" Vs ").next().unwrap();
        assert!(
            hostile_texts()
                .iter()
                .any(|hostile| hostile.starts_with(text)),
            "{text:?}"
        );
        assert!(row.is_readable);
    }
    let page = rows(
        &client
            .search(&[("iDisplayLength", "60")])
            .await
            .unwrap()
            .json(),
    );
    assert_eq!(
        page.iter()
            .filter(|row| row.contains("../../../../../../etc/passwd#"))
            .count(),
        1
    );
    sim.shutdown().await;
}

#[tokio::test]
async fn addresses_that_lead_elsewhere() {
    let links = rule(FaultKind::BadOutputfile).form("any").n(2);
    let away = rule(FaultKind::RedirectOut)
        .on(On::Feed)
        .form("any")
        .n(0)
        .status(307);
    let sim = sim([links, away]).await;
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.log_in().await;
    let page = rows(&client.search(&[]).await.unwrap().json());
    let link = client.link("0", &path_of(&page[0])).await.json();
    assert_eq!(link["outputfile"], hostile_links()[2]);
    let mut feed = Client::new(&sim, Portal::SciFeed);
    let got = feed.get("/").await.unwrap();
    assert_eq!(
        (got.status, &got.headers["location"]),
        (307, &hostile_links()[0].parse().unwrap())
    );
    sim.shutdown().await;
}

#[tokio::test]
async fn robots_and_retry_after_in_all_their_forms() {
    let texts = [
        "date:+90",
        "date:-90",
        "rfc850:+90",
        "asctime:+90",
        "1000000000",
        "-1",
        "",
        "soon",
    ];
    let retries = texts.iter().enumerate().map(|(place, text)| {
        let value = RetryAfter::Text((*text).to_owned());
        rule(FaultKind::RetryAfter)
            .on(On::Feed)
            .at([place as u64 + 1])
            .status(if place % 2 == 0 { 429 } else { 503 })
            .retry_after(value)
    });
    let robots = [
        rule(FaultKind::HttpStatus)
            .on(On::Robots)
            .status(503)
            .at([3]),
        rule(FaultKind::RedirectOut)
            .on(On::Robots)
            .to("/robots.txt?again")
            .at([4]),
        rule(FaultKind::HugeBody).on(On::Robots).mib(2).at([6]),
    ];
    let sim = sim(retries.chain(robots)).await;
    let mut client = Client::new(&sim, Portal::SciFeed);
    for (place, text) in texts.iter().enumerate() {
        let got = client.get("/").await.unwrap();
        assert_eq!(got.status, if place % 2 == 0 { 429 } else { 503 });
        let value = got.headers["retry-after"].to_str().unwrap();
        match text.split_once(':') {
            Some(("asctime", _)) => assert!(value.len() == 24, "{value}"),
            Some(_) => assert!(value.ends_with(" GMT"), "{value}"),
            None => assert_eq!(value, *text),
        }
    }
    sim.set_robots(
        Portal::SciFeed,
        Some("User-agent: *\nCrawl-delay: 7\n".to_owned()),
    );
    assert!(
        client
            .get("/robots.txt")
            .await
            .unwrap()
            .text()
            .contains("Crawl-delay: 7")
    );
    sim.set_robots(Portal::SciFeed, None);
    assert_eq!(client.get("/robots.txt").await.unwrap().status, 404);
    assert_eq!(client.get("/robots.txt").await.unwrap().status, 503);
    let moved = client.get("/robots.txt").await.unwrap();
    assert_eq!(
        (moved.status, &moved.headers["location"]),
        (302, &"/robots.txt?again".parse().unwrap())
    );
    assert_eq!(client.get("/robots.txt?again").await.unwrap().status, 404);
    assert_eq!(client.get("/robots.txt").await.unwrap().body.len(), 2 << 20);
    sim.shutdown().await;
}

#[tokio::test]
async fn the_log_tells_tries_pictures_and_outcomes() {
    let sim = sim([
        rule(FaultKind::CaptchaPinned).at([2]),
        rule(FaultKind::NotJson).on(On::Search).at([2]),
    ])
    .await;
    let mut client = Client::new(&sim, Portal::Ecourts);
    client.get("/pdfsearch/").await.unwrap();
    client.picture().await;
    client
        .post("checkCaptcha", &[("captcha", "wrong1")])
        .await
        .unwrap();
    let answer = client.picture().await;
    client
        .post("checkCaptcha", &[("captcha", &answer)])
        .await
        .unwrap();
    client.search(&[]).await.unwrap();
    client.search(&[]).await.unwrap();
    client.get("/pdfsearch/tmp/none.pdf").await.unwrap();
    let log = sim.log();
    let outcomes: Vec<Outcome> = log.iter().map(|entry| entry.outcome).collect();
    assert_eq!(
        outcomes,
        [
            Outcome::Served,
            Outcome::Served,
            Outcome::CaptchaRefused,
            Outcome::Served,
            Outcome::CaptchaTaken,
            Outcome::Served,
            Outcome::Forged,
            Outcome::Missing
        ]
    );
    let checks: Vec<_> = log
        .iter()
        .filter(|entry| entry.route == Route::Check)
        .collect();
    assert_eq!((checks[0].tries, checks[1].tries), (Some(1), Some(2)));
    // The second picture was pinned: it is the first one.
    assert_eq!((checks[0].picture, checks[1].picture), (Some(1), Some(1)));
    assert_eq!(checks[1].answer.as_deref(), Some(answer.as_str()));
    assert!(
        log.iter()
            .all(|entry| entry.session == log[0].session && entry.session.is_some())
    );
    assert_eq!(sim.log_since(6).len(), 2);
    sim.shutdown().await;
}

#[tokio::test]
async fn the_log_keeps_as_much_as_it_is_told() {
    let docket = Docket::generate(&DocketSpec::default()).unwrap();
    let mut config = SimConfig::new(Arc::new(docket));
    config.log_kept = 3;
    let sim = Sim::start(config).await.unwrap();
    let mut client = Client::new(&sim, Portal::SciFeed);
    for _ in 0..5 {
        client.get("/").await.unwrap();
    }
    let numbers: Vec<u64> = sim.log().iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, [3, 4, 5]);
    assert_eq!(sim.counts()[&(Portal::SciFeed.into(), Route::Feed)], 5);
    sim.shutdown().await;
}

#[tokio::test]
async fn the_feed_and_file_names_are_hostile_too() {
    let feed = rule(FaultKind::HostileText)
        .portal(Portal::SciFeed)
        .probability(0.3);
    let name = rule(FaultKind::HostileName).portal(Portal::SciFeed).n(0);
    let sim = sim([feed, name]).await;
    let truth = sim.truth(SourceId::SciFeed);
    let odd = truth
        .iter()
        .filter(|row| row.flaw == Some(Flaw::HostileText));
    let titles: Vec<&str> = odd.map(|row| row.title.as_str()).collect();
    assert!((5..30).contains(&titles.len()), "{titles:?}");
    assert!(
        sim.truth(SourceId::EcourtsHc)
            .iter()
            .all(|row| row.flaw.is_none())
    );
    let mut client = Client::new(&sim, Portal::SciFeed);
    let page = client.get("/").await.unwrap().text();
    for title in titles {
        let party = title.split(" Vs ").next().unwrap();
        let party = party.replace('&', "&amp;").replace('<', "&lt;");
        let party = party.replace('>', "&gt;").replace('"', "&quot;");
        assert!(page.contains(&party), "{title:?}");
    }
    let file = client.get(&truth[0].path).await.unwrap();
    let name = file.headers["content-disposition"].to_str().unwrap();
    assert_eq!(
        name,
        "attachment; filename=\"../../../../../../etc/passwd\""
    );
    sim.shutdown().await;
}

//! What the portal says in place of what was asked for.

use super::*;
use crate::client::line::Line;
use crate::{HostStateStore as _, stage::SESSION_ID};

const HOST: &str = "judgments.ecourts.gov.in:443";
const PATH: &str =
    "/sci-get-pdf/?diary_no=12342025&type=j&order_date=2026-02-24&from=latest_judgements_order";

fn maintenance() -> HttpReply {
    stage::reply(
        200,
        "<html><title>Under Maintenance</title>The site is under maintenance</html>",
    )
}

#[tokio::test]
async fn a_page_about_the_portal_is_no_document_of_the_feed() {
    let oops = stage::oops();
    for (answers, good) in [
        (times(&maintenance(), 1), true),
        (times(&oops, 2), true),
        (times(&maintenance(), 9), false),
        (times(&oops, 9), false),
    ] {
        let rig = Rig::new([(CaptureKind::Document, answers)]);
        let got = rig.feed().document(&feed_handle(PATH)).await;
        match got.map_err(|error| error.class()) {
            Ok(document) => assert!(good && document.bytes == stage::PDF),
            Err(class) => {
                let later = matches!(class, ErrorClass::Throttled { .. } | ErrorClass::Transient);
                assert!(!good && later, "{class:?}");
            }
        }
    }
    let law = stage::reply(200, "Automated access to this site is an offence.");
    let rig = Rig::new([(CaptureKind::Document, times(&law, 1))]);
    let class = rig.feed().document(&feed_handle(PATH)).await.unwrap_err();
    assert_eq!(class.class(), ErrorClass::Blocked);
    let page = stage::reply(200, "<html>Invalid details.</html>");
    let rig = Rig::new([(CaptureKind::Document, times(&page, 1))]);
    let document = rig.feed().document(&feed_handle(PATH)).await.unwrap();
    assert_eq!(document.bytes, page.body, "what it is is for the caller");
}

#[tokio::test]
async fn the_portals_words_are_told_without_the_sessions_secrets() {
    let quoted = format!("Oops! session {SESSION_ID} is broken");
    for body in [
        serde_json::json!({"errormsg": quoted}),
        serde_json::json!({ SESSION_ID: quoted }),
    ] {
        let rig = Rig::new([(
            CaptureKind::Search,
            times(&stage::reply(200, body.to_string()), 9),
        )]);
        let error = rig.judgments().page(&first()).await.unwrap_err();
        let told = format!("{error} {:?}", rig.events.lock().unwrap());
        assert!(!told.contains(SESSION_ID), "{told}");
        let state = serde_json::to_string(&rig.states.get(HOST)).unwrap();
        assert!(!state.contains(SESSION_ID), "{state}");
    }
}

#[tokio::test]
async fn a_path_that_the_portal_dislikes_costs_one_document() {
    for status in [400, 404, 405] {
        let odd = stage::reply(status, "no");
        let rig = Rig::new([(CaptureKind::DocumentLink, times(&odd, 2))]);
        let mut client = rig.judgments();
        let class = client.document(&first(), &stage::handle(1)).await;
        assert_eq!(
            class.unwrap_err().class(),
            ErrorClass::Permanent(MissingReason::LinkRefused)
        );
        assert!(client.document(&first(), &stage::handle(2)).await.is_ok());
    }
}

#[tokio::test]
async fn a_search_that_is_understood_parts_two_unknown_replies() {
    let unknown = || Some(Ok(stage::reply(200, "{\"something\":\"else\"}")));
    let odd = || Some(Ok(stage::reply(404, "no")));
    let answers = vec![unknown(), odd(), odd(), unknown(), None];
    let rig = Rig::new([(CaptureKind::DocumentLink, answers)]);
    let mut client = rig.judgments();
    let refused = client.document(&first(), &stage::handle(1)).await;
    assert!(refused.is_err());
    let document = client.document(&first(), &stage::handle(2)).await;
    assert!(document.is_ok(), "{document:?}");
}

#[tokio::test]
async fn a_crawl_delay_beyond_the_longest_wait_is_told() {
    let slow = stage::reply(200, "User-agent: *\nCrawl-delay: 1200");
    let rig = Rig::new([(CaptureKind::Robots, times(&slow, 1))]);
    for _ in 0..2 {
        let error = rig.judgments().page(&first()).await.unwrap_err();
        let told = error.to_string();
        assert!(told.contains("set max_wait to at least 1200 s"), "{told}");
        assert_eq!(rig.portal.all(), 1, "robots.txt alone is asked for");
        rig.clock.advance(Duration::from_hours(1));
    }
}

#[tokio::test]
async fn progress_is_stored_when_the_gate_goes() {
    let rig = Rig::new([]);
    let (_, deps) = rig.deps(SourceId::EcourtsHc);
    rig.states
        .update(HOST, &mut |state| state.health.barren_ms = 5)
        .unwrap();
    deps.gate.progress();
    drop(deps);
    assert_eq!(rig.states.get(HOST).health.barren_ms, 0);
}

#[tokio::test]
async fn a_redirect_that_checks_cookies_is_followed_with_them() {
    let rig = Rig::new([]);
    let (config, deps) = rig.deps(SourceId::EcourtsHc);
    let line = Line::new(&config, deps).unwrap();
    let mut request = line.routes.start(CaptureKind::Start);
    let sent = "A=1; S=old".to_owned();
    request.headers.push(("Cookie".to_owned(), sent));
    let back = stage::with_header(stage::reply(302, ""), "Location", request.url.as_str());
    assert!(line.moved(&request, &back).is_none(), "it leads nowhere");
    let checks = stage::with_header(back, "Set-Cookie", "S=new; path=/");
    let moved = line.moved(&request, &checks).unwrap();
    let cookies = moved.headers.iter().filter(|(name, _)| name == "Cookie");
    let values: Vec<&str> = cookies.map(|(_, value)| value.as_str()).collect();
    assert_eq!(values, ["A=1; S=new"]);

    let start = rig.deps(SourceId::EcourtsHc).0.base_url;
    let start = start.join("/pdfsearch/").unwrap();
    let checks = stage::with_header(stage::reply(302, ""), "Location", start.as_str());
    let checks = stage::with_header(checks, "Set-Cookie", "S=new; path=/");
    let rig = Rig::new([(CaptureKind::Start, times(&checks, 1))]);
    assert_eq!(rig.judgments().page(&first()).await.unwrap().epoch, 1);
}

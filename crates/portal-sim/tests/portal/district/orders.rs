//! Orders, cause lists and faults.

use std::collections::BTreeSet;

use nirnay_portal_sim::{CaseFile, FaultKind, FaultRule, FaultScript, On, Outcome, Sim, Site};
use serde_json::Value;

use super::{ROOT, Visitor, config};
use crate::client::Got;

/// The orders behind a case: what a link of its page calls is posted and followed.
async fn document(visitor: &mut Visitor<'_>, page: &str, place: usize) -> Got {
    let call = page
        .split("displayPdf('home/display_pdf&amp;")
        .nth(place + 1)
        .unwrap();
    let query = call.split('\'').next().unwrap().replace("&amp;", "&");
    let fields: Vec<(&str, &str)> = query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .collect();
    let got = visitor.post("home/display_pdf", &fields).await;
    let answer: Value = got.json();
    let Some(path) = answer["order"].as_str() else {
        return got;
    };
    visitor.client.get(&format!("{ROOT}/{path}")).await.unwrap()
}

#[tokio::test]
async fn orders_open_for_the_session_that_saw_their_links() {
    let sim = Sim::start(config()).await.unwrap();
    let mut visitor = Visitor::new(&sim).await;
    let files = sim.cases(Site::DistrictCourts, &["26"]);
    let with_orders: Vec<&CaseFile> = files
        .iter()
        .filter(|file| file.orders.len() > 1)
        .take(6)
        .collect();
    for file in &with_orders {
        let page = visitor.page(&file.cnr).await;
        let interim = file.orders.iter().filter(|order| !order.is_judgment);
        for (place, order) in interim.enumerate() {
            let got = document(&mut visitor, &page, place).await;
            match sim.case_document(&file.cnr, order.number) {
                Some(bytes) => assert!(got.body == bytes, "{} {}", file.cnr, order.number),
                None => assert_eq!(got.json()["errormsg"], "Order is not uploaded..!"),
            }
        }
    }
    let page = visitor.page(&with_orders[0].cnr).await;
    let mut other = Visitor::new(&sim).await;
    let got = document(&mut other, &page, 0).await;
    assert!(got.json()["errormsg"].is_string());
    // The same by number, and by date.
    let file = with_orders[1];
    let kind = format!("{}^{}", file.case_type.code, file.place[3]);
    let (number, year) = (file.number.to_string(), file.year.to_string());
    let fields = [
        ("case_type", &*kind),
        ("search_case_no", &number),
        ("case_no", &number),
        ("rgyear", &year),
        ("court_complex", &file.place[2]),
    ];
    let got = visitor
        .search(
            "courtorder/submitCaseNo",
            "order_case_captcha_code",
            &file.place,
            &fields,
        )
        .await;
    let html = got.json()["order_data"].as_str().unwrap().to_owned();
    assert_eq!(html.matches("View PDF").count(), file.orders.len());
    let on = file.orders[0].on.strftime("%d-%m-%Y").to_string();
    let fields = [("from_date", &*on), ("to_date", &on)];
    let got = visitor
        .search(
            "courtorder/submitOrderDate",
            "order_date_captcha_code",
            &file.place,
            &fields,
        )
        .await;
    let html = got.json()["court_dt_data"].as_str().unwrap().to_owned();
    assert!(html.contains("id='caseList'") && html.contains(&file.long_number()));
}

#[tokio::test]
async fn cause_lists_name_every_case_of_the_day() {
    let sim = Sim::start(config()).await.unwrap();
    let mut visitor = Visitor::new(&sim).await;
    let files = sim.cases(Site::DistrictCourts, &["1", "1"]);
    let busy = files
        .iter()
        .find(|file| file.next_hearing.is_some())
        .unwrap();
    let on = busy.next_hearing.unwrap();
    let date = on.strftime("%d-%m-%Y").to_string();
    let (mut found, mut rows) = (BTreeSet::new(), 0);
    for room in 1..=6 {
        let court = format!("{room}@{}", busy.place[3]);
        for side in ["civ", "cri"] {
            let fields = [
                ("CL_court_no", &*court),
                ("court_name_txt", "x"),
                ("causelist_date", &date),
                ("cicri", side),
                ("selprevdays", "0"),
            ];
            let got = visitor
                .search(
                    "cause_list/submitCauseList",
                    "cause_list_captcha_code",
                    &busy.place,
                    &fields,
                )
                .await;
            let html = got.json()["causelist_data"].as_str().unwrap().to_owned();
            for row in html.split("<tr><td>").skip(1) {
                rows += 1;
                // The number leads to the case: `<a … onClick="viewHistory(…)">number</a>`.
                let link = row.split("<td>").nth(1).unwrap();
                assert!(link.contains("viewHistory("), "{row}");
                let number = link.split('>').nth(1).unwrap().split('<').next().unwrap();
                found.insert(number.to_owned());
            }
        }
    }
    let place: Vec<&str> = busy.place.iter().map(String::as_str).collect();
    let sitting = sim.sitting(Site::DistrictCourts, &place, on);
    let truth: BTreeSet<String> = sitting
        .iter()
        .map(|cnr| sim.case(cnr).unwrap().title_number())
        .collect();
    assert_eq!((found, rows), (truth, sitting.len()));
    let fields = [("CL_court_no", "1@1"), ("causelist_date", &*date)];
    let got = visitor
        .search(
            "cause_list/submitCauseList",
            "cause_list_captcha_code",
            &busy.place,
            &fields,
        )
        .await;
    assert_eq!(got.json()["errormsg"], "Court Name is required..!");
}

#[tokio::test]
async fn faults_strike_here_too() {
    let mut config = config();
    let here = |kind| FaultRule::new(kind).portal(Site::DistrictCourts);
    config.faults = Some(FaultScript::of([
        here(FaultKind::SecretTurns).on(On::List).at([4]),
        here(FaultKind::SessionExpire).on(On::Case).at([1]),
        here(FaultKind::EmptyBody).on(On::Case).at([2]),
        here(FaultKind::CaptchaWrongLength).on(On::Case).at([3]),
        here(FaultKind::BlockPage).on(On::Case).at([4]).status(405),
        here(FaultKind::Drop).on(On::Case).at([5]),
        here(FaultKind::StaleLink).at([2]),
        here(FaultKind::WrongDocument).at([1]),
    ]));
    let sim = Sim::start(config).await.unwrap();
    let files = sim.cases(Site::DistrictCourts, &["26"]);
    let is_there = |file: &&CaseFile| {
        file.orders
            .first()
            .is_some_and(|order| order.has_file && !order.is_judgment)
    };
    let file = files.iter().find(is_there).unwrap();
    let mut visitor = Visitor::new(&sim).await;
    for _ in 0..2 {
        visitor
            .post("casestatus/fillDistrict", &[("state_code", "8")])
            .await;
    }
    let turned = visitor
        .post("casestatus/fillDistrict", &[("state_code", "8")])
        .await;
    assert!(turned.json()["errormsg"].is_string());
    let mut seen = Vec::new();
    for _ in 0..4 {
        let mut visitor = Visitor::new(&sim).await;
        let answer = visitor.picture().await;
        let got = visitor
            .post(
                "cnr_status/searchByCNR",
                &[("cino", &file.cnr), ("fcaptcha_code", &answer)],
            )
            .await;
        seen.push((got.status, got.text()));
    }
    assert!(seen[0].1.contains("Session Expired"), "{}", seen[0].1);
    assert!(seen[1].1.is_empty() && seen[2].1.contains("#####") && seen[3].0 == 405);
    let mut visitor = Visitor::new(&sim).await;
    let answer = visitor.picture().await;
    let headers: Vec<(String, String)> = visitor.headers.clone();
    let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (&**n, &**v)).collect();
    let fields = [("cino", &*file.cnr), ("fcaptcha_code", &answer)];
    let lost = visitor
        .client
        .form(
            &format!("{ROOT}/?p=cnr_status/searchByCNR"),
            &fields,
            &headers,
        )
        .await;
    assert!(lost.is_err());
    let page = visitor.page(&file.cnr).await;
    let own = sim.case_document(&file.cnr, file.orders[0].number).unwrap();
    assert!(
        document(&mut visitor, &page, 0).await.body != own,
        "another case's order"
    );
    assert_eq!(document(&mut visitor, &page, 0).await.status, 404);
    assert!(document(&mut visitor, &page, 0).await.body == own);
    let log = sim.log();
    let expired = log
        .iter()
        .filter(|entry| entry.portal == Site::DistrictCourts && entry.outcome == Outcome::Expired);
    assert_eq!(expired.count(), 1);
}

//! The portal of the district courts' cases.

use std::collections::BTreeSet;
use std::sync::Arc;

use nirnay_portal_sim::{
    CaseFile, Docket, DocketSpec, FaultKind, FaultRule, FaultScript, Guard, On, Outcome, Sim,
    SimConfig, SimHandle, Site, TokenMode,
};
use serde_json::Value;

use crate::client::{Client, Got};

const ROOT: &str = "/ecourtindia_v6";

fn config() -> SimConfig {
    SimConfig::new(Arc::new(Docket::generate(&DocketSpec::default()).unwrap()))
}

/// A client that reads the script's secret and header names as the page's own script has them.
struct Visitor<'a> {
    client: Client<'a>,
    headers: Vec<(String, String)>,
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let rest = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"))
        .1;
    rest.split_once(after).unwrap().0
}

impl<'a> Visitor<'a> {
    async fn new(sim: &'a SimHandle) -> Self {
        let mut visitor = Self {
            client: Client::new(sim, Site::DistrictCourts),
            headers: Vec::new(),
        };
        visitor.enter().await;
        visitor
    }

    async fn enter(&mut self) {
        let page = self.client.get(&format!("{ROOT}/")).await.unwrap().text();
        let script = between(&page, "src=\"js/components.js", "\"");
        self.read(&format!("{ROOT}/js/components.js{script}")).await;
        self.client.token.clear();
        let got = self.post("casestatus/getCaptcha", &[]).await;
        assert!(
            got.json()["div_captcha"]
                .as_str()
                .unwrap()
                .contains("securimage_show.php?")
        );
    }

    async fn read(&mut self, path: &str) {
        let script = self.client.get(path).await.unwrap().text();
        let secret = between(&script, "var delimeter=\"", "\"").to_owned();
        let block = between(&script, "\"delimeter\": delimeter,", "}");
        let second = between(block, "\"", "\"").to_owned();
        self.headers = vec![("delimeter".to_owned(), secret.clone()), (second, secret)];
    }

    async fn post(&mut self, action: &str, fields: &[(&str, &str)]) -> Got {
        let token = self.client.token.clone();
        let mut all = fields.to_vec();
        all.extend([("ajax_req", "true"), ("app_token", &*token)]);
        let headers: Vec<(&str, &str)> = self.headers.iter().map(|(n, v)| (&**n, &**v)).collect();
        self.client
            .form(&format!("{ROOT}/?p={action}"), &all, &headers)
            .await
            .unwrap()
    }

    async fn picture(&mut self) -> String {
        let path = format!("{ROOT}/vendor/securimage/securimage_show.php?0.5");
        let picture = self.client.get(&path).await.unwrap();
        self.client.sim.answer(&picture.body).unwrap()
    }

    /// A search with a right answer, the place told before.
    async fn search(
        &mut self,
        action: &str,
        field: &str,
        place: &[String],
        fields: &[(&str, &str)],
    ) -> Got {
        let codes = [
            ("state_code", &*place[0]),
            ("dist_code", &*place[1]),
            ("court_complex_code", &*place[2]),
            ("est_code", &*place[3]),
        ];
        assert_eq!(
            self.post("casestatus/set_data", &codes).await.json()["status"],
            1
        );
        let answer = self.picture().await;
        let mut all = codes.to_vec();
        all.extend_from_slice(fields);
        all.push((field, &answer));
        self.post(action, &all).await
    }

    async fn page(&mut self, cnr: &str) -> String {
        let answer = self.picture().await;
        let got = self
            .post(
                "cnr_status/searchByCNR",
                &[("cino", cnr), ("fcaptcha_code", &answer)],
            )
            .await
            .json();
        let html = got["casetype_list"]
            .as_str()
            .or(got["historytable"].as_str());
        html.unwrap_or_else(|| panic!("{got}")).to_owned()
    }
}

fn cnrs(html: &str) -> BTreeSet<String> {
    let calls = html.split("viewHistory(").skip(1);
    calls
        .map(|call| call.split('\'').nth(1).unwrap().to_owned())
        .collect()
}

fn options(html: &str) -> Vec<(String, String)> {
    let parts = html.split("<option value='").skip(1);
    parts
        .map(|part| {
            (
                between(&format!("@{part}"), "@", "'").to_owned(),
                between(part, ">", "<").to_owned(),
            )
        })
        .filter(|(value, _)| !value.is_empty())
        .collect()
}

#[tokio::test]
async fn the_cascade_leads_to_every_establishment() {
    let sim = Sim::start(config()).await.unwrap();
    let mut visitor = Visitor::new(&sim).await;
    let page = visitor
        .client
        .get(&format!("{ROOT}/?p=casestatus/index"))
        .await
        .unwrap()
        .text();
    assert_eq!(
        options(between(&page, "id=\"sess_state_code\"", "</select>")).len(),
        36
    );
    let list = |got: Got, key: &str| options(got.json()[key].as_str().unwrap());
    let districts = list(
        visitor
            .post("casestatus/fillDistrict", &[("state_code", "8")])
            .await,
        "dist_list",
    );
    assert_eq!(districts[0], ("1".to_owned(), "Patna".to_owned()));
    let codes = [("state_code", "8"), ("dist_code", "1")];
    let complexes = list(
        visitor.post("casestatus/fillcomplex", &codes).await,
        "complex_list",
    );
    assert_eq!(complexes[0].0, "1080011@1@N");
    assert_eq!(complexes[1].0, "1080012@2,3,4@Y");
    let whole = [
        ("state_code", "8"),
        ("dist_code", "1"),
        ("court_complex_code", "1080012@2,3,4@Y"),
    ];
    let got = visitor
        .post("casestatus/fillCourtEstablishment", &whole)
        .await;
    assert_eq!((got.status, got.body.len()), (200, 0));
    let cut = [
        ("state_code", "8"),
        ("dist_code", "1"),
        ("court_complex_code", "1080012"),
    ];
    let courts = list(
        visitor
            .post("casestatus/fillCourtEstablishment", &cut)
            .await,
        "est_list",
    );
    assert_eq!(
        courts.iter().map(|(code, _)| &**code).collect::<Vec<_>>(),
        ["2", "3", "4"]
    );
    let kinds = list(
        visitor.post("casestatus/fillCaseType", &cut).await,
        "casetype_list",
    );
    assert_eq!(kinds.len(), 3 * 12);
    assert!(kinds[0].0.ends_with("^2"));
    let rooms = list(
        visitor.post("cause_list/fillCauseList", &cut).await,
        "cause_list",
    );
    assert!(rooms.iter().any(|(code, _)| code == "1@2"), "{rooms:?}");
}

#[tokio::test]
async fn a_call_without_the_secret_is_refused_and_the_secret_turns() {
    let mut config = config();
    config.secret_requests = Some(12);
    config.tokens = TokenMode::StrictTokens;
    let sim = Sim::start(config).await.unwrap();
    let mut visitor = Visitor::new(&sim).await;
    let good = std::mem::take(&mut visitor.headers);
    let got = visitor
        .post("casestatus/fillDistrict", &[("state_code", "8")])
        .await;
    assert!(
        got.json()["errormsg"]
            .as_str()
            .unwrap()
            .contains("Invalid Request")
    );
    visitor.headers = good.clone();
    let mut turned = 0;
    for _ in 0..40 {
        let got = visitor
            .post("casestatus/fillDistrict", &[("state_code", "8")])
            .await;
        if got.json()["errormsg"].is_string() {
            turned += 1;
            visitor.read(&format!("{ROOT}/js/components.js")).await;
        }
    }
    assert!((2..=5).contains(&turned), "{turned}");
    assert_ne!(
        good[1].0, visitor.headers[1].0,
        "the name of the header turns as well"
    );
    visitor.client.token = "0".repeat(64);
    let stale = visitor
        .post("casestatus/fillDistrict", &[("state_code", "8")])
        .await;
    assert!(stale.json()["errormsg"].is_string());
    let log = sim.log();
    assert!(
        log.iter()
            .any(|entry| entry.note.as_deref() == Some("wrong or missing headers"))
    );

    let mut open = self::config();
    open.guard = Guard::Open;
    let sim = Sim::start(open).await.unwrap();
    let mut visitor = Visitor::new(&sim).await;
    visitor.headers.clear();
    let got = visitor
        .post("casestatus/fillDistrict", &[("state_code", "8")])
        .await;
    assert!(got.json()["dist_list"].is_string());
}

#[tokio::test]
async fn cases_are_found_by_number_party_and_cnr() {
    let sim = Sim::start(config()).await.unwrap();
    let mut visitor = Visitor::new(&sim).await;
    let files = sim.cases(Site::DistrictCourts, &["8", "1", "1080012"]);
    assert_eq!(files.len(), 3 * 24);
    for file in files.iter().step_by(9) {
        let kind = format!("{}^{}", file.case_type.code, file.place[3]);
        let (number, year) = (file.number.to_string(), file.year.to_string());
        let fields = [
            ("case_type", &*kind),
            ("search_case_no", &number),
            ("case_no", &number),
            ("rgyear", &year),
        ];
        let got = visitor
            .search(
                "casestatus/submitCaseNo",
                "case_captcha_code",
                &file.place,
                &fields,
            )
            .await;
        assert!(cnrs(got.json()["case_data"].as_str().unwrap()).contains(&file.cnr));
        let page = visitor.page(&file.cnr).await;
        assert!(page.contains(&format!(">{}</span>", file.cnr)));
        assert_eq!(page.matches("displayPdf(").count(), file.orders.len());
        assert_eq!(page.contains("Case disposed"), file.is_disposed());
        let history = [("cino", &*file.cnr), ("state_code", &*file.place[0])];
        let got = visitor.post("home/viewHistory", &history).await.json();
        assert_eq!(got["data_list"].as_str().unwrap(), page);
    }
    // Without an establishment the whole complex is searched.
    let year = files[30].year;
    let place = [&files[0].place[..3], &[String::new()]].concat();
    let years = year.to_string();
    let fields = [
        ("petres_name", "state"),
        ("rgyearP", &*years),
        ("case_status", "Both"),
    ];
    let got = visitor
        .search(
            "casestatus/submitPartyName",
            "fcaptcha_code",
            &place,
            &fields,
        )
        .await;
    let html = got.json()["party_data"].as_str().unwrap().to_owned();
    let truth: BTreeSet<String> = files
        .iter()
        .filter(|file| {
            let mut parties = file.petitioners.iter().chain(&file.respondents);
            file.year == year && parties.any(|party| party.name.to_uppercase().contains("STATE"))
        })
        .map(|file| file.cnr.clone())
        .collect();
    assert!(truth.len() > 2);
    assert_eq!(cnrs(&html), truth);
    assert!(html.contains(&format!("Total number of cases : {}", truth.len())));
    let fields = [("case_type", "1^2"), ("case_no", "1"), ("rgyear", "2024")];
    let got = visitor
        .search(
            "casestatus/submitCaseNo",
            "case_captcha_code",
            &files[0].place,
            &fields,
        )
        .await;
    assert_eq!(got.json()["errormsg"], "Case Number is required..!");
    let fields = [
        ("petres_name", "nobody at all"),
        ("rgyearP", "2024"),
        ("case_status", "Both"),
    ];
    let got = visitor
        .search(
            "casestatus/submitPartyName",
            "fcaptcha_code",
            &place,
            &fields,
        )
        .await;
    assert!(
        got.json()["party_data"]
            .as_str()
            .unwrap()
            .contains("Record not found")
    );
}

#[tokio::test]
async fn a_wrong_answer_is_said_in_both_forms() {
    let sim = Sim::start(config()).await.unwrap();
    let mut visitor = Visitor::new(&sim).await;
    let (mut status, mut message) = (0, 0);
    for _ in 0..30 {
        let got = visitor
            .post(
                "cnr_status/searchByCNR",
                &[("cino", "BRPA010000012024"), ("fcaptcha_code", "zzzzz0")],
            )
            .await
            .json();
        assert!(
            got["div_captcha"]
                .as_str()
                .unwrap()
                .contains("captcha_image")
        );
        if got["errormsg"] == "Invalid Captcha... " {
            message += 1;
        } else {
            assert_eq!(got["status"], 0);
            status += 1;
        }
    }
    assert!(status > 4 && message > 4, "{status} {message}");
}

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
                found.insert(
                    row.split("<td>")
                        .nth(1)
                        .unwrap()
                        .split('<')
                        .next()
                        .unwrap()
                        .to_owned(),
                );
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

//! The portal of the district courts' cases.

use std::collections::BTreeSet;
use std::sync::Arc;

use nirnay_portal_sim::{Docket, DocketSpec, Guard, Sim, SimConfig, SimHandle, Site, TokenMode};

use crate::client::{Client, Got};

mod orders;

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

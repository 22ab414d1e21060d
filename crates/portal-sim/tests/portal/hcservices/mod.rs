//! The portal of the High Courts' cases.

use std::collections::BTreeSet;
use std::sync::Arc;

use nirnay_model::{Sha256, SourceId};
use nirnay_portal_sim::{
    CaseFile, CaseSpec, CourtShare, Crowd, Docket, DocketSpec, FaultKind, FaultRule, FaultScript,
    On, Outcome, Quirks, Sim, SimConfig, SimHandle, Site,
};
use serde_json::Value;

use crate::client::{Client, Got};

mod files;
mod searches;

const MARK: &[u8] = b"\xef\xbb\xbf";
const INDEX: &str = "/hcservices/cases_qry/index_qry.php";
const RECORDS: &str = "/hcservices/cases_qry/index_qry.php?action_code=showRecords";

fn config() -> SimConfig {
    let spec = DocketSpec {
        courts: vec![
            CourtShare::new("delhi", 80),
            CourtShare::new("bombay", 60),
            CourtShare::new("gujarat", 20),
        ],
        quirks: Quirks {
            second_order: 0.3,
            ..Quirks::none()
        },
        ..DocketSpec::default()
    };
    SimConfig::new(Arc::new(Docket::generate(&spec).unwrap()))
}

async fn sim() -> SimHandle {
    Sim::start(config()).await.unwrap()
}

/// The text behind the mark, which every body has.
fn unmarked(got: &Got) -> String {
    assert!(got.body.starts_with(MARK), "{}", got.text());
    String::from_utf8(got.body[3..].to_vec()).unwrap()
}

struct Visitor<'a>(Client<'a>);

impl<'a> Visitor<'a> {
    async fn new(sim: &'a SimHandle) -> Self {
        let mut client = Client::new(sim, Site::HcServices);
        client.get("/hcservices/main.php").await.unwrap();
        Self(client)
    }

    async fn picture(&mut self) -> String {
        let picture = self
            .0
            .get("/hcservices/securimage/securimage_show.php")
            .await
            .unwrap();
        self.0.sim.answer(&picture.body).unwrap()
    }

    /// A search with a right answer.
    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Got {
        let answer = self.picture().await;
        let mut fields = fields.to_vec();
        fields.push(("captcha", &answer));
        self.0.form(path, &fields, &[]).await.unwrap()
    }

    async fn records(&mut self, kind: &str, place: (&str, &str), fields: &[(&str, &str)]) -> Got {
        let mut all = vec![
            ("state_code", place.0),
            ("court_code", place.1),
            ("court_complex_code", place.1),
            ("caseStatusSearchType", kind),
        ];
        all.extend_from_slice(fields);
        self.post(RECORDS, &all).await
    }

    async fn page(&mut self, cnr: &str) -> String {
        let fields = [
            ("action_code", "fetchStateDistCourtNew"),
            ("cino", cnr),
            ("appFlag", "web"),
            ("caseStatusSearchType", "CNRNumber"),
        ];
        unmarked(&self.post(INDEX, &fields).await)
    }
}

/// The rows of all parts of an answer.
fn rows(got: &Got) -> (Vec<Vec<Value>>, usize) {
    let answer: Value = serde_json::from_str(&unmarked(got)).unwrap();
    let parts = answer["con"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer}"));
    let read = |part: &Value| -> Vec<Value> {
        let text = part.as_str().unwrap().replace('\t', " ");
        serde_json::from_str(&text).unwrap()
    };
    let total = &answer["totRecords"];
    let total = total
        .as_u64()
        .unwrap_or_else(|| total.as_str().unwrap().parse().unwrap());
    (parts.iter().map(read).collect(), total as usize)
}

fn cnrs(parts: &[Vec<Value>]) -> BTreeSet<String> {
    let rows = parts.iter().flatten();
    rows.map(|row| row["cino"].as_str().unwrap().to_owned())
        .collect()
}

fn of(files: &[CaseFile], test: impl Fn(&CaseFile) -> bool) -> BTreeSet<String> {
    files
        .iter()
        .filter(|file| test(file))
        .map(|file| file.cnr.clone())
        .collect()
}

#[tokio::test]
async fn lists_need_no_captcha() {
    let sim = sim().await;
    let mut visitor = Visitor::new(&sim).await;
    let fields = [
        ("action_code", "fillHCBench"),
        ("state_code", "1"),
        ("appFlag", "web"),
    ];
    let benches = unmarked(&visitor.0.form(INDEX, &fields, &[]).await.unwrap());
    assert!(
        benches.starts_with("0~Select Bench#1~Appellate Side,Bombay#"),
        "{benches}"
    );
    assert_eq!(benches.matches('#').count(), 8);
    let path = "/hcservices/cases_qry/index_qry.php?action_code=fillCaseType";
    let fields = [("court_code", "1"), ("state_code", "26")];
    let kinds = unmarked(&visitor.0.form(path, &fields, &[]).await.unwrap());
    assert!(kinds.contains("W.P.(C)(CIVIL SIDE)-"), "{kinds}");
    let nothing = visitor
        .0
        .form(INDEX, &[("action_code", "else")], &[])
        .await
        .unwrap();
    assert_eq!(nothing.body.len(), 3 + 20);
    assert_eq!(unmarked(&nothing), "Invalid Request..!!!");
}

#[tokio::test]
async fn every_case_is_found_by_number_and_by_cnr() {
    let sim = sim().await;
    let mut visitor = Visitor::new(&sim).await;
    let files = sim.cases(Site::HcServices, &["26", "1"]);
    assert!(files.len() > 80, "{}", files.len());
    for file in files.iter().step_by(7) {
        let (kind, number) = (file.case_type.code.to_string(), file.number.to_string());
        let year = file.year.to_string();
        let fields = [
            ("case_type", &*kind),
            ("case_no", &number),
            ("rgyear", &year),
        ];
        let (parts, total) = rows(&visitor.records("CScaseNumber", ("26", "1"), &fields).await);
        assert!(cnrs(&parts).contains(&file.cnr));
        assert_eq!((parts.len(), total), (1, parts[0].len()));
        let row = parts[0]
            .iter()
            .find(|row| row["cino"] == file.cnr.as_str())
            .unwrap();
        assert_eq!(row["case_no"], file.long_number().as_str());
        assert_eq!(row["type_name"], file.case_type.name.as_str());
        let page = visitor.page(&file.cnr).await;
        assert!(
            page.contains(&file.hyphened())
                && page.contains("table class=\"table case_details_table\"")
        );
        assert_eq!(page.contains("CASE DISPOSED"), file.is_disposed());
        for order in &file.orders {
            assert!(page.contains(&format!("<td>&nbsp;&nbsp;{}</td>", order.number)));
        }
    }
    let page = visitor.page("DLHC019999992024").await;
    assert_eq!(page, "Record Not Found");
}

#[tokio::test]
async fn the_docket_and_the_cases_agree() {
    let sim = sim().await;
    let mut shared = 0;
    for row in sim.truth(SourceId::EcourtsHc) {
        let file = sim.case(row.cnr.as_deref().unwrap()).unwrap();
        assert_eq!(
            format!("{}/{}/{}", file.case_type.name, file.number, file.year),
            row_number(&sim, &file)
        );
        let order = file
            .orders
            .iter()
            .find(|order| order.row == Some(row.row))
            .unwrap();
        assert_eq!(Some(order.on), row.decision_date);
        assert_eq!(Some(u32::from(order.number)), row.order_no);
        assert_eq!(order.judge, row.judges.join(","));
        assert!(file.decided >= row.decision_date && file.registered <= order.on);
        if file.decided == row.decision_date {
            assert_eq!(file.disposal, row.disposal);
        }
        let bytes = sim.case_document(&file.cnr, order.number).unwrap();
        let bytes = bytes.strip_prefix(MARK).unwrap_or(&bytes);
        assert_eq!(Some(Sha256::of(bytes)), sim.document_sha256(row.row));
        shared += usize::from(file.orders.len() > 1);
    }
    assert!(shared > 5, "no case has two orders");
}

fn row_number(sim: &SimHandle, file: &CaseFile) -> String {
    let (petitioner, respondent) = (&file.petitioners[0].name, &file.respondents[0].name);
    let title = format!("{petitioner} Vs {respondent}");
    let rows = sim.truth(SourceId::EcourtsHc);
    let row = rows
        .iter()
        .find(|row| row.cnr.as_deref() == Some(&file.cnr))
        .unwrap();
    assert_eq!(row.title, title);
    file.title_number()
}

#[tokio::test]
async fn a_bench_of_two_establishments_answers_in_two_parts() {
    let sim = sim().await;
    let mut visitor = Visitor::new(&sim).await;
    let files = sim.cases(Site::HcServices, &["1", "1"]);
    let year = files[files.len() / 2].year.to_string();
    let fields = [("f", "Both"), ("petres_name", "state"), ("rgyear", &*year)];
    let (parts, total) = rows(&visitor.records("CSpartyName", ("1", "1"), &fields).await);
    assert_eq!(parts.len(), 2);
    assert!(!parts[1].is_empty() && parts[0].len() + parts[1].len() == total);
    let page = visitor.page(&files[0].cnr).await;
    assert!(
        page.contains("<span class='case_details_table'>"),
        "the older layout"
    );
    let gujarat = sim.cases(Site::HcServices, &["17"]);
    let file = gujarat.iter().find(|file| !file.orders.is_empty()).unwrap();
    let page = visitor.page(&file.cnr).await;
    let history = page.split("history_table").last().unwrap();
    assert!(
        history
            .split("</table>")
            .next()
            .unwrap()
            .contains("order_table")
    );
}

#[tokio::test]
async fn a_crowd_is_answered_in_one_reply() {
    let mut config = config();
    config.cases = CaseSpec {
        crowd: Some(Crowd {
            court: "delhi".to_owned(),
            party: "NATIONAL CROWD LTD".to_owned(),
            year: 2022,
            cases: 5_000,
        }),
        ..CaseSpec::default()
    };
    let sim = Sim::start(config).await.unwrap();
    let mut visitor = Visitor::new(&sim).await;
    let fields = [
        ("f", "Both"),
        ("petres_name", "national crowd"),
        ("rgyear", "2022"),
    ];
    let (parts, total) = rows(&visitor.records("CSpartyName", ("26", "1"), &fields).await);
    assert_eq!((cnrs(&parts).len(), total), (5_000, 5_000));
    let one = cnrs(&parts).pop_last().unwrap();
    assert_eq!(
        sim.case(&one).unwrap().respondents[0].name,
        "NATIONAL CROWD LTD"
    );
}

#[tokio::test]
async fn faults_strike_here_too() {
    let mut config = config();
    config.faults = Some(FaultScript::of([
        FaultRule::new(FaultKind::SessionExpire)
            .on(On::Search)
            .at([1])
            .portal(Site::HcServices),
        FaultRule::new(FaultKind::Errormsg).on(On::Search).at([2]),
        FaultRule::new(FaultKind::CaptchaRefuse)
            .on(On::Search)
            .at([3]),
        FaultRule::new(FaultKind::EmptyResult).at([4]),
        FaultRule::new(FaultKind::ShortPage).at([5]),
        FaultRule::new(FaultKind::HttpStatus)
            .on(On::Search)
            .at([6])
            .status(502),
        FaultRule::new(FaultKind::NotJson).on(On::Case).at([1]),
        FaultRule::new(FaultKind::WrongDocument).at([1]),
        FaultRule::new(FaultKind::TruncatedPdf).at([2]),
    ]));
    let sim = Sim::start(config).await.unwrap();
    let files = sim.cases(Site::HcServices, &["26"]);
    let year = files[files.len() / 2].year.to_string();
    let mut seen = Vec::new();
    for _ in 0..7 {
        let mut visitor = Visitor::new(&sim).await;
        let fields = [("f", "Both"), ("petres_name", "state"), ("rgyear", &*year)];
        let got = visitor.records("CSpartyName", ("26", "1"), &fields).await;
        seen.push((got.status, got.text().chars().take(26).collect::<String>()));
    }
    assert!(seen[0].1.contains("Invalid Request"), "{seen:?}");
    assert!(seen[1].1.contains("ERROR_VAL") && seen[2].1.contains("Invalid Captcha"));
    assert!(
        seen[3].1.contains("{\"con\":[\"[]\"]") && seen[5].0 == 502,
        "{seen:?}"
    );
    let mut visitor = Visitor::new(&sim).await;
    let file = files.iter().find(|f| f.is_disposed()).unwrap();
    let answer = visitor.picture().await;
    let fields = [
        ("action_code", "fetchStateDistCourtNew"),
        ("cino", &*file.cnr),
        ("caseStatusSearchType", "CNRNumber"),
        ("captcha", &*answer),
    ];
    let broken = visitor.0.form(INDEX, &fields, &[]).await.unwrap();
    assert!(broken.text().contains("Fatal error"));
    let page = visitor.page(&file.cnr).await;
    let path = page
        .split("href='cases/")
        .nth(1)
        .unwrap()
        .split('\'')
        .next()
        .unwrap()
        .replace("&amp;", "&");
    let inside = format!("{}/hcservices/main.php", sim.base_url(Site::HcServices));
    let own = sim.case_document(&file.cnr, file.orders[0].number).unwrap();
    let wrong = visitor
        .0
        .get_with(
            &format!("/hcservices/cases/{path}"),
            &[("referer", &inside)],
        )
        .await
        .unwrap();
    assert!(wrong.body.windows(5).any(|part| part == b"%PDF-") && wrong.body != own);
    let cut = visitor
        .0
        .get_with(
            &format!("/hcservices/cases/{path}"),
            &[("referer", &inside)],
        )
        .await
        .unwrap();
    assert!(cut.body[..] == own[..own.len() * 60 / 100]);
    assert!(
        sim.log()
            .iter()
            .any(|entry| entry.portal == Site::HcServices && entry.outcome == Outcome::Expired)
    );
}

//! The site of the Calcutta High Court.

use std::sync::Arc;

use nirnay_portal_sim::{
    CaseFile, CourtShare, Docket, DocketSpec, FaultKind, FaultRule, FaultScript, Sim, SimConfig,
    SimHandle, Site,
};
use serde_json::Value;

use crate::client::{Client, Got};

fn config() -> SimConfig {
    let spec = DocketSpec {
        courts: vec![CourtShare::new("calcutta", 80)],
        ..DocketSpec::default()
    };
    SimConfig::new(Arc::new(Docket::generate(&spec).unwrap()))
}

struct Visitor<'a>(Client<'a>, String);

impl<'a> Visitor<'a> {
    async fn new(sim: &'a SimHandle) -> Self {
        let mut client = Client::new(sim, Site::CalcuttaHc);
        let page = client.get("/highcourt_order_search").await.unwrap().text();
        let token = page
            .split("name=\"_token\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let token = token.to_owned();
        assert!(client.cookies.contains_key("XSRF-TOKEN"));
        Self(client, token)
    }

    async fn search(&mut self, file: &CaseFile) -> Got {
        let picture = self.0.get("/captcha/default").await.unwrap();
        let answer = self.0.sim.answer(&picture.body).unwrap();
        self.send(file, &answer).await
    }

    async fn send(&mut self, file: &CaseFile, answer: &str) -> Got {
        let (kind, number, year) = (
            file.case_type.code.to_string(),
            file.number.to_string(),
            file.year.to_string(),
        );
        let token = self.1.clone();
        let fields = [
            ("_token", &*token),
            ("order_establishment", file.cnr.get(..6).unwrap()),
            ("order_casetype", &kind),
            ("order_reg_no", &number),
            ("order_year", &year),
            ("captcha", answer),
        ];
        self.0
            .form("/order_judgment_search", &fields, &[])
            .await
            .unwrap()
    }
}

/// The object, within a text or not.
fn object(got: &Got) -> (Value, bool) {
    match got.json() {
        Value::String(text) => (serde_json::from_str(&text).unwrap(), true),
        value => (value, false),
    }
}

#[tokio::test]
async fn cases_come_with_their_orders_and_citations() {
    let sim = Sim::start(config()).await.unwrap();
    let (mut texts, mut objects, mut opened) = (0, 0, 0);
    for file in sim
        .cases(Site::CalcuttaHc, &[])
        .iter()
        .filter(|file| !file.orders.is_empty())
        .step_by(5)
    {
        let mut visitor = Visitor::new(&sim).await;
        let (found, in_text) = object(&visitor.search(file).await);
        *(if in_text { &mut texts } else { &mut objects }) += 1;
        let found_number = found["full_Case_num"].as_str().unwrap();
        assert_eq!(found_number, file.title_number());
        if found["cino"] != file.cnr.as_str() {
            continue;
        }
        let rows = found["list"].as_str().unwrap();
        assert_eq!(rows.matches("<tr><td>").count(), file.orders.len());
        for order in &file.orders {
            assert!(rows.contains(order.citation.as_deref().unwrap()));
        }
        let call = rows
            .split("show_order(\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let token = visitor.1.clone();
        let got = visitor
            .0
            .form(
                "/show_pdf",
                &[("_token", &token), ("order_data", call)],
                &[],
            )
            .await
            .unwrap();
        let number = file.orders[0].number;
        let Some(own) = sim.case_document(&file.cnr, number) else {
            assert_eq!(got.text(), "File not found");
            continue;
        };
        let path = got.text().replace(&sim.base_url(Site::CalcuttaHc), "");
        let mut stranger = Client::new(&sim, Site::CalcuttaHc);
        assert!(stranger.get(&path).await.unwrap().body == own);
        opened += 1;
    }
    assert!(
        texts > 2 && objects > texts && opened > 10,
        "{texts} {objects} {opened}"
    );
}

#[tokio::test]
async fn a_wrong_answer_a_stale_token_and_no_such_case_are_told_apart() {
    let mut config = config();
    config.faults = Some(FaultScript::of([FaultRule::new(FaultKind::Errormsg)
        .portal(Site::CalcuttaHc)
        .at([4])]));
    let sim = Sim::start(config).await.unwrap();
    let files = sim.cases(Site::CalcuttaHc, &[]);
    let mut visitor = Visitor::new(&sim).await;
    let wrong = visitor.send(&files[0], "zzzzz0").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.json()["errors"]["captcha"].is_array());
    let nobody = CaseFile {
        number: 3_000_000,
        ..files[0].clone()
    };
    let got = visitor.search(&nobody).await;
    let (none, _) = object(&got);
    assert_eq!(
        (got.status, &none["cino"], &none["list"]),
        (200, &Value::from(""), &Value::from(""))
    );
    visitor.1 = "stale".to_owned();
    assert_eq!(visitor.search(&files[0]).await.status, 419);
    let mut visitor = Visitor::new(&sim).await;
    assert_eq!(visitor.search(&files[0]).await.status, 500);
    let token = visitor.1.clone();
    let kinds = visitor
        .0
        .form(
            "/case_type_list_controller",
            &[("_token", &token), ("est", "WBCHCA")],
            &[],
        )
        .await
        .unwrap();
    assert!(
        kinds
            .text()
            .contains("<option value=\"20\">W.P.(C)</option>"),
        "{}",
        kinds.text()
    );
}

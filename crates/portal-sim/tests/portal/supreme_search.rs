//! The search of the Supreme Court's own site.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::ToSpan;
use nirnay_portal_sim::{
    Docket, DocketSpec, FaultKind, FaultRule, FaultScript, On, Outcome, Quirks, Sim, SimConfig,
    SimHandle, Site, SupremeJudgment,
};

use crate::client::{Client, Got};

fn config() -> SimConfig {
    let spec = DocketSpec {
        scr_rows: 120,
        quirks: Quirks {
            translations: 0.3,
            ..Quirks::none()
        },
        ..DocketSpec::default()
    };
    SimConfig::new(Arc::new(Docket::generate(&spec).unwrap()))
}

struct Visitor<'a> {
    client: Client<'a>,
    id: String,
    token: (String, String),
}

impl<'a> Visitor<'a> {
    async fn new(sim: &'a SimHandle) -> Self {
        let mut client = Client::new(sim, Site::SciFeed);
        let page = client
            .get("/judgements-judgement-date/")
            .await
            .unwrap()
            .text();
        let value = |before: &str| {
            page.split(before)
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
                .to_owned()
        };
        let id = value("name=\"scid\" id=\"input_siwp_captcha_id_0\" value=\"");
        let name = format!("tok_{}", value("name=\"tok_"));
        let token = (name.clone(), value(&format!("name=\"{name}\" value=\"")));
        Self { client, id, token }
    }

    async fn send(&mut self, action: &str, fields: &str, wrong: bool) -> Got {
        let picture = self
            .client
            .get(&format!("/?_siwp_captcha&id={}", self.id))
            .await
            .unwrap();
        let mut answer = self.client.sim.answer(&picture.body).unwrap();
        assert!(answer.parse::<u32>().unwrap() > 0, "a sum");
        if wrong {
            answer.push('9');
        }
        let path = format!(
            "/wp-admin/admin-ajax.php?action=get_judgements_{action}&{fields}&siwp_captcha_value={answer}&scid={}&{}={}&language=en&es_ajax_request=1",
            self.id, self.token.0, self.token.1
        );
        self.client.get(&path).await.unwrap()
    }
}

fn html(got: &Got) -> String {
    let answer = got.json();
    assert_eq!(answer["success"], true, "{answer}");
    let data = &answer["data"];
    data.as_str()
        .or(data["resultsHtml"].as_str())
        .unwrap()
        .to_owned()
}

/// The diary numbers of the rows.
fn diaries(html: &str) -> BTreeSet<String> {
    let rows = html.split("data-diary-no=\"").skip(1);
    rows.map(|row| row.split('"').next().unwrap().to_owned())
        .collect()
}

fn of(all: &[SupremeJudgment], test: impl Fn(&SupremeJudgment) -> bool) -> BTreeSet<String> {
    let wanted = all.iter().filter(|judgment| test(judgment));
    wanted
        .map(|judgment| format!("{}/{}", judgment.diary, judgment.diary_year))
        .collect()
}

#[tokio::test]
async fn a_window_of_thirty_days_has_all_its_judgments() {
    let sim = Sim::start(config()).await.unwrap();
    let all = sim.supreme_judgments();
    let mut visitor = Visitor::new(&sim).await;
    let mut from = all[0].on;
    let mut found = BTreeSet::new();
    while from <= all.last().unwrap().on {
        let to = from + 30.days();
        let fields = format!(
            "from_date={}&to_date={}",
            from.strftime("%d-%m-%Y"),
            to.strftime("%d-%m-%Y")
        );
        let html = html(&visitor.send("judgement_date", &fields, false).await);
        let own = diaries(&html);
        assert_eq!(own, of(&all, |judgment| (from..=to).contains(&judgment.on)));
        assert_eq!(html.contains("No records found"), own.is_empty());
        found.extend(own);
        from = to + 1.days();
    }
    assert_eq!(found, of(&all, |_| true));
    let wide = visitor
        .send(
            "judgement_date",
            "from_date=01-01-2024&to_date=01-02-2024",
            false,
        )
        .await;
    assert_eq!(wide.json()["success"], false);
}

#[tokio::test]
async fn it_also_goes_by_diary_case_party_and_judge() {
    let sim = Sim::start(config()).await.unwrap();
    let all = sim.supreme_judgments();
    let mut visitor = Visitor::new(&sim).await;
    let one = &all[7];
    let fields = format!("diary_no={}&year={}", one.diary, one.diary_year);
    let found = diaries(&html(&visitor.send("diary_no", &fields, false).await));
    assert!(found.contains(&format!("{}/{}", one.diary, one.diary_year)));
    let (kind, rest) = one.number.split_once(" No. ").unwrap();
    let (number, year) = rest.split_once('/').unwrap();
    let fields = format!(
        "case_type={}&case_no={number}&year={year}",
        kind.replace(' ', "+")
    );
    let found = diaries(&html(&visitor.send("case_no", &fields, false).await));
    assert_eq!(found, of(&all, |judgment| judgment.number == one.number));
    let found = diaries(&html(
        &visitor.send("party_name", "party_name=state", false).await,
    ));
    let has = |judgment: &SupremeJudgment| {
        format!("{} VS {}", judgment.petitioner, judgment.respondent)
            .to_uppercase()
            .contains("STATE")
    };
    assert_eq!(found, of(&all, has));
    let judge = one.judges[0].replace(' ', "+").replace('\'', "%27");
    let date = one.on.strftime("%d-%m-%Y");
    let fields = format!("judge_name={judge}&from_date={date}&to_date={date}");
    let found = diaries(&html(&visitor.send("judge_name", &fields, false).await));
    assert_eq!(
        found,
        of(&all, |judgment| judgment.on == one.on
            && judgment.judges.contains(&one.judges[0]))
    );
}

#[tokio::test]
async fn documents_and_translations_open_by_their_links() {
    let sim = Sim::start(config()).await.unwrap();
    let all = sim.supreme_judgments();
    let mut client = Client::new(&sim, Site::SciDocuments);
    let translated = all.iter().filter(|judgment| judgment.links.len() > 1);
    let mut count = 0;
    for judgment in translated.take(8).chain(all.last()) {
        let original = client.get(&judgment.links[0].1).await.unwrap().body;
        assert!(Some(&original[..]) == sim.document(judgment.row).as_deref());
        for (language, path) in judgment.links.iter().skip(1) {
            let other = client.get(path).await.unwrap().body;
            assert!(
                other.starts_with(b"%PDF") && other != original,
                "{language}"
            );
            count += 1;
        }
    }
    assert!(count >= 8);
    assert_eq!(
        client
            .get("/supremecourt/2011/1/nothing.pdf")
            .await
            .unwrap()
            .status,
        404
    );
}

#[tokio::test]
async fn wrong_sums_and_faults() {
    let mut config = config();
    config.faults = Some(FaultScript::of([
        FaultRule::new(FaultKind::CaptchaRefuse)
            .on(On::Search)
            .at([3])
            .portal(Site::SciFeed),
        FaultRule::new(FaultKind::SessionLost)
            .on(On::Search)
            .at([4]),
        FaultRule::new(FaultKind::EmptyResult).at([5]),
        FaultRule::new(FaultKind::HtmlPdf).at([1]),
    ]));
    let sim = Sim::start(config).await.unwrap();
    let judgment = &sim.supreme_judgments()[0];
    let mut visitor = Visitor::new(&sim).await;
    let wrong = visitor.send("party_name", "party_name=state", true).await;
    assert_eq!(wrong.json()["success"], false);
    let token = std::mem::replace(&mut visitor.token.1, "0".to_owned());
    assert_eq!(
        visitor
            .send("party_name", "party_name=state", false)
            .await
            .json()["data"],
        "Invalid request."
    );
    visitor.token.1 = token;
    for _ in 0..2 {
        assert_eq!(
            visitor
                .send("party_name", "party_name=state", false)
                .await
                .json()["success"],
            false
        );
    }
    assert!(
        html(&visitor.send("party_name", "party_name=state", false).await)
            .contains("No records found")
    );
    assert!(
        !diaries(&html(
            &visitor.send("party_name", "party_name=state", false).await
        ))
        .is_empty()
    );
    let mut documents = Client::new(&sim, Site::SciDocuments);
    let page = documents.get(&judgment.links[0].1).await.unwrap();
    assert!(page.text().contains("could not be opened"));
    let refused = sim
        .log()
        .into_iter()
        .filter(|entry| entry.outcome == Outcome::CaptchaRefused);
    assert_eq!(refused.count(), 2);
}

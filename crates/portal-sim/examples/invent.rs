//! How long a large docket takes: `scale [ROWS]` invents so many rows (1,000,000), walks all of them in
//! pages of 1,000, court by court and month by month, and prints times and memory.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement prints its figures and stops at the first surprise"
)]

use std::sync::Arc;
use std::time::Instant;

use nirnay_model::{Portal, SourceId};
use nirnay_portal_sim::{CourtShare, Docket, DocketSpec, Sim, SimConfig};

const COURTS: [(&str, &str); 4] = [
    ("delhi", "7~26"),
    ("madras", "33~10"),
    ("bombay", "27~1"),
    ("patna", "10~8"),
];

fn memory(name: &str) -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name));
    line.unwrap_or("").split_whitespace().nth(1).map_or_else(
        || "unknown".to_owned(),
        |kib| format!("{} MiB", kib.parse::<u64>().unwrap_or(0) / 1024),
    )
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rows: u32 = std::env::args()
        .nth(1)
        .map_or(Ok(1_000_000), |n| n.parse())?;
    let begun = Instant::now();
    let courts = COURTS
        .iter()
        .map(|(slug, _)| CourtShare::new(*slug, rows / COURTS.len() as u32));
    let docket = Docket::generate(&DocketSpec {
        courts: courts.collect(),
        from: "2015-01-01".parse()?,
        to: "2024-12-31".parse()?,
        ..DocketSpec::default()
    })?;
    println!(
        "invented {} rows in {:.1?}, {}",
        docket.len(SourceId::EcourtsHc),
        begun.elapsed(),
        memory("VmRSS")
    );
    let sim = Sim::start(SimConfig::new(Arc::new(docket))).await?;
    let begun = Instant::now();
    let mut walk = Walk::new(sim.base_url(Portal::Ecourts));
    walk.log_in(&sim).await?;
    for (_, code) in COURTS {
        for year in 2015..=2024 {
            for month in 1..=12 {
                let last = jiff::civil::date(year, month, 1).days_in_month();
                let (from, to) = (
                    format!("{year}-{month:02}-01"),
                    format!("{year}-{month:02}-{last}"),
                );
                walk.window(code, &from, &to).await?;
            }
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "served {} rows, {} MiB in {} pages in {seconds:.1} s: {:.0} rows/s; {}, peak {}",
        walk.rows,
        walk.bytes >> 20,
        walk.pages,
        walk.rows as f64 / seconds,
        memory("VmRSS"),
        memory("VmHWM")
    );
    let begun = Instant::now();
    let mut told = 0;
    while told % 1000 == 0 {
        let page = sim.truth_page(SourceId::EcourtsHc, told, 1000);
        if page.is_empty() {
            break;
        }
        told += page.len();
    }
    println!(
        "told the truth of {told} rows in {:.1?}, peak {}",
        begun.elapsed(),
        memory("VmHWM")
    );
    sim.shutdown().await;
    Ok(())
}

struct Walk {
    base: String,
    http: reqwest::Client,
    cookie: String,
    rows: u64,
    pages: u64,
    bytes: u64,
}

impl Walk {
    fn new(base: String) -> Self {
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        Self {
            base,
            http: reqwest::Client::new(),
            cookie: String::new(),
            rows: 0,
            pages: 0,
            bytes: 0,
        }
    }

    async fn log_in(&mut self, sim: &nirnay_portal_sim::SimHandle) -> Result<(), reqwest::Error> {
        let start = self
            .http
            .get(format!("{}/pdfsearch/", self.base))
            .send()
            .await?;
        let cookie = start.headers()["set-cookie"]
            .to_str()
            .unwrap_or("")
            .to_owned();
        cookie
            .split(';')
            .next()
            .unwrap_or("")
            .clone_into(&mut self.cookie);
        let picture = format!(
            "{}/pdfsearch/vendor/securimage/securimage_show.php",
            self.base
        );
        let picture = self
            .http
            .get(picture)
            .header("cookie", &self.cookie)
            .send()
            .await?;
        let answer = sim.answer(&picture.bytes().await?).unwrap();
        self.post("checkCaptcha", format!("captcha={answer}"))
            .await?;
        Ok(())
    }

    async fn post(&self, action: &str, body: String) -> Result<bytes::Bytes, reqwest::Error> {
        let request = self
            .http
            .post(format!("{}/pdfsearch/?p=pdf_search/{action}", self.base))
            .header("cookie", &self.cookie)
            .body(body);
        request.send().await?.bytes().await
    }

    async fn window(&mut self, court: &str, from: &str, to: &str) -> Result<(), reqwest::Error> {
        let mut start = 0;
        loop {
            let body = format!(
                "search_txt1=&search_txt2=&search_txt3=&search_txt4=&search_txt5=&pet_res=&state_code={court}&state_code_li=\
                 &dist_code=null&case_no=&case_year=&from_date={from}&to_date={to}&judge_name=&reg_year=&fulltext_case_type=\
                 &judge_txt=&act_txt=&section_txt=&judge_val=&act_val=&year_val=&judge_arr=&flag=&disp_nature=&search_opt=PHRASE\
                 &date_val=ALL&fcourt_type=2&citation_yr=&citation_vol=&citation_supl=&citation_page=&case_no1=&case_year1=&pet_res1=\
                 &fulltext_case_type1=&citation_keyword=&sel_lang=&proximity=&neu_cit_year=&neu_no=&sEcho=1\
                 &iDisplayStart={start}&iDisplayLength=1000"
            );
            let reply = self.post("home", body).await?;
            let rows = reply
                .windows(13)
                .filter(|at| *at == b"caseDetailsTD")
                .count() as u64;
            self.pages += 1;
            self.bytes += reply.len() as u64;
            self.rows += rows;
            start += 1000;
            if rows < 990 {
                return Ok(());
            }
        }
    }
}

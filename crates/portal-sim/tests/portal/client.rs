//! A small client of the judgment portals that keeps nothing but cookies and the latest token.

use std::collections::BTreeMap;

use nirnay_portal_sim::{SimHandle, Site};
use serde_json::Value;

pub(crate) struct Client<'a> {
    pub(crate) sim: &'a SimHandle,
    pub(crate) portal: Site,
    http: reqwest::Client,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) token: String,
}

pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Got {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

impl<'a> Client<'a> {
    pub(crate) fn new(sim: &'a SimHandle, site: impl Into<Site>) -> Self {
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            sim,
            portal: site.into(),
            http,
            cookies: BTreeMap::new(),
            token: String::new(),
        }
    }

    pub(crate) fn root(&self) -> &'static str {
        if self.portal == Site::Scr {
            "/scrsearch"
        } else {
            "/pdfsearch"
        }
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Result<Got, reqwest::Error> {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        let reply = request.header("cookie", cookies.join("; ")).send().await?;
        for line in reply.headers().get_all("set-cookie") {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let (status, headers) = (reply.status().as_u16(), reply.headers().clone());
        let body = reply.bytes().await?.to_vec();
        if let Some(at) = String::from_utf8_lossy(&body).rfind("\"app_token\":\"") {
            self.token = String::from_utf8_lossy(&body[at + 13..at + 77]).into_owned();
        }
        Ok(Got {
            status,
            headers,
            body,
        })
    }

    pub(crate) async fn get(&mut self, path: &str) -> Result<Got, reqwest::Error> {
        let request = self
            .http
            .get(format!("{}{path}", self.sim.base_url(self.portal)));
        self.send(request).await
    }

    pub(crate) async fn post(
        &mut self,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Result<Got, reqwest::Error> {
        let mut form = url_form(fields);
        form.push_str("&ajax_req=true&app_token=");
        form.push_str(&self.token);
        let request = self
            .http
            .post(format!(
                "{}{}/?p=pdf_search/{action}",
                self.sim.base_url(self.portal),
                self.root()
            ))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        self.send(request).await
    }

    /// A form to any path, with headers beside the cookies.
    pub(crate) async fn form(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Result<Got, reqwest::Error> {
        let request = self
            .http
            .post(format!("{}{path}", self.sim.base_url(self.portal)))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(url_form(fields));
        let request = headers.iter().fold(request, |r, (n, v)| r.header(*n, *v));
        self.send(request).await
    }

    /// A GET with headers beside the cookies.
    pub(crate) async fn get_with(
        &mut self,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<Got, reqwest::Error> {
        let request = self
            .http
            .get(format!("{}{path}", self.sim.base_url(self.portal)));
        let request = headers.iter().fold(request, |r, (n, v)| r.header(*n, *v));
        self.send(request).await
    }

    /// Start page, picture, check. Gives the verdict's text.
    pub(crate) async fn log_in(&mut self) -> String {
        let start = self.get(&format!("{}/", self.root())).await.unwrap();
        assert_eq!(start.status, 200);
        self.token.clear();
        let answer = self.picture().await;
        self.post("checkCaptcha", &[("captcha", &answer), ("search_text", "")])
            .await
            .unwrap()
            .text()
    }

    /// A new picture, and what it says.
    pub(crate) async fn picture(&mut self) -> String {
        let picture = self
            .get(&format!(
                "{}/vendor/securimage/securimage_show.php?1",
                self.root()
            ))
            .await
            .unwrap();
        self.sim.answer(&picture.body).unwrap()
    }

    pub(crate) async fn search(&mut self, extra: &[(&str, &str)]) -> Result<Got, reqwest::Error> {
        let mut fields: Vec<(&str, &str)> = EMPTY.iter().map(|name| (*name, "")).collect();
        fields.extend([
            ("dist_code", "null"),
            (
                "fcourt_type",
                if self.portal == Site::Scr { "3" } else { "2" },
            ),
            ("search_opt", "PHRASE"),
            ("sEcho", "1"),
            ("iDisplayStart", "0"),
            ("iDisplayLength", "10"),
        ]);
        fields.extend_from_slice(extra);
        self.post("home/", &fields).await
    }

    pub(crate) async fn link(&mut self, val: &str, path: &str) -> Got {
        self.post(
            "openpdfcaptcha",
            &[("val", val), ("path", path), ("fcourt_type", "2")],
        )
        .await
        .unwrap()
    }
}

const EMPTY: &[&str] = &[
    "search_txt1",
    "search_txt2",
    "search_txt3",
    "search_txt4",
    "search_txt5",
    "pet_res",
    "state_code",
    "state_code_li",
    "case_no",
    "case_year",
    "from_date",
    "to_date",
    "judge_name",
    "reg_year",
    "fulltext_case_type",
    "judge_txt",
    "act_txt",
    "section_txt",
    "judge_val",
    "act_val",
    "year_val",
    "judge_arr",
    "flag",
    "disp_nature",
    "date_val",
    "citation_yr",
    "citation_vol",
    "citation_supl",
    "citation_page",
    "case_no1",
    "case_year1",
    "pet_res1",
    "fulltext_case_type1",
    "citation_keyword",
    "sel_lang",
    "proximity",
    "neu_cit_year",
    "neu_no",
];

fn url_form(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String {
        text.bytes()
            .map(|b| {
                if b.is_ascii_alphanumeric() || b"-_./".contains(&b) {
                    char::from(b).to_string()
                } else {
                    format!("%{b:02X}")
                }
            })
            .collect()
    };
    fields
        .iter()
        .map(|(name, value)| format!("{name}={}", escape(value)))
        .collect::<Vec<_>>()
        .join("&")
}

/// The rows of a search answer.
pub(crate) fn rows(answer: &Value) -> Vec<String> {
    let rows = answer["reportrow"]["aaData"].as_array().unwrap();
    rows.iter()
        .map(|row| row[1].as_str().unwrap().to_owned())
        .collect()
}

/// The path in a row's `open_pdf`, without the fragment.
pub(crate) fn path_of(row: &str) -> String {
    let call = row.split("open_pdf('").nth(1).unwrap();
    call.split('\'')
        .nth(4)
        .unwrap()
        .split('#')
        .next()
        .unwrap()
        .to_owned()
}

//! The bodies of the portal's forms, field for field as its own page sends them.

use bytes::Bytes;
use nirnay_model::{DocumentHandle, SourceId};
use url::form_urlencoded::Serializer;

use crate::{PageQuery, Secret};

/// The court type on the portals: 2 = High Courts, 3 = Supreme Court Reports.
pub(super) fn court_type(source: SourceId) -> &'static str {
    match source {
        SourceId::EcourtsHc => "2",
        SourceId::EcourtsScr | SourceId::Scr | SourceId::SciFeed => "3",
    }
}

/// What every form of a session carries.
pub(super) struct FormContext<'a> {
    pub(super) source: SourceId,
    pub(super) token: Option<&'a Secret>,
    pub(super) answer: Option<&'a Secret>,
}

impl FormContext<'_> {
    fn token(&self) -> &str {
        self.token.map_or("", Secret::expose)
    }

    fn answer(&self) -> &str {
        self.answer.map_or("", Secret::expose)
    }

    fn is_scr(&self) -> bool {
        self.source == SourceId::Scr
    }

    /// `checkCaptcha`.
    pub(super) fn captcha(&self) -> Bytes {
        let mut form = Form::default();
        form.set("captcha", self.answer())
            .empty(&["search_text"])
            .set("search_opt", "PHRASE");
        form.empty(&["escr_flag", "proximity", "sel_lang"]);
        if self.is_scr() {
            form.empty(&["neu_cit_year", "neu_no", "ncn"]);
            form.empty(&[
                "citation_vol",
                "citation_year",
                "citation_supl",
                "citation_page",
            ]);
        }
        form.set("ajax_req", "true").set("app_token", self.token());
        form.finish()
    }

    /// `home`: one page of results.
    pub(super) fn search(&self, query: &PageQuery, echo: u64) -> Bytes {
        let mut form = Form::default();
        self.filters(&mut form, query);
        self.citation_filters(&mut form);
        table(&mut form, query, echo);
        form.set("ajax_req", "true").set("app_token", self.token());
        form.finish()
    }

    fn filters(&self, form: &mut Form, query: &PageQuery) {
        let (from, to) = query.window.map_or_else(Default::default, |window| {
            (window.from().to_string(), window.to().to_string())
        });
        form.empty(&[
            "search_txt1",
            "search_txt2",
            "search_txt3",
            "search_txt4",
            "search_txt5",
            "pet_res",
        ]);
        form.set("state_code", query.court.as_deref().unwrap_or(""));
        form.empty(&["state_code_li"]);
        form.set("dist_code", query.bench.as_deref().unwrap_or("null"));
        form.empty(&["case_no", "case_year"])
            .set("from_date", &from)
            .set("to_date", &to);
        form.empty(&["judge_name", "reg_year", "fulltext_case_type"]);
        for name in [
            "int_fin_party_val",
            "int_fin_case_val",
            "int_fin_court_val",
            "int_fin_decision_val",
        ] {
            form.set(name, "undefined");
        }
        form.empty(&["act"])
            .set("sel_search_by", "undefined")
            .set("sections", "undefined");
        form.empty(&["judge_txt", "act_txt", "section_txt"]);
        form.empty(&["judge_val", "act_val", "year_val", "judge_arr", "flag"]);
        form.set("captcha", self.answer()).empty(&["disp_nature"]);
        form.set("search_opt", "PHRASE").set("date_val", "ALL");
        form.set("fcourt_type", court_type(self.source));
    }

    fn citation_filters(&self, form: &mut Form) {
        form.empty(&[
            "citation_yr",
            "citation_vol",
            "citation_supl",
            "citation_page",
        ]);
        form.empty(&[
            "case_no1",
            "case_year1",
            "pet_res1",
            "fulltext_case_type1",
            "citation_keyword",
        ]);
        form.empty(&["sel_lang", "proximity", "neu_cit_year", "neu_no"]);
        if self.is_scr() {
            form.empty(&["ncn", "bool_opt", "sort_flg"]);
        }
    }

    /// `openpdfcaptcha`: the address of a document. `row` is the session's own index of its row.
    pub(super) fn link(&self, handle: &DocumentHandle, row: &str) -> Bytes {
        let mut form = Form::default();
        form.set("val", if planted() { "0" } else { row })
            .set("lang_flg", &handle.language)
            .set("path", handle.path.split('#').next().unwrap_or(""))
            .set("citation_year", &handle.citation_year)
            .set("fcourt_type", court_type(self.source))
            .empty(&["file_type"])
            .set("nc_display", &handle.nc_display)
            .set("ajax_req", "true")
            .set("app_token", self.token());
        form.finish()
    }
}

/// True when the bug "every document is asked for as the first row's" is switched on (test builds only).
fn planted() -> bool {
    fail::fail_point!("plant-val-zero", |_| true);
    false
}

/// The table widget's own fields.
fn table(form: &mut Form, query: &PageQuery, echo: u64) {
    form.set("sEcho", &echo.to_string())
        .set("iColumns", "2")
        .set("sColumns", ",");
    form.set("iDisplayStart", &query.start.to_string());
    form.set("iDisplayLength", &query.length.to_string());
    form.set("mDataProp_0", "0").set("mDataProp_1", "1");
    form.set("sSearch", "").set("bRegex", "false");
    for column in ["0", "1"] {
        form.set(&format!("sSearch_{column}"), "");
        form.set(&format!("bRegex_{column}"), "false");
        form.set(&format!("bSearchable_{column}"), "true");
        form.set(&format!("bSortable_{column}"), "true");
    }
    form.set("iSortCol_0", "0")
        .set("sSortDir_0", "asc")
        .set("iSortingCols", "1");
}

struct Form {
    fields: Serializer<'static, String>,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            fields: Serializer::new(String::new()),
        }
    }
}

impl Form {
    fn set(&mut self, name: &str, value: &str) -> &mut Self {
        self.fields.append_pair(name, value);
        self
    }

    fn empty(&mut self, names: &[&str]) -> &mut Self {
        for name in names {
            self.fields.append_pair(name, "");
        }
        self
    }

    fn finish(mut self) -> Bytes {
        Bytes::from(self.fields.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(body: &Bytes) -> Vec<(String, String)> {
        url::form_urlencoded::parse(body).into_owned().collect()
    }

    fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
        let mut found = pairs.iter().filter(|(field, _)| field == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} twice");
        value
    }

    fn context(source: SourceId) -> FormContext<'static> {
        FormContext {
            source,
            token: None,
            answer: None,
        }
    }

    #[test]
    fn a_search_asks_for_court_window_and_page() {
        let query = PageQuery {
            court: Some("7~26".to_owned()),
            bench: None,
            window: Some("2024-02-01..2024-02-29".parse().unwrap()),
            start: 1000,
            length: 1000,
        };
        let body = context(SourceId::EcourtsHc).search(&query, 2);
        let fields = pairs(&body);
        for (name, expected) in [
            ("state_code", "7~26"),
            ("dist_code", "null"),
            ("from_date", "2024-02-01"),
            ("to_date", "2024-02-29"),
            ("fcourt_type", "2"),
            ("date_val", "ALL"),
            ("sEcho", "2"),
            ("iDisplayStart", "1000"),
            ("iDisplayLength", "1000"),
            ("ajax_req", "true"),
        ] {
            assert_eq!(value(&fields, name), Some(expected), "{name}");
        }
        assert_eq!(value(&fields, "bool_opt"), None);
        let scr = pairs(&context(SourceId::Scr).search(&query, 1));
        for name in ["ncn", "bool_opt", "sort_flg"] {
            assert_eq!(value(&scr, name), Some(""), "{name}");
        }
        assert_eq!(value(&scr, "fcourt_type"), Some("3"));
    }

    #[test]
    fn values_are_percent_encoded() {
        let answer = Secret::new("a&b=c+d");
        let form = FormContext {
            source: SourceId::Scr,
            token: None,
            answer: Some(&answer),
        };
        assert!(form.captcha().starts_with(b"captcha=a%26b%3Dc%2Bd&"));
        assert_eq!(value(&pairs(&form.captcha()), "citation_vol"), Some(""));
    }

    #[test]
    fn the_fragment_never_reaches_the_portal() {
        let handle = DocumentHandle {
            path: "court/x/orders/a.pdf#page=&search=%20".to_owned(),
            citation_year: String::new(),
            nc_display: String::new(),
            language: String::new(),
        };
        let fields = pairs(&context(SourceId::EcourtsHc).link(&handle, "17"));
        assert_eq!(value(&fields, "path"), Some("court/x/orders/a.pdf"));
        assert_eq!(value(&fields, "val"), Some("17"));
    }
}

//! Recorded replies of the case portals, where a checkout with them lies beside this one, and what a person reads
//! in them. They hold the names of real people and are not part of this repository.

use jiff::civil::date;
use nirnay_model::{Case, OrderLink, Side};
use nirnay_parse::{Refusal, Reply, calcutta, district, hcservices, sci};

use crate::recorded::recorded_bytes;

fn bytes(name: &str) -> Option<Vec<u8>> {
    recorded_bytes(&format!("portal-replies/{name}"))
}

fn good<T>(reply: Reply<T>) -> T {
    reply
        .into_result()
        .unwrap_or_else(|refusal| panic!("refused: {refusal}"))
}

fn names(case: &Case, side: Side) -> Vec<&str> {
    case.side(side).collect()
}

/// A fragment as the value of `key` in the answer around it.
fn answer(key: &str, html: &[u8]) -> Vec<u8> {
    let html = String::from_utf8_lossy(html).into_owned();
    serde_json::to_vec(&serde_json::json!({ "status": 1, "app_token": "0".repeat(64), key: html }))
        .unwrap()
}

#[test]
fn high_court_searches() {
    if let Some(body) = bytes("hcservices/bharat-courts-hcservices_case_status.json") {
        let found = good(hcservices::cases(&body));
        assert_eq!((found.cases.len(), found.totals.total), (2, Some(2)));
        assert_eq!(found.totals.warnings, Vec::<String>::new());
        let first = &found.cases[0];
        assert_eq!(first.cnr.as_ref().unwrap().as_str(), "DLHC010582482024");
        assert_eq!(first.number.as_ref().unwrap().printed, "W.P.(C)/3/2024");
        assert_eq!(
            first.court_name.as_deref(),
            Some("Principal Bench at Delhi")
        );
        assert_eq!(
            names(first, Side::Respondent),
            ["STATE POLLUTION CONTROL BOARD & ORS."]
        );
    }
    if let Some(body) = bytes("hcservices/bharat-courts-hcservices_advocate_search.json") {
        let found = good(hcservices::cases(&body));
        assert_eq!(found.cases.len(), 2);
        assert_eq!(found.totals.advocate.as_ref().unwrap().name, "PRIYA SHARMA");
        assert_eq!(found.cases[0].decided, None);
        assert_eq!(
            found.cases[1].decided.as_ref().unwrap().date,
            Some(date(2025, 10, 21))
        );
        assert_eq!(
            found.cases[0].parties[0].advocates[0].code.as_deref(),
            Some("1234")
        );
        assert_eq!(found.cases[1].parties[0].local_name, None);
    }
    if let Some(body) = bytes("hcservices/bharat-courts-hcservices_advocate_cause_list.json") {
        let found = good(hcservices::advocate_cause_list(&body));
        assert_eq!(found.entries.len(), 4);
        let first = &found.entries[0];
        assert_eq!(first.listed.as_ref().unwrap().date, Some(date(2026, 8, 17)));
        assert_eq!(
            first.business.as_ref().unwrap().date,
            Some(date(2026, 8, 13))
        );
        assert_eq!(first.purpose.as_deref(), Some("181-FOR FINAL DISPOSAL"));
        assert_eq!(first.court.as_deref(), Some("5377"));
    }
    if let Some(body) = bytes("hcservices/bharat-courts-hcservices_case_status.html") {
        let found = good(hcservices::cases(&body));
        assert_eq!(found.cases.len(), 2);
        assert_eq!(
            names(&found.cases[1], Side::Respondent),
            ["XYZ Enterprises"]
        );
        assert_eq!(found.cases[1].status.as_deref(), Some("Disposed"));
        assert_eq!(
            found.cases[0].filed.as_ref().unwrap().date,
            Some(date(2024, 1, 15))
        );
    }
    if let Some(body) = bytes("hcservices/bharat-courts-hcservices_cause_list.html") {
        let lists = good(hcservices::cause_lists(&body));
        assert_eq!(lists.len(), 2);
        assert_eq!(lists[1].bench, "SINGLE BENCH - COURT NO. 5");
        assert!(
            lists[0]
                .link
                .as_ref()
                .unwrap()
                .ends_with("&causelistYear=2026")
        );
    }
}

#[test]
fn the_case_page_of_gujarat() {
    let Some(body) = bytes("hcservices/bharat-courts-hcservices_case_detail.html") else {
        return;
    };
    let case = good(hcservices::case_page(&body));
    assert_eq!(case.cnr.as_ref().unwrap().as_str(), "GJHC240464312025");
    assert_eq!(
        case.registered.as_ref().unwrap().date,
        Some(date(2025, 7, 21))
    );
    assert_eq!(case.first_hearing, None);
    assert_eq!(
        case.next_hearing.as_ref().unwrap().date,
        Some(date(2026, 9, 8))
    );
    assert_eq!(
        case.stage.as_deref(),
        Some("192-NOTICE & ADJOURNED MATTERS")
    );
    assert_eq!((case.hearings.len(), case.orders.len()), (3, 1));
    assert!(case.hearings[0].on_filing && !case.hearings[1].on_filing);
    assert_eq!(
        case.orders[0].date.as_ref().unwrap().date,
        Some(date(2025, 7, 25))
    );
    assert_eq!(
        names(&case, Side::Respondent),
        [
            "FIRST RESPONDENT BANK",
            "REGIONAL MANAGER, FIRST RESPONDENT BANK",
            "BRANCH MANAGER, FIRST RESPONDENT BANK"
        ]
    );
    assert_eq!(case.parties[0].advocates.len(), 2);
    assert_eq!(
        (case.acts.len(), case.acts[0].sections.as_deref()),
        (1, Some("15"))
    );
    assert_eq!(
        case.number.as_ref().unwrap().parts.as_ref().unwrap().number,
        872
    );
}

#[test]
fn older_case_pages() {
    for (name, cnr, court, petitioners, respondents, hearings, orders) in [
        (
            "openjustice-case_details-GAHC040007922024.html",
            "GAHC040007922024",
            "Itanagar Bench",
            1,
            2,
            1,
            1,
        ),
        (
            "openjustice-case_details-JKHC020091782015.html",
            "JKHC020091782015",
            "Jammu Wing",
            1,
            1,
            2,
            0,
        ),
        (
            "ApekshaDekate-case_data5.html",
            "HCBM010600542024",
            "Appellate Side,Bombay",
            1,
            10,
            7,
            4,
        ),
        (
            "openjustice-case_details-HCBM060000522019.html",
            "HCBM060000522019",
            "Special Court (TORTS) Bombay",
            1,
            5,
            0,
            0,
        ),
    ] {
        let Some(body) = bytes(&format!("hcservices/{name}")) else {
            continue;
        };
        let case = good(hcservices::case_page(&body));
        assert_eq!(case.cnr.as_ref().unwrap().as_str(), cnr);
        let sides = (
            names(&case, Side::Petitioner).len(),
            names(&case, Side::Respondent).len(),
        );
        assert_eq!(sides, (petitioners, respondents), "{name}");
        let text = String::from_utf8_lossy(&body);
        if hearings > 0 {
            assert_eq!(case.court_name.as_deref(), Some(court), "{name}");
            assert_eq!(
                (case.hearings.len(), case.orders.len()),
                (hearings, orders),
                "{name}"
            );
        }
        // Counted another way: one call a hearing, one address an order.
        assert_eq!(
            case.hearings.len(),
            text.matches("viewBusiness(").count(),
            "{name}"
        );
        assert_eq!(
            case.orders.len(),
            text.matches("display_pdf.php?").count(),
            "{name}"
        );
        for order in &case.orders {
            assert!(
                order.date.as_ref().is_some_and(|date| date.date.is_some()),
                "{name}"
            );
            assert!(
                matches!(&order.link, Some(OrderLink::Address(to)) if to.contains(cnr)),
                "{name}"
            );
        }
        for hearing in &case.hearings {
            assert!(
                hearing.business.is_some() || hearing.hearing.is_some(),
                "{name}: {hearing:?}"
            );
        }
        assert!(case.registered.as_ref().unwrap().date.is_some());
    }
}

#[test]
fn the_case_page_of_itanagar_field_by_field() {
    let Some(body) = bytes("hcservices/openjustice-case_details-GAHC040007922024.html") else {
        return;
    };
    let case = good(hcservices::case_page(&body));
    assert_eq!(case.case_type.as_deref(), Some("BA"));
    assert_eq!(case.filing_number.as_deref(), Some("343/2024"));
    assert_eq!(case.filed.as_ref().unwrap().date, Some(date(2024, 6, 24)));
    assert_eq!(case.registration_number.as_deref(), Some("64/2024"));
    assert_eq!(
        case.number
            .as_ref()
            .unwrap()
            .parts
            .as_ref()
            .unwrap()
            .to_string(),
        "BA/64/2024"
    );
    assert_eq!(case.first_hearing, None);
    let next = case.next_hearing.as_ref().unwrap();
    assert_eq!(
        (next.printed.as_str(), next.date),
        ("Next Date is not given", None)
    );
    assert_eq!(case.stage.as_deref(), Some("MOTION"));
    assert_eq!(
        case.coram.as_deref(),
        Some("1366HONBLE MR. JUSTICE PARTHIVJYOTI SAIKIA")
    );
    assert_eq!(case.judges, ["HONBLE MR. JUSTICE PARTHIVJYOTI SAIKIA"]);
    assert_eq!(case.bench_type.as_deref(), Some("Single Bench"));
    assert_eq!(case.state.as_deref(), Some("Arunachal Pradesh"));
    assert_eq!(case.fields[0].label, "Judicial", "{:?}", case.fields);
    assert_eq!(case.parties[0].advocates.len(), 9);
    assert_eq!(
        case.parties[1].advocates_printed.as_deref(),
        Some("P P of AP")
    );
    assert_eq!(
        case.hearings[0].judge.as_deref(),
        Some("HONBLE MR. JUSTICE BUDI HABUNG")
    );
    assert_eq!(case.hearings[0].business_call.len(), 10);
    // Objections are no cases.
    assert_eq!(case.linked, []);
    let objections = case.fields.iter().skip(1);
    let said: Vec<&str> = objections.map(|field| field.label.as_str()).collect();
    assert_eq!(
        said,
        [
            "OBJECTION: Sr.No.",
            "OBJECTION: Scrutiny Date",
            "OBJECTION: OBJECTION"
        ]
    );
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one reply after another, each with its count"
)]
fn the_older_interface() {
    let folder = "hcservices-ecourtindiaHC";
    for (name, records) in [
        ("hcservices/openjustice-cases-01.txt".to_owned(), None),
        (
            format!("{folder}/test_case_expander-02-cases_s_casetype_qry_php.txt"),
            Some(5),
        ),
    ] {
        let Some(body) = bytes(&name) else { continue };
        let cases = good(hcservices::older_cases(&body));
        let count = String::from_utf8_lossy(&body).matches("##").count();
        assert_eq!(cases.len(), records.unwrap_or(count), "{name}");
        assert!(
            cases
                .iter()
                .all(|case| case.cnr.is_some() && case.number.as_ref().unwrap().parts.is_some())
        );
        assert!(
            cases
                .iter()
                .all(|case| case.parties.len() == 2 && case.court_name.is_some()),
            "{name}"
        );
    }
    if let Some(body) = bytes(&format!(
        "{folder}/test_api_calls-03-cases_s_orderdate_qry_php.txt"
    )) {
        let orders = good(hcservices::older_orders(&body));
        assert_eq!(
            orders.len(),
            String::from_utf8_lossy(&body).matches("##").count()
        );
        assert!(
            orders
                .iter()
                .all(|case| case.cnr.is_some() && case.orders.len() == 1)
        );
        assert_eq!(
            orders[0].orders[0].date.as_ref().unwrap().date,
            Some(date(2024, 6, 5))
        );
    }
    if let Some(body) =
        bytes("hcservices/openjustice-cause_lists-d54be8d4-f5f2-4230-940f-cd9d1f48cf5e.txt")
    {
        let lists = good(hcservices::older_cause_lists(&body));
        assert_eq!(
            lists.len(),
            String::from_utf8_lossy(&body).matches("^#").count()
        );
        assert_eq!(lists[0].bench, "CHIEF JUSTICE, K. V. ARAVIND");
    }
    for (name, entries) in [
        ("test_api_calls-01-cases_s_casetype_qry_php.txt", 1),
        ("test_api_calls-04-cases_s_casetype_qry_php.txt", 1),
        ("test_get_act_type-00-cases_s_actwise_qry_php.txt", 1),
    ] {
        let Some(body) = bytes(&format!("{folder}/{name}")) else {
            continue;
        };
        let choices = good(hcservices::case_types(&body));
        let lines = String::from_utf8_lossy(&body).matches('~').count();
        assert!(
            choices.len() >= lines - entries - 2 && choices.len() < lines,
            "{name}: {} of {lines}",
            choices.len()
        );
        assert!(choices.iter().all(|choice| !choice.name.contains("&#")));
    }
    for name in [
        "test_api_calls-00-cases_highcourt_causelist_qry_php.txt",
        "test_case_history-00-cases_highcourt_causelist_qry_php.txt",
    ] {
        let Some(body) = bytes(&format!("{folder}/{name}")) else {
            continue;
        };
        assert_eq!(
            hcservices::older_cause_lists(&body),
            Reply::Refused(Refusal::Empty)
        );
    }
    if let Some(body) = bytes(&format!(
        "{folder}/test_case_history-01-cases_o_civil_case_history_php.txt"
    )) {
        assert_eq!(
            hcservices::case_page(&body),
            Reply::Refused(Refusal::SessionExpired)
        );
    }
    if let Some(body) = bytes(&format!(
        "{folder}/test_case_expander-03-cases_o_civil_case_history_php.html"
    )) {
        let case = good(hcservices::case_page(&body));
        assert_eq!(case.cnr.as_ref().unwrap().as_str(), "GAHC010225502018");
        assert_eq!((case.hearings.len(), case.orders.len()), (5, 5));
    }
    if let Some(body) = bytes(&format!(
        "{folder}/test_case_expander-04-cases_s_show_business_php.html"
    )) {
        let day = good(hcservices::daily_status(&body));
        assert_eq!(day.case_number.as_deref(), Some("AB/0003142/2018"));
        assert_eq!(day.court.as_deref(), Some("Principal Seat at Guwahati"));
        assert_eq!(
            (day.business, day.date.unwrap().date),
            (None, Some(date(2018, 10, 5)))
        );
    }
    if let Some(body) = bytes("hcservices/openjustice-hearings-201700000012023.html") {
        let day = good(hcservices::daily_status(&body));
        assert_eq!(day.next_purpose.as_deref(), Some("FOR FINAL HEARING"));
        assert_eq!(day.next_hearing.unwrap().date, Some(date(2024, 2, 16)));
        assert_eq!(day.short_order.as_deref(), Some("1-DATE FIXED"));
    }
    if let Some(body) = bytes(&format!(
        "{folder}/test_case_expander-09-cases_display_pdf_php.pdf"
    )) {
        assert!(good(hcservices::document(&body)).starts_with(b"%PDF-"));
    }
}

#[test]
fn district_searches() {
    if let Some(html) = bytes("districtcourts/bharat-courts-districtcourts_case_status_live.html") {
        let found = good(district::cases(&answer("party_data", &html))).value;
        assert_eq!((found.cases.len(), found.totals.total), (3, Some(3)));
        let first = &found.cases[0];
        assert_eq!(first.cnr.as_ref().unwrap().as_str(), "BRPA010216322024");
        assert_eq!(first.portal_key.as_deref(), Some("200100000472024"));
        assert_eq!(first.court_code.as_deref(), Some("2"));
        assert_eq!(first.court_name.as_deref(), Some("DJ Div. Patna Sadar"));
        assert_eq!(
            first.number.as_ref().unwrap().printed,
            "Title Appeal/47/2024"
        );
        assert_eq!(
            names(first, Side::Petitioner),
            ["Bankim Chand and 15 others"]
        );
        assert_eq!(
            names(first, Side::Respondent),
            ["Surendra Prasad Sah and 32 others"]
        );
    }
    if let Some(html) = bytes("districtcourts/submitCaseNo-case_data-DLND010127052017.html") {
        let found = good(district::cases(&answer("case_data", &html))).value;
        assert_eq!((found.cases.len(), found.totals.total), (1, Some(1)));
        let case = &found.cases[0];
        assert_eq!(
            case.court_name.as_deref(),
            Some("District and Sessions Judge,New Delhi, PHC")
        );
        assert_eq!(names(case, Side::Respondent), ["NARESH KUMAR AND ORS."]);
    }
    if let Some(html) = bytes("districtcourts/bharat-courts-districtcourts_case_status.html") {
        let found = good(district::cases(&answer("case_data", &html))).value;
        assert_eq!(found.cases.len(), 3);
        assert_eq!(
            found.cases[2].next_hearing.as_ref().unwrap().date,
            Some(date(2026, 5, 15))
        );
        assert_eq!(
            names(&found.cases[2], Side::Respondent),
            ["XYZ Trading Co & Ors"]
        );
    }
    if let Some(html) = bytes("districtcourts/sangharshbyss-v4-actwise-result-2020.html") {
        let found = good(district::cases(&answer("act_data", &html))).value;
        assert_eq!((found.cases.len(), found.totals.total), (32, Some(32)));
        assert!(
            found
                .cases
                .iter()
                .all(|case| case.cnr.is_some() && case.parties.len() == 2)
        );
        assert!(found.cases.iter().all(
            |case| case.court_name.as_deref() == Some("District and Session Court , Kopergaon")
        ));
    }
    if let Some(html) = bytes("districtcourts/bharat-courts-districtcourts_cause_list.html") {
        let found = good(district::cause_list(&answer("causelist_data", &html))).value;
        assert_eq!(found.entries.len(), 2);
        assert_eq!(
            found.entries[0].judge.as_deref(),
            Some("Sri R.K. Jha, ADJ-3")
        );
        assert_eq!(found.entries[1].parties[1].name, "Unknown Person");
    }
    if let Some(html) = bytes("districtcourts/bharat-courts-districtcourts_court_orders.html") {
        let found = good(district::orders(&answer("order_data", &html))).value;
        assert_eq!(found.orders.len(), 2);
        assert_eq!(found.orders[0].kind.as_deref(), Some("Interim Order"));
        assert_eq!(
            found.orders[1].date.as_ref().unwrap().date,
            Some(date(2024, 1, 10))
        );
    }
    if let Some(html) = bytes("districtcourts/bharat-courts-districtcourts_complexes.html") {
        let list = good(district::complexes(&answer("complex_list", &html))).value;
        assert_eq!((list.len(), list[2].code.as_str()), (3, "1080010"));
        assert!(list[0].needs_establishment);
        assert_eq!(list[0].establishments, ["8", "9", "10", "19"]);
    }
    if let Some(html) = bytes("districtcourts/bharat-courts-districtcourts_districts.html") {
        assert_eq!(
            good(district::districts(&answer("dist_list", &html)))
                .value
                .len(),
            5
        );
    }
    if let Some(html) = bytes("districtcourts/getCaptcha-div_captcha.html") {
        let path = good(district::captcha_form(&answer("div_captcha", &html))).value;
        assert!(path.starts_with("/ecourtindia_v6/vendor/securimage/securimage_show.php?"));
    }
}

#[test]
fn district_case_pages() {
    if let Some(html) = bytes("districtcourts/searchByCNR-KLKN220000012019-trimmed.html") {
        let case = good(district::case_page(&answer("casetype_list", &html))).value;
        assert_eq!(case.cnr.as_ref().unwrap().as_str(), "KLKN220000012019");
        assert_eq!(
            case.court_name.as_deref(),
            Some("Munsiffss Court Kuthuparamba")
        );
        assert_eq!(
            case.case_type.as_deref(),
            Some("RCP - RENT CONTROL PETITION")
        );
        assert_eq!(
            case.number
                .as_ref()
                .unwrap()
                .parts
                .as_ref()
                .unwrap()
                .to_string(),
            "RCP/3/2019"
        );
        assert_eq!(
            case.registered.as_ref().unwrap().date,
            Some(date(2019, 1, 23))
        );
        assert_eq!(
            case.decided.as_ref().unwrap().date,
            Some(date(2021, 10, 22))
        );
        assert_eq!(case.status.as_deref(), Some("Case disposed"));
        assert_eq!(case.disposal.as_deref(), Some("Contested--PARTLY ALLOWED"));
        assert_eq!(case.court_and_judge.as_deref(), Some("1-MUNSIFF"));
        assert_eq!(
            (
                case.parties.len(),
                case.parties[0].advocates[0].name.as_str()
            ),
            (2, "K.Rajeevan")
        );
        assert_eq!(
            (
                case.hearings.len(),
                case.orders.len(),
                case.applications.len()
            ),
            (5, 1, 1)
        );
        assert_eq!(
            case.hearings[0].business.as_ref().unwrap().date,
            Some(date(2019, 2, 13))
        );
        assert_eq!(case.hearings[4].hearing, None);
        assert_eq!(case.applications[0].purpose.as_deref(), Some("Call on"));
        assert_eq!(case.applications[0].parties.len(), 2);
        let order = &case.orders[0];
        assert_eq!(order.kind.as_deref(), Some("Final Orders / Judgements"));
        let Some(OrderLink::Form(fields)) = &order.link else {
            panic!("{order:?}");
        };
        assert_eq!(
            fields[0],
            (
                "filename".to_owned(),
                "/orders/2019/201500000032019_1.pdf".to_owned()
            )
        );
    }
    if let Some(html) = bytes("districtcourts/bharat-courts-districtcourts_case_detail.html") {
        let case = good(district::case_page(&answer("historytable", &html))).value;
        assert_eq!(case.cnr.as_ref().unwrap().as_str(), "GJRJ060015282018");
        assert_eq!(
            (
                case.parties.len(),
                case.hearings.len(),
                case.orders.len(),
                case.acts.len()
            ),
            (6, 3, 1, 1)
        );
        assert_eq!(names(&case, Side::Respondent)[1], "SECOND RESPONDENT");
        assert_eq!(
            case.hearings[2].hearing.as_ref().unwrap().date,
            Some(date(2019, 11, 13))
        );
        assert_eq!(case.orders[0].kind.as_deref(), Some("Interim Orders"));
    }
}

#[test]
fn calcutta_and_the_supreme_court() {
    let today = date(2026, 6, 1);
    if let Some(body) = bytes("calcuttahc/order_judgment_search-WPA-12886-2024.json") {
        let case = good(calcutta::search(&body));
        assert_eq!(case.cnr.as_ref().unwrap().as_str(), "WBCHCA0239512024");
        assert_eq!(names(&case, Side::Petitioner), ["SOURAV ROY BHOWMICK"]);
        assert_eq!(
            names(&case, Side::Respondent),
            ["THE UNION OF INDIA AND ORS."]
        );
        let order = &case.orders[0];
        assert_eq!(order.kind.as_deref(), Some("Order"));
        assert_eq!(
            order.neutral_citation_printed.as_deref(),
            Some("2024:CHC-AS:1277")
        );
        assert_eq!(order.neutral_citation.as_ref().unwrap().number, 1277);
        assert_eq!(order.date.as_ref().unwrap().date, Some(date(2024, 5, 10)));
        assert_eq!(
            order.link,
            Some(OrderLink::Token(
                "1~201200128862024~1~WBCHCA0239512024~2024".to_owned()
            ))
        );
        // The same answer as a JSON text that holds JSON.
        let text = serde_json::to_vec(&String::from_utf8_lossy(&body)).unwrap();
        assert_eq!(good(calcutta::search(&text)), case);
    }
    if let Some(html) = bytes("sci/hiteshdotcom-resultsHtml-retyped.html") {
        let html = String::from_utf8_lossy(&html).into_owned();
        let body = serde_json::to_vec(&serde_json::json!({ "success": true, "data": { "pagination": false, "resultsHtml": html } })).unwrap();
        let cases = good(sci::results(&body, today));
        assert_eq!(cases.len(), 2);
        assert_eq!(cases[1].diary_number.as_deref(), Some("12/2004"));
        assert_eq!(cases[0].orders.len(), 1);
        assert_eq!(
            cases[0].decided.as_ref().unwrap().date,
            Some(date(2004, 1, 15))
        );
    }
    for (name, rows) in [
        ("sci/rnihesh-scourtapp-1900-1949.json", Some(3)),
        ("sci/rnihesh-scourtapp-2024-01.json", None),
    ] {
        let Some(body) = bytes(name) else { continue };
        let cases = good(sci::mobile_listing(&body, today));
        let count = String::from_utf8_lossy(&body)
            .matches("\"diary_no\"")
            .count();
        assert_eq!(cases.len(), rows.unwrap_or(count), "{name}");
        assert!(
            cases
                .iter()
                .all(|case| case.decided.as_ref().is_some_and(|day| day.date.is_some()))
        );
        assert!(cases.iter().all(|case| !case.orders.is_empty()), "{name}");
    }
    if let Some(body) = bytes("sci/vanga-old-scourtapp-faulty-response.txt") {
        match sci::mobile_listing(&body, today) {
            Reply::Good(cases) => assert!(!cases.is_empty()),
            Reply::Refused(refusal) => assert!(
                matches!(
                    refusal,
                    Refusal::PortalError { .. } | Refusal::Unknown { .. }
                ),
                "{refusal}"
            ),
        }
    }
}

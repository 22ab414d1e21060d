//! Searches, and what is refused.

use std::collections::BTreeSet;

use nirnay_portal_sim::{CaseFile, Site};

use super::{RECORDS, Visitor, cnrs, of, rows, sim, unmarked};

#[tokio::test]
async fn searches_by_party_and_advocate_give_what_the_truth_has() {
    let sim = sim().await;
    let mut visitor = Visitor::new(&sim).await;
    let files = sim.cases(Site::HcServices, &["26", "1"]);
    let year = files[files.len() / 2].year;
    let years = year.to_string();
    for (filter, test) in [
        ("Both", (|_| true) as fn(&CaseFile) -> bool),
        ("Disposed", CaseFile::is_disposed),
        ("Pending", |file| !file.is_disposed()),
    ] {
        let fields = [("f", filter), ("petres_name", "state"), ("rgyear", &*years)];
        let (parts, total) = rows(&visitor.records("CSpartyName", ("26", "1"), &fields).await);
        let truth = of(&files, |file| {
            let mut parties = file.petitioners.iter().chain(&file.respondents);
            file.year == year
                && test(file)
                && parties.any(|party| party.name.to_uppercase().contains("STATE"))
        });
        assert_eq!(
            (cnrs(&parts), total),
            (truth.clone(), truth.len()),
            "{filter}"
        );
    }
    let lawyer = files
        .iter()
        .flat_map(|file| &file.petitioners)
        .flat_map(|p| &p.advocates)
        .next()
        .unwrap();
    let mine = |file: &CaseFile| {
        let mut parties = file.petitioners.iter().chain(&file.respondents);
        parties.any(|party| party.advocates.contains(lawyer))
    };
    let fields = [
        ("f", "Both"),
        ("search_type", "2"),
        ("adv_bar_state", lawyer.bar.as_str()),
    ];
    let got = visitor.records("CSAdvName", ("26", "1"), &fields).await;
    let (parts, _) = rows(&got);
    assert_eq!(cnrs(&parts), of(&files, mine));
    assert!(got.text().contains(&lawyer.printed()));
    let fields = [
        ("f", "Both"),
        ("search_type", "1"),
        ("advocate_name", lawyer.name.as_str()),
    ];
    let (parts, _) = rows(&visitor.records("CSAdvName", ("26", "1"), &fields).await);
    assert!(cnrs(&parts).is_superset(&of(&files, mine)));
    // His list of a day: rows are parties by judges.
    let busy = files
        .iter()
        .find(|file| mine(file) && file.next_hearing.is_some())
        .unwrap();
    let on = busy.next_hearing.unwrap();
    let date = on.strftime("%d-%m-%Y").to_string();
    let fields = [
        ("f", "date_case_list"),
        ("search_type", "3"),
        ("adv_bar_state", &*lawyer.bar),
        ("caselist_date_dmy", &date),
    ];
    let (parts, _) = rows(&visitor.records("CSAdvName", ("26", "1"), &fields).await);
    let sitting: BTreeSet<String> = sim
        .sitting(Site::HcServices, &["26", "1"], on)
        .into_iter()
        .collect();
    assert_eq!(
        cnrs(&parts),
        sitting.intersection(&of(&files, mine)).cloned().collect()
    );
    let row = parts[0]
        .iter()
        .find(|row| row["cino"] == busy.cnr.as_str())
        .unwrap();
    assert_eq!(row["date_next_list"], on.to_string().as_str());
    assert!(
        busy.judges
            .iter()
            .any(|judge| row["judgename"] == judge.as_str())
    );
}

#[tokio::test]
async fn refusals_are_said_in_the_portals_own_words() {
    let sim = sim().await;
    let mut visitor = Visitor::new(&sim).await;
    let place = ("26", "1");
    for (kind, fields) in [
        ("CSpartyName", vec![("f", "Both"), ("petres_name", "state")]),
        (
            "CSpartyName",
            vec![("f", "Both"), ("petres_name", "st"), ("rgyear", "2024")],
        ),
        ("CSAdvNamebar", vec![("f", "Both"), ("search_type", "2")]),
        (
            "CSAdvName",
            vec![
                ("f", "Both"),
                ("search_type", "2"),
                ("adv_bar_state", "Z/1/1999"),
            ],
        ),
    ] {
        let got = visitor.records(kind, place, &fields).await;
        assert_eq!(unmarked(&got), "{\"Error\":\"ERROR_VAL\"}", "{kind}");
    }
    let blank = visitor.post(RECORDS, &[("state_code", "26")]).await;
    assert_eq!(unmarked(&blank), "ERROR_caseStatusSearchTypeBlank");
    // A wrong answer, and a right one that is used up.
    let answer = visitor.picture().await;
    let fields = |captcha| {
        [
            ("caseStatusSearchType", "CSpartyName"),
            ("state_code", "26"),
            ("court_code", "1"),
            ("captcha", captcha),
            ("f", "Both"),
            ("petres_name", "state"),
            ("rgyear", "2024"),
        ]
    };
    let wrong = visitor
        .0
        .form(RECORDS, &fields("zzzzz0"), &[])
        .await
        .unwrap();
    assert_eq!(unmarked(&wrong), "{\"con\":\"Invalid Captcha\"}");
    let late = visitor
        .0
        .form(RECORDS, &fields(&answer), &[])
        .await
        .unwrap();
    assert_eq!(unmarked(&late), "{\"con\":\"Invalid Captcha\"}");
    visitor.0.cookies.clear();
    let stranger = visitor
        .0
        .form(RECORDS, &fields("abcdef"), &[])
        .await
        .unwrap();
    assert_eq!(unmarked(&stranger), "Invalid Request..!!!");
}

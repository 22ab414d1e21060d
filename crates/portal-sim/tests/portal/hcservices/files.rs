//! Orders and cause lists.

use std::collections::BTreeSet;

use nirnay_portal_sim::Site;

use super::{INDEX, Visitor, sim, unmarked};

#[tokio::test]
async fn files_need_a_referer_and_some_begin_with_a_mark() {
    let sim = sim().await;
    let mut visitor = Visitor::new(&sim).await;
    let inside = format!("{}/hcservices/main.php", sim.base_url(Site::HcServices));
    let (mut marked, mut plain) = (0, 0);
    for file in sim
        .cases(Site::HcServices, &["26"])
        .iter()
        .filter(|f| !f.orders.is_empty())
        .take(30)
    {
        let page = visitor.page(&file.cnr).await;
        let link = page
            .split("href='cases/")
            .nth(1)
            .unwrap()
            .split('\'')
            .next()
            .unwrap();
        let path = format!("/hcservices/cases/{}", link.replace("&amp;", "&"));
        let refused = visitor.0.get(&path).await.unwrap();
        assert_eq!((refused.status, refused.body.len()), (200, 30));
        let got = visitor
            .0
            .get_with(&path, &[("referer", &inside)])
            .await
            .unwrap();
        match sim.case_document(&file.cnr, file.orders[0].number) {
            Some(bytes) => assert!(got.body == bytes, "{path}"),
            None => assert!(unmarked(&got).starts_with("Orders is not uploaded for case number")),
        }
        marked += usize::from(got.body.starts_with(b"\xef\xbb\xbf%PDF"));
        plain += usize::from(got.body.starts_with(b"%PDF"));
    }
    assert!(marked > 0 && plain > marked, "{marked} {plain}");
}

#[tokio::test]
async fn cause_lists_name_every_case_of_the_day() {
    let sim = sim().await;
    let mut visitor = Visitor::new(&sim).await;
    let inside = format!("{}/hcservices/main.php", sim.base_url(Site::HcServices));
    let on = sim
        .cases(Site::HcServices, &["26"])
        .iter()
        .find_map(|file| file.next_hearing)
        .unwrap();
    let date = on.strftime("%d-%m-%Y").to_string();
    let mut found = BTreeSet::new();
    for flag in ["civ_t", "cri_t"] {
        let fields = [
            ("action_code", "showCauseList"),
            ("flag", flag),
            ("selprevdays", "0"),
            ("state_code", "26"),
            ("court_code", "1"),
            ("caseStatusSearchType", "CLcauselist"),
            ("appFlag", ""),
            ("causelist_date", &*date),
        ];
        let table = unmarked(&visitor.post(INDEX, &fields).await);
        for part in table.split("href=\"cases/").skip(1) {
            let path = part.split('"').next().unwrap().replace("&amp;", "&");
            let got = visitor
                .0
                .get_with(
                    &format!("/hcservices/cases/{path}"),
                    &[("referer", &inside)],
                )
                .await
                .unwrap();
            assert!(got.body.starts_with(b"%PDF"));
            let text = pdf_text(&got.body);
            let names = text
                .match_indices("CNR ")
                .filter_map(|(at, _)| text.get(at + 4..at + 20));
            found.extend(names.map(str::to_owned));
        }
    }
    let sitting: BTreeSet<String> = sim
        .sitting(Site::HcServices, &["26", "1"], on)
        .into_iter()
        .collect();
    assert!(!sitting.is_empty());
    assert_eq!(found, sitting);
}

/// The text of a file, its streams unpacked.
fn pdf_text(bytes: &[u8]) -> String {
    use std::io::Read as _;
    let mut text = String::new();
    let mut rest = bytes;
    while let Some(at) = find(rest, b"stream\n") {
        rest = &rest[at + 7..];
        let mut plain = String::new();
        if flate2::read::ZlibDecoder::new(rest)
            .read_to_string(&mut plain)
            .is_ok()
        {
            text.push_str(&plain);
        }
        rest = &rest[find(rest, b"endstream").unwrap() + 9..];
    }
    text
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

//! Documents of cases on portals that refuse, forget, cut off and mix up: every one that there is ends in the lake, byte
//! for byte, and none but those that there are not is called missing.

use std::collections::BTreeSet;
use std::process::Output;

use nirnay_model::Sha256;
use nirnay_portal_sim::{CaseFile, FaultKind, FaultRule, FaultScript, On, Route, Site};
use nirnay_tests::{number, snapshot};

use crate::world::World;

/// The files of all orders of these cases, as their portals have them, and the number of orders without one.
fn truth(world: &World, files: &[CaseFile]) -> (BTreeSet<Sha256>, usize) {
    let mut all = BTreeSet::new();
    let mut without = 0;
    for file in files {
        for order in &file.orders {
            match world.sim.case_document(&file.cnr, order.number) {
                Some(bytes) => drop(all.insert(Sha256::of(&bytes))),
                None => without += 1,
            }
        }
    }
    (all, without)
}

fn stored(world: &World, lake: &str) -> BTreeSet<Sha256> {
    snapshot(&world.path(lake))
        .documents
        .into_values()
        .collect()
}

/// A list of district cases some of whose orders have no file.
fn district(world: &World) -> (String, Vec<CaseFile>) {
    let mut files = world.sim.cases(Site::DistrictCourts, &["1"]);
    files.retain(|file| file.orders.len() > 1);
    files.sort_by_key(|file| file.orders.iter().all(|order| order.has_file));
    files.truncate(3);
    let mut text = "cnr\n".to_owned();
    for file in &files {
        text += &file.cnr;
        text += "\n";
    }
    let path = world.path("district.csv");
    std::fs::write(&path, text).unwrap();
    (path.to_str().unwrap().to_owned(), files)
}

#[test]
fn a_refused_link_loses_no_other_document() {
    let Some(world) = World::start() else { return };
    let (list, files) = district(&world);
    let (documents, without) = truth(&world, &files);
    assert!(
        without > 0 && documents.len() > 2,
        "{without} without a file"
    );
    let args = ["crawl", "list", &list, "--documents"];
    let report = world.finish("lake", &args);
    assert_eq!(report["documents_missing"], without, "{report:#}");
    assert_eq!(stored(&world, "lake"), documents);
    let again = world.finish("lake", &args);
    assert_eq!(again["requests"], 0, "{again:#}");
    let audit = world.audit("lake");
    let sums = audit["case_documents"].as_array().unwrap();
    assert!(
        sums.iter()
            .any(|sum| sum["missing"] == "no_file" && sum["number"] == without),
        "{audit:#}"
    );
    // One case, asked for alone.
    let file = &files[0];
    let (documents, without) = truth(&world, std::slice::from_ref(file));
    let output = world.ask(&["case", "get", &file.cnr, "--download", "orders"]);
    assert_eq!(output.status.code(), Some(if without > 0 { 2 } else { 0 }));
    let written = std::fs::read_dir(world.path("orders")).unwrap();
    let written: BTreeSet<Sha256> = written
        .map(|entry| Sha256::of(&std::fs::read(entry.unwrap().path()).unwrap()))
        .collect();
    assert_eq!(written, documents);
    world.sound("lake");
}

/// What may befall a document or the way to it; the short form has the first of these.
fn troubles() -> Vec<FaultRule> {
    let link = |kind| FaultRule::new(kind).on(On::Link).every(3);
    let file = |kind| FaultRule::new(kind).on(On::Document).every(3);
    vec![
        link(FaultKind::SessionExpire),
        file(FaultKind::SessionExpire),
        link(FaultKind::Errormsg),
        link(FaultKind::StaleLink),
        file(FaultKind::TruncatedPdf),
        file(FaultKind::WrongDocument),
        link(FaultKind::LoginPage),
        link(FaultKind::NotJson),
        link(FaultKind::SessionLost),
        link(FaultKind::UnknownJson),
        link(FaultKind::EmptyBody),
        link(FaultKind::BadOutputfile).form("absolute"),
        file(FaultKind::LoginPage),
        file(FaultKind::ZeroPdf),
        file(FaultKind::TinyPdf),
        file(FaultKind::HtmlPdf),
        file(FaultKind::CutBody),
        file(FaultKind::Drop),
        file(FaultKind::HttpStatus).status(404),
        file(FaultKind::RedirectOut),
    ]
}

#[test]
fn no_trouble_makes_a_document_missing() {
    let Some(world) = World::start() else { return };
    let (list, files) = district(&world);
    let (documents, without) = truth(&world, &files);
    let (mixed, others) = world.list();
    let (more, more_without) = truth(&world, &others);
    let most = number("NIRNAY_FAULT_KINDS", 8);
    for (at, rule) in troubles().into_iter().take(most).enumerate() {
        let name = format!("{:?} on {:?}", rule.kind, rule.on);
        for (list, documents, without) in [
            (list.as_str(), &documents, without),
            (mixed.to_str().unwrap(), &more, more_without),
        ] {
            world
                .sim
                .set_faults(FaultScript::of([rule.clone()]))
                .unwrap();
            let lake = format!("lake-{at}");
            let args = ["crawl", "list", list, "--documents"];
            let (mut code, mut report) = world.run(&lake, &args);
            for _ in 0..3 {
                if code == Some(0) {
                    break;
                }
                (code, report) = world.run(&lake, &args);
            }
            assert_eq!(code, Some(0), "{name}: {report:#}");
            let found = stored(&world, &lake);
            assert_eq!(&found, documents, "{name}: {report:#}");
            let audit = world.audit(&lake);
            let sums = audit["case_documents"].as_array().unwrap();
            let missing: u64 = sums
                .iter()
                .filter(|sum| !sum["missing"].is_null())
                .map(|sum| sum["number"].as_u64().unwrap())
                .sum();
            assert_eq!(missing, without as u64, "{name}: {audit:#}");
            std::fs::remove_dir_all(world.path(&lake)).unwrap();
        }
    }
}

#[test]
fn what_trouble_kept_from_coming_is_open_and_asked_for_again() {
    let Some(world) = World::start() else { return };
    let (list, files) = district(&world);
    let (documents, without) = truth(&world, &files);
    let args = ["crawl", "list", &list, "--documents"];
    // Links are refused as long as anybody asks.
    let rule = FaultRule::new(FaultKind::SessionExpire).on(On::Link);
    world.sim.set_faults(FaultScript::of([rule])).unwrap();
    let (code, report) = world.run("lake", &args);
    assert_ne!(code, Some(0), "{report:#}");
    assert_eq!(report["documents_missing"], 0, "{report:#}");
    let audit = world.audit("lake");
    assert!(
        audit["cases"].to_string().contains("\"failed\""),
        "{audit:#}"
    );
    world.sim.set_faults(FaultScript::of([])).unwrap();
    let report = world.finish("lake", &args);
    assert_eq!(report["documents_missing"], without, "{report:#}");
    assert_eq!(stored(&world, "lake"), documents);
    world.sound("lake");
}

#[test]
fn a_document_that_is_always_anothers_is_set_aside() {
    let Some(world) = World::start() else { return };
    let (list, files) = district(&world);
    let (documents, _) = truth(&world, &files);
    let rule = FaultRule::new(FaultKind::WrongDocument).on(On::Document);
    world.sim.set_faults(FaultScript::of([rule])).unwrap();
    let (_, report) = world.run("lake", &["crawl", "list", &list, "--documents"]);
    // Now and then the portal draws a document of the same case.
    assert!(stored(&world, "lake").is_subset(&documents), "{report:#}");
    assert!(
        report["documents_missing"].as_u64() > Some(10),
        "{report:#}"
    );
    let audit = world.audit("lake");
    assert!(
        audit["case_documents"]
            .to_string()
            .contains("wrong_document"),
        "{audit:#}"
    );
}

/// A portal that lists an order under another order's day gives the same file each time: three servings are believed,
/// and none is asked for a fourth time.
#[test]
fn what_is_always_dated_as_another_order_is_believed() {
    let Some(world) = World::start() else { return };
    let (list, _) = district(&world);
    let rule = FaultRule::new(FaultKind::WrongDocument).on(On::Document);
    let rule = rule.pick("same_case");
    world.sim.set_faults(FaultScript::of([rule])).unwrap();
    let (code, report) = world.run("lake", &["crawl", "list", &list, "--documents"]);
    assert_eq!(code, Some(0), "{report:#}");
    let stored = report["documents_stored"].as_u64().unwrap();
    let log = world.sim.log();
    let served = log.iter().filter(|entry| entry.route == Route::Document);
    let (others, own): (Vec<_>, Vec<_>) = served.partition(|entry| entry.note.is_some());
    assert!(others.len() > 10, "{}", others.len());
    assert_eq!(others.len() % 3, 0, "{}", others.len());
    assert_eq!((others.len() / 3 + own.len()) as u64, stored, "{report:#}");
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn an_order_of_calcutta_without_a_file_does_not_end_the_others() {
    let Some(world) = World::start() else { return };
    let files = world.sim.cases(Site::CalcuttaHc, &[]);
    let mixed = |file: &&CaseFile| {
        let has = |has| file.orders.iter().any(|order| order.has_file == has);
        has(true) && has(false)
    };
    let file = files.iter().find(mixed).unwrap();
    let (documents, without) = truth(&world, std::slice::from_ref(file));
    let side = match file.cnr.get(4..6) {
        Some("CO") => "original",
        Some("CJ") => "jalpaiguri",
        Some("CP") => "port-blair",
        _ => "appellate",
    };
    let (kind, number, year) = (
        file.case_type.code.to_string(),
        file.number.to_string(),
        file.year.to_string(),
    );
    let args = [
        "calcutta",
        "search",
        "--side",
        side,
        "--case-type",
        &kind,
        "--number",
        &number,
        "--year",
        &year,
        "--download",
        "orders",
    ];
    let output = world.ask(&args);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output));
    assert!(
        text(&output).contains("missing (no_file)"),
        "{}",
        text(&output)
    );
    let written = std::fs::read_dir(world.path("orders")).unwrap().count();
    assert_eq!(written, documents.len());
    let list = world.path("calcutta.csv");
    let cnr = file.cnr.get(..6).unwrap();
    std::fs::write(
        &list,
        format!("side,case_type,number,year\n{cnr},{kind},{number},{year}\n"),
    )
    .unwrap();
    let report = world.finish(
        "lake",
        &["crawl", "list", list.to_str().unwrap(), "--documents"],
    );
    assert_eq!(report["documents_missing"], without, "{report:#}");
    assert_eq!(stored(&world, "lake"), documents);
    // A case of that site is asked for again by its number.
    let again = world.finish("lake", &["refresh"]);
    assert_eq!(
        (&again["questions"], &again["not_asked"]),
        (&1.into(), &0.into()),
        "{again:#}"
    );
}

#[test]
fn orders_of_a_district_case_are_kept_with_it() {
    let Some(world) = World::start() else { return };
    let files = world.sim.cases(Site::DistrictCourts, &["8"]);
    let whole =
        |file: &&CaseFile| file.orders.len() > 1 && file.orders.iter().all(|order| order.has_file);
    let file = files.iter().find(whole).unwrap();
    let names = ["--state", "--district", "--complex", "--establishment"];
    let place: Vec<&str> = names
        .iter()
        .zip(&file.place)
        .flat_map(|(name, code)| [*name, code.as_str()])
        .collect();
    let kind = format!("{}^{}", file.case_type.code, file.place[3]);
    let (number, year) = (file.number.to_string(), file.year.to_string());
    let args = [
        &[
            "district",
            "orders",
            "--case-type",
            &kind,
            "--number",
            &number,
            "--year",
            &year,
        ][..],
        &["--download", "orders", "--lake", "lake"],
        &place,
    ]
    .concat();
    let output = world.ask(&args);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let (documents, _) = truth(&world, std::slice::from_ref(file));
    assert_eq!(stored(&world, "lake"), documents);
    let cases = crate::world::known(&world, "lake", std::slice::from_ref(file));
    assert_eq!(cases[0].orders.len(), file.orders.len());
    for entry in std::fs::read_dir(world.path("orders")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(name.starts_with(&file.cnr), "{name}");
    }
    world.sound("lake");
}

#[test]
fn a_refresh_goes_on_where_its_budget_ended() {
    let Some(world) = World::start() else { return };
    let (list, files) = world.list();
    world.finish("lake", &["crawl", "list", list.to_str().unwrap()]);
    let mut asked = Vec::new();
    let mut runs = 0;
    loop {
        runs += 1;
        assert!(runs < 12, "it never ends: {asked:?}");
        let before = world.sim.log().len();
        let (code, report) = world.run_with(5, "lake", &["refresh"]);
        let log = world.sim.log();
        let cases = log.get(before..).unwrap_or_default().iter();
        asked.extend(cases.filter_map(|entry| entry.case.clone()));
        if code == Some(0) {
            break;
        }
        assert_eq!(code, Some(79), "{report:#}");
        assert!(report["open"].as_u64().unwrap() > 0, "{report:#}");
    }
    // Each case once, over all runs.
    let mut cnrs: Vec<String> = files.iter().map(|file| file.cnr.clone()).collect();
    cnrs.sort();
    asked.sort();
    assert_eq!(asked, cnrs);
    assert!(runs > 2, "{runs} runs");
    // The next one begins a new round.
    let report = world.finish("lake", &["refresh"]);
    assert!(report["requests"].as_u64().unwrap() > 0, "{report:#}");
}

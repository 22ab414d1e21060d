//! Lists of every kind of question, tables as lists, and cause lists that lead to the cases on them.

use std::path::{Path, PathBuf};

use nirnay_model::{Case, CaseKey};
use nirnay_portal_sim::Site;
use nirnay_store::Layer;

use crate::world::{World, known, rows};

fn case(world: &World, lake: &str, key: &str) -> Case {
    let lake = world.lake(lake);
    let found = lake
        .ledger()
        .case(&CaseKey::from_stored(key.to_owned()))
        .unwrap();
    found.unwrap_or_else(|| panic!("no case {key}"))
}

#[test]
fn calcutta_and_the_supreme_court_are_asked_from_one_list() {
    let Some(world) = World::start() else { return };
    let files = world.sim.cases(Site::CalcuttaHc, &[]);
    let file = files.iter().find(|file| !file.orders.is_empty()).unwrap();
    let judgments = world.sim.supreme_judgments();
    let judgment = &judgments[judgments.len() / 2];
    let side = file.cnr.get(..6).unwrap();
    let list = world.path("mixed.csv");
    let text = format!(
        "side,case_type,number,diary,year\n{side},{code},{number},,{year}\n,,,{diary},{diary_year}\n\
         {side},{code},9999999,,{year}\n,,,99999999,2024\n",
        code = file.case_type.code,
        number = file.number,
        year = file.year,
        diary = judgment.diary,
        diary_year = judgment.diary_year,
    );
    std::fs::write(&list, text).unwrap();
    let args = ["crawl", "list", list.to_str().unwrap(), "--documents"];
    let report = world.finish("lake", &args);
    let sums = (&report["found"], &report["none"]);
    assert_eq!(sums, (&2.into(), &2.into()), "{report:#}");
    let of_calcutta = case(&world, "lake", &format!("calcutta-hc/{}", file.cnr));
    assert_eq!(of_calcutta.orders.len(), file.orders.len());
    assert!(
        of_calcutta
            .orders
            .iter()
            .all(|order| order.date.as_ref().is_some_and(|date| date.date.is_some()))
    );
    let diary = format!("{}/{}", judgment.diary, judgment.diary_year);
    let of_court = case(&world, "lake", &format!("sci/diary/{diary}"));
    assert_eq!(of_court.decided.unwrap().date, Some(judgment.on));
    assert_eq!(of_court.judges, judgment.judges);
    // The documents of both, each as its portal has it.
    let stored = nirnay_tests::snapshot(&world.path("lake")).documents;
    let of_orders: Vec<_> = (1..=50)
        .filter_map(|order| world.sim.case_document(&file.cnr, order))
        .map(|bytes| nirnay_model::Sha256::of(&bytes))
        .collect();
    let own = stored.values().filter(|sha256| of_orders.contains(sha256));
    assert!(own.count() > 0, "no order of Calcutta is stored");
    let judgment = world.sim.document_sha256(judgment.row).unwrap();
    assert!(stored.values().any(|sha256| *sha256 == judgment));
    world.sound("lake");
    let again = world.finish("lake", &args);
    assert_eq!(again["requests"], 0, "{again:#}");
}

/// The Parquet files below a folder.
fn tables(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tables(&path, out);
        } else if path.extension().is_some_and(|ending| ending == "parquet") {
            out.push(path);
        }
    }
}

#[test]
fn a_table_of_one_lake_is_a_list_for_another() {
    let Some(world) = World::start() else { return };
    let (path, files) = world.list();
    world.finish("one", &["crawl", "list", path.to_str().unwrap()]);
    let mut lists = Vec::new();
    tables(&world.path("one/cases"), &mut lists);
    assert!(!lists.is_empty());
    let mut questions = 0;
    for list in &lists {
        let report = world.finish("two", &["crawl", "list", list.to_str().unwrap()]);
        questions += report["questions"].as_u64().unwrap();
        assert_eq!(report["questions"], report["found"], "{report:#}");
    }
    assert_eq!(questions, files.len() as u64);
    assert_eq!(known(&world, "two", &files), known(&world, "one", &files));
    world.sound("two");
}

#[test]
fn cause_lists_lead_to_the_cases_on_them() {
    let Some(world) = World::start() else { return };
    let files = world.sim.cases(Site::DistrictCourts, &["8"]);
    let (place, day, listed) = files
        .iter()
        .flat_map(|file| file.hearings.iter().map(move |hearing| (file, hearing.on)))
        .find_map(|(file, day)| {
            let at: Vec<&str> = file.place.iter().map(String::as_str).collect();
            let listed = world.sim.sitting(Site::DistrictCourts, &at, day);
            (listed.len() > 1).then(|| (file.place.clone(), day.to_string(), listed))
        })
        .unwrap();
    let names = ["--state", "--district", "--complex", "--establishment"];
    let mut cases = 0;
    for criminal in [false, true] {
        let mut args = vec![
            "crawl",
            "district-lists",
            "--cases",
            "--from",
            &day,
            "--to",
            &day,
        ];
        args.extend(
            names
                .iter()
                .zip(&place)
                .flat_map(|(name, code)| [*name, code]),
        );
        args.extend(criminal.then_some("--criminal"));
        world.finish("lake", &args);
        cases = rows(&world.lake("lake"), Layer::Cases);
    }
    assert_eq!(
        rows(&world.lake("lake"), Layer::CauseLists),
        listed.len() as u64
    );
    assert_eq!(cases, listed.len() as u64);
    for cnr in &listed {
        let known = case(&world, "lake", &format!("district-courts/{cnr}"));
        assert!(!known.hearings.is_empty());
    }
    world.sound("lake");
}

#[test]
fn a_case_by_number_is_counted_once_and_requests_as_sent() {
    let Some(world) = World::start() else { return };
    let file = &world.files()[0];
    let list = world.path("number.csv");
    let (code, number, year) = (file.case_type.code, file.number, file.year);
    let text = format!("court,case_type,number,year\nDLHC,{code},{number},{year}\n");
    std::fs::write(&list, text).unwrap();
    let report = world.finish("lake", &["crawl", "list", list.to_str().unwrap()]);
    assert_eq!(report["rows"]["new"], 1, "{report:#}");
    let sent = world
        .sim
        .log()
        .iter()
        .filter(|entry| entry.portal == Site::HcServices)
        .count();
    assert_eq!(report["requests"], sent, "{report:#}");
}

#[test]
fn judgments_of_the_supreme_court_by_their_days() {
    let Some(world) = World::start() else { return };
    let judgments = world.sim.supreme_judgments();
    let days = judgments.iter().map(|judgment| judgment.on);
    let (from, to) = (days.clone().min().unwrap(), days.max().unwrap());
    let (from, to) = (from.to_string(), to.to_string());
    let args = ["crawl", "sci-days", "--from", &from, "--to", &to];
    world.finish("lake", &args);
    let lake = world.lake("lake");
    assert_eq!(rows(&lake, Layer::Cases), judgments.len() as u64);
    drop(lake);
    let again = world.finish("lake", &args);
    assert_eq!(again["requests"], 0, "{again:#}");
    world.sound("lake");
}

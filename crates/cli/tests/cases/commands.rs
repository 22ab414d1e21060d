//! Each command that asks a case portal one question, end to end.

use std::io::Read;
use std::process::{Command, Stdio};

use nirnay_portal_sim::{CaseFile, Crowd, Route, Site};
use serde_json::Value;

use crate::world::World;

fn ok(world: &World, args: &[&str]) -> String {
    let output = world.ask(args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

pub(crate) fn json(world: &World, args: &[&str]) -> Value {
    let args = [args, &["--json"]].concat();
    serde_json::from_str(&ok(world, &args)).unwrap()
}

fn refused(world: &World, args: &[&str]) -> (Option<i32>, String) {
    let output = world.ask(args);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{args:?}: {said}");
    (output.status.code(), said)
}

pub(crate) fn names(list: &Value) -> Vec<&str> {
    let list = list.as_array().unwrap().iter();
    list.map(|choice| choice["code"].as_str().unwrap())
        .collect()
}

#[test]
fn high_court_services() {
    let Some(world) = World::start() else { return };
    let files = world.sim.cases(Site::HcServices, &["26", "1"]);
    let file = files.iter().find(|file| !file.orders.is_empty()).unwrap();
    let benches = json(&world, &["hc", "benches", "--court", "Delhi High Court"]);
    assert!(names(&benches).contains(&"1"), "{benches:#}");
    let types = json(&world, &["hc", "case-types", "--court", "DLHC"]);
    let kind = file.case_type.code.to_string();
    assert!(names(&types).contains(&kind.as_str()), "{types:#}");
    let (number, year) = (file.number.to_string(), file.year.to_string());
    let by_number = [
        "hc",
        "search",
        "--court",
        "delhi",
        "--case-type",
        &kind,
        "--number",
        &number,
        "--year",
        &year,
    ];
    let found = json(&world, &by_number);
    assert_eq!(found[0]["cnr"], file.cnr.as_str(), "{found:#}");
    assert!(ok(&world, &by_number).contains(&file.cnr));
    let csv = ok(&world, &[&by_number[..], &["--csv"]].concat());
    assert!(
        csv.starts_with("cnr,number,diary,case_type,case_number,case_year,")
            && csv.contains(&file.cnr),
        "{csv}"
    );
    // The page prints the CNR with dashes; tables join by it.
    let page = ok(&world, &["case", "get", &file.cnr, "--csv"]);
    let row = page.lines().nth(1).unwrap();
    assert!(row.starts_with(&format!("{},", file.cnr)), "{page}");
    assert!(row.contains(&format!(",{number},{year},")), "{page}");
    let name = &file.petitioners[0].name;
    let by_party = [
        "hc", "search", "--court", "delhi", "--party", name, "--year", &year,
    ];
    assert!(json(&world, &by_party).to_string().contains(&file.cnr));
    let page = ok(&world, &["case", "get", &file.cnr]);
    for application in &file.applications {
        assert!(page.contains(&application.number), "{page}");
    }
    let orders = json(&world, &["hc", "orders", &file.cnr]);
    assert_eq!(orders.as_array().unwrap().len(), file.orders.len());
    let day = file.hearings[0].on.to_string();
    let lists = [
        "hc",
        "cause-list",
        "--court",
        "delhi",
        "--date",
        &day,
        "--download",
        "lists",
    ];
    let output = world.ask(&lists);
    assert!(matches!(output.status.code(), Some(0 | 2)), "{output:?}");
    // The portal's own words reach whoever asks.
    let (code, why) = refused(
        &world,
        &["hc", "search", "--court", "delhi", "--bar", "X/1/1900"],
    );
    assert!(
        why.contains("ERROR_VAL") || why.contains("no such record"),
        "{why}"
    );
    assert_ne!(code, Some(80), "{why}");
    let (_, why) = refused(
        &world,
        &["hc", "case-types", "--court", "delhi", "--bench", "9"],
    );
    assert!(why.contains("ERROR_VAL"), "{why}");
    let (code, _) = refused(
        &world,
        &["hc", "search", "--court", "delhi", "--party", "ram"],
    );
    assert_eq!(code, Some(64));
}

#[test]
fn the_district_courts() {
    let Some(world) = World::start() else { return };
    let files = world.sim.cases(Site::DistrictCourts, &["8"]);
    let file = files.iter().find(|file| !file.orders.is_empty()).unwrap();
    let at: Vec<&str> = file.place.iter().map(String::as_str).collect();
    assert_eq!(
        json(&world, &["district", "states"])
            .as_array()
            .unwrap()
            .len(),
        36
    );
    let districts = json(&world, &["district", "districts", "--state", at[0]]);
    assert!(names(&districts).contains(&at[1]), "{districts:#}");
    let complexes = [
        "district",
        "complexes",
        "--state",
        at[0],
        "--district",
        at[1],
    ];
    assert!(names(&json(&world, &complexes)).contains(&at[2]));
    let place = [
        "--state",
        at[0],
        "--district",
        at[1],
        "--complex",
        at[2],
        "--establishment",
        at[3],
    ];
    let with = |args: &[&'static str]| -> Vec<String> {
        let all = args.iter().copied().chain(place.iter().copied());
        all.map(str::to_owned).collect()
    };
    let types = with(&["district", "case-types"]);
    let types: Vec<&str> = types.iter().map(String::as_str).collect();
    let types = json(&world, &types);
    let own = format!("{}^", file.case_type.code);
    let kind = names(&types)
        .into_iter()
        .find(|code| code.starts_with(&own))
        .unwrap()
        .to_owned();
    let (number, year) = (file.number.to_string(), file.year.to_string());
    for (what, expected) in [("search", file.cnr.as_str()), ("orders", "date")] {
        let args = [
            &[
                "district",
                what,
                "--case-type",
                &kind,
                "--number",
                &number,
                "--year",
                &year,
            ][..],
            &place[..],
        ]
        .concat();
        assert!(json(&world, &args).to_string().contains(expected), "{what}");
    }
    let (code, why) = refused(
        &world,
        &[&["district", "search", "--party", "ram"][..], &place[..]].concat(),
    );
    assert!(code == Some(64) && why.contains("--year"), "{why}");
    let (code, why) = refused(&world, &["district", "districts", "--state", "99"]);
    assert_eq!(code, Some(2), "{why}");
}

#[test]
fn calcutta_and_the_supreme_court() {
    let Some(world) = World::start() else { return };
    let types = json(&world, &["calcutta", "case-types"]);
    assert!(!types.as_array().unwrap().is_empty());
    let recent = json(&world, &["sci", "recent"]);
    assert!(recent.is_array());
    // The home page, and the two lists of their own.
    let counts = world.sim.counts();
    assert_eq!(counts[&(Site::SciFeed, Route::Feed)], 3);
    let judgments = world.sim.supreme_judgments();
    let one = judgments
        .iter()
        .find(|one| one.links.len() > 1)
        .unwrap_or(&judgments[0]);
    let (diary, year) = (one.diary.to_string(), one.diary_year.to_string());
    let args = ["sci", "search", "--diary", &diary, "--year", &year];
    let found = json(&world, &args);
    assert_eq!(
        found[0]["diary_number"],
        format!("{diary}/{year}"),
        "{found:#}"
    );
    ok(&world, &[&args[..], &["--download", "judgments"]].concat());
    let written = std::fs::read_dir(world.path("judgments")).unwrap().count();
    assert!(written >= one.links.len(), "{written}");
    let types = json(&world, &["sci", "case-types"]);
    assert!(!types.as_array().unwrap().is_empty());
    let judges = json(&world, &["sci", "judges"]);
    assert!(
        names(&judges).contains(&one.judges[0].as_str()),
        "{judges:#}"
    );
    let day = one.on.to_string();
    let judge = one.judges[0].to_lowercase();
    let by_judge = [
        "sci", "search", "--judge", &judge, "--from", &day, "--to", &day,
    ];
    let found = json(&world, &by_judge);
    assert!(
        found.to_string().contains(&format!("{diary}/{year}")),
        "{found:#}"
    );
    // The documents lie on a host of their own, which is asked for its robots.txt and for nothing but documents.
    let log = world.sim.log();
    let own: Vec<Route> = log
        .iter()
        .filter(|entry| entry.portal == Site::SciDocuments)
        .map(|entry| entry.route)
        .collect();
    assert_eq!(own.first(), Some(&Route::Robots), "{own:?}");
    assert!(
        own[1..].iter().all(|route| *route == Route::Document),
        "{own:?}"
    );
}

#[test]
fn a_listing_is_imported() {
    let Some(world) = World::start() else { return };
    let file = world.path("listing.json");
    let row = r#"{"diary_no":"10169-2001","Judgement_type":"J","case_no":"C.A. No.-004292-004292 - 2002","pet":"A",
        "res":"B","pet_adv":"C","res_adv":"D","bench":"","judgement_by":"","judgment_dates":"17-02-2002",
        "temp_link":"jonew/judis/18613.pdf (English)"}"#;
    std::fs::write(&file, format!("{{\"data\":[{row}],\"error\":0}}")).unwrap();
    let import = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nirnay"));
        command.args(["import", "listing", "--json", "--lake"]);
        let output = command.arg(world.path("lake")).arg(&file).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    assert_eq!(import()["new"], 1);
    assert_eq!(import()["unchanged"], 1);
    world.sound("lake");
}

/// A command without a portal.
fn nirnay(args: &[&str]) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nirnay"));
    command.args(args).output().unwrap()
}

fn listed(diary: &str, number: &str, name: &str, (day, links): (&str, &[&str])) -> String {
    serde_json::json!({
        "diary_no": diary, "Judgement_type": "J", "case_no": number, "pet": name, "res": name,
        "pet_adv": "", "res_adv": "", "bench": "", "judgement_by": "", "judgment_dates": day,
        "temp_link": links.iter().map(|link| format!("{link} (English)")).collect::<Vec<_>>().join(" | "),
    })
    .to_string()
}

#[test]
fn no_judgment_of_a_listing_is_lost() {
    let Some(world) = World::start() else { return };
    let kapur = ("834-1997", "C.A. No.-004323-004323 - 1999", "R.P. KAPUR");
    let rows = [
        listed(kapur.0, kapur.1, kapur.2, ("19-11-1963", &["judis/1.pdf"])),
        listed(
            kapur.0,
            kapur.1,
            kapur.2,
            ("09-08-1999", &["judis/2.pdf", "judis/3.pdf"]),
        ),
        listed(
            "-0",
            " - ",
            "SHARDUL SINGH",
            ("02-12-1959", &["judis/4.pdf", "judis/5.pdf"]),
        ),
        listed(
            "-0",
            " - ",
            "CHANDRA PRAKASH",
            ("18-12-1969", &["judis/6.pdf"]),
        ),
        listed("-1178", " - ", "", ("08-08-1997", &["judis/7.pdf"])),
    ];
    let import = |lake: &str, rows: &[String]| {
        let file = world.path("listing.json");
        let text = format!("{{\"data\":[{}],\"error\":0}}", rows.join(","));
        std::fs::write(&file, text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_nirnay"));
        command.args(["import", "listing", "--json", "--lake"]);
        let output = command.arg(world.path(lake)).arg(&file).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let key = nirnay_model::CaseKey::from_stored("sci/diary/834/1997".to_owned());
    let kept = |lake: &str| {
        let lake = world.lake(lake);
        assert_eq!(crate::world::rows(&lake, nirnay_store::Layer::Cases), 4);
        assert_eq!(crate::world::rows(&lake, nirnay_store::Layer::Orders), 7);
        lake.ledger().case(&key).unwrap().unwrap()
    };
    // At once, and row by row with the last first.
    assert_eq!(import("one", &rows)["new"], 4);
    for row in rows.iter().rev() {
        import("two", std::slice::from_ref(row));
    }
    let case = kept("one");
    assert_eq!(case, kept("two"));
    assert_eq!(case.orders.len(), 3);
    let decided = case.decided.unwrap().date.unwrap();
    assert_eq!(decided.to_string(), "1999-08-09");
    // Every row again, whole or alone, changes nothing.
    assert_eq!(import("one", &rows)["unchanged"], 4);
    for row in &rows {
        let again = import("one", std::slice::from_ref(row));
        assert_eq!(again["unchanged"], 1, "{again:#}");
    }
    assert_eq!(
        crate::world::rows(&world.lake("one"), nirnay_store::Layer::Revisions),
        0
    );
    world.sound("two");
    let status = nirnay(&["status", "--lake", world.path("one").to_str().unwrap()]);
    let status = String::from_utf8_lossy(&status.stdout).into_owned();
    assert!(status.contains("cases      4 cases, 7 orders"), "{status}");
}

#[test]
fn the_latest_judgments_are_kept() {
    let Some(world) = World::start() else { return };
    let recent = json(&world, &["sci", "recent"]);
    let recent = recent.as_array().unwrap();
    let mut diaries: Vec<&str> = recent
        .iter()
        .filter_map(|row| row["judgment"]["diary_number"].as_str())
        .collect();
    diaries.sort_unstable();
    diaries.dedup();
    assert!(!diaries.is_empty());
    let args = [
        "sci",
        "recent",
        "--csv",
        "--lake",
        "lake",
        "--download",
        "latest",
    ];
    let csv = ok(&world, &args);
    assert!(
        csv.starts_with("diary,date,kind,number,title,uploaded,link\r\n"),
        "{csv}"
    );
    assert!(
        csv.contains("https://www.sci.gov.in/sci-get-pdf/?diary_no="),
        "{csv}"
    );
    {
        let lake = world.lake("lake");
        let rows = |layer| crate::world::rows(&lake, layer);
        assert_eq!(rows(nirnay_store::Layer::Cases), diaries.len() as u64);
        assert_eq!(rows(nirnay_store::Layer::Orders), recent.len() as u64);
        let key = format!("sci/diary/{}", diaries[0]);
        let key = nirnay_model::CaseKey::from_stored(key);
        let case = lake.ledger().case(&key).unwrap().unwrap();
        for slot in nirnay_model::order_slots(&case) {
            let stored = lake.ledger().case_document(&key, &slot).unwrap();
            assert!(stored.is_some(), "{slot}");
        }
    }
    world.sound("lake");
}

#[test]
fn the_registry_knows_benches_and_the_letters_of_cnrs() {
    let courts = |text: &str| {
        let output = nirnay(&["courts", text, "--json"]);
        assert!(output.status.success(), "{text}: {output:?}");
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    for name in ["nagpur", "bombay-nagpur"] {
        let found = courts(name);
        assert_eq!(found["courts"][0]["slug"], "bombay", "{found:#}");
        assert_eq!(found["hc_services"][0]["code"], "4", "{found:#}");
    }
    let found = courts("High Court of Bombay at Goa");
    assert_eq!(found["hc_services"][0]["name"], "Goa Bench", "{found:#}");
    let found = courts("MHPU010000042021");
    assert_eq!(found["state"]["name"], "Maharashtra", "{found:#}");
    let output = nirnay(&["courts", "nagpur"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("--court bombay --bench 4"), "{text}");
    assert!(!nirnay(&["courts", "XXXX010000042021"]).status.success());
}

/// The most that a search of a crowd may take, in KiB.
const MOST_KIB: u64 = 200 << 10;

/// Runs a command to its end and gives its peak of memory in KiB and the bytes that it printed.
fn peak(mut command: Command) -> (u64, u64) {
    let command = command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut out = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let (mut bytes, mut buffer) = (0, vec![0; 1 << 16]);
        while let Ok(read @ 1..) = out.read(&mut buffer) {
            bytes += read as u64;
        }
        bytes
    });
    let mut peak = 0;
    let code = loop {
        if let Ok(text) = std::fs::read_to_string(&status) {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
            peak = peak.max(kib.unwrap_or(0));
        }
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None => std::thread::sleep(std::time::Duration::from_millis(2)),
        }
    };
    assert!(code.success(), "{code}");
    (peak, reader.join().unwrap())
}

#[test]
fn a_crowd_is_handed_on_one_by_one() {
    let cases = nirnay_tests::number("NIRNAY_CROWD", 10_000_u32);
    let crowd = Crowd {
        court: "delhi".to_owned(),
        party: "NATIONAL CROWD LTD".to_owned(),
        year: 2024,
        cases,
    };
    let Some(world) = World::start_with(Some(crowd)) else {
        return;
    };
    let search = [
        "hc",
        "search",
        "--court",
        "delhi",
        "--party",
        "NATIONAL CROWD",
        "--year",
        "2024",
    ];
    let mut peaks = Vec::new();
    for more in [
        &[][..],
        &["--csv"],
        &["--json"],
        &["--json", "--lake", "crowd"],
    ] {
        let command = world.command_of(&[&search[..], more].concat());
        let (kib, bytes) = peak(command);
        assert!(bytes > u64::from(cases) * 50, "{more:?}: {bytes} bytes");
        assert!(kib < MOST_KIB, "{more:?}: {kib} KiB for {cases} rows");
        peaks.push(format!("{} {} MiB", more.join(" "), kib >> 10));
    }
    println!(
        "figure: a search of {cases} rows, by the command | {} | -",
        peaks.join(", ")
    );
}

#[test]
fn a_list_shorter_than_its_own_total_is_not_whole() {
    let Some(world) = World::start() else { return };
    let files = world.sim.cases(Site::HcServices, &["26", "1"]);
    let mut by_name = std::collections::BTreeMap::<(String, u16), Vec<&CaseFile>>::new();
    for file in &files {
        for party in file.petitioners.iter().take(1) {
            by_name
                .entry((party.name.clone(), file.year))
                .or_default()
                .push(file);
        }
    }
    let ((name, year), _) = by_name.into_iter().next().unwrap();
    let rule = nirnay_portal_sim::FaultRule::new(nirnay_portal_sim::FaultKind::TotalMoves).n(3);
    let script = nirnay_portal_sim::FaultScript::of([rule]);
    world.sim.set_faults(script).unwrap();
    let year = year.to_string();
    let args = [
        "hc", "search", "--court", "delhi", "--party", &name, "--year", &year,
    ];
    let output = world.ask(&args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
}

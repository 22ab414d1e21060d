//! Every kind of fault that the simulator knows and that can strike a case portal, on each of them: in the end the lake
//! holds what a calm day gives, cases and documents, and nothing else.

use nirnay_portal_sim::{FaultKind, FaultRule, FaultScript, On, RetryAfter as After, Site};
use nirnay_store::Layer;
use nirnay_tests::{number, snapshot};

use crate::world::{World, rows};

/// Kinds that strike the way to a case or document, each as often as a walk must bear it. A page that says the crawler
/// is blocked ends the work on a portal for a day, what changes lists alone (rows that shift, totals that move) strikes
/// none of these questions, and a mark before a document is kept as it was served, which is another file.
fn kinds() -> Vec<FaultRule> {
    use FaultKind::{
        BadOutputfile, BadPicture, BomBeforeJson, CaptchaPinned, CaptchaRefuse, CaptchaWrongLength,
        CutBody, Drop, EmptyBody, Errormsg, GzipBomb, HeaderFlood, HtmlPdf, HttpStatus, HugeBody,
        LoginPage, Maintenance, NotJson, RedirectOut, RetryAfter, SecretTurns, SessionExpire,
        SessionLost, Slow, SqlTextBeforeJson, StaleLink, TinyPdf, Trickle, TruncatedPdf,
        UnknownJson, WrongDocument, ZeroPdf,
    };
    // Not every n-th request: a session takes a fixed number of them, and the fault would meet the same step each time.
    let rule = |kind| FaultRule::new(kind).probability(0.12);
    // A few requests of a walk are such.
    let often = |kind| FaultRule::new(kind).probability(0.4);
    vec![
        rule(SessionExpire),
        rule(SessionLost),
        rule(WrongDocument).pick("same_case"),
        rule(Errormsg),
        rule(NotJson),
        rule(LoginPage),
        rule(EmptyBody),
        rule(UnknownJson),
        rule(SqlTextBeforeJson),
        rule(BomBeforeJson),
        rule(Drop),
        rule(CutBody),
        rule(Slow).ms(5),
        rule(Trickle).n(512).ms(1),
        rule(HttpStatus).status(500),
        often(HttpStatus).status(404).on(On::Document),
        rule(WrongDocument),
        rule(ZeroPdf),
        rule(TinyPdf),
        rule(HtmlPdf),
        rule(TruncatedPdf),
        rule(StaleLink),
        often(CaptchaRefuse),
        often(CaptchaWrongLength),
        often(CaptchaPinned),
        often(BadPicture),
        rule(GzipBomb).mib(1),
        rule(RedirectOut).times(3),
        often(BadOutputfile).form("host"),
        often(SecretTurns),
        rule(HeaderFlood),
        rule(HugeBody).mib(40),
        rule(Maintenance).times(1),
        rule(RetryAfter)
            .retry_after(After::Text("1".to_owned()))
            .times(2),
    ]
}

#[test]
fn portals_that_fail_give_the_same_cases() {
    let Some(world) = World::start() else { return };
    let (list, files) = world.list();
    let mixed = world.mixed();
    let crawl = |lake: &str, list: &str| {
        let args = ["crawl", "list", list, "--documents"];
        let mut outcome = world.run(lake, &args);
        for _ in 0..5 {
            if outcome.0 == Some(0) {
                break;
            }
            outcome = world.run(lake, &args);
        }
        outcome
    };
    let lists = [list.to_str().unwrap(), mixed.as_str()];
    for list in lists {
        assert_eq!(crawl("calm", list).0, Some(0));
    }
    let calm = snapshot(&world.path("calm"));
    let cases = crate::world::known(&world, "calm", &files);
    // Part of the kinds in each run; all of them in the long form.
    let (seed, most) = (
        number("NIRNAY_SEED", 7_u64),
        number("NIRNAY_FAULT_KINDS", 8_usize),
    );
    let kinds = kinds();
    let from = (seed as usize).wrapping_mul(5) % kinds.len();
    let most = most.min(kinds.len());
    let chosen = kinds.iter().cycle().skip(from).take(most);
    let mut struck = 0;
    let mut idle = Vec::new();
    for rule in chosen {
        let name = format!("{:?} on {:?}", rule.kind, rule.on);
        world
            .sim
            .set_faults(FaultScript::of([rule.clone()]))
            .unwrap();
        let before = world.sim.log().len();
        for list in lists {
            let (code, report) = crawl("stormy", list);
            assert_eq!(code, Some(0), "{name}: {report:#}");
        }
        let log = world.sim.log();
        let own = log.get(before..).unwrap_or_default().iter();
        let own = own.filter(|entry| {
            // A case with one order has no other to send.
            let note = entry.note.as_deref().unwrap_or("");
            entry.fault.is_some() && (rule.pick.is_none() || note.starts_with("asked for"))
        });
        let own = own.count();
        if own == 0 {
            idle.push(name.clone());
        }
        struck += own;
        assert_eq!(
            crate::world::known(&world, "stormy", &files),
            cases,
            "{name}"
        );
        let stormy = snapshot(&world.path("stormy"));
        let other = calm.difference(&nirnay_tests::Snapshot {
            tables: calm.tables.clone(),
            documents: stormy.documents,
        });
        assert_eq!(other, "", "{name}");
        assert_eq!(
            world.audit("calm")["case_documents"],
            world.audit("stormy")["case_documents"],
            "{name}"
        );
        world.sound("stormy");
        std::fs::remove_dir_all(world.path("stormy")).unwrap();
    }
    assert_eq!(idle, Vec::<String>::new(), "these struck nothing");
    println!(
        "figure: kinds of faults on case portals | {most} kinds, {struck} requests struck, 0 differ | -"
    );
}

/// A bench's cases by number, a complex's, and the cause lists of both on a day on which cases are heard: the commands,
/// and which portal answers.
fn walks(world: &World) -> Vec<Vec<String>> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let high = &world.files()[0];
    let numbers = |number: u32| [number.to_string(), (number + 1).to_string()];
    let (kind, year) = (high.case_type.code.to_string(), high.year.to_string());
    let [first, last] = numbers(high.number);
    let of_bench = ["--court", "delhi"];
    let of_numbers = ["--case-type", &kind, "--year", &year, "--first", &first];
    let mut walks: Vec<Vec<String>> = vec![words(
        &[
            &["crawl", "hc-numbers"],
            &of_bench[..],
            &of_numbers,
            &["--last", &last],
        ]
        .concat(),
    )];
    let high = world.sim.cases(Site::HcServices, &["26", "1"]);
    let day = high
        .iter()
        .find_map(|file| file.hearings.last())
        .unwrap()
        .on;
    let day = day.to_string();
    let days = ["--from", &day, "--to", &day];
    walks.push(words(
        &[&["crawl", "hc-lists"], &of_bench[..], &days].concat(),
    ));
    let low = world.sim.cases(Site::DistrictCourts, &["8"]);
    let low = low.iter().find(|file| !file.hearings.is_empty()).unwrap();
    let names = ["--state", "--district", "--complex", "--establishment"];
    let place: Vec<&str> = names
        .iter()
        .zip(&low.place)
        .flat_map(|(name, code)| [*name, code.as_str()])
        .collect();
    let day = low.hearings[0].on.to_string();
    let days = ["--from", &day, "--to", &day];
    let side: &[&str] = if low.case_type.name.contains("Cri") {
        &["--criminal"]
    } else {
        &[]
    };
    walks.push(words(
        &[&["crawl", "district-lists"], &place[..], &days, side].concat(),
    ));
    let kind = format!("{}^{}", low.case_type.code, low.place[3]);
    let year = low.year.to_string();
    let [first, last] = numbers(low.number);
    let of_numbers = ["--case-type", &kind, "--year", &year, "--first", &first];
    walks.push(words(
        &[
            &["crawl", "district-numbers"],
            &place[..],
            &of_numbers,
            &["--last", &last],
        ]
        .concat(),
    ));
    walks
}

#[test]
fn lists_that_lie_give_the_same_rows() {
    let Some(world) = World::start() else { return };
    let run = |lake: &str, walk: &[String]| {
        let args: Vec<&str> = walk.iter().map(String::as_str).collect();
        let mut outcome = world.run(lake, &args);
        for _ in 0..4 {
            if outcome.0 == Some(0) {
                break;
            }
            outcome = world.run(lake, &args);
        }
        assert_eq!(outcome.0, Some(0), "{args:?}: {:#}", outcome.1);
    };
    let sums = |lake: &str| -> Vec<(Layer, u64)> {
        let sums = world.lake(lake).ledger().layer_sums().unwrap();
        sums.into_iter()
            .map(|(layer, rows, _)| (layer, rows))
            .collect()
    };
    let walks = walks(&world);
    for walk in &walks {
        run("calm", walk);
    }
    let calm = sums("calm");
    for layer in [Layer::Cases, Layer::CauseLists] {
        assert!(rows(&world.lake("calm"), layer) > 0, "{layer:?}: {calm:?}");
    }
    // Every second search lies: the answer that follows, of another session, does not.
    let rule = |kind| FaultRule::new(kind).on(On::Search).every(2);
    for rule in [
        rule(FaultKind::EmptyResult),
        rule(FaultKind::ShortPage),
        rule(FaultKind::DuplicateRow),
        rule(FaultKind::TotalMoves).n(3),
        rule(FaultKind::TotalMoves).n(-1),
        rule(FaultKind::RowFlood).n(300),
    ] {
        let name = format!("{:?}, {:?}", rule.kind, rule.n);
        world.sim.set_faults(FaultScript::of([rule])).unwrap();
        let before = world.sim.log().len();
        for walk in &walks {
            run("stormy", walk);
        }
        let log = world.sim.log();
        let own = log.get(before..).unwrap_or_default();
        assert!(own.iter().any(|entry| entry.fault.is_some()), "{name}");
        assert_eq!(sums("stormy"), calm, "{name}");
        world.sound("stormy");
        std::fs::remove_dir_all(world.path("stormy")).unwrap();
    }
}

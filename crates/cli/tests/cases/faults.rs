//! Every kind of fault that the simulator knows and that can strike a case portal, on each of them: in the end the lake
//! holds what a calm day gives, cases and documents, and nothing else.

use nirnay_portal_sim::{FaultKind, FaultRule, FaultScript, On};
use nirnay_tests::{number, snapshot};

use crate::world::World;

/// Kinds that strike the way to a case or document, each as often as a walk must bear it.
fn kinds() -> Vec<FaultRule> {
    use FaultKind::{
        BadOutputfile, BadPicture, BomBeforeJson, CaptchaPinned, CaptchaRefuse, CaptchaWrongLength,
        CutBody, Drop, EmptyBody, Errormsg, GzipBomb, HtmlPdf, HttpStatus, LoginPage, NotJson,
        RedirectOut, SecretTurns, SessionExpire, SessionLost, Slow, SqlTextBeforeJson, StaleLink,
        TinyPdf, Trickle, TruncatedPdf, UnknownJson, WrongDocument, ZeroPdf,
    };
    let rule = |kind| FaultRule::new(kind).every(6);
    vec![
        rule(SessionExpire),
        rule(SessionLost),
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
        rule(HttpStatus).status(404).on(On::Document),
        rule(WrongDocument),
        rule(ZeroPdf),
        rule(TinyPdf),
        rule(HtmlPdf),
        rule(TruncatedPdf),
        rule(StaleLink),
        rule(CaptchaRefuse),
        rule(CaptchaWrongLength),
        rule(CaptchaPinned),
        rule(BadPicture),
        rule(GzipBomb).mib(1),
        rule(RedirectOut),
        rule(BadOutputfile).form("host"),
        rule(SecretTurns),
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
    let chosen = kinds.iter().cycle().skip(from).take(most.min(kinds.len()));
    let mut struck = 0;
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
        struck += own.filter(|entry| entry.fault.is_some()).count();
        assert_eq!(
            crate::world::known(&world, "stormy", &files),
            cases,
            "{name}"
        );
        let stormy = snapshot(&world.path("stormy"));
        assert_eq!(calm.documents, stormy.documents, "{name}");
        assert_eq!(
            world.audit("calm")["case_documents"],
            world.audit("stormy")["case_documents"],
            "{name}"
        );
        world.sound("stormy");
        std::fs::remove_dir_all(world.path("stormy")).unwrap();
    }
    assert!(struck > most, "{struck} requests were struck");
    println!(
        "figure: kinds of faults on case portals | {most} kinds, {struck} requests struck, 0 differ | -"
    );
}

//! Questions of the case commands by other things than a number: advocates, places, courts, case numbers and parties of
//! the Supreme Court.

use crate::commands::{json, names};
use crate::world::World;
use nirnay_portal_sim::Site;

#[test]
fn cases_of_an_advocate_of_a_high_court() {
    let Some(world) = World::start() else { return };
    let files = world.sim.cases(Site::HcServices, &["26", "1"]);
    let (cnr, advocate) = files
        .iter()
        .find_map(|file| {
            let parties = file.petitioners.iter().chain(&file.respondents);
            let mut advocates = parties.flat_map(|party| &party.advocates);
            Some((file.cnr.clone(), advocates.next()?.clone()))
        })
        .unwrap();
    for args in [["--advocate", &advocate.name], ["--bar", &advocate.bar]] {
        let args = [&["hc", "search", "--court", "delhi"], &args[..]].concat();
        let found = json(&world, &args);
        let cnrs = found.as_array().unwrap().iter();
        let cnrs: Vec<&str> = cnrs.filter_map(|case| case["cnr"].as_str()).collect();
        assert!(cnrs.contains(&cnr.as_str()), "{args:?}: {cnrs:?}");
        // Of these alone.
        let own = |cnr: &&str| {
            let file = world.sim.case(cnr).unwrap();
            let mut parties = file.petitioners.iter().chain(&file.respondents);
            parties.any(|party| party.advocates.contains(&advocate))
        };
        assert!(cnrs.iter().all(own), "{args:?}: {cnrs:?}");
    }
}

#[test]
fn a_district_court_from_its_complex_to_its_cause_list() {
    let Some(world) = World::start() else { return };
    let files = world.sim.cases(Site::DistrictCourts, &["8"]);
    let file = files.iter().find(|file| !file.hearings.is_empty()).unwrap();
    let [state, district, complex, establishment] = &file.place[..] else {
        panic!("{:?}", file.place);
    };
    let of_complex = [
        "--state",
        state,
        "--district",
        district,
        "--complex",
        complex,
    ];
    let args = [&["district", "establishments"], &of_complex[..]].concat();
    let establishments = json(&world, &args);
    assert!(
        names(&establishments).contains(&establishment.as_str()),
        "{establishments:#}"
    );
    let place = [&of_complex[..], &["--establishment", establishment]].concat();
    let courts = json(&world, &[&["district", "courts"], &place[..]].concat());
    let listed = names(&courts);
    assert!(!listed.is_empty(), "{courts:#}");
    let day = file.hearings[0].on.to_string();
    let side: &[&str] = if file.case_type.name.to_lowercase().contains("cri") {
        &["--criminal"]
    } else {
        &[]
    };
    // Each court has a list of its own: the case stands on one of them.
    let lists = listed.iter().map(|court| {
        let asked = ["--court", court, "--date", &day, "--json"];
        let args = [&["district", "cause-list"], &place[..], &asked, side].concat();
        let output = world.ask(&args);
        assert!(matches!(output.status.code(), Some(0 | 2)), "{output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    });
    let with_it = lists.filter(|list| list.contains(&file.cnr)).count();
    assert_eq!(with_it, 1, "{listed:?} on {day}");
}

#[test]
fn judgments_of_the_supreme_court_by_number_and_party() {
    let Some(world) = World::start() else { return };
    let judgments = world.sim.supreme_judgments();
    let types = json(&world, &["sci", "case-types"]);
    let (one, kind, number, year) = judgments
        .iter()
        .find_map(|one| {
            // `CIVIL APPEAL No. 131/2004`
            let (name, rest) = one.number.split_once(" No. ")?;
            let (number, year) = rest.split_once('/')?;
            let mut types = types.as_array()?.iter();
            let code = types.find(|entry| entry["name"] == name)?["code"].as_str()?;
            Some((one, code.to_owned(), number.to_owned(), year.to_owned()))
        })
        .unwrap_or_else(|| panic!("{types:#} {:?}", judgments[0].number));
    let diary = format!("{}/{}", one.diary, one.diary_year);
    let by_number = [
        "sci",
        "search",
        "--case-type",
        &kind,
        "--number",
        &number,
        "--year",
        &year,
    ];
    let found = json(&world, &by_number).to_string();
    assert!(found.contains(&diary), "{by_number:?}: {found}");
    let decided = one.on.year().to_string();
    let by_party = [
        "sci",
        "search",
        "--party",
        &one.petitioner,
        "--year",
        &decided,
    ];
    let found = json(&world, &by_party).to_string();
    assert!(found.contains(&diary), "{by_party:?}: {found}");
}

//! Kills at random instants of every kind of walk: the same command again ends in the same tables and PDFs, byte for byte.

use std::time::{Duration, Instant};

use nirnay_tests::{number, snapshot};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::world::World;

/// A walk: what it is called, the command before it, if any, and its command.
struct Walk {
    name: &'static str,
    before: Option<Vec<String>>,
    args: Vec<String>,
}

fn words(args: &[&str]) -> Vec<String> {
    args.iter().map(|word| (*word).to_owned()).collect()
}

#[expect(clippy::too_many_lines, reason = "a list of commands")]
fn walks(world: &World) -> Vec<Walk> {
    let (list, files) = world.list();
    let list = list.to_str().unwrap().to_owned();
    let mixed = world.mixed();
    let hc = &files[0];
    let district = files.last().unwrap();
    let (kind, year) = (hc.case_type.code.to_string(), hc.year.to_string());
    let (from, until) = (hc.number.to_string(), (hc.number + 2).to_string());
    let day = hc.hearings.last().unwrap().on.to_string();
    let heard = district.hearings.last().unwrap().on.to_string();
    let at: Vec<&str> = district.place.iter().map(String::as_str).collect();
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
    let of_district = format!("{}^{}", district.case_type.code, at[3]);
    let (own, own_year) = (district.number.to_string(), district.year.to_string());
    let walk = |name, args: &[&str]| Walk {
        name,
        before: None,
        args: words(args),
    };
    vec![
        walk("list", &["crawl", "list", &list, "--documents"]),
        walk("other portals", &["crawl", "list", &mixed, "--documents"]),
        walk(
            "cause lists",
            &[
                "crawl",
                "hc-lists",
                "--court",
                "delhi",
                "--from",
                &day,
                "--to",
                &day,
                "--documents",
            ],
        ),
        walk(
            "numbers",
            &[
                "crawl",
                "hc-numbers",
                "--court",
                "delhi",
                "--case-type",
                &kind,
                "--year",
                &year,
                "--first",
                &from,
                "--last",
                &until,
                "--documents",
            ],
        ),
        walk(
            "district lists",
            &[
                &[
                    "crawl",
                    "district-lists",
                    "--cases",
                    "--from",
                    &heard,
                    "--to",
                    &heard,
                ],
                &place[..],
            ]
            .concat(),
        ),
        walk(
            "district numbers",
            &[
                &[
                    "crawl",
                    "district-numbers",
                    "--case-type",
                    &of_district,
                    "--year",
                    &own_year,
                    "--first",
                    &own,
                    "--gap",
                    "2",
                    "--documents",
                ],
                &place[..],
            ]
            .concat(),
        ),
        Walk {
            name: "refresh",
            before: Some(words(&["crawl", "list", &list])),
            args: words(&["refresh", "--documents"]),
        },
    ]
}

fn prepare(world: &World, lake: &str, walk: &Walk) {
    if let Some(before) = &walk.before {
        let before: Vec<&str> = before.iter().map(String::as_str).collect();
        world.finish(lake, &before);
    }
}

#[test]
fn kills_leave_no_trace() {
    let Some(world) = World::start() else { return };
    let seed: u64 = number("NIRNAY_SEED", 7);
    let wanted: u32 = number("NIRNAY_KILLS", 14);
    let walks = walks(&world);
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let began = Instant::now();
    let (mut kills, mut lakes) = (0, 0);
    // A process that ends before its kill is tried again, up to a bound: a fast machine ends many.
    let share = wanted.div_ceil(walks.len() as u32).max(2);
    for walk in &walks {
        let args: Vec<&str> = walk.args.iter().map(String::as_str).collect();
        prepare(&world, "reference", walk);
        let start = Instant::now();
        world.finish("reference", &args);
        let whole = start.elapsed();
        let expected = snapshot(&world.path("reference"));
        assert!(!expected.tables.is_empty(), "{}", walk.name);
        let mut of_walk = 0;
        for _ in 0..2 * share {
            if of_walk >= share {
                break;
            }
            lakes += 1;
            let lake = format!("lake-{lakes}");
            prepare(&world, &lake, walk);
            for _ in 0..2 {
                let mut child = world.spawn(&lake, &args);
                let after = whole.mul_f64(dice.random_range(0.02..0.95));
                std::thread::sleep(after.max(Duration::from_millis(20)));
                let done = child.try_wait().unwrap().is_some();
                child.kill().unwrap();
                child.wait().unwrap();
                of_walk += u32::from(!done);
            }
            world.finish(&lake, &args);
            let found = snapshot(&world.path(&lake));
            assert!(
                found == expected,
                "NIRNAY_SEED={seed}, {}, lake {lakes}:\n{}",
                walk.name,
                expected.difference(&found)
            );
            world.sound(&lake);
            std::fs::remove_dir_all(world.path(&lake)).unwrap();
        }
        kills += of_walk;
        std::fs::remove_dir_all(world.path("reference")).unwrap();
    }
    assert!(kills > 0, "no process lived long enough to be killed");
    let seconds = began.elapsed().as_secs();
    println!(
        "figure: walks over case portals killed | {kills} kills in {lakes} lakes, 0 differ | {seconds} s"
    );
}

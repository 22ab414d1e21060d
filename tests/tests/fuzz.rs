//! Every parser and loader under damaged inputs. `NIRNAY_FUZZ` is the number of inputs of each (10,000 by
//! default; `just torture` gives 100,000), `NIRNAY_SEED` the seed.

use nirnay_tests::fuzz::{cases, files, hammer, lake, replies};

/// Every target of `list`, or the one that `NIRNAY_FUZZ_TARGET` names.
fn hammer_all(list: Vec<nirnay_tests::fuzz::Target>) {
    let wanted = std::env::var("NIRNAY_FUZZ_TARGET").ok();
    let list: Vec<_> = list
        .into_iter()
        .filter(|target| wanted.as_deref().is_none_or(|name| name == target.name()))
        .collect();
    hammer(&list);
}

#[test]
fn readers_of_replies() {
    hammer_all(replies());
}

#[test]
fn readers_of_case_portals() {
    hammer_all(cases());
}

#[test]
fn loaders_of_files() {
    hammer_all(files());
}

#[test]
fn readers_of_the_lake() {
    hammer_all(lake());
}

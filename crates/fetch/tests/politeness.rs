//! Three simulated weeks of the end-to-end tests' harness, where a change to the gate is noticed first.

#[expect(
    unreachable_pub,
    dead_code,
    reason = "the module is a library's elsewhere"
)]
#[path = "../../../tests/src/politeness.rs"]
mod politeness;

#[test]
fn three_weeks_of_crawling_keep_every_limit() {
    let first = std::env::var("NIRNAY_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(1_000);
    match politeness::check(first..first + 3) {
        Ok(summary) => println!("{summary:#?}"),
        Err(broken) => panic!("{broken}"),
    }
}

//! The request budget of a run outlives its process: whatever is killed, the portals never see more.

use std::time::Duration;

use nirnay_store::{Lake, OpenMode};
use nirnay_tests::{Subject, number};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{SOURCES, docket, nirnay};

#[test]
fn a_budget_is_not_renewed_by_kills() {
    let seed: u64 = number("NIRNAY_SEED", 7);
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    for budget in [25_u64, 60] {
        let subject = Subject::start(nirnay(), docket(8, 15, 4, 3), SOURCES, |_| {});
        let lake = subject.dir().join("lake");
        let mut code = None;
        for _ in 0..60 {
            let mut command = subject.command(&lake);
            command.arg("--max-requests").arg(budget.to_string());
            let mut child = command
                .stdin(std::process::Stdio::null())
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap();
            // The instant is random; what is asserted does not depend on it.
            std::thread::sleep(Duration::from_millis(dice.random_range(5..250)));
            if let Some(status) = child.try_wait().unwrap() {
                code = status.code();
                break;
            }
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let sent = subject.sim.log().len() as u64;
        // A kill may fall between the end of a run and the end of its process: the next one is another run.
        let runs = Lake::open(&lake, OpenMode::ReadOnly)
            .ok()
            .and_then(|lake| lake.ledger().last_run().unwrap())
            .map_or(0, |run| run.id as u64);
        assert!(
            sent <= budget * runs,
            "{sent} requests in {runs} runs with a budget of {budget}; to repeat: NIRNAY_SEED={seed} cargo test --workspace --test kill budget"
        );
        // Kills make no runs of their own.
        assert!(runs < 4, "{runs} runs");
        assert!(matches!(code, None | Some(0 | 2 | 79)), "exit {code:?}");
    }
}

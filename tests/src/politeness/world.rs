//! The world around the client: time, what a process leaves behind, and who reads captchas.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use nirnay_fetch::{
    CaptchaSolver, Challenge, HostState, HostStateError, HostStateStore, MemoryHostStates,
    SinceBoot, SolveError,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Time as it passes, and as the machine shows it.
pub(super) struct Clock {
    start: Timestamp,
    hands: Mutex<Hands>,
}

#[derive(Default)]
struct Hands {
    elapsed: Duration,
    /// By how much the wall clock is wrong.
    wrong_by: SignedDuration,
    /// By how much it was when the client looked last.
    seen_wrong_by: SignedDuration,
    boots: u32,
    booted: Duration,
}

impl Clock {
    pub(super) fn new(dice: &mut ChaCha8Rng) -> Self {
        let start: Timestamp = "2026-03-01T00:00:00Z".parse().expect("an instant");
        let offset = SignedDuration::from_secs(dice.random_range(0..86_400));
        Self {
            start: start.checked_add(offset).expect("an instant"),
            hands: Mutex::default(),
        }
    }

    fn hands(&self) -> std::sync::MutexGuard<'_, Hands> {
        self.hands.lock().expect("the hands")
    }

    /// Time since the beginning, which nobody can set.
    pub(super) fn elapsed(&self) -> Duration {
        self.hands().elapsed
    }

    pub(super) fn pass(&self, by: Duration) {
        self.hands().elapsed += by;
    }

    /// The time that the portal's clock shows.
    pub(super) fn truth(&self) -> Timestamp {
        let elapsed = SignedDuration::try_from(self.elapsed()).expect("a week");
        self.start.checked_add(elapsed).expect("an instant")
    }

    /// The time that the client's machine shows.
    pub(super) fn wall(&self) -> Timestamp {
        let wrong_by = self.hands().wrong_by;
        self.truth().checked_add(wrong_by).expect("an instant")
    }

    /// Whether the client's machine shows the right time.
    pub(super) fn is_right(&self) -> bool {
        self.hands().wrong_by.is_zero()
    }

    /// Sets the wall clock: right, or wrong by up to a year.
    pub(super) fn set_at_random(&self, dice: &mut ChaCha8Rng) {
        let most = [0, 0, 30, 3_600, 86_400, 365 * 86_400][dice.random_range(0..6)];
        self.hands().wrong_by = SignedDuration::from_secs(dice.random_range(-most..=most));
    }

    /// Starts the machine anew. Its clock may come up late, as one without a battery does, but not
    /// earlier than the client has seen it: that could not be told from time that has passed.
    pub(super) fn reboot(&self, dice: &mut ChaCha8Rng) {
        let mut hands = self.hands();
        hands.elapsed += Duration::from_secs(dice.random_range(20..600));
        hands.boots += 1;
        hands.booted = hands.elapsed;
        hands.wrong_by = hands.wrong_by.min(hands.seen_wrong_by);
        if dice.random_bool(0.3) {
            let late = dice.random_range(0..365 * 86_400);
            hands.wrong_by -= SignedDuration::from_secs(late);
        }
    }
}

#[async_trait]
impl nirnay_fetch::Clock for Clock {
    fn now(&self) -> Timestamp {
        {
            let mut hands = self.hands();
            hands.seen_wrong_by = hands.wrong_by;
        }
        self.wall()
    }

    fn monotonic(&self) -> Duration {
        let hands = self.hands();
        hands.elapsed.saturating_sub(hands.booted)
    }

    fn since_boot(&self) -> Option<SinceBoot> {
        let boots = self.hands().boots;
        Some(SinceBoot {
            boot: format!("boot-{boots}"),
            elapsed: self.monotonic(),
        })
    }

    async fn sleep(&self, duration: Duration) {
        self.pass(duration);
        tokio::task::yield_now().await;
    }
}

/// What processes leave behind. A killed process changes nothing any more, however it is taken apart.
#[derive(Clone, Default)]
pub(super) struct Store {
    states: MemoryHostStates,
    dead: Arc<AtomicBool>,
}

const HOST: &str = "judgments.ecourts.gov.in:443";

impl Store {
    /// The store as a new process finds it: what was written, read back.
    pub(super) fn restart(&self) -> Self {
        let state = self.states.get(HOST).encode();
        let (state, damage) = HostState::restore(Some(&state), Timestamp::UNIX_EPOCH, "");
        assert_eq!(damage, None, "a state that was written can be read");
        self.states
            .update(HOST, &mut |stored| stored.clone_from(&state))
            .expect("memory");
        Self {
            states: self.states.clone(),
            dead: Arc::default(),
        }
    }

    /// The end of the process that this store belongs to; a killed one writes nothing more.
    pub(super) fn die(&self, kill: bool) {
        self.dead.store(kill, Ordering::Relaxed);
    }
}

impl HostStateStore for Store {
    fn update(
        &self,
        host: &str,
        change: &mut dyn FnMut(&mut HostState),
    ) -> Result<(), HostStateError> {
        if self.dead.load(Ordering::Relaxed) {
            change(&mut self.states.get(host));
            return Ok(());
        }
        self.states.update(host, change)
    }

    fn hold(&self, host: &str) -> Result<Option<Box<dyn Send>>, HostStateError> {
        self.states.hold(host)
    }
}

/// Reads captchas, and is right at a stated rate.
pub(super) struct Reader {
    accuracy: f64,
    dice: Mutex<ChaCha8Rng>,
}

impl Reader {
    pub(super) fn new(accuracy: f64, seed: u64) -> Self {
        Self {
            accuracy,
            dice: Mutex::new(ChaCha8Rng::seed_from_u64(seed)),
        }
    }
}

#[async_trait]
impl CaptchaSolver for Reader {
    fn name(&self) -> &'static str {
        "reader"
    }

    async fn solve(&self, _: &Challenge) -> Result<Option<String>, SolveError> {
        let mut dice = self.dice.lock().expect("the dice");
        if dice.random_bool(0.02) {
            return Ok(None);
        }
        let right = dice.random_bool(self.accuracy);
        Ok(Some(if right { "right1" } else { "wrong1" }.to_owned()))
    }
}

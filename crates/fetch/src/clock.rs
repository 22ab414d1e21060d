//! Time as an argument.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::SinceBoot;
use crate::instant::{later, until};

/// Tells the time and sleeps.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Wall-clock time: for labels and for what outlives the process.
    fn now(&self) -> Timestamp;

    /// Time since a fixed origin, for delays. A clock whose `now` can be set must give one here that
    /// cannot.
    fn monotonic(&self) -> Duration {
        until(Timestamp::UNIX_EPOCH, self.now())
    }

    /// How long the machine has been running, by which a wall clock that was set is told from time that
    /// has passed, across processes. `None` where the system does not say: then a clock set forward
    /// between two runs looks like time.
    fn since_boot(&self) -> Option<SinceBoot> {
        None
    }

    /// Returns after `duration`.
    async fn sleep(&self, duration: Duration);
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct TokioClock {
    origin: Instant,
}

impl Default for TokioClock {
    fn default() -> Self {
        Self {
            origin: Instant::now(),
        }
    }
}

#[async_trait]
impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn monotonic(&self) -> Duration {
        self.origin.elapsed()
    }

    #[cfg(target_os = "linux")]
    fn since_boot(&self) -> Option<SinceBoot> {
        static BOOT: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
        let boot = BOOT.get_or_init(|| {
            let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
            Some(id.trim().to_owned())
        });
        // Seconds with two decimals; time asleep is among them.
        let uptime = std::fs::read_to_string("/proc/uptime").ok()?;
        let seconds: f64 = uptime.split_whitespace().next()?.parse().ok()?;
        let elapsed = Duration::try_from_secs_f64(seconds).ok()?;
        let boot = boot.clone()?;
        Some(SinceBoot { boot, elapsed })
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// A clock that stands still until someone sleeps on it or moves it: a day passes in no time.
#[derive(Debug)]
pub struct ManualClock {
    hands: Mutex<(Timestamp, Duration)>,
    boot: u64,
}

impl ManualClock {
    /// A clock that shows `start`.
    pub fn at(start: Timestamp) -> Self {
        static BOOTS: AtomicU64 = AtomicU64::new(0);
        Self {
            hands: Mutex::new((start, Duration::ZERO)),
            boot: BOOTS.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// Lets `by` pass.
    pub fn advance(&self, by: Duration) {
        let mut hands = self.hands.lock().unwrap_or_else(PoisonError::into_inner);
        *hands = (later(hands.0, by), hands.1.saturating_add(by));
    }

    /// Sets the wall clock, as an operator would; no time passes.
    pub fn set_wall(&self, to: Timestamp) {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner).0 = to;
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    fn monotonic(&self) -> Duration {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner).1
    }

    fn since_boot(&self) -> Option<SinceBoot> {
        Some(SinceBoot {
            boot: format!("manual-{}-{}", std::process::id(), self.boot),
            elapsed: self.monotonic(),
        })
    }

    async fn sleep(&self, duration: Duration) {
        self.advance(duration);
        tokio::task::yield_now().await;
    }
}

//! How often one call may try.

/// Failed exchanges (broken connections, 5xx) within a call.
const MOST_FAILURES: u32 = 4;
/// Pauses obeyed within a call.
const MOST_THROTTLES: u32 = 3;
/// New sessions within a call, besides those after a captcha.
const MOST_REFRESHES: u32 = 3;
/// New sessions because a document's address was refused or dead: one, to see whether it was the
/// session or the document.
const MOST_DEAD_LINKS: u32 = 1;
/// Captcha answers within a call; a session without a single guess counts as one.
const MOST_CAPTCHAS: u32 = 5;
/// Replies of unknown form within a call.
const MOST_UNKNOWN: u32 = 1;

/// The tries of one call, by sort.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    failures: u32,
    throttles: u32,
    refreshes: u32,
    dead_links: u32,
    captchas: u32,
    unknown: u32,
}

/// A count after another try, and whether it is within its cap.
pub(super) struct Tried {
    pub(super) attempt: u32,
    pub(super) allowed: bool,
}

fn tried(count: &mut u32, most: u32) -> Tried {
    *count = count.saturating_add(1);
    Tried {
        attempt: *count,
        allowed: *count <= most,
    }
}

impl Attempts {
    pub(super) fn failure(&mut self) -> Tried {
        tried(&mut self.failures, MOST_FAILURES)
    }

    pub(super) fn throttle(&mut self) -> Tried {
        tried(&mut self.throttles, MOST_THROTTLES)
    }

    pub(super) fn refresh(&mut self) -> Tried {
        tried(&mut self.refreshes, MOST_REFRESHES)
    }

    pub(super) fn dead_link(&mut self) -> Tried {
        tried(&mut self.dead_links, MOST_DEAD_LINKS)
    }

    pub(super) fn unknown(&mut self) -> Tried {
        tried(&mut self.unknown, MOST_UNKNOWN)
    }

    /// An answer is sent, or none could be given.
    pub(super) fn captcha(&mut self) {
        self.captchas = self.captchas.saturating_add(1);
    }

    pub(super) fn captchas(&self) -> Tried {
        Tried {
            attempt: self.captchas,
            allowed: self.captchas < MOST_CAPTCHAS || planted(),
        }
    }
}

/// True when the bug "captcha answers have no cap" is switched on (test builds only).
fn planted() -> bool {
    fail::fail_point!("plant-captcha-unbounded", |_| true);
    false
}

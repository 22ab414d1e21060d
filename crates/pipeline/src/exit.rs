//! Exit codes: one for each cause, so that a script can tell them apart.
//!
//! Where a crawl has several causes, the first of these counts: [`BUG`], [`BLOCKED`], [`TLS`], then [`DRIFT`] for an
//! alarm that is open, then the highest code of the sources that stopped, then [`INCOMPLETE`]. An alarm is
//! therefore seen although every night ends with its budget.

use nirnay_fetch::{ErrorClass, FetchError, StopReason};

/// Windows or documents are still open: run the same command again.
pub const INCOMPLETE: u8 = 2;
/// The disk is full.
pub const DISK_FULL: u8 = 3;
/// The command line or the pipeline file is wrong.
pub const USAGE: u8 = 64;
/// A portal answers in a form that is not known, or an alarm about it is open.
pub const DRIFT: u8 = 65;
/// Lines of a file were set aside; the others are in the lake.
pub const SET_ASIDE: u8 = 66;
/// The portal is down, or the network is.
pub const PORTAL_DOWN: u8 = 69;
/// A bug in this program.
pub const BUG: u8 = 70;
/// The portal's TLS certificate or handshake was not accepted.
pub const TLS: u8 = 73;
/// A file could not be read or written.
pub const IO: u8 = 74;
/// Another process works on the lake.
pub const LOCKED: u8 = 75;
/// The portal refuses us, or its robots.txt does.
pub const BLOCKED: u8 = 77;
/// The lake was written by a newer version.
pub const NEWER: u8 = 78;
/// A pace limit or a request budget is used up.
pub const RATE_LIMITED: u8 = 79;
/// Captchas could not be answered within their caps.
pub const CAPTCHA: u8 = 80;
/// Interrupted, by Ctrl-C or a STOP file.
pub const INTERRUPTED: u8 = 130;

/// All codes with their meaning, for `--help`, the man page and the docs.
pub const TABLE: [(u8, &str); 16] = [
    (0, "done; for crawl and audit: every sum agrees"),
    (
        INCOMPLETE,
        "incomplete: windows or documents are still open, run the same command again",
    ),
    (DISK_FULL, "disk full"),
    (USAGE, "wrong command line or pipeline file"),
    (
        DRIFT,
        "the portal has changed, or may have: an alarm is open (nirnay audit lists it); nothing was guessed",
    ),
    (
        SET_ASIDE,
        "lines of the imported file were set aside; the others are in the lake",
    ),
    (PORTAL_DOWN, "the portal or the network is down"),
    (BUG, "internal error"),
    (
        TLS,
        "the portal's TLS certificate or handshake was not accepted",
    ),
    (IO, "a file could not be read or written"),
    (LOCKED, "another process works on the lake"),
    (BLOCKED, "the portal or its robots.txt refuses us"),
    (NEWER, "the lake was written by a newer version"),
    (
        RATE_LIMITED,
        "a request budget or pace limit is used up, or the wait would be too long",
    ),
    (CAPTCHA, "captchas could not be answered within their caps"),
    (
        INTERRUPTED,
        "interrupted by Ctrl-C or a STOP file; the lake can go on",
    ),
];

/// The code for a portal error that ended a source.
pub fn of_fetch(error: &FetchError) -> u8 {
    match error.class() {
        ErrorClass::Transient | ErrorClass::Expired => PORTAL_DOWN,
        ErrorClass::Throttled { .. } => RATE_LIMITED,
        ErrorClass::Blocked => BLOCKED,
        ErrorClass::Permanent(_) => INCOMPLETE,
        ErrorClass::Stopped(StopReason::Signal | StopReason::SwitchedOff { .. }) => INTERRUPTED,
        ErrorClass::Stopped(StopReason::RobotsForbid { .. } | StopReason::Blocked { .. }) => {
            BLOCKED
        }
        ErrorClass::Stopped(StopReason::Captchas { .. }) => CAPTCHA,
        ErrorClass::Stopped(StopReason::Tls { .. }) => TLS,
        ErrorClass::Stopped(StopReason::Drift { .. }) => DRIFT,
        ErrorClass::Stopped(
            StopReason::BreakerOpen { .. }
            | StopReason::DayOver { .. }
            | StopReason::RobotsUnreachable { .. },
        ) => PORTAL_DOWN,
        ErrorClass::Stopped(_) => RATE_LIMITED,
        ErrorClass::CaptchaCap => CAPTCHA,
        ErrorClass::Drift => DRIFT,
        ErrorClass::Local => IO,
        ErrorClass::Bug => BUG,
    }
}
/// The codes that count before all others, in this order.
pub(crate) const GRAVE: [u8; 3] = [BUG, BLOCKED, TLS];

/// A number that is greater for the code that counts first when there are several.
pub(crate) fn gravity(code: u8) -> (usize, u8) {
    let place = GRAVE.iter().position(|grave| *grave == code);
    (place.map_or(0, |place| GRAVE.len() - place), code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grave_code_counts_before_a_higher_one() {
        let first = [DISK_FULL, PORTAL_DOWN, BLOCKED, TLS, CAPTCHA]
            .into_iter()
            .max_by_key(|code| gravity(*code));
        assert_eq!(first, Some(BLOCKED));
        assert!(gravity(BUG) > gravity(BLOCKED));
        assert!(gravity(PORTAL_DOWN) > gravity(INCOMPLETE));
    }
}

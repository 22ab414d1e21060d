//! Words of the portal outside of any form: messages, and text that is neither JSON nor HTML.

use crate::body::unknown;
use crate::{Refusal, text};

/// How the portals say that they are down.
pub(crate) const MAINTENANCE: [&str; 8] = [
    "under maintenance",
    "scheduled maintenance",
    "undergoing maintenance",
    "maintenance mode",
    "for maintenance",
    "site maintenance",
    "maintenance activity",
    "temporarily down",
];

/// What the portal means by a message.
pub(crate) fn spoken(message: &str) -> Refusal {
    let lower = message.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let message = text::clip(message, 200);
    if has(&["captcha"]) {
        return if has(&["enter", "required", "please"]) && !has(&["invalid", "wrong", "incorrect"])
        {
            Refusal::CaptchaNeeded { image_path: None }
        } else {
            Refusal::CaptchaWrong { message }
        };
    }
    if has(&["session"]) && has(&["expire", "timed out", "timeout", "time out"]) {
        return Refusal::SessionExpired;
    }
    if has(&MAINTENANCE) {
        return Refusal::Maintenance;
    }
    Refusal::PortalError { message }
}

/// Text that is neither JSON nor HTML.
pub(crate) fn loose_text(trimmed: &str) -> Refusal {
    const ERRORS: [&str; 14] = [
        "select ",
        "sqlstate",
        "mysql",
        "pg_query",
        "ora-0",
        "curl_error",
        "fatal error",
        "uncaught",
        "warning:",
        "notice:",
        "parse error",
        "stack trace",
        "invalid details",
        "something went wrong",
    ];
    let head = text::clip(trimmed, 4096);
    let words = text::clip(&text::plain(&head, 4096), 200);
    match spoken(&words) {
        Refusal::PortalError { message } => {
            let lower = head.to_lowercase();
            if ERRORS.iter().any(|error| lower.contains(error)) {
                Refusal::PortalError { message }
            } else {
                unknown(format!(
                    "neither JSON nor HTML; it begins with {:?}",
                    text::clip(&message, 80)
                ))
            }
        }
        // Short: a message. Long: any of these words may stand in it by chance.
        refusal if trimmed.len() < 500 => refusal,
        _ => unknown(format!(
            "neither JSON nor HTML; it begins with {:?}",
            text::clip(&words, 80)
        )),
    }
}

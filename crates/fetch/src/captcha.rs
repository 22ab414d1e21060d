//! Captchas as the crate sees them: a picture out, a guess back.

use std::fmt;
use std::ops::RangeInclusive;

use async_trait::async_trait;
use bytes::Bytes;
use nirnay_model::Portal;

/// What sort of answer a picture wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChallengeKind {
    /// Up to six lower-case letters and digits.
    Text,
    /// The result of a sum such as `9 - 3`, above zero.
    Arithmetic,
}

impl ChallengeKind {
    /// The characters that the portals make texts of; nothing for other kinds. Pictures of another
    /// sort have been seen: it is a hint, not a rule.
    pub fn alphabet(self) -> Option<&'static str> {
        match self {
            Self::Text => Some("abcdefghklmnprstuvwyz23456789"),
            Self::Arithmetic => None,
        }
    }

    /// How many characters answers have, mostly.
    pub fn lengths(self) -> RangeInclusive<usize> {
        match self {
            Self::Text => 5..=6,
            Self::Arithmetic => 1..=3,
        }
    }
}

/// A captcha picture to be read.
#[derive(Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The picture as served (PNG, JPEG or GIF), at most 256 KiB.
    pub image: Bytes,
    /// Whose it is.
    pub portal: Portal,
    /// What sort of answer it wants.
    pub kind: ChallengeKind,
}

impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Challenge({} {:?}, {} bytes)",
            self.portal,
            self.kind,
            self.image.len()
        )
    }
}

/// A solver that cannot work (not: a picture that it cannot read).
#[derive(Debug, thiserror::Error)]
#[error("captcha solver {solver}: {why}")]
pub struct SolveError {
    /// Its name.
    pub solver: String,
    /// What is wrong.
    pub why: String,
}

/// Reads captcha pictures.
#[async_trait]
pub trait CaptchaSolver: Send + Sync {
    /// The name in events: `onnx`, `manual`, `command`.
    fn name(&self) -> &str;

    /// What does the reading, with its version: a model, a program. May be empty.
    #[expect(
        clippy::unnecessary_literal_bound,
        reason = "solvers return a name of their own"
    )]
    fn model(&self) -> &str {
        ""
    }

    /// The answer, or `None` for "no guess, give me another picture".
    async fn solve(&self, challenge: &Challenge) -> Result<Option<String>, SolveError>;

    /// Is told what the portal made of an answer. A lost verdict counts as a refusal.
    fn verdict(&self, challenge: &Challenge, answer: &str, accepted: bool) {
        let _ = (challenge, answer, accepted);
    }
}

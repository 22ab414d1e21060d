//! Captchas as the crate sees them: a picture out, a guess back.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use nirnay_model::Portal;

/// What sort of answer a picture wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChallengeKind {
    /// Up to six lower-case letters and digits.
    Text,
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

    /// The answer, or `None` for "no guess, give me another picture".
    async fn solve(&self, challenge: &Challenge) -> Result<Option<String>, SolveError>;
}

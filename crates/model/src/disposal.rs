//! Disposal nature: the portal's words and a small closed vocabulary beside them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a case was disposed of, normalised. The portal's own words are kept beside it; they are free
/// text with many spellings (`DISMISSED`, `Dismissed as Withdrawn`, `DISPOSED OF NO COSTS`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposal {
    /// Allowed, granted, appeal allowed.
    Allowed,
    /// Allowed in part.
    PartlyAllowed,
    /// Dismissed on the merits or without a stated ground.
    Dismissed,
    /// Withdrawn, or dismissed as withdrawn or not pressed.
    Withdrawn,
    /// Dismissed for default or non-prosecution.
    Default,
    /// Dismissed or closed as infructuous or abated.
    Infructuous,
    /// Settled, compromised, referred to and closed by Lok Adalat.
    Settled,
    /// Remanded, sent back, transferred.
    Remanded,
    /// Disposed of, closed, with no word of the result.
    DisposedOf,
    /// Words that fit none of the above.
    Other,
}

impl Disposal {
    /// The class of the portal's words; `None` when there are none.
    ///
    /// The order of the tests matters: "DISMISSED AS WITHDRAWN" is a withdrawal.
    pub fn classify(raw: &str) -> Option<Self> {
        let text = raw.trim().to_lowercase();
        if text.is_empty() || text == "null" {
            return None;
        }
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        Some(if has(&["withdrawn", "not pressed", "not-pressed"]) {
            Self::Withdrawn
        } else if has(&[
            "default",
            "non prosecution",
            "non-prosecution",
            "want of prosecution",
        ]) {
            Self::Default
        } else if has(&["infructuous", "infructous", "abated"]) {
            Self::Infructuous
        } else if has(&["settled", "compromise", "lok adalat", "mediation"]) {
            Self::Settled
        } else if has(&["remand", "sent back", "transfer"]) {
            Self::Remanded
        } else if has(&["partly", "partially", "in part"]) {
            Self::PartlyAllowed
        } else if has(&["not allowed", "dismiss", "reject"]) {
            Self::Dismissed
        } else if has(&["allowed", "granted", "decreed"]) {
            Self::Allowed
        } else if has(&["dispos", "closed", "contested", "decided"]) {
            Self::DisposedOf
        } else {
            Self::Other
        })
    }

    /// The value in the `disposal` column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::PartlyAllowed => "partly_allowed",
            Self::Dismissed => "dismissed",
            Self::Withdrawn => "withdrawn",
            Self::Default => "default",
            Self::Infructuous => "infructuous",
            Self::Settled => "settled",
            Self::Remanded => "remanded",
            Self::DisposedOf => "disposed_of",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for Disposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_portals() {
        for (raw, expected) in [
            ("DISMISSED", Disposal::Dismissed),
            ("Dismissed as Withdrawn", Disposal::Withdrawn),
            ("DISMISSED FOR DEFAULT", Disposal::Default),
            ("DISPOSED OF NO COSTS", Disposal::DisposedOf),
            ("Appeal(s) allowed", Disposal::Allowed),
            ("PARTLY ALLOWED", Disposal::PartlyAllowed),
            ("Dismissed as infructuous", Disposal::Infructuous),
            ("LEAVE GRANTED & ALLOWED", Disposal::Allowed),
            ("FULL BENCH REFERENCE ANSWERED", Disposal::Other),
        ] {
            assert_eq!(Disposal::classify(raw), Some(expected), "{raw}");
        }
        assert_eq!(Disposal::classify("  "), None);
    }
}

//! Fault scripts: what goes wrong, where and when.

mod kind;
mod rule;
mod torture;

use serde::{Deserialize, Serialize};

use crate::error::SimError;
pub use kind::FaultKind;
pub use rule::{FaultRule, On, RetryAfter};

/// When all faults end, so that every walk can come to an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// No fault strikes after this many requests to the simulator (all portals together).
    pub after: u64,
}

/// A list of rules. At most one fault strikes a request: that of the first rule that fires.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct FaultScript {
    /// Seed of the probabilities; the simulator's own if not given.
    #[serde(default)]
    pub seed: Option<u64>,
    /// When it ends.
    #[serde(default)]
    pub stop: Option<Stop>,
    /// The rules.
    #[serde(default)]
    pub fault: Vec<FaultRule>,
}

impl FaultScript {
    /// A script of these rules.
    pub fn of(rules: impl IntoIterator<Item = FaultRule>) -> Self {
        Self {
            seed: None,
            stop: None,
            fault: rules.into_iter().collect(),
        }
    }

    /// Reads a script from TOML.
    ///
    /// ```
    /// let script = nirnay_portal_sim::FaultScript::from_toml(r#"
    ///     [stop]
    ///     after = 5000
    ///     [[fault]]
    ///     kind = "session_expire"
    ///     on = "search"
    ///     at = [3]
    /// "#)?;
    /// assert_eq!(script.fault.len(), 1);
    /// # Ok::<(), nirnay_portal_sim::SimError>(())
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, SimError> {
        let script: Self = toml::from_str(text).map_err(|error| SimError::Script {
            why: error.to_string(),
        })?;
        script.check()?;
        Ok(script)
    }

    /// The standard fault script: what a bad month on the real portals looks like, moderately. Its
    /// text is [`Self::STANDARD`].
    pub fn standard() -> Self {
        // The file is part of the build; a test proves that it reads.
        Self::from_toml(Self::STANDARD).unwrap_or_default()
    }

    /// The text of the standard fault script.
    pub const STANDARD: &'static str = include_str!("../standard.toml");

    /// Whether every rule can be used.
    pub fn check(&self) -> Result<(), SimError> {
        self.fault
            .iter()
            .enumerate()
            .try_for_each(|(place, rule)| rule.check(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_script_reads_and_stops() {
        let script = FaultScript::from_toml(FaultScript::STANDARD).unwrap();
        assert!(script.fault.len() >= 12);
        assert!(script.stop.is_some());
    }

    #[test]
    fn bad_rules_are_refused_with_their_place() {
        for (text, word) in [
            ("[[fault]]\nkind = \"drop\"", "exactly one"),
            (
                "[[fault]]\nkind = \"drop\"\nat = [1]\nevery = 2",
                "exactly one",
            ),
            (
                "[[fault]]\nkind = \"zero_pdf\"\non = \"search\"\nevery = 1",
                "cannot strike",
            ),
            (
                "[[fault]]\nkind = \"drop\"\nprobability = 2.0",
                "between 0 and 1",
            ),
            ("[[fault]]\nkind = \"unheard\"\nevery = 1", "unheard"),
            (
                "[[fault]]\nkind = \"drop\"\nevery = 1\nprobabilty = 0.1",
                "probabilty",
            ),
        ] {
            let error = FaultScript::from_toml(text).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}

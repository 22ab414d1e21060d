//! Choices that a portal offers: benches, case types, districts, complexes, establishments, courts.

use serde::{Deserialize, Serialize};

/// One entry of a list to choose from. The code is sent back as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The portal's value; may be compound (`89^2` is type 89 of establishment 2).
    pub code: String,
    /// The words beside it.
    pub name: String,
}

impl Choice {
    /// The code up to a `^`.
    pub fn own_code(&self) -> &str {
        self.code.split('^').next().unwrap_or(&self.code)
    }

    /// What stands behind the `^`: the establishment.
    pub fn establishment(&self) -> Option<&str> {
        self.code.split_once('^').map(|(_, of)| of)
    }
}

/// A complex of district courts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complex {
    /// The code that other calls take: what stands before the first `@`.
    pub code: String,
    /// The name.
    pub name: String,
    /// The codes of its establishments.
    pub establishments: Vec<String>,
    /// Whether an establishment must be chosen before anything can be asked.
    pub needs_establishment: bool,
}

impl Complex {
    /// Reads `1080010@2,3,4@Y`: complex, establishments, "an establishment must be chosen".
    pub fn read(value: &str, name: &str) -> Option<Self> {
        let mut parts = value.trim().split('@');
        let code = parts.next().filter(|code| !code.is_empty())?.to_owned();
        let establishments = parts.next().unwrap_or("").split(',');
        let establishments = establishments
            .map(str::trim)
            .filter(|code| !code.is_empty())
            .map(str::to_owned)
            .collect();
        let needs_establishment = parts
            .next()
            .is_some_and(|flag| flag.eq_ignore_ascii_case("y"));
        Some(Self {
            code,
            name: name.to_owned(),
            establishments,
            needs_establishment,
        })
    }

    /// The whole value, as a browser sends it back.
    pub fn value(&self) -> String {
        let flag = if self.needs_establishment { "Y" } else { "N" };
        format!("{}@{}@{flag}", self.code, self.establishments.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compound_codes() {
        let complex = Complex::read("1080010@2,3,4@Y", "Civil Court").unwrap();
        assert_eq!(complex.code, "1080010");
        assert_eq!(complex.establishments, ["2", "3", "4"]);
        assert!(complex.needs_establishment);
        assert_eq!(complex.value(), "1080010@2,3,4@Y");
        assert_eq!(Complex::read("5", "x").unwrap().establishments.len(), 0);
        assert_eq!(Complex::read("", "x"), None);
        let choice = Choice {
            code: "89^2".to_owned(),
            name: "CS".to_owned(),
        };
        assert_eq!(
            (choice.own_code(), choice.establishment()),
            ("89", Some("2"))
        );
    }
}

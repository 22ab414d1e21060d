//! Which engine reads a document.

use std::fmt;
use std::str::FromStr;

/// Which engine reads a document.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize,
)]
pub enum EngineChoice {
    /// `hayro` first, `pdf_oxide` where it fails or finds suspiciously little, then `pdf-extract`.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// Our reading of `hayro`'s content streams and fonts, and nothing else.
    #[serde(rename = "hayro")]
    Hayro,
    /// `pdf_oxide` alone.
    #[serde(rename = "pdf_oxide")]
    PdfOxide,
    /// `pdf-extract` alone.
    #[serde(rename = "pdf-extract")]
    PdfExtract,
}

impl EngineChoice {
    /// Every choice, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Hayro, Self::PdfOxide, Self::PdfExtract];

    /// The name it is chosen by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Hayro => "hayro",
            Self::PdfOxide => "pdf_oxide",
            Self::PdfExtract => "pdf-extract",
        }
    }
}

impl fmt::Display for EngineChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for EngineChoice {
    type Err = UnknownEngine;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|choice| choice.name() == name)
            .ok_or_else(|| UnknownEngine(name.to_owned()))
    }
}

/// No engine has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no engine {0:?}; there are auto, hayro, pdf_oxide and pdf-extract")]
pub struct UnknownEngine(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for choice in EngineChoice::ALL {
            assert_eq!(choice.to_string().parse(), Ok(choice));
            let json = serde_json::to_string(&choice).unwrap();
            assert_eq!(json, format!("\"{choice}\""));
        }
        let error = "poppler".parse::<EngineChoice>().unwrap_err().to_string();
        assert!(
            error.contains("poppler") && error.contains("pdf_oxide"),
            "{error}"
        );
    }
}

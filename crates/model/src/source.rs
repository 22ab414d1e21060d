//! The portals that are walked and the names under which their rows are kept.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ParseError;

/// A portal with its own wire protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Portal {
    /// `judgments.ecourts.gov.in`: 25 High Courts (and a copy of the Supreme Court Reports).
    Ecourts,
    /// `scr.sci.gov.in`: the Supreme Court Reports.
    Scr,
    /// `www.sci.gov.in`: the Supreme Court's feed of the latest judgments and orders.
    SciFeed,
}

impl Portal {
    /// All portals, in the order in which a plan walks them.
    pub const ALL: [Self; 3] = [Self::Ecourts, Self::Scr, Self::SciFeed];

    /// The name used in pipeline files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ecourts => "ecourts",
            Self::Scr => "scr",
            Self::SciFeed => "sci-feed",
        }
    }

    /// The public address, without a trailing slash.
    pub fn base_url(self) -> &'static str {
        match self {
            Self::Ecourts => "https://judgments.ecourts.gov.in",
            Self::Scr => "https://scr.sci.gov.in",
            Self::SciFeed => "https://www.sci.gov.in",
        }
    }
}

impl fmt::Display for Portal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Portal {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::ALL
            .into_iter()
            .find(|portal| portal.name() == text)
            .ok_or_else(|| ParseError::new("portal", text, "known portals: ecourts, scr, sci-feed"))
    }
}

/// Where a row came from: a portal and the court type asked for. It is part of a row's identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceId {
    /// High Courts on `judgments.ecourts.gov.in` (`fcourt_type=2`).
    EcourtsHc,
    /// Supreme Court Reports on `judgments.ecourts.gov.in` (`fcourt_type=3`).
    EcourtsScr,
    /// Supreme Court Reports on `scr.sci.gov.in`.
    Scr,
    /// The latest judgments and orders on `www.sci.gov.in`.
    SciFeed,
}

impl SourceId {
    /// All sources.
    pub const ALL: [Self; 4] = [Self::EcourtsHc, Self::EcourtsScr, Self::Scr, Self::SciFeed];

    /// The name in the `source` column.
    pub fn name(self) -> &'static str {
        match self {
            Self::EcourtsHc => "ecourts-hc",
            Self::EcourtsScr => "ecourts-scr",
            Self::Scr => "scr",
            Self::SciFeed => "sci-feed",
        }
    }

    /// The portal that serves this source.
    pub fn portal(self) -> Portal {
        match self {
            Self::EcourtsHc | Self::EcourtsScr => Portal::Ecourts,
            Self::Scr => Portal::Scr,
            Self::SciFeed => Portal::SciFeed,
        }
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for SourceId {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::ALL
            .into_iter()
            .find(|source| source.name() == text)
            .ok_or_else(|| {
                ParseError::new(
                    "source",
                    text,
                    "known sources: ecourts-hc, ecourts-scr, scr, sci-feed",
                )
            })
    }
}

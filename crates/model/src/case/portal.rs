//! The case portals.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ParseError;

/// A portal that shows cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CasePortal {
    /// `hcservices.ecourts.gov.in`: the High Courts.
    HcServices,
    /// `services.ecourts.gov.in`: the district courts.
    #[serde(rename = "district-courts")]
    District,
    /// `calcuttahighcourt.gov.in`: orders and judgments of the Calcutta High Court.
    #[serde(rename = "calcutta-hc")]
    Calcutta,
    /// `www.sci.gov.in`: the Supreme Court's own search.
    Sci,
}

impl CasePortal {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::HcServices, Self::District, Self::Calcutta, Self::Sci];

    /// The name in columns and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::HcServices => "hc-services",
            Self::District => "district-courts",
            Self::Calcutta => "calcutta-hc",
            Self::Sci => "sci",
        }
    }

    /// The public address of its host, without a trailing slash.
    pub fn base_url(self) -> &'static str {
        match self {
            Self::HcServices => "https://hcservices.ecourts.gov.in",
            Self::District => "https://services.ecourts.gov.in",
            Self::Calcutta => "https://calcuttahighcourt.gov.in",
            Self::Sci => "https://www.sci.gov.in",
        }
    }

    /// The public address of another host of the portal that holds documents, without a trailing slash. No further
    /// host is ever asked for one.
    pub fn document_url(self) -> Option<&'static str> {
        match self {
            Self::HcServices | Self::District | Self::Calcutta => None,
            Self::Sci => Some("https://api.sci.gov.in"),
        }
    }

    /// Whether links to documents hold in the session alone that showed them.
    pub fn binds_links(self) -> bool {
        match self {
            Self::HcServices | Self::District => true,
            Self::Calcutta | Self::Sci => false,
        }
    }
}

impl fmt::Display for CasePortal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for CasePortal {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let found = Self::ALL.into_iter().find(|portal| portal.name() == text);
        found.ok_or_else(|| {
            ParseError::new(
                "case portal",
                text,
                "known case portals: hc-services, district-courts, calcutta-hc, sci",
            )
        })
    }
}

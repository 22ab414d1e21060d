//! The sites that are played.

use std::fmt;
use std::str::FromStr;

use nirnay_model::Portal;
use serde::{Deserialize, Serialize};

/// A site: the portals of judgments, and the portals of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Site {
    /// `judgments.ecourts.gov.in`.
    Ecourts,
    /// `scr.sci.gov.in`.
    Scr,
    /// `www.sci.gov.in`: the lists of the latest judgments and orders, and the search.
    SciFeed,
    /// `api.sci.gov.in`: the documents of that search, and nothing else.
    SciDocuments,
    /// `hcservices.ecourts.gov.in`: the cases of the High Courts.
    HcServices,
    /// `services.ecourts.gov.in`: the cases of the district courts.
    DistrictCourts,
    /// `calcuttahighcourt.gov.in`: orders and judgments of one High Court.
    CalcuttaHc,
}

impl Site {
    /// All sites.
    pub const ALL: [Self; 7] = [
        Self::Ecourts,
        Self::Scr,
        Self::SciFeed,
        Self::SciDocuments,
        Self::HcServices,
        Self::DistrictCourts,
        Self::CalcuttaHc,
    ];

    /// The name in scripts, logs and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ecourts => "ecourts",
            Self::Scr => "scr",
            Self::SciFeed => "sci-feed",
            Self::SciDocuments => "sci-documents",
            Self::HcServices => "hc-services",
            Self::DistrictCourts => "district-courts",
            Self::CalcuttaHc => "calcutta-hc",
        }
    }

    /// Whether it lists judgments by `pdf_search`.
    pub(crate) fn is_judgment_portal(self) -> bool {
        matches!(self, Self::Ecourts | Self::Scr)
    }

    /// Whether its captcha comes with the search itself instead of a check before it.
    pub(crate) fn checks_at_search(self) -> bool {
        !self.is_judgment_portal()
    }
}

impl From<Portal> for Site {
    fn from(portal: Portal) -> Self {
        match portal {
            Portal::Ecourts => Self::Ecourts,
            Portal::Scr => Self::Scr,
            Portal::SciFeed => Self::SciFeed,
        }
    }
}

impl PartialEq<Portal> for Site {
    fn eq(&self, other: &Portal) -> bool {
        *self == Self::from(*other)
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Site {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|site| site.name() == text)
            .ok_or_else(|| {
                let known = Self::ALL.map(Self::name).join(", ");
                format!("no site {text:?}; known sites: {known}")
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways_and_are_those_of_the_portals() {
        for site in Site::ALL {
            assert_eq!(site.name().parse(), Ok(site));
            assert_eq!(
                serde_json::to_value(site).unwrap(),
                serde_json::json!(site.name())
            );
        }
        for portal in Portal::ALL {
            assert_eq!(Site::from(portal).name(), portal.name());
            assert!(Site::from(portal) == portal);
        }
        assert!(
            "elsewhere"
                .parse::<Site>()
                .unwrap_err()
                .contains("hc-services")
        );
    }
}

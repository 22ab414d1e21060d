//! Which portal, where, and how much of it at once.

use nirnay_model::SourceId;
use url::Url;

use crate::ConfigError;
use crate::origin::Origin;

/// Bytes of a search page for each row asked for: rows as served have 1 to 4 KiB.
const ROW: u64 = 16 << 10;
/// A search for few rows may still answer with a usual page: a portal need not heed the length.
const LEAST_PAGE: u64 = 8 << 20;

/// The most decoded bytes a reply may have, by what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyLimits {
    /// JSON; a search page at most 16 KiB for each row asked for, though never held under 8 MiB.
    pub json: u64,
    /// HTML pages.
    pub html: u64,
    /// Captcha pictures.
    pub picture: u64,
    /// Documents.
    pub document: u64,
}

impl Default for BodyLimits {
    fn default() -> Self {
        Self {
            json: 64 << 20,
            html: 8 << 20,
            picture: 256 << 10,
            document: 200 << 20,
        }
    }
}

impl BodyLimits {
    /// Bytes that a search for so many rows may answer with, so that a flood of rows costs no more memory
    /// than what was asked for.
    pub(crate) fn page(&self, rows: u32) -> u64 {
        let asked = u64::from(rows).saturating_mul(ROW);
        asked.max(LEAST_PAGE).min(self.json)
    }
}

/// A portal to be walked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalConfig {
    /// The source whose rows it gives.
    pub source: SourceId,
    /// Scheme, host and port; nothing else is ever contacted.
    pub base_url: Url,
    /// Rows a page; 1000 is the most the portals give.
    pub page_size: u32,
    /// Documents a session gives before it asks for another captcha.
    pub documents_per_session: u32,
    /// Caps on replies.
    pub max_body: BodyLimits,
}

impl PortalConfig {
    /// `source` at `base_url`: 1000 rows a page, 25 documents a session.
    pub fn new(source: SourceId, base_url: Url) -> Result<Self, ConfigError> {
        Origin::of(&base_url)?;
        Ok(Self {
            source,
            base_url,
            page_size: 1000,
            documents_per_session: 25,
            max_body: BodyLimits::default(),
        })
    }

    /// `source` at its public address.
    pub fn public(source: SourceId) -> Result<Self, ConfigError> {
        let text = source.portal().base_url();
        let base_url = Url::parse(text).map_err(|_| ConfigError::BaseUrl {
            url: text.to_owned(),
            why: "it is not a URL",
        })?;
        Self::new(source, base_url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_may_have_what_was_asked_for() {
        let usual = BodyLimits::default();
        let mib = |rows| usual.page(rows) >> 20;
        assert_eq!((mib(0), mib(10), mib(512), mib(1_000)), (8, 8, 8, 15));
        assert_eq!((mib(4_096), mib(u32::MAX)), (64, 64));
        let strict = BodyLimits {
            json: 1 << 20,
            ..usual
        };
        assert_eq!(strict.page(1_000), 1 << 20);
    }
}

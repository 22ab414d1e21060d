//! Which portal, where, and how much of it at once.

use nirnay_model::SourceId;
use url::Url;

use crate::ConfigError;
use crate::origin::Origin;

/// The most decoded bytes a reply may have, by what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyLimits {
    /// Search pages and other JSON.
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

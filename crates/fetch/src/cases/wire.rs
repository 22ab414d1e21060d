//! Requests as the portals want them.

use bytes::Bytes;
use jiff::civil::Date;
use nirnay_model::CaptureKind;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::origin::Origin;
use crate::{CookieJar, HttpRequest, Method, Secret};

pub(super) const ANY_JSON: &str = "application/json, text/javascript, */*; q=0.01";
const ANY_HTML: &str = "text/html, application/xhtml+xml; q=0.9, */*; q=0.8";
const ANY_PICTURE: &str = "image/png, image/*; q=0.9";
const ANY_PDF: &str = "application/pdf, */*; q=0.5";

/// The most bytes of an answer.
const MOST_ANSWER: u64 = 128 << 20;
const MOST_PAGE: u64 = 8 << 20;
const MOST_PICTURE: u64 = 256 << 10;
const MOST_DOCUMENT: u64 = 200 << 20;

/// A form or query, field by field.
pub(super) type Fields = Vec<(String, String)>;

/// A field.
pub(super) fn field(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

/// `DD-MM-YYYY`.
pub(super) fn day(date: Date) -> String {
    format!("{:02}-{:02}-{:04}", date.day(), date.month(), date.year())
}

/// What is asked for, before headers and cookies.
#[derive(Debug, Clone)]
pub(super) struct Plain {
    pub(super) path: String,
    pub(super) fields: Fields,
    pub(super) post: bool,
}

impl Plain {
    pub(super) fn post(path: impl Into<String>, fields: Fields) -> Self {
        Self {
            path: path.into(),
            fields,
            post: true,
        }
    }

    pub(super) fn get(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            fields: Vec::new(),
            post: false,
        }
    }

    /// With one more field.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.push(field(name, value));
        self
    }
}

/// Builds the requests of one portal.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    origin: Option<Origin>,
    /// Another host of the portal, for documents alone.
    documents: Option<Origin>,
    base: Url,
    user_agent: String,
    /// Where every request but the first comes from.
    referer: &'static str,
}

impl Wire {
    pub(super) fn new(
        base: Url,
        documents: Option<&Url>,
        user_agent: String,
        referer: &'static str,
    ) -> Self {
        Self {
            origin: Origin::of(&base).ok(),
            documents: documents.and_then(|base| Origin::of(base).ok()),
            base,
            user_agent,
            referer,
        }
    }

    pub(super) fn host(&self) -> &str {
        self.base.host_str().unwrap_or("")
    }

    /// A path of the portal, or an address on it; `None` if it leads elsewhere.
    pub(super) fn address(&self, path: &str) -> Option<Url> {
        let origin = self.origin.as_ref()?;
        match Url::parse(path) {
            Ok(url) => origin.holds(&url).then_some(url),
            Err(_) => origin.join(path),
        }
    }

    /// Whether an address lies on the other host that holds documents.
    pub(super) fn is_elsewhere(&self, path: &str) -> bool {
        let other = self.documents.as_ref();
        Url::parse(path).is_ok_and(|url| other.is_some_and(|origin| origin.holds(&url)))
    }

    /// Where a document lies; `None` on a host that is not asked.
    pub(super) fn document_address(&self, path: &str) -> Option<Url> {
        if self.is_elsewhere(path) {
            return Url::parse(path).ok();
        }
        self.address(path)
    }

    pub(super) fn page(&self, kind: CaptureKind, path: &str, jar: &CookieJar) -> HttpRequest {
        self.request(kind, &Plain::get(path), jar, &[], (ANY_HTML, MOST_PAGE))
    }

    pub(super) fn picture(&self, path: &str, jar: &CookieJar) -> HttpRequest {
        let shape = (ANY_PICTURE, MOST_PICTURE);
        self.request(CaptureKind::Captcha, &Plain::get(path), jar, &[], shape)
    }

    pub(super) fn document(&self, path: &str, jar: &CookieJar) -> HttpRequest {
        let shape = (ANY_PDF, MOST_DOCUMENT);
        self.request(CaptureKind::Document, &Plain::get(path), jar, &[], shape)
    }

    pub(super) fn ask(
        &self,
        kind: CaptureKind,
        plain: &Plain,
        jar: &CookieJar,
        extra: &[(String, Secret)],
    ) -> HttpRequest {
        self.request(kind, plain, jar, extra, (ANY_JSON, MOST_ANSWER))
    }

    fn request(
        &self,
        kind: CaptureKind,
        plain: &Plain,
        jar: &CookieJar,
        extra: &[(String, Secret)],
        (accept, max_body): (&str, u64),
    ) -> HttpRequest {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let address = match kind {
            CaptureKind::Document => self.document_address(&plain.path),
            _ => self.address(&plain.path),
        };
        let mut url = address.unwrap_or_else(|| self.base.clone());
        let mut headers = vec![
            header("User-Agent", &self.user_agent),
            header("Accept", accept),
            header("Accept-Language", "en-IN, en; q=0.9"),
            header("Accept-Encoding", "gzip"),
        ];
        if kind != CaptureKind::Start {
            let from = self
                .base
                .join(self.referer)
                .unwrap_or_else(|_| self.base.clone());
            headers.push(header("Referer", from.as_str()));
        }
        let mut body = Bytes::new();
        if plain.post {
            let mut form = Serializer::new(String::new());
            form.extend_pairs(&plain.fields);
            body = Bytes::from(form.finish());
            headers.push(header("X-Requested-With", "XMLHttpRequest"));
            headers.push(header(
                "Content-Type",
                "application/x-www-form-urlencoded; charset=UTF-8",
            ));
        } else if !plain.fields.is_empty() {
            url.query_pairs_mut().extend_pairs(&plain.fields);
            headers.push(header("X-Requested-With", "XMLHttpRequest"));
        }
        headers.extend(
            extra
                .iter()
                .map(|(name, value)| header(name, value.expose())),
        );
        if let Some(cookies) = jar.header() {
            headers.push(header("Cookie", cookies.expose()));
        }
        HttpRequest {
            kind,
            subject: kind.name().to_owned(),
            method: if plain.post {
                Method::Post
            } else {
                Method::Get
            },
            url,
            headers,
            body,
            max_body,
        }
    }
}

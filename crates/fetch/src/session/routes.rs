//! Requests to the judgment portals, headers and all.

use bytes::Bytes;
use nirnay_model::{CaptureKind, Portal};
use url::Url;

use crate::origin::Origin;
use crate::{CookieJar, HttpRequest, Method, PortalConfig};

const ANY_JSON: &str = "application/json, text/javascript, */*; q=0.01";
const ANY_HTML: &str = "text/html, application/xhtml+xml; q=0.9, */*; q=0.8";
const ANY_PICTURE: &str = "image/png, image/*; q=0.9";
const ANY_PDF: &str = "application/pdf, */*; q=0.5";

const LONGEST_LOCATION: usize = 2_048;

/// Builds requests of one portal.
#[derive(Debug, Clone)]
pub(crate) struct Routes {
    origin: Option<Origin>,
    base: Url,
    prefix: &'static str,
    user_agent: String,
    portal: PortalConfig,
}

impl Routes {
    pub(crate) fn new(portal: &PortalConfig, user_agent: String) -> Self {
        let prefix = match portal.source.portal() {
            Portal::Ecourts => "/pdfsearch/",
            Portal::Scr => "/scrsearch/",
            Portal::SciFeed => "/",
        };
        Self {
            origin: Origin::of(&portal.base_url).ok(),
            base: portal.base_url.clone(),
            prefix,
            user_agent,
            portal: portal.clone(),
        }
    }

    /// The portal's start page, also of the feed.
    pub(crate) fn start(&self, kind: CaptureKind) -> HttpRequest {
        let max_body = self.portal.max_body.html;
        self.get(
            kind,
            self.at(self.prefix),
            kind.name().to_owned(),
            (ANY_HTML, max_body),
        )
    }

    pub(crate) fn robots(&self) -> HttpRequest {
        // Of a longer file, the beginning is read.
        let shape = ("text/plain, */*; q=0.5", self.portal.max_body.html);
        self.get(
            CaptureKind::Robots,
            self.at("/robots.txt"),
            "robots".to_owned(),
            shape,
        )
    }

    pub(crate) fn picture(&self, jar: &CookieJar) -> HttpRequest {
        let url = self.at(&format!(
            "{}vendor/securimage/securimage_show.php",
            self.prefix
        ));
        let shape = (ANY_PICTURE, self.portal.max_body.picture);
        self.sent_from_start(
            self.get(CaptureKind::Captcha, url, "captcha".to_owned(), shape),
            jar,
        )
    }

    /// A form sent to `?p=pdf_search/<action>`.
    pub(crate) fn post(
        &self,
        kind: CaptureKind,
        action: &str,
        form: (String, Bytes),
        jar: &CookieJar,
    ) -> HttpRequest {
        let (subject, body) = form;
        let url = self.at(&format!("{}?p=pdf_search/{action}", self.prefix));
        let mut request = self.get(kind, url, subject, (ANY_JSON, self.portal.max_body.json));
        request.method = Method::Post;
        request.body = body;
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        request
            .headers
            .push(header("X-Requested-With", "XMLHttpRequest"));
        request.headers.push(header(
            "Content-Type",
            "application/x-www-form-urlencoded; charset=UTF-8",
        ));
        self.sent_from_start(request, jar)
    }

    /// The most bytes of a search page of so many rows.
    pub(crate) fn page_limit(&self, rows: u32) -> u64 {
        self.portal.max_body.page(rows)
    }

    /// A document at a path the portal named; `None` if the path could lead anywhere else.
    pub(crate) fn document(
        &self,
        path: &str,
        subject: String,
        jar: &CookieJar,
    ) -> Option<HttpRequest> {
        let url = self.origin.as_ref()?.join(path)?;
        let shape = (ANY_PDF, self.portal.max_body.document);
        Some(self.sent_from_start(self.get(CaptureKind::Document, url, subject, shape), jar))
    }

    /// The same request to another path of the same origin.
    pub(crate) fn moved(&self, request: &HttpRequest, location: &str) -> Option<HttpRequest> {
        // A longer address is no page of the portal.
        (location.len() <= LONGEST_LOCATION).then_some(())?;
        let url = request.url.join(location).ok()?;
        let same = self.origin.as_ref()?.holds(&url);
        same.then(|| HttpRequest {
            url,
            ..request.clone()
        })
    }

    fn get(
        &self,
        kind: CaptureKind,
        url: Url,
        subject: String,
        (accept, max_body): (&str, u64),
    ) -> HttpRequest {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        HttpRequest {
            kind,
            subject,
            method: Method::Get,
            url,
            headers: vec![
                header("User-Agent", &self.user_agent),
                header("Accept", accept),
                header("Accept-Language", "en-IN, en; q=0.9"),
                header("Accept-Encoding", "gzip"),
            ],
            body: Bytes::new(),
            max_body,
        }
    }

    fn sent_from_start(&self, mut request: HttpRequest, jar: &CookieJar) -> HttpRequest {
        let start = self.at(self.prefix).to_string();
        request.headers.push(("Referer".to_owned(), start));
        if let Some(cookies) = jar.header() {
            request
                .headers
                .push(("Cookie".to_owned(), cookies.expose().to_owned()));
        }
        request
    }

    /// The address of one of our own constant paths.
    fn at(&self, path: &str) -> Url {
        self.base.join(path).unwrap_or_else(|_| self.base.clone())
    }
}

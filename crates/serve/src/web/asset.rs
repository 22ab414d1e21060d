//! Style, script and icon: part of the program, named by their content, so that browsers may keep them.

use axum::body::Body;
use axum::extract::Path;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use nirnay_model::Sha256;

use super::reply::{self, takes_gzip};
use crate::problem::Problem;

/// A file of the page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asset {
    name: &'static str,
    content_type: &'static str,
    text: &'static str,
}

/// The only style sheet.
pub(crate) const STYLE: Asset = Asset {
    name: "style.css",
    content_type: "text/css; charset=utf-8",
    text: include_str!("../../assets/style.css"),
};

/// The only script.
pub(crate) const SCRIPT: Asset = Asset {
    name: "script.js",
    content_type: "text/javascript; charset=utf-8",
    text: include_str!("../../assets/script.js"),
};

const ICON: Asset = Asset {
    name: "icon.svg",
    content_type: "image/svg+xml",
    text: include_str!("../../assets/icon.svg"),
};

impl Asset {
    /// Its address, which changes with its content.
    pub(crate) fn address(&self) -> String {
        let digest = Sha256::of(self.text.as_bytes()).to_hex();
        let short = digest.get(..12).unwrap_or(&digest);
        format!("/assets/{}?{short}", self.name)
    }
}

pub(crate) async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response<Body> {
    let gzip = takes_gzip(&headers);
    let asset = [STYLE, SCRIPT, ICON]
        .into_iter()
        .find(|asset| asset.name == name);
    let Some(asset) = asset else {
        return reply::problem(&Problem::not_found("such file"), gzip);
    };
    let body = asset.text.as_bytes().to_vec();
    let mut response = reply::reply(StatusCode::OK, asset.content_type, body, gzip);
    response.headers_mut().insert(
        CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=86400"),
    );
    response
}

//! The home page, of which only the entries of the feed are read.

use jiff::civil::Date;
use nirnay_model::{QuarantineReason, QuarantinedRow};
use serde::Serialize;

use super::entry::{self, FeedRow};
use crate::body::{self, Body};
use crate::tags::{Tag, tags};
use crate::{Reply, quarantine};

/// The feed: each entry of the page is in one of the two lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedPage {
    /// The entries, in the order of the page.
    pub rows: Vec<FeedRow>,
    /// The entries that could not be taken.
    pub quarantined: Vec<QuarantinedRow>,
}

/// Reads the home page. A page without a single entry is refused: the feed is never empty.
pub fn feed(body: &[u8], today: Date) -> Reply<FeedPage> {
    let page = body::classify(body).and_then(|body| {
        let Body::Page(html) = body else {
            return Err(body.unexpected("the home page"));
        };
        let page = read(&html, today);
        if page.rows.is_empty() && page.quarantined.is_empty() {
            return Err(Body::Page(html).unexpected("the feed of judgments"));
        }
        Ok(page)
    });
    page.into()
}

fn read(html: &str, today: Date) -> FeedPage {
    let mut page = FeedPage {
        rows: Vec::new(),
        quarantined: Vec::new(),
    };
    let mut entry: Option<Tag<'_>> = None;
    for tag in tags(html) {
        let Some(start) = entry else {
            entry = Some(tag).filter(is_entry);
            continue;
        };
        if !tag.name.eq_ignore_ascii_case("a") {
            continue;
        }
        // A link inside a link: the first was not closed, and ends here.
        let end = if tag.closing { tag.end() } else { tag.start };
        page.take(html.get(start.start..end).unwrap_or(""), today);
        entry = Some(tag).filter(is_entry);
    }
    if let Some(start) = entry {
        let rest = html.get(start.start..).unwrap_or("");
        page.quarantined.push(quarantine::row(
            rest,
            QuarantineReason::Unreadable,
            "the link does not end",
        ));
    }
    page
}

fn is_entry(tag: &Tag<'_>) -> bool {
    tag.opens("a")
        && (tag.text.contains("view-pdf/?diary_no=")
            || tag.text.contains("from=latest_judgements_order"))
}

impl FeedPage {
    fn take(&mut self, anchor: &str, today: Date) {
        match entry::read(anchor, today) {
            Ok(row) => self.rows.push(row),
            Err((reason, detail)) => self
                .quarantined
                .push(quarantine::row(anchor, reason, detail)),
        }
    }
}

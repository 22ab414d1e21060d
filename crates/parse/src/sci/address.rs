//! The address of an entry, checked part by part.

use nirnay_model::QuarantineReason;

use super::entry::Problem;
use crate::text;

/// What the query of the address says.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) diary: String,
    pub(super) kind: String,
    pub(super) order_date: String,
}

impl Address {
    pub(super) fn read(href: &str) -> Result<Self, Problem> {
        let strange = |what: &str| {
            (
                QuarantineReason::StrangePath,
                format!("{what}: {:?}", text::clip(href, 200)),
            )
        };
        let path = without_origin(href.trim());
        let query = path
            .strip_prefix("/view-pdf/?")
            .or_else(|| path.strip_prefix("/sci-get-pdf/?"))
            .ok_or_else(|| strange("not an address of the feed"))?;
        let value = |wanted: &str| {
            query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find_map(|(key, value)| (key == wanted).then(|| value.to_owned()))
                .ok_or_else(|| strange(&format!("no {wanted}")))
        };
        let (diary, kind, order_date) = (value("diary_no")?, value("type")?, value("order_date")?);
        if !(5..=16).contains(&diary.len()) || !diary.bytes().all(|b| b.is_ascii_digit()) {
            return Err(strange("a strange diary number"));
        }
        if !(1..=8).contains(&kind.len()) || !kind.bytes().all(|b| b.is_ascii_lowercase()) {
            return Err(strange("a strange type"));
        }
        if order_date.len() != 10 || !order_date.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return Err(strange("a strange order date"));
        }
        if value("from")? != "latest_judgements_order" {
            return Err(strange("not from the feed"));
        }
        Ok(Self {
            diary,
            kind,
            order_date,
        })
    }

    /// The address of the document itself, made from the checked parts only.
    pub(super) fn document_path(&self) -> String {
        format!(
            "/sci-get-pdf/?diary_no={}&type={}&order_date={}&from=latest_judgements_order",
            self.diary, self.kind, self.order_date
        )
    }

    /// `1234/2025`: the last four digits are the year.
    pub(super) fn diary_number(&self) -> Option<String> {
        let (number, year) = self
            .diary
            .split_at_checked(self.diary.len().checked_sub(4)?)?;
        let year: u16 = year.parse().ok()?;
        (1950..=2100)
            .contains(&year)
            .then(|| format!("{number}/{year}"))
    }
}

/// The address without the feed's own origin: the court's, or a portal on this machine. The origin is
/// never used; it is checked because a link to anywhere else is no entry of the feed.
fn without_origin(href: &str) -> &str {
    if let Some(path) = href.strip_prefix("https://www.sci.gov.in") {
        return path;
    }
    href.strip_prefix("http://127.0.0.1:").map_or(href, |rest| {
        rest.trim_start_matches(|c: char| c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_elsewhere_are_refused() {
        let query =
            "view-pdf/?diary_no=12342025&type=j&order_date=2026-04-24&from=latest_judgements_order";
        assert!(Address::read(&format!("https://www.sci.gov.in/{query}")).is_ok());
        assert!(Address::read(&format!("/{query}")).is_ok());
        assert!(Address::read(&format!("http://127.0.0.1:4711/{query}")).is_ok());
        for bad in [
            format!("https://www.sci.gov.in.evil.example/{query}"),
            format!("https://www.sci.gov.in@evil.example/{query}"),
            format!("//evil.example/{query}"),
            format!("http://www.sci.gov.in/{query}"),
            format!("/{query}").replace("12342025", "1234%2F2025"),
            format!("/{query}").replace("type=j", "type=../j"),
            format!("/{query}").replace("2026-04-24", "2026-04-24T"),
            format!("/{query}").replace("&from=latest_judgements_order", ""),
        ] {
            assert!(Address::read(&bad).is_err(), "{bad}");
        }
    }
}

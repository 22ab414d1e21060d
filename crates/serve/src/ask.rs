//! A search as it stands in an address: the only state that a page has.

use jiff::civil::Date;
use nirnay_index::{FacetName, Filters, MAX_WINDOW, SearchOptions, Sort};
use url::form_urlencoded;

use crate::problem::Problem;

/// Hits on a page.
pub(crate) const PER_PAGE: usize = 20;
/// The most hits on a page of the API.
const MOST_PER_PAGE: usize = 100;
/// The most filters of a search.
const MOST_FILTERS: usize = 64;
/// The longest value of a filter, in bytes.
const LONGEST_VALUE: usize = 300;

/// A search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ask {
    pub(crate) query: String,
    pub(crate) filters: Vec<(FacetName, String)>,
    pub(crate) from: Option<Date>,
    pub(crate) to: Option<Date>,
    pub(crate) sort: Sort,
    /// From 1.
    pub(crate) page: usize,
    pub(crate) per_page: usize,
    /// Whether copies of a text stand beside each other instead of as one.
    pub(crate) copies: bool,
}

impl Default for Ask {
    fn default() -> Self {
        Self {
            query: String::new(),
            filters: Vec::new(),
            from: None,
            to: None,
            sort: Sort::Relevance,
            page: 1,
            per_page: PER_PAGE,
            copies: false,
        }
    }
}

impl Ask {
    /// A search for `query` and nothing else.
    pub(crate) fn of(query: &str) -> Self {
        Self {
            query: query.to_owned(),
            ..Self::default()
        }
    }

    /// Reads an address's query. Empty values are what an empty field of a form sends; an unknown parameter
    /// is an error, for a filter that is misspelt must not look like one that was heeded.
    pub(crate) fn parse(raw: Option<&str>) -> Result<Self, Problem> {
        Ok(Self::parse_with(raw, &[])?.0)
    }

    /// As [`Ask::parse`], with parameters besides those of a search; they are returned in their order.
    pub(crate) fn parse_with(
        raw: Option<&str>,
        others: &[&str],
    ) -> Result<(Self, Vec<(String, String)>), Problem> {
        let mut ask = Self::default();
        let mut rest = Vec::new();
        for (name, value) in form_urlencoded::parse(raw.unwrap_or("").as_bytes()) {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            if others.contains(&name.as_ref()) {
                rest.push((name.into_owned(), value.to_owned()));
            } else {
                ask.take(&name, value, others)?;
            }
        }
        let deepest = ask.page.saturating_mul(ask.per_page);
        if deepest > MAX_WINDOW {
            return Err(Problem::parameter(
                "page",
                format!("only the first {MAX_WINDOW} judgments are shown in pages"),
                "narrow the search, or export the whole result: the export has no limit",
            ));
        }
        Ok((ask, rest))
    }

    fn take(&mut self, name: &str, value: &str, others: &[&str]) -> Result<(), Problem> {
        if let Some(facet) = FacetName::ALL
            .into_iter()
            .find(|facet| facet.name() == name)
        {
            return self.filter(facet, value);
        }
        match name {
            "q" => value.clone_into(&mut self.query),
            "from" => self.from = Some(date("from", value)?),
            "to" => self.to = Some(date("to", value)?),
            "sort" => {
                self.sort = Sort::parse(value).ok_or_else(|| {
                    let words: Vec<&str> = Sort::ALL.iter().map(|(name, _)| *name).collect();
                    Problem::parameter(
                        "sort",
                        format!("there is no order {value:?}"),
                        format!("use one of {}", words.join(", ")),
                    )
                })?;
            }
            "page" => self.page = number("page", value, 1..=MAX_WINDOW)?,
            "per_page" => self.per_page = number("per_page", value, 1..=MOST_PER_PAGE)?,
            "copies" => self.copies = flag("copies", value)?,
            unknown => {
                let mut known: Vec<&str> =
                    vec!["q", "from", "to", "sort", "page", "per_page", "copies"];
                known.extend(FacetName::ALL.iter().map(|facet| facet.name()));
                known.extend(others);
                let shown: String = unknown.chars().take(60).collect();
                return Err(Problem::parameter(
                    shown.clone(),
                    format!("there is no parameter {shown:?}"),
                    format!("use {}", known.join(", ")),
                ));
            }
        }
        Ok(())
    }

    fn filter(&mut self, facet: FacetName, value: &str) -> Result<(), Problem> {
        if value.len() > LONGEST_VALUE || self.filters.len() == MOST_FILTERS {
            return Err(Problem::parameter(
                facet.name(),
                format!(
                    "more than {MOST_FILTERS} filters, or one of more than {LONGEST_VALUE} bytes"
                ),
                "leave some of them out",
            ));
        }
        let filter = (facet, value.to_owned());
        if !self.filters.contains(&filter) {
            self.filters.push(filter);
        }
        Ok(())
    }

    /// The address's query that gives this search back; defaults are left out.
    pub(crate) fn address(&self) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        out.append_pair("q", &self.query);
        for facet in FacetName::ALL {
            for (_, value) in self.filters.iter().filter(|(name, _)| *name == facet) {
                out.append_pair(facet.name(), value);
            }
        }
        for (name, date) in [("from", self.from), ("to", self.to)] {
            if let Some(date) = date {
                out.append_pair(name, &date.to_string());
            }
        }
        if self.sort != Sort::default() {
            out.append_pair("sort", self.sort.name());
        }
        if self.copies {
            out.append_pair("copies", "1");
        }
        if self.per_page != PER_PAGE {
            out.append_pair("per_page", &self.per_page.to_string());
        }
        if self.page > 1 {
            out.append_pair("page", &self.page.to_string());
        }
        out.finish()
    }

    /// The same search on another page.
    pub(crate) fn at_page(&self, page: usize) -> Self {
        Self {
            page,
            ..self.clone()
        }
    }

    /// The first page of the same search without one filter.
    pub(crate) fn without(&self, name: FacetName, value: &str) -> Self {
        let mut ask = self.at_page(1);
        ask.filters
            .retain(|filter| *filter != (name, value.to_owned()));
        ask
    }

    /// The first page of the same search with one filter more.
    pub(crate) fn with(&self, name: FacetName, value: &str) -> Self {
        let mut ask = self.without(name, value);
        ask.filters.push((name, value.to_owned()));
        ask
    }

    /// The query and its order, without filters and dates.
    pub(crate) fn bare(&self) -> Self {
        Self {
            query: self.query.clone(),
            sort: self.sort,
            ..Self::default()
        }
    }

    /// Whether anything but the query narrows it.
    pub(crate) fn is_narrowed(&self) -> bool {
        !self.filters.is_empty() || self.from.is_some() || self.to.is_some()
    }

    /// The search in the words of the index, with `facets` values a facet.
    pub(crate) fn options(&self, snippets: usize, facets: Option<usize>) -> SearchOptions {
        let mut filters = Filters::default();
        for (name, value) in &self.filters {
            filters.add(*name, value.clone());
        }
        SearchOptions {
            limit: self.per_page,
            offset: (self.page - 1) * self.per_page,
            from: self.from,
            to: self.to,
            sort: self.sort,
            snippets,
            filters,
            facets,
            collapse: !self.copies,
            ..SearchOptions::default()
        }
    }
}

fn date(name: &'static str, value: &str) -> Result<Date, Problem> {
    value.parse().map_err(|_| {
        Problem::parameter(
            name,
            format!("{value:?} is not a day"),
            "write it as 2024-01-31",
        )
    })
}

fn number(
    name: &'static str,
    value: &str,
    range: std::ops::RangeInclusive<usize>,
) -> Result<usize, Problem> {
    let number = value.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| {
        Problem::parameter(
            name,
            format!("{value:?} is not a number that can stand here"),
            format!("use a number from {} to {}", range.start(), range.end()),
        )
    })
}

fn flag(name: &'static str, value: &str) -> Result<bool, Problem> {
    match value {
        "1" | "true" | "on" => Ok(true),
        "0" | "false" | "off" => Ok(false),
        _ => Err(Problem::parameter(
            name,
            format!("{value:?} is neither yes nor no"),
            "use 1 or 0",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gives_the_search_back() {
        let raw = "q=bail+%22section+439%22&court=7_26&court=27_1&year=2023&judge=A%26B&from=2023-01-01&sort=most_cited&copies=1&page=3";
        let ask = Ask::parse(Some(raw)).unwrap();
        assert_eq!(ask.query, "bail \"section 439\"");
        assert_eq!(ask.filters.len(), 4);
        assert_eq!(ask.sort, Sort::MostCited);
        assert_eq!(Ask::parse(Some(&ask.address())).unwrap(), ask);
        assert_eq!(Ask::parse(None).unwrap(), Ask::default());
        assert_eq!(Ask::default().address(), "q=");
    }

    #[test]
    fn an_empty_field_is_no_filter_and_a_filter_counts_once() {
        let ask = Ask::parse(Some("q=&from=&to=&court=&court=7_26&court=7_26")).unwrap();
        assert_eq!(ask.filters, [(FacetName::Court, "7_26".to_owned())]);
        assert!(ask.is_narrowed() && !ask.bare().is_narrowed());
        assert_eq!(ask.without(FacetName::Court, "7_26"), Ask::default());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (raw, parameter) in [
            ("q=a&cuort=delhi", "cuort"),
            ("q=a&from=yesterday", "from"),
            ("q=a&sort=best", "sort"),
            ("q=a&page=0", "page"),
            ("q=a&page=501", "page"),
            ("q=a&per_page=1000", "per_page"),
            ("q=a&copies=maybe", "copies"),
        ] {
            let problem = Ask::parse(Some(raw)).unwrap_err();
            assert_eq!(problem.parameter.as_deref(), Some(parameter), "{raw}");
            assert!(!problem.hint.is_empty());
        }
        let many: Vec<String> = (0..100).map(|n| format!("judge={n}")).collect();
        let many = many.join("&");
        assert!(Ask::parse(Some(&many)).is_err());
    }
}

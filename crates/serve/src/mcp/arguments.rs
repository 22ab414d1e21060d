//! What tools are given, read strictly: an argument that is not understood is named with what to send instead.

use nirnay_index::{FacetName, Sort};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::ask::Ask;
use crate::problem::Problem;

/// Hits that a tool returns if nothing else is asked for, and at most.
const HITS: usize = 10;
const MOST_HITS: usize = 50;

/// Arguments of `search`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Search {
    query: String,
    #[serde(default)]
    filters: Map<String, Value>,
    from: Option<jiff::civil::Date>,
    to: Option<jiff::civil::Date>,
    sort: Option<String>,
    limit: Option<usize>,
    page: Option<usize>,
}

/// Arguments of `get_judgment`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GetJudgment {
    pub(crate) id: String,
    /// The first page of text that is wanted, from 1.
    pub(crate) first_page: Option<u32>,
    /// The last one.
    pub(crate) last_page: Option<u32>,
    /// Whether text is wanted at all.
    pub(crate) text: Option<bool>,
}

/// Arguments of `look_up_citation`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LookUp {
    pub(crate) text: String,
}

/// Arguments of `coverage`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CoverageOf {
    pub(crate) court: Option<String>,
}

/// Reads arguments.
pub(crate) fn read<T: DeserializeOwned>(
    arguments: Option<Map<String, Value>>,
) -> Result<T, Problem> {
    serde_json::from_value(Value::Object(arguments.unwrap_or_default())).map_err(|error| {
        Problem::parameter(
            "arguments",
            error.to_string(),
            "send what the tool's input schema asks for; days are written 2024-01-31",
        )
    })
}

impl Search {
    pub(crate) fn ask(self) -> Result<Ask, Problem> {
        let mut ask = Ask::of(self.query.trim());
        for (name, value) in &self.filters {
            let facet = FacetName::parse(name).ok_or_else(|| {
                let known: Vec<&str> = FacetName::ALL.iter().map(|facet| facet.name()).collect();
                Problem::parameter(
                    "filters",
                    format!("there is no filter {name:?}"),
                    format!("use {}", known.join(", ")),
                )
            })?;
            for text in texts(name, value)? {
                ask = ask.with(facet, &text);
            }
        }
        (ask.from, ask.to) = (self.from, self.to);
        if let Some(name) = &self.sort {
            ask.sort = Sort::parse(name).ok_or_else(|| {
                let known: Vec<&str> = Sort::ALL.iter().map(|(name, _)| *name).collect();
                Problem::parameter(
                    "sort",
                    format!("there is no order {name:?}"),
                    format!("use {}", known.join(", ")),
                )
            })?;
        }
        ask.per_page = self.limit.unwrap_or(HITS).clamp(1, MOST_HITS);
        ask.page = self.page.unwrap_or(1).max(1);
        if ask.page.saturating_mul(ask.per_page) > nirnay_index::MAX_WINDOW {
            return Err(Problem::parameter(
                "page",
                format!(
                    "only the first {} hits can be paged through",
                    nirnay_index::MAX_WINDOW
                ),
                "narrow the search by filters or dates",
            ));
        }
        Ok(ask)
    }
}

/// A text, a number or a list of them.
fn texts(name: &str, value: &Value) -> Result<Vec<String>, Problem> {
    match value {
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Number(number) => Ok(vec![number.to_string()]),
        Value::Array(values) => {
            let lists: Result<Vec<Vec<String>>, Problem> =
                values.iter().map(|value| texts(name, value)).collect();
            Ok(lists?.concat())
        }
        _ => Err(Problem::parameter(
            "filters",
            format!("the filter {name:?} is given neither a text nor a list of texts"),
            format!("for example {}", json!({ name: ["…"] })),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(arguments: Value) -> Result<Ask, Problem> {
        let Value::Object(arguments) = arguments else {
            panic!("not an object");
        };
        read::<Search>(Some(arguments))?.ask()
    }

    #[test]
    fn arguments_become_a_search() {
        let ask = search(json!({
            "query": "bail", "filters": {"court": "7_26", "year": [2023, "2024"]}, "from": "2023-01-01",
            "sort": "newest", "limit": 5, "page": 2,
        }))
        .unwrap();
        assert_eq!(ask.filters.len(), 3);
        assert_eq!((ask.per_page, ask.page, ask.sort), (5, 2, Sort::Newest));
    }

    #[test]
    fn what_is_wrong_is_named_with_a_way_out() {
        for (arguments, parameter) in [
            (json!({}), "arguments"),
            (json!({"query": "a", "cout": "x"}), "arguments"),
            (json!({"query": "a", "from": "yesterday"}), "arguments"),
            (json!({"query": "a", "filters": {"cuort": "x"}}), "filters"),
            (json!({"query": "a", "filters": {"court": {}}}), "filters"),
            (json!({"query": "a", "sort": "best"}), "sort"),
            (json!({"query": "a", "page": 100_000}), "page"),
        ] {
            let problem = search(arguments.clone()).unwrap_err();
            assert_eq!(problem.parameter.as_deref(), Some(parameter), "{arguments}");
            assert!(!problem.hint.is_empty());
        }
    }
}

//! Saved searches: a TOML file of named queries, and what was last seen of each.
//!
//! ```toml
//! [search.bail-delhi]
//! query = "\"anticipatory bail\" NOT murder"
//! court = "delhi"
//! from = "2020-01-01"
//! sort = "newest"
//! [search.bail-delhi.filters]
//! disposal = ["allowed", "partly_allowed"]
//! ```
//!
//! The file is a person's: it is only ever added to. What was last seen lies beside it, in
//! `NAME.state.json`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use nirnay_index::{FacetName, Filters, SearchOptions, Sort};
use serde::{Deserialize, Serialize};

use crate::error::{PipelineError, config_error};

/// A named search.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedSearch {
    /// The query.
    pub query: String,
    /// Only this court.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub court: Option<String>,
    /// First decision date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Last decision date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// The order, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// Chosen values of facets, by name of facet.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub filters: BTreeMap<String, Vec<String>>,
}

impl SavedSearch {
    /// A search as it is run now.
    pub fn of(query: &str, options: &SearchOptions) -> Self {
        let filters = options.filters.iter();
        Self {
            query: query.to_owned(),
            court: options.court.clone(),
            from: options.from,
            to: options.to,
            sort: (options.sort != Sort::default()).then(|| options.sort.name().to_owned()),
            filters: filters
                .map(|(facet, values)| (facet.name().to_owned(), values.to_vec()))
                .collect(),
        }
    }

    /// Puts its court, dates, order and filters into `options`; says what it does not know.
    pub fn apply(&self, options: &mut SearchOptions) -> Result<(), String> {
        let mut filters = Filters::default();
        for (name, values) in &self.filters {
            let facet = FacetName::parse(name).ok_or_else(|| {
                let known: Vec<&str> = FacetName::ALL.iter().map(|facet| facet.name()).collect();
                format!(
                    "there is no filter {name:?}; filters are {}",
                    known.join(", ")
                )
            })?;
            for value in values {
                filters.add(facet, value.as_str());
            }
        }
        if let Some(name) = &self.sort {
            options.sort = Sort::parse(name).ok_or_else(|| {
                let known: Vec<&str> = Sort::ALL.iter().map(|(name, _)| *name).collect();
                format!(
                    "there is no order {name:?}; orders are {}",
                    known.join(", ")
                )
            })?;
        }
        options.court.clone_from(&self.court);
        (options.from, options.to, options.filters) = (self.from, self.to, filters);
        Ok(())
    }
}

/// What was last seen of a saved search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRun {
    /// When it ran.
    pub at: Timestamp,
    /// The index's newest judgment then, see [`SearchOptions::added_after`].
    pub newest: i64,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents {
    #[serde(default)]
    search: BTreeMap<String, SavedSearch>,
}

/// A file of saved searches.
#[derive(Debug, Clone)]
pub struct SavedSearches {
    path: PathBuf,
}

impl SavedSearches {
    /// The file at `path`, which need not be there.
    pub fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
        }
    }

    /// All searches by name.
    pub fn all(&self) -> Result<BTreeMap<String, SavedSearch>, PipelineError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(source) => return Err(self.io(source)),
        };
        let contents: Contents =
            toml::from_str(&text).map_err(|error| self.wrong(&error.to_string()))?;
        Ok(contents.search)
    }

    /// The search of this name.
    pub fn get(&self, name: &str) -> Result<SavedSearch, PipelineError> {
        let mut all = self.all()?;
        all.remove(name).ok_or_else(|| {
            let known: Vec<String> = all.into_keys().collect();
            let hint = if known.is_empty() {
                "none is saved yet: add --save NAME to a search".to_owned()
            } else {
                format!("saved are {}", known.join(", "))
            };
            self.wrong(&format!("there is no search {name:?}; {hint}"))
        })
    }

    /// Adds a search at the end of the file. One of this name that is there already stays, and is an error unless it
    /// is the same.
    pub fn add(&self, name: &str, search: &SavedSearch) -> Result<(), PipelineError> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if name.is_empty() || !name.chars().all(is_name) {
            return Err(self.wrong(&format!(
                "{name:?} is no name: use letters, digits, - and _"
            )));
        }
        match self.all()?.get(name) {
            Some(held) if held == search => return Ok(()),
            Some(_) => {
                return Err(self.wrong(&format!(
                    "there is a search {name:?} already: choose another name, or take it out of the file"
                )));
            }
            None => {}
        }
        let added = Contents {
            search: BTreeMap::from([(name.to_owned(), search.clone())]),
        };
        let added = toml::to_string(&added).map_err(|error| self.wrong(&error.to_string()))?;
        let mut text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(source) => return Err(self.io(source)),
        };
        if !text.is_empty() {
            text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
        }
        text.push_str(&added);
        replace(&self.path, text.as_bytes()).map_err(|source| self.io(source))
    }

    /// The last run of a search.
    pub fn last_run(&self, name: &str) -> Result<Option<LastRun>, PipelineError> {
        Ok(self.state()?.remove(name))
    }

    /// Notes a run of a search. Call it when its results have been given out.
    pub fn note_run(&self, name: &str, run: LastRun) -> Result<(), PipelineError> {
        let mut state = self.state()?;
        state.insert(name.to_owned(), run);
        let json =
            serde_json::to_vec_pretty(&state).map_err(|error| self.wrong(&error.to_string()))?;
        let path = self.state_path();
        replace(&path, &json).map_err(|source| PipelineError::Io { path, source })
    }

    fn state(&self) -> Result<BTreeMap<String, LastRun>, PipelineError> {
        let path = self.state_path();
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
                let what = format!("it cannot be read ({error}); without it every judgment is new");
                config_error(&path, what)
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(source) => Err(PipelineError::Io { path, source }),
        }
    }

    fn state_path(&self) -> PathBuf {
        self.path.with_extension("state.json")
    }

    fn io(&self, source: io::Error) -> PipelineError {
        PipelineError::Io {
            path: self.path.clone(),
            source,
        }
    }

    fn wrong(&self, why: &str) -> PipelineError {
        config_error(&self.path, why.trim_end().to_owned())
    }
}

/// Writes a file anew: whole or not at all.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = path.with_file_name(format!(".{name}.new"));
    let mut file = File::create(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if cfg!(unix) {
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_added_found_and_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("searches.toml");
        fs::write(&path, "# mine\n[search.a]\nquery = \"x\"").unwrap();
        let file = SavedSearches::at(&path);
        let mut options = SearchOptions {
            court: Some("delhi".into()),
            from: "2020-01-01".parse().ok(),
            sort: Sort::MostCited,
            ..SearchOptions::default()
        };
        options.filters.add(FacetName::CaseType, "WP(C)");
        let search = SavedSearch::of("\"a b\" -c", &options);
        file.add("b-1", &search).unwrap();
        file.add("b-1", &search).unwrap();
        assert!(fs::read_to_string(&path).unwrap().starts_with("# mine\n"));
        assert_eq!(file.get("a").unwrap().query, "x");
        let mut applied = SearchOptions::default();
        file.get("b-1").unwrap().apply(&mut applied).unwrap();
        assert_eq!(applied, options);
        let other = SavedSearch::of("d", &options);
        assert!(
            file.add("b-1", &other)
                .unwrap_err()
                .to_string()
                .contains("already")
        );
        assert!(
            file.add("b 1", &other)
                .unwrap_err()
                .to_string()
                .contains("letters")
        );
        assert!(file.get("z").unwrap_err().to_string().contains("a, b-1"));
    }

    #[test]
    fn runs_are_kept_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let file = SavedSearches::at(&dir.path().join("searches.toml"));
        assert_eq!(file.last_run("a").unwrap(), None);
        let run = LastRun {
            at: Timestamp::UNIX_EPOCH,
            newest: 7,
        };
        file.note_run("a", run.clone()).unwrap();
        file.note_run(
            "b",
            LastRun {
                newest: 8,
                ..run.clone()
            },
        )
        .unwrap();
        assert_eq!(file.last_run("a").unwrap(), Some(run));
        assert!(dir.path().join("searches.state.json").exists());
    }

    #[test]
    fn mistakes_in_the_file_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.toml");
        fs::write(&path, "[search.a]\nquery = \"x\"\nordr = \"newest\"\n").unwrap();
        assert!(
            SavedSearches::at(&path)
                .all()
                .unwrap_err()
                .to_string()
                .contains("ordr")
        );
        let mut wrong = SavedSearch {
            sort: Some("best".into()),
            ..SavedSearch::default()
        };
        assert!(
            wrong
                .apply(&mut SearchOptions::default())
                .unwrap_err()
                .contains("most_cited")
        );
        wrong.sort = None;
        wrong.filters.insert("colour".into(), vec![]);
        assert!(
            wrong
                .apply(&mut SearchOptions::default())
                .unwrap_err()
                .contains("case_type")
        );
    }
}

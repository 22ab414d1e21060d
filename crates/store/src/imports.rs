//! Texts brought in from files: `imports.sqlite`, one row a text.
//!
//! They come from no portal, so no window proves them and no capture holds them; what can be said of them
//! is the file, the line and the hash. A text is known by the id that its file gives it: brought in again
//! it is left alone if nothing changed, and replaced if something did.

use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use nirnay_model::Sha256;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row, params};
use serde::Serialize;

use crate::StoreError;

const FILE: &str = "imports.sqlite";
/// The version of the tables, in `PRAGMA user_version`.
const VERSION: i64 = 1;
const LEVEL: i32 = 3;
/// No text is longer.
const MAX_TEXT: usize = 1 << 30;

const TABLES: &str = "
CREATE TABLE text (
    id TEXT PRIMARY KEY,
    title TEXT, court TEXT, decided TEXT,
    body BLOB NOT NULL,        -- zstd
    bytes INTEGER NOT NULL,    -- of the text
    sha256 BLOB NOT NULL,      -- of id, title, court, date and text
    file TEXT NOT NULL, line INTEGER NOT NULL,
    change INTEGER NOT NULL UNIQUE
) STRICT;
CREATE TABLE file (
    name TEXT PRIMARY KEY,
    lines INTEGER NOT NULL, blank INTEGER NOT NULL,
    taken INTEGER NOT NULL, quarantined INTEGER NOT NULL,
    imported_at TEXT NOT NULL
) STRICT;
CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
PRAGMA user_version = 1;
";

/// A text as it was brought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedText {
    /// The id in its file; unique among all imported texts.
    pub id: String,
    /// The title, if the file has one.
    pub title: Option<String>,
    /// The court as the file names it.
    pub court: Option<String>,
    /// The decision date.
    pub decided: Option<Date>,
    /// The text.
    pub text: String,
    /// The name of the file that it came from.
    pub file: String,
    /// The line in that file, from 1.
    pub line: u64,
}

impl ImportedText {
    /// The digest of everything but the place.
    pub fn digest(&self) -> Sha256 {
        let date = self
            .decided
            .map(|date| date.to_string())
            .unwrap_or_default();
        let parts = [
            self.id.as_str(),
            self.title.as_deref().unwrap_or(""),
            self.court.as_deref().unwrap_or(""),
            &date,
            &self.text,
        ];
        Sha256::of_parts(parts.map(str::as_bytes))
    }
}

/// What became of texts that were handed over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ImportCounts {
    /// New ids.
    pub added: u64,
    /// Known ids whose text, title, court or date is another now.
    pub changed: u64,
    /// Known ids with nothing new.
    pub unchanged: u64,
}

/// The sums of a file that was read to its end: `lines = blank + taken + quarantined`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportedFile {
    /// Its name, without folders.
    pub name: String,
    /// Lines read.
    pub lines: u64,
    /// Lines with nothing on them.
    pub blank: u64,
    /// Lines whose text is in the lake.
    pub taken: u64,
    /// Lines that were set aside.
    pub quarantined: u64,
    /// When.
    pub imported_at: Timestamp,
}

/// The imported texts of a lake.
pub struct Imports {
    connection: Connection,
    path: PathBuf,
}

impl Imports {
    /// The imported texts of the lake in `dir`; `None` if nothing was ever imported.
    pub fn open(dir: &Path) -> Result<Option<Self>, StoreError> {
        let path = dir.join(FILE);
        if !path.is_file() {
            return Ok(None);
        }
        let connection = Connection::open_with_flags(
            &path,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )
        .map_err(while_("opening the imported texts"))?;
        Self { connection, path }.checked().map(Some)
    }

    /// As [`Imports::open`], for writing: makes the file if there is none. The caller holds the lake.
    pub fn create(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(FILE);
        let connection = Connection::open(&path).map_err(while_("opening the imported texts"))?;
        let prepare = |connection: &Connection| -> rusqlite::Result<()> {
            connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
            connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;")?;
            let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
            if version == 0 {
                connection.execute_batch(&format!("BEGIN; {TABLES} COMMIT;"))?;
            }
            Ok(())
        };
        prepare(&connection).map_err(while_("preparing the imported texts"))?;
        Self { connection, path }.checked()
    }

    fn checked(self) -> Result<Self, StoreError> {
        let found: i64 = self
            .connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(while_("reading the version of the imported texts"))?;
        match found {
            VERSION => Ok(self),
            newer if newer > VERSION => Err(StoreError::Newer {
                path: self.path,
                found,
                supported: VERSION,
            }),
            _ => Err(self.damaged("it has no tables")),
        }
    }

    /// Keeps texts, all or none; durable when it returns.
    pub fn put(&mut self, texts: &[ImportedText]) -> Result<ImportCounts, StoreError> {
        let failed = while_("keeping imported texts");
        let mut counts = ImportCounts::default();
        let transaction = self.connection.transaction().map_err(&failed)?;
        let mut change: i64 = transaction
            .query_row("SELECT coalesce(max(change), 0) FROM text", [], |row| {
                row.get(0)
            })
            .map_err(&failed)?;
        for text in texts {
            let digest = text.digest();
            let known: Option<Vec<u8>> = transaction
                .query_row("SELECT sha256 FROM text WHERE id = ?", [&text.id], |row| {
                    row.get(0)
                })
                .optional()
                .map_err(&failed)?;
            match &known {
                Some(known) if known == digest.as_bytes() => {
                    counts.unchanged += 1;
                    continue;
                }
                Some(_) => counts.changed += 1,
                None => counts.added += 1,
            }
            change += 1;
            let body = zstd::bulk::compress(text.text.as_bytes(), LEVEL).map_err(|source| {
                StoreError::io("compressing an imported text", &self.path, source)
            })?;
            transaction
                .prepare_cached(
                    "INSERT INTO text (id, title, court, decided, body, bytes, sha256, file, line, change)
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     ON CONFLICT (id) DO UPDATE SET title = excluded.title, court = excluded.court,
                         decided = excluded.decided, body = excluded.body, bytes = excluded.bytes,
                         sha256 = excluded.sha256, file = excluded.file, line = excluded.line,
                         change = excluded.change",
                )
                .and_then(|mut insert| {
                    insert.execute(params![
                        text.id,
                        text.title,
                        text.court,
                        text.decided.map(|date| date.to_string()),
                        body,
                        text.text.len() as i64,
                        digest.as_bytes().as_slice(),
                        text.file,
                        text.line as i64,
                        change
                    ])
                })
                .map_err(&failed)?;
        }
        transaction.commit().map_err(&failed)?;
        Ok(counts)
    }

    /// Records the sums of a file that was read to its end.
    pub fn finish_file(&mut self, file: &ImportedFile) -> Result<(), StoreError> {
        self.connection
            .execute(
                "INSERT OR REPLACE INTO file (name, lines, blank, taken, quarantined, imported_at) VALUES (?, ?, ?, ?, ?, ?)",
                params![
                    file.name,
                    file.lines as i64,
                    file.blank as i64,
                    file.taken as i64,
                    file.quarantined as i64,
                    file.imported_at.to_string()
                ],
            )
            .map_err(while_("recording an imported file"))?;
        Ok(())
    }

    /// The files that were read to their ends, by name.
    pub fn files(&self) -> Result<Vec<ImportedFile>, StoreError> {
        let failed = while_("reading the imported files");
        let mut query = self
            .connection
            .prepare("SELECT name, lines, blank, taken, quarantined, imported_at FROM file ORDER BY name")
            .map_err(&failed)?;
        let rows = query
            .query_map([], |row| {
                Ok((
                    ImportedFile {
                        name: row.get(0)?,
                        lines: row.get::<_, i64>(1)? as u64,
                        blank: row.get::<_, i64>(2)? as u64,
                        taken: row.get::<_, i64>(3)? as u64,
                        quarantined: row.get::<_, i64>(4)? as u64,
                        imported_at: Timestamp::UNIX_EPOCH,
                    },
                    row.get::<_, String>(5)?,
                ))
            })
            .map_err(&failed)?;
        rows.map(|row| {
            let (file, at) = row.map_err(&failed)?;
            let imported_at = at
                .parse()
                .map_err(|_| self.damaged(&format!("{} was imported at {at:?}", file.name)))?;
            Ok(ImportedFile {
                imported_at,
                ..file
            })
        })
        .collect()
    }

    /// The number of texts, and of their bytes.
    pub fn sums(&self) -> Result<(u64, u64), StoreError> {
        self.connection
            .query_row(
                "SELECT count(*), coalesce(sum(bytes), 0) FROM text",
                [],
                |row| Ok((row.get::<_, i64>(0)? as u64, row.get::<_, i64>(1)? as u64)),
            )
            .map_err(while_("counting the imported texts"))
    }

    /// The number of the last change; 0 if there was none.
    pub fn last_change(&self) -> Result<u64, StoreError> {
        self.connection
            .query_row("SELECT coalesce(max(change), 0) FROM text", [], |row| {
                row.get::<_, i64>(0)
            })
            .map(|change| change as u64)
            .map_err(while_("looking for the last imported text"))
    }

    /// Whether there is a text with this id.
    pub fn has(&self, id: &str) -> Result<bool, StoreError> {
        self.connection
            .prepare_cached("SELECT 1 FROM text WHERE id = ?")
            .and_then(|mut query| query.exists([id]))
            .map_err(while_("looking up an imported text"))
    }

    /// The text with this id.
    pub fn get(&self, id: &str) -> Result<Option<ImportedText>, StoreError> {
        self.connection
            .query_row(&format!("{SELECT} WHERE id = ?"), [id], row)
            .optional()
            .map_err(while_("reading an imported text"))?
            .map(|row| self.whole(row))
            .transpose()
    }

    /// Every text that came or changed after `change`, in the order of the changes, with the number of its
    /// change. One text is in memory at a time.
    pub fn since(
        &self,
        change: u64,
        each: &mut dyn FnMut(u64, ImportedText) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let failed = while_("reading the imported texts");
        let mut query = self
            .connection
            .prepare(&format!("{SELECT} WHERE change > ? ORDER BY change"))
            .map_err(&failed)?;
        let mut rows = query.query([change as i64]).map_err(&failed)?;
        while let Some(next) = rows.next().map_err(&failed)? {
            let next = row(next).map_err(&failed)?;
            let number = next.change;
            each(number, self.whole(next)?)?;
        }
        Ok(())
    }

    /// A note of a later stage on how far it got; empty if there is none.
    pub fn mark(&self, name: &str) -> Result<String, StoreError> {
        let found: Option<String> = self
            .connection
            .query_row("SELECT value FROM mark WHERE name = ?", [name], |row| {
                row.get(0)
            })
            .optional()
            .map_err(while_("reading a mark of the imported texts"))?;
        Ok(found.unwrap_or_default())
    }

    /// Sets such a note.
    pub fn set_mark(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        self.connection
            .execute(
                "INSERT OR REPLACE INTO mark (name, value) VALUES (?, ?)",
                [name, value],
            )
            .map_err(while_("setting a mark of the imported texts"))?;
        Ok(())
    }

    /// What is wrong with the file: its own integrity and, if `every_text`, each text against its hash.
    pub fn verify(&self, every_text: bool) -> Result<Vec<String>, StoreError> {
        let mut wrong = Vec::new();
        let answer: String = self
            .connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(while_("checking the imported texts"))?;
        if answer != "ok" {
            wrong.push(answer);
            return Ok(wrong);
        }
        for file in self.files()? {
            if file.lines != file.blank + file.taken + file.quarantined {
                wrong.push(format!(
                    "{}: {} lines are not {} blank + {} taken + {} quarantined",
                    file.name, file.lines, file.blank, file.taken, file.quarantined
                ));
            }
        }
        if every_text {
            let read = self.since(0, &mut |_, _| Ok(()));
            match read {
                Err(StoreError::Corrupt { detail, .. }) => wrong.push(detail),
                other => other?,
            }
        }
        Ok(wrong)
    }

    /// The text of a row, checked against its hash.
    fn whole(&self, row: StoredText) -> Result<ImportedText, StoreError> {
        let id = row.text.id.clone();
        let place = |what: &str| self.damaged(&format!("text {id:?}: {what}"));
        let size = usize::try_from(row.bytes)
            .ok()
            .filter(|size| *size <= MAX_TEXT)
            .ok_or_else(|| place("its length is impossible"))?;
        let bytes =
            zstd::bulk::decompress(&row.body, size).map_err(|error| place(&error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|_| place("it is no text"))?;
        let decided = row
            .decided
            .map(|date| date.parse())
            .transpose()
            .map_err(|_| place("its date is impossible"))?;
        let text = ImportedText {
            decided,
            text,
            ..row.text
        };
        if text.digest().as_bytes().as_slice() != row.sha256 {
            return Err(place("it is not what was brought in"));
        }
        Ok(text)
    }

    fn damaged(&self, detail: &str) -> StoreError {
        StoreError::Corrupt {
            path: self.path.clone(),
            detail: format!("{detail}; remove the file and import again"),
        }
    }
}

impl fmt::Debug for Imports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Imports")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

const SELECT: &str =
    "SELECT id, title, court, decided, body, bytes, sha256, file, line, change FROM text";

/// A row as it is stored.
struct StoredText {
    text: ImportedText,
    decided: Option<String>,
    body: Vec<u8>,
    bytes: i64,
    sha256: Vec<u8>,
    change: u64,
}

fn row(row: &Row<'_>) -> rusqlite::Result<StoredText> {
    Ok(StoredText {
        text: ImportedText {
            id: row.get(0)?,
            title: row.get(1)?,
            court: row.get(2)?,
            decided: None,
            text: String::new(),
            file: row.get(7)?,
            line: row.get::<_, i64>(8)? as u64,
        },
        decided: row.get(3)?,
        body: row.get(4)?,
        bytes: row.get(5)?,
        sha256: row.get(6)?,
        change: row.get::<_, i64>(9)? as u64,
    })
}

fn while_(what: &'static str) -> impl Fn(rusqlite::Error) -> StoreError {
    move |source| StoreError::Sqlite { what, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(id: &str, text: &str) -> ImportedText {
        ImportedText {
            id: id.to_owned(),
            title: None,
            court: None,
            decided: None,
            text: text.to_owned(),
            file: "texts.jsonl".to_owned(),
            line: 1,
        }
    }

    #[test]
    fn a_text_is_kept_once_and_replaced_when_it_changed() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Imports::open(dir.path()).unwrap().is_none());
        let mut imports = Imports::create(dir.path()).unwrap();
        let put = imports.put(&[text("a", "one"), text("b", "two")]).unwrap();
        assert_eq!((put.added, put.changed, put.unchanged), (2, 0, 0));
        let put = imports
            .put(&[text("a", "one"), text("b", "three")])
            .unwrap();
        assert_eq!((put.added, put.changed, put.unchanged), (0, 1, 1));
        let reader = Imports::open(dir.path()).unwrap().unwrap();
        assert_eq!(reader.get("b").unwrap().unwrap().text, "three");
        assert_eq!(reader.sums().unwrap(), (2, 8));
        let mut seen = Vec::new();
        reader
            .since(2, &mut |change, text| {
                seen.push((change, text.id));
                Ok(())
            })
            .unwrap();
        assert_eq!(seen, [(3, "b".to_owned())]);
        assert_eq!(reader.verify(true).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_changed_byte_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let mut imports = Imports::create(dir.path()).unwrap();
        imports.put(&[text("a", "one")]).unwrap();
        imports
            .connection
            .execute("UPDATE text SET title = 'another'", [])
            .unwrap();
        assert!(imports.get("a").is_err());
        assert_eq!(imports.verify(true).unwrap().len(), 1);
        assert!(imports.verify(false).unwrap().is_empty());
    }
}

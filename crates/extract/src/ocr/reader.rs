//! From a page of a PDF to what recognition says of it.

use serde::{Deserialize, Serialize};

use super::{Languages, OcrFailure, Read, Recognizer};
use crate::render::DPI;
use crate::{Picture, Pool};

/// Below this confidence the packs that were not the first choice are tried too.
const UNSURE: f32 = 0.7;

/// The text of a page as recognised from its picture; its digital text stands beside it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OcrPage {
    /// The page's number, from 1.
    pub page: u32,
    /// The text, NFC, lines kept, an empty line between paragraphs.
    pub text: String,
    /// How sure the recogniser is of the words, 0 to 1; 0 where there are none.
    pub confidence: f32,
    /// How many words there are.
    pub words: u32,
    /// The language packs it was read with, the main one first.
    pub languages: Vec<String>,
    /// Packs that would have been used, had they been installed.
    #[serde(default)]
    pub missing: Vec<String>,
    /// The recogniser with its version.
    pub engine: String,
    /// Pixels to the inch of the picture.
    pub dpi: f32,
}

/// Draws pages in the workers of a pool and gives them to a recogniser.
pub struct Reader<'a> {
    pool: &'a Pool,
    recognizer: &'a dyn Recognizer,
    dpi: u16,
}

impl<'a> Reader<'a> {
    /// A reader at 200 dpi.
    pub fn new(pool: &'a Pool, recognizer: &'a dyn Recognizer) -> Self {
        Self {
            pool,
            recognizer,
            dpi: DPI,
        }
    }

    /// The same at another resolution.
    #[must_use]
    pub fn at(self, dpi: u16) -> Self {
        Self { dpi, ..self }
    }

    /// Reads page `page` (from 1) of `pdf`. Blocks until a worker and then the recogniser are free
    /// and done.
    pub fn read(
        &self,
        pdf: &[u8],
        page: u32,
        languages: &Languages,
    ) -> Result<OcrPage, OcrFailure> {
        // Before the page is drawn: without packs that is for nothing.
        let first = self.installed(&languages.first)?;
        let picture = self.pool.picture(pdf, page, self.dpi)?;
        recognize(self.recognizer, &picture, &first, languages)
    }

    fn installed(&self, packs: &[String]) -> Result<Vec<String>, OcrFailure> {
        installed(self.recognizer, packs)
    }
}

/// Those of `packs` that the recogniser has, the first of which it must have.
fn installed(recognizer: &dyn Recognizer, packs: &[String]) -> Result<Vec<String>, OcrFailure> {
    let has = |pack: &String| recognizer.packs().contains(pack);
    match packs.first() {
        Some(main) if has(main) => Ok(packs.iter().filter(|pack| has(pack)).cloned().collect()),
        _ => Err(OcrFailure::MissingPacks {
            packs: packs.iter().filter(|pack| !has(pack)).cloned().collect(),
        }),
    }
}

fn recognize(
    recognizer: &dyn Recognizer,
    picture: &Picture,
    first: &[String],
    languages: &Languages,
) -> Result<OcrPage, OcrFailure> {
    let mut missing = missing(recognizer, &languages.first);
    let (mut read, mut packs) = (recognizer.read(picture, first)?, first.to_vec());
    if let Some(otherwise) = languages.otherwise.as_ref().filter(|_| is_unsure(&read)) {
        match installed(recognizer, otherwise) {
            Ok(second) => {
                let again = recognizer.read(picture, &second)?;
                if again.confidence > read.confidence {
                    (read, packs) = (again, second);
                }
            }
            Err(_) => missing.extend(self::missing(recognizer, otherwise)),
        }
    }
    Ok(OcrPage {
        page: picture.page,
        text: read.text,
        confidence: read.confidence,
        words: read.words,
        languages: packs,
        missing,
        engine: recognizer.name().to_owned(),
        dpi: picture.dpi,
    })
}

fn missing(recognizer: &dyn Recognizer, packs: &[String]) -> Vec<String> {
    packs
        .iter()
        .filter(|pack| !recognizer.packs().contains(pack))
        .cloned()
        .collect()
}

fn is_unsure(read: &Read) -> bool {
    read.words > 0 && read.confidence < UNSURE
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Is sure of Hindi only.
    struct Fake(Vec<String>);

    impl Recognizer for Fake {
        fn name(&self) -> &'static str {
            "fake 1"
        }

        fn packs(&self) -> &[String] {
            &self.0
        }

        fn read(&self, _: &Picture, packs: &[String]) -> Result<Read, OcrFailure> {
            let hindi = packs.iter().any(|pack| pack == "hin");
            Ok(Read {
                text: packs.join(" "),
                confidence: if hindi { 0.9 } else { 0.3 },
                words: 2,
            })
        }
    }

    fn packs(names: &str) -> Vec<String> {
        names.split_whitespace().map(str::to_owned).collect()
    }

    fn read(
        installed_packs: &str,
        first: &str,
        otherwise: Option<&str>,
    ) -> Result<OcrPage, OcrFailure> {
        let fake = Fake(packs(installed_packs));
        let languages = Languages {
            first: packs(first),
            otherwise: otherwise.map(packs),
        };
        let picture = Picture {
            page: 4,
            width: 1,
            height: 1,
            dpi: 200.0,
            png: Vec::new(),
        };
        let first = installed(&fake, &languages.first)?;
        recognize(&fake, &picture, &first, &languages)
    }

    #[test]
    fn other_languages_are_tried_when_the_first_is_unsure() {
        let page = read("eng hin", "eng", Some("hin eng")).unwrap();
        assert_eq!((page.page, page.text.as_str()), (4, "hin eng"));
        assert_eq!(page.languages, ["hin", "eng"]);
        assert_eq!(page.engine, "fake 1");
        let sure = read("eng hin", "hin", Some("eng")).unwrap();
        assert_eq!(sure.languages, ["hin"]);
        let worse = read("eng tam", "eng", Some("tam eng")).unwrap();
        assert_eq!(worse.languages, ["eng"]);
    }

    #[test]
    fn missing_packs_are_reported_or_refused() {
        let page = read("hin", "hin eng", None).unwrap();
        assert_eq!((page.languages, page.missing), (packs("hin"), packs("eng")));
        let page = read("eng", "eng", Some("hin eng")).unwrap();
        assert_eq!((page.languages, page.missing), (packs("eng"), packs("hin")));
        // Hindi read as English would be nothing but noise.
        assert_eq!(
            read("eng", "hin eng", None),
            Err(OcrFailure::MissingPacks {
                packs: packs("hin")
            })
        );
    }
}

//! From a page of a PDF to what recognition says of it.

use serde::{Deserialize, Serialize};

use super::{Languages, OcrFailure, Read, Recognizer, Turn};
use crate::render::DPI;
use crate::{Picture, Pool};

/// Below this confidence a reading is unsure, and other packs are tried if the language was a guess. Clean
/// pages in their own packs have 0.77 to 0.95, in those of another script 0.14 to 0.56 (docs/benchmarks.md).
pub const UNSURE: f32 = 0.7;
/// Below this confidence a text is kept beside its page and used for nothing: above what the packs of another
/// script reach, which is noise. Between the two lie poor scans in their own packs.
pub const TRUSTED: f32 = 0.6;

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
    /// The script (ISO 15924) that the recogniser saw, if it was asked and could tell.
    #[serde(default)]
    pub script: Option<String>,
    /// All packs it was read with, in that order: `eng`, `hin+eng`.
    #[serde(default)]
    pub tried: Vec<String>,
    /// Whether its time ended before all packs were tried.
    #[serde(default)]
    pub out_of_time: bool,
}

impl OcrPage {
    /// Whether the text may stand in for that of the page: it is not noise.
    pub fn is_trusted(&self) -> bool {
        self.words > 0 && self.confidence >= TRUSTED
    }
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
    let turn = recognizer.turn();
    let read = recognizer.read(picture, first, &turn)?;
    let mut attempts = Attempts {
        recognizer,
        picture,
        turn,
        best: (read, first.to_vec()),
        tried: vec![first.to_vec()],
        missing: missing(recognizer, &languages.first),
        script: None,
    };
    let out_of_time = match attempts.try_others(languages) {
        Ok(()) => false,
        // What was read until then stands.
        Err(OcrFailure::TimedOut) => true,
        Err(failure) => return Err(failure),
    };
    let (read, packs) = attempts.best;
    Ok(OcrPage {
        page: picture.page,
        text: read.text,
        confidence: read.confidence,
        words: read.words,
        languages: packs,
        missing: attempts.missing,
        engine: recognizer.name().to_owned(),
        dpi: picture.dpi,
        script: attempts.script.map(str::to_owned),
        tried: attempts.tried.iter().map(|packs| packs.join("+")).collect(),
        out_of_time,
    })
}

/// The readings of a page.
struct Attempts<'a> {
    recognizer: &'a dyn Recognizer,
    picture: &'a Picture,
    turn: Turn<'a>,
    best: (Read, Vec<String>),
    tried: Vec<Vec<String>>,
    missing: Vec<String>,
    script: Option<&'static str>,
}

impl Attempts<'_> {
    /// Where the first reading is unsure: the packs of the script that the picture is in, those of the court,
    /// and one after the other those of the other scripts, until a reading is sure.
    ///
    /// The script alone decides nothing: Gurmukhi is Devanagari to tesseract, and Odia Latin.
    fn try_others(&mut self, languages: &Languages) -> Result<(), OcrFailure> {
        if languages.is_guess && self.is_unsure() {
            self.script = self.recognizer.script(self.picture, &self.turn)?;
        }
        let installed = self.recognizer.packs();
        let of_script = |script| languages.of_script(script, installed);
        if let Some(packs) = self.script.and_then(of_script) {
            self.read(&packs)?;
            let (read, best) = &self.best;
            // A poor scan, and no reason to look further.
            if read.confidence >= TRUSTED && best.first() == packs.first() {
                return Ok(());
            }
        }
        if let Some(packs) = &languages.otherwise {
            self.read(packs)?;
        }
        if languages.is_guess {
            for packs in Languages::of_any_script(installed) {
                self.read(&packs)?;
            }
        }
        Ok(())
    }

    /// Reads with these packs, if they are there, were not tried and no reading is sure so far.
    fn read(&mut self, packs: &[String]) -> Result<(), OcrFailure> {
        if !self.is_unsure() {
            return Ok(());
        }
        let Ok(there) = installed(self.recognizer, packs) else {
            let missing = missing(self.recognizer, packs);
            let new = missing
                .into_iter()
                .filter(|pack| !self.missing.contains(pack));
            let new: Vec<String> = new.collect();
            self.missing.extend(new);
            return Ok(());
        };
        if self.tried.contains(&there) {
            return Ok(());
        }
        self.tried.push(there.clone());
        match self.recognizer.read(self.picture, &there, &self.turn) {
            Ok(read) if read.confidence > self.best.0.confidence => self.best = (read, there),
            Ok(_) | Err(OcrFailure::Crashed { .. } | OcrFailure::OutOfMemory) => {}
            Err(failure) => return Err(failure),
        }
        Ok(())
    }

    fn is_unsure(&self) -> bool {
        is_unsure(&self.best.0)
    }
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
    use std::sync::Mutex;

    use super::*;

    /// Is sure of the packs of one language only, and says what it is told to of the script.
    struct Fake {
        packs: Vec<String>,
        language: &'static str,
        sureness: f32,
        script: Result<Option<&'static str>, OcrFailure>,
        asked: Mutex<Vec<String>>,
        /// Readings after which its time is over.
        readings: usize,
    }

    impl Fake {
        fn of(packs_there: &str, language: &'static str) -> Self {
            Self {
                packs: packs(packs_there),
                language,
                sureness: 0.9,
                script: Ok(None),
                asked: Mutex::default(),
                readings: usize::MAX,
            }
        }

        fn read(
            &self,
            first: &str,
            otherwise: Option<&str>,
            is_guess: bool,
        ) -> Result<OcrPage, OcrFailure> {
            let languages = Languages {
                first: packs(first),
                otherwise: otherwise.map(packs),
                is_guess,
            };
            let picture = Picture {
                page: 4,
                width: 1,
                height: 1,
                dpi: 200.0,
                png: Vec::new(),
            };
            let first = installed(self, &languages.first)?;
            recognize(self, &picture, &first, &languages)
        }

        /// What it was asked, one after the other, for a page that tells nothing.
        fn asked(self, otherwise: Option<&str>) -> (OcrPage, String) {
            let page = self.read("eng", otherwise, true).unwrap();
            let asked = self.asked.into_inner().unwrap().join(" ");
            (page, asked)
        }
    }

    impl Recognizer for Fake {
        fn name(&self) -> &'static str {
            "fake 1"
        }

        fn packs(&self) -> &[String] {
            &self.packs
        }

        fn read(&self, _: &Picture, packs: &[String], _: &Turn<'_>) -> Result<Read, OcrFailure> {
            let mut asked = self.asked.lock().unwrap();
            if asked.len() >= self.readings {
                return Err(OcrFailure::TimedOut);
            }
            asked.push(packs.join("+"));
            let knows_it = packs.iter().any(|pack| pack == self.language);
            Ok(Read {
                text: packs.join(" "),
                confidence: if knows_it { self.sureness } else { 0.3 },
                words: 2,
            })
        }

        fn script(&self, _: &Picture, _: &Turn<'_>) -> Result<Option<&'static str>, OcrFailure> {
            self.asked.lock().unwrap().push("?".to_owned());
            self.script.clone()
        }
    }

    fn packs(names: &str) -> Vec<String> {
        names.split_whitespace().map(str::to_owned).collect()
    }

    fn read(there: &str, first: &str, otherwise: Option<&str>) -> Result<OcrPage, OcrFailure> {
        Fake::of(there, "hin").read(first, otherwise, false)
    }

    #[test]
    fn other_languages_are_tried_when_the_first_is_unsure() {
        let page = read("eng hin", "eng", Some("hin eng")).unwrap();
        assert_eq!((page.page, page.text.as_str()), (4, "hin eng"));
        assert_eq!(page.languages, ["hin", "eng"]);
        assert_eq!(page.tried, ["eng", "hin+eng"]);
        assert_eq!(page.engine, "fake 1");
        let sure = read("eng hin", "hin", Some("eng")).unwrap();
        assert_eq!(sure.languages, ["hin"]);
        assert_eq!(sure.tried, ["hin"]);
        let worse = read("eng tam", "eng", Some("tam eng")).unwrap();
        assert_eq!(worse.languages, ["eng"]);
        // What is known is not guessed at.
        let known = read("eng hin kan", "kan", None).unwrap();
        assert_eq!((known.tried, known.script), (packs("kan"), None));
    }

    #[test]
    fn the_script_of_the_picture_chooses_the_packs() {
        let fake = Fake {
            script: Ok(Some("Taml")),
            ..Fake::of("eng hin ben tam kan", "tam")
        };
        let (page, asked) = fake.asked(Some("hin eng"));
        assert_eq!(asked, "eng ? tam+eng");
        assert_eq!(page.languages, ["tam", "eng"]);
        assert_eq!(page.script.as_deref(), Some("Taml"));
        assert!(page.is_trusted());
        // The court's own language of that script.
        let fake = Fake {
            script: Ok(Some("Deva")),
            ..Fake::of("eng hin mar", "mar")
        };
        assert_eq!(fake.asked(Some("mar eng")).1, "eng ? mar+eng");
        // A sure reading asks nothing.
        assert_eq!(Fake::of("eng hin tam", "eng").asked(None).1, "eng");
    }

    #[test]
    fn a_script_that_is_not_told_or_wrong_costs_readings_only() {
        let (page, asked) = Fake::of("eng kan hin tam", "tam").asked(None);
        assert_eq!(asked, "eng ? hin+eng tam+eng");
        assert_eq!(page.languages, ["tam", "eng"]);
        let (page, asked) = Fake::of("eng kan hin tam", "kan").asked(Some("tam eng"));
        assert_eq!(asked, "eng ? tam+eng hin+eng kan+eng");
        assert_eq!(page.languages, ["kan", "eng"]);
        let fake = Fake {
            script: Ok(Some("Deva")),
            ..Fake::of("eng pan hin", "pan")
        };
        let (page, asked) = fake.asked(None);
        assert_eq!(asked, "eng ? hin+eng pan+eng");
        assert_eq!(
            (page.languages, page.script.as_deref()),
            (packs("pan eng"), Some("Deva"))
        );
    }

    #[test]
    fn a_poor_scan_in_the_packs_of_its_script_is_not_looked_at_further() {
        let poor = |sureness| {
            let fake = Fake {
                sureness,
                script: Ok(Some("Latn")),
                ..Fake::of("eng hin tam", "eng")
            };
            fake.asked(None).1
        };
        assert_eq!(poor(0.65), "eng ?");
        // Too poor to be believed; every reading has English too here.
        assert_eq!(poor(0.55), "eng ? hin+eng tam+eng");
    }

    #[test]
    fn noise_is_kept_and_not_trusted() {
        let (page, _) = Fake::of("eng hin", "tam").asked(None);
        assert_eq!((page.text.as_str(), page.words), ("eng", 2));
        assert_eq!(page.languages, ["eng"]);
        assert!(!page.is_trusted());
        let bound = OcrPage {
            words: 1,
            confidence: TRUSTED,
            ..OcrPage::default()
        };
        assert!(bound.is_trusted());
        assert!(!OcrPage { words: 0, ..bound }.is_trusted());
    }

    #[test]
    fn what_was_read_stands_when_the_time_is_over() {
        let fake = Fake {
            readings: 3,
            ..Fake::of("eng hin ben tam", "tam")
        };
        let (page, asked) = fake.asked(None);
        assert_eq!(asked, "eng ? hin+eng");
        assert!(page.out_of_time);
        assert_eq!(page.languages, ["eng"]);
        let fake = Fake {
            script: Err(OcrFailure::TimedOut),
            ..Fake::of("eng tam", "tam")
        };
        let (page, asked) = fake.asked(None);
        assert_eq!((asked.as_str(), page.out_of_time), ("eng ?", true));
        let none = Fake {
            readings: 0,
            ..Fake::of("eng", "eng")
        };
        assert_eq!(none.read("eng", None, true), Err(OcrFailure::TimedOut));
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
        let tamil = Fake {
            script: Ok(Some("Taml")),
            ..Fake::of("eng", "tam")
        };
        assert_eq!(tamil.asked(None).0.missing, ["tam"]);
    }
}

//! Why a page was not recognised.

use super::package;
use crate::ExtractFailure;

/// A page whose picture could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OcrFailure {
    /// The recogniser is not installed.
    #[error(
        "{program} is not installed: on Debian or Ubuntu, `apt install tesseract-ocr tesseract-ocr-hin` \
         installs it with Hindi; other languages are packages of their own (tesseract-ocr-tam, …)"
    )]
    NotInstalled {
        /// What was looked for.
        program: String,
    },
    /// It lacks the language pack that the page needs.
    #[error(
        "no language pack for {}: install {}",
        .packs.join(", "),
        .packs.iter().map(|pack| package(pack)).collect::<Vec<_>>().join(" ")
    )]
    MissingPacks {
        /// The recogniser's names of the packs.
        packs: Vec<String>,
    },
    /// The page could not be drawn.
    #[error("the page cannot be drawn: {0}")]
    Picture(#[from] ExtractFailure),
    /// The recogniser took more time than the limit.
    #[error("character recognition took more time than the limit")]
    TimedOut,
    /// It wanted more memory than the limit.
    #[error("character recognition wanted more memory than the limit")]
    OutOfMemory,
    /// It died or gave up on the picture.
    #[error("character recognition failed on the page: {how}")]
    Crashed {
        /// Its last words, or the signal or exit code.
        how: String,
    },
    /// It could not be run, or does not answer as it should: says nothing about the page.
    #[error("{program} cannot be used: {why}")]
    Program {
        /// The program.
        program: String,
        /// What failed.
        why: String,
    },
}

impl OcrFailure {
    /// A stable word for reports and the ledger.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::NotInstalled { .. } => "ocr_not_installed",
            Self::MissingPacks { .. } => "ocr_missing_packs",
            Self::Picture(failure) => failure.reason(),
            Self::TimedOut => "ocr_timed_out",
            Self::OutOfMemory => "ocr_out_of_memory",
            Self::Crashed { .. } => "ocr_crashed",
            Self::Program { .. } => "ocr_program",
        }
    }

    /// Whether it tells about the page (and so will happen again) rather than about the
    /// installation.
    pub fn is_about_the_page(&self) -> bool {
        match self {
            Self::TimedOut | Self::OutOfMemory | Self::Crashed { .. } => true,
            Self::Picture(failure) => failure.is_about_the_document(),
            Self::NotInstalled { .. } | Self::MissingPacks { .. } | Self::Program { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_or_pack_says_what_to_install() {
        let missing = OcrFailure::NotInstalled {
            program: "tesseract".to_owned(),
        };
        assert!(missing.to_string().contains("apt install tesseract-ocr"));
        let packs = OcrFailure::MissingPacks {
            packs: vec!["hin".to_owned(), "script/Deva".to_owned()],
        };
        assert_eq!(
            packs.to_string(),
            "no language pack for hin, script/Deva: install tesseract-ocr-hin tesseract-ocr-script-deva"
        );
        assert!(!packs.is_about_the_page() && !missing.is_about_the_page());
        assert!(OcrFailure::TimedOut.is_about_the_page());
    }
}

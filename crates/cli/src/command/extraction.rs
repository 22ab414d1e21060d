//! How text is extracted: what the command line and the pipeline file say together.

use std::path::PathBuf;
use std::time::Duration;

use nirnay_extract::Limits;
use nirnay_extract::ocr::OcrFailure;
use nirnay_pipeline::{ChildExtractor, ExtractConfig, OcrConfig, PageReader, exit};

use super::crawl::{read_pipeline, worker_program};
use crate::args::ExtractorArgs;
use crate::failure::Failure;

/// The settings of extraction and character recognition.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    extract: ExtractConfig,
    pub(crate) ocr: OcrConfig,
}

impl Settings {
    /// The pipeline file's, or the built-in ones, as the command line changes them.
    pub(crate) fn of(args: &ExtractorArgs) -> Result<Self, Failure> {
        let mut settings = match &args.pipeline {
            Some(path) => {
                let config = read_pipeline(path)?;
                Self::of_pipeline(&config.extract, &config.ocr)
            }
            None => Self::of_pipeline(&ExtractConfig::default(), &OcrConfig::default()),
        };
        if let Some(jobs) = args.jobs {
            settings.extract.jobs = jobs;
            settings.ocr.jobs = jobs;
        }
        settings.extract.seconds = args.timeout.unwrap_or(settings.extract.seconds);
        settings.extract.engine = args.engine.unwrap_or(settings.extract.engine);
        Ok(settings)
    }

    pub(crate) fn of_pipeline(extract: &ExtractConfig, ocr: &OcrConfig) -> Self {
        Self {
            extract: extract.clone(),
            ocr: ocr.clone(),
        }
    }

    /// Documents worked on at a time.
    pub(crate) fn jobs(&self) -> usize {
        self.extract.jobs.max(1)
    }

    /// The time that a document gets above the usual is time to compute as well.
    pub(crate) fn limits(&self) -> Limits {
        let usual = Limits::default();
        let more = self.extract.seconds.saturating_sub(usual.wall.as_secs());
        Limits {
            memory_bytes: self.extract.memory_mib << 20,
            wall: Duration::from_secs(self.extract.seconds),
            cpu_seconds: usual.cpu_seconds + more,
            ..usual
        }
    }

    fn worker() -> Result<(PathBuf, Vec<String>), Failure> {
        Ok((worker_program()?, vec!["extract-worker".to_owned()]))
    }

    pub(crate) fn extractor(&self) -> Result<ChildExtractor, Failure> {
        Ok(ChildExtractor::new(
            Self::worker()?,
            self.limits(),
            self.extract.engine,
            self.jobs(),
        ))
    }

    /// The reader of pictures; fails where its program is not installed.
    pub(crate) fn page_reader(&self) -> Result<PageReader, Failure> {
        PageReader::new(Self::worker()?, self.limits(), &self.ocr).map_err(|failure| {
            let exit_code = match failure {
                OcrFailure::NotInstalled { .. } => exit::USAGE,
                _ => exit::IO,
            };
            Failure::new(exit_code, failure.to_string())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_time_is_more_time_to_compute() {
        let usual = Limits::default();
        let of = |seconds| {
            let extract = ExtractConfig {
                seconds,
                ..ExtractConfig::default()
            };
            Settings::of_pipeline(&extract, &OcrConfig::default()).limits()
        };
        assert_eq!(of(60).cpu_seconds, usual.cpu_seconds);
        assert_eq!(of(5).wall, Duration::from_secs(5));
        assert_eq!(of(5).cpu_seconds, usual.cpu_seconds);
        assert_eq!(of(360).cpu_seconds, usual.cpu_seconds + 300);
    }
}

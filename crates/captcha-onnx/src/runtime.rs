//! What runs a model: the embedded runtime, or a native ONNX Runtime library, loaded once.

use std::env;
use std::fmt;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;

use crate::SolverError;

/// The variable that names a native library.
const VARIABLE: &str = "ORT_DYLIB_PATH";

/// What runs a model. The answers are the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Runtime {
    /// The runtime in this crate, in Rust alone.
    #[default]
    Embedded,
    /// The library of ONNX Runtime 1.24 or later in this file.
    Native(PathBuf),
}

impl Runtime {
    /// The library at `setting`, or the one that `ORT_DYLIB_PATH` names, or the embedded runtime.
    pub fn choose(setting: Option<&Path>) -> Self {
        Self::choice(setting, env::var_os(VARIABLE).map(PathBuf::from))
    }

    fn choice(setting: Option<&Path>, variable: Option<PathBuf>) -> Self {
        setting
            .map(Path::to_path_buf)
            .or(variable)
            .filter(|path| !path.as_os_str().is_empty())
            .map_or(Self::Embedded, Self::Native)
    }
}

impl fmt::Display for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedded => f.write_str("the embedded runtime"),
            Self::Native(path) => write!(f, "ONNX Runtime at {}", path.display()),
        }
    }
}

/// The one environment that a process may have, and what it runs on. It is never given up: a second
/// cannot be made.
static LOADED: Mutex<Option<(Runtime, Environment)>> = Mutex::new(None);

/// The environment of `runtime`. The first call decides which runtime this process has; asking for
/// another one later is an error.
pub(crate) fn environment(runtime: &Runtime) -> Result<Environment, SolverError> {
    let runtime = match runtime {
        Runtime::Embedded => Runtime::Embedded,
        Runtime::Native(path) => {
            // A relative path counts from the working directory, and one file has one name.
            let path = path.canonicalize().map_err(|error| SolverError::Runtime {
                why: format!("{}: {error}", path.display()),
            })?;
            Runtime::Native(path)
        }
    };
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((before, environment)) = loaded.as_ref() {
        if *before == runtime {
            return Ok(environment.clone());
        }
        return Err(SolverError::SecondRuntime {
            loaded: before.to_string(),
            asked: runtime.to_string(),
        });
    }
    let failed = |why: String| SolverError::Runtime {
        why: format!("{runtime}: {why}"),
    };
    let environment = catch_unwind(|| load(&runtime))
        .map_err(|_| failed("it panicked while loading".to_owned()))?
        .map_err(failed)?;
    *loaded = Some((runtime, environment.clone()));
    Ok(environment)
}

fn load(runtime: &Runtime) -> Result<Environment, String> {
    let builder = match runtime {
        Runtime::Embedded => {
            if !ort::set_api(ort_tract::api()) {
                return Err("another part of this process has loaded a runtime".to_owned());
            }
            ort::init()
        }
        Runtime::Native(path) => ort::init_from(path).map_err(|error| error.to_string())?,
    };
    builder
        .with_name("nirnay")
        .with_telemetry(false)
        .build()
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_setting_goes_before_the_variable() {
        let path = |text: &str| Some(PathBuf::from(text));
        let native = |text: &str| Runtime::Native(PathBuf::from(text));
        let choice =
            |setting: Option<&str>, variable| Runtime::choice(setting.map(Path::new), variable);
        assert_eq!(
            choice(Some("given.so"), path("variable.so")),
            native("given.so")
        );
        assert_eq!(choice(None, path("variable.so")), native("variable.so"));
        assert_eq!(choice(None, path("")), Runtime::Embedded);
        assert_eq!(choice(None, None), Runtime::Embedded);
    }

    #[test]
    fn a_file_that_is_no_library_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text.so");
        for text in [None, Some("not a library")] {
            if let Some(text) = text {
                std::fs::write(&path, text).unwrap();
            }
            let failure = environment(&Runtime::Native(path.clone())).unwrap_err();
            assert!(matches!(failure, SolverError::Runtime { .. }), "{failure}");
            assert!(failure.to_string().contains("text.so"), "{failure}");
        }
    }
}

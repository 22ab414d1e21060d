//! The native ONNX Runtime library: found, loaded once, kept.

use std::env;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;

use crate::SolverError;

/// The one environment that a process may have. It is never given up: a second cannot be made.
static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);

/// The environment over the library at `library`, or at `ORT_DYLIB_PATH`. The first call decides
/// which library it is; later ones get the same.
pub(crate) fn environment(library: Option<&Path>) -> Result<Environment, SolverError> {
    let mut kept = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = kept.as_ref() {
        return Ok(environment.clone());
    }
    let path = locate(library, env::var_os("ORT_DYLIB_PATH").map(PathBuf::from))?;
    let failed = |why: String| SolverError::Runtime {
        why: format!("{}: {why}", path.display()),
    };
    let environment = catch_unwind(|| {
        let builder = ort::init_from(&path).map_err(|error| error.to_string())?;
        builder
            .with_name("nirnay")
            .with_telemetry(false)
            .build()
            .map_err(|error| error.to_string())
    })
    .map_err(|_| failed("it panicked while loading".to_owned()))?
    .map_err(failed)?;
    *kept = Some(environment.clone());
    Ok(environment)
}

/// The absolute path of the library; a relative one counts from the working directory.
fn locate(given: Option<&Path>, variable: Option<PathBuf>) -> Result<PathBuf, SolverError> {
    let path = given
        .map(Path::to_path_buf)
        .or(variable.filter(|path| !path.as_os_str().is_empty()))
        .ok_or_else(|| SolverError::Runtime {
            why: "no library is named".to_owned(),
        })?;
    path.canonicalize().map_err(|error| SolverError::Runtime {
        why: format!("{}: {error}", path.display()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_given_path_goes_before_the_variable() {
        let folder = tempfile::tempdir().unwrap();
        let (given, variable) = (
            folder.path().join("given.so"),
            folder.path().join("variable.so"),
        );
        std::fs::write(&given, "").unwrap();
        std::fs::write(&variable, "").unwrap();
        let found = |given, variable| {
            locate(given, variable)
                .ok()
                .and_then(|path| path.file_name().map(ToOwned::to_owned))
        };
        assert_eq!(
            found(Some(&given), Some(variable.clone())).unwrap(),
            "given.so"
        );
        assert_eq!(found(None, Some(variable)).unwrap(), "variable.so");
        assert_eq!(found(None, Some(PathBuf::new())), None);
        assert_eq!(found(None, None), None);
        assert_eq!(found(Some(&folder.path().join("absent.so")), None), None);
    }

    #[test]
    fn a_file_that_is_no_library_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text.so");
        std::fs::write(&path, "not a library").unwrap();
        assert!(matches!(
            environment(Some(&path)),
            Err(SolverError::Runtime { .. })
        ));
    }
}

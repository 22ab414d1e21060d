//! The model that comes with this crate.

use crate::{Manifest, OnnxSolver, Runtime, SolverError};

/// The bytes of the model, ONNX.
pub const EMBEDDED_MODEL: &[u8] = include_bytes!("../models/securimage.onnx");
/// The text of its manifest, TOML.
pub const EMBEDDED_MANIFEST: &str = include_str!("../models/securimage.toml");

impl OnnxSolver {
    /// The model of this crate: reads the captchas of the court portals.
    pub fn embedded(runtime: &Runtime) -> Result<Self, SolverError> {
        let manifest = Manifest::from_toml(EMBEDDED_MANIFEST)?;
        Self::new(runtime, EMBEDDED_MODEL, manifest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_is_small() {
        let size = EMBEDDED_MODEL.len();
        assert!(size <= 2 << 20, "{size} bytes");
    }
}

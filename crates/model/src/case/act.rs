//! The acts under which a case is brought.

use serde::{Deserialize, Serialize};

/// An act and its sections, as printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// The act.
    pub act: String,
    /// The sections in one text; `None` where the page has a placeholder.
    pub sections: Option<String>,
}

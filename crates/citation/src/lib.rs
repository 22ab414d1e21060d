//! Text to the citations in it.

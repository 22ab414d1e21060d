//! Pictures inside a terminal.

use std::fmt::Write;

use crate::SolverError;
use crate::picture::to_png;

/// Characters of base64 in one escape sequence of the kitty protocol.
const KITTY_CHUNK: usize = 4096;
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// How the terminal shows pictures, if it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InlinePictures {
    /// The kitty graphics protocol.
    Kitty,
    /// The inline images of iTerm2.
    Iterm,
    /// It does not, as far as the environment says.
    None,
}

impl InlinePictures {
    /// What the environment says about the terminal; `lookup` gives the value of a variable.
    ///
    /// ```
    /// use nirnay_captcha_onnx::InlinePictures;
    ///
    /// let found = InlinePictures::from_environment(|name| std::env::var(name).ok());
    /// # let _ = found;
    /// ```
    pub fn from_environment(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let is = |name: &str, values: &[&str]| {
            lookup(name).is_some_and(|value| values.contains(&value.as_str()))
        };
        // A multiplexer swallows the sequences, and passes the variables of the terminal around it.
        if lookup("TMUX").is_some() || lookup("STY").is_some() {
            Self::None
        } else if lookup("KITTY_WINDOW_ID").is_some()
            || is("TERM", &["xterm-kitty", "xterm-ghostty"])
            || is("TERM_PROGRAM", &["ghostty"])
        {
            Self::Kitty
        } else if is("TERM_PROGRAM", &["iTerm.app", "WezTerm"]) || is("LC_TERMINAL", &["iTerm2"]) {
            Self::Iterm
        } else {
            Self::None
        }
    }

    /// The characters that make the terminal show `image`; empty where it shows none.
    pub(crate) fn sequence(self, image: &[u8]) -> Result<String, SolverError> {
        match self {
            Self::Kitty => Ok(kitty(&base64(&to_png(image)?))),
            Self::Iterm => Ok(format!(
                "\x1b]1337;File=inline=1;size={}:{}\x07\n",
                image.len(),
                base64(image)
            )),
            Self::None => Ok(String::new()),
        }
    }
}

fn kitty(encoded: &str) -> String {
    let chunks: Vec<&[u8]> = encoded.as_bytes().chunks(KITTY_CHUNK).collect();
    let mut out = String::new();
    for (at, chunk) in chunks.iter().enumerate() {
        let first = if at == 0 { "a=T,f=100," } else { "" };
        let more = u8::from(at + 1 < chunks.len());
        // Writing to a string does not fail.
        write!(
            out,
            "\x1b_G{first}m={more};{}\x1b\\",
            String::from_utf8_lossy(chunk)
        )
        .ok();
    }
    out.push('\n');
    out
}

fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = (bits >> (18 - 6 * place)) & 63;
            let character = BASE64.get(digit as usize).copied().unwrap_or(b'=');
            out.push(if place <= group.len() {
                char::from(character)
            } else {
                '='
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_all_remainders() {
        for (bytes, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
        assert_eq!(base64(&[0xff, 0xfe, 0xfd]), "//79");
    }

    #[test]
    fn terminals_are_known_by_their_environment() {
        for (variables, expected) in [
            (vec![], InlinePictures::None),
            (vec![("TERM", "xterm-256color")], InlinePictures::None),
            (vec![("TERM", "xterm-kitty")], InlinePictures::Kitty),
            (vec![("KITTY_WINDOW_ID", "1")], InlinePictures::Kitty),
            (
                vec![("KITTY_WINDOW_ID", "1"), ("TMUX", "/tmp/x")],
                InlinePictures::None,
            ),
            (vec![("TERM_PROGRAM", "iTerm.app")], InlinePictures::Iterm),
            (vec![("LC_TERMINAL", "iTerm2")], InlinePictures::Iterm),
        ] {
            let lookup = |name: &str| {
                variables
                    .iter()
                    .find(|(key, _)| *key == name)
                    .map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(
                InlinePictures::from_environment(lookup),
                expected,
                "{variables:?}"
            );
        }
    }

    #[test]
    fn long_pictures_go_in_chunks() {
        let sequence = kitty(&"A".repeat(KITTY_CHUNK * 2 + 5));
        assert_eq!(sequence.matches("\x1b_G").count(), 3);
        assert!(sequence.starts_with("\x1b_Ga=T,f=100,m=1;A"));
        assert!(sequence.ends_with("\x1b_Gm=0;AAAAA\x1b\\\n"));
    }
}

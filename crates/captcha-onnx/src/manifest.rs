//! What a model takes and gives, as its TOML manifest says.

use serde::Deserialize;

use crate::SolverError;

/// The largest width or height of a model's input.
const MOST_INPUT: u32 = 1000;
/// The longest alphabet.
const MOST_CLASSES: usize = 1000;
/// The longest text.
const MOST_LENGTH: usize = 64;

/// The description that comes with a model.
///
/// ```
/// use nirnay_captcha_onnx::Manifest;
///
/// let manifest = Manifest::from_toml(r#"
///     name = "six-letters"
///     version = "2"
///
///     [input]
///     width = 200
///     height = 70
///     channels = "grey"
///     mean = [0.5]
///     std = [0.5]
///
///     [output]
///     alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"
///     decoding = "ctc"
///     special = 36
///
///     [guess]
///     min_length = 6
///     max_length = 6
///     min_confidence = 0.4
/// "#)?;
/// assert_eq!(manifest.classes(), 37);
/// # Ok::<(), nirnay_captcha_onnx::SolverError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The model's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What goes in.
    pub input: Input,
    /// What comes out.
    pub output: Output,
    /// What makes a guess of it.
    #[serde(default)]
    pub guess: GuessRule,
}

/// The picture that the model takes. Others are scaled to it, without keeping their proportions.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Colours.
    pub channels: Channels,
    /// The order of the numbers.
    #[serde(default)]
    pub layout: InputLayout,
    /// Subtracted from each channel, whose values lie between 0 and 1.
    pub mean: Vec<f32>,
    /// Then divides it.
    pub std: Vec<f32>,
}

/// The scores that the model gives: for every step of the text, one number for each class.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// The characters of the classes, in order, without the special one.
    pub alphabet: String,
    /// How classes become a text.
    pub decoding: Decoding,
    /// The index of the class that is no character: the blank of `ctc`, the end of `argmax`. An
    /// `argmax` model of fixed length has none.
    pub special: Option<usize>,
    /// The order of the numbers.
    #[serde(default)]
    pub layout: OutputLayout,
    /// What the numbers are.
    #[serde(default)]
    pub scores: ScoreKind,
}

/// When scores become a guess.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GuessRule {
    /// The shortest text.
    pub min_length: usize,
    /// The longest text.
    pub max_length: usize,
    /// The characters that occur, where they are fewer than the model's alphabet.
    pub allowed: Option<String>,
    /// A guess less likely than this is none.
    pub min_confidence: f32,
}

impl Default for GuessRule {
    fn default() -> Self {
        Self {
            min_length: 1,
            max_length: 16,
            allowed: None,
            min_confidence: 0.0,
        }
    }
}

/// The colours of a model's input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channels {
    /// One channel of brightness.
    Grey,
    /// Red, green, blue.
    Rgb,
}

impl Channels {
    pub(crate) fn count(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::Rgb => 3,
        }
    }
}

/// The order of the numbers of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputLayout {
    /// Picture, channel, row, column.
    #[default]
    Nchw,
    /// Picture, row, column, channel.
    Nhwc,
}

/// The order of the numbers of the output. A batch of one may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutputLayout {
    /// Picture, step, class.
    #[default]
    Ntc,
    /// Step, picture, class.
    Tnc,
    /// Picture, class, step.
    Nct,
}

/// What the numbers of the output are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoreKind {
    /// Anything that a softmax makes probabilities of, logarithms of probabilities included.
    #[default]
    Logits,
    /// Probabilities.
    Probabilities,
}

/// How classes become a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decoding {
    /// Connectionist temporal classification: equal neighbours are one, blanks go.
    Ctc,
    /// A character a step, up to the end class.
    Argmax,
}

impl Manifest {
    /// Reads and checks a manifest.
    pub fn from_toml(text: &str) -> Result<Self, SolverError> {
        let manifest: Self = toml::from_str(text).map_err(|error| SolverError::Manifest {
            why: error.to_string(),
        })?;
        manifest
            .fault()
            .map_or(Ok(manifest), |why| Err(SolverError::Manifest { why }))
    }

    /// The number of classes the model must have.
    pub fn classes(&self) -> usize {
        self.output.alphabet.chars().count() + usize::from(self.output.special.is_some())
    }

    /// The character of class `index`.
    pub(crate) fn character(&self, index: usize) -> Option<char> {
        let at = match self.output.special {
            Some(special) if index == special => return None,
            Some(special) if index > special => index - 1,
            _ => index,
        };
        self.output.alphabet.chars().nth(at)
    }

    /// Which classes may occur, if not all may.
    pub(crate) fn allowed_classes(&self) -> Option<Vec<bool>> {
        let allowed = self.guess.allowed.as_deref()?;
        let may = |index| self.character(index).is_none_or(|c| allowed.contains(c));
        Some((0..self.classes()).map(may).collect())
    }

    fn fault(&self) -> Option<String> {
        let Self {
            input,
            output,
            guess,
            ..
        } = self;
        let size = 1..=MOST_INPUT;
        if !size.contains(&input.width) || !size.contains(&input.height) {
            return Some(format!(
                "input.width and input.height lie between 1 and {MOST_INPUT}"
            ));
        }
        let channels = input.channels.count();
        if input.mean.len() != channels || input.std.len() != channels {
            return Some(format!("input.mean and input.std need {channels} numbers"));
        }
        let finite = input
            .mean
            .iter()
            .chain(&input.std)
            .all(|value| value.is_finite());
        if !finite || input.std.contains(&0.0) {
            return Some("input.mean and input.std must be finite, and std not 0".to_owned());
        }
        let classes = self.classes();
        if output.alphabet.is_empty() || classes > MOST_CLASSES {
            return Some(format!(
                "output.alphabet needs 1 to {MOST_CLASSES} characters"
            ));
        }
        match (output.decoding, output.special) {
            (Decoding::Ctc, None) => return Some("ctc needs output.special, its blank".to_owned()),
            (_, Some(special)) if special >= classes => {
                return Some(format!("output.special must be below {classes}"));
            }
            _ => {}
        }
        let mut seen: Vec<char> = output.alphabet.chars().collect();
        seen.sort_unstable();
        if seen.windows(2).any(|pair| pair.first() == pair.last()) {
            return Some("output.alphabet names a character twice".to_owned());
        }
        if guess.min_length > guess.max_length || guess.max_length > MOST_LENGTH {
            return Some(format!(
                "guess.min_length <= guess.max_length <= {MOST_LENGTH} must hold"
            ));
        }
        if !(0.0..=1.0).contains(&guess.min_confidence) {
            return Some("guess.min_confidence lies between 0 and 1".to_owned());
        }
        let allowed = guess.allowed.as_deref().unwrap_or(&output.alphabet);
        if !output.alphabet.chars().any(|c| allowed.contains(c)) {
            return Some("guess.allowed names no character of output.alphabet".to_owned());
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        name = "m"
        version = "1"
        [input]
        width = 8
        height = 4
        channels = "grey"
        mean = [0.5]
        std = [0.5]
        [output]
        alphabet = "abc"
        decoding = "ctc"
        special = 1
        [guess]
        allowed = "ab"
    "#;

    #[test]
    fn classes_skip_the_special_one() {
        let manifest = Manifest::from_toml(GOOD).unwrap();
        let characters: Vec<_> = (0..5).map(|index| manifest.character(index)).collect();
        assert_eq!(characters, [Some('a'), None, Some('b'), Some('c'), None]);
        assert_eq!(
            manifest.allowed_classes().unwrap(),
            [true, true, true, false]
        );
        assert_eq!(manifest.guess.max_length, 16);
    }

    #[test]
    fn manifests_that_contradict_themselves() {
        for (from, to) in [
            ("width = 8", "width = 0"),
            ("height = 4", "height = 5000"),
            ("mean = [0.5]", "mean = [0.5, 0.5]"),
            ("std = [0.5]", "std = [0.0]"),
            ("std = [0.5]", "std = [nan]"),
            ("\"abc\"", "\"\""),
            ("\"abc\"", "\"aba\""),
            ("special = 1", "special = 4"),
            ("special = 1", ""),
            ("allowed = \"ab\"", "allowed = \"xyz\""),
            ("allowed = \"ab\"", "min_length = 9\nmax_length = 6"),
            ("allowed = \"ab\"", "max_length = 6000"),
            ("allowed = \"ab\"", "min_confidence = 1.5"),
            ("allowed = \"ab\"", "alowed = \"ab\""),
            ("\"ctc\"", "\"magic\""),
        ] {
            assert!(GOOD.contains(from));
            assert!(
                Manifest::from_toml(&GOOD.replace(from, to)).is_err(),
                "{to}"
            );
        }
    }
}

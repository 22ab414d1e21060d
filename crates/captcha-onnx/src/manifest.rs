//! What a model takes and gives, as its TOML manifest says.

use serde::Deserialize;

use crate::SolverError;

/// The largest width or height of a model's input.
const MOST_INPUT: u32 = 1000;
/// The most classes: general readers of printed text have some eight thousand.
const MOST_CLASSES: usize = 20_000;
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

/// The picture that the model takes. Others are made to fit.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Width in pixels, or `"keep-ratio"` for a model that takes any.
    pub width: Width,
    /// Height in pixels.
    pub height: u32,
    /// How a picture of another size is made to fit a fixed width.
    #[serde(default)]
    pub fit: Fit,
    /// How a picture of another size is scaled.
    #[serde(default)]
    pub resample: Resample,
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

/// The width of a model's input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "a number of pixels or \"keep-ratio\"")]
pub enum Width {
    /// So many pixels.
    Pixels(u32),
    /// What keeps the proportions of each picture at the model's height, up to 1000 pixels.
    Kept(KeepRatio),
}

/// The word for a width that follows the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeepRatio {
    /// `"keep-ratio"`.
    KeepRatio,
}

/// How a picture is made to fit a fixed width and height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fit {
    /// Scaled to width and height, whatever that does to its proportions.
    #[default]
    Stretch,
    /// Scaled with its proportions kept, in the middle of its own background colour.
    Pad,
}

/// How a picture is scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resample {
    /// A triangle of one pixel, wider where the picture shrinks.
    #[default]
    Bilinear,
    /// The cubic of Catmull and Rom.
    Bicubic,
    /// Lanczos with three lobes.
    Lanczos,
}

/// The scores that the model gives: for every step of the text, one number for each class.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// The characters of the classes, in order, without the special one.
    pub alphabet: String,
    /// The class of each character of the alphabet, for a model with many more classes than are of
    /// use here. The others are never read.
    pub indices: Option<Vec<usize>>,
    /// The number of classes, where `indices` are given.
    pub classes: Option<usize>,
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
    /// The lengths that texts mostly have. Others between the shortest and the longest are read
    /// where the picture is clear.
    pub usual_lengths: Option<Vec<usize>>,
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
            usual_lengths: None,
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

    /// The model's name and version.
    pub fn shown(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    /// The number of classes the model must have.
    pub fn classes(&self) -> usize {
        let special = usize::from(self.output.special.is_some());
        self.output
            .classes
            .unwrap_or_else(|| self.output.alphabet.chars().count() + special)
    }

    /// The character of class `index`.
    pub(crate) fn character(&self, index: usize) -> Option<char> {
        let at = match (&self.output.indices, self.output.special) {
            (Some(indices), _) => indices.iter().position(|class| *class == index)?,
            (None, Some(special)) if index == special => return None,
            (None, Some(special)) if index > special => index - 1,
            _ => index,
        };
        self.output.alphabet.chars().nth(at)
    }

    /// The class of a character.
    pub(crate) fn class(&self, character: char) -> Option<usize> {
        let at = self.output.alphabet.chars().position(|c| c == character)?;
        match (&self.output.indices, self.output.special) {
            (Some(indices), _) => indices.get(at).copied(),
            (None, Some(special)) if at >= special => Some(at + 1),
            _ => Some(at),
        }
    }

    /// Which classes are in a text of these characters: theirs and the special one.
    pub(crate) fn classes_of(&self, characters: &str) -> Vec<bool> {
        let mut classes = vec![false; self.classes()];
        let theirs = characters.chars().filter_map(|c| self.class(c));
        for class in theirs.chain(self.output.special) {
            if let Some(entry) = classes.get_mut(class) {
                *entry = true;
            }
        }
        classes
    }

    /// Which classes may occur in a text: letters and digits, unless the manifest says otherwise.
    pub(crate) fn text_classes(&self) -> Vec<bool> {
        if let Some(allowed) = &self.guess.allowed {
            return self.classes_of(allowed);
        }
        let written = self.output.alphabet.chars();
        let written: String = written.filter(|c| c.is_alphanumeric()).collect();
        self.classes_of(&written)
    }

    fn fault(&self) -> Option<String> {
        self.input
            .fault()
            .or_else(|| self.output.fault(self.classes()))
            .or_else(|| self.guess.fault())
            .or_else(|| {
                let text = self.text_classes();
                let special = usize::from(self.output.special.is_some());
                (text.iter().filter(|may| **may).count() <= special).then(|| {
                    "guess.allowed and output.alphabet have no letter or digit in common".to_owned()
                })
            })
    }
}

impl Input {
    fn fault(&self) -> Option<String> {
        let size = 1..=MOST_INPUT;
        let width = match self.width {
            Width::Pixels(width) => width,
            Width::Kept(KeepRatio::KeepRatio) => 1,
        };
        if !size.contains(&width) || !size.contains(&self.height) {
            return Some(format!(
                "input.width and input.height lie between 1 and {MOST_INPUT}"
            ));
        }
        let channels = self.channels.count();
        if self.mean.len() != channels || self.std.len() != channels {
            return Some(format!("input.mean and input.std need {channels} numbers"));
        }
        let mut numbers = self.mean.iter().chain(&self.std);
        if !numbers.all(|value| value.is_finite()) || self.std.contains(&0.0) {
            return Some("input.mean and input.std must be finite, and std not 0".to_owned());
        }
        None
    }
}

impl Output {
    fn fault(&self, classes: usize) -> Option<String> {
        let characters = self.alphabet.chars().count();
        if characters == 0 || classes > MOST_CLASSES {
            return Some(format!(
                "output.alphabet needs 1 to {MOST_CLASSES} characters"
            ));
        }
        match (self.decoding, self.special) {
            (Decoding::Ctc, None) => return Some("ctc needs output.special, its blank".to_owned()),
            (_, Some(special)) if special >= classes => {
                return Some(format!("output.special must be below {classes}"));
            }
            _ => {}
        }
        let mut seen: Vec<char> = self.alphabet.chars().collect();
        seen.sort_unstable();
        if seen.windows(2).any(|pair| pair.first() == pair.last()) {
            return Some("output.alphabet names a character twice".to_owned());
        }
        let Some(indices) = &self.indices else {
            return self
                .classes
                .map(|_| "output.classes goes with output.indices".to_owned());
        };
        let mut sorted: Vec<usize> = indices.iter().copied().chain(self.special).collect();
        sorted.sort_unstable();
        let twice = sorted.windows(2).any(|pair| pair.first() == pair.last());
        let within = indices.iter().all(|index| *index < classes);
        if self.classes.is_none() || indices.len() != characters || twice || !within {
            return Some(
                "output.indices needs one class for each character of the alphabet, all different \
                 and not the special one, and output.classes above all of them"
                    .to_owned(),
            );
        }
        None
    }
}

impl GuessRule {
    fn fault(&self) -> Option<String> {
        if self.min_length > self.max_length || self.max_length > MOST_LENGTH {
            return Some(format!(
                "guess.min_length <= guess.max_length <= {MOST_LENGTH} must hold"
            ));
        }
        if !(0.0..=1.0).contains(&self.min_confidence) {
            return Some("guess.min_confidence lies between 0 and 1".to_owned());
        }
        let possible = self.min_length..=self.max_length;
        let usual = self.usual_lengths.as_deref();
        if usual.is_some_and(|usual| !usual.iter().any(|length| possible.contains(length))) {
            return Some("guess.usual_lengths has no possible length".to_owned());
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
        for (index, character) in (0..4).zip(&characters) {
            assert_eq!(
                character.and_then(|c| manifest.class(c)),
                character.map(|_| index)
            );
        }
        assert_eq!(manifest.text_classes(), [true, true, true, false]);
        assert_eq!(manifest.guess.max_length, 16);
    }

    #[test]
    fn a_few_classes_of_many() {
        let text = GOOD
            .replace("\"abc\"", "\"abc\"\nindices = [70, 5, 12]\nclasses = 99")
            .replace("special = 1", "special = 0")
            .replace("width = 8", "width = \"keep-ratio\"");
        let manifest = Manifest::from_toml(&text).unwrap();
        assert_eq!(
            (manifest.classes(), manifest.input.width),
            (99, Width::Kept(KeepRatio::KeepRatio))
        );
        assert_eq!(
            (manifest.character(12), manifest.class('a')),
            (Some('c'), Some(70))
        );
        assert_eq!((manifest.character(0), manifest.character(6)), (None, None));
        let may: Vec<usize> = (0..99).filter(|at| manifest.text_classes()[*at]).collect();
        assert_eq!(may, [0, 5, 70]);
        for (from, to) in [
            ("classes = 99", ""),
            ("classes = 99", "classes = 60"),
            ("[70, 5, 12]", "[70, 5]"),
            ("[70, 5, 12]", "[70, 5, 5]"),
            ("[70, 5, 12]", "[70, 5, 0]"),
            ("indices = [70, 5, 12]", ""),
        ] {
            assert!(text.contains(from));
            assert!(
                Manifest::from_toml(&text.replace(from, to)).is_err(),
                "{to}"
            );
        }
    }

    #[test]
    fn manifests_that_contradict_themselves() {
        for (from, to) in [
            ("width = 8", "width = 0"),
            ("width = 8", "width = \"any\""),
            ("width = 8", "width = 8\nfit = \"crop\""),
            ("width = 8", "width = 8\nresample = \"nearest\""),
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
            ("allowed = \"ab\"", "usual_lengths = [17, 18]"),
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

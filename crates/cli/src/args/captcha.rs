//! Arguments of `nirnay captcha`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use nirnay_portal_sim::CaptchaStyle;

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct CaptchaArgs {
    #[command(subcommand)]
    pub(crate) command: CaptchaCommand,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum CaptchaCommand {
    /// Read pictures: one line each, file, text and confidence
    Solve(SolveArgs),
    /// Measure a model on labelled pictures
    Eval(EvalArgs),
    /// Draw labelled pictures the way the simulated portals do
    Draw(DrawArgs),
}

/// Which model reads, and on what.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct ModelArgs {
    /// A model of yours instead of the embedded one
    #[arg(long, value_name = "FILE.onnx", requires = "manifest")]
    pub(crate) model: Option<PathBuf>,
    /// The manifest of your model
    #[arg(long, value_name = "FILE.toml", requires = "model")]
    pub(crate) manifest: Option<PathBuf>,
    /// A native ONNX Runtime library instead of the embedded runtime [default: `ORT_DYLIB_PATH`]
    #[arg(long, value_name = "LIBRARY")]
    pub(crate) runtime: Option<PathBuf>,
    /// The pictures show sums such as `9 - 3`; the answer is the result
    #[arg(long)]
    pub(crate) arithmetic: bool,
    /// The characters that texts are made of, others being unlikely
    #[arg(long, value_name = "CHARACTERS", conflicts_with = "arithmetic")]
    pub(crate) alphabet: Option<String>,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct SolveArgs {
    /// Pictures: PNG, JPEG or GIF, at most 256 KiB and 1000 x 1000 pixels
    #[arg(required = true, num_args = 1.., value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) model: ModelArgs,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct EvalArgs {
    /// Folders of pictures with labels.tsv (a file and its text a line, with a tab between); letters count the same in either case
    #[arg(required = true, num_args = 1.., value_name = "DIR")]
    pub(crate) dirs: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) model: ModelArgs,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct DrawArgs {
    /// The style of a portal
    #[arg(long, value_enum, default_value_t = Style(CaptchaStyle::EcourtsV6))]
    pub(crate) style: Style,
    /// Number of pictures
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) count: u32,
    /// Seed of the first picture; the next ones follow it
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// The folder to make
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

/// A style by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style(pub(crate) CaptchaStyle);

impl ValueEnum for Style {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [Style; CaptchaStyle::ALL.len()] = {
            let mut all = [Style(CaptchaStyle::EcourtsV6); CaptchaStyle::ALL.len()];
            let mut at = 0;
            while at < all.len() {
                all[at] = Style(CaptchaStyle::ALL[at]);
                at += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.0.name()))
    }
}

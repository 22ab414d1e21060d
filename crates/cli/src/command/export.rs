//! `nirnay export`: other people's shapes.

use nirnay_pipeline::{ExportFormat, export};
use nirnay_store::OpenMode;

use super::Outcome;
use crate::args::{ExportArgs, Global};
use crate::failure::Failure;
use crate::output::{self, plural};

pub(crate) fn run(global: &Global, args: &ExportArgs) -> Outcome {
    let format: ExportFormat = args.shape.parse().map_err(Failure::usage)?;
    let lake = super::open_lake(global, OpenMode::ReadOnly)?;
    let report = export(&lake, format, &args.out)?;
    if global.json {
        output::json(&report);
    } else {
        output::data(&format!(
            "{} in {} under {}",
            plural(report.rows, "row"),
            plural(report.files, "file"),
            report.out.display()
        ));
    }
    Ok(0)
}

//! The commands that ask the case portals.

mod bulk;
mod calcutta;
mod case;
mod connect;
mod district;
mod download;
mod hc;
mod names;
mod sci;
mod show;

pub(super) use calcutta::run as calcutta;
pub(super) use case::run as case;
pub(super) use district::run as district;
pub(super) use hc::run as hc;
pub(super) use sci::run as sci;

use nirnay_fetch::StatusFilter;

use crate::args::{NumberArgs, Status};
use crate::failure::Failure;

impl From<Status> for StatusFilter {
    fn from(status: Status) -> Self {
        match status {
            Status::Pending => Self::Pending,
            Status::Disposed => Self::Disposed,
            Status::Both => Self::Both,
        }
    }
}

/// Type, number and year of a case; `None` where no number is given.
fn number(args: &NumberArgs) -> Result<Option<(String, u32, u16)>, Failure> {
    let (Some(case_type), Some(number)) = (&args.case_type, args.number) else {
        return Ok(None);
    };
    let year = args
        .year
        .ok_or_else(|| Failure::usage("a case number needs --year"))?;
    Ok(Some((case_type.clone(), number, year)))
}

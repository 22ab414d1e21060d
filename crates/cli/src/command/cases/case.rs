//! `nirnay case get`: a case by its CNR, wherever it is.

use std::path::Path;

use nirnay_fetch::{CaseAnswer, CaseAsk, DistrictAsk, HcAsk};
use nirnay_model::{Case, CasePortal, Cnr};
use nirnay_pipeline::portal_of;

use super::connect::{Asker, unexpected, with};
use super::show::Show;
use super::{bulk, download};
use crate::args::{CaseArgs, CaseCommand, Global};
use crate::command::Outcome;
use crate::failure::Failure;

pub(crate) fn run(global: &Global, args: &CaseArgs) -> Outcome {
    let connect = &args.connect;
    match &args.command {
        CaseCommand::Get { cnr, download } => {
            with(global, connect, portal_of(cnr), async |asker| {
                let case = fetch(asker, cnr).await?;
                Show::new(global, connect).case(&case);
                match download {
                    Some(dir) => documents(asker, (&page(asker, cnr), &case), dir).await,
                    None => Ok(0),
                }
            })
        }
        CaseCommand::Crawl { what, documents } => bulk::crawl(global, connect, what, *documents),
        CaseCommand::Refresh {
            changed_since,
            documents,
        } => bulk::refresh(global, connect, *changed_since, *documents),
    }
}

/// The question for the page of a case.
pub(super) fn page(asker: &Asker, cnr: &Cnr) -> CaseAsk {
    match asker.portal() {
        CasePortal::District => CaseAsk::District(DistrictAsk::Case(cnr.clone())),
        _ => CaseAsk::Hc(HcAsk::Case(cnr.clone())),
    }
}

/// The page of a case.
pub(super) async fn fetch(asker: &mut Asker, cnr: &Cnr) -> Result<Case, Failure> {
    match asker.ask(page(asker, cnr)).await? {
        CaseAnswer::Case(case) => Ok(*case),
        _ => Err(unexpected()),
    }
}

/// Writes the documents of a case's orders, whose page was asked for last; the exit code says whether all of them came.
pub(super) async fn documents(
    asker: &mut Asker,
    (page, case): (&CaseAsk, &Case),
    dir: &Path,
) -> Outcome {
    let answer = CaseAnswer::Case(Box::new(case.clone()));
    download::papers(asker, (page, &answer), dir).await
}

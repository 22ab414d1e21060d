//! `nirnay case get`: a case by its CNR, wherever it is.

use std::path::Path;

use nirnay_fetch::{CaseAnswer, CaseAsk, DistrictAsk, DistrictDocument, HcAsk};
use nirnay_model::{Case, CasePortal, Cnr, Order, OrderLink, courts};

use super::connect::{Asker, block_on, open, unexpected};
use super::download;
use super::show::{Show, date};
use crate::args::{CaseArgs, CaseCommand, Global};
use crate::command::Outcome;
use crate::failure::Failure;
use crate::output::talk;

pub(crate) fn run(global: &Global, args: &CaseArgs) -> Outcome {
    let CaseCommand::Get {
        cnr,
        download,
        connect,
    } = &args.command;
    block_on(async {
        let mut asker = open(global, connect, portal_of(cnr))?;
        let case = fetch(&mut asker, cnr).await?;
        Show::new(global, connect).case(&case);
        match download {
            Some(dir) => documents(&mut asker, &case, dir).await,
            None => Ok(0),
        }
    })
}

/// High Courts have CNRs of their own; all others are of district courts.
fn portal_of(cnr: &Cnr) -> CasePortal {
    match courts().by_cnr_prefix(cnr.prefix()) {
        Some(_) => CasePortal::HcServices,
        None => CasePortal::District,
    }
}

/// The page of a case.
pub(super) async fn fetch(asker: &mut Asker, cnr: &Cnr) -> Result<Case, Failure> {
    let ask = match asker.portal() {
        CasePortal::District => CaseAsk::District(DistrictAsk::Case(cnr.clone())),
        _ => CaseAsk::Hc(HcAsk::Case(cnr.clone())),
    };
    match asker.ask(ask).await? {
        CaseAnswer::Case(case) => Ok(*case),
        _ => Err(unexpected()),
    }
}

/// Writes the documents of a case's orders; the exit code says whether all of them came.
pub(super) async fn documents(asker: &mut Asker, case: &Case, dir: &Path) -> Outcome {
    let key = case
        .cnr_printed
        .clone()
        .or_else(|| case.diary_number.clone())
        .or_else(|| case.number.as_ref().map(|number| number.printed.clone()));
    write(asker, &key.unwrap_or_default(), &case.orders, dir).await
}

/// Writes the documents of orders.
pub(super) async fn write(asker: &mut Asker, key: &str, orders: &[Order], dir: &Path) -> Outcome {
    let mut missing = 0_u64;
    for order in orders {
        let Some(ask) = order
            .link
            .as_ref()
            .and_then(|link| ask_for(asker.portal(), link))
        else {
            missing += 1;
            talk(&format!(
                "{key} of {}: the page names no document",
                date(order.date.as_ref())
            ));
            continue;
        };
        let name = name(key, order);
        match asker.ask(ask).await {
            Ok(CaseAnswer::Document(bytes)) => {
                let path = download::keep(dir, &name, &bytes)?;
                talk(&format!("{}", path.display()));
            }
            Ok(_) => return Err(unexpected()),
            // One that cannot be had is told; whatever stops the portal's use stops the command.
            Err(failure) if failure.exit_code() == nirnay_pipeline::exit::INCOMPLETE => {
                missing += 1;
                talk(&format!("{name}: {failure}"));
            }
            Err(failure) => return Err(failure),
        }
    }
    if missing == 0 {
        return Ok(0);
    }
    talk(&format!(
        "{missing} of {} documents are missing",
        orders.len()
    ));
    Ok(nirnay_pipeline::exit::INCOMPLETE)
}

fn name(key: &str, order: &Order) -> String {
    let parts = [
        Some(key.to_owned()),
        Some(date(order.date.as_ref())),
        order.number.clone(),
        order.language.clone(),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("_")
}

fn ask_for(portal: CasePortal, link: &OrderLink) -> Option<CaseAsk> {
    Some(match (portal, link) {
        (CasePortal::HcServices, OrderLink::Address(link)) => {
            CaseAsk::Hc(HcAsk::Document { link: link.clone() })
        }
        (CasePortal::District, OrderLink::Address(link)) => CaseAsk::District(
            DistrictAsk::Document(DistrictDocument::Address(link.clone())),
        ),
        (CasePortal::District, OrderLink::Form(fields)) => CaseAsk::District(
            DistrictAsk::Document(DistrictDocument::Form(fields.clone())),
        ),
        (CasePortal::Calcutta, OrderLink::Token(token)) => {
            CaseAsk::Calcutta(nirnay_fetch::CalcuttaAsk::Document {
                token: token.clone(),
            })
        }
        (CasePortal::Sci, OrderLink::Address(path)) => {
            CaseAsk::Sci(nirnay_fetch::SciAsk::Document { path: path.clone() })
        }
        _ => return None,
    })
}

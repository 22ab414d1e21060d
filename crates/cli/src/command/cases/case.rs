//! `nirnay case get`: a case by its CNR, wherever it is.

use std::path::Path;

use nirnay_fetch::{CaseAnswer, CaseAsk, DistrictAsk, HcAsk};
use nirnay_model::{Case, CaseKey, CasePortal, Cnr, Order, order_slots};
use nirnay_pipeline::{document_ask, portal_of};

use super::connect::{Asker, unexpected, with};
use super::show::{Show, date};
use super::{bulk, download};
use crate::args::{CaseArgs, CaseCommand, Global};
use crate::command::Outcome;
use crate::failure::Failure;
use crate::output::talk;

pub(crate) fn run(global: &Global, args: &CaseArgs) -> Outcome {
    let connect = &args.connect;
    match &args.command {
        CaseCommand::Get { cnr, download } => {
            with(global, connect, portal_of(cnr), async |asker| {
                let case = fetch(asker, cnr).await?;
                Show::new(global, connect).case(&case);
                match download {
                    Some(dir) => documents(asker, &case, dir).await,
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
    let owner = CaseKey::of(case);
    let slots = order_slots(case);
    let key = key.unwrap_or_default();
    write(asker, (&key, Some((&owner, &slots))), &case.orders, dir).await
}

/// Writes the documents of orders.
pub(super) async fn write(
    asker: &mut Asker,
    (key, kept): (&str, Option<(&CaseKey, &[String])>),
    orders: &[Order],
    dir: &Path,
) -> Outcome {
    let mut missing = 0_u64;
    for (at, order) in orders.iter().enumerate() {
        let Some(ask) = order
            .link
            .as_ref()
            .and_then(|link| document_ask(asker.portal(), link))
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
                if let Some((owner, slot)) = kept.and_then(|(key, all)| Some((key, all.get(at)?))) {
                    asker.keep_document(owner, slot, &bytes)?;
                }
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

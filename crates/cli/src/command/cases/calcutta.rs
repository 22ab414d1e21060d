//! `nirnay calcutta`: orders and judgments of the Calcutta High Court.

use nirnay_fetch::{CalcuttaAsk, CaseAnswer, CaseAsk};
use nirnay_model::CasePortal;

use super::case;
use super::connect::{unexpected, with};
use super::names::code_in_place;
use super::show::Show;
use crate::args::{CalcuttaArgs, CalcuttaCommand, CalcuttaSide, Global};
use crate::command::Outcome;

pub(crate) fn run(global: &Global, args: &CalcuttaArgs) -> Outcome {
    let show = Show::new(global, &args.connect);
    with(global, &args.connect, CasePortal::Calcutta, async |asker| {
        match &args.command {
            CalcuttaCommand::CaseTypes { side } => {
                let ask = CalcuttaAsk::CaseTypes {
                    establishment: code(*side),
                };
                let CaseAnswer::Choices(list) = asker.ask(CaseAsk::Calcutta(ask)).await? else {
                    return Err(unexpected());
                };
                show.choices(&list);
            }
            CalcuttaCommand::Search {
                side,
                case_type,
                number,
                year,
                download,
            } => {
                let mut case_type = case_type.clone();
                let list = CaseAsk::Calcutta(CalcuttaAsk::CaseTypes {
                    establishment: code(*side),
                });
                code_in_place(asker, &mut case_type, list, "calcutta case-types").await?;
                let ask = CalcuttaAsk::ByNumber {
                    establishment: code(*side),
                    case_type,
                    number: *number,
                    year: *year,
                };
                let ask = CaseAsk::Calcutta(ask);
                let CaseAnswer::Case(found) = asker.ask(ask.clone()).await? else {
                    return Err(unexpected());
                };
                show.case(&found);
                if let Some(dir) = download {
                    return case::documents(asker, (&ask, &found), dir).await;
                }
            }
        }
        Ok(0)
    })
}

/// The portal's code of a side.
fn code(side: CalcuttaSide) -> String {
    match side {
        CalcuttaSide::Appellate => "WBCHCA",
        CalcuttaSide::Original => "WBCHCO",
        CalcuttaSide::Jalpaiguri => "WBCHCJ",
        CalcuttaSide::PortBlair => "WBCHCP",
    }
    .to_owned()
}

//! `nirnay district`: the District Courts.

use nirnay_fetch::{CaseAnswer, CaseAsk, DistrictAsk, DistrictCourt};
use nirnay_model::CasePortal;

use super::connect::{Asker, unexpected, with};
use super::hc::{kind, warn};
use super::show::Show;
use super::{case, number};
use crate::args::{DistrictArgs, DistrictCommand, Global, NumberArgs, PlaceArgs};
use crate::command::Outcome;
use crate::failure::Failure;

pub(crate) fn run(global: &Global, args: &DistrictArgs) -> Outcome {
    let show = Show::new(global, &args.connect);
    with(global, &args.connect, CasePortal::District, async |asker| {
        let ask = question(asker, &args.command).await?;
        match asker.ask(CaseAsk::District(ask)).await? {
            CaseAnswer::Choices(list) => show.choices(&list),
            CaseAnswer::Complexes(list) => show.complexes(&list),
            CaseAnswer::Cases(found) => {
                warn(&found.totals.warnings);
                show.cases(&found.cases);
            }
            CaseAnswer::Listed(found) => show.listed(&found.entries),
            CaseAnswer::Orders(found) => {
                if let Some(found) = found.cases {
                    return of_cases(asker, show, args, &found.cases).await;
                }
                show.orders(&found.orders);
                if let DistrictCommand::Orders {
                    download: Some(dir),
                    number,
                    ..
                } = &args.command
                {
                    return case::write(asker, (&key(number), None), &found.orders, dir).await;
                }
            }
            _ => return Err(unexpected()),
        }
        Ok(0)
    })
}

/// A name for documents of a case that is known by its number alone.
fn key(args: &NumberArgs) -> String {
    let number = args.number.map(|n| n.to_string()).unwrap_or_default();
    let year = args.year.map(|n| n.to_string()).unwrap_or_default();
    format!(
        "{}_{number}_{year}",
        args.case_type.as_deref().unwrap_or("")
    )
}

/// Where the portal lists cases in place of orders, their pages have the orders.
async fn of_cases(
    asker: &mut Asker,
    show: Show,
    args: &DistrictArgs,
    cases: &[nirnay_model::Case],
) -> Outcome {
    let mut orders = Vec::new();
    let mut code = 0;
    for found in cases {
        let Some(cnr) = &found.cnr else { continue };
        let page = case::fetch(asker, cnr).await?;
        if let DistrictCommand::Orders {
            download: Some(dir),
            ..
        } = &args.command
        {
            code = code.max(case::documents(asker, &page, dir).await?);
        }
        orders.extend(page.orders);
    }
    show.orders(&orders);
    Ok(code)
}

fn place(args: &PlaceArgs) -> DistrictCourt {
    DistrictCourt {
        state: args.state.clone(),
        district: args.district.clone(),
        complex: args.complex.clone(),
        establishment: args.establishment.clone(),
    }
}

async fn question(asker: &mut Asker, command: &DistrictCommand) -> Result<DistrictAsk, Failure> {
    Ok(match command {
        DistrictCommand::States => DistrictAsk::States,
        DistrictCommand::Districts { state } => DistrictAsk::Districts {
            state: state.clone(),
        },
        DistrictCommand::Complexes { state, district } => DistrictAsk::Complexes {
            state: state.clone(),
            district: district.clone(),
        },
        DistrictCommand::Establishments { place: at } => DistrictAsk::Establishments(place(at)),
        DistrictCommand::CaseTypes { place: at } => DistrictAsk::CaseTypes(place(at)),
        DistrictCommand::Courts { place: at } => DistrictAsk::Courts(place(at)),
        DistrictCommand::Search {
            place: at,
            number: by,
            party,
            status,
        } => match (number(by)?, party) {
            (Some((case_type, number, year)), _) => DistrictAsk::ByNumber {
                court: place(at),
                case_type,
                number,
                year,
            },
            (None, Some(name)) => DistrictAsk::ByParty {
                court: place(at),
                name: name.clone(),
                year: by.year,
                status: (*status).into(),
            },
            (None, None) => {
                return Err(Failure::usage(
                    "say what to search for: --case-type with --number and --year, or --party",
                ));
            }
        },
        DistrictCommand::Orders {
            place: at,
            number: by,
            ..
        } => {
            let (case_type, number, year) = number(by)?.ok_or_else(|| {
                Failure::usage("orders are found by --case-type, --number and --year")
            })?;
            DistrictAsk::Orders {
                court: place(at),
                case_type,
                number,
                year,
            }
        }
        DistrictCommand::CauseList {
            place: at,
            court,
            court_name,
            date,
            criminal,
        } => DistrictAsk::CauseList {
            court: place(at),
            code: court.clone(),
            name: match court_name {
                Some(name) => name.clone(),
                None => court_called(asker, at, court).await?,
            },
            kind: kind(*criminal),
            date: *date,
        },
    })
}

/// The name beside a court's code: the portal insists on it.
async fn court_called(asker: &mut Asker, at: &PlaceArgs, code: &str) -> Result<String, Failure> {
    let CaseAnswer::Choices(list) = asker
        .ask(CaseAsk::District(DistrictAsk::Courts(place(at))))
        .await?
    else {
        return Err(unexpected());
    };
    let found = list.into_iter().find(|choice| choice.code == code);
    found.map(|choice| choice.name).ok_or_else(|| {
        Failure::usage(format!(
            "no court {code:?} there; `nirnay district courts` lists them"
        ))
    })
}

//! `nirnay district`: the District Courts.

use nirnay_fetch::{CaseAnswer, CaseAsk, DistrictAsk, DistrictCourt};
use nirnay_model::CasePortal;
use nirnay_pipeline::exit;

use super::connect::{Asker, unexpected, with};
use super::hc::{kind, warn, whole};
use super::names::code_in_place;
use super::show::Show;
use super::{case, download, number};
use crate::args::{DistrictArgs, DistrictCommand, Global, PlaceArgs};
use crate::command::Outcome;
use crate::failure::Failure;
use crate::output::talk;

pub(crate) fn run(global: &Global, args: &DistrictArgs) -> Outcome {
    let show = Show::new(global, &args.connect);
    with(global, &args.connect, CasePortal::District, async |asker| {
        let mut ask = question(asker, &args.command).await?;
        if let DistrictAsk::ByNumber {
            court, case_type, ..
        }
        | DistrictAsk::Orders {
            court, case_type, ..
        } = &mut ask
        {
            let list = CaseAsk::District(DistrictAsk::CaseTypes(court.clone()));
            code_in_place(asker, case_type, list, "district case-types").await?;
        }
        if asker.keeps() {
            ask = with_case(ask);
        }
        let ask = CaseAsk::District(ask);
        match asker.ask(ask.clone()).await? {
            CaseAnswer::Choices(list) if list.is_empty() => return Err(nothing()),
            CaseAnswer::Complexes(list) if list.is_empty() => return Err(nothing()),
            CaseAnswer::Choices(list) => show.choices(&list),
            CaseAnswer::Complexes(list) => show.complexes(&list),
            CaseAnswer::Cases(found) if matches!(args.command, DistrictCommand::Orders { .. }) => {
                return of_cases(asker, show, args, &found.list()).await;
            }
            CaseAnswer::Cases(found) => {
                warn(&found.totals.warnings);
                show.cases(&[&found])?;
                return Ok(whole(found.totals.short()));
            }
            CaseAnswer::Listed(found) => {
                warn(&found.totals.warnings);
                let day = match &args.command {
                    DistrictCommand::CauseList { date, .. } => Some(*date),
                    _ => None,
                };
                show.listed(&found.entries, day);
                return Ok(whole(found.totals.short()));
            }
            CaseAnswer::Orders(found) => {
                if let Some(found) = found.cases {
                    return of_cases(asker, show, args, &found.cases).await;
                }
                show.orders(&found.orders);
                if let DistrictCommand::Orders {
                    download: Some(dir),
                    ..
                } = &args.command
                {
                    let answer = CaseAnswer::Orders(found);
                    return download::papers(asker, (&ask, &answer), dir).await;
                }
            }
            _ => return Err(unexpected()),
        }
        Ok(0)
    })
}

/// The portal lists nothing under codes that it does not know: every state, district and complex that there is has
/// something.
fn nothing() -> Failure {
    Failure::new(
        exit::INCOMPLETE,
        "the portal lists none: no such state, district, complex or establishment; `nirnay district states` begins the list",
    )
}

/// Orders by a case's number say nothing of the case: a lake keeps those of its page, with the case.
fn with_case(ask: DistrictAsk) -> DistrictAsk {
    match ask {
        DistrictAsk::Orders {
            court,
            case_type,
            number,
            year,
        } => DistrictAsk::ByNumber {
            court,
            case_type,
            number,
            year,
        },
        other => other,
    }
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
        let Some(cnr) = &found.cnr else {
            let number = found.number.as_ref().map(|number| &*number.printed);
            let number = number.unwrap_or("a case");
            talk(&format!(
                "{number}: the portal prints no CNR, so its page and its orders cannot be asked for"
            ));
            code = exit::INCOMPLETE;
            continue;
        };
        let page = case::fetch(asker, cnr).await?;
        if let DistrictCommand::Orders {
            download: Some(dir),
            ..
        } = &args.command
        {
            code = code.max(case::documents(asker, (&case::page(asker, cnr), &page), dir).await?);
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
                year: Some(by.year.ok_or_else(|| {
                    Failure::usage("the portal insists on the year: --party needs --year")
                })?),
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

//! `nirnay hc`: High Court Services.

use std::path::Path;

use nirnay_fetch::{CaseAnswer, CaseAsk, CauseListKind, HcAsk, HcBench};
use nirnay_model::{CasePortal, CauseList};

use super::connect::{Asker, unexpected, with};
use super::show::Show;
use super::{case, download, number};
use crate::args::{BenchArgs, Global, HcArgs, HcCommand};
use crate::command::{Outcome, court};
use crate::failure::Failure;
use crate::output::talk;

pub(crate) fn run(global: &Global, args: &HcArgs) -> Outcome {
    let show = Show::new(global, &args.connect);
    let ask = question(&args.command)?;
    with(
        global,
        &args.connect,
        CasePortal::HcServices,
        async |asker| {
            if let HcCommand::Orders { cnr, download } = &args.command {
                let case = case::fetch(asker, cnr).await?;
                show.orders(&case.orders);
                return match download {
                    Some(dir) => case::documents(asker, &case, dir).await,
                    None => Ok(0),
                };
            }
            let Some(ask) = ask else {
                return Err(unexpected());
            };
            match asker.ask(CaseAsk::Hc(ask)).await? {
                CaseAnswer::Choices(list) => show.choices(&list),
                CaseAnswer::Cases(found) => {
                    warn(&found.totals.warnings);
                    show.cases(&found.cases);
                }
                CaseAnswer::Listed(found) => {
                    warn(&found.totals.warnings);
                    show.listed(&found.entries);
                }
                CaseAnswer::CauseLists(lists) => {
                    show.cause_lists(&lists);
                    if let HcCommand::CauseList {
                        download: Some(dir),
                        date,
                        ..
                    } = &args.command
                    {
                        return write_lists(asker, &lists, &date.to_string(), dir).await;
                    }
                }
                _ => return Err(unexpected()),
            }
            Ok(0)
        },
    )
}

/// Says what does not fit in a result.
pub(super) fn warn(warnings: &[String]) {
    for warning in warnings {
        talk(&format!("note: {warning}"));
    }
}

fn bench(args: &BenchArgs) -> Result<HcBench, Failure> {
    Ok(HcBench {
        state: state(&args.court)?,
        bench: args.bench.clone(),
    })
}

/// The portal's `state_code` of a High Court: what stands behind the `~` of its compound code.
pub(super) fn state(name: &str) -> Result<String, Failure> {
    let court = court(name)?;
    let code = court
        .portal_code
        .split_once('~')
        .map(|(_, state)| state.to_owned());
    code.ok_or_else(|| Failure::usage(format!("{} is not on High Court Services", court.name)))
}

fn question(command: &HcCommand) -> Result<Option<HcAsk>, Failure> {
    Ok(Some(match command {
        HcCommand::Benches { court } => HcAsk::Benches {
            state: state(court)?,
        },
        HcCommand::CaseTypes { bench: at } => HcAsk::CaseTypes(bench(at)?),
        HcCommand::Orders { .. } => return Ok(None),
        HcCommand::CauseList {
            bench: at,
            date,
            criminal,
            bar,
            ..
        } => match bar {
            Some(number) => HcAsk::AdvocateCauseList {
                bench: bench(at)?,
                number: number.clone(),
                date: *date,
            },
            None => HcAsk::CauseLists {
                bench: bench(at)?,
                kind: kind(*criminal),
                date: *date,
            },
        },
        HcCommand::Search { .. } => search(command)?,
    }))
}

/// The list that is wanted.
pub(super) fn kind(criminal: bool) -> CauseListKind {
    if criminal {
        CauseListKind::Criminal
    } else {
        CauseListKind::Civil
    }
}

fn search(command: &HcCommand) -> Result<HcAsk, Failure> {
    let HcCommand::Search {
        bench: at,
        number: by,
        party,
        advocate,
        bar,
        status,
    } = command
    else {
        return Err(unexpected());
    };
    let (bench, status) = (bench(at)?, (*status).into());
    if let Some((case_type, number, year)) = number(by)? {
        return Ok(HcAsk::ByNumber {
            bench,
            case_type,
            number,
            year,
        });
    }
    if let (Some(name), Some(year)) = (party, by.year) {
        if name.chars().filter(|c| !c.is_whitespace()).count() < 3 {
            return Err(Failure::usage(
                "the portal wants three letters or more of a party's name",
            ));
        }
        return Ok(HcAsk::ByParty {
            bench,
            name: name.clone(),
            year,
            status,
        });
    }
    match (advocate, bar) {
        (Some(name), _) => Ok(HcAsk::ByAdvocate {
            bench,
            name: name.clone(),
            status,
        }),
        (None, Some(number)) => Ok(HcAsk::ByBarNumber {
            bench,
            number: number.clone(),
            status,
        }),
        (None, None) => Err(Failure::usage(
            "say what to search for: --case-type with --number and --year, --party with --year, --advocate, or --bar",
        )),
    }
}

async fn write_lists(asker: &mut Asker, lists: &[CauseList], day: &str, dir: &Path) -> Outcome {
    let mut missing = 0;
    for list in lists {
        let serial = list.serial.map(|n| n.to_string()).unwrap_or_default();
        let name = format!("causelist_{day}_{serial}_{}", list.bench);
        let Some(link) = list.link.clone() else {
            missing += 1;
            talk(&format!("{name}: the page names no document"));
            continue;
        };
        match asker.ask(CaseAsk::Hc(HcAsk::Document { link })).await {
            Ok(CaseAnswer::Document(bytes)) => {
                talk(&format!(
                    "{}",
                    download::keep(dir, &name, &bytes)?.display()
                ));
            }
            Ok(_) => return Err(unexpected()),
            Err(failure) if failure.exit_code() == nirnay_pipeline::exit::INCOMPLETE => {
                missing += 1;
                talk(&format!("{name}: {failure}"));
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(if missing == 0 {
        0
    } else {
        nirnay_pipeline::exit::INCOMPLETE
    })
}

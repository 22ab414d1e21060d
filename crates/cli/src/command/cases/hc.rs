//! `nirnay hc`: High Court Services.

use jiff::civil::Date;
use nirnay_fetch::{
    CaseAnswer, CaseAsk, CauseListKind, EstablishmentCount, FoundTotals, HcAsk, HcBench,
};
use nirnay_model::{CasePortal, service_place};
use nirnay_pipeline::exit;

use super::connect::{unexpected, with};
use super::names::code_in_place;
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
                    Some(dir) => {
                        case::documents(asker, (&case::page(asker, cnr), &case), dir).await
                    }
                    None => Ok(0),
                };
            }
            let Some(mut ask) = ask else {
                return Err(unexpected());
            };
            if let HcAsk::ByNumber {
                bench, case_type, ..
            } = &mut ask
            {
                let list = CaseAsk::Hc(HcAsk::CaseTypes(bench.clone()));
                code_in_place(asker, case_type, list, "hc case-types").await?;
            }
            let ask = CaseAsk::Hc(ask);
            match asker.ask(ask.clone()).await? {
                CaseAnswer::Choices(list) => show.choices(&list),
                CaseAnswer::Cases(found) => {
                    warn(&found.totals.warnings);
                    told(&found.totals);
                    show.cases(&[&found])?;
                    return Ok(whole(found.totals.short()));
                }
                CaseAnswer::Listed(found) => {
                    warn(&found.totals.warnings);
                    told(&found.totals);
                    show.listed(&found.entries, day_of(&args.command));
                    return Ok(whole(found.totals.short()));
                }
                CaseAnswer::CauseLists(lists) => {
                    show.cause_lists(&lists, day_of(&args.command));
                    if let HcCommand::CauseList {
                        download: Some(dir),
                        ..
                    } = &args.command
                    {
                        let answer = CaseAnswer::CauseLists(lists);
                        return download::papers(asker, (&ask, &answer), dir).await;
                    }
                }
                _ => return Err(unexpected()),
            }
            Ok(0)
        },
    )
}

/// The exit code of a list: one with fewer rows than the portal counts is not all that was asked for.
pub(super) fn whole(short: Option<String>) -> u8 {
    short.map_or(0, |_| exit::INCOMPLETE)
}

/// Says what does not fit in a result.
pub(super) fn warn(warnings: &[String]) {
    for warning in warnings {
        talk(&format!("note: {warning}"));
    }
}

/// Says whose cases a search by advocate found, and how many in which establishment.
fn told(totals: &FoundTotals) {
    if let Some(line) = advocate_line(totals) {
        talk(&line);
    }
}

fn advocate_line(totals: &FoundTotals) -> Option<String> {
    let advocate = totals.advocate.as_ref()?;
    let code = advocate.code.as_ref();
    let code = code.map_or_else(String::new, |code| format!(" ({code})"));
    let cases = totals.total.unwrap_or(totals.rows);
    let line = format!("advocate {}{code}: {cases} cases", advocate.name);
    let counted = |of: &EstablishmentCount| {
        let name = of.name.as_deref().or(of.code.as_deref())?;
        Some(format!("{name} {}", of.rows))
    };
    let places: Vec<String> = totals.establishments.iter().filter_map(counted).collect();
    if places.is_empty() {
        return Some(line);
    }
    Some(format!("{line}; {}", places.join(", ")))
}

fn day_of(command: &HcCommand) -> Option<Date> {
    match command {
        HcCommand::CauseList { date, .. } => Some(*date),
        _ => None,
    }
}

pub(super) fn bench(args: &BenchArgs) -> Result<HcBench, Failure> {
    let (state, named) = place(&args.court)?;
    Ok(HcBench {
        state,
        bench: args
            .bench
            .clone()
            .or(named)
            .unwrap_or_else(|| "1".to_owned()),
    })
}

/// The portal's `state_code` of a High Court.
pub(super) fn state(name: &str) -> Result<String, Failure> {
    Ok(place(name)?.0)
}

/// The portal's `state_code` of a High Court, which stands behind the `~` of its compound code, and the bench that the name
/// names.
fn place(name: &str) -> Result<(String, Option<String>), Failure> {
    let (of, bench) = match service_place(name) {
        Some(found) => found,
        None => (court(name)?, None),
    };
    let code = of.portal_code.split_once('~').map(|(_, state)| state);
    let code =
        code.ok_or_else(|| Failure::usage(format!("{} is not on High Court Services", of.name)))?;
    Ok((code.to_owned(), bench.map(|bench| bench.code.clone())))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_advocate_that_was_found() {
        let place = |name: &str, rows| EstablishmentCount {
            code: None,
            name: Some(name.to_owned()),
            rows,
        };
        let totals = FoundTotals {
            total: Some(12),
            rows: 12,
            establishments: vec![place("Principal Bench", 10), place("Circuit", 2)],
            advocate: Some(nirnay_model::Advocate::read("A B(6960)")),
            warnings: Vec::new(),
        };
        assert_eq!(
            advocate_line(&totals).as_deref(),
            Some("advocate A B (6960): 12 cases; Principal Bench 10, Circuit 2")
        );
        assert_eq!(advocate_line(&FoundTotals::default()), None);
    }

    #[test]
    fn a_court_by_any_of_its_names() {
        let place = |name: &str| super::place(name).map_err(|failure| failure.to_string());
        for name in [
            "delhi",
            "7_26",
            "DLHC",
            "dlhc",
            "Delhi High Court",
            "High Court of Delhi",
        ] {
            assert_eq!(place(name), Ok(("26".to_owned(), None)), "{name}");
        }
        let nagpur = Ok(("1".to_owned(), Some("4".to_owned())));
        assert_eq!(place("bombay-nagpur"), nagpur);
        let lucknow = Ok(("13".to_owned(), Some("2".to_owned())));
        assert_eq!(place("allahabad-lucknow"), lucknow);
        assert!(place("nowhere").unwrap_err().contains("unknown court"));
        assert!(place("bombay-nowhere").is_err());
    }
}

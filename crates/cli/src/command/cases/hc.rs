//! `nirnay hc`: High Court Services.

use nirnay_fetch::{CaseAnswer, CaseAsk, CauseListKind, HcAsk, HcBench};
use nirnay_model::{CasePortal, Court, courts, service_benches};
use nirnay_pipeline::exit;

use super::connect::{unexpected, with};
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
            let Some(ask) = ask else {
                return Err(unexpected());
            };
            let ask = CaseAsk::Hc(ask);
            match asker.ask(ask.clone()).await? {
                CaseAnswer::Choices(list) => show.choices(&list),
                CaseAnswer::Cases(found) => {
                    warn(&found.totals.warnings);
                    show.cases(&[&found])?;
                    return Ok(whole(found.totals.short()));
                }
                CaseAnswer::Listed(found) => {
                    warn(&found.totals.warnings);
                    show.listed(&found.entries);
                    return Ok(whole(found.totals.short()));
                }
                CaseAnswer::CauseLists(lists) => {
                    show.cause_lists(&lists);
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
/// names. A court is known by slug, code, the first letters of its CNRs and name; `bombay-nagpur` is a bench of one.
fn place(name: &str) -> Result<(String, Option<String>), Failure> {
    let (of, bench) = match (found(name), of_bench(name)) {
        (Some(of), _) => (of, None),
        (None, Some((of, bench))) => (of, Some(bench)),
        (None, None) => (court(name)?, None),
    };
    let code = of
        .portal_code
        .split_once('~')
        .map(|(_, state)| state.to_owned());
    let code =
        code.ok_or_else(|| Failure::usage(format!("{} is not on High Court Services", of.name)))?;
    Ok((code, bench))
}

fn found(name: &str) -> Option<&'static Court> {
    let known = courts();
    let lower = name.trim().to_lowercase();
    known
        .find(&lower)
        .or_else(|| known.by_cnr_prefix(&lower.to_uppercase()))
        .or_else(|| known.by_name(name))
        .or_else(|| {
            let plain = lower.replace("high court", "").replace(" of ", " ");
            known.find(plain.trim())
        })
}

fn of_bench(name: &str) -> Option<(&'static Court, String)> {
    let lower = name.trim().to_lowercase();
    let (slug, rest) = lower.split_once('-')?;
    let court = courts().find(slug)?;
    let bench = service_benches()
        .iter()
        .find(|bench| bench.court == court.slug && bench.name.to_lowercase().starts_with(rest))?;
    Some((court, bench.code.clone()))
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

//! `nirnay case crawl` and `nirnay case refresh`: cases in bulk, into the lake.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use nirnay_fetch::{HttpTransport, TokioClock, TransportOptions};
use nirnay_model::CasePortal;
use nirnay_pipeline::{
    CaseDeps, CaseJob, CaseReport, DistrictPlace, Endless, HostStateFiles, Question, crawl_cases,
    read_questions, refresh_cases,
};
use nirnay_store::{Lake, OpenMode};

use super::super::crawl::{is_loopback, keep_apart, shared_host_state_dir, started_at};
use super::super::{Outcome, lake_dir};
use super::connect::{address, block_on, captcha, document_host, extractor, politeness};
use super::{hc, sci};
use crate::adapters;
use crate::args::{BenchArgs, ConnectArgs, CrawlCases, DaysArgs, Global, NumbersArgs, PlaceArgs};
use crate::failure::Failure;
use crate::output::{self, count, talk};
use crate::signals::Stopper;

/// The most days or numbers of one command.
const MOST_QUESTIONS: usize = 1_000_000;

pub(super) fn crawl(
    global: &Global,
    connect: &ConnectArgs,
    what: &CrawlCases,
    documents: bool,
) -> Outcome {
    let (questions, endless) = questions(what)?;
    let job = CaseJob {
        name: "cases".to_owned(),
        questions,
        endless,
        documents,
        again: false,
        requests: connect.max_requests,
    };
    let now = started_at()?;
    let lake = lake_dir(global);
    block_on(async {
        let deps = deps(global, connect, &lake)?;
        let lake = Arc::new(Lake::open(&lake, OpenMode::ReadWrite)?);
        let report = crawl_cases(lake, &job, &deps, now).await?;
        print(global, &report);
        Ok(report.exit_code())
    })
}

pub(super) fn refresh(
    global: &Global,
    connect: &ConnectArgs,
    since: Option<Date>,
    documents: bool,
) -> Outcome {
    let job = CaseJob {
        // A round with documents has other things to ask than one without.
        name: if documents {
            "cases-again-documents".to_owned()
        } else {
            "cases-again".to_owned()
        },
        questions: Vec::new(),
        endless: None,
        documents,
        again: true,
        requests: connect.max_requests,
    };
    let now = started_at()?;
    let instant = |day: Date| {
        let zoned = day.to_zoned(TimeZone::UTC);
        let range = |_| Failure::usage(format!("--changed-since {day} is out of range"));
        zoned.map(|zoned| zoned.timestamp()).map_err(range)
    };
    let since = since.map(instant).transpose()?;
    let dir = lake_dir(global);
    if !dir.join("ledger.sqlite").exists() {
        return Err(Failure::usage(format!(
            "there is no lake in {}; make one with `nirnay case crawl`, or name another with --lake",
            dir.display()
        )));
    }
    block_on(async {
        let deps = deps(global, connect, &dir)?;
        let lake = Arc::new(Lake::open(&dir, OpenMode::ReadWrite)?);
        let report = refresh_cases(lake, job, &deps, (now, since)).await?;
        print(global, &report);
        Ok(report.exit_code())
    })
}

fn deps(global: &Global, connect: &ConnectArgs, lake: &Path) -> Result<CaseDeps, Failure> {
    let politeness = politeness(connect)?;
    let mut portals = BTreeMap::new();
    for portal in CasePortal::ALL {
        portals.insert(portal, address(&connect.portal, portal)?);
    }
    let simulated = portals.values().filter(|url| is_loopback(url)).count();
    if simulated > 0 && simulated < portals.len() {
        let public = portals.iter().filter(|(_, url)| !is_loopback(url));
        let names: Vec<&str> = public.map(|(portal, _)| portal.name()).collect();
        talk(&format!(
            "note: with a portal on this machine the lake counts as simulated; not redirected: {}",
            names.join(", ")
        ));
    }
    keep_apart(lake, simulated > 0)?;
    let states = if simulated > 0 {
        lake.join("hosts")
    } else {
        shared_host_state_dir(lake)
    };
    let quiet = global.quiet;
    let verbose = global.verbose > 0;
    Ok(CaseDeps {
        transport: Arc::new(|base| {
            Ok(Arc::new(HttpTransport::new(base, TransportOptions::default())?) as _)
        }),
        solver: adapters::solver(&captcha(connect)?, lake)?,
        host_states: Arc::new(HostStateFiles::new(&states)),
        stop: Stopper::listen(lake),
        clock: Arc::new(TokioClock::default()),
        notice: Arc::new(move |text| {
            if verbose || !(quiet || text.starts_with("once more")) {
                talk(text);
            }
        }),
        document_hosts: document_host(&connect.portal, CasePortal::Sci)?
            .map(|url| (CasePortal::Sci, url))
            .into_iter()
            .collect(),
        portals,
        extractor: extractor()?,
        politeness,
    })
}

/// What is to be asked: questions, or numbers without a known end.
fn questions(what: &CrawlCases) -> Result<(Vec<Question>, Option<Endless>), Failure> {
    let questions = match what {
        CrawlCases::List { file } => read_questions(file)?,
        CrawlCases::HcLists { bench, days: span } => {
            let (state, bench) = at(bench)?;
            let list = |date| Question::HcLists {
                state: state.clone(),
                bench: bench.clone(),
                criminal: span.criminal,
                date,
            };
            days(span)?.into_iter().map(list).collect()
        }
        CrawlCases::DistrictLists {
            place,
            days: span,
            cases,
        } => {
            let list = |date| Question::DistrictLists {
                place: district(place),
                criminal: span.criminal,
                date,
                cases: *cases,
            };
            days(span)?.into_iter().map(list).collect()
        }
        CrawlCases::SciDays { from, to } => {
            let spans = sci::spans((*from, *to))?.into_iter();
            let question = |(from, to)| Question::SciDays { from, to };
            spans.map(question).collect()
        }
        CrawlCases::HcNumbers { bench, numbers: of } => {
            let (state, bench) = at(bench)?;
            let case = |number| Question::HcNumber {
                state: state.clone(),
                bench: bench.clone(),
                case_type: of.case_type.clone(),
                number,
                year: of.year,
            };
            return numbers(of, case);
        }
        CrawlCases::DistrictNumbers { place, numbers: of } => {
            let case = |number| Question::DistrictNumber {
                place: district(place),
                case_type: of.case_type.clone(),
                number,
                year: of.year,
            };
            return numbers(of, case);
        }
    };
    Ok((questions, None))
}

fn at(args: &BenchArgs) -> Result<(String, String), Failure> {
    let bench = hc::bench(args)?;
    Ok((bench.state, bench.bench))
}

fn district(args: &PlaceArgs) -> DistrictPlace {
    DistrictPlace {
        state: args.state.clone(),
        district: args.district.clone(),
        complex: args.complex.clone(),
        establishment: args.establishment.clone(),
    }
}

fn days(span: &DaysArgs) -> Result<Vec<Date>, Failure> {
    if span.to < span.from {
        return Err(Failure::usage(format!(
            "--to {} lies before --from {}",
            span.to, span.from
        )));
    }
    let days: Vec<Date> = span
        .from
        .series(jiff::Span::new().days(1))
        .take_while(|day| *day <= span.to)
        .take(MOST_QUESTIONS + 1)
        .collect();
    if days.len() > MOST_QUESTIONS {
        return Err(Failure::usage(format!(
            "--from {} to --to {}: needs at most {MOST_QUESTIONS} days",
            span.from, span.to
        )));
    }
    Ok(days)
}

fn numbers(
    of: &NumbersArgs,
    case: impl Fn(u32) -> Question,
) -> Result<(Vec<Question>, Option<Endless>), Failure> {
    let Some(last) = of.last else {
        let (first, gap) = (case(of.first), of.gap);
        return Ok((Vec::new(), Some(Endless { first, gap })));
    };
    if last < of.first || (last - of.first) as usize >= MOST_QUESTIONS {
        return Err(Failure::usage(format!(
            "--first {} to --last {last}: needs one number or more, and at most {MOST_QUESTIONS}",
            of.first
        )));
    }
    Ok(((of.first..=last).map(case).collect(), None))
}

fn print(global: &Global, report: &CaseReport) {
    if global.json {
        return output::json(report);
    }
    let CaseReport {
        questions,
        found,
        none,
        failed,
        open,
        rows,
        ..
    } = report;
    output::data(&format!(
        "questions  {} = {} found + {} none + {} failed + {} open",
        count(*questions),
        count(*found),
        count(*none),
        count(*failed),
        count(*open)
    ));
    output::data(&format!(
        "rows       {} new, {} changed, {} as before",
        count(rows.new),
        count(rows.changed),
        count(rows.unchanged)
    ));
    output::data(&format!(
        "documents  {} stored, {} missing",
        count(report.documents_stored),
        count(report.documents_missing)
    ));
    output::data(&format!("requests   {}", count(report.requests)));
    for case in &report.changed {
        output::data(&format!(
            "changed    {}: {}",
            case.key.as_str(),
            case.fields.join(", ")
        ));
    }
    if report.not_asked > 0 {
        output::data(&format!(
            "not asked  {} known cases that no portal shows by CNR",
            count(report.not_asked)
        ));
    }
    for failure in &report.failures {
        output::data(&format!("failed     {}: {}", failure.question, failure.why));
    }
    let more = failed.saturating_sub(report.failures.len() as u64);
    if more > 0 {
        output::data(&format!("failed     {} more", count(more)));
    }
    if let Some(stop) = &report.stopped {
        output::data(&format!("stopped    {}", stop.why));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_numbers() {
        let span = |from: &str, to: &str| {
            days(&DaysArgs {
                from: from.parse().unwrap(),
                to: to.parse().unwrap(),
                criminal: false,
            })
            .map(|days| days.len())
            .map_err(|failure| failure.to_string())
        };
        assert_eq!(span("2024-02-28", "2024-03-01"), Ok(3));
        assert!(
            span("2024-03-01", "2024-02-28")
                .unwrap_err()
                .contains("before")
        );
        let numbers = |first, last| {
            let of = NumbersArgs {
                case_type: "1".to_owned(),
                year: 2024,
                first,
                last,
                gap: 7,
            };
            numbers(&of, |number| Question::SciDiary { number, year: 2024 })
        };
        assert_eq!(numbers(3, Some(5)).unwrap().0.len(), 3);
        assert!(numbers(5, Some(3)).is_err() && numbers(0, Some(u32::MAX)).is_err());
        let (questions, endless) = numbers(3, None).unwrap();
        assert_eq!((questions.len(), endless.unwrap().gap), (0, 7));
    }
}

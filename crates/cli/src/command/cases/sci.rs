//! `nirnay sci`: the Supreme Court's own site.

use std::path::Path;

use jiff::civil::Date;
use nirnay_fetch::{CaseAnswer, CaseAsk, SciAsk, SciList, SciSearch};
use nirnay_model::{CasePortal, Choice};
use nirnay_pipeline::exit;

use super::connect::{Asker, unexpected, with};
use super::names::{choices, code_of, is_code};
use super::show::Show;
use super::{download, number};
use crate::args::{Global, SciArgs, SciCommand};
use crate::command::Outcome;
use crate::failure::Failure;
use crate::output::talk;

/// The widest span that the portal takes.
const MOST_DAYS: i64 = 30;

pub(crate) fn run(global: &Global, args: &SciArgs) -> Outcome {
    let show = Show::new(global, &args.connect);
    let mut searches = match &args.command {
        SciCommand::Recent { .. } | SciCommand::CaseTypes | SciCommand::Judges => Vec::new(),
        search @ SciCommand::Search { .. } => searches(search)?,
    };
    with(global, &args.connect, CasePortal::Sci, async |asker| {
        match &args.command {
            SciCommand::Recent { download } => {
                return recent(asker, show, download.as_deref()).await;
            }
            SciCommand::CaseTypes => {
                show.choices(&choices(asker, CaseAsk::Sci(SciAsk::CaseTypes)).await?);
                return Ok(0);
            }
            SciCommand::Judges => {
                show.choices(&choices(asker, CaseAsk::Sci(SciAsk::Judges)).await?);
                return Ok(0);
            }
            SciCommand::Search { .. } => code_of_names(asker, &mut searches).await?,
        }
        let mut found: Vec<(CaseAsk, CaseAnswer)> = Vec::new();
        let several = searches.len() > 1;
        for search in searches {
            let ask = CaseAsk::Sci(SciAsk::Search(search));
            match asker.ask(ask.clone()).await {
                Ok(answer) => found.push((ask, answer)),
                // Nothing in one piece of a span is no answer to the whole of it.
                Err(failure) if several && failure.exit_code() == exit::INCOMPLETE => {
                    talk(&format!("note: {failure}"));
                }
                Err(failure) => return Err(failure),
            }
        }
        let mut lists = Vec::with_capacity(found.len());
        for (_, answer) in &found {
            let CaseAnswer::Cases(list) = answer else {
                return Err(unexpected());
            };
            lists.push(list);
        }
        show.cases(&lists)?;
        let SciCommand::Search {
            download: Some(dir),
            ..
        } = &args.command
        else {
            return Ok(0);
        };
        let mut code = 0;
        for (ask, answer) in &found {
            code = code.max(download::papers(asker, (ask, answer), dir).await?);
        }
        Ok(code)
    })
}

/// Puts the portal's codes in place of names of case types and judges.
async fn code_of_names(asker: &mut Asker, searches: &mut [SciSearch]) -> Result<(), Failure> {
    let mut known: Option<Vec<Choice>> = None;
    for search in searches {
        let (name, list, command) = match search {
            SciSearch::ByCaseNumber { case_type, .. } => {
                (case_type, SciAsk::CaseTypes, "sci case-types")
            }
            SciSearch::ByJudge { judge, .. } => (judge, SciAsk::Judges, "sci judges"),
            _ => continue,
        };
        if is_code(name) {
            continue;
        }
        if known.is_none() {
            known = Some(choices(asker, CaseAsk::Sci(list)).await?);
        }
        *name = code_of(known.as_deref().unwrap_or_default(), name, command)?;
    }
    Ok(())
}

/// The latest of the home page and of the two pages of their own, each once.
async fn recent(asker: &mut Asker, show: Show, dir: Option<&Path>) -> Outcome {
    let ask = |list| CaseAsk::Sci(SciAsk::Recent(list));
    let CaseAnswer::Feed(mut feed) = asker.ask(ask(SciList::Home)).await? else {
        return Err(unexpected());
    };
    let mut code = 0;
    for (list, name) in [
        (SciList::Judgments, "/latest-judgements/"),
        (SciList::Orders, "/latest-orders/"),
    ] {
        let more = match asker.ask(ask(list)).await {
            Ok(CaseAnswer::Feed(more)) => more,
            Ok(_) => return Err(unexpected()),
            // The home page has been heard; what the others would add is not known.
            Err(failure) if failure.exit_code() == exit::DRIFT => {
                talk(&format!("note: {name}: {failure}"));
                code = exit::INCOMPLETE;
                continue;
            }
            Err(failure) => return Err(failure),
        };
        let known = |path: &str| feed.rows.iter().any(|row| row.handle.path == path);
        let rows: Vec<_> = more
            .rows
            .into_iter()
            .filter(|row| !known(&row.handle.path))
            .collect();
        feed.rows.extend(rows);
        feed.quarantined.extend(more.quarantined);
    }
    for row in &feed.quarantined {
        talk(&format!("note: an entry could not be read: {}", row.detail));
    }
    let heads = [
        "diary", "date", "kind", "number", "title", "uploaded", "link",
    ];
    show.list(&feed.rows, &heads, |row| {
        let judgment = &row.judgment;
        vec![
            judgment.diary_number.clone().unwrap_or_default(),
            judgment
                .decision_date
                .map(|day| day.to_string())
                .unwrap_or_default(),
            format!("{:?}", judgment.document_kind).to_lowercase(),
            judgment.case_number_raw.clone().unwrap_or_default(),
            judgment.title.clone(),
            judgment
                .uploaded_at
                .map(|at| at.to_string())
                .unwrap_or_default(),
            format!("{}{}", CasePortal::Sci.base_url(), row.handle.path),
        ]
    });
    let Some(dir) = dir else { return Ok(code) };
    let answer = CaseAnswer::Feed(feed);
    let written = download::papers(asker, (&ask(SciList::Home), &answer), dir).await?;
    Ok(code.max(written))
}

fn searches(command: &SciCommand) -> Result<Vec<SciSearch>, Failure> {
    let SciCommand::Search {
        from,
        to,
        number: by,
        diary,
        party,
        judge,
        ..
    } = command
    else {
        return Ok(Vec::new());
    };
    if let Some((case_type, number, year)) = number(by)? {
        return Ok(vec![SciSearch::ByCaseNumber {
            case_type,
            number,
            year,
        }]);
    }
    if let (Some(number), Some(year)) = (*diary, by.year) {
        return Ok(vec![SciSearch::ByDiary { number, year }]);
    }
    if let (Some(name), Some(year)) = (party, by.year) {
        return Ok(vec![SciSearch::ByParty {
            name: name.clone(),
            year,
        }]);
    }
    let (Some(from), Some(to)) = (*from, *to) else {
        return Err(Failure::usage(
            "say what to search for: --from and --to, --case-type with --number and --year, --diary or --party with --year",
        ));
    };
    Ok(spans((from, to))?
        .into_iter()
        .map(|(from, to)| match judge {
            Some(judge) => SciSearch::ByJudge {
                judge: judge.clone(),
                from,
                to,
            },
            None => SciSearch::ByDate { from, to },
        })
        .collect())
}

/// A span in pieces that the portal takes, the first days first.
pub(super) fn spans((from, to): (Date, Date)) -> Result<Vec<(Date, Date)>, Failure> {
    if to < from {
        return Err(Failure::usage(format!(
            "--to {to} lies before --from {from}"
        )));
    }
    let mut out = Vec::new();
    let mut first = from;
    loop {
        let last = first.saturating_add(jiff::Span::new().days(MOST_DAYS - 1));
        if last >= to {
            out.push((first, to));
            return Ok(out);
        }
        out.push((first, last));
        match last.tomorrow() {
            Ok(next) => first = next,
            Err(_) => return Ok(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn spans_cover_every_day_once() {
        let spans = |from, to| spans((from, to)).map_err(|failure| failure.to_string());
        assert_eq!(spans(date(2024, 1, 1), date(2024, 1, 30)).unwrap().len(), 1);
        assert!(spans(date(2024, 1, 2), date(2024, 1, 1)).is_err());
        let pieces = spans(date(2024, 1, 1), date(2024, 3, 1)).unwrap();
        assert_eq!(
            pieces,
            [
                (date(2024, 1, 1), date(2024, 1, 30)),
                (date(2024, 1, 31), date(2024, 2, 29)),
                (date(2024, 3, 1), date(2024, 3, 1))
            ]
        );
    }
}

//! `nirnay sci`: the Supreme Court's own site.

use std::path::Path;

use jiff::civil::Date;
use nirnay_fetch::{CaseAnswer, CaseAsk, SciAsk, SciSearch};
use nirnay_model::{Case, CasePortal};
use nirnay_pipeline::exit;

use super::connect::{Asker, unexpected, with};
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
    let searches = match &args.command {
        SciCommand::Recent { .. } => Vec::new(),
        search @ SciCommand::Search { .. } => searches(search)?,
    };
    with(global, &args.connect, CasePortal::Sci, async |asker| {
        if let SciCommand::Recent { download } = &args.command {
            return recent(asker, show, download.as_deref()).await;
        }
        let mut cases: Vec<Case> = Vec::new();
        let several = searches.len() > 1;
        for search in searches {
            match asker.ask(CaseAsk::Sci(SciAsk::Search(search))).await {
                Ok(CaseAnswer::Cases(found)) => cases.extend(found.cases),
                Ok(_) => return Err(unexpected()),
                // Nothing in one piece of a span is no answer to the whole of it.
                Err(failure) if several && failure.exit_code() == exit::INCOMPLETE => {
                    talk(&format!("note: {failure}"));
                }
                Err(failure) => return Err(failure),
            }
        }
        show.cases(&cases);
        let SciCommand::Search {
            download: Some(dir),
            ..
        } = &args.command
        else {
            return Ok(0);
        };
        let mut code = 0;
        for case in &cases {
            code = code.max(super::case::documents(asker, case, dir).await?);
        }
        Ok(code)
    })
}

async fn recent(asker: &mut Asker, show: Show, dir: Option<&Path>) -> Outcome {
    let CaseAnswer::Feed(feed) = asker.ask(CaseAsk::Sci(SciAsk::Recent)).await? else {
        return Err(unexpected());
    };
    for row in &feed.quarantined {
        talk(&format!("note: an entry could not be read: {}", row.detail));
    }
    let heads = ["diary", "date", "kind", "number", "title"];
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
        ]
    });
    let Some(dir) = dir else { return Ok(0) };
    let mut missing = 0;
    for row in &feed.rows {
        let path = row.handle.path.clone();
        let diary = row.judgment.diary_number.as_deref().unwrap_or("diary");
        let day = row
            .judgment
            .decision_date
            .map(|day| day.to_string())
            .unwrap_or_default();
        match asker.ask(CaseAsk::Sci(SciAsk::Document { path })).await {
            Ok(CaseAnswer::Document(bytes)) => {
                let kept = download::keep(dir, &format!("{diary}_{day}"), &bytes)?;
                talk(&format!("{}", kept.display()));
            }
            Ok(_) => return Err(unexpected()),
            Err(failure) if failure.exit_code() == exit::INCOMPLETE => {
                missing += 1;
                talk(&format!("{diary} of {day}: {failure}"));
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(if missing == 0 { 0 } else { exit::INCOMPLETE })
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
    if to < from {
        return Err(Failure::usage(format!(
            "--to {to} lies before --from {from}"
        )));
    }
    let spans = spans(from, to);
    Ok(spans
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
fn spans(from: Date, to: Date) -> Vec<(Date, Date)> {
    let mut out = Vec::new();
    let mut first = from;
    loop {
        let last = first.saturating_add(jiff::Span::new().days(MOST_DAYS - 1));
        if last >= to {
            out.push((first, to));
            return out;
        }
        out.push((first, last));
        match last.tomorrow() {
            Ok(next) => first = next,
            Err(_) => return out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn spans_cover_every_day_once() {
        assert_eq!(spans(date(2024, 1, 1), date(2024, 1, 30)).len(), 1);
        let pieces = spans(date(2024, 1, 1), date(2024, 3, 1));
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

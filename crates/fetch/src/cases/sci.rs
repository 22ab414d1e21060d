//! The requests and replies of the Supreme Court's site.

use bytes::Bytes;
use jiff::civil::Date;
use nirnay_parse::sci::SearchForm;
use nirnay_parse::{CasesFound, FoundTotals, Refusal, sci};

use super::CaseAnswer;
use super::ask::{SciAsk, SciList, SciSearch};
use super::wire::{Plain, day, field};

/// The page whose form a search belongs to.
pub(super) fn start(ask: &SciAsk) -> &'static str {
    match ask {
        SciAsk::Search(SciSearch::ByDate { .. }) => "/judgements-judgement-date/",
        SciAsk::CaseTypes | SciAsk::Search(SciSearch::ByCaseNumber { .. }) => {
            "/judgements-case-no/"
        }
        SciAsk::Search(SciSearch::ByDiary { .. }) => "/judgements-diary-no/",
        SciAsk::Search(SciSearch::ByParty { .. }) => "/judgements-party-name/",
        SciAsk::Judges | SciAsk::Search(SciSearch::ByJudge { .. }) => "/judgements-judge-name/",
        SciAsk::Recent(SciList::Judgments) => "/latest-judgements/",
        SciAsk::Recent(SciList::Orders) => "/latest-orders/",
        SciAsk::Recent(SciList::Home) | SciAsk::Document { .. } => "/",
    }
}

/// The request of a search, without the captcha's answer.
pub(super) fn request(ask: &SciAsk, form: Option<&SearchForm>) -> Plain {
    let search = match ask {
        SciAsk::Recent(_) | SciAsk::CaseTypes | SciAsk::Judges => return Plain::get(start(ask)),
        SciAsk::Document { path } => return Plain::get(path.as_str()),
        SciAsk::Search(search) => search,
    };
    let (action, mut fields) = match search {
        SciSearch::ByDate { from, to } => (
            "get_judgements_judgement_date",
            vec![field("from_date", day(*from)), field("to_date", day(*to))],
        ),
        SciSearch::ByCaseNumber {
            case_type,
            number,
            year,
        } => (
            "get_judgements_case_no",
            vec![
                field("case_type", case_type),
                field("case_no", number.to_string()),
                field("year", year.to_string()),
            ],
        ),
        SciSearch::ByDiary { number, year } => (
            "get_judgements_diary_no",
            vec![
                field("diary_no", number.to_string()),
                field("year", year.to_string()),
            ],
        ),
        SciSearch::ByParty { name, year } => (
            "get_judgements_party_name",
            vec![field("party_name", name), field("year", year.to_string())],
        ),
        SciSearch::ByJudge { judge, from, to } => (
            "get_judgements_judge_name",
            vec![
                field("judge_name", judge),
                field("from_date", day(*from)),
                field("to_date", day(*to)),
            ],
        ),
    };
    fields.insert(0, field("action", action));
    if let Some(form) = form {
        fields.push(field("scid", &form.scid));
        fields.push(field(&form.token.0, &form.token.1));
    }
    fields.push(field("language", "en"));
    fields.push(field("es_ajax_request", "1"));
    let mut plain = Plain::get("/wp-admin/admin-ajax.php");
    plain.fields = fields;
    plain
}

/// What a reply says.
pub(super) fn read(ask: &SciAsk, body: &Bytes, today: Date) -> Result<CaseAnswer, Refusal> {
    Ok(match ask {
        SciAsk::CaseTypes => CaseAnswer::Choices(sci::choices(body, "case_type").into_result()?),
        SciAsk::Judges => CaseAnswer::Choices(sci::choices(body, "judge").into_result()?),
        SciAsk::Recent(_) => CaseAnswer::Feed(Box::new(sci::feed(body, today).into_result()?)),
        SciAsk::Search(_) => {
            let cases = sci::results(body, today).into_result()?;
            let rows = cases.len() as u64;
            let totals = FoundTotals {
                rows,
                ..FoundTotals::default()
            };
            CaseAnswer::Cases(CasesFound { cases, totals }.into())
        }
        SciAsk::Document { .. } => return Err(super::not_an_answer()),
    })
}

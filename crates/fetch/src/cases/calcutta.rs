//! The requests and replies of the Calcutta High Court's site.

use bytes::Bytes;
use nirnay_parse::{Refusal, calcutta};

use super::CaseAnswer;
use super::ask::CalcuttaAsk;
use super::wire::{Plain, field};

pub(super) const START: &str = "/highcourt_order_search";
pub(super) const PICTURE: &str = "/captcha/default";

/// The request, without the form's token and the captcha's answer.
pub(super) fn request(ask: &CalcuttaAsk) -> Plain {
    match ask {
        CalcuttaAsk::CaseTypes { establishment } => Plain::post(
            "/case_type_list_controller",
            vec![field("est", establishment)],
        ),
        CalcuttaAsk::ByNumber {
            establishment,
            case_type,
            number,
            year,
        } => Plain::post(
            "/order_judgment_search",
            vec![
                field("order_establishment", establishment),
                field("order_casetype", case_type),
                field("order_reg_no", number.to_string()),
                field("order_year", year.to_string()),
            ],
        ),
        CalcuttaAsk::Document { token } => {
            Plain::post("/show_pdf", vec![field("order_data", token)])
        }
    }
}

/// What a reply says; the address of a document is followed by the session.
pub(super) fn read(ask: &CalcuttaAsk, body: &Bytes) -> Result<CaseAnswer, Refusal> {
    Ok(match ask {
        CalcuttaAsk::CaseTypes { .. } => {
            CaseAnswer::Choices(calcutta::case_types(body).into_result()?)
        }
        CalcuttaAsk::ByNumber { .. } => {
            CaseAnswer::Case(Box::new(calcutta::search(body).into_result()?))
        }
        CalcuttaAsk::Document { .. } => return Err(super::not_an_answer()),
    })
}

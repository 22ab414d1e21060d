//! The home page of the Supreme Court: the latest judgments and orders.

use crate::case;
use crate::changes::Standing;
use crate::day;
use crate::docket::FeedItem;
use crate::markup::escape;
use crate::names;
use crate::random::Draw;
use crate::schedule::{self, Edit};

/// What an anchor of the feed prints.
pub(crate) struct FeedFacts {
    pub(crate) petitioner: String,
    pub(crate) respondent: String,
    pub(crate) number: String,
}

/// The facts of a feed row as it stands.
pub(crate) fn facts(item: &FeedItem, standing: Option<&Standing>) -> FeedFacts {
    let mut facts = first_facts(item);
    for edit in standing.iter().flat_map(|standing| &standing.edits) {
        match edit {
            Edit::Number(text) => facts.number.clone_from(text),
            Edit::Petitioner(text) => facts.petitioner.clone_from(text),
            Edit::Respondent(text) => facts.respondent.clone_from(text),
            _ => {}
        }
    }
    facts
}

fn first_facts(item: &FeedItem) -> FeedFacts {
    let mut draw = Draw::of(&[item.seed, 20]);
    let mut petitioner = case::party(&mut draw, "sci", 0.6).to_uppercase();
    let respondent = case::party(&mut draw, "sci", 0.4).to_uppercase();
    // A dash with blanks in a party's name shifts the columns of whoever cuts the text at dashes.
    if draw.chance(0.04) {
        petitioner.push_str(" - DECEASED");
    }
    let year = item.diary_year + draw.below(2) as u16;
    let number = format!(
        "{} No. {}/{year}",
        draw.pick(names::FEED_TYPES),
        draw.between(100, 29_999)
    );
    FeedFacts {
        petitioner,
        respondent,
        number,
    }
}

/// Diary number and year without a separator: `12342025`.
pub(crate) fn diary_of(item: &FeedItem) -> String {
    format!("{}{}", item.diary, item.diary_year)
}

/// `2026-04-24`.
pub(crate) fn date_of(item: &FeedItem) -> String {
    day::from_number(item.day).to_string()
}

fn query(item: &FeedItem) -> String {
    let kind = if item.judgment { 'j' } else { 'o' };
    format!(
        "diary_no={}&type={kind}&order_date={}&from=latest_judgements_order",
        diary_of(item),
        date_of(item)
    )
}

/// The address of the document below the portal's root.
pub(crate) fn document_path(item: &FeedItem) -> String {
    format!("/sci-get-pdf/?{}", query(item))
}

/// An anchor of the box.
fn anchor(base: &str, (item, standing, hostile): Standee<'_>) -> String {
    let mut facts = facts(item, standing);
    facts.petitioner = hostile.unwrap_or(facts.petitioner);
    let date = day::from_number(item.day);
    let (uploaded, at) = uploaded(item, standing);
    let (hour, minute, second) = (at / 3600 % 24, at / 60 % 60, at % 60);
    format!(
        "<a href=\"{base}/view-pdf/?{}\" target=\"_blank\"><i aria-hidden=\"true\" class=\"fa fa-file-pdf-o\"></i> \
         {} VS. {} - {} - Diary Number {} / {} -  <span style=\"color:red;\">{}</span>\
         <div style=\"color:#5959dd;\"> (Uploaded On {} {hour:02}:{minute:02}:{second:02})</div> </a>",
        escape(&query(item)),
        escape(&facts.petitioner),
        escape(&facts.respondent),
        facts.number,
        item.diary,
        item.diary_year,
        day::named(date),
        day::dashed(day::from_number(uploaded)),
    )
}

/// Day and second of the day, in India, at which a row was put on the page.
pub(crate) fn uploaded(item: &FeedItem, standing: Option<&Standing>) -> (i32, u32) {
    match standing.and_then(|standing| standing.listed_since) {
        Some(since) => (
            schedule::day_of(since),
            (since.as_second() + 19_800).rem_euclid(86_400) as u32,
        ),
        None => (item.day, item.second),
    }
}

/// A row of the feed, how it stands, and what a fault writes in place of its first party.
pub(crate) type Standee<'a> = (&'a FeedItem, Option<&'a Standing>, Option<String>);

/// The page. `base` is what stands before `/view-pdf/` in the anchors.
pub(crate) fn page<'a>(base: &str, items: impl Iterator<Item = Standee<'a>>) -> String {
    let mut judgments = Vec::new();
    let mut orders = Vec::new();
    for standee in items {
        let list = if standee.0.judgment {
            &mut judgments
        } else {
            &mut orders
        };
        if list.len() < 25 {
            list.push(format!("<li>{}</li>\n", anchor(base, standee)));
        }
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-US\"><head><meta charset=\"UTF-8\"><title>Supreme Court of India</title></head>\n\
         <body class=\"home\"><a href=\"{base}/judgements-case-no/\">Case Number</a>\n\
         <div class=\"gen-list\"><h2>Latest Judgements / Orders</h2>\n<ul id=\"latest-judgements\">\n{}</ul>\n\
         <ul id=\"latest-orders\">\n{}</ul></div>\n<a href=\"{base}/latest-judgements/\">View All</a></body></html>\n",
        judgments.concat(),
        orders.concat()
    )
}

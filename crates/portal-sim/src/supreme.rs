//! The Supreme Court's site: the latest judgments and orders, and their documents.

use crate::site::Site;

use crate::bench;
use crate::drift;
use crate::fault::FaultKind;
use crate::feed::{self, Standee};
use crate::forge;
use crate::judgments;
use crate::log::Outcome;
use crate::markup::escape;
use crate::paper;
use crate::reply::Reply;
use crate::route::Route;
use crate::supreme_search;
use crate::thinning::Thinning;
use crate::world::{Request, State, Visit, World};

/// What a request is for.
pub(crate) fn route(request: &Request) -> Route {
    if let Some(route) = supreme_search::route(request) {
        return route;
    }
    match request.path.as_str() {
        "/"
        | "/latest-judgements/"
        | "/latest-judgements"
        | "/latest-orders/"
        | "/latest-orders" => Route::Feed,
        "/sci-get-pdf/" | "/sci-get-pdf" => Route::Document,
        "/robots.txt" => Route::Robots,
        _ => Route::Other,
    }
}

/// Answers a request.
pub(crate) fn answer(world: &World, state: &mut State, visit: &mut Visit<'_>) -> Reply {
    let base = world.bases.get(&Site::SciFeed).map_or("", String::as_str);
    if visit.fault(FaultKind::LoginPage).is_some() {
        return Reply::html(
            200,
            forge::page(
                "Log In",
                "<form id=\"loginform\"><input name=\"log\"><input name=\"pwd\"></form>",
            ),
        );
    }
    if supreme_search::route(visit.request).is_some() {
        return supreme_search::answer(world, state, visit);
    }
    match visit.route {
        Route::Feed => {
            let path = visit.request.path.as_str();
            let wanted = |judgment: bool| match path {
                "/" => true,
                _ => path.starts_with("/latest-judgements") == judgment,
            };
            let items = listed(world, state, visit);
            let items = items.into_iter().filter(|(item, ..)| wanted(item.judgment));
            let page = feed::page(base, items);
            Reply::html(
                200,
                visit
                    .drifts()
                    .fold(page, |page, fault| drift::feed(fault, page)),
            )
        }
        Route::Document => document(world, state, visit),
        Route::Robots => match state.robots.get(&Site::SciFeed) {
            Some(text) => Reply::new(200, "text/plain; charset=utf-8", text.clone()),
            None => judgments::missing(visit),
        },
        _ if visit.request.path.starts_with("/view-pdf") => {
            let query = &visit.request.query;
            let part = |name: &str| query.get(name).unwrap_or("").to_owned();
            let address = format!(
                "/sci-get-pdf/?diary_no={}&type={}&order_date={}&from={}",
                part("diary_no"),
                part("type"),
                part("order_date"),
                part("from")
            );
            Reply::html(
                200,
                format!(
                    "<!DOCTYPE html><html><body><iframe src=\"{}\"></iframe></body></html>",
                    escape(&address)
                ),
            )
        }
        _ => Reply::html(
            404,
            forge::page(
                "Page not found",
                "It looks like nothing was found at this location.",
            ),
        ),
    }
}

/// The rows on the page, the latest upload first.
fn listed<'a>(world: &'a World, state: &'a State, visit: &Visit<'_>) -> Vec<Standee<'a>> {
    let thin: Vec<Thinning> = visit.lasting.iter().filter_map(Thinning::of).collect();
    let mut items: Vec<Standee<'a>> = world
        .config
        .docket
        .feed_items()
        .filter(|(id, _)| state.changes.lists(*id) && thin.iter().all(|t| t.keeps(*id, bench::SCR)))
        .map(|(id, item)| (item, state.changes.standing(id), state.hostile_feed(id)))
        .collect();
    if items.iter().any(|(_, standing, _)| standing.is_some()) {
        items.sort_by_key(|(item, standing, _)| std::cmp::Reverse(feed::uploaded(item, *standing)));
    }
    items
}

fn document(world: &World, state: &State, visit: &mut Visit<'_>) -> Reply {
    let docket = &world.config.docket;
    let query = &visit.request.query;
    let invalid = || Reply::html(200, "Invalid details.");
    if query.said("from") != Some("latest_judgements_order") {
        visit.remark("no from");
        visit.notes.outcome = Some(Outcome::Refused);
        return invalid();
    }
    let part = |name: &str| query.get(name).unwrap_or("").to_owned();
    let (diary, date) = (part("diary_no"), part("order_date"));
    let Some((asked, item)) = docket.feed_row(&diary, part("type") == "j", &date) else {
        visit.remark("no such order");
        visit.notes.outcome = Some(Outcome::Missing);
        return invalid();
    };
    let (mut sent, mut item) = (asked, *item);
    if let Some(fault) = visit.fault(FaultKind::WrongDocument) {
        let others: Vec<_> = docket.feed_items().filter(|(id, _)| *id != asked).collect();
        let place = match fault.rule.pick.as_deref() {
            Some("first_row") => 0,
            _ => fault.draw.clone().below(others.len() as u32) as usize,
        };
        if let Some((id, other)) = others.get(place) {
            (sent, item) = (*id, **other);
        }
    }
    visit.notes.row = Some(sent);
    if sent != asked {
        visit.remark(format!("asked for row {}", asked.0));
    }
    let version = state.changes.standing(sent).map_or(0, |s| s.document);
    Reply::new(200, "application/pdf", paper::of_feed(&item, version)).with(
        "content-disposition",
        format!("inline; filename=\"{diary}_{date}.pdf\""),
    )
}

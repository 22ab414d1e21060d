//! A list of orders by itself: the older form of a search for orders.

use nirnay_model::Order;

use super::plain;
use crate::body::unknown;
use crate::case_page::{has_orders, orders as rows};
use crate::flat::tables;
use crate::{Refusal, Reply, page};

/// Reads a table of orders: number, date, kind, judge and link.
pub fn orders(body: &[u8]) -> Reply<Vec<Order>> {
    read(body).into()
}

fn read(body: &[u8]) -> Result<Vec<Order>, Refusal> {
    let text = plain::text_of(body)?;
    if !text.starts_with('<') {
        return Err(plain::refusal(&text));
    }
    let tables = tables(&text).map_err(unknown)?;
    let found: Vec<Order> = tables
        .iter()
        .filter(|table| has_orders(table))
        .flat_map(rows)
        .collect();
    if found.is_empty() {
        return Err(page::classify(&text)
            .map_or_else(|said| said, |body| body.unexpected("a table of orders")));
    }
    Ok(found)
}

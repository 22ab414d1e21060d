//! Orders: their lists, and where a document lies.

use nirnay_model::Order;
use serde::Serialize;

use super::answer::{self, Told};
use super::cases;
use crate::body::unknown;
use crate::flat::tables;
use crate::found::CasesFound;
use crate::{Refusal, Reply, case_page, text};

/// What a search for orders found: orders, or the cases that have some.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrdersFound {
    /// The orders, where the portal lists them at once.
    pub orders: Vec<Order>,
    /// The cases, where it lists those first; their pages list the orders.
    pub cases: Option<CasesFound>,
}

/// Reads what a search for orders found.
pub fn orders(body: &[u8]) -> Reply<Told<OrdersFound>> {
    answer::html(body, &["order_data", "case_data", "court_dt_data"])
        .and_then(|told| {
            Ok(Told {
                value: read(&told.value)?,
                token: told.token,
            })
        })
        .into()
}

fn read(html: &str) -> Result<OrdersFound, Refusal> {
    let page = crate::flat::without_scripts(html);
    let tables = tables(&page).map_err(unknown)?;
    let mut found = OrdersFound {
        orders: Vec::new(),
        cases: None,
    };
    let mut listed = false;
    for table in tables.iter().filter(|table| case_page::has_orders(table)) {
        listed = true;
        found.orders.extend(case_page::orders(table));
    }
    if !listed {
        found.cases = Some(cases::table(html)?);
    }
    Ok(found)
}

/// Reads where a document lies: the path under `order`.
pub fn document_path(body: &[u8]) -> Reply<Told<String>> {
    answer::html(body, &["order"])
        .and_then(|told| {
            let path = told.value.trim();
            let good = path.len() <= 2048
                && path.bytes().all(|b| b.is_ascii_graphic())
                && !path.contains("://")
                && !path.starts_with("//")
                && !path.contains("..");
            if !good || path.is_empty() {
                return Err(unknown(format!(
                    "no path of a document: {:?}",
                    text::clip(path, 80)
                )));
            }
            Ok(Told {
                value: path.to_owned(),
                token: told.token,
            })
        })
        .into()
}

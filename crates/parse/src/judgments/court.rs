//! Which court a row belongs to.

use std::collections::HashMap;
use std::sync::LazyLock;

use nirnay_model::{BenchCode, Cnr, Court, courts};

use crate::text;

/// The court of a row, with what is odd about it.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) court: &'static Court,
    /// As printed, or the registry's name where the row prints none.
    pub(super) name: String,
    pub(super) flags: Vec<String>,
}

/// The answers of the registry that nearly every row asks for.
struct LookedUp {
    benches: HashMap<&'static str, &'static Court>,
    names: HashMap<&'static str, &'static Court>,
}

static LOOKED_UP: LazyLock<LookedUp> = LazyLock::new(|| {
    let mut known = LookedUp {
        benches: HashMap::new(),
        names: HashMap::new(),
    };
    for court in courts().iter() {
        for bench in &court.benches {
            let code = bench.code.as_str();
            known
                .benches
                .extend(courts().by_bench(code).map(|court| (code, court)));
        }
        for name in court.aliases.iter().chain([&court.name]) {
            known
                .names
                .extend(courts().by_name(name).map(|court| (name.as_str(), court)));
        }
    }
    known
});

/// The longest name that is looked up, in bytes.
const LONGEST_NAME: usize = 300;

/// The court of this name: at once where it is spelled as in the registry.
fn by_name(printed: &str) -> Option<&'static Court> {
    if printed.len() > LONGEST_NAME {
        return None;
    }
    let known = LOOKED_UP.names.get(printed).copied();
    known.or_else(|| courts().by_name(printed))
}

/// Finds the High Court of a row from the database in its document path, the name printed and the
/// CNR, in this order of trust. A path and a name that contradict each other name no court; a CNR
/// that does is kept and flagged.
pub(super) fn high_court(
    bench: &BenchCode,
    printed: Option<&str>,
    cnr: Option<&Cnr>,
) -> Result<Found, String> {
    let by_path = LOOKED_UP.benches.get(bench.as_str()).copied();
    let by_name = printed.and_then(by_name);
    let by_cnr = cnr.and_then(|cnr| courts().by_cnr_prefix(cnr.prefix()));
    let mut flags = Vec::new();
    if let (Some(path), Some(name)) = (by_path, by_name)
        && path.code != name.code
    {
        return Err(format!(
            "the path says {}, the row prints {}",
            path.name, name.name
        ));
    }
    if by_path.is_none() {
        flags.push(format!("unknown_bench:{bench}"));
    }
    if printed.is_some() && by_name.is_none() {
        flags.push("unknown_court_name".to_owned());
    }
    let court = by_path.or(by_name).or(by_cnr).ok_or_else(|| {
        let name = text::clip(printed.unwrap_or("nothing"), 200);
        format!("database {bench}, printed name {name:?}: no known court")
    })?;
    flags.extend(mismatch(court, cnr));
    let name = printed.map_or_else(|| court.name.clone(), str::to_owned);
    Ok(Found { court, name, flags })
}

/// The Supreme Court, for rows of its reports.
pub(super) fn supreme(printed: Option<&str>, cnr: Option<&Cnr>) -> Result<Found, String> {
    let court = courts()
        .find("sci")
        .ok_or("the registry has no Supreme Court")?;
    let mut flags = Vec::new();
    let known = printed.filter(|name| court.is_named(name));
    if printed.is_some() && known.is_none() {
        flags.push("unknown_court_name".to_owned());
    }
    flags.extend(mismatch(court, cnr));
    let name = printed.map_or_else(|| court.name.clone(), str::to_owned);
    Ok(Found { court, name, flags })
}

fn mismatch(court: &Court, cnr: Option<&Cnr>) -> Option<String> {
    let prefix = cnr?.prefix();
    let other = !court.cnr_prefixes.iter().any(|known| known == prefix);
    other.then(|| "cnr_court_mismatch".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(
        bench: &str,
        printed: Option<&str>,
        cnr: &str,
    ) -> Result<(String, Vec<String>), String> {
        let cnr = cnr.parse().ok();
        high_court(&bench.parse().unwrap(), printed, cnr.as_ref())
            .map(|found| (found.court.slug.clone(), found.flags))
    }

    #[test]
    fn trust_goes_path_name_cnr() {
        let delhi = Some("High Court of Delhi");
        let ok = |slug: &str, flags: &[&str]| {
            Ok((
                slug.to_owned(),
                flags.iter().map(|f| (*f).to_owned()).collect(),
            ))
        };
        assert_eq!(find("dhcdb", delhi, "DLHC010000122024"), ok("delhi", &[]));
        assert_eq!(
            find("dhcdb", delhi, "GJHC010000122024"),
            ok("delhi", &["cnr_court_mismatch"])
        );
        assert_eq!(
            find("newdb", delhi, ""),
            ok("delhi", &["unknown_bench:newdb"])
        );
        assert_eq!(
            find("dhcdb", Some("Court of X"), ""),
            ok("delhi", &["unknown_court_name"])
        );
        assert_eq!(
            find("newdb", Some("Court of X"), "GJHC010000122024"),
            ok("gujarat", &["unknown_bench:newdb", "unknown_court_name"])
        );
        let endless = "High Court ".repeat(4_000);
        assert!(find("newdb", Some(&endless), "").unwrap_err().len() < 1_000);
        assert!(find("newas", delhi, "").is_err());
        assert!(find("newdb", None, "").is_err());
    }
}

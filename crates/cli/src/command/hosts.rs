//! What the portals may be asked now, read from the stored states without changing them.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use nirnay_fetch::{Clock as _, HostReport, HostState, Politeness, TokioClock};
use nirnay_store::{HostStateFile, StoreError};
use serde_json::{Value, json};

use super::crawl::{is_loopback, shared_host_state_dir};
use crate::output::{count, size};

/// A host and what its stored state says; the error is that of a damaged state.
pub(super) struct Host {
    name: String,
    found: Result<HostReport, String>,
}

/// The hosts of these names (`host:port`) that have a stored state.
pub(super) fn read(
    lake: &Path,
    names: impl IntoIterator<Item = String>,
    politeness: &Politeness,
) -> Result<Vec<Host>, StoreError> {
    let clock = TokioClock::default();
    let mut hosts = Vec::new();
    for name in names {
        let Some(bytes) = stored(lake, &name)? else {
            continue;
        };
        let found = HostState::decode(&bytes)
            .map(|state| HostReport::of(&name, state, politeness, &clock))
            .map_err(|damage| {
                format!("{damage}; the next run sets it aside and sends nothing for a day")
            });
        hosts.push(Host { name, found });
    }
    Ok(hosts)
}

/// The stored state of a host: a lake keeps those of this machine itself.
fn stored(lake: &Path, host: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let own = lake.join("hosts");
    let shared = shared_host_state_dir(lake);
    let dirs: [PathBuf; 2] = if is_loopback(host) {
        [own, shared]
    } else {
        [shared, own]
    };
    for dir in dirs {
        let bytes = HostStateFile::new(dir).read(host)?;
        if bytes.is_some() {
            return Ok(bytes);
        }
    }
    Ok(None)
}

impl Host {
    /// For people: pace and budgets, then what stands in the way.
    pub(super) fn lines(&self, politeness: &Politeness) -> Vec<String> {
        let name = &self.name;
        let report = match &self.found {
            Ok(report) => report,
            Err(why) => return vec![format!("host       {name}: {why}")],
        };
        let now = TokioClock::default().now();
        let (day, hour) = (report.last_day, report.last_hour);
        let when = match (&report.stopped, report.next_request) {
            (Some(_), _) => "stopped".to_owned(),
            (None, Some(at)) => format!("may be asked from {at:.0}"),
            (None, None) => "may be asked now".to_owned(),
        };
        let mut lines = vec![
            format!(
                "host       {name}: {when}, every {:?}; {} of {} requests in the last hour",
                report.interval,
                count(hour.requests),
                count(politeness.per_hour.into())
            ),
            format!(
                "           in the last day {} of {} requests, {} of {}, {} of {} captcha answers",
                count(day.requests),
                count(politeness.per_day.into()),
                size(day.bytes),
                size(politeness.bytes_per_day),
                count(day.captchas),
                count(politeness.captchas_per_day.into())
            ),
        ];
        let standing = report.standing(politeness, now);
        if let Some(reason) = report.stopped.as_ref().filter(|_| standing.is_empty()) {
            lines.push(format!("           {reason}"));
        }
        for stop in standing {
            let (until, reason) = (stop.until, stop.reason());
            lines.push(format!("           nothing before {until:.0}: {reason}"));
        }
        lines
    }

    pub(super) fn json(&self, politeness: &Politeness) -> Value {
        let report = match &self.found {
            Ok(report) => report,
            Err(why) => return json!({ "host": self.name, "error": why }),
        };
        let now: Timestamp = TokioClock::default().now();
        let stops: Vec<Value> = report
            .standing(politeness, now)
            .into_iter()
            .map(|stop| {
                json!({
                    "cause": stop.cause, "why": stop.why, "since": stop.since, "until": stop.until,
                })
            })
            .collect();
        json!({
            "host": self.name,
            "next_request": report.next_request,
            "stopped": report.stopped.as_ref().map(ToString::to_string),
            "stops": stops,
            "interval_ms": report.interval.as_millis() as u64,
            "last_hour": report.last_hour,
            "last_day": report.last_day,
            "budget": {
                "requests_per_hour": politeness.per_hour,
                "requests_per_day": politeness.per_day,
                "bytes_per_day": politeness.bytes_per_day,
                "captchas_per_hour": politeness.captchas_per_hour,
                "captchas_per_day": politeness.captchas_per_day,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_stop_is_told_and_the_file_stays_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let files = HostStateFile::new(dir.path().join("hosts"));
        let lost = HostState::lost(Timestamp::now(), "the power went");
        for (host, bytes) in [
            ("127.0.0.1:1", lost.encode()),
            ("127.0.0.1:2", HostState::default().encode()),
            ("127.0.0.1:3", b"no state".to_vec()),
        ] {
            files.update(host, &mut |_| bytes.clone()).unwrap();
        }
        let politeness = Politeness::default();
        let names = (1..=4).map(|port| format!("127.0.0.1:{port}"));
        let hosts = read(dir.path(), names, &politeness).unwrap();
        let told: Vec<String> = hosts
            .iter()
            .map(|host| host.lines(&politeness).join("\n"))
            .collect();
        assert_eq!(told.len(), 3, "one is not known");
        assert!(told[0].contains("stopped") && told[0].contains("the power went"));
        assert!(told[1].contains("may be asked now") && told[1].contains("0 of 6,000 requests"));
        assert!(told[2].contains("no state of a host"), "{}", told[2]);
        assert_eq!(
            hosts[0].json(&politeness)["stops"][0]["cause"],
            "state_lost"
        );
        assert_eq!(files.read("127.0.0.1:1").unwrap(), Some(lost.encode()));
    }
}

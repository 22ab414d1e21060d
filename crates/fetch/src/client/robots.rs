//! `robots.txt`, fetched like everything else: through the gate.

use super::attempts::Attempts;
use super::line::{Exchange, Line};
use crate::{ErrorClass, FetchError, StopReason};

/// Hops followed within the origin.
const MOST_HOPS: u32 = 5;

impl Line {
    /// Reads `robots.txt` if it is not known or a day old. A host that has none (4xx) allows
    /// everything; one whose file cannot be read forbids everything.
    pub(super) async fn ensure_robots(&self) -> Result<(), FetchError> {
        if !self.deps.gate.robots_due()? {
            return Ok(());
        }
        let mut attempts = Attempts::default();
        let mut request = self.routes.robots();
        let mut hops = 0;
        loop {
            let permit = self
                .deps
                .gate
                .enter(request.kind, None, &self.deps.events)
                .await?;
            let why = match self.send_once(permit, request.clone(), 0, &[]).await? {
                Exchange::Served { reply, .. } => match reply.status {
                    200..=299 => {
                        let text = String::from_utf8_lossy(&reply.body);
                        return Ok(self.deps.gate.keep_robots(Some(&text))?);
                    }
                    400..=499 => return Ok(self.deps.gate.keep_robots(None)?),
                    status => {
                        let location = reply.header("location").unwrap_or("");
                        hops += 1;
                        match self
                            .routes
                            .moved(&request, location)
                            .filter(|_| hops <= MOST_HOPS)
                        {
                            Some(moved) => request = moved,
                            None => {
                                return Err(self.no_robots(format!("HTTP {status} to elsewhere")));
                            }
                        }
                        continue;
                    }
                },
                Exchange::Throttled { until } => {
                    self.throttled(&mut attempts, until)?;
                    continue;
                }
                Exchange::Failed { why, .. } => why,
                Exchange::TooLarge { why } => return Err(self.no_robots(why)),
            };
            let tried = attempts.failure();
            if !tried.allowed {
                return Err(self.no_robots(why));
            }
            self.retry(tried, ErrorClass::Transient, &why).await?;
        }
    }

    /// The file cannot be read: nothing may be fetched, and the host is left alone for an hour.
    fn no_robots(&self, why: String) -> FetchError {
        match self.deps.gate.robots_unreachable(&why) {
            Ok(()) => StopReason::RobotsUnreachable { why }.into(),
            Err(error) => error.into(),
        }
    }
}

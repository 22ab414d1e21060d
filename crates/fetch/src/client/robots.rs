//! `robots.txt`, fetched like everything else: through the gate.

use super::attempts::Attempts;
use super::line::{Exchange, Line};
use crate::gate::MOST_ROBOTS_BYTES;
use crate::{ErrorClass, FetchError, HttpReply, StopReason};

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
                .enter(request.kind, &self.deps.events)
                .await?;
            let why = match self.send(permit, request.clone(), 0, &[]).await? {
                Exchange::Served { reply, .. } => match reply.status {
                    200..=299 => return Ok(self.deps.gate.keep_robots(Some(rules(&reply)))?),
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
                            None => return Err(unreachable(format!("HTTP {status} to elsewhere"))),
                        }
                        continue;
                    }
                },
                Exchange::Throttled { until } => {
                    self.throttled(&mut attempts, until)?;
                    continue;
                }
                Exchange::Failed { why, .. } => why,
                Exchange::TooLarge { why } => return Err(unreachable(why)),
            };
            let gave_up = ErrorClass::Stopped(StopReason::RobotsUnreachable { why: why.clone() });
            self.retry(attempts.failure(), gave_up, &why).await?;
        }
    }
}

fn rules(reply: &HttpReply) -> String {
    let most = reply.body.len().min(MOST_ROBOTS_BYTES);
    String::from_utf8_lossy(reply.body.get(..most).unwrap_or_default()).into_owned()
}

fn unreachable(why: String) -> FetchError {
    StopReason::RobotsUnreachable { why }.into()
}

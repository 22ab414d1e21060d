//! Where questions wait and are worked on: so many at a time, for so long.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::problem::Problem;

/// Waiting for a free place is no part of the answer's time; longer than this nobody waits.
const LONGEST_WAIT: Duration = Duration::from_secs(3);

/// The places at which questions are answered on threads of their own.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    places: Arc<Semaphore>,
    time: Duration,
    wait: Duration,
}

impl Desk {
    pub(crate) fn new(places: usize, time: Duration) -> Self {
        Self {
            places: Arc::new(Semaphore::new(places)),
            time,
            wait: LONGEST_WAIT,
        }
    }

    /// Runs `job` when a place is free. A job that takes too long is no longer waited for; it keeps its place
    /// until it ends, so slow questions cannot pile up behind each other.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let place = self.place().await?;
        let work = tokio::task::spawn_blocking(move || {
            let answer = job();
            drop(place);
            answer
        });
        match tokio::time::timeout(self.time, work).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(failed)) => {
                tracing::error!("a question ended a thread: {failed}");
                Err(Problem::new(
                    axum::http::StatusCode::INTERNAL_SERVER_ERROR,
                    "the answer failed",
                    "the server's log has the cause; `nirnay fsck` looks for damage",
                ))
            }
            Err(_) => Err(Problem::slow()),
        }
    }

    /// A place for work that streams its answer and is bounded by its reader.
    pub(crate) async fn place(&self) -> Result<tokio::sync::OwnedSemaphorePermit, Problem> {
        let places = Arc::clone(&self.places);
        tokio::time::timeout(self.wait, places.acquire_owned())
            .await
            .map_err(|_| Problem::busy())?
            .map_err(|_| Problem::busy())
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;

    #[tokio::test]
    async fn a_slow_question_is_given_up_and_a_full_desk_says_so() {
        let desk = Desk {
            wait: Duration::from_millis(20),
            ..Desk::new(1, Duration::from_millis(20))
        };
        assert_eq!(desk.ask(|| Ok(1)).await, Ok(1));
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let slow = desk.ask(move || {
            wait.recv().ok();
            Ok(2)
        });
        assert_eq!(slow.await.unwrap_err().status, StatusCode::GATEWAY_TIMEOUT);
        // The slow one still has the only place.
        let full = desk.ask(|| Ok(3)).await;
        assert_eq!(full.unwrap_err().status, StatusCode::SERVICE_UNAVAILABLE);
        drop(go);
        let desk = Desk {
            wait: LONGEST_WAIT,
            ..desk
        };
        assert_eq!(desk.ask(|| Ok(4)).await, Ok(4));
    }
}

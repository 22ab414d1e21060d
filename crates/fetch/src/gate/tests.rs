use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::{
    BudgetError, ErrorClass, HttpReply, ManualClock, MemoryHostStates, NeverStop, UnlimitedRun,
    stage,
};

const START: &str = "2026-03-01T03:00:00Z";

struct Rig {
    clock: Arc<ManualClock>,
    states: MemoryHostStates,
    politeness: Politeness,
}

impl Rig {
    fn new(politeness: Politeness) -> Self {
        let clock = Arc::new(ManualClock::at(START.parse().unwrap()));
        Self {
            clock,
            states: MemoryHostStates::default(),
            politeness,
        }
    }

    fn gate(&self) -> Arc<HostGate> {
        self.gate_with(Arc::new(NeverStop), Arc::new(UnlimitedRun))
    }

    fn gate_with(&self, stop: Arc<dyn StopSignal>, budget: Arc<dyn RunBudget>) -> Arc<HostGate> {
        let deps = GateDeps {
            store: Arc::new(self.states.clone()),
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            stop,
            budget,
            seed: 7,
        };
        let base = "https://scr.sci.gov.in".parse().unwrap();
        Arc::new(HostGate::new(&base, self.politeness.clone(), deps).unwrap())
    }

    fn seconds(&self) -> u64 {
        self.clock.monotonic().as_secs()
    }
}

fn polite() -> Politeness {
    Politeness {
        contact: "mailto:crawl@example.org".to_owned(),
        ..Politeness::default()
    }
}

fn silent() -> EventSink {
    Arc::new(|_| {})
}

/// One request that is answered with `reply` after `took`.
async fn request(
    rig: &Rig,
    gate: &Arc<HostGate>,
    reply: HttpReply,
    took: Duration,
) -> Result<Settled, ErrorClass> {
    let permit = gate
        .enter(CaptureKind::Search, None, &silent())
        .await
        .map_err(|error| error.class())?;
    rig.clock.advance(took);
    Ok(permit.settle(Ok(&reply)).unwrap())
}

fn throttled(retry_after: &str) -> HttpReply {
    stage::with_header(stage::reply(429, "later"), "Retry-After", retry_after)
}

/// What a simulated day's log breaks: the distance, the budgets, the pauses.
fn breaches(log: &[(u64, u64)], pauses: &[(u64, u64)], politeness: &Politeness) -> Vec<String> {
    let mut found = Vec::new();
    for pair in log.windows(2) {
        if pair[1].0 < pair[0].1 + politeness.min_interval.as_secs() {
            found.push(format!(
                "{} after a request that ended at {}",
                pair[1].0, pair[0].1
            ));
        }
    }
    for (first, (start, _)) in log.iter().enumerate() {
        for (span, budget) in [(3_600, politeness.per_hour), (86_400, politeness.per_day)] {
            let within = log[first..]
                .iter()
                .take_while(|(at, _)| *at < start + span)
                .count();
            if within > budget as usize {
                found.push(format!("{within} requests within {span} s from {start}"));
            }
        }
    }
    for (from, to) in pauses {
        found.extend(
            log.iter()
                .filter(|(at, _)| from < at && at < to)
                .map(|(at, _)| format!("{at} within a pause until {to}")),
        );
    }
    found
}

/// Two simulated days with restarts at random; `forget` plants the bug of a state that does not
/// outlive its process.
async fn simulated_days(seed: u64, forget: bool) -> (usize, Vec<String>) {
    let politeness = Politeness {
        per_hour: 120,
        per_day: 700,
        max_wait: Duration::from_secs(1 << 20),
        ..polite()
    };
    let mut rig = Rig::new(politeness);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut gate = rig.gate();
    let (mut log, mut pauses) = (Vec::new(), Vec::new());
    while rig.seconds() < 2 * 86_400 {
        if rng.random_ratio(1, 8) {
            if forget {
                rig.states = MemoryHostStates::default();
            }
            gate = rig.gate();
        }
        let permit = gate
            .enter(CaptureKind::Search, None, &silent())
            .await
            .unwrap();
        let sent = rig.seconds();
        rig.clock
            .advance(Duration::from_secs(rng.random_range(0..3)));
        log.push((sent, rig.seconds()));
        if rng.random_ratio(1, 60) {
            let asked: u64 = rng.random_range(0..900);
            pauses.push((rig.seconds(), rig.seconds() + asked.max(60)));
            permit.settle(Ok(&throttled(&asked.to_string()))).unwrap();
        } else if rng.random_ratio(1, 30) {
            drop(permit);
        } else {
            permit.settle(Ok(&stage::reply(200, "x"))).unwrap();
            gate.progress();
        }
    }
    let found = breaches(&log, &pauses, &rig.politeness);
    (log.len(), found)
}

#[tokio::test]
async fn a_simulated_day_with_restarts_keeps_every_bound() {
    for seed in 0..4 {
        let (requests, found) = simulated_days(seed, false).await;
        assert!(found.is_empty(), "seed {seed}: {found:?}");
        assert!(
            (1_200..=1_401).contains(&requests),
            "the budget is used: {requests} requests in two days"
        );
    }
}

#[tokio::test]
async fn a_state_that_dies_with_its_process_would_be_noticed() {
    let (_, found) = simulated_days(0, true).await;
    assert!(found.len() > 100, "{}", found.len());
}

#[tokio::test]
async fn a_wait_beyond_the_cap_ends_the_run() {
    let rig = Rig::new(polite());
    let gate = rig.gate();
    let settled = request(&rig, &gate, throttled("1200"), Duration::ZERO).await;
    assert!(matches!(settled, Ok(Settled::Paused { .. })), "{settled:?}");
    let stopped = request(&rig, &rig.gate(), stage::pdf(), Duration::ZERO).await;
    let Err(ErrorClass::Stopped(StopReason::WaitTooLong {
        until,
        why: WaitReason::Pause,
    })) = stopped
    else {
        panic!("{stopped:?}")
    };
    assert_eq!(until.to_string(), "2026-03-01T03:20:00Z");
    assert_eq!(rig.seconds(), 0, "it does not hang");
    rig.clock.advance(Duration::from_mins(20));
    assert_eq!(
        request(&rig, &rig.gate(), stage::pdf(), Duration::ZERO).await,
        Ok(Settled::Fine)
    );
}

#[tokio::test]
async fn a_pause_beyond_its_cap_is_told_apart() {
    let rig = Rig::new(polite());
    let gate = rig.gate();
    let settled = request(&rig, &gate, throttled("1000000000"), Duration::ZERO).await;
    assert!(
        matches!(settled, Ok(Settled::LongPause { .. })),
        "{settled:?}"
    );
}

#[tokio::test]
async fn setting_the_wall_clock_does_not_change_the_pace() {
    let rig = Rig::new(polite());
    let gate = rig.gate();
    for wall in [
        "2027-03-01T00:00:00Z",
        "2025-03-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "2026-03-01T03:00:00Z",
    ] {
        assert_eq!(
            request(&rig, &gate, throttled("90"), Duration::ZERO)
                .await
                .ok()
                .map(|_| ()),
            Some(())
        );
        let before = rig.seconds();
        rig.clock.set_wall(wall.parse().unwrap());
        let next = request(&rig, &gate, stage::pdf(), Duration::ZERO).await;
        match next {
            Ok(_) => assert!(
                rig.seconds() >= before + 90,
                "{wall}: {} s",
                rig.seconds() - before
            ),
            // Set back, the stored pause looks longer than a run may wait.
            Err(ErrorClass::Stopped(StopReason::WaitTooLong { .. })) => {
                rig.clock.advance(Duration::from_hours(6));
                assert!(
                    request(&rig, &gate, stage::pdf(), Duration::ZERO)
                        .await
                        .is_ok(),
                    "{wall}"
                );
            }
            Err(other) => panic!("{wall}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn the_slot_of_another_process_is_waited_for() {
    let rig = Rig::new(polite());
    let (ours, theirs) = (rig.gate(), rig.gate());
    let permit = theirs
        .enter(CaptureKind::Search, None, &silent())
        .await
        .unwrap();
    let entering = tokio::spawn(async move {
        ours.enter(CaptureKind::Search, None, &silent())
            .await
            .map(|_| ())
    });
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    assert!(!entering.is_finished(), "one request in flight");
    permit.settle(Ok(&stage::pdf())).unwrap();
    let ended = rig.clock.monotonic();
    entering.await.unwrap().unwrap();
    assert!(
        rig.clock.monotonic() >= ended + Duration::from_secs(1),
        "and the pace holds across processes"
    );
}

#[tokio::test]
async fn a_slot_that_never_frees_ends_the_run() {
    let rig = Rig::new(polite());
    let _held = rig.states.hold("scr.sci.gov.in:443").unwrap().unwrap();
    let stopped = request(&rig, &rig.gate(), stage::pdf(), Duration::ZERO).await;
    let expected = WaitReason::OtherProcess;
    assert!(
        matches!(stopped, Err(ErrorClass::Stopped(StopReason::WaitTooLong { why, .. })) if why == expected)
    );
    assert!((890..=910).contains(&rig.seconds()), "{}", rig.seconds());
}

#[tokio::test]
async fn in_one_process_requests_follow_each_other() {
    let rig = Rig::new(polite());
    let gate = rig.gate();
    let first = gate
        .enter(CaptureKind::Search, None, &silent())
        .await
        .unwrap();
    let second = {
        let gate = Arc::clone(&gate);
        tokio::spawn(async move {
            gate.enter(CaptureKind::Search, None, &silent())
                .await
                .map(|_| ())
        })
    };
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    assert!(!second.is_finished());
    assert_eq!(rig.seconds(), 0, "waiting for the lane passes no time");
    drop(first);
    second.await.unwrap().unwrap();
    assert!(rig.seconds() >= 1);
}

struct StopsAfter(AtomicU32);

impl StopSignal for StopsAfter {
    fn stop(&self) -> Option<StopReason> {
        let left = self.0.load(Ordering::Relaxed);
        self.0.store(left.saturating_sub(1), Ordering::Relaxed);
        (left == 0).then_some(StopReason::Signal)
    }
}

#[tokio::test]
async fn a_stop_signal_is_heard_within_a_second_of_a_wait() {
    let rig = Rig::new(polite());
    request(&rig, &rig.gate(), throttled("600"), Duration::ZERO)
        .await
        .unwrap();
    let gate = rig.gate_with(
        Arc::new(StopsAfter(AtomicU32::new(12))),
        Arc::new(UnlimitedRun),
    );
    let stopped = request(&rig, &gate, stage::pdf(), Duration::ZERO).await;
    assert_eq!(stopped, Err(ErrorClass::Stopped(StopReason::Signal)));
    assert!(rig.seconds() <= 12, "{} s", rig.seconds());
}

struct Budget(AtomicU32);

impl RunBudget for Budget {
    fn take(&self) -> Result<bool, BudgetError> {
        let left = self.0.load(Ordering::Relaxed);
        self.0.store(left.saturating_sub(1), Ordering::Relaxed);
        Ok(left > 0)
    }
}

#[tokio::test]
async fn the_runs_budget_is_taken_once_a_request() {
    let rig = Rig::new(polite());
    let gate = rig.gate_with(Arc::new(NeverStop), Arc::new(Budget(AtomicU32::new(3))));
    for _ in 0..3 {
        assert_eq!(
            request(&rig, &gate, stage::pdf(), Duration::ZERO).await,
            Ok(Settled::Fine)
        );
    }
    let spent = request(&rig, &gate, stage::pdf(), Duration::ZERO).await;
    assert_eq!(spent, Err(ErrorClass::Stopped(StopReason::RunBudget)));
    assert_eq!(
        gate.report().unwrap().last_hour.requests,
        3,
        "what was not sent is not counted"
    );
}

#[tokio::test]
async fn a_block_outlives_the_process() {
    let rig = Rig::new(polite());
    let gate = rig.gate();
    gate.refused("HTTP 403").unwrap();
    for gate in [gate, rig.gate()] {
        let stopped = request(&rig, &gate, stage::pdf(), Duration::ZERO).await;
        assert!(
            matches!(
                stopped,
                Err(ErrorClass::Stopped(StopReason::Blocked { .. }))
            ),
            "{stopped:?}"
        );
    }
    assert!(rig.gate().report().unwrap().stopped.is_some());
}

#[tokio::test]
async fn three_breakers_within_a_day_end_it() {
    let rig = Rig::new(Politeness {
        breaker_max: Duration::from_mins(1),
        ..polite()
    });
    let gate = rig.gate();
    let mut sent = 0;
    let stopped = loop {
        let reply = stage::reply(if sent % 6 == 5 { 200 } else { 502 }, "x");
        match request(&rig, &gate, reply, Duration::ZERO).await {
            Ok(_) => sent += 1,
            Err(stopped) => break stopped,
        }
    };
    assert!(
        matches!(stopped, ErrorClass::Stopped(StopReason::BreakerOpen { .. })),
        "{stopped:?}"
    );
    assert_eq!(
        sent, 17,
        "five failures, a probe, five failures, a probe, five failures"
    );
}

#[tokio::test]
async fn quiet_hours_open_and_close() {
    let rig = Rig::new(Politeness {
        quiet_hours: "09:00-10:00".parse().ok(),
        max_wait: Duration::from_hours(1),
        ..polite()
    });
    // 03:00 UTC is 08:30 in India.
    assert_eq!(
        request(&rig, &rig.gate(), stage::pdf(), Duration::ZERO).await,
        Ok(Settled::Fine)
    );
    assert_eq!(rig.seconds(), 1_800);
    rig.clock.advance(Duration::from_hours(1));
    let closed = request(&rig, &rig.gate(), stage::pdf(), Duration::ZERO).await;
    assert!(matches!(
        closed,
        Err(ErrorClass::Stopped(StopReason::WaitTooLong {
            why: WaitReason::QuietHours,
            ..
        }))
    ));
}

#[test]
fn robots_are_kept_a_day_and_across_processes() {
    let rig = Rig::new(polite());
    let gate = rig.gate();
    assert!(gate.robots_due().unwrap());
    gate.keep_robots(Some("User-agent: *\nDisallow: /wp-admin/\nCrawl-delay: 4"))
        .unwrap();
    assert!(!gate.robots_due().unwrap());
    let next = rig.gate();
    assert!(!next.robots_due().unwrap());
    assert!(
        next.check_robots(&"https://scr.sci.gov.in/scrsearch/".parse().unwrap(), &[])
            .is_ok()
    );
    let address = "https://scr.sci.gov.in/wp-admin/x?y=1";
    let forbidden = next.check_robots(&address.parse().unwrap(), &[]);
    let session = "https://scr.sci.gov.in/wp-admin/0123456789abcdefgh"
        .parse()
        .unwrap();
    let known = [crate::Secret::new("0123456789abcdefgh")];
    let told = next.check_robots(&session, &known).unwrap_err();
    assert!(!told.to_string().contains("0123456789"), "{told}");
    assert_eq!(
        forbidden,
        Err(StopReason::RobotsForbid {
            path: "/wp-admin/x?y=1".to_owned()
        })
    );
    assert_eq!(next.report().unwrap().interval, Duration::from_secs(4));
    rig.clock.advance(Duration::from_hours(24));
    assert!(gate.robots_due().unwrap() && next.robots_due().unwrap());
}

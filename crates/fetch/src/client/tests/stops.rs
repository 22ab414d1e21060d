//! Stops that outlive the process, and how they end.

use jiff::Timestamp;

use super::*;

/// The reason for which nothing is sent, as `status` shows it.
fn standing(rig: &Rig) -> Option<StopReason> {
    let (_, deps) = rig.deps(SourceId::EcourtsHc);
    deps.gate.report().unwrap().stopped
}

fn hours(until: Timestamp, rig: &Rig) -> i64 {
    let left = until.duration_since(rig.clock.now());
    (left.as_secs() + 1_800) / 3_600
}

#[tokio::test]
async fn what_a_person_has_to_look_at_stops_for_a_day_across_restarts() {
    let law = stage::reply(
        200,
        "<h1>Notice</h1>Automated access to this site is an offence.",
    );
    let unknown = stage::reply(200, "{\"something\":\"else\"}");
    let cases: [(CaptureKind, Vec<Option<Answer>>); 6] = [
        (CaptureKind::Search, times(&stage::reply(403, "no"), 1)),
        (CaptureKind::Start, times(&stage::blocked(), 1)),
        (CaptureKind::Search, times(&law, 1)),
        (CaptureKind::Search, times(&unknown, 2)),
        (CaptureKind::Start, vec![Some(Err(TransportProblem::Tls))]),
        (CaptureKind::Document, times(&stage::reply(403, "no"), 1)),
    ];
    for (kind, answers) in cases {
        let mut rig = Rig::new([(kind, answers)]);
        let first_error = rig
            .judgments()
            .document(&first(), &stage::handle(1))
            .await
            .unwrap_err();
        assert!(
            first_error.to_string().contains("politeness.looked_at"),
            "the way out is in the words: {first_error}"
        );
        let sent = rig.portal.all();
        let again = document_class(&rig).await;
        let ErrorClass::Stopped(reason) = again else {
            panic!("{kind:?}: {again:?}")
        };
        assert!(
            reason.to_string().contains("politeness.looked_at"),
            "{reason}"
        );
        assert_eq!(standing(&rig), Some(reason.clone()), "status says the same");
        let (StopReason::Blocked { until, .. }
        | StopReason::Drift { until, .. }
        | StopReason::Tls { until, .. }) = reason
        else {
            panic!("{kind:?}: {reason:?}")
        };
        assert_eq!(hours(until, &rig), 24, "{kind:?}");
        assert_eq!(rig.portal.all(), sent, "{kind:?}: nothing more was sent");
        // A look from before the stop does not end it; one from after does.
        rig.politeness.looked_at = Some("2026-03-01T02:00:00Z".parse().unwrap());
        assert!(matches!(document_class(&rig).await, ErrorClass::Stopped(_)));
        rig.clock.advance(Duration::from_hours(1));
        rig.politeness.looked_at = Some(rig.clock.now());
        let document = rig.judgments().document(&first(), &stage::handle(1)).await;
        assert!(document.is_ok(), "{kind:?}: {document:?}");
        assert_eq!(standing(&rig), None);
    }
}

#[tokio::test]
async fn a_stop_ends_by_itself_after_its_time() {
    let rig = Rig::new([(CaptureKind::Search, times(&stage::reply(403, "no"), 1))]);
    assert_eq!(page_class(&rig).await, ErrorClass::Blocked);
    rig.clock.advance(Duration::from_hours(23));
    assert!(matches!(page_class(&rig).await, ErrorClass::Stopped(_)));
    rig.clock.advance(Duration::from_hours(1));
    assert!(rig.judgments().page(&first()).await.is_ok());
}

#[tokio::test]
async fn unknown_replies_in_two_processes_are_two_in_a_row() {
    let unknown = stage::reply(200, "{\"something\":\"else\"}");
    let broken = Some(Err(TransportProblem::Broken));
    let mut answers = times(&unknown, 1);
    answers.extend(vec![broken; 5]);
    answers.extend(times(&unknown, 1));
    let rig = Rig::new([(CaptureKind::Search, answers)]);
    assert_eq!(page_class(&rig).await, ErrorClass::Transient);
    rig.clock.advance(Duration::from_mins(5));
    assert_eq!(page_class(&rig).await, ErrorClass::Drift);
    assert!(matches!(standing(&rig), Some(StopReason::Drift { .. })));
    // A page in between, and they are not in a row.
    let mut answers = times(&unknown, 1);
    answers.push(None);
    answers.extend(times(&unknown, 1));
    let rig = Rig::new([(CaptureKind::Search, answers)]);
    let mut client = rig.judgments();
    assert!(client.page(&first()).await.is_ok());
    assert!(client.page(&first()).await.is_ok());
    assert_eq!(standing(&rig), None);
}

#[tokio::test]
async fn what_the_host_named_is_not_ended_by_a_look() {
    let forbid = stage::reply(200, "User-agent: *\nDisallow: /pdfsearch/");
    let mut rig = Rig::new([(CaptureKind::Robots, times(&forbid, 1))]);
    assert!(matches!(
        page_class(&rig).await,
        ErrorClass::Stopped(StopReason::RobotsForbid { .. })
    ));
    assert!(matches!(
        standing(&rig),
        Some(StopReason::RobotsForbid { .. })
    ));
    rig.clock.advance(Duration::from_hours(1));
    rig.politeness.looked_at = Some(rig.clock.now());
    assert!(matches!(page_class(&rig).await, ErrorClass::Stopped(_)));
    rig.clock.advance(Duration::from_hours(23));
    assert!(
        rig.judgments().page(&first()).await.is_ok(),
        "the file is read again"
    );

    let long = stage::with_header(stage::reply(503, ""), "Retry-After", "100000");
    let mut rig = Rig::new([(CaptureKind::Search, times(&long, 1))]);
    assert!(matches!(
        page_class(&rig).await,
        ErrorClass::Stopped(StopReason::LongPause { .. })
    ));
    rig.clock.advance(Duration::from_mins(1_665));
    rig.politeness.looked_at = Some(rig.clock.now());
    let early = page_class(&rig).await;
    assert!(
        matches!(early, ErrorClass::Stopped(StopReason::LongPause { .. })),
        "{early:?}"
    );
    rig.clock.advance(Duration::from_secs(101));
    assert!(rig.judgments().page(&first()).await.is_ok());
}

#[tokio::test]
async fn an_unreadable_robots_file_leaves_the_host_alone_for_an_hour() {
    let rig = Rig::new([(CaptureKind::Robots, times(&stage::reply(500, ""), 5))]);
    assert!(matches!(
        page_class(&rig).await,
        ErrorClass::Stopped(StopReason::RobotsUnreachable { .. })
    ));
    let sent = rig.portal.all();
    assert!(matches!(page_class(&rig).await, ErrorClass::Stopped(_)));
    assert_eq!(rig.portal.all(), sent);
    rig.clock.advance(Duration::from_hours(1));
    assert!(rig.judgments().page(&first()).await.is_ok());
}

#[tokio::test]
async fn a_refused_picture_is_not_answered_by_the_next_process_either() {
    let rig = Rig::new([
        (CaptureKind::CaptchaCheck, times(&stage::wrong(), 1)),
        (CaptureKind::Captcha, times(&stage::picture(1), 99)),
    ]);
    for _ in 0..3 {
        assert_eq!(page_class(&rig).await, ErrorClass::CaptchaCap);
    }
    assert_eq!(rig.portal.sent(CaptureKind::CaptchaCheck), 1);
}

#[tokio::test]
async fn an_answer_whose_verdict_died_with_its_process_was_wrong() {
    let rig = Rig::new([(CaptureKind::Captcha, times(&stage::picture(1), 99))]);
    let (_, deps) = rig.deps(SourceId::EcourtsHc);
    let picture = crate::session::picture_name(&nirnay_model::Sha256::of(&stage::picture(1).body));
    let events: crate::EventSink = Arc::new(|_| {});
    let permit = deps
        .gate
        .enter(CaptureKind::CaptchaCheck, Some(&picture), &events)
        .await
        .unwrap();
    // The process dies here: nothing it knows is written.
    std::mem::forget(permit);
    rig.states.release("judgments.ecourts.gov.in:443");
    assert_eq!(page_class(&rig).await, ErrorClass::CaptchaCap);
    assert_eq!(
        rig.portal.sent(CaptureKind::CaptchaCheck),
        0,
        "the picture is known"
    );
    let state = rig.states.get("judgments.ecourts.gov.in:443");
    assert_eq!(state.captchas.failures_in_a_row, 1);
}

#[tokio::test]
async fn one_failing_host_ends_its_day() {
    let mut rig = Rig::new([]);
    rig.politeness.failures_alike = Some(3);
    let mut answers = Vec::new();
    for _ in 0..4 {
        answers.push(Some(Ok(stage::reply(404, ""))));
        answers.push(None);
    }
    rig.portal
        .faults
        .lock()
        .unwrap()
        .insert(CaptureKind::Document, answers.into());
    let mut client = rig.judgments();
    let class = loop {
        if let Err(error) = client.document(&first(), &stage::handle(1)).await {
            break error.class();
        }
    };
    assert!(
        matches!(class, ErrorClass::Stopped(StopReason::DayOver { .. })),
        "{class:?}"
    );
    assert!(matches!(standing(&rig), Some(StopReason::DayOver { .. })));
}

use super::*;
use crate::stage;

/// Whether an outcome is the one wanted.
type Expected = fn(&Outcome) -> bool;

enum Fed {
    Reply(HttpReply),
    Lost,
    Guess(Option<&'static str>),
}

use Fed::{Guess, Lost, Reply as Gets};

fn session() -> JudgmentsSession {
    let portal = PortalConfig::public(nirnay_model::SourceId::EcourtsHc).unwrap();
    JudgmentsSession::new(portal, "nirnay/0 (+mailto:crawl@example.org)".to_owned())
}

fn today() -> Date {
    jiff::civil::date(2026, 3, 1)
}

fn a_page(start: u64) -> Goal {
    Goal::Page(stage::query(start))
}

fn a_document(number: u32) -> Goal {
    Goal::Document {
        query: stage::query(0),
        handle: stage::handle(number),
    }
}

/// Feeds the session in order until it is done; the requests that it sent, and what came of it.
fn feed(session: &mut JudgmentsSession, fed: Vec<Fed>) -> (Vec<HttpRequest>, Outcome) {
    let mut sent = Vec::new();
    let mut fed = fed.into_iter();
    loop {
        match session.next_action() {
            Action::Send(request) => {
                sent.push(request);
                match fed.next().expect("a reply for each request") {
                    Gets(reply) => session.reply(&reply),
                    Lost => session.not_served(),
                    Guess(_) => panic!("a guess for {:?}", sent.last()),
                }
            }
            Action::Solve(_) => match fed.next() {
                Some(Guess(answer)) => session.guess(answer.map(str::to_owned)),
                _ => panic!("a picture is to be solved after {sent:?}"),
            },
            Action::Done(outcome) => {
                assert!(fed.next().is_none(), "done too early: {outcome:?}");
                return (sent, outcome);
            }
        }
    }
}

fn kinds(sent: &[HttpRequest]) -> Vec<&'static str> {
    sent.iter().map(|request| request.kind.name()).collect()
}

fn login() -> Vec<Fed> {
    vec![
        Gets(stage::start('1')),
        Gets(stage::picture(1)),
        Guess(Some(" ab12cd\n")),
        Gets(stage::accepted('2')),
    ]
}

fn login_and(more: Vec<Fed>) -> Vec<Fed> {
    login().into_iter().chain(more).collect()
}

fn field(request: &HttpRequest, name: &str) -> Option<String> {
    url::form_urlencoded::parse(&request.body)
        .find(|(field, _)| field == name)
        .map(|(_, value)| value.into_owned())
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request
        .headers
        .iter()
        .find(|(header, _)| header == name)
        .map(|(_, value)| value.as_str())
}

/// A session that is open and holds the page of documents 1 to 3.
fn opened() -> JudgmentsSession {
    let mut session = session();
    session.begin(a_page(0), today());
    let (_, outcome) = feed(
        &mut session,
        login_and(vec![Gets(stage::page('3', &[1, 2, 3]))]),
    );
    assert!(matches!(outcome, Outcome::Page(_)), "{outcome:?}");
    session.take_notes();
    session
}

#[test]
fn a_page_from_a_new_session() {
    let mut session = session();
    session.begin(a_page(0), today());
    let (sent, outcome) = feed(
        &mut session,
        login_and(vec![Gets(stage::page('3', &[1, 2]))]),
    );
    assert_eq!(
        kinds(&sent),
        ["start", "captcha", "captcha-check", "search"]
    );
    let Outcome::Page(page) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!((page.total, page.rows.len(), session.epoch()), (2, 2, 1));
    assert!(session.holds_page(&stage::query(0)) && !session.holds_page(&stage::query(1000)));
    let cookie = format!("JUDGEMENTSSEARCH_SESSID={}", stage::SESSION_ID);
    for request in &sent[1..] {
        assert_eq!(header(request, "Cookie"), Some(cookie.as_str()));
        assert_eq!(
            header(request, "Referer"),
            Some("https://judgments.ecourts.gov.in/pdfsearch/")
        );
    }
    for request in &sent {
        let ajax = (request.method == crate::Method::Post).then_some("XMLHttpRequest");
        assert_eq!(header(request, "X-Requested-With"), ajax);
        assert_eq!(header(request, "Accept-Encoding"), Some("gzip"));
        assert!(
            header(request, "User-Agent")
                .unwrap()
                .starts_with("nirnay/")
        );
    }
    assert_eq!(field(&sent[2], "captcha").as_deref(), Some("ab12cd"));
    assert_eq!(
        session.take_notes(),
        [
            Note::CaptchaJudged {
                length: 6,
                accepted: true
            },
            Note::Opened { epoch: 1 }
        ]
    );
}

#[test]
fn each_request_carries_the_token_of_the_reply_before() {
    let mut session = session();
    session.begin(a_document(2), today());
    let fed = vec![
        Gets(stage::page('3', &[1, 2, 3])),
        Gets(stage::link('4')),
        Gets(stage::pdf()),
    ];
    let (mut sent, outcome) = feed(&mut session, login_and(fed));
    assert!(
        matches!(
            outcome,
            Outcome::Document {
                content_length: Some(_),
                ..
            }
        ),
        "{outcome:?}"
    );
    session.begin(a_document(3), today());
    sent.extend(
        feed(
            &mut session,
            vec![Gets(stage::link('5')), Gets(stage::pdf())],
        )
        .0,
    );
    session.begin(a_page(1000), today());
    sent.extend(feed(&mut session, vec![Gets(stage::page('6', &[4]))]).0);
    let tokens: Vec<_> = sent
        .iter()
        .filter_map(|request| field(request, "app_token"))
        .collect();
    assert_eq!(tokens, ['1', '2', '3', '4', '5'].map(stage::token));
    let echoes: Vec<_> = sent
        .iter()
        .filter_map(|request| field(request, "sEcho"))
        .collect();
    assert_eq!(echoes, ["1", "2"]);
    let rows: Vec<_> = sent
        .iter()
        .filter_map(|request| field(request, "val"))
        .collect();
    assert_eq!(rows, ["11", "12"], "the row's own index, not its place");
}

#[test]
fn expiry_at_each_step_ends_the_session() {
    let before = [
        vec![],
        vec![Gets(stage::start('1'))],
        vec![
            Gets(stage::start('1')),
            Gets(stage::picture(1)),
            Guess(Some("ab12cd")),
        ],
        login(),
    ];
    let page = || login_and(vec![Gets(stage::page('3', &[1]))]);
    let linked = login_and(vec![Gets(stage::page('3', &[1])), Gets(stage::link('4'))]);
    for mut fed in before.into_iter().chain([page(), linked]) {
        let mut session = session();
        session.begin(a_document(1), today());
        fed.push(Gets(stage::expired()));
        let (sent, outcome) = feed(&mut session, fed);
        assert!(
            matches!(outcome, Outcome::Ended(SessionEnd::Expired)),
            "{outcome:?} after {:?}",
            kinds(&sent)
        );
        assert!(!session.holds_page(&stage::query(0)));
        let Action::Send(next) = session.next_action() else {
            panic!("a new session")
        };
        assert_eq!((next.kind, session.epoch()), (CaptureKind::Start, 2));
        assert_eq!(
            header(&next, "Cookie"),
            None,
            "the old session is forgotten"
        );
    }
}

#[test]
fn refusals_by_step() {
    let unknown = || stage::reply(200, r#"{"something":"else"}"#);
    let blocked = |outcome: &Outcome| matches!(outcome, Outcome::Trouble(Trouble::Blocked));
    let drift = |outcome: &Outcome| matches!(outcome, Outcome::Trouble(Trouble::Unknown { .. }));
    let linked = || login_and(vec![Gets(stage::page('3', &[1])), Gets(stage::link('4'))]);
    let searched = || login_and(vec![Gets(stage::page('3', &[1]))]);
    let cases: Vec<(Vec<Fed>, HttpReply, Expected)> = vec![
        (vec![], stage::blocked(), blocked),
        (vec![Gets(stage::start('1'))], stage::blocked(), blocked),
        (login(), stage::blocked(), blocked),
        (linked(), stage::blocked(), blocked),
        (
            linked(),
            stage::reply(406, "<h1>Not Acceptable!</h1>"),
            blocked,
        ),
        (vec![], unknown(), drift),
        (
            vec![Gets(stage::start('1'))],
            stage::reply(200, "no picture"),
            drift,
        ),
        (login(), unknown(), drift),
        (login(), stage::reply(404, "gone"), drift),
        (login(), stage::reply(302, ""), drift),
        (searched(), unknown(), drift),
        (
            searched(),
            stage::reply(200, r#"{"outputfile":"https://evil.example/a.pdf"}"#),
            drift,
        ),
        (login(), stage::oops(), |o| {
            matches!(o, Outcome::Ended(SessionEnd::PortalError { .. }))
        }),
        (login(), stage::reply(200, ""), |o| {
            matches!(o, Outcome::Ended(SessionEnd::EmptyReply))
        }),
        (login(), stage::start('1'), |o| {
            matches!(o, Outcome::Ended(SessionEnd::Expired))
        }),
        (searched(), stage::oops(), |o| {
            matches!(o, Outcome::Ended(SessionEnd::LinkRefused { .. }))
        }),
        (searched(), stage::spent(), |o| {
            matches!(o, Outcome::Ended(SessionEnd::AllowanceSpent))
        }),
        (linked(), stage::reply(404, ""), |o| {
            matches!(o, Outcome::Ended(SessionEnd::LinkDead { status: 404 }))
        }),
        (linked(), stage::start('1'), |o| {
            matches!(o, Outcome::Ended(SessionEnd::Expired))
        }),
        (linked(), stage::reply(200, ""), |o| {
            matches!(o, Outcome::Document { .. })
        }),
        (
            linked(),
            stage::reply(200, "<html>404 Not Found</html>"),
            |o| matches!(o, Outcome::Document { .. }),
        ),
    ];
    for (place, (mut fed, reply, expected)) in cases.into_iter().enumerate() {
        let mut session = session();
        session.begin(a_document(1), today());
        fed.push(Gets(reply));
        let (_, outcome) = feed(&mut session, fed);
        assert!(expected(&outcome), "case {place}: {outcome:?}");
    }
}

#[test]
fn a_refused_captcha_means_a_new_session_and_never_the_same_picture() {
    let mut session = session();
    session.begin(a_page(0), today());
    let fed = vec![
        Gets(stage::start('1')),
        Gets(stage::picture(7)),
        Guess(Some("wrong1")),
        Gets(stage::wrong()),
    ];
    let (_, outcome) = feed(&mut session, fed);
    assert!(
        matches!(outcome, Outcome::Ended(SessionEnd::CaptchaWrong { .. })),
        "{outcome:?}"
    );
    assert_eq!(
        session.take_notes(),
        [
            Note::CaptchaJudged {
                length: 6,
                accepted: false
            },
            Note::Ended
        ]
    );
    let pinned = [
        Gets(stage::start('1')),
        Gets(stage::picture(7)),
        Gets(stage::picture(8)),
        Guess(Some("right1")),
    ];
    let rest = [Gets(stage::accepted('2')), Gets(stage::page('3', &[1]))];
    let (sent, outcome) = feed(&mut session, pinned.into_iter().chain(rest).collect());
    assert!(matches!(outcome, Outcome::Page(_)), "{outcome:?}");
    assert_eq!(kinds(&sent)[..3], ["start", "captcha", "captcha"]);
}

#[test]
fn three_pictures_without_a_guess() {
    let mut session = session();
    session.begin(a_page(0), today());
    let mut fed = vec![Gets(stage::start('1'))];
    for (number, guess) in [
        (1, None),
        (2, Some("  ")),
        (3, Some("far too long for a captcha")),
    ] {
        fed.extend([Gets(stage::picture(number)), Guess(guess)]);
    }
    let (sent, outcome) = feed(&mut session, fed);
    assert!(
        matches!(outcome, Outcome::Ended(SessionEnd::NoGuess)),
        "{outcome:?}"
    );
    assert_eq!(kinds(&sent), ["start", "captcha", "captcha", "captcha"]);
    assert_eq!(session.take_notes(), [Note::Ended], "no answer was sent");
}

#[test]
fn an_empty_picture_counts_as_one_of_three() {
    let mut session = session();
    session.begin(a_page(0), today());
    let empty = || Gets(stage::reply(200, ""));
    let (_, outcome) = feed(
        &mut session,
        vec![Gets(stage::start('1')), empty(), empty(), empty()],
    );
    assert!(
        matches!(outcome, Outcome::Ended(SessionEnd::NoGuess)),
        "{outcome:?}"
    );
}

#[test]
fn what_is_lost_is_sent_again_where_that_is_safe() {
    let mut session = session();
    session.begin(a_document(1), today());
    let fed = vec![
        Lost,
        Gets(stage::start('1')),
        Lost,
        Gets(stage::picture(1)),
        Guess(Some("ab12cd")),
        Gets(stage::accepted('2')),
        Lost,
        Gets(stage::page('3', &[1])),
        Lost,
        Gets(stage::link('4')),
        Lost,
        Gets(stage::link('5')),
        Gets(stage::pdf()),
    ];
    let (sent, outcome) = feed(&mut session, fed);
    assert!(matches!(outcome, Outcome::Document { .. }), "{outcome:?}");
    assert_eq!(
        kinds(&sent),
        [
            "start",
            "start",
            "captcha",
            "captcha",
            "captcha-check",
            "search",
            "search",
            "document-link",
            "document-link",
            "document",
            "document-link",
            "document"
        ]
    );
    assert_eq!(session.epoch(), 1);
    assert_eq!(
        session.documents_left(),
        22,
        "a lost link may have been counted"
    );
    let echoes: Vec<_> = sent
        .iter()
        .filter_map(|request| field(request, "sEcho"))
        .collect();
    assert_eq!(echoes, ["1", "1"]);
}

#[test]
fn a_lost_captcha_answer_is_never_repeated() {
    let mut session = session();
    session.begin(a_page(0), today());
    let fed = vec![
        Gets(stage::start('1')),
        Gets(stage::picture(1)),
        Guess(Some("ab12cd")),
        Lost,
    ];
    let (_, outcome) = feed(&mut session, fed);
    assert!(
        matches!(outcome, Outcome::Ended(SessionEnd::CaptchaLost)),
        "{outcome:?}"
    );
    assert_eq!(
        session.take_notes()[0],
        Note::CaptchaJudged {
            length: 6,
            accepted: false
        }
    );
    assert!(matches!(session.next_action(), Action::Send(next) if next.kind == CaptureKind::Start));
}

#[test]
fn the_allowance_is_kept_and_learnt() {
    let mut session = opened();
    assert_eq!(session.documents_left(), 25);
    for _ in 0..2 {
        session.begin(a_document(1), today());
        feed(
            &mut session,
            vec![Gets(stage::link('4')), Gets(stage::pdf())],
        );
    }
    session.begin(a_document(3), today());
    let (_, outcome) = feed(&mut session, vec![Gets(stage::spent())]);
    assert!(
        matches!(outcome, Outcome::Ended(SessionEnd::AllowanceSpent)),
        "{outcome:?}"
    );
    assert_eq!(session.documents_left(), 2, "the portal gave two");
    for _ in 0..2 {
        let mut fed = vec![Gets(stage::link('4')), Gets(stage::pdf())];
        if session.documents_left() == 2 {
            fed = login_and(vec![
                Gets(stage::page('3', &[3])),
                Gets(stage::link('4')),
                Gets(stage::pdf()),
            ]);
        }
        session.begin(a_document(3), today());
        feed(&mut session, fed);
    }
    assert_eq!((session.documents_left(), session.epoch()), (0, 2));
    session.begin(a_document(3), today());
    let fed = login_and(vec![
        Gets(stage::page('3', &[3])),
        Gets(stage::link('4')),
        Gets(stage::pdf()),
    ]);
    let (_, outcome) = feed(&mut session, fed);
    assert!(matches!(outcome, Outcome::Document { .. }), "{outcome:?}");
    assert_eq!(session.epoch(), 3, "renewed before the portal had to ask");
}

#[test]
fn a_row_index_never_outlives_its_page() {
    let mut session = opened();
    session.begin(a_page(1000), today());
    feed(&mut session, vec![Gets(stage::page('4', &[7, 8]))]);
    assert!(!session.holds_page(&stage::query(0)));
    session.begin(a_document(2), today());
    let fed = vec![
        Gets(stage::page('5', &[9, 9, 2])),
        Gets(stage::link('6')),
        Gets(stage::pdf()),
    ];
    let (sent, _) = feed(&mut session, fed);
    assert_eq!(kinds(&sent), ["search", "document-link", "document"]);
    assert_eq!(
        field(&sent[1], "val").as_deref(),
        Some("12"),
        "the index on the new page"
    );
    session.begin(a_document(1), today());
    let (sent, outcome) = feed(&mut session, vec![]);
    assert!(
        sent.is_empty() && matches!(outcome, Outcome::RowGone),
        "{outcome:?}"
    );
}

#[test]
fn a_lost_search_leaves_no_page_behind() {
    let mut session = opened();
    session.begin(a_page(1000), today());
    assert!(matches!(session.next_action(), Action::Send(_)));
    session.not_served();
    assert!(
        !session.holds_page(&stage::query(0)),
        "the portal may have answered"
    );
}

#[test]
fn an_abandoned_request_ends_the_session_and_an_unsent_one_does_not() {
    let mut session = opened();
    session.begin(a_page(1000), today());
    assert!(matches!(session.next_action(), Action::Send(_)));
    session.unsent();
    session.begin(a_page(1000), today());
    assert!(
        matches!(session.next_action(), Action::Send(next) if next.kind == CaptureKind::Search)
    );
    session.begin(a_page(1000), today());
    assert!(matches!(session.next_action(), Action::Send(next) if next.kind == CaptureKind::Start));
    assert_eq!(session.epoch(), 2);
}

#[test]
fn without_a_goal_nothing_is_sent() {
    assert!(matches!(
        session().next_action(),
        Action::Done(Outcome::Idle)
    ));
    let mut session = opened();
    assert!(matches!(session.next_action(), Action::Done(Outcome::Idle)));
    session.reply(&stage::pdf());
    assert!(
        matches!(session.next_action(), Action::Done(Outcome::Trouble(_))),
        "a reply out of turn"
    );
}

#[test]
fn debug_output_holds_no_secret() {
    let mut session = opened();
    session.begin(a_document(1), today());
    let Action::Send(request) = session.next_action() else {
        panic!("a link")
    };
    session.reply(&stage::link('9'));
    let Action::Send(file) = session.next_action() else {
        panic!("a file")
    };
    let shown = format!("{session:?} {request:?} {file:?} {:?}", stage::start('1'));
    for secret in [
        stage::SESSION_ID,
        "ab12cd",
        stage::TEMPORARY,
        &stage::token('3'),
        &stage::token('9'),
    ] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

//! One writer a lake: twenty start at once, one works, the others say who does.

use std::process::Stdio;

use nirnay_tests::{Compare, one_writer, snapshot};

use super::subject;

#[test]
fn of_twenty_that_start_at_once_one_works() {
    let subject = subject();
    let reference = subject.dir().join("reference");
    subject.finish(&reference).unwrap();
    let lake = subject.dir().join("lake");
    let children: Vec<_> = (0..20)
        .map(|_| {
            subject
                .command(&lake)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let pids: Vec<u32> = children.iter().map(std::process::Child::id).collect();
    let mut winners = 0;
    for child in children {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        match output.status.code() {
            Some(0) => winners += 1,
            Some(75) => assert!(
                pids.iter().any(|pid| said.contains(&pid.to_string()))
                    || said.contains("another process"),
                "{said}"
            ),
            code => panic!("exit {code:?}: {said}"),
        }
    }
    // One that starts late may find the lake free again and everything done.
    assert!(winners >= 1, "nobody worked");
    subject
        .compare(&lake, &snapshot(&reference), &Compare::default())
        .unwrap();
    assert_eq!(one_writer(&lake), Vec::<String>::new());
}

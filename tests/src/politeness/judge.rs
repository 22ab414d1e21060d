//! Holds the portal's log against the limits. Knows nothing of how the client keeps them.
//!
//! Every rule is a statement about what a portal can see. Where a client cannot know what the portal
//! knows (a reply that died on the way), the rule asks for what holds either way.

use std::collections::HashSet;
use std::fmt;
use std::time::Duration;

use nirnay_fetch::Politeness;
use nirnay_model::CaptureKind;

use super::portal::{Entry, Outcome};

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
/// Seconds of Indian Standard Time ahead of UTC.
const IST: i64 = 19_800;
/// Captcha answers that one call may send.
const CALL_ANSWERS: usize = 5;
/// ... and one session.
const SESSION_ANSWERS: usize = 3;
/// Work without a page or document, with the last step that was begun before.
const BARREN: Duration = Duration::from_mins(32);

/// A limit that was broken.
#[derive(Debug, Clone)]
pub(super) struct Breach {
    pub(super) rule: &'static str,
    at: Duration,
    what: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at.as_secs_f64();
        write!(f, "{} at {at:.3} s: {}", self.rule, self.what)
    }
}

struct Judge<'a> {
    log: &'a [Entry],
    /// When a person looked at the portal: what stood before is over.
    looks: &'a [Duration],
    politeness: &'a Politeness,
    found: Vec<Breach>,
}

/// Everything in `log` that breaks a limit.
pub(super) fn judge(log: &[Entry], looks: &[Duration], politeness: &Politeness) -> Vec<Breach> {
    let mut judge = Judge {
        log,
        looks,
        politeness,
        found: Vec::new(),
    };
    judge.protocol();
    judge.pace();
    judge.budgets();
    judge.captcha_caps();
    judge.captcha_pauses();
    judge.hours();
    judge.robots();
    judge.pauses();
    judge.breaker();
    judge.refusals();
    judge.errors();
    judge.progress();
    judge.found
}

impl Judge<'_> {
    fn breach(&mut self, rule: &'static str, entry: &Entry, what: impl Into<String>) {
        let what = format!("{} ({:?})", what.into(), entry.kind);
        self.found.push(Breach {
            rule,
            at: entry.arrived,
            what,
        });
    }

    /// The first request after `from` and before `until`, unless somebody looked meanwhile.
    fn quiet(&mut self, rule: &'static str, from: Duration, until: Duration, look: bool) {
        let log = self.log;
        let first = log.partition_point(|entry| entry.arrived < from);
        let Some(entry) = log.get(first).filter(|entry| entry.arrived < until) else {
            return;
        };
        let looked = |at: &Duration| from <= *at && *at <= entry.arrived;
        if look && self.looks.iter().any(looked) {
            return;
        }
        let early = until.saturating_sub(entry.arrived);
        self.breach(rule, entry, format!("{early:?} early"));
    }

    fn protocol(&mut self) {
        for entry in self.log {
            if entry.foreign {
                self.breach("foreign host", entry, &*entry.path);
            }
            if let Some(wrong) = entry.wrong {
                self.breach("protocol", entry, wrong);
            }
        }
    }

    fn pace(&mut self) {
        let mut delay = Duration::ZERO;
        let mut slow = 0;
        for pair in self.log.windows(2) {
            let [before, entry] = pair else { continue };
            if let (Some(robots), true) = (before.robots, before.is_whole()) {
                delay = Duration::from_secs(robots.delay);
            }
            if entry.arrived < before.ended {
                self.breach("one in flight", entry, "the one before had not ended");
            }
            // After a request for less, half the pace until ten went well.
            slow = match before.outcome {
                Outcome::Failed(429 | 503) => 10,
                _ => slow - i32::from(slow > 0),
            };
            let pace = self.politeness.min_interval * (1 + u32::from(slow > 1));
            let least = pace.min(self.politeness.max_interval).max(delay);
            let gap = entry.arrived.saturating_sub(before.ended);
            if gap < least {
                self.breach("pace", entry, format!("{gap:?} instead of {least:?}"));
            }
        }
    }

    fn budgets(&mut self) {
        let (hour, day) = (self.politeness.per_hour, self.politeness.per_day);
        self.sliding("requests per hour", HOUR, u64::from(hour), |_| 1);
        self.sliding("requests per day", DAY, u64::from(day), |_| 1);
        // How much a reply brings is known when it has come.
        let bytes = self.politeness.bytes_per_day + 30_000_000;
        self.sliding("bytes per day", DAY, bytes, |entry| entry.bytes);
        let (hour, day) = (
            self.politeness.captchas_per_hour,
            self.politeness.captchas_per_day,
        );
        let answer = |entry: &Entry| u64::from(entry.kind == CaptureKind::CaptchaCheck);
        self.sliding("captchas per hour", HOUR, u64::from(hour), answer);
        self.sliding("captchas per day", DAY, u64::from(day), answer);
        // Two stretches of a day each, the second cut short by the stop.
        let alike =
            |status: u16| move |entry: &Entry| u64::from(entry.outcome == Outcome::Failed(status));
        for status in [404, 429, 500, 502, 503, 504] {
            self.sliding("failures alike", DAY, 2 * 50 + 1, alike(status));
        }
    }

    /// No stretch of `span` may weigh more than `most`.
    fn sliding(
        &mut self,
        rule: &'static str,
        span: Duration,
        most: u64,
        weight: impl Fn(&Entry) -> u64,
    ) {
        let log = self.log;
        let (mut sum, mut first) = (0, 0);
        for entry in log {
            sum += weight(entry);
            while log[first].arrived + span <= entry.arrived {
                sum -= weight(&log[first]);
                first += 1;
            }
            let looked = |at: &Duration| log[first].arrived <= *at && *at <= entry.arrived;
            let excused = rule == "failures alike" && self.looks.iter().any(looked);
            if sum > most && weight(entry) > 0 && !excused {
                self.breach(rule, entry, format!("{sum} instead of {most}"));
            }
        }
    }

    fn captcha_caps(&mut self) {
        let log = self.log;
        let answers: Vec<&Entry> = log
            .iter()
            .filter(|entry| entry.kind == CaptureKind::CaptchaCheck)
            .collect();
        let mut refused: HashSet<u64> = HashSet::new();
        for (place, entry) in answers.iter().enumerate() {
            let before = answers.get(..=place).unwrap_or_default();
            let of_call = before
                .iter()
                .rev()
                .take_while(|e| e.call == entry.call)
                .count();
            if of_call > CALL_ANSWERS {
                self.breach("captchas per call", entry, of_call.to_string());
            }
            let in_session = before
                .iter()
                .rev()
                .take_while(|e| e.session == entry.session);
            let of_session = in_session.count();
            if of_session > SESSION_ANSWERS {
                self.breach("captchas per session", entry, of_session.to_string());
            }
            let Some(picture) = entry.picture else {
                self.breach("protocol", entry, "an answer without a picture");
                continue;
            };
            if refused.contains(&picture) {
                self.breach("picture answered again", entry, picture.to_string());
            }
            if entry.outcome != Outcome::Good {
                refused.insert(picture);
            }
        }
    }

    /// Ten wrong in a row pause for six hours and then for a day; a poor rate pauses for a day.
    fn captcha_pauses(&mut self) {
        let log = self.log;
        let pause = self.politeness.captcha_pause;
        let answers: Vec<&Entry> = log
            .iter()
            .filter(|entry| entry.kind == CaptureKind::CaptchaCheck)
            .collect();
        let mut row: Vec<&Entry> = Vec::new();
        for entry in &answers {
            // An answer whose verdict was lost counts as wrong.
            if entry.outcome == Outcome::Good {
                row.clear();
                continue;
            }
            row.push(entry);
            for (many, least) in [(11, pause), (21, pause * 5)] {
                let first = row.len().checked_sub(many).and_then(|at| row.get(at));
                let span = first.map(|first| entry.arrived.saturating_sub(first.arrived));
                if span.is_some_and(|span| span < least) {
                    self.breach(
                        "captcha pause",
                        entry,
                        format!("{many} wrong within {span:?}"),
                    );
                }
            }
        }
        let right = |part: &[&Entry]| part.iter().filter(|e| e.outcome == Outcome::Good).count();
        for part in answers.windows(100) {
            let poor = part.windows(50).all(|fifty| right(fifty) < 20);
            let rested = part
                .windows(2)
                .any(|pair| pair[1].arrived >= pair[0].arrived + DAY);
            if poor && !rested {
                self.breach("captcha rate", part[99], "a hundred answers at a poor rate");
            }
        }
    }

    fn hours(&mut self) {
        let open = self.politeness.quiet_hours;
        let mut visits = None;
        for entry in self.log {
            // A machine whose clock is wrong cannot know the hour.
            let second = entry.at.as_second();
            if entry.clock_right
                && let Some(hours) = open
            {
                let minute = (second + IST).rem_euclid(86_400) / 60;
                let (from, to) = hours_of(&hours.to_string());
                if !within(minute, from, to) {
                    self.breach(
                        "quiet hours",
                        entry,
                        format!("minute {minute} of the day in India"),
                    );
                }
            }
            let minute = second.rem_euclid(86_400) / 60;
            if entry.clock_right
                && let Some((from, to)) = visits
                && minute != to
                && !within(minute, from, to)
            {
                self.breach(
                    "visiting hours",
                    entry,
                    format!("minute {minute} of the day in UTC"),
                );
            }
            if let (Some(robots), true) = (entry.robots, entry.is_whole()) {
                visits = robots.visits;
            } else if entry.kind == CaptureKind::Robots && entry.outcome == Outcome::Good {
                visits = None;
            }
        }
    }

    fn robots(&mut self) {
        let mut known: Option<&Entry> = None;
        for entry in self.log {
            if entry.kind == CaptureKind::Robots {
                match entry.outcome {
                    Outcome::Good => known = Some(entry),
                    Outcome::Gone => {}
                    _ => known = None,
                }
                continue;
            }
            let Some(read) = known else {
                self.breach("robots", entry, "robots.txt was not read");
                continue;
            };
            if entry.arrived > read.ended + DAY {
                self.breach("robots", entry, "robots.txt was older than a day");
            }
            if read
                .robots
                .is_some_and(|robots| (robots.forbids)(&entry.path))
            {
                self.breach("robots", entry, format!("{} is forbidden", entry.path));
            }
        }
    }

    fn pauses(&mut self) {
        for entry in self.log.iter().filter(|entry| entry.is_whole()) {
            if let Some(until) = entry.not_before {
                self.quiet("Retry-After", entry.ended, until, false);
            }
        }
    }

    /// Thirty seconds after so many failures in a row, twice as long after each failed probe, at most an
    /// hour; three openings within a day end it.
    fn breaker(&mut self) {
        let (mut failures, mut doublings, mut good, mut open) = (0, 0_u32, 0, false);
        let mut openings: Vec<Duration> = Vec::new();
        for entry in self.log {
            let failed = match entry.outcome {
                // A probe of which nothing was heard is no success.
                Outcome::Gone if open => true,
                Outcome::Gone => continue,
                Outcome::Failed(0 | 500..) => true,
                Outcome::Failed(429) => {
                    good = 0;
                    continue;
                }
                _ => false,
            };
            if !failed {
                (failures, open, good) = (0, false, good + 1);
                if good >= 10 {
                    (doublings, good) = (0, 0);
                }
                continue;
            }
            (failures, good) = (failures + 1, 0);
            if !open && failures < self.politeness.breaker_after {
                continue;
            }
            if !open {
                openings
                    .retain(|at| *at + DAY > entry.ended && !self.looks.iter().any(|l| l >= at));
                openings.push(entry.ended);
                if openings.len() >= self.politeness.breakers_per_day as usize {
                    let first = openings.first().copied().unwrap_or_default();
                    self.quiet("breakers a day", entry.ended, first + DAY, true);
                }
            }
            open = true;
            let wait = self.politeness.breaker_first * 2_u32.pow(doublings.min(10));
            doublings += 1;
            let until = entry.ended + wait.min(self.politeness.breaker_max);
            self.quiet("breaker", entry.ended, until, false);
        }
    }

    fn refusals(&mut self) {
        let mut unknown = 0;
        for entry in self.log.iter().filter(|entry| entry.is_whole()) {
            let until = entry.ended + DAY;
            match (entry.outcome, entry.kind) {
                (Outcome::Refused, _) => self.quiet("refusal", entry.ended, until, true),
                (Outcome::Unknown, _) => {
                    unknown += 1;
                    if unknown >= 2 {
                        self.quiet("unknown replies", entry.ended, until, true);
                        unknown = 0;
                    }
                }
                (Outcome::Good, CaptureKind::Search | CaptureKind::Document) => unknown = 0,
                _ => {}
            }
        }
    }

    /// More than 30 of 200 failed, and work went on through 450 without a day's rest. (A client that is killed forgets
    /// how the request before ended, if it ended well: its two hundred are more of the portal's.)
    fn errors(&mut self) {
        let log: Vec<&Entry> = self.log.iter().filter(|entry| entry.is_whole()).collect();
        let failed = |entry: &Entry| {
            let robots = entry.kind == CaptureKind::Robots;
            match entry.outcome {
                Outcome::Failed(status) => !(robots && (400..429).contains(&status)),
                _ => false,
            }
        };
        // Before the first two hundred nobody can know a share.
        let mut poor_since = 200;
        for end in 200..=log.len() {
            let part = log.get(end - 200..end).unwrap_or_default();
            let bad = part.iter().filter(|entry| failed(entry)).count();
            let rested =
                part.last()
                    .zip(log.get(end.saturating_sub(2)))
                    .is_some_and(|(last, before)| {
                        let looked = self
                            .looks
                            .iter()
                            .any(|at| before.ended <= *at && *at <= last.arrived);
                        looked || last.arrived >= before.ended + DAY / 2
                    });
            if bad <= 30 || rested {
                poor_since = end;
            }
            if end - poor_since > 250
                && let Some(entry) = part.last()
            {
                self.breach("errors", entry, format!("{bad} of 200"));
                poor_since = end;
            }
        }
    }

    fn progress(&mut self) {
        let mut barren = Duration::ZERO;
        for entry in self.log {
            let good = entry.outcome == Outcome::Good;
            if good && matches!(entry.kind, CaptureKind::Search | CaptureKind::Document) {
                barren = Duration::ZERO;
                continue;
            }
            if !entry.is_whole() {
                continue;
            }
            let worked = entry.ended.saturating_sub(entry.arrived);
            barren += worked.min(Duration::from_mins(1));
            if barren > BARREN {
                self.quiet("no progress", entry.ended, entry.ended + DAY, true);
                barren = Duration::ZERO;
            }
        }
    }
}

fn hours_of(text: &str) -> (i64, i64) {
    let minute = |part: &str| {
        let (hour, minute) = part.split_once(':').expect("HH:MM");
        hour.parse::<i64>().expect("an hour") * 60 + minute.parse::<i64>().expect("a minute")
    };
    let (from, to) = text.split_once('-').expect("two times");
    (minute(from), minute(to))
}

fn within(minute: i64, from: i64, to: i64) -> bool {
    if from < to {
        (from..to).contains(&minute)
    } else {
        minute >= from || minute < to
    }
}

//! What each reply means for the session.

use bytes::Bytes;
use nirnay_model::Sha256;
use nirnay_parse::judgments::{
    CaptchaVerdict, SearchPage, captcha_verdict, document_link, search_page, start_page,
};
use nirnay_parse::{Refusal, Reply};

use super::page::HeldPage;
use super::{Goal, JudgmentsSession, Note, Outcome, Phase, SessionEnd, Step, Trouble, instead};
use crate::capture::is_picture;
use crate::{Challenge, ChallengeKind, HttpReply, Secret};

impl JudgmentsSession {
    pub(super) fn start_replied(&mut self, body: &[u8]) {
        match start_page(body) {
            Reply::Good(page) => {
                self.rotate(page.token);
                self.phase = Phase::Started;
            }
            Reply::Refused(refusal) => self.refused(refusal),
        }
    }

    pub(super) fn picture_replied(&mut self, body: &Bytes) {
        if body.is_empty() {
            self.phase = Phase::Started;
            return;
        }
        if !is_picture(body) {
            let why = "the captcha picture is no picture".to_owned();
            return self.refused(instead(body).unwrap_or(Refusal::Unknown { why }));
        }
        let digest = Sha256::of(body);
        self.phase = if self.refused_pictures.contains(&digest) {
            Phase::Started
        } else {
            let challenge = Challenge {
                image: body.clone(),
                portal: self.portal.source.portal(),
                kind: ChallengeKind::Text,
            };
            Phase::Pictured { challenge, digest }
        };
    }

    pub(super) fn check_replied(&mut self, body: &[u8]) {
        match captcha_verdict(body) {
            Reply::Good(CaptchaVerdict::Accepted { token }) => {
                self.rotate(token);
                self.judged(true);
                self.phase = Phase::Open;
                self.notes.push(Note::Opened { epoch: self.epoch });
            }
            Reply::Good(CaptchaVerdict::Wrong { message, .. })
            | Reply::Refused(Refusal::CaptchaWrong { message }) => {
                self.judged(false);
                if planted() {
                    self.phase = Phase::Started;
                    return;
                }
                self.end(SessionEnd::CaptchaWrong { message });
            }
            Reply::Refused(Refusal::Empty) => self.captcha_lost(),
            Reply::Refused(refusal) => {
                self.judged(false);
                self.refused(refusal);
            }
        }
    }

    pub(super) fn search_replied(&mut self, body: &Bytes) {
        let mut page: SearchPage = match search_page(body) {
            Reply::Good(page) => page,
            Reply::Refused(refusal) => return self.refused(refusal),
        };
        self.searches += 1;
        self.rotate(page.token.take());
        let Some((goal, today)) = self.goal.clone() else {
            return;
        };
        let (Goal::Page(query) | Goal::Document { query, .. }) = &goal;
        self.page = Some(HeldPage::new(
            query.clone(),
            self.portal.source,
            today,
            body.clone(),
            &page.rows,
        ));
        if matches!(goal, Goal::Page(_)) {
            self.finish(Outcome::Page(Box::new(page)));
        }
    }

    pub(super) fn link_replied(&mut self, body: &[u8]) {
        match document_link(body) {
            Reply::Good(link) => {
                self.rotate(link.token);
                self.taken = self.taken.saturating_add(1);
                self.phase = Phase::Linked {
                    path: Secret::new(link.path),
                };
            }
            Reply::Refused(Refusal::CaptchaNeeded { .. }) => {
                self.allowance = self.allowance.min(self.taken.max(1));
                self.end(SessionEnd::AllowanceSpent);
            }
            Reply::Refused(Refusal::PortalError { message }) => {
                self.end(SessionEnd::LinkRefused { message });
            }
            Reply::Refused(refusal) => self.refused(refusal),
        }
    }

    /// Whether the bytes are the document is for the caller to find out; but a page that speaks about
    /// the session or the portal is no document.
    pub(super) fn file_replied(&mut self, reply: &HttpReply) {
        if let Some(
            refusal @ (Refusal::BlockPage
            | Refusal::Maintenance
            | Refusal::SessionExpired
            | Refusal::LoginPage),
        ) = instead(&reply.body)
        {
            self.refused(refusal);
        } else {
            self.phase = Phase::Open;
            let (bytes, content_length) = (reply.body.clone(), reply.content_length());
            self.finish(Outcome::Document {
                bytes,
                content_length,
            });
        }
    }

    pub(super) fn odd_status(&mut self, step: Step, reply: &HttpReply) {
        if step == Step::Check {
            self.judged(false);
        }
        let status = reply.status;
        match instead(&reply.body) {
            Some(refusal @ (Refusal::BlockPage | Refusal::Maintenance)) => self.refused(refusal),
            _ if step == Step::File => self.end(SessionEnd::LinkDead { status }),
            // The portal dislikes this path; the next document has another.
            _ if step == Step::Link => self.end(SessionEnd::LinkRefused {
                message: format!("HTTP {status}"),
            }),
            _ => self.trouble(Trouble::Unknown {
                why: format!("HTTP {status}"),
            }),
        }
    }

    fn refused(&mut self, refusal: Refusal) {
        match refusal {
            Refusal::SessionExpired
            | Refusal::LoginPage
            | Refusal::CaptchaNeeded { .. }
            | Refusal::CaptchaWrong { .. } => self.end(SessionEnd::Expired),
            Refusal::PortalError { message }
            | Refusal::NotFound { message }
            | Refusal::TryAgain { message } => self.end(SessionEnd::PortalError { message }),
            Refusal::Empty => self.end(SessionEnd::EmptyReply),
            Refusal::BlockPage => self.trouble(Trouble::Blocked),
            Refusal::Maintenance => self.trouble(Trouble::Maintenance),
            Refusal::Unknown { why } => self.trouble(Trouble::Unknown { why }),
        }
    }
}

/// True when the bug "after a wrong answer the same session is asked again" is switched on (test builds
/// only).
fn planted() -> bool {
    fail::fail_point!("plant-retry-in-old-session", |_| true);
    false
}

//! What each reply means for the session.

use bytes::Bytes;
use nirnay_model::{CasePortal, Portal, Sha256};
use nirnay_parse::{
    Refusal, Reply, calcutta as calcutta_pages, district as district_pages, sci as sci_pages,
};

use super::{CaseOutcome, CaseSession, Phase, no_document};
use crate::capture::is_picture;
use crate::cases::ask::{CalcuttaAsk, CaseAsk, DistrictAsk, SciAsk};
use crate::cases::{CaseAnswer, calcutta, district, hc, sci};
use crate::session::picture_name;
use crate::{Challenge, ChallengeKind, HttpReply, Secret};

impl CaseSession {
    pub(super) fn started(&mut self, body: &Bytes) {
        let opened = match self.portal {
            CasePortal::HcServices => match hc_start(body) {
                Some(refusal) => Err(refusal),
                None => Ok(Phase::Open),
            },
            CasePortal::District => district_pages::start_page(body).into_result().map(|page| {
                self.rotate(page.token);
                match page.script {
                    Some(script) => Phase::Started {
                        script: district::document_path(&script),
                    },
                    // An older page: nothing is sent along.
                    None => Phase::Guarded,
                }
            }),
            CasePortal::Calcutta => calcutta_pages::start_page(body).into_result().map(|page| {
                self.rotate(Some(page.token));
                Phase::Open
            }),
            CasePortal::Sci => self.sci_started(body),
        };
        match opened {
            Ok(phase) => self.phase = phase,
            Err(refusal) => self.refuse(refusal),
        }
    }

    fn sci_started(&mut self, body: &Bytes) -> Result<Phase, Refusal> {
        let Some((CaseAsk::Sci(ask), today)) = self.ask.clone() else {
            return Ok(Phase::Open);
        };
        match &ask {
            SciAsk::Recent(_) | SciAsk::CaseTypes | SciAsk::Judges => {
                // The start page is the answer.
                let answer = sci::read(&ask, body, today)?;
                self.finish(CaseOutcome::Answer(answer));
                Ok(Phase::Open)
            }
            SciAsk::Search(_) => {
                self.form = Some(sci_pages::search_form(body).into_result()?);
                Ok(Phase::Open)
            }
            SciAsk::Document { .. } => Ok(Phase::Open),
        }
    }

    pub(super) fn guarded(&mut self, body: &Bytes) {
        match district_pages::guard_headers(body) {
            Reply::Good(headers) => {
                let own = |(name, value)| (name, Secret::new(value));
                self.guard = headers.0.into_iter().map(own).collect();
                self.phase = Phase::Guarded;
            }
            Reply::Refused(refusal) => self.refuse(refusal),
        }
    }

    pub(super) fn tokened(&mut self, body: &Bytes) {
        match district_pages::captcha_form(body) {
            Reply::Good(form) => {
                self.rotate(form.token);
                self.phase = Phase::Open;
            }
            Reply::Refused(refusal) => self.refuse(refusal),
        }
    }

    pub(super) fn chosen(&mut self, body: &Bytes) {
        match district_pages::data_set(body) {
            Reply::Good(set) => {
                self.rotate(set.token);
                self.phase = Phase::Chosen;
            }
            Reply::Refused(refusal) => self.refuse(refusal),
        }
    }

    pub(super) fn pictured(&mut self, body: &Bytes) {
        if body.is_empty() {
            self.phase = Phase::Chosen;
            return;
        }
        if !is_picture(body) {
            return self.refuse(Refusal::Unknown {
                why: "the captcha picture is no picture".to_owned(),
            });
        }
        let kind = match self.portal {
            CasePortal::Sci => ChallengeKind::Arithmetic,
            _ => ChallengeKind::Text,
        };
        let challenge = Challenge {
            image: body.clone(),
            portal: drawn_like(self.portal),
            kind,
        };
        self.phase = Phase::Pictured {
            challenge,
            name: picture_name(&Sha256::of(body)),
        };
    }

    pub(super) fn answered(&mut self, reply: &HttpReply) {
        let Some((ask, today)) = self.ask.clone() else {
            return;
        };
        let guarded = ask.wants_captcha();
        let body = &reply.body;
        if self.portal == CasePortal::District {
            self.rotate(district_pages::token(body));
        }
        // Where a document lies comes before the document.
        if let Some(linked) = self.link(&ask, body) {
            return match linked {
                Ok(path) => self.phase = Phase::Linked { path },
                Err(refusal) => self.refuse(refusal),
            };
        }
        let read = match &ask {
            CaseAsk::Hc(ask) => hc::read(ask, body),
            CaseAsk::District(ask) => district::read(ask, body).map(|told| {
                self.rotate(told.token);
                told.value
            }),
            CaseAsk::Calcutta(ask) => calcutta::read(ask, body),
            CaseAsk::Sci(ask) => sci::read(ask, body, today),
        };
        if guarded {
            self.judge(!matches!(
                read,
                Err(Refusal::CaptchaWrong { .. } | Refusal::CaptchaNeeded { .. })
            ));
        }
        match read {
            Ok(answer) => {
                // The check used the picture up; the next question wants another.
                self.answer = None;
                self.pictures = 0;
                self.phase = Phase::Open;
                self.finish(CaseOutcome::Answer(answer));
            }
            Err(refusal) => self.refuse(refusal),
        }
    }

    fn link(&mut self, ask: &CaseAsk, body: &Bytes) -> Option<Result<String, Refusal>> {
        match ask {
            CaseAsk::District(DistrictAsk::Document(_)) => {
                let told = district_pages::document_path(body).into_result();
                Some(told.map(|told| {
                    self.rotate(told.token);
                    district::document_path(&told.value)
                }))
            }
            CaseAsk::Calcutta(CalcuttaAsk::Document { .. }) => {
                Some(calcutta_pages::document_address(body).into_result())
            }
            _ => None,
        }
    }

    pub(super) fn filed(&mut self, reply: &HttpReply) {
        let body = &reply.body;
        let told = match (&self.ask, no_document(body)) {
            (_, Some(refusal)) => Some(refusal),
            (Some((CaseAsk::Hc(_), _)), None) => hc::no_document(body),
            _ => None,
        };
        if let Some(refusal) = told {
            return self.refuse(refusal);
        }
        match nirnay_parse::pdf::look(body, reply.content_length()) {
            Ok(_) => {
                self.rest();
                self.finish(CaseOutcome::Answer(CaseAnswer::Document(body.clone())));
            }
            Err(bad) => self.document_over(CaseOutcome::BadDocument(bad)),
        }
    }
}

/// Whose pictures a portal's are like: the judgment portals run the same software.
fn drawn_like(portal: CasePortal) -> Portal {
    match portal {
        CasePortal::Sci => Portal::SciFeed,
        _ => Portal::Ecourts,
    }
}

/// What stands in place of the start page of High Court Services; of the page itself nothing is needed.
fn hc_start(body: &Bytes) -> Option<Refusal> {
    match crate::session::instead(body) {
        Some(
            refusal @ (Refusal::BlockPage | Refusal::Maintenance | Refusal::PortalError { .. }),
        ) => Some(refusal),
        _ if body.trim_ascii().is_empty() => Some(Refusal::Empty),
        _ => None,
    }
}

//! How a simulator is set up.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::site::Site;
use jiff::Timestamp;

use crate::captcha::CaptchaSpec;
use crate::cases::CaseSpec;
use crate::clock::{SimClock, SystemClock};
use crate::docket::Docket;
use crate::fault::FaultScript;
use crate::schedule::Schedule;

/// How strict a judgment portal is about tokens and about session ids that it has replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TokenMode {
    /// Any token will do, and the ids a session had before stay valid.
    #[default]
    Lenient,
    /// A search or link must carry the latest token; `checkCaptcha` may come without one. Otherwise
    /// the reply is an `errormsg`. Old ids stay valid.
    StrictTokens,
    /// As `StrictTokens`, and an id dies when the next one is given out.
    StrictAll,
}

/// Whether the portal of the district courts wants the secret of its script sent back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Guard {
    /// Every call must carry both headers; otherwise the reply is an `errormsg`.
    #[default]
    Closed,
    /// Calls without them are answered, as before July 2026.
    Open,
}

/// How a simulator is set up.
#[derive(Debug, Clone)]
pub struct SimConfig {
    /// What the portals hold.
    pub docket: Arc<Docket>,
    /// What the portals of cases hold beside the cases of the docket.
    pub cases: CaseSpec,
    /// What goes wrong; nothing by default.
    pub faults: Option<FaultScript>,
    /// Seed of session ids, tokens, captchas and of faults whose script has no seed.
    pub seed: u64,
    /// Strictness.
    pub tokens: TokenMode,
    /// Whether the portal of the district courts wants its secret back.
    pub guard: Guard,
    /// Time after which that secret turns; the name of the second header turns with every third.
    pub secret_age: Duration,
    /// Requests to that portal after which it turns, if any.
    pub secret_requests: Option<u64>,
    /// The portals to run; all by default.
    pub portals: Vec<Site>,
    /// Fixed ports on 127.0.0.1; free ones otherwise.
    pub ports: BTreeMap<Site, u16>,
    /// A fixed port of the control surface.
    pub control_port: u16,
    /// A file for the log, as JSON lines.
    pub log_file: Option<PathBuf>,
    /// How captchas look.
    pub captcha: CaptchaSpec,
    /// Documents a session gets before a second captcha is asked.
    pub documents_per_session: u32,
    /// Requests of a session after which a document made ready is gone.
    pub link_requests: u64,
    /// Time after which a document made ready is gone.
    pub link_age: Duration,
    /// Requests after which a session is logged out by itself.
    pub session_requests: Option<u64>,
    /// Texts of `robots.txt`; 404 where there is none. By default only `www.sci.gov.in` has one.
    pub robots: BTreeMap<Site, String>,
    /// The clock: it stamps the log, ages links, and moves the docket on.
    pub clock: Arc<dyn SimClock>,
    /// What becomes of the docket over time; nothing by default.
    pub schedule: Arc<Schedule>,
    /// The moment at which the docket stands until it is moved by hand; it follows the clock if none is
    /// given.
    pub moment: Option<Timestamp>,
    /// Log entries kept in memory; the oldest go first. The file keeps all.
    pub log_kept: usize,
}

impl SimConfig {
    /// All portals on free ports, nothing going wrong.
    pub fn new(docket: Arc<Docket>) -> Self {
        let robots =
            "User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n".to_owned();
        Self {
            docket,
            cases: CaseSpec::default(),
            faults: None,
            seed: 1,
            tokens: TokenMode::Lenient,
            guard: Guard::Closed,
            secret_age: Duration::from_hours(1),
            secret_requests: None,
            portals: Site::ALL.to_vec(),
            ports: BTreeMap::new(),
            control_port: 0,
            log_file: None,
            captcha: CaptchaSpec::default(),
            documents_per_session: 25,
            link_requests: 20,
            link_age: Duration::from_mins(5),
            session_requests: None,
            robots: BTreeMap::from([(Site::SciFeed, robots)]),
            clock: Arc::new(SystemClock),
            schedule: Arc::default(),
            moment: None,
            log_kept: 1_000_000,
        }
    }
}

//! Starting the portals and looking at what happened to them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::site::Site;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::connect_info::ConnectInfo;
use axum::extract::{Request as HttpRequest, State};
use axum::http::{Method, Response, header};
use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;
use nirnay_model::{Sha256, SourceId};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::cases::CaseFile;
use crate::config::SimConfig;
use crate::control;
use crate::docket::Docket;
use crate::error::SimError;
use crate::fault::FaultScript;
use crate::form::Form;
use crate::log::LogEntry;
use crate::reply::Delivery;
use crate::route::Route;
use crate::row::RowId;
use crate::schedule::ChangeKind;
use crate::supreme_case::SupremeJudgment;
use crate::truth::TruthRow;
use crate::wire::{Door, Switch};
use crate::world::{Request, World};

/// The largest body a client may send.
const BODY: usize = 1 << 20;

/// The simulator.
#[derive(Debug)]
pub struct Sim;

/// A running simulator. Dropping it stops the portals.
#[derive(Debug)]
pub struct SimHandle {
    world: Arc<World>,
    control: String,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Sim {
    /// Opens the ports and serves until the handle is dropped or shut down.
    pub async fn start(config: SimConfig) -> Result<SimHandle, SimError> {
        let mut doors = Vec::new();
        let mut bases = BTreeMap::new();
        for portal in config.portals.clone() {
            let (door, base) = listen(config.ports.get(&portal).copied().unwrap_or(0)).await?;
            bases.insert(portal, base);
            doors.push((portal, door));
        }
        let (control_door, control) = listen(config.control_port).await?;
        let world = Arc::new(World::new(config, bases)?);
        let (stop, stopped) = watch::channel(false);
        let mut tasks = Vec::new();
        for (portal, door) in doors {
            let app = Router::new()
                .fallback(serve)
                .with_state((portal, Arc::clone(&world)));
            let app = app.into_make_service_with_connect_info::<Switch>();
            let stopped = stopped.clone();
            tasks.push(tokio::spawn(async move {
                let serving = axum::serve(Door(door), app).with_graceful_shutdown(wait(stopped));
                // Serving ends only by the stop signal.
                serving.await.ok();
            }));
        }
        let app = Router::new()
            .fallback(control::answer)
            .with_state(Arc::clone(&world));
        tasks.push(tokio::spawn(async move {
            axum::serve(control_door, app)
                .with_graceful_shutdown(wait(stopped))
                .await
                .ok();
        }));
        Ok(SimHandle {
            world,
            control,
            stop,
            tasks,
        })
    }
}

async fn listen(port: u16) -> Result<(TcpListener, String), SimError> {
    let address = format!("127.0.0.1:{port}");
    let fail = |source| SimError::Listen {
        address: address.clone(),
        source,
    };
    let listener = TcpListener::bind(&address).await.map_err(fail)?;
    let port = listener.local_addr().map_err(fail)?.port();
    Ok((listener, format!("http://127.0.0.1:{port}")))
}

async fn wait(mut stopped: watch::Receiver<bool>) {
    // An error means that the handle is gone, which is a stop as well.
    stopped.wait_for(|stop| *stop).await.ok();
}

async fn serve(
    State((portal, world)): State<(Site, Arc<World>)>,
    ConnectInfo(switch): ConnectInfo<Switch>,
    request: HttpRequest,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY).await.unwrap_or_default();
    let cookies: Vec<&str> = parts
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .collect();
    let request = Request {
        portal,
        get: parts.method == Method::GET,
        path: parts.uri.path().to_owned(),
        query: Form::read(parts.uri.query().unwrap_or("").as_bytes()),
        cookies: cookies.join("; "),
        agent: parts
            .headers
            .get(header::USER_AGENT)
            .map(|agent| String::from_utf8_lossy(agent.as_bytes()).into_owned()),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.as_str().to_owned(), value)
            })
            .collect(),
        body: Form::read(&body),
    };
    let reply = world.answer(&request);
    if !reply.delay.is_zero() {
        tokio::time::sleep(reply.delay).await;
    }
    if matches!(reply.delivery, Delivery::Reset) {
        switch.reset();
    }
    reply.into_response()
}

impl SimHandle {
    /// The address of a portal, without a trailing slash; empty if the portal was not started.
    pub fn base_url(&self, site: impl Into<Site>) -> String {
        self.world
            .bases
            .get(&site.into())
            .cloned()
            .unwrap_or_default()
    }

    /// The address of the control surface, without a trailing slash.
    pub fn control_url(&self) -> &str {
        &self.control
    }

    /// What a captcha picture says; `None` if it was not handed out lately.
    pub fn answer(&self, image: &[u8]) -> Option<String> {
        self.world.answer_of(image)
    }

    /// All requests so far, oldest first, as far as they are kept ([`SimConfig::log_kept`]).
    pub fn log(&self) -> Vec<LogEntry> {
        self.world.log_since(0)
    }

    /// The requests behind the one with this number.
    pub fn log_since(&self, number: u64) -> Vec<LogEntry> {
        self.world.log_since(number)
    }

    /// The number of requests by portal and route.
    pub fn counts(&self) -> BTreeMap<(Site, Route), u64> {
        self.world.counts()
    }

    /// What the portals hold.
    pub fn docket(&self) -> &Arc<Docket> {
        &self.world.config.docket
    }

    /// The true rows of a source in serving order, with what faults added (at the end), took away
    /// and spoilt for good.
    pub fn truth(&self, source: SourceId) -> Vec<TruthRow> {
        self.world.truth(source, 0, usize::MAX)
    }

    /// Up to `count` of these rows from place `from` on, for dockets too large to hold at once; fewer
    /// only at the end.
    pub fn truth_page(&self, source: SourceId, from: usize, count: usize) -> Vec<TruthRow> {
        self.world.truth(source, from, count)
    }

    /// The rows of a source that are listed at a moment, past or to come, with the values they have
    /// then.
    pub fn truth_at(&self, source: SourceId, moment: Timestamp) -> Vec<TruthRow> {
        self.world.truth_at(source, moment)
    }

    /// The moment at which the docket stands.
    pub fn moment(&self) -> Timestamp {
        self.world.moment()
    }

    /// Moves the docket to a moment, where it stands until it is moved again. What its schedule holds
    /// up to then happens now. Time never goes back: a moment in the docket's past changes nothing.
    pub fn move_to(&self, moment: Timestamp) {
        self.world.move_to(moment);
    }

    /// Changes a row, now.
    pub fn change(&self, row: RowId, what: ChangeKind) {
        self.world.change(row, what);
    }

    /// Puts another fault script in place of the one that runs. Its rules count requests from here on;
    /// `request` and `stop` go by the simulator's own count, which goes on.
    pub fn set_faults(&self, script: FaultScript) -> Result<(), SimError> {
        self.world.set_faults(script)
    }

    /// Puts another `robots.txt` in place; 404 without a text.
    pub fn set_robots(&self, site: impl Into<Site>, text: Option<String>) {
        self.world.set_robots(site.into(), text);
    }

    /// The document of a row as it is served at a moment, past or to come.
    pub fn document_at(&self, row: RowId, moment: Timestamp) -> Option<Bytes> {
        self.world.document_at(row, moment)
    }

    /// The document of a row, as it is served when nothing goes wrong.
    pub fn document(&self, row: RowId) -> Option<Bytes> {
        self.world.document(row)
    }

    /// The hash of that document.
    pub fn document_sha256(&self, row: RowId) -> Option<Sha256> {
        self.document(row).map(|bytes| Sha256::of(&bytes))
    }

    /// The cases of a site ([`Site::HcServices`], [`Site::DistrictCourts`], [`Site::CalcuttaHc`]) as they
    /// stand now: all of them, or those whose [`CaseFile::place`] begins with these codes.
    pub fn cases(&self, site: Site, place: &[&str]) -> Vec<CaseFile> {
        self.world.cases(site, place)
    }

    /// The case with this CNR as it stands now, of whichever site.
    pub fn case(&self, cnr: &str) -> Option<CaseFile> {
        self.world.case(cnr, None)
    }

    /// The case with this CNR as it stands at a moment, past or to come.
    pub fn case_at(&self, cnr: &str, moment: Timestamp) -> Option<CaseFile> {
        self.world.case(cnr, Some(moment))
    }

    /// The file of an order of a case, as it is served when nothing goes wrong.
    pub fn case_document(&self, cnr: &str, order: u16) -> Option<Bytes> {
        self.world.case_document(cnr, order)
    }

    /// The CNRs of the cases of a place that are in court on a day; a cause list has them all.
    pub fn sitting(&self, site: Site, place: &[&str], on: Date) -> Vec<String> {
        self.world.sitting(site, place, on)
    }

    /// The judgments that the search of the Supreme Court's site finds, by date. Their documents are those
    /// of their rows ([`Self::document`]), but for translations.
    pub fn supreme_judgments(&self) -> Vec<SupremeJudgment> {
        self.world.cases.supreme().to_vec()
    }

    /// Stops the portals and closes their ports. Replies under way get half a second to end.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        for task in &mut self.tasks {
            if tokio::time::timeout(Duration::from_millis(500), &mut *task)
                .await
                .is_err()
            {
                task.abort();
            }
        }
    }
}

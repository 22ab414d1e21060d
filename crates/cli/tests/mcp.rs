//! `nirnay mcp` and `nirnay serve` as a client meets them: the program, its streams, its exit code.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use nirnay_pipeline::Stages;
use nirnay_portal_sim::{CourtShare, Docket, DocketSpec, Quirks};
use nirnay_tests::{Rig, RigOptions};
use serde_json::{Value, json};

const PIPELINE: &str = r#"
name = "mcp"
about = "What tools are asked."
basis = "Simulated portals."
[[source]]
source = "scr"
from = "2024-01-01"
to = "2024-03-31"
page_size = 100
"#;

/// A lake of a few judgments.
fn crawled(dir: &Path) {
    let spec = DocketSpec {
        seed: 5,
        courts: vec![CourtShare::new("sikkim", 1)],
        scr_rows: 12,
        feed_rows: 0,
        quirks: Quirks::none(),
        ..DocketSpec::default()
    };
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let rig = Rig::start(RigOptions {
            docket: Arc::new(Docket::generate(&spec).unwrap()),
            faults: None,
            seed: 3,
            accuracy: 1.0,
            pipeline: PIPELINE.to_owned(),
        })
        .await;
        let all = Stages {
            documents: true,
            text: true,
        };
        let report = rig.crawl(dir, all).await.unwrap();
        assert!(report.is_complete(), "{:?}", report.open);
    });
}

/// A client on the program's streams.
struct Client {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    number: u64,
}

impl Client {
    fn start(lake: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_nirnay"))
            .args(["mcp", "--lake"])
            .arg(lake)
            .env_remove("NIRNAY_LAKE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        Self {
            input: child.stdin.take(),
            output: BufReader::new(child.stdout.take().unwrap()),
            child,
            number: 0,
        }
    }

    fn tell(&mut self, message: &Value) {
        writeln!(self.input.as_mut().unwrap(), "{message}").unwrap();
    }

    /// Asks and returns the whole answer.
    #[expect(clippy::needless_pass_by_value, reason = "it is called with `json!`")]
    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.number += 1;
        self.tell(
            &json!({ "jsonrpc": "2.0", "id": self.number, "method": method, "params": params }),
        );
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        let answer: Value =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        assert_eq!(answer["id"], self.number, "{answer}");
        answer
    }

    fn greet(&mut self) -> Value {
        let answer = self.ask(
            "initialize",
            json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" } }),
        );
        self.tell(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        answer["result"].clone()
    }

    /// Calls a tool that must succeed.
    fn call(&mut self, name: &str, arguments: &Value) -> Value {
        let result = self.ask(
            "tools/call",
            json!({ "name": name, "arguments": arguments }),
        )["result"]
            .clone();
        assert_ne!(result["isError"], true, "{name} {arguments}: {result}");
        // The same as text, for clients that know no structure.
        let text: Value =
            serde_json::from_str(result["content"][0]["text"].as_str().unwrap()).unwrap();
        assert_eq!(text, result["structuredContent"]);
        text
    }

    /// Calls a tool that must fail, and say how to do better.
    fn fail(&mut self, name: &str, arguments: &Value) -> Value {
        let result = self.ask(
            "tools/call",
            json!({ "name": name, "arguments": arguments }),
        )["result"]
            .clone();
        assert_eq!(result["isError"], true, "{name} {arguments}: {result}");
        let problem = result["structuredContent"].clone();
        for member in ["detail", "hint"] {
            assert!(!problem[member].as_str().unwrap().is_empty(), "{problem}");
        }
        problem
    }

    fn end(mut self) -> Option<i32> {
        drop(self.input.take());
        self.child.wait().unwrap().code()
    }
}

#[test]
fn four_tools_over_standard_streams() {
    let dir = tempfile::tempdir().unwrap();
    let lake = dir.path().join("lake");
    crawled(&lake);
    let mut client = Client::start(&lake);
    let server = client.greet();
    assert_eq!(server["serverInfo"]["name"], "nirnay");
    assert!(
        server["capabilities"]["tools"].is_object()
            && server["instructions"].as_str().unwrap().len() > 100
    );

    let tools = client.ask("tools/list", json!({}))["result"]["tools"].clone();
    let names: Vec<&str> = tools
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        ["search", "get_judgment", "look_up_citation", "coverage"]
    );
    for tool in tools.as_array().unwrap() {
        assert_eq!(tool["inputSchema"]["type"], "object", "{tool}");
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
    }

    let all = client.call("search", &json!({ "query": "" }));
    assert_eq!(all["total"], 12, "{all}");
    let hit = all["hits"]
        .as_array()
        .unwrap()
        .iter()
        .find(|hit| hit["neutral_citation"].is_string())
        .unwrap()
        .clone();
    let one = client.call(
        "search",
        &json!({ "query": "court", "filters": { "court": "sci", "year": [2024] }, "limit": 1 }),
    );
    assert_eq!(one["hits"].as_array().unwrap().len(), 1, "{one}");

    let judgment = client.call("get_judgment", &json!({ "id": hit["id"] }));
    assert_eq!(judgment["title"], hit["title"]);
    let text = judgment["text"].as_array().unwrap();
    assert!(!text.is_empty() && text.len() <= 5, "{} pages", text.len());
    let first = client.call(
        "get_judgment",
        &json!({ "id": hit["id"], "first_page": 1, "last_page": 1 }),
    );
    assert_eq!(first["text"].as_array().unwrap().len(), 1);
    assert_eq!(first["next_page"].is_null(), hit["pages"] == 1);
    let bare = client.call("get_judgment", &json!({ "id": hit["id"], "text": false }));
    assert!(bare.get("text").is_none());

    let found = client.call(
        "look_up_citation",
        &json!({ "text": hit["neutral_citation"] }),
    );
    let found = &found["citations"][0];
    assert_eq!(
        (&found["status"], &found["judgments"][0]["id"]),
        (&json!("found"), &hit["id"]),
        "{found}"
    );
    let unknown = client.call("look_up_citation", &json!({ "text": "2099 INSC 99999" }));
    assert_eq!(unknown["citations"][0]["status"], "unknown");

    let coverage = client.call("coverage", &json!({ "court": "sci" }));
    assert_eq!(
        (&coverage["complete"], &coverage["courts"][0]["judgments"]),
        (&json!(true), &json!(12)),
        "{coverage}"
    );

    let problem = client.fail("search", &json!({ "query": "(bail" }));
    assert_eq!(problem["code"], "bad_query");
    assert!(problem["position"].is_u64());
    client.fail("search", &json!({ "qeury": "bail" }));
    client.fail(
        "search",
        &json!({ "query": "a", "filters": { "cuort": "x" } }),
    );
    client.fail("get_judgment", &json!({ "id": "../../etc/passwd" }));
    client.fail("coverage", &json!({ "court": "atlantis" }));
    client.fail("look_up_citation", &json!({ "text": " " }));
    let none = client.ask("tools/call", json!({ "name": "delete", "arguments": {} }));
    assert!(
        none["error"]["message"]
            .as_str()
            .unwrap()
            .contains("look_up_citation"),
        "{none}"
    );
    assert_eq!(client.end(), Some(0));
}

#[test]
fn without_an_index_both_say_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    for command in ["mcp", "serve"] {
        let output = Command::new(env!("CARGO_BIN_EXE_nirnay"))
            .args([command, "--lake"])
            .arg(dir.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(64), "{command}: {said}");
        assert!(said.contains("nirnay index"), "{command}: {said}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn serve_prints_its_address_and_refuses_to_be_open() {
    let dir = tempfile::tempdir().unwrap();
    let lake = dir.path().join("lake");
    crawled(&lake);
    let serve = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nirnay"));
        command.args(["serve", "--lake"]).arg(&lake).args(more);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let token = dir.path().join("token");
    std::fs::write(&token, "0123456789abcdef\n").unwrap();
    let token = token.to_str().unwrap();
    for open in [
        &["--listen", "0.0.0.0:0"][..],
        &["--listen", "[::]:0", "--name", "lake.example"],
        &["--listen", "0.0.0.0:0", "--token-file", token],
    ] {
        let output = serve(open).wait_with_output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(64),
            "{open:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let mut child = serve(&["--listen", "127.0.0.1:0"]);
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let at = line
        .trim()
        .strip_prefix("http://")
        .unwrap()
        .trim_end_matches('/');
    let mut stream = std::net::TcpStream::connect(at).unwrap();
    write!(
        stream,
        "GET /help HTTP/1.1\r\nhost: {at}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer:.80}");
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(
        child.wait().unwrap().code(),
        Some(0),
        "a signal ends it in order"
    );
}

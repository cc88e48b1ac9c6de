//! The real program in processes of its own, as an operator starts them.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use reqwest::{Client, RequestBuilder, StatusCode};

/// Longest wait for something that is to happen at once: for slow machines, not a measure.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Process {
    child: Child,
    /// `http://127.0.0.1:port` of the pages; empty for a worker.
    pub pages: String,
    pub ops: String,
    client: Client,
}

/// What the program is started with besides the database.
pub(crate) struct Start<'a> {
    pub url: &'a str,
    pub mail: &'a std::path::Path,
    pub arguments: &'a [&'a str],
    pub environment: &'a [(&'a str, &'a str)],
}

impl Process {
    /// Starts `sri` and waits until it says where it listens.
    pub(crate) fn start(start: &Start<'_>) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sri"))
            .args(start.arguments)
            .env_clear()
            .envs(std::env::vars().filter(|(name, _)| !name.starts_with("SRI_") && name != "DATABASE_URL"))
            .env("DATABASE_URL", start.url)
            .env("SRI_SECRET_KEY", "ab".repeat(32))
            .env("SRI_BASE_URL", "https://sri.example")
            .env("SRI_LISTEN", "127.0.0.1:0")
            .env("SRI_OPS_LISTEN", "127.0.0.1:0")
            .env("SRI_MAIL_URL", format!("file://{}", start.mail.display()))
            .env("SRI_BACKUP_DIR", start.mail.join("backups"))
            .env("SRI_FILES_DIR", start.mail.join("files"))
            .env("SRI_POOL_CONNECTIONS", "4")
            .env("SRI_SPARES", "0")
            .envs(start.environment.iter().copied())
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let (say, hear) = mpsc::channel();
        let log = BufReader::new(child.stderr.take().unwrap());
        // Read to the end, so that the program never waits for its reader.
        std::thread::spawn(move || log.lines().map_while(Result::ok).for_each(|line| drop(say.send(line))));
        let serves = start.arguments.contains(&"serve");
        let (mut pages, mut ops, mut said) = (String::new(), String::new(), Vec::new());
        while ops.is_empty() || (serves && pages.is_empty()) {
            let line = hear.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("sri says nothing more: {said:#?}"));
            let entry: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            let address = format!("http://{}", entry["address"].as_str().unwrap_or_default());
            match entry["message"].as_str() {
                Some("serving") => pages = address,
                Some("answering operators") => ops = address,
                _ => {}
            }
            said.push(line);
        }
        Self { child, pages, ops, client: client() }
    }

    /// A request to the pages as if it came for `host`, from a browser on that site.
    pub(crate) fn ask(&self, method: reqwest::Method, host: &str, target: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{target}", self.pages))
            .header("host", host)
            .header("sec-fetch-site", "same-origin")
            .header("accept", "text/html")
    }

    pub(crate) async fn status(&self, host: &str, target: &str) -> StatusCode {
        self.ask(reqwest::Method::GET, host, target).send().await.unwrap().status()
    }

    pub(crate) async fn ready(&self) {
        until("the process is ready", async || {
            self.client.get(format!("{}/pronto", self.ops)).send().await.is_ok_and(|answer| answer.status().is_success())
        })
        .await;
    }

    pub(crate) async fn ops(&self, target: &str) -> Option<(StatusCode, String)> {
        let answer = self.client.get(format!("{}{target}", self.ops)).send().await.ok()?;
        Some((answer.status(), answer.text().await.ok()?))
    }

    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to stop, as a service manager does.
    pub(crate) fn terminate(&self) {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
    }

    pub(crate) fn ended(&mut self) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < PATIENCE, "sri does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

pub(crate) fn client() -> Client {
    Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE).build().unwrap()
}

/// Waits for a condition, with a limit.
pub(crate) async fn until(what: &str, condition: impl AsyncFn() -> bool) {
    let began = Instant::now();
    while !condition().await {
        assert!(began.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

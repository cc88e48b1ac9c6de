//! A process of the product, started as an operator starts it.

use std::{
    fs::File,
    net::TcpListener,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::{Child, Command},
};

pub(crate) struct Sri {
    child: Child,
    pub pid: u32,
    /// Port of the public listener.
    pub port: u16,
    /// From the start of the program until it called itself ready.
    pub ready_after: Duration,
}

impl Sri {
    /// Starts `sri <role>` and waits until it says that it is ready. What it logs goes to `log`.
    pub(crate) async fn start(program: &Path, role: &str, environment: &[(&str, String)], log: &Path) -> Result<Self> {
        let (port, ops) = (free_port()?, free_port()?);
        let log_file = File::create(log).with_context(|| format!("creating {}", log.display()))?;
        let mut command = Command::new(program);
        command
            .arg(role)
            .env_clear()
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .env("SRI_BASE_URL", format!("http://localhost:{port}"))
            .env("SRI_LISTEN", format!("127.0.0.1:{port}"))
            .env("SRI_OPS_LISTEN", format!("127.0.0.1:{ops}"))
            .stdin(Stdio::null())
            .stdout(log_file.try_clone()?)
            .stderr(log_file)
            .kill_on_drop(true);
        let began = Instant::now();
        let mut child = command.spawn().with_context(|| format!("starting {}", program.display()))?;
        let pid = child.id().context("the process has no id")?;
        while !is_ready(ops).await {
            if let Some(status) = child.try_wait()? {
                bail!("sri {role} ended with {status}; its words are in {}:\n{}", log.display(), std::fs::read_to_string(log)?);
            }
            if began.elapsed() > Duration::from_secs(60) {
                bail!("sri {role} is not ready after a minute; its words:\n{}", std::fs::read_to_string(log)?);
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(Self { child, pid, port, ready_after: began.elapsed() })
    }

    /// Asks the process to stop, and waits for it.
    pub(crate) async fn stop(mut self) -> Result<()> {
        let asked = Command::new("kill").args(["-TERM", &self.pid.to_string()]).status().await?;
        if !asked.success() {
            bail!("the process could not be asked to stop");
        }
        tokio::time::timeout(Duration::from_secs(30), self.child.wait()).await.context("the process does not stop")??;
        Ok(())
    }
}

/// A port nobody listens on at this moment.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

async fn is_ready(port: u16) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.write_all(b"GET /pronto HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok::<_, std::io::Error>(answer.starts_with(b"HTTP/1.1 200"))
    };
    ask.await.unwrap_or(false)
}

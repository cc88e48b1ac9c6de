//! Requests over keep-alive connections of the loopback interface, one after another on each.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use futures::future::try_join_all;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::JoinHandle};

/// Makes the n-th request.
pub(crate) type Script = Arc<dyn Fn(u64) -> Request<Full<Bytes>> + Send + Sync>;

/// One connection to the product.
pub(crate) struct Client {
    sender: http1::SendRequest<Full<Bytes>>,
    driver: JoinHandle<()>,
}

impl Client {
    pub(crate) async fn connect(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.context("connecting to the product")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        #[expect(clippy::disallowed_methods, reason = "ends with its client, below")]
        let driver = tokio::spawn(async move {
            // A broken connection shows as a failed request.
            let _ = connection.await;
        });
        Ok(Self { sender, driver })
    }

    pub(crate) async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>> {
        self.sender.ready().await?;
        Ok(self.sender.send_request(request).await?)
    }

    /// Sends a request and reads the whole answer, which must be one of success.
    pub(crate) async fn fetch(&mut self, request: Request<Full<Bytes>>) -> Result<Bytes> {
        let what = format!("{} {}", request.method(), request.uri());
        let response = self.send(request).await.with_context(|| what.clone())?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        ensure!(status.is_success(), "{what} was answered {status}: {}", String::from_utf8_lossy(&body[..body.len().min(2000)]));
        Ok(body)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// What a while of requests brought.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outcome {
    /// In milliseconds, sorted.
    times: Vec<f64>,
    pub seconds: f64,
}

impl Outcome {
    pub(crate) fn count(&self) -> usize {
        self.times.len()
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.count() as f64 / self.seconds
    }

    /// Milliseconds that a share of the requests stayed below.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length is an index")]
        let at = (self.times.len() as f64 * share) as usize;
        self.times.get(at.min(self.times.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

/// Has `connections` clients send the requests of `script` in turn for a while.
pub(crate) async fn run(port: u16, script: &Script, connections: usize, time: Duration) -> Result<Outcome> {
    let next = AtomicU64::new(0);
    let clients = try_join_all((0..connections).map(|_| Client::connect(port))).await?;
    let began = Instant::now();
    let work = |mut client: Client| {
        let next = &next;
        async move {
            let mut times = Vec::new();
            while began.elapsed() < time {
                let request = script(next.fetch_add(1, Ordering::Relaxed));
                let sent = Instant::now();
                client.fetch(request).await?;
                times.push(sent.elapsed().as_secs_f64() * 1000.0);
            }
            Ok::<_, anyhow::Error>(times)
        }
    };
    let mut times: Vec<f64> = try_join_all(clients.into_iter().map(work)).await?.concat();
    let seconds = began.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    Ok(Outcome { times, seconds })
}

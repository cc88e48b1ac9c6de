//! The listening loop: deadlines for slow clients, a bound on connections, and a stop that lets running requests finish.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Router, http::Request};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, sync::Semaphore, task::JoinSet};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// The other end of the connection; `X-Forwarded-For` is another matter.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// Bounds of the listening loop.
#[derive(Debug, Clone, Copy)]
pub struct ServeLimits {
    /// Open connections at most; more wait in the kernel's queue.
    pub connections: usize,
    /// Open connections of one address; loopback and configured proxies are not counted.
    pub per_address: usize,
    /// For the whole head of a request, and for the pause before the next one.
    pub head_timeout: Duration,
    /// How long running requests may take after the stop was asked for.
    pub drain: Duration,
}

impl Default for ServeLimits {
    fn default() -> Self {
        Self { connections: 10_000, per_address: 512, head_timeout: Duration::from_secs(15), drain: Duration::from_secs(25) }
    }
}

/// Serves until `stopping` fires, then drains.
///
/// # Errors
/// Never after the listener is bound; accept errors are waited out.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    trusted: Vec<ipnet::IpNet>,
    limits: ServeLimits,
    stopping: CancellationToken,
) {
    let permits = Arc::new(Semaphore::new(limits.connections));
    let addresses = Addresses::default();
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    // HTTP/2 is the proxy's, which ends TLS; here it would only be spoken in the clear, and telling the versions apart by the
    // first bytes waits for them without a deadline.
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.head_timeout).max_headers(100).max_buf_size(64 * 1024);

    loop {
        // Finished connections are taken out as they end.
        while connections.try_join_next().is_some() {}
        let accepted = tokio::select! {
            () = stopping.cancelled() => break,
            accepted = accept(&listener, &permits) => accepted,
        };
        let (stream, peer, permit) = accepted;
        let counted = !peer.ip().is_loopback() && !trusted.iter().any(|net| net.contains(&peer.ip()));
        let Some(place) = addresses.enter(peer.ip(), if counted { limits.per_address } else { usize::MAX }) else {
            continue;
        };
        // Small answers leave at once.
        let _ = stream.set_nodelay(true);
        let service = router.clone().map_request(move |mut request: Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            request.map(axum::body::Body::new)
        });
        let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let connection = graceful.watch(connection);
        connections.spawn(async move {
            // A client that breaks off is its own business.
            let _ = connection.await;
            drop((permit, place));
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.drain, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time and were cut");
    }
    connections.shutdown().await;
}

async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> (tokio::net::TcpStream, SocketAddr, Option<tokio::sync::OwnedSemaphorePermit>) {
    // The semaphore is never closed.
    let permit = Arc::clone(permits).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, permit),
            Err(error) => {
                // Out of file descriptors, mostly: some connection will end.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// Open connections by address.
#[derive(Clone, Default)]
struct Addresses(Arc<Mutex<HashMap<IpAddr, usize>>>);

struct AddressPlace(Addresses, IpAddr);

impl Addresses {
    fn enter(&self, ip: IpAddr, limit: usize) -> Option<AddressPlace> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(ip).or_default();
        if *count >= limit {
            return None;
        }
        *count += 1;
        Some(AddressPlace(self.clone(), ip))
    }
}

impl Drop for AddressPlace {
    fn drop(&mut self) {
        let mut open = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.1);
            }
        }
    }
}

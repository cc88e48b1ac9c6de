//! Requests that are slow, too large, broken off or cancelled (threats 18 to 20).

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::http::{Method, StatusCode};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_util::sync::CancellationToken;
use web::ServeLimits;

use crate::{
    process::until,
    support::{Side, Who, World, host, is_api, routes},
};

/// Serves the world on a port of its own, with short deadlines.
async fn listening(world: &World) -> (std::net::SocketAddr, CancellationToken) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    let limits =
        ServeLimits { head_timeout: Duration::from_millis(300), drain: Duration::from_secs(5), ..ServeLimits::default() };
    #[expect(clippy::disallowed_methods, reason = "the server of this test; its token ends it")]
    tokio::spawn(web::serve(listener, world.house.router(), Vec::new(), limits, stop.clone()));
    (address, stop)
}

/// Sends bytes and reads what comes until the other end closes.
async fn exchange(address: std::net::SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The other end may close before it has read everything.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut answer)).await;
    assert!(read.is_ok(), "the connection stays open");
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("closed")
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut_off() {
    let world = World::new().await;
    let (address, _stop) = listening(&world).await;
    let cut = exchange(address, b"GET /entrar HTTP/1.1\r\nHost: alfa.sri.example\r\nX-Slow: ").await;
    assert!(matches!(status(&cut), "408" | "closed"), "{cut}");
    let silent = exchange(address, b"").await;
    assert!(matches!(status(&silent), "408" | "closed"), "{silent}");
}

#[tokio::test]
async fn heads_and_bodies_have_a_size() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (address, _stop) = listening(&world).await;
    let ask = |head: &str, body: &str| format!("{head}Host: alfa.sri.example\r\nConnection: close\r\n\r\n{body}").into_bytes();
    let long = exchange(address, &ask(&format!("GET /entrar HTTP/1.1\r\nX-Long: {}\r\n", "a".repeat(100_000)), "")).await;
    assert!(matches!(status(&long), "431" | "400" | "closed"), "{}", status(&long));
    let many = exchange(address, &ask(&format!("GET /entrar HTTP/1.1\r\n{}", "X-Many: 1\r\n".repeat(200)), "")).await;
    assert!(matches!(status(&many), "431" | "400" | "closed"), "{}", status(&many));
    let target = exchange(address, &ask(&format!("GET /{} HTTP/1.1\r\n", "a".repeat(80_000)), "")).await;
    assert!(matches!(status(&target), "414" | "431" | "400" | "closed"), "{}", status(&target));
    for smuggled in [
        "POST /entrar HTTP/1.1\r\nHost: alfa.sri.example\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
        "POST /entrar HTTP/1.1\r\nHost: alfa.sri.example\r\nTransfer-Encoding: chunked, identity\r\nContent-Length: 4\r\nConnection: close\r\n\r\nabcd",
        "GET /entrar HTTP/1.1\r\nHost: alfa.sri.example\r\nHost: beta.sri.example\r\nConnection: close\r\n\r\n",
    ] {
        let answer = exchange(address, smuggled.as_bytes()).await;
        assert!(matches!(status(&answer), "400" | "closed"), "{answer}");
    }

    let before = world.contents(&side.unidade).await;
    let host = host(&side.unidade);
    let form = format!("nome={}", "a".repeat(600 * 1024));
    let answer = world.post(&host, Who::Cookie(&side.cookie), "/empresas", &form).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{answer:?}");
    let json = format!(r#"{{"nome":"{}"}}"#, "a".repeat(600 * 1024));
    let answer = world.ask(&host, Who::Bearer(&side.bearer), &Method::POST, "/api/v1/empresas", &json).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{answer:?}");
    assert_eq!(world.contents(&side.unidade).await, before);
}

/// A body that is shorter than it says: nothing of it counts.
#[tokio::test]
async fn a_body_that_breaks_off_changes_nothing() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (address, _stop) = listening(&world).await;
    let before = world.contents(&side.unidade).await;
    let body = "cnpj=11.222.333%2F0001-81&nome=Tecelagem+Serra&situacao=prospect";
    let head = format!(
        "POST /empresas HTTP/1.1\r\nHost: alfa.sri.example\r\nSec-Fetch-Site: same-origin\r\nCookie: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        side.cookie,
        body.len() + 10,
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert_ne!(status(&String::from_utf8_lossy(&answer)), "303");
    assert_eq!(world.contents(&side.unidade).await, before);
}

/// Lets a future be polled so often, and no more.
struct Cancelled<F> {
    inner: Pin<Box<F>>,
    polls: usize,
}

impl<F: Future> Future for Cancelled<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.polls == 0 {
            return Poll::Ready(None);
        }
        self.polls -= 1;
        self.inner.as_mut().poll(cx).map(Some)
    }
}

/// The client goes away at any moment: what was written is there whole, with its row in the trail, or not at all; and no
/// connection comes back to the pool with somebody's transaction in it (decisions 0002 and 0003).
#[tokio::test]
async fn a_request_cancelled_at_any_await_leaves_nothing_half_done() {
    let world = World::new().await;
    let Side { unidade, bearer, ids, .. } = world.side(&world.base.alfa).await;
    let (host, schema) = (host(&unidade), unidade.names().schema());
    let new = routes().into_iter().find(|info| is_api(info) && info.method == Method::POST && info.ids.is_empty()).unwrap();
    // What a process remembers once read (the municípios) is read now.
    world.sample(&host, Who::Bearer(&bearer), &new, &ids).await;
    let mut finished = 0;
    for polls in 0..2000 {
        let cnpj = kernel::Cnpj::from_base(&format!("{:08}0001", 30_000_000 + polls)).unwrap();
        let body = format!(r#"{{"cnpj":"{}","nome":"Cancelada","situacao":"ativo"}}"#, cnpj.as_str());
        let asked = world.ask(&host, Who::Bearer(&bearer), &Method::POST, "/api/v1/empresas", &body);
        match (Cancelled { inner: Box::pin(asked), polls }).await {
            None => {}
            Some(answer) => {
                assert_eq!(answer.status, StatusCode::CREATED, "after {polls}: {answer:?}");
                finished += 1;
                if finished == 3 {
                    break;
                }
            }
        }
    }
    assert_eq!(finished, 3, "the request never ends");
    // What a dropped connection began is undone by the server as soon as it notices.
    let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
    until("no transaction is left open", async || world.base.number(open).await == 0).await;
    let written = format!("SELECT count(*) FROM {schema}.empresa WHERE nome = 'Cancelada'");
    let noted = format!(
        "SELECT count(*) FROM {schema}.auditoria a JOIN {schema}.empresa e ON e.id = a.entity_id
         WHERE e.nome = 'Cancelada' AND a.action = 'empresa.registrada'"
    );
    let (written, noted) = (world.base.number(&written).await, world.base.number(&noted).await);
    assert!(written >= 3 && written == noted, "{written} written, {noted} noted");
    // The pool serves on, in the right unidade.
    for _ in 0..8 {
        let answer = world.get(&host, Who::Bearer(&bearer), "/api/v1/empresas").await;
        assert_eq!(answer.status, StatusCode::OK);
    }
}

/// Bodies that come drop by drop hold no connection of the database: others are served meanwhile, on every site.
#[tokio::test]
async fn slow_bodies_hold_no_connection() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (address, _stop) = listening(&world).await;
    let mut slow = Vec::new();
    for host in ["alfa.sri.example", "console.sri.example"] {
        for _ in 0..20 {
            let head = format!(
                "POST /entrar HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Site: same-origin\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nemail="
            );
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(head.as_bytes()).await.unwrap();
            slow.push(stream);
        }
    }
    // Everything that was sent has arrived before others come.
    // What notes a request that was just answered may be at it still; what waits for a body began before.
    let since = world.text("SELECT clock_timestamp()::text").await;
    let open = &format!(
        "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND xact_start < '{since}'"
    );
    for _ in 0..20 {
        let answer = world.get(&host(&side.unidade), Who::Cookie(&side.cookie), "/empresas").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(world.get("console.sri.example", Who::Nobody, "/entrar").await.status, StatusCode::OK);
        assert_eq!(world.base.number(open).await, 0, "a body that does not come holds a connection");
    }
    drop(slow);
}

/// Whoever may not send a file is told before it is taken in.
#[tokio::test]
async fn a_stranger_s_file_is_refused_before_it_is_read() {
    let world = World::new().await;
    let (address, _stop) = listening(&world).await;
    let head = "POST /empresas/importar HTTP/1.1\r\nHost: alfa.sri.example\r\nSec-Fetch-Site: same-origin\r\nAccept: text/html\r\nConnection: close\r\n\
                Content-Type: multipart/form-data; boundary=limit\r\nContent-Length: 9000000\r\n\r\n--limit\r\n";
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut first = [0; 12];
    tokio::time::timeout(Duration::from_secs(30), stream.read_exact(&mut first))
        .await
        .expect("an answer before the body")
        .unwrap();
    assert_eq!(&first, b"HTTP/1.1 303");
}

#[tokio::test]
async fn a_nul_is_no_text() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let host = host(&side.unidade);
    for target in ["/empresas?q=%00", "/empresas?q=a%00b", "/configuracoes/auditoria?q=%00", "/%00"] {
        assert_eq!(world.get(&host, Who::Cookie(&side.cookie), target).await.status, StatusCode::BAD_REQUEST, "{target}");
    }
    let form = "cnpj=11.222.333%2F0001-81&nome=Tecel%00agem&situacao=prospect";
    assert_eq!(world.post(&host, Who::Cookie(&side.cookie), "/empresas", form).await.status, StatusCode::SEE_OTHER);
    for host in [host.as_str(), "console.sri.example"] {
        let answer = world.post(host, Who::Nobody, "/entrar", "email=a%00%40b.example&senha=%00").await;
        assert!(answer.status.is_client_error(), "{answer:?}");
    }
}

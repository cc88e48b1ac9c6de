//! `sri dev` on a database that somebody has worked in since the last start.

use std::process::Stdio;

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpStream,
};

use crate::{
    cli::create,
    installation::{Installation, until},
};

/// What `sri dev` prints until it is ready.
async fn greeting(out: impl tokio::io::AsyncRead + Unpin) -> String {
    let (mut lines, mut said) = (BufReader::new(out).lines(), String::new());
    while let Some(line) = lines.next_line().await.unwrap() {
        said.push_str(&line);
        said.push('\n');
        if line.contains("Ctrl+C") {
            return said;
        }
    }
    panic!("it ended instead: {said}");
}

#[tokio::test]
async fn the_demo_starts_when_one_of_its_unidades_was_closed_and_the_other_deleted() {
    let sri = Installation::new().await;
    let worker = sri.worker();
    for (slug, codigo) in [("joinville", "1.03"), ("blumenau", "1.04")] {
        sri.ok(&create(slug, codigo)).await;
        sri.ok(&["unidade", "suspend", slug, "--reason", "Obras"]).await;
    }
    sri.ok(&["unidade", "backup", "blumenau"]).await;
    sri.ok(&["unidade", "delete", "blumenau", "--confirm", "blumenau"]).await;
    drop(worker);
    let there =
        "SELECT (SELECT count(*) FROM platform.unidade) * 100 + count(*) FROM pg_namespace WHERE nspname ~ '^t_[0-9a-f]{32}$'";
    assert_eq!(sri.number(0, there).await, 201, "two in the register, one with a schema");

    let mut dev = sri
        .sri(&["dev", "--port", "18480"])
        // Its own: the address of the pages follows from the port.
        .env_remove("SRI_BASE_URL")
        .env("SRI_STATE_DIR", sri.folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = greeting(dev.stdout.take().unwrap()).await;
    let of_joinville = said.lines().find(|line| line.contains("SENAI de prova")).unwrap_or_default();
    assert!(of_joinville.contains("suspended; the console opens it"), "{said}");
    assert!(!said.to_lowercase().contains("blumenau"), "{said}");

    let console = said.lines().find_map(|line| line.trim().strip_prefix("Console")).unwrap_or_default().trim();
    let console: url::Url = console.parse().unwrap();
    let port = console.port().unwrap();
    until("the pages answer", async || TcpStream::connect(("127.0.0.1", port)).await.is_ok()).await;
    assert_eq!(sri.number(0, there).await, 201, "nothing was made");
    assert_eq!(sri.json(&["unidade", "show", "joinville", "--json"]).await["status"], "suspended");
    dev.kill().await.unwrap();
}

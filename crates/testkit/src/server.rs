use std::path::PathBuf;

use tenancy::embedded::{Durability, Embedded, Options};
use tokio::sync::OnceCell;

/// The tests' PostgreSQL servers: two, because two placements in tests are two clusters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Central,
    Second,
}

static SERVERS: [OnceCell<Embedded>; 2] = [OnceCell::const_new(), OnceCell::const_new()];

/// Address of a database on one of the tests' servers, as its superuser. The server is started by whoever comes first and
/// adopted by all others; `SRI_TEST_STATE` says where it lives.
pub async fn admin_url(which: Which, database: &str) -> String {
    let server = SERVERS[which as usize]
        .get_or_init(|| async {
            Embedded::start(
                Options::kept_in(state_dir(which))
                    .durability(Durability::Off)
                    .setting("max_connections", "400")
                    .setting("shared_buffers", "256MB"),
            )
            .await
            .unwrap_or_else(|error| panic!("the tests' PostgreSQL does not start: {error}"))
        })
        .await;
    server.url(database)
}

fn state_dir(which: Which) -> PathBuf {
    let base = std::env::var_os("SRI_TEST_STATE").map_or_else(|| std::env::temp_dir().join("sri-test"), PathBuf::from);
    base.join(match which {
        Which::Central => "central",
        Which::Second => "second",
    })
}

use kernel::Fault;
use sqlx::{PgConnection, Row};

use crate::{Platform, PlatformTx, UnidadeId, config::LoginRole, session::simple};

/// The right to rebuild one unidade (move, restore, delete), for one process at a time. Held by a connection to the central
/// database: a killed process loses it with its connection.
pub(crate) struct Exclusive {
    conn: PgConnection,
}

impl Exclusive {
    /// `None` when somebody else is at work on this unidade.
    pub(crate) async fn take(platform: &Platform, id: UnidadeId) -> Result<Option<Self>, Fault> {
        use sqlx::Connection;

        let config = platform.config();
        let mut conn = PgConnection::connect_with(&config.central().login(LoginRole::Platform, &config.master_key)).await?;
        #[expect(clippy::disallowed_methods, reason = "a connection outside the pool, because the lock lives as long as it")]
        let row = sqlx::query("SELECT pg_try_advisory_lock(hashtextextended($1, 0))").bind(key(id)).fetch_one(&mut conn).await?;
        Ok(row.try_get::<bool, _>(0)?.then_some(Self { conn }))
    }

    /// Gives it back at once: after a mere drop the server takes a moment to see that the connection is gone. One that
    /// cannot answer is gone as well.
    pub(crate) async fn release(mut self) {
        let _ = simple(&mut self.conn, "SELECT pg_advisory_unlock_all()".to_owned()).await;
    }

    /// Whether nobody is at work on this unidade; nobody begins then until the transaction ends.
    pub(crate) async fn is_free(tx: &mut PlatformTx, id: UnidadeId) -> Result<bool, Fault> {
        Ok(sqlx::query_scalar!(r#"SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS "free!""#, key(id))
            .fetch_one(tx.db())
            .await?)
    }
}

fn key(id: UnidadeId) -> String {
    format!("unidade:{id}")
}

//! Removing rows whose time is over: lawful, told in the trail itself, and the chain holds without them.

use chrono::{DateTime, Months, Utc};
use kernel::{Actor, Fault};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Linha, SOME, SealKind, placement, seal};
use crate::{
    Platform, Unidade,
    audit::{self, Change, Entry},
    exclusive::Exclusive,
    provision::migrator,
    session::simple,
};

/// Records of access are kept at least so long (Marco Civil da Internet, Lei 12.965/2014, art. 15).
pub const LEAST_MONTHS: u32 = 6;

/// What goes of a trail when its time is over.
#[derive(Debug, Clone, Copy)]
pub enum Over<'a> {
    /// Every row of these actions.
    Actions(&'a [&'a str]),
    /// These rows, which tell of somebody who was erased.
    Rows(&'a [Uuid]),
}

/// Removes what is `over` from before `before`, seals what was removed and tells of it in the trail. Answers how many
/// they were; `None` while somebody moves, restores or removes the unidade.
///
/// The unidade's own role cannot do this, whoever holds it: rows are removed as the owner of the schema.
///
/// # Errors
/// A fault when `before` is less than [`LEAST_MONTHS`] ago, or of either database; nothing is removed then.
pub async fn cut_trail(
    platform: &Platform,
    unidade: &Unidade,
    actor: &Actor,
    over: Over<'_>,
    before: DateTime<Utc>,
) -> Result<Option<u64>, Fault> {
    let now = platform.clock().now();
    if now.checked_sub_months(Months::new(LEAST_MONTHS)).is_none_or(|least| before > least) {
        return Err(Fault::because("records of access are kept for six months at least (Lei 12.965/2014, art. 15)"));
    }
    let Some(exclusive) = Exclusive::take(platform, unidade.id).await? else { return Ok(None) };
    let outcome = cut(platform, unidade, actor, over, before).await;
    exclusive.release().await;
    outcome.map(Some)
}

async fn cut(platform: &Platform, unidade: &Unidade, actor: &Actor, over: Over<'_>, before: DateTime<Utc>) -> Result<u64, Fault> {
    let mut conn = migrator(platform, &placement(platform, unidade)?).await?;
    let names = unidade.names();
    // Nobody else appends to the chain meanwhile; writing to the trail and reading either goes on.
    let begin = format!(
        "BEGIN; SET LOCAL ROLE {}; SET LOCAL search_path = {}, pg_temp; SET LOCAL lock_timeout = 10000; \
         SET LOCAL statement_timeout = 300000; LOCK TABLE auditoria_selo IN SHARE ROW EXCLUSIVE MODE",
        names.owner_role(),
        names.schema()
    );
    simple(&mut conn, begin).await?;
    // A connection that is dropped here is rolled back with it.
    let removed = remove(&mut conn, over, before, platform.clock().now()).await?;
    if removed > 0 {
        let change = Change {
            before: Some(match over {
                Over::Actions(actions) => json!({ "linhas": removed, "acoes": actions }),
                Over::Rows(_) => json!({ "linhas": removed, "motivo": "titular apagado" }),
            }),
            after: Some(json!({ "guardadas_desde": before })),
        };
        let entry = Entry { action: "auditoria.cortada", entity: "auditoria", entity_id: None, change };
        audit::write(&mut conn, platform.clock(), actor, entry).await?;
    }
    simple(&mut conn, "COMMIT".to_owned()).await?;
    Ok(removed)
}

async fn remove(conn: &mut PgConnection, over: Over<'_>, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    // What goes was in the chain while it was there.
    seal::seal(&mut *conn, now).await?;
    let (actions, ids): (Vec<String>, Vec<Uuid>) = match over {
        Over::Actions(actions) => (actions.iter().map(|action| (*action).to_owned()).collect(), Vec::new()),
        Over::Rows(ids) => (Vec::new(), ids.to_vec()),
    };
    let mut last = seal::last(&mut *conn).await?;
    let mut removed = 0;
    loop {
        let rows = some(&mut *conn, &actions, &ids, before).await?;
        if rows.is_empty() {
            return Ok(removed);
        }
        let covers = (last.horizon, last.loaded_tx);
        let next = seal::append(&mut *conn, &last, SealKind::Cut, &rows, covers, now).await?;
        last = next.ok_or(sqlx::Error::RowNotFound)?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        removed += sqlx::query!("DELETE FROM auditoria WHERE id = ANY ($1)", &ids).execute(&mut *conn).await?.rows_affected();
    }
}

/// Rows whose time is over, oldest first. A row says when it was written, and its id does; both must be old.
async fn some(
    conn: &mut PgConnection,
    actions: &[String],
    ids: &[Uuid],
    before: DateTime<Utc>,
) -> Result<Vec<Linha>, sqlx::Error> {
    sqlx::query_as!(
        Linha,
        "SELECT id, tx, at, actor_kind, actor_id, actor_nome, on_behalf_of, ip::text AS ip, user_agent, request_id, action, entity,
                entity_id, before::text AS before, after::text AS after
         FROM auditoria WHERE (action = ANY ($1) OR id = ANY ($5)) AND at < $2 AND id < $3 ORDER BY at, id LIMIT $4",
        actions,
        before,
        first_id_of(before),
        i64::try_from(SOME).unwrap_or(i64::MAX),
        ids,
    )
    .fetch_all(conn)
    .await
}

/// No id of ours that was made before `at` is as great: they begin with their milliseconds.
fn first_id_of(at: DateTime<Utc>) -> Uuid {
    let millis = u128::try_from(at.timestamp_millis()).unwrap_or_default();
    Uuid::from_u128(millis << 80)
}

#[cfg(test)]
mod tests {
    use kernel::{Clock, FixedClock};

    use super::*;

    #[test]
    fn ids_before_an_instant_are_smaller_than_its_first() {
        let now: DateTime<Utc> = "2026-11-22T12:00:00Z".parse().unwrap();
        let fixed = FixedClock::at(now - chrono::TimeDelta::milliseconds(1));
        assert!(Clock::fixed(fixed.clone()).uuid() < first_id_of(now));
        fixed.advance(chrono::TimeDelta::milliseconds(1));
        assert!(Clock::fixed(fixed).uuid() >= first_id_of(now));
    }
}

//! The audit trail of a unidade: append-only by grant (see `migrate::grants`), written in the transaction of the change.

use kernel::{Actor, Clock, Fault};
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::TenantTx;

/// What an audit row says beside who, when and from where.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// `empresa.criada`, `acesso.login`, …
    pub action: &'static str,
    /// `empresa`, `usuario`, …
    pub entity: &'static str,
    pub entity_id: Option<Uuid>,
    pub change: Change,
}

/// Changed fields only, as they were and as they are.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Change {
    pub before: Option<Value>,
    pub after: Option<Value>,
}

impl Change {
    /// Everything is new.
    #[must_use]
    pub fn created(after: &impl Serialize) -> Self {
        Self { before: None, after: serde_json::to_value(after).ok() }
    }

    /// Everything is gone.
    #[must_use]
    pub fn removed(before: &impl Serialize) -> Self {
        Self { before: serde_json::to_value(before).ok(), after: None }
    }

    /// The fields in which the two objects differ.
    #[must_use]
    pub fn between(before: &impl Serialize, after: &impl Serialize) -> Self {
        let (Ok(Value::Object(before)), Ok(Value::Object(after))) = (serde_json::to_value(before), serde_json::to_value(after))
        else {
            return Self::default();
        };
        let differing = |from: &Map<String, Value>, to: &Map<String, Value>| {
            let fields: Map<_, _> =
                from.iter().filter(|(key, value)| to.get(*key) != Some(value)).map(|(k, v)| (k.clone(), v.clone())).collect();
            (!fields.is_empty()).then_some(Value::Object(fields))
        };
        Self { before: differing(&before, &after), after: differing(&after, &before) }
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.before.is_none() && self.after.is_none()
    }
}

impl TenantTx {
    /// Writes an audit row.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn audit(&mut self, actor: &Actor, entry: Entry) -> Result<(), Fault> {
        let clock = self.clock().clone();
        write(self.db(), &clock, actor, entry).await
    }

    /// Writes the same action on many records, a row for each, in one statement.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn audit_all(
        &mut self,
        actor: &Actor,
        action: &'static str,
        entity: &'static str,
        changes: Vec<(Uuid, Change)>,
    ) -> Result<(), Fault> {
        let clock = self.clock().clone();
        write_all(self.db(), &clock, actor, [action, entity], changes).await
    }
}

/// Writes an audit row into the schema in force.
pub(crate) async fn write(db: impl PgExecutor<'_>, clock: &Clock, actor: &Actor, entry: Entry) -> Result<(), Fault> {
    let (id, at) = (clock.uuid(), clock.now());
    sqlx::query!(
        "INSERT INTO auditoria
                 (id, at, actor_kind, actor_id, actor_nome, ip, user_agent, request_id, action, entity, entity_id, before, after)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        id,
        at,
        actor.kind.code(),
        actor.id,
        actor.nome,
        actor.meta.ip.map(ipnet::IpNet::from) as _,
        actor.meta.user_agent,
        actor.meta.request_id,
        entry.action,
        entry.entity,
        entry.entity_id,
        entry.change.before,
        entry.change.after,
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn write_all(
    db: impl PgExecutor<'_>,
    clock: &Clock,
    actor: &Actor,
    [action, entity]: [&'static str; 2],
    changes: Vec<(Uuid, Change)>,
) -> Result<(), Fault> {
    if changes.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = changes.iter().map(|_| clock.uuid()).collect();
    let (entity_ids, changes): (Vec<Uuid>, Vec<Change>) = changes.into_iter().unzip();
    let (before, after): (Vec<Option<Value>>, Vec<Option<Value>>) =
        changes.into_iter().map(|change| (change.before, change.after)).unzip();
    sqlx::query!(
        "INSERT INTO auditoria
                 (id, at, actor_kind, actor_id, actor_nome, ip, user_agent, request_id, action, entity, entity_id, before, after)
             SELECT n.id, $1::timestamptz, $2::text, $3::uuid, $4::text, $5::inet, $6::text, $7::uuid, $8::text, $9::text, n.entity_id,
                    n.before, n.after
             FROM unnest($10::uuid[], $11::uuid[], $12::jsonb[], $13::jsonb[]) AS n (id, entity_id, before, after)",
        clock.now(),
        actor.kind.code(),
        actor.id,
        actor.nome,
        actor.meta.ip.map(ipnet::IpNet::from) as _,
        actor.meta.user_agent,
        actor.meta.request_id,
        action,
        entity,
        &ids,
        &entity_ids,
        &before as &[Option<Value>],
        &after as &[Option<Value>],
    )
    .execute(db)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_changed_fields_are_kept() {
        let change = Change::between(&json!({"nome": "A", "uf": "SC"}), &json!({"nome": "B", "uf": "SC"}));
        assert_eq!(change, Change { before: Some(json!({"nome": "A"})), after: Some(json!({"nome": "B"})) });
        assert!(Change::between(&json!({"a": 1}), &json!({"a": 1})).is_empty());
    }
}

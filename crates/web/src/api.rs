//! The envelope of the REST API: lists with a cursor, versions as ETags, creating requests that may be repeated.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::Cursor;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Ctx, Error, Result};

/// A page of a list. `next_cursor` is absent on the last page; `total` counts all rows of the filter.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct List<T> {
    pub items: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    pub total: i64,
}

/// Rows per answer when none are asked for, and at most.
pub const DEFAULT_LIMIT: u32 = 50;
pub const MAX_LIMIT: u32 = 200;

/// Where a part of a list begins, if not at its start, and how long it is.
///
/// # Errors
/// 400 for a cursor that the list did not give out and for a limit out of bounds.
pub fn part<K: Serialize + DeserializeOwned>(cursor: Option<&str>, limit: Option<u32>) -> Result<(Option<K>, u32)> {
    let after: Option<Cursor<K>> =
        cursor.map(Cursor::decode).transpose().map_err(|_| Error::status(StatusCode::BAD_REQUEST, "cursor"))?;
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Error::status(StatusCode::BAD_REQUEST, "query"));
    }
    Ok((after.map(|after| after.0), limit))
}

/// A part of a list out of one row more than it holds: the rows, and where the next part begins.
pub fn cut<T, K: Serialize + DeserializeOwned>(mut rows: Vec<T>, limit: u32, key: impl Fn(&T) -> K) -> (Vec<T>, Option<String>) {
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|last| Cursor(key(last)).encode());
    (rows, next)
}

/// What is written with the fields that `patch` names laid over it; null opens a field.
///
/// # Errors
/// 422 for a field that is none, or of another type.
pub fn patched<T: Serialize + DeserializeOwned>(written: T, patch: Map<String, Value>) -> Result<T> {
    let shape = |_| Error::status(StatusCode::UNPROCESSABLE_ENTITY, "json-shape");
    let Value::Object(mut fields) = serde_json::to_value(written).map_err(shape)? else { unreachable!("a struct is an object") };
    fields.extend(patch);
    serde_json::from_value(Value::Object(fields)).map_err(shape)
}

/// A record with its version as a strong ETag.
pub fn versioned<T: Serialize>(status: StatusCode, version: i32, body: &T) -> Response {
    let mut response = (status, axum::Json(body)).into_response();
    if let Ok(etag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

/// The version a change is based on, from `If-Match: "3"`.
///
/// # Errors
/// 428 when the header is missing, 400 when it is not one strong ETag of ours.
pub fn if_match(headers: &HeaderMap) -> Result<i32, Error> {
    let value =
        headers.get(header::IF_MATCH).ok_or_else(|| Error::status(StatusCode::PRECONDITION_REQUIRED, "if-match-missing"))?;
    value
        .to_str()
        .ok()
        .and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok())
        .ok_or_else(|| Error::status(StatusCode::BAD_REQUEST, "if-match"))
}

/// Header by which a client names a request it may have to repeat.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// How long an answer is remembered.
const REMEMBERED: TimeDelta = TimeDelta::hours(24);

/// What a creating request is answered with, and again when it is repeated.
#[derive(Debug)]
pub struct Created {
    pub status: StatusCode,
    pub version: i32,
    pub body: Value,
    /// Path of the new record.
    pub location: String,
}

impl IntoResponse for Created {
    fn into_response(self) -> Response {
        let mut response = versioned(self.status, self.version, &self.body);
        if let Ok(location) = HeaderValue::from_str(&self.location) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }
}

/// Runs `work` once for an `Idempotency-Key`: a repeated request of the same actor with the same body hears the first
/// answer and changes nothing. Without the header it simply runs. The note is kept in the request's transaction, so that a
/// request that failed may be tried again under its key, and one that comes while the first still runs waits for it.
///
/// # Errors
/// Those of `work`; 400 for a key that is none, 422 `idempotency-key-reused` when the key came with another request.
pub async fn once(
    ctx: &mut Ctx,
    headers: &HeaderMap,
    request: &impl Serialize,
    work: impl AsyncFnOnce(&mut Ctx) -> Result<Created>,
) -> Result<Created> {
    let request = serde_json::to_vec(request).map_err(|_| Error::status(StatusCode::BAD_REQUEST, "body"))?;
    let Some(key) = headers.get(IDEMPOTENCY_KEY) else { return work(ctx).await };
    let key = key.to_str().ok().map(str::trim).filter(|key| (1..=200).contains(&key.len()));
    let key = key.ok_or_else(|| Error::status(StatusCode::BAD_REQUEST, "idempotency-key"))?.to_owned();
    let actor = ctx.actor.id.unwrap_or_default();
    let (now, mut digest) = (ctx.now, Sha256::new());
    for part in [ctx.info.method.as_str().as_bytes(), ctx.info.path.as_bytes(), &request] {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    let hash = digest.finalize();
    forget(ctx, now - REMEMBERED).await?;
    let fresh = sqlx::query!(
        "INSERT INTO idempotencia (actor_id, key, request_hash, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT ON CONSTRAINT idempotencia_pkey DO NOTHING",
        actor,
        key,
        hash.as_slice(),
        now
    )
    .execute(ctx.tx.db())
    .await?;
    if fresh.rows_affected() == 0 {
        return repeated(ctx, actor, &key, hash.as_slice()).await;
    }
    let created = work(ctx).await?;
    let body = serde_json::json!({ "body": created.body, "location": created.location });
    sqlx::query!(
        "UPDATE idempotencia SET status_code = $3, version = $4, body = $5 WHERE actor_id = $1 AND key = $2",
        actor,
        key,
        i16::try_from(created.status.as_u16()).unwrap_or_default(),
        created.version,
        body
    )
    .execute(ctx.tx.db())
    .await?;
    Ok(created)
}

async fn repeated(ctx: &mut Ctx, actor: Uuid, key: &str, hash: &[u8]) -> Result<Created> {
    let known = sqlx::query!(
        r#"SELECT request_hash, status_code AS "status_code!", version AS "version!", body AS "body!"
           FROM idempotencia WHERE actor_id = $1 AND key = $2 AND status_code IS NOT NULL"#,
        actor,
        key
    )
    .fetch_optional(ctx.tx.db())
    .await?
    // Forgotten by another request this very moment: asking again will do.
    .ok_or_else(|| Error::status(StatusCode::SERVICE_UNAVAILABLE, "unavailable"))?;
    if known.request_hash != hash {
        return Err(Error::status(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused"));
    }
    let mut body = known.body;
    let status = u16::try_from(known.status_code).ok().and_then(|code| StatusCode::from_u16(code).ok()).unwrap_or(StatusCode::OK);
    let location = body["location"].as_str().unwrap_or_default().to_owned();
    Ok(Created { status, version: known.version, body: body["body"].take(), location })
}

/// A few old answers at a time, and none that somebody else is forgetting already.
async fn forget(ctx: &mut Ctx, before: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "DELETE FROM idempotencia i USING (
             SELECT actor_id, key FROM idempotencia WHERE created_at < $1 ORDER BY created_at LIMIT 100 FOR UPDATE SKIP LOCKED
         ) old WHERE i.actor_id = old.actor_id AND i.key = old.key",
        before
    )
    .execute(ctx.tx.db())
    .await?;
    Ok(())
}

/// Forgets every answer that nobody may ask for again. Returns how many.
///
/// # Errors
/// A fault of the database.
pub async fn forget_old(tx: &mut tenancy::TenantTx) -> std::result::Result<u64, kernel::Fault> {
    let before = tx.clock().now() - REMEMBERED;
    let done = sqlx::query!("DELETE FROM idempotencia WHERE created_at < $1", before);
    Ok(done.execute(tx.db()).await?.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_travels_as_etag() {
        let mut headers = HeaderMap::new();
        assert_eq!(if_match(&headers).unwrap_err().status_code(), StatusCode::PRECONDITION_REQUIRED);
        for (text, version) in [("\"3\"", Some(3)), ("3", None), ("W/\"3\"", None), ("\"x\"", None), ("\"1\", \"2\"", None)] {
            headers.insert(header::IF_MATCH, HeaderValue::from_static(text));
            assert_eq!(if_match(&headers).ok(), version, "{text}");
        }
    }
}

//! The register of unidades as a process sees it: rows of `platform.unidade`, remembered in memory and forgotten the
//! moment any process changes one.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
    str::FromStr,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use kernel::Fault;
use moka::future::Cache;
use tokio::sync::broadcast;

use crate::{
    Placement, Platform, PlatformTx, Slug, Status, Unidade, UnidadeId,
    listen::{Listener, Signal},
};

/// NOTIFY channel of the central database; the payload is the id of the unidade that changed.
pub const SIGNAL_UNIDADE: &str = "sri_unidade";

/// Remembered register. Cheap to clone.
#[derive(Clone)]
pub struct Registry {
    platform: Platform,
    by_key: Cache<Key, Remembered>,
    /// Without a listening connection nothing remembered can be trusted.
    listening: Arc<AtomicBool>,
    news: Arc<News>,
    changes: broadcast::Sender<UnidadeId>,
    shared: Arc<Mutex<Shared>>,
}

/// What many unidades have in common, kept once: half of what a remembered one would weigh otherwise.
#[derive(Default)]
struct Shared {
    placements: HashSet<Placement>,
    modules: HashSet<Arc<[String]>>,
}

impl Shared {
    fn of(&mut self, unidade: Unidade) -> Unidade {
        Unidade {
            placement: one(&mut self.placements, unidade.placement),
            modules: one(&mut self.modules, unidade.modules),
            ..unidade
        }
    }
}

/// The equal one that is there already, or this one from now on.
fn one<T: Clone + Eq + Hash>(all: &mut HashSet<T>, value: T) -> T {
    if let Some(known) = all.get(&value) {
        return known.clone();
    }
    all.insert(value.clone());
    value
}

/// A row as it was read when `at` changes had been heard of.
#[derive(Clone)]
struct Remembered {
    at: u64,
    unidade: Option<Arc<Unidade>>,
}

/// What was heard, counted. A row that was being read while its change was told would otherwise be remembered as new.
#[derive(Default)]
struct News {
    heard: AtomicU64,
    /// Nothing read before this many changes is believed.
    floor: AtomicU64,
    /// Number of the last change of each unidade.
    last: RwLock<HashMap<UnidadeId, u64>>,
}

impl News {
    fn count(&self) -> u64 {
        self.heard.load(Ordering::Acquire)
    }

    fn hear(&self, id: UnidadeId) {
        // The entry is there before the count, so that whoever sees the count finds the entry.
        let mut last = self.last.write().unwrap_or_else(PoisonError::into_inner);
        let number = self.count() + 1;
        last.insert(id, number);
        self.heard.store(number, Ordering::Release);
    }

    fn hear_anything(&self) {
        let mut last = self.last.write().unwrap_or_else(PoisonError::into_inner);
        let number = self.count() + 1;
        last.clear();
        self.floor.store(number, Ordering::Release);
        self.heard.store(number, Ordering::Release);
    }

    fn is_current(&self, remembered: &Remembered) -> bool {
        match &remembered.unidade {
            // A key remembered as unknown may be the very unidade that has changed.
            None => remembered.at >= self.count(),
            Some(unidade) => {
                let last = self.last.read().unwrap_or_else(PoisonError::into_inner);
                remembered.at >= self.floor.load(Ordering::Acquire)
                    && last.get(&unidade.id).is_none_or(|change| remembered.at >= *change)
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Slug(Box<str>),
    Domain(Box<str>),
    Id(UnidadeId),
}

impl Registry {
    #[must_use]
    pub fn new(platform: Platform) -> Self {
        let by_key = Cache::builder()
            // Unknown hosts are remembered too; the bound keeps a scan of names from filling the memory.
            .max_capacity(20_000)
            .time_to_live(Duration::from_mins(1))
            .build();
        let changes = broadcast::Sender::new(256);
        Self {
            platform,
            by_key,
            listening: Arc::new(AtomicBool::new(false)),
            news: Arc::new(News::default()),
            changes,
            shared: Arc::default(),
        }
    }

    /// # Errors
    /// A fault when it is not remembered and the central database cannot be reached.
    pub async fn by_slug(&self, slug: &str) -> Result<Option<Arc<Unidade>>, Fault> {
        self.find(Key::Slug(slug.into())).await
    }

    /// # Errors
    /// As [`Registry::by_slug`].
    pub async fn by_domain(&self, domain: &str) -> Result<Option<Arc<Unidade>>, Fault> {
        self.find(Key::Domain(domain.into())).await
    }

    /// # Errors
    /// As [`Registry::by_slug`].
    pub async fn by_id(&self, id: UnidadeId) -> Result<Option<Arc<Unidade>>, Fault> {
        self.find(Key::Id(id)).await
    }

    async fn find(&self, key: Key) -> Result<Option<Arc<Unidade>>, Fault> {
        loop {
            if !self.listening.load(Ordering::Acquire) {
                return self.load(&key).await;
            }
            let load = async {
                let at = self.news.count();
                Ok::<_, Fault>(Remembered { at, unidade: self.load(&key).await? })
            };
            let remembered = self.by_key.try_get_with(key.clone(), load).await.map_err(|fault: Arc<Fault>| {
                let unavailable = fault.is_unavailable();
                let fault = Fault::new("register of unidades", fault.to_string());
                if unavailable { fault.unavailable() } else { fault }
            })?;
            if self.news.is_current(&remembered) {
                return Ok(remembered.unidade);
            }
            self.by_key.invalidate(&key).await;
        }
    }

    /// The unidade as it is when it is no longer on its way to another placement; waits at most `limit` for that. For
    /// requests and jobs that come in the seconds of the pause.
    ///
    /// # Errors
    /// An outage when it is still on its way; as [`Registry::by_slug`].
    pub async fn settled(&self, id: UnidadeId, limit: Duration) -> Result<Option<Arc<Unidade>>, Fault> {
        let mut changes = self.changes();
        let wait = async {
            loop {
                match self.by_id(id).await? {
                    Some(unidade) if unidade.status == Status::Moving => {
                        // Heard of at once where this process listens, else asked for again.
                        let _ = tokio::time::timeout(Duration::from_millis(200), changes.recv()).await;
                    }
                    settled => return Ok(settled),
                }
            }
        };
        tokio::time::timeout(limit, wait)
            .await
            .map_err(|e| Fault::new("the unidade is on its way to another placement", e).unavailable())?
    }

    async fn load(&self, key: &Key) -> Result<Option<Arc<Unidade>>, Fault> {
        let (id, slug, domain) = match key {
            Key::Id(id) => (Some(*id), None, None),
            Key::Slug(slug) => (None, Some(&**slug), None),
            Key::Domain(domain) => (None, None, Some(&**domain)),
        };
        let mut tx = self.platform.begin().await?;
        let row = sqlx::query_as!(
            Row,
            r#"SELECT id AS "id: UnidadeId", slug, codigo, nome, placement, status, status_reason, schema_version, modules,
                      municipio_id, fuso, tema, custom_domain, version, created_at
               FROM platform.unidade
               WHERE (id = $1 OR slug = $2 OR custom_domain = $3) AND status <> 'deleted'"#,
            id as _,
            slug,
            domain,
        )
        .fetch_optional(tx.db())
        .await?;
        tx.commit().await?;
        let Some(row) = row else { return Ok(None) };
        let unidade = row.parse()?;
        Ok(Some(Arc::new(self.shared.lock().unwrap_or_else(PoisonError::into_inner).of(unidade))))
    }

    /// All unidades by code, deleted ones left out. Not remembered: for the console, jobs and the command line.
    ///
    /// # Errors
    /// A fault of the database, or of a row that nobody should have been able to write.
    pub async fn all(&self) -> Result<Vec<Unidade>, Fault> {
        let mut tx = self.platform.begin().await?;
        let rows = list(&mut tx).await?;
        tx.commit().await?;
        Ok(rows)
    }

    /// Reads the unidade anew from now on, also where it was thought unknown.
    pub fn forget(&self, id: UnidadeId) {
        self.news.hear(id);
    }

    /// Ids of unidades as they change, for pages that watch one; a slow watcher is told that it lagged.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<UnidadeId> {
        self.changes.subscribe()
    }

    /// Reads everything anew from now on.
    pub fn forget_all(&self) {
        self.news.hear_anything();
    }

    /// Whether changes made by other processes are being heard.
    #[must_use]
    pub fn is_listening(&self) -> bool {
        self.listening.load(Ordering::Acquire)
    }

    /// Listens for changes until the future is dropped. Run once per process; until it runs, nothing is remembered.
    ///
    /// # Errors
    /// A fault when the first connection cannot be made; later losses are mended by itself.
    pub async fn listen(&self) -> Result<(), Fault> {
        let mut listener = Listener::connect(self.platform.config(), self.platform.central(), &[SIGNAL_UNIDADE]).await?;
        self.forget_all();
        self.listening.store(true, Ordering::Release);
        loop {
            match listener.next().await {
                Signal::Told { payload, .. } => match UnidadeId::from_str(&payload) {
                    Ok(id) => {
                        self.forget(id);
                        // Nobody watching is no error.
                        let _ = self.changes.send(id);
                    }
                    Err(_) => self.forget_all(),
                },
                Signal::Lost => self.listening.store(false, Ordering::Release),
                Signal::Resync => {
                    self.forget_all();
                    self.listening.store(true, Ordering::Release);
                }
            }
        }
    }
}

/// All unidades that are not deleted, by code.
pub(crate) async fn list(tx: &mut PlatformTx) -> Result<Vec<Unidade>, Fault> {
    sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: UnidadeId", slug, codigo, nome, placement, status, status_reason, schema_version, modules,
                  municipio_id, fuso, tema, custom_domain, version, created_at
           FROM platform.unidade WHERE status <> 'deleted' ORDER BY codigo"#
    )
    .fetch_all(tx.db())
    .await?
    .into_iter()
    .map(Row::parse)
    .collect()
}

/// A unidade by id, locked against other changes of its row until the transaction ends.
pub(crate) async fn lock(tx: &mut PlatformTx, id: UnidadeId) -> Result<Option<Unidade>, Fault> {
    sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: UnidadeId", slug, codigo, nome, placement, status, status_reason, schema_version, modules,
                  municipio_id, fuso, tema, custom_domain, version, created_at
           FROM platform.unidade WHERE id = $1 FOR UPDATE"#,
        id as _
    )
    .fetch_optional(tx.db())
    .await?
    .map(Row::parse)
    .transpose()
}

/// Sets the status and tells every process.
pub(crate) async fn set_status(tx: &mut PlatformTx, id: UnidadeId, status: Status, reason: Option<&str>) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE platform.unidade
         SET status = $2, status_reason = $3, version = version + 1, updated_at = $4,
             closed_at = CASE WHEN $5 THEN NULL ELSE coalesce(closed_at, $4) END
         WHERE id = $1",
        id as _,
        status.code(),
        reason,
        now,
        status.is_served(),
    )
    .execute(tx.db())
    .await?;
    tx.notify(SIGNAL_UNIDADE, &id.to_string()).await
}

/// `status_reason` while a unidade is being replaced from a backup.
pub(crate) const REASON_RESTORE: &str = "restore";

/// Ends the status that an operation held a unidade in. Does nothing when somebody gave it another one meanwhile: a
/// suspension outlives the restore, the move or the provisioning during which it was ordered.
pub(crate) async fn release_status(
    tx: &mut PlatformTx,
    id: UnidadeId,
    held: (Status, Option<&str>),
    next: (Status, Option<&str>),
) -> Result<(), Fault> {
    let row = sqlx::query!("SELECT status, status_reason FROM platform.unidade WHERE id = $1 FOR UPDATE", id as _)
        .fetch_optional(tx.db())
        .await?;
    if row.is_some_and(|row| row.status == held.0.code() && row.status_reason.as_deref() == held.1) {
        set_status(tx, id, next.0, next.1).await?;
    }
    Ok(())
}

struct Row {
    id: UnidadeId,
    slug: String,
    codigo: String,
    nome: String,
    placement: String,
    status: String,
    status_reason: Option<String>,
    schema_version: i64,
    modules: Vec<String>,
    municipio_id: Option<i32>,
    fuso: String,
    tema: serde_json::Value,
    custom_domain: Option<String>,
    version: i32,
    created_at: DateTime<Utc>,
}

impl Row {
    fn parse(self) -> Result<Unidade, Fault> {
        let broken = |what: &'static str| Fault::because(what);
        Ok(Unidade {
            id: self.id,
            slug: Slug::try_from(self.slug).map_err(|e| Fault::new("slug in the register", e))?,
            codigo: self.codigo,
            nome: self.nome,
            placement: self.placement.parse().map_err(|e| Fault::new("placement in the register", e))?,
            status: self.status.parse().map_err(|_| broken("unknown status in the register"))?,
            status_reason: self.status_reason,
            schema_version: self.schema_version,
            modules: self.modules.into(),
            municipio_id: self.municipio_id,
            fuso: self.fuso.parse().map_err(|_| broken("unknown time zone in the register"))?,
            tema: serde_json::from_value(self.tema).map_err(|e| Fault::new("tema in the register", e))?,
            custom_domain: self.custom_domain,
            version: self.version,
            created_at: self.created_at,
        })
    }
}

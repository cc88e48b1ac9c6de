//! What a measurement plays on: a PostgreSQL of its own, provisioned unidades with somebody signed in, processes of the
//! product.

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context, Result, bail};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{Actor, Clock};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tenancy::{
    MasterKey, NewUnidade, Platform, Provisioning, Registry, Step, TenancyConfig, Tenants, Unidade, UnidadeId, bootstrap,
    embedded::{Durability, Embedded, Options},
    migrate_platform,
};

use crate::{overheard, pg::Server, process::Sri};

/// Not a secret: the cluster lives as long as the run.
const KEY: &str = "5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b";

pub(crate) struct Stage {
    pub server: Server,
    pub platform: Platform,
    pub tenants: Tenants,
    pub key: MasterKey,
    pub clock: Clock,
    /// The product's binary.
    pub sri: PathBuf,
    pub folder: TempDir,
    _embedded: Embedded,
}

/// A unidade with somebody who may do everything in it.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub unidade: Arc<Unidade>,
    /// Value of the session's cookie.
    pub cookie: String,
}

impl Stage {
    /// An empty database with the platform in it.
    pub(crate) async fn build(sri: PathBuf) -> Result<Self> {
        let mut options = Options::temporary().durability(Durability::On).setting("shared_buffers", "512MB");
        for (name, value) in overheard::SETTINGS {
            options = options.setting(name, value);
        }
        let embedded = Embedded::start(options).await?;
        Server::of(&embedded, "postgres")
            .connect()
            .await?
            .run("CREATE DATABASE sri TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'".to_owned())
            .await?;
        let server = Server::of(&embedded, "sri");
        let (key, clock) = (KEY.parse::<MasterKey>()?, Clock::system());
        let config = TenancyConfig::new(server.url(), &std::collections::BTreeMap::new(), key.clone())?;
        bootstrap(config.central(), &key).await?;
        migrate_platform(config.central(), &key).await?;
        let platform = Platform::new(config.clone(), clock.clone());
        let tenants = Tenants::new(&config, clock.clone());
        Ok(Self { server, platform, tenants, key, clock, sri, folder: tempfile::tempdir()?, _embedded: embedded })
    }

    /// What the product's processes find in their environment.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let folder = |name: &str| self.folder.path().join(name).to_string_lossy().into_owned();
        vec![
            ("DATABASE_URL", self.server.url().to_owned()),
            ("SRI_SECRET_KEY", KEY.to_owned()),
            ("SRI_MAIL_URL", format!("file://{}", folder("mail"))),
            ("SRI_BACKUP_DIR", folder("backups")),
            ("SRI_FILES_DIR", folder("files")),
        ]
    }

    /// Process of the database server, parent of all its others.
    pub(crate) async fn postmaster(&self) -> Result<u32> {
        let mut superuser = self.server.connect().await?;
        let folder = superuser.text("SHOW data_directory".to_owned()).await?;
        let text = std::fs::read_to_string(PathBuf::from(folder).join("postmaster.pid"))?;
        text.lines().next().and_then(|line| line.parse().ok()).context("the server's process is not known")
    }

    /// Enters a unidade into the register.
    pub(crate) async fn request(&self, number: usize) -> Result<UnidadeId> {
        let new = NewUnidade {
            slug: format!("u{number:04}").parse()?,
            codigo: format!("9.{number:04}").parse().map_err(|_| anyhow::anyhow!("no codigo"))?,
            nome: format!("Unidade {number}").parse().map_err(|_| anyhow::anyhow!("no name"))?,
            placement: None,
            municipio_id: Some(4_209_102),
            modules: vec!["empresas".to_owned(), "acesso".to_owned()],
            admin_nome: "Ana Prado".parse().map_err(|_| anyhow::anyhow!("no name"))?,
            admin_email: "ana@example.com".parse().map_err(|_| anyhow::anyhow!("no e-mail"))?,
        };
        let mut tx = self.platform.begin().await?;
        let id = Provisioning::request(&mut tx, &self.platform, &Actor::sistema(), new).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Does what is left of a provisioning, as the product's job does, but for the invitation.
    pub(crate) async fn finish(&self, id: UnidadeId) -> Result<()> {
        let mut tx = self.platform.begin().await?;
        let step = Provisioning::find(&mut tx, id).await?.map(|provisioning| provisioning.step);
        tx.commit().await?;
        if step == Some(Step::Requested) {
            let unidade = self.unidade(id).await?;
            Provisioning::make_schema(&self.platform, &unidade).await?;
        }
        let mut tx = self.platform.begin().await?;
        Provisioning::reach(&mut tx, id, Step::Done, None).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(crate) async fn unidade(&self, id: UnidadeId) -> Result<Arc<Unidade>> {
        Registry::new(self.platform.clone()).by_id(id).await?.context("the unidade is not in the register")
    }

    /// Unidades `from` to `to`, four at a time. Whoever signs in there is an administrador.
    pub(crate) async fn unidades(&self, from: usize, to: usize) -> Result<Vec<Place>> {
        let made: Vec<Place> = stream::iter(from..to)
            .map(|number| async move {
                let id = self.request(number).await?;
                self.finish(id).await?;
                let unidade = self.unidade(id).await?;
                let cookie = self.sign_in(&unidade).await?;
                Ok::<_, anyhow::Error>(Place { unidade, cookie })
            })
            .buffered(4)
            .try_collect()
            .await?;
        Ok(made)
    }

    /// A usuario with every right and their session, entered straight into the tables: how somebody signs in is not measured.
    async fn sign_in(&self, unidade: &Unidade) -> Result<String> {
        let secret: [u8; 32] = Sha256::digest(unidade.id.to_string()).into();
        let hash = hex::encode(Sha256::digest(secret));
        let (schema, usuario, sessao) = (unidade.names().schema(), self.clock.uuid(), self.clock.uuid());
        let mut superuser = self.server.connect().await?;
        superuser
            .run(format!(
                "BEGIN; SET LOCAL search_path = {schema}, pg_temp;
                 INSERT INTO usuario (id, nome, email, perfil_id, created_at, updated_at)
                 SELECT '{usuario}', 'Ana Prado', 'ana@example.com', id, now(), now() FROM perfil WHERE key = 'administrador';
                 INSERT INTO sessao (id, usuario_id, token_hash, method, created_at, last_used_at, idle_until, expires_at)
                 VALUES ('{sessao}', '{usuario}', '\\x{hash}', 'senha', now(), now(), now() + interval '6 hours', now() + interval '12 hours');
                 COMMIT"
            ))
            .await
            .context("signing somebody in")?;
        superuser.close().await?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode(secret))
    }

    /// A process of the product that answers requests.
    pub(crate) async fn serve(&self) -> Result<Sri> {
        Sri::start(&self.sri, "serve", &self.environment(), &self.folder.path().join("serve.log")).await
    }

    /// A process of the product that does its jobs.
    pub(crate) async fn work(&self) -> Result<Sri> {
        Sri::start(&self.sri, "worker", &self.environment(), &self.folder.path().join("worker.log")).await
    }

    /// Turns the server's durability off while thousands of files are made, and on again with everything on disk.
    pub(crate) async fn durable(&self, on: bool) -> Result<()> {
        let mut superuser = self.server.connect().await?;
        let setting = if on { "on" } else { "off" };
        for name in ["fsync", "full_page_writes"] {
            superuser.run(format!("ALTER SYSTEM SET {name} = '{setting}'")).await?;
        }
        superuser.run("SELECT pg_reload_conf()".to_owned()).await?;
        if on {
            superuser.run("CHECKPOINT".to_owned()).await?;
            let status = tokio::process::Command::new("sync").status().await?;
            if !status.success() {
                bail!("sync failed");
            }
        }
        superuser.close().await
    }
}

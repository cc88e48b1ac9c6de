//! `sri dev`: the whole product on one machine for somebody who wants to see or change it.

use std::{
    fs,
    io::Write,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use acesso::entrada::{Entrada, EntradaError, one_time_entry};
use anyhow::{Context, bail};
use chrono::TimeDelta;
use clap::Args;
use kernel::{Actor, Clock, Email};
use tenancy::{
    PlatformTx, TenantTx, Unidade,
    embedded::{Embedded, Options, Stopped},
};

use crate::{
    demo,
    house::House,
    log, migrate,
    run::{self, Role},
    settings::{LogSettings, Settings},
};

#[derive(Args)]
pub(crate) struct Dev {
    /// Throw the data of the last time away and begin anew
    #[arg(long)]
    reset: bool,
    /// Port of the pages; the next free one is taken when it is not
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

/// The first administrador of both demo unidades and the first admin of the console.
const DEMO_EMAIL: &str = "admin@sri.example";

impl Dev {
    /// Runs until Ctrl+C, then stops everything it started. The data stay for the next time.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let state = state_dir();
        let own = std::env::var_os("DATABASE_URL").is_none();
        if self.reset {
            reset(&state, own).await?;
        }
        fs::create_dir_all(&state)
            .with_context(|| format!("the directory {} cannot be made; name another in SRI_STATE_DIR", state.display()))?;
        let embedded = if own { Some(start(&state).await?) } else { None };
        let outcome = self.serve(&state, embedded.as_ref()).await;
        if let Some(embedded) = embedded
            && embedded.stop().await? == Stopped::StillUsed
        {
            eprintln!("PostgreSQL runs on: another program uses it.");
        }
        outcome
    }

    async fn serve(&self, state: &Path, embedded: Option<&Embedded>) -> anyhow::Result<()> {
        let settings = self.settings(state, embedded)?;
        log::start(&settings.log)?;
        migrate::everything(&settings, &migrate::Plan::default()).await?;
        let house = House::new(&settings, Clock::system());
        let unidades = demo::provision(&house).await?;
        invite(&house, &settings, &unidades).await?;
        run::until_signal(&settings, &house, Role::Both).await
    }

    fn settings(&self, state: &Path, embedded: Option<&Embedded>) -> anyhow::Result<Settings> {
        let port = free_port(self.port)?;
        if port != self.port {
            eprintln!("Port {} is taken by another program; the pages are at port {port}.", self.port);
        }
        let ops_port = free_port(9090)?;
        let key = secret_key(&state.join("secret.key"))?;
        let url = embedded.map(|embedded| embedded.url(DATABASE));
        let mail = state.join("mail");
        let settings = Settings::read(|name| match name {
            "DATABASE_URL" if url.is_some() => url.clone(),
            "SRI_DEV" => Some("1".to_owned()),
            "SRI_LISTEN" => Some(format!("127.0.0.1:{port}")),
            _ => std::env::var(name).ok().or_else(|| match name {
                "SRI_SECRET_KEY" => Some(key.clone()),
                "SRI_BASE_URL" => Some(format!("http://localhost:{port}")),
                "SRI_OPS_LISTEN" => Some(format!("127.0.0.1:{ops_port}")),
                "SRI_MAIL_URL" => Some(format!("file://{}", mail.display())),
                "SRI_BACKUP_DIR" => Some(state.join("backups").display().to_string()),
                "SRI_FILES_DIR" => Some(state.join("files").display().to_string()),
                "SRI_SPARES" => Some("1".to_owned()),
                // Nothing outside is asked from a desk unless whoever sits there wants it.
                "SRI_CNPJ_PROVIDERS" | "SRI_CEP_PROVIDERS" => Some("off".to_owned()),
                _ => None,
            }),
        });
        let mut settings = settings.map_err(|problems| anyhow::anyhow!("{}", crate::settings::listed(&problems)))?;
        settings.log = LogSettings { filter: std::env::var("SRI_LOG").unwrap_or_else(|_| "warn".to_owned()), json: false };
        Ok(settings)
    }
}

/// Database of the product on the embedded server.
const DATABASE: &str = "sri";

async fn start(state: &Path) -> anyhow::Result<Embedded> {
    let embedded = Embedded::start(Options::kept_in(state)).await?;
    for notice in embedded.notices() {
        eprintln!("{notice}.");
    }
    embedded.ensure_database(DATABASE).await?;
    Ok(embedded)
}

async fn reset(state: &Path, own: bool) -> anyhow::Result<()> {
    if !own {
        bail!(
            "--reset deletes only data of the product's own PostgreSQL; DATABASE_URL names another server, empty its database yourself"
        );
    }
    Embedded::erase(Options::kept_in(state)).await?;
    for left in ["mail", "backups", "files"] {
        let path = state.join(left);
        if path.exists() {
            fs::remove_dir_all(&path).with_context(|| format!("{} cannot be deleted", path.display()))?;
        }
    }
    Ok(())
}

/// Prints the addresses and a way in that works once.
async fn invite(house: &House, settings: &Settings, unidades: &[std::sync::Arc<Unidade>]) -> anyhow::Result<()> {
    let email: Email = DEMO_EMAIL.parse().context("the demo's own address")?;
    let key = settings.tenancy.master_key.clone();
    let nome: acesso::usuario::Nome = "Administração".parse().context("the demo's own name")?;
    let links = house.app.config.links()?;
    let console = house.app.config.origin("console");
    let way_in = house
        .gates
        .platform
        .write(async |tx: &mut PlatformTx| plataforma::first_way_in(tx, &key, &Actor::sistema(), &email).await)
        .await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "\nSRI is running. Each link lets you in once; start again for new ones.\n")?;
    writeln!(out, "  Console           {console}{way_in}")?;
    for unidade in unidades {
        if !unidade.status.is_served() {
            writeln!(out, "  {:<17} {}; the console opens it", unidade.nome, unidade.status.code())?;
            continue;
        }
        let entry = house
            .gates
            .tenants
            .write(unidade, async |tx: &mut TenantTx| {
                let wanted = Entrada { nome: nome.clone(), email: email.clone(), valid: TimeDelta::hours(12) };
                one_time_entry(tx, &Actor::sistema(), &links, wanted).await
            })
            .await;
        // Somebody may have deactivated the demo's own administrador; then the others know their way in.
        let way_in = match entry {
            Ok(link) => link.as_str().to_owned(),
            Err(EntradaError::NotAdministrador) => format!("{}/entrar", house.app.config.origin_of(&unidade.slug)),
            Err(EntradaError::Fault(fault)) => return Err(fault.into()),
        };
        writeln!(out, "  {:<17} {way_in}", unidade.nome)?;
    }
    writeln!(
        out,
        "\n  Mail              {}",
        settings.mail.folder().map_or_else(|| "by SMTP".to_owned(), |f| f.display().to_string())
    )?;
    writeln!(out, "  Stop              Ctrl+C\n")?;
    Ok(())
}

fn state_dir() -> PathBuf {
    tenancy::embedded::default_state_dir()
}

fn free_port(wanted: u16) -> anyhow::Result<u16> {
    (wanted..wanted.saturating_add(50))
        .find(|port| TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, *port))).is_ok())
        .with_context(|| format!("no port from {wanted} on is free"))
}

/// The key of this state directory, drawn at the first start. Whoever has it and the data has everything.
fn secret_key(path: &Path) -> anyhow::Result<String> {
    if let Ok(key) = fs::read_to_string(path) {
        return Ok(key.trim().to_owned());
    }
    let key = tenancy::MasterKey::draw_text();
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    file.write_all(key.as_bytes())?;
    Ok(key)
}

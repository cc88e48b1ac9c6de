use clap::Args;
use plataforma::{Resumo, resumo, resumos};
use serde::Serialize;
use tenancy::{Backup, PlatformTx, Provisioning, Slug, backups, moving};

use crate::cli::operator::{Operator, json, table};

#[derive(Args)]
pub(crate) struct List {
    /// One JSON value for programs
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(crate) struct Show {
    slug: Slug,
    /// One JSON value for programs
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) async fn run(self, operator: &Operator) -> anyhow::Result<()> {
        let all = operator.platform().write(async |tx: &mut PlatformTx| resumos(tx).await).await?;
        if self.json {
            return json(&all);
        }
        let rows: Vec<_> = all
            .iter()
            .map(|u| [u.slug.clone(), u.codigo.clone(), u.status.clone(), u.placement.clone(), size(u), u.nome.clone()])
            .collect();
        table(["SLUG", "CODIGO", "STATUS", "PLACEMENT", "SIZE", "NOME"], &rows);
        Ok(())
    }
}

/// What `show --json` prints.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    resumo: Resumo,
    address: String,
    /// While it is being made, or after that was given up.
    provisioning: Option<(&'static str, Option<String>)>,
    last_move: Option<tenancy::Move>,
    /// Newest first.
    backups: Vec<Backup>,
}

impl Show {
    pub(super) async fn run(self, operator: &Operator) -> anyhow::Result<()> {
        let unidade = operator.unidade(&self.slug).await?;
        let (found, provisioning) = operator
            .platform()
            .write(async |tx: &mut PlatformTx| {
                Ok::<_, kernel::Fault>((resumo(tx, unidade.id).await?, Provisioning::find(tx, unidade.id).await?))
            })
            .await?;
        let Some(found) = found else { anyhow::bail!("the unidade {} has just been removed", self.slug) };
        let whole = Whole {
            resumo: found,
            address: operator.house.app.config.origin_of(&unidade.slug),
            provisioning: provisioning.filter(|p| p.step != tenancy::Step::Done).map(|p| (p.step.code(), p.error)),
            last_move: moving::find(operator.platform(), unidade.id).await?,
            backups: backups(operator.platform(), unidade.id).await?,
        };
        if self.json {
            return json(&whole);
        }
        whole.print();
        Ok(())
    }
}

impl Whole {
    fn print(&self) {
        let u = &self.resumo;
        let line = |name: &str, value: &str| println!("{name:<12} {value}");
        line("slug", &u.slug);
        line("codigo", &u.codigo);
        line("nome", &u.nome);
        line("id", &u.id.to_string());
        line("address", &self.address);
        let reason = u.status_reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
        line("status", &format!("{}{reason}", u.status));
        line("placement", &u.placement);
        line("version", &u.schema_version.to_string());
        if let Some(error) = &u.migration_error {
            line("migration", error);
        }
        line("modules", &u.modules.join(", "));
        line("size", &size(u));
        if let Some((step, error)) = &self.provisioning {
            line("making it", &format!("{step}{}", error.as_ref().map(|e| format!(": {e}")).unwrap_or_default()));
        }
        if let Some(state) = &self.last_move {
            let error = state.error.as_ref().map(|e| format!(": {e}")).unwrap_or_default();
            line("last move", &format!("{} to {}: {}{error}", state.source, state.target, state.step.code()));
        }
        for backup in &self.backups {
            let mut marks = String::new();
            for (at, word) in [(backup.verified_at, "verified"), (backup.rehearsed_at, "rehearsed")] {
                if at.is_some() {
                    marks.push_str(", ");
                    marks.push_str(word);
                }
            }
            line("backup", &format!("{} ({} rows, {} bytes{marks})", backup.nome, backup.rows, backup.bytes));
        }
    }
}

/// As it was last measured; the worker does so every hour.
fn size(resumo: &Resumo) -> String {
    let Some(bytes) = resumo.bytes else { return "-".to_owned() };
    format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}

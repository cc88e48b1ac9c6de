//! Provisioning as a job: each step is committed before the next begins, so that a killed worker is followed by one that
//! goes on (R2). The pages that watch hear of each step through the register's signal.

use std::time::Duration;

use jobs::{Enqueue, Handler, Outcome, Payload, PlatformJob};
use kernel::{Actor, Fault};
use serde::{Deserialize, Serialize};
use tenancy::{NewUnidade, PlatformTx, ProvisionError, Provisioning, Step, TenantTx, UnidadeId};
use web::App;

/// Brings one provisioning to its end.
#[derive(Debug, Serialize, Deserialize)]
pub struct ProvisionUnidade {
    pub unidade: UnidadeId,
}

impl Payload for ProvisionUnidade {
    const NAME: &'static str = "plataforma.provisionar";
}

/// Keeps the wanted number of ready-made schemas in every placement.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct KeepSpares {}

impl Payload for KeepSpares {
    const NAME: &'static str = "plataforma.reservas";
}

/// Failed attempts after which the console is asked what to do.
const ATTEMPTS: i32 = 5;

/// Enters the unidade into the register and starts its provisioning, in one transaction.
///
/// # Errors
/// What is taken or unknown; nothing is kept then.
pub async fn provisionar(tx: &mut PlatformTx, app: &App, actor: &Actor, new: NewUnidade) -> Result<UnidadeId, ProvisionError> {
    let id = Provisioning::request(tx, &app.platform, actor, new).await?;
    enqueue(tx, id).await?;
    Ok(id)
}

/// Starts or restarts the job of a provisioning.
async fn enqueue(tx: &mut PlatformTx, id: UnidadeId) -> Result<(), Fault> {
    let how = Enqueue::keyed(format!("provisionar:{id}"));
    jobs::enqueue_platform(tx, &ProvisionUnidade { unidade: id }, how).await?;
    Ok(())
}

/// Tries a provisioning that was given up once more; answers whether there was one.
///
/// # Errors
/// A fault of the database.
pub async fn provisionar_de_novo(tx: &mut PlatformTx, actor: &Actor, id: UnidadeId) -> Result<bool, Fault> {
    if Provisioning::find(tx, id).await?.is_none_or(|p| p.step != Step::Failed) {
        return Ok(false);
    }
    Provisioning::retry(tx, id).await?;
    enqueue(tx, id).await?;
    tx.audit(actor, "unidade.provisionar_de_novo", Some(id), serde_json::json!({})).await?;
    Ok(true)
}

pub(crate) fn handlers(app: &App) -> Vec<Handler> {
    let app = app.clone();
    vec![
        Handler::platform(move |job: PlatformJob, payload: ProvisionUnidade| {
            let app = app.clone();
            async move { run(&app, &job, payload.unidade).await }
        }),
        Handler::platform(|job: PlatformJob, _: KeepSpares| async move { keep_spares(&job).await }),
    ]
}

async fn run(app: &App, job: &PlatformJob, id: UnidadeId) -> Result<Outcome, Fault> {
    loop {
        let found = job.write(async |tx: &mut PlatformTx| Provisioning::find(tx, id).await).await?;
        let Some(provisioning) = found else {
            return Ok(Outcome::GiveUp("the provisioning was cancelled".to_owned()));
        };
        let stepped = match provisioning.step {
            Step::Done | Step::Failed => return Ok(Outcome::Done),
            Step::Requested => make_schema(app, id).await.map(|()| Step::Schema),
            Step::Schema => invite(app, &provisioning).await.map(|()| Step::Admin),
            Step::Admin => Ok(Step::Done),
        };
        match stepped {
            Ok(step) => job.write(async |tx: &mut PlatformTx| Provisioning::reach(tx, id, step, None).await).await?,
            Err(fault) => {
                let error = fault.to_string();
                tracing::error!(unidade = %id, %error, step = provisioning.step.code(), "a step of a provisioning failed");
                let given_up = provisioning.attempts + 1 >= ATTEMPTS;
                let step = if given_up { Step::Failed } else { provisioning.step };
                job.write(async |tx: &mut PlatformTx| Provisioning::reach(tx, id, step, Some(&error)).await).await?;
                return Ok(if given_up { Outcome::Done } else { Outcome::Retry(Duration::from_secs(2)) });
            }
        }
    }
}

async fn make_schema(app: &App, id: UnidadeId) -> Result<(), Fault> {
    let unidade = registered(app, id).await?;
    Provisioning::make_schema(&app.platform, &unidade).await
}

/// The first administrador, once: the command finds an invitation that stands already.
async fn invite(app: &App, provisioning: &Provisioning) -> Result<(), Fault> {
    let unidade = registered(app, provisioning.unidade_id).await?;
    let nome = provisioning.admin_nome.parse().map_err(|e| Fault::new("name of the first administrador", e))?;
    let email = provisioning.admin_email.parse().map_err(|e| Fault::new("e-mail of the first administrador", e))?;
    let links = app.config.links()?;
    app.tenants
        .write(&unidade, async |tx: &mut TenantTx| {
            acesso::convite::invite_first_admin(tx, &Actor::sistema(), &links, nome, email).await
        })
        .await?;
    Ok(())
}

async fn registered(app: &App, id: UnidadeId) -> Result<std::sync::Arc<tenancy::Unidade>, Fault> {
    app.registry.by_id(id).await?.ok_or_else(|| Fault::because("the unidade is not in the register"))
}

async fn keep_spares(job: &PlatformJob) -> Result<Outcome, Fault> {
    let config = job.platform.config();
    for placement in &config.placements {
        let have = job.write(async |tx: &mut PlatformTx| Provisioning::spares(tx, &placement.name).await).await?;
        for _ in have..i64::from(config.spares) {
            Provisioning::make_spare(&job.platform, &placement.name).await?;
        }
    }
    Ok(Outcome::Done)
}

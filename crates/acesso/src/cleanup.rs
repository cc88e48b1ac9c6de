//! Forgetting what no longer says anything.

use chrono::TimeDelta;
use jobs::{Handler, Outcome, Payload, Schedule, TenantJob};
use kernel::Fault;
use messaging::notificacao;
use serde::{Deserialize, Serialize};

use crate::{
    aparelho, auditoria, chave, convite, entrada, entrar::tentativa, passo, pessoa, provedor, recuperacao, sessao, telefone,
    usuario::importar,
};

/// How long a sessão that is over can still be asked about ("was that me?").
const SESSOES_KEPT: TimeDelta = TimeDelta::days(30);

#[derive(Debug, Serialize, Deserialize)]
struct Forget {}

impl Payload for Forget {
    const NAME: &'static str = "acesso.forget";
}

pub(crate) fn handlers() -> Vec<Handler> {
    std::iter::once(Handler::tenant(forget))
        .chain(recuperacao::handlers())
        .chain(telefone::handlers())
        .chain(auditoria::jobs::handlers())
        .chain(pessoa::handlers())
        .collect()
}

pub(crate) fn schedules() -> Result<Vec<Schedule>, Fault> {
    let mut all = vec![Schedule::each_unidade("acesso.forget", "17 3 * * *", &Forget {})?];
    all.extend(auditoria::jobs::schedules()?);
    all.extend(pessoa::schedules()?);
    Ok(all)
}

async fn forget(job: TenantJob, _: Forget) -> Result<Outcome, Fault> {
    job.write(async |tx| {
        let before = tx.clock().now() - SESSOES_KEPT;
        let sessoes = sessao::forget(tx, before).await?;
        let tentativas = tentativa::forget(tx).await?;
        let passos = passo::forget(tx).await?;
        let telefones = telefone::forget(tx).await?;
        let provedores = provedor::forget(tx).await?;
        let aparelhos = aparelho::forget(tx).await?;
        let desafios = chave::forget(tx).await?;
        let recuperacoes = recuperacao::forget(tx).await?;
        let importacoes = importar::forget(tx).await?;
        let before = tx.clock().now() - notificacao::KEPT;
        let notificacoes = notificacao::forget(tx, before).await?;
        let convites = convite::forget(tx).await?;
        let entradas = entrada::forget(tx).await?;
        let before = tx.clock().now() - messaging::KEPT;
        let mensagens = messaging::forget(tx, before).await?;
        let respostas = web::api::forget_old(tx).await?;
        tracing::info!(
            sessoes,
            tentativas,
            passos,
            telefones,
            provedores,
            aparelhos,
            desafios,
            recuperacoes,
            importacoes,
            notificacoes,
            convites,
            entradas,
            mensagens,
            respostas,
            "forgot what is over"
        );
        Ok(Outcome::Done)
    })
    .await
}

//! A large file is confirmed by a person and written by a job.

use empresas::{
    empresa::Campo,
    importacao::{
        AjustarError, CancelarError, ConfirmarError, Correcao, IMPORTAR, ImportacaoId, Mapping, Mode, analisar, cancelar,
        corrigir, descartar, desfazer, gravar, receber,
    },
};
use jobs::{Gates, Limits, Worker};
use kernel::{Actor, Scope};
use tenancy::TenantTx;
use testkit::{Base, sistema};

use crate::support::{parser, pessoa, registered};

const FILE: &str = "cnpj;nome\n11222333000181;Um\n10000001000190;Dois da planilha\n19131243000197;Três\n";

struct Large {
    base: Base,
    ana: Actor,
    id: ImportacaoId,
}

impl Large {
    /// A preview of three rows, one of them in the register, that says it is a large one.
    async fn new() -> Self {
        let base = Base::new().await;
        let schema = base.alfa.names().schema();
        registered(&base, 1, &[(Campo::Cnpj, "10000001000190"), (Campo::Nome, "Dois")]).await;
        let ana = pessoa(&base, "Ana", Scope::Todas, &[IMPORTAR]).await;
        base.execute(&format!(
            "UPDATE {schema}.usuario SET perfil_id = (SELECT id FROM {schema}.perfil WHERE key = 'administrador') WHERE nome = 'Ana'"
        ))
        .await;
        let id = base
            .alfa(async |tx: &mut TenantTx| {
                let id = receber(tx, &ana, &parser(), "grande.csv", FILE.as_bytes()).await.unwrap();
                let mapping = Mapping::new(vec![Some(Campo::Cnpj), Some(Campo::Nome)]);
                analisar(tx, &ana, &parser(), id, 0, mapping, Mode::Ambos).await.unwrap();
                id
            })
            .await;
        base.execute(&format!(
            "UPDATE {schema}.importacao SET counts = jsonb_set(counts, '{{to_create}}', '20000') WHERE id = '{id}'"
        ))
        .await;
        Self { base, ana, id }
    }

    async fn confirmed(self) -> Self {
        let version = self.version().await;
        assert!(self.confirm(version).await.unwrap(), "left to a job");
        self
    }

    /// True when it is left to a job.
    async fn confirm(&self, seen: i32) -> Result<bool, ConfirmarError> {
        let (id, ana) = (self.id, &self.ana);
        let done = self.base.tenants.write(&self.base.alfa, async |tx: &mut TenantTx| gravar(tx, ana, id, Some(seen)).await);
        Ok(done.await?.is_none())
    }

    async fn work(&self) {
        let base = &self.base;
        let gates = Gates { tenants: base.tenants.clone(), platform: base.platform.clone(), registry: base.registry.clone() };
        Worker::new(gates, (empresas::module().jobs)(), vec![], Limits::default()).unwrap().drain().await.unwrap();
    }

    async fn version(&self) -> i32 {
        i32::try_from(self.number("SELECT version::bigint FROM {}.importacao").await).unwrap()
    }

    async fn is(&self, state: &str) -> bool {
        self.number(&format!("SELECT count(*) FROM {{}}.importacao WHERE state = '{state}'")).await == 1
    }

    async fn number(&self, sql: &str) -> i64 {
        self.base.number(&sql.replace("{}", &self.base.alfa.names().schema())).await
    }

    async fn empresas(&self) -> i64 {
        self.number("SELECT count(*) FROM {}.empresa").await
    }

    async fn told(&self, key: &str) -> i64 {
        self.number(&format!("SELECT count(*) FROM {{}}.notificacao WHERE key = '{key}'")).await
    }

    async fn call_off(&self, actor: &Actor) -> Result<bool, CancelarError> {
        let id = self.id;
        self.base.tenants.write(&self.base.alfa, async |tx: &mut TenantTx| cancelar(tx, actor, id).await).await
    }
}

#[tokio::test]
async fn a_large_file_is_written_by_a_job_all_at_once_and_once() {
    let large = Large::new().await;
    let version = large.version().await;
    assert!(matches!(large.confirm(version - 1).await, Err(ConfirmarError::Changed)));
    let large = large.confirmed().await;
    assert!(large.is("gravando").await);
    assert_eq!(large.empresas().await, 1, "nothing is written before the job runs");
    assert!(matches!(large.confirm(version + 1).await, Err(ConfirmarError::NotWaiting)), "twice is once");
    // What is being written is set right no more, and not thrown away.
    let (id, ana) = (large.id, &large.ana);
    let correcao = Correcao { number: 2, seen: Some(1), cells: [(1, "X".to_owned())].into() };
    let late = large.base.tenants.write(&large.base.alfa, async |tx: &mut TenantTx| corrigir(tx, ana, id, correcao).await).await;
    assert!(matches!(late, Err(AjustarError::Ended)));
    let late = large.base.tenants.write(&large.base.alfa, async |tx: &mut TenantTx| descartar(tx, ana, id).await).await;
    assert!(late.is_err());

    large.work().await;
    assert!(large.is("concluida").await);
    assert_eq!(large.empresas().await, 3);
    assert_eq!(large.told("importacao-notice").await, 1);
    assert_eq!(large.number("SELECT count(*) FROM {}.importacao_andamento").await, 0);
    let trail = "SELECT count(*) FROM {}.auditoria WHERE action = 'empresa.alterada' AND actor_nome = 'Ana' AND after->>'nome' = 'Dois da planilha'";
    assert_eq!(large.number(trail).await, 1, "it stands in the empresa's own trail");

    // Its worker died after the commit and before it was booked: the next one finds it done.
    let again = format!(
        "INSERT INTO platform.job (unidade_id, name, payload, run_at)
         SELECT id, 'empresas.gravar-importacao', '{{\"importacao\": \"{id}\"}}', '2020-01-01' FROM platform.unidade WHERE slug = 'alfa'"
    );
    large.base.execute(&again).await;
    large.work().await;
    assert_eq!((large.empresas().await, large.told("importacao-notice").await), (3, 1));
    large.base.alfa(async |tx: &mut TenantTx| desfazer(tx, &sistema(), id).await).await.unwrap();
    assert_eq!(large.number("SELECT count(*) FROM {}.empresa WHERE deleted_at IS NULL AND nome = 'Dois'").await, 1);
}

#[tokio::test]
async fn it_is_called_off_before_it_commits_and_may_be_confirmed_again() {
    let large = Large::new().await.confirmed().await;
    let narrow = pessoa(&large.base, "Bruno", Scope::Proprias, &[IMPORTAR]).await;
    assert!(matches!(large.call_off(&narrow).await, Err(CancelarError::Denied(_))));
    assert!(large.call_off(&large.ana).await.unwrap());
    assert!(large.is("previa").await, "no job was at it");
    assert!(!large.call_off(&large.ana).await.unwrap(), "there is nothing left to call off");
    large.work().await;
    assert_eq!(large.empresas().await, 1);

    // While a job is at it, it hears of it before it commits.
    let large = large.confirmed().await;
    large.base.execute(&format!("UPDATE {}.importacao_andamento SET cancelled = true", large.base.alfa.names().schema())).await;
    large.work().await;
    assert!(large.is("previa").await);
    assert_eq!((large.empresas().await, large.told("importacao-notice").await), (1, 0));

    let large = large.confirmed().await;
    large.work().await;
    assert_eq!(large.empresas().await, 3);
}

#[tokio::test]
async fn what_cannot_be_written_is_a_preview_again_that_says_why() {
    let large = Large::new().await.confirmed().await;
    let problem = "SELECT count(*) FROM {}.importacao WHERE state = 'previa' AND problem->>'code' = ";
    // Its workers died, all of them.
    large.base.execute("UPDATE platform.job SET attempts = max_attempts").await;
    large.work().await;
    assert_eq!(large.number(&format!("{problem} 'importacao-fault'")).await, 1);
    assert_eq!((large.empresas().await, large.told("importacao-notice-nao-gravada").await), (1, 1));

    // Whoever confirmed it has left meanwhile.
    let large = large.confirmed().await;
    large.base.execute(&format!("UPDATE {}.usuario SET ativo = false", large.base.alfa.names().schema())).await;
    large.work().await;
    assert_eq!(large.number(&format!("{problem} 'importacao-forbidden'")).await, 1);
    assert_eq!(large.empresas().await, 1);
    large.base.execute(&format!("UPDATE {}.usuario SET ativo = true", large.base.alfa.names().schema())).await;
    let large = large.confirmed().await;
    large.work().await;
    assert!(large.is("concluida").await);
}

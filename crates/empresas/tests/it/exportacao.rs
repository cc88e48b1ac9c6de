//! Files too large to be waited for: made by a job, for one person, for some days.

use empresas::{
    empresa::{EXPORTAR, VER},
    exportacao::{self, Exportacao, ExportacaoError, ExportacaoId, KEPT, Nova, State, cancelar, find, pedir, repetir},
};
use files::{Files, FilesConfig};
use jobs::{Gates, Limits, Worker};
use kernel::{Actor, Lang, Scope};
use sheets::Format;
use tempfile::TempDir;
use tenancy::TenantTx;
use testkit::Base;

use crate::support::{pessoa, registered};

struct House {
    base: Base,
    files: Files,
    folder: TempDir,
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(FilesConfig::folder(folder.path().to_owned()));
        Self { base: Base::new().await, files, folder }
    }

    fn worker(&self) -> Worker {
        let base = &self.base;
        let gates = Gates { tenants: base.tenants.clone(), platform: base.platform.clone(), registry: base.registry.clone() };
        Worker::new(gates, exportacao::handlers(&self.files), vec![], Limits::default()).unwrap()
    }

    async fn ask(&self, actor: &Actor, format: Format, consulta: &str) -> Result<ExportacaoId, ExportacaoError> {
        let nova = Nova { format, consulta, total: 3, file_name: "empresas.csv", lang: Lang::PtBr };
        self.base.alfa(async |tx: &mut TenantTx| pedir(tx, actor, &nova).await).await
    }

    async fn find(&self, actor: &Actor, id: ExportacaoId) -> Result<Exportacao, ExportacaoError> {
        self.base.alfa(async |tx: &mut TenantTx| find(tx, actor, id).await).await
    }

    async fn content(&self, exportacao: &Exportacao) -> Option<String> {
        use futures::TryStreamExt;
        let shelf = self.files.exports(self.base.alfa.id);
        let content = shelf.open(exportacao.file(self.base.tenants.clock().now())?).await.unwrap()?;
        let bytes: Vec<bytes::Bytes> = content.stream.try_collect().await.unwrap();
        Some(String::from_utf8(bytes.concat()).unwrap())
    }

    async fn trail(&self, action: &str) -> i64 {
        let schema = self.base.alfa.names().schema();
        self.base.number(&format!("SELECT count(*) FROM {schema}.auditoria WHERE action = '{action}'")).await
    }
}

#[tokio::test]
async fn a_file_is_made_with_the_rights_of_its_owner_and_kept_for_some_days() {
    let house = House::new().await;
    let base = &house.base;
    registered(base, 1, &[]).await;
    let ana = pessoa(base, "Ana", Scope::Proprias, &[VER, EXPORTAR]).await;
    let perfil = format!(
        "UPDATE {0}.perfil_permissao SET escopo = 'proprias' WHERE permissao LIKE 'empresas.empresa.%'
             AND perfil_id = (SELECT perfil_id FROM {0}.usuario WHERE nome = 'Ana');
         INSERT INTO {0}.perfil_permissao (perfil_id, permissao, escopo)
         SELECT perfil_id, p, 'proprias' FROM {0}.usuario, unnest(ARRAY['{1}', '{2}']) AS p WHERE nome = 'Ana' ON CONFLICT DO NOTHING;
         UPDATE {0}.empresa SET responsavel_id = (SELECT id FROM {0}.usuario WHERE nome = 'Ana'), nome = 'Da Ana' WHERE nome = 'Empresa 1'",
        base.alfa.names().schema(),
        VER.code(),
        EXPORTAR.code()
    );
    base.execute(&perfil).await;
    registered(base, 2, &[]).await;

    let id = house.ask(&ana, Format::Csv, "").await.unwrap();
    assert_eq!(house.ask(&ana, Format::Csv, "").await.unwrap(), id, "asked twice, made once");
    assert_eq!(house.find(&ana, id).await.unwrap().state, State::Fila);
    house.worker().drain().await.unwrap();

    let ready = house.find(&ana, id).await.unwrap();
    assert_eq!((ready.state, ready.total), (State::Pronta, 1), "{ready:?}");
    let content = house.content(&ready).await.unwrap();
    assert!(content.contains("Da Ana") && !content.contains("Empresa 2"), "{content}");
    assert_eq!((house.trail("exportacao.pedida").await, house.trail("empresa.exportada").await), (1, 1));
    let schema = base.alfa.names().schema();
    assert_eq!(base.number(&format!("SELECT count(*) FROM {schema}.notificacao WHERE key = 'exportacao-notice'")).await, 1);

    // Nobody else's, of another unidade least of all.
    let bia = pessoa(base, "Beatriz", Scope::Todas, &[VER, EXPORTAR]).await;
    assert!(matches!(house.find(&bia, id).await, Err(ExportacaoError::NotFound)));
    let elsewhere = base.tenants.read(&base.beta, async |tx: &mut TenantTx| find(tx, &ana, id).await).await;
    assert!(matches!(elsewhere, Err(ExportacaoError::NotFound)));
    assert!(matches!(house.ask(&testkit::sistema(), Format::Csv, "").await, Err(ExportacaoError::Denied(_))), "no person");

    base.clock.advance(KEPT);
    assert!(house.content(&house.find(&ana, id).await.unwrap()).await.is_none(), "kept no longer");
}

/// Whatever took its last attempt, whoever asked is told at once, and may ask again.
#[tokio::test]
async fn one_whose_attempts_are_over_is_told_as_failed_and_may_be_asked_for_again() {
    let house = House::new().await;
    let base = &house.base;
    let ana = pessoa(base, "Ana", Scope::Todas, &[VER, EXPORTAR]).await;
    let schema = base.alfa.names().schema();
    let admin = format!(
        "UPDATE {schema}.usuario SET perfil_id = (SELECT id FROM {schema}.perfil WHERE key = 'administrador') WHERE nome = 'Ana'"
    );
    base.execute(&admin).await;
    let one = house.ask(&ana, Format::Csv, "").await.unwrap();
    // As it lies there when a worker was killed in the middle of the last of them.
    base.execute(&format!("UPDATE {schema}.exportacao SET state = 'gerando', done = 10")).await;
    base.execute("UPDATE platform.job SET attempts = max_attempts, last_error = 'the worker died while it ran'").await;
    house.worker().drain().await.unwrap();
    let failed = house.find(&ana, one).await.unwrap();
    assert_eq!((failed.state, failed.reason.as_deref()), (State::Falhou, Some("fault")));
    let told = format!("SELECT count(*) FROM {schema}.notificacao WHERE key = 'exportacao-notice-falhou'");
    assert_eq!(base.number(&told).await, 1);

    let bia = pessoa(base, "Beatriz", Scope::Todas, &[VER, EXPORTAR]).await;
    let again = async |actor: &Actor| base.alfa(async |tx: &mut TenantTx| repetir(tx, actor, one).await).await;
    assert!(matches!(again(&bia).await, Err(ExportacaoError::NotFound)), "nobody else's");
    let two = again(&ana).await.unwrap();
    assert_ne!(two, one);
    assert_eq!(again(&ana).await.unwrap(), two, "asked twice, made once");
    house.worker().drain().await.unwrap();
    assert_eq!(house.find(&ana, two).await.unwrap().state, State::Pronta);
    let there = base.alfa(async |tx: &mut TenantTx| repetir(tx, &ana, two).await).await.unwrap();
    assert_eq!(there, two, "it is there to be taken");
}

/// The last of its attempts fails by itself: the disk is full, say.
#[tokio::test]
async fn one_that_cannot_be_kept_fails_after_its_attempts() {
    let house = House::new().await;
    let base = &house.base;
    let ana = pessoa(base, "Ana", Scope::Todas, &[VER, EXPORTAR]).await;
    let schema = base.alfa.names().schema();
    base.execute(&format!(
        "UPDATE {schema}.usuario SET perfil_id = (SELECT id FROM {schema}.perfil WHERE key = 'administrador')"
    ))
    .await;
    let one = house.ask(&ana, Format::Csv, "").await.unwrap();
    // Where its file is to lie, there is no folder to be made.
    let path = house.folder.path().to_owned();
    std::fs::remove_dir_all(&path).unwrap();
    std::fs::write(&path, b"in the way").unwrap();
    for _ in 0..4 {
        assert!(house.find(&ana, one).await.unwrap().state.is_open());
        house.worker().drain().await.unwrap();
        base.clock.advance(chrono::TimeDelta::hours(2));
    }
    assert_eq!(house.find(&ana, one).await.unwrap().state, State::Falhou);
    std::fs::remove_file(&path).unwrap();
}

/// Each night what was kept long enough goes, with its file; what nobody has taken yet stays.
#[tokio::test]
async fn files_are_removed_when_they_were_kept_long_enough() {
    let house = House::new().await;
    let base = &house.base;
    let ana = pessoa(base, "Ana", Scope::Todas, &[VER, EXPORTAR]).await;
    let schema = base.alfa.names().schema();
    base.execute(&format!(
        "UPDATE {schema}.usuario SET perfil_id = (SELECT id FROM {schema}.perfil WHERE key = 'administrador')"
    ))
    .await;
    let files = || {
        let mut found = 0;
        let mut folders = vec![house.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                if entry.file_type().unwrap().is_dir() { folders.push(entry.path()) } else { found += 1 }
            }
        }
        found
    };
    let one = house.ask(&ana, Format::Csv, "").await.unwrap();
    house.worker().drain().await.unwrap();
    base.clock.advance(KEPT);
    let two = house.ask(&ana, Format::Csv, "uf=SC").await.unwrap();
    house.worker().drain().await.unwrap();
    assert_eq!(files(), 2);
    let due = "INSERT INTO platform.job (unidade_id, name, payload, run_at)
               SELECT id, 'empresas.limpar-exportacoes', '{}', '2020-01-01' FROM platform.unidade WHERE slug = 'alfa'";
    for _ in 0..2 {
        base.execute(due).await;
        house.worker().drain().await.unwrap();
        assert_eq!(files(), 1, "twice is once");
    }
    assert_eq!(house.find(&ana, one).await.unwrap().state, State::Expirada);
    assert_eq!(house.find(&ana, two).await.unwrap().state, State::Pronta);
}

/// What is kept for an undo goes when it can no longer be undone, whether anybody does such work again or not (V14.2.4).
#[tokio::test]
async fn what_an_undo_would_need_goes_at_night() {
    let house = House::new().await;
    let base = &house.base;
    let schema = base.alfa.names().schema();
    let at = |days: i64| format!("timestamptz '{}' - interval '{days} days'", testkit::NOW);
    for (days, n) in [(2, 1), (0, 2)] {
        let lote = format!(
            "INSERT INTO {schema}.empresa_lote (id, action, consulta, changed, unchanged, created_at)
                            VALUES ('01900000-0000-7000-8000-00000000000{n}', 'situacao', '', 0, 0, {})",
            at(days)
        );
        base.execute(&lote).await;
    }
    for (days, n) in [(91, 3), (89, 4)] {
        base.execute(&format!(
            "SET search_path = {schema};
             INSERT INTO empresa (id, nome, cnpj, situacao, data_cadastro, created_at, updated_at)
             VALUES ('01900000-0000-7000-8000-00000000000{n}', 'X', '12ABC345000{n}00', 'ativo', now(), now(), now());
             INSERT INTO importacao (id, file_name, hash, bytes, state, inspection, sheet, mapping, mode, counts, actor_nome, created_at,
                                     finished_at, segmentos)
             VALUES ('01900000-0000-7000-8000-00000000000{n}', 'x.csv', '\\x0{n}', 3, 'concluida', '{{}}', 0, '[]', 'criar', '{{}}', 'SRI', now(),
                     {}, '{{}}');
             INSERT INTO importacao_mudanca (importacao_id, empresa_id, created, version_after)
             VALUES ('01900000-0000-7000-8000-00000000000{n}', '01900000-0000-7000-8000-00000000000{n}', true, 1)",
            at(days)
        ))
        .await;
    }
    base.execute(
        "INSERT INTO platform.job (unidade_id, name, payload, run_at)
         SELECT id, 'empresas.limpar-exportacoes', '{}', '2020-01-01' FROM platform.unidade WHERE slug = 'alfa'",
    )
    .await;
    house.worker().drain().await.unwrap();
    for table in ["empresa_lote", "importacao_mudanca"] {
        assert_eq!(base.number(&format!("SELECT count(*) FROM {schema}.{table}")).await, 1, "{table}");
    }
}

#[tokio::test]
async fn what_is_given_up_is_not_made_and_whoever_left_is_given_nothing() {
    let house = House::new().await;
    let base = &house.base;
    let ana = pessoa(base, "Ana", Scope::Todas, &[VER, EXPORTAR]).await;
    let one = house.ask(&ana, Format::Csv, "").await.unwrap();
    let cancelled = base.alfa(async |tx: &mut TenantTx| cancelar(tx, &ana, one).await.unwrap()).await;
    assert!(cancelled);
    assert!(!base.alfa(async |tx: &mut TenantTx| cancelar(tx, &ana, one).await.unwrap()).await, "twice is once");
    let two = house.ask(&ana, Format::Csv, "uf=SC").await.unwrap();
    base.execute(&format!("UPDATE {}.usuario SET ativo = false WHERE nome = 'Ana'", base.alfa.names().schema())).await;
    house.worker().drain().await.unwrap();
    assert_eq!(house.find(&ana, one).await.unwrap().state, State::Cancelada);
    let two = house.find(&ana, two).await.unwrap();
    assert_eq!((two.state, two.reason.as_deref()), (State::Falhou, Some("forbidden")));
    assert_eq!(house.trail("empresa.exportada").await, 0);
}

//! Etapas and feriados as the unidade keeps them.

use empresas::etiqueta::Cor;
use kernel::{Actor, Scope};
use relacionamento::{
    demanda::{self, DemandaId, Situacao, mover::mover as mover_demanda, registrar::registrar as pedir},
    etapa::{Dados, EtapaId, Etapas},
    feriado::{
        self, FeriadoError, FeriadoRule,
        gravar::{excluir as retirar, registrar as acrescentar},
    },
    tipo::TipoId,
};
use tenancy::TenantTx;
use testkit::{Base, sistema};
use web::vocabulary::{Place, Sentido, TermError, TermRule, alterar, excluir, mesclar, mover, registrar};

use crate::support::{ALL, empresa, pessoa};

fn etapa(nome: &str, situacao: Situacao) -> Dados {
    Dados { nome: nome.parse().unwrap(), situacao, cor: Cor::Rosa }
}

async fn write<T>(base: &Base, work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, TermError>) -> Result<T, TermError> {
    base.tenants.write(&base.alfa, work).await
}

async fn made(base: &Base, nome: &str, situacao: Situacao) -> EtapaId {
    write(base, async |tx| registrar::<Etapas>(tx, &sistema(), &etapa(nome, situacao)).await).await.unwrap()
}

async fn named(base: &Base, nome: &str) -> EtapaId {
    let schema = base.alfa.names().schema();
    EtapaId::new(base.id(&format!("SELECT id FROM {schema}.demanda_etapa WHERE nome = '{nome}'")).await)
}

/// The etapas of a situação, as a demanda passes through them.
async fn order(base: &Base, situacao: Situacao) -> Vec<String> {
    let named = format!(
        "SELECT string_agg(nome, '|' ORDER BY posicao, id) FROM {}.demanda_etapa WHERE situacao = '{}'",
        base.alfa.names().schema(),
        situacao.code()
    );
    base.text(&named).await.split('|').map(str::to_owned).collect()
}

async fn count(base: &Base, query: &str) -> i64 {
    base.number(&format!("SELECT count(*) FROM {}.{query}", base.alfa.names().schema())).await
}

async fn asked(base: &Base, n: u32) -> (DemandaId, Option<chrono::NaiveDate>) {
    let schema = base.alfa.names().schema();
    let empresa = empresa(base, n, None).await;
    let dados = demanda::Dados {
        titulo: "Curso".parse().unwrap(),
        descricao: "Para doze".parse().unwrap(),
        tipo: TipoId::new(base.id(&format!("SELECT id FROM {schema}.demanda_tipo WHERE nome = 'Manutenção'")).await),
        setor: None,
        responsavel: None,
        contato: None,
        valor_estimado: None,
        data_prazo: None,
    };
    let id = base.alfa(async |tx: &mut TenantTx| pedir(tx, &sistema(), empresa, &dados).await).await.unwrap();
    let found = base.alfa(async |tx: &mut TenantTx| demanda::lista::find(tx, &sistema(), id).await).await.unwrap().unwrap();
    (id, found.data_prazo)
}

async fn put(base: &Base, id: DemandaId, seen: i32, into: EtapaId) {
    base.alfa(async |tx: &mut TenantTx| mover_demanda(tx, &sistema(), id, seen, into, None).await).await.unwrap();
}

/// S0-15.4: names, colours and order are the unidade's; what an etapa stands for is said once.
#[tokio::test]
async fn an_etapa_is_renamed_and_moved_and_keeps_its_situacao() {
    let base = Base::new().await;
    let id = made(&base, "Aguardando empresa", Situacao::EmAndamento).await;
    let all = ["Em andamento", "Proposta enviada", "Aguardando empresa"];
    assert_eq!(order(&base, Situacao::EmAndamento).await, all, "a new one comes last");
    let taken = write(&base, async |tx| registrar::<Etapas>(tx, &sistema(), &etapa("concluida", Situacao::Nova)).await).await;
    assert!(matches!(taken, Err(TermError::Rule(TermRule::Taken))), "whatever its accents: {taken:?}");

    let shift = async |id, sentido| write(&base, async |tx| mover::<Etapas>(tx, &sistema(), id, sentido).await).await.unwrap();
    assert_eq!(shift(id, Sentido::Acima).await, Place { first: false, last: false });
    assert_eq!(shift(id, Sentido::Acima).await, Place { first: true, last: false });
    assert_eq!(order(&base, Situacao::EmAndamento).await, ["Aguardando empresa", "Em andamento", "Proposta enviada"]);
    assert_eq!(shift(id, Sentido::Acima).await, Place { first: true, last: false }, "above the first is nothing");
    let proposta = named(&base, "Proposta enviada").await;
    assert_eq!(shift(proposta, Sentido::Abaixo).await, Place { first: false, last: true });
    assert_eq!(count(&base, "auditoria WHERE action = 'demanda_etapa.movida'").await, 2, "what moves nothing leaves no trace");

    // The padrão moves and is renamed like any other.
    let padrao = named(&base, "Em andamento").await;
    assert_eq!(shift(padrao, Sentido::Abaixo).await, Place { first: false, last: true });
    let dados = etapa("Atendendo", Situacao::Cancelada);
    write(&base, async |tx| alterar::<Etapas>(tx, &sistema(), padrao, &dados).await).await.unwrap();
    assert_eq!(order(&base, Situacao::EmAndamento).await, ["Aguardando empresa", "Proposta enviada", "Atendendo"]);
    assert_eq!(order(&base, Situacao::Cancelada).await, ["Cancelada"]);

    let beta = base
        .tenants
        .write(&base.beta, async |tx: &mut TenantTx| mover::<Etapas>(tx, &sistema(), id, Sentido::Abaixo).await)
        .await;
    assert!(matches!(beta, Err(TermError::NotFound)), "another unidade has none of it: {beta:?}");
    let nobody = pessoa(&base, "Ana", Scope::Todas, &ALL).await;
    let denied = write(&base, async |tx| mover::<Etapas>(tx, &nobody, id, Sentido::Abaixo).await).await;
    assert!(matches!(denied, Err(TermError::Denied(_))), "{denied:?}");
}

/// Of two who move at once one waits for the other, and no place is lost.
#[tokio::test]
async fn two_who_move_etapas_at_once_lose_none() {
    let base = Base::new().await;
    for nome in ["A", "B", "C", "D"] {
        made(&base, nome, Situacao::EmAndamento).await;
    }
    let (a, d) = (named(&base, "A").await, named(&base, "D").await);
    for _ in 0..3 {
        let (one, other) = tokio::join!(
            write(&base, async |tx| mover::<Etapas>(tx, &sistema(), a, Sentido::Abaixo).await),
            write(&base, async |tx| mover::<Etapas>(tx, &sistema(), d, Sentido::Acima).await)
        );
        one.unwrap();
        other.unwrap();
    }
    let schema = base.alfa.names().schema();
    let places = format!("SELECT count(DISTINCT posicao) FROM {schema}.demanda_etapa WHERE situacao = 'em_andamento'");
    assert_eq!(base.number(&places).await, 6);
    let mut names = order(&base, Situacao::EmAndamento).await;
    assert!(names.iter().position(|nome| nome == "D") < names.iter().position(|nome| nome == "A"), "{names:?}");
    names.sort();
    assert_eq!(names, ["A", "B", "C", "D", "Em andamento", "Proposta enviada"]);
}

/// D-8: one of each situação stays, and what is merged stays what it is.
#[tokio::test]
async fn the_padrao_stays_and_a_merge_keeps_the_situacao() {
    let base = Base::new().await;
    let erase = async |id| write(&base, async |tx| excluir::<Etapas>(tx, &sistema(), id).await).await;
    let merge = async |id, em| write(&base, async |tx| mesclar::<Etapas>(tx, &sistema(), id, em).await).await;
    let [padrao, proposta, nova] =
        [named(&base, "Em andamento").await, named(&base, "Proposta enviada").await, named(&base, "Nova").await];
    for situacao in Situacao::ALL {
        let schema = base.alfa.names().schema();
        let one = format!("SELECT id FROM {schema}.demanda_etapa WHERE padrao AND situacao = '{}'", situacao.code());
        let id = EtapaId::new(base.id(&one).await);
        assert!(matches!(erase(id).await, Err(TermError::Rule(TermRule::Stays))), "{situacao:?}");
    }
    assert!(matches!(merge(padrao, proposta).await, Err(TermError::Rule(TermRule::Stays))));
    assert!(matches!(merge(proposta, nova).await, Err(TermError::Rule(TermRule::Apart))));

    // It goes from Proposta enviada to another: the first is history, and history needs its name.
    let ((id, _), outra) = (asked(&base, 1).await, made(&base, "Aguardando", Situacao::EmAndamento).await);
    put(&base, id, 1, proposta).await;
    assert!(matches!(erase(proposta).await, Err(TermError::Rule(TermRule::InUse { used: 1 }))));
    put(&base, id, 2, outra).await;
    assert!(matches!(erase(proposta).await, Err(TermError::Rule(TermRule::InUse { used: 1 }))), "it stood there once");
    assert_eq!(merge(proposta, padrao).await.unwrap(), 0, "nothing stands in it now");
    assert_eq!(merge(outra, padrao).await.unwrap(), 1);
    assert_eq!(order(&base, Situacao::EmAndamento).await, ["Em andamento"]);
    assert_eq!(
        count(&base, &format!("demanda WHERE etapa_id = '{padrao}' AND situacao = 'em_andamento' AND version = 4")).await,
        1
    );
    assert_eq!(count(&base, &format!("demanda_passagem WHERE etapa_id = '{padrao}'")).await, 2);
    assert_eq!(count(&base, "auditoria WHERE action = 'demanda_etapa.mesclada'").await, 2);
    let free = made(&base, "Livre", Situacao::Concluida).await;
    assert_eq!(erase(free).await.unwrap(), 0);
}

/// A demanda that is just coming into an etapa is seen by whoever takes that off the list.
#[tokio::test]
async fn a_deletion_waits_for_a_demanda_that_is_just_coming() {
    let base = Base::new().await;
    let ((id, _), outra) = (asked(&base, 1).await, made(&base, "Aguardando", Situacao::EmAndamento).await);
    let mut tx = base.tenants.begin(&base.alfa, tenancy::Mode::Write, tenancy::TxLimits::REQUEST).await.unwrap();
    mover_demanda(&mut tx, &sistema(), id, 1, outra, None).await.unwrap();
    let (deleted, ()) = tokio::join!(write(&base, async |tx| excluir::<Etapas>(tx, &sistema(), outra).await), async {
        let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while base.number(waits).await == 0 {
            tokio::task::yield_now().await;
        }
        tx.commit().await.unwrap();
    });
    assert!(matches!(deleted, Err(TermError::Rule(TermRule::InUse { used: 1 }))), "{deleted:?}");
}

fn dia(text: &str) -> feriado::Dados {
    feriado::Dados { data: text.parse().unwrap(), nome: "Padroeira".parse().unwrap() }
}

async fn add(base: &Base, actor: &Actor, text: &str) -> Result<(), FeriadoError> {
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| acrescentar(tx, actor, &dia(text)).await).await
}

/// A prazo that is set leaps over the days that are on the list then, and stays whatever becomes of them.
#[tokio::test]
async fn prazos_leap_over_feriados_and_stay_as_they_were_set() {
    let base = Base::new().await;
    let day = |text: &str| text.parse().ok();
    // Five dias úteis after Monday the 23rd.
    let (first, prazo) = asked(&base, 1).await;
    assert_eq!(prazo, day("2026-11-30"));
    add(&base, &sistema(), "2026-11-25").await.unwrap();
    assert_eq!(asked(&base, 2).await.1, day("2026-12-01"));
    let kept = base.alfa(async |tx: &mut TenantTx| demanda::lista::find(tx, &sistema(), first).await).await.unwrap().unwrap();
    assert_eq!(kept.data_prazo, day("2026-11-30"));
    base.tenants
        .write(&base.alfa, async |tx: &mut TenantTx| retirar(tx, &sistema(), "2026-11-25".parse().unwrap()).await)
        .await
        .unwrap();
    assert_eq!(asked(&base, 3).await.1, day("2026-11-30"));
}

/// A day stands on the list once, a national one not at all, and who does not keep the list changes nothing.
#[tokio::test]
async fn a_day_is_put_on_the_list_once() {
    let base = Base::new().await;
    let actor = sistema();
    let (one, other) = tokio::join!(add(&base, &actor, "2026-03-09"), add(&base, &actor, "2026-03-09"));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    for refused in [one, other].into_iter().filter(Result::is_err) {
        assert!(matches!(refused, Err(FeriadoError::Rule(FeriadoRule::Taken))), "{refused:?}");
    }
    assert!(matches!(add(&base, &actor, "2026-04-03").await, Err(FeriadoError::Rule(FeriadoRule::Nacional))));
    assert!(matches!(add(&base, &actor, "0206-03-09").await, Err(FeriadoError::Rule(FeriadoRule::Ano))));
    let nobody = pessoa(&base, "Ana", Scope::Todas, &ALL).await;
    assert!(matches!(add(&base, &nobody, "2026-06-04").await, Err(FeriadoError::Denied(_))));

    let gone = async |actor: &Actor| {
        let data = "2026-03-09".parse().unwrap();
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| retirar(tx, actor, data).await).await
    };
    assert!(matches!(gone(&nobody).await, Err(FeriadoError::Denied(_))));
    gone(&actor).await.unwrap();
    assert!(matches!(gone(&actor).await, Err(FeriadoError::NotFound)), "it left the list");
    assert_eq!(count(&base, "auditoria WHERE entity = 'feriado' AND coalesce(after, before)->>'data' = '2026-03-09'").await, 2);
}

use chrono::TimeDelta;
use jobs::{Gates, Limits, Worker};
use kernel::{Actor, PageRequest, Scope};
use relacionamento::{
    tarefa::{
        Dados, GERIR, Sobre, Tarefa, TarefaError, TarefaId, TarefaRule, VER,
        gravar::{alterar, concluir, criar, criar_dos_passos, excluir, restaurar},
        lista::{self, Filtro},
    },
    visita,
};
use tenancy::TenantTx;
use testkit::{Base, sistema};

use crate::support::{ALL, empresa, horario, pessoa, planned, plano};

const BOTH: [kernel::Permission; 4] = [VER, GERIR, empresas::empresa::VER, visita::VER];

fn dados(titulo: &str, responsavel: &Actor, prazo: Option<&str>) -> Dados {
    Dados {
        titulo: titulo.parse().unwrap(),
        detalhes: None,
        responsavel: responsavel.id.unwrap(),
        data_prazo: prazo.map(|day| day.parse().unwrap()),
    }
}

async fn write(base: &Base, actor: &Actor, sobre: Option<Sobre>, dados: &Dados) -> Result<TarefaId, TarefaError> {
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| criar(tx, actor, sobre, dados).await).await
}

async fn open_of(base: &Base, of: &Actor) -> Vec<Tarefa> {
    base.alfa(async |tx: &mut TenantTx| lista::open_of(tx, &sistema(), of.id.unwrap(), 100).await).await.unwrap()
}

async fn told(base: &Base, to: &Actor, key: &str) -> i64 {
    let (schema, id) = (base.alfa.names().schema(), to.id.unwrap());
    base.number(&format!("SELECT count(*) FROM {schema}.notificacao WHERE usuario_id = '{id}' AND key = 'tarefa-notice-{key}'"))
        .await
}

/// Asked of somebody else, they hear of it; done, whoever asked does. Said twice, the first stays.
#[tokio::test]
async fn what_is_asked_of_somebody_is_told_to_them_and_its_end_to_whoever_asked() {
    let base = Base::new().await;
    let [ana, rui] = [pessoa(&base, "Ana", Scope::Todas, &BOTH).await, pessoa(&base, "Rui", Scope::Todas, &BOTH).await];
    let id = write(&base, &ana, None, &dados("Enviar proposta", &rui, Some("2026-11-30"))).await.unwrap();
    write(&base, &rui, None, &dados("Comprar café", &rui, None)).await.unwrap();
    assert_eq!((told(&base, &rui, "nova").await, told(&base, &ana, "nova").await), (1, 0));
    let titles = |all: Vec<Tarefa>| all.into_iter().map(|one| one.titulo).collect::<Vec<_>>();
    assert_eq!(titles(open_of(&base, &rui).await), ["Enviar proposta", "Comprar café"], "what has no prazo comes last");
    for _ in 0..2 {
        base.alfa(async |tx: &mut TenantTx| concluir(tx, &rui, id, true).await).await.unwrap();
    }
    assert_eq!((told(&base, &ana, "concluida").await, open_of(&base, &rui).await.len()), (1, 1));
    base.alfa(async |tx: &mut TenantTx| concluir(tx, &rui, id, false).await).await.unwrap();
    assert_eq!(open_of(&base, &rui).await.len(), 2);
    let schema = base.alfa.names().schema();
    let trail = format!("SELECT count(*) FROM {schema}.auditoria WHERE action IN ('tarefa.concluida', 'tarefa.reaberta')");
    assert_eq!(base.number(&trail).await, 2);
}

/// S0-4.6: of each line one, signs of lists passed over, and what is too long for a line in full below it.
#[tokio::test]
async fn next_steps_of_a_visita_become_tarefas_of_its_responsavel() {
    let base = Base::new().await;
    let [ana, rui] = [pessoa(&base, "Ana", Scope::Todas, &BOTH).await, pessoa(&base, "Rui", Scope::Todas, &ALL).await];
    let empresa = empresa(&base, 1, None).await;
    let id = planned(&base, empresa, &plano(&rui, horario(-3))).await;
    let long = "ç".repeat(300);
    let passos = format!("- Enviar proposta\n\n * Marcar treinamento\n{long}");
    let made = base
        .alfa(async |tx: &mut TenantTx| {
            let visita = visita::lista::find(tx, &ana, id).await.unwrap().unwrap();
            criar_dos_passos(tx, &ana, &visita, &passos, Some("2026-12-01".parse().unwrap())).await
        })
        .await;
    assert_eq!(made.unwrap(), 3);
    let mut all = open_of(&base, &rui).await;
    all.sort_by(|a, b| a.titulo.cmp(&b.titulo));
    assert_eq!((all[0].titulo.as_str(), all[1].titulo.as_str()), ("Enviar proposta", "Marcar treinamento"));
    assert_eq!((all[2].titulo.chars().count(), all[2].detalhes.as_deref()), (200, Some(long.as_str())));
    assert!(all.iter().all(|one| one.empresa_id == Some(empresa) && one.entity.as_deref() == Some("visita")));
    let of =
        async |sobre| base.alfa(async |tx: &mut TenantTx| lista::about(tx, &sistema(), sobre, 10).await).await.unwrap().len();
    assert_eq!(of(Sobre { entity: "visita", id: id.uuid() }).await, 3);
    assert_eq!(of(Sobre { entity: "empresa", id: empresa.uuid() }).await, 3, "the empresa shows those of its visitas");
}

/// Próprias: what one is to do or wrote down, and what hangs on one's own empresas.
#[tokio::test]
async fn the_escopo_proprias_is_what_one_does_asked_or_answers_for() {
    let base = Base::new().await;
    let [ana, rui] = [pessoa(&base, "Ana", Scope::Proprias, &BOTH).await, pessoa(&base, "Rui", Scope::Proprias, &BOTH).await];
    let [of_ana, of_rui] = [empresa(&base, 1, ana.id).await, empresa(&base, 2, rui.id).await];
    let about = |id: empresas::empresa::EmpresaId| Some(Sobre { entity: "empresa", id: id.uuid() });
    let asked = write(&base, &ana, None, &dados("Pedida", &rui, None)).await.unwrap();
    let mut hers = vec![asked, write(&base, &sistema(), about(of_ana), &dados("Dela", &rui, None)).await.unwrap()];
    let other = write(&base, &sistema(), about(of_rui), &dados("Dele", &rui, None)).await.unwrap();
    let sees = |actor: Actor| {
        let base = &base;
        async move {
            let (rows, total) = base
                .alfa(async |tx: &mut TenantTx| lista::list(tx, &actor, &Filtro::default(), PageRequest::default()).await)
                .await
                .unwrap();
            assert_eq!(i64::try_from(rows.len()).unwrap(), total);
            let mut ids: Vec<_> = rows.into_iter().map(|one| one.id).collect();
            ids.sort();
            ids
        }
    };
    hers.sort();
    assert_eq!(sees(ana.clone()).await, hers);
    assert_eq!(sees(rui.clone()).await.len(), 3);
    let finish = async |id| base.tenants.write(&base.alfa, async |tx: &mut TenantTx| concluir(tx, &ana, id, true).await).await;
    assert!(matches!(finish(other).await, Err(TarefaError::NotFound)));
    assert!(finish(asked).await.is_ok());
    assert!(matches!(write(&base, &ana, about(of_rui), &dados("X", &ana, None)).await, Err(TarefaError::NotFound)));
    // Another unidade has none of it.
    let there = base.tenants.write(&base.beta, async |tx: &mut TenantTx| concluir(tx, &sistema(), other, true).await).await;
    assert!(matches!(there, Err(TarefaError::NotFound)));
}

#[tokio::test]
async fn a_change_is_of_what_was_seen_and_of_people_who_are_here() {
    let base = Base::new().await;
    let [ana, gone] = [pessoa(&base, "Ana", Scope::Todas, &BOTH).await, pessoa(&base, "Gone", Scope::Todas, &BOTH).await];
    let id = write(&base, &ana, None, &dados("Ligar", &gone, None)).await.unwrap();
    let schema = base.alfa.names().schema();
    base.execute(&format!("UPDATE {schema}.usuario SET ativo = false WHERE id = '{}'", gone.id.unwrap())).await;
    let change = async |seen, dados: Dados| {
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| alterar(tx, &ana, id, seen, &dados).await).await
    };
    assert!(matches!(write(&base, &ana, None, &dados("X", &gone, None)).await, Err(TarefaError::Rule(TarefaRule::Responsavel))));
    assert_eq!(change(1, dados("Ligar hoje", &gone, None)).await.unwrap(), 2, "who was asked before may stay");
    assert!(matches!(change(1, dados("Y", &ana, None)).await, Err(TarefaError::Rule(TarefaRule::Changed { current: 2 }))));
    let delete = async || base.tenants.write(&base.alfa, async |tx: &mut TenantTx| excluir(tx, &ana, id).await).await;
    delete().await.unwrap();
    assert!(matches!(delete().await, Err(TarefaError::NotFound)));
    base.alfa(async |tx: &mut TenantTx| restaurar(tx, &ana, id).await).await.unwrap();
    assert_eq!(open_of(&base, &gone).await.len(), 1);
}

/// S0-6.9: in the morning of the day, once, by two workers; moved, for the new day only.
#[tokio::test]
async fn a_prazo_is_reminded_of_once() {
    let base = Base::new().await;
    let ana = pessoa(&base, "Ana", Scope::Todas, &BOTH).await;
    let moved = write(&base, &ana, None, &dados("Mudada", &ana, Some("2026-11-24"))).await.unwrap();
    write(&base, &ana, None, &dados("Amanhã", &ana, Some("2026-11-24"))).await.unwrap();
    write(&base, &ana, None, &dados("Ontem", &ana, Some("2026-11-22"))).await.unwrap();
    let later = dados("Mudada", &ana, Some("2026-11-26"));
    base.alfa(async |tx: &mut TenantTx| alterar(tx, &ana, moved, 1, &later).await).await.unwrap();
    let gates = || Gates { tenants: base.tenants.clone(), registry: base.registry.clone(), platform: base.platform.clone() };
    let worker = || Worker::new(gates(), (relacionamento::module().jobs)(), Vec::new(), Limits::default()).unwrap();
    base.clock.advance(TimeDelta::hours(22));
    let workers = [worker(), worker()];
    let (one, two) = tokio::join!(workers[0].drain(), workers[1].drain());
    one.and(two).unwrap();
    assert_eq!(told(&base, &ana, "prazo").await, 1);
    base.clock.advance(TimeDelta::hours(48));
    worker().drain().await.unwrap();
    assert_eq!(told(&base, &ana, "prazo").await, 2);
}

use chrono::{NaiveDate, TimeDelta};
use kernel::{Actor, Scope};
use relacionamento::{
    tarefa::{self, Dados, gravar::criar},
    visita::{self, ALTERAR, VER},
};
use tenancy::TenantTx;
use testkit::{Base, sistema};
use uuid::Uuid;
use web::agenda::{Asked, Event, Layer, Moved, Wanted, When, told};

use crate::support::{ALL, empresa, horario, now, pessoa, planned, plano, trail};

const TAREFAS: [kernel::Permission; 2] = [tarefa::VER, tarefa::GERIR];

fn layers() -> &'static [Layer] {
    relacionamento::module().calendar
}

fn layer(name: &str) -> &'static Layer {
    layers().iter().find(|layer| layer.name == name).unwrap()
}

/// The ten days from today on.
fn asked() -> Asked {
    let zone = chrono_tz::America::Sao_Paulo;
    let from = now().with_timezone(&zone).date_naive();
    Asked {
        from,
        until: from + TimeDelta::days(10),
        zone,
        lang: kernel::Lang::PtBr,
        now: now(),
        pessoas: Vec::new(),
        situacoes: Vec::new(),
        limit: 100,
    }
}

/// All layers, and everything in them.
fn everything() -> Vec<Wanted> {
    layers().iter().map(|layer| Wanted { layer, situacoes: Vec::new() }).collect()
}

async fn seen(base: &Base, actor: &Actor, asked: &Asked) -> Vec<(&'static str, Event)> {
    let (all, _) = base.alfa(async |tx: &mut TenantTx| told(tx, actor, &everything(), asked).await).await.unwrap();
    all.into_iter().map(|(layer, event)| (layer.name, event)).collect()
}

async fn shift(base: &Base, actor: &Actor, name: &str, moved: Moved) -> Result<i32, u16> {
    let shift = layer(name).shift.unwrap();
    let done = base.tenants.write(&base.alfa, async |tx: &mut TenantTx| shift(tx, actor, moved).await).await;
    done.map_err(|error: web::Error| error.status_code().as_u16())
}

async fn tarefa_due(base: &Base, responsavel: Uuid, day: NaiveDate) -> Uuid {
    let dados = Dados { titulo: "Enviar proposta".parse().unwrap(), detalhes: None, responsavel, data_prazo: Some(day) };
    base.alfa(async |tx: &mut TenantTx| criar(tx, &sistema(), None, &dados).await).await.unwrap().uuid()
}

/// S0-6.1: what somebody may not see is not there, a layer without its permission is none, and only what they may change moves.
#[tokio::test]
async fn each_reader_sees_the_layers_and_events_within_their_reach() {
    let base = Base::new().await;
    let all_of_it: Vec<_> = ALL.into_iter().chain(TAREFAS).collect();
    let ana = pessoa(&base, "Ana", Scope::Todas, &all_of_it).await;
    let rui = pessoa(&base, "Rui", Scope::Proprias, &all_of_it).await;
    let mut leitora = pessoa(&base, "Lia", Scope::Todas, &[VER]).await;
    let fabrica = empresa(&base, 1, None).await;
    let hers = planned(&base, fabrica, &plano(&ana, horario(24))).await.uuid();
    let his = planned(&base, fabrica, &plano(&rui, horario(48))).await.uuid();
    planned(&base, fabrica, &plano(&ana, horario(24 * 30))).await;
    let prazo = tarefa_due(&base, ana.id.unwrap(), asked().from).await;
    let ids = |all: &[(&str, Event)]| all.iter().map(|(layer, event)| ((*layer).to_owned(), event.id)).collect::<Vec<_>>();
    let at = |layer: &str, id: Uuid| (layer.to_owned(), id);

    let all = seen(&base, &ana, &asked()).await;
    assert_eq!(ids(&all), [at("tarefa", prazo), at("visita", hers), at("visita", his)]);
    assert!(all.iter().all(|(_, event)| event.movable));
    assert_eq!(ids(&seen(&base, &rui, &asked()).await), [at("visita", his)]);

    let all = seen(&base, &leitora, &asked()).await;
    assert_eq!(ids(&all), [at("visita", hers), at("visita", his)], "no permission, no layer");
    assert!(all.iter().all(|(_, event)| !event.movable));
    // Sees all, changes their own: both from the same statement.
    leitora.grants = [(VER.code().to_owned(), Scope::Todas), (ALTERAR.code().to_owned(), Scope::Proprias)].into_iter().collect();
    assert!(seen(&base, &leitora, &asked()).await.iter().all(|(_, event)| !event.movable));

    let of_rui = Asked { pessoas: vec![rui.id.unwrap()], ..asked() };
    assert_eq!(ids(&seen(&base, &ana, &of_rui).await), [at("visita", his)]);
    let done = [Wanted { layer: layer("tarefa"), situacoes: vec!["concluida"] }];
    let (none, _) = base.alfa(async |tx: &mut TenantTx| told(tx, &ana, &done, &asked()).await).await.unwrap();
    assert!(none.is_empty());
    let limited = Asked { limit: 2, ..asked() };
    let (some, more) = base.alfa(async |tx: &mut TenantTx| told(tx, &ana, &everything(), &limited).await).await.unwrap();
    assert!(some.len() == 2 && more, "that there is more is said");
}

/// S0-6.6: moving is the module's own command, with its trail, its versions and its refusals.
#[tokio::test]
async fn what_is_moved_keeps_the_rules_of_its_module() {
    let base = Base::new().await;
    let all_of_it: Vec<_> = ALL.into_iter().chain(TAREFAS).collect();
    let ana = pessoa(&base, "Ana", Scope::Todas, &all_of_it).await;
    let rui = pessoa(&base, "Rui", Scope::Proprias, &all_of_it).await;
    let fabrica = empresa(&base, 1, None).await;
    let id = planned(&base, fabrica, &plano(&ana, horario(24))).await.uuid();
    let to = horario(72);
    let when = When::Hours { begin: to.inicio_at, end: to.fim_at };
    assert_eq!(shift(&base, &rui, visita::ENTITY, Moved { id, version: 1, when }).await, Err(404));
    assert_eq!(shift(&base, &ana, visita::ENTITY, Moved { id, version: 1, when: When::Day(asked().from) }).await, Err(422));
    assert_eq!(shift(&base, &ana, visita::ENTITY, Moved { id, version: 1, when }).await, Ok(2));
    assert_eq!(shift(&base, &ana, visita::ENTITY, Moved { id, version: 1, when }).await, Err(409), "an old page moves nothing");
    assert_eq!(trail(&base, "remarcada").await, 1);
    assert_eq!(seen(&base, &ana, &asked()).await[0].1.when, when);

    let day = asked().from;
    let id = tarefa_due(&base, ana.id.unwrap(), day).await;
    let when = When::Day(day + TimeDelta::days(3));
    assert_eq!(shift(&base, &rui, tarefa::ENTITY, Moved { id, version: 1, when }).await, Err(404));
    assert_eq!(shift(&base, &ana, tarefa::ENTITY, Moved { id, version: 1, when }).await, Ok(2));
    assert_eq!(shift(&base, &ana, tarefa::ENTITY, Moved { id, version: 1, when }).await, Err(409));
    let due = seen(&base, &ana, &asked()).await.into_iter().find(|(layer, _)| *layer == tarefa::ENTITY).unwrap().1;
    assert_eq!((due.when, due.title.as_str(), due.late), (when, "Enviar proposta", false));
}

//! S0-18.2: the situação of many empresas asked again, behind everybody who waits.

use chrono::TimeDelta;
use empresas::{
    consulta::{Consultas, FRESH, Resposta, Urgency, situacao},
    empresa::{ALTERAR, CONSULTAR, EmpresaId, VER, lista::Filtro, lote::Which},
    reconsulta::{
        MAX, Nova, OLD, Reconsulta, ReconsultaError, ReconsultaId, Resultado, State, cancelar, find, pedir, pedir_antigas,
        preview, repetir,
    },
};
use jobs::{Gates, Limits, Worker};
use kernel::{Actor, Clock, Cnpj, Permission, Scope};
use tenancy::TenantTx;
use testkit::{Base, sistema};

use crate::{
    provedores::{Mood, Provedores},
    support::{pessoa, registered},
};

const RECEITAWS: &[&str] = &["receitaws"];
const MAY: &[Permission] = &[VER, CONSULTAR];

struct House {
    base: Base,
    server: Provedores,
    consultas: Consultas,
}

impl House {
    async fn new() -> Self {
        let base = Base::new().await;
        let server = Provedores::start(Clock::fixed(base.clock.clone())).await;
        let consultas = server.consultas(&base.platform, RECEITAWS);
        Self { base, server, consultas }
    }

    fn worker_of(&self, consultas: &Consultas) -> Worker {
        let base = &self.base;
        let gates = Gates { tenants: base.tenants.clone(), platform: base.platform.clone(), registry: base.registry.clone() };
        Worker::new(gates, consultas.handlers(), vec![], Limits::default()).unwrap()
    }

    fn worker(&self) -> Worker {
        self.worker_of(&self.consultas)
    }

    async fn registered(&self, n: u32) -> Vec<EmpresaId> {
        let mut ids = Vec::new();
        for n in 1..=n {
            ids.push(registered(&self.base, n, &[]).await);
        }
        ids
    }

    async fn ask(&self, actor: &Actor, which: Which, seen: i64) -> Result<ReconsultaId, ReconsultaError> {
        let nova = Nova { which, seen, consulta: "uf=SC".to_owned() };
        self.base.alfa(async |tx: &mut TenantTx| pedir(tx, actor, &nova).await).await
    }

    async fn find(&self, actor: &Actor, id: ReconsultaId) -> Result<Reconsulta, ReconsultaError> {
        self.base.alfa(async |tx: &mut TenantTx| find(tx, actor, id).await).await
    }

    /// Lets minutes pass with the worker at work, until nothing is on its way or too many have passed.
    async fn pass(&self, actor: &Actor, id: ReconsultaId, minutes: usize) -> Reconsulta {
        let worker = self.worker();
        for _ in 0..minutes * 2 {
            worker.drain().await.unwrap();
            let now = self.find(actor, id).await.unwrap();
            if !now.state.is_open() {
                return now;
            }
            self.base.clock.advance(TimeDelta::seconds(31));
        }
        self.find(actor, id).await.unwrap()
    }

    /// As the schedule does it.
    async fn night(&self) {
        let (role, payload) = (self.base.alfa.names().dml_role(), "'{}'::jsonb");
        self.base
            .execute(&format!(
                "BEGIN; SET LOCAL ROLE {role};
                 SELECT platform.enqueue('empresas.reconsultar-antigas', {payload}, NULL, '{}', NULL, NULL, NULL); COMMIT",
                self.base.platform.clock().now().to_rfc3339()
            ))
            .await;
    }

    async fn count(&self, from: &str) -> i64 {
        let schema = self.base.alfa.names().schema();
        self.base.number(&format!("SELECT count(*) FROM {schema}.{from}")).await
    }

    async fn stands(&self, id: EmpresaId) -> Option<&'static str> {
        let found = self.base.alfa(async |tx: &mut TenantTx| situacao::find(tx, id).await.unwrap()).await;
        found.map(|stands| stands.situacao.code())
    }
}

/// Whoever asked, in the database: the job asks for their rights anew. Atendentes may look up.
async fn ana(house: &House) -> Actor {
    pessoa(&house.base, "Ana", Scope::Todas, MAY).await
}

async fn all_reach(house: &House, actor: &Actor) {
    let schema = house.base.alfa.names().schema();
    house
        .base
        .execute(&format!(
            "UPDATE {schema}.usuario SET perfil_id = (SELECT id FROM {schema}.perfil WHERE key = 'coordenador') WHERE id = '{}'",
            actor.id.unwrap()
        ))
        .await;
}

#[tokio::test]
async fn all_of_a_list_are_asked_little_by_little_and_each_is_told() {
    let house = House::new().await;
    let ids = house.registered(5).await;
    let ana = ana(&house).await;
    all_reach(&house, &ana).await;
    // One was known to stand otherwise, one is gone from the Receita.
    let schema = house.base.alfa.names().schema();
    house
        .base
        .execute(&format!(
            "UPDATE {schema}.empresa SET situacao_cadastral = 'suspensa', situacao_cadastral_at = now() - interval '200 days' WHERE id = '{}'",
            ids[0]
        ))
        .await;
    let id = house.ask(&ana, Which::All(Filtro::default()), 5).await.unwrap();
    assert_eq!(house.ask(&ana, Which::These(ids.clone()), 5).await.unwrap(), id, "asked twice, it is one");
    let done = house.pass(&ana, id, 10).await;
    assert_eq!((done.state, done.alteradas, done.novas, done.inalteradas, done.done()), (State::Concluida, 1, 4, 0, 5));
    assert_eq!(house.server.asked("receitaws").len(), 5);
    for id in &ids {
        assert_eq!(house.stands(*id).await, Some("ativa"));
    }
    let line = format!("reconsulta_linha WHERE empresa_id = '{}' AND before = 'suspensa' AND after = 'ativa'", ids[0]);
    assert_eq!(house.count(&line).await, 1);
    assert_eq!(house.count("auditoria WHERE action = 'empresa.consultada' AND actor_nome = 'Ana'").await, 5);
    for action in ["reconsulta.pedida", "reconsulta.concluida"] {
        assert_eq!(house.count(&format!("auditoria WHERE action = '{action}'")).await, 1, "{action}");
    }
    let told = format!("notificacao WHERE key = 'reconsulta-notice' AND href = '/empresas/reconsultas/{id}'");
    assert_eq!(house.count(&told).await, 1);

    // All that was answered today is not asked again.
    let again = house.ask(&ana, Which::These(ids), 5).await.unwrap();
    assert_ne!(again, id);
    let done = house.pass(&ana, again, 1).await;
    assert_eq!((done.state, done.inalteradas), (State::Concluida, 5));
    assert_eq!(house.server.asked("receitaws").len(), 5);
}

#[tokio::test]
async fn a_person_is_answered_at_once_while_many_are_asked() {
    let house = House::new().await;
    house.registered(8).await;
    let ana = ana(&house).await;
    all_reach(&house, &ana).await;
    let id = house.ask(&ana, Which::All(Filtro::default()), 8).await.unwrap();
    house.worker().drain().await.unwrap();
    assert_eq!(house.server.asked("receitaws").len(), 2, "one of three a minute is left");
    let person = Cnpj::from_base("300000010001").unwrap();
    let said = house.consultas.cnpj(house.base.beta.id, person, FRESH, Urgency::Person).await.unwrap();
    assert!(matches!(said, Resposta::Known(_)), "{said:?}");
    // One more waits, before all that wait for the job.
    let second = Cnpj::from_base("300000020001").unwrap();
    let Resposta::Waiting(lugar) = house.consultas.cnpj(house.base.beta.id, second, FRESH, Urgency::Person).await.unwrap() else {
        panic!("the minute is full")
    };
    assert_eq!(lugar.place, 1);
    house.base.clock.advance(TimeDelta::seconds(62));
    house.worker().drain().await.unwrap();
    let asked: Vec<String> = house.server.asked("receitaws").into_iter().map(|asked| asked.path).collect();
    assert!(asked[3].ends_with(second.as_str()), "{asked:?}");
    assert_eq!(house.pass(&ana, id, 10).await.done(), 8);
    // Whatever asks, no minute holds more than three.
    let at: Vec<_> = house.server.asked("receitaws").into_iter().map(|asked| asked.at).collect();
    assert!(at.windows(4).all(|four| four[3] - four[0] >= TimeDelta::seconds(60)), "{at:?}");
}

/// A worker dies in the middle; another one, of another process, goes on where it was.
#[tokio::test]
async fn what_was_answered_is_not_asked_again_by_another_worker() {
    let house = House::new().await;
    house.registered(7).await;
    let ana = ana(&house).await;
    all_reach(&house, &ana).await;
    let id = house.ask(&ana, Which::All(Filtro::default()), 7).await.unwrap();
    house.worker().drain().await.unwrap();
    let half = house.find(&ana, id).await.unwrap();
    assert_eq!((half.state, half.done()), (State::Andamento, 2));
    // As if the worker had died with the job in its hands, and twice at that.
    house
        .base
        .execute(
            "UPDATE platform.job SET state = 'running', worker = gen_random_uuid(), lease_until = now() - interval '1 hour', attempts = 3
             WHERE name = 'empresas.rodar-reconsulta'",
        )
        .await;
    let twin = house.base.twin().await;
    let other = house.server.consultas(&twin.platform, RECEITAWS);
    let workers = [house.worker(), house.worker_of(&other)];
    workers[0].drain().await.unwrap();
    assert_eq!(house.find(&ana, id).await.unwrap().done(), 2, "nobody has it");
    assert_eq!(workers[1].sweep().await.unwrap(), 1, "the other one takes it over");
    for _ in 0..12 {
        house.base.clock.advance(TimeDelta::seconds(31));
        let (one, two) = tokio::join!(workers[0].drain(), workers[1].drain());
        one.unwrap();
        two.unwrap();
    }
    let done = house.find(&ana, id).await.unwrap();
    assert_eq!((done.state, done.done(), done.novas), (State::Concluida, 7, 7));
    let mut paths: Vec<_> = house.server.asked("receitaws").into_iter().map(|asked| asked.path).collect();
    assert_eq!(paths.len(), 7, "{paths:?}");
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), 7, "each once");
    assert_eq!(house.count("notificacao WHERE key = 'reconsulta-notice'").await, 1);
}

#[tokio::test]
async fn nobody_hears_of_more_than_they_reach() {
    let house = House::new().await;
    let ids = house.registered(4).await;
    let own = pessoa(&house.base, "Bruno Sá", Scope::Proprias, MAY).await;
    let schema = house.base.alfa.names().schema();
    let give = async |id: EmpresaId, to: &str| {
        house.base.execute(&format!("UPDATE {schema}.empresa SET responsavel_id = {to} WHERE id = '{id}'")).await;
    };
    let bruno = format!("'{}'", own.id.unwrap());
    assert!(matches!(house.ask(&own, Which::These(ids.clone()), 4).await, Err(ReconsultaError::Empty)));
    give(ids[0], &bruno).await;
    give(ids[1], &bruno).await;
    let seen = house.base.alfa(async |tx: &mut TenantTx| preview(tx, &own, &Which::These(ids.clone())).await.unwrap()).await;
    assert_eq!(seen.total, 2);
    assert!(matches!(house.ask(&own, Which::These(ids.clone()), 4).await, Err(ReconsultaError::Moved(2))));
    let id = house.ask(&own, Which::These(ids.clone()), 2).await.unwrap();
    // One of them is given to somebody else before its turn comes: atendentes reach their own only.
    give(ids[1], "NULL").await;
    let done = house.pass(&own, id, 5).await;
    assert_eq!((done.state, done.novas, done.fora), (State::Concluida, 1, 1));
    assert_eq!(house.stands(ids[1]).await, None);

    // What is another's does not exist; what takes the permission is refused without it.
    let other = pessoa(&house.base, "Outra", Scope::Todas, MAY).await;
    assert!(matches!(house.find(&other, id).await, Err(ReconsultaError::NotFound)));
    let cancelled = house.base.alfa(async |tx: &mut TenantTx| cancelar(tx, &other, id).await).await;
    assert!(matches!(cancelled, Err(ReconsultaError::NotFound)));
    // One of the product itself tells of everybody's: only who sees everybody's sees it.
    let product = "01900000-0000-7000-8000-000000000999";
    house
        .base
        .execute(&format!(
            "INSERT INTO {schema}.reconsulta (id, consulta, state, total, created_at) VALUES ('{product}', '', 'concluida', 0, now())"
        ))
        .await;
    let product: ReconsultaId = product.parse().unwrap();
    assert!(matches!(house.find(&own, product).await, Err(ReconsultaError::NotFound)));
    assert_eq!(house.find(&other, product).await.unwrap().usuario_id, None);
    let denied = pessoa(&house.base, "Sem consulta", Scope::Todas, &[VER, ALTERAR]).await;
    assert!(matches!(house.ask(&denied, Which::These(ids.clone()), 4).await, Err(ReconsultaError::Denied(_))));
    assert!(matches!(house.ask(&sistema(), Which::These(ids), 4).await, Err(ReconsultaError::Denied(_))), "nobody to tell");
}

#[tokio::test]
async fn whoever_may_look_up_no_more_has_it_ended() {
    let house = House::new().await;
    house.registered(4).await;
    let ana = ana(&house).await;
    all_reach(&house, &ana).await;
    let id = house.ask(&ana, Which::All(Filtro::default()), 4).await.unwrap();
    house.worker().drain().await.unwrap();
    let schema = house.base.alfa.names().schema();
    house.base.execute(&format!("UPDATE {schema}.usuario SET ativo = false WHERE id = '{}'", ana.id.unwrap())).await;
    let done = house.pass(&ana, id, 5).await;
    assert_eq!((done.state, done.reason.as_deref()), (State::Falhou, Some("forbidden")));
    assert_eq!(house.server.asked("receitaws").len(), 3, "two, and the one that was on its way");
}

#[tokio::test]
async fn given_up_it_ends_and_the_rest_can_be_asked_for() {
    let house = House::new().await;
    house.registered(6).await;
    let ana = ana(&house).await;
    all_reach(&house, &ana).await;
    let id = house.ask(&ana, Which::All(Filtro::default()), 6).await.unwrap();
    house.worker().drain().await.unwrap();
    let cancel = async || house.base.alfa(async |tx: &mut TenantTx| cancelar(tx, &ana, id).await.unwrap()).await;
    assert!(cancel().await);
    assert!(!cancel().await, "twice, nothing happens");
    let over = house.pass(&ana, id, 3).await;
    assert_eq!((over.state, over.done()), (State::Cancelada, 2));
    let rest = house.base.alfa(async |tx: &mut TenantTx| repetir(tx, &ana, id).await.unwrap()).await;
    assert_eq!(house.find(&ana, rest).await.unwrap().total, 4);
    assert_eq!(house.pass(&ana, rest, 10).await.count(Resultado::Nova), 4);
    let none = house.base.alfa(async |tx: &mut TenantTx| repetir(tx, &ana, rest).await).await;
    assert!(matches!(none, Err(ReconsultaError::Empty)));
}

#[tokio::test]
async fn when_nobody_answers_it_waits_and_then_says_so() {
    let house = House::new().await;
    let ids = house.registered(3).await;
    let ana = ana(&house).await;
    all_reach(&house, &ana).await;
    house.server.set("receitaws", Mood::Status(500));
    let id = house.ask(&ana, Which::These(ids.clone()), 3).await.unwrap();
    let done = house.pass(&ana, id, 200).await;
    assert_eq!((done.state, done.falhas), (State::Concluida, 3));
    assert!(house.server.asked("receitaws").len() <= 12, "nobody is hammered");
    // The next day somebody does, and some are gone.
    house.base.clock.advance(TimeDelta::hours(5));
    house.server.set("receitaws", Mood::Absent);
    let again = house.base.alfa(async |tx: &mut TenantTx| repetir(tx, &ana, id).await.unwrap()).await;
    assert_eq!(house.pass(&ana, again, 10).await.ausentes, 3);
    assert_eq!(house.stands(ids[0]).await, None);
}

#[tokio::test]
async fn every_night_some_of_the_oldest_are_asked_and_their_people_hear_of_changes() {
    let house = House::new().await;
    let ids = house.registered(4).await;
    let ana = ana(&house).await;
    all_reach(&house, &ana).await;
    let schema = house.base.alfa.names().schema();
    let now = house.base.platform.clock().now();
    for (id, days, responsavel) in [(ids[0], 5, false), (ids[1], 200, true), (ids[2], 100, false)] {
        let to = if responsavel { format!("'{}'", ana.id.unwrap()) } else { "NULL".to_owned() };
        house
            .base
            .execute(&format!(
                "UPDATE {schema}.empresa SET situacao_cadastral = 'inapta', situacao_cadastral_at = '{}', responsavel_id = {to} WHERE id = '{id}'",
                (now - TimeDelta::days(days)).to_rfc3339()
            ))
            .await;
    }
    house.night().await;
    let worker = house.worker();
    for _ in 0..10 {
        worker.drain().await.unwrap();
        house.base.clock.advance(TimeDelta::seconds(31));
    }
    assert!(OLD > TimeDelta::days(5));
    assert_eq!(house.count("reconsulta WHERE usuario_id IS NULL AND state = 'concluida' AND total = 3").await, 1);
    assert_eq!(house.stands(ids[0]).await, Some("inapta"), "asked five days ago");
    assert_eq!(house.stands(ids[1]).await, Some("ativa"));
    let told = format!("notificacao WHERE key = 'reconsulta-notice-mudou' AND href = '/empresas/{}'", ids[1]);
    assert_eq!(house.count(&told).await, 1, "whoever is responsável hears of it");
    assert_eq!(house.count("notificacao").await, 1);
    // Everybody who may look up sees it; to give it up takes more.
    let found = async |tx: &mut TenantTx| sqlx::query_scalar!("SELECT id FROM reconsulta").fetch_one(tx.db()).await.unwrap();
    let id = ReconsultaId::new(house.base.alfa(found).await);
    assert_eq!(house.find(&ana, id).await.unwrap().usuario_id, None);
    let cancelled = house.base.alfa(async |tx: &mut TenantTx| cancelar(tx, &ana, id).await).await;
    assert!(matches!(cancelled, Err(ReconsultaError::Denied(_))));
    // The next night there is nothing to ask.
    house.night().await;
    worker.drain().await.unwrap();
    assert_eq!(house.count("reconsulta").await, 1);
    // A person may ask for the oldest all the same.
    let by_hand = house.base.alfa(async |tx: &mut TenantTx| pedir_antigas(tx, &ana).await.unwrap()).await;
    assert_eq!(house.find(&ana, by_hand).await.unwrap().total, 4);
}

#[tokio::test]
async fn one_that_lost_its_job_does_not_keep_the_next_night_from_beginning() {
    let house = House::new().await;
    house.registered(1).await;
    let schema = house.base.alfa.names().schema();
    let long_ago = (house.base.platform.clock().now() - TimeDelta::days(8)).to_rfc3339();
    house
        .base
        .execute(&format!(
            "INSERT INTO {schema}.reconsulta (id, consulta, state, total, created_at)
             VALUES (gen_random_uuid(), '', 'andamento', 1, '{long_ago}')"
        ))
        .await;
    house.night().await;
    house.worker().drain().await.unwrap();
    assert_eq!(house.count("reconsulta WHERE state = 'falhou' AND reason = 'fault'").await, 1);
    assert_eq!(house.count("reconsulta WHERE usuario_id IS NULL AND state <> 'falhou' AND total = 1").await, 1);
}

#[tokio::test]
async fn more_than_can_be_asked_at_once_are_refused() {
    let house = House::new().await;
    let ana = ana(&house).await;
    let schema = house.base.alfa.names().schema();
    house
        .base
        .execute(&format!(
            "INSERT INTO {schema}.empresa (id, nome, cnpj, situacao, data_cadastro, created_at, updated_at)
             SELECT gen_random_uuid(), 'Empresa ' || n, lpad(n::text, 14, '0'), 'ativo', current_date, now(), now()
             FROM generate_series(1, {}) n",
            MAX + 1
        ))
        .await;
    let refused = house.ask(&ana, Which::All(Filtro::default()), MAX + 1).await;
    assert!(matches!(refused, Err(ReconsultaError::TooMany(n)) if n == MAX + 1));
    let none = house.ask(&ana, Which::All(Filtro { busca: "ninguém".to_owned(), ..Filtro::default() }), 0).await;
    assert!(matches!(none, Err(ReconsultaError::Empty)));
}

use chrono::{NaiveDate, TimeDelta};
use empresas::contato::ContatoId;
use jobs::{Gates, Limits, Worker};
use kernel::{Actor, PageRequest, Scope};
use relacionamento::{
    demanda::{
        self, Dados, Demanda, DemandaError, DemandaId, DemandaRule, Situacao,
        alterar::alterar,
        excluir::{excluir, restaurar},
        lista::{self, Filtro, Ordem},
        mover::{encerrar, mover, reabrir},
        registrar::registrar,
    },
    etapa::EtapaId,
    projeto::{
        self, ProjetoError, ProjetoId, ProjetoRule,
        gravar::{converter, reabrir as reabrir_projeto},
    },
    tarefa::{self, Sobre},
    tipo::TipoId,
};
use tenancy::TenantTx;
use testkit::{Base, sistema};
use uuid::Uuid;

use crate::support::{contato, empresa, now, pessoa};

const ALL: [kernel::Permission; 9] = [
    demanda::VER,
    demanda::REGISTRAR,
    demanda::ALTERAR,
    demanda::EXCLUIR,
    projeto::VER,
    projeto::ALTERAR,
    projeto::EXCLUIR,
    tarefa::GERIR,
    empresas::empresa::VER,
];

async fn id(base: &Base, query: &str) -> Uuid {
    base.id(&format!("SELECT id FROM {}.{query}", base.alfa.names().schema())).await
}

async fn etapa(base: &Base, nome: &str) -> EtapaId {
    EtapaId::new(id(base, &format!("demanda_etapa WHERE nome = '{nome}'")).await)
}

async fn dados(base: &Base, tipo: &str, responsavel: Option<&Actor>) -> Dados {
    Dados {
        titulo: "Curso de solda".parse().unwrap(),
        descricao: "Para doze pessoas".parse().unwrap(),
        tipo: TipoId::new(id(base, &format!("demanda_tipo WHERE nome = '{tipo}'")).await),
        setor: None,
        responsavel: responsavel.and_then(|actor| actor.id),
        contato: None,
        valor_estimado: Some("R$ 1.234.567,89".parse().unwrap()),
        data_prazo: None,
    }
}

async fn write<T, E>(base: &Base, work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, E>) -> Result<T, E>
where
    E: From<kernel::Fault>,
{
    base.tenants.write(&base.alfa, work).await
}

async fn asked(base: &Base, n: u32, of: Option<Uuid>, responsavel: Option<&Actor>) -> DemandaId {
    let (empresa, dados) = (empresa(base, n, of).await, dados(base, "Curso", responsavel).await);
    base.alfa(async |tx: &mut TenantTx| registrar(tx, &sistema(), empresa, &dados).await).await.unwrap()
}

async fn find(base: &Base, id: DemandaId) -> Demanda {
    base.alfa(async |tx: &mut TenantTx| lista::find(tx, &sistema(), id).await).await.unwrap().unwrap()
}

async fn told(base: &Base, to: &Actor, key: &str) -> i64 {
    let (schema, id) = (base.alfa.names().schema(), to.id.unwrap());
    base.number(&format!("SELECT count(*) FROM {schema}.notificacao WHERE usuario_id = '{id}' AND key = 'demanda-notice-{key}'"))
        .await
}

async fn count(base: &Base, query: &str) -> i64 {
    base.number(&format!("SELECT count(*) FROM {}.{query}", base.alfa.names().schema())).await
}

/// S0-5.1 to S0-5.8, S0-10.1, S0-10.2: kept exactly, due as its tipo says, told to whom it concerns and to nobody else.
#[tokio::test]
async fn what_is_asked_for_is_kept_and_told_to_whom_it_concerns() {
    let base = Base::new().await;
    let [ana, rui, lia, eva] = [
        pessoa(&base, "Ana", Scope::Todas, &ALL).await,
        pessoa(&base, "Rui", Scope::Todas, &ALL).await,
        pessoa(&base, "Lia", Scope::Todas, &ALL).await,
        pessoa(&base, "Eva", Scope::Todas, &ALL).await,
    ];
    let empresa = empresa(&base, 1, lia.id).await;
    let sueli = ContatoId::new(contato(&base, empresa, "Sueli Ramos").await);
    base.execute(&format!("INSERT INTO {}.feriado VALUES ('2026-11-25', 'Padroeira')", base.alfa.names().schema())).await;
    let dados = Dados { contato: Some(sueli), ..dados(&base, "Manutenção", Some(&rui)).await };
    let id = write(&base, async |tx| registrar(tx, &ana, empresa, &dados).await).await.unwrap();
    let demanda = find(&base, id).await;
    assert_eq!((demanda.situacao, demanda.etapa.as_str(), demanda.version), (Situacao::Nova, "Nova", 1));
    assert_eq!(demanda.valor_estimado.unwrap().to_string(), "1.234.567,89".parse::<kernel::Reais>().unwrap().to_string());
    assert_eq!(demanda.contato.unwrap().nome, "Sueli Ramos");
    // Five dias úteis after Monday the 23rd, over the unidade's own feriado of Wednesday.
    assert_eq!(now().date_naive(), "2026-11-23".parse::<NaiveDate>().unwrap());
    assert_eq!(demanda.data_prazo, "2026-12-01".parse().ok());
    assert_eq!([told(&base, &rui, "registrada").await, told(&base, &lia, "registrada").await], [1, 1]);
    assert_eq!([told(&base, &ana, "registrada").await, told(&base, &eva, "registrada").await], [0, 0]);
    let letters = count(&base, "mensagem WHERE channel = 'email' AND recipient = 'rui@senai.example'").await;
    assert_eq!(letters, 1, "by e-mail too");

    // A change of who answers for it is told to them alone.
    let change = Dados { responsavel: eva.id, ..dados };
    assert_eq!(write(&base, async |tx| alterar(tx, &ana, id, 1, &change).await).await.unwrap(), 2);
    assert_eq!([told(&base, &eva, "atribuida").await, told(&base, &lia, "atribuida").await], [1, 0]);
    let again = write(&base, async |tx| alterar(tx, &ana, id, 2, &change).await).await.unwrap();
    assert_eq!(
        (again, count(&base, "auditoria WHERE action = 'demanda.alterada'").await),
        (2, 1),
        "what changes nothing leaves no trace"
    );
}

/// S0-5.5, S0-5.9, S0-10.5: each step once, its time kept, the end asked for a motivo, and nothing done to what has ended.
#[tokio::test]
async fn a_demanda_passes_through_its_etapas_and_ends_once() {
    let base = Base::new().await;
    let [ana, rui] = [pessoa(&base, "Ana", Scope::Todas, &ALL).await, pessoa(&base, "Rui", Scope::Todas, &ALL).await];
    let id = asked(&base, 1, None, Some(&rui)).await;
    let [sent, done, off] =
        [etapa(&base, "Proposta enviada").await, etapa(&base, "Concluída").await, etapa(&base, "Cancelada").await];
    base.clock.advance(TimeDelta::days(2));
    let step = async |seen, to, motivo: Option<&str>| {
        let motivo = motivo.map(|text| text.parse().unwrap());
        write(&base, async |tx| mover(tx, &ana, id, seen, to, motivo.as_ref()).await).await
    };
    assert_eq!(step(1, sent, None).await.unwrap(), 2);
    assert_eq!(step(2, sent, None).await.unwrap(), 2, "where it stands already nothing happens");
    assert!(matches!(step(1, done, None).await, Err(DemandaError::Rule(DemandaRule::Changed(_)))), "what was not seen");
    assert!(matches!(step(2, off, None).await, Err(DemandaError::Rule(DemandaRule::Motivo))));
    let nowhere = EtapaId::new(Uuid::nil());
    assert!(matches!(step(2, nowhere, None).await, Err(DemandaError::Rule(DemandaRule::Etapa))));
    let begun = find(&base, id).await;
    assert_eq!((begun.situacao, begun.iniciada_at), (Situacao::EmAndamento, Some(now() + TimeDelta::days(2))));
    base.clock.advance(TimeDelta::days(3));
    step(2, done, None).await.unwrap();
    assert_eq!(find(&base, id).await.concluida_at, Some(now() + TimeDelta::days(5)));
    assert!(matches!(step(3, sent, None).await, Err(DemandaError::Rule(DemandaRule::Situacao(Situacao::Concluida)))));
    let stood = format!(
        "SELECT coalesce(sum(extract(day FROM p.fim_at - p.inicio_at)), 0)::bigint FROM {s}.demanda_passagem p WHERE p.demanda_id = '{id}'",
        s = base.alfa.names().schema()
    );
    assert_eq!((base.number(&stood).await, count(&base, "demanda_passagem").await), (5, 3));

    // Reopened, what was concluída is so no more; and then called off with why.
    write(&base, async |tx| reabrir(tx, &ana, id, 3).await).await.unwrap();
    assert_eq!((find(&base, id).await.situacao, find(&base, id).await.concluida_at), (Situacao::EmAndamento, None));
    let why = "Sem orçamento".parse().unwrap();
    write(&base, async |tx| encerrar(tx, &ana, id, 4, Some(&why)).await).await.unwrap();
    let ended = find(&base, id).await;
    assert_eq!(
        (ended.situacao, ended.motivo.as_deref(), ended.etapa.as_str()),
        (Situacao::Cancelada, Some("Sem orçamento"), "Cancelada")
    );
    assert_eq!(
        [told(&base, &rui, "movida").await, told(&base, &rui, "concluida").await, told(&base, &rui, "cancelada").await],
        [2, 1, 1]
    );
    let edit = dados(&base, "Curso", Some(&rui)).await;
    let closed = write(&base, async |tx| alterar(tx, &ana, id, 5, &edit).await).await;
    assert!(matches!(closed, Err(DemandaError::Rule(DemandaRule::Situacao(_)))), "{closed:?}");
}

/// S0-5.5b: whoever does something about it takes it up.
#[tokio::test]
async fn the_first_thing_done_takes_it_up() {
    let base = Base::new().await;
    let rui = pessoa(&base, "Rui", Scope::Todas, &ALL).await;
    let id = asked(&base, 1, None, Some(&rui)).await;
    let task = tarefa::Dados { titulo: "Ligar".parse().unwrap(), detalhes: None, responsavel: rui.id.unwrap(), data_prazo: None };
    let sobre = Some(Sobre { entity: "demanda", id: id.uuid() });
    for _ in 0..2 {
        write(&base, async |tx| tarefa::gravar::criar(tx, &rui, sobre, &task).await).await.unwrap();
    }
    let demanda = find(&base, id).await;
    assert_eq!((demanda.situacao, demanda.version), (Situacao::EmAndamento, 2));
    assert!(demanda.iniciada_at.is_some());
}

/// S0-5.15: once, linked both ways, by two at once; and while it is one it stays.
#[tokio::test]
async fn a_demanda_becomes_a_projeto_once() {
    let base = Base::new().await;
    let [ana, rui] = [pessoa(&base, "Ana", Scope::Todas, &ALL).await, pessoa(&base, "Rui", Scope::Todas, &ALL).await];
    let id = asked(&base, 1, None, Some(&rui)).await;
    let what = projeto::Dados {
        titulo: "Curso contratado".parse().unwrap(),
        valor: Some("1.000".parse().unwrap()),
        responsavel: rui.id,
        data_inicio: "2026-12-01".parse().unwrap(),
        data_fim: None,
    };
    let early = projeto::Dados { data_fim: "2026-11-30".parse().ok(), ..what.clone() };
    let wrong = write(&base, async |tx| converter(tx, &ana, id, 1, &early).await).await;
    assert!(matches!(wrong, Err(ProjetoError::Rule(ProjetoRule::Fim))), "{wrong:?}");
    assert_eq!(find(&base, id).await.situacao, Situacao::Nova, "nothing is half done");
    let convert = async |who: &Actor| write(&base, async |tx| converter(tx, who, id, 1, &what).await).await;
    let (one, two) = tokio::join!(convert(&ana), convert(&ana));
    assert_eq!([&one, &two].into_iter().filter(|made| made.is_ok()).count(), 1, "{one:?} {two:?}");
    let made = one.or(two).unwrap();
    let demanda = find(&base, id).await;
    assert_eq!((demanda.situacao, demanda.projeto), (Situacao::Concluida, Some(made.uuid())));
    let found = base.alfa(async |tx: &mut TenantTx| projeto::lista::find(tx, &rui, made).await).await.unwrap().unwrap();
    assert_eq!((found.demanda_id, found.titulo.as_str()), (id, "Curso contratado"));
    assert_eq!((told(&base, &rui, "convertida").await, told(&base, &rui, "concluida").await), (1, 0));

    let again = write(&base, async |tx| converter(tx, &ana, id, demanda.version, &what).await).await;
    assert!(matches!(again, Err(ProjetoError::Rule(ProjetoRule::Demanda(DemandaRule::Convertida)))), "{again:?}");
    let open = write(&base, async |tx| reabrir(tx, &ana, id, demanda.version).await).await;
    assert!(matches!(open, Err(DemandaError::Rule(DemandaRule::Convertida))), "{open:?}");
    let gone = write(&base, async |tx| excluir(tx, &ana, id, None).await).await;
    assert!(matches!(gone, Err(DemandaError::Rule(DemandaRule::Convertida))), "{gone:?}");

    // In the lixeira the projeto does not hold its demanda; it comes back only to what it was made of.
    write(&base, async |tx| projeto::excluir::excluir(tx, &ana, made).await).await.unwrap();
    write(&base, async |tx| reabrir(tx, &ana, id, demanda.version).await).await.unwrap();
    let back = write(&base, async |tx| projeto::excluir::restaurar(tx, &ana, made).await).await;
    assert!(matches!(back, Err(ProjetoError::Rule(ProjetoRule::Aberta))), "{back:?}");
    let second = write(&base, async |tx| converter(tx, &ana, id, demanda.version + 1, &what).await).await;
    assert!(matches!(second, Err(ProjetoError::Rule(ProjetoRule::Lixeira))), "{second:?}");
    write(&base, async |tx| encerrar(tx, &ana, id, demanda.version + 1, None).await).await.unwrap();
    write(&base, async |tx| projeto::excluir::restaurar(tx, &ana, made).await).await.unwrap();
    assert_eq!(count(&base, "projeto WHERE deleted_at IS NULL").await, 1);
}

#[tokio::test]
async fn a_projeto_ends_and_goes_on() {
    let base = Base::new().await;
    let ana = pessoa(&base, "Ana", Scope::Todas, &ALL).await;
    let demanda = asked(&base, 1, None, None).await;
    let what = projeto::Dados {
        titulo: "Curso".parse().unwrap(),
        valor: None,
        responsavel: None,
        data_inicio: "2026-12-01".parse().unwrap(),
        data_fim: None,
    };
    let id: ProjetoId = write(&base, async |tx| converter(tx, &ana, demanda, 1, &what).await).await.unwrap();
    let end = async |seen, why: Option<&str>| {
        let why = why.map(|text| text.parse().unwrap());
        write(&base, async |tx| projeto::gravar::encerrar(tx, &ana, id, seen, why.as_ref()).await).await
    };
    assert!(matches!(end(7, None).await, Err(ProjetoError::Rule(ProjetoRule::Changed { current: 1 }))));
    assert_eq!(end(1, None).await.unwrap(), 2);
    assert!(matches!(end(2, Some("x")).await, Err(ProjetoError::Rule(ProjetoRule::Situacao(projeto::Situacao::Concluido)))));
    let edit = write(&base, async |tx| projeto::gravar::alterar(tx, &ana, id, 2, &what).await).await;
    assert!(matches!(edit, Err(ProjetoError::Rule(ProjetoRule::Situacao(_)))), "{edit:?}");
    assert_eq!(write(&base, async |tx| reabrir_projeto(tx, &ana, id, 2).await).await.unwrap(), 3);
    assert_eq!(end(3, Some("Pediram")).await.unwrap(), 4);
    assert_eq!(count(&base, "projeto WHERE situacao = 'cancelado' AND motivo = 'Pediram' AND concluido_at IS NULL").await, 1);
    assert_eq!(count(&base, "auditoria WHERE entity = 'projeto'").await, 4);
}

/// S0-2.13, S0-2.14: próprias are those one answers for and those of one's own empresas; nothing else exists.
#[tokio::test]
async fn the_escopo_proprias_is_what_one_answers_for_and_whose_empresa_it_is() {
    let base = Base::new().await;
    let [ana, rui] = [pessoa(&base, "Ana", Scope::Proprias, &ALL).await, pessoa(&base, "Rui", Scope::Proprias, &ALL).await];
    let mut hers = vec![asked(&base, 1, ana.id, Some(&rui)).await, asked(&base, 2, rui.id, Some(&ana)).await];
    let other = asked(&base, 3, rui.id, Some(&rui)).await;
    hers.sort();
    let seen = base
        .alfa(async |tx: &mut TenantTx| lista::list(tx, &ana, &Filtro::default(), Ordem::Latest, PageRequest::default()).await)
        .await
        .unwrap();
    let mut ids: Vec<_> = seen.linhas.iter().map(|one| one.id).collect();
    ids.sort();
    assert_eq!((ids, seen.total), (hers, 2));
    let columns = base.alfa(async |tx: &mut TenantTx| lista::quadro(tx, &ana, &Filtro::default(), now()).await).await.unwrap();
    assert_eq!(columns.iter().map(|one| (one.total, one.cartoes.len())).collect::<Vec<_>>(), [(2, 2), (0, 0), (0, 0), (0, 0)]);
    assert_eq!(columns[0].valor, "2.469.135,78".parse().unwrap());
    let to = etapa(&base, "Em andamento").await;
    let moved = write(&base, async |tx| mover(tx, &ana, other, 1, to, None).await).await;
    assert!(matches!(moved, Err(DemandaError::NotFound)), "{moved:?}");
    let (far, dados) = (empresa(&base, 4, rui.id).await, dados(&base, "Curso", None).await);
    let wrote = write(&base, async |tx| registrar(tx, &ana, far, &dados).await).await;
    assert!(matches!(wrote, Err(DemandaError::NotFound)), "{wrote:?}");
    // Another unidade has none of it.
    let there = base.tenants.write(&base.beta, async |tx: &mut TenantTx| mover(tx, &sistema(), other, 1, to, None).await).await;
    assert!(matches!(there, Err(DemandaError::NotFound)), "{there:?}");
}

/// What is named is the unidade's and the empresa's; who answered for it before may stay.
#[tokio::test]
async fn nothing_foreign_is_named() {
    let base = Base::new().await;
    let [ana, gone] = [pessoa(&base, "Ana", Scope::Todas, &ALL).await, pessoa(&base, "Gone", Scope::Todas, &ALL).await];
    let id = asked(&base, 1, None, Some(&gone)).await;
    base.execute(&format!("UPDATE {}.usuario SET ativo = false WHERE id = '{}'", base.alfa.names().schema(), gone.id.unwrap()))
        .await;
    let elsewhere = empresa(&base, 2, None).await;
    let foreign = ContatoId::new(contato(&base, elsewhere, "De outra").await);
    let good = dados(&base, "Curso", Some(&gone)).await;
    let change = async |dados: &Dados| write(&base, async |tx| alterar(tx, &ana, id, 1, dados).await).await;
    let rule = |result: Result<i32, DemandaError>| match result {
        Err(DemandaError::Rule(rule)) => kernel::Rule::fields(&rule)[0].field,
        other => panic!("{other:?}"),
    };
    assert_eq!(rule(change(&Dados { tipo: TipoId::new(Uuid::nil()), ..good.clone() }).await), "tipo");
    assert_eq!(
        rule(change(&Dados { setor: Some(relacionamento::setor::SetorId::new(Uuid::nil())), ..good.clone() }).await),
        "setor"
    );
    assert_eq!(rule(change(&Dados { contato: Some(foreign), ..good.clone() }).await), "contato");
    assert_eq!(rule(change(&Dados { responsavel: Some(Uuid::nil()), ..good.clone() }).await), "responsavel");
    assert_eq!(rule(change(&Dados { valor_estimado: Some("-1".parse().unwrap()), ..good.clone() }).await), "valor_estimado");
    let titulo = Dados { titulo: "Outro".parse().unwrap(), ..good };
    assert_eq!(change(&titulo).await.unwrap(), 2, "whoever answered for it may stay");
}

#[tokio::test]
async fn of_two_who_move_one_card_the_second_hears_of_the_first() {
    let base = Base::new().await;
    let ana = pessoa(&base, "Ana", Scope::Todas, &ALL).await;
    let id = asked(&base, 1, None, None).await;
    let [one, other] = [etapa(&base, "Em andamento").await, etapa(&base, "Concluída").await];
    let step = async |to| write(&base, async |tx| mover(tx, &ana, id, 1, to, None).await).await;
    let (a, b) = tokio::join!(step(one), step(other));
    assert_eq!([a.is_ok(), b.is_ok()].into_iter().filter(|ok| *ok).count(), 1, "{a:?} {b:?}");
    assert_eq!((find(&base, id).await.version, count(&base, "demanda_passagem WHERE fim_at IS NULL").await), (2, 1));
}

#[tokio::test]
async fn what_lies_in_the_lixeira_comes_back() {
    let base = Base::new().await;
    let ana = pessoa(&base, "Ana", Scope::Todas, &ALL).await;
    let id = asked(&base, 1, None, None).await;
    write(&base, async |tx| excluir(tx, &ana, id, Some(1)).await).await.unwrap();
    let twice = write(&base, async |tx| excluir(tx, &ana, id, None).await).await;
    assert!(matches!(twice, Err(DemandaError::NotFound)), "{twice:?}");
    assert_eq!(base.alfa(async |tx: &mut TenantTx| lista::find(tx, &ana, id).await).await.unwrap(), None);
    write(&base, async |tx| restaurar(tx, &ana, id).await).await.unwrap();
    assert_eq!(find(&base, id).await.titulo, "Curso de solda");
}

/// S0-6.9: the morning before, once, by two workers; of what has ended or is due another day, not.
#[tokio::test]
async fn a_prazo_is_reminded_of_once() {
    let base = Base::new().await;
    let [ana, lia] = [pessoa(&base, "Ana", Scope::Todas, &ALL).await, pessoa(&base, "Lia", Scope::Todas, &ALL).await];
    let due = async |n, of: Option<Uuid>, who: Option<&Actor>, day: &str| {
        let (empresa, dados) = (empresa(&base, n, of).await, dados(&base, "Curso", who).await);
        let dados = Dados { data_prazo: day.parse().ok(), ..dados };
        base.alfa(async |tx: &mut TenantTx| registrar(tx, &sistema(), empresa, &dados).await).await.unwrap()
    };
    due(1, None, Some(&ana), "2026-11-25").await;
    due(2, lia.id, None, "2026-11-25").await;
    let ended = due(3, None, Some(&ana), "2026-11-25").await;
    base.alfa(async |tx: &mut TenantTx| encerrar(tx, &sistema(), ended, 1, None).await).await.unwrap();
    let gates = || Gates { tenants: base.tenants.clone(), registry: base.registry.clone(), platform: base.platform.clone() };
    let worker = || Worker::new(gates(), (relacionamento::module().jobs)(), Vec::new(), Limits::default()).unwrap();
    worker().drain().await.unwrap();
    assert_eq!(told(&base, &ana, "prazo").await, 0);
    base.clock.advance(TimeDelta::days(2));
    let workers = [worker(), worker()];
    let (one, two) = tokio::join!(workers[0].drain(), workers[1].drain());
    one.and(two).unwrap();
    assert_eq!([told(&base, &ana, "prazo").await, told(&base, &lia, "prazo").await], [1, 1], "nobody answers for the second");
    base.clock.advance(TimeDelta::days(2));
    worker().drain().await.unwrap();
    assert_eq!(told(&base, &ana, "prazo").await, 1);
}

/// Every filter and order of the list.
#[tokio::test]
async fn the_list_is_narrowed_and_sorted() {
    let base = Base::new().await;
    let ana = pessoa(&base, "Ana", Scope::Todas, &ALL).await;
    let first = asked(&base, 1, None, Some(&ana)).await;
    base.clock.advance(TimeDelta::seconds(1));
    let second = asked(&base, 2, None, None).await;
    let andamento = etapa(&base, "Em andamento").await;
    base.alfa(async |tx: &mut TenantTx| mover(tx, &sistema(), second, 1, andamento, None).await).await.unwrap();
    let titulo = format!(
        "UPDATE {}.demanda SET titulo = 'Ação 100%', data_prazo = '2026-11-01' WHERE id = '{second}'",
        base.alfa.names().schema()
    );
    base.execute(&titulo).await;
    let ids = async |filtro: Filtro, ordem| {
        let page =
            base.alfa(async |tx: &mut TenantTx| lista::list(tx, &sistema(), &filtro, ordem, PageRequest::default()).await).await;
        page.unwrap().linhas.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    let all = Filtro::default;
    let curso = TipoId::new(id(&base, "demanda_tipo WHERE nome = 'Curso'").await);
    let outro = TipoId::new(id(&base, "demanda_tipo WHERE nome = 'Outro'").await);
    for (filtro, expected) in [
        (Filtro { busca: "acao 100%".into(), ..all() }, vec![second]),
        (Filtro { busca: "empresa solda".into(), ..all() }, vec![first]),
        (Filtro { situacoes: vec![Situacao::Nova], ..all() }, vec![first]),
        (Filtro { etapas: vec![andamento], ..all() }, vec![second]),
        (Filtro { tipos: vec![curso], ..all() }, vec![second, first]),
        (Filtro { tipos: vec![outro], ..all() }, vec![]),
        (Filtro { responsaveis: vec![ana.id.unwrap()], ..all() }, vec![first]),
        (Filtro { unassigned: true, ..all() }, vec![second]),
        (Filtro { unassigned: true, responsaveis: vec![ana.id.unwrap()], ..all() }, vec![second, first]),
        (Filtro { late: "2026-11-22".parse().ok(), ..all() }, vec![second]),
        (Filtro { until: Some(now()), ..all() }, vec![]),
    ] {
        assert_eq!(ids(filtro.clone(), Ordem::Latest).await, expected, "{filtro:?}");
    }
    for (ordem, expected) in [
        (Ordem::Earliest, [first, second]),
        (Ordem::Empresa, [first, second]),
        (Ordem::EmpresaDown, [second, first]),
        (Ordem::Titulo, [second, first]),
        (Ordem::TituloDown, [first, second]),
        (Ordem::Prazo, [second, first]),
        (Ordem::PrazoDown, [first, second]),
        (Ordem::Etapa, [first, second]),
        (Ordem::EtapaDown, [second, first]),
    ] {
        assert_eq!(ids(all(), ordem).await, expected, "{ordem:?}");
    }
}

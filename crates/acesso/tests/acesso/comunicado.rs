//! S0-10.7, S0-10.9: what whoever may writes to people of the unidade: to each once, on its days, put away by each for themselves.

use acesso::{
    comunicado::{
        Alcance, Alterar, ComunicadoError, ComunicadoId, ComunicadoRule, Destino, Dias, NOTICE, Publicar, alterar, dispensar,
        encerrar, mostrados, opened, prever, publicar,
    },
    perfil,
    usuario::UsuarioId,
};
use chrono::{Days, NaiveDate, TimeDelta};
use kernel::{Actor, Lang};
use messaging::{
    Channel,
    notificacao::{self, Filtro, preferencia},
};
use tenancy::TenantTx;
use testkit::Base;
use uuid::Uuid;

use crate::house::{ANA, actor, audited, count, id_of, person, text};

fn alerta(base: &Base, destino: Destino) -> Publicar {
    Publicar {
        id: ComunicadoId::new(base.tenants.clock().uuid()),
        titulo: "Parada às 18 h".parse().unwrap(),
        texto: "Salvem o trabalho.\n\nVoltamos às 19 h.".parse().unwrap(),
        destino,
        avisar: true,
        email: true,
        dias: None,
    }
}

fn hoje() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

async fn publish(base: &Base, actor: &Actor, cmd: &Publicar) -> Result<ComunicadoId, ComunicadoError> {
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| publicar(tx, actor, cmd.clone()).await).await
}

async fn reach(base: &Base, actor: &Actor, cmd: &Publicar) -> Result<Alcance, ComunicadoError> {
    base.tenants.read(&base.alfa, async |tx: &mut TenantTx| prever(tx, actor, cmd).await).await
}

async fn shown(base: &Base, who: UsuarioId, day: NaiveDate) -> Vec<String> {
    let found = base.alfa(async |tx: &mut TenantTx| mostrados(tx, who.uuid(), day).await.unwrap()).await;
    found.into_iter().map(|one| one.titulo).collect()
}

async fn chefe(base: &Base) -> Actor {
    actor(base, &person(base, "Coordenador", "lia@senai.example").await).await
}

#[tokio::test]
async fn each_is_told_once_however_often_it_is_sent() {
    let base = Base::new().await;
    let lia = chefe(&base).await;
    let ana = id_of(&actor(&base, &person(&base, "Leitor", ANA).await).await);
    let schema = base.alfa.names().schema();
    // Hundreds, and those who do not come here: a program, one who left.
    base.execute(&format!(
        "INSERT INTO {schema}.usuario (id, nome, email, ativo, kind, perfil_id, last_seen_at, created_at, updated_at)
         SELECT gen_random_uuid(), 'P' || n, CASE n WHEN 2 THEN 'servico-p@invalid' ELSE 'p' || n || '@senai.example' END, n > 1, CASE n WHEN 2 THEN 'servico' ELSE 'pessoa' END, id, now(), now(), now()
         FROM {schema}.perfil, generate_series(1, 302) AS n WHERE nome = 'Atendente'"
    ))
    .await;
    let leitor = base.alfa(async |tx: &mut TenantTx| perfil::list(tx).await.unwrap()).await;
    let leitor = leitor.into_iter().find(|perfil| perfil.nome == "Leitor").unwrap().id;
    let cmd = alerta(&base, Destino::Todos);
    assert_eq!(reach(&base, &lia, &cmd).await.unwrap(), Alcance { pessoas: 302, emails: 302 });
    assert_eq!(count(&base, "comunicado").await, 0, "looking sends nothing");
    let (one, other) = tokio::join!(publish(&base, &lia, &cmd), publish(&base, &lia, &cmd));
    assert_eq!((one.unwrap(), other.unwrap(), publish(&base, &lia, &cmd).await.unwrap()), (cmd.id, cmd.id, cmd.id));
    assert_eq!(count(&base, "notificacao WHERE read_at IS NULL AND kind = 'acesso.comunicado'").await, 302);
    assert_eq!(count(&base, "mensagem WHERE kind = 'acesso.comunicado' AND state = 'queued'").await, 302);
    assert_eq!((count(&base, "comunicado_leitura").await, audited(&base, "comunicado.publicado").await), (302, 1));
    let jobs = format!(
        "SELECT count(*) FROM platform.job j JOIN {schema}.mensagem m ON m.id::text = j.payload ->> 'id' WHERE m.kind = 'acesso.comunicado'"
    );
    assert_eq!(base.number(&jobs).await, 302, "a job for each letter");
    let words = text(&base, &format!("SELECT subject || ' | ' || body_text FROM {schema}.mensagem WHERE usuario_id = '{ana}' AND kind = 'acesso.comunicado'")).await;
    assert_eq!(words, "Ana Lima: Parada às 18 h | Salvem o trabalho.\n\nVoltamos às 19 h.");

    let others = Publicar { titulo: "Outra coisa".parse().unwrap(), ..cmd.clone() };
    assert!(matches!(publish(&base, &lia, &others).await, Err(ComunicadoError::Rule(ComunicadoRule::Enviado))));
    // By perfil and by name: still once.
    let chosen = alerta(&base, Destino::Escolhidos { perfis: vec![leitor], usuarios: vec![ana] });
    publish(&base, &lia, &chosen).await.unwrap();
    assert_eq!(count(&base, "notificacao").await, 303);
    assert_eq!(count(&base, "comunicado_usuario").await + count(&base, "comunicado_perfil").await, 2);
}

#[tokio::test]
async fn letters_go_to_whoever_wants_them_and_the_bell_is_never_silent() {
    let base = Base::new().await;
    let lia = chefe(&base).await;
    let ana = id_of(&actor(&base, &person(&base, "Leitor", ANA).await).await);
    let refused = async |channel| {
        base.tenants
            .write(&base.alfa, async |tx: &mut TenantTx| preferencia::want(tx, ana.uuid(), &NOTICE, channel, false).await)
            .await
            .unwrap()
    };
    assert!(refused(Channel::Email).await && !refused(Channel::Panel).await);
    let to_ana = Destino::Escolhidos { perfis: Vec::new(), usuarios: vec![ana] };
    let cmd = alerta(&base, to_ana.clone());
    assert_eq!(reach(&base, &lia, &cmd).await.unwrap(), Alcance { pessoas: 1, emails: 0 });
    publish(&base, &lia, &cmd).await.unwrap();
    let letters = async || count(&base, "mensagem WHERE kind = 'acesso.comunicado'").await;
    assert_eq!((letters().await, count(&base, "notificacao WHERE read_at IS NULL").await), (0, 1));
    let lia_id = id_of(&lia);
    let quiet = Publicar { email: false, ..alerta(&base, Destino::Escolhidos { perfis: Vec::new(), usuarios: vec![lia_id] }) };
    publish(&base, &lia, &quiet).await.unwrap();
    assert_eq!(letters().await, 0, "its writer asks for letters, or there are none");

    let found = base
        .alfa(async |tx: &mut TenantTx| {
            let filtro =
                Filtro { busca: "PARADA as".to_owned(), kinds: vec!["acesso.comunicado".to_owned()], ..Filtro::default() };
            let hit = notificacao::list(tx, ana.uuid(), &filtro, 0, 10).await.unwrap();
            let miss = notificacao::count(tx, ana.uuid(), &Filtro { busca: "%".to_owned(), ..Filtro::default() }).await.unwrap();
            (hit, miss)
        })
        .await;
    assert_eq!((found.0[0].text(Lang::PtBr), found.1), ("Ana Lima: Parada às 18 h".to_owned(), (0, 0)));

    let read = async || count(&base, "comunicado_leitura WHERE read_at IS NOT NULL").await;
    for _ in 0..2 {
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| opened(tx, ana.uuid(), cmd.id).await).await.unwrap();
        assert_eq!(read().await, 1);
    }
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| opened(tx, ana.uuid(), quiet.id).await).await.unwrap();
    assert_eq!(read().await, 1, "another's stays unread");
}

#[tokio::test]
async fn it_is_shown_on_its_days_to_whom_it_concerns_until_they_put_it_away() {
    let base = Base::new().await;
    let lia = chefe(&base).await;
    let ana = id_of(&actor(&base, &person(&base, "Leitor", ANA).await).await);
    let rui = id_of(&actor(&base, &person(&base, "Atendente", "rui@senai.example").await).await);
    let perfis = base.alfa(async |tx: &mut TenantTx| perfil::list(tx).await.unwrap()).await;
    let atendente = perfis.into_iter().find(|perfil| perfil.nome == "Atendente").unwrap().id;
    let (tomorrow, last) = (hoje() + Days::new(1), hoje() + Days::new(3));
    let for_all = Publicar { avisar: false, email: false, dias: Dias::new(hoje(), last).ok(), ..alerta(&base, Destino::Todos) };
    let for_some = Publicar {
        titulo: "Só atendentes".parse().unwrap(),
        dias: Dias::new(tomorrow, last).ok(),
        ..alerta(&base, Destino::Escolhidos { perfis: vec![atendente], usuarios: Vec::new() })
    };
    for cmd in [&for_all, &for_some] {
        publish(&base, &lia, cmd).await.unwrap();
    }
    assert_eq!(count(&base, "notificacao").await, 1, "the second rings; the first is only shown");
    assert_eq!((shown(&base, ana, hoje()).await, shown(&base, rui, hoje()).await.len()), (vec!["Parada às 18 h".to_owned()], 1));
    assert_eq!((shown(&base, ana, tomorrow).await.len(), shown(&base, rui, tomorrow).await.len()), (1, 2));
    assert_eq!(
        (shown(&base, rui, last).await.len(), shown(&base, rui, last + Days::new(1)).await.len()),
        (2, 0),
        "gone after its day"
    );
    assert_eq!(shown(&base, ana, hoje() - Days::new(1)).await.len(), 0);
    // Whoever comes later finds it as well.
    let nova = id_of(&actor(&base, &person(&base, "Leitor", "nova@senai.example").await).await);
    assert_eq!(shown(&base, nova, hoje()).await.len(), 1);

    let away = async |who: UsuarioId, id| {
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| dispensar(tx, who.uuid(), id).await).await.unwrap()
    };
    assert!(away(ana, for_all.id).await && away(ana, for_all.id).await, "once more is the same");
    assert!(!away(ana, for_some.id).await && !away(ana, ComunicadoId::new(Uuid::nil())).await, "what is not theirs is not there");
    assert_eq!((shown(&base, ana, hoje()).await.len(), shown(&base, nova, hoje()).await.len()), (0, 1));
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| encerrar(tx, &lia, for_all.id).await).await.unwrap();
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| encerrar(tx, &lia, for_all.id).await).await.unwrap();
    assert_eq!((shown(&base, nova, hoje()).await.len(), audited(&base, "comunicado.encerrado").await), (0, 1));
}

/// Its last day ends at midnight where the unidade is, not at that of Greenwich.
#[tokio::test]
async fn days_are_those_of_the_unidade() {
    let base = Base::new().await;
    let lia = chefe(&base).await;
    let only_today =
        Publicar { avisar: false, email: false, dias: Dias::new(hoje(), hoje()).ok(), ..alerta(&base, Destino::Todos) };
    // 23:30 of the 23rd there, the 24th in Greenwich.
    base.clock.advance(TimeDelta::minutes(13 * 60 + 30));
    publish(&base, &lia, &only_today).await.unwrap();
    base.clock.advance(TimeDelta::minutes(30));
    let late = Publicar { id: ComunicadoId::new(base.tenants.clock().uuid()), ..only_today };
    assert!(matches!(publish(&base, &lia, &late).await, Err(ComunicadoError::Rule(ComunicadoRule::Passado))));
}

#[tokio::test]
async fn what_would_reach_nobody_or_say_nothing_is_refused() {
    let base = Base::new().await;
    let lia = chefe(&base).await;
    let ana = actor(&base, &person(&base, "Leitor", ANA).await).await;
    let rule = |refused: Result<ComunicadoId, ComunicadoError>| match refused {
        Err(ComunicadoError::Rule(rule)) => rule,
        other => panic!("{other:?}"),
    };
    let nobody = Destino::Escolhidos { perfis: Vec::new(), usuarios: vec![UsuarioId::new(Uuid::from_u128(7))] };
    assert_eq!(rule(publish(&base, &lia, &alerta(&base, nobody)).await), ComunicadoRule::Ninguem);
    let mute = Publicar { avisar: false, ..alerta(&base, Destino::Todos) };
    assert_eq!(rule(publish(&base, &lia, &mute).await), ComunicadoRule::Meio);
    let cmd = alerta(&base, Destino::Todos);
    assert!(matches!(publish(&base, &ana, &cmd).await, Err(ComunicadoError::Denied(_))));
    assert!(matches!(reach(&base, &ana, &cmd).await, Err(ComunicadoError::Denied(_))));
    assert_eq!((count(&base, "comunicado").await, count(&base, "notificacao").await), (0, 0));

    let cmd = Publicar { dias: Dias::new(hoje(), hoje() + Days::new(1)).ok(), ..cmd };
    publish(&base, &lia, &cmd).await.unwrap();
    let id = cmd.id;
    let change = async |actor: &Actor, version, dias| {
        let cmd = Alterar { titulo: "Parada às 20 h".parse().unwrap(), texto: cmd.texto.clone(), dias, version };
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| alterar(tx, actor, id, cmd).await).await
    };
    assert!(matches!(change(&ana, 1, None).await, Err(ComunicadoError::Denied(_))));
    assert!(matches!(change(&lia, 7, None).await, Err(ComunicadoError::Rule(ComunicadoRule::Changed))));
    let yesterday = Dias::new(hoje() - Days::new(2), hoje() - Days::new(1)).ok();
    assert!(matches!(change(&lia, 1, yesterday).await, Err(ComunicadoError::Rule(ComunicadoRule::Passado))));
    change(&lia, 1, Dias::new(hoje(), hoje()).ok()).await.unwrap();
    change(&lia, 2, None).await.unwrap();
    assert_eq!(audited(&base, "comunicado.alterado").await, 1, "the same words are no change");
    let kept = count(&base, "comunicado WHERE titulo = 'Parada às 20 h' AND data_fim = '2026-11-23' AND version = 2").await;
    assert_eq!((kept, count(&base, "notificacao").await), (1, 2), "nobody is told again");
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| encerrar(tx, &lia, cmd.id).await).await.unwrap();
    assert!(matches!(change(&lia, 3, None).await, Err(ComunicadoError::Rule(ComunicadoRule::Encerrado))));
}

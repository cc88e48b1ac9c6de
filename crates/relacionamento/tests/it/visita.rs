use empresas::contato::ContatoId;
use kernel::{Kind, Scope};
use relacionamento::visita::{
    Horario, Plano, Posicao, Relato, Situacao, Visita, VisitaError, VisitaId, VisitaRule,
    alterar::{alterar, remarcar},
    chegar::chegar,
    desfecho::{cancelar, reabrir, realizar},
    excluir::{excluir, restaurar},
    lista,
    planejar::planejar,
};
use tenancy::{Mode, TenantTx, TxLimits};
use testkit::{Base, sistema};

use crate::support::{ALL, contato, empresa, horario, pessoa, planned, plano, told, trail};

async fn find(base: &Base, id: VisitaId) -> Visita {
    base.alfa(async |tx: &mut TenantTx| lista::find(tx, &sistema(), id).await).await.unwrap().unwrap()
}

fn relato() -> Relato {
    Relato { resumo: "Falamos com a direção.".parse().unwrap(), proximos_passos: Some("Enviar proposta".parse().unwrap()) }
}

/// S0-4.1 to S0-4.8, S0-10.3, S0-10.4: planned, told to those who go and to whose empresa it is, and to nobody else.
#[tokio::test]
async fn who_goes_hears_of_it_from_whoever_plans_it() {
    let base = Base::new().await;
    let [ana, rui, lia, eva] = [
        pessoa(&base, "Ana", Scope::Todas, &ALL).await,
        pessoa(&base, "Rui", Scope::Todas, &ALL).await,
        pessoa(&base, "Lia", Scope::Todas, &ALL).await,
        pessoa(&base, "Eva", Scope::Todas, &ALL).await,
    ];
    let empresa = empresa(&base, 1, lia.id).await;
    let sueli = contato(&base, empresa, "Sueli Ramos").await;
    let plano = Plano {
        colegas: vec![ana.id.unwrap()],
        contatos: vec![ContatoId::new(sueli)],
        local: Some("Portaria 2".parse().unwrap()),
        ..plano(&rui, horario(48))
    };
    let id = base.alfa(async |tx: &mut TenantTx| planejar(tx, &ana, empresa, &plano).await).await.unwrap();
    let visita = find(&base, id).await;
    assert_eq!((visita.situacao, visita.version, visita.horario), (Situacao::Planejada, 1, plano.horario));
    assert_eq!((visita.responsavel_nome.as_str(), visita.local.as_deref()), ("Rui", Some("Portaria 2")));
    assert_eq!((visita.colegas[0].nome.as_str(), visita.contatos[0].nome.as_str()), ("Ana", "Sueli Ramos"));
    assert_eq!([told(&base, &rui, "planejada").await, told(&base, &lia, "planejada").await], [1, 1]);
    assert_eq!([told(&base, &ana, "planejada").await, told(&base, &eva, "planejada").await], [0, 0]);
    let schema = base.alfa.names().schema();
    let letters = format!("SELECT count(*) FROM {schema}.mensagem WHERE channel = 'email' AND recipient = 'rui@senai.example'");
    assert_eq!(base.number(&letters).await, 1, "by e-mail too");

    base.alfa(async |tx: &mut TenantTx| remarcar(tx, &rui, id, 1, horario(72)).await).await.unwrap();
    assert_eq!(
        [told(&base, &ana, "remarcada").await, told(&base, &lia, "remarcada").await, told(&base, &rui, "remarcada").await],
        [1, 1, 0]
    );
    assert_eq!([trail(&base, "planejada").await, trail(&base, "remarcada").await], [1, 1]);
}

/// S0-4.7: asked for a resumo once it has begun, for a reason when it is called off, and for nothing when it is planned again.
#[tokio::test]
async fn a_visita_ends_once_and_can_be_planned_again() {
    let base = Base::new().await;
    let rui = pessoa(&base, "Rui", Scope::Todas, &ALL).await;
    let empresa = empresa(&base, 1, None).await;
    let [future, past] =
        [planned(&base, empresa, &plano(&rui, horario(24))).await, planned(&base, empresa, &plano(&rui, horario(-3))).await];
    let early = base.alfa(async |tx: &mut TenantTx| realizar(tx, &rui, future, 1, &relato()).await).await;
    assert!(matches!(early, Err(VisitaError::Rule(VisitaRule::Futura))), "{early:?}");

    base.alfa(async |tx: &mut TenantTx| realizar(tx, &rui, past, 1, &relato()).await).await.unwrap();
    let done = find(&base, past).await;
    assert_eq!((done.situacao, done.version, done.resumo.as_deref()), (Situacao::Realizada, 2, Some("Falamos com a direção.")));
    let motivo = "A empresa pediu".parse().unwrap();
    let off = base.alfa(async |tx: &mut TenantTx| cancelar(tx, &rui, past, 2, &motivo).await).await;
    assert!(matches!(off, Err(VisitaError::Rule(VisitaRule::Situacao(Situacao::Realizada)))), "{off:?}");
    let moved = base.alfa(async |tx: &mut TenantTx| remarcar(tx, &rui, past, 2, horario(5)).await).await;
    assert!(matches!(moved, Err(VisitaError::Rule(VisitaRule::Situacao(_)))), "{moved:?}");
    // The same said again is no change.
    let same = base.alfa(async |tx: &mut TenantTx| realizar(tx, &rui, past, 2, &relato()).await).await.unwrap();
    assert_eq!((same, trail(&base, "relatada").await), (2, 0));
    base.alfa(async |tx: &mut TenantTx| reabrir(tx, &rui, past, 2).await).await.unwrap();
    let again = find(&base, past).await;
    assert_eq!((again.situacao, again.resumo.is_some()), (Situacao::Planejada, true), "what was told is kept");

    base.alfa(async |tx: &mut TenantTx| cancelar(tx, &rui, future, 1, &motivo).await).await.unwrap();
    let off = find(&base, future).await;
    assert_eq!((off.situacao, off.motivo.as_deref()), (Situacao::Cancelada, Some("A empresa pediu")));
    base.alfa(async |tx: &mut TenantTx| reabrir(tx, &rui, future, 2).await).await.unwrap();
    assert_eq!(find(&base, future).await.motivo, None);
    assert_eq!([trail(&base, "realizada").await, trail(&base, "cancelada").await, trail(&base, "reaberta").await], [1, 1, 2]);
}

/// Two people put the same visita to another time at once: one wins, the other is told what it is now.
#[tokio::test]
async fn of_two_who_change_at_once_the_second_hears_of_the_first() {
    let base = Base::new().await;
    let rui = pessoa(&base, "Rui", Scope::Todas, &ALL).await;
    let empresa = empresa(&base, 1, None).await;
    let id = planned(&base, empresa, &plano(&rui, horario(24))).await;
    let put = async |hours: i64| {
        let mut tx = base.tenants.begin(&base.alfa, Mode::Write, TxLimits::REQUEST).await.unwrap();
        let done = remarcar(&mut tx, &sistema(), id, 1, horario(hours)).await;
        if done.is_ok() {
            tx.commit().await.unwrap();
        } else {
            tx.rollback().await.unwrap();
        }
        done
    };
    let (one, two) = tokio::join!(put(30), put(60));
    let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
    assert_eq!(won.unwrap(), 2);
    let Err(VisitaError::Rule(VisitaRule::Changed(conflict))) = lost else { panic!("it was moved twice: {lost:?}") };
    assert_eq!((conflict.current.version, conflict.current.horario), (2, find(&base, id).await.horario));
    assert_eq!(trail(&base, "remarcada").await, 1);
}

/// Only people who may: active ones of the unidade, and those of this very empresa.
#[tokio::test]
async fn nobody_goes_who_cannot() {
    let base = Base::new().await;
    let [rui, gone] = [pessoa(&base, "Rui", Scope::Todas, &ALL).await, pessoa(&base, "Gone", Scope::Todas, &ALL).await];
    let [here, there] = [empresa(&base, 1, None).await, empresa(&base, 2, None).await];
    let elsewhere = contato(&base, there, "De outra").await;
    let was_there = planned(&base, here, &Plano { colegas: vec![gone.id.unwrap()], ..plano(&rui, horario(24)) }).await;
    let schema = base.alfa.names().schema();
    base.execute(&format!("UPDATE {schema}.usuario SET ativo = false WHERE id = '{}'", gone.id.unwrap())).await;
    let code = |refused: Result<VisitaId, VisitaError>| kernel::ErrorKind::code(&refused.unwrap_err());
    let plan = async |plano: Plano| {
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| planejar(tx, &sistema(), here, &plano).await).await
    };
    assert_eq!(code(plan(plano(&gone, horario(24))).await), "visita-responsavel");
    assert_eq!(code(plan(Plano { colegas: vec![gone.id.unwrap()], ..plano(&rui, horario(24)) }).await), "visita-participante");
    assert_eq!(
        code(plan(Plano { contatos: vec![ContatoId::new(elsewhere)], ..plano(&rui, horario(24)) }).await),
        "visita-participante"
    );
    assert_eq!(trail(&base, "planejada").await, 1, "nothing of what was refused is there");
    // Who went along already may stay.
    let same = Plano { colegas: vec![gone.id.unwrap()], objetivo: "Outro".parse().unwrap(), ..plano(&rui, horario(24)) };
    assert_eq!(base.alfa(async |tx: &mut TenantTx| alterar(tx, &sistema(), was_there, 1, &same).await).await.unwrap(), 2);
    // Twice the same person is one.
    let twice = Plano { colegas: vec![rui.id.unwrap(), rui.id.unwrap()], ..plano(&rui, horario(48)) };
    let id = plan(twice).await.unwrap();
    assert_eq!(find(&base, id).await.colegas.len(), 1);
}

/// S0-2.12: within próprias are the visitas one goes to and those of one's own empresas; nothing else exists.
#[tokio::test]
async fn the_escopo_proprias_is_where_one_goes_and_whose_empresa_it_is() {
    let base = Base::new().await;
    let [ana, rui] = [pessoa(&base, "Ana", Scope::Proprias, &ALL).await, pessoa(&base, "Rui", Scope::Proprias, &ALL).await];
    let [of_ana, of_rui] = [empresa(&base, 1, ana.id).await, empresa(&base, 2, rui.id).await];
    let own = planned(&base, of_ana, &plano(&rui, horario(24))).await;
    let along = planned(&base, of_rui, &Plano { colegas: vec![ana.id.unwrap()], ..plano(&rui, horario(48)) }).await;
    let of_others = planned(&base, of_rui, &plano(&rui, horario(72))).await;
    let sees = async |id: VisitaId| base.alfa(async |tx: &mut TenantTx| lista::find(tx, &ana, id).await).await.unwrap().is_some();
    assert_eq!([sees(own).await, sees(along).await, sees(of_others).await], [true, true, false]);
    let total = base.alfa(async |tx: &mut TenantTx| lista::count(tx, &ana, &lista::Filtro::default()).await).await.unwrap();
    assert_eq!(total, 2);
    let write =
        async |id| base.tenants.write(&base.alfa, async |tx: &mut TenantTx| remarcar(tx, &ana, id, 1, horario(30)).await).await;
    assert!(write(own).await.is_ok() && write(along).await.is_ok());
    assert!(matches!(write(of_others).await, Err(VisitaError::NotFound)));
    // Planned is only at one's own.
    let plan = async |empresa| {
        base.tenants
            .write(&base.alfa, async |tx: &mut TenantTx| planejar(tx, &ana, empresa, &plano(&ana, horario(24))).await)
            .await
    };
    assert!(matches!(plan(of_rui).await, Err(VisitaError::NotFound)));
    assert!(plan(of_ana).await.is_ok());
    // Without the permission, not even one's own.
    let blind = pessoa(&base, "Cega", Scope::Todas, &[empresas::empresa::VER]).await;
    let refused =
        base.alfa(async |tx: &mut TenantTx| lista::find(tx, &blind, own).await.map_err(|e| kernel::ErrorKind::kind(&e))).await;
    assert_eq!(refused.unwrap_err(), Kind::Denied);
    // Those of an empresa in the lixeira are nobody's.
    let schema = base.alfa.names().schema();
    base.execute(&format!("UPDATE {schema}.empresa SET deleted_at = now() WHERE id = '{of_ana}'")).await;
    assert!(!sees(own).await);
    let nobody = base.alfa(async |tx: &mut TenantTx| lista::find(tx, &sistema(), own).await).await.unwrap();
    assert!(nobody.is_none());
}

/// Of another unidade's empresa, people and visitas nothing is there.
#[tokio::test]
async fn another_unidade_has_none_of_it() {
    let base = Base::new().await;
    let rui = pessoa(&base, "Rui", Scope::Todas, &ALL).await;
    let empresa = empresa(&base, 1, None).await;
    let id = planned(&base, empresa, &plano(&rui, horario(24))).await;
    let there = base.beta(async |tx: &mut TenantTx| lista::find(tx, &sistema(), id).await).await.unwrap();
    assert!(there.is_none());
    let plan = base
        .tenants
        .write(&base.beta, async |tx: &mut TenantTx| planejar(tx, &sistema(), empresa, &plano(&rui, horario(24))).await)
        .await;
    assert!(matches!(plan, Err(VisitaError::NotFound)));
    let moved =
        base.tenants.write(&base.beta, async |tx: &mut TenantTx| remarcar(tx, &sistema(), id, 1, horario(30)).await).await;
    assert!(matches!(moved, Err(VisitaError::NotFound)));
}

/// Said twice, the first arrival stays; of one that is over there is none.
#[tokio::test]
async fn an_arrival_is_noted_once() {
    let base = Base::new().await;
    let rui = pessoa(&base, "Rui", Scope::Todas, &ALL).await;
    let empresa = empresa(&base, 1, None).await;
    let id = planned(&base, empresa, &plano(&rui, horario(-1))).await;
    let here = Posicao { latitude: -26.3, longitude: -48.84, precisao: 12 };
    for posicao in [Some(here), None] {
        base.alfa(async |tx: &mut TenantTx| chegar(tx, &rui, id, posicao).await).await.unwrap();
    }
    let chegada = find(&base, id).await.chegada.unwrap();
    assert_eq!((chegada.posicao, trail(&base, "chegada").await), (Some(here), 1));
    let schema = base.alfa.names().schema();
    let where_at = format!("SELECT count(*) FROM {schema}.auditoria WHERE after::text LIKE '%26.3%'");
    assert_eq!(base.number(&where_at).await, 0, "whoever reads the trail need not know where somebody was");
    base.alfa(async |tx: &mut TenantTx| realizar(tx, &rui, id, 2, &relato()).await).await.unwrap();
    let late = base.tenants.write(&base.alfa, async |tx: &mut TenantTx| chegar(tx, &rui, id, None).await).await;
    assert!(matches!(late, Err(VisitaError::Rule(VisitaRule::Situacao(_)))));
}

#[tokio::test]
async fn what_lies_in_the_lixeira_comes_back() {
    let base = Base::new().await;
    let rui = pessoa(&base, "Rui", Scope::Todas, &ALL).await;
    let empresa = empresa(&base, 1, None).await;
    let id = planned(&base, empresa, &plano(&rui, horario(24))).await;
    let delete = async |seen| base.tenants.write(&base.alfa, async |tx: &mut TenantTx| excluir(tx, &rui, id, seen).await).await;
    assert!(matches!(delete(Some(7)).await, Err(VisitaError::Rule(VisitaRule::Changed(_)))));
    delete(Some(1)).await.unwrap();
    assert!(matches!(delete(None).await, Err(VisitaError::NotFound)));
    let restore = async || base.tenants.write(&base.alfa, async |tx: &mut TenantTx| restaurar(tx, &rui, id).await).await;
    restore().await.unwrap();
    assert!(matches!(restore().await, Err(VisitaError::NotFound)));
    assert_eq!(find(&base, id).await.deleted_at, None);
}

/// Long, from right to left, with pictures in it.
#[tokio::test]
async fn texts_of_any_writing_are_kept_as_they_are() {
    let base = Base::new().await;
    let rui = pessoa(&base, "Rui", Scope::Todas, &ALL).await;
    let empresa = empresa(&base, 1, None).await;
    let text = format!("زيارة 🏭 {}", "ç".repeat(4980));
    let plano = Plano { objetivo: text.parse().unwrap(), ..plano(&rui, horario(24)) };
    let id = planned(&base, empresa, &plano).await;
    assert_eq!(find(&base, id).await.objetivo, text);
    let too_long: Result<relacionamento::visita::Objetivo, _> = "ç".repeat(5001).parse();
    assert_eq!(too_long.unwrap_err().code, "texto-too-long");
    let backwards = Horario::new(plano.horario.fim_at, plano.horario.inicio_at);
    assert!(matches!(backwards, Err(VisitaRule::Horario)));
}

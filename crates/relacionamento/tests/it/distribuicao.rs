//! To whom demandas go that name nobody.

use acesso::{ausencia, usuario::UsuarioId};
use empresas::empresa::EmpresaId;
use kernel::{Actor, Permission, Scope};
use relacionamento::{
    demanda::{self, DemandaId, registrar::registrar},
    distribuicao::{
        Dados, DistribuicaoError, DistribuicaoId, DistribuicaoRule, GERIR, Modo,
        escolher::Caso,
        gravar::{alterar, excluir, mover, registrar as escrever},
        quem_seria,
    },
    tipo::TipoId,
};
use tenancy::TenantTx;
use testkit::{Base, sistema};
use uuid::Uuid;

use crate::support::{empresa, now, pessoa};

const ALL: [Permission; 4] = [GERIR, demanda::VER, demanda::REGISTRAR, empresas::empresa::VER];

async fn tipo(base: &Base, nome: &str) -> TipoId {
    TipoId::new(base.id(&format!("SELECT id FROM {}.demanda_tipo WHERE nome = '{nome}'", base.alfa.names().schema())).await)
}

/// A rule of these people, for anything.
fn regra(nome: &str, modo: Modo, pessoas: &[&Actor]) -> Dados {
    Dados {
        nome: nome.parse().unwrap(),
        ativa: true,
        tipos: Vec::new(),
        setores: Vec::new(),
        segmentos: Vec::new(),
        municipios: Vec::new(),
        modo,
        pessoas: pessoas.iter().filter_map(|one| one.id).collect(),
    }
}

async fn written(base: &Base, dados: &Dados) -> DistribuicaoId {
    base.alfa(async |tx: &mut TenantTx| escrever(tx, &sistema(), dados).await).await.unwrap()
}

async fn asks(base: &Base, empresa: EmpresaId, tipo: TipoId) -> DemandaId {
    let dados = demanda::Dados {
        titulo: "Curso de solda".parse().unwrap(),
        descricao: "Para doze pessoas".parse().unwrap(),
        tipo,
        setor: None,
        responsavel: None,
        contato: None,
        valor_estimado: None,
        data_prazo: None,
    };
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| registrar(tx, &sistema(), empresa, &dados).await).await.unwrap()
}

/// Who answers for it.
async fn of(base: &Base, id: DemandaId) -> Option<Uuid> {
    base.alfa(async |tx: &mut TenantTx| demanda::lista::find(tx, &sistema(), id).await).await.unwrap().unwrap().responsavel_id
}

async fn count(base: &Base, query: &str) -> i64 {
    base.number(&format!("SELECT count(*) FROM {}.{query}", base.alfa.names().schema())).await
}

/// The first that fits decides; each has their turn, whoever was chosen is told, and it can be read by which rule.
#[tokio::test]
async fn the_first_rule_that_fits_gives_each_their_turn() {
    let base = Base::new().await;
    let [ana, rui, eva] = [
        pessoa(&base, "Ana", Scope::Todas, &ALL).await,
        pessoa(&base, "Rui", Scope::Todas, &ALL).await,
        pessoa(&base, "Eva", Scope::Todas, &ALL).await,
    ];
    let place = empresa(&base, 1, None).await;
    let (curso, outro) = (tipo(&base, "Curso").await, tipo(&base, "Outro").await);
    let before = asks(&base, place, curso).await;
    assert_eq!(of(&base, before).await, None, "no rule, nobody");
    written(&base, &Dados { tipos: vec![curso], ..regra("Cursos", Modo::Revezamento, &[&ana, &rui]) }).await;
    written(&base, &regra("O resto", Modo::Revezamento, &[&eva])).await;
    let mut order = Vec::new();
    for _ in 0..4 {
        order.push(of(&base, asks(&base, place, curso).await).await);
    }
    assert_eq!(order, [ana.id, rui.id, ana.id, rui.id]);
    assert_eq!(of(&base, asks(&base, place, outro).await).await, eva.id);
    let schema = base.alfa.names().schema();
    let told = format!("SELECT count(*) FROM {schema}.notificacao WHERE usuario_id = '{}'", rui.id.unwrap());
    assert_eq!(base.number(&told).await, 2);
    assert_eq!(count(&base, "auditoria WHERE action = 'demanda.distribuida' AND after->>'regra' = 'Cursos'").await, 4);

    // Trying out costs nobody their turn.
    let caso = Caso { empresa: place, tipo: curso, setor: None };
    for _ in 0..2 {
        let would = base.alfa(async |tx: &mut TenantTx| quem_seria(tx, caso).await).await.unwrap().unwrap();
        assert_eq!((Some(would.pessoa.id), would.regra.as_str()), (ana.id, "Cursos"));
    }
}

/// Two that come at once go to two people, and none is left out.
#[tokio::test]
async fn two_at_once_are_two_turns() {
    let base = Base::new().await;
    let [ana, rui] = [pessoa(&base, "Ana", Scope::Todas, &ALL).await, pessoa(&base, "Rui", Scope::Todas, &ALL).await];
    let (one, other) = (empresa(&base, 1, None).await, empresa(&base, 2, None).await);
    let curso = tipo(&base, "Curso").await;
    written(&base, &regra("Todas", Modo::Revezamento, &[&ana, &rui])).await;
    for _ in 0..3 {
        let (first, second) = tokio::join!(asks(&base, one, curso), asks(&base, other, curso));
        let mut chosen = [of(&base, first).await, of(&base, second).await];
        chosen.sort_unstable();
        let mut both = [ana.id, rui.id];
        both.sort_unstable();
        assert_eq!(chosen, both);
    }
}

/// Whoever has the fewest open ones; whoever is away or may not enter any more has none; then the next rule.
#[tokio::test]
async fn load_absence_and_who_may_enter_count() {
    let base = Base::new().await;
    let [ana, rui, eva] = [
        pessoa(&base, "Ana", Scope::Todas, &ALL).await,
        pessoa(&base, "Rui", Scope::Todas, &ALL).await,
        pessoa(&base, "Eva", Scope::Todas, &ALL).await,
    ];
    let (place, hers) = (empresa(&base, 1, None).await, empresa(&base, 2, eva.id).await);
    let curso = tipo(&base, "Curso").await;
    written(&base, &regra("Carga", Modo::Carga, &[&ana, &rui])).await;
    let first = asks(&base, place, curso).await;
    assert_eq!(of(&base, first).await, ana.id);
    assert_eq!(of(&base, asks(&base, place, curso).await).await, rui.id);
    base.alfa(async |tx: &mut TenantTx| {
        demanda::mover::encerrar(tx, &sistema(), first, 1, Some(&"Desistiram".parse().unwrap())).await
    })
    .await
    .unwrap();
    assert_eq!(of(&base, asks(&base, place, curso).await).await, ana.id, "what has ended is no load");

    let away = ausencia::Dados {
        usuario: UsuarioId::new(ana.id.unwrap()),
        motivo: ausencia::Motivo::Ferias,
        data_inicio: now().date_naive(),
        data_fim: now().date_naive(),
    };
    base.alfa(async |tx: &mut TenantTx| ausencia::registrar(tx, &ana, &away).await).await.unwrap();
    for _ in 0..2 {
        assert_eq!(of(&base, asks(&base, place, curso).await).await, rui.id);
    }
    let schema = base.alfa.names().schema();
    base.execute(&format!("UPDATE {schema}.usuario SET ativo = false WHERE id = '{}'", rui.id.unwrap())).await;
    assert_eq!(of(&base, asks(&base, place, curso).await).await, None);
    written(&base, &regra("Da empresa", Modo::Empresa, &[])).await;
    assert_eq!(of(&base, asks(&base, hers, curso).await).await, eva.id);
    assert_eq!(of(&base, asks(&base, place, curso).await).await, None, "an empresa of nobody's");
}

/// A rule is of people and things of this unidade, changed by nobody who saw another, and never wider than it was written.
#[tokio::test]
async fn rules_are_kept_as_they_were_meant() {
    let base = Base::new().await;
    let [ana, rui] = [pessoa(&base, "Ana", Scope::Todas, &ALL).await, pessoa(&base, "Rui", Scope::Todas, &ALL).await];
    let place = empresa(&base, 1, None).await;
    let (curso, outro) = (tipo(&base, "Curso").await, tipo(&base, "Outro").await);
    let write = async |actor: &Actor, dados: &Dados| {
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| escrever(tx, actor, dados).await).await
    };
    let stranger = Actor { id: Some(Uuid::from_u128(7)), ..ana.clone() };
    let bad = [
        (regra("x", Modo::Carga, &[]), DistribuicaoRule::Pessoas),
        (regra("x", Modo::Carga, &[&stranger]), DistribuicaoRule::Pessoas),
        (Dados { tipos: vec![TipoId::new(Uuid::nil())], ..regra("x", Modo::Carga, &[&ana]) }, DistribuicaoRule::Condicao),
        (Dados { municipios: vec![1], ..regra("x", Modo::Carga, &[&ana]) }, DistribuicaoRule::Condicao),
        (Dados { municipios: vec![4_209_102; 500], ..regra("x", Modo::Carga, &[&ana]) }, DistribuicaoRule::Condicao),
    ];
    for (dados, rule) in bad {
        let told = write(&ana, &dados).await;
        assert!(matches!(told, Err(DistribuicaoError::Rule(why)) if why == rule), "{told:?}");
    }
    let nobody = Actor { grants: kernel::Grants::default(), ..ana.clone() };
    assert!(matches!(write(&nobody, &regra("x", Modo::Carga, &[&ana])).await, Err(DistribuicaoError::Denied(_))));

    let cursos = Dados { tipos: vec![curso], ..regra("Cursos", Modo::Revezamento, &[&ana, &rui]) };
    let (first, second) = (written(&base, &cursos).await, written(&base, &regra("Todas", Modo::Revezamento, &[&rui])).await);
    let change = async |id, seen, dados: &Dados| {
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| alterar(tx, &ana, id, seen, dados).await).await
    };
    let fewer = Dados { pessoas: vec![ana.id.unwrap()], ..cursos.clone() };
    let off = Dados { ativa: false, ..cursos.clone() };
    let (one, other) = tokio::join!(change(first, 1, &fewer), change(first, 1, &off));
    assert_eq!([one.is_ok(), other.is_ok()].into_iter().filter(|ok| *ok).count(), 1, "of two changes of one version one counts");
    assert!(matches!(change(first, 1, &cursos).await, Err(DistribuicaoError::Rule(DistribuicaoRule::Changed))));
    change(first, 2, &cursos).await.unwrap();

    // In front of the other, and back.
    let shift = async |id, up| base.alfa(async |tx: &mut TenantTx| mover(tx, &ana, id, up).await).await.unwrap();
    shift(second, true).await;
    assert_eq!(of(&base, asks(&base, place, curso).await).await, rui.id);
    assert_eq!(count(&base, "auditoria WHERE action = 'demanda.distribuida' AND after->>'regra' = 'Todas'").await, 1);
    shift(second, true).await;
    shift(second, false).await;

    // What a rule asked for is gone: it fits nothing, where without the condition it would fit everything.
    let schema = base.alfa.names().schema();
    let gone = base.tenants.clock().uuid();
    base.execute(&format!("UPDATE {schema}.distribuicao SET tipos = '{{{gone}}}' WHERE id = '{first}'")).await;
    for kind in [curso, outro] {
        let would = base.alfa(async |tx: &mut TenantTx| quem_seria(tx, Caso { empresa: place, tipo: kind, setor: None }).await);
        assert_eq!(would.await.unwrap().unwrap().regra, "Todas");
    }
    base.alfa(async |tx: &mut TenantTx| excluir(tx, &ana, second).await).await.unwrap();
    let again = base.tenants.write(&base.alfa, async |tx: &mut TenantTx| excluir(tx, &ana, second).await).await;
    assert!(matches!(again, Err(DistribuicaoError::NotFound)));
    assert_eq!(of(&base, asks(&base, place, curso).await).await, None);
}

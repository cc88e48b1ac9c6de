//! What the escopo "vinculadas" reaches: lists, records, changes (S3-1.7).

use acesso::usuario::UsuarioId;
use empresas::{
    empresa::{
        ALTERAR, Campo, EXCLUIR, EmpresaId, REGISTRAR, Reach, VER,
        alterar::alterar,
        excluir::excluir,
        lista::{self, Filtro, Ordem},
    },
    vinculo::{self, VinculoError},
};
use kernel::{Actor, PageRequest, Scope};
use tenancy::TenantTx;
use testkit::{Base, sistema};

use crate::support::{cadastro, known, pessoa, registered};

fn usuario(actor: &Actor) -> UsuarioId {
    acesso::usuario::of(actor).unwrap()
}

async fn link(base: &Base, actor: &Actor, to: &Actor, ids: &[EmpresaId]) -> Result<(), VinculoError> {
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| vinculo::vincular(tx, actor, usuario(to), ids).await).await
}

async fn unlink(base: &Base, actor: &Actor, to: &Actor, id: EmpresaId) -> Result<(), VinculoError> {
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| vinculo::desvincular(tx, actor, usuario(to), id).await).await
}

async fn seen(base: &Base, actor: &Actor) -> Vec<EmpresaId> {
    let known = known(base).await;
    let (filtro, page) = (Filtro::default(), PageRequest::default());
    let page =
        base.alfa(async |tx: &mut TenantTx| lista::list(tx, actor, &known, &filtro, Ordem::Nome, page).await.unwrap()).await;
    assert_eq!(page.total, i64::try_from(page.linhas.len()).unwrap());
    page.linhas.into_iter().map(|one| one.id).collect()
}

async fn find(base: &Base, actor: &Actor, id: EmpresaId) -> bool {
    base.alfa(async |tx: &mut TenantTx| lista::find(tx, actor, id).await.unwrap()).await.is_some()
}

#[tokio::test]
async fn a_vinculo_opens_an_empresa_and_closes_it_again() {
    let base = Base::new().await;
    let ids = [registered(&base, 1, &[]).await, registered(&base, 2, &[]).await, registered(&base, 3, &[]).await];
    let ana = pessoa(&base, "Ana", Scope::Vinculadas, &[VER, ALTERAR, EXCLUIR]).await;
    let own = pessoa(&base, "Bruno", Scope::Proprias, &[VER, ALTERAR, EXCLUIR]).await;
    assert!(seen(&base, &ana).await.is_empty());
    link(&base, &sistema(), &ana, &ids[..1]).await.unwrap();
    link(&base, &sistema(), &own, &ids[..1]).await.unwrap();
    link(&base, &sistema(), &ana, &ids[..1]).await.unwrap();
    assert_eq!(seen(&base, &ana).await, ids[..1]);
    assert!(find(&base, &ana, ids[0]).await && !find(&base, &ana, ids[1]).await);
    let listed = async |by: &Actor| {
        let reach = Reach::of(by, &VER).unwrap();
        base.alfa(async |tx: &mut TenantTx| vinculo::list(tx, usuario(&ana), reach).await.unwrap()).await.len()
    };
    assert_eq!((listed(&ana).await, listed(&own).await), (1, 0), "only what the reader sees");
    assert!(seen(&base, &own).await.is_empty() && !find(&base, &own, ids[0]).await, "próprias are not vinculadas");
    // What they are responsável for is theirs as well.
    let schema = base.alfa.names().schema();
    base.execute(&format!("UPDATE {schema}.empresa SET responsavel_id = '{}' WHERE id = '{}'", ana.id.unwrap(), ids[1])).await;
    assert_eq!(seen(&base, &ana).await.len(), 2);
    unlink(&base, &sistema(), &ana, ids[0]).await.unwrap();
    assert_eq!(seen(&base, &ana).await, ids[1..2]);
    assert!(matches!(unlink(&base, &sistema(), &ana, ids[0]).await, Err(VinculoError::NotFound)));
    let told = format!("SELECT count(*) FROM {schema}.auditoria WHERE action IN ('usuario.vinculado', 'usuario.desvinculado')");
    assert_eq!(base.number(&told).await, 3);
}

/// Within what is linked one changes and deletes, and gives nothing away and takes nothing.
#[tokio::test]
async fn what_is_linked_can_be_changed_and_stays_whose_it_is() {
    let base = Base::new().await;
    let (id, other) = (registered(&base, 1, &[]).await, registered(&base, 2, &[]).await);
    let ana = pessoa(&base, "Ana", Scope::Vinculadas, &[VER, ALTERAR, EXCLUIR, REGISTRAR]).await;
    let bruno = pessoa(&base, "Bruno", Scope::Todas, &[VER]).await;
    let schema = base.alfa.names().schema();
    base.execute(&format!("UPDATE {schema}.empresa SET responsavel_id = '{}'", bruno.id.unwrap())).await;
    link(&base, &sistema(), &ana, &[id]).await.unwrap();
    let known = known(&base).await;
    let change = async |id: EmpresaId, fields: &[(Campo, &str)]| {
        let cadastro = cadastro(&known, 1, fields);
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| alterar(tx, &ana, id, 1, cadastro).await).await
    };
    change(id, &[(Campo::Nome, "Outro nome")]).await.unwrap();
    let whose = format!("SELECT count(*) FROM {schema}.empresa WHERE responsavel_id = '{}'", bruno.id.unwrap());
    assert_eq!(base.number(&whose).await, 2, "the responsável stays");
    assert!(change(other, &[(Campo::Nome, "Alheia")]).await.is_err());
    let take = base.tenants.write(&base.alfa, async |tx: &mut TenantTx| excluir(tx, &ana, other, None).await).await;
    assert!(take.is_err(), "not linked");
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| excluir(tx, &ana, id, Some(2)).await).await.unwrap();
}

#[tokio::test]
async fn nobody_links_themselves_or_what_they_do_not_see() {
    let base = Base::new().await;
    let (id, other) = (registered(&base, 1, &[]).await, registered(&base, 2, &[]).await);
    let mut ana = pessoa(&base, "Ana", Scope::Vinculadas, &[VER]).await;
    let leo = pessoa(&base, "Leo Restrito", Scope::Todas, &[]).await;
    base.execute(&format!(
        "UPDATE {0}.usuario SET perfil_id = (SELECT id FROM {0}.perfil WHERE key = 'restrito') WHERE nome LIKE 'Leo%'",
        base.alfa.names().schema()
    ))
    .await;
    link(&base, &sistema(), &ana, &[id]).await.unwrap();
    assert!(matches!(link(&base, &ana, &leo, &[id]).await, Err(VinculoError::Denied(_))), "not without the permissão");
    ana.grants.add(vinculo::GERIR.code(), Scope::Todas);
    assert!(matches!(link(&base, &ana, &ana, &[other]).await, Err(VinculoError::Own)));
    assert!(matches!(link(&base, &ana, &leo, &[other]).await, Err(VinculoError::NotFound)));
    assert!(matches!(link(&base, &ana, &leo, &[]).await, Err(VinculoError::NotFound)));
    link(&base, &ana, &leo, &[id]).await.unwrap();
    let program = Actor { id: None, kind: kernel::ActorKind::Token, ..ana.clone() };
    assert!(seen(&base, &program).await.is_empty(), "a program is linked to nothing");
}

#[test]
fn the_narrower_of_two_permissoes_counts() {
    use Scope::{Proprias, Todas, Vinculadas};

    let actor = |ver: Scope, alterar: Scope| {
        let mut actor = Actor::anonimo(kernel::RequestMeta::default());
        actor.id = Some(uuid::Uuid::from_u128(7));
        actor.grants.add(VER.code(), ver);
        actor.grants.add(ALTERAR.code(), alterar);
        actor
    };
    let of = |ver, alterar| Reach::of_both(&actor(ver, alterar), &VER, &ALTERAR).unwrap();
    let linked = [uuid::Uuid::from_u128(7)];
    for (ver, alterar, by_link, anybody) in [
        (Todas, Todas, true, true),
        (Todas, Vinculadas, true, false),
        (Vinculadas, Vinculadas, true, false),
        (Vinculadas, Proprias, false, false),
        (Proprias, Vinculadas, false, false),
        (Proprias, Todas, false, false),
    ] {
        let reach = of(ver, alterar);
        assert_eq!((reach.has(None, &linked), reach.has(None, &[])), (by_link, anybody), "{ver:?} {alterar:?}");
        assert!(reach.has(Some(linked[0]), &[]));
    }
}

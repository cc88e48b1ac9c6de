//! Single permissões of one usuário (S3-1.8).

use acesso::usuario::{
    self, UsuarioId,
    permissao::{self, Ajustar, AjustarError},
};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Actor, Permission, Scope};
use tenancy::TenantTx;
use testkit::Base;

use crate::house::{ANA, actor, audited, id_of, person};

const VER: Permission = Permission::new("empresas.empresa.ver");
const ALTERAR: Permission = Permission::new("empresas.empresa.alterar");

async fn adjust(
    base: &Base,
    actor: &Actor,
    id: UsuarioId,
    permissao: &Permission,
    escopo: Option<Scope>,
    expires_at: Option<DateTime<Utc>>,
) -> Result<(), AjustarError> {
    let cmd = Ajustar { permissao: permissao.clone(), escopo, expires_at };
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| permissao::ajustar(tx, actor, id, &cmd).await).await
}

async fn take_back(base: &Base, actor: &Actor, id: UsuarioId, permissao: &Permission) -> Result<(), AjustarError> {
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| permissao::retirar(tx, actor, id, permissao.code()).await).await
}

#[tokio::test]
async fn what_was_given_or_denied_counts_at_the_next_request_and_until_its_day() {
    let base = Base::new().await;
    let leo = person(&base, "Leitor", ANA).await;
    let (sistema, id) = (Actor::sistema(), id_of(&actor(&base, &leo).await));
    let scope = async |permissao: &Permission| actor(&base, &leo).await.grants.scope(permissao);
    let soon = base.tenants.clock().now() + TimeDelta::minutes(10);
    adjust(&base, &sistema, id, &ALTERAR, Some(Scope::Vinculadas), Some(soon)).await.unwrap();
    adjust(&base, &sistema, id, &VER, None, None).await.unwrap();
    assert_eq!((scope(&VER).await, scope(&ALTERAR).await), (None, Some(Scope::Vinculadas)));
    // What acts for them later holds the same.
    let later = base.alfa(async |tx: &mut TenantTx| usuario::actor(tx, id.uuid()).await.unwrap().unwrap()).await;
    assert_eq!((later.grants.scope(&VER), later.grants.scope(&ALTERAR)), (None, Some(Scope::Vinculadas)));
    base.clock.advance(TimeDelta::minutes(10));
    assert_eq!((scope(&VER).await, scope(&ALTERAR).await), (None, None), "its time is over");
    // Again, in place of the old one.
    adjust(&base, &sistema, id, &ALTERAR, Some(Scope::Todas), None).await.unwrap();
    take_back(&base, &sistema, id, &VER).await.unwrap();
    assert_eq!((scope(&VER).await, scope(&ALTERAR).await), (Some(Scope::Todas), Some(Scope::Todas)));
    assert!(matches!(take_back(&base, &sistema, id, &VER).await, Err(AjustarError::NotFound)));
    let past = adjust(&base, &sistema, id, &VER, None, Some(soon)).await;
    assert!(matches!(past, Err(AjustarError::Past)));
    let trail = ["usuario.permissao_concedida", "usuario.permissao_negada", "usuario.permissao_retirada"];
    let mut told = Vec::new();
    for action in trail {
        told.push(audited(&base, action).await);
    }
    assert_eq!(told, [2, 1, 1]);
}

/// A denial with a day gives back what it took: until then its person is no smaller to others.
#[tokio::test]
async fn a_denial_until_a_day_brings_nobody_within_reach() {
    let base = Base::new().await;
    let (ana, leo) = (person(&base, "Restrito", ANA).await, person(&base, "Restrito", "leo@senai.example").await);
    let (mut ana, leo) = (actor(&base, &ana).await, id_of(&actor(&base, &leo).await));
    ana.grants.add(acesso::perfil::GERIR.code(), Scope::Todas);
    ana.grants.add(usuario::GERIR.code(), Scope::Todas);
    let schema = base.alfa.names().schema();
    base.execute(&format!(
        "INSERT INTO {schema}.perfil_permissao (perfil_id, permissao, escopo)
         SELECT id, 'a.b.ver', 'todas' FROM {schema}.perfil WHERE nome = 'Restrito'"
    ))
    .await;
    let secret = Permission::new("a.b.ver");
    let soon = base.tenants.clock().now() + TimeDelta::minutes(10);
    adjust(&base, &Actor::sistema(), leo, &secret, None, Some(soon)).await.unwrap();
    let refused = base.tenants.write(&base.alfa, async |tx: &mut TenantTx| usuario::desativar(tx, &ana, leo).await).await;
    assert!(matches!(refused, Err(usuario::SituacaoError::Denied(_))), "{refused:?}");
    assert!(matches!(take_back(&base, &ana, leo, &secret).await, Err(AjustarError::Denied(_))));
}

#[tokio::test]
async fn nobody_gives_what_they_do_not_hold_or_to_themselves() {
    let base = Base::new().await;
    let (ana, leo) = (person(&base, "Atendente", ANA).await, person(&base, "Restrito", "leo@senai.example").await);
    let boss = person(&base, "Administrador", "bia@senai.example").await;
    let (mut ana, leo, boss) = (actor(&base, &ana).await, actor(&base, &leo).await, actor(&base, &boss).await);
    let give = async |who: &Actor, to: &Actor, permissao: &Permission, scope| {
        adjust(&base, who, id_of(to), permissao, scope, None).await
    };
    assert!(matches!(give(&ana, &leo, &VER, Some(Scope::Proprias)).await, Err(AjustarError::Denied(_))), "not without the right");
    ana.grants.add(acesso::perfil::GERIR.code(), Scope::Todas);
    give(&ana, &leo, &VER, Some(Scope::Proprias)).await.unwrap();
    assert!(matches!(give(&ana, &leo, &VER, Some(Scope::Todas)).await, Err(AjustarError::Denied(_))));
    assert!(matches!(give(&ana, &leo, &usuario::GERIR, Some(Scope::Todas)).await, Err(AjustarError::Denied(_))));
    assert!(matches!(give(&ana, &leo, &usuario::GERIR, None).await, Err(AjustarError::Denied(_))), "nor deny it");
    assert!(matches!(give(&ana, &ana, &VER, Some(Scope::Todas)).await, Err(AjustarError::Own)));
    assert!(matches!(give(&ana, &boss, &VER, None).await, Err(AjustarError::Denied(_))));
    assert!(matches!(give(&Actor::sistema(), &boss, &VER, None).await, Err(AjustarError::Administrador)));
    let nobody = UsuarioId::new(uuid::Uuid::nil());
    assert!(matches!(adjust(&base, &boss, nobody, &VER, None, None).await, Err(AjustarError::NotFound)));
    // Taking back a denial gives: no more than one holds.
    give(&boss, &leo, &ALTERAR, Some(Scope::Todas)).await.unwrap();
    assert!(matches!(give(&ana, &leo, &VER, None).await, Err(AjustarError::Denied(_))), "leo holds more than ana now");
    assert!(matches!(take_back(&base, &ana, id_of(&leo), &ALTERAR).await, Err(AjustarError::Denied(_))));
}

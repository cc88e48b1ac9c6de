//! Perfis as a unidade changes them: never beyond what one holds oneself, never twice over each other, at once for whoever has them.

use std::collections::BTreeMap;

use acesso::{
    perfil::{self, Dados, Origem, Perfil, PerfilError, PerfilId, preset::PRESETS},
    usuario,
};
use kernel::{Actor, ActorKind, Permission, Scope};
use tenancy::TenantTx;
use testkit::Base;

use crate::house::{ANA, actor, audited, behind, count, invite, person};

const VER: &str = "empresas.empresa.ver";

async fn find(base: &Base, nome: &str) -> Perfil {
    let all = base.alfa(async |tx: &mut TenantTx| perfil::list(tx).await.unwrap()).await;
    all.into_iter().find(|perfil| perfil.nome == nome).unwrap_or_else(|| panic!("no perfil {nome}"))
}

async fn create(base: &Base, actor: &Actor, nome: &str, origem: Origem) -> Result<PerfilId, PerfilError> {
    let nome = nome.parse().unwrap();
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| perfil::criar(tx, actor, &nome, None, origem).await).await
}

async fn change(base: &Base, actor: &Actor, perfil: &Perfil, cells: &[(&str, Option<Scope>)]) -> Result<(), PerfilError> {
    let permissoes = cells.iter().map(|(code, scope)| ((*code).to_owned(), *scope)).collect();
    let dados = Dados { nome: perfil.nome.parse().unwrap(), descricao: None, permissoes };
    let (id, version) = (perfil.id, perfil.version);
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| perfil::alterar(tx, actor, id, version, &dados).await).await
}

async fn delete(base: &Base, actor: &Actor, id: PerfilId) -> Result<(), PerfilError> {
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| perfil::excluir(tx, actor, id).await).await
}

async fn restore(base: &Base, actor: &Actor, id: PerfilId) -> Result<(), PerfilError> {
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| perfil::restaurar(tx, actor, id).await).await
}

/// D-3: what the migrations bring is what the presets say.
#[tokio::test]
async fn a_unidade_begins_with_the_presets() {
    let base = Base::new().await;
    let all = base.alfa(async |tx: &mut TenantTx| perfil::list(tx).await.unwrap()).await;
    assert_eq!(all.len(), PRESETS.len());
    for preset in PRESETS {
        let perfil =
            all.iter().find(|perfil| perfil.key.as_deref() == Some(preset.key)).unwrap_or_else(|| panic!("{}", preset.key));
        assert_eq!((perfil.nome.as_str(), perfil.administrador), (preset.nome, preset.administrador));
        assert_eq!(perfil.permissoes, preset.permissoes(), "{}", preset.key);
        assert!(!perfil.is_changed());
    }
}

/// S0-2.3, S0-2.7: at the next request of whoever has it.
#[tokio::test]
async fn a_changed_perfil_counts_at_the_next_request() {
    let base = Base::new().await;
    let leo = person(&base, "Leitor", ANA).await;
    let ver = Permission::new(VER);
    assert_eq!(actor(&base, &leo).await.grants.scope(&ver), Some(Scope::Todas));
    let leitor = find(&base, "Leitor").await;
    change(&base, &Actor::sistema(), &leitor, &[(VER, Some(Scope::Vinculadas)), ("acesso.usuario.ver", Some(Scope::Todas))])
        .await
        .unwrap();
    let now = actor(&base, &leo).await;
    assert_eq!(now.grants.scope(&ver), Some(Scope::Vinculadas));
    assert!(now.may(&usuario::VER) && now.may(&Permission::new("empresas.documento.ver")), "what was not sent stays");
    assert_eq!(audited(&base, "perfil.alterado").await, 1);
    let changed = find(&base, "Leitor").await;
    assert!(changed.is_changed());
    restore(&base, &Actor::sistema(), leitor.id).await.unwrap();
    assert!(!find(&base, "Leitor").await.is_changed());
    assert_eq!(actor(&base, &leo).await.grants.scope(&ver), Some(Scope::Todas));
    // Nothing changed: no trace, no other version.
    let leitor = find(&base, "Leitor").await;
    change(&base, &Actor::sistema(), &leitor, &[]).await.unwrap();
    assert_eq!((audited(&base, "perfil.alterado").await, find(&base, "Leitor").await.version), (2, leitor.version));
}

#[tokio::test]
async fn of_two_who_change_a_perfil_the_second_is_told() {
    let base = Base::new().await;
    let leitor = find(&base, "Leitor").await;
    let sistema = Actor::sistema();
    let (a, b) = futures::join!(
        change(&base, &sistema, &leitor, &[(VER, None)]),
        change(&base, &sistema, &leitor, &[(VER, Some(Scope::Proprias))])
    );
    assert_eq!(u8::from(a.is_ok()) + u8::from(b.is_ok()), 1, "{a:?} {b:?}");
    assert!([a, b].into_iter().any(|r| matches!(r, Err(PerfilError::Changed))));
}

/// Somebody who may define perfis and holds little: neither up for others nor up for themselves.
#[tokio::test]
async fn nobody_defines_more_than_they_hold() {
    let base = Base::new().await;
    let mut ana = actor(&base, &person(&base, "Atendente", ANA).await).await;
    let (leitor, atendente) = (find(&base, "Leitor").await, find(&base, "Atendente").await);
    assert!(matches!(create(&base, &ana, "Meu", Origem::Nada).await, Err(PerfilError::Denied(_))), "not without the permissão");
    ana.grants.add(perfil::GERIR.code(), Scope::Todas);
    // One that holds more than they do is not theirs to change, whatever the change.
    assert!(matches!(change(&base, &ana, &leitor, &[(VER, None)]).await, Err(PerfilError::Denied(_))));
    assert!(matches!(restore(&base, &ana, leitor.id).await, Err(PerfilError::Denied(_))));
    assert!(matches!(create(&base, &ana, "Meu", Origem::Perfil(leitor.id)).await, Err(PerfilError::Denied(_))));
    // Their own does not rise by their hand.
    for (code, scope) in [(VER, Scope::Todas), (VER, Scope::Vinculadas), ("acesso.usuario.gerir", Scope::Todas)] {
        assert!(matches!(change(&base, &ana, &atendente, &[(code, Some(scope))]).await, Err(PerfilError::Denied(_))), "{code}");
    }
    for nome in ["Administrador", "Adm"] {
        let all = find(&base, nome).await;
        for everybody in [&ana, &Actor::sistema()] {
            let refused = change(&base, everybody, &all, &[(VER, None)]).await;
            assert!(matches!(refused, Err(PerfilError::Fixed | PerfilError::Denied(_))), "{nome}");
            assert!(delete(&base, everybody, all.id).await.is_err(), "{nome}");
            assert!(create(&base, everybody, "Cópia", Origem::Perfil(all.id)).await.is_err(), "{nome}");
        }
    }
    let own = create(&base, &ana, "Meu", Origem::Perfil(atendente.id)).await.unwrap();
    assert!(create(&base, &ana, "Meu", Origem::Nada).await.is_err(), "the name is taken");
    let program = Actor { kind: ActorKind::Token, ..Actor::sistema() };
    assert!(matches!(delete(&base, &program, own).await, Err(PerfilError::Denied(_))), "a token defines nothing");
}

#[tokio::test]
async fn a_perfil_in_use_stays() {
    let base = Base::new().await;
    let sistema = Actor::sistema();
    let id = create(&base, &sistema, "Estagiário", Origem::Perfil(find(&base, "Leitor").await.id)).await.unwrap();
    invite(&base, &sistema, "Estagiário", ANA).await.unwrap();
    assert!(matches!(delete(&base, &sistema, id).await, Err(PerfilError::InUse { usuarios: 0, convites: 1 })));
    base.execute(&format!("DELETE FROM {}.convite", base.alfa.names().schema())).await;
    let ana = person(&base, "Estagiário", ANA).await;
    assert!(matches!(delete(&base, &sistema, id).await, Err(PerfilError::InUse { usuarios: 1, .. })));
    assert!(behind(&base, &base.alfa, &ana.cookie.reveal()).await.is_some());
    // Whoever is gone keeps no perfil in use, and neither does the convite they came by.
    let ana = crate::house::id_of(&actor(&base, &ana).await);
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| usuario::excluir(tx, &sistema, ana).await).await.unwrap();
    delete(&base, &sistema, id).await.unwrap();
    assert_eq!(count(&base, "perfil WHERE nome = 'Estagiário'").await, 0);
    assert!(matches!(delete(&base, &sistema, id).await, Err(PerfilError::NotFound)));
    // A preset that was deleted can be had back.
    let restrito = find(&base, "Restrito").await;
    delete(&base, &sistema, restrito.id).await.unwrap();
    let preset = perfil::preset::Preset::find("restrito").unwrap();
    create(&base, &sistema, "Restrito", Origem::Preset(preset)).await.unwrap();
    assert_eq!(find(&base, "Restrito").await.key.as_deref(), Some("restrito"));
    assert_eq!(BTreeMap::new(), find(&base, "Restrito").await.permissoes);
}

use acesso::{
    sessao::NovaSessao,
    usuario::{self, Filtro, MinhaConta, MinhaContaError, SituacaoError, UsuarioId},
};
use kernel::{Actor, Lang, PageRequest};
use tenancy::TenantTx;
use testkit::Base;

use crate::house::{ANA, SENHA, actor, behind, home, id_of, person, sign_in};

async fn deactivate(base: &Base, actor: &Actor, id: UsuarioId) -> Result<(), SituacaoError> {
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| usuario::desativar(tx, actor, id).await).await
}

async fn stands(base: &Base, sessao: &NovaSessao) -> bool {
    behind(base, &base.alfa, &sessao.cookie.reveal()).await.is_some()
}

/// ASVS V7.4.2.
#[tokio::test]
async fn whoever_is_deactivated_is_out_at_the_next_request() {
    let base = Base::new().await;
    let (boss, leo) = (person(&base, "Administrador", ANA).await, person(&base, "Leitor", "leo@senai.example").await);
    let (boss, who) = (actor(&base, &boss).await, actor(&base, &leo).await);
    deactivate(&base, &boss, id_of(&who)).await.unwrap();
    assert!(!stands(&base, &leo).await);
    assert!(matches!(deactivate(&base, &boss, id_of(&who)).await, Err(SituacaoError::Unchanged)));

    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| usuario::reativar(tx, &boss, id_of(&who)).await).await.unwrap();
    assert!(!stands(&base, &leo).await, "an old sessão does not come back");
    assert!(stands(&base, &sign_in(&base, &home(), "leo@senai.example", SENHA).await.unwrap()).await);
}

/// Whatever the sessões say, a usuario who is not active is nobody.
#[tokio::test]
async fn the_row_of_the_usuario_decides() {
    let base = Base::new().await;
    let leo = person(&base, "Leitor", ANA).await;
    base.execute(&format!("UPDATE {}.usuario SET ativo = false", base.alfa.names().schema())).await;
    assert!(!stands(&base, &leo).await);
}

#[tokio::test]
async fn the_last_administrador_stays() {
    let base = Base::new().await;
    let ana = person(&base, "Administrador", ANA).await;
    let ana = actor(&base, &ana).await;
    assert!(matches!(deactivate(&base, &ana, id_of(&ana)).await, Err(SituacaoError::Own)));
    assert!(matches!(deactivate(&base, &Actor::sistema(), id_of(&ana)).await, Err(SituacaoError::LastAdministrador)));

    let bia = person(&base, "Administrador", "bia@senai.example").await;
    let bia = actor(&base, &bia).await;
    // Each shuts the other out, at once: one of them stays.
    let (a, b) = futures::join!(deactivate(&base, &ana, id_of(&bia)), deactivate(&base, &bia, id_of(&ana)));
    assert_eq!(u8::from(a.is_ok()) + u8::from(b.is_ok()), 1, "{a:?} {b:?}");
    assert!([a, b].into_iter().any(|r| matches!(r, Err(SituacaoError::LastAdministrador))));
}

#[tokio::test]
async fn nobody_shuts_out_somebody_who_holds_more() {
    let base = Base::new().await;
    let (ana, _) = (person(&base, "Administrador", ANA).await, person(&base, "Administrador", "bia@senai.example").await);
    let leo = person(&base, "Leitor", "leo@senai.example").await;
    let (ana, mut leo) = (actor(&base, &ana).await, actor(&base, &leo).await);
    assert!(matches!(deactivate(&base, &leo, id_of(&ana)).await, Err(SituacaoError::Denied(_))));
    leo.grants.add(usuario::GERIR.code(), kernel::Scope::Todas);
    assert!(matches!(deactivate(&base, &leo, id_of(&ana)).await, Err(SituacaoError::Denied(_))));
}

/// S0-2.2.
#[tokio::test]
async fn people_are_found_without_accents_and_counted() {
    let base = Base::new().await;
    person(&base, "Administrador", ANA).await;
    person(&base, "Leitor", "leo_1@senai.example").await;
    base.execute(&format!("UPDATE {}.usuario SET nome = 'Léo Conceição' WHERE email LIKE 'leo%'", base.alfa.names().schema()))
        .await;
    let find = async |busca: &str, ativo: Option<bool>| {
        let filtro = Filtro { busca, ativo, ..Filtro::default() };
        base.alfa(async |tx: &mut TenantTx| usuario::list(tx, &filtro, PageRequest::default()).await.unwrap()).await
    };
    let (all, total) = find("", None).await;
    assert_eq!((all.len(), total), (2, 2));
    assert_eq!(all.iter().map(|u| u.nome.as_str()).collect::<Vec<_>>(), ["Ana Lima", "Léo Conceição"]);
    assert!(all.iter().all(|u| u.last_seen_at.is_some()));
    for (busca, found) in [("conceicao", 1), ("LEO_1@", 1), ("%", 0), ("_", 1), ("\\", 0), ("senai.example", 2), ("'", 0)] {
        assert_eq!(find(busca, None).await.1, found, "{busca}");
    }
    assert_eq!(find("", Some(false)).await.1, 0);
}

#[tokio::test]
async fn two_tabs_do_not_overwrite_each_other() {
    let base = Base::new().await;
    let ana = person(&base, "Leitor", ANA).await;
    let ana = actor(&base, &ana).await;
    let save = async |nome: &str, version| {
        let cmd = MinhaConta { nome: nome.parse().unwrap(), idioma: Some(Lang::En), version };
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| usuario::alterar_minha_conta(tx, &ana, cmd).await).await
    };
    save("Ana L.", 1).await.unwrap();
    assert!(matches!(save("Ana Lima Silva", 1).await, Err(MinhaContaError::Changed)));
    save("Ana Lima Silva", 2).await.unwrap();
    // The new language goes along to the next browser.
    assert_eq!(sign_in(&base, &home(), ANA, SENHA).await.unwrap().idioma, Some(Lang::En));
}

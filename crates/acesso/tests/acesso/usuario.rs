use acesso::{
    sessao::NovaSessao,
    usuario::{self, AlterarUsuarioError, DadosUsuario, Filtro, MinhaConta, MinhaContaError, SituacaoError, UsuarioId},
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
        let cmd = MinhaConta {
            nome: nome.parse().unwrap(),
            idioma: Some(Lang::En),
            fuso: Some("America/Manaus".parse().unwrap()),
            version,
        };
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| usuario::alterar_minha_conta(tx, &ana, cmd).await).await
    };
    save("Ana L.", 1).await.unwrap();
    assert!(matches!(save("Ana Lima Silva", 1).await, Err(MinhaContaError::Changed)));
    save("Ana Lima Silva", 2).await.unwrap();
    // The new language goes along to the next browser.
    assert_eq!(sign_in(&base, &home(), ANA, SENHA).await.unwrap().idioma, Some(Lang::En));
}

async fn row(base: &Base, id: UsuarioId) -> usuario::Usuario {
    base.alfa(async |tx: &mut TenantTx| usuario::find(tx, id).await.unwrap().unwrap()).await
}

/// What the form would send for somebody as they are, with the perfil of that name.
async fn as_now(base: &Base, id: UsuarioId, perfil: &str) -> DadosUsuario {
    let row = row(base, id).await;
    let all = base.alfa(async |tx: &mut TenantTx| acesso::perfil::list(tx).await.unwrap()).await;
    DadosUsuario {
        nome: row.nome.parse().unwrap(),
        email: row.email.parse().unwrap(),
        perfil: all.into_iter().find(|one| one.nome == perfil).unwrap().id,
        setor: None,
        idioma: row.idioma,
        telefone: None,
        version: row.version,
        confirmed: false,
    }
}

async fn change(base: &Base, actor: &Actor, id: UsuarioId, cmd: DadosUsuario) -> Result<(), AlterarUsuarioError> {
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| usuario::alterar_usuario(tx, actor, id, cmd).await).await
}

async fn remove(base: &Base, actor: &Actor, id: UsuarioId) -> Result<(), SituacaoError> {
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| usuario::excluir(tx, actor, id).await).await
}

/// S0-2.3, S3-2.2.
#[tokio::test]
async fn another_perfil_counts_at_the_next_request() {
    let base = Base::new().await;
    let (boss, leo) = (person(&base, "Administrador", ANA).await, person(&base, "Leitor", "leo@senai.example").await);
    let (boss, id) = (actor(&base, &boss).await, id_of(&actor(&base, &leo).await));
    let cmd = DadosUsuario { setor: Some("Automação".parse().unwrap()), ..as_now(&base, id, "Atendente").await };
    let stale = cmd.clone();
    change(&base, &boss, id, cmd).await.unwrap();
    assert!(actor(&base, &leo).await.may(&kernel::Permission::new("empresas.empresa.alterar")));
    assert_eq!(row(&base, id).await.setor.as_deref(), Some("Automação"));
    assert!(matches!(change(&base, &boss, id, stale).await, Err(AlterarUsuarioError::Changed)));
    let taken = DadosUsuario { email: ANA.parse().unwrap(), ..as_now(&base, id, "Atendente").await };
    assert!(matches!(change(&base, &boss, id, taken).await, Err(AlterarUsuarioError::EmailTaken)));
    let sectors = ["Automação".to_owned()];
    let filtro = Filtro { setores: &sectors, ..Filtro::default() };
    let (found, total) =
        base.alfa(async |tx: &mut TenantTx| usuario::list(tx, &filtro, PageRequest::default()).await.unwrap()).await;
    assert_eq!((found[0].id, total), (id, 1));
}

/// One's own rights do not rise by a form, and nobody is given what the giver does not hold.
#[tokio::test]
async fn nobody_rises_by_a_form() {
    let base = Base::new().await;
    let (boss, ana) = (person(&base, "Administrador", "bia@senai.example").await, person(&base, "Atendente", ANA).await);
    let leo = person(&base, "Restrito", "leo@senai.example").await;
    let (boss, mut ana, leo) = (actor(&base, &boss).await, actor(&base, &ana).await, id_of(&actor(&base, &leo).await));
    let own = id_of(&ana);
    assert!(matches!(change(&base, &ana, own, as_now(&base, own, "Atendente").await).await, Err(AlterarUsuarioError::Denied(_))));
    ana.grants.add(usuario::GERIR.code(), kernel::Scope::Todas);
    for perfil in ["Administrador", "Restrito"] {
        assert!(matches!(change(&base, &ana, own, as_now(&base, own, perfil).await).await, Err(AlterarUsuarioError::Own)));
    }
    for perfil in ["Administrador", "Leitor", "Master"] {
        let refused = change(&base, &ana, leo, as_now(&base, leo, perfil).await).await;
        assert!(matches!(refused, Err(AlterarUsuarioError::Denied(_))), "{perfil}: {refused:?}");
    }
    // Whoever holds more is not theirs to change: an e-mail of theirs would open that account.
    let id = id_of(&boss);
    let hijack = DadosUsuario { email: "mine@senai.example".parse().unwrap(), ..as_now(&base, id, "Administrador").await };
    assert!(matches!(change(&base, &ana, id, hijack).await, Err(AlterarUsuarioError::Denied(_))));
    assert!(matches!(remove(&base, &ana, id).await, Err(SituacaoError::Denied(_))));
    let program = Actor { kind: kernel::ActorKind::Token, ..Actor::sistema() };
    assert!(matches!(remove(&base, &program, leo).await, Err(SituacaoError::Denied(_))));
    change(&base, &ana, leo, as_now(&base, leo, "Atendente").await).await.unwrap();
}

/// An e-mail opens the account: nobody moves their own by a form, and the old address is told when somebody else does.
#[tokio::test]
async fn another_e_mail_is_somebody_else_s_work_and_told_to_the_old_one() {
    let base = Base::new().await;
    let (boss, _) = (person(&base, "Administrador", ANA).await, person(&base, "Leitor", "leo@senai.example").await);
    let boss = actor(&base, &boss).await;
    let own = id_of(&boss);
    let cmd = DadosUsuario { email: "mine@senai.example".parse().unwrap(), ..as_now(&base, own, "Administrador").await };
    assert!(matches!(change(&base, &boss, own, cmd).await, Err(AlterarUsuarioError::Own)));
    let leo = id_of(&actor(&base, &sign_in(&base, &home(), "leo@senai.example", SENHA).await.unwrap()).await);
    let cmd = DadosUsuario { email: "leandro@senai.example".parse().unwrap(), ..as_now(&base, leo, "Leitor").await };
    change(&base, &boss, leo, cmd).await.unwrap();
    let told = "mensagem WHERE recipient = 'leo@senai.example' AND subject LIKE 'O e-mail da sua conta%'";
    assert_eq!(crate::house::count(&base, told).await, 1);
}

/// Two administradores take the perfil from each other, or one takes it while the other deactivates: one of them stays.
#[tokio::test]
async fn the_last_administrador_stays_whatever_two_do_at_once() {
    let base = Base::new().await;
    let (ana, bia) = (person(&base, "Administrador", ANA).await, person(&base, "Adm", "bia@senai.example").await);
    let (ana, bia) = (actor(&base, &ana).await, actor(&base, &bia).await);
    let (a, b) = (as_now(&base, id_of(&ana), "Leitor").await, as_now(&base, id_of(&bia), "Leitor").await);
    let (one, two) = futures::join!(change(&base, &ana, id_of(&bia), b), change(&base, &bia, id_of(&ana), a));
    assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1, "{one:?} {two:?}");
    assert!([one, two].into_iter().any(|r| matches!(r, Err(AlterarUsuarioError::LastAdministrador))));
    let left = base.alfa(async |tx: &mut TenantTx| usuario::administradores(tx).await.unwrap()).await;
    assert_eq!(left, 1);

    let base = Base::new().await;
    let (ana, bia) = (person(&base, "Administrador", ANA).await, person(&base, "Adm", "bia@senai.example").await);
    let (ana, bia) = (actor(&base, &ana).await, actor(&base, &bia).await);
    let lower = as_now(&base, id_of(&bia), "Leitor").await;
    let (one, two) = futures::join!(change(&base, &ana, id_of(&bia), lower), remove(&base, &bia, id_of(&ana)));
    assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1, "{one:?} {two:?}");
    let left = base.alfa(async |tx: &mut TenantTx| usuario::administradores(tx).await.unwrap()).await;
    assert_eq!(left, 1);
}

/// S3-12.9.
#[tokio::test]
async fn a_third_administrador_takes_a_second_thought() {
    let base = Base::new().await;
    let ana = actor(&base, &person(&base, "Administrador", ANA).await).await;
    person(&base, "Adm", "bia@senai.example").await;
    let leo = id_of(&actor(&base, &person(&base, "Leitor", "leo@senai.example").await).await);
    let cmd = as_now(&base, leo, "Adm").await;
    assert!(matches!(change(&base, &ana, leo, cmd.clone()).await, Err(AlterarUsuarioError::ManyAdministradores)));
    change(&base, &ana, leo, DadosUsuario { confirmed: true, ..cmd }).await.unwrap();
}

/// S0-2.4: shut out, forgotten by the lists, remembered by what they wrote; the e-mail is free.
#[tokio::test]
async fn whoever_is_removed_leaves_their_name() {
    let base = Base::new().await;
    let ana = actor(&base, &person(&base, "Administrador", ANA).await).await;
    let leo = person(&base, "Leitor", "leo@senai.example").await;
    let id = id_of(&actor(&base, &leo).await);
    assert!(matches!(remove(&base, &ana, id_of(&ana)).await, Err(SituacaoError::Own)));
    remove(&base, &ana, id).await.unwrap();
    assert!(!stands(&base, &leo).await);
    assert!(sign_in(&base, &home(), "leo@senai.example", SENHA).await.is_err());
    let found = base.alfa(async |tx: &mut TenantTx| usuario::find(tx, id).await.unwrap()).await;
    assert_eq!(found, None);
    let (all, total) =
        base.alfa(async |tx: &mut TenantTx| usuario::list(tx, &Filtro::default(), PageRequest::default()).await.unwrap()).await;
    assert_eq!((all.len(), total), (1, 1));
    assert_eq!(crate::house::count(&base, "usuario WHERE nome = 'Ana Lima' AND deleted_at IS NOT NULL").await, 1);
    assert!(matches!(remove(&base, &ana, id).await, Err(SituacaoError::NotFound)));
    assert!(matches!(
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| usuario::reativar(tx, &ana, id).await).await,
        Err(SituacaoError::NotFound)
    ));
    person(&base, "Leitor", "leo@senai.example").await;
}

/// A person elsewhere reads the clock of the place where they are; everybody else that of the unidade.
#[tokio::test]
async fn a_person_s_zone_comes_with_them() {
    let base = Base::new().await;
    let sessao = person(&base, "Leitor", ANA).await;
    let zone = async || behind(&base, &base.alfa, &sessao.cookie.reveal()).await.unwrap().zone;
    assert_eq!(zone().await, None);
    let ana = actor(&base, &sessao).await;
    let cmd =
        MinhaConta { nome: "Ana".parse().unwrap(), idioma: None, fuso: Some("America/Rio_Branco".parse().unwrap()), version: 1 };
    base.tenants
        .write(&base.alfa, async |tx: &mut TenantTx| usuario::alterar_minha_conta(tx, &ana, cmd.clone()).await)
        .await
        .unwrap();
    assert_eq!(zone().await, Some(chrono_tz::Tz::America__Rio_Branco));
    base.execute(&format!("UPDATE {}.usuario SET fuso = 'Nowhere/At_All'", base.alfa.names().schema())).await;
    assert_eq!(zone().await, None, "one that this version does not know");
}

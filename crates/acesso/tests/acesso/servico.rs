use acesso::{
    perfil,
    servico::{self, AlterarServico, CriarServico, ServicoError, ServicoRule},
    token::{self, CriarToken, CriarTokenError, Limite, TokenCriado},
    usuario::{self, AlterarUsuarioError, DadosUsuario, UsuarioId},
};
use kernel::{Actor, ActorKind, Permission};
use tenancy::TenantTx;
use testkit::Base;
use web::Identity;

use crate::house::{ANA, actor, audited, count, id_of, person, porteiro};

const VER: &str = "empresas.empresa.ver";

async fn perfil_named(tx: &mut TenantTx, nome: &str) -> perfil::PerfilId {
    perfil::list(tx).await.unwrap().into_iter().find(|p| p.nome == nome).unwrap().id
}

async fn create(base: &Base, by: &Actor, perfil: &str, responsaveis: Vec<UsuarioId>) -> Result<UsuarioId, ServicoError> {
    base.tenants
        .write(&base.alfa, async |tx: &mut TenantTx| {
            let perfil = perfil_named(tx, perfil).await;
            let cmd = CriarServico {
                nome: "Carga noturna".parse().unwrap(),
                descricao: None,
                perfil,
                responsaveis: responsaveis.clone(),
            };
            servico::criar_servico(tx, by, cmd).await
        })
        .await
}

async fn token_for(base: &Base, by: &Actor, servico: UsuarioId, permissao: &str) -> Result<TokenCriado, CriarTokenError> {
    let key = base.config.master_key.clone();
    let cmd = CriarToken {
        nome: "ERP".parse().unwrap(),
        permissoes: vec![permissao.to_owned()],
        days: 30,
        servico: Some(servico),
        limite: Limite::default(),
    };
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| token::criar_token(tx, by, &key, cmd).await).await
}

async fn may(base: &Base, text: &str) -> Option<bool> {
    let porteiro = porteiro(base);
    let found = base.alfa(async |tx: &mut TenantTx| porteiro.by_token(tx, text).await).await.unwrap();
    found.map(|program| program.actor.may(&Permission::new(VER)))
}

/// A program outlives whoever set it up, and ends with its own account.
#[tokio::test]
async fn a_service_s_token_outlives_its_maker() {
    let base = Base::new().await;
    let ana = actor(&base, &person(&base, "Administrador", ANA).await).await;
    let bia = actor(&base, &person(&base, "Administrador", "bia@senai.example").await).await;
    let id = create(&base, &ana, "Leitor", vec![id_of(&ana)]).await.unwrap();
    let made = token_for(&base, &ana, id, VER).await.unwrap();
    assert_eq!(may(&base, &made.text).await, Some(true));
    base.alfa(async |tx: &mut TenantTx| usuario::excluir(tx, &bia, id_of(&ana)).await).await.unwrap();
    assert_eq!(may(&base, &made.text).await, Some(true), "its maker is gone");
    let answering = base.alfa(async |tx: &mut TenantTx| servico::responsaveis(tx, id).await).await.unwrap();
    assert!(answering.is_empty(), "the page says that nobody answers for it");

    // Its own rights bound it, at every request.
    base.execute(&format!(
        "UPDATE {s}.usuario SET perfil_id = (SELECT id FROM {s}.perfil WHERE nome = 'Restrito') WHERE id = '{id}'",
        s = base.alfa.names().schema()
    ))
    .await;
    assert_eq!(may(&base, &made.text).await, Some(false));
    base.alfa(async |tx: &mut TenantTx| usuario::desativar(tx, &bia, id).await).await.unwrap();
    assert_eq!(may(&base, &made.text).await, None);
    base.alfa(async |tx: &mut TenantTx| usuario::reativar(tx, &bia, id).await).await.unwrap();
    assert_eq!(may(&base, &made.text).await, None, "revoked with it");
    assert_eq!((audited(&base, "servico.criado").await, audited(&base, "token.revogado").await), (1, 1));
}

#[tokio::test]
async fn a_service_holds_no_more_than_it_may() {
    let base = Base::new().await;
    let ana = actor(&base, &person(&base, "Administrador", ANA).await).await;
    let own = vec![id_of(&ana)];
    let rule = |outcome: Result<UsuarioId, ServicoError>| match outcome {
        Err(ServicoError::Rule(rule)) => rule,
        other => panic!("{other:?}"),
    };
    assert_eq!(rule(create(&base, &ana, "Administrador", own.clone()).await), ServicoRule::Administrador);
    assert_eq!(rule(create(&base, &ana, "Leitor", vec![]).await), ServicoRule::NoResponsavel);
    let id = create(&base, &ana, "Leitor", own.clone()).await.unwrap();
    assert_eq!(rule(create(&base, &ana, "Leitor", vec![id]).await), ServicoRule::NoResponsavel, "a program answers for nothing");
    assert_eq!(
        rule(create(&base, &ana, "Leitor", vec![id_of(&ana), UsuarioId::new(uuid::Uuid::nil())]).await),
        ServicoRule::NoResponsavel
    );

    assert!(matches!(token_for(&base, &ana, id, "acesso.usuario.gerir").await, Err(CriarTokenError::BeyondServico)));
    assert!(
        matches!(token_for(&base, &ana, id_of(&ana), VER).await, Err(CriarTokenError::UnknownServico)),
        "a person is no program"
    );
    let program = Actor { kind: ActorKind::Token, ..ana.clone() };
    assert!(matches!(create(&base, &program, "Leitor", own.clone()).await, Err(ServicoError::Denied(_))));

    // Somebody who manages people, and holds little.
    let leo = person(&base, "Restrito", "leo@senai.example").await;
    base.execute(&format!(
        "INSERT INTO {s}.usuario_permissao (usuario_id, permissao, escopo, created_at, created_by_nome)
         SELECT id, code, 'todas', now(), 'Ana' FROM {s}.usuario, unnest(ARRAY['acesso.usuario.gerir', 'acesso.token.gerir', '{VER}']) AS code
         WHERE email = 'leo@senai.example'",
        s = base.alfa.names().schema()
    ))
    .await;
    let leo = actor(&base, &leo).await;
    assert!(matches!(create(&base, &leo, "Leitor", own.clone()).await, Err(ServicoError::Denied(_))));
    assert!(matches!(token_for(&base, &leo, id, VER).await, Err(CriarTokenError::UnknownServico)), "it holds more than he does");
    let alter = async |by: &Actor, perfil: &'static str, version: i32| {
        let own = own.clone();
        base.tenants
            .write(&base.alfa, async |tx: &mut TenantTx| {
                let perfil = perfil_named(tx, perfil).await;
                let cmd = AlterarServico {
                    nome: "Outro".parse().unwrap(),
                    descricao: None,
                    perfil,
                    responsaveis: own.clone(),
                    version,
                };
                servico::alterar_servico(tx, by, id, cmd).await
            })
            .await
    };
    assert!(matches!(alter(&leo, "Restrito", 1).await, Err(ServicoError::Denied(_))));
    assert!(matches!(alter(&ana, "Adm", 1).await, Err(ServicoError::Rule(ServicoRule::Administrador))));
    alter(&ana, "Atendente", 1).await.unwrap();
    assert!(matches!(alter(&ana, "Leitor", 1).await, Err(ServicoError::Rule(ServicoRule::Changed))), "of another version");
}

/// There is no way in for a program, whatever somebody writes into the forms of people.
#[tokio::test]
async fn a_program_cannot_be_made_a_person() {
    let base = Base::new().await;
    let ana = actor(&base, &person(&base, "Administrador", ANA).await).await;
    let id = create(&base, &ana, "Leitor", vec![id_of(&ana)]).await.unwrap();
    let taken = base
        .tenants
        .write(&base.alfa, async |tx: &mut TenantTx| {
            let dados = DadosUsuario {
                nome: "Eva".parse().unwrap(),
                email: "eva@senai.example".parse().unwrap(),
                perfil: perfil_named(tx, "Leitor").await,
                setor: None,
                idioma: None,
                telefone: None,
                version: 1,
                confirmed: false,
            };
            usuario::alterar_usuario(tx, &ana, id, dados).await
        })
        .await;
    assert!(matches!(taken, Err(AlterarUsuarioError::NotFound)));
    assert_eq!(count(&base, "usuario WHERE kind = 'servico' AND email LIKE 'servico-%@invalid'").await, 1);
    let administradores = base.alfa(async |tx: &mut TenantTx| usuario::administradores(tx).await).await.unwrap();
    assert_eq!(administradores, 1, "it is none of those who administrate");
}

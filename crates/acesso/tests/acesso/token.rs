use acesso::token::{self, CriarToken, CriarTokenError, Limite, RevogarTokenError, TokenCriado};
use chrono::TimeDelta;
use kernel::{Actor, ActorKind, Permission, Scope};
use tenancy::TenantTx;
use testkit::Base;
use web::{Identity, SignedIn};

use crate::house::{ANA, actor, person, porteiro};

const VER: &str = "empresas.empresa.ver";

async fn create(base: &Base, actor: &Actor, permissoes: &[&str], days: u16) -> Result<TokenCriado, CriarTokenError> {
    let cmd = CriarToken {
        nome: "ERP".parse().unwrap(),
        permissoes: permissoes.iter().map(|&p| p.to_owned()).collect(),
        days,
        servico: None,
        limite: Limite::default(),
    };
    let key = base.config.master_key.clone();
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| token::criar_token(tx, actor, &key, cmd).await).await
}

async fn behind(base: &Base, unidade: &std::sync::Arc<tenancy::Unidade>, text: &str) -> Option<SignedIn> {
    let porteiro = porteiro(base);
    base.tenants.read(unidade, async |tx: &mut TenantTx| porteiro.by_token(tx, text).await).await.unwrap()
}

/// Gives everybody what is not their perfil's: permissão, escopo and until when.
async fn hold(base: &Base, values: &str) {
    let schema = base.alfa.names().schema();
    base.execute(&format!(
        "INSERT INTO {schema}.usuario_permissao (usuario_id, permissao, escopo, expires_at, created_at, created_by_nome)
         SELECT u.id, given.*, now(), 'Marina' FROM {schema}.usuario u, (VALUES {values}) AS given (permissao, escopo, expires_at)"
    ))
    .await;
}

/// P-4, S2-6.1.
#[tokio::test]
async fn a_token_opens_what_it_was_given_in_its_unidade() {
    let base = Base::new().await;
    let created = create(&base, &Actor::sistema(), &[VER], 30).await.unwrap();
    let porteiro = porteiro(&base);
    assert_eq!(porteiro.audience(&created.text), Some(base.alfa.id));

    let program = behind(&base, &base.alfa, &created.text).await.unwrap();
    assert_eq!((program.actor.kind, program.actor.nome.as_str(), program.session), (ActorKind::Token, "ERP", None));
    assert_eq!(program.actor.grants.scope(&Permission::new(VER)), Some(Scope::Todas));
    assert!(!program.actor.may(&acesso::usuario::VER));
    assert!(behind(&base, &base.beta, &created.text).await.is_none());

    assert!(program.touch, "it was never used");
    base.alfa(async |tx: &mut TenantTx| porteiro.touch(tx, &program.actor, None).await).await.unwrap();
    assert!(!behind(&base, &base.alfa, &created.text).await.unwrap().touch);
}

/// ASVS V9: the row of the token has the last word.
#[tokio::test]
async fn a_revoked_expired_or_unlisted_token_is_nothing() {
    let base = Base::new().await;
    let (one, two) =
        (create(&base, &Actor::sistema(), &[VER], 1).await.unwrap(), create(&base, &Actor::sistema(), &[VER], 30).await.unwrap());
    let revoke = async || {
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| token::revogar_token(tx, &Actor::sistema(), two.id).await).await
    };
    revoke().await.unwrap();
    assert!(behind(&base, &base.alfa, &two.text).await.is_none());
    assert!(matches!(revoke().await, Err(RevogarTokenError::NotFound)));

    base.clock.advance(TimeDelta::days(1));
    assert!(behind(&base, &base.alfa, &one.text).await.is_some(), "the clocks of two machines may differ by a minute");
    base.clock.advance(TimeDelta::seconds(61));
    assert!(behind(&base, &base.alfa, &one.text).await.is_none());

    let three = create(&base, &Actor::sistema(), &[VER], 30).await.unwrap();
    base.execute(&format!("DELETE FROM {}.token_api", base.alfa.names().schema())).await;
    assert!(behind(&base, &base.alfa, &three.text).await.is_none(), "a signature alone opens nothing");
}

#[tokio::test]
async fn nobody_gives_a_program_more_than_they_hold() {
    let base = Base::new().await;
    let sessao = person(&base, "Leitor", ANA).await;
    let leo = actor(&base, &sessao).await;
    assert!(matches!(create(&base, &leo, &[token::GERIR.code()], 30).await, Err(CriarTokenError::Denied(_))));
    hold(&base, "('acesso.token.gerir', 'todas', NULL::timestamptz), ('a.b.ver', 'proprias', NULL)").await;
    let leo = actor(&base, &sessao).await;
    assert!(matches!(create(&base, &leo, &["acesso.usuario.gerir"], 30).await, Err(CriarTokenError::Denied(_))));
    assert!(matches!(create(&base, &leo, &["a.b.ver"], 30).await, Err(CriarTokenError::Denied(_))), "a narrower scope is less");
    create(&base, &leo, &[token::GERIR.code()], 30).await.unwrap();
    let program = Actor { kind: ActorKind::Token, ..leo.clone() };
    let successor = create(&base, &program, &[token::GERIR.code()], 30).await;
    assert!(matches!(successor, Err(CriarTokenError::Denied(_))), "a token makes no successor, so that it ends");
    assert!(matches!(create(&base, &leo, &[], 30).await, Err(CriarTokenError::NoPermissao)));
    for days in [0, 367] {
        assert!(matches!(create(&base, &leo, &[token::GERIR.code()], days).await, Err(CriarTokenError::Days)));
    }
}

/// A program may do no more than whoever made it may now, and is given nothing that ends sooner than it.
#[tokio::test]
async fn a_token_does_not_outlive_the_rights_of_its_maker() {
    let base = Base::new().await;
    let sessao = person(&base, "Administrador", ANA).await;
    let own = create(&base, &actor(&base, &sessao).await, &[VER], 30).await.unwrap();
    let may = async || behind(&base, &base.alfa, &own.text).await.unwrap().actor.may(&Permission::new(VER));
    assert!(may().await);
    let schema = base.alfa.names().schema();
    base.execute(&format!("UPDATE {schema}.usuario SET perfil_id = (SELECT id FROM {schema}.perfil WHERE nome = 'Restrito')"))
        .await;
    assert!(!may().await, "whoever made it may no more");
    hold(&base, "('acesso.token.gerir', 'todas', 'infinity'::timestamptz), ('empresas.empresa.ver', 'todas', NULL)").await;
    assert!(may().await);
    let ana = actor(&base, &sessao).await;
    assert!(
        matches!(create(&base, &ana, &[token::GERIR.code()], 30).await, Err(CriarTokenError::Denied(_))),
        "theirs until a day"
    );
    create(&base, &ana, &[VER], 30).await.unwrap();
}

/// A program does not outlive the account it came from.
#[tokio::test]
async fn a_token_ends_with_whoever_made_it() {
    let base = Base::new().await;
    let ana = actor(&base, &person(&base, "Administrador", ANA).await).await;
    let own = create(&base, &ana, &[VER], 30).await.unwrap();
    let other = create(&base, &Actor::sistema(), &[VER], 30).await.unwrap();
    let schema = base.alfa.names().schema();
    base.execute(&format!("UPDATE {schema}.usuario SET ativo = false")).await;
    assert!(behind(&base, &base.alfa, &own.text).await.is_none(), "the row of the usuario decides");
    base.execute(&format!("UPDATE {schema}.usuario SET ativo = true")).await;
    person(&base, "Administrador", "bia@senai.example").await;
    base.tenants
        .write(&base.alfa, async |tx: &mut TenantTx| {
            acesso::usuario::desativar(tx, &Actor::sistema(), crate::house::id_of(&ana)).await
        })
        .await
        .unwrap();
    base.tenants
        .write(&base.alfa, async |tx: &mut TenantTx| {
            acesso::usuario::reativar(tx, &Actor::sistema(), crate::house::id_of(&ana)).await
        })
        .await
        .unwrap();
    assert!(behind(&base, &base.alfa, &own.text).await.is_none(), "it does not come back with its maker");
    assert!(behind(&base, &base.alfa, &other.text).await.is_some());
    assert_eq!(crate::house::audited(&base, "token.revogado").await, 1);
}

async fn rotate(base: &Base, seen: &str, end_older: bool) -> Result<token::Chave, token::ChaveError> {
    let seen = seen.parse().unwrap();
    base.tenants
        .write(&base.alfa, async |tx: &mut TenantTx| token::trocar_chave(tx, &Actor::sistema(), seen, end_older).await)
        .await
}

/// A new key signs from now on; what the old one signed goes on until its own end, or ends when somebody says so.
#[tokio::test]
async fn a_new_key_signs_and_the_old_tokens_stay() {
    let base = Base::new().await;
    let old = create(&base, &Actor::sistema(), &[VER], 30).await.unwrap();
    assert_eq!(rotate(&base, "1", false).await.unwrap().to_string(), "2");
    assert!(matches!(rotate(&base, "1", true).await, Err(token::ChaveError::Rule(_))), "sent twice");
    assert!(matches!(rotate(&base, "7", true).await, Err(token::ChaveError::Rule(_))), "a key that nobody saw");
    let new = create(&base, &Actor::sistema(), &[VER], 30).await.unwrap();
    for text in [&old.text, &new.text] {
        assert!(behind(&base, &base.alfa, text).await.is_some());
    }
    // The row says which key signed it: another genuine signature on the same id is none.
    let schema = base.alfa.names().schema();
    base.execute(&format!("UPDATE {schema}.token_api SET chave = 1 WHERE id = '{}'", new.id)).await;
    assert!(behind(&base, &base.alfa, &new.text).await.is_none());
    base.execute(&format!("UPDATE {schema}.token_api SET chave = 2 WHERE id = '{}'", new.id)).await;

    assert_eq!(rotate(&base, "2", true).await.unwrap().to_string(), "3");
    for text in [&old.text, &new.text] {
        assert!(behind(&base, &base.alfa, text).await.is_none(), "ended with their keys");
    }
    let third = create(&base, &Actor::sistema(), &[VER], 30).await.unwrap();
    assert!(behind(&base, &base.alfa, &third.text).await.is_some());
    base.execute(&format!("UPDATE {schema}.token_chave SET ended_at = now() WHERE number = 3")).await;
    assert!(behind(&base, &base.alfa, &third.text).await.is_none(), "the row of the key decides");
    assert_eq!(crate::house::audited(&base, "token.chave_trocada").await, 2);
    let program = Actor { kind: ActorKind::Token, ..Actor::sistema() };
    let denied = base
        .tenants
        .write(&base.alfa, async |tx: &mut TenantTx| token::trocar_chave(tx, &program, "3".parse().unwrap(), true).await)
        .await;
    assert!(matches!(denied, Err(token::ChaveError::Denied(_))));
}

/// Several processes, each with its own counters, hold one limit together; it costs no statement of its own.
#[tokio::test]
async fn processes_hold_a_limit_together() {
    let base = Base::new().await;
    let created = create(&base, &Actor::sistema(), &[VER], 30).await.unwrap();
    let limit = async |limite: &str| {
        let limite = limite.parse().unwrap();
        base.alfa(async |tx: &mut TenantTx| token::limitar_token(tx, &Actor::sistema(), created.id, limite).await).await.unwrap();
    };
    limit("40").await;
    let processes = [porteiro(&base), porteiro(&base)];
    let ask = async |process: &acesso::Porteiro| {
        base.alfa(async |tx: &mut TenantTx| {
            let found = process.by_token(tx, &created.text).await?.unwrap();
            let quota = process.spend(found.actor.id.unwrap(), found.pace.unwrap(), tx.clock().now(), 1);
            if quota.tell {
                process.touch(tx, &found.actor, None).await?;
            }
            Ok::<_, kernel::Fault>(quota)
        })
        .await
        .unwrap()
    };
    let mut got = 0;
    for _ in 0..40 {
        for process in &processes {
            got += u32::from(!ask(process).await.over);
        }
    }
    assert!((40..=44).contains(&got), "{got}");
    for process in &processes {
        let refused = process.spent(&created.text, base.tenants.clock().now()).unwrap();
        assert!(refused.over && refused.remaining == 0 && (1..=60).contains(&refused.resets_in));
    }
    // A process that starts now knows at once what the others told.
    assert!(ask(&porteiro(&base)).await.over);
    limit("1000").await;
    assert!(!ask(&porteiro(&base)).await.over, "a new limit counts at once where it was not reached");
    base.clock.advance(TimeDelta::minutes(1));
    assert_eq!(ask(&processes[0]).await.remaining, 999);
    assert_eq!(crate::house::audited(&base, "token.limitado").await, 2);
    assert!(processes[0].spent("eyJ.eyJ.x", base.tenants.clock().now()).is_none());
}

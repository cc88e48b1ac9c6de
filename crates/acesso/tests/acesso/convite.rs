use acesso::{
    Segredo, Senha,
    aparelho::Aparelhos,
    convite::{self, AceitarError, ConvidarError, ConvidarRule},
};
use chrono::TimeDelta;
use kernel::{Actor, Email, Fault, Refusal};
use sqlx::AssertSqlSafe;
use tenancy::TenantTx;
use testkit::Base;

use crate::house::{ANA, SENHA, actor, audited, behind, count, home, invite, links, mailed_secret, person, text};

async fn accept(base: &Base, token: &Segredo, senha: &str) -> Result<acesso::sessao::NovaSessao, AceitarError> {
    let new = (None, Aparelhos::default());
    let came = convite::aceitar(&base.tenants, &base.alfa, &home(), token, Senha::typed(senha), new).await?;
    Ok(came.sessao().unwrap())
}

#[tokio::test]
async fn a_convite_makes_a_usuario_once() {
    let base = Base::new().await;
    invite(&base, &Actor::sistema(), "Coordenador", ANA).await.unwrap();
    let token = mailed_secret(&base, ANA).await;
    let sessao = accept(&base, &token, SENHA).await.unwrap();
    assert!(behind(&base, &base.alfa, &sessao.cookie.reveal()).await.is_some());
    assert!(matches!(accept(&base, &token, SENHA).await, Err(AceitarError::NotFound)));
    assert_eq!((count(&base, "usuario").await, audited(&base, "usuario.criado").await), (1, 1));
    // The secret is nowhere but in the mail.
    let hash = token.hash().iter().map(|b| format!("{b:02x}")).collect::<String>();
    assert_eq!(count(&base, &format!("convite WHERE encode(token_hash, 'hex') = '{hash}'")).await, 1);
}

#[tokio::test]
async fn of_two_who_accept_at_once_one_gets_in() {
    let base = Base::new().await;
    invite(&base, &Actor::sistema(), "Leitor", ANA).await.unwrap();
    let token = mailed_secret(&base, ANA).await;
    let (one, two) = futures::join!(accept(&base, &token, SENHA), accept(&base, &token, SENHA));
    assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1, "{one:?} {two:?}");
    assert_eq!((count(&base, "usuario").await, count(&base, "sessao").await), (1, 1));
}

#[tokio::test]
async fn a_convite_waits_a_week() {
    let base = Base::new().await;
    invite(&base, &Actor::sistema(), "Leitor", ANA).await.unwrap();
    let token = mailed_secret(&base, ANA).await;
    base.clock.advance(TimeDelta::days(7) - TimeDelta::seconds(1));
    let find = async || base.alfa(async |tx: &mut TenantTx| convite::find_open(tx, &token).await.unwrap()).await;
    assert!(find().await.is_some(), "looking changes nothing");
    assert!(find().await.is_some());
    base.clock.advance(TimeDelta::seconds(1));
    assert!(find().await.is_none());
    assert!(matches!(accept(&base, &token, SENHA).await, Err(AceitarError::NotFound)));
    assert_eq!(count(&base, "usuario").await, 0);
}

#[tokio::test]
async fn a_new_convite_takes_the_place_of_the_old_one() {
    let base = Base::new().await;
    invite(&base, &Actor::sistema(), "Leitor", ANA).await.unwrap();
    let old = mailed_secret(&base, ANA).await;
    invite(&base, &Actor::sistema(), "Atendente", ANA).await.unwrap();
    let new = mailed_secret(&base, ANA).await;
    assert!(matches!(accept(&base, &old, SENHA).await, Err(AceitarError::NotFound)));
    accept(&base, &new, SENHA).await.unwrap();
    assert!(matches!(invite(&base, &Actor::sistema(), "Leitor", ANA).await, Err(ConvidarError::Rule(ConvidarRule::EmailTaken))));
}

#[tokio::test]
async fn a_foreign_unidade_s_convite_opens_nothing() {
    let base = Base::new().await;
    invite(&base, &Actor::sistema(), "Leitor", ANA).await.unwrap();
    let token = mailed_secret(&base, ANA).await;
    let new = (None, Aparelhos::default());
    let there = convite::aceitar(&base.tenants, &base.beta, &home(), &token, Senha::typed(SENHA), new).await;
    assert!(matches!(there, Err(AceitarError::NotFound)));
    accept(&base, &token, SENHA).await.unwrap();
}

#[tokio::test]
async fn a_refused_password_leaves_the_convite_open() {
    let base = Base::new().await;
    invite(&base, &Actor::sistema(), "Leitor", ANA).await.unwrap();
    let token = mailed_secret(&base, ANA).await;
    for weak in ["curta", "ana.lima@senai", "123456789012", &"x".repeat(1 << 20)] {
        assert!(matches!(accept(&base, &token, weak).await, Err(AceitarError::Senha(_))), "{} characters", weak.len());
    }
    accept(&base, &token, SENHA).await.unwrap();
}

#[tokio::test]
async fn nobody_invites_somebody_who_holds_more() {
    let base = Base::new().await;
    let leitor = person(&base, "Leitor", "leo@senai.example").await;
    let mut leitor = actor(&base, &leitor).await;
    assert!(matches!(invite(&base, &leitor, "Leitor", ANA).await, Err(ConvidarError::Denied(_))), "without the permission");
    leitor.grants.add(acesso::usuario::GERIR.code(), kernel::Scope::Todas);
    assert!(matches!(invite(&base, &leitor, "Administrador", ANA).await, Err(ConvidarError::Denied(_))));
    assert_eq!(count(&base, "convite WHERE email = 'ana.lima@senai.example'").await, 0);
    invite(&base, &leitor, "Leitor", ANA).await.unwrap();
}

#[tokio::test]
async fn the_first_administrador_is_invited_once_and_again_when_it_expired() {
    let base = Base::new().await;
    let links = links();
    let ask = async || {
        let work = async |tx: &mut TenantTx| {
            let email: Email = ANA.parse().unwrap();
            convite::invite_first_admin(tx, &Actor::sistema(), &links, "Ana Lima".parse().unwrap(), email).await
        };
        base.tenants.write::<_, Fault>(&base.alfa, work).await.unwrap()
    };
    assert_eq!((ask().await, ask().await), (true, false));
    assert_eq!(count(&base, "mensagem").await, 1);
    base.clock.advance(TimeDelta::days(8));
    assert_eq!((ask().await, ask().await), (true, false));
    let token = mailed_secret(&base, ANA).await;
    let sessao = accept(&base, &token, SENHA).await.unwrap();
    assert_eq!(actor(&base, &sessao).await.grants, kernel::Grants::everything());
    base.clock.advance(TimeDelta::days(8));
    assert!(!ask().await, "there is an administrador now");
}

#[tokio::test]
async fn a_revoked_convite_does_not_work() {
    let base = Base::new().await;
    let id = invite(&base, &Actor::sistema(), "Leitor", ANA).await.unwrap();
    let token = mailed_secret(&base, ANA).await;
    let revoke = async || {
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| convite::revogar(tx, &Actor::sistema(), id).await).await
    };
    revoke().await.unwrap();
    assert!(matches!(accept(&base, &token, SENHA).await, Err(AceitarError::NotFound)));
    assert!(matches!(revoke().await, Err(Refusal::NotFound)));
}

#[tokio::test]
async fn a_convite_is_sent_again_with_another_link() {
    let base = Base::new().await;
    let id = invite(&base, &Actor::sistema(), "Leitor", ANA).await.unwrap();
    let old = mailed_secret(&base, ANA).await;
    base.clock.advance(TimeDelta::days(8));
    let again = async |actor: &Actor| {
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| convite::reenviar(tx, actor, &links(), id).await).await
    };
    again(&Actor::sistema()).await.unwrap();
    assert!(matches!(accept(&base, &old, SENHA).await, Err(AceitarError::NotFound)));
    let new = mailed_secret(&base, ANA).await;
    accept(&base, &new, SENHA).await.unwrap();
    assert!(matches!(again(&Actor::sistema()).await, Err(Refusal::NotFound)), "it was used");
    assert_eq!((count(&base, "convite").await, audited(&base, "convite.reenviado").await), (1, 1));
}

#[tokio::test]
async fn a_convite_s_link_is_handed_over_by_whoever_could_invite_them() {
    let base = Base::new().await;
    let chief = actor(&base, &person(&base, "Administrador", "chefe@senai.example").await).await;
    let id = invite(&base, &Actor::sistema(), "Administrador", ANA).await.unwrap();
    let mailed = mailed_secret(&base, ANA).await;
    let make = async |actor: &Actor| {
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| convite::entregar(tx, actor, &links(), id).await).await
    };
    let mut leitor = actor(&base, &person(&base, "Leitor", "leo@senai.example").await).await;
    assert!(matches!(make(&leitor).await, Err(Refusal::Denied(_))), "without the permission");
    leitor.grants.add(acesso::usuario::GERIR.code(), kernel::Scope::Todas);
    assert!(matches!(make(&leitor).await, Err(Refusal::Denied(_))), "it lets in somebody who may do more");
    assert!(matches!(make(&Actor::sistema()).await, Err(Refusal::Denied(_))), "nobody is there to hand it over");
    let there = base.tenants.write(&base.beta, async |tx: &mut TenantTx| convite::entregar(tx, &chief, &links(), id).await).await;
    assert!(matches!(there, Err(Refusal::NotFound | Refusal::Denied(_))), "{there:?}");
    assert_eq!(audited(&base, "convite.link_criado").await, 0);

    let made = make(&chief).await.unwrap();
    assert_eq!(made.expires_at, base.tenants.clock().now() + TimeDelta::days(7));
    let token: Segredo = made.link.rsplit('/').next().unwrap().parse().unwrap();
    assert!(matches!(accept(&base, &mailed, SENHA).await, Err(AceitarError::NotFound)));
    let sessao = accept(&base, &token, SENHA).await.unwrap();
    assert_eq!(actor(&base, &sessao).await.grants, kernel::Grants::everything());
    assert_eq!(audited(&base, "convite.link_criado").await, 1);
}

/// Every letter that was written stays written; of all the links in them one opens.
#[tokio::test]
async fn of_two_sent_again_at_once_one_link_works() {
    let base = Base::new().await;
    let id = invite(&base, &Actor::sistema(), "Leitor", ANA).await.unwrap();
    let again = async || {
        base.tenants
            .write(&base.alfa, async |tx: &mut TenantTx| convite::reenviar(tx, &Actor::sistema(), &links(), id).await)
            .await
    };
    let (one, two) = futures::join!(again(), again());
    one.unwrap();
    two.unwrap();
    let letters =
        format!("SELECT string_agg(body_text, E'\n') FROM {}.mensagem WHERE recipient = '{ANA}'", base.alfa.names().schema());
    let letters = text(&base, &letters).await;
    let tokens: Vec<Segredo> = letters
        .lines()
        .filter(|line| line.starts_with("https://alfa.sri.example/convite/"))
        .map(|link| link.rsplit('/').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(tokens.len(), 3, "the first, and one for each time it was sent again");
    let mut living = Vec::new();
    for token in &tokens {
        living.extend(base.alfa(async |tx: &mut TenantTx| convite::find_open(tx, token).await.unwrap()).await);
    }
    assert_eq!(living.iter().map(|convite| convite.id).collect::<Vec<_>>(), [id]);
}

/// Whichever comes first counts: whoever is in keeps nobody's link alive, and a link that was made lets nobody in by the one before.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "somebody else holds the row from outside, so that both meet at it")]
async fn a_link_made_while_the_convite_is_accepted_works_or_is_refused() {
    const WAIT: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    for accepted_first in [true, false] {
        let base = Base::new().await;
        let chief = actor(&base, &person(&base, "Administrador", "chefe@senai.example").await).await;
        let id = invite(&base, &Actor::sistema(), "Leitor", ANA).await.unwrap();
        let mailed = mailed_secret(&base, ANA).await;
        let mut other = base.admin().await;
        let hold = format!("BEGIN; SELECT FROM {}.convite WHERE id = '{}' FOR UPDATE", base.alfa.names().schema(), id.uuid());
        sqlx::raw_sql(AssertSqlSafe(hold)).execute(&mut other).await.unwrap();
        let waiting = async |n| {
            while base.number(WAIT).await < n {
                tokio::task::yield_now().await;
            }
        };
        let accepts = async {
            if !accepted_first {
                waiting(1).await;
            }
            accept(&base, &mailed, SENHA).await
        };
        let makes = async {
            if accepted_first {
                waiting(1).await;
            }
            base.tenants.write(&base.alfa, async |tx: &mut TenantTx| convite::entregar(tx, &chief, &links(), id).await).await
        };
        let lets_go = async {
            waiting(2).await;
            sqlx::raw_sql("COMMIT").execute(&mut other).await.unwrap();
        };
        let (came, made, ()) = tokio::join!(accepts, makes, lets_go);
        match (accepted_first, came, made) {
            (true, Ok(_), Err(Refusal::NotFound)) => {}
            (false, Err(AceitarError::NotFound), Ok(made)) => {
                let token: Segredo = made.link.rsplit('/').next().unwrap().parse().unwrap();
                accept(&base, &token, SENHA).await.unwrap();
            }
            (_, came, made) => panic!("accepted first: {accepted_first}, {came:?}, {made:?}"),
        }
        assert_eq!(count(&base, &format!("usuario WHERE email = '{ANA}'")).await, 1);
    }
}

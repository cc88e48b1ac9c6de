use acesso::{
    auditoria,
    parametro::{AlterarParametrosError, Mudanca, ParametroRule, alterar},
    sessao,
};
use chrono::{Months, TimeDelta};
use jobs::{Gates, Limits, Worker};
use kernel::{Actor, ErrorKind};
use tenancy::{Parametro, TenantTx, trail::verify_trail};
use testkit::Base;

use crate::house::{ANA, SENHA, actor, audited, behind, count, home, person, sign_in, text};

async fn set(
    base: &Base,
    who: &Actor,
    parametro: Parametro,
    valor: Option<i64>,
    seen: i64,
) -> Result<(), AlterarParametrosError> {
    let mudanca = Mudanca { parametro, valor, seen };
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| alterar(tx, who, &[mudanca]).await).await
}

/// S0-15.7.
#[tokio::test]
async fn parametros_have_bounds_a_trail_and_a_way_back() {
    let base = Base::new().await;
    let leitor = actor(&base, &person(&base, "Leitor", ANA).await).await;
    let sistema = Actor::sistema();
    assert!(matches!(set(&base, &leitor, sessao::OCIOSA, Some(45), 30).await, Err(AlterarParametrosError::Denied(_))));
    for parametro in [sessao::OCIOSA, sessao::LONGEST, auditoria::GUARDA] {
        for valor in [parametro.min - 1, parametro.max + 1, i64::MIN, i64::MAX] {
            let refused = set(&base, &sistema, parametro, Some(valor), parametro.default).await.unwrap_err();
            assert_eq!(refused.fields()[0].field, parametro.nome);
        }
    }
    assert_eq!(count(&base, "parametro").await, 0, "a refusal changes nothing");

    set(&base, &sistema, sessao::OCIOSA, Some(45), 30).await.unwrap();
    assert!(matches!(
        set(&base, &sistema, sessao::OCIOSA, Some(60), 30).await,
        Err(AlterarParametrosError::Rule(ParametroRule::Changed))
    ));
    set(&base, &sistema, sessao::OCIOSA, Some(45), 45).await.unwrap();
    assert_eq!(audited(&base, "parametro.alterado").await, 1, "the same again is no change");
    let told = format!(
        "SELECT before::text || after::text FROM {}.auditoria WHERE action = 'parametro.alterado'",
        base.alfa.names().schema()
    );
    assert_eq!(text(&base, &told).await, r#"{"sessao_ociosa_minutos": 30}{"sessao_ociosa_minutos": 45}"#);

    set(&base, &sistema, sessao::OCIOSA, None, 45).await.unwrap();
    assert_eq!(count(&base, "parametro").await, 0, "as it comes is not kept");
    assert_eq!(audited(&base, "parametro.alterado").await, 2);
}

#[tokio::test]
async fn two_who_change_one_at_once_do_not_overwrite_each_other() {
    let base = Base::new().await;
    let sistema = Actor::sistema();
    let (one, other) =
        tokio::join!(set(&base, &sistema, sessao::LONGEST, Some(8), 12), set(&base, &sistema, sessao::LONGEST, Some(9), 12));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
}

/// In every process, for sessões that are open as for those to come.
#[tokio::test]
async fn times_of_sessoes_count_at_once() {
    let base = Base::new().await;
    let twin = base.twin().await;
    person(&base, "Leitor", ANA).await;
    let old = sign_in(&base, &home(), ANA, SENHA).await.unwrap();
    set(&base, &Actor::sistema(), sessao::OCIOSA, Some(5), 30).await.unwrap();
    let new = sign_in(&base, &home(), ANA, SENHA).await.unwrap();
    base.clock.advance(TimeDelta::minutes(4));
    assert!(behind(&twin, &twin.alfa, &old.cookie.reveal()).await.is_some());
    base.clock.advance(TimeDelta::minutes(2));
    for sessao in [&old, &new] {
        assert!(behind(&twin, &twin.alfa, &sessao.cookie.reveal()).await.is_none(), "unused for more than five minutes");
    }
    set(&base, &Actor::sistema(), sessao::OCIOSA, Some(480), 5).await.unwrap();
    assert!(behind(&twin, &twin.alfa, &old.cookie.reveal()).await.is_none(), "what is over stays over");
}

/// By the clock: sealed, and after the months that the unidade set, records of access go and nothing else does.
#[tokio::test]
async fn records_of_access_are_kept_for_the_months_that_were_set() {
    let base = Base::new().await;
    person(&base, "Leitor", ANA).await;
    sign_in(&base, &home(), ANA, "errada-errada-errada").await.unwrap_err();
    let module = acesso::module();
    let gates = Gates { tenants: base.tenants.clone(), registry: base.registry.clone(), platform: base.platform.clone() };
    let worker = Worker::new(gates, (module.jobs)(), (module.schedules)().unwrap(), Limits::default()).unwrap();
    worker.tick().await.unwrap();
    let access = "auditoria WHERE action IN ('acesso.entrou', 'acesso.entrada_recusada')";
    let later = async |months| {
        let now = base.tenants.clock().now();
        base.clock.advance(now.checked_add_months(Months::new(months)).unwrap() - now);
        worker.tick().await.unwrap();
        worker.drain().await.unwrap();
    };
    later(7).await;
    assert_eq!(count(&base, access).await, 2, "twelve months unless told");
    let rest = count(&base, "auditoria").await - 2;
    set(&base, &Actor::sistema(), auditoria::GUARDA, Some(6), 12).await.unwrap();
    later(1).await;
    assert_eq!(count(&base, access).await, 0);
    // The change of the parâmetro and what was removed are told.
    assert_eq!(count(&base, "auditoria").await, rest + 2);
    assert_eq!(audited(&base, "auditoria.cortada").await, 1);
    let found = verify_trail(&base.platform, &base.tenants, &base.alfa).await.unwrap();
    assert_eq!((found.broken, found.cut), (None, 2));
}

use acesso::auditoria::{self, Filtro};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::PageRequest;
use tenancy::TenantTx;
use testkit::Base;

use crate::house::{ANA, actor, audited, home, id_of, person, sign_in};

/// S0-2.17, S0-2.21.
#[tokio::test]
async fn the_trail_is_read_newest_first_and_narrowed() {
    let base = Base::new().await;
    let ana = id_of(&actor(&base, &person(&base, "Leitor", ANA).await).await).uuid();
    let begin: DateTime<Utc> = testkit::NOW.parse().unwrap();
    base.clock.advance(TimeDelta::days(1));
    sign_in(&base, &home(), ANA, "errada-errada-errada").await.unwrap_err();
    base.clock.advance(TimeDelta::hours(1));

    let find = async |filtro: Filtro<'_>| {
        base.alfa(async |tx: &mut TenantTx| auditoria::list(tx, &filtro, PageRequest::default()).await.unwrap()).await
    };
    let (all, total) = find(Filtro::default()).await;
    assert_eq!(
        all.iter().map(|l| l.action.as_str()).collect::<Vec<_>>(),
        ["acesso.entrada_recusada", "acesso.entrou", "usuario.criado", "convite.enviado"]
    );
    assert_eq!(total, 4);
    assert_eq!((all[1].actor_nome.as_str(), all[1].ip.map(|ip| ip.to_string()).as_deref()), ("Ana Lima", Some("203.0.113.7")));

    for (filtro, found) in [
        (Filtro { busca: "ána", ..Filtro::default() }, 2),
        (Filtro { busca: "convite.", ..Filtro::default() }, 1),
        (Filtro { busca: "%", ..Filtro::default() }, 0),
        (Filtro { kinds: vec!["anonimo".into()], ..Filtro::default() }, 1),
        (Filtro { kinds: vec!["anonimo".into(), "usuario".into()], ..Filtro::default() }, 3),
        (Filtro { actions: vec!["acesso.entrou".into(), "convite.enviado".into()], ..Filtro::default() }, 2),
        (Filtro { actions: vec!["nada".into()], ..Filtro::default() }, 0),
        (Filtro { entities: vec!["convite".into()], ..Filtro::default() }, 1),
        (Filtro { actor: Some(ana), ..Filtro::default() }, 2),
        (Filtro { actor: Some(uuid::Uuid::max()), ..Filtro::default() }, 0),
        (Filtro { busca: "\"CONVITE\"", ..Filtro::default() }, 2),
        (Filtro { from: Some(begin + TimeDelta::hours(1)), ..Filtro::default() }, 1),
        (Filtro { until: Some(begin + TimeDelta::hours(1)), ..Filtro::default() }, 3),
    ] {
        assert_eq!(find(filtro.clone()).await.1, found, "{filtro:?}");
    }
}

/// What the unidade's role may do with its trail: add and read.
#[tokio::test]
async fn the_trail_cannot_be_changed() {
    let base = Base::new().await;
    person(&base, "Leitor", ANA).await;
    for action in ["UPDATE", "DELETE", "TRUNCATE"] {
        let (schema, role) = (base.alfa.names().schema(), base.alfa.names().dml_role());
        let may = format!("SELECT has_table_privilege('{role}', '{schema}.auditoria', '{action}')::int::bigint");
        assert_eq!(base.number(&may).await, 0, "{action}");
    }
    assert_eq!(audited(&base, "acesso.entrou").await, 1);
}

//! Many at once: as many as were confirmed or none, within reach, told in each trail, and undone where nothing has moved on.

use empresas::empresa::{
    ALTERAR, Campo, EXCLUIR, EmpresaId, Situacao, VER,
    alterar::alterar,
    excluir::excluir,
    lista::{self, Filtro},
    lote::{self, Action, Done, Lote, LoteError, LoteId, MAX, Registro, What, Which},
};
use kernel::{Actor, Scope};
use tenancy::{Mode, TenantTx, TxLimits};
use testkit::{Base, sistema};

use crate::support::{cadastro, known, pessoa, registered};

fn prospects() -> Filtro {
    Filtro { situacoes: vec![Situacao::Prospect], ..Filtro::default() }
}

/// Keeps what succeeds and nothing of what is refused, as a request does.
async fn apply(base: &Base, actor: &Actor, which: Which, what: What, seen: i64) -> Result<Done, LoteError> {
    let mut tx = base.tenants.begin(&base.alfa, Mode::Write, TxLimits::REQUEST).await.unwrap();
    let done = lote::apply(&mut tx, actor, &Lote { which, what, seen, consulta: "uf=SC".to_owned() }).await;
    if done.is_ok() {
        tx.commit().await.unwrap();
    } else {
        tx.rollback().await.unwrap();
    }
    done
}

async fn undo(base: &Base, actor: &Actor, id: LoteId) -> Result<Registro, LoteError> {
    let mut tx = base.tenants.begin(&base.alfa, Mode::Write, TxLimits::REQUEST).await.unwrap();
    let done = lote::desfazer(&mut tx, actor, id).await;
    if done.is_ok() {
        tx.commit().await.unwrap();
    } else {
        tx.rollback().await.unwrap();
    }
    done
}

async fn many(base: &Base, situacoes: &[&str]) -> Vec<EmpresaId> {
    let mut ids = Vec::new();
    for (n, situacao) in (0..).zip(situacoes) {
        ids.push(registered(base, n, &[(Campo::Situacao, situacao)]).await);
    }
    ids
}

async fn count(base: &Base, condition: &str) -> i64 {
    base.number(&format!("SELECT count(*) FROM {}.empresa WHERE {condition}", base.alfa.names().schema())).await
}

async fn told(base: &Base, condition: &str) -> i64 {
    base.number(&format!("SELECT count(*) FROM {}.auditoria WHERE {condition}", base.alfa.names().schema())).await
}

#[tokio::test]
async fn a_situacao_is_set_where_it_differs_and_each_trail_tells_it() {
    let base = Base::new().await;
    let ids = many(&base, &["prospect", "prospect", "ativo", "inativo"]).await;
    let these = Which::These(ids[..3].to_vec());
    let done = apply(&base, &sistema(), these.clone(), What::Situacao(Situacao::Ativo), 3).await.unwrap();
    assert_eq!((done.changed, done.unchanged), (2, 1));
    assert_eq!(count(&base, "situacao = 'ativo' AND version = 2").await, 2);
    assert_eq!(count(&base, "situacao = 'ativo' AND version = 1").await, 1, "what was so already is left alone");
    assert_eq!(count(&base, "situacao = 'inativo' AND version = 1").await, 1, "what was not picked is left alone");
    let exact = r#"action = 'empresa.alterada' AND entity = 'empresa' AND before = '{"situacao": "prospect"}' AND after = '{"lote": 2, "situacao": "ativo"}'"#;
    assert_eq!(told(&base, exact).await, 2);
    assert_eq!(told(&base, "action = 'empresa.alterada'").await, 2);

    // The same twice: nothing is left to do.
    let again = apply(&base, &sistema(), these, What::Situacao(Situacao::Ativo), 3).await.unwrap();
    assert_eq!((again.changed, again.unchanged), (0, 3));
    assert_eq!(told(&base, "action = 'empresa.alterada'").await, 2);
}

#[tokio::test]
async fn a_whole_filter_is_changed_by_what_it_finds_then() {
    let base = Base::new().await;
    many(&base, &["prospect", "prospect", "ativo"]).await;
    let all = || Which::All(prospects());
    let before = base.fingerprint(&base.alfa).await;
    // One came in after the person saw two.
    registered(&base, 9, &[(Campo::Situacao, "prospect")]).await;
    let moved = apply(&base, &sistema(), all(), What::Situacao(Situacao::Inativo), 2).await;
    assert!(matches!(moved, Err(LoteError::Moved(3))), "{moved:?}");
    assert_eq!(count(&base, "situacao = 'inativo'").await, 0);
    assert_ne!(base.fingerprint(&base.alfa).await, before);

    let done = apply(&base, &sistema(), all(), What::Situacao(Situacao::Inativo), 3).await.unwrap();
    assert_eq!((done.changed, done.unchanged), (3, 0));
    let none = apply(&base, &sistema(), all(), What::Situacao(Situacao::Inativo), 3).await;
    assert!(matches!(none, Err(LoteError::Empty)), "{none:?}");
    // Words of the search box narrow as in the list.
    let words = Filtro { busca: "empresa 9".to_owned(), ..Filtro::default() };
    let done = apply(&base, &sistema(), Which::All(words), What::Excluir, 1).await.unwrap();
    assert_eq!(done.changed, 1);
    assert_eq!(count(&base, "deleted_at IS NOT NULL").await, 1);
}

#[tokio::test]
async fn a_responsavel_is_given_and_taken_and_only_an_active_one() {
    let base = Base::new().await;
    let ids = many(&base, &["ativo", "ativo"]).await;
    let ana = pessoa(&base, "Ana", Scope::Todas, &[VER]).await;
    let schema = base.alfa.names().schema();
    base.execute(&format!("UPDATE {schema}.empresa SET responsavel_nome = 'Da planilha' WHERE cnpj LIKE '10000000%'")).await;
    let these = || Which::These(ids.clone());
    let done = apply(&base, &sistema(), these(), What::Responsavel(ana.id), 2).await.unwrap();
    assert_eq!(done.changed, 2);
    let hers = format!("responsavel_id = '{}' AND responsavel_nome IS NULL", ana.id.unwrap());
    assert_eq!(count(&base, &hers).await, 2);
    assert_eq!(
        told(&base, r#"before = '{"responsavel": "Da planilha"}' AND after = '{"lote": 2, "responsavel": "Ana"}'"#).await,
        1
    );
    assert_eq!(
        told(&base, r#"action = 'empresa.alterada' AND before IS NULL AND after = '{"lote": 2, "responsavel": "Ana"}'"#).await,
        1
    );

    // The way back gives the name from the spreadsheet back, too.
    let undone = undo(&base, &sistema(), done.id).await.unwrap();
    assert_eq!(undone.undone, Some(2));
    assert_eq!(count(&base, "responsavel_id IS NULL AND responsavel_nome = 'Da planilha' AND version = 3").await, 1);
    let nobody = apply(&base, &sistema(), these(), What::Responsavel(None), 2).await.unwrap();
    assert_eq!((nobody.changed, nobody.unchanged), (1, 1));

    base.execute(&format!("UPDATE {schema}.usuario SET ativo = false WHERE nome = 'Ana'")).await;
    let gone = apply(&base, &sistema(), these(), What::Responsavel(ana.id), 2).await;
    assert!(matches!(gone, Err(LoteError::ResponsavelUnknown)), "{gone:?}");
}

/// S0-3.15: the escopo próprias, and another unidade, in every lote.
#[tokio::test]
async fn what_is_out_of_reach_is_not_touched() {
    let base = Base::new().await;
    let ids = many(&base, &["prospect", "prospect", "prospect"]).await;
    let ana = pessoa(&base, "Ana", Scope::Proprias, &[VER, ALTERAR, EXCLUIR]).await;
    let bruna = pessoa(&base, "Bruna", Scope::Todas, &[VER]).await;
    let schema = base.alfa.names().schema();
    let own = format!("UPDATE {schema}.empresa SET responsavel_id = '{}' WHERE id = '{}'", ana.id.unwrap(), ids[0]);
    base.execute(&own).await;
    let foreign = base
        .beta(async |tx: &mut TenantTx| {
            let known = empresas::empresa::Known::load(tx).await.unwrap();
            empresas::empresa::registrar::registrar(tx, &sistema(), cadastro(&known, 7, &[])).await.unwrap()
        })
        .await;
    let there = base.fingerprint(&base.beta).await;
    let picked = || Which::These([&ids[..], &[foreign]].concat());

    let preview = base.alfa(async |tx: &mut TenantTx| lote::preview(tx, &ana, Action::Situacao, &picked()).await.unwrap()).await;
    assert_eq!((preview.total, preview.nomes), (1, vec!["Empresa 0".to_owned()]));
    // Four were picked, one is hers: the number has to be confirmed as it is.
    let moved = apply(&base, &ana, picked(), What::Situacao(Situacao::Ativo), 4).await;
    assert!(matches!(moved, Err(LoteError::Moved(1))), "{moved:?}");
    let done = apply(&base, &ana, picked(), What::Situacao(Situacao::Ativo), 1).await.unwrap();
    assert_eq!((done.changed, done.unchanged), (1, 0));
    let done = apply(&base, &ana, Which::All(Filtro::default()), What::Situacao(Situacao::Inativo), 1).await.unwrap();
    assert_eq!(done.changed, 1);
    assert_eq!(count(&base, "situacao = 'prospect' AND version = 1").await, 2);

    // She cannot give hers away, and somebody else's lote is none of hers.
    let away = apply(&base, &ana, Which::These(vec![ids[0]]), What::Responsavel(bruna.id), 1).await;
    assert!(matches!(away, Err(LoteError::Denied(_))), "{away:?}");
    let nobody = apply(&base, &ana, Which::These(vec![ids[0]]), What::Responsavel(None), 1).await;
    assert!(matches!(nobody, Err(LoteError::Denied(_))), "{nobody:?}");
    assert!(matches!(undo(&base, &bruna, done.id).await, Err(LoteError::NotFound)));
    assert!(matches!(undo(&base, &sistema(), done.id).await, Err(LoteError::NotFound)));
    // Who may see but not change, changes nothing.
    let before = base.fingerprint(&base.alfa).await;
    for what in [What::Situacao(Situacao::Ativo), What::Responsavel(bruna.id), What::Excluir] {
        let denied = apply(&base, &bruna, Which::These(ids.clone()), what, 3).await;
        assert!(matches!(denied, Err(LoteError::Denied(_))), "{denied:?}");
    }
    let none = apply(&base, &ana, Which::These(ids[1..].to_vec()), What::Excluir, 2).await;
    assert!(matches!(none, Err(LoteError::Empty)), "{none:?}");
    assert_eq!(base.fingerprint(&base.alfa).await, before, "a refusal changes nothing");
    assert_eq!(base.fingerprint(&base.beta).await, there);
}

#[tokio::test]
async fn what_was_changed_since_is_left_alone_by_the_way_back() {
    let base = Base::new().await;
    let ids = many(&base, &["prospect", "inativo", "prospect"]).await;
    let done = apply(&base, &sistema(), Which::These(ids.clone()), What::Situacao(Situacao::Ativo), 3).await.unwrap();
    let known = known(&base).await;
    // Somebody goes on with the third, in another field.
    let wanted = cadastro(&known, 2, &[(Campo::Porte, "me")]);
    base.alfa(async |tx: &mut TenantTx| alterar(tx, &sistema(), ids[2], 2, wanted).await).await.unwrap();
    let undone = undo(&base, &sistema(), done.id).await.unwrap();
    assert_eq!((undone.changed, undone.undone), (3, Some(2)));
    assert_eq!(count(&base, "situacao = 'prospect' AND version = 3").await, 1);
    assert_eq!(count(&base, "situacao = 'inativo' AND version = 3").await, 1);
    assert_eq!(count(&base, "situacao = 'ativo' AND version = 3").await, 1);
    assert_eq!(told(&base, r#"action = 'empresa.lote_desfeito' AND before = '{"situacao": "ativo"}' AND after = '{"situacao": "inativo", "lote_desfeito": 2}'"#).await, 1);
    // Once more answers the same and writes nothing.
    let before = base.fingerprint(&base.alfa).await;
    assert_eq!(undo(&base, &sistema(), done.id).await.unwrap().undone, Some(2));
    assert_eq!(base.fingerprint(&base.alfa).await, before);
}

#[tokio::test]
async fn the_lixeira_gives_back_what_nobody_took_the_cnpj_of() {
    let base = Base::new().await;
    let ids = many(&base, &["prospect", "ativo", "inativo"]).await;
    let done = apply(&base, &sistema(), Which::These(ids.clone()), What::Excluir, 3).await.unwrap();
    assert_eq!(done.changed, 3);
    let live = base.alfa(async |tx: &mut TenantTx| lista::total(tx, &sistema()).await).await.unwrap();
    assert_eq!(live, 0);
    assert_eq!(told(&base, "action = 'empresa.excluida' AND before->>'nome' = 'Empresa 1' AND after = '{\"lote\": 3}'").await, 1);
    registered(&base, 1, &[(Campo::Nome, "De novo")]).await;
    let undone = undo(&base, &sistema(), done.id).await.unwrap();
    assert_eq!(undone.undone, Some(2));
    assert_eq!(count(&base, "deleted_at IS NULL").await, 3);
    assert_eq!(count(&base, "deleted_at IS NOT NULL AND nome = 'Empresa 1'").await, 1);
    assert_eq!(told(&base, "action = 'empresa.restaurada'").await, 2);
    // What lies in the lixeira is nothing to change.
    base.alfa(async |tx: &mut TenantTx| excluir(tx, &sistema(), ids[0], None).await).await.unwrap();
    let none = apply(&base, &sistema(), Which::These(vec![ids[0]]), What::Situacao(Situacao::Ativo), 1).await;
    assert!(matches!(none, Err(LoteError::Empty)), "{none:?}");
}

/// Two change the same ones at the same time: the second waits, and finds what the first left.
#[tokio::test]
async fn two_at_once_do_not_stand_in_each_other_s_way() {
    let base = Base::new().await;
    let ids = many(&base, &["prospect"; 12]).await;
    let (one, other) = (Which::These(ids.clone()), Which::These(ids.iter().rev().copied().collect()));
    let actor = sistema();
    let (a, b) = tokio::join!(
        apply(&base, &actor, one, What::Situacao(Situacao::Ativo), 12),
        apply(&base, &actor, other, What::Situacao(Situacao::Ativo), 12)
    );
    let mut changed = [a.unwrap().changed, b.unwrap().changed];
    changed.sort_unstable();
    assert_eq!(changed, [0, 12]);
    assert_eq!(count(&base, "version = 2").await, 12);
    assert_eq!(told(&base, "action = 'empresa.alterada'").await, 12);

    // Thrown away by two: the second finds none.
    let all = || Which::All(Filtro::default());
    let (a, b) = tokio::join!(apply(&base, &actor, all(), What::Excluir, 12), apply(&base, &actor, all(), What::Excluir, 12));
    assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
    assert_eq!(told(&base, "action = 'empresa.excluida'").await, 12);
}

#[tokio::test]
async fn ten_thousand_go_at_once_and_one_more_does_not() {
    let base = Base::new().await;
    registered(&base, 0, &[]).await;
    let schema = base.alfa.names().schema();
    let copies = |from: i64, to: i64| {
        format!(
            "INSERT INTO {schema}.empresa (id, nome, cnpj, situacao, data_cadastro, created_at, updated_at)
             SELECT gen_random_uuid(), 'Cópia ' || n, lpad((n * 100)::text, 14, '0'), 'prospect', '2026-11-22', now(), now()
             FROM generate_series({from}, {to}) AS n"
        )
    };
    base.execute(&copies(1, MAX + 1)).await;
    let all = || Which::All(prospects());
    let before = base.fingerprint(&base.alfa).await;
    let refused = apply(&base, &sistema(), all(), What::Situacao(Situacao::Ativo), MAX + 1).await;
    assert!(matches!(refused, Err(LoteError::TooMany(n)) if n == MAX + 1), "{refused:?}");
    assert_eq!(base.fingerprint(&base.alfa).await, before);
    base.execute(&format!("DELETE FROM {schema}.empresa WHERE nome = 'Cópia 1'")).await;
    let done = apply(&base, &sistema(), all(), What::Situacao(Situacao::Ativo), MAX).await.unwrap();
    assert_eq!(i64::try_from(done.changed).unwrap(), MAX);
    assert_eq!(told(&base, "action = 'empresa.alterada'").await, MAX);
    let undone = undo(&base, &sistema(), done.id).await.unwrap();
    assert_eq!(i64::from(undone.undone.unwrap()), MAX);
    assert_eq!(count(&base, "situacao = 'prospect' AND version = 3").await, MAX);

    // What is a day old cannot be undone any more and is forgotten with the next one.
    base.clock.advance(chrono::TimeDelta::hours(25));
    apply(&base, &sistema(), Which::All(Filtro { busca: "Empresa 0".to_owned(), ..Filtro::default() }), What::Excluir, 1)
        .await
        .unwrap();
    let kept = base.number(&format!("SELECT count(*) FROM {schema}.empresa_lote_linha")).await;
    assert_eq!(kept, 1);
    assert!(matches!(undo(&base, &sistema(), done.id).await, Err(LoteError::NotFound)));
}

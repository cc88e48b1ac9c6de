//! The erasure of a person: whole, once, and for good (security.md 28, R8).

use kernel::Actor;
use privacidade::apagamento::ApagarError;
use tenancy::TenantTx;
use testkit::Base;

use crate::house::{EMAIL, NOME, acting, contato, erase, modules, plant, preview, traces, traces_of, usuario, who};

/// The canary: planted wherever a person can be, found nowhere afterwards but where it is declared to stay.
#[tokio::test]
async fn nothing_is_left_of_a_contato_but_what_is_declared_kept() {
    let base = Base::new().await;
    let id = contato(&base).await;
    plant(&base, id).await;
    let before = traces(&base, &base.alfa).await;
    for table in [
        "auditoria",
        "consentimento",
        "comunicado",
        "consentimento_carta",
        "contato",
        "convite",
        "documento",
        "documento_versao",
        "empresa",
        "empresa_lote",
        "empresa_lote_linha",
        "empresa_mescla",
        "empresa_par_dispensado",
        "encarregado",
        "exportacao",
        "finalidade_versao",
        "historico_importacao",
        "idempotencia",
        "importacao",
        "importacao_linha",
        "importacao_mudanca",
        "incidente",
        "incidente_carta",
        "incidente_passo",
        "mensagem",
        "notificacao",
        "pedido_titular",
        "reconsulta",
        "token_chave",
        "usuario_importacao",
        "usuario_permissao",
        "visao",
    ] {
        assert!(before.iter().any(|found| found.starts_with(&format!("{table}:"))), "the canary is not in {table}: {before:?}");
    }

    let done = erase(&base, &Actor::sistema(), &who("contato", id), "zuleica canaria QUARTZO").await.unwrap();
    assert_eq!(traces(&base, &base.alfa).await, ["auditoria: 1"], "{done:?}");
    assert!(done.protocolo.starts_with("LGPD-20261123-"), "{}", done.protocolo);

    let schema = base.alfa.names().schema();
    let count = async |what: &str| base.number(&format!("SELECT count(*) FROM {schema}.{what}")).await;
    // The other people are as they were, and letters that waited do not go out.
    assert_eq!(count("contato WHERE nome = 'Sueli Ramos' AND email = 'sueli@aurora.example'").await, 1);
    assert_eq!(count("contato").await, 2);
    assert_eq!(count("empresa WHERE nome = 'Metalúrgica Aurora Ltda' AND email IS NULL AND telefone IS NULL").await, 1);
    assert_eq!(count("mensagem WHERE state = 'dead' AND recipient = 'apagado@invalid'").await, 1);
    assert_eq!(
        count("exportacao WHERE state = 'expirada' AND arquivo_id IS NOT NULL").await,
        1,
        "the file goes with the next cleaning"
    );
    assert_eq!(count("importacao WHERE content IS NOT NULL").await, 0);
    assert_eq!(count("auditoria WHERE action = 'privacidade.titular_apagado'").await, 1);
    assert_eq!(count(&format!("apagamento WHERE cardinality(linhas) > 0 AND titular_id = '{id}'")).await, 1);
}

#[tokio::test]
async fn nothing_is_left_of_a_usuario_who_goes_on_as_the_author_of_what_they_did() {
    let base = Base::new().await;
    contato(&base).await;
    let id = usuario(&base, NOME, EMAIL, "Atendente").await;
    plant(&base, id).await;
    let schema = base.alfa.names().schema();
    base.execute(&format!(
        "SET search_path = {schema};
         INSERT INTO sessao (id, usuario_id, token_hash, method, created_at, last_used_at, idle_until, expires_at, user_agent)
         VALUES (gen_random_uuid(), '{id}', '\\x01', 'senha', now(), now(), now(), now(), 'Quartzo');
         INSERT INTO credencial (id, usuario_id, method, secret, created_at, updated_at)
         VALUES (gen_random_uuid(), '{id}', 'senha', 'x', now(), now());
         INSERT INTO token_api (id, nome, permissoes, created_at, created_by, created_by_nome, expires_at)
         VALUES (gen_random_uuid(), 'ERP', '{{}}', now(), '{id}', '{NOME}', now());
         UPDATE usuario SET telefone = '+5547988887777' WHERE id = '{id}';
         INSERT INTO entrada_telefone (id, token_hash, telefone, created_at, expires_at)
         VALUES (gen_random_uuid(), '\\x02', '+5547988887777', now(), now());
         INSERT INTO mensagem (id, channel, recipient, subject, body_text, codigo, secret, state, created_at)
         VALUES (gen_random_uuid(), 'whatsapp', '+5547988887777', '', 'código 918273', '918273', true, 'queued', now());
         UPDATE empresa SET responsavel_id = '{id}' WHERE id = '01900000-0000-7000-8000-000000000201'"
    ))
    .await;
    erase(&base, &Actor::sistema(), &who("usuario", id), NOME).await.unwrap();
    assert_eq!(traces_of(&base, &base.alfa, "quartzo").await, ["auditoria: 1"]);
    for number in ["988887777", "918273"] {
        assert!(traces_of(&base, &base.alfa, number).await.is_empty(), "{number}");
    }
    let count = async |what: &str| base.number(&format!("SELECT count(*) FROM {schema}.{what}")).await;
    assert_eq!(count(&format!("usuario WHERE id = '{id}' AND NOT ativo AND nome = '[apagado]'")).await, 1);
    assert_eq!(count(&format!("empresa WHERE responsavel_id = '{id}'")).await, 1);
    assert_eq!(
        count(&format!("sessao WHERE usuario_id = '{id}'")).await + count(&format!("credencial WHERE usuario_id = '{id}'")).await,
        0
    );
    for table in ["comunicado_leitura", "comunicado_usuario", "notificacao_horario"] {
        let own = format!("{table} WHERE usuario_id = '{id}'");
        assert_eq!((count(&own).await, count(table).await), (0, 1), "{table}: another's stays");
    }
    assert_eq!(count("token_api WHERE revoked_at IS NOT NULL").await, 1);
}

/// What the trail keeps of the person is on the page of the trail alone, not beside the empresa that everybody opens.
#[tokio::test]
async fn the_pages_of_every_day_do_not_say_what_the_trail_keeps() {
    let base = Base::new().await;
    let id = contato(&base).await;
    plant(&base, id).await;
    let empresa = "01900000-0000-7000-8000-000000000201".parse().unwrap();
    let said = async || {
        let page = kernel::PageRequest::default();
        base.alfa(async |tx: &mut TenantTx| acesso::auditoria::of_record(tx, "empresa", empresa, page).await.unwrap().0).await
    };
    assert!(said().await.iter().any(|linha| linha.before.is_some()));
    erase(&base, &Actor::sistema(), &who("contato", id), NOME).await.unwrap();
    let after = said().await;
    assert!(!after.is_empty() && after.iter().all(|linha| linha.before.is_none()), "that something happened stays: {after:?}");
}

#[tokio::test]
async fn the_preview_says_what_will_happen_and_does_nothing() {
    let base = Base::new().await;
    let id = contato(&base).await;
    plant(&base, id).await;
    let before = base.fingerprint(&base.alfa).await;
    let (titular, named) = preview(&base, &who("contato", id), true).await;
    let (_, unnamed) = preview(&base, &who("contato", id), false).await;
    assert_eq!(base.fingerprint(&base.alfa).await, before);
    assert_eq!(titular.nome, NOME);
    assert_ne!(named, unnamed, "the name alone finds more");
    let done = erase(&base, &Actor::sistema(), &who("contato", id), NOME).await.unwrap();
    assert_eq!(done.efeitos, named);
}

/// Somebody else of that name keeps what is theirs unless whoever decides says otherwise.
#[tokio::test]
async fn a_namesake_stays_where_the_name_alone_does_not_count() {
    let base = Base::new().await;
    let id = contato(&base).await;
    let schema = base.alfa.names().schema();
    base.execute(&format!(
        "INSERT INTO {schema}.contato (id, empresa_id, nome, email, observacoes, created_at, updated_at)
         VALUES (gen_random_uuid(), '01900000-0000-7000-8000-000000000203', '{NOME}', 'outra@x.example', 'prima de {NOME}', now(), now())"
    ))
    .await;
    let modules = modules();
    base.alfa(async |tx: &mut TenantTx| {
        let which = who("contato", id);
        let cmd = privacidade::apagamento::Apagar { titular: &which, por_nome: false, confirmacao: NOME };
        privacidade::apagamento::apagar(tx, &Actor::sistema(), &modules, cmd).await.unwrap();
    })
    .await;
    let left = format!("SELECT count(*) FROM {schema}.contato WHERE nome = '{NOME}' AND observacoes = 'prima de {NOME}'");
    assert_eq!(base.number(&left).await, 1);
}

#[tokio::test]
async fn twice_and_two_at_once_are_one_erasure() {
    let base = Base::new().await;
    let id = contato(&base).await;
    let (which, twin) = (who("contato", id), base.twin().await);
    let sistema = Actor::sistema();
    let (one, other) = futures::future::join(erase(&base, &sistema, &which, NOME), erase(&twin, &sistema, &which, NOME)).await;
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one, other);
    assert_eq!(erase(&base, &sistema, &which, "whatever").await.unwrap(), one, "and again, with the receipt of the first time");
    let receipts = format!("SELECT count(*) FROM {}.apagamento", base.alfa.names().schema());
    assert_eq!(base.number(&receipts).await, 1);
}

#[tokio::test]
async fn nobody_is_erased_by_accident_or_by_who_may_not() {
    let base = Base::new().await;
    let id = contato(&base).await;
    let chefe = usuario(&base, "Marina Costa", "marina@senai.example", "Administrador").await;
    let before = base.fingerprint(&base.alfa).await;
    let sistema = Actor::sistema();
    let typed = erase(&base, &sistema, &who("contato", id), "Zuleica").await;
    assert!(matches!(typed, Err(ApagarError::NotConfirmed)), "{typed:?}");
    let unknown = erase(&base, &sistema, &who("contato", chefe), "Marina Costa").await;
    assert!(matches!(unknown, Err(ApagarError::NotFound)), "{unknown:?}");
    let kind = erase(&base, &sistema, &who("empresa", id), NOME).await;
    assert!(matches!(kind, Err(ApagarError::NotFound)), "{kind:?}");
    let own = erase(&base, &acting(chefe, "Marina Costa"), &who("usuario", chefe), "Marina Costa").await;
    assert!(matches!(own, Err(ApagarError::Guarded(_))), "{own:?}");
    let last = erase(&base, &sistema, &who("usuario", chefe), "Marina Costa").await;
    assert!(matches!(last, Err(ApagarError::Guarded(_))), "the last administrador stays: {last:?}");
    let nobody = erase(&base, &Actor::anonimo(kernel::RequestMeta::default()), &who("contato", id), NOME).await;
    assert!(matches!(nobody, Err(ApagarError::Denied(_))), "{nobody:?}");
    let mut token = Actor::sistema();
    token.kind = kernel::ActorKind::Token;
    let program = erase(&base, &token, &who("contato", id), NOME).await;
    assert!(matches!(program, Err(ApagarError::Denied(_))), "{program:?}");
    assert_eq!(base.fingerprint(&base.alfa).await, before);
}

/// Nothing of another unidade is touched, whatever name and address it has.
#[tokio::test]
async fn another_unidade_keeps_its_own() {
    let base = Base::new().await;
    let id = contato(&base).await;
    let beta = base.fingerprint(&base.beta).await;
    erase(&base, &Actor::sistema(), &who("contato", id), NOME).await.unwrap();
    assert_eq!(base.fingerprint(&base.beta).await, beta);
}

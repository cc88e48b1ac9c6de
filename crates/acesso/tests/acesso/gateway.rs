use acesso::gateway::{AlterarGateway, AlterarGatewayError, GatewayRule, Segredo, alterar, remover};
use kernel::Actor;
use messaging::gateway::{self, Gateway};
use secrecy::SecretString;
use tenancy::TenantTx;
use testkit::Base;

use crate::house::{ANA, actor, audited, count, person, text};

const SEGREDO: &str = "s3cret-of-the-webhook";

async fn set(base: &Base, who: &Actor, url: &str, segredo: Segredo, version: i32) -> Result<(), AlterarGatewayError> {
    let cmd = AlterarGateway { endereco: url.parse().unwrap(), segredo, version, internal: false };
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| alterar(tx, &base.config.master_key, who, cmd).await).await
}

fn novo(text: &str) -> Segredo {
    Segredo::Novo(SecretString::from(text))
}

fn ruled(result: Result<(), AlterarGatewayError>) -> GatewayRule {
    match result.unwrap_err() {
        AlterarGatewayError::Rule(rule) => rule,
        other => panic!("{other}"),
    }
}

/// S1-2.15.
#[tokio::test]
async fn a_segredo_is_kept_sealed_and_goes_to_the_address_it_was_given_for() {
    const URL: &str = "https://n8n.senai.example/webhook/p4th-of-ours";
    let base = Base::new().await;
    let sistema = Actor::sistema();
    let leitor = actor(&base, &person(&base, "Leitor", ANA).await).await;
    assert!(matches!(set(&base, &leitor, URL, novo(SEGREDO), 0).await, Err(AlterarGatewayError::Denied(_))));
    for inner in ["http://n8n.senai.example/x", "https://n8n.senai.example:5432/x"] {
        assert_eq!(ruled(set(&base, &sistema, inner, novo(SEGREDO), 0).await), GatewayRule::Internal, "{inner}");
    }
    for odd in ["a b", "a\r\nX-Evil: 1", "ã", &"a".repeat(501)] {
        assert_eq!(ruled(set(&base, &sistema, URL, novo(odd), 0).await), GatewayRule::Segredo, "{odd:?}");
    }
    assert_eq!(count(&base, "gateway").await, 0);

    set(&base, &sistema, URL, novo(SEGREDO), 0).await.unwrap();
    let kept = async || base.alfa(async |tx: &mut TenantTx| gateway::find(tx).await.unwrap().unwrap()).await;
    let first = kept().await;
    let sealed = first.segredo.clone().unwrap();
    assert_eq!(base.config.master_key.open(&Gateway::purpose(first.id), &sealed).unwrap(), SEGREDO.as_bytes());
    assert_eq!(ruled(set(&base, &sistema, URL, Segredo::Kept, 0).await), GatewayRule::Changed, "of an older version");
    set(&base, &sistema, URL, Segredo::Kept, 1).await.unwrap();
    assert_eq!(kept().await, first, "nothing changed");
    let elsewhere = set(&base, &sistema, "https://eva.example/webhook", Segredo::Kept, 1).await;
    assert_eq!(ruled(elsewhere), GatewayRule::NoSegredo, "nobody has it sent to themselves");
    set(&base, &sistema, "https://other.example/webhook", Segredo::Nenhum, 1).await.unwrap();
    assert_eq!(kept().await.segredo, None);
    let schema = base.alfa.names().schema();
    let told =
        text(&base, &format!("SELECT string_agg(a::text, '|') FROM {schema}.auditoria a WHERE action = 'gateway.alterado'"))
            .await;
    assert!(told.contains("https://n8n.senai.example") && !told.contains(SEGREDO) && !told.contains("p4th-of-ours"), "{told}");

    let end = async || base.tenants.write(&base.alfa, async |tx: &mut TenantTx| remover(tx, &sistema).await).await;
    end().await.unwrap();
    end().await.unwrap();
    assert_eq!((count(&base, "gateway").await, audited(&base, "gateway.alterado").await), (0, 3));
}

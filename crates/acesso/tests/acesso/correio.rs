use acesso::correio::{AlterarCorreio, AlterarCorreioError, CorreioRule, NovoServidor, alterar, restaurar_padrao};
use kernel::Actor;
use messaging::correio::{self, Correio, Protecao};
use secrecy::SecretString;
use tenancy::TenantTx;
use testkit::Base;

use crate::house::{ANA, actor, audited, count, person, text};

fn servidor(host: &str, conta: Option<&str>, senha: Option<&str>) -> NovoServidor {
    NovoServidor {
        host: host.parse().unwrap(),
        port: 587,
        protecao: Protecao::Starttls,
        conta: conta.map(str::to_owned),
        senha: senha.map(SecretString::from),
        remetente: "contato@alfa.example".parse().unwrap(),
    }
}

async fn set(base: &Base, who: &Actor, servidor: Option<NovoServidor>, version: i32) -> Result<(), AlterarCorreioError> {
    let cmd = AlterarCorreio { ativo: true, servidor, version };
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| alterar(tx, &base.config.master_key, who, cmd).await).await
}

async fn kept(base: &Base) -> Correio {
    base.alfa(async |tx: &mut TenantTx| correio::find(tx).await.unwrap()).await
}

/// S0-15.6.
#[tokio::test]
async fn a_password_is_kept_sealed_and_goes_to_the_server_it_was_given_for() {
    const SENHA: &str = "segredo-da-unidade";
    let base = Base::new().await;
    let sistema = Actor::sistema();
    let leitor = actor(&base, &person(&base, "Leitor", ANA).await).await;
    let own = || servidor("mail.alfa.example", Some("alfa"), Some(SENHA));
    assert!(matches!(set(&base, &leitor, Some(own()), 0).await, Err(AlterarCorreioError::Denied(_))));
    let nothing = set(&base, &sistema, Some(servidor("mail.alfa.example", Some("alfa"), None)), 0).await;
    assert!(matches!(nothing, Err(AlterarCorreioError::Rule(CorreioRule::NoPassword))));
    let clear = NovoServidor { protecao: Protecao::Nenhum, ..own() };
    assert!(matches!(set(&base, &sistema, Some(clear), 0).await, Err(AlterarCorreioError::Rule(CorreioRule::ClearPassword))));
    let ssh = NovoServidor { port: 22, ..own() };
    assert!(matches!(set(&base, &sistema, Some(ssh), 0).await, Err(AlterarCorreioError::Rule(CorreioRule::Port))));
    let lines = NovoServidor { conta: Some("a\r\nRCPT TO:<x@y>".into()), ..own() };
    assert!(matches!(set(&base, &sistema, Some(lines), 0).await, Err(AlterarCorreioError::Rule(CorreioRule::Login))));
    assert_eq!(count(&base, "correio").await, 0);

    set(&base, &sistema, Some(own()), 0).await.unwrap();
    let first = kept(&base).await;
    let sealed = first.servidor.as_ref().unwrap().senha.clone().unwrap();
    assert_eq!(base.config.master_key.open(&Correio::purpose(first.id), &sealed).unwrap(), SENHA.as_bytes());
    assert!(matches!(set(&base, &sistema, Some(own()), 0).await, Err(AlterarCorreioError::Rule(CorreioRule::Changed))));

    // The same server keeps it, another is not given it.
    let same =
        NovoServidor { remetente: "outra@alfa.example".parse().unwrap(), ..servidor("mail.alfa.example", Some("alfa"), None) };
    set(&base, &sistema, Some(same), 1).await.unwrap();
    assert_eq!(kept(&base).await.servidor.unwrap().senha, Some(sealed));
    for (host, conta) in [("mail.eva.example", "alfa"), ("mail.alfa.example", "eva")] {
        let other = set(&base, &sistema, Some(servidor(host, Some(conta), None)), 2).await;
        assert!(matches!(other, Err(AlterarCorreioError::Rule(CorreioRule::NoPassword))), "{host} {conta}");
    }
    let schema = base.alfa.names().schema();
    let told =
        text(&base, &format!("SELECT string_agg(a::text, '|') FROM {schema}.auditoria a WHERE action = 'correio.alterado'"))
            .await;
    assert!(told.contains("mail.alfa.example:587") && told.contains("senha_trocada") && !told.contains(SENHA), "{told}");
    assert_eq!(audited(&base, "correio.alterado").await, 2);

    let reset = async || base.tenants.write(&base.alfa, async |tx: &mut TenantTx| restaurar_padrao(tx, &sistema).await).await;
    reset().await.unwrap();
    reset().await.unwrap();
    assert_eq!((count(&base, "correio").await, audited(&base, "correio.alterado").await), (0, 3));
}

use empresas::empresa::{
    ALTERAR, Campo, EXCLUIR, Input, REGISTRAR, VER,
    alterar::{AlterarError, alterar},
    check,
    excluir::{ExcluirError, excluir},
    lista,
    registrar::{RegistrarError, registrar},
    restaurar::{RestaurarError, restaurar},
};
use kernel::{Fault, Scope};
use tenancy::{Mode, TenantTx, TxLimits};
use testkit::{Base, sistema};

use crate::support::{cadastro, known, pessoa, registered};

/// S0-3.2, S0-3.19
#[tokio::test]
async fn a_cnpj_is_registered_once() {
    let base = Base::new().await;
    let known = known(&base).await;
    registered(&base, 1, &[]).await;
    let again = base.alfa(async |tx: &mut TenantTx| registrar(tx, &sistema(), cadastro(&known, 1, &[])).await).await;
    assert!(matches!(again, Err(RegistrarError::CnpjTaken)));
    // The other unidade may have it too.
    let beta = base.beta(async |tx: &mut TenantTx| registrar(tx, &sistema(), cadastro(&known, 1, &[])).await).await;
    assert!(beta.is_ok());
}

/// Two people save the same empresa at the same time: one wins, the other is told what the register has now.
#[tokio::test]
async fn of_two_who_change_at_once_the_second_sees_both_values() {
    let base = Base::new().await;
    let known = known(&base).await;
    let id = registered(&base, 1, &[(Campo::Nome, "Aurora"), (Campo::Telefone, "(47) 3433-0000")]).await;
    let change = async |nome: &'static str| {
        let mut tx = base.tenants.begin(&base.alfa, Mode::Write, TxLimits::REQUEST).await.unwrap();
        let wanted = cadastro(&known, 1, &[(Campo::Nome, nome), (Campo::Telefone, "(47) 3433-0000")]);
        let done = alterar(&mut tx, &sistema(), id, 1, wanted).await;
        if done.is_ok() {
            tx.commit().await.unwrap();
        } else {
            tx.rollback().await.unwrap();
        }
        done
    };
    let (one, two) = tokio::join!(change("Aurora Norte"), change("Aurora Sul"));
    let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
    assert_eq!(won.unwrap(), 2);
    let Err(AlterarError::Conflict(conflict)) = lost else { panic!("the second one wrote over the first: {lost:?}") };
    assert_eq!(conflict.fields.len(), 1, "only the name differs");
    assert_eq!(conflict.fields[0].campo, Campo::Nome);
    assert_eq!(conflict.fields[0].current, conflict.current.cadastro.nome.as_str());
    assert_ne!(conflict.fields[0].current, conflict.fields[0].wanted);
}

#[tokio::test]
async fn a_change_leaves_its_fields_in_the_trail_and_no_change_leaves_nothing() {
    let base = Base::new().await;
    let known = known(&base).await;
    let id = registered(&base, 1, &[(Campo::Porte, "me")]).await;
    let version = base
        .alfa(async |tx: &mut TenantTx| alterar(tx, &sistema(), id, 1, cadastro(&known, 1, &[(Campo::Porte, "epp")])).await)
        .await;
    assert_eq!(version.unwrap(), 2);
    let same = base
        .alfa(async |tx: &mut TenantTx| alterar(tx, &sistema(), id, 2, cadastro(&known, 1, &[(Campo::Porte, "epp")])).await)
        .await;
    assert_eq!(same.unwrap(), 2);
    let schema = base.alfa.names().schema();
    let rows = format!("SELECT count(*) FROM {schema}.auditoria WHERE action = 'empresa.alterada'");
    assert_eq!(base.number(&rows).await, 1);
    let exact = format!("{rows} AND before = '{{\"porte\": \"me\"}}' AND after = '{{\"porte\": \"epp\"}}'");
    assert_eq!(base.number(&exact).await, 1);
}

#[tokio::test]
async fn what_lies_in_the_lixeira_comes_back_unless_its_cnpj_was_taken() {
    let base = Base::new().await;
    let known = known(&base).await;
    let id = registered(&base, 1, &[]).await;
    base.alfa(async |tx: &mut TenantTx| excluir(tx, &sistema(), id, Some(1)).await).await.unwrap();
    let gone = base.alfa(async |tx: &mut TenantTx| lista::find(tx, &sistema(), id).await).await.unwrap();
    assert!(gone.is_none());
    let twice = base.alfa(async |tx: &mut TenantTx| excluir(tx, &sistema(), id, None).await).await;
    assert!(matches!(twice, Err(ExcluirError::NotFound)));

    base.alfa(async |tx: &mut TenantTx| restaurar(tx, &sistema(), id).await).await.unwrap();
    base.alfa(async |tx: &mut TenantTx| excluir(tx, &sistema(), id, None).await).await.unwrap();
    registered(&base, 1, &[]).await;
    let mut tx = base.tenants.begin(&base.alfa, Mode::Write, TxLimits::REQUEST).await.unwrap();
    let taken = restaurar(&mut tx, &sistema(), id).await;
    assert!(matches!(taken, Err(RestaurarError::CnpjTaken)), "{taken:?}");
    tx.rollback().await.unwrap();
    let live = base.alfa(async |tx: &mut TenantTx| lista::total(tx, &sistema()).await).await.unwrap();
    assert_eq!(live, 1);
    let _ = known;
}

/// S0-3.15: the escopo próprias is the empresas one is responsável for, in every command.
#[tokio::test]
async fn what_is_somebody_elses_does_not_exist() {
    let base = Base::new().await;
    let foreign = registered(&base, 1, &[]).await;
    let ana = pessoa(&base, "Ana", Scope::Proprias, &[VER, REGISTRAR, ALTERAR, EXCLUIR]).await;
    let known = known(&base).await;
    let before = base.fingerprint(&base.alfa).await;
    base.alfa(async |tx: &mut TenantTx| {
        assert!(lista::find(tx, &ana, foreign).await.unwrap().is_none());
        assert!(matches!(alterar(tx, &ana, foreign, 1, cadastro(&known, 1, &[])).await, Err(AlterarError::NotFound)));
        assert!(matches!(excluir(tx, &ana, foreign, None).await, Err(ExcluirError::NotFound)));
        assert_eq!(lista::total(tx, &ana).await.unwrap(), 0);
        let none = pessoa_without_grants(&ana);
        assert!(matches!(registrar(tx, &none, cadastro(&known, 9, &[])).await, Err(RegistrarError::Denied(_))));
    })
    .await;
    assert_eq!(base.fingerprint(&base.alfa).await, before, "a refusal changes nothing");

    // What she registers is hers, and she cannot give it away.
    let own = base.alfa(async |tx: &mut TenantTx| registrar(tx, &ana, cadastro(&known, 2, &[])).await).await.unwrap();
    let found = base.alfa(async |tx: &mut TenantTx| lista::find(tx, &ana, own).await).await.unwrap().unwrap();
    assert_eq!(found.cadastro.responsavel.unwrap().id(), ana.id);
    let bruna = pessoa(&base, "Bruna", Scope::Todas, &[VER]).await;
    let fresh = self::known(&base).await;
    let away = cadastro(&fresh, 2, &[(Campo::Responsavel, "Bruna")]);
    let refused = base
        .tenants
        .write(&base.alfa, async |tx: &mut TenantTx| Ok::<_, Fault>(alterar(tx, &ana, own, 1, away).await))
        .await
        .unwrap();
    assert!(matches!(refused, Err(AlterarError::Denied(_))), "{refused:?}");
    assert!(bruna.id.is_some());

    // Whoever may delete any and sees some deletes none that they do not see.
    let mut caio = pessoa(&base, "Caio", Scope::Proprias, &[VER]).await;
    caio.grants.add(EXCLUIR.code(), Scope::Todas);
    caio.grants.add(ALTERAR.code(), Scope::Todas);
    base.alfa(async |tx: &mut TenantTx| {
        assert!(matches!(excluir(tx, &caio, foreign, None).await, Err(ExcluirError::NotFound)));
        assert!(matches!(alterar(tx, &caio, foreign, 1, cadastro(&known, 1, &[])).await, Err(AlterarError::NotFound)));
    })
    .await;
}

fn pessoa_without_grants(actor: &kernel::Actor) -> kernel::Actor {
    kernel::Actor { grants: kernel::Grants::default(), ..actor.clone() }
}

/// S0-3.1 to S0-3.14: what is filled in comes back as it was.
#[tokio::test]
async fn every_field_is_saved_and_shown_as_it_was() {
    let base = Base::new().await;
    let said: &[(Campo, &str)] = &[
        (Campo::Cnpj, "12.ABC.345/01DE-35"),
        (Campo::Nome, "Metalúrgica Aurora Ltda"),
        (Campo::NomeFantasia, "Aurora"),
        (Campo::InscricaoEstadual, "ISENTO"),
        (Campo::Cnae, "2511-0/00"),
        (Campo::Segmento, "metalmecanica"),
        (Campo::Porte, "medio"),
        (Campo::Situacao, "estrategico"),
        (Campo::Email, "contato@aurora.example"),
        (Campo::Telefone, "(47) 3433-0000"),
        (Campo::Site, "aurora.example"),
        (Campo::Cep, "89201-100"),
        (Campo::Logradouro, "Rua Dona Francisca"),
        (Campo::Numero, "8300-B"),
        (Campo::Bairro, "Zona Industrial"),
        (Campo::Municipio, "joinville"),
        (Campo::Uf, "SC"),
        (Campo::ContatoNome, "Eduardo Lange"),
        (Campo::ContatoCargo, "Produção"),
        (Campo::DataFundacao, "12/03/1999"),
        (Campo::Faturamento, "1.234.567,89"),
        (Campo::Funcionarios, "176"),
        (Campo::Observacoes, "Uma linha\nOutra linha"),
    ];
    let id = registered(&base, 1, said).await;
    let found = base.alfa(async |tx: &mut TenantTx| lista::find(tx, &sistema(), id).await).await.unwrap().unwrap();
    let c = &found.cadastro;
    for (campo, shown) in [
        (Campo::Cnpj, "12.ABC.345/01DE-35"),
        (Campo::Segmento, "Metalmecânica"),
        (Campo::Telefone, "(47) 3433-0000"),
        (Campo::Site, "https://aurora.example"),
        (Campo::Municipio, "Joinville"),
        (Campo::MunicipioId, "4209102"),
        (Campo::Uf, "SC"),
        (Campo::DataFundacao, "1999-03-12"),
        (Campo::Faturamento, "1234567.89"),
        (Campo::Observacoes, "Uma linha\nOutra linha"),
        (Campo::Numero, "8300-B"),
        (Campo::Cnae, "2511-0/00"),
        (Campo::Situacao, "estrategico"),
        (Campo::DataCadastro, "2026-11-23"),
    ] {
        assert_eq!(c.text(campo), shown, "{campo:?}");
    }
    assert_eq!(c.telefone.as_ref().unwrap().as_str(), "+554734330000");
}

#[tokio::test]
async fn each_broken_rule_is_told_by_its_field() {
    let base = Base::new().await;
    let known = known(&base).await;
    let cases = [
        (Campo::Cnpj, "12.345", "cnpj-length"),
        (Campo::Cnpj, "12.ABC.345/01DE-36", "cnpj-check-digits"),
        (Campo::Nome, "", "required"),
        (Campo::Cnae, "25", "cnae-invalid"),
        (Campo::Segmento, "Alquimia", "segmento-unknown"),
        (Campo::Porte, "gigante", "porte-unknown"),
        (Campo::Situacao, "", "required"),
        (Campo::Email, "ana@", "email-invalid"),
        (Campo::Telefone, "123", "telefone-invalid"),
        (Campo::Site, "javascript:alert(1)", "site-invalid"),
        (Campo::Cep, "1", "cep-invalid"),
        (Campo::Municipio, "Nárnia", "municipio-unknown"),
        (Campo::Uf, "São Paulo", "uf-invalid"),
        (Campo::MunicipioId, "1", "municipio-unknown"),
        (Campo::Responsavel, "Ninguém", "responsavel-unknown"),
        (Campo::DataFundacao, "31/02/2019", "date-impossible"),
        (Campo::DataFundacao, "01/01/2150", "date-future"),
        (Campo::Faturamento, "-1,00", "reais-negative"),
        (Campo::Funcionarios, "1,5", "integer-invalid"),
        (Campo::Nome, "a\0b", "texto-control"),
    ];
    for (campo, text, code) in cases {
        let said = |asked: Campo| match asked {
            _ if asked == campo => Input::from(Some(text)),
            Campo::Cnpj => Input::from(Some("12.ABC.345/01DE-35")),
            Campo::Nome => Input::from(Some("Aurora")),
            Campo::Situacao => Input::from(Some("ativo")),
            _ => Input::Empty,
        };
        let errors = check(said, &known).unwrap_err();
        let told: Vec<_> = errors.iter().map(|error| (error.field, error.invalid.code)).collect();
        assert!(told.contains(&(campo.key(), code)), "{campo:?} {text:?}: {told:?}");
        assert_eq!(told.len(), 1, "{told:?}");
    }
}
